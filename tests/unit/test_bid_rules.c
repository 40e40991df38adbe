/* test_bid_rules.c - every bid rule: accepted, modified, rejected. */
#include "sim/admit/bid_rules.h"

#include <criterion/criterion.h>

#include "tests/support/bid_answer.h"

/* A market of three buses, one LAP over two of them, a tie, and one SC. */
static struct market_build b;
static int32_t bus[3], lap, tie_node, sc;

static void open_market(void)
{
    market_build_begin(&b, 1, 2);
    bus[0] = market_build_bus(&b, "A", 50);
    bus[1] = market_build_bus(&b, "B", 50);
    bus[2] = market_build_bus(&b, "C", 0);
    lap = market_build_apnode(&b, "LAP", NODE_LAP, 2, bus, NULL);
    tie_node = market_build_tie(&b, "TIE", bus[2], 100, 100);
    sc = market_build_sc(&b, "SC1", 1e6);
}

static int32_t generator(double pmin_mw, double pmax_mw)
{
    return market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc, bus[0], pmin_mw,
                                 pmax_mw);
}

static int32_t resource(enum resource_type type, int32_t node, double pmin_mw,
                        double pmax_mw)
{
    return market_build_resource(&b, "R1", type, sc, node, pmin_mw, pmax_mw);
}

Test(bid_rules, a_plain_curve_is_accepted_as_it_stands)
{
    open_market();
    int32_t g = generator(0, 100);
    market_build_bid(&b, g, 0, 0, 60, 20);
    market_build_bid(&b, g, 0, 60, 100, 30);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_ACCEPTED, ADMIT_NO_RULE, "");
    cr_assert_eq(x.n, 2);
    bid_expect_piece(x, 1, 60, 100);
}

/* ---- E02 ---- */

Test(bid_rules, an_sc_that_is_not_certified_on_the_day_may_not_bid)
{
    open_market();
    b.m.sc[sc].certified_from = MARKET_BUILD_DATE + 1;
    market_build_bid(&b, generator(0, 100), 0, 0, 100, 20);
    bid_expect(
        bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E02,
        "SC1 is certified from 2026-04-16 to 2199-12-31, not on trade date 2026-04-15");
}

Test(bid_rules, certification_that_ended_yesterday_rejects_virtual_bids_too)
{
    open_market();
    b.m.sc[sc].certified_to = MARKET_BUILD_DATE - 1;
    int32_t p = market_build_position(&b, sc, lap, VIRTUAL_SUPPLY);
    market_build_virtual_bid(&b, p, 0, 0, 10, 20);
    bid_expect(bid_admit(&b, ADMIT_VIRTUAL), BID_REJECTED, ADMIT_E02, "to 2026-04-14");
}

Test(bid_rules, the_first_and_the_last_day_of_certification_count)
{
    open_market();
    b.m.sc[sc].certified_from = b.m.sc[sc].certified_to = MARKET_BUILD_DATE;
    market_build_bid(&b, generator(0, 100), 0, 0, 100, 20);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_ACCEPTED, ADMIT_NO_RULE, "");
}

Test(bid_rules, a_mothballed_resource_may_not_bid)
{
    open_market();
    int32_t g = generator(0, 100);
    b.m.resource[g].active = false;
    market_build_bid(&b, g, 0, 0, 100, 20);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E02,
               "G1 is not active");
}

Test(bid_rules, a_resource_registered_later_may_not_bid_today)
{
    open_market();
    int32_t g = generator(0, 100);
    b.m.resource[g].registered_from = MARKET_BUILD_DATE + 30;
    market_build_bid(&b, g, 0, 0, 100, 20);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E02,
               "registered from 2026-05-15");
}

/* ---- E04 ---- */

Test(bid_rules, eleven_segments_are_too_many)
{
    open_market();
    int32_t g = generator(0, 110);
    for (int i = 0; i < 11; i++)
        market_build_bid(&b, g, 0, 10 * i, 10 * (i + 1), 20 + i);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E04,
               "has 11 segments; at most 10");
}

Test(bid_rules, self_schedules_do_not_count_as_segments_of_the_curve)
{
    open_market();
    int32_t g = generator(0, 110);
    market_build_self(&b, g, 0, BID_SELF_PT, 0, 10);
    for (int i = 1; i < 8; i++)
        market_build_bid(&b, g, 0, 10 * i, 10 * (i + 1), 20 + i);
    b.m.rules.max_segments = 7;
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_ACCEPTED, ADMIT_NO_RULE, "");
}

Test(bid_rules, a_segment_narrower_than_the_minimum_is_refused)
{
    open_market();
    int32_t g = generator(0, 100);
    market_build_bid(&b, g, 0, 0, 50, 20);
    market_build_bid(&b, g, 0, 50, 50.005, 30);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E04,
               "segment 2 from 50 to 50.005 MW is 0.005 MW wide; at least 0.01 MW");
}

/* ---- E05 ---- */

Test(bid_rules, a_price_at_the_cap_is_accepted_and_above_it_refused)
{
    open_market();
    market_build_bid(&b, generator(0, 100), 0, 0, 100, 1000);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_ACCEPTED, ADMIT_NO_RULE, "");
    open_market();
    market_build_bid(&b, generator(0, 100), 0, 0, 100, 1000.01);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E05,
               "the price 1000.01 of segment 1 is above the bid cap of 1000.00");
}

Test(bid_rules, a_price_below_the_floor_is_refused)
{
    open_market();
    market_build_bid(&b, generator(0, 100), 0, 0, 100, -151);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E05,
               "below the bid floor of -150.00");
}

/* ---- E06 ---- */

Test(bid_rules, a_curve_above_pmin_is_extended_down_at_its_first_price)
{
    open_market();
    int32_t g = generator(10, 100);
    market_build_bid(&b, g, 0, 30, 60, 20);
    market_build_bid(&b, g, 0, 60, 100, 25);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_MODIFIED, ADMIT_E06,
               "starts at 30 MW; extended down to Pmin 10 MW at its first price 20.00");
    bid_expect_piece(x, 0, 10, 60);
    cr_assert_float_eq(x.decision.before_mw, 70, 1e-12);
    cr_assert_float_eq(x.decision.after_mw, 90, 1e-12);
}

Test(bid_rules, a_curve_below_pmin_is_cut_to_start_there)
{
    open_market();
    int32_t g = generator(20, 100);
    market_build_bid(&b, g, 0, 0, 20, 10);
    market_build_bid(&b, g, 0, 20, 100, 25);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_MODIFIED, ADMIT_E06, "cut to start at Pmin 20 MW");
    cr_assert_eq(x.n, 1);
    bid_expect_piece(x, 0, 20, 100);
}

Test(bid_rules, a_curve_that_ends_at_pmin_is_refused)
{
    open_market();
    market_build_bid(&b, generator(20, 100), 0, 0, 20, 10);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E06,
               "not above Pmin 20 MW");
}

Test(bid_rules, a_curve_above_pmax_is_refused)
{
    open_market();
    market_build_bid(&b, generator(0, 100), 0, 0, 101, 10);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E06,
               "ends at 101 MW, above Pmax 100");
}

Test(bid_rules, a_self_schedule_below_pmin_is_refused)
{
    open_market();
    market_build_self(&b, generator(20, 100), 0, BID_SELF_PT, 0, 15);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E06,
               "self-schedules up to 15 MW end below Pmin 20 MW");
}

Test(bid_rules, a_storage_curve_around_zero_stands_though_it_stops_short_of_pmin)
{
    open_market();
    int32_t s = resource(RESOURCE_STORAGE, bus[0], -50, 50);
    market_build_bid(&b, s, 0, -20, 0, 10);
    market_build_bid(&b, s, 0, 0, 30, 40);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_ACCEPTED, ADMIT_NO_RULE, "");
    bid_expect_piece(x, 0, -20, 0);
}

Test(bid_rules, a_storage_curve_above_zero_is_extended_to_zero_and_no_further)
{
    open_market();
    int32_t s = resource(RESOURCE_STORAGE, bus[0], -50, 50);
    market_build_bid(&b, s, 0, 10, 50, 40);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_MODIFIED, ADMIT_E06,
               "extended down to 0 MW at its first price 40.00");
    bid_expect_piece(x, 0, 0, 50);
}

Test(bid_rules, a_storage_curve_below_zero_is_extended_up_to_zero)
{
    open_market();
    int32_t s = resource(RESOURCE_STORAGE, bus[0], -50, 50);
    market_build_bid(&b, s, 0, -50, -10, 15);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_MODIFIED, ADMIT_E06,
               "extended up to 0 MW at its last price 15.00");
    bid_expect_piece(x, 0, -50, 0);
}

Test(bid_rules, a_storage_curve_below_pmin_is_refused)
{
    open_market();
    int32_t s = resource(RESOURCE_STORAGE, bus[0], -50, 50);
    market_build_bid(&b, s, 0, -60, 50, 15);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E06,
               "below Pmin -50 MW");
}

Test(bid_rules, a_virtual_bid_starts_at_zero)
{
    open_market();
    int32_t p = market_build_position(&b, sc, lap, VIRTUAL_DEMAND);
    market_build_virtual_bid(&b, p, 0, 5, 10, 20);
    struct bid_answer x = bid_admit(&b, ADMIT_VIRTUAL);
    bid_expect(x, BID_MODIFIED, ADMIT_E06, "extended down to Pmin 0 MW");
    bid_expect_piece(x, 0, 0, 10);
}

/* ---- E07 ---- */

Test(bid_rules, self_schedules_below_a_curve_are_accepted)
{
    open_market();
    int32_t g = generator(20, 100);
    market_build_self(&b, g, 0, BID_SELF_ETC, 0, 15);
    market_build_self(&b, g, 0, BID_SELF_PT, 15, 40);
    market_build_bid(&b, g, 0, 40, 100, 25);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_ACCEPTED, ADMIT_NO_RULE, "");
    cr_assert_eq(x.n, 3);
}

Test(bid_rules, a_gap_between_self_schedule_and_curve_is_filled_at_the_first_price)
{
    open_market();
    int32_t g = generator(0, 100);
    market_build_self(&b, g, 0, BID_SELF_PT, 0, 20);
    market_build_bid(&b, g, 0, 30, 100, 25);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(
        x, BID_MODIFIED, ADMIT_E07,
        "leaves out 10 MW, first above 20 MW; filled at the adjoining price, there 25");
    bid_expect_piece(x, 1, 20, 100);
}

Test(bid_rules, a_gap_inside_a_curve_is_filled_at_the_price_of_the_upper_piece)
{
    open_market();
    int32_t g = generator(0, 100);
    market_build_bid(&b, g, 0, 0, 40, 20);
    market_build_bid(&b, g, 0, 60, 100, 30);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_MODIFIED, ADMIT_E07, "leaves out 20 MW, first above 40 MW");
    bid_expect_piece(x, 0, 0, 40);
    bid_expect_piece(x, 1, 40, 100);
}

Test(bid_rules, a_gap_while_charging_is_filled_at_the_lower_price)
{
    open_market();
    int32_t s = resource(RESOURCE_STORAGE, bus[0], -50, 50);
    market_build_bid(&b, s, 0, -50, -30, 5);
    market_build_bid(&b, s, 0, -20, -10, 10);
    market_build_bid(&b, s, 0, 10, 50, 30);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_MODIFIED, ADMIT_E07, "leaves out 30 MW, first above -30 MW");
    bid_expect_piece(x, 0, -50, -20);
    bid_expect_piece(x, 1, -20, 0);
    bid_expect_piece(x, 2, 0, 50);
}

Test(bid_rules, self_schedules_must_start_at_zero_and_touch)
{
    open_market();
    market_build_self(&b, generator(0, 100), 0, BID_SELF_PT, 5, 15);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E07,
               "starts at 5 MW; it must start at 0 MW");
    open_market();
    int32_t g = generator(0, 100);
    market_build_self(&b, g, 0, BID_SELF_TOR, 0, 15);
    market_build_self(&b, g, 0, BID_SELF_PT, 20, 30);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E07,
               "the self_pt self-schedule starts at 20 MW; it must start at 15 MW");
}

Test(bid_rules, a_curve_may_not_start_below_the_top_of_the_self_schedules)
{
    open_market();
    int32_t g = generator(0, 100);
    market_build_self(&b, g, 0, BID_SELF_PT, 0, 30);
    market_build_bid(&b, g, 0, 20, 100, 25);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E07,
               "from 20 MW, below 30 MW where the piece before it ends");
}

Test(bid_rules, a_bid_may_be_modified_by_two_rules)
{
    open_market();
    int32_t g = generator(0, 100);
    market_build_bid(&b, g, 0, 10, 40, 20);
    market_build_bid(&b, g, 0, 60, 100, 30);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_MODIFIED, ADMIT_E07, "leaves out");
    cr_assert_eq(x.n_decision, 2);
}

Test(bid_rules, a_rejection_takes_the_place_of_an_earlier_modification)
{
    open_market();
    b.m.rules.net_benefits_price = 50;
    int32_t r = resource(RESOURCE_PDR, bus[0], 0, 5);
    market_build_bid(&b, r, 0, 1, 5, 20);
    struct bid_answer x = bid_admit(&b, ADMIT_RESOURCE);
    bid_expect(x, BID_REJECTED, ADMIT_E12, "below the net-benefits price 50.00");
    cr_assert_eq(x.n_decision, 1);
    cr_assert_float_eq(x.decision.before_mw, 4, 1e-12);
}

/* ---- E12 ---- */

Test(bid_rules, demand_response_above_the_net_benefits_price_is_accepted)
{
    open_market();
    b.m.rules.net_benefits_price = 50;
    market_build_bid(&b, resource(RESOURCE_PDR, bus[0], 0, 0.1), 0, 0, 0.1, 50);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_ACCEPTED, ADMIT_NO_RULE, "");
}

Test(bid_rules, demand_response_smaller_than_100_kw_is_refused)
{
    open_market();
    market_build_bid(&b, resource(RESOURCE_PDR, bus[0], 0, 0.09), 0, 0, 0.09, 50);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E12,
               "R1 has 0.09 MW; demand response needs at least 0.1 MW");
}

Test(bid_rules, demand_response_may_not_self_schedule)
{
    open_market();
    market_build_self(&b, resource(RESOURCE_PDR, bus[0], 0, 5), 0, BID_SELF_PT, 0, 5);
    bid_expect(bid_admit(&b, ADMIT_RESOURCE), BID_REJECTED, ADMIT_E12,
               "self-schedule of demand");
}

static struct bid_answer dera(int32_t node, double pmin_mw, double pmax_mw)
{
    int32_t r = resource(RESOURCE_DERA, node, pmin_mw, pmax_mw);
    market_build_bid(&b, r, 0, pmin_mw, pmax_mw, 50);
    return bid_admit(&b, ADMIT_RESOURCE);
}

Test(bid_rules, a_der_aggregation_in_one_sub_lap_is_accepted)
{
    open_market();
    b.m.node[bus[0]].sublap = b.m.node[bus[1]].sublap = "SLAP_1";
    bid_expect(dera(lap, -2, 20), BID_ACCEPTED, ADMIT_NO_RULE, "");
    open_market();
    bid_expect(dera(bus[0], 0, 200), BID_ACCEPTED, ADMIT_NO_RULE, "");
}

Test(bid_rules, a_der_aggregation_keeps_its_size_limits)
{
    open_market();
    bid_expect(dera(bus[0], 0, 0.4), BID_REJECTED, ADMIT_E12, "needs at least 0.5 MW");
    open_market();
    bid_expect(dera(bus[0], -0.5, 0.4), BID_ACCEPTED, ADMIT_NO_RULE, "");
    open_market();
    b.m.node[bus[0]].sublap = b.m.node[bus[1]].sublap = "SLAP_1";
    bid_expect(
        dera(lap, 0, 21), BID_REJECTED, ADMIT_E12,
        "R1 has 21 MW at 2 PNodes; an aggregation over several PNodes has at most 20");
}

Test(bid_rules, a_der_aggregation_stays_in_one_sub_lap)
{
    open_market();
    b.m.node[bus[0]].sublap = "SLAP_1";
    b.m.node[bus[1]].sublap = "SLAP_2";
    bid_expect(
        dera(lap, 0, 10), BID_REJECTED, ADMIT_E12,
        "R1 lies in sub-LAPs SLAP_1 (A) and SLAP_2 (B); all 2 PNodes must be in one");
    open_market();
    b.m.node[bus[0]].sublap = "SLAP_1";
    bid_expect(dera(lap, 0, 10), BID_REJECTED, ADMIT_E12,
               "of which B is in no sub-LAP");
}

/* ---- E14 ---- */

static struct bid_answer virtual_bid(int32_t node, double mw)
{
    int32_t p = market_build_position(&b, sc, node, VIRTUAL_SUPPLY);
    market_build_virtual_bid(&b, p, 0, 0, mw, 20);
    return bid_admit(&b, ADMIT_VIRTUAL);
}

Test(bid_rules, a_virtual_bid_at_an_eligible_node_is_accepted)
{
    open_market();
    bid_expect(virtual_bid(lap, 1), BID_ACCEPTED, ADMIT_NO_RULE, "");
}

Test(bid_rules, a_virtual_bid_at_another_node_is_refused)
{
    open_market();
    bid_expect(virtual_bid(bus[0], 10), BID_REJECTED, ADMIT_E14,
               "A is a pnode that is not eligible");
}

Test(bid_rules, a_virtual_bid_smaller_than_1_mw_is_refused)
{
    open_market();
    bid_expect(virtual_bid(lap, 0.9), BID_REJECTED, ADMIT_E14, "needs at least 1 MW");
}

Test(bid_rules, a_virtual_bid_above_the_nodal_limit_is_cut)
{
    open_market();
    b.m.node[lap].virtual_limit_mw = 30;
    int32_t p = market_build_position(&b, sc, lap, VIRTUAL_SUPPLY);
    market_build_virtual_bid(&b, p, 0, 0, 20, 20);
    market_build_virtual_bid(&b, p, 0, 20, 40, 30);
    market_build_virtual_bid(&b, p, 0, 40, 60, 40);
    struct bid_answer x = bid_admit(&b, ADMIT_VIRTUAL);
    bid_expect(x, BID_MODIFIED, ADMIT_E14, "has 60 MW; cut to the limit of LAP, 30 MW");
    cr_assert_eq(x.n, 2);
    bid_expect_piece(x, 1, 20, 30);
}

Test(bid_rules, a_node_whose_limit_is_nothing_takes_no_virtual_bids)
{
    open_market();
    b.m.node[lap].virtual_limit_mw = 0;
    bid_expect(virtual_bid(lap, 5), BID_REJECTED, ADMIT_E14,
               "allows 0 MW per SC and side");
}

/* ---- E15 ---- */

static struct bid_answer import_at(int32_t node, int32_t tie)
{
    int32_t r = resource(RESOURCE_IMPORT, node, 0, 50);
    b.m.resource[r].tie = tie;
    market_build_bid(&b, r, 0, 0, 50, 20);
    return bid_admit(&b, ADMIT_RESOURCE);
}

Test(bid_rules, an_import_stands_at_its_tie_or_at_the_bus_of_the_tie)
{
    open_market();
    bid_expect(import_at(tie_node, 0), BID_ACCEPTED, ADMIT_NO_RULE, "");
    open_market();
    bid_expect(import_at(bus[2], 0), BID_ACCEPTED, ADMIT_NO_RULE, "");
}

Test(bid_rules, an_import_without_a_tie_or_elsewhere_is_refused)
{
    open_market();
    bid_expect(import_at(bus[2], -1), BID_REJECTED, ADMIT_E15,
               "R1 names no tie; an import needs a scheduling point");
    open_market();
    bid_expect(import_at(bus[0], 0), BID_REJECTED, ADMIT_E15,
               "R1 is at A; the scheduling point of tie TIE is C");
}
