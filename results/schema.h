/*
 * schema.h - every table of the run file, once, as data.
 *
 * Writer, reader, export, `gridclear schema` and documentation all come from this list.
 * A *scale* is a dimension: a one-dimensional dataset that other tables lie along, with
 * labels (names), coordinates (numbers) or a size only. Paths are absolute; the name of
 * a dimension is the last part of its path. Paths are a contract with other tools:
 * extend, never rename.
 *
 * The first part of a path is the stage that writes it: /input, /admission, /mitigation, /day_ahead,
 * /dispatch, /commitment, /settlement, /credit. Scales at the root are shared by all stages.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_SCHEMA_H
#define RESULTS_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/base/err.h"

/* Bumped when a table changes its meaning or goes away; new tables do not count. */
#define RUN_FORMAT_VERSION "1"

enum table_type {
    TABLE_F64,
    TABLE_I64,
    TABLE_I32,
    TABLE_U8,
    TABLE_TEXT, /* UTF-8; const char * in memory */
};

enum table_role {
    TABLE_VARIABLE,
    TABLE_LABELS,     /* scale of names, TABLE_TEXT */
    TABLE_COORDINATE, /* scale of numbers */
    TABLE_SIZE,       /* scale without values: rows of a list */
};

enum {
    TABLE_MAX_RANK = 2
};

struct table {
    const char *path;
    enum table_role role;
    enum table_type type;
    int rank;                        /* 1 or 2 */
    const char *dim[TABLE_MAX_RANK]; /* [rank] paths of scales; a scale names itself */
    const char *unit;                /* "1" where there is none */
    const char *long_name;
    const char *meaning; /* one sentence more, or "" */
    const char *refers;  /* integers are positions along this scale, or NULL */
    const char *absent;  /* what position -1 stands for, or NULL: no -1 */
    const char
        *flags;    /* words for the values 0, 1, ... separated by a space, or NULL */
    bool nan_fill; /* NaN where the table says nothing */
    bool required; /* commit refuses a stage without it */
};

/* All tables, in order of path groups; *n rows. */
const struct table *schema_tables(size_t *n);
/* The table at a path, or NULL. */
const struct table *schema_find(const char *path);
/* Last part of a path: "/day_ahead/lmp" -> "lmp". Points into path. */
const char *schema_name(const char *path);
/* True when path lies below the group, at any depth. */
bool schema_is_below(const char *path, const char *group);
const char *table_type_name(enum table_type type);
size_t table_type_size(enum table_type type);

/* What stands in the attributes of /meta. */
struct meta_attr {
    const char *name;
    enum table_type type; /* TABLE_F64, TABLE_I64 or TABLE_TEXT */
    bool required;
    const char *meaning;
};

const struct meta_attr *schema_meta(size_t *n);
const struct meta_attr *schema_find_meta(const char *name);

enum {
    SCHEMA_TEXT = 1024 /* no description is longer */
};

/* "[interval, node]", or "dimension". */
void schema_dims(const struct table *t, char text[SCHEMA_TEXT]);
/* What a table holds, with all the schema knows of its values, on one line. */
void schema_describe(const struct table *t, char text[SCHEMA_TEXT]);

/* The whole schema as text for people. ERR_IO when out cannot be written. */
MUST_CHECK enum err_code schema_print(FILE *out, struct err *err);

#endif
