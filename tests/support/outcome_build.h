/*
 * outcome_build.h - an outcome of clearing made by hand, for tests of what follows it.
 */
#ifndef TESTS_SUPPORT_OUTCOME_BUILD_H
#define TESTS_SUPPORT_OUTCOME_BUILD_H

#include "sim/clear/outcome.h"

/*
 * Awards, virtual awards and prices of the right size, all zero; nothing else. The caller
 * releases it with outcome_release(). Ends the test process when there is no memory.
 */
struct outcome outcome_build(const struct market *m);

/* A number in [lo, hi) from splitmix64 (Steele, Lea, Flood, 2014); *state is the seed. */
double outcome_build_random(uint64_t *state, double lo, double hi);

#endif
