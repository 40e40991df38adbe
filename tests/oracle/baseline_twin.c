/* baseline_twin.c - see baseline_twin.h. */
#include "tests/oracle/baseline_twin.h"

#include <math.h>

#include "sim/base/business_day.h"

struct look {
    const struct response_row *row;
    int64_t n;
    const bool *event;
};

static double load(const struct look *l, date_t date, int hour)
{
    for (int64_t i = 0; i < l->n; i++)
        if (l->row[i].date == date && l->row[i].hour == hour)
            return l->row[i].load_mwh;
    return (double)NAN;
}

static bool skipped(const struct look *l, date_t date)
{
    for (int64_t i = 0; i < l->n; i++)
        if (l->row[i].date == date && l->row[i].skipped)
            return true;
    return false;
}

static double event_load(const struct look *l, date_t date)
{
    double sum = 0;
    for (int hour = 1; hour <= 25; hour++)
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
    for (date_t d = e - 45; d < e; d++) {
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
    for (date_t d = e - 45; d < e; d++)
        if (is_chosen(l, e, d) && !isnan(load(l, d, hour))) {
            sum += load(l, d, hour);
            count++;
        }
    return sum / count; /* NaN where none has */
}

double baseline_twin_mwh(const struct response_row *row, int64_t n, date_t event_day,
                         const bool *event, int hour)
{
    struct look l = {row, n, event};
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
