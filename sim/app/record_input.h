/*
 * record_input.h - what the market was: participants, resources, places, network.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_INPUT_H
#define SIM_APP_RECORD_INPUT_H

#include "sim/app/record_field.h"
#include "sim/model/market.h"

/* The shared dimensions and /input. */
void record_input(struct recorder *r, const struct market *m);

#endif
