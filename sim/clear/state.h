/*
 * state.h - where everybody is when a trade day ends, for the day after.
 *
 * It is all that one day takes from the one before: a run of two days and a run of the
 * second from the state of the first clear and dispatch the same. (What coordinators owe is
 * carried by table scheduling_coordinators.)
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_STATE_H
#define SIM_CLEAR_STATE_H

#include "sim/admit/admit.h"
#include "sim/clear/outcome.h"
#include "sim/model/resource_state.h"

/* When the last day of a cleared market ends: state[n_resource]. */
void state_at_end(const struct market *m, const struct admission *a,
                  const struct outcome *o, struct resource_state *state);
/* Makes a market start from there. */
void state_apply(const struct resource_state *state, struct market *m);

/* How long a committed unit has been on (> 0) or off (< 0) when interval first begins. */
int32_t state_hours_before(const struct market *m, const struct outcome *o, int32_t r,
                           int32_t first);
/* The configuration that a plant which is on is in then, and hours in it so far. */
int32_t state_configuration_before(const struct market *m, const struct outcome *o,
                                   int32_t r, int32_t first, int32_t *hours);
/* Output when interval first begins; NaN where it took no part in the hour before. */
double state_output_before(const struct market *m, const struct admission *a,
                           const struct outcome *o, int32_t r, int32_t first);

#endif
