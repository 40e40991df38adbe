/* ucjl.c - parameters, and what the parts of the reader share. */
#include "sim/input/ucjl.h"

#include <math.h>
#include <string.h>

#include "sim/input/nearest.h"

static const struct json_range penalties = {-1, COMMIT_MOST_USD};

int32_t ucjl_steps(const struct ucjl *u, const struct json_value *object,
                   const char *key, int32_t least, int32_t most, int32_t absent)
{
    const struct json_value *v = want_find(object, key);
    if (!v || v->kind == JSON_NULL)
        return absent;
    struct json_range hours = {(double)least / u->steps_per_h,
                               (double)most / u->steps_per_h};
    double steps = want_value(&u->r->json, v, key, hours) * u->steps_per_h;
    if (fabs(steps - round(steps)) > 1e-9) {
        JSON_FAULT(&u->r->json, v,
                   "'%s' is %.12g; expected a whole number of intervals", key,
                   steps / u->steps_per_h);
        return absent;
    }
    return (int32_t)round(steps);
}

double ucjl_constant(const struct ucjl *u, const struct json_value *object,
                     const char *key, struct json_range range, double absent)
{
    const struct json_value *v = want_find(object, key);
    double first = absent;
    bool seen = false;
    if (!v || v->kind == JSON_NULL)
        return absent;
    if (v->kind != JSON_ARRAY)
        return want_value(&u->r->json, v, key, range);
    for
        JSON_EACH(item, v)
        {
            double value = want_value(&u->r->json, item, key, range);
            if (seen && fabs(value - first) > 0) {
                JSON_FAULT(&u->r->json, item,
                           "'%s' varies in time; expected one value, nothing else is "
                           "supported",
                           key);
                return first;
            }
            first = value;
            seen = true;
        }
    return first;
}

double *ucjl_series(const struct ucjl *u, const struct json_value *object,
                    const char *key, struct json_range range, double absent)
{
    double *out = commit_constant(u->r, absent, u->n_interval);
    const struct json_value *v = want_find(object, key);
    if (out && v && v->kind != JSON_NULL)
        want_series(&u->r->json, v, key, range, u->n_interval, out);
    return out;
}

int32_t ucjl_named(const struct ucjl *u, const struct json_value *object,
                   const char *key, const struct str_index *names, const char *what)
{
    char shown[QUOTED_SIZE];
    const struct json_value *v = want_member(&u->r->json, object, key, JSON_TEXT);
    int32_t at = v ? str_index_find(names, v->as.text, v->n) : 0;
    if (at >= 0)
        return at;
    JSON_FAULT(&u->r->json, v, "unknown %s '%s'; expected one of the file", what,
               quoted(v->as.text, v->n, shown));
    return 0;
}

void ucjl_refuse_investment(const struct ucjl *u, const struct json_value *object)
{
    static const char key[] = "Investment cost ($)";
    static const struct json_range any = {0, COMMIT_MOST_USD};
    const double *cost = ucjl_series(u, object, key, any, 0);
    for (int32_t t = 0; cost && t < u->n_interval; t++)
        if (cost[t] > 0) {
            JSON_FAULT(&u->r->json, want_find(object, key),
                       "'%s' is %.12g; expected 0, investments are not supported", key,
                       cost[t]);
            return;
        }
}

void ucjl_place(const struct ucjl *u, const struct json_value *v,
                struct commit_unit *unit)
{
    int32_t *at = COMMIT_ARRAY(u->r, int32_t, 1);
    double *weight = commit_constant(u->r, 1, 1);
    const int32_t bus = ucjl_named(u, v, "Bus", &u->bus, "bus");
    if (!at || !weight)
        return;
    *at = bus;
    unit->n_bus = 1;
    unit->bus = at;
    unit->bus_weight = weight;
}

static void check_version(const struct ucjl *u, const struct json_value *parameters)
{
    char shown[QUOTED_SIZE];
    const struct json_value *v =
        want_maybe(&u->r->json, parameters, "Version", JSON_TEXT);
    if (!v || (v->n >= 3 && strncmp(v->as.text, "0.", 2) == 0 && v->as.text[2] >= '2' &&
               v->as.text[2] <= '5' && (v->n == 3 || v->as.text[3] == '.')))
        return;
    JSON_FAULT(&u->r->json, v, "'Version' is '%s'; expected 0.2 to 0.5",
               quoted(v->as.text, v->n, shown));
}

/* Length of an interval and how many there are. */
static void read_times(struct ucjl *u, const struct json_value *parameters)
{
    static const char *const horizon[] = {"Time horizon (h)", "Time (h)",
                                          "Time horizon (min)"};
    const struct json_reader *rd = &u->r->json;
    struct json_range minutes = {1, 60};
    double step_min = want_number_or(rd, parameters, "Time step (min)", minutes, 60);
    double per_h = 60 / step_min;
    u->n_interval = u->steps_per_h = 1;
    if (per_h > floor(per_h))
        JSON_FAULT(rd, want_find(parameters, "Time step (min)"),
                   "'Time step (min)' is %.12g; expected a divisor of 60", step_min);
    else
        u->steps_per_h = (int32_t)per_h;
    u->interval_h = 1.0 / u->steps_per_h;
    for (size_t i = 0; i < 3; i++) {
        const struct json_value *v =
            want_maybe(rd, parameters, horizon[i], JSON_NUMBER);
        if (!v)
            continue;
        double n = v->as.number * u->steps_per_h / (i < 2 ? 1 : 60);
        if (n >= 1 && n <= COMMIT_INTERVALS && fabs(n - round(n)) < 1e-9)
            u->n_interval = (int32_t)round(n);
        else
            JSON_FAULT(rd, v, "%.12g intervals; expected a whole number from 1 to %d",
                       n, COMMIT_INTERVALS);
        return;
    }
    JSON_FAULT(rd, parameters, "no 'Time horizon (h)'; expected a number");
}

static void read_parts(struct ucjl *u, const struct json_value *root,
                       const struct json_value *parameters)
{
    struct commit_problem *p = &u->r->out->problem;
    double shortfall =
        ucjl_constant(u, parameters, "Reserve shortfall penalty ($/MW)", penalties, -1);
    double balance = ucjl_constant(u, parameters, "Power balance penalty ($/MW)",
                                   (struct json_range){0, COMMIT_MOST_USD}, 1000);
    *p = (struct commit_problem){.n_interval = u->n_interval,
                                 .interval_h = u->interval_h,
                                 .shortage_usd_per_mwh = balance / u->interval_h,
                                 .surplus_usd_per_mwh = balance / u->interval_h};
    ucjl_read_buses(u, root);
    ucjl_read_reserves(u, root, shortfall);
    ucjl_read_units(u, root);
    ucjl_read_lines(u, root);
}

void read_ucjl(struct commit_reading *r, const struct json_value *root)
{
    static const char *const sections[] = {
        "SOURCE",        "Parameters",        "Buses",      "Generators",
        "Storage units", "Reserves",          "Interfaces", "Price-sensitive loads",
        "Contingencies", "Transmission lines"};
    static const char *const keys[] = {"Version",
                                       "Time horizon (h)",
                                       "Time horizon (min)",
                                       "Time (h)",
                                       "Time step (min)",
                                       "Power balance penalty ($/MW)",
                                       "Reserve shortfall penalty ($/MW)",
                                       "Scenario name",
                                       "Scenario weight",
                                       "Investment cost weight"};
    struct ucjl u = {.r = r};
    r->out->format = COMMIT_UNITCOMMITMENT_JL;
    want_only(&r->json, root, sections, sizeof sections / sizeof *sections);
    const struct json_value *parameters =
        want_member(&r->json, root, "Parameters", JSON_OBJECT);
    if (!parameters)
        return;
    want_only(&r->json, parameters, keys, sizeof keys / sizeof *keys);
    check_version(&u, parameters);
    read_times(&u, parameters);
    read_parts(&u, root, parameters);
    str_index_release(&u.bus);
    str_index_release(&u.line);
    str_index_release(&u.product);
}
