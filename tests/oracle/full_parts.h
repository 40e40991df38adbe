/*
 * full_parts.h - the LP of full_dispatch.h while it is being written: full_dispatch.c makes its
 * columns, solves it and reads the answer, full_rows.c makes its rows.
 */
#ifndef TESTS_ORACLE_FULL_PARTS_H
#define TESTS_ORACLE_FULL_PARTS_H

#include <glpk.h>

#include "tests/oracle/full_dispatch.h"

/* A row being written; GLPK's arrays start at 1. */
struct line {
    int *col;
    double *value;
    int n, room;
};

struct full {
    const struct dispatch_problem *p;
    const struct network_data *d;
    const struct full_dispatch *f;
    glp_prob *lp;
    struct line line;
    int32_t *island; /* [n_bus] */
    int32_t n_island;
    double *reference; /* [n_bus] */
    double rad;        /* an angle column counts in this many radians */
    int angle, potential, segment, shortage, surplus, energy, balance; /* first */
    int loss;         /* first, by interval and branch */
    int *first_piece; /* [segments + 1] first column of each */
    /* The network at hand: as it is, or after an outage; first columns of its buses. */
    int32_t outage; /* -1 = as it is */
    int at_angle, at_potential;
};

/* A column with cost and bounds; its number. */
int full_column(struct full *x, double cost, double lo, double up);
/* Adds value to the coefficient of a column in the row being written. */
void full_put(struct full *x, int col, double value);
/* The row is complete: its number. type is one of GLPK's. */
int full_close_row(struct full *x, int type, double lo, double up);
/* Puts sign * flow of branch l; the part that the shifter fixes is returned. */
double full_put_flow(struct full *x, int32_t l, double sign);

const struct dispatch_penalty *full_penalties(const struct full *x);
/* Whether branches lose power. */
bool full_loses(const struct full *x);

/* All rows, after the columns. */
void full_rows(struct full *x);

#endif
