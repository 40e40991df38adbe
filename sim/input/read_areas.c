/* read_areas.c - utility areas, and what meters on the branches between them said. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/natural.h"
#include "sim/input/timed_row.h"

static const char rest_of_system[] = "SYSTEM";

/* ---- areas ---- */

/* The area of each bus by name, NULL = not said; how many say one. */
static int32_t name_buses(struct loading *l, const char **name)
{
    struct csv_table *t = &l->table[TABLE_NODES];
    struct node_row *row = t->row;
    int32_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        int32_t node = row[i].id < 0 ? -1 : l->meaning[row[i].id].node;
        if (row[i].head.askew || row[i].utility_area < 0 || node < 0)
            continue;
        if (l->m->node[node].kind != NODE_PNODE) {
            ROW_FAULT(l->faults, t, &row[i], utility_area,
                      "utility_area is '%s' for an aggregated node; expected it only "
                      "for PNodes",
                      id_text(l, row[i].utility_area));
            continue;
        }
        name[node] = id_text(l, row[i].utility_area);
        n++;
    }
    return n;
}

static int by_name(const void *pa, const void *pb)
{
    return natural_compare(*(const char *const *)pa, *(const char *const *)pb);
}

/* Sorts the names of all buses into areas without repeats. */
static enum err_code list_areas(struct loading *l, const char **sorted, struct err *err)
{
    struct market *m = l->m;
    int32_t n = 0;
    qsort(sorted, (size_t)m->grid.n_bus, sizeof *sorted, by_name);
    for (int32_t i = 0; i < m->grid.n_bus; i++)
        if (i == 0 || strcmp(sorted[i - 1], sorted[i]) != 0)
            sorted[n++] = sorted[i];
    m->area = ARENA_ARRAY(&m->arena, struct utility_area, n);
    if (!m->area)
        return err_set(err, ERR_NOMEM, "cannot hold the utility areas");
    for (; m->n_area < n; m->n_area++) {
        const char *id = sorted[m->n_area];
        m->area[m->n_area].id = arena_copy_text(&m->arena, id, strlen(id));
        if (!m->area[m->n_area].id)
            return err_set(err, ERR_NOMEM, "cannot hold the utility areas");
    }
    return ERR_OK;
}

static int32_t find_area(const struct market *m, const char *id)
{
    int32_t lo = 0, hi = m->n_area;
    while (lo < hi) {
        int32_t mid = (lo + hi) / 2;
        if (natural_compare(m->area[mid].id, id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Buses by name; every other node is where all its buses are. */
static void place_nodes(struct market *m, const char **name)
{
    for (int32_t i = 0; i < m->grid.n_bus; i++)
        m->node[i].area = find_area(m, name[i]);
    for (int32_t i = m->grid.n_bus; i < m->n_node; i++) {
        struct node *node = &m->node[i];
        if (node->n_factor == 0) /* refused */
            continue;
        node->area = m->node[m->factor_bus[node->factor_start]].area;
        for (int32_t k = 1; k < node->n_factor; k++)
            if (m->node[m->factor_bus[node->factor_start + k]].area != node->area)
                node->area = -1;
    }
}

static void check_resources(struct loading *l)
{
    for (int32_t r = 0; r < l->m->n_resource; r++) {
        int32_t node = l->m->resource[r].node;
        if (node >= 0 && l->m->node[node].area < 0)
            ROW_FAULT(l->faults, &l->table[TABLE_RESOURCES], l->resource_row[r], node,
                      "node '%s' reaches into more than one utility area; expected a "
                      "resource to be in one",
                      l->m->node[node].id);
    }
}

static enum err_code find_areas(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    const char **name = MEM_ARRAY(const char *, m->grid.n_bus);
    const char **sorted = MEM_ARRAY(const char *, m->grid.n_bus);
    enum err_code code = ERR_OK;
    if (!name || !sorted)
        code = err_set(err, ERR_NOMEM, "cannot hold the areas of buses");
    if (!code && name_buses(l, name) > 0) {
        for (int32_t i = 0; i < m->grid.n_bus; i++)
            sorted[i] = name[i] = name[i] ? name[i] : rest_of_system;
        code = list_areas(l, sorted, err);
        if (!code) {
            place_nodes(m, name);
            check_resources(l);
        }
    }
    mem_free(name);
    mem_free(sorted);
    return code;
}

/* ---- subsystems ---- */

static void take_subsystem(struct loading *l, struct area_row *row)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_AREAS];
    const char *id = row->id < 0 ? NULL : id_text(l, row->id);
    int32_t a = id ? find_area(m, id) : m->n_area;
    int32_t sc = row->sc < 0 ? -1 : l->meaning[row->sc].sc;
    bool may_be_unknown = l->network_broken || l->table[TABLE_NODES].broken;
    bool known = a < m->n_area && strcmp(m->area[a].id, id) == 0;
    if (row->sc >= 0 && sc < 0 && !l->table[TABLE_SCS].broken)
        ROW_FAULT(l->faults, t, row, sc,
                  "unknown scheduling coordinator '%s'; expected an sc_id of table "
                  "scheduling_coordinators",
                  id_text(l, row->sc));
    if (id && !known && !may_be_unknown)
        ROW_FAULT(l->faults, t, row, id,
                  "unknown utility area '%s'; expected a utility_area of table nodes",
                  id);
    if (known && m->n_area == 1)
        ROW_FAULT(l->faults, t, row, id,
                  "'%s' is the whole system; expected one of several utility areas",
                  id);
    for (int32_t other = 0; other < m->n_area && sc >= 0; other++)
        if (other != a && m->area[other].follows_load && m->area[other].sc == sc) {
            ROW_FAULT(l->faults, t, row, sc,
                      "'%s' answers for '%s' already; expected one subsystem for each "
                      "coordinator",
                      id_text(l, row->sc), m->area[other].id);
            return;
        }
    if (known && sc >= 0)
        m->area[a] = (struct utility_area){m->area[a].id, true, sc};
}

static enum err_code find_subsystems(struct loading *l, struct err *err)
{
    uint32_t *order = NULL;
    int32_t n = 0;
    struct area_row *row = l->table[TABLE_AREAS].row;
    enum err_code code =
        rows_by_id(l, TABLE_AREAS, offsetof(struct area_row, id), &order, &n, err);
    for (int32_t i = 0; i < n && !code; i++)
        if (!row[order[i]].head.askew)
            take_subsystem(l, &row[order[i]]);
    mem_free(order);
    return code;
}

/* ---- meters between them ---- */

/* The branch of a row, -1 after a fault. */
static int32_t branch_of(struct loading *l, struct branch_meter_table_row *row,
                         const struct str_index *names)
{
    struct csv_table *t = &l->table[TABLE_BRANCH_METER];
    const struct market *m = l->m;
    const char *id = row->branch < 0 ? NULL : id_text(l, row->branch);
    if (!id || l->network_broken)
        return -1;
    int32_t branch = str_index_find(names, id, strlen(id));
    if (branch < 0) {
        ROW_FAULT(l->faults, t, row, branch,
                  "unknown branch '%s'; expected the name of one in service", id);
        return -1;
    }
    int32_t from = m->node[m->grid.branch[branch].from].area;
    if (from != m->node[m->grid.branch[branch].to].area)
        return branch;
    ROW_FAULT(l->faults, t, row, branch,
              "both ends of branch '%s' are in area %s; expected a branch between two "
              "utility areas",
              id, m->n_area ? m->area[from].id : rest_of_system);
    return -1;
}

static int32_t list_rows(struct loading *l, const struct str_index *names,
                         struct timed_row *entry)
{
    struct csv_table *t = &l->table[TABLE_BRANCH_METER];
    struct branch_meter_table_row *row = t->row;
    int32_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct when when = {row[i].date, row[i].hour,
                                  offsetof(struct branch_meter_table_row, date),
                                  offsetof(struct branch_meter_table_row, hour)};
        if (row[i].head.askew)
            continue;
        int32_t day, branch = branch_of(l, &row[i], names);
        if (!timed_row_is_step(row[i].minute))
            ROW_FAULT(l->faults, t, &row[i], minute,
                      "minute is %d; expected a multiple of 5", row[i].minute);
        if (resolve_when(l, t, &row[i].head, &when, &day) && branch >= 0)
            entry[n++] = (struct timed_row){
                &row[i].head,        &row[i], branch, day, row[i].hour, row[i].minute,
                row[i].recalculation};
    }
    timed_rows_sort(l, t, entry, n, offsetof(struct branch_meter_table_row, branch));
    return n;
}

static void count(struct market *m, const struct timed_row *e, size_t five, bool whole)
{
    (void)e, (void)five, (void)whole;
    m->n_branch_meter++;
}

static void put(struct market *m, const struct timed_row *e, size_t five, bool whole)
{
    const struct branch_meter_table_row *row = e->row;
    m->branch_meter[m->n_branch_meter++] = (struct branch_meter_row){
        .recalculation = e->version,
        .branch = e->thing,
        .interval = (int32_t)(five / RT_FIVES),
        .five = whole ? -1 : (int32_t)(five % RT_FIVES),
        .energy_mwh = row->mwh,
    };
}

static enum err_code read_rows(struct loading *l, struct timed_row *entry,
                               struct err *err)
{
    struct market *m = l->m;
    struct str_index names = {0};
    enum err_code code = ERR_OK;
    int32_t n = 0;
    for (int32_t i = 0; i < m->grid.n_branch && !code; i++) {
        const char *id = m->grid.branch[i].id;
        if (str_index_put(&names, id, strlen(id), NULL) < 0)
            code = err_set(err, ERR_NOMEM, "cannot hold the names of branches");
    }
    if (!code)
        n = list_rows(l, &names, entry);
    str_index_release(&names);
    timed_rows_apply(m, entry, n, true, count);
    m->branch_meter =
        ARENA_ARRAY(&m->arena, struct branch_meter_row, m->n_branch_meter);
    if (!code && !m->branch_meter)
        code = err_set(err, ERR_NOMEM, "cannot hold the meters of branches");
    m->n_branch_meter = 0;
    if (!code)
        timed_rows_apply(m, entry, n, true, put);
    return code;
}

enum err_code read_areas(struct loading *l, struct err *err)
{
    enum err_code code = find_areas(l, err);
    if (!code)
        code = find_subsystems(l, err);
    if (code || l->table[TABLE_BRANCH_METER].n == 0)
        return code;
    struct timed_row *entry =
        MEM_ARRAY(struct timed_row, l->table[TABLE_BRANCH_METER].n);
    code = entry ? read_rows(l, entry, err)
                 : err_set(err, ERR_NOMEM, "cannot hold the meters of branches");
    mem_free(entry);
    return code;
}
