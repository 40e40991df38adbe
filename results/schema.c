/* schema.c - the list of tables. */
#include "results/schema.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "results/schema_list.h"

static const struct table tables[] = {SCHEMA_TABLES};

static const struct meta_attr meta[] = {SCHEMA_META};

const struct table *schema_tables(size_t *n)
{
    *n = sizeof tables / sizeof *tables;
    return tables;
}

const struct table *schema_find(const char *path)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(tables[i].path, path) == 0)
            return &tables[i];
    return NULL;
}

const char *schema_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool schema_is_below(const char *path, const char *group)
{
    size_t n = strlen(group);
    return strncmp(path, group, n) == 0 && path[n] == '/';
}

const char *table_type_name(enum table_type type)
{
    static const char *const name[] = {"f64", "i64", "i32", "u8", "text"};
    return name[type];
}

size_t table_type_size(enum table_type type)
{
    static const size_t size[] = {sizeof(double), sizeof(int64_t), sizeof(int32_t),
                                  sizeof(uint8_t), sizeof(char *)};
    return size[type];
}

const struct meta_attr *schema_meta(size_t *n)
{
    *n = sizeof meta / sizeof *meta;
    return meta;
}

const struct meta_attr *schema_find_meta(const char *name)
{
    for (size_t i = 0; i < sizeof meta / sizeof *meta; i++)
        if (strcmp(meta[i].name, name) == 0)
            return &meta[i];
    return NULL;
}

/* "/day_ahead/lmp" -> length of "/day_ahead"; 0 at the root. */
static size_t group_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

static void print_group(FILE *out, const char *path, size_t n)
{
    if (n == 0)
        fputs("/  (shared dimensions)\n", out);
    else
        fprintf(out, "\n%.*s\n", (int)n, path);
}

void schema_dims(const struct table *t, char text[SCHEMA_TEXT])
{
    if (t->role != TABLE_VARIABLE)
        snprintf(text, SCHEMA_TEXT, "dimension");
    else if (t->rank == 1)
        snprintf(text, SCHEMA_TEXT, "[%s]", schema_name(t->dim[0]));
    else
        snprintf(text, SCHEMA_TEXT, "[%s, %s]", schema_name(t->dim[0]),
                 schema_name(t->dim[1]));
}

static size_t append(char text[SCHEMA_TEXT], size_t n, const char *before,
                     const char *what)
{
    int more = snprintf(text + n, SCHEMA_TEXT - n, "%s%s", before, what);
    return more < 0 || n + (size_t)more >= SCHEMA_TEXT ? SCHEMA_TEXT - 1
                                                       : n + (size_t)more;
}

void schema_describe(const struct table *t, char text[SCHEMA_TEXT])
{
    size_t n = append(text, 0, "", t->long_name);
    if (*t->meaning)
        n = append(text, n, "; ", t->meaning);
    if (strchr(t->unit, ' '))
        n = append(text, n, "; ", t->unit);
    if (t->refers)
        n = append(text, n, "; position in ", t->refers);
    if (t->absent)
        n = append(text, n, ", -1 = ", *t->absent ? t->absent : "none");
    if (t->flags)
        n = append(text, n, "; 0.. = ", t->flags);
    if (t->nan_fill)
        n = append(text, n, "; NaN = nothing to say", "");
    if (!t->required)
        (void)append(text, n, " (optional)", "");
}

static void print_table(FILE *out, const struct table *t)
{
    char dims[SCHEMA_TEXT], text[SCHEMA_TEXT];
    const char *type = t->role == TABLE_SIZE ? "-" : table_type_name(t->type);
    schema_dims(t, dims);
    schema_describe(t, text);
    fprintf(out, "  %-26s %-22s %-4s %-8s %s\n", schema_name(t->path), dims, type,
            strchr(t->unit, ' ') ? "time" : t->unit, text);
}

enum err_code schema_print(FILE *out, struct err *err)
{
    const char *group = NULL;
    size_t group_n = 0;
    errno = 0;
    fprintf(out, "GridClear run file, format %s: HDF5, readable as netCDF-4\n\n",
            RUN_FORMAT_VERSION);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct table *t = &tables[i];
        size_t n = group_length(t->path);
        if (!group || n != group_n || memcmp(group, t->path, n) != 0)
            print_group(out, t->path, n);
        group = t->path;
        group_n = n;
        print_table(out, t);
    }
    fputs("\n/meta  (attributes; /meta/settings holds one per market parameter)\n",
          out);
    for (size_t i = 0; i < sizeof meta / sizeof *meta; i++)
        fprintf(out, "  %-26s %-22s %-4s %-8s %s%s\n", meta[i].name, "attribute",
                table_type_name(meta[i].type), "", meta[i].meaning,
                meta[i].required ? "" : " (optional)");
    if (fflush(out) != 0 || ferror(out))
        return err_set(err, ERR_IO, "cannot write the schema: %s",
                       errno ? strerror(errno) : "some of it was lost");
    return ERR_OK;
}
