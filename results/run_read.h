/*
 * run_read.h - reads a run file back.
 *
 * The whole file is read into memory and its checksum is verified before anything else,
 * so a truncated, damaged or edited file is refused with one message; what the library
 * behind it sees are bytes this program wrote. Types and shapes are checked against the
 * schema all the same.
 *
 * Errors: ERR_IO (cannot read the file), ERR_INPUT (not a run file, damaged, written by
 * another format version, a table is missing or not of its shape), ERR_NOMEM. ERR_BUG
 * for a path the schema does not know. Messages name the file.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_RUN_READ_H
#define RESULTS_RUN_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/schema.h"
#include "sim/base/arena.h"
#include "sim/base/err.h"

struct run_read;

MUST_CHECK enum err_code run_read_open(const char *path, struct run_read **out,
                                       struct err *err);
/* The same from bytes in memory, borrowed until run_read_close; name for messages. */
MUST_CHECK enum err_code run_read_open_image(const void *bytes, size_t n,
                                             const char *name, struct run_read **out,
                                             struct err *err);
/* Accepts NULL. */
void run_read_close(struct run_read *rd);

/* True when the table or dimension is in the file. */
bool run_read_has(const struct run_read *rd, const char *path);
/* True when the file holds that stage ("/day_ahead"). */
bool run_read_has_stage(const struct run_read *rd, const char *stage);
/* Length of a dimension. */
MUST_CHECK enum err_code run_read_length(const struct run_read *rd, const char *scale,
                                         size_t *n, struct err *err);

/*
 * All values of a table, a TABLE_LABELS or a TABLE_COORDINATE dimension into the
 * caller's memory, row-major. n is how many the caller has room for and expects; anything
 * else in the file is ERR_INPUT. The table must be of that type in the schema.
 */
MUST_CHECK enum err_code run_read_f64(const struct run_read *rd, const char *path,
                                      double *out, size_t n, struct err *err);
MUST_CHECK enum err_code run_read_i64(const struct run_read *rd, const char *path,
                                      int64_t *out, size_t n, struct err *err);
MUST_CHECK enum err_code run_read_i32(const struct run_read *rd, const char *path,
                                      int32_t *out, size_t n, struct err *err);
MUST_CHECK enum err_code run_read_u8(const struct run_read *rd, const char *path,
                                     uint8_t *out, size_t n, struct err *err);
/* Texts live in the arena. */
MUST_CHECK enum err_code run_read_text(const struct run_read *rd, const char *path,
                                       struct arena *arena, const char **out, size_t n,
                                       struct err *err);

/* Number of values of a table: the product of its dimensions' lengths. */
MUST_CHECK enum err_code run_read_count(const struct run_read *rd, const char *path,
                                        size_t *n, struct err *err);
/* Any table at once, sized by the file: *out is an array of the table's C type in the
 * arena, texts included. */
MUST_CHECK enum err_code run_read_table(const struct run_read *rd, const char *path,
                                        struct arena *arena, void **out, size_t *n,
                                        struct err *err);

/* Attributes of /meta by the names of schema_meta. */
bool run_read_has_meta(const struct run_read *rd, const char *name);
MUST_CHECK enum err_code run_read_meta_f64(const struct run_read *rd, const char *name,
                                           double *out, struct err *err);
MUST_CHECK enum err_code run_read_meta_i64(const struct run_read *rd, const char *name,
                                           int64_t *out, struct err *err);
MUST_CHECK enum err_code run_read_meta_text(const struct run_read *rd, const char *name,
                                            struct arena *arena, const char **out,
                                            struct err *err);
/* The i-th market parameter in order of writing; *name is NULL after the last. */
MUST_CHECK enum err_code run_read_setting(const struct run_read *rd, size_t i,
                                          struct arena *arena, const char **name,
                                          double *value, struct err *err);

#endif
