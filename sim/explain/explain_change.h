/*
 * explain_change.h - what one more MW of load at a node would change.
 *
 * A linear program over the trade day of that interval, from the awards as they are: every
 * piece of every bid may be taken further or given back,
 *
 *     minimise    sum price x (MW taken more - MW given back) x hours
 *     subject to  in every interval and island, what is injected more is what load takes more
 *                 limits that bind, and ties, ramps and stores, keep what room they have
 *
 * EXPLAIN_RATE asks for the direction: whatever has room has any amount of it. Its cost is a
 * one-sided price; where those of one MW more and one MW less differ, the price is not
 * unique and may lie anywhere between. EXPLAIN_MW asks for a step of that size with the room
 * there is; flows of the network as it is are checked, and limits that would break enter.
 * Limits after outages that do not bind are not in the file: a step may break them unseen.
 *
 * Runs of real time look at a window of which the file holds the first interval: there the
 * program is of that interval alone, and a price that it does not reach has a part from later.
 *
 * Of solutions that cost the same, one that moves few MW is taken. Losses change at the rate
 * that prices tell. Ancillary services stay as awarded.
 *
 * Layer: sim/explain.
 */
#ifndef SIM_EXPLAIN_EXPLAIN_CHANGE_H
#define SIM_EXPLAIN_EXPLAIN_CHANGE_H

#include "sim/explain/explain_run.h"

enum explain_mode {
    EXPLAIN_RATE,
    EXPLAIN_MW,
};

/* What an owner does more (injection positive) in an interval. */
struct explain_move {
    int32_t interval, owner;
    double mw;
    double usd_per_mwh; /* mean price of the pieces that move */
    bool is_energy;     /* false: a self-schedule gives way */
};

enum explain_answer {
    EXPLAIN_FOUND,
    EXPLAIN_NO_BIDS,    /* the file holds no bids */
    EXPLAIN_IMPOSSIBLE, /* nobody can serve it, whatever it costs */
    EXPLAIN_NOT_BEST,   /* by the bids in the file the awards could be improved */
};

struct explain_change {
    enum explain_answer answer;
    double cost_usd;           /* of the whole day */
    size_t n_move;             /* by interval, then owner */
    struct explain_move *move; /* [n_move] owned */
    double shortage_mw;        /* of the interval, not served */
    double surplus_mw;         /* no longer in surplus, negative: more of it */
};

/* mw more of load at a node in interval t, may be negative; EXPLAIN_RATE: 1 or -1. */
MUST_CHECK enum err_code explain_change_find(const struct explain_run *x, int32_t node,
                                             int32_t t, double mw,
                                             enum explain_mode mode,
                                             struct explain_change *out,
                                             struct err *err);
void explain_change_release(struct explain_change *c);

#endif
