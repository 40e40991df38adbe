/*
 * test_real_time_ties.c - an import in real time, by each option and answer, by hand.
 *
 * One bus, one hour. Generators: 80 MW at 30, 100 MW at 50; an import of up to 20 MW at 40.
 * The day ahead clears 70 MW of load, without the import. The day brings 70, 95, 95, 70 MW
 * by quarters, 82.5 on the mean, and the dispatch one five minutes of 97 in the second.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "tests/support/cleared.h"
#include "tests/support/market_build.h"

enum {
    CHEAP,
    DEAR,
    IMPORT,
    LOAD
};

static struct cleared c;

/* What there is of the import by quarters, and from which five minutes on it is known. */
struct forecast {
    double mw;
    int32_t known_from;
};

static void run_with(enum tie_option option, const struct tie_response *answer,
                     const struct forecast *forecast)
{
    struct market_build b;
    market_build_begin(&b, 1, 1);
    int32_t bus = market_build_bus(&b, "1", 100), sc = market_build_sc(&b, "S", 1e6);
    int32_t tie = market_build_tie(&b, "T", bus, INFINITY, INFINITY);
    market_build_resource(&b, "A", RESOURCE_GENERATOR, sc, bus, 0, 80);
    market_build_resource(&b, "B", RESOURCE_GENERATOR, sc, bus, 0, 100);
    market_build_resource(&b, "I", RESOURCE_IMPORT, sc, tie, 0, 20);
    market_build_resource(&b, "L", RESOURCE_LOAD, sc, bus, 0, 200);
    market_build_bid(&b, CHEAP, MARKET_BUILD_ALL, 0, 80, 30);
    market_build_bid(&b, DEAR, MARKET_BUILD_ALL, 0, 100, 50);
    market_build_bid(&b, IMPORT, MARKET_BUILD_ALL, 0, 20, 40);
    market_build_self(&b, LOAD, MARKET_BUILD_ALL, BID_SELF_PT, 0, 70);
    b.m.resource[IMPORT].tie_option = option;
    struct market m = market_build_end(&b);
    m.rules.real_time = true;
    m.rt.load_mw = ARENA_ARRAY(&m.arena, double, RT_FIVES *m.n_node);
    m.rt.fmm_load_mw = ARENA_ARRAY(&m.arena, double, RT_FIVES *m.n_node);
    m.rt.available_mw = ARENA_ARRAY(&m.arena, double, RT_FIVES *m.n_resource);
    m.rt.known_from = ARENA_ARRAY(&m.arena, int32_t, RT_FIVES * m.n_resource);
    m.tie_response = ARENA_ARRAY(&m.arena, struct tie_response, m.n_resource);
    cr_assert(m.rt.load_mw && m.rt.fmm_load_mw && m.rt.available_mw &&
              m.rt.known_from && m.tie_response);
    for (int32_t i = 0; i < RT_FIVES * m.n_node; i++) {
        int32_t five = i / m.n_node;
        m.rt.load_mw[i] = m.rt.fmm_load_mw[i] = five < 3 || five >= 9 ? 70 : 95;
        if (five == 4)
            m.rt.load_mw[i] = 97;
    }
    for (int32_t i = 0; i < RT_FIVES * m.n_resource; i++)
        m.rt.available_mw[i] = INFINITY;
    for (int32_t f = 0; forecast && f < RT_FIVES; f++) {
        const struct forecast *of = &forecast[f / RT_FIVES_A_QUARTER];
        m.rt.available_mw[f * m.n_resource + IMPORT] = of->mw;
        m.rt.known_from[f * m.n_resource + IMPORT] = of->known_from;
    }
    if (answer)
        m.tie_response[IMPORT] = *answer;
    cleared_make(m, &c);
}

static void run(enum tie_option option, const struct tie_response *answer)
{
    run_with(option, answer, NULL);
}

static void is(const double fmm[RT_QUARTERS], double rtd_mw, double at_97_mw)
{
    for (int q = 0; q < RT_QUARTERS; q++)
        cr_expect_float_eq(c.rt.fmm.award_mw[q * 4 + IMPORT], fmm[q], 1e-6,
                           "quarter %d: %g, not %g", q,
                           c.rt.fmm.award_mw[q * 4 + IMPORT], fmm[q]);
    cr_expect_float_eq(c.rt.rtd.award_mw[3 * 4 + IMPORT], rtd_mw, 1e-6, "%g",
                       c.rt.rtd.award_mw[3 * 4 + IMPORT]);
    cr_expect_float_eq(c.rt.rtd.award_mw[4 * 4 + IMPORT], at_97_mw, 1e-6, "%g",
                       c.rt.rtd.award_mw[4 * 4 + IMPORT]);
}

static double usd_of(int code)
{
    double sum = 0;
    for (int64_t k = 0; k < c.s.n_interval_line; k++)
        if (c.s.interval_line[k].code == code)
            sum += c.s.interval_line[k].amount_usd;
    return sum;
}

static void end(void)
{
    cleared_release(&c);
    cr_assert_eq(mem_live(), 0);
}

TestSuite(real_time_ties, .fini = end);

Test(real_time_ties, an_hourly_block_is_cleared_once_for_the_mean_of_the_hour)
{
    run(TIE_OPTION_HOURLY, NULL);
    is((const double[]){2.5, 2.5, 2.5, 2.5}, 2.5, 2.5);
    cr_expect_float_eq(c.rt.block_mw[IMPORT], 2.5, 1e-6);
    cr_expect_float_eq(c.rt.accepted_mw[IMPORT], 2.5, 1e-6);
    cr_expect_float_eq(usd_of(CHARGE_6456), 0, 0);
}

Test(real_time_ties, a_self_scheduled_block_is_what_the_day_ahead_market_awarded)
{
    run(TIE_OPTION_SELF, NULL);
    is((const double[]){0, 0, 0, 0}, 0, 0);
    cr_expect_float_eq(c.rt.block_mw[IMPORT], 0, 0);
}

Test(real_time_ties, a_block_that_may_change_does_so_once)
{
    run(TIE_OPTION_CHANGE, NULL);
    is((const double[]){2.5, 15, 15, 15}, 15, 15);
    cr_expect_float_eq(c.rt.block_mw[IMPORT], 2.5, 1e-6);
}

Test(real_time_ties, a_fifteen_minute_import_follows_the_fifteen_minute_market)
{
    run(TIE_OPTION_FIFTEEN, NULL);
    is((const double[]){0, 15, 15, 0}, 15, 15);
    cr_expect(isnan(c.rt.block_mw[IMPORT]));
}

Test(real_time_ties, a_dynamic_import_is_dispatched)
{
    run(TIE_OPTION_DYNAMIC, NULL);
    is((const double[]){0, 15, 15, 0}, 15, 17);
    cr_expect(isnan(c.rt.accepted_mw[IMPORT]));
    cr_expect_float_eq(usd_of(CHARGE_6456), 0, 0);
}

/* 6 MW, 5 of them known when the second quarter is run, 25 of which Pmax lets 20; the last
 * quarter learns of its 4 MW too late and keeps to the day-ahead award, 0, like the first
 * one where nothing is known at all. */
Test(real_time_ties, a_variable_import_follows_its_forecast_as_far_as_it_is_known)
{
    run_with(TIE_OPTION_VARIABLE, NULL,
             (const struct forecast[]){{6, 0}, {5, 2}, {25, 0}, {4, 10}});
    is((const double[]){6, 5, 20, 0}, 5, 5);
    cr_expect(isnan(c.rt.block_mw[IMPORT]));
    cr_expect_float_eq(c.meter.energy_mwh[10 * 4 + IMPORT], 0, 1e-9);
    cr_expect_float_eq(usd_of(CHARGE_6456), 0, 0);
    cleared_release(&c);
    run(TIE_OPTION_VARIABLE, NULL);
    is((const double[]){0, 0, 0, 0}, 0, 0);
}

Test(real_time_ties, what_is_declined_in_time_is_not_scheduled)
{
    const struct tie_response partial = {TIE_ANSWER_PARTIAL, 1, false};
    run(TIE_OPTION_HOURLY, &partial);
    is((const double[]){1, 1, 1, 1}, 1, 1);
    cr_expect_float_eq(c.rt.block_mw[IMPORT], 2.5, 1e-6);
    cr_expect_float_eq(c.rt.accepted_mw[IMPORT], 1, 1e-6);
    cr_expect_float_eq(usd_of(CHARGE_6456), 0, 0);
}

Test(real_time_ties, a_change_keeps_to_what_was_accepted)
{
    const struct tie_response partial = {TIE_ANSWER_PARTIAL, 1, false};
    run(TIE_OPTION_CHANGE, &partial);
    is((const double[]){1, 1, 1, 0}, 1, 1);
}

/* The market held 2.5 MW and got none: 2.5 MWh less 3 %, at 75 % of the dearer price; the
 * last quarter of the five-minute market, 72 MW without the import, costs 30 like the first. */
Test(real_time_ties, what_is_declined_late_is_charged)
{
    const struct tie_response decline = {TIE_ANSWER_DECLINE, 0, true};
    run(TIE_OPTION_HOURLY, &decline);
    is((const double[]){2.5, 2.5, 2.5, 2.5}, 0, 0);
    cr_expect_float_eq(usd_of(CHARGE_6456), 0.97 * 0.625 * 0.75 * (30 + 50 + 50 + 30),
                       1e-6);
    cr_expect_float_eq(usd_of(CHARGE_6456) + usd_of(CHARGE_6457), 0, 1e-9);
}
