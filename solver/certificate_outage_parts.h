/*
 * certificate_outage_parts.h - what the files behind certificate_outage.h share.
 *
 * Layer: solver.
 */
#ifndef SOLVER_CERTIFICATE_OUTAGE_PARTS_H
#define SOLVER_CERTIFICATE_OUTAGE_PARTS_H

#include <math.h>

#include "solver/certificate_outage.h"
#include "solver/certificate_parts.h"
#include "solver/sparse.h"

struct after {
    const struct certificate_input *in;
    const struct dispatch_problem *p;
    const struct dispatch_outages *o;
    const struct network_data *d;
    struct certificate_after *out;
    int32_t n_t;

    int32_t *row_start, *row; /* rows of the answer by outage */
    int32_t *at;              /* [n_bus] row of its angle in the factor, -1 = 0 rad */
    int32_t n_at;
    struct sparse_factor *factor;
    double *room;   /* [n_branch] least over the intervals, before outages */
    double *bus_mw; /* [n_t * n_bus] what enters the network, before outages */
};

static inline int32_t certificate_n_branch(const struct after *x, int32_t k)
{
    return x->o->branch_start[k + 1] - x->o->branch_start[k];
}

static inline int32_t certificate_n_injection(const struct after *x, int32_t k)
{
    return x->o->injection_start[k + 1] - x->o->injection_start[k];
}

/* One branch is lost that is no tie, and nothing else. */
static inline bool certificate_is_plain(const struct after *x, int32_t k)
{
    return certificate_n_branch(x, k) == 1 && certificate_n_injection(x, k) == 0 &&
           !network_is_bus_tie(x->d, x->o->branch[x->o->branch_start[k]]);
}

static inline bool certificate_has_rows(const struct after *x, int32_t k)
{
    return x->row_start[k] < x->row_start[k + 1];
}

static inline double certificate_flow(const struct after *x, int32_t t, int32_t l)
{
    return x->in->flow_mw[(size_t)t * (size_t)x->d->n_branch + (size_t)l];
}

static inline bool certificate_is_limited(const struct after *x, int32_t l)
{
    bool own = x->o->state &&
               (isfinite(x->d->flow_max_mw[l]) || isfinite(x->d->flow_min_mw[l]));
    return own || isfinite(x->o->max_mw[l]) || isfinite(x->o->min_mw[l]);
}

/* A flow after outage k against its limits, relaxed as the rows say. */
void certificate_hold(struct after *x, int32_t t, int32_t k, int32_t l, double flow);
/*
 * A row of the answer: its flow after the outage, and its shadow price on the flows
 * before, of which `effect` is how much each lost branch and injection counts.
 */
void certificate_charge(struct after *x, int32_t r, double flow, const double *effect);

/* certificate_branch.c: all plain outages; those that have rows, if only_rows. */
MUST_CHECK enum err_code certificate_plain(struct after *x, bool only_rows,
                                           struct err *err);

#endif
