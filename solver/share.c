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

struct share {
    struct work *w;
    double *reduced_cost; /* [columns] */
    double *before;       /* [columns] x as the LP left it */
    int32_t *binding;     /* [n_binding] limits */
    int32_t n_binding;
    int32_t *candidate;      /* [n_piece] pieces of one interval that may trade */
    enum share_scope *scope; /* [n_interval] */
    bool *touched;           /* [n_interval] */
};

static bool has_polynomial(const struct work *w, int32_t injection)
{
    for (int32_t k = 0; k < w->p->n_polynomial; k++)
        if (w->p->polynomial[k].injection == injection)
            return true;
    return false;
}

static void find_binding(struct share *s)
{
    const struct work *w = s->w;
    for (int32_t k = 0; k < w->n_limit; k++) {
        const struct limit *limit = &w->limit[k];
        double room = fabs(limit->stated - rows_activity(w, limit));
        if (w->x[limit->slack] > 0 || room <= 1e-6 + 1e-8 * fabs(limit->stated))
            s->binding[s->n_binding++] = k;
    }
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
    if (a->cost < b->cost || a->cost > b->cost)
        return false;
    if (s->scope[a->interval] == SHARE_PLACE &&
        !same_place(w->p, a->injection, b->injection))
        return false;
    if (!same_islands(w, a->injection, b->injection))
        return false;
    for (int32_t k = 0; k < s->n_binding; k++) {
        const struct limit *limit = &w->limit[s->binding[k]];
        if (fabs(rows_coefficient(w, limit, a) - rows_coefficient(w, limit, b)) > 1e-9)
            return false;
    }
    return true;
}

/* Pieces of interval t at their margin, in order of injections. */
static int32_t gather(struct share *s, int32_t t)
{
    const struct work *w = s->w;
    int32_t n = 0;
    for (int32_t i = 0; i < w->p->n_injection; i++) {
        int32_t head = w->head[t * w->p->n_injection + i];
        bool smooth = head >= 0 && has_polynomial(w, i);
        for (int32_t k = head; k >= 0 && !smooth; k = w->piece[k].next) {
            const struct piece *piece = &w->piece[k];
            double scale = w->p->duration_h[t] * (1 + fabs(piece->cost));
            if (piece->width_mw > 0 &&
                fabs(s->reduced_cost[piece->col]) <= 1e-8 * scale)
                s->candidate[n++] = k;
        }
    }
    return n;
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
}

/* Partitions the candidates into groups that may trade and shares each. */
static void share_interval(struct share *s, int32_t t, int32_t *group)
{
    int32_t n = gather(s, t);
    for (int32_t first = 0; first < n; first++) {
        int32_t n_group = 0;
        if (s->candidate[first] < 0)
            continue;
        for (int32_t k = first; k < n; k++) {
            if (s->candidate[k] < 0 ||
                (k > first && !may_trade(s, s->candidate[first], s->candidate[k])))
                continue;
            group[n_group++] = s->candidate[k];
            if (k > first)
                s->candidate[k] = -1;
        }
        if (n_group > 1)
            share_group(s, group, n_group);
    }
}

static enum err_code share_all(struct share *s, int32_t *group, struct err *err)
{
    struct work *w = s->w;
    size_t n_t = (size_t)w->p->n_interval;
    for (;;) {
        memcpy(w->x, s->before, (size_t)lp_n_columns(w->lp) * sizeof *w->x);
        for (int32_t t = 0; t < w->p->n_interval; t++)
            if (s->scope[t] != SHARE_NONE)
                share_interval(s, t, group);
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

enum err_code share_equal_offers(struct work *w, struct err *err)
{
    size_t n_t = (size_t)w->p->n_interval, n_col = (size_t)lp_n_columns(w->lp);
    enum err_code code = ERR_OK;
    int32_t *group = mem_alloc((size_t)w->n_piece, sizeof *group);
    struct share s = {.w = w,
                      .reduced_cost = mem_alloc(n_col, sizeof *s.reduced_cost),
                      .before = mem_alloc(n_col, sizeof *s.before),
                      .binding = mem_alloc((size_t)w->n_limit, sizeof *s.binding),
                      .candidate = mem_alloc((size_t)w->n_piece, sizeof *s.candidate),
                      .scope = mem_alloc(n_t, sizeof *s.scope),
                      .touched = mem_alloc(n_t, sizeof *s.touched)};
    if (!group || !s.reduced_cost || !s.before || !s.binding || !s.candidate ||
        !s.scope || !s.touched) {
        code = err_set(err, ERR_NOMEM, "out of memory");
    } else {
        lp_reduced_costs(w->lp, s.reduced_cost);
        memcpy(s.before, w->x, n_col * sizeof *s.before);
        find_binding(&s);
        code = share_all(&s, group, err);
    }
    mem_free(group);
    mem_free(s.reduced_cost);
    mem_free(s.before);
    mem_free(s.binding);
    mem_free(s.candidate);
    mem_free(s.scope);
    mem_free(s.touched);
    return code;
}
