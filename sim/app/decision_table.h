/*
 * decision_table.h - what admission decided, as one readable table.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_DECISION_TABLE_H
#define SIM_APP_DECISION_TABLE_H

#include <stdio.h>

#include "sim/admit/admit.h"

/* Bids modified or rejected (equal decisions of consecutive hours on one line), then the
 * credit check of every SC that had something at stake. */
void decision_table_print(const struct market *m, const struct admission *a, FILE *out);

#endif
