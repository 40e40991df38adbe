/*
 * prop_market_services.c - energy and ancillary services of whole markets: the twin, what
 * can be delivered, and prices.
 */
#include <math.h>

#include "sim/base/mem.h"
#include "tests/oracle/full_market.h"
#include "tests/oracle/settle_twin.h"
#include "tests/support/cleared.h"
#include "tests/support/drawn_market.h"

static void draw_and_clear(struct draw *d, bool network, int32_t n_day,
                           struct cleared *c)
{
    struct market_build b;
    do {
        drawn_market(d, DRAWN_MARKET_ANY, &b);
        if (b.m.n_day <= n_day)
            break;
        struct market m = market_build_end(&b);
        market_release(&m);
    } while (true);
    drawn_services(d, &b);
    for (int32_t l = 0; !network && l < b.m.grid.n_branch; l++)
        b.m.grid.branch[l].rate_mw = HUGE_VAL;
    cleared_make(market_build_end(&b), c);
}

Test(prop_market_services, costs_are_those_of_the_whole_lp)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        draw_and_clear(&d, false, 1, &c);
        struct full_market twin = full_market_solve(&c.m, &c.a, -1, SERVICE_RU, 0, 0);
        double room = 1e-7 * (1 + fabs(twin.objective_usd));
        LAW(c.o.objective_usd >= twin.objective_usd - room, "cost %.9g, twin %.9g",
            c.o.objective_usd, twin.objective_usd);
        LAW(twin.both_ways || c.o.objective_usd <= twin.objective_usd + room,
            "cost %.9g, twin %.9g", c.o.objective_usd, twin.objective_usd);
        cleared_release(&c);
    }
}

static double service_mw(const struct cleared *c, int32_t t, int32_t r, bool up)
{
    double sum = 0;
    for (int32_t b = 0; b < c->m.n_service_bidder; b++)
        if (c->m.service_bidder[b].resource == r &&
            (c->m.service_bidder[b].service != SERVICE_RD) == up)
            sum += c->o.service_mw[t * c->m.n_service_bidder + b];
    return sum;
}

static void check_store(const struct cleared *c, int32_t t, int32_t r)
{
    const struct resource *res = &c->m.resource[r];
    double regulation = 0, reserve = 0, down = service_mw(c, t, r, false);
    double held = c->o.energy_mwh[t * c->m.n_resource + r];
    for (int32_t b = 0; b < c->m.n_service_bidder; b++) {
        const struct service_bidder *of = &c->m.service_bidder[b];
        double mw = c->o.service_mw[t * c->m.n_service_bidder + b];
        if (of->resource != r || of->service == SERVICE_RD)
            continue;
        *(of->service == SERVICE_RU ? &regulation : &reserve) += mw;
    }
    if (regulation + reserve > 0)
        LAW(held >= res->energy_min_mwh - 1e-5 +
                        (regulation + 0.5 * reserve) / res->discharge_efficiency,
            "store %d holds %g MWh for %g and %g MW", r, held, regulation, reserve);
    if (down > 0)
        LAW(held <= res->energy_max_mwh + 1e-5 - down * res->charge_efficiency,
            "store %d holds %g MWh and must take %g MW", r, held, down);
}

static void check_deliverable(const struct cleared *c, int32_t t, int32_t r)
{
    const struct resource *res = &c->m.resource[r];
    double up = service_mw(c, t, r, true), down = service_mw(c, t, r, false);
    double energy = cleared_award(c, t, r);
    int32_t n;
    const struct bid_segment *seg = book_bid(&c->a.bids, r, t, &n);
    if (up + down <= 0)
        return;
    LAW(n > 0 && !resource_type_withdraws(res->type), "resource %d serves", r);
    LAW(energy + up <= seg[n - 1].to_mw + 1e-5, "resource %d: %g + %g MW above %g", r,
        energy, up, seg[n - 1].to_mw);
    LAW(energy - down >= fmax(seg[0].from_mw, res->pmin_mw) - 1e-5,
        "resource %d: %g - %g MW below what it runs at", r, energy, down);
    LAW(up <= 10 * res->ramp_up_mw_per_min + 1e-5, "resource %d ramps %g MW", r, up);
    LAW(down <= 10 * res->ramp_down_mw_per_min + 1e-5, "resource %d ramps %g MW", r,
        down);
    if (res->type == RESOURCE_STORAGE)
        check_store(c, t, r);
}

/* The MW that bidder b offered at a price and was not awarded, and those it was. */
static void check_bidder(const struct cleared *c, int32_t t, int32_t b)
{
    int32_t at = t * c->m.n_service_bidder + b;
    const struct service_offer *o = &c->a.service_offer[at];
    const struct service_bidder *of = &c->m.service_bidder[b];
    double mw = c->o.service_mw[at], self = c->o.service_self_mw[at];
    LAW(mw >= -1e-9 && mw <= o->offer_mw + o->self_mw + 1e-6, "%g MW of %g + %g", mw,
        o->offer_mw, o->self_mw);
    LAW(self <= o->self_mw + 1e-6 && self <= mw + 1e-9, "%g MW self-provided", self);
    LAW(mw <= c->m.resource[of->resource].certified_mw[of->service] + 1e-6,
        "%g MW beyond the certificate", mw);
    if (c->o.consistent && mw - self > 1e-6)
        LAW(c->o.service_bidder_usd_per_mw[at] >= o->price_usd_per_mw - 1e-6,
            "paid %g for an offer of %g", c->o.service_bidder_usd_per_mw[at],
            o->price_usd_per_mw);
}

static void check_region(const struct cleared *c, int32_t t, int32_t g)
{
    const double *price =
        c->o.service_usd_per_mw + (t * c->m.n_service_region + g) * SERVICES;
    const double *lacking =
        c->o.service_short_mw + (t * c->m.n_service_region + g) * SERVICES;
    double bought[SERVICES] = {0}, need = 0, have = 0;
    LAW(price[SERVICE_RU] >= price[SERVICE_SR] - 1e-9 &&
            price[SERVICE_SR] >= price[SERVICE_NR] - 1e-9 && price[SERVICE_NR] >= 0 &&
            price[SERVICE_RD] >= 0,
        "prices %g %g %g %g", price[0], price[1], price[2], price[3]);
    for (int32_t b = 0; b < c->m.n_service_bidder; b++)
        if (market_in_region(&c->m, g, c->m.service_bidder[b].resource))
            bought[c->m.service_bidder[b].service] +=
                c->o.service_mw[t * c->m.n_service_bidder + b];
    for (int s = 0; s < SERVICES; s++) {
        double own = market_required_mw(&c->m, t, g, (enum service)s);
        if (s == SERVICE_RD)
            need = have = 0;
        need += own;
        have += bought[s];
        if (own > 0)
            LAW(have + lacking[s] >= need - 1e-5, "%g + %g of %g MW", have, lacking[s],
                need);
    }
}

Test(prop_market_services, nobody_is_awarded_what_it_cannot_deliver)
{
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        draw_and_clear(&d, true, 2, &c);
        for (int32_t t = 0; t < c.m.n_interval; t++) {
            for (int32_t r = 0; r < c.m.n_resource; r++)
                check_deliverable(&c, t, r);
            for (int32_t b = 0; b < c.m.n_service_bidder; b++)
                check_bidder(&c, t, b);
            for (int32_t g = 0; g < c.m.n_service_region; g++)
                check_region(&c, t, g);
        }
        cleared_release(&c);
    }
}

Test(prop_market_services, a_service_costs_what_one_more_mw_of_it_costs)
{
    FOR_SEEDS(seed, 80)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        draw_and_clear(&d, false, 1, &c);
        int32_t t = draw_int(&d, 0, c.m.n_interval - 1);
        struct full_market now = full_market_solve(&c.m, &c.a, -1, SERVICE_RU, t, 0);
        bool short_of =
            c.o.n_relaxation > 0; /* prices are those of the pricing run then */
        for (int k = 0; k < 6 && !short_of && !now.both_ways; k++) {
            int32_t g = draw_int(&d, 0, c.m.n_service_region - 1);
            enum service s = (enum service)draw_int(&d, 0, SERVICES - 1);
            if (market_required_mw(&c.m, t, g, s) < 0.1)
                continue;
            struct full_market more = full_market_solve(&c.m, &c.a, g, s, t, 0.01);
            struct full_market less = full_market_solve(&c.m, &c.a, g, s, t, -0.01);
            double right = (more.objective_usd - now.objective_usd) / 0.01;
            double left = (now.objective_usd - less.objective_usd) / 0.01;
            double price =
                c.o.service_usd_per_mw[(t * c.m.n_service_region + g) * SERVICES +
                                       (int)s];
            double room = 1e-3 * (1 + fabs(price));
            /* What region g needs is worth what its own requirements are: those of wider
             * regions pay, too. */
            int32_t parent = c.m.service_region[g].parent;
            if (parent >= 0)
                price -= c.o.service_usd_per_mw[(t * c.m.n_service_region + parent) *
                                                    SERVICES +
                                                (int)s];
            LAW(price >= left - room && price <= right + room,
                "region %d service %d: price %.6g is not in %.6g .. %.6g", g, (int)s,
                price, left, right);
        }
        cleared_release(&c);
    }
}

Test(prop_market_services, the_books_close)
{
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        draw_and_clear(&d, true, 2, &c);
        for (int32_t day = 0; day < c.m.n_day; day++)
            settle_twin_compare(&c.m, &c.a, &c.o, day, &c.s);
        cleared_release(&c);
    }
}
