/* wide_table.c - records by line, fields by counting commas outside quotes. */
#include "sim/input/wide_table.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/number.h"
#include "sim/input/nearest.h"

static const char *line_end(const char *p)
{
    return p + strcspn(p, "\r\n");
}

static const char *next_line(const char *p)
{
    p = line_end(p);
    return p + strspn(p, "\r\n");
}

enum err_code wide_table_read(const char *path, struct err_list *faults,
                              struct wide_table *out, struct err *err)
{
    size_t n = 0;
    *out = (struct wide_table){.faults = faults};
    enum err_code code = source_read(path, &out->src, err);
    if (code)
        return code;
    const char *text = out->src.text;
    for (const char *p = text; *p; p = next_line(p))
        n++;
    if (n == 0)
        return err_at(err, ERR_INPUT, source_at(&out->src, 0),
                      "an empty file; expected a header and records");
    out->at = MEM_ARRAY(size_t, n);
    if (!out->at)
        return err_set(err, ERR_NOMEM, "cannot hold %s", path);
    for (const char *p = text; *p; p = next_line(p))
        out->at[out->n++] = (size_t)(p - text);
    out->n--;
    return ERR_OK;
}

void wide_table_release(struct wide_table *t)
{
    mem_free(t->at);
    source_release(&t->src);
    *t = (struct wide_table){0};
}

/* Behind the field at p. */
static const char *field_end(const char *p)
{
    bool quoted = false;
    for (; *p && *p != '\n' && *p != '\r' && (quoted || *p != ','); p++)
        quoted = *p == '"' ? !quoted : quoted;
    return p;
}

static const char *field_of(const struct wide_table *t, size_t record, int column,
                            size_t *len)
{
    const char *p = t->src.text + t->at[record], *end = field_end(p);
    for (int k = 0; k < column; k++) {
        if (*end != ',') {
            *len = 0;
            return end;
        }
        p = end + 1;
        end = field_end(p);
    }
    if (end - p >= 2 && *p == '"' && end[-1] == '"') {
        p++;
        end--;
    }
    *len = (size_t)(end - p);
    return p;
}

int wide_column(struct wide_table *t, const char *name, bool required)
{
    const char *header_end = line_end(t->src.text);
    for (int k = 0;; k++) {
        size_t len = 0;
        const char *p = field_of(t, 0, k, &len);
        if (len == strlen(name) && memcmp(p, name, len) == 0)
            return k;
        if (p >= header_end || p + len >= header_end)
            break;
    }
    if (required)
        err_list_add(t->faults, source_at(&t->src, 0), "no column '%s'; expected it",
                     name);
    return -1;
}

const char *wide_text(const struct wide_table *t, size_t i, int column, size_t *len)
{
    *len = 0;
    return column < 0 ? "" : field_of(t, i + 1, column, len);
}

double wide_number(struct wide_table *t, size_t i, int column, double least,
                   double most, double absent)
{
    size_t len = 0;
    double value = 0;
    char shown[QUOTED_SIZE];
    const char *p = wide_text(t, i, column, &len);
    if (len == 0 || (len == 2 && memcmp(p, "NA", 2) == 0))
        return absent;
    if (number_parse(p, len, &value) && value >= least && value <= most)
        return value;
    err_list_add(t->faults, source_at(&t->src, (size_t)(p - t->src.text)),
                 "'%s'; expected a number from %.12g to %.12g", quoted(p, len, shown),
                 least, most);
    return least;
}
