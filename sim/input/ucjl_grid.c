/* ucjl_grid.c - buses and their load, reserves, lines, contingencies. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/nearest.h"
#include "sim/input/ucjl.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range signed_mw = {-COMMIT_MOST_MW, COMMIT_MOST_MW};
static const struct json_range any_susceptance = {-1e15, 1e15};
static const struct json_range penalties = {0, COMMIT_MOST_USD};

void ucjl_read_buses(struct ucjl *u, const struct json_value *root)
{
    static const char *const keys[] = {"Load (MW)"};
    struct commit_case *c = u->r->out;
    int32_t n = 0, n_t = u->n_interval;
    const struct json_value *object =
        want_member(&u->r->json, root, "Buses", JSON_OBJECT);
    struct commit_member *bus = object ? commit_members(u->r, object, &n) : NULL;
    double *load_mw = commit_constant(u->r, 0, n_t);
    double *series = COMMIT_ARRAY(u->r, double, n_t);
    double *bus_load_mw = COMMIT_ARRAY(u->r, double, (size_t)n *(size_t)n_t);
    double *reference = COMMIT_ARRAY(u->r, double, n);
    if (!bus || !load_mw || !series || !bus_load_mw || !reference)
        return;
    c->bus_id = commit_ids(u->r, bus, n);
    if (!commit_index_names(u->r, &u->bus, c->bus_id, n))
        return;
    for (int32_t b = 0; b < n; b++) {
        want_only(&u->r->json, bus[b].value, keys, 1);
        const struct json_value *v = want_find(bus[b].value, keys[0]);
        if (v)
            want_series(&u->r->json, v, keys[0], signed_mw, n_t, series);
        else
            JSON_FAULT(&u->r->json, bus[b].value,
                       "no 'Load (MW)'; expected a number "
                       "or a series");
        for (int32_t t = 0; v && t < n_t; t++) {
            bus_load_mw[(size_t)t * (size_t)n + (size_t)b] = series[t];
            load_mw[t] += series[t];
            reference[b] += fmax(series[t], 0);
        }
    }
    c->network.n_bus = n;
    c->network.reference_weight = reference;
    c->problem.load_mw = load_mw;
    c->problem.bus_load_mw = bus_load_mw;
}

/* ---- reserves ---- */

static void read_reserve(struct ucjl *u, const struct json_value *v, int32_t k,
                         struct commit_requirement *q)
{
    static const char *const keys[] = {"Type", "Amount (MW)",
                                       "Shortfall penalty ($/MW)", "Parent"};
    const struct json_reader *rd = &u->r->json;
    const struct json_value *parent = want_find(v, "Parent");
    char shown[QUOTED_SIZE];
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    const struct json_value *type = want_maybe(rd, v, "Type", JSON_TEXT);
    if (type && (type->n != 8 || memcmp(type->as.text, "spinning", 8) != 0) &&
        (type->n != 8 || memcmp(type->as.text, "Spinning", 8) != 0))
        JSON_FAULT(rd, type,
                   "reserves of type '%s' are not supported; expected spinning",
                   quoted(type->as.text, type->n, shown));
    if (parent && parent->kind != JSON_NULL)
        JSON_FAULT(rd, parent,
                   "reserves with a parent are not supported; expected null");
    if (!want_find(v, "Amount (MW)"))
        JSON_FAULT(rd, v, "no 'Amount (MW)'; expected a number or a series");
    double penalty = ucjl_constant(u, v, "Shortfall penalty ($/MW)",
                                   (struct json_range){-1, COMMIT_MOST_USD}, -1);
    *q = (struct commit_requirement){.products = (uint32_t)1 << k,
                                     .need_mw =
                                         ucjl_series(u, v, "Amount (MW)", any_mw, 0)};
    if (penalty < 0)
        return;
    q->n_step = 1;
    q->step_mw = commit_constant(u->r, INFINITY, 1);
    q->step_usd_per_mw = commit_constant(u->r, penalty / u->interval_h, 1);
}

static void set_reserves(struct ucjl *u, struct commit_requirement *q, const char **id,
                         int32_t n)
{
    struct commit_case *c = u->r->out;
    if (!commit_index_names(u->r, &u->product, id, n))
        return;
    c->problem.requirement = q;
    c->problem.n_requirement = c->n_product = n;
    c->requirement_id = c->product_id = id;
}

/* Format 0.2: one amount, for the whole system. */
static void read_old_reserve(struct ucjl *u, const struct json_value *object,
                             double penalty)
{
    static const char *const keys[] = {"Spinning (MW)"};
    struct commit_requirement *q = COMMIT_ARRAY(u->r, struct commit_requirement, 1);
    const char **id = COMMIT_ARRAY(u->r, const char *, 1);
    u->old_reserve = true;
    if (!object || object->n == 0 || !q || !id)
        return;
    want_only(&u->r->json, object, keys, 1);
    *q = (struct commit_requirement){
        .products = 1, .need_mw = ucjl_series(u, object, keys[0], any_mw, 0)};
    if (penalty >= 0) {
        q->n_step = 1;
        q->step_mw = commit_constant(u->r, INFINITY, 1);
        q->step_usd_per_mw = commit_constant(u->r, penalty / u->interval_h, 1);
    }
    id[0] = "spinning";
    set_reserves(u, q, id, 1);
}

void ucjl_read_reserves(struct ucjl *u, const struct json_value *root, double penalty)
{
    const struct json_value *object =
        want_maybe(&u->r->json, root, "Reserves", JSON_OBJECT);
    int32_t n = 0;
    if (!object || object->n == 0 || want_find(object, "Spinning (MW)")) {
        read_old_reserve(u, object, penalty);
        return;
    }
    struct commit_member *member = commit_members(u->r, object, &n);
    struct commit_requirement *q = COMMIT_ARRAY(u->r, struct commit_requirement, n);
    if (!member || !q)
        return;
    if (n > COMMIT_PRODUCTS) {
        JSON_FAULT(&u->r->json, object, "%d reserves; expected at most %d", n,
                   COMMIT_PRODUCTS);
        return;
    }
    for (int32_t k = 0; k < n; k++)
        read_reserve(u, member[k].value, k, &q[k]);
    set_reserves(u, q, commit_ids(u->r, member, n), n);
}

/* ---- lines ---- */

struct lines {
    int32_t n;
    int32_t *from, *to;
    double *susceptance, *shift, *limit[4]; /* normal min and max, emergency likewise */
    double penalty_usd_per_mw;              /* NaN until a line with a limit had one */
    bool limited;
};

static bool lines_alloc(struct ucjl *u, struct lines *l, int32_t n)
{
    l->n = n;
    l->penalty_usd_per_mw = NAN;
    l->from = COMMIT_ARRAY(u->r, int32_t, n);
    l->to = COMMIT_ARRAY(u->r, int32_t, n);
    l->susceptance = COMMIT_ARRAY(u->r, double, n);
    l->shift = COMMIT_ARRAY(u->r, double, n);
    for (int i = 0; i < 4; i++)
        l->limit[i] = COMMIT_ARRAY(u->r, double, n);
    return !u->r->out_of_memory;
}

static void read_line(struct ucjl *u, const struct json_value *v, int32_t i,
                      struct lines *l)
{
    static const char *const keys[] = {"Source bus",
                                       "Target bus",
                                       "Reactance (ohms)",
                                       "Susceptance (S)",
                                       "Normal flow limit (MW)",
                                       "Emergency flow limit (MW)",
                                       "Flow limit penalty ($/MW)",
                                       "Investment cost ($)",
                                       "Max number of parallel circuits"};
    const struct json_reader *rd = &u->r->json;
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    ucjl_refuse_investment(u, v);
    l->from[i] = ucjl_named(u, v, "Source bus", &u->bus, "bus");
    l->to[i] = ucjl_named(u, v, "Target bus", &u->bus, "bus");
    l->susceptance[i] = want_number(rd, v, "Susceptance (S)", any_susceptance);
    if (fabs(l->susceptance[i]) < 1e-12)
        JSON_FAULT(rd, v, "'Susceptance (S)' is 0; expected another number");
    for (int k = 0; k < 2; k++) {
        double limit = ucjl_constant(u, v, keys[4 + k], any_mw, INFINITY);
        l->limit[2 * k][i] = -limit;
        l->limit[2 * k + 1][i] = limit;
        l->limited = l->limited || isfinite(limit);
    }
    if (isinf(l->limit[1][i]) && isinf(l->limit[3][i]))
        return;
    double penalty = ucjl_constant(u, v, keys[6], penalties, 5000);
    if (fabs(penalty - l->penalty_usd_per_mw) > 0)
        JSON_FAULT(
            rd, v,
            "a flow limit penalty of %.12g where another line has %.12g; expected "
            "the same for all lines with a limit",
            penalty, l->penalty_usd_per_mw);
    l->penalty_usd_per_mw = penalty;
}

/* ---- contingencies ---- */

static int by_number(const void *pa, const void *pb)
{
    int32_t a = *(const int32_t *)pa, b = *(const int32_t *)pb;
    return (a > b) - (a < b);
}

/* Lines of one contingency, ascending, each once; how many. */
static int32_t read_outage(struct ucjl *u, const struct json_value *v, int32_t *branch)
{
    static const char *const keys[] = {"Affected lines", "Affected generators",
                                       "Affected units"};
    const struct json_reader *rd = &u->r->json;
    char shown[QUOTED_SIZE];
    int32_t n = 0, kept = 0;
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    for (int k = 1; k < 3; k++) {
        const struct json_value *units = want_maybe(rd, v, keys[k], JSON_ARRAY);
        if (units && units->n > 0)
            JSON_FAULT(rd, units,
                       "contingencies with generators are not supported; "
                       "expected lines only");
    }
    const struct json_value *list = want_maybe(rd, v, keys[0], JSON_ARRAY);
    if (!list)
        return 0;
    for
        JSON_EACH(item, list)
        {
            int32_t l = item->kind == JSON_TEXT
                            ? str_index_find(&u->line, item->as.text, item->n)
                            : -1;
            if (l < 0)
                JSON_FAULT(rd, item, "unknown line '%s'; expected one of the file",
                           item->kind == JSON_TEXT
                               ? quoted(item->as.text, item->n, shown)
                               : json_kind_name(item->kind));
            else
                branch[n++] = l;
        }
    if (n > 0)
        qsort(branch, (size_t)n, sizeof *branch, by_number);
    for (int32_t i = 0; i < n; i++)
        if (i == 0 || branch[i] != branch[i - 1])
            branch[kept++] = branch[i];
    return kept;
}

static void read_outages(struct ucjl *u, const struct json_value *object,
                         const struct lines *l)
{
    struct commit_case *c = u->r->out;
    int32_t n = 0, at = 0, n_outage = 0;
    size_t room = 0;
    struct commit_member *member = commit_members(u->r, object, &n);
    for (int32_t k = 0; member && k < n; k++) {
        const struct json_value *list = want_find(member[k].value, "Affected lines");
        room += list && list->kind == JSON_ARRAY ? list->n : 0;
    }
    struct dispatch_outages *o = COMMIT_ARRAY(u->r, struct dispatch_outages, 1);
    int32_t *start = COMMIT_ARRAY(u->r, int32_t, n + 1);
    int32_t *none = COMMIT_ARRAY(u->r, int32_t, n + 1);
    int32_t *branch = COMMIT_ARRAY(u->r, int32_t, room + 1);
    c->outage_id = COMMIT_ARRAY(u->r, const char *, n);
    if (!member || !o || !start || !none || !branch || !c->outage_id)
        return;
    for (int32_t k = 0; k < n; k++) {
        int32_t lost = read_outage(u, member[k].value, branch + at);
        if (lost == 0)
            continue;
        c->outage_id[n_outage] = member[k].id;
        start[n_outage++] = at;
        at += lost;
    }
    start[n_outage] = at;
    *o = (struct dispatch_outages){.n_outage = n_outage,
                                   .name = c->outage_id,
                                   .branch_start = start,
                                   .branch = branch,
                                   .injection_start = none,
                                   .injection = none,
                                   .participation = commit_constant(u->r, 0, 1),
                                   .min_mw = l->limit[2],
                                   .max_mw = l->limit[3]};
    if (n_outage > 0)
        c->problem.outages = o;
}

void ucjl_read_lines(struct ucjl *u, const struct json_value *root)
{
    struct commit_case *c = u->r->out;
    const struct json_value *object =
        want_maybe(&u->r->json, root, "Transmission lines", JSON_OBJECT);
    const struct json_value *contingencies =
        want_maybe(&u->r->json, root, "Contingencies", JSON_OBJECT);
    struct lines l = {0};
    int32_t n = 0;
    struct commit_member *line = object ? commit_members(u->r, object, &n) : NULL;
    if (!lines_alloc(u, &l, n) || (n > 0 && u->bus.n == 0))
        return;
    for (int32_t i = 0; line && i < n; i++)
        read_line(u, line[i].value, i, &l);
    c->branch_id = line ? commit_ids(u->r, line, n) : NULL;
    if (n > 0 && !commit_index_names(u->r, &u->line, c->branch_id, n))
        return;
    if (contingencies)
        read_outages(u, contingencies, &l);
    c->network.n_branch = n;
    c->network.from = l.from;
    c->network.to = l.to;
    c->network.susceptance_mw_per_rad = l.susceptance;
    c->network.shift_rad = l.shift;
    c->network.flow_min_mw = l.limit[0];
    c->network.flow_max_mw = l.limit[1];
    c->problem.branch_usd_per_mwh = l.penalty_usd_per_mw / u->interval_h;
    if (!l.limited) {
        c->problem.branch_usd_per_mwh = 0;
        c->problem.outages = NULL;
    }
    c->has_network = ucjl_read_interfaces(u, root) || l.limited;
    if (object && c->has_network &&
        commit_count_parts(u->r, c->network.n_bus, n, l.from, l.to) > 1)
        JSON_FAULT(&u->r->json, object,
                   "a network in several parts is not supported; "
                   "expected lines that connect all buses");
}
