/*
 * program.h - a linear program that grows column by column and row by row, and is solved
 * once, in a thread of its own: one LP may live in a thread.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_PROGRAM_H
#define SOLVER_COMMIT_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"

struct program {
    double *cost, *lo, *up; /* [n_col] */
    int32_t n_col, room_col;
    double *row_lo, *row_up; /* [n_row] */
    int64_t *start;          /* [n_row + 1] */
    int32_t n_row, room_row;
    int32_t *col; /* [n_entry] */
    double *value;
    int64_t n_entry, room_entry;
    bool full; /* memory was out: nothing that follows counts */

    /* After program_solve(). */
    bool solved;
    double *x;    /* [n_col] */
    double *y;    /* [n_row] duals */
    int64_t work; /* simplex iterations x rows */

    enum err_code code; /* of its thread */
    struct err err;
};

/* The number of a column with cost and limits. */
int32_t program_column(struct program *p, double cost, double lo, double up);
/* A row, whose entries follow. */
void program_row(struct program *p, double lo, double up);
/* What column col has in the last row; 0 is left out. */
void program_entry(struct program *p, int32_t col, double value);
/* A constant on the left side of the last row. */
void program_shift(struct program *p, double by);
/*
 * By the dual simplex method, from columns at the bound that their cost wants. solved is
 * false, without an error, where there is no optimum or no thread.
 */
MUST_CHECK enum err_code program_solve(struct program *p, struct err *err);
void program_release(struct program *p);

#endif
