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
 * binaries u (rounding.c; for flows this is the flow cover of Padberg, Van Roy and Wolsey,
 * Oper. Res. 33, 1985).
 *
 * Its duals are an hourly price of power and a bonus for being on: the dynamic program
 * stays exact.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

static const double LEAST_COEFFICIENT = 1e-6, LEAST_DIVISOR = 1;

/* A limit's row, in terms of binaries and what is kept of the rest. */
struct flow_row {
    struct fleet *f;
    const double *mw; /* [n_unit] */
    double *a;        /* [n_unit] of u */
    double *kept;     /* [n_unit] > 0: of P - min u; < 0: of max u - P, its negative */
    double *kept_block; /* [n_block] the same of others, from their lo and up */
    struct rounding round;
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for cuts of flows");
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
    r->round.b = x->rhs;
    r->round.s = isinf(x->top_usd) ? 0 : m->z[m->extra_slack[x - f->extra]];
    for (int32_t g = 0; g < f->n_unit; g++) {
        const struct commit_unit *u = &f->p->unit[g];
        const double c = x->power[g], lo = commit_least_mw(u, x->interval),
                     hi = commit_most_mw(u, x->interval), least = lo * r->round.u[g],
                     most = hi * r->round.u[g];
        r->a[g] = r->kept[g] = 0;
        if (fabs(c) < LEAST_COEFFICIENT) {
            r->a[g] = u->store ? fmax(c * lo, c * hi) : fmax(0, c) * hi;
            continue;
        }
        const bool up = nearer_most(least, r->mw[g], most);
        r->a[g] = c * (up ? hi : lo);
        r->kept[g] = kept_of(c, up);
        r->round.s += up ? -r->kept[g] * fmax(0, most - r->mw[g])
                         : r->kept[g] * fmax(0, r->mw[g] - least);
    }
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *o = &f->block[k];
        const double c = fleet_extra_of_block(f, x, o), mw = m->z[m->first_block + k];
        r->kept_block[k] = 0;
        if (o->interval != x->interval || c == 0)
            continue;
        const bool up = nearer_most(o->lo_mw, mw, o->up_mw);
        r->round.b -= c * (up ? o->up_mw : o->lo_mw);
        r->kept_block[k] = kept_of(c, up);
        r->round.s += up ? -r->kept_block[k] * fmax(0, o->up_mw - mw)
                         : r->kept_block[k] * fmax(0, mw - o->lo_mw);
    }
}

static enum err_code keep_cut(const struct flow_row *r, int32_t of, struct err *err)
{
    struct fleet *f = r->f;
    const struct commit_problem *p = f->p;
    const struct extra *x = &f->extra[of];
    const double spread = r->round.spread;
    struct extra cut = {.kind = EXTRA_CUT,
                        .interval = x->interval,
                        .outage = -1,
                        .rhs = r->round.rhs,
                        .spread = isinf(x->top_usd) ? 0 : spread,
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
        const struct commit_unit *u = &p->unit[g];
        const double by = r->kept[g] * spread;
        cut.power[g] = by;
        cut.on[g] = r->round.coef[g] - by * (by > 0 ? commit_least_mw(u, x->interval)
                                                    : commit_most_mw(u, x->interval));
    }
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *o = &f->block[k];
        const double by = r->kept_block[k] * spread;
        if (by == 0)
            continue;
        for (int32_t i = 0; i < o->n; i++)
            cut.other[f->other_of_block[o->first + i]] = by;
        cut.rhs += by * (by > 0 ? o->lo_mw : o->up_mw);
    }
    f->stats.n_cut++;
    return fleet_add_extra(f, &cut, err);
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
    struct flow_row r = {.f = f,
                         .a = MEM_ARRAY(double, n),
                         .kept = MEM_ARRAY(double, n),
                         .kept_block = MEM_ARRAY(double, f->n_block + 1)};
    enum err_code code = mw && r.a && r.kept && r.kept_block ? ERR_OK : no_memory(err);
    if (!code)
        code = rounding_create(f, false, &r.round, err);
    r.round.least = LEAST_DIVISOR;
    if (!code)
        read_power(m, mw);
    for (int32_t e = 0; e < n_limit && !code; e++) {
        const size_t t = (size_t)f->extra[e].interval;
        if (f->extra[e].kind != EXTRA_FLOW || !(m->y[f->n_base + e] > 0))
            continue;
        r.round.u = u + t * n;
        r.round.a = r.a;
        r.mw = mw + t * n;
        state_row(&r, &f->extra[e], m);
        if (rounding_find(&r.round)) {
            *added = true;
            code = keep_cut(&r, e, err);
        }
    }
    mem_free(mw);
    mem_free(r.a);
    mem_free(r.kept);
    mem_free(r.kept_block);
    rounding_release(&r.round);
    return code;
}
