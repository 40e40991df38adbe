/*
 * csv_table.h - one CSV file (RFC 4180, header row required) as an array of structs.
 *
 * A table is described once, as data: its columns with type, unit, default, bounds and
 * meaning. Reading, defaults, faults and `gridclear schema --inputs` come from that.
 *
 * A row struct starts with struct row_head; every column says where its value goes:
 *
 *     COLUMN_ID, COLUMN_TEXT   int32_t   index in the caller's struct str_index, -1 empty
 *     COLUMN_NUMBER            double    finite; if_empty (often NaN = unset) when empty
 *     COLUMN_INTEGER           int32_t
 *     COLUMN_HOUR              uint8_t   hour-ending 1..25, 0 when empty
 *     COLUMN_DATE              date_t    DATE_UNSET when empty, or if_empty
 *     COLUMN_FLAG              uint8_t   1 yes, 0 no, CHOICE_UNSET when empty
 *     COLUMN_CHOICE            uint8_t   index in choice, CHOICE_UNSET when empty
 *
 * A row with a fault stays in the array with bad = 1 and the defaults in the fields that
 * are wrong: its ids remain known, so that one wrong number is not reported again as an
 * unknown id in every other table, and its other fields are still checked. Fields are parsed once; only the byte offset of each
 * record is kept, and the position of a field is found again when a fault needs it.
 *
 * Layer: sim/input. csv_table.c is the only file that knows libcsv.
 */
#ifndef SIM_INPUT_CSV_TABLE_H
#define SIM_INPUT_CSV_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/calendar.h"
#include "sim/base/err.h"
#include "sim/base/str_index.h"
#include "sim/input/layers.h"
#include "sim/input/source.h"

enum column_type {
    COLUMN_ID,
    COLUMN_TEXT,
    COLUMN_NUMBER,
    COLUMN_INTEGER,
    COLUMN_HOUR,
    COLUMN_DATE,
    COLUMN_FLAG,
    COLUMN_CHOICE,
};

enum {
    CHOICE_UNSET = 255,
    ID_MAX = 64,
    TEXT_MAX = 256,
    TABLE_COLUMNS_MAX = 32
};
#define DATE_UNSET INT32_MIN

#define ROW_CHANGED (UINT64_C(1) << 60)

struct row_head {
    uint64_t at : 61;      /* byte offset of the record; from ROW_CHANGED on, that plus
                              the position (layers.h) of the override that made it so */
    uint64_t bad : 1;      /* something in it was reported: it counts for nothing */
    uint64_t askew : 1;    /* fields may be in wrong columns: check none of them */
    uint64_t reported : 1; /* for the caller: it was reported against another row */
};

struct column {
    const char *name;
    enum column_type type;
    bool required;    /* the column must exist and no field of it may be empty */
    bool above_min;   /* min itself is not allowed */
    double if_empty;  /* numbers, integers, dates */
    double min, max;  /* numbers, integers */
    const char *unit; /* "" for none */
    const char *if_empty_text; /* the default in words, "-" for required */
    const char *meaning;
    const char *const *choice; /* COLUMN_CHOICE: names, NULL-terminated */
    size_t offset;             /* in the row struct */
};

struct table_spec {
    const char *name; /* key under "tables:", also the role in the fingerprint */
    const char *file; /* default file name */
    bool required;
    const char *meaning; /* one sentence */
    size_t row_size;
    int n_column;
    const struct column *column;
};

struct csv_table {
    const struct table_spec *spec;
    struct source
        src; /* filled by the caller before reading; released with the table */
    const struct layers *layers; /* of rows that an override has changed; may be NULL */
    bool present;                /* set by csv_table_read */
    bool broken;                 /* ids may be missing: rows or columns were lost */
    bool header_wrong;           /* columns were refused: their fields are all empty */
    void *row;                   /* [n] structs of spec->row_size, owned */
    size_t n, room;
    int field_of[TABLE_COLUMNS_MAX]; /* column -> field in a record, -1 = not in file */
    size_t header_at;
    uint32_t *line_at; /* lines before each block of text; built when first needed */
};

/*
 * Reads t->src. Faults are added to the list; ERR_OK even then. ERR_NOMEM otherwise.
 * Ids and texts are put into ids.
 */
MUST_CHECK enum err_code csv_table_read(struct csv_table *t,
                                        const struct table_spec *spec,
                                        struct str_index *ids, struct err_list *faults,
                                        struct err *err);
void csv_table_release(struct csv_table *t);

/* Position of a field: member_offset is where its value stands in the row struct. A
 * field that the file does not have is at the start of its record. */
struct src_pos csv_table_at(struct csv_table *t, const struct row_head *row,
                            size_t member_offset);
uint32_t csv_table_line(struct csv_table *t, const struct row_head *row);
/* Whether a field whose value is unset is known to be empty, rather than refused. */
bool csv_table_is_empty(const struct csv_table *t, const struct row_head *row,
                        size_t member_offset);
/* Adds a fault at a field, and marks the row bad. Cheap once the list is full. */
void csv_table_fault(struct csv_table *t, struct row_head *row, size_t member_offset,
                     struct err_list *faults, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* As above, by member: ROW_FAULT(faults, table, row, pmin_mw, "...", ...). */
#define ROW_FAULT(faults, t, row, member, ...)                                 \
 csv_table_fault((t), &(row)->head,                                            \
                 (size_t)((const char *)&(row)->member - (const char *)(row)), \
                 (faults), __VA_ARGS__)

#define ROW_EMPTY(t, row, member)      \
 csv_table_is_empty((t), &(row)->head, \
                    (size_t)((const char *)&(row)->member - (const char *)(row)))

/* csv_field.c: text[0..len), not empty, into the row struct. False after writing what is
 * wrong into why. COLUMN_ID and COLUMN_TEXT are only checked. */
enum {
    WHY_SIZE = 240
};
bool csv_field_parse(const struct column *col, const char *text, size_t len, void *row,
                     char why[WHY_SIZE]);
/* Fills a row struct, or one field of it, with what empty fields mean. */
void csv_field_default(const struct column *col, void *row);
void csv_field_defaults(const struct table_spec *spec, void *row);
/* Offset of field number field in the record that starts at offset at; the record's
 * start if it has fewer fields. Quotes are respected. */
size_t csv_field_find(const struct source *src, size_t at, int field);

#endif
