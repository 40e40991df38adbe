/* account.c - liability against limit. Numbers are equations of README.md. */
#include "sim/credit/account.h"

#include <math.h>

#include "sim/base/business_day.h"
#include "sim/base/units.h"
#include "sim/model/due_dates.h"

/* Utilisation from which each status holds; shares closer than 1e-12 are the same. */
static const double notice_from = 0.7, warning_from = 0.9, call_from = 1.0;

const char *credit_status_name(enum credit_status status)
{
    static const char *const name[] = {"ok", "notice", "warning", "call", "default"};
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

/* Security of an SC when a day ends. */
static double security_usd(const struct market *m, int32_t sc, date_t date)
{
    double sum_usd = m->sc[sc].posted_security_usd;
    for (int32_t i = 0; i < m->n_posting && m->posting[i].date <= date; i++)
        if (m->posting[i].sc == sc)
            sum_usd += m->posting[i].amount_usd;
    return sum_usd;
}

/* (1), (2) and what follows from them when a day ends. */
static void assess(const struct market *m, int32_t sc, date_t date,
                   struct credit_account *a)
{
    a->limit_usd = m->sc[sc].unsecured_limit_usd + security_usd(m, sc, date);
    a->statement_usd = a->estimated_usd + a->published_usd + a->invoiced_usd;
    a->liability_usd =
        a->carried_usd + a->statement_usd + a->extrapolated_usd + a->virtual_usd;
    a->utilisation = utilisation_of(a->liability_usd, a->limit_usd);
    a->status = status_of(a->utilisation);
    a->call_usd = 0;
    if (a->status != CREDIT_CALL) {
        a->call_due = CREDIT_NO_CALL;
        return;
    }
    a->call_usd = fmax(0, a->liability_usd - a->limit_usd);
    if (a->call_due == CREDIT_NO_CALL)
        a->call_due = business_day_after(date, (int)m->rules.call_days);
    else if (date >= a->call_due)
        a->status = CREDIT_DEFAULT;
}

void credit_open(const struct market *m, struct credit_account *account)
{
    for (int32_t i = 0; i < m->n_sc; i++) {
        const struct sc *sc = &m->sc[i];
        account[i] = (struct credit_account){
            .carried_usd = sc->invoiced_usd + sc->published_usd + sc->estimated_usd +
                           sc->extrapolated_usd + sc->crr_usd + sc->other_usd,
            .call_due = CREDIT_NO_CALL,
        };
        assess(m, i, m->day[0].date - 1, &account[i]);
    }
}

static void count_statements(const struct market *m, const struct settlement *s,
                             int32_t day, struct credit_account *account)
{
    for (int32_t i = 0; i < s->n_line; i++) {
        const struct statement_line *line = &s->line[i];
        if (line->sc == SETTLE_ISO || line->day > day)
            continue;
        struct credit_account *a = &account[line->sc];
        double usd = usd_from_cents(line->amount_cents);
        a->extrapolated_usd += usd;
        switch (due_stage_on(&m->rules, m->day[line->day].date, m->day[day].date)) {
        case DUE_ESTIMATED:
            a->estimated_usd += usd;
            break;
        case DUE_PUBLISHED:
            a->published_usd += usd;
            break;
        case DUE_INVOICED:
            a->invoiced_usd += usd;
            break;
        case DUE_PAID:
            break;
        }
    }
}

/* What the awards of a day expose until real time unwinds them, which it has done by the end of
 * the day that it runs: 6473 is in the statements then. */
static void expose(const struct market *m, const struct outcome *o, int32_t day,
                   struct credit_account *account)
{
    if (m->rules.real_time)
        return;
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1]; t++) {
        const double *award_mw = o->virtual_award_mw + (int64_t)t * m->n_virtual;
        for (int32_t p = 0; p < m->n_virtual; p++)
            account[m->position[p].sc].virtual_usd +=
                mwh_from_mw(fabs(award_mw[p]), market_duration_h(m)) *
                admit_reference_price(m, p);
    }
}

void credit_update(const struct market *m, const struct outcome *o,
                   const struct settlement *s, int32_t day,
                   struct credit_account *account)
{
    for (int32_t i = 0; i < m->n_sc; i++)
        account[i].estimated_usd = account[i].published_usd = account[i].invoiced_usd =
            account[i].extrapolated_usd = 0;
    count_statements(m, s, day, account);
    expose(m, o, day, account);
    for (int32_t i = 0; i < m->n_sc; i++) {
        account[i].extrapolated_usd =
            fmax(0, account[i].extrapolated_usd * m->rules.extrapolated_days /
                        (double)(day + 1));
        assess(m, i, m->day[day].date, &account[i]);
    }
}

void credit_standing(const struct market *m, const struct credit_account *account,
                     int32_t day, struct admit_standing *standing)
{
    date_t before = m->day[day].date - 1;
    for (int32_t i = 0; i < m->n_sc; i++) {
        const struct credit_account *a = &account[i];
        double posted_usd = security_usd(m, i, before);
        double limit_usd = m->sc[i].unsecured_limit_usd + posted_usd;
        bool past_due = a->call_due != CREDIT_NO_CALL && before >= a->call_due;
        standing[i] = (struct admit_standing){
            .liability_usd = a->liability_usd,
            .security_usd = posted_usd,
            .suspended = past_due && status_of(utilisation_of(
                                         a->liability_usd, limit_usd)) == CREDIT_CALL,
            .call_usd = a->call_usd,
            .call_due = a->call_due,
        };
    }
}
