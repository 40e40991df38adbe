/* baseline_twin.c - see baseline_twin.h. */
#include "tests/oracle/baseline_twin.h"

#include <math.h>

#include "sim/base/business_day.h"

enum {
    BACK = 45, /* days before the event that are looked at */
    HOURS = 25
};

/* The days from e - BACK to e. */
struct look {
    date_t e;
    double load_mwh[BACK + 1][HOURS + 1]; /* by hour ending; NaN = there is none */
    bool skipped[BACK + 1];
    const bool *event;
};

static double load(const struct look *l, date_t date, int hour)
{
    return l->load_mwh[date - l->e + BACK][hour];
}

static bool skipped(const struct look *l, date_t date)
{
    return l->skipped[date - l->e + BACK];
}

/* The first row of an hour counts. */
static void look_at(struct look *l, const struct response_row *row, int64_t n)
{
    for (int d = 0; d <= BACK; d++)
        for (int hour = 0; hour <= HOURS; hour++)
            l->load_mwh[d][hour] = (double)NAN;
    for (int64_t i = n; i-- > 0;) {
        int64_t d = (int64_t)row[i].date - l->e + BACK;
        if (d < 0 || d > BACK || row[i].hour < 1 || row[i].hour > HOURS)
            continue;
        l->load_mwh[d][row[i].hour] = row[i].load_mwh;
        l->skipped[d] = l->skipped[d] || row[i].skipped;
    }
}

static double event_load(const struct look *l, date_t date)
{
    double sum = 0;
    for (int hour = 1; hour <= HOURS; hour++)
        if (l->event[hour])
            sum += load(l, date, hour);
    return sum;
}

/* Whether a day is chosen: by counting how many come before it in its own ranking. */
static bool is_chosen(const struct look *l, date_t e, date_t date)
{
    bool business = is_business_day(e);
    int most = business ? 10 : 4, least = business ? 5 : 4, good = 0, before = 0;
    if (is_business_day(date) != business || isnan(event_load(l, date)))
        return false;
    for (date_t d = e - BACK; d < e; d++) {
        if (is_business_day(d) != business || isnan(event_load(l, d)))
            continue;
        if (!skipped(l, d)) {
            good++;
            before += !skipped(l, date) && d > date;
        } else if (skipped(l, date))
            before += event_load(l, d) > event_load(l, date) ||
                      (event_load(l, d) == event_load(l, date) && d > date);
    }
    return before < (skipped(l, date) ? least - good : most);
}

/* Mean over the chosen days that have the hour. */
static double mean(const struct look *l, date_t e, int hour)
{
    double sum = 0, count = 0;
    for (date_t d = e - BACK; d < e; d++)
        if (is_chosen(l, e, d) && !isnan(load(l, d, hour))) {
            sum += load(l, d, hour);
            count++;
        }
    return sum / count; /* NaN where none has */
}

double baseline_twin_mwh(const struct response_row *row, int64_t n, date_t event_day,
                         const bool *event, int hour)
{
    struct look l = {.e = event_day, .event = event};
    look_at(&l, row, n);
    double today = 0, raw = 0, first = 1;
    if (!event[hour] || isnan(event_load(&l, event_day)))
        return 0;
    while (!event[(int)first])
        first++;
    for (int h = (int)first - 4; h <= (int)first - 2; h++)
        if (h >= 1 && !isnan(load(&l, event_day, h) + mean(&l, event_day, h))) {
            today += load(&l, event_day, h);
            raw += mean(&l, event_day, h);
        }
    double ratio = raw > 0 ? today / raw : 1;
    ratio = ratio < 0.8 ? 0.8 : ratio > 1.2 ? 1.2 : ratio;
    double left = ratio * mean(&l, event_day, hour) - load(&l, event_day, hour);
    return left > 0 ? left : 0;
}
