/* override.c - carries out what a scenario changes in the tables of its base. */
#include "sim/input/override.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"
#include "sim/base/number.h"
#include "sim/input/nearest.h"
#include "sim/input/scenario_parts.h"

enum {
    WORDS_SIZE = 512
};

/* An entry of the list while it is carried out. */
struct entry {
    struct loading *l;
    size_t start; /* position of its layer */
    const struct yaml_value *v;
    struct csv_table *t;
    const struct yaml_value *where, *set, *scale, *rows;
    const char *verb;
    size_t n_row; /* met so far */
    char words[WORDS_SIZE];
    size_t n_word;
};

static void PRINTF_LIKE(3, 4) fault(struct entry *e, size_t at, const char *fmt, ...)
{
    char text[sizeof((struct err *)0)->msg];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    err_list_add(e->l->faults, layers_at(&e->l->layers, e->start + at), "%s", text);
}

static void PRINTF_LIKE(2, 3) say(struct entry *e, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(e->words + e->n_word, WORDS_SIZE - e->n_word, fmt, args);
    va_end(args);
    if (n > 0)
        e->n_word +=
            (size_t)n < WORDS_SIZE - e->n_word ? (size_t)n : WORDS_SIZE - e->n_word - 1;
}

/* "a=1, b=2" */
static void say_map(struct entry *e, const struct yaml_value *map, const char *sign)
{
    for (const struct yaml_value *v = map->child; v; v = v->next) {
        say(e, "%s%s%s", v == map->child ? "" : ", ", v->key, sign);
        if (v->kind == YAML_TEXT)
            say(e, "%s", v->len ? v->text : "empty");
        for (const struct yaml_value *one = v->kind == YAML_LIST ? v->child : NULL; one;
             one = one->next)
            say(e, "%s%s", one == v->child ? "" : "|",
                one->kind == YAML_TEXT ? one->text : "?");
    }
}

/* ---- rows ---- */

static void mark_changed(const struct entry *e, void *row, size_t at)
{
    struct row_head head;
    memcpy(&head, row, sizeof head);
    head.at = (ROW_CHANGED + e->start + at) & ((UINT64_C(1) << 61) - 1);
    memcpy(row, &head, sizeof head);
}

static const struct column *need_column(struct entry *e, const struct yaml_value *v)
{
    const struct table_spec *spec = e->t->spec;
    const struct column *col = override_column(spec, v->key);
    char q[QUOTED_SIZE];
    if (col)
        return col;
    const char *near = nearest_word(v->key, strlen(v->key), spec->column,
                                    (size_t)spec->n_column, sizeof *spec->column);
    (void)quoted(v->key, strlen(v->key), q);
    if (near)
        fault(e, v->key_at, "unknown column '%s'; expected '%s'?", q, near);
    else
        fault(e, v->key_at, "unknown column '%s'; expected a column of table %s", q,
              spec->name);
    return NULL;
}

/* One field of a row; false after a fault. */
static enum err_code put_field(struct entry *e, const struct yaml_value *v, void *row,
                               bool *is_right, struct err *err)
{
    char why[WHY_SIZE];
    bool no_memory = false;
    const struct column *col = need_column(e, v);
    *is_right = false;
    if (!col)
        return ERR_OK;
    if (v->kind == YAML_TEXT && v->len == 0 && col->required) {
        fault(e, v->at, "%s is empty; expected a value", col->name);
        return ERR_OK;
    }
    *is_right = override_put(col, v, &e->l->ids, row, why, &no_memory);
    if (no_memory)
        return err_set(err, ERR_NOMEM, "cannot hold a row of %s", e->t->spec->name);
    if (!*is_right)
        fault(e, v->at, "%s", why);
    else
        mark_changed(e, row, v->at);
    return ERR_OK;
}

static bool scale_field(struct entry *e, const struct yaml_value *v, void *row)
{
    const struct column *col = need_column(e, v);
    double factor, value;
    if (!col)
        return false;
    if (col->type != COLUMN_NUMBER) {
        fault(e, v->key_at, "%s is no number; expected a column of numbers", col->name);
        return false;
    }
    if (v->kind != YAML_TEXT || !v->plain || !number_parse(v->text, v->len, &factor) ||
        !isfinite(factor)) {
        fault(e, v->at, "scale of %s is no number; expected a factor", col->name);
        return false;
    }
    memcpy(&value, (char *)row + col->offset, sizeof value);
    if (!isfinite(value))
        return true; /* an empty field */
    value = value * factor + 0.0;
    if (value < col->min || value > col->max || (col->above_min && value <= col->min)) {
        fault(e, v->at, "%s becomes %g; expected a number%s%s %s %g to %g", col->name,
              value, strcmp(col->unit, "1") ? " of " : "",
              strcmp(col->unit, "1") ? col->unit : "",
              col->above_min ? "above" : "from", col->min, col->max);
        return false;
    }
    memcpy((char *)row + col->offset, &value, sizeof value);
    mark_changed(e, row, v->at);
    return true;
}

static enum err_code change_row(struct entry *e, void *row, bool *is_right,
                                struct err *err)
{
    enum err_code code = ERR_OK;
    bool one;
    for (const struct yaml_value *v = e->scale ? e->scale->child : NULL; v; v = v->next)
        *is_right &= scale_field(e, v, row);
    for (const struct yaml_value *v = e->set ? e->set->child : NULL; v && !code;
         v = v->next) {
        code = put_field(e, v, row, &one, err);
        *is_right &= one;
    }
    return code;
}

/* Changes or removes the rows that are meant. One wrong row is told, not a thousand. */
static enum err_code change_rows(struct entry *e, bool remove, struct err *err)
{
    struct csv_table *t = e->t;
    struct row_filter *f;
    const struct filter_world world = {.layers = &e->l->layers,
                                       .start = e->start,
                                       .ids = &e->l->ids,
                                       .resources = &e->l->table[TABLE_RESOURCES],
                                       .faults = e->l->faults};
    enum err_code code = row_filter_create(&world, t, e->where, &f, err);
    size_t size = t->spec->row_size, kept = 0;
    bool is_right = true;
    if (code || !f)
        return code;
    for (size_t i = 0; i < t->n && !code; i++) {
        char *row = (char *)t->row + i * size;
        bool meant = is_right && row_filter_takes(f, row);
        e->n_row += meant;
        if (meant && !remove)
            code = change_row(e, row, &is_right, err);
        if (meant && remove)
            continue;
        if (kept < i)
            memcpy((char *)t->row + kept * size, row, size);
        kept++;
    }
    t->n = kept;
    if (!code && e->n_row == 0 && !t->broken)
        fault(e, e->where ? e->where->at : e->v->at,
              "no row of table %s is like that; expected at least one", t->spec->name);
    row_filter_destroy(f);
    return code;
}

static enum err_code open_row(struct csv_table *t, char **row, struct err *err)
{
    size_t size = t->spec->row_size;
    if (!t->present) {
        t->present = true;
        for (int i = 0; i < TABLE_COLUMNS_MAX; i++)
            t->field_of[i] = -1;
    }
    if (t->n == t->room) {
        size_t room = t->room ? 2 * t->room : 64;
        void *grown = mem_resize(t->row, room, size);
        if (!grown)
            return err_set(err, ERR_NOMEM, "cannot hold table %s", t->spec->name);
        t->row = grown;
        t->room = room;
    }
    *row = (char *)t->row + t->n++ * size;
    csv_field_defaults(t->spec, *row);
    return ERR_OK;
}

static bool has_key(const struct yaml_value *map, const char *key,
                    const struct yaml_value *before)
{
    for (const struct yaml_value *v = map->child; v && v != before; v = v->next)
        if (strcmp(v->key, key) == 0)
            return true;
    return false;
}

static enum err_code add_row(struct entry *e, const struct yaml_value *map,
                             struct err *err)
{
    const struct table_spec *spec = e->t->spec;
    bool right = map->kind == YAML_MAP, one;
    char *row = NULL;
    if (!right) {
        fault(e, map->at, "not a map of columns; expected a row such as {%s: ...}",
              spec->column[0].name);
        return ERR_OK;
    }
    enum err_code code = open_row(e->t, &row, err);
    for (const struct yaml_value *v = map->child; v && !code; v = v->next) {
        code = put_field(e, v, row, &one, err);
        if (has_key(map, v->key, v))
            fault(e, v->key_at, "column '%s' appears twice; expected it once", v->key);
        right &= one;
    }
    if (code)
        return code;
    for (int i = 0; i < spec->n_column; i++)
        if (spec->column[i].required && !has_key(map, spec->column[i].name, NULL)) {
            fault(e, map->at, "column '%s' is missing; expected it in a row of %s",
                  spec->column[i].name, spec->name);
            right = false;
        }
    mark_changed(e, row, map->at);
    ((struct row_head *)(void *)row)->bad = !right;
    e->n_row++;
    return ERR_OK;
}

static enum err_code add_rows(struct entry *e, struct err *err)
{
    enum err_code code = ERR_OK;
    if (!e->rows || e->rows->kind != YAML_LIST || !e->rows->child) {
        fault(e, e->rows ? e->rows->at : e->v->at,
              "no list of rows to add; expected rows: with one map for each row");
        return ERR_OK;
    }
    for (const struct yaml_value *v = e->rows->child; v && !code; v = v->next)
        code = add_row(e, v, err);
    return code;
}

/* ---- entries ---- */

static bool find_table(struct entry *e, const struct yaml_value *v)
{
    const char *name[TABLE_COUNT];
    char q[QUOTED_SIZE];
    for (int i = 0; i < TABLE_COUNT; i++) {
        name[i] = scenario_table_spec((enum scenario_table)i)->name;
        if (v->kind == YAML_TEXT && strcmp(name[i], v->text) == 0)
            e->t = &e->l->table[i];
    }
    if (v->kind != YAML_TEXT) {
        fault(e, v->at, "%s is no table; expected the name of one", v->key);
    } else if (!e->t) {
        const char *near =
            nearest_word(v->text, v->len, name, TABLE_COUNT, sizeof *name);
        fault(e, v->at, "unknown table '%s'; expected %s%s", quoted(v->text, v->len, q),
              near ? near : "a table of a scenario", near ? "?" : "");
    } else if (e->t >= &e->l->table[TABLE_BUSES] && e->l->yaml.network.text) {
        fault(e, v->at,
              "table %s of a network that is a MATPOWER case; expected branch_outages "
              "to take out lines, or a network of tables",
              v->text);
        e->t = NULL;
    }
    return e->t;
}

static bool is_map(struct entry *e, const struct yaml_value *v)
{
    if (v && v->kind != YAML_MAP)
        fault(e, v->at, "%s is no map; expected one such as {pmax_mw: 50}", v->key);
    return !v || v->kind == YAML_MAP;
}

/* Takes the keys of an entry; false after a fault. */
static bool read_entry(struct entry *e)
{
    static const char *const verbs[] = {"change", "add", "remove", NULL};
    static const char *const words[] = {"change", "add",   "remove", "where",
                                        "set",    "scale", "rows"};
    const struct yaml_value **part[] = {&e->where, &e->set, &e->scale, &e->rows};
    const struct yaml_value *table = NULL;
    bool right = true;
    if (e->v->kind != YAML_MAP) {
        fault(e, e->v->at, "not a map; expected change, add or remove with a table");
        return false;
    }
    for (const struct yaml_value *v = e->v->child; v; v = v->next) {
        size_t i = 0;
        while (i < sizeof words / sizeof *words && strcmp(v->key, words[i]) != 0)
            i++;
        if (i == sizeof words / sizeof *words) {
            char q[QUOTED_SIZE];
            const char *near =
                nearest_word(v->key, strlen(v->key), words,
                             sizeof words / sizeof *words, sizeof *words);
            fault(e, v->key_at, "unknown key '%s'; expected %s%s",
                  quoted(v->key, strlen(v->key), q),
                  near ? near : "change, add, remove, where, set, scale or rows",
                  near ? "?" : "");
            right = false;
        } else if (i < 3 && !table) {
            e->verb = verbs[i];
            table = v;
        } else if (i < 3 || *part[i - 3]) {
            fault(e, v->key_at, "a second '%s'; expected one in an entry",
                  i < 3 ? "change, add or remove" : v->key);
            right = false;
        } else {
            *part[i - 3] = v;
        }
    }
    if (!table) {
        fault(e, e->v->at, "neither change, add nor remove; expected one of them");
        return false;
    }
    bool found = find_table(e, table);
    return is_map(e, e->set) && is_map(e, e->scale) && right && found;
}

/* Keys that do nothing under a verb are refused. */
static bool fits(struct entry *e)
{
    bool change = strcmp(e->verb, "change") == 0, add = strcmp(e->verb, "add") == 0;
    const struct yaml_value *odd = NULL;
    if (add)
        odd = e->where ? e->where : e->set ? e->set : e->scale;
    else if (change)
        odd = e->rows;
    else
        odd = e->rows ? e->rows : e->set ? e->set : e->scale;
    if (odd)
        fault(e, odd->key_at, "'%s' beside '%s'; expected %s", odd->key, e->verb,
              add      ? "rows only"
              : change ? "where, set and scale only"
                       : "where only");
    else if (change && !e->set && !e->scale)
        fault(e, e->v->at, "nothing is changed; expected set or scale");
    return !odd && (!change || e->set || e->scale);
}

static void describe(struct entry *e)
{
    say(e, "%s %s", e->verb, e->t->spec->name);
    if (e->where) {
        say(e, " where ");
        say_map(e, e->where, "=");
    }
    if (e->scale) {
        say(e, ": ");
        say_map(e, e->scale, " x ");
    }
    if (e->set) {
        say(e, "%s", e->scale ? ", " : ": ");
        say_map(e, e->set, " = ");
    }
    if (e->rows && e->rows->kind == YAML_LIST && e->rows->child &&
        e->rows->child->kind == YAML_MAP && e->rows->child->child) {
        say(e, ": ");
        say_map(e, e->rows->child, " = ");
    }
    say(e, " (%zu row%s)", e->n_row, e->n_row == 1 ? "" : "s");
}

/* Every text of an entry, in order. */
// NOLINTNEXTLINE(misc-no-recursion)
static uint64_t hash_value(uint64_t h, const struct yaml_value *v)
{
    static const char mark[] = {'t', 'l', 'm'};
    h = hash_bytes(h, &mark[v->kind], 1);
    if (v->key)
        h = hash_bytes(h, v->key, strlen(v->key) + 1);
    if (v->kind == YAML_TEXT)
        h = hash_bytes(h, v->text, v->len + 1);
    for (const struct yaml_value *one = v->child; one; one = one->next)
        h = hash_value(h, one);
    return hash_bytes(h, ".", 1);
}

static enum err_code carry_out(struct loading *l, size_t start,
                               const struct yaml_value *v, struct err *err)
{
    struct market *m = l->m;
    struct entry e = {.l = l, .start = start, .v = v};
    enum err_code code = ERR_OK;
    if (!read_entry(&e) || !fits(&e))
        return ERR_OK;
    if (strcmp(e.verb, "add") == 0)
        code = add_rows(&e, err);
    else
        code = change_rows(&e, strcmp(e.verb, "remove") == 0, err);
    if (code)
        return code;
    describe(&e);
    m->change[m->n_change] = arena_copy_text(&m->arena, e.words, e.n_word);
    if (!m->change[m->n_change++])
        return err_set(err, ERR_NOMEM, "cannot hold the changes of a scenario");
    return ERR_OK;
}

enum err_code apply_overrides(struct loading *l, struct err *err)
{
    int32_t n = 0;
    uint64_t h = HASH_START;
    enum err_code code = ERR_OK;
    for (int k = 0; k < l->yaml.n_layer; k++)
        for (const struct yaml_value *v =
                 l->yaml.overrides[k].list ? l->yaml.overrides[k].list->child : NULL;
             v; v = v->next)
            n++;
    l->m->change = ARENA_ARRAY(&l->m->arena, const char *, n);
    if (!l->m->change)
        return err_set(err, ERR_NOMEM, "cannot hold the changes of a scenario");
    for (int k = 0; k < l->yaml.n_layer; k++) {
        const struct yaml_overrides *of = &l->yaml.overrides[k];
        for (const struct yaml_value *v = of->list ? of->list->child : NULL; v && !code;
             v = v->next) {
            code = carry_out(l, of->start, v, err);
            h = hash_value(h, v);
        }
    }
    if (n)
        l->yaml.fingerprint += h;
    return code;
}
