/*
 * sheet.h - rows and columns put together from tables of the run file.
 *
 * Nothing is copied row by row: a column is an array and a rule which of its values
 * belongs to a row,
 *
 *     place = row / stride mod cycle,   place = via[place] if there is a via      (1)
 *
 * so the long form of a table [interval, node] is three columns over the same rows.
 * Arrays live in the sheet's arena.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_SHEET_H
#define RESULTS_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "results/run_read.h"
#include "sim/base/arena.h"
#include "sim/base/err.h"

/* How a stored value is shown. */
enum column_view {
    VIEW_VALUE,
    VIEW_WORD,  /* a flag by its word */
    VIEW_DATE,  /* day number as YYYY-MM-DD */
    VIEW_TIME,  /* minutes as YYYY-MM-DDThh:mm:ssZ */
    VIEW_OASIS, /* minutes as YYYY-MM-DDThh:mm:ss-00:00 */
    VIEW_TWO,   /* number of at least two digits */
};

struct column {
    const char *name;
    enum column_view view;
    enum table_type type;
    const void *value; /* [n] of that type */
    size_t n;
    size_t stride, cycle; /* (1) */
    const int32_t *via;   /* [cycle] or NULL; -1 shows as absent */
    const char *absent;
    const char *words; /* VIEW_WORD */
};

enum {
    SHEET_COLUMNS = 64
};

struct sheet {
    struct arena arena;
    const char *name;
    struct column column[SHEET_COLUMNS];
    size_t n_column, n_row;
};

/* What a cell holds; text points into buffer or into the sheet. */
enum cell_kind {
    CELL_ABSENT,
    CELL_TEXT,
    CELL_NUMBER,
};

enum cell_kind sheet_cell(const struct sheet *s, size_t row, size_t column,
                          bool for_people, char *buffer, const char **text);

/* A constant text in every row. */
MUST_CHECK enum err_code sheet_add_constant(struct sheet *s, const char *name,
                                            const char *text, struct err *err);
/* Any column; copies *c. ERR_BUG when the sheet is full. */
MUST_CHECK enum err_code sheet_add(struct sheet *s, const struct column *c,
                                   struct err *err);
/* A table's own values along rows with that stride; flags, dates, times by their words.
 * name NULL: the table's own. */
MUST_CHECK enum err_code sheet_add_table(struct sheet *s, const struct run_read *rd,
                                         const struct table *t, const char *name,
                                         size_t stride, struct err *err);
/*
 * The labels along a scale, one column; of an interval scale three: interval_start,
 * trade_date, hour_ending. via, absent: as in struct column, cycle its length; NULL =
 * the scale itself. A scale of rows without labels adds nothing.
 */
MUST_CHECK enum err_code sheet_add_labels(struct sheet *s, const struct run_read *rd,
                                          const char *scale, const char *name,
                                          size_t stride, const int32_t *via,
                                          size_t cycle, const char *absent,
                                          struct err *err);
void sheet_release(struct sheet *s);

#endif
