/*
 * real_time.h - the runs of the trade day itself, each over a short window of which only
 * the first interval binds.
 *
 * | run                   | when             | window                    | what binds       |
 * |-----------------------|------------------|---------------------------|------------------|
 * | hour-ahead            | each hour        | 2 hours, hourly           | intertie blocks  |
 * | fifteen-minute market | each 15 minutes  | rt_fmm_intervals x 15 min | first 15 minutes |
 * | five-minute dispatch  | each 5 minutes   | rt_rtd_intervals x 5 min  | first 5 minutes  |
 *
 * A window is a market of its own (real_time_window.h): bids for real time, where there are
 * any, else those that the day-ahead market admitted, cut to what is known to be available and
 * to what ancillary services leave;
 * units on as the day-ahead market and RUC decided, fast ones also as the fifteen-minute market
 * decides (real_time_start.h); loads as real_time_load says, else as scheduled; imports and
 * exports by their option (real_time_ties.h), as hour-ahead blocks unless they say otherwise; no
 * virtual positions. Windows end with the trade
 * day, whose morrow is not cleared yet.
 *
 * Between runs nothing is carried but a struct rt_state. Storage may not end a window with
 * less than the day-ahead plan has at that time, or than it can reach: within an hour a
 * dispatch cannot know what stored energy is worth at night, and the plan does.
 *
 * An outage is known to the runs that begin at known_from or later; until then a resource
 * is dispatched as if it were there, and the state takes what it really can give: less, or
 * nothing where that is less than it can run at. A unit that the market commits has tripped then and is
 * off for its least time (real_time_start.h).
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_H
#define SIM_CLEAR_REAL_TIME_H

#include "sim/admit/admit.h"
#include "sim/clear/mitigate.h"
#include "sim/clear/outcome.h"
#include "sim/clear/ruc.h"

/* Where everybody is at an instant; owned by whoever allocated it in an arena. */
struct rt_state {
    uint8_t *on;        /* [n_resource] it took part in the interval before */
    int32_t *since_min; /* [n_resource] minutes since that changed */
    double *output_mw;  /* [n_resource] injection positive */
    double *energy_mwh; /* [n_resource] stored; NaN but for storage */
};

/* Ramping capability of one run. Row-major; MW >= 0; prices USD/MW for an hour, >= 0. */
struct flex_outcome {
    double *up_mw, *down_mw;                   /* [n_interval][n_resource] awards */
    double *up_usd_per_mw, *down_usd_per_mw;   /* [n_interval] */
    double *up_required_mw, *down_required_mw; /* [n_interval] */
    double *up_short_mw, *down_short_mw;       /* [n_interval] */
    double
        *move_mw; /* [n_interval][n_resource] forecast movement: the advisory award of
                        the next interval less that of this one */
};

/* All trade days. .active false: the market has no real time, and all else is empty. */
struct rt_outcome {
    bool active;
    const struct watch
        *watch; /* stated by the caller; counts five minutes of the day */
    struct arena arena;
    struct outcome fmm; /* RT_QUARTERS x hours intervals */
    struct outcome rtd; /* RT_FIVES x hours intervals */
    struct flex_outcome fmm_flex, rtd_flex;
    /* Intervals of the market, of fmm, of rtd. */
    struct mitigation_tables hour_ahead_mitigation, fmm_mitigation, rtd_mitigation;
    double
        *block_mw; /* [hours][n_resource] hourly block of an import or export, injection
                         positive; NaN = not a block */
    double *accepted_mw;   /* likewise: what of it was accepted */
    uint8_t *energy_bound; /* [RT_FIVES x hours][n_resource] stored energy limited that
                              dispatch */
    struct rt_state now;   /* when the last run was over */
    /* The state when each hour ends, for the day-ahead market of the next day. */
    uint8_t *hour_on;        /* [hours][n_resource] */
    double *hour_mw;         /* [hours][n_resource] */
    double *hour_energy_mwh; /* [hours][n_resource] */
};

/* Sizes *out for the whole market, the state as resources state it; nothing where the
 * market has no real time. */
MUST_CHECK enum err_code rt_begin(const struct market *m, struct rt_outcome *out,
                                  struct err *err);
/*
 * All runs of one day, after clear_day and ruc_day of it; days in order. Sets what the
 * day-ahead market of the next day starts from (outcome.state_on, ...).
 */
MUST_CHECK enum err_code rt_day(const struct market *m, const struct admission *a,
                                int32_t day, struct outcome *day_ahead,
                                const struct ruc_outcome *ruc, struct rt_outcome *out,
                                struct err *err);
/* After the last day: names, shadow prices, relaxations of both runs. */
MUST_CHECK enum err_code rt_end(const struct market *m, struct rt_outcome *out,
                                struct err *err);
void rt_release(struct rt_outcome *rt);

#endif
