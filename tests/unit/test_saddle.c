/* Tests of solver/saddle.c: rows of one unknown first, and the answer of the whole system. */
#include "solver/saddle.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/dense.h"
#include "tests/support/draw.h"

enum {
    MOST = 24
};

struct system {
    int32_t n_free, n_row;
    double h[MOST][MOST], a[MOST][MOST]; /* a[row][unknown] */
    double c[MOST], b[MOST];
    int64_t start[MOST + 1];
    int32_t row[MOST * MOST];
    double value[MOST * MOST];
};

static double curvature(const void *of, int32_t j, int32_t k)
{
    const struct system *s = of;
    return s->h[j][k];
}

static enum err_code product(const void *of, const double *d, double *out,
                             struct err *err)
{
    const struct system *s = of;
    (void)err;
    for (int32_t j = 0; j < s->n_free; j++) {
        out[j] = 0;
        for (int32_t k = 0; k < s->n_free; k++)
            out[j] += s->h[j][k] * d[k];
    }
    return ERR_OK;
}

/* H of a few directions and a diagonal; many rows of one unknown, some of several. */
static void draw_system(struct draw *d, struct system *s)
{
    memset(s, 0, sizeof *s);
    s->n_free = draw_int(d, 1, MOST);
    s->n_row = draw_int(d, 0, s->n_free);
    for (int32_t j = 0; j < s->n_free; j++) {
        s->h[j][j] = draw_real(d, 0.1, 2);
        s->c[j] = draw_real(d, -10, 10);
    }
    for (int f = 0; f < 3; f++) {
        double flow[MOST];
        for (int32_t j = 0; j < s->n_free; j++)
            flow[j] = draw_chance(d, 0.5) ? 0 : draw_real(d, -1, 1);
        for (int32_t j = 0; j < s->n_free; j++)
            for (int32_t k = 0; k < s->n_free; k++)
                s->h[j][k] += flow[j] * flow[k];
    }
    for (int32_t r = 0; r < s->n_row; r++) {
        int32_t entries = draw_chance(d, 0.6) ? draw_int(d, 1, 2) : draw_int(d, 3, 8);
        s->b[r] = draw_real(d, -10, 10);
        for (int32_t e = 0; e < entries; e++)
            s->a[r][draw_int(d, 0, s->n_free - 1)] =
                draw_chance(d, 0.5) ? 1 : draw_real(d, -2, 2);
    }
    int64_t n = 0;
    for (int32_t j = 0; j < s->n_free; j++) {
        for (int32_t r = 0; r < s->n_row; r++)
            if (s->a[r][j] != 0) {
                s->row[n] = r;
                s->value[n++] = s->a[r][j];
            }
        s->start[j + 1] = n;
    }
}

static struct saddle stated(struct system *s)
{
    return (struct saddle){.n_free = s->n_free,
                           .n_row = s->n_row,
                           .start = s->start,
                           .row = s->row,
                           .value = s->value,
                           .gradient = s->c,
                           .lack = s->b,
                           .of = s,
                           .curvature = curvature,
                           .product = product};
}

/* The whole of (1) and (2) as a dense system; false if it is singular. */
static bool solve_dense(const struct system *s, double *x)
{
    size_t n = (size_t)(s->n_free + s->n_row), n_free = (size_t)s->n_free;
    double m[4 * MOST * MOST] = {0};
    struct err err = {0};
    for (size_t j = 0; j < n_free; j++) {
        for (size_t k = 0; k < n_free; k++)
            m[j * n + k] = s->h[j][k];
        for (size_t r = 0; r < (size_t)s->n_row; r++) {
            m[j * n + n_free + r] = s->a[r][j];
            m[(n_free + r) * n + j] = -s->a[r][j];
        }
        x[j] = -s->c[j];
    }
    for (size_t r = 0; r < (size_t)s->n_row; r++)
        x[n_free + r] = s->b[r];
    return dense_solve((int32_t)n, m, x, &err) == ERR_OK;
}

/* Largest residual of (1) and (2), relative to what is in them. */
static double residual(const struct system *s, const double *d, const double *y)
{
    double worst = 0, size = 1;
    for (int32_t j = 0; j < s->n_free; j++) {
        double sum = s->c[j];
        for (int32_t k = 0; k < s->n_free; k++)
            sum += s->h[j][k] * d[k];
        for (int32_t r = 0; r < s->n_row; r++)
            sum -= s->a[r][j] * y[r];
        worst = fmax(worst, fabs(sum));
        size = fmax(size, fabs(d[j]));
    }
    for (int32_t r = 0; r < s->n_row; r++) {
        double sum = -s->b[r];
        for (int32_t j = 0; j < s->n_free; j++)
            sum += s->a[r][j] * d[j];
        worst = fmax(worst, fabs(sum));
        size = fmax(size, fabs(y[r]));
    }
    return worst / size;
}

Test(saddle, solves_what_the_dense_system_solves)
{
    int n_solved = 0, n_singular = 0;
    FOR_SEEDS(seed, 2000)
    {
        struct draw d = draw_begin(seed);
        struct system s;
        double x[2 * MOST], step[MOST], y[MOST];
        struct err err = {0};
        bool ok;
        draw_system(&d, &s);
        const struct saddle a = stated(&s);
        cr_assert_eq(saddle_solve(&a, 2 * MOST, step, y, &ok, &err), ERR_OK);
        bool there = solve_dense(&s, x);
        n_solved += there && ok;
        n_singular += !ok;
        LAW(!ok || residual(&s, step, y) < 1e-8, "residual %g", residual(&s, step, y));
        double most = 0; /* singular but for rounding: huge */
        for (int32_t k = 0; k < s.n_free + s.n_row; k++)
            most = fmax(most, fabs(x[k]));
        there = there && most < 1e9;
        if (there)
            LAW(ok, "%d unknowns, %d rows", s.n_free, s.n_row);
        for (int32_t j = 0; there && ok && j < s.n_free; j++)
            LAW(fabs(step[j] - x[j]) <= 1e-6 * (1 + fabs(x[j])), "%d: %.12g and %.12g",
                j, step[j], x[j]);
    }
    cr_assert(n_solved > 500 && n_singular > 50, "%d solved, %d singular", n_solved,
              n_singular);
}

/* x_0 + x_1 = 5, x_0 = 2: nothing is left to be solved. */
Test(saddle, rows_of_one_unknown_need_no_dense_system)
{
    struct system s = {.n_free = 2, .n_row = 2};
    s.h[0][0] = s.h[1][1] = 1;
    s.c[0] = 10;
    s.c[1] = 20;
    s.b[0] = 5;
    s.b[1] = 2;
    memcpy(s.start, (const int64_t[]){0, 2, 3}, 3 * sizeof *s.start);
    memcpy(s.row, (const int32_t[]){0, 1, 0}, 3 * sizeof *s.row);
    memcpy(s.value, (const double[]){1, 1, 1}, 3 * sizeof *s.value);
    const struct saddle a = stated(&s);
    double d[2], y[2];
    struct err err = {0};
    bool ok;
    cr_assert_eq(saddle_solve(&a, 0, d, y, &ok, &err), ERR_OK);
    cr_assert(ok);
    cr_assert_float_eq(d[0], 2, 1e-12);
    cr_assert_float_eq(d[1], 3, 1e-12);
    cr_assert_float_eq(y[0], 23, 1e-12);
    cr_assert_float_eq(y[1], 12 - 23, 1e-12);
}

Test(saddle, what_is_too_large_is_not_tried)
{
    struct system s = {.n_free = 2, .n_row = 1, .b = {5}};
    s.h[0][0] = s.h[1][1] = 1;
    memcpy(s.start, (const int64_t[]){0, 1, 2}, 3 * sizeof *s.start);
    s.value[0] = s.value[1] = 1;
    const struct saddle a = stated(&s);
    double d[2], y[2];
    struct err err = {0};
    bool ok;
    cr_assert_eq(saddle_solve(&a, 2, d, y, &ok, &err), ERR_OK);
    cr_assert_not(ok);
    cr_assert_eq(saddle_solve(&a, 3, d, y, &ok, &err), ERR_OK);
    cr_assert(ok);
    cr_assert_float_eq(d[0], 2.5, 1e-12);
}

Test(saddle, every_failed_allocation_is_reported_and_leaks_nothing)
{
    struct draw d = draw_begin(7);
    struct system s;
    enum err_code code = ERR_NOMEM;
    draw_system(&d, &s);
    const struct saddle a = stated(&s);
    for (long n = 0; code == ERR_NOMEM; n++) {
        double step[MOST], y[MOST];
        struct err err = {0};
        bool ok;
        mem_fail_after(n);
        code = saddle_solve(&a, 2 * MOST, step, y, &ok, &err);
        mem_fail_after(-1);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 100);
    }
    cr_assert_eq(code, ERR_OK);
}
