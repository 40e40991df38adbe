/*
 * real_time_start.h - units that the fifteen-minute market starts and stops. Private to
 * sim/clear/real_time*.c.
 *
 * Before each fifteen-minute run a plan of its window is chosen: when each fast unit
 * (commitment_terms.fast) is on. What the day-ahead market and residual commitment decided is
 * where the choice begins, not a limit on it: a unit may start beside its schedule, and stop or
 * not start within it, where that is cheaper. A plan of a unit is allowed where
 *
 *     it is on where its offer for real time schedules itself, where its terms say must_run, and
 *     from the quarter for which a start is ordered until it has been on for min_up     (1)
 *     runs and stops last min_up, min_down, in minutes from since_min of the state on; no more
 *     than max_starts of the day are made, those still scheduled included                (2)
 *     a start is ordered L = ceil(start_up_min / 15) quarters ahead and not before     (3)
 *     a stop now begins from Pmin and a quarter's ramp at most                          (4)
 *     a stop leads to no time off beyond the window in which it is scheduled to be on: what
 *     it would be worth there, the window cannot see                                    (5)
 *
 * Its cost is that of the window's own linear program with the plan as it is - services,
 * ramping, storage, ties, network, all that binds - and beside it
 *
 *     starts, by minutes off, and min_load_usd_per_h of quarters on; and the start that the
 *     schedule will need where the plan ends off and the schedule goes on              (6)
 *
 * With prices pi of the program of some plan, u_g(p) the most that unit g could earn at pi by
 * plan p less (6) and v_g what it earns by the plan at hand, no choice of plans p costs less than
 *
 *     cost at hand - sum over units of [u_g(p_g) - v_g]                                 (7)
 *
 * (weak duality: all others are at their best at pi). So plans that (7) rules out are not tried,
 * and where nothing is left within commitment_gap the plan is proven: the usual case, one
 * program. Else the commitment solver (solver/commit/commit.h, energy and network) proposes
 * another, and what is left is tried together where it is at most 64 plans, unit by unit until
 * nothing is cheaper where it is more. In intervals of shortage (7) does not hold - prices are
 * capped, penalties are not - and nothing is ruled out.
 *
 * The plan then holds, and the run itself is a linear program, whose prices are those with
 * commitment fixed. What binds of the plan: whether a unit is on in the first quarter, and an
 * order, which is kept. Starts of the first L quarters of a day are ordered by the schedule.
 * The rest of the plan is what later windows and the dispatch expect.
 *
 * Costs of a quarter, beside those of the day ahead and residual commitment:
 *
 *     start_cost = cost of the start made - cost of the start scheduled for this hour   (8)
 *     min_load   = min_load_usd_per_h / 4 where it is on and was not scheduled to be,
 *                  minus that where it was and the market has it off                  (9)
 *
 * Units that are not fast run as scheduled. One that an outage took may not be on again before
 * min_down, fast or not.
 *
 * A unit that an outage has, or keeps off until it may start again, did not follow the market:
 * nothing is avoided there, and settlement does not pay for the schedule either (no_pay.h is
 * likewise for services).
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_START_H
#define SIM_CLEAR_REAL_TIME_START_H

#include "sim/clear/real_time_window.h"

/* What is planned before the day begins: as the day ahead and residual commitment have it. */
MUST_CHECK enum err_code rt_start_begin(struct rt_windows *all, struct err *err);
void rt_start_end(struct rt_windows *all);
/* The plan of n quarters from `quarter` on, as it is known when that begins. */
MUST_CHECK enum err_code rt_start_decide(const struct rt_windows *all, int32_t quarter,
                                         int32_t n, struct err *err);
/* Whether a unit is planned to be off in interval k of a window. */
bool rt_start_is_off(const struct rt_windows *all, const struct rt_window *v, int32_t r,
                     int32_t k);
/* Whether it is being decided in this very window. */
bool rt_start_is_open(const struct rt_windows *all, const struct rt_window *v,
                      int32_t r);
/* Minutes from the end of interval k to the stop that is planned for a fast unit; -1: none. */
int32_t rt_start_minutes_to_stop(const struct rt_windows *all,
                                 const struct rt_window *v, int32_t r, int32_t k);
/* After each dispatch, before the state moves: who was lost to an outage, and who is back. */
void rt_start_note_lost(const struct rt_windows *all, int32_t r, int32_t five,
                        bool lost, bool on);
/* (8) and (9) of the quarter that a solved run binds; returns their sum. */
double rt_start_note(const struct rt_windows *all, const struct rt_window *v,
                     struct outcome *fmm);

#endif
