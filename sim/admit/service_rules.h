/*
 * service_rules.h - rules for offers of ancillary services: E02, E03, E05, E08, E09.
 *
 * Layer: sim/admit.
 */
#ifndef SIM_ADMIT_SERVICE_RULES_H
#define SIM_ADMIT_SERVICE_RULES_H

#include "sim/admit/admit.h"

/*
 * Fills a->service_offer and a->service_status and adds a decision for every offer that
 * was not taken as it stood. a->bids is the admitted energy book.
 */
MUST_CHECK enum err_code admit_services(const struct market *m, struct admission *a,
                                        struct err *err);

#endif
