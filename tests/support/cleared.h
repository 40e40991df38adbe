/*
 * cleared.h - a market taken all the way: admitted, cleared, settled.
 */
#ifndef TESTS_SUPPORT_CLEARED_H
#define TESTS_SUPPORT_CLEARED_H

#include "sim/admit/admit.h"
#include "sim/clear/clear.h"
#include "sim/settle/settle.h"

struct cleared {
    struct market m;
    struct admission a;
    struct outcome o;
    struct ruc_outcome ruc; /* where the market has residual commitment */
    struct rt_outcome rt;   /* where the market has real time */
    struct metering meter;
    struct settlement s;
};

/*
 * Takes the market over. Fails the running test on any error. No credit check: every bid
 * that keeps the bid rules is cleared. With residual commitment a day begins where real time
 * left the one before, else where its day-ahead market did.
 */
void cleared_make(struct market m, struct cleared *c);
void cleared_release(struct cleared *c);
/* Price at a node, award of a resource, both in an interval. */
double cleared_lmp(const struct cleared *c, int32_t t, int32_t node);
double cleared_award(const struct cleared *c, int32_t t, int32_t resource);

#endif
