/* test_reference_weight.c - the distributed load reference of each island. */
#include <criterion/criterion.h>

#include "tests/support/scenario_files.h"

static const double *load(struct scenario_files *s, struct scenario_result *r)
{
    scenario_files_load(s, r);
    cr_assert_eq(r->code, ERR_OK);
    return r->market.reference_weight;
}

Test(reference_weight, an_island_with_load_in_the_network_uses_it)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    const double *w = load(&s, &r);
    static const double expected[] = {0, 90, 30, 0, 0, 5};
    for (int b = 0; b < 6; b++)
        cr_assert_float_eq(w[b], expected[b], 0, "bus %d; negative load counts 0", b);
    scenario_result_release(&r);
    scenario_files_release(&s);
}

Test(reference_weight, an_island_without_load_uses_what_loads_bid_for)
{
    struct scenario_files s;
    struct scenario_result r;
    scenario_files_base(&s);
    scenario_files_change(&s, "buses.csv", "B,90\nC,30", "B,\nC,-1");
    scenario_files_change(&s, "aggregation_nodes.csv",
                          "DER,,C,\nDER,,B,\nDER,aggregate,A,", "DER,,C,1");
    const double *w = load(&s, &r);
    /* L1: 46 of 48 hours its share, 70 MW in one; LAP1 is 0.6 B and 0.4 C; L2 is at B. */
    double l1 = (22 * 50 + 60 + 70 + 23 * 55 + 65) / 48.0;
    cr_assert_float_eq(w[0], 0, 0);
    cr_assert_float_eq(w[1], 0.6 * l1 + 80, 1e-9);
    cr_assert_float_eq(w[2], 0.4 * l1, 1e-9);
    cr_assert_float_eq(w[3], 0, 0, "an island of its own without load");
    cr_assert_float_eq(w[5], 5, 0);
    scenario_result_release(&r);
    scenario_files_release(&s);
}
