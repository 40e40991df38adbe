/*
 * unit_twin.h - the best schedule of one unit the slow way: every pattern of on and off,
 * each with a linear program over the rows (5)-(7) of commit.h as they are written; and
 * an inspection of a given schedule, row by row.
 */
#ifndef TESTS_ORACLE_UNIT_TWIN_H
#define TESTS_ORACLE_UNIT_TWIN_H

#include "solver/commit/unit_schedule.h"

/* Value of the best schedule of unit g, -HUGE_VAL if there is none; at most 12 intervals. */
double unit_twin_best(const struct commit_problem *p, int32_t g,
                      const struct unit_prices *prices, const struct interval_set *on,
                      const struct interval_set *off);

struct unit_inspection {
    double broken; /* MW by which a row is broken, HUGE_VAL where times or sets are */
    double value_usd, cost_usd, start_usd; /* as the schedule should state them */
    const char *what;                      /* the row broken most */
};
struct unit_inspection unit_twin_inspect(const struct commit_problem *p, int32_t g,
                                         const struct unit_prices *prices,
                                         const struct interval_set *on,
                                         const struct interval_set *off,
                                         const struct unit_schedule *s);

#endif
