/* commit_certificate.c - a whole answer of commit.h, row by row. */
#include "solver/commit/commit_certificate.h"

#include <math.h>
#include <stddef.h>

#include "sim/base/mem.h"
#include "solver/commit/service.h"

struct check {
    const struct commit_problem *p;
    const struct commit_answer *a;
    struct commit_certificate *out;
    int32_t unit; /* whose rules are looked at, -1 = no unit's */
};

static void broken(const struct check *c, double by, const char *rule, int32_t t,
                   int32_t index)
{
    if (!(by <= c->out->violation_mw)) { /* not a number is broken, too */
        c->out->violation_mw = by;
        c->out->rule = rule;
        c->out->interval = t;
        c->out->index = index;
        c->out->unit = c->unit;
    }
}

static size_t at(const struct check *c, int32_t t, int32_t g)
{
    return (size_t)t * (size_t)c->p->n_unit + (size_t)g;
}

static bool is_on(const struct check *c, int32_t t, int32_t g)
{
    return t < 0 ? c->p->unit[g].on_before : c->a->on[at(c, t, g)] != 0;
}

/* Configuration of a plant that is on, else 0. */
static int32_t config(const struct check *c, int32_t t, int32_t g)
{
    if (c->p->unit[g].n_config == 0 || !is_on(c, t, g))
        return 0;
    return t < 0 ? c->p->unit[g].config_before : c->a->config[at(c, t, g)];
}

/* What the unit is in interval t; plants that are off are what they offer while off. */
static const struct commit_unit *unit_at(const struct check *c, int32_t t, int32_t g)
{
    const struct commit_unit *u = &c->p->unit[g];
    return is_on(c, t, g) ? commit_unit_in(u, config(c, t, g)) : u;
}

/* Power above minimum; before the first interval that of the problem. */
static double above(const struct check *c, int32_t t, int32_t g)
{
    const struct commit_unit *u = unit_at(c, t, g);
    if (t < 0)
        return is_on(c, t, g) ? c->p->unit[g].mw_before - u->min_mw : 0;
    return c->a->power_mw[at(c, t, g)] - (is_on(c, t, g) ? u->min_mw : 0);
}

/* Reserve of all the unit's products in one direction. */
static double held(const struct check *c, int32_t t, int32_t g, bool down)
{
    double sum = 0;
    for (int32_t k = 0; k < COMMIT_PRODUCTS; k++)
        if ((c->p->down_products >> k & 1) == down)
            sum += c->a->reserve_mw[at(c, t, g) * COMMIT_PRODUCTS + (size_t)k];
    return sum;
}

/* ---- rules of time ------------------------------------------------------------------------ */

/* Cost of starting at t, the unit having run last in interval t - off - 1; INFINITY where
 * no category is allowed. `first`: it was off before the first interval. */
static double start_cost(const struct check *c, int32_t t, int32_t g, int32_t off,
                         bool first)
{
    const struct commit_unit *u = unit_at(c, t, g), *plant = &c->p->unit[g];
    const int32_t n = u->n_start, a = t + 1;
    double best = n > 0 ? INFINITY : 0;
    for (int32_t s = 0; s < n; s++) {
        bool may = true;
        if (!c->p->pglib_start_rows) {
            may = u->start[s].lag <= off && (s + 1 == n || off < u->start[s + 1].lag);
            /* Hotter than the hottest there is: min_down allows it. */
            may = may || (s == 0 && off < u->start[0].lag);
        } else if (s + 1 < n) {
            const int32_t next = u->start[s + 1].lag;
            const int32_t before = plant->on_before ? 0 : plant->age_before;
            if (a >= next)
                may = !first && off >= u->start[s].lag && off < next;
            else if (!plant->on_before)
                may = a < (next - before + 1 > 1 ? next - before + 1 : 1);
        }
        if (may && u->start[s].cost_usd < best)
            best = u->start[s].cost_usd;
    }
    return best;
}

/* The permitted move between the configurations of t-1 and t, NULL = there is none. */
static const struct commit_transition *move_into(const struct check *c, int32_t t,
                                                 int32_t g)
{
    const struct commit_unit *u = &c->p->unit[g];
    const int32_t from = config(c, t - 1, g), to = config(c, t, g);
    for (int32_t k = 0; k < u->n_transition; k++)
        if (u->transition[k].from == from && u->transition[k].to == to)
            return &u->transition[k];
    return NULL;
}

/* Whether the plant is on in t-1 and t, in different configurations. */
static bool moves(const struct check *c, int32_t t, int32_t g)
{
    return is_on(c, t - 1, g) && is_on(c, t, g) &&
           config(c, t - 1, g) != config(c, t, g);
}

/* The path of configurations. */
static void check_configs(const struct check *c, int32_t g)
{
    const struct commit_unit *u = &c->p->unit[g];
    int32_t age = u->config_age_before; /* in the configuration of t-1 */
    for (int32_t t = 0; t < c->p->n_interval; t++) {
        const bool on = is_on(c, t, g), before = is_on(c, t - 1, g);
        const struct commit_config *is = &u->config[config(c, t, g)];
        const struct commit_config *was = &u->config[config(c, t - 1, g)];
        if (on && is->as.status && is->as.status[t] == COMMIT_OFF)
            broken(c, INFINITY, "configuration not available", t, g);
        if (on && !before && !is->may_start)
            broken(c, INFINITY, "start into a configuration", t, g);
        if (!on && before && !was->may_stop)
            broken(c, INFINITY, "stop from a configuration", t, g);
        if (before && (!on || is != was) && age < was->as.min_up)
            broken(c, INFINITY, "time in a configuration", t, g);
        if (moves(c, t, g)) {
            const struct commit_transition *by = move_into(c, t, g);
            const double from = above(c, t - 1, g) + was->as.min_mw;
            const double to = above(c, t, g) + is->as.min_mw;
            if (!by) {
                broken(c, INFINITY, "no such transition", t, g);
            } else {
                if (age < by->least_age)
                    broken(c, INFINITY, "time before a transition", t, g);
                broken(c, to - from - by->up_mw, "rise across a transition", t, g);
                broken(c, from - to - by->down_mw, "fall across a transition", t, g);
            }
        }
        age = on && before && is == was ? age + 1 : 1;
    }
}

static void check_times(const struct check *c, int32_t g)
{
    const struct commit_unit *u = &c->p->unit[g];
    int32_t age = u->age_before, starts = 0, day = 0;
    bool first = !u->on_before;
    for (int32_t t = 0; t < c->p->n_interval; t++) {
        const bool on = is_on(c, t, g), before = is_on(c, t - 1, g);
        const int32_t today = c->p->day ? c->p->day[t] : 0;
        double cost = 0;
        if (today != day)
            starts = 0;
        day = today;
        if (u->status && u->status[t] == COMMIT_ON && !on)
            broken(c, INFINITY, "must run", t, g);
        if (u->status && u->status[t] == COMMIT_OFF && on)
            broken(c, INFINITY, "must not run", t, g);
        if (on && !before) {
            if (age < u->min_down)
                broken(c, INFINITY, "time off", t, g);
            cost = start_cost(c, t, g, age, first);
            if (u->max_starts > 0 && ++starts > u->max_starts)
                broken(c, INFINITY, "starts of a day", t, g);
        }
        if (!on && before) {
            if (age < u->min_up)
                broken(c, INFINITY, "time on", t, g);
            c->out->cost_usd += u->stop_cost_usd;
        }
        if (moves(c, t, g)) {
            const struct commit_transition *by = move_into(c, t, g);
            cost = by ? by->cost_usd : 0; /* told by check_configs */
        }
        first = first && !on;
        age = on == before ? age + 1 : 1;
        c->out->cost_usd += cost;
        const double stated = c->a->start_cost_usd[at(c, t, g)];
        if (!(fabs(stated - cost) <= 1e-6 * fmax(1, fabs(cost))))
            broken(c, INFINITY, "start cost", t, g);
    }
}

/* ---- rules of power ------------------------------------------------------------------------ */

static void check_offers(const struct check *c, int32_t t, int32_t g)
{
    const struct commit_unit *u = unit_at(c, t, g);
    const bool on = is_on(c, t, g);
    double left[COMMIT_PRODUCTS];
    for (int32_t k = 0; k < COMMIT_PRODUCTS; k++) {
        left[k] = c->a->reserve_mw[at(c, t, g) * COMMIT_PRODUCTS + (size_t)k];
        broken(c, -left[k], "reserve below zero", t, g);
    }
    for (int32_t o = 0; o < u->n_offer; o++) {
        const struct commit_offer *offer = &u->offer[o];
        double *r = &left[offer->product];
        if (offer->price_usd_per_mw)
            c->out->cost_usd += c->p->interval_h * offer->price_usd_per_mw[t] * *r;
        broken(c, *r - (on ? offer->max_mw : offer->max_off_mw), "reserve offered", t,
               g);
        *r = 0;
    }
    for (int32_t k = 0; k < COMMIT_PRODUCTS; k++)
        broken(c, left[k], "reserve without offer", t, g);
}

/* (1)-(8) of service.h, and (5) of commit.h where only reserve counts. */
static void check_services(const struct check *c, int32_t t, int32_t g)
{
    const char *rule = NULL;
    const double by = service_violation(c->p, c->a, t, g, &rule);
    const struct commit_unit *u = &c->p->unit[g];
    const double *held = c->a->reserve_mw + at(c, t, g) * COMMIT_PRODUCTS;
    for (int32_t o = 0; o < u->n_offer; o++)
        if (u->offer[o].price_usd_per_mw)
            c->out->cost_usd += c->p->interval_h * u->offer[o].price_usd_per_mw[t] *
                                held[u->offer[o].product];
    broken(c, by, rule, t, g);
}

static void check_power(const struct check *c, int32_t t, int32_t g)
{
    const bool on = is_on(c, t, g), before = is_on(c, t - 1, g);
    /* At a stop the limits of what is left count. */
    const struct commit_unit *u = unit_at(c, !on && before ? t - 1 : t, g);
    const bool stops = t + 1 < c->p->n_interval && on && !is_on(c, t + 1, g);
    const double x = above(c, t, g), last = above(c, t - 1, g);
    const bool services = c->p->service;
    const double up =
        services ? c->a->reserve_mw[at(c, t, g) * COMMIT_PRODUCTS + SERVICE_RESERVE]
                 : held(c, t, g, false);
    /* At a stop before the first interval they are those of all. */
    const double max = on ? commit_most_mw(u, t) : u->max_mw, span = max - u->min_mw;
    const double least = on ? commit_least_mw(u, t) - u->min_mw : 0; /* of x */
    const bool ends = on != before && u->free_ends;
    if (services)
        check_services(c, t, g);
    else
        check_offers(c, t, g);
    c->out->cost_usd += commit_change_usd(&c->p->unit[g],
                                          t > 0 ? c->a->power_mw[at(c, t - 1, g)]
                                                : c->p->unit[g].mw_before,
                                          c->a->power_mw[at(c, t, g)]);
    broken(c, least - x, "minimum power", t, g);
    if (t == 0 && before && !on)
        broken(c, last - (span - fmax(max - u->stop_max_mw, 0)), "power at a stop", t,
               g);
    if (!services && !moves(c, t, g) && !ends)
        broken(c, last - x - u->ramp_down_mw, "ramp down", t, g);
    if (!on) {
        broken(c, fabs(x), "power while off", t, g);
        return;
    }
    broken(c, x + up - span, "maximum power", t, g);
    if (u->most_up_mw > 0)
        broken(c, up - u->most_up_mw, "upward reserve", t, g);
    if (u->steady_reserve && (!before || stops))
        broken(c, up + held(c, t, g, true), "reserve at a start or stop", t, g);
    if (!before)
        broken(c, x + up - (span - fmax(max - u->start_max_mw, 0)), "power at a start",
               t, g);
    if (stops)
        broken(c, x + up - (span - fmax(max - u->stop_max_mw, 0)), "power at a stop", t,
               g);
    if (!services)
        broken(c, held(c, t, g, true) - (x - least), "downward reserve", t, g);
    if (!services && !moves(c, t, g) && !ends)
        broken(c, x + (u->reserve_shares_ramp ? up : 0) - last - u->ramp_up_mw,
               "ramp up", t, g);

    const struct commit_curve *curve = &c->p->curve[u->curve[t]];
    double usd_per_h = u->min_cost_usd_per_h[t], from = 0;
    for (int32_t s = 0; s < curve->n_segment; s++) {
        const double to =
            s + 1 < curve->n_segment ? from + curve->width_mw[s] : (double)INFINITY;
        if (x > from)
            usd_per_h += (fmin(x, to) - from) * curve->cost_usd_per_mwh[s];
        from = to;
    }
    c->out->cost_usd += c->p->interval_h * usd_per_h;
}

/* ---- stores --------------------------------------------------------------------------------- */

/* What mw cost by one of a store's curves. */
static double store_usd_per_h(const struct check *c, const int32_t *curve, int32_t t,
                              double mw)
{
    const struct commit_curve *of = curve ? &c->p->curve[curve[t]] : NULL;
    double usd = 0, from = 0;
    for (int32_t s = 0; of && s < of->n_segment; s++) {
        const double to =
            s + 1 < of->n_segment ? from + of->width_mw[s] : (double)INFINITY;
        usd += fmax(0, fmin(mw, to) - from) * of->cost_usd_per_mwh[s];
        from = to;
    }
    return usd;
}

/* (12), its energy against that of the answer before. */
static void check_store(const struct check *c, int32_t g)
{
    const struct commit_store *s = c->p->unit[g].store;
    const double h = c->p->interval_h;
    double mwh = s->first_mwh;
    for (int32_t t = 0; t < c->p->n_interval; t++) {
        const double charge = c->a->charge_mw[at(c, t, g)];
        const double discharge = c->a->power_mw[at(c, t, g)] + charge;
        const double left = c->a->energy_mwh[at(c, t, g)];
        const double before = t > 0 ? c->a->power_mw[at(c, t - 1, g)] : s->mw_before;
        if (!is_on(c, t, g))
            broken(c, INFINITY, "a store that is off", t, g);
        if (s->ramp_up_mw > 0 && !isnan(before))
            broken(c, discharge - charge - before - s->ramp_up_mw, "ramp up", t, g);
        if (s->ramp_down_mw > 0 && !isnan(before))
            broken(c, before - discharge + charge - s->ramp_down_mw, "ramp down", t, g);
        broken(c, -charge, "charge below zero", t, g);
        broken(c, -discharge, "discharge below zero", t, g);
        broken(c, charge - s->charge_max_mw[t], "charge", t, g);
        broken(c, discharge - s->discharge_max_mw[t], "discharge", t, g);
        if (s->charge_min_mw)
            broken(c, fmin(charge, s->charge_min_mw[t] - charge), "least charge", t, g);
        if (s->discharge_min_mw)
            broken(c, fmin(discharge, s->discharge_min_mw[t] - discharge),
                   "least discharge", t, g);
        for (int32_t k = 0; k < COMMIT_PRODUCTS; k++)
            broken(c, fabs(c->a->reserve_mw[at(c, t, g) * COMMIT_PRODUCTS + (size_t)k]),
                   "reserve without offer", t, g);
        if (s->one_way && s->one_way[t])
            broken(c, fmin(charge, discharge), "charge and discharge at once", t, g);
        mwh -= s->loss ? s->loss[t] * mwh : 0;
        mwh += h * charge * s->charge_efficiency[t] -
               h * discharge / s->discharge_efficiency[t];
        broken(c, fabs(left - mwh), "energy kept", t, g);
        broken(c, s->least_mwh[t] - left, "least energy", t, g);
        broken(c, left - s->most_mwh[t], "most energy", t, g);
        c->out->cost_usd += h * (store_usd_per_h(c, s->charge_curve, t, charge) +
                                 store_usd_per_h(c, s->discharge_curve, t, discharge));
    }
    c->out->cost_usd -= s->worth_usd_per_mwh * mwh;
}

/* ---- rules of the system -------------------------------------------------------------------- */

static double priced(double mw, double usd_per_mwh)
{
    return mw == 0 ? 0 : mw * usd_per_mwh; /* 0 x infinity */
}

static void check_balance(const struct check *c, int32_t t)
{
    const struct commit_problem *p = c->p;
    double sum = c->a->shortage_mw[t] - c->a->surplus_mw[t] - p->load_mw[t];
    double usd_per_h = priced(c->a->shortage_mw[t], p->shortage_usd_per_mwh) +
                       priced(c->a->surplus_mw[t], p->surplus_usd_per_mwh);
    broken(c, -c->a->shortage_mw[t], "shortage", t, 0);
    broken(c, -c->a->surplus_mw[t], "surplus", t, 0);
    for (int32_t g = 0; g < p->n_unit; g++)
        sum += c->a->power_mw[at(c, t, g)];
    for (int32_t o = 0; o < p->n_other; o++) {
        const struct commit_other *other = &p->other[o];
        const double mw = c->a->other_mw[(size_t)t * (size_t)p->n_other + (size_t)o];
        sum += mw;
        broken(c, other->min_mw[t] - mw, "other minimum", t, o);
        broken(c, mw - other->max_mw[t], "other maximum", t, o);
        if (other->cost_usd_per_mwh)
            usd_per_h += mw * other->cost_usd_per_mwh[t];
    }
    broken(c, fabs(sum), "balance", t, 0);
    c->out->cost_usd += p->interval_h * usd_per_h;
}

static void check_requirement(const struct check *c, int32_t t, int32_t q)
{
    const struct commit_requirement *r = &c->p->requirement[q];
    const double shortfall =
        c->a->shortfall_mw[(size_t)t * (size_t)c->p->n_requirement + (size_t)q];
    double sum = shortfall, left = shortfall, widths = 0;
    for (int32_t k = 0; k < c->p->n_requirement && c->p->service; k++)
        if (k != q && r->also >> k & 1)
            sum +=
                c->a->shortfall_mw[(size_t)t * (size_t)c->p->n_requirement + (size_t)k];
    if (c->p->service && r->most_mw)
        broken(c, shortfall - r->most_mw[t], "shortfall", t, q);
    const int32_t n = r->n_unit > 0 ? r->n_unit : c->p->n_unit;
    for (int32_t i = 0; i < n; i++) {
        const int32_t g = r->n_unit > 0 ? r->unit[i] : i;
        for (int32_t k = 0; k < COMMIT_PRODUCTS; k++)
            if (r->products >> k & 1)
                sum += c->a->reserve_mw[at(c, t, g) * COMMIT_PRODUCTS + (size_t)k];
    }
    for (int32_t s = 0; s < r->n_step; s++) {
        const double part = fmin(fmax(left, 0), r->step_mw[s]);
        widths += r->step_mw[s];
        c->out->cost_usd += c->p->interval_h * part * r->step_usd_per_mw[s];
        left -= part;
    }
    broken(c, r->need_mw[t] - sum, "requirement", t, q);
    broken(c, -shortfall, "shortfall", t, q);
    broken(c, shortfall - widths, "shortfall", t, q);
}

enum err_code commit_certificate_check(const struct commit_problem *p,
                                       const struct commit_answer *a,
                                       struct commit_certificate *out, struct err *err)
{
    struct check c = {p, a, out, -1};
    *out = (struct commit_certificate){.unit = -1};
    for (int32_t g = 0; g < p->n_unit; g++)
        for (int32_t t = 0; t < p->n_interval && p->unit[g].n_config > 0; t++)
            if (!a->config || a->config[at(&c, t, g)] >= p->unit[g].n_config)
                return err_set(err, ERR_BUG, "unit %d in no configuration that it has",
                               g);
    for (int32_t g = 0; g < p->n_unit; g++) {
        c.unit = g;
        if (p->unit[g].store) {
            if (!a->charge_mw || !a->energy_mwh)
                return err_set(err, ERR_BUG, "store %d without energy", g);
            check_store(&c, g);
            continue;
        }
        if (p->unit[g].n_config > 0)
            check_configs(&c, g);
        check_times(&c, g);
        for (int32_t t = 0; t < p->n_interval; t++)
            check_power(&c, t, g);
    }
    c.unit = -1;
    for (int32_t t = 0; t < p->n_interval; t++) {
        check_balance(&c, t);
        for (int32_t q = 0; q < p->n_requirement; q++)
            check_requirement(&c, t, q);
    }
    return isfinite(out->cost_usd)
               ? ERR_OK
               : err_set(err, ERR_BUG, "the cost of the schedule is no number");
}
