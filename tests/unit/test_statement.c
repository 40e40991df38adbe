/* test_statement.c - sums, neutrality and rounding of lines made by hand. */
#include "sim/settle/statement.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/market_build.h"

static struct market two_scs(void)
{
    struct market_build b;
    market_build_begin(&b, 2, 2);
    (void)market_build_sc(&b, "SC1", 0);
    (void)market_build_sc(&b, "SC2", 0);
    return market_build_end(&b);
}

static struct settlement with_lines(const struct settle_interval_line *line, int64_t n)
{
    struct settlement s = {.n_interval_line = n, .room_interval_line = n};
    s.interval_line = MEM_ARRAY(struct settle_interval_line, n);
    cr_assert(s.interval_line);
    memcpy(s.interval_line, line, (size_t)n * sizeof *line);
    return s;
}

Test(statement, a_sum_keeps_what_plain_addition_loses)
{
    struct money_sum s = {0};
    money_add(&s, 1e16);
    money_add(&s, 1);
    money_add(&s, -1e16);
    cr_assert_float_eq(money_total_usd(&s), 1, 1e-12);
    cr_assert_float_eq(s.moved_usd, 2e16, 10);
}

/* 0.6 + 0.6 - 0.4 - 0.8 cents are zero; rounded, 1 + 1 + 0 - 1: a cent too much. */
Test(statement, the_iso_takes_the_cent_that_rounding_leaves)
{
    static const struct settle_interval_line line[] = {
        {.sc = 0, .code = CHARGE_6011, .amount_usd = 0.006},
        {.sc = 1, .code = CHARGE_6011, .amount_usd = 0.006},
        {.sc = SETTLE_ISO, .code = CHARGE_4515, .amount_usd = -0.004},
        {.sc = SETTLE_ISO, .code = CHARGE_6790, .amount_usd = -0.008},
    };
    struct market m = two_scs();
    struct settlement s = with_lines(line, 4);
    cr_assert_eq(statement_append(&m, 0, 0, &s, NULL), ERR_OK);
    cr_assert_eq(s.n_line, 5);
    cr_assert_eq(s.line[0].amount_cents, 1);
    cr_assert_eq(s.line[1].amount_cents, 1);
    cr_assert_eq(s.line[2].amount_cents, 0);
    cr_assert_eq(s.line[3].code, CHARGE_4989);
    cr_assert_eq(s.line[3].amount_cents, -1);
    cr_assert_eq(s.line[4].amount_cents, -1);
    cr_assert_eq(s.sum_cents, 0);
    settlement_release(&s);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(statement, half_a_cent_is_rounded_away_from_zero_once_per_line)
{
    static const struct settle_interval_line line[] = {
        {.sc = 0, .code = CHARGE_6011, .interval = 0, .amount_usd = 0.0625},
        {.sc = 0, .code = CHARGE_6011, .interval = 1, .amount_usd = 0.0625},
        {.sc = 1, .code = CHARGE_6011, .interval = 0, .amount_usd = -0.125},
    };
    struct market m = two_scs();
    struct settlement s = with_lines(line, 3);
    cr_assert_eq(statement_append(&m, 0, 0, &s, NULL), ERR_OK);
    cr_assert_eq(s.n_line, 2);
    cr_assert_eq(s.line[0].amount_cents, 13);
    cr_assert_eq(s.line[1].amount_cents, -13);
    settlement_release(&s);
    market_release(&m);
}

Test(statement, a_group_that_does_not_balance_is_named_with_hour_and_amount)
{
    static const struct settle_interval_line line[] = {
        {.sc = 0, .code = CHARGE_6011, .interval = 3, .amount_usd = 100},
        {.sc = 1, .code = CHARGE_6011, .interval = 3, .amount_usd = -99.5},
        {.sc = 1, .code = CHARGE_4560, .interval = 3, .amount_usd = -0.5},
    };
    struct market m = two_scs();
    struct settlement s = with_lines(line, 3);
    struct err err = {0};
    cr_assert_eq(statement_check_neutral(&m, 1, 0, &s, &err), ERR_NUMERIC);
    cr_assert_str_eq(err.msg,
                     "charge group 'grid management' does not balance on "
                     "2026-04-16 in hour ending 2: -0.500000 USD are left over");
    s.n_interval_line = 2;
    s.interval_line[1].amount_usd = -100 + 1e-8;
    cr_assert_eq(statement_check_neutral(&m, 1, 0, &s, NULL), ERR_OK);
    cr_assert_float_eq(s.worst_neutrality_usd, 1e-8, 1e-12);
    settlement_release(&s);
    market_release(&m);
}

Test(statement, lines_that_rounding_cannot_explain_are_refused)
{
    static const struct settle_interval_line line[] = {
        {.sc = 0, .code = CHARGE_6011, .amount_usd = 1}};
    struct market m = two_scs();
    struct settlement s = with_lines(line, 1);
    struct err err = {0};
    cr_assert_eq(statement_append(&m, 0, 0, &s, &err), ERR_NUMERIC);
    cr_assert(strstr(err.msg, "add up to 100 cents"), "%s", err.msg);
    settlement_release(&s);
    market_release(&m);
}

Test(statement, an_infinite_amount_is_refused)
{
    static const struct settle_interval_line line[] = {
        {.sc = SETTLE_ISO, .code = CHARGE_6790, .amount_usd = HUGE_VAL}};
    struct market m = two_scs();
    struct settlement s = with_lines(line, 1);
    struct err err = {0};
    cr_assert_eq(statement_check_neutral(&m, 0, 0, &s, NULL), ERR_NUMERIC);
    cr_assert_eq(statement_append(&m, 0, 0, &s, &err), ERR_NUMERIC);
    cr_assert(strstr(err.msg, "charge 6790 of ISO"), "%s", err.msg);
    settlement_release(&s);
    market_release(&m);
}

Test(statement, days_are_merged_in_order_of_account_code_and_interval)
{
    static const struct settle_interval_line line[] = {
        {.sc = 0, .code = CHARGE_6011, .interval = 0},
        {.sc = 1, .code = CHARGE_6011, .interval = 0},
        {.sc = SETTLE_ISO, .code = CHARGE_4515, .interval = 0},
        {.sc = 1, .code = CHARGE_4560, .interval = 2},
        {.sc = 0, .code = CHARGE_6011, .interval = 2},
    };
    struct settlement s = with_lines(line, 5);
    statement_sort(&s, 3);
    cr_assert_eq(statement_merge(&s, 3, NULL), ERR_OK);
    static const int32_t interval[] = {0, 2, 2, 0, 0}, sc[] = {0, 0, 1, 1, SETTLE_ISO};
    for (int i = 0; i < 5; i++) {
        cr_assert_eq(s.interval_line[i].interval, interval[i]);
        cr_assert_eq(s.interval_line[i].sc, sc[i]);
    }
    settlement_release(&s);
    cr_assert_eq(mem_live(), 0);
}
