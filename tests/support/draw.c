/* draw.c - splitmix64 and the seeds of a property. */
#include "tests/support/draw.h"

#include <stdlib.h>

uint64_t draw_now;

struct draw draw_begin(uint64_t seed)
{
    return (struct draw){seed * UINT64_C(0x2545F4914F6CDD1D) + 1};
}

static uint64_t next(struct draw *d)
{
    uint64_t z = d->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

double draw_real(struct draw *d, double lo, double hi)
{
    return lo + (hi - lo) * ((double)(next(d) >> 11) * 0x1p-53);
}

int32_t draw_int(struct draw *d, int32_t lo, int32_t hi)
{
    return lo + (int32_t)(next(d) % (uint64_t)(hi - lo + 1));
}

bool draw_chance(struct draw *d, double probability)
{
    return draw_real(d, 0, 1) < probability;
}

void draw_order(struct draw *d, int32_t n, int32_t *order)
{
    for (int32_t k = 0; k < n; k++)
        order[k] = k;
    for (int32_t k = n - 1; k > 0; k--) {
        int32_t other = draw_int(d, 0, k), kept = order[k];
        order[k] = order[other];
        order[other] = kept;
    }
}

bool draw_seed(int k, int n, uint64_t *seed)
{
    const char *only = getenv("PROP_SEED");
    *seed = only ? strtoull(only, NULL, 10) : (uint64_t)k + 1;
    draw_now = *seed;
    return only ? k == 0 : k < n;
}
