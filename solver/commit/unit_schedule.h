/*
 * unit_schedule.h - the best schedule of one unit at given prices, exactly.
 *
 *     V = max  sum_t [ energy_t P_t + sum_k reserve_kt r_kt + bonus_t u_t
 *                      + first_t v_t + last_t w_{t+1} (1 - v_t) ] - cost          (1)
 *
 * over everything that commit.h (5)-(8) allows the unit. cost: that of commit.h (1). v_t:
 * it starts in interval t, w_{t+1}: t is the last one before a stop.
 *
 * Method: a dynamic program over (time of the last start, power above minimum). The
 * value as a function of power is concave and piecewise linear and is kept as points;
 * one curve per time of start that can still be best. See unit_schedule.c. Where the ramps
 * of a unit never bind, numbers take the place of curves.
 *
 * Upward reserve of an hour is filled by price, each offer up to its limit, so that what
 * it pays is a concave function of the room that power leaves; downward reserve likewise
 * of power. Where reserve shares the ramp, the best upward offer takes
 * min(cap, x before + ramp up) - x. Reserve that pays exactly nothing is held as well.
 *
 * Start categories with pglib_start_rows: category s, not the last, at interval a (from
 * 1) with the last stop at e+1, i = a-1-e intervals off: if a >= lag[s+1], lag[s] <= i <
 * lag[s+1] is needed; before that it is allowed unless the unit was off at first and
 * max(1, lag[s+1] - off before + 1) <= a <= lag[s+1] - 1. Without it: the category is
 * that of the true time off.
 *
 * Stores: a dynamic program over stored energy; see store_schedule.c. They are on in all
 * intervals, above_mw is their power and reserve_mw what they charge. Of one that decides
 * which way it goes, sets say that as well.
 *
 * Plants: the program is over (configuration, time in it, time on) and power; one curve
 * for each way to get there that can still be best. See plant_schedule.c.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_UNIT_SCHEDULE_H
#define SOLVER_COMMIT_UNIT_SCHEDULE_H

#include "solver/commit/commit.h"

/* What an interval pays one unit, [n_interval] each; money for the whole interval. */
struct unit_prices {
    const double *energy_usd_per_mw;
    const double *reserve_usd_per_mw; /* [n_interval][n_offer], of the unit's offers */
    const double *bonus_usd;          /* for being on; NULL = 0 */
    const double *fuel_usd; /* [n_limit][n_interval] cost of fuel burnt; NULL = 0 */
    /* For the first interval on, and the last that is not the first; NULL = 0. Not of plants. */
    const double *first_usd, *last_usd;
};

enum {
    SET_WORDS = COMMIT_FACTS / 64
};

/*
 * Sets of intervals; bit t % 64 of word t / 64. Of plants, sets of facts: bit
 * k n_interval + t says that in interval t it is on in configuration k or a higher one. Of
 * stores that decide their ways: bit n_interval + t, it may charge; 2 n_interval + t, it may
 * discharge.
 */
struct interval_set {
    uint64_t word[SET_WORDS];
};

struct unit_schedule {
    double value_usd; /* V, -INFINITY = nothing is feasible */
    double cost_usd;  /* of this schedule, at the unit's own costs and offers */
    struct interval_set on;
    double *above_mw;   /* [n_interval] x, of plants above min of the configuration */
    double *reserve_mw; /* [n_interval][n_offer] */
    double *start_cost_usd; /* [n_interval] of starts and transitions */
};

/* The configuration in interval t of a plant that is on then. */
static inline int32_t interval_set_config(const struct interval_set *s,
                                          const struct commit_unit *u,
                                          int32_t n_interval, int32_t t)
{
    int32_t c = 0;
    for (int32_t k = 1; k < u->n_config; k++) {
        const int32_t bit = k * n_interval + t;
        if (s->word[bit / 64] >> (bit % 64) & 1)
            c = k;
    }
    return c;
}

/* Workspace for one thread; grows to the largest unit it has seen. */
struct unit_scheduler;

MUST_CHECK enum err_code unit_scheduler_create(const struct commit_problem *p,
                                               struct unit_scheduler **out,
                                               struct err *err);
void unit_scheduler_release(struct unit_scheduler *s);

/*
 * The best schedule of unit g. on, off: intervals forced, NULL = none, beyond the unit's
 * own status. out's arrays are the scheduler's and hold until its next call. Ties are
 * broken the same way always. ERR_OK also where nothing is feasible (value -INFINITY).
 * A scheduler that has seen its units some times allocates nothing.
 */
MUST_CHECK enum err_code unit_schedule_best(struct unit_scheduler *s, int32_t g,
                                            const struct unit_prices *prices,
                                            const struct interval_set *on,
                                            const struct interval_set *off,
                                            struct unit_schedule *out, struct err *err);

/* What a store may do in an interval: sets of these. */
enum store_way {
    STORE_CHARGES = 1,
    STORE_DISCHARGES = 2,
    STORE_BOTH = 3,
    STORE_WAYS /* how many sets there are */
};

/* Rates of a way. */
struct store_rates {
    double charge_min_mw, charge_max_mw, discharge_min_mw, discharge_max_mw;
};

/*
 * The ways of which one has to be chosen in interval t, way[STORE_WAYS]; returns how many. One
 * that another contains, at no least rate, is none.
 */
int32_t store_ways(const struct commit_problem *p, const struct commit_store *s,
                   int32_t t, int32_t *way);
/* Whether there is a choice in any interval. */
bool store_decides(const struct commit_problem *p, const struct commit_store *s);
/* The way of interval t in a pattern. */
int32_t store_way(const struct commit_problem *p, const struct commit_store *s,
                  const struct interval_set *on, int32_t t);
struct store_rates store_rates(const struct commit_store *s, int32_t way, int32_t t);

/* Of a store: that it is on (0), or goes a way, in interval t. */
static inline int32_t store_fact(const struct commit_problem *p, int32_t way, int32_t t)
{
    return way * p->n_interval + t;
}

/* A store's curve in interval t; NULL = no cost. */
static inline const struct commit_curve *store_curve(const struct commit_problem *p,
                                                     const int32_t *curve, int32_t t)
{
    return curve ? &p->curve[curve[t]] : NULL;
}

/*
 * What a store's power and charging cost, less what is left at the end is worth, and the
 * energy after interval t. power_mw, charge_mw: [n_interval].
 */
double store_cost(const struct commit_problem *p, const struct commit_unit *u,
                  const double *power_mw, const double *charge_mw);
double store_energy_mwh(const struct commit_problem *p, const struct commit_store *s,
                        const double *power_mw, const double *charge_mw, int32_t t);
/* Takes off what is charged and discharged at once where one_way forbids it and what is kept
   then fits, power being what it is. charge_mw: [n_interval]. */
void store_net(const struct commit_problem *p, const struct commit_store *s,
               const double *power_mw, double *charge_mw);
/* The greatest of its prices, per MW of a whole interval. */
double store_dearest_usd(const struct commit_problem *p, const struct commit_unit *u);

/* Steps of the dynamic program since creation: a measure of work. */
int64_t unit_scheduler_steps(const struct unit_scheduler *s);

#endif
