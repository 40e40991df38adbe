/*
 * h5_file.h - the only door to the HDF5 library: files in memory, arrays, dimension
 * scales, attributes, and its errors as ours.
 *
 * A file being written lives in memory until its bytes are asked for, so that a full
 * disk is met by our own write, never inside the library. No time stamps, order of
 * creation kept: equal calls give equal bytes. Paths are absolute. Names and text are
 * UTF-8. Layout is contiguous, but two-dimensional arrays over 64 KiB in which three
 * quarters of the values repeat their predecessor are cut into chunks of at most
 * 24 x 4096 values, shuffled and deflated (level 1).
 *
 * Errors: ERR_NOMEM, ERR_BUG while writing; ERR_INPUT, ERR_NOMEM while reading. The
 * library prints nothing.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_H5_FILE_H
#define RESULTS_H5_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/schema.h"
#include "sim/base/arena.h"
#include "sim/base/err.h"

struct h5_file;

/* A new, empty file in memory. Close it. */
MUST_CHECK enum err_code h5_file_create(struct h5_file **out, struct err *err);
/* Reads a file from its bytes, borrowed until the file is closed. */
MUST_CHECK enum err_code h5_file_open(const void *image, size_t n, struct h5_file **out,
                                      struct err *err);
/* Accepts NULL. */
void h5_file_close(struct h5_file *f);
/* The bytes of a file being written, valid until the next call on it. */
MUST_CHECK enum err_code h5_file_image(struct h5_file *f, const void **image, size_t *n,
                                       struct err *err);

struct h5_array {
    const char *path;
    enum table_type type;
    int rank; /* 1 or 2 */
    size_t dim[TABLE_MAX_RANK];
    bool nan_fill; /* TABLE_F64: NaN is the declared fill value */
};

/* Creates a group and those above it; fine if it is there. */
MUST_CHECK enum err_code h5_file_group(struct h5_file *f, const char *path,
                                       struct err *err);
/*
 * Creates an array in an existing group and writes data [product of dim], row-major, of
 * the C type of a->type; NULL: left at zero.
 */
MUST_CHECK enum err_code h5_file_write(struct h5_file *f, const struct h5_array *a,
                                       const void *data, struct err *err);
/* Makes an array a dimension scale. */
MUST_CHECK enum err_code h5_file_make_scale(struct h5_file *f, const char *path,
                                            const char *name, struct err *err);
/* States that axis 0 or 1 of an array runs along a scale. */
MUST_CHECK enum err_code h5_file_attach(struct h5_file *f, const char *path, int axis,
                                        const char *scale, struct err *err);
/* An attribute of n values (text: n = 1, a const char *const *) of a group or array. */
MUST_CHECK enum err_code h5_file_put_attr(struct h5_file *f, const char *path,
                                          const char *name, enum table_type type,
                                          size_t n, const void *data, struct err *err);

/* True when path leads to an array. */
bool h5_file_has_array(const struct h5_file *f, const char *path);
/* Type and dims of an array; ERR_INPUT if none, or of a type or rank we do not write. */
MUST_CHECK enum err_code h5_file_shape(const struct h5_file *f, const char *path,
                                       struct h5_array *out, struct err *err);
/* All n values of a numeric array of exactly this type and count into data. */
MUST_CHECK enum err_code h5_file_read(const struct h5_file *f, const char *path,
                                      enum table_type type, size_t n, void *data,
                                      struct err *err);
/* All n texts; pointers into the arena. */
MUST_CHECK enum err_code h5_file_read_text(const struct h5_file *f, const char *path,
                                           size_t n, struct arena *arena,
                                           const char **text, struct err *err);
/* A single-valued attribute; TABLE_TEXT gives a const char * into the arena. */
MUST_CHECK enum err_code h5_file_get_attr(const struct h5_file *f, const char *path,
                                          const char *name, enum table_type type,
                                          struct arena *arena, void *value,
                                          struct err *err);
bool h5_file_has_attr(const struct h5_file *f, const char *path, const char *name);
/* Name of the i-th attribute in order of creation, or NULL after the last. */
MUST_CHECK enum err_code h5_file_attr_name(const struct h5_file *f, const char *path,
                                           size_t i, struct arena *arena,
                                           const char **name, struct err *err);
/* Version of the library in use, such as "HDF5 1.10.8". */
void h5_file_version(char text[32]);

#endif
