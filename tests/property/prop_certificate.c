/* prop_certificate.c - any problem: certified, and as cheap as the whole LP. */
#include <math.h>

#include "sim/base/mem.h"
#include "tests/oracle/full_dispatch.h"
#include "tests/support/drawn.h"

static void compare(unsigned features, int n)
{
    FOR_SEEDS(seed, n)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, features);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        struct full_dispatch twin = {.chords = 1};
        full_dispatch(&s.p, &twin);
        double off = a.objective_usd - twin.objective_usd;
        double scale = fmax(1, fabs(twin.objective_usd));
        LAW(off > -1e-7 * scale, "%.9g is below the optimum %.9g (features %u)",
            a.objective_usd, twin.objective_usd, x.features);
        if (twin.both_ways) { /* never both directions: the LP is only a bound */
            twin.exclusive = true;
            full_dispatch(&s.p, &twin);
            off = a.objective_usd - twin.objective_usd;
            LAW(off > -1e-7 * scale && off <= a.direction_gap_usd + 1e-7 * scale,
                "%.9g, the optimum is %.9g, gap said to be %g (features %u)",
                a.objective_usd, twin.objective_usd, a.direction_gap_usd, x.features);
        } else {
            LAW(fabs(off) <= 1e-7 * scale, "%.9g, the whole LP %.9g (features %u)",
                a.objective_usd, twin.objective_usd, x.features);
        }
        dispatch_answer_release(&a);
        stated_release(&s);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
}

Test(prop_certificate, one_run_equals_the_whole_lp)
{
    compare(DRAWN_NORMAL & ~(DRAWN_STORES | DRAWN_RAMPS), 200);
}

Test(prop_certificate, ramps_and_stores_equal_the_whole_lp)
{
    compare(DRAWN_NORMAL, 200);
}

Test(prop_certificate, pricing_runs_that_differ_are_certified_too)
{
    compare(DRAWN_ANY, 200);
}

Test(prop_certificate, bus_ties_equal_the_whole_lp)
{
    compare(DRAWN_ANY | DRAWN_BUS_TIES, 200);
}
