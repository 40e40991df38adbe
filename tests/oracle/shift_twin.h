/*
 * shift_twin.h - shift factors in the most obvious way, from what a run file keeps of a
 * network: 1 MW in at each bus, out over the reference weights, angles by elimination of a
 * dense matrix, flows, and the terms of each limit. What a reader does who was left
 * without factors.
 */
#ifndef TESTS_ORACLE_SHIFT_TWIN_H
#define TESTS_ORACLE_SHIFT_TWIN_H

#include "sim/clear/outcome.h"

/*
 * factor[n_constraint * n_node]; 0 where a constraint has no factors. Susceptances are
 * finite: no ties of buses. Fails the running test where an island's matrix is singular.
 */
void shift_twin(const struct market *m, const struct outcome *o, double *factor);
/* Fails the running test where the stored factors differ. */
void shift_twin_compare(const struct market *m, const struct outcome *o);

#endif
