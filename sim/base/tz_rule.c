/* tz_rule.c - parsing and evaluating POSIX TZ rules. */
#include "sim/base/tz_rule.h"

#include <string.h>

enum {
    MINUTE_S = 60,
    HOUR_S = 3600,
    DAY_S = 86400
};

/* About the year 318,000: beyond it the rule is frozen, so that nothing can overflow. */
#define HORIZON_S INT64_C(10000000000000)

int64_t day_from_civil(int64_t year, int month, int day)
{
    /* Years that begin in March put the leap day last; eras of 400 years repeat. */
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void civil_from_day(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) /
        365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153; /* 0 = March */
    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

struct cursor {
    const char *p, *end;
};

static bool take(struct cursor *c, char expected)
{
    if (c->p == c->end || *c->p != expected)
        return false;
    c->p++;
    return true;
}

/* One to three digits with a value in lo..hi. */
static bool take_int(struct cursor *c, int lo, int hi, int *value)
{
    int n = 0, v = 0;
    while (n < 3 && c->p < c->end && *c->p >= '0' && *c->p <= '9') {
        v = 10 * v + (*c->p++ - '0');
        n++;
    }
    *value = v;
    return n > 0 && v >= lo && v <= hi;
}

static bool is_letter(char ch)
{
    return (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z');
}

/* A zone's abbreviation: three or more letters, or <letters digits + ->. */
static bool take_name(struct cursor *c)
{
    bool quoted = take(c, '<');
    int n = 0;
    for (; c->p < c->end; c->p++, n++) {
        bool extra = (*c->p >= '0' && *c->p <= '9') || *c->p == '+' || *c->p == '-';
        if (!is_letter(*c->p) && !(quoted && extra))
            break;
    }
    return n >= 3 && (!quoted || take(c, '>'));
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(struct cursor *c, int max_hours, int32_t *seconds)
{
    int h = 0, m = 0, s = 0;
    bool negative = take(c, '-');
    if (!negative)
        (void)take(c, '+');
    if (!take_int(c, 0, max_hours, &h))
        return false;
    if (take(c, ':')) {
        if (!take_int(c, 0, 59, &m))
            return false;
        if (take(c, ':') && !take_int(c, 0, 59, &s))
            return false;
    }
    int32_t total = h * HOUR_S + m * MINUTE_S + s;
    *seconds = negative ? -total : total;
    return true;
}

static bool take_change(struct cursor *c, struct tz_change *change)
{
    bool ok;
    if (take(c, 'M')) {
        change->kind = TZ_DAY_MONTH_WEEK;
        ok = take_int(c, 1, 12, &change->month) && take(c, '.') &&
             take_int(c, 1, 5, &change->week) && take(c, '.') &&
             take_int(c, 0, 6, &change->weekday);
    } else if (take(c, 'J')) {
        change->kind = TZ_DAY_NO_LEAP;
        ok = take_int(c, 1, 365, &change->day);
    } else {
        change->kind = TZ_DAY_OF_YEAR;
        ok = take_int(c, 0, 365, &change->day);
    }
    change->time_s = 2 * HOUR_S;
    if (ok && take(c, '/'))
        ok = take_time(c, 167, &change->time_s);
    return ok;
}

bool tz_rule_parse(const char *text, size_t len, struct tz_rule *rule)
{
    struct cursor c = {text, text + len};
    int32_t west_s = 0; /* POSIX counts west of Greenwich as positive */
    *rule = (struct tz_rule){0};
    if (!take_name(&c) || !take_time(&c, 24, &west_s))
        return false;
    rule->std_offset_s = -west_s;
    if (c.p == c.end)
        return true;
    rule->has_dst = true;
    rule->dst_offset_s = rule->std_offset_s + HOUR_S;
    if (!take_name(&c))
        return false;
    if (c.p < c.end && *c.p != ',') {
        if (!take_time(&c, 24, &west_s))
            return false;
        rule->dst_offset_s = -west_s;
    }
    return take(&c, ',') && take_change(&c, &rule->start) && take(&c, ',') &&
           take_change(&c, &rule->end) && c.p == c.end;
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t change_day(const struct tz_change *change, int64_t year)
{
    int64_t new_year = day_from_civil(year, 1, 1);
    if (change->kind == TZ_DAY_OF_YEAR)
        return new_year + change->day;
    if (change->kind == TZ_DAY_NO_LEAP)
        return new_year + change->day - 1 + (is_leap(year) && change->day >= 60);
    int64_t first = day_from_civil(year, change->month, 1);
    int64_t next_month = change->month == 12
                             ? day_from_civil(year + 1, 1, 1)
                             : day_from_civil(year, change->month + 1, 1);
    int64_t first_weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    int64_t day = first + (change->weekday - first_weekday + 7) % 7;
    day += 7 * ((int64_t)change->week - 1);
    return day < next_month ? day : day - 7;
}

struct tz_span tz_rule_span(const struct tz_rule *rule, int64_t utc_s)
{
    struct tz_span span = {INT64_MIN, INT64_MAX, rule->std_offset_s};
    if (!rule->has_dst)
        return span;
    int64_t t = utc_s;
    if (t < -HORIZON_S || t > HORIZON_S)
        t = t < 0 ? -HORIZON_S : HORIZON_S;
    int64_t year;
    int month, day;
    civil_from_day((t >= 0 ? t : t - (DAY_S - 1)) / DAY_S, &year, &month, &day);
    /*
     * A rule with large times can act in the year next to its own, so three years are
     * looked at. Of two changes at one instant the later in this order counts: the end of
     * one year's daylight saving time is undone by the start of the next year's.
     */
    for (int64_t y = year - 1; y <= year + 1; y++) {
        const struct {
            int64_t at_utc_s;
            int32_t offset_s;
        } event[2] = {
            {change_day(&rule->start, y) * DAY_S + rule->start.time_s -
                 rule->std_offset_s,
             rule->dst_offset_s},
            {change_day(&rule->end, y) * DAY_S + rule->end.time_s - rule->dst_offset_s,
             rule->std_offset_s},
        };
        for (int i = 0; i < 2; i++) {
            if (event[i].at_utc_s <= t && event[i].at_utc_s >= span.from_utc_s) {
                span.from_utc_s = event[i].at_utc_s;
                span.offset_s = event[i].offset_s;
            } else if (event[i].at_utc_s > t && event[i].at_utc_s < span.until_utc_s) {
                span.until_utc_s = event[i].at_utc_s;
            }
        }
    }
    if (utc_s != t) /* beyond the horizon */
        span = (struct tz_span){INT64_MIN, INT64_MAX, span.offset_s};
    return span;
}
