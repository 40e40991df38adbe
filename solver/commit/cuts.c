/*
 * cuts.c - cuts on commitment that the units' prices can carry.
 *
 * For every interval two sums over commitments u must hold whatever the dispatch:
 *
 *     sum_g max_g u_g >= load + need - most of others      (capacity)          (1)
 *     sum_g min_g u_g <= load - least of others            (minimum power)     (2)
 *
 * where (2) needs a surplus to be forbidden; in (1) what may be short at a price, s, is
 * added on the left. Each is rounded by rounding.c.
 *
 * Power that is not there (never_usd_per_mwh) belongs to s, at most at the price of
 * shortage. Its column is the unit's, whose dynamic program sees its own price alone:
 * what the bound then says is of the problem in which it costs that much more.
 *
 * A cut of one interval's u is robust: its dual is a bonus for being on,
 * so that the dynamic program stays exact.
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
    DULL_ROUNDS = 3  /* in a row that lift the bound by nothing to speak of */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for cuts");
}

struct separation {
    struct fleet *f;
    double *u; /* [n_interval][n_unit] of the master's point */
    double *a; /* [n_unit] of (1) or (2), stated as >= */
    struct rounding round;
    double short_mw;   /* of the master's point, in (1) */
    bool soft;         /* whether (1) may be short */
    int32_t short_row; /* of a requirement that may be short, -1 = none */
};

static void read_point(const struct master *m, double *u)
{
    const struct fleet *f = m->f;
    memset(u, 0, (size_t)f->n_interval * (size_t)f->n_unit * sizeof *u);
    for (int32_t k = 0; k < m->n_group + m->n_column; k++) {
        const bool base = k < m->n_group;
        const double w = base ? m->base_weight[k] : m->column[k - m->n_group].weight;
        const struct schedule *s =
            base ? m->base[k] : m->column[k - m->n_group].member[0];
        if (w <= 1e-9)
            continue;
        for (int32_t t = 0; t < f->n_interval; t++)
            if (set_has(&s->on, t))
                u[(size_t)t * (size_t)f->n_unit + (size_t)s->unit] += w;
    }
}

/* The most violated cut of a sum over interval t; *added tells whether there is one. */
static enum err_code separate(struct separation *s, int32_t t, double b, bool *added,
                              struct err *err)
{
    const int32_t n = s->f->n_unit;
    s->round.n = n;
    s->round.u = s->u + (size_t)t * (size_t)n;
    s->round.a = s->a;
    s->round.b = b;
    s->round.s = s->soft ? s->short_mw : 0;
    if (!rounding_find(&s->round))
        return ERR_OK;
    struct extra cut = {.kind = EXTRA_CUT,
                        .interval = t,
                        .outage = -1,
                        .rhs = s->round.rhs,
                        .spread = s->soft ? s->round.spread : 0,
                        .short_row = s->short_row,
                        .top_usd = (double)INFINITY,
                        .of = -1,
                        .on = MEM_ARRAY(double, n)};
    if (!cut.on)
        return no_memory(err);
    memcpy(cut.on, s->round.coef, (size_t)n * sizeof *cut.on);
    *added = true;
    s->f->stats.n_cut++;
    return fleet_add_extra(s->f, &cut, err);
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
    for (int32_t g = 0; g < p->n_unit; g++)
        s->a[g] = capacity_mw(p, g, t);
    const double need = fleet_spinning_need(s->f, t, &s->short_row);
    s->soft = !is_hard(s->f->roof[t]) || s->short_row >= 0;
    s->short_mw = m->z[m->first_real + 2 * t];
    if (s->short_row >= 0)
        s->short_mw += m->z[m->first_real + 2 * s->short_row];
    code = separate(s, t, p->load_mw[t] + need - most, added, err);
    s->soft = false;
    s->short_row = -1;
    if (!code && is_hard(s->f->floor[t])) {
        for (int32_t g = 0; g < p->n_unit; g++)
            s->a[g] = -commit_least_mw(&p->unit[g], t);
        code = separate(s, t, least - p->load_mw[t], added, err);
    }
    return code;
}

enum err_code cuts_add(struct fleet *f, struct root *r, struct sweep *sweep,
                       struct err *err)
{
    const size_t n = (size_t)f->n_unit;
    struct generation g = {.width = 0.05,
                           .toward = 0.7,
                           .tolerance = 1e-5,
                           .most = 20,
                           .cutoff_usd = (double)INFINITY,
                           .purge = 8};
    struct separation s = {
        .f = f,
        .u = MEM_ARRAY(double, n *(size_t)f->n_interval),
        .a = MEM_ARRAY(double, n),
        .round = {.trial = MEM_ARRAY(double, n), .coef = MEM_ARRAY(double, n)}};
    enum err_code code =
        s.u && s.a && s.round.trial && s.round.coef ? ERR_OK : no_memory(err);
    const bool flows = f->flows && f->n_unit >= FLOW_UNITS;
    const int32_t rounds = flows ? FLOW_ROUNDS : ROUNDS;
    for (int32_t k = 0, dull = 0; k < rounds && dull < DULL_ROUNDS && !code; k++) {
        bool added = false;
        if (fleet_spent(f))
            break;
        read_point(r->master, s.u);
        for (int32_t t = 0; t < f->n_interval && !code; t++)
            code = separate_interval(&s, r->master, t, &added, err);
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
    g.most = 60;
    if (!code && flows && !fleet_spent(f))
        code = flows_generate(r->master, r->pool, NULL, &g, sweep, err);
    if (!code && r->master->bound_usd > r->bound_usd)
        code = root_note(f, r, err);
    mem_free(s.u);
    mem_free(s.a);
    mem_free(s.round.trial);
    mem_free(s.round.coef);
    return code;
}
