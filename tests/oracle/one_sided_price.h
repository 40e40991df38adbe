/*
 * one_sided_price.h - prices by definition: what the next (or the last) bit of load at a
 * place costs, found by solving the whole problem again.
 */
#ifndef TESTS_ORACLE_ONE_SIDED_PRICE_H
#define TESTS_ORACLE_ONE_SIDED_PRICE_H

#include "solver/dispatch.h"

/*
 * (cost with step MW more load - cost now) / step, per MWh; a negative step gives the
 * left-hand derivative. share[t * n_bus + n] says where a MW of load goes (any sum).
 */
double one_sided_price(const struct dispatch_problem *p, const double *share,
                       double step_mw);

#endif
