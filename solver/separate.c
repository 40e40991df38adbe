/*
 * separate.c - limits that a trial dispatch breaks become rows of the LP.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

enum {
    BRANCHES_PER_INTERVAL = 32, /* most flow limits added per interval and round */
    LIFTED_PER_INTERVAL = 400,  /* likewise, where their rows are over angles */
    LIFTED_OUTAGES = 500,       /* likewise of limits after outages */
    OUTAGES_PER_INTERVAL = 128, /* likewise of limits after outages */
    OUTAGES_PER_BRANCH = 16,    /* of which at most so many are of one branch */
    FEW_ROWS = 64,              /* dense rows that do no harm */
    SPARSE_ENTRIES = 20,        /* dense entries per node that are worth angles */
};

static bool push_pieces(const struct work *w, const struct limit *limit, int32_t t,
                        int32_t i, struct entries *e)
{
    for (int32_t k = w->head[t * w->p->n_injection + i]; k >= 0; k = w->piece[k].next)
        if (!entries_push(e, w->piece[k].col, rows_coefficient(w, limit, &w->piece[k])))
            return false;
    return true;
}

static bool push_flow(const struct work *w, const struct limit *limit,
                      struct entries *e)
{
    if (lift_applies(w, limit))
        return lift_push_flow(w, limit, e);
    const struct factor_row *row = factors_row(w, limit);
    const int32_t *head = w->head + limit->interval * w->p->n_injection;
    double sign = limit->kind == DISPATCH_BRANCH_MAX ? 1 : -1;
    bool ok = true;
    /* As push_pieces, without looking for the factor again. */
    for (int64_t k = row->start; ok && k < row->end; k++)
        for (int32_t q = head[w->entry_injection[k]]; ok && q >= 0;
             q = w->piece[q].next)
            ok = entries_push(e, w->piece[q].col, sign * w->entry_value[k]);
    return ok;
}

/* Members in the interval; with an energy term also what its store did until then. */
static bool push_group(const struct work *w, const struct limit *limit,
                       struct entries *e)
{
    const struct dispatch_problem *p = w->p;
    int32_t g = limit->index, n = p->n_injection, store = rows_group_store(p, g);
    bool ok = true;
    for (int32_t m = p->group_start[g]; ok && m < p->group_start[g + 1]; m++)
        for (int32_t k = w->head[limit->interval * n + p->group_injection[m]];
             ok && k >= 0; k = w->piece[k].next)
            ok = entries_push(e, w->piece[k].col, p->group_coef[m]);
    for (int32_t t = 0; ok && store >= 0 && t <= limit->interval; t++)
        ok = push_pieces(w, limit, t, p->store[store].injection, e);
    return ok;
}

static bool push_row(const struct work *w, const struct limit *limit, struct entries *e)
{
    const struct dispatch_problem *p = w->p;
    bool ok = true;
    switch (limit->kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        ok = push_flow(w, limit, e);
        break;
    case DISPATCH_GROUP:
        ok = push_group(w, limit, e);
        break;
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        if (limit->interval > 0)
            ok = push_pieces(w, limit, limit->interval - 1, limit->index, e);
        ok = ok && push_pieces(w, limit, limit->interval, limit->index, e);
        break;
    default:
        for (int32_t t = 0; ok && t <= limit->interval; t++)
            ok = push_pieces(w, limit, t, p->store[limit->index].injection, e);
    }
    return ok;
}

static enum err_code append_limit(struct work *w, struct limit limit, struct err *err)
{
    if (w->n_limit == w->room_limit) {
        int32_t room = w->room_limit ? 2 * w->room_limit : 64;
        struct limit *grown = mem_resize(w->limit, (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "out of memory");
        w->limit = grown;
        w->room_limit = room;
    }
    int32_t count = work_count(w, limit.kind);
    if (limit.outage >= 0)
        limit.next = w->outage_limit[limit.index];
    w->limit[w->n_limit++] = limit;
    if (rows_is_flow(limit.kind))
        w->n_flow_row[limit.interval]++;
    if (limit.outage >= 0) {
        w->outage_limit[limit.index] = w->n_limit - 1;
        return ERR_OK;
    }
    w->limit_at[limit.kind][(size_t)limit.interval * (size_t)count +
                            (size_t)limit.index] = w->n_limit;
    return ERR_OK;
}

/* A limit found violated, before it is a row. */
struct candidate {
    enum dispatch_row_kind kind;
    int32_t index, interval, outage;
    double over; /* how badly it is broken, to compare with others of its kind */
};

struct candidates {
    struct candidate *item;
    int32_t n, room;
};

static int worst_first(const void *pa, const void *pb)
{
    const struct candidate *a = pa, *b = pb;
    if (a->over > b->over || a->over < b->over)
        return a->over > b->over ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static bool append(struct candidates *c, struct candidate item)
{
    if (c->n == c->room) {
        int32_t room = c->room ? 2 * c->room : 256;
        struct candidate *grown = mem_resize(c->item, (size_t)room, sizeof *grown);
        if (!grown)
            return false;
        c->item = grown;
        c->room = room;
    }
    c->item[c->n++] = item;
    return true;
}

/*
 * A broken flow limit counts by MW over the root of the limit: by MW alone those of large
 * lines come first, though small ones bend the dispatch as much; by shares of the limit the
 * smallest come first. 8387_pegase: 2174 steps of the simplex method, 1767, and 1871.
 */
static double badness(const struct work *w, enum dispatch_row_kind kind, int32_t index,
                      int32_t t, double over)
{
    if (!rows_is_flow(kind))
        return over;
    return over / sqrt(fmax(1, fabs(rows_stated(w, kind, index, t))));
}

/* Violated limits of one kind and interval that are not in the LP, appended to c. */
static bool separate(const struct work *w, enum dispatch_row_kind kind, int32_t t,
                     struct candidates *c)
{
    int32_t count = work_count(w, kind);
    const int32_t *known = w->limit_at[kind] + (size_t)t * (size_t)count;
    for (int32_t k = 0; k < count; k++) {
        double over = known[k] ? 0 : rows_violation(w, kind, k, t);
        if (over > 0 && !append(c, (struct candidate){kind, k, t, -1,
                                                      badness(w, kind, k, t, over)}))
            return false;
    }
    return true;
}

/*
 * An interval is lifted when its rows over injections would hold many more entries than
 * angles need: a few for every node, whatever the number of rows.
 */
bool separate_is_dense(const struct work *w, int32_t t, int32_t n_found)
{
    int32_t n_row = w->n_flow_row[t] + n_found;
    double n_column = (double)w->n_piece / w->p->n_interval;
    return n_row >= FEW_ROWS &&
           n_row * n_column > SPARSE_ENTRIES * (double)network_n_node(w->p->net);
}

/* Angles for interval t where n_found more rows make that worth while. */
static enum err_code lift_if_dense(struct work *w, int32_t t, int32_t n_found,
                                   struct err *err)
{
    /* Angles would not know of losses: those intervals keep rows over injections. */
    if (w->lossy || lift_has(w, t) || !separate_is_dense(w, t, n_found))
        return ERR_OK;
    return lift_interval(w, t, err);
}

/* Flow limits broken in interval t: the worst of them, more where rows are sparse. */
static enum err_code collect_flows(struct work *w, int32_t t, struct candidates *c,
                                   struct err *err)
{
    int32_t first = c->n;
    if (!separate(w, DISPATCH_BRANCH_MAX, t, c) ||
        !separate(w, DISPATCH_BRANCH_MIN, t, c))
        return err_set(err, ERR_NOMEM, "out of memory");
    enum err_code code = lift_if_dense(w, t, c->n - first, err);
    int32_t most = lift_has(w, t) ? LIFTED_PER_INTERVAL : BRANCHES_PER_INTERVAL;
    if (c->n - first > most) {
        qsort(c->item + first, (size_t)(c->n - first), sizeof *c->item, worst_first);
        c->n = first + most;
    }
    return code;
}

static enum err_code collect(struct work *w, struct candidates *c, struct err *err)
{
    for (int32_t t = 0; t < w->p->n_interval; t++) {
        enum err_code code = collect_flows(w, t, c, err);
        if (code)
            return code;
        for (int kind = DISPATCH_GROUP; kind < DISPATCH_ROW_KINDS; kind++)
            if (!separate(w, (enum dispatch_row_kind)kind, t, c))
                return err_set(err, ERR_NOMEM, "out of memory");
    }
    return ERR_OK;
}

/*
 * Limits after outages; looked for when all others are kept. Many at a time where rows are
 * sparse: what they do to each other is found in fewer steps of the simplex method.
 */
static enum err_code collect_outages(struct work *w, struct candidates *c,
                                     struct err *err)
{
    size_t n_t = (size_t)w->p->n_interval;
    const int32_t most = w->lossy ? OUTAGES_PER_INTERVAL : LIFTED_OUTAGES;
    struct outage_violation *found = mem_alloc(n_t * (size_t)most, sizeof *found);
    int32_t *n_found = mem_alloc(n_t, sizeof *n_found);
    enum err_code code = ERR_OK;
    if (!found || !n_found)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = secure_find(w, OUTAGES_PER_BRANCH, most, found, n_found, err);
    for (int32_t t = 0; !code && t < w->p->n_interval; t++) {
        code = lift_if_dense(w, t, n_found[t], err);
        for (int32_t i = 0; !code && i < n_found[t]; i++) {
            const struct outage_violation *v = &found[t * most + i];
            if (!append(c, (struct candidate){v->minimum ? DISPATCH_BRANCH_MIN
                                                         : DISPATCH_BRANCH_MAX,
                                              v->branch, t, v->outage, v->over_mw}))
                code = err_set(err, ERR_NOMEM, "out of memory");
        }
    }
    mem_free(found);
    mem_free(n_found);
    return code;
}

/* Intervals whose power a limit of this kind and interval depends on: first to t. */
static int32_t first_touched(const struct work *w, enum dispatch_row_kind kind,
                             int32_t index, int32_t t)
{
    if (kind == DISPATCH_GROUP)
        return rows_group_store(w->p, index) < 0 ? t : 0;
    if (kind == DISPATCH_RAMP_UP || kind == DISPATCH_RAMP_DOWN)
        return t > 0 ? t - 1 : 0;
    return kind == DISPATCH_STORE_MAX || kind == DISPATCH_STORE_MIN ? 0 : t;
}

enum err_code separate_mark(const struct work *w, bool *touched, bool *any,
                            struct err *err)
{
    *any = false;
    for (int k = 0; k < DISPATCH_ROW_KINDS; k++) {
        enum dispatch_row_kind kind = (enum dispatch_row_kind)k;
        int32_t count = work_count(w, kind);
        for (int32_t t = 0; t < w->p->n_interval; t++) {
            for (int32_t i = 0; i < count; i++) {
                int32_t known =
                    w->limit_at[kind][(size_t)t * (size_t)count + (size_t)i];
                const struct limit *limit = known ? &w->limit[known - 1] : NULL;
                double allowed =
                    limit && w->x[limit->slack] > 0
                        ? w->x[limit->slack] + rows_tolerance(limit->stated)
                        : 0;
                if (!(rows_violation(w, kind, i, t) > allowed))
                    continue;
                *any = true;
                for (int32_t u = first_touched(w, kind, i, t); u <= t; u++)
                    touched[u] = true;
            }
        }
    }
    return w->screen ? secure_mark(w, touched, any, err) : ERR_OK;
}

static struct limit limit_of(const struct work *w, const struct candidate *c)
{
    struct limit limit = {.kind = c->kind,
                          .index = c->index,
                          .interval = c->interval,
                          .outage = c->outage,
                          .factor = -1,
                          .next = -1};
    if (c->outage < 0)
        limit.stated = rows_stated(w, c->kind, c->index, c->interval);
    else
        limit.stated =
            outage_limit_mw(w->p->outages, network_data(w->p->net), c->outage, c->index,
                            c->kind == DISPATCH_BRANCH_MIN);
    return limit;
}

/* Slack columns, one per candidate, numbered from the LP's present width. */
static enum err_code add_slacks(struct work *w, const struct candidates *c,
                                struct err *err)
{
    size_t n = (size_t)c->n;
    double *cost = mem_alloc(n, sizeof *cost), *lo = mem_alloc(n, sizeof *lo);
    double *up = mem_alloc(n, sizeof *up);
    enum err_code code = ERR_OK;
    if (!cost || !lo || !up)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < c->n; k++) {
        const struct limit limit = limit_of(w, &c->item[k]);
        cost[k] = work_slack_cost(w, &limit, false);
        up[k] = INFINITY;
    }
    if (!code)
        code = lp_add_columns(w->lp, c->n, cost, lo, up, NULL, NULL, NULL, err);
    mem_free(cost);
    mem_free(lo);
    mem_free(up);
    return code;
}

static bool needs_factors(const struct work *w, const struct candidate *c)
{
    const struct limit limit = limit_of(w, c);
    return rows_is_flow(c->kind) && (c->outage >= 0 || !lift_applies(w, &limit));
}

static enum err_code need_factors(struct work *w, const struct candidates *c,
                                  struct err *err)
{
    int32_t n = 0;
    struct flow_at *at = mem_alloc((size_t)c->n, sizeof *at);
    if (!at)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < c->n; k++)
        if (needs_factors(w, &c->item[k]))
            at[n++] = (struct flow_at){c->item[k].index, c->item[k].outage};
    enum err_code code = factors_need(w, n, at, err);
    mem_free(at);
    return code;
}

static double right_hand_side(const struct work *w, const struct limit *limit,
                              const struct entries *e, int64_t from)
{
    if (lift_applies(w, limit))
        return lift_side(w, limit, e, from);
    double room = limit->stated - rows_base_activity(w, limit);
    return rows_is_minimum(limit->kind) ? -room : room;
}

static enum err_code add_rows(struct work *w, const struct candidates *c,
                              struct err *err)
{
    enum err_code code = ERR_OK;
    struct entries e = {0};
    int32_t first_slack = lp_n_columns(w->lp), first_row = lp_n_rows(w->lp);
    double *lo = mem_alloc((size_t)c->n, sizeof *lo);
    double *up = mem_alloc((size_t)c->n, sizeof *up);
    int64_t *start = mem_alloc((size_t)c->n + 1, sizeof *start);
    if (!lo || !up || !start) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    code = need_factors(w, c, err);
    for (int32_t k = 0; k < c->n && !code; k++) {
        const struct candidate *v = &c->item[k];
        struct limit limit = limit_of(w, v);
        limit.row = first_row + k;
        limit.slack = first_slack + k;
        if (needs_factors(w, v))
            limit.factor = factors_find(w, v->index, v->outage);
        start[k] = e.n;
        if (!push_row(w, &limit, &e))
            code = err_set(err, ERR_NOMEM, "out of memory");
        limit.rhs = code ? 0 : right_hand_side(w, &limit, &e, start[k]);
        lo[k] = -INFINITY;
        up[k] = limit.rhs;
        if (!code && !entries_push(&e, limit.slack, -1))
            code = err_set(err, ERR_NOMEM, "out of memory");
        if (!code)
            code = append_limit(w, limit, err);
    }
    if (!code) {
        start[c->n] = e.n;
        code = add_slacks(w, c, err);
    }
    if (!code)
        code = lp_add_rows(w->lp, c->n, lo, up, start, e.col, e.value, err);
done:
    mem_free(lo);
    mem_free(up);
    mem_free(start);
    entries_release(&e);
    return code;
}

static void count_added(struct work *w, const struct candidates *c)
{
    w->stats.rows_added += c->n;
    for (int32_t k = 0; k < c->n; k++)
        w->stats.outage_rows_added += c->item[k].outage >= 0;
}

enum err_code separate_add(struct work *w, int32_t n, const struct limit *limit,
                           struct err *err)
{
    struct candidates c = {.item = mem_alloc((size_t)n, sizeof *c.item), .n = n};
    if (!c.item)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < n; k++)
        c.item[k] = (struct candidate){limit[k].kind, limit[k].index, limit[k].interval,
                                       limit[k].outage, 0};
    enum err_code code = n > 0 ? add_rows(w, &c, err) : ERR_OK;
    if (!code)
        count_added(w, &c);
    mem_free(c.item);
    return code;
}

enum err_code separate_violated(struct work *w, int32_t *n_added, struct err *err)
{
    struct candidates c = {0};
    enum err_code code = ERR_OK;
    *n_added = 0;
    code = collect(w, &c, err);
    if (!code && c.n == 0 && w->screen)
        code = collect_outages(w, &c, err);
    if (!code && c.n > 0)
        code = add_rows(w, &c, err);
    if (!code) {
        *n_added = c.n;
        count_added(w, &c);
    }
    mem_free(c.item);
    return code;
}
