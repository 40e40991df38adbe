/*
 * slow_flow.h - DC flows, and flows after outages, by Gaussian elimination of the full
 * matrix: the slow, obvious twin of solver/network.h and outage.h for networks of a
 * thousand buses.
 */
#ifndef TESTS_ORACLE_SLOW_FLOW_H
#define TESTS_ORACLE_SLOW_FLOW_H

#include "solver/network.h"

struct slow_flow;

/* One connected network without ties and phase shifts; fails the test if it is singular. */
struct slow_flow *slow_flow_create(const struct network_data *net);
void slow_flow_release(struct slow_flow *f);

/* flow_mw[n_branch] of injections that balance. */
void slow_flow_base(const struct slow_flow *f, const double *injection_mw,
                    double *flow_mw);
/*
 * What of one MW that flows on branch k before its outage is on each branch after it,
 * factor[n_branch]; false where the outage cuts the network in two.
 */
bool slow_flow_outage(const struct slow_flow *f, int32_t branch, double *factor);

#endif
