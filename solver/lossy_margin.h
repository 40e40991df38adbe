/*
 * lossy_margin.h - unknowns and rows of Newton's method on a dispatch with losses: what the
 * basis of the LP holds free, which limits bind, and the flows that a MW of an unknown makes.
 * The method itself, and its equations, stand in lossy_newton.c.
 *
 * Layer: solver (may include sim/base).
 */
#ifndef SOLVER_LOSSY_MARGIN_H
#define SOLVER_LOSSY_MARGIN_H

#include "sim/base/err.h"
#include "solver/lossy.h"
#include "solver/saddle.h"
#include "solver/work.h"

struct unknown {
    int32_t col;
    int32_t interval, injection; /* injection -1: a slack */
    double lo, up;               /* of x, or of P of a polynomial */
    const struct dispatch_polynomial *f;
    const struct piece *piece; /* of an injection */
    double value;
    int32_t slot; /* of phi, -1 = none */
};

struct newton {
    struct work *w;
    struct unknown *free;
    int32_t n_free;
    int32_t *row_limit; /* [n_row] limit of the k-th row of R beyond the balances */
    bool *binds;        /* [n_limit] it is a row of R */
    int32_t n_balance, n_row;
    double *phi; /* [n_slot][n_branch] */
    int32_t n_slot;
    double *dual; /* [n_balance + n_row] y of the step before */
    struct saddle a;
    int64_t room;     /* entries */
    double *step, *y; /* of a */
    double *flow;     /* [n_interval][n_branch] scratch */
    int32_t *row_of;  /* [LP rows] row of a, -1 = none */
    int32_t *entry_row;
    double *entry_value; /* [LP rows] of a column */
    double *x;           /* [columns] where the LP was */
};

/*
 * Unknowns: pieces and slacks that are basic, polynomials inside their range, whole; where the
 * point has settled off a vertex all pieces inside their range. False when out of memory.
 */
bool margin_free(struct newton *q);
/* Rows that bind, and their duals. False when out of memory. */
bool margin_rows(struct newton *q);
/* The flows of 1 MW of every injection that is free anywhere, into q->phi. */
MUST_CHECK enum err_code margin_flows(struct newton *q, struct err *err);

/* What the row-th row of R lacks at the point: rhs - activity, in the LP's sense. */
double margin_lack(const struct newton *q, int32_t row);
/* Limits of the LP that did not bind and are broken now bind; false if none. */
bool margin_bind_broken(struct newton *q);

#endif
