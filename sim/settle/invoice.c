/* invoice.c - which lines go on which invoice. */
#include "sim/settle/invoice.h"

#include <stdlib.h>

#include "sim/base/mem.h"
#include "sim/model/due_dates.h"

static int by_date(const void *pa, const void *pb)
{
    const struct invoice *a = pa, *b = pb;
    if (a->date != b->date)
        return a->date < b->date ? -1 : 1;
    uint32_t x = (uint32_t)a->sc, y = (uint32_t)b->sc; /* SETTLE_ISO comes last */
    return (x > y) - (x < y);
}

/* Sorted invoices of one line each into one an account and date. */
static void merge(struct invoices *v)
{
    int32_t n = 0;
    for (int32_t i = 0; i < v->n; i++)
        if (n > 0 && by_date(&v->invoice[n - 1], &v->invoice[i]) == 0) {
            v->invoice[n - 1].n_line++;
            v->invoice[n - 1].amount_cents += v->invoice[i].amount_cents;
        } else {
            v->invoice[n++] = v->invoice[i];
        }
    v->n = n;
}

static enum err_code check_zero(const struct invoices *v, struct err *err)
{
    cents_t sum_cents = 0;
    for (int32_t i = 0; i < v->n; i++) {
        sum_cents += v->invoice[i].amount_cents;
        bool last = i + 1 == v->n || v->invoice[i + 1].date != v->invoice[i].date;
        if (last && sum_cents != 0) {
            char date[11];
            date_format(v->invoice[i].date, date);
            return err_set(err, ERR_BUG, "invoices of %s add up to %lld cents", date,
                           (long long)sum_cents);
        }
    }
    return ERR_OK;
}

enum err_code invoices_make(const struct market *m, const struct settlement *s,
                            struct invoices *out, struct err *err)
{
    *out = (struct invoices){0};
    out->invoice = MEM_ARRAY(struct invoice, s->n_line);
    if (!out->invoice)
        return err_set(err, ERR_NOMEM, "cannot hold the invoices of %d lines",
                       s->n_line);
    for (int32_t i = 0; i < s->n_line; i++) {
        const struct statement_line *line = &s->line[i];
        date_t date =
            due_invoice(&m->rules, due_publication(&m->rules, m->day[line->day].date,
                                                   line->version));
        out->invoice[out->n++] = (struct invoice){.sc = line->sc,
                                                  .date = date,
                                                  .due = due_payment(&m->rules, date),
                                                  .n_line = 1,
                                                  .amount_cents = line->amount_cents};
    }
    if (out->n > 1)
        qsort(out->invoice, (size_t)out->n, sizeof *out->invoice, by_date);
    merge(out);
    enum err_code code = check_zero(out, err);
    if (code)
        invoices_release(out);
    return code;
}

void invoices_release(struct invoices *v)
{
    mem_free(v->invoice);
    *v = (struct invoices){0};
}
