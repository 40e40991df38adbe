/*
 * vertex.c - makes the exact point of polynomial costs a vertex of the LP.
 *
 * A polynomial inside its range stands at a power P that is no end of a piece. The end of
 * a piece that is nearest to P is moved there and both pieces that meet get the tangent at
 * P as their cost: the columns of all polynomials are then at bounds, and those two have
 * no reduced cost. Any of them may be basic, at its bound; which ones is decided by
 * elimination with pivoting over the rows that bind. The LP that starts from this basis
 * is at its optimum at once.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/dense.h"
#include "solver/polish.h"

/* A pivot below this is none. Columns that must be basic come first by their weight. */
static const double LEAST_PIVOT = 1e-8, MUST = 1e6;

static void set_range(struct work *w, struct piece *piece, double from, double to)
{
    piece->from_mw = from;
    piece->width_mw = fmax(0, to - from);
    lp_set_column_bounds(w->lp, piece->col, 0, piece->width_mw);
}

/* Of pieces that begin at the same power all but one are empty; that one is the last. */
static bool is_above(const struct piece *a, const struct piece *b)
{
    return a->from_mw > b->from_mw ||
           (a->from_mw >= b->from_mw && a->width_mw > b->width_mw);
}

/* Moves the nearest end of a piece to P; false where there is but one piece. */
static bool move_end(struct work *w, const struct smooth *s)
{
    struct piece *below = NULL, *above = NULL, *holds = NULL;
    int64_t at = (int64_t)s->interval * w->p->n_injection + s->f->injection;
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next)
        if (w->piece[k].from_mw <= s->p_mw && (!holds || is_above(&w->piece[k], holds)))
            holds = &w->piece[k];
    if (!holds)
        return false;
    double from = holds->from_mw, to = from + holds->width_mw;
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next) {
        struct piece *piece = &w->piece[k];
        if (piece == holds)
            continue;
        if (piece->from_mw <= from && (!below || piece->from_mw > below->from_mw))
            below = piece;
        if (piece->from_mw > from && (!above || piece->from_mw < above->from_mw))
            above = piece;
    }
    if (below && (!above || s->p_mw - from < to - s->p_mw)) {
        set_range(w, holds, s->p_mw, to);
        set_range(w, below, below->from_mw, s->p_mw);
    } else if (above) {
        double end = above->from_mw + above->width_mw;
        set_range(w, holds, from, s->p_mw);
        set_range(w, above, s->p_mw, end);
    }
    return below || above;
}

/* The tangent for every piece that touches P, or is so near that the next increment of
 * load goes from one to the other. */
static void set_tangent(struct work *w, const struct smooth *s)
{
    int64_t at = (int64_t)s->interval * w->p->n_injection + s->f->injection;
    double near = 1e-3 + 1e-6 * (s->hi - s->lo);
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next) {
        struct piece *piece = &w->piece[k];
        double into = s->p_mw - piece->from_mw;
        if (into >= -near && into <= piece->width_mw + near) {
            piece->cost = piece->price_cost = refine_marginal(s->f, s->p_mw);
            work_set_piece_cost(w, piece);
        }
    }
}

/* Power and state of the pieces; returns a piece that may be basic. */
static int32_t set_pieces(struct work *w, const struct smooth *s)
{
    int64_t at = (int64_t)s->interval * w->p->n_injection + s->f->injection;
    int32_t may = w->head[at];
    double nearest = HUGE_VAL;
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next) {
        const struct piece *piece = &w->piece[k];
        double into = s->p_mw - piece->from_mw;
        w->x[piece->col] = fmin(piece->width_mw, fmax(0, into));
        lp_set_column_state(w->lp, piece->col,
                            into >= 0.5 * piece->width_mw ? LP_AT_UPPER : LP_AT_LOWER);
        /* Of two that meet the one with more room. */
        if (fabs(into) < 1e-9 * (1 + s->hi - s->lo) && piece->width_mw > 0 &&
            fabs(into) < nearest) {
            nearest = fabs(into);
            may = k;
        }
    }
    return may;
}

/* Piece k, which begins or ends at P, is to be basic: P moves into it. */
static void take_in(struct work *w, const struct smooth *s, int32_t k)
{
    int64_t at = (int64_t)s->interval * w->p->n_injection + s->f->injection;
    struct piece *piece = &w->piece[k], *other = NULL;
    bool above = piece->from_mw >= s->p_mw;
    for (int32_t j = w->head[at]; j >= 0; j = w->piece[j].next) {
        struct piece *p = &w->piece[j];
        if (j == k || p->width_mw <= 0)
            continue;
        if (above ? p->from_mw < s->p_mw && (!other || p->from_mw > other->from_mw)
                  : p->from_mw >= s->p_mw && (!other || p->from_mw < other->from_mw))
            other = p;
    }
    if (!other)
        return;
    double end = piece->from_mw + piece->width_mw, half = 0.5 * other->width_mw;
    if (above) {
        set_range(w, other, other->from_mw, other->from_mw + half);
        set_range(w, piece, other->from_mw + half, end);
    } else {
        set_range(w, other, other->from_mw + half, other->from_mw + 2 * half);
        set_range(w, piece, piece->from_mw, other->from_mw);
    }
    w->x[other->col] = above ? other->width_mw : 0;
    w->x[piece->col] = s->p_mw - piece->from_mw;
}

static enum lp_state nearest_bound(const struct work *w, int32_t col)
{
    double lo, up;
    lp_column_bounds(w->lp, col, &lo, &up);
    return w->x[col] - lo > up - w->x[col] ? LP_AT_UPPER : LP_AT_LOWER;
}

struct choice {
    int32_t n, n_row, m;
    int32_t *col;    /* [n] */
    int32_t *smooth; /* [n - n_other] whose column it is */
    double *a;       /* [m][n] rows of R, in the order of place */
    int32_t *place;  /* [m] where a row of R stands in a */
    int32_t *pick;   /* [m] by place: the column chosen for it, -1 = none */
};

static void put_span(const struct polish *q, struct choice *c, struct span span,
                     int32_t col, double by)
{
    for (int64_t e = span.start; e < span.end; e++)
        c->a[(size_t)c->place[q->row[e]] * (size_t)c->n + (size_t)c->n_row] +=
            by * q->coef[e];
    c->col[c->n_row++] = col;
}

/* Fills a by place, and picks a column for each. */
static enum err_code pick_columns(const struct polish *q, const int32_t *may,
                                  struct choice *c, struct err *err)
{
    memset(c->a, 0, (size_t)c->n * (size_t)c->m * sizeof *c->a);
    c->n_row = 0;
    for (int32_t k = 0; k < q->n_other; k++)
        put_span(q, c, q->other[k].span, q->other[k].col, MUST);
    for (int32_t k = 0; k < q->n_smooth; k++)
        if (may[k] >= 0) {
            c->smooth[c->n_row - q->n_other] = k;
            put_span(q, c, q->smooth[k].span, q->w->piece[may[k]].col, 1);
        }
    return dense_pick(c->n, c->m, LEAST_PIVOT, c->a, c->pick, err);
}

/*
 * Rows for which there was no column go last; false if there were none, or were last already.
 * Such a row depends on those before it, and what is left in it is rounding, MUST times as
 * large in columns that must be basic: it would take one of them from the others.
 */
static bool put_last(struct choice *c)
{
    int32_t n_good = 0, n_bad = 0;
    bool moved = false;
    for (int32_t k = 0; k < c->m; k++)
        n_good += c->pick[k] >= 0;
    for (int32_t r = 0, good = 0; r < c->m; r++) {
        bool bad = c->pick[c->place[r]] < 0;
        int32_t to = bad ? n_good + n_bad++ : good++;
        moved = moved || (bad && to != c->place[r]);
        c->place[r] = to;
    }
    return moved;
}

/* Basic columns, one for every row that binds. */
static enum err_code choose(const struct polish *q, const int32_t *may, struct err *err)
{
    struct work *w = q->w;
    int32_t m = polish_n_dual(q);
    struct choice c = {.n = q->n_other, .m = m};
    for (int32_t k = 0; k < q->n_smooth; k++)
        c.n += may[k] >= 0;
    c.col = mem_alloc((size_t)c.n, sizeof *c.col);
    c.smooth = mem_alloc((size_t)c.n, sizeof *c.smooth);
    c.a = mem_alloc((size_t)c.n * (size_t)m, sizeof *c.a);
    c.place = mem_alloc((size_t)m, sizeof *c.place);
    c.pick = mem_alloc((size_t)m, sizeof *c.pick);
    enum err_code code = ERR_OK;
    if (!c.col || !c.smooth || !c.a || !c.place || !c.pick) {
        code = err_set(err, ERR_NOMEM, "cannot hold %d columns", c.n);
        goto done;
    }
    for (int32_t r = 0; r < m; r++)
        c.place[r] = r;
    for (int32_t k = 0; k < q->n_other; k++)
        lp_set_column_state(w->lp, q->other[k].col, nearest_bound(w, q->other[k].col));
    code = pick_columns(q, may, &c, err);
    if (!code && put_last(&c))
        code = pick_columns(q, may, &c, err);
    for (int32_t r = 0; !code && r < m; r++) {
        int32_t row = r < q->n_balance ? r : w->limit[q->limit[r - q->n_balance]].row;
        int32_t pick = c.pick[c.place[r]];
        lp_set_row_state(w->lp, row, pick < 0 ? LP_BASIC : LP_AT_UPPER);
        if (pick < 0)
            continue;
        lp_set_column_state(w->lp, c.col[pick], LP_BASIC);
        int32_t k = pick < q->n_other ? -1 : c.smooth[pick - q->n_other];
        if (k >= 0)
            take_in(w, &q->smooth[k], may[k]);
    }
done:
    mem_free(c.col);
    mem_free(c.smooth);
    mem_free(c.a);
    mem_free(c.place);
    mem_free(c.pick);
    return code;
}

/* Takes row a from what is left of it by elimination; its largest entry is the pivot. */
static double eliminate(const double *kept, const int32_t *pivot, int32_t n_kept,
                        int32_t m, double *a, int32_t *at)
{
    for (int32_t k = 0; k < n_kept; k++) {
        const double *by = kept + (size_t)k * (size_t)m;
        double part = a[pivot[k]] / by[pivot[k]];
        for (int32_t r = 0; part != 0 && r < m; r++) /* exact: nothing to take */
            a[r] -= part * by[r];
        a[pivot[k]] = 0;
    }
    double most = 0;
    for (int32_t r = 0; r < m; r++)
        if (fabs(a[r]) > most) {
            most = fabs(a[r]);
            *at = r;
        }
    return most;
}

enum err_code vertex_thin(struct polish *q, struct err *err)
{
    int32_t m = polish_n_dual(q), n_kept = 0;
    size_t most = (size_t)(q->n_other < m ? q->n_other : m) + 1;
    double *kept = mem_alloc(most * (size_t)m, sizeof *kept);
    int32_t *pivot = mem_alloc(most, sizeof *pivot);
    enum err_code code = ERR_OK;
    if (!kept || !pivot)
        code = err_set(err, ERR_NOMEM, "cannot hold %zu columns", most);
    for (int32_t k = 0; !code && k < q->n_other; k++) {
        struct other o = q->other[k];
        double *a = kept + (size_t)n_kept * (size_t)m;
        memset(a, 0, (size_t)m * sizeof *a);
        for (int64_t e = o.span.start; e < o.span.end; e++)
            a[q->row[e]] += q->coef[e];
        if (eliminate(kept, pivot, n_kept, m, a, &pivot[n_kept]) > LEAST_PIVOT)
            q->other[n_kept++] = o;
        else
            lp_set_column_state(q->w->lp, o.col, nearest_bound(q->w, o.col));
    }
    if (!code)
        q->n_other = n_kept;
    mem_free(kept);
    mem_free(pivot);
    return code;
}

enum err_code vertex_make(struct polish *q, struct err *err)
{
    struct work *w = q->w;
    int32_t *may = mem_alloc((size_t)q->n_smooth, sizeof *may);
    if (!may)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < q->n_smooth; k++) {
        const struct smooth *s = &q->smooth[k];
        bool inside = s->side == 0 && move_end(w, s);
        set_tangent(w, s);
        int32_t piece = set_pieces(w, s);
        may[k] = inside ? piece : -1;
    }
    for (int32_t k = 0; k < w->n_limit; k++)
        if (!q->binds[k]) {
            lp_set_row_state(w->lp, w->limit[k].row, LP_BASIC);
            lp_set_column_state(w->lp, w->limit[k].slack, LP_AT_LOWER);
        }
    for (int32_t t = 0; t < w->p->n_interval; t++)
        lift_set_basic(w, t);
    enum err_code code = choose(q, may, err);
    mem_free(may);
    return code;
}
