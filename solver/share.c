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

/* A piece at its margin. Pieces that may trade have equal cost and equal mark. */
struct candidate {
    int32_t piece; /* -1 once it belongs to a group */
    double cost;
    double mark; /* random combination of its coefficients in the binding limits */
};

struct share {
    struct work *w;
    double *reduced_cost;   /* [columns] */
    double *before;         /* [columns] x as the LP left it */
    int32_t *binding;       /* [n_binding] branch and group limits, by interval */
    int32_t *binding_start; /* [n_interval + 1] */
    bool *tied;   /* [n_interval * n_injection] a ramp or store limit binds it */
    bool *smooth; /* [n_injection] its cost is a polynomial */
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

/* Intervals of an injection that a binding ramp or store limit looks at. */
static void tie(struct share *s, const struct limit *limit)
{
    const struct dispatch_problem *p = s->w->p;
    bool ramp = limit->kind == DISPATCH_RAMP_UP || limit->kind == DISPATCH_RAMP_DOWN;
    int32_t i = ramp ? limit->index : p->store[limit->index].injection;
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
            else
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
    return n == p->bus_start[b + 1] - p->bus_start[b] &&
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

static bool may_trade(const struct share *s, int32_t pa, int32_t pb)
{
    const struct work *w = s->w;
    const struct piece *a = &w->piece[pa], *b = &w->piece[pb];
    int32_t t = a->interval;
    if (s->scope[t] == SHARE_PLACE && !same_place(w->p, a->injection, b->injection))
        return false;
    if (!same_islands(w, a->injection, b->injection))
        return false;
    for (int32_t k = s->binding_start[t]; k < s->binding_start[t + 1]; k++) {
        const struct limit *limit = &w->limit[s->binding[k]];
        if (fabs(rows_coefficient(w, limit, a) - rows_coefficient(w, limit, b)) > 1e-9)
            return false;
    }
    return true;
}

/* A fixed pseudo-random weight in [0.5, 1.5) for the k-th binding limit. */
static double weight_of(int32_t k)
{
    uint32_t h = (uint32_t)k * UINT32_C(2654435761);
    h ^= h >> 15;
    return 0.5 + (double)(h % 65536) / 65536;
}

static double mark_of(const struct share *s, const struct piece *piece)
{
    double sum = 0;
    for (int32_t k = s->binding_start[piece->interval];
         k < s->binding_start[piece->interval + 1]; k++)
        sum +=
            weight_of(k) * rows_coefficient(s->w, &s->w->limit[s->binding[k]], piece);
    return sum;
}

static int by_cost_mark_piece(const void *pa, const void *pb)
{
    const struct candidate *a = pa, *b = pb;
    if (a->cost < b->cost || a->cost > b->cost)
        return a->cost < b->cost ? -1 : 1;
    if (a->mark < b->mark || a->mark > b->mark)
        return a->mark < b->mark ? -1 : 1;
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
    int32_t n = 0;
    for (int32_t i = 0; i < w->p->n_injection; i++) {
        int32_t head = w->head[t * w->p->n_injection + i];
        bool apart = head < 0 || s->tied[t * w->p->n_injection + i] || s->smooth[i];
        for (int32_t k = head; k >= 0 && !apart; k = w->piece[k].next) {
            const struct piece *piece = &w->piece[k];
            double scale = w->p->duration_h[t] * (1 + fabs(piece->cost));
            if (piece->width_mw > 0 && !is_held(w, piece) &&
                fabs(s->reduced_cost[piece->col]) <= 1e-8 * scale)
                s->candidate[n++] =
                    (struct candidate){k, piece->cost, mark_of(s, piece)};
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
static void share_interval(struct share *s, int32_t t)
{
    int32_t n = gather(s, t);
    for (int32_t first = 0; first < n; first++) {
        const struct candidate *leader = &s->candidate[first];
        int32_t n_group = 0;
        for (int32_t k = first; leader->piece >= 0 && k < n; k++) {
            struct candidate *c = &s->candidate[k];
            if (c->cost > leader->cost || c->mark > leader->mark + 1e-6)
                break;
            if (c->piece < 0 || (k > first && !may_trade(s, leader->piece, c->piece)))
                continue;
            s->group[n_group++] = c->piece;
            if (k > first)
                c->piece = -1;
        }
        if (n_group > 1)
            share_group(s, s->group, n_group);
    }
}

static enum err_code share_all(struct share *s, struct err *err)
{
    struct work *w = s->w;
    size_t n_t = (size_t)w->p->n_interval;
    for (;;) {
        memcpy(w->x, s->before, (size_t)lp_n_columns(w->lp) * sizeof *w->x);
        for (int32_t t = 0; t < w->p->n_interval; t++)
            if (s->scope[t] != SHARE_NONE)
                share_interval(s, t);
        enum err_code code = work_evaluate(w, err);
        memset(s->touched, 0, n_t * sizeof *s->touched);
        if (code || !rows_mark_violated(w, s->touched))
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
    s->candidate = mem_alloc((size_t)w->n_piece, sizeof *s->candidate);
    s->group = mem_alloc((size_t)w->n_piece, sizeof *s->group);
    s->scope = mem_alloc(n_t, sizeof *s->scope);
    s->touched = mem_alloc(n_t, sizeof *s->touched);
    return s->reduced_cost && s->before && s->binding && s->binding_start && s->tied &&
           s->smooth && s->candidate && s->group && s->scope && s->touched;
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
        /* Between places a trade would change flows, and with them what is lost. */
        for (int32_t t = 0; w->lossy && t < w->p->n_interval; t++)
            s.scope[t] = SHARE_PLACE;
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
    mem_free(s.candidate);
    mem_free(s.group);
    mem_free(s.scope);
    mem_free(s.touched);
    return code;
}
