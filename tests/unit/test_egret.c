/* test_egret.c - instances of Egret become problems of commitment. */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "tests/support/commit_text.h"

#define SERIES(a, b) "{\"data_type\": \"time_series\", \"values\": [" #a ", " #b "]}"
#define SYSTEM                                                                     \
 "\"system\": {\"time_keys\": [\"1\", \"2\"], \"time_period_length_minutes\": 30," \
 "\"load_mismatch_cost\": 900, \"reserve_shortfall_cost\": 70,"                    \
 "\"reserve_requirement\": " SERIES(3, 4) "}"
#define BUSES "\"bus\": {\"B10\": {\"base_kv\": 1}, \"B9\": {}},\n"
#define LOADS                                                \
 "\"load\": {\"L\": {\"bus\": \"B10\", \"p_load\": " SERIES( \
     50, 60) "}, \"off\": {\"bus\": \"B9\", \"p_load\": 7, \"in_service\": false}},\n"
#define THERMAL(cost, rest)                                                            \
 "{\"generator_type\": \"thermal\", \"bus\": \"B9\", \"p_min\": 10, \"p_max\": 30,"    \
 "\"ramp_up_60min\": 8, \"startup_capacity\": 12, \"shutdown_capacity\": 13,"          \
 "\"min_up_time\": 2, \"min_down_time\": 1, \"initial_status\": 3,"                    \
 "\"initial_p_output\": 20, \"p_cost\": {\"data_type\": \"cost_curve\"," cost "}" rest \
 "}"
#define PIECES \
 "\"cost_curve_type\": \"piecewise\", \"values\": [[10, 100], [20, 160], [30, 250]]"
#define LINEAR "\"cost_curve_type\": \"polynomial\", \"values\": {\"0\": 5, \"1\": 4}"
#define FULL                                                                           \
 "{\"elements\": {" BUSES LOADS "\"generator\": {\"G\": " THERMAL(                     \
     PIECES,                                                                           \
     ", \"startup_cost\": [[1, 40], [6, 60]], "                                        \
     "\"fixed_commitment\": 1") ",\n"                                                  \
                                "\"H\": " THERMAL(                                     \
                                    LINEAR,                                            \
                                    ", "                                               \
                                    "\"fuel\": "                                       \
                                    "\"C\"") ","                                       \
                                             "\n"                                      \
                                             "\"W\": {\"generator_type\": "            \
                                             "\"renewable\", \"bus\": \"B10\", "       \
                                             "\"p_min\": 0,"                           \
                                             "\"p_max\": " SERIES(                     \
                                                 5, 6) "}},\n"                         \
                                                       "\"branch\": {\"b2\": "         \
                                                       "{\"from_bus\": \"B9\", "       \
                                                       "\"to_bus\": \"B10\", "         \
                                                       "\"reactance\": 0.5,"           \
                                                       "\"rating_long_term\": 40, "    \
                                                       "\"rating_emergency\": 44},"    \
                                                       "\"b1\": {\"from_bus\": "       \
                                                       "\"B9\", \"to_bus\": \"B10\", " \
                                                       "\"reactance\": 0.25}},\n"      \
                                                       "\"contingency\": {\"c\": "     \
                                                       "{\"branch_contingency\": "     \
                                                       "\"b1\"}}, \"storage\": "       \
                                                       "{}},\n" SYSTEM "}"

Test(egret, every_number_has_its_place)
{
    struct commit_case c = commit_text_case(FULL);
    const struct commit_problem *p = &c.problem;
    const struct commit_unit *u = &p->unit[0];
    cr_assert_eq(c.format, COMMIT_EGRET);
    cr_assert_eq(p->n_interval, 2);
    cr_assert_float_eq(p->interval_h, 0.5, 0);
    cr_assert_eq(p->n_unit, 2);
    cr_assert_str_eq(c.unit_id[1], "H");
    cr_assert_float_eq(u->ramp_up_mw, 4, 0);
    cr_assert(isinf(u->ramp_down_mw));
    cr_assert_float_eq(u->start_max_mw, 10 + 2 / 2., 0);
    cr_assert_float_eq(u->stop_max_mw, 10 + 3 / 2., 0);
    cr_assert_eq(u->min_up, 4);
    cr_assert_eq(u->min_down, 2);
    cr_assert_eq(u->age_before, 6);
    cr_assert_eq(u->start[1].lag, 12);
    cr_assert_eq(u->status[1], COMMIT_ON);
    cr_assert_null(p->unit[1].status);
    cr_assert_float_eq(u->min_cost_usd_per_h[1], 100, 0);
    cr_assert_float_eq(p->curve[u->curve[0]].cost_usd_per_mwh[1], 9, 0);
    cr_assert_float_eq(p->unit[1].min_cost_usd_per_h[0], 45, 0);
    cr_assert_float_eq(p->curve[1].cost_usd_per_mwh[0], 4, 1e-12);
    cr_assert_eq(p->n_other, 1);
    cr_assert_eq(p->other[0].bus, 1);
    cr_assert_float_eq(p->other[0].max_mw[1], 6, 0);
    cr_assert_float_eq(p->load_mw[1], 60, 0);
    cr_assert_float_eq(p->shortage_usd_per_mwh, 900, 0);
    cr_assert_float_eq(p->requirement[0].need_mw[1], 4, 0);
    cr_assert_float_eq(p->requirement[0].step_usd_per_mw[0], 70, 0);
    cr_assert_eq(u->n_offer, 1);
    commit_case_release(&c);
    cr_assert_eq(mem_live(), 0);
}

Test(egret, branches_and_contingencies_make_a_network)
{
    struct commit_case c = commit_text_case(FULL);
    const struct dispatch_outages *o = c.problem.outages;
    cr_assert(c.has_network);
    cr_assert_str_eq(c.branch_id[0], "b1");
    cr_assert_float_eq(c.network.susceptance_mw_per_rad[0], 4, 0);
    cr_assert_float_eq(c.network.flow_max_mw[1], 40, 0);
    cr_assert_float_eq(o->max_mw[1], 44, 0);
    cr_assert(isinf(o->max_mw[0]));
    cr_assert_eq(o->n_outage, 1);
    cr_assert_eq(o->branch[0], 0);
    cr_assert_float_eq(c.problem.branch_usd_per_mwh, 900, 0);
    commit_case_release(&c);
}

Test(egret, what_is_not_supported_is_refused_by_name)
{
    commit_text_faults(
        "{\"elements\": {" BUSES "\"generator\": {\"G\": " THERMAL(
            "\"cost_curve_type\": \"polynomial\", \"values\": {\"3\": 0.1}",
            "") ",\n"
                "\"S\": {\"generator_type\": \"virtual\"}},\n"
                "\"zone\": {\"i\": {}},\n\"dc_branch\": {\"d\": {}}}, " SYSTEM "}",
        "2:324: a polynomial cost of degree 3 or more is not supported; expected "
        "degree 2 or 'piecewise'\n"
        "3:6: no 'generator_type' that is known; expected thermal or renewable\n"
        "4:9: elements of kind 'zone' are not supported; expected none\n"
        "5:14: elements of kind 'dc_branch' are not supported; expected none\n");
    commit_text_faults(
        "{\"elements\": {}, \"system\": {\"regulation_up_requirement\": 3}}",
        "1:14: no buses; expected at least one in 'bus'\n"
        "1:28: no 'load_mismatch_cost'; expected a number\n"
        "1:28: no 'time_keys'; expected an array\n"
        "1:28: no 'time_period_length_minutes'; expected a number\n");
}

#define HOURS                                                                      \
 "\"system\": {\"time_keys\": [\"1\", \"2\"], \"time_period_length_minutes\": 60," \
 "\"load_mismatch_cost\": 900}"
#define BY_PERIOD(limits, before, cost, system)                                       \
 "{\"elements\": {" BUSES                                                             \
 "\"generator\": {\"G\": {\"generator_type\": \"thermal\", \"bus\": \"B9\",\n" limits \
 ",\n\"ramp_up_60min\": 8, \"startup_capacity\": 12, \"shutdown_capacity\": 13,"      \
 "\"min_up_time\": 2, \"min_down_time\": 1, \"initial_status\": 3,"                   \
 "\"initial_p_output\": " before ",\n" cost "}}}, " system "}"
#define PERIODS   "\"p_min\": " SERIES(5, 15) ", \"p_max\": " SERIES(25, 15)
#define PIECEWISE "\"p_cost\": {\"data_type\": \"cost_curve\", " PIECES "}"

/* From 5 MW on, where the first part of the curve goes on; at 15 MW there is one point. */
Test(egret, limits_by_period_cut_the_curve)
{
    struct commit_case c = commit_text_case(BY_PERIOD(PERIODS, "8", PIECEWISE, HOURS));
    const struct commit_unit *u = &c.problem.unit[0];
    const struct commit_curve *curve = &c.problem.curve[u->curve[0]];
    cr_expect_float_eq(u->min_mw, 5, 0);
    cr_expect_float_eq(u->max_mw, 25, 0);
    cr_expect_float_eq(u->least_mw[1], 15, 0);
    cr_expect_float_eq(u->most_mw[1], 15, 0);
    cr_expect_float_eq(u->mw_before, 8, 0);
    cr_expect_eq(curve->n_segment, 2);
    cr_expect_float_eq(u->min_cost_usd_per_h[0], 100 - 5 * 6, 1e-9);
    cr_expect_float_eq(curve->width_mw[0], 15, 1e-9);
    cr_expect_float_eq(curve->cost_usd_per_mwh[0], 6, 1e-12);
    cr_expect_float_eq(curve->cost_usd_per_mwh[1], 9, 1e-12);
    cr_expect_float_eq(u->min_cost_usd_per_h[1], 130, 1e-9);
    commit_case_release(&c);
}

/* Chords of 10 MW of 4 P + 0.1 P^2, and 5 P; the power before widens the range. */
Test(egret, costs_by_period_are_chords_between_the_limits_of_theirs)
{
    struct commit_case c = commit_text_case(BY_PERIOD(
        "\"p_min\": 10, \"p_max\": " SERIES(30, 20), "35.5",
        "\"ramp_down_60min\": 9, \"non_fuel_no_load_cost\": 7, \"p_cost\": "
        "{\"data_type\": \"time_series\", \"values\": [{\"data_type\": \"cost_curve\", "
        "\"cost_curve_type\": \"polynomial\", \"values\": {\"2\": 0.1, \"1\": 4}},\n"
        "{\"data_type\": \"cost_curve\", \"cost_curve_type\": \"polynomial\", "
        "\"values\": {\"1\": 5}}]}",
        HOURS));
    const struct commit_unit *u = &c.problem.unit[0];
    const struct commit_curve *curve = &c.problem.curve[u->curve[0]];
    cr_expect_float_eq(u->max_mw, 35.5, 0);
    cr_expect_float_eq(u->min_cost_usd_per_h[0], 57, 1e-9);
    cr_expect_float_eq(curve->cost_usd_per_mwh[0], 7, 1e-12);
    cr_expect_float_eq(curve->cost_usd_per_mwh[1], 9, 1e-12);
    cr_expect_float_eq(curve->width_mw[1], 15.5, 1e-9);
    curve = &c.problem.curve[u->curve[1]];
    cr_expect_float_eq(u->min_cost_usd_per_h[1], 57, 1e-9);
    cr_expect_eq(curve->n_segment, 1);
    cr_expect_float_eq(curve->cost_usd_per_mwh[0], 5, 1e-12);
    commit_case_release(&c);
}

/* What is not known is not judged: a limit that is none has one fault, its curve none. */
Test(egret, limits_by_period_that_cannot_be_are_refused_by_name)
{
    commit_text_faults(
        BY_PERIOD(PERIODS, "14", PIECEWISE, SYSTEM),
        "3:10: limits by period in periods of 30 minutes are not supported; expected "
        "60\n");
    commit_text_faults(
        BY_PERIOD("\"p_min\": " SERIES(26, 15) ", \"p_max\": " SERIES(25, "\"x\""),
                  "14", PIECEWISE, HOURS),
        "3:113: 'p_max' is a text; expected a number\n");
    commit_text_faults(
        BY_PERIOD("\"p_min\": " SERIES(26, 15) ", \"p_max\": " SERIES(25, 15), "14",
                  PIECEWISE, HOURS),
        "2:20: at least 26 and at most 25 MW in period 1; expected the least first\n");
    commit_text_faults(BY_PERIOD(PERIODS, "-3", PIECEWISE, HOURS),
                       "2:20: 'initial_p_output' is -3; expected within a ramp of "
                       "the limits of the first period, from 0 to inf\n");
    commit_text_faults(
        BY_PERIOD("\"p_min\": " SERIES(5, 15) ", \"p_max\": " SERIES(25, 31), "14",
                  PIECEWISE, HOURS),
        "5:11: a cost curve that ends at 30 MW; expected points up to the most power, "
        "31 "
        "MW\n");
    commit_text_faults(
        BY_PERIOD(PERIODS, "14",
                  "\"p_cost\": {\"data_type\": \"time_series\", \"values\": [{}]}",
                  HOURS),
        "5:50: 1 cost curves; expected 2\n");
}

Test(egret, every_allocation_of_periods_may_fail)
{
    commit_text_fail_each(BY_PERIOD(PERIODS, "8", PIECEWISE, HOURS));
}

/* Two chords of 10 MW: 0.1 x (10 + 20) and 0.1 x (20 + 30) USD/MWh steeper than 4. */
Test(egret, a_quadratic_cost_is_two_chords)
{
    struct commit_case c =
        commit_text_case("{\"elements\": {" BUSES "\"generator\": {\"G\": " THERMAL(
            "\"cost_curve_type\": \"polynomial\", \"values\": {\"2\": 0.1, \"1\": 4}",
            ", \"must_run\": 1") "}}, " SYSTEM "}");
    const struct commit_unit *u = &c.problem.unit[0];
    const struct commit_curve *curve = &c.problem.curve[u->curve[0]];
    cr_assert_float_eq(u->min_cost_usd_per_h[0], 50, 1e-12);
    cr_assert_eq(curve->n_segment, 2);
    cr_assert_float_eq(curve->width_mw[0], 10, 1e-12);
    cr_assert_float_eq(curve->cost_usd_per_mwh[0], 7, 1e-12);
    cr_assert_float_eq(curve->cost_usd_per_mwh[1], 9, 1e-12);
    cr_assert_eq(u->status[1], COMMIT_ON);
    commit_case_release(&c);
    commit_text_faults(
        "{\"elements\": {" BUSES "\"generator\": {\"G\": " THERMAL(
            "\"cost_curve_type\": \"polynomial\", \"values\": {\"2\": -0.1}",
            "") "}}, " SYSTEM "}",
        "2:324: a polynomial cost that is concave; expected a coefficient of degree 2 "
        "that "
        "is not negative\n");
}

Test(egret, a_load_with_a_price_may_be_served)
{
    struct commit_case c = commit_text_case(
        "{\"elements\": {" BUSES "\"load\": {\"L\": {\"bus\": \"B10\", \"p_load\": 7, "
        "\"p_price\": " SERIES(
            20, -3) "}, \"K\": {\"bus\": \"B9\", \"p_load\": 5}}}, " SYSTEM "}");
    const struct commit_problem *p = &c.problem;
    cr_assert_eq(p->n_other, 1);
    cr_assert_str_eq(c.other_id[0], "L");
    cr_assert_float_eq(p->other[0].min_mw[1], -7, 0);
    cr_assert_float_eq(p->other[0].max_mw[1], 0, 0);
    cr_assert_float_eq(p->other[0].cost_usd_per_mwh[1], -3, 0);
    cr_assert_float_eq(p->load_mw[0], 5, 0);
    commit_case_release(&c);
}

#define LIMITED(price)                                            \
 "{\"from_bus\": \"B9\", \"to_bus\": \"B10\", \"reactance\": 1, " \
 "\"rating_long_term\": 40, \"violation_penalty\": " #price "}"

Test(egret, branches_tell_what_an_overload_costs)
{
    struct commit_case c = commit_text_case(
        "{\"elements\": {" BUSES "\"branch\": {\"b\": " LIMITED(2.5) "}}, " SYSTEM "}");
    cr_assert_float_eq(c.problem.branch_usd_per_mwh, 2.5, 0);
    commit_case_release(&c);
    commit_text_faults(
        "{\"elements\": {" BUSES
        "\"branch\": {\"a\": " LIMITED(2) ",\n\"b\": " LIMITED(3) "}}, " SYSTEM "}",
        "3:6: an overload costs 3, and 2 on a branch before; expected one "
        "price for all\n");
}

#define FUEL(supply, rest)                                                          \
 "{\"generator_type\": \"thermal\", \"bus\": \"B9\", \"p_min\": 10, \"p_max\": 30," \
 "\"ramp_up_60min\": 8, \"startup_capacity\": 12, \"shutdown_capacity\": 13,"       \
 "\"min_down_time\": 1, \"initial_status\": -3, \"initial_p_output\": 0,"           \
 "\"p_fuel\": {\"data_type\": \"fuel_curve\", \"values\": [[10, 100], [30, 260]]}," \
 "\"startup_fuel\": [[1, 40]], \"fuel_cost\": 2, \"non_fuel_no_load_cost\": 7,"     \
 "\"non_fuel_startup_cost\": 3, \"fuel_supply\": \"" supply "\"" rest "}"
#define TWO_FUELS ", \"aux_fuel_capable\": true, \"aux_fuel_cost\": 5"
#define FUELS                                                                        \
 "{\"elements\": {" BUSES "\"generator\": {\"F\": " FUEL("s", "") ",\n\"G\": " FUEL( \
     "s", TWO_FUELS                                                                  \
     ", "                                                                            \
     "\"aux_"                                                                        \
     "fuel_"                                                                         \
     "online_"                                                                       \
     "switching"                                                                     \
     "\": true") ",\n\"H\": " FUEL("t", TWO_FUELS                                    \
                                   ", \"aux_fuel_blending\": "                       \
                                   "true") "},\n"                                    \
                                           "\"fuel_supply\": "                       \
                                           "{\"s\": "                                \
                                           "{\"fuel_supply_"                         \
                                           "type\": "                                \
                                           "\"instantaneous\", "                     \
                                           "\"fuel_available\":"                     \
                                           " " SERIES(49, 1e100) "}, \"t\": "        \
                                                                 "{\"fuel_"          \
                                                                 "supply_"           \
                                                                 "type\": "          \
                                                                 "\"instanta"        \
                                                                 "neous\", "         \
                                                                 "\"fuel_"           \
                                                                 "available"         \
                                                                 "\": "              \
                                                                 "80}}},\n"          \
                                                                 "\"system\""        \
                                                                 ": "                \
                                                                 "{\"time_"          \
                                                                 "keys\": "          \
                                                                 "[\"1\", "          \
                                                                 "\"2\"], "          \
                                                                 "\"time_"           \
                                                                 "period_"           \
                                                                 "length_"           \
                                                                 "minutes\":"        \
                                                                 " 30,"              \
                                                                 "\"load_"           \
                                                                 "mismatch_"         \
                                                                 "cost\": "          \
                                                                 "900}}"

Test(egret, fuel_is_cost_and_part_of_a_supply)
{
    struct commit_case c = commit_text_case(FUELS);
    const struct commit_problem *p = &c.problem;
    const struct commit_unit *u = p->unit;
    cr_assert_eq(p->n_limit, 2);
    cr_assert_float_eq(p->limit[0].max_mw[0], 49, 0);
    cr_assert(isinf(p->limit[0].max_mw[1]) && isinf(p->limit[0].usd_per_mwh));
    cr_assert_eq(u[0].supply, 1);
    cr_assert_float_eq(u[0].min_fuel_per_h, 100, 0);
    cr_assert_float_eq(u[0].fuel_per_mwh[0], 8, 1e-12);
    cr_assert_float_eq(u[0].start_fuel[0], 40, 0);
    cr_assert_float_eq(u[0].min_cost_usd_per_h[0], 207, 1e-12);
    cr_assert_float_eq(p->curve[u[0].curve[0]].cost_usd_per_mwh[0], 16, 1e-12);
    cr_assert_float_eq(u[0].start[0].cost_usd, 83, 1e-12);
    cr_assert_eq(u[0].status[0], COMMIT_OFF, "half an hour at least takes 50");
    cr_assert_eq(u[0].status[1], COMMIT_FREE);
    commit_case_release(&c);
}

Test(egret, two_fuels_are_two_configurations_or_blend)
{
    struct commit_case c = commit_text_case(FUELS);
    const struct commit_problem *p = &c.problem;
    const struct commit_unit *u = &p->unit[1];
    cr_assert_eq(u->n_config, 2);
    cr_assert_eq(u->n_transition, 2);
    cr_assert_float_eq(u->transition[0].up_mw, 4, 0);
    cr_assert_eq(u->config[0].as.supply, 1);
    cr_assert_eq(u->config[0].as.status[0], COMMIT_OFF);
    cr_assert_eq(u->config[1].as.supply, 0);
    cr_assert_float_eq(u->config[1].as.min_cost_usd_per_h[1], 507, 1e-12);
    cr_assert_float_eq(p->curve[u->config[1].as.curve[0]].cost_usd_per_mwh[0], 40,
                       1e-12);
    cr_assert_eq(p->unit[2].n_config, 0);
    cr_assert_eq(p->unit[2].supply, 2);
    cr_assert_null(p->unit[2].status);
    cr_assert_float_eq(p->limit[1].usd_per_mwh, 6, 1e-12,
                       "3 for a unit of fuel in half an hour");
    commit_case_release(&c);
}

Test(egret, fuel_that_cannot_be_stated_is_refused)
{
    commit_text_faults(
        "{\"elements\": {" BUSES
        "\"generator\": {\"F\": " FUEL("s", TWO_FUELS ", \"aux_fuel_blending\": true") ",\n\"G\": " FUEL(
            "s", "") ",\n\"H\": " FUEL("x",
                                       ", \"p_cost\": {}") "},\n"
                                                           "\"fuel_supply\": {\"s\": "
                                                           "{\"fuel_supply_type\": "
                                                           "\"tank\"}}}, " SYSTEM "}",
        "4:6: both 'p_fuel' and 'p_cost'; expected one of them\n"
        "4:391: unknown supply of fuel 'x'; expected one of the file\n"
        "5:16: the supply 's' of a unit that blends fuels serves 2; expected that unit "
        "alone\n"
        "5:22: a supply of fuel of a type that is not supported; expected "
        "'fuel_supply_type' instantaneous\n"
        "5:22: no 'fuel_available'; expected a number or series\n");
}

Test(egret, every_allocation_of_fuel_may_fail)
{
    commit_text_fail_each(FUELS);
}

#define BRANCH                                                                     \
 "\"branch\": {\"b\": {\"from_bus\": \"B9\", \"to_bus\": \"B10\", \"reactance\": " \
 "1}},\n"
#define LIMITS                                                                        \
 "{\"elements\": {" BUSES BRANCH "\"generator\": {\"G\": " THERMAL(                   \
     LINEAR,                                                                          \
     "") "},\n"                                                                       \
         "\"interface\": {\"i\": {\"lines\": [\"b\"], \"line_orientation\": [-1], "   \
         "\"maximum_limit\": " SERIES(                                                \
             7, 8) ", \"violation_penalty\": 2.5}},\n"                                \
                   "\"security_constraint\": {\"s\": {\"security_constraint_type\": " \
                   "\"pg\", "                                                         \
                   "\"lower_bound\": -3, \"upper_bound\": null, \"coefs\": "          \
                   "{\"data_type\": \"coefs\", "                                      \
                   "\"values\": {\"generator\": {\"G\": -1.5}}}}}}, " SYSTEM "}"

Test(egret, interfaces_and_security_constraints_are_limits_on_sums)
{
    struct commit_case c = commit_text_case(LIMITS);
    const struct commit_limit *l = c.problem.limit;
    cr_assert_eq(c.problem.n_limit, 2);
    cr_assert(c.has_network);
    cr_assert_str_eq(c.limit_id[0], "i");
    cr_assert_eq(l[0].n_branch, 1);
    cr_assert_float_eq(l[0].branch_weight[0], -1, 0);
    cr_assert_float_eq(l[0].max_mw[1], 8, 0);
    cr_assert(isinf(l[0].min_mw[1]));
    cr_assert_float_eq(l[0].usd_per_mwh, 2.5, 0);
    cr_assert_str_eq(c.limit_id[1], "s");
    cr_assert_eq(l[1].n_branch, 0);
    cr_assert_float_eq(l[1].unit[0], -1.5, 0);
    cr_assert_float_eq(l[1].min_mw[0], -3, 0);
    cr_assert(isinf(l[1].max_mw[0]));
    cr_assert(isinf(l[1].usd_per_mwh));
    commit_case_release(&c);
}

Test(egret, a_limit_on_a_sum_names_what_there_is)
{
    commit_text_faults(
        "{\"elements\": {" BUSES BRANCH
        "\"interface\": {\"i\": {\"lines\": [\"x\"], \"line_orientation\": [1]},\n"
        "\"j\": {\"lines\": [\"b\"], \"line_orientation\": [1, 1]},\n"
        "\"k\": {\"lines\": [\"b\"], \"line_orientation\": [1], \"minimum_limit\": 4, "
        "\"maximum_limit\": 3}},\n"
        "\"security_constraint\": {\"s\": {\"security_constraint_type\": \"pg\", "
        "\"coefs\": {\"values\": {\"generator\": {\"G\": 1}}}},\n"
        "\"t\": {\"security_constraint_type\": \"flow\"}}}, " SYSTEM "}",
        "3:31: unknown branch 'x'; expected one in service\n"
        "4:43: 2 orientations of 1 lines; expected one of each\n"
        "5:6: at least 4 and at most 3 MW in period 1; expected the least first\n"
        "6:105: unknown generator 'G'; expected one in service\n"
        "7:6: a security constraint of type 'flow' is not supported; expected 'pg'\n");
}

Test(egret, every_allocation_of_limits_may_fail)
{
    commit_text_fail_each(LIMITS);
}

/* The services of one area, and a unit that can hold all of them. */
#define SERVICES_SYSTEM                                                            \
 "\"system\": {\"time_keys\": [\"1\", \"2\"], \"time_period_length_minutes\": 60," \
 "\"load_mismatch_cost\": 900, \"reserve_shortfall_cost\": 100,"                   \
 "\"reserve_requirement\": 3, \"spinning_reserve_requirement\": " SERIES(          \
     3,                                                                            \
     4) ","                                                                        \
        "\"regulation_up_requirement\": 2, \"supplemental_reserve_requirement\": 1}"
#define SERVICES(extra, system)                                                    \
 "{\"elements\": {" BUSES LOADS "\"generator\": {\"A\": " THERMAL(                 \
     LINEAR,                                                                       \
     ", \"ramp_down_60min\": 6") ",\n\"G\": " THERMAL(LINEAR,                      \
                                                      ", \"ramp_down_60min\": 6, " \
                                                      "\"area\": \"Z\", "          \
                                                      "\"agc_capable\": true,"     \
                                                      "\"ramp_agc\": 0.5, "        \
                                                      "\"p_min_agc\": 11, "        \
                                                      "\"p_max_agc\": 29,"         \
                                                      "\"fast_start\": true, "     \
                                                      "\"non_spinning_capacity\":" \
                                                      " 9,"                        \
                                                      "\"supplemental_start\": "   \
                                                      "true, "                     \
                                                      "\"supplemental_non_"        \
                                                      "spinning_capacity\": "      \
                                                      "7" extra) "},\n"            \
                                                                 "\"area\": "      \
                                                                 "{\"Z\": "        \
                                                                 "{\"spinning_"    \
                                                                 "reserve_"        \
                                                                 "requirement\": " \
                                                                 "5}}},\n" system "}"

Test(egret, services_nest_and_an_area_counts_for_the_system)
{
    struct commit_case c = commit_text_case(SERVICES("", SERVICES_SYSTEM));
    const struct commit_problem *p = &c.problem;
    const struct commit_service *s = &p->service[1];
    static const char *const name[] = {
        "reserve",          "regulation_up",        "regulation_down",
        "spinning_reserve", "supplemental_reserve", "Z:spinning_reserve"};
    cr_assert_eq(p->n_requirement, 6);
    for (int q = 0; q < 6; q++)
        cr_expect_str_eq(c.requirement_id[q], name[q]);
    const struct commit_requirement *spin = &p->requirement[3];
    cr_expect_eq(spin->products, 1u << SERVICE_REGULATION_UP | 1u << SERVICE_SPIN);
    cr_expect_float_eq(spin->need_mw[1], 2 + 4, 0);
    cr_expect_float_eq(spin->most_mw[1], 4, 0);
    cr_expect_eq(spin->also, 1u << 1 | 1u << 5, "regulation up, and the area");
    cr_expect_float_eq(p->requirement[1].step_usd_per_mw[0], 500, 0);
    cr_expect_float_eq(spin->step_usd_per_mw[0], 300, 0);
    cr_expect_float_eq(p->requirement[4].step_usd_per_mw[0], 150, 0);
    cr_expect_eq(p->requirement[4].products, 1u << SERVICE_REGULATION_UP |
                                                 1u << SERVICE_SPIN |
                                                 1u << SERVICE_SUPPLEMENTAL);
    cr_expect_float_eq(p->requirement[4].need_mw[0], 2 + 3 + 1, 0);
    cr_expect_eq(p->requirement[5].n_unit, 1);
    cr_expect_eq(p->requirement[5].unit[0], 1);
    cr_expect_float_eq(s->regulation_up_mw, 8 * 5 / 60., 1e-12,
                       "its ramp, not its rate");
    cr_expect_float_eq(s->regulation_down_mw, 6 * 5 / 60., 1e-12);
    cr_expect_float_eq(s->spin_mw, 8 / 6., 1e-12);
    cr_expect_float_eq(s->supplemental_mw, 4, 1e-12);
    cr_expect_float_eq(s->flex_down_mw, 2, 1e-12);
    cr_expect_float_eq(s->non_spin_off_mw, 7, 0, "no more than supplemental");
    cr_expect_float_eq(p->service[0].regulation_up_mw, 0, 0);
    commit_case_release(&c);
}

Test(egret, services_that_cannot_be_stated_are_refused_by_name)
{
    commit_text_faults(
        SERVICES("", SYSTEM),
        "1:14: services in periods of 30 minutes are not supported; expected 60\n");
    commit_text_faults(
        "{\"elements\": {" BUSES "\"generator\": {\"G\": " FUEL(
            "s", TWO_FUELS
            ", \"ramp_down_60min\": 6") "}, \"fuel_supply\": {\"s\": "
                                        "{\"fuel_supply_type\": \"instantaneous\", "
                                        "\"fuel_available\": 80}}}, "
                                        "\"system\": {\"time_keys\": [\"1\"], "
                                        "\"time_period_length_minutes\": 60, "
                                        "\"load_mismatch_cost\": 900, "
                                        "\"reserve_shortfall_cost\": 100, "
                                        "\"regulation_up_requirement\": 2}}",
        "1:14: services beside fuel of two kinds, as of G, are not supported; expected "
        "either\n");
}

Test(egret, every_allocation_may_fail)
{
    commit_text_fail_each(FULL);
}
