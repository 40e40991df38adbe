/*
 * merge.h - injections that are alike are one.
 *
 * Two injections are alike if they stand at the same buses with the same weights, have in
 * every interval as many segments at the same costs, and nothing else sees the one without
 * the other: no group, no store, no polynomial, no ramp limit that could bind, no outage.
 * Then only the sums of their base power and of their widths matter, and
 *
 *     x_its = X_ts w_its / W_ts                                                  (1)
 *
 * takes an answer apart again: equal offers at one place share pro rata (share.c), so that
 * this is the answer that the whole problem has, up to rounding. Loads that take any
 * price are so, or the sun plants of a node; a market has thousands of them.
 *
 * The first of those that are alike stands for all, so that the order of injections stays.
 *
 * Layer: solver.
 */
#ifndef SOLVER_MERGE_H
#define SOLVER_MERGE_H

#include "sim/base/err.h"
#include "solver/dispatch.h"

struct merge;

/* *out is NULL where fewer than `least` segments would be saved. */
MUST_CHECK enum err_code merge_find(const struct dispatch_problem *p, int64_t least,
                                    struct merge **out, struct err *err);
void merge_destroy(struct merge *m);
/* The smaller problem; lives as long as m, and as what the whole one borrows. */
const struct dispatch_problem *merge_problem(const struct merge *m);
const struct dispatch_problem *merge_whole(const struct merge *m);

/* (1): value of the smaller problem [segments] to whole [segments]. */
void merge_split_segments(const struct merge *m, const double *value, double *whole);
/* Costs: each segment of the whole has that of the one that stood for it. */
void merge_copy_segments(const struct merge *m, const double *value, double *whole);
/* Powers [n_interval][n_injection] of the whole from its segments, (2) of dispatch.h. */
void merge_powers(const struct merge *m, const double *segment_mw, double *whole);
/* Rows that name an injection name it as the whole problem does. */
void merge_name_rows(const struct merge *m, struct dispatch_row *row, int32_t n);

#endif
