/* ucjl_store.c - storage units, which become stores of commit.h. */
#include <math.h>
#include <string.h>

#include "sim/input/ucjl.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range any_usd = {-COMMIT_MOST_USD, COMMIT_MOST_USD};
static const struct json_range part = {0.001, 1}; /* of what goes in or out */
static const struct json_range loss = {0, 0.95}; /* a power of the rest is divided by */

/* ---- series ---- */

/* One that must be there. */
static double *wanted(const struct ucjl *u, const struct json_value *v, const char *key,
                      struct json_range range)
{
    const struct json_value *value = want_find(v, key);
    if (!value || value->kind == JSON_NULL)
        JSON_FAULT(&u->r->json, v, "no '%s'; expected a number or a series", key);
    return ucjl_series(u, v, key, range, 0);
}

/* NULL where there is none. A least rate makes the way a decision, which long horizons have no
 * room for. */
static const double *read_least(const struct ucjl *u, const struct json_value *v,
                                const char *key, const double *most_mw)
{
    const double *least = ucjl_series(u, v, key, any_mw, 0);
    bool any = false;
    for (int32_t t = 0; least && most_mw && t < u->n_interval; t++) {
        any = any || least[t] > 0;
        if (least[t] > 0 && most_mw[t] > 0 &&
            STORE_FACTS * u->n_interval > COMMIT_FACTS) {
            JSON_FAULT(&u->r->json, want_find(v, key),
                       "'%s' is %.12g in interval %d; expected 0 in more than %d "
                       "intervals",
                       key, least[t], t + 1, COMMIT_FACTS / STORE_FACTS);
            return NULL;
        }
    }
    return any ? least : NULL;
}

/* NULL where both ways at once are always allowed. */
static const bool *read_one_way(const struct ucjl *u, const struct json_value *v)
{
    static const char key[] = "Allow simultaneous charging and discharging";
    const struct json_value *list = want_find(v, key);
    if (!list || list->kind == JSON_NULL)
        return NULL;
    bool each = list->kind == JSON_ARRAY,
         *one_way = COMMIT_ARRAY(u->r, bool, u->n_interval);
    if (each && list->n != (uint32_t)u->n_interval) {
        JSON_FAULT(&u->r->json, list,
                   "'%s' has %u values; expected one for each of %d intervals", key,
                   list->n, u->n_interval);
        return NULL;
    }
    for (int32_t t = 0; one_way && t < u->n_interval; t++) {
        const struct json_value *item = each ? list + 1 + t : list;
        if (item->kind != JSON_FLAG) {
            JSON_FAULT(&u->r->json, item, "'%s' is %s; expected true or false", key,
                       json_kind_name(item->kind));
            return NULL;
        }
        one_way[t] = !item->as.flag;
    }
    return one_way;
}

/* The curves of a cost per MW of an interval, one for all where it does not vary. */
static const int32_t *read_cost(const struct ucjl *u, const struct json_value *v,
                                const char *key, const double *most_mw,
                                struct commit_curve *curve, int32_t *n_curve)
{
    double *cost = wanted(u, v, key, any_usd);
    double *width = commit_constant(u->r, 1, 1);
    int32_t *of = COMMIT_ARRAY(u->r, int32_t, u->n_interval);
    if (!cost || !width || !of || !most_mw)
        return NULL;
    for (int32_t t = 0; t < u->n_interval; t++) {
        *width = fmax(*width, most_mw[t]);
        cost[t] /= u->interval_h;
        if (t == 0 || fabs(cost[t] - cost[t - 1]) > 0)
            curve[(*n_curve)++] = (struct commit_curve){1, width, &cost[t]};
        of[t] = *n_curve - 1;
    }
    return of;
}

/* ---- units ---- */

static void read_levels(const struct ucjl *u, const struct json_value *v,
                        struct commit_store *s)
{
    const struct json_reader *rd = &u->r->json;
    const int32_t last = u->n_interval - 1;
    double *least = ucjl_series(u, v, "Minimum level (MWh)", any_mw, 0);
    double *most = wanted(u, v, "Maximum level (MWh)", any_mw);
    s->first_mwh = want_number_or(rd, v, "Initial level (MWh)", any_mw, 0);
    if (!least || !most)
        return;
    least[last] =
        fmax(least[last], want_number_or(rd, v, "Last period minimum level (MWh)",
                                         any_mw, least[last]));
    most[last] =
        fmin(most[last], want_number_or(rd, v, "Last period maximum level (MWh)",
                                        any_mw, most[last]));
    for (int32_t t = 0; t <= last; t++)
        if (least[t] > most[t]) {
            JSON_FAULT(
                rd, v,
                "a level of at least %.12g and at most %.12g MWh in interval %d; "
                "expected the least first",
                least[t], most[t], t + 1);
            return;
        }
    s->least_mwh = least;
    s->most_mwh = most;
}

static void read_losses(const struct ucjl *u, const struct json_value *v,
                        struct commit_store *s)
{
    s->charge_efficiency = ucjl_series(u, v, "Charge efficiency", part, 1);
    s->discharge_efficiency = ucjl_series(u, v, "Discharge efficiency", part, 1);
    s->loss = ucjl_series(u, v, "Loss factor", loss, 0);
}

/* What no schedule can keep is a fault of the file: the least and the most it can hold. */
static void check_levels(const struct ucjl *u, const struct json_value *v,
                         const struct commit_store *s)
{
    double lo = s->first_mwh, hi = lo;
    if (!s->least_mwh || !s->most_mwh || !s->charge_max_mw || !s->discharge_max_mw ||
        !s->charge_efficiency || !s->discharge_efficiency || !s->loss)
        return;
    for (int32_t t = 0; t < u->n_interval; t++) {
        const double slack = 1e-9 * fmax(1, s->most_mwh[t]);
        lo = (1 - s->loss[t]) * lo -
             u->interval_h * s->discharge_max_mw[t] / s->discharge_efficiency[t];
        hi = (1 - s->loss[t]) * hi +
             u->interval_h * s->charge_max_mw[t] * s->charge_efficiency[t];
        if (lo > s->most_mwh[t] + slack || hi < s->least_mwh[t] - slack) {
            JSON_FAULT(&u->r->json, v,
                       "a level from %.12g to %.12g MWh in interval %d; its rates "
                       "allow %.12g to %.12g",
                       s->least_mwh[t], s->most_mwh[t], t + 1, fmax(lo, 0), hi);
            return;
        }
        lo = fmax(lo, s->least_mwh[t]);
        hi = fmin(hi, s->most_mwh[t]);
    }
}

static void read_store(const struct ucjl *u, const struct json_value *v,
                       struct commit_unit *unit, struct commit_curve *curve,
                       int32_t *n_curve)
{
    static const char *const keys[] = {"Bus",
                                       "Minimum level (MWh)",
                                       "Maximum level (MWh)",
                                       "Initial level (MWh)",
                                       "Charge cost ($/MW)",
                                       "Discharge cost ($/MW)",
                                       "Charge efficiency",
                                       "Discharge efficiency",
                                       "Loss factor",
                                       "Minimum charge rate (MW)",
                                       "Maximum charge rate (MW)",
                                       "Minimum discharge rate (MW)",
                                       "Maximum discharge rate (MW)",
                                       "Last period minimum level (MWh)",
                                       "Last period maximum level (MWh)",
                                       "Allow simultaneous charging and discharging",
                                       "Investment cost ($)"};
    struct commit_store *s = COMMIT_ARRAY(u->r, struct commit_store, 1);
    want_only(&u->r->json, v, keys, sizeof keys / sizeof *keys);
    if (!s)
        return;
    ucjl_refuse_investment(u, v);
    ucjl_place(u, v, unit);
    read_levels(u, v, s);
    read_losses(u, v, s);
    s->charge_max_mw = wanted(u, v, "Maximum charge rate (MW)", any_mw);
    s->discharge_max_mw = wanted(u, v, "Maximum discharge rate (MW)", any_mw);
    s->charge_min_mw = read_least(u, v, "Minimum charge rate (MW)", s->charge_max_mw);
    s->discharge_min_mw =
        read_least(u, v, "Minimum discharge rate (MW)", s->discharge_max_mw);
    s->charge_curve =
        read_cost(u, v, "Charge cost ($/MW)", s->charge_max_mw, curve, n_curve);
    s->discharge_curve =
        read_cost(u, v, "Discharge cost ($/MW)", s->discharge_max_mw, curve, n_curve);
    s->one_way = read_one_way(u, v);
    check_levels(u, v, s);
    unit->store = s;
}

static bool is_among(const char *const *id, int32_t n, const char *name)
{
    for (int32_t k = 0; k < n; k++)
        if (strcmp(id[k], name) == 0)
            return true;
    return false;
}

void ucjl_read_stores(struct ucjl *u, const struct commit_member *store, int32_t n,
                      struct commit_unit *unit, struct commit_curve *curve,
                      int32_t *n_curve)
{
    struct commit_case *c = u->r->out;
    const int32_t n_thermal = c->problem.n_unit, n_profiled = c->problem.n_other;
    for (int32_t i = 0; i < n; i++) {
        if (is_among(c->unit_id, n_thermal, store[i].id) ||
            is_among(c->other_id, n_profiled, store[i].id))
            JSON_FAULT(&u->r->json, store[i].value,
                       "a storage unit with the name of a generator, '%s'; expected "
                       "another",
                       store[i].id);
        c->unit_id[c->problem.n_unit] = store[i].id;
        read_store(u, store[i].value, &unit[c->problem.n_unit++], curve, n_curve);
    }
}
