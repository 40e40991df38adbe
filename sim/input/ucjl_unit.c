/* ucjl_unit.c - thermal units, profiled units, loads that answer the price. */
#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/input/nearest.h"
#include "sim/input/ucjl.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range signed_mw = {-COMMIT_MOST_MW, COMMIT_MOST_MW};
static const struct json_range any_usd = {-COMMIT_MOST_USD, COMMIT_MOST_USD};
static const struct json_range cost_usd = {0, COMMIT_MOST_USD};

enum {
    MOST_STEPS = 1000000
};

/* ---- costs ---- */

/* Element k of a production curve in interval t: a number, or one for each interval. */
static double curve_value(const struct ucjl *u, const struct json_value *item,
                          int32_t t, const char *what, struct json_range range)
{
    if (item->kind != JSON_ARRAY)
        return want_value(&u->r->json, item, what, range);
    if (item->n != (uint32_t)u->n_interval) {
        if (t == 0)
            JSON_FAULT(&u->r->json, item,
                       "'%s' has %u values; expected one for each of %d intervals",
                       what, item->n, u->n_interval);
        return range.least;
    }
    return want_value(&u->r->json, item + 1 + t, what, range);
}

static bool varies(const struct json_value *list)
{
    for
        JSON_EACH(item, list)
    if (item->kind == JSON_ARRAY)
        return true;
    return false;
}

/* Slopes that fall by more than the program forgives. */
static void check_convex(const struct ucjl *u, const struct json_value *at,
                         const struct commit_point *p, int32_t n)
{
    for (int32_t i = 2; i < n; i++) {
        double before = (p[i - 1].cost_usd_per_h - p[i - 2].cost_usd_per_h) /
                        (p[i - 1].mw - p[i - 2].mw);
        double after =
            (p[i].cost_usd_per_h - p[i - 1].cost_usd_per_h) / (p[i].mw - p[i - 1].mw);
        if (after < before - 1e-5)
            JSON_FAULT(&u->r->json, at,
                       "a production cost that rises by %.12g $/MW up to %.12g MW and "
                       "%.12g beyond; expected a convex curve",
                       before, p[i - 1].mw, after);
    }
}

/* The curve of interval t; limits are those of the first. */
static void read_curve(const struct ucjl *u, const struct json_value *mw,
                       const struct json_value *usd, int32_t t,
                       struct commit_unit *unit, struct commit_curve *curve,
                       double *min_cost_usd_per_h)
{
    int32_t n = (int32_t)mw->n, i = 0;
    struct commit_point *point = COMMIT_ARRAY(u->r, struct commit_point, n);
    if (!point)
        return;
    const struct json_value *cost = usd + 1;
    for
        JSON_EACH(item, mw)
        {
            point[i].mw = curve_value(u, item, t, "Production cost curve (MW)", any_mw);
            point[i++].cost_usd_per_h =
                curve_value(u, cost, t, "Production cost curve ($)", any_usd) /
                u->interval_h;
            cost += cost->span;
        }
    if (t == 0) {
        unit->min_mw = point[0].mw;
        unit->max_mw = point[n - 1].mw;
    } else if (fabs(point[0].mw - unit->min_mw) > 0 ||
               fabs(point[n - 1].mw - unit->max_mw) > 0) {
        JSON_FAULT(&u->r->json, mw,
                   "a production limit that varies in time is not supported; expected "
                   "the same in every interval");
        return;
    }
    if (unit->max_mw < unit->min_mw)
        JSON_FAULT(&u->r->json, mw,
                   "a production curve from %.12g down to %.12g MW; "
                   "expected ascending MW",
                   unit->min_mw, unit->max_mw);
    else {
        check_convex(u, usd, point, n);
        commit_hull(u->r, mw, point, n, unit->min_mw, unit->max_mw, curve,
                    min_cost_usd_per_h);
    }
}

/* One curve for all intervals where nothing varies. Curves go behind those there are. */
static void read_costs(const struct ucjl *u, const struct json_value *v,
                       struct commit_unit *unit, struct commit_curve *curve,
                       int32_t *n_curve)
{
    const struct json_reader *rd = &u->r->json;
    const struct json_value *mw =
        want_member(rd, v, "Production cost curve (MW)", JSON_ARRAY);
    const struct json_value *usd =
        want_member(rd, v, "Production cost curve ($)", JSON_ARRAY);
    int32_t *of = COMMIT_ARRAY(u->r, int32_t, u->n_interval);
    double *min_cost_usd_per_h = COMMIT_ARRAY(u->r, double, u->n_interval);
    if (!mw || !usd || !of || !min_cost_usd_per_h)
        return;
    if (mw->n == 0 || mw->n != usd->n) {
        JSON_FAULT(rd, usd, "%u costs for %u MW; expected as many, at least one",
                   usd->n, mw->n);
        return;
    }
    bool once = !varies(mw) && !varies(usd);
    for (int32_t t = 0; t < u->n_interval; t++) {
        if (t == 0 || !once)
            read_curve(u, mw, usd, t, unit, &curve[(*n_curve)++],
                       &min_cost_usd_per_h[t]);
        else
            min_cost_usd_per_h[t] = min_cost_usd_per_h[0];
        of[t] = *n_curve - 1;
    }
    unit->curve = of;
    unit->min_cost_usd_per_h = min_cost_usd_per_h;
}

static void read_start(const struct ucjl *u, const struct json_value *v,
                       struct commit_unit *unit)
{
    const struct json_reader *rd = &u->r->json;
    const struct json_value *cost = want_maybe(rd, v, "Startup costs ($)", JSON_ARRAY);
    const struct json_value *delay =
        want_maybe(rd, v, "Startup delays (h)", JSON_ARRAY);
    if (!cost && !delay)
        return;
    if (!cost || !delay || cost->n != delay->n) {
        JSON_FAULT(rd, v, "%u startup costs and %u delays; expected as many",
                   cost ? cost->n : 0, delay ? delay->n : 0);
        return;
    }
    struct commit_start *start = COMMIT_ARRAY(u->r, struct commit_start, cost->n);
    const struct json_value *usd = cost + 1;
    if (!start)
        return;
    for
        JSON_EACH(item, delay)
        {
            struct commit_start *s = &start[unit->n_start++];
            double steps = want_value(rd, item, "Startup delays (h)",
                                      (struct json_range){0, MOST_STEPS / 60}) *
                           u->steps_per_h;
            s->lag = (int32_t)round(steps);
            s->cost_usd = want_value(rd, usd, "Startup costs ($)", cost_usd);
            usd += usd->span;
            if (fabs(steps - s->lag) > 1e-9)
                JSON_FAULT(rd, item, "%.12g intervals; expected a whole number", steps);
            if (s == start && s->lag > unit->min_down)
                JSON_FAULT(
                    rd, item,
                    "the first startup delay is above the minimum downtime; expected "
                    "the same");
            if (s > start && (s->lag <= s[-1].lag || s->cost_usd < s[-1].cost_usd))
                JSON_FAULT(
                    rd, item,
                    "a startup category with no greater delay or a lower cost than "
                    "that before; expected ascending delays and costs");
        }
    unit->start = start;
}

/* ---- states ---- */

static void read_before(const struct ucjl *u, const struct json_value *v,
                        struct commit_unit *unit)
{
    const struct json_reader *rd = &u->r->json;
    const struct json_value *status =
        want_member(rd, v, "Initial status (h)", JSON_NUMBER);
    double mw = want_number(rd, v, "Initial power (MW)", signed_mw);
    int32_t steps = ucjl_steps(u, v, "Initial status (h)", -MOST_STEPS, MOST_STEPS, 0);
    if (status && steps == 0)
        JSON_FAULT(rd, status,
                   "'Initial status (h)' is 0; expected the hours on, or "
                   "minus the hours off");
    unit->on_before = steps > 0;
    unit->age_before = steps > 0 ? steps : -steps;
    if (steps < 0 && mw > 1e-3)
        JSON_FAULT(rd, v,
                   "'Initial power (MW)' is %.12g of a unit that is off; "
                   "expected 0",
                   mw);
    if (steps > 0 && (mw < unit->min_mw - 1e-6 || mw > unit->max_mw + 1e-6))
        JSON_FAULT(rd, v,
                   "'Initial power (MW)' is %.12g; expected between the limits, %.12g "
                   "and %.12g",
                   mw, unit->min_mw, unit->max_mw);
    unit->mw_before = steps > 0 ? fmin(fmax(mw, unit->min_mw), unit->max_mw) : 0;
}

/* true and false become yes and no; null, or nothing at all, leaves the status alone. */
static void set_status(const struct ucjl *u, const struct json_value *v,
                       const char *key, uint8_t no, uint8_t *status)
{
    const struct json_value *list = want_find(v, key);
    if (!list || list->kind == JSON_NULL)
        return;
    bool each = list->kind == JSON_ARRAY;
    if (each && list->n != (uint32_t)u->n_interval) {
        JSON_FAULT(&u->r->json, list,
                   "'%s' has %u values; expected one for each of %d intervals", key,
                   list->n, u->n_interval);
        return;
    }
    for (int32_t t = 0; t < u->n_interval; t++) {
        const struct json_value *item = each ? list + 1 + t : list;
        if (item->kind == JSON_FLAG)
            status[t] = item->as.flag ? COMMIT_ON : no != COMMIT_FREE ? no : status[t];
        else if (item->kind != JSON_NULL) {
            JSON_FAULT(&u->r->json, item, "'%s' is %s; expected true or false", key,
                       json_kind_name(item->kind));
            return;
        }
    }
}

static void read_status(const struct ucjl *u, const struct json_value *v,
                        struct commit_unit *unit)
{
    if (!want_find(v, "Must run?") && !want_find(v, "Commitment status"))
        return;
    uint8_t *status = commit_always(u->r, COMMIT_FREE, u->n_interval);
    if (!status)
        return;
    set_status(u, v, "Commitment status", COMMIT_OFF, status);
    set_status(u, v, "Must run?", COMMIT_FREE, status);
    unit->status = status;
}

static void read_offers(const struct ucjl *u, const struct json_value *v,
                        struct commit_unit *unit)
{
    const struct json_reader *rd = &u->r->json;
    char shown[QUOTED_SIZE];
    const struct json_value *list =
        want_maybe(rd, v, "Reserve eligibility", JSON_ARRAY);
    struct commit_offer *offer =
        COMMIT_ARRAY(u->r, struct commit_offer, list ? list->n : 1);
    if (!offer)
        return;
    unit->offer = offer;
    unit->reserve_shares_ramp = true;
    if (u->old_reserve) {
        if (u->product.n > 0 &&
            want_flag_or(rd, v, "Provides spinning reserves?", true))
            offer[unit->n_offer++] = (struct commit_offer){.max_mw = INFINITY};
        return;
    }
    if (!list)
        return;
    for
        JSON_EACH(item, list)
        {
            int32_t k = item->kind == JSON_TEXT
                            ? str_index_find(&u->product, item->as.text, item->n)
                            : -1;
            if (k < 0)
                JSON_FAULT(rd, item, "unknown reserve '%s'; expected one of the file",
                           item->kind == JSON_TEXT
                               ? quoted(item->as.text, item->n, shown)
                               : json_kind_name(item->kind));
            else
                offer[unit->n_offer++] =
                    (struct commit_offer){.product = k, .max_mw = INFINITY};
        }
    for (int32_t i = 1; i < unit->n_offer; i++)
        for (int32_t j = 0; j < i; j++)
            if (offer[i].product == offer[j].product)
                JSON_FAULT(rd, list, "a reserve twice; expected each once");
}

static void read_thermal(const struct ucjl *u, const struct json_value *v,
                         struct commit_unit *unit, struct commit_curve *curve,
                         int32_t *n_curve)
{
    static const char *const keys[] = {"Type",
                                       "Bus",
                                       "Production cost curve (MW)",
                                       "Production cost curve ($)",
                                       "Startup costs ($)",
                                       "Startup delays (h)",
                                       "Shutdown cost ($)",
                                       "Minimum uptime (h)",
                                       "Minimum downtime (h)",
                                       "Ramp up limit (MW)",
                                       "Ramp down limit (MW)",
                                       "Startup limit (MW)",
                                       "Shutdown limit (MW)",
                                       "Initial status (h)",
                                       "Initial power (MW)",
                                       "Must run?",
                                       "Commitment status",
                                       "Reserve eligibility",
                                       "Provides spinning reserves?",
                                       "Non-spinning reserve capacity (MW)",
                                       "Investment cost ($)"};
    const struct json_reader *rd = &u->r->json;
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    ucjl_refuse_investment(u, v);
    ucjl_place(u, v, unit);
    read_costs(u, v, unit, curve, n_curve);
    unit->min_up =
        ucjl_steps(u, v, "Minimum uptime (h)", 0, MOST_STEPS, u->steps_per_h);
    unit->min_down =
        ucjl_steps(u, v, "Minimum downtime (h)", 0, MOST_STEPS, u->steps_per_h);
    unit->min_up = unit->min_up > 1 ? unit->min_up : 1;
    unit->min_down = unit->min_down > 1 ? unit->min_down : 1;
    unit->ramp_up_mw = want_number_or(rd, v, "Ramp up limit (MW)", any_mw, INFINITY);
    unit->ramp_down_mw =
        want_number_or(rd, v, "Ramp down limit (MW)", any_mw, INFINITY);
    unit->start_max_mw = want_number_or(rd, v, "Startup limit (MW)", any_mw, INFINITY);
    unit->stop_max_mw = want_number_or(rd, v, "Shutdown limit (MW)", any_mw, INFINITY);
    unit->stop_cost_usd = want_number_or(rd, v, "Shutdown cost ($)", cost_usd, 0);
    if (unit->start_max_mw < unit->min_mw)
        JSON_FAULT(rd, v,
                   "'Startup limit (MW)' is %.12g; expected at least the least "
                   "power, %.12g",
                   unit->start_max_mw, unit->min_mw);
    read_start(u, v, unit);
    read_before(u, v, unit);
    read_status(u, v, unit);
    read_offers(u, v, unit);
}

static void per_mwh(const struct ucjl *u, double *usd_per_mw)
{
    for (int32_t t = 0; usd_per_mw && t < u->n_interval; t++)
        usd_per_mw[t] /= u->interval_h;
}

static void read_profiled(const struct ucjl *u, const struct json_value *v,
                          struct commit_other *other)
{
    static const char *const keys[] = {"Type",
                                       "Bus",
                                       "Cost ($/MW)",
                                       "Minimum power (MW)",
                                       "Maximum power (MW)",
                                       "Investment cost ($)"};
    const struct json_reader *rd = &u->r->json;
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    ucjl_refuse_investment(u, v);
    double *least = ucjl_series(u, v, "Minimum power (MW)", signed_mw, 0);
    double *most = ucjl_series(u, v, "Maximum power (MW)", signed_mw, 0);
    double *cost = ucjl_series(u, v, "Cost ($/MW)", any_usd, 0);
    if (!want_find(v, "Maximum power (MW)") || !want_find(v, "Cost ($/MW)"))
        JSON_FAULT(rd, v, "no 'Maximum power (MW)' or 'Cost ($/MW)'; expected both");
    for (int32_t t = 0; least && most && t < u->n_interval; t++)
        if (least[t] > most[t])
            JSON_FAULT(rd, v,
                       "at least %.12g and at most %.12g MW in interval %d; "
                       "expected the least first",
                       least[t], most[t], t + 1);
    per_mwh(u, cost);
    *other = (struct commit_other){.min_mw = least,
                                   .max_mw = most,
                                   .cost_usd_per_mwh = cost,
                                   .bus = ucjl_named(u, v, "Bus", &u->bus, "bus")};
}

/* Served at up to its demand: power from -demand to 0 whose cost is the revenue. */
static void read_load(const struct ucjl *u, const struct json_value *v,
                      struct commit_other *other)
{
    static const char *const keys[] = {"Bus", "Revenue ($/MW)", "Demand (MW)"};
    const struct json_reader *rd = &u->r->json;
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    double *least = ucjl_series(u, v, "Demand (MW)", any_mw, 0);
    double *cost = ucjl_series(u, v, "Revenue ($/MW)", any_usd, 0);
    if (!want_find(v, "Demand (MW)") || !want_find(v, "Revenue ($/MW)"))
        JSON_FAULT(rd, v, "no 'Demand (MW)' or 'Revenue ($/MW)'; expected both");
    for (int32_t t = 0; least && t < u->n_interval; t++)
        least[t] = -least[t];
    per_mwh(u, cost);
    *other = (struct commit_other){.min_mw = least,
                                   .max_mw = commit_constant(u->r, 0, u->n_interval),
                                   .cost_usd_per_mwh = cost,
                                   .bus = ucjl_named(u, v, "Bus", &u->bus, "bus")};
}

/* ---- lists ---- */

static bool is_profiled(const struct ucjl *u, const struct json_value *v)
{
    const struct json_value *type = want_maybe(&u->r->json, v, "Type", JSON_TEXT);
    char shown[QUOTED_SIZE];
    if (!type || (type->n == 7 && memcmp(type->as.text, "Thermal", 7) == 0))
        return false;
    if (type->n == 8 && memcmp(type->as.text, "Profiled", 8) == 0)
        return true;
    JSON_FAULT(&u->r->json, type, "'Type' is '%s'; expected Thermal or Profiled",
               quoted(type->as.text, type->n, shown));
    return false;
}

static struct commit_member *list_of(const struct ucjl *u,
                                     const struct json_value *root, const char *key,
                                     bool required, int32_t *n)
{
    const struct json_value *object =
        required ? want_member(&u->r->json, root, key, JSON_OBJECT)
                 : want_maybe(&u->r->json, root, key, JSON_OBJECT);
    *n = 0;
    return object ? commit_members(u->r, object, n) : NULL;
}

/* At most as many curves as this. */
static size_t count_curves(const struct ucjl *u, const struct commit_member *gen,
                           int32_t n)
{
    size_t count = 0;
    for (int32_t i = 0; gen && i < n; i++) {
        const struct json_value *mw =
            want_find(gen[i].value, "Production cost curve (MW)");
        const struct json_value *usd =
            want_find(gen[i].value, "Production cost curve ($)");
        bool each = (mw && mw->kind == JSON_ARRAY && varies(mw)) ||
                    (usd && usd->kind == JSON_ARRAY && varies(usd));
        count += each ? (size_t)u->n_interval : 1;
    }
    return count;
}

void ucjl_read_units(struct ucjl *u, const struct json_value *root)
{
    struct commit_case *c = u->r->out;
    struct commit_problem *p = &c->problem;
    int32_t n_gen = 0, n_store = 0, n_load = 0, n_curve = 0;
    struct commit_member *gen = list_of(u, root, "Generators", true, &n_gen);
    struct commit_member *store = list_of(u, root, "Storage units", false, &n_store);
    struct commit_member *load =
        list_of(u, root, "Price-sensitive loads", false, &n_load);
    struct commit_curve *curve = COMMIT_ARRAY(
        u->r, struct commit_curve,
        count_curves(u, gen, n_gen) + 2 * (size_t)n_store * (size_t)u->n_interval);
    struct commit_unit *unit = COMMIT_ARRAY(u->r, struct commit_unit, n_gen + n_store);
    struct commit_other *other =
        COMMIT_ARRAY(u->r, struct commit_other, n_gen + n_load);
    c->unit_id = COMMIT_ARRAY(u->r, const char *, n_gen + n_store);
    c->other_id = COMMIT_ARRAY(u->r, const char *, n_gen + n_load);
    if (!gen || !unit || !other || !curve || !c->unit_id || !c->other_id)
        return;
    for (int32_t i = 0; i < n_gen; i++) {
        if (is_profiled(u, gen[i].value)) {
            c->other_id[p->n_other] = gen[i].id;
            read_profiled(u, gen[i].value, &other[p->n_other++]);
        } else {
            c->unit_id[p->n_unit] = gen[i].id;
            read_thermal(u, gen[i].value, &unit[p->n_unit++], curve, &n_curve);
        }
    }
    if (store)
        ucjl_read_stores(u, store, n_store, unit, curve, &n_curve);
    for (int32_t i = 0; i < n_load; i++) {
        c->other_id[p->n_other] = load[i].id;
        read_load(u, load[i].value, &other[p->n_other++]);
    }
    p->unit = unit;
    p->other = other;
    p->curve = curve;
    p->n_curve = n_curve;
}
