/* run_read.c - checksum first, then tables by the schema. */
#include "results/run_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/h5_file.h"
#include "results/seal.h"
#include "sim/base/mem.h"

struct run_read {
    char *name;
    void *bytes; /* owned; NULL when borrowed */
    struct h5_file *h5;
};

/* ---- opening ---- */

/* Names the file in front of what went wrong. */
static enum err_code prefix(const struct run_read *rd, enum err_code code,
                            const struct err *inner, struct err *err)
{
    if (!code)
        return code;
    return err_set(err, code, "%.120s: %.190s", rd->name, inner->msg);
}

static enum err_code check_version(struct run_read *rd, struct err *err)
{
    struct arena arena = {0};
    const char *version = "";
    enum err_code code = h5_file_get_attr(rd->h5, "/meta", "format_version", TABLE_TEXT,
                                          &arena, &version, err);
    if (!code && strcmp(version, RUN_FORMAT_VERSION) != 0)
        code = err_set(err, ERR_INPUT, "is a run file of format %.20s; expected %s",
                       version, RUN_FORMAT_VERSION);
    arena_release(&arena);
    return code;
}

static enum err_code open_checked(struct run_read *rd, const void *bytes, size_t n,
                                  struct err *err)
{
    static const char signature[8] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    struct err inner = {0};
    size_t content = 0;
    if (n < sizeof signature || memcmp(bytes, signature, sizeof signature) != 0)
        return err_set(err, ERR_INPUT,
                       "%s: is not a run file; expected a file written by "
                       "'gridclear run', 'dispatch' or 'commit'",
                       rd->name);
    if (!seal_check(bytes, n, &content))
        return err_set(err, ERR_INPUT,
                       "%s: is damaged or was changed after it was written; expected a "
                       "run file as 'gridclear run' left it",
                       rd->name);
    enum err_code code = h5_file_open(bytes, content, &rd->h5, &inner);
    if (!code)
        code = check_version(rd, &inner);
    return prefix(rd, code, &inner, err);
}

enum err_code run_read_open_image(const void *bytes, size_t n, const char *name,
                                  struct run_read **out, struct err *err)
{
    *out = NULL;
    struct run_read *rd = mem_alloc(1, sizeof *rd);
    if (rd)
        rd->name = mem_copy_text(name);
    if (!rd || !rd->name) {
        run_read_close(rd);
        return err_set(err, ERR_NOMEM, "cannot allocate a reader");
    }
    enum err_code code = open_checked(rd, bytes, n, err);
    if (code) {
        run_read_close(rd);
        return code;
    }
    *out = rd;
    return ERR_OK;
}

/* Fills bytes[0..n); a file that shrinks meanwhile fails its checksum. */
static enum err_code load(int fd, const char *path, char *bytes, size_t n,
                          struct err *err)
{
    size_t have = 0;
    while (have < n) {
        ssize_t got = read(fd, bytes + have, n - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return ERR_OK;
}

enum err_code run_read_open(const char *path, struct run_read **out, struct err *err)
{
    struct stat info;
    char *bytes = NULL;
    enum err_code code = ERR_OK;
    *out = NULL;
    /* Non-blocking, so that a pipe without a writer does not stop us here. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) < 0) {
        code = err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        code = err_set(err, ERR_IO, "cannot read %s: it is not a plain file", path);
        goto done;
    }
    bytes = mem_alloc((size_t)info.st_size, 1);
    if (!bytes)
        code = err_set(err, ERR_NOMEM, "%s: cannot allocate %lld bytes for it", path,
                       (long long)info.st_size);
    if (!code)
        code = load(fd, path, bytes, (size_t)info.st_size, err);
    if (!code)
        code = run_read_open_image(bytes, (size_t)info.st_size, path, out, err);
    if (!code) {
        (*out)->bytes = bytes;
        bytes = NULL;
    }
done:
    mem_free(bytes);
    if (fd >= 0)
        (void)close(fd);
    return code;
}

void run_read_close(struct run_read *rd)
{
    if (!rd)
        return;
    h5_file_close(rd->h5);
    mem_free(rd->bytes);
    mem_free(rd->name);
    mem_free(rd);
}

/* ---- tables ---- */

bool run_read_has(const struct run_read *rd, const char *path)
{
    return h5_file_has_array(rd->h5, path);
}

bool run_read_has_stage(const struct run_read *rd, const char *stage)
{
    size_t n;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++)
        if (t[i].required && schema_is_below(t[i].path, stage))
            return run_read_has(rd, t[i].path);
    return false;
}

/* The table's dims, each of them in agreement with its scale. */
static enum err_code find_count(const struct run_read *rd, const struct table *t,
                                size_t *n, struct err *err)
{
    struct h5_array a, scale;
    enum err_code code = h5_file_shape(rd->h5, t->path, &a, err);
    if (code)
        return code;
    if (a.rank != t->rank || a.type != t->type)
        return err_set(err, ERR_INPUT, "%s is not as the schema has it", t->path);
    *n = 1;
    for (int axis = 0; axis < t->rank; axis++) {
        code = h5_file_shape(rd->h5, t->dim[axis], &scale, err);
        if (code)
            return code;
        if (scale.rank != 1 || scale.dim[0] != a.dim[axis])
            return err_set(err, ERR_INPUT, "%s does not fit its dimension %s", t->path,
                           t->dim[axis]);
        *n *= a.dim[axis];
    }
    return ERR_OK;
}

enum err_code run_read_count(const struct run_read *rd, const char *path, size_t *n,
                             struct err *err)
{
    struct err inner = {0};
    const struct table *t = schema_find(path);
    if (!t)
        return err_set(err, ERR_BUG, "the schema has no table %s", path);
    return prefix(rd, find_count(rd, t, n, &inner), &inner, err);
}

enum err_code run_read_length(const struct run_read *rd, const char *scale, size_t *n,
                              struct err *err)
{
    const struct table *t = schema_find(scale);
    if (!t || t->role == TABLE_VARIABLE)
        return err_set(err, ERR_BUG, "%s is not a dimension", scale);
    return run_read_count(rd, scale, n, err);
}

static enum err_code check(const struct run_read *rd, const char *path,
                           enum table_type type, size_t n, struct err *err)
{
    size_t found = 0;
    const struct table *t = schema_find(path);
    if (!t || t->type != type || t->role == TABLE_SIZE)
        return err_set(err, ERR_BUG, "the schema has no table %s of type %s", path,
                       table_type_name(type));
    enum err_code code = run_read_count(rd, path, &found, err);
    if (!code && found != n)
        code = err_set(err, ERR_INPUT, "%s: %s holds %zu values; expected %zu",
                       rd->name, path, found, n);
    return code;
}

static enum err_code read_numbers(const struct run_read *rd, const char *path,
                                  enum table_type type, void *out, size_t n,
                                  struct err *err)
{
    struct err inner = {0};
    enum err_code code = check(rd, path, type, n, err);
    if (code)
        return code;
    return prefix(rd, h5_file_read(rd->h5, path, type, n, out, &inner), &inner, err);
}

enum err_code run_read_f64(const struct run_read *rd, const char *path, double *out,
                           size_t n, struct err *err)
{
    return read_numbers(rd, path, TABLE_F64, out, n, err);
}

enum err_code run_read_i64(const struct run_read *rd, const char *path, int64_t *out,
                           size_t n, struct err *err)
{
    return read_numbers(rd, path, TABLE_I64, out, n, err);
}

enum err_code run_read_i32(const struct run_read *rd, const char *path, int32_t *out,
                           size_t n, struct err *err)
{
    return read_numbers(rd, path, TABLE_I32, out, n, err);
}

enum err_code run_read_u8(const struct run_read *rd, const char *path, uint8_t *out,
                          size_t n, struct err *err)
{
    return read_numbers(rd, path, TABLE_U8, out, n, err);
}

enum err_code run_read_text(const struct run_read *rd, const char *path,
                            struct arena *arena, const char **out, size_t n,
                            struct err *err)
{
    struct err inner = {0};
    enum err_code code = check(rd, path, TABLE_TEXT, n, err);
    if (code)
        return code;
    code = h5_file_read_text(rd->h5, path, n, arena, out, &inner);
    return prefix(rd, code, &inner, err);
}

enum err_code run_read_table(const struct run_read *rd, const char *path,
                             struct arena *arena, void **out, size_t *n,
                             struct err *err)
{
    *out = NULL;
    enum err_code code = run_read_count(rd, path, n, err);
    if (code)
        return code;
    const struct table *t = schema_find(path);
    *out = arena_alloc(arena, *n ? *n : 1, table_type_size(t->type));
    if (!*out)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu values of %s", *n, path);
    if (t->type == TABLE_TEXT)
        return run_read_text(rd, path, arena, *out, *n, err);
    return read_numbers(rd, path, t->type, *out, *n, err);
}

/* ---- /meta ---- */

bool run_read_has_meta(const struct run_read *rd, const char *name)
{
    return h5_file_has_attr(rd->h5, "/meta", name);
}

static enum err_code read_meta(const struct run_read *rd, const char *name,
                               enum table_type type, struct arena *arena, void *out,
                               struct err *err)
{
    struct err inner = {0};
    const struct meta_attr *m = schema_find_meta(name);
    if (!m || m->type != type)
        return err_set(err, ERR_BUG, "/meta has no attribute %s of type %s", name,
                       table_type_name(type));
    enum err_code code =
        h5_file_get_attr(rd->h5, "/meta", name, type, arena, out, &inner);
    return prefix(rd, code, &inner, err);
}

enum err_code run_read_meta_f64(const struct run_read *rd, const char *name,
                                double *out, struct err *err)
{
    return read_meta(rd, name, TABLE_F64, NULL, out, err);
}

enum err_code run_read_meta_i64(const struct run_read *rd, const char *name,
                                int64_t *out, struct err *err)
{
    return read_meta(rd, name, TABLE_I64, NULL, out, err);
}

enum err_code run_read_meta_text(const struct run_read *rd, const char *name,
                                 struct arena *arena, const char **out, struct err *err)
{
    return read_meta(rd, name, TABLE_TEXT, arena, out, err);
}

enum err_code run_read_setting(const struct run_read *rd, size_t i, struct arena *arena,
                               const char **name, double *value, struct err *err)
{
    struct err inner = {0};
    enum err_code code =
        h5_file_attr_name(rd->h5, "/meta/settings", i, arena, name, &inner);
    if (!code && *name)
        code = h5_file_get_attr(rd->h5, "/meta/settings", *name, TABLE_F64, arena,
                                value, &inner);
    return prefix(rd, code, &inner, err);
}
