/* test_market_build.c - the builder that other tests stand on. */
#include "tests/support/market_build.h"

#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"

Test(market_build, a_bid_given_out_of_order_comes_back_sorted_self_schedules_first)
{
    struct market_build b;
    market_build_begin(&b, 2, 3);
    int32_t bus = market_build_bus(&b, "A", 50);
    int32_t sc = market_build_sc(&b, "SC1", 1e6);
    int32_t g1 = market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc, bus, 0, 100);
    int32_t g2 = market_build_resource(&b, "G2", RESOURCE_GENERATOR, sc, bus, 0, 100);
    market_build_bid(&b, g2, 4, 60, 100, 30);
    market_build_bid(&b, g2, 4, 20, 60, 20);
    market_build_self(&b, g2, 4, BID_SELF_PT, 0, 20);
    market_build_bid(&b, g1, MARKET_BUILD_ALL, 0, 100, 10);
    struct market m = market_build_end(&b);
    int32_t n;
    const struct bid_segment *seg = book_bid(&m.bids, g2, 4, &n);
    cr_assert_eq(n, 3);
    cr_assert_eq(seg[0].kind, BID_SELF_PT);
    cr_assert_float_eq(seg[1].to_mw, 60, 1e-12);
    cr_assert_float_eq(seg[2].price_usd_per_mwh, 30, 1e-12);
    for (int32_t t = 0; t < m.n_interval; t++) {
        (void)book_bid(&m.bids, g1, t, &n);
        cr_assert_eq(n, 1);
        (void)book_bid(&m.bids, g2, t, &n);
        cr_assert_eq(n, t == 4 ? 3 : 0);
    }
    cr_assert_eq(market_day_of(&m, 4), 1);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(market_build, nodes_stand_buses_first_then_aps_then_ties)
{
    struct market_build b;
    market_build_begin(&b, 1, 24);
    int32_t bus[2] = {market_build_bus(&b, "A", 30), market_build_bus(&b, "B", 10)};
    double factor[2] = {0.75, 0.25};
    int32_t lap = market_build_apnode(&b, "LAP", NODE_LAP, 2, bus, factor);
    int32_t tie = market_build_tie(&b, "TIE", bus[1], 100, HUGE_VAL);
    int32_t sc = market_build_sc(&b, "SC1", 0);
    int32_t imp = market_build_resource(&b, "I1", RESOURCE_IMPORT, sc, tie, 0, 50);
    (void)market_build_branch(&b, 0, 1, 0.1, 40);
    int32_t line = market_build_branch(&b, 0, 1, 0.1, 40);
    int32_t position = market_build_position(&b, sc, lap, VIRTUAL_DEMAND);
    market_build_virtual_bid(&b, position, 0, 0, 5, 40);
    struct market m = market_build_end(&b);
    cr_assert_str_eq(m.grid.branch[line].id, "A-B-2");
    cr_assert_eq(lap, 2);
    cr_assert_eq(m.node[tie].tie, m.resource[imp].tie);
    cr_assert_str_eq(m.position[position].id, "SC1:LAP:demand");
    cr_assert_float_eq(m.factor[m.node[lap].factor_start], 0.75, 1e-15);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}
