/* test_admit.c - books through the rules: shape, order of decisions, failed memory. */
#include "sim/admit/admit.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/market_build.h"

/* Two SCs of which the second is not certified on the first of two days. */
static struct market two_days(void)
{
    struct market_build b;
    market_build_begin(&b, 2, 3);
    int32_t bus = market_build_bus(&b, "A", 50);
    int32_t lap = market_build_apnode(&b, "LAP", NODE_LAP, 1, &bus, NULL);
    int32_t sc1 = market_build_sc(&b, "SC1", 1e6),
            sc2 = market_build_sc(&b, "SC2", 1e6);
    b.m.sc[sc2].certified_from = MARKET_BUILD_DATE + 1;
    int32_t g1 = market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc2, bus, 0, 100);
    int32_t g2 = market_build_resource(&b, "G2", RESOURCE_GENERATOR, sc1, bus, 0, 100);
    int32_t g3 = market_build_resource(&b, "G3", RESOURCE_GENERATOR, sc1, bus, 0, 100);
    market_build_bid(&b, g1, MARKET_BUILD_ALL, 0, 100, 20);
    market_build_bid(&b, g2, 1, 10, 100, 20);
    market_build_bid(&b, g2, 4, 0, 100, 2000);
    market_build_bid(&b, g3, 0, 0, 50, 20);
    market_build_bid(&b, g3, 0, 50, 100, 30);
    int32_t p = market_build_position(&b, sc2, lap, VIRTUAL_DEMAND);
    market_build_virtual_bid(&b, p, MARKET_BUILD_ALL, 0, 10, 40);
    return market_build_end(&b);
}

Test(admit, every_day_is_judged_by_itself)
{
    struct market m = two_days();
    struct admission a;
    cr_assert_eq(admit_bids(&m, &a, NULL), ERR_OK);
    for (int32_t t = 0; t < 6; t++) {
        cr_assert_eq(a.status[3 * t], t < 3 ? BID_REJECTED : BID_ACCEPTED);
        cr_assert_eq(a.virtual_status[t], t < 3 ? BID_REJECTED : BID_ACCEPTED);
        int32_t n;
        (void)book_bid(&a.bids, 0, t, &n);
        cr_assert_eq(n, t < 3 ? 0 : 1);
    }
    cr_assert_eq(a.status[3 * 0 + 1], BID_NONE);
    cr_assert_eq(a.status[3 * 1 + 1], BID_MODIFIED);
    cr_assert_eq(a.status[3 * 4 + 1], BID_REJECTED);
    cr_assert_eq(a.status[3 * 0 + 2], BID_ACCEPTED);
    int32_t n;
    cr_assert_float_eq(book_bid(&a.bids, 2, 0, &n)[1].to_mw, 100, 1e-12);
    cr_assert_eq(n, 2);
    admission_release(&a);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(admit, decisions_are_sorted_and_share_their_text_over_a_day)
{
    struct market m = two_days();
    struct admission a;
    cr_assert_eq(admit_bids(&m, &a, NULL), ERR_OK);
    cr_assert_eq(a.n_decision, 8);
    cr_assert_eq(a.decision[0].sc, 0);
    cr_assert_eq(a.decision[0].rule, ADMIT_E06);
    cr_assert_eq(a.decision[1].interval, 4);
    cr_assert_eq(a.decision[2].owner_kind, ADMIT_RESOURCE);
    cr_assert_eq(a.decision[5].owner_kind, ADMIT_VIRTUAL);
    cr_assert_eq(a.decision[2].reason, a.decision[4].reason);
    cr_assert_float_eq(a.decision[2].before_mw, 100, 1e-12);
    cr_assert_float_eq(a.decision[2].after_mw, 0, 1e-12);
    admission_release(&a);
    market_release(&m);
}

Test(admit, a_market_without_bids_is_admitted)
{
    struct market_build b;
    market_build_begin(&b, 1, 24);
    struct market m = market_build_end(&b);
    struct admission a;
    cr_assert_eq(admit_bids(&m, &a, NULL), ERR_OK);
    cr_assert_eq(admit_credit(&m, 0, NULL, &a, NULL), ERR_OK);
    cr_assert_eq(a.n_decision, 0);
    admission_release(&a);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(admit, every_failed_allocation_is_reported_and_leaks_nothing)
{
    struct market m = two_days();
    long live = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct admission a;
        struct err err = {0};
        mem_fail_after(n);
        code = admit_bids(&m, &a, &err);
        mem_fail_after(-1);
        cr_assert_eq(code, err.code);
        if (code)
            cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
        else
            admission_release(&a);
        cr_assert_lt(n, 100);
    }
    cr_assert_eq(code, ERR_OK);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(admit, every_rule_has_an_id_and_a_text)
{
    cr_assert_str_eq(admit_rule_id(ADMIT_NO_RULE), "");
    cr_assert_str_eq(admit_rule_id(ADMIT_E02), "E02");
    cr_assert_str_eq(admit_rule_id(ADMIT_E21), "E21");
    for (int rule = ADMIT_E02; rule <= ADMIT_E21; rule++)
        cr_assert_gt(strlen(admit_rule_text((enum admit_rule)rule)), 10);
    cr_assert_str_eq(bid_status_name(BID_MODIFIED), "modified");
}
