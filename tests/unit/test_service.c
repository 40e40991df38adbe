/* test_service.c - services that share ramps over two intervals: solved, checked, spoiled. */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "solver/commit/commit_certificate.h"
#include "tests/oracle/commit_rows.h"
#include "tests/support/commit_text.h"

/*
 * One unit of 10 to 30 MW at 5 USD + 4 USD/MWh and 8 MW/h up, on at 20 MW, serves 20 and then
 * 22 MW. Spinning reserve must be there in 10 minutes, so that a MW of it takes 6 MW of ramp.
 */
#define UNIT                                                                           \
 "{\"generator_type\": \"thermal\", \"bus\": \"B\", \"p_min\": 10, \"p_max\": 30,"     \
 "\"ramp_up_60min\": 8, \"ramp_down_60min\": 6, \"startup_capacity\": 12,"             \
 "\"shutdown_capacity\": 13, \"min_up_time\": 1, \"min_down_time\": 1,"                \
 "\"initial_status\": 3, \"initial_p_output\": 20, \"p_cost\": {\"data_type\":"        \
 "\"cost_curve\", \"cost_curve_type\": \"polynomial\", \"values\": {\"0\": 5, \"1\": " \
 "4}}"
#define INSTANCE(unit, more, requirement)                                          \
 "{\"elements\": {\"bus\": {\"B\": {}}, \"load\": {\"L\": {\"bus\": \"B\","        \
 "\"p_load\": {\"data_type\": \"time_series\", \"values\": [20, 22]}}},"           \
 "\"generator\": {\"G\": " unit "}" more "}}, \"system\": {\"time_keys\": [\"1\"," \
 "\"2\"], \"time_period_length_minutes\": 60, \"load_mismatch_cost\": 900,"        \
 "\"reserve_shortfall_cost\": 100, " requirement "}}"
#define SPIN "\"spinning_reserve_requirement\": 2"
#define REGULATING                                                   \
 UNIT ", \"agc_capable\": true, \"ramp_agc\": 1, \"p_min_agc\": 12," \
      "\"p_max_agc\": 21"
#define COLD                                                                   \
 ", \"C\": {\"generator_type\": \"thermal\", \"bus\": \"B\", \"p_min\": 10,"   \
 "\"p_max\": 30, \"ramp_up_60min\": 60, \"ramp_down_60min\": 60,"              \
 "\"startup_capacity\": 30, \"shutdown_capacity\": 30, \"min_up_time\": 1,"    \
 "\"min_down_time\": 1, \"initial_status\": -3, \"initial_p_output\": 0,"      \
 "\"fast_start\": true, \"non_spinning_capacity\": 9, \"supplemental_start\":" \
 "true, \"supplemental_non_spinning_capacity\": 8, \"startup_cost\": [[1, 500]]"

static struct commit_answer solve(const struct commit_case *c)
{
    const struct commit_options options = {.gap = 1e-9, .n_thread = 1};
    struct commit_answer a;
    struct err err = {0};
    cr_assert_eq(commit_solve(&c->problem, &options, &a, &err), ERR_OK, "%s", err.msg);
    struct commit_rows rows = commit_rows_check(c, &a);
    cr_expect_lt(rows.worst_mw, 1e-6, "%s", rows.row);
    cr_expect_float_eq(rows.cost_usd, a.cost_usd, 1e-6);
    cr_expect_leq(a.bound_usd, a.cost_usd);
    cr_expect_lt(a.gap, 1e-6);
    return a;
}

/* 6 (s1 + s2) / 2 <= 8 - 2: 2 MW in both hours together, and 2 short at 300 USD. */
Test(service, spinning_reserve_of_two_hours_shares_the_ramp_between_them)
{
    struct commit_case c = commit_text_case(INSTANCE(UNIT, "", SPIN));
    struct commit_answer a = solve(&c);
    cr_expect_float_eq(a.cost_usd, 5 + 80 + 5 + 88 + 2 * 300, 1e-6);
    cr_expect_float_eq(a.shortfall_mw[0] + a.shortfall_mw[1], 2, 1e-6);
    cr_expect_null(a.hull_lambda_usd_per_mwh);
    commit_answer_release(&a);
    commit_case_release(&c);
}

/* Above 21 MW it cannot regulate: in the second hour nothing is held, at 500 USD. */
Test(service, a_unit_regulates_only_inside_its_band)
{
    struct commit_case c = commit_text_case(
        INSTANCE(REGULATING, "", "\"regulation_up_requirement\": 0.5"));
    struct commit_answer a = solve(&c);
    cr_expect_eq(a.regulates[0], 1);
    cr_expect_eq(a.regulates[1], 0);
    cr_expect_float_eq(a.cost_usd, 5 + 80 + 5 + 88 + 0.5 * 500, 1e-6);
    commit_answer_release(&a);
    commit_case_release(&c);
}

/* Off it holds 8 MW of both together, however much is asked for. */
Test(service, a_unit_that_is_off_holds_what_it_can_start)
{
    struct commit_case c =
        commit_text_case(INSTANCE(UNIT, COLD "}",
                                  "\"non_spinning_reserve_requirement\": 5,"
                                  "\"supplemental_reserve_requirement\": 40"));
    struct commit_answer a = solve(&c);
    const double *cold = a.reserve_mw + COMMIT_PRODUCTS;
    for (int g = 0; g < c.problem.n_unit; g++)
        if (!a.on[g])
            cold = a.reserve_mw + g * COMMIT_PRODUCTS;
    cr_expect_float_eq(cold[SERVICE_NON_SPIN] + cold[SERVICE_SUPPLEMENTAL], 8, 1e-6);
    commit_answer_release(&a);
    commit_case_release(&c);
}

#define BOUND(limits, capacities, state)                                               \
 "{\"generator_type\": \"thermal\", \"bus\": \"B\", " limits ","                       \
 "\"ramp_up_60min\": 8, \"ramp_down_60min\": 6, " capacities ", \"min_up_time\": 1,"   \
 "\"min_down_time\": 1, " state ", \"p_cost\": {\"data_type\":"                        \
 "\"cost_curve\", \"cost_curve_type\": \"polynomial\", \"values\": {\"0\": 5, \"1\": " \
 "4}}"
#define TWO(a, b) "{\"data_type\": \"time_series\", \"values\": [" #a ", " #b "]}"

/* In its last hour 6 s / 2 <= 2 MW above the least of that hour, not of both. */
Test(service, the_last_hour_counts_from_its_own_least_power)
{
    struct commit_case c = commit_text_case(
        INSTANCE(BOUND("\"p_min\": " TWO(18, 10) ", \"p_max\": 30",
                       "\"startup_capacity\": 21, \"shutdown_capacity\": 21",
                       "\"initial_status\": 3, \"initial_p_output\": 20, "
                       "\"fixed_commitment\": " TWO(1, 0)),
                 "", SPIN));
    struct commit_answer a = solve(&c);
    cr_expect_float_eq(a.shortfall_mw[0], 2 - 2. / 3, 1e-6);
    cr_expect_float_eq(a.cost_usd, 5 + 80 + 22 * 900 + (4 - 2. / 3) * 300, 1e-6);
    commit_answer_release(&a);
    commit_case_release(&c);
}

/* In its first hour it can fall by 3 f <= 2 MW to the least of that hour. */
Test(service, the_first_hour_counts_from_its_own_least_power)
{
    struct commit_case c = commit_text_case(
        INSTANCE(BOUND("\"p_min\": " TWO(10, 20) ", \"p_max\": " TWO(15, 30),
                       "\"startup_capacity\": 30, \"shutdown_capacity\": 30",
                       "\"initial_status\": -3, \"initial_p_output\": 0, "
                       "\"fixed_commitment\": " TWO(0, 1)),
                 "", "\"flexible_ramp_down_requirement\": 2"));
    struct commit_answer a = solve(&c);
    cr_expect_float_eq(a.power_mw[1], 22, 1e-6);
    cr_expect_float_eq(a.cost_usd, 20 * 900 + 5 + 88 + (4 - 2. / 3) * 250, 1e-6);
    commit_answer_release(&a);
    commit_case_release(&c);
}

#define BURNING                                                                    \
 "{\"generator_type\": \"thermal\", \"bus\": \"B\", \"p_min\": 10, \"p_max\": 30," \
 "\"ramp_up_60min\": 8, \"ramp_down_60min\": 6, \"startup_capacity\": 12,"         \
 "\"shutdown_capacity\": 13, \"min_up_time\": 1, \"min_down_time\": 1,"            \
 "\"initial_status\": 3, \"initial_p_output\": 20, \"p_fuel\": {\"data_type\":"    \
 "\"fuel_curve\", \"values\": [[10, 100], [30, 260]]}, \"fuel_cost\": 2,"          \
 "\"startup_fuel\": [[1, 40]], \"fuel_supply\": \"s\""
#define SUPPLY                                                            \
 "}, \"fuel_supply\": {\"s\": {\"fuel_supply_type\": \"instantaneous\", " \
 "\"fuel_available\": " TWO(1e100, 172) "}"

/* 72 of fuel above minimum are 9 MW in the second hour, in which 3 MW are short. */
Test(service, a_supply_of_fuel_limits_who_holds_services)
{
    struct commit_case c = commit_text_case(INSTANCE(BURNING, SUPPLY, SPIN));
    struct commit_answer a = solve(&c);
    struct commit_certificate flows = {0};
    struct err err = {0};
    cr_expect_float_eq(a.power_mw[1], 19, 1e-6);
    cr_expect_float_eq(a.cost_usd, 2 * 180 + 2 * 172 + 3 * 900 + 2 * (2 - 8 / 6.) * 300,
                       1e-6);
    cr_expect_lt(a.limit_usd_per_mwh[1], -100, "900 less 16 USD for 8 of fuel");
    cr_assert_eq(commit_certificate_flows(&c.problem, &a, &flows, &err), ERR_OK);
    cr_expect_lt(flows.violation_mw, 1e-6);
    commit_answer_release(&a);
    commit_case_release(&c);
}

/* Neither the certificate nor the published rows take an answer that was touched. */
Test(service, what_a_unit_cannot_hold_is_found_by_certificate_and_rows)
{
    struct commit_case c = commit_text_case(
        INSTANCE(REGULATING, COLD "}", SPIN ", \"regulation_up_requirement\": 0.5"));
    struct commit_answer a = solve(&c);
    struct err err = {0};
    const int n = c.problem.n_interval * c.problem.n_unit * COMMIT_PRODUCTS;
    for (int i = 0; i < n; i++) {
        struct commit_certificate certificate;
        const double was = a.reserve_mw[i];
        for (int sign = -1; sign < 2; sign += 2) {
            a.reserve_mw[i] = was + 40 * sign;
            cr_assert_eq(commit_certificate_check(&c.problem, &a, &certificate, &err),
                         ERR_OK);
            cr_expect_gt(certificate.violation_mw, 1, "%d", i);
            cr_expect_gt(commit_rows_check(&c, &a).worst_mw, 1, "%d", i);
        }
        a.reserve_mw[i] = was;
    }
    for (int i = 0; i < c.problem.n_interval * c.problem.n_unit; i++) {
        struct commit_certificate certificate;
        a.regulates[i] ^= 1;
        cr_assert_eq(commit_certificate_check(&c.problem, &a, &certificate, &err),
                     ERR_OK);
        cr_expect_eq(certificate.violation_mw > 1e-6,
                     commit_rows_check(&c, &a).worst_mw > 1e-6, "%d", i);
        a.regulates[i] ^= 1;
    }
    commit_answer_release(&a);
    commit_case_release(&c);
}

Test(service, every_allocation_may_fail)
{
    struct commit_case c = commit_text_case(INSTANCE(UNIT, "", SPIN));
    const struct commit_options options = {.gap = 1e-9, .n_thread = 1};
    const long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct commit_answer a;
        struct err err = {0};
        mem_fail_after(n);
        code = commit_solve(&c.problem, &options, &a, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        if (!code)
            commit_answer_release(&a);
        cr_assert_eq(mem_live(), before, "%ld", n);
    }
    commit_case_release(&c);
}
