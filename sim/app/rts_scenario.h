/*
 * rts_scenario.h - a day of RTS-GMLC as the files of a scenario.
 *
 * Areas are load aggregation points AREA1.. whose loads schedule the forecast; one
 * coordinator per area, with credit for any day, owns load and units. Thermal units offer
 * their blocks in every hour and are started and stopped by the market; profiled units offer
 * their series at 0, storage what it has at 0. The data do not say what ran before: nuclear,
 * coal and combined-cycle units did, at their least, for a week, and no other.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RTS_SCENARIO_H
#define SIM_APP_RTS_SCENARIO_H

#include "sim/input/rts_gmlc.h"

/* Writes into a folder that exists. ERR_IO, ERR_NOMEM. */
MUST_CHECK enum err_code rts_scenario_write(const struct rts_day *d, const char *folder,
                                            struct err *err);

#endif
