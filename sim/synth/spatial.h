/*
 * spatial.h - points in the plane: which are near, and a short tree that joins all.
 *
 * Points fall into square cells of about two points each, so that a search looks at a few
 * cells: k nearest neighbours of all points in O(n k), and from them, shortest first, a
 * spanning tree (Kruskal, 1956). What the neighbours leave unjoined is joined by the
 * nearest pairs (Boruvka, 1926). The tree is the shortest there is, or within a fraction
 * of a percent of it where an edge of the shortest joins no near neighbours. Coordinates and distances are integers: the same points
 * give the same links on every machine.
 *
 * Layer: sim/synth.
 */
#ifndef SIM_SYNTH_SPATIAL_H
#define SIM_SYNTH_SPATIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/err.h"

enum {
    SPATIAL_MAX_NEIGHBOURS = 16
};

struct spatial_link {
    int32_t a, b;  /* two different points */
    int64_t d2_m2; /* square of their distance */
    bool tree;     /* part of the spanning tree */
};

/* Points x_m[n], y_m[n] (borrowed, |coordinate| < 2^30) in cells. */
struct spatial_cells {
    int32_t n, n_x, n_y, cell_m, min_x_m, min_y_m;
    const int32_t *x_m, *y_m;
    int32_t *start; /* [n_x * n_y + 1] */
    int32_t *item;  /* [n] points by cell, row by row; ascending within a cell */
};

/* The arena owns the arrays. ERR_NOMEM. */
MUST_CHECK enum err_code spatial_cells_fill(struct arena *a, int32_t n,
                                            const int32_t *x_m, const int32_t *y_m,
                                            struct spatial_cells *out, struct err *err);
/*
 * Every pair in which one is among the k (1..SPATIAL_MAX_NEIGHBOURS) nearest of the other,
 * once, and the pairs that are needed to join everything; the n - 1 links of the spanning
 * tree are marked. The arena owns *link. ERR_NOMEM.
 */
MUST_CHECK enum err_code spatial_links(struct arena *a, const struct spatial_cells *c,
                                       int k, struct spatial_link **link,
                                       int32_t *n_link, struct err *err);

#endif
