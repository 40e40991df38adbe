/* test_invoice.c - statements of several days into invoices that add up to zero. */
#include "sim/settle/invoice.h"

#include <criterion/criterion.h>

#include "sim/base/mem.h"
#include "tests/support/market_build.h"

enum {
    DAYS = 8
};

/* Eight dates from Wednesday 2026-04-15; published two business days later, invoiced on
 * Wednesdays, paid one business day after that. */
static struct market eight_days(void)
{
    struct market_build b;
    date_t first = 0;
    market_build_begin(&b, DAYS, 1);
    (void)market_build_sc(&b, "SC1", 0);
    (void)market_build_sc(&b, "SC2", 0);
    struct market m = market_build_end(&b);
    cr_assert(date_parse("2026-04-15", 10, &first));
    for (int d = 0; d < DAYS; d++)
        m.day[d].date = first + d;
    m.rules.statement_days = 2;
    m.rules.invoice_weekday = 3;
    m.rules.payment_days = 1;
    return m;
}

Test(invoice, holds_what_was_published_since_the_one_before)
{
    struct market m = eight_days();
    struct statement_line line[3 * DAYS];
    struct settlement s = {.line = line, .n_line = 3 * DAYS};
    struct invoices v;
    for (int32_t d = 0; d < DAYS; d++) {
        line[3 * d] = (struct statement_line){
            .sc = 0, .code = CHARGE_6011, .day = d, .amount_cents = 100 << d};
        line[3 * d + 1] = (struct statement_line){
            .sc = 1, .code = CHARGE_6011, .day = d, .amount_cents = -(100 << d) + 1};
        line[3 * d + 2] = (struct statement_line){
            .sc = SETTLE_ISO, .code = CHARGE_4989, .day = d, .amount_cents = -1};
    }
    cr_assert_eq(invoices_make(&m, &s, &v, NULL), ERR_OK);
    /* Wed 15 to Sat 18 and Sun 19 are published by Tue 21, so is Mon 20 on Wed 22; Tue 21
       is published on Thu 23 and waits for Wed 29. */
    cr_assert_eq(v.n, 6);
    cr_expect_eq(v.invoice[0].sc, 0);
    cr_expect_eq(v.invoice[0].date, m.day[7].date);
    cr_expect_eq(v.invoice[0].due, m.day[7].date + 1);
    cr_expect_eq(v.invoice[0].n_line, 6);
    cr_expect_eq(v.invoice[0].amount_cents, 100 * 63);
    cr_expect_eq(v.invoice[1].amount_cents, -100 * 63 + 6);
    cr_expect_eq(v.invoice[2].sc, SETTLE_ISO);
    cr_expect_eq(v.invoice[2].amount_cents, -6);
    cr_expect_eq(v.invoice[3].date, m.day[7].date + 7);
    cr_expect_eq(v.invoice[3].amount_cents, 100 * (64 + 128));
    invoices_release(&v);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(invoice, a_date_that_does_not_add_up_to_zero_is_a_bug)
{
    struct market m = eight_days();
    struct statement_line line = {
        .sc = 0, .code = CHARGE_6011, .day = 0, .amount_cents = 5};
    struct settlement s = {.line = &line, .n_line = 1};
    struct invoices v;
    struct err err = {0};
    cr_expect_eq(invoices_make(&m, &s, &v, &err), ERR_BUG);
    cr_expect_str_eq(err.msg, "invoices of 2026-04-22 add up to 5 cents");
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(invoice, running_out_of_memory_is_reported)
{
    struct market m = eight_days();
    struct statement_line line = {.sc = 0, .code = CHARGE_6011};
    struct settlement s = {.line = &line, .n_line = 1};
    struct invoices v;
    mem_fail_after(0);
    cr_expect_eq(invoices_make(&m, &s, &v, NULL), ERR_NOMEM);
    mem_fail_after(-1);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}
