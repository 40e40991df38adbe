/*
 * pricing.c - from duals to prices.
 *
 *     lambda = y_balance / h                                                    (1)
 *     mu_l   = -y_limit / h                                                     (2)
 *     congestion_n = - sum_l mu_l PTDF_ln (maxima) + sum_l mu_l PTDF_ln (minima)  (3)
 *     loss_n: (4) of loss.h                                                     (4)
 *     lmp_n  = lambda + congestion_n + loss_n                                   (5)
 */
#include <math.h>

#include "sim/base/mem.h"
#include "solver/dense.h"
#include "solver/work.h"

static bool is_energy(enum dispatch_row_kind kind)
{
    return kind == DISPATCH_STORE_MAX || kind == DISPATCH_STORE_MIN;
}

enum err_code pricing_read(struct work *w, struct prices *out, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    int32_t n_bus = network_data(p->net)->n_bus;
    enum err_code code = ERR_OK;
    double *y = mem_alloc((size_t)lp_n_rows(w->lp), sizeof *y);
    double *mu = mem_alloc((size_t)p->n_interval * (size_t)w->n_slot, sizeof *mu);
    if (!y || !mu) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    lp_row_duals(w->lp, y);
    for (int32_t b = 0; b < p->n_interval * w->n_island; b++)
        out->lambda[b] = y[b] / p->duration_h[b / w->n_island];
    for (int32_t k = 0; k < w->n_limit; k++) {
        const struct limit *limit = &w->limit[k];
        double h = is_energy(limit->kind) ? 1 : p->duration_h[limit->interval];
        double shadow = out->shadow[k] = fmax(0, -y[limit->row] / h);
        if (limit->kind != DISPATCH_BRANCH_MAX && limit->kind != DISPATCH_BRANCH_MIN)
            continue;
        int32_t slot = w->slot_of_branch[limit->index] - 1;
        mu[(size_t)limit->interval * (size_t)w->n_slot + (size_t)slot] +=
            limit->kind == DISPATCH_BRANCH_MAX ? -shadow : shadow;
    }
    dense_multiply(p->n_interval, n_bus, w->n_slot, 1, mu, w->slot_bus,
                   out->congestion);
    code = loss_prices(p->net, p->losses, p->n_interval, w->flow_mw, out->lambda,
                       out->congestion, out->loss, err);
done:
    mem_free(y);
    mem_free(mu);
    return code;
}
