/*
 * clear.h - the day-ahead market: admitted bids in, awards and prices out.
 *
 * One LP per trade day over its 23, 24 or 25 hours; state (last output, stored energy)
 * passes from one day to the next.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_CLEAR_H
#define SIM_CLEAR_CLEAR_H

#include "sim/admit/admit.h"
#include "sim/clear/outcome.h"

/* Sizes everything in *o for the whole market; awards and prices are zero. */
MUST_CHECK enum err_code clear_begin(const struct market *m, struct outcome *o,
                                     struct err *err);
/*
 * Clears one day of the admitted bids into its intervals of *o. Days in order: day d
 * starts from the awards and stored energy of day d - 1.
 */
MUST_CHECK enum err_code clear_day(const struct market *m, const struct admission *a,
                                   int32_t day, struct outcome *o, struct err *err);
/* After the last day: names constraints, ranks relaxations, checks the market's laws. */
MUST_CHECK enum err_code clear_end(const struct market *m, struct outcome *o,
                                   struct err *err);

#endif
