/*
 * work.h - a dispatch while it is being solved: the LP, what its columns and rows mean,
 * and the point last evaluated. Shared by the files of the dispatch solver only.
 *
 * Columns are *pieces* (parts of injections), then shortage and surplus per interval and
 * island, then one slack per limit row; pieces made by refining a polynomial follow as
 * they come. Rows 0 .. n_interval*n_island-1 are balances; limit rows follow in the
 * order in which they were found violated.
 *
 * Layer: solver.
 */
#ifndef SOLVER_WORK_H
#define SOLVER_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "solver/dispatch.h"
#include "solver/lossy.h"
#include "solver/lp.h"
#include "solver/outage.h"

struct piece {
    int32_t interval, injection;
    int32_t col;
    int32_t next;   /* another piece of the same injection and interval, -1 = last */
    int64_t seg;    /* segment of the problem */
    double from_mw; /* P where the piece begins */
    double width_mw;
    double cost, price_cost; /* $/MWh */
    bool repriced;           /* the LP holds price_cost: its self-schedule gave way */
};

/* A limit in the LP: activity of its columns - slack <= rhs. */
struct limit {
    enum dispatch_row_kind kind;
    int32_t index, interval;
    int32_t outage;     /* of flow limits: -1 = the network as it is */
    double stated;      /* as the problem states it */
    double rhs;         /* what is left of it for the columns */
    int32_t row, slack; /* LP row, LP column */
    int32_t factor;     /* of flow limits over injections: in work.factor */
    int32_t next;       /* of limits after outages: another of the branch, -1 = last */
    int32_t idle;       /* rounds in a row that it had room; see leave.c */
    bool repriced;      /* the LP holds the penalty of the pricing run: it gave way */
};

/* Distribution factors of one branch, as it is or after an outage; see factors.c. */
struct factor_row {
    int32_t branch, outage; /* -1 = the network as it is */
    int32_t next;           /* another row of the branch, -1 = last */
    int64_t start, end;     /* entries of injections, ascending */
    int64_t term;           /* after an outage: its first term */
};

struct work {
    const struct dispatch_problem *p;
    const struct merge *merge; /* what p was made from (merge.h); NULL = stated so */
    struct lp *lp;
    int32_t n_island;

    struct piece *piece; /* [n_piece] */
    int32_t n_piece, room_piece;
    int32_t *head; /* [T * n_injection] first piece, -1 = none */

    /* Weight of each injection in each island it touches. */
    int32_t *island_start; /* [n_injection + 1] */
    int32_t *island;
    double *island_weight;

    int32_t *shortage, *surplus; /* [T * n_island] columns */
    int32_t *increment; /* [T * n_island] columns: more load at the reference, fixed */
    bool *shortage_repriced, *surplus_repriced; /* [T * n_island] as in struct limit */
    double *balance_rhs;                        /* [T * n_island] */
    double *base_flow; /* [T * n_branch] with every piece empty */

    struct limit *limit; /* [n_limit] */
    int32_t n_limit, room_limit;
    int32_t *n_flow_row;                   /* [T] how many of them limit flows */
    int32_t *limit_at[DISPATCH_ROW_KINDS]; /* [T * count of kind] limit + 1, 0 = none */

    /* Distribution factors of branches that ever had a limit row. */
    struct factor_row *factor; /* [n_factor] */
    int32_t n_factor, room_factor;
    int32_t *factor_of_branch; /* [n_branch] first factor + 1, 0 = none */
    double *term;              /* [n_term] see factors_terms */
    int64_t n_term, room_term;
    int32_t *entry_injection; /* [n_entry] */
    double *entry_value;      /* [n_entry] */
    int64_t n_entry, room_entry;

    struct outage_screen *screen; /* NULL = no outages */
    int32_t *outage_limit; /* [n_branch] first limit after an outage, -1 = none */

    struct lift *lift; /* intervals with angles in the LP; NULL = none */

    /* Direction forced on a store where the LP would charge and discharge at once. */
    double direction_gap_usd; /* how far from the best directions these may be */
    int8_t *direction; /* [T * n_store] +1 discharge only, -1 charge only, 0 free */

    /* Worst relative gap of a run, less what slivers of relaxed limits may be worth. */
    double unexplained_gap;

    /* The point last evaluated. */
    double *x; /* [columns] */
    int32_t room_x;
    double *power_mw;   /* [T * n_injection] */
    double *bus_mw;     /* [T * n_bus] less what is lost at the ends of branches */
    double *flow_mw;    /* [T * n_branch] */
    double *angle_rad;  /* [T * n_bus] */
    double *energy_mwh; /* [T * n_store] */

    struct lossy *lossy; /* NULL = nothing is lost */

    bool may_leave; /* nobody holds numbers of columns or rows between rounds */
    double
        left_at_usd; /* optimum of the LP when rows left it last; -HUGE_VAL = never */

    bool pricing; /* the pricing run: what was relaxed is held */
    struct dispatch_stats stats;
};

/* An injection's range of power in an interval is [base, base + sum of widths]. */
MUST_CHECK enum err_code work_create(const struct dispatch_problem *p,
                                     struct work **out, struct err *err);
void work_destroy(struct work *w);

/* Appends a piece in front of its list, without a column yet; -1 when out of memory. */
int32_t work_add_piece(struct work *w, struct piece piece);

/* Columns of every piece, shortage and surplus; balance rows; merit-order basis. */
MUST_CHECK enum err_code work_load(struct work *w, struct err *err);

/* Room in w->x for columns that the LP has got since it was solved; they are 0. */
MUST_CHECK enum err_code work_make_room(struct work *w, struct err *err);
/* Solves the LP as it stands and evaluates the point. */
MUST_CHECK enum err_code work_solve(struct work *w, enum lp_method method,
                                    struct err *err);
/* Power, flows and stored energy of w->x. */
MUST_CHECK enum err_code work_evaluate(struct work *w, struct err *err);
/* Solves, adds violated limits, and again, until none is violated. */
MUST_CHECK enum err_code work_converge(struct work *w, enum lp_method method,
                                       struct err *err);

/* Penalty of relaxing a limit, $/MWh: that of the pricing run if repriced. */
double work_penalty(const struct work *w, const struct limit *limit, bool repriced);
/* Gives the LP the cost of a piece: that of the pricing run if repriced. */
void work_set_piece_cost(struct work *w, const struct piece *piece);
/* Objective coefficient of its slack: the penalty for the length of its interval. */
double work_slack_cost(const struct work *w, const struct limit *limit, bool repriced);
/* How many things of a kind have limits: branches, groups, injections or stores. */
int32_t work_count(const struct work *w, enum dispatch_row_kind kind);

/* Slacks [n_interval][n_island] of balances at the current point: column is shortage or surplus. */
void work_slacks(const struct work *w, const int32_t *column, double *mw);
/* Output of every segment there; a polynomial's only segment holds its whole output. */
void work_segments(const struct work *w, double *segment_mw);
/* MW that a store takes in and gives out in interval t at the current point. */
void work_store_flows(const struct work *w, int32_t t, int32_t s, double *charge_mw,
                      double *discharge_mw);

/* rows.c: limits as families. */

/* A limit is violated when it is broken by more than this. */
double rows_tolerance(double limit);
/* The limit as stated; INFINITY (or -INFINITY for minima) when there is none. */
double rows_stated(const struct work *w, enum dispatch_row_kind kind, int32_t index,
                   int32_t t);
/* The store whose energy is a term of a group, -1 = none. */
int32_t rows_group_store(const struct dispatch_problem *p, int32_t group);
bool rows_is_minimum(enum dispatch_row_kind kind);
bool rows_is_flow(enum dispatch_row_kind kind);
/* How far the limit is broken at the current point, 0 if it is kept or absent. */
double rows_violation(const struct work *w, enum dispatch_row_kind kind, int32_t index,
                      int32_t t);
/* The same of a limit that is in the LP, after its outage if it has one. */
double rows_broken(const struct work *w, const struct limit *limit);
/* Coefficient of a piece in a limit's LP row, sign as in the row. */
double rows_coefficient(const struct work *w, const struct limit *limit,
                        const struct piece *piece);
/* Left-hand side of a limit as the problem states it, at the current point. */
double rows_activity(const struct work *w, const struct limit *limit);
/* The same when every piece is empty. */
double rows_base_activity(const struct work *w, const struct limit *limit);
/*
 * A flow limit's left-hand side is a sum of weight x flow over branches: adds
 * by x weight to mu[branch], so that any mixture of limits is one vector over branches.
 */
void rows_spread(const struct work *w, const struct limit *limit, double by,
                 double *mu);

/* The same of a mixture of injections: what a flow limit after an outage adds to them. */
void rows_spread_gifts(const struct work *w, const struct limit *limit, double by,
                       double *value);

/* factors.c: distribution factors of flow limits over injections. */

struct flow_at {
    int32_t branch, outage;
};
/* Makes sure that n rows of factors are there. */
MUST_CHECK enum err_code factors_need(struct work *w, int32_t n,
                                      const struct flow_at *at, struct err *err);
/* The row in work.factor, -1 = not there. */
int32_t factors_find(const struct work *w, int32_t branch, int32_t outage);
const struct factor_row *factors_row(const struct work *w, const struct limit *limit);
/* MW over the branch of a flow limit per MW of an injection. */
double factors_of(const struct work *w, const struct limit *limit, int32_t injection);
/*
 * The flow after an outage is that before it, plus term x flow over the branches that the
 * outage takes out, plus term x power over the injections that it loses, in that order.
 */
const double *factors_terms(const struct work *w, const struct limit *limit);

/* secure.c: limits after outages. */

MUST_CHECK enum err_code secure_create(struct work *w, struct err *err);
void secure_release(struct work *w);
/* As outage_find, for pairs that are not in the LP. */
MUST_CHECK enum err_code secure_find(const struct work *w, int32_t per_branch,
                                     int32_t most, struct outage_violation *found,
                                     int32_t *n_found, struct err *err);
/* Part of separate_mark. */
MUST_CHECK enum err_code secure_mark(const struct work *w, bool *touched, bool *any,
                                     struct err *err);

/* entries.c: entries of new rows, (column, value). */

struct entries {
    int32_t *col;
    double *value;
    int64_t n, room;
};
bool entries_push(struct entries *e, int32_t col, double value);
/* Sorts the entries from `from` on by column and adds up those of the same column. */
bool entries_merge(struct entries *e, int64_t from);
void entries_release(struct entries *e);

/* lift.c: angles in the LP where flow limits are many. */

/* Gives interval t angles, and its flow limits rows over them; point and basis stay. */
MUST_CHECK enum err_code lift_interval(struct work *w, int32_t t, struct err *err);
/* All angles of interval t basic, as when they came. */
void lift_set_basic(struct work *w, int32_t t);
bool lift_has(const struct work *w, int32_t t);
/* True of flow limits whose rows are over angles. */
bool lift_applies(const struct work *w, const struct limit *limit);
/* The row of such a limit without its slack; false when out of memory. */
bool lift_push_flow(const struct work *w, const struct limit *limit, struct entries *e);
/* Its right-hand side, given its entries from `from` on. */
double lift_side(const struct work *w, const struct limit *limit,
                 const struct entries *e, int64_t from);
/* Angles and equations of all intervals have other columns and rows from now on. */
void lift_renumber(struct work *w, const int32_t *col, const int32_t *row);
void lift_release(struct work *w);

/*
 * leave.c: where w->may_leave, deletes the rows and slacks of limits that have had room for
 * some rounds. Call it at an optimum; point, duals and basis are what they were.
 */
MUST_CHECK enum err_code leave_idle(struct work *w, struct err *err);

/* separate.c: limits that the point breaks. */

/* Adds the limits that the current point violates, worst first; *n_added may be 0. */
MUST_CHECK enum err_code separate_violated(struct work *w, int32_t *n_added,
                                           struct err *err);
/* Whether interval t is better lifted once n_found more of its flow limits are rows. */
bool separate_is_dense(const struct work *w, int32_t t, int32_t n_found);
/* Adds n limits, of which kind, index, outage and interval count. */
MUST_CHECK enum err_code separate_add(struct work *w, int32_t n,
                                      const struct limit *limit, struct err *err);
/*
 * Whether the point breaks a limit by more than the LP relaxed it; touched[t] is set for
 * every interval whose power that limit depends on.
 */
MUST_CHECK enum err_code separate_mark(const struct work *w, bool *touched, bool *any,
                                       struct err *err);

/* crash.c: basis from the merit order, one interval and island at a time. */
MUST_CHECK enum err_code crash_basis(struct work *w, struct err *err);

/* refine.c: polynomial costs. */
MUST_CHECK enum err_code refine_begin(struct work *w, struct err *err);
/*
 * Splits pieces until the true cost is within tolerance of its lower bound; *exact says
 * that the optimum was found exactly, as by polish.
 */
MUST_CHECK enum err_code refine_converge(struct work *w, double tolerance, bool *exact,
                                         struct err *err);
double refine_cost(const struct dispatch_polynomial *f, double p_mw);
double refine_marginal(const struct dispatch_polynomial *f, double p_mw);
double refine_curvature(const struct dispatch_polynomial *f, double p_mw);

/*
 * newton.c: from the LP's last solution to the exact optimum of a single interval; *exact
 * is false where the problem is of another kind or nothing settled. Then the LP has its
 * basis and point back, and perhaps some rows more.
 */
MUST_CHECK enum err_code newton_settle(struct work *w, bool *exact, struct err *err);

/*
 * polish.c: exact powers and duals for polynomial costs, where the LP's active set is
 * that of the optimum; *exact says that it was, else nothing has changed but costs.
 */
MUST_CHECK enum err_code polish(struct work *w, bool *exact, struct err *err);
/* The same with y [n_y], by LP row, in place of the LP's duals. */
MUST_CHECK enum err_code polish_from(struct work *w, const double *y, int32_t n_y,
                                     bool *exact, struct err *err);

/*
 * direction.c: chooses charging or discharging where the LP does both; w->direction_gap_usd
 * says how much better another choice could be.
 */
MUST_CHECK enum err_code direction_settle(struct work *w, struct err *err);
/* Forces the net direction wherever the point goes both ways; false if nowhere. */
bool direction_force(struct work *w);

/* share.c: equal offers share pro rata. */
MUST_CHECK enum err_code share_equal_offers(struct work *w, struct err *err);

/* pricing.c */

struct prices {
    double *lambda;     /* [T * n_island] */
    double *congestion; /* [T * n_bus] */
    double *loss;       /* [T * n_bus] */
    double *shadow;     /* [n_limit] >= 0 */
};
/* Prices from the duals of the LP as it stands. Arrays are the caller's. */
MUST_CHECK enum err_code pricing_read(struct work *w, struct prices *out,
                                      struct err *err);

/* reprice.c */

/* Whether anything but a limit after an outage is relaxed at the present point. */
bool reprice_is_relaxed(const struct work *w);
/* Multiplies penalties of *p, which is w->p, and costs of the LP by DISPATCH_STEEPER. */
void reprice_steeper(struct work *w, struct dispatch_problem *p);
/*
 * The pricing run: what was relaxed stays relaxed, at the penalties of the pricing run;
 * everything else is as it was. Does nothing where nothing was relaxed.
 */
MUST_CHECK enum err_code reprice_relaxed(struct work *w, struct err *err);
/*
 * Moves the duals to those of the next increment of load; limits that it would relax
 * have the penalties of the pricing run. The point stays; if it is no optimum at these
 * penalties, *consistent becomes false and the point is that of the pricing run.
 */
MUST_CHECK enum err_code reprice_next_increment(struct work *w, bool *consistent,
                                                struct err *err);
/* By how much the cost of a point may exceed the LP's for the sake of what is held. */
double reprice_allowance(const struct work *w);

#endif
