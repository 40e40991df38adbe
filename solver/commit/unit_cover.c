/* unit_cover.c - runs of a unit that others are better than, whatever comes. */
#include <math.h>

#include "solver/commit/unit_work.h"

static double entry_value(const struct unit_scheduler *s, int32_t slot, int32_t t,
                          int32_t used)
{
    return unit_entry(s, slot, unit_entry_used(s, slot, t, used))->value;
}

/* By how much the entries of b exceed those of a at least, after interval t. */
static double entry_lead(const struct unit_scheduler *s, int32_t b, int32_t a,
                         int32_t t)
{
    int32_t then = t + 1 < s->n_interval ? t + 1 : t;
    double lead = INFINITY;
    for (int32_t used = 0; used < s->n_used; used++) {
        double of_a = entry_value(s, a, then, used);
        if (of_a > -HUGE_VAL)
            lead = fmin(lead, entry_value(s, b, then, used) - of_a);
    }
    return lead;
}

/*
 * What a run loses at most per MW that it is lower after interval t than another. It does
 * as the other from then on, as soon as ramps allow: if it was at y, it is no more than
 * max(0, span - y - k up) lower after k intervals, and no more than at first. What it was
 * lower it has to rise. Where limits are by interval it may be too low for the next least.
 */
static double loss_of_lower(const struct unit_scheduler *s, int32_t slot, int32_t t)
{
    static const double never_usd = 1e30;
    if (s->unit->least_mw)
        return never_usd;
    double gap = s->span_mw - s->run[slot].top_at;
    int32_t next = t + 1, left = s->n_interval - next, n = left;
    if (gap <= s->up_mw * left && gap > 0)
        n = (int32_t)ceil(gap / s->up_mw) - 1;
    return s->rise_usd + s->worth_now[next + n] - s->worth_now[next] +
           s->worth_before[next + (n < left ? n + 1 : left)] - s->worth_before[next];
}

/* Whether run b is as good as run a at every power, after interval t. */
static bool covers(const struct unit_scheduler *s, int32_t b, int32_t a, int32_t t)
{
    double lead =
        s->n_used > 1 ? entry_lead(s, b, a, t) : s->entry[b].value - s->entry[a].value;
    if (s->run[b].top + lead < s->run[a].top)
        return false;
    return s->is_free || concave_covers(&s->run[b], lead, &s->run[a], s->loss[b]);
}

void cover_drop(struct unit_scheduler *s, int32_t t)
{
    int32_t best = -1, older = -1, kept = 0;
    double top = -INFINITY, older_top = -INFINITY;
    if (s->n_live < 2)
        return;
    for (int32_t k = 0; !s->is_free && k < s->n_live; k++)
        s->loss[s->live[k]] = loss_of_lower(s, s->live[k], t);
    for (int32_t k = 0; k < s->n_live; k++) {
        int32_t slot = s->live[k];
        double value = s->run[slot].top + unit_entry(s, slot, s->n_used - 1)->value;
        if (unit_age(s, slot, t + 2) >= s->unit->min_up && value > top) {
            best = slot;
            top = value;
        }
    }
    for (int32_t k = 0; k < s->n_live; k++) {
        int32_t slot = s->live[k];
        if ((best >= 0 && slot != best && covers(s, best, slot, t)) ||
            (older >= 0 && older != best && slot != best && covers(s, older, slot, t)))
            continue;
        double value = s->run[slot].top + unit_entry(s, slot, s->n_used - 1)->value;
        if (value > older_top) {
            older = slot;
            older_top = value;
        }
        s->live[kept++] = slot;
    }
    s->n_live = kept;
}
