/*
 * run_file.h - writes the run file: checked against the schema, all or nothing.
 *
 * Order of use: create; for each dimension its labels, coordinates or size; tables that
 * lie along it; /meta; commit. Between create and commit everything is in memory; the
 * file at `path` is touched only by commit, which writes "<path>.part.tmp" beside it,
 * flushes it to disk and renames. A killed run therefore leaves the old file or the new
 * one; what it left of the aside file is overwritten by the next run. A path that cannot
 * be written is found by create, before any work is done.
 *
 * The bytes are those of an HDF5 file followed by 24 bytes with a checksum that
 * run_read.h checks before it believes anything (HDF5 ignores what follows its end).
 *
 * The caller's process should ignore SIGXFSZ if a file size limit is to end in an error
 * rather than in the death of the process.
 *
 * Errors: ERR_IO (cannot write; disk full), ERR_NOMEM, ERR_BUG (not what the schema
 * says, or a table or dimension missing at commit).
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_RUN_FILE_H
#define RESULTS_RUN_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "results/schema.h"
#include "sim/base/err.h"

struct run_file;

/* ERR_IO when the folder of path does not take files or another run is writing there. */
MUST_CHECK enum err_code run_file_create(const char *path, struct run_file **out,
                                         struct err *err);
/* Writes the file. Whatever comes out, only run_file_close may follow. */
MUST_CHECK enum err_code run_file_commit(struct run_file *rf, struct err *err);
/* Bytes of the tables of numbers put so far, not compressed; names and texts aside. */
double run_file_bytes(const struct run_file *rf);
/* Accepts NULL. Before a successful commit: removes the aside file, path untouched. */
void run_file_close(struct run_file *rf);

/* Commit refuses unless every required table of this stage ("/day_ahead") was put.
 * Implied by the first put into the stage. */
MUST_CHECK enum err_code run_file_require(struct run_file *rf, const char *stage,
                                          struct err *err);

/* The dimension at a schema path, each once: names ... */
MUST_CHECK enum err_code run_file_set_labels(struct run_file *rf, const char *scale,
                                             const char *const *label, size_t n,
                                             struct err *err);
/* ... or numbers (times: minutes since 1970, UTC) ... */
MUST_CHECK enum err_code run_file_set_coordinates(struct run_file *rf,
                                                  const char *scale,
                                                  const int64_t *value, size_t n,
                                                  struct err *err);
/* ... or only how many rows there are. */
MUST_CHECK enum err_code run_file_set_size(struct run_file *rf, const char *scale,
                                           size_t n, struct err *err);

/*
 * Puts one table: n values (n must be the product of its dimensions), the i-th at
 * first + i * stride bytes, so that a field of an array of structs needs no copy. `type`
 * is what lies there; it must be the table's own type, except that TABLE_I32 (int, enum)
 * may fill a TABLE_U8 or TABLE_I64 table when the values fit. Flags and positions are
 * checked against the schema. A NULL text is stored as "".
 */
MUST_CHECK enum err_code run_file_put(struct run_file *rf, const char *path,
                                      enum table_type type, const void *first,
                                      size_t stride, size_t n, struct err *err);

/* The same for plain arrays. */
static inline enum err_code run_file_put_f64(struct run_file *rf, const char *path,
                                             const double *v, size_t n, struct err *err)
{
    return run_file_put(rf, path, TABLE_F64, v, sizeof *v, n, err);
}

static inline enum err_code run_file_put_i64(struct run_file *rf, const char *path,
                                             const int64_t *v, size_t n,
                                             struct err *err)
{
    return run_file_put(rf, path, TABLE_I64, v, sizeof *v, n, err);
}

static inline enum err_code run_file_put_i32(struct run_file *rf, const char *path,
                                             const int32_t *v, size_t n,
                                             struct err *err)
{
    return run_file_put(rf, path, TABLE_I32, v, sizeof *v, n, err);
}

static inline enum err_code run_file_put_u8(struct run_file *rf, const char *path,
                                            const uint8_t *v, size_t n, struct err *err)
{
    return run_file_put(rf, path, TABLE_U8, v, sizeof *v, n, err);
}

static inline enum err_code run_file_put_text(struct run_file *rf, const char *path,
                                              const char *const *v, size_t n,
                                              struct err *err)
{
    return run_file_put(rf, path, TABLE_TEXT, v, sizeof *v, n, err);
}

/* Attributes of /meta by the names of schema_meta; format_version is ours. */
MUST_CHECK enum err_code run_file_meta_f64(struct run_file *rf, const char *name,
                                           double value, struct err *err);
MUST_CHECK enum err_code run_file_meta_i64(struct run_file *rf, const char *name,
                                           int64_t value, struct err *err);
MUST_CHECK enum err_code run_file_meta_text(struct run_file *rf, const char *name,
                                            const char *value, struct err *err);
/* A market parameter: an attribute of /meta/settings of any name. */
MUST_CHECK enum err_code run_file_setting(struct run_file *rf, const char *name,
                                          double value, struct err *err);

#endif
