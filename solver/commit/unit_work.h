/*
 * unit_work.h - the dynamic program of one unit while it runs. Shared by the files of
 * unit_schedule.h only: unit_reward.c (what an interval pays), unit_schedule.c (the
 * program), unit_cover.c (what it need not follow), unit_trace.c (the schedule found);
 * plant_schedule.c (the program of plants), plant_trace.c.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_UNIT_WORK_H
#define SOLVER_COMMIT_UNIT_WORK_H

#include "solver/commit/concave.h"
#include "solver/commit/unit_schedule.h"

/* Which of the limits (5) of commit.h hold in an interval. */
enum hour_kind {
    HOUR_PLAIN,
    HOUR_STOP,  /* the last one on */
    HOUR_START, /* the first one on */
    HOUR_BOTH,
    HOUR_KINDS
};

/*
 * Being on in an interval pays gain(x). Where reserve shares the ramp it pays besides
 * bonus x min(cap, x of the interval before + ramp up), which is in gain for HOUR_START
 * and HOUR_BOTH, as x was 0 before. lo <= x <= hi; hi < 0: such an interval cannot be.
 */
struct reward {
    double cap[HOUR_KINDS], hi[HOUR_KINDS], lo;
    struct concave
        gain[HOUR_KINDS]; /* of the interval last prepared, from lo; they borrow */
    struct concave own[HOUR_KINDS]; /* what gain points to */
    double bonus;
    int32_t n_up, n_down; /* offers worth holding, best first */
    int32_t up[COMMIT_PRODUCTS], down[COMMIT_PRODUCTS];
    double worth[COMMIT_PRODUCTS]; /* [n_offer] price less own price */
    double most[COMMIT_PRODUCTS];  /* [n_offer] MW, in the order of up and down */
};

/* The unit has been off since an interval e, its last stop. */
struct off_state {
    double value;             /* before e, -INFINITY = cannot be */
    double x;                 /* power before the stop */
    struct concave_best best; /* power before that */
    int32_t run;              /* slot of the run that ended */
    int32_t run_used;         /* starts used at its start */
};

/* The unit starts at an interval. */
struct entry {
    double value; /* before it, start cost included */
    double start_cost;
    int32_t stop; /* the interval of the last stop, -1 = off from before the first */
    int32_t stop_used;
};

/*
 * Slot 0 is the run that began before the first interval, slot a+1 the one that starts at
 * interval a. Where starts of a day are limited, values are per number of starts that the
 * day has used at most: index [n_used], else n_used = 1.
 */
struct unit_scheduler {
    const struct commit_problem *p;
    int32_t n_interval, room_used, room_segment, longest_day;
    int64_t steps;

    const struct commit_unit *unit;
    const struct unit_prices *prices;
    double span_mw;        /* max - min */
    double up_mw, down_mw; /* ramps, finite */
    bool is_free;          /* ramps never bind: of runs only top and top_at count */
    double x_before;
    double rise_usd, fall_usd; /* of a change of power, per MW */
    int32_t n_used;
    uint8_t *must, *ban; /* [n_interval] on, off whatever it costs */
    int32_t *next_must;  /* [n_interval + 1] first interval from here, or n_interval */
    double *off_sum;     /* [n_interval + 1] reserve held while off, summed */
    double *cost_after; /* [n_interval + 1] of a start, by intervals off, if not cold */
    struct reward reward;

    /* [n_interval + 1] most that 1 MW more there, or in the interval before, pays; sums */
    double *worth_now, *worth_before;
    int32_t last_must; /* the last interval so far that must be on, -1 = none */
    int32_t cold_best; /* best stop before cold_next, -1 = none */
    int32_t cold_next;
    struct off_state *off; /* [n_interval][n_used] */
    struct entry *entry;   /* [n_interval + 1][n_used] of slots */
    struct concave *run;   /* [n_interval + 1] of slots: value above entry, by power */
    struct concave_best *best; /* [n_interval + 1][n_interval] power of t-1, for t */
    int32_t n_live, *live;     /* [n_interval + 1] slots, ascending */
    double *loss; /* [n_interval + 1] of slots: of live runs, per MW too low */
    struct concave window, spare;

    struct plant_work *plant; /* NULL = the problem has none */
    struct store_work *store; /* likewise, of stores */

    double *above_mw, *reserve_mw, *start_cost_usd; /* as in struct unit_schedule */
};

/* unit_reward.c */

/* Of a new unit: cap, hi and lo, as before the first interval. */
void reward_begin(struct unit_scheduler *s);
/* Worth of offers in interval t: worth, up and down. */
void reward_sort(struct unit_scheduler *s, int32_t t);
/* The gains of interval t. */
MUST_CHECK enum err_code reward_prepare(struct unit_scheduler *s, int32_t t,
                                        struct err *err);
/* Reserve of an interval on, at power x after x_before. */
void reward_hold(struct unit_scheduler *s, int32_t t, enum hour_kind kind, double x,
                 double x_before);
/* Fills worth_now and worth_before. */
void reward_look_ahead(struct unit_scheduler *s);
/* What the interval prepared pays while off. */
double reward_off(const struct unit_scheduler *s);
/* Of a start at t after a stop at `stop`, -1 = off from before the first interval. */
double reward_start_cost(const struct unit_scheduler *s, int32_t t, int32_t stop);
/* What the fuel of a start at t costs, after so many intervals off. */
double reward_start_fuel(const struct unit_scheduler *s, int32_t t, int32_t off);

/* unit_trace.c */

/* How the best schedule ends. */
struct ending {
    double value;
    bool on;
    int32_t at; /* slot, or interval of the last stop, -1 = never on */
    int32_t used;
};
/* Writes the schedule of an ending into the scheduler's arrays and out. */
void trace_schedule(struct unit_scheduler *s, const struct ending *end,
                    struct unit_schedule *out);
/* What units hold that are off from `from` to to-1. */
void trace_off(struct unit_scheduler *s, int32_t from, int32_t to);
/* Cost of x MW above minimum. */
double trace_cost_above(const struct commit_curve *c, double x);

/* unit_cover.c */

/*
 * Drops live runs that another covers which may stop whenever they may: the best of those
 * that may stop after the interval after t, and the best of the older ones.
 */
void cover_drop(struct unit_scheduler *s, int32_t t);

/* unit_schedule.c */

/*
 * `used` starts of the day of t are used at most: the index of what was recorded at an
 * earlier interval. All starts of another day may be used.
 */
int32_t unit_used_then(const struct unit_scheduler *s, int32_t then, int32_t t,
                       int32_t used);
struct entry *unit_entry(const struct unit_scheduler *s, int32_t slot, int32_t used);
/* The entry of a run whose unit has used so many starts of the day of t at most. */
int32_t unit_entry_used(const struct unit_scheduler *s, int32_t slot, int32_t t,
                        int32_t used);
/* Intervals that the run of a slot has been on before t. */
int32_t unit_age(const struct unit_scheduler *s, int32_t slot, int32_t t);
/* Unit u, from here on; ramps so long that more makes no difference become that long. */
void unit_use(struct unit_scheduler *s, const struct commit_unit *u, double x_before);
/* Power of the interval before one at x. */
double unit_power_before(const struct unit_scheduler *s,
                         const struct concave_best *best, double x);
/* The move from an interval on to the next. */
struct concave_move unit_move(const struct unit_scheduler *s, enum hour_kind kind);

/* plant_schedule.c */

/*
 * A plant in one configuration, since an interval, in one run, entered in one way. `used`
 * counts the starts of the day in which the run began.
 */
struct plant_label {
    int32_t config, since; /* -1 = before the first interval */
    int32_t start, used;   /* of the run */
    int32_t parent;        /* label it was entered from, -1 = from off, or at first */
    struct concave_best parent_best;    /* power before it, above this minimum */
    const struct commit_transition *by; /* NULL without a parent */
    int32_t stop, stop_used; /* interval of the stop before it, -1 = off since before */
    double once;             /* cost of the start or transition */
    struct concave run[2];   /* value by power, after even and odd intervals */
    struct concave_best *best; /* [n_interval] power of t-1, for t */
};

/* The best that stopped at an interval, by starts used that day. */
struct plant_stop {
    double value;             /* -INFINITY = cannot be */
    double x;                 /* power before the stop */
    struct concave_best best; /* power before that */
    int32_t label;
};

struct plant_work {
    struct plant_label *label; /* [room] those of this unit first; arrays stay */
    int32_t n, room;
    int32_t *live, n_live;   /* [room] labels after the last interval */
    int32_t *next, n_next;   /* [room] after this one */
    struct plant_stop *stop; /* [n_interval][room_used] */
    uint32_t *allowed;       /* [n_interval] bit c: may be in configuration c */
    int32_t *banned_off;     /* [n_interval + 1] intervals before that must be on */
    struct concave shifted;
    const struct commit_unit *unit;
};

MUST_CHECK enum err_code plant_create(struct unit_scheduler *s, struct err *err);
void plant_release(struct unit_scheduler *s);
MUST_CHECK enum err_code
plant_schedule_best(struct unit_scheduler *s, const struct commit_unit *u,
                    const struct interval_set *on, const struct interval_set *off,
                    struct unit_schedule *out, struct err *err);
/* Configuration c of the plant becomes the unit. */
void plant_use(struct unit_scheduler *s, int32_t c);

/* plant_trace.c: writes the schedule that ends in the label, or with the stop; -1 = not. */
void plant_trace(struct unit_scheduler *s, double value, int32_t label, int32_t stop,
                 int32_t used, struct unit_schedule *out);

/* store_schedule.c */

MUST_CHECK enum err_code store_create(struct unit_scheduler *s, struct err *err);
void store_release(struct unit_scheduler *s);
MUST_CHECK enum err_code
store_schedule_best(struct unit_scheduler *s, const struct commit_unit *u,
                    const struct interval_set *on, const struct interval_set *off,
                    struct unit_schedule *out, struct err *err);

#endif
