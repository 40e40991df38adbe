/*
 * matpower_value.h - the plain data of a MATPOWER case: numbers, texts, matrices, cells.
 *
 * Offsets are bytes from the start of the source.
 *
 * Layer: sim/input (internal to the MATPOWER reader).
 */
#ifndef SIM_INPUT_MATPOWER_VALUE_H
#define SIM_INPUT_MATPOWER_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/err.h"
#include "sim/input/source.h"

enum mat_kind {
    MAT_ABSENT,
    MAT_NUMBER,
    MAT_TEXT,
    MAT_MATRIX,
    MAT_CELL, /* of texts */
};

struct mat_row {
    size_t at;    /* offset of its first element */
    size_t first; /* its elements are item[first .. first + n) */
    size_t n;
    bool damaged; /* a fault has been reported inside it */
};

/* The raw bytes between the quotes; a quote inside is doubled. */
struct mat_text {
    size_t at, len;
    char quote;
};

struct mat_value {
    enum mat_kind kind;
    size_t at; /* offset of the value */
    double number;
    bool
        damaged; /* a number or cell element that is none; its fault has been reported */
    double *item; /* [n_item] owned, row by row */
    size_t n_item, item_room;
    struct mat_row *row; /* [n_row] owned; rows without a fault are equally long */
    size_t n_row, row_room;
    struct mat_text *text; /* [n_text] owned; one for MAT_TEXT */
    size_t n_text, text_room;
};

/* A pass over a source. */
struct mat_scan {
    const struct source *src;
    const char *p; /* where the pass is; src->text ends in its only NUL */
    struct err_list *faults;
    bool no_memory; /* set by whoever ran out of it; the pass then stops */
};

/* Reads the value at s->p into *v ({0} before), and leaves s->p behind it. */
void mat_scan_value(struct mat_scan *s, struct mat_value *v);
/* Moves s->p to the end of the statement, over brackets, texts and comments. */
void mat_skip_statement(struct mat_scan *s);
void mat_value_release(struct mat_value *v);

/* Offset of an element; found by scanning its row again, so only for faults. */
size_t mat_item_at(const struct source *src, const struct mat_value *v, size_t row,
                   size_t column);
size_t mat_offset(const struct mat_scan *s, const char *p);
/* Adds a fault at an offset; does not look for the position when the list is full. */
void mat_fault(const struct source *src, struct err_list *faults, size_t at,
               const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
