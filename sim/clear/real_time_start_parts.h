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
    QUARTER_MIN = 15,
    RT_START_MOST_PLANS = 256 /* of one unit */
};

/* What one unit may do; bit k of a plan: on in quarter k of the window. */
struct rt_start_unit {
    int32_t resource, n;
    uint32_t at_hand;
    uint32_t plan[RT_START_MOST_PLANS];
    double could_usd[RT_START_MOST_PLANS]; /* u(p) - v of (7) at the latest prices */
    bool is_out[RT_START_MOST_PLANS];      /* (7) has ruled it out */
};

/* One window at work. Arrays over [quarter of the window][n_resource] are row-major. */
struct rt_starting {
    const struct rt_windows *all;
    struct rt_window v; /* all fast units open, with services and ramping */
    int32_t quarter, n;
    uint8_t *must; /* [n][n_resource] (1) */
    int32_t n_unit;
    struct rt_start_unit *unit; /* [n_unit] fast units that have a plan */
};

static inline size_t rt_start_cell(const struct rt_starting *s, int32_t r, int32_t k)
{
    return (size_t)k * (size_t)s->all->m->n_resource + (size_t)r;
}

/* Quarters from an order to Pmin. */
static inline int32_t rt_start_lead(const struct commitment_terms *c)
{
    return (c->start_up_min + QUARTER_MIN - 1) / QUARTER_MIN;
}

/* Whether the day ahead and residual commitment have it on in a quarter; not a unit: yes;
 * false after the day. */
bool rt_start_goes_on(const struct rt_windows *all, int32_t r, int32_t quarter);
/* Its plan for a quarter over all days: 0 or 1. */
uint8_t *rt_start_plan(const struct rt_windows *all, int32_t r, int32_t quarter);
/* Cost of a start after so many minutes off. */
double rt_start_usd(const struct commitment_terms *c, int32_t off_min);

/* real_time_start_plans.c: the plans that (1) to (5) allow, the one at hand that which is
 * nearest to what was planned before; .n = 0: none. */
void rt_start_list(const struct rt_starting *s, int32_t r, struct rt_start_unit *u);
/* The plan of u nearest to what is asked for, early quarters first. */
uint32_t rt_start_nearest(const struct rt_starting *s, const struct rt_start_unit *u,
                          uint32_t asked);
/* (6) of the plan at hand. */
double rt_start_beside_usd(const struct rt_starting *s, const struct rt_start_unit *u,
                           uint32_t plan);

/*
 * real_time_start_price.c: could_usd of all plans at the prices of a solved window that has the
 * plans at hand. *priced: (7) holds.
 */
MUST_CHECK enum err_code rt_start_price(struct rt_starting *s,
                                        const struct rt_window *solved, bool *priced,
                                        struct err *err);

/* real_time_start_try.c: the cheapest plans of all units that it finds; leaves them as the
 * plan. */
MUST_CHECK enum err_code rt_start_try(struct rt_starting *s, struct err *err);
/* real_time_start_commit.c: sets at_hand of all units to what the commitment solver says. */
MUST_CHECK enum err_code rt_start_propose(struct rt_starting *s, struct err *err);

#endif
