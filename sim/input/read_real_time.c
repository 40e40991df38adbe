/* read_real_time.c - what the day turns out to be: loads and availability. */
#include <math.h>
#include <stdlib.h>

#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

enum {
    STEP_MIN = 5
};

/* A row of either table with what it stands for looked up. */
struct entry {
    struct row_head *head;
    const void *row;
    int32_t thing, day; /* node or resource; -1 = any day */
    int hour, minute;   /* 0 = any; -1 = any */
};

static int by_key(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->thing != b->thing)
        return a->thing < b->thing ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->hour != b->hour)
        return a->hour < b->hour ? -1 : 1;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    return a->head->at < b->head->at ? -1 : a->head->at > b->head->at;
}

static bool same_key(const struct entry *a, const struct entry *b)
{
    return a->thing == b->thing && a->day == b->day && a->hour == b->hour &&
           a->minute == b->minute;
}

/* Sorted entries, the second of two rows for the same time refused. */
static void settle_order(struct loading *l, struct csv_table *t, struct entry *entry,
                         int32_t n, size_t id_member)
{
    if (n > 1)
        qsort(entry, (size_t)n, sizeof *entry, by_key);
    for (int32_t i = 1; i < n; i++)
        if (same_key(&entry[i - 1], &entry[i]))
            csv_table_fault(t, entry[i].head, id_member, l->faults,
                            "a second row for the same time, after line %u; expected "
                            "one",
                            (unsigned)csv_table_line(t, entry[i - 1].head));
}

static bool is_step(int32_t minute)
{
    return minute < 0 || minute % STEP_MIN == 0;
}

static bool entry_is(const struct entry *e, int hour_ending, int k)
{
    return (e->hour == 0 || e->hour == hour_ending) &&
           (e->minute < 0 || e->minute == k * STEP_MIN);
}

/* Calls set for every five minutes that an entry covers; the more specific entry wins:
 * minute before hour before date. */
static void apply(struct loading *l, const struct entry *entry, int32_t n,
                  void (*set)(struct market *m, const struct entry *e, size_t five))
{
    struct market *m = l->m;
    for (int pass = 0; pass < 8; pass++)
        for (int32_t i = 0; i < n; i++) {
            const struct entry *e = &entry[i];
            if (4 * (e->minute >= 0) + 2 * (e->hour > 0) + (e->day >= 0) != pass)
                continue;
            int32_t first = e->day < 0 ? 0 : e->day;
            int32_t end = e->day < 0 ? m->n_day : e->day + 1;
            for (int32_t d = first; d < end; d++)
                for (int h = 0; h < m->day[d].n_hours; h++)
                    for (int k = 0; k < RT_FIVES; k++)
                        if (entry_is(e, m->day[d].hour_ending[h], k))
                            set(m, e,
                                (size_t)(m->first_interval[d] + h) * RT_FIVES +
                                    (size_t)k);
        }
}

/* ---- load ---- */

static void set_load(struct market *m, const struct entry *e, size_t five)
{
    const struct rt_load_row *row = e->row;
    size_t at = five * (size_t)m->n_node + (size_t)e->thing;
    m->rt.load_mw[at] = row->mw;
    m->rt.fmm_load_mw[at] = isnan(row->fmm_mw) ? row->mw : row->fmm_mw;
}

static int32_t list_loads(struct loading *l, struct entry *entry)
{
    struct csv_table *t = &l->table[TABLE_RT_LOAD];
    struct rt_load_row *row = t->row;
    bool may_be_unknown = l->network_broken || l->table[TABLE_AGGREGATION].broken;
    int32_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct when when = {row[i].date, row[i].hour,
                                  offsetof(struct rt_load_row, date),
                                  offsetof(struct rt_load_row, hour)};
        if (row[i].head.askew)
            continue;
        int32_t day, node = row[i].node < 0 ? -1 : l->meaning[row[i].node].node;
        bool tie = node >= 0 && l->m->node[node].kind == NODE_TIE;
        if (row[i].node >= 0 && (tie || (node < 0 && !may_be_unknown)))
            ROW_FAULT(l->faults, t, &row[i], node,
                      "unknown node '%s'; expected a PNode or an aggregated node",
                      id_text(l, row[i].node));
        if (!is_step(row[i].minute))
            ROW_FAULT(l->faults, t, &row[i], minute,
                      "minute is %d; expected a multiple of 5", row[i].minute);
        if (resolve_when(l, t, &row[i].head, &when, &day) && node >= 0)
            entry[n++] = (struct entry){&row[i].head, &row[i],     node,
                                        day,          row[i].hour, row[i].minute};
    }
    settle_order(l, t, entry, n, offsetof(struct rt_load_row, node));
    return n;
}

/* ---- availability ---- */

static int32_t first_known(const struct market *m,
                           const struct rt_availability_row *row, size_t five)
{
    int32_t day = market_day_of(m, (int32_t)(five / RT_FIVES));
    if (row->known_hour == 0)
        return 0;
    int at = trade_day_find_hour(&m->day[day], row->known_hour);
    return at < 0 ? 0
                  : RT_FIVES * (m->first_interval[day] + at) +
                        row->known_minute / STEP_MIN;
}

static void set_availability(struct market *m, const struct entry *e, size_t five)
{
    const struct rt_availability_row *row = e->row;
    size_t at = five * (size_t)m->n_resource + (size_t)e->thing;
    m->rt.available_mw[at] = row->mw;
    m->rt.known_from[at] = first_known(m, row, five);
}

static int32_t list_availability(struct loading *l, struct entry *entry)
{
    struct csv_table *t = &l->table[TABLE_RT_AVAILABILITY];
    struct rt_availability_row *row = t->row;
    int32_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct when when = {row[i].date, row[i].hour,
                                  offsetof(struct rt_availability_row, date),
                                  offsetof(struct rt_availability_row, hour)};
        if (row[i].head.askew)
            continue;
        int32_t day,
            r = row[i].resource < 0 ? -1 : l->meaning[row[i].resource].resource;
        if (row[i].resource >= 0 && r < 0 && !l->table[TABLE_RESOURCES].broken)
            ROW_FAULT(l->faults, t, &row[i], resource,
                      "unknown resource '%s'; expected a resource_id of table "
                      "resources",
                      id_text(l, row[i].resource));
        if (r >= 0 && (resource_type_withdraws(l->m->resource[r].type) ||
                       l->m->resource[r].type == RESOURCE_IMPORT))
            ROW_FAULT(l->faults, t, &row[i], resource,
                      "'%s' is of type %s; expected a generator, storage, pdr or dera",
                      l->m->resource[r].id, resource_type_name(l->m->resource[r].type));
        if (!is_step(row[i].minute))
            ROW_FAULT(l->faults, t, &row[i], minute,
                      "minute is %d; expected a multiple of 5", row[i].minute);
        if (!is_step(row[i].known_minute))
            ROW_FAULT(l->faults, t, &row[i], known_minute,
                      "known_from_minute is %d; expected a multiple of 5",
                      row[i].known_minute);
        if (resolve_when(l, t, &row[i].head, &when, &day) && r >= 0)
            entry[n++] = (struct entry){&row[i].head, &row[i],     r,
                                        day,          row[i].hour, row[i].minute};
    }
    settle_order(l, t, entry, n, offsetof(struct rt_availability_row, resource));
    return n;
}

/* ---- both ---- */

static enum err_code make_room(struct market *m, struct err *err)
{
    size_t n_five = (size_t)m->n_interval * RT_FIVES;
    size_t n_load = n_five * (size_t)m->n_node, n = n_five * (size_t)m->n_resource;
    m->rt.load_mw = ARENA_ARRAY(&m->arena, double, n_load);
    m->rt.fmm_load_mw = ARENA_ARRAY(&m->arena, double, n_load);
    m->rt.available_mw = ARENA_ARRAY(&m->arena, double, n);
    m->rt.known_from = ARENA_ARRAY(&m->arena, int32_t, n);
    if (!m->rt.load_mw || !m->rt.fmm_load_mw || !m->rt.available_mw ||
        !m->rt.known_from)
        return err_set(err, ERR_NOMEM, "cannot hold the real time of %d hours",
                       m->n_interval);
    for (size_t k = 0; k < n_load; k++)
        m->rt.load_mw[k] = m->rt.fmm_load_mw[k] = NAN;
    for (size_t k = 0; k < n; k++)
        m->rt.available_mw[k] = INFINITY;
    return ERR_OK;
}

/* Rows are checked also where real_time is off: it is one word in scenario.yaml. */
enum err_code read_real_time(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    size_t n_row = l->table[TABLE_RT_LOAD].n + l->table[TABLE_RT_AVAILABILITY].n;
    struct entry *entry = MEM_ARRAY(struct entry, n_row);
    if (!entry)
        return err_set(err, ERR_NOMEM, "cannot sort the real time");
    enum err_code code = m->rules.real_time ? make_room(m, err) : ERR_OK;
    int32_t n = list_loads(l, entry);
    if (!code && m->rules.real_time)
        apply(l, entry, n, set_load);
    n = list_availability(l, entry);
    if (!code && m->rules.real_time)
        apply(l, entry, n, set_availability);
    mem_free(entry);
    return code;
}
