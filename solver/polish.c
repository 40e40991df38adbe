/*
 * polish.c - the exact optimum of polynomial costs, once refinement has found which
 * limits bind.
 *
 * With the active set known, optimality is a small system in the powers P of the
 * polynomials inside their range (F), the other basic columns x (L) and the duals y of
 * the binding rows (R):
 *
 *     h f'(P_i) = sum_r a_ri y_r          i in F                               (1)
 *     c_j       = sum_r a_rj y_r          j in L                               (2)
 *     sum_i a_ri P_i + sum_j a_rj x_j = rhs_r - what is at its bounds   r in R  (3)
 *
 * Newton's method on (1) eliminates P and leaves a dense symmetric system in (y, x). Each
 * polynomial's piece that holds P then gets the tangent f'(P) as its cost, so that the
 * LP's duals become y exactly. If the point is not inside its bounds after all, the
 * refined solution stands: it is already within tolerance.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/dense.h"
#include "solver/work.h"

enum {
    MOST_UNKNOWNS = 1500,  /* dense system: 18 MB */
    NEWTON_STEPS = 4,      /* one is exact for quadratic costs */
    ACTIVE_SET_STEPS = 20, /* changes of which polynomials sit at a bound */
};

struct smooth {
    const struct dispatch_polynomial *f;
    int32_t interval;
    double base, lo, hi; /* MW; base is the power with all pieces empty */
    double p_mw;
    int side;        /* 0 inside, -1 at lo, +1 at hi */
    int32_t n_entry; /* of its LP columns */
    int32_t *row;    /* [n_entry] */
    double *coef;
};

struct polish {
    struct work *w;
    struct smooth *smooth; /* [n_smooth] */
    int32_t n_smooth;
    int32_t *unknown_of_row; /* [rows] index of y_r, -1 if the row does not bind */
    int32_t *free_col;       /* [n_free] L */
    double *fixed;           /* [rows] what nonbasic columns contribute */
    int32_t n_dual, n_free;
    double *matrix, *rhs; /* of the system; rhs becomes (y, x) */
    int32_t *scratch_row;
    double *scratch_value;
};

static bool is_smooth_column(const struct work *w, const bool *smooth_injection,
                             const int32_t *piece_of, int32_t col)
{
    return piece_of[col] >= 0 && smooth_injection[w->piece[piece_of[col]].injection];
}

/* Collects R, L and the contribution of everything else. */
static bool find_active(struct polish *q)
{
    struct work *w = q->w;
    int32_t n_col = lp_n_columns(w->lp), n_row = lp_n_rows(w->lp);
    int32_t *piece_of = mem_alloc((size_t)n_col, sizeof *piece_of);
    bool *smooth = mem_alloc((size_t)w->p->n_injection, sizeof *smooth);
    q->free_col = mem_alloc((size_t)n_col, sizeof *q->free_col);
    bool ok = piece_of && smooth && q->free_col;
    for (int32_t k = 0; ok && k < w->p->n_polynomial; k++)
        smooth[w->p->polynomial[k].injection] = true;
    for (int32_t j = 0; ok && j < n_col; j++)
        piece_of[j] = -1;
    for (int32_t k = 0; ok && k < w->n_piece; k++)
        piece_of[w->piece[k].col] = k;
    for (int32_t j = 0; ok && j < n_col; j++) {
        if (is_smooth_column(w, smooth, piece_of, j))
            continue;
        if (lp_column_state(w->lp, j) == LP_BASIC) {
            q->free_col[q->n_free++] = j;
            continue;
        }
        int32_t n = w->x[j] > 0 || w->x[j] < 0
                        ? lp_column(w->lp, j, q->scratch_row, q->scratch_value)
                        : 0;
        for (int32_t e = 0; e < n; e++)
            q->fixed[q->scratch_row[e]] += q->scratch_value[e] * w->x[j];
    }
    for (int32_t r = 0; ok && r < n_row; r++)
        q->unknown_of_row[r] = lp_row_state(w->lp, r) == LP_BASIC ? -1 : q->n_dual++;
    mem_free(piece_of);
    mem_free(smooth);
    return ok;
}

static bool find_smooth(struct polish *q)
{
    struct work *w = q->w;
    const struct dispatch_problem *p = w->p;
    q->smooth =
        mem_alloc((size_t)p->n_polynomial * (size_t)p->n_interval, sizeof *q->smooth);
    if (!q->smooth)
        return false;
    for (int32_t k = 0; k < p->n_polynomial; k++) {
        for (int32_t t = 0; t < p->n_interval; t++) {
            int64_t at = (int64_t)t * p->n_injection + p->polynomial[k].injection;
            struct smooth s = {.f = &p->polynomial[k], .interval = t};
            if (w->head[at] < 0)
                continue;
            s.base = s.lo = p->base_mw[at];
            s.hi = s.lo + p->seg[p->seg_start[at]].width_mw;
            s.p_mw = w->power_mw[at];
            double edge = 1e-9 * (1 + fabs(s.hi));
            s.side = s.p_mw <= s.lo + edge ? -1 : s.p_mw >= s.hi - edge ? 1 : 0;
            s.n_entry = lp_column(w->lp, w->piece[w->head[at]].col, q->scratch_row,
                                  q->scratch_value);
            s.row = mem_alloc((size_t)s.n_entry, sizeof *s.row);
            s.coef = mem_alloc((size_t)s.n_entry, sizeof *s.coef);
            q->smooth[q->n_smooth++] = s;
            if (!s.row || !s.coef)
                return false;
            memcpy(s.row, q->scratch_row, (size_t)s.n_entry * sizeof *s.row);
            memcpy(s.coef, q->scratch_value, (size_t)s.n_entry * sizeof *s.coef);
        }
    }
    return true;
}

static double second_derivative(const struct dispatch_polynomial *f, double x)
{
    double sum = 0;
    for (int32_t k = f->n_coef; k-- > 2;)
        sum = sum * x + (double)k * (double)(k - 1) * f->coef[k];
    return sum;
}

/* Adds polynomial s to the system: either fixed at a bound or eliminated by (1). */
static bool add_smooth(struct polish *q, const struct smooth *s, int32_t n)
{
    double h = q->w->p->duration_h[s->interval];
    double curvature = h * second_derivative(s->f, s->p_mw);
    double at = s->p_mw - s->base; /* what the LP's columns of s add up to */
    if (s->side == 0 && !(curvature > 0))
        return false; /* flat here: refinement's answer is as good */
    if (s->side == 0)
        at -= h * refine_marginal(s->f, s->p_mw) / curvature;
    for (int32_t a = 0; a < s->n_entry; a++) {
        int32_t i = q->unknown_of_row[s->row[a]];
        if (i < 0)
            continue;
        q->rhs[i] -= s->coef[a] * at;
        for (int32_t b = 0; s->side == 0 && b < s->n_entry; b++) {
            int32_t j = q->unknown_of_row[s->row[b]];
            if (j >= 0)
                q->matrix[(size_t)i * (size_t)n + (size_t)j] +=
                    s->coef[a] * s->coef[b] / curvature;
        }
    }
    return true;
}

/* One Newton step for the present active set; false if it cannot be made. */
static bool newton(struct polish *q)
{
    struct work *w = q->w;
    int32_t n = q->n_dual + q->n_free, n_row = lp_n_rows(w->lp);
    struct err ignored = {0}; /* a singular system only means: keep what we have */
    memset(q->matrix, 0, (size_t)n * (size_t)n * sizeof *q->matrix);
    memset(q->rhs, 0, (size_t)n * sizeof *q->rhs);
    for (int32_t r = 0; r < n_row; r++)
        if (q->unknown_of_row[r] >= 0)
            q->rhs[q->unknown_of_row[r]] = lp_row_upper(w->lp, r) - q->fixed[r];
    for (int32_t k = 0; k < q->n_smooth; k++)
        if (!add_smooth(q, &q->smooth[k], n))
            return false;
    for (int32_t k = 0; k < q->n_free; k++) {
        int32_t n_entry =
            lp_column(w->lp, q->free_col[k], q->scratch_row, q->scratch_value);
        size_t at = (size_t)(q->n_dual + k);
        for (int32_t e = 0; e < n_entry; e++) {
            int32_t i = q->unknown_of_row[q->scratch_row[e]];
            if (i < 0)
                continue;
            q->matrix[(size_t)i * (size_t)n + at] = q->scratch_value[e];
            q->matrix[at * (size_t)n + (size_t)i] = q->scratch_value[e];
        }
        q->rhs[at] = lp_cost(w->lp, q->free_col[k]);
    }
    return dense_solve(n, q->matrix, q->rhs, &ignored) == ERR_OK;
}

/* Price that a polynomial sees under the duals of the last step, times h. */
static double worth(const struct polish *q, const struct smooth *s)
{
    double sum = 0;
    for (int32_t a = 0; a < s->n_entry; a++) {
        int32_t i = q->unknown_of_row[s->row[a]];
        sum += i < 0 ? 0 : s->coef[a] * q->rhs[i];
    }
    return sum;
}

/* Moves every polynomial to where the duals want it; true if no bound changed hands. */
static bool move(struct polish *q)
{
    bool settled = true;
    for (int32_t k = 0; k < q->n_smooth; k++) {
        struct smooth *s = &q->smooth[k];
        double h = q->w->p->duration_h[s->interval], price = worth(q, s) / h;
        double slack = 1e-9 * (1 + fabs(price));
        if (s->side < 0 && refine_marginal(s->f, s->lo) < price - slack)
            s->side = 0, settled = false;
        else if (s->side > 0 && refine_marginal(s->f, s->hi) > price + slack)
            s->side = 0, settled = false;
        else if (s->side == 0) {
            s->p_mw += (price - refine_marginal(s->f, s->p_mw)) /
                       second_derivative(s->f, s->p_mw);
            if (s->p_mw < s->lo || s->p_mw > s->hi) {
                s->side = s->p_mw < s->lo ? -1 : 1;
                s->p_mw = fmin(s->hi, fmax(s->lo, s->p_mw));
                settled = false;
            }
        }
    }
    return settled;
}

static bool solve_active_set(struct polish *q)
{
    int steps_left = NEWTON_STEPS;
    for (int k = 0; k < ACTIVE_SET_STEPS && steps_left > 0; k++) {
        if (!newton(q))
            return false;
        if (move(q))
            steps_left--;
        else
            steps_left = NEWTON_STEPS;
    }
    return steps_left == 0;
}

static bool inside_bounds(const struct polish *q)
{
    const struct work *w = q->w;
    for (int32_t k = 0; k < q->n_free; k++) {
        double lo, up, x = q->rhs[q->n_dual + k];
        lp_column_bounds(w->lp, q->free_col[k], &lo, &up);
        if (x < lo - 1e-9 * (1 + fabs(lo)) || x > up + 1e-9 * (1 + fabs(up)))
            return false;
    }
    return true;
}

/* Spreads power over the pieces of a polynomial from the bottom; tangent at P. */
static void place(struct work *w, const struct smooth *s, double *x)
{
    int64_t at = (int64_t)s->interval * w->p->n_injection + s->f->injection;
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next) {
        struct piece *piece = &w->piece[k];
        double into = s->p_mw - piece->from_mw;
        x[piece->col] = fmin(piece->width_mw, fmax(0, into));
        if (s->side == 0 && into > 0 && into <= piece->width_mw) {
            piece->cost = piece->price_cost = refine_marginal(s->f, s->p_mw);
            work_set_piece_cost(w, piece);
        }
    }
}

static enum err_code install(struct polish *q, struct err *err)
{
    struct work *w = q->w;
    size_t n = (size_t)lp_n_columns(w->lp);
    double *x = mem_alloc(n, sizeof *x);
    if (!x)
        return err_set(err, ERR_NOMEM, "out of memory");
    memcpy(x, w->x, n * sizeof *x);
    for (int32_t k = 0; k < q->n_smooth; k++)
        place(w, &q->smooth[k], x);
    for (int32_t k = 0; k < q->n_free; k++)
        x[q->free_col[k]] = q->rhs[q->n_dual + k];
    enum err_code code = work_solve(w, LP_PRIMAL, err); /* moves the duals to y */
    if (!code) {
        memcpy(w->x, x, n * sizeof *x);
        code = work_evaluate(w, err);
    }
    mem_free(x);
    return code;
}

static void polish_release(struct polish *q)
{
    for (int32_t k = 0; k < q->n_smooth; k++) {
        mem_free(q->smooth[k].row);
        mem_free(q->smooth[k].coef);
    }
    mem_free(q->smooth);
    mem_free(q->unknown_of_row);
    mem_free(q->free_col);
    mem_free(q->fixed);
    mem_free(q->matrix);
    mem_free(q->rhs);
    mem_free(q->scratch_row);
    mem_free(q->scratch_value);
}

enum err_code polish(struct work *w, struct err *err)
{
    struct polish q = {.w = w};
    enum err_code code = ERR_OK;
    size_t n_row = (size_t)lp_n_rows(w->lp);
    if (w->p->n_polynomial == 0)
        return ERR_OK;
    q.unknown_of_row = mem_alloc(n_row, sizeof *q.unknown_of_row);
    q.fixed = mem_alloc(n_row, sizeof *q.fixed);
    q.scratch_row = mem_alloc(n_row, sizeof *q.scratch_row);
    q.scratch_value = mem_alloc(n_row, sizeof *q.scratch_value);
    bool ok = q.unknown_of_row && q.fixed && q.scratch_row && q.scratch_value &&
              find_smooth(&q) && find_active(&q);
    size_t n = (size_t)(q.n_dual + q.n_free);
    if (ok && n <= MOST_UNKNOWNS) {
        q.matrix = mem_alloc(n * n, sizeof *q.matrix);
        q.rhs = mem_alloc(n, sizeof *q.rhs);
        ok = q.matrix && q.rhs;
        if (ok && solve_active_set(&q) && inside_bounds(&q))
            code = install(&q, err);
    }
    if (!ok)
        code = err_set(err, ERR_NOMEM, "out of memory");
    polish_release(&q);
    return code;
}
