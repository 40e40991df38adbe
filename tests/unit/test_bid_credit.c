/* test_bid_credit.c - the credit check before clearing, with worked arithmetic. */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/admit/admit.h"
#include "sim/base/mem.h"
#include "tests/support/market_build.h"

static struct market_build b;
static int32_t bus, lap, sc;

static void open_market(double unsecured_usd, double security_usd)
{
    market_build_begin(&b, 1, 10);
    bus = market_build_bus(&b, "A", 50);
    lap = market_build_apnode(&b, "LAP", NODE_LAP, 1, &bus, NULL);
    sc = market_build_sc(&b, "SC1", unsecured_usd);
    b.m.sc[sc].posted_security_usd = security_usd;
}

static void virtual_50_mw_all_day(void)
{
    int32_t p = market_build_position(&b, sc, lap, VIRTUAL_SUPPLY);
    market_build_virtual_bid(&b, p, MARKET_BUILD_ALL, 0, 50, 20);
}

static struct admit_standing standing(const struct market *m, double liability_usd)
{
    return (struct admit_standing){.liability_usd = liability_usd,
                                   .security_usd = m->sc[sc].posted_security_usd};
}

static struct admission check(struct market *m, double liability_usd)
{
    struct admission a;
    struct err err = {0};
    cr_assert_eq(admit_bids(m, &a, &err), ERR_OK, "%s", err.msg);
    struct admit_standing is = standing(m, liability_usd);
    cr_assert_eq(admit_credit(m, 0, &is, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(a.n_credit, 1);
    return a;
}

static void close_market(struct market *m, struct admission *a)
{
    admission_release(a);
    market_release(m);
    cr_assert_eq(mem_live(), 0);
}

/* 50 MW x 10 h x 6.50 = 3,250. */
Test(bid_credit, a_virtual_bid_counts_mw_times_hours_times_reference_price)
{
    open_market(1e6, 3e5);
    virtual_50_mw_all_day();
    struct market m = market_build_end(&b);
    struct admission a = check(&m, 1170000);
    cr_assert_float_eq(a.credit[0].virtual_usd, 3250, 1e-9);
    cr_assert_float_eq(a.credit[0].virtual_admitted_usd, 3250, 1e-9);
    cr_assert_str_eq(
        a.credit[0].arithmetic,
        "limit 1300000.00 = unsecured 1000000.00 + security 300000.00; "
        "liability 1170000.00 + demand 0.00 + virtual 3250.00 = 1173250.00 "
        "<= 1300000.00: fits");
    cr_assert_eq(a.n_decision, 0);
    close_market(&m, &a);
}

/* The same liability against a limit of 1.1 million: nothing fits. */
Test(bid_credit, a_portfolio_that_does_not_fit_is_rejected_as_a_whole)
{
    open_market(1.1e6, 0);
    virtual_50_mw_all_day();
    struct market m = market_build_end(&b);
    struct admission a = check(&m, 1170000);
    cr_assert_eq(a.credit[0].n_virtual_rejected, 10);
    cr_assert_float_eq(a.credit[0].virtual_usd, 3250, 1e-9);
    cr_assert_float_eq(a.credit[0].virtual_admitted_usd, 0, 1e-9);
    cr_assert_eq(a.virtual_bids.start[10], 0);
    cr_assert_eq(a.n_decision, 10);
    for (int32_t t = 0; t < 10; t++) {
        cr_assert_eq(a.virtual_status[t], BID_REJECTED);
        cr_assert_eq(a.decision[t].rule, ADMIT_E21);
        cr_assert_float_eq(a.decision[t].before_mw, 50, 1e-12);
    }
    cr_assert_str_eq(
        a.decision[0].reason,
        "the virtual portfolio of 10 bids: liability 1170000.00 "
        "+ demand 0.00 + virtual 3250.00 = 1173250.00 > 1100000.00: does not "
        "fit");
    close_market(&m, &a);
}

Test(bid_credit, a_portfolio_that_fits_to_the_cent_is_admitted)
{
    open_market(3250, 0);
    virtual_50_mw_all_day();
    struct market m = market_build_end(&b);
    struct admission a = check(&m, 0);
    cr_assert_eq(a.n_decision, 0);
    close_market(&m, &a);
}

Test(bid_credit, each_side_has_its_own_reference_price)
{
    open_market(1e6, 0);
    b.m.node[lap].reference_supply_usd_per_mwh = 4;
    b.m.node[lap].reference_demand_usd_per_mwh = 9;
    int32_t supply = market_build_position(&b, sc, lap, VIRTUAL_SUPPLY);
    int32_t demand = market_build_position(&b, sc, lap, VIRTUAL_DEMAND);
    market_build_virtual_bid(&b, supply, 3, 0, 10, 20);
    market_build_virtual_bid(&b, demand, 3, 0, 10, 20);
    struct market m = market_build_end(&b);
    struct admission a = check(&m, 0);
    cr_assert_float_eq(a.credit[0].virtual_usd, 10 * 4 + 10 * 9, 1e-9);
    close_market(&m, &a);
}

static int32_t load(const char *id, int32_t interval, double mw)
{
    int32_t r = market_build_resource(&b, id, RESOURCE_LOAD, sc, lap, 0, 100);
    market_build_self(&b, r, interval, BID_SELF_PT, 0, mw);
    return r;
}

/*
 * 30, 20 and 10 MW at a reference price of 100: 3000 + 2000 + 1000 = 6000. A limit of
 * 3500 with 200 owed leaves 3300: 30 MW go, 3000 stay.
 */
Test(bid_credit, demand_that_does_not_fit_is_rejected_largest_first)
{
    open_market(3500, 0);
    b.m.rules.demand_reference_price = 100;
    int32_t l1 = load("L1", 0, 20), l2 = load("L2", 0, 30), l3 = load("L3", 0, 10);
    virtual_50_mw_all_day();
    struct market m = market_build_end(&b);
    struct admission a = check(&m, 200);
    cr_assert_eq(a.status[l1], BID_ACCEPTED);
    cr_assert_eq(a.status[l2], BID_REJECTED);
    cr_assert_eq(a.status[l3], BID_ACCEPTED);
    cr_assert_eq(a.credit[0].n_demand_rejected, 1);
    cr_assert_eq(a.credit[0].n_virtual_rejected, 10);
    cr_assert_float_eq(a.credit[0].demand_usd, 6000, 1e-9);
    cr_assert_float_eq(a.credit[0].demand_admitted_usd, 3000, 1e-9);
    int32_t n;
    (void)book_bid(&a.bids, l2, 0, &n);
    cr_assert_eq(n, 0);
    cr_assert_float_eq(book_bid(&a.bids, l3, 0, &n)->to_mw, 10, 1e-12);
    cr_assert_eq(n, 1);
    cr_assert(
        strstr(a.decision[0].reason,
               "demand of 30 MW x 1 h x 100.00 USD/MWh = 3000.00 USD is the largest "
               "left: liability 200.00 + demand 6000.00 + virtual 0.00 = 6200.00 > "
               "3500.00"),
        "%s", a.decision[0].reason);
    cr_assert(
        strstr(a.credit[0].arithmetic,
               "; virtual portfolio of 10 bids rejected: liability 200.00 + demand "
               "6000.00 + virtual 0.00 = 6200.00 > 3500.00: does not fit; 1 of 3 "
               "demand bids rejected, largest first: liability 200.00 + demand "
               "3000.00 + virtual 0.00 = 3200.00 <= 3500.00: fits"),
        "%s", a.credit[0].arithmetic);
    close_market(&m, &a);
}

Test(bid_credit, demand_is_valued_at_the_bid_cap_by_default)
{
    open_market(1e6, 0);
    (void)load("L1", 0, 20);
    struct market m = market_build_end(&b);
    struct admission a = check(&m, 0);
    cr_assert_float_eq(a.credit[0].demand_usd, 20 * 1000, 1e-9);
    close_market(&m, &a);
}

Test(bid_credit, equal_exposures_go_in_order_of_resource_and_hour)
{
    open_market(2500, 0);
    b.m.rules.demand_reference_price = 100;
    int32_t l1 = load("L1", 1, 10), l2 = load("L2", 0, 10);
    int32_t l3 = load("L3", 0, 10);
    struct market m = market_build_end(&b);
    struct admission a = check(&m, 0);
    cr_assert_eq(a.status[1 * 3 + l1], BID_REJECTED);
    cr_assert_eq(a.status[l2], BID_ACCEPTED);
    cr_assert_eq(a.status[l3], BID_ACCEPTED);
    close_market(&m, &a);
}

Test(bid_credit, supply_needs_no_credit_even_from_one_over_its_limit)
{
    open_market(100, 0);
    int32_t g = market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc, bus, 0, 100);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
    struct market m = market_build_end(&b);
    struct admission a = check(&m, 5000);
    cr_assert_eq(a.n_decision, 0);
    cr_assert(strstr(a.credit[0].arithmetic, "= 5000.00 > 100.00: does not fit"));
    close_market(&m, &a);
}

Test(bid_credit, money_owed_to_an_sc_makes_room)
{
    open_market(0, 0);
    virtual_50_mw_all_day();
    struct market m = market_build_end(&b);
    struct admission a = check(&m, -4000);
    cr_assert_eq(a.n_decision, 0);
    close_market(&m, &a);
}

Test(bid_credit, a_later_day_keeps_what_the_earlier_day_admitted)
{
    market_build_begin(&b, 2, 2);
    bus = market_build_bus(&b, "A", 50);
    lap = market_build_apnode(&b, "LAP", NODE_LAP, 1, &bus, NULL);
    sc = market_build_sc(&b, "SC1", 1000);
    virtual_50_mw_all_day();
    struct market m = market_build_end(&b);
    struct admission a;
    struct admit_standing owed[2] = {standing(&m, 100), standing(&m, 900)};
    cr_assert_eq(admit_bids(&m, &a, NULL), ERR_OK);
    cr_assert_eq(admit_credit(&m, 1, owed, &a, NULL), ERR_BUG);
    for (int32_t day = 0; day < 2; day++)
        cr_assert_eq(admit_credit(&m, day, &owed[day], &a, NULL), ERR_OK);
    cr_assert_eq(a.n_credit, 2);
    cr_assert_eq(a.credit[0].n_virtual_rejected, 0);
    cr_assert_eq(a.credit[1].n_virtual_rejected, 2);
    cr_assert_eq(a.virtual_bids.start[4], 2);
    cr_assert_eq(a.virtual_status[1], BID_ACCEPTED);
    cr_assert_eq(a.virtual_status[2], BID_REJECTED);
    close_market(&m, &a);
}

/* Supply may go on: it lowers what is owed. */
Test(bid_credit, who_is_suspended_buys_nothing_whatever_its_limit)
{
    open_market(1e6, 0);
    int32_t buys = load("L1", 0, 20);
    virtual_50_mw_all_day();
    struct market m = market_build_end(&b);
    struct admission a;
    struct admit_standing is = standing(&m, 5);
    is.suspended = true;
    is.call_usd = 70;
    is.call_due = m.day[0].date - 1;
    cr_assert_eq(admit_bids(&m, &a, NULL), ERR_OK);
    cr_assert_eq(admit_credit(&m, 0, &is, &a, NULL), ERR_OK);
    cr_expect(a.credit[0].suspended);
    cr_expect_float_eq(a.credit[0].demand_admitted_usd, 0, 0);
    cr_expect_float_eq(a.credit[0].virtual_admitted_usd, 0, 0);
    cr_expect_eq(
        a.bids.start[(buys + 1) * m.n_interval] - a.bids.start[buys * m.n_interval], 0);
    cr_expect_eq(a.virtual_bids.start[m.n_interval], 0);
    cr_assert_gt(a.n_decision, 0);
    for (int32_t i = 0; i < a.n_decision; i++) {
        cr_expect_eq(a.decision[i].rule, ADMIT_E22);
        cr_expect_not_null(
            strstr(a.decision[i].reason, "a call for 70.00 USD was due"));
    }
    close_market(&m, &a);
}

Test(bid_credit, every_failed_allocation_is_reported_and_leaks_nothing)
{
    open_market(3500, 0);
    (void)load("L1", 0, 20);
    virtual_50_mw_all_day();
    struct market m = market_build_end(&b);
    long live = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct admission a;
        struct err err = {0};
        struct admit_standing owed = standing(&m, 200);
        cr_assert_eq(admit_bids(&m, &a, NULL), ERR_OK);
        mem_fail_after(n);
        code = admit_credit(&m, 0, &owed, &a, &err);
        mem_fail_after(-1);
        cr_assert_eq(code, err.code);
        admission_release(&a);
        cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
        cr_assert_lt(n, 100);
    }
    cr_assert_eq(code, ERR_OK);
    market_release(&m);
}
