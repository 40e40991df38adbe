/*
 * real_time_flex.h - flexible ramping: capability in the binding interval to meet what the
 * next may bring. Private to sim/clear/real_time*.c.
 *
 * In every interval of a window, with awards U_g up and D_g down of every resource that takes
 * part, a bid of nothing, and for a run of interval length dt:
 *
 *     U_g <= ramp up x dt     P_g + U_g <= top of its bid                              (1)
 *     D_g <= ramp down x dt   P_g - D_g >= bottom of what it runs at                   (2)
 *     sum U_g + short_u >= move up + uncertainty up,  likewise down                    (3)
 *
 * The move is that of load from this interval to the next; what is short
 * costs the three steps of flex_usd_1, _2, _3. In the window's market they are services of a
 * region of their own, after those of the market: U is non-spinning reserve and D regulation
 * down of services.h, for which the prices and the certificate are the same.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_FLEX_H
#define SIM_CLEAR_REAL_TIME_FLEX_H

#include "sim/clear/real_time_window.h"

/* Room for the awards of all days. */
MUST_CHECK enum err_code rt_flex_begin(const struct market *m, int32_t per_hour,
                                       struct rt_outcome *out,
                                       struct flex_outcome *flex, struct err *err);
/* Whether a run asks for any. */
bool rt_flex_is_wanted(const struct rt_windows *all, enum rt_run run);
/* Adds its region and its bidders to the window's market, which has room for them. */
void rt_flex_require(struct rt_window *v);
/* What is required and offered in an interval of the window. */
void rt_flex_fill(const struct rt_windows *all, struct rt_window *v, int32_t k);
/* The first interval of a solved window, and the move to the second. */
void rt_flex_record(const struct rt_windows *all, const struct rt_window *v,
                    struct flex_outcome *flex);

#endif
