/*
 * network.h - a transmission network in the DC approximation, and its linear algebra.
 *
 *     flow_l = b_l (theta_from(l) - theta_to(l) - shift_l)                     (1)
 *     sum of flows leaving bus n = injection_n                                 (2)
 *
 * Flow is positive from -> to. b_l is in MW/rad (per-unit susceptance x base MVA), may
 * be negative, never zero.
 *
 * A branch of infinite b is a bus tie: theta_from = theta_to. Buses joined by ties are one
 * electrical node with one angle. What flows on the ties of a node follows from (2) where
 * they form a tree. In a loop of ties (2) leaves the split open; it is then the one of
 * least sum of squares, as if all ties had the same, very small reactance:
 *
 *     flow_l = phi_from(l) - phi_to(l), phi any potential over the buses         (3)
 *
 * which is linear in the injections, so that ties have distribution factors, and may have
 * limits, like any other branch.
 *
 * Buses form islands; each island has a reference distribution
 * (weights >= 0 that sum to 1), by default its load. The power transfer distribution
 * factor PTDF_ln is the flow on l caused by 1 MW injected at n and withdrawn over the
 * reference distribution of n's island.
 *
 * Layer: solver (knows MW and $, no participants).
 */
#ifndef SOLVER_NETWORK_H
#define SOLVER_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"

/* What the caller states. All arrays are borrowed and must outlive the network. */
struct network_data {
    int32_t n_bus, n_branch;
    const int32_t *from, *to;             /* [n_branch] bus */
    const double *susceptance_mw_per_rad; /* [n_branch] b, INFINITY = a bus tie */
    const double *shift_rad;              /* [n_branch] 0 for a bus tie */
    const double *flow_min_mw,
        *flow_max_mw;               /* [n_branch] min <= max, +-INFINITY = none */
    const double *reference_weight; /* [n_bus] >= 0, any scale; see above */
    const double *loss_per_mw; /* [n_branch] MW lost per MW^2 carried, >= 0, see loss.h;
                                  NULL = none */
};

struct network; /* owns the factorisation */

/*
 * Finds islands, normalises the reference (equal weights in an island where all are
 * zero) and factorises. ERR_NUMERIC when an island's matrix is singular.
 */
MUST_CHECK enum err_code network_create(const struct network_data *data,
                                        struct network **out, struct err *err);
void network_destroy(struct network *net);

const struct network_data *network_data(const struct network *net);
bool network_is_bus_tie(const struct network_data *data, int32_t branch);
int32_t network_n_island(const struct network *net);
const int32_t *network_island(const struct network *net); /* [n_bus] */
/*
 * Electrical nodes whose angle is unknown: [n_bus] the node of a bus, -1 where the angle
 * is zero (the first bus of an island and what is tied to it).
 */
const int32_t *network_node(const struct network *net);
int32_t network_n_node(const struct network *net);
const double *network_reference(const struct network *net); /* [n_bus] normalised */

/*
 * Rows of PTDF, relative to the reference distribution: row[i*n_bus + n] for branch[i].
 */
MUST_CHECK enum err_code network_ptdf_rows(struct network *net, int32_t n_rows,
                                           const int32_t *branch, double *row,
                                           struct err *err);
/*
 * Row of PTDF of one branch after another, none of which is a bus tie, at n_at buses only:
 * row[i*n_at + j] is that of bus at[j]. Several times faster than all of them.
 */
MUST_CHECK enum err_code network_ptdf_at(struct network *net, int32_t n_rows,
                                         const int32_t *branch, int32_t n_at,
                                         const int32_t *at, double *row,
                                         struct err *err);
/*
 * Mixtures of rows of PTDF: out[c*n_bus + n] = sum_l mu[c*n_branch + l] PTDF_ln, at the
 * cost of one solve each. With mu the shadow prices of flows it is the congestion part
 * of the price at every bus.
 */
MUST_CHECK enum err_code network_prices(struct network *net, int32_t n_case,
                                        const double *mu, double *out, struct err *err);
/*
 * Angles and flows of n_case injections at once. injection_mw[c*n_bus + n] need not
 * balance: what is missing in an island is taken over its reference distribution.
 * angle_rad[c*n_bus + n] is zero at the first bus of each island; either output may be
 * NULL.
 */
MUST_CHECK enum err_code network_flows(struct network *net, int32_t n_case,
                                       const double *injection_mw, double *angle_rad,
                                       double *flow_mw, struct err *err);

#endif
