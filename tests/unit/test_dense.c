/* Tests of solver/dense.c. */
#include "solver/dense.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/draw.h"

Test(dense, multiply_is_row_by_column)
{
    const double a[] = {1, 2, 3, 4, 5, 6}, b[] = {7, 8, 9, 10, 11, 12};
    double c[4];
    dense_multiply(2, 2, 3, 2, a, b, c);
    const double want[] = {116, 128, 278, 308};
    for (int k = 0; k < 4; k++)
        cr_assert_float_eq(c[k], want[k], 1e-12);
}

Test(dense, multiply_over_nothing_is_zero)
{
    double c[4] = {1, 2, 3, 4};
    dense_multiply(2, 2, 0, 1, NULL, NULL, c);
    for (int k = 0; k < 4; k++)
        cr_assert_float_eq(c[k], 0, 0);
    dense_multiply(0, 2, 3, 1, NULL, NULL, NULL);
}

Test(dense, solve_gives_back_what_was_multiplied)
{
    enum {
        N = 30
    };
    struct draw d = draw_begin(7);
    double a[N * N], x[N], b[N] = {0};
    struct err err = {0};
    for (int k = 0; k < N * N; k++)
        a[k] = draw_real(&d, -1, 1);
    for (int k = 0; k < N; k++)
        x[k] = draw_real(&d, -10, 10);
    for (int r = 0; r < N; r++)
        for (int c = 0; c < N; c++)
            b[r] += a[c * N + r] * x[c]; /* column-major */
    cr_assert_eq(dense_solve(N, a, b, &err), ERR_OK);
    for (int k = 0; k < N; k++)
        cr_assert_float_eq(b[k], x[k], 1e-9);
}

Test(dense, a_zero_pivot_is_no_obstacle_but_a_singular_matrix_is)
{
    double swap[] = {0, 1, 1, 0}, b[] = {3, 4}, singular[] = {1, 2, 2, 4};
    struct err err = {0};
    cr_assert_eq(dense_solve(2, swap, b, &err), ERR_OK);
    cr_assert_float_eq(b[0], 4, 1e-15);
    cr_assert_float_eq(b[1], 3, 1e-15);
    cr_assert_eq(dense_solve(2, singular, b, &err), ERR_NUMERIC);
    cr_assert_eq(dense_solve(0, NULL, NULL, &err), ERR_OK);
}

Test(dense, no_memory_is_reported)
{
    double a[] = {1}, b[] = {1};
    struct err err = {0};
    mem_fail_after(0);
    enum err_code code = dense_solve(1, a, b, &err);
    mem_fail_after(-1);
    cr_assert_eq(code, ERR_NOMEM);
    cr_assert_eq(mem_live(), 0);
}

static int threads_of_this_process(void)
{
    int n = 0;
    DIR *folder = opendir("/proc/self/task");
    while (folder && readdir(folder))
        n++;
    if (folder)
        (void)closedir(folder);
    return n - 2; /* . and .. */
}

Test(dense, one_thread_is_one_and_more_may_follow)
{
    enum {
        N = 200
    };
    static double a[N * N], c[N * N];
    for (int k = 0; k < N * N; k++)
        a[k] = k % 7;
    dense_set_threads(1);
    int before = threads_of_this_process();
    dense_multiply(N, N, N, 1, a, a, c);
    cr_assert_eq(threads_of_this_process(), before);
    double one = c[N + 1];
    dense_set_threads(2);
    dense_multiply(N, N, N, 1, a, a, c);
    cr_assert_float_eq(c[N + 1], one, 1e-9);
    dense_set_threads(1);
    cr_assert_leq(threads_of_this_process(), before);
}

Test(dense, the_library_says_its_name)
{
    dense_set_threads(1);
    cr_assert_not_null(strstr(dense_library_version(), "OpenBLAS"));
}

Test(dense, kernels_are_never_the_oldest_where_the_processor_has_avx2)
{
    enum {
        N = 70
    };
    static double a[N * N], before[N * N], after[N * N];
    struct draw d = draw_begin(11);
    cr_assert_eq(unsetenv("OPENBLAS_CORETYPE"), 0);
    dense_set_threads(1);
    for (int k = 0; k < N * N; k++)
        a[k] = draw_real(&d, -1, 1);
    dense_multiply(N, N, N, 1, a, a, before);
    dense_choose_kernels();
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        cr_assert_str_neq(dense_kernels(), "Prescott");
#endif
    cr_assert_null(getenv("OPENBLAS_CORETYPE"));
    dense_multiply(N, N, N, 1, a, a, after);
    for (int k = 0; k < N * N; k++)
        cr_assert_float_eq(after[k], before[k], 1e-12);
}

Test(dense, products_of_columns_are_added_up)
{
    const double a[] = {1, 4, 2, 5, 3, 6};
    double c[4] = {1, 0, 1, 1};
    dense_add_gram(2, 3, 1, a, c);
    cr_assert_float_eq(c[0], 15, 1e-12);
    cr_assert_float_eq(c[2], 33, 1e-12);
    cr_assert_float_eq(c[3], 78, 1e-12);
    dense_add_gram(2, 3, -1, a, c);
    dense_add_gram(2, 0, 1, NULL, c);
    cr_assert_float_eq(c[0], 1, 1e-12);
    cr_assert_float_eq(c[2], 1, 1e-12);
    cr_assert_float_eq(c[3], 1, 1e-12);
}

Test(dense, a_positive_matrix_is_solved_and_another_is_reported)
{
    double a[] = {4, 0, 2, 3}, b[] = {8, 8}, bad[] = {1, 0, 2, 1};
    struct err err = {0};
    cr_assert_eq(dense_solve_positive(2, a, b, &err), ERR_OK);
    cr_assert_float_eq(b[0], 1, 1e-12);
    cr_assert_float_eq(b[1], 2, 1e-12);
    cr_assert_eq(dense_solve_positive(2, bad, b, &err), ERR_NUMERIC);
}

Test(dense, picked_rows_are_independent_and_a_dependent_column_picks_none)
{
    /* Rows (1,0,1), (2,0,2), (0,3,3): the second is the first twice over. */
    double a[] = {1, 2, 0, 0, 0, 3, 1, 2, 3};
    int32_t pick[3];
    struct err err = {0};
    cr_assert_eq(dense_pick(3, 3, 1e-9, a, pick, &err), ERR_OK);
    cr_assert_eq(pick[0], 1);
    cr_assert_eq(pick[1], 2);
    cr_assert_eq(pick[2], -1);
    double few[] = {5, 7};
    cr_assert_eq(dense_pick(1, 2, 1e-9, few, pick, &err), ERR_OK);
    cr_assert_eq(pick[0], 0);
    cr_assert_eq(pick[1], -1);
}
