/* drawn_market.c - random markets. */
#include "tests/support/drawn_market.h"

#include <math.h>
#include <stdio.h>

struct making {
    struct draw *d;
    struct market_build *b;
    unsigned features;
    int32_t n_bus, lap, hub, tie, n_sc, n_named;
    char id[16];
};

static const char *next_id(struct making *x)
{
    (void)snprintf(x->id, sizeof x->id, "R%02d", (int)++x->n_named);
    return x->id;
}

static int32_t any_sc(struct making *x)
{
    return draw_int(x->d, 0, x->n_sc - 1);
}

static int32_t any_bus(struct making *x)
{
    return draw_int(x->d, 0, x->n_bus - 1);
}

static void draw_grid(struct making *x)
{
    char id[16];
    double factor[64];
    int32_t bus[64], n_lap = 0;
    for (int32_t n = 0; n < x->n_bus; n++) {
        (void)snprintf(id, sizeof id, "B%02d", (int)n + 1);
        double load = draw_chance(x->d, 0.7) ? draw_real(x->d, 1, 100) : 0;
        (void)market_build_bus(x->b, id, load);
        if (load > 0 || n == 0)
            bus[n_lap++] = n;
    }
    for (int32_t n = 1; n < x->n_bus; n++)
        (void)market_build_branch(
            x->b, draw_int(x->d, 0, n - 1), n, draw_real(x->d, 0.05, 0.3),
            draw_chance(x->d, 0.5) ? draw_int(x->d, 20, 120) : HUGE_VAL);
    for (int32_t k = 0; k < x->n_bus / 2; k++) {
        int32_t a = any_bus(x), c = any_bus(x);
        if (a != c)
            (void)market_build_branch(x->b, a < c ? a : c, a < c ? c : a,
                                      draw_real(x->d, 0.05, 0.3),
                                      draw_int(x->d, 20, 120));
    }
    double sum = 0;
    for (int32_t k = 0; k < n_lap; k++)
        sum += factor[k] = draw_real(x->d, 0.1, 1);
    for (int32_t k = 0; k < n_lap; k++)
        factor[k] /= sum;
    x->hub = market_build_apnode(x->b, "HUB", NODE_HUB, n_lap, bus, NULL);
    x->lap = market_build_apnode(x->b, "LAP", NODE_LAP, n_lap, bus, factor);
    x->tie = market_build_tie(x->b, "TIE", any_bus(x), draw_int(x->d, 10, 80),
                              draw_int(x->d, 10, 80));
}

/* Pieces from..to in every hour, prices rising (or falling) from a start. */
static void draw_curve(struct making *x, int32_t r, double from, double to,
                       double price, double step)
{
    bool hourly = draw_chance(x->d, 0.5);
    int32_t n = draw_int(x->d, 1, 3), n_t = x->b->m.n_interval;
    double at[4] = {from, from, from, to};
    for (int32_t k = 1; k <= n; k++)
        at[k] = k == n ? to : at[k - 1] + (to - at[k - 1]) * draw_real(x->d, 0.2, 0.8);
    for (int32_t t = 0; t < n_t; t++) {
        double here = price + (hourly ? draw_real(x->d, -15, 15) : 0);
        for (int32_t k = 0; k < n; k++)
            market_build_bid(x->b, r, t, at[k], at[k + 1],
                             round(100 * (here + k * step)) / 100);
    }
}

static void draw_generator(struct making *x)
{
    double pmin = draw_chance(x->d, 0.2) ? 5 : 0, pmax = draw_int(x->d, 20, 120);
    int32_t r = market_build_resource(x->b, next_id(x), RESOURCE_GENERATOR, any_sc(x),
                                      any_bus(x), pmin, pmax);
    double from = pmin;
    if ((x->features & DRAWN_MARKET_RAMPS) && draw_chance(x->d, 0.4)) {
        x->b->m.resource[r].ramp_up_mw_per_min = draw_real(x->d, 0.1, 1);
        x->b->m.resource[r].ramp_down_mw_per_min = draw_real(x->d, 0.1, 1);
        if (draw_chance(x->d, 0.5))
            x->b->m.resource[r].initial_mw = draw_real(x->d, pmin, pmax);
    }
    if (draw_chance(x->d, 0.3)) {
        from = draw_int(x->d, 6, 15);
        market_build_self(x->b, r, MARKET_BUILD_ALL,
                          draw_chance(x->d, 0.5) ? BID_SELF_PT : BID_SELF_LPT, 0, from);
    }
    draw_curve(x, r, from, pmax, draw_real(x->d, -40, 120), draw_real(x->d, 1, 20));
}

static void draw_load(struct making *x)
{
    double most = draw_int(x->d, 20, x->features & DRAWN_MARKET_SCARCE ? 300 : 90);
    double self = draw_chance(x->d, 0.7) ? round(most * draw_real(x->d, 0.3, 0.8)) : 0;
    int32_t r =
        market_build_resource(x->b, next_id(x), RESOURCE_LOAD, any_sc(x),
                              draw_chance(x->d, 0.7) ? x->lap : any_bus(x), 0, most);
    if (self > 0)
        market_build_self(x->b, r, MARKET_BUILD_ALL, BID_SELF_PT, 0, self);
    draw_curve(x, r, self, most, draw_real(x->d, 60, 200), -draw_real(x->d, 1, 20));
}

static void draw_storage(struct making *x)
{
    double mw = draw_int(x->d, 10, 40);
    int32_t r = market_build_resource(x->b, next_id(x), RESOURCE_STORAGE, any_sc(x),
                                      any_bus(x), -mw, mw);
    struct resource *s = &x->b->m.resource[r];
    s->energy_max_mwh = mw * draw_int(x->d, 1, 4);
    s->initial_energy_mwh = s->energy_max_mwh * draw_real(x->d, 0, 1);
    s->charge_efficiency = draw_chance(x->d, 0.5) ? 1 : draw_real(x->d, 0.8, 1);
    if (draw_chance(x->d, 0.5))
        s->end_energy_mwh = s->energy_max_mwh * draw_real(x->d, 0, 0.6);
    draw_curve(x, r, -mw, mw, draw_real(x->d, 0, 40), draw_real(x->d, 0, 20));
}

static void draw_other(struct making *x, enum resource_type type)
{
    bool tie = type == RESOURCE_IMPORT || type == RESOURCE_EXPORT;
    bool demand = type == RESOURCE_EXPORT;
    double most = type == RESOURCE_DERA ? 10 : draw_int(x->d, 5, 60);
    int32_t node = tie && draw_chance(x->d, 0.7) ? x->tie : any_bus(x);
    if (tie)
        node = x->tie;
    int32_t r = market_build_resource(x->b, next_id(x), type, any_sc(x), node, 0, most);
    draw_curve(x, r, 0, most, draw_real(x->d, 10, 120),
               (demand ? -1 : 1) * draw_real(x->d, 1, 20));
}

static void draw_virtual(struct making *x)
{
    enum virtual_side side = draw_chance(x->d, 0.5) ? VIRTUAL_SUPPLY : VIRTUAL_DEMAND;
    int32_t p = market_build_position(x->b, any_sc(x),
                                      draw_chance(x->d, 0.5) ? x->lap : x->hub, side);
    double most = draw_int(x->d, 2, 30), price = round(draw_real(x->d, 0, 120));
    market_build_virtual_bid(x->b, p, MARKET_BUILD_ALL, 0, most / 2, price);
    market_build_virtual_bid(x->b, p, MARKET_BUILD_ALL, most / 2, most,
                             price + (side == VIRTUAL_SUPPLY ? 5 : -5));
}

void drawn_market(struct draw *d, unsigned features, struct market_build *b)
{
    struct making x = {
        .d = d, .b = b, .n_bus = draw_int(d, 2, 8), .n_sc = draw_int(d, 2, 4)};
    for (unsigned bit = 1; bit < DRAWN_MARKET_ANY; bit <<= 1)
        if ((features & bit) && draw_chance(d, 0.6))
            x.features |= bit;
    market_build_begin(b, draw_int(d, 1, 2),
                       draw_chance(d, 0.1) ? draw_int(d, 23, 25) : draw_int(d, 1, 5));
    draw_grid(&x);
    for (int32_t k = 0; k < x.n_sc; k++) {
        char id[16];
        (void)snprintf(id, sizeof id, "SC%d", (int)k + 1);
        (void)market_build_sc(b, id, 1e9);
    }
    int32_t n_generator = draw_int(d, 2, 8), n_load = draw_int(d, 1, 5);
    for (int32_t k = 0; k < n_generator; k++)
        draw_generator(&x);
    for (int32_t k = 0; k < n_load; k++)
        draw_load(&x);
    if (x.features & DRAWN_MARKET_STORAGE)
        draw_storage(&x);
    draw_other(&x, RESOURCE_PDR);
    draw_other(&x, RESOURCE_DERA);
    draw_other(&x, RESOURCE_IMPORT);
    draw_other(&x, RESOURCE_EXPORT);
    for (int32_t k = draw_int(d, 0, 3); k > 0; k--)
        draw_virtual(&x);
}

/* ---- services ---- */

static void draw_offer(struct draw *d, struct market_build *b, int32_t r,
                       enum service service, bool coarse)
{
    struct resource *res = &b->m.resource[r];
    double rate =
        service == SERVICE_RD ? res->ramp_down_mw_per_min : res->ramp_up_mw_per_min;
    double most = fmin(10 * rate, 0.6 * res->pmax_mw);
    double mw = coarse ? 5 * floor(most / 5) : draw_real(d, 0.3, 1) * most;
    double self = draw_chance(d, 0.15) ? mw / 2 : 0;
    if (mw < 1)
        return;
    res->certified_mw[service] = mw + 1e-6;
    for (int32_t t = 0; t < b->m.n_interval; t++) {
        double price = coarse ? 5 : round(100 * draw_real(d, 0, 15)) / 100;
        if (draw_chance(d, 0.1))
            continue;
        market_build_offer(b, r, service, t, mw - self, price);
        if (self > 0)
            market_build_self_provide(b, r, service, t, self);
    }
}

static void draw_regions(struct draw *d, struct market_build *b)
{
    int32_t n = b->m.n_resource, order[256], size[3];
    int32_t n_region = draw_int(d, 0, 2);
    draw_order(d, n, order);
    size[0] = draw_int(d, n / 3, n);
    size[1] = draw_int(d, 1, size[0]);
    for (int32_t g = 0; g < n_region; g++) {
        bool apart = g == 1 && draw_chance(d, 0.3);
        int32_t region = market_build_region(b, g == 0 ? "EAST" : "WEST");
        for (int32_t k = apart ? size[0] : 0; k < (apart ? n : size[g]); k++)
            market_build_member(b, region, order[k]);
    }
}

void drawn_services(struct draw *d, struct market_build *b)
{
    bool coarse = draw_chance(d, 0.3);
    for (int32_t r = 0; r < b->m.n_resource; r++)
        for (int s = 0; s < SERVICES; s++)
            if (resource_type_serves(b->m.resource[r].type, (enum service)s) &&
                draw_chance(d, 0.6))
                draw_offer(d, b, r, (enum service)s, coarse);
    draw_regions(d, b);
    double most = draw_chance(d, 0.2) ? 150 : 30;
    for (int32_t t = 0; t < b->m.n_interval; t++) {
        market_build_required(b, 0, SERVICE_SR, t, coarse ? 10 : draw_real(d, 0, most));
        for (int32_t g = 0; g < b->m.n_service_region; g++)
            for (int s = 0; s < SERVICES; s++)
                if (draw_chance(d, 0.5))
                    market_build_required(b, g, (enum service)s, t,
                                          coarse ? 10
                                                 : draw_real(d, 0, most / (1 + g)));
    }
}

void drawn_terms(struct draw *d, struct resource *r)
{
    bool on = draw_chance(d, 0.4);
    r->market_committed = true;
    r->commit = (struct commitment_terms){
        .min_up_h = draw_int(d, 1, 4),
        .min_down_h = draw_int(d, 1, 4),
        .n_start = 1,
        .start_after_h = {1},
        .start_cost_usd = {draw_int(d, 0, 1500)},
        .min_load_usd_per_h = draw_int(d, 0, 900),
        .start_mw = HUGE_VAL,
        .stop_mw = HUGE_VAL,
        .initial_h = on ? draw_int(d, 1, 6) : -draw_int(d, 1, 6),
    };
    r->initial_mw = on ? r->pmin_mw : 0;
}
