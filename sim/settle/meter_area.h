/*
 * meter_area.h - what was metered in each utility area, what flowed into it, what it lost.
 * A part of meter.h, which says what it finds: (3) and (4).
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_METER_AREA_H
#define SIM_SETTLE_METER_AREA_H

#include "sim/settle/meter.h"

/* Room for the areas of the market; after unaccounted_mwh has some. */
MUST_CHECK enum err_code meter_areas_begin(const struct market *m, struct metering *out,
                                           struct err *err);
/* (3), (4) for the hours of a day whose resources are metered. */
void meter_areas(const struct market *m, const struct outcome *day_ahead,
                 const struct rt_outcome *rt, int32_t day, int32_t recalculation,
                 struct metering *out);

#endif
