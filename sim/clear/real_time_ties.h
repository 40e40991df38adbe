/*
 * real_time_ties.h - imports and exports in the runs of real time. Private to
 * sim/clear/real_time*.c.
 *
 * | option (market.h) | hour-ahead       | fifteen-minute market        | dispatch          |
 * |-------------------|------------------|------------------------------|-------------------|
 * | hourly            | by its bids      | the block of hour-ahead      | as scheduled      |
 * | self_hourly       | day-ahead award  | likewise                     | as scheduled      |
 * | hourly_one_change | by its bids      | the block; by its bids in the | as scheduled      |
 * |                   |                  | later quarters of the hour,  |                   |
 * |                   |                  | until one of them changes it |                   |
 * | fifteen_minute    | by its bids      | by its bids                  | as scheduled      |
 * | dynamic           | by its bids      | by its bids                  | by its bids       |
 * | self_variable     | its forecast     | its forecast                 | as scheduled      |
 *
 * The forecast of a self-scheduled variable import in an interval is the mean over its five
 * minutes of what is available of it (table real_time_availability), where the run knows that,
 * else of the day-ahead award. It has no forecast in hours for which it has no bid.
 *
 * The first change of an hour holds for the rest of it: the market does not wait for a
 * better quarter. A block is answered before the hour begins. What is declined in time is
 * not scheduled; what is declined late stays in the fifteen-minute market, and the dispatch
 * takes what is left of it.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_TIES_H
#define SIM_CLEAR_REAL_TIME_TIES_H

#include "sim/clear/real_time_window.h"

/* The bid of an import or export in interval k of a window: pieces written to seg, room for
 * those of its bid and one more. */
int32_t rt_tie_bid(const struct rt_windows *all, const struct rt_window *v, int32_t r,
                   int32_t k, struct bid_segment *seg);
/* After the hour-ahead run v of an hour: blocks, and what their coordinators say to them. */
void rt_tie_blocks(const struct rt_windows *all, const struct rt_window *v,
                   int32_t hour);
/* After the fifteen-minute run of a quarter: which blocks it changed. */
void rt_tie_changes(const struct rt_windows *all, int32_t quarter);

#endif
