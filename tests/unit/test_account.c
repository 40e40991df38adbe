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
static struct credit_account account_of(double limit_usd, bool real_time,
                                        double *open_usd)
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
    b.m.rules.real_time = real_time;
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

static struct credit_account account_with(double limit_usd, double *open_usd)
{
    return account_of(limit_usd, false, open_usd);
}

Test(account, positions_that_real_time_has_unwound_expose_nothing)
{
    double open_usd;
    struct credit_account a = account_of(1.3e6, true, &open_usd);
    cr_assert_float_eq(a.virtual_usd, 0, 1e-12);
    cr_assert_float_eq(a.liability_usd, open_usd, 1e-6);
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
    cr_assert_str_eq(credit_status_name(CREDIT_DEFAULT), "default");
}

/* ---- days ---- */

enum {
    DAYS = 12
};

/* A market of DAYS successive dates from Wednesday 2026-04-15, one SC with limit 1000. */
static struct market days_market(struct posting *posting, int32_t n_posting)
{
    struct market_build b;
    market_build_begin(&b, DAYS, 1);
    (void)market_build_sc(&b, "SC1", 1000);
    struct market m = market_build_end(&b);
    date_t first = 0;
    cr_assert(date_parse("2026-04-15", 10, &first));
    for (int d = 0; d < DAYS; d++)
        m.day[d].date = first + d;
    for (int32_t i = 0; i < n_posting; i++)
        posting[i].date += first; /* stated as days from the first */
    m.posting = posting;
    m.n_posting = n_posting;
    return m;
}

/* The account after each day on which usd[day] was charged. */
static void follow(const struct market *m, const double *usd,
                   struct credit_account after[DAYS], bool suspended[DAYS])
{
    struct outcome o = outcome_build(m);
    struct statement_line line[DAYS];
    struct credit_account account;
    credit_open(m, &account);
    for (int32_t d = 0; d < DAYS; d++) {
        struct admit_standing is;
        credit_standing(m, &account, d, &is);
        suspended[d] = is.suspended;
        line[d] = (struct statement_line){.sc = 0,
                                          .code = CHARGE_6011,
                                          .day = d,
                                          .amount_cents = (cents_t)(100 * usd[d])};
        struct settlement s = {.line = line, .n_line = d + 1};
        credit_update(m, &o, &s, d, &account);
        after[d] = account;
    }
    outcome_release(&o);
}

Test(account, what_is_owed_is_estimated_then_published_then_invoiced_then_paid)
{
    double usd[DAYS] = {100};
    struct credit_account after[DAYS];
    bool suspended[DAYS];
    struct market m = days_market(NULL, 0);
    m.rules.statement_days = 2;  /* Friday the 17th, day 2 */
    m.rules.invoice_weekday = 1; /* Monday the 20th, day 5 */
    m.rules.payment_days = 2;    /* Wednesday the 22nd, day 7 */
    follow(&m, usd, after, suspended);
    for (int d = 0; d < DAYS; d++) {
        cr_expect_float_eq(after[d].estimated_usd, d < 2 ? 100 : 0, 1e-9, "%d", d);
        cr_expect_float_eq(after[d].published_usd, d >= 2 && d < 5 ? 100 : 0, 1e-9,
                           "%d", d);
        cr_expect_float_eq(after[d].invoiced_usd, d >= 5 && d < 7 ? 100 : 0, 1e-9, "%d",
                           d);
        cr_expect_float_eq(after[d].liability_usd, d < 7 ? 100 : 0, 1e-9, "%d", d);
    }
    market_release(&m);
}

Test(account, a_call_that_is_not_met_suspends_until_security_covers_what_is_owed)
{
    double usd[DAYS] = {1100}; /* a call for 100 on Wednesday, due on Friday, day 2 */
    struct posting posting[] = {{.sc = 0, .date = 3, .amount_usd = 50},
                                {.sc = 0, .date = 5, .amount_usd = 60}};
    struct credit_account after[DAYS];
    bool suspended[DAYS];
    struct market m = days_market(posting, 2);
    follow(&m, usd, after, suspended);
    for (int d = 0; d < DAYS; d++) {
        enum credit_status expected = d < 2   ? CREDIT_CALL
                                      : d < 5 ? CREDIT_DEFAULT
                                              : CREDIT_WARNING;
        cr_expect_eq(after[d].status, expected, "day %d: %s", d,
                     credit_status_name(after[d].status));
        cr_expect_eq(suspended[d], d >= 3 && d < 6, "day %d", d);
        cr_expect_float_eq(after[d].call_usd, d < 3 ? 100 : d < 5 ? 50 : 0, 1e-9);
    }
    cr_expect_float_eq(after[5].limit_usd, 1110, 1e-9);
    cr_expect_eq(after[5].call_due, CREDIT_NO_CALL);
    market_release(&m);
}

Test(account, security_in_time_meets_the_call_and_a_new_call_has_a_new_date)
{
    double usd[DAYS] = {1100, 0, 0, 0, 100};
    struct posting posting[] = {{.sc = 0, .date = 2, .amount_usd = 150}};
    struct credit_account after[DAYS];
    bool suspended[DAYS];
    struct market m = days_market(posting, 1);
    follow(&m, usd, after, suspended);
    cr_expect_eq(after[1].status, CREDIT_CALL);
    cr_expect_eq(after[2].status, CREDIT_WARNING, "posted on the day it is due");
    cr_expect_eq(after[4].status, CREDIT_CALL, "1200 against 1150");
    cr_expect_eq(after[4].call_due, m.day[6].date, "Sunday's call is due on Tuesday");
    for (int d = 0; d < 7; d++)
        cr_expect_not(suspended[d], "day %d", d);
    cr_expect(suspended[7], "nothing was posted");
    market_release(&m);
}

Test(account, days_that_are_not_estimated_yet_count_at_the_mean_of_those_that_are)
{
    double usd[DAYS] = {90, 30, -600};
    struct credit_account after[DAYS];
    bool suspended[DAYS];
    struct market m = days_market(NULL, 0);
    m.rules.extrapolated_days = 5;
    follow(&m, usd, after, suspended);
    cr_expect_float_eq(after[0].extrapolated_usd, 450, 1e-9);
    cr_expect_float_eq(after[1].extrapolated_usd, 300, 1e-9);
    cr_expect_float_eq(after[1].liability_usd, 420, 1e-9);
    cr_expect_float_eq(after[2].extrapolated_usd, 0, 0, "nobody is given credit ahead");
    market_release(&m);
}
