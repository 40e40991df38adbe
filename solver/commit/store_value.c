/* store_value.c - see store_value.h. */
#include "solver/commit/store_value.h"

#include <math.h>

#include "sim/base/mem.h"

/* Numbers that differ by less are the same but for rounding, relative. */
static const double SAME = 1e-11;

void store_lines_release(struct store_lines *x)
{
    mem_free(x->at);
    *x = (struct store_lines){0};
}

bool store_lines_room(struct store_lines *x, int32_t more)
{
    if (x->n + more <= x->room)
        return true;
    const int32_t room = 2 * x->room + more + 64;
    struct store_line *at = mem_resize(x->at, (size_t)room, sizeof *at);
    if (!at)
        return false;
    x->at = at;
    x->room = room;
    return true;
}

static double end_of(const struct store_line *l)
{
    return l->at_mwh + l->mwh;
}

static double usd_at(const struct store_line *l, double mwh)
{
    return l->usd + l->slope * (mwh - l->at_mwh);
}

/* What a value or slope may be off by. */
static double noise(double x)
{
    return SAME * (1 + fabs(x));
}

/* The part of a line from one energy to another. */
static struct store_line part_of(const struct store_line *l, double from, double to)
{
    return (struct store_line){from, usd_at(l, from), l->slope, to - from};
}

/* ---- one function ------------------------------------------------------------------------ */

/* The line from where the one before it ends, which is not far. */
static struct store_line drawn_back(const struct store_line *l, double to)
{
    return part_of(l, fmin(to, l->at_mwh), end_of(l));
}

void store_lines_put(struct store_lines *x, struct store_line line)
{
    struct store_line *last = x->n > 0 ? &x->at[x->n - 1] : NULL;
    const bool meets = last && line.at_mwh - end_of(last) <= x->little_mwh;
    if (meets) {
        const double here = usd_at(last, end_of(last)), near = noise(here);
        if (line.mwh <= x->little_mwh && line.usd <= here + near)
            return;
        if (fabs(line.slope - last->slope) <= noise(last->slope) &&
            fabs(line.usd - here) <= near) {
            last->mwh = end_of(&line) - last->at_mwh;
            return;
        }
        if (line.mwh > x->little_mwh)
            line = drawn_back(&line, end_of(last));
        if (last->mwh <= x->little_mwh && last->usd <= line.usd + near) {
            line = drawn_back(&line, last->at_mwh);
            x->n--;
        }
    }
    x->at[x->n++] = line;
}

void store_lines_cut(struct store_lines *x, double least, double most, double missed)
{
    if (x->n == 0)
        return;
    const double lo = x->at[0].at_mwh, hi = end_of(&x->at[x->n - 1]);
    if (hi < least - missed || lo > most + missed) {
        x->n = 0;
        return;
    }
    const double from = fmin(fmax(lo, least), hi), to = fmax(fmin(hi, most), lo);
    int32_t n = 0;
    for (int32_t k = 0; k < x->n; k++) {
        const struct store_line *l = &x->at[k];
        const double a = fmax(l->at_mwh, from), b = fmin(end_of(l), to);
        if (b > a || (b >= a && (l->mwh <= 0 || from >= to)))
            x->at[n++] = part_of(l, a, b);
    }
    x->n = n;
}

int32_t store_lines_concave(const struct store_line *line, int32_t n, double little_mwh)
{
    int32_t k = 1;
    for (; k < n; k++) {
        const struct store_line *a = &line[k - 1], *b = &line[k];
        const double end = usd_at(a, end_of(a));
        if (b->at_mwh - end_of(a) > little_mwh || fabs(b->usd - end) > noise(end) ||
            b->slope > a->slope + noise(a->slope))
            break;
    }
    return k;
}

/* ---- the greater of two ------------------------------------------------------------------ */

/* The greater of two lines where both are. */
static void put_greater(const struct store_line *a, const struct store_line *b,
                        double from, double to, struct store_lines *out)
{
    const double at_from = usd_at(a, from) - usd_at(b, from);
    const double at_to = usd_at(a, to) - usd_at(b, to);
    const double near = noise(usd_at(a, from));
    const struct store_line *first = at_from >= -near ? a : b;
    const struct store_line *last = at_to >= -near ? a : b;
    if (first == last || to <= from) {
        store_lines_put(out, part_of(first, from, to));
        return;
    }
    const double share = fmin(1, fmax(0, at_from / (at_from - at_to)));
    const double cross = from + (to - from) * share;
    store_lines_put(out, part_of(first, from, cross));
    store_lines_put(out, part_of(last, cross, to));
}

bool store_lines_greater(const struct store_lines *x, const struct store_lines *y,
                         struct store_lines *out)
{
    int32_t i = 0, j = 0;
    double at = -INFINITY; /* up to here it is done */
    if (!store_lines_room(out, 4 * (x->n + y->n)))
        return false;
    while (i < x->n || j < y->n) {
        const struct store_line *a = i < x->n ? &x->at[i] : NULL;
        const struct store_line *b = j < y->n ? &y->at[j] : NULL;
        const double a_from = a ? fmax(at, a->at_mwh) : (double)INFINITY;
        const double b_from = b ? fmax(at, b->at_mwh) : (double)INFINITY;
        const double a_to = a ? fmax(a_from, end_of(a)) : (double)INFINITY;
        const double b_to = b ? fmax(b_from, end_of(b)) : (double)INFINITY;
        if (a_from < b_from) {
            at = fmin(a_to, b_from);
            store_lines_put(out, part_of(a, a_from, at));
        } else if (b_from < a_from) {
            at = fmin(b_to, a_from);
            store_lines_put(out, part_of(b, b_from, at));
        } else {
            at = fmin(a_to, b_to);
            put_greater(a, b, a_from, at, out);
        }
        i += a_from <= b_from && a_to <= at;
        j += b_from <= a_from && b_to <= at;
    }
    return true;
}
