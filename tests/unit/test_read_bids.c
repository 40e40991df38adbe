/* test_read_bids.c - energy bids and virtual bids. */
#include <criterion/criterion.h>
#include <math.h>

#include "tests/support/scenario_files.h"

// clang-format off
static const struct fault_case cases[] = {
        {"energy_bids.csv", "G1,,,self_pt,0,10",
         "GG,,,self_pt,0,10",
         "energy_bids.csv:2:1: unknown resource 'GG'; expected a resource_id of table resources\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,10,50,",
         "energy_bids.csv:3:19: price_usd_per_mwh is empty; expected a price for energy\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,10,50,31",
         "energy_bids.csv:4:18: price 30 is less than the 31 of the piece below on line 3; expected prices that never fall with MW\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,5,50,20",
         "energy_bids.csv:3:13: the piece from 5 MW overlaps the one up to 10 MW on line 2; expected pieces that do not overlap\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,10,100,20",
         "energy_bids.csv:4:14: a second piece up to 100 MW, after line 3; expected pieces that do not overlap\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,60,50,20",
         "energy_bids.csv:3:16: to_mw is 50 in a piece that starts at 60; expected it above\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,50,50,20",
         "energy_bids.csv:3:16: to_mw is 50 in a piece that starts at 50; expected it above\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,10,101,20",
         "energy_bids.csv:3:16: to_mw is 101; expected MW from 0 to 100, the range of 'G1'\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,-1,50,20",
         "energy_bids.csv:3:13: from_mw is -1; expected MW from 0 to 100, the range of 'G1'\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,self_lpt,50,60,",
         "energy_bids.csv:5:23: the piece from 10 MW overlaps the one up to 60 MW on line 3; expected pieces that do not overlap\n"
         "energy_bids.csv:6:15: the piece from 10 MW overlaps the one up to 60 MW on line 3; expected pieces that do not overlap\n"
         "energy_bids.csv:7:25: the piece from 10 MW overlaps the one up to 60 MW on line 3; expected pieces that do not overlap\n"},
        {"energy_bids.csv", "G1,,,energy,10,50,20",
         "G1,,,energy,10,50,20\nG1,,,energy,10,50,20",
         "energy_bids.csv:4:16: a second piece up to 50 MW, after line 3; expected pieces that do not overlap\n"},
        {"energy_bids.csv", "G1,,,energy,,100,30",
         "G1,,,energy,,100,30\nG1,,,energy,,105,29",
         "energy_bids.csv:5:14: to_mw is 105; expected MW from 0 to 100, the range of 'G1'\n"},
        {"energy_bids.csv", "self_pt,0,10,",
         "self_pt,0,10,5",
         "energy_bids.csv:2:19: a price on a self-schedule; expected price_usd_per_mwh to be empty\n"},
        {"energy_bids.csv", "self_pt,0,10,",
         "self_xx,0,10,",
         "energy_bids.csv:2:6: kind is 'self_xx'; expected self_tor, self_etc, self_rmt, self_pt, self_lpt or energy\n"},
        {"energy_bids.csv", "L2,,,,0,40,500",
         "L2,,,,0,40,50",
         "energy_bids.csv:9:11: price 100 exceeds the 50 of the piece below on line 8; expected prices that never rise with MW\n"},
        {"energy_bids.csv", "S1,,,energy,,0,15",
         "S1,,,self_pt,,0,",
         "energy_bids.csv:11:6: kind is self_pt on storage; expected energy pieces only\n"},
        {"energy_bids.csv", "2026-04-16,18",
         "2026-04-16,0",
         "energy_bids.csv:7:15: hour_ending is '0'; expected a whole number from 1 to 25\n"},
        {"energy_bids.csv", "2026-04-16,18",
         "2026-04-16,25",
         "energy_bids.csv:7:15: hour_ending is 25, an hour that 2026-04-16 does not have; expected 1 to 24\n"},
        {"energy_bids.csv", "2026-04-16,18",
         "2026-04-18,18",
         "energy_bids.csv:7:4: trade_date 2026-04-18 is not traded; expected one of trade_dates in scenario.yaml\n"},
        {"energy_bids.csv", "G1,2026-04-16,,energy,10,100,25",
         "G1,2026-04-16,18,self_pt,0,5,\nG1,2026-04-15,18,energy,10,90,20\nG1,,18,energy,50,90,20",
         "energy_bids.csv:8:15: the piece from 10 MW overlaps the one up to 90 MW on line 7; expected pieces that do not overlap\n"},
        {"energy_bids.csv", "G1,,,self_pt,0,10,",
         "G1,,,self_pq,50,10,",
         "energy_bids.csv:2:6: kind is 'self_pq'; expected self_tor, self_etc, self_rmt, self_pt, self_lpt or energy\n"
         "energy_bids.csv:2:17: to_mw is 10 in a piece that starts at 50; expected it above\n"},
        {"energy_bids.csv", "L2,,,,0,40,500",
         "L9,,26,,50,40,",
         "energy_bids.csv:8:1: unknown resource 'L9'; expected a resource_id of table resources\n"
         "energy_bids.csv:8:5: hour_ending is '26'; expected a whole number from 1 to 25\n"
         "energy_bids.csv:8:12: to_mw is 40 in a piece that starts at 50; expected it above\n"
         "energy_bids.csv:8:15: price_usd_per_mwh is empty; expected a price for energy\n"},
        {"energy_bids.csv", "L2,,,,0,40,500",
         "L2,,,,0,400,free",
         "energy_bids.csv:8:9: to_mw is 400; expected MW from 0 to 80, the range of 'L2'\n"
         "energy_bids.csv:8:13: price_usd_per_mwh is 'free'; expected a number of USD/MWh from -1e+06 to 1e+06\n"},
};
static const struct fault_case virtual_cases[] = {
        {"virtual_bids.csv", "SC2,A,supply,,12,0,5,20",
         "SC9,A,supply,,12,0,5,20",
         "virtual_bids.csv:5:1: unknown scheduling coordinator 'SC9'; expected an sc_id of table scheduling_coordinators\n"},
        {"virtual_bids.csv", "SC2,A,supply,,12,0,5,20",
         "SC2,Z,supply,,12,0,5,20",
         "virtual_bids.csv:5:5: unknown node 'Z'; expected a PNode, an aggregated node or a tie\n"},
        {"virtual_bids.csv", "SC2,A,supply,,12,0,5,20",
         "SC2,A,buy,,12,0,5,20",
         "virtual_bids.csv:5:7: side is 'buy'; expected supply or demand\n"},
        {"virtual_bids.csv", "SC2,A,supply,,12,0,5,20",
         "SC2,A,supply,,12,0,5,21",
         "virtual_bids.csv:6:22: price 20 is less than the 21 of the piece below on line 5; expected prices that never fall with MW\n"},
        {"virtual_bids.csv", "SC2,A,supply,,12,0,5,20",
         "SC2,A,supply,,12,0,6,20",
         "virtual_bids.csv:6:18: the piece from 5 MW overlaps the one up to 6 MW on line 5; expected pieces that do not overlap\n"},
        {"virtual_bids.csv", "SC2,A,supply,,12,0,5,20",
         "SC2,A,supply,,12,6,5,20",
         "virtual_bids.csv:5:20: to_mw is 5 in a piece that starts at 6; expected it above\n"},
        {"virtual_bids.csv", "SC2,A,supply,,12,0,5,20",
         "SC2,A,supply,,12,-1,5,20",
         "virtual_bids.csv:5:18: from_mw is -1; expected a number of MW from 0 to 1e+07\n"},
        {"virtual_bids.csv", "SC1,LAP1,demand,,,,20,50",
         "SC1,LAP1,demand,,,,20,70",
         "virtual_bids.csv:3:23: price 70 exceeds the 60 of the piece below on line 2; expected prices that never rise with MW\n"},
};
// clang-format on

Test(read_bids, every_wrong_bid_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(fault_case_holds(&cases[i]), "case %zu", i);
}

Test(read_bids, every_wrong_virtual_bid_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof virtual_cases / sizeof *virtual_cases; i++)
        cr_assert(fault_case_holds(&virtual_cases[i]), "case %zu", i);
}

static void load_base(struct scenario_files *s, struct scenario_result *r)
{
    scenario_files_base(s);
    scenario_files_load(s, r);
    cr_assert_eq(r->code, ERR_OK);
}

Test(read_bids, a_curve_may_be_given_by_its_upper_points)
{
    struct scenario_files s;
    struct scenario_result r;
    int32_t n;
    load_base(&s, &r);
    const struct bid_segment *seg = book_bid(&r.market.bids, 2, 0, &n);
    cr_assert_eq(n, 3);
    cr_assert_eq(seg[0].kind, BID_SELF_PT);
    cr_assert(isnan(seg[0].price_usd_per_mwh));
    cr_assert_float_eq(seg[2].from_mw, 50, 0, "the end of the piece below");
    cr_assert_float_eq(seg[2].to_mw, 100, 0);
    seg = book_bid(&r.market.bids, 7, 0, &n);
    cr_assert_eq(n, 2);
    cr_assert_float_eq(seg[0].from_mw, -20, 0, "pmin_mw of storage");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_bids, the_more_specific_rows_replace_the_others_of_their_kind)
{
    struct scenario_files s;
    struct scenario_result r;
    int32_t n;
    load_base(&s, &r);
    const struct book *bids = &r.market.bids;
    const struct bid_segment *seg = book_bid(bids, 2, 17, &n);
    cr_assert_eq(n, 2, "hour 18 of the first day, and the self-schedule stays");
    cr_assert_float_eq(seg[1].price_usd_per_mwh, 40, 0);
    seg = book_bid(bids, 2, 24, &n);
    cr_assert_eq(n, 2, "the second day");
    cr_assert_float_eq(seg[1].price_usd_per_mwh, 25, 0);
    seg = book_bid(bids, 2, 41, &n);
    cr_assert_eq(n, 2, "hour 18 of the second day");
    cr_assert_float_eq(seg[1].price_usd_per_mwh, 45.5, 0);
    (void)book_bid(bids, 6, 17, &n);
    cr_assert_eq(n, 0, "no row, no bid");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_bids, a_load_without_a_bid_schedules_its_share_of_the_forecast)
{
    struct scenario_files s;
    struct scenario_result r;
    int32_t n;
    load_base(&s, &r);
    const struct bid_segment *seg = book_bid(&r.market.bids, 4, 17, &n);
    cr_assert_eq(n, 1);
    cr_assert_eq(seg->kind, BID_SELF_PT);
    cr_assert_float_eq(seg->to_mw, 60, 0);
    seg = book_bid(&r.market.bids, 4, 2, &n);
    cr_assert_eq(n, 1);
    cr_assert_eq(seg->kind, BID_SELF_LPT, "a bid in hour 3");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_bids, a_virtual_position_is_what_one_coordinator_bids_at_one_node_on_one_side)
{
    struct scenario_files s;
    struct scenario_result r;
    int32_t n;
    load_base(&s, &r);
    const struct market *m = &r.market;
    cr_assert_eq(m->n_virtual, 3);
    cr_assert_str_eq(m->position[0].id, "SC1:LAP1:supply");
    cr_assert_str_eq(m->position[1].id, "SC1:LAP1:demand");
    cr_assert_str_eq(m->position[2].id, "SC2:A:supply");
    const struct bid_segment *seg = book_bid(&m->virtual_bids, 1, 47, &n);
    cr_assert_eq(n, 2);
    cr_assert_float_eq(seg[0].from_mw, 0, 0);
    cr_assert_float_eq(seg[1].from_mw, 10, 0);
    (void)book_bid(&m->virtual_bids, 0, 30, &n);
    cr_assert_eq(n, 0, "hour 7 of the first day only");
    cr_assert_eq(m->n_bid_rows, 21);
    scenario_result_release(&r);
    scenario_files_release(&s);
}
