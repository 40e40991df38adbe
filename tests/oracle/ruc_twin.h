/*
 * ruc_twin.h - the slow, obvious twin of residual commitment: one day of a market in one
 * place, as one mixed-integer program written from the market's words. Shares no code with
 * sim/clear or solver/.
 */
#ifndef TESTS_ORACLE_RUC_TWIN_H
#define TESTS_ORACLE_RUC_TWIN_H

#include "sim/admit/admit.h"
#include "sim/clear/outcome.h"

/*
 * (1) of ruc.h at its best on the first day of *m, less the start costs of the market;
 * o: what the market did. No services, ramps, start_mw, stop_mw and forecasts at nodes
 * that are no loads'; starts have one cost.
 */
double ruc_twin_usd(const struct market *m, const struct admission *a,
                    const struct outcome *o);

#endif
