/* dive_lift.c - what rounding a mixed unit up costs, about. */
#include <math.h>

#include "solver/commit/dive_work.h"

/* What a plant costs above its mixture where it is as high as its highest pattern. */
static double plant_lift_usd(const struct fleet *f, const struct mixture *mix,
                             int32_t g)
{
    const struct commit_unit *u = &f->p->unit[g];
    const struct pattern *p = mix->pattern + (size_t)g * PATTERNS;
    double sum = 0;
    for (int32_t t = 0; t < f->n_interval; t++) {
        int32_t highest = -1;
        double mixed = 0;
        for (int32_t k = 0; k < mix->n[g]; k++) {
            if (!set_has(&p[k].of->on, t))
                continue;
            const int32_t c = interval_set_config(&p[k].of->on, u, f->n_interval, t);
            mixed += p[k].weight * u->config[c].as.min_cost_usd_per_h[t];
            highest = c > highest ? c : highest;
        }
        if (highest >= 0)
            sum += f->p->interval_h *
                   (u->config[highest].as.min_cost_usd_per_h[t] - mixed);
    }
    return sum;
}

/* What on-hours and starts cost a unit by its first category, above its mixture. */
double dive_lift_usd(const struct fleet *f, const struct mixture *mix, int32_t g)
{
    const struct commit_unit *u = &f->p->unit[g];
    const struct pattern *p = mix->pattern + (size_t)g * PATTERNS;
    const double start = u->n_start > 0 ? u->start[0].cost_usd : 0;
    if (u->store) /* its ways cost nothing by themselves */
        return 0;
    if (u->n_config > 0)
        return plant_lift_usd(f, mix, g);
    double sum = 0, before = 0, any_before = u->on_before;
    for (int32_t k = 0; k < mix->n[g]; k++)
        before += u->on_before ? p[k].weight : 0;
    for (int32_t t = 0; t < f->n_interval; t++) {
        double on = 0, any = 0;
        for (int32_t k = 0; k < mix->n[g]; k++)
            if (set_has(&p[k].of->on, t)) {
                on += p[k].weight;
                any = 1;
            }
        sum += (any - on) * u->min_cost_usd_per_h[t] * f->p->interval_h;
        sum += (fmax(0, any - any_before) - fmax(0, on - before)) * start;
        before = on;
        any_before = any;
    }
    return sum;
}
