/* test_read_participants.c - scheduling coordinators and resources. */
#include <criterion/criterion.h>
#include <math.h>

#include "tests/support/scenario_files.h"

// clang-format off
static const struct fault_case sc_cases[] = {
        {"scheduling_coordinators.csv", "SC1",
         "ISO",
         "resources.csv:2:14: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:5:12: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:8:11: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:9:11: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "scheduling_coordinators.csv:3:1: 'ISO' is reserved for the market operator; expected another id\n"
         "virtual_bids.csv:2:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "virtual_bids.csv:3:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "virtual_bids.csv:4:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"},
        {"scheduling_coordinators.csv", "SC1",
         "SC2",
         "resources.csv:2:14: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:5:12: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:8:11: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:9:11: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "scheduling_coordinators.csv:3:1: 'SC2' is already on line 2; expected it once\n"
         "virtual_bids.csv:2:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "virtual_bids.csv:3:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "virtual_bids.csv:4:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"},
        {"scheduling_coordinators.csv", "SC1",
         "SC3",
         "resources.csv:2:14: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:5:12: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:8:11: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:9:11: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "virtual_bids.csv:2:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "virtual_bids.csv:3:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"
         "virtual_bids.csv:4:1: unknown scheduling coordinator 'SC1'; expected an sc_id of table scheduling_coordinators\n"},
        {"scheduling_coordinators.csv", "2020-01-01,2030-12-31",
         "2030-12-31,2020-01-01",
         "scheduling_coordinators.csv:2:33: certified_to is before certified_from; expected it on or after\n"},
        {"scheduling_coordinators.csv", "2020-01-01",
         "2020-1-1",
         "scheduling_coordinators.csv:2:22: certified_from is '2020-1-1'; expected a date YYYY-MM-DD from 1970 to 2199\n"},
        {"scheduling_coordinators.csv", "1000,500",
         "-1,500",
         "scheduling_coordinators.csv:2:44: unsecured_limit_usd is -1; expected a number of USD from 0 to 1e+12\n"},
        {"scheduling_coordinators.csv", "Wind, and more",
         "Wind\nand",
         "scheduling_coordinators.csv:2:5: name is 'Wind?and'; expected at most 256 bytes of text on one line\n"},
};
static const struct fault_case cases[] = {
        {"resources.csv", "G1,generator",
         "G1,",
         "resources.csv:2:4: type is empty; expected a value\n"},
        {"resources.csv", "G1,generator",
         "G1,wind",
         "resources.csv:2:4: type is 'wind'; expected generator, load, storage, pdr, dera, import or export\n"},
        {"resources.csv", "G1,generator",
         "L1,generator",
         "energy_bids.csv:2:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:3:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:4:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:5:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:6:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:7:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "resources.csv:3:1: 'L1' is already on line 2; expected it once\n"},
        {"resources.csv", "G1,generator",
         "G7,generator",
         "energy_bids.csv:2:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:3:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:4:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:5:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:6:1: unknown resource 'G1'; expected a resource_id of table resources\n"
         "energy_bids.csv:7:1: unknown resource 'G1'; expected a resource_id of table resources\n"},
        {"resources.csv", "G1,generator,SC1",
         "G1,generator,SC9",
         "resources.csv:2:14: unknown scheduling coordinator 'SC9'; expected an sc_id of table scheduling_coordinators\n"},
        {"resources.csv", "G1,generator,SC1,A",
         "G1,generator,SC1,",
         "resources.csv:2:18: node_id is empty; expected a PNode or an aggregated node\n"},
        {"resources.csv", "G1,generator,SC1,A",
         "G1,generator,SC1,Q",
         "resources.csv:2:18: unknown node 'Q'; expected a PNode or an aggregated node\n"},
        {"resources.csv", "G1,generator,SC1,A",
         "G1,generator,SC1,T1",
         "resources.csv:2:18: node 'T1' is a tie; expected a PNode or an aggregated node\n"},
        {"resources.csv", "G1,generator,SC1,A,",
         "G1,generator,SC1,A,T1",
         "resources.csv:2:20: tie_id on a generator; expected it only on imports and exports\n"},
        {"resources.csv", "I1,import,SC1,,T1",
         "I1,import,SC1,,",
         "resources.csv:8:15: node_id is empty; expected a node or a tie_id\n"},
        {"resources.csv", "I1,import,SC1,,T1",
         "I1,import,SC1,,T9",
         "resources.csv:8:16: unknown tie 'T9'; expected a tie_id of table ties\n"},
        {"resources.csv", "G1,generator,SC1,A,,10",
         "G1,generator,SC1,A,,-10",
         "resources.csv:2:21: pmin_mw is -10 on a generator; expected a number of MW from 0\n"},
        {"resources.csv", "G1,generator,SC1,A,,10",
         "G1,generator,SC1,A,,110",
         "resources.csv:2:21: pmin_mw is 110 and pmax_mw 100; expected pmin_mw <= pmax_mw\n"},
        {"resources.csv", "S1,storage,SC1,C,,",
         "S1,storage,SC1,C,,5",
         "resources.csv:5:19: pmin_mw is 5 on storage; expected at most 0, the power of charging\n"},
        {"resources.csv", ",100,2,1",
         ",,2,1",
         "resources.csv:2:24: pmax_mw is empty; expected a value\n"},
        {"resources.csv", ",100,2,1",
         ",100,0,1",
         "resources.csv:2:28: ramp_mw_per_min is 0; expected a number of MW/min above 0 up to 1e+07\n"},
        {"resources.csv", ",100,2,1",
         ",-100,2,1",
         "resources.csv:2:24: pmax_mw is -100; expected a number of MW from 0 to 1e+07\n"},
        {"resources.csv", "1,50,,",
         "1,50,3,",
         "resources.csv:2:35: energy_min_mwh on a generator; expected it only on storage\n"},
        {"resources.csv", ",,,1,80,",
         ",,,1,,",
         "resources.csv:5:28: energy_max_mwh is empty; expected a number of MWh for storage\n"},
        {"resources.csv", ",,,1,80,",
         ",,,90,80,",
         "resources.csv:5:26: energy_min_mwh is 90 and energy_max_mwh 80; expected energy_min_mwh <= energy_max_mwh\n"},
        {"resources.csv", "0.95",
         "1.01",
         "resources.csv:5:31: charge_efficiency is 1.01; expected a number above 0 up to 1\n"},
        {"resources.csv", "0.95",
         "0",
         "resources.csv:5:31: charge_efficiency is 0; expected a number above 0 up to 1\n"},
        {"resources.csv", "0.9,10,5",
         "0.9,81,5",
         "resources.csv:5:40: initial_energy_mwh is 81; expected a number of MWh from 1 to 80\n"},
        {"resources.csv", "0.9,10,5",
         "0.9,10,0.5",
         "resources.csv:5:43: end_energy_mwh is 0.5; expected a number of MWh from 1 to 80\n"},
        {"resources.csv", "0.9,10,5",
         "0.9,10,100",
         "resources.csv:5:43: end_energy_mwh is 100; expected a number of MWh from 1 to 80\n"},
        {"resources.csv", "P1,pdr,SC2,B,,,5,,,,,,,,,,",
         "P1,pdr,SC2,B,,,5,,,,,,,,,,0.1",
         "resources.csv:6:27: forecast_share on a pdr; expected it only on loads\n"},
        {"resources.csv", "0.5,,,,",
         "1.5,,,,",
         "resources.csv:3:33: forecast_share is 1.5; expected a number from 0 to 1\n"},
        {"resources.csv", "active,2000-01-01",
         "retired,2000-01-01",
         "resources.csv:2:42: status is 'retired'; expected active, planned, mothballed or decommissioned\n"},
        {"resources.csv", "active,2000-01-01",
         "active,2101-01-01",
         "resources.csv:2:60: registered_to is before registered_from; expected it on or after\n"},
        {"resources.csv", "G1,generator,SC1,A,,10,100,2",
         "G1,wind,SC9,Q,,110,100,0",
         "resources.csv:2:4: type is 'wind'; expected generator, load, storage, pdr, dera, import or export\n"
         "resources.csv:2:9: unknown scheduling coordinator 'SC9'; expected an sc_id of table scheduling_coordinators\n"
         "resources.csv:2:13: unknown node 'Q'; expected a PNode or an aggregated node\n"
         "resources.csv:2:16: pmin_mw is 110 and pmax_mw 100; expected pmin_mw <= pmax_mw\n"
         "resources.csv:2:24: ramp_mw_per_min is 0; expected a number of MW/min above 0 up to 1e+07\n"},
        {"resources.csv", "80,0.95,0.9,10,5",
         "80,1.9,0.9,100,90",
         "resources.csv:5:31: charge_efficiency is 1.9; expected a number above 0 up to 1\n"
         "resources.csv:5:39: initial_energy_mwh is 100; expected a number of MWh from 1 to 80\n"
         "resources.csv:5:43: end_energy_mwh is 90; expected a number of MWh from 1 to 80\n"},
        {"resources.csv", "80,0.95,0.9,10,5",
         "x,0.95,0.9,100,90",
         "resources.csv:5:28: energy_max_mwh is 'x'; expected a number of MWh from 0 to 1e+07\n"},
        {"resources.csv", "S1,storage,SC1,C,,",
         "S1,storage,SC1,C,,,",
         "resources.csv:5:20: pmax_mw is empty; expected a value\n"
         "resources.csv:5:29: charge_efficiency is 80; expected a number above 0 up to 1\n"
         "resources.csv:5:44: forecast_share is 5; expected a number from 0 to 1\n"
         "resources.csv:5:50: the number of fields is 22; expected 21 as in the header\n"},
        {"resources.csv", "energy_max_mwh",
         "energy_top_mwh",
         "resources.csv:1:118: unknown column 'energy_top_mwh'; expected 'energy_min_mwh'?\n"},
};
// clang-format on

Test(read_participants, every_wrong_coordinator_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof sc_cases / sizeof *sc_cases; i++)
        cr_assert(fault_case_holds(&sc_cases[i]), "case %zu", i);
}

Test(read_participants, every_wrong_resource_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(fault_case_holds(&cases[i]), "case %zu", i);
}

Test(read_participants, empty_fields_are_the_documented_defaults)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_str_eq(m->sc[0].id, "SC1");
    cr_assert_str_eq(m->sc[0].name, "SC1");
    cr_assert_str_eq(m->sc[1].name, "Wind, and more");
    cr_assert_float_eq(m->sc[1].invoiced_usd, -10, 0);
    char date[11];
    date_format(m->sc[0].certified_from, date);
    cr_assert_str_eq(date, "1970-01-01");
    date_format(m->sc[0].certified_to, date);
    cr_assert_str_eq(date, "2199-12-31");
    const struct resource *g1 = &m->resource[2], *s1 = &m->resource[7];
    cr_assert_str_eq(g1->id, "G1");
    cr_assert_float_eq(g1->ramp_up_mw_per_min, 2, 0);
    cr_assert_float_eq(g1->ramp_down_mw_per_min, 1, 0);
    cr_assert_float_eq(g1->initial_mw, 50, 0);
    cr_assert(g1->active);
    cr_assert_str_eq(s1->id, "S1");
    cr_assert_float_eq(s1->pmin_mw, -20, 0, "storage charges as fast as it discharges");
    cr_assert(isinf(s1->ramp_up_mw_per_min) && isinf(s1->ramp_down_mw_per_min));
    cr_assert(isnan(s1->initial_mw));
    cr_assert_float_eq(s1->initial_energy_mwh, 10, 0);
    cr_assert_not(m->resource[0].active, "planned");
    cr_assert_str_eq(m->resource[6].technology, "");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_participants, an_import_without_a_node_or_at_the_bus_of_its_tie_is_at_its_tie)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    const struct resource *i1 = &m->resource[3], *e1 = &m->resource[1];
    cr_assert_eq(i1->type, RESOURCE_IMPORT);
    cr_assert_eq(i1->tie, 0);
    cr_assert_eq(m->node[i1->node].kind, NODE_TIE);
    cr_assert_eq(e1->node, i1->node, "what the tie charges is in the price of both");
    scenario_result_release(&r);
    scenario_files_release(&s);
}
