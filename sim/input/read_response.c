/* read_response.c - what the customers of demand response took, day by day. */
#include <stdlib.h>

#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

/* A sound row and what it says. */
struct entry {
    struct response_table_row *row;
    int32_t resource;
};

static int by_key(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->resource != b->resource)
        return a->resource < b->resource ? -1 : 1;
    if (a->row->date != b->row->date)
        return a->row->date < b->row->date ? -1 : 1;
    if (a->row->hour != b->row->hour)
        return a->row->hour < b->row->hour ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* The resource of a row; -1 with a fault where it is none with demand response. */
static int32_t resource_of(struct loading *l, struct csv_table *t,
                           struct response_table_row *row)
{
    if (row->resource < 0 || row->head.askew)
        return -1;
    int32_t r = resource_named(
        l, t, &row->head, offsetof(struct response_table_row, resource), row->resource);
    if (r < 0 || l->m->resource[r].type == RESOURCE_PDR)
        return r;
    ROW_FAULT(l->faults, t, row, resource,
              "'%s' is no demand response; expected a resource of type pdr",
              id_text(l, row->resource));
    return -1;
}

static bool same_hour(const struct entry *a, const struct entry *b)
{
    return a->resource == b->resource && a->row->date == b->row->date &&
           a->row->hour == b->row->hour;
}

enum err_code read_response(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_RESPONSE];
    struct response_table_row *row = t->row;
    struct entry *entry = MEM_ARRAY(struct entry, t->n);
    size_t n = 0;
    m->response = ARENA_ARRAY(&m->arena, struct response_row, t->n);
    if (!entry || !m->response) {
        mem_free(entry);
        return err_set(err, ERR_NOMEM, "cannot hold %zu hours of customers", t->n);
    }
    for (size_t i = 0; i < t->n; i++) {
        int32_t r = resource_of(l, t, &row[i]);
        if (r >= 0 && row[i].date != DATE_UNSET && row[i].hour > 0)
            entry[n++] = (struct entry){&row[i], r};
    }
    if (n > 1)
        qsort(entry, n, sizeof *entry, by_key);
    for (size_t i = 0; i < n; i++) {
        struct response_table_row *e = entry[i].row;
        if (i > 0 && same_hour(&entry[i - 1], &entry[i]))
            csv_table_fault(
                t, &e->head, offsetof(struct response_table_row, resource), l->faults,
                "a second row for the same hour, after line %u; expected one",
                (unsigned)csv_table_line(t, &entry[i - 1].row->head));
        m->response[m->n_response++] =
            (struct response_row){.resource = entry[i].resource,
                                  .date = e->date,
                                  .hour = e->hour,
                                  .skipped = e->skipped == 1,
                                  .load_mwh = e->mwh};
    }
    mem_free(entry);
    return ERR_OK;
}
