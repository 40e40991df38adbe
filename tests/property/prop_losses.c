/* prop_losses.c - dispatch with losses against the whole problem by tangents. */
#include <math.h>

#include "tests/oracle/full_dispatch.h"
#include "tests/support/drawn.h"

static double dearest(const struct drawn *x, const struct stated *s,
                      const struct dispatch_answer *a)
{
    double most = 1;
    for (int32_t k = 0; k < x->n_interval * network_n_island(s->p.net); k++)
        most = fmax(most, fabs(a->lambda_usd_per_mwh[k]));
    return most;
}

/* MW that the injections bring less what the branches lose, in the worst island. */
static double imbalance_mw(const struct drawn *x, const struct stated *s,
                           const struct dispatch_answer *a)
{
    double worst = 0;
    int32_t n_island = network_n_island(s->p.net);
    for (int32_t t = 0; t < x->n_interval; t++) {
        double sum[DRAWN_BUS] = {0};
        for (int32_t k = 0; k < n_island; k++)
            sum[k] =
                a->shortage_mw[t * n_island + k] - a->surplus_mw[t * n_island + k];
        for (int32_t n = 0; n < x->n_bus; n++)
            sum[network_island(s->p.net)[n]] += x->fixed[t][n];
        for (int32_t i = 0; i < x->n_injection; i++)
            for (int32_t k = 0; k < x->injection[i].n_place; k++)
                sum[network_island(s->p.net)[x->injection[i].bus[k]]] +=
                    x->injection[i].weight[k] *
                    a->injection_mw[t * x->n_injection + i];
        for (int32_t l = 0; l < x->n_branch; l++) {
            double f = a->flow_mw[t * x->n_branch + l];
            if (isfinite(x->branch[l].susceptance))
                sum[network_island(s->p.net)[x->branch[l].from]] -=
                    x->loss_per_mw[l] * f * f;
        }
        for (int32_t k = 0; k < n_island; k++)
            worst = fmax(worst, fabs(sum[k]));
    }
    return worst;
}

Test(prop_losses, the_dispatch_is_as_cheap_as_that_of_the_whole_problem)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL | DRAWN_LOSSES |
                                            (seed % 3 ? 0 : DRAWN_BUS_TIES));
        x.losses = seed % 2 ? LOSS_REFERENCE : LOSS_ENDS;
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        struct full_dispatch f = {.chords = 1};
        full_dispatch(&s.p, &f);
        double off = a.objective_usd - f.objective_usd;
        /* The twin lacks up to 2e-8 MW per branch. */
        double allowed = 1e-6 * (1 + fabs(f.objective_usd)) +
                         2e-8 * dearest(&x, &s, &a) * x.n_branch * x.n_interval;
        LAW(imbalance_mw(&x, &s, &a) < 1e-6, "%g MW are missing",
            imbalance_mw(&x, &s, &a));
        LAW(off >= -allowed, "%.9g $, the twin %.9g", a.objective_usd,
            f.objective_usd);
        /* No store may go both ways at once: then the twin is a bound only. */
        if (a.losses_proven && !f.both_ways)
            LAW(off <= allowed + a.direction_gap_usd,
                "%.9g $, the twin %.9g (features %u)", a.objective_usd,
                f.objective_usd, x.features);
        else if (x.losses == LOSS_REFERENCE)
            LAW(off <= a.loss_gap_usd + a.direction_gap_usd + allowed || f.both_ways,
                "%.9g $ above the bound, gap %.9g", off, a.loss_gap_usd);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}
