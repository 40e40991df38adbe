/*
 * record_books.h - what was decided and what is owed: /admission, /mitigation,
 * /settlement, /credit.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_BOOKS_H
#define SIM_APP_RECORD_BOOKS_H

#include "sim/admit/admit.h"
#include "sim/app/record_field.h"
#include "sim/clear/mitigate.h"
#include "sim/credit/account.h"
#include "sim/settle/invoice.h"
#include "sim/settle/settle.h"

void record_admission(struct recorder *r, const struct market *m,
                      const struct admission *a);
/* Nothing where the market does not mitigate. */
void record_mitigation(struct recorder *r, const struct market *m,
                       const struct mitigation *mit);
/* The tests and offers of one kind of run, below "/mitigation" and the like. */
void record_mitigated(struct recorder *r, const char *group, const struct market *m,
                      const struct mitigation_tables *made);
void record_settlement(struct recorder *r, const struct market *m,
                       const struct settlement *s, const struct invoices *v);
/* account: [m->n_day + 1][m->n_sc], carried in and day by day */
void record_credit(struct recorder *r, const struct market *m,
                   const struct credit_account *account);

#endif
