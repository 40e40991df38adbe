/* test_account.c - credit accounts with worked arithmetic. */
#include "sim/credit/account.h"

#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "tests/support/market_build.h"
#include "tests/support/outcome_build.h"

enum {
    HOURS = 10
};

/*
 * Invoiced 400k, published 250k, estimated 120k, extrapolated 230k, CRR 150k, other 20k:
 * 1,170k carried. 50 MW of virtual supply over 10 h at 6.50 adds 3.25k: 1,173.25k.
 */
static struct credit_account account_with(double limit_usd, double *open_usd)
{
    struct market_build b;
    market_build_begin(&b, 1, HOURS);
    int32_t bus = market_build_bus(&b, "A", 0);
    int32_t sc = market_build_sc(&b, "SC1", limit_usd - 3e5);
    b.m.sc[sc].posted_security_usd = 3e5;
    b.m.sc[sc].invoiced_usd = 400e3;
    b.m.sc[sc].published_usd = 250e3;
    b.m.sc[sc].estimated_usd = 120e3;
    b.m.sc[sc].extrapolated_usd = 230e3;
    b.m.sc[sc].crr_usd = 150e3;
    b.m.sc[sc].other_usd = 20e3;
    (void)market_build_position(&b, sc, bus, VIRTUAL_SUPPLY);
    struct market m = market_build_end(&b);
    struct outcome o = outcome_build(&m);
    for (int t = 0; t < HOURS; t++)
        o.virtual_award_mw[t] = 50;
    struct settlement s = {0};
    struct credit_account account;
    credit_open(&m, &account);
    *open_usd = account.liability_usd;
    credit_update(&m, &o, &s, 0, &account);
    outcome_release(&o);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
    return account;
}

Test(account, ninety_per_cent_of_the_limit_is_a_warning)
{
    double open_usd;
    struct credit_account a = account_with(1.3e6, &open_usd);
    cr_assert_float_eq(open_usd, 1170000, 1e-6);
    cr_assert_float_eq(a.virtual_usd, 3250, 1e-9);
    cr_assert_float_eq(a.liability_usd, 1173250, 1e-6);
    cr_assert_float_eq(a.utilisation, 0.9025, 1e-9);
    cr_assert_eq(a.status, CREDIT_WARNING);
    cr_assert_float_eq(a.call_usd, 0, 1e-12);
}

Test(account, more_than_the_limit_is_a_call_for_the_difference)
{
    double open_usd;
    struct credit_account a = account_with(1.1e6, &open_usd);
    cr_assert_float_eq(a.utilisation, 1.0665909, 1e-6);
    cr_assert_eq(a.status, CREDIT_CALL);
    cr_assert_float_eq(a.call_usd, 73250, 1e-6);
}

static struct credit_account open_with(double limit_usd, double owed_usd)
{
    struct market_build b;
    market_build_begin(&b, 1, 1);
    int32_t sc = market_build_sc(&b, "SC1", limit_usd);
    b.m.sc[sc].invoiced_usd = owed_usd;
    struct market m = market_build_end(&b);
    struct credit_account account;
    credit_open(&m, &account);
    market_release(&m);
    return account;
}

Test(account, each_threshold_belongs_to_the_status_it_opens)
{
    cr_assert_eq(open_with(1000, 699).status, CREDIT_OK);
    cr_assert_eq(open_with(1000, 700).status, CREDIT_NOTICE);
    cr_assert_eq(open_with(1000, 899).status, CREDIT_NOTICE);
    cr_assert_eq(open_with(1000, 900).status, CREDIT_WARNING);
    cr_assert_eq(open_with(1000, 999).status, CREDIT_WARNING);
    cr_assert_eq(open_with(1000, 1000).status, CREDIT_CALL);
}

Test(account, without_a_limit_nothing_may_be_owed)
{
    struct credit_account a = open_with(0, 0);
    cr_assert_eq(a.status, CREDIT_OK);
    cr_assert_float_eq(a.utilisation, 0, 1e-12);
    a = open_with(0, 50);
    cr_assert(isinf(a.utilisation));
    cr_assert_eq(a.status, CREDIT_CALL);
    cr_assert_float_eq(a.call_usd, 50, 1e-12);
    a = open_with(0, -50);
    cr_assert_eq(a.status, CREDIT_OK);
}

Test(account, statements_of_the_run_count_and_credits_lower_the_liability)
{
    struct market_build b;
    market_build_begin(&b, 2, 1);
    (void)market_build_sc(&b, "SC1", 1000);
    (void)market_build_sc(&b, "SC2", 1000);
    struct market m = market_build_end(&b);
    struct outcome o = outcome_build(&m);
    struct statement_line line[] = {
        {.sc = 0, .code = CHARGE_6011, .day = 0, .amount_cents = 72000},
        {.sc = 1, .code = CHARGE_6011, .day = 0, .amount_cents = -71000},
        {.sc = SETTLE_ISO, .code = CHARGE_4989, .day = 0, .amount_cents = -1000},
        {.sc = 0, .code = CHARGE_6011, .day = 1, .amount_cents = 20000},
    };
    struct settlement s = {.line = line, .n_line = 4};
    struct credit_account account[2];
    credit_open(&m, account);
    credit_update(&m, &o, &s, 0, account);
    cr_assert_float_eq(account[0].statement_usd, 720, 1e-9);
    cr_assert_eq(account[0].status, CREDIT_NOTICE);
    cr_assert_float_eq(account[1].liability_usd, -710, 1e-9);
    cr_assert_eq(account[1].status, CREDIT_OK);
    credit_update(&m, &o, &s, 1, account);
    cr_assert_float_eq(account[0].statement_usd, 920, 1e-9);
    cr_assert_eq(account[0].status, CREDIT_WARNING);
    outcome_release(&o);
    market_release(&m);
}

Test(account, every_status_has_a_name)
{
    cr_assert_str_eq(credit_status_name(CREDIT_OK), "ok");
    cr_assert_str_eq(credit_status_name(CREDIT_NOTICE), "notice");
    cr_assert_str_eq(credit_status_name(CREDIT_WARNING), "warning");
    cr_assert_str_eq(credit_status_name(CREDIT_CALL), "call");
}
