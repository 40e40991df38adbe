/*
 * laws.h - the market's own laws, checked on every run with the market's own numbers.
 *
 *     payments of demand - credits of supply                                    (1)
 *         = sum over limits of shadow price x (flow that participants cause)
 *         + energy price x (shortage - surplus)
 *         + loss surplus ((5) of solver/loss.h, from flows and prices at their ends)
 *
 * in every hour, over physical and virtual awards, prices times awards on one side and
 * limits times shadow prices on the other. For ancillary services,
 *
 *     sum over awards of MW x price                                             (2)
 *         = sum over requirements of shadow price x (MW required - MW short)
 *
 * Also fills rent_usd, the part of (1) that is
 * shadow price x limit.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_LAWS_H
#define SIM_CLEAR_LAWS_H

#include "sim/clear/formulate.h"

/* ERR_NUMERIC, naming hour and amount, where (1) or (2) fails by more than rounding. Where the
 * pricing run undercut the schedule (answer->consistent false) (1) is only recorded. */
MUST_CHECK enum err_code laws_check_day(const struct market *m,
                                        const struct formulation *f,
                                        const struct dispatch_answer *answer,
                                        struct outcome *o, struct err *err);

#endif
