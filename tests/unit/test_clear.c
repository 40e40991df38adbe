/* Tests of sim/clear: bids into a dispatch problem, and back into awards and prices. */
#include "sim/clear/clear.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/cleared.h"
#include "tests/support/market_build.h"

#define ALL MARKET_BUILD_ALL
#define CLOSE(a, b) \
 cr_assert_float_eq(a, b, 1e-5, "%.9g, expected %.9g", a, (double)(b))
#define AWARD(c, t, r) cleared_award(&(c), t, r)
#define LMP(c, t, n)   cleared_lmp(&(c), t, n)

/* One bus, one SC, hours of one day. */
static int32_t begin(struct market_build *b, int n_hours)
{
    market_build_begin(b, 1, n_hours);
    (void)market_build_sc(b, "SC1", 1e9);
    return market_build_bus(b, "A", 100);
}

static int32_t unit(struct market_build *b, const char *id, double pmin, double pmax,
                    double usd)
{
    int32_t r = market_build_resource(b, id, RESOURCE_GENERATOR, 0, 0, pmin, pmax);
    if (!isnan(usd))
        market_build_bid(b, r, ALL, pmin, pmax, usd);
    return r;
}

/* Price-taking load. */
static int32_t load(struct market_build *b, const char *id, double mw)
{
    int32_t r = market_build_resource(b, id, RESOURCE_LOAD, 0, 0, 0, 1000);
    market_build_self(b, r, ALL, BID_SELF_PT, 0, mw);
    return r;
}

static struct cleared clear(struct market_build *b)
{
    struct cleared c;
    cleared_make(market_build_end(b), &c);
    return c;
}

static const struct relaxation *relaxation(const struct cleared *c, const char *words)
{
    for (int32_t k = 0; k < c->o.n_relaxation; k++)
        if (strstr(c->o.relaxation[k].text, words))
            return &c->o.relaxation[k];
    for (int32_t k = 0; k < c->o.n_relaxation; k++)
        cr_log_warn("relaxed: %s", c->o.relaxation[k].text);
    cr_assert_fail("nothing relaxed with the words: %s", words);
    return NULL;
}

/* ---- supply ---- */

Test(clear, a_unit_that_bids_runs_at_pmin_whatever_it_costs)
{
    struct market_build b;
    (void)begin(&b, 1);
    int32_t dear = unit(&b, "G1", 10, 50, 90), cheap = unit(&b, "G2", 0, 100, 20);
    int32_t l = load(&b, "L", 60);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, dear), 10);
    CLOSE(AWARD(c, 0, cheap), 50);
    CLOSE(AWARD(c, 0, l), -60);
    CLOSE(LMP(c, 0, 0), 20);
    CLOSE(c.o.lmp_energy[0], 20);
    cr_assert(c.o.consistent);
    cleared_release(&c);
    cr_assert_eq(mem_live(), 0);
}

Test(clear, a_unit_without_a_bid_in_an_hour_is_off_in_it)
{
    struct market_build b;
    (void)begin(&b, 2);
    int32_t one = market_build_resource(&b, "G1", RESOURCE_GENERATOR, 0, 0, 10, 50);
    int32_t two = unit(&b, "G2", 0, 100, 20);
    market_build_bid(&b, one, 1, 10, 50, 5);
    (void)load(&b, "L", 60);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, one), 0);
    CLOSE(AWARD(c, 1, one), 50);
    CLOSE(AWARD(c, 0, two), 60);
    cleared_release(&c);
}

Test(clear, supply_that_nobody_needs_is_cut_at_the_floor)
{
    struct market_build b;
    (void)begin(&b, 1);
    int32_t one = market_build_resource(&b, "G1", RESOURCE_GENERATOR, 0, 0, 0, 50);
    int32_t two = market_build_resource(&b, "G2", RESOURCE_GENERATOR, 0, 0, 0, 50);
    market_build_self(&b, one, 0, BID_SELF_PT, 0, 30);
    market_build_self(&b, two, 0, BID_SELF_RMT, 0, 30);
    (void)load(&b, "L", 40);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, two), 30); /* must-take goes before price-taking */
    CLOSE(AWARD(c, 0, one), 10);
    CLOSE(LMP(c, 0, 0), c.m.rules.energy_bid_floor);
    const struct relaxation *r = relaxation(&c, "price-taking supply of G1 cut");
    cr_assert_eq(r->kind, RELAX_SELF_SCHEDULE);
    cr_assert_eq(r->owner, one);
    CLOSE(r->mw, 20);
    CLOSE(r->cost_usd, 20 * 950);
    cleared_release(&c);
}

Test(clear, pmin_above_all_load_is_energy_in_excess)
{
    struct market_build b;
    (void)begin(&b, 1);
    (void)unit(&b, "G", 30, 50, 20);
    (void)load(&b, "L", 25);
    struct cleared c = clear(&b);
    CLOSE(c.o.surplus_mw[0], 5);
    CLOSE(LMP(c, 0, 0), -c.m.rules.surplus_pricing);
    CLOSE(relaxation(&c, "in excess")->mw, 5);
    cleared_release(&c);
}

/* ---- demand ---- */

Test(clear, price_sensitive_demand_buys_only_below_its_bid)
{
    struct market_build b;
    (void)begin(&b, 1);
    (void)unit(&b, "G1", 0, 30, 20);
    (void)unit(&b, "G2", 0, 100, 60);
    int32_t l = load(&b, "L", 20);
    market_build_bid(&b, l, 0, 20, 40, 50);
    market_build_bid(&b, l, 0, 40, 60, 10);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, l), -30); /* its own bid sets the price */
    CLOSE(LMP(c, 0, 0), 50);
    CLOSE(c.o.objective_usd, 30 * 20 - 10 * 50);
    cleared_release(&c);
}

Test(clear, demand_that_cannot_be_served_is_cut_and_priced_at_the_cap)
{
    struct market_build b;
    (void)begin(&b, 1);
    (void)unit(&b, "G", 0, 60, 20);
    int32_t l = load(&b, "L", 100);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, l), -60);
    CLOSE(LMP(c, 0, 0), c.m.rules.energy_bid_cap);
    const struct relaxation *r = relaxation(&c, "price-taking demand of L cut");
    CLOSE(r->mw, 40);
    CLOSE(r->cost_usd, 40 * 1150);
    CLOSE(c.o.shortage_mw[0], 0);
    cleared_release(&c);
}

Test(clear, self_schedules_are_cut_in_order_of_their_rights)
{
    struct market_build b;
    (void)begin(&b, 1);
    (void)unit(&b, "G", 0, 60, 20);
    int32_t right = market_build_resource(&b, "L1", RESOURCE_LOAD, 0, 0, 0, 100);
    int32_t contract = market_build_resource(&b, "L2", RESOURCE_LOAD, 0, 0, 0, 100);
    market_build_self(&b, right, 0, BID_SELF_TOR, 0, 30);
    market_build_self(&b, contract, 0, BID_SELF_ETC, 0, 20);
    int32_t taking = load(&b, "L3", 40);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, right), -30);
    CLOSE(AWARD(c, 0, contract), -20);
    CLOSE(AWARD(c, 0, taking), -10);
    cleared_release(&c);
}

Test(clear, relaxations_are_ranked_by_what_they_cost)
{
    struct market_build b;
    (void)begin(&b, 3);
    (void)unit(&b, "G", 0, 60, 20);
    int32_t l = market_build_resource(&b, "L", RESOURCE_LOAD, 0, 0, 0, 1000);
    for (int t = 0; t < 3; t++)
        market_build_self(&b, l, t, BID_SELF_PT, 0, t == 1 ? 100 : 70 + t);
    struct cleared c = clear(&b);
    cr_assert_eq(c.o.n_relaxation, 3);
    const int32_t hour[] = {1, 2, 0};
    for (int k = 0; k < 3; k++)
        cr_assert_eq(c.o.relaxation[k].interval, hour[k]);
    for (int k = 1; k < 3; k++)
        cr_assert_geq(c.o.relaxation[k - 1].cost_usd, c.o.relaxation[k].cost_usd);
    cleared_release(&c);
}

Test(clear, demand_at_a_lap_follows_its_factors)
{
    const double factor[] = {0.25, 0.75};
    struct market_build b;
    int32_t bus[] = {begin(&b, 1), market_build_bus(&b, "B", 0)};
    (void)market_build_branch(&b, 0, 1, 0.1, 30);
    int32_t lap = market_build_apnode(&b, "LAP", NODE_LAP, 2, bus, factor);
    (void)unit(&b, "G1", 0, 200, 10);
    int32_t far = market_build_resource(&b, "G2", RESOURCE_GENERATOR, 0, 1, 0, 200);
    market_build_bid(&b, far, ALL, 0, 200, 40);
    int32_t l = market_build_resource(&b, "L", RESOURCE_LOAD, 0, lap, 0, 1000);
    market_build_self(&b, l, ALL, BID_SELF_PT, 0, 80);
    struct cleared c = clear(&b);
    CLOSE(c.o.flow_mw[0], 30);
    CLOSE(AWARD(c, 0, far), 30); /* 60 MW there, 30 come over the line */
    CLOSE(LMP(c, 0, 0), 10);
    CLOSE(LMP(c, 0, 1), 40);
    CLOSE(LMP(c, 0, lap), 0.25 * 10 + 0.75 * 40);
    CLOSE(c.o.rent_usd[0], 30 * 30);
    cr_assert_str_eq(c.o.constraint[0].id, "branch A-B max");
    cleared_release(&c);
}

/* ---- storage ---- */

static int32_t storage(struct market_build *b, double mw, double mwh, double efficiency)
{
    int32_t r = market_build_resource(b, "S", RESOURCE_STORAGE, 0, 0, -mw, mw);
    b->m.resource[r].energy_max_mwh = mwh;
    b->m.resource[r].charge_efficiency = efficiency;
    return r;
}

Test(clear, storage_moves_energy_from_the_cheap_hour_to_the_dear_one)
{
    struct market_build b;
    (void)begin(&b, 2);
    int32_t g = market_build_resource(&b, "G", RESOURCE_GENERATOR, 0, 0, 0, 200);
    market_build_bid(&b, g, 0, 0, 200, 10);
    market_build_bid(&b, g, 1, 0, 200, 50);
    int32_t s = storage(&b, 10, 20, 0.8);
    market_build_bid(&b, s, ALL, -10, 10, 0);
    (void)load(&b, "L", 100);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, s), -10);
    CLOSE(AWARD(c, 1, s), 8);
    CLOSE(c.o.energy_mwh[s], 8);
    CLOSE(c.o.energy_mwh[c.m.n_resource + s], 0);
    cr_assert(isnan(c.o.energy_mwh[g]));
    cleared_release(&c);
}

Test(clear, storage_at_one_price_shares_the_margin_in_one_direction)
{
    struct market_build b;
    (void)begin(&b, 1);
    (void)unit(&b, "G1", 0, 50, 10);
    int32_t g = unit(&b, "G2", 0, 40, 20), s = storage(&b, 10, 40, 1);
    b.m.resource[s].initial_energy_mwh = 20;
    market_build_bid(&b, s, ALL, -10, 10, 20);
    (void)load(&b, "L", 60);
    struct cleared c = clear(&b);
    /* 20 MW over pieces of 40 and 20 MW, the latter from -10 upward */
    CLOSE(AWARD(c, 0, g), 20.0 * 40 / 60);
    CLOSE(AWARD(c, 0, s), -10 + 20.0 * 20 / 60);
    CLOSE(LMP(c, 0, 0), 20);
    cleared_release(&c);
}

Test(clear, an_end_of_day_that_cannot_be_reached_is_relaxed_by_name)
{
    struct market_build b;
    (void)begin(&b, 1);
    (void)unit(&b, "G", 0, 200, 10);
    int32_t s = storage(&b, 10, 40, 1);
    b.m.resource[s].end_energy_mwh = 25;
    market_build_bid(&b, s, ALL, -10, 10, 20);
    (void)load(&b, "L", 50);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, s), -10);
    const struct relaxation *r = relaxation(&c, "stored energy of S below");
    cr_assert_eq(r->owner, s);
    CLOSE(r->mw, 15);
    CLOSE(r->cost_usd, 15 * c.m.rules.energy_limit_schedule);
    cleared_release(&c);
}

/* ---- ties ---- */

Test(clear, a_tie_limit_separates_the_price_of_its_scheduling_point)
{
    struct market_build b;
    (void)begin(&b, 1);
    int32_t tie = market_build_tie(&b, "T", 0, 20, 30);
    (void)unit(&b, "G", 0, 200, 50);
    int32_t in = market_build_resource(&b, "I", RESOURCE_IMPORT, 0, tie, 0, 50);
    market_build_bid(&b, in, ALL, 0, 50, 10);
    (void)load(&b, "L", 60);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, in), 20);
    CLOSE(LMP(c, 0, 0), 50);
    CLOSE(LMP(c, 0, tie), 10);
    CLOSE(c.o.rent_usd[0], 40 * 20);
    cr_assert_str_eq(c.o.constraint[0].id, "tie T import");
    cr_assert_eq(c.o.n_shift, 1);
    cr_assert_eq(c.o.shift[0].node, tie);
    cleared_release(&c);
}

Test(clear, exports_net_against_imports_and_have_a_limit_of_their_own)
{
    struct market_build b;
    (void)begin(&b, 2);
    int32_t tie = market_build_tie(&b, "T", 0, 20, 30);
    (void)unit(&b, "G", 0, 200, 50);
    int32_t in = market_build_resource(&b, "I", RESOURCE_IMPORT, 0, tie, 0, 50);
    int32_t out = market_build_resource(&b, "X", RESOURCE_EXPORT, 0, tie, 0, 60);
    market_build_bid(&b, in, 0, 0, 50, 10);
    market_build_bid(&b, out, ALL, 0, 60, 80);
    (void)load(&b, "L", 60);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, in), 50);
    CLOSE(AWARD(c, 0, out), -60);
    CLOSE(AWARD(c, 1, out), -30);
    CLOSE(LMP(c, 0, tie), 50);
    CLOSE(LMP(c, 1, tie), 80);
    cr_assert_str_eq(c.o.constraint[0].id, "tie T export");
    cleared_release(&c);
}

/* ---- virtual bids ---- */

Test(clear, virtual_bids_clear_beside_physical_ones)
{
    struct market_build b;
    (void)begin(&b, 1);
    int32_t supply = market_build_position(&b, 0, 0, VIRTUAL_SUPPLY);
    int32_t demand = market_build_position(&b, 0, 0, VIRTUAL_DEMAND);
    b.m.node[0].virtual_eligible = true;
    market_build_virtual_bid(&b, supply, ALL, 0, 30, 25);
    market_build_virtual_bid(&b, demand, ALL, 0, 10, 60);
    (void)unit(&b, "G", 0, 200, 50);
    (void)load(&b, "L", 60);
    struct cleared c = clear(&b);
    CLOSE(c.o.virtual_award_mw[supply], 30);
    CLOSE(c.o.virtual_award_mw[demand], -10);
    CLOSE(AWARD(c, 0, 0), 40);
    cleared_release(&c);
}

/* ---- hours and days ---- */

Test(clear, ramps_hold_between_hours_in_both_of_which_a_unit_bids)
{
    struct market_build b;
    (void)begin(&b, 3);
    int32_t slow = market_build_resource(&b, "G1", RESOURCE_GENERATOR, 0, 0, 0, 200);
    (void)unit(&b, "G2", 0, 300, 50);
    b.m.resource[slow].ramp_up_mw_per_min = b.m.resource[slow].ramp_down_mw_per_min =
        0.5;
    b.m.resource[slow].initial_mw = 20;
    market_build_bid(&b, slow, 0, 0, 200, 10);
    market_build_bid(&b, slow, 2, 0, 200, 10);
    (void)load(&b, "L", 150);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, slow), 50); /* 20 + 30 */
    CLOSE(AWARD(c, 1, slow), 0);
    CLOSE(AWARD(c, 2, slow), 150); /* after an hour off */
    cleared_release(&c);
}

Test(clear, the_second_day_starts_from_the_end_of_the_first)
{
    struct market_build b;
    market_build_begin(&b, 2, 2);
    (void)market_build_sc(&b, "SC1", 1e9);
    (void)market_build_bus(&b, "A", 100);
    int32_t slow = market_build_resource(&b, "G1", RESOURCE_GENERATOR, 0, 0, 0, 200);
    market_build_bid(&b, slow, ALL, 0, 200, 10);
    b.m.resource[slow].ramp_up_mw_per_min = 0.5;
    b.m.resource[slow].initial_mw = 0;
    (void)unit(&b, "G2", 0, 300, 50);
    int32_t s = storage(&b, 10, 40, 1);
    b.m.resource[s].initial_energy_mwh = 12;
    market_build_bid(&b, s, ALL, -10, 10, 30);
    (void)load(&b, "L", 150);
    struct cleared c = clear(&b);
    for (int32_t t = 0; t < 4; t++)
        CLOSE(AWARD(c, t, slow), 30 * (t + 1));
    double energy = 12;
    for (int32_t t = 0; t < 4; t++) {
        energy -= AWARD(c, t, s);
        CLOSE(c.o.energy_mwh[t * c.m.n_resource + s], energy);
    }
    CLOSE(energy, 0);
    cleared_release(&c);
}

Test(clear, a_unit_that_did_not_bid_in_the_last_hour_starts_the_next_day_freely)
{
    struct market_build b;
    market_build_begin(&b, 2, 1);
    (void)market_build_sc(&b, "SC1", 1e9);
    (void)market_build_bus(&b, "A", 100);
    int32_t slow = market_build_resource(&b, "G1", RESOURCE_GENERATOR, 0, 0, 80, 200);
    b.m.resource[slow].ramp_up_mw_per_min = 0.5;
    market_build_bid(&b, slow, 1, 80, 200, 10);
    (void)unit(&b, "G2", 0, 300, 50);
    (void)load(&b, "L", 150);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, slow), 0);
    CLOSE(AWARD(c, 1, slow), 150);
    cr_assert_eq(c.o.n_relaxation, 0, "%s", c.o.relaxation[0].text);
    cleared_release(&c);
}

Test(clear, ramps_do_not_reach_across_dates_that_are_not_traded)
{
    struct market_build b;
    market_build_begin(&b, 2, 1);
    (void)market_build_sc(&b, "SC1", 1e9);
    (void)market_build_bus(&b, "A", 100);
    b.m.day[1].date += 5;
    int32_t slow = market_build_resource(&b, "G1", RESOURCE_GENERATOR, 0, 0, 0, 200);
    b.m.resource[slow].ramp_up_mw_per_min = 0.5;
    b.m.resource[slow].initial_mw = 0;
    market_build_bid(&b, slow, ALL, 0, 200, 10);
    (void)unit(&b, "G2", 0, 300, 50);
    (void)load(&b, "L", 150);
    struct cleared c = clear(&b);
    CLOSE(AWARD(c, 0, slow), 30);
    CLOSE(AWARD(c, 1, slow), 150);
    cleared_release(&c);
}

Test(clear, days_have_as_many_hours_as_they_have)
{
    static const int hours[] = {23, 24, 25};
    for (int k = 0; k < 3; k++) {
        struct market_build b;
        (void)begin(&b, hours[k]);
        int32_t g = unit(&b, "G", 0, 200, 20);
        int32_t l = load(&b, "L", 50);
        struct cleared c = clear(&b);
        cr_assert_eq(c.o.n_interval, hours[k]);
        for (int32_t t = 0; t < hours[k]; t++) {
            CLOSE(AWARD(c, t, g), 50);
            CLOSE(AWARD(c, t, l), -50);
            CLOSE(LMP(c, t, 0), 20);
        }
        cleared_release(&c);
    }
}

Test(clear, a_market_without_bids_clears_to_nothing)
{
    struct market_build b;
    (void)begin(&b, 2);
    struct cleared c = clear(&b);
    cr_assert_eq(c.o.n_relaxation, 0);
    CLOSE(c.o.objective_usd, 0);
    cleared_release(&c);
}

/* ---- memory ---- */

static enum err_code clear_all(const struct market *m, struct err *err)
{
    struct admission a = {0};
    struct outcome o = {0};
    enum err_code code = admit_bids(m, &a, err);
    if (!code)
        code = clear_begin(m, &o, err);
    if (!code)
        code = clear_day(m, &a, 0, &o, err);
    if (!code)
        code = clear_end(m, &o, err);
    outcome_release(&o);
    admission_release(&a);
    return code;
}

Test(clear, every_failed_allocation_is_reported_and_leaks_nothing)
{
    struct market_build b;
    (void)begin(&b, 2);
    int32_t bus = market_build_bus(&b, "B", 0);
    (void)market_build_branch(&b, 0, bus, 0.1, 30);
    (void)unit(&b, "G1", 0, 50, 10);
    int32_t far = market_build_resource(&b, "G2", RESOURCE_GENERATOR, 0, bus, 0, 60);
    market_build_bid(&b, far, ALL, 0, 60, 5);
    b.m.resource[far].ramp_up_mw_per_min = 0.1;
    b.m.resource[far].initial_mw = 10;
    int32_t s = storage(&b, 10, 20, 0.8);
    market_build_bid(&b, s, ALL, -10, 10, 0);
    (void)load(&b, "L", 150);
    struct market m = market_build_end(&b);
    long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct err err = {0};
        mem_fail_after(n);
        code = clear_all(&m, &err);
        mem_fail_after(-1);
        cr_assert_eq(code, err.code, "%s after %ld allocations", err.msg, n);
        cr_assert_eq(mem_live(), before, "leak after %ld allocations", n);
        cr_assert_lt(n, 5000);
    }
    cr_assert_eq(code, ERR_OK);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(clear, a_bus_tie_has_one_price_until_its_limit_binds)
{
    for (int limited = 0; limited < 2; limited++) {
        struct market_build b;
        int32_t a = begin(&b, 1), z = market_build_bus(&b, "Z", 0);
        (void)market_build_branch(&b, a, z, 0, limited ? 30 : HUGE_VAL);
        (void)unit(&b, "DEAR", 0, 100, 50);
        int32_t cheap =
            market_build_resource(&b, "EASY", RESOURCE_GENERATOR, 0, z, 0, 100);
        market_build_bid(&b, cheap, ALL, 0, 100, 20);
        (void)load(&b, "LOAD", 80);
        struct cleared c = clear(&b);
        CLOSE(c.o.flow_mw[0], limited ? -30 : -80);
        CLOSE(AWARD(c, 0, cheap), limited ? 30 : 80);
        CLOSE(LMP(c, 0, a), limited ? 50 : 20);
        CLOSE(LMP(c, 0, z), 20);
        CLOSE(c.o.certificate.rent_residual_usd, 0);
        cleared_release(&c);
    }
}
