/*
 * grid_finish.h - the last step of every network reader: order and names of elements.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_GRID_FINISH_H
#define SIM_INPUT_GRID_FINISH_H

#include "sim/base/err.h"
#include "sim/model/grid.h"

/*
 * Sorts branches and DC lines by (from, to) and units by bus, parallel elements by their
 * data, and gives all of them their ids as grid.h says. Buses are in order and named already, with unique
 * ids and unique numbers. Where hyphens in bus ids would make two ids alike, bus numbers
 * take the place of bus ids in the ids of all elements of that kind.
 *
 * The result does not depend on the order of the elements before. ERR_NOMEM only.
 */
MUST_CHECK enum err_code grid_finish(struct grid *g, struct err *err);

#endif
