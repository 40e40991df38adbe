/* test_commit.c - commitment of units: small cases worked out by hand, and manners. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/commit.h"
#include "solver/commit/commit_certificate.h"
#include "solver/network.h"

enum {
    T = 3,
    UNITS = 3
};

static const struct commit_options OPTIONS = {.gap = 1e-9, .work_limit = 20000};

/* A 0-100 MW at 10, B 0-100 at 30, C 20-50 at 5 with a start that costs 5000. */
struct small {
    struct commit_problem p;
    struct commit_unit unit[UNITS];
    struct commit_curve curve[UNITS];
    struct commit_start start;
    struct commit_offer offer;
    struct commit_requirement requirement;
    double width[UNITS], cost[UNITS], min_cost[UNITS][T], load[T], need[T];
    int32_t which[UNITS][T];
    /* A network of two buses and two lines. */
    double susceptance[2], shift[2], min[2], max[2], after_min[2], after_max[2];
    double reference[2], bus_load[2 * T], weight;
    int32_t from[2], to[2], bus[2], outage_start[2], outage_branch[1], none[2];
    double participation, step_mw, step_usd;
    struct network_data data;
    struct dispatch_outages outages;
};

static void make(struct small *s)
{
    static const double MIN[] = {0, 0, 20}, MAX[] = {100, 100, 50},
                        COST[] = {10, 30, 5};
    memset(s, 0, sizeof *s);
    s->start = (struct commit_start){1, 5000};
    s->offer = (struct commit_offer){.product = 0, .max_mw = HUGE_VAL};
    s->weight = 1;
    for (int32_t g = 0; g < UNITS; g++) {
        s->width[g] = MAX[g] - MIN[g];
        s->cost[g] = COST[g];
        s->curve[g] = (struct commit_curve){1, &s->width[g], &s->cost[g]};
        for (int32_t t = 0; t < T; t++) {
            s->which[g][t] = g;
            s->min_cost[g][t] = MIN[g] * COST[g];
        }
        s->bus[1] = 1;
        s->unit[g] = (struct commit_unit){.min_mw = MIN[g],
                                          .max_mw = MAX[g],
                                          .ramp_up_mw = HUGE_VAL,
                                          .ramp_down_mw = HUGE_VAL,
                                          .start_max_mw = HUGE_VAL,
                                          .stop_max_mw = HUGE_VAL,
                                          .min_up = 1,
                                          .min_down = 1,
                                          .age_before = 5,
                                          .curve = s->which[g],
                                          .min_cost_usd_per_h = s->min_cost[g],
                                          .n_bus = 1,
                                          .bus = &s->bus[g == 1],
                                          .bus_weight = &s->weight};
    }
    s->unit[2].n_start = 1;
    s->unit[2].start = &s->start;
    for (int32_t t = 0; t < T; t++) {
        s->load[t] = 80;
        s->bus_load[2 * t + 1] = 80;
    }
    s->p = (struct commit_problem){.n_interval = T,
                                   .interval_h = 1,
                                   .n_unit = UNITS,
                                   .n_curve = UNITS,
                                   .unit = s->unit,
                                   .curve = s->curve,
                                   .load_mw = s->load,
                                   .bus_load_mw = s->bus_load,
                                   .shortage_usd_per_mwh = HUGE_VAL,
                                   .surplus_usd_per_mwh = HUGE_VAL,
                                   .branch_usd_per_mwh = 5000};
}

static struct network *connect(struct small *s, double limit_mw, double after_mw)
{
    struct network *net;
    struct err err = {0};
    for (int32_t l = 0; l < 2; l++) {
        s->susceptance[l] = 1000;
        s->to[l] = 1;
        s->min[l] = -limit_mw;
        s->max[l] = limit_mw;
        s->after_min[l] = -after_mw;
        s->after_max[l] = after_mw;
        s->reference[l] = 1;
    }
    s->data = (struct network_data){.n_bus = 2,
                                    .n_branch = 2,
                                    .from = s->from,
                                    .to = s->to,
                                    .susceptance_mw_per_rad = s->susceptance,
                                    .shift_rad = s->shift,
                                    .flow_min_mw = s->min,
                                    .flow_max_mw = s->max,
                                    .reference_weight = s->reference};
    cr_assert_eq(network_create(&s->data, &net, &err), ERR_OK, "%s", err.msg);
    s->outage_start[1] = 1;
    s->outages = (struct dispatch_outages){.n_outage = 1,
                                           .branch_start = s->outage_start,
                                           .branch = s->outage_branch,
                                           .injection_start = s->none,
                                           .participation = &s->participation,
                                           .min_mw = s->after_min,
                                           .max_mw = s->after_max};
    s->p.net = net;
    return net;
}

static struct commit_answer solve(const struct small *s)
{
    struct commit_answer a;
    struct commit_certificate c;
    struct err err = {0};
    cr_assert_eq(commit_solve(&s->p, &OPTIONS, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(commit_certificate_check(&s->p, &a, &c, &err), ERR_OK);
    cr_assert_eq(commit_certificate_flows(&s->p, &a, &c, &err), ERR_OK);
    cr_assert_leq(c.violation_mw, 1e-6, "%s", c.rule);
    cr_assert_float_eq(c.cost_usd, a.cost_usd, 1e-6 * (1 + fabs(a.cost_usd)));
    cr_assert_leq(a.bound_usd, a.cost_usd * (1 + 1e-9));
    cr_assert_leq(a.hull_value_usd, a.bound_usd * (1 + 1e-9));
    return a;
}

Test(commit, a_start_is_paid_only_where_it_pays)
{
    static struct small s;
    make(&s);
    s.start.cost_usd = 1000;
    struct commit_answer a = solve(&s);
    /* Three hours of C save 50 x 5 x 3 = 750, its start costs 1000. */
    cr_assert_float_eq(a.cost_usd, 3 * 80 * 10, 1e-4);
    cr_assert_float_eq(a.lambda_usd_per_mwh[1], 10, 1e-6);
    commit_answer_release(&a);
    s.start.cost_usd = 700;
    a = solve(&s);
    cr_assert_float_eq(a.cost_usd, 3 * (50 * 5 + 30 * 10) + 700, 1e-3);
    cr_assert_eq(a.on[1 * UNITS + 2], 1);
    commit_answer_release(&a);
}

Test(commit, reserve_that_a_running_unit_cannot_hold_starts_another)
{
    static struct small s;
    make(&s);
    s.offer.max_mw = 40;
    s.unit[0].n_offer = 1;
    s.unit[0].offer = &s.offer;
    s.requirement = (struct commit_requirement){.products = 1, .need_mw = s.need};
    s.p.n_requirement = 1;
    s.p.requirement = &s.requirement;
    for (int32_t t = 0; t < T; t++)
        s.need[t] = 30;
    struct commit_answer a = solve(&s);
    /* A keeps 30 MW free: 70 at 10, 10 at 30; one more MW of reserve costs 20. */
    cr_assert_float_eq(a.cost_usd, 3 * (70 * 10 + 10 * 30), 1e-3);
    cr_assert_float_eq(a.requirement_usd_per_mw[1], 20, 1e-5);
    cr_assert_float_eq(a.lambda_usd_per_mwh[1], 30, 1e-5);
    commit_answer_release(&a);
}

Test(commit, a_line_that_is_full_parts_the_prices)
{
    static struct small s;
    make(&s);
    struct network *net = connect(&s, 25, 1000);
    struct commit_answer a = solve(&s);
    cr_assert_float_eq(a.cost_usd, 3 * (50 * 10 + 30 * 30), 1e-3);
    cr_assert_float_eq(a.power_mw[1 * UNITS], 50, 1e-4);
    for (int32_t t = 0; t < T; t++) {
        const double *c = a.congestion_usd_per_mwh + 2 * t;
        cr_assert_float_eq(a.lambda_usd_per_mwh[t] + c[0], 10, 1e-4);
        cr_assert_float_eq(a.lambda_usd_per_mwh[t] + c[1], 30, 1e-4);
    }
    cr_assert_float_eq(a.overload_usd, 0, 1e-3);
    cr_assert_geq(a.stats.n_binding, T);
    commit_answer_release(&a);
    network_destroy(net);
}

/*
 * 260 units of 10 MW at 10 behind two lines of 300 MW, 260 at 30 where the load is; a start
 * costs 5. So many get the prices of limits from volume.c.
 */
Test(commit, a_large_fleet_behind_full_lines_is_committed_to_the_cent)
{
    enum {
        MANY = 520
    };
    static struct small s;
    static struct commit_unit unit[MANY];
    make(&s);
    struct network *net = connect(&s, 300, 1000);
    s.start.cost_usd = 5;
    for (int32_t k = 0; k < 2; k++) {
        s.width[k] = 8;
        for (int32_t t = 0; t < T; t++)
            s.min_cost[k][t] = 2 * s.cost[k];
    }
    for (int32_t g = 0; g < MANY; g++) {
        unit[g] = s.unit[g % 2];
        unit[g].min_mw = 2;
        unit[g].max_mw = 10;
        unit[g].n_start = 1;
        unit[g].start = &s.start;
    }
    for (int32_t t = 0; t < T; t++)
        s.load[t] = s.bus_load[2 * t + 1] = 1500;
    s.p.unit = unit;
    s.p.n_unit = MANY;
    struct commit_answer a = solve(&s);
    cr_assert_float_eq(a.cost_usd, 3 * (600 * 10 + 900 * 30) + 5 * (60 + 90), 1e-2);
    cr_assert_leq(a.bound_usd, a.cost_usd);
    cr_assert_lt(a.gap, 1e-4);
    cr_assert_float_eq(a.overload_usd, 0, 1e-3);
    cr_assert_geq(a.stats.n_network_row, T);
    commit_answer_release(&a);
    network_destroy(net);
}

Test(commit, the_clock_ends_a_search_without_a_schedule)
{
    static struct small s;
    struct commit_options o = OPTIONS;
    struct commit_answer a;
    struct err err = {0};
    make(&s);
    o.seconds_limit = 1e-9;
    cr_assert_eq(commit_solve(&s.p, &o, &a, &err), ERR_NUMERIC);
    cr_assert(strstr(err.msg, "within the time"), "%s", err.msg);
}

static double flows_of(const struct small *s, const struct commit_answer *a,
                       struct commit_certificate *c)
{
    struct err err = {0};
    *c = (struct commit_certificate){0};
    cr_assert_eq(commit_certificate_flows(&s->p, a, c, &err), ERR_OK, "%s", err.msg);
    return c->violation_mw;
}

Test(commit, overloads_are_stated_and_no_other_passes)
{
    static struct small s;
    struct commit_certificate c;
    for (int32_t after = 0; after < 2; after++) {
        make(&s);
        struct network *net = connect(&s, after ? 100 : 25, after ? 40 : 1000);
        s.p.outages = after ? &s.outages : NULL;
        s.p.branch_usd_per_mwh = 1; /* less than 20 between the prices of two buses */
        struct commit_answer a = solve(&s);
        cr_assert_gt(a.n_overload, 0);
        cr_assert_gt(a.overload_usd, 0);
        cr_assert_leq(flows_of(&s, &a, &c), 1e-6, "%s", c.rule);
        cr_assert_float_eq(c.cost_usd, a.overload_usd, 1e-6);
        for (int32_t k = 0; k < a.n_overload; k++)
            cr_assert_eq(a.overload[k].outage >= 0, after == 1);
        a.overload[0].mw -= 0.5;
        cr_assert_float_eq(flows_of(&s, &a, &c), 0.5, 1e-6);
        cr_assert_str_eq(c.rule, after ? "flow after an outage" : "most flow");
        a.overload[0].mw += 0.5;
        a.power_mw[0] += 2; /* one MW more on each of two lines; nothing balances it */
        cr_assert_gt(flows_of(&s, &a, &c), 0.4);
        commit_answer_release(&a);
        network_destroy(net);
    }
}

Test(commit, flows_are_checked_without_leaks)
{
    static struct small s;
    make(&s);
    struct network *net = connect(&s, 100, 40);
    s.p.outages = &s.outages;
    struct commit_answer a = solve(&s);
    long live = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct commit_certificate c = {0};
        struct err err = {0};
        mem_fail_after(n);
        code = commit_certificate_flows(&s.p, &a, &c, &err);
        mem_fail_after(-1);
        cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
        cr_assert_lt(n, 1000);
    }
    cr_assert_eq(code, ERR_OK);
    commit_answer_release(&a);
    network_destroy(net);
}

/* Fixed injections nearly serve the load; what is more lies where the reference does. */
Test(commit, a_surplus_lies_at_the_reference_however_little_the_load)
{
    static struct small s;
    make(&s);
    struct network *net = connect(&s, 20, 1000);
    s.p.shortage_usd_per_mwh = 1000;
    s.p.surplus_usd_per_mwh = 0;
    for (int32_t t = 0; t < T; t++) {
        s.load[t] = 1;
        s.bus_load[2 * t] = -60;
        s.bus_load[2 * t + 1] = 61;
    }
    struct commit_answer a = solve(&s);
    /* P at the second bus, P - 1 left over, half at each: 60 - (P - 1) / 2 <= 40. */
    cr_assert_float_eq(a.surplus_mw[0], 40, 1e-5);
    cr_assert_float_eq(a.cost_usd, 3 * 41 * 30, 1e-3);
    commit_answer_release(&a);
    network_destroy(net);
}

Test(commit, services_together_are_limited_and_none_is_held_at_a_start)
{
    static struct small s;
    make(&s);
    struct commit_offer offer[2] = {{.product = 0, .max_mw = 40},
                                    {.product = 1, .max_mw = 40}};
    s.unit[0].n_offer = s.unit[2].n_offer = 2;
    s.unit[0].offer = s.unit[2].offer = offer;
    s.unit[0].most_up_mw = 30;
    s.unit[2].steady_reserve = true;
    s.unit[2].n_start = 0;
    s.step_mw = HUGE_VAL;
    s.step_usd = 100;
    s.requirement = (struct commit_requirement){.products = 3,
                                                .need_mw = s.need,
                                                .n_step = 1,
                                                .step_mw = &s.step_mw,
                                                .step_usd_per_mw = &s.step_usd};
    s.p.n_requirement = 1;
    s.p.requirement = &s.requirement;
    for (int32_t t = 0; t < T; t++)
        s.need[t] = 60;
    struct commit_answer a = solve(&s);
    /* A holds 30 of its two offers of 40; C starts in hour 0 and holds what is left later. */
    cr_assert_float_eq(a.shortfall_mw[0], 30, 1e-5);
    cr_assert_float_eq(a.shortfall_mw[1], 0, 1e-5);
    cr_assert_float_eq(a.shortfall_mw[2], 0, 1e-5);
    commit_answer_release(&a);
}

/* Of A 60 of 100 MW are there, so that B, 50 to 100 MW, must run: a cut says so. */
Test(commit, power_that_is_not_there_is_no_capacity)
{
    static struct small s;
    static const double width[2] = {60, 40}, cost[2] = {10, 10000};
    make(&s);
    s.curve[0] = (struct commit_curve){2, width, cost};
    s.unit[1].min_mw = 50;
    s.width[1] = 50;
    s.start.cost_usd = 1e7;
    s.p.shortage_usd_per_mwh = 1000;
    s.p.surplus_usd_per_mwh = 1000;
    s.p.never_usd_per_mwh = 10000;
    for (int32_t t = 0; t < T; t++)
        s.min_cost[1][t] = 50 * 30;
    struct commit_answer a = solve(&s);
    cr_assert_gt(a.stats.n_cut, 0);
    cr_assert_float_eq(a.cost_usd, 3 * (30 * 10 + 50 * 30), 1e-3);
    cr_assert_float_eq(a.bound_usd, a.cost_usd, 1e-3);
    commit_answer_release(&a);
}

/* A holds 40 of the 43 MW that are needed, so that B must run: a cut says so, not a tree. */
Test(commit, reserve_that_one_unit_lacks_takes_another_as_a_whole)
{
    static struct small s;
    make(&s);
    s.offer.max_mw = 40;
    s.unit[0].n_offer = s.unit[1].n_offer = 1;
    s.unit[0].offer = s.unit[1].offer = &s.offer;
    s.unit[1].min_mw = 20;
    s.width[1] = 80;
    s.start.cost_usd = 1e7;
    s.requirement =
        (struct commit_requirement){.products = 1, .need_mw = s.need, .n_unit = 0};
    s.p.n_requirement = 1;
    s.p.requirement = &s.requirement;
    for (int32_t t = 0; t < T; t++) {
        s.min_cost[1][t] = 20 * 30;
        s.load[t] = 40;
        s.need[t] = 43;
    }
    const struct commit_options near = {.gap = 1e-4, .work_limit = 20000};
    struct commit_answer a;
    struct err err = {0};
    cr_assert_eq(commit_solve(&s.p, &near, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_gt(a.stats.n_cut, 0);
    cr_assert_eq(a.stats.n_node, 0);
    cr_assert_float_eq(a.cost_usd, 3 * (20 * 10 + 20 * 30), 1e-3);
    cr_assert_float_eq(a.bound_usd, a.cost_usd, 1);
    commit_answer_release(&a);
}

Test(commit, the_loss_of_a_line_limits_what_flows_before_it)
{
    static struct small s;
    make(&s);
    struct network *net = connect(&s, 100, 40);
    s.p.outages = &s.outages;
    struct commit_answer a = solve(&s);
    cr_assert_float_eq(a.cost_usd, 3 * (40 * 10 + 40 * 30), 1e-3);
    cr_assert_float_eq(a.power_mw[1 * UNITS], 40, 1e-4);
    commit_answer_release(&a);
    network_destroy(net);
}

Test(commit, the_answer_does_not_depend_on_the_number_of_threads)
{
    enum {
        MANY = 60
    };
    static struct small s;
    static struct commit_unit unit[MANY];
    static struct commit_curve curve[MANY];
    static double cost[MANY];
    static int32_t which[MANY][T];
    make(&s);
    for (int32_t g = 0; g < MANY; g++) {
        cost[g] = 5 + 0.37 * g;
        unit[g] = s.unit[g % UNITS];
        curve[g] = (struct commit_curve){1, s.curve[g % UNITS].width_mw, &cost[g]};
        for (int32_t t = 0; t < T; t++)
            which[g][t] = g;
        unit[g].curve = which[g];
    }
    for (int32_t t = 0; t < T; t++)
        s.load[t] = 1111 + 300 * t;
    s.p.n_unit = MANY;
    s.p.n_curve = MANY;
    s.p.unit = unit;
    s.p.curve = curve;
    struct commit_answer a[2];
    for (int32_t k = 0; k < 2; k++) {
        const struct commit_options o = {
            .gap = 1e-6, .work_limit = 3000, .n_thread = 1 + 3 * k};
        struct err err = {0};
        cr_assert_eq(commit_solve(&s.p, &o, &a[k], &err), ERR_OK, "%s", err.msg);
    }
    cr_assert_eq(a[0].cost_usd, a[1].cost_usd);
    cr_assert_eq(a[0].bound_usd, a[1].bound_usd);
    cr_assert_eq(a[0].stats.work, a[1].stats.work);
    cr_assert_arr_eq(a[0].power_mw, a[1].power_mw, T * MANY * sizeof(double));
    cr_assert_arr_eq(a[0].lambda_usd_per_mwh, a[1].lambda_usd_per_mwh,
                     T * sizeof(double));
    commit_answer_release(&a[0]);
    commit_answer_release(&a[1]);
}

Test(commit, what_cannot_be_served_is_named)
{
    static struct small s;
    make(&s);
    s.load[1] = 300;
    struct commit_answer a;
    struct err err = {0};
    cr_assert_eq(commit_solve(&s.p, &OPTIONS, &a, &err), ERR_NUMERIC);
    cr_assert_not_null(strstr(err.msg, "interval 1 lacks"), "%s", err.msg);
    cr_assert_not_null(strstr(err.msg, "50 MW"), "%s", err.msg);
    s.p.shortage_usd_per_mwh = 1000;
    a = solve(&s);
    cr_assert_float_eq(a.shortage_mw[1], 50, 1e-4);
    cr_assert_float_eq(a.lambda_usd_per_mwh[1], 1000, 1e-3);
    commit_answer_release(&a);
}

Test(commit, every_failed_allocation_is_reported_and_nothing_leaks)
{
    static struct small s;
    make(&s);
    const long live = mem_live();
    enum err_code code = ERR_NOMEM;
    /* The first 1000 each, then every seventh: rounds repeat, and 7 falls elsewhere in each. */
    for (long n = 0; code == ERR_NOMEM; n += n < 1000 ? 1 : 7) {
        struct network *net = connect(&s, 25, 1000);
        struct commit_answer a;
        struct err err = {0};
        mem_fail_after(n);
        code = commit_solve(&s.p, &OPTIONS, &a, &err);
        mem_fail_after(-1);
        if (code == ERR_OK)
            commit_answer_release(&a);
        network_destroy(net);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
        cr_assert_lt(n, 100000);
    }
}
