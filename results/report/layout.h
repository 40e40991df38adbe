/*
 * layout.h - a place in the plane for every node of a network that has no coordinates.
 *
 * The distance between two nodes is the number of branches between them, and the picture
 * should show it: stress is the sum over pairs of w (|p_i - p_j| - d_ij)^2, w = 1/d^2.
 * Pivot MDS (Brandes and Pich, 2007) gives the coarse picture from the distances to
 * LAYOUT_PIVOTS nodes; sparse stress majorisation (Ortmann, Klimenta and Brandes, 2017)
 * improves it: the sum runs over the pivots, each standing for the nodes around it, and
 * over the nodes at most two branches away. Where many nodes have the same distances they
 * stand in a crowd then; so the last sweeps leave the pivots out and push apart what stands
 * nearer than a branch is long. With the number of pivots and of sweeps fixed, work is O(n + m) but for the sort that packs islands side by side, O(n log n).
 *
 * Made of sums, products, quotients and square roots only, in one order: the same network
 * gives the same places on every machine.
 *
 * Layer: results/report (may include sim/base).
 */
#ifndef RESULTS_REPORT_LAYOUT_H
#define RESULTS_REPORT_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

enum {
    LAYOUT_PIVOTS = 48,
    LAYOUT_SWEEPS = 50,     /* of the whole */
    LAYOUT_ROOM_SWEEPS = 60 /* of the parts */
};

struct layout_net {
    int32_t n_node, n_edge;
    const int32_t *from, *to; /* [n_edge] nodes; loops and doubles are welcome */
};

/*
 * x[n_node], y[n_node]: one branch is about 1 long; the widest direction of the largest
 * island lies along x; islands do not overlap, nodes without branches stand in rows below.
 * ERR_NOMEM; ERR_BUG for an edge to a node that is not there.
 */
MUST_CHECK enum err_code layout_place(const struct layout_net *net, double *x,
                                      double *y, struct err *err);

/* The neighbours of every node: those of node i are item[start[i] .. start[i + 1]).
 * Loops are left out, doubles stay. Both arrays are the caller's, to be freed by mem_free. */
MUST_CHECK enum err_code layout_neighbours(const struct layout_net *net,
                                           int32_t **start, int32_t **item,
                                           struct err *err);

#endif
