/*
 * normal.h - the matrix A D A' of the dual function (dual.h), kept up to date.
 *
 * D holds curves: what a power gives way per $/MWh. Few injections are ever inside their
 * range, so that only their columns of A are made; and from one step to the next few
 * of them change, so that the matrix, and the gradient rhs - A P, change by those alone.
 *
 * Layer: solver; used by newton.c only.
 */
#ifndef SOLVER_NORMAL_H
#define SOLVER_NORMAL_H

#include "solver/dual.h"

struct normal {
    struct dual *f;
    int32_t n_dual; /* rows of A that columns have */
    int32_t *at;    /* [n_injection] its column + 1, 0 = not made */
    double *column; /* [n_column][n_dual] */
    int32_t n_column, room;
    double *power;   /* [n_injection] what the gradient is of */
    double *curve;   /* [n_injection] what the matrix is of */
    double *matrix;  /* [n_row][n_row] lower triangle */
    int32_t *row_of; /* [n_dual] row of the matrix + 1, 0 = not in it */
    int32_t *dual;   /* [n_row] */
    int32_t n_row;
};

MUST_CHECK enum err_code normal_create(struct normal *q, struct dual *f,
                                       struct err *err);
void normal_release(struct normal *q);

/* Of the present rows and powers; from nothing where rows have joined. */
MUST_CHECK enum err_code normal_begin(struct normal *q, struct err *err);
/* f->gradient, from what it was at the last call to what it is at f->power. */
MUST_CHECK enum err_code normal_gradient(struct normal *q, struct err *err);
/*
 * A D A' at f->curve, damping[k] of dual k on its diagonal, over the n duals listed,
 * ascending: out [n][n], all of it.
 */
MUST_CHECK enum err_code normal_matrix(struct normal *q, int32_t n, const int32_t *dual,
                                       const double *damping, double *out,
                                       struct err *err);

#endif
