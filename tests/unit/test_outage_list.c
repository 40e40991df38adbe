/* test_outage_list.c - contingencies from tables and CSV files. */
#include "sim/input/outage_list.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/scenario_files.h"
#include "tests/support/small_case.h"

/* Rows of mpc.branch: 1-2, 2-3 (out of service), 1-3; of mpc.gen: G1, G3. */
#define GRID                                            \
 HEAD BUSES GENS "mpc.branch = [\n" LINE(1, 2, 0.1, 40) \
     BRANCH(2, 3, 0.2, 0, 0, 0, 0, -360, 360) LINE(1, 3, 0.1, 0) "];\n" COSTS
#define TABLE(rows) "function chgtab = t\ndefine_constants;\nchgtab = [\n" rows "];\n"
#define CSV         "outage_id,kind,element_id\n"

static long before; /* blocks alive before the list was read */

static enum err_code list(const char *path, const char *text, struct grid_outages *o,
                          char *faults, size_t size)
{
    struct grid g = small_case_grid(GRID);
    struct source src;
    struct err_list found = {0};
    struct err err = {0};
    grid_release(&g);
    before = mem_live(); /* the reader of small cases keeps its faults */
    g = small_case_grid(GRID);
    cr_assert_eq(source_from_text(path, text, strlen(text), &src, &err), ERR_OK);
    enum err_code code = outage_list_read(&src, &g, o, &found, &err);
    size_t n = 0;
    faults[0] = '\0';
    err_list_sort(&found);
    for (size_t i = 0; i < found.n && n < size; i++) {
        cr_assert_str_eq(found.item[i].at.file, path);
        n += (size_t)snprintf(faults + n, size - n, "%u:%u: %s\n",
                              (unsigned)found.item[i].at.line,
                              (unsigned)found.item[i].at.column, found.item[i].msg);
    }
    cr_assert_eq(code == ERR_INPUT, found.total > 0);
    err_list_release(&found);
    source_release(&src);
    grid_release(&g);
    return code;
}

/* "id: branches | units; ..." */
static void expect_list(const char *path, const char *text, const char *expected,
                        int idle)
{
    struct grid_outages o;
    char faults[1000], got[500] = "";
    size_t n = 0;
    cr_assert_eq(list(path, text, &o, faults, sizeof faults), ERR_OK, "%s", faults);
    for (int32_t k = 0; k < o.n; k++) {
        n += (size_t)snprintf(got + n, sizeof got - n, "%s:", o.id[k]);
        for (int32_t e = o.branch_start[k]; e < o.branch_start[k + 1]; e++)
            n += (size_t)snprintf(got + n, sizeof got - n, " %d", o.branch[e]);
        n += (size_t)snprintf(got + n, sizeof got - n, " |");
        for (int32_t e = o.unit_start[k]; e < o.unit_start[k + 1]; e++)
            n += (size_t)snprintf(got + n, sizeof got - n, " %d", o.unit[e]);
        n += (size_t)snprintf(got + n, sizeof got - n, "; ");
    }
    cr_assert_str_eq(got, expected);
    cr_assert_eq(o.n_idle, idle);
    grid_outages_release(&o);
    cr_assert_eq(mem_live(), before);
}

static void expect_faults(const char *path, const char *text, const char *expected)
{
    struct grid_outages o;
    char faults[2000];
    cr_assert_eq(list(path, text, &o, faults, sizeof faults), ERR_INPUT, "%s", text);
    cr_assert_str_eq(faults, expected);
    cr_assert_eq(o.n, 0);
    cr_assert_eq(mem_live(), before);
}

Test(outage_list, rows_of_one_label_happen_at_once)
{
    expect_list("a.m",
                TABLE("10 0 CT_TBRCH 3 BR_STATUS CT_REP 0;\n"
                      "2 0.5 3 1 11 1 0; % numbers do as well\n"
                      "10 0 CT_TGEN 2 GEN_STATUS CT_REP 0\n"
                      "2, 0.5, CT_TBRCH, 1, BR_STATUS, CT_REP, -1;\n"),
                "2: 0 |; 10: 1 | 1; ", 0);
}

Test(outage_list, what_is_out_of_service_loses_nothing)
{
    expect_list("a.m",
                TABLE("1 0 CT_TBRCH 2 BR_STATUS CT_REP 0;\n"
                      "2 0 CT_TBRCH 2 BR_STATUS CT_REP 0;\n"
                      "2 0 CT_TBRCH 1 BR_STATUS CT_REP 0;\n"),
                "2: 0 |; ", 1);
}

Test(outage_list, any_other_change_of_a_table_is_refused_by_name)
{
    expect_faults(
        "b.m.gz",
        TABLE("1 0 CT_TBUS 1 3 CT_REP 0;\n"
              "1 0 CT_TBRCH 1 GEN_STATUS CT_REP 0;\n"
              "1 0 CT_TBRCH 1 BR_STATUS CT_REL 0;\n"
              "1 0 CT_TBRCH 1 BR_STATUS CT_REP 1;\n"
              "1 0 CT_TBRCH 4 BR_STATUS CT_REP 0;\n"
              "1 0 CT_TGEN 0 GEN_STATUS CT_REP 0;\n"
              "1.5 0 CT_TGEN 1 GEN_STATUS CT_REP 0;\n"
              "1 0 CT_ODD 1 GEN_STATUS CT_REP 0;\n"
              "1 0 CT_TGEN 1 GEN_STATUS CT_REP;\n"
              "1 0 CT_TGEN 1 GEN_STATUS CT_REP 0 0 0;\n"
              "1 0 NaN 1 GEN_STATUS CT_REP 0;\n"),
        "4:5: a change of table 1 is not an outage; expected CT_TBRCH or CT_TGEN\n"
        "5:16: a change of column 8 is not an outage; expected BR_STATUS\n"
        "6:26: a change of kind 2; expected CT_REP\n"
        "7:33: a new status of 1; expected 0, out of service\n"
        "8:14: row 4; expected a row of mpc.branch, 1 to 3\n"
        "9:13: row 0; expected a row of mpc.gen, 1 to 2\n"
        "10:1: label 1.5; expected a whole number\n"
        "11:5: 'CT_ODD' is not known; expected a number, or a name such as CT_TBRCH\n"
        "12:1: this row has 6 columns; expected 7\n"
        "13:1: this row has 8 columns; expected 7\n"
        "14:5: a change of table nan is not an outage; expected CT_TBRCH or CT_TGEN\n");
}

Test(outage_list, what_is_no_table_is_told)
{
    expect_faults(
        "a.m", "",
        "1:1: not a contingency table of MATPOWER; expected 'function chgtab = "
        "NAME' first\n");
    expect_faults("a.m", "function c = t\n", "1:1: no table; expected c = [ rows ]\n");
    expect_faults("a.m", "function c = t\nc = [1 0 3 1 11 1 0",
                  "2:5: this matrix is never closed; expected ]\n");
    expect_faults("a.m", "function c = t\nc = 5;\nx = 3;\n",
                  "1:1: no table; expected c = [ rows ]\n"
                  "2:1: not a table; expected [ rows ]\n"
                  "3:1: 'x = 3;' is not understood; expected c = [ rows ]\n");
    expect_faults("a.m", TABLE("") "chgtab = [1 0 3 1 11 1 0];\n",
                  "5:1: a second table; expected one\n");
    expect_faults("a.m", TABLE("") "end please\n",
                  "5:5: 'please' is not understood here; expected the end of the "
                  "statement\n");
}

Test(outage_list, a_csv_list_goes_by_names)
{
    expect_list("a.csv", CSV "B10,branch,1-3\nB9,,1-2\nB10,unit,G1\nB10,branch,1-3\n",
                "B9: 0 |; B10: 1 | 0; ", 0);
    expect_faults("a.csv", CSV "X,branch,2-3\nY,unit,1-2\nZ,bus,1\n,,1-2\n",
                  "2:10: unknown branch '2-3'; expected the name of one in service\n"
                  "3:8: unknown unit '1-2'; expected the name of one in service\n"
                  "4:3: kind is 'bus'; expected branch or unit\n"
                  "5:1: outage_id is empty; expected a value\n");
}

Test(outage_list, every_failed_allocation_is_reported_and_leaks_nothing)
{
    static const char *const path[] = {"a.m", "a.csv"};
    static const char *const text[] = {TABLE("1 0 CT_TBRCH 1 BR_STATUS CT_REP 0;\n"),
                                       CSV "A,,1-2\nA,unit,G1\n"};
    for (int form = 0; form < 2; form++) {
        struct grid g = small_case_grid(GRID);
        struct source src;
        struct err err = {0};
        cr_assert_eq(
            source_from_text(path[form], text[form], strlen(text[form]), &src, &err),
            ERR_OK);
        enum err_code code = ERR_NOMEM;
        before = mem_live();
        for (long n = 0; code == ERR_NOMEM; n++) {
            struct grid_outages o;
            struct err_list faults = {0};
            err = (struct err){0};
            mem_fail_after(n);
            code = outage_list_read(&src, &g, &o, &faults, &err);
            mem_fail_after(-1);
            if (!code)
                grid_outages_release(&o);
            err_list_release(&faults);
            cr_assert_eq(mem_live(), before, "leak after %ld allocations", n);
            cr_assert_lt(n, 1000);
        }
        cr_assert_eq(code, ERR_OK);
        source_release(&src);
        grid_release(&g);
    }
}

/* ---- outages of a scenario ---- */

Test(outage_list, a_scenario_lists_them_or_takes_every_branch)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_eq(r.market.outages.n, 2);
    cr_assert_str_eq(r.market.outages.id[1], "PAIR");
    cr_assert_eq(r.market.outages.branch_start[2], 3);
    uint64_t fingerprint = r.market.fingerprint;
    scenario_result_release(&r);
    scenario_files_drop(&s, "outages.csv");
    scenario_files_change(&s, "scenario.yaml", "dc_model: pglib",
                          "outages: branches\n  dc_model: pglib");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_eq(r.market.outages.n, r.market.grid.n_branch);
    cr_assert_neq(r.market.fingerprint, fingerprint);
    scenario_result_release(&r);
    scenario_files_release(&s);
    cr_assert_eq(mem_live(), 0);
}

Test(outage_list, faults_in_a_scenario_have_their_place)
{
    static const struct fault_case bad[] = {
        {"outages.csv", "PAIR,branch,A-B\n", "PAIR,unit,A-B\n",
         "outages.csv:2:6: an outage of a unit; expected branches only in a market\n"},
        {"outages.csv", "LOOP,,C-A\n", "LOOP,,A-C\n",
         "outages.csv:3:7: unknown branch 'A-C'; expected the name of one in "
         "service\n"},
        {"scenario.yaml", "dc_model: pglib", "outages: branches\n  dc_model: pglib",
         "scenario.yaml:10:12: outages is 'branches' and there is a table outages; "
         "expected one of the two\n"},
        {"scenario.yaml", "dc_model: pglib", "outages: some\n  dc_model: pglib",
         "scenario.yaml:10:12: outages is 'some'; expected listed or branches\n"},
        {"scenario.yaml", "dc_model: pglib", "outages: listed\n  dc_model: pglib", ""},
        {"branches.csv", ",100,120\n", ",100,0\n",
         "branches.csv:2:21: rate_after_mw is 0; expected a number of MW above 0 up to "
         "1e+07\n"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect(fault_case_holds(&bad[i]), "%s: %s", bad[i].file, bad[i].to);
}
