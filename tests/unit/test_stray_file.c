/* test_stray_file.c - mistyped names of tables. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/scenario_files.h"

/* The base without tables that it can do without, and one file more. */
static void start(struct scenario_files *s, const char *file)
{
    scenario_files_base(s);
    scenario_files_drop(s, "virtual_bids.csv");
    scenario_files_put(s, file, "x\n");
}

static bool is_refused(const char *file, const char *table)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[2048], expected[512];
    start(&s, file);
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    (void)snprintf(expected, sizeof expected,
                   "%s:1:1: %s is no table of this scenario; expected %s, or its name "
                   "under tables: in scenario.yaml\n",
                   file, file, table ? table : "");
    bool refused = r.code == ERR_INPUT && strcmp(text, expected) == 0 &&
                   !scenario_result_misplaced(&s, &r);
    if (!refused && *text)
        (void)fprintf(stderr, "%s: got %s", file, text);
    scenario_result_release(&r);
    scenario_files_release(&s);
    return refused;
}

Test(stray_file, a_name_almost_that_of_an_absent_table_is_a_fault)
{
    static const char *const name[] = {
        "virtual_bid.csv",    "vitrual_bids.csv", "virtual-bids.csv",
        "Virtual_Bids.csv",   "virtual_bids.CSV", "virtual.csv",
        "irtual_bids.csv",    "bids.csv",         "virtual_bids.csv.gz",
        "virtual_bid.csv.GZ",
    };
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        cr_expect(is_refused(name[i], "virtual_bids.csv"), "%s", name[i]);
    cr_assert_eq(mem_live(), 0);
}

Test(stray_file, other_files_are_left_alone)
{
    static const char *const name[] = {
        "prices.csv",          /* no word of ours */
        "energy_bids_old.csv", /* that table is there */
        "virtual_bid.txt",
        "virtual_bids",
        "virtual_bid.csv.bak",
        ".csv",
        "virtual_b\tds.csv",
        "energy_bids.csv.gz",
        ".csv.gz",
        ".gz",
    };
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        struct scenario_files s;
        struct scenario_result r;
        start(&s, name[i]);
        scenario_files_load(&s, &r);
        cr_expect_eq(r.code, ERR_OK, "%s", name[i]);
        scenario_result_release(&r);
        scenario_files_release(&s);
    }
}

Test(stray_file, a_file_that_is_named_is_no_stray)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_drop(&s, "virtual_bids.csv");
    scenario_files_put(&s, "virtual_bid.csv",
                       scenario_files_get(&s, "energy_bids.csv"));
    scenario_files_drop(&s, "energy_bids.csv");
    scenario_files_change(&s, "scenario.yaml", "energy_bids: energy_bids.csv",
                          "energy_bids: ./virtual_bid.csv");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(stray_file, a_key_that_was_refused_may_have_named_it)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024];
    start(&s, "virtual_bid.csv");
    scenario_files_change(&s, "scenario.yaml",
                          "market:", "  virtual_bid: virtual_bid.csv\nmarket:");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(
        text,
        "scenario.yaml:8:3: unknown key 'virtual_bid'; expected 'virtual_bids'?\n");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(stray_file, several_come_in_the_order_of_their_names)
{
    struct scenario_files s;
    struct scenario_result r;
    start(&s, "virtual_bidz.csv");
    scenario_files_put(&s, "virtual_bid.csv", "x\n");
    scenario_files_put(&s, "virtual_bida.csv", "x\n");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.faults.n, 3);
    cr_assert(strstr(r.faults.item[0].msg, "virtual_bid.csv"));
    cr_assert(strstr(r.faults.item[1].msg, "virtual_bida.csv"));
    cr_assert(strstr(r.faults.item[2].msg, "virtual_bidz.csv"));
    scenario_result_release(&r);
    scenario_files_release(&s);
}
