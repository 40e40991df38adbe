/* business_day.c - weekdays and holidays. */
#include "sim/base/business_day.h"

#include "sim/base/tz_rule.h"

enum {
    DAYS_A_WEEK = 7
};

enum weekday weekday_of(date_t date)
{
    int64_t since = (int64_t)date + WEEKDAY_THURSDAY; /* 1970-01-01 was a Thursday */
    return (enum weekday)(((since % DAYS_A_WEEK) + DAYS_A_WEEK) % DAYS_A_WEEK);
}

/* Holidays by their own date, whatever the weekday. */
static bool is_fixed_holiday(date_t date)
{
    int64_t year;
    int month, day;
    civil_from_day(date, &year, &month, &day);
    return (month == 1 && day == 1) || (month == 7 && day == 4) ||
           (month == 12 && day == 25);
}

/* Holidays by their weekday within a month. */
static bool is_floating_holiday(date_t date)
{
    int64_t year;
    int month, day;
    civil_from_day(date, &year, &month, &day);
    switch (weekday_of(date)) {
    case WEEKDAY_MONDAY:
        return (month == 5 && day > 31 - DAYS_A_WEEK) ||
               (month == 9 && day <= DAYS_A_WEEK);
    case WEEKDAY_THURSDAY:
        return month == 11 && day > 3 * DAYS_A_WEEK && day <= 4 * DAYS_A_WEEK;
    default:
        return false;
    }
}

bool is_holiday(date_t date)
{
    switch (weekday_of(date)) {
    case WEEKDAY_SUNDAY:
        return false; /* observed the day after */
    case WEEKDAY_MONDAY:
        return is_fixed_holiday(date - 1) || is_fixed_holiday(date) ||
               is_floating_holiday(date);
    default:
        return is_fixed_holiday(date) || is_floating_holiday(date);
    }
}

bool is_business_day(date_t date)
{
    return weekday_of(date) <= WEEKDAY_FRIDAY && !is_holiday(date);
}

date_t business_day_after(date_t date, int n)
{
    while (n > 0)
        if (is_business_day(++date))
            n--;
    return date;
}
