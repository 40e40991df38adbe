/*
 * commit_twin.h - a commitment problem the slow way: every combination of patterns that
 * the rules of times allow, each with a linear program over rows (2), (3), (5)-(7), (11)
 * of commit.h as they are written, the latter without branches.
 */
#ifndef TESTS_ORACLE_COMMIT_TWIN_H
#define TESTS_ORACLE_COMMIT_TWIN_H

#include "solver/commit/commit.h"

/* The least cost, HUGE_VAL if nothing is feasible; at most 3 units and 8 intervals. */
double commit_twin_cost(const struct commit_problem *p);
/*
 * The least cost where a unit may follow several patterns, each in part: the convex hull
 * of every unit's schedules, as one linear program. That is the value of the greatest
 * Lagrangian, and the duals of its balance are convex hull prices.
 */
double commit_twin_hull(const struct commit_problem *p);

#endif
