/* test_services.c - energy and ancillary services in one market, small enough for paper. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/cleared.h"
#include "tests/support/market_build.h"

#define CLOSE(a, b) \
 cr_assert_float_eq((a), (b), 1e-6, "%.9g, expected %.9g", (double)(a), (double)(b))

/* One bus, load of 120 MW, G1 100 MW at 20, G2 100 MW at 40; nothing certified. */
static void begin(struct market_build *b, int32_t g[2])
{
    market_build_begin(b, 1, 1);
    int32_t bus = market_build_bus(b, "A", 100);
    int32_t sc = market_build_sc(b, "SC1", 1e9), sc2 = market_build_sc(b, "SC2", 1e9);
    g[0] = market_build_resource(b, "G1", RESOURCE_GENERATOR, sc, bus, 0, 100);
    g[1] = market_build_resource(b, "G2", RESOURCE_GENERATOR, sc, bus, 0, 100);
    int32_t load = market_build_resource(b, "L", RESOURCE_LOAD, sc2, bus, 0, 500);
    market_build_bid(b, g[0], 0, 0, 100, 20);
    market_build_bid(b, g[1], 0, 0, 100, 40);
    market_build_self(b, load, 0, BID_SELF_PT, 0, 120);
}

static void certify(struct market_build *b, int32_t r, double mw)
{
    for (int s = 0; s < SERVICES; s++)
        b->m.resource[r].certified_mw[s] = mw;
}

static double award(const struct cleared *c, const char *id)
{
    for (int32_t b = 0; b < c->m.n_service_bidder; b++)
        if (strcmp(c->m.service_bidder[b].id, id) == 0)
            return c->o.service_mw[b];
    cr_assert(false, "nobody is %s", id);
    return 0;
}

static double price(const struct cleared *c, int32_t region, enum service s)
{
    return c->o.service_usd_per_mw[region * SERVICES + (int32_t)s];
}

static double lacking(const struct cleared *c, int32_t region, enum service s)
{
    return c->o.service_short_mw[region * SERVICES + (int32_t)s];
}

Test(services, reserve_costs_the_energy_it_displaces)
{
    struct market_build b;
    struct cleared c;
    int32_t g[2];
    begin(&b, g);
    certify(&b, g[0], 100);
    certify(&b, g[1], 100);
    market_build_required(&b, 0, SERVICE_SR, 0, 30);
    market_build_offer(&b, g[0], SERVICE_SR, 0, 100, 0);
    market_build_offer(&b, g[1], SERVICE_SR, 0, 20, 2);
    cleared_make(market_build_end(&b), &c);
    CLOSE(cleared_award(&c, 0, g[0]), 90);
    CLOSE(award(&c, "G1 SR"), 10);
    CLOSE(award(&c, "G2 SR"), 20);
    CLOSE(price(&c, 0, SERVICE_SR), 20);
    CLOSE(cleared_lmp(&c, 0, 0), 40);
    CLOSE(c.o.objective_usd, 3040);
    cr_assert(c.o.consistent);
    cleared_release(&c);
}

Test(services, regulation_down_keeps_a_unit_up)
{
    /* G2 must be able to go 10 MW down: it makes 10 MW that G1 would make for less. */
    struct market_build b;
    struct cleared c;
    int32_t g[2];
    begin(&b, g);
    certify(&b, g[1], 40);
    market_build_required(&b, 0, SERVICE_RD, 0, 30);
    market_build_offer(&b, g[1], SERVICE_RD, 0, 40, 1);
    cleared_make(market_build_end(&b), &c);
    CLOSE(cleared_award(&c, 0, g[1]), 30);
    CLOSE(cleared_lmp(&c, 0, 0), 20);
    CLOSE(price(&c, 0, SERVICE_RD), 21);
    CLOSE(price(&c, 0, SERVICE_RU), 0);
    cleared_release(&c);
}

Test(services, a_region_pays_on_top_of_the_system)
{
    /* 20 MW anywhere, 5 MW of them in WEST, where G2 is at 9 and G1 is not. */
    struct market_build b;
    struct cleared c;
    int32_t g[2];
    begin(&b, g);
    b.m.resource[g[0]].pmax_mw = 200;
    market_build_bid(&b, g[0], 0, 100, 200, 30);
    certify(&b, g[0], 30);
    certify(&b, g[1], 30);
    int32_t west = market_build_region(&b, "WEST");
    market_build_member(&b, west, g[1]);
    market_build_required(&b, 0, SERVICE_NR, 0, 20);
    market_build_required(&b, west, SERVICE_NR, 0, 5);
    market_build_offer(&b, g[0], SERVICE_NR, 0, 30, 3);
    market_build_offer(&b, g[1], SERVICE_NR, 0, 30, 9);
    cleared_make(market_build_end(&b), &c);
    CLOSE(award(&c, "G1 NR"), 15);
    CLOSE(award(&c, "G2 NR"), 5);
    CLOSE(price(&c, 0, SERVICE_NR), 3);
    CLOSE(price(&c, west, SERVICE_NR), 9);
    CLOSE(c.o.service_bidder_usd_per_mw[0], 3);
    CLOSE(c.o.service_bidder_usd_per_mw[1], 9);
    cleared_release(&c);
}

Test(services, what_is_short_is_priced_by_the_curve)
{
    /* 10 MW of RU and 300 MW of NR, nobody offers NR: 290 MW are short, the third step. */
    struct market_build b;
    struct cleared c;
    int32_t g[2];
    begin(&b, g);
    certify(&b, g[1], 20);
    market_build_required(&b, 0, SERVICE_RU, 0, 10);
    market_build_required(&b, 0, SERVICE_NR, 0, 300);
    market_build_offer(&b, g[1], SERVICE_RU, 0, 20, 7);
    cleared_make(market_build_end(&b), &c);
    CLOSE(award(&c, "G2 RU"), 20);
    CLOSE(lacking(&c, 0, SERVICE_RU), 0);
    CLOSE(lacking(&c, 0, SERVICE_NR), 290);
    CLOSE(price(&c, 0, SERVICE_NR), 700);
    CLOSE(price(&c, 0, SERVICE_RU), 700);
    cr_assert_eq(c.o.n_relaxation, 1);
    cr_assert_eq(c.o.relaxation[0].kind, RELAX_SERVICE);
    cr_assert_str_eq(c.o.relaxation[0].text, "upward services short in SYSTEM");
    CLOSE(c.o.relaxation[0].cost_usd, 70 * 2000.0 + 140 * 2100 + 80 * 2200);
    cleared_release(&c);
}

Test(services, all_curves_together_reach_the_bid_cap)
{
    struct market_build b;
    struct cleared c;
    int32_t g[2];
    begin(&b, g);
    certify(&b, g[1], 20);
    market_build_required(&b, 0, SERVICE_RU, 0, 100);
    market_build_required(&b, 0, SERVICE_SR, 0, 100);
    market_build_required(&b, 0, SERVICE_NR, 0, 100);
    market_build_offer(&b, g[1], SERVICE_RU, 0, 20, 7);
    cleared_make(market_build_end(&b), &c);
    CLOSE(price(&c, 0, SERVICE_RU), 200 + 100 + 700.0);
    CLOSE(price(&c, 0, SERVICE_SR), 100 + 700.0);
    CLOSE(price(&c, 0, SERVICE_NR), 700);
    CLOSE(lacking(&c, 0, SERVICE_RU), 80);
    CLOSE(lacking(&c, 0, SERVICE_NR), 280);
    cleared_release(&c);
}

Test(services, self_provision_clears_first_and_is_not_paid)
{
    struct market_build b;
    struct cleared c;
    int32_t g[2];
    begin(&b, g);
    certify(&b, g[0], 30);
    certify(&b, g[1], 30);
    market_build_required(&b, 0, SERVICE_SR, 0, 30);
    market_build_self_provide(&b, g[0], SERVICE_SR, 0, 10);
    market_build_offer(&b, g[1], SERVICE_SR, 0, 30, 8);
    cleared_make(market_build_end(&b), &c);
    CLOSE(cleared_award(&c, 0, g[0]), 90);
    CLOSE(award(&c, "G1 SR"), 10);
    CLOSE(c.o.service_self_mw[0], 10);
    CLOSE(award(&c, "G2 SR"), 20);
    CLOSE(price(&c, 0, SERVICE_SR), 8);
    /* 20 MW bought for 160: SC2 owes for 30 MW, SC1 is credited with its 10. */
    for (int32_t k = 0; k < c.s.n_line; k++) {
        const struct statement_line *line = &c.s.line[k];
        if (line->code == CHARGE_6100)
            cr_assert_eq(line->amount_cents, -16000);
        if (line->code == CHARGE_6194)
            cr_assert_eq(line->amount_cents, line->sc == 1 ? 24000 : -8000);
        cr_assert_neq(line->code, CHARGE_6090);
    }
    cleared_release(&c);
}

Test(services, storage_holds_the_energy_that_it_promises)
{
    /* 8 MWh held, energy at 40: it would sell them all, but 6 MW of RU for an hour keep 6. */
    struct market_build b;
    struct cleared c;
    int32_t g[2];
    begin(&b, g);
    int32_t s = market_build_resource(&b, "S", RESOURCE_STORAGE, 0, 0, -10, 10);
    b.m.resource[s].initial_energy_mwh = 8;
    certify(&b, s, 10);
    market_build_bid(&b, s, 0, -10, 0, 0);
    market_build_bid(&b, s, 0, 0, 10, 5);
    market_build_required(&b, 0, SERVICE_RU, 0, 6);
    market_build_offer(&b, s, SERVICE_RU, 0, 10, 1);
    cleared_make(market_build_end(&b), &c);
    CLOSE(award(&c, "S RU"), 6);
    CLOSE(cleared_award(&c, 0, s), 2);
    CLOSE(c.o.energy_mwh[s], 6);
    CLOSE(price(&c, 0, SERVICE_RU), 1 + (40 - 5.0));
    cleared_release(&c);
}

Test(services, services_share_the_ramp_of_ten_minutes)
{
    struct market_build b;
    struct cleared c;
    int32_t g[2];
    begin(&b, g);
    certify(&b, g[1], 50);
    b.m.resource[g[1]].ramp_up_mw_per_min = 3;
    market_build_required(&b, 0, SERVICE_RU, 0, 20);
    market_build_required(&b, 0, SERVICE_SR, 0, 20);
    market_build_offer(&b, g[1], SERVICE_RU, 0, 30, 2);
    market_build_offer(&b, g[1], SERVICE_SR, 0, 30, 1);
    cleared_make(market_build_end(&b), &c);
    CLOSE(award(&c, "G2 RU"), 20);
    CLOSE(award(&c, "G2 SR"), 10);
    CLOSE(lacking(&c, 0, SERVICE_SR), 10);
    CLOSE(price(&c, 0, SERVICE_SR), 100);
    cleared_release(&c);
}

static void mixed(struct market_build *b)
{
    int32_t g[2];
    begin(b, g);
    certify(b, g[0], 30);
    certify(b, g[1], 30);
    int32_t west = market_build_region(b, "WEST");
    market_build_member(b, west, g[1]);
    market_build_required(b, 0, SERVICE_SR, 0, 30);
    market_build_required(b, west, SERVICE_RU, 0, 40);
    market_build_self_provide(b, g[0], SERVICE_SR, 0, 10);
    market_build_offer(b, g[1], SERVICE_SR, 0, 30, 8);
    market_build_offer(b, g[1], SERVICE_RU, 0, 30, 8);
    market_build_offer(b, g[0], SERVICE_NR, 0, 40, 8); /* refused */
}

static enum err_code run_chain(struct cleared *c, struct err *err)
{
    enum err_code code = admit_bids(&c->m, &c->a, err);
    if (!code)
        code = clear_begin(&c->m, &c->o, err);
    if (!code)
        code = clear_day(&c->m, &c->a, 0, &c->o, err);
    if (!code)
        code = clear_end(&c->m, &c->o, err);
    const struct settle_inputs in = {.m = &c->m, .a = &c->a, .o = &c->o};
    return code ? code : settle_day(&in, 0, &c->s, err);
}

Test(services, every_failing_allocation_ends_the_run_cleanly)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code; n++) {
        struct err err = {0};
        struct market_build b;
        mixed(&b);
        struct cleared c = {.m = market_build_end(&b)};
        mem_fail_after(n);
        code = run_chain(&c, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        cleared_release(&c);
        cr_assert_eq(mem_live(), 0, "allocation %ld leaks", n);
    }
}
