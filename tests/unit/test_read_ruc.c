/* test_read_ruc.c - bids of capacity, and forecasts that residual commitment can use. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/scenario_files.h"

// clang-format off
static const struct fault_case bids[] = {
        {"ruc_bids.csv", "G1,,,5\n", "G1,,,-5\n",
         "ruc_bids.csv:2:6: price_usd_per_mw is -5; expected a number of USD/MW from 0 to 1e+06\n"},
        {"ruc_bids.csv", "G1,,,5\n", "G1,,,251\n",
         "ruc_bids.csv:2:6: 251; expected at most ruc_bid_cap, 250\n"},
        {"ruc_bids.csv", "G1,,,5\n", "G1,,,\n",
         "ruc_bids.csv:2:6: price_usd_per_mw is empty; expected a value\n"},
        {"ruc_bids.csv", "G1,,,5\n", "QQQ,,,5\n",
         "ruc_bids.csv:2:1: unknown resource 'QQQ'; expected a resource_id of table resources\n"},
        {"ruc_bids.csv", "G1,,,5\n", "S1,,,5\n",
         "ruc_bids.csv:2:1: a bid of capacity of the storage 'S1'; expected a generator\n"},
        {"ruc_bids.csv", "G1,,,5\n", "G1,2026-04-17,,5\n",
         "ruc_bids.csv:2:4: trade_date 2026-04-17 is not traded; expected one of trade_dates in scenario.yaml\n"},
        {"ruc_bids.csv", "G1,,,5\n", "G1,,25,5\n",
         "ruc_bids.csv:2:5: hour_ending is 25, an hour that no trade date has; expected an hour of a trade date\n"},
        {"ruc_bids.csv", "G1,,,5\n", "G1,,18,5\n",
         "ruc_bids.csv:4:1: a second bid of 'G1' for the same hours, after line 2; expected one\n"},
};

static const struct fault_case forecasts[] = {
        {"load_forecast.csv", "LAP1,,,100\n", "LAP1,,2,100\n",
         "resources.csv:3:33: node 'LAP1' has no forecast for 2026-04-15 hour 1, where 'L1' has no bid; expected one in table load_forecast\n"
         "scenario.yaml:11:8: ruc is on, and node 'LAP1' has no forecast for 2026-04-15 hour 1; expected one for every hour\n"},
        {"load_forecast.csv", "LAP1,,,100\n", "LAP1,,,100\nB,,,5\n",
         "scenario.yaml:11:8: ruc is on, and 'B' and 'LAP1' both have a forecast and share bus B; expected one forecast for each bus\n"},
};
// clang-format on

Test(read_ruc, every_wrong_bid_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof bids / sizeof *bids; i++)
        cr_expect(fault_case_holds_with_services(&bids[i]), "case %zu", i);
}

/* The base with residual commitment on. */
static void make(struct scenario_files *s)
{
    scenario_files_base(s);
    scenario_files_services(s);
    scenario_files_change(s, "scenario.yaml", "  dc_model: pglib\n",
                          "  dc_model: pglib\n  ruc: on\n");
}

static void expect(const struct scenario_files *s, const char *expected)
{
    static char got[4096];
    struct scenario_result r;
    scenario_files_load(s, &r);
    scenario_result_faults(&r, got, sizeof got);
    cr_expect_str_eq(got, expected);
    cr_expect_null(scenario_result_misplaced(s, &r));
    scenario_result_release(&r);
}

Test(read_ruc, a_forecast_with_gaps_or_twice_for_a_bus_is_told)
{
    for (size_t i = 0; i < sizeof forecasts / sizeof *forecasts; i++) {
        struct scenario_files s;
        make(&s);
        scenario_files_change(&s, forecasts[i].file, forecasts[i].from,
                              forecasts[i].to);
        expect(&s, forecasts[i].expected);
        scenario_files_release(&s);
    }
}

Test(read_ruc, it_cannot_be_without_any_forecast)
{
    struct scenario_files s;
    make(&s);
    scenario_files_drop(&s, "load_forecast.csv");
    scenario_files_change(&s, "resources.csv", "0.5", "");
    expect(&s, "scenario.yaml:11:8: ruc is on, and there is no load forecast; expected "
               "rows in table load_forecast\n");
    scenario_files_release(&s);
}

Test(read_ruc, the_more_specific_bid_wins)
{
    struct scenario_files s;
    struct scenario_result r;
    make(&s);
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    int32_t g = 0;
    cr_assert_eq(r.code, ERR_OK);
    while (strcmp(m->resource[g].id, "G1") != 0)
        g++;
    const double *bid = m->ruc_bid_usd_per_mw + g;
    cr_assert_float_eq(bid[0 * m->n_resource], 5, 0, "neither date nor hour");
    cr_assert_float_eq(bid[17 * m->n_resource], 7.5, 0, "hour");
    cr_assert_float_eq(bid[24 * m->n_resource], 6, 0, "date");
    cr_assert_float_eq(bid[41 * m->n_resource], 0, 0, "date and hour");
    scenario_result_release(&r);
    scenario_files_release(&s);
}
