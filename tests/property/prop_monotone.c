/* prop_monotone.c - cost is convex in the load and falls with every limit. */
#include <math.h>

#include "tests/oracle/full_dispatch.h"
#include "tests/support/drawn.h"

static double cost(const struct drawn *x)
{
    struct stated s;
    struct dispatch_answer a = drawn_solve(x, &s);
    double usd = a.objective_usd;
    dispatch_answer_release(&a);
    stated_release(&s);
    return usd;
}

Test(prop_monotone, more_load_is_never_cheaper_without_limits)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_TIES | DRAWN_SCARCE | DRAWN_HOURS);
        for (int32_t l = 0; l < x.n_branch; l++)
            x.branch[l].max = -(x.branch[l].min = -HUGE_VAL);
        for (int32_t i = 0; i < x.n_injection; i++)
            for (int32_t t = 0; t < x.n_interval; t++)
                x.injection[i].base[t] = 0;
        double before = cost(&x), more = draw_real(&d, 0, 200);
        drawn_add_load(&x, draw_int(&d, 0, x.n_interval - 1), 0, more);
        double after = cost(&x);
        LAW(after >= before - 1e-7 * (1 + before), "%g MW more: %.12g became %.12g",
            more, before, after);
    }
}

/* cost(load + e) >= cost(load) + sum of h lmp e: prices are a subgradient. */
Test(prop_monotone, no_change_of_load_costs_less_than_its_prices_say)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL & ~DRAWN_STORES), y = x;
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        double least = a.objective_usd;
        for (int k = 0; k < 4; k++) {
            int32_t t = draw_int(&d, 0, x.n_interval - 1);
            int32_t n = draw_int(&d, 0, x.n_bus - 1);
            double mw = draw_real(&d, -40, 40);
            y.fixed[t][n] -= mw;
            least += x.duration[t] * drawn_lmp(&s, &a, t, n) * mw;
        }
        double after = cost(&y);
        LAW(after >= least - 1e-7 * (1 + fabs(least) + fabs(after)),
            "cost %.12g, prices say at least %.12g (features %u)", after, least,
            x.features);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

static void widen(struct draw *d, struct drawn *x)
{
    double by = draw_real(d, 0, 30);
    int32_t l = draw_int(d, 0, x->n_branch > 0 ? x->n_branch - 1 : 0);
    int32_t i = draw_int(d, 0, x->n_injection - 1);
    switch (draw_int(d, 0, 3)) {
    case 0:
        x->branch[l].max += by;
        break;
    case 1:
        x->branch[l].min -= by;
        break;
    case 2:
        x->injection[i].ramp_up += by;
        break;
    default:
        for (int32_t t = 0; x->n_group > 0 && t < x->n_interval; t++)
            x->group[0].max[t] += by;
    }
}

Test(prop_monotone, a_wider_limit_is_never_dearer)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL & ~DRAWN_STORES);
        double before = cost(&x);
        widen(&d, &x);
        double after = cost(&x);
        LAW(after <= before + 1e-8 * (1 + fabs(before)),
            "%.12g became %.12g (features %u)", before, after, x.features);
    }
}
