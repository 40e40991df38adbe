/*
 * seeded.h - random numbers from a seed, the same bits on every machine.
 *
 * splitmix64 (Steele, Lea and Flood, 2014). Integers, sums and products only: no logarithm
 * or cosine of a C library, whose last bit is its own business. A stream is one use of a
 * seed, so that drawing more for one purpose changes nothing in another.
 *
 * Not for security.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_SEEDED_H
#define SIM_BASE_SEEDED_H

#include <stdbool.h>
#include <stdint.h>

struct seeded {
    uint64_t state;
};

static inline uint64_t seeded_next(struct seeded *s)
{
    s->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = s->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline struct seeded seeded_begin(uint64_t seed, uint64_t stream)
{
    struct seeded s = {stream};
    s.state = seed ^ seeded_next(&s);
    (void)seeded_next(&s);
    return s;
}

/* Uniform in [lo, hi). */
static inline double seeded_real(struct seeded *s, double lo, double hi)
{
    return lo + (hi - lo) * ((double)(seeded_next(s) >> 11) * 0x1p-53);
}

/* Uniform in 0 .. n - 1, n > 0. */
static inline int32_t seeded_below(struct seeded *s, int32_t n)
{
    return (int32_t)(((seeded_next(s) >> 32) * (uint64_t)(uint32_t)n) >> 32);
}

static inline bool seeded_chance(struct seeded *s, double probability)
{
    return seeded_real(s, 0, 1) < probability;
}

/* Mean 0, variance 1, within +-6: a sum of twelve uniform numbers. */
static inline double seeded_normal(struct seeded *s)
{
    double sum = -6;
    for (int k = 0; k < 12; k++)
        sum += seeded_real(s, 0, 1);
    return sum;
}

/* median exp(sigma z), z normal: exp(y) = (series of exp(y / 256)) ^ 256. */
static inline double seeded_log_normal(struct seeded *s, double median, double sigma)
{
    double y = sigma * seeded_normal(s) / 256, e = 1;
    for (int k = 6; k > 0; k--)
        e = 1 + e * y / k;
    for (int k = 0; k < 8; k++)
        e *= e;
    return median * e;
}

#endif
