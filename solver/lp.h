/*
 * lp.h - a linear program that grows, and is solved again from where it stood.
 *
 *     minimise    c'x                                                          (1)
 *     subject to  row_lo <= A x <= row_up                                      (2)
 *                 col_lo <=   x <= col_up                                      (3)
 *
 * Indices are 0-based. An absent bound is -INFINITY or +INFINITY. The dual of row i is
 * y_i = d(optimal cost) / d(right-hand side of row i), so for a power balance
 * "generation = load" it is the price of one more MW. The basis is kept between solves;
 * a new row enters basic, a new column nonbasic at its lower bound.
 *
 * Not thread-safe: at most one struct lp may be alive per thread, because an internal
 * failure of the library behind it can only be cleaned up for all of them at once. After
 * such a failure every fallible call on the lp returns ERR_BUG and the counts are 0; no
 * other call may be made.
 *
 * Layer: solver.
 */
#ifndef SOLVER_LP_H
#define SOLVER_LP_H

#include <stdint.h>

#include "sim/base/err.h"
#include "sim/base/watch.h"

struct lp;

/* What the problem said; not to be confused with whether the call worked. */
enum lp_status {
    LP_UNSOLVED,
    LP_OPTIMAL,
    LP_INFEASIBLE,
    LP_UNBOUNDED,
};

enum lp_state {
    LP_BASIC,
    LP_AT_LOWER, /* or the only value of a fixed row or column */
    LP_AT_UPPER,
};

enum lp_method {
    LP_DUAL,   /* rows were added or right-hand sides moved */
    LP_PRIMAL, /* columns were added or costs moved */
};

MUST_CHECK enum err_code lp_create(struct lp **out, struct err *err);
void lp_destroy(struct lp *lp);

/*
 * Appends n columns. Column j holds entries start[j] .. start[j+1]-1 of (row, value);
 * start may be NULL for empty columns.
 */
MUST_CHECK enum err_code lp_add_columns(struct lp *lp, int32_t n, const double *cost,
                                        const double *lo, const double *up,
                                        const int64_t *start, const int32_t *row,
                                        const double *value, struct err *err);
/* Appends n rows with their entries. */
MUST_CHECK enum err_code lp_add_rows(struct lp *lp, int32_t n, const double *lo,
                                     const double *up, const int64_t *start,
                                     const int32_t *col, const double *value,
                                     struct err *err);
/* Replaces the entries of a row. */
MUST_CHECK enum err_code lp_set_row(struct lp *lp, int32_t row, int64_t n,
                                    const int32_t *col, const double *value,
                                    struct err *err);
/*
 * Removes n columns, ascending. Those behind move up. The basis is kept if none of them
 * is basic.
 */
MUST_CHECK enum err_code lp_delete_columns(struct lp *lp, int32_t n, const int32_t *col,
                                           struct err *err);
/*
 * Removes n rows, ascending. Those behind move up. The basis is kept if all of them are
 * basic, or if as many basic columns go next.
 */
MUST_CHECK enum err_code lp_delete_rows(struct lp *lp, int32_t n, const int32_t *row,
                                        struct err *err);
int32_t lp_n_rows(const struct lp *lp);
int32_t lp_n_columns(const struct lp *lp);

void lp_set_cost(struct lp *lp, int32_t col, double cost);
void lp_set_column_bounds(struct lp *lp, int32_t col, double lo, double up);
void lp_set_row_bounds(struct lp *lp, int32_t row, double lo, double up);
void lp_set_column_state(struct lp *lp, int32_t col, enum lp_state state);
void lp_set_row_state(struct lp *lp, int32_t row, enum lp_state state);
enum lp_state lp_column_state(const struct lp *lp, int32_t col);
enum lp_state lp_row_state(const struct lp *lp, int32_t row);
double lp_cost(const struct lp *lp, int32_t col);
void lp_column_bounds(const struct lp *lp, int32_t col, double *lo, double *up);
/* Entries of one column: returns how many; row and value hold lp_n_rows each. */
int32_t lp_column(const struct lp *lp, int32_t col, int32_t *row, double *value);

/* ERR_OK means *status is meaningful; values are valid for LP_OPTIMAL only. */
MUST_CHECK enum err_code lp_solve(struct lp *lp, enum lp_method method,
                                  enum lp_status *status, struct err *err);
/*
 * One try of one method that ends after `most` iterations at the latest: LP_UNSOLVED then.
 * The basis it has reached is kept, so that another method may go on from there.
 */
MUST_CHECK enum err_code lp_solve_within(struct lp *lp, enum lp_method method,
                                         int32_t most, enum lp_status *status,
                                         struct err *err);
/* How far a search for whole numbers goes, and what it found. */
struct lp_integer {
    double gap;     /* relative, at which to stop */
    int64_t most;   /* iterations of the simplex method, 0 = any number */
    double seconds; /* 0 = no limit; makes the answer depend on the machine */
    const struct watch *watch;  /* is told the gap; NULL = nobody looks */
    double objective;           /* out: INFINITY where nothing was found */
    double bound;               /* out: no point costs less, as far as the library's own
                              arithmetic goes; -INFINITY where nothing is known */
    int64_t n_node, iterations; /* out */
};
/*
 * Branch and cut with the n columns col in whole numbers, their bounds having them: x,
 * [n_columns], is the best point found. Bounds and costs of lp stay what they were. Where
 * the library's presolver leaves no point, or one that breaks rows, the tree is searched
 * again without it. LP_OPTIMAL: a point was found, within the gap or when a limit ended the search;
 * LP_INFEASIBLE: there is none; LP_UNSOLVED: limits came before the first.
 */
MUST_CHECK enum err_code lp_solve_integer(struct lp *lp, int32_t n, const int32_t *col,
                                          struct lp_integer *search, double *x,
                                          enum lp_status *status, struct err *err);
void lp_column_values(const struct lp *lp, double *x); /* [n_columns] */
void lp_row_duals(const struct lp *lp, double *y);     /* [n_rows] */
void lp_reduced_costs(const struct lp *lp, double *d); /* [n_columns] d = c - A'y */
double lp_reduced_cost(const struct lp *lp, int32_t col);
double lp_row_upper(const struct lp *lp, int32_t row);
double lp_objective(const struct lp *lp);
int64_t lp_iterations(const struct lp *lp); /* of all solves so far */

/* Name and version of the library actually linked. */
const char *lp_solver_version(void);

#endif
