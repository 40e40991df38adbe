/* test_read_services.c - regions, requirements and offers of ancillary services. */
#include <criterion/criterion.h>
#include <math.h>

#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

// clang-format off
static const struct fault_case cases[] = {
        {"resources.csv", "L2,load,SC2,B,,,80,,,,,,,,,,,,,,,,,,",
         "L2,load,SC2,B,,,80,,,,,,,,,,,,,,,,5,,", "resources.csv:4:35: 5 MW of spinning reserve on a load; expected it only on demand response, storage, DER aggregations and generators\n"},
        {"resources.csv", "P1,pdr,SC2,B,,,5,,,,,,,,,,,,,,,,2,2,",
         "P1,pdr,SC2,B,,,5,,,,,,,,,,,,,,,1,2,2,", "resources.csv:6:32: 1 MW of regulation up on a pdr; expected it only on storage, DER aggregations and generators\n"},
        {"resources.csv", "I1,import,SC1,,T1,,60,,,,,,,,,,,,,,,,,,",
         "I1,import,SC1,,T1,,60,,,,,,,,,,,,,,,,,,3", "resources.csv:8:40: 3 MW of regulation down on a import; expected it only on storage, DER aggregations and generators\n"},
        {"as_regions.csv", "NORTH,A,", "SYSTEM,A,", "as_regions.csv:2:1: 'SYSTEM' is reserved for all resources; expected another region\n"},
        {"as_regions.csv", "NORTH,A,", "NORTH,,", "as_regions.csv:2:7: neither node_id nor resource_id; expected one of them\n"},
        {"as_regions.csv", "NORTH,A,", "NORTH,A,G1", "as_regions.csv:2:9: node_id and resource_id; expected one of them\n"},
        {"as_regions.csv", "NORTH,A,", "NORTH,Q,", "as_regions.csv:2:7: unknown node 'Q'; expected a PNode or an aggregated node\n"},
        {"as_regions.csv", "NORTH,,S1", "NORTH,,S9", "as_regions.csv:3:8: unknown resource 'S9'; expected a resource_id of table resources\n"},
        {"as_regions.csv", "CITY,,S1", "CITY,,S1\nCITY,B,", "as_regions.csv:2:1: CITY and NORTH share S1, but L2 is only in the one and G1 only in the other; expected one within the other, or none shared\n"},
        {"as_requirements.csv", "SYSTEM,RU,,,10", "SOUTH,RU,,,10", "as_requirements.csv:2:1: unknown region 'SOUTH'; expected SYSTEM or a region_id of table as_regions\n"},
        {"as_requirements.csv", "SYSTEM,RU,,,10", "SYSTEM,RUP,,,10", "as_requirements.csv:2:8: product is 'RUP'; expected RU, SR, NR or RD\n"},
        {"as_requirements.csv", "SYSTEM,RU,,,10", "SYSTEM,RU,,,-10", "as_requirements.csv:2:13: required_mw is -10; expected a number of MW from 0 to 1e+07\n"},
        {"as_requirements.csv", "SYSTEM,RU,,,10", "SYSTEM,RU,,,", "as_requirements.csv:2:13: required_mw is empty; expected a value\n"},
        {"as_requirements.csv", "SYSTEM,RU,,,10", "SYSTEM,RU,2026-04-19,,10", "as_requirements.csv:2:11: trade_date 2026-04-19 is not traded; expected one of trade_dates in scenario.yaml\n"},
        {"as_requirements.csv", "SYSTEM,RU,,,10", "SYSTEM,RU,,25,10", "as_requirements.csv:2:12: hour_ending is 25, an hour that no trade date has; expected an hour of a trade date\n"},
        {"as_requirements.csv", "SYSTEM,RU,,,10", ",SR,,,10", "as_requirements.csv:3:2: a second row for the same hours, after line 2; expected one\n"},
        {"as_bids.csv", "G1,RU,,,,20,4", "Q1,RU,,,,20,4", "as_bids.csv:2:1: unknown resource 'Q1'; expected a resource_id of table resources\n"},
        {"as_bids.csv", "G1,RU,,,,20,4", "G1,RU,,,,20,", "as_bids.csv:2:13: price_usd_per_mw is empty; expected a price for an offer\n"},
        {"as_bids.csv", "G1,RU,,,,20,4", "G1,RU,,,,-20,4", "as_bids.csv:2:10: mw is -20; expected a number of MW from 0 to 1e+07\n"},
        {"as_bids.csv", "G1,RU,,,,20,4", "G1,SR,,,,20,4", "as_bids.csv:3:4: a second row for the same hours, after line 2; expected one\n"},
        {"as_bids.csv", "G1,RU,,,,20,4", "G1,RU,,,bid,20,4", "as_bids.csv:2:9: kind is 'bid'; expected offer or self_provision\n"},
        {"as_bids.csv", "G1,SR,,,self_provision,5,", "G1,SR,,,self_provision,5,3", "as_bids.csv:5:26: a price on self-provision; expected price_usd_per_mw to be empty\n"},
        {"scenario.yaml", "  dc_model: pglib", "  dc_model: pglib\n  as_sr_schedule: 100", "scenario.yaml:11:19: as_sr_schedule is 100 and as_bid_cap 250; expected it no lower\n"},
        {"scenario.yaml", "  dc_model: pglib", "  dc_model: pglib\n  as_scarcity_nr_2: 0.4", "scenario.yaml:11:21: as_scarcity_nr_2 is 0.4 and as_scarcity_nr_1 0.5; expected it no lower\n"},
        {"scenario.yaml", "  dc_model: pglib", "  dc_model: pglib\n  as_bid_cap: 2300", "scenario.yaml:11:15: as_nr_schedule is 2000 and as_bid_cap 2300; expected it no lower\n"
         "scenario.yaml:11:15: as_sr_schedule is 2250 and as_bid_cap 2300; expected it no lower\n"},
};
// clang-format on

Test(read_services, every_wrong_row_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(fault_case_holds_with_services(&cases[i]), "case %zu", i);
}

static double required(const struct market *m, int32_t t, int32_t region,
                       enum service s)
{
    return market_required_mw(m, t, region, s);
}

Test(read_services, the_more_specific_row_wins)
{
    struct scenario_files s;
    struct scenario_result r;
    char why[MARKET_CHECK_SIZE];
    scenario_files_base(&s);
    scenario_files_services(&s);
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    cr_assert_eq(r.code, ERR_OK);
    cr_assert(market_check(m, why), "%s", why);
    cr_assert_eq(m->n_service_region, 3);
    cr_assert_str_eq(m->service_region[0].id, "SYSTEM");
    cr_assert_str_eq(m->service_region[1].id, "CITY");
    cr_assert_str_eq(m->service_region[2].id, "NORTH");
    cr_assert_eq(m->service_region[1].parent, 2, "CITY lies in NORTH");
    cr_assert_eq(m->service_region[2].parent, 0);
    cr_assert_float_eq(required(m, 0, 0, SERVICE_RU), 10, 0);
    cr_assert_float_eq(required(m, 30, 0, SERVICE_SR), 15.5, 0);
    cr_assert_float_eq(required(m, 17, 2, SERVICE_SR), 5, 0, "hour 18");
    cr_assert_float_eq(required(m, 41, 2, SERVICE_SR), 5, 0, "hour 18 of the next day");
    cr_assert_float_eq(required(m, 16, 2, SERVICE_SR), 0, 0);
    cr_assert_float_eq(required(m, 2, 0, SERVICE_RD), 4, 0);
    cr_assert_float_eq(required(m, 24, 0, SERVICE_RD), 8, 0, "its own date");
    cr_assert_float_eq(required(m, 2, 1, SERVICE_RU), 1, 0);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_services, offers_and_self_provision_stand_side_by_side)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_services(&s);
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    static const char *const id[] = {"G1 RU", "G1 SR", "G1 RD",
                                     "P1 NR", "S1 RU", "S1 RD"};
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_eq(m->n_service_bidder, 6);
    for (int32_t b = 0; b < 6; b++)
        cr_assert_str_eq(m->service_bidder[b].id, id[b]);
    const struct service_offer *sr = &m->service_offer[1];
    cr_assert_float_eq(sr[0].offer_mw, 30, 0);
    cr_assert_float_eq(sr[0].price_usd_per_mw, 2, 0);
    cr_assert_float_eq(sr[0].self_mw, 5, 0);
    cr_assert_float_eq(sr[17 * 6].offer_mw, 25, 0, "hour 18");
    cr_assert_float_eq(sr[17 * 6].price_usd_per_mw, 3.5, 0);
    cr_assert_float_eq(sr[17 * 6].self_mw, 5, 0);
    cr_assert_float_eq(m->service_offer[2].offer_mw, 0, 0, "RD on the second day only");
    cr_assert_float_eq(m->service_offer[24 * 6 + 2].offer_mw, 20, 0);
    cr_assert_eq(m->n_bid_rows, 21 + 8);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_services, a_market_without_their_tables_has_none)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_eq(r.market.n_service_region, 0);
    cr_assert_eq(r.market.n_service_bidder, 0);
    scenario_result_release(&r);
    scenario_files_release(&s);
}
