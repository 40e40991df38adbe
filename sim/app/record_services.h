/*
 * record_services.h - a market's ancillary services into its stage of the run file.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_SERVICES_H
#define SIM_APP_RECORD_SERVICES_H

#include "sim/admit/admit.h"
#include "sim/app/record_field.h"
#include "sim/clear/outcome.h"

void record_services(struct recorder *r, const char *group, const struct market *m,
                     const struct admission *a, const struct outcome *o);

#endif
