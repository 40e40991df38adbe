/* test_real_time_bids.c - bids of their own for real time, from admission to recovery. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/cleared.h"
#include "tests/support/market_build.h"

enum {
    HOURS = 2,
    CHEAP = 0,
    DEAR = 1,
    TOWN = 2
};

/* 100 MW at 20, 100 MW at 50 USD/MWh, and a town of 60 MW, two hours. */
static struct market_build two_sellers(void)
{
    struct market_build b;
    market_build_begin(&b, 1, HOURS);
    int32_t bus = market_build_bus(&b, "A", 60);
    int32_t sc = market_build_sc(&b, "SC1", 1e6),
            city = market_build_sc(&b, "SC2", 1e6);
    (void)market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc, bus, 0, 100);
    (void)market_build_resource(&b, "G2", RESOURCE_GENERATOR, sc, bus, 0, 100);
    (void)market_build_resource(&b, "L", RESOURCE_LOAD, city, bus, 0, 200);
    market_build_bid(&b, CHEAP, MARKET_BUILD_ALL, 0, 100, 20);
    market_build_bid(&b, DEAR, MARKET_BUILD_ALL, 0, 100, 50);
    market_build_self(&b, TOWN, MARKET_BUILD_ALL, BID_SELF_PT, 0, 60);
    return b;
}

/* As it was scheduled: nothing differs in real time but bids. */
static void clear(struct market_build *b, struct cleared *c)
{
    struct market m = market_build_end(b);
    size_t n_five = (size_t)RT_FIVES * HOURS;
    size_t n_load = n_five * (size_t)m.n_node, n = n_five * (size_t)m.n_resource;
    m.rules.real_time = true;
    m.rt.load_mw = ARENA_ARRAY(&m.arena, double, n_load);
    m.rt.fmm_load_mw = ARENA_ARRAY(&m.arena, double, n_load);
    m.rt.available_mw = ARENA_ARRAY(&m.arena, double, n);
    m.rt.known_from = ARENA_ARRAY(&m.arena, int32_t, n);
    cr_assert(m.rt.load_mw && m.rt.fmm_load_mw && m.rt.available_mw && m.rt.known_from);
    for (size_t k = 0; k < n_load; k++)
        m.rt.load_mw[k] = m.rt.fmm_load_mw[k] = (double)NAN;
    for (size_t k = 0; k < n; k++)
        m.rt.available_mw[k] = INFINITY;
    cleared_make(m, c);
}

static double rtd_mw(const struct cleared *c, int32_t hour, int32_t r)
{
    return c->rt.rtd.award_mw[(size_t)(RT_FIVES * hour) * 3 + (size_t)r];
}

static double fmm_lmp(const struct cleared *c, int32_t hour)
{
    return c->rt.fmm.lmp[RT_QUARTERS * hour];
}

static double usd_of(const struct cleared *c, int32_t r, int code)
{
    double sum = 0;
    for (int64_t k = 0; k < c->s.n_interval_line; k++)
        if (c->s.interval_line[k].resource == r && c->s.interval_line[k].code == code)
            sum += c->s.interval_line[k].amount_usd;
    return sum;
}

/* G1 asks for 80 in the second hour: G2 serves then, at 50, and the day-ahead price stays. */
Test(real_time_bids, hold_in_real_time_and_only_there_and_then)
{
    struct market_build b = two_sellers();
    struct cleared c;
    market_build_real_time_bid(&b, CHEAP, 1, 0, 100, 80);
    clear(&b, &c);
    for (int32_t t = 0; t < HOURS; t++)
        cr_expect_float_eq(cleared_lmp(&c, t, 0), 20, 1e-9);
    cr_expect_float_eq(fmm_lmp(&c, 0), 20, 1e-9);
    cr_expect_float_eq(fmm_lmp(&c, 1), 50, 1e-9);
    cr_expect_float_eq(rtd_mw(&c, 0, CHEAP), 60, 1e-9);
    cr_expect_float_eq(rtd_mw(&c, 1, CHEAP), 0, 1e-9);
    cr_expect_float_eq(rtd_mw(&c, 1, DEAR), 60, 1e-9);
    /* It buys 60 MWh back at 50 and by its bid is spared 80 each: nothing is owed. */
    cr_expect_float_eq(usd_of(&c, CHEAP, CHARGE_6620), 0, 1e-9);
    cleared_release(&c);
    cr_assert_eq(mem_live(), 0);
}

/* G2 sold nothing the day before and schedules 40 MW for itself; G1 makes room. */
Test(real_time_bids, self_schedules_take_any_price)
{
    struct market_build b = two_sellers();
    struct cleared c;
    market_build_real_time_bid(&b, DEAR, MARKET_BUILD_ALL, 0, 40, (double)NAN);
    market_build_real_time_bid(&b, DEAR, MARKET_BUILD_ALL, 40, 100, 50);
    clear(&b, &c);
    cr_expect_float_eq(rtd_mw(&c, 0, DEAR), 40, 1e-9);
    cr_expect_float_eq(rtd_mw(&c, 0, CHEAP), 20, 1e-9);
    cr_expect_float_eq(cleared_award(&c, 0, DEAR), 0, 1e-9);
    cr_expect_float_eq(fmm_lmp(&c, 0), 20, 1e-9);
    cleared_release(&c);
    cr_assert_eq(mem_live(), 0);
}

/* A bid above the cap is refused; the one of the day before stays. */
Test(real_time_bids, a_refused_one_leaves_that_of_the_day_ahead)
{
    struct market_build b = two_sellers();
    struct cleared c;
    market_build_real_time_bid(&b, CHEAP, 0, 0, 100, 5000);
    market_build_real_time_bid(&b, CHEAP, 1, 0, 100, 10);
    clear(&b, &c);
    cr_expect_eq(c.a.rt_status[CHEAP], BID_REJECTED);
    cr_expect_eq(c.a.rt_status[3 + CHEAP], BID_ACCEPTED);
    cr_expect_eq(c.a.status[CHEAP], BID_ACCEPTED);
    cr_assert_eq(c.a.n_decision, 1);
    cr_expect_eq(c.a.decision[0].owner_kind, ADMIT_REAL_TIME);
    cr_expect_eq(c.a.decision[0].rule, ADMIT_E05);
    cr_expect(strstr(c.a.decision[0].reason, "5000.00"), "%s", c.a.decision[0].reason);
    cr_expect_float_eq(fmm_lmp(&c, 0), 20, 1e-9);
    cr_expect_float_eq(fmm_lmp(&c, 1), 10, 1e-9);
    cleared_release(&c);
    cr_assert_eq(mem_live(), 0);
}
