/*
 * neighbourhood.c - what can be better near the incumbent.
 *
 * cost - bound = sum of regrets at the best prices + terms of complementary slackness,
 * where a unit's regret is its best profit less that of its pattern: regret says where
 * the gap is. A neighbourhood frees some units, the most regretted before others, or
 * some hours; its own Lagrangian often proves that nothing better is in it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

enum {
    SEEDS = 12,     /* schedules per free unit that a neighbourhood begins with */
    SEEDS_HELD = 3, /* per unit that is held */
    POINTS = 100    /* of a search of what is known */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the search of schedules");
}

static void free_hours(struct search *s, int32_t g, int32_t from, int32_t to)
{
    for (int32_t k = 0; k < unit_facts(s->f->p, g); k += s->f->n_interval)
        for (int32_t t = k + from; t < k + to; t++) {
            const uint64_t bit = UINT64_C(1) << (t % 64);
            s->held.on[g].word[t / 64] &= ~bit;
            s->held.off[g].word[t / 64] &= ~bit;
        }
}

/* ---- which units ------------------------------------------------------------------------- */

struct ranked {
    double value;
    int32_t unit;
};

static int by_value(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    if (a->value != b->value)
        return a->value > b->value ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* Regrets of the incumbent's patterns, greatest first; those near 0 shuffled. */
static enum err_code rank_regret(struct search *s, struct ranked *out, struct err *err)
{
    struct fleet *f = s->f;
    hold_incumbent(s);
    enum err_code code = sweep_run(f, s->root->pool, NULL, s->root->y, s->sweep, err);
    for (int32_t g = 0; g < f->n_unit; g++)
        out[g] = (struct ranked){s->sweep->value[g], g};
    if (!code)
        code = sweep_run(f, s->root->pool, &s->held, s->root->y, s->sweep, err);
    for (int32_t g = 0; g < f->n_unit; g++)
        out[g].value -= s->sweep->value[g];
    return code;
}

/* How little a unit would lose by another pattern that is known; less is greater. */
static void rank_ties(struct search *s, const struct ranked *regret, struct ranked *out)
{
    struct fleet *f = s->f;
    for (int32_t k = 0; k < f->n_unit; k++) {
        const int32_t g = regret[k].unit;
        double best = -INFINITY;
        const double own = schedule_profit(f, s->incumbent[g], s->root->y);
        for (const struct schedule *x = s->root->pool->first[g]; x; x = x->next)
            if (!set_equal(&x->on, &s->incumbent[g]->on))
                best = fmax(best, schedule_profit(f, x, s->root->y));
        out[k] = (struct ranked){best == -(double)INFINITY
                                     ? -(double)INFINITY
                                     : (best - own) * seeded_real(&s->random, 0.2, 1),
                                 g};
    }
}

/* ---- one neighbourhood --------------------------------------------------------------------- */

struct known {
    double profit_usd;
    const struct schedule *s;
};

/* The best schedules that are known of a unit and that it may do; returns how many. */
static int32_t best_known(const struct search *s, int32_t g, struct known *best)
{
    int32_t n = 0;
    for (const struct schedule *x = s->root->pool->first[g]; x; x = x->next) {
        if (x == s->incumbent[g] || !set_within(&s->held.on[g], &x->on) ||
            set_meets(&s->held.off[g], &x->on))
            continue;
        const double profit = schedule_profit(s->f, x, s->root->y);
        if (n == SEEDS && profit <= best[n - 1].profit_usd)
            continue;
        int32_t k = n < SEEDS ? n++ : n - 1;
        for (; k > 0 && best[k - 1].profit_usd < profit; k--)
            best[k] = best[k - 1];
        best[k] = (struct known){profit, x};
    }
    return n;
}

static enum err_code add_seeds(struct search *s, struct master *m, const bool *is_free,
                               struct err *err)
{
    struct known best[SEEDS];
    enum err_code code = ERR_OK;
    for (int32_t g = 0; g < s->f->n_unit && !code; g++) {
        int32_t n = best_known(s, g, best);
        if (!is_free[g] && n > SEEDS_HELD)
            n = SEEDS_HELD;
        for (int32_t k = 0; k < n && !code; k++)
            code = master_add(m, g, &best[k].s, err);
    }
    return code;
}

/* The better of two prices to begin with. */
static enum err_code begin(struct search *s, struct master *m, struct pool *pool,
                           struct err *err)
{
    const double *start[2] = {s->root->y, s->y};
    enum err_code code = ERR_OK;
    for (int k = 0; k < 2 && !code; k++) {
        memcpy(m->y, start[k], (size_t)fleet_n_row(s->f) * sizeof *m->y);
        fleet_clamp(s->f, m->y);
        code = sweep_run(s->f, pool, &s->held, m->y, s->sweep, err);
        if (!code && s->sweep->bound_usd > m->bound_usd) {
            m->bound_usd = s->sweep->bound_usd;
            memcpy(m->y_best, m->y, (size_t)fleet_n_row(s->f) * sizeof *m->y);
        }
    }
    return code;
}

/* Prices for the rows that dives have added since. */
static enum err_code price_rooms(struct search *s, struct err *err)
{
    enum err_code code = fleet_price_room(s->f, &s->y, &s->room_y, err);
    return code ? code : fleet_price_room(s->f, &s->root->y, &s->root->room_y, err);
}

static enum err_code explore(struct search *s, const bool *is_free, bool *better,
                             struct err *err)
{
    struct fleet *f = s->f;
    struct pool *pool = NULL;
    struct master *m = NULL;
    const struct dive_style style = {.share = seeded_real(&s->random, 0.1, 0.4),
                                     .most_steps = 6 + seeded_below(&s->random, 8),
                                     .rounds = 8,
                                     .gentle = fleet_is_middling(f) &&
                                               seeded_chance(&s->random, 0.5)};
    const struct generation g = {.width = 0.05,
                                 .toward = 0.7,
                                 .tolerance = 2e-5,
                                 .most = 15,
                                 .cutoff_usd = s->cost_usd - 2e-5 * fabs(s->cost_usd)};
    enum err_code code = price_rooms(s, err);
    if (!code)
        code = pool_create(f, &pool, err);
    if (!code) {
        pool->parent = s->root->pool;
        code = master_create(f, NULL, 0, s->incumbent, s->root->y, &m, err);
    }
    if (!code)
        code = add_seeds(s, m, is_free, err);
    if (!code)
        code = begin(s, m, pool, err);
    if (!code)
        code = generate(m, pool, &s->held, &g, s->sweep, err);
    /* Of small fleets, a search of what is known is quick and finds what no dive does. */
    const bool whole =
        f->n_unit < SMALL_FLEET && !f->flows && f->stats.n_neighbourhood % 2 == 0;
    if (!code && m->bound_usd < g.cutoff_usd)
        code = whole ? combine(s, m, pool, POINTS, better, err)
                     : dive(s, &m, pool, &style, better, err);
    f->stats.n_neighbourhood++;
    master_release(m);
    pool_release(f, pool);
    return code;
}

/* Frees the first n of a ranking, some of them left out by chance. */
static void free_first(struct search *s, const struct ranked *r, int32_t n, double skip,
                       bool *is_free)
{
    for (int32_t k = 0; k < s->f->n_unit && n > 0; k++)
        if (!is_free[r[k].unit] && !isinf(r[k].value) &&
            !seeded_chance(&s->random, skip)) {
            is_free[r[k].unit] = true;
            n--;
        }
}

static void choose(struct search *s, struct ranked *regret, struct ranked *tie,
                   int32_t size, bool *is_free)
{
    const struct fleet *f = s->f;
    const bool small = f->n_unit <= SMALL_FLEET;
    const double share = fleet_is_middling(f) ? 0.55 : small ? 0.7 : 0.5;
    const bool window = seeded_chance(&s->random, share);
    const int32_t n = window ? 4 * size : size;
    const int32_t by_regret = (int32_t)(n * seeded_real(&s->random, 0.2, 0.8));
    rank_ties(s, regret, tie);
    qsort(tie, (size_t)f->n_unit, sizeof *tie, by_value);
    memset(is_free, 0, (size_t)f->n_unit * sizeof *is_free);
    if (window && small) {
        for (int32_t g = 0; g < f->n_unit; g++)
            is_free[g] = true;
    } else {
        free_first(s, regret, by_regret, 0.3, is_free);
        free_first(s, tie, n - by_regret, 0.1, is_free);
    }
    const double h = f->p->interval_h;
    int32_t length = (int32_t)(seeded_real(&s->random, 6, 20) / h) + 1;
    if (!window || length > f->n_interval)
        length = f->n_interval;
    const int32_t from = seeded_below(&s->random, f->n_interval - length + 1);
    hold_incumbent(s);
    for (int32_t g = 0; g < f->n_unit; g++)
        if (is_free[g])
            free_hours(s, g, from, from + length);
}

enum err_code neighbourhood_search(struct search *s, int32_t most_failures,
                                   struct err *err)
{
    struct fleet *f = s->f;
    struct ranked *regret = MEM_ARRAY(struct ranked, 2 * (size_t)f->n_unit);
    bool *is_free = MEM_ARRAY(bool, f->n_unit);
    enum err_code code = regret && is_free ? ERR_OK : no_memory(err);
    int32_t size = f->n_unit <= FEW_IN_FLEET ? 12 : f->n_unit <= SMALL_FLEET ? 20 : 30;
    int32_t failures = 0;
    bool fresh = true;
    while (!code && !search_is_closed(s) && failures < most_failures) {
        bool better = false;
        code = price_rooms(s, err);
        if (fresh && !code) {
            code = rank_regret(s, regret, err);
            qsort(regret, (size_t)f->n_unit, sizeof *regret, by_value);
        }
        if (code)
            break;
        choose(s, regret, regret + f->n_unit, size, is_free);
        code = explore(s, is_free, &better, err);
        fresh = better;
        failures = better ? 0 : failures + 1;
        if (!better && failures % 4 == 3 && size < f->n_unit)
            size += size / 3;
    }
    mem_free(regret);
    mem_free(is_free);
    return code;
}
