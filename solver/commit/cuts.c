/*
 * cuts.c - cuts on commitment that the units' prices can carry.
 *
 * For every interval two sums over commitments u must hold whatever the dispatch:
 *
 *     sum_g most_g >= load + need - most of others         (capacity)          (1)
 *     sum_g min_g u_g <= load - least of others            (minimum power)     (2)
 *
 * where most_g is max_g u_g, or what power and reserve may be in the first interval on and
 * in the last before a stop (commit.h (5)). (2) needs a surplus to be forbidden; in (1) what
 * may be short at a price, s, is added on the left. Each is rounded by rounding.c. Stores,
 * which are always on, are among the others here.
 *
 * Power that is not there (never_usd_per_mwh) belongs to s, at most at the price of
 * shortage. Its column is the unit's, whose dynamic program sees its own price alone:
 * what the bound then says is of the problem in which it costs that much more.
 *
 * A cut of one interval's u, first and last intervals is robust: its dual is a bonus for
 * being on, starting and stopping there, so that the dynamic program stays exact.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

enum {
    ROUNDS = 30,
    FLOW_UNITS =
        100, /* smaller fleets branch, and dear nodes cost more than they save */
    FLOW_ROUNDS = 4, /* with limits of flows, whose cuts come by the hundred */
    DULL_ROUNDS = 3, /* in a row that lift the bound by nothing to speak of */
    /* Small fleets have a gap that nothing but cuts and branching closes. */
    THOROUGH_UNITS =
        200, /* below which, without a network, cuts are looked for thoroughly */
    THOROUGH_ROUNDS = 200,
    THOROUGH_DULL = 20,
    LAST_ROUNDS = 240 /* of column generation, when no cut is added any more */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for cuts");
}

struct separation {
    struct fleet *f;
    double *room;           /* of all arrays */
    double *u;              /* [n_interval][n_unit] of the master's point */
    double *v[EXTRA_ENDS];  /* likewise, of ends */
    double *a;              /* [n_unit] of (1) or (2), stated as >= */
    double *of[EXTRA_ENDS]; /* [n_unit] most_g then */
    struct rounding round;
    double short_mw;   /* of the master's point, in (1) */
    bool soft;         /* whether (1) may be short */
    int32_t short_row; /* of a requirement that may be short, -1 = none */
};

static void read_point(const struct master *m, double *u, double *const *v)
{
    const struct fleet *f = m->f;
    const size_t size = (size_t)f->n_interval * (size_t)f->n_unit * sizeof *u;
    memset(u, 0, size);
    for (int k = 0; k < EXTRA_ENDS; k++)
        memset(v[k], 0, size);
    for (int32_t k = 0; k < m->n_group + m->n_column; k++) {
        const bool base = k < m->n_group;
        const double w = base ? m->base_weight[k] : m->column[k - m->n_group].weight;
        const struct schedule *s =
            base ? m->base[k] : m->column[k - m->n_group].member[0];
        if (w <= 1e-9)
            continue;
        for (int32_t t = 0; t < f->n_interval; t++) {
            const size_t at = (size_t)t * (size_t)f->n_unit + (size_t)s->unit;
            u[at] += set_has(&s->on, t) ? w : 0;
            const int end = schedule_end(f, s, t);
            if (end >= 0)
                v[end][at] += w;
        }
    }
}

/*
 * The same for all identical units, so that a cut leaves them identical, which saves
 * dynamic programs and nodes. sum, n: [n_unit] scratch.
 */
static void even_out(const struct fleet *f, double *u, double *sum, double *n)
{
    memset(sum, 0, (size_t)f->n_unit * sizeof *sum);
    memset(n, 0, (size_t)f->n_unit * sizeof *n);
    for (int32_t g = 0; g < f->n_unit; g++) {
        sum[f->twin[g]] += u[g];
        n[f->twin[g]] += 1;
    }
    for (int32_t g = 0; g < f->n_unit; g++)
        if (n[f->twin[g]] > 1)
            u[g] = sum[f->twin[g]] / n[f->twin[g]];
}

/* The most violated cut of a sum over interval t; *added tells whether there is one. */
static enum err_code separate(struct separation *s, int32_t t, double b, bool ends,
                              bool *added, struct err *err)
{
    const size_t n = (size_t)s->f->n_unit, from = (size_t)t * n;
    s->round.u = s->u + from;
    if (s->round.flip) {
        even_out(s->f, s->u + from, s->round.trial, s->round.coef);
        for (int k = 0; k < EXTRA_ENDS; k++)
            even_out(s->f, s->v[k] + from, s->round.trial, s->round.coef);
    }
    for (int k = 0; k < EXTRA_ENDS; k++) {
        s->round.v[k] = s->v[k] + from;
        s->round.of[k] = ends ? s->of[k] : NULL;
    }
    s->round.a = s->a;
    s->round.b = b;
    s->round.s = s->soft ? s->short_mw : 0;
    if (!rounding_find(&s->round))
        return ERR_OK;
    *added = true;
    return rounding_keep(&s->round, s->f, t, s->soft, s->short_row, err);
}

/* What a unit can give in interval t, power that is not there left out. */
static double most_mw(const struct commit_problem *p, const struct commit_unit *u,
                      int32_t t)
{
    const struct commit_curve *c = &p->curve[u->curve[t]];
    double mw = u->min_mw;
    if (!(p->never_usd_per_mwh > 0))
        return commit_most_mw(u, t);
    for (int32_t k = 0; k < c->n_segment; k++)
        if (c->cost_usd_per_mwh[k] < p->never_usd_per_mwh)
            mw += c->width_mw[k];
    return fmin(mw, commit_most_mw(u, t));
}

/* The same of unit g; of plants in whatever configuration. */
static double capacity_mw(const struct commit_problem *p, int32_t g, int32_t t)
{
    const struct commit_unit *u = &p->unit[g];
    double most = u->n_config > 0 ? 0 : most_mw(p, u, t);
    for (int32_t c = 0; c < u->n_config; c++)
        most = fmax(most, most_mw(p, &u->config[c].as, t));
    return most;
}

/* What it can give in its ends, which start and stop limits and ramps say. */
static void end_capacity_mw(const struct commit_problem *p, int32_t g, double most,
                            double *of)
{
    const struct commit_unit *u = &p->unit[g];
    of[END_START] = of[END_STOP] = most;
    if (u->n_config > 0)
        return;
    double start = fmin(u->max_mw, u->start_max_mw);
    if (u->reserve_shares_ramp && !u->free_ends)
        start = fmin(start, u->min_mw + u->ramp_up_mw);
    of[END_START] = fmin(most, fmax(start, u->min_mw));
    of[END_STOP] = fmin(most, fmax(fmin(u->max_mw, u->stop_max_mw), u->min_mw));
}

static bool is_hard(double limit)
{
    return isinf(limit) != 0;
}

static enum err_code separate_interval(struct separation *s, const struct master *m,
                                       int32_t t, bool *added, struct err *err)
{
    const struct commit_problem *p = s->f->p;
    double least = 0, most = 0;
    for (int32_t o = 0; o < p->n_other; o++) {
        least += p->other[o].min_mw[t];
        most += p->other[o].max_mw[t];
    }
    enum err_code code = ERR_OK;
    bool ends = false;
    for (int32_t g = 0; g < p->n_unit; g++) {
        double of[EXTRA_ENDS];
        if (p->unit[g].store) {
            least += commit_least_mw(&p->unit[g], t);
            most += commit_most_mw(&p->unit[g], t);
            s->a[g] = s->of[END_START][g] = s->of[END_STOP][g] = 0;
            continue;
        }
        s->a[g] = capacity_mw(p, g, t);
        end_capacity_mw(p, g, s->a[g], of);
        for (int k = 0; k < EXTRA_ENDS; k++) {
            s->of[k][g] = of[k];
            ends = ends || of[k] < s->a[g];
        }
    }
    const double need = fleet_spinning_need(s->f, t, &s->short_row);
    s->soft = !is_hard(s->f->roof[t]) || s->short_row >= 0;
    s->short_mw = m->z[m->first_real + 2 * t];
    if (s->short_row >= 0)
        s->short_mw += m->z[m->first_real + 2 * s->short_row];
    code = separate(s, t, p->load_mw[t] + need - most, ends, added, err);
    s->soft = false;
    s->short_row = -1;
    if (!code && is_hard(s->f->floor[t])) {
        for (int32_t g = 0; g < p->n_unit; g++)
            s->a[g] = p->unit[g].store ? 0 : -commit_least_mw(&p->unit[g], t);
        code = separate(s, t, least - p->load_mw[t], false, added, err);
    }
    return code;
}

bool cuts_are_thorough(const struct fleet *f)
{
    return f->n_unit < THOROUGH_UNITS && (!f->flows || f->n_unit < FLOW_UNITS);
}

static enum err_code separation_create(struct fleet *f, struct separation *s,
                                       struct err *err)
{
    const size_t n = (size_t)f->n_unit, points = n * (size_t)f->n_interval;
    *s = (struct separation){.f = f};
    double *next = s->room =
        mem_alloc((1 + EXTRA_ENDS) * (points + n), sizeof *s->room);
    if (!next)
        return no_memory(err);
    for (int k = -1; k < EXTRA_ENDS; k++) {
        *(k < 0 ? &s->u : &s->v[k]) = next;
        next += points;
        *(k < 0 ? &s->a : &s->of[k]) = next;
        next += n;
    }
    return rounding_create(f, cuts_are_thorough(f), &s->round, err);
}

enum err_code cuts_add(struct fleet *f, struct root *r, struct sweep *sweep,
                       struct err *err)
{
    struct generation g = {.width = 0.05,
                           .toward = 0.7,
                           .tolerance = 1e-5,
                           .most = 20,
                           .cutoff_usd = (double)INFINITY,
                           .purge = 8};
    struct separation s;
    enum err_code code = separation_create(f, &s, err);
    const bool flows = f->flows && f->n_unit >= FLOW_UNITS;
    const int32_t rounds = flows          ? FLOW_ROUNDS
                           : s.round.flip ? THOROUGH_ROUNDS
                                          : ROUNDS;
    const int32_t most_dull = s.round.flip ? THOROUGH_DULL : DULL_ROUNDS;
    for (int32_t k = 0, dull = 0; k < rounds && dull < most_dull && !code; k++) {
        bool added = false;
        if (fleet_spent(f) || r->master->stalled)
            break;
        read_point(r->master, s.u, s.v);
        for (int32_t t = 0; t < f->n_interval && !code; t++)
            code = separate_interval(&s, r->master, t, &added, err);
        if (!code)
            code = reserve_cuts_add(f, r->master, s.u, s.v, &added, err);
        if (!code && flows)
            code = flow_cuts_add(f, r->master, s.u, &added, err);
        if (code || !added)
            break;
        const double before = r->bound_usd;
        /* The best prices know nothing of so many cuts and are a poor centre. */
        if (flows)
            r->master->bound_usd = -(double)INFINITY;
        code = flows_generate(r->master, r->pool, NULL, &g, sweep, err);
        if (!code && r->master->bound_usd > r->bound_usd)
            code = root_note(f, r, err);
        dull = r->bound_usd - before > 1e-6 * fabs(r->bound_usd) ? 0 : dull + 1;
    }
    g.most = LAST_ROUNDS;
    if (!code && flows && !fleet_spent(f))
        code = flows_generate(r->master, r->pool, NULL, &g, sweep, err);
    if (!code && r->master->bound_usd > r->bound_usd)
        code = root_note(f, r, err);
    mem_free(s.room);
    rounding_release(&s.round);
    return code;
}
