/* egret_unit.c - thermal and renewable generators of Egret. */
#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/input/egret.h"
#include "sim/input/nearest.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range signed_mw = {-COMMIT_MOST_MW, COMMIT_MOST_MW};
static const struct json_range any_usd = {-COMMIT_MOST_USD, COMMIT_MOST_USD};
static const struct json_range cost_usd = {0, COMMIT_MOST_USD};

enum {
    MOST_HOURS = 1000000
};

static bool is_text(const struct json_value *v, const char *text)
{
    return v && v->kind == JSON_TEXT && v->n == strlen(text) &&
           memcmp(v->as.text, text, v->n) == 0;
}

/* Hours as periods. */
static int32_t periods(const struct egret *e, const struct json_value *at, double hours)
{
    double n = hours / e->interval_h;
    if (fabs(n - round(n)) > 1e-9 || fabs(n) > MOST_HOURS) {
        JSON_FAULT(&e->r->json, at, "%.12g hours; expected a whole number of periods",
                   hours);
        return 1;
    }
    return (int32_t)round(n);
}

static int32_t min_time(const struct egret *e, const struct json_value *v,
                        const char *key)
{
    double hours =
        want_number_or(&e->r->json, v, key, (struct json_range){0, MOST_HOURS}, 0);
    int32_t n = periods(e, v, hours);
    return n > 1 ? n : 1;
}

/* ---- costs ---- */

/* One pair of numbers in an array. */
static bool pair(const struct egret *e, const struct json_value *v, double *first,
                 double *second)
{
    if (v->kind != JSON_ARRAY || v->n != 2 || v[1].kind != JSON_NUMBER ||
        v[2].kind != JSON_NUMBER) {
        JSON_FAULT(&e->r->json, v, "%s; expected a pair of numbers",
                   json_kind_name(v->kind));
        return false;
    }
    *first = v[1].as.number;
    *second = want_value(&e->r->json, v + 2, "cost", any_usd);
    return true;
}

int32_t egret_points(const struct egret *e, const struct json_value *values,
                     struct commit_point **point)
{
    int32_t n = 0;
    *point = COMMIT_ARRAY(e->r, struct commit_point, values->n);
    if (!*point)
        return 0;
    for
        JSON_EACH(v, values)
    if (pair(e, v, &(*point)[n].mw, &(*point)[n].cost_usd_per_h))
        n++;
    return n;
}

/* Coefficients by their power, 0 to 2, into coef. */
static void coefficients(const struct egret *e, const struct json_value *values,
                         double coef[3])
{
    for
        JSON_EACH(v, values)
        {
            double c = want_value(&e->r->json, v, "coefficient", any_usd);
            if (v->key_len == 1 && *v->key >= '0' && *v->key <= '2')
                coef[*v->key - '0'] = c;
            else if (fabs(c) > 0)
                JSON_FAULT(&e->r->json, v,
                           "a polynomial cost of degree 3 or more is not supported; "
                           "expected degree 2 or 'piecewise'");
            if (v->key_len == 1 && *v->key == '2' && c < 0)
                JSON_FAULT(&e->r->json, v,
                           "a polynomial cost that is concave; expected a coefficient "
                           "of degree 2 that is not negative");
        }
}

/* Chords of equal width, as many as Egret takes for a quadratic. */
static int32_t polynomial(const struct egret *e, const struct json_value *values,
                          double least_mw, double most_mw, struct commit_point **point)
{
    enum {
        CHORDS = 2
    };
    double coef[3] = {0, 0, 0};
    coefficients(e, values, coef);
    const int32_t n = coef[2] > 0 ? CHORDS : 1;
    *point = COMMIT_ARRAY(e->r, struct commit_point, CHORDS + 1);
    if (!*point)
        return 0;
    for (int32_t i = 0; i <= n; i++) {
        double mw = least_mw + (most_mw - least_mw) * i / n;
        (*point)[i] =
            (struct commit_point){mw, coef[0] + (coef[1] + coef[2] * mw) * mw};
    }
    return most_mw > least_mw ? n + 1 : 1;
}

int32_t egret_cost_points(const struct egret *e, const struct json_value *cost,
                          double least_mw, double most_mw, struct commit_point **point)
{
    static const char *const keys[] = {"data_type", "cost_curve_type", "values"};
    const struct json_reader *rd = &e->r->json;
    *point = NULL;
    if (!cost) {
        *point = COMMIT_ARRAY(e->r, struct commit_point, 2);
        if (*point) {
            (*point)[0].mw = least_mw;
            (*point)[1].mw = most_mw;
        }
        return most_mw > least_mw ? 2 : 1;
    }
    want_only(rd, cost, keys, sizeof keys / sizeof *keys);
    const struct json_value *type = want_find(cost, "cost_curve_type");
    const struct json_value *values = want_find(cost, "values");
    if (is_text(type, "piecewise") && values && values->kind == JSON_ARRAY)
        return egret_points(e, values, point);
    if (is_text(type, "polynomial") && values && values->kind == JSON_OBJECT)
        return polynomial(e, values, least_mw, most_mw, point);
    JSON_FAULT(rd, cost,
               "a cost curve that is not known; expected 'piecewise' with "
               "an array, or 'polynomial' with an object");
    return 0;
}

/* The same curve in all periods. */
static void read_cost(const struct egret *e, const struct json_value *v,
                      int32_t curve_at, struct commit_unit *u,
                      struct commit_curve *curve)
{
    const struct json_value *cost = want_maybe(&e->r->json, v, "p_cost", JSON_OBJECT);
    struct commit_point *point;
    double usd_per_h = 0;
    const int32_t n = egret_cost_points(e, cost, u->min_mw, u->max_mw, &point);
    if (point)
        commit_hull(e->r, cost ? cost : v, point, n, u->min_mw, u->max_mw, curve,
                    &usd_per_h);
    usd_per_h += want_number_or(&e->r->json, v, "non_fuel_no_load_cost", any_usd, 0);
    u->min_cost_usd_per_h = commit_constant(e->r, usd_per_h, e->n_interval);
    u->curve = commit_same(e->r, curve_at, e->n_interval);
}

void egret_read_start(const struct egret *e, const struct json_value *v,
                      const char *key, bool fuel, double usd_per_fuel,
                      struct commit_unit *u)
{
    const struct json_value *list = want_maybe(&e->r->json, v, key, JSON_ARRAY);
    const double once_usd =
        want_number_or(&e->r->json, v, "non_fuel_startup_cost", cost_usd, 0);
    struct commit_start *start =
        list ? COMMIT_ARRAY(e->r, struct commit_start, list->n) : NULL;
    double *burnt = list ? COMMIT_ARRAY(e->r, double, list->n) : NULL;
    if (!start || !burnt)
        return;
    for
        JSON_EACH(item, list)
        {
            struct commit_start *s = &start[u->n_start];
            double hours = 0;
            if (!pair(e, item, &hours, &s->cost_usd))
                continue;
            burnt[u->n_start] = s->cost_usd;
            s->cost_usd = s->cost_usd * (fuel ? usd_per_fuel : 1) + once_usd;
            s->lag = periods(e, item, hours);
            if (u->n_start == 0 && s->lag > u->min_down)
                JSON_FAULT(
                    &e->r->json, item,
                    "the first start category begins after 'min_down_time'; expected "
                    "at most that");
            if (burnt[u->n_start] < 0 || s->cost_usd < 0 ||
                (u->n_start > 0 &&
                 (s->lag <= s[-1].lag || s->cost_usd < s[-1].cost_usd)))
                JSON_FAULT(&e->r->json, item,
                           "a start category of no greater lag or lower cost than that "
                           "before; expected both ascending");
            u->n_start++;
        }
    u->start = start;
    u->start_fuel = fuel ? burnt : NULL;
}

/* ---- states ---- */

static void read_before(const struct egret *e, const struct json_value *v,
                        struct commit_unit *u)
{
    const struct json_reader *rd = &e->r->json;
    double hours = want_number(rd, v, "initial_status",
                               (struct json_range){-MOST_HOURS, MOST_HOURS});
    double mw = want_number(rd, v, "initial_p_output", signed_mw);
    int32_t n = periods(e, v, hours);
    if (n == 0)
        JSON_FAULT(rd, v,
                   "'initial_status' is %.12g; expected the hours on, or minus "
                   "the hours off",
                   hours);
    u->on_before = n > 0;
    u->age_before = n > 0 ? n : -n;
    if (n > 0 && u->least_mw) {
        egret_period_before(e, v, mw, u);
        return;
    }
    if (n > 0 && u->max_mw > 0 && (mw < u->min_mw - 1e-6 || mw > u->max_mw + 1e-6))
        JSON_FAULT(
            rd, v,
            "'initial_p_output' is %.12g; expected between the limits, %.12g and "
            "%.12g",
            mw, u->min_mw, u->max_mw);
    u->mw_before = n > 0 ? fmin(fmax(mw, u->min_mw), u->max_mw) : 0;
}

/* A number or a flag, as files of different age have it. */
static bool must_run(const struct egret *e, const struct json_value *v)
{
    const struct json_value *must = want_find(v, "must_run");
    if (must && must->kind == JSON_NUMBER)
        return want_value(&e->r->json, must, "must_run", (struct json_range){0, 1}) > 0;
    return want_flag_or(&e->r->json, v, "must_run", false);
}

static void read_status(const struct egret *e, const struct json_value *v,
                        struct commit_unit *u)
{
    const struct json_value *fixed = want_find(v, "fixed_commitment");
    if (must_run(e, v)) {
        u->status = commit_always(e->r, COMMIT_ON, e->n_interval);
        return;
    }
    uint8_t *status = fixed && fixed->kind != JSON_NULL
                          ? commit_always(e->r, COMMIT_FREE, e->n_interval)
                          : NULL;
    if (!status)
        return;
    double *value =
        egret_series(e, fixed, "fixed_commitment", (struct json_range){0, 1});
    for (int32_t t = 0; value && t < e->n_interval; t++)
        status[t] = value[t] > 0.5 ? COMMIT_ON : COMMIT_OFF;
    u->status = status;
}

/* What lies above minimum is stated for an hour, as ramps are. */
static double in_period(const struct egret *e, const struct commit_unit *u,
                        double capacity_mw)
{
    if (fabs(e->interval_h - 1) < 1e-9)
        return capacity_mw;
    return u->min_mw + (capacity_mw - u->min_mw) * e->interval_h;
}

static void read_limits(const struct egret *e, const struct json_value *v,
                        struct commit_unit *u)
{
    const struct json_reader *rd = &e->r->json;
    struct json_range most = {0, COMMIT_MOST_MW};
    const size_t n_fault = rd->faults->total;
    if (egret_has_periods(v, "p_min") || egret_has_periods(v, "p_max")) {
        egret_period_limits(e, v, u);
    } else {
        u->min_mw = want_number(rd, v, "p_min", any_mw);
        u->max_mw = want_number(rd, v, "p_max", any_mw);
    }
    if (rd->faults->total >
        n_fault) /* nothing else is judged by a range that is not known */
        u->min_mw = u->max_mw = NAN;
    if (u->max_mw < u->min_mw)
        JSON_FAULT(rd, v,
                   "'p_min' is %.12g and 'p_max' %.12g; expected the least first",
                   u->min_mw, u->max_mw);
    u->ramp_up_mw =
        want_number_or(rd, v, "ramp_up_60min", most, INFINITY) * e->interval_h;
    u->ramp_down_mw =
        want_number_or(rd, v, "ramp_down_60min", most, INFINITY) * e->interval_h;
    u->start_max_mw = in_period(e, u, want_number(rd, v, "startup_capacity", any_mw));
    u->stop_max_mw = in_period(e, u, want_number(rd, v, "shutdown_capacity", any_mw));
    u->min_up = min_time(e, v, "min_up_time");
    u->min_down = min_time(e, v, "min_down_time");
    u->stop_cost_usd = want_number_or(rd, v, "shutdown_cost", cost_usd, 0);
}

/* ---- the list ---- */

static void read_thermal(struct egret *e, const struct json_value *v, int32_t curve_at,
                         int32_t aux_at, struct commit_unit *u,
                         struct commit_curve *curve[2], bool reserve)
{
    /* Those of services count where the system asks for them: egret_service.c. */
    static const char *const keys[] = {"generator_type",
                                       "bus",
                                       "in_service",
                                       "p_min",
                                       "p_max",
                                       "p_cost",
                                       "ramp_up_60min",
                                       "ramp_down_60min",
                                       "startup_capacity",
                                       "shutdown_capacity",
                                       "min_up_time",
                                       "min_down_time",
                                       "initial_status",
                                       "initial_p_output",
                                       "startup_cost",
                                       "shutdown_cost",
                                       "fixed_commitment",
                                       "must_run",
                                       "quickstart_capable",
                                       "fuel",
                                       "zone",
                                       "area",
                                       "failure_rate",
                                       "fast_start",
                                       "agc_capable",
                                       "ramp_agc",
                                       "p_min_agc",
                                       "p_max_agc",
                                       "supplemental_start",
                                       "supplemental_non_spinning_capacity",
                                       "supplemental_spinning_capacity",
                                       "non_spinning_capacity",
                                       "spinning_capacity",
                                       "p_fuel",
                                       "startup_fuel",
                                       "fuel_supply",
                                       "fuel_cost",
                                       "non_fuel_no_load_cost",
                                       "non_fuel_startup_cost",
                                       "aux_fuel_capable",
                                       "aux_fuel_blending",
                                       "aux_fuel_online_switching",
                                       "aux_fuel_supply_initial",
                                       "aux_fuel",
                                       "aux_fuel_supply",
                                       "aux_fuel_cost"};
    int32_t *at = COMMIT_ARRAY(e->r, int32_t, 1);
    want_only(&e->r->json, v, keys, sizeof keys / sizeof *keys);
    read_limits(e, v, u);
    read_before(e, v, u);
    read_status(e, v, u);
    u->reserve_shares_ramp = u->free_ends = true;
    if (at)
        *at = egret_bus(e, v, "bus");
    if (want_find(v, "p_fuel")) {
        egret_read_fuel(e, v, curve_at, aux_at, curve, u, reserve);
    } else {
        if (u->least_mw || egret_has_periods(v, "p_cost"))
            egret_period_costs(e, v, u);
        else
            read_cost(e, v, curve_at, u, curve[0]);
        egret_read_start(e, v, "startup_cost", false, 0, u);
    }
    u->n_bus = 1;
    u->bus = at;
    u->bus_weight = commit_constant(e->r, 1, 1);
}

static void read_renewable(const struct egret *e, const struct json_value *v,
                           struct commit_other *other)
{
    static const char *const keys[] = {"generator_type", "bus",  "in_service", "p_min",
                                       "p_max",          "fuel", "zone",       "area"};
    const struct json_value *least = want_find(v, "p_min"),
                            *most = want_find(v, "p_max");
    want_only(&e->r->json, v, keys, sizeof keys / sizeof *keys);
    other->bus = egret_bus(e, v, "bus");
    if (!least || !most) {
        JSON_FAULT(&e->r->json, v, "no 'p_min' or 'p_max'; expected both");
        return;
    }
    double *limit[2] = {egret_series(e, least, "p_min", signed_mw),
                        egret_series(e, most, "p_max", signed_mw)};
    for (int32_t t = 0; limit[0] && limit[1] && t < e->n_interval; t++)
        if (limit[0][t] > limit[1][t])
            JSON_FAULT(&e->r->json, v,
                       "at least %.12g and at most %.12g MW in period %d; expected the "
                       "least first",
                       limit[0][t], limit[1][t], t + 1);
    other->min_mw = limit[0];
    other->max_mw = limit[1];
}

void egret_read_units(struct egret *e, const struct json_value *elements, bool reserve)
{
    struct commit_case *c = e->r->out;
    struct commit_problem *p = &c->problem;
    int32_t n = 0, n_load = 0;
    struct commit_member *gen = egret_members(e, elements, "generator", &n);
    struct commit_member *load = egret_members(e, elements, "load", &n_load);
    struct commit_unit *unit = COMMIT_ARRAY(e->r, struct commit_unit, n);
    struct commit_other *other = COMMIT_ARRAY(e->r, struct commit_other, n + n_load);
    int32_t n_curve = 2 * n;
    for (int32_t i = 0; i < n; i++)
        n_curve += egret_most_curves(e, gen[i].value);
    struct commit_curve *curve = COMMIT_ARRAY(e->r, struct commit_curve, n_curve);
    struct commit_offer *offer = COMMIT_ARRAY(e->r, struct commit_offer, 1);
    c->unit_id = COMMIT_ARRAY(e->r, const char *, n);
    c->other_id = COMMIT_ARRAY(e->r, const char *, n + n_load);
    if (e->r->out_of_memory)
        return;
    *offer = (struct commit_offer){.max_mw = INFINITY};
    e->curve = curve;
    e->n_curve = 2 * n;
    for (int32_t i = 0; i < n; i++) {
        const struct json_value *type = want_find(gen[i].value, "generator_type");
        if (is_text(type, "renewable")) {
            c->other_id[p->n_other] = gen[i].id;
            read_renewable(e, gen[i].value, &other[p->n_other++]);
        } else if (is_text(type, "thermal")) {
            int32_t g = p->n_unit++;
            c->unit_id[g] = gen[i].id;
            struct commit_curve *of[2] = {&curve[g], &curve[n + g]};
            read_thermal(e, gen[i].value, g, n + g, &unit[g], of, reserve);
            unit[g].n_offer = reserve;
            unit[g].offer = offer;
        } else
            JSON_FAULT(&e->r->json, gen[i].value,
                       "no 'generator_type' that is known; "
                       "expected thermal or renewable");
    }
    for (int32_t i = 0; load && i < n_load; i++) {
        if (want_find(load[i].value, "p_price")) {
            c->other_id[p->n_other] = load[i].id;
            egret_read_priced_load(e, load[i].value, &other[p->n_other++]);
        }
    }
    p->unit = unit;
    p->other = other;
    p->curve = curve;
    p->n_curve = e->n_curve;
}
