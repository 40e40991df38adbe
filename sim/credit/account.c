/* account.c - liability against limit. */
#include "sim/credit/account.h"

#include <math.h>

#include "sim/base/units.h"

/* Utilisation from which each status holds; shares closer than 1e-12 are the same. */
static const double notice_from = 0.7, warning_from = 0.9, call_from = 1.0;

const char *credit_status_name(enum credit_status status)
{
    static const char *const name[] = {"ok", "notice", "warning", "call"};
    return name[status];
}

static bool reaches(double utilisation, double threshold)
{
    return utilisation >= threshold || num_close(utilisation, threshold, 1e-12, 0);
}

static enum credit_status status_of(double utilisation)
{
    if (reaches(utilisation, call_from))
        return CREDIT_CALL;
    if (reaches(utilisation, warning_from))
        return CREDIT_WARNING;
    return reaches(utilisation, notice_from) ? CREDIT_NOTICE : CREDIT_OK;
}

/* Who has no limit and owes nothing uses none of it. */
static double utilisation_of(double liability_usd, double limit_usd)
{
    if (limit_usd > 0)
        return liability_usd / limit_usd;
    return liability_usd > 0 ? HUGE_VAL : 0;
}

/* (1) and what follows from it. */
static void assess(struct credit_account *a)
{
    a->liability_usd = a->carried_usd + a->statement_usd + a->virtual_usd;
    a->utilisation = utilisation_of(a->liability_usd, a->limit_usd);
    a->status = status_of(a->utilisation);
    a->call_usd = 0;
    if (a->status == CREDIT_CALL)
        a->call_usd = fmax(0, a->liability_usd - a->limit_usd);
}

void credit_open(const struct market *m, struct credit_account *account)
{
    for (int32_t i = 0; i < m->n_sc; i++) {
        const struct sc *sc = &m->sc[i];
        account[i] = (struct credit_account){
            .limit_usd = sc->unsecured_limit_usd + sc->posted_security_usd,
            .carried_usd = sc->invoiced_usd + sc->published_usd + sc->estimated_usd +
                           sc->extrapolated_usd + sc->crr_usd + sc->other_usd,
        };
        assess(&account[i]);
    }
}

void credit_update(const struct market *m, const struct outcome *o,
                   const struct settlement *s, int32_t day,
                   struct credit_account *account)
{
    for (int32_t i = 0; i < s->n_line; i++)
        if (s->line[i].day == day && s->line[i].sc != SETTLE_ISO)
            account[s->line[i].sc].statement_usd +=
                usd_from_cents(s->line[i].amount_cents);
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1]; t++) {
        const double *award_mw = o->virtual_award_mw + (int64_t)t * m->n_virtual;
        for (int32_t p = 0; p < m->n_virtual; p++)
            account[m->position[p].sc].virtual_usd +=
                mwh_from_mw(fabs(award_mw[p]), market_duration_h()) *
                admit_reference_price(m, p);
    }
    for (int32_t i = 0; i < m->n_sc; i++)
        assess(&account[i]);
}
