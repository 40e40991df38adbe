/* read_collateral.c - security that is posted while the market runs. */
#include <stdlib.h>

#include "sim/input/scenario_parts.h"

static int by_date(const void *pa, const void *pb)
{
    const struct posting *a = pa, *b = pb;
    if (a->date != b->date)
        return a->date < b->date ? -1 : 1;
    if (a->sc != b->sc)
        return a->sc < b->sc ? -1 : 1;
    return (a->amount_usd > b->amount_usd) - (a->amount_usd < b->amount_usd);
}

enum err_code read_collateral(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    struct csv_table *t = &l->table[TABLE_COLLATERAL];
    struct collateral_row *row = t->row;
    m->posting = ARENA_ARRAY(&m->arena, struct posting, t->n);
    if (!m->posting)
        return err_set(err, ERR_NOMEM, "cannot hold %zu postings of security", t->n);
    for (size_t i = 0; i < t->n; i++) {
        int32_t sc = row[i].sc < 0 ? -1 : l->meaning[row[i].sc].sc;
        if (row[i].sc >= 0 && sc < 0 && !row[i].head.askew &&
            !l->table[TABLE_SCS].broken)
            ROW_FAULT(l->faults, t, &row[i], sc,
                      "unknown scheduling coordinator '%s'; expected an sc_id of table "
                      "scheduling_coordinators",
                      id_text(l, row[i].sc));
        if (sc >= 0 && row[i].date != DATE_UNSET)
            m->posting[m->n_posting++] = (struct posting){
                .sc = sc, .date = row[i].date, .amount_usd = row[i].amount_usd};
    }
    if (m->n_posting > 1)
        qsort(m->posting, (size_t)m->n_posting, sizeof *m->posting, by_date);
    return ERR_OK;
}
