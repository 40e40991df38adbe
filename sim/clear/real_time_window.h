/*
 * real_time_window.h - one run of real time as a market of its own. Private to
 * sim/clear/real_time*.c.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_WINDOW_H
#define SIM_CLEAR_REAL_TIME_WINDOW_H

#include "sim/clear/formulate.h"
#include "sim/clear/real_time.h"
#include "sim/clear/real_time_load.h"

enum rt_run {
    RT_HOUR_AHEAD,
    RT_FIFTEEN_MINUTE,
    RT_DISPATCH,
    RT_START /* the fifteen-minute window with fast units open: real_time_start.h */
};

/* What all windows of a day share. */
struct rt_mitigating;

struct rt_windows {
    const struct market *m;
    const struct admission *a;
    const struct outcome *day_ahead;
    const struct ruc_outcome *ruc;
    struct rt_outcome *out;
    struct network *net;
    struct rt_mitigating *mitigating; /* real_time_mitigate.h; NULL = none */
    struct rt_loads loads;
    int32_t day;
    double *quarter_mw;  /* [RT_QUARTERS x hours of the day][n_resource] the latest
                           fifteen-minute schedules, also advisory ones */
    double *hour_mw;     /* [hours of the day][n_resource] the latest hour-ahead ones */
    uint8_t *quarter_on; /* likewise: whether a unit is planned to be on; others: 1 */
    int32_t *order; /* [n_resource] quarter for which a start is ordered, -1 = none */
    uint8_t *lost;  /* [n_resource] a unit that an outage took and that is not back */
    int32_t *back; /* [n_resource] the first five minutes in which it may be on again */
    double *quarter_service_mw; /* [RT_QUARTERS x hours of the day][n_service_bidder] as
                                   quarter_mw, of services */
    uint8_t *changed; /* [n_resource] a block that has changed within the hour */
};

struct rt_window {
    enum rt_run run;
    int32_t first;      /* interval of the run's own timeline over all days */
    int32_t n;          /* intervals */
    int32_t fives;      /* five-minute intervals in one of them */
    struct market w;    /* borrows all but what is in the arena */
    struct admission a; /* likewise */
    /* Services that the run buys: the first regions and bidders of w are the market's, in
     * its order; those of ramping follow. */
    int32_t n_region, n_bidder;
    struct formulation f;
    struct dispatch_answer answer;
    struct arena arena;
};

/* Builds and solves a window of n intervals from first on. Release in any case. */
MUST_CHECK enum err_code rt_window_solve(const struct rt_windows *all, enum rt_run run,
                                         int32_t first, int32_t n,
                                         struct rt_window *out, struct err *err);
void rt_window_release(struct rt_window *w);
/* Its parts: the bids; the problem. */
MUST_CHECK enum err_code rt_window_write(const struct rt_windows *all, enum rt_run run,
                                         int32_t first, int32_t n,
                                         struct rt_window *out, struct err *err);
MUST_CHECK enum err_code rt_window_formulate(const struct rt_windows *all,
                                             struct rt_window *v, struct err *err);
/* Takes a bid out of a window that is written and not formulated. */
void rt_window_drop(struct rt_window *w, int32_t resource, int32_t k);

/* Whether a resource takes part in an interval of the window: it has a bid there. */
bool rt_window_has(const struct rt_window *w, int32_t resource, int32_t k);
/*
 * The configuration of a plant in an interval, which real time leaves as it was decided; where
 * an outage leaves too little for it, the next lower one that can run at what is there. -1: off,
 * or no plant.
 */
int32_t rt_window_configuration(const struct rt_windows *all, const struct rt_window *v,
                                int32_t r, int32_t k);
/* Least availability over an interval that a run which begins now knows of; INFINITY. */
double rt_window_available_mw(const struct rt_windows *all, const struct rt_window *v,
                              int32_t r, int32_t k);
/* Its award, MW, injection positive. */
double rt_window_award(const struct rt_window *w, int32_t resource, int32_t k);

#endif
