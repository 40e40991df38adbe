/* row_filter.c - which rows of a table an override means. */
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/nearest.h"
#include "sim/input/override.h"

/* One wanted value of one column. */
struct wanted {
    const struct column *col;
    size_t size;
    unsigned char value[sizeof(double)];
    bool another; /* the one before it is of the same key: either of them will do */
};

struct row_filter {
    struct wanted *wanted; /* [n] */
    size_t n;
    bool *resource_is_in;   /* [n_id] by id; NULL = any */
    size_t n_id, id_offset; /* where the row's resource stands */
};

static size_t size_of(enum column_type type)
{
    switch (type) {
    case COLUMN_NUMBER:
        return sizeof(double);
    case COLUMN_ID:
    case COLUMN_TEXT:
    case COLUMN_INTEGER:
    case COLUMN_DATE:
        return sizeof(int32_t);
    default:
        return 1;
    }
}

const struct column *override_column(const struct table_spec *spec, const char *name)
{
    for (int i = 0; i < spec->n_column; i++)
        if (strcmp(spec->column[i].name, name) == 0)
            return &spec->column[i];
    return NULL;
}

bool override_put(const struct column *col, const struct yaml_value *v,
                  struct str_index *ids, void *row, char why[WHY_SIZE], bool *no_memory)
{
    if (v->kind != YAML_TEXT) {
        (void)snprintf(why, WHY_SIZE, "%s is a %s; expected one value", col->name,
                       v->kind == YAML_LIST ? "list" : "map");
        return false;
    }
    if (v->len == 0) {
        csv_field_default(col, row);
        return true;
    }
    if (!csv_field_parse(col, v->text, v->len, row, why))
        return false;
    if (col->type == COLUMN_ID || col->type == COLUMN_TEXT) {
        int32_t id = str_index_put(ids, v->text, v->len, NULL);
        *no_memory = id < 0;
        memcpy((char *)row + col->offset, &id, sizeof id);
    }
    return !*no_memory;
}

static void fault(const struct filter_world *w, size_t at, const char *text)
{
    err_list_add(w->faults, layers_at(w->layers, w->start + at), "%s", text);
}

/* ---- conditions ---- */

static enum err_code add_wanted(const struct filter_world *w, const struct csv_table *t,
                                const struct column *col, const struct yaml_value *v,
                                bool another, struct row_filter *f, bool *wrong,
                                struct err *err)
{
    char why[WHY_SIZE];
    bool no_memory = false;
    struct wanted now = {.col = col, .size = size_of(col->type), .another = another};
    char *row = mem_alloc(1, t->spec->row_size);
    struct wanted *grown = mem_resize(f->wanted, f->n + 1, sizeof *grown);
    if (grown)
        f->wanted = grown;
    bool done = row && grown && override_put(col, v, w->ids, row, why, &no_memory);
    if (done) {
        memcpy(now.value, row + col->offset, now.size);
        f->wanted[f->n++] = now;
    }
    mem_free(row);
    if (!grown || !row || no_memory)
        return err_set(err, ERR_NOMEM, "cannot hold a condition");
    if (!done)
        fault(w, v->at, why);
    *wrong = *wrong || !done;
    return ERR_OK;
}

static enum err_code add_condition(const struct filter_world *w,
                                   const struct csv_table *t, const struct column *col,
                                   const struct yaml_value *v, struct row_filter *f,
                                   bool *wrong, struct err *err)
{
    enum err_code code = ERR_OK;
    if (v->kind != YAML_LIST)
        return add_wanted(w, t, col, v, false, f, wrong, err);
    for (const struct yaml_value *one = v->child; one && !code; one = one->next)
        code = add_wanted(w, t, col, one, one != v->child, f, wrong, err);
    if (!v->child) {
        fault(w, v->at, "an empty list; expected values of which a row has one");
        *wrong = true;
    }
    return code;
}

static bool row_has(const struct row_filter *f, const void *row)
{
    bool takes = true;
    for (size_t i = 0; i < f->n;) {
        bool any = false;
        do {
            const struct wanted *one = &f->wanted[i];
            any |= memcmp((const char *)row + one->col->offset, one->value,
                          one->size) == 0;
            i++;
        } while (i < f->n && f->wanted[i].another);
        takes = takes && any;
    }
    return takes;
}

/* ---- by properties of the resource ---- */

static const struct column *resource_column(const struct csv_table *t)
{
    const struct column *col = override_column(t->spec, "resource_id");
    return col && col->type == COLUMN_ID ? col : NULL;
}

static enum err_code find_resources(const struct filter_world *w,
                                    const struct csv_table *t,
                                    const struct row_filter *of_resource,
                                    struct row_filter *f, struct err *err)
{
    const struct csv_table *resources = w->resources;
    const struct column *id_column = resource_column(resources);
    f->n_id = w->ids->n;
    f->id_offset = resource_column(t)->offset;
    f->resource_is_in = MEM_ARRAY(bool, f->n_id);
    if (!f->resource_is_in)
        return err_set(err, ERR_NOMEM, "cannot hold a condition");
    for (size_t i = 0; i < resources->n; i++) {
        const char *row = (const char *)resources->row + i * resources->spec->row_size;
        int32_t id;
        memcpy(&id, row + id_column->offset, sizeof id);
        if (id >= 0 && row_has(of_resource, row))
            f->resource_is_in[id] = true;
    }
    return ERR_OK;
}

bool row_filter_takes(const struct row_filter *f, const void *row)
{
    int32_t id;
    if (!row_has(f, row))
        return false;
    if (!f->resource_is_in)
        return true;
    memcpy(&id, (const char *)row + f->id_offset, sizeof id);
    return id >= 0 && (size_t)id < f->n_id && f->resource_is_in[id];
}

/* ---- all of it ---- */

static void unknown_key(const struct filter_world *w, const struct csv_table *t,
                        const struct yaml_value *v)
{
    char q[QUOTED_SIZE];
    const char *near = nearest_word(v->key, strlen(v->key), t->spec->column,
                                    (size_t)t->spec->n_column, sizeof *t->spec->column);
    (void)quoted(v->key, strlen(v->key), q);
    struct src_pos at = layers_at(w->layers, w->start + v->key_at);
    if (near)
        err_list_add(w->faults, at, "unknown column '%s'; expected '%s'?", q, near);
    else
        err_list_add(w->faults, at,
                     "unknown column '%s'; expected a column of table %s%s", q,
                     t->spec->name, resource_column(t) ? ", or of resources" : "");
}

static enum err_code read_where(const struct filter_world *w, const struct csv_table *t,
                                const struct yaml_value *where, struct row_filter *f,
                                struct row_filter *of_resource, bool *wrong,
                                struct err *err)
{
    enum err_code code = ERR_OK;
    for (const struct yaml_value *v = where->child; v && !code; v = v->next) {
        const struct column *col = override_column(t->spec, v->key);
        if (col) {
            code = add_condition(w, t, col, v, f, wrong, err);
            continue;
        }
        if (w->resources && w->resources->spec && resource_column(t))
            col = override_column(w->resources->spec, v->key);
        if (col)
            code = add_condition(w, w->resources, col, v, of_resource, wrong, err);
        else
            unknown_key(w, t, v);
        *wrong = *wrong || !col;
    }
    return code;
}

enum err_code row_filter_create(const struct filter_world *w, const struct csv_table *t,
                                const struct yaml_value *where, struct row_filter **out,
                                struct err *err)
{
    struct row_filter of_resource = {0};
    struct row_filter *f = mem_alloc(1, sizeof *f);
    bool wrong = false;
    enum err_code code = ERR_OK;
    *out = NULL;
    if (!f)
        return err_set(err, ERR_NOMEM, "cannot hold a condition");
    if (where && where->kind != YAML_MAP) {
        fault(w, where->at, "not a map of columns; expected one such as {node_id: N1}");
        wrong = true;
    } else if (where) {
        code = read_where(w, t, where, f, &of_resource, &wrong, err);
    }
    if (!code && of_resource.n)
        code = find_resources(w, t, &of_resource, f, err);
    mem_free(of_resource.wanted);
    if (code || wrong)
        row_filter_destroy(f);
    else
        *out = f;
    return code;
}

void row_filter_destroy(struct row_filter *f)
{
    if (!f)
        return;
    mem_free(f->wanted);
    mem_free(f->resource_is_in);
    mem_free(f);
}
