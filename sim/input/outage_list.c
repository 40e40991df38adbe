/* outage_list.c - contingencies by name, in a CSV table; grouping of either form. */
#include "sim/input/outage_list.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/natural.h"
#include "sim/input/tables.h"

static const char *const kind_names[] = {"branch", "unit"};

/* ---- grouping ---- */

static int by_outage(const void *pa, const void *pb)
{
    const struct outage_element *a = pa, *b = pb;
    int by_id = natural_compare(a->id, b->id);
    if (by_id == 0)
        by_id = strcmp(a->id, b->id);
    if (by_id)
        return by_id;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static bool same_element(const struct outage_element *a, const struct outage_element *b)
{
    return a->kind == b->kind && a->index == b->index && strcmp(a->id, b->id) == 0;
}

static bool allocate(struct grid_outages *o, size_t n)
{
    struct arena *a = &o->arena;
    o->id = ARENA_ARRAY(a, const char *, n + 1);
    o->branch_start = ARENA_ARRAY(a, int32_t, n + 1);
    o->branch = ARENA_ARRAY(a, int32_t, n + 1);
    o->unit_start = ARENA_ARRAY(a, int32_t, n + 1);
    o->unit = ARENA_ARRAY(a, int32_t, n + 1);
    return o->id && o->branch_start && o->branch && o->unit_start && o->unit;
}

enum err_code outage_list_group(struct outage_element *element, size_t n,
                                struct grid_outages *out, struct err *err)
{
    int32_t n_branch = 0, n_unit = 0;
    *out = (struct grid_outages){0};
    if (!allocate(out, n)) {
        grid_outages_release(out);
        return err_set(err, ERR_NOMEM, "cannot hold %zu outages", n);
    }
    if (n > 0)
        qsort(element, n, sizeof *element, by_outage);
    for (size_t first = 0, end; first < n; first = end) {
        int32_t before = n_branch + n_unit;
        out->branch_start[out->n] = n_branch;
        out->unit_start[out->n] = n_unit;
        for (end = first; end < n && strcmp(element[end].id, element[first].id) == 0;
             end++) {
            const struct outage_element *e = &element[end];
            if (e->index < 0 || (end > first && same_element(e - 1, e)))
                continue;
            if (e->kind == OUTAGE_BRANCH)
                out->branch[n_branch++] = e->index;
            else
                out->unit[n_unit++] = e->index;
        }
        if (n_branch + n_unit == before) {
            out->n_idle++;
            continue;
        }
        const char *id = element[first].id;
        out->id[out->n] = arena_copy_text(&out->arena, id, strlen(id));
        if (!out->id[out->n++]) {
            grid_outages_release(out);
            return err_set(err, ERR_NOMEM, "cannot hold %zu outages", n);
        }
    }
    out->branch_start[out->n] = n_branch;
    out->unit_start[out->n] = n_unit;
    return ERR_OK;
}

/* ---- names ---- */

/* Names of elements of one kind: index in the grid by name. */
static bool list_names(struct str_index *names, const struct grid *g,
                       enum outage_element_kind kind)
{
    int32_t n = kind == OUTAGE_BRANCH ? g->n_branch : g->n_unit;
    for (int32_t i = 0; i < n; i++) {
        const char *id = kind == OUTAGE_BRANCH ? g->branch[i].id : g->unit[i].id;
        if (str_index_put(names, id, strlen(id), NULL) < 0)
            return false;
    }
    return true;
}

/* A row's element; false after a fault. */
static bool find_element(struct csv_table *t, struct outage_row *row,
                         const struct str_index *ids, const struct str_index name[2],
                         struct err_list *faults, struct outage_element *out)
{
    if (row->head.bad)
        return false;
    if (row->kind == OUTAGE_UNIT && !name[OUTAGE_UNIT].key) {
        ROW_FAULT(faults, t, row, kind,
                  "an outage of a unit; expected branches only in a market");
        return false;
    }
    *out = (struct outage_element){.id = ids->key[row->id],
                                   .kind = row->kind == OUTAGE_UNIT ? OUTAGE_UNIT
                                                                    : OUTAGE_BRANCH};
    const char *id = ids->key[row->element];
    out->index = str_index_find(&name[out->kind], id, strlen(id));
    if (out->index < 0)
        ROW_FAULT(faults, t, row, element,
                  "unknown %s '%s'; expected the name of one in service",
                  kind_names[out->kind], id);
    return out->index >= 0;
}

enum err_code outage_list_from_table(struct csv_table *t, const struct str_index *ids,
                                     const struct grid *grid, bool units,
                                     struct grid_outages *out, struct err_list *faults,
                                     struct err *err)
{
    struct str_index name[2] = {{.n = 0}, {.n = 0}};
    struct outage_element *element = MEM_ARRAY(struct outage_element, t->n);
    enum err_code code = ERR_OK;
    size_t n = 0;
    if (!element || !list_names(&name[OUTAGE_BRANCH], grid, OUTAGE_BRANCH) ||
        (units && !list_names(&name[OUTAGE_UNIT], grid, OUTAGE_UNIT)))
        code = err_set(err, ERR_NOMEM, "cannot hold %zu outages", t->n);
    for (size_t i = 0; !code && i < t->n; i++)
        n += find_element(t, (struct outage_row *)t->row + i, ids, name, faults,
                          &element[n]);
    if (!code)
        code = outage_list_group(element, n, out, err);
    mem_free(element);
    str_index_release(&name[0]);
    str_index_release(&name[1]);
    return code;
}

static enum err_code read_csv(const struct source *src, const struct grid *grid,
                              struct grid_outages *out, struct err_list *faults,
                              struct err *err)
{
    struct csv_table t = {0};
    struct str_index ids = {0};
    enum err_code code = source_from_text(src->path, src->text, src->len, &t.src, err);
    if (code == ERR_INPUT) { /* gzip within, after a mark of byte order */
        err->at = (struct src_pos){src->path, 1, 1};
        err_list_add(faults, err->at, "%s", err->msg);
    }
    if (!code)
        code =
            csv_table_read(&t, scenario_table_spec(TABLE_OUTAGES), &ids, faults, err);
    if (!code)
        code = outage_list_from_table(&t, &ids, grid, true, out, faults, err);
    str_index_release(&ids);
    csv_table_release(&t);
    return code;
}

/* Faults borrow the path of what they were found in: that is src from here on. */
static void adopt_path(struct err_list *faults, size_t first, const char *path)
{
    for (size_t i = first; i < faults->n; i++)
        faults->item[i].at.file = path;
}

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && strcmp(path + n - m, end) == 0;
}

enum err_code outage_list_read(const struct source *src, const struct grid *grid,
                               struct grid_outages *out, struct err_list *faults,
                               struct err *err)
{
    size_t n_before = faults->n, total_before = faults->total;
    bool table = ends_in(src->path, ".m") || ends_in(src->path, ".m.gz");
    *out = (struct grid_outages){0};
    enum err_code code = table ? contab_read(src, grid, out, faults, err)
                               : read_csv(src, grid, out, faults, err);
    adopt_path(faults, n_before, src->path);
    if (!code && faults->n > n_before)
        code = err_at(err, ERR_INPUT, faults->item[n_before].at, "%s",
                      faults->item[n_before].msg);
    else if (!code && faults->total > total_before)
        code = err_set(err, ERR_INPUT, "%s has faults; expected a list of outages",
                       src->path);
    if (code)
        grid_outages_release(out);
    return code;
}
