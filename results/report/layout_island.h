/*
 * layout_island.h - places of the nodes of one connected island: see layout.h.
 *
 * Layer: results/report (may include sim/base).
 */
#ifndef RESULTS_REPORT_LAYOUT_ISLAND_H
#define RESULTS_REPORT_LAYOUT_ISLAND_H

#include <stdint.h>

#include "sim/base/err.h"

struct layout_island {
    int32_t n;                   /* nodes of the island, >= 1 */
    const int32_t *node;         /* [n] which ones */
    const int32_t *start, *item; /* neighbours, as from layout_neighbours */
    int32_t *local;              /* [all nodes] scratch of the caller */
    double *x, *y;               /* [all nodes] the island's are written */
};

/* One branch is about 1 long, the widest direction lies along x. ERR_NOMEM. */
MUST_CHECK enum err_code layout_island_place(const struct layout_island *l,
                                             struct err *err);

#endif
