/* Tests of sim/base/seeded.h. */
#include "sim/base/seeded.h"

#include <criterion/criterion.h>
#include <math.h>

Test(seeded, the_generator_is_splitmix64)
{
    struct seeded s = {0};
    cr_assert_eq(seeded_next(&s), UINT64_C(0xe220a8397b1dcdaf));
    cr_assert_eq(seeded_next(&s), UINT64_C(0x6e789e6aa1b965f4));
    cr_assert_eq(seeded_next(&s), UINT64_C(0x06c45d188009454f));
}

Test(seeded, streams_of_a_seed_and_seeds_of_a_stream_differ)
{
    struct seeded a = seeded_begin(1, 0), b = seeded_begin(1, 1),
                  c = seeded_begin(2, 0);
    struct seeded again = seeded_begin(1, 0);
    uint64_t first = seeded_next(&a);
    cr_assert_eq(seeded_next(&again), first);
    cr_assert_neq(seeded_next(&b), first);
    cr_assert_neq(seeded_next(&c), first);
}

Test(seeded, numbers_stay_in_their_range_and_reach_all_of_it)
{
    struct seeded s = seeded_begin(3, 0);
    int seen[7] = {0};
    double lo = 1e9, hi = -1e9;
    for (int k = 0; k < 10000; k++) {
        double x = seeded_real(&s, -2, 5);
        int32_t i = seeded_below(&s, 7);
        cr_assert(x >= -2 && x < 5);
        cr_assert(i >= 0 && i < 7);
        lo = fmin(lo, x);
        hi = fmax(hi, x);
        seen[i]++;
    }
    cr_assert(lo < -1.99 && hi > 4.99);
    for (int i = 0; i < 7; i++)
        cr_assert(seen[i] > 1200 && seen[i] < 1700, "%d of them are %d", seen[i], i);
}

Test(seeded, normal_numbers_have_mean_0_and_variance_1)
{
    struct seeded s = seeded_begin(4, 0);
    double sum = 0, square = 0;
    enum {
        N = 100000
    };
    for (int k = 0; k < N; k++) {
        double z = seeded_normal(&s);
        sum += z;
        square += z * z;
    }
    cr_assert_float_eq(sum / N, 0, 0.02);
    cr_assert_float_eq(square / N, 1, 0.03);
}

Test(seeded, the_logarithm_of_a_log_normal_number_is_normal)
{
    struct seeded a = seeded_begin(5, 0), b = a;
    for (int k = 0; k < 1000; k++) {
        double z = seeded_normal(&a), x = seeded_log_normal(&b, 20, 1.5);
        cr_assert_float_eq(x / (20 * exp(1.5 * z)), 1, 1e-11);
    }
}
