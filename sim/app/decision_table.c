/* decision_table.c - what admission decided, as one readable table. */
#include "sim/app/decision_table.h"

#include <string.h>

#include "sim/app/amount.h"

/* Decision j says the same as decision i, which is of an hour before it. */
static bool continues(const struct market *m, const struct admit_decision *i,
                      const struct admit_decision *j, int32_t distance)
{
    return i->status == j->status && i->rule == j->rule &&
           i->owner_kind == j->owner_kind && i->owner == j->owner &&
           j->interval == i->interval + distance &&
           market_day_of(m, i->interval) == market_day_of(m, j->interval) &&
           num_close(i->before_mw, j->before_mw, 1e-9, 0) &&
           num_close(i->after_mw, j->after_mw, 1e-9, 0) &&
           strcmp(i->reason, j->reason) == 0;
}

enum {
    BID_ID_SIZE = 256
};

/* A bid by its owner; "G1 real time". */
static void bid_id(const struct market *m, const struct admit_decision *d,
                   char id[BID_ID_SIZE])
{
    const char *owner = d->owner_kind == ADMIT_SERVICE ? m->service_bidder[d->owner].id
                        : d->owner_kind == ADMIT_VIRTUAL ? m->position[d->owner].id
                                                         : m->resource[d->owner].id;
    (void)snprintf(id, BID_ID_SIZE, "%s%s", owner,
                   d->owner_kind == ADMIT_REAL_TIME ? " real time" : "");
}

static int hour_of(const struct market *m, int32_t interval)
{
    int32_t day = market_day_of(m, interval);
    return m->day[day].hour_ending[interval - m->first_interval[day]];
}

static void print_decision(const struct market *m, const struct admit_decision *first,
                           const struct admit_decision *last, int width, FILE *out)
{
    char date[11], hours[24], id[BID_ID_SIZE];
    int from = hour_of(m, first->interval), to = hour_of(m, last->interval);
    date_format(m->day[market_day_of(m, first->interval)].date, date);
    (void)snprintf(hours, sizeof hours, from == to ? "%d" : "%d-%d", from, to);
    bid_id(m, first, id);
    (void)fprintf(out, "%-*s  %s  %-5s  %-8s  %-4s  %9s  %9s  %s\n", width, id, date,
                  hours, bid_status_name(first->status), admit_rule_id(first->rule),
                  amount_from_number(first->before_mw, 2).text,
                  amount_from_number(first->after_mw, 2).text, first->reason);
}

static void print_decisions(const struct market *m, const struct admission *a,
                            FILE *out)
{
    int width = (int)strlen("bid");
    for (int32_t i = 0; i < a->n_decision; i++) {
        char id[BID_ID_SIZE];
        bid_id(m, &a->decision[i], id);
        int n = (int)strlen(id);
        width = n > width ? n : width;
    }
    (void)fprintf(out, "\n%-*s  %-10s  %-5s  %-8s  %-4s  %9s  %9s  %s\n", width, "bid",
                  "date", "hours", "status", "rule", "before MW", "after MW", "reason");
    for (int32_t i = 0; i < a->n_decision;) {
        int32_t next = i + 1;
        while (next < a->n_decision &&
               continues(m, &a->decision[i], &a->decision[next], next - i))
            next++;
        print_decision(m, &a->decision[i], &a->decision[next - 1], width, out);
        i = next;
    }
}

void decision_table_print(const struct market *m, const struct admission *a, FILE *out)
{
    if (a->n_decision == 0)
        (void)fprintf(out, "\nevery bid was taken as it stood\n");
    else
        print_decisions(m, a, out);
    (void)fprintf(out, "\ncredit before clearing, USD\n");
    for (int32_t i = 0; i < a->n_credit; i++) {
        const struct admit_credit *c = &a->credit[i];
        char date[11];
        date_format(m->day[c->day].date, date);
        if (c->demand_usd > 0 || c->virtual_usd > 0)
            (void)fprintf(out, "%s  %s: %s\n", date, m->sc[c->sc].id, c->arithmetic);
    }
}
