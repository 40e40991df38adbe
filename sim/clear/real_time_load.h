/*
 * real_time_load.h - what loads take in real time. Private to sim/clear/real_time*.c.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_LOAD_H
#define SIM_CLEAR_REAL_TIME_LOAD_H

#include "sim/base/err.h"
#include "sim/clear/outcome.h"
#include "sim/model/market.h"

/* How the loads of a node share what it takes, on one trade day. {0} is empty. */
struct rt_loads {
    const struct market *m;
    const struct outcome *day_ahead;
    int32_t first_hour;
    double *weight; /* [hours of the day][3][n_node] owned: of all loads of a node, by
                       forecast_share, by schedule, by number */
};

/* After the day-ahead market of the day; borrows m and day_ahead. */
MUST_CHECK enum err_code rt_loads_begin(const struct market *m,
                                        const struct outcome *day_ahead, int32_t day,
                                        struct rt_loads *out, struct err *err);
void rt_loads_release(struct rt_loads *loads);
/*
 * MW that a load takes in a five-minute interval of the day, >= 0: its share of its node's
 * load, by forecast_share (as in the forecast, loads without one come on top), else by what
 * loads there scheduled, else in equal parts. What it scheduled where the node has no
 * real-time load, and where others there have a forecast_share and it has none. fmm: as the
 * fifteen-minute market sees it.
 */
double rt_load_mw(const struct rt_loads *loads, int32_t load, int32_t five, bool fmm);

#endif
