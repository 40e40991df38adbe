/* run_file.c - tables into a file in memory, then onto the disk in one step. */
#include "results/run_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/aside.h"
#include "results/gather.h"
#include "results/h5_file.h"
#include "results/seal.h"
#include "sim/base/mem.h"

/* Which tables and attributes are there so far, by row of the schema. */
struct run_file {
    struct aside aside;
    struct h5_file *h5;
    bool *has_table; /* [tables] */
    size_t *length;  /* [tables] of scales */
    bool *is_wanted; /* [tables] required at commit */
    bool *has_meta;  /* [meta] */
    bool has_settings;
    double bytes; /* run_file_bytes */
};

/* ---- life ---- */

static enum err_code put_text_attr(struct run_file *rf, const char *path,
                                   const char *name, const char *text, struct err *err)
{
    return h5_file_put_attr(rf->h5, path, name, TABLE_TEXT, 1, &text, err);
}

static enum err_code begin(struct run_file *rf, struct err *err)
{
    size_t n_table, n_meta;
    const struct table *t = schema_tables(&n_table);
    (void)schema_meta(&n_meta);
    rf->has_table = MEM_ARRAY(bool, n_table);
    rf->length = MEM_ARRAY(size_t, n_table);
    rf->is_wanted = MEM_ARRAY(bool, n_table);
    rf->has_meta = MEM_ARRAY(bool, n_meta);
    if (!rf->has_table || !rf->length || !rf->is_wanted || !rf->has_meta)
        return err_set(err, ERR_NOMEM, "cannot allocate the list of tables");
    for (size_t i = 0; i < n_table; i++)
        rf->is_wanted[i] = strchr(t[i].path + 1, '/') == NULL; /* shared dimensions */
    enum err_code code = h5_file_create(&rf->h5, err);
    if (!code)
        code = put_text_attr(rf, "/", "Conventions", "CF-1.8", err);
    if (!code)
        code = h5_file_group(rf->h5, "/meta", err);
    if (!code)
        code = run_file_meta_text(rf, "format_version", RUN_FORMAT_VERSION, err);
    return code;
}

enum err_code run_file_create(const char *path, struct run_file **out, struct err *err)
{
    *out = NULL;
    struct run_file *rf = mem_alloc(1, sizeof *rf);
    if (!rf)
        return err_set(err, ERR_NOMEM, "cannot allocate a run file");
    enum err_code code = aside_open(&rf->aside, path, err);
    if (!code)
        code = begin(rf, err);
    if (code) {
        run_file_close(rf);
        return code;
    }
    *out = rf;
    return ERR_OK;
}

void run_file_close(struct run_file *rf)
{
    if (!rf)
        return;
    h5_file_close(rf->h5);
    aside_release(&rf->aside);
    mem_free(rf->has_table);
    mem_free(rf->length);
    mem_free(rf->is_wanted);
    mem_free(rf->has_meta);
    mem_free(rf);
}

double run_file_bytes(const struct run_file *rf)
{
    return rf->bytes;
}

/* ---- what is there, what is wanted ---- */

static size_t row_of(const struct table *t)
{
    size_t n;
    return (size_t)(t - schema_tables(&n));
}

enum err_code run_file_require(struct run_file *rf, const char *stage, struct err *err)
{
    size_t n;
    bool known = false;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++) {
        if (!schema_is_below(t[i].path, stage))
            continue;
        known = true;
        rf->is_wanted[i] = t[i].required;
    }
    return known ? ERR_OK : err_set(err, ERR_BUG, "there is no stage %s", stage);
}

/* Makes the groups above a table and requires its whole stage. */
static enum err_code enter_stage(struct run_file *rf, const struct table *t,
                                 struct err *err)
{
    char group[128];
    const char *second = strchr(t->path + 1, '/');
    if (!second)
        return ERR_OK;
    snprintf(group, sizeof group, "%.*s", (int)(second - t->path), t->path);
    enum err_code code = run_file_require(rf, group, err);
    snprintf(group, sizeof group, "%.*s", (int)(schema_name(t->path) - t->path - 1),
             t->path);
    return code ? code : h5_file_group(rf->h5, group, err);
}

static enum err_code find_new(struct run_file *rf, const char *path, bool is_scale,
                              const struct table **out, struct err *err)
{
    const struct table *t = schema_find(path);
    *out = t;
    if (!t)
        return err_set(err, ERR_BUG, "the schema has no table %s", path);
    if ((t->role != TABLE_VARIABLE) != is_scale)
        return err_set(err, ERR_BUG, "%s is %sa dimension", path,
                       is_scale ? "not " : "");
    if (rf->has_table[row_of(t)])
        return err_set(err, ERR_BUG, "%s is put twice", path);
    return enter_stage(rf, t, err);
}

/* ---- attributes of a table ---- */

static enum err_code put_flags(struct run_file *rf, const struct table *t,
                               struct err *err)
{
    uint8_t value[64];
    size_t n = 1;
    for (const char *p = t->flags; *p; p++)
        n += *p == ' ';
    for (size_t i = 0; i < n; i++)
        value[i] = (uint8_t)i;
    enum err_code code =
        h5_file_put_attr(rf->h5, t->path, "flag_values", TABLE_U8, n, value, err);
    return code ? code : put_text_attr(rf, t->path, "flag_meanings", t->flags, err);
}

static enum err_code describe(struct run_file *rf, const struct table *t,
                              struct err *err)
{
    const double nan = (double)NAN;
    enum err_code code = put_text_attr(rf, t->path, "units", t->unit, err);
    if (!code)
        code = put_text_attr(rf, t->path, "long_name", t->long_name, err);
    if (!code && *t->meaning)
        code = put_text_attr(rf, t->path, "comment", t->meaning, err);
    if (!code && strstr(t->unit, " since "))
        code = put_text_attr(rf, t->path, "calendar", "proleptic_gregorian", err);
    if (!code && t->nan_fill)
        code = h5_file_put_attr(rf->h5, t->path, "_FillValue", TABLE_F64, 1, &nan, err);
    if (!code && t->refers)
        code = put_text_attr(rf, t->path, "index_of", t->refers, err);
    if (!code && t->flags)
        code = put_flags(rf, t, err);
    return code;
}

/* ---- dimensions ---- */

static enum err_code add_scale(struct run_file *rf, const struct table *t,
                               const void *data, size_t n, struct err *err)
{
    char name[80];
    const struct h5_array a = {
        .path = t->path, .type = t->type, .rank = 1, .dim = {n, 0}};
    if (t->role == TABLE_SIZE) /* netCDF-4's own words for it */
        snprintf(name, sizeof name,
                 "This is a netCDF dimension but not a netCDF variable. %9zu", n);
    else
        snprintf(name, sizeof name, "%s", schema_name(t->path));
    enum err_code code = h5_file_write(rf->h5, &a, data, err);
    if (!code)
        code = h5_file_make_scale(rf->h5, t->path, name, err);
    if (!code)
        code = describe(rf, t, err);
    rf->has_table[row_of(t)] = true;
    rf->length[row_of(t)] = n;
    return code;
}

enum err_code run_file_set_labels(struct run_file *rf, const char *scale,
                                  const char *const *label, size_t n, struct err *err)
{
    const struct table *t;
    enum err_code code = find_new(rf, scale, true, &t, err);
    if (code)
        return code;
    if (t->role != TABLE_LABELS)
        return err_set(err, ERR_BUG, "%s does not take names", scale);
    for (size_t i = 0; i < n; i++)
        if (!label[i])
            return err_set(err, ERR_BUG, "%s has no name at %zu", scale, i);
    return add_scale(rf, t, label, n, err);
}

enum err_code run_file_set_coordinates(struct run_file *rf, const char *scale,
                                       const int64_t *value, size_t n, struct err *err)
{
    const struct table *t;
    int32_t *narrow = NULL;
    enum err_code code = find_new(rf, scale, true, &t, err);
    if (code)
        return code;
    if (t->role != TABLE_COORDINATE)
        return err_set(err, ERR_BUG, "%s does not take numbers", scale);
    if (t->type == TABLE_I64)
        return add_scale(rf, t, value, n, err);
    narrow = MEM_ARRAY(int32_t, n);
    if (!narrow)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu coordinates", n);
    for (size_t i = 0; i < n && !code; i++) {
        narrow[i] = (int32_t)value[i];
        if (narrow[i] != value[i])
            code = err_set(err, ERR_BUG, "%s: %lld is too large", scale,
                           (long long)value[i]);
    }
    if (!code)
        code = add_scale(rf, t, narrow, n, err);
    mem_free(narrow);
    return code;
}

enum err_code run_file_set_size(struct run_file *rf, const char *scale, size_t n,
                                struct err *err)
{
    const struct table *t;
    enum err_code code = find_new(rf, scale, true, &t, err);
    if (code)
        return code;
    if (t->role != TABLE_SIZE)
        return err_set(err, ERR_BUG, "%s takes names or numbers, not a size", scale);
    return add_scale(rf, t, NULL, n, err);
}

/* ---- tables ---- */

static enum err_code find_length(const struct run_file *rf, const struct table *t,
                                 const char *scale, size_t *n, struct err *err)
{
    const struct table *s = schema_find(scale);
    if (!s || !rf->has_table[row_of(s)])
        return err_set(err, ERR_BUG, "%s needs the dimension %s first", t->path, scale);
    *n = rf->length[row_of(s)];
    return ERR_OK;
}

/* Integers must lie in [least, most): flags and positions along a scale. */
static enum err_code find_range(const struct run_file *rf, const struct table *t,
                                int64_t *least, int64_t *most, struct err *err)
{
    *least = t->type == TABLE_U8 ? 0 : t->type == TABLE_I32 ? INT32_MIN : INT64_MIN;
    *most = t->type == TABLE_U8    ? UINT8_MAX
            : t->type == TABLE_I32 ? INT32_MAX
                                   : INT64_MAX;
    if (t->flags) {
        *most = 0;
        for (const char *p = t->flags; *p; p++)
            *most += *p == ' ';
    }
    if (!t->refers)
        return ERR_OK;
    size_t n = 0;
    enum err_code code = find_length(rf, t, t->refers, &n, err);
    *least = t->absent ? -1 : 0;
    *most = (int64_t)n - 1;
    return code;
}

/* Values as they are stored, in memory of our own. */
static enum err_code gather(const struct run_file *rf, const struct table *t,
                            const struct gather_source *s, void **out, struct err *err)
{
    int64_t least, most;
    *out = mem_alloc(s->n, table_type_size(t->type));
    if (!*out)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu values of %s", s->n,
                       t->path);
    if (t->type == TABLE_F64)
        gather_f64(s, *out);
    else if (t->type == TABLE_TEXT)
        gather_text(s, *out);
    else {
        enum err_code code = find_range(rf, t, &least, &most, err);
        return code ? code : gather_integers(t, s, least, most, *out, err);
    }
    return ERR_OK;
}

static enum err_code add_table(struct run_file *rf, const struct table *t,
                               const struct h5_array *a, const struct gather_source *s,
                               struct err *err)
{
    enum err_code code = ERR_OK;
    void *gathered = NULL;
    const void *data = s->first;
    if (t->type != TABLE_F64 || s->stride != sizeof(double)) {
        code = gather(rf, t, s, &gathered, err);
        data = gathered;
    }
    if (!code && t->type == TABLE_F64)
        code = gather_check_f64(t, data, s->n, err);
    if (!code)
        code = h5_file_write(rf->h5, a, data, err);
    if (!code && t->type != TABLE_TEXT)
        rf->bytes += (double)s->n * (double)table_type_size(t->type);
    for (int axis = 0; axis < t->rank && !code; axis++)
        code = h5_file_attach(rf->h5, t->path, axis, t->dim[axis], err);
    if (!code)
        code = describe(rf, t, err);
    rf->has_table[row_of(t)] = true;
    mem_free(gathered);
    return code;
}

enum err_code run_file_put(struct run_file *rf, const char *path, enum table_type type,
                           const void *first, size_t stride, size_t n, struct err *err)
{
    const struct table *t;
    enum err_code code = find_new(rf, path, false, &t, err);
    if (code)
        return code;
    bool widens = type == TABLE_I32 && (t->type == TABLE_U8 || t->type == TABLE_I64);
    if (type != t->type && !widens)
        return err_set(err, ERR_BUG, "%s is of type %s, not %s", path,
                       table_type_name(t->type), table_type_name(type));
    struct h5_array a = {
        .path = path, .type = t->type, .rank = t->rank, .nan_fill = t->nan_fill};
    size_t expected = 1;
    for (int axis = 0; axis < t->rank && !code; axis++) {
        code = find_length(rf, t, t->dim[axis], &a.dim[axis], err);
        expected *= a.dim[axis];
    }
    if (code)
        return code;
    if (n != expected)
        return err_set(err, ERR_BUG, "%s takes %zu values, not %zu", path, expected, n);
    const struct gather_source s = {type, first, stride, n};
    return add_table(rf, t, &a, &s, err);
}

/* ---- /meta ---- */

static enum err_code put_meta(struct run_file *rf, const char *name,
                              enum table_type type, const void *value, struct err *err)
{
    size_t n;
    const struct meta_attr *m = schema_find_meta(name);
    if (!m || m->type != type)
        return err_set(err, ERR_BUG, "/meta has no attribute %s of type %s", name,
                       table_type_name(type));
    bool *has = &rf->has_meta[m - schema_meta(&n)];
    if (*has)
        return err_set(err, ERR_BUG, "/meta %s is put twice", name);
    *has = true;
    return h5_file_put_attr(rf->h5, "/meta", name, type, 1, value, err);
}

enum err_code run_file_meta_f64(struct run_file *rf, const char *name, double value,
                                struct err *err)
{
    return put_meta(rf, name, TABLE_F64, &value, err);
}

enum err_code run_file_meta_i64(struct run_file *rf, const char *name, int64_t value,
                                struct err *err)
{
    return put_meta(rf, name, TABLE_I64, &value, err);
}

enum err_code run_file_meta_text(struct run_file *rf, const char *name,
                                 const char *value, struct err *err)
{
    return put_meta(rf, name, TABLE_TEXT, &value, err);
}

enum err_code run_file_setting(struct run_file *rf, const char *name, double value,
                               struct err *err)
{
    if (!rf->has_settings) {
        enum err_code code = h5_file_group(rf->h5, "/meta/settings", err);
        if (code)
            return code;
        rf->has_settings = true;
    }
    return h5_file_put_attr(rf->h5, "/meta/settings", name, TABLE_F64, 1, &value, err);
}

/* ---- the end ---- */

static enum err_code check_complete(const struct run_file *rf, struct err *err)
{
    size_t n;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++)
        if (rf->is_wanted[i] && !rf->has_table[i])
            return err_set(err, ERR_BUG, "the run file lacks %s", t[i].path);
    const struct meta_attr *m = schema_meta(&n);
    for (size_t i = 0; i < n; i++)
        if (m[i].required && !rf->has_meta[i])
            return err_set(err, ERR_BUG, "the run file lacks /meta %s", m[i].name);
    return ERR_OK;
}

enum err_code run_file_commit(struct run_file *rf, struct err *err)
{
    const void *image = NULL;
    size_t n = 0;
    unsigned char seal[SEAL_BYTES];
    enum err_code code = check_complete(rf, err);
    if (!code)
        code = h5_file_image(rf->h5, &image, &n, err);
    if (code)
        return code;
    seal_make(image, n, seal);
    const void *const part[] = {image, seal};
    const size_t bytes[] = {n, sizeof seal};
    return aside_commit(&rf->aside, part, bytes, 2, err);
}
