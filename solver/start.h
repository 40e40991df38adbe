/*
 * start.h - where a day's LP starts: its parts, each solved by itself.
 *
 * Without ramps and stored energy a dispatch falls apart into its intervals, each a small
 * LP whose simplex steps cost next to nothing. Bases put side by side are a basis of the
 * longer part, optimal but for what couples its halves: so intervals are solved first,
 * each from the basis of the one before where that has as many pieces, then pairs of
 * halves from their bases, up to halves of the day, and each ramp is met in the smallest
 * part that knows it. Only limits that bind are handed on; one that does not comes back
 * when it is broken.
 *
 * Stores stand still meanwhile and then answer the prices of the halves, each by itself
 * (start_store.h). All bases together are dual feasible for the day but for rounding, and
 * the dual simplex does the rest.
 *
 * Layer: solver.
 */
#ifndef SOLVER_START_H
#define SOLVER_START_H

#include "sim/base/err.h"
#include "solver/work.h"

struct start;

/*
 * Solves the halves of p and its stores; *out is NULL where the day is so small that this
 * would not pay. No struct work may be alive in this thread meanwhile (see lp.h).
 */
MUST_CHECK enum err_code start_find(const struct dispatch_problem *p,
                                    struct start **out, struct err *err);
void start_destroy(struct start *s);

/* Gives w, just loaded, the limits and the basis of s. */
MUST_CHECK enum err_code start_apply(struct work *w, const struct start *s,
                                     struct err *err);

#endif
