/* Tests of sim/model/market.c. */
#include "sim/model/market.h"

#include <criterion/criterion.h>

Test(market, every_interval_belongs_to_its_day)
{
    int32_t first[] = {0, 24, 47, 72, 96, 120, 144, 168};
    const struct market m = {.n_day = 7, .n_interval = 168, .first_interval = first};
    for (int32_t day = 0; day < m.n_day; day++)
        for (int32_t t = first[day]; t < first[day + 1]; t++)
            cr_assert_eq(market_day_of(&m, t), day);
    int32_t only[] = {0, 24};
    const struct market one = {.n_day = 1, .n_interval = 24, .first_interval = only};
    cr_assert_eq(market_day_of(&one, 23), 0);
}
