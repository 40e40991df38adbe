/*
 * unit_mip.h - the best schedule of one unit as an integer program, for days too long to
 * try every pattern (unit_twin.h): rows as those of MODEL.tex that commit.h (5)-(8) widen.
 */
#ifndef TESTS_ORACLE_UNIT_MIP_H
#define TESTS_ORACLE_UNIT_MIP_H

#include "solver/commit/unit_schedule.h"

/*
 * Value of the best schedule of unit g, -HUGE_VAL if there is none; false if that takes
 * longer than some seconds.
 */
bool unit_mip_best(const struct commit_problem *p, int32_t g,
                   const struct unit_prices *prices, const struct interval_set *on,
                   const struct interval_set *off, double *value);

enum {
    FLEET_MIP_UNITS = 8
};

/*
 * The least cost of a whole problem without network as one integer program, to a relative
 * gap; HUGE_VAL if nothing is feasible. False if it took too long.
 */
bool fleet_mip_best(const struct commit_problem *p, double gap, double *cost);

#endif
