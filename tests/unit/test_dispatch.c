/* test_dispatch.c - the dispatch solver against worked examples and its own laws. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/dispatch.h"
#include "tests/support/dispatch_build.h"

#define CLOSE(actual, expected) cr_assert_float_eq(actual, expected, 1e-6)

static double lmp(const struct dispatch_build *b, const struct dispatch_answer *a,
                  int t, int bus)
{
    return a->lambda_usd_per_mwh[t * network_n_island(b->net) +
                                 network_island(b->net)[bus]] +
           a->congestion_usd_per_mwh[t * b->n_bus + bus];
}

static struct dispatch_answer solve(struct dispatch_build *b)
{
    struct dispatch_answer a;
    struct err err = {0};
    enum err_code code = dispatch_build_solve(b, &a, &err);
    cr_assert_eq(code, ERR_OK, "%s", err.msg);
    cr_assert_lt(a.certificate.primal_residual, 1e-6);
    cr_assert_lt(a.certificate.dual_residual, 1e-6);
    cr_assert_lt(a.certificate.relative_gap, 1e-8);
    return a;
}

static void pjm_network(struct dispatch_build *b)
{
    dispatch_build_begin(b, 5, 1);
    dispatch_build_branch(b, 0, 1, 100 / .0281, 400);
    dispatch_build_branch(b, 0, 3, 100 / .0304, INFINITY);
    dispatch_build_branch(b, 0, 4, 100 / .0064, INFINITY);
    dispatch_build_branch(b, 1, 2, 100 / .0108, INFINITY);
    dispatch_build_branch(b, 2, 3, 100 / .0297, INFINITY);
    dispatch_build_branch(b, 3, 4, 100 / .0297, 240);
}

Test(dispatch, five_bus_example_of_li_and_bo)
{
    struct dispatch_build b;
    pjm_network(&b);
    dispatch_build_load(&b, 0, 1, 300);
    dispatch_build_load(&b, 0, 2, 300);
    dispatch_build_load(&b, 0, 3, 400);
    dispatch_build_unit(&b, 0, 40, 14);
    dispatch_build_unit(&b, 0, 170, 15);
    dispatch_build_unit(&b, 2, 520, 30);
    dispatch_build_unit(&b, 3, 200, 40);
    dispatch_build_unit(&b, 4, 600, 10);
    struct dispatch_answer a = solve(&b);
    const double price[] = {16.977359, 26.384460, 30, 39.942736, 10};
    for (int n = 0; n < 5; n++)
        CLOSE(lmp(&b, &a, 0, n), price[n]);
    cr_assert_float_eq(a.objective_usd, 17479.896925, 1e-5);
    cr_assert_float_eq(a.injection_mw[2], 323.49485, 1e-5);
    CLOSE(a.flow_mw[5], -240);
    cr_assert_eq(a.n_row, 1);
    CLOSE(a.row[0].shadow_usd_per_mwh, 62.322042);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
    cr_assert_eq(mem_live(), 0);
}

Test(dispatch, classic_pjm_training_case)
{
    struct dispatch_build b;
    pjm_network(&b);
    b.flow_max[0] = INFINITY;
    b.flow_min[0] = -INFINITY;
    for (int n = 1; n <= 3; n++)
        dispatch_build_load(&b, 0, n, 300);
    dispatch_build_unit(&b, 0, 110, 14);
    dispatch_build_unit(&b, 0, 100, 15);
    dispatch_build_unit(&b, 2, 520, 30);
    dispatch_build_unit(&b, 3, 200, 35);
    dispatch_build_unit(&b, 4, 600, 10);
    struct dispatch_answer a = solve(&b);
    const double price[] = {15.825586, 23.679828, 26.698541, 35, 10};
    for (int n = 0; n < 5; n++)
        CLOSE(lmp(&b, &a, 0, n), price[n]);
    cr_assert_float_eq(a.objective_usd, 12841.8918, 1e-4);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

static void three_bus(struct dispatch_build *b, double limit_13)
{
    dispatch_build_begin(b, 3, 1);
    dispatch_build_branch(b, 0, 1, 1000, INFINITY);
    dispatch_build_branch(b, 0, 2, 1000, limit_13);
    dispatch_build_branch(b, 1, 2, 1000, INFINITY);
}

Test(dispatch, congestion_on_three_buses)
{
    struct dispatch_build b;
    three_bus(&b, 50);
    dispatch_build_load(&b, 0, 2, 90);
    dispatch_build_unit(&b, 0, 100, 10);
    dispatch_build_unit(&b, 1, 100, 30);
    struct dispatch_answer a = solve(&b);
    CLOSE(a.injection_mw[0], 60);
    CLOSE(a.injection_mw[1], 30);
    CLOSE(a.flow_mw[0], 10);
    CLOSE(a.flow_mw[1], 50);
    CLOSE(lmp(&b, &a, 0, 0), 10);
    CLOSE(lmp(&b, &a, 0, 1), 30);
    CLOSE(lmp(&b, &a, 0, 2), 50);
    CLOSE(a.row[0].shadow_usd_per_mwh, 60);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, a_price_may_be_negative_where_injection_hurts)
{
    struct dispatch_build b;
    three_bus(&b, 10);
    dispatch_build_load(&b, 0, 2, 100);
    dispatch_build_unit(&b, 0, 1000, 10);
    dispatch_build_unit(&b, 1, 1000, 20);
    dispatch_build_unit(&b, 2, 1000, 100);
    struct dispatch_answer a = solve(&b);
    CLOSE(a.objective_usd, 7600);
    CLOSE(lmp(&b, &a, 0, 0), -60);
    CLOSE(lmp(&b, &a, 0, 1), 20);
    CLOSE(lmp(&b, &a, 0, 2), 100);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, a_store_buys_low_and_sells_high)
{
    const double price[] = {20, 15, 60, 80}, output[] = {-10, -10, 7, 10};
    const double energy[] = {8.5, 17, 10, 0};
    struct dispatch_build b;
    dispatch_build_begin(&b, 1, 4);
    for (int t = 0; t < 4; t++)
        dispatch_build_load(&b, t, 0, 100);
    int unit = dispatch_build_unit(&b, 0, 1000, 0);
    for (int t = 0; t < 4; t++)
        dispatch_build_cost(&b, t, unit, price[t]);
    dispatch_build_store(&b, 0, 10, 20, 0.85, 0, -INFINITY);
    struct dispatch_answer a = solve(&b);
    double profit = 0;
    for (int t = 0; t < 4; t++) {
        CLOSE(a.injection_mw[t * 2 + 1], output[t]);
        CLOSE(a.energy_mwh[t], energy[t]);
        CLOSE(lmp(&b, &a, t, 0), price[t]);
        profit += output[t] * price[t];
    }
    CLOSE(profit, 870);
    dispatch_answer_release(&a);
    b.store[0].energy_end_min_mwh = 5;
    a = solve(&b);
    CLOSE(a.injection_mw[2 * 2 + 1], 2);
    CLOSE(a.injection_mw[3 * 2 + 1], 10);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, looking_ahead_to_a_ramp)
{
    struct dispatch_build b;
    dispatch_build_begin(&b, 1, 2);
    dispatch_build_load(&b, 0, 0, 75);
    dispatch_build_load(&b, 1, 0, 120);
    int slow = dispatch_build_unit(&b, 0, 200, 20);
    dispatch_build_unit(&b, 0, 200, 50);
    b.ramp_up[slow] = b.ramp_down[slow] = 10;
    b.initial[slow] = 70;
    struct dispatch_answer a = solve(&b);
    CLOSE(a.injection_mw[0], 75);
    CLOSE(a.injection_mw[2], 85);
    CLOSE(a.injection_mw[3], 35);
    CLOSE(a.objective_usd, 4950);
    CLOSE(lmp(&b, &a, 0, 0), -10);
    CLOSE(lmp(&b, &a, 1, 0), 50);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, coordinated_transactions_clear_where_the_spread_pays)
{
    /* Two areas whose prices are 50 - 0.03 f and 40 + 0.02 f: the spread is 10 - 0.05 f. */
    const double sink[] = {0, 20, 0.015}, source[] = {0, 20, 0.01};
    struct dispatch_build b;
    dispatch_build_begin(&b, 2, 1);
    dispatch_build_load(&b, 0, 0,
                        1000); /* sink: unit at 1000 - f, price 20+.03(1000-f) */
    dispatch_build_load(&b, 0, 1,
                        1000); /* source: unit at 1000 + f, price 20+.02(1000+f) */
    dispatch_build_polynomial(&b, 0, 0, 2000, 3, sink);
    dispatch_build_polynomial(&b, 1, 0, 2000, 3, source);
    const double bid[] = {0, 3, 8};
    for (int k = 0; k < 3; k++)
        dispatch_build_transfer(&b, 1, 0, 100, bid[k]);
    struct dispatch_answer a = solve(&b);
    cr_assert_float_eq(a.injection_mw[2], 100, 1e-4);
    cr_assert_float_eq(a.injection_mw[3], 40, 1e-4);
    cr_assert_float_eq(a.injection_mw[4], 0, 1e-4);
    cr_assert_float_eq(lmp(&b, &a, 0, 0) - lmp(&b, &a, 0, 1), 3, 1e-6);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, equal_offers_share_pro_rata)
{
    struct dispatch_build b;
    dispatch_build_begin(&b, 1, 1);
    dispatch_build_load(&b, 0, 0, 100);
    dispatch_build_unit(&b, 0, 40, 10);
    dispatch_build_unit(&b, 0, 30, 20);
    dispatch_build_unit(&b, 0, 90, 20);
    struct dispatch_answer a = solve(&b);
    CLOSE(a.injection_mw[1], 15);
    CLOSE(a.injection_mw[2], 45);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, equal_offers_share_pro_rata_behind_a_limit_that_gave_way)
{
    /* Rounding of flows must not pass for a limit broken once more. */
    for (int k = 0; k < 40; k++) {
        struct dispatch_build b;
        dispatch_build_begin(&b, 4, 1);
        dispatch_build_branch(&b, 0, 1, 1000 / (1 + 0.37 * (k % 7)), INFINITY);
        dispatch_build_branch(&b, 1, 2, 1000 / (1 + 0.31 * (k % 5)), INFINITY);
        dispatch_build_branch(&b, 0, 2, 1000 / (1 + 0.17 * (k % 3)), INFINITY);
        dispatch_build_branch(&b, 2, 3, 777, 30 + 0.1 * k);
        dispatch_build_load(&b, 0, 3, 100 + 0.013 * k);
        dispatch_build_unit(&b, 0, 60, 10);
        dispatch_build_unit(&b, 0, 120, 10);
        struct dispatch_answer a = solve(&b);
        cr_assert(a.relaxed);
        CLOSE(a.injection_mw[0], (100 + 0.013 * k) / 3);
        dispatch_answer_release(&a);
        dispatch_build_release(&b);
    }
}

Test(dispatch, the_price_at_a_step_is_that_of_the_next_increment)
{
    struct dispatch_build b;
    for (int swapped = 0; swapped < 2; swapped++) {
        dispatch_build_begin(&b, 1, 1);
        dispatch_build_load(&b, 0, 0, 60);
        dispatch_build_unit(&b, 0, swapped ? 100 : 60, swapped ? 35 : 20);
        dispatch_build_unit(&b, 0, swapped ? 60 : 100, swapped ? 20 : 35);
        struct dispatch_answer a = solve(&b);
        CLOSE(lmp(&b, &a, 0, 0), 35);
        CLOSE(a.injection_mw[swapped], 60);
        dispatch_answer_release(&a);
        dispatch_build_release(&b);
    }
}

Test(dispatch, load_that_cannot_be_served_is_priced_not_refused)
{
    struct dispatch_build b;
    dispatch_build_begin(&b, 1, 1);
    dispatch_build_load(&b, 0, 0, 150);
    dispatch_build_unit(&b, 0, 100, 20);
    b.problem.pricing.shortage_usd_per_mwh = 1000;
    struct dispatch_answer a = solve(&b);
    cr_assert(a.relaxed);
    CLOSE(a.shortage_mw[0], 50);
    CLOSE(lmp(&b, &a, 0, 0), 1000);
    CLOSE(a.penalty_usd, 50 * b.problem.schedule.shortage_usd_per_mwh);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, a_branch_limit_that_cannot_be_kept_is_relaxed_at_the_pricing_penalty)
{
    struct dispatch_build b;
    dispatch_build_begin(&b, 2, 1);
    dispatch_build_branch(&b, 0, 1, 1000, 50);
    dispatch_build_load(&b, 0, 1, 80);
    dispatch_build_unit(&b, 0, 100, 20);
    b.problem.pricing.branch_usd_per_mwh = 1000;
    struct dispatch_answer a = solve(&b);
    cr_assert_eq(a.n_row, 1);
    CLOSE(a.row[0].relaxed, 30);
    CLOSE(a.row[0].shadow_usd_per_mwh, 1000);
    CLOSE(lmp(&b, &a, 0, 0), 20);
    CLOSE(lmp(&b, &a, 0, 1), 1020);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

/* A cheap unit behind a limit of 50 MW, at most `local_mw` at the load; 100 $/MW to break. */
static struct dispatch_answer steeper(struct dispatch_build *b, double local_mw, int n)
{
    dispatch_build_begin(b, 2, 1);
    dispatch_build_branch(b, 0, 1, 1000, 50);
    dispatch_build_load(b, 0, 1, 80);
    dispatch_build_unit(b, 0, 100, 20);
    dispatch_build_unit(b, 1, local_mw, 500);
    b->problem.schedule.branch_usd_per_mwh = 100;
    b->problem.pricing.branch_usd_per_mwh = 100;
    b->problem.n_steeper = n;
    return solve(b);
}

Test(dispatch, penalties_become_steeper_while_something_is_relaxed)
{
    const struct {
        double local_mw, factor, relaxed, price;
        int n;
    } expected[] = {
        {100, 1, 30, 120, 0},    /* cheaper to break the limit */
        {100, 100, 0, 500, 2},   /* 10,000 $/MWh: no longer */
        {10, 100, 20, 10020, 1}, /* nor can it be kept */
        {10, 10000, 20, 1000020, 2},
    };
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        struct dispatch_build b;
        struct dispatch_answer a = steeper(&b, expected[k].local_mw, expected[k].n);
        CLOSE(a.penalty_factor, expected[k].factor);
        CLOSE(a.flow_mw[0], 50 + expected[k].relaxed);
        CLOSE(a.penalty_usd, 100 * expected[k].factor * expected[k].relaxed);
        CLOSE(lmp(&b, &a, 0, 1), expected[k].price);
        CLOSE(b.problem.schedule.branch_usd_per_mwh, 100); /* as the caller stated it */
        dispatch_answer_release(&a);
        dispatch_build_release(&b);
    }
}

Test(dispatch, a_store_never_charges_and_discharges_at_once)
{
    /* Surplus wind at -50 $/MWh: burning energy in the losses would pay. */
    struct dispatch_build b;
    dispatch_build_begin(&b, 1, 2);
    for (int t = 0; t < 2; t++)
        dispatch_build_load(&b, t, 0, 10);
    dispatch_build_unit(&b, 0, 100, -50);
    dispatch_build_store(&b, 0, 20, 10, 0.8, 10, -INFINITY);
    struct dispatch_answer a = solve(&b);
    for (int t = 0; t < 2; t++)
        cr_assert_geq(a.energy_mwh[t], -1e-6);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, a_store_at_one_price_shares_the_margin_in_one_direction)
{
    struct dispatch_build b;
    dispatch_build_begin(&b, 1, 1);
    dispatch_build_load(&b, 0, 0, 60);
    dispatch_build_unit(&b, 0, 50, 10);
    dispatch_build_unit(&b, 0, 40, 0);
    int store = dispatch_build_store(&b, 0, 10, 40, 1, 20, -INFINITY);
    dispatch_build_cost(&b, 0, 1, 20);
    b.injection[store].cost[0][0] = b.injection[store].cost[0][1] = 20;
    struct dispatch_answer a = solve(&b);
    CLOSE(a.injection_mw[1], 20.0 * 40 / 60);
    CLOSE(a.injection_mw[2], -10 + 20.0 * 20 / 60);
    CLOSE(lmp(&b, &a, 0, 0), 20);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, a_limit_just_reached_is_priced_at_the_next_increment)
{
    struct dispatch_build b;
    dispatch_build_begin(&b, 2, 1);
    dispatch_build_branch(&b, 0, 1, 1000, 50);
    dispatch_build_load(&b, 0, 1, 50);
    dispatch_build_unit(&b, 0, 100, 10);
    dispatch_build_unit(&b, 1, 100, 40);
    struct dispatch_answer a = solve(&b);
    CLOSE(a.flow_mw[0], 50);
    CLOSE(lmp(&b, &a, 0, 0), 10);
    CLOSE(lmp(&b, &a, 0, 1), 40);
    cr_assert_eq(a.n_row, 1);
    CLOSE(a.row[0].shadow_usd_per_mwh, 30);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, a_surplus_keeps_its_price_at_the_next_increment)
{
    struct dispatch_build b;
    dispatch_build_begin(&b, 1, 1);
    dispatch_build_load(&b, 0, 0, 25);
    int unit = dispatch_build_unit(&b, 0, 20, 20);
    b.injection[unit].base = 30;
    b.problem.pricing.surplus_usd_per_mwh = 150;
    struct dispatch_answer a = solve(&b);
    CLOSE(a.surplus_mw[0], 5);
    CLOSE(lmp(&b, &a, 0, 0), -150);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, quadratic_costs_meet_at_equal_marginal_cost)
{
    const double f[] = {5, 10, 0.05}, g[] = {0, 12, 0.02};
    struct dispatch_build b;
    dispatch_build_begin(&b, 1, 1);
    dispatch_build_load(&b, 0, 0, 200);
    dispatch_build_polynomial(&b, 0, 10, 300, 3, f);
    dispatch_build_polynomial(&b, 0, 0, 300, 3, g);
    struct dispatch_answer a = solve(&b);
    /* 10 + 0.1 p = 12 + 0.04 (200 - p): p = 10 / 0.14 */
    double p = 10 / 0.14;
    cr_assert_float_eq(a.injection_mw[0], p, 1e-4);
    cr_assert_float_eq(lmp(&b, &a, 0, 0), 10 + 0.1 * p, 1e-5);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, a_quadratic_unit_may_meet_more_limits_than_it_has_pieces)
{
    const double f[] = {0, 10, 0.01};
    enum {
        LINES = 30
    };
    struct dispatch_build b;
    dispatch_build_begin(&b, LINES + 1, 1);
    for (int n = 1; n <= LINES; n++) {
        dispatch_build_branch(&b, 0, n, 1000, 5);
        dispatch_build_load(&b, 0, n, 9);
    }
    dispatch_build_polynomial(&b, 0, 0, 1000, 3, f);
    struct dispatch_answer a = solve(&b); /* lines give way at 5000, loads at 6500 */
    CLOSE(a.injection_mw[0], 9 * LINES);
    CLOSE(lmp(&b, &a, 0, 0), 10 + 0.02 * 9 * LINES);
    cr_assert_eq(a.n_row, LINES);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(dispatch, every_failed_allocation_is_reported_and_leaks_nothing)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct dispatch_build b;
        struct dispatch_answer a = {0};
        struct err err = {0};
        three_bus(&b, 50);
        dispatch_build_load(&b, 0, 2, 90);
        dispatch_build_unit(&b, 0, 100, 10);
        dispatch_build_unit(&b, 1, 100, 30);
        mem_fail_after(n);
        code = dispatch_build_solve(&b, &a, &err);
        mem_fail_after(-1);
        dispatch_answer_release(&a);
        dispatch_build_release(&b);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 2000);
    }
    cr_assert_eq(code, ERR_OK);
}
