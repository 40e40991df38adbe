/* prop_neutrality.c - the books of any market close at zero cents, and say why. */
#include <math.h>

#include "sim/base/mem.h"
#include "tests/oracle/settle_twin.h"
#include "tests/oracle/shift_twin.h"
#include "tests/support/cleared.h"
#include "tests/support/drawn_market.h"

static void check_components(const struct cleared *c)
{
    for (int32_t k = 0; k < c->m.n_interval * c->m.n_node; k++)
        LAW(fabs(c->o.lmp[k] - c->o.lmp_energy[k] - c->o.lmp_congestion[k] -
                 c->o.lmp_loss[k]) < 1e-9,
            "components of price %d do not add up", k);
    /* congestion(node) = - sum of shadow price x factor */
    for (int32_t t = 0; t < c->m.n_interval; t++) {
        double sum[128] = {0};
        for (int64_t k = 0; k < c->o.n_shift; k++)
            sum[c->o.shift[k].node] -=
                c->o.shift[k].factor *
                c->o.shadow_price[t * c->o.n_constraint + c->o.shift[k].constraint];
        for (int32_t n = 0; n < c->m.n_node; n++)
            LAW(fabs(sum[n] - c->o.lmp_congestion[t * c->m.n_node + n]) < 0.01,
                "node %d interval %d: congestion %.9g, factors say %.9g", n, t,
                c->o.lmp_congestion[t * c->m.n_node + n], sum[n]);
    }
    shift_twin_compare(&c->m, &c->o);
}

static void check_books(const struct cleared *c)
{
    cents_t sum = 0;
    for (int32_t k = 0; k < c->s.n_line; k++)
        sum += c->s.line[k].amount_cents;
    LAW(sum == 0 && c->s.sum_cents == 0, "%lld cents are left", (long long)sum);
    for (int32_t day = 0; day < c->m.n_day; day++)
        settle_twin_compare(&c->m, &c->a, &c->o, day, &c->s);
}

/* Without a relaxed balance 6947 is what energy and loss prices leave over. */
static void check_losses(const struct cleared *c)
{
    double mwh = 0;
    for (int32_t t = 0; t < c->m.n_interval; t++) {
        double left = 0, moved = 1;
        mwh += c->o.loss_mw[t];
        LAW(c->o.loss_mw[t] >= 0, "%g MW lost", c->o.loss_mw[t]);
        for (int32_t i = 0; i < c->m.n_resource + c->m.n_virtual; i++) {
            bool physical = i < c->m.n_resource;
            int32_t p = i - c->m.n_resource;
            int32_t node = physical ? c->m.resource[i].node : c->m.position[p].node;
            double mw = physical ? c->o.award_mw[t * c->m.n_resource + i]
                                 : c->o.virtual_award_mw[t * c->m.n_virtual + p];
            double usd = mw * (c->o.lmp_energy[t * c->m.n_node + node] +
                               c->o.lmp_loss[t * c->m.n_node + node]);
            left -= usd;
            moved += fabs(usd);
        }
        if (c->m.rules.losses != LOSS_REFERENCE || c->o.shortage_mw[t] > 0 ||
            c->o.surplus_mw[t] > 0)
            continue;
        LAW(fabs(left - c->o.loss_surplus_usd[t]) < 1e-6 * moved,
            "interval %d: surplus %.9g $, prices leave %.9g", t,
            c->o.loss_surplus_usd[t], left);
    }
    LAW(c->m.rules.losses != LOSS_OFF || mwh == 0, "%g MWh lost", mwh);
}

/* Draws where branches lose power, and how much. */
static void draw_losses(struct draw *d, struct market *m)
{
    m->rules.losses = (enum loss_placement)draw_int(d, LOSS_REFERENCE, LOSS_ENDS);
    for (int32_t l = 0; l < m->grid.n_branch; l++)
        m->grid.branch[l].r_pu = draw_real(d, 0, 0.03);
}

Test(prop_neutrality, the_books_close_with_losses_too)
{
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct market_build b;
        struct cleared c;
        drawn_market(&d, DRAWN_MARKET_RAMPS | DRAWN_MARKET_STORAGE, &b);
        draw_losses(&d, &b.m);
        cleared_make(market_build_end(&b), &c);
        LAW(!c.o.losses_proven || c.o.certificate.relative_gap < 1e-5, "gap %g",
            c.o.certificate.relative_gap);
        LAW(!c.o.consistent || c.o.certificate.rent_residual_usd < 1e-4,
            "rent residual %g $", c.o.certificate.rent_residual_usd);
        check_components(&c);
        check_losses(&c);
        check_books(&c);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
}

Test(prop_neutrality, factors_explain_prices_after_outages_too)
{
    int32_t n_after = 0;
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct market_build b;
        struct cleared c;
        struct err err = {0};
        drawn_market(&d, DRAWN_MARKET_RAMPS, &b);
        for (int32_t l = 0; l < b.m.grid.n_branch; l++)
            b.m.grid.branch[l].rate_after_mw =
                b.m.grid.branch[l].rate_mw * draw_real(&d, 0.9, 1.3);
        LAW(grid_outages_of_branches(&b.m.grid, &b.m.outages, &err) == ERR_OK, "%s",
            err.msg);
        cleared_make(market_build_end(&b), &c);
        for (int32_t k = 0; k < c.o.n_constraint; k++)
            n_after += c.o.constraint[k].outage >= 0;
        check_components(&c);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_after, 10);
}

Test(prop_neutrality, the_books_of_any_market_close_at_zero_cents)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct market_build b;
        struct cleared c;
        drawn_market(&d, DRAWN_MARKET_ANY, &b);
        cleared_make(market_build_end(&b), &c);
        LAW(c.o.certificate.relative_gap < 1e-7, "gap %g",
            c.o.certificate.relative_gap);
        LAW(!c.o.consistent || c.o.certificate.rent_residual_usd < 1e-4,
            "rent residual %g $", c.o.certificate.rent_residual_usd);
        check_components(&c);
        check_books(&c);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
}
