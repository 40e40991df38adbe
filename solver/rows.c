/*
 * rows.c - limits as families: which are violated, and what they look like as LP rows.
 *
 * Every limit is stated as activity <= limit or activity >= limit in dispatch.h; as an
 * LP row it always reads  sum coefficient x - slack <= rhs.
 */
#include "solver/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

enum {
    BRANCHES_PER_INTERVAL = 32, /* most branch limits added per interval and round */
};

/* A limit is violated when it is broken by more than this. */
static double tolerance(double limit)
{
    return 1e-6 + 1e-8 * fabs(limit);
}

/* The limit as stated; INFINITY (or -INFINITY for minima) when there is none. */
static double stated_limit(const struct work *w, enum dispatch_row_kind kind,
                           int32_t index, int32_t t)
{
    const struct dispatch_problem *p = w->p;
    switch (kind) {
    case DISPATCH_BRANCH_MAX:
        return network_data(p->net)->flow_max_mw[index];
    case DISPATCH_BRANCH_MIN:
        return network_data(p->net)->flow_min_mw[index];
    case DISPATCH_GROUP:
        return p->group_max_mw[(size_t)t * (size_t)p->n_group + (size_t)index];
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        if (p->ramp_free && p->ramp_free[t * p->n_injection + index])
            return HUGE_VAL;
        return p->duration_h[t] * (kind == DISPATCH_RAMP_UP
                                       ? p->ramp_up_mw_per_h[index]
                                       : p->ramp_down_mw_per_h[index]);
    case DISPATCH_STORE_MAX:
        return p->store[index].energy_max_mwh;
    default:
        return t == p->n_interval - 1 ? fmax(p->store[index].energy_min_mwh,
                                             p->store[index].energy_end_min_mwh)
                                      : p->store[index].energy_min_mwh;
    }
}

static double power_before(const struct work *w, int32_t i, int32_t t)
{
    return t == 0 ? w->p->initial_mw[i] : w->power_mw[(t - 1) * w->p->n_injection + i];
}

/* Left-hand side as stated; NaN where there is nothing to compare with. */
static double activity(const struct work *w, enum dispatch_row_kind kind, int32_t index,
                       int32_t t)
{
    const struct dispatch_problem *p = w->p;
    switch (kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        return w->flow_mw[(size_t)t * (size_t)network_data(p->net)->n_branch +
                          (size_t)index];
    case DISPATCH_GROUP: {
        double sum = 0;
        for (int32_t k = p->group_start[index]; k < p->group_start[index + 1]; k++)
            sum += p->group_coef[k] *
                   w->power_mw[t * p->n_injection + p->group_injection[k]];
        return sum;
    }
    case DISPATCH_RAMP_UP:
        return w->power_mw[t * p->n_injection + index] - power_before(w, index, t);
    case DISPATCH_RAMP_DOWN:
        return power_before(w, index, t) - w->power_mw[t * p->n_injection + index];
    default:
        return w->energy_mwh[t * p->n_store + index];
    }
}

static bool is_minimum(enum dispatch_row_kind kind)
{
    return kind == DISPATCH_BRANCH_MIN || kind == DISPATCH_STORE_MIN;
}

double rows_activity(const struct work *w, const struct limit *limit)
{
    return activity(w, limit->kind, limit->index, limit->interval);
}

/* How far the limit is broken, 0 if it is kept or absent. */
static double violation(const struct work *w, enum dispatch_row_kind kind,
                        int32_t index, int32_t t)
{
    double limit = stated_limit(w, kind, index, t);
    if (isinf(limit))
        return 0;
    double over = activity(w, kind, index, t) - limit;
    if (is_minimum(kind))
        over = -over;
    return over > tolerance(limit) ? over : 0; /* false for NaN */
}

double rows_coefficient(const struct work *w, const struct limit *limit,
                        const struct piece *piece)
{
    const struct dispatch_problem *p = w->p;
    const struct dispatch_store *store;
    double moved;
    switch (limit->kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        if (piece->interval != limit->interval)
            return 0;
        moved = w->slot_injection[(size_t)(w->slot_of_branch[limit->index] - 1) *
                                      (size_t)p->n_injection +
                                  (size_t)piece->injection];
        return limit->kind == DISPATCH_BRANCH_MAX ? moved : -moved;
    case DISPATCH_GROUP:
        if (piece->interval != limit->interval)
            return 0;
        for (int32_t k = p->group_start[limit->index];
             k < p->group_start[limit->index + 1]; k++)
            if (p->group_injection[k] == piece->injection)
                return p->group_coef[k];
        return 0;
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        if (piece->injection != limit->index)
            return 0;
        moved = piece->interval == limit->interval       ? 1
                : piece->interval == limit->interval - 1 ? -1
                                                         : 0;
        return limit->kind == DISPATCH_RAMP_UP ? moved : -moved;
    default:
        store = &p->store[limit->index];
        if (piece->injection != store->injection || piece->interval > limit->interval)
            return 0;
        moved = -p->duration_h[piece->interval] *
                (piece->from_mw < 0 ? store->charge_efficiency
                                    : 1 / store->discharge_efficiency);
        return limit->kind == DISPATCH_STORE_MAX ? moved : -moved;
    }
}

/* Left-hand side as stated when every piece is empty. */
static double base_activity(const struct work *w, const struct limit *limit)
{
    const struct dispatch_problem *p = w->p;
    const int32_t t = limit->interval, n = p->n_injection;
    double sum = 0;
    switch (limit->kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        return w->base_flow[(size_t)t * (size_t)network_data(p->net)->n_branch +
                            (size_t)limit->index];
    case DISPATCH_GROUP:
        for (int32_t k = p->group_start[limit->index];
             k < p->group_start[limit->index + 1]; k++)
            sum += p->group_coef[k] * p->base_mw[t * n + p->group_injection[k]];
        return sum;
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        sum = p->base_mw[t * n + limit->index] -
              (t == 0 ? p->initial_mw[limit->index]
                      : p->base_mw[(t - 1) * n + limit->index]);
        return limit->kind == DISPATCH_RAMP_UP ? sum : -sum;
    default:
        sum = p->store[limit->index].energy_initial_mwh;
        for (int32_t u = 0; u <= t; u++) {
            double base = p->base_mw[u * n + p->store[limit->index].injection];
            sum += p->duration_h[u] *
                   (p->store[limit->index].charge_efficiency * fmax(0, -base) -
                    fmax(0, base) / p->store[limit->index].discharge_efficiency);
        }
        return sum;
    }
}

/* Distribution factors of a branch, for buses and for injections, kept for later. */
static enum err_code need_factors(struct work *w, int32_t branch, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    size_t n_injection = (size_t)p->n_injection;
    if (w->slot_of_branch[branch])
        return ERR_OK;
    if (w->n_slot == w->room_slot) {
        int32_t room = w->room_slot ? 2 * w->room_slot : 32;
        double *bus = mem_resize(w->slot_bus, (size_t)room * n_bus, sizeof *bus);
        if (bus)
            w->slot_bus = bus;
        double *injection = mem_resize(w->slot_injection, (size_t)room * n_injection,
                                       sizeof *injection);
        if (injection)
            w->slot_injection = injection;
        if (!bus || !injection)
            return err_set(err, ERR_NOMEM, "cannot hold %d rows of factors", room);
        w->room_slot = room;
    }
    double *bus = w->slot_bus + (size_t)w->n_slot * n_bus;
    double *injection = w->slot_injection + (size_t)w->n_slot * n_injection;
    enum err_code code = network_ptdf_rows(p->net, 1, &branch, bus, err);
    if (code)
        return code;
    for (int32_t i = 0; i < p->n_injection; i++) {
        injection[i] = 0;
        for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
            injection[i] += p->bus_weight[k] * bus[p->bus[k]];
    }
    w->slot_of_branch[branch] = ++w->n_slot;
    return ERR_OK;
}

/* Entries of a new row, appended to a growing list. */
struct entries {
    int32_t *col;
    double *value;
    int64_t n, room;
};

static bool push(struct entries *e, int32_t col, double value)
{
    if (fabs(value) < 1e-10)
        return true; /* less than rounding of the factors themselves */
    if (e->n == e->room) {
        int64_t room = e->room ? 2 * e->room : 1024;
        int32_t *c = mem_resize(e->col, (size_t)room, sizeof *c);
        if (c)
            e->col = c;
        double *v = mem_resize(e->value, (size_t)room, sizeof *v);
        if (v)
            e->value = v;
        if (!c || !v)
            return false;
        e->room = room;
    }
    e->col[e->n] = col;
    e->value[e->n++] = value;
    return true;
}

static bool push_pieces(const struct work *w, const struct limit *limit, int32_t t,
                        int32_t i, struct entries *e)
{
    for (int32_t k = w->head[t * w->p->n_injection + i]; k >= 0; k = w->piece[k].next)
        if (!push(e, w->piece[k].col, rows_coefficient(w, limit, &w->piece[k])))
            return false;
    return true;
}

static bool push_row(const struct work *w, const struct limit *limit, struct entries *e)
{
    const struct dispatch_problem *p = w->p;
    bool ok = true;
    switch (limit->kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        for (int32_t i = 0; ok && i < p->n_injection; i++)
            ok = push_pieces(w, limit, limit->interval, i, e);
        break;
    case DISPATCH_GROUP:
        for (int32_t k = p->group_start[limit->index];
             ok && k < p->group_start[limit->index + 1]; k++)
            ok = push_pieces(w, limit, limit->interval, p->group_injection[k], e);
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
    return ok && push(e, limit->slack, -1);
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
    w->limit[w->n_limit++] = limit;
    w->limit_at[limit.kind][(size_t)limit.interval * (size_t)count +
                            (size_t)limit.index] = w->n_limit;
    return ERR_OK;
}

/* A limit found violated, before it is a row. */
struct candidate {
    enum dispatch_row_kind kind;
    int32_t index, interval;
    double over;
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

/* Violated limits of one kind and interval that are not in the LP, appended to c. */
static bool separate(const struct work *w, enum dispatch_row_kind kind, int32_t t,
                     struct candidates *c)
{
    int32_t count = work_count(w, kind);
    const int32_t *known = w->limit_at[kind] + (size_t)t * (size_t)count;
    for (int32_t k = 0; k < count; k++) {
        double over = known[k] ? 0 : violation(w, kind, k, t);
        if (!(over > 0))
            continue;
        if (c->n == c->room) {
            int32_t room = c->room ? 2 * c->room : 256;
            struct candidate *grown = mem_resize(c->item, (size_t)room, sizeof *grown);
            if (!grown)
                return false;
            c->item = grown;
            c->room = room;
        }
        c->item[c->n++] = (struct candidate){kind, k, t, over};
    }
    return true;
}

static bool collect(const struct work *w, struct candidates *c)
{
    for (int32_t t = 0; t < w->p->n_interval; t++) {
        int32_t first = c->n;
        if (!separate(w, DISPATCH_BRANCH_MAX, t, c) ||
            !separate(w, DISPATCH_BRANCH_MIN, t, c))
            return false;
        if (c->n - first > BRANCHES_PER_INTERVAL) {
            qsort(c->item + first, (size_t)(c->n - first), sizeof *c->item,
                  worst_first);
            c->n = first + BRANCHES_PER_INTERVAL;
        }
        for (int kind = DISPATCH_GROUP; kind < DISPATCH_ROW_KINDS; kind++)
            if (!separate(w, (enum dispatch_row_kind)kind, t, c))
                return false;
    }
    return true;
}

/* Intervals whose power a limit of this kind and interval depends on: first to t. */
static int32_t first_touched(enum dispatch_row_kind kind, int32_t t)
{
    if (kind == DISPATCH_RAMP_UP || kind == DISPATCH_RAMP_DOWN)
        return t > 0 ? t - 1 : 0;
    return kind == DISPATCH_STORE_MAX || kind == DISPATCH_STORE_MIN ? 0 : t;
}

bool rows_mark_violated(const struct work *w, bool *touched)
{
    bool any = false;
    for (int k = 0; k < DISPATCH_ROW_KINDS; k++) {
        enum dispatch_row_kind kind = (enum dispatch_row_kind)k;
        int32_t count = work_count(w, kind);
        for (int32_t t = 0; t < w->p->n_interval; t++) {
            for (int32_t i = 0; i < count; i++) {
                int32_t known =
                    w->limit_at[kind][(size_t)t * (size_t)count + (size_t)i];
                const struct limit *limit = known ? &w->limit[known - 1] : NULL;
                double allowed = limit && w->x[limit->slack] > 0
                                     ? w->x[limit->slack] + tolerance(limit->stated)
                                     : 0;
                if (!(violation(w, kind, i, t) > allowed))
                    continue;
                any = true;
                for (int32_t u = first_touched(kind, t); u <= t; u++)
                    touched[u] = true;
            }
        }
    }
    return any;
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
        cost[k] = work_slack_cost(w, c->item[k].kind, c->item[k].interval, false);
        up[k] = INFINITY;
    }
    if (!code)
        code = lp_add_columns(w->lp, c->n, cost, lo, up, NULL, NULL, NULL, err);
    mem_free(cost);
    mem_free(lo);
    mem_free(up);
    return code;
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
    for (int32_t k = 0; k < c->n && !code; k++) {
        const struct candidate *v = &c->item[k];
        struct limit limit = {.kind = v->kind,
                              .index = v->index,
                              .interval = v->interval,
                              .stated = stated_limit(w, v->kind, v->index, v->interval),
                              .row = first_row + k,
                              .slack = first_slack + k};
        if (v->kind == DISPATCH_BRANCH_MAX || v->kind == DISPATCH_BRANCH_MIN)
            code = need_factors(w, v->index, err);
        if (code)
            break;
        limit.rhs = limit.stated - base_activity(w, &limit);
        if (is_minimum(limit.kind))
            limit.rhs = -limit.rhs;
        lo[k] = -INFINITY;
        up[k] = limit.rhs;
        start[k] = e.n;
        if (!push_row(w, &limit, &e))
            code = err_set(err, ERR_NOMEM, "out of memory");
        else
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
    mem_free(e.col);
    mem_free(e.value);
    return code;
}

enum err_code rows_add_violated(struct work *w, int32_t *n_added, struct err *err)
{
    struct candidates c = {0};
    enum err_code code = ERR_OK;
    *n_added = 0;
    if (!collect(w, &c))
        code = err_set(err, ERR_NOMEM, "out of memory");
    else if (c.n > 0)
        code = add_rows(w, &c, err);
    if (!code) {
        *n_added = c.n;
        w->stats.rows_added += c.n;
    }
    mem_free(c.item);
    return code;
}
