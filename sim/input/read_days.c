/* read_days.c - trade days, and which day and hour a row of a table means. */
#include <stdio.h>

#include "sim/input/scenario_parts.h"

static enum err_code index_hours(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    l->hour_position = ARENA_ARRAY(&l->yaml.arena, int8_t, m->n_day * HOUR_NAMES);
    if (!l->hour_position)
        return err_set(err, ERR_NOMEM, "cannot hold the hours of %d days", m->n_day);
    for (int32_t d = 0; d < m->n_day; d++)
        for (int h = 0; h < HOUR_NAMES; h++) {
            int at = h ? trade_day_find_hour(&m->day[d], h) : -1;
            l->hour_position[d * HOUR_NAMES + h] = (int8_t)at;
            l->any_day_has[h] |= at >= 0;
        }
    return ERR_OK;
}

static enum err_code add_day(struct loading *l, const struct time_zone *tz, int32_t i,
                             struct err *err)
{
    struct market *m = l->m;
    struct err why = {0};
    enum err_code code =
        trade_day_from_date(tz, l->yaml.date[i], &m->day[m->n_day], &why);
    if (code == ERR_INPUT) {
        err_list_add(l->faults, layers_at(&l->layers, l->yaml.date_at[i]), "%s",
                     why.msg);
        return ERR_OK;
    }
    if (code)
        return err_at(err, code, why.at, "%s", why.msg);
    m->interval_min = 60;
    m->n_interval += m->day[m->n_day++].n_hours;
    m->first_interval[m->n_day] = m->n_interval;
    return ERR_OK;
}

enum err_code read_days(struct loading *l, struct err *err)
{
    struct market *m = l->m;
    struct time_zone *tz = NULL;
    struct err why = {0};
    m->day = ARENA_ARRAY(&m->arena, struct trade_day, l->yaml.n_date);
    m->first_interval = ARENA_ARRAY(&m->arena, int32_t, l->yaml.n_date + 1);
    l->days_broken = true;
    if (!m->day || !m->first_interval)
        return err_set(err, ERR_NOMEM, "cannot hold %d trade days", l->yaml.n_date);
    if (!l->yaml.time_zone.text)
        return ERR_OK;
    enum err_code code = time_zone_open(l->yaml.time_zone.text, &tz, &why);
    if (code == ERR_INPUT) {
        err_list_add(l->faults, layers_at(&l->layers, l->yaml.time_zone.at), "%s",
                     why.msg);
        return ERR_OK;
    }
    if (code)
        return err_at(err, code, why.at, "%s", why.msg);
    for (int32_t i = 0; i < l->yaml.n_date && !code; i++)
        code = add_day(l, tz, i, err);
    time_zone_close(tz);
    l->days_broken = m->n_day == 0 || m->n_day < l->yaml.n_date || l->yaml.dates_wrong;
    return code ? code : index_hours(l, err);
}

/* The day's index, or -1. */
static int32_t find_day(const struct market *m, date_t date)
{
    int32_t lo = 0, hi = m->n_day;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (m->day[mid].date < date)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < m->n_day && m->day[lo].date == date ? lo : -1;
}

static void hour_fault(struct loading *l, struct csv_table *t, struct row_head *head,
                       const struct when *when, const struct trade_day *day)
{
    char date[11], without[32] = "";
    int last = day->hour_ending[day->n_hours - 1];
    date_format(day->date, date);
    for (int h = 1; h < last; h++)
        if (trade_day_find_hour(day, h) < 0)
            (void)snprintf(without, sizeof without, " without %d", h);
    csv_table_fault(
        t, head, when->hour_member, l->faults,
        "hour_ending is %d, an hour that %s does not have; expected 1 to %d%s",
        when->hour, date, last, without);
}

int32_t resource_named(struct loading *l, struct csv_table *t, struct row_head *head,
                       size_t member, int32_t id)
{
    int32_t r = id < 0 ? -1 : l->meaning[id].resource;
    if (id >= 0 && r < 0 && !l->table[TABLE_RESOURCES].broken)
        csv_table_fault(
            t, head, member, l->faults,
            "unknown resource '%s'; expected a resource_id of table resources",
            id_text(l, id));
    return r;
}

bool resolve_when(struct loading *l, struct csv_table *t, struct row_head *head,
                  const struct when *when, int32_t *day)
{
    char text[11];
    *day = -1;
    if (l->days_broken)
        return false;
    if (when->date == DATE_UNSET) {
        if (when->hour == 0 || l->any_day_has[when->hour])
            return true;
        csv_table_fault(
            t, head, when->hour_member, l->faults,
            "hour_ending is %d, an hour that no trade date has; expected an "
            "hour of a trade date",
            when->hour);
        return false;
    }
    *day = find_day(l->m, when->date);
    if (*day < 0) {
        date_format(when->date, text);
        csv_table_fault(t, head, when->date_member, l->faults,
                        "trade_date %s is not traded; expected one of trade_dates in "
                        "scenario.yaml",
                        text);
        return false;
    }
    if (when->hour && l->hour_position[*day * HOUR_NAMES + when->hour] < 0) {
        hour_fault(l, t, head, when, &l->m->day[*day]);
        return false;
    }
    return true;
}
