/*
 * lossy.h - losses in a dispatch: from tangents to the exact optimum.
 *
 * Per interval and island the balance row gets a column z for the MW lost. What is lost is
 * a convex function of the injections, so that the LP may hold it by its tangents,
 *
 *     z >= L(I*) + sum_n LF_n(I*) (I_n - I*_n)                                  (1)
 *
 * which enter where a trial dispatch loses more than z: one more family of rows. They
 * find which limits and segments are at the margin; the optimum itself lies where
 * tangents meet only by chance. So
 *
 *     1. tangents until z is within a coarse tolerance of L;
 *     2. Newton's method on the optimality conditions of what is at the margin, with the
 *        exact L and its curvature (lossy_newton.c): balance to the last digit;
 *     3. the tangent at that point as an *equality*, all others off: the market as it is
 *        at the margin, in which the point must be optimal. If it is not, its tangent
 *        is one more for 1.
 *
 * From then on the LP is that of 3: equal offers share at one place only (they change no
 * flow), and prices are the duals of an LP whose rows hold the loss factors of the point.
 *
 * Where the energy price is negative (1) is no help: the LP would lose more than it
 * must, power being worth less than nothing. There the tangent is an equality from the
 * start, renewed at every point until it settles; should its price turn positive and
 * the point swing to and fro, it is tangents again. Such a point satisfies the optimality
 * conditions, but they do not prove it best: gap_usd is how much better any other point
 * could be, by the cost with losses at will.
 *
 * Layer: solver.
 */
#ifndef SOLVER_LOSSY_H
#define SOLVER_LOSSY_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"

struct work;
struct prices;

struct lossy_cut {
    int32_t row;     /* of the LP */
    int32_t balance; /* interval and island: t * n_island + a */
    double least;    /* right-hand side of (1) without the terms in I */
    bool on;
};

struct lossy {
    int32_t *column; /* [T * n_island] z */
    double
        *lost_mw;   /* [T * n_island] L of the point last evaluated, at the reference */
    double *factor; /* [T * n_bus] LF, likewise */
    /* Corrections of lossy_ends.c; NULL under LOSS_REFERENCE. */
    double *withdrawn_mw; /* [T * n_bus] W */
    double *shift_mw;     /* [T * n_branch] flows that W causes */
    double *offset_mw;    /* [T * n_island] delta */
    double *kappa;        /* [T * n_injection] $/MWh */
    double *kappa_step;   /* [T * n_injection] its last change */
    bool *equality;   /* [T * n_island] a negative price: the last cut is an equality */
    int32_t *renewed; /* [T * n_island] times that an equality was, in a row */
    struct lossy_cut *cut;
    int32_t n_cut, room_cut;
    bool settled;   /* 3. has been done: no more tangents */
    double gap_usd; /* 0 = proven best */
    double pace;    /* share of a correction that is made: 1, less where they swing */
    double last_mw; /* what the last one moved */
    int32_t tangents, steps, turns;
};

/* Columns z; w->lossy stays NULL where nothing is lost. After the balance rows exist. */
MUST_CHECK enum err_code lossy_load(struct work *w, struct err *err);
void lossy_destroy(struct lossy *s);

/* Adds the tangents that the point lacks; *n_added may be 0. Nothing once settled. */
MUST_CHECK enum err_code lossy_add_tangents(struct work *w, int32_t *n_added,
                                            struct err *err);
/* 2. and 3. from a converged LP. The point and the duals are the optimum's. */
MUST_CHECK enum err_code lossy_settle(struct work *w, struct err *err);

/* $/MWh by which the LP's cost of an injection is corrected. */
double lossy_cost_shift(const struct work *w, int32_t interval, int32_t injection);
/* Takes W out of what enters the network. */
void lossy_withdraw(const struct work *w, double *bus_mw);

/*
 * Whether the optimality conditions prove the point best: no branch loses what has a price
 * below zero, so that the point is also optimal where more than k f^2 may be lost, and
 * that problem is convex.
 */
bool lossy_is_proven(const struct work *w, const struct prices *prices);

/* Lost MW and loss factors of the point, by the flows last evaluated. */
MUST_CHECK enum err_code lossy_evaluate(struct work *w, struct err *err);
/* d(loss in the island of balance b)/d(power of the injection). */
double lossy_factor(const struct work *w, int32_t balance, int32_t injection);

/* lossy_ends.c */
MUST_CHECK enum err_code lossy_ends_create(struct work *w, struct err *err);
void lossy_ends_destroy(struct lossy *s);
/* New corrections at the point and its duals; *same if they are as they were. */
MUST_CHECK enum err_code lossy_ends_correct(struct work *w, bool *same,
                                            struct err *err);
/* After the duals moved at a point: costs corrected by them, until both agree. */
MUST_CHECK enum err_code lossy_ends_reprice(struct work *w, struct err *err);

/*
 * lossy_newton.c: moves w->x, from an optimal basis, to the point that satisfies the
 * optimality conditions of the same active set; *moved false (and the point as it was)
 * where there is none within the bounds.
 */
MUST_CHECK enum err_code lossy_newton(struct work *w, bool *moved, struct err *err);

#endif
