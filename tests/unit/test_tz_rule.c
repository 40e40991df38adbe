/* test_tz_rule.c - POSIX TZ rules: what parses, and when the clock changes. */
#include "sim/base/tz_rule.h"

#include <criterion/criterion.h>
#include <string.h>

static bool parses(const char *text)
{
    struct tz_rule rule;
    return tz_rule_parse(text, strlen(text), &rule);
}

static int32_t offset_at(const char *text, int64_t year, int month, int day,
                         int hour_utc)
{
    struct tz_rule rule;
    cr_assert(tz_rule_parse(text, strlen(text), &rule), "%s", text);
    int64_t t = day_from_civil(year, month, day) * 86400 + (int64_t)hour_utc * 3600;
    struct tz_span span = tz_rule_span(&rule, t);
    cr_assert_leq(span.from_utc_s, t);
    cr_assert_gt(span.until_utc_s, t);
    return span.offset_s;
}

Test(tz_rule, every_form_of_the_standard_parses)
{
    static const char *const good[] = {
        "UTC0",
        "<+0530>-5:30",
        "PST8PDT,M3.2.0,M11.1.0",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "AAA3BBB2:30:15,J60/1:02:03,365/+167",
        "EST5EDT,0/0,J365/25",
        "YYY+3EDT4,0/0,J365/23",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert(parses(good[i]), "%s", good[i]);
}

Test(tz_rule, anything_else_is_refused)
{
    static const char *const bad[] = {
        "",
        "UT0",
        "UTC",
        "UTC25",
        "UTC0:60",
        "UTC0 ",
        "<+05>",
        "<+053-5",
        "PST8PDT",
        "PST8PDT,M3.2.0",
        "PST8PDT,M3.2.0,",
        "PST8PDT,M13.2.0,M11.1.0",
        "PST8PDT,M3.6.0,M11.1.0",
        "PST8PDT,M3.2.7,M11.1.0",
        "PST8PDT,M3.2,M11.1.0",
        "PST8PDT,J0,M11.1.0",
        "PST8PDT,J366,M11.1.0",
        "PST8PDT,366,M11.1.0",
        "PST8PDT,M3.2.0/168,M11.1.0",
        "PST8PDT,M3.2.0/,M11.1.0",
        "PST8PDT,M3.2.0,M11.1.0x",
        "PST8P,M3.2.0,M11.1.0",
        "PST8PDT7:,M3.2.0,M11.1.0",
        ":America/Los_Angeles",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(parses(bad[i]), "%s", bad[i]);
}

Test(tz_rule, north_has_daylight_time_in_july_and_south_in_january)
{
    cr_assert_eq(offset_at("PST8PDT,M3.2.0,M11.1.0", 2045, 7, 1, 0), -7 * 3600);
    cr_assert_eq(offset_at("PST8PDT,M3.2.0,M11.1.0", 2045, 1, 1, 0), -8 * 3600);
    cr_assert_eq(offset_at("NZST-12NZDT,M9.5.0,M4.1.0/3", 2045, 7, 1, 0), 12 * 3600);
    cr_assert_eq(offset_at("NZST-12NZDT,M9.5.0,M4.1.0/3", 2045, 1, 1, 0), 13 * 3600);
    cr_assert_eq(offset_at("IST-1GMT0,M10.5.0,M3.5.0/1", 2045, 1, 1, 0), 0);
}

Test(tz_rule, changes_fall_on_the_right_hour)
{
    /* 2045-03-12 is the second Sunday of March; 02:00 PST = 10:00 UTC. */
    cr_assert_eq(offset_at("PST8PDT,M3.2.0,M11.1.0", 2045, 3, 12, 9), -8 * 3600);
    cr_assert_eq(offset_at("PST8PDT,M3.2.0,M11.1.0", 2045, 3, 12, 10), -7 * 3600);
    /* 02:00 PDT on the first Sunday of November, the 5th, is 09:00 UTC. */
    cr_assert_eq(offset_at("PST8PDT,M3.2.0,M11.1.0", 2045, 11, 5, 8), -7 * 3600);
    cr_assert_eq(offset_at("PST8PDT,M3.2.0,M11.1.0", 2045, 11, 5, 9), -8 * 3600);
}

Test(tz_rule, julian_days_skip_29_february_and_plain_days_count_it)
{
    /* J60 is 1 March always; 60 is 1 March in a leap year and 2 March in others. */
    cr_assert_eq(offset_at("AAA0BBB,J60/0,J300", 2044, 2, 29, 23), 0);
    cr_assert_eq(offset_at("AAA0BBB,J60/0,J300", 2044, 3, 1, 0), 3600);
    cr_assert_eq(offset_at("AAA0BBB,J60/0,J300", 2045, 2, 28, 23), 0);
    cr_assert_eq(offset_at("AAA0BBB,J60/0,J300", 2045, 3, 1, 0), 3600);
    cr_assert_eq(offset_at("AAA0BBB,60/0,J300", 2044, 3, 1, 0), 3600);
    cr_assert_eq(offset_at("AAA0BBB,60/0,J300", 2045, 3, 1, 23), 0);
    cr_assert_eq(offset_at("AAA0BBB,60/0,J300", 2045, 3, 2, 0), 3600);
}

Test(tz_rule, daylight_time_can_last_all_year)
{
    for (int month = 1; month <= 12; month++)
        cr_assert_eq(offset_at("EST5EDT,0/0,J365/25", 2045, month, 1, 4), -4 * 3600);
    cr_assert_eq(offset_at("YYY3EDT4,0/0,J365/23", 2045, 12, 31, 23), -4 * 3600);
    cr_assert_eq(offset_at("YYY3EDT4,0/0,J365/23", 2045, 1, 1, 3), -4 * 3600);
}

Test(tz_rule, the_ends_of_time_are_harmless)
{
    struct tz_rule rule;
    cr_assert(tz_rule_parse("PST8PDT,M3.2.0,M11.1.0", 22, &rule));
    cr_assert_leq(tz_rule_span(&rule, INT64_MAX).offset_s, -7 * 3600);
    cr_assert_leq(tz_rule_span(&rule, INT64_MIN).offset_s, -7 * 3600);
}

Test(tz_rule, civil_dates_and_day_numbers_are_inverse)
{
    cr_assert_eq(day_from_civil(1970, 1, 1), 0);
    cr_assert_eq(day_from_civil(2000, 3, 1), 11017);
    for (int64_t days = -800000; days < 800000; days += 13) {
        int64_t year;
        int month, day;
        civil_from_day(days, &year, &month, &day);
        cr_assert_eq(day_from_civil(year, month, day), days);
        cr_assert(month >= 1 && month <= 12 && day >= 1 && day <= 31);
    }
}
