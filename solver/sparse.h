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
 * The same for SPARSE_LANES right-hand sides that lie next to each other:
 * x[row * SPARSE_LANES + lane]. Several times faster where most of B is zero.
 */
enum {
    SPARSE_LANES = 16
};
MUST_CHECK enum err_code sparse_solve_lanes(struct sparse_factor *f, double *x,
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
