/*
 * real_time_start_parts.h - a fifteen-minute window whose starts are being decided. Private to
 * sim/clear/real_time_start*.c.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_REAL_TIME_START_PARTS_H
#define SIM_CLEAR_REAL_TIME_START_PARTS_H

#include "sim/clear/real_time_start.h"

enum {
    QUARTER_MIN = 15
};

/* One window at work. Arrays over [quarter of the window][n_resource] are row-major. */
struct rt_starting {
    const struct rt_windows *all;
    struct rt_window v; /* of the commitment problem */
    int32_t quarter, n;
    bool *is_free;     /* [n_resource] fast and undecided */
    uint8_t *must;     /* [n][n_resource] on by schedule or order */
    double *usd_per_h; /* [n][n_resource] of running at Pmin there */
};

static inline size_t rt_start_cell(const struct rt_starting *s, int32_t r, int32_t k)
{
    return (size_t)k * (size_t)s->all->m->n_resource + (size_t)r;
}

/* Whether the day ahead and residual commitment have it on; not a unit: yes. */
bool rt_start_is_scheduled(const struct rt_windows *all, int32_t r, int32_t hour);
/* Its plan for a quarter over all days: 0 or 1. */
uint8_t *rt_start_plan(const struct rt_windows *all, int32_t r, int32_t quarter);
/* A stop now must leave min_down before the next start by schedule. */
bool rt_start_stops_too_late(const struct rt_starting *s, int32_t r);
/* Cost of a start after so many minutes off. */
double rt_start_usd(const struct commitment_terms *c, int32_t off_min);
/*
 * Where the commitment problem was not proven: tries plans that its terms allow, each with the
 * run's own linear program. All together where these are at most 64, else unit by unit from
 * the plan at hand until none is cheaper. Leaves the best as the plan.
 */
MUST_CHECK enum err_code rt_start_try(struct rt_starting *s, struct err *err);

#endif
