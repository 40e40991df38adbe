/* test_read_collateral.c - security that is posted while the market runs. */
#include <criterion/criterion.h>

#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

static struct scenario_result load_with(const char *collateral)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_put(&s, "collateral.csv", collateral);
    scenario_files_load(&s, &r);
    scenario_files_release(&s);
    return r;
}

static void refused(const char *collateral, const char *fault)
{
    char text[1024];
    struct scenario_result r = load_with(collateral);
    cr_expect_eq(r.code, ERR_INPUT);
    scenario_result_faults(&r, text, sizeof text);
    cr_expect_str_eq(text, fault);
    scenario_result_release(&r);
}

Test(read_collateral, postings_are_sorted_whatever_the_order_of_rows)
{
    struct scenario_result r = load_with("sc_id,posted_on,amount_usd\n"
                                         "SC2,2026-03-09,7\nSC1,2026-03-09,6\n"
                                         "SC2,2026-03-01,5\nSC1,2026-03-09,4\n");
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_eq(r.market.n_posting, 4);
    const double expected[] = {5, 4, 6, 7};
    for (int i = 0; i < 4; i++)
        cr_expect_float_eq(r.market.posting[i].amount_usd, expected[i], 0);
    cr_expect_eq(r.market.posting[0].sc, r.market.posting[3].sc);
    scenario_result_release(&r);
}

Test(read_collateral, every_wrong_row_is_told_at_its_place)
{
    refused(
        "sc_id,posted_on,amount_usd\nSC9,2026-03-08,500\n",
        "collateral.csv:2:1: unknown scheduling coordinator 'SC9'; expected an sc_id "
        "of table scheduling_coordinators\n");
    refused("sc_id,posted_on,amount_usd\nSC1,,500\n",
            "collateral.csv:2:5: posted_on is empty; expected a value\n");
    refused("sc_id,posted_on,amount_usd\nSC1,2026-02-30,500\n",
            "collateral.csv:2:5: posted_on is '2026-02-30'; expected a date YYYY-MM-DD "
            "from 1970 to 2199\n");
    refused("sc_id,posted_on,amount_usd\nSC1,2026-03-08,-1\n",
            "collateral.csv:2:16: amount_usd is -1; expected a number of USD from 0 to "
            "1e+12\n");
    refused("sc_id,amount_usd\nSC1,5\n", "collateral.csv:1:1: column 'posted_on' is "
                                         "missing; expected it in the header of "
                                         "table collateral\n");
}
