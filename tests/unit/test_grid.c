/* test_grid.c - parts of a network. */
#include "sim/model/grid.h"

#include <criterion/criterion.h>

#include "sim/base/mem.h"

static int32_t islands(int32_t n_bus, const int32_t (*ends)[2], int32_t n_branch)
{
    struct grid g = {.n_bus = n_bus, .n_branch = n_branch};
    struct grid_branch branch[8] = {{0}};
    int32_t n = -1;
    for (int32_t k = 0; k < n_branch; k++) {
        branch[k].from = ends[k][0];
        branch[k].to = ends[k][1];
    }
    g.branch = branch;
    cr_assert_eq(grid_count_islands(&g, &n, NULL), ERR_OK);
    return n;
}

Test(grid, branches_join_buses_into_islands)
{
    static const int32_t ends[][2] = {{3, 2}, {0, 1}, {1, 0}, {2, 4}, {4, 3}, {1, 4}};
    cr_expect_eq(islands(1, ends, 0), 1);
    cr_expect_eq(islands(5, ends, 0), 5);
    cr_expect_eq(islands(5, ends, 1), 4);
    cr_expect_eq(islands(5, ends, 3), 3, "a parallel branch joins nothing more");
    cr_expect_eq(islands(5, ends, 5), 2, "nor does a loop");
    cr_expect_eq(islands(5, ends, 6), 1);
}

Test(grid, a_negative_resistance_is_found_unless_it_is_of_a_tie)
{
    struct grid_branch branch[] = {{.x_pu = 0.1, .r_pu = 0},
                                   {.x_pu = 0, .r_pu = -1},
                                   {.x_pu = -0.1, .r_pu = -0.01}};
    struct grid g = {.n_bus = 2, .n_branch = 3, .branch = branch};
    cr_expect_eq(grid_negative_resistance(&g), 2);
    g.n_branch = 2;
    cr_expect_eq(grid_negative_resistance(&g), -1);
}

Test(grid, without_memory_there_is_no_count)
{
    struct grid g = {.n_bus = 3};
    int32_t n;
    mem_fail_after(0);
    cr_expect_eq(grid_count_islands(&g, &n, NULL), ERR_NOMEM);
    mem_fail_after(-1);
    cr_expect_eq(mem_live(), 0);
}
