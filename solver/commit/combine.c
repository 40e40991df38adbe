/*
 * combine.c - the best choice among the patterns that a master knows.
 *
 * A dive decides one unit after another and cannot take back what it decided. Here the
 * master's linear program itself is searched, depth first: a unit whose columns mix
 * patterns is held on, or off, in an interval in which they differ, and columns that do
 * otherwise are barred. No columns are added, so that a node costs a few steps of the
 * simplex method. What is found is dispatched with new columns, as after a dive.
 *
 * (GLPK's own search in whole numbers cycles on programs as degenerate as these, and says
 * nothing while it does.)
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/dive_work.h"

enum {
    MOST_DEPTH = 256
};

static const double MIXED = 1e-5;   /* the perturbation leaves 2e-6 */
static const double WORTHY = 2e-5;  /* of the cost: what a better one has to save */
static const double ON_FIRST = 0.3; /* on is what serves load */

/* A decision on the way down, and what its unit was held to before. */
struct decision {
    int32_t unit, fact;
    struct interval_set on, off;
    bool is_on, second;
};

struct combination {
    struct search *s;
    struct master *m;
    struct decision *path; /* [n_path] */
    int32_t n_path;
    double *u;             /* [most facts] of one unit */
    int32_t *first, *next; /* [n_group], [n_column] columns with weight by group */
    const struct schedule **best; /* [n_unit] a member of the pattern chosen */
    double best_usd;              /* the point's, INFINITY = none yet */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for a choice of schedules");
}

static void list_columns(struct combination *c)
{
    const struct master *m = c->m;
    for (int32_t g = 0; g < m->n_group; g++)
        c->first[g] = -1;
    for (int32_t k = 0; k < m->n_column; k++)
        if (m->column[k].weight > MIXED) {
            c->next[k] = c->first[m->column[k].group];
            c->first[m->column[k].group] = k;
        }
}

static void add_on(struct combination *c, const struct schedule *x, double weight)
{
    for (int32_t k = 0; k < unit_facts(c->m->f->p, x->unit); k++)
        if (set_has(&x->on, k))
            c->u[k] += weight;
}

/* The fact of g that is most in doubt; *doubt 0 = none is. */
static int32_t doubtful(struct combination *c, int32_t g, double *doubt, double *u)
{
    const struct master *m = c->m;
    const int32_t n = unit_facts(m->f->p, g);
    int32_t best = -1;
    *doubt = 0;
    if (c->first[g] < 0)
        return -1;
    memset(c->u, 0, (size_t)n * sizeof *c->u);
    if (m->base_weight[g] > MIXED)
        add_on(c, m->base[g], m->base_weight[g]);
    for (int32_t k = c->first[g]; k >= 0; k = c->next[k])
        add_on(c, m->column[k].member[0], m->column[k].weight);
    for (int32_t k = 0; k < n; k++)
        if (fmin(c->u[k], 1 - c->u[k]) > fmax(*doubt, MIXED)) {
            *doubt = fmin(c->u[k], 1 - c->u[k]);
            *u = c->u[k];
            best = k;
        }
    return best;
}

/* The decision that says most: power that is in doubt. False: no unit mixes patterns. */
static bool choose(struct combination *c, struct decision *d)
{
    double most = 0;
    list_columns(c);
    for (int32_t g = 0; g < c->m->f->n_unit; g++) {
        double doubt, u = 0;
        const int32_t fact = doubtful(c, g, &doubt, &u);
        if (fact < 0)
            continue;
        const struct fleet *f = c->m->f;
        const double mw = unit_fact_mw(&f->p->unit[g], fact % f->n_interval);
        const double score = doubt * (1 + mw);
        if (score > most) {
            most = score;
            *d = (struct decision){.unit = g, .fact = fact, .is_on = u >= ON_FIRST};
        }
    }
    return most > 0;
}

static void decide(struct combination *c, const struct decision *d)
{
    struct held *held = &c->s->held;
    held->on[d->unit] = d->on;
    held->off[d->unit] = d->off;
    set_add(d->is_on ? &held->on[d->unit] : &held->off[d->unit], d->fact);
}

/* The other way of the last decision that has one; false = there is none. */
static bool turn(struct combination *c)
{
    for (; c->n_path > 0; c->n_path--) {
        struct decision *d = &c->path[c->n_path - 1];
        c->s->held.on[d->unit] = d->on;
        c->s->held.off[d->unit] = d->off;
        if (!d->second) {
            d->second = true;
            d->is_on = !d->is_on;
            decide(c, d);
            return true;
        }
    }
    return false;
}

/* The pattern of each unit at a point that mixes none. */
static void note(struct combination *c)
{
    const struct master *m = c->m;
    c->best_usd = m->objective_usd;
    for (int32_t g = 0; g < m->f->n_unit; g++) {
        double most = m->base_weight[g];
        c->best[g] = m->base[g];
        for (int32_t k = c->first[g]; k >= 0; k = c->next[k])
            if (m->column[k].weight > most) {
                most = m->column[k].weight;
                c->best[g] = m->column[k].member[0];
            }
    }
}

/* Depth first, at most `most` points. */
static enum err_code search_patterns(struct combination *c, int32_t most,
                                     struct err *err)
{
    struct master *m = c->m;
    const double goal = c->s->cost_usd - WORTHY * fabs(c->s->cost_usd);
    enum err_code code = ERR_OK;
    master_box(m, m->y_best, (double)INFINITY);
    for (int32_t k = 0; k < most && !code; k++) {
        struct decision d;
        bool down = false;
        code = master_solve(m, err);
        if (!code && !m->stalled && m->objective_usd < fmin(goal, c->best_usd)) {
            down = choose(c, &d);
            if (!down)
                note(c);
        }
        if (down && c->n_path < MOST_DEPTH) {
            d.on = c->s->held.on[d.unit];
            d.off = c->s->held.off[d.unit];
            c->path[c->n_path++] = d;
            decide(c, &d);
        } else if (!turn(c)) {
            break;
        }
        master_unbar(m);
        if (!code)
            code = master_bar(m, &c->s->held, err);
        if (fleet_spent(m->f))
            break;
    }
    return code;
}

enum err_code combine(struct search *s, struct master *m, struct pool *pool,
                      int32_t most, bool *better, struct err *err)
{
    const struct fleet *f = m->f;
    int32_t most_facts = 0;
    for (int32_t g = 0; g < f->n_unit; g++)
        most_facts =
            unit_facts(f->p, g) > most_facts ? unit_facts(f->p, g) : most_facts;
    struct combination c = {.s = s,
                            .m = m,
                            .path = MEM_ARRAY(struct decision, MOST_DEPTH),
                            .u = MEM_ARRAY(double, most_facts),
                            .first = MEM_ARRAY(int32_t, m->n_group),
                            .next = MEM_ARRAY(int32_t, m->n_column + 1),
                            .best = MEM_ARRAY(const struct schedule *, f->n_unit),
                            .best_usd = (double)INFINITY};
    *better = false;
    enum err_code code =
        c.path && c.u && c.first && c.next && c.best ? ERR_OK : no_memory(err);
    if (!code)
        code = search_patterns(&c, most, err);
    if (!code && !isinf(c.best_usd)) {
        for (int32_t g = 0; g < f->n_unit; g++)
            dive_hold(s, c.best[g]);
        master_unbar(m);
        code = dive_dispatch(s, m, pool, better, err);
    }
    mem_free(c.path);
    mem_free(c.u);
    mem_free(c.first);
    mem_free(c.next);
    mem_free(c.best);
    return code;
}
