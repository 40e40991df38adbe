/*
 * start_store.h - what a store would do at given prices.
 *
 * A store that is small beside the market takes prices as they are, and its limits look
 * at nothing but itself:
 *
 *     minimise  sum_k d_k x_k    subject to (2) and (8) of dispatch.h,        (1)
 *
 * where d_k is the reduced cost of its piece k in a market whose stores stand still. The
 * basis of that market and those of all (1), side by side, are dual feasible: what is
 * left to the dual simplex is to make room for what the stores do.
 *
 * Layer: solver.
 */
#ifndef SOLVER_START_STORE_H
#define SOLVER_START_STORE_H

#include <stdint.h>

#include "sim/base/err.h"
#include "solver/dispatch.h"
#include "solver/lp.h"
#include "solver/work.h"

/* A limit with the states of its row and slack. */
struct start_limit {
    struct limit limit; /* kind, index, outage, interval count */
    enum lp_state row, slack;
};

/*
 * Solves (1) for store s. reduced_usd[k] per MW of segment k and state[k], both
 * [seg_start end] as in p; of state the segments of the store are set. limit, room for
 * 2 n_interval, takes the *n_limit limits that bind. No struct lp may be alive in this
 * thread meanwhile.
 */
MUST_CHECK enum err_code start_store(const struct dispatch_problem *p, int32_t s,
                                     const double *reduced_usd, enum lp_state *state,
                                     struct start_limit *limit, int32_t *n_limit,
                                     struct err *err);
/* MW of a piece of a store that stands still. */
double start_store_still_mw(const struct piece *piece);

#endif
