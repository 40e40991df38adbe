/* prop_prices.c - prices are what the next increment of load costs. */
#include <math.h>

#include "tests/oracle/full_dispatch.h"
#include "tests/oracle/merit_order.h"
#include "tests/oracle/one_sided_price.h"
#include "tests/support/drawn.h"

static const double step_mw = 0.01;

/* One derivative against the other side of its inequality, with room for rounding. */
static bool between(double left, double price, double right)
{
    double room = 1e-4 * (1 + fabs(price));
    return price >= left - room && price <= right + room;
}

static bool no_other_way(const struct stated *s)
{
    struct full_dispatch twin = {.chords = 1};
    full_dispatch(&s->p, &twin);
    return !twin.both_ways; /* a forced direction makes the cost non-convex */
}

Test(prop_prices, one_interval_is_priced_at_the_next_increment_of_its_load)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(
            &d, DRAWN_NORMAL & ~(DRAWN_RAMPS | DRAWN_STORES | DRAWN_ISLANDS));
        x.n_interval = 1;
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        double right =
            one_sided_price(&s.p, network_reference(s.p.net), step_mw) / x.duration[0];
        LAW(between(right, a.lambda_usd_per_mwh[0], right),
            "energy price %.9g, next MW costs %.9g (features %u)",
            a.lambda_usd_per_mwh[0], right, x.features);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

Test(prop_prices, every_price_lies_between_the_left_and_right_derivative)
{
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        for (int k = 0; k < 3 && no_other_way(&s); k++) {
            int32_t t = draw_int(&d, 0, x.n_interval - 1);
            int32_t n = draw_int(&d, 0, x.n_bus - 1);
            double share[DRAWN_INTERVAL * DRAWN_BUS] = {0};
            share[t * x.n_bus + n] = 1;
            double right = one_sided_price(&s.p, share, step_mw) / x.duration[t];
            double left = one_sided_price(&s.p, share, -step_mw) / x.duration[t];
            LAW(between(left, drawn_lmp(&s, &a, t, n), right),
                "interval %d bus %d: lmp %.9g is not in %.9g .. %.9g (features %u)", t,
                n, drawn_lmp(&s, &a, t, n), left, right, x.features);
        }
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

/* Buses and intervals whose price does not depend on the side it is looked at from. */
Test(prop_prices, unique_prices_equal_the_duals_of_the_whole_lp)
{
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL & ~(DRAWN_TIES | DRAWN_STORES));
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        double dual[DRAWN_INTERVAL * DRAWN_BUS];
        struct full_dispatch twin = {.chords = 1, .lmp_usd_per_mwh = dual};
        full_dispatch(&s.p, &twin);
        int32_t t = draw_int(&d, 0, x.n_interval - 1);
        int32_t n = draw_int(&d, 0, x.n_bus - 1);
        double share[DRAWN_INTERVAL * DRAWN_BUS] = {0};
        share[t * x.n_bus + n] = 1;
        double right = one_sided_price(&s.p, share, step_mw) / x.duration[t];
        double left = one_sided_price(&s.p, share, -step_mw) / x.duration[t];
        if (between(right, left, right)) {
            double mine = drawn_lmp(&s, &a, t, n), theirs = dual[t * x.n_bus + n];
            LAW(between(theirs, mine, theirs), "lmp %.9g, dual %.9g (features %u)",
                mine, theirs, x.features);
        }
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

Test(prop_prices, another_reference_moves_the_split_but_not_the_prices)
{
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct drawn x =
            drawn_make(&d, DRAWN_NORMAL & ~(DRAWN_TIES | DRAWN_STORES | DRAWN_SCARCE));
        struct drawn y = x;
        struct stated s, r;
        for (int32_t n = 0; n < y.n_bus; n++)
            y.reference[n] = draw_chance(&d, 0.5) ? draw_real(&d, 0, 1) : 0;
        struct dispatch_answer a = drawn_solve(&x, &s), b = drawn_solve(&y, &r);
        /* What is missing is missing at the reference, so prices may then differ. */
        for (int32_t t = 0; t < x.n_interval && !a.relaxed && !b.relaxed; t++)
            for (int32_t n = 0; n < x.n_bus; n++)
                LAW(between(drawn_lmp(&r, &b, t, n), drawn_lmp(&s, &a, t, n),
                            drawn_lmp(&r, &b, t, n)),
                    "bus %d: %.9g and %.9g (features %u)", n, drawn_lmp(&s, &a, t, n),
                    drawn_lmp(&r, &b, t, n), x.features);
        dispatch_answer_release(&a);
        dispatch_answer_release(&b);
        stated_release(&s);
        stated_release(&r);
    }
}

Test(prop_prices, congestion_vanishes_at_the_reference)
{
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_ANY);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        for (int32_t t = 0; t < x.n_interval; t++) {
            double mean[DRAWN_BUS] = {0};
            for (int32_t n = 0; n < x.n_bus; n++)
                mean[network_island(s.p.net)[n]] +=
                    network_reference(s.p.net)[n] *
                    a.congestion_usd_per_mwh[t * x.n_bus + n];
            for (int32_t k = 0; k < network_n_island(s.p.net); k++)
                LAW(fabs(mean[k]) < 1e-7, "mean congestion %g at the reference",
                    mean[k]);
        }
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

/* ---- one bus: the stack ---- */

Test(prop_prices, one_bus_without_limits_is_the_sorted_stack)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = {.n_bus = 1, .n_interval = 1, .duration = {1}};
        struct merit_offer offer[DRAWN_INJECTION] = {{0}};
        bool ties = draw_chance(&d, 0.5);
        double load = draw_real(&d, 0, 400);
        x.schedule = x.pricing = (struct dispatch_penalty){6500, 6500, 1, 1, 1, 1, 1};
        x.n_injection = draw_int(&d, 1, 20);
        x.reference[0] = 1;
        x.fixed[0][0] = -(load = ties ? 10 * floor(load / 10) : load);
        for (int32_t i = 0; i < x.n_injection; i++) {
            double price = draw_real(&d, -50, 90), width = draw_real(&d, 1, 60);
            offer[i].price = price = ties ? 10 * floor(price / 10) : price;
            offer[i].width_mw = width = ties ? 10 * ceil(width / 10) : width;
            x.injection[i] = (struct drawn_injection){.n_place = 1,
                                                      .weight = {1},
                                                      .n_segment = 1,
                                                      .seg = {{{width, price, price}}},
                                                      .ramp_up = HUGE_VAL,
                                                      .ramp_down = HUGE_VAL,
                                                      .initial = (double)NAN};
        }
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        struct merit_order m = merit_order(load, 6500, x.n_injection, offer);
        double scale = 1 + fabs(m.cost_usd);
        LAW(fabs(a.objective_usd - m.cost_usd) < 1e-9 * scale,
            "cost %.12g, stack %.12g", a.objective_usd, m.cost_usd);
        LAW(fabs(a.lambda_usd_per_mwh[0] - m.next_price) < 1e-9, "price %g, stack %g",
            a.lambda_usd_per_mwh[0], m.next_price);
        LAW(fabs(a.shortage_mw[0] - m.short_mw) < 1e-9, "short %g, stack %g",
            a.shortage_mw[0], m.short_mw);
        for (int32_t i = 0; i < x.n_injection; i++)
            LAW(fabs(a.injection_mw[i] - offer[i].award_mw) < 1e-9,
                "offer %d: %.12g, stack %.12g", i, a.injection_mw[i],
                offer[i].award_mw);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}
