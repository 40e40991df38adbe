/* lossy_margin.c - what is free and what binds where the LP of a lossy dispatch stands. */
#include "solver/lossy_margin.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"

static int32_t find_slot(const struct newton *q, int32_t injection)
{
    for (int32_t k = 0; k < q->n_free; k++)
        if (q->free[k].injection == injection)
            return q->free[k].slot;
    return -1;
}

static void add_free(struct newton *q, struct unknown u)
{
    if (u.injection >= 0) {
        int32_t slot = find_slot(q, u.injection);
        u.slot = slot >= 0 ? slot : q->n_slot++;
    }
    q->free[q->n_free++] = u;
}

/* Polynomials inside their range, whole. */
static void add_smooth(struct newton *q)
{
    const struct work *w = q->w;
    const struct dispatch_problem *p = w->p;
    for (int32_t k = 0; k < p->n_polynomial; k++)
        for (int32_t t = 0; t < p->n_interval; t++) {
            int64_t at = (int64_t)t * p->n_injection + p->polynomial[k].injection;
            if (w->head[at] < 0)
                continue;
            double lo = p->base_mw[at], up = lo + p->seg[p->seg_start[at]].width_mw;
            double edge = 1e-9 * (1 + fabs(up)), mw = w->power_mw[at];
            if (mw > lo + edge && mw < up - edge)
                add_free(q, (struct unknown){w->piece[w->head[at]].col, t,
                                             p->polynomial[k].injection, lo, up,
                                             &p->polynomial[k], &w->piece[w->head[at]],
                                             mw, -1});
        }
}

/* A point that is no vertex has more of these than the basis holds free. */
static bool is_inside(const struct unknown *u)
{
    double edge = 1e-7 * (1 + fmin(fabs(u->lo), fabs(u->up)));
    return u->value > u->lo + edge && u->value < u->up - edge;
}

bool margin_free(struct newton *q)
{
    struct work *w = q->w;
    int32_t n_col = lp_n_columns(w->lp);
    bool *smooth = mem_alloc((size_t)w->p->n_injection, sizeof *smooth);
    bool *done = mem_alloc((size_t)n_col, sizeof *done);
    q->free = mem_alloc((size_t)n_col, sizeof *q->free);
    bool ok = smooth && done && q->free;
    for (int32_t k = 0; ok && k < w->p->n_polynomial; k++)
        smooth[w->p->polynomial[k].injection] = true;
    if (ok)
        add_smooth(q);
    for (int32_t b = 0; ok && b < q->n_balance; b++)
        done[w->lossy->column[b]] = true;
    for (int32_t k = 0; ok && k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        done[piece->col] = true;
        if (smooth[piece->injection])
            continue;
        struct unknown u = {piece->col, piece->interval, piece->injection, 0, 0,
                            NULL,       piece,           w->x[piece->col], -1};
        lp_column_bounds(w->lp, u.col, &u.lo, &u.up);
        if (lp_column_state(w->lp, u.col) == LP_BASIC ||
            (w->lossy->settled && is_inside(&u)))
            add_free(q, u);
    }
    for (int32_t j = 0; ok && j < n_col; j++) { /* slacks */
        if (done[j] || lp_column_state(w->lp, j) != LP_BASIC)
            continue;
        struct unknown u = {.col = j, .injection = -1, .value = w->x[j], .slot = -1};
        lp_column_bounds(w->lp, j, &u.lo, &u.up);
        add_free(q, u);
    }
    mem_free(smooth);
    mem_free(done);
    return ok;
}

double margin_lack(const struct newton *q, int32_t row)
{
    const struct work *w = q->w;
    const struct limit *limit = &w->limit[q->row_limit[row]];
    double room = limit->stated - rows_activity(w, limit);
    return (rows_is_minimum(limit->kind) ? -room : room) + w->x[limit->slack];
}

bool margin_rows(struct newton *q)
{
    struct work *w = q->w;
    double *y = mem_alloc((size_t)lp_n_rows(w->lp), sizeof *y);
    q->row_limit = mem_alloc((size_t)w->n_limit + 1, sizeof *q->row_limit);
    q->binds = mem_alloc((size_t)w->n_limit, sizeof *q->binds);
    q->dual = mem_alloc((size_t)(q->n_balance + w->n_limit), sizeof *q->dual);
    bool ok = y && q->row_limit && q->binds && q->dual;
    if (ok)
        lp_row_duals(w->lp, y);
    for (int32_t b = 0; ok && b < q->n_balance; b++)
        q->dual[b] = y[b];
    for (int32_t k = 0; ok && k < w->n_limit; k++) {
        q->row_limit[q->n_row] = k;
        q->binds[k] =
            lp_row_state(w->lp, w->limit[k].row) != LP_BASIC &&
            (fabs(y[w->limit[k].row]) > 1e-9 || fabs(margin_lack(q, q->n_row)) <= 1e-5);
        q->n_row += q->binds[k];
    }
    mem_free(y);
    return ok;
}

enum err_code margin_flows(struct newton *q, struct err *err)
{
    const struct dispatch_problem *p = q->w->p;
    const struct network_data *d = network_data(p->net);
    size_t n_bus = (size_t)d->n_bus, n_branch = (size_t)d->n_branch;
    double *bus = mem_alloc(n_bus, sizeof *bus);
    double *none = mem_alloc(n_branch, sizeof *none);
    enum err_code code = ERR_OK;
    q->phi = mem_alloc((size_t)q->n_slot * n_branch, sizeof *q->phi);
    if (!bus || !none || !q->phi)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code) /* what the shifters cause by themselves */
        code = network_flows(p->net, 1, bus, NULL, none, err);
    for (int32_t s = 0, k = 0; !code && s < q->n_slot; s++) {
        while (q->free[k].slot != s)
            k++;
        int32_t i = q->free[k].injection;
        double *phi = q->phi + (size_t)s * n_branch;
        memset(bus, 0, n_bus * sizeof *bus);
        for (int32_t e = p->bus_start[i]; e < p->bus_start[i + 1]; e++)
            bus[p->bus[e]] += p->bus_weight[e];
        code = network_flows(p->net, 1, bus, NULL, phi, err);
        for (size_t l = 0; l < n_branch; l++)
            phi[l] -= none[l];
    }
    mem_free(bus);
    mem_free(none);
    return code;
}

bool margin_bind_broken(struct newton *q)
{
    const struct work *w = q->w;
    int32_t first = q->n_row;
    for (int32_t k = 0; k < w->n_limit; k++) {
        q->row_limit[q->n_row] = k; /* there is room while one does not bind */
        if (q->binds[k] ||
            -margin_lack(q, q->n_row) <= rows_tolerance(w->limit[k].stated))
            continue;
        q->binds[k] = true;
        q->dual[q->n_balance + q->n_row++] = 0;
    }
    return q->n_row > first;
}
