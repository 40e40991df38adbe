/* test_read_days.c - trade days of 23, 24 and 25 hours, and rows that name their hours. */
#include <criterion/criterion.h>

#include "tests/support/scenario_files.h"

/* The base with other dates, without the rows that name the old ones. */
static void load_days(const char *dates, const char *extra_bids,
                      struct scenario_files *s, struct scenario_result *r)
{
    scenario_files_base(s);
    scenario_files_change(s, "scenario.yaml", "[2026-04-15, 2026-04-16]", dates);
    scenario_files_put(s, "load_forecast.csv", "node_id,forecast_mw\nLAP1,100\n");
    scenario_files_drop(s, "virtual_bids.csv");
    scenario_files_put(s, "energy_bids.csv",
                       "resource_id,trade_date,hour_ending,to_mw,price_usd_per_mwh\n"
                       "L2,,,80,100\n");
    scenario_files_change(s, "energy_bids.csv", "L2,,,80,100\n", extra_bids);
    scenario_files_load(s, r);
}

static void expect_faults(const char *dates, const char *bids, const char *expected)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[2048];
    load_days(dates, bids, &s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(text, expected);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_days, the_short_day_has_no_hour_three)
{
    expect_faults(
        "[2026-03-08]", "G1,2026-03-08,3,50,20\nG1,,2,50,20\n",
        "energy_bids.csv:2:15: hour_ending is 3, an hour that 2026-03-08 does "
        "not have; expected 1 to 24 without 3\n");
    expect_faults(
        "[2026-03-08]", "G1,,3,50,20\n",
        "energy_bids.csv:2:5: hour_ending is 3, an hour that no trade date has; "
        "expected an hour of a trade date\n");
}

Test(read_days, only_the_long_day_has_hour_twenty_five)
{
    expect_faults("[2026-11-01]", "G1,2026-11-01,25,50,20\n", "");
    expect_faults(
        "[2026-11-02]", "G1,2026-11-02,25,50,20\n",
        "energy_bids.csv:2:15: hour_ending is 25, an hour that 2026-11-02 does "
        "not have; expected 1 to 24\n");
}

Test(read_days, an_hour_of_every_date_holds_where_it_exists)
{
    struct scenario_files s;
    struct scenario_result r;
    int32_t n;
    load_days("[2026-03-08, 2026-03-09]", "G1,,3,50,20\n", &s, &r);
    const struct market *m = &r.market;
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_eq(m->n_interval, 47);
    cr_assert_eq(m->first_interval[1], 23);
    for (int32_t t = 0; t < 47; t++) {
        (void)book_bid(&m->bids, 2, t, &n);
        cr_assert_eq(n, t == 23 + 2, "interval %d", t);
    }
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_days, a_wrong_zone_or_date_causes_no_faults_in_tables)
{
    expect_faults(
        "[2026-03-08, soon]", "G1,2026-03-09,3,50,20\n",
        "scenario.yaml:3:27: trade_dates is 'soon'; expected a date YYYY-MM-DD "
        "from 1970 to 2199\n");
}

Test(read_days, a_date_that_a_zone_skipped_is_refused)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024];
    scenario_files_base(&s);
    scenario_files_change(&s, "scenario.yaml", "[2026-04-15, 2026-04-16]",
                          "[2011-12-30]");
    scenario_files_change(&s, "scenario.yaml", "America/Los_Angeles", "Pacific/Apia");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_eq(r.code, ERR_INPUT);
    cr_assert_eq(r.faults.total, 1, "%s", text);
    cr_assert_eq(r.faults.item[0].at.line, 3);
    cr_assert_eq(r.faults.item[0].at.column, 15);
    cr_assert_null(scenario_result_misplaced(&s, &r), "%s", text);
    scenario_result_release(&r);
    scenario_files_release(&s);
}
