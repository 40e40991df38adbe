/*
 * boxed.h - a concave quadratic over a box.
 *
 *     maximise g'd - d'Hd / 2,  lo <= d <= up,  H positive definite
 *
 * All variables that leave their bounds go to them, all that want to leave one are freed,
 * until none does; where that does not get better, one at a time, the last first, which
 * ends for certain (block principal pivoting; Judice and Pires, 1994).
 *
 * Layer: solver.
 */
#ifndef SOLVER_BOXED_H
#define SOLVER_BOXED_H

#include <stdint.h>

#include "sim/base/err.h"

/* h: [n * n] all of H; d: [n] the answer. ERR_NUMERIC where H is not positive definite. */
MUST_CHECK enum err_code boxed_maximise(int32_t n, const double *h, const double *g,
                                        const double *lo, const double *up, double *d,
                                        struct err *err);

#endif
