/* timed_row.c - rows that hold for a time. */
#include "sim/input/timed_row.h"

#include <stdlib.h>

static int by_key(const void *pa, const void *pb)
{
    const struct timed_row *a = pa, *b = pb;
    if (a->version != b->version)
        return a->version < b->version ? -1 : 1;
    if (a->thing != b->thing)
        return a->thing < b->thing ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->hour != b->hour)
        return a->hour < b->hour ? -1 : 1;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    return a->head->at < b->head->at ? -1 : a->head->at > b->head->at;
}

static bool same_key(const struct timed_row *a, const struct timed_row *b)
{
    return a->version == b->version && a->thing == b->thing && a->day == b->day &&
           a->hour == b->hour && a->minute == b->minute;
}

void timed_rows_sort(struct loading *l, struct csv_table *t, struct timed_row *entry,
                     int32_t n, size_t id_member)
{
    if (n > 1)
        qsort(entry, (size_t)n, sizeof *entry, by_key);
    for (int32_t i = 1; i < n; i++)
        if (same_key(&entry[i - 1], &entry[i]))
            csv_table_fault(t, entry[i].head, id_member, l->faults,
                            "a second row for the same time, after line %u; expected "
                            "one",
                            (unsigned)csv_table_line(t, entry[i - 1].head));
}

bool timed_row_is_step(int32_t minute)
{
    return minute < 0 || minute % STEP_MIN == 0;
}

static void apply_hour(struct market *m, const struct timed_row *e, int32_t interval,
                       bool hourly, timed_row_set set)
{
    size_t first = (size_t)interval * RT_FIVES;
    if (hourly && e->minute < 0) {
        set(m, e, first, true);
        return;
    }
    for (int k = 0; k < RT_FIVES; k++)
        if (e->minute < 0 || e->minute == k * STEP_MIN)
            set(m, e, first + (size_t)k, false);
}

static void apply_row(struct market *m, const struct timed_row *e, bool hourly,
                      timed_row_set set)
{
    int32_t first = e->day < 0 ? 0 : e->day;
    int32_t end = e->day < 0 ? m->n_day : e->day + 1;
    for (int32_t d = first; d < end; d++)
        for (int h = 0; h < m->day[d].n_hours; h++)
            if (e->hour == 0 || e->hour == m->day[d].hour_ending[h])
                apply_hour(m, e, m->first_interval[d] + h, hourly, set);
}

static int specificity(const struct timed_row *e)
{
    return 4 * (e->minute >= 0) + 2 * (e->hour > 0) + (e->day >= 0);
}

void timed_rows_apply(struct market *m, const struct timed_row *entry, int32_t n,
                      bool hourly, timed_row_set set)
{
    for (int32_t first = 0, end; first < n; first = end) {
        for (end = first; end < n && entry[end].version == entry[first].version;)
            end++;
        for (int pass = 0; pass < 8; pass++)
            for (int32_t i = first; i < end; i++)
                if (specificity(&entry[i]) == pass)
                    apply_row(m, &entry[i], hourly, set);
    }
}
