/* test_baseline.c - days chosen, refilled, adjusted and measured, by hand. */
#include "sim/settle/baseline.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/business_day.h"
#include "sim/base/seeded.h"
#include "tests/oracle/baseline_twin.h"

enum {
    ROOM = 60 * 25,
    FIRST = 15,
    LAST = 17 /* the event, hours by their end */
};

struct history {
    struct response_row row[ROOM];
    int64_t n;
};

static date_t date_of(const char *text)
{
    date_t date = 0;
    cr_assert(date_parse(text, strlen(text), &date), "%s", text);
    return date;
}

/* A day of one load in every hour. */
static void day(struct history *h, date_t date, double mwh, bool skipped)
{
    for (int hour = 1; hour <= 24; hour++)
        h->row[h->n++] =
            (struct response_row){0, date, hour, skipped && hour == 3, mwh};
}

static void hours(struct history *h, date_t date, int from, int to, double mwh)
{
    for (int64_t i = 0; i < h->n; i++)
        if (h->row[i].date == date && h->row[i].hour >= from && h->row[i].hour <= to)
            h->row[i].load_mwh = mwh;
}

static struct baseline found(const struct history *h, date_t event_day)
{
    bool event[BASELINE_HOURS] = {false};
    struct baseline b;
    for (int hour = FIRST; hour <= LAST; hour++)
        event[hour] = true;
    baseline_find(h->row, h->n, event_day, event, &b);
    return b;
}

/* The 45 days before and the day itself, 100 MWh. */
static void usual(struct history *h, date_t event_day)
{
    h->n = 0;
    for (date_t date = event_day - 45; date <= event_day; date++)
        day(h, date, 100, false);
}

Test(baseline, worked_example_w17)
{
    struct history h;
    date_t wednesday = date_of("2026-07-15");
    usual(&h, wednesday);
    hours(&h, wednesday, FIRST - 4, FIRST - 2, 132);
    hours(&h, wednesday, FIRST, LAST, 80);
    struct baseline b = found(&h, wednesday);
    cr_expect_eq(b.n_chosen, 10);
    cr_expect_float_eq(b.adjustment, 1.20, 0);
    for (int hour = FIRST; hour <= LAST; hour++) {
        cr_expect_float_eq(b.raw_mwh[hour], 100, 1e-12);
        cr_expect_float_eq(b.measured_mwh[hour], 40, 1e-12);
    }
    cr_expect_float_eq(b.measured_mwh[FIRST - 1], 0, 0);
}

Test(baseline, the_adjustment_is_a_ratio_within_its_bounds)
{
    struct history h;
    date_t wednesday = date_of("2026-07-15");
    usual(&h, wednesday);
    hours(&h, wednesday, FIRST - 4, FIRST - 2, 110);
    hours(&h, wednesday, FIRST - 1, FIRST - 1,
          500); /* the hour before does not count */
    cr_expect_float_eq(found(&h, wednesday).adjustment, 1.10, 1e-12);
    hours(&h, wednesday, FIRST - 4, FIRST - 2, 10);
    cr_expect_float_eq(found(&h, wednesday).adjustment, 0.80, 0);
    hours(&h, wednesday, FIRST, LAST, 95); /* more than 80: nothing was given */
    cr_expect_float_eq(found(&h, wednesday).measured_mwh[FIRST], 0, 0);
}

Test(baseline, days_of_the_same_type_walk_back_over_holidays)
{
    struct history h;
    date_t monday = date_of("2026-07-13");
    usual(&h, monday);
    struct baseline b = found(&h, monday);
    static const char *const business[] = {
        "2026-07-10", "2026-07-09", "2026-07-08", "2026-07-07", "2026-07-06",
        "2026-07-03", "2026-07-02", "2026-07-01", "2026-06-30", "2026-06-29"};
    cr_assert_eq(b.n_chosen, 10);
    for (int i = 0; i < 10; i++)
        cr_expect_eq(b.chosen[i], date_of(business[i]), "%d", i);
    static const char *const other[] = {"2026-07-11", "2026-07-05", "2026-07-04",
                                        "2026-06-28"};
    b = found(&h, date_of("2026-07-12"));
    cr_assert_eq(b.n_chosen, 4);
    for (int i = 0; i < 4; i++)
        cr_expect_eq(b.chosen[i], date_of(other[i]), "%d", i);
    /* Thanksgiving is a Thursday, and no business day. */
    date_t friday = date_of("2026-11-27");
    usual(&h, friday);
    cr_expect_eq(found(&h, friday).chosen[0], date_of("2026-11-25"));
}

Test(baseline, skipped_days_with_most_load_fill_up_to_the_minimum)
{
    struct history h = {.n = 0};
    date_t wednesday = date_of("2026-07-15"), d = wednesday - 14;
    day(&h, d, 150, true);      /* Wednesday */
    day(&h, d + 1, 170, true);  /* Thursday */
    day(&h, d + 2, 150, true);  /* Friday, as much as Wednesday */
    day(&h, d + 5, 90, true);   /* Monday */
    day(&h, d + 6, 100, false); /* Tuesday */
    day(&h, d + 7, 100, false);
    day(&h, d + 8, 100, false);
    day(&h, wednesday, 100, false);
    struct baseline b = found(&h, wednesday);
    cr_assert_eq(b.n_chosen, 5);
    cr_expect_eq(b.chosen[0], d + 8);
    cr_expect_eq(b.chosen[2], d + 6);
    cr_expect_eq(b.chosen[3], d + 1);
    cr_expect_eq(b.chosen[4], d + 2, "the later of two");
    cr_expect_float_eq(b.raw_mwh[FIRST], (3 * 100 + 170 + 150) / 5.0, 1e-12);
}

Test(baseline, nothing_is_measured_without_a_day_an_event_or_a_load)
{
    struct history h = {.n = 0};
    date_t wednesday = date_of("2026-07-15");
    const bool none[BASELINE_HOURS] = {false};
    struct baseline b;
    day(&h, wednesday - 46, 100, false); /* too long ago */
    day(&h, wednesday, 50, false);
    cr_expect_eq(found(&h, wednesday).n_chosen, 0);
    usual(&h, wednesday);
    baseline_find(h.row, h.n, wednesday, none, &b);
    cr_expect_eq(b.n_chosen, 0);
    h.n -= 24; /* the day itself is not there */
    b = found(&h, wednesday);
    cr_expect_eq(b.n_chosen, 0);
    cr_expect_float_eq(b.measured_mwh[FIRST], 0, 0);
}

/* Random calendars with holes, against a twin that looks up every hour by itself. */
Test(baseline, agrees_with_the_slow_twin)
{
    static struct history h;
    int refilled = 0, measured = 0;
    for (uint64_t draw = 0; draw < 300; draw++) {
        struct seeded s = seeded_begin(17, draw);
        date_t e = date_of("2026-01-01") + (date_t)(seeded_real(&s, 0, 1) * 365);
        double skip = seeded_real(&s, 0, 1), hole = seeded_real(&s, 0, 1) * 0.02;
        h.n = 0;
        for (date_t date = e - 48; date <= e; date++) {
            bool skipped = seeded_chance(&s, skip);
            for (int hour = 1; hour <= 24; hour++)
                if (!seeded_chance(&s, hole))
                    h.row[h.n++] = (struct response_row){
                        0, date, hour, skipped, 80 + 40 * seeded_real(&s, 0, 1)};
        }
        bool event[BASELINE_HOURS] = {false};
        int from = 1 + (int)(seeded_real(&s, 0, 1) * 20);
        for (int hour = from; hour < from + 4; hour++)
            event[hour] = hour == from || seeded_chance(&s, 0.7);
        struct baseline b;
        baseline_find(h.row, h.n, e, event, &b);
        refilled += skip > 0.9 && b.n_chosen > 0;
        for (int hour = 1; hour < BASELINE_HOURS; hour++) {
            double twin = baseline_twin_mwh(h.row, h.n, e, event, hour);
            cr_expect_float_eq(b.measured_mwh[hour], twin, 1e-9, "draw %d hour %d",
                               (int)draw, hour);
            measured += twin > 0;
        }
    }
    cr_expect_gt(refilled, 5);
    cr_expect_gt(measured, 100);
}
