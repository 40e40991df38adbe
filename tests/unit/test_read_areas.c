/* test_read_areas.c - utility areas and table branch_meter, sound and wrong. */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

#define HEADER "branch_id,trade_date,hour_ending,minute,meter_mwh,recalculation\n"

/* The base scenario, whose loads and aggregations are at A, B and C, with D tied to A. */
static void begin(struct scenario_files *s, const char *nodes)
{
    scenario_files_base(s);
    scenario_files_put(s, "nodes.csv", nodes);
    scenario_files_change(s, "branches.csv", "E10,E9,", "A,D,,0,0.1,,,,\nE10,E9,");
}

static void refused_area(const char *nodes, const char *areas, const char *fault)
{
    char text[1024];
    struct scenario_files s;
    struct scenario_result r;
    begin(&s, nodes);
    scenario_files_put(&s, "utility_areas.csv", areas);
    scenario_files_load(&s, &r);
    scenario_files_release(&s);
    cr_expect_eq(r.code, ERR_INPUT);
    scenario_result_faults(&r, text, sizeof text);
    cr_expect_str_eq(text, fault);
    scenario_result_release(&r);
}

static void refused(const char *nodes, const char *meter, const char *fault)
{
    char text[1024];
    struct scenario_files s;
    struct scenario_result r;
    begin(&s, nodes);
    if (meter)
        scenario_files_put(&s, "branch_meter.csv", meter);
    scenario_files_load(&s, &r);
    scenario_files_release(&s);
    cr_expect_eq(r.code, ERR_INPUT);
    scenario_result_faults(&r, text, sizeof text);
    cr_expect_str_eq(text, fault);
    scenario_result_release(&r);
}

Test(read_areas, buses_without_an_area_belong_to_the_system)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024], why[MARKET_CHECK_SIZE];
    begin(&s, "node_id,utility_area\nD,U10\nE9,U9\n");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_eq(r.code, ERR_OK, "%s", text);
    const struct market *m = &r.market;
    cr_assert(market_check(m, why), "%s", why);
    cr_assert_eq(m->n_area, 3);
    cr_expect_str_eq(m->area[0].id, "SYSTEM");
    cr_expect_str_eq(m->area[1].id, "U9");
    cr_expect_str_eq(m->area[2].id, "U10");
    for (int32_t i = 0; i < m->n_node; i++) {
        int32_t want = strcmp(m->node[i].id, "D") == 0    ? 2
                       : strcmp(m->node[i].id, "E9") == 0 ? 1
                                                          : 0;
        cr_expect_eq(m->node[i].area, want, "%s", m->node[i].id);
    }
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_areas, a_market_that_names_none_is_one)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_expect_eq(r.market.n_area, 0);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_areas, rows_of_meters_stand_by_recalculation_and_the_more_special_later)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024], why[MARKET_CHECK_SIZE];
    begin(&s, "node_id,utility_area\nD,U1\n");
    scenario_files_put(&s, "branch_meter.csv",
                       HEADER "A-D,2026-04-16,3,,7,1\n"
                              "A-D,2026-04-16,3,10,2,0\n"
                              "A-D,2026-04-16,3,,-6,0\n");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_eq(r.code, ERR_OK, "%s", text);
    const struct branch_meter_row *row = r.market.branch_meter;
    cr_assert(market_check(&r.market, why), "%s", why);
    cr_assert_eq(r.market.n_branch_meter, 3);
    const struct {
        int32_t recalculation, five;
        double mwh;
    } want[] = {{0, -1, -6}, {0, 2, 2}, {1, -1, 7}};
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(row[i].recalculation, want[i].recalculation);
        cr_expect_eq(row[i].five, want[i].five);
        cr_expect_eq(row[i].interval, 26);
        cr_expect_float_eq(row[i].energy_mwh, want[i].mwh, 0);
        cr_expect_str_eq(r.market.grid.branch[row[i].branch].id, "A-D");
    }
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_areas, every_wrong_row_is_told_at_its_place)
{
    refused("node_id,utility_area\nLAP1,U1\n", NULL,
            "nodes.csv:2:6: utility_area is 'U1' for an aggregated node; expected it "
            "only for PNodes\n");
    refused("node_id,utility_area\nB,U1\n", NULL,
            "resources.csv:3:13: node 'LAP1' reaches into more than one utility area; "
            "expected a resource to be in one\n"
            "resources.csv:7:13: node 'DER' reaches into more than one utility area; "
            "expected a resource to be in one\n");
    refused("node_id,utility_area\nD,U1\n", HEADER "D-A,,,,1,\n",
            "branch_meter.csv:2:1: unknown branch 'D-A'; expected the name of one in "
            "service\n");
    refused("node_id,utility_area\nD,U1\n", HEADER "A-B,,,,1,\n",
            "branch_meter.csv:2:1: both ends of branch 'A-B' are in area SYSTEM; "
            "expected a branch between two utility areas\n");
    refused("node_id,sub_lap\nD,S1\n", HEADER "A-D,,,,1,\n",
            "branch_meter.csv:2:1: both ends of branch 'A-D' are in area SYSTEM; "
            "expected a branch between two utility areas\n");
    refused("node_id,utility_area\nD,U1\n", HEADER "A-D,,1,7,1,\n",
            "branch_meter.csv:2:8: minute is 7; expected a multiple of 5\n");
    refused("node_id,utility_area\nD,U1\n", HEADER "A-D,,1,5,1,\nA-D,,1,5,1,\n",
            "branch_meter.csv:3:1: a second row for the same time, after line 2; "
            "expected one\n");
}

#define AREAS "area_id,sc_id\n"

Test(read_areas, a_subsystem_has_somebody_who_answers_for_it)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024];
    begin(&s, "node_id,utility_area\nD,U1\n");
    scenario_files_put(&s, "utility_areas.csv", AREAS "U1,SC2\n");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_eq(r.code, ERR_OK, "%s", text);
    cr_expect_not(r.market.area[0].follows_load);
    cr_expect(r.market.area[1].follows_load);
    cr_expect_str_eq(r.market.sc[r.market.area[1].sc].id, "SC2");
    scenario_result_release(&r);
    scenario_files_release(&s);
    refused_area("node_id,utility_area\nD,U1\n", AREAS "U2,SC2\n",
                 "utility_areas.csv:2:1: unknown utility area 'U2'; expected a "
                 "utility_area of table nodes\n");
    refused_area("node_id,utility_area\nD,U1\nE9,U2\n", AREAS "U2,SC2\nU1,SC2\n",
                 "utility_areas.csv:2:4: 'SC2' answers for 'U1' already; expected one "
                 "subsystem for each coordinator\n");
    refused_area(
        "node_id,utility_area\nD,U1\n", AREAS "U1,SC9\n",
        "utility_areas.csv:2:4: unknown scheduling coordinator 'SC9'; expected "
        "an sc_id of table scheduling_coordinators\n");
    refused_area("node_id,utility_area\nA,U1\nB,U1\nC,U1\nD,U1\nE9,U1\nE10,U1\n",
                 AREAS "U1,SC2\n",
                 "utility_areas.csv:2:1: 'U1' is the whole system; expected one of "
                 "several utility areas\n");
}

Test(read_areas, failed_allocations_leave_nothing_behind)
{
    struct scenario_files s;
    struct scenario_result r;
    char dir[40];
    enum err_code code = ERR_NOMEM;
    begin(&s, "node_id,utility_area\nD,U1\n");
    scenario_files_put(&s, "utility_areas.csv", AREAS "U1,SC2\n");
    scenario_files_put(&s, "branch_meter.csv", HEADER "A-D,,,,7,1\nA-D,,3,10,2,0\n");
    scenario_files_put(&s, "tie_responses.csv",
                       "resource_id,hour_ending,response\nI1,,none\nE1,3,decline\n");
    scenario_folder_make(&s, dir);
    for (long n = 0; code == ERR_NOMEM; n++) {
        r = (struct scenario_result){0};
        mem_fail_after(n);
        code = scenario_load(dir, &r.market, &r.faults, &r.err);
        mem_fail_after(-1);
        cr_assert(code == ERR_NOMEM || code == ERR_OK, "%d after %ld", (int)code, n);
        cr_assert_eq(r.err.code, code);
        scenario_result_release(&r);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
    }
    scenario_folder_remove(&s, dir);
    scenario_files_release(&s);
}
