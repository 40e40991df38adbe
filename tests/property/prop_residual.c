/*
 * prop_residual.c - residual commitment costs what a mixed-integer program says it must,
 * adds to what the market decided, and does not look at virtual bids.
 */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/clear.h"
#include "sim/clear/ruc.h"
#include "tests/oracle/ruc_twin.h"
#include "tests/support/drawn_market.h"

enum {
    HOURS = 8,
    UNITS = 4
};

static struct market draw_market(struct draw *d)
{
    static const char *const name[UNITS] = {"G1", "G2", "G3", "G4"};
    struct market_build b;
    double forecast_mw[HOURS];
    market_build_begin(&b, 1, HOURS);
    b.m.rules.ruc = true;
    b.m.rules.commitment_gap = 1e-7;
    int32_t sc = market_build_sc(&b, "SC", 1e9);
    int32_t bus = market_build_bus(&b, "A", 100);
    int32_t base =
        market_build_resource(&b, "BASE", RESOURCE_GENERATOR, sc, bus, 0, 80);
    market_build_bid(&b, base, MARKET_BUILD_ALL, 0, 80, draw_int(d, 10, 30));
    for (int g = 0; g < UNITS; g++) {
        double pmin = draw_int(d, 5, 30), pmax = pmin + draw_int(d, 10, 40);
        int32_t r =
            market_build_resource(&b, name[g], RESOURCE_GENERATOR, sc, bus, pmin, pmax);
        drawn_terms(d, &b.m.resource[r]);
        market_build_bid(&b, r, MARKET_BUILD_ALL, pmin, pmax, draw_int(d, 10, 80));
    }
    int32_t load = market_build_resource(&b, "LOAD", RESOURCE_LOAD, sc, bus, 0, 1000);
    for (int32_t t = 0; t < HOURS; t++) {
        market_build_self(&b, load, t, BID_SELF_PT, 0, draw_int(d, 30, 150));
        forecast_mw[t] = draw_int(d, 30, 280);
    }
    if (draw_chance(d, 0.5)) {
        int32_t v = market_build_position(&b, sc, bus, VIRTUAL_SUPPLY);
        market_build_virtual_bid(&b, v, MARKET_BUILD_ALL, 0, 60, draw_int(d, 0, 60));
    }
    struct market m = market_build_end(&b);
    m.has_forecast[bus] = true;
    for (int32_t t = 0; t < HOURS; t++)
        m.forecast_mw[t * m.n_node + bus] = forecast_mw[t];
    m.ruc_bid_usd_per_mw =
        ARENA_ARRAY(&m.arena, double, (size_t)HOURS *(size_t)m.n_resource);
    for (int32_t k = 0; k < HOURS * m.n_resource; k++)
        m.ruc_bid_usd_per_mw[k] = draw_int(d, 0, 20);
    return m;
}

static void check_awards(const struct market *m, const struct outcome *o,
                         const struct ruc_outcome *ruc)
{
    for (int32_t t = 0; t < HOURS; t++) {
        double sum = ruc->shortage_mw[t];
        for (int32_t r = 0; r < m->n_resource; r++) {
            int32_t at = t * m->n_resource + r;
            LAW(ruc->on[at] >= o->on[at], "hour %d: a unit is switched off", t);
            LAW(ruc->award_mw[at] >= 0, "hour %d: award %g MW", t, ruc->award_mw[at]);
            sum += ruc->schedule_mw[at];
        }
        LAW(sum >= ruc->required_mw[t] - 1e-6, "hour %d: %g of %g MW", t, sum,
            ruc->required_mw[t]);
        LAW(ruc->price_usd_per_mw[t * m->n_node] >= -1e-6, "hour %d: price %g", t,
            ruc->price_usd_per_mw[t * m->n_node]);
    }
}

Test(prop_residual, it_costs_what_a_mixed_integer_program_says)
{
    FOR_SEEDS(seed, 40)
    {
        struct draw d = draw_begin(seed);
        struct err err = {0};
        struct market m = draw_market(&d);
        struct admission a = {0};
        struct outcome o = {0};
        struct ruc_outcome ruc = {0};
        LAW(admit_bids(&m, &a, &err) == ERR_OK, "%s", err.msg);
        LAW(clear_begin(&m, &o, &err) == ERR_OK, "%s", err.msg);
        LAW(ruc_begin(&m, &ruc, &err) == ERR_OK, "%s", err.msg);
        LAW(clear_day(&m, &a, 0, &o, &err) == ERR_OK, "%s", err.msg);
        LAW(ruc_day(&m, &a, 0, &o, &ruc, &err) == ERR_OK, "%s", err.msg);
        check_awards(&m, &o, &ruc);
        if (o.commitment.n_self == 0) {
            double best = ruc_twin_usd(&m, &a, &o);
            double tiny = 1e-4 * fmax(1, fabs(best));
            LAW(fabs(ruc.objective_usd - best) < tiny, "%.9g, at best %.9g",
                ruc.objective_usd, best);
            LAW(ruc.facts.bound_usd <= best + tiny, "bound %.9g, best %.9g",
                ruc.facts.bound_usd, best);
        }
        ruc_release(&ruc);
        outcome_release(&o);
        admission_release(&a);
        market_release(&m);
        LAW(mem_live() == 0, "%ld blocks left", mem_live());
    }
}
