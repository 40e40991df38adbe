/*
 * account.h - liability against limit, day after day, and what follows from it.
 *
 * When trade date D ends, for every SC:
 *
 *     EAL = carried in
 *           + settled trade dates that are estimated, published or invoiced but not
 *             yet paid (due_dates.h)
 *           + extrapolated: extrapolated_days x mean net of the settled dates
 *           + exposure of awarded virtual bids that have not been unwound          (1)
 *     ACL = unsecured limit + security posted up to D                             (2)
 *     utilisation u = EAL / ACL: notice from 0.7, warning from 0.9, call from 1.0
 *
 * A call is to be met within call_days business days: by then EAL <= ACL again, through
 * security (table collateral) or payments. Who has not is in default and suspended from
 * buying (rule E22 of sim/admit) until it is so.
 *
 * Layer: sim/credit.
 */
#ifndef SIM_CREDIT_ACCOUNT_H
#define SIM_CREDIT_ACCOUNT_H

#include "sim/settle/settle.h"

enum credit_status {
    CREDIT_OK,
    CREDIT_NOTICE,
    CREDIT_WARNING,
    CREDIT_CALL,
    CREDIT_DEFAULT, /* a call is past due */
};

const char *credit_status_name(enum credit_status status); /* "ok", "notice", ... */

#define CREDIT_NO_CALL 84005 /* 2199-12-31, the last date there is */

/* One SC when a trade date ends. Money in USD. */
struct credit_account {
    double limit_usd;
    double carried_usd;                                /* before the first trade date */
    double estimated_usd, published_usd, invoiced_usd; /* of settled trade dates */
    double statement_usd;    /* sum of these three; negative = is owed */
    double extrapolated_usd; /* never below 0 */
    double virtual_usd;      /* exposure of awarded virtual bids not yet unwound */
    double liability_usd;    /* EAL, (1) */
    double utilisation; /* liability / limit; INFINITY when limit is 0 and it owes */
    double call_usd;    /* collateral asked for, 0 unless CALL or DEFAULT */
    date_t call_due;    /* end of the day by which it is; CREDIT_NO_CALL = none */
    enum credit_status status;
};

/* Carried-in liability and limit of every SC on the day before the first trade date:
 * account[n_sc]. */
void credit_open(const struct market *m, struct credit_account *account);
/* Every account when a settled day ends, from the account when the one before did. */
void credit_update(const struct market *m, const struct outcome *o,
                   const struct settlement *s, int32_t day,
                   struct credit_account *account);
/* What the credit check of a trade date starts from: standing[n_sc]. */
void credit_standing(const struct market *m, const struct credit_account *account,
                     int32_t day, struct admit_standing *standing);

#endif
