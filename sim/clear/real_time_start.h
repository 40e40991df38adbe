/*
 * real_time_start.h - units that the fifteen-minute market starts and stops. Private to
 * sim/clear/real_time*.c.
 *
 * Before each fifteen-minute run its window is solved once as a commitment problem
 * (solver/commit/commit.h). Free in it are the fast units (commitment_terms.fast);
 * in hours in which the day-ahead market or residual commitment has one on, it stays on, and
 * it is on where it schedules itself. Minimum times run in minutes from since_min of the state
 * on; starts cost what the time off says. Of the other resources,
 *
 *     generators with ramps run as planned, within them; storage, interties and resources at
 *     several buses are held as the window without integrality has them              (1)
 *     services of the day ahead are left free; those that are bought anew, and
 *     ramping, follow the commitment                                                 (2)
 *
 * The plan then holds, and the run itself is a linear program, whose prices are those with
 * commitment fixed. What binds of the plan: whether a unit is on in the first quarter, and
 * where it takes L = ceil(start_up_min / 15) quarters to start, an order that is given L quarters
 * ahead and is kept. The rest of the plan is what later windows and the dispatch expect. A
 * stop that would keep a unit from its next start by schedule, min_down later, is not made.
 *
 * Costs of a quarter, beside those of the day ahead and residual commitment:
 *
 *     start_cost = cost of the start made - cost of the start scheduled for this hour, where
 *                  the unit is on                                                    (3)
 *     min_load   = min_load_usd_per_h / 4 where it is on and was not scheduled to be    (4)
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
/* (3) and (4) of the quarter that a solved run binds; returns their sum. */
double rt_start_note(const struct rt_windows *all, const struct rt_window *v,
                     struct outcome *fmm);

#endif
