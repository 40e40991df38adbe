/*
 * dive.c - from a master's mixture of schedules to one schedule per unit.
 *
 * Few units are mixed: a basis of the master has no more fractional units than common
 * rows. Each step decides those that have nearly decided themselves and the clearest of
 * the rest; what is still mixed at the end runs whenever one of its patterns does, since
 * more capacity is what remnants of load need. A gentle dive leaves units open that are not
 * mixed yet: where little load meets dear starts, they have to make room for those that are.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"
#include "solver/commit/dive_work.h"

enum {
    GENTLE_STEPS = 60 /* of a dive that decides only what is mixed */
};

static const double DECIDED = 0.8;     /* weight of a pattern */
static const double DEAR = 2e-4;       /* of the cost: reserve that is short */
static const double LITTLE = 1e-4;     /* of the cost: not worth a second look */
static const double NEGLIGIBLE = 1e-5; /* the perturbation leaves 2e-6 */

static const double ENOUGH = 0.3; /* of the gap that is asked for */

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the search of schedules");
}

/* ---- patterns ---------------------------------------------------------------------------- */

static void mix_in(struct mixture *mix, const struct schedule *s, double weight)
{
    struct pattern *p = mix->pattern + (size_t)s->unit * PATTERNS;
    int32_t n = mix->n[s->unit], k = 0;
    while (k < n && !set_equal(&p[k].of->on, &s->on))
        k++;
    if (k == PATTERNS)
        return;
    if (k == n)
        p[mix->n[s->unit]++] = (struct pattern){s, 0};
    p[k].weight += weight;
    for (; k > 0 && p[k].weight > p[k - 1].weight; k--) {
        const struct pattern swap = p[k];
        p[k] = p[k - 1];
        p[k - 1] = swap;
    }
}

static void read_mixture(const struct master *m, struct mixture *mix)
{
    memset(mix->n, 0, (size_t)m->f->n_unit * sizeof *mix->n);
    for (int32_t g = 0; g < m->f->n_unit; g++)
        if (m->base_weight[g] > NEGLIGIBLE)
            mix_in(mix, m->base[g], m->base_weight[g]);
    for (int32_t k = 0; k < m->n_column; k++)
        if (m->column[k].weight > NEGLIGIBLE)
            mix_in(mix, m->column[k].member[0], m->column[k].weight);
    for (int32_t g = 0; g < m->f->n_unit; g++) /* where its prices ran away */
        if (mix->n[g] == 0)
            mix_in(mix, m->base[g], 1);
}

static enum err_code mixture_create(const struct fleet *f, struct mixture *mix,
                                    struct err *err)
{
    mix->pattern = MEM_ARRAY(struct pattern, (size_t)f->n_unit * PATTERNS);
    mix->n = MEM_ARRAY(int32_t, f->n_unit);
    return mix->pattern && mix->n ? ERR_OK : no_memory(err);
}

static void mixture_release(struct mixture *mix)
{
    mem_free(mix->pattern);
    mem_free(mix->n);
}

/* ---- deciding ---------------------------------------------------------------------------- */

void dive_hold(struct search *s, const struct schedule *x)
{
    const int32_t g = x->unit;
    s->held.on[g] = x->on;
    s->held.off[g] = (struct interval_set){{0}};
    for (int32_t k = 0; k < unit_facts(s->f->p, g); k++)
        if (!set_has(&x->on, k))
            set_add(&s->held.off[g], k);
}

void hold_incumbent(struct search *s)
{
    for (int32_t g = 0; g < s->f->n_unit; g++)
        dive_hold(s, s->incumbent[g]);
}

struct open {
    double weight;
    int32_t unit;
};

static int by_weight(const void *x, const void *y)
{
    const struct open *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* Decides what is decided and a share of the rest; returns how many were mixed. */
static int32_t decide(struct search *s, const struct mixture *mix,
                      const struct dive_style *style, struct open *open)
{
    int32_t n = 0, n_mixed = 0;
    for (int32_t g = 0; g < s->f->n_unit; g++) {
        const struct pattern *p = mix->pattern + (size_t)g * PATTERNS;
        if (mix->n[g] > 1)
            n_mixed++;
        if (mix->n[g] == 1 && style->gentle)
            continue; /* it may yet have to do what others cannot */
        if (mix->n[g] == 1 || p[0].weight >= DECIDED)
            dive_hold(s, p[0].of);
        else
            open[n++] = (struct open){p[0].weight, g};
    }
    qsort(open, (size_t)n, sizeof *open, by_weight);
    const int32_t more = n > 0 ? (int32_t)ceil(style->share * n) : 0;
    for (int32_t k = 0; k < more; k++)
        dive_hold(s, mix->pattern[(size_t)open[k].unit * PATTERNS].of);
    return n_mixed;
}

/* A unit that runs whenever one of its patterns does, as a column. */
static enum err_code unite(struct search *s, struct master *m, struct pool *pool,
                           const struct mixture *mix, int32_t g, struct err *err)
{
    const struct pattern *p = mix->pattern + (size_t)g * PATTERNS;
    struct interval_set on = s->held.on[g];
    struct unit_schedule best;
    for (int32_t k = 0; k < mix->n[g]; k++)
        for (int w = 0; w < SET_WORDS; w++)
            on.word[w] |= p[k].of->on.word[w];
    enum err_code code =
        sweep_value(s->f, g, &on, &s->held.off[g], m->y_best, &best, err);
    if (code)
        return code;
    if (isinf(best.value_usd)) {
        dive_hold(s, p[0].of);
        return ERR_OK;
    }
    const struct schedule *x;
    code = pool_keep(s->f, pool, g, &best, &x, err);
    if (!code && x != m->base[g])
        code = master_add(m, g, &x, err);
    if (!code)
        dive_hold(s, x);
    return code;
}

static enum err_code unite_all(struct search *s, struct master *m, struct pool *pool,
                               const struct mixture *mix, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t g = 0; g < s->f->n_unit && !code; g++)
        if (mix->n[g] == 1)
            dive_hold(s, mix->pattern[(size_t)g * PATTERNS].of);
        else
            code = unite(s, m, pool, mix, g, err);
    return code;
}

/* The mixed unit for which rounding up costs least, or most; -1 = none is mixed. */
static int32_t by_lift(const struct search *s, const struct mixture *mix, bool most,
                       double *usd)
{
    int32_t best = -1;
    *usd = most ? -INFINITY : INFINITY;
    for (int32_t g = 0; g < s->f->n_unit; g++) {
        if (mix->n[g] < 2)
            continue;
        const double lift = dive_lift_usd(s->f, mix, g);
        if (most ? lift > *usd : lift < *usd) {
            *usd = lift;
            best = g;
        }
    }
    return best;
}

/* What it costs to round up all that are mixed. */
static double all_lifts_usd(const struct fleet *f, const struct mixture *mix)
{
    double sum = 0;
    for (int32_t g = 0; g < f->n_unit; g++)
        if (mix->n[g] > 1)
            sum += fmax(0, dive_lift_usd(f, mix, g));
    return sum;
}

/* ---- dispatch ---------------------------------------------------------------------------- */

static void note_failure(struct search *s, const struct master *m)
{
    s->worst_mw = 0;
    for (int32_t r = 0; r < s->f->n_base; r++)
        for (int32_t k = 0; k < 2; k++)
            if (m->z[2 * r + k] > s->worst_mw) {
                s->worst_mw = m->z[2 * r + k];
                s->worst_row = r;
            }
}

enum err_code collect(struct search *s, const struct master *m, struct pool *pool,
                      const struct schedule **out, struct err *err)
{
    const int32_t n_unit = s->f->n_unit, n = m->n_column;
    int32_t *first = MEM_ARRAY(int32_t, n_unit), *next = MEM_ARRAY(int32_t, n);
    const struct schedule **item = MEM_ARRAY(const struct schedule *, n + 1);
    double *weight = MEM_ARRAY(double, n + 1);
    enum err_code code = first && next && item && weight ? ERR_OK : no_memory(err);
    for (int32_t g = 0; g < n_unit && !code; g++)
        first[g] = -1;
    for (int32_t k = 0; k < n && !code; k++) {
        next[k] = first[m->column[k].group];
        first[m->column[k].group] = k;
    }
    for (int32_t g = 0; g < n_unit && !code; g++) {
        int32_t count = 0;
        double sum = 0;
        if (m->base_weight[g] > 1e-12) {
            item[count] = m->base[g];
            sum += weight[count++] = m->base_weight[g];
        }
        /* What is barred may be basic at rounding's distance from 0. */
        for (int32_t k = first[g]; k >= 0; k = next[k])
            if (!m->column[k].barred && m->column[k].weight > 1e-12) {
                item[count] = m->column[k].member[0];
                sum += weight[count++] = m->column[k].weight;
            }
        for (int32_t k = 0; k < count; k++)
            weight[k] /= sum;
        code = count > 0 ? pool_mix(s->f, pool, count, item, weight, &out[g], err)
                         : err_set(err, ERR_BUG, "unit %d has no schedule", g);
    }
    mem_free(first);
    mem_free(next);
    mem_free(item);
    mem_free(weight);
    return code;
}

/*
 * Whether the master's point needs slack that the problem has not got, by more than the
 * perturbation of convexity rows may ask for.
 */
static bool breaks(const struct master *m)
{
    return m->artificial > 3e-6 * m->f->rhs_sum / m->f->n_interval;
}

/* Load that the master's point leaves unserved, at its price. */
static double unserved(const struct master *m)
{
    double sum = 0;
    for (int32_t t = 0; t < m->f->n_interval; t++)
        sum += m->z[m->first_real + 2 * t];
    return sum;
}

/* What it pays for requirements that it leaves short, beyond steps of finite width. */
static double shortfall_usd(const struct master *m)
{
    double sum = 0;
    for (int32_t r = m->f->n_interval; r < m->f->n_base; r++)
        if (m->z[m->first_real + 2 * r] > 0)
            sum += m->z[m->first_real + 2 * r] * m->f->roof[r];
    return sum;
}

/* Keeps what the master has come to, if it is better. */
enum err_code dive_accept(struct search *s, struct master *m, struct pool *pool,
                          bool *better, struct err *err)
{
    struct fleet *f = s->f;
    const bool feasible = !breaks(m);
    /* What is not feasible serves to search from, at the price of penalties, until there is
     * a schedule: a hard limit broken by little may cost less than none. */
    if (m->objective_usd >= s->cost_usd || (!feasible && (m->boxed || s->feasible)))
        return ERR_OK;
    if (!feasible)
        note_failure(s, m);
    const struct schedule **found = MEM_ARRAY(const struct schedule *, f->n_unit);
    enum err_code code = found ? collect(s, m, pool, found, err) : no_memory(err);
    for (int32_t g = 0; g < f->n_unit && !code; g++)
        code = pool_copy(f, s->root->pool, g, found[g], &found[g], err);
    if (code) {
        mem_free(found);
        return code;
    }
    mem_free(s->incumbent);
    s->incumbent = found;
    code = fleet_price_room(f, &s->y, &s->room_y, err);
    if (!code)
        code = fleet_price_room(f, &s->root->y, &s->root->room_y, err);
    if (code)
        return code;
    s->cost_usd = m->objective_usd;
    s->feasible = feasible;
    f->served = f->served || feasible;
    fleet_note_gap(f, s->cost_usd, s->root->bound_usd);
    memcpy(s->y, m->y_best, (size_t)fleet_n_row(f) * sizeof *s->y);
    *better = true;
    return ERR_OK;
}

/*
 * What a decision may cost, relative: more means that something must be missing. Where
 * limits of flows can be broken at a price, nothing else says so.
 */
static double steep(const struct fleet *f)
{
    return fleet_is_large(f) ? 5e-4 : 0.01;
}

static bool is_steep(const struct fleet *f, double usd, double objective_usd)
{
    return fleet_is_large(f) && usd > steep(f) * fabs(objective_usd);
}

/*
 * Column generation after a decision. Where that makes the problem so much dearer that
 * something must be missing, there is no need to know how much.
 */
static enum err_code settle(struct search *s, struct master *m, struct pool *pool,
                            int32_t rounds, bool last, struct err *err)
{
    const double dear = m->objective_usd + steep(s->f) * fabs(m->objective_usd);
    const double limit =
        s->cost_usd - (isinf(s->cost_usd) ? 0 : 1e-7 * fabs(s->cost_usd));
    struct generation g = {.width = 0.1,
                           .toward = 0.5,
                           .tolerance = last ? 2e-6 : 1e-5,
                           .most = last ? 40 : rounds,
                           .cutoff_usd = last ? limit : fmin(limit, dear),
                           .unlimited = last || !s->feasible};
    enum err_code code = master_bar(m, &s->held, err);
    if (!code)
        code = generate_restart(m, pool, &s->held, m->y_best, s->sweep, err);
    if (!code && last && m->bound_usd < g.cutoff_usd)
        code = generate_direct(m, pool, &s->held, s->sweep->best, s->sweep, err);
    if (!code)
        code = last ? flows_generate(m, pool, &s->held, &g, s->sweep, err)
                    : generate(m, pool, &s->held, &g, s->sweep, err);
    if (code || !breaks(m) || m->bound_usd >= g.cutoff_usd)
        return code;
    /* What the box paid for may not be possible: at the price of penalties it is seen. */
    g.width = (double)INFINITY;
    g.toward = 0.7;
    return last ? flows_generate(m, pool, &s->held, &g, s->sweep, err)
                : generate(m, pool, &s->held, &g, s->sweep, err);
}

/* Takes a step back, to when units were mixed as mix says. */
static void step_back(struct search *s, struct master *m, const struct held *before)
{
    const size_t n = (size_t)s->f->n_unit;
    memcpy(s->held.on, before->on, n * sizeof *before->on);
    memcpy(s->held.off, before->off, n * sizeof *before->off);
    master_unbar(m);
}

/*
 * Where to decide all that is clear leaves too little, one unit is decided: the one that
 * is dearest to round up is not, others being free to stand in for it; or, where that
 * promises to cost more, the cheapest is rounded up.
 */
static enum err_code decide_one(struct search *s, struct master *m, struct pool *pool,
                                const struct dive_style *style, struct mixture *mix,
                                const struct held *before, const double *y,
                                double objective, struct err *err)
{
    double least_usd, usd, most_usd;
    const int32_t cheap = by_lift(s, mix, false, &least_usd);
    const int32_t dear = by_lift(s, mix, true, &most_usd);
    if (cheap < 0)
        return ERR_OK;
    if (least_usd > LITTLE * fabs(objective)) {
        const double enough = 1e-6 * s->f->rhs_sum / s->f->n_interval;
        dive_hold(s, mix->pattern[(size_t)dear * PATTERNS].of);
        enum err_code code = settle(s, m, pool, style->rounds, false, err);
        if (code || m->stalled)
            return code;
        read_mixture(m, mix);
        if (by_lift(s, mix, false, &usd) < 0)
            usd = 0;
        if (!breaks(m) && unserved(m) <= enough &&
            m->objective_usd - objective + usd < least_usd)
            return ERR_OK;
        step_back(s, m, before);
        memcpy(m->y_best, y, (size_t)fleet_n_row(s->f) * sizeof *y);
        code = generate_restart(m, pool, &s->held, m->y_best, s->sweep, err);
        if (!code)
            code = settle(s, m, pool, style->rounds, false, err);
        if (code || m->stalled)
            return code;
        read_mixture(m, mix);
        if (mix->n[cheap] < 2)
            return ERR_OK;
    }
    enum err_code code = unite(s, m, pool, mix, cheap, err);
    return code ? code : settle(s, m, pool, style->rounds, false, err);
}

/* Whether the patterns held were dispatched not long ago; dives come to the same often. */
static bool was_dispatched(struct search *s)
{
    const uint64_t key =
        hash_bytes(HASH_START, s->held.on, (size_t)s->f->n_unit * sizeof *s->held.on);
    for (int32_t k = 0; k < SEARCH_SEEN && k < s->n_seen; k++)
        if (s->seen[k] == key)
            return true;
    s->seen[s->n_seen++ % SEARCH_SEEN] = key;
    return false;
}

static enum err_code descend(struct search *s, struct master *m, struct pool *pool,
                             const struct dive_style *style, struct mixture *mix,
                             struct open *open, struct held *before, double *y,
                             bool *ended, struct err *err)
{
    const size_t n = (size_t)s->f->n_unit;
    enum err_code code = ERR_OK;
    /* To cut load is allowed, at a price, and so is to hold too little reserve; a
     * decision that makes it so is a bad one. */
    const double enough = unserved(m) + 1e-6 * s->f->rhs_sum / s->f->n_interval;
    const double dear_usd = shortfall_usd(m) + DEAR * fabs(m->objective_usd);
    const int32_t most_steps = style->gentle ? GENTLE_STEPS : style->most_steps;
    int32_t n_lift = 0;
    for (int32_t step = 0; !code; step++) {
        read_mixture(m, mix);
        if (m->bound_usd >= s->cost_usd)
            return ERR_OK;
        const double objective = m->objective_usd;
        memcpy(y, m->y_best, (size_t)fleet_n_row(s->f) * sizeof *y);
        memcpy(before->on, s->held.on, n * sizeof *before->on);
        memcpy(before->off, s->held.off, n * sizeof *before->off);
        bool last = step >= most_steps || (s->feasible && fleet_spent(s->f));
        /* Steps in a large network are slow: near enough is the end. */
        if (!last && fleet_is_large(s->f))
            last = all_lifts_usd(s->f, mix) <= ENOUGH * s->f->o->gap * fabs(objective);
        if (!last)
            last = decide(s, mix, style, open) == 0;
        if (!last)
            code = settle(s, m, pool, style->rounds, false, err);
        if (!code && m->stalled)
            return ERR_OK;
        if (!code && !last &&
            (breaks(m) || unserved(m) > enough || shortfall_usd(m) > dear_usd ||
             is_steep(s->f, m->objective_usd - objective, objective))) {
            step_back(s, m, before);
            memcpy(m->y_best, y, (size_t)fleet_n_row(s->f) * sizeof *y);
            last = breaks(m) || ++n_lift > style->most_steps;
            if (!last)
                code = decide_one(s, m, pool, style, mix, before, y, objective, err);
            if (!code && m->stalled)
                return ERR_OK;
        }
        if (!code && last) {
            code = unite_all(s, m, pool, mix, err);
            *ended = true;
            memcpy(y, m->y_best, (size_t)fleet_n_row(s->f) * sizeof *y);
            if (fleet_is_sifted(s->f))
                return code;
            if (!code && s->feasible && s->f->n_unit > FEW_IN_FLEET &&
                was_dispatched(s)) {
                *ended = false;
                return ERR_OK;
            }
            return code ? code : settle(s, m, pool, 0, true, err);
        }
    }
    return code;
}

enum err_code dive_dispatch(struct search *s, struct master *m, struct pool *pool,
                            bool *better, struct err *err)
{
    enum err_code code = settle(s, m, pool, 0, true, err);
    if (!code && !m->stalled && m->bound_usd < s->cost_usd)
        code = dive_accept(s, m, pool, better, err);
    return code;
}

enum err_code dive(struct search *s, struct master **m, struct pool *pool,
                   const struct dive_style *style, bool *better, struct err *err)
{
    const int32_t n = s->f->n_unit;
    struct mixture mix = {0};
    struct open *open = MEM_ARRAY(struct open, n);
    struct held before = {MEM_ARRAY(struct interval_set, n),
                          MEM_ARRAY(struct interval_set, n)};
    double *y = MEM_ARRAY(double, fleet_n_row(s->f));
    enum err_code code = y && open && before.on && before.off
                             ? mixture_create(s->f, &mix, err)
                             : no_memory(err);
    bool ended = false;
    *better = false;
    s->f->stats.n_dive++;
    /* A master that gave up has no point to begin from, nor has one that work has not
     * sufficed to solve. */
    if (!code && !(*m)->stalled && (*m)->z)
        code = descend(s, *m, pool, style, &mix, open, &before, y, &ended, err);
    if (!code && ended && fleet_is_sifted(s->f)) {
        master_release(*m);
        *m = NULL;
        code = finish_dive(s, pool, &mix, y, better, err);
    } else if (!code && ended && (*m)->bound_usd < s->cost_usd) {
        code = dive_accept(s, *m, pool, better, err);
    }
    mixture_release(&mix);
    mem_free(open);
    mem_free(y);
    mem_free(before.on);
    mem_free(before.off);
    return code;
}
