/*
 * full_stress.h - the stress of a picture of a network over all pairs of nodes, and the
 * picture of less stress that descends from it: the slow twin of results/report/layout.h.
 *
 * stress = sum over pairs in one island of (|p_i - p_j| / d_ij - 1)^2, divided by their
 * number; d_ij in branches, from all shortest paths (Floyd and Warshall). O(n^3).
 */
#ifndef TESTS_ORACLE_FULL_STRESS_H
#define TESTS_ORACLE_FULL_STRESS_H

#include "results/report/layout.h"

double full_stress(const struct layout_net *net, const double *x, const double *y);
/* Majorisation over all pairs (Gansner, Koren and North, 2004), node by node, in place;
 * returns the stress that is left. */
double full_stress_descend(const struct layout_net *net, int sweeps, double *x,
                           double *y);

#endif
