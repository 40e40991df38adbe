/*
 * sparse.h - LDL' factorisation of a sparse symmetric matrix, many right-hand sides.
 *
 * The matrix may be indefinite as long as no pivot vanishes (negative reactances give
 * such matrices). One file, sparse.c, knows the library behind it.
 *
 * Layer: solver.
 */
#ifndef SOLVER_SPARSE_H
#define SOLVER_SPARSE_H

#include <stdint.h>

#include "sim/base/err.h"

struct sparse_factor;

/*
 * Factorises the n x n matrix given by n_entry triplets of its upper triangle
 * (row <= col); repeated triplets add up. ERR_NUMERIC if it is singular.
 */
MUST_CHECK enum err_code sparse_factorise(int32_t n, int64_t n_entry,
                                          const int32_t *row, const int32_t *col,
                                          const double *value,
                                          struct sparse_factor **out, struct err *err);
/* Solves A X = B in place; x is n x n_rhs, column-major. */
MUST_CHECK enum err_code sparse_solve(struct sparse_factor *f, int32_t n_rhs, double *x,
                                      struct err *err);
/*
 * A x = e_first - e_second for SPARSE_LANES pairs of rows at once, where -1 is no row at
 * all; a pair of equal rows gives zeros. What the factor finds for row i stands at
 * x[place[i] * SPARSE_LANES + lane], n rows in the order of elimination; one of zeros
 * follows, for -1. Both belong to the factor; *x is valid until its next solve. Several
 * times faster than sparse_solve: columns of L that no pair reaches are passed over on the
 * way down, numbers of L are loaded once for all lanes, and nothing is copied.
 */
enum {
    SPARSE_LANES = 16
};
MUST_CHECK enum err_code sparse_differences(struct sparse_factor *f,
                                            const int32_t first[SPARSE_LANES],
                                            const int32_t second[SPARSE_LANES],
                                            const double **x, struct err *err);
MUST_CHECK enum err_code sparse_places(struct sparse_factor *f, const int32_t **place,
                                       struct err *err);
/*
 * v' A^-1 v for v = e_i - e_j, where -1 is no row at all: half a solve, along the path of
 * the elimination tree that it touches.
 */
MUST_CHECK enum err_code sparse_between(struct sparse_factor *f, int32_t i, int32_t j,
                                        double *out, struct err *err);
void sparse_factor_destroy(struct sparse_factor *f);

/* Name and version of the library actually linked. */
const char *sparse_library_version(void);

#endif
