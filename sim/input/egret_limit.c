/* egret_limit.c - supplies of fuel, interfaces and security constraints of Egret. */
#include <math.h>
#include <string.h>

#include "sim/input/egret.h"
#include "sim/input/nearest.h"

static const struct json_range signed_mw = {-COMMIT_MOST_MW, COMMIT_MOST_MW};
static const struct json_range penalty_usd = {0, COMMIT_MOST_USD};

/* The limits that two keys tell, which may be absent or null. */
static void read_sides(const struct egret *e, const struct json_value *v,
                       const char *least, const char *most, struct commit_limit *out)
{
    const struct json_value *side[2] = {want_find(v, least), want_find(v, most)};
    const char *name[2] = {least, most};
    double *mw[2];
    for (int i = 0; i < 2; i++) {
        const bool none = !side[i] || side[i]->kind == JSON_NULL;
        mw[i] =
            none ? commit_constant(e->r, i == 0 ? -(double)INFINITY : (double)INFINITY,
                                   e->n_interval)
                 : egret_series(e, side[i], name[i], signed_mw);
    }
    for (int32_t t = 0; mw[0] && mw[1] && t < e->n_interval; t++)
        if (mw[0][t] > mw[1][t]) {
            JSON_FAULT(&e->r->json, v,
                       "at least %.12g and at most %.12g MW in period %d; expected the "
                       "least first",
                       mw[0][t], mw[1][t], t + 1);
            break;
        }
    out->min_mw = mw[0];
    out->max_mw = mw[1];
    out->usd_per_mwh =
        want_number_or(&e->r->json, v, "violation_penalty", penalty_usd, INFINITY);
}

/* ---- interfaces --------------------------------------------------------------------------- */

static void read_interface(const struct egret *e, const struct json_value *v,
                           struct commit_limit *out)
{
    static const char *const keys[] = {
        "lines",         "line_orientation",  "maximum_limit",
        "minimum_limit", "violation_penalty", "in_service"};
    const struct json_reader *rd = &e->r->json;
    char shown[QUOTED_SIZE];
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    read_sides(e, v, "minimum_limit", "maximum_limit", out);
    const struct json_value *lines = want_member(rd, v, "lines", JSON_ARRAY);
    const struct json_value *ways = want_member(rd, v, "line_orientation", JSON_ARRAY);
    if (!lines || !ways)
        return;
    int32_t *branch = COMMIT_ARRAY(e->r, int32_t, lines->n);
    double *weight = COMMIT_ARRAY(e->r, double, lines->n);
    if (lines->n != ways->n)
        JSON_FAULT(rd, ways, "%u orientations of %u lines; expected one of each",
                   ways->n, lines->n);
    if (!branch || !weight || lines->n != ways->n)
        return;
    want_series(rd, ways, "line_orientation", (struct json_range){-1, 1},
                (int32_t)lines->n, weight);
    for
        JSON_EACH(line, lines)
        {
            int32_t l = line->kind == JSON_TEXT
                            ? str_index_find(&e->branch, line->as.text, line->n)
                            : -1;
            if (line->kind != JSON_TEXT)
                JSON_FAULT(rd, line, "%s; expected the name of a branch",
                           json_kind_name(line->kind));
            else if (l < 0)
                JSON_FAULT(rd, line, "unknown branch '%s'; expected one in service",
                           quoted(line->as.text, line->n, shown));
            branch[out->n_branch++] = l < 0 ? 0 : l;
        }
    out->branch = branch;
    out->branch_weight = weight;
}

/* ---- security constraints ----------------------------------------------------------------- */

/* Where a name stands among n, -1 = nowhere. */
static int32_t find_name(const char *const *id, int32_t n, const struct json_value *v)
{
    for (int32_t i = 0; i < n; i++)
        if (strlen(id[i]) == v->key_len && memcmp(id[i], v->key, v->key_len) == 0)
            return i;
    return -1;
}

static void read_coefficients(const struct egret *e, const struct json_value *v,
                              struct commit_limit *out)
{
    static const struct json_range any = {-1e6, 1e6};
    const struct commit_case *c = e->r->out;
    char shown[QUOTED_SIZE];
    double *unit = COMMIT_ARRAY(e->r, double, c->problem.n_unit);
    double *other = COMMIT_ARRAY(e->r, double, c->problem.n_other);
    if (!unit || !other)
        return;
    for
        JSON_EACH(item, v)
        {
            const double by = want_value(&e->r->json, item, "coefficient", any);
            int32_t at = find_name(c->unit_id, c->problem.n_unit, item);
            if (at >= 0) {
                unit[at] = by;
                continue;
            }
            at = find_name(c->other_id, c->problem.n_other, item);
            if (at >= 0)
                other[at] = by;
            else
                JSON_FAULT(&e->r->json, item,
                           "unknown generator '%s'; expected one in service",
                           quoted(item->key, item->key_len, shown));
        }
    out->unit = unit;
    out->other = other;
}

static void read_security(const struct egret *e, const struct json_value *v,
                          struct commit_limit *out)
{
    static const char *const keys[] = {
        "security_constraint_type", "lower_bound", "upper_bound",
        "violation_penalty",        "coefs",       "in_service"};
    static const char *const parts[] = {"data_type", "values"};
    static const char *const kinds[] = {"generator"};
    const struct json_reader *rd = &e->r->json;
    char shown[QUOTED_SIZE];
    const struct json_value *type = want_find(v, keys[0]);
    if (!type || type->kind != JSON_TEXT || type->n != 2 ||
        memcmp(type->as.text, "pg", 2) != 0) {
        JSON_FAULT(rd, v,
                   "a security constraint of type '%s' is not supported; expected "
                   "'pg'",
                   type && type->kind == JSON_TEXT
                       ? quoted(type->as.text, type->n, shown)
                       : "");
        return;
    }
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    read_sides(e, v, "lower_bound", "upper_bound", out);
    const struct json_value *coefs = want_member(rd, v, "coefs", JSON_OBJECT);
    if (!coefs)
        return;
    want_only(rd, coefs, parts, sizeof parts / sizeof *parts);
    const struct json_value *values = want_member(rd, coefs, "values", JSON_OBJECT);
    if (!values)
        return;
    want_only(rd, values, kinds, sizeof kinds / sizeof *kinds);
    const struct json_value *units = want_maybe(rd, values, kinds[0], JSON_OBJECT);
    if (units)
        read_coefficients(e, units, out);
}

/* ---- supplies ------------------------------------------------------------------------------ */

static void read_supply(const struct egret *e, const struct json_value *v,
                        struct commit_limit *out)
{
    static const char *const keys[] = {"fuel_supply_type", "fuel_available",
                                       "in_service"};
    static const double plenty = 1e12; /* files say 1e100 */
    const struct json_value *type = want_find(v, keys[0]);
    const struct json_value *most = want_find(v, keys[1]);
    want_only(&e->r->json, v, keys, sizeof keys / sizeof *keys);
    if (!type || type->kind != JSON_TEXT || type->n != strlen("instantaneous") ||
        memcmp(type->as.text, "instantaneous", type->n) != 0)
        JSON_FAULT(&e->r->json, v,
                   "a supply of fuel of a type that is not supported; expected "
                   "'fuel_supply_type' instantaneous");
    if (!most) {
        JSON_FAULT(&e->r->json, v, "no 'fuel_available'; expected a number or series");
        return;
    }
    double *fuel =
        egret_series(e, most, "fuel_available", (struct json_range){0, 1e300});
    for (int32_t t = 0; fuel && t < e->n_interval; t++)
        if (fuel[t] >= plenty)
            fuel[t] = INFINITY;
    out->max_mw = fuel;
    out->min_mw = commit_constant(e->r, -(double)INFINITY, e->n_interval);
    out->usd_per_mwh = INFINITY;
}

void egret_read_supplies(struct egret *e, const struct json_value *elements)
{
    static const char *const kinds[] = {"fuel_supply", "interface",
                                        "security_constraint"};
    struct commit_case *c = e->r->out;
    int32_t n[3] = {0, 0, 0};
    struct commit_member *supply = NULL;
    for (int k = 2; k >= 0; k--)
        supply = egret_members(e, elements, kinds[k], &n[k]);
    const int32_t all = n[0] + n[1] + n[2];
    e->limit = COMMIT_ARRAY(e->r, struct commit_limit, all);
    c->limit_id = COMMIT_ARRAY(e->r, const char *, all);
    if (e->r->out_of_memory)
        return;
    c->problem.limit = e->limit;
    for (int32_t i = 0; supply && i < n[0]; i++) {
        c->limit_id[i] = supply[i].id;
        read_supply(e, supply[i].value, &e->limit[c->problem.n_limit++]);
    }
    e->n_supply = c->problem.n_limit;
}

int32_t egret_supply(const struct egret *e, const struct json_value *v, const char *key)
{
    char shown[QUOTED_SIZE];
    const struct json_value *name = want_maybe(&e->r->json, v, key, JSON_TEXT);
    for (int32_t i = 0; name && i < e->n_supply; i++)
        if (strlen(e->r->out->limit_id[i]) == name->n &&
            memcmp(e->r->out->limit_id[i], name->as.text, name->n) == 0)
            return i + 1;
    if (name)
        JSON_FAULT(&e->r->json, name,
                   "unknown supply of fuel '%s'; expected one of the file",
                   quoted(name->as.text, name->n, shown));
    return 0;
}

void egret_read_limits(struct egret *e, const struct json_value *elements)
{
    struct commit_case *c = e->r->out;
    struct commit_limit *limit = e->limit;
    int32_t n_interface = 0, n_security = 0;
    struct commit_member *interface =
        egret_members(e, elements, "interface", &n_interface);
    struct commit_member *security =
        egret_members(e, elements, "security_constraint", &n_security);
    if (e->r->out_of_memory)
        return;
    for (int32_t i = 0; interface && i < n_interface; i++) {
        c->limit_id[c->problem.n_limit] = interface[i].id;
        read_interface(e, interface[i].value, &limit[c->problem.n_limit++]);
    }
    for (int32_t i = 0; security && i < n_security; i++) {
        c->limit_id[c->problem.n_limit] = security[i].id;
        read_security(e, security[i].value, &limit[c->problem.n_limit++]);
    }
}
