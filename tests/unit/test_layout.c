/* test_layout.c - places of nodes: short pictures that a person would draw so. */
#include "results/report/layout.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/oracle/full_stress.h"

enum {
    MOST_NODES = 2000,
    MOST_EDGES = 6000
};

static int32_t from[MOST_EDGES], to[MOST_EDGES];
static double x[MOST_NODES], y[MOST_NODES];
static struct layout_net net;

static void begin(int32_t n_node)
{
    net = (struct layout_net){.n_node = n_node, .from = from, .to = to};
}

static void join(int32_t a, int32_t b)
{
    cr_assert_lt(net.n_edge, MOST_EDGES);
    from[net.n_edge] = a;
    to[net.n_edge++] = b;
}

static void place(void)
{
    struct err err = {0};
    cr_assert_eq(layout_place(&net, x, y, &err), ERR_OK, "%s", err.msg);
    for (int32_t i = 0; i < net.n_node; i++)
        cr_assert(isfinite(x[i]) && isfinite(y[i]), "node %d", (int)i);
}

static double apart(int32_t a, int32_t b)
{
    return hypot(x[a] - x[b], y[a] - y[b]);
}

static void draw_grid(int32_t wide, int32_t high)
{
    begin(wide * high);
    for (int32_t i = 0; i < wide * high; i++) {
        if (i % wide + 1 < wide)
            join(i, i + 1);
        if (i / wide + 1 < high)
            join(i, i + wide);
    }
}

Test(layout, a_chain_is_a_straight_line_of_unit_steps_along_x)
{
    begin(40);
    for (int32_t i = 0; i + 1 < 40; i++)
        join(i, i + 1);
    place();
    for (int32_t i = 0; i + 1 < 40; i++)
        cr_expect_float_eq(apart(i, i + 1), 1, 0.1, "step %d is %g", (int)i,
                           apart(i, i + 1));
    cr_expect_float_eq(fabs(x[0] - x[39]), 39, 1);
}

Test(layout, a_mesh_is_spread_in_two_directions_wider_than_high)
{
    draw_grid(20, 10);
    place();
    double width = 0, height = 0;
    for (int32_t i = 0; i < net.n_node; i++) {
        width = fmax(width, x[i]);
        height = fmax(height, y[i]);
    }
    cr_expect_gt(width, height);
    cr_expect_gt(height, 5);
    /* Opposite corners are as far apart as can be, neighbours are near. */
    cr_expect_gt(apart(0, net.n_node - 1), 0.6 * 28);
    for (int32_t e = 0; e < net.n_edge; e++)
        cr_expect_lt(apart(from[e], to[e]), 2, "edge %d", (int)e);
}

/* A tree, a mesh and a ring with spokes: nearly as little stress as the slow twin finds. */
Test(layout, stress_is_near_what_descent_over_all_pairs_finds)
{
    static double fx[MOST_NODES], fy[MOST_NODES];
    for (int shape = 0; shape < 3; shape++) {
        if (shape == 0)
            draw_grid(15, 12);
        else
            begin(150);
        for (int32_t i = 1; shape == 1 && i < 150; i++)
            join(i, (i - 1) / 2);
        for (int32_t i = 0; shape == 2 && i < 150; i++)
            join(i, i % 3 == 0 ? (i + 3) % 150 : i - 1);
        place();
        memcpy(fx, x, sizeof fx);
        memcpy(fy, y, sizeof fy);
        double ours = full_stress(&net, x, y);
        double best = full_stress_descend(&net, 200, fx, fy);
        cr_expect_leq(ours, 1.35 * best + 0.005, "shape %d: %g against %g", shape, ours,
                      best);
    }
}

Test(layout, leaves_of_one_node_do_not_stand_on_one_spot)
{
    begin(9);
    for (int32_t i = 1; i < 9; i++)
        join(0, i);
    place();
    for (int32_t i = 1; i < 9; i++)
        for (int32_t j = 1; j < i; j++)
            cr_expect_gt(apart(i, j), 0.3, "%d and %d", (int)i, (int)j);
}

/* A mesh with shortcuts across, which all distances are short in. */
Test(layout, where_shortcuts_make_a_crowd_nodes_keep_their_distance)
{
    draw_grid(40, 40);
    for (int32_t i = 0; i < 1600; i += 97)
        join(i, (i + 811) % 1600);
    place();
    int crowded = 0;
    for (int32_t i = 0; i < 1600; i++) {
        int near = 0;
        for (int32_t j = 0; j < 1600; j++)
            near += apart(i, j) < 0.4;
        crowded += near > 1; /* it is near itself */
    }
    cr_expect_lt(crowded, 720, "%d", crowded); /* 914 by distances alone */
}

Test(layout, islands_do_not_overlap_and_lonely_nodes_have_places)
{
    begin(60);
    for (int32_t i = 0; i + 1 < 20; i++)
        join(i, i + 1);
    for (int32_t i = 20; i < 40; i++)
        join(i, i + 1 < 40 ? i + 1 : 20);
    place();
    double chain_y = 0, ring_low = INFINITY, ring_high = -INFINITY;
    for (int32_t i = 0; i < 20; i++)
        chain_y = fmax(chain_y, y[i]);
    for (int32_t i = 20; i < 40; i++) {
        ring_low = fmin(ring_low, y[i]);
        ring_high = fmax(ring_high, y[i]);
    }
    cr_expect_gt(ring_low, chain_y);
    for (int32_t i = 40; i < 60; i++)
        for (int32_t j = 0; j < i; j++)
            cr_expect_gt(apart(i, j), 0.3, "%d and %d", (int)i, (int)j);
    cr_expect_gt(ring_high, ring_low);
}

Test(layout, loops_and_double_branches_change_nothing)
{
    double plain[2][9];
    draw_grid(3, 3);
    place();
    memcpy(plain[0], x, sizeof plain[0]);
    memcpy(plain[1], y, sizeof plain[1]);
    join(4, 4);
    place();
    for (int32_t i = 0; i < 9; i++) {
        cr_expect_eq(x[i], plain[0][i]); /* the same arithmetic */
        cr_expect_eq(y[i], plain[1][i]);
    }
    join(0, 1);
    place(); /* a second circuit pulls harder, but all stay where people look for them */
    cr_expect_lt(apart(0, 1), 1.6);
}

Test(layout, the_empty_network_and_one_or_two_nodes_are_placed)
{
    begin(0);
    place();
    begin(1);
    place();
    begin(2);
    join(0, 1);
    place();
    cr_expect_float_eq(apart(0, 1), 1, 0.01);
}

Test(layout, an_edge_to_nowhere_is_a_bug)
{
    struct err err = {0};
    begin(2);
    join(0, 2);
    cr_expect_eq(layout_place(&net, x, y, &err), ERR_BUG);
    to[0] = -1;
    err = (struct err){0};
    cr_expect_eq(layout_place(&net, x, y, &err), ERR_BUG);
}

Test(layout, running_out_of_memory_is_told_and_leaves_nothing)
{
    draw_grid(4, 4);
    long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM && n < 100; n++) {
        struct err err = {0};
        mem_fail_after(n);
        code = layout_place(&net, x, y, &err);
        mem_fail_after(-1);
        cr_expect_eq(mem_live(), before);
        cr_assert(code == ERR_OK || code == ERR_NOMEM);
    }
    cr_expect_eq(code, ERR_OK);
}
