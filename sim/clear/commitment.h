/*
 * commitment.h - which generators run when, on one trade day.
 *
 * The day as formulate.h states it becomes a commitment problem: generators with terms
 * (table commitment) are units, everything else that bids is dispatched beside them,
 * stores within their energy, ties within their limits, flows within theirs. Ramps of
 * those others are left to the dispatch that follows, so the bound is one of the whole
 * market, and the gap is honest about them.
 *
 * A unit with self-schedules in an hour is on in it; without any bid, off. The start of an
 * hour's run is limited to start_mw and Pmin + one hour's ramp, its end likewise. A unit
 * whose own schedule breaks its own times cannot be committed by anyone: it runs as it
 * bids that day, and is noted.
 *
 * Then the formulated day is made to follow: units that are off have no range; starts and
 * stops are no ramps. The dispatch over it gives awards and prices.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_COMMITMENT_H
#define SIM_CLEAR_COMMITMENT_H

#include "sim/admit/admit.h"
#include "sim/clear/formulate.h"

/* Whether the market commits anybody. */
bool commitment_is_wanted(const struct market *m);
/*
 * Decides and makes *f follow; notes decisions, costs and the bound in *o (.on,
 * .start_cost_usd, .min_load_usd, .commitment). before: as for formulate_day, may be o.
 */
MUST_CHECK enum err_code commitment_decide(const struct market *m,
                                           const struct admission *a,
                                           struct formulation *f, struct outcome *o,
                                           struct err *err);

#endif
