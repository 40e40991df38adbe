/*
 * real_time_mitigate.h - market power mitigation in real time. Private to
 * sim/clear/real_time*.c.
 *
 * As mitigate.h has it for a day, for a window: the run is solved with the offers as they are;
 * every branch limit that binds in any of its intervals is tested, and offers that profit from
 * one that fails are lowered for that interval by (1) and (2) of mitigate.h with the prices of
 * this run. Where any was, the run is made again with the lowered offers. Setting
 * rt_mitigation: 0 no run, 1 the hour-ahead and fifteen-minute runs, 2 the dispatch as well.
 *
 * - What a resource can reach is what its ramp does in an interval from its award in the one
 *   before, at first from its output. A fast unit that is off, or has been on for its least time,
 *   may withhold all: real time starts and stops it.
 * - Nobody is left out of the ranking: who buys does so the day before.
 * - Imports and exports are as they are: their blocks are fixed when this is asked. In the
 *   hour-ahead run, which fixes them, imports are not lowered either, as in the day ahead: they
 *   come from elsewhere.
 * - Offers lowered in the hour-ahead run hold in that run alone: it settles nothing but blocks,
 *   and the fifteen-minute runs of its hour test what then binds.
 * - Offers lowered in the fifteen-minute run stay so in the five minutes of that quarter, and
 *   the dispatch's own test starts from them. Starts are decided anew with lowered offers.
 *
 * Only what concerns the binding interval is written down.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_MITIGATE_H
#define SIM_CLEAR_REAL_TIME_MITIGATE_H

#include "sim/clear/real_time_window.h"

struct rt_mitigating; /* offers as lowered, and room for the tests of a day */

/* all->mitigating, NULL where nothing is mitigated. */
MUST_CHECK enum err_code rt_mitigate_begin(struct rt_windows *all, struct err *err);
void rt_mitigate_end(struct rt_windows *all);
/* Whether runs of that kind are tested. */
bool rt_mitigate_wants(const struct rt_windows *all, enum rt_run run);
/* Before a run of that kind is made for the first time: its offers are as they were. */
void rt_mitigate_forget(const struct rt_windows *all, enum rt_run run);
/*
 * Tests a window that is solved. *lowered: offers were, so it is to be made again; until it
 * is forgotten rt_mitigated_bid gives them.
 */
MUST_CHECK enum err_code rt_mitigate(const struct rt_windows *all,
                                     const struct rt_window *v, bool *lowered,
                                     struct err *err);
/* What a resource bids in interval k of a window: for real time, as lowered. */
const struct bid_segment *rt_mitigated_bid(const struct rt_windows *all,
                                           const struct rt_window *v, int32_t r,
                                           int32_t k, int32_t *n);

#endif
