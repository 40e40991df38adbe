/* read_tie_responses.c - what coordinators say to hourly blocks of imports and exports. */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/input/timed_row.h"

/* The import or export of a row, -1 after a fault. */
static int32_t resource_of(struct loading *l, struct tie_response_row *row)
{
    struct csv_table *t = &l->table[TABLE_TIE_RESPONSES];
    int32_t r = resource_named(
        l, t, &row->head, offsetof(struct tie_response_row, resource), row->resource);
    if (r < 0 || l->resource_row[r]->head.bad || l->resource_row[r]->head.askew)
        return -1;
    const struct resource *is = &l->m->resource[r];
    if (resource_type_is_tie(is->type) && tie_option_is_block(is->tie_option))
        return r;
    if (!resource_type_is_tie(is->type))
        ROW_FAULT(l->faults, t, row, resource,
                  "'%s' is of type %s; expected an import or export", is->id,
                  resource_type_name(is->type));
    else
        ROW_FAULT(l->faults, t, row, resource,
                  "'%s' is scheduled as %s; expected an import or export with an "
                  "hourly block",
                  is->id, tie_option_name(is->tie_option));
    return -1;
}

static void check_amount(struct loading *l, struct tie_response_row *row)
{
    struct csv_table *t = &l->table[TABLE_TIE_RESPONSES];
    bool cut = row->answer == TIE_ANSWER_PARTIAL || row->answer == TIE_ANSWER_DECLINE;
    if (row->answer == CHOICE_UNSET)
        return;
    if (row->answer == TIE_ANSWER_PARTIAL && isnan(row->accepted_mw) &&
        ROW_EMPTY(t, row, accepted_mw))
        ROW_FAULT(l->faults, t, row, accepted_mw,
                  "accepted_mw is empty; expected the MW that are accepted");
    if (row->answer != TIE_ANSWER_PARTIAL && !isnan(row->accepted_mw))
        ROW_FAULT(l->faults, t, row, accepted_mw,
                  "accepted_mw is %g; expected it only with partial", row->accepted_mw);
    if (row->late == 1 && !cut)
        ROW_FAULT(l->faults, t, row, late,
                  "late is yes; expected it only with partial and decline");
}

static int32_t list_rows(struct loading *l, struct timed_row *entry)
{
    struct csv_table *t = &l->table[TABLE_TIE_RESPONSES];
    struct tie_response_row *row = t->row;
    int32_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct when when = {row[i].date, row[i].hour,
                                  offsetof(struct tie_response_row, date),
                                  offsetof(struct tie_response_row, hour)};
        if (row[i].head.askew)
            continue;
        int32_t day, r = resource_of(l, &row[i]);
        check_amount(l, &row[i]);
        if (resolve_when(l, t, &row[i].head, &when, &day) && r >= 0)
            entry[n++] =
                (struct timed_row){&row[i].head, &row[i], r, day, row[i].hour, -1, 0};
    }
    timed_rows_sort(l, t, entry, n, offsetof(struct tie_response_row, resource));
    return n;
}

static void put(struct market *m, const struct timed_row *e, size_t five, bool whole)
{
    const struct tie_response_row *row = e->row;
    size_t at = five / RT_FIVES * (size_t)m->n_resource + (size_t)e->thing;
    (void)whole;
    m->tie_response[at] = (struct tie_response){
        .answer = row->answer == CHOICE_UNSET ? TIE_ANSWER_ACCEPT
                                              : (enum tie_answer)row->answer,
        .accepted_mw = isnan(row->accepted_mw) ? 0 : row->accepted_mw,
        .late = row->late == 1,
    };
}

enum err_code read_tie_responses(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    size_t n_row = l->table[TABLE_TIE_RESPONSES].n;
    size_t n = (size_t)m->n_interval * (size_t)m->n_resource;
    if (n_row == 0)
        return ERR_OK;
    struct timed_row *entry = MEM_ARRAY(struct timed_row, n_row);
    m->tie_response = ARENA_ARRAY(&m->arena, struct tie_response, n);
    enum err_code code = ERR_OK;
    if (!entry || !m->tie_response)
        code = err_set(err, ERR_NOMEM, "cannot hold the answers to hourly blocks");
    if (!code)
        timed_rows_apply(m, entry, list_rows(l, entry), true, put);
    mem_free(entry);
    return code;
}
