/*
 * commit_rows.h - an answer of unit commitment put into the rows of the model that its
 * instance was published with, one after the other, and its cost added up again. Shares
 * no code with solver/ but the statement of problem and answer.
 *
 * pglib-uc: MODEL.tex, rows by their labels there. UnitCommitment.jl: its default
 * formulation, rows by their names in its source, which serve Egret's instances too, with
 * the limits on sums that those have; flows by slow_flow.h. Egret with services: the rows of
 * its own services model.
 */
#ifndef TESTS_ORACLE_COMMIT_ROWS_H
#define TESTS_ORACLE_COMMIT_ROWS_H

#include "sim/model/commit_case.h"

struct commit_rows {
    double cost_usd; /* of the whole answer; of a network, without overloads */
    double worst_mw; /* by how much the worst row is broken; INFINITY for a binary */
    const char *row; /* its name, "" = no row is broken at all */
    int32_t unit, interval; /* from 0; -1 where it has none */
    double overload_usd; /* UnitCommitment.jl: worst overload of each line and interval;
                         NAN where flows are not looked at, as there are too many buses */
    int64_t n_row;       /* rows that were looked at */
};

/* The rows of the instance's own format. */
struct commit_rows commit_rows_check(const struct commit_case *c,
                                     const struct commit_answer *a);

/* ---- for the files that hold the rows ---- */

struct commit_table {
    const struct commit_case *c;
    const struct commit_answer *a;
    struct commit_rows *out;
};

void commit_rows_pglib(const struct commit_table *t);
void commit_rows_ucjl(const struct commit_table *t);
/* Services; flows, which need more than an answer's MW, are the certificate's. */
void commit_rows_egret(const struct commit_table *t);

/* lhs <= rhs, or lhs = rhs, of one row. */
void commit_row_most(const struct commit_table *t, const char *name, int32_t unit,
                     int32_t interval, double lhs, double rhs);
void commit_row_equal(const struct commit_table *t, const char *name, int32_t unit,
                      int32_t interval, double lhs, double rhs);
/* A row over binaries only: broken or not. */
void commit_row_logic(const struct commit_table *t, const char *name, int32_t unit,
                      int32_t interval, bool holds);

/* Status in interval t from 1 as the models count, 0 being before the first. */
int commit_rows_on(const struct commit_table *t, int32_t g, int32_t interval);
double commit_rows_power(const struct commit_table *t, int32_t g, int32_t interval);
/* All products together. */
double commit_rows_reserve(const struct commit_table *t, int32_t g, int32_t interval);

#endif
