/*
 * account.h - liability against limit, before bids and after statements.
 *
 *     EAL = invoiced + published + estimated + extrapolated + CRR + other
 *           + statements of this run + exposure of awarded virtual bids          (1)
 *     ACL = unsecured limit + posted security                                   (2)
 *     utilisation u = EAL / ACL: notice from 0.7, warning from 0.9, call from 1.0
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
};

const char *credit_status_name(enum credit_status status); /* "ok", "notice", ... */

struct credit_account {
    double limit_usd;
    double carried_usd;   /* before the first trade date */
    double statement_usd; /* net of this run's statements so far; negative = is owed */
    double virtual_usd;   /* exposure of awarded virtual bids not yet unwound */
    double liability_usd; /* EAL, (1) */
    double utilisation;   /* liability / limit; INFINITY when limit is 0 and it owes */
    double call_usd;      /* collateral asked for, 0 unless CALL */
    enum credit_status status;
};

/* Carried-in liability and limit of every SC: account[n_sc]. */
void credit_open(const struct market *m, struct credit_account *account);
/* Adds a settled day. */
void credit_update(const struct market *m, const struct outcome *o,
                   const struct settlement *s, int32_t day,
                   struct credit_account *account);

#endif
