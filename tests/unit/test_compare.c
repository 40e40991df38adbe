/* test_compare.c - differences of two runs worked out by hand. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "results/compare.h"
#include "sim/base/mem.h"

static const char *node_a[] = {"N1", "N2"}, *node_b[] = {"N2", "N3"};
static const char *unit_a[] = {"G1", "L1"}, *unit_b[] = {"L1", "G1"};
static const char *line_a[] = {"N1-N2"}, *limit_b[] = {"branch N1-N2 max"};
static const char *sc_a[] = {"SC1", "SC1", "SC2"}, *sc_b[] = {"SC2", "SC1"};
static const char *code_name[] = {"energy", "fees"};

/* Two hours, one unit at N1, a load at N2. */
static const struct run_view run_a = {
    .cost_usd = 100,
    .n_t = 2,
    .start_min = (const int64_t[]){0, 60},
    .duration_min = (const double[]){60, 60},
    .trade_date = (const date_t[]){0, 0},
    .hour_ending = (const int32_t[]){1, 2},
    .n_node = 2,
    .node = node_a,
    .lmp = (const double[]){10, 12, 20, 20},
    .n_resource = 2,
    .resource = unit_a,
    .resource_node = (const int32_t[]){0, 1},
    .resource_type = (const uint8_t[]){VIEW_GENERATOR, VIEW_LOAD},
    .award = (const double[]){5, -5, 8, -8},
    .n_branch = 1,
    .branch = line_a,
    .branch_from = (const int32_t[]){0},
    .branch_to = (const int32_t[]){1},
    .flow = (const double[]){5, 8},
    .rent_usd = (const double[]){10, 0},
    .n_line = 3,
    .line_sc = sc_a,
    .line_code = (const int32_t[]){6011, 6011, 6011},
    .line_cents = (const int64_t[]){-10000, -5000, 15000},
    .n_code = 2,
    .code = (const int32_t[]){6011, 4560},
    .code_name = code_name,
};

/* The second hour and another; nodes in another order, one gone, one new. */
static const struct run_view run_b = {
    .cost_usd = 100 + 1e-9,
    .n_t = 2,
    .start_min = (const int64_t[]){60, 120},
    .duration_min = (const double[]){60, 60},
    .trade_date = (const date_t[]){0, 0},
    .hour_ending = (const int32_t[]){2, 3},
    .n_node = 2,
    .node = node_b,
    .lmp = (const double[]){25, 50, 0, 0},
    .n_resource = 2,
    .resource = unit_b,
    .resource_node = (const int32_t[]){0, 1},
    .resource_type = (const uint8_t[]){VIEW_LOAD, VIEW_GENERATOR},
    .award = (const double[]){-8, 6, 0, 0},
    .rent_usd = (const double[]){0, 10},
    .n_limit = 1,
    .limit = limit_b,
    .limit_mw = (const double[]){40},
    .shadow = (const double[]){3, 0},
    .n_line = 2,
    .line_sc = sc_b,
    .line_code = (const int32_t[]){6011, 4560},
    .line_cents = (const int64_t[]){15000, 700},
    .n_code = 2,
    .code = (const int32_t[]){6011, 4560},
    .code_name = code_name,
};

static void expect(const struct comparison *c, enum compare_section s, size_t i,
                   const char *name, double a, double b, double money)
{
    cr_assert_lt(i, c->section[s].n, "%s %zu", compare_section_name(s), i);
    const struct compare_change *x = &c->section[s].change[i];
    cr_assert_str_eq(x->name, name);
    cr_assert((isnan(a) && isnan(x->a)) || fabs(x->a - a) < 1e-9, "%s: a %g", name,
              x->a);
    cr_assert((isnan(b) && isnan(x->b)) || fabs(x->b - b) < 1e-9, "%s: b %g", name,
              x->b);
    if (!isnan(money))
        cr_assert_float_eq(x->money_usd, money, 1e-9, "%s: %g", name, x->money_usd);
}

Test(compare, what_differs_is_listed_in_order_of_money)
{
    struct comparison c;
    struct err err = {0};
    cr_assert_eq(compare_runs(&run_a, &run_b, 1e-6, &c, &err), ERR_OK);
    cr_assert_eq(c.n_interval, 1);
    cr_assert_eq(c.n_only_a, 1);
    cr_assert_eq(c.n_only_b, 1);
    /* The cost differs by less than the tolerance; load 13 and 8 MWh. */
    cr_assert_eq(c.section[COMPARE_TOTALS].n, 2);
    expect(&c, COMPARE_TOTALS, 0, "load served, MWh", 13, 8, (double)NAN);
    expect(&c, COMPARE_TOTALS, 1, "price paid by load, USD/MWh", 220.0 / 13, 25,
           (double)NAN);
    /* SC1 pays -150 for energy, then nothing; 7 of fees, which it did not. */
    cr_assert_eq(c.section[COMPARE_CHARGES].n, 2);
    expect(&c, COMPARE_CHARGES, 0, "SC1", -150, 0, 150);
    expect(&c, COMPARE_CHARGES, 1, "SC1", 0, 7, 7);
    cr_assert_eq(c.section[COMPARE_CHARGES].change[1].code, 4560);
    cr_assert_str_eq(c.section[COMPARE_CHARGES].change[1].detail, "fees");
    /* N2 from 20 to 25, where 8 MW were traded; the others are in one run only. */
    cr_assert_eq(c.section[COMPARE_PRICES].n, 3);
    expect(&c, COMPARE_PRICES, 0, "N2", 20, 25, 40);
    expect(&c, COMPARE_PRICES, 1, "N1", 20, (double)NAN, 0);
    expect(&c, COMPARE_PRICES, 2, "N3", (double)NAN, 50, 0);
    cr_assert_float_eq(c.section[COMPARE_PRICES].change[0].most, 5, 1e-12);
    cr_assert_eq(c.section[COMPARE_PRICES].change[0].interval, 1);
    /* G1 earned 8 x 20 and earns 6 x 50; L1 takes as much as before. */
    cr_assert_eq(c.section[COMPARE_DISPATCH].n, 1);
    expect(&c, COMPARE_DISPATCH, 0, "G1", 8, 6, 140);
    cr_assert_eq(c.section[COMPARE_LIMITS].n, 1);
    expect(&c, COMPARE_LIMITS, 0, "branch N1-N2 max", 0, 3, 120);
    cr_assert_eq(c.section[COMPARE_FLOWS].n, 1);
    expect(&c, COMPARE_FLOWS, 0, "N1-N2", 8, (double)NAN, 0);
    cr_assert(!comparison_is_empty(&c));
    comparison_release(&c);
    cr_assert_eq(mem_live(), 0);
}

Test(compare, a_run_does_not_differ_from_itself)
{
    struct comparison c;
    struct err err = {0};
    cr_assert_eq(compare_runs(&run_b, &run_b, 0, &c, &err), ERR_OK);
    cr_assert(comparison_is_empty(&c));
    comparison_release(&c);
}

Test(compare, a_tolerance_forgives)
{
    struct run_view near = run_a;
    struct comparison c;
    struct err err = {0};
    near.lmp = (const double[]){10.4, 12, 20, 20};
    cr_assert_eq(compare_runs(&run_a, &near, 0.05, &c, &err), ERR_OK);
    cr_assert(comparison_is_empty(&c), "0.4 of 10 is within 5 %%");
    comparison_release(&c);
    cr_assert_eq(compare_runs(&run_a, &near, 0.03, &c, &err), ERR_OK);
    cr_assert_eq(c.section[COMPARE_PRICES].n, 1);
    expect(&c, COMPARE_PRICES, 0, "N1", 15, 15.2, 2);
    comparison_release(&c);
}

Test(compare, running_out_of_memory_is_said)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct comparison c;
        struct err err = {0};
        mem_fail_after(n);
        code = compare_runs(&run_a, &run_b, 1e-6, &c, &err);
        mem_fail_after(-1);
        comparison_release(&c);
        cr_assert(code == ERR_OK || code == ERR_NOMEM);
        cr_assert_eq(mem_live(), 0);
    }
}
