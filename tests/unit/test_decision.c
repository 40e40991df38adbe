/* test_decision.c - the list of decisions. */
#include "sim/admit/decision.h"

#include <criterion/criterion.h>

#include "sim/base/mem.h"

Test(decision, equal_reasons_in_a_row_are_kept_once)
{
    struct admission a = {0};
    for (int32_t i = 0; i < 1000; i++) {
        struct admit_decision d = {.interval = i, .reason = i < 999 ? "same" : "other"};
        cr_assert_eq(decision_add(&a, &d, NULL), ERR_OK);
    }
    cr_assert_eq(a.decision[0].reason, a.decision[998].reason);
    cr_assert_str_eq(a.decision[999].reason, "other");
    admission_release(&a);
    cr_assert_eq(mem_live(), 0);
}

Test(decision, order_is_sc_kind_owner_interval_rule)
{
    static const struct admit_decision in[] = {
        {.sc = 1, .reason = "6"},
        {.owner_kind = ADMIT_VIRTUAL, .reason = "5"},
        {.owner = 1, .reason = "4"},
        {.interval = 1, .reason = "3"},
        {.rule = ADMIT_E07, .reason = "2"},
        {.rule = ADMIT_E06, .reason = "1"},
    };
    struct admission a = {0};
    for (int i = 0; i < 6; i++)
        cr_assert_eq(decision_add(&a, &in[i], NULL), ERR_OK);
    decision_sort(&a);
    for (int i = 0; i < 6; i++)
        cr_assert_eq(a.decision[i].reason[0], '1' + i);
    admission_release(&a);
}

Test(decision, the_extent_of_a_bid_is_the_sum_of_its_widths)
{
    static const struct bid_segment seg[] = {{-10, 0, 5, BID_ENERGY},
                                             {0, 30, 9, BID_ENERGY}};
    cr_assert_float_eq(decision_extent_mw(seg, 2), 40, 1e-12);
    cr_assert_float_eq(decision_extent_mw(NULL, 0), 0, 1e-12);
}
