/* read_forecast.c - forecast load by node and interval. */
#include <math.h>
#include <stdlib.h>

#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

/* A row with what it stands for looked up. */
struct entry {
    struct forecast_row *row;
    int32_t node, day; /* day -1 = any */
};

static int by_key(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->row->hour != b->row->hour)
        return a->row->hour < b->row->hour ? -1 : 1;
    return a->row->head.at < b->row->head.at ? -1 : a->row->head.at > b->row->head.at;
}

static struct entry *list_entries(struct loading *l, int32_t *n)
{
    struct csv_table *t = &l->table[TABLE_FORECAST];
    struct forecast_row *row = t->row;
    struct entry *entry = MEM_ARRAY(struct entry, t->n);
    bool may_be_unknown = l->network_broken || l->table[TABLE_AGGREGATION].broken;
    *n = 0;
    for (size_t i = 0; entry && i < t->n; i++) {
        if (row[i].head.askew)
            continue;
        const struct when when = {
            .date = row[i].date,
            .hour = row[i].hour,
            .date_member = offsetof(struct forecast_row, date),
            .hour_member = offsetof(struct forecast_row, hour),
        };
        int32_t day, node = row[i].node < 0 ? -1 : l->meaning[row[i].node].node;
        bool tie = node >= 0 && l->m->node[node].kind == NODE_TIE;
        if (row[i].node >= 0 && (tie || (node < 0 && !may_be_unknown)))
            ROW_FAULT(l->faults, t, &row[i], node,
                      "unknown node '%s'; expected a PNode or an aggregated node",
                      id_text(l, row[i].node));
        if (resolve_when(l, t, &row[i].head, &when, &day) && node >= 0)
            entry[(*n)++] = (struct entry){.row = &row[i], .node = node, .day = day};
    }
    if (entry)
        qsort(entry, (size_t)*n, sizeof *entry, by_key);
    return entry;
}

static void refuse_duplicates(struct loading *l, struct entry *entry, int32_t n)
{
    struct csv_table *t = &l->table[TABLE_FORECAST];
    for (int32_t i = 1; i < n; i++) {
        const struct entry *before = &entry[i - 1], *now = &entry[i];
        if (before->node == now->node && before->day == now->day &&
            before->row->hour == now->row->hour)
            ROW_FAULT(l->faults, t, now->row, node,
                      "a second forecast of '%s' for the same hour, after line %u; "
                      "expected one",
                      id_text(l, now->row->node),
                      (unsigned)csv_table_line(t, &before->row->head));
    }
}

/* Writes one row to every interval that it covers. */
static void apply(struct loading *l, const struct entry *entry)
{
    struct market *m = l->m;
    int32_t first = entry->day < 0 ? 0 : entry->day;
    int32_t end = entry->day < 0 ? m->n_day : entry->day + 1;
    for (int32_t d = first; d < end; d++)
        for (int h = 0; h < m->day[d].n_hours; h++) {
            size_t at = (size_t)(m->first_interval[d] + h);
            if (!entry->row->hour || entry->row->hour == m->day[d].hour_ending[h])
                m->forecast_mw[at * (size_t)m->n_node + (size_t)entry->node] =
                    entry->row->forecast_mw;
        }
}

/* The more specific row wins: date and hour, hour, date, neither. */
static void apply_all(struct loading *l, const struct entry *entry, int32_t n)
{
    struct market *m = l->m;
    for (int32_t i = 0; i < n; i++)
        m->has_forecast[entry[i].node] = true;
    for (int32_t node = 0; node < m->n_node; node++)
        for (int32_t t = 0; t < m->n_interval && m->has_forecast[node]; t++)
            m->forecast_mw[(size_t)t * (size_t)m->n_node + (size_t)node] = (double)NAN;
    for (int pass = 0; pass < 4; pass++)
        for (int32_t i = 0; i < n; i++)
            if (2 * (entry[i].row->hour > 0) + (entry[i].day >= 0) == pass)
                apply(l, &entry[i]);
}

/* Where a row was refused, a missing forecast is no news. */
static void note_lost_rows(struct csv_table *t)
{
    const struct forecast_row *row = t->row;
    for (size_t i = 0; i < t->n; i++)
        t->broken |= row[i].head.bad;
}

enum err_code read_forecast(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    size_t size = (size_t)m->n_interval * (size_t)m->n_node;
    int32_t n;
    struct entry *entry = list_entries(l, &n);
    enum err_code code = ERR_OK;
    m->forecast_mw = ARENA_ARRAY(&m->arena, double, size);
    m->has_forecast = ARENA_ARRAY(&m->arena, bool, m->n_node);
    if (!entry || !m->forecast_mw || !m->has_forecast) {
        code = err_set(err, ERR_NOMEM, "cannot hold the load forecast");
        goto done;
    }
    refuse_duplicates(l, entry, n);
    apply_all(l, entry, n);
    note_lost_rows(&l->table[TABLE_FORECAST]);
done:
    mem_free(entry);
    return code;
}
