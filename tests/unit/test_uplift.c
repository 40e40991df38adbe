/* test_uplift.c - what prices leave a unit short of, by hand. */
#include "solver/commit/uplift.h"

#include <criterion/criterion.h>

#include "sim/base/mem.h"

/*
 * Two hours of half an hour. A: 10 to 50 MW at 200 $/h and 20 $/MWh above minimum, holds
 * reserve at 2 $/MW. It runs at 30 MW in both and holds 5 MW in the first.
 */
static const double width_mw[] = {25, 15}, slope[] = {20, 30};
static const struct commit_curve curve = {2, width_mw, slope};
static const int32_t of[] = {0, 0};
static const double at_min[] = {200, 200}, offer_price[] = {2, 2};
static const struct commit_offer offer = {.max_mw = 10,
                                          .price_usd_per_mw = offer_price};
static const struct commit_start start = {1, 100};
static const int32_t bus[] = {1};
static const double whole[] = {1};
static const struct commit_unit unit = {.min_mw = 10,
                                        .max_mw = 50,
                                        .ramp_up_mw = 100,
                                        .ramp_down_mw = 100,
                                        .start_max_mw = 50,
                                        .stop_max_mw = 50,
                                        .min_up = 1,
                                        .min_down = 1,
                                        .age_before = 9,
                                        .curve = of,
                                        .min_cost_usd_per_h = at_min,
                                        .n_start = 1,
                                        .start = &start,
                                        .n_offer = 1,
                                        .offer = &offer,
                                        .n_bus = 1,
                                        .bus = bus,
                                        .bus_weight = whole};
static const double need[] = {5, 0}, load[] = {30, 30};
static const struct commit_requirement requirement = {.products = 1, .need_mw = need};
static const struct commit_problem problem = {.n_interval = 2,
                                              .interval_h = 0.5,
                                              .n_unit = 1,
                                              .n_requirement = 1,
                                              .n_curve = 1,
                                              .unit = &unit,
                                              .requirement = &requirement,
                                              .curve = &curve,
                                              .load_mw = load};

static struct commit_answer answer(void)
{
    static uint8_t on[] = {1, 1};
    static double power[] = {30, 30}, started[] = {100, 0};
    static double reserve[2 * COMMIT_PRODUCTS] = {5};
    return (struct commit_answer){
        .on = on, .power_mw = power, .reserve_mw = reserve, .start_cost_usd = started};
}

Test(uplift, revenue_cost_and_what_is_missing)
{
    const struct commit_answer a = answer();
    const double lambda[] = {18, 14}, congestion[] = {9, 2, 9, 6}, reserve[] = {4, 0};
    const struct uplift_prices prices = {lambda, congestion, reserve, 2, NULL};
    struct uplift u;
    struct err err = {0};
    cr_assert_eq(uplift_of(&problem, &a, &prices, &u, &err), ERR_OK, "%s", err.msg);
    /* 20 $/MWh at its bus: 30 MW for an hour, and 5 MW of reserve for half */
    cr_expect_float_eq(u.revenue_usd, 600 + 0.5 * 4 * 5, 1e-9);
    /* 600 $/h for an hour, a start, and the offer */
    cr_expect_float_eq(u.cost_usd, 600 + 100 + 0.5 * 2 * 5, 1e-9);
    cr_expect_float_eq(u.make_whole_usd, 95, 1e-9);
    /* to stay off is best */
    cr_expect_float_eq(u.lost_opportunity_usd, 95, 1e-9);
    cr_assert_eq(mem_live(), 0);
}

Test(uplift, the_best_alternative_may_be_more_output)
{
    const struct commit_answer a = answer();
    const double lambda[] = {40, 40}, reserve[] = {0, 0};
    const struct uplift_prices prices = {lambda, NULL, reserve, 0, NULL};
    struct uplift u;
    struct err err = {0};
    cr_assert_eq(uplift_of(&problem, &a, &prices, &u, &err), ERR_OK, "%s", err.msg);
    cr_expect_float_eq(u.make_whole_usd, 0, 1e-9);
    /* 20 MW more for an hour: 5 at 20, 15 at 30; and 5 $ of an offer that earns nothing */
    cr_expect_float_eq(u.lost_opportunity_usd, 5 * 20 + 15 * 10 + 5, 1e-9);
}

Test(uplift, every_allocation_may_fail)
{
    const struct commit_answer a = answer();
    const double lambda[] = {40, 40}, reserve[] = {0, 0};
    const struct uplift_prices prices = {lambda, NULL, reserve, 0, NULL};
    struct uplift u;
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct err err = {0};
        mem_fail_after(n);
        code = uplift_of(&problem, &a, &prices, &u, &err);
        mem_fail_after(-1);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 1000);
    }
    cr_assert_eq(code, ERR_OK);
}
