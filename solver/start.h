/*
 * start.h - where a day's LP starts: every interval solved by itself.
 *
 * Without ramps and stored energy a dispatch falls apart into its intervals, each a small
 * LP whose simplex steps cost next to nothing. Their bases, put side by side, are a basis
 * of the day that is optimal but for what couples the hours; and limits that bind in an
 * interval enter the day's LP at once.
 *
 * Layer: solver.
 */
#ifndef SOLVER_START_H
#define SOLVER_START_H

#include "sim/base/err.h"
#include "solver/work.h"

struct start;

/*
 * Solves every interval of p by itself; *out is NULL where the day is so small that this
 * would not pay. No struct work may be alive in this thread meanwhile (see lp.h).
 */
MUST_CHECK enum err_code start_find(const struct dispatch_problem *p,
                                    struct start **out, struct err *err);
void start_destroy(struct start *s);

/* Gives w, just loaded, the limits and the basis of s. */
MUST_CHECK enum err_code start_apply(struct work *w, const struct start *s,
                                     struct err *err);

#endif
