/* export.c - from a name to a sheet. */
#include "results/export.h"

#include <inttypes.h>
#include <string.h>

#include "results/cell_text.h"
#include "results/feed.h"
#include "results/sheet.h"

struct short_name {
    const char *name, *path;
};

static const struct short_name short_names[] = {
    {"lmp", "/day_ahead/lmp"},
    {"award", "/day_ahead/award"},
    {"virtual_award", "/day_ahead/virtual_award"},
    {"energy", "/day_ahead/energy"},
    {"on", "/day_ahead/on"},
    {"start_cost", "/day_ahead/start_cost"},
    {"min_load_cost", "/day_ahead/min_load_cost"},
    {"configuration", "/day_ahead/configuration"},
    {"transition_cost", "/day_ahead/transition_cost"},
    {"hull_lmp", "/day_ahead/hull_lmp"},
    {"hull_as_price", "/day_ahead/hull_as_price"},
    {"uplift", "/day_ahead/uplift"},
    {"flow", "/day_ahead/flow"},
    {"branch_loss", "/day_ahead/branch_loss"},
    {"shadow_price", "/day_ahead/shadow_price"},
    {"as_award", "/day_ahead/as_award"},
    {"as_self_provided", "/day_ahead/as_self_provided"},
    {"as_bid_price", "/day_ahead/as_bid_price"},
    {"as_price", "/day_ahead/as_price"},
    {"as_required", "/day_ahead/as_required"},
    {"as_procured", "/day_ahead/as_procured"},
    {"as_short", "/day_ahead/as_short"},
    {"load_forecast", "/day_ahead/load_forecast"},
    {"interval", "/day_ahead/interval"},
    {"constraint", "/day_ahead/constraint"},
    {"shift_factor", "/day_ahead/shift_factor"},
    {"relaxation", "/day_ahead/relaxation"},
    {"statement", "/settlement/statement"},
    {"invoice", "/settlement/invoice"},
    {"interval_line", "/settlement/interval_line"},
    {"charge_code", "/settlement/charge_code"},
    {"admission", "/admission/decision"},
    {"decision", "/admission/decision"},
    {"credit_check", "/admission/credit"},
    {"mitigation", "/mitigation/offer"},
    {"mitigation_test", "/mitigation/test"},
    {"status", "/admission/status"},
    {"virtual_status", "/admission/virtual_status"},
    {"credit", "/credit/account"},
    {"account", "/credit/account"},
    {"credit_day", "/credit/day"},
    {"sc", "/input/sc"},
    {"resource", "/input/resource"},
    {"node", "/input/node"},
    {"branch", "/input/branch"},
    {"tie", "/input/tie"},
    {"virtual", "/input/virtual"},
    {"factor", "/input/factor"},
    {"meta", "/meta"},
};

enum {
    N_SHORT_NAMES = sizeof short_names / sizeof *short_names
};

const char *export_name(size_t i)
{
    return i < N_SHORT_NAMES ? short_names[i].name : NULL;
}

/* ---- lists and variables ---- */

static size_t parent_length(const char *path)
{
    return (size_t)(schema_name(path) - path);
}

static bool is_in_group(const struct table *t, const char *group, size_t n)
{
    return strncmp(t->path, group, n) == 0 && parent_length(t->path) == n;
}

/* Columns: labels of the scale, then every variable beside it along the scale. group is
 * a prefix of n characters ending in "/". */
static enum err_code build_list(struct sheet *s, const struct run_read *rd,
                                const char *group, size_t n, const char *scale,
                                struct err *err)
{
    size_t n_table;
    const struct table *t = schema_tables(&n_table);
    enum err_code code = run_read_length(rd, scale, &s->n_row, err);
    if (!code)
        code =
            sheet_add_labels(s, rd, scale, schema_name(scale), 1, NULL, 0, NULL, err);
    for (size_t i = 0; i < n_table && !code; i++) {
        const char *name = schema_name(t[i].path);
        bool shown_already =
            strcmp(name, "trade_date") == 0 || strcmp(name, "hour_ending") == 0;
        if (t[i].role != TABLE_VARIABLE || t[i].rank != 1 ||
            !is_in_group(&t[i], group, n) || strcmp(t[i].dim[0], scale) != 0 ||
            (shown_already && schema_find(scale)->type == TABLE_I64) ||
            (!t[i].required && !run_read_has(rd, t[i].path)))
            continue;
        code = sheet_add_table(s, rd, &t[i], NULL, 1, err);
    }
    return code;
}

static enum err_code build_variable(struct sheet *s, const struct run_read *rd,
                                    const struct table *t, struct err *err)
{
    size_t n_inner = 1;
    enum err_code code = run_read_count(rd, t->path, &s->n_row, err);
    if (!code && t->rank == 2)
        code = run_read_length(rd, t->dim[1], &n_inner, err);
    if (n_inner == 0)
        n_inner = 1; /* no rows, so any stride will do */
    for (int axis = 0; axis < t->rank && !code; axis++)
        code = sheet_add_labels(s, rd, t->dim[axis], schema_name(t->dim[axis]),
                                axis == 0 ? n_inner : 1, NULL, 0, NULL, err);
    return code ? code : sheet_add_table(s, rd, t, NULL, 1, err);
}

/* ---- /meta ---- */

/* An attribute or a market parameter per row. */
struct meta_rows {
    struct arena *arena;
    const char **name, **value; /* [room] */
    size_t n, room;
};

static enum err_code add_meta_row(struct meta_rows *r, const char *name,
                                  const char *value, struct err *err)
{
    if (r->n == r->room) {
        size_t room = 2 * r->room + 32;
        const char **names = ARENA_ARRAY(r->arena, const char *, room);
        const char **values = ARENA_ARRAY(r->arena, const char *, room);
        if (!names || !values)
            return err_set(err, ERR_NOMEM, "cannot hold %zu attributes", room);
        if (r->n) {
            memcpy(names, r->name, r->n * sizeof *names);
            memcpy(values, r->value, r->n * sizeof *values);
        }
        r->name = names;
        r->value = values;
        r->room = room;
    }
    r->name[r->n] = name;
    r->value[r->n] = arena_copy_text(r->arena, value, strlen(value));
    if (!r->value[r->n++])
        return err_set(err, ERR_NOMEM, "cannot hold the value of %s", name);
    return ERR_OK;
}

static enum err_code add_attribute(struct meta_rows *r, const struct run_read *rd,
                                   const struct meta_attr *m, struct err *err)
{
    char number[CELL_NUMBER_ROOM];
    const char *text = number;
    double real = 0;
    int64_t whole = 0;
    enum err_code code;
    if (m->type == TABLE_TEXT) {
        code = run_read_meta_text(rd, m->name, r->arena, &text, err);
    } else if (m->type == TABLE_F64) {
        code = run_read_meta_f64(rd, m->name, &real, err);
        cell_number(real, number);
    } else {
        code = run_read_meta_i64(rd, m->name, &whole, err);
        snprintf(number, sizeof number, "%" PRId64, whole);
    }
    return code ? code : add_meta_row(r, m->name, text, err);
}

static enum err_code add_settings(struct meta_rows *r, const struct run_read *rd,
                                  struct err *err)
{
    for (size_t i = 0;; i++) {
        const char *name = NULL;
        double value = 0;
        char number[CELL_NUMBER_ROOM], path[128];
        enum err_code code = run_read_setting(rd, i, r->arena, &name, &value, err);
        if (code || !name)
            return code;
        snprintf(path, sizeof path, "settings/%s", name);
        name = arena_copy_text(r->arena, path, strlen(path));
        if (!name)
            return err_set(err, ERR_NOMEM, "cannot hold the name of a parameter");
        cell_number(value, number);
        code = add_meta_row(r, name, number, err);
        if (code)
            return code;
    }
}

static enum err_code build_meta(struct sheet *s, const struct run_read *rd,
                                struct err *err)
{
    size_t n;
    const struct meta_attr *m = schema_meta(&n);
    struct meta_rows r = {.arena = &s->arena};
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < n && !code; i++)
        if (run_read_has_meta(rd, m[i].name))
            code = add_attribute(&r, rd, &m[i], err);
    if (!code)
        code = add_settings(&r, rd, err);
    s->n_row = r.n;
    struct column c = {.name = "name",
                       .type = TABLE_TEXT,
                       .value = r.name,
                       .n = r.n,
                       .stride = 1,
                       .cycle = r.n};
    if (!code)
        code = sheet_add(s, &c, err);
    c.name = "value";
    c.value = r.value;
    return code ? code : sheet_add(s, &c, err);
}

/* ---- names ---- */

/* The scale of a group all of whose variables run along the same one, or NULL. */
static const char *only_scale(const char *group, size_t n)
{
    size_t n_table;
    const char *scale = NULL;
    const struct table *t = schema_tables(&n_table);
    for (size_t i = 0; i < n_table; i++) {
        if (!is_in_group(&t[i], group, n))
            continue;
        if (t[i].rank != 1 || (scale && strcmp(scale, t[i].dim[0]) != 0))
            return NULL;
        scale = t[i].dim[0];
    }
    return scale;
}

/* ---- all of a run ---- */

/* Whether a variable along one scale stands in the list of that scale. */
static bool is_beside_scale(const struct table *t)
{
    return t->role == TABLE_VARIABLE && t->rank == 1 &&
           is_in_group(schema_find(t->dim[0]), t->path, parent_length(t->path));
}

/* Whether the run holds a table of the group before this one. */
static bool has_earlier(const struct run_read *rd, const struct table *first,
                        const struct table *t, size_t n)
{
    for (const struct table *e = first; e < t; e++)
        if (is_in_group(e, t->path, n) && run_read_has(rd, e->path))
            return true;
    return false;
}

bool export_whole(const struct run_read *rd, size_t *next, char path[EXPORT_PATH])
{
    size_t n_table;
    const struct table *first = schema_tables(&n_table);
    while (*next < n_table) {
        const struct table *t = &first[(*next)++];
        size_t n = parent_length(t->path);
        if (is_beside_scale(t) || !run_read_has(rd, t->path))
            continue;
        snprintf(path, EXPORT_PATH, "%s", t->path);
        if (t->role != TABLE_VARIABLE || t->rank != 1 || !only_scale(t->path, n))
            return true;
        snprintf(path, EXPORT_PATH, "%.*s", (int)n - 1, t->path);
        if (!has_earlier(rd, first, t, n))
            return true;
    }
    return false;
}

/* ---- one table ---- */

/* Whether a price stands beside the parts that it is the sum of. */
static bool has_parts(const char *lmp)
{
    char part[160];
    snprintf(part, sizeof part, "%s_congestion", lmp);
    return schema_find(part) != NULL;
}

static enum err_code build(struct sheet *s, const struct run_read *rd, const char *path,
                           struct err *err)
{
    char group[160];
    const struct table *t = schema_find(path);
    if (strcmp(path, "/meta") == 0)
        return build_meta(s, rd, err);
    if (t && t->role != TABLE_VARIABLE)
        return build_list(s, rd, path, parent_length(path), path, err);
    if (t)
        return build_variable(s, rd, t, err);
    snprintf(group, sizeof group, "%s/", path);
    const char *scale = only_scale(group, strlen(group));
    if (!scale)
        return err_set(err, ERR_USAGE,
                       "there is no table '%.60s'; expected a name or path that "
                       "'gridclear schema' or 'gridclear export --help' lists",
                       path);
    return build_list(s, rd, group, strlen(group), scale, err);
}

/* The path a name stands for: in the stage that is asked for, else in the day ahead, else
 * in the only stage of a network case. */
static void find_path(const struct run_read *rd, const char *name, const char *stage,
                      char path[EXPORT_PATH])
{
    static const char day_ahead[] = "/day_ahead/";
    snprintf(path, 128, "%s", name);
    for (size_t i = 0; i < N_SHORT_NAMES; i++)
        if (strcmp(short_names[i].name, name) == 0)
            snprintf(path, 128, "%s", short_names[i].path);
    if (!stage && !run_read_has_stage(rd, "/day_ahead") &&
        run_read_has_stage(rd, "/dispatch"))
        stage = "/dispatch";
    if (stage && name[0] != '/' && strncmp(path, day_ahead, strlen(day_ahead)) == 0) {
        char rest[128];
        snprintf(rest, sizeof rest, "%s", path + strlen(day_ahead));
        snprintf(path, 128, "%.40s/%.80s", stage, rest);
    }
}

enum err_code export_table(const struct run_read *rd, const char *table,
                           const char *stage, enum export_format format, FILE *out,
                           struct err *err)
{
    char path[EXPORT_PATH], group[160];
    struct sheet s = {0};
    find_path(rd, table, stage, path);
    s.name = table[0] == '/' ? schema_name(table) : table;
    const struct table *t = schema_find(path);
    if (t && strcmp(schema_name(path), "lmp") == 0 && has_parts(path)) {
        snprintf(group, sizeof group, "%.*s", (int)parent_length(path) - 1, path);
        return feed_export(rd, FEED_OASIS, "lmp", group, false, format, out, err);
    }
    enum err_code code = build(&s, rd, path, err);
    if (!code)
        code = sheet_write(&s, format, out, err);
    sheet_release(&s);
    return code;
}
