/*
 * full_market.h - the slow, obvious twin of clearing energy and ancillary services: one
 * trade day of a market without network limits as one LP, every range, ramp, store, tie
 * and requirement a row from the start, written from the market's own words. Shares no
 * code with sim/clear or solver/.
 */
#ifndef TESTS_ORACLE_FULL_MARKET_H
#define TESTS_ORACLE_FULL_MARKET_H

#include "sim/admit/admit.h"
#include "sim/model/market.h"

struct full_market {
    double objective_usd; /* as outcome.objective_usd: cost as bid and penalties */
    bool both_ways; /* a store charges and discharges at once: only a bound then */
};

/*
 * Solves the first day of *m, all its buses as one, in the scheduling run. more_mw is added
 * to what region more_region needs of a service in an interval; -1 = nowhere.
 */
struct full_market full_market_solve(const struct market *m, const struct admission *a,
                                     int32_t more_region, enum service service,
                                     int32_t interval, double more_mw);

#endif
