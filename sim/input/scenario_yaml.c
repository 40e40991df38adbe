/* scenario_yaml.c - the reader of scenario.yaml, driven by scenario_keys.c. */
#include "sim/input/scenario_yaml.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/number.h"
#include "sim/input/nearest.h"
#include "sim/input/rules_check.h"
#include "sim/input/yaml_tree.h"

enum {
    NAME_MAX_BYTES = 64,
    DESCRIPTION_MAX_BYTES = 1024,
    PATH_MAX_BYTES = 255
};

#define AT(member) offsetof(struct scenario_yaml, member)

struct binding {
    const struct source *src;
    size_t start; /* position of the file's first byte */
    bool on_top;  /* of other layers: nothing is missing */
    struct scenario_yaml *out;
    struct err_list *faults;
    bool no_memory;
};

static void hash_pair(struct binding *b, const struct scenario_key *key,
                      const char *text)
{
    uint64_t h = hash_bytes(HASH_START, key->group, strlen(key->group));
    h = hash_bytes(h, ".", 1);
    h = hash_bytes(h, key->name, strlen(key->name));
    h = hash_bytes(h, "=", 1);
    b->out->fingerprint += hash_bytes(h, text, strlen(text));
}

/* A fault at a value: "key is 'text'; expected ...". */
static void wrong(struct binding *b, const struct scenario_key *key,
                  const struct yaml_value *v, const char *expected)
{
    char q[QUOTED_SIZE];
    b->out->dates_wrong |= key->type == KEY_DATES;
    struct src_pos at = source_at(b->src, v->at);
    if (v->kind == YAML_MAP)
        err_list_add(b->faults, at, "%s is a map; expected %s", key->name, expected);
    else if (v->kind == YAML_LIST)
        err_list_add(b->faults, at, "%s is %s; expected %s", key->name,
                     v->child ? "a list" : "an empty list", expected);
    else if (v->len == 0)
        err_list_add(b->faults, at, "%s is empty; expected %s", key->name, expected);
    else
        err_list_add(b->faults, at, "%s is '%s'; expected %s", key->name,
                     quoted(v->text, v->len, q), expected);
}

static bool is_clean(const char *text, size_t len, size_t max)
{
    if (len == 0 || len > max)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

static void bind_text(struct binding *b, const struct scenario_key *key,
                      const struct yaml_value *v)
{
    bool is_description = key->offset == AT(description);
    size_t max = is_description ? DESCRIPTION_MAX_BYTES : NAME_MAX_BYTES;
    if (v->kind != YAML_TEXT || !is_clean(v->text, v->len, max)) {
        wrong(b, key, v,
              is_description ? "one line of at most 1024 bytes"
                             : "one line of at most 64 bytes");
        return;
    }
    struct yaml_text text = {v->text, b->start + v->at};
    memcpy((char *)b->out + key->offset, &text, sizeof text);
    hash_pair(b, key, v->text);
}

static void bind_file(struct binding *b, const struct scenario_key *key,
                      const struct yaml_value *v)
{
    if (v->kind != YAML_TEXT || !is_clean(v->text, v->len, PATH_MAX_BYTES)) {
        wrong(b, key, v, "a file name of at most 255 bytes");
        return;
    }
    if (*v->text == '/' || strstr(v->text, "..")) {
        wrong(b, key, v, "a path inside the scenario folder, without '..'");
        return;
    }
    struct yaml_text text = {v->text, b->start + v->at};
    memcpy((char *)b->out + key->offset, &text, sizeof text);
}

static void bind_number(struct binding *b, const struct scenario_key *key,
                        const struct yaml_value *v)
{
    double number;
    if (v->kind != YAML_TEXT || !v->plain || !number_parse(v->text, v->len, &number)) {
        wrong(b, key, v, "a number");
        return;
    }
    if (!isfinite(number) || number < key->min || number > key->max) {
        bool has_unit = strcmp(key->unit, "1") != 0;
        char q[QUOTED_SIZE];
        err_list_add(b->faults, source_at(b->src, v->at),
                     "%s is %s; expected a number%s%s from %g to %g", key->name,
                     quoted(v->text, v->len, q), has_unit ? " of " : "",
                     has_unit ? key->unit : "", key->min, key->max);
        return;
    }
    number += 0.0; /* -0 is 0 */
    memcpy((char *)b->out + key->offset, &number, sizeof number);
    hash_pair(b, key, v->text);
}

static void bind_outages(struct binding *b, const struct scenario_key *key,
                         const struct yaml_value *v)
{
    bool is_text = v->kind == YAML_TEXT;
    b->out->every_branch_at = b->start + v->at;
    b->out->every_branch = is_text && strcmp(v->text, "branches") == 0;
    if (b->out->every_branch)
        hash_pair(b, key, v->text);
    else if (!is_text || strcmp(v->text, "listed") != 0)
        wrong(b, key, v, scenario_key_type_name(KEY_OUTAGES));
}

static void bind_dc_model(struct binding *b, const struct scenario_key *key,
                          const struct yaml_value *v)
{
    bool is_text = v->kind == YAML_TEXT;
    if (is_text && strcmp(v->text, "matpower") == 0)
        b->out->rules.dc_model = DC_MATPOWER;
    else if (is_text && strcmp(v->text, "pglib") == 0)
        b->out->rules.dc_model = DC_PGLIB;
    else {
        wrong(b, key, v, "matpower or pglib");
        return;
    }
    hash_pair(b, key, v->text);
}

static void bind_losses(struct binding *b, const struct scenario_key *key,
                        const struct yaml_value *v)
{
    for (int k = 0; v->kind == YAML_TEXT && k < LOSS_PLACEMENTS; k++) {
        if (strcmp(v->text, loss_placement_name((enum loss_placement)k)) != 0)
            continue;
        b->out->rules.losses = (enum loss_placement)k;
        b->out->losses_at = b->start + v->at;
        hash_pair(b, key, v->text);
        return;
    }
    wrong(b, key, v, "off, reference or ends");
}

static void bind_switch(struct binding *b, const struct scenario_key *key,
                        const struct yaml_value *v)
{
    bool is_on = v->kind == YAML_TEXT && strcmp(v->text, "on") == 0;
    if (!is_on && (v->kind != YAML_TEXT || strcmp(v->text, "off") != 0)) {
        wrong(b, key, v, "on or off");
        return;
    }
    memcpy((char *)b->out + key->offset, &is_on, sizeof is_on);
    if (key->offset == AT(rules) + offsetof(struct rules, ruc))
        b->out->ruc_at = b->start + v->at;
    hash_pair(b, key, v->text);
}

static void bind_date(struct binding *b, const struct scenario_key *key,
                      const struct yaml_value *v)
{
    struct scenario_yaml *y = b->out;
    date_t date;
    char q[QUOTED_SIZE];
    if (v->kind != YAML_TEXT || !date_parse(v->text, v->len, &date)) {
        wrong(b, key, v, "a date YYYY-MM-DD from 1970 to 2199");
        return;
    }
    if (y->n_date && date <= y->date[y->n_date - 1]) {
        y->dates_wrong = true;
        err_list_add(b->faults, source_at(b->src, v->at),
                     "trade date %s does not come after the one before it; expected "
                     "ascending dates",
                     quoted(v->text, v->len, q));
        return;
    }
    y->date[y->n_date] = date;
    y->date_at[y->n_date++] = b->start + v->at;
    hash_pair(b, key, v->text);
}

static void bind_dates(struct binding *b, const struct scenario_key *key,
                       const struct yaml_value *v)
{
    int32_t n = 0;
    if (v->kind != YAML_LIST || !v->child) {
        wrong(b, key, v, "a list of one or more dates, such as [2026-04-15]");
        return;
    }
    for (const struct yaml_value *item = v->child; item; item = item->next)
        n++;
    if (n > TRADE_DATES_MAX) {
        b->out->dates_wrong = true;
        err_list_add(b->faults, source_at(b->src, v->at),
                     "%d trade dates; expected at most %d", n, TRADE_DATES_MAX);
        return;
    }
    b->out->n_date = 0;
    b->out->date = ARENA_ARRAY(&b->out->arena, date_t, n);
    b->out->date_at = ARENA_ARRAY(&b->out->arena, size_t, n);
    if (!b->out->date || !b->out->date_at) {
        b->no_memory = true;
        return;
    }
    for (const struct yaml_value *item = v->child; item; item = item->next)
        bind_date(b, key, item);
}

static void bind_map(struct binding *b, const char *group,
                     const struct yaml_value *map);

/* Parameters are looked at together only when each of them is sound. */
static void bind_group(struct binding *b, const struct scenario_key *key,
                       const struct yaml_value *v)
{
    size_t before = b->faults->total;
    bool is_tables = strcmp(key->name, "tables") == 0;
    bind_map(b, key->name, v);
    b->out->names_doubtful |= is_tables && b->faults->total > before;
    if (strcmp(key->name, "market") == 0 && b->faults->total == before) {
        rules_check(&b->out->rules, v, b->src, b->faults);
    }
}

/* Where it leads to has been followed already. */
static void bind_base(struct binding *b, const struct scenario_key *key,
                      const struct yaml_value *v)
{
    if (v->kind != YAML_TEXT || !is_clean(v->text, v->len, PATH_MAX_BYTES))
        wrong(b, key, v, "the folder of a scenario, at most 255 bytes");
}

static void bind_overrides(struct binding *b, const struct scenario_key *key,
                           const struct yaml_value *v)
{
    if (!b->on_top)
        err_list_add(b->faults, source_at(b->src, v->key_at),
                     "overrides without a base; expected them in a scenario with a "
                     "base, or in a file for --override");
    else if (v->kind == YAML_LIST)
        b->out->overrides[b->out->n_layer - 1] = (struct yaml_overrides){v, b->start};
    else if (v->kind != YAML_TEXT || !v->plain || v->len)
        wrong(b, key, v, "a list of changes");
}

static void bind_value(struct binding *b, const struct scenario_key *key,
                       const struct yaml_value *v)
{
    bool is_nothing = v->kind == YAML_TEXT && v->plain && v->len == 0;
    switch (key->type) {
    case KEY_TEXT:
        bind_text(b, key, v);
        return;
    case KEY_DATES:
        bind_dates(b, key, v);
        return;
    case KEY_FILE:
        bind_file(b, key, v);
        return;
    case KEY_NUMBER:
        bind_number(b, key, v);
        return;
    case KEY_DC_MODEL:
        bind_dc_model(b, key, v);
        return;
    case KEY_OUTAGES:
        bind_outages(b, key, v);
        return;
    case KEY_LOSSES:
        bind_losses(b, key, v);
        return;
    case KEY_SWITCH:
        bind_switch(b, key, v);
        return;
    case KEY_NETWORK:
        b->out->network_at = b->start + v->at;
        b->out->network = b->out->file[TABLE_BUSES] = b->out->file[TABLE_BRANCHES] =
            (struct yaml_text){0};
        if (v->kind == YAML_MAP)
            bind_map(b, key->name, v);
        else
            bind_file(b, key, v);
        return;
    case KEY_MAP:
        if (v->kind == YAML_MAP)
            bind_group(b, key, v);
        else if (!is_nothing)
            wrong(b, key, v, "a map");
        b->out->names_doubtful |= v->kind != YAML_MAP && !is_nothing;
        return;
    case KEY_BASE:
        bind_base(b, key, v);
        return;
    case KEY_OVERRIDES:
        bind_overrides(b, key, v);
        return;
    }
}

static const struct scenario_key *find_key(struct binding *b, const char *group,
                                           const struct yaml_value *v)
{
    size_t n;
    const struct scenario_key *first = scenario_keys_of(group, &n);
    char q[QUOTED_SIZE];
    for (size_t i = 0; i < n; i++)
        if (strcmp(first[i].name, v->key) == 0)
            return &first[i];
    struct src_pos at = source_at(b->src, v->key_at);
    const char *near = nearest_word(v->key, strlen(v->key), first, n, sizeof *first);
    const char *home = scenario_key_group(v->key);
    (void)quoted(v->key, strlen(v->key), q);
    if (home)
        err_list_add(b->faults, at, "key '%s' %s%s; expected it %s%s%s", q,
                     *group ? "under " : "at the top level", group,
                     *home ? "under " : "at the top level", home, *home ? ":" : "");
    else if (near)
        err_list_add(b->faults, at, "unknown key '%s'; expected '%s'?", q, near);
    else if (*group)
        err_list_add(b->faults, at, "unknown key '%s'; expected a key of %s", q, group);
    else
        err_list_add(b->faults, at, "unknown key '%s'; expected a key of a scenario",
                     q);
    return NULL;
}

/* The keys of one map; at most one level deep below the top. */
// NOLINTNEXTLINE(misc-no-recursion)
static void bind_map(struct binding *b, const char *group, const struct yaml_value *map)
{
    size_t n;
    const struct scenario_key *first = scenario_keys_of(group, &n);
    bool seen[SCENARIO_KEYS_MAX] = {false};
    for (const struct yaml_value *v = map->child; v; v = v->next) {
        const struct scenario_key *key = find_key(b, group, v);
        b->out->names_doubtful |= !key && !*group;
        if (!key)
            continue;
        if (seen[key - first])
            err_list_add(b->faults, source_at(b->src, v->key_at),
                         "key '%s' appears twice; expected it once", key->name);
        else
            bind_value(b, key, v);
        seen[key - first] = true;
    }
    for (size_t i = 0; i < n; i++)
        if (first[i].required && !seen[i] && !(b->on_top && !*group))
            err_list_add(b->faults, source_at(b->src, map->at),
                         "key '%s' is missing; expected it (%s)", first[i].name,
                         first[i].meaning);
}

enum err_code scenario_yaml_read(const struct source *src, struct scenario_yaml *out,
                                 struct err_list *faults, struct err *err)
{
    *out = (struct scenario_yaml){.rules = rules_default(), .base_mva = 100};
    return scenario_yaml_overlay(src, 0, out, faults, err);
}

enum err_code scenario_yaml_overlay(const struct source *src, size_t start,
                                    struct scenario_yaml *out, struct err_list *faults,
                                    struct err *err)
{
    struct binding b = {.src = src,
                        .start = start,
                        .on_top = out->n_layer > 0,
                        .out = out,
                        .faults = faults};
    struct yaml_value *root;
    size_t faults_before = faults->total;
    if (b.on_top && !out->base_name)
        out->base_name = out->name.text;
    out->overrides[out->n_layer++] = (struct yaml_overrides){0};
    enum err_code code = yaml_tree_read(src, &out->arena, &root, faults, err);
    if (code)
        return code;
    out->names_doubtful |= !root || root->kind != YAML_MAP;
    if (!root) {
        if (faults->total == faults_before)
            err_list_add(faults, source_at(src, 0),
                         "an empty file; expected settings of a scenario or overrides");
        return ERR_OK;
    }
    if (root->kind == YAML_MAP)
        bind_map(&b, "", root);
    else
        err_list_add(faults, source_at(src, root->at),
                     "not a map of keys; expected lines such as 'name: my-market'");
    return b.no_memory ? err_set(err, ERR_NOMEM, "cannot hold %s", src->path) : ERR_OK;
}

enum err_code scenario_yaml_base(const struct source *src, struct arena *arena,
                                 struct yaml_text *out, struct err *err)
{
    struct err_list unheard = {0}; /* the file is read again, and heard then */
    struct yaml_value *root;
    *out = (struct yaml_text){0};
    enum err_code code = yaml_tree_read(src, arena, &root, &unheard, err);
    err_list_release(&unheard);
    if (code || !root || root->kind != YAML_MAP)
        return code;
    const struct yaml_value *base = yaml_tree_child(root, "base");
    if (base && base->kind == YAML_TEXT &&
        is_clean(base->text, base->len, PATH_MAX_BYTES))
        *out = (struct yaml_text){base->text, base->at};
    return ERR_OK;
}

void scenario_yaml_release(struct scenario_yaml *y)
{
    arena_release(&y->arena);
    *y = (struct scenario_yaml){0};
}
