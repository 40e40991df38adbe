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

/* Chords lie above the curve, by at most an eighth of slope change times length each. */
Test(prop_certificate, smooth_costs_equal_many_fine_chords)
{
    enum {
        CHORDS = 1000
    };
    FOR_SEEDS(seed, 25)
    {
        struct draw d = draw_begin(seed);
        struct drawn x =
            drawn_make(&d, DRAWN_ISLANDS | DRAWN_GROUPS | DRAWN_TIGHT | DRAWN_HOURS);
        struct dispatch_polynomial f[2];
        double coef[2][4] = {{0}}, above = 1e-7;
        struct stated s;
        x.n_interval = 1;
        int32_t n = x.n_injection < 2 ? x.n_injection : 2;
        for (int32_t i = 0; i < n; i++) {
            double width = draw_real(&d, 20, 80);
            x.injection[i].n_segment = 1;
            x.injection[i].base[0] = fabs(x.injection[i].base[0]);
            x.injection[i].seg[0][0] = (struct dispatch_segment){.width_mw = width};
            coef[i][0] = draw_real(&d, 0, 100);
            coef[i][1] = draw_real(&d, 0, 50);
            coef[i][2] = draw_real(&d, 0.001, 0.2);
            coef[i][3] = draw_chance(&d, 0.5) ? draw_real(&d, 0, 1e-3) : 0;
            f[i] = (struct dispatch_polynomial){i, 4, coef[i]};
            above += x.duration[0] * width / CHORDS * width / CHORDS *
                     (2 * coef[i][2] + 6 * coef[i][3] * 150) / 8;
        }
        stated_make(&x, &s);
        s.p.n_polynomial = n;
        s.p.polynomial = f;
        struct dispatch_answer a;
        struct err err = {0};
        LAW(dispatch_solve(&s.p, 1e-9, &a, &err) == ERR_OK, "%s", err.msg);
        struct full_dispatch twin = {.chords = CHORDS};
        full_dispatch(&s.p, &twin);
        double off = a.objective_usd - twin.objective_usd;
        double room = 1e-7 * (1 + fabs(twin.objective_usd));
        LAW(off <= room && off >= -above - room,
            "%.10g, chords %.10g, at most %g above", a.objective_usd,
            twin.objective_usd, above);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}

Test(prop_certificate, bus_ties_equal_the_whole_lp)
{
    compare(DRAWN_ANY | DRAWN_BUS_TIES, 200);
}
