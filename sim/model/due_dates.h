/*
 * due_dates.h - when a trade date is published, invoiced and paid.
 *
 * The statement of trade date D is published statement_days business days after it, goes
 * on the next invoice, which is of the first invoice_weekday on or after that, and is paid
 * payment_days business days later. What is paid is owed no longer.
 *
 * Layer: sim/model.
 */
#ifndef SIM_MODEL_DUE_DATES_H
#define SIM_MODEL_DUE_DATES_H

#include "sim/base/calendar.h"
#include "sim/model/rules.h"

enum due_stage {
    DUE_ESTIMATED, /* settled, not yet published */
    DUE_PUBLISHED,
    DUE_INVOICED,
    DUE_PAID,
};

/* Recalculation n is published n x recalculation_days business days after the date; 0: the
 * statement itself. */
date_t due_publication(const struct rules *rules, date_t trade_date,
                       int32_t recalculation);
date_t due_invoice(const struct rules *rules, date_t published);
date_t due_payment(const struct rules *rules, date_t invoice);
/* How far a trade date has come when day as_of ends. */
enum due_stage due_stage_on(const struct rules *rules, date_t trade_date, date_t as_of);

#endif
