/*
 * newton.c - the optimum of a single interval by Newton's method on the dual function.
 *
 * dual.h says what is maximised. A step is that of the quadratic model within the bounds
 * of y (boxed.h), its matrix A D A' + damping over what is inside its range: as large as
 * there are limits that matter, whatever the size of the network. A search along the step
 * follows. Springs begin strong, which makes the function nearly quadratic, and weaken;
 * limits that the point breaks join in the meantime.
 *
 * The LP is then given only the limits that bind, and a state for every column. Polish
 * makes the point exact and a vertex of the LP (vertex.c), and the LP proves it, as a rule
 * without a step of the simplex method. Where nothing settles the LP is as it was.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "solver/boxed.h"
#include "solver/dual.h"
#include "solver/normal.h"

enum {
    MOST_ROWS = 3000, /* of the dense matrix: 72 MB */
    INNER_STEPS = 80, /* of Newton's method for one P' */
    OUTER_STEPS = 40, /* of P' */
    LINE_STEPS = 12,
};

static const double FIRST_SPRING_USD = 10, SPRING_WEAKENS = 2, WEAKEST_USD = 1e-3;
/* The slope where a search along a step ends, as a part of that where it began. */
static const double FLAT = 0.3;
/*
 * On the diagonal of the matrix stand gradient / reach, MW per $/MWh, for each dual: where
 * nothing gives way, a step goes as far as reach. It grows with full steps.
 */
static const double FIRST_REACH_USD = 10, REACH_GROWS = 2, LEAST_DAMPING = 1e-9;
static const double SETTLED_MW = 1e-5, SETTLED_USD = 1e-7;

struct newton {
    struct dual f;
    double reach_usd;
    double *step, *damping; /* [dual_n] of y; of the diagonal */
    double *price_before,
        *price_step; /* [n_injection] where a step began; its prices */
    struct normal normal;
};

/* The best step by the quadratic model, into q->step: never out of bounds. */
static enum err_code find_step(struct newton *q, bool *found, struct err *err)
{
    int32_t n = dual_n(&q->f), n_free = 0;
    size_t m = (size_t)n;
    int32_t *free = mem_alloc(m, sizeof *free);
    double *g = mem_alloc(4 * m, sizeof *g), *lo = g + n, *up = lo + n, *d = up + n;
    double *matrix = NULL;
    enum err_code code = ERR_OK;
    if (!free || !g) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    for (int32_t k = 0; k < n; k++) {
        q->step[k] = 0;
        q->damping[k] = fmax(LEAST_DAMPING, fabs(q->f.gradient[k]) / q->reach_usd);
        if (dual_is_fixed(&q->f, k))
            continue;
        free[n_free] = k;
        dual_range(&q->f, k, &lo[n_free], &up[n_free]);
        g[n_free] = q->f.gradient[k];
        lo[n_free] -= q->f.y[k];
        up[n_free++] -= q->f.y[k];
    }
    matrix = mem_alloc((size_t)n_free * (size_t)n_free, sizeof *matrix);
    code = matrix ? normal_matrix(&q->normal, n_free, free, q->damping, matrix, err)
                  : err_set(err, ERR_NOMEM, "out of memory");
    if (code)
        goto done;
    struct err why = {0}; /* a matrix that is singular only ends the search */
    enum err_code solved = boxed_maximise(n_free, matrix, g, lo, up, d, &why);
    *found = solved == ERR_OK;
    if (solved == ERR_NOMEM)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; *found && k < n_free; k++)
        q->step[free[k]] = d[k];
done:
    mem_free(matrix);
    mem_free(free);
    mem_free(g);
    return code;
}

/* Slope of the dual function at y_before + by x step, along the step. */
static double slope_at(struct newton *q, double by, double rise)
{
    for (int32_t i = 0; i < q->f.w->p->n_injection; i++)
        q->f.price[i] = q->price_before[i] + by * q->price_step[i];
    dual_respond(&q->f);
    for (int32_t i = 0; i < q->f.w->p->n_injection; i++)
        rise -= q->f.power[i] * q->price_step[i];
    return rise;
}

/*
 * How far along the step the dual function is about highest: its slope falls, so that
 * regula falsi brackets the zero. Prices are linear along the step, and what a step costs
 * is a loop over injections.
 */
static enum err_code search_line(struct newton *q, double *by, struct err *err)
{
    double first = 0, rise = 0, from = 0, to = 1, at = 1;
    for (int32_t k = 0; k < dual_n(&q->f); k++) {
        first += q->f.gradient[k] * q->step[k];
        rise += q->step[k] * dual_rhs(&q->f, k);
    }
    memcpy(q->price_before, q->f.price,
           (size_t)q->f.w->p->n_injection * sizeof *q->f.price);
    enum err_code code = dual_prices(&q->f, q->step, q->price_step, err);
    if (code)
        return code;
    double slope = slope_at(q, at, rise), slope_from = first, slope_to = slope;
    bool whole = slope >= -FLAT * first;
    for (int h = 0; !whole && h < LINE_STEPS && fabs(slope) > FLAT * first; h++) {
        double guess = from + (to - from) * slope_from / (slope_from - slope_to);
        at = fmin(to - 0.05 * (to - from), fmax(from + 0.05 * (to - from), guess));
        slope = slope_at(q, at, rise);
        if (slope > 0) {
            from = at;
            slope_from = slope;
        } else {
            to = at;
            slope_to = slope;
        }
    }
    *by = !whole && slope < -FLAT * first ? from : at;
    return ERR_OK;
}

static enum err_code go_along(struct newton *q, double by, struct err *err)
{
    for (int32_t k = 0; k < dual_n(&q->f); k++) {
        double lo, up;
        dual_range(&q->f, k, &lo, &up);
        q->f.y[k] = fmin(up, fmax(lo, q->f.y[k] + by * q->step[k]));
    }
    (void)slope_at(q, by, 0);
    return normal_gradient(&q->normal, err);
}

/* Maximises the dual function for the present x' and rows. */
static enum err_code maximise(struct newton *q, double tolerance_mw, bool *found,
                              struct err *err)
{
    double by = 0;
    *found = true;
    q->reach_usd = FIRST_REACH_USD;
    enum err_code code = dual_prices(&q->f, q->f.y, q->f.price, err);
    if (!code) {
        dual_respond(&q->f);
        code = normal_begin(&q->normal, err);
    }
    for (int k = 0; !code && k < INNER_STEPS; k++) {
        if (dual_worst_mw(&q->f) <= tolerance_mw)
            break;
        code = find_step(q, found, err);
        if (!code && *found)
            code = search_line(q, &by, err);
        if (code || !*found)
            break;
        code = go_along(q, by, err);
        if (by >= 1)
            q->reach_usd *= REACH_GROWS;
    }
    return code;
}

/* Room for a step over the duals there are by now. */
static bool make_room(struct newton *q)
{
    size_t n = (size_t)dual_n(&q->f);
    double *step = mem_resize(q->step, n, sizeof *step);
    if (step)
        q->step = step;
    double *damping = mem_resize(q->damping, n, sizeof *damping);
    if (damping)
        q->damping = damping;
    return step && damping;
}

/* Springs get weaker, limits join, until nothing is stretched and nothing broken. */
static enum err_code iterate(struct newton *q, bool *found, struct err *err)
{
    enum err_code code = ERR_OK;
    bool settled = false;
    *found = true;
    for (int k = 0; !code && *found && !settled && k < OUTER_STEPS; k++) {
        int32_t n_added = 0;
        double spring = q->f.spring_usd;
        if (!make_room(q))
            return err_set(err, ERR_NOMEM, "out of memory");
        code = maximise(q, spring > 2 * WEAKEST_USD ? spring : SETTLED_MW, found, err);
        if (!code && *found)
            code = dual_watch(&q->f, MOST_ROWS, &n_added, found, err);
        if (code || !*found || n_added > 0)
            continue;
        double stretched_usd = dual_relax(&q->f);
        settled =
            dual_worst_mw(&q->f) <= 10 * SETTLED_MW && stretched_usd <= SETTLED_USD;
        q->f.spring_usd = fmax(WEAKEST_USD, spring / SPRING_WEAKENS);
    }
    *found = *found && settled;
    return code;
}

/* ---- what the LP is told ---- */

static enum lp_state state_of(double x, double width)
{
    double edge = 1e-7 * (1 + width);
    return x <= edge ? LP_AT_LOWER : x >= width - edge ? LP_AT_UPPER : LP_BASIC;
}

static bool binds(const struct newton *q, int32_t k)
{
    return q->f.y[q->f.n_balance + k] < -1e-7;
}

/* Limits that bind and are not in the LP join it. */
static enum err_code add_limits(struct newton *q, struct err *err)
{
    struct work *w = q->f.w;
    int32_t n = 0;
    struct limit *limit = mem_alloc((size_t)q->f.n_row, sizeof *limit);
    if (!limit)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = w->n_limit; k < q->f.n_row; k++)
        if (binds(q, k))
            limit[n++] = (struct limit){
                .kind = q->f.row[k].kind, .index = q->f.row[k].branch, .outage = -1};
    enum err_code code = ERR_OK;
    if (n > 0 && !lift_has(w, 0) && separate_is_dense(w, 0, n))
        code = lift_interval(w, 0, err);
    if (!code)
        code = separate_add(w, n, limit, err);
    if (!code)
        code = work_make_room(w, err);
    mem_free(limit);
    return code;
}

static enum err_code tell_limits(struct newton *q, struct err *err)
{
    struct work *w = q->f.w;
    enum err_code code = add_limits(q, err);
    for (int32_t k = 0; !code && k < q->f.n_row; k++) {
        const struct watched *r = &q->f.row[k];
        int32_t known = w->limit_at[r->kind][r->branch];
        if (known == 0)
            continue;
        const struct limit *limit = &w->limit[known - 1];
        w->x[limit->slack] = 0;
        bool relaxed = q->f.y[q->f.n_balance + k] <= -r->penalty;
        lp_set_row_state(w->lp, limit->row, binds(q, k) ? LP_AT_UPPER : LP_BASIC);
        lp_set_column_state(w->lp, limit->slack, relaxed ? LP_BASIC : LP_AT_LOWER);
    }
    return code;
}

static enum err_code tell(struct newton *q, struct err *err)
{
    struct work *w = q->f.w;
    enum err_code code = tell_limits(q, err);
    dual_stack(&q->f);
    for (int32_t k = 0; !code && k < w->n_piece; k++)
        lp_set_column_state(w->lp, w->piece[k].col,
                            state_of(w->x[w->piece[k].col], w->piece[k].width_mw));
    for (int32_t b = 0; !code && b < q->f.n_balance; b++) {
        double lo, up;
        dual_range(&q->f, b, &lo, &up);
        w->x[w->shortage[b]] = w->x[w->surplus[b]] = 0;
        lp_set_row_state(w->lp, b, LP_AT_LOWER);
        lp_set_column_state(w->lp, w->shortage[b],
                            q->f.y[b] >= up ? LP_BASIC : LP_AT_LOWER);
        lp_set_column_state(w->lp, w->surplus[b],
                            q->f.y[b] <= lo ? LP_BASIC : LP_AT_LOWER);
    }
    return code;
}

/* The LP's point and basis, to come back to. */
struct anchor {
    int32_t n_col, n_row;
    double *x;
    int8_t *col, *row;
};

static void anchor_release(struct anchor *a)
{
    mem_free(a->x);
    mem_free(a->col);
    mem_free(a->row);
}

static enum err_code anchor_take(const struct work *w, struct anchor *a,
                                 struct err *err)
{
    a->n_col = lp_n_columns(w->lp);
    a->n_row = lp_n_rows(w->lp);
    a->x = mem_alloc((size_t)a->n_col, sizeof *a->x);
    a->col = mem_alloc((size_t)a->n_col, sizeof *a->col);
    a->row = mem_alloc((size_t)a->n_row, sizeof *a->row);
    if (!a->x || !a->col || !a->row)
        return err_set(err, ERR_NOMEM, "out of memory");
    memcpy(a->x, w->x, (size_t)a->n_col * sizeof *a->x);
    for (int32_t j = 0; j < a->n_col; j++)
        a->col[j] = (int8_t)lp_column_state(w->lp, j);
    for (int32_t i = 0; i < a->n_row; i++)
        a->row[i] = (int8_t)lp_row_state(w->lp, i);
    return ERR_OK;
}

/* Columns and rows that came since then are as when they came. */
static enum err_code anchor_return(struct work *w, const struct anchor *a,
                                   struct err *err)
{
    for (int32_t j = 0; j < lp_n_columns(w->lp); j++)
        lp_set_column_state(w->lp, j,
                            j < a->n_col ? (enum lp_state)a->col[j] : LP_AT_LOWER);
    for (int32_t i = 0; i < lp_n_rows(w->lp); i++)
        lp_set_row_state(w->lp, i, i < a->n_row ? (enum lp_state)a->row[i] : LP_BASIC);
    lift_set_basic(w, 0);
    memset(w->x, 0, (size_t)lp_n_columns(w->lp) * sizeof *w->x);
    memcpy(w->x, a->x, (size_t)a->n_col * sizeof *w->x);
    return work_evaluate(w, err);
}

static bool applies(const struct work *w)
{
    const struct dispatch_problem *p = w->p;
    bool ok = p->n_interval == 1 && p->n_store == 0 && !w->lossy && !w->screen &&
              p->n_polynomial > 0 && w->n_island + w->n_limit <= MOST_ROWS;
    for (int32_t k = 0; ok && k < w->n_limit; k++)
        ok = rows_is_flow(w->limit[k].kind);
    return ok;
}

static void newton_release(struct newton *q)
{
    dual_release(&q->f);
    mem_free(q->step);
    mem_free(q->damping);
    mem_free(q->price_before);
    mem_free(q->price_step);
    normal_release(&q->normal);
}

/* Duals of the LP's rows; the array is the caller's. */
static enum err_code tell_duals(const struct newton *q, double **y, struct err *err)
{
    const struct work *w = q->f.w;
    double h = w->p->duration_h[0];
    *y = mem_alloc((size_t)lp_n_rows(w->lp), sizeof **y);
    if (!*y)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t b = 0; b < q->f.n_balance; b++)
        (*y)[b] = h * q->f.y[b];
    for (int32_t k = 0; k < q->f.n_row; k++) {
        int32_t known = w->limit_at[q->f.row[k].kind][q->f.row[k].branch];
        if (known > 0)
            (*y)[w->limit[known - 1].row] = h * q->f.y[q->f.n_balance + k];
    }
    return ERR_OK;
}

/* Powers and the LP's state as predicted, and its duals, the caller's, where found. */
static enum err_code predict(struct work *w, bool *found, double **y, struct err *err)
{
    size_t n = (size_t)w->p->n_injection;
    struct newton q = {.price_before = mem_alloc(n, sizeof *q.price_before),
                       .price_step = mem_alloc(n, sizeof *q.price_step)};
    enum err_code code = dual_begin(&q.f, w, FIRST_SPRING_USD, err);
    if (!code && (!q.price_before || !q.price_step))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = normal_create(&q.normal, &q.f, err);
    if (!code)
        code = iterate(&q, found, err);
    if (!code && *found)
        code = tell(&q, err);
    if (!code && *found)
        code = tell_duals(&q, y, err);
    newton_release(&q);
    return code;
}

enum err_code newton_settle(struct work *w, bool *exact, struct err *err)
{
    struct anchor before = {0};
    double *y = NULL;
    *exact = false;
    if (!applies(w))
        return ERR_OK;
    enum err_code code = anchor_take(w, &before, err);
    double began = stopwatch_s(), screened = w->stats.seconds_screen;
    if (!code)
        code = predict(w, exact, &y, err);
    w->stats.seconds_lp += stopwatch_s() - began - (w->stats.seconds_screen - screened);
    if (!code && *exact)
        code = polish_from(w, y, lp_n_rows(w->lp), exact, err);
    mem_free(y);
    if (!code && !*exact)
        code = anchor_return(w, &before, err);
    anchor_release(&before);
    return code;
}
