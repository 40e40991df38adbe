/* feed_rows.c - clocks, rows and columns of a feed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/feed_parts.h"
#include "sim/base/calendar.h"
#include "sim/base/tz_rule.h"

enum {
    PATH_ROOM = 160,
    TIME_ROOM = 40
};

void *feed_alloc(struct feed *f, size_t n, size_t size, struct err *err)
{
    void *p = arena_alloc(&f->sheet.arena, n ? n : 1, size);
    if (!p)
        (void)err_set(err, ERR_NOMEM, "cannot allocate a column of %zu values", n);
    return p;
}

/* ---- tables ---- */

static const char *full_path(const struct feed *f, const char *path,
                             char full[PATH_ROOM])
{
    if (path[0] == '/')
        return path;
    (void)snprintf(full, PATH_ROOM, "%s/%s", f->stage, path);
    return full;
}

bool feed_has(const struct feed *f, const char *path)
{
    char full[PATH_ROOM];
    path = full_path(f, path, full);
    return schema_find(path) && run_read_has(f->rd, path);
}

enum err_code feed_load(struct feed *f, const char *path, void **value, size_t *n,
                        struct err *err)
{
    char full[PATH_ROOM];
    path = full_path(f, path, full);
    if (!schema_find(path))
        return err_set(err, ERR_INPUT, "the run has no %s, which %s needs", path,
                       f->report->name);
    return run_read_table(f->rd, path, &f->sheet.arena, value, n, err);
}

enum err_code feed_average(struct feed *f, const double *fine, size_t width,
                           double **out, struct err *err)
{
    double *hours = FEED_ARRAY(f, double, f->clock.n, err);
    *out = FEED_ARRAY(f, double, f->clock.n *width, err);
    if (!hours || !*out)
        return ERR_NOMEM;
    for (size_t t = 0; t < f->fine.n; t++) {
        size_t to = f->period ? (size_t)f->period[t] : t;
        hours[to] += f->fine.hours[t];
        for (size_t i = 0; i < width; i++)
            (*out)[to * width + i] += f->fine.hours[t] * fine[t * width + i];
    }
    for (size_t t = 0; t < f->clock.n; t++)
        for (size_t i = 0; i < width; i++)
            (*out)[t * width + i] /= hours[t] > 0 ? hours[t] : 1;
    return ERR_OK;
}

enum err_code feed_matrix(struct feed *f, const char *path, size_t width, double **out,
                          struct err *err)
{
    void *fine = NULL;
    size_t n = 0;
    enum err_code code = feed_load(f, path, &fine, &n, err);
    if (!code && n != f->fine.n * width)
        code = err_set(err, ERR_INPUT, "%s has %zu values, expected %zu", path, n,
                       f->fine.n * width);
    if (code || f->period)
        return code ? code : feed_average(f, fine, width, out, err);
    *out = fine; /* as cleared: not a digit changes */
    return ERR_OK;
}

/* ---- clocks ---- */

/* "2026-04-15 01:00:00-07:00", or with T and milliseconds. */
static const char *local_time(struct feed *f, int64_t minutes, struct err *err)
{
    char *text = FEED_ARRAY(f, char, TIME_ROOM, err);
    char utc[21];
    if (!text)
        return NULL;
    const int64_t most = INT64_C(1) << 31;
    if (minutes < -most || minutes > most) /* not from us */
        minutes = 0;
    int32_t offset = f->zone ? time_zone_offset_s(f->zone, minutes * 60) : 0;
    utc_format(minutes * 60 + offset, utc);
    bool iso_ne = f->style == FEED_ISO_NE;
    (void)snprintf(text, TIME_ROOM, "%.10s%c%.8s%s%c%02d:%02d", utc, iso_ne ? 'T' : ' ',
                   utc + 11, iso_ne ? ".000" : "", offset < 0 ? '-' : '+',
                   abs(offset) / 3600, abs(offset) / 60 % 60);
    return text;
}

static enum err_code clock_alloc(struct feed *f, struct feed_clock *c, size_t n,
                                 struct err *err)
{
    *c = (struct feed_clock){.n = n};
    c->start = FEED_ARRAY(f, int64_t, n, err);
    c->end = FEED_ARRAY(f, int64_t, n, err);
    c->date = FEED_ARRAY(f, int32_t, n, err);
    c->hour = FEED_ARRAY(f, int32_t, n, err);
    c->within = FEED_ARRAY(f, int32_t, n, err);
    c->hours = FEED_ARRAY(f, double, n, err);
    c->begin = FEED_ARRAY(f, const char *, n, err);
    c->until = FEED_ARRAY(f, const char *, n, err);
    return c->start && c->end && c->date && c->hour && c->within && c->hours &&
                   c->begin && c->until
               ? ERR_OK
               : ERR_NOMEM;
}

static enum err_code clock_texts(struct feed *f, struct feed_clock *c, struct err *err)
{
    for (size_t t = 0; t < c->n; t++) {
        c->begin[t] = local_time(f, c->start[t], err);
        c->until[t] = local_time(f, c->end[t], err);
        if (!c->begin[t] || !c->until[t])
            return ERR_NOMEM;
    }
    return ERR_OK;
}

static bool is_same_hour(const struct feed_clock *c, size_t a, size_t b)
{
    return c->date[a] == c->date[b] && c->hour[a] == c->hour[b];
}

enum err_code feed_read_clock(struct feed *f, struct err *err)
{
    static const char *const from[] = {"interval", "duration", "trade_date",
                                       "hour_ending"};
    struct feed_clock *c = &f->fine;
    void *value[4] = {NULL};
    size_t n = 0;
    enum err_code code = ERR_OK;
    for (int i = 0; i < 4 && !code; i++)
        code = feed_load(f, from[i], &value[i], &n, err);
    if (!code)
        code = clock_alloc(f, c, n, err);
    if (code)
        return code;
    const double *length = value[1];
    if (n) {
        memcpy(c->start, value[0], n * sizeof *c->start);
        memcpy(c->date, value[2], n * sizeof *c->date);
        memcpy(c->hour, value[3], n * sizeof *c->hour);
    }
    for (size_t t = 0; t < n; t++) { /* a length no market has is shown as none */
        bool ok =
            length[t] >= 0 && length[t] <= 1e6 && llabs(c->start[t]) < INT64_MAX / 2;
        c->end[t] = ok ? c->start[t] + (int64_t)length[t] : c->start[t];
        c->hours[t] = ok ? length[t] / 60 : 0;
        if (ok && length[t] < 60)
            c->within[t] =
                t > 0 && is_same_hour(c, t, t - 1) ? c->within[t - 1] + 1 : 1;
    }
    code = clock_texts(f, c, err);
    f->clock = f->fine;
    return code;
}

int feed_weekday(int32_t date)
{
    return (int)((((int64_t)date + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

/* Of which period a date and hour is part; equal numbers, equal period. */
static int64_t period_key(const struct feed_clock *c, size_t t, enum feed_period by)
{
    int64_t year;
    int month, day;
    switch (by) {
    case FEED_INTERVAL:
        return (int64_t)t;
    case FEED_HOUR:
        return (int64_t)c->date[t] * 32 + c->hour[t];
    case FEED_DAY:
        return c->date[t];
    case FEED_WEEK:
        return c->date[t] - (int64_t)feed_weekday(c->date[t]);
    case FEED_MONTH:
        break;
    }
    civil_from_day(c->date[t], &year, &month, &day);
    return year * 12 + month;
}

enum err_code feed_group(struct feed *f, enum feed_period by, struct err *err)
{
    const struct feed_clock *fine = &f->fine;
    size_t n = 0;
    f->period = FEED_ARRAY(f, int32_t, fine->n, err);
    if (!f->period)
        return ERR_NOMEM;
    for (size_t t = 0; t < fine->n; t++) {
        if (t == 0 || period_key(fine, t, by) != period_key(fine, t - 1, by))
            n++;
        f->period[t] = (int32_t)n - 1;
    }
    enum err_code code = clock_alloc(f, &f->clock, n, err);
    if (code)
        return code;
    struct feed_clock *c = &f->clock;
    for (size_t t = fine->n; t-- > 0;) {
        size_t to = (size_t)f->period[t];
        if (c->end[to] == 0)
            c->end[to] = fine->end[t];
        c->start[to] = fine->start[t];
        c->date[to] = fine->date[t];
        c->hour[to] = fine->hour[t];
        c->hours[to] += fine->hours[t];
    }
    return clock_texts(f, c, err);
}

/* ---- rows ---- */

void feed_cross(struct feed *f, size_t n_place, const int32_t *via)
{
    f->sheet.n_row = f->clock.n * n_place;
    if (f->style == FEED_OASIS) {
        f->interval = (struct feed_axis){1, f->clock.n, NULL};
        f->place = (struct feed_axis){f->clock.n ? f->clock.n : 1, n_place, via};
        return;
    }
    f->interval = (struct feed_axis){n_place ? n_place : 1, f->clock.n, NULL};
    f->place = (struct feed_axis){1, n_place, via};
}

void feed_pick(struct feed *f, const int32_t *interval, const int32_t *place, size_t n)
{
    f->sheet.n_row = n;
    f->interval = (struct feed_axis){1, n, interval};
    f->place = (struct feed_axis){1, n, place};
}

/* ---- columns ---- */

enum err_code feed_add(struct feed *f, const char *name, const struct feed_axis *axis,
                       enum table_type type, enum column_view view, const void *value,
                       size_t n, struct err *err)
{
    const struct column c = {.name = name,
                             .view = view,
                             .type = type,
                             .value = value,
                             .n = n,
                             .stride = axis->stride,
                             .cycle = axis->cycle,
                             .via = axis->via};
    return sheet_add(&f->sheet, &c, err);
}

enum err_code feed_add_text(struct feed *f, const char *name,
                            const struct feed_axis *axis, const char *const *value,
                            size_t n, struct err *err)
{
    return feed_add(f, name, axis, TABLE_TEXT, VIEW_VALUE, value, n, err);
}

static size_t axis_at(const struct feed_axis *a, size_t row)
{
    size_t i = row / a->stride % a->cycle;
    return a->via ? (size_t)a->via[i] : i;
}

enum err_code feed_add_matrix(struct feed *f, const char *name, const double *matrix,
                              size_t width, struct err *err)
{
    size_t n = f->sheet.n_row;
    double *value = FEED_ARRAY(f, double, n, err);
    if (!value)
        return ERR_NOMEM;
    for (size_t r = 0; r < n; r++)
        value[r] = matrix[axis_at(&f->interval, r) * width + axis_at(&f->place, r)];
    const struct feed_axis each = {1, n, NULL};
    return feed_add(f, name, &each, TABLE_F64, VIEW_VALUE, value, n, err);
}

enum err_code feed_add_series(struct feed *f, const char *name, const double *value,
                              struct err *err)
{
    return feed_add(f, name, &f->interval, TABLE_F64, VIEW_VALUE, value, f->clock.n,
                    err);
}

enum err_code feed_add_whole(struct feed *f, const char *name, int32_t value,
                             struct err *err)
{
    static const struct feed_axis same = {1, 1, NULL};
    int32_t *one = FEED_ARRAY(f, int32_t, 1, err);
    if (!one)
        return ERR_NOMEM;
    *one = value;
    return feed_add(f, name, &same, TABLE_I32, VIEW_VALUE, one, 1, err);
}

enum err_code feed_add_location(struct feed *f, struct err *err)
{
    static const char *const types[] = {"NETWORK NODE", "LOAD ZONE",      "LOAD ZONE",
                                        "HUB",          "AGGREGATE NODE", "EXT. NODE"};
    int32_t *id = FEED_ARRAY(f, int32_t, f->n_node, err);
    const char **type = FEED_ARRAY(f, const char *, f->n_node, err);
    if (!id || !type)
        return ERR_NOMEM;
    for (size_t i = 0; i < f->n_node; i++) {
        id[i] = (int32_t)i + 1;
        type[i] = types[f->kind && f->kind[i] <= KIND_TIE ? f->kind[i] : 0];
    }
    enum err_code code = feed_add(f, "Location@LocId", &f->place, TABLE_I32, VIEW_VALUE,
                                  id, f->n_node, err);
    if (!code)
        code = feed_add_text(f, "Location@LocType", &f->place, type, f->n_node, err);
    return code ? code
                : feed_add_text(f, "Location", &f->place, f->node, f->n_node, err);
}
