/*
 * draw.h - random numbers for property tests, from a seed that a failure prints.
 *
 *     Test(law, holds)
 *     {
 *         FOR_SEEDS(seed, 200) {
 *             struct draw d = draw_begin(seed);
 *             double mw = draw_real(&d, 0, 100);
 *             LAW(mw < 100, "%g MW", mw);
 *         }
 *     }
 *
 * PROP_SEED=n in the environment runs seed n alone.
 */
#ifndef TESTS_SUPPORT_DRAW_H
#define TESTS_SUPPORT_DRAW_H

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea, Flood, 2014). */
struct draw {
    uint64_t state;
};

struct draw draw_begin(uint64_t seed);
/* Uniform in [lo, hi). */
double draw_real(struct draw *d, double lo, double hi);
/* Uniform in lo .. hi, both included. */
int32_t draw_int(struct draw *d, int32_t lo, int32_t hi);
bool draw_chance(struct draw *d, double probability);
/* A random order of 0 .. n-1. */
void draw_order(struct draw *d, int32_t n, int32_t *order);

/* The k-th seed to run, 0 .. n-1; false when there are no more. */
bool draw_seed(int k, int n, uint64_t *seed);
/* Seed of the present turn of FOR_SEEDS, for messages. */
extern uint64_t draw_now;

#define FOR_SEEDS(seed, n) \
 for (uint64_t draw_k_ = 0, seed = 0; draw_seed((int)draw_k_, (n), &seed); draw_k_++)

/* Fails the test with the seed; at least a format and one value. */
#define LAW(condition, format, ...) \
 cr_assert(condition, "PROP_SEED=%" PRIu64 ": " format, draw_now, __VA_ARGS__)

#endif
