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
#include "sim/clear/commitment.h"
#include "sim/clear/outcome.h"
#include "solver/dispatch.h"

/* A day as it was solved: schedules, megawatts and prices. {0} is empty. */
struct clear_solution {
    bool known;
    struct commitment_found found;
    struct dispatch_answer answer;
};

/* Sizes everything in *o for the whole market; awards and prices are zero. */
MUST_CHECK enum err_code clear_begin(const struct market *m, struct outcome *o,
                                     struct err *err);
/*
 * Clears one day of the admitted bids into its intervals of *o. Days in order: day d
 * starts from the awards and stored energy of day d - 1.
 */
MUST_CHECK enum err_code clear_day(const struct market *m, const struct admission *a,
                                   int32_t day, struct outcome *o, struct err *err);
/*
 * Likewise, in one of two runs of the same day, with the same bids and the same state
 * before it: the first, in which *s is empty, leaves in *s what it found; the second takes
 * it, and *s is empty again. It records, byte for byte, what solving once more would.
 */
MUST_CHECK enum err_code clear_day_shared(const struct market *m,
                                          const struct admission *a, int32_t day,
                                          struct clear_solution *s, struct outcome *o,
                                          struct err *err);
void clear_solution_release(struct clear_solution *s);
/* After the last day: names constraints, ranks relaxations, checks the market's laws. */
MUST_CHECK enum err_code clear_end(const struct market *m, struct outcome *o,
                                   struct err *err);

#endif
