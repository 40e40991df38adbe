/* sample_run.c - the sample run file. */
#include "tests/support/sample_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"

struct sample {
    struct run_file *rf;
    const struct sample_run *s;
    struct err *err;
    enum err_code code;
    size_t n_node, n_interval, n_list;
};

static bool left_out(const struct sample *x, const char *path)
{
    return x->code || (x->s->skip && strcmp(x->s->skip, path) == 0);
}

static int minutes(const struct sample *x)
{
    return x->s->minutes ? x->s->minutes : 60;
}

static size_t scale_length(const struct sample *x, const char *scale)
{
    const char *name = schema_name(scale);
    if (strcmp(name, "node") == 0)
        return x->n_node;
    if (strcmp(name, "interval") == 0)
        return x->n_interval;
    if (strcmp(name, "branch") == 0 || strcmp(name, "tie") == 0)
        return 1;
    if (strcmp(name, "sc") == 0 || strcmp(name, "resource") == 0 ||
        strcmp(name, "charge_code") == 0)
        return 2;
    return x->n_list;
}

static void put_labels(struct sample *x, const struct table *t, size_t n)
{
    char(*text)[40] = mem_alloc(n, sizeof *text);
    const char **label = MEM_ARRAY(const char *, n);
    char initial = t->path[1];
    for (size_t i = 0; text && label && i < n; i++) {
        snprintf(text[i], sizeof text[i], "%c%zu", initial - 'a' + 'A', i + 1);
        label[i] = text[i];
    }
    x->code = !text || !label ? err_set(x->err, ERR_NOMEM, "sample")
                              : run_file_set_labels(x->rf, t->path, label, n, x->err);
    mem_free(label);
    mem_free(text);
}

static void put_numbers(struct sample *x, const struct table *t, size_t n)
{
    int64_t *value = MEM_ARRAY(int64_t, n);
    for (size_t i = 0; value && i < n; i++)
        value[i] = t->type == TABLE_I32 ? (int64_t)(6011 + 2 * i)
                                        : INT64_C(29603940) + minutes(x) * (int64_t)i;
    x->code = !value ? err_set(x->err, ERR_NOMEM, "sample")
                     : run_file_set_coordinates(x->rf, t->path, value, n, x->err);
    mem_free(value);
}

static void put_scale(struct sample *x, const struct table *t)
{
    size_t n = scale_length(x, t->path);
    if (left_out(x, t->path))
        return;
    if (t->role == TABLE_LABELS)
        put_labels(x, t, n);
    else if (t->role == TABLE_COORDINATE)
        put_numbers(x, t, n);
    else
        x->code = run_file_set_size(x->rf, t->path, n, x->err);
}

/* The value at a place: prices as the header says, everything else small and legal. */
static double number_at(const struct sample *x, const struct table *t, size_t i,
                        size_t n_column)
{
    const char *name = schema_name(t->path);
    if (strcmp(name, "lmp") == 0 || strcmp(name, "lmp_energy") == 0)
        return 10.0 * (double)(i / n_column) + (double)(i % n_column) + 0.25;
    if (strncmp(name, "lmp_", 4) == 0)
        return 0;
    if (strcmp(name, "energy") == 0 && t->nan_fill && i % n_column == 0)
        return (double)NAN;
    return strcmp(name, "duration") == 0 ? minutes(x) : (double)i + 0.1;
}

static void put_table(struct sample *x, const struct table *t)
{
    size_t n = scale_length(x, t->dim[0]);
    size_t n_column = t->rank == 2 ? scale_length(x, t->dim[1]) : 1;
    n *= n_column;
    if (left_out(x, t->path))
        return;
    double *f64 = MEM_ARRAY(double, n);
    int32_t *i32 = MEM_ARRAY(int32_t, n);
    int64_t *i64 = MEM_ARRAY(int64_t, n);
    const char **text = MEM_ARRAY(const char *, n);
    if (!f64 || !i32 || !i64 || !text) {
        x->code = err_set(x->err, ERR_NOMEM, "sample");
        n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        f64[i] = number_at(x, t, i, n_column);
        i32[i] = t->absent ? -1 : 0;
        i64[i] = (int64_t)i - 1;
        text[i] = i ? "plain" : "with, comma \"quoted\" <&> \xc3\xa9";
        if (strcmp(t->unit, "days since 1970-01-01") == 0)
            i32[i] = 20558;
        else if (strcmp(schema_name(t->path), "hour_ending") == 0)
            i32[i] = (int32_t)i / (60 / minutes(x)) + 1;
        else if (strcmp(t->path, "/input/node/kind") == 0 && i == 2)
            i32[i] = 1;
    }
    if (x->s->sc_name && n && strcmp(t->path, "/input/sc/name") == 0)
        text[0] = x->s->sc_name;
    if (x->code)
        ;
    else if (t->type == TABLE_F64)
        x->code = run_file_put_f64(x->rf, t->path, f64, n, x->err);
    else if (t->type == TABLE_I64)
        x->code = run_file_put_i64(x->rf, t->path, i64, n, x->err);
    else if (t->type == TABLE_TEXT)
        x->code = run_file_put_text(x->rf, t->path, text, n, x->err);
    else
        x->code = run_file_put_i32(x->rf, t->path, i32, n, x->err);
    mem_free(text);
    mem_free(i64);
    mem_free(i32);
    mem_free(f64);
}

static void put_meta(struct sample *x)
{
    size_t n;
    const struct meta_attr *m = schema_meta(&n);
    for (size_t i = 0; i < n && !x->code; i++) {
        if (strcmp(m[i].name, "format_version") == 0 || left_out(x, m[i].name))
            continue;
        if (m[i].type == TABLE_F64)
            x->code = run_file_meta_f64(x->rf, m[i].name, 0.5, x->err);
        else if (m[i].type == TABLE_I64)
            x->code = run_file_meta_i64(x->rf, m[i].name, 0, x->err);
        else
            x->code = run_file_meta_text(
                x->rf, m[i].name,
                strcmp(m[i].name, "time_zone") == 0 ? "America/Los_Angeles" : "sample",
                x->err);
    }
    if (!x->code)
        x->code = run_file_setting(x->rf, "energy_bid_cap", 1000, x->err);
}

enum err_code sample_run_fill(struct run_file *rf, const struct sample_run *s,
                              struct err *err)
{
    size_t n;
    struct sample x = {rf,
                       s,
                       err,
                       ERR_OK,
                       s->n_node ? s->n_node : 3,
                       s->n_interval ? s->n_interval : 2,
                       s->empty_lists ? 0 : 2};
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++)
        if (t[i].role != TABLE_VARIABLE && !schema_is_below(t[i].path, "/dispatch"))
            put_scale(&x, &t[i]);
    for (size_t i = 0; i < n; i++)
        if (t[i].role == TABLE_VARIABLE && !schema_is_below(t[i].path, "/dispatch"))
            put_table(&x, &t[i]);
    put_meta(&x);
    return x.code;
}

enum err_code sample_run_write(const char *path, const struct sample_run *s,
                               struct err *err)
{
    struct run_file *rf = NULL;
    enum err_code code = run_file_create(path, &rf, err);
    if (!code)
        code = sample_run_fill(rf, s, err);
    if (!code)
        code = run_file_commit(rf, err);
    run_file_close(rf);
    return code;
}
