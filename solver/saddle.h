/*
 * saddle.h - the linear system of a step of Newton's method on conditions of optimality.
 *
 *     H d - A' y = -c          one equation per unknown                         (1)
 *     A d        = b           one per row that binds                           (2)
 *
 * H is symmetric. Most rows of a market know one unknown only, once what stands at a bound is
 * out: the range of a plant and its services, a ramp. Such a row gives its unknown at
 * once, which then is none in other rows, where one may be left again; its y follows from
 * (1) when all else is known. What is left is solved as a dense system: some tens of
 * equations where there were two thousand.
 *
 * Layer: solver.
 */
#ifndef SOLVER_SADDLE_H
#define SOLVER_SADDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"

struct saddle {
    int32_t n_free, n_row;
    int64_t *start; /* [n_free + 1] into row, value: A by unknown */
    int32_t *row;
    double *value;    /* not 0 */
    double *gradient; /* [n_free] c */
    double *lack;     /* [n_row] b */
    const void *of;   /* handed to the following */
    double (*curvature)(const void *of, int32_t j, int32_t k); /* H_jk */
    /* out = H d; ERR_NOMEM. */
    enum err_code (*product)(const void *of, const double *d, double *out,
                             struct err *err);
};

/*
 * d [n_free], y [n_row]; *ok is false where the system is singular, or where more than
 * `most` equations are left, and then they mean nothing.
 */
MUST_CHECK enum err_code saddle_solve(const struct saddle *s, int32_t most, double *d,
                                      double *y, bool *ok, struct err *err);

#endif
