/* line_order.c - packed keys, sorted digit by digit. */
#include "sim/settle/line_order.h"

#include <string.h>

#include "sim/base/mem.h"

enum {
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS,
    FIELDS = 5
};

struct key {
    uint64_t value;
    int64_t at; /* line that it is of */
};

/* Widest values of the fields: account, code, interval, minute, whose. */
struct widths {
    int64_t n_position;
    int64_t most[FIELDS];
    int bits[FIELDS];
};

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The fields as numbers from 0 on; the operator's account stands last, lines of no resource
 * before those of the first, by position. */
static void fields_of(const struct settle_interval_line *l, const struct widths *w,
                      int64_t last_account, int64_t out[FIELDS])
{
    out[0] = l->sc == SETTLE_ISO ? last_account : l->sc;
    out[1] = l->code;
    out[2] = l->interval;
    out[3] = l->minute;
    out[4] =
        l->resource >= 0 ? w->n_position + 1 + l->resource : (int64_t)l->position + 1;
}

/* False where a field is below its least value, where a line has a resource and a position,
 * or where all do not fit into 64 bits. */
static bool measure(const struct settle_interval_line *line, int64_t n,
                    struct widths *w, int64_t *last_account)
{
    int64_t sc = 0, field[FIELDS];
    *w = (struct widths){0};
    for (int64_t i = 0; i < n; i++) {
        const struct settle_interval_line *l = &line[i];
        if (l->sc < SETTLE_ISO || l->code < 0 || l->interval < 0 || l->minute < 0 ||
            l->resource < -1 || l->position < -1 ||
            (l->resource >= 0 && l->position >= 0))
            return false;
        sc = larger(sc, l->sc);
        w->n_position = larger(w->n_position, (int64_t)l->position + 1);
    }
    *last_account = sc + 1;
    for (int64_t i = 0; i < n; i++) {
        fields_of(&line[i], w, *last_account, field);
        for (int k = 0; k < FIELDS; k++)
            w->most[k] = larger(w->most[k], field[k]);
    }
    int all = 0;
    for (int k = 0; k < FIELDS; k++) {
        while (w->most[k] >> w->bits[k])
            w->bits[k]++;
        all += w->bits[k];
    }
    return all <= 64;
}

/* One pass: from *a to *b in the order of a digit, unless all have the same. */
static void sort_by_digit(struct key **a, struct key **b, int64_t n, int shift)
{
    int64_t start[DIGITS] = {0}, before = 0;
    for (int64_t i = 0; i < n; i++)
        start[(*a)[i].value >> shift & (DIGITS - 1)]++;
    if (start[(*a)[0].value >> shift & (DIGITS - 1)] == n)
        return;
    for (int d = 0; d < DIGITS; d++) {
        int64_t here = start[d];
        start[d] = before;
        before += here;
    }
    for (int64_t i = 0; i < n; i++)
        (*b)[start[(*a)[i].value >> shift & (DIGITS - 1)]++] = (*a)[i];
    struct key *swap = *a;
    *a = *b;
    *b = swap;
}

/* Reads all over the place do not wait for each other, as those of a sort in place would. */
static void follow(struct settle_interval_line *line, const struct key *key, int64_t n,
                   struct settle_interval_line *room)
{
    for (int64_t i = 0; i < n; i++)
        room[i] = line[key[i].at];
    memcpy(line, room, (size_t)n * sizeof *line);
}

bool line_order_sort(struct settle_interval_line *line, int64_t n)
{
    struct widths w;
    int64_t last_account, field[FIELDS];
    if (n < 2)
        return true;
    if (!measure(line, n, &w, &last_account))
        return false;
    struct key *a = MEM_ARRAY(struct key, n), *b = MEM_ARRAY(struct key, n);
    struct settle_interval_line *room = MEM_ARRAY(struct settle_interval_line, n);
    bool done = a && b && room;
    for (int64_t i = 0; done && i < n; i++) {
        fields_of(&line[i], &w, last_account, field);
        for (int k = 0; k < FIELDS; k++)
            a[i].value =
                (w.bits[k] < 64 ? a[i].value << w.bits[k] : 0) | (uint64_t)field[k];
        a[i].at = i;
    }
    int bits = 0;
    for (int k = 0; k < FIELDS; k++)
        bits += w.bits[k];
    for (int shift = 0; done && shift < bits; shift += DIGIT_BITS)
        sort_by_digit(&a, &b, n, shift);
    if (done)
        follow(line, a, n, room);
    mem_free(room);
    mem_free(a);
    mem_free(b);
    return done;
}
