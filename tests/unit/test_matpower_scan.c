/* test_matpower_scan.c - the language of case files, and every fault with its place. */
#include "sim/input/matpower_scan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/small_case.h"

Test(matpower_scan, the_language_is_read_as_matlab_reads_it)
{
    struct grid g = small_case_grid(
        "\n% a comment first\nfunction mpc = other % named\n%{\nmpc.bus = "
        "nonsense\n%}\n"
        "mpc.version='2'\t;mpc.baseMVA = 1e2\r\n"
        "mpc.bus = [1,3,0,0,0,0,1,1,0,230,1,1.1,0.9; 2 1 ... the rest of the row\n"
        "  +9.0E1 0 -0 0 1 1 0 230 1 1.1 0.9 % 90 MW\n\n"
        "3 1 60., .0 2 0 1 1 NaN 230 1 Inf -Inf,\n];\n" GENS BRANCHES
        "mpc.gencost = [];\nmpc.areas = [1 2]; mpc.gentype = {'it''s'; \"]\"};\n"
        "mpc.gen_name = char('a''b', \"c\")';\nend\n% done");
    cr_assert_eq(g.n_bus, 3);
    cr_assert_float_eq(g.bus[1].load_mw, 90, 0);
    cr_assert_float_eq(g.bus[2].shunt_mw, 2, 0);
    cr_assert_eq(g.unit[0].cost_kind, GRID_COST_NONE);
    grid_release(&g);
}

static const struct {
    const char *text;
    unsigned line, column;
    const char *words;
} faulty[] = {
    /* structure */
    {"", 1, 1, "an empty file"},
    {SMALL "mpc.bus_nam = {};\n", 22, 1, "mpc.bus_nam is not known"},
    {SMALL "mpc.A = sparse(3, 3);\n", 22, 1, "mpc.A: linear constraints"},
    {SMALL "mpc.if.map = [1 2];\n", 22, 1, "mpc.if: interface flow limits"},
    {SMALL "mpc.reserves.zones = [1\n2];\n", 22, 1, "mpc.reserves"},
    {SMALL "mpc.bus(1, 3) = 50;\n", 22, 1, "a part of mpc.bus"},
    {SMALL "mpc.gen = [];\n", 22, 1, "assigned again"},
    {SMALL "mpc.gencost(:, 6) *= 2;\n", 22, 1, "a part of mpc.gencost"},
    {SMALL "mpc.gen.x = 2;\n", 22, 1, "a part of mpc.gen"},
    {SMALL "mpc = scale_load(2, mpc);\n", 22, 1, "not understood"},
    {SMALL "[PQ, PV, REF] = idx_bus;\n", 22, 1, "'[PQ, PV, REF] = idx_bus;"},
    {SMALL "for k = 1:3\n", 22, 1, "'for k = 1:3' is not understood"},
    {HEAD BUSES GENS BRANCHES "mpc.gencost = ones(2, 6);\n", 18, 15, "ones(2"},
    {HEAD BUSES GENS BRANCHES "mpc.gencost = [2 0 0 2 4*5 0; 2 0 0 2 1 0];\n", 18, 24,
     "'4*5' is not a number"},
    {HEAD BUSES GENS BRANCHES "mpc.gencost = [2 0 0 2 1 0; 2 0 0 2 1 0]';\n", 18, 41,
     "expected the end of the statement"},
    {SMALL "mpc.branch(:, 4) = mpc.branch(:, 4) / 2;\n", 22, 1, "a part of mpc.branch"},
    {SMALL "define_constants;\n", 22, 1, "'define_constants;' is not understood"},
    {SMALL "x = [1\n2\n'a]'];\n", 22, 1, "not understood"},
    {SMALL "end\nmpc.areas = 1;\n", 23, 1, "before the end of the function"},
    {SMALL "# hash\n", 22, 1, "not understood"},
    {SMALL "mpc. = 4;\n", 22, 1, "a dot without a name"},
    {SMALL "mpc.dcline = [1 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n", 22, 14, "never closed"},
    {SMALL "mpc.areas = [1 3\n", 22, 13, "never closed"},
    {SMALL "mpc.bus_name = {'a'\n", 22, 16, "never closed"},
    {HEAD GENS BRANCHES "mpc.gencost=[];", 1, 1, "mpc.bus is missing"},
    {"function mpc = a\nmpc.version = '1';mpc.baseMVA=1;\n" BUSES GENS BRANCHES, 2, 15,
     "another version"},
    {"function mpc = a\nmpc.version = 2;mpc.baseMVA=1;\n" BUSES GENS BRANCHES, 2, 15,
     "mpc.version is a number; expected a text"},
    {"function mpc = a\nmpc.version = '2';mpc.baseMVA=0;\n" BUSES GENS BRANCHES, 2, 31,
     "mpc.baseMVA is 0"},
    {"function mpc = a\nmpc.version = '2';mpc.baseMVA=1e2*3;\n" BUSES GENS BRANCHES, 2,
     31, "1e2*3 stands for a value"},
    {"function mpc = a\nmpc.version = '2';mpc.baseMVA=1e2 * 3;\n" BUSES GENS BRANCHES,
     2, 35, "'* 3;"},
    {"function mpc = a\nmpc.version = '2\nmpc.baseMVA=1;\n" BUSES GENS BRANCHES, 2, 15,
     "not closed"},
    {"function mpc = a\n" BUSES GENS BRANCHES "mpc.version = '2';mpc.baseMVA=\n", 16,
     31, "nothing stands"},
    {"mpc.version = '2';\nmpc.baseMVA = 100;\n" BUSES GENS BRANCHES, 1, 1,
     "not a MATPOWER case of version 2"},
    {"function [baseMVA, bus] = a\n" BUSES GENS BRANCHES
     "mpc.version = '2';\nmpc.baseMVA=1;",
     1, 1, "not a MATPOWER case of version 2"},
    /* tables */
    {WITH_BUS("1 3 x 0 0 0 1 1 0 230 1 1.1 0.9;\n"), 5, 5, "'x' is not a number"},
    {WITH_BUS("1 3 0 -0 0 - 1 1 0 230 1 1.1 0.9;\n"), 5, 12, "'-' is not a number"},
    {WITH_BUS("1 3 0 0 0 0 1 1,, 0 230 1 1.1 0.9;\n"), 5, 17, "an empty element"},
    {WITH_BUS("1 3 '0' 0 0 0 1 1 0 230 1 1.1 0.9;\n"), 5, 5, "''0'' is not a number"},
    {HEAD BUSES GENS "mpc.branch = [1 2 0 1 0 0 0 0 0 0 1; 2 3 0 1];", 13, 38,
     "4 columns; expected 11"},
    {HEAD GENS BRANCHES "mpc.bus = [1 2 3; 2 3 4; 3 3 3];", 13, 12, "3 columns"},
    {HEAD BUSES GENS "mpc.branch = [1 2 0 1 0 0 0 0 0 0 1 0];", 13, 15, "12 columns"},
    {HEAD "mpc.bus = [];mpc.gen = [];mpc.branch = [];", 4, 11, "no buses"},
    {HEAD BUSES GENS BRANCHES "mpc.gencost = 5;", 18, 15, "expected a matrix"},
    {SMALL "mpc.bus_name = {'a'; 'b'};\n", 22, 16,
     "2 names; expected one for each of the 3"},
    {SMALL "mpc.bus_name = {'a'; b; 'c'};\n", 22, 22, "b is not a text in quotes"},
    {SMALL "mpc.bus_name = [1 2];\n", 22, 16, "expected a cell array of texts"},
    /* buses */
    {WITH_BUS(BUS(2, 3, 0, 0)), 6, 1, "bus 2 stands here again"},
    {WITH_BUS(BUS(1.5, 3, 0, 0)), 5, 1, "bus number 1.5"},
    {WITH_BUS(BUS(NaN, 3, 0, 0)), 5, 1, "bus number"},
    {WITH_BUS(BUS(0, 3, 0, 0)), 5, 1, "bus number 0"},
    {WITH_BUS(BUS(1, 5, 0, 0)), 5, 3, "bus type 5"},
    {WITH_BUS(BUS(1, 3, NaN, 0)), 5, 5, "Pd is NaN"},
    {WITH_BUS(BUS(1, 3, 0, -Inf)), 5, 9, "Gs is infinite"},
    /* units */
    {WITH_GEN(GEN(8, 1, 10, 0)), 10, 1, "bus 8 is not in mpc.bus"},
    {WITH_GEN(GEN(1, 1, 10, 11)), 10, 22, "unit at bus 1: Pmin 11 exceeds Pmax 10"},
    {WITH_GEN(GEN(1, NaN, 10, 0)), 10, 17, "status is NaN"},
    {WITH_GEN(GEN(1, 1, Inf, 0)), 10, 19, "Pmax is infinite"},
    {WITH_GEN(GEN(1, 1, 1e308, 0)), 10, 19, "Pmax is 1e+308; expected at most 1e+12"},
    /* branches */
    {WITH_BRANCH(LINE(1, 9, 0.1, 0)), 14, 3, "to bus 9 is not in mpc.bus"},
    {WITH_BRANCH(BRANCH(1, 2, 0, 0, 0, 3, 1, -360, 360)), 14, 22,
     "branch 1-2 shifts the phase by 3 degrees and has x = 0"},
    {WITH_BRANCH(BRANCH(1, 2, 1e-13, 0, 0, 0, 1, 5, 30)), 14, 30,
     "expected limits that hold 0"},
    {WITH_BRANCH(BRANCH(1, 2, 0.1, 0, 0, 0, 0.5, 0, 0)), 14, 26, "status 0.5"},
    {WITH_BRANCH(BRANCH(1, 2, 0.1, 0, 0, 0, -1, 0, 0)), 14, 26, "status -1"},
    {WITH_BRANCH(LINE(2, 2, 0.1, 0)), 14, 3, "from bus 2 to itself"},
    {WITH_BRANCH(LINE(1, 2, NaN, 0)), 14, 10, "x is NaN"},
    {WITH_BRANCH(LINE(1, 2, 0.1, -3)), 14, 16, "rateA -3"},
    {WITH_BRANCH(BRANCH(1, 2, 0.1, 0, -1, 0, 1, 0, 0)), 14, 22, "ratio -1"},
    {WITH_BRANCH(BRANCH(1, 2, 0.1, 0, 0, Inf, 1, 0, 0)), 14, 24, "angle is infinite"},
    {WITH_BRANCH(BRANCH(1, 2, 0.1, 0, 0, 0, 1, 30, -30)), 14, 28, "angmin 30 exceeds"},
    /* DC lines */
    {SMALL "mpc.dcline = [1 3 1 9 9 0 0 1 1 -50 50 0 0 0 0 0 0];\n", 22, 19,
     "DC line 1-3 is in service"},
    {SMALL "mpc.dcline = [1 3 1 0 0 0 0 1 1 5 50 0 0 0 0 0 0];\n", 22, 19,
     "DC line 1-3"},
};

Test(matpower_scan, every_fault_is_named_with_its_position)
{
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++)
        small_case_fault(faulty[i].text, faulty[i].line, faulty[i].column,
                         faulty[i].words);
}

static const char *const refused[] = {
    "A",        "l",        "u",        "N",      "H",         "Cw",
    "fparm",    "z0",       "zl",       "zu",     "userfcn",   "if",
    "iflims",   "softlims", "reserves", "zones",  "switch",    "storage",
    "order",    "contab",   "profiles", "load",   "shunt",     "busdc",
    "branchdc", "trans3w",  "convdc",   "dcgrid", "ne_branch", "user_constraints"};

Test(matpower_scan, what_would_change_the_market_is_refused_by_name_in_any_form)
{
    static const char *const form[] = {"mpc.%s = [1 2; 3 4];", "mpc.%s.x = 'a';",
                                       "mpc.%s(1, :) = [];", "mpc.%s = {1; {2, 'b'}};"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char text[4096], statement[128], words[128];
        for (size_t k = 0; k < sizeof form / sizeof *form; k++) {
            const char *at = strchr(form[k], '%');
            (void)snprintf(statement, sizeof statement, "%.*s%s%s", (int)(at - form[k]),
                           form[k], refused[i], at + 2);
            (void)snprintf(text, sizeof text, "%s%s\n", SMALL, statement);
            (void)snprintf(words, sizeof words, "mpc.%s: ", refused[i]);
            small_case_fault(text, 22, 1, words);
        }
    }
}

Test(matpower_scan, a_thousand_faults_and_more_are_counted)
{
    static const char head[] = SMALL "mpc.dcline = [\n", row[] = "a b c 1 2 3 4\n";
    enum {
        N_ROW = 5000
    };
    char *text = mem_alloc(sizeof head + N_ROW * sizeof row, 1);
    memcpy(text, head, sizeof head);
    for (size_t i = 0; i < N_ROW; i++)
        memcpy(text + sizeof head - 1 + i * (sizeof row - 1), row, sizeof row);
    struct grid g;
    struct err_list faults = {0};
    cr_assert_eq(small_case_read(text, &g, &faults), ERR_INPUT);
    cr_assert_eq(faults.n, ERR_LIST_CAP);
    cr_assert_eq(faults.total, 3 * N_ROW + 1);
    err_list_release(&faults);
    mem_free(text);
}
