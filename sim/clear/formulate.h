/*
 * formulate.h - one trade day of admitted bids as a dispatch problem.
 *
 * Everything that bids is an injection P over the buses of its node (weights: the
 * distribution factors):
 *
 *   supply  P from base upward, segments in price order; a self-schedule is a segment
 *           whose cost is minus its penalty, so it clears first and is cut last
 *   demand  bid as withdrawal W, P = -W: base = -(whole bid), segments are MW *not*
 *           served from the least valued upward, their cost the value forgone
 *   storage P from -charge to +discharge, pieces that straddle zero are cut there
 *
 * | here                           | in solver/dispatch.h           |
 * |--------------------------------|--------------------------------|
 * | resource r, virtual position v | injections r, n_resource + v   |
 * | bid piece                      | segment, cost c and price cost |
 * | storage resource               | store                          |
 * | tie import, export limit       | groups 2k, 2k + 1              |
 * | ancillary services             | see services.h                 |
 * | hour                           | interval of 1 h                |
 *
 * A unit runs at Pmin or more in hours it bids and is off in hours it does not; its ramp
 * limits hold between two successive hours in both of which it bids: not across dates
 * that are not traded, over which only stored energy is kept. Units that the market
 * commits are made to follow afterwards: commitment.h.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_FORMULATE_H
#define SIM_CLEAR_FORMULATE_H

#include "sim/admit/admit.h"
#include "sim/clear/contingency.h"
#include "sim/clear/outcome.h"
#include "sim/clear/services.h"
#include "solver/dispatch.h"

/* What a segment means in the market. */
struct segment_meaning {
    int32_t owner; /* resource, n_resource + virtual position, or -1: of services */
    enum bid_kind kind;
    bool withdrawal;          /* its MW are demand not served */
    double price_usd_per_mwh; /* as bid, NaN for self-schedules */
};

struct formulation {
    struct arena arena;       /* owns everything below */
    struct contingency after; /* outages of the market, if it has any */
    struct dispatch_problem problem;
    double *base; /* what .problem borrows, for commitment to change */
    struct dispatch_segment *seg;
    bool *ramp_free;
    double *group_most;              /* [n_interval][n_group] */
    struct segment_meaning *meaning; /* [number of segments] */
    int32_t *store_resource;         /* [n_store] */
    int32_t *store_of;               /* [n_resource] its store, -1 = none */
    int32_t n_energy;                /* injections of resources and positions */
    struct services services;
    int32_t first_interval, n_interval; /* of the market */
};

/*
 * before: outcome of the days before this one (initial outputs and stored energy), read
 * only for day > 0. net: borrowed for the life of *out.
 */
MUST_CHECK enum err_code formulate_day(const struct market *m,
                                       const struct admission *a, int32_t day,
                                       struct network *net,
                                       const struct outcome *before,
                                       struct formulation *out, struct err *err);
void formulation_release(struct formulation *f);

/* What a piece of supply of an owner is in a dispatch, at no width. */
void formulate_supply(const struct rules *rules, int32_t owner,
                      const struct bid_segment *piece, struct dispatch_segment *seg,
                      struct segment_meaning *meaning);

/* Penalty of cutting a self-schedule by one MWh in the scheduling run, > 0. */
double formulate_self_penalty(const struct rules *rules, enum bid_kind kind,
                              bool withdrawal);

#endif
