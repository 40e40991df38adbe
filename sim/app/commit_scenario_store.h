/*
 * commit_scenario_store.h - the stores of an instance of unit commitment as storage of a
 * scenario (commit_scenario.h).
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_COMMIT_SCENARIO_STORE_H
#define SIM_APP_COMMIT_SCENARIO_STORE_H

#include <stdio.h>

#include "solver/commit/commit.h"

/* Columns of resources.csv that storage adds, each after a comma. */
#define COMMIT_STORE_COLUMNS                                              \
 ",energy_min_mwh,energy_max_mwh,charge_efficiency,discharge_efficiency," \
 "initial_energy_mwh,end_energy_mwh"
#define COMMIT_STORE_NOTHING ",,,,,,"

/* What a scenario of the first n_interval intervals cannot tell of a store; else NULL. */
const char *commit_store_fault(const struct commit_problem *p,
                               const struct commit_store *s, int32_t n_interval,
                               int32_t n_day);
/* The greatest of its rates. */
double commit_store_most_mw(const double *rate_mw, int32_t n_interval);
/* What a MWh costs by a curve of one price; 0 without one. */
double commit_store_usd(const struct commit_problem *p, const int32_t *curve,
                        int32_t t);
/* Its cells of those columns. */
void commit_store_cells(const struct commit_store *s, int32_t n_interval, FILE *out);

#endif
