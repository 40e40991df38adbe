/* egret_grid.c - buses, loads, branches and contingencies of Egret. */
#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/input/egret.h"
#include "sim/input/nearest.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range signed_mw = {-COMMIT_MOST_MW, COMMIT_MOST_MW};
static const struct json_range price_usd = {-COMMIT_MOST_USD, COMMIT_MOST_USD};
static const struct json_range penalty_usd = {0, COMMIT_MOST_USD};

/* The power of a load, by period; NULL after a fault. */
static double *load_power(struct egret *e, const struct json_value *v)
{
    static const char *const keys[] = {"bus",     "in_service", "p_load", "q_load",
                                       "p_price", "zone",       "area"};
    const struct json_value *power = want_find(v, "p_load");
    want_only(&e->r->json, v, keys, sizeof keys / sizeof *keys);
    if (power)
        return egret_series(e, power, "p_load", signed_mw);
    JSON_FAULT(&e->r->json, v, "no 'p_load'; expected a number or a time series");
    return NULL;
}

static void add_load(struct egret *e, const struct json_value *v, double *bus_load_mw,
                     double *load_mw, double *reference)
{
    const int32_t bus = egret_bus(e, v, "bus");
    const double *mw = load_power(e, v);
    for (int32_t t = 0; mw && t < e->n_interval; t++) {
        bus_load_mw[(size_t)t * (size_t)e->r->out->network.n_bus + (size_t)bus] +=
            mw[t];
        load_mw[t] += mw[t];
        reference[bus] += fmax(mw[t], 0);
    }
}

void egret_read_priced_load(struct egret *e, const struct json_value *v,
                            struct commit_other *other)
{
    other->bus = egret_bus(e, v, "bus");
    double *mw = load_power(e, v),
           *price = egret_series(e, want_find(v, "p_price"), "p_price", price_usd),
           *none = commit_constant(e->r, 0, e->n_interval);
    for (int32_t t = 0; mw && t < e->n_interval; t++) {
        if (mw[t] < 0)
            JSON_FAULT(&e->r->json, v,
                       "a load with a price of %.12g MW in period %d; expected none "
                       "below 0",
                       mw[t], t + 1);
        mw[t] = -fmax(mw[t], 0);
    }
    other->min_mw = mw;
    other->max_mw = none;
    other->cost_usd_per_mwh = price;
}

void egret_read_buses(struct egret *e, const struct json_value *elements)
{
    struct commit_case *c = e->r->out;
    int32_t n = 0, n_load = 0;
    struct commit_member *bus = egret_members(e, elements, "bus", &n);
    struct commit_member *load = egret_members(e, elements, "load", &n_load);
    double *load_mw = commit_constant(e->r, 0, e->n_interval);
    double *bus_load_mw = COMMIT_ARRAY(e->r, double, (size_t)n *(size_t)e->n_interval);
    double *reference = COMMIT_ARRAY(e->r, double, n);
    if (n == 0)
        JSON_FAULT(&e->r->json, elements, "no buses; expected at least one in 'bus'");
    if (n == 0 || !bus || !load_mw || !bus_load_mw || !reference)
        return;
    c->bus_id = commit_ids(e->r, bus, n);
    if (!commit_index_names(e->r, &e->bus, c->bus_id, n))
        return;
    c->network.n_bus = n;
    for (int32_t i = 0; i < n_load; i++)
        if (!want_find(load[i].value, "p_price"))
            add_load(e, load[i].value, bus_load_mw, load_mw, reference);
    c->network.reference_weight = reference;
    c->problem.load_mw = load_mw;
    c->problem.bus_load_mw = bus_load_mw;
}

/* ---- branches ---- */

struct branches {
    int32_t *from, *to;
    double *susceptance, *shift, *limit[4]; /* long-term min, max, emergency likewise */
    double usual;   /* price of an overload where the branch tells none */
    double penalty; /* of those read so far, NAN before the first */
    bool limited;
};

static bool branches_alloc(struct egret *e, struct branches *b, int32_t n)
{
    b->from = COMMIT_ARRAY(e->r, int32_t, n);
    b->to = COMMIT_ARRAY(e->r, int32_t, n);
    b->susceptance = COMMIT_ARRAY(e->r, double, n);
    b->shift = COMMIT_ARRAY(e->r, double, n);
    for (int i = 0; i < 4; i++)
        b->limit[i] = COMMIT_ARRAY(e->r, double, n);
    return !e->r->out_of_memory;
}

static void read_branch(struct egret *e, const struct json_value *v, int32_t l,
                        struct branches *b)
{
    static const char *const keys[] = {"from_bus",
                                       "to_bus",
                                       "in_service",
                                       "branch_type",
                                       "resistance",
                                       "reactance",
                                       "rating_long_term",
                                       "rating_short_term",
                                       "rating_emergency",
                                       "transformer_tap_ratio",
                                       "charging_susceptance",
                                       "angle_diff_min",
                                       "angle_diff_max",
                                       "transformer_phase_shift",
                                       "violation_penalty"};
    const struct json_reader *rd = &e->r->json;
    want_only(rd, v, keys, sizeof keys / sizeof *keys);
    b->from[l] = egret_bus(e, v, "from_bus");
    b->to[l] = egret_bus(e, v, "to_bus");
    double x = want_number(rd, v, "reactance", (struct json_range){-1e6, 1e6});
    double tap = want_number_or(rd, v, "transformer_tap_ratio",
                                (struct json_range){1e-3, 1e3}, 1);
    double shift_deg = want_number_or(rd, v, "transformer_phase_shift",
                                      (struct json_range){-360, 360}, 0);
    if (fabs(x) < 1e-12)
        JSON_FAULT(rd, v, "'reactance' is 0; expected another number");
    b->susceptance[l] = fabs(x) < 1e-12 ? 1 : 1 / (x * tap);
    b->shift[l] = rad_from_deg(shift_deg);
    double normal = want_number_or(rd, v, "rating_long_term", any_mw, INFINITY);
    double after = want_number_or(rd, v, "rating_emergency", any_mw, normal);
    b->limit[0][l] = -normal;
    b->limit[1][l] = normal;
    b->limit[2][l] = -after;
    b->limit[3][l] = after;
    if (isinf(normal) && isinf(after))
        return;
    b->limited = true;
    double penalty = want_number_or(rd, v, "violation_penalty", penalty_usd, b->usual);
    if (!isnan(b->penalty) && fabs(penalty - b->penalty) > 0)
        JSON_FAULT(
            rd, v,
            "an overload costs %.12g, and %.12g on a branch before; expected one "
            "price for all",
            penalty, b->penalty);
    b->penalty = penalty;
}

static void read_contingencies(struct egret *e, const struct json_value *elements,
                               const struct branches *b)
{
    static const char *const keys[] = {"branch_contingency"};
    struct commit_case *c = e->r->out;
    char shown[QUOTED_SIZE];
    int32_t n = 0, n_outage = 0;
    struct commit_member *member = egret_members(e, elements, "contingency", &n);
    struct dispatch_outages *o = COMMIT_ARRAY(e->r, struct dispatch_outages, 1);
    int32_t *start = COMMIT_ARRAY(e->r, int32_t, n + 1);
    int32_t *none = COMMIT_ARRAY(e->r, int32_t, n + 1);
    int32_t *branch = COMMIT_ARRAY(e->r, int32_t, n + 1);
    c->outage_id = COMMIT_ARRAY(e->r, const char *, n);
    if (!member || !o || !start || !none || !branch || !c->outage_id)
        return;
    for (int32_t k = 0; k < n; k++) {
        want_only(&e->r->json, member[k].value, keys, 1);
        const struct json_value *name =
            want_member(&e->r->json, member[k].value, keys[0], JSON_TEXT);
        int32_t l = name ? str_index_find(&e->branch, name->as.text, name->n) : 0;
        if (name && l < 0)
            JSON_FAULT(&e->r->json, name,
                       "unknown branch '%s'; expected one in service",
                       quoted(name->as.text, name->n, shown));
        c->outage_id[n_outage] = member[k].id;
        start[n_outage] = n_outage;
        branch[n_outage++] = l < 0 ? 0 : l;
    }
    start[n_outage] = n_outage;
    *o = (struct dispatch_outages){.n_outage = n_outage,
                                   .name = c->outage_id,
                                   .branch_start = start,
                                   .branch = branch,
                                   .injection_start = none,
                                   .injection = none,
                                   .participation = commit_constant(e->r, 0, 1),
                                   .min_mw = b->limit[2],
                                   .max_mw = b->limit[3]};
    if (n_outage > 0)
        c->problem.outages = o;
}

void egret_read_branches(struct egret *e, const struct json_value *elements,
                         double penalty_usd_per_mwh)
{
    struct commit_case *c = e->r->out;
    struct branches b = {.usual = penalty_usd_per_mwh, .penalty = NAN};
    int32_t n = 0, n_interface = 0;
    (void)egret_members(e, elements, "interface", &n_interface);
    struct commit_member *branch = egret_members(e, elements, "branch", &n);
    if (!branches_alloc(e, &b, n))
        return;
    for (int32_t l = 0; branch && l < n; l++)
        read_branch(e, branch[l].value, l, &b);
    c->branch_id = commit_ids(e->r, branch, n);
    if (!commit_index_names(e->r, &e->branch, c->branch_id, n))
        return;
    read_contingencies(e, elements, &b);
    c->network.n_branch = n;
    c->network.from = b.from;
    c->network.to = b.to;
    c->network.susceptance_mw_per_rad = b.susceptance;
    c->network.shift_rad = b.shift;
    c->network.flow_min_mw = b.limit[0];
    c->network.flow_max_mw = b.limit[1];
    c->has_network = b.limited || n_interface > 0;
    c->problem.branch_usd_per_mwh = isnan(b.penalty) ? 0 : b.penalty;
    if (!b.limited)
        c->problem.outages = NULL;
    const struct json_value *at = want_find(elements, "branch");
    if (c->has_network &&
        commit_count_parts(e->r, c->network.n_bus, n, b.from, b.to) > 1)
        JSON_FAULT(
            &e->r->json, at ? at : elements,
            "a network in several parts is not supported; expected branches that "
            "connect all buses");
}
