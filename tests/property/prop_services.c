/*
 * prop_services.c - awards without buses: the solver against the whole LP, what nobody can
 * deliver, and the price of what is required.
 */
#include <math.h>

#include "tests/oracle/full_dispatch.h"
#include "tests/support/drawn.h"

static const unsigned plain = DRAWN_SERVICES | DRAWN_RAMPS | DRAWN_STORES |
                              DRAWN_ISLANDS | DRAWN_NEGATIVE | DRAWN_SCARCE |
                              DRAWN_TIGHT | DRAWN_HOURS | DRAWN_SPREAD | DRAWN_GROUPS;

/* Which of the groups limits the energy held by a store: left-hand side in interval t. */
static double group_sum(const struct stated *s, const struct dispatch_answer *a,
                        int32_t g, int32_t t)
{
    const struct dispatch_problem *p = &s->p;
    double sum = 0;
    for (int32_t k = p->group_start[g]; k < p->group_start[g + 1]; k++)
        sum += p->group_coef[k] *
               a->injection_mw[t * p->n_injection + p->group_injection[k]];
    if (p->group_store[g] >= 0)
        sum +=
            p->group_energy_coef[g] * a->energy_mwh[t * p->n_store + p->group_store[g]];
    return sum;
}

static void compare_costs(unsigned features, int n_seed)
{
    FOR_SEEDS(seed, n_seed)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, features);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        struct full_dispatch twin = {.chords = 1};
        full_dispatch(&s.p, &twin);
        double room = 1e-7 * (1 + fabs(twin.objective_usd));
        LAW(a.objective_usd >= twin.objective_usd - room, "cost %.12g, twin %.12g",
            a.objective_usd, twin.objective_usd);
        LAW(twin.both_ways || a.objective_usd <= twin.objective_usd + room,
            "cost %.12g, twin %.12g (features %u)", a.objective_usd, twin.objective_usd,
            x.features);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

Test(prop_services, costs_are_those_of_the_whole_lp)
{
    compare_costs(plain, 400);
}

Test(prop_services, equal_offers_cost_the_same)
{
    compare_costs(plain | DRAWN_TIES, 200);
}

Test(prop_services, the_pricing_run_has_a_certificate_too)
{
    FOR_SEEDS(seed, 200)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, plain | DRAWN_PRICING);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

Test(prop_services, losses_go_with_services)
{
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_SERVICES | DRAWN_LOSSES | DRAWN_ISLANDS |
                                            DRAWN_TIGHT | DRAWN_RAMPS);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

Test(prop_services, nobody_is_awarded_what_it_cannot_deliver)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, plain | DRAWN_PRICING | DRAWN_TIES);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        for (int32_t g = 0; g < x.n_group; g++)
            for (int32_t t = 0; t < x.n_interval && x.group[g].penalty > 0; t++)
                LAW(group_sum(&s, &a, g, t) <=
                        x.group[g].max[t] + 2e-6 + 2e-8 * fabs(x.group[g].max[t]),
                    "group %d: %.9g above %.9g (features %u)", g,
                    group_sum(&s, &a, g, t), x.group[g].max[t], x.features);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

/* One more MW of what is required of service k in interval t. */
static double cost_of_more(const struct drawn *x, int32_t injection, int32_t t,
                           double step_mw)
{
    struct drawn more = *x;
    struct stated s, r;
    more.injection[injection].base[t] += step_mw;
    stated_make(x, &s);
    stated_make(&more, &r);
    double cost = (full_dispatch_cost(&r.p) - full_dispatch_cost(&s.p)) / step_mw;
    stated_release(&s);
    stated_release(&r);
    return cost;
}

/* Sum of the shadow prices of the requirements that count an injection. */
static double price_of(const struct stated *s, const struct dispatch_answer *a,
                       int32_t injection, int32_t t)
{
    const struct dispatch_problem *p = &s->p;
    double sum = 0;
    for (int32_t r = 0; r < a->n_row; r++) {
        const struct dispatch_row *row = &a->row[r];
        if (row->kind != DISPATCH_GROUP || row->interval != t)
            continue;
        for (int32_t k = p->group_start[row->index]; k < p->group_start[row->index + 1];
             k++)
            if (p->group_injection[k] == injection)
                sum += row->shadow_usd_per_mwh * p->group_coef[k];
    }
    return sum;
}

Test(prop_services, a_service_costs_what_one_more_mw_of_it_costs)
{
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, (plain | DRAWN_TIES) & ~(unsigned)DRAWN_STORES);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        int32_t t = draw_int(&d, 0, x.n_interval - 1);
        for (int32_t i = 0; i < x.n_injection; i++) {
            if (!x.injection[i].grows)
                continue;
            double right = cost_of_more(&x, i, t, 0.01) / x.duration[t];
            double left = cost_of_more(&x, i, t, -0.01) / x.duration[t];
            double mine = price_of(&s, &a, i, t), room = 1e-4 * (1 + fabs(mine));
            LAW(mine >= left - room && mine <= right + room,
                "service %d: %.9g is not in %.9g .. %.9g (features %u)", i, mine, left,
                right, x.features);
        }
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}
