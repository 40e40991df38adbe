/* prop_rent.c - what load pays and supply does not get is rent of limits. */
#include <math.h>

#include "tests/support/drawn.h"

/* sum over n of -lmp x injection, without what is short or in excess. */
static double surplus_usd(const struct drawn *x, const struct stated *s,
                          const struct dispatch_answer *a, int32_t t, double *moved)
{
    double sum = 0;
    *moved = 1;
    for (int32_t n = 0; n < x->n_bus; n++) {
        sum -= drawn_lmp(s, a, t, n) * x->fixed[t][n];
        *moved += fabs(drawn_lmp(s, a, t, n) * x->fixed[t][n]);
    }
    for (int32_t i = 0; i < x->n_injection; i++)
        for (int32_t k = 0; k < x->injection[i].n_place; k++) {
            double paid = x->injection[i].weight[k] *
                          a->injection_mw[t * x->n_injection + i] *
                          drawn_lmp(s, a, t, x->injection[i].bus[k]);
            sum -= paid;
            *moved += fabs(paid);
        }
    return sum;
}

Test(prop_rent, payments_less_credits_are_shadow_price_times_flow)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct drawn x =
            drawn_make(&d, seed % 3 ? DRAWN_ANY : DRAWN_ANY | DRAWN_BUS_TIES);
        struct stated s;
        struct err err = {0};
        double nothing[DRAWN_BUS] = {0}, shift_flow[DRAWN_BRANCH], moved;
        struct dispatch_answer a = drawn_solve(&x, &s);
        cr_assert_eq(network_flows(s.p.net, 1, nothing, NULL, shift_flow, &err),
                     ERR_OK);
        for (int32_t t = 0; t < x.n_interval; t++) {
            double rent = 0, paid = surplus_usd(&x, &s, &a, t, &moved);
            for (int32_t k = 0; k < a.n_row; k++) {
                const struct dispatch_row *row = &a.row[k];
                double sign = row->kind == DISPATCH_BRANCH_MAX ? 1 : -1;
                if (row->interval == t && row->kind <= DISPATCH_BRANCH_MIN)
                    rent += sign * row->shadow_usd_per_mwh *
                            (a.flow_mw[t * x.n_branch + row->index] -
                             shift_flow[row->index]);
            }
            int32_t n_island = network_n_island(s.p.net);
            for (int32_t k = t * n_island; k < (t + 1) * n_island; k++)
                rent += a.lambda_usd_per_mwh[k] * (a.shortage_mw[k] - a.surplus_mw[k]);
            LAW(fabs(paid - rent) <= 1e-8 * moved,
                "%.12g $, rents %.12g $ (features %u)", paid, rent, x.features);
        }
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

/* A limit that has room has no price, and a price says the limit is reached. */
Test(prop_rent, only_limits_that_are_reached_have_a_price)
{
    FOR_SEEDS(seed, 200)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        for (int32_t k = 0; k < a.n_row; k++) {
            const struct dispatch_row *row = &a.row[k];
            bool least =
                row->kind == DISPATCH_BRANCH_MIN || row->kind == DISPATCH_STORE_MIN;
            double room =
                least ? row->activity - row->limit : row->limit - row->activity;
            LAW(row->shadow_usd_per_mwh >= 0 && row->relaxed >= 0, "row %d negative",
                k);
            LAW(row->shadow_usd_per_mwh < 1e-6 || fabs(room + row->relaxed) < 1e-5,
                "kind %d: room %g, relaxed %g, price %g (features %u)", (int)row->kind,
                room, row->relaxed, row->shadow_usd_per_mwh, x.features);
        }
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}
