/*
 * dispatch_run.h - prices and rows of one run of the dispatch, scheduling or pricing, read from
 * the point where its LP is, and the certificate of them.
 *
 * Layer: solver (may include sim/base).
 */
#ifndef SOLVER_DISPATCH_RUN_H
#define SOLVER_DISPATCH_RUN_H

#include "sim/base/err.h"
#include "solver/dispatch.h"
#include "solver/work.h"

/* Everything of an answer that the certificate looks at, for one run. */
struct dispatch_run {
    struct prices prices;
    struct dispatch_row *row; /* [n_row] sorted; room for all limits */
    int32_t n_row;
};

/* Rows that bind or are relaxed at the present point, with the run's shadow prices. */
MUST_CHECK enum err_code dispatch_run_read(struct work *w, struct dispatch_run *run,
                                           struct err *err);
/*
 * Certifies the present point and makes *worst the worse of itself and what was found.
 * allowance_usd is by how much the point may be off the best of its run; what the gap is more
 * than that goes to w->unexplained_gap. outages_checked: the flows after outages are those of
 * a run that was certified before.
 */
MUST_CHECK enum err_code
dispatch_run_certify(struct work *w, const struct dispatch_run *run,
                     bool outages_checked, double allowance_usd,
                     struct dispatch_certificate *worst, struct err *err);
void dispatch_run_release(struct dispatch_run *run);

/* By kind, index, outage and interval. */
void dispatch_rows_sort(struct dispatch_row *row, int32_t n);

#endif
