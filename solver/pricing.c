/*
 * pricing.c - from duals to prices, the pricing run, and the next increment of load.
 *
 *     lambda = y_balance / h                                                    (1)
 *     mu_l   = -y_limit / h                                                     (2)
 *     congestion_n = - sum_l mu_l PTDF_ln (maxima) + sum_l mu_l PTDF_ln (minima)  (3)
 *     lmp_n  = lambda + congestion_n                                            (4)
 */
#include <math.h>
#include <string.h>

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
done:
    mem_free(y);
    mem_free(mu);
    return code;
}

/*
 * What was relaxed stays relaxed, less a sliver: the limit is still binding, and its
 * price is that of relaxing it further or of curing the sliver, whichever is cheaper.
 */
static double held(double relaxed)
{
    return relaxed > 1e-6 ? fmax(0, relaxed - 1e-4) : 0;
}

enum err_code pricing_load(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    w->pricing = true;
    for (int32_t k = 0; k < w->n_piece; k++)
        lp_set_cost(w->lp, w->piece[k].col,
                    w->piece[k].price_cost * p->duration_h[w->piece[k].interval]);
    for (int32_t b = 0; b < p->n_interval * w->n_island; b++) {
        double h = p->duration_h[b / w->n_island];
        lp_set_cost(w->lp, w->shortage[b], p->pricing.shortage_usd_per_mwh * h);
        lp_set_cost(w->lp, w->surplus[b], p->pricing.surplus_usd_per_mwh * h);
        lp_set_column_bounds(w->lp, w->shortage[b], held(w->x[w->shortage[b]]),
                             INFINITY);
        lp_set_column_bounds(w->lp, w->surplus[b], held(w->x[w->surplus[b]]), INFINITY);
    }
    for (int32_t k = 0; k < w->n_limit; k++) {
        const struct limit *limit = &w->limit[k];
        lp_set_cost(w->lp, limit->slack,
                    work_slack_cost(w, limit->kind, limit->interval));
        lp_set_column_bounds(w->lp, limit->slack, held(w->x[limit->slack]), INFINITY);
    }
    return work_converge(w, LP_PRIMAL, err);
}

static void lower_bound_by(struct work *w, int32_t col, double mw)
{
    double lo, up;
    lp_column_bounds(w->lp, col, &lo, &up);
    if (lo > 0)
        lp_set_column_bounds(w->lp, col, fmax(0, lo - mw), up);
}

/*
 * The sliver by which relaxed limits may be cured must outlast the increment: more load
 * makes a surplus smaller.
 */
static void widen_slivers(struct work *w, double mw)
{
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++) {
        lower_bound_by(w, w->shortage[b], mw);
        lower_bound_by(w, w->surplus[b], mw);
    }
    for (int32_t k = 0; k < w->n_limit; k++)
        lower_bound_by(w, w->limit[k].slack, mw);
}

/* Moves every balance by a little load; returns the sum. */
static enum err_code add_increment(struct work *w, double *total, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    double *size = mem_alloc((size_t)(p->n_interval * w->n_island), sizeof *size);
    if (!size)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        for (int32_t a = w->island_start[piece->injection];
             a < w->island_start[piece->injection + 1]; a++)
            size[piece->interval * w->n_island + w->island[a]] +=
                fabs(w->island_weight[a] * w->x[piece->col]);
    }
    /* The reference has no factor on any branch, so only balances move. */
    *total = 0;
    for (int32_t b = 0; b < p->n_interval * w->n_island; b++) {
        double by = 1e-4 + 1e-7 * (size[b] + fabs(w->balance_rhs[b]));
        lp_set_row_bounds(w->lp, b, w->balance_rhs[b] + by, w->balance_rhs[b] + by);
        *total += by;
    }
    mem_free(size);
    return ERR_OK;
}

/*
 * A limit that is reached but not broken has no row yet, and the increment may be what
 * breaks it: so limits are looked for once more. The point itself stays where it was.
 */
enum err_code pricing_next_increment(struct work *w, struct err *err)
{
    size_t n = (size_t)lp_n_columns(w->lp);
    double total = 0, *x = mem_alloc(n, sizeof *x);
    if (!x)
        return err_set(err, ERR_NOMEM, "out of memory");
    memcpy(x, w->x, n * sizeof *x);
    enum err_code code = add_increment(w, &total, err);
    if (!code) {
        widen_slivers(w, 2 * total);
        code = work_converge(w, LP_DUAL, err);
    }
    if (!code) {
        memset(w->x, 0, (size_t)lp_n_columns(w->lp) * sizeof *w->x);
        memcpy(w->x, x, n * sizeof *x);
        code = work_evaluate(w, err);
    }
    mem_free(x);
    return code;
}
