/*
 * flow_cuts.c - cuts on commitment and power that a limit of flows implies.
 *
 * Where a limit holds a group of large units down, the master commits a fraction of one
 * at full power, which costs less than a whole one at part load. In the limit's row
 *
 *     sum_g c_g P_g + sum_o c_o P_o + over >= b
 *
 * the power of a unit is min u + x or max u - w, whichever of x, w >= 0 is the smaller
 * in the point; those of other injections likewise, without u. What has a negative
 * coefficient of x or w is left out, which only relaxes; the rest, s, is rounded with the
 * binaries u (mixed-integer rounding, as in cuts.c; for flows this is the flow cover of
 * Padberg, Van Roy and Wolsey, Oper. Res. 33, 1985):
 *
 *     sum_g F(a_g / d) u_g + s / (d f) >= ceil(b' / d).
 *
 * Its duals are an hourly price of power and a bonus for being on: the dynamic program
 * stays exact.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

static const double THRESHOLD[] = {0.5, 0.02, 0.98};
static const double LEAST_VIOLATION = 1e-3; /* distance of the point from the cut */
static const double LEAST_COEFFICIENT = 1e-6;

/* A limit's row, in terms of binaries and what is kept of the rest. */
struct flow_row {
    struct fleet *f;
    const double *u;  /* [n_unit] of the interval */
    const double *mw; /* [n_unit] */
    double *a;        /* [n_unit] of u */
    double *kept;     /* [n_unit] > 0: of P - min u; < 0: of max u - P, its negative */
    double *kept_block; /* [n_block] the same of others, from their lo and up */
    double b;
    double rest; /* s at the point */
};

struct flow_cut {
    double *coef; /* [n_unit] F(a_g / d), complements taken back */
    double rhs, violation, d, f;
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for cuts of flows");
}

static double rounded(double v, double f)
{
    const double whole = floor(v + 1e-9);
    return whole + fmin(1, fmax(0, v - whole) / f);
}

/* least = min u or lo, most = max u or up; the point lies between. */
static bool nearer_most(double least, double mw, double most)
{
    return most - mw < mw - least;
}

/* What is kept of a distance from the nearer end: it must not help to relax. */
static double kept_of(double c, bool most)
{
    return most ? fmin(0, c) : fmax(0, c);
}

static void state_row(struct flow_row *r, const struct extra *x, const struct master *m)
{
    const struct fleet *f = r->f;
    r->b = x->rhs;
    r->rest = m->z[m->extra_slack[x - f->extra]];
    for (int32_t g = 0; g < f->n_unit; g++) {
        const struct commit_unit *u = &f->p->unit[g];
        const double c = x->power[g], least = u->min_mw * r->u[g],
                     most = u->max_mw * r->u[g];
        r->a[g] = r->kept[g] = 0;
        if (fabs(c) < LEAST_COEFFICIENT) {
            r->a[g] = fmax(0, c) * u->max_mw;
            continue;
        }
        const bool up = nearer_most(least, r->mw[g], most);
        r->a[g] = c * (up ? u->max_mw : u->min_mw);
        r->kept[g] = kept_of(c, up);
        r->rest += up ? -r->kept[g] * fmax(0, most - r->mw[g])
                      : r->kept[g] * fmax(0, r->mw[g] - least);
    }
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *o = &f->block[k];
        const double c = fleet_extra_of_block(f, x, o), mw = m->z[m->first_block + k];
        r->kept_block[k] = 0;
        if (o->interval != x->interval || c == 0)
            continue;
        const bool up = nearer_most(o->lo_mw, mw, o->up_mw);
        r->b -= c * (up ? o->up_mw : o->lo_mw);
        r->kept_block[k] = kept_of(c, up);
        r->rest += up ? -r->kept_block[k] * fmax(0, o->up_mw - mw)
                      : r->kept_block[k] * fmax(0, mw - o->lo_mw);
    }
}

static void try_cut(const struct flow_row *r, double threshold, double d, double *trial,
                    struct flow_cut *best)
{
    const int32_t n = r->f->n_unit;
    double b = r->b;
    for (int32_t g = 0; g < n; g++)
        if (r->u[g] >= threshold)
            b -= r->a[g];
    const double beta = b / d, f = beta - floor(beta);
    if (f < 0.01 || f > 0.999)
        return;
    double rhs = ceil(beta), activity = r->rest / (d * f), norm = 0;
    for (int32_t g = 0; g < n; g++) {
        const bool complement = r->u[g] >= threshold;
        trial[g] = r->a[g] == 0 ? 0
                   : complement ? -rounded(-r->a[g] / d, f)
                                : rounded(r->a[g] / d, f);
        if (complement)
            rhs += trial[g];
        activity += trial[g] * r->u[g];
        norm += trial[g] * trial[g];
    }
    const double violation = norm > 0 ? (rhs - activity) / sqrt(norm) : 0;
    if (violation <= best->violation)
        return;
    best->violation = violation;
    best->rhs = rhs;
    best->d = d;
    best->f = f;
    memcpy(best->coef, trial, (size_t)n * sizeof *trial);
}

static enum err_code keep_cut(const struct flow_row *r, const struct flow_cut *best,
                              int32_t of, struct err *err)
{
    struct fleet *f = r->f;
    const struct commit_problem *p = f->p;
    const struct extra *x = &f->extra[of];
    struct extra cut = {.kind = EXTRA_CUT,
                        .interval = x->interval,
                        .outage = -1,
                        .rhs = best->rhs * best->d,
                        .spread = isinf(x->top_usd) ? 0 : 1 / best->f,
                        .short_row = -1,
                        .of = of,
                        .top_usd = (double)INFINITY,
                        .on = MEM_ARRAY(double, f->n_unit),
                        .power = MEM_ARRAY(double, f->n_unit),
                        .other = MEM_ARRAY(double, p->n_other)};
    if (!cut.on || !cut.power || !cut.other) {
        mem_free(cut.on);
        mem_free(cut.power);
        mem_free(cut.other);
        return no_memory(err);
    }
    for (int32_t g = 0; g < f->n_unit; g++) {
        const double by = r->kept[g] / best->f;
        cut.power[g] = by;
        cut.on[g] = best->coef[g] * best->d -
                    by * (by > 0 ? p->unit[g].min_mw : p->unit[g].max_mw);
    }
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *o = &f->block[k];
        const double by = r->kept_block[k] / best->f;
        if (by == 0)
            continue;
        for (int32_t i = 0; i < o->n; i++)
            cut.other[f->other_of_block[o->first + i]] = by;
        cut.rhs += by * (by > 0 ? o->lo_mw : o->up_mw);
    }
    f->stats.n_cut++;
    return fleet_add_extra(f, &cut, err);
}

/* The most violated cut of limit `of`. */
static enum err_code separate(struct flow_row *r, const struct master *m, int32_t of,
                              double *trial, struct flow_cut *best, bool *added,
                              struct err *err)
{
    double last = 0;
    state_row(r, &r->f->extra[of], m);
    best->violation = LEAST_VIOLATION;
    best->rhs = -INFINITY;
    for (int32_t g = 0; g < r->f->n_unit; g++) {
        const double d = fabs(r->a[g]);
        if (r->u[g] < 0.01 || r->u[g] > 0.99 || d < 1 || d == last)
            continue;
        last = d;
        for (size_t k = 0; k < sizeof THRESHOLD / sizeof *THRESHOLD; k++) {
            try_cut(r, THRESHOLD[k], d, trial, best);
            try_cut(r, THRESHOLD[k], d / 2, trial, best);
        }
    }
    if (isinf(best->rhs))
        return ERR_OK;
    *added = true;
    return keep_cut(r, best, of, err);
}

/* Power of all units in the master's point. */
static void read_power(const struct master *m, double *mw)
{
    const struct fleet *f = m->f;
    for (int32_t k = 0; k < m->n_group + m->n_column; k++) {
        const bool base = k < m->n_group;
        const double w = base ? m->base_weight[k] : m->column[k - m->n_group].weight;
        const struct schedule *s =
            base ? m->base[k] : m->column[k - m->n_group].member[0];
        for (int32_t t = 0; t < f->n_interval && w > 1e-9; t++)
            mw[(size_t)t * (size_t)f->n_unit + (size_t)s->unit] += w * s->mw[t];
    }
}

enum err_code flow_cuts_add(struct fleet *f, const struct master *m, const double *u,
                            bool *added, struct err *err)
{
    const int32_t n_limit = m->n_extra;
    const size_t n = (size_t)f->n_unit;
    if (!f->flows)
        return ERR_OK;
    double *mw = MEM_ARRAY(double, n *(size_t)f->n_interval);
    double *trial = MEM_ARRAY(double, n);
    struct flow_row r = {.f = f,
                         .a = MEM_ARRAY(double, n),
                         .kept = MEM_ARRAY(double, n),
                         .kept_block = MEM_ARRAY(double, f->n_block + 1)};
    struct flow_cut best = {.coef = MEM_ARRAY(double, n)};
    enum err_code code = mw && trial && r.a && r.kept && r.kept_block && best.coef
                             ? ERR_OK
                             : no_memory(err);
    if (!code)
        read_power(m, mw);
    for (int32_t e = 0; e < n_limit && !code; e++) {
        const size_t t = (size_t)f->extra[e].interval;
        if (f->extra[e].kind != EXTRA_FLOW || !(m->y[f->n_base + e] > 0))
            continue;
        r.u = u + t * n;
        r.mw = mw + t * n;
        code = separate(&r, m, e, trial, &best, added, err);
    }
    mem_free(mw);
    mem_free(trial);
    mem_free(r.a);
    mem_free(r.kept);
    mem_free(r.kept_block);
    mem_free(best.coef);
    return code;
}
