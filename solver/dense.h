/*
 * dense.h - the dense kernels that are worth a library. Row-major unless said otherwise.
 *
 * Layer: solver.
 */
#ifndef SOLVER_DENSE_H
#define SOLVER_DENSE_H

#include <stdint.h>

#include "sim/base/err.h"

/* c = alpha * a b; a is m x k, b is k x n, c is m x n. */
void dense_multiply(int32_t m, int32_t n, int32_t k, double alpha, const double *a,
                    const double *b, double *c);
/*
 * Solves A x = b by LU with partial pivoting. a (n x n, column-major, destroyed), b becomes x.
 * ERR_NUMERIC if A is singular.
 */
MUST_CHECK enum err_code dense_solve(int32_t n, double *a, double *b, struct err *err);
/* The same in two parts: LU factors in place of a, with their pivots [n]; then any number of b. */
MUST_CHECK enum err_code dense_factorise(int32_t n, double *a, int32_t *pivot,
                                         struct err *err);
void dense_solve_factorised(int32_t n, const double *a, const int32_t *pivot,
                            double *b);
/* c += alpha a'a, of which only the lower triangle counts; a is k x n, c is n x n. */
void dense_add_gram(int32_t n, int32_t k, double alpha, const double *a, double *c);
/*
 * Solves A x = b by Cholesky. a (n x n, its lower triangle counts, destroyed), b becomes x.
 * ERR_NUMERIC if A is not positive definite.
 */
MUST_CHECK enum err_code dense_solve_positive(int32_t n, double *a, double *b,
                                              struct err *err);
/*
 * Rows of a (n x m, column-major, destroyed) that are independent, by elimination with
 * partial pivoting: pick[k] is the row that column k was eliminated with, -1 where none
 * was left with a pivot above least.
 */
MUST_CHECK enum err_code dense_pick(int32_t n, int32_t m, double least, double *a,
                                    int32_t *pick, struct err *err);
/* One thread keeps sums in one order, so that equal inputs give equal bytes; it leaves no
 * other thread behind. */
void dense_set_threads(int n);
/*
 * OpenBLAS takes a processor that is younger than itself for the oldest there is, and half
 * of its speed is lost. Where it does so on one that has AVX2 it starts again with kernels
 * for that. To be called before anything else is, by a program that has no other thread;
 * OPENBLAS_CORETYPE in the environment has the last word.
 */
void dense_choose_kernels(void);
/* Name of the kernels in use, in OpenBLAS's words. */
const char *dense_kernels(void);

/* Name and version of the library actually linked. */
const char *dense_library_version(void);

#endif
