/* due_dates.c - the calendar of statements and invoices. */
#include "sim/model/due_dates.h"

#include "sim/base/business_day.h"

date_t due_publication(const struct rules *rules, date_t trade_date,
                       int32_t recalculation)
{
    int days = recalculation ? recalculation * (int)rules->recalculation_days
                             : (int)rules->statement_days;
    return business_day_after(trade_date, days);
}

date_t due_invoice(const struct rules *rules, date_t published)
{
    while ((int)weekday_of(published) + 1 != (int)rules->invoice_weekday)
        published++;
    return published;
}

date_t due_payment(const struct rules *rules, date_t invoice)
{
    return business_day_after(invoice, (int)rules->payment_days);
}

enum due_stage due_stage_on(const struct rules *rules, date_t trade_date, date_t as_of)
{
    date_t published = due_publication(rules, trade_date, 0);
    date_t invoiced = due_invoice(rules, published);
    if (as_of < published)
        return DUE_ESTIMATED;
    if (as_of < invoiced)
        return DUE_PUBLISHED;
    return as_of < due_payment(rules, invoiced) ? DUE_INVOICED : DUE_PAID;
}
