/*
 * scenario.h - a scenario folder into a market.
 *
 * The folder holds scenario.yaml, CSV tables and a network; what they may contain is data
 * (tables.h, scenario_yaml.h) and printed by `gridclear schema --inputs`. Every fault of
 * every file is found in one pass: a wrong row keeps its ids known, so that it causes no
 * faults elsewhere. Row order, line ends and file names make no difference to the market.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_SCENARIO_H
#define SIM_INPUT_SCENARIO_H

#include "sim/base/err.h"
#include "sim/model/market.h"

/*
 * Reads the scenario in folder dir.
 *
 * ERR_OK     *out is a complete market and faults is as it was.
 * ERR_INPUT  faults->total > 0: the list is sorted, err says how many there are.
 * ERR_NOMEM, ERR_IO, ERR_BUG   err says why; faults may hold some.
 *
 * In every case the caller calls market_release(out), after the last use of faults and
 * err, because the file names in their positions live in out->arena.
 */
MUST_CHECK enum err_code scenario_load(const char *dir, struct market *out,
                                       struct err_list *faults, struct err *err);

/* The same with the changes of file override (override.h), NULL = none, on top. */
MUST_CHECK enum err_code scenario_load_changed(const char *dir, const char *override,
                                               struct market *out,
                                               struct err_list *faults,
                                               struct err *err);

#endif
