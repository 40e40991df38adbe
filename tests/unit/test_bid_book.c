/* test_bid_book.c - inheritance of bids over dates, hours and kinds. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "sim/base/mem.h"
#include "tests/support/scenario_files.h"

#define HEADER "resource_id,trade_date,hour_ending,kind,to_mw,price_usd_per_mwh\n"

static void load_bids(const char *rows, struct scenario_files *s,
                      struct scenario_result *r)
{
    scenario_files_base(s);
    scenario_files_put(s, "energy_bids.csv", HEADER "G1\n");
    scenario_files_change(s, "energy_bids.csv", "G1\n", rows);
    scenario_files_load(s, r);
}

static void done(struct scenario_files *s, struct scenario_result *r)
{
    scenario_result_release(r);
    scenario_files_release(s);
    cr_assert_eq(mem_live(), 0);
}

/* Upper end of G1's bid in an interval, 0 if there is none. */
static double top(const struct market *m, int32_t interval)
{
    int32_t n;
    const struct bid_segment *seg = book_bid(&m->bids, 2, interval, &n);
    return n ? seg[n - 1].to_mw : 0;
}

Test(bid_book, date_and_hour_then_hour_then_date_then_neither)
{
    struct scenario_files s;
    struct scenario_result r;
    load_bids("G1,,,,20,1\nG1,2026-04-16,,,30,1\nG1,,5,,40,1\nG1,2026-04-16,6,,50,1\n",
              &s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_float_eq(top(&r.market, 0), 20, 0);
    cr_assert_float_eq(top(&r.market, 24), 30, 0);
    cr_assert_float_eq(top(&r.market, 4), 40, 0);
    cr_assert_float_eq(top(&r.market, 28), 40, 0, "the hour beats the date");
    cr_assert_float_eq(top(&r.market, 29), 50, 0);
    cr_assert_float_eq(top(&r.market, 5), 20, 0);
    done(&s, &r);
}

Test(bid_book, kinds_are_inherited_apart)
{
    struct scenario_files s;
    struct scenario_result r;
    int32_t n;
    load_bids("G1,,,self_pt,10,\nG1,,,energy,50,20\nG1,,7,self_pt,15,\n"
              "G1,,8,self_lpt,12,\n",
              &s, &r);
    cr_assert_eq(r.code, ERR_OK);
    const struct bid_segment *seg = book_bid(&r.market.bids, 2, 6, &n);
    cr_assert_eq(n, 2);
    cr_assert_float_eq(seg[0].to_mw, 15, 0);
    cr_assert_float_eq(seg[1].from_mw, 15, 0, "energy follows the self-schedule");
    seg = book_bid(&r.market.bids, 2, 7, &n);
    cr_assert_eq(n, 3);
    cr_assert_eq(seg[0].kind, BID_SELF_PT);
    cr_assert_eq(seg[1].kind, BID_SELF_LPT);
    cr_assert_float_eq(seg[1].from_mw, 10, 0);
    done(&s, &r);
}

Test(bid_book, rows_that_never_count_still_have_to_be_right)
{
    struct scenario_files s;
    struct scenario_result r;
    char text[512];
    load_bids("G1,,,,20,9\nG1,,,,30,8\nG1,2026-04-15,,,30,8\nG1,2026-04-16,,,30,8\n",
              &s, &r);
    scenario_result_faults(&r, text, sizeof text);
    cr_assert_str_eq(text,
                     "energy_bids.csv:3:10: price 8 is less than the 9 of the piece "
                     "below on line 2; expected prices that never fall with MW\n");
    done(&s, &r);
}

Test(bid_book, no_table_of_bids_is_no_bids)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_change(&s, "scenario.yaml",
                          "tables:\n  energy_bids: energy_bids.csv\n", "");
    scenario_files_drop(&s, "energy_bids.csv");
    scenario_files_load(&s, &r);
    cr_assert_eq(r.code, ERR_OK);
    cr_assert_float_eq(top(&r.market, 0), 0, 0);
    cr_assert_eq(r.market.bids.start[8 * 48], 48, "shares of the forecast only");
    done(&s, &r);
}
