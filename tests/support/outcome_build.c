/* outcome_build.c - zero awards and prices. */
#include "tests/support/outcome_build.h"

#include <stdlib.h>

static double *zeros(struct outcome *o, int32_t n)
{
    double *p = ARENA_ARRAY(&o->arena, double, (size_t)o->n_interval *(size_t)n);
    if (!p)
        abort();
    return p;
}

struct outcome outcome_build(const struct market *m)
{
    struct outcome o = {.interval_h = 1,
                        .n_interval = m->n_interval,
                        .n_node = m->n_node,
                        .n_resource = m->n_resource,
                        .n_virtual = m->n_virtual,
                        .n_service_bidder = m->n_service_bidder};
    o.award_mw = zeros(&o, m->n_resource);
    o.virtual_award_mw = zeros(&o, m->n_virtual);
    o.service_mw = zeros(&o, m->n_service_bidder);
    o.service_self_mw = zeros(&o, m->n_service_bidder);
    o.service_bidder_usd_per_mw = zeros(&o, m->n_service_bidder);
    o.lmp = zeros(&o, m->n_node);
    o.loss_surplus_usd = zeros(&o, 1);
    return o;
}

double outcome_build_random(uint64_t *state, double lo, double hi)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return lo + (hi - lo) * ((double)(z >> 11) / 9007199254740992.0);
}
