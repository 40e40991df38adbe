/* plant_trace.c - the schedule that the dynamic program of plant_schedule.c found. */
#include <math.h>
#include <string.h>

#include "solver/commit/unit_work.h"

static void note_config(struct unit_scheduler *s, int32_t c, int32_t t,
                        struct unit_schedule *out)
{
    for (int32_t k = 0; k <= c; k++) {
        int32_t fact = k * s->n_interval + t;
        out->on.word[fact / 64] |= UINT64_C(1) << (fact % 64);
    }
}

/* The label from its beginning to stop-1, x MW at the end; returns x before it. */
static double trace_label(struct unit_scheduler *s, const struct plant_label *l,
                          int32_t stop, bool stops, double x, struct concave_best best,
                          struct unit_schedule *out)
{
    int32_t from = l->since < 0 ? 0 : l->since;
    plant_use(s, l->config);
    for (int32_t t = stop - 1; t >= from; t--) {
        note_config(s, l->config, t, out);
        s->above_mw[t] = x;
        double before = stops && t == stop - 1 ? best.lo : l->best[t].lo;
        if (t > l->since && t > from)
            x = fmin(fmax(before, x - s->up_mw), x + s->down_mw);
    }
    return x;
}

/* Reserve of interval t, power being known. */
static void hold(struct unit_scheduler *s, const struct unit_schedule *out, int32_t t,
                 int32_t n)
{
    const struct commit_unit *plant = s->plant->unit;
    bool starts =
        t > 0 ? !(out->on.word[(t - 1) / 64] >> ((t - 1) % 64) & 1) : !plant->on_before;
    bool stops = t + 1 < n && !(out->on.word[(t + 1) / 64] >> ((t + 1) % 64) & 1);
    enum hour_kind kind = starts && stops ? HOUR_BOTH
                          : starts        ? HOUR_START
                          : stops         ? HOUR_STOP
                                          : HOUR_PLAIN;
    plant_use(s, interval_set_config(&out->on, plant, n, t));
    reward_hold(s, t, kind, s->above_mw[t], 0);
}

static double cost_of(struct unit_scheduler *s, const struct unit_schedule *out)
{
    const struct commit_unit *plant = s->plant->unit;
    double hourly = 0, once = 0;
    bool was_on = plant->on_before;
    for (int32_t t = 0; t < s->n_interval; t++) {
        bool is_on = out->on.word[t / 64] >> (t % 64) & 1;
        const struct commit_unit *u = plant;
        if (is_on) {
            int32_t c = interval_set_config(&out->on, plant, s->n_interval, t);
            u = &plant->config[c].as;
            hourly += u->min_cost_usd_per_h[t] +
                      trace_cost_above(&s->p->curve[u->curve[t]], s->above_mw[t]);
        }
        for (int32_t k = 0; k < u->n_offer; k++)
            if (u->offer[k].price_usd_per_mw)
                hourly +=
                    u->offer[k].price_usd_per_mw[t] * s->reserve_mw[t * u->n_offer + k];
        once += s->start_cost_usd[t] + (was_on && !is_on ? plant->stop_cost_usd : 0);
        was_on = is_on;
    }
    return s->p->interval_h * hourly + once;
}

/* From the end of the label back to the start of its run; returns the label of the start. */
static const struct plant_label *trace_run(struct unit_scheduler *s, int32_t label,
                                           int32_t stop, bool stops, double x,
                                           struct concave_best best,
                                           struct unit_schedule *out)
{
    const struct plant_work *w = s->plant;
    const struct plant_label *l = &w->label[label];
    for (;;) {
        x = trace_label(s, l, stop, stops, x, best, out);
        if (l->since >= 0)
            s->start_cost_usd[l->since] = l->once;
        if (l->since < 0 || l->parent < 0)
            return l;
        x = fmin(fmax(l->parent_best.lo, x - l->by->up_mw), x + l->by->down_mw);
        stop = l->since;
        stops = false;
        x += w->unit->config[l->config].as.min_mw;
        l = &w->label[l->parent];
        x -= w->unit->config[l->config].as.min_mw;
    }
}

void plant_trace(struct unit_scheduler *s, double value, int32_t label, int32_t stop,
                 int32_t used, struct unit_schedule *out)
{
    const struct plant_work *w = s->plant;
    int32_t n = s->n_interval, to = n;
    bool stops = label < 0;
    memset(s->start_cost_usd, 0, (size_t)n * sizeof *s->start_cost_usd);
    double x = stops ? 0 : w->label[label].run[(n - 1) % 2].top_at;
    struct concave_best best = {0, 0};
    for (;;) {
        s->unit = w->unit;
        if (stops)
            trace_off(s, stop < 0 ? 0 : stop, to);
        if (stops && stop < 0)
            break;
        if (stops) {
            const struct plant_stop *from = &w->stop[stop * s->n_used + used];
            label = from->label;
            x = from->x;
            best = from->best;
        }
        const struct plant_label *l =
            trace_run(s, label, stops ? stop : n, stops, x, best, out);
        if (l->since < 0)
            break;
        to = l->since;
        stop = l->stop;
        used = l->stop_used;
        stops = true;
    }
    for (int32_t t = 0; t < n; t++)
        if (out->on.word[t / 64] >> (t % 64) & 1)
            hold(s, out, t, n);
    out->value_usd = value;
    out->cost_usd = cost_of(s, out);
}
