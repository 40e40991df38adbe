/* test_read_response.c - table dr_history, sound and wrong. */
#include <criterion/criterion.h>

#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

#define HEADER "resource_id,date,hour_ending,load_mwh,skipped\n"

static struct scenario_result load_with(const char *history)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_put(&s, "dr_history.csv", history);
    scenario_files_load(&s, &r);
    scenario_files_release(&s);
    return r;
}

static void refused(const char *history, const char *fault)
{
    char text[1024];
    struct scenario_result r = load_with(history);
    cr_expect_eq(r.code, ERR_INPUT);
    scenario_result_faults(&r, text, sizeof text);
    cr_expect_str_eq(text, fault);
    scenario_result_release(&r);
}

Test(read_response, rows_are_sorted_by_day_and_hour)
{
    struct scenario_result r =
        load_with(HEADER "P1,2026-03-05,2,3,\nP1,2026-03-05,1,2,yes\n"
                         "P1,2026-03-04,25,1,no\n");
    char text[1024];
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_eq(r.code, ERR_OK, "%s", text);
    cr_assert_eq(r.market.n_response, 3);
    for (int i = 0; i < 3; i++) {
        cr_expect_float_eq(r.market.response[i].load_mwh, i + 1, 0);
        cr_expect_eq(r.market.response[i].skipped, i == 1);
    }
    cr_expect_eq(r.market.response[0].hour, 25);
    scenario_result_release(&r);
}

Test(read_response, every_wrong_row_is_told_at_its_place)
{
    refused(
        HEADER "D9,2026-03-05,1,2,\n",
        "dr_history.csv:2:1: unknown resource 'D9'; expected a resource_id of table "
        "resources\n");
    refused(
        HEADER "G1,2026-03-05,1,2,\n",
        "dr_history.csv:2:1: 'G1' is no demand response; expected a resource of type "
        "pdr\n");
    refused(
        HEADER "P1,2026-03-05,1,2,\nP1,2026-03-05,1,2,\n",
        "dr_history.csv:3:1: a second row for the same hour, after line 2; expected "
        "one\n");
    refused(HEADER "P1,2026-03-05,,2,\n",
            "dr_history.csv:2:15: hour_ending is empty; expected a value\n");
    refused(HEADER "P1,2026-03-05,1,-2,\n",
            "dr_history.csv:2:17: load_mwh is -2; expected a number of MWh from 0 to "
            "1e+07\n");
}
