/* read_services.c - regions, requirements and offers of ancillary services. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/natural.h"
#include "sim/input/scenario_parts.h"

static const char system_id[] = "SYSTEM";

/* ---- regions ---- */

static int by_name(const void *pa, const void *pb)
{
    const char *const *a = pa, *const *b = pb;
    return natural_compare(*a, *b);
}

/* SYSTEM, then the regions of the table by name; meaning.region tells their number. */
static enum err_code name_regions(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_AS_REGIONS];
    struct as_region_row *row = t->row;
    struct market *m = l->m;
    const char **id = MEM_ARRAY(const char *, t->n);
    size_t n = 0;
    enum err_code code = ERR_OK;
    m->service_region = ARENA_ARRAY(&m->arena, struct service_region, t->n + 1);
    if (!id || !m->service_region) {
        code = err_set(err, ERR_NOMEM, "cannot hold regions");
        goto done;
    }
    for (size_t i = 0; i < t->n; i++) {
        if (row[i].id < 0)
            continue;
        if (strcmp(id_text(l, row[i].id), system_id) == 0)
            ROW_FAULT(l->faults, t, &row[i], id,
                      "'%s' is reserved for all resources; expected another region",
                      system_id);
        else
            id[n++] = id_text(l, row[i].id);
    }
    qsort(id, n, sizeof *id, by_name);
    m->service_region[m->n_service_region++].id = system_id;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && strcmp(id[i], id[i - 1]) == 0)
            continue;
        int64_t known = str_index_find(&l->ids, id[i], strlen(id[i]));
        const char *copy = arena_copy_text(&m->arena, id[i], strlen(id[i]));
        if (!copy) {
            code = err_set(err, ERR_NOMEM, "cannot hold regions");
            goto done;
        }
        l->meaning[known].region = m->n_service_region;
        m->service_region[m->n_service_region++].id = copy;
    }
done:
    mem_free(id);
    return code;
}

/* The node or the resource that a row names; exactly one of them. */
static bool check_region_row(struct loading *l, struct as_region_row *row,
                             int32_t *node, int32_t *resource)
{
    struct csv_table *t = &l->table[TABLE_AS_REGIONS];
    bool no_node = l->network_broken || l->table[TABLE_AGGREGATION].broken ||
                   l->table[TABLE_TIES].broken;
    *node = row->node < 0 ? -1 : l->meaning[row->node].node;
    *resource = row->resource < 0 ? -1 : l->meaning[row->resource].resource;
    if (row->head.askew)
        return false;
    if (row->node < 0 && row->resource < 0 && ROW_EMPTY(t, row, node) &&
        ROW_EMPTY(t, row, resource))
        ROW_FAULT(l->faults, t, row, node,
                  "neither node_id nor resource_id; expected one of them");
    if (row->node >= 0 && row->resource >= 0)
        ROW_FAULT(l->faults, t, row, resource,
                  "node_id and resource_id; expected one of them");
    else if (row->node >= 0 && *node < 0 && !no_node)
        ROW_FAULT(l->faults, t, row, node,
                  "unknown node '%s'; expected a PNode or an aggregated node",
                  id_text(l, row->node));
    else if (row->resource >= 0 && *resource < 0 && !l->table[TABLE_RESOURCES].broken)
        ROW_FAULT(l->faults, t, row, resource,
                  "unknown resource '%s'; expected a resource_id of table resources",
                  id_text(l, row->resource));
    return !row->head.bad;
}

/* A resource of region a that is not in region b, or -1. */
static int32_t only_in(const struct market *m, int32_t a, int32_t b)
{
    for (int32_t r = 0; r < m->n_resource; r++)
        if (market_in_region(m, a, r) && !market_in_region(m, b, r))
            return r;
    return -1;
}

static int32_t in_both(const struct market *m, int32_t a, int32_t b)
{
    for (int32_t r = 0; r < m->n_resource; r++)
        if (market_in_region(m, a, r) && market_in_region(m, b, r))
            return r;
    return -1;
}

/* Prices add up from the inside outwards, so regions must not cross. */
static void refuse_crossing(struct loading *l)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_AS_REGIONS];
    struct as_region_row *row = t->row;
    for (int32_t a = 1; a < m->n_service_region; a++)
        for (int32_t b = a + 1; b < m->n_service_region; b++) {
            int32_t shared = in_both(m, a, b), mine = only_in(m, a, b);
            int32_t theirs = only_in(m, b, a);
            if (shared < 0 || mine < 0 || theirs < 0)
                continue;
            size_t i = 0;
            while (row[i].id < 0 || l->meaning[row[i].id].region != b)
                i++;
            ROW_FAULT(
                l->faults, t, &row[i], id,
                "%s and %s share %s, but %s is only in the one and %s only in the "
                "other; expected one within the other, or none shared",
                m->service_region[a].id, m->service_region[b].id,
                m->resource[shared].id, m->resource[mine].id, m->resource[theirs].id);
        }
}

static enum err_code read_regions(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_AS_REGIONS];
    struct as_region_row *row = t->row;
    bool good = true;
    enum err_code code = name_regions(l, err);
    if (code)
        return code;
    m->in_region = ARENA_ARRAY(&m->arena, bool,
                               (size_t)m->n_service_region *(size_t)m->n_resource);
    if (!m->in_region)
        return err_set(err, ERR_NOMEM, "cannot hold %d regions", m->n_service_region);
    for (int32_t r = 0; r < m->n_resource; r++)
        m->in_region[r] = true;
    for (size_t i = 0; i < t->n; i++) {
        int32_t node, resource;
        int32_t region = row[i].id < 0 ? -1 : l->meaning[row[i].id].region;
        if (!check_region_row(l, &row[i], &node, &resource) || region < 0) {
            good = false;
            continue;
        }
        for (int32_t r = 0; r < m->n_resource; r++)
            if (r == resource || (node >= 0 && m->resource[r].node == node))
                m->in_region[(size_t)region * (size_t)m->n_resource + (size_t)r] = true;
    }
    if (good && !t->broken && !l->table[TABLE_RESOURCES].broken)
        refuse_crossing(l);
    market_nest_regions(m);
    return ERR_OK;
}

/* ---- rows for dates and hours ---- */

/* A row and what it is of; the more specific row counts, as for energy bids. */
struct entry {
    struct row_head *head;
    int64_t key;
    int32_t day; /* -1 = any */
    uint8_t hour;
};

struct entries {
    struct loading *l;
    enum scenario_table table;
    size_t member; /* in the row: what a repetition is reported against */
    struct entry *item;
    size_t n;
};

static int by_key(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->hour != b->hour)
        return a->hour < b->hour ? -1 : 1;
    return a->head->at < b->head->at ? -1 : a->head->at > b->head->at;
}

static void refuse_repetitions(struct entries *e)
{
    struct csv_table *t = &e->l->table[e->table];
    if (e->n > 0)
        qsort(e->item, e->n, sizeof *e->item, by_key);
    for (size_t i = 1; i < e->n; i++) {
        const struct entry *before = &e->item[i - 1], *now = &e->item[i];
        if (before->key == now->key && before->day == now->day &&
            before->hour == now->hour)
            csv_table_fault(
                t, now->head, e->member, e->l->faults,
                "a second row for the same hours, after line %u; expected one",
                (unsigned)csv_table_line(t, before->head));
    }
}

typedef void (*take_fn)(struct market *m, const struct entry *entry, int32_t interval);

/* Date and hour, hour, date, neither: general rows first, so that special ones stay. */
static void take_all(const struct entries *e, take_fn take)
{
    struct market *m = e->l->m;
    for (int pass = 0; pass < 4; pass++)
        for (size_t i = 0; i < e->n; i++) {
            const struct entry *entry = &e->item[i];
            int32_t first = entry->day < 0 ? 0 : entry->day;
            int32_t end = entry->day < 0 ? m->n_day : entry->day + 1;
            if (2 * (entry->hour > 0) + (entry->day >= 0) != pass)
                continue;
            for (int32_t d = first; d < end; d++)
                for (int h = 0; h < m->day[d].n_hours; h++)
                    if (!entry->hour || entry->hour == m->day[d].hour_ending[h])
                        take(m, entry, m->first_interval[d] + h);
        }
}

/* ---- requirements ---- */

static void take_requirement(struct market *m, const struct entry *entry, int32_t t)
{
    const struct as_requirement_row *row = (const void *)entry->head;
    int64_t at = (int64_t)t * m->n_service_region * SERVICES + entry->key;
    m->required_mw[at] = row->required_mw;
    m->rt_required_mw[at] =
        isnan(row->rt_required_mw) ? row->required_mw : row->rt_required_mw;
}

static void add_requirement(struct entries *e, struct as_requirement_row *row)
{
    struct loading *l = e->l;
    struct csv_table *t = &l->table[e->table];
    const struct when when = {
        .date = row->date,
        .hour = row->hour,
        .date_member = offsetof(struct as_requirement_row, date),
        .hour_member = offsetof(struct as_requirement_row, hour),
    };
    int32_t day, region = row->region < 0 ? 0 : l->meaning[row->region].region;
    if (row->head.askew)
        return;
    if (row->region >= 0 && strcmp(id_text(l, row->region), system_id) == 0)
        region = 0;
    if (region < 0 && !l->table[TABLE_AS_REGIONS].broken)
        ROW_FAULT(l->faults, t, row, region,
                  "unknown region '%s'; expected SYSTEM or a region_id of table "
                  "as_regions",
                  id_text(l, row->region));
    if (resolve_when(l, t, &row->head, &when, &day) && region >= 0 && !row->head.bad)
        e->item[e->n++] =
            (struct entry){.head = &row->head,
                           .key = (int64_t)region * SERVICES + row->service,
                           .day = day,
                           .hour = row->hour};
}

static enum err_code read_requirements(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_AS_REQUIREMENTS];
    struct as_requirement_row *row = t->row;
    struct entries e = {.l = l,
                        .table = TABLE_AS_REQUIREMENTS,
                        .member = offsetof(struct as_requirement_row, service)};
    size_t n = (size_t)m->n_interval * (size_t)m->n_service_region * SERVICES;
    m->required_mw = ARENA_ARRAY(&m->arena, double, n);
    m->rt_required_mw = ARENA_ARRAY(&m->arena, double, n);
    e.item = MEM_ARRAY(struct entry, t->n);
    if (!m->required_mw || !m->rt_required_mw || !e.item) {
        mem_free(e.item);
        return err_set(err, ERR_NOMEM, "cannot hold %zu requirements", t->n);
    }
    for (size_t i = 0; i < t->n; i++)
        add_requirement(&e, &row[i]);
    refuse_repetitions(&e);
    take_all(&e, take_requirement);
    mem_free(e.item);
    return ERR_OK;
}

/* ---- offers ---- */

static void check_offer(struct loading *l, struct as_bid_row *row)
{
    struct csv_table *t = &l->table[TABLE_AS_BIDS];
    bool has_kind = row->kind != CHOICE_UNSET || ROW_EMPTY(t, row, kind);
    bool is_self = row->kind == AS_SELF_PROVISION;
    if (has_kind && is_self && !isnan(row->price))
        ROW_FAULT(l->faults, t, row, price,
                  "a price on self-provision; expected price_usd_per_mw to be empty");
    if (has_kind && !is_self && isnan(row->price) && ROW_EMPTY(t, row, price))
        ROW_FAULT(l->faults, t, row, price,
                  "price_usd_per_mw is empty; expected a price for an offer");
}

/* Keys of offers: resource, service, kind. */
static void add_offer(struct entries *e, struct as_bid_row *row)
{
    struct loading *l = e->l;
    struct csv_table *t = &l->table[e->table];
    const struct when when = {
        .date = row->date,
        .hour = row->hour,
        .date_member = offsetof(struct as_bid_row, date),
        .hour_member = offsetof(struct as_bid_row, hour),
    };
    if (row->head.askew)
        return;
    int32_t day,
        owner = resource_named(l, t, &row->head, offsetof(struct as_bid_row, resource),
                               row->resource);
    check_offer(l, row);
    if (!resolve_when(l, t, &row->head, &when, &day) || owner < 0 || row->head.bad)
        return;
    e->item[e->n++] =
        (struct entry){.head = &row->head,
                       .key = 2 * ((int64_t)owner * SERVICES + row->service) +
                              (row->kind == AS_SELF_PROVISION),
                       .day = day,
                       .hour = row->hour};
}

/* Sorted entries: one bidder for each resource and service; keys become its number. */
static enum err_code name_bidders(struct loading *l, struct entries *e, struct err *err)
{
    struct market *m = l->m;
    int64_t last = -1;
    m->service_bidder = ARENA_ARRAY(&m->arena, struct service_bidder, e->n);
    if (!m->service_bidder)
        return err_set(err, ERR_NOMEM, "cannot hold %zu offers", e->n);
    for (size_t i = 0; i < e->n; i++) {
        int64_t of = e->item[i].key / 2;
        if (of != last) {
            struct service_bidder *b = &m->service_bidder[m->n_service_bidder++];
            char id[ID_MAX + 8];
            b->resource = (int32_t)(of / SERVICES);
            b->service = (enum service)(of % SERVICES);
            int n = snprintf(id, sizeof id, "%s %s", m->resource[b->resource].id,
                             service_name(b->service));
            b->id = arena_copy_text(&m->arena, id, (size_t)n);
            if (!b->id)
                return err_set(err, ERR_NOMEM, "cannot hold %zu offers", e->n);
        }
        last = of;
        e->item[i].key = m->n_service_bidder - 1;
    }
    return ERR_OK;
}

static void take_offer(struct market *m, const struct entry *entry, int32_t t)
{
    const struct as_bid_row *row = (const void *)entry->head;
    struct service_offer *offer =
        &m->service_offer[(int64_t)t * m->n_service_bidder + entry->key];
    if (row->kind == AS_SELF_PROVISION) {
        offer->self_mw = row->mw;
    } else {
        offer->offer_mw = row->mw;
        offer->price_usd_per_mw = row->price;
    }
}

static enum err_code read_offers(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_AS_BIDS];
    struct as_bid_row *row = t->row;
    struct entries e = {
        .l = l, .table = TABLE_AS_BIDS, .member = offsetof(struct as_bid_row, service)};
    e.item = MEM_ARRAY(struct entry, t->n);
    if (!e.item)
        return err_set(err, ERR_NOMEM, "cannot hold %zu offers", t->n);
    for (size_t i = 0; i < t->n; i++)
        add_offer(&e, &row[i]);
    refuse_repetitions(&e);
    enum err_code code = name_bidders(l, &e, err);
    if (!code) {
        m->service_offer =
            ARENA_ARRAY(&m->arena, struct service_offer,
                        (size_t)m->n_interval * (size_t)m->n_service_bidder);
        if (!m->service_offer)
            code = err_set(err, ERR_NOMEM, "cannot hold %zu offers", e.n);
    }
    if (!code)
        take_all(&e, take_offer);
    mem_free(e.item);
    return code;
}

enum err_code read_services(struct loading *l, struct err *err)
{
    if (!l->table[TABLE_AS_REGIONS].present &&
        !l->table[TABLE_AS_REQUIREMENTS].present && !l->table[TABLE_AS_BIDS].present)
        return ERR_OK;
    enum err_code code = read_regions(l, err);
    if (!code)
        code = read_requirements(l, err);
    if (!code)
        code = read_offers(l, err);
    l->m->n_bid_rows += (int64_t)l->table[TABLE_AS_BIDS].n;
    return code;
}
