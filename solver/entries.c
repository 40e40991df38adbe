/* entries.c - entries of new rows of the LP, appended to a growing list. */
#include <math.h>
#include <stdlib.h>

#include "sim/base/mem.h"
#include "solver/work.h"

bool entries_push(struct entries *e, int32_t col, double value)
{
    if (fabs(value) < 1e-14)
        return true; /* angles in MW are large: more than that would be felt */
    if (e->n == e->room) {
        int64_t room = e->room ? 2 * e->room : 1024;
        int32_t *c = mem_resize(e->col, (size_t)room, sizeof *c);
        if (c)
            e->col = c;
        double *v = mem_resize(e->value, (size_t)room, sizeof *v);
        if (v)
            e->value = v;
        if (!c || !v)
            return false;
        e->room = room;
    }
    e->col[e->n] = col;
    e->value[e->n++] = value;
    return true;
}

struct entry {
    int32_t col;
    int64_t at; /* keeps the order of equals, so that sums do not depend on the sort */
    double value;
};

static int by_column(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->col != b->col)
        return a->col < b->col ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

bool entries_merge(struct entries *e, int64_t from)
{
    int64_t n = e->n - from, kept = from;
    struct entry *sorted = mem_alloc((size_t)n, sizeof *sorted);
    if (!sorted)
        return false;
    for (int64_t k = 0; k < n; k++)
        sorted[k] = (struct entry){e->col[from + k], k, e->value[from + k]};
    qsort(sorted, (size_t)n, sizeof *sorted, by_column);
    for (int64_t k = 0; k < n; k++) {
        if (k > 0 && sorted[k].col == sorted[k - 1].col) {
            e->value[kept - 1] += sorted[k].value;
            continue;
        }
        e->col[kept] = sorted[k].col;
        e->value[kept++] = sorted[k].value;
    }
    e->n = kept;
    mem_free(sorted);
    return true;
}

void entries_release(struct entries *e)
{
    mem_free(e->col);
    mem_free(e->value);
    *e = (struct entries){0};
}
