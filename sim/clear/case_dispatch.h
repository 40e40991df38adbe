/*
 * case_dispatch.h - a network case with unit costs, dispatched for one hour: DC optimal
 * power flow.
 *
 * Load and shunt draw are fixed, units run between Pmin and Pmax at their cost (none =
 * zero), DC lines between their limits at theirs. Node n is bus n, resource u is unit u.
 * What a DC line earns between its ends is no part of the rent, and its losses are its
 * own. Limits that cannot be kept are relaxed at a penalty far above any price of the case
 * and listed as relaxations.
 *
 * Outages are survived without redispatch: nobody moves but to replace a lost unit, in
 * proportion to Pmax (units with Pmax > 0).
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_CASE_DISPATCH_H
#define SIM_CLEAR_CASE_DISPATCH_H

#include "sim/clear/outcome.h"

struct case_settings {
    enum dc_model dc_model;
    enum loss_placement losses;         /* other than LOSS_OFF: no branch has r < 0 */
    const struct grid_outages *outages; /* NULL = none; borrowed */
    double outage_penalty_usd_per_mwh;  /* 0 = 1,000 times the dearest marginal cost */
    enum shift_choice shift_choice;
    const struct watch *watch; /* NULL = nobody looks */
};

/* objective_usd includes constant cost terms; energy_mwh is NaN throughout. */
MUST_CHECK enum err_code case_dispatch(const struct grid *grid, enum dc_model model,
                                       struct outcome *out, struct err *err);
MUST_CHECK enum err_code case_dispatch_with(const struct grid *grid,
                                            const struct case_settings *settings,
                                            struct outcome *out, struct err *err);

#endif
