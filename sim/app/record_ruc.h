/*
 * record_ruc.h - the tables of residual unit commitment.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_RUC_H
#define SIM_APP_RECORD_RUC_H

#include "sim/app/record_field.h"
#include "sim/clear/ruc.h"

/* Everything below /ruc; nothing where the market has none. */
void record_ruc(struct recorder *r, const struct market *m,
                const struct ruc_outcome *ruc);

#endif
