/*
 * business_day.h - weekdays, holidays, and the counting of business days.
 *
 * Holidays are the six that North American reliability rules observe: New Year's Day,
 * Memorial Day (last Monday of May), Independence Day, Labor Day (first Monday of
 * September), Thanksgiving (fourth Thursday of November) and Christmas. One that falls on
 * a Sunday is observed on the Monday after it; one on a Saturday is not moved.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_BUSINESS_DAY_H
#define SIM_BASE_BUSINESS_DAY_H

#include "sim/base/calendar.h"

enum weekday {
    WEEKDAY_MONDAY,
    WEEKDAY_TUESDAY,
    WEEKDAY_WEDNESDAY,
    WEEKDAY_THURSDAY,
    WEEKDAY_FRIDAY,
    WEEKDAY_SATURDAY,
    WEEKDAY_SUNDAY,
};

enum weekday weekday_of(date_t date);
bool is_holiday(date_t date); /* a day on which one is observed */
/* Monday to Friday and no holiday. */
bool is_business_day(date_t date);
/* The n-th business day after date, n >= 1; date itself for n = 0. */
date_t business_day_after(date_t date, int n);

#endif
