/* read_meter.c - what meters said, as first reported and as corrected. */
#include "sim/base/mem.h"
#include "sim/input/timed_row.h"

static int32_t list_rows(struct loading *l, struct timed_row *entry)
{
    struct csv_table *t = &l->table[TABLE_METER];
    struct meter_table_row *row = t->row;
    int32_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct when when = {row[i].date, row[i].hour,
                                  offsetof(struct meter_table_row, date),
                                  offsetof(struct meter_table_row, hour)};
        if (row[i].head.askew)
            continue;
        int32_t day, r = resource_named(l, t, &row[i].head,
                                        offsetof(struct meter_table_row, resource),
                                        row[i].resource);
        if (!timed_row_is_step(row[i].minute))
            ROW_FAULT(l->faults, t, &row[i], minute,
                      "minute is %d; expected a multiple of 5", row[i].minute);
        if (resolve_when(l, t, &row[i].head, &when, &day) && r >= 0)
            entry[n++] = (struct timed_row){
                &row[i].head,        &row[i], r, day, row[i].hour, row[i].minute,
                row[i].recalculation};
    }
    timed_rows_sort(l, t, entry, n, offsetof(struct meter_table_row, resource));
    return n;
}

static void count(struct market *m, const struct timed_row *e, size_t five, bool whole)
{
    (void)e, (void)five, (void)whole;
    m->n_meter_row++;
}

static void put(struct market *m, const struct timed_row *e, size_t five, bool whole)
{
    const struct meter_table_row *row = e->row;
    bool withdraws = resource_type_withdraws(m->resource[e->thing].type);
    m->meter_row[m->n_meter_row++] = (struct meter_row){
        .recalculation = e->version,
        .resource = e->thing,
        .interval = (int32_t)(five / RT_FIVES),
        .five = whole ? -1 : (int32_t)(five % RT_FIVES),
        .energy_mwh = withdraws ? -row->mwh : row->mwh,
    };
}

enum err_code read_meter(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    struct timed_row *entry = MEM_ARRAY(struct timed_row, l->table[TABLE_METER].n);
    if (!entry)
        return err_set(err, ERR_NOMEM, "cannot sort the meters");
    int32_t n = list_rows(l, entry);
    timed_rows_apply(m, entry, n, true, count);
    m->meter_row = ARENA_ARRAY(&m->arena, struct meter_row, m->n_meter_row);
    enum err_code code =
        m->meter_row ? ERR_OK : err_set(err, ERR_NOMEM, "cannot hold the meters");
    m->n_meter_row = 0;
    if (!code)
        timed_rows_apply(m, entry, n, true, put);
    mem_free(entry);
    return code;
}
