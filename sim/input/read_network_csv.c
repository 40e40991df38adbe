/* read_network_csv.c - buses.csv and branches.csv as a grid. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

/* A branch with its buses looked up. */
struct link {
    struct branch_row *row;
    int32_t from, to;
};

static int by_ends(const void *pa, const void *pb)
{
    const struct link *a = pa, *b = pb;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    if (a->row->circuit != b->row->circuit)
        return a->row->circuit < b->row->circuit ? -1 : 1;
    return a->row->head.at < b->row->head.at ? -1 : a->row->head.at > b->row->head.at;
}

/* bus_of[id] is the bus of an id, -1 = none. */
static enum err_code add_buses(struct loading *l, int32_t *bus_of, struct err *err)
{
    struct grid *g = &l->m->grid;
    const struct bus_row *row = l->table[TABLE_BUSES].row;
    uint32_t *order;
    int32_t n;
    enum err_code code =
        rows_by_id(l, TABLE_BUSES, offsetof(struct bus_row, id), &order, &n, err);
    g->bus = ARENA_ARRAY(&g->arena, struct grid_bus, n);
    if (!code && !g->bus)
        code = err_set(err, ERR_NOMEM, "cannot hold %d buses", n);
    for (int32_t i = 0; i < n && !code; i++) {
        const struct bus_row *bus = &row[order[i]];
        const char *id = id_text(l, bus->id);
        id = arena_copy_text(&g->arena, id, strlen(id));
        if (!id)
            code = err_set(err, ERR_NOMEM, "cannot hold %d buses", n);
        bus_of[bus->id] = g->n_bus;
        g->bus[g->n_bus++] =
            (struct grid_bus){.id = id, .number = i + 1, .load_mw = bus->load_mw};
    }
    mem_free(order);
    return code;
}

static int32_t find_bus(struct loading *l, struct branch_row *row, int32_t id,
                        size_t member, const int32_t *bus_of)
{
    int32_t bus = id < 0 ? -1 : bus_of[id];
    if (id >= 0 && bus < 0 && !l->table[TABLE_BUSES].broken)
        csv_table_fault(&l->table[TABLE_BRANCHES], &row->head, member, l->faults,
                        "unknown bus '%s'; expected a bus_id of table buses",
                        id_text(l, id));
    return bus;
}

static struct link *list_links(struct loading *l, const int32_t *bus_of, int32_t *n)
{
    struct csv_table *t = &l->table[TABLE_BRANCHES];
    struct branch_row *row = t->row;
    struct link *link = MEM_ARRAY(struct link, t->n);
    *n = 0;
    for (size_t i = 0; link && i < t->n; i++) {
        if (row[i].head.askew)
            continue;
        struct link now = {.row = &row[i]};
        now.from = find_bus(l, &row[i], row[i].from, offsetof(struct branch_row, from),
                            bus_of);
        now.to =
            find_bus(l, &row[i], row[i].to, offsetof(struct branch_row, to), bus_of);
        if (now.from >= 0 && now.from == now.to)
            ROW_FAULT(l->faults, t, &row[i], to,
                      "a branch from '%s' to itself; expected two buses",
                      id_text(l, row[i].to));
        if (fabs(row[i].x_pu) < GRID_LEAST_X_PU && fabs(row[i].shift_deg) > 0)
            ROW_FAULT(l->faults, t, &row[i], shift_deg,
                      "a phase shift where x_pu is 0; expected a reactance, or no "
                      "shift");
        if (!row[i].head.bad && now.from >= 0 && now.to >= 0)
            link[(*n)++] = now;
    }
    if (link)
        qsort(link, (size_t)*n, sizeof *link, by_ends);
    return link;
}

static enum err_code add_branch(struct loading *l, const struct link *link,
                                struct str_index *names, struct err *err)
{
    struct grid *g = &l->m->grid;
    const struct branch_row *row = link->row;
    const char *from = g->bus[link->from].id, *to = g->bus[link->to].id;
    char id[2 * ID_MAX + 24];
    int is_new;
    if (row->circuit > 1)
        (void)snprintf(id, sizeof id, "%s-%s-%d", from, to, row->circuit);
    else
        (void)snprintf(id, sizeof id, "%s-%s", from, to);
    const char *kept = arena_copy_text(&g->arena, id, strlen(id));
    if (!kept || str_index_put(names, id, strlen(id), &is_new) < 0)
        return err_set(err, ERR_NOMEM, "cannot hold the branches");
    if (!is_new)
        ROW_FAULT(
            l->faults, &l->table[TABLE_BRANCHES], link->row, from,
            "a second branch would be called '%s'; expected bus ids whose hyphens "
            "leave names unique",
            id);
    g->branch[g->n_branch++] = (struct grid_branch){
        .id = kept,
        .from = link->from,
        .to = link->to,
        .r_pu = row->r_pu,
        .x_pu = fabs(row->x_pu) < GRID_LEAST_X_PU ? 0 : row->x_pu,
        .tap = row->tap,
        .shift_deg = row->shift_deg,
        .rate_mw = row->rate_mw,
        .rate_after_mw = isnan(row->rate_after_mw) ? row->rate_mw : row->rate_after_mw,
        .angle_min_deg = -(double)INFINITY,
        .angle_max_deg = (double)INFINITY,
    };
    return ERR_OK;
}

static enum err_code add_branches(struct loading *l, const int32_t *bus_of,
                                  struct err *err)
{
    struct grid *g = &l->m->grid;
    struct csv_table *t = &l->table[TABLE_BRANCHES];
    struct str_index names = {0};
    enum err_code code = ERR_OK;
    int32_t n;
    struct link *link = list_links(l, bus_of, &n);
    g->branch = ARENA_ARRAY(&g->arena, struct grid_branch, n);
    if (!link || !g->branch)
        code = err_set(err, ERR_NOMEM, "cannot hold the branches");
    for (int32_t i = 0; i < n && !code; i++) {
        const struct link *before = i ? &link[i - 1] : NULL, *now = &link[i];
        if (before && before->from == now->from && before->to == now->to &&
            before->row->circuit == now->row->circuit)
            ROW_FAULT(
                l->faults, t, now->row, from,
                "branch '%s' to '%s' circuit %d is already on line %u; expected it "
                "once",
                g->bus[now->from].id, g->bus[now->to].id, now->row->circuit,
                (unsigned)csv_table_line(t, &before->row->head));
        else
            code = add_branch(l, now, &names, err);
    }
    str_index_release(&names);
    mem_free(link);
    return code;
}

enum err_code read_network_csv(struct loading *l, struct err *err)
{
    struct csv_table *buses = &l->table[TABLE_BUSES];
    enum err_code code = ERR_OK;
    int32_t *bus_of = MEM_ARRAY(int32_t, l->ids.n);
    if (!bus_of)
        return err_set(err, ERR_NOMEM, "cannot hold the buses");
    for (uint32_t i = 0; i < l->ids.n; i++)
        bus_of[i] = -1;
    l->m->grid.base_mva = l->yaml.base_mva;
    code = add_buses(l, bus_of, err);
    if (!code && !buses->broken && l->m->grid.n_bus == 0) {
        err_list_add(l->faults, source_at(&buses->src, 0),
                     "no buses; expected at least one");
        buses->broken = true;
    }
    l->network_broken = buses->broken;
    if (!code)
        code = add_branches(l, bus_of, err);
    mem_free(bus_of);
    return code;
}
