/*
 * full_dispatch.h - the slow, obvious twin of solver/dispatch.h: the whole problem as one
 * LP with an angle per bus and interval, every limit a row from the start, handed to
 * GLPK. Shares nothing with solver/ but the statement of the problem.
 *
 * With losses every branch and interval has a column for what it loses, at least k f^2 by
 * tangents that are added until none is missing. Where a price is negative, more would be
 * lost than k f^2 if it could be: the twin's cost is then a bound from below, and
 * loses_more is set.
 */
#ifndef TESTS_ORACLE_FULL_DISPATCH_H
#define TESTS_ORACLE_FULL_DISPATCH_H

#include "solver/dispatch.h"

struct full_dispatch {
    bool pricing;   /* costs and penalties of the pricing run */
    bool exclusive; /* a binary per store and interval: never both directions */
    int chords;     /* of each polynomial's range */
    /* Out. Arrays may be NULL; prices only without exclusive. */
    double objective_usd;
    double *lmp_usd_per_mwh; /* [n_interval][n_bus] some optimal prices */
    double *injection_mw;    /* [n_interval][n_injection] some optimal powers */
    bool both_ways;          /* a store charges and discharges at once */
    bool loses_more;         /* than the flows lose: prices below zero */
    double loss_mw;          /* of all intervals */
};

/* Fails the running test when GLPK finds no optimum. */
void full_dispatch(const struct dispatch_problem *p, struct full_dispatch *f);
/* Objective alone, both directions allowed. */
double full_dispatch_cost(const struct dispatch_problem *p);

#endif
