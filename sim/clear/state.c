/* state.c - from one trade day to the next. */
#include "sim/clear/state.h"

#include <math.h>

int32_t state_hours_before(const struct market *m, const struct outcome *o, int32_t r,
                           int32_t first)
{
    int32_t initial = m->resource[r].commit.initial_h, hours = 0, t = first - 1;
    const uint8_t *on = (o->state_on ? o->state_on : o->on) + r;
    size_t n = (size_t)m->n_resource;
    if (first == 0)
        return initial;
    bool was_on = on[(size_t)(first - 1) * n];
    for (; t >= 0 && (on[(size_t)t * n] != 0) == was_on; t--)
        hours++;
    if (t < 0 && (initial > 0) == was_on)
        hours += initial > 0 ? initial : -initial;
    return was_on ? hours : -hours;
}

int32_t state_configuration_before(const struct market *m, const struct outcome *o,
                                   int32_t r, int32_t first, int32_t *hours)
{
    const struct resource *is = &m->resource[r];
    const int32_t *of =
        o->state_configuration ? o->state_configuration : o->configuration;
    int32_t t = first - 1;
    *hours = is->initial_configuration_h;
    if (first == 0 || !of)
        return is->initial_configuration;
    size_t n = (size_t)m->n_resource;
    int32_t was = of[(size_t)t * n + (size_t)r];
    for (*hours = 0; t >= 0 && of[(size_t)t * n + (size_t)r] == was; t--)
        ++*hours;
    if (t < 0 && is->initial_configuration == was)
        *hours += is->initial_configuration_h;
    return was;
}

double state_output_before(const struct market *m, const struct admission *a,
                           const struct outcome *o, int32_t r, int32_t first)
{
    int32_t n;
    size_t at = (size_t)(first - 1) * (size_t)m->n_resource + (size_t)r;
    const double *mw = o->state_mw ? o->state_mw : o->award_mw;
    (void)book_bid(&a->bids, r, first - 1, &n);
    bool took_part = o->state_energy_mwh ? o->state_on[at] != 0 : n > 0;
    return took_part ? mw[at] : (double)NAN;
}

void state_at_end(const struct market *m, const struct admission *a,
                  const struct outcome *o, struct resource_state *state)
{
    const double *energy = o->state_energy_mwh ? o->state_energy_mwh : o->energy_mwh;
    size_t last = (size_t)(m->n_interval - 1) * (size_t)m->n_resource;
    for (int32_t r = 0; r < m->n_resource; r++) {
        int32_t hours = m->resource[r].market_committed
                            ? state_hours_before(m, o, r, m->n_interval)
                            : 0;
        double mw = state_output_before(m, a, o, r, m->n_interval);
        int32_t in_h = 0, in = -1;
        if (hours > 0 && m->resource[r].n_configuration > 0)
            in = state_configuration_before(m, o, r, m->n_interval, &in_h);
        state[r] = (struct resource_state){
            .hours = hours,
            .minutes = o->state_since_min && m->resource[r].commit.fast
                           ? o->state_since_min[r]
                           : 0,
            .output_mw = hours < 0 ? 0 : mw,
            .configuration = in,
            .configuration_h = in < 0 ? 0 : in_h,
            .energy_mwh = energy[last + (size_t)r],
        };
    }
}

void state_apply(const struct resource_state *state, struct market *m)
{
    for (int32_t i = 0; i < m->n_resource; i++) {
        struct resource *r = &m->resource[i];
        double mw = state[i].output_mw;
        r->initial_mw = resource_type_withdraws(r->type) ? -mw : mw;
        if (r->market_committed) {
            r->commit.initial_h = state[i].hours;
            r->commit.initial_min = state[i].minutes;
            r->initial_configuration = state[i].configuration;
            r->initial_configuration_h = state[i].configuration_h;
        }
        if (r->type == RESOURCE_STORAGE)
            r->initial_energy_mwh = state[i].energy_mwh;
    }
}
