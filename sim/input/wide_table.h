/*
 * wide_table.h - a CSV file of somebody else, whose columns are looked up by name: the rows
 * and columns that are wanted, and no opinion on the others.
 *
 * Fields may stand in quotes. Positions as everywhere: file:line:column.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_WIDE_TABLE_H
#define SIM_INPUT_WIDE_TABLE_H

#include <stdbool.h>

#include "sim/input/source.h"

struct wide_table {
    struct source src; /* owned */
    size_t *at;        /* [n + 1] offsets of the records, the first is the header */
    size_t n;          /* records behind the header */
    struct err_list *faults; /* borrowed */
};

/* ERR_INPUT, ERR_IO: it cannot be read, or has no header. ERR_NOMEM. */
MUST_CHECK enum err_code wide_table_read(const char *path, struct err_list *faults,
                                         struct wide_table *out, struct err *err);
void wide_table_release(struct wide_table *t);

/* The field number of a column; -1, after a fault if it is required. */
int wide_column(struct wide_table *t, const char *name, bool required);
/* The field of record i (from 0), without quotes; its length. "" where there is none. */
const char *wide_text(const struct wide_table *t, size_t i, int column, size_t *len);
/* The same as a number within limits; least after a fault. "NA" and "" are absent. */
double wide_number(struct wide_table *t, size_t i, int column, double least,
                   double most, double absent);

#endif
