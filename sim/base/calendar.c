/* calendar.c - dates as text, instants as text, and the hours of a trade day. */
#include "sim/base/calendar.h"

#include <string.h>

#include "sim/base/time_zone.h"
#include "sim/base/tz_rule.h"

enum {
    HOUR_S = 3600,
    DAY_S = 86400,
    FIRST_YEAR = 1970,
    LAST_YEAR = 2199
};

/* ---- dates as text ---- */

static bool read_digits(const char *text, int n, int *value)
{
    *value = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = 10 * *value + (text[i] - '0');
    }
    return true;
}

bool date_parse(const char *text, size_t len, date_t *date)
{
    int year, month, day;
    if (len != 10 || text[4] != '-' || text[7] != '-')
        return false;
    if (!read_digits(text, 4, &year) || !read_digits(text + 5, 2, &month) ||
        !read_digits(text + 8, 2, &day))
        return false;
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1)
        return false;
    int64_t days = day_from_civil(year, month, day), year_back;
    int month_back, day_back;
    civil_from_day(days, &year_back, &month_back, &day_back);
    if (year_back != year || month_back != month || day_back != day)
        return false; /* such as 31 April */
    *date = (date_t)days;
    return true;
}

static void write_digits(char *text, int n, int value)
{
    for (int i = n - 1; i >= 0; i--, value /= 10)
        text[i] = (char)('0' + value % 10);
}

/* Ten characters and NUL; a year that does not have four digits is shown as "####". */
static void write_date(int64_t days, char text[11])
{
    int64_t year;
    int month, day;
    civil_from_day(days, &year, &month, &day);
    memcpy(text, "####-00-00", 11);
    if (year >= 0 && year <= 9999)
        write_digits(text, 4, (int)year);
    write_digits(text + 5, 2, month);
    write_digits(text + 8, 2, day);
}

void date_format(date_t date, char text[11])
{
    write_date(date, text);
}

int date_days_in_month(date_t date)
{
    int64_t year;
    int month, day;
    civil_from_day(date, &year, &month, &day);
    int64_t next = month == 12 ? day_from_civil(year + 1, 1, 1)
                               : day_from_civil(year, month + 1, 1);
    return (int)(next - day_from_civil(year, month, 1));
}

void utc_format(int64_t utc_s, char text[21])
{
    int64_t days = utc_s / DAY_S - (utc_s % DAY_S < 0);
    int second = (int)((utc_s % DAY_S + DAY_S) % DAY_S);
    write_date(days, text);
    memcpy(text + 10, "T00:00:00Z", 11);
    write_digits(text + 11, 2, second / HOUR_S);
    write_digits(text + 14, 2, second % HOUR_S / 60);
    write_digits(text + 17, 2, second % 60);
}

/* ---- trade days ---- */

/*
 * The first instant whose local time is at or past midnight of the date. Where the clock
 * jumps over midnight that is the jump; where midnight comes twice, its first coming.
 */
static int64_t day_start_utc_s(const struct time_zone *tz, int64_t date)
{
    int64_t midnight_local_s = date * DAY_S;
    int64_t t = midnight_local_s - TIME_ZONE_MAX_OFFSET_S - HOUR_S;
    for (;;) {
        struct tz_span span = time_zone_span(tz, t);
        int64_t at = midnight_local_s - span.offset_s;
        if (at < t)
            at = t;
        if (at < span.until_utc_s)
            return at;
        t = span.until_utc_s;
    }
}

/* The hour of the day, 0..23, that local clocks show. */
static int local_hour(const struct time_zone *tz, int64_t utc_s)
{
    int64_t local_s = utc_s + time_zone_offset_s(tz, utc_s);
    return (int)((local_s % DAY_S + DAY_S) % DAY_S / HOUR_S);
}

/* The first hour of 0..23 at which no hour of a short day starts. */
static int missing_hour(const struct time_zone *tz, const struct trade_day *day)
{
    bool starts[24] = {false};
    for (int i = 0; i < day->n_hours; i++)
        starts[local_hour(tz, day->start_utc_s[i])] = true;
    int hour = 0;
    while (hour < 23 && starts[hour])
        hour++;
    return hour;
}

enum err_code trade_day_from_date(const struct time_zone *tz, date_t date,
                                  struct trade_day *out, struct err *err)
{
    int64_t start = day_start_utc_s(tz, date);
    int64_t length_s = day_start_utc_s(tz, (int64_t)date + 1) - start;
    *out = (struct trade_day){.date = date};
    if (length_s % HOUR_S != 0 || length_s < (int64_t)23 * HOUR_S ||
        length_s > (int64_t)CALENDAR_MAX_HOURS * HOUR_S) {
        char text[11];
        date_format(date, text);
        return err_set(
            err, ERR_INPUT,
            "%s is %.4g hours long in its time zone; expected a day of 23, 24 "
            "or 25 whole hours",
            text, (double)length_s / HOUR_S);
    }
    out->n_hours = (int)(length_s / HOUR_S);
    for (int i = 0; i < out->n_hours; i++)
        out->start_utc_s[i] = start + (int64_t)i * HOUR_S;
    int skipped =
        out->n_hours < 24 ? missing_hour(tz, out) + 1 : CALENDAR_MAX_HOURS + 1;
    for (int i = 0; i < out->n_hours; i++)
        out->hour_ending[i] = i + 1 < skipped ? i + 1 : i + 2;
    return ERR_OK;
}

int trade_day_find_hour(const struct trade_day *day, int hour_ending)
{
    for (int i = 0; i < day->n_hours; i++)
        if (day->hour_ending[i] == hour_ending)
            return i;
    return -1;
}
