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
            sum[k] = a->shortage_mw[t * n_island + k] - a->surplus_mw[t * n_island + k];
        for (int32_t n = 0; n < x->n_bus; n++)
            sum[network_island(s->p.net)[n]] += x->fixed[t][n];
        for (int32_t i = 0; i < x->n_injection; i++)
            for (int32_t k = 0; k < x->injection[i].n_place; k++)
                sum[network_island(s->p.net)[x->injection[i].bus[k]]] +=
                    x->injection[i].weight[k] * a->injection_mw[t * x->n_injection + i];
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

/* A drawn problem dispatched, against the twin. */
static void compare(const struct drawn *x)
{
    struct stated s;
    struct dispatch_answer a = drawn_solve(x, &s);
    struct full_dispatch f = {.chords = 1};
    full_dispatch(&s.p, &f);
    double off = a.objective_usd - f.objective_usd;
    /* The twin lacks up to 2e-8 MW per branch. */
    double allowed = 1e-6 * (1 + fabs(f.objective_usd)) +
                     2e-8 * dearest(x, &s, &a) * x->n_branch * x->n_interval +
                     a.direction_gap_usd;
    LAW(imbalance_mw(x, &s, &a) < 1e-6, "%g MW are missing", imbalance_mw(x, &s, &a));
    LAW(off >= -allowed, "%.9g $, the twin %.9g", a.objective_usd, f.objective_usd);
    /* No store may go both ways at once: then the twin is a bound only. */
    if (a.losses_proven && !f.both_ways)
        LAW(off <= allowed, "%.9g $, the twin %.9g (features %u)", a.objective_usd,
            f.objective_usd, x->features);
    else if (x->losses == LOSS_REFERENCE && !f.both_ways)
        LAW(off <= a.loss_gap_usd + allowed, "%.9g $ above the bound, gap %.9g", off,
            a.loss_gap_usd);
    dispatch_answer_release(&a);
    stated_release(&s);
}

Test(prop_losses, over_the_reference_the_dispatch_is_that_of_the_whole_problem)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL | DRAWN_LOSSES |
                                            (seed % 3 ? 0 : DRAWN_BUS_TIES));
        compare(&x);
    }
}

Test(prop_losses, at_the_ends_the_dispatch_is_that_of_the_whole_problem)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x =
            drawn_make(&d, (DRAWN_NORMAL & ~(unsigned)(DRAWN_NEGATIVE | DRAWN_SCARCE)) |
                               DRAWN_LOSSES | (seed % 3 ? 0 : DRAWN_BUS_TIES));
        x.losses = LOSS_ENDS;
        compare(&x);
    }
}

/* sum of -lmp x injection over all buses, relaxations of balances apart. */
static double paid_usd(const struct drawn *x, const struct stated *s,
                       const struct dispatch_answer *a, int32_t t, double *moved)
{
    double sum = 0;
    *moved = 1;
    for (int32_t n = 0; n < x->n_bus; n++)
        sum -= drawn_lmp(s, a, t, n) * x->fixed[t][n];
    for (int32_t i = 0; i < x->n_injection; i++)
        for (int32_t k = 0; k < x->injection[i].n_place; k++) {
            double usd = x->injection[i].weight[k] *
                         a->injection_mw[t * x->n_injection + i] *
                         drawn_lmp(s, a, t, x->injection[i].bus[k]);
            sum -= usd;
            *moved += fabs(usd);
        }
    return sum;
}

/* Shadow prices times flows, what balances lack times their price. */
static double rent_usd(const struct drawn *x, const struct stated *s,
                       const struct dispatch_answer *a, int32_t t,
                       const double *shift_flow)
{
    double sum = 0;
    int32_t n_island = network_n_island(s->p.net);
    for (int32_t k = 0; k < a->n_row; k++) {
        const struct dispatch_row *row = &a->row[k];
        double sign = row->kind == DISPATCH_BRANCH_MAX ? 1 : -1;
        if (row->interval == t && row->kind <= DISPATCH_BRANCH_MIN)
            sum += sign * row->shadow_usd_per_mwh *
                   (a->flow_mw[t * x->n_branch + row->index] - shift_flow[row->index]);
    }
    for (int32_t k = t * n_island; k < (t + 1) * n_island; k++)
        sum += a->lambda_usd_per_mwh[k] * (a->shortage_mw[k] - a->surplus_mw[k]);
    return sum;
}

Test(prop_losses, payments_less_credits_are_rent_and_loss_surplus)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x =
            drawn_make(&d, (DRAWN_NORMAL & ~(unsigned)DRAWN_SCARCE) | DRAWN_LOSSES);
        struct stated s;
        struct err err = {0};
        double nothing[DRAWN_BUS] = {0}, shift_flow[DRAWN_BRANCH], lmp[DRAWN_BUS],
               moved;
        x.losses = seed % 2 ? LOSS_REFERENCE : LOSS_ENDS;
        struct dispatch_answer a = drawn_solve(&x, &s);
        cr_assert_eq(network_flows(s.p.net, 1, nothing, NULL, shift_flow, &err),
                     ERR_OK);
        for (int32_t t = 0; t < x.n_interval; t++) {
            double paid = paid_usd(&x, &s, &a, t, &moved);
            for (int32_t n = 0; n < x.n_bus; n++)
                lmp[n] = drawn_lmp(&s, &a, t, n);
            double kept =
                rent_usd(&x, &s, &a, t, shift_flow) +
                loss_surplus(s.p.net, x.losses, a.flow_mw + t * x.n_branch, shift_flow,
                             a.lambda_usd_per_mwh + t * network_n_island(s.p.net), lmp);
            LAW(fabs(paid - kept) <= 1e-7 * moved,
                "%.12g $ paid, rents and loss surplus %.12g (features %u)", paid, kept,
                x.features);
        }
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

/*
 * Where a price cap undercuts the dispatch, the pricing run has a point of its own, and the
 * next increment of load may move that once more: what is lost follows it. Seeds of which
 * that is true, one in 600 of such problems.
 */
Test(prop_losses, a_point_that_moves_twice_under_price_caps_loses_what_it_loses)
{
    static const uint64_t seeds[] = {1229, 1543, 1841, 2945, 3635,
                                     3861, 4529, 4549, 4921};
    int n_capped = 0;
    for (size_t k = 0; k < sizeof seeds / sizeof *seeds; k++) {
        struct draw d = draw_begin(draw_now = seeds[k]);
        struct drawn x = drawn_make(&d, (DRAWN_ANY & ~(unsigned)DRAWN_STORES) |
                                            DRAWN_LOSSES | DRAWN_SERVICES);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        n_capped += !a.consistent;
        dispatch_answer_release(&a);
        stated_release(&s);
    }
    cr_assert_gt(n_capped, 5, "%d problems with a point of their own", n_capped);
}
