/* concave.c - concave piecewise-linear functions: window maximum, sum, comparison. */
#include "solver/commit/concave.h"

#include <math.h>

#include "sim/base/mem.h"

enum err_code concave_reserve(struct concave *f, int32_t n, struct err *err)
{
    if (n <= f->room)
        return ERR_OK;
    double *end = mem_resize(f->end, (size_t)n, sizeof *end);
    if (end)
        f->end = end;
    double *slope = end ? mem_resize(f->slope, (size_t)n, sizeof *slope) : NULL;
    if (!slope)
        return err_set(err, ERR_NOMEM, "out of memory for the schedule of a unit");
    f->slope = slope;
    f->room = n;
    return ERR_OK;
}

void concave_release(struct concave *f)
{
    mem_free(f->end);
    mem_free(f->slope);
    *f = (struct concave){0};
}

void concave_find_top(struct concave *f, double hi)
{
    f->top = f->at_lo;
    f->top_at = f->lo;
    for (int32_t i = 0; i < f->n && f->slope[i] > 0 && f->top_at < hi; i++) {
        double end = fmin(f->end[i], hi);
        f->top += f->slope[i] * (end - f->top_at);
        f->top_at = end;
    }
}

static void push(struct concave *f, double end, double slope)
{
    f->end[f->n] = end;
    f->slope[f->n++] = slope;
}

/* Where v stops rising by more than a fall costs: x' is no less unless ramps say so. */
static void begin_level(const struct concave_move *m, double at, struct concave *out,
                        struct concave_best *best)
{
    best->lo = at;
    if (m->rise_usd > 0 || m->fall_usd > 0)
        push(out, at, m->fall_usd);
}

/* Where it begins to fall by more than a rise costs: x' is no more. */
static void begin_fall(const struct concave_move *m, double at, struct concave *out,
                       struct concave_best *best)
{
    best->hi = at;
    push(out, at + m->up, -m->rise_usd);
}

/*
 * The maximum over the window, which is v with the two slopes of a change in their order
 * among its own: what rises by more than a fall costs shifts by -down, what falls by more
 * than a rise costs by +up. The bonus has one kink, at cap - up.
 */
static void widen(const struct concave *v, const struct concave_move *m,
                  struct concave *out, struct concave_best *best)
{
    double kink = m->bonus > 0 ? m->cap - m->up : v->lo, at = v->lo;
    bool level = false, falling = false;
    out->n = 0;
    out->lo = v->lo - m->down;
    out->at_lo =
        v->at_lo + m->bonus * fmin(m->cap, v->lo + m->up) - m->fall_usd * m->down;
    for (int32_t i = 0; i < v->n;) {
        double slope = v->slope[i], end = v->end[i];
        if (at < kink) {
            slope += m->bonus;
            end = fmin(end, kink);
        }
        if (!level && slope <= m->fall_usd) {
            level = true;
            begin_level(m, at, out, best);
        }
        if (!falling && slope <= -m->rise_usd) {
            falling = true;
            begin_fall(m, at, out, best);
        }
        push(out, falling ? end + m->up : level ? end : end - m->down, slope);
        at = end;
        i += end >= v->end[i];
    }
    if (!level)
        begin_level(m, at, out, best);
    if (!falling)
        begin_fall(m, at, out, best);
}

bool concave_move(const struct concave *v, const struct concave *gain,
                  const struct concave_move *m, struct concave *window,
                  struct concave *out, struct concave_best *best)
{
    widen(v, m, window, best);
    const double lo = gain->lo, last = window->end[window->n - 1];
    double x = window->lo, value = window->at_lo;
    if (x > m->hi + m->tolerance || last < lo - m->tolerance || m->hi < lo)
        return false;
    int32_t i = 0, j = 0;
    for (; x < lo && i < window->n; i++) { /* what lies below */
        double end = fmin(window->end[i], lo);
        value += window->slope[i] * (end - x);
        x = end;
        if (window->end[i] > lo)
            break;
    }
    x = fmin(fmax(x, lo), m->hi);
    value += gain->at_lo;
    for (double at = lo; j < gain->n && gain->end[j] <= x; j++) {
        value += gain->slope[j] * (gain->end[j] - at);
        at = gain->end[j];
    }
    if (j < gain->n && x > lo)
        value += gain->slope[j] * (x - (j > 0 ? gain->end[j - 1] : lo));
    out->n = 0;
    out->lo = x;
    out->at_lo = value;
    while (x < m->hi && i < window->n && j < gain->n) {
        double end = fmin(fmin(window->end[i], gain->end[j]), m->hi);
        double slope = window->slope[i] + gain->slope[j];
        if (end - x > m->too_short) {
            if (out->n > 0 && out->slope[out->n - 1] <= slope)
                out->end[out->n - 1] = end;
            else
                push(out, end, slope);
            x = end;
        }
        i += window->end[i] <= end;
        j += gain->end[j] <= end;
        if (end >= m->hi)
            break;
    }
    concave_find_top(out, INFINITY);
    return true;
}

/* Slope of segment j where a function falls by no more than fall, also beyond its end. */
static double slope_of(const struct concave *f, int32_t j, double fall)
{
    return j < f->n && f->slope[j] > -fall ? f->slope[j] : -fall;
}

bool concave_covers(const struct concave *b, double lead, const struct concave *a,
                    double fall)
{
    double x = a->lo, over = b->at_lo + lead - a->at_lo, at = b->lo;
    if (x < at)
        return false;
    int32_t j = 0;
    for (; j < b->n && b->end[j] <= x; j++) {
        over += slope_of(b, j, fall) * (b->end[j] - at);
        at = b->end[j];
    }
    if (x > at)
        over += slope_of(b, j, fall) * (x - at);
    /* b is concave and a linear between its ends of segments: looking there is enough. */
    for (int32_t i = 0; over >= 0 && i < a->n; i++) {
        for (; j < b->n && b->end[j] < a->end[i]; j++) {
            over += (slope_of(b, j, fall) - a->slope[i]) * (b->end[j] - x);
            x = b->end[j];
        }
        over += (slope_of(b, j, fall) - a->slope[i]) * (a->end[i] - x);
        x = a->end[i];
    }
    return over >= 0;
}
