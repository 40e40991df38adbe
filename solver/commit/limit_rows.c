/*
 * limit_rows.c - limits on weighted sums of powers and flows, commit.h (11), as rows of the
 * master from the beginning: they are few.
 *
 * With c_n what an injection at bus n adds to the weighted flows, f0 what phase shifters
 * drive and the load on the right,
 *
 *     sum_g (w_g + c) P_g + sum_o (w_o + c) P_o + over >= least - f0 + sum_n c_n load_n   (1)
 *
 * and likewise, with all signs changed, for the most.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/parts.h"
#include "solver/network.h"

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for limits of the commitment");
}

/* ---- rows ------------------------------------------------------------------------------ */

struct weights {
    double *bus;          /* [n_bus] c, zero without branches */
    double still_mw;      /* f0 */
    double *unit, *other; /* [n_unit], [n_other] */
};

/* c and f0 of the limit's flows. */
static enum err_code of_flows(const struct fleet *f, const struct commit_limit *c,
                              struct weights *w, struct err *err)
{
    const struct network_data *d = network_data(f->p->net);
    const size_t N = (size_t)d->n_bus;
    double *row = MEM_ARRAY(double, (size_t)c->n_branch *N);
    double *nothing = MEM_ARRAY(double, N), *still = MEM_ARRAY(double, d->n_branch);
    enum err_code code = row && nothing && still ? ERR_OK : no_memory(err);
    if (!code)
        code = network_ptdf_rows(f->p->net, c->n_branch, c->branch, row, err);
    if (!code)
        code = network_flows(f->p->net, 1, nothing, NULL, still, err);
    for (int32_t i = 0; i < c->n_branch && !code; i++) {
        w->still_mw += c->branch_weight[i] * still[c->branch[i]];
        for (size_t n = 0; n < N; n++)
            w->bus[n] += c->branch_weight[i] * row[(size_t)i * N + n];
    }
    mem_free(row);
    mem_free(nothing);
    mem_free(still);
    return code;
}

static enum err_code weigh(const struct fleet *f, const struct commit_limit *c,
                           struct weights *w, struct err *err)
{
    const struct commit_problem *p = f->p;
    const int32_t n_bus = p->net ? network_data(p->net)->n_bus : 0;
    w->bus = MEM_ARRAY(double, n_bus);
    w->unit = MEM_ARRAY(double, p->n_unit);
    w->other = MEM_ARRAY(double, p->n_other);
    if (!w->bus || !w->unit || !w->other)
        return no_memory(err);
    enum err_code code = c->n_branch > 0 ? of_flows(f, c, w, err) : ERR_OK;
    for (int32_t g = 0; g < p->n_unit; g++) {
        const struct commit_unit *u = &p->unit[g];
        w->unit[g] = c->unit ? c->unit[g] : 0;
        for (int32_t k = 0; k < u->n_bus && c->n_branch > 0; k++)
            w->unit[g] += u->bus_weight[k] * w->bus[u->bus[k]];
    }
    for (int32_t o = 0; o < p->n_other; o++)
        w->other[o] = (c->other ? c->other[o] : 0) +
                      (c->n_branch > 0 ? w->bus[p->other[o].bus] : 0);
    return code;
}

/* Whether some unit, in some configuration, burns of it. */
static bool burns(const struct commit_problem *p, int32_t limit)
{
    for (int32_t g = 0; g < p->n_unit; g++) {
        const struct commit_unit *u = &p->unit[g];
        for (int32_t c = 0; c < (u->n_config > 0 ? u->n_config : 1); c++)
            if (commit_unit_in(u, c)->supply == limit + 1)
                return true;
    }
    return false;
}

static enum err_code add_side(struct fleet *f, int32_t limit, int32_t t, bool minimum,
                              const struct weights *w, struct err *err)
{
    const struct commit_problem *p = f->p;
    const struct commit_limit *c = &p->limit[limit];
    const double mw = minimum ? c->min_mw[t] : c->max_mw[t], sign = minimum ? 1 : -1;
    if (isinf(mw))
        return ERR_OK;
    struct extra e = {.kind = burns(p, limit) ? EXTRA_FUEL : EXTRA_FLOW,
                      .interval = t,
                      .branch = -1,
                      .outage = -1,
                      .minimum = minimum,
                      .next_of_branch = -1,
                      .limit = limit,
                      .top_usd = c->usd_per_mwh * p->interval_h,
                      .power = MEM_ARRAY(double, p->n_unit),
                      .other = MEM_ARRAY(double, p->n_other)};
    if (!e.power || !e.other) {
        mem_free(e.power);
        mem_free(e.other);
        return no_memory(err);
    }
    double moved = mw - w->still_mw;
    const int32_t n_bus = c->n_branch > 0 ? network_data(p->net)->n_bus : 0;
    for (int32_t n = 0; n < n_bus; n++)
        moved += w->bus[n] * p->bus_load_mw[(size_t)t * (size_t)n_bus + (size_t)n];
    e.rhs = sign * moved;
    for (int32_t g = 0; g < p->n_unit; g++)
        e.power[g] = sign * w->unit[g];
    for (int32_t o = 0; o < p->n_other; o++)
        e.other[o] = sign * w->other[o];
    return fleet_add_extra(f, &e, err);
}

enum err_code limits_create(struct fleet *f, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < f->p->n_limit && !code; k++) {
        struct weights w = {0};
        code = weigh(f, &f->p->limit[k], &w, err);
        for (int32_t t = 0; t < f->n_interval && !code; t++) {
            code = add_side(f, k, t, true, &w, err);
            if (!code)
                code = add_side(f, k, t, false, &w, err);
        }
        mem_free(w.bus);
        mem_free(w.unit);
        mem_free(w.other);
    }
    return code;
}

/* The row of one side; the first interval has one where power before it is told. */
static enum err_code add_ramp(struct fleet *f, int32_t g, int32_t t, bool minimum,
                              struct err *err)
{
    const struct commit_store *s = f->p->unit[g].store;
    const double most = minimum ? s->ramp_down_mw : s->ramp_up_mw;
    const double before = t == 0 ? s->mw_before : 0;
    if (most <= 0 || isinf(most) || isnan(before))
        return ERR_OK;
    struct extra e = {.kind = EXTRA_RAMP,
                      .interval = t,
                      .branch = -1,
                      .outage = -1,
                      .minimum = minimum,
                      .next_of_branch = -1,
                      .limit = -1,
                      .store = g,
                      .rhs = -most + (minimum ? before : -before),
                      .top_usd = (double)INFINITY,
                      .short_row = -1,
                      .of = -1};
    return fleet_add_extra(f, &e, err);
}

enum err_code limits_of_stores(struct fleet *f, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t g = 0; g < f->n_unit; g++)
        for (int32_t t = 0; t < f->n_interval && f->p->unit[g].store && !code; t++) {
            code = add_ramp(f, g, t, true, err);
            if (!code)
                code = add_ramp(f, g, t, false, err);
        }
    return code;
}

/* ---- fuel -------------------------------------------------------------------------------- */

double limits_start_burnt(const struct fleet *f, const struct schedule *s,
                          int32_t limit, int32_t t)
{
    const struct commit_unit *plant = &f->p->unit[s->unit];
    if (!set_has(&s->on, t) || (t == 0 ? plant->on_before : set_has(&s->on, t - 1)))
        return 0;
    const struct commit_unit *u = schedule_unit(f, s, t);
    int32_t off = 0;
    double fuel = 0;
    if (u->supply != limit + 1)
        return 0;
    while (off < t && !set_has(&s->on, t - 1 - off))
        off++;
    if (off == t && !plant->on_before)
        off += plant->age_before;
    for (int32_t k = 0; k < u->n_start && (k == 0 || off >= u->start[k].lag); k++)
        fuel = u->start_fuel[k];
    return fuel;
}

double limits_burnt(const struct fleet *f, const struct schedule *s, int32_t limit,
                    int32_t t)
{
    if (!set_has(&s->on, t))
        return 0;
    const struct commit_unit *u = schedule_unit(f, s, t);
    if (u->supply != limit + 1)
        return 0;
    const struct commit_curve *c = &f->p->curve[u->curve[t]];
    double x = s->mw[t] - u->min_mw, per_h = u->min_fuel_per_h;
    for (int32_t k = 0; k < c->n_segment && x > 0; k++) {
        const double part = k + 1 < c->n_segment ? fmin(x, c->width_mw[k]) : x;
        per_h += part * u->fuel_per_mwh[k];
        x -= part;
    }
    return f->p->interval_h * per_h + limits_start_burnt(f, s, limit, t);
}

/* ---- the answer -------------------------------------------------------------------------- */

void limits_answer(const struct fleet *f, const struct schedule *const *s,
                   struct commit_answer *a)
{
    const struct commit_problem *p = f->p;
    for (int32_t k = 0; k < f->n_extra; k++) {
        const struct extra *e = &f->extra[k];
        if (extra_is_cut(e) || e->limit < 0)
            continue;
        const size_t others = (size_t)e->interval * (size_t)p->n_other;
        double over = e->rhs;
        for (int32_t g = 0; g < f->n_unit; g++)
            over -= schedule_extra(f, s[g], k);
        for (int32_t o = 0; o < p->n_other; o++)
            over -= e->other[o] * a->other_mw[others + (size_t)o];
        if (over > 0 && !isinf(e->top_usd)) {
            a->limit_over_mw[(size_t)e->interval * (size_t)p->n_limit +
                             (size_t)e->limit] += over;
            a->overload_usd += over * e->top_usd;
        }
    }
}

void limits_prices(const struct fleet *f, const double *y, int32_t n_row, double *out)
{
    for (int32_t k = f->n_base; k < n_row; k++) {
        const struct extra *e = &f->extra[k - f->n_base];
        if (!extra_is_cut(e) && e->limit >= 0)
            out[(size_t)e->interval * (size_t)f->p->n_limit + (size_t)e->limit] +=
                (e->minimum ? 1 : -1) * y[k] / f->p->interval_h;
    }
}
