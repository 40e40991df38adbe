/*
 * drawn_fleet.h - a random commitment problem of a few units, small enough to be solved by
 * trying everything.
 */
#ifndef TESTS_SUPPORT_DRAWN_FLEET_H
#define TESTS_SUPPORT_DRAWN_FLEET_H

#include "tests/support/drawn_unit.h"

enum {
    DRAWN_FLEET_UNITS = 6,
    DRAWN_FLEET_INTERVALS = 12,
    DRAWN_FLEET_OTHERS = 2,
    DRAWN_FLEET_REQUIREMENTS = 2,
};

struct drawn_fleet {
    struct commit_problem p;
    struct commit_unit unit[DRAWN_FLEET_UNITS];
    struct commit_curve curve[DRAWN_FLEET_UNITS * DRAWN_UNIT_CURVES];
    struct drawn_unit of[DRAWN_FLEET_UNITS];
    int32_t which_curve[DRAWN_FLEET_UNITS][DRAWN_FLEET_INTERVALS];
    struct commit_other other[DRAWN_FLEET_OTHERS];
    double other_min[DRAWN_FLEET_OTHERS][DRAWN_FLEET_INTERVALS];
    double other_max[DRAWN_FLEET_OTHERS][DRAWN_FLEET_INTERVALS];
    double other_cost[DRAWN_FLEET_OTHERS][DRAWN_FLEET_INTERVALS];
    struct commit_requirement requirement[DRAWN_FLEET_REQUIREMENTS];
    int32_t listed[DRAWN_FLEET_UNITS];
    double need[DRAWN_FLEET_REQUIREMENTS][DRAWN_FLEET_INTERVALS];
    double step_mw[2], step_usd[2];
    double load[DRAWN_FLEET_INTERVALS];
};

/* x points into itself and must stay where it is. */
void drawn_fleet_make(struct draw *d, int32_t n_unit, int32_t n_interval,
                      struct drawn_fleet *x);

#endif
