/*
 * prop_no_virtual_arbitrage.c - virtual supply and demand of one size at one node cancel:
 * no money, no price moved.
 */
#include <math.h>

#include "tests/support/cleared.h"
#include "tests/support/drawn_market.h"

static double energy_usd(const struct cleared *c, int32_t first_position)
{
    double sum = 0;
    for (int64_t k = 0; k < c->s.n_interval_line; k++)
        if (c->s.interval_line[k].code == CHARGE_6013 &&
            c->s.interval_line[k].position >= first_position)
            sum += c->s.interval_line[k].amount_usd;
    return sum;
}

Test(prop_no_virtual_arbitrage, a_pair_at_one_node_nets_to_zero_and_moves_no_price)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed), again = d;
        struct market_build b;
        struct cleared without, with;
        drawn_market(&d, DRAWN_MARKET_ANY, &b);
        int32_t n_before = b.m.n_virtual;
        cleared_make(market_build_end(&b), &without);
        drawn_market(&again, DRAWN_MARKET_ANY, &b);
        int32_t node = b.m.grid.n_bus; /* the hub */
        int32_t supply = market_build_position(&b, 0, node, VIRTUAL_SUPPLY);
        int32_t demand = market_build_position(&b, 0, node, VIRTUAL_DEMAND);
        market_build_virtual_bid(&b, supply, MARKET_BUILD_ALL, 0, 20,
                                 b.m.rules.energy_bid_floor);
        market_build_virtual_bid(&b, demand, MARKET_BUILD_ALL, 0, 20,
                                 b.m.rules.energy_bid_cap);
        cleared_make(market_build_end(&b), &with);
        bool priced = with.o.consistent && without.o.consistent;
        for (int32_t t = 0; priced && t < with.m.n_interval; t++) {
            double lmp = cleared_lmp(&with, t, node);
            double s = with.o.virtual_award_mw[t * with.m.n_virtual + supply];
            double q = with.o.virtual_award_mw[t * with.m.n_virtual + demand];
            /* Beyond cap or floor one of the two does not clear. */
            if (fabs(lmp) >= 149) {
                priced = false;
                break;
            }
            LAW(fabs(s - 20) < 1e-6 && fabs(q + 20) < 1e-6, "%g and %g MW at %g $/MWh",
                s, q, lmp);
            for (int32_t n = 0; n < with.m.n_node; n++)
                LAW(fabs(cleared_lmp(&with, t, n) - cleared_lmp(&without, t, n)) < 1e-5,
                    "interval %d node %d: %.9g became %.9g", t, n,
                    cleared_lmp(&without, t, n), cleared_lmp(&with, t, n));
        }
        LAW(!priced || fabs(energy_usd(&with, n_before)) < 1e-3, "the pair earned %g $",
            energy_usd(&with, n_before));
        cleared_release(&without);
        cleared_release(&with);
    }
}
