/* start_store.c - one store against prices: a linear program of two rows an hour. */
#include "solver/start_store.h"

#include <math.h>

#include "sim/base/mem.h"

/* The program of one store as it is stated. Columns are its pieces, then slacks. */
struct lone {
    const struct dispatch_problem *p;
    const struct dispatch_store *store;
    int32_t n_piece, n_row, room;
    int64_t *segment;     /* [n_piece] */
    double *energy_mwh;   /* [n_piece] that a MW of the piece adds */
    int32_t *piece_start; /* [n_interval + 1] into segment */
    double *base_mwh;     /* [n_interval] at its end with all pieces empty */
    struct entries e;
    int64_t *start;  /* [n_row + 1] into e */
    double *lo, *up; /* [n_row] */
};

double start_store_still_mw(const struct piece *piece)
{
    return piece->from_mw < 0 ? piece->width_mw : 0;
}

static bool allocate(struct lone *q)
{
    const struct dispatch_problem *p = q->p;
    size_t n_t = (size_t)p->n_interval, n = 0;
    for (int32_t t = 0; t < p->n_interval; t++) {
        int64_t at = (int64_t)t * p->n_injection + q->store->injection;
        n += (size_t)(p->seg_start[at + 1] - p->seg_start[at]);
    }
    q->segment = mem_alloc(n, sizeof *q->segment);
    q->energy_mwh = mem_alloc(n, sizeof *q->energy_mwh);
    q->piece_start = mem_alloc(n_t + 1, sizeof *q->piece_start);
    q->base_mwh = mem_alloc(n_t, sizeof *q->base_mwh);
    q->start = mem_alloc(2 * n_t + 1, sizeof *q->start);
    q->lo = mem_alloc(2 * n_t, sizeof *q->lo);
    q->up = mem_alloc(2 * n_t, sizeof *q->up);
    return q->segment && q->energy_mwh && q->piece_start && q->base_mwh && q->start &&
           q->lo && q->up;
}

static void release(struct lone *q)
{
    mem_free(q->segment);
    mem_free(q->energy_mwh);
    mem_free(q->piece_start);
    mem_free(q->base_mwh);
    mem_free(q->start);
    mem_free(q->lo);
    mem_free(q->up);
    entries_release(&q->e);
}

static void gather_pieces(struct lone *q)
{
    const struct dispatch_problem *p = q->p;
    const struct dispatch_store *store = q->store;
    double energy = store->energy_initial_mwh;
    for (int32_t t = 0; t < p->n_interval; t++) {
        int64_t at = (int64_t)t * p->n_injection + store->injection;
        double h = p->duration_h[t], from = p->base_mw[at];
        energy += h * (store->charge_efficiency * fmax(0, -from) -
                       fmax(0, from) / store->discharge_efficiency);
        q->base_mwh[t] = energy;
        q->piece_start[t] = q->n_piece;
        for (int64_t k = p->seg_start[at]; k < p->seg_start[at + 1]; k++) {
            q->energy_mwh[q->n_piece] =
                -h *
                (from < 0 ? store->charge_efficiency : 1 / store->discharge_efficiency);
            q->segment[q->n_piece++] = k;
            from += p->seg[k].width_mw;
        }
    }
    q->piece_start[p->n_interval] = q->n_piece;
}

/* A limit of the energy at the end of interval t; sign as in rows.c. */
static bool push_row(struct lone *q, enum dispatch_row_kind kind, int32_t t,
                     double stated_mwh, struct start_limit *limit)
{
    if (isinf(stated_mwh))
        return true;
    double sign = kind == DISPATCH_STORE_MAX ? 1 : -1;
    int32_t row = q->n_row++;
    limit[row] =
        (struct start_limit){.limit = {.kind = kind,
                                       .index = (int32_t)(q->store - q->p->store),
                                       .interval = t,
                                       .outage = -1}};
    q->lo[row] = -INFINITY;
    q->up[row] = sign * (stated_mwh - q->base_mwh[t]);
    q->start[row] = q->e.n;
    for (int32_t k = 0; k < q->piece_start[t + 1]; k++)
        if (!entries_push(&q->e, k, sign * q->energy_mwh[k]))
            return false;
    bool ok = entries_push(&q->e, q->n_piece + row, -1);
    q->start[q->n_row] = q->e.n;
    return ok;
}

static bool push_rows(struct lone *q, struct start_limit *limit)
{
    const struct dispatch_problem *p = q->p;
    const struct dispatch_store *store = q->store;
    bool ok = true;
    for (int32_t t = 0; ok && t < p->n_interval; t++) {
        double least = store->energy_min_mwh;
        if (t == p->n_interval - 1)
            least = fmax(least, store->energy_end_min_mwh);
        ok = push_row(q, DISPATCH_STORE_MAX, t, store->energy_max_mwh, limit) &&
             push_row(q, DISPATCH_STORE_MIN, t, least, limit);
    }
    return ok;
}

static enum err_code load(const struct lone *q, const double *reduced_usd,
                          struct lp *lp, struct err *err)
{
    size_t n = (size_t)(q->n_piece + q->n_row);
    double *cost = mem_alloc(n, sizeof *cost), *lo = mem_alloc(n, sizeof *lo);
    double *up = mem_alloc(n, sizeof *up);
    enum err_code code = ERR_OK;
    if (!cost || !lo || !up)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < q->n_piece; k++) {
        cost[k] = reduced_usd[q->segment[k]];
        up[k] = q->p->seg[q->segment[k]].width_mw;
    }
    for (int32_t k = 0; !code && k < q->n_row; k++) {
        cost[q->n_piece + k] = q->p->schedule.store_usd_per_mwh;
        up[q->n_piece + k] = INFINITY;
    }
    if (!code)
        code = lp_add_columns(lp, (int32_t)n, cost, lo, up, NULL, NULL, NULL, err);
    if (!code)
        code = lp_add_rows(lp, q->n_row, q->lo, q->up, q->start, q->e.col, q->e.value,
                           err);
    mem_free(cost);
    mem_free(lo);
    mem_free(up);
    return code;
}

static void read_states(const struct lone *q, const struct lp *lp, enum lp_state *state,
                        struct start_limit *limit, int32_t *n_limit)
{
    *n_limit = 0;
    for (int32_t k = 0; k < q->n_piece; k++)
        state[q->segment[k]] = lp_column_state(lp, k);
    for (int32_t k = 0; k < q->n_row; k++) {
        struct start_limit *to = &limit[*n_limit];
        *to = limit[k];
        to->row = lp_row_state(lp, k);
        to->slack = lp_column_state(lp, q->n_piece + k);
        *n_limit += to->row != LP_BASIC;
    }
}

enum err_code start_store(const struct dispatch_problem *p, int32_t s,
                          const double *reduced_usd, enum lp_state *state,
                          struct start_limit *limit, int32_t *n_limit, struct err *err)
{
    struct lone q = {.p = p, .store = &p->store[s]};
    struct lp *lp = NULL;
    enum lp_status status;
    enum err_code code = ERR_OK;
    *n_limit = 0;
    if (!allocate(&q))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        gather_pieces(&q);
    if (!code && !push_rows(&q, limit))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = lp_create(&lp, err);
    if (!code)
        code = load(&q, reduced_usd, lp, err);
    if (!code)
        code = lp_solve(lp, LP_PRIMAL, &status, err);
    if (!code && status == LP_OPTIMAL)
        read_states(&q, lp, state, limit, n_limit);
    lp_destroy(lp);
    release(&q);
    return code;
}
