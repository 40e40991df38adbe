/* test_read_configurations.c - plants of configurations: what is taken, and every fault. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/admit/admit.h"
#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

#define TERMS \
 "resource_id,min_up_h,min_down_h,warm_start_cost_usd,warm_after_h,initial_h\n"
#define HEADER                                                                   \
 "resource_id,configuration,pmin_mw,pmax_mw,min_load_usd_per_h,start_cost_usd,"  \
 "warm_start_cost_usd,cold_start_cost_usd,may_stop,min_up_h,start_mw,initial_h," \
 "sr_certified_mw\n"
#define MOVES "resource_id,from,to,cost_usd,time_min\n"
#define SMALL "G1,small,10,60,300,1000,1500,,,2,,3,\n"
#define LARGE "G1,large,70,100,900,,,,,,,,\n"

static void load(const char *terms, const char *rows, const char *moves,
                 struct scenario_files *s, struct scenario_result *r)
{
    char text[1024];
    scenario_files_base(s);
    snprintf(text, sizeof text, TERMS "%s", terms);
    scenario_files_put(s, "commitment.csv", text);
    snprintf(text, sizeof text, HEADER "%s", rows);
    scenario_files_put(s, "configurations.csv", text);
    snprintf(text, sizeof text, MOVES "%s", moves);
    scenario_files_put(s, "transitions.csv", text);
    scenario_files_load(s, r);
}

Test(read_configurations, a_plant_is_taken_as_it_stands_in_whatever_order)
{
    struct scenario_files s;
    struct scenario_result r;
    load("G1,4,2,1,8,5\n", LARGE SMALL, "G1,large,small,20,0\nG1,small,large,70,90\n",
         &s, &r);
    cr_assert_eq(r.code, ERR_OK, "%s", r.err.msg);
    const struct market *m = &r.market;
    const struct resource *g = scenario_result_resource(&r, "G1");
    cr_assert_eq(m->n_configuration, 2);
    cr_assert_eq(g->n_configuration, 2);
    const struct configuration *c = &m->configuration[g->first_configuration];
    cr_assert_str_eq(c[0].id, "small");
    cr_assert_str_eq(c[1].id, "large");
    cr_assert(c[0].may_start && c[0].may_stop && !c[1].may_start && !c[1].may_stop);
    cr_assert_float_eq(c[0].start_cost_usd[0], 1000, 0);
    cr_assert_float_eq(c[0].start_cost_usd[1], 1500, 0);
    cr_assert_float_eq(c[1].min_load_usd_per_h, 900, 0);
    cr_assert_eq(c[0].min_up_h, 2);
    cr_assert_eq(g->initial_configuration, g->first_configuration);
    cr_assert_eq(g->initial_configuration_h, 3);
    cr_assert_eq(g->n_transition, 2);
    const struct transition *t = &m->transition[g->first_transition];
    cr_assert_eq(t[0].from, g->first_configuration);
    cr_assert_eq(t[0].time_min, 90);
    cr_assert_float_eq(t[1].cost_usd, 20, 0);
    cr_assert_eq(scenario_result_resource(&r, "S1")->n_configuration, 0);
    cr_assert_eq(scenario_result_resource(&r, "S1")->initial_configuration, -1);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_configurations, an_adder_stays_within_the_limits_of_bids)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_put(&s, "commitment.csv", TERMS "G1,4,2,1,8,5\n");
    scenario_files_put(
        &s, "configurations.csv",
        "resource_id,configuration,pmin_mw,pmax_mw,initial_h,"
        "energy_adder_usd_per_mwh\nG1,one,10,60,1,-5\nG1,two,50,100,,1e5\n");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK, "%s", r.err.msg);
    const struct market *m = &r.market;
    struct admission a;
    struct err err = {0};
    int32_t n, g = (int32_t)(scenario_result_resource(&r, "G1") - m->resource);
    int32_t first = m->resource[g].first_configuration;
    cr_assert_eq(admit_bids(m, &a, &err), ERR_OK, "%s", err.msg);
    const struct bid_segment *one = book_bid(&a.configuration_bids, first, 0, &n);
    cr_assert_gt(n, 0);
    cr_assert_float_eq(one[0].from_mw, 10, 0);
    cr_assert_float_eq(one[0].price_usd_per_mwh, 20 - 5, 1e-12);
    const struct bid_segment *two = book_bid(&a.configuration_bids, first + 1, 0, &n);
    cr_assert_gt(n, 0);
    cr_assert_float_eq(two[0].from_mw, 50, 0);
    cr_assert_float_eq(two[0].price_usd_per_mwh, m->rules.energy_bid_cap, 0);
    admission_release(&a);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_configurations, every_fault_is_told_at_its_place)
{
    static const struct {
        const char *terms, *rows, *moves, *fault;
    } wrong[] = {
        {"", SMALL, "",
         "configurations.csv:2:1: 'G1' is not in table commitment; expected a "
         "generator "
         "that the market starts and stops\n"},
        {"G1,4,2,1,8,5\n", SMALL LARGE "G9,a,0,1,,,,,,,,,\n", "",
         "configurations.csv:4:1: unknown resource 'G9'; expected a resource_id of "
         "table "
         "resources\n"},
        {"G1,4,2,1,8,5\n",
         SMALL "G1,large,70,60,900,,,,,,,,\nG1,most,80,100,,,,,,,,,\n", "",
         "configurations.csv:3:13: pmax_mw is 60 and pmin_mw 70; expected it not "
         "below\n"},
        {"G1,4,2,1,8,5\n", SMALL "G1,large,70,101,900,,,,,,,,\n", "",
         "configurations.csv:3:13: pmax_mw is 101 and that of 'G1' 100; expected it "
         "not "
         "above\n"
         "configurations.csv:3:13: the greatest pmax_mw of 'G1' is 101 and that of "
         "table "
         "resources 100; expected the same\n"},
        {"G1,4,2,1,8,5\n", "G1,small,20,60,300,1000,1500,,,2,,3,\n" LARGE, "",
         "configurations.csv:2:10: the least pmin_mw of 'G1' is 20 and that of table "
         "resources 10; expected the same\n"},
        {"G1,4,2,1,8,5\n", SMALL LARGE LARGE, "",
         "configurations.csv:4:4: 'large' is already on line 3; expected it once for a "
         "plant\n"},
        {"G1,4,2,1,8,5\n", "G1,small,10,60,300,1000,900,,,2,,3,\n" LARGE, "",
         "configurations.csv:2:25: a warm start costs 900 and a warmer one 1000; "
         "expected "
         "it not below\n"},
        {"G1,4,2,1,8,5\n", "G1,small,10,60,300,1000,,1900,,2,,3,\n" LARGE, "",
         "configurations.csv:2:26: a cold start of 'small', which has none in table "
         "commitment; expected no cost\n"},
        {"G1,4,2,1,8,5\n", SMALL "G1,large,70,100,900,,,,,,60,,\n", "",
         "configurations.csv:3:26: start_mw is 60; expected at least the 70 MW of "
         "pmin_mw\n"},
        {"G1,4,2,1,8,5\n", SMALL "G1,large,70,100,900,,,,,,,2,\n", "",
         "configurations.csv:3:27: 'G1' is in it before the first day, at 50 MW; "
         "expected "
         "output from 70 to 100\n"
         "configurations.csv:3:27: 'G1' is in two configurations before the first day; "
         "expected initial_h in one\n"},
        {"G1,4,2,1,8,2\n", SMALL LARGE, "",
         "configurations.csv:2:35: initial_h is 3 and that of 'G1' 2; expected it not "
         "above\n"},
        {"G1,4,2,1,8,5\n", "G1,small,10,60,300,1000,1500,,,2,,,\n" LARGE, "",
         "configurations.csv:2:35: 'G1' is on before the first day; expected initial_h "
         "in "
         "the configuration that it is in\n"},
        {"G1,4,2,1,8,5\n", SMALL "G1,large,70,100,900,,,,,,,,5\n", "",
         "configurations.csv:3:28: 5 MW of spinning reserve and 'G1' has 0; expected "
         "it "
         "not above\n"},
        {"G1,4,2,1,8,5\n", SMALL LARGE, "G1,small,huge,,\n",
         "transitions.csv:2:10: unknown configuration 'huge' of 'G1'; expected one of "
         "table configurations\n"},
        {"G1,4,2,1,8,5\n", SMALL LARGE, "G1,small,small,,\n",
         "transitions.csv:2:10: from 'small' to itself; expected another one\n"},
        {"G1,4,2,1,8,5\n", SMALL LARGE, "G1,small,large,,\nG1,small,large,5,\n",
         "transitions.csv:3:4: 'small' to 'large' is there already; expected it "
         "once\n"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        struct scenario_files s;
        struct scenario_result r;
        char text[1024];
        load(wrong[k].terms, wrong[k].rows, wrong[k].moves, &s, &r);
        scenario_result_faults(&r, text, sizeof text);
        cr_expect_str_eq(text, wrong[k].fault, "%zu:\n%s", k, text);
        scenario_result_release(&r);
        scenario_files_release(&s);
    }
}

Test(read_configurations, costs_of_a_plant_are_those_of_its_configurations)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024];
    scenario_files_base(&s);
    scenario_files_put(&s, "commitment.csv",
                       "resource_id,start_cost_usd,min_load_usd_per_h,start_mw,"
                       "stop_mw,initial_h,start_up_min\nG1,5,6,20,20,5,10\n");
    scenario_files_put(&s, "configurations.csv",
                       "resource_id,configuration,pmin_mw,pmax_mw,initial_h\n"
                       "G1,only,10,100,1\n");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(
        text, "commitment.csv:2:4: 'G1' has configurations; expected this in table "
              "configurations\n"
              "commitment.csv:2:6: 'G1' has configurations; expected this in table "
              "configurations\n"
              "commitment.csv:2:8: 'G1' has configurations; expected this in table "
              "configurations\n"
              "commitment.csv:2:11: 'G1' has configurations; expected this in table "
              "configurations\n"
              "commitment.csv:2:16: 'G1' has configurations, and real time moves no "
              "plant; expected no start_up_min\n");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_configurations, a_move_that_an_hour_cannot_ramp_is_refused)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024];
    scenario_files_base(&s);
    scenario_files_put(&s, "commitment.csv", TERMS "G1,4,2,1,8,5\n");
    scenario_files_put(&s, "configurations.csv",
                       HEADER "G1,small,10,60,300,1000,1500,,,2,,3,\n"
                              "G1,large,90,100,900,,,,,,,,\n");
    scenario_files_put(&s, "transitions.csv", MOVES "G1,small,large,,\n");
    scenario_files_put(
        &s, "resources.csv",
        "resource_id,type,sc_id,node_id,pmin_mw,pmax_mw,ramp_mw_per_min,initial_mw\n"
        "G1,generator,SC1,A,10,100,0.25,50\n");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_not_null(
        strstr(text, "transitions.csv:2:10: 30 MW lie between 'small' and 'large' and "
                     "the plant ramps 15 in an hour; expected no more\n"),
        "%s", text);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

#define CURVES "resource_id,configuration,hour_ending,from_mw,to_mw,price_usd_per_mwh\n"

static void load_curves(const char *curves, const char *defaults,
                        struct scenario_files *s, struct scenario_result *r)
{
    char text[1024];
    scenario_files_base(s);
    scenario_files_put(s, "commitment.csv", TERMS "G1,4,2,1,8,5\n");
    scenario_files_put(s, "configurations.csv", HEADER SMALL LARGE);
    snprintf(text, sizeof text, CURVES "%s", curves);
    scenario_files_put(s, "configuration_bids.csv", text);
    snprintf(text, sizeof text, CURVES "%s", defaults);
    scenario_files_put(s, "configuration_default_bids.csv", text);
    scenario_files_load(s, r);
}

Test(read_configurations, a_configuration_bids_its_own_curve_in_its_hours)
{
    struct scenario_files s;
    struct scenario_result r;
    struct admission a;
    struct err err = {0};
    int32_t n;
    load_curves("G1,large,18,,80,31\nG1,large,18,,100,33\n",
                "G1,small,,,60,17\nG1,large,,,100,19\n", &s, &r);
    cr_assert_eq(r.code, ERR_OK, "%s", r.err.msg);
    const struct market *m = &r.market;
    int32_t large = scenario_result_resource(&r, "G1")->first_configuration + 1;
    cr_assert_eq(admit_bids(m, &a, &err), ERR_OK, "%s", err.msg);
    const struct bid_segment *bid = book_bid(&a.configuration_bids, large, 17, &n);
    cr_assert_eq(n, 2);
    cr_assert_float_eq(bid[0].from_mw, 70, 0);
    cr_assert_float_eq(bid[0].to_mw, 80, 0);
    cr_assert_float_eq(bid[0].price_usd_per_mwh, 31, 0);
    cr_assert_float_eq(bid[1].price_usd_per_mwh, 33, 0);
    bid = book_bid(&a.configuration_bids, large, 16, &n);
    cr_assert_eq(n, 1);
    cr_assert_float_eq(bid[0].price_usd_per_mwh, 30, 0); /* the plant's */
    /* On the second day the plant offers 90 MW in that hour: so does it in any. */
    bid = book_bid(&a.configuration_bids, large, 24 + 17, &n);
    cr_assert_eq(n, 2);
    cr_assert_float_eq(bid[1].to_mw, 90, 0);
    bid = book_bid(&a.configuration_default_bids, large, 16, &n);
    cr_assert_eq(n, 1);
    cr_assert_float_eq(bid[0].price_usd_per_mwh, 19, 0);
    admission_release(&a);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_configurations, what_no_curve_of_a_configuration_is_has_its_place)
{
    static const struct {
        const char *rows, *message;
    } bad[] = {
        {"G1,huge,,,100,31\n", "unknown configuration 'huge' of 'G1'"},
        {"G1,large,,,110,31\n", "to_mw is 110; expected at most 100 MW"},
        {"G1,large,,60,100,31\n", "from_mw is 60; expected at least 70 MW"},
        {"G1,large,,,90,31\n", "the curve of 'large' ends at 90 MW"},
        {"G1,large,,,90,31\nG1,large,,,100,30\n", "price 30 is less than the 31"},
        {"G1,large,,,100,99999\n", "the price is 99999; expected"},
        {"L1,large,,,100,31\n", "unknown configuration 'large' of 'L1'"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct scenario_files s;
        struct scenario_result r;
        char text[4096];
        load_curves(bad[k].rows, "", &s, &r);
        cr_assert_eq(r.code, ERR_INPUT, "%s", bad[k].rows);
        scenario_result_faults(&r, text, sizeof text);
        cr_assert(strstr(text, bad[k].message), "%s", text);
        cr_assert(strstr(text, "configuration_bids.csv:"), "%s", text);
        scenario_result_release(&r);
        scenario_files_release(&s);
    }
}
