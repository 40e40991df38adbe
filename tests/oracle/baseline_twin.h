/*
 * baseline_twin.h - the 10-in-10 baseline once more, looking up every hour by itself.
 *
 * Layer: tests.
 */
#ifndef TESTS_ORACLE_BASELINE_TWIN_H
#define TESTS_ORACLE_BASELINE_TWIN_H

#include "sim/settle/baseline.h"

/* What demand response gave in an hour, MWh; 0 outside the event and without a baseline. */
double baseline_twin_mwh(const struct response_row *row, int64_t n, date_t event_day,
                         const bool *event, int hour);

#endif
