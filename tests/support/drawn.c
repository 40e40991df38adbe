/* drawn.c - random dispatch problems. */
#include "tests/support/drawn.h"

#include <math.h>
#include <string.h>

/* ---- drawing ---- */

static bool has(const struct drawn *x, unsigned feature)
{
    return (x->features & feature) != 0;
}

/* A tree over each island plus a few more branches; parallel ones may happen. */
static void draw_branches(struct draw *d, struct drawn *x)
{
    int32_t n_island = has(x, DRAWN_ISLANDS) ? draw_int(d, 2, 3) : 1;
    if (n_island > x->n_bus)
        n_island = x->n_bus;
    for (int32_t n = n_island; n < x->n_bus; n++)
        x->branch[x->n_branch++] = (struct drawn_branch){
            .from = n, .to = n - n_island * draw_int(d, 1, n / n_island)};
    int32_t more = draw_int(d, 0, x->n_bus);
    for (int32_t k = 0; k < more && x->n_branch < DRAWN_BRANCH; k++) {
        int32_t a = draw_int(d, 0, x->n_bus - 1), b = draw_int(d, 0, x->n_bus - 1);
        if (a != b && a % n_island == b % n_island)
            x->branch[x->n_branch++] = (struct drawn_branch){.from = a, .to = b};
    }
    for (int32_t l = 0; l < x->n_branch; l++) {
        struct drawn_branch *b = &x->branch[l];
        b->susceptance = has(x, DRAWN_TIES) ? 1000 : draw_real(d, 300, 3000);
        b->max = draw_chance(d, has(x, DRAWN_TIGHT) ? 0.6 : 0.3)
                     ? draw_int(d, 5, has(x, DRAWN_TIGHT) ? 40 : 120)
                     : HUGE_VAL;
        b->min = draw_chance(d, 0.8) ? -b->max : -HUGE_VAL;
        if (has(x, DRAWN_SHIFTERS) && draw_chance(d, 0.2))
            b->shift = draw_real(d, -0.02, 0.02);
    }
}

static double draw_cost(struct draw *d, const struct drawn *x)
{
    double lo = has(x, DRAWN_NEGATIVE) ? -60 : 5;
    if (has(x, DRAWN_TIES))
        return 10 * floor(draw_real(d, lo, 90) / 10);
    return draw_real(d, lo, 90);
}

static double draw_mw(struct draw *d, const struct drawn *x, double lo, double hi)
{
    double mw = draw_real(d, lo, hi);
    return has(x, DRAWN_TIES) ? 5 * ceil(mw / 5) : mw;
}

static void draw_segments(struct draw *d, const struct drawn *x,
                          struct drawn_injection *i, double from)
{
    for (int32_t t = 0; t < x->n_interval; t++) {
        double cost = draw_cost(d, x);
        bool as_before = t > 0 && draw_chance(d, 0.5);
        i->base[t] = from;
        for (int32_t s = 0; s < i->n_segment; s++) {
            double step = draw_chance(d, 0.3) ? 0 : fabs(draw_cost(d, x)) / 3;
            if (has(x, DRAWN_TIES))
                step = 10 * floor(step / 10);
            i->seg[t][s].width_mw =
                t > 0 ? i->seg[0][s].width_mw : draw_mw(d, x, 1, 50);
            i->seg[t][s].cost_usd_per_mwh =
                as_before ? i->seg[t - 1][s].cost_usd_per_mwh : cost;
            i->seg[t][s].price_cost_usd_per_mwh = i->seg[t][s].cost_usd_per_mwh;
            cost += step;
        }
    }
}

static void draw_injection(struct draw *d, struct drawn *x)
{
    struct drawn_injection *i = &x->injection[x->n_injection++];
    i->n_place = 1;
    i->bus[0] = draw_int(d, 0, x->n_bus - 1);
    i->weight[0] = 1;
    i->n_segment = draw_int(d, 0, 9) == 0 ? 0 : draw_int(d, 1, DRAWN_SEGMENT);
    i->ramp_up = i->ramp_down = HUGE_VAL;
    i->initial = (double)NAN;
    int32_t other = draw_int(d, 0, x->n_bus - 1);
    if (other != i->bus[0] && has(x, DRAWN_TRANSFERS) && draw_chance(d, 0.2)) {
        i->n_place = 2;
        i->bus[1] = other;
        i->weight[1] = -1;
    } else if (other != i->bus[0] && has(x, DRAWN_SPREAD) && draw_chance(d, 0.3)) {
        i->n_place = 2;
        i->bus[1] = other;
        i->weight[0] = draw_real(d, 0.1, 0.9);
        i->weight[1] = 1 - i->weight[0];
    }
    draw_segments(d, x, i, draw_chance(d, 0.3) ? draw_mw(d, x, -30, 20) : 0);
    if (!has(x, DRAWN_RAMPS) || draw_chance(d, 0.5))
        return;
    i->ramp_up = draw_mw(d, x, 2, 30);
    i->ramp_down = draw_chance(d, 0.5) ? i->ramp_up : draw_mw(d, x, 2, 30);
    if (draw_chance(d, 0.6))
        i->initial = i->base[0] + draw_mw(d, x, 0, 30);
    for (int32_t t = 0; t < x->n_interval; t++)
        i->ramp_free[t] = draw_chance(d, 0.1);
}

static void draw_store(struct draw *d, struct drawn *x)
{
    int32_t at = x->n_injection++;
    struct drawn_injection *i = &x->injection[at];
    double mw = draw_mw(d, x, 5, 30), most = draw_mw(d, x, 20, 80);
    i->n_place = 1;
    i->bus[0] = draw_int(d, 0, x->n_bus - 1);
    i->weight[0] = 1;
    i->n_segment = 2;
    i->ramp_up = i->ramp_down = HUGE_VAL;
    i->initial = (double)NAN;
    for (int32_t t = 0; t < x->n_interval; t++) {
        double cost = has(x, DRAWN_TIES) ? 0 : draw_real(d, -2, 2);
        i->base[t] = -mw;
        for (int s = 0; s < 2; s++, cost += has(x, DRAWN_TIES) ? 0 : 1)
            i->seg[t][s] = (struct dispatch_segment){mw, cost, cost};
    }
    x->store[x->n_store++] = (struct dispatch_store){
        .injection = at,
        .charge_efficiency = draw_chance(d, 0.5) ? 1 : draw_real(d, 0.7, 1),
        .discharge_efficiency = draw_chance(d, 0.5) ? 1 : draw_real(d, 0.7, 1),
        .energy_min_mwh = draw_chance(d, 0.5) ? 0 : 5,
        .energy_max_mwh = most,
        .energy_initial_mwh = draw_real(d, 5, most),
        .energy_end_min_mwh = draw_chance(d, 0.5) ? -HUGE_VAL : draw_real(d, 0, most)};
}

static void draw_group(struct draw *d, struct drawn *x)
{
    struct drawn_group *g = &x->group[x->n_group++];
    int32_t order[DRAWN_INJECTION];
    draw_order(d, x->n_injection, order);
    g->n = draw_int(d, 1, x->n_injection < DRAWN_FEW ? x->n_injection : DRAWN_FEW);
    for (int32_t k = 0; k < g->n; k++) {
        g->injection[k] = order[k];
        g->coef[k] = draw_chance(d, 0.7) ? 1 : -1;
    }
    for (int32_t t = 0; t < x->n_interval; t++)
        g->max[t] = draw_chance(d, 0.2) ? HUGE_VAL : draw_mw(d, x, 0, 80);
}

static void draw_load(struct draw *d, struct drawn *x)
{
    double most = has(x, DRAWN_SCARCE) ? 150 : 40;
    for (int32_t n = 0; n < x->n_bus; n++) {
        bool here = draw_chance(d, 0.6);
        for (int32_t t = 0; here && t < x->n_interval; t++) {
            double mw = draw_mw(d, x, 0, most);
            x->fixed[t][n] = -mw;
            x->reference[n] += mw;
        }
    }
}

static void draw_pricing(struct draw *d, struct drawn *x)
{
    x->schedule = x->pricing =
        (struct dispatch_penalty){6500, 6500, 5000, 7000, 6000, 6000, 4000};
    if (!has(x, DRAWN_PRICING))
        return;
    x->pricing = (struct dispatch_penalty){1000, 150, 1000, 1000, 1000, 1000, 900};
    for (int32_t i = 0; i < x->n_injection; i++)
        for (int32_t t = 0; t < x->n_interval; t++)
            if (x->injection[i].n_segment > 0 && draw_chance(d, 0.1)) {
                x->injection[i].seg[t][0].cost_usd_per_mwh = -950;
                x->injection[i].seg[t][0].price_cost_usd_per_mwh = -150;
            }
}

static void draw_bus_ties(struct draw *d, struct drawn *x)
{
    for (int32_t l = 0; l < x->n_branch; l++) {
        if (!draw_chance(d, 0.3))
            continue;
        x->branch[l].susceptance = HUGE_VAL;
        x->branch[l].shift = 0;
    }
}

/* Some percent of what the branches carry. */
static void draw_losses(struct draw *d, struct drawn *x)
{
    x->losses = LOSS_REFERENCE;
    for (int32_t l = 0; l < x->n_branch; l++)
        x->loss_per_mw[l] = draw_chance(d, 0.2) ? 0 : draw_real(d, 0, 4e-4);
}

/* An injection without buses, of the same segments in all intervals. */
static int32_t draw_nowhere(struct drawn *x, int32_t n_segment, double width,
                            double cost)
{
    int32_t at = x->n_injection++;
    struct drawn_injection *i = &x->injection[at];
    i->n_segment = n_segment;
    i->ramp_up = i->ramp_down = HUGE_VAL;
    i->initial = (double)NAN;
    for (int32_t t = 0; t < x->n_interval; t++)
        for (int32_t s = 0; s < n_segment; s++)
            i->seg[t][s] = (struct dispatch_segment){
                width, cost * (s + 1), cost * (s + (has(x, DRAWN_PRICING) ? 0.5 : 1))};
    return at;
}

static void join(struct drawn_group *g, int32_t injection, double coef)
{
    g->injection[g->n] = injection;
    g->coef[g->n++] = coef;
}

/* What injection i can give beside its power: fast and slow awards within its range, what
 * it can ramp in time and, of a store, what it holds. */
static void draw_awards(struct draw *d, struct drawn *x, int32_t i, int32_t award[2])
{
    struct drawn_group *range = &x->group[x->n_group++];
    struct drawn_group *ramp = &x->group[x->n_group++];
    range->penalty = ramp->penalty = 1e5;
    join(range, i, 1);
    for (int k = 0; k < 2; k++) {
        award[k] = draw_nowhere(x, draw_chance(d, 0.8), draw_mw(d, x, 5, 30),
                                has(x, DRAWN_TIES) ? 10 : draw_real(d, 0, 20));
        join(range, award[k], 1);
        join(ramp, award[k], 1);
    }
    double quick = draw_mw(d, x, 5, 40);
    for (int32_t t = 0; t < x->n_interval; t++) {
        range->max[t] = x->injection[i].base[t];
        for (int32_t s = 0; s < x->injection[i].n_segment; s++)
            range->max[t] += x->injection[i].seg[t][s].width_mw;
        ramp->max[t] = quick;
    }
    for (int32_t s = 0; s < x->n_store; s++) {
        if (x->store[s].injection != i)
            continue;
        struct drawn_group *held = &x->group[x->n_group++];
        held->store = s + 1;
        held->energy_coef = -1;
        held->penalty = 1e5;
        join(held, award[0], 1);
        join(held, award[1], 0.5);
        for (int32_t t = 0; t < x->n_interval; t++)
            held->max[t] = -x->store[s].energy_min_mwh;
    }
}

/* Two services, the faster of which serves for the slower one. */
static void draw_services(struct draw *d, struct drawn *x)
{
    int32_t n = x->n_injection, order[DRAWN_INJECTION], award[DRAWN_SERVING][2];
    int32_t n_serving = draw_int(d, 1, n < DRAWN_SERVING ? n : DRAWN_SERVING);
    int32_t required[2];
    draw_order(d, n, order);
    for (int32_t k = 0; k < n_serving; k++)
        draw_awards(d, x, order[k], award[k]);
    for (int k = 0; k < 2; k++) {
        required[k] = draw_nowhere(x, 1, 0, 0);
        x->injection[required[k]].grows = true;
        for (int32_t t = 0; t < x->n_interval; t++)
            x->injection[required[k]].base[t] = draw_mw(d, x, 0, 50);
        int32_t lacking = draw_nowhere(x, 2, 200, draw_real(d, 30, 300));
        struct drawn_group *g = &x->group[x->n_group++];
        for (int below = 0; below <= k; below++) {
            join(g, required[below], 1);
            for (int32_t j = 0; j < n_serving; j++)
                join(g, award[j][below], -1);
        }
        join(g, lacking, -1);
    }
}

struct drawn drawn_make(struct draw *d, unsigned features)
{
    struct drawn x = {0};
    for (unsigned bit = 1; bit < DRAWN_ANY; bit <<= 1)
        if ((features & bit) && draw_chance(d, 0.5))
            x.features |= bit;
    bool over_time = has(&x, DRAWN_RAMPS | DRAWN_STORES);
    x.n_bus = draw_chance(d, 0.2) ? draw_int(d, 1, 3) : draw_int(d, 3, 14);
    x.n_interval = over_time ? draw_int(d, 2, 6) : draw_int(d, 1, 2);
    for (int32_t t = 0; t < x.n_interval; t++)
        x.duration[t] = has(&x, DRAWN_HOURS) ? 0.25 * draw_int(d, 1, 6) : 1;
    draw_branches(d, &x);
    draw_load(d, &x);
    int32_t n = draw_int(d, 2, 16);
    for (int32_t i = 0; i < n; i++)
        draw_injection(d, &x);
    n = has(&x, DRAWN_STORES) ? draw_int(d, 1, DRAWN_STORE) : 0;
    for (int32_t s = 0; s < n; s++)
        draw_store(d, &x);
    n = has(&x, DRAWN_GROUPS) ? draw_int(d, 1, DRAWN_FEW) : 0;
    for (int32_t g = 0; g < n; g++)
        draw_group(d, &x);
    draw_pricing(d, &x);
    if (features & DRAWN_BUS_TIES)
        draw_bus_ties(d, &x);
    if (features & DRAWN_LOSSES)
        draw_losses(d, &x);
    if (features & DRAWN_SERVICES)
        draw_services(d, &x);
    return x;
}

/* ---- stating ---- */

static void flatten_network(const struct drawn *d, struct stated *s)
{
    for (int32_t l = 0; l < d->n_branch; l++) {
        s->from[l] = d->branch[l].from;
        s->to[l] = d->branch[l].to;
        s->susceptance[l] = d->branch[l].susceptance;
        s->shift[l] = d->branch[l].shift;
        s->min[l] = d->branch[l].min;
        s->max[l] = d->branch[l].max;
        s->loss_per_mw[l] = d->loss_per_mw[l];
    }
    memcpy(s->reference, d->reference, sizeof s->reference);
    memcpy(s->duration, d->duration, sizeof s->duration);
    for (int32_t t = 0; t < d->n_interval; t++)
        for (int32_t n = 0; n < d->n_bus; n++)
            s->fixed[t * d->n_bus + n] = d->fixed[t][n];
    s->data = (struct network_data){.n_bus = d->n_bus,
                                    .n_branch = d->n_branch,
                                    .from = s->from,
                                    .to = s->to,
                                    .susceptance_mw_per_rad = s->susceptance,
                                    .shift_rad = s->shift,
                                    .flow_min_mw = s->min,
                                    .flow_max_mw = s->max,
                                    .reference_weight = s->reference,
                                    .loss_per_mw = s->loss_per_mw};
}

static void flatten_injections(const struct drawn *d, struct stated *s)
{
    int32_t at = 0;
    int64_t n_seg = 0;
    for (int32_t i = 0; i < d->n_injection; i++) {
        const struct drawn_injection *from = &d->injection[i];
        s->bus_start[i] = at;
        for (int32_t k = 0; k < from->n_place; k++, at++) {
            s->bus[at] = from->bus[k];
            s->weight[at] = from->weight[k];
        }
        s->up[i] = from->ramp_up;
        s->down[i] = from->ramp_down;
        s->initial[i] = from->initial;
    }
    s->bus_start[d->n_injection] = at;
    for (int32_t t = 0; t < d->n_interval; t++) {
        for (int32_t i = 0; i < d->n_injection; i++) {
            const struct drawn_injection *from = &d->injection[i];
            s->base[t * d->n_injection + i] = from->base[t];
            s->ramp_free[t * d->n_injection + i] = from->ramp_free[t];
            s->seg_start[t * d->n_injection + i] = n_seg;
            for (int32_t k = 0; k < from->n_segment; k++)
                s->seg[n_seg++] = from->seg[t][k];
        }
    }
    s->seg_start[d->n_interval * d->n_injection] = n_seg;
}

static void flatten_groups(const struct drawn *d, struct stated *s)
{
    int32_t at = 0;
    for (int32_t g = 0; g < d->n_group; g++) {
        s->group_start[g] = at;
        for (int32_t k = 0; k < d->group[g].n; k++, at++) {
            s->group_injection[at] = d->group[g].injection[k];
            s->group_coef[at] = d->group[g].coef[k];
        }
        for (int32_t t = 0; t < d->n_interval; t++)
            s->group_max[t * d->n_group + g] = d->group[g].max[t];
    }
    s->group_start[d->n_group] = at;
    for (int32_t g = 0; g < d->n_group; g++) {
        s->group_store[g] = d->group[g].store - 1;
        s->group_energy_coef[g] = d->group[g].energy_coef;
        s->group_penalty[g] =
            d->group[g].penalty > 0 ? d->group[g].penalty : (double)NAN;
    }
    for (int32_t i = 0; i < d->n_injection; i++)
        s->grows[i] = d->injection[i].grows;
}

void stated_make(const struct drawn *d, struct stated *s)
{
    struct err err = {0};
    struct network *net = NULL;
    memset(s, 0, sizeof *s);
    flatten_network(d, s);
    flatten_injections(d, s);
    flatten_groups(d, s);
    memcpy(s->store, d->store, sizeof s->store);
    LAW(network_create(&s->data, &net, &err) == ERR_OK, "%s", err.msg);
    s->p = (struct dispatch_problem){.net = net,
                                     .n_interval = d->n_interval,
                                     .duration_h = s->duration,
                                     .fixed_mw = s->fixed,
                                     .n_injection = d->n_injection,
                                     .bus_start = s->bus_start,
                                     .bus = s->bus,
                                     .bus_weight = s->weight,
                                     .base_mw = s->base,
                                     .seg_start = s->seg_start,
                                     .seg = s->seg,
                                     .ramp_up_mw_per_h = s->up,
                                     .ramp_down_mw_per_h = s->down,
                                     .initial_mw = s->initial,
                                     .ramp_free = s->ramp_free,
                                     .n_store = d->n_store,
                                     .store = s->store,
                                     .n_group = d->n_group,
                                     .group_start = s->group_start,
                                     .group_injection = s->group_injection,
                                     .group_coef = s->group_coef,
                                     .group_max_mw = s->group_max,
                                     .group_store = s->group_store,
                                     .group_energy_coef = s->group_energy_coef,
                                     .group_penalty_usd_per_mwh = s->group_penalty,
                                     .grows = s->grows,
                                     .losses = d->losses,
                                     .schedule = d->schedule,
                                     .pricing = d->pricing};
}

void stated_release(struct stated *s)
{
    network_destroy(s->p.net);
    s->p.net = NULL;
}

struct dispatch_answer drawn_solve(const struct drawn *d, struct stated *s)
{
    struct dispatch_answer a = {0};
    struct err err = {0};
    stated_make(d, s);
    LAW(dispatch_solve(&s->p, 1e-10, &a, &err) == ERR_OK, "features %u: %s",
        d->features, err.msg);
    LAW(a.certificate.primal_residual < 1e-5, "primal residual %g (features %u)",
        a.certificate.primal_residual, d->features);
    LAW(a.certificate.dual_residual < 1e-5, "dual residual %g (features %u)",
        a.certificate.dual_residual, d->features);
    LAW(a.certificate.relative_gap < 1e-7, "gap %g (features %u)",
        a.certificate.relative_gap, d->features);
    return a;
}

/* ---- looking at ---- */

double drawn_lmp(const struct stated *s, const struct dispatch_answer *a, int32_t t,
                 int32_t bus)
{
    int32_t n_island = network_n_island(s->p.net);
    return a->lambda_usd_per_mwh[t * n_island + network_island(s->p.net)[bus]] +
           a->congestion_usd_per_mwh[t * s->data.n_bus + bus] +
           a->loss_usd_per_mwh[t * s->data.n_bus + bus];
}

int32_t drawn_islands(const struct drawn *d, int32_t *island)
{
    int32_t n_island = 0;
    for (int32_t n = 0; n < d->n_bus; n++)
        island[n] = -1;
    for (int32_t n = 0; n < d->n_bus; n++) {
        if (island[n] >= 0)
            continue;
        island[n] = n_island;
        for (bool grew = true; grew;) {
            grew = false;
            for (int32_t l = 0; l < d->n_branch; l++) {
                int32_t a = d->branch[l].from, b = d->branch[l].to;
                if ((island[a] == n_island) == (island[b] == n_island))
                    continue;
                island[a] = island[b] = n_island;
                grew = true;
            }
        }
        n_island++;
    }
    return n_island;
}

void drawn_add_load(struct drawn *d, int32_t interval, int32_t at, double mw)
{
    int32_t island[DRAWN_BUS], n_at = 0;
    double sum = 0;
    (void)drawn_islands(d, island);
    for (int32_t n = 0; n < d->n_bus; n++) {
        sum += island[n] == at ? d->reference[n] : 0;
        n_at += island[n] == at;
    }
    for (int32_t n = 0; n < d->n_bus; n++)
        if (island[n] == at)
            d->fixed[interval][n] -=
                mw * (sum > 0 ? d->reference[n] / sum : 1.0 / n_at);
}
