/* export.c - from a name to a sheet. */
#include "results/export.h"

#include <inttypes.h>
#include <string.h>

#include "results/cell_text.h"
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
    N_SHORT_NAMES = sizeof short_names / sizeof *short_names,
    N_PRICES = 4
};

const char *export_name(size_t i)
{
    return i < N_SHORT_NAMES ? short_names[i].name : NULL;
}

/* ---- OASIS prices ---- */

/* Prices in the order of rows: node, type, interval. */
static enum err_code gather_prices(struct sheet *s, const struct run_read *rd,
                                   const char *stage, size_t n_interval, size_t n_node,
                                   struct err *err)
{
    static const char *const part[N_PRICES] = {"lmp", "lmp_congestion", "lmp_energy",
                                               "lmp_loss"};
    char path[224];
    size_t n;
    double *price = ARENA_ARRAY(&s->arena, double, s->n_row ? s->n_row : 1);
    if (!price)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu prices", s->n_row);
    for (size_t k = 0; k < N_PRICES; k++) {
        void *loaded = NULL;
        snprintf(path, sizeof path, "%s/%s", stage, part[k]);
        enum err_code code = run_read_table(rd, path, &s->arena, &loaded, &n, err);
        if (code)
            return code;
        const double *from = loaded;
        for (size_t node = 0; node < n_node; node++)
            for (size_t t = 0; t < n_interval; t++)
                price[(node * N_PRICES + k) * n_interval + t] = from[t * n_node + node];
    }
    const struct column c = {.name = "MW",
                             .type = TABLE_F64,
                             .value = price,
                             .n = s->n_row,
                             .stride = 1,
                             .cycle = s->n_row};
    return sheet_add(s, &c, err);
}

/* Start and end, trade date and hour of the row's interval. */
static enum err_code add_oasis_times(struct sheet *s, const struct run_read *rd,
                                     const char *stage, struct err *err)
{
    static const char *const from[] = {"interval", "duration", "trade_date",
                                       "hour_ending"};
    char path[224];
    void *value[4] = {NULL};
    size_t n = 0;
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", stage, from[i]);
        enum err_code code = run_read_table(rd, path, &s->arena, &value[i], &n, err);
        if (code)
            return code;
    }
    const int64_t *start = value[0];
    const double *length = value[1];
    int64_t *end = ARENA_ARRAY(&s->arena, int64_t, n ? n : 1);
    if (!end)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu times", n);
    for (size_t t = 0; t < n; t++) /* a length no market has is shown as none */
        end[t] = length[t] >= 0 && length[t] <= 1e6 && start[t] < INT64_MAX / 2
                     ? start[t] + (int64_t)length[t]
                     : start[t];
    struct column c = {.n = n, .stride = 1, .cycle = n};
    const struct column times[] = {
        {"INTERVALSTARTTIME_GMT", VIEW_OASIS, TABLE_I64, start, 0, 0, 0, NULL, NULL,
         NULL},
        {"INTERVALENDTIME_GMT", VIEW_OASIS, TABLE_I64, end, 0, 0, 0, NULL, NULL, NULL},
        {"OPR_DT", VIEW_DATE, TABLE_I32, value[2], 0, 0, 0, NULL, NULL, NULL},
        {"OPR_HR", VIEW_TWO, TABLE_I32, value[3], 0, 0, 0, NULL, NULL, NULL},
    };
    for (int i = 0; i < 4; i++) {
        c.name = times[i].name;
        c.view = times[i].view;
        c.type = times[i].type;
        c.value = times[i].value;
        enum err_code code = sheet_add(s, &c, err);
        if (code)
            return code;
    }
    return ERR_OK;
}

/* A column that changes with the node: its id, or the group of nodes it belongs to. */
static enum err_code add_per_node(struct sheet *s, const char *name,
                                  const char *const *value, size_t n_node,
                                  size_t n_interval, struct err *err)
{
    const struct column c = {.name = name,
                             .type = TABLE_TEXT,
                             .value = value,
                             .n = n_node,
                             .stride = N_PRICES * n_interval,
                             .cycle = n_node};
    return sheet_add(s, &c, err);
}

/* OASIS asks for single nodes ("ALL") or for all aggregated ones at once. */
static enum err_code find_groups(struct sheet *s, const struct run_read *rd,
                                 size_t n_node, const char *const **out,
                                 struct err *err)
{
    const uint8_t *kind = NULL;
    void *loaded = NULL;
    size_t n = 0;
    const char **group = ARENA_ARRAY(&s->arena, const char *, n_node ? n_node : 1);
    if (!group)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu names", n_node);
    if (run_read_has(rd, "/input/node/kind")) {
        enum err_code code =
            run_read_table(rd, "/input/node/kind", &s->arena, &loaded, &n, err);
        if (code)
            return code;
        kind = loaded;
    }
    for (size_t i = 0; i < n_node; i++)
        group[i] = kind && kind[i] ? "ALL_APNODES" : "ALL";
    *out = group;
    return ERR_OK;
}

static enum err_code add_price_types(struct sheet *s, size_t n_interval,
                                     struct err *err)
{
    static const char *const type[N_PRICES] = {"LMP", "MCC", "MCE", "MCL"};
    static const char *const item[N_PRICES] = {"LMP_PRC", "LMP_CONG_PRC", "LMP_ENE_PRC",
                                               "LMP_LOSS_PRC"};
    struct column c = {.name = "LMP_TYPE",
                       .type = TABLE_TEXT,
                       .value = type,
                       .n = N_PRICES,
                       .stride = n_interval,
                       .cycle = N_PRICES};
    enum err_code code = sheet_add(s, &c, err);
    c.name = "XML_DATA_ITEM";
    c.value = item;
    return code ? code : sheet_add(s, &c, err);
}

static enum err_code build_lmp(struct sheet *s, const struct run_read *rd,
                               const char *stage, struct err *err)
{
    static const char *const ids[] = {"NODE_ID_XML", "NODE_ID", "NODE"};
    char path[224];
    size_t n_interval = 0, n_node = 0;
    void *node = NULL;
    const char *const *group = NULL;
    snprintf(path, sizeof path, "%s/interval", stage);
    enum err_code code = run_read_length(rd, path, &n_interval, err);
    if (!code)
        code = run_read_table(rd, "/node", &s->arena, &node, &n_node, err);
    s->n_row = n_interval * n_node * N_PRICES;
    if (!code)
        code = find_groups(s, rd, n_node, &group, err);
    if (!code)
        code = add_oasis_times(s, rd, stage, err);
    if (!code)
        code = sheet_add_constant(s, "OPR_INTERVAL", "0", err);
    for (int i = 0; i < 3 && !code; i++)
        code = add_per_node(s, ids[i], node, n_node, n_interval, err);
    if (!code)
        code = sheet_add_constant(s, "MARKET_RUN_ID", "DAM", err);
    if (!code)
        code = add_price_types(s, n_interval, err);
    if (!code)
        code = add_per_node(s, "PNODE_RESMRID", node, n_node, n_interval, err);
    if (!code)
        code = add_per_node(s, "GRP_TYPE", group, n_node, n_interval, err);
    if (!code)
        code = sheet_add_constant(s, "POS", "0", err);
    if (!code)
        code = gather_prices(s, rd, stage, n_interval, n_node, err);
    return code ? code : sheet_add_constant(s, "GROUP", "1", err);
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
    if (t && strcmp(schema_name(path), "lmp") == 0 && has_parts(path)) {
        snprintf(group, sizeof group, "%.*s", (int)parent_length(path) - 1, path);
        return build_lmp(s, rd, group, err);
    }
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

/* The path a name stands for, in the stage this file has. */
static void find_path(const struct run_read *rd, const char *name, char path[128])
{
    static const char day_ahead[] = "/day_ahead/";
    snprintf(path, 128, "%s", name);
    for (size_t i = 0; i < N_SHORT_NAMES; i++)
        if (strcmp(short_names[i].name, name) == 0)
            snprintf(path, 128, "%s", short_names[i].path);
    if (name[0] != '/' && strncmp(path, day_ahead, strlen(day_ahead)) == 0 &&
        !run_read_has_stage(rd, "/day_ahead") && run_read_has_stage(rd, "/dispatch")) {
        char rest[128];
        snprintf(rest, sizeof rest, "%s", path + strlen(day_ahead));
        snprintf(path, 128, "/dispatch/%.100s", rest);
    }
}

enum err_code export_table(const struct run_read *rd, const char *table,
                           enum export_format format, FILE *out, struct err *err)
{
    char path[128];
    struct sheet s = {0};
    find_path(rd, table, path);
    s.name = table[0] == '/' ? schema_name(table) : table;
    enum err_code code = build(&s, rd, path, err);
    if (!code)
        code = sheet_write(&s, format, out, err);
    sheet_release(&s);
    return code;
}
