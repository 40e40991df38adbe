/*
 * ruc.h - residual unit commitment: after the market of a day, enough units for the
 * forecast.
 *
 * Demand may have been bid below the load that is forecast, and virtual supply never
 * delivers. RUC looks at the day once more, with the forecast for the bids of loads and
 * without virtual bids, and buys capacity, not energy:
 *
 *     minimise  sum_gt [ start cost + min load cost of hours not on before
 *                        + R_gt A_gt ]  +  penalties                               (1)
 *     balance   sum_g S + held + short >= forecast + losses  : nu_t >= 0          (2)
 *     network   flow limits, also after outages, of S, held and forecast          (3)
 *     range     Pmin u <= S <= (offered MW - upward services) u                   (4)
 *     award     A = max(0, S - max(DA, Pmin)), DA the award of the market         (5)
 *     units     u = 1 where the market has u = 1; times, starts and ramps of
 *               commitment.h                                                      (6)
 *
 * S is the RUC schedule. What is held is every award of the market that is no
 * generator's: imports, exports, storage, demand response, aggregations, and loads where
 * there is no forecast. A load is replaced by the forecast where a node with one shares a
 * bus with the load's node. Generators on which the market decided to run stay on, and
 * give up awards (S < DA) only for a penalty, that of cutting price-taking supply. What
 * nobody needs of them may stay unused for nothing, so nu_t >= 0.
 *
 * R is 0 unless table ruc_bids says otherwise; only what was offered as energy in the
 * hour can be awarded. The price of a node is the dual of (2) and (3): what one more MW of
 * forecast there costs, in USD per MW held for an hour.
 *
 * Two steps, as in the market: commit_solve decides u, with a bound; dispatch_solve over
 * the units that are on gives S and prices, with its certificate. In the first step units
 * without terms (table commitment) have no ramps, and losses are those of the market.
 *
 * A day after one with RUC starts from the units that RUC left on: outcome.state_on.
 *
 * Arrays over [interval][thing] are row-major and cover all trade days of the market.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_RUC_H
#define SIM_CLEAR_RUC_H

#include "sim/admit/admit.h"
#include "sim/clear/outcome.h"

/* Sums over all days. */
struct ruc_facts {
    int32_t n_unit;      /* generators that RUC may commit */
    int32_t n_committed; /* unit-days with hours on that the market left off */
    int32_t n_start;     /* starts in hours in which the market has none */
    int32_t n_kept_day;  /* days for which no schedule was found: left as they were */
    int32_t n_short;     /* hours short of capacity */
    int32_t n_no_need;   /* hours whose forecast is at most what was cleared */
    double committed_h;  /* unit-hours on that the market left off */
    double award_mwh;    /* sum of awards */
    double short_mwh;    /* forecast that no capacity stands behind */
    double raised_h;     /* plant-hours in a higher configuration than the market's */
    double start_usd;    /* sum of start_cost_usd */
    double transition_usd;
    double min_load_usd; /* sum of min_load_usd */
    double award_usd;    /* sum of R A, as bid */
    double cost_usd,
        bound_usd; /* (1) after step one; bound: no commitment costs less */
    int64_t work;
};

struct ruc_outcome {
    bool active; /* the market asks for it; else all counts and arrays are empty */
    struct arena arena;
    int32_t n_interval, n_resource, n_node;
    /* Units that the market commits (outcome.on): on in the market or made so by RUC. */
    uint8_t *on; /* [n_interval][n_resource] */
    /*
     * Beside the day-ahead market: start costs of the day after RUC less those in the
     * market, hour by hour (a start brought forward is less than nothing in the hour it
     * leaves), and minimum load of hours that the market left off.
     */
    double *start_cost_usd; /* [n_interval][n_resource] */
    double *min_load_usd;   /* [n_interval][n_resource] */
    /* Of plants, where there are any, likewise: in the market's configuration or a higher
     * one; what moves cost beside the market's. Else NULL. */
    int32_t *configuration;   /* [n_interval][n_resource] see outcome.h */
    double *transition_usd;   /* [n_interval][n_resource] */
    double *schedule_mw;      /* [n_interval][n_resource] S; what is held: the award */
    double *award_mw;         /* [n_interval][n_resource] A >= 0, generators only */
    double *bid_usd_per_mw;   /* [n_interval][n_resource] R, generators only */
    double *price_usd_per_mw; /* [n_interval][n_node] */
    double *required_mw;      /* [n_interval] forecast, and load held */
    double *
        cleared_mw; /* [n_interval] what its awards cover: all but loads, less losses */
    double *shortage_mw, *surplus_mw; /* [n_interval] */
    struct ruc_facts facts;
    double objective_usd; /* (1) of the final schedule, penalties included */
    bool consistent;      /* see outcome.h */
    struct clear_certificate certificate; /* worst over days; no rent */
    struct clear_stats stats;
};

/* Sizes *out for the whole market; nothing is committed yet. */
MUST_CHECK enum err_code ruc_begin(const struct market *m, struct ruc_outcome *out,
                                   struct err *err);
/*
 * One day, after clear_day of it; days in order. Reads the day of *o, and sets its .state_on
 * for the market of the next day.
 */
MUST_CHECK enum err_code ruc_day(const struct market *m, const struct admission *a,
                                 int32_t day, struct outcome *o,
                                 struct ruc_outcome *out, struct err *err);
void ruc_release(struct ruc_outcome *ruc);

#endif
