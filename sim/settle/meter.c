/* meter.c - tables, dispatch and drawn errors into five-minute energy. */
#include "sim/settle/meter.h"

#include <math.h>

#include "sim/base/seeded.h"
#include "sim/base/units.h"
#include "sim/settle/baseline.h"
#include "sim/settle/meter_area.h"
#include "sim/settle/no_pay.h"

enum err_code metering_begin(const struct market *m, struct metering *out,
                             struct err *err)
{
    size_t hours = (size_t)m->n_interval;
    *out = (struct metering){0};
    out->energy_mwh =
        ARENA_ARRAY(&out->arena, double, hours *RT_FIVES *(size_t)m->n_resource);
    out->unaccounted_mwh = ARENA_ARRAY(&out->arena, double, hours);
    out->no_pay_mw =
        ARENA_ARRAY(&out->arena, double, hours *RT_FIVES *(size_t)m->n_service_bidder);
    out->given = ARENA_ARRAY(&out->arena, uint8_t, m->n_resource);
    if (!out->energy_mwh || !out->unaccounted_mwh || !out->no_pay_mw || !out->given)
        return err_set(err, ERR_NOMEM, "cannot hold the meters of %zu hours", hours);
    return meter_areas_begin(m, out, err);
}

/* (1) */
static double with_error(const struct market *m, int32_t r, size_t five, double mwh)
{
    if (m->rules.meter_error <= 0 || mwh == 0) /* exact: nothing to err about */
        return mwh;
    struct seeded s =
        seeded_begin((uint64_t)m->rules.meter_seed, (uint64_t)r << 32 | (uint64_t)five);
    return mwh * (1 + m->rules.meter_error * seeded_normal(&s));
}

static double *cell(const struct market *m, struct metering *out, size_t five,
                    int32_t r)
{
    return &out->energy_mwh[five * (size_t)m->n_resource + (size_t)r];
}

/* Dispatch, less what an outage left out. */
static double dispatched_mwh(const struct market *m, const struct rt_outcome *rt,
                             size_t five, int32_t r)
{
    size_t at = five * (size_t)m->n_resource + (size_t)r;
    double mw = fmin(rt->rtd.award_mw[at], m->rt.available_mw[at]);
    return mwh_from_mw(mw, rt->rtd.interval_h);
}

static void apply_hourly(const struct market *m, const struct rt_outcome *rt,
                         const struct meter_row *row, struct metering *out)
{
    size_t first = (size_t)row->interval * RT_FIVES;
    double sum = 0;
    bool one_way = true;
    for (size_t k = 0; k < RT_FIVES; k++) {
        double mwh = dispatched_mwh(m, rt, first + k, row->resource);
        one_way = one_way && mwh * row->energy_mwh >= 0;
        sum += mwh;
    }
    for (size_t k = 0; k < RT_FIVES; k++) {
        double share = one_way && sum != 0 /* exact: nothing was dispatched */
                           ? dispatched_mwh(m, rt, first + k, row->resource) / sum
                           : 1.0 / RT_FIVES;
        *cell(m, out, first + k, row->resource) = row->energy_mwh * share;
    }
}

/* What demand response gave, against the baseline of its customers. */
static void measure_response(const struct market *m, const struct rt_outcome *rt,
                             int32_t day, const struct response_row *history, int64_t n,
                             struct metering *out)
{
    const struct trade_day *d = &m->day[day];
    int32_t r = history->resource, hour0 = m->first_interval[day];
    bool event[BASELINE_HOURS] = {false};
    struct baseline b;
    for (int t = 0; t < d->n_hours; t++)
        for (size_t k = 0; k < RT_FIVES; k++)
            if (dispatched_mwh(m, rt, (size_t)(hour0 + t) * RT_FIVES + k, r) > 0)
                event[d->hour_ending[t]] = true;
    baseline_find(history, n, d->date, event, &b);
    if (!b.n_chosen)
        return;
    out->given[r] = 1;
    for (int t = 0; t < d->n_hours; t++) {
        struct meter_row row = {.resource = r,
                                .interval = hour0 + t,
                                .five = -1,
                                .energy_mwh = b.measured_mwh[d->hour_ending[t]]};
        apply_hourly(m, rt, &row, out);
    }
}

static void measure_responses(const struct market *m, const struct rt_outcome *rt,
                              int32_t day, struct metering *out)
{
    for (int64_t i = 0, end; i < m->n_response; i = end) {
        end = i;
        while (end < m->n_response &&
               m->response[end].resource == m->response[i].resource)
            end++;
        measure_response(m, rt, day, &m->response[i], end - i, out);
    }
}

/* Hourly rows first, then rows of five minutes, then the next recalculation. */
static void apply_rows(const struct market *m, const struct rt_outcome *rt, int32_t day,
                       int32_t recalculation, struct metering *out)
{
    for (int64_t i = 0; i < m->n_meter_row; i++) {
        const struct meter_row *row = &m->meter_row[i];
        if (row->recalculation > recalculation ||
            row->interval < m->first_interval[day] ||
            row->interval >= m->first_interval[day + 1])
            continue;
        out->given[row->resource] = 1;
        if (row->five < 0)
            apply_hourly(m, rt, row, out);
        else
            *cell(m, out, (size_t)(row->interval * RT_FIVES + row->five),
                  row->resource) = row->energy_mwh;
    }
}

void metering_day(const struct market *m, const struct outcome *day_ahead,
                  const struct rt_outcome *rt, int32_t day, int32_t recalculation,
                  struct metering *out)
{
    size_t first = (size_t)m->first_interval[day] * RT_FIVES;
    size_t end = (size_t)m->first_interval[day + 1] * RT_FIVES;
    for (size_t five = first; five < end; five++)
        for (int32_t r = 0; r < m->n_resource; r++)
            *cell(m, out, five, r) =
                with_error(m, r, five, dispatched_mwh(m, rt, five, r));
    measure_responses(m, rt, day, out);
    apply_rows(m, rt, day, recalculation, out);
    for (size_t five = first; five < end; five++) {
        double *hour = &out->unaccounted_mwh[five / RT_FIVES];
        if (five % RT_FIVES == 0)
            *hour = 0;
        *hour -= mwh_from_mw(rt->rtd.loss_mw[five], rt->rtd.interval_h);
        for (int32_t r = 0; r < m->n_resource; r++)
            *hour += *cell(m, out, five, r);
    }
    no_pay_day(m, day_ahead, rt, day, out);
    meter_areas(m, day_ahead, rt, day, recalculation, out);
}

void metering_release(struct metering *meter)
{
    arena_release(&meter->arena);
    *meter = (struct metering){0};
}
