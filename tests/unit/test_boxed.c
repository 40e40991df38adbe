/* Tests of solver/boxed.c: the conditions of optimality, and what is no problem at all. */
#include "solver/boxed.h"

#include <criterion/criterion.h>
#include <math.h>

#include "tests/support/draw.h"

enum {
    MOST = 12
};

struct problem {
    int32_t n;
    double h[MOST * MOST], g[MOST], lo[MOST], up[MOST];
};

/* H = A'A + a little, so that it is positive definite; every fifth variable is fixed. */
static struct problem drawn(struct draw *d)
{
    struct problem p = {.n = draw_int(d, 1, MOST)};
    double a[MOST * MOST];
    for (int32_t k = 0; k < p.n * p.n; k++)
        a[k] = draw_real(d, -1, 1);
    for (int32_t i = 0; i < p.n; i++)
        for (int32_t j = 0; j < p.n; j++) {
            p.h[i * p.n + j] = i == j ? 1e-3 : 0;
            for (int32_t k = 0; k < p.n; k++)
                p.h[i * p.n + j] += a[k * p.n + i] * a[k * p.n + j];
        }
    for (int32_t i = 0; i < p.n; i++) {
        p.g[i] = draw_real(d, -5, 5);
        p.lo[i] = draw_real(d, -2, 0);
        p.up[i] = draw_chance(d, 0.2) ? p.lo[i] : draw_real(d, 0, 2);
    }
    return p;
}

Test(boxed, what_is_left_of_the_gradient_points_out_of_the_box)
{
    struct draw d = draw_begin(11);
    for (int round = 0; round < 500; round++) {
        struct problem p = drawn(&d);
        double x[MOST];
        struct err err = {0};
        cr_assert_eq(boxed_maximise(p.n, p.h, p.g, p.lo, p.up, x, &err), ERR_OK);
        for (int32_t i = 0; i < p.n; i++) {
            double left = p.g[i];
            for (int32_t k = 0; k < p.n; k++)
                left -= p.h[i * p.n + k] * x[k];
            cr_assert(x[i] >= p.lo[i] && x[i] <= p.up[i], "round %d", round);
            if (x[i] > p.lo[i] + 1e-9)
                cr_assert_geq(left, -1e-6, "round %d: %g", round, left);
            if (x[i] < p.up[i] - 1e-9)
                cr_assert_leq(left, 1e-6, "round %d: %g", round, left);
        }
    }
}

Test(boxed, a_matrix_that_is_not_positive_definite_is_reported)
{
    const double h[] = {1, 2, 2, 1}, g[] = {0, 0}, lo[] = {-1, -1}, up[] = {1, 1};
    double x[2];
    struct err err = {0};
    cr_assert_eq(boxed_maximise(2, h, g, lo, up, x, &err), ERR_NUMERIC);
}

Test(boxed, nothing_is_no_problem)
{
    struct err err = {0};
    cr_assert_eq(boxed_maximise(0, NULL, NULL, NULL, NULL, NULL, &err), ERR_OK);
}
