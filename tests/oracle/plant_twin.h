/*
 * plant_twin.h - plants of configurations the slow way: every path of configurations that
 * (9) and (10) of commit.h allow, each with a linear program over (2), (3) and (5)-(8) as
 * they are written. Ordinary units have one configuration here: what they are.
 */
#ifndef TESTS_ORACLE_PLANT_TWIN_H
#define TESTS_ORACLE_PLANT_TWIN_H

#include "solver/commit/unit_schedule.h"

enum {
    PLANT_TWIN_UNITS = 3,
    PLANT_TWIN_INTERVALS = 8
};

/* Value of the best schedule of unit g, -HUGE_VAL if there is none. */
double plant_twin_best(const struct commit_problem *p, int32_t g,
                       const struct unit_prices *prices, const struct interval_set *on,
                       const struct interval_set *off);
/* The least cost of the problem, HUGE_VAL if nothing is feasible. */
double plant_twin_cost(const struct commit_problem *p);
/*
 * What a schedule of unit g is worth at these prices if it keeps every rule: the path is
 * its own, and power and reserve are what it says. -HUGE_VAL where a rule is broken.
 */
double plant_twin_worth(const struct commit_problem *p, int32_t g,
                        const struct unit_prices *prices, const struct interval_set *on,
                        const struct interval_set *off, const struct unit_schedule *s);

#endif
