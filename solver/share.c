/*
 * share.c - equal offers share pro rata.
 *
 * At an optimum, pieces with zero reduced cost, equal cost and equal coefficients in
 * every binding limit can trade power without changing cost or feasibility of what
 * binds. Their total is shared in proportion to their widths, which makes the answer
 * independent of the vertex that the simplex method happened to stop at. Where sharing
 * would break a limit that did not bind, the interval falls back to sharing among pieces
 * at the same place, then to none.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

enum share_scope {
    SHARE_SYSTEM, /* wherever the binding limits see no difference */
    SHARE_PLACE,  /* only among injections at the same buses */
    SHARE_NONE,
};

/*
 * Random combinations of an injection's coefficients in the binding limits. Two that
 * agree in both agree in every coefficient, but for an accident of rounding.
 */
enum {
    MARKS = 2
};
static const double SAME_MARK = 1e-8;

/* A piece at its margin. Pieces that may trade have equal cost and equal mark. */
struct candidate {
    int32_t piece; /* -1 once it belongs to a group */
    double cost;
    double mark[MARKS];
};

struct share {
    struct work *w;
    double *reduced_cost;   /* [columns] */
    double *before;         /* [columns] x as the LP left it */
    int32_t *binding;       /* [n_binding] branch and group limits, by interval */
    int32_t *binding_start; /* [n_interval + 1] */
    bool *tied;       /* [n_interval * n_injection] a ramp or store limit binds it */
    bool *smooth;     /* [n_injection] its cost is a polynomial */
    double *mu;       /* [MARKS * n_branch] scratch */
    double *bus_mark; /* [MARKS * n_bus] scratch */
    double *mark;     /* [MARKS * n_injection] of the interval at hand */
    struct candidate *candidate; /* [n_piece] */
    int32_t *group;              /* [n_piece] */
    enum share_scope *scope;     /* [n_interval] */
    bool *touched;               /* [n_interval] */
};

static bool is_binding(const struct work *w, const struct limit *limit)
{
    double room = fabs(limit->stated - rows_activity(w, limit));
    return w->x[limit->slack] > 0 || room <= 1e-6 + 1e-8 * fabs(limit->stated);
}

/* Intervals of an injection that a binding limit over time looks at: on a ramp, or on what
 * a store holds. */
static void tie(struct share *s, const struct limit *limit)
{
    const struct dispatch_problem *p = s->w->p;
    bool ramp = limit->kind == DISPATCH_RAMP_UP || limit->kind == DISPATCH_RAMP_DOWN;
    int32_t store = limit->kind == DISPATCH_GROUP ? rows_group_store(p, limit->index)
                                                  : limit->index;
    int32_t i = ramp ? limit->index : p->store[store].injection;
    int32_t first = !ramp ? 0 : limit->interval > 0 ? limit->interval - 1 : 0;
    for (int32_t t = first; t <= limit->interval; t++)
        s->tied[t * p->n_injection + i] = true;
}

static void find_binding(struct share *s)
{
    const struct work *w = s->w;
    int32_t n = 0;
    for (int32_t t = 0; t < w->p->n_interval; t++) {
        s->binding_start[t] = n;
        for (int32_t k = 0; k < w->n_limit; k++) {
            const struct limit *limit = &w->limit[k];
            if (limit->interval != t || !is_binding(w, limit))
                continue;
            if (limit->kind <= DISPATCH_GROUP)
                s->binding[n++] = k;
            if (limit->kind > DISPATCH_GROUP ||
                (limit->kind == DISPATCH_GROUP &&
                 rows_group_store(w->p, limit->index) >= 0))
                tie(s, limit);
        }
    }
    s->binding_start[w->p->n_interval] = n;
}

static bool same_place(const struct dispatch_problem *p, int32_t a, int32_t b)
{
    int32_t n = p->bus_start[a + 1] - p->bus_start[a];
    const int32_t *bus_a = p->bus + p->bus_start[a], *bus_b = p->bus + p->bus_start[b];
    const double *wa = p->bus_weight + p->bus_start[a];
    const double *wb = p->bus_weight + p->bus_start[b];
    return n > 0 && n == p->bus_start[b + 1] - p->bus_start[b] &&
           memcmp(bus_a, bus_b, (size_t)n * sizeof *bus_a) == 0 &&
           memcmp(wa, wb, (size_t)n * sizeof *wa) == 0;
}

static bool same_islands(const struct work *w, int32_t a, int32_t b)
{
    int32_t n = w->island_start[a + 1] - w->island_start[a];
    if (n != w->island_start[b + 1] - w->island_start[b])
        return false;
    for (int32_t k = 0; k < n; k++)
        if (w->island[w->island_start[a] + k] != w->island[w->island_start[b] + k] ||
            fabs(w->island_weight[w->island_start[a] + k] -
                 w->island_weight[w->island_start[b] + k]) > 1e-12)
            return false;
    return true;
}

static bool may_trade(const struct share *s, const struct candidate *a,
                      const struct candidate *b)
{
    const struct work *w = s->w;
    const struct piece *pa = &w->piece[a->piece], *pb = &w->piece[b->piece];
    if (s->scope[pa->interval] == SHARE_PLACE &&
        !same_place(w->p, pa->injection, pb->injection))
        return false;
    for (int m = 0; m < MARKS; m++)
        if (fabs(a->mark[m] - b->mark[m]) > SAME_MARK)
            return false;
    return same_islands(w, pa->injection, pb->injection);
}

/* A fixed pseudo-random weight in [0.5, 1.5) for the k-th binding limit. */
static double weight_of(int32_t k, int m)
{
    uint32_t h = (uint32_t)(MARKS * k + m) * UINT32_C(2654435761);
    h ^= h >> 15;
    return 0.5 + (double)(h % 65536) / 65536;
}

/* A trade that moves flow on a branch that loses power changes what is lost: each of these
 * counts as a binding limit. */
static void mark_losses(struct share *s)
{
    const struct network_data *d = network_data(s->w->p->net);
    for (int32_t l = 0; s->w->lossy && l < d->n_branch; l++)
        for (int m = 0; m < MARKS && loss_of_branch(d, l, 1) > 0; m++)
            s->mu[(size_t)m * (size_t)d->n_branch + (size_t)l] =
                weight_of(s->w->n_limit + l, m);
}

/* Marks of all injections in interval t: one mixture of the binding limits each. */
static enum err_code find_marks(struct share *s, int32_t t, struct err *err)
{
    const struct dispatch_problem *p = s->w->p;
    size_t n = (size_t)p->n_injection;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    size_t n_branch = (size_t)network_data(p->net)->n_branch;
    memset(s->mark, 0, MARKS * n * sizeof *s->mark);
    if (s->binding_start[t] == s->binding_start[t + 1] && !s->w->lossy)
        return ERR_OK;
    memset(s->mu, 0, MARKS * n_branch * sizeof *s->mu);
    mark_losses(s);
    for (int32_t k = s->binding_start[t]; k < s->binding_start[t + 1]; k++) {
        const struct limit *limit = &s->w->limit[s->binding[k]];
        for (int m = 0; m < MARKS; m++) {
            double weight = weight_of(s->binding[k], m);
            if (rows_is_flow(limit->kind)) {
                rows_spread(s->w, limit, weight, s->mu + (size_t)m * n_branch);
                rows_spread_gifts(s->w, limit, weight, s->mark + (size_t)m * n);
                continue;
            }
            for (int32_t e = p->group_start[limit->index];
                 e < p->group_start[limit->index + 1]; e++)
                s->mark[(size_t)m * n + (size_t)p->group_injection[e]] +=
                    weight * p->group_coef[e];
        }
    }
    enum err_code code = network_prices(p->net, MARKS, s->mu, s->bus_mark, err);
    for (size_t m = 0; !code && m < MARKS; m++)
        for (int32_t i = 0; i < p->n_injection; i++)
            for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
                s->mark[m * n + (size_t)i] +=
                    p->bus_weight[k] * s->bus_mark[m * n_bus + (size_t)p->bus[k]];
    return code;
}

static int by_cost_mark_piece(const void *pa, const void *pb)
{
    const struct candidate *a = pa, *b = pb;
    if (a->cost < b->cost || a->cost > b->cost)
        return a->cost < b->cost ? -1 : 1;
    if (a->mark[0] < b->mark[0] || a->mark[0] > b->mark[0])
        return a->mark[0] < b->mark[0] ? -1 : 1;
    return a->piece < b->piece ? -1 : a->piece > b->piece;
}

/* True of pieces that a forced direction of their store holds where they are. */
static bool is_held(const struct work *w, const struct piece *piece)
{
    double lo, up;
    lp_column_bounds(w->lp, piece->col, &lo, &up);
    return lo >= up;
}

/* Pieces of interval t at their margin, those that may trade next to each other. */
static int32_t gather(struct share *s, int32_t t)
{
    const struct work *w = s->w;
    int32_t n = 0, last = w->p->n_injection;
    for (int32_t i = 0; i < w->p->n_injection; i++) {
        int32_t head = w->head[t * w->p->n_injection + i];
        bool apart = head < 0 || s->tied[t * w->p->n_injection + i] || s->smooth[i];
        for (int32_t k = head; k >= 0 && !apart; k = w->piece[k].next) {
            const struct piece *piece = &w->piece[k];
            double scale = w->p->duration_h[t] * (1 + fabs(piece->cost));
            if (piece->width_mw > 0 && !is_held(w, piece) &&
                fabs(s->reduced_cost[piece->col]) <= 1e-8 * scale)
                s->candidate[n++] =
                    (struct candidate){k, piece->cost, {s->mark[i], s->mark[last + i]}};
        }
    }
    qsort(s->candidate, (size_t)n, sizeof *s->candidate, by_cost_mark_piece);
    return n;
}

/*
 * Pieces of one injection (they stand together, lower ones first) fill from below, as a
 * curve does: a store that is offered one price throughout never charges and discharges
 * at once.
 */
static void stack_pieces(struct work *w, const int32_t *member, int32_t n)
{
    for (int32_t first = 0, end; first < n; first = end) {
        double left = 0;
        for (end = first; end < n && w->piece[member[end]].injection ==
                                         w->piece[member[first]].injection;
             end++)
            left += w->x[w->piece[member[end]].col];
        for (int32_t k = first; k < end; k++) {
            const struct piece *piece = &w->piece[member[k]];
            w->x[piece->col] = fmin(piece->width_mw, left);
            left -= w->x[piece->col];
        }
    }
}

static void share_group(struct share *s, const int32_t *member, int32_t n)
{
    struct work *w = s->w;
    double total = 0, width = 0;
    for (int32_t k = 0; k < n; k++) {
        total += w->x[w->piece[member[k]].col];
        width += w->piece[member[k]].width_mw;
    }
    for (int32_t k = 0; k < n; k++) {
        const struct piece *piece = &w->piece[member[k]];
        w->x[piece->col] = fmin(piece->width_mw, total * (piece->width_mw / width));
    }
    stack_pieces(w, member, n);
}

/* Partitions the candidates into groups that may trade and shares each. */
static enum err_code share_interval(struct share *s, int32_t t, struct err *err)
{
    enum err_code code = find_marks(s, t, err);
    int32_t n = code ? 0 : gather(s, t);
    for (int32_t first = 0; first < n; first++) {
        const struct candidate *leader = &s->candidate[first];
        int32_t n_group = 0;
        for (int32_t k = first; leader->piece >= 0 && k < n; k++) {
            struct candidate *c = &s->candidate[k];
            if (c->cost > leader->cost || c->mark[0] > leader->mark[0] + SAME_MARK)
                break;
            if (c->piece < 0 || (k > first && !may_trade(s, leader, c)))
                continue;
            s->group[n_group++] = c->piece;
            if (k > first)
                c->piece = -1;
        }
        if (n_group > 1)
            share_group(s, s->group, n_group);
    }
    return code;
}

static enum err_code share_all(struct share *s, struct err *err)
{
    struct work *w = s->w;
    size_t n_t = (size_t)w->p->n_interval;
    for (;;) {
        memcpy(w->x, s->before, (size_t)lp_n_columns(w->lp) * sizeof *w->x);
        enum err_code code = ERR_OK;
        for (int32_t t = 0; !code && t < w->p->n_interval; t++)
            if (s->scope[t] != SHARE_NONE)
                code = share_interval(s, t, err);
        if (!code)
            code = work_evaluate(w, err);
        bool any = false;
        memset(s->touched, 0, n_t * sizeof *s->touched);
        if (!code)
            code = separate_mark(w, s->touched, &any, err);
        if (code || !any)
            return code;
        bool narrowed = false;
        for (size_t t = 0; t < n_t; t++) {
            if (s->touched[t] && s->scope[t] != SHARE_NONE) {
                s->scope[t]++;
                narrowed = true;
            }
        }
        if (!narrowed)
            return ERR_OK; /* the LP's own point, within its own tolerance */
    }
}

static bool allocate(struct share *s)
{
    const struct work *w = s->w;
    size_t n_t = (size_t)w->p->n_interval, n_col = (size_t)lp_n_columns(w->lp);
    s->reduced_cost = mem_alloc(n_col, sizeof *s->reduced_cost);
    s->before = mem_alloc(n_col, sizeof *s->before);
    s->binding = mem_alloc((size_t)w->n_limit, sizeof *s->binding);
    s->binding_start = mem_alloc(n_t + 1, sizeof *s->binding_start);
    s->tied = mem_alloc(n_t * (size_t)w->p->n_injection, sizeof *s->tied);
    s->smooth = mem_alloc((size_t)w->p->n_injection, sizeof *s->smooth);
    s->mu = mem_alloc(MARKS * (size_t)network_data(w->p->net)->n_branch, sizeof *s->mu);
    s->bus_mark =
        mem_alloc(MARKS * (size_t)network_data(w->p->net)->n_bus, sizeof *s->bus_mark);
    s->mark = mem_alloc(MARKS * (size_t)w->p->n_injection, sizeof *s->mark);
    s->candidate = mem_alloc((size_t)w->n_piece, sizeof *s->candidate);
    s->group = mem_alloc((size_t)w->n_piece, sizeof *s->group);
    s->scope = mem_alloc(n_t, sizeof *s->scope);
    s->touched = mem_alloc(n_t, sizeof *s->touched);
    return s->reduced_cost && s->before && s->binding && s->binding_start && s->tied &&
           s->smooth && s->mu && s->bus_mark && s->mark && s->candidate && s->group &&
           s->scope && s->touched;
}

enum err_code share_equal_offers(struct work *w, struct err *err)
{
    struct share s = {.w = w};
    enum err_code code = ERR_OK;
    if (!allocate(&s)) {
        code = err_set(err, ERR_NOMEM, "out of memory");
    } else {
        for (int32_t k = 0; k < w->p->n_polynomial; k++)
            s.smooth[w->p->polynomial[k].injection] = true;
        lp_reduced_costs(w->lp, s.reduced_cost);
        memcpy(s.before, w->x, (size_t)lp_n_columns(w->lp) * sizeof *s.before);
        find_binding(&s);
        code = share_all(&s, err);
    }
    mem_free(s.reduced_cost);
    mem_free(s.before);
    mem_free(s.binding);
    mem_free(s.binding_start);
    mem_free(s.tied);
    mem_free(s.smooth);
    mem_free(s.mu);
    mem_free(s.bus_mark);
    mem_free(s.mark);
    mem_free(s.candidate);
    mem_free(s.group);
    mem_free(s.scope);
    mem_free(s.touched);
    return code;
}
