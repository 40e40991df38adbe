/* unit_trace.c - the schedule that the dynamic program of unit_schedule.c found. */
#include <math.h>
#include <string.h>

#include "solver/commit/unit_work.h"

/* On from interval `from` to stop-1, with power x at the end. */
static void trace_run(struct unit_scheduler *s, int32_t slot, int32_t stop, bool stops,
                      double x, const struct concave_best *best,
                      struct unit_schedule *out)
{
    int32_t from = slot == 0 ? 0 : slot - 1;
    for (int32_t t = stop - 1; t >= from; t--) {
        out->on.word[t / 64] |= UINT64_C(1) << (t % 64);
        s->above_mw[t] = x;
        const struct concave_best *before =
            stops && t == stop - 1
                ? best
                : &s->best[(size_t)slot * (size_t)s->n_interval + (size_t)t];
        x = unit_power_before(s, before, x);
    }
    for (int32_t t = from; t < stop; t++) {
        bool starts = slot > 0 && t == from, ends = stops && t == stop - 1;
        enum hour_kind kind = starts && ends ? HOUR_BOTH
                              : starts       ? HOUR_START
                              : ends         ? HOUR_STOP
                                             : HOUR_PLAIN;
        double x_before = t > from ? s->above_mw[t - 1] : slot == 0 ? s->x_before : 0;
        reward_hold(s, t, kind, s->above_mw[t], x_before);
    }
}

void trace_off(struct unit_scheduler *s, int32_t from, int32_t to)
{
    size_t n_offer = (size_t)s->unit->n_offer;
    for (int32_t t = from; t < to; t++) {
        s->above_mw[t] = 0;
        reward_sort(s, t);
        for (size_t k = 0; k < n_offer; k++)
            s->reserve_mw[(size_t)t * n_offer + k] =
                s->reward.worth[k] >= 0 ? s->unit->offer[k].max_off_mw : 0;
    }
}

double trace_cost_above(const struct commit_curve *c, double x)
{
    double cost = 0;
    for (int32_t i = 0; i < c->n_segment && x > 0; i++) {
        double mw = i == c->n_segment - 1 ? x : fmin(x, c->width_mw[i]);
        cost += mw * c->cost_usd_per_mwh[i];
        x -= mw;
    }
    return cost;
}

static double cost_of(const struct unit_scheduler *s, const struct interval_set *on)
{
    const struct commit_unit *u = s->unit;
    double hourly = 0, once = 0;
    double mw_before = u->mw_before;
    bool was_on = u->on_before;
    for (int32_t t = 0; t < s->n_interval; t++) {
        bool is_on = on->word[t / 64] >> (t % 64) & 1;
        if (is_on)
            hourly += u->min_cost_usd_per_h[t] +
                      trace_cost_above(&s->p->curve[u->curve[t]], s->above_mw[t]);
        for (int32_t k = 0; k < u->n_offer; k++)
            if (u->offer[k].price_usd_per_mw)
                hourly +=
                    u->offer[k].price_usd_per_mw[t] * s->reserve_mw[t * u->n_offer + k];
        const double mw = is_on ? u->min_mw + s->above_mw[t] : 0;
        once += s->start_cost_usd[t] + (was_on && !is_on ? u->stop_cost_usd : 0) +
                commit_change_usd(u, mw_before, mw);
        was_on = is_on;
        mw_before = mw;
    }
    return s->p->interval_h * hourly + once;
}

void trace_schedule(struct unit_scheduler *s, const struct ending *end,
                    struct unit_schedule *out)
{
    int32_t to = s->n_interval; /* what comes later is written */
    int32_t slot = end->at, used = end->used, stop = end->on ? to : end->at;
    bool stops = !end->on;
    memset(s->start_cost_usd, 0, (size_t)to * sizeof *s->start_cost_usd);
    for (;;) {
        trace_off(s, stop < 0 ? 0 : stop, to);
        if (stop < 0)
            break;
        double x;
        struct concave_best best = {0, 0};
        if (stops) {
            const struct off_state *off = &s->off[stop * s->n_used + used];
            slot = off->run;
            used = off->run_used;
            x = off->x;
            best = off->best;
        } else {
            x = s->run[slot].top_at;
        }
        trace_run(s, slot, stop, stops, x, &best, out);
        if (slot == 0)
            break;
        const struct entry *entry = &s->entry[slot * s->n_used + used];
        to = slot - 1;
        s->start_cost_usd[to] = entry->start_cost;
        stop = entry->stop;
        used = entry->stop_used;
        stops = true;
    }
    out->value_usd = end->value;
    out->cost_usd = cost_of(s, &out->on);
}
