/*
 * record_plants.h - configurations of plants, of which one is on at a time, and what they
 * do; nothing is written where a market has none.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_PLANTS_H
#define SIM_APP_RECORD_PLANTS_H

#include "sim/app/record_field.h"
#include "sim/clear/outcome.h"
#include "sim/clear/ruc.h"

/* Tables configuration and transition of /input. */
void record_plants(struct recorder *r, const struct market *m);
/* Configurations and transition costs of a stage. */
void record_plant_outcome(struct recorder *r, const char *group,
                          const struct outcome *o);
void record_plant_ruc(struct recorder *r, const struct ruc_outcome *ruc);

#endif
