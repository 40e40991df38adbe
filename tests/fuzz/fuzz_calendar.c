/*
 * fuzz_calendar.c - any bytes as a compiled time zone.
 *
 * Property: no crash; what is accepted gives offsets within the format's bounds and trade
 * days that are 23 to 25 ascending hours, or a refusal.
 */
#include <stddef.h>
#include <stdint.h>

#include "sim/base/calendar.h"
#include "sim/base/mem.h"
#include "sim/base/time_zone.h"
#include "tests/fuzz/must.h"

static void check_day(const struct time_zone *tz, date_t date)
{
    struct trade_day day;
    struct err err = {0};
    enum err_code code = trade_day_from_date(tz, date, &day, &err);
    must(code == ERR_OK || code == ERR_INPUT);
    if (code)
        return;
    must(day.n_hours >= 23 && day.n_hours <= CALENDAR_MAX_HOURS);
    for (int i = 0; i < day.n_hours; i++) {
        must(trade_day_find_hour(&day, day.hour_ending[i]) == i);
        must(day.hour_ending[i] >= 1 && day.hour_ending[i] <= CALENDAR_MAX_HOURS);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t instant[] = {
        INT64_MIN, -1, 0, 1000, 1700000000, 4000000000, 1000000000000000, INT64_MAX};
    struct time_zone *tz = NULL;
    struct err err = {0};
    enum err_code code = time_zone_from_bytes("Fuzz/Zone", data, size, &tz, &err);
    must(code == err.code && (code == ERR_OK) == (tz != NULL));
    if (tz) {
        for (size_t i = 0; i < sizeof instant / sizeof *instant; i++) {
            struct tz_span span = time_zone_span(tz, instant[i]);
            must(span.from_utc_s <= instant[i]);
            must(span.until_utc_s > instant[i] || instant[i] == INT64_MAX);
            must(span.offset_s >= -TIME_ZONE_MAX_OFFSET_S &&
                 span.offset_s <= TIME_ZONE_MAX_OFFSET_S);
        }
        for (date_t date = -1; date < 200000; date += 1373)
            check_day(tz, date);
        check_day(tz, INT32_MAX);
        check_day(tz, INT32_MIN);
    }
    time_zone_close(tz);
    must(mem_live() == 0);
    return 0;
}
