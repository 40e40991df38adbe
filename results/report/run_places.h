/*
 * run_places.h - where the nodes of a run stand on the map, and which of them are shown
 * where not all can be.
 *
 * Layer: results/report (may include sim/base, results).
 */
#ifndef RESULTS_REPORT_RUN_PLACES_H
#define RESULTS_REPORT_RUN_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/run_read.h"
#include "sim/base/arena.h"
#include "sim/base/err.h"

struct run_places {
    struct arena arena; /* owns the arrays */
    size_t n_node;
    double *x,
        *y;     /* [n_node] from 0 to 1000 along the longer side; NaN: not on the map,
                    * as aggregated nodes are not; y points down */
    bool given; /* by coordinates, not by a layout */
    size_t n_price;
    int32_t *price; /* [n_price] ascending: aggregated nodes and ties first, then the
                     * dearest and the cheapest node, then nodes at even steps */
};

/* The same file gives the same places. ERR_INPUT where tables do not fit together,
 * ERR_NOMEM, errors of reading. */
MUST_CHECK enum err_code run_places_find(const struct run_read *rd, const char *stage,
                                         size_t most_prices, struct run_places *out,
                                         struct err *err);
void run_places_release(struct run_places *p);

#endif
