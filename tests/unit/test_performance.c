/* test_performance.c - worked example W16: published rates, a system of 30,000 MW. */
#include "sim/settle/performance.h"

#include <criterion/criterion.h>

/* Load 21,000 and reserve 1,500 over obligations of 30,000: each stands for 75 %. */
Test(performance, an_obligation_stands_for_its_part_of_load_and_reserve)
{
    double ratio = performance_ratio(21000, 1500, 30000);
    cr_assert_float_eq(ratio, 0.75, 1e-12);
    double score = performance_score_mw(60, 100, ratio);
    cr_assert_float_eq(score, -15, 1e-12);
    cr_assert_float_eq(performance_payment_usd(score, 1, 9337), -140055, 1e-6);
    cr_assert_float_eq(performance_payment_usd(score, 1, 5455), -81825, 1e-6);
    cr_assert_float_eq(performance_payment_usd(score, 5.0 / 60, 9337), -11671.25, 1e-6);
}

Test(performance, who_has_no_obligation_is_paid_for_all_it_gives)
{
    double score = performance_score_mw(20, 0, performance_ratio(21000, 1500, 30000));
    cr_assert_float_eq(performance_payment_usd(score, 1, 9337), 186740, 1e-6);
    cr_assert_float_eq(performance_ratio(100, 10, 0), 0, 0);
}

/* A ratio above 1, as on 24 June 2025 (1.031): doing exactly what was sold is too little. */
Test(performance, scores_of_a_system_that_meets_its_need_add_up_to_zero)
{
    const double obligation[] = {500, 300, 200, 0}, given[] = {450, 380, 0, 201};
    double ratio = performance_ratio(1000, 31, 1000), sum = 0;
    cr_assert_float_eq(ratio, 1.031, 1e-12);
    cr_assert_lt(performance_score_mw(500, 500, ratio), 0);
    for (int i = 0; i < 4; i++)
        sum += performance_score_mw(given[i], obligation[i], ratio);
    cr_assert_float_eq(sum, 0, 1e-9);
}
