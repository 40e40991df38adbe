/* test_read_network_csv.c - buses and branches as tables. */
#include <criterion/criterion.h>

#include "tests/support/scenario_files.h"

// clang-format off
static const struct fault_case cases[] = {
        {"branches.csv", "A,B,2",
         "A,B,0",
         "branches.csv:3:5: circuit is '0'; expected a whole number from 1 to 999\n"},
        {"branches.csv", "A,B,2",
         "A,B,1",
         "branches.csv:3:1: branch 'A' to 'B' circuit 1 is already on line 2; expected it once\n"},
        {"branches.csv", "A,B,2",
         "A,A,2",
         "branches.csv:3:3: a branch from 'A' to itself; expected two buses\n"},
        {"branches.csv", "A,B,2",
         "A,B,1.5",
         "branches.csv:3:5: circuit is '1.5'; expected a whole number from 1 to 999\n"},
        {"branches.csv", "B,C,1,0,0.1,,",
         "B,C,1,0,0,,7",
         "branches.csv:4:12: a phase shift where x_pu is 0; expected a reactance, or no shift\n"},
        {"branches.csv", "B,C,1,0,0.1",
         "B,C,1,0,",
         "branches.csv:4:9: x_pu is empty; expected a value\n"},
        {"branches.csv", "B,C,1,0,0.1,",
         "B,C,1,0,0.1,0",
         "branches.csv:4:13: tap is 0; expected a number above 0 up to 100\n"},
        {"branches.csv", "B,C,1",
         "B,Z,1",
         "branches.csv:4:3: unknown bus 'Z'; expected a bus_id of table buses\n"},
        {"branches.csv", "B,C,1,0,0.1,,",
         "B,Q,1,0,0,,7",
         "branches.csv:4:3: unknown bus 'Q'; expected a bus_id of table buses\n"
         "branches.csv:4:12: a phase shift where x_pu is 0; expected a reactance, or no shift\n"},
};
static const struct fault_case bus_cases[] = {
        {"buses.csv", "bus_id,load_mw",
         "bus_id,load",
         "buses.csv:1:8: unknown column 'load'; expected 'load_mw'?\n"},
        {"buses.csv", "bus_id,load_mw",
         "bus_id,load_mw,zzzzzzz",
         "buses.csv:1:16: unknown column 'zzzzzzz'; expected a column of table buses\n"
         "buses.csv:2:1: the number of fields is 2; expected 3 as in the header\n"
         "buses.csv:3:1: the number of fields is 2; expected 3 as in the header\n"
         "buses.csv:4:1: the number of fields is 2; expected 3 as in the header\n"
         "buses.csv:5:1: the number of fields is 2; expected 3 as in the header\n"
         "buses.csv:6:1: the number of fields is 2; expected 3 as in the header\n"
         "buses.csv:7:1: the number of fields is 2; expected 3 as in the header\n"},
        {"buses.csv", "bus_id,load_mw",
         "bus_id,bus_id",
         "buses.csv:1:8: column 'bus_id' appears twice; expected every column once\n"},
        {"buses.csv", "bus_id,load_mw",
         "load_mw",
         "buses.csv:1:1: column 'bus_id' is missing; expected it in the header of table buses\n"
         "buses.csv:2:1: load_mw is 'A'; expected a number of MW from -1e+07 to 1e+07\n"
         "buses.csv:2:3: the number of fields is 2; expected 1 as in the header\n"
         "buses.csv:3:1: load_mw is 'B'; expected a number of MW from -1e+07 to 1e+07\n"
         "buses.csv:3:3: the number of fields is 2; expected 1 as in the header\n"
         "buses.csv:4:1: load_mw is 'C'; expected a number of MW from -1e+07 to 1e+07\n"
         "buses.csv:4:3: the number of fields is 2; expected 1 as in the header\n"
         "buses.csv:5:1: load_mw is 'D'; expected a number of MW from -1e+07 to 1e+07\n"
         "buses.csv:5:3: the number of fields is 2; expected 1 as in the header\n"
         "buses.csv:6:1: load_mw is 'E10'; expected a number of MW from -1e+07 to 1e+07\n"
         "buses.csv:6:5: the number of fields is 2; expected 1 as in the header\n"
         "buses.csv:7:1: load_mw is 'E9'; expected a number of MW from -1e+07 to 1e+07\n"
         "buses.csv:7:4: the number of fields is 2; expected 1 as in the header\n"},
        {"buses.csv", "A,0",
         "A,0,1",
         "buses.csv:2:5: the number of fields is 3; expected 2 as in the header\n"},
        {"buses.csv", "A,0",
         "A",
         "buses.csv:2:1: the number of fields is 1; expected 2 as in the header\n"},
        {"buses.csv", "A,0",
         "A,\"0",
         "buses.csv:2:3: a quoted field that never ends; expected a closing quote\n"},
        {"buses.csv", "A,0",
         "A,\"0\"x",
         "buses.csv:2:3: malformed quotes; expected a quoted field to be \"...\" with inner quotes doubled\n"},
        {"buses.csv", "A,0",
         "A,0\"0",
         "buses.csv:2:3: malformed quotes; expected a quoted field to be \"...\" with inner quotes doubled\n"},
        {"buses.csv", "A,0",
         "A B,0",
         "buses.csv:2:1: bus_id is 'A B'; expected 1 to 64 printable ASCII characters without comma, quote or space\n"},
        {"buses.csv", "A,0",
         ",0",
         "buses.csv:2:1: bus_id is empty; expected a value\n"},
        {"buses.csv", "A,0",
         "A,0\nA,1",
         "buses.csv:3:1: 'A' is already on line 2; expected it once\n"},
        {"buses.csv", "A,0",
         "A,inf",
         "buses.csv:2:3: load_mw is inf; expected a number of MW from -1e+07 to 1e+07\n"},
        {"buses.csv", "A,0",
         "A,1e9",
         "buses.csv:2:3: load_mw is 1e9; expected a number of MW from -1e+07 to 1e+07\n"},
        {"buses.csv", "A,0",
         "A,0x10",
         "buses.csv:2:3: load_mw is '0x10'; expected a number of MW from -1e+07 to 1e+07\n"},
        {"buses.csv", "bus_id,load_mw\nA,0\nB,90\nC,30\nD,\nE10,5\nE9,-5\n",
         "",
         "buses.csv:1:1: no header row; expected a first line with column names\n"},
        {"buses.csv", "\nA,0\nB,90\nC,30\nD,\nE10,5\nE9,-5\n",
         "\n",
         "buses.csv:1:1: no buses; expected at least one\n"},
        {"buses.csv", "A,0",
         "Q,0",
         "aggregation_nodes.csv:6:15: unknown PNode 'A'; expected a bus of the network\n"
         "aggregation_nodes.csv:7:10: unknown PNode 'A'; expected a bus of the network\n"
         "branches.csv:2:1: unknown bus 'A'; expected a bus_id of table buses\n"
         "branches.csv:3:1: unknown bus 'A'; expected a bus_id of table buses\n"
         "branches.csv:5:3: unknown bus 'A'; expected a bus_id of table buses\n"
         "resources.csv:2:18: unknown node 'A'; expected a PNode or an aggregated node\n"
         "resources.csv:9:15: unknown node 'A'; expected a PNode or an aggregated node\n"
         "ties.csv:2:4: unknown PNode 'A'; expected a bus of the network\n"
         "virtual_bids.csv:5:5: unknown node 'A'; expected a PNode, an aggregated node or a tie\n"
         "virtual_bids.csv:6:5: unknown node 'A'; expected a PNode, an aggregated node or a tie\n"},
        {"buses.csv", "\nD,",
         "\nA-B,\nA-B-C,",
         ""},
};
// clang-format on

Test(read_network_csv, every_wrong_branch_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(fault_case_holds(&cases[i]), "case %zu", i);
}

Test(read_network_csv, a_wrong_bus_causes_no_faults_elsewhere)
{
    for (size_t i = 0; i < sizeof bus_cases / sizeof *bus_cases; i++)
        cr_assert(fault_case_holds(&bus_cases[i]), "case %zu", i);
}

Test(read_network_csv, buses_are_numbered_in_natural_order)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_load(&s, &r);
    const struct grid *g = &r.market.grid;
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_eq(g->n_bus, 6);
    cr_assert_str_eq(g->bus[4].id, "E9");
    cr_assert_str_eq(g->bus[5].id, "E10");
    cr_assert_eq(g->bus[5].number, 6);
    cr_assert_float_eq(g->bus[4].load_mw, -5, 0);
    cr_assert_eq(g->n_branch, 5);
    cr_assert_str_eq(g->branch[0].id, "A-B");
    cr_assert_str_eq(g->branch[1].id, "A-B-2");
    cr_assert_float_eq(g->branch[1].tap, 1.02, 0);
    cr_assert_float_eq(g->branch[1].shift_deg, -3, 0);
    cr_assert_float_eq(g->branch[1].rate_mw, 50, 0);
    cr_assert(g->branch[2].rate_mw > 1e300, "an empty rate is no limit");
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(read_network_csv, hyphens_may_not_make_two_branches_alike)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[1024];
    scenario_files_base(&s);
    scenario_files_change(&s, "buses.csv", "D,\n", "D,\nB-2,\n");
    scenario_files_change(&s, "branches.csv", "B,C,1,0", "A,B-2,1,0,1,,,,\nB,C,1,0");
    scenario_files_load(&s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(text, "branches.csv:4:1: a second branch would be called 'A-B-2'; "
                           "expected bus ids whose hyphens leave names unique\n");
    scenario_result_release(&r);
    scenario_files_release(&s);
}
