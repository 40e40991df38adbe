/*
 * polish.c - the exact optimum of polynomial costs, once the LP has found which limits
 * bind.
 *
 * With the active set known, optimality is a small system in the powers P of the
 * polynomials inside their range (F), the other basic columns x (L) and the duals y of
 * the binding rows (R):
 *
 *     h f'(P_i) = sum_r a_ri y_r          i in F                               (1)
 *     c_j       = sum_r a_rj y_r          j in L                               (2)
 *     sum_i a_ri P_i + sum_j a_rj x_j = what they are now + what is missing  r in R  (3)
 *
 * Newton's method on (1) eliminates P and leaves a dense symmetric system in (y, x). Rows
 * are balances and limits over injections, whether or not the LP holds angles. The point
 * found becomes a vertex of the LP, with tangents as costs (vertex.c), so that the LP's
 * duals become y exactly.
 *
 * The LP's active set need not be that of the optimum. A polynomial that leaves its range
 * moves to the bound, one that wants to leave the bound is freed; a limit with a dual of
 * the wrong sign leaves R, one that the point breaks joins it: a primal-dual active set
 * method. Where that does not settle everything stays as it was.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/polish.h"

enum {
    MOST_UNKNOWNS = 3000,  /* dense system: 72 MB */
    NEWTON_STEPS = 4,      /* one is nearly exact for quadratic costs */
    ACTIVE_SET_STEPS = 30, /* changes of which polynomials sit at a bound */
    LIMIT_SET_STEPS = 12,  /* changes of which limits bind */
};

int32_t polish_n_dual(const struct polish *q)
{
    return q->n_balance + q->n_limit;
}

/* ---- the active set ---- */

/* Room for every limit that there is by now; new ones do not bind yet. */
static bool grow_binds(struct polish *q)
{
    int32_t n = q->w->n_limit;
    bool *grown = mem_resize(q->binds, (size_t)n, sizeof *grown);
    if (!grown)
        return false;
    q->binds = grown;
    for (int32_t k = q->room_binds; k < n; k++)
        q->binds[k] = false;
    q->room_binds = n;
    return true;
}

static bool list_limits(struct polish *q)
{
    int32_t *limit = mem_resize(q->limit, (size_t)q->w->n_limit + 1, sizeof *limit);
    if (!limit)
        return false;
    q->limit = limit;
    q->n_limit = 0;
    for (int32_t k = 0; k < q->w->n_limit; k++)
        if (q->binds[k])
            q->limit[q->n_limit++] = k;
    return true;
}

static bool find_smooth(struct polish *q)
{
    struct work *w = q->w;
    const struct dispatch_problem *p = w->p;
    size_t n_t = (size_t)p->n_interval;
    q->smooth = mem_alloc((size_t)p->n_polynomial * n_t, sizeof *q->smooth);
    q->smooth_at = mem_alloc(n_t * (size_t)p->n_injection, sizeof *q->smooth_at);
    if (!q->smooth || !q->smooth_at)
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
            q->smooth[q->n_smooth++] = s;
            q->smooth_at[at] = q->n_smooth;
        }
    }
    return true;
}

/* ---- Newton's method ---- */

/* Price that a polynomial sees under the duals of the last step, times h. */
static double worth(const struct polish *q, const struct smooth *s)
{
    double sum = 0;
    for (int64_t e = s->span.start; e < s->span.end; e++)
        sum += q->coef[e] * q->rhs[q->row[e]];
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
                       refine_curvature(s->f, s->p_mw);
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
        if (!kkt_step(q, steps_left < NEWTON_STEPS))
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
    for (int32_t k = 0; k < q->n_other; k++) {
        double lo, up, x = q->rhs[polish_n_dual(q) + k];
        lp_column_bounds(w->lp, q->other[k].col, &lo, &up);
        if (x < lo - 1e-9 * (1 + fabs(lo)) || x > up + 1e-9 * (1 + fabs(up)))
            return false;
    }
    return true;
}

/* ---- the answer ---- */

/* Spreads power over the pieces of a polynomial from the bottom. */
static void place(struct work *w, const struct smooth *s)
{
    int64_t at = (int64_t)s->interval * w->p->n_injection + s->f->injection;
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next) {
        const struct piece *piece = &w->piece[k];
        w->x[piece->col] = fmin(piece->width_mw, fmax(0, s->p_mw - piece->from_mw));
    }
}

/* Goes to the point of the last step. */
static enum err_code go(struct polish *q, struct err *err)
{
    struct work *w = q->w;
    for (int32_t k = 0; k < q->n_smooth; k++)
        place(w, &q->smooth[k]);
    for (int32_t k = 0; k < q->n_other; k++)
        w->x[q->other[k].col] = q->rhs[polish_n_dual(q) + k];
    return work_evaluate(w, err);
}

/* Limits leave R and join it as the present point wants; *settled says that none did. */
static enum err_code update_limits(struct polish *q, bool *settled, struct err *err)
{
    struct work *w = q->w;
    int32_t n_added = 0, n_known = w->n_limit;
    *settled = true;
    for (int32_t k = 0; k < q->n_limit; k++) {
        if (q->rhs[q->n_balance + k] <= 1e-9)
            continue;
        q->binds[q->limit[k]] = false;
        *settled = false;
    }
    enum err_code code = separate_violated(w, &n_added, err);
    if (!code)
        code = work_make_room(w, err);
    if (!code && !grow_binds(q))
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < w->n_limit; k++) {
        const struct limit *limit = &w->limit[k];
        bool over = k >= n_known ||
                    rows_broken(w, limit) >
                        fmax(0, w->x[limit->slack]) + rows_tolerance(limit->stated);
        if (q->binds[k] || !over)
            continue;
        q->binds[k] = true;
        *settled = false;
    }
    return code;
}

/*
 * The point becomes a vertex of the LP and the LP's duals y; *good says that the LP finds
 * nothing better than it.
 */
static enum err_code install(struct polish *q, bool *good, struct err *err)
{
    struct work *w = q->w;
    size_t n = (size_t)lp_n_columns(w->lp);
    double *x = mem_alloc(n, sizeof *x), cost = 0;
    enum err_code code =
        x ? vertex_make(q, err) : err_set(err, ERR_NOMEM, "out of memory");
    if (!code) {
        memcpy(x, w->x, n * sizeof *x);
        code = work_solve(w, LP_PRIMAL, err);
    }
    for (size_t j = 0; !code && j < n; j++)
        cost += lp_cost(w->lp, (int32_t)j) * x[j];
    *good = !code && fabs(cost - lp_objective(w->lp)) <= 1e-9 * fmax(1, fabs(cost));
    if (!code && *good) {
        memcpy(w->x, x, n * sizeof *x);
        code = work_evaluate(w, err);
    }
    mem_free(x);
    return code;
}

/* Duals of R as they were given. */
static bool find_guess(struct polish *q)
{
    double *guess = mem_resize(q->guess, (size_t)polish_n_dual(q), sizeof *guess);
    if (!guess)
        return false;
    q->guess = guess;
    for (int32_t r = 0; r < polish_n_dual(q); r++) {
        int32_t k = r < q->n_balance ? -1 : q->limit[r - q->n_balance];
        int32_t row = k < 0 ? r : q->w->limit[k].row;
        guess[r] = row < q->n_given ? q->given[row] : 0;
    }
    return true;
}

/* Newton's method for the present R; *solved says that it ended inside all bounds. */
static enum err_code solve_for_limits(struct polish *q, bool *solved, struct err *err)
{
    *solved = false;
    if (!list_limits(q))
        return err_set(err, ERR_NOMEM, "out of memory");
    if (polish_n_dual(q) > MOST_UNKNOWNS)
        return ERR_OK;
    enum err_code code = kkt_begin(q, err);
    if (!code && !find_guess(q))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (code)
        return code;
    if (polish_n_dual(q) + q->n_other > MOST_UNKNOWNS)
        return ERR_OK;
    code = kkt_make_room(q, err);
    if (code)
        return code;
    *solved = solve_active_set(q) && inside_bounds(q);
    return ERR_OK;
}

/* A system that is singular but for rounding gives a point that satisfies nothing. */
static enum err_code check_balances(const struct polish *q, bool *balanced,
                                    struct err *err)
{
    double *lack = mem_alloc((size_t)q->n_balance, sizeof *lack);
    if (!lack)
        return err_set(err, ERR_NOMEM, "out of memory");
    kkt_add_deficits(q, lack);
    for (int32_t b = 0; b < q->n_balance; b++)
        *balanced =
            *balanced && fabs(lack[b]) <= 1e-6 + 1e-9 * fabs(q->w->balance_rhs[b]);
    mem_free(lack);
    return ERR_OK;
}

static enum err_code search(struct polish *q, bool *settled, struct err *err)
{
    bool solved = true;
    enum err_code code = ERR_OK;
    *settled = false;
    for (int k = 0; k < LIMIT_SET_STEPS && !code && solved && !*settled; k++) {
        code = solve_for_limits(q, &solved, err);
        if (!code && solved)
            code = go(q, err);
        if (!code && solved)
            code = check_balances(q, &solved, err);
        if (!code && solved)
            code = update_limits(q, settled, err);
    }
    return code;
}

/* Searches, installs what was found, or goes back to where it was. */
static enum err_code try_search(struct polish *q, bool *exact, struct err *err)
{
    struct work *w = q->w;
    size_t n_before = (size_t)lp_n_columns(w->lp);
    double *before = mem_alloc(n_before, sizeof *before);
    if (!before)
        return err_set(err, ERR_NOMEM, "out of memory");
    memcpy(before, w->x, n_before * sizeof *before);
    enum err_code code = search(q, exact, err);
    if (!code && *exact) {
        code = install(q, exact, err);
    } else if (!code) {
        memset(w->x, 0, (size_t)lp_n_columns(w->lp) * sizeof *w->x);
        memcpy(w->x, before, n_before * sizeof *before);
        code = work_evaluate(w, err);
    }
    mem_free(before);
    return code;
}

static void polish_release(struct polish *q)
{
    mem_free(q->smooth);
    mem_free(q->smooth_at);
    mem_free(q->other);
    mem_free(q->binds);
    mem_free(q->limit);
    mem_free(q->row);
    mem_free(q->coef);
    mem_free(q->target);
    mem_free(q->guess);
    mem_free(q->matrix);
    mem_free(q->rhs);
    mem_free(q->pivot);
}

enum err_code polish_from(struct work *w, const double *y, int32_t n_y, bool *exact,
                          struct err *err)
{
    struct polish q = {.w = w,
                       .n_balance = w->p->n_interval * w->n_island,
                       .given = y,
                       .n_given = n_y};
    enum err_code code = ERR_OK;
    *exact = false;
    if (w->p->n_polynomial == 0)
        return ERR_OK;
    if (!grow_binds(&q) || !find_smooth(&q))
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < w->n_limit; k++)
        q.binds[k] = lp_row_state(w->lp, w->limit[k].row) != LP_BASIC;
    if (!code)
        code = try_search(&q, exact, err);
    polish_release(&q);
    return code;
}

enum err_code polish(struct work *w, bool *exact, struct err *err)
{
    int32_t n = lp_n_rows(w->lp);
    double *y = mem_alloc((size_t)n, sizeof *y);
    *exact = false;
    if (!y)
        return err_set(err, ERR_NOMEM, "out of memory");
    lp_row_duals(w->lp, y);
    enum err_code code = polish_from(w, y, n, exact, err);
    mem_free(y);
    return code;
}
