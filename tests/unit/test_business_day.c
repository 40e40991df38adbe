/* test_business_day.c - weekdays, holidays and business days against a calendar. */
#include "sim/base/business_day.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static date_t date_of(const char *text)
{
    date_t date = 0;
    cr_assert(date_parse(text, strlen(text), &date), "%s", text);
    return date;
}

Test(business_day, weekdays_are_those_of_the_calendar)
{
    cr_assert_eq(weekday_of(date_of("1970-01-01")), WEEKDAY_THURSDAY);
    cr_assert_eq(weekday_of(date_of("2000-02-29")), WEEKDAY_TUESDAY);
    cr_assert_eq(weekday_of(date_of("2026-11-26")), WEEKDAY_THURSDAY);
    cr_assert_eq(weekday_of(date_of("2199-12-31")), WEEKDAY_TUESDAY);
}

Test(business_day, holidays_are_observed_on_their_days)
{
    static const char *const holiday[] = {
        "2026-01-01",
        "2026-05-25",
        "2026-07-04",
        "2026-09-07",
        "2026-11-26",
        "2026-12-25",
        "2023-01-02" /* New Year's Day was a Sunday */,
        "2021-07-05" /* the 4th was a Sunday */,
        "2022-12-26" /* likewise */,
        "2020-11-26",
        "2021-05-31"};
    static const char *const none[] = {
        "2023-01-01" /* a Sunday, observed a day later */,
        "2026-07-03" /* the 4th is a Saturday and does not move */,
        "2026-11-19",
        "2026-12-03",
        "2026-05-18",
        "2026-09-14",
        "2026-12-26"};
    for (size_t i = 0; i < sizeof holiday / sizeof *holiday; i++)
        cr_expect(is_holiday(date_of(holiday[i])), "%s", holiday[i]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect_not(is_holiday(date_of(none[i])), "%s", none[i]);
}

Test(business_day, every_year_has_six_holidays_but_for_those_that_move_in_or_out)
{
    for (int year = 1970; year < 2199; year++) {
        char text[16];
        int n = 0;
        (void)snprintf(text, sizeof text, "%d-01-02", year);
        date_t first = date_of(text);
        (void)snprintf(text, sizeof text, "%d-01-02", year + 1);
        for (date_t d = first; d < date_of(text); d++)
            n += is_holiday(d);
        /* From 2 January to 1 January after: New Year's Day may be observed on the 2nd
           at either end. */
        bool from_start = is_holiday(first), at_end = is_holiday(date_of(text));
        cr_expect_eq(n, 6 + from_start - at_end, "%d: %d", year, n);
    }
}

Test(business_day, counting_skips_weekends_and_holidays)
{
    static const struct {
        const char *from, *to;
        int n;
    } row[] = {{"2026-11-25", "2026-11-27", 1}, /* Thanksgiving between */
               {"2026-04-15", "2026-04-28", 9}, /* nine days later over two weekends */
               {"2026-12-24", "2026-12-28", 1},
               {"2026-04-18", "2026-04-20", 1},
               {"2026-04-15", "2026-04-15", 0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_eq(business_day_after(date_of(row[i].from), row[i].n),
                     date_of(row[i].to), "%s + %d", row[i].from, row[i].n);
    cr_expect_not(is_business_day(date_of("2026-04-18")));
    cr_expect(is_business_day(date_of("2026-07-03")));
}
