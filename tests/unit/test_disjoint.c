/* test_disjoint.c - sets by their least member, against labels that are spread by hand. */
#include "sim/base/disjoint.h"

#include <criterion/criterion.h>

#include "sim/base/seeded.h"

enum {
    N = 40
};

Test(disjoint, sets_are_named_by_their_least_member_in_any_order_of_joining)
{
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct seeded draw = seeded_begin(seed, 0);
        int32_t parent[N], label[N], n_pair = seeded_below(&draw, N);
        disjoint_begin(parent, N);
        for (int32_t i = 0; i < N; i++)
            label[i] = i;
        for (int32_t k = 0; k < n_pair; k++) {
            int32_t a = seeded_below(&draw, N), b = seeded_below(&draw, N);
            int32_t one = label[a], other = label[b], least = one < other ? one : other;
            cr_assert_eq(disjoint_join(parent, a, b), one != other);
            for (int32_t i = 0; i < N; i++)
                if (label[i] == one || label[i] == other)
                    label[i] = least;
        }
        for (int32_t i = 0; i < N; i++)
            cr_assert_eq(disjoint_root(parent, i), label[i], "seed %d", (int)seed);
    }
}
