/*
 * invoice.h - statements of several days into invoices.
 *
 * An invoice of an account holds all its statement lines that were published after the
 * invoice date before and up to this one (due_dates.h). Since the lines of every
 * statement add up to zero over all accounts, so do the invoices of every date.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_INVOICE_H
#define SIM_SETTLE_INVOICE_H

#include "sim/settle/settle.h"

struct invoice {
    int32_t sc;       /* or SETTLE_ISO */
    date_t date, due; /* of the invoice; day by whose end it is paid */
    int32_t n_line;   /* statement lines on it */
    cents_t amount_cents;
};

struct invoices {
    struct invoice *invoice; /* [n] by date, sc (ISO last); mem.h memory */
    int32_t n;
};

/* Everything that is settled. ERR_NOMEM; ERR_BUG when a date does not add up to zero. */
MUST_CHECK enum err_code invoices_make(const struct market *m,
                                       const struct settlement *s, struct invoices *out,
                                       struct err *err);
void invoices_release(struct invoices *v);

#endif
