/* test_read_nodes.c - PNodes, aggregated nodes, ties and what nodes.csv says of them. */
#include <criterion/criterion.h>
#include <math.h>

#include "tests/support/scenario_files.h"

// clang-format off
static const struct fault_case cases[] = {
        {"ties.csv", "T1,A",
         "T1,Q",
         "ties.csv:2:4: unknown PNode 'Q'; expected a bus of the network\n"},
        {"ties.csv", "T1,A",
         "A,A",
         "resources.csv:8:16: unknown tie 'T1'; expected a tie_id of table ties\n"
         "resources.csv:9:17: unknown tie 'T1'; expected a tie_id of table ties\n"
         "ties.csv:2:1: 'A' is a node already; expected an id that no node has\n"},
        {"ties.csv", "T1,A",
         "T2,A",
         "resources.csv:8:16: unknown tie 'T1'; expected a tie_id of table ties\n"
         "resources.csv:9:17: unknown tie 'T1'; expected a tie_id of table ties\n"},
        {"ties.csv", "T1,A,50",
         "T1,A,-5",
         "ties.csv:2:6: import_limit_mw is -5; expected a number of MW from 0 to 1e+07\n"},
        {"nodes.csv", "B,SLAP",
         "T1,SLAP",
         "nodes.csv:2:1: unknown node 'T1'; expected a PNode or an aggregated node\n"},
        {"nodes.csv", "B,SLAP",
         "Q,SLAP",
         "nodes.csv:2:1: unknown node 'Q'; expected a PNode or an aggregated node\n"},
        {"nodes.csv", "HUB1,",
         "HUB1,X",
         "nodes.csv:4:6: sub_lap is 'X' for an aggregated node; expected it only for PNodes\n"},
        {"nodes.csv", "B,SLAP,no",
         "B,SLAP,No",
         "nodes.csv:2:8: virtual_eligible is 'No'; expected no or yes\n"},
        {"nodes.csv", "-120.5,38",
         ",38",
         "nodes.csv:2:14: longitude is empty, but latitude is not; expected both or neither\n"},
        {"nodes.csv", "-120.5,38",
         "-120.5,",
         "nodes.csv:2:21: latitude is empty, but longitude is not; expected both or neither\n"},
        {"nodes.csv", "-120.5,38",
         "-120.5,91",
         "nodes.csv:2:21: latitude is 91; expected a number of degree from -90 to 90\n"},
        {"nodes.csv", "yes,100,,,,",
         "yes,100,,,5,6",
         "nodes.csv:4:17: an aggregated node has coordinates; expected them only for PNodes\n"},
        {"nodes.csv", "C,SLAP",
         "B,SLAP",
         "nodes.csv:3:1: 'B' is already on line 2; expected it once\n"},
        {"aggregation_nodes.csv", "LAP1,lap,B,0.6",
         "LAP1,lap,B,0.7",
         "aggregation_nodes.csv:2:12: factors of 'LAP1' sum to 1.1; expected 1 within 1e-6\n"},
        {"aggregation_nodes.csv", "LAP1,lap,B,0.6",
         "LAP1,lap,B,",
         "aggregation_nodes.csv:2:12: factor is empty, but other rows of 'LAP1' have one; expected all or none\n"},
        {"aggregation_nodes.csv", "LAP1,lap,B,0.6",
         "LAP1,lap,B,0",
         "aggregation_nodes.csv:2:12: factor is 0; expected a number above 0 up to 1\n"},
        {"aggregation_nodes.csv", "LAP1,,C",
         "LAP1,hub,C",
         "aggregation_nodes.csv:3:6: kind of 'LAP1' differs from line 2; expected one kind per node\n"},
        {"aggregation_nodes.csv", "LAP1,,C",
         "LAP1,,B",
         "aggregation_nodes.csv:3:7: PNode 'B' is in 'LAP1' on line 2 already; expected it once\n"},
        {"aggregation_nodes.csv", "LAP1,,C",
         "LAP1,,LAP1",
         "aggregation_nodes.csv:3:7: unknown PNode 'LAP1'; expected a bus of the network\n"},
        {"aggregation_nodes.csv", "DER,,B",
         "DER,,D",
         ""},
        {"aggregation_nodes.csv", "HUB1,hub,A,1",
         "A,hub,A,1",
         "aggregation_nodes.csv:7:1: 'A' is a PNode; expected an id that no bus has\n"
         "nodes.csv:4:1: unknown node 'HUB1'; expected a PNode or an aggregated node\n"},
        {"aggregation_nodes.csv", "HUB1,hub,A,1",
         "HUB1,hub,D,",
         "aggregation_nodes.csv:7:12: factors of 'HUB1' are empty and its PNodes have no load in the network; expected factors\n"},
        {"aggregation_nodes.csv", "HUB1,hub,A,1",
         "HUB1,lap,T1,1",
         "aggregation_nodes.csv:7:10: unknown PNode 'T1'; expected a bus of the network\n"},
        {"aggregation_nodes.csv", "LAP1,,C,0.4",
         "LAP1,hub,Q,0.3",
         "aggregation_nodes.csv:2:12: factors of 'LAP1' sum to 0.9; expected 1 within 1e-6\n"
         "aggregation_nodes.csv:3:6: kind of 'LAP1' differs from line 2; expected one kind per node\n"
         "aggregation_nodes.csv:3:10: unknown PNode 'Q'; expected a bus of the network\n"},
        {"aggregation_nodes.csv", "LAP1,,C,0.4",
         "LAP1,,C,x",
         "aggregation_nodes.csv:3:9: factor is 'x'; expected a number above 0 up to 1\n"},
        {"ties.csv", "T1,A,50",
         "HUB1,Q,50",
         "resources.csv:8:16: unknown tie 'T1'; expected a tie_id of table ties\n"
         "resources.csv:9:17: unknown tie 'T1'; expected a tie_id of table ties\n"
         "ties.csv:2:1: 'HUB1' is a node already; expected an id that no node has\n"
         "ties.csv:2:6: unknown PNode 'Q'; expected a bus of the network\n"},
};
// clang-format on

Test(read_nodes, every_wrong_node_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(fault_case_holds(&cases[i]), "case %zu", i);
}

Test(read_nodes, nodes_stand_as_pnodes_aggregates_ties)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    static const char *const id[] = {"A",   "B",   "C",    "D",    "E9",
                                     "E10", "DER", "HUB1", "LAP1", "T1"};
    cr_assert_eq(m->n_node, 10);
    for (int i = 0; i < 10; i++)
        cr_assert_str_eq(m->node[i].id, id[i]);
    cr_assert_eq(m->node[9].kind, NODE_TIE);
    cr_assert_eq(m->node[9].tie, 0);
    cr_assert_eq(m->tie[0].node, 9);
    cr_assert_eq(m->tie[0].bus, 0);
    cr_assert_float_eq(m->tie[0].import_limit_mw, 50, 0);
    cr_assert(m->tie[0].export_limit_mw > 1e300);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_nodes, empty_factors_are_shares_of_the_bus_load)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    const struct node *der = &m->node[6];
    cr_assert_eq(der->kind, NODE_AGGREGATE);
    cr_assert_eq(der->n_factor, 2, "the bus without load is left out");
    cr_assert_eq(m->factor_bus[der->factor_start], 1);
    cr_assert_float_eq(m->factor[der->factor_start], 0.75, 0);
    cr_assert_float_eq(m->factor[der->factor_start + 1], 0.25, 0);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_nodes, factors_that_nearly_sum_to_one_are_made_to)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_change(&s, "aggregation_nodes.csv", "B,0.6", "B,0.6000009");
    scenario_files_load(&s, &r);
    const struct market *m = &r.market;
    const struct node *lap = &m->node[8];
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_float_eq(m->factor[lap->factor_start] + m->factor[lap->factor_start + 1],
                       1, 1e-15);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_nodes, virtual_bids_are_at_home_at_laps_hubs_and_supply)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    const struct node *node = r.market.node;
    cr_assert(node[0].virtual_eligible, "A has a generator");
    cr_assert_not(node[1].virtual_eligible, "nodes.csv says no for B");
    cr_assert(node[2].virtual_eligible, "C has storage");
    cr_assert_not(node[3].virtual_eligible, "D has nothing");
    cr_assert_not(node[6].virtual_eligible, "an aggregate");
    cr_assert(node[7].virtual_eligible, "a hub");
    cr_assert(node[8].virtual_eligible, "a LAP");
    cr_assert_not(node[9].virtual_eligible, "a tie");
    cr_assert_float_eq(node[2].virtual_limit_mw, 25, 0);
    cr_assert_float_eq(node[2].reference_supply_usd_per_mwh, 3, 0);
    cr_assert_float_eq(node[3].reference_supply_usd_per_mwh, 6.5, 0, "the rule");
    cr_assert_str_eq(node[1].sublap, "SLAP");
    cr_assert_float_eq(node[1].longitude_deg, -120.5, 0);
    cr_assert_float_eq(node[1].latitude_deg, 38, 0);
    cr_assert(isnan(node[2].longitude_deg) && isnan(node[2].latitude_deg));
    cr_assert_null(node[3].sublap);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_nodes, an_import_opens_the_bus_of_its_tie)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_change(&s, "ties.csv", "T1,A", "T1,D");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_assert(r.market.node[3].virtual_eligible);
    scenario_result_release(&r);
    scenario_files_release(&s);
}
