/*
 * read_pglib_uc.c - instances of pglib-uc.
 *
 * Hours; thermal units with piecewise costs and start categories; renewables between
 * limits; one spinning reserve that every thermal unit may hold, limited by (5) and the
 * upward ramp; demand and reserve are hard. The equations are those of MODEL.tex, start
 * categories by its rows word for word (commit_problem.pglib_start_rows).
 *
 * Its piecewise costs are mixtures of points, so a curve that is not convex means its lower
 * convex hull. A category colder than another is not cheaper; the first holds as soon as
 * the unit may start again.
 */
#include <math.h>

#include "sim/input/commit_parts.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range any_usd = {-COMMIT_MOST_USD, COMMIT_MOST_USD};
static const struct json_range cost_usd = {0, COMMIT_MOST_USD};

enum {
    MOST_HOURS = 1000000
};

static void read_start(struct commit_reading *r, const struct json_value *unit,
                       struct commit_unit *u)
{
    static const char *const keys[] = {"lag", "cost"};
    const struct json_value *list = want_member(&r->json, unit, "startup", JSON_ARRAY);
    if (!list)
        return;
    struct commit_start *start = COMMIT_ARRAY(r, struct commit_start, list->n);
    int32_t n = 0;
    if (!start)
        return;
    for
        JSON_EACH(v, list)
        {
            if (v->kind != JSON_OBJECT) {
                JSON_FAULT(&r->json, v, "%s; expected an object with 'lag' and 'cost'",
                           json_kind_name(v->kind));
                continue;
            }
            want_only(&r->json, v, keys, sizeof keys / sizeof *keys);
            struct commit_start s = {want_whole(&r->json, v, "lag", 0, MOST_HOURS),
                                     want_number(&r->json, v, "cost", cost_usd)};
            if (n == 0 && s.lag > u->min_down)
                JSON_FAULT(
                    &r->json, v,
                    "the first start category begins after %d hours; expected at "
                    "most 'time_down_minimum', %d",
                    s.lag, u->min_down);
            if (n > 0 &&
                (s.lag <= start[n - 1].lag || s.cost_usd < start[n - 1].cost_usd))
                JSON_FAULT(
                    &r->json, v,
                    "a start category of lag %d and cost %.12g after %d and %.12g; "
                    "expected a greater lag and no lower cost",
                    s.lag, s.cost_usd, start[n - 1].lag, start[n - 1].cost_usd);
            start[n++] = s;
        }
    u->n_start = n;
    u->start = start;
}

static void read_cost(struct commit_reading *r, const struct json_value *unit,
                      const struct commit_unit *u, struct commit_curve *curve,
                      double *min_cost_usd_per_h)
{
    static const char *const keys[] = {"mw", "cost"};
    const struct json_value *list =
        want_member(&r->json, unit, "piecewise_production", JSON_ARRAY);
    if (!list)
        return;
    struct commit_point *point = COMMIT_ARRAY(r, struct commit_point, list->n);
    int32_t n = 0;
    if (!point)
        return;
    for
        JSON_EACH(v, list)
        {
            if (v->kind != JSON_OBJECT) {
                JSON_FAULT(&r->json, v, "%s; expected an object with 'mw' and 'cost'",
                           json_kind_name(v->kind));
                return;
            }
            want_only(&r->json, v, keys, sizeof keys / sizeof *keys);
            point[n++] =
                (struct commit_point){want_number(&r->json, v, "mw", any_mw),
                                      want_number(&r->json, v, "cost", any_usd)};
        }
    commit_hull(r, list, point, n, u->min_mw, u->max_mw, curve, min_cost_usd_per_h);
}

static void read_state(struct commit_reading *r, const struct json_value *unit,
                       struct commit_unit *u)
{
    const size_t n_fault = r->json.faults->total;
    u->on_before = want_whole(&r->json, unit, "unit_on_t0", 0, 1) == 1;
    int32_t up = want_whole(&r->json, unit, "time_up_t0", 0, MOST_HOURS);
    int32_t down = want_whole(&r->json, unit, "time_down_t0", 0, MOST_HOURS);
    double mw = want_number(&r->json, unit, "power_output_t0", any_mw);
    u->age_before = u->on_before ? up : down;
    if (r->json.faults->total > n_fault) /* what is not known is not judged */
        return;
    if (u->age_before < 1)
        JSON_FAULT(&r->json, unit,
                   "%s before the first hour for 0 hours; expected '%s' "
                   "of at least 1",
                   u->on_before ? "on" : "off",
                   u->on_before ? "time_up_t0" : "time_down_t0");
    u->mw_before = u->on_before ? fmin(fmax(mw, u->min_mw), u->max_mw) : 0;
    if (u->on_before && (mw < u->min_mw - 1e-6 || mw > u->max_mw + 1e-6))
        JSON_FAULT(&r->json, unit,
                   "on at %.12g MW before the first hour; expected between its limits, "
                   "%.12g and %.12g",
                   mw, u->min_mw, u->max_mw);
}

static void read_unit(struct commit_reading *r, const struct json_value *unit,
                      struct commit_unit *u)
{
    static const char *const keys[] = {"name",
                                       "must_run",
                                       "power_output_minimum",
                                       "power_output_maximum",
                                       "ramp_up_limit",
                                       "ramp_down_limit",
                                       "ramp_startup_limit",
                                       "ramp_shutdown_limit",
                                       "time_up_minimum",
                                       "time_down_minimum",
                                       "power_output_t0",
                                       "unit_on_t0",
                                       "time_down_t0",
                                       "time_up_t0",
                                       "startup",
                                       "piecewise_production"};
    const struct json_reader *rd = &r->json;
    int32_t n = r->out->problem.n_interval;
    want_only(rd, unit, keys, sizeof keys / sizeof *keys);
    u->min_mw = want_number(rd, unit, "power_output_minimum", any_mw);
    u->max_mw = want_number(rd, unit, "power_output_maximum", any_mw);
    if (u->max_mw < u->min_mw)
        JSON_FAULT(rd, unit,
                   "most power %.12g MW, least %.12g MW; expected least first",
                   u->max_mw, u->min_mw);
    u->ramp_up_mw = want_number(rd, unit, "ramp_up_limit", any_mw);
    u->ramp_down_mw = want_number(rd, unit, "ramp_down_limit", any_mw);
    u->start_max_mw = want_number(rd, unit, "ramp_startup_limit", any_mw);
    u->stop_max_mw = want_number(rd, unit, "ramp_shutdown_limit", any_mw);
    int32_t up = want_whole(rd, unit, "time_up_minimum", 0, MOST_HOURS);
    int32_t down = want_whole(rd, unit, "time_down_minimum", 0, MOST_HOURS);
    u->min_up = up > 1 ? up : 1;
    u->min_down = down > 1 ? down : 1;
    if (want_whole(rd, unit, "must_run", 0, 1) == 1)
        u->status = commit_always(r, COMMIT_ON, n);
    read_state(r, unit, u);
    read_start(r, unit, u);
}

static void read_units(struct commit_reading *r, const struct json_value *object,
                       const struct commit_offer *spinning)
{
    struct commit_problem *p = &r->out->problem;
    int32_t n = 0;
    struct commit_member *member = commit_members(r, object, &n);
    struct commit_unit *unit = COMMIT_ARRAY(r, struct commit_unit, n);
    struct commit_curve *curve = COMMIT_ARRAY(r, struct commit_curve, n);
    if (!member || !unit || !curve)
        return;
    for (int32_t g = 0; g < n; g++) {
        double min_cost_usd_per_h = 0;
        read_unit(r, member[g].value, &unit[g]);
        read_cost(r, member[g].value, &unit[g], &curve[g], &min_cost_usd_per_h);
        unit[g].min_cost_usd_per_h =
            commit_constant(r, min_cost_usd_per_h, p->n_interval);
        unit[g].curve = commit_same(r, g, p->n_interval);
        unit[g].n_offer = 1;
        unit[g].offer = spinning;
        unit[g].reserve_shares_ramp = true;
    }
    p->n_unit = p->n_curve = n;
    p->unit = unit;
    p->curve = curve;
    r->out->unit_id = commit_ids(r, member, n);
}

static void read_renewables(struct commit_reading *r, const struct json_value *object)
{
    static const char *const keys[] = {"name", "power_output_minimum",
                                       "power_output_maximum"};
    struct commit_problem *p = &r->out->problem;
    int32_t n = 0, n_t = p->n_interval;
    struct commit_member *member = commit_members(r, object, &n);
    struct commit_other *other = COMMIT_ARRAY(r, struct commit_other, n);
    if (!member || !other)
        return;
    for (int32_t w = 0; w < n; w++) {
        const struct json_value *v = member[w].value;
        double *limit[2] = {COMMIT_ARRAY(r, double, n_t), COMMIT_ARRAY(r, double, n_t)};
        if (!limit[0] || !limit[1])
            return;
        want_only(&r->json, v, keys, sizeof keys / sizeof *keys);
        for (int32_t i = 0; i < 2; i++) {
            const struct json_value *list =
                want_member(&r->json, v, keys[i + 1], JSON_ARRAY);
            if (list)
                want_series(&r->json, list, keys[i + 1], any_mw, n_t, limit[i]);
        }
        for (int32_t t = 0; t < n_t; t++)
            if (limit[0][t] > limit[1][t])
                JSON_FAULT(&r->json, v,
                           "at least %.12g and at most %.12g MW in hour %d; expected "
                           "the least first",
                           limit[0][t], limit[1][t], t + 1);
        other[w] = (struct commit_other){.min_mw = limit[0], .max_mw = limit[1]};
    }
    p->n_other = n;
    p->other = other;
    r->out->other_id = commit_ids(r, member, n);
}

/* One product, and all units for it. */
static struct commit_offer *set_reserve(struct commit_reading *r, double *need_mw)
{
    struct commit_case *c = r->out;
    struct commit_requirement *q = COMMIT_ARRAY(r, struct commit_requirement, 1);
    struct commit_offer *offer = COMMIT_ARRAY(r, struct commit_offer, 1);
    const char **id = COMMIT_ARRAY(r, const char *, 1);
    if (!q || !offer || !id)
        return NULL;
    *q = (struct commit_requirement){.products = 1, .need_mw = need_mw};
    *offer = (struct commit_offer){.max_mw = INFINITY};
    id[0] = "spinning";
    c->problem.n_requirement = c->n_product = 1;
    c->problem.requirement = q;
    c->requirement_id = c->product_id = id;
    return offer;
}

/* Intervals; where their number cannot be read, demand tells, so that one slip is one fault. */
static int32_t count_intervals(const struct json_reader *rd,
                               const struct json_value *root,
                               const struct json_value *demand)
{
    size_t before = rd->faults->total;
    int32_t n = want_whole(rd, root, "time_periods", 1, COMMIT_INTERVALS);
    bool known = rd->faults->total == before;
    return !known && demand && demand->n >= 1 && demand->n <= COMMIT_INTERVALS
               ? (int32_t)demand->n
               : n;
}

void read_pglib_uc(struct commit_reading *r, const struct json_value *root)
{
    static const char *const keys[] = {"time_periods", "demand", "reserves",
                                       "thermal_generators", "renewable_generators"};
    const struct json_reader *rd = &r->json;
    struct commit_problem *p = &r->out->problem;
    r->out->format = COMMIT_PGLIB_UC;
    want_only(rd, root, keys, sizeof keys / sizeof *keys);
    const struct json_value *series[2] = {
        want_member(rd, root, "demand", JSON_ARRAY),
        want_member(rd, root, "reserves", JSON_ARRAY)};
    int32_t n = count_intervals(rd, root, series[0]);
    const struct json_value *thermal =
        want_member(rd, root, "thermal_generators", JSON_OBJECT);
    const struct json_value *renewable =
        want_member(rd, root, "renewable_generators", JSON_OBJECT);
    double *load_mw = COMMIT_ARRAY(r, double, n), *need_mw = COMMIT_ARRAY(r, double, n);
    if (!load_mw || !need_mw)
        return;
    if (series[0])
        want_series(rd, series[0], "demand", any_mw, n, load_mw);
    if (series[1])
        want_series(rd, series[1], "reserves", any_mw, n, need_mw);
    *p = (struct commit_problem){.n_interval = n,
                                 .interval_h = 1,
                                 .load_mw = load_mw,
                                 .shortage_usd_per_mwh = INFINITY,
                                 .surplus_usd_per_mwh = INFINITY,
                                 .pglib_start_rows = true};
    struct commit_offer *spinning = set_reserve(r, need_mw);
    if (spinning && thermal)
        read_units(r, thermal, spinning);
    if (renewable)
        read_renewables(r, renewable);
}
