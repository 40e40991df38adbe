/* Tests of solver/lp_glpk.c. */
#include "solver/lp.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"

/* minimise 10 a + 30 b, a + b = load, a <= 60, b <= 100 */
static struct lp *two_units(double load)
{
    const double cost[] = {10, 30}, lo[] = {0, 0}, up[] = {60, 100}, one[] = {1, 1};
    const int64_t start[] = {0, 2};
    const int32_t col[] = {0, 1};
    struct lp *lp;
    struct err err = {0};
    cr_assert_eq(lp_create(&lp, &err), ERR_OK);
    cr_assert_eq(lp_add_columns(lp, 2, cost, lo, up, NULL, NULL, NULL, &err), ERR_OK);
    cr_assert_eq(lp_add_rows(lp, 1, &load, &load, start, col, one, &err), ERR_OK);
    return lp;
}

static enum lp_status solve(struct lp *lp, enum lp_method method)
{
    enum lp_status status;
    struct err err = {0};
    cr_assert_eq(lp_solve(lp, method, &status, &err), ERR_OK, "%s", err.msg);
    return status;
}

Test(lp, values_duals_and_states_of_an_optimum)
{
    double x[2], y[1], d[2];
    struct lp *lp = two_units(80);
    cr_assert_eq(solve(lp, LP_PRIMAL), LP_OPTIMAL);
    lp_column_values(lp, x);
    lp_row_duals(lp, y);
    lp_reduced_costs(lp, d);
    cr_assert_float_eq(x[0], 60, 1e-9);
    cr_assert_float_eq(x[1], 20, 1e-9);
    cr_assert_float_eq(y[0], 30, 1e-9, "the price of one more MW");
    cr_assert_float_eq(d[0], -20, 1e-9);
    cr_assert_float_eq(lp_objective(lp), 1200, 1e-9);
    cr_assert_eq(lp_column_state(lp, 0), LP_AT_UPPER);
    cr_assert_eq(lp_column_state(lp, 1), LP_BASIC);
    cr_assert_eq(lp_row_state(lp, 0), LP_AT_LOWER);
    cr_assert_eq(lp_n_rows(lp), 1);
    cr_assert_eq(lp_n_columns(lp), 2);
    lp_destroy(lp);
    cr_assert_eq(mem_live(), 0);
}

Test(lp, load_beyond_capacity_is_infeasible)
{
    struct lp *lp = two_units(200);
    cr_assert_eq(solve(lp, LP_PRIMAL), LP_INFEASIBLE);
    lp_set_column_bounds(lp, 1, 0, INFINITY);
    cr_assert_eq(solve(lp, LP_DUAL), LP_OPTIMAL);
    cr_assert_float_eq(lp_objective(lp), 600 + 140 * 30, 1e-6);
    lp_destroy(lp);
}

Test(lp, a_cost_that_falls_for_ever_is_unbounded)
{
    struct lp *lp = two_units(80);
    lp_set_column_bounds(lp, 0, -INFINITY, INFINITY);
    lp_set_column_bounds(lp, 1, -INFINITY, INFINITY);
    cr_assert_eq(solve(lp, LP_PRIMAL), LP_UNBOUNDED);
    lp_destroy(lp);
}

Test(lp, rows_and_columns_are_added_to_a_solved_problem)
{
    const double cost = 5, zero = 0, up = 10, one[] = {1, 1}, limit = 50,
                 none = -INFINITY;
    const int64_t start[] = {0, 1}, two[] = {0, 2};
    const int32_t row = 0, col[] = {0, 2};
    struct err err = {0};
    double x[3], y[2];
    struct lp *lp = two_units(80);
    cr_assert_eq(solve(lp, LP_PRIMAL), LP_OPTIMAL);
    cr_assert_eq(lp_add_columns(lp, 1, &cost, &zero, &up, start, &row, one, &err),
                 ERR_OK);
    cr_assert_eq(solve(lp, LP_PRIMAL), LP_OPTIMAL);
    cr_assert_float_eq(lp_objective(lp), 50 + 600 + 300, 1e-9);
    cr_assert_eq(lp_add_rows(lp, 1, &none, &limit, two, col, one, &err), ERR_OK);
    cr_assert_eq(solve(lp, LP_DUAL), LP_OPTIMAL);
    lp_column_values(lp, x);
    lp_row_duals(lp, y);
    cr_assert_float_eq(x[0] + x[2], 50, 1e-9);
    cr_assert_float_eq(lp_objective(lp), 50 + 400 + 900, 1e-9);
    cr_assert_float_eq(y[1], -20, 1e-9, "one more MW of limit saves 20");
    cr_assert_gt(lp_iterations(lp), 0);
    lp_destroy(lp);
}

Test(lp, a_row_that_does_not_bind_goes_and_leaves_the_optimum)
{
    const double none[] = {-INFINITY, -INFINITY}, limit[] = {1000, 50},
                 one[] = {1, 1, 1};
    const int64_t start[] = {0, 2, 3};
    const int32_t col[] = {0, 1, 0}, gone[] = {1};
    double y[2];
    struct err err = {0};
    struct lp *lp = two_units(80);
    cr_assert_eq(lp_add_rows(lp, 2, none, limit, start, col, one, &err), ERR_OK);
    cr_assert_eq(solve(lp, LP_DUAL), LP_OPTIMAL);
    cr_assert_eq(lp_row_state(lp, 1), LP_BASIC);
    cr_assert_eq(lp_delete_rows(lp, 0, NULL, &err), ERR_OK);
    cr_assert_eq(lp_delete_rows(lp, 1, gone, &err), ERR_OK);
    cr_assert_eq(lp_n_rows(lp), 2);
    cr_assert_eq(lp_row_state(lp, 1), LP_AT_UPPER, "the row behind it moves up");
    int64_t before = lp_iterations(lp);
    cr_assert_eq(solve(lp, LP_DUAL), LP_OPTIMAL);
    lp_row_duals(lp, y);
    cr_assert_eq(lp_iterations(lp), before, "the basis was kept");
    cr_assert_float_eq(lp_objective(lp), 50 * 10 + 30 * 30, 1e-9);
    cr_assert_float_eq(y[1], -20, 1e-9);
    lp_destroy(lp);
}

Test(lp, adding_nothing_changes_nothing)
{
    struct err err = {0};
    struct lp *lp = two_units(80);
    cr_assert_eq(lp_add_rows(lp, 0, NULL, NULL, NULL, NULL, NULL, &err), ERR_OK);
    cr_assert_eq(lp_add_columns(lp, 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
                 ERR_OK);
    cr_assert_eq(lp_n_rows(lp), 1);
    lp_destroy(lp);
}

Test(lp, bounds_costs_and_columns_are_read_back)
{
    const double bound[][2] = {
        {-INFINITY, INFINITY}, {-INFINITY, 4}, {3, INFINITY}, {3, 4}, {5, 5}};
    double lo, up, value[1];
    int32_t row[1];
    struct lp *lp = two_units(80);
    for (int k = 0; k < 5; k++) {
        lp_set_column_bounds(lp, 0, bound[k][0], bound[k][1]);
        lp_column_bounds(lp, 0, &lo, &up);
        cr_assert(lo == bound[k][0] && up == bound[k][1], "%g %g", lo, up);
    }
    lp_set_cost(lp, 1, 42);
    cr_assert_float_eq(lp_cost(lp, 1), 42, 0);
    cr_assert_eq(lp_column(lp, 1, row, value), 1);
    cr_assert_eq(row[0], 0);
    cr_assert_float_eq(value[0], 1, 0);
    lp_destroy(lp);
}

Test(lp, a_column_may_be_longer_than_every_row)
{
    enum {
        MORE = 20
    };
    double lo[MORE], up[MORE], one[MORE], value[MORE + 1];
    int64_t start[MORE + 1];
    int32_t col[MORE], row[MORE + 1];
    struct err err = {0};
    struct lp *lp = two_units(80);
    for (int k = 0; k < MORE; k++) {
        lo[k] = -INFINITY;
        up[k] = 70;
        one[k] = 1;
        col[k] = 1;
        start[k] = k;
    }
    start[MORE] = MORE;
    cr_assert_eq(lp_add_rows(lp, MORE, lo, up, start, col, one, &err), ERR_OK);
    cr_assert_eq(lp_column(lp, 1, row, value), MORE + 1);
    lp_destroy(lp);
}

Test(lp, a_moved_row_is_solved_from_where_it_stood)
{
    struct lp *lp = two_units(80);
    cr_assert_eq(solve(lp, LP_PRIMAL), LP_OPTIMAL);
    int64_t before = lp_iterations(lp);
    lp_set_row_bounds(lp, 0, 90, 90);
    cr_assert_eq(solve(lp, LP_DUAL), LP_OPTIMAL);
    cr_assert_float_eq(lp_objective(lp), 1500, 1e-9);
    cr_assert_leq(lp_iterations(lp) - before, 1);
    lp_set_column_state(lp, 0, LP_AT_LOWER);
    lp_set_row_state(lp, 0, LP_AT_LOWER);
    cr_assert_eq(lp_column_state(lp, 0), LP_AT_LOWER);
    lp_destroy(lp);
}

Test(lp, a_bad_index_is_a_bug_reported_and_the_next_problem_works)
{
    const double lo = 0, up = 1, one = 1;
    const int64_t start[] = {0, 1};
    const int32_t col = 7;
    enum lp_status status;
    for (int k = 0; k < 3; k++) {
        struct err err = {0};
        struct lp *lp = two_units(80);
        cr_assert_eq(lp_add_rows(lp, 1, &lo, &up, start, &col, &one, &err), ERR_BUG);
        cr_assert_not_null(strstr(err.msg, "GLPK"), "%s", err.msg);
        struct err again = {0};
        cr_assert_eq(lp_solve(lp, LP_PRIMAL, &status, &again), ERR_BUG);
        cr_assert_neq(status, LP_OPTIMAL);
        cr_assert_eq(lp_n_rows(lp) + lp_n_columns(lp), 0);
        lp_destroy(lp);
        lp = two_units(80);
        cr_assert_eq(solve(lp, LP_PRIMAL), LP_OPTIMAL);
        lp_destroy(lp);
        cr_assert_eq(mem_live(), 0);
    }
}

Test(lp, no_memory_is_reported)
{
    const double lo = 0, up = 1, one = 1;
    const int64_t start[] = {0, 1};
    const int32_t col = 0;
    struct lp *lp;
    struct err err = {0};
    mem_fail_after(0);
    cr_assert_eq(lp_create(&lp, &err), ERR_NOMEM);
    mem_fail_after(-1);
    cr_assert_null(lp);
    cr_assert_eq(lp_create(&lp, &err), ERR_OK);
    for (long n = 0; n < 2; n++) {
        mem_fail_after(n);
        cr_assert_eq(lp_add_rows(lp, 1, &lo, &up, start, &col, &one, &err), ERR_NOMEM);
        mem_fail_after(-1);
    }
    lp_destroy(lp);
    lp_destroy(NULL);
    cr_assert_eq(mem_live(), 0);
    cr_assert_not_null(strstr(lp_solver_version(), "GLPK"));
}

/* minimise -5 a - 4 b, 6 a + 4 b <= 24, a + 2 b <= 6: (3, 1.5) in parts, (4, 0) in whole. */
static struct lp *two_whole(void)
{
    const double cost[] = {-5, -4}, lo[] = {0, 0}, up[] = {9, 9}, none[] = {0, 0};
    const double most[] = {24, 6}, value[] = {6, 4, 1, 2};
    const int64_t start[] = {0, 2, 4};
    const int32_t col[] = {0, 1, 0, 1};
    struct lp *lp;
    struct err err = {0};
    cr_assert_eq(lp_create(&lp, &err), ERR_OK);
    cr_assert_eq(lp_add_columns(lp, 2, cost, lo, up, NULL, NULL, NULL, &err), ERR_OK);
    cr_assert_eq(lp_add_rows(lp, 2, none, most, start, col, value, &err), ERR_OK);
    return lp;
}

Test(lp, whole_numbers_are_found_and_the_program_stays_what_it_was)
{
    const int32_t both[] = {0, 1};
    struct lp *lp = two_whole();
    struct lp_integer search = {.gap = 0};
    enum lp_status status;
    struct err err = {0};
    double x[2];
    cr_assert_eq(lp_solve_integer(lp, 2, both, &search, x, &status, &err), ERR_OK);
    cr_assert_eq(status, LP_OPTIMAL);
    cr_expect_float_eq(x[0], 4, 1e-9);
    cr_expect_float_eq(x[1], 0, 1e-9);
    cr_expect_float_eq(search.objective, -20, 1e-9);
    cr_expect_leq(search.bound, -20);
    cr_expect_geq(search.bound, -20.001);
    cr_assert_eq(solve(lp, LP_PRIMAL), LP_OPTIMAL);
    cr_expect_float_eq(lp_objective(lp), -21, 1e-9);
    lp_set_row_bounds(lp, 0, 9, 9); /* 6 a + 4 b = 9 */
    cr_assert_eq(lp_solve_integer(lp, 2, both, &search, x, &status, &err), ERR_OK);
    cr_expect_eq(status, LP_INFEASIBLE);
    lp_destroy(lp);
}

static enum err_code enough(void *self, int64_t done, int64_t total, double gap,
                            struct err *err)
{
    (void)self, (void)done, (void)total, (void)gap;
    return err_set(err, ERR_INTERRUPTED, "enough");
}

Test(lp, a_search_for_whole_numbers_is_interrupted)
{
    const int32_t both[] = {0, 1};
    const struct watch watch = {enough, NULL};
    struct lp *lp = two_whole();
    struct lp_integer search = {.watch = &watch};
    enum lp_status status;
    struct err err = {0};
    double x[2];
    cr_expect_eq(lp_solve_integer(lp, 2, both, &search, x, &status, &err),
                 ERR_INTERRUPTED);
    lp_destroy(lp);
}
