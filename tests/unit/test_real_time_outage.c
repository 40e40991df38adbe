/*
 * test_real_time_outage.c - a unit that an outage takes between two runs, by hand.
 *
 * One bus, four hours of 80 MW. U runs at 60 of its 20 to 60 MW at 20, G gives the rest at 50.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "tests/support/cleared.h"
#include "tests/support/market_build.h"

enum {
    HOURS = 4,
    UNIT = 2,
    N = 3,
    TRIP = 14 /* five minutes of the day */
};

static struct cleared c;

/* available MW in the five minutes TRIP, of which runs know five minutes later. */
static void run(double available_mw, bool fast)
{
    struct market_build b;
    market_build_begin(&b, 1, HOURS);
    int32_t bus = market_build_bus(&b, "1", 100), sc = market_build_sc(&b, "S", 1e6);
    int32_t g = market_build_resource(&b, "G", RESOURCE_GENERATOR, sc, bus, 0, 200);
    int32_t l = market_build_resource(&b, "L", RESOURCE_LOAD, sc, bus, 0, 200);
    int32_t u = market_build_resource(&b, "U", RESOURCE_GENERATOR, sc, bus, 20, 60);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 200, 50);
    market_build_self(&b, l, MARKET_BUILD_ALL, BID_SELF_PT, 0, 80);
    market_build_bid(&b, u, MARKET_BUILD_ALL, 20, 60, 20);
    struct resource *is = &b.m.resource[u];
    is->market_committed = true;
    is->commit = (struct commitment_terms){.min_up_h = 1,
                                           .min_down_h = 2,
                                           .n_start = 1,
                                           .start_cost_usd = {100},
                                           .min_load_usd_per_h = 400,
                                           .start_mw = HUGE_VAL,
                                           .stop_mw = HUGE_VAL,
                                           .initial_h = 9,
                                           .fast = fast};
    is->initial_mw = 60;
    is->ramp_up_mw_per_min = is->ramp_down_mw_per_min = 1;
    struct market m = market_build_end(&b);
    size_t n_five = (size_t)RT_FIVES * HOURS;
    m.rules.real_time = true;
    m.rt.load_mw = ARENA_ARRAY(&m.arena, double, n_five);
    m.rt.fmm_load_mw = ARENA_ARRAY(&m.arena, double, n_five);
    m.rt.available_mw = ARENA_ARRAY(&m.arena, double, n_five *N);
    m.rt.known_from = ARENA_ARRAY(&m.arena, int32_t, n_five * N);
    cr_assert(m.rt.load_mw && m.rt.fmm_load_mw && m.rt.available_mw && m.rt.known_from);
    for (size_t f = 0; f < n_five; f++)
        m.rt.load_mw[f] = m.rt.fmm_load_mw[f] = (double)NAN;
    for (size_t k = 0; k < n_five * N; k++)
        m.rt.available_mw[k] = INFINITY;
    m.rt.available_mw[TRIP * N + UNIT] = available_mw;
    m.rt.known_from[TRIP * N + UNIT] = TRIP + 1;
    cleared_make(m, &c);
}

static double award(int five)
{
    return c.rt.rtd.award_mw[five * N + UNIT];
}

static double paid(int code)
{
    double sum = 0;
    for (int64_t k = 0; k < c.s.n_interval_line; k++)
        if (c.s.interval_line[k].code == code && c.s.interval_line[k].resource == UNIT)
            sum -= c.s.interval_line[k].amount_usd;
    return sum;
}

static void end(void)
{
    cleared_release(&c);
    cr_assert_eq(mem_live(), 0);
}

TestSuite(real_time_outage, .fini = end);

/* The dispatch of the trip does not know; two hours later it may be back, from Pmin and a ramp. */
Test(real_time_outage, a_unit_that_trips_is_off_for_its_least_time)
{
    run(0, false);
    cr_expect_float_eq(award(TRIP), 60, 1e-6);
    for (int f = 0; f < RT_FIVES * HOURS; f++) {
        bool off = f > TRIP && f < TRIP + 2 * RT_FIVES;
        cr_expect_eq(c.rt.rtd.on[f * N + UNIT], !off, "five minutes %d", f);
    }
    cr_expect_float_eq(award(TRIP + 1), 0, 0);
    cr_expect_float_eq(award(TRIP + 2 * RT_FIVES), 25, 1e-6);
    cr_expect_float_eq(award(TRIP + 2 * RT_FIVES + 1), 30, 1e-6);
    cr_expect_float_eq(c.rt.rtd.award_mw[(TRIP + 1) * N], 80, 1e-6);
}

/* A fast one, for which no window sees a price that is worth a start, neither more nor less. */
Test(real_time_outage, a_fast_unit_is_off_as_long_and_starts_in_a_quarter)
{
    run(0, true);
    for (int f = 0; f < RT_FIVES * HOURS; f++) {
        bool off = f > TRIP && f < TRIP + 2 * RT_FIVES + 1;
        cr_expect_eq(c.rt.rtd.on[f * N + UNIT], !off, "five minutes %d", f);
    }
    cr_expect_float_eq(c.rt.fmm.start_cost_usd[13 * N + UNIT], 100, 0);
    for (int q = 0; q < RT_QUARTERS * HOURS; q++)
        cr_expect_float_eq(c.rt.fmm.min_load_usd[q * N + UNIT], 0, 0, "quarter %d", q);
}

/* 40 MW of 60 are left: it goes on, from there. */
Test(real_time_outage, a_unit_that_loses_a_part_goes_on_with_what_is_left)
{
    run(40, false);
    for (int f = 0; f < RT_FIVES * HOURS; f++)
        cr_expect(c.rt.rtd.on[f * N + UNIT], "five minutes %d", f);
    cr_expect_float_eq(award(TRIP), 60, 1e-6);
    cr_expect_float_eq(award(TRIP + 1), 45, 1e-6);
    cr_expect_float_eq(award(TRIP + 2), 50, 1e-6);
    cr_expect_float_eq(c.rt.now.output_mw[UNIT], 60, 1e-6);
}

/* Its 40 MW above Pmin sell at 50 and cost 20; minimum load of 400 sells for 1,000. It buys back
 * two hours at 50 and nobody makes that good. */
Test(real_time_outage, nothing_that_an_outage_cost_is_recovered)
{
    run(0, false);
    cr_expect_float_eq(paid(CHARGE_6630), 0, 1e-6);
    cr_expect_float_eq(paid(CHARGE_6620), 0, 1e-6);
    double sold = paid(CHARGE_6011), back = paid(CHARGE_6460) + paid(CHARGE_6470);
    cr_expect_float_eq(sold, 4 * 60 * 50, 1e-6);
    cr_expect_lt(back, -22 * 60 * 50 / 12.0);
}
