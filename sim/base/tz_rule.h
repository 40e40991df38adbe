/*
 * tz_rule.h - the POSIX TZ rule that ends a compiled time zone ("PST8PDT,M3.2.0,M11.1.0"):
 * what the clock does in all the years after the last listed transition.
 *
 *     std offset [dst [offset] , start [/time] , end [/time]]
 *
 * Dates are Mm.w.d (month, week 1..5 with 5 = last, day of week 0 = Sunday), Jn (day
 * 1..365, 29 February never counted) or n (day 0..365). Times run from -167 to 167 hours
 * (RFC 8536, section 3.3.1), 02:00:00 when absent. A rule with daylight saving time but
 * without dates means nothing portable and is refused.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_TZ_RULE_H
#define SIM_BASE_TZ_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tz_day_kind {
    TZ_DAY_MONTH_WEEK, /* Mm.w.d */
    TZ_DAY_NO_LEAP,    /* Jn */
    TZ_DAY_OF_YEAR,    /* n */
};

struct tz_change {
    enum tz_day_kind kind;
    int month, week, weekday; /* TZ_DAY_MONTH_WEEK */
    int day;                  /* the other two */
    int32_t time_s;           /* local time of day at which the clock changes */
};

struct tz_rule {
    int32_t std_offset_s, dst_offset_s; /* to add to UTC */
    bool has_dst;
    struct tz_change start, end; /* of daylight saving time, meaningful if has_dst */
};

/* A stretch of time in which the clock keeps one distance from UTC: from <= t < until. */
struct tz_span {
    int64_t from_utc_s, until_utc_s; /* INT64_MIN, INT64_MAX = no end */
    int32_t offset_s;
};

/* The whole of text[0..len) or nothing. */
bool tz_rule_parse(const char *text, size_t len, struct tz_rule *rule);
/* The span that holds utc_s; it may end before the offset really changes. */
struct tz_span tz_rule_span(const struct tz_rule *rule, int64_t utc_s);

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar; month 1..12. */
int64_t day_from_civil(int64_t year, int month, int day);
/* The inverse. */
void civil_from_day(int64_t days, int64_t *year, int *month, int *day);

#endif
