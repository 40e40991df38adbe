/*
 * record_real_time.h - the runs of the day itself: /hour_ahead, /fifteen_minute, /real_time,
 * and /meter.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_REAL_TIME_H
#define SIM_APP_RECORD_REAL_TIME_H

#include "sim/app/record_field.h"
#include "sim/clear/real_time.h"
#include "sim/settle/meter.h"

void record_real_time(struct recorder *r, const struct market *m,
                      const struct rt_outcome *rt, const struct metering *meter);

#endif
