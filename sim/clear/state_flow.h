/*
 * state_flow.h - flows of hours in which branches are out of service.
 *
 * The solver states such hours by the flows of the whole network and what the state makes of
 * them (solver/dispatch.h). What flows then, and is recorded, is what the network without
 * these branches carries; they carry nothing.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_STATE_FLOW_H
#define SIM_CLEAR_STATE_FLOW_H

#include "sim/clear/formulate.h"
#include "sim/clear/outcome.h"
#include "sim/model/market.h"

/*
 * Replaces the flows of the intervals of f where the network is in a state; they are those
 * of the whole network until then. ERR_NOMEM, ERR_NUMERIC.
 */
MUST_CHECK enum err_code state_flow_record(const struct market *m,
                                           const struct formulation *f,
                                           struct outcome *o, struct err *err);

#endif
