/*
 * timed_row.h - rows that hold for a time: a date, an hour and five minutes, each of which
 * may be left open. Private to sim/input.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_TIMED_ROW_H
#define SIM_INPUT_TIMED_ROW_H

#include "sim/input/scenario_parts.h"

enum {
    STEP_MIN = 5
};

/* A row with what it stands for looked up. */
struct timed_row {
    struct row_head *head;
    const void *row;
    int32_t thing, day; /* node or resource; -1 = any day */
    int hour, minute;   /* 0 = any; -1 = any */
    int32_t version;    /* later ones come after */
};

/* Sorts; the second of two rows of a version for the same thing and time is a fault at the
 * member. */
void timed_rows_sort(struct loading *l, struct csv_table *t, struct timed_row *entry,
                     int32_t n, size_t id_member);
/* Whether minutes are a multiple of five, or left open. */
bool timed_row_is_step(int32_t minute);
/*
 * Calls set for every five minutes that a row covers, or, with hourly, once an hour for
 * rows without a minute (five: the first of the hour, whole: true). Versions in order;
 * within one the more specific row comes last: minute before hour before date.
 */
typedef void (*timed_row_set)(struct market *m, const struct timed_row *e, size_t five,
                              bool whole);
void timed_rows_apply(struct market *m, const struct timed_row *entry, int32_t n,
                      bool hourly, timed_row_set set);

#endif
