/* gather.c - strided values, checked. */
#include "results/gather.h"

#include <math.h>
#include <string.h>

static int64_t load_integer(enum table_type type, const void *p)
{
    int64_t wide;
    int32_t narrow;
    switch (type) {
    case TABLE_I64:
        memcpy(&wide, p, sizeof wide);
        return wide;
    case TABLE_I32:
        memcpy(&narrow, p, sizeof narrow);
        return narrow;
    default:
        return *(const uint8_t *)p;
    }
}

static void store_integer(enum table_type type, int64_t value, void *p)
{
    int32_t narrow = (int32_t)value;
    if (type == TABLE_I64)
        memcpy(p, &value, sizeof value);
    else if (type == TABLE_I32)
        memcpy(p, &narrow, sizeof narrow);
    else
        *(uint8_t *)p = (uint8_t)value;
}

void gather_f64(const struct gather_source *s, double *out)
{
    for (size_t i = 0; i < s->n; i++)
        memcpy(&out[i], s->first + i * s->stride, sizeof *out);
}

void gather_text(const struct gather_source *s, const char **out)
{
    for (size_t i = 0; i < s->n; i++) {
        memcpy(&out[i], s->first + i * s->stride, sizeof *out);
        if (!out[i])
            out[i] = "";
    }
}

enum err_code gather_integers(const struct table *t, const struct gather_source *s,
                              int64_t least, int64_t most, void *out, struct err *err)
{
    char *to = out;
    size_t size = table_type_size(t->type);
    for (size_t i = 0; i < s->n; i++) {
        int64_t v = load_integer(s->type, s->first + i * s->stride);
        if (v < least || v > most)
            return err_set(err, ERR_BUG, "%s: %lld at %zu is not within %lld..%lld",
                           t->path, (long long)v, i, (long long)least, (long long)most);
        store_integer(t->type, v, to + i * size);
    }
    return ERR_OK;
}

enum err_code gather_check_f64(const struct table *t, const double *v, size_t n,
                               struct err *err)
{
    for (size_t i = 0; i < n && !t->nan_fill; i++)
        if (isnan(v[i]))
            return err_set(err, ERR_BUG, "%s: value %zu is not a number", t->path, i);
    return ERR_OK;
}
