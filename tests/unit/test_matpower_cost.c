/* test_matpower_cost.c - gencost: points, polynomials, what is not convex. */
#include <criterion/criterion.h>

#include "tests/support/small_case.h"

Test(matpower_cost, points_span_the_limits_along_their_end_slopes)
{
    struct grid g = small_case_grid(HEAD BUSES GENS BRANCHES
                                    "mpc.gencost = [1 0 0 3 20 200 40 500 60 1000;\n"
                                    "1 0 0 3 0 0 40 400 90 1000;\n"
                                    "1 0 0 2 0 0 1 1 0 0; 2 0 0 1 0 0 0 0 0 0];\n");
    const double *xy = g.unit[0].cost;
    cr_assert_eq(g.unit[0].cost_kind, GRID_COST_POINTS);
    cr_assert_eq(g.unit[0].n_cost, 3);
    cr_assert_float_eq(xy[0], 0, 0);
    cr_assert_float_eq(xy[1], -100, 1e-9);
    cr_assert_float_eq(xy[2], 40, 0);
    cr_assert_float_eq(xy[4], 100, 0);
    cr_assert_float_eq(xy[5], 2000, 1e-9);
    cr_assert_float_eq(g.unit[1].cost[0], 0, 0, "points beyond the limits stay");
    cr_assert_float_eq(g.unit[1].cost[4], 90, 0);
    grid_release(&g);
}

Test(matpower_cost, slopes_that_fall_by_rounding_only_are_mended)
{
    struct grid g = small_case_grid(HEAD BUSES GENS BRANCHES
                                    "mpc.gencost = [1 0 0 3 0 0 50 500.001 100 1000;\n"
                                    "1 0 0 3 0 0 40 400 90 1000];\n");
    cr_assert_eq(g.unit[0].n_cost, 2);
    cr_assert_float_eq(g.unit[0].cost[3], 1000, 0);
    grid_release(&g);
}

Test(matpower_cost, polynomials_are_judged_between_pmin_and_pmax_only)
{
    /* P^3 is convex from 0 up; (P - 50)^4 touches zero curvature at 50. */
    struct grid g = small_case_grid(HEAD BUSES GENS BRANCHES
                                    "mpc.gencost = [2 0 0 4 1 0 0 0 0;\n"
                                    "2 0 0 5 1 -200 15000 -500000 6250000];\n");
    cr_assert_eq(g.unit[0].n_cost, 4);
    cr_assert_eq(g.unit[1].n_cost, 5);
    grid_release(&g);
}

static const struct {
    const char *text;
    unsigned line, column;
    const char *words;
} faulty[] = {
    {WITH_COST("2 0 0 1 5;\n"), 18, 15, "1 rows for 2 units; expected 2, or 4"},
    {WITH_COST("3 0 0 1 5 6;\n2 0 0 1 5 6;\n"), 19, 1, "cost model 3"},
    {WITH_COST("2 0 0 3 5 6;\n2 0 0 1 5 6;\n"), 19, 7,
     "3 cost entries; expected 1 to 2"},
    {WITH_COST("2 0 0 0 5 6;\n2 0 0 1 5 6;\n"), 19, 7, "0 cost entries"},
    {WITH_COST("2 0 0 2 5 NaN;\n2 0 0 1 5 6;\n"), 19, 11, "a cost is NaN"},
    {WITH_COST("2 0 0 3 -1 0 0;\n2 0 0 1 5 6 0;\n"), 19, 9,
     "unit at bus 1: the cost is not"},
    {WITH_COST("2 0 0 5 1 -198 14700 0 0;\n2 0 0 1 0 0 0 0 0;\n"), 19, 9,
     "bus 1: the cost is"},
    {WITH_COST("2 0 0 1 0 0 0 0 0;\n2 0 0 5 -1 0 0 0 0;\n"), 20, 9,
     "bus 3: the cost is"},
    {WITH_COST("1 0 0 3 0 0 10 100 20 150;\n2 0 0 1 5 0 0 0 0 0;\n"), 19, 20,
     "slope falls from 10 to 5"},
    {WITH_COST("1 0 0 2 5 0 5 100;\n2 0 0 1 5 0 0 0;\n"), 19, 13, "5 MW after 5 MW"},
    {WITH_COST("1 0 0 1 5 0 5 100;\n2 0 0 1 5 0 0 0;\n"), 19, 7, "1 cost entries"},
};

Test(matpower_cost, every_faulty_cost_is_named_with_its_position)
{
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++)
        small_case_fault(faulty[i].text, faulty[i].line, faulty[i].column,
                         faulty[i].words);
}
