/*
 * explain_award.h - why an owner of bids got the MW that it has.
 *
 * Its award P maximises what it earns at the prices, as long as no limit of its own is in
 * the way. For a piece of price b the market takes it further where
 *
 *     lmp + own limits > b                                                       (1)
 *
 * own limits being what its ramps, its stored energy, its range shared with services and its
 * tie add: sums of their shadow prices. For storage the worth of a MWh more at the end of t
 * is, beside bids,
 *
 *     worth(t) = sum over u >= t of (shadow price of energy min - of energy max) (2)
 *
 * charging b pays when b + charge efficiency x worth > lmp, and discharging when
 * lmp > b + worth / discharge efficiency.
 *
 * What it gave up: what more it would have earned at this hour's price, had it been free of
 * everything but its own bid,
 *
 *     sum over pieces of max(0, lmp - b) MW not taken + max(0, b - lmp) MW taken (3)
 *
 * Layer: sim/explain.
 */
#ifndef SIM_EXPLAIN_EXPLAIN_AWARD_H
#define SIM_EXPLAIN_EXPLAIN_AWARD_H

#include "sim/explain/explain_run.h"

enum award_reason {
    AWARD_NO_BID,     /* nothing was offered, or what was did not get through */
    AWARD_AT_MOST,    /* all of it is taken */
    AWARD_AT_LEAST,   /* its price is worse than the market's: none beyond the least */
    AWARD_SETS_PRICE, /* a piece is taken in part, at the price */
    AWARD_BETWEEN,    /* taken up to a piece that the price does not pay for */
    AWARD_HELD,       /* a limit of its own holds it: see limits */
    AWARD_SELF_SCHEDULE, /* it asked for these MW whatever the price */
    AWARD_CUT,           /* its self-schedule could not be met in full */
};

/* A limit of the owner that has a price, in this hour or in a later one of the day. */
struct award_limit {
    int32_t limit, interval;
    double shadow_usd_per_mwh;
};

struct award_story {
    enum award_reason reason;
    double mw, lmp, hours;
    size_t n_piece;
    const struct explain_piece *piece; /* [n_piece] borrowed from the run */
    double least_mw, most_mw;          /* what its pieces range over */
    int32_t next;                      /* first piece not wholly taken, -1 = none */
    int32_t below; /* last piece of which something is taken, -1 = none */
    size_t n_limit;
    struct award_limit *limit; /* [n_limit] owned; by interval */
    bool is_store;
    double before_mwh, after_mwh, worth_usd_per_mwh; /* (2) */
    double service_up_mw, service_down_mw;
    double revenue_usd, cost_usd, given_up_usd; /* cost: of what is taken, from 0 MW */
};

MUST_CHECK enum err_code explain_award(const struct explain_run *x, int32_t owner,
                                       int32_t t, struct award_story *out,
                                       struct err *err);
void award_story_release(struct award_story *s);

#endif
