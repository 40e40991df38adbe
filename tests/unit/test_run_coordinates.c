/* test_run_coordinates.c - degrees on a map, and places for what has none. */
#include "results/report/run_coordinates.h"

#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"

enum {
    N = 6
};

/* A square of a degree at 60 degrees north, node 4 between 0 and 1, node 5 at the end of 1. */
static const int32_t from[] = {0, 1, 2, 3, 4, 4, 5}, to[] = {1, 2, 3, 0, 0, 1, 1};
static const struct layout_net net = {.n_node = N, .n_edge = 7, .from = from, .to = to};
static const double longitude[N] = {-120, -119, -119, -120, NAN, NAN};
static const double latitude[N] = {60, 60, 61, 61, NAN, NAN};
static double x[N], y[N];

static void place(const double *lng, const double *lat)
{
    struct err err = {0};
    cr_assert_eq(run_coordinates_place(&net, lng, lat, x, y, &err), ERR_OK, "%s",
                 err.msg);
}

Test(run_coordinates, a_degree_of_longitude_is_as_wide_as_its_latitude_makes_it)
{
    place(longitude, latitude);
    cr_expect_float_eq(x[1] - x[0], cos(60.5 * 3.14159265358979 / 180), 1e-3);
    cr_expect_float_eq(y[0] - y[3], 1, 1e-12, "north is up, y points down");
}

Test(run_coordinates, nodes_without_them_stand_by_their_neighbours)
{
    place(longitude, latitude);
    cr_expect(isfinite(x[4]) && isfinite(y[5]));
    cr_expect_float_eq(x[4], (x[0] + x[1]) / 2, 0.06);
    double away = hypot(x[5] - x[1], y[5] - y[1]);
    cr_expect(away > 0.005 && away < 0.1, "%g", away);
}

Test(run_coordinates, nodes_on_one_spot_are_parted)
{
    double lng[N] = {1, 1, 1, 2, NAN, NAN}, lat[N] = {3, 3, 3, 4, NAN, NAN};
    place(lng, lat);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < i; j++)
            cr_expect_gt(hypot(x[i] - x[j], y[i] - y[j]), 0.005, "%d, %d", i, j);
}

Test(run_coordinates, what_has_neither_coordinates_nor_neighbours_is_not_on_the_map)
{
    const struct layout_net alone = {.n_node = 2, .from = from, .to = to};
    const double lng[] = {5, NAN}, lat[] = {6, NAN};
    struct err err = {0};
    cr_assert_eq(run_coordinates_place(&alone, lng, lat, x, y, &err), ERR_OK);
    cr_expect(isfinite(x[0]) && isfinite(y[0]));
    cr_expect(isnan(x[1]) && isnan(y[1]));
}

Test(run_coordinates, half_of_the_nodes_shown_suffice)
{
    const uint8_t all[N] = {1, 1, 1, 1, 1, 1}, few[N] = {0, 0, 0, 1, 1, 1};
    const uint8_t none[N] = {0};
    cr_expect(run_coordinates_suffice(longitude, latitude, all, N));
    cr_expect_not(run_coordinates_suffice(longitude, latitude, few, N));
    cr_expect_not(run_coordinates_suffice(longitude, latitude, none, N));
}

Test(run_coordinates, running_out_of_memory_is_told_and_leaves_nothing)
{
    long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM && n < 20; n++) {
        struct err err = {0};
        mem_fail_after(n);
        code = run_coordinates_place(&net, longitude, latitude, x, y, &err);
        mem_fail_after(-1);
        cr_assert_eq(mem_live(), before);
    }
    cr_expect_eq(code, ERR_OK);
}
