/*
 * decision.h - the list of decisions of an admission while it is being written.
 *
 * Layer: sim/admit.
 */
#ifndef SIM_ADMIT_DECISION_H
#define SIM_ADMIT_DECISION_H

#include "sim/admit/admit.h"

/*
 * Appends *d with a copy of its reason. Equal reasons that follow one another share one
 * text, since a bid refused for a whole day is refused 24 times. ERR_NOMEM.
 */
MUST_CHECK enum err_code decision_add(struct admission *a,
                                      const struct admit_decision *d, struct err *err);
/* Sorts by SC, owner kind, owner, interval, rule. */
void decision_sort(struct admission *a);
/* Sum of the widths of n pieces, MW. */
double decision_extent_mw(const struct bid_segment *seg, int32_t n);

#endif
