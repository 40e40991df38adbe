/*
 * compact.h - arrays of a run file as JSON that is short.
 *
 * Numbers are rounded to as many decimals as their unit or the largest of them deserves;
 * infinity is 1e999, which JSON readers take for it; NaN is null. Failures of the stream
 * stay in the stream.
 *
 * Layer: results/report (may include sim/base, results).
 */
#ifndef RESULTS_REPORT_COMPACT_H
#define RESULTS_REPORT_COMPACT_H

#include <stddef.h>
#include <stdio.h>

#include "results/schema.h"

/* Decimals for five digits of the largest finite value, at least least, at most 6. */
int compact_decimals(const double *value, size_t n, int least);
void compact_number(FILE *out, double value, int decimals);
/* [v, v, ...] */
void compact_f64(FILE *out, const double *value, size_t n, int decimals);
/* Any array of a table's C type; decimals is for TABLE_F64. */
void compact_table(FILE *out, enum table_type type, const void *value, size_t n,
                   int decimals);

/*
 * Of value[n_row][n_column] the means of block rows each (the last of what is left), NaN
 * where any is. Returns the number of rows that remain; out may be value itself.
 */
size_t compact_average(const double *value, size_t n_row, size_t n_column, size_t block,
                       double *out);

#endif
