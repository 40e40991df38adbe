/* test_read_forecast.c - load by node and hour. */
#include <criterion/criterion.h>

#include "tests/support/scenario_files.h"

// clang-format off
static const struct fault_case cases[] = {
        {"load_forecast.csv", "LAP1,,,100",
         "LAP1,,,-100",
         "load_forecast.csv:2:8: forecast_mw is -100; expected a number of MW from 0 to 1e+07\n"},
        {"load_forecast.csv", "LAP1,,,100",
         "LAP1,,,",
         "load_forecast.csv:2:8: forecast_mw is empty; expected a value\n"},
        {"load_forecast.csv", "LAP1,,,100",
         "QQQ,,,100",
         "load_forecast.csv:2:1: unknown node 'QQQ'; expected a PNode or an aggregated node\n"},
        {"load_forecast.csv", "LAP1,,,100",
         "T1,,,100",
         "load_forecast.csv:2:1: unknown node 'T1'; expected a PNode or an aggregated node\n"},
        {"load_forecast.csv", "LAP1,,,100",
         "LAP1,2026-04-17,,100",
         "load_forecast.csv:2:6: trade_date 2026-04-17 is not traded; expected one of trade_dates in scenario.yaml\n"},
        {"load_forecast.csv", "LAP1,,,100",
         "LAP1,,25,100",
         "load_forecast.csv:2:7: hour_ending is 25, an hour that no trade date has; expected an hour of a trade date\n"},
        {"load_forecast.csv", "LAP1,,,100",
         "LAP1,,18,100",
         "load_forecast.csv:4:1: a second forecast of 'LAP1' for the same hour, after line 2; expected one\n"},
        {"load_forecast.csv", "LAP1,,,100",
         "LAP1,,,500",
         "resources.csv:3:33: the share of the forecast is 250 MW on 2026-04-15 hour 1; expected at most the 200 MW of pmax_mw\n"},
        {"load_forecast.csv", "LAP1,,,100",
         "B,,,500",
         "resources.csv:3:33: node 'LAP1' has no forecast for 2026-04-15 hour 1, where 'L1' has no bid; expected one in table load_forecast\n"},
};
// clang-format on

Test(read_forecast, every_wrong_forecast_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(fault_case_holds(&cases[i]), "case %zu", i);
}

Test(read_forecast, the_more_specific_row_wins)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    const double *lap = m->forecast_mw + 8;
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_float_eq(lap[0 * m->n_node], 100, 0, "neither date nor hour");
    cr_assert_float_eq(lap[17 * m->n_node], 120, 0, "hour");
    cr_assert_float_eq(lap[24 * m->n_node], 110, 0, "date");
    cr_assert_float_eq(lap[41 * m->n_node], 130, 0, "date and hour");
    cr_assert(m->has_forecast[8]);
    cr_assert_not(m->has_forecast[0]);
    scenario_result_release(&r);
    scenario_files_release(&s);
}
