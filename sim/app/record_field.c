/* record_field.c - puts model structs into tables of the run file, field by field. */
#include "sim/app/record_field.h"

#include <stdio.h>
#include <string.h>

enum {
    PATH_SIZE = 96
};

/* Where an empty list "is", so that no offset is added to NULL. */
static const char nowhere[1024];

static void put(struct recorder *r, const char *group, const char *name,
                enum table_type type, const void *first, size_t stride, size_t n)
{
    char path[PATH_SIZE];
    if (r->code)
        return;
    (void)snprintf(path, sizeof path, "%s%s", group, name);
    r->code = run_file_put(r->rf, path, type, first, stride, n, r->err);
}

void record_fields(struct recorder *r, const char *group,
                   const struct record_field *field, size_t n_field, const void *first,
                   size_t stride, size_t n)
{
    const char *base = n ? first : nowhere;
    for (size_t i = 0; i < n_field; i++)
        put(r, group, field[i].path, field[i].type, base + field[i].offset, stride, n);
}

void record_array(struct recorder *r, const char *group, const char *name,
                  enum table_type type, const void *value, size_t n)
{
    put(r, group, name, type, n ? value : nowhere, table_type_size(type), n);
}

void *record_scratch(struct recorder *r, size_t n, size_t size)
{
    if (r->code)
        return NULL;
    void *p = arena_alloc(&r->scratch, n ? n : 1, size);
    if (!p)
        r->code = err_set(r->err, ERR_NOMEM, "cannot hold %zu rows of the run file", n);
    return p;
}

void record_labels(struct recorder *r, const char *path, const void *first,
                   size_t stride, size_t offset, size_t n)
{
    const char **label = RECORD_SCRATCH(r, const char *, n);
    if (!label)
        return;
    for (size_t i = 0; i < n; i++)
        memcpy(&label[i], (const char *)first + i * stride + offset, sizeof label[i]);
    r->code = run_file_set_labels(r->rf, path, label, n, r->err);
}

void record_size(struct recorder *r, const char *group, const char *name, size_t n)
{
    char path[PATH_SIZE];
    if (r->code)
        return;
    (void)snprintf(path, sizeof path, "%s%s", group, name);
    r->code = run_file_set_size(r->rf, path, n, r->err);
}
