/*
 * statement_print.h - statements for people.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_STATEMENT_PRINT_H
#define SIM_APP_STATEMENT_PRINT_H

#include <stdio.h>

#include "sim/app/statement_read.h"

struct statement_choice {
    const char *sc; /* an SC's id or "ISO" */
    bool one_date;
    date_t date; /* if one_date */
    bool detail;
};

/* One account, day by day: an amount per charge code, and the net. */
void statement_print_one(const struct statements *s, const struct statement_choice *c,
                         FILE *out);
/* Invoices of an account, or of all where sc is NULL, by date. */
void statement_print_invoices(const struct statements *s, const char *sc, FILE *out);
/* Everybody in one table: a column per charge code, the net, and the sum of each. */
MUST_CHECK enum err_code statement_print_all(const struct statements *s,
                                             const struct statement_choice *c,
                                             FILE *out, struct err *err);

#endif
