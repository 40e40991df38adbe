/*
 * network_parts.h - what the files behind network.h share.
 *
 * Layer: solver.
 */
#ifndef SOLVER_NETWORK_PARTS_H
#define SOLVER_NETWORK_PARTS_H

#include "solver/network.h"
#include "solver/sparse.h"

struct network {
    struct network_data d;
    int32_t n_island;
    int32_t *island;  /* [n_bus] */
    int32_t *reduced; /* [n_bus] row of B' of its node, -1 in the first of an island */
    int32_t n_reduced;
    double *reference; /* [n_bus] */
    double *total;     /* [n_island] scratch */
    double *rhs;       /* [n_rhs * n_reduced] scratch, as many as were ever asked for */
    int32_t n_rhs;
    struct sparse_factor *factor;
    /* Bus ties; all of it is empty where there are none. */
    int32_t n_tie;
    int32_t *tie;    /* [n_tie] branch */
    int32_t *joined; /* [n_bus] row of T, -1 for the first bus of a node */
    int32_t n_joined;
    double *potential;           /* [n_joined] scratch */
    struct sparse_factor *joint; /* T: the Laplacian of the ties, all of weight 1 */
};

/* Of T's row, or 0 at the first bus of a node and at a bus without ties. */
static inline double network_potential_at(const struct network *net, int32_t bus)
{
    return net->joined[bus] < 0 ? 0.0 : net->potential[net->joined[bus]];
}

static inline double network_angle_at(const struct network *net, const double *x,
                                      int32_t bus)
{
    return net->reduced[bus] < 0 ? 0.0 : x[net->reduced[bus]];
}

/* Adds weight at one end of a branch and takes it at the other, over the rows of B'. */
static inline void network_add_ends(const struct network *net, int32_t branch,
                                    double weight, double *x)
{
    int32_t f = net->reduced[net->d.from[branch]], t = net->reduced[net->d.to[branch]];
    if (f >= 0)
        x[f] += weight;
    if (t >= 0)
        x[t] -= weight;
}

#endif
