/* start.c - bases of parts of a day, found one by one and put side by side. */
#include "solver/start.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/start_store.h"

enum {
    FEW_SEGMENTS = 10000, /* a day of so many is solved from the merit order */
    FEW_FLOW_LIMITS = 64  /* that bind in an interval: dense rows, not angles */
};

/* The basis of n_interval intervals from first on. */
struct part {
    int32_t first, n_interval;
    int32_t n_piece, n_limit, n_balance;
    enum lp_state *piece;                        /* [n_piece] */
    enum lp_state *balance, *shortage, *surplus; /* [n_balance] */
    double *reduced_usd;                         /* [n_piece] reduced costs */
    struct start_limit *limit;                   /* [n_limit] those that bind */
    bool *lifted;                                /* [n_interval] */
};

/* What the recursion hands down. */
struct search {
    const struct dispatch_problem *p;
    const double *no_initial; /* [n_injection] NaN */
    const double *group_max;  /* [n_interval][n_group] none with an energy term */
    struct part before;       /* the single interval solved last */
};

struct start {
    struct part half[2];
    struct part stores; /* pieces of the day, of which those of stores count */
};

static void part_release(struct part *s)
{
    mem_free(s->piece);
    mem_free(s->reduced_usd);
    mem_free(s->balance);
    mem_free(s->shortage);
    mem_free(s->surplus);
    mem_free(s->limit);
    mem_free(s->lifted);
    *s = (struct part){0};
}

/* n intervals from first on without what couples them to others, and without energy. */
static struct dispatch_problem part_of(const struct dispatch_problem *p, int32_t first,
                                       int32_t n, const struct search *q)
{
    struct dispatch_problem one = *p;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    size_t n_injection = (size_t)p->n_injection, at = (size_t)first;
    one.n_interval = n;
    one.duration_h = p->duration_h + first;
    one.fixed_mw = p->fixed_mw ? p->fixed_mw + at * n_bus : NULL;
    one.base_mw = p->base_mw + at * n_injection;
    one.seg_start = p->seg_start + at * n_injection;
    one.initial_mw = first == 0 ? p->initial_mw : q->no_initial;
    one.ramp_free = p->ramp_free ? p->ramp_free + at * n_injection : NULL;
    one.n_store = 0;
    if (p->n_group > 0)
        one.group_max_mw = q->group_max + at * (size_t)p->n_group;
    one.group_store = NULL;
    return one;
}

static bool allocate_part(const struct work *w, struct part *s)
{
    size_t n_balance = (size_t)s->n_balance;
    s->piece = mem_alloc((size_t)s->n_piece, sizeof *s->piece);
    s->reduced_usd = mem_alloc((size_t)s->n_piece, sizeof *s->reduced_usd);
    s->balance = mem_alloc(n_balance, sizeof *s->balance);
    s->shortage = mem_alloc(n_balance, sizeof *s->shortage);
    s->surplus = mem_alloc(n_balance, sizeof *s->surplus);
    s->limit = mem_alloc((size_t)w->n_limit, sizeof *s->limit);
    s->lifted = mem_alloc((size_t)s->n_interval, sizeof *s->lifted);
    return s->piece && s->reduced_usd && s->balance && s->shortage && s->surplus &&
           s->limit && s->lifted;
}

/*
 * Intervals that keep their angles. Angles are free columns and so basic: the basis is one
 * without them and their equations too.
 */
static void record_lifts(const struct work *w, struct part *s)
{
    for (int32_t t = 0; t < s->n_interval; t++) {
        int32_t n = 0;
        for (int32_t k = 0; k < s->n_limit; k++)
            n +=
                s->limit[k].limit.interval == t && rows_is_flow(s->limit[k].limit.kind);
        s->lifted[t] = lift_has(w, t) && n > FEW_FLOW_LIMITS;
    }
}

/* Limits whose row is basic do not bind: without them the basis is one all the same. */
static enum err_code record(const struct work *w, struct part *s, struct err *err)
{
    s->n_piece = w->n_piece;
    s->n_balance = w->p->n_interval * w->n_island;
    if (!allocate_part(w, s))
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < w->n_piece; k++) {
        s->piece[k] = lp_column_state(w->lp, w->piece[k].col);
        s->reduced_usd[k] = lp_reduced_cost(w->lp, w->piece[k].col);
    }
    for (int32_t b = 0; b < s->n_balance; b++) {
        s->balance[b] = lp_row_state(w->lp, b);
        s->shortage[b] = lp_column_state(w->lp, w->shortage[b]);
        s->surplus[b] = lp_column_state(w->lp, w->surplus[b]);
    }
    for (int32_t k = 0; k < w->n_limit; k++) {
        enum lp_state row = lp_row_state(w->lp, w->limit[k].row);
        if (row != LP_BASIC)
            s->limit[s->n_limit++] = (struct start_limit){
                w->limit[k], row, lp_column_state(w->lp, w->limit[k].slack)};
    }
    record_lifts(w, s);
    return ERR_OK;
}

/* Binding limits of s as rows of w, whose intervals begin with interval `origin`. */
static enum err_code add_limits(struct work *w, const struct part *s, int32_t origin,
                                struct err *err)
{
    int32_t first = w->n_limit;
    struct limit *limit = mem_alloc((size_t)s->n_limit, sizeof *limit);
    if (!limit)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < s->n_limit; k++) {
        limit[k] = s->limit[k].limit;
        limit[k].interval += s->first - origin;
    }
    enum err_code code = separate_add(w, s->n_limit, limit, err);
    for (int32_t k = 0; !code && k < s->n_limit; k++) {
        lp_set_row_state(w->lp, w->limit[first + k].row, s->limit[k].row);
        lp_set_column_state(w->lp, w->limit[first + k].slack, s->limit[k].slack);
    }
    mem_free(limit);
    return code;
}

/* Pieces of s begin with first_piece in w. */
static enum err_code apply(struct work *w, const struct part *s, int32_t origin,
                           int32_t first_piece, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t t = 0; !code && t < s->n_interval; t++)
        if (s->lifted[t])
            code = lift_interval(w, s->first - origin + t, err);
    if (!code)
        code = add_limits(w, s, origin, err);
    for (int32_t k = 0; !code && k < s->n_piece; k++)
        lp_set_column_state(w->lp, w->piece[first_piece + k].col, s->piece[k]);
    for (int32_t k = 0; !code && k < s->n_balance; k++) {
        int32_t b = (s->first - origin) * w->n_island + k;
        lp_set_row_state(w->lp, b, s->balance[k]);
        lp_set_column_state(w->lp, w->shortage[b], s->shortage[k]);
        lp_set_column_state(w->lp, w->surplus[b], s->surplus[k]);
    }
    return code;
}

/* A point, from which lifting finds its constants. */
static enum err_code prepare(struct work *w, const struct part *s, struct err *err)
{
    for (int32_t t = 0; t < s->n_interval; t++)
        if (s->lifted[t])
            return work_solve(w, LP_PRIMAL, err);
    return ERR_OK;
}

static enum err_code apply_halves(struct work *w, const struct part half[2],
                                  struct err *err)
{
    enum err_code code = prepare(w, &half[0], err);
    if (!code)
        code = prepare(w, &half[1], err);
    for (int k = 0; !code && k < 2; k++)
        code = apply(w, &half[k], half[0].first, k == 0 ? 0 : half[0].n_piece, err);
    return code;
}

/* Whether the basis of the interval solved last is one of interval t too. */
static bool is_alike(const struct search *q, int32_t t)
{
    const struct part *before = &q->before;
    const struct dispatch_problem *p = q->p;
    if (before->n_interval == 0)
        return false;
    for (int32_t k = 0; k < before->n_limit; k++)
        if (before->limit[k].limit.kind > DISPATCH_GROUP)
            return false; /* a ramp from what came before the day */
    const int64_t *a = p->seg_start + (int64_t)before->first * p->n_injection;
    const int64_t *b = p->seg_start + (int64_t)t * p->n_injection;
    for (int32_t i = 0; i < p->n_injection; i++)
        if (a[i + 1] - a[i] != b[i + 1] - b[i])
            return false;
    return true;
}

/* Stores stand still: their limits reach over the whole day. */
static void hold_stores(struct work *w, const struct dispatch_problem *p)
{
    for (int32_t s = 0; s < p->n_store; s++)
        for (int32_t t = 0; t < w->p->n_interval; t++)
            for (int32_t k = w->head[t * p->n_injection + p->store[s].injection];
                 k >= 0; k = w->piece[k].next) {
                double mw = start_store_still_mw(&w->piece[k]);
                lp_set_column_bounds(w->lp, w->piece[k].col, mw, mw);
            }
}

/* A single interval: from the one before where that has as many pieces. */
static enum err_code solve_interval(struct search *q, struct work *w, struct part *s,
                                    struct err *err)
{
    enum lp_method method = LP_PRIMAL;
    enum err_code code =
        watch_step(q->p->watch, s->first, q->p->n_interval, (double)NAN, err);
    if (code)
        return code;
    if (is_alike(q, s->first)) {
        method = LP_DUAL;
        code = prepare(w, &q->before, err);
        if (!code)
            code = apply(w, &q->before, q->before.first, 0, err);
    }
    if (!code)
        code = work_converge(w, method, err);
    part_release(&q->before);
    q->before = (struct part){.first = s->first, .n_interval = 1};
    return code ? code : record(w, &q->before, err);
}

static enum err_code solve_part(struct search *q, struct part *s, struct err *err);

/* Parts before and after the middle of n intervals from first on. */
static enum err_code solve_halves(struct search *q, int32_t first, int32_t n,
                                  struct part half[2], struct err *err)
{
    half[0] = (struct part){.first = first, .n_interval = n / 2};
    half[1] = (struct part){.first = first + n / 2, .n_interval = n - n / 2};
    enum err_code code = solve_part(q, &half[0], err);
    return code ? code : solve_part(q, &half[1], err);
}

/* Solves the intervals of s from its halves, those from theirs, down to one interval. */
static enum err_code solve_part(struct search *q, struct part *s, struct err *err)
{
    struct part half[2] = {0};
    struct work *w = NULL;
    enum err_code code = ERR_OK;
    const struct dispatch_problem one = part_of(q->p, s->first, s->n_interval, q);
    if (s->n_interval > 1)
        code = solve_halves(q, s->first, s->n_interval, half, err);
    if (!code)
        code = work_create(&one, &w, err);
    if (!code)
        code = work_load(w, err);
    if (!code) {
        hold_stores(w, q->p);
        w->may_leave = true;
    }
    if (!code && s->n_interval > 1)
        code = apply_halves(w, half, err);
    if (!code)
        code = s->n_interval > 1 ? work_converge(w, LP_PRIMAL, err)
                                 : solve_interval(q, w, s, err);
    if (!code)
        code = record(w, s, err);
    work_destroy(w);
    part_release(&half[0]);
    part_release(&half[1]);
    return code;
}

/* What the stores would do at the prices of both halves. */
static enum err_code answer_stores(const struct dispatch_problem *p, struct start *s,
                                   struct err *err)
{
    const struct part *half = s->half;
    size_t n_piece = (size_t)(half[0].n_piece + half[1].n_piece);
    enum err_code code = ERR_OK;
    double *reduced_usd = mem_alloc(n_piece, sizeof *reduced_usd);
    s->stores.piece = mem_alloc(n_piece, sizeof *s->stores.piece);
    s->stores.limit = mem_alloc(2 * (size_t)p->n_interval * (size_t)p->n_store,
                                sizeof *s->stores.limit);
    if (!reduced_usd || !s->stores.piece || !s->stores.limit)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t h = 0, at = 0; !code && h < 2; at += half[h++].n_piece)
        memcpy(reduced_usd + at, half[h].reduced_usd,
               (size_t)half[h].n_piece * sizeof *reduced_usd);
    for (int32_t k = 0; !code && k < p->n_store; k++) {
        int32_t n;
        code = start_store(p, k, reduced_usd, s->stores.piece,
                           s->stores.limit + s->stores.n_limit, &n, err);
        s->stores.n_limit += code ? 0 : n;
    }
    mem_free(reduced_usd);
    return code;
}

/* Groups with an energy term look beyond their interval: no limit in a part. */
static void copy_group_max(const struct dispatch_problem *p, double *out)
{
    for (int64_t k = 0; k < (int64_t)p->n_interval * p->n_group; k++)
        out[k] = p->group_store && p->group_store[k % p->n_group] >= 0
                     ? HUGE_VAL
                     : p->group_max_mw[k];
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
    double *no_initial = mem_alloc(n, sizeof *no_initial);
    double *group_max = mem_alloc(n_t * (size_t)p->n_group, sizeof *group_max);
    enum err_code code = ERR_OK;
    if (!s || !no_initial || !group_max)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (size_t i = 0; !code && i < n; i++)
        no_initial[i] = NAN;
    if (!code)
        copy_group_max(p, group_max);
    struct search q = {.p = p, .no_initial = no_initial, .group_max = group_max};
    if (!code)
        code = solve_halves(&q, 0, p->n_interval, s->half, err);
    part_release(&q.before);
    if (!code && p->n_store > 0)
        code = answer_stores(p, s, err);
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
    part_release(&s->half[0]);
    part_release(&s->half[1]);
    part_release(&s->stores);
    mem_free(s);
}

enum err_code start_apply(struct work *w, const struct start *s, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    enum err_code code = apply_halves(w, s->half, err);
    if (!code)
        code = add_limits(w, &s->stores, 0, err);
    for (int32_t k = 0; !code && k < p->n_store; k++)
        for (int32_t t = 0; t < p->n_interval; t++)
            for (int32_t q = w->head[t * p->n_injection + p->store[k].injection];
                 q >= 0; q = w->piece[q].next)
                lp_set_column_state(w->lp, w->piece[q].col, s->stores.piece[q]);
    return code;
}
