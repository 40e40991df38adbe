/*
 * dispatch_answer.h - the answer of a dispatch, read from the runs that made it, part by part.
 * What was filled before a failure stays in *a, for dispatch_answer_release() of dispatch.h.
 *
 * Layer: solver (may include sim/base).
 */
#ifndef SOLVER_DISPATCH_ANSWER_H
#define SOLVER_DISPATCH_ANSWER_H

#include "sim/base/err.h"
#include "solver/dispatch_run.h"

/* MW and cost: the scheduling run after equal offers were shared. */
MUST_CHECK enum err_code
dispatch_answer_schedule(struct work *w, struct dispatch_answer *a, struct err *err);
/*
 * Prices, which move over from *run, and rows: relaxations of the schedule, shadow prices of the
 * pricing run. schedule[k] is the slack of limit k in the scheduling run, [n_schedule]; limits
 * beyond it came later.
 */
MUST_CHECK enum err_code
dispatch_answer_prices(struct work *w, struct dispatch_run *run, const double *schedule,
                       int32_t n_schedule, struct dispatch_answer *a, struct err *err);
/* What the work counted. After the rows. */
void dispatch_answer_stats(const struct work *w, struct dispatch_answer *a);
/* An answer to a merged problem becomes one to the whole. */
MUST_CHECK enum err_code dispatch_answer_whole(const struct merge *m,
                                               struct dispatch_answer *a,
                                               struct err *err);

#endif
