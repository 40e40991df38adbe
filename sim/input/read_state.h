/*
 * read_state.h - the state that a run left, as a table.
 *
 * Columns resource_id, state_of (the trade date that has ended), hours, output_mw, energy_mwh,
 * minutes, configuration, configuration_h; a row for every resource of the market, output as
 * injection. What participants owe is no part of it.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_READ_STATE_H
#define SIM_INPUT_READ_STATE_H

#include "sim/base/err.h"
#include "sim/model/market.h"
#include "sim/model/resource_state.h"

/*
 * state[m->n_resource]. Faults with their places: rows of unknown resources, resources
 * without a row, a date that is not the one before the first trade date, stored energy
 * that a resource cannot hold. ERR_INPUT then, ERR_IO, ERR_NOMEM.
 */
MUST_CHECK enum err_code read_state(const char *path, const struct market *m,
                                    struct resource_state *state,
                                    struct err_list *faults, struct err *err);

#endif
