/*
 * hull.h - convex hull prices of a day with commitment, and what either prices leave units
 * short of.
 *
 * Prices of a dispatch with the commitment fixed need not pay for starts and minimum load.
 * Convex hull prices are those at which the sum of what everybody would rather have done
 * is least (Gribik, Hogan and Pope 2007): the duals at which the Lagrangian of the
 * commitment problem, step 2 of commitment.h, is greatest. The market is neither cleared
 * nor settled at them; they stand beside the prices that are. For the awards of unit g,
 *
 *     make-whole       = max(0, cost - revenue)                                        (1)
 *     lost opportunity = V(prices) - (revenue - cost) >= 0                             (2)
 *
 * V: the best profit over every schedule of its own (solver/commit/uplift.h). Self-scheduled
 * MW cost nothing in (1), and g never rather leaves them in (2). Where step 1 held nothing,
 *
 *     sum over units, other bids and limits of (2) at hull prices
 *         = cost of the awards - Lagrangian                                            (3)
 *
 * and no prices leave less. Hull prices know no losses; a day on which nobody can be
 * committed has those of the dispatch.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_HULL_H
#define SIM_CLEAR_HULL_H

#include "sim/clear/commitment.h"

/* Room in *o, whose counts and arena are ready. */
MUST_CHECK enum err_code hull_allocate(const struct market *m, struct outcome *o,
                                       struct err *err);
/* Prices and (1), (2) of a decided day whose awards and prices are in its outcome. */
MUST_CHECK enum err_code hull_record(const struct commitment *w, struct err *err);
/* Sums over units and days; .day and .resource mean nothing. */
struct unit_uplift hull_total(const struct outcome *o);

#endif
