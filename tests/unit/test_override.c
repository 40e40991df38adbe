/* test_override.c - changes of a scenario give the market that editing its files gives. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/mem.h"
#include "tests/support/market_dump.h"
#include "tests/support/scenario_files.h"

/* The base with overrides is the base with its file edited: from becomes to. */
static const struct {
    const char *override, *file, *from, *to;
} equal[] = {
    {"overrides:\n- change: energy_bids\n  where: {technology: gas}\n"
     "  scale: {price_usd_per_mwh: 2}\n",
     "energy_bids.csv",
     "G1,,,energy,10,50,20\nG1,,,energy,,100,30\nG1,2026-04-16,,energy,10,100,25\n"
     "G1,,18,energy,10,100,40\nG1,2026-04-16,18,energy,10,90,45.5\n",
     "G1,,,energy,10,50,40\nG1,,,energy,,100,60\nG1,2026-04-16,,energy,10,100,50\n"
     "G1,,18,energy,10,100,80\nG1,2026-04-16,18,energy,10,90,91\n"},
    {"overrides:\n- change: energy_bids\n  where: {resource_id: G1, hour_ending: 18,\n"
     "          trade_date: \"\"}\n  set: {price_usd_per_mwh: 44}\n",
     "energy_bids.csv", "G1,,18,energy,10,100,40\n", "G1,,18,energy,10,100,44\n"},
    {"overrides:\n- change: resources\n  where: {type: storage}\n"
     "  scale: {pmax_mw: 2, energy_max_mwh: 1.5}\n  set: {node_id: B}\n",
     "resources.csv", "S1,storage,SC1,C,,,20,,,,1,80,",
     "S1,storage,SC1,B,,,40,,,,1,120,"},
    {"overrides:\n- change: load_forecast\n  scale: {forecast_mw: 0.5}\n",
     "load_forecast.csv",
     "LAP1,,,100\nLAP1,2026-04-16,,110\nLAP1,,18,120\nLAP1,2026-04-16,18,130\n",
     "LAP1,,,50\nLAP1,2026-04-16,,55\nLAP1,,18,60\nLAP1,2026-04-16,18,65\n"},
    {"overrides:\n- remove: virtual_bids\n  where: {sc_id: [SC2, SC1], side: supply}\n",
     "virtual_bids.csv",
     "SC1,LAP1,supply,2026-04-15,7,,5,10\nSC2,A,supply,,12,0,5,20\n"
     "SC2,A,supply,,12,5,8,20\n",
     ""},
    {"overrides:\n- add: resources\n  rows:\n"
     "  - {resource_id: S2, type: storage, sc_id: SC2, node_id: A, pmax_mw: 7,\n"
     "     energy_max_mwh: 9}\n",
     "resources.csv", "P1,pdr,", "S2,storage,SC2,A,,,7,,,,,9,,,,,,,,,\nP1,pdr,"},
    {"overrides:\n- change: scheduling_coordinators\n  where: {sc_id: SC2}\n"
     "  set: {posted_security_usd: 0, name: \"\"}\n",
     "scheduling_coordinators.csv",
     "SC2,\"Wind, and more\",2020-01-01,2030-12-31,1000,500",
     "SC2,,2020-01-01,2030-12-31,1000,0"},
    {"market: {energy_bid_cap: 800}\n", "scenario.yaml", "energy_bid_cap: 900",
     "energy_bid_cap: 800"},
    {"trade_dates: [2026-04-15, 2026-04-16]\nnetwork: {buses: buses.csv, branches: "
     "branches.csv}\n",
     "scenario.yaml", "name: base", "name: base"},
    {"overrides:\n- change: branches\n  where: {from_bus: A, circuit: 2}\n"
     "  set: {rate_mw: \"\"}\n",
     "branches.csv", "1.02,-3,50,", "1.02,-3,,"},
    /* In order: the second entry meets what the first has made. */
    {"overrides:\n- change: ties\n  set: {import_limit_mw: 10}\n- change: ties\n"
     "  where: {import_limit_mw: 10}\n  scale: {import_limit_mw: 3}\n",
     "ties.csv", "T1,A,50,", "T1,A,30,"},
};

Test(override, a_change_is_an_edit)
{
    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++) {
        struct scenario_files s;
        struct scenario_result changed, edited;
        scenario_files_base(&s);
        scenario_files_load_changed(&s, equal[i].override, &changed);
        scenario_files_change(&s, equal[i].file, equal[i].from, equal[i].to);
        scenario_files_load(&s, &edited);
        cr_assert_eq(changed.code, ERR_OK, "%zu: %s", i, changed.err.msg);
        cr_assert_eq(edited.code, ERR_OK, "%zu: %s", i, edited.err.msg);
        char *a = market_dump(&changed.market), *b = market_dump(&edited.market);
        cr_assert_str_eq(a, b, "case %zu", i);
        free(a);
        free(b);
        scenario_result_release(&changed);
        scenario_result_release(&edited);
        scenario_files_release(&s);
        cr_assert_eq(mem_live(), 0);
    }
}

static const struct {
    const char *override, *faults;
} wrong[] = {
    {"overrides:\n- change: energy_bidz\n  scale: {price_usd_per_mwh: 2}\n",
     "change.yaml:2:11: unknown table 'energy_bidz'; expected energy_bids?\n"},
    {"overrides:\n- change: ties\n  where: {tie_id: T9}\n  set: {import_limit_mw: 1}\n",
     "change.yaml:3:10: no row of table ties is like that; expected at least one\n"},
    {"overrides:\n- change: ties\n  where: {tie: T1}\n  set: {import_limit: 1}\n",
     "change.yaml:3:11: unknown column 'tie'; expected 'tie_id'?\n"},
    {"overrides:\n- change: ties\n  set: {import_limit: 1}\n",
     "change.yaml:3:9: unknown column 'import_limit'; expected 'import_limit_mw'?\n"},
    {"overrides:\n- change: ties\n  set: {import_limit_mw: much}\n",
     "change.yaml:3:26: import_limit_mw is 'much'; expected a number of MW from 0 to "
     "1e+07\n"},
    {"overrides:\n- change: ties\n  scale: {import_limit_mw: -2}\n",
     "change.yaml:3:28: import_limit_mw becomes -100; expected a number of MW from 0 "
     "to "
     "1e+07\n"},
    {"overrides:\n- change: ties\n  scale: {tie_id: 2}\n",
     "change.yaml:3:11: tie_id is no number; expected a column of numbers\n"},
    {"overrides:\n- change: ties\n  set: {pnode_id: \"\"}\n",
     "change.yaml:3:19: pnode_id is empty; expected a value\n"},
    {"overrides:\n- change: ties\n  set: {pnode_id: NOWHERE}\n",
     "change.yaml:3:19: unknown PNode 'NOWHERE'; expected a bus of the network\n"},
    {"overrides:\n- add: ties\n  rows: [{tie_id: T2}]\n",
     "change.yaml:3:10: column 'pnode_id' is missing; expected it in a row of ties\n"},
    {"overrides:\n- add: ties\n  rows: [{tie_id: T1, pnode_id: B}]\n",
     "change.yaml:3:10: 'T1' is already on line 2; expected it once\n"},
    {"overrides:\n- add: ties\n",
     "change.yaml:2:3: no list of rows to add; expected rows: with one map for each "
     "row\n"},
    {"overrides:\n- remove: ties\n  set: {pnode_id: B}\n",
     "change.yaml:3:3: 'set' beside 'remove'; expected where only\n"},
    {"overrides:\n- change: ties\n",
     "change.yaml:2:3: nothing is changed; expected set or scale\n"},
    {"overrides:\n- ties\n",
     "change.yaml:2:3: not a map; expected change, add or remove "
     "with a table\n"},
    {"overrides:\n- chance: ties\n",
     "change.yaml:2:3: neither change, add nor remove; expected one of them\n"
     "change.yaml:2:3: unknown key 'chance'; expected change?\n"},
    {"overrides: all\n", "change.yaml:1:12: overrides is 'all'; expected a list of "
                         "changes\n"},
    {"base: .\n", "change.yaml:1:7: base is '.'; expected no base in a file of "
                  "overrides\n"},
    {"overrides:\n- change: resources\n  where: {resource_id: S1}\n"
     "  set: {energy_max_mwh: 0.5}\n",
     "change.yaml:4:25: energy_min_mwh is 1 and energy_max_mwh 0.5; expected "
     "energy_min_mwh <= energy_max_mwh\n"},
};

Test(override, every_wrong_change_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct scenario_files s;
        struct scenario_result r;
        char text[2048];
        scenario_files_base(&s);
        scenario_files_load_changed(&s, wrong[i].override, &r);
        scenario_result_faults(&r, text, sizeof text);
        cr_expect(strcmp(text, wrong[i].faults) == 0, "case %zu: %s", i, text);
        cr_expect_eq(r.code, ERR_INPUT);
        scenario_result_release(&r);
        scenario_files_release(&s);
        cr_assert_eq(mem_live(), 0);
    }
}

Test(override, a_scenario_with_a_base_is_that_scenario_changed)
{
    struct scenario_files s;
    struct scenario_result folder, file;
    char dir[40], child[64], base[80];
    scenario_files_base(&s);
    scenario_folder_make(&s, dir);
    snprintf(child, sizeof child, "%s-b", dir);
    cr_assert_eq(mkdir(child, 0700), 0);
    snprintf(base, sizeof base,
             "base: ../%s\nname: what-if\noverrides:\n- remove: virtual_bids\n",
             strrchr(dir, '/') + 1);
    scenario_folder_write(child, "scenario.yaml", base);
    /* A table in the folder takes the place of the base's. */
    scenario_folder_write(child, "ties.csv",
                          "tie_id,pnode_id,import_limit_mw\nT1,B,7\n");
    scenario_files_change(&s, "ties.csv", "T1,A,50,", "T1,B,7,");
    folder = (struct scenario_result){.code = ERR_OK};
    folder.code = scenario_load(child, &folder.market, &folder.faults, &folder.err);
    scenario_files_load_changed(
        &s, "name: what-if\noverrides:\n- remove: virtual_bids\n", &file);
    cr_assert_eq(folder.code, ERR_OK, "%s", folder.err.msg);
    cr_assert_eq(file.code, ERR_OK, "%s", file.err.msg);
    char *a = market_dump(&folder.market), *b = market_dump(&file.market);
    cr_assert_str_eq(a, b);
    cr_assert_str_eq(folder.market.base_name, "base");
    cr_assert_eq(folder.market.n_change, 1);
    cr_assert_str_eq(folder.market.change[0], "remove virtual_bids (5 rows)");
    free(a);
    free(b);
    scenario_result_release(&folder);
    scenario_result_release(&file);
    snprintf(base, sizeof base, "%s/scenario.yaml", child);
    unlink(base);
    snprintf(base, sizeof base, "%s/ties.csv", child);
    unlink(base);
    rmdir(child);
    scenario_folder_remove(&s, dir);
    scenario_files_release(&s);
}

Test(override, a_circle_of_bases_is_refused)
{
    struct scenario_files s = {0};
    struct scenario_result r;
    char text[512];
    scenario_files_put(&s, "scenario.yaml", "base: .\n");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_INPUT);
    snprintf(text, sizeof text, "%s", r.faults.item[0].msg);
    cr_assert_str_eq(text, "a base of a base, 7 deep; expected fewer, and no circle");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(override, the_fingerprint_knows_what_is_changed)
{
    struct scenario_files s;
    struct scenario_result r[3];
    scenario_files_base(&s);
    scenario_files_load(&s, &r[0]);
    scenario_files_load_changed(
        &s, "overrides:\n- change: ties\n  set: {import_limit_mw: 1}\n", &r[1]);
    scenario_files_load_changed(
        &s, "overrides:\n- change: ties\n  set: {import_limit_mw: 2}\n", &r[2]);
    cr_assert_neq(r[0].market.fingerprint, r[1].market.fingerprint);
    cr_assert_neq(r[1].market.fingerprint, r[2].market.fingerprint);
    for (int i = 0; i < 3; i++)
        scenario_result_release(&r[i]);
    scenario_files_release(&s);
}

Test(override, running_out_of_memory_is_said_wherever_it_happens)
{
    struct scenario_files s;
    scenario_files_base(&s);
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n += 7) {
        struct scenario_result r;
        mem_fail_after(n);
        scenario_files_load_changed(
            &s,
            "overrides:\n- change: energy_bids\n  where: {technology: gas}\n"
            "  scale: {price_usd_per_mwh: 2}\n- add: branch_outages\n"
            "  rows: [{branch_id: A-B, first_hour_ending: 3}]\n",
            &r);
        mem_fail_after(-1);
        code = r.code;
        cr_assert(code == ERR_NOMEM || code == ERR_OK, "%d after %ld", (int)code, n);
        scenario_result_release(&r);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
    }
    scenario_files_release(&s);
}
