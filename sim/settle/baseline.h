/*
 * baseline.h - what demand response would have taken: the 10-in-10 baseline.
 *
 * A PDR has no meter of its own: what it gave is what its customers took less than they
 * would have. For event day E and event hours H (hour-endings), e the first of them:
 *
 *     candidates: days of the same type (business day or not) among the 45 before E that
 *         have a load for every hour of H, latest first; days with an outage or an earlier
 *         event are skipped
 *     chosen: 10 of them on business days, 4 on others; where there are fewer than 5 or 4,
 *         skipped days with the most load in H fill up to that, the later one on ties
 *     raw(h) = mean load of the chosen days                                          (1)
 *     adj    = mean load of E in e-4, e-3, e-2 / mean raw of these hours,
 *              within 0.80 to 1.20; 1 where the hours are not there                  (2)
 *     measured(h) = max(0, adj x raw(h) - load(E, h))                                (3)
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_BASELINE_H
#define SIM_SETTLE_BASELINE_H

#include "sim/base/calendar.h"
#include "sim/model/market.h"

enum {
    BASELINE_HOURS = CALENDAR_MAX_HOURS + 1, /* by hour-ending, 0 is none */
    BASELINE_MOST_DAYS = 10
};

struct baseline {
    int n_chosen; /* 0: no day to compare with, nothing is measured */
    date_t chosen[BASELINE_MOST_DAYS];   /* in the order of choice */
    double adjustment;                   /* (2) */
    double raw_mwh[BASELINE_HOURS];      /* (1) in event hours, else 0 */
    double measured_mwh[BASELINE_HOURS]; /* (3) in event hours, else 0 */
};

/*
 * history: rows of one resource, ascending date, then hour, those of E among them; n of
 * them. event: [BASELINE_HOURS] hours of H. Where H is empty or a load of E in H is not
 * there, *out has no day and measures nothing.
 */
void baseline_find(const struct response_row *history, int64_t n, date_t event_day,
                   const bool *event, struct baseline *out);

#endif
