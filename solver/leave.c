/*
 * leave.c - limits that have not mattered for some rounds leave the LP.
 *
 * A limit whose row is basic and whose slack is not bears no price: without the row and the
 * slack the basis is one all the same, with the same point and the same duals. It comes
 * back like any other if a later point breaks it. Rounds add rows, so the optimum of the LP
 * never falls while they do; rows leave only where it has risen since some left last, so
 * that no set of rows is ever met twice and the rounds end. Limits stay where there are
 * outages: another round costs another search of them, which is dearer than the rows.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

enum {
    IDLE_ROUNDS = 2, /* in a row that a limit had room when the LP was solved */
    LEAST_SHARE = 8, /* one limit in so many: fewer are not worth the renumbering */
};

/* Where columns and rows of the LP are once some are gone; -1 = gone. */
struct renumbered {
    int32_t *col, *row;   /* [n_col], [n_row] */
    int32_t *gone;        /* [n_gone] rows, then columns that go, ascending */
    int32_t n_col, n_row; /* before */
};

static bool is_idle(const struct work *w, const struct limit *limit)
{
    double room = limit->stated - rows_activity(w, limit);
    if (rows_is_minimum(limit->kind))
        room = -room;
    return room > rows_tolerance(limit->stated) &&
           lp_row_state(w->lp, limit->row) == LP_BASIC &&
           lp_column_state(w->lp, limit->slack) != LP_BASIC;
}

/* Counts the rounds of every limit; returns how many have been idle for long enough. */
static int32_t count_idle(struct work *w)
{
    int32_t n = 0;
    for (int32_t k = 0; k < w->n_limit; k++) {
        struct limit *limit = &w->limit[k];
        limit->idle = is_idle(w, limit) ? limit->idle + 1 : 0;
        n += limit->idle >= IDLE_ROUNDS;
    }
    return n;
}

/* Numbers what stays: map[] holds -1 at the gone[n] ascending ones and is 0 elsewhere. */
static int32_t renumber(int32_t *map, int32_t n, int32_t *gone)
{
    int32_t n_gone = 0;
    for (int32_t k = 0; k < n; k++) {
        if (map[k] < 0)
            gone[n_gone++] = k;
        else
            map[k] = k - n_gone;
    }
    return n_gone;
}

/* The limits that stay, with their new numbers, and what finds them. */
static void keep_others(struct work *w, const struct renumbered *at)
{
    int32_t n = 0;
    for (int32_t k = 0; k < w->n_limit; k++) {
        struct limit limit = w->limit[k];
        size_t count = (size_t)work_count(w, limit.kind);
        int32_t *found = w->limit_at[limit.kind] + (size_t)limit.interval * count +
                         (size_t)limit.index;
        if (at->row[limit.row] < 0) {
            *found = 0;
            w->n_flow_row[limit.interval] -= rows_is_flow(limit.kind);
            continue;
        }
        limit.row = at->row[limit.row];
        limit.slack = at->col[limit.slack];
        w->limit[n++] = limit;
        *found = n;
    }
    w->n_limit = n;
}

/* Everything else that knows a column or a row by its number, and the point. */
static void move_others(struct work *w, const struct renumbered *at)
{
    for (int32_t k = 0; k < w->n_piece; k++)
        w->piece[k].col = at->col[w->piece[k].col];
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++) {
        w->shortage[b] = at->col[w->shortage[b]];
        w->surplus[b] = at->col[w->surplus[b]];
        w->increment[b] = at->col[w->increment[b]];
    }
    lift_renumber(w, at->col, at->row);
    int32_t n = 0;
    for (int32_t j = 0; j < at->n_col; j++)
        if (at->col[j] >= 0)
            w->x[n++] = w->x[j];
    memset(w->x + n, 0, (size_t)(w->room_x - n) * sizeof *w->x);
}

static enum err_code leave(struct work *w, struct renumbered *at, struct err *err)
{
    for (int32_t k = 0; k < w->n_limit; k++) {
        if (w->limit[k].idle < IDLE_ROUNDS)
            continue;
        at->row[w->limit[k].row] = -1;
        at->col[w->limit[k].slack] = -1;
    }
    int32_t n = renumber(at->row, at->n_row, at->gone);
    enum err_code code = lp_delete_rows(w->lp, n, at->gone, err);
    n = renumber(at->col, at->n_col, at->gone);
    if (!code)
        code = lp_delete_columns(w->lp, n, at->gone, err);
    if (code)
        return code;
    keep_others(w, at);
    move_others(w, at);
    w->stats.rows_left += n;
    return ERR_OK;
}

enum err_code leave_idle(struct work *w, struct err *err)
{
    if (!w->may_leave || w->lossy || w->screen)
        return ERR_OK;
    int32_t n = count_idle(w);
    double cost = lp_objective(w->lp);
    if (n == 0 || n * LEAST_SHARE < w->n_limit ||
        (!isinf(w->left_at_usd) && cost - w->left_at_usd <= 1e-9 * fabs(cost)))
        return ERR_OK;
    struct renumbered at = {.n_col = lp_n_columns(w->lp), .n_row = lp_n_rows(w->lp)};
    at.col = mem_alloc((size_t)at.n_col, sizeof *at.col);
    at.row = mem_alloc((size_t)at.n_row, sizeof *at.row);
    at.gone = mem_alloc((size_t)n, sizeof *at.gone);
    enum err_code code = at.col && at.row && at.gone
                             ? leave(w, &at, err)
                             : err_set(err, ERR_NOMEM, "out of memory");
    w->left_at_usd = cost;
    mem_free(at.col);
    mem_free(at.row);
    mem_free(at.gone);
    return code;
}
