/* scenario.c - the order in which a scenario folder is read. */
#include "sim/input/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"
#include "sim/base/natural.h"
#include "sim/input/matpower.h"
#include "sim/input/scenario_parts.h"

enum {
    PATH_SIZE = 4096
};

/* ---- shared by the steps ---- */

const char *keep_text(struct loading *l, int32_t id)
{
    const char *text = id_text(l, id);
    return arena_copy_text(&l->m->arena, text, strlen(text));
}

struct named_row {
    const char *id;
    struct row_head *head;
    uint32_t row;
};

static int by_id(const void *pa, const void *pb)
{
    const struct named_row *a = pa, *b = pb;
    int by_name = natural_compare(a->id, b->id);
    if (by_name)
        return by_name;
    return a->head->at < b->head->at ? -1 : a->head->at > b->head->at;
}

static void drop_duplicates(struct loading *l, struct csv_table *t,
                            size_t member_offset, const struct named_row *named,
                            size_t n_named, uint32_t *order, int32_t *n)
{
    for (size_t i = 0; i < n_named; i++) {
        const struct named_row *kept = *n ? &named[i - 1] : NULL;
        if (!kept || strcmp(kept->id, named[i].id) != 0)
            order[(*n)++] = named[i].row;
        else
            csv_table_fault(t, named[i].head, member_offset, l->faults,
                            "'%s' is already on line %u; expected it once", kept->id,
                            (unsigned)csv_table_line(t, kept->head));
    }
}

enum err_code rows_by_id(struct loading *l, enum scenario_table table,
                         size_t member_offset, uint32_t **order, int32_t *n,
                         struct err *err)
{
    struct csv_table *t = &l->table[table];
    struct named_row *named = MEM_ARRAY(struct named_row, t->n);
    size_t n_named = 0;
    enum err_code code = ERR_OK;
    *n = 0;
    *order = MEM_ARRAY(uint32_t, t->n);
    if (!named || !*order) {
        code = err_set(err, ERR_NOMEM, "cannot sort table %s", t->spec->name);
        goto done;
    }
    for (size_t i = 0; i < t->n; i++) {
        char *row = (char *)t->row + i * t->spec->row_size;
        int32_t id;
        memcpy(&id, row + member_offset, sizeof id);
        if (id >= 0)
            named[n_named++] = (struct named_row){
                .id = id_text(l, id), .head = (void *)row, .row = (uint32_t)i};
    }
    qsort(named, n_named, sizeof *named, by_id);
    drop_duplicates(l, t, member_offset, named, n_named, *order, n);
done:
    mem_free(named);
    return code;
}

/* ---- files ---- */

/* A file of a folder into src. False if there is none, or after a fault; where tells
 * the position in scenario.yaml that asked for it. */
static enum err_code open_file(struct loading *l, const char *dir, const char *file,
                               size_t where, struct source *src, bool *is_open,
                               struct err *err)
{
    char path[PATH_SIZE];
    struct err why = {0};
    int n = snprintf(path, sizeof path, "%s/%s", dir, file);
    *is_open = false;
    if (n < 0 || n >= (int)sizeof path) {
        err_list_add(l->faults, layers_at(&l->layers, where),
                     "the path of %s is too long; expected at most %d bytes", file,
                     PATH_SIZE - 1);
        return ERR_OK;
    }
    enum err_code code = source_read(path, src, &why);
    if (code == ERR_INPUT && why.at.line)
        err_list_add(l->faults, why.at, "%s", why.msg);
    else if (code == ERR_INPUT)
        err_list_add(l->faults, layers_at(&l->layers, where), "%s: %s", file, why.msg);
    else if (code)
        return err_at(err, code, why.at, "%s", why.msg);
    *is_open = code == ERR_OK;
    return ERR_OK;
}

static bool file_exists(const char *dir, const char *file)
{
    char path[PATH_SIZE];
    int n = snprintf(path, sizeof path, "%s/%s", dir, file);
    return n > 0 && n < (int)sizeof path && access(path, F_OK) == 0;
}

/* The topmost folder that says where a table is, by name or by holding it; -1 = none. */
static int layer_of_table(const struct loading *l, const struct yaml_text *named,
                          const char *usual)
{
    int by_name = named->text ? layers_find(&l->layers, named->at) : -1;
    for (int k = l->layers.n - 1; usual && k > by_name; k--)
        if (l->layers.layer[k].is_folder && file_exists(l->layers.layer[k].dir, usual))
            return k;
    return by_name;
}

static enum err_code read_table(struct loading *l, enum scenario_table table,
                                struct err *err)
{
    struct csv_table *t = &l->table[table];
    const struct table_spec *spec = scenario_table_spec(table);
    const struct yaml_text *named = &l->yaml.file[table];
    bool is_open, is_network = table >= TABLE_NAMED;
    t->spec = spec;
    t->layers = &l->layers;
    int layer = layer_of_table(l, named, is_network ? NULL : spec->file);
    if (layer < 0 && (is_network || !spec->required))
        return ERR_OK;
    bool by_name = named->text && layer == layers_find(&l->layers, named->at);
    const char *file = by_name ? named->text : spec->file;
    enum err_code code = open_file(l, l->layers.layer[layer < 0 ? 0 : layer].dir, file,
                                   named->at, &t->src, &is_open, err);
    if (!is_open)
        t->broken = true;
    if (code || !is_open)
        return code;
    return csv_table_read(t, spec, &l->ids, l->faults, err);
}

static enum err_code read_case(struct loading *l, struct err *err)
{
    struct err why = {0};
    bool is_open;
    size_t before = l->faults->total;
    int layer = layers_find(&l->layers, l->yaml.network.at);
    enum err_code code = open_file(l, l->layers.layer[layer].dir, l->yaml.network.text,
                                   l->yaml.network.at, &l->case_src, &is_open, err);
    if (code)
        return code;
    if (is_open)
        code = matpower_read(&l->case_src, &l->m->grid, l->faults, &why);
    if (code && code != ERR_INPUT)
        return err_at(err, code, why.at, "%s", why.msg);
    if (code && l->faults->total == before)
        err_list_add(l->faults, why.at, "%s", why.msg);
    l->network_broken = l->faults->total > before;
    return ERR_OK;
}

/* The settings at path as the next layer from the top, before they are put in order. */
static enum err_code open_layer(struct loading *l, const char *path, struct err *err)
{
    struct err why = {0};
    struct layer *of = &l->layers.layer[l->layers.n];
    enum err_code code = source_read(path, &of->src, &why);
    if (code == ERR_INPUT)
        err_list_add(l->faults, why.at, "%s", why.msg);
    if (code)
        return err_at(err, code, why.at, "%s", why.msg);
    l->layers.n++;
    return ERR_OK;
}

static enum err_code too_long(struct loading *l, struct err *err)
{
    err_list_add(l->faults, (struct src_pos){0},
                 "the path of the scenario is too long; expected at most %d bytes",
                 PATH_SIZE - 32);
    return err_set(err, ERR_INPUT, "the path of the scenario is too long");
}

/* A scenario folder, and those that it is based on. */
static enum err_code open_folders(struct loading *l, struct err *err)
{
    char path[PATH_SIZE];
    const char *dir = l->dir;
    struct yaml_text base;
    enum err_code code = ERR_OK;
    for (;;) {
        struct layer *of = &l->layers.layer[l->layers.n];
        int n = snprintf(path, sizeof path, "%s/scenario.yaml", dir);
        if (n < 0 || n >= (int)sizeof path)
            return too_long(l, err);
        of->is_folder = true;
        of->dir = arena_copy_text(&l->layers.arena, dir, strlen(dir));
        if (!of->dir)
            return err_set(err, ERR_NOMEM, "cannot hold the path of the scenario");
        code = open_layer(l, path, err);
        if (!code)
            code = scenario_yaml_base(&of->src, &l->layers.arena, &base, err);
        if (code || !base.text)
            return code;
        if (l->layers.n == LAYERS_MAX - 1) {
            err_list_add(l->faults, source_at(&of->src, base.at),
                         "a base of a base, %d deep; expected fewer, and no circle",
                         LAYERS_MAX - 1);
            return err_set(err, ERR_INPUT, "too many bases");
        }
        n = snprintf(path, sizeof path, "%s/%s", of->dir, base.text);
        if (n < 0 || n >= (int)sizeof path)
            return too_long(l, err);
        dir = arena_copy_text(&l->layers.arena, base.text[0] == '/' ? base.text : path,
                              base.text[0] == '/' ? strlen(base.text) : (size_t)n);
        if (!dir)
            return err_set(err, ERR_NOMEM, "cannot hold the path of the scenario");
    }
}

/* A file of overrides, which has the last word. */
static enum err_code open_override(struct loading *l, struct err *err)
{
    struct layer *of = &l->layers.layer[l->layers.n];
    struct yaml_text base;
    const char *slash = strrchr(l->override, '/');
    of->dir = slash ? arena_copy_text(&l->layers.arena, l->override,
                                      (size_t)(slash - l->override))
                    : ".";
    if (!of->dir)
        return err_set(err, ERR_NOMEM, "cannot hold the path of the overrides");
    enum err_code code = open_layer(l, l->override, err);
    if (!code)
        code = scenario_yaml_base(&of->src, &l->layers.arena, &base, err);
    if (!code && base.text)
        err_list_add(l->faults, source_at(&of->src, base.at),
                     "base is '%.64s'; expected no base in a file of overrides",
                     base.text);
    return code;
}

/* Layers were opened from the top; they are read from the bottom. */
static void order_layers(struct layers *x, int n_folder)
{
    size_t start = 0;
    for (int i = 0, k = n_folder - 1; i < k; i++, k--) {
        struct layer top = x->layer[i];
        x->layer[i] = x->layer[k];
        x->layer[k] = top;
    }
    for (int k = 0; k < x->n; k++) {
        x->layer[k].start = start;
        start += x->layer[k].src.len + 1;
    }
}

static enum err_code read_yaml(struct loading *l, struct err *err)
{
    enum err_code code = open_folders(l, err);
    int n_folder = l->layers.n;
    if (!code && l->override)
        code = open_override(l, err);
    order_layers(&l->layers, n_folder);
    if (code)
        return code;
    code = scenario_yaml_read(&l->layers.layer[0].src, &l->yaml, l->faults, err);
    for (int k = 1; k < l->layers.n && !code; k++)
        code = scenario_yaml_overlay(&l->layers.layer[k].src, l->layers.layer[k].start,
                                     &l->yaml, l->faults, err);
    return code;
}

/* ---- steps ---- */

static const char *keep_or(struct loading *l, const char *text, const char *otherwise)
{
    if (!text)
        text = otherwise;
    return arena_copy_text(&l->m->arena, text, strlen(text));
}

static enum err_code read_header(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    m->rules = l->yaml.rules;
    m->name = keep_or(l, l->yaml.name.text, "");
    m->description = keep_or(l, l->yaml.description.text, "");
    m->time_zone = keep_or(l, l->yaml.time_zone.text, "");
    m->base_name = l->yaml.n_layer > 1 ? keep_or(l, l->yaml.base_name, "") : "";
    if (!m->name || !m->description || !m->time_zone || !m->base_name)
        return err_set(err, ERR_NOMEM, "cannot hold the scenario's name");
    return read_days(l, err);
}

static enum err_code read_files(struct loading *l, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int i = 0; i < TABLE_COUNT && !code; i++)
        code = read_table(l, (enum scenario_table)i, err);
    if (!code)
        code = apply_overrides(l, err);
    if (!code && l->yaml.network.text)
        code = read_case(l, err);
    else if (!code && l->table[TABLE_BUSES].present)
        code = read_network_csv(l, err);
    else
        l->network_broken = true;
    if (code)
        return code;
    /* Bus names may be ids that no table mentions, so they come before the meanings. */
    for (int32_t i = 0; i < l->m->grid.n_bus; i++) {
        const char *id = l->m->grid.bus[i].id;
        if (str_index_put(&l->ids, id, strlen(id), NULL) < 0)
            return err_set(err, ERR_NOMEM, "cannot hold the names of buses");
    }
    l->meaning = MEM_ARRAY(struct meaning, l->ids.n);
    if (!l->meaning)
        return err_set(err, ERR_NOMEM, "cannot hold %u names", (unsigned)l->ids.n);
    for (uint32_t i = 0; i < l->ids.n; i++)
        l->meaning[i] = (struct meaning){-1, -1, -1, -1, -1};
    return ERR_OK;
}

/* Losses r f^2 are convex, as the solver needs them, where no r is negative. */
static void check_losses(struct loading *l)
{
    int32_t branch = grid_negative_resistance(&l->m->grid);
    if (l->yaml.rules.losses == LOSS_OFF || branch < 0)
        return;
    err_list_add(l->faults, layers_at(&l->layers, l->yaml.losses_at),
                 "losses is '%s' and branch %s has a resistance of %g p.u.; expected "
                 "resistances of 0 or more, or losses: off",
                 loss_placement_name(l->yaml.rules.losses),
                 l->m->grid.branch[branch].id, l->m->grid.branch[branch].r_pu);
}

static void find_reference(struct loading *l)
{
    const struct yaml_text *named = &l->yaml.mitigation_reference;
    l->m->mitigation_reference = -1;
    if (!named->text)
        return;
    int32_t id = str_index_find(&l->ids, named->text, strlen(named->text));
    if (id >= 0)
        l->m->mitigation_reference = l->meaning[id].node;
    if (l->m->mitigation_reference < 0 && !l->network_broken &&
        !l->table[TABLE_AGGREGATION].broken && !l->table[TABLE_TIES].broken)
        err_list_add(l->faults, layers_at(&l->layers, named->at),
                     "mitigation_reference is '%s'; expected a PNode, an aggregated "
                     "node or a tie",
                     named->text);
}

/* A file's fingerprint in its role, so that two files cannot change places unnoticed. */
static uint64_t in_role(const char *role, const struct source *src)
{
    uint64_t h = hash_bytes(HASH_START, role, strlen(role)),
             f = source_fingerprint(src);
    for (int shift = 0; shift < 64; shift += 8) {
        unsigned char byte = (unsigned char)(f >> shift);
        h = hash_bytes(h, &byte, 1);
    }
    return h;
}

static void set_fingerprint(struct loading *l)
{
    uint64_t sum = l->yaml.fingerprint;
    for (int i = 0; i < TABLE_COUNT; i++)
        if (l->table[i].src.text)
            sum += in_role(l->table[i].spec->name, &l->table[i].src);
    if (l->case_src.text)
        sum += in_role("case", &l->case_src);
    l->m->fingerprint = sum;
}

static enum err_code run_steps(struct loading *l, struct err *err)
{
    enum err_code code = read_yaml(l, err);
    if (!code)
        code = read_header(l, err);
    if (!code)
        code = read_files(l, err);
    if (!code)
        check_losses(l);
    if (!code)
        code = refuse_stray_files(l, err);
    if (!code)
        code = read_outages(l, err);
    if (!code)
        code = read_branch_outages(l, err);
    if (!code)
        code = read_nodes(l, err);
    if (!code)
        find_reference(l);
    if (!code)
        code = read_participants(l, err);
    if (!code)
        code = read_collateral(l, err);
    if (!code)
        code = read_commitment(l, err);
    if (!code)
        code = read_configurations(l, err);
    if (!code)
        code = refine_nodes(l, err);
    if (!code)
        code = read_forecast(l, err);
    if (!code)
        code = read_real_time(l, err);
    if (!code)
        code = read_meter(l, err);
    if (!code)
        code = read_areas(l, err);
    if (!code)
        code = read_tie_responses(l, err);
    if (!code)
        code = read_ruc(l, err);
    if (!code)
        code = read_response(l, err);
    if (!code)
        code = read_bids(l, err);
    if (!code)
        code = read_services(l, err);
    if (!code && l->faults->total == 0)
        code = set_reference_weight(l->m, err);
    if (!code && l->faults->total == 0)
        set_fingerprint(l);
    return code;
}

/* Positions borrow paths of sources that are about to go: give them the market's copy. */
static enum err_code adopt_path(struct loading *l, const struct source *src,
                                struct err *err)
{
    const char *copy = NULL;
    if (!src->path)
        return ERR_OK;
    copy = arena_copy_text(&l->m->arena, src->path, strlen(src->path));
    for (size_t i = 0; i < l->faults->n; i++)
        if (l->faults->item[i].at.file == src->path)
            l->faults->item[i].at.file = copy;
    if (err && err->at.file == src->path)
        err->at.file = copy;
    return copy ? ERR_OK : err_set(err, ERR_NOMEM, "cannot hold the name of a file");
}

static enum err_code finish(struct loading *l, enum err_code code, struct err *err)
{
    enum err_code adopted = ERR_OK;
    for (int i = 0; i < TABLE_COUNT + 1 + LAYERS_MAX; i++) {
        const struct source *src = i < TABLE_COUNT ? &l->table[i].src
                                   : i == TABLE_COUNT
                                       ? &l->case_src
                                       : &l->layers.layer[i - TABLE_COUNT - 1].src;
        enum err_code one = adopt_path(l, src, err);
        adopted = adopted ? adopted : one;
    }
    for (int i = 0; i < TABLE_COUNT; i++)
        csv_table_release(&l->table[i]);
    source_release(&l->case_src);
    scenario_yaml_release(&l->yaml);
    layers_release(&l->layers);
    str_index_release(&l->ids);
    mem_free(l->meaning);
    mem_free(l->resource_row);
    return code ? code : adopted;
}

enum err_code scenario_load_changed(const char *dir, const char *override,
                                    struct market *out, struct err_list *faults,
                                    struct err *err)
{
    struct loading l = {.m = out, .faults = faults, .dir = dir, .override = override};
    *out = (struct market){0};
    enum err_code code = run_steps(&l, err);
    code = finish(&l, code, err);
    err_list_sort(faults);
    if (!code && faults->total)
        code = err_set(err, ERR_INPUT, "%zu %s in the scenario %s", faults->total,
                       faults->total == 1 ? "fault" : "faults", dir);
    return code;
}

enum err_code scenario_load(const char *dir, struct market *out,
                            struct err_list *faults, struct err *err)
{
    return scenario_load_changed(dir, NULL, out, faults, err);
}
