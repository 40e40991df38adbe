/* Tests of solver/sparse.c. */
#include "solver/sparse.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/mem.h"

enum {
    N = 50,
    N_RHS = 100
};

/* A tridiagonal matrix, its diagonal stated in two halves. */
static int64_t chain(double diagonal, int32_t *row, int32_t *col, double *value)
{
    int64_t k = 0;
    for (int32_t n = 0; n < N; n++) {
        for (int half = 0; half < 2; half++)
            row[k] = col[k] = n, value[k++] = diagonal / 2;
        if (n + 1 < N)
            row[k] = n, col[k] = n + 1, value[k++] = -1;
    }
    return k;
}

static void check_chain(double diagonal)
{
    static double x[N * N_RHS], b[N * N_RHS];
    int32_t row[3 * N], col[3 * N];
    double value[3 * N];
    struct sparse_factor *f;
    struct err err = {0};
    int64_t n = chain(diagonal, row, col, value);
    cr_assert_eq(sparse_factorise(N, n, row, col, value, &f, &err), ERR_OK, "%s",
                 err.msg);
    for (int r = 0; r < N_RHS; r++)
        for (int k = 0; k < N; k++)
            x[r * N + k] = (k * 7 + r * 3) % 11 - 5;
    for (int r = 0; r < N_RHS; r++)
        for (int k = 0; k < N; k++)
            b[r * N + k] = diagonal * x[r * N + k] - (k > 0 ? x[r * N + k - 1] : 0) -
                           (k + 1 < N ? x[r * N + k + 1] : 0);
    cr_assert_eq(sparse_solve(f, N_RHS, b, &err), ERR_OK);
    for (int k = 0; k < N * N_RHS; k++)
        cr_assert_float_eq(b[k], x[k], 1e-9);
    sparse_factor_destroy(f);
    cr_assert_eq(mem_live(), 0);
}

Test(sparse, repeated_triplets_add_up_and_many_right_hand_sides_are_solved)
{
    check_chain(2.5);
}

Test(sparse, an_indefinite_matrix_is_factorised)
{
    check_chain(-2.5);
    check_chain(0.3);
}

Test(sparse, a_singular_matrix_is_refused)
{
    const int32_t row[] = {0, 0, 1}, col[] = {0, 1, 1};
    const double value[] = {1, -1, 1};
    struct sparse_factor *f;
    struct err err = {0};
    cr_assert_eq(sparse_factorise(2, 3, row, col, value, &f, &err), ERR_NUMERIC);
    cr_assert_null(f);
    cr_assert_not_null(strstr(err.msg, "singular"), "%s", err.msg);
    cr_assert_eq(mem_live(), 0);
}

Test(sparse, an_empty_matrix_has_nothing_to_solve)
{
    struct sparse_factor *f;
    struct err err = {0};
    cr_assert_eq(sparse_factorise(0, 0, NULL, NULL, NULL, &f, &err), ERR_OK);
    cr_assert_eq(sparse_solve(f, 3, NULL, &err), ERR_OK);
    sparse_factor_destroy(f);
    sparse_factor_destroy(NULL);
}

Test(sparse, no_memory_is_reported)
{
    const int32_t zero = 0;
    const double one = 1;
    struct sparse_factor *f;
    struct err err = {0};
    mem_fail_after(0);
    enum err_code code = sparse_factorise(1, 1, &zero, &zero, &one, &f, &err);
    mem_fail_after(-1);
    cr_assert_eq(code, ERR_NOMEM);
}

Test(sparse, the_library_says_its_name)
{
    cr_assert_not_null(strstr(sparse_library_version(), "CHOLMOD"));
}

Test(sparse, differences_and_quadratic_forms_agree_with_solves)
{
    static double b[N * SPARSE_LANES], e[N];
    int32_t row[3 * N], col[3 * N], first[SPARSE_LANES], second[SPARSE_LANES];
    double value[3 * N];
    const int32_t *place;
    const double *x;
    struct sparse_factor *f;
    struct err err = {0};
    int64_t n = chain(-2.5, row, col, value);
    cr_assert_eq(sparse_factorise(N, n, row, col, value, &f, &err), ERR_OK);
    cr_assert_eq(sparse_places(f, &place, &err), ERR_OK);
    for (int round = 0; round < 3; round++) { /* nothing is left of those before */
        memset(b, 0, sizeof b);
        for (int c = 0; c < SPARSE_LANES; c++) {
            first[c] = (7 * c + round) % (N + 1) - 1;
            second[c] = c % 5 == 0 ? first[c] : (11 * c + 3) % (N + 1) - 1;
            if (first[c] >= 0)
                b[c * N + first[c]] += 1;
            if (second[c] >= 0)
                b[c * N + second[c]] -= 1;
        }
        cr_assert_eq(sparse_differences(f, first, second, &x, &err), ERR_OK);
        cr_assert_eq(sparse_solve(f, SPARSE_LANES, b, &err), ERR_OK);
        for (int c = 0; c < SPARSE_LANES; c++) {
            for (int k = 0; k < N; k++)
                cr_assert_float_eq(x[place[k] * SPARSE_LANES + c], b[c * N + k], 1e-9);
            cr_assert(x[N * SPARSE_LANES + c] == 0); /* exact: no row at all */
        }
    }
    for (int i = -1; i < N; i += 7)
        for (int j = -1; j < N; j += 5) {
            double between;
            memset(e, 0, sizeof e);
            if (i >= 0)
                e[i] += 1;
            if (j >= 0)
                e[j] -= 1;
            cr_assert_eq(sparse_solve(f, 1, e, &err), ERR_OK);
            double expected = (i >= 0 ? e[i] : 0) - (j >= 0 ? e[j] : 0);
            cr_assert_eq(sparse_between(f, i, j, &between, &err), ERR_OK);
            cr_assert_float_eq(between, expected, 1e-9);
        }
    sparse_factor_destroy(f);
    cr_assert_eq(mem_live(), 0);
}
