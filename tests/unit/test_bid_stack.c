/* test_bid_stack.c - pieces of one bid. */
#include "sim/input/bid_stack.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum {
    MOST = 4
};

struct trial {
    struct csv_table t;
    struct err_list faults;
    struct bid_row row[MOST];
    struct bid_row *ptr[MOST];
    struct bid_segment seg[MOST];
    bool good;
};

/* Rows as (kind, from, to, price), four numbers each; all at the start of a small text. */
static void stack(struct trial *x, const double (*piece)[4], int32_t n, bool withdraws)
{
    static const struct table_spec spec = {.name = "bids",
                                           .row_size = sizeof(struct bid_row)};
    struct stack_rules rules = {.first_mw = -5, .withdraws = withdraws};
    struct err err = {0};
    *x = (struct trial){.t = {.spec = &spec}};
    cr_assert_eq(source_from_text("b.csv", "x\n", 2, &x->t.src, &err), ERR_OK);
    for (int32_t i = 0; i < n; i++) {
        x->row[i] = (struct bid_row){.kind = (uint8_t)piece[i][0],
                                     .from_mw = piece[i][1],
                                     .to_mw = piece[i][2],
                                     .price = piece[i][3]};
        x->ptr[i] = &x->row[i];
    }
    x->good = bid_stack_build(x->ptr, n, &rules, &x->t, &x->faults, x->seg);
}

static void done(struct trial *x)
{
    csv_table_release(&x->t);
    err_list_release(&x->faults);
}

#define E BID_ENERGY
#define P BID_SELF_PT
static const double none = (double)NAN;

Test(bid_stack, a_piece_starts_where_the_one_below_ends)
{
    struct trial x;
    stack(&x, (const double[][4]){{P, none, 3, none}, {E, none, 5, 10}, {E, 7, 9, 10}},
          3, false);
    cr_assert(x.good);
    cr_assert_float_eq(x.seg[0].from_mw, 0, 0, "a self-schedule from 0");
    cr_assert_float_eq(x.seg[1].from_mw, 3, 0);
    cr_assert_float_eq(x.seg[2].from_mw, 7, 0, "a gap is a matter of admission");
    done(&x);
}

Test(bid_stack, energy_without_a_self_schedule_starts_at_pmin)
{
    struct trial x;
    stack(&x, (const double[][4]){{E, none, 3, 1}}, 1, false);
    cr_assert(x.good);
    cr_assert_float_eq(x.seg[0].from_mw, -5, 0);
    done(&x);
}

Test(bid_stack, equal_prices_are_allowed_both_ways)
{
    struct trial x;
    stack(&x, (const double[][4]){{E, 0, 1, 7}, {E, 1, 2, 7}}, 2, false);
    cr_assert(x.good);
    done(&x);
    stack(&x, (const double[][4]){{E, 0, 1, 7}, {E, 1, 2, 7}}, 2, true);
    cr_assert(x.good);
    done(&x);
}

Test(bid_stack, each_conflict_is_told_once)
{
    struct trial x;
    stack(&x,
          (const double[][4]){{E, 0, 2, 9}, {E, 2, 3, 8}, {E, 2, 4, 7}, {E, 4, 5, 6}},
          4, false);
    cr_assert_not(x.good);
    cr_assert_eq(x.faults.total, 1, "what conflicts with a refused row is no news");
    struct stack_rules rules = {0};
    cr_assert_not(bid_stack_build(x.ptr, 4, &rules, &x.t, &x.faults, x.seg));
    cr_assert_eq(x.faults.total, 1, "the same rows in another hour are no news");
    done(&x);
}

static void expect_fault(const double (*piece)[4], int32_t n, bool withdraws,
                         const char *start)
{
    struct trial x;
    stack(&x, piece, n, withdraws);
    cr_assert_not(x.good);
    cr_assert_eq(x.faults.total, 1);
    cr_assert_eq(strncmp(x.faults.item[0].msg, start, strlen(start)), 0, "%s",
                 x.faults.item[0].msg);
    done(&x);
}

Test(bid_stack, what_is_no_stack_is_refused)
{
    expect_fault((const double[][4]){{E, 0, 5, 1}, {E, 4, 6, 2}}, 2, false,
                 "the piece from 4 MW overlaps the one up to 5 MW");
    expect_fault((const double[][4]){{E, 0, 5, 1}, {E, 0, 5, 2}}, 2, false,
                 "a second piece up to 5 MW");
    expect_fault((const double[][4]){{E, 5, 5, 1}}, 1, false,
                 "to_mw is 5 in a piece that starts at 5");
    expect_fault((const double[][4]){{E, none, -6, 1}}, 1, false,
                 "to_mw is -6 in a piece that starts at -5");
    expect_fault((const double[][4]){{E, 0, 5, 1}, {P, 5, 6, none}}, 2, false,
                 "a self-schedule above the energy piece");
    expect_fault((const double[][4]){{E, 0, 5, 2}, {E, 5, 6, 1}}, 2, false,
                 "price 1 is less than the 2");
    expect_fault((const double[][4]){{E, 0, 5, 1}, {E, 5, 6, 2}}, 2, true,
                 "price 2 exceeds the 1");
}
