/*
 * lossy_newton.c - the exact optimum with losses, once the LP knows what is at the margin.
 *
 * Unknowns are the moves d of what the basis holds free (pieces of injections, slacks; a
 * polynomial inside its range counts as one, whole) and the duals y of the rows R that
 * bind. With L_b the MW lost in balance b and c_j the marginal cost times hours,
 *
 *     c_j + sum_k H_jk d_k - sum_r a_rj y_r = 0          j free                  (1)
 *     sum_j a_rj d_j = what row r lacks                  r in R                  (2)
 *     a_bj = weight_j - dL_b/dx_j in the balances, the stated coefficients elsewhere
 *     H_jk = y_b d2L_b/dx_j dx_k + (j = k) cost'',       y_b >= 0
 *
 * is Newton's method on the conditions of optimality: y_b is that of the step before,
 * negative ones count as 0 (a step of successive linear programming). The flows that one
 * MW of an unknown makes, phi_j, give d2L_b = sum_l 2 k_l phi_lj phi_lk. An unknown that
 * leaves its range stays at the end of it, and the rest is solved again.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/lossy_margin.h"

enum {
    MOST_UNKNOWNS = 2000, /* and rows, of the dense system that is left: 32 MB */
    MOST_STEPS = 30,
    MOST_TURNS = 60, /* each takes at least one unknown off */
};

static const double SETTLED_MW = 1e-11; /* of a step, relative to the largest flow */

/* $/MWh per MW: unknowns that are worth the same everywhere stay where they are. */
static const double STAYING = 1e-6;

/* ---- one step ---- */

static double balance_coefficient(const struct newton *q, int32_t balance,
                                  const struct unknown *u)
{
    const struct work *w = q->w;
    if (u->injection < 0)
        return w->shortage[balance] == u->col  ? 1
               : w->surplus[balance] == u->col ? -1
                                               : 0;
    if (balance / w->n_island != u->interval)
        return 0;
    for (int32_t a = w->island_start[u->injection];
         a < w->island_start[u->injection + 1]; a++)
        if (w->island[a] == balance % w->n_island)
            return w->island_weight[a] - lossy_factor(w, balance, u->injection);
    return 0;
}

/* What lossy_ends.c adds to the loss of a balance, and to what leaves a bus. */
static double offset(const struct work *w, int32_t balance)
{
    return w->lossy->offset_mw ? w->lossy->offset_mw[balance] : 0;
}

static double withdrawn(const struct work *w, size_t bus)
{
    return w->lossy->withdrawn_mw ? w->lossy->withdrawn_mw[bus] : 0;
}

/* sum of injections + shortage - surplus - losses, per balance, into lack (negated). */
static void lack_of_balances(const struct newton *q, double *lack)
{
    const struct work *w = q->w;
    const struct network_data *d = network_data(w->p->net);
    const int32_t *island = network_island(w->p->net);
    for (int32_t b = 0; b < q->n_balance; b++)
        lack[b] = w->lossy->lost_mw[b] + offset(w, b) - w->x[w->shortage[b]] +
                  w->x[w->surplus[b]];
    for (int32_t t = 0; t < w->p->n_interval; t++)
        for (int32_t n = 0; n < d->n_bus; n++)
            lack[t * w->n_island + island[n]] -=
                w->bus_mw[(size_t)t * (size_t)d->n_bus + (size_t)n] +
                withdrawn(w, (size_t)t * (size_t)d->n_bus + (size_t)n);
}

/* y_b d2L over one branch for a MW there: islands differ by branch. */
static double bend(const struct newton *q, int32_t interval, int32_t branch)
{
    const struct network_data *d = network_data(q->w->p->net);
    int32_t island = network_island(q->w->p->net)[d->from[branch]];
    double y = q->dual[interval * q->w->n_island + island];
    return fmax(0, y) * loss_slope(d, branch, 1);
}

/* sum_l y_b d2L */
static double bent(const struct newton *q, const struct unknown *j,
                   const struct unknown *k)
{
    const struct network_data *d = network_data(q->w->p->net);
    double sum = 0;
    if (j->injection < 0 || k->injection < 0 || j->interval != k->interval)
        return 0;
    const double *a = q->phi + (size_t)j->slot * (size_t)d->n_branch;
    const double *b = q->phi + (size_t)k->slot * (size_t)d->n_branch;
    for (int32_t l = 0; l < d->n_branch; l++)
        if (a[l] != 0 && b[l] != 0) /* exact: another island */
            sum += bend(q, j->interval, l) * a[l] * b[l];
    return sum;
}

static double second_derivative(const struct dispatch_polynomial *f, double x)
{
    double sum = 0;
    for (int32_t k = f->n_coef; k-- > 2;)
        sum = sum * x + (double)k * (double)(k - 1) * f->coef[k];
    return sum;
}

static double marginal(const struct newton *q, const struct unknown *u)
{
    if (!u->f)
        return lp_cost(q->w->lp, u->col);
    return q->w->p->duration_h[u->interval] *
           (refine_marginal(u->f, u->value) +
            lossy_cost_shift(q->w, u->interval, u->injection));
}

/* Of H that no other unknown has a part in. */
static double own_curvature(const struct newton *q, const struct unknown *u)
{
    double own = STAYING;
    if (u->f)
        own += q->w->p->duration_h[u->interval] * second_derivative(u->f, u->value);
    return own;
}

static double curvature(const void *of, int32_t j, int32_t k)
{
    const struct newton *q = of;
    double both = bent(q, &q->free[j], &q->free[k]);
    return j == k ? both + own_curvature(q, &q->free[j]) : both;
}

/* H d by way of the flows that d makes. */
static enum err_code product(const void *of, const double *d, double *out,
                             struct err *err)
{
    const struct newton *q = of;
    size_t n_branch = (size_t)network_data(q->w->p->net)->n_branch;
    size_t n_flow = (size_t)q->w->p->n_interval * n_branch;
    (void)err;
    memset(q->flow, 0, n_flow * sizeof *q->flow);
    for (int32_t k = 0; k < q->n_free; k++) {
        const struct unknown *u = &q->free[k];
        if (u->injection < 0 || d[k] == 0) /* exact: not moved */
            continue;
        const double *phi = q->phi + (size_t)u->slot * n_branch;
        double *flow = q->flow + (size_t)u->interval * n_branch;
        for (size_t l = 0; l < n_branch; l++)
            flow[l] += phi[l] * d[k];
    }
    for (size_t c = 0; c < n_flow; c++)
        q->flow[c] *= bend(q, (int32_t)(c / n_branch), (int32_t)(c % n_branch));
    for (int32_t k = 0; k < q->n_free; k++) {
        const struct unknown *u = &q->free[k];
        out[k] = own_curvature(q, u) * d[k];
        if (u->injection < 0)
            continue;
        const double *phi = q->phi + (size_t)u->slot * n_branch;
        const double *flow = q->flow + (size_t)u->interval * n_branch;
        for (size_t l = 0; l < n_branch; l++)
            out[k] += phi[l] * flow[l];
    }
    return ERR_OK;
}

static enum err_code push(struct newton *q, int32_t row, double value, struct err *err)
{
    struct saddle *a = &q->a;
    int64_t n = a->start[a->n_free];
    if (n == q->room) {
        int64_t room = q->room ? 2 * q->room : 1024;
        int32_t *r = mem_resize(a->row, (size_t)room, sizeof *r);
        if (r)
            a->row = r;
        double *v = mem_resize(a->value, (size_t)room, sizeof *v);
        if (v)
            a->value = v;
        if (!r || !v)
            return err_set(err, ERR_NOMEM, "out of memory");
        q->room = room;
    }
    a->row[n] = row;
    a->value[n] = value;
    a->start[a->n_free]++;
    return ERR_OK;
}

/* The unknown that comes next, in balances and in limits that bind. */
static enum err_code push_unknown(struct newton *q, const struct unknown *u,
                                  struct err *err)
{
    const struct work *w = q->w;
    enum err_code code = ERR_OK;
    int32_t n = lp_column(w->lp, u->col, q->entry_row, q->entry_value);
    int32_t j = q->a.n_free++;
    q->a.start[q->a.n_free] = q->a.start[j];
    for (int32_t e = 0; e < n && !code; e++) {
        int32_t row = q->row_of[q->entry_row[e]];
        if (row >= q->n_balance)
            code = push(q, row, q->entry_value[e], err);
    }
    int32_t first = u->injection < 0 ? 0 : u->interval * w->n_island;
    int32_t end = u->injection < 0 ? q->n_balance : first + w->n_island;
    for (int32_t b = first; b < end && !code; b++) {
        double value = balance_coefficient(q, b, u);
        if (value != 0) /* exact: not there */
            code = push(q, b, value, err);
    }
    return code;
}

/* (1), (2) at the point. */
static enum err_code state(struct newton *q, struct err *err)
{
    enum err_code code = ERR_OK;
    q->a.n_free = 0;
    q->a.n_row = q->n_balance + q->n_row;
    q->a.start[0] = 0;
    for (int32_t b = 0; b < lp_n_rows(q->w->lp); b++)
        q->row_of[b] = -1;
    for (int32_t r = 0; r < q->n_row; r++)
        q->row_of[q->w->limit[q->row_limit[r]].row] = q->n_balance + r;
    for (int32_t j = 0; j < q->n_free && !code; j++) {
        q->a.gradient[j] = marginal(q, &q->free[j]);
        code = push_unknown(q, &q->free[j], err);
    }
    lack_of_balances(q, q->a.lack);
    for (int32_t r = 0; r < q->n_row; r++)
        q->a.lack[q->n_balance + r] = margin_lack(q, r);
    return code;
}

/* ---- the point ---- */

static void spread(struct work *w, const struct unknown *u)
{
    int64_t at = (int64_t)u->interval * w->p->n_injection + u->injection;
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next)
        w->x[w->piece[k].col] =
            fmin(w->piece[k].width_mw, fmax(0, u->value - w->piece[k].from_mw));
}

static enum err_code evaluate(struct newton *q, struct err *err)
{
    for (int32_t k = 0; k < q->n_free; k++) {
        if (q->free[k].f)
            spread(q->w, &q->free[k]);
        else
            q->w->x[q->free[k].col] = q->free[k].value;
    }
    enum err_code code = work_evaluate(q->w, err);
    return code ? code : lossy_evaluate(q->w, err);
}

/* Steps until they are nothing; *ok false when they are not, or are no numbers. */
static enum err_code solve(struct newton *q, bool *ok, struct err *err)
{
    *ok = false;
    for (int step = 0; step < MOST_STEPS; step++) {
        double most = 0, size = 1;
        bool solved = false;
        enum err_code code = evaluate(q, err);
        if (!code)
            code = state(q, err);
        if (!code)
            code = saddle_solve(&q->a, MOST_UNKNOWNS, q->step, q->y, &solved, err);
        if (code || !solved)
            return code;
        q->w->lossy->steps++;
        for (int32_t k = 0; k < q->n_free; k++) {
            double by = q->step[k];
            if (!isfinite(by))
                return ERR_OK;
            q->free[k].value += by;
            most = fmax(most, fabs(by));
            size = fmax(size, fabs(q->free[k].value));
        }
        memcpy(q->dual, q->y, (size_t)q->a.n_row * sizeof *q->dual);
        if (most <= SETTLED_MW * size) {
            *ok = true;
            return evaluate(q, err);
        }
        if (most > 1e9)
            return ERR_OK;
    }
    return ERR_OK;
}

/* Unknowns beyond their range go to the end of it and are free no more. */
static bool clamp(struct newton *q)
{
    int32_t n = 0;
    for (int32_t k = 0; k < q->n_free; k++) {
        struct unknown *u = &q->free[k];
        double edge = 1e-9 * (1 + fmin(fabs(u->lo), fabs(u->up)));
        if (u->value >= u->lo - edge && u->value <= u->up + edge) {
            u->value = fmin(u->up, fmax(u->lo, u->value));
            q->free[n++] = *u;
            continue;
        }
        u->value = fmin(u->up, fmax(u->lo, u->value));
        if (u->f)
            spread(q->w, u);
        else
            q->w->x[u->col] = u->value;
    }
    bool any = n < q->n_free;
    q->n_free = n;
    return any;
}

/* A polynomial's piece that holds P gets the tangent as its cost. */
static void set_tangents(struct newton *q)
{
    struct work *w = q->w;
    for (int32_t k = 0; k < q->n_free; k++) {
        const struct unknown *u = &q->free[k];
        if (!u->f)
            continue;
        int64_t at = (int64_t)u->interval * w->p->n_injection + u->injection;
        for (int32_t e = w->head[at]; e >= 0; e = w->piece[e].next) {
            struct piece *piece = &w->piece[e];
            double into = u->value - piece->from_mw;
            if (into <= 0 || into > piece->width_mw)
                continue;
            piece->cost = piece->price_cost = refine_marginal(u->f, u->value);
            work_set_piece_cost(w, piece);
        }
    }
}

/* Room for all rows that there can be, and the unknowns that there are. */
static enum err_code allocate(struct newton *q, struct err *err)
{
    const struct work *w = q->w;
    size_t n_row = (size_t)(q->n_balance + w->n_limit), n_free = (size_t)q->n_free;
    size_t n_lp = (size_t)lp_n_rows(w->lp);
    size_t n_branch = (size_t)network_data(w->p->net)->n_branch;
    q->a = (struct saddle){.of = q, .curvature = curvature, .product = product};
    q->a.start = mem_alloc(n_free + 1, sizeof *q->a.start);
    q->a.gradient = mem_alloc(n_free, sizeof *q->a.gradient);
    q->a.lack = mem_alloc(n_row, sizeof *q->a.lack);
    q->step = mem_alloc(n_free, sizeof *q->step);
    q->y = mem_alloc(n_row, sizeof *q->y);
    q->flow = mem_alloc((size_t)w->p->n_interval * n_branch, sizeof *q->flow);
    q->row_of = mem_alloc(n_lp, sizeof *q->row_of);
    q->entry_row = mem_alloc(n_lp, sizeof *q->entry_row);
    q->entry_value = mem_alloc(n_lp, sizeof *q->entry_value);
    return q->a.start && q->a.gradient && q->a.lack && q->step && q->y && q->flow &&
                   q->row_of && q->entry_row && q->entry_value
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "out of memory");
}

static void newton_release(struct newton *q)
{
    mem_free(q->free);
    mem_free(q->row_limit);
    mem_free(q->binds);
    mem_free(q->phi);
    mem_free(q->dual);
    mem_free(q->a.start);
    mem_free(q->a.row);
    mem_free(q->a.value);
    mem_free(q->a.gradient);
    mem_free(q->a.lack);
    mem_free(q->step);
    mem_free(q->y);
    mem_free(q->flow);
    mem_free(q->row_of);
    mem_free(q->entry_row);
    mem_free(q->entry_value);
    mem_free(q->x);
}

enum err_code lossy_newton(struct work *w, bool *moved, struct err *err)
{
    struct newton q = {.w = w, .n_balance = w->p->n_interval * w->n_island};
    size_t n_col = (size_t)lp_n_columns(w->lp);
    enum err_code code = ERR_OK;
    *moved = false;
    q.x = mem_alloc(n_col, sizeof *q.x);
    bool fits = q.x && margin_free(&q) && margin_rows(&q);
    if (!fits) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    memcpy(q.x, w->x, n_col * sizeof *q.x);
    code = allocate(&q, err);
    if (!code)
        code = margin_flows(&q, err);
    for (int turn = 0; !code && turn < MOST_TURNS; turn++) {
        bool settled = false;
        code = solve(&q, &settled, err);
        if (code || !settled)
            break;
        bool left = clamp(&q) || margin_bind_broken(&q);
        if (!left) {
            *moved = true;
            set_tangents(&q);
            break;
        }
    }
    if (!code && !*moved) {
        memcpy(w->x, q.x, n_col * sizeof *q.x);
        code = work_evaluate(w, err);
    }
done:
    newton_release(&q);
    return code;
}
