/* start.c - bases of single intervals, found and put side by side. */
#include "solver/start.h"

#include <math.h>

#include "sim/base/mem.h"

enum {
    FEW_SEGMENTS = 10000 /* a day of so many is solved from the merit order */
};

struct start_limit {
    struct limit limit;
    enum lp_state row, slack;
};

struct interval {
    int32_t n_piece, n_limit;
    enum lp_state *piece;                        /* [n_piece] */
    enum lp_state *balance, *shortage, *surplus; /* [n_island] */
    struct start_limit *limit;                   /* [n_limit] */
    bool lifted;
};

struct start {
    int32_t n_interval;
    struct interval *interval; /* [n_interval] */
};

/* Interval t alone, without what couples it to others. */
static struct dispatch_problem alone(const struct dispatch_problem *p, int32_t t,
                                     const double *no_limit, const double *no_initial,
                                     const double *group_max)
{
    struct dispatch_problem one = *p;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    size_t n = (size_t)p->n_injection, at = (size_t)t;
    one.n_interval = 1;
    one.duration_h = p->duration_h + t;
    one.fixed_mw = p->fixed_mw ? p->fixed_mw + at * n_bus : NULL;
    one.base_mw = p->base_mw + at * n;
    one.seg_start = p->seg_start + at * n;
    one.ramp_up_mw_per_h = one.ramp_down_mw_per_h = no_limit;
    one.initial_mw = no_initial;
    one.ramp_free = NULL;
    one.n_store = 0;
    one.group_store = NULL;
    if (p->n_group > 0)
        one.group_max_mw = group_max + at * (size_t)p->n_group;
    return one;
}

/* Limits of groups; those with an energy term look beyond their interval. */
static void copy_group_max(const struct dispatch_problem *p, double *out)
{
    for (int64_t k = 0; k < (int64_t)p->n_interval * p->n_group; k++)
        out[k] = p->group_store && p->group_store[k % p->n_group] >= 0
                     ? HUGE_VAL
                     : p->group_max_mw[k];
}

static enum err_code record(const struct work *w, struct interval *s, struct err *err)
{
    size_t n_island = (size_t)w->n_island;
    s->n_piece = w->n_piece;
    s->n_limit = w->n_limit;
    s->lifted = lift_has(w, 0);
    s->piece = mem_alloc((size_t)w->n_piece, sizeof *s->piece);
    s->balance = mem_alloc(n_island, sizeof *s->balance);
    s->shortage = mem_alloc(n_island, sizeof *s->shortage);
    s->surplus = mem_alloc(n_island, sizeof *s->surplus);
    s->limit = mem_alloc((size_t)w->n_limit, sizeof *s->limit);
    if (!s->piece || !s->balance || !s->shortage || !s->surplus || !s->limit)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < w->n_piece; k++)
        s->piece[k] = lp_column_state(w->lp, w->piece[k].col);
    for (int32_t a = 0; a < w->n_island; a++) {
        s->balance[a] = lp_row_state(w->lp, a);
        s->shortage[a] = lp_column_state(w->lp, w->shortage[a]);
        s->surplus[a] = lp_column_state(w->lp, w->surplus[a]);
    }
    for (int32_t k = 0; k < w->n_limit; k++)
        s->limit[k] =
            (struct start_limit){w->limit[k], lp_row_state(w->lp, w->limit[k].row),
                                 lp_column_state(w->lp, w->limit[k].slack)};
    return ERR_OK;
}

static enum err_code solve_alone(const struct dispatch_problem *one, struct interval *s,
                                 struct err *err)
{
    struct work *w = NULL;
    enum err_code code = work_create(one, &w, err);
    if (!code)
        code = work_load(w, err);
    if (!code)
        code = work_converge(w, LP_PRIMAL, err);
    if (!code)
        code = record(w, s, err);
    work_destroy(w);
    return code;
}

enum err_code start_find(const struct dispatch_problem *p, struct start **out,
                         struct err *err)
{
    size_t n = (size_t)p->n_injection, n_t = (size_t)p->n_interval;
    *out = NULL;
    if (n_t < 2 || p->n_polynomial > 0 || p->losses != LOSS_OFF ||
        p->seg_start[n_t * n] < FEW_SEGMENTS)
        return ERR_OK;
    struct start *s = mem_alloc(1, sizeof *s);
    double *no_limit = mem_alloc(n, sizeof *no_limit);
    double *no_initial = mem_alloc(n, sizeof *no_initial);
    double *group_max = mem_alloc(n_t * (size_t)p->n_group, sizeof *group_max);
    enum err_code code = ERR_OK;
    if (s)
        s->interval = mem_alloc(n_t, sizeof *s->interval);
    if (!s || !s->interval || !no_limit || !no_initial || !group_max)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        copy_group_max(p, group_max);
    for (size_t i = 0; !code && i < n; i++) {
        no_limit[i] = HUGE_VAL;
        no_initial[i] = NAN;
    }
    for (int32_t t = 0; !code && t < p->n_interval; t++) {
        struct dispatch_problem one = alone(p, t, no_limit, no_initial, group_max);
        s->n_interval = t + 1;
        code = solve_alone(&one, &s->interval[t], err);
    }
    mem_free(no_limit);
    mem_free(no_initial);
    mem_free(group_max);
    if (code)
        start_destroy(s);
    else
        *out = s;
    return code;
}

void start_destroy(struct start *s)
{
    if (!s)
        return;
    for (int32_t t = 0; t < s->n_interval; t++) {
        mem_free(s->interval[t].piece);
        mem_free(s->interval[t].balance);
        mem_free(s->interval[t].shortage);
        mem_free(s->interval[t].surplus);
        mem_free(s->interval[t].limit);
    }
    mem_free(s->interval);
    mem_free(s);
}

/* Limits of interval t as rows of the day's LP, with the states that they had. */
static enum err_code add_limits(struct work *w, const struct interval *s, int32_t t,
                                struct err *err)
{
    int32_t first = w->n_limit;
    struct limit *limit = mem_alloc((size_t)s->n_limit, sizeof *limit);
    if (!limit)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < s->n_limit; k++) {
        limit[k] = s->limit[k].limit;
        limit[k].interval = t;
    }
    enum err_code code = separate_add(w, s->n_limit, limit, err);
    for (int32_t k = 0; !code && k < s->n_limit; k++) {
        lp_set_row_state(w->lp, w->limit[first + k].row, s->limit[k].row);
        lp_set_column_state(w->lp, w->limit[first + k].slack, s->limit[k].slack);
    }
    mem_free(limit);
    return code;
}

enum err_code start_apply(struct work *w, const struct start *s, struct err *err)
{
    int32_t first = 0;
    /* A point, from which lifting finds its constants. */
    enum err_code code = work_solve(w, LP_PRIMAL, err);
    for (int32_t t = 0; !code && t < s->n_interval; t++) {
        const struct interval *from = &s->interval[t];
        if (from->lifted)
            code = lift_interval(w, t, err);
        if (!code)
            code = add_limits(w, from, t, err);
        for (int32_t k = 0; k < from->n_piece; k++)
            lp_set_column_state(w->lp, w->piece[first + k].col, from->piece[k]);
        for (int32_t a = 0; a < w->n_island; a++) {
            int32_t b = t * w->n_island + a;
            lp_set_row_state(w->lp, b, from->balance[a]);
            lp_set_column_state(w->lp, w->shortage[b], from->shortage[a]);
            lp_set_column_state(w->lp, w->surplus[b], from->surplus[a]);
        }
        first += from->n_piece;
    }
    return code;
}
