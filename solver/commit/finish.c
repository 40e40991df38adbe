/*
 * finish.c - the end of a search in a network of many units, by dispatches.
 *
 * To dispatch given patterns there is cheap (sift.c), and says what one pattern more or
 * less is worth: a unit's gain at the dispatch's prices is the most that another pattern
 * of this unit alone can save, so that most need no dispatch at all.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/dive_work.h"

enum {
    FAILURES = 24 /* of moves in a row */
};

static const double NOTHING = 1e-8; /* of the cost: not worth a move */

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the search of schedules");
}

/* ---- one dispatch ------------------------------------------------------------------------ */

/* Where a finish stands. */
struct point {
    double *y; /* [room_y] of the best dispatch so far, or to begin with */
    int32_t room_y;
    double cost_usd; /* INFINITY = none yet */
};

static enum err_code point_create(const struct fleet *f, const double *y,
                                  struct point *p, struct err *err)
{
    p->cost_usd = (double)INFINITY;
    p->room_y = fleet_n_row(f);
    p->y = MEM_ARRAY(double, p->room_y);
    if (!p->y)
        return no_memory(err);
    memcpy(p->y, y, (size_t)p->room_y * sizeof *y);
    return ERR_OK;
}

/* Dispatches what is held. *gained: that costs less than p did, which then is there. */
static enum err_code try_held(struct search *s, struct pool *pool, struct point *p,
                              bool *gained, bool *better, struct err *err)
{
    struct master *m = NULL;
    bool whole = false;
    const double cutoff = p->cost_usd - NOTHING * fabs(s->root->bound_usd);
    *gained = false;
    enum err_code code = fleet_price_room(s->f, &p->y, &p->room_y, err);
    if (!code)
        code = sift_dispatch(s->f, pool, &s->held, p->y, cutoff, s->sweep, &m, &whole,
                             err);
    if (!code && whole && m->objective_usd < cutoff) {
        *gained = true;
        p->cost_usd = m->objective_usd;
        code = fleet_price_room(s->f, &p->y, &p->room_y, err);
        if (!code)
            memcpy(p->y, m->y_best, (size_t)fleet_n_row(s->f) * sizeof *p->y);
        if (!code)
            code = dive_accept(s, m, pool, better, err);
    }
    master_release(m);
    return code;
}

/* ---- the end of a dive --------------------------------------------------------------------- */

struct mixed {
    double lift_usd;
    int32_t unit;
};

static int by_lift(const void *x, const void *y)
{
    const struct mixed *a = x, *b = y;
    if (a->lift_usd != b->lift_usd)
        return a->lift_usd > b->lift_usd ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* Units that were mixed, dearest to round up first; returns how many. */
static int32_t list_mixed(const struct fleet *f, const struct mixture *mix,
                          struct mixed *out)
{
    int32_t n = 0;
    for (int32_t g = 0; g < f->n_unit; g++)
        if (mix->n[g] > 1)
            out[n++] = (struct mixed){dive_lift_usd(f, mix, g), g};
    qsort(out, (size_t)n, sizeof *out, by_lift);
    return n;
}

/* The other patterns of unit g, one after another. */
static enum err_code try_patterns(struct search *s, struct pool *pool,
                                  const struct mixture *mix, int32_t g, struct point *p,
                                  bool *better, struct err *err)
{
    const struct pattern *pattern = mix->pattern + (size_t)g * PATTERNS;
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < mix->n[g] && !code; k++) {
        const struct interval_set on = s->held.on[g], off = s->held.off[g];
        bool gained;
        if (set_equal(&on, &pattern[k].of->on))
            continue;
        dive_hold(s, pattern[k].of);
        code = try_held(s, pool, p, &gained, better, err);
        if (!gained) {
            s->held.on[g] = on;
            s->held.off[g] = off;
        }
    }
    return code;
}

enum err_code finish_dive(struct search *s, struct pool *pool,
                          const struct mixture *mix, const double *y, bool *better,
                          struct err *err)
{
    struct point p = {0};
    struct mixed *mixed = MEM_ARRAY(struct mixed, s->f->n_unit);
    bool gained;
    enum err_code code = mixed ? point_create(s->f, y, &p, err) : no_memory(err);
    if (!code)
        code = try_held(s, pool, &p, &gained, better, err);
    const int32_t n = code ? 0 : list_mixed(s->f, mix, mixed);
    for (int32_t k = 0; k < n && !code && !(s->feasible && fleet_spent(s->f)); k++)
        code = try_patterns(s, pool, mix, mixed[k].unit, &p, better, err);
    mem_free(mixed);
    mem_free(p.y);
    return code;
}

/* ---- moves of single units ----------------------------------------------------------------- */

struct move {
    double regret_usd; /* at the best prices */
    int32_t unit;
    const struct schedule *to;
};

static int by_regret(const void *x, const void *y)
{
    const struct move *a = x, *b = y;
    if (a->regret_usd != b->regret_usd)
        return a->regret_usd > b->regret_usd ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* What free units would gain by other patterns at prices y; best ones in s->sweep. */
static enum err_code gains(struct search *s, const double *y, double *gain,
                           struct err *err)
{
    const int32_t n = s->f->n_unit;
    enum err_code code = sweep_run(s->f, s->root->pool, &s->held, y, s->sweep, err);
    for (int32_t g = 0; g < n; g++)
        gain[g] = -s->sweep->value[g];
    if (!code)
        code = sweep_run(s->f, s->root->pool, NULL, y, s->sweep, err);
    for (int32_t g = 0; g < n; g++)
        gain[g] += s->sweep->value[g];
    return code;
}

/* Moves that the incumbent's prices do not rule out, by regret. */
static enum err_code list_moves(struct search *s, struct move *move, double *gain,
                                int32_t *n, struct err *err)
{
    const struct fleet *f = s->f;
    *n = 0;
    hold_incumbent(s);
    enum err_code code = fleet_price_room(f, &s->y, &s->room_y, err);
    if (!code)
        code = fleet_price_room(f, &s->root->y, &s->root->room_y, err);
    if (!code)
        code = gains(s, s->y, gain, err);
    for (int32_t g = 0; g < f->n_unit && !code; g++)
        if (gain[g] > NOTHING * fabs(s->cost_usd))
            move[(*n)++] = (struct move){0, g, s->sweep->best[g]};
    if (!code)
        code = gains(s, s->root->y, gain, err);
    for (int32_t k = 0; k < *n; k++)
        move[k].regret_usd = gain[move[k].unit];
    qsort(move, (size_t)*n, sizeof *move, by_regret);
    return code;
}

enum err_code finish_moves(struct search *s, struct err *err)
{
    const int32_t n_unit = s->f->n_unit;
    struct move *move = MEM_ARRAY(struct move, n_unit);
    double *gain = MEM_ARRAY(double, n_unit);
    enum err_code code = move && gain ? ERR_OK : no_memory(err);
    bool gained = true;
    while (!code && gained && !search_is_closed(s)) {
        int32_t n, failures = 0;
        struct point p = {0};
        gained = false;
        code = list_moves(s, move, gain, &n, err);
        if (!code)
            code = point_create(s->f, s->y, &p, err);
        p.cost_usd = s->cost_usd;
        for (int32_t k = 0;
             k < n && !code && failures < FAILURES && !search_is_closed(s); k++) {
            const int32_t g = move[k].unit;
            bool better = false, one;
            dive_hold(s, move[k].to);
            code = try_held(s, s->root->pool, &p, &one, &better, err);
            gained = gained || one;
            if (one) {
                failures = 0;
            } else {
                failures++;
                dive_hold(s, s->incumbent[g]);
            }
        }
        mem_free(p.y);
    }
    mem_free(move);
    mem_free(gain);
    return code;
}
