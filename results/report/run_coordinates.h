/*
 * run_coordinates.h - nodes on the map by the longitudes and latitudes of the run file.
 *
 * The map is the equirectangular one about the middle latitude, which is true enough for a
 * market's territory. A node without coordinates stands in the middle of its neighbours that
 * have a place; ties stand a little outside of their bus; nodes on one spot, as the voltages
 * of a substation are, stand in a row.
 *
 * Layer: results/report (may include sim/base, results).
 */
#ifndef RESULTS_REPORT_RUN_COORDINATES_H
#define RESULTS_REPORT_RUN_COORDINATES_H

#include <stdbool.h>

#include "results/report/layout.h"
#include "sim/base/arena.h"
#include "sim/base/err.h"

/*
 * longitude_deg, latitude_deg: [net->n_node], NaN where not known. x, y: [n_node], any unit,
 * y points down; NaN where nothing says where a node is. ERR_NOMEM.
 */
MUST_CHECK enum err_code run_coordinates_place(const struct layout_net *net,
                                               const double *longitude_deg,
                                               const double *latitude_deg, double *x,
                                               double *y, struct err *err);
/* Whether they are worth a map: known of half of the nodes that shown[n_node] marks. */
bool run_coordinates_suffice(const double *longitude_deg, const double *latitude_deg,
                             const uint8_t *shown, int32_t n_node);

#endif
