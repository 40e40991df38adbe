/*
 * stopwatch.h - seconds of a clock that only runs forwards, for --json and standard error.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_STOPWATCH_H
#define SIM_BASE_STOPWATCH_H

#include <time.h>

/* Seconds since some fixed instant; differences are what counts. */
static inline double stopwatch_s(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
