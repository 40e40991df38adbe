/*
 * real_time_services.h - ancillary services in the runs of real time. Private to
 * sim/clear/real_time*.c.
 *
 * The fifteen-minute market buys what is missing. In each interval of its window, with the
 * requirement Q of real time, day-ahead award s of a bidder, kept part k and new part n:
 *
 *     k <= s, as far as the resource is there: on, and within what is available         (1)
 *     k + n <= what it offers of the service                                            (2)
 *     (1) to (4) of services.h for k + n, with energy in one problem
 *
 * k comes before all that is offered, as a self-schedule does; n at its bid. What an outage
 * takes from k is bought anew, from whoever is cheapest. The dispatch holds what the
 * fifteen-minute market holds and an outage since has left room for, the hour-ahead run what the
 * day-ahead market awarded.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_SERVICES_H
#define SIM_CLEAR_REAL_TIME_SERVICES_H

#include "sim/clear/real_time_window.h"

/* Services and ramping of a window whose bids are written; sets n_region and n_bidder. */
MUST_CHECK enum err_code rt_services_require(const struct rt_windows *all,
                                             struct rt_window *v, struct err *err);
/*
 * MW up and down that a resource's bid must leave free in interval k of the window: what
 * earlier runs hold and this one does not choose, as far as room_mw above Pmin have it, which
 * an outage may have made less since: upward services first, the best first.
 */
void rt_services_held_mw(const struct rt_windows *all, const struct rt_window *v,
                         int32_t r, int32_t k, double room_mw, double *up,
                         double *down);
/* What of them the first interval of a dispatch has: [n_service_bidder]. */
void rt_services_copy(const struct rt_windows *all, const struct rt_window *v,
                      double *service_mw);
/* Awards of all intervals of a fifteen-minute window, for the dispatch that follows. */
void rt_services_keep(const struct rt_windows *all, const struct rt_window *v);

#endif
