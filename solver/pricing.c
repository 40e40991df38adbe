/*
 * pricing.c - from duals to prices.
 *
 *     lambda = (c - d) / h of the shortage, which stands at the reference          (1)
 *     mu_l   = -y_limit / h                                                     (2)
 *     congestion_n = - sum_l mu_l PTDF_ln (maxima) + sum_l mu_l PTDF_ln (minima)  (3)
 *     loss_n: (4) of loss.h                                                     (4)
 *     lmp_n  = lambda + congestion_n + loss_n                                   (5)
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

static bool is_energy(enum dispatch_row_kind kind)
{
    return kind == DISPATCH_STORE_MAX || kind == DISPATCH_STORE_MIN;
}

/* Shadow prices of limits; those of flows as mu over branches. */
static void spread(const struct work *w, const double *y, struct prices *out,
                   double *mu)
{
    const struct dispatch_problem *p = w->p;
    size_t n_branch = (size_t)network_data(p->net)->n_branch;
    for (int32_t k = 0; k < w->n_limit; k++) {
        const struct limit *limit = &w->limit[k];
        double h = is_energy(limit->kind) ? 1 : p->duration_h[limit->interval];
        double shadow = out->shadow[k] = fmax(0, -y[limit->row] / h);
        if (!rows_is_flow(limit->kind) || shadow == 0) /* exact: most do not bind */
            continue;
        double signed_mu = rows_is_minimum(limit->kind) ? shadow : -shadow;
        rows_spread(w, limit, signed_mu, mu + (size_t)limit->interval * n_branch);
    }
}

enum err_code pricing_read(struct work *w, struct prices *out, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    size_t n_branch = (size_t)network_data(p->net)->n_branch;
    enum err_code code = ERR_OK;
    double *y = mem_alloc((size_t)lp_n_rows(w->lp), sizeof *y);
    double *mu = mem_alloc((size_t)p->n_interval * n_branch, sizeof *mu);
    if (!y || !mu) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    lp_row_duals(w->lp, y);
    for (int32_t b = 0; b < p->n_interval * w->n_island; b++)
        out->lambda[b] =
            (lp_cost(w->lp, w->shortage[b]) - lp_reduced_cost(w->lp, w->shortage[b])) /
            p->duration_h[b / w->n_island];
    spread(w, y, out, mu);
    code = network_prices(p->net, p->n_interval, mu, out->congestion, err);
    if (!code)
        code = loss_prices(p->net, p->losses, p->n_interval, w->flow_mw, out->lambda,
                           out->congestion, out->loss, err);
done:
    mem_free(y);
    mem_free(mu);
    return code;
}
