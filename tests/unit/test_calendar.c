/* test_calendar.c - dates, and days of 23, 24 and 25 hours. */
#include "sim/base/calendar.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/mem.h"

static date_t date_of(const char *text)
{
    date_t date = 0;
    cr_assert(date_parse(text, strlen(text), &date), "%s", text);
    return date;
}

static enum err_code day_code(const char *zone, const char *date, struct trade_day *day,
                              struct err *err)
{
    struct time_zone *tz = NULL;
    cr_assert_eq(time_zone_open(zone, &tz, err), ERR_OK, "%s", zone);
    enum err_code code = trade_day_from_date(tz, date_of(date), day, err);
    time_zone_close(tz);
    return code;
}

static struct trade_day day_of(const char *zone, const char *date)
{
    struct trade_day day;
    cr_assert_eq(day_code(zone, date, &day, NULL), ERR_OK, "%s %s", zone, date);
    for (int i = 1; i < day.n_hours; i++)
        cr_assert_eq(day.start_utc_s[i], day.start_utc_s[i - 1] + 3600);
    for (int i = 0; i < day.n_hours; i++)
        cr_assert_eq(trade_day_find_hour(&day, day.hour_ending[i]), i);
    return day;
}

static void start_is(const struct trade_day *day, int hour, const char *expected)
{
    char text[21];
    utc_format(day->start_utc_s[hour], text);
    cr_assert_str_eq(text, expected);
}

Test(calendar, dates_that_exist_round_trip)
{
    static const char *const good[] = {"1970-01-01", "2000-02-29", "2026-03-08",
                                       "2044-02-29", "2100-02-28", "2199-12-31"};
    cr_assert_eq(date_of("1970-01-01"), 0);
    cr_assert_eq(date_of("2026-03-08"), 20520);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char text[11];
        date_format(date_of(good[i]), text);
        cr_assert_str_eq(text, good[i]);
    }
}

Test(calendar, dates_that_do_not_exist_are_refused)
{
    static const char *const bad[] = {
        "",           "2026-3-08",  "2026-02-29",  "2100-02-29", "2026-04-31",
        "2026-13-01", "2026-00-01", "2026-01-00",  "1969-12-31", "2200-01-01",
        "2026/03/08", "20260308",   "2026-03-08 ", "+026-03-08", "2026-03-0x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        date_t date = 7;
        cr_assert_not(date_parse(bad[i], strlen(bad[i]), &date), "%s", bad[i]);
        cr_assert_eq(date, 7, "untouched");
    }
}

Test(calendar, instants_are_written_in_utc)
{
    char text[21];
    utc_format(0, text);
    cr_assert_str_eq(text, "1970-01-01T00:00:00Z");
    utc_format(-1, text);
    cr_assert_str_eq(text, "1969-12-31T23:59:59Z");
    utc_format(INT64_C(1772956799), text);
    cr_assert_str_eq(text, "2026-03-08T07:59:59Z");
    utc_format(INT64_MAX, text);
    cr_assert_eq(strlen(text), 20);
    utc_format(INT64_MIN, text);
    cr_assert_eq(strlen(text), 20);
    date_format(INT32_MAX, text);
    cr_assert_eq(strlen(text), 10);
}

Test(calendar, the_short_day_in_california_has_no_hour_ending_3)
{
    struct trade_day day = day_of("America/Los_Angeles", "2026-03-08");
    cr_assert_eq(day.n_hours, 23);
    cr_assert_eq(trade_day_find_hour(&day, 2), 1);
    cr_assert_eq(trade_day_find_hour(&day, 3), -1);
    cr_assert_eq(trade_day_find_hour(&day, 4), 2);
    cr_assert_eq(trade_day_find_hour(&day, 24), 22);
    cr_assert_eq(trade_day_find_hour(&day, 25), -1);
    cr_assert_eq(trade_day_find_hour(&day, 0), -1);
    start_is(&day, 0, "2026-03-08T08:00:00Z");
    start_is(&day, 2, "2026-03-08T10:00:00Z");
}

Test(calendar, the_long_day_in_california_runs_to_hour_ending_25)
{
    struct trade_day day = day_of("America/Los_Angeles", "2026-11-01");
    cr_assert_eq(day.n_hours, 25);
    for (int i = 0; i < 25; i++)
        cr_assert_eq(day.hour_ending[i], i + 1);
    start_is(&day, 0, "2026-11-01T07:00:00Z");
    start_is(&day, 24, "2026-11-02T07:00:00Z");
}

Test(calendar, an_ordinary_day_has_24_hours_and_follows_the_one_before)
{
    struct trade_day day = day_of("America/Los_Angeles", "2026-03-09");
    cr_assert_eq(day.n_hours, 24);
    cr_assert_eq(day.hour_ending[23], 24);
    start_is(&day, 0, "2026-03-09T07:00:00Z");
    day = day_of("UTC", "2026-03-08");
    cr_assert_eq(day.n_hours, 24);
    start_is(&day, 0, "2026-03-08T00:00:00Z");
}

Test(calendar, the_short_day_in_germany_skips_hour_ending_3_too)
{
    struct trade_day day = day_of("Europe/Berlin", "2026-03-29");
    cr_assert_eq(day.n_hours, 23);
    cr_assert_eq(trade_day_find_hour(&day, 3), -1);
    start_is(&day, 0, "2026-03-28T23:00:00Z");
    cr_assert_eq(day_of("Europe/Berlin", "2026-10-25").n_hours, 25);
}

Test(calendar, a_half_hour_offset_still_gives_whole_hours)
{
    struct trade_day day = day_of("Asia/Kolkata", "2026-03-08");
    cr_assert_eq(day.n_hours, 24);
    start_is(&day, 0, "2026-03-07T18:30:00Z");
}

Test(calendar, a_half_hour_change_is_refused_and_explained)
{
    static const char *const date[] = {"2026-04-05", "2026-10-04"};
    for (int i = 0; i < 2; i++) {
        struct trade_day day;
        struct err err = {0};
        cr_assert_eq(day_code("Australia/Lord_Howe", date[i], &day, &err), ERR_INPUT);
        cr_assert_not_null(strstr(err.msg, i ? "23.5 hours" : "24.5 hours"), "%s",
                           err.msg);
        cr_assert_not_null(strstr(err.msg, "; expected"));
    }
    cr_assert_eq(day_of("Australia/Lord_Howe", "2026-07-01").n_hours, 24);
}

Test(calendar, a_day_whose_midnight_is_jumped_over_starts_with_hour_ending_2)
{
    /* Havana goes from 00:00 to 01:00 on the second Sunday of March. */
    struct trade_day day = day_of("America/Havana", "2026-03-08");
    cr_assert_eq(day.n_hours, 23);
    cr_assert_eq(day.hour_ending[0], 2);
    cr_assert_eq(day.hour_ending[22], 24);
    start_is(&day, 0, "2026-03-08T05:00:00Z");
    /* It goes back from 01:00 to 00:00: that day has midnight twice. */
    day = day_of("America/Havana", "2026-11-01");
    cr_assert_eq(day.n_hours, 25);
    start_is(&day, 0, "2026-11-01T04:00:00Z");
    /* Beirut goes back from 24:00 to 23:00: the long day is the Saturday. */
    day = day_of("Asia/Beirut", "2026-10-24");
    cr_assert_eq(day.n_hours, 25);
    cr_assert_eq(day_of("Asia/Beirut", "2026-10-25").n_hours, 24);
    day = day_of("Asia/Beirut", "2026-03-29");
    cr_assert_eq(day.hour_ending[0], 2);
}

Test(calendar, a_change_late_in_the_evening_skips_a_late_hour)
{
    /* Nuuk goes from 23:00 to 24:00 on a Saturday evening: hour ending 24 is missing. */
    struct trade_day day = day_of("America/Nuuk", "2026-03-28");
    cr_assert_eq(day.n_hours, 23);
    cr_assert_eq(trade_day_find_hour(&day, 24), -1);
    cr_assert_eq(day.hour_ending[22], 23);
    cr_assert_eq(day_of("America/Nuuk", "2026-03-29").n_hours, 24);
}

Test(calendar, a_day_that_was_skipped_altogether_is_refused)
{
    struct trade_day day;
    cr_assert_eq(day_code("Pacific/Apia", "2011-12-30", &day, NULL), ERR_INPUT);
}

Test(calendar, years_after_the_last_listed_change_follow_the_rule)
{
    cr_assert_eq(day_of("America/Los_Angeles", "2045-03-12").n_hours, 23);
    cr_assert_eq(day_of("America/Los_Angeles", "2045-11-05").n_hours, 25);
    cr_assert_eq(day_of("America/Los_Angeles", "2045-07-01").n_hours, 24);
    cr_assert_eq(day_of("Europe/Berlin", "2199-10-27").n_hours, 25);
    struct trade_day day = day_of("America/Los_Angeles", "2045-07-01");
    start_is(&day, 0, "2045-07-01T07:00:00Z");
}

Test(calendar, days_of_a_century_join_without_gap_or_overlap)
{
    static const char *const zone[] = {"America/Los_Angeles", "America/Havana",
                                       "Europe/Berlin", "Pacific/Auckland"};
    for (size_t z = 0; z < sizeof zone / sizeof *zone; z++) {
        struct time_zone *tz = NULL;
        cr_assert_eq(time_zone_open(zone[z], &tz, NULL), ERR_OK);
        int64_t next = 0;
        for (date_t date = date_of("1990-01-01"); date < date_of("2090-01-01");
             date++) {
            struct trade_day day;
            cr_assert_eq(trade_day_from_date(tz, date, &day, NULL), ERR_OK);
            cr_assert(next == 0 || day.start_utc_s[0] == next);
            next = day.start_utc_s[day.n_hours - 1] + 3600;
        }
        time_zone_close(tz);
    }
    cr_assert_eq(mem_live(), 0);
}

Test(calendar, months_have_their_days_in_leap_years_too)
{
    const struct {
        const char *date;
        int days;
    } month[] = {{"2026-04-15", 30}, {"2026-12-31", 31}, {"2027-02-01", 28},
                 {"2028-02-29", 29}, {"2100-02-28", 28}, {"2026-01-01", 31}};
    for (size_t i = 0; i < sizeof month / sizeof *month; i++)
        cr_expect_eq(date_days_in_month(date_of(month[i].date)), month[i].days, "%s",
                     month[i].date);
}
