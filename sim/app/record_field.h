/*
 * record_field.h - puts model structs into tables of the run file, field by field.
 *
 *     static const struct record_field sc_fields[] = {
 *         RECORD_FIELD("/name", TABLE_TEXT, struct sc, name),
 *         ...
 *     };
 *     RECORD_FIELDS(r, "/input/sc", sc_fields, m->sc, m->n_sc);
 *
 * The first error stays in the recorder and makes all further calls do nothing, so that
 * what is recorded reads as a list; look at r->code at the end.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_FIELD_H
#define SIM_APP_RECORD_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include "results/run_file.h"
#include "sim/base/arena.h"
#include "sim/base/err.h"

struct recorder {
    struct run_file *rf;  /* borrowed */
    struct arena scratch; /* arrays that live until the file is committed; owned */
    struct err *err;      /* borrowed */
    enum err_code code;
};

struct record_field {
    const char *path; /* below the group, starting with '/' */
    enum table_type type;
    size_t offset;
};

#define RECORD_FIELD(path_, type_, owner, member)                     \
 {                                                                    \
  .path = (path_), .type = (type_), .offset = offsetof(owner, member) \
 }

/* Every field of n structs of that stride. */
void record_fields(struct recorder *r, const char *group,
                   const struct record_field *field, size_t n_field, const void *first,
                   size_t stride, size_t n);
#define RECORD_FIELDS(r, group, field, first, n)                                \
 record_fields((r), (group), (field), sizeof(field) / sizeof *(field), (first), \
               sizeof *(first), (size_t)(n))

/* One table of group + name: n values of that type, one after the other. */
void record_array(struct recorder *r, const char *group, const char *name,
                  enum table_type type, const void *value, size_t n);
/* A dimension whose names are the text at that offset of n structs. */
void record_labels(struct recorder *r, const char *path, const void *first,
                   size_t stride, size_t offset, size_t n);
#define RECORD_IDS(r, path, owner, first, n) \
 record_labels((r), (path), (first), sizeof(owner), offsetof(owner, id), (size_t)(n))
/* A dimension that is only a number of rows, at group + name. */
void record_size(struct recorder *r, const char *group, const char *name, size_t n);
/* Zeroed scratch memory; NULL after an error, which r->code then holds. */
void *record_scratch(struct recorder *r, size_t n, size_t size);
#define RECORD_SCRATCH(r, type, n) \
 ((type *)record_scratch((r), (size_t)(n), sizeof(type)))

#endif
