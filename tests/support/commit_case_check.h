/*
 * commit_case_check.h - what every instance of unit commitment that a reader accepts
 * promises the solver (commit.h): limits in order, convex curves that reach the most power,
 * times and categories, names in order, places in its lists.
 */
#ifndef TESTS_SUPPORT_COMMIT_CASE_CHECK_H
#define TESTS_SUPPORT_COMMIT_CASE_CHECK_H

#include "sim/model/commit_case.h"

/* NULL, or the first promise that is broken. */
const char *commit_case_broken(const struct commit_case *c);

#endif
