/* baseline.c - days that were like the event day, and their mean. */
#include "sim/settle/baseline.h"

#include <math.h>

#include "sim/base/business_day.h"

enum {
    DAYS_BACK = 45,
    MOST_BUSINESS = BASELINE_MOST_DAYS,
    LEAST_BUSINESS = 5,
    OTHER_DAYS = 4, /* both most and least */
    FIRST_BEFORE = 4,
    LAST_BEFORE = 2 /* hours before the event that adjust */
};

static const double least_adjustment = 0.80, most_adjustment = 1.20;

/* Loads of a day by hour-ending. */
struct day_load {
    date_t date;
    double mwh[BASELINE_HOURS]; /* NaN = no row */
    double event_mwh;           /* sum over the event; NaN where a row is missing */
    bool skipped;
};

static struct day_load load_of(const struct response_row *history, int64_t n,
                               date_t date, const bool *event)
{
    struct day_load day = {.date = date};
    for (int h = 0; h < BASELINE_HOURS; h++)
        day.mwh[h] = (double)NAN;
    for (int64_t i = 0; i < n; i++) {
        if (history[i].date != date)
            continue;
        day.mwh[history[i].hour] = history[i].load_mwh;
        day.skipped = day.skipped || history[i].skipped;
    }
    for (int h = 0; h < BASELINE_HOURS; h++)
        if (event[h])
            day.event_mwh += day.mwh[h];
    return day;
}

/* The skipped day with the most load in the event that is not chosen yet; -1 = none. */
static int fullest(const struct day_load *day, int n, const bool *chosen)
{
    int best = -1;
    for (int i = 0; i < n; i++)
        if (day[i].skipped && !chosen[i] &&
            (best < 0 || day[i].event_mwh > day[best].event_mwh))
            best = i;
    return best;
}

/* Candidates in the order in which they count; how many. */
static int choose(const struct day_load *day, int n, bool business,
                  const struct day_load **order)
{
    int most = business ? MOST_BUSINESS : OTHER_DAYS;
    int least = business ? LEAST_BUSINESS : OTHER_DAYS;
    bool chosen[DAYS_BACK] = {false};
    int n_chosen = 0;
    for (int i = 0; i < n && n_chosen < most; i++)
        if (!day[i].skipped)
            order[n_chosen++] = &day[i];
    for (int i; n_chosen < least && (i = fullest(day, n, chosen)) >= 0;) {
        chosen[i] = true;
        order[n_chosen++] = &day[i];
    }
    return n_chosen;
}

/* Mean of an hour over the days that have it; NaN where none has. */
static double mean_of(const struct day_load *const *day, int n, int hour)
{
    double sum = 0;
    int count = 0;
    for (int i = 0; i < n; i++)
        if (!isnan(day[i]->mwh[hour])) {
            sum += day[i]->mwh[hour];
            count++;
        }
    return count ? sum / count : (double)NAN;
}

/* (2) */
static double adjustment_of(const struct day_load *const *day, int n,
                            const struct day_load *today, int first)
{
    double load = 0, raw = 0;
    for (int h = first - FIRST_BEFORE; h <= first - LAST_BEFORE; h++) {
        double mean = h > 0 ? mean_of(day, n, h) : (double)NAN;
        if (isnan(mean) || isnan(today->mwh[h]))
            continue;
        load += today->mwh[h];
        raw += mean;
    }
    return raw > 0 ? fmin(fmax(load / raw, least_adjustment), most_adjustment) : 1;
}

void baseline_find(const struct response_row *history, int64_t n, date_t event_day,
                   const bool *event, struct baseline *out)
{
    struct day_load today = load_of(history, n, event_day, event), day[DAYS_BACK];
    const struct day_load *order[DAYS_BACK];
    bool business = is_business_day(event_day);
    int n_day = 0, first = 0;
    *out = (struct baseline){.adjustment = 1};
    for (int h = BASELINE_HOURS - 1; h > 0; h--)
        if (event[h])
            first = h;
    if (!first || isnan(today.event_mwh))
        return;
    for (date_t back = 1; back <= DAYS_BACK; back++) {
        if (is_business_day(event_day - back) != business)
            continue;
        day[n_day] = load_of(history, n, event_day - back, event);
        n_day += !isnan(day[n_day].event_mwh);
    }
    out->n_chosen = choose(day, n_day, business, order);
    if (!out->n_chosen)
        return;
    for (int i = 0; i < out->n_chosen; i++)
        out->chosen[i] = order[i]->date;
    out->adjustment = adjustment_of(order, out->n_chosen, &today, first);
    for (int h = first; h < BASELINE_HOURS; h++) {
        if (!event[h])
            continue;
        out->raw_mwh[h] = mean_of(order, out->n_chosen, h);
        out->measured_mwh[h] =
            fmax(0, out->adjustment * out->raw_mwh[h] - today.mwh[h]);
    }
}
