/*
 * parts.h - what the files of the commitment solver share. Nobody else includes it.
 *
 * Common rows of every master, all "= " or ">=" of a sum over schedules s of units:
 *
 *     balance      sum_s P_st z_s + others + short - surplus  = load_t           (1)
 *     requirement  sum_s R_sqt z_s + shortfall               >= need_qt          (2)
 *     extra        cuts on commitment, flow limits           >= rhs              (3)
 *
 * Row t is (1) of interval t, row T (1 + q) + t is (2) of requirement q, row n_base + e
 * is extra row e. Their duals y, in money per MW for the whole interval, are the prices
 * that units see. For any y with the signs of (2) and (3) and within the prices of
 * shortage and surplus,
 *
 *     L(y) = sum_r y_r rhs_r + sum_others min_p (c - y) p + steps - sum_g V_g(y)  (4)
 *
 * is a lower bound of the cost.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_PARTS_H
#define SOLVER_COMMIT_PARTS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/base/seeded.h"
#include "solver/commit/commit.h"
#include "solver/commit/unit_schedule.h"
#include "solver/lp.h"

static inline bool set_has(const struct interval_set *s, int32_t t)
{
    return s->word[t / 64] >> (t % 64) & 1;
}

static inline void set_add(struct interval_set *s, int32_t t)
{
    s->word[t / 64] |= UINT64_C(1) << (t % 64);
}

static inline bool set_equal(const struct interval_set *a, const struct interval_set *b)
{
    for (int k = 0; k < SET_WORDS; k++)
        if (a->word[k] != b->word[k])
            return false;
    return true;
}

/* Whether a and b have an interval in common. */
static inline bool set_meets(const struct interval_set *a, const struct interval_set *b)
{
    for (int k = 0; k < SET_WORDS; k++)
        if (a->word[k] & b->word[k])
            return true;
    return false;
}

/* Whether every interval of a is in b. */
static inline bool set_within(const struct interval_set *a,
                              const struct interval_set *b)
{
    for (int k = 0; k < SET_WORDS; k++)
        if (a->word[k] & ~b->word[k])
            return false;
    return true;
}

/* How many facts are told of a unit: interval t + n_interval k for configuration k. */
static inline int32_t unit_facts(const struct commit_problem *p, int32_t g)
{
    const struct commit_unit *u = &p->unit[g];
    const int32_t n =
        u->store && store_decides(p, u->store) ? STORE_FACTS : u->n_config;
    return p->n_interval * (n > 0 ? n : 1);
}

/* How much power one of its facts, in interval t, is about. */
static inline double unit_fact_mw(const struct commit_unit *u, int32_t t)
{
    return u->store ? fmax(-commit_least_mw(u, t), commit_most_mw(u, t)) : u->max_mw;
}

/* ---- fleet.c: the problem with what follows from it -------------------------------- */

/* Others that look alike to the master: same interval, cost and place. */
struct other_block {
    int32_t interval, bus;
    int32_t first, n; /* into fleet.other_of_block */
    double lo_mw, up_mw;
    double cost_usd; /* per MW, of the whole interval */
};

/* A step of shortfall of finite width. */
struct short_step {
    int32_t row;
    double width_mw, cost_usd;
};

enum extra_kind {
    EXTRA_CUT,   /* holds for whole commitments only */
    EXTRA_COUNT, /* of the tree: how many units of a class are on; holds in some nodes */
    EXTRA_FLOW,  /* a limit of (4) or (11) */
    EXTRA_FUEL,  /* a limit of (11): - fuel burnt >= rhs */
    EXTRA_RAMP /* of a store: P_t - P_{t-1} >= rhs (minimum), or P_{t-1} - P_t >= rhs */
};

/*
 * sum on[g] u_gt + sum end[k][g] (unit g is in end k) + sum power[g] P_gt
 * + sum other[o] P_ot + spread over >= rhs, in which over is what cuts see of slack:
 * overload of the limit `of`, or, of = -1, what is short of the balance and of short_row.
 */
enum extra_end {
    END_START, /* its first interval on */
    END_STOP,  /* its last before a stop, unless it is the first */
    EXTRA_ENDS
};

struct extra {
    enum extra_kind kind;
    int32_t interval;
    int32_t branch, outage; /* of flows; outage -1 = none */
    bool minimum;
    int32_t next_of_branch; /* another row of the branch, -1 = last */
    int32_t limit;          /* of flows and fuel: which of (11), -1 = it is of (4) */
    int32_t store;          /* of ramps: its unit */
    double rhs;             /* of counts -INFINITY where there is no such limit */
    double top_usd;     /* what one unit of violation costs; INFINITY = not allowed */
    double *on, *power; /* [n_unit] owned; NULL = 0 */
    double *end[EXTRA_ENDS]; /* [n_unit] likewise, 0 of plants */
    double *other;           /* [n_other] owned; NULL = 0 */
    double spread;           /* of cuts, >= 0 */
    int32_t short_row;       /* of cuts: a requirement's row (2), -1 = none */
    int32_t of;              /* of cuts: the extra row of a limit, -1 = none */
};

/* Rows that commitments alone decide. */
static inline bool extra_is_cut(const struct extra *x)
{
    return x->kind == EXTRA_CUT || x->kind == EXTRA_COUNT;
}

struct fleet {
    const struct commit_problem *p;
    const struct commit_options *o;
    int32_t n_interval, n_unit, n_base;
    double *rhs;          /* [n_base] */
    double *floor, *roof; /* [n_base] limits of y that shortage and surplus set */
    double *taken;        /* [n_row] scratch of fleet_clamp */
    double rhs_sum;       /* of |rhs|: what a MW is small against */
    double scale;         /* money per MW: a usual price, for boxes and tolerances */

    struct other_block *block; /* [n_block] by interval */
    int32_t n_block;
    int32_t *other_of_block;
    struct short_step *step; /* [n_step] */
    int32_t n_step;

    int32_t *offer_start; /* [n_unit + 1] offers of all units in one row */
    int32_t *count_start; /* [offers + 1] into count */
    int32_t *count;       /* requirements that an offer counts for */
    int32_t most_offers;
    bool *spinning; /* [n_requirement] only units that run, above their power, count */
    int32_t *twin;  /* [n_unit] the first unit that is identical, maybe itself */

    struct extra *extra; /* [n_extra] */
    int32_t n_extra, room_extra;

    struct flows *flows; /* NULL = no network */

    struct unit_scheduler **scheduler; /* [n_thread] */
    int32_t n_thread;

    double gap_seen;       /* of the incumbent, for the watch; NaN = none yet */
    bool served;           /* there is a schedule that breaks nothing */
    double bound_seen_usd; /* the best bound of the whole problem so far */
    struct commit_stats stats;
    int64_t simplex_work;
    double started_s;
};

MUST_CHECK enum err_code fleet_create(const struct commit_problem *p,
                                      const struct commit_options *o,
                                      struct fleet **out, struct err *err);
void fleet_release(struct fleet *f);
/* Fills f->twin (twin.c). */
MUST_CHECK enum err_code fleet_twins(struct fleet *f, struct err *err);
/* Takes over e's arrays, also on failure. */
MUST_CHECK enum err_code fleet_add_extra(struct fleet *f, struct extra *e,
                                         struct err *err);
/* Forgets the last extra row, which is no flow's and in no master. */
void fleet_drop_extra(struct fleet *f);
/* Room for prices of all rows that there are by now; new ones are 0. */
MUST_CHECK enum err_code fleet_price_room(const struct fleet *f, double **y,
                                          int32_t *room, struct err *err);
static inline int32_t fleet_n_row(const struct fleet *f)
{
    return f->n_base + f->n_extra;
}

enum {
    LARGE_FLEET = 500, /* units in a network, whose limits ask for means of their own */
    SIFTED_FLEET =
        201 /* units in a network, whose dispatch is sifted; none has a tree */
};

enum {
    FEW_IN_FLEET = 24, /* in a fleet whose tree closes the gap */
    SMALL_FLEET = 200 /* units, up to which there is a tree, and time to look closely */
};

/* Between those: nothing closes their gap but a tree that is quick and schedules that are good. */
static inline bool fleet_is_middling(const struct fleet *f)
{
    return f->n_unit > FEW_IN_FLEET && f->n_unit <= SMALL_FLEET;
}

static inline bool fleet_is_large(const struct fleet *f)
{
    return f->flows && f->n_unit >= LARGE_FLEET;
}

static inline bool fleet_is_sifted(const struct fleet *f)
{
    return f->flows && f->n_unit >= SIFTED_FLEET;
}

int64_t fleet_work(const struct fleet *f);
/* Whether the work limit or the clock says to stop. */
bool fleet_spent(const struct fleet *f);
/* Whether half of the time by the clock is over, and there is no schedule yet. */
bool fleet_hurries(const struct fleet *f);
/*
 * ERR_NUMERIC where there is no schedule yet and the clock says to stop, or the work is
 * LATE times its limit.
 */
MUST_CHECK enum err_code fleet_in_time(const struct fleet *f, struct err *err);
/* For whoever watches: how far the incumbent may be from the best. */
void fleet_note_gap(struct fleet *f, double cost_usd, double bound_usd);
/* Prices to begin with: merit order of average costs. y[n_row] */
MUST_CHECK enum err_code fleet_first_prices(struct fleet *f, double *y,
                                            struct err *err);
/* Money per MW of a unit at full power in interval t, its start shared out. */
double fleet_average_cost(const struct fleet *f, int32_t unit, int32_t t);
/*
 * The greatest need of interval t that takes capacity of units that run. row: that of
 * (2) where it may be short at one price, -1 where it may not.
 */
double fleet_spinning_need(const struct fleet *f, int32_t t, int32_t *row);
/* What the extra row's interval sees of a block. */
double fleet_extra_of_block(const struct fleet *f, const struct extra *e,
                            const struct other_block *b);
/* Moves y to where (4) is finite. */
void fleet_clamp(const struct fleet *f, double *y);
/* (4) without the units. y as clamped. */
double fleet_rest(const struct fleet *f, const double *y);

/* ---- schedules.c: schedules of units, each kept once ------------------------------- */

struct schedule {
    int32_t unit;
    uint64_t key;
    double cost_usd;
    struct interval_set on;
    struct schedule *next; /* of the same unit */
    struct schedule *like; /* of the same unit and bucket */
    double *start_usd;     /* [n_interval] */
    double *mw;            /* [n_interval] P, then [n_interval][n_offer] reserve; of
                              stores P, then [n_interval] what is charged */
};

/* Schedules of one unit by their keys; n_bucket is a power of 2, or 0 where they are few. */
struct pool_index {
    struct schedule **bucket; /* [n_bucket] */
    uint32_t n_bucket, n;
};

struct pool {
    struct schedule **first;  /* [n_unit] */
    struct pool_index *index; /* [n_unit] */
    const struct pool *parent;
};

MUST_CHECK enum err_code pool_create(const struct fleet *f, struct pool **out,
                                     struct err *err);
void pool_release(const struct fleet *f, struct pool *pool);
/* The schedule in the pool that equals s; threads may add to different units. */
MUST_CHECK enum err_code pool_keep(const struct fleet *f, struct pool *pool,
                                   int32_t unit, const struct unit_schedule *s,
                                   const struct schedule **out, struct err *err);
/* The same schedule for an identical unit. */
MUST_CHECK enum err_code pool_copy(const struct fleet *f, struct pool *pool,
                                   int32_t unit, const struct schedule *from,
                                   const struct schedule **out, struct err *err);
/*
 * Mixture sum weight x schedule, weights sum to 1, all of one pattern: feasible because
 * (5)-(7) of commit.h are convex. Its cost is that of the curves.
 */
MUST_CHECK enum err_code pool_mix(const struct fleet *f, struct pool *pool, int32_t n,
                                  const struct schedule *const *s, const double *weight,
                                  const struct schedule **out, struct err *err);
/* As `like` in commitment, with powers and reserves mw, laid out as a schedule's. */
MUST_CHECK enum err_code pool_dispatch(const struct fleet *f, struct pool *pool,
                                       const struct schedule *like, const double *mw,
                                       const struct schedule **out, struct err *err);
/* Adds by x the schedule's coefficients in the common rows to row[n_row]. */
void schedule_rows(const struct fleet *f, const struct schedule *s, double by,
                   double *row);
/* Its coefficient in extra row e. */
double schedule_extra(const struct fleet *f, const struct schedule *s, int32_t e);
/* The end in which its unit is in interval t, -1 = none. */
int schedule_end(const struct fleet *f, const struct schedule *s, int32_t t);
/* Profit at prices y. */
double schedule_profit(const struct fleet *f, const struct schedule *s,
                       const double *y);
/* What the unit is in interval t, in which the schedule has it on. */
static inline const struct commit_unit *
schedule_unit(const struct fleet *f, const struct schedule *s, int32_t t)
{
    const struct commit_unit *u = &f->p->unit[s->unit];
    return commit_unit_in(u, interval_set_config(&s->on, u, f->n_interval, t));
}
/* Cost of power and reserve by the curves and offers, starts as given. */
double schedule_cost(const struct fleet *f, const struct schedule *s);

/* ---- sweep.c: every unit's best schedule at prices --------------------------------- */

/* What units are held to; NULL members = nothing. */
struct held {
    struct interval_set *on, *off; /* [n_unit] */
};

struct sweep {
    double *value;                /* [n_unit] V */
    const struct schedule **best; /* [n_unit] */
    double bound_usd;             /* L(y) */
    int32_t infeasible;           /* a unit that can do nothing, -1 = none */
};

MUST_CHECK enum err_code sweep_create(const struct fleet *f, struct sweep **out,
                                      struct err *err);
void sweep_release(struct sweep *s);
/* y must be clamped. The schedules are the pool's. */
MUST_CHECK enum err_code sweep_run(struct fleet *f, struct pool *pool,
                                   const struct held *held, const double *y,
                                   struct sweep *s, struct err *err);
/* Value of one unit, no schedule kept. */
MUST_CHECK enum err_code sweep_value(struct fleet *f, int32_t unit,
                                     const struct interval_set *on,
                                     const struct interval_set *off, const double *y,
                                     struct unit_schedule *out, struct err *err);

struct master; /* master.h */
struct generation;

/* ---- network_rows.c: limits of flows, when they are broken ---------------------------- */

/* f->flows; does nothing without a network. ERR_NUMERIC where it has several islands. */
MUST_CHECK enum err_code flows_create(struct fleet *f, struct err *err);
void flows_release(struct flows *x);
/* Adds the worst limits that the master's point breaks, to the fleet. */
MUST_CHECK enum err_code flows_separate(struct fleet *f, const struct master *m,
                                        int32_t *n_added, struct err *err);
/* Likewise of powers [n_unit][n_interval] and [n_block]. */
MUST_CHECK enum err_code flows_separate_average(struct fleet *f, const double *unit_mw,
                                                const double *block_mw,
                                                int32_t *n_added, struct err *err);
/* Forgets the extra rows, which no master has, that are not to be kept; y[n_row] follows. */
void flows_keep(struct fleet *f, const bool *keep, double *y);
/* Generates, adds limits that are broken, and again, until none is. */
MUST_CHECK enum err_code flows_generate(struct master *m, struct pool *pool,
                                        const struct held *held,
                                        const struct generation *g, struct sweep *sweep,
                                        struct err *err);
/* Prices of congestion at every bus, [n_interval][n_bus], from prices of rows. */
MUST_CHECK enum err_code flows_prices(struct fleet *f, const double *y, int32_t n_row,
                                      double *out, struct err *err);

/* ---- limit_rows.c: limits on sums of powers and flows ----------------------------------- */

/* Adds rows for all limits (11) to the fleet, whose flows are there. */
MUST_CHECK enum err_code limits_create(struct fleet *f, struct err *err);
/*
 * Likewise rows for the ramps of stores. Their dynamic program is over energy and knows no
 * power of before: it sees prices of ramps, which leave the bound as great as it was.
 */
MUST_CHECK enum err_code limits_of_stores(struct fleet *f, struct err *err);
/* What the schedules and others leave of them, and what prices y[n_row] say. */
void limits_answer(const struct fleet *f, const struct schedule *const *s,
                   struct commit_answer *a);
void limits_prices(const struct fleet *f, const double *y, int32_t n_row, double *out);
/* What the schedule burns of the limit's fuel in interval t; of that what its start does. */
double limits_burnt(const struct fleet *f, const struct schedule *s, int32_t limit,
                    int32_t t);
double limits_start_burnt(const struct fleet *f, const struct schedule *s,
                          int32_t limit, int32_t t);

/* ---- root.c: the greatest Lagrangian ------------------------------------------------ */

struct root {
    struct pool *pool;
    struct master *master; /* NULL once it has been given up: one LP per thread */
    double *y;             /* [room] best prices, of n_row rows by now */
    int32_t room_y;
    double bound_usd;
    double *hull_y; /* [n_hull] before cuts */
    int32_t n_hull;
    double hull_usd; /* the bound there */
};

MUST_CHECK enum err_code root_solve(struct fleet *f, struct root *r, struct sweep *s,
                                    struct err *err);
/* A master at the best prices again, of schedules that are good there. */
MUST_CHECK enum err_code root_again(struct fleet *f, struct root *r, struct sweep *s,
                                    struct err *err);
/* Takes bound and prices from its master. */
MUST_CHECK enum err_code root_note(struct fleet *f, struct root *r, struct err *err);
void root_release(struct fleet *f, struct root *r);

/* ---- rounding.c: cuts of a row over binaries ------------------------------------------ */

/*
 * sum a u + s >= b with u binary and s >= 0; borrowed arrays. With ends, binaries v_k of
 * which at most one is 1, and only where u is: a u counts as of[k] then.
 */
struct rounding {
    int32_t n;
    const double *u, *a; /* [n] the point, which has `s` of s */
    double b, s;
    const double *v[EXTRA_ENDS], *of[EXTRA_ENDS]; /* [n], NULL = none */
    double least;                          /* what |a| must exceed to divide by */
    double *trial, *trial_end[EXTRA_ENDS]; /* [n] scratch */
    bool *
        flip; /* [n] scratch: u is complemented. NULL = a quick search, not a thorough one */
    /* [n] the cut: sum coef u + sum coef_end v + spread s >= rhs */
    double *coef, *coef_end[EXTRA_ENDS];
    double rhs, spread, violation;
    double divisor, threshold; /* that the cut was made with */
    double *room;              /* owned: of scratch and cut */
};

/* Scratch and cut of r, all else of which is 0. thorough: with flip. */
MUST_CHECK enum err_code rounding_create(const struct fleet *f, bool thorough,
                                         struct rounding *r, struct err *err);
void rounding_release(struct rounding *r);

/* The most violated cut; false = there is none to speak of. */
bool rounding_find(struct rounding *r);
/*
 * Adds what was found, over commitments of interval t, to the fleet. soft: s is what is
 * short of the balance and of short_row (-1 = none); else there is no s.
 */
MUST_CHECK enum err_code rounding_keep(const struct rounding *r, struct fleet *f,
                                       int32_t t, bool soft, int32_t short_row,
                                       struct err *err);

/* ---- cuts.c ------------------------------------------------------------------------ */

/* Whether they are looked for thoroughly, as only small fleets can afford. */
bool cuts_are_thorough(const struct fleet *f);
/* Adds cuts on commitment while they lift the bound of r's master. */
MUST_CHECK enum err_code cuts_add(struct fleet *f, struct root *r, struct sweep *sweep,
                                  struct err *err);

/*
 * flow_cuts.c: adds cuts of limits that bind in m's point, whose commitments are
 * u[n_interval][n_unit]; *added becomes true if there are any.
 */
MUST_CHECK enum err_code flow_cuts_add(struct fleet *f, const struct master *m,
                                       const double *u, bool *added, struct err *err);

/*
 * reserve_cuts.c: likewise of requirements; v[k][n_interval][n_unit]: commitments that are
 * an end k.
 */
MUST_CHECK enum err_code reserve_cuts_add(struct fleet *f, const struct master *m,
                                          const double *u, double *const *v,
                                          bool *added, struct err *err);

/* ---- dive.c: from a master to a schedule --------------------------------------------- */

enum {
    SEARCH_SEEN = 256 /* dispatches that are remembered */
};

struct search {
    struct fleet *f;
    struct root *root;
    struct sweep *sweep;
    struct held held;                  /* [n_unit] */
    const struct schedule **incumbent; /* [n_unit] of root.pool; NULL = none yet */
    double cost_usd; /* INFINITY; penalties of what is not feasible included */
    bool feasible;   /* the incumbent breaks nothing */
    bool exhausted;  /* the tree has no open node: nothing better is likely */
    double *y;       /* [room_y] prices of the incumbent's dispatch */
    int32_t room_y;
    int32_t worst_row; /* where artificial slack was greatest when a dive failed */
    double worst_mw;
    uint64_t
        seen[SEARCH_SEEN]; /* patterns of all units that were dispatched, in turn */
    int32_t n_seen;        /* of all time */
    struct seeded random;
};

/* Whether the incumbent is as near to the best as was asked for (solve.c). */
bool search_is_proven(const struct search *s);
/* Whether nothing better is wanted, likely or within the limits. */
bool search_is_closed(const struct search *s);

struct dive_style {
    double share;       /* of fractional units that a step decides */
    int32_t most_steps; /* then what is left is rounded up */
    int32_t rounds;     /* of column generation per step */
    bool gentle;        /* decides only what is mixed, in as many steps as that needs */
};

/*
 * Decides patterns step by step, those of search.held being decided, then dispatches. A
 * better schedule becomes the incumbent. *m is given up, and NULL, in sifted fleets.
 */
MUST_CHECK enum err_code dive(struct search *s, struct master **m, struct pool *pool,
                              const struct dive_style *style, bool *better,
                              struct err *err);

/* One schedule per unit, out[n_unit], from a master where each has one pattern. */
MUST_CHECK enum err_code collect(struct search *s, const struct master *m,
                                 struct pool *pool, const struct schedule **out,
                                 struct err *err);
/*
 * combine.c: a better schedule, by a search of m's program without new columns, of at most
 * so many points. Its groups are single units; search.held is where it begins.
 */
MUST_CHECK enum err_code combine(struct search *s, struct master *m, struct pool *pool,
                                 int32_t most, bool *better, struct err *err);
/* Holds every unit to its pattern in the incumbent. */
void hold_incumbent(struct search *s);

/* ---- final.c ----------------------------------------------------------------------- */

/* Fills out from the incumbent, whose commitment is dispatched exactly. */
MUST_CHECK enum err_code final_answer(struct search *s, struct commit_answer *out,
                                      struct err *err);

/* ---- neighbourhood.c: what can be better near the incumbent -------------------------- */

/* Ends after so many failures in a row, or when the gap is closed. */
MUST_CHECK enum err_code neighbourhood_search(struct search *s, int32_t most_failures,
                                              struct err *err);

/* ---- branch.c: branch and price, for small fleets ------------------------------------- */

/*
 * Lifts root.bound_usd to the incumbent, which it betters, as far as nodes and work go.
 * counts_first: how many units of a size are on is decided before single units are.
 */
MUST_CHECK enum err_code branch_search(struct search *s, int64_t most_nodes,
                                       bool counts_first, struct err *err);
/*
 * The incumbent made better in windows of time, outside of which all units do what they do
 * in it: small trees, in windows of `least` times six hours first, `most` times last.
 */
MUST_CHECK enum err_code branch_windows(struct search *s, int32_t least, int32_t most,
                                        struct err *err);

#endif
