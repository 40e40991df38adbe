/* prop_unit_schedule.c - no schedule of a unit is better than the one that was found. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/oracle/unit_mip.h"
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

static struct unit_schedule solve(struct unit_scheduler *s, struct drawn_unit *x)
{
    struct unit_schedule best;
    struct err err = {0};
    enum err_code code =
        unit_schedule_best(s, 0, &x->prices, &x->on, &x->off, &best, &err);
    LAW(code == ERR_OK, "%s", err.msg);
    return best;
}

static struct unit_scheduler *scheduler(const struct commit_problem *p)
{
    struct unit_scheduler *s;
    struct err err = {0};
    LAW(unit_scheduler_create(p, &s, &err) == ERR_OK, "%s", err.msg);
    return s;
}

static void compare(struct drawn_unit *x, const struct unit_schedule *best, double twin,
                    double tolerance)
{
    if (best->value_usd > -HUGE_VAL) {
        double size = check(x, best);
        LAW(fabs(twin - best->value_usd) <= tolerance * size,
            "worth %.12g, could be %.12g", best->value_usd, twin);
    } else {
        LAW(twin <= -HUGE_VAL, "nothing found, %.12g could be", twin);
    }
}

Test(prop_unit_schedule, no_pattern_of_on_and_off_beats_it)
{
    FOR_SEEDS(seed, 1500)
    {
        struct draw d = draw_begin(seed);
        static struct drawn_unit x;
        drawn_unit_make(&d, draw_chance(&d, 0.1) ? 8 : draw_int(&d, 1, 6), &x);
        struct unit_scheduler *s = scheduler(&x.p);
        struct unit_schedule best = solve(s, &x);
        compare(&x, &best, unit_twin_best(&x.p, 0, &x.prices, &x.on, &x.off), 1e-7);
        unit_scheduler_release(s);
    }
}

Test(prop_unit_schedule, no_solution_of_the_integer_program_beats_it)
{
    int n_slow = 0;
    FOR_SEEDS(seed, 400)
    {
        struct draw d = draw_begin(seed);
        static struct drawn_unit x;
        drawn_unit_make(&d, draw_int(&d, 9, 30), &x);
        struct unit_scheduler *s = scheduler(&x.p);
        struct unit_schedule best = solve(s, &x);
        double mip;
        if (unit_mip_best(&x.p, 0, &x.prices, &x.on, &x.off, &mip))
            compare(&x, &best, mip, 1e-6);
        else
            n_slow++;
        unit_scheduler_release(s);
    }
    cr_assert_leq(n_slow, 5, "%d took too long to compare", n_slow);
}

/*
 * On in the last of four intervals, with 60 MW at least, from starts of 20 MW and 20 MW per
 * interval: who starts in the third is cheapest by then, and too low.
 */
Test(prop_unit_schedule, a_run_too_low_for_a_least_to_come_covers_no_other)
{
    static const double least[] = {0, 0, 0, 60}, most[] = {100, 100, 100, 100};
    static const double zero[4], ten[] = {10, 10, 10, 10}, width[] = {100};
    static const int32_t curve_of[4];
    static const uint8_t status[] = {COMMIT_FREE, COMMIT_FREE, COMMIT_FREE, COMMIT_ON};
    const struct commit_curve curve = {1, width, zero};
    const struct commit_unit unit = {.max_mw = 100,
                                     .least_mw = least,
                                     .most_mw = most,
                                     .ramp_up_mw = 20,
                                     .ramp_down_mw = HUGE_VAL,
                                     .start_max_mw = 20,
                                     .stop_max_mw = 100,
                                     .min_up = 1,
                                     .min_down = 1,
                                     .status = status,
                                     .age_before = 9,
                                     .curve = curve_of,
                                     .min_cost_usd_per_h = ten};
    const struct commit_problem p = {.n_interval = 4,
                                     .interval_h = 1,
                                     .n_unit = 1,
                                     .n_curve = 1,
                                     .unit = &unit,
                                     .curve = &curve};
    const struct unit_prices prices = {.energy_usd_per_mw = zero,
                                       .reserve_usd_per_mw = zero};
    struct unit_scheduler *s = scheduler(&p);
    struct unit_schedule best;
    struct err err = {0};
    cr_assert_eq(unit_schedule_best(s, 0, &prices, NULL, NULL, &best, &err), ERR_OK);
    cr_expect_float_eq(best.value_usd, -30, 1e-9);
    unit_scheduler_release(s);
}

static bool same(const struct drawn_unit *x, const struct unit_schedule *a,
                 const struct unit_schedule *b)
{
    size_t n = (size_t)x->p.n_interval;
    bool same = memcmp(&a->value_usd, &b->value_usd, sizeof a->value_usd) == 0 &&
                memcmp(&a->cost_usd, &b->cost_usd, sizeof a->cost_usd) == 0 &&
                memcmp(&a->on, &b->on, sizeof a->on) == 0;
    if (!same || a->value_usd <= -HUGE_VAL)
        return same;
    return memcmp(a->above_mw, b->above_mw, n * sizeof(double)) == 0 &&
           memcmp(a->start_cost_usd, b->start_cost_usd, n * sizeof(double)) == 0 &&
           memcmp(a->reserve_mw, b->reserve_mw,
                  n * (size_t)x->unit.n_offer * sizeof(double)) == 0;
}

/* As x with prices, and forced intervals, of another draw. */
static void other_prices(struct draw *d, struct drawn_unit *x)
{
    for (int32_t t = 0; t < x->p.n_interval; t++)
        x->energy[t] += draw_real(d, -30, 30);
    x->on = x->off = (struct interval_set){0};
}

Test(prop_unit_schedule,
     a_scheduler_that_was_used_gives_the_same_bytes_and_asks_no_memory)
{
    FOR_SEEDS(seed, 500)
    {
        struct draw d = draw_begin(seed);
        static struct drawn_unit x, y;
        drawn_unit_make(&d, draw_int(&d, 1, DRAWN_UNIT_INTERVALS), &x);
        struct unit_scheduler *fresh = scheduler(&x.p), *used = scheduler(&x.p);
        struct unit_schedule first = solve(fresh, &x), again;
        y = x;
        y.prices =
            (struct unit_prices){.energy_usd_per_mw = y.energy,
                                 .reserve_usd_per_mw = y.reserve,
                                 .bonus_usd = x.prices.bonus_usd ? y.bonus : NULL,
                                 .first_usd = x.prices.first_usd ? y.first : NULL,
                                 .last_usd = x.prices.last_usd ? y.last : NULL};
        for (int k = 0; k < 3; k++) {
            again = solve(used, &x);
            other_prices(&d, &y);
            again = solve(used, &y);
        }
        if (again.value_usd > -HUGE_VAL)
            (void)check(&y, &again);
        (void)solve(used, &x);
        int64_t steps = unit_scheduler_steps(used);
        mem_fail_after(0);
        again = solve(used, &x);
        mem_fail_after(-1);
        LAW(same(&x, &first, &again), "%.17g became %.17g", first.value_usd,
            again.value_usd);
        LAW(unit_scheduler_steps(used) - steps == unit_scheduler_steps(fresh),
            "%" PRId64 " steps", unit_scheduler_steps(fresh));
        unit_scheduler_release(fresh);
        unit_scheduler_release(used);
    }
}

/* One call after another with every allocation failing once; then the right answer. */
Test(prop_unit_schedule, every_failed_allocation_is_reported_and_leaves_nothing_behind)
{
    FOR_SEEDS(seed, 10)
    {
        struct draw d = draw_begin(seed);
        static struct drawn_unit x;
        drawn_unit_make(&d, 24, &x);
        struct unit_scheduler *sound = scheduler(&x.p);
        struct unit_schedule right = solve(sound, &x), best = {0};
        long live = mem_live();
        enum err_code code = ERR_NOMEM;
        for (long n = 0; code == ERR_NOMEM; n++) {
            struct unit_scheduler *s = NULL;
            struct err err = {0};
            mem_fail_after(n);
            code = unit_scheduler_create(&x.p, &s, &err);
            if (code == ERR_OK)
                code = unit_schedule_best(s, 0, &x.prices, &x.on, &x.off, &best, &err);
            mem_fail_after(-1);
            LAW(code == ERR_OK || (code == ERR_NOMEM && err.msg[0]), "%d", (int)code);
            if (s) {
                best = solve(s, &x);
                LAW(same(&x, &right, &best), "another answer after %ld", n);
            }
            unit_scheduler_release(s);
            LAW(mem_live() == live, "leak after %ld", n);
        }
        unit_scheduler_release(sound);
    }
}
