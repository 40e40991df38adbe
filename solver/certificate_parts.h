/*
 * certificate_parts.h - what the files behind certificate.h share.
 *
 * Layer: solver.
 */
#ifndef SOLVER_CERTIFICATE_PARTS_H
#define SOLVER_CERTIFICATE_PARTS_H

#include "solver/certificate.h"
#include "solver/certificate_outage.h"

struct check {
    const struct certificate_input *in;
    const struct dispatch_problem *p;
    const struct network_data *d;
    double *bus;   /* [n_bus] scratch */
    double *scale; /* [n_bus] scratch */
    double *mean;  /* [n_island] scratch */
    double *mu;    /* [n_branch] shadow of the maximum less that of the minimum */
    double *above, *below; /* [n_branch] how far each limit is relaxed */
    int32_t *parent;       /* [n_bus] towards the root of the buses tied to it */
    double *potential;     /* [n_bus] above that of the parent */
    double strongest;      /* largest |b| of a branch that is no tie, MW/rad */
    double *price; /* [n_interval * n_injection] worth of one more MW, all limits */
    double *energy_value; /* [n_interval * n_store] worth of one MWh in the store */
    const struct dispatch_polynomial **smooth; /* [n_injection] or NULL each */
    struct certificate_after after;            /* empty without outages */
    double primal, dual, gap, objective;
};

/* Raises *worst to by; what is no number is worst of all. */
void certificate_worse(double *worst, double by);

/* Price at a bus, $/MWh. */
double certificate_lmp(const struct check *c, int32_t t, int32_t bus);

/*
 * certificate_injection.c: prices of injections from those of buses and all rows; then
 * output, range and reduced cost of every segment, and energy of every store.
 */
MUST_CHECK enum err_code certificate_injections(struct check *c, struct err *err);

#endif
