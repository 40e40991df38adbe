/*
 * cuts.c - cuts on commitment that the units' prices can carry.
 *
 * For every interval two sums over commitments u must hold whatever the dispatch:
 *
 *     sum_g max_g u_g >= load + need - most of others      (capacity)          (1)
 *     sum_g min_g u_g <= load - least of others            (minimum power)     (2)
 *
 * where (2) needs a surplus to be forbidden; in (1) what may be short at a price, s, is
 * added on the left. Units whose u exceeds a threshold are complemented, the sum is
 * divided by d and rounded (mixed-integer rounding; Marchand and Wolsey, Oper. Res. 49,
 * 2001): from sum a_j x_j + s >= b over binaries and s >= 0,
 *
 *     sum_j F(a_j / d) x_j + s / (d f) >= ceil(b / d),                               (3)
 *     F(v) = floor(v) + min(1, frac(v) / f),  f = frac(b / d).
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

static const double THRESHOLD[] = {0.5, 0.02, 0.98};
static const double LEAST_VIOLATION = 1e-3; /* distance of the point from the cut */

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for cuts");
}

struct separation {
    struct fleet *f;
    double *u;     /* [n_interval][n_unit] of the master's point */
    double *a;     /* [n_unit] of (1) or (2), stated as >= */
    double *trial; /* [n_unit] */
    double *best;  /* [n_unit] the most violated cut of the interval */
    double best_rhs, best_violation, best_spread;
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

static double rounded(double v, double f)
{
    const double whole = floor(v + 1e-9);
    return whole + fmin(1, fmax(0, v - whole) / f);
}

/* One cut (3) with divisor d; kept if it is the most violated. */
static void try_cut(struct separation *s, const double *u, double b, double threshold,
                    double d)
{
    const int32_t n = s->f->n_unit;
    double rest = b;
    for (int32_t g = 0; g < n; g++)
        if (u[g] >= threshold)
            rest -= s->a[g];
    const double beta = rest / d, f = beta - floor(beta);
    if (f < 0.01 || f > 0.999)
        return;
    double rhs = ceil(beta), activity = 0, norm = 0;
    for (int32_t g = 0; g < n; g++) {
        double by;
        if (s->a[g] == 0) {
            by = 0;
        } else if (u[g] >= threshold) {
            by = -rounded(-s->a[g] / d, f);
            rhs += by;
        } else {
            by = rounded(s->a[g] / d, f);
        }
        s->trial[g] = by;
        activity += by * u[g];
        norm += by * by;
    }
    if (s->soft)
        activity += s->short_mw / (d * f);
    const double violation = norm > 0 ? (rhs - activity) / sqrt(norm) : 0;
    if (violation <= s->best_violation)
        return;
    s->best_violation = violation;
    const double size = fabs(d);
    s->best_rhs = rhs * size;
    s->best_spread = s->soft ? 1 / f : 0;
    for (int32_t g = 0; g < n; g++)
        s->best[g] = s->trial[g] * size;
}

/* The most violated cut of a sum over interval t; *added tells whether there is one. */
static enum err_code separate(struct separation *s, int32_t t, double b, bool *added,
                              struct err *err)
{
    const int32_t n = s->f->n_unit;
    const double *u = s->u + (size_t)t * (size_t)n;
    double last = 0;
    s->best_violation = LEAST_VIOLATION;
    s->best_rhs = -INFINITY;
    for (int32_t g = 0; g < n; g++) {
        const double d = fabs(s->a[g]);
        if (u[g] < 0.01 || u[g] > 0.99 || d == 0 || d == last)
            continue;
        last = d;
        for (size_t k = 0; k < sizeof THRESHOLD / sizeof *THRESHOLD; k++) {
            try_cut(s, u, b, THRESHOLD[k], d);
            try_cut(s, u, b, THRESHOLD[k], d / 2);
        }
    }
    if (isinf(s->best_rhs))
        return ERR_OK;
    struct extra cut = {.kind = EXTRA_CUT,
                        .interval = t,
                        .outage = -1,
                        .rhs = s->best_rhs,
                        .spread = s->best_spread,
                        .short_row = s->short_row,
                        .top_usd = (double)INFINITY,
                        .of = -1,
                        .on = MEM_ARRAY(double, n)};
    if (!cut.on)
        return no_memory(err);
    memcpy(cut.on, s->best, (size_t)n * sizeof *cut.on);
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
        return u->max_mw;
    for (int32_t k = 0; k < c->n_segment; k++)
        if (c->cost_usd_per_mwh[k] < p->never_usd_per_mwh)
            mw += c->width_mw[k];
    return fmin(mw, u->max_mw);
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
            s->a[g] = -p->unit[g].min_mw;
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
    struct separation s = {.f = f,
                           .u = MEM_ARRAY(double, n *(size_t)f->n_interval),
                           .a = MEM_ARRAY(double, n),
                           .trial = MEM_ARRAY(double, n),
                           .best = MEM_ARRAY(double, n)};
    enum err_code code = s.u && s.a && s.trial && s.best ? ERR_OK : no_memory(err);
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
    mem_free(s.trial);
    mem_free(s.best);
    return code;
}
