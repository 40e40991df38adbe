/* read_nodes.c - every place with a price: PNodes, aggregated nodes, ties. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/natural.h"
#include "sim/input/scenario_parts.h"

/* A row of aggregation_nodes.csv with its names looked up. */
struct part {
    const char *id;
    struct aggregation_row *row;
    int32_t bus; /* -1 = unknown */
};

static int by_node(const void *pa, const void *pb)
{
    const struct part *a = pa, *b = pb;
    int by_name = natural_compare(a->id, b->id);
    if (by_name)
        return by_name;
    return a->row->head.at < b->row->head.at ? -1 : a->row->head.at > b->row->head.at;
}

static int by_bus(const void *pa, const void *pb)
{
    const struct part *a = pa, *b = pb;
    if (a->bus != b->bus)
        return a->bus < b->bus ? -1 : 1;
    return by_node(pa, pb);
}

static void add_factor(struct market *m, struct node *node, int32_t bus, double factor)
{
    int32_t at = node->factor_start + node->n_factor++;
    m->factor_bus[at] = bus;
    m->factor[at] = factor;
}

/* A new node with the defaults that do not depend on anything. */
static struct node *add_node(struct loading *l, const char *id, enum node_kind kind)
{
    struct market *m = l->m;
    struct node *last = m->n_node ? &m->node[m->n_node - 1] : NULL;
    struct node *node = &m->node[m->n_node++];
    *node = (struct node){
        .id = id,
        .kind = kind,
        .factor_start = last ? last->factor_start + last->n_factor : 0,
        .tie = -1,
        .virtual_eligible = kind == NODE_LAP || kind == NODE_HUB,
        .virtual_limit_mw = (double)INFINITY,
        .reference_supply_usd_per_mwh = m->rules.virtual_reference_supply,
        .reference_demand_usd_per_mwh = m->rules.virtual_reference_demand,
        .longitude_deg = (double)NAN,
        .latitude_deg = (double)NAN,
    };
    return node;
}

static void add_pnodes(struct loading *l)
{
    struct market *m = l->m;
    for (int32_t i = 0; i < m->grid.n_bus; i++) {
        const char *id = m->grid.bus[i].id;
        int32_t known = str_index_find(&l->ids, id, strlen(id));
        add_factor(m, add_node(l, id, NODE_PNODE), i, 1);
        l->meaning[known].node = i;
    }
}

/* ---- aggregated nodes ---- */

/* One kind for all rows of a node. */
static uint8_t check_kind(struct loading *l, struct part *p, int32_t n)
{
    struct csv_table *t = &l->table[TABLE_AGGREGATION];
    const struct part *first = NULL;
    for (int32_t i = 0; i < n; i++) {
        if (p[i].row->kind != CHOICE_UNSET && !first)
            first = &p[i];
        else if (p[i].row->kind != CHOICE_UNSET && p[i].row->kind != first->row->kind)
            ROW_FAULT(l->faults, t, p[i].row, kind,
                      "kind of '%s' differs from line %u; expected one kind per node",
                      p[i].id, (unsigned)csv_table_line(t, &first->row->head));
    }
    return first ? first->row->kind : (uint8_t)KIND_AGGREGATE;
}

/* All rows give a factor or none does; true if so. */
static bool check_factors_given(struct loading *l, struct part *p, int32_t n)
{
    struct csv_table *t = &l->table[TABLE_AGGREGATION];
    int32_t n_empty = 0, n_given = 0;
    for (int32_t i = 0; i < n; i++) {
        n_given += !isnan(p[i].row->factor);
        n_empty += isnan(p[i].row->factor) && ROW_EMPTY(t, p[i].row, factor);
    }
    if (n_empty == n || n_given == n)
        return true;
    for (int32_t i = 0; i < n && n_given; i++)
        if (isnan(p[i].row->factor) && ROW_EMPTY(t, p[i].row, factor)) {
            ROW_FAULT(
                l->faults, t, p[i].row, factor,
                "factor is empty, but other rows of '%s' have one; expected all or "
                "none",
                p[i].id);
            break;
        }
    return false;
}

static double weight_of(const struct loading *l, const struct part *p)
{
    if (!isnan(p->row->factor))
        return p->row->factor;
    return fmax(l->m->grid.bus[p->bus].load_mw, 0);
}

/* The load of a bus may have been refused: then its absence is no news. */
static bool loads_are_doubtful(const struct loading *l)
{
    const struct csv_table *t = &l->table[TABLE_BUSES];
    const struct bus_row *row = t->row;
    bool doubtful = t->header_wrong;
    for (size_t i = 0; i < t->n && !doubtful; i++)
        doubtful = row[i].head.bad;
    return doubtful;
}

/* Factors of one node whose rows are sorted by bus, unknown ones first. */
static void set_factors(struct loading *l, struct node *node, struct part *p, int32_t n,
                        struct aggregation_row *first)
{
    struct csv_table *t = &l->table[TABLE_AGGREGATION];
    bool given = !isnan(first->factor);
    double sum = 0;
    if (!given && p->bus < 0)
        return;
    for (int32_t i = 0; i < n; i++)
        sum += weight_of(l, &p[i]);
    if (given && !(fabs(sum - 1) <= 1e-6)) {
        ROW_FAULT(l->faults, t, first, factor,
                  "factors of '%s' sum to %.9g; expected 1 within 1e-6", node->id, sum);
        return;
    }
    if (!given && !(sum > 0) && loads_are_doubtful(l))
        return;
    if (!given && !(sum > 0)) {
        ROW_FAULT(
            l->faults, t, first, factor,
            "factors of '%s' are empty and its PNodes have no load in the network; "
            "expected factors",
            node->id);
        return;
    }
    for (int32_t i = 0; i < n && p->bus >= 0; i++)
        if (weight_of(l, &p[i]) > 0)
            add_factor(l->m, node, p[i].bus, weight_of(l, &p[i]) / sum);
}

static enum err_code add_aggregate(struct loading *l, struct part *p, int32_t n,
                                   struct err *err)
{
    static const enum node_kind kinds[] = {NODE_LAP, NODE_SUBLAP, NODE_HUB,
                                           NODE_AGGREGATE};
    struct csv_table *t = &l->table[TABLE_AGGREGATION];
    struct aggregation_row *first = p->row;
    struct meaning *meaning = &l->meaning[first->id];
    uint8_t kind = check_kind(l, p, n);
    bool good = check_factors_given(l, p, n);
    if (meaning->node >= 0) {
        ROW_FAULT(l->faults, t, first, id,
                  "'%s' is a PNode; expected an id that no bus has", p->id);
        return ERR_OK;
    }
    qsort(p, (size_t)n, sizeof *p, by_bus);
    for (int32_t i = 0; i < n; i++)
        good = good && !p[i].row->head.askew;
    for (int32_t i = 1; i < n; i++)
        if (p[i].bus >= 0 && p[i].bus == p[i - 1].bus) {
            ROW_FAULT(l->faults, t, p[i].row, pnode,
                      "PNode '%s' is in '%s' on line %u already; expected it once",
                      id_text(l, p[i].row->pnode), p->id,
                      (unsigned)csv_table_line(t, &p[i - 1].row->head));
            good = false;
        }
    const char *id = keep_text(l, first->id);
    if (!id)
        return err_set(err, ERR_NOMEM, "cannot hold aggregated nodes");
    meaning->node = l->m->n_node;
    struct node *node = add_node(l, id, kinds[kind]);
    if (good)
        set_factors(l, node, p, n, first);
    return ERR_OK;
}

static struct part *list_parts(struct loading *l, int32_t *n)
{
    struct csv_table *t = &l->table[TABLE_AGGREGATION];
    struct aggregation_row *row = t->row;
    struct part *part = MEM_ARRAY(struct part, t->n);
    *n = 0;
    for (size_t i = 0; part && i < t->n; i++) {
        if (row[i].id < 0)
            continue;
        int32_t bus = row[i].pnode < 0 ? -1 : l->meaning[row[i].pnode].node;
        if (row[i].pnode >= 0 && bus < 0 && !l->network_broken && !row[i].head.askew)
            ROW_FAULT(l->faults, t, &row[i], pnode,
                      "unknown PNode '%s'; expected a bus of the network",
                      id_text(l, row[i].pnode));
        part[(*n)++] =
            (struct part){.id = id_text(l, row[i].id), .row = &row[i], .bus = bus};
    }
    if (part)
        qsort(part, (size_t)*n, sizeof *part, by_node);
    return part;
}

static enum err_code add_aggregates(struct loading *l, struct err *err)
{
    int32_t n;
    enum err_code code = ERR_OK;
    struct part *part = list_parts(l, &n);
    if (!part)
        return err_set(err, ERR_NOMEM, "cannot sort the aggregated nodes");
    for (int32_t i = 0, end; i < n && !code; i = end) {
        for (end = i + 1; end < n && strcmp(part[end].id, part[i].id) == 0;)
            end++;
        code = add_aggregate(l, part + i, end - i, err);
    }
    mem_free(part);
    return code;
}

/* ---- ties ---- */

static enum err_code add_tie(struct loading *l, struct tie_row *row, struct err *err)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_TIES];
    const char *id = id_text(l, row->id);
    int32_t bus = row->pnode < 0 ? -1 : l->meaning[row->pnode].node;
    if (row->pnode >= 0 && (bus < 0 || bus >= m->grid.n_bus) && !l->network_broken &&
        !row->head.askew)
        ROW_FAULT(l->faults, t, row, pnode,
                  "unknown PNode '%s'; expected a bus of the network",
                  id_text(l, row->pnode));
    if (l->meaning[row->id].node >= 0) {
        ROW_FAULT(l->faults, t, row, id,
                  "'%s' is a node already; expected an id that no node has", id);
        return ERR_OK;
    }
    id = keep_text(l, row->id);
    if (!id)
        return err_set(err, ERR_NOMEM, "cannot hold ties");
    struct meaning *meaning = &l->meaning[row->id];
    meaning->tie = m->n_tie;
    meaning->node = m->n_node;
    struct node *node = add_node(l, id, NODE_TIE);
    node->tie = m->n_tie;
    if (bus >= 0)
        add_factor(m, node, bus, 1);
    m->tie[m->n_tie++] = (struct tie){
        .id = id,
        .bus = bus,
        .node = meaning->node,
        .import_limit_mw = row->import_limit_mw,
        .export_limit_mw = row->export_limit_mw,
    };
    return ERR_OK;
}

static enum err_code add_ties(struct loading *l, struct err *err)
{
    uint32_t *order;
    int32_t n;
    struct tie_row *row = l->table[TABLE_TIES].row;
    enum err_code code =
        rows_by_id(l, TABLE_TIES, offsetof(struct tie_row, id), &order, &n, err);
    for (int32_t i = 0; i < n && !code; i++)
        code = add_tie(l, &row[order[i]], err);
    mem_free(order);
    return code;
}

enum err_code read_nodes(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    size_t room =
        (size_t)m->grid.n_bus + l->table[TABLE_AGGREGATION].n + l->table[TABLE_TIES].n;
    if (room > INT32_MAX / 2)
        return err_set(err, ERR_NOMEM, "cannot hold %zu nodes", room);
    m->node = ARENA_ARRAY(&m->arena, struct node, room);
    m->tie = ARENA_ARRAY(&m->arena, struct tie, l->table[TABLE_TIES].n);
    m->factor = ARENA_ARRAY(&m->arena, double, room);
    m->factor_bus = ARENA_ARRAY(&m->arena, int32_t, room);
    if (!m->node || !m->tie || !m->factor || !m->factor_bus)
        return err_set(err, ERR_NOMEM, "cannot hold %zu nodes", room);
    add_pnodes(l);
    enum err_code code = add_aggregates(l, err);
    return code ? code : add_ties(l, err);
}

/* ---- refinements ---- */

/* Virtual bids are at home where supply is. */
static void open_supply_nodes(struct market *m)
{
    for (int32_t i = 0; i < m->n_resource; i++) {
        const struct resource *r = &m->resource[i];
        bool supplies = r->type == RESOURCE_GENERATOR || r->type == RESOURCE_STORAGE ||
                        r->type == RESOURCE_DERA || r->type == RESOURCE_IMPORT;
        if (!supplies || r->node < 0)
            continue;
        struct node *node = &m->node[r->node];
        if (node->kind == NODE_TIE && m->tie[node->tie].bus >= 0)
            node = &m->node[m->tie[node->tie].bus];
        if (node->kind == NODE_PNODE)
            node->virtual_eligible = true;
    }
}

/* Longitude and latitude go together, and aggregated nodes stand nowhere. */
static void place_node(struct loading *l, struct node_row *row, struct node *node)
{
    struct csv_table *t = &l->table[TABLE_NODES];
    if (node->kind != NODE_PNODE && !(isnan(row->longitude) && isnan(row->latitude)))
        ROW_FAULT(l->faults, t, row, longitude,
                  "an aggregated node has coordinates; expected them only for PNodes");
    else if (isnan(row->longitude) && !isnan(row->latitude))
        ROW_FAULT(l->faults, t, row, longitude,
                  "longitude is empty, but latitude is not; expected both or neither");
    else if (isnan(row->latitude) && !isnan(row->longitude))
        ROW_FAULT(l->faults, t, row, latitude,
                  "latitude is empty, but longitude is not; expected both or neither");
    node->longitude_deg = row->longitude;
    node->latitude_deg = row->latitude;
}

static enum err_code refine_node(struct loading *l, struct node_row *row,
                                 struct err *err)
{
    struct csv_table *t = &l->table[TABLE_NODES];
    int32_t at = l->meaning[row->id].node;
    struct node *node = at < 0 ? NULL : &l->m->node[at];
    if (!node || node->kind == NODE_TIE) {
        if (node || (!l->network_broken && !l->table[TABLE_AGGREGATION].broken))
            ROW_FAULT(l->faults, t, row, id,
                      "unknown node '%s'; expected a PNode or an aggregated node",
                      id_text(l, row->id));
        return ERR_OK;
    }
    if (row->head.askew)
        return ERR_OK;
    if (row->sub_lap >= 0 && node->kind != NODE_PNODE)
        ROW_FAULT(l->faults, t, row, sub_lap,
                  "sub_lap is '%s' for an aggregated node; expected it only for PNodes",
                  id_text(l, row->sub_lap));
    if (row->head.bad)
        return ERR_OK;
    if (row->sub_lap >= 0) {
        node->sublap = keep_text(l, row->sub_lap);
        if (!node->sublap)
            return err_set(err, ERR_NOMEM, "cannot hold sub-LAPs");
    }
    if (row->virtual_eligible != CHOICE_UNSET)
        node->virtual_eligible = row->virtual_eligible == 1;
    node->virtual_limit_mw = row->virtual_limit_mw;
    if (!isnan(row->reference_supply))
        node->reference_supply_usd_per_mwh = row->reference_supply;
    if (!isnan(row->reference_demand))
        node->reference_demand_usd_per_mwh = row->reference_demand;
    place_node(l, row, node);
    return ERR_OK;
}

enum err_code refine_nodes(struct loading *l, struct err *err)
{
    uint32_t *order;
    int32_t n;
    struct node_row *row = l->table[TABLE_NODES].row;
    open_supply_nodes(l->m);
    enum err_code code =
        rows_by_id(l, TABLE_NODES, offsetof(struct node_row, id), &order, &n, err);
    for (int32_t i = 0; i < n && !code; i++)
        code = refine_node(l, &row[order[i]], err);
    mem_free(order);
    return code;
}
