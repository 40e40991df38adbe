/*
 * dive_work.h - mixtures of patterns, which dive.c makes and finish.c decides; what
 * combine.c has from dives.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_DIVE_WORK_H
#define SOLVER_COMMIT_DIVE_WORK_H

#include "solver/commit/master.h"

enum {
    PATTERNS = 8 /* of one unit that are told apart */
};

struct pattern {
    const struct schedule *of; /* a schedule that has it */
    double weight;
};

/* The patterns of all units, heaviest first. */
struct mixture {
    struct pattern *pattern; /* [n_unit * PATTERNS] */
    int32_t *n;              /* [n_unit] */
};

/* Holds a unit to the pattern of x. */
void dive_hold(struct search *s, const struct schedule *x);
/* What it costs to round the mixed unit g up, about. */
double dive_lift_usd(const struct fleet *f, const struct mixture *mix, int32_t g);
/* Keeps what the master has come to, of one pattern per unit, if it is better. */
MUST_CHECK enum err_code dive_accept(struct search *s, struct master *m,
                                     struct pool *pool, bool *better, struct err *err);

/* The dispatch of what search.held decides; it becomes the incumbent if it is better. */
MUST_CHECK enum err_code dive_dispatch(struct search *s, struct master *m,
                                       struct pool *pool, bool *better,
                                       struct err *err);

/*
 * finish.c: from units that are held, near prices y[n_row], to their dispatch; then each
 * unit of mix with several patterns tries the others. *better if that is an incumbent.
 */
MUST_CHECK enum err_code finish_dive(struct search *s, struct pool *pool,
                                     const struct mixture *mix, const double *y,
                                     bool *better, struct err *err);

#endif
