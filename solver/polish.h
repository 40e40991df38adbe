/*
 * polish.h - the exact optimum of polynomial costs while it is being found, see polish.c.
 *
 * Layer: solver; shared by polish.c, kkt.c and vertex.c only.
 */
#ifndef SOLVER_POLISH_H
#define SOLVER_POLISH_H

#include "solver/work.h"

/* Coefficients of one column in the rows of R: entries start .. end-1. */
struct span {
    int64_t start, end;
};

struct smooth {
    const struct dispatch_polynomial *f;
    int32_t interval;
    double base, lo, hi; /* MW; base is the power with all pieces empty */
    double p_mw;
    int side; /* 0 inside, -1 at lo, +1 at hi */
    struct span span;
};

/* A basic column that is no polynomial's. */
struct other {
    int32_t col;
    struct span span;
};

struct polish {
    struct work *w;
    struct smooth *smooth; /* [n_smooth] */
    int32_t n_smooth;
    struct other *other; /* [n_other] L */
    int32_t n_other;
    int32_t *smooth_at; /* [T * n_injection] smooth + 1, 0 = none */
    bool *binds;        /* [room_binds] by limit */
    int32_t room_binds;
    int32_t *limit; /* [n_limit] limits that bind; row T * n_island + k of R */
    int32_t n_limit, n_balance;
    int32_t *row; /* entries of all spans */
    double *coef;
    int64_t n_entry, room_entry;
    double *target;      /* [n_dual] right-hand sides of (3) */
    const double *given; /* [n_given] duals by LP row, to begin with; borrowed */
    int32_t n_given;
    double *guess;        /* [n_dual] y of the step before */
    double *matrix, *rhs; /* of the system; rhs becomes (y, x), matrix its factors */
    int32_t *pivot;       /* [n_dual + n_other] of these factors */
};

/* Rows of R: balances and limits that bind. */
int32_t polish_n_dual(const struct polish *q);

/*
 * kkt.c: columns and rows of the system for the limits listed, thinned; right-hand sides at
 * the present point.
 */
MUST_CHECK enum err_code kkt_begin(struct polish *q, struct err *err);
/* kkt.c: room for the system, once guess is there. */
MUST_CHECK enum err_code kkt_make_room(struct polish *q, struct err *err);
/*
 * kkt.c: one step of Newton's method for the present active set, into rhs and guess; false
 * if it cannot be made. again: nobody has changed sides since the last step.
 */
bool kkt_step(struct polish *q, bool again);
/* kkt.c: adds what balances lack to sum[n_balance]: nothing but rounding after the LP. */
void kkt_add_deficits(const struct polish *q, double *sum);

/*
 * vertex.c: takes out of q->other what is a combination of those before it: such columns
 * stay where they are, at no cost. A basis of the LP has none, a prediction may.
 */
MUST_CHECK enum err_code vertex_thin(struct polish *q, struct err *err);

/*
 * vertex.c: gives the LP pieces, costs and a basis for which the point of q, in w->x and
 * q->smooth, is an optimal vertex. What is basic otherwise is what it was.
 */
MUST_CHECK enum err_code vertex_make(struct polish *q, struct err *err);

#endif
