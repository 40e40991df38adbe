/* read_real_time.c - what the day turns out to be: loads and availability. */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/input/timed_row.h"

/* ---- load ---- */

static void set_load(struct market *m, const struct timed_row *e, size_t five,
                     bool whole)
{
    const struct rt_load_row *row = e->row;
    size_t at = five * (size_t)m->n_node + (size_t)e->thing;
    (void)whole;
    m->rt.load_mw[at] = row->mw;
    m->rt.fmm_load_mw[at] = isnan(row->fmm_mw) ? row->mw : row->fmm_mw;
}

static int32_t list_loads(struct loading *l, struct timed_row *entry)
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
        if (!timed_row_is_step(row[i].minute))
            ROW_FAULT(l->faults, t, &row[i], minute,
                      "minute is %d; expected a multiple of 5", row[i].minute);
        if (resolve_when(l, t, &row[i].head, &when, &day) && node >= 0)
            entry[n++] = (struct timed_row){&row[i].head, &row[i],       node, day,
                                            row[i].hour,  row[i].minute, 0};
    }
    timed_rows_sort(l, t, entry, n, offsetof(struct rt_load_row, node));
    return n;
}

/* ---- availability ---- */

/* Of an import it is the forecast by which it schedules itself. */
static bool may_be_unavailable(const struct resource *is)
{
    if (is->type == RESOURCE_IMPORT)
        return is->tie_option == TIE_OPTION_VARIABLE;
    return !resource_type_withdraws(is->type);
}

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

static void set_availability(struct market *m, const struct timed_row *e, size_t five,
                             bool whole)
{
    const struct rt_availability_row *row = e->row;
    size_t at = five * (size_t)m->n_resource + (size_t)e->thing;
    (void)whole;
    m->rt.available_mw[at] = row->mw;
    m->rt.known_from[at] = first_known(m, row, five);
}

static int32_t list_availability(struct loading *l, struct timed_row *entry)
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
        int32_t day, r = resource_named(l, t, &row[i].head,
                                        offsetof(struct rt_availability_row, resource),
                                        row[i].resource);
        if (r >= 0 && !may_be_unavailable(&l->m->resource[r]))
            ROW_FAULT(l->faults, t, &row[i], resource,
                      "'%s' is of type %s; expected a generator, storage, pdr, dera or "
                      "an import with tie_option self_variable",
                      l->m->resource[r].id, resource_type_name(l->m->resource[r].type));
        if (!timed_row_is_step(row[i].minute))
            ROW_FAULT(l->faults, t, &row[i], minute,
                      "minute is %d; expected a multiple of 5", row[i].minute);
        if (!timed_row_is_step(row[i].known_minute))
            ROW_FAULT(l->faults, t, &row[i], known_minute,
                      "known_from_minute is %d; expected a multiple of 5",
                      row[i].known_minute);
        if (resolve_when(l, t, &row[i].head, &when, &day) && r >= 0)
            entry[n++] = (struct timed_row){&row[i].head, &row[i],       r, day,
                                            row[i].hour,  row[i].minute, 0};
    }
    timed_rows_sort(l, t, entry, n, offsetof(struct rt_availability_row, resource));
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
    struct timed_row *entry = MEM_ARRAY(struct timed_row, n_row);
    if (!entry)
        return err_set(err, ERR_NOMEM, "cannot sort the real time");
    enum err_code code = m->rules.real_time ? make_room(m, err) : ERR_OK;
    int32_t n = list_loads(l, entry);
    if (!code && m->rules.real_time)
        timed_rows_apply(m, entry, n, false, set_load);
    n = list_availability(l, entry);
    if (!code && m->rules.real_time)
        timed_rows_apply(m, entry, n, false, set_availability);
    mem_free(entry);
    return code;
}
