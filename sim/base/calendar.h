/*
 * calendar.h - trade days in local prevailing time, 23, 24 or 25 hours long.
 *
 * A date is a day number (days since 1970-01-01, proleptic Gregorian). A time zone is
 * read from the system's compiled IANA database (RFC 8536), never from the environment,
 * so results do not depend on where the program runs. Hours are named by hour-ending:
 * 1..24 on an ordinary day; the long day runs 1..25; the short day skips the hour whose
 * start the clock jumps over (HE 3 in most of North America).
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_CALENDAR_H
#define SIM_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

typedef int32_t date_t; /* days since 1970-01-01 */

enum {
    CALENDAR_MAX_HOURS = 25
};

/* "YYYY-MM-DD", a date that exists, years 1970..2199; false otherwise. */
bool date_parse(const char *text, size_t len, date_t *date);
/* Writes "YYYY-MM-DD" and NUL. */
void date_format(date_t date, char text[11]);
/* Days of the month that a date is in. */
int date_days_in_month(date_t date);

/* Writes "YYYY-MM-DDThh:mm:ssZ" and NUL. */
void utc_format(int64_t utc_s, char text[21]);

struct time_zone; /* opaque, owned by the caller once opened */

/* Opens an IANA zone such as "America/Los_Angeles". ERR_INPUT when there is none. */
MUST_CHECK enum err_code time_zone_open(const char *name, struct time_zone **out,
                                        struct err *err);
void time_zone_close(struct time_zone *tz);
/* Seconds to add to UTC to get local time at that instant. */
int32_t time_zone_offset_s(const struct time_zone *tz, int64_t utc_s);

struct trade_day {
    date_t date;
    int n_hours;                             /* 23, 24 or 25 */
    int64_t start_utc_s[CALENDAR_MAX_HOURS]; /* [n_hours] start of each hour */
    int hour_ending[CALENDAR_MAX_HOURS];     /* [n_hours] its name */
};

/* ERR_INPUT when the day is not a whole number of hours from 23 to 25 there. */
MUST_CHECK enum err_code trade_day_from_date(const struct time_zone *tz, date_t date,
                                             struct trade_day *out, struct err *err);
/* Position 0..n_hours-1 of an hour-ending, or -1 if the day does not have it. */
int trade_day_find_hour(const struct trade_day *day, int hour_ending);

#endif
