/* test_scenario.c - a folder as a whole: files, fingerprint, failures. */
#include "sim/input/scenario.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/mem.h"
#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

Test(scenario, the_base_becomes_a_sound_market)
{
    struct scenario_files s;
    struct scenario_result r;
    char why[MARKET_CHECK_SIZE];
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_assert(market_check(&r.market, why), "%s", why);
    cr_assert_str_eq(r.market.name, "base");
    cr_assert_str_eq(r.market.description, "all features");
    cr_assert_str_eq(r.market.time_zone, "America/Los_Angeles");
    cr_assert_float_eq(r.market.rules.energy_bid_cap, 900, 0);
    cr_assert_eq(r.market.rules.dc_model, DC_PGLIB);
    cr_assert_eq(r.market.n_interval, 48);
    scenario_result_release(&r);
    scenario_files_release(&s);
    cr_assert_eq(mem_live(), 0);
}

static void expect_faults(const struct scenario_files *s, const char *expected)
{
    struct scenario_result r;
    char text[4096];
    scenario_files_load(s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_eq(r.code, ERR_INPUT);
    cr_assert_str_eq(text, expected);
    scenario_result_release(&r);
    cr_assert_eq(mem_live(), 0);
}

Test(scenario, faults_of_all_files_come_in_one_pass)
{
    struct scenario_files s;
    scenario_files_base(&s);
    scenario_files_change(&s, "scenario.yaml", "energy_bid_cap: 900",
                          "energy_bid_cap: x");
    scenario_files_change(&s, "branches.csv", "A,B,,0.01,0.1", "A,B,,0.01,");
    scenario_files_change(&s, "ties.csv", "T1,A,50", "T1,A,-50");
    scenario_files_change(&s, "resources.csv", "10,100,2,1", "10,5,2,1");
    scenario_files_change(&s, "energy_bids.csv", "L2,,,,0,40,500", "L9,,,,0,40,500");
    scenario_files_change(&s, "virtual_bids.csv", "SC1,LAP1,supply", "SC1,LAP7,supply");
    expect_faults(
        &s,
        "branches.csv:2:11: x_pu is empty; expected a value\n"
        "energy_bids.csv:8:1: unknown resource 'L9'; expected a resource_id of table "
        "resources\n"
        "resources.csv:2:21: pmin_mw is 10 and pmax_mw 5; expected pmin_mw <= pmax_mw\n"
        "scenario.yaml:9:19: energy_bid_cap is 'x'; expected a number\n"
        "ties.csv:2:6: import_limit_mw is -50; expected a number of MW from 0 to "
        "1e+07\n"
        "virtual_bids.csv:4:5: unknown node 'LAP7'; expected a PNode, an aggregated "
        "node or a tie\n");
    scenario_files_release(&s);
}

Test(scenario, a_missing_table_is_told_where_it_is_named)
{
    struct scenario_files s;
    scenario_files_base(&s);
    scenario_files_drop(&s, "energy_bids.csv");
    expect_faults(&s, "scenario.yaml:7:16: energy_bids.csv: no such file; expected a "
                      "readable file\n");
    scenario_files_drop(&s, "resources.csv");
    scenario_files_drop(&s, "virtual_bids.csv");
    expect_faults(
        &s, "scenario.yaml:1:1: resources.csv: no such file; expected a readable file\n"
            "scenario.yaml:7:16: energy_bids.csv: no such file; expected a readable "
            "file\n");
    scenario_files_release(&s);
}

Test(scenario, a_missing_bus_table_causes_no_unknown_nodes)
{
    struct scenario_files s;
    scenario_files_base(&s);
    scenario_files_drop(&s, "buses.csv");
    expect_faults(&s,
                  "scenario.yaml:5:18: buses.csv: no such file; expected a readable "
                  "file\n");
    scenario_files_release(&s);
}

Test(scenario, losses_need_resistances_of_zero_or_more)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_change(&s, "branches.csv", "A,B,2,0.01,0.2", "A,B,2,-0.01,0.2");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK, "without losses no resistance matters");
    scenario_result_release(&r);
    scenario_files_change(&s, "scenario.yaml", "dc_model: pglib", "losses: ends");
    expect_faults(&s, "scenario.yaml:10:11: losses is 'ends' and branch A-B-2 has a "
                      "resistance of -0.01 p.u.; expected resistances of 0 or more, or "
                      "losses: off\n");
    scenario_files_release(&s);
}

Test(scenario, optional_tables_may_be_absent)
{
    struct scenario_files s;
    struct scenario_result r;
    char why[MARKET_CHECK_SIZE];
    scenario_files_base(&s);
    scenario_files_drop(&s, "nodes.csv");
    scenario_files_drop(&s, "virtual_bids.csv");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_assert(market_check(&r.market, why), "%s", why);
    cr_assert_eq(r.market.n_virtual, 0);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(scenario, a_folder_that_is_not_there_is_a_fault)
{
    struct market m;
    struct err_list faults = {0};
    struct err err = {0};
    cr_assert_eq(scenario_load("/nowhere/at/all", &m, &faults, &err), ERR_INPUT);
    cr_assert_eq(faults.total, 1);
    cr_assert_str_eq(faults.item[0].at.file, "/nowhere/at/all/scenario.yaml");
    cr_assert_str_eq(err.msg, "no such file; expected a readable file");
    cr_assert_str_eq(err.at.file, "/nowhere/at/all/scenario.yaml");
    err_list_release(&faults);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(scenario, a_path_that_is_too_long_is_a_fault)
{
    char path[5000];
    struct market m;
    struct err_list faults = {0};
    struct err err = {0};
    memset(path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    cr_assert_eq(scenario_load(path, &m, &faults, &err), ERR_INPUT);
    cr_assert_eq(faults.total, 1);
    err_list_release(&faults);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(scenario, a_nul_byte_in_a_table_is_told_at_its_place)
{
    struct market m;
    struct err_list faults = {0};
    struct err err = {0};
    char dir[] = "/tmp/gridclear-test-XXXXXX", path[128];
    static const char *const name[] = {"scenario.yaml", "resources.csv"};
    cr_assert_not_null(mkdtemp(dir));
    for (int i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, name[i]);
        FILE *f = fopen(path, "w");
        cr_assert(f && fwrite("a: b\n\0", 1, 6, f) == 6 && fclose(f) == 0);
        enum err_code code = scenario_load(dir, &m, &faults, &err);
        cr_assert_eq(code, ERR_INPUT);
        cr_assert_geq(faults.total, 1);
        cr_assert_str_eq(faults.item[0].msg, "a NUL byte; expected text");
        cr_assert_eq(faults.item[0].at.line, 2);
        cr_assert_str_eq(faults.item[0].at.file, path);
        err_list_release(&faults);
        market_release(&m);
        (void)unlink(path);
        (void)snprintf(path, sizeof path, "%s/scenario.yaml", dir);
        f = fopen(path, "w");
        cr_assert(f && fputs("name: x\n", f) >= 0 && fclose(f) == 0);
        err = (struct err){0};
    }
    (void)unlink(path);
    (void)rmdir(dir);
    cr_assert_eq(mem_live(), 0);
}

static uint64_t fingerprint_of(const struct scenario_files *s)
{
    struct scenario_result r;
    scenario_files_load(s, &r);
    cr_assert_eq(r.code, ERR_OK);
    uint64_t f = r.market.fingerprint;
    scenario_result_release(&r);
    return f;
}

Test(scenario, the_fingerprint_is_of_the_content_not_of_file_names)
{
    struct scenario_files s;
    scenario_files_base(&s);
    uint64_t before = fingerprint_of(&s);
    scenario_files_change(&s, "scenario.yaml", "energy_bids: energy_bids.csv",
                          "energy_bids: other.csv");
    scenario_files_put(&s, "other.csv", scenario_files_get(&s, "energy_bids.csv"));
    cr_assert_eq(fingerprint_of(&s), before);
    scenario_files_change(&s, "other.csv", "45.5", "45.6");
    cr_assert_neq(fingerprint_of(&s), before);
    scenario_files_release(&s);
}

Test(scenario, a_matpower_case_is_a_network_too)
{
    struct scenario_files s;
    struct scenario_result r;
    char why[MARKET_CHECK_SIZE];
    scenario_files_base(&s);
    scenario_files_change(&s, "scenario.yaml",
                          "{buses: buses.csv, branches: branches.csv, base_mva: 100}",
                          "n.m");
    scenario_files_put(
        &s, "n.m",
        "function mpc = n\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
        "mpc.bus = [\n"
        "1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;\n2 1 90 0 0 0 1 1 0 230 1 1.1 0.9;\n"
        "3 1 30 0 0 0 1 1 0 230 1 1.1 0.9;\n];\n"
        "mpc.gen = [];\n"
        "mpc.branch = [\n1 2 0.01 0.1 0 100 0 0 0 0 1 -360 360;\n"
        "2 3 0.01 0.1 0 0 0 0 0 0 1 -360 360;\n];\n"
        "mpc.bus_name = {'A'; 'B'; 'C'};\n");
    scenario_files_put(&s, "outages.csv",
                       "outage_id,kind,element_id\nFAR,branch,B-C\n");
    scenario_files_load(&s, &r);
    char text[2048];
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_eq(r.code, ERR_OK, "%s", text);
    cr_assert(market_check(&r.market, why), "%s", why);
    cr_assert_eq(r.market.grid.n_bus, 3);
    cr_assert_str_eq(r.market.outages.id[0], "FAR");
    scenario_result_release(&r);
    scenario_files_change(&s, "n.m", "mpc.baseMVA = 100", "mpc.baseMVA = 'x'");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_INPUT);
    cr_assert_null(scenario_result_misplaced(&s, &r));
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_null(strstr(text, "unknown"), "%s", text);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(scenario, failed_allocations_leave_nothing_behind)
{
    struct scenario_files s;
    struct scenario_result r;
    char dir[] = "/tmp/gridclear-test-XXXXXX", path[128];
    enum err_code code = ERR_NOMEM;
    scenario_files_base(&s);
    scenario_files_services(&s);
    cr_assert_not_null(mkdtemp(dir));
    for (int i = 0; i < s.n; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, s.file[i].name);
        FILE *f = fopen(path, "w");
        cr_assert(f && fputs(s.file[i].text, f) >= 0 && fclose(f) == 0);
    }
    for (long n = 0; code == ERR_NOMEM; n++) {
        r = (struct scenario_result){0};
        mem_fail_after(n);
        code = scenario_load(dir, &r.market, &r.faults, &r.err);
        mem_fail_after(-1);
        cr_assert(code == ERR_NOMEM || code == ERR_OK, "%d after %ld", (int)code, n);
        cr_assert_eq(r.err.code, code);
        scenario_result_release(&r);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 5000);
    }
    for (int i = 0; i < s.n; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, s.file[i].name);
        (void)unlink(path);
    }
    (void)rmdir(dir);
    scenario_files_release(&s);
}

Test(scenario, real_time_bids_are_checked_like_those_of_the_day_ahead)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[2048];
    scenario_files_base(&s);
    scenario_files_put(&s, "real_time_bids.csv",
                       "resource_id,hour_ending,kind,from_mw,to_mw,price_usd_per_mwh\n"
                       "G1,20,self_pt,,40,\n"
                       "G1,20,energy,,120,30\n"
                       "L1,,,,100,30\n"
                       "G9,,,,100,30\n"
                       "G1,21,self_pt,,40,5\n"
                       "G1,22,energy,,100,\n"
                       "S1,,self_pt,,10,\n"
                       "G1,26,energy,,100,5\n");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(
        text,
        "real_time_bids.csv:3:15: to_mw is 120; expected MW from 0 to 100, the range "
        "of "
        "'G1'\n"
        "real_time_bids.csv:4:1: 'L1' is of type load; expected a resource that offers "
        "energy\n"
        "real_time_bids.csv:5:1: unknown resource 'G9'; expected a resource_id of "
        "table "
        "resources\n"
        "real_time_bids.csv:6:19: a price on a self-schedule; expected "
        "price_usd_per_mwh to be empty\n"
        "real_time_bids.csv:7:19: price_usd_per_mwh is empty; expected a price for "
        "energy\n"
        "real_time_bids.csv:8:5: kind is self_pt on storage; expected energy pieces "
        "only\n"
        "real_time_bids.csv:9:4: hour_ending is '26'; expected a whole number from 1 "
        "to "
        "25\n");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(scenario, default_energy_bids_are_checked_like_offers)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[2048];
    scenario_files_base(&s);
    scenario_files_put(&s, "default_energy_bids.csv",
                       "resource_id,hour_ending,from_mw,to_mw,price_usd_per_mwh\n"
                       "G1,,,120,30\n"
                       "L1,,,100,30\n"
                       "G9,,,100,30\n"
                       "S1,,0,10,30\n"
                       "S1,,10,20,20\n");
    scenario_files_change(&s, "scenario.yaml", "market:\n",
                          "market:\n  mitigation_reference: NOWHERE\n");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(
        text,
        "default_energy_bids.csv:2:6: to_mw is 120; expected MW from 0 to 100, the "
        "range "
        "of 'G1'\n"
        "default_energy_bids.csv:3:1: 'L1' is of type load; expected a resource that "
        "offers energy\n"
        "default_energy_bids.csv:4:1: unknown resource 'G9'; expected a resource_id of "
        "table resources\n"
        "default_energy_bids.csv:6:11: price 20 is less than the 30 of the piece below "
        "on line 5; expected prices that never fall with MW\n"
        "scenario.yaml:9:25: mitigation_reference is 'NOWHERE'; expected a PNode, an "
        "aggregated node or a tie\n");
    scenario_result_release(&r);
    scenario_files_release(&s);
}
