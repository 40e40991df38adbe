/*
 * kkt.c - the system of polish.c, (1) to (3): what its columns hold in the rows that bind,
 * and one step of Newton's method.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/dense.h"
#include "solver/polish.h"

enum {
    PACKED = 256 /* columns whose products are found at a time */
};

/*
 * MW per $/MWh on the diagonal of (3), for the distance from the duals of the step before:
 * where limits are dependent it decides which duals are meant, and it vanishes with the
 * distance.
 */
static const double DAMPING = 1e-5;

/* ---- entries ---- */

static bool push_entry(struct polish *q, int32_t row, double coef)
{
    if (coef == 0) /* exact: the column is not in the row */
        return true;
    if (q->n_entry == q->room_entry) {
        int64_t room = q->room_entry ? 2 * q->room_entry : 4096;
        int32_t *r = mem_resize(q->row, (size_t)room, sizeof *r);
        if (r)
            q->row = r;
        double *c = mem_resize(q->coef, (size_t)room, sizeof *c);
        if (c)
            q->coef = c;
        if (!r || !c)
            return false;
        q->room_entry = room;
    }
    q->row[q->n_entry] = row;
    q->coef[q->n_entry++] = coef;
    return true;
}

static bool push_piece(struct polish *q, const struct piece *piece, bool flows,
                       struct span *span)
{
    const struct work *w = q->w;
    bool ok = true;
    span->start = q->n_entry;
    for (int32_t a = w->island_start[piece->injection];
         ok && a < w->island_start[piece->injection + 1]; a++)
        ok = push_entry(q, piece->interval * w->n_island + w->island[a],
                        w->island_weight[a]);
    for (int32_t k = 0; ok && k < q->n_limit; k++)
        if (flows || !rows_is_flow(w->limit[q->limit[k]].kind))
            ok = push_entry(q, q->n_balance + k,
                            rows_coefficient(w, &w->limit[q->limit[k]], piece));
    span->end = q->n_entry;
    return ok;
}

/* Flow limits of a lifted interval have no factors yet. */
static enum err_code find_factors(struct polish *q, struct err *err)
{
    int32_t n = 0;
    struct flow_at *at = mem_alloc((size_t)q->n_limit, sizeof *at);
    if (!at)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < q->n_limit; k++) {
        const struct limit *limit = &q->w->limit[q->limit[k]];
        if (lift_applies(q->w, limit))
            at[n++] = (struct flow_at){limit->index, limit->outage};
    }
    enum err_code code = factors_need(q->w, n, at, err);
    for (int32_t k = 0; !code && k < q->n_limit; k++) {
        struct limit *limit = &q->w->limit[q->limit[k]];
        if (lift_applies(q->w, limit))
            limit->factor = factors_find(q->w, limit->index, limit->outage);
    }
    mem_free(at);
    return code;
}

/* The piece whose column stands for a polynomial: all of them have the same entries. */
static const struct piece *piece_of(const struct polish *q, const struct smooth *s)
{
    const struct work *w = q->w;
    return &w->piece[w->head[(int64_t)s->interval * w->p->n_injection +
                             s->f->injection]];
}

/*
 * Gives every polynomial its span: balances and limits other than flows first, then
 * n_flow[k] places; n_flow[k] becomes the first of these.
 */
static bool lay_out_spans(struct polish *q, int64_t *n_flow)
{
    bool ok = true;
    for (int32_t k = 0; ok && k < q->n_smooth; k++) {
        struct smooth *s = &q->smooth[k];
        ok = push_piece(q, piece_of(q, s), false, &s->span);
        int64_t first = q->n_entry;
        for (int64_t e = 0; ok && e < n_flow[k]; e++)
            ok = push_entry(q, 0, 1);
        n_flow[k] = first;
        s->span.end = q->n_entry;
    }
    return ok;
}

/*
 * Entries of the polynomials, by polynomial. A flow limit's row is gone through once,
 * and the entries found are sorted by counting.
 */
static bool find_spans(struct polish *q)
{
    const struct work *w = q->w;
    int64_t *next = mem_alloc((size_t)q->n_smooth + 1, sizeof *next);
    bool ok = next;
    q->n_entry = 0;
    for (int pass = 0; ok && pass < 2; pass++) {
        for (int32_t k = 0; k < q->n_limit; k++) {
            const struct limit *limit = &w->limit[q->limit[k]];
            if (!rows_is_flow(limit->kind))
                continue;
            const struct factor_row *row = factors_row(w, limit);
            double sign = rows_is_minimum(limit->kind) ? -1 : 1;
            for (int64_t e = row->start; e < row->end; e++) {
                int32_t s = q->smooth_at[(int64_t)limit->interval * w->p->n_injection +
                                         w->entry_injection[e]];
                if (s == 0)
                    continue;
                if (pass == 0) {
                    next[s - 1]++;
                    continue;
                }
                q->row[next[s - 1]] = q->n_balance + k;
                q->coef[next[s - 1]++] = sign * w->entry_value[e];
            }
        }
        if (pass == 0)
            ok = lay_out_spans(q, next);
    }
    mem_free(next);
    return ok;
}

static bool push_other(struct polish *q, int32_t col)
{
    q->other[q->n_other++] = (struct other){col, {q->n_entry, q->n_entry}};
    return true;
}

static bool push_single(struct polish *q, int32_t col, int32_t row, double coef)
{
    struct other *o = &q->other[q->n_other];
    if (lp_column_state(q->w->lp, col) != LP_BASIC)
        return true;
    bool ok = push_other(q, col) && push_entry(q, row, coef);
    o->span.end = q->n_entry;
    return ok;
}

/* Basic columns that are no polynomial's: pieces, shortages, surpluses and slacks. */
static bool find_others(struct polish *q)
{
    const struct work *w = q->w;
    bool *smooth = mem_alloc((size_t)w->p->n_injection, sizeof *smooth);
    mem_free(q->other);
    q->other = mem_alloc((size_t)lp_n_columns(w->lp), sizeof *q->other);
    q->n_other = 0;
    bool ok = smooth && q->other;
    for (int32_t k = 0; ok && k < w->p->n_polynomial; k++)
        smooth[w->p->polynomial[k].injection] = true;
    for (int32_t k = 0; ok && k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        if (smooth[piece->injection] || lp_column_state(w->lp, piece->col) != LP_BASIC)
            continue;
        ok = push_other(q, piece->col) &&
             push_piece(q, piece, true, &q->other[q->n_other - 1].span);
    }
    for (int32_t b = 0; ok && b < q->n_balance; b++)
        ok = push_single(q, w->shortage[b], b, 1) &&
             push_single(q, w->surplus[b], b, -1);
    for (int32_t k = 0; ok && k < q->n_limit; k++)
        ok = push_single(q, w->limit[q->limit[k]].slack, q->n_balance + k, -1);
    mem_free(smooth);
    return ok;
}

static void add_span(const struct polish *q, struct span span, double by, double *sum)
{
    for (int64_t e = span.start; e < span.end; e++)
        sum[q->row[e]] += by * q->coef[e];
}

void kkt_add_deficits(const struct polish *q, double *sum)
{
    const struct work *w = q->w;
    for (int32_t b = 0; b < q->n_balance; b++)
        sum[b] += w->balance_rhs[b] - w->x[w->shortage[b]] + w->x[w->surplus[b]] +
                  w->x[w->increment[b]];
    for (int32_t k = 0; k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        for (int32_t a = w->island_start[piece->injection];
             a < w->island_start[piece->injection + 1]; a++)
            sum[piece->interval * w->n_island + w->island[a]] -=
                w->island_weight[a] * w->x[piece->col];
    }
}

/* (3): what the columns give now, and what the rows lack by rounding. */
static bool find_targets(struct polish *q)
{
    const struct work *w = q->w;
    mem_free(q->target);
    q->target = mem_alloc((size_t)polish_n_dual(q), sizeof *q->target);
    if (!q->target)
        return false;
    for (int32_t k = 0; k < q->n_limit; k++) {
        const struct limit *limit = &w->limit[q->limit[k]];
        double lack = limit->stated - rows_activity(w, limit);
        q->target[q->n_balance + k] =
            (rows_is_minimum(limit->kind) ? -lack : lack) + w->x[limit->slack];
    }
    for (int32_t k = 0; k < q->n_smooth; k++)
        add_span(q, q->smooth[k].span, q->smooth[k].p_mw - q->smooth[k].base,
                 q->target);
    for (int32_t k = 0; k < q->n_other; k++)
        add_span(q, q->other[k].span, w->x[q->other[k].col], q->target);
    kkt_add_deficits(q, q->target);
    return true;
}

/* ---- Newton's method ---- */

/* Columns of polynomials that have entries in most rows: their products are dense. */
struct pack {
    int32_t n; /* in it by now */
    double *a; /* [PACKED][n of the system] */
};

static void pack_flush(const struct polish *q, struct pack *pack, int32_t n)
{
    dense_add_gram(n, pack->n, 1, pack->a, q->matrix);
    memset(pack->a, 0, (size_t)pack->n * (size_t)n * sizeof *pack->a);
    pack->n = 0;
}

/*
 * Adds polynomial s to the matrix, its lower triangle: it is eliminated by (1). False where
 * it is flat: refinement's answer is as good.
 */
static bool add_smooth(struct polish *q, const struct smooth *s, int32_t n,
                       struct pack *pack)
{
    double curvature =
        q->w->p->duration_h[s->interval] * refine_curvature(s->f, s->p_mw);
    if (!(curvature > 0))
        return false;
    if (4 * (s->span.end - s->span.start) > n) {
        if (pack->n == PACKED)
            pack_flush(q, pack, n);
        add_span(q, s->span, 1 / sqrt(curvature),
                 pack->a + (size_t)pack->n++ * (size_t)n);
        return true;
    }
    for (int64_t a = s->span.start; a < s->span.end; a++) {
        double *row = q->matrix + (size_t)q->row[a] * (size_t)n;
        double by = q->coef[a] / curvature;
        for (int64_t b = s->span.start; b < s->span.end; b++)
            if (q->row[b] <= q->row[a])
                row[q->row[b]] += by * q->coef[b];
    }
    return true;
}

static bool add_all_smooth(struct polish *q, int32_t n)
{
    struct pack pack = {.a = mem_alloc(PACKED * (size_t)n, sizeof *pack.a)};
    bool ok = pack.a;
    for (int32_t k = 0; ok && k < q->n_smooth; k++)
        ok = q->smooth[k].side != 0 || add_smooth(q, &q->smooth[k], n, &pack);
    if (ok)
        pack_flush(q, &pack, n);
    for (size_t r = 0; ok && r < (size_t)polish_n_dual(q); r++)
        for (size_t c = 0; c < r; c++)
            q->matrix[c * (size_t)n + r] = q->matrix[r * (size_t)n + c];
    mem_free(pack.a);
    return ok;
}

/* The matrix of the present active set, and its factors. */
static bool factorise(struct polish *q)
{
    int32_t m = polish_n_dual(q), n = m + q->n_other;
    struct err ignored = {0}; /* a singular system only means: keep what we have */
    memset(q->matrix, 0, (size_t)n * (size_t)n * sizeof *q->matrix);
    if (!add_all_smooth(q, n))
        return false;
    for (int32_t k = 0; k < q->n_other; k++) {
        const struct other *o = &q->other[k];
        size_t at = (size_t)(m + k);
        for (int64_t e = o->span.start; e < o->span.end; e++) {
            q->matrix[(size_t)q->row[e] * (size_t)n + at] = q->coef[e];
            q->matrix[at * (size_t)n + (size_t)q->row[e]] = q->coef[e];
        }
    }
    for (size_t r = 0; r < (size_t)m; r++)
        q->matrix[r * (size_t)n + r] += DAMPING;
    return dense_factorise(n, q->matrix, q->pivot, &ignored) == ERR_OK;
}

static void set_rhs(struct polish *q)
{
    int32_t m = polish_n_dual(q);
    memcpy(q->rhs, q->target, (size_t)m * sizeof *q->rhs);
    for (int32_t k = 0; k < q->n_smooth; k++) {
        const struct smooth *s = &q->smooth[k];
        double at = s->p_mw - s->base; /* what the LP's columns of s add up to */
        if (s->side == 0)
            at -= refine_marginal(s->f, s->p_mw) / refine_curvature(s->f, s->p_mw);
        add_span(q, s->span, -at, q->rhs);
    }
    for (int32_t k = 0; k < q->n_other; k++)
        q->rhs[m + k] = lp_cost(q->w->lp, q->other[k].col);
    for (int32_t r = 0; r < m; r++)
        q->rhs[r] += DAMPING * q->guess[r];
}

/* Curvatures, and with them the matrix, are what they are anywhere. */
static bool is_quadratic(const struct polish *q)
{
    bool quadratic = true;
    for (int32_t k = 0; k < q->n_smooth; k++)
        quadratic =
            quadratic && (q->smooth[k].side != 0 || q->smooth[k].f->n_coef <= 3);
    return quadratic;
}

bool kkt_step(struct polish *q, bool again)
{
    int32_t m = polish_n_dual(q);
    if (!(again && is_quadratic(q)) && !factorise(q))
        return false;
    set_rhs(q);
    dense_solve_factorised(m + q->n_other, q->matrix, q->pivot, q->rhs);
    memcpy(q->guess, q->rhs, (size_t)m * sizeof *q->guess);
    return true;
}

enum err_code kkt_begin(struct polish *q, struct err *err)
{
    enum err_code code = find_factors(q, err);
    if (!code && (!find_spans(q) || !find_others(q)))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = vertex_thin(q, err);
    if (!code && !find_targets(q))
        code = err_set(err, ERR_NOMEM, "out of memory");
    return code;
}

enum err_code kkt_make_room(struct polish *q, struct err *err)
{
    size_t n = (size_t)(polish_n_dual(q) + q->n_other);
    mem_free(q->matrix);
    mem_free(q->rhs);
    mem_free(q->pivot);
    q->matrix = mem_alloc(n * n, sizeof *q->matrix);
    q->rhs = mem_alloc(n, sizeof *q->rhs);
    q->pivot = mem_alloc(n, sizeof *q->pivot);
    if (!q->matrix || !q->rhs || !q->pivot)
        return err_set(err, ERR_NOMEM, "cannot hold a system of %zu unknowns", n);
    return ERR_OK;
}
