/* prop_commit_store.c - laws of the commitment of units beside stores. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/commit_certificate.h"
#include "solver/commit/uplift.h"
#include "solver/network.h"
#include "tests/oracle/commit_twin.h"
#include "tests/support/commit_law.h"
#include "tests/support/drawn_fleet.h"

static const struct commit_options OPTIONS = {.gap = 1e-5, .work_limit = 20000};

enum {
    T = DRAWN_FLEET_INTERVALS,
    FLEET_CURVES = DRAWN_FLEET_UNITS * DRAWN_UNIT_CURVES,
    SEGMENTS = 2
};

/* The last unit of a fleet made a store. */
struct drawn_store {
    struct commit_store store;
    struct commit_curve curve[FLEET_CURVES + 2];
    double width[2][SEGMENTS], cost[2][SEGMENTS];
    int32_t which[2][T];
    double charge[T], discharge[T], least[T], most[T];
    double stays[T], lasts[T], loss[T];
    double charge_min[T], discharge_min[T];
    bool one_way[T];
};

static struct drawn_fleet x; /* large, and they point into themselves */
static struct drawn_store y;

/* What is lost in and out and in time, the same always or not. */
static void draw_losses(struct draw *d, struct drawn_store *s)
{
    const bool varies = draw_chance(d, 0.4), leaks = draw_chance(d, 0.5);
    for (int32_t t = 0; t < T; t++) {
        const bool first = t == 0 || varies;
        s->stays[t] = !first                ? s->stays[0]
                      : draw_chance(d, 0.2) ? 1
                                            : draw_real(d, 0.5, 1);
        s->lasts[t] = !first                ? s->lasts[0]
                      : draw_chance(d, 0.2) ? 1
                                            : draw_real(d, 0.5, 1);
        s->loss[t] = !leaks ? 0 : first ? draw_real(d, 0, 0.4) : s->loss[0];
    }
}

static void draw_store(struct draw *d, struct drawn_fleet *f, struct drawn_store *s)
{
    struct commit_problem *p = &f->p;
    const int32_t g = p->n_unit - 1, n_curve = p->n_curve;
    const double size = draw_real(d, 5, 80);
    cr_assert_leq(n_curve, FLEET_CURVES);
    memcpy(s->curve, p->curve, (size_t)n_curve * sizeof *s->curve);
    for (int side = 0; side < 2; side++) {
        double cost = side ? draw_real(d, -30, 5) : draw_real(d, -5, 20);
        for (int k = 0; k < SEGMENTS; k++) {
            s->width[side][k] = draw_real(d, 1, 20);
            s->cost[side][k] = cost;
            cost += draw_real(d, 0, 20);
        }
        s->width[side][SEGMENTS - 1] += 60;
        s->curve[n_curve + side] =
            (struct commit_curve){SEGMENTS, s->width[side], s->cost[side]};
        for (int32_t t = 0; t < T; t++)
            s->which[side][t] = n_curve + side;
    }
    for (int32_t t = 0; t < T; t++) {
        s->charge[t] = draw_chance(d, 0.2) ? 0 : draw_real(d, 0, 40);
        s->discharge[t] = draw_chance(d, 0.2) ? 0 : draw_real(d, 0, 40);
        s->least[t] = draw_chance(d, 0.8) ? 0 : draw_real(d, 0, 0.3) * size;
        s->most[t] = draw_chance(d, 0.8) ? size : draw_real(d, 0.3, 1) * size;
    }
    draw_losses(d, s);
    s->store = (struct commit_store){
        .charge_efficiency = s->stays,
        .discharge_efficiency = s->lasts,
        .loss = draw_chance(d, 0.3) ? NULL : s->loss,
        .charge_max_mw = s->charge,
        .discharge_max_mw = s->discharge,
        .charge_curve = draw_chance(d, 0.5) ? s->which[1] : NULL,
        .discharge_curve = draw_chance(d, 0.5) ? s->which[0] : NULL,
        .first_mwh = draw_real(d, 0, 1) * size,
        .least_mwh = s->least,
        .most_mwh = s->most,
        .worth_usd_per_mwh = draw_chance(d, 0.5) ? 0 : draw_real(d, -5, 40)};
    if (draw_chance(d, 0.4)) {
        s->store.ramp_up_mw = draw_chance(d, 0.3) ? 0 : draw_real(d, 5, 50);
        s->store.ramp_down_mw = draw_chance(d, 0.3) ? 0 : draw_real(d, 5, 50);
        if (draw_chance(d, 0.1))
            s->store.ramp_down_mw = (double)INFINITY; /* as good as none */
        s->store.mw_before = draw_chance(d, 0.3) ? (double)NAN : draw_real(d, -5, 5);
    }
    f->unit[g] = (struct commit_unit){.store = &s->store};
    p->curve = s->curve;
    p->n_curve = n_curve + 2;
}

/* Rates that are 0 or not small, and ways that exclude each other. */
static void draw_ways(struct draw *d, struct drawn_store *s)
{
    const double often = draw_real(d, 0.2, 1);
    for (int32_t t = 0; t < T; t++) {
        s->charge_min[t] =
            draw_chance(d, often) ? draw_real(d, 0, 1.1) * s->charge[t] : 0;
        s->discharge_min[t] =
            draw_chance(d, often) ? draw_real(d, 0, 1.1) * s->discharge[t] : 0;
        s->one_way[t] = draw_chance(d, 0.6);
    }
    s->store.charge_min_mw = draw_chance(d, 0.7) ? s->charge_min : NULL;
    s->store.discharge_min_mw = draw_chance(d, 0.7) ? s->discharge_min : NULL;
    s->store.one_way = draw_chance(d, 0.6) ? s->one_way : NULL;
}

Test(prop_commit_store, ways_are_decided_at_proven_distance)
{
    int solved = 0, least = 0, full = 0;
    FOR_SEEDS(seed, 250)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct err err = {0};
        drawn_fleet_make(&d, 2, draw_int(&d, 1, 4), &x);
        draw_store(&d, &x, &y);
        draw_ways(&d, &y);
        if (draw_chance(&d, 0.3)) /* energy is a burden */
            for (int32_t t = 0; t < x.p.n_interval; t++)
                x.load[t] *= 0.3;
        const double twin = commit_twin_cost(&x.p);
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &a, &err);
        commit_law_ends(&x.p, code, &err, twin);
        if (code)
            continue;
        commit_law_encloses(&x.p, &a, twin);
        commit_law_reaches(&a, twin, 1e-4);
        for (int32_t t = 0; t < x.p.n_interval; t++) {
            const double charge = a.charge_mw[2 * t + 1];
            least += y.store.charge_min_mw && charge > 1e-3 &&
                     fabs(charge - y.charge_min[t]) < 1e-6;
            full += charge > 1e-3;
        }
        solved++;
        commit_answer_release(&a);
    }
    cr_assert(solved > 100 && least > 5 && full > 20, "%d, %d, %d", solved, least,
              full);
}

Test(prop_commit_store, hull_prices_are_those_of_every_way_in_parts)
{
    int solved = 0;
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct uplift u[DRAWN_FLEET_UNITS];
        struct err err = {0};
        drawn_fleet_make(&d, 2, draw_int(&d, 1, 4), &x);
        draw_store(&d, &x, &y);
        draw_ways(&d, &y);
        y.store.ramp_up_mw = y.store.ramp_down_mw =
            0; /* rows of the master's, no hull's */
        x.p.ways_decided = true;
        if (commit_solve(&x.p, &OPTIONS, &a, &err))
            continue;
        const double twin = commit_twin_hull(&x.p);
        LAW(fabs(twin - a.hull_value_usd) <= 2e-5 * (1 + fabs(twin)),
            "hull prices prove %.12g, the twin %.12g", a.hull_value_usd, twin);
        const struct uplift_prices hull = {a.hull_lambda_usd_per_mwh, NULL,
                                           a.hull_requirement_usd_per_mw, 0, NULL};
        cr_assert_eq(uplift_of(&x.p, &a, &hull, u, &err), ERR_OK);
        LAW(u[1].lost_opportunity_usd <=
                a.cost_usd - a.hull_value_usd + 2e-5 * (1 + fabs(twin)),
            "a store loses %.9g of %.9g", u[1].lost_opportunity_usd,
            a.cost_usd - a.hull_value_usd);
        solved++;
        commit_answer_release(&a);
    }
    cr_assert_gt(solved, 40);
}

Test(prop_commit_store, bound_and_cost_enclose_the_best_of_all_combinations)
{
    int solved = 0, used = 0;
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        const bool two = draw_chance(&d, 0.6);
        drawn_fleet_make(&d, two ? 2 : 3, draw_int(&d, 1, two ? 6 : 4), &x);
        draw_store(&d, &x, &y);
        struct commit_answer a;
        struct err err = {0};
        const double twin = commit_twin_cost(&x.p);
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &a, &err);
        commit_law_ends(&x.p, code, &err, twin);
        if (code)
            continue;
        commit_law_encloses(&x.p, &a, twin);
        commit_law_reaches(&a, twin, 1e-4);
        for (int32_t t = 0; t < x.p.n_interval; t++)
            used += fabs(a.power_mw[t * x.p.n_unit + x.p.n_unit - 1]) > 1e-3;
        solved++;
        commit_answer_release(&a);
    }
    cr_assert(solved > 100 && used > 100, "%d, %d", solved, used);
}

/* Weighted powers, the store's too, within limits of which one may be broken at a price. */
Test(prop_commit_store, limits_on_sums_count_what_stores_give_and_take)
{
    static double weight[2][DRAWN_FLEET_UNITS], min[2][T], max[2][T];
    struct commit_limit limit[2];
    int solved = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct commit_certificate c;
        struct err err = {0};
        drawn_fleet_make(&d, 2, draw_int(&d, 1, 5), &x);
        draw_store(&d, &x, &y);
        for (int k = 0; k < 2; k++) {
            for (int32_t g = 0; g < x.p.n_unit; g++)
                weight[k][g] = draw_real(&d, -1, 2);
            for (int32_t t = 0; t < x.p.n_interval; t++) {
                min[k][t] = draw_chance(&d, 0.4) ? -HUGE_VAL : draw_real(&d, -50, 60);
                max[k][t] = draw_chance(&d, 0.3)
                                ? HUGE_VAL
                                : fmax(min[k][t], 0) + draw_real(&d, 0, 80);
            }
            limit[k] = (struct commit_limit){
                .unit = weight[k],
                .min_mw = min[k],
                .max_mw = max[k],
                .usd_per_mwh =
                    k == 0 || draw_chance(&d, 0.7) ? draw_real(&d, 0, 60) : HUGE_VAL};
        }
        x.p.limit = limit;
        x.p.n_limit = draw_int(&d, 1, 2);
        const double twin = commit_twin_cost(&x.p), size = 1e-6 * (1 + fabs(twin));
        if (isinf(twin) || commit_solve(&x.p, &OPTIONS, &a, &err) != ERR_OK)
            continue;
        cr_assert_eq(commit_certificate_check(&x.p, &a, &c, &err), ERR_OK);
        cr_assert_eq(commit_certificate_flows(&x.p, &a, &c, &err), ERR_OK);
        LAW(c.violation_mw <= 1e-5, "%s broken by %g", c.rule, c.violation_mw);
        LAW(a.bound_usd <= twin + size, "bound %.12g, best %.12g", a.bound_usd, twin);
        LAW(fabs(a.cost_usd - twin) <= 1e-4 * fabs(twin) + size,
            "cost %.12g, best %.12g", a.cost_usd, twin);
        solved++;
        commit_answer_release(&a);
    }
    cr_assert_gt(solved, 50);
}

/* Without losses in and out, one way is as good as both at once. */
Test(prop_commit_store, what_loses_nothing_goes_one_way_at_no_cost)
{
    bool one_way[T];
    memset(one_way, true, sizeof one_way);
    int solved = 0;
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct commit_certificate c;
        struct err err = {0};
        drawn_fleet_make(&d, 2, draw_int(&d, 1, 6), &x);
        draw_store(&d, &x, &y);
        for (int32_t t = 0; t < T; t++)
            y.stays[t] = y.lasts[t] = 1;
        if (draw_chance(&d, 0.7)) /* many ways are as good */
            y.store.charge_curve = y.store.discharge_curve = NULL;
        for (int k = 0; k < SEGMENTS; k++) { /* or it may pay to do both */
            y.cost[0][k] = fmax(y.cost[0][k], 0);
            y.cost[1][k] = fmax(y.cost[1][k], 0);
        }
        const double twin = commit_twin_cost(&x.p), size = 1e-6 * (1 + fabs(twin));
        if (isinf(twin) || commit_solve(&x.p, &OPTIONS, &a, &err) != ERR_OK)
            continue;
        commit_answer_release(&a);
        y.store.one_way = one_way;
        LAW(commit_solve(&x.p, &OPTIONS, &a, &err) == ERR_OK, "%s", err.msg);
        cr_assert_eq(commit_certificate_check(&x.p, &a, &c, &err), ERR_OK);
        LAW(c.violation_mw <= 1e-5, "%s broken by %g", c.rule, c.violation_mw);
        LAW(fabs(c.cost_usd - a.cost_usd) <= size, "costs %.12g, says %.12g",
            c.cost_usd, a.cost_usd);
        LAW(fabs(a.cost_usd - twin) <= 1e-4 * fabs(twin) + size,
            "cost %.12g, best %.12g", a.cost_usd, twin);
        solved++;
        commit_answer_release(&a);
    }
    cr_assert_gt(solved, 40, "%d", solved);
}

/* One line from bus 0, where there is no load, to bus 1: its flow is the sum of power there. */
Test(prop_commit_store, a_line_is_the_limit_on_the_sum_behind_it)
{
    static const int32_t bus[2] = {0, 1};
    static const double one = 1, shift = 0, susceptance = 10, reference[2] = {0, 1};
    static double weight[DRAWN_FLEET_UNITS], min[T], max[T], bus_load[2 * T];
    int solved = 0, binding = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct commit_certificate c;
        struct network *net;
        struct err err = {0};
        drawn_fleet_make(&d, 2, draw_int(&d, 1, 5), &x);
        draw_store(&d, &x, &y);
        const double most = draw_real(&d, 0, 60), least = -most;
        for (int32_t g = 0; g < x.p.n_unit; g++) {
            const int at = draw_chance(&d, 0.5);
            weight[g] = at == 0;
            x.unit[g].n_bus = 1;
            x.unit[g].bus = &bus[at];
            x.unit[g].bus_weight = &one;
        }
        for (int32_t o = 0; o < x.p.n_other; o++)
            x.other[o].bus = 1;
        for (int32_t t = 0; t < x.p.n_interval; t++) {
            bus_load[2 * t + 1] = x.p.load_mw[t];
            min[t] = least;
            max[t] = most;
        }
        const struct network_data data = {.n_bus = 2,
                                          .n_branch = 1,
                                          .from = &bus[0],
                                          .to = &bus[1],
                                          .susceptance_mw_per_rad = &susceptance,
                                          .shift_rad = &shift,
                                          .flow_min_mw = &least,
                                          .flow_max_mw = &most,
                                          .reference_weight = reference};
        const struct commit_limit limit = {.unit = weight,
                                           .min_mw = min,
                                           .max_mw = max,
                                           .usd_per_mwh = draw_real(&d, 0, 60)};
        x.p.limit = &limit;
        x.p.n_limit = 1;
        const double twin = commit_twin_cost(&x.p), size = 1e-6 * (1 + fabs(twin));
        x.p.n_limit = 0;
        x.p.branch_usd_per_mwh = limit.usd_per_mwh;
        x.p.bus_load_mw = bus_load;
        cr_assert_eq(network_create(&data, &net, &err), ERR_OK, "%s", err.msg);
        x.p.net = net;
        if (!isinf(twin) && commit_solve(&x.p, &OPTIONS, &a, &err) == ERR_OK) {
            cr_assert_eq(commit_certificate_check(&x.p, &a, &c, &err), ERR_OK);
            cr_assert_eq(commit_certificate_flows(&x.p, &a, &c, &err), ERR_OK);
            LAW(c.violation_mw <= 1e-5, "%s broken by %g", c.rule, c.violation_mw);
            LAW(a.bound_usd <= twin + size, "bound %.12g, best %.12g", a.bound_usd,
                twin);
            LAW(fabs(a.cost_usd - twin) <= 1e-4 * fabs(twin) + size,
                "cost %.12g, best %.12g", a.cost_usd, twin);
            binding += a.stats.n_binding > 0;
            solved++;
            commit_answer_release(&a);
        }
        network_destroy(net);
    }
    cr_assert(solved > 50 && binding > 10, "%d, %d", solved, binding);
}

Test(prop_commit_store, hull_prices_are_those_of_every_pattern_in_parts)
{
    int solved = 0;
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct uplift u[DRAWN_FLEET_UNITS];
        struct err err = {0};
        drawn_fleet_make(&d, 2, draw_int(&d, 1, 5), &x);
        draw_store(&d, &x, &y);
        if (commit_solve(&x.p, &OPTIONS, &a, &err))
            continue;
        const double twin = commit_twin_hull(&x.p);
        LAW(fabs(twin - a.hull_value_usd) <= 2e-5 * (1 + fabs(twin)),
            "hull prices prove %.12g, the twin %.12g", a.hull_value_usd, twin);
        const struct uplift_prices own = {a.lambda_usd_per_mwh, NULL,
                                          a.requirement_usd_per_mw, 0, NULL};
        /* A store alone decides nothing: at its own prices it does what is best. */
        cr_assert_eq(uplift_of(&x.p, &a, &own, u, &err), ERR_OK);
        LAW(y.store.ramp_up_mw > 0 || y.store.ramp_down_mw > 0 ||
                u[1].lost_opportunity_usd <= 1e-6 * (1 + fabs(a.cost_usd)),
            "a store would gain %.9g", u[1].lost_opportunity_usd);
        solved++;
        commit_answer_release(&a);
    }
    cr_assert_gt(solved, 60);
}
