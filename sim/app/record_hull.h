/*
 * record_hull.h - convex hull prices and uplift as tables of a stage; see sim/clear/hull.h.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_HULL_H
#define SIM_APP_RECORD_HULL_H

#include "sim/app/record_field.h"
#include "sim/clear/outcome.h"

/* Nothing where the market commits nobody. After the tables of services. */
void record_hull(struct recorder *r, const char *group, const struct market *m,
                 const struct outcome *o);

#endif
