/* test_service_rules.c - who may offer which ancillary service. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/admit/admit.h"
#include "tests/support/market_build.h"

/* G1 of 100 MW at 2 MW/min, certified for 30 MW of RU and SR, 40 MW of RD; two hours. */
static int32_t begin(struct market_build *b)
{
    market_build_begin(b, 1, 2);
    int32_t bus = market_build_bus(b, "A", 100);
    int32_t sc = market_build_sc(b, "SC1", 0);
    int32_t g = market_build_resource(b, "G1", RESOURCE_GENERATOR, sc, bus, 0, 100);
    struct resource *r = &b->m.resource[g];
    r->ramp_up_mw_per_min = r->ramp_down_mw_per_min = 2;
    r->certified_mw[SERVICE_RU] = r->certified_mw[SERVICE_SR] = 30;
    r->certified_mw[SERVICE_RD] = 40;
    return g;
}

struct admitted {
    struct market m;
    struct admission a;
};

static struct admitted admit(struct market_build *b)
{
    struct admitted x = {.m = market_build_end(b)};
    struct err err = {0};
    cr_assert_eq(admit_bids(&x.m, &x.a, &err), ERR_OK, "%s", err.msg);
    return x;
}

static void release(struct admitted *x)
{
    admission_release(&x->a);
    market_release(&x->m);
}

/* The only decision is this one. */
static void expect_decision(const struct admitted *x, enum admit_rule rule,
                            enum bid_status status, const char *reason)
{
    cr_assert_eq(x->a.n_decision, 1);
    const struct admit_decision *d = &x->a.decision[0];
    cr_assert_eq(d->owner_kind, ADMIT_SERVICE);
    cr_assert_eq(d->rule, rule);
    cr_assert_eq(d->status, status);
    cr_assert_str_eq(d->reason, reason);
    cr_assert_eq(x->a.service_status[d->interval * x->m.n_service_bidder + d->owner],
                 status);
}

static const struct service_offer *offer_of(const struct admitted *x, int32_t t)
{
    return &x->a.service_offer[t * x->m.n_service_bidder];
}

Test(service_rules, an_offer_that_keeps_all_rules_stands)
{
    struct market_build b;
    int32_t g = begin(&b);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
    market_build_offer(&b, g, SERVICE_RU, MARKET_BUILD_ALL, 15, 4);
    market_build_self_provide(&b, g, SERVICE_RU, 1, 5);
    struct admitted x = admit(&b);
    cr_assert_eq(x.a.n_decision, 0);
    cr_assert_eq(x.a.service_status[0], BID_ACCEPTED);
    cr_assert_float_eq(offer_of(&x, 0)->offer_mw, 15, 0);
    cr_assert_float_eq(offer_of(&x, 0)->self_mw, 0, 0);
    cr_assert_float_eq(offer_of(&x, 1)->self_mw, 5, 0);
    cr_assert_float_eq(offer_of(&x, 1)->price_usd_per_mw, 4, 0);
    release(&x);
}

Test(service_rules, nothing_offered_is_no_offer)
{
    struct market_build b;
    int32_t g = begin(&b);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
    market_build_offer(&b, g, SERVICE_RU, 1, 15, 4);
    struct admitted x = admit(&b);
    cr_assert_eq(x.a.service_status[0], BID_NONE);
    cr_assert_eq(x.a.service_status[1], BID_ACCEPTED);
    release(&x);
}

Test(service_rules, the_coordinator_must_be_certified_on_the_day)
{
    struct market_build b;
    int32_t g = begin(&b);
    b.m.sc[0].certified_to = MARKET_BUILD_DATE - 1;
    market_build_offer(&b, g, SERVICE_RU, 0, 15, 4);
    struct admitted x = admit(&b);
    cr_assert_eq(x.a.n_decision, 1);
    cr_assert_eq(x.a.decision[0].rule, ADMIT_E02);
    cr_assert(strstr(x.a.decision[0].reason, "SC1"), "%s", x.a.decision[0].reason);
    release(&x);
}

Test(service_rules, a_product_without_certificate_is_refused)
{
    struct market_build b;
    int32_t g = begin(&b);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
    market_build_offer(&b, g, SERVICE_NR, 0, 15, 4);
    struct admitted x = admit(&b);
    expect_decision(&x, ADMIT_E03, BID_REJECTED,
                    "G1 is not certified for non-spinning reserve");
    cr_assert_float_eq(offer_of(&x, 0)->offer_mw, 0, 0);
    release(&x);
}

Test(service_rules, a_price_lies_between_zero_and_the_cap)
{
    static const double price[] = {250, 250.01, 0, -0.01};
    for (int k = 0; k < 4; k++) {
        struct market_build b;
        int32_t g = begin(&b);
        market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
        market_build_offer(&b, g, SERVICE_SR, 0, 15, price[k]);
        struct admitted x = admit(&b);
        if (k % 2 == 0)
            cr_assert_eq(x.a.n_decision, 0);
        else
            expect_decision(
                &x, ADMIT_E05, BID_REJECTED,
                k == 1
                    ? "the price of spinning reserve is 250.01; expected 0.00 to the "
                      "cap of 250.00 USD/MW"
                    : "the price of spinning reserve is -0.01; expected 0.00 to the "
                      "cap of 250.00 USD/MW");
        release(&x);
    }
}

Test(service_rules, an_offer_is_no_smaller_than_the_smallest)
{
    struct market_build b;
    int32_t g = begin(&b);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
    market_build_offer(&b, g, SERVICE_SR, 0, 0.4, 1);
    market_build_offer(&b, g, SERVICE_SR, 1, 0.5, 1);
    struct admitted x = admit(&b);
    expect_decision(&x, ADMIT_E08, BID_REJECTED,
                    "0.4 MW of spinning reserve; expected at least 0.5 MW");
    release(&x);
}

Test(service_rules, offer_and_self_provision_fit_into_the_certificate)
{
    struct market_build b;
    int32_t g = begin(&b);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
    market_build_offer(&b, g, SERVICE_SR, 0, 20, 1);
    market_build_self_provide(&b, g, SERVICE_SR, 0, 12);
    struct admitted x = admit(&b);
    expect_decision(&x, ADMIT_E08, BID_REJECTED,
                    "32 MW of spinning reserve; G1 is certified for 30 MW of it");
    release(&x);
}

Test(service_rules, what_cannot_be_ramped_in_time_is_cut)
{
    struct market_build b;
    int32_t g = begin(&b);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
    market_build_offer(&b, g, SERVICE_RD, 0, 15, 1);
    market_build_self_provide(&b, g, SERVICE_RD, 0, 12);
    struct admitted x = admit(&b);
    expect_decision(
        &x, ADMIT_E08, BID_MODIFIED,
        "27 MW of regulation down; cut to 20 MW, what 2 MW/min deliver in 10 min");
    cr_assert_float_eq(offer_of(&x, 0)->offer_mw, 8, 1e-12);
    cr_assert_float_eq(offer_of(&x, 0)->self_mw, 12, 0);
    cr_assert_float_eq(x.a.decision[0].before_mw, 27, 1e-12);
    cr_assert_float_eq(x.a.decision[0].after_mw, 20, 1e-12);
    release(&x);
}

Test(service_rules, an_energy_bid_of_the_same_hour_carries_it)
{
    struct market_build b;
    int32_t g = begin(&b);
    market_build_bid(&b, g, 0, 0, 100, 20);
    market_build_offer(&b, g, SERVICE_SR, MARKET_BUILD_ALL, 25, 1);
    struct admitted x = admit(&b);
    /* In the first hour it is cut; in the second that is taken back by the refusal. */
    cr_assert_eq(x.a.n_decision, 2);
    cr_assert_eq(x.a.decision[0].status, BID_MODIFIED);
    cr_assert_eq(x.a.decision[1].rule, ADMIT_E09);
    cr_assert_str_eq(x.a.decision[1].reason,
                     "20 MW of spinning reserve without an admitted energy bid in the "
                     "same hour");
    cr_assert_float_eq(offer_of(&x, 1)->offer_mw, 0, 0);
    release(&x);
}
