/* test_layout_room.c - the points near a point are those that a look at all of them finds. */
#include "results/report/layout_room.h"

#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/arena.h"

enum {
    N = 400
};

static double x[N], y[N];

/* Every point within least of i is in one of the nine cells, and each point in one cell. */
static void compare(double least)
{
    struct arena a = {0};
    struct layout_room r;
    cr_assert(layout_room_alloc(&a, N, &r));
    layout_room_fill(&r, x, y, least);
    cr_expect_leq(r.wide * r.high, 2 * N + 1);
    for (int32_t i = 0; i < N; i++) {
        int near = 0, found = 0, own = 0;
        for (int32_t j = 0; j < N; j++)
            near += hypot(x[i] - x[j], y[i] - y[j]) < least;
        for (int32_t k = 0; k < 9; k++) {
            int32_t n;
            const int32_t *item = layout_room_near(&r, i, k % 3 - 1, k / 3 - 1, &n);
            for (int32_t m = 0; m < n; m++) {
                found += hypot(x[i] - x[item[m]], y[i] - y[item[m]]) < least;
                own += item[m] == i;
            }
        }
        cr_expect_eq(found, near, "point %d: %d of %d", (int)i, found, near);
        cr_expect_eq(own, 1);
    }
    arena_release(&a);
}

static double draw(uint32_t *s)
{
    *s = *s * 1664525u + 1013904223u;
    return (double)(*s >> 8) / (1 << 24);
}

Test(layout_room, a_cloud_of_points)
{
    uint32_t s = 7;
    for (int i = 0; i < N; i++) {
        x[i] = -50 + 30 * draw(&s);
        y[i] = 10 * draw(&s);
    }
    compare(0.9);
}

Test(layout_room, points_far_apart_get_wide_cells)
{
    uint32_t s = 8;
    for (int i = 0; i < N; i++) {
        x[i] = 1e6 * draw(&s);
        y[i] = 1e6 * draw(&s);
    }
    compare(1);
}

Test(layout_room, points_on_one_spot_and_on_a_line)
{
    for (int i = 0; i < N; i++)
        x[i] = y[i] = 3;
    compare(1);
    for (int i = 0; i < N; i++)
        x[i] = 0.5 * i;
    compare(1);
}
