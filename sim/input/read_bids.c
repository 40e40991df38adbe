/* read_bids.c - energy bids of resources and virtual bids of coordinators. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/bid_book.h"
#include "sim/input/scenario_parts.h"

/* ---- energy bids: rows ---- */

static void check_when(struct loading *l, struct csv_table *t, struct bid_row *row)
{
    const struct when when = {
        .date = row->date,
        .hour = row->hour,
        .date_member = offsetof(struct bid_row, date),
        .hour_member = offsetof(struct bid_row, hour),
    };
    int32_t day;
    if (!resolve_when(l, t, &row->head, &when, &day))
        row->head.bad = 1;
    row->date = day;
}

static void check_order(struct loading *l, struct csv_table *t, struct bid_row *row)
{
    if (row->from_mw >= row->to_mw)
        ROW_FAULT(l->faults, t, row, to_mw,
                  "to_mw is %g in a piece that starts at %g; expected it above",
                  row->to_mw, row->from_mw);
}

static void check_mw(struct loading *l, struct csv_table *t, struct bid_row *row,
                     const struct resource *r)
{
    double lo = fmin(r->pmin_mw, 0), hi = r->pmax_mw;
    if (row->to_mw < lo || row->to_mw > hi)
        ROW_FAULT(l->faults, t, row, to_mw,
                  "to_mw is %g; expected MW from %g to %g, the range of '%s'",
                  row->to_mw, lo, hi, r->id);
    if (row->from_mw < lo || row->from_mw > hi)
        ROW_FAULT(l->faults, t, row, from_mw,
                  "from_mw is %g; expected MW from %g to %g, the range of '%s'",
                  row->from_mw, lo, hi, r->id);
}

/* Only a kind that was not refused says whether there must be a price. */
static void check_price(struct loading *l, struct csv_table *t, struct bid_row *row)
{
    bool is_self = bid_kind_is_self((enum bid_kind)row->kind);
    if (is_self && !isnan(row->price))
        ROW_FAULT(l->faults, t, row, price,
                  "a price on a self-schedule; expected price_usd_per_mwh to be empty");
    if (!is_self && isnan(row->price) && ROW_EMPTY(t, row, price))
        ROW_FAULT(l->faults, t, row, price,
                  "price_usd_per_mwh is empty; expected a price for energy");
}

static void check_storage(struct loading *l, struct csv_table *t, struct bid_row *row,
                          const struct resource *r)
{
    if (bid_kind_is_self((enum bid_kind)row->kind) && r->type == RESOURCE_STORAGE)
        ROW_FAULT(l->faults, t, row, kind,
                  "kind is %s on storage; expected energy pieces only",
                  bid_kind_name((enum bid_kind)row->kind));
}

/* The resource whose bid a row is, -1 for none. */
static int32_t owner_of(struct loading *l, struct csv_table *t, struct bid_row *row)
{
    int32_t owner = row->id < 0 ? -1 : l->meaning[row->id].resource;
    if (row->id >= 0 && owner < 0 && !l->table[TABLE_RESOURCES].broken &&
        !row->head.askew)
        ROW_FAULT(l->faults, t, row, id,
                  "unknown resource '%s'; expected a resource_id of table resources",
                  id_text(l, row->id));
    return owner;
}

/* Checks a row by itself and looks up its owner; a bad one is left out of the book. */
static void check_bid(struct loading *l, struct csv_table *t, struct bid_row *row)
{
    int32_t owner = owner_of(l, t, row);
    bool has_kind = row->kind != CHOICE_UNSET || ROW_EMPTY(t, row, kind);
    if (row->kind == CHOICE_UNSET)
        row->kind = BID_ENERGY;
    if (!row->head.askew) {
        check_when(l, t, row);
        check_order(l, t, row);
        if (has_kind)
            check_price(l, t, row);
    }
    if (owner < 0 || l->resource_row[owner]->head.bad) {
        row->head.bad = 1;
    } else if (!row->head.askew) {
        check_storage(l, t, row, &l->m->resource[owner]);
        check_mw(l, t, row, &l->m->resource[owner]);
    }
    row->id = owner;
}

static void check_default_bid(struct loading *l, struct bid_row *row)
{
    struct csv_table *t = &l->table[TABLE_DEFAULT_BIDS];
    int32_t owner = owner_of(l, t, row);
    row->kind = BID_ENERGY;
    if (!row->head.askew) {
        check_when(l, t, row);
        check_order(l, t, row);
    }
    if (owner < 0 || l->resource_row[owner]->head.bad) {
        row->head.bad = 1;
    } else if (resource_type_withdraws(l->m->resource[owner].type)) {
        ROW_FAULT(l->faults, t, row, id,
                  "'%s' is of type %s; expected a resource that offers energy",
                  id_text(l, row->id), resource_type_name(l->m->resource[owner].type));
    } else if (!row->head.askew) {
        check_mw(l, t, row, &l->m->resource[owner]);
    }
    row->id = owner;
}

static struct stack_rules resource_rules(const struct market *m, int32_t owner)
{
    const struct resource *r = &m->resource[owner];
    return (struct stack_rules){.first_mw = r->pmin_mw,
                                .withdraws = resource_type_withdraws(r->type)};
}

/* A load without any bid in an hour schedules its share of the forecast. */
static double forecast_mw(struct loading *l, int32_t owner, int32_t interval)
{
    const struct market *m = l->m;
    const struct resource *r = &m->resource[owner];
    struct resource_row *row = l->resource_row[owner];
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    char date[11];
    if (!(r->forecast_share > 0) || row->head.bad || r->node < 0 ||
        l->table[TABLE_FORECAST].broken || l->days_broken)
        return 0;
    double mw = m->forecast_mw[(size_t)interval * (size_t)m->n_node + (size_t)r->node];
    int32_t day = market_day_of(m, interval);
    int hour = m->day[day].hour_ending[interval - m->first_interval[day]];
    date_format(m->day[day].date, date);
    if (!m->has_forecast[r->node] || isnan(mw)) {
        ROW_FAULT(l->faults, t, row, forecast_share,
                  "node '%s' has no forecast for %s hour %d, where '%s' has no bid; "
                  "expected one in table load_forecast",
                  m->node[r->node].id, date, hour, r->id);
        return 0;
    }
    mw *= r->forecast_share;
    if (mw > r->pmax_mw * (1 + 1e-9)) {
        ROW_FAULT(
            l->faults, t, row, forecast_share,
            "the share of the forecast is %g MW on %s hour %d; expected at most the "
            "%g MW of pmax_mw",
            mw, date, hour, r->pmax_mw);
        return 0;
    }
    return fmin(mw, r->pmax_mw);
}

static enum err_code read_energy_bids(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_BIDS];
    struct bid_row *row = t->row;
    const struct book_source source = {
        .t = t,
        .n_owner = l->m->n_resource,
        .rules_of = resource_rules,
        .otherwise_mw = t->broken ? NULL : forecast_mw,
    };
    for (size_t i = 0; i < t->n; i++)
        check_bid(l, t, &row[i]);
    return bid_book_build(l, &source, &l->m->bids, err);
}

/* What buys does so the day before, when its credit is looked at. */
static void check_real_time_bid(struct loading *l, struct csv_table *t,
                                struct bid_row *row)
{
    int32_t id = row->id;
    check_bid(l, t, row);
    if (row->id < 0 || !resource_type_withdraws(l->m->resource[row->id].type))
        return;
    ROW_FAULT(l->faults, t, row, id,
              "'%s' is of type %s; expected a resource that offers energy",
              id_text(l, id), resource_type_name(l->m->resource[row->id].type));
}

static enum err_code read_real_time_bids(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_RT_BIDS];
    struct bid_row *row = t->row;
    const struct book_source source = {
        .t = t, .n_owner = l->m->n_resource, .rules_of = resource_rules};
    for (size_t i = 0; i < t->n; i++)
        check_real_time_bid(l, t, &row[i]);
    return bid_book_build(l, &source, &l->m->rt_bids, err);
}

static enum err_code read_default_bids(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_DEFAULT_BIDS];
    struct bid_row *row = t->row;
    const struct book_source source = {
        .t = t, .n_owner = l->m->n_resource, .rules_of = resource_rules};
    for (size_t i = 0; i < t->n; i++)
        check_default_bid(l, &row[i]);
    return bid_book_build(l, &source, &l->m->default_bids, err);
}

/* ---- bids of plants by configuration ---- */

/* The configuration that a row speaks of, -1 after a fault or where it is unknown. */
static int32_t configuration_of(struct loading *l, struct csv_table *t,
                                struct bid_row *row, int32_t r)
{
    const struct resource *plant = &l->m->resource[r];
    if (row->node < 0 || row->head.askew || l->table[TABLE_CONFIGURATIONS].broken)
        return -1;
    for (int32_t k = 0; k < plant->n_configuration; k++) {
        int32_t c = plant->first_configuration + k;
        if (strcmp(l->m->configuration[c].id, id_text(l, row->node)) == 0)
            return c;
    }
    ROW_FAULT(
        l->faults, t, row, node,
        "unknown configuration '%s' of '%s'; expected one of table configurations",
        id_text(l, row->node), plant->id);
    return -1;
}

static void check_configuration_mw(struct loading *l, struct csv_table *t,
                                   struct bid_row *row, const struct configuration *c)
{
    const struct rules *rules = &l->m->rules;
    if (row->to_mw > c->pmax_mw)
        ROW_FAULT(l->faults, t, row, to_mw,
                  "to_mw is %g; expected at most %g MW, pmax_mw of '%s'", row->to_mw,
                  c->pmax_mw, c->id);
    if (row->from_mw < c->pmin_mw)
        ROW_FAULT(l->faults, t, row, from_mw,
                  "from_mw is %g; expected at least %g MW, pmin_mw of '%s'",
                  row->from_mw, c->pmin_mw, c->id);
    if (row->price < rules->energy_bid_floor || row->price > rules->energy_bid_cap)
        ROW_FAULT(l->faults, t, row, price, "the price is %g; expected %g to %g",
                  row->price, rules->energy_bid_floor, rules->energy_bid_cap);
}

static void check_configuration_bid(struct loading *l, struct csv_table *t,
                                    struct bid_row *row)
{
    int32_t owner = owner_of(l, t, row), c = -1;
    row->kind = BID_ENERGY;
    if (!row->head.askew) {
        check_when(l, t, row);
        check_order(l, t, row);
    }
    if (owner >= 0 && !l->resource_row[owner]->head.bad)
        c = configuration_of(l, t, row, owner);
    if (c >= 0)
        check_configuration_mw(l, t, row, &l->m->configuration[c]);
    else
        row->head.bad = 1;
    row->id = c;
}

static struct stack_rules configuration_rules(const struct market *m, int32_t owner)
{
    return (struct stack_rules){.first_mw = m->configuration[owner].pmin_mw};
}

/* The curve is that of the whole range: how far it is offered, the plant's bid tells. */
static void check_reach(struct loading *l, struct csv_table *t, const struct book *b)
{
    struct bid_row *row = t->row;
    for (size_t i = 0; i < t->n && l->faults->total == 0; i++) {
        const struct configuration *c = &l->m->configuration[row[i].id];
        for (int32_t k = 0; k < l->m->n_interval; k++) {
            int32_t n;
            const struct bid_segment *seg = book_bid(b, row[i].id, k, &n);
            if (n == 0 || seg[n - 1].to_mw >= c->pmax_mw)
                continue;
            ROW_FAULT(l->faults, t, &row[i], to_mw,
                      "the curve of '%s' ends at %g MW; expected it to end at %g, "
                      "pmax_mw",
                      c->id, seg[n - 1].to_mw, c->pmax_mw);
            break;
        }
    }
}

static enum err_code read_configuration_bids(struct loading *l,
                                             enum scenario_table table,
                                             struct book *out, struct err *err)
{
    struct csv_table *t = &l->table[table];
    struct bid_row *row = t->row;
    const struct book_source source = {
        .t = t, .n_owner = l->m->n_configuration, .rules_of = configuration_rules};
    if (!t->present)
        return ERR_OK;
    for (size_t i = 0; i < t->n; i++)
        check_configuration_bid(l, t, &row[i]);
    enum err_code code = bid_book_build(l, &source, out, err);
    if (!code && !t->broken)
        check_reach(l, t, out);
    return code;
}

/* ---- virtual bids ---- */

static void check_virtual(struct loading *l, struct bid_row *row)
{
    struct csv_table *t = &l->table[TABLE_VIRTUAL];
    bool node_unknown = l->network_broken || l->table[TABLE_AGGREGATION].broken ||
                        l->table[TABLE_TIES].broken;
    int32_t sc = row->id < 0 ? -1 : l->meaning[row->id].sc;
    int32_t node = row->node < 0 ? -1 : l->meaning[row->node].node;
    if (row->id >= 0 && sc < 0 && !l->table[TABLE_SCS].broken && !row->head.askew)
        ROW_FAULT(l->faults, t, row, id,
                  "unknown scheduling coordinator '%s'; expected an sc_id of table "
                  "scheduling_coordinators",
                  id_text(l, row->id));
    if (row->node >= 0 && node < 0 && !node_unknown && !row->head.askew)
        ROW_FAULT(l->faults, t, row, node,
                  "unknown node '%s'; expected a PNode, an aggregated node or a tie",
                  id_text(l, row->node));
    row->kind = BID_ENERGY;
    if (!row->head.askew) {
        check_when(l, t, row);
        check_order(l, t, row);
    }
    if (sc < 0 || node < 0)
        row->head.bad = 1;
    row->id = sc;
    row->node = node;
}

/* Orders positions as (SC, node, side). */
static uint64_t position_key(const struct market *m, const struct bid_row *row)
{
    uint64_t at = (uint64_t)row->id * (uint64_t)m->n_node + (uint64_t)row->node;
    return 2 * at + row->side;
}

static int by_value(const void *pa, const void *pb)
{
    const uint64_t *a = pa, *b = pb;
    return *a < *b ? -1 : *a > *b;
}

/* Sorted keys of all positions, each once; NULL when out of memory. */
static uint64_t *list_positions(struct loading *l, size_t *n)
{
    const struct csv_table *t = &l->table[TABLE_VIRTUAL];
    const struct bid_row *row = t->row;
    uint64_t *key = MEM_ARRAY(uint64_t, t->n);
    size_t n_all = 0;
    *n = 0;
    if (!key)
        return NULL;
    for (size_t i = 0; i < t->n; i++) {
        if (row[i].head.bad)
            continue;
        uint64_t k = position_key(l->m, &row[i]);
        if (n_all == 0 || key[n_all - 1] != k)
            key[n_all++] = k;
    }
    qsort(key, n_all, sizeof *key, by_value);
    for (size_t i = 0; i < n_all; i++)
        if (i == 0 || key[i] != key[i - 1])
            key[(*n)++] = key[i];
    return key;
}

static bool add_positions(struct loading *l, const uint64_t *key, size_t n)
{
    struct market *m = l->m;
    m->position = ARENA_ARRAY(&m->arena, struct virtual_position, n);
    if (!m->position || n > INT32_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct virtual_position *p = &m->position[i];
        char id[3 * ID_MAX];
        p->side = key[i] % 2 ? VIRTUAL_DEMAND : VIRTUAL_SUPPLY;
        p->node = (int32_t)(key[i] / 2 % (uint64_t)m->n_node);
        p->sc = (int32_t)(key[i] / 2 / (uint64_t)m->n_node);
        int len =
            snprintf(id, sizeof id, "%s:%s:%s", m->sc[p->sc].id, m->node[p->node].id,
                     p->side == VIRTUAL_DEMAND ? "demand" : "supply");
        p->id = arena_copy_text(&m->arena, id, (size_t)len);
        if (!p->id)
            return false;
    }
    m->n_virtual = (int32_t)n;
    return true;
}

static void find_positions(struct loading *l, const uint64_t *key, size_t n)
{
    struct csv_table *t = &l->table[TABLE_VIRTUAL];
    struct bid_row *row = t->row;
    for (size_t i = 0; i < t->n; i++) {
        if (row[i].head.bad)
            continue;
        uint64_t k = position_key(l->m, &row[i]);
        const uint64_t *found = bsearch(&k, key, n, sizeof k, by_value);
        row[i].id = (int32_t)(found - key);
    }
}

static struct stack_rules virtual_rules(const struct market *m, int32_t owner)
{
    return (struct stack_rules){.withdraws = m->position[owner].side == VIRTUAL_DEMAND};
}

static enum err_code read_virtual_bids(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_VIRTUAL];
    struct bid_row *row = t->row;
    enum err_code code = ERR_OK;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        check_virtual(l, &row[i]);
    uint64_t *key = list_positions(l, &n);
    if (!key || !add_positions(l, key, n)) {
        code = err_set(err, ERR_NOMEM, "cannot hold the virtual positions");
        goto done;
    }
    find_positions(l, key, n);
    const struct book_source source = {
        .t = t, .n_owner = l->m->n_virtual, .rules_of = virtual_rules};
    code = bid_book_build(l, &source, &l->m->virtual_bids, err);
done:
    mem_free(key);
    return code;
}

enum err_code read_bids(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    size_t n_forecast = (size_t)m->n_interval * (size_t)m->n_node;
    enum err_code code = read_energy_bids(l, err);
    if (!code)
        code = read_virtual_bids(l, err);
    if (!code && (l->table[TABLE_DEFAULT_BIDS].present ||
                  l->table[TABLE_CONFIGURATION_DEFAULTS].present))
        code = read_default_bids(l, err);
    if (!code && l->table[TABLE_RT_BIDS].present)
        code = read_real_time_bids(l, err);
    if (!code)
        code = read_configuration_bids(l, TABLE_CONFIGURATION_BIDS,
                                       &m->configuration_bids, err);
    if (!code)
        code = read_configuration_bids(l, TABLE_CONFIGURATION_DEFAULTS,
                                       &m->configuration_default_bids, err);
    for (size_t i = 0; i < n_forecast; i++)
        if (isnan(m->forecast_mw[i]))
            m->forecast_mw[i] = 0;
    m->n_bid_rows = (int64_t)(l->table[TABLE_BIDS].n + l->table[TABLE_VIRTUAL].n +
                              l->table[TABLE_RT_BIDS].n);
    return code;
}
