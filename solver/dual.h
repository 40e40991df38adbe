/*
 * dual.h - the dual function of a single interval, made smooth.
 *
 * Over balances and the flow limits watched so far,
 *
 *     D(y) = rhs'y - sum_i max_P [ a_i'y P - f_i(P) - (P - P_i')^2 / (2 s_i) ]     (1)
 *
 * for injections i with polynomial costs f, and likewise for each piece of linear cost.
 * Every power is held near where it was, P', by a weak spring s, which makes D smooth:
 * it is concave and its gradient rhs - A P(y) is continuous. Once the maximum is found P'
 * moves to P(y), and in the end no spring is stretched: that is the optimum (the proximal
 * point method; Rockafellar 1976). Slacks are bounds on y: a limit's dual is in
 * [-penalty, 0], a balance's between the penalties of surplus and shortage. Duals are in
 * $/MWh, whatever the length of the interval.
 *
 * Layer: solver; used by newton.c only.
 */
#ifndef SOLVER_DUAL_H
#define SOLVER_DUAL_H

#include "solver/work.h"

struct watched {
    enum dispatch_row_kind kind;
    int32_t branch;
    int32_t factor; /* in work.factor */
    double rhs, penalty;
};

struct dual {
    struct work *w; /* w->x of the pieces is that of the last response */
    int32_t n_balance;
    struct watched *row; /* [n_row] limits; their duals follow those of balances */
    int32_t n_row, room_row;
    bool *known[2]; /* [n_branch] maxima, minima that are watched */
    const struct dispatch_polynomial **smooth; /* [n_injection] NULL = linear pieces */
    double *least, *most; /* [n_injection] marginal costs of the others at their ends */
    double *held;         /* [n_piece] P' of pieces of linear cost */
    double *held_power;   /* [n_injection] P' of the others, above base */
    double spring_usd;    /* a spring gives by the whole width for so many $/MWh */

    double *y, *gradient; /* [n_balance + room_row] */
    double *mu, *bus;     /* [n_branch], [n_bus] scratch */
    double *price;        /* [n_injection] a_i'y */
    double *power;        /* [n_injection] wanted at that price, above base */
    double *curve;        /* [n_injection] d power / d price */
};

/* What the LP has found last: its limits, duals, and powers as P'. */
MUST_CHECK enum err_code dual_begin(struct dual *f, struct work *w, double spring_usd,
                                    struct err *err);
void dual_release(struct dual *f);

int32_t dual_n(const struct dual *f); /* how many y */
void dual_range(const struct dual *f, int32_t k, double *lo, double *up);
double dual_rhs(const struct dual *f, int32_t k);
/* 1, or -1 where the row is that of a minimum: its factors change sign. */
double dual_sign(const struct watched *r);

/* A'y into price, which may be that of a step: one solve with the network. */
MUST_CHECK enum err_code dual_prices(const struct dual *f, const double *y,
                                     double *price, struct err *err);
/* Powers and curves at f->price. */
void dual_respond(struct dual *f);
/* From nothing; normal.h takes it from one step to the next. */
void dual_gradient(struct dual *f);
/* At a bound, and the gradient points out of it. */
bool dual_is_fixed(const struct dual *f, int32_t k);
/* Largest gradient among those that are not, MW. */
double dual_worst_mw(const struct dual *f);

/*
 * Watches the limits that the present powers break; *n_added may be 0. *fits is false
 * where they are more than most.
 */
MUST_CHECK enum err_code dual_watch(struct dual *f, int32_t most, int32_t *n_added,
                                    bool *fits, struct err *err);
/* P' becomes P; returns how far the worst spring was stretched, $/MWh. */
double dual_relax(struct dual *f);
/* Fills the pieces of every injection from the bottom to its power. */
void dual_stack(struct dual *f);

#endif
