/*
 * case_most.c - the ladder of twelve hours on three buses that MOST tests itself with: each
 * step adds one feature, and its objective, commitment and prices were published.
 *
 *     ORACLES=DIR    matpower_t_most_uc_soln.json
 *
 * Skipped, with a word, where it is not set. The figures of the market are those of
 * ex_case3b, ex_wind_uc, ex_wind_profile_d, ex_load_profile and ex_xgd_uc of MATPOWER. What
 * MOST adds is a price of 1e-6 USD/MW on every change of output, by which it chooses among
 * dispatches of equal cost: it is taken off its objective here, and prices are compared
 * where they are unique.
 *
 * The storage is a decision like the units. MOST chooses what it holds at first as well where
 * the end is to be the beginning (wstorage): it begins with what was published and ends with
 * no less. In wstorage2 (rho = 1 in its options) a storage that began full must never be more
 * than full, nor one that began empty less than empty: what is charged is what a full one
 * loses. There and in wstorage3 what is left at the end is worth a price, and what the last
 * hour charges 10 USD/MWh less: MOST has terminal prices of their own for that. Its efficiencies,
 * limits and prices are not in its answers; these reproduce all three.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/json_tree.h"
#include "solver/commit/commit_certificate.h"
#include "solver/network.h"

enum {
    HOURS = 12,
    BUSES = 3,
    UNITS = 3,
    OTHERS = 3, /* the load, the wind, what a price is tried with */
    WIND = 1,
    PROBE = 2,
    STORE_MW = 80,
    LAST_CHARGE_USD_PER_MWH = 10,
    MOST_GEN = 6, /* units, load, wind and, last, the storage */
};

static const double LOAD_MW[HOURS] = {440, 480, 540, 525, 500, 450,
                                      400, 350, 300, 325, 375, 425},
                    WIND_MW[HOURS] = {80, 65, 60,  82,  100, 70,
                                      50, 85, 100, 110, 106, 95};
static const double LOAD_LESS_MW = 1e-3, LOAD_USD_PER_MWH = 1000, TRIED_MW = 0.01,
                    CHANGE_USD_PER_MW = 10, STORED_USD_PER_MWH = 45.166667,
                    STORE_MWH = 200, STORE_RAMP_MW = 40,
                    LOST = 1e-5; /* of the mean of what an hour begins and ends with */

struct ladder {
    struct commit_unit unit[UNITS + 1];   /* the last a storage */
    struct commit_curve curve[UNITS + 2]; /* the last two of charging */
    struct commit_start start[UNITS];
    double width_mw[UNITS], min_cost[UNITS][HOURS];
    int32_t curve_of[UNITS][HOURS];
    uint8_t status[UNITS][HOURS];

    struct commit_other other[OTHERS];
    double other_min[OTHERS][HOURS], other_max[OTHERS][HOURS], other_cost[HOURS];
    double nothing[HOURS * BUSES];
    bool has_storage;
    struct commit_store store;
    int32_t charge_curve[HOURS];
    double store_mw[HOURS], least_mwh[HOURS], most_mwh[HOURS];
    double stays[HOURS], lasts[HOURS], loss[HOURS];

    struct network_data data;
    double min_mw[BUSES], max_mw[BUSES];
    struct network *net;
    struct commit_problem p;
};

static const double UNIT_USD_PER_MWH[UNITS] = {25, 30, 40};
static const int32_t UNIT_BUS[UNITS] = {0, 0, 1};

static void add_units(struct ladder *l, bool starts_cost, int min_up)
{
    static const double min_mw[UNITS] = {60, 65, 60}, max_mw[UNITS] = {200, 200, 500},
                        before_mw[UNITS] = {125, 125, 200},
                        start_usd[UNITS] = {0, 200, 3000},
                        stop_usd[UNITS] = {0, 200, 600};
    static const double one = 1;
    for (int u = 0; u < UNITS; u++) {
        l->width_mw[u] = max_mw[u] - min_mw[u];
        l->curve[u] = (struct commit_curve){1, &l->width_mw[u], &UNIT_USD_PER_MWH[u]};
        l->start[u] = (struct commit_start){1, starts_cost ? start_usd[u] : 0};
        for (int t = 0; t < HOURS; t++) {
            l->min_cost[u][t] = min_mw[u] * UNIT_USD_PER_MWH[u];
            l->curve_of[u][t] = u;
        }
        l->unit[u] =
            (struct commit_unit){.min_mw = min_mw[u],
                                 .max_mw = max_mw[u],
                                 .ramp_up_mw = HUGE_VAL,
                                 .ramp_down_mw = HUGE_VAL,
                                 .start_max_mw = max_mw[u],
                                 .stop_max_mw = max_mw[u],
                                 .min_up = u == 1 ? min_up : 1,
                                 .min_down = 1,
                                 .on_before = true,
                                 .age_before = HOURS,
                                 .mw_before = before_mw[u],
                                 .curve = l->curve_of[u],
                                 .min_cost_usd_per_h = l->min_cost[u],
                                 .n_start = 1,
                                 .start = &l->start[u],
                                 .stop_cost_usd = starts_cost ? stop_usd[u] : 0,
                                 .n_bus = 1,
                                 .bus = &UNIT_BUS[u],
                                 .bus_weight = &one};
    }
}

/* The third unit: what every MW of change costs, and how far it may change. */
static void add_ramps(struct ladder *l)
{
    static const double up_mw = 100, down_mw = 250;
    struct commit_unit *u = &l->unit[2];
    u->rise_usd_per_mw = u->fall_usd_per_mw = CHANGE_USD_PER_MW;
    u->ramp_up_mw = u->start_max_mw = up_mw;
    u->ramp_down_mw = u->stop_max_mw = down_mw;
}

static void add_others(struct ladder *l)
{
    static const int32_t bus[OTHERS] = {2, 1, 0};
    for (int t = 0; t < HOURS; t++) {
        l->other_min[0][t] = -(LOAD_MW[t] - LOAD_LESS_MW);
        l->other_max[WIND][t] = WIND_MW[t];
        l->other_cost[t] = LOAD_USD_PER_MWH;
    }
    for (int i = 0; i < OTHERS; i++)
        l->other[i] = (struct commit_other){l->other_min[i], l->other_max[i],
                                            i == 0 ? l->other_cost : NULL, bus[i]};
}

static void add_network(struct ladder *l)
{
    static const int32_t from[BUSES] = {0, 0, 1}, to[BUSES] = {1, 2, 2};
    static const double limit_mw[BUSES] = {300, 240, 300},
                        susceptance[BUSES] = {1e4, 1e4, 1e4}, none[BUSES] = {0},
                        equal[BUSES] = {1, 1, 1};
    struct err err = {0};
    for (int b = 0; b < BUSES; b++) {
        l->max_mw[b] = limit_mw[b];
        l->min_mw[b] = -limit_mw[b];
    }
    l->data = (struct network_data){.n_bus = BUSES,
                                    .n_branch = BUSES,
                                    .from = from,
                                    .to = to,
                                    .susceptance_mw_per_rad = susceptance,
                                    .shift_rad = none,
                                    .flow_min_mw = l->min_mw,
                                    .flow_max_mw = l->max_mw,
                                    .reference_weight = equal};
    cr_assert_eq(network_create(&l->data, &l->net, &err), ERR_OK, "%s", err.msg);
    l->p.net = l->net;
}

static void begin(struct ladder *l, bool network, bool starts_cost, int min_up)
{
    *l = (struct ladder){0};
    add_units(l, starts_cost, min_up);
    add_others(l);
    l->p = (struct commit_problem){.n_interval = HOURS,
                                   .interval_h = 1,
                                   .n_unit = UNITS,
                                   .n_other = OTHERS,
                                   .n_curve = UNITS + 2,
                                   .unit = l->unit,
                                   .other = l->other,
                                   .curve = l->curve,
                                   .load_mw = l->nothing,
                                   .bus_load_mw = l->nothing,
                                   .shortage_usd_per_mwh = HUGE_VAL,
                                   .surplus_usd_per_mwh = HUGE_VAL,
                                   .branch_usd_per_mwh = 10 * LOAD_USD_PER_MWH};
    if (network)
        add_network(l);
}

static struct commit_answer solve(const struct ladder *l, const char *step)
{
    const struct commit_options options = {.gap = 1e-12, .n_thread = 1};
    struct commit_answer a;
    struct commit_certificate c;
    struct err err = {0};
    cr_assert_eq(commit_solve(&l->p, &options, &a, &err), ERR_OK, "%s: %s", step,
                 err.msg);
    cr_assert_eq(commit_certificate_check(&l->p, &a, &c, &err), ERR_OK, "%s", err.msg);
    if (l->net)
        cr_assert_eq(commit_certificate_flows(&l->p, &a, &c, &err), ERR_OK);
    cr_assert_lt(c.violation_mw, 1e-6, "%s: %s", step, c.rule);
    cr_assert_leq(a.bound_usd, a.cost_usd + 1e-6, "%s", step);
    return a;
}

/* ---- what was published ---- */

static const struct json_value *member(const struct json_value *of, const char *key)
{
    for
        JSON_EACH(v, of)
        {
            if (v->key_len == strlen(key) && memcmp(v->key, key, v->key_len) == 0)
                return v;
        }
    cr_assert(false, "no %s in the published answers", key);
    return NULL;
}

/* A matrix of HOURS columns, row by row. */
static void matrix(const struct json_value *step, const char *key, int n_row,
                   double *out)
{
    const struct json_value *m = member(step, key);
    int at = 0;
    for
        JSON_EACH(row, m)
        {
        for
            JSON_EACH(v, row)
            {
                if (at < n_row * HOURS)
                    out[at] = v->as.number;
                at++;
            }
        }
    cr_assert_eq(at, n_row * HOURS, "%s has %d numbers", key, at);
}

/* What 1e-6 USD per MW of change comes to, of units whose changes cost no more. */
static double change_usd(const struct ladder *l, const struct json_value *step)
{
    double usd = 0;
    const char *keys[] = {"Rup", "Rdn"};
    for (int k = 0; k < 2; k++) {
        int g = 0;
        for
            JSON_EACH(row, member(step, keys[k]))
            {
            for
                JSON_EACH(v, row)
                {
                    if (g >= UNITS || l->unit[g].rise_usd_per_mw == 0)
                        usd += 1e-6 * v->as.number;
                }
            g++;
            }
    }
    return usd;
}

/* ---- the comparison ---- */

/* Cost with mw more injected at a bus in an hour, commitment as it is held. */
static double cost_with(struct ladder *l, int bus, int t, double mw)
{
    l->other[PROBE].bus = bus;
    l->other_min[PROBE][t] = l->other_max[PROBE][t] = mw;
    struct commit_answer a = solve(l, "a price");
    l->other_min[PROBE][t] = l->other_max[PROBE][t] = 0;
    double usd = a.cost_usd;
    commit_answer_release(&a);
    return usd;
}

/* Rows of the published matrices. */
static int n_gen(const struct ladder *l)
{
    return l->has_storage ? MOST_GEN : MOST_GEN - 1;
}

/* Holds the published commitment; where a price has one value only, it is the published. */
static void check_prices(struct ladder *l, const char *name,
                         const struct json_value *step, double free_usd)
{
    double u[MOST_GEN * HOURS], want[BUSES * HOURS];
    int compared = 0;
    matrix(step, "u", n_gen(l), u);
    matrix(step, "lamP", BUSES, want);
    for (int g = 0; g < UNITS; g++) {
        for (int t = 0; t < HOURS; t++)
            l->status[g][t] = u[g * HOURS + t] > 0.5 ? COMMIT_ON : COMMIT_OFF;
        l->unit[g].status = l->status[g];
    }
    struct commit_answer a = solve(l, name);
    cr_expect(fabs(a.cost_usd - free_usd) < 1e-4,
              "%s: the published commitment costs %.10g, ours %.10g", name, a.cost_usd,
              free_usd);
    for (int b = 0; b < BUSES; b++) {
        for (int t = 0; t < HOURS; t++) {
            double more = (cost_with(l, b, t, -TRIED_MW) - a.cost_usd) / TRIED_MW,
                   less = (a.cost_usd - cost_with(l, b, t, TRIED_MW)) / TRIED_MW;
            if (fabs(more - less) > 1e-3)
                continue;
            double price = a.lambda_usd_per_mwh[t];
            if (l->net)
                price += a.congestion_usd_per_mwh[t * BUSES + b];
            cr_expect(fabs(price - want[b * HOURS + t]) < 1e-3,
                      "%s: bus %d, hour %d: %.7g, published %.7g", name, b + 1, t + 1,
                      price, want[b * HOURS + t]);
            compared++;
        }
    }
    printf("    %s: cost %.9g, %d of %d prices are unique and as published\n", name,
           a.cost_usd, compared, BUSES * HOURS);
    cr_expect_gt(compared, BUSES * HOURS / 2, "%s", name);
    commit_answer_release(&a);
}

static void check_step(const struct json_value *all, const char *name, struct ladder *l)
{
    const struct json_value *step = member(all, name);
    double want = member(step, "f")->as.number - change_usd(l, step);
    struct commit_answer a = solve(l, name);
    cr_expect(fabs(a.cost_usd - want) < 1e-4, "%s: cost %.12g, published %.12g", name,
              a.cost_usd, want);
    check_prices(l, name, step, a.cost_usd);
    commit_answer_release(&a);
    network_destroy(l->net);
}

/* The share that an hour leaves of what there was, the loss being of the mean. */
static double kept(void)
{
    return (1 - LOST / 2) / (1 + LOST / 2);
}

/* A storage at the load, which begins with first_mwh. */
static void add_storage(struct ladder *l, double first_mwh)
{
    static const int32_t bus = 2;
    static const double one = 1;
    l->has_storage = true;
    for (int t = 0; t < HOURS; t++) {
        l->store_mw[t] = STORE_MW;
        l->stays[t] = 1 / (1 + LOST / 2);
        l->lasts[t] = 1 + LOST / 2;
        l->loss[t] = 1 - kept();
        l->most_mwh[t] = STORE_MWH;
    }
    l->store = (struct commit_store){.charge_efficiency = l->stays,
                                     .discharge_efficiency = l->lasts,
                                     .loss = l->loss,
                                     .charge_max_mw = l->store_mw,
                                     .discharge_max_mw = l->store_mw,
                                     .first_mwh = first_mwh,
                                     .least_mwh = l->least_mwh,
                                     .most_mwh = l->most_mwh,
                                     .ramp_up_mw = STORE_RAMP_MW,
                                     .ramp_down_mw = STORE_RAMP_MW};
    l->unit[UNITS] = (struct commit_unit){
        .n_bus = 1, .bus = &bus, .bus_weight = &one, .store = &l->store};
    l->p.n_unit = UNITS + 1;
}

static void check_cyclic_storage(const struct json_value *all, struct ladder *l)
{
    double stored_mwh[HOURS];
    matrix(member(all, "wstorage"), "SoC", 1, stored_mwh);
    add_storage(l, stored_mwh[HOURS - 1]);
    l->least_mwh[HOURS - 1] = stored_mwh[HOURS - 1];
    check_step(all, "wstorage", l);
}

/* What is left is worth a price, what the last hour charges less. */
static void price_storage(struct ladder *l)
{
    static const double width = STORE_MW, nothing = 0, less = LAST_CHARGE_USD_PER_MWH;
    l->curve[UNITS] = (struct commit_curve){1, &width, &nothing};
    l->curve[UNITS + 1] = (struct commit_curve){1, &width, &less};
    for (int t = 0; t < HOURS; t++)
        l->charge_curve[t] = t + 1 < HOURS ? UNITS : UNITS + 1;
    l->store.charge_curve = l->charge_curve;
    l->store.worth_usd_per_mwh = STORED_USD_PER_MWH;
}

static void check_still_storage(const struct json_value *all, struct ladder *l)
{
    double full_mwh = STORE_MWH;
    add_storage(l, 0);
    for (int t = 0; t < HOURS; t++)
        l->most_mwh[t] = STORE_MWH - (full_mwh *= kept());
    price_storage(l);
    check_step(all, "wstorage2", l);
}

static void check_priced_storage(const struct json_value *all, struct ladder *l)
{
    add_storage(l, 0);
    price_storage(l);
    check_step(all, "wstorage3", l);
}

Test(case_most, each_step_of_the_ladder_costs_what_was_published)
{
    static struct ladder l;
    const char *dir = getenv("ORACLES");
    if (!dir || !*dir) {
        printf("skipped: ORACLES is not set\n");
        return;
    }
    char path[1024];
    struct source src;
    struct json_tree t;
    struct err err = {0};
    (void)snprintf(path, sizeof path, "%s/matpower_t_most_uc_soln.json", dir);
    cr_assert_eq(source_read(path, &src, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(json_tree_read(&src, &t, &err), ERR_OK, "%s", err.msg);
    begin(&l, false, false, 1);
    check_step(t.value, "ed", &l);
    begin(&l, true, false, 1);
    check_step(t.value, "dcopf", &l);
    begin(&l, true, true, 1);
    check_step(t.value, "wstart", &l);
    begin(&l, true, true, 3);
    check_step(t.value, "wminup", &l);
    begin(&l, true, true, 3);
    add_ramps(&l);
    check_step(t.value, "wramp", &l);
    begin(&l, true, true, 3);
    add_ramps(&l);
    check_cyclic_storage(t.value, &l);
    begin(&l, true, true, 3);
    add_ramps(&l);
    check_still_storage(t.value, &l);
    begin(&l, true, true, 3);
    add_ramps(&l);
    check_priced_storage(t.value, &l);
    json_tree_release(&t);
    source_release(&src);
}
