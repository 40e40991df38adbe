/* read_ruc.c - what residual unit commitment needs: whole forecasts, and bids of capacity. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

/* ---- forecasts ---- */

static struct src_pos place_of_ruc(const struct loading *l)
{
    return layers_at(&l->layers, l->yaml.ruc_at);
}

/* One forecast for each bus: two would count load twice. */
static enum err_code refuse_overlaps(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    int32_t *owner = MEM_ARRAY(int32_t, m->grid.n_bus);
    if (!owner)
        return err_set(err, ERR_NOMEM, "cannot hold the load forecast");
    for (int32_t n = 0; n < m->grid.n_bus; n++)
        owner[n] = -1;
    for (int32_t n = 0; n < m->n_node; n++)
        for (int32_t k = 0; m->has_forecast[n] && k < m->node[n].n_factor; k++) {
            int32_t bus = m->factor_bus[m->node[n].factor_start + k];
            if (owner[bus] >= 0) {
                err_list_add(l->faults, place_of_ruc(l),
                             "ruc is on, and '%s' and '%s' both have a forecast and "
                             "share bus %s; expected one forecast for each bus",
                             m->node[owner[bus]].id, m->node[n].id,
                             m->grid.bus[bus].id);
                break;
            }
            owner[bus] = n;
        }
    mem_free(owner);
    return ERR_OK;
}

/* Every hour of a node with a forecast has one; the first that has none is told. */
static bool refuse_gaps(struct loading *l)
{
    const struct market *m = l->m;
    bool any = false;
    for (int32_t n = 0; n < m->n_node; n++) {
        any = any || m->has_forecast[n];
        for (int32_t t = 0; m->has_forecast[n] && t < m->n_interval; t++) {
            if (!isnan(m->forecast_mw[(size_t)t * (size_t)m->n_node + (size_t)n]))
                continue;
            char date[11], hour[4];
            int32_t d = market_day_of(m, t);
            date_format(m->day[d].date, date);
            (void)snprintf(hour, sizeof hour, "%d",
                           m->day[d].hour_ending[t - m->first_interval[d]]);
            err_list_add(l->faults, place_of_ruc(l),
                         "ruc is on, and node '%s' has no forecast for %s hour %s; "
                         "expected one for every hour",
                         m->node[n].id, date, hour);
            break;
        }
    }
    return any;
}

static enum err_code check_forecasts(struct loading *l, struct err *err)
{
    const struct csv_table *t = &l->table[TABLE_FORECAST];
    if (!l->m->rules.ruc || t->broken || l->network_broken || l->days_broken ||
        l->table[TABLE_AGGREGATION].broken)
        return ERR_OK;
    if (!refuse_gaps(l))
        err_list_add(l->faults, place_of_ruc(l),
                     "ruc is on, and there is no load forecast; expected rows in table "
                     "load_forecast");
    return refuse_overlaps(l, err);
}

/* ---- bids of capacity ---- */

struct entry {
    struct ruc_bid_row *row;
    int32_t resource, day; /* day -1 = any */
};

static int by_key(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->resource != b->resource)
        return a->resource < b->resource ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->row->hour != b->row->hour)
        return a->row->hour < b->row->hour ? -1 : 1;
    return a->row->head.at < b->row->head.at ? -1 : a->row->head.at > b->row->head.at;
}

/* The generator of a row, -1 after a fault. */
static int32_t generator_of(struct loading *l, struct ruc_bid_row *row)
{
    struct csv_table *t = &l->table[TABLE_RUC_BIDS];
    int32_t r = resource_named(l, t, &row->head, offsetof(struct ruc_bid_row, resource),
                               row->resource);
    if (r >= 0 && l->m->resource[r].type != RESOURCE_GENERATOR) {
        ROW_FAULT(l->faults, t, row, resource,
                  "a bid of capacity of the %s '%s'; expected a generator",
                  resource_type_name(l->m->resource[r].type), l->m->resource[r].id);
        r = -1;
    }
    return r;
}

static void add_bid(struct loading *l, struct ruc_bid_row *row, struct entry *entry,
                    int32_t *n)
{
    struct csv_table *t = &l->table[TABLE_RUC_BIDS];
    const struct when when = {
        .date = row->date,
        .hour = row->hour,
        .date_member = offsetof(struct ruc_bid_row, date),
        .hour_member = offsetof(struct ruc_bid_row, hour),
    };
    int32_t day;
    if (row->head.askew)
        return;
    int32_t r = generator_of(l, row);
    if (row->price > l->m->rules.ruc_bid_cap)
        ROW_FAULT(l->faults, t, row, price, "%g; expected at most ruc_bid_cap, %g",
                  row->price, l->m->rules.ruc_bid_cap);
    if (resolve_when(l, t, &row->head, &when, &day) && r >= 0 && !row->head.bad)
        entry[(*n)++] = (struct entry){.row = row, .resource = r, .day = day};
}

static void refuse_repetitions(struct loading *l, struct entry *entry, int32_t n)
{
    struct csv_table *t = &l->table[TABLE_RUC_BIDS];
    if (n > 0)
        qsort(entry, (size_t)n, sizeof *entry, by_key);
    for (int32_t i = 1; i < n; i++) {
        const struct entry *before = &entry[i - 1], *now = &entry[i];
        if (before->resource == now->resource && before->day == now->day &&
            before->row->hour == now->row->hour)
            ROW_FAULT(l->faults, t, now->row, resource,
                      "a second bid of '%s' for the same hours, after line %u; "
                      "expected one",
                      id_text(l, now->row->resource),
                      (unsigned)csv_table_line(t, &before->row->head));
    }
}

/* Date and hour, hour, date, neither: general rows first, so that special ones stay. */
static void take_bids(struct market *m, const struct entry *entry, int32_t n)
{
    for (int pass = 0; pass < 4; pass++)
        for (int32_t i = 0; i < n; i++) {
            const struct ruc_bid_row *row = entry[i].row;
            int32_t first = entry[i].day < 0 ? 0 : entry[i].day;
            int32_t end = entry[i].day < 0 ? m->n_day : entry[i].day + 1;
            if (2 * (row->hour > 0) + (entry[i].day >= 0) != pass)
                continue;
            for (int32_t d = first; d < end; d++)
                for (int h = 0; h < m->day[d].n_hours; h++)
                    if (!row->hour || row->hour == m->day[d].hour_ending[h])
                        m->ruc_bid_usd_per_mw[(size_t)(m->first_interval[d] + h) *
                                                  (size_t)m->n_resource +
                                              (size_t)entry[i].resource] = row->price;
        }
}

enum err_code read_ruc(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_RUC_BIDS];
    struct ruc_bid_row *row = t->row;
    enum err_code code = check_forecasts(l, err);
    if (code || !t->present)
        return code;
    int32_t n = 0;
    struct entry *entry = MEM_ARRAY(struct entry, t->n);
    m->ruc_bid_usd_per_mw =
        ARENA_ARRAY(&m->arena, double, (size_t)m->n_interval *(size_t)m->n_resource);
    if (!entry || !m->ruc_bid_usd_per_mw) {
        mem_free(entry);
        return err_set(err, ERR_NOMEM, "cannot hold %zu bids of capacity", t->n);
    }
    for (size_t i = 0; i < t->n; i++)
        add_bid(l, &row[i], entry, &n);
    refuse_repetitions(l, entry, n);
    take_bids(m, entry, n);
    mem_free(entry);
    return ERR_OK;
}
