/* egret.c - the system's own data, and what the parts of the reader share. */
#include "sim/input/egret.h"

#include <math.h>
#include <string.h>

#include "sim/input/nearest.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range cost_usd = {0, COMMIT_MOST_USD};

double *egret_series(const struct egret *e, const struct json_value *v,
                     const char *what, struct json_range range)
{
    static const char *const keys[] = {"data_type", "values"};
    double *out = commit_constant(e->r, range.least, e->n_interval);
    if (!out)
        return NULL;
    if (v->kind == JSON_OBJECT) {
        want_only(&e->r->json, v, keys, sizeof keys / sizeof *keys);
        v = want_member(&e->r->json, v, "values", JSON_ARRAY);
    }
    if (v)
        want_series(&e->r->json, v, what, range, e->n_interval, out);
    return out;
}

struct commit_member *egret_members(const struct egret *e,
                                    const struct json_value *elements, const char *kind,
                                    int32_t *n)
{
    const struct json_value *object =
        want_maybe(&e->r->json, elements, kind, JSON_OBJECT);
    int32_t n_all = 0;
    struct commit_member *member = object ? commit_members(e->r, object, &n_all) : NULL;
    *n = 0;
    for (int32_t i = 0; member && i < n_all; i++)
        if (want_flag_or(&e->r->json, member[i].value, "in_service", true))
            member[(*n)++] = member[i];
    return member;
}

int32_t egret_bus(const struct egret *e, const struct json_value *v, const char *key)
{
    char shown[QUOTED_SIZE];
    const struct json_value *name = want_member(&e->r->json, v, key, JSON_TEXT);
    int32_t at = name ? str_index_find(&e->bus, name->as.text, name->n) : 0;
    if (at >= 0)
        return at;
    JSON_FAULT(&e->r->json, name, "unknown bus '%s'; expected one of the file",
               quoted(name->as.text, name->n, shown));
    return 0;
}

/* What the problem cannot state must not be there. */
static void refuse_elements(const struct egret *e, const struct json_value *elements)
{
    static const char *const known[] = {
        "bus",        "load",        "branch", "generator",
        "interface",  "contingency", "area",   "security_constraint",
        "fuel_supply"};
    const struct json_reader *rd = &e->r->json;
    char shown[QUOTED_SIZE];
    for
        JSON_EACH(v, elements)
        {
            bool good = false;
            for (size_t i = 0; i < sizeof known / sizeof *known; i++)
                good = good || (strlen(known[i]) == v->key_len &&
                                memcmp(known[i], v->key, v->key_len) == 0);
            if (!good && v->n > 0)
                JSON_FAULT(rd, v,
                           "elements of kind '%s' are not supported; expected none",
                           quoted(v->key, v->key_len, shown));
        }
}

static bool set_reserve(const struct egret *e, const struct json_value *system)
{
    const struct json_reader *rd = &e->r->json;
    const struct json_value *v = want_find(system, "reserve_requirement");
    double price = want_number_or(rd, system, "reserve_shortfall_cost", cost_usd, -1);
    if (!v || v->kind == JSON_NULL)
        return false;
    struct commit_requirement *q = COMMIT_ARRAY(e->r, struct commit_requirement, 1);
    const char **id = COMMIT_ARRAY(e->r, const char *, 1);
    if (!q || !id)
        return false;
    *q = (struct commit_requirement){
        .products = 1, .need_mw = egret_series(e, v, "reserve_requirement", any_mw)};
    if (price >= 0) {
        q->n_step = 1;
        q->step_mw = commit_constant(e->r, INFINITY, 1);
        q->step_usd_per_mw = commit_constant(e->r, price, 1);
    }
    id[0] = "reserve";
    e->r->out->problem.requirement = q;
    e->r->out->problem.n_requirement = e->r->out->n_product = 1;
    e->r->out->requirement_id = e->r->out->product_id = id;
    return true;
}

static void read_parts(struct egret *e, const struct json_value *elements,
                       const struct json_value *system)
{
    static const char *const keys[] = {"name",
                                       "time_keys",
                                       "time_period_length_minutes",
                                       "load_mismatch_cost",
                                       "reserve_requirement",
                                       "reserve_shortfall_cost",
                                       "reserve_ramping_constraints",
                                       "baseMVA",
                                       "regulation_up_requirement",
                                       "regulation_down_requirement",
                                       "spinning_reserve_requirement",
                                       "non_spinning_reserve_requirement",
                                       "supplemental_reserve_requirement",
                                       "flexible_ramp_up_requirement",
                                       "flexible_ramp_down_requirement",
                                       "regulation_penalty_price",
                                       "spinning_reserve_penalty_price",
                                       "non_spinning_reserve_penalty_price",
                                       "supplemental_reserve_penalty_price",
                                       "flexible_ramp_penalty_price",
                                       "reference_bus",
                                       "reference_bus_angle"};
    const struct json_reader *rd = &e->r->json;
    const struct json_value *times = want_member(rd, system, "time_keys", JSON_ARRAY);
    want_only(rd, system, keys, sizeof keys / sizeof *keys);
    double length_min = want_number(rd, system, "time_period_length_minutes",
                                    (struct json_range){1, 1440});
    double mismatch = want_number(rd, system, "load_mismatch_cost", cost_usd);
    if (times && (times->n < 1 || times->n > COMMIT_INTERVALS))
        JSON_FAULT(rd, times, "%u periods; expected 1 to %d", times->n,
                   COMMIT_INTERVALS);
    else if (times)
        e->n_interval = (int32_t)times->n;
    e->interval_h = length_min / 60;
    e->r->out->problem = (struct commit_problem){.n_interval = e->n_interval,
                                                 .interval_h = e->interval_h,
                                                 .shortage_usd_per_mwh = mismatch,
                                                 .surplus_usd_per_mwh = mismatch};
    refuse_elements(e, elements);
    egret_read_buses(e, elements);
    egret_read_supplies(e, elements);
    bool reserve = set_reserve(e, system);
    if (e->bus.n == 0)
        return;
    egret_read_units(e, elements, reserve);
    egret_check_blends(e, elements);
    egret_read_branches(e, elements, mismatch);
    egret_read_limits(e, elements);
    egret_read_services(e, elements, system);
}

void read_egret(struct commit_reading *r, const struct json_value *root)
{
    static const char *const keys[] = {"elements", "system"};
    struct egret e = {.r = r, .n_interval = 1};
    r->out->format = COMMIT_EGRET;
    want_only(&r->json, root, keys, sizeof keys / sizeof *keys);
    const struct json_value *elements =
        want_member(&r->json, root, "elements", JSON_OBJECT);
    const struct json_value *system =
        want_member(&r->json, root, "system", JSON_OBJECT);
    if (elements && system)
        read_parts(&e, elements, system);
    str_index_release(&e.bus);
    str_index_release(&e.branch);
}
