/* test_read_commitment.c - terms of commitment: defaults, and every fault at its place. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

#define HEADER                                                                      \
 "resource_id,min_up_h,min_down_h,start_cost_usd,warm_start_cost_usd,warm_after_h," \
 "cold_start_cost_usd,cold_after_h,min_load_usd_per_h,start_mw,stop_mw,initial_h,"  \
 "max_starts,must_run,start_up_min\n"

static void load(const char *rows, struct scenario_files *s, struct scenario_result *r)
{
    char text[1024];
    scenario_files_base(s);
    snprintf(text, sizeof text, HEADER "%s", rows);
    scenario_files_put(s, "commitment.csv", text);
    scenario_files_load(s, r);
}

Test(read_commitment, empty_fields_have_their_defaults)
{
    struct scenario_files s;
    struct scenario_result r;
    load("G1,,,,,,,,,,,,,,\n", &s, &r);
    cr_assert_eq(r.code, ERR_OK);
    const struct resource *g = scenario_result_resource(&r, "G1");
    cr_assert(g->market_committed);
    cr_assert_eq(g->commit.min_up_h, 1);
    cr_assert_eq(g->commit.min_down_h, 1);
    cr_assert_eq(g->commit.n_start, 1);
    cr_assert_float_eq(g->commit.start_cost_usd[0], 0, 0);
    cr_assert_gt(g->commit.start_mw, 1e300);
    cr_assert_eq(g->commit.initial_h, 9999, "its initial_mw is above 0");
    cr_assert_not(g->commit.must_run);
    cr_assert_not(g->commit.fast);
    cr_assert_not(scenario_result_resource(&r, "S1")->market_committed);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_commitment, terms_are_taken_as_they_stand)
{
    struct scenario_files s;
    struct scenario_result r;
    load("G1,6,4,100,150,8,300,24,500,40,30,5,2,yes,20\n", &s, &r);
    cr_assert_eq(r.code, ERR_OK);
    const struct commitment_terms *c = &scenario_result_resource(&r, "G1")->commit;
    cr_assert_eq(c->n_start, 3);
    cr_assert_eq(c->start_after_h[1], 8);
    cr_assert_eq(c->start_after_h[2], 24);
    cr_assert_float_eq(c->start_cost_usd[2], 300, 0);
    cr_assert_float_eq(c->min_load_usd_per_h, 500, 0);
    cr_assert_float_eq(c->start_mw, 40, 0);
    cr_assert_float_eq(c->stop_mw, 30, 0);
    cr_assert_eq(c->initial_h, 5);
    cr_assert_eq(c->max_starts, 2);
    cr_assert(c->must_run);
    cr_assert(c->fast);
    cr_assert_eq(c->start_up_min, 20);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_commitment, every_fault_is_told_at_its_place)
{
    static const struct {
        const char *row, *fault;
    } wrong[] = {
        {"S1,,,,,,,,,,,,,,", "2:1: 'S1' is of type storage; expected a generator"},
        {"G9,,,,,,,,,,,,,,",
         "2:1: unknown resource 'G9'; expected a resource_id of table resources"},
        {"G1,0,,,,,,,,,,,,,",
         "2:4: min_up_h is '0'; expected a whole number from 1 to 9999"},
        {"G1,,,100,50,8,,,,,,,,,",
         "2:10: a warm start costs 50 and a hot one 100; expected it not below"},
        {"G1,,,100,150,,,,,,,,,,",
         "2:14: warm_after_h is empty; expected the hours off that make a start warm"},
        {"G1,,,100,150,8,200,8,,,,,,,",
         "2:20: cold_after_h is 8 and warm_after_h 8; expected it above"},
        {"G1,,,,,,,,,5,,,,,",
         "2:12: start_mw is 5; expected at least the 10 MW of pmin_mw"},
        {"G1,,,,,,,,,,,-4,,,",
         "2:14: initial_h is -4 and initial_mw 50; expected output from pmin_mw to "
         "pmax_mw where it is on, none where it is off"},
        {"G1,,,,,,,,,,,,,,61",
         "2:17: start_up_min is '61'; expected a whole number from 0 to 60"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        struct scenario_files s;
        struct scenario_result r;
        char row[128], text[1024], expected[256];
        snprintf(row, sizeof row, "%s\n", wrong[k].row);
        load(row, &s, &r);
        scenario_result_faults(&r, text, sizeof text);
        snprintf(expected, sizeof expected, "commitment.csv:%s\n", wrong[k].fault);
        cr_expect_str_eq(text, expected, "%zu:\n%s", k, text);
        scenario_result_release(&r);
        scenario_files_release(&s);
    }
}

Test(read_commitment, a_generator_has_one_row)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024];
    load("G1,,,,,,,,,,,,,,\nG1,,,,,,,,,,,,,,\n", &s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(
        text, "commitment.csv:3:1: 'G1' is already on line 2; expected it once\n");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_commitment, a_start_is_within_what_a_run_looks_at)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024];
    scenario_files_base(&s);
    scenario_files_put(&s, "commitment.csv", HEADER "G1,,,,,,,,,,,,,,45\n");
    scenario_files_change(&s, "scenario.yaml", "market:\n",
                          "market:\n  real_time: on\n  rt_fmm_intervals: 3\n");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(
        text,
        "commitment.csv:2:17: start_up_min is 45 and a fifteen-minute run looks 30 "
        "minutes ahead; expected at most that, or more rt_fmm_intervals\n");
    scenario_result_release(&r);
    scenario_files_release(&s);
}
