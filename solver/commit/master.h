/*
 * master.h - the linear program over schedules, and column generation in it. Files of the
 * commitment solver include it, nobody else.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_MASTER_H
#define SOLVER_COMMIT_MASTER_H

#include "solver/commit/parts.h"

/* ---- master.c: the linear program over schedules ------------------------------------ */

/*
 * Units form groups; a group has one convexity row and its columns hold a schedule of
 * each of its units. Group k's base is a column with weight 1 - sum of the others: every
 * other column is stated as what differs from it, which is little, and the convexity row
 * is sum z <= 1, which comes with the first other column. (A row operation on the
 * textbook form; the dual of the row is the textbook's less the base's.)
 */
struct master_column {
    int32_t group;
    int32_t lp;                     /* LP column */
    int32_t idle;                   /* solves in a row that it was not in the basis */
    bool barred;                    /* held units cannot do this any more */
    double weight;                  /* z at the last solve */
    const struct schedule **member; /* [units of the group] owned */
};

struct master {
    struct fleet *f;
    struct lp *lp;
    int32_t n_group;
    int32_t *group_start, *group_unit; /* units of each group */
    const struct schedule **base;      /* [n_unit] */
    bool *base_barred;                 /* [n_group] */
    int32_t *group_row;                /* [n_group] LP row, -1 = not yet */
    int32_t *group_columns;            /* [n_group] how many, barred ones too */
    int32_t n_extra;                   /* rows (3) that are in the LP */
    int32_t *extra_row, *extra_slack;  /* [n_extra] LP row, LP column */
    bool *extra_boxed;     /* [n_extra] its slack is cheaper than the problem's */
    double *base_activity; /* [n_row] of the bases in the common rows */
    double base_cost_usd;
    int32_t first_real, first_step, first_block; /* LP columns, see master.c */
    struct master_column *column;                /* [n_column] in order of LP column */
    int32_t n_column, room_column;
    double penalty_usd;  /* of artificial slacks where there is no box */
    bool boxed;          /* artificial slack is priced by a box, not by penalties */
    bool bars;           /* columns were barred since the last solve */
    bool jumps;          /* so many of them that the last basis says little */
    bool perturbed;      /* convexity rows are a little more than 1 */
    int32_t room_row;    /* of what has [n_row] */
    double *scratch;     /* [n_row] */
    int32_t *entry_row;  /* [n_row + 1] */
    double *entry_value; /* [n_row + 1] */

    /* After a solve. */
    double *y;           /* [n_row] duals */
    double *z;           /* [LP columns] */
    double *dual;        /* [LP rows] */
    double *group_dual;  /* [n_group] of the convexity row */
    double *base_weight; /* [n_group] */
    int32_t room_z, room_dual;
    double objective_usd;
    bool stalled;          /* the simplex method gave up; objective INFINITY */
    double artificial;     /* slack in use that the problem has not got */
    double *y_best;        /* [n_row] prices with the greatest bound so far */
    double bound_usd;      /* that bound, -INFINITY = none yet */
    bool converged;        /* generate() ended because nothing is left to gain */
    int32_t n_weak_solves; /* that needed another method */
};

/* What slack costs that the problem has not got: more than any that it has, and than what
 * others bid. */
double master_penalty_usd(const struct fleet *f);

/* group[n_unit] ascending group numbers or NULL = one each. base[n_unit]: schedules. */
MUST_CHECK enum err_code master_create(struct fleet *f, const int32_t *group,
                                       int32_t n_group,
                                       const struct schedule *const *base,
                                       const double *y, struct master **out,
                                       struct err *err);
void master_release(struct master *m);
/* Rows for extra rows of the fleet that are not in the LP. */
MUST_CHECK enum err_code master_add_extra(struct master *m, struct err *err);
/* A column of a group, member[k] for its k-th unit. */
MUST_CHECK enum err_code master_add(struct master *m, int32_t group,
                                    const struct schedule *const *member,
                                    struct err *err);
/* Reduced cost at the last solve's duals, money. */
double master_reduced_cost(struct master *m, int32_t group,
                           const struct schedule *const *member);
/* Box around centre, or fixed prices of slack when width is INFINITY. */
void master_box(struct master *m, const double *centre, double width_usd);
MUST_CHECK enum err_code master_solve(struct master *m, struct err *err);
/* Solves with convexity rows that are exactly 1. */
MUST_CHECK enum err_code master_exact(struct master *m, struct err *err);
/* Removes columns idle for longer than `most` solves. */
MUST_CHECK enum err_code master_purge(struct master *m, int32_t most, struct err *err);
/* Bars the columns that violate held, whose members are there. */
MUST_CHECK enum err_code master_bar(struct master *m, const struct held *held,
                                    struct err *err);

/* The right-hand side of extra row e, which is in the LP, has changed. */
void master_move_side(struct master *m, int32_t e);

/* Bars nothing any more. */
void master_unbar(struct master *m);

/* ---- generate.c: column generation -------------------------------------------------- */

struct generation {
    double width;      /* of the box, x fleet.scale; INFINITY = penalties */
    double toward;     /* the point priced = best + toward (master - best) */
    double tolerance;  /* relative: of objective and bound */
    int32_t most;      /* iterations */
    double cutoff_usd; /* stop when the bound says nothing below this is left */
    int32_t purge;     /* columns per group that are kept, 0 = all */
    double least;      /* relative, if not 0: no limit of work stops it before that */
    bool unlimited;    /* the limit of work does not stop it: a dispatch is due */
};

/* Forgets m's bound, as its problem has changed, and prices y for a new one. */
MUST_CHECK enum err_code generate_restart(struct master *m, struct pool *pool,
                                          const struct held *held, const double *y,
                                          struct sweep *s, struct err *err);
/* Generates columns until one of g's reasons to stop. m->bound_usd, y_best, objective. */
MUST_CHECK enum err_code generate(struct master *m, struct pool *pool,
                                  const struct held *held, const struct generation *g,
                                  struct sweep *sweep, struct err *err);

/*
 * What column generation would come to with the patterns of like[n_unit], at once, if they
 * run few enough: its columns and, where they are good, its prices. Others: does nothing.
 */
MUST_CHECK enum err_code generate_direct(struct master *m, struct pool *pool,
                                         const struct held *held,
                                         const struct schedule *const *like,
                                         struct sweep *s, struct err *err);

/* ---- direct.c: the dispatch of given patterns, as one linear program over power --------- */

/*
 * y[n_row] prices to begin near, then its prices; out[n_unit] its schedules, if *solved.
 * free[n_unit][n_interval]: where power may differ from that of `like`; NULL = everywhere.
 */
MUST_CHECK enum err_code direct_dispatch(struct fleet *f, struct pool *pool,
                                         const struct schedule *const *like,
                                         const bool *free, double *y,
                                         const struct schedule **out, bool *solved,
                                         struct err *err);

/* ---- sift.c: the same in a fleet of many units ------------------------------------------- */

/*
 * The dispatch of what units are held to, near prices y[n_row], with all limits of flows
 * that it would break: *out is a master with one schedule per unit, its prices and bound.
 * *whole is false where that is only a dispatch to go on from: the program stalls, or limits
 * are still broken after many rounds; and where the bound says that it would cost at least
 * cutoff_usd. *out may be NULL then, and may be there on failure.
 */
MUST_CHECK enum err_code sift_dispatch(struct fleet *f, struct pool *pool,
                                       const struct held *held, const double *y,
                                       double cutoff_usd, struct sweep *sweep,
                                       struct master **out, bool *whole,
                                       struct err *err);

/* finish.c: moves of single units that make the incumbent better, in such a fleet. */
MUST_CHECK enum err_code finish_moves(struct search *s, struct err *err);

/* ---- volume.c: prices of limits of flows without a linear program ------------------------ */

/* Lifts m->bound_usd with limits of flows that its mixture breaks; single units. */
MUST_CHECK enum err_code volume_ascend(struct master *m, struct pool *pool,
                                       struct sweep *s, struct err *err);

/* ---- ascend.c: the same where few units make the bound --------------------------------- */

struct ascent {
    double tolerance;  /* relative: of objective and bound */
    double cutoff_usd; /* stop when the bound says nothing below this is left */
    double
        enough;  /* or the master promises less than this share of what is left to it */
    bool nearby; /* random prices nearby are priced as well */
    struct seeded *random;
};

/*
 * Lifts m->bound_usd, where a bound and its prices are known, with limits of flows that
 * are broken. Groups of m are single units.
 */
MUST_CHECK enum err_code ascend(struct master *m, struct pool *pool,
                                const struct held *held, const struct ascent *a,
                                struct sweep *sweep, struct err *err);

/* ---- what the files of the master share ---------------------------------------------- */

/* A number in (0, 1] that belongs to k. */
double master_spread(int32_t k);
/* The LP row of a common row. */
static inline int32_t master_lp_row(const struct master *m, int32_t common)
{
    return common < m->f->n_base ? common : m->extra_row[common - m->f->n_base];
}
/* A base row's right-hand side in the LP. */
double master_base_side(const struct master *m, int32_t r);
/* That of extra row e. */
double master_extra_side(const struct master *m, int32_t e);
/* Gives the group its convexity row. */
MUST_CHECK enum err_code master_need_row(struct master *m, int32_t group,
                                         struct err *err);
/* Makes *array longer, zeros from `from` on; false where memory is out. */
bool master_grow(double **array, int32_t from, int32_t room);
/* Room for all the common rows that there are by now. */
MUST_CHECK enum err_code master_make_room(struct master *m, struct err *err);

#endif
