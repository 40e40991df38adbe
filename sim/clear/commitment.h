/*
 * commitment.h - which generators run when, on one trade day.
 *
 * Units are the generators with terms (table commitment). The day as formulate.h states it
 * is solved in three steps:
 *
 *   1. with every unit free between 0 and Pmax in the hours it bids, nothing starting or
 *      stopping: a dispatch, whose ties, services of others and bids of aggregated nodes
 *      are held from here on;
 *   2. the commitment problem (solver/commit/commit.h): units with their offers of energy
 *      and services, stores, bids at single buses beside them, the rest as step 1 left it;
 *   3. the formulated day follows: units that are off have no range, starts and stops are
 *      no ramps. The dispatch over it, in which nothing else is held, gives awards and
 *      prices.
 *
 * The bound that is reported is that of step 2: no commitment costs less while what is
 * held is held. A store is held as step 1 left it where the problem cannot state it: if it
 * offers services, has to move in some hour, cannot keep its limits of energy, or has ramps
 * that bind and may not let it rest, or that hours without a bid lift. Others keep their limits of energy and ramps there, and may
 * charge and discharge at once, which step 3 forbids: less is a bound, too.
 *
 * A unit with self-schedules in an hour is on in it; without any bid, off. In the first
 * hour of a run it gives at most start_mw and Pmin + an hour's ramp, in the last likewise
 * with stop_mw; in such hours it holds no service, and none while it is off. Its upward
 * services together keep to (3) of services.h. A unit whose
 * own schedule breaks its own times cannot be committed by anyone: it runs as it bids
 * that day and is counted.
 *
 * A plant of configurations (table configurations) is on in one of them at a time, and bids
 * in it what admit_configurations() says; what lies below its Pmin is in its minimum load.
 * Until one is chosen, in step 1, it is its own bid. It moves only where table transitions says so, within the
 * hour's ramp of the plant, and holds no more of a service than the configuration is
 * certified for. A configuration that an hour's offer does not reach is barred there.
 * Residual commitment may put it into a higher one, never a lower; real time leaves it
 * where it is, or where an outage leaves less than that can run at, in the next lower one
 * that can; an interval after a move begins at the near end of the new range.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_COMMITMENT_H
#define SIM_CLEAR_COMMITMENT_H

#include "sim/admit/admit.h"
#include "sim/clear/formulate.h"
#include "solver/commit/commit.h"

/* Whether the market commits anybody. */
bool commitment_is_wanted(const struct market *m);
/* A day that was decided, for what follows from it (hull.h). */
struct commitment;
/* What took time in deciding a day, for another run of the same day. {0} knows nothing. */
struct commitment_found {
    double *held_mw; /* [n_held] step 1; mem.h memory, NULL = not known */
    size_t n_held;
    struct commit_answer answer; /* step 2 */
};
/*
 * Decides and makes *f follow; notes decisions, costs and the bound in *o (.on,
 * .start_cost_usd, .min_load_usd, of plants .configuration and .transition_usd, and
 * .commitment), which holds the days before. *out: to be
 * released before m, a and f are, after an error as well. ERR_NUMERIC where no schedule of
 * the units serves what must be served. known: the answer, if this very day was decided
 * before, which is taken out of it; NULL or {0} = it was not.
 */
MUST_CHECK enum err_code commitment_decide(const struct market *m,
                                           const struct admission *a,
                                           struct formulation *f, struct outcome *o,
                                           struct commitment_found *known,
                                           struct commitment **out, struct err *err);
/* Moves what was found to *to, which is empty; *w is of no more use but to be released. */
MUST_CHECK enum err_code commitment_keep(struct commitment *w,
                                         struct commitment_found *to, struct err *err);
void commitment_found_release(struct commitment_found *f);
void commitment_release(struct commitment *w);

#endif
