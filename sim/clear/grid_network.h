/*
 * grid_network.h - a grid under a DC convention: susceptances, shifts, limits, and the
 * solver's network over them.
 *
 * MATPOWER: b = base_mva / (x tap), flow = b (theta_f - theta_t - shift).
 * PGLib:    b = base_mva x / (r^2 + x^2), tap and shift ignored.
 * x = 0:    a bus tie (solver/network.h) with the limit of its rate, in both.
 * Losses: r f^2 / base_mva, f in MW, at 1 p.u. voltage whatever the tap; a tie loses none.
 * A limit on the angle difference is a limit on the flow: b (angle - shift).
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_GRID_NETWORK_H
#define SIM_CLEAR_GRID_NETWORK_H

#include "sim/base/arena.h"
#include "sim/model/grid.h"
#include "solver/network.h"

struct grid_network {
    struct arena arena; /* owns what data points to */
    struct network_data data;
    struct network *net;
};

/*
 * reference_weight: [grid->n_bus], borrowed for the life of *out. ERR_NUMERIC when a
 * susceptance is beyond all numbers or an island's matrix is singular.
 */
MUST_CHECK enum err_code grid_network_create(const struct grid *grid,
                                             enum dc_model model,
                                             const double *reference_weight,
                                             struct grid_network *out, struct err *err);
void grid_network_release(struct grid_network *gn);

#endif
