/*
 * limit_factor.h - what one more MW at a node adds to a limit of flow, for the test of
 * competition: against the market's mitigation_reference, after an outage too.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_LIMIT_FACTOR_H
#define SIM_CLEAR_LIMIT_FACTOR_H

#include "sim/model/market.h"
#include "solver/network.h"

struct contingency_factors;

struct limit_factor {
    const struct market *m;
    struct network *net;
    struct contingency_factors *after; /* NULL without outages */
    double *mu, *bus_factor, *lodf;    /* scratch */
    double *node_factor;               /* [n_node] of the limit found last */
};

/* Borrows m and net for its life. */
MUST_CHECK enum err_code limit_factor_create(const struct market *m,
                                             struct network *net,
                                             struct limit_factor *out, struct err *err);
void limit_factor_release(struct limit_factor *f);
/* The limit of a branch, upper or lower, in the whole network (outage -1) or after one. */
MUST_CHECK enum err_code limit_factor_find(struct limit_factor *f, int32_t branch,
                                           int32_t outage, bool upper, struct err *err);

#endif
