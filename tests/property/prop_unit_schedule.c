/* prop_unit_schedule.c - no schedule of a unit is better than the one that was found. */
#include <math.h>

#include "tests/oracle/unit_twin.h"
#include "tests/support/drawn_unit.h"

/* The schedule keeps every row, and is worth what is said of it. */
static double check(struct drawn_unit *x, const struct unit_schedule *s)
{
    struct unit_inspection i =
        unit_twin_inspect(&x->p, 0, &x->prices, &x->on, &x->off, s);
    double size = 1 + fabs(i.value_usd) + fabs(i.cost_usd);
    LAW(i.broken <= 1e-6, "%s broken by %g", i.what, i.broken);
    LAW(fabs(i.cost_usd - s->cost_usd) <= 1e-9 * size, "costs %.12g, says %.12g",
        i.cost_usd, s->cost_usd);
    LAW(fabs(i.value_usd - s->value_usd) <= 1e-9 * size, "worth %.12g, says %.12g",
        i.value_usd, s->value_usd);
    return size;
}

Test(prop_unit_schedule, no_pattern_of_on_and_off_beats_it)
{
    FOR_SEEDS(seed, 1500)
    {
        struct draw d = draw_begin(seed);
        static struct drawn_unit x;
        drawn_unit_make(&d, draw_chance(&d, 0.1) ? 8 : draw_int(&d, 1, 6), &x);
        struct unit_scheduler *s;
        struct unit_schedule best;
        struct err err = {0};
        cr_assert_eq(unit_scheduler_create(&x.p, &s, &err), ERR_OK);
        cr_assert_eq(unit_schedule_best(s, 0, &x.prices, &x.on, &x.off, &best, &err),
                     ERR_OK);
        double twin = unit_twin_best(&x.p, 0, &x.prices, &x.on, &x.off);
        if (best.value_usd > -HUGE_VAL) {
            double size = check(&x, &best);
            LAW(fabs(twin - best.value_usd) <= 1e-7 * size,
                "worth %.12g, could be %.12g", best.value_usd, twin);
        } else {
            LAW(twin <= -HUGE_VAL, "nothing found, %.12g could be", twin);
        }
        unit_scheduler_release(s);
    }
}
