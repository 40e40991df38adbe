/* test_read_pglib_uc.c - instances of pglib-uc become problems of commitment. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/commit_text.h"

#define UNIT(name, first, rest)                                                     \
 "\"" name "\": {" first                                                            \
 ", \"power_output_minimum\": 10, \"power_output_maximum\": 30,\n"                  \
 "\"ramp_up_limit\": 5, \"ramp_down_limit\": 6, \"ramp_startup_limit\": 12,\n"      \
 "\"ramp_shutdown_limit\": 13, \"time_up_minimum\": 2, \"time_down_minimum\": 3,\n" \
 "\"power_output_t0\": 20, \"unit_on_t0\": 1, \"time_down_t0\": 0,\n"               \
 "\"time_up_t0\": 7, " rest "}"
#define START "\"startup\": [{\"lag\": 3, \"cost\": 50}, {\"lag\": 8, \"cost\": 80}]"
#define COSTS                                                                      \
 "\"piecewise_production\": [{\"mw\": 10, \"cost\": 100}, {\"mw\": 20, \"cost\": " \
 "180},"                                                                           \
 "{\"mw\": 30, \"cost\": 280}]"
#define MUST(n) "\"must_run\": " #n
#define TWO_UNITS \
 UNIT("G10", MUST(0), START ", " COSTS) ",\n" UNIT("G9", MUST(1), START ", " COSTS)
#define CASE(units, others)                                            \
 "{\"time_periods\": 2, \"demand\": [40, 50], \"reserves\": [3, 4],\n" \
 "\"thermal_generators\": {" units "},\n\"renewable_generators\": {" others "}}"
#define WIND                                                    \
 "\"W\": {\"name\": \"W\", \"power_output_minimum\": [0, 1],\n" \
 "\"power_output_maximum\": [5, 6]}"

Test(read_pglib_uc, every_number_has_its_place)
{
    struct commit_case c = commit_text_case(CASE(TWO_UNITS, WIND));
    const struct commit_problem *p = &c.problem;
    cr_assert_eq(c.format, COMMIT_PGLIB_UC);
    cr_assert_eq(p->n_interval, 2);
    cr_assert_eq(p->n_unit, 2);
    cr_assert_str_eq(c.unit_id[0], "G9");
    cr_assert_str_eq(c.unit_id[1], "G10");
    const struct commit_unit *u = &p->unit[1];
    cr_assert_float_eq(u->min_mw, 10, 0);
    cr_assert_float_eq(u->max_mw, 30, 0);
    cr_assert_float_eq(u->ramp_up_mw, 5, 0);
    cr_assert_float_eq(u->ramp_down_mw, 6, 0);
    cr_assert_float_eq(u->start_max_mw, 12, 0);
    cr_assert_float_eq(u->stop_max_mw, 13, 0);
    cr_assert_eq(u->min_up, 2);
    cr_assert_eq(u->min_down, 3);
    cr_assert(u->on_before);
    cr_assert_eq(u->age_before, 7);
    cr_assert_float_eq(u->mw_before, 20, 0);
    cr_assert_null(u->status);
    cr_assert_eq(p->unit[0].status[1], COMMIT_ON);
    cr_assert_eq(u->n_start, 2);
    cr_assert_eq(u->start[1].lag, 8);
    cr_assert_float_eq(u->start[1].cost_usd, 80, 0);
    const struct commit_curve *curve = &p->curve[u->curve[1]];
    cr_assert_eq(curve->n_segment, 2);
    cr_assert_float_eq(curve->width_mw[1], 10, 0);
    cr_assert_float_eq(curve->cost_usd_per_mwh[0], 8, 0);
    cr_assert_float_eq(curve->cost_usd_per_mwh[1], 10, 0);
    cr_assert_float_eq(u->min_cost_usd_per_h[1], 100, 0);
    cr_assert_eq(u->n_offer, 1);
    cr_assert(isinf(u->offer[0].max_mw) && u->reserve_shares_ramp);
    cr_assert_float_eq(p->load_mw[1], 50, 0);
    cr_assert_float_eq(p->requirement[0].need_mw[1], 4, 0);
    cr_assert_eq(p->requirement[0].n_step, 0);
    cr_assert(isinf(p->shortage_usd_per_mwh) && p->pglib_start_rows);
    cr_assert_str_eq(c.other_id[0], "W");
    cr_assert_float_eq(p->other[0].min_mw[1], 1, 0);
    cr_assert_float_eq(p->other[0].max_mw[0], 5, 0);
    commit_case_release(&c);
    cr_assert_eq(mem_live(), 0);
}

Test(read_pglib_uc, a_curve_that_is_not_convex_becomes_its_lower_hull)
{
    struct commit_case c = commit_text_case(
        CASE(UNIT("G", MUST(0),
                  START ", \"piecewise_production\": ["
                        "{\"mw\": 10, \"cost\": 100}, {\"mw\": 15, \"cost\": 170},"
                        "{\"mw\": 20, \"cost\": 200}, {\"mw\": 25, \"cost\": 240},"
                        "{\"mw\": 30, \"cost\": 300}]"),
             ""));
    const struct commit_curve *curve = &c.problem.curve[0];
    cr_assert_eq(curve->n_segment, 2);
    cr_assert_float_eq(curve->width_mw[0], 15, 0);
    cr_assert_float_eq(curve->cost_usd_per_mwh[0], 140.0 / 15, 1e-12);
    cr_assert_float_eq(curve->cost_usd_per_mwh[1], 12, 0);
    commit_case_release(&c);
}

Test(read_pglib_uc, a_unit_of_one_output_has_a_curve_without_segments)
{
    struct commit_case c = commit_text_case(
        "{\"time_periods\": 1, \"demand\": [4], \"reserves\": [0],"
        "\"thermal_generators\": {\"G\": {\"must_run\": 0, \"power_output_minimum\": "
        "10,"
        "\"power_output_maximum\": 10, \"ramp_up_limit\": 5, \"ramp_down_limit\": 6,"
        "\"ramp_startup_limit\": 12, \"ramp_shutdown_limit\": 13, \"time_up_minimum\": "
        "0,"
        "\"time_down_minimum\": 1, \"power_output_t0\": 3, \"unit_on_t0\": 0,"
        "\"time_down_t0\": 4, \"time_up_t0\": 0, \"startup\": [{\"lag\": 1, \"cost\": "
        "0}],"
        "\"piecewise_production\": [{\"mw\": 10, \"cost\": 7}]}},"
        "\"renewable_generators\": {}}");
    cr_assert_eq(c.problem.curve[0].n_segment, 0);
    cr_assert_float_eq(c.problem.unit[0].min_cost_usd_per_h[0], 7, 0);
    cr_assert_float_eq(c.problem.unit[0].mw_before, 0, 0);
    cr_assert_eq(c.problem.unit[0].min_up, 1);
    cr_assert_eq(c.problem.unit[0].age_before, 4);
    commit_case_release(&c);
}

Test(read_pglib_uc, the_order_of_a_file_does_not_show)
{
    struct commit_case a = commit_text_case(CASE(
        UNIT("G1", MUST(1), START ", " COSTS) "," UNIT("G2", MUST(0), START ", " COSTS),
        ""));
    struct commit_case b = commit_text_case(CASE(
        UNIT("G2", START ", " COSTS, MUST(0)) "," UNIT("G1", START ", " COSTS, MUST(1)),
        ""));
    for (int32_t g = 0; g < 2; g++) {
        cr_assert_str_eq(a.unit_id[g], b.unit_id[g]);
        cr_assert_eq(a.problem.unit[g].status != NULL,
                     b.problem.unit[g].status != NULL);
    }
    commit_case_release(&a);
    commit_case_release(&b);
}

Test(read_pglib_uc, all_faults_are_found_at_once_with_their_positions)
{
    commit_text_faults(
        "{\"time_periods\": 2, \"demand\": [40, -1], \"reserve\": [3, 4],\n"
        "\"thermal_generators\": {\"G,1\": {\"must_run\": 2}, \"H\": 4},\n"
        "\"renewable_generators\": {\"W\": {\"power_output_minimum\": [3],\n"
        "\"power_output_maximum\": [true, 2]}}}",
        "1:1: no 'reserves'; expected an array\n"
        "1:36: 'demand' is -1; expected 0 to 1000000000\n"
        "1:41: unknown key 'reserve'; expected 'reserves'?\n"
        "2:24: 'G,1' cannot be a name; expected 1 to 64 printable ASCII characters "
        "without comma and quotes\n"
        "2:31: no 'piecewise_production'; expected an array\n"
        "2:31: no 'power_output_maximum'; expected a number\n"
        "2:31: no 'power_output_minimum'; expected a number\n"
        "2:31: no 'power_output_t0'; expected a number\n"
        "2:31: no 'ramp_down_limit'; expected a number\n"
        "2:31: no 'ramp_shutdown_limit'; expected a number\n"
        "2:31: no 'ramp_startup_limit'; expected a number\n"
        "2:31: no 'ramp_up_limit'; expected a number\n"
        "2:31: no 'startup'; expected an array\n"
        "2:31: no 'time_down_minimum'; expected a number\n"
        "2:31: no 'time_down_t0'; expected a number\n"
        "2:31: no 'time_up_minimum'; expected a number\n"
        "2:31: no 'time_up_t0'; expected a number\n"
        "2:31: no 'unit_on_t0'; expected a number\n"
        "2:44: 'must_run' is 2; expected 0 to 1\n"
        "2:53: 'H' is a number; expected an object\n"
        "3:56: 'power_output_minimum' has 1 values; expected one for each of 2 "
        "intervals\n"
        "4:26: 'power_output_maximum' is true or false; expected a number\n");
    commit_text_faults(
        CASE(UNIT("G", MUST(0),
                  "\"startup\": [{\"lag\": 4, \"cost\": 5},{\"lag\": 6, \"cost\": 4},"
                  "{\"lag\": 6, \"cost\": 9, \"x\": 1}],\n"
                  "\"piecewise_production\": [{\"mw\": 10, \"cost\": 100},"
                  "{\"mw\": 29, \"cost\": 180}]"),
             ""),
        "6:30: the first start category begins after 4 hours; expected at most "
        "'time_down_minimum', 3\n"
        "6:52: a start category of lag 6 and cost 4 after 4 and 5; expected a greater "
        "lag and no lower cost\n"
        "6:74: a start category of lag 6 and cost 9 after 6 and 4; expected a greater "
        "lag and no lower cost\n"
        "6:96: key 'x' is not supported; expected lag, cost\n"
        "7:25: a cost curve from 10 to 29 MW; expected from the least power, 10 MW, to "
        "the most, 30 MW\n");
    commit_text_faults("{\"time_periods\": 1.5}",
                       "1:1: no 'demand'; expected an array\n"
                       "1:1: no 'renewable_generators'; expected an object\n"
                       "1:1: no 'reserves'; expected an array\n"
                       "1:1: no 'thermal_generators'; expected an object\n"
                       "1:18: 'time_periods' is 1.5; expected a whole number\n");
    commit_text_faults("{\"time_periods\": 0, \"demand\": [4, 5], \"reserves\": [0, 0],"
                       "\"thermal_generators\": {}, \"renewable_generators\": {}}",
                       "1:18: 'time_periods' is 0; expected 1 to 192\n");
}

Test(read_pglib_uc, what_is_no_instance_is_refused)
{
    commit_text_faults("[1]", "1:1: an array; expected an object, an instance of "
                              "unit commitment\n");
    commit_text_faults("{\"a\": }", "1:7: '}'; expected a value\n");
}

Test(read_pglib_uc, every_allocation_may_fail)
{
    commit_text_fail_each(CASE(TWO_UNITS, WIND));
}
