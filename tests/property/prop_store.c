/* prop_store.c - a store keeps its books, its limits and its one direction. */
#include <math.h>

#include "tests/support/drawn.h"

static double relaxed_mwh(const struct dispatch_answer *a, enum dispatch_row_kind kind,
                          int32_t store, int32_t t)
{
    for (int32_t k = 0; k < a->n_row; k++)
        if (a->row[k].kind == kind && a->row[k].index == store &&
            a->row[k].interval == t)
            return a->row[k].relaxed;
    return 0;
}

static void check_store(const struct drawn *x, const struct stated *s,
                        const struct dispatch_answer *a, int32_t k)
{
    const struct dispatch_store *store = &x->store[k];
    double energy = store->energy_initial_mwh;
    for (int32_t t = 0; t < x->n_interval; t++) {
        int64_t at = (int64_t)t * x->n_injection + store->injection;
        double mw = a->injection_mw[at], idle = x->injection[store->injection].base[t];
        double charge = -idle - a->segment_mw[s->seg_start[at]];
        double discharge = a->segment_mw[s->seg_start[at] + 1];
        LAW(fmin(charge, discharge) < 1e-6, "store %d takes %g and gives %g MW", k,
            charge, discharge);
        LAW(fabs(discharge - charge - mw) < 1e-7, "store %d: %g MW", k, mw);
        /* One direction: the net says everything. */
        energy += x->duration[t] * (mw < 0 ? -mw * store->charge_efficiency
                                           : -mw / store->discharge_efficiency);
        LAW(fabs(energy - a->energy_mwh[t * x->n_store + k]) < 1e-5,
            "store %d holds %g MWh, should %g", k, a->energy_mwh[t * x->n_store + k],
            energy);
        double over = energy - store->energy_max_mwh;
        double under = store->energy_min_mwh - energy;
        if (t == x->n_interval - 1)
            under = fmax(under, store->energy_end_min_mwh - energy);
        LAW(over <= relaxed_mwh(a, DISPATCH_STORE_MAX, k, t) + 1e-5,
            "store %d is %g MWh over full", k, over);
        LAW(under <= relaxed_mwh(a, DISPATCH_STORE_MIN, k, t) + 1e-5,
            "store %d is %g MWh too empty", k, under);
    }
}

Test(prop_store, energy_is_conserved_and_flows_one_way)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_ANY);
        struct stated s;
        if (x.n_store == 0)
            continue;
        struct dispatch_answer a = drawn_solve(&x, &s);
        for (int32_t k = 0; k < x.n_store; k++)
            check_store(&x, &s, &a, k);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}
