/* prop_plant_schedule.c - no schedule of a plant is better than the one that was found. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/oracle/plant_twin.h"
#include "tests/support/drawn_plant.h"

static struct drawn_plant x; /* large, and it points into itself */

static struct unit_scheduler *scheduler(const struct commit_problem *p)
{
    struct unit_scheduler *s;
    struct err err = {0};
    LAW(unit_scheduler_create(p, &s, &err) == ERR_OK, "%s", err.msg);
    return s;
}

static struct unit_schedule solve(struct unit_scheduler *s)
{
    struct unit_schedule best;
    struct err err = {0};
    enum err_code code =
        unit_schedule_best(s, 0, &x.of[0].prices, &x.on, &x.off, &best, &err);
    LAW(code == ERR_OK, "%s", err.msg);
    return best;
}

/* At the plant's own costs the schedule is worth what it says, and costs what it says. */
static void check(const struct unit_schedule *s)
{
    double worth = plant_twin_worth(&x.p, 0, &x.of[0].prices, &x.on, &x.off, s);
    LAW(worth > -HUGE_VAL, "%s", "a rule is broken");
    LAW(fabs(worth - s->value_usd) <= 1e-6 * (1 + fabs(worth) + fabs(s->cost_usd)),
        "worth %.12g, says %.12g", worth, s->value_usd);
    static double nothing[DRAWN_UNIT_INTERVALS * DRAWN_UNIT_OFFERS];
    const struct unit_prices free_of_charge = {.energy_usd_per_mw = nothing,
                                               .reserve_usd_per_mw = nothing};
    double cost = -plant_twin_worth(&x.p, 0, &free_of_charge, &x.on, &x.off, s);
    LAW(fabs(cost - s->cost_usd) <= 1e-6 * (1 + fabs(cost)), "costs %.12g, says %.12g",
        cost, s->cost_usd);
}

Test(prop_plant_schedule, no_path_of_configurations_beats_it)
{
    int found = 0, moved = 0;
    FOR_SEEDS(seed, 2500)
    {
        struct draw d = draw_begin(seed);
        int32_t n_config = draw_int(&d, 1, DRAWN_PLANT_CONFIGS);
        drawn_plant_make(&d, n_config, draw_int(&d, 1, n_config == 3 ? 4 : 5), &x);
        struct unit_scheduler *s = scheduler(&x.p);
        struct unit_schedule best = solve(s);
        double twin = plant_twin_best(&x.p, 0, &x.of[0].prices, &x.on, &x.off);
        if (best.value_usd > -HUGE_VAL) {
            check(&best);
            LAW(fabs(twin - best.value_usd) <=
                    1e-7 * (1 + fabs(twin) + fabs(best.cost_usd)),
                "worth %.12g, could be %.12g", best.value_usd, twin);
            found++;
            int32_t last = -1;
            for (int32_t t = 0; t < x.p.n_interval; t++) {
                bool on = best.on.word[0] >> t & 1;
                int32_t c =
                    on ? interval_set_config(&best.on, &x.unit, x.p.n_interval, t) : -1;
                moved += last >= 0 && c >= 0 && c != last;
                last = c;
            }
        } else {
            LAW(twin <= -HUGE_VAL, "nothing found, %.12g could be", twin);
        }
        unit_scheduler_release(s);
    }
    cr_assert_gt(found, 1500, "%d of the plants could do something", found);
    cr_assert_gt(moved, 150, "%d transitions", moved);
}

/* One configuration, with times in common, is an ordinary unit. */
Test(prop_plant_schedule, a_plant_of_one_configuration_is_worth_what_the_unit_is)
{
    FOR_SEEDS(seed, 1500)
    {
        struct draw d = draw_begin(seed);
        drawn_plant_make(&d, 1, draw_int(&d, 6, 36), &x);
        x.unit.config_age_before = x.unit.age_before;
        x.config[0].as.min_up = x.unit.min_up;
        x.config[0].as.status = x.unit.status;
        struct unit_scheduler *s = scheduler(&x.p);
        double plant = solve(s).value_usd;
        unit_scheduler_release(s);
        struct commit_unit one = x.config[0].as;
        one.status = x.unit.status;
        one.min_down = x.unit.min_down;
        one.max_starts = x.unit.max_starts;
        one.on_before = x.unit.on_before;
        one.age_before = x.unit.age_before;
        one.mw_before = x.unit.mw_before;
        one.stop_cost_usd = x.unit.stop_cost_usd;
        x.p.unit = &one;
        s = scheduler(&x.p);
        double unit = solve(s).value_usd;
        unit_scheduler_release(s);
        LAW(isinf(unit) ? isinf(plant) : fabs(plant - unit) <= 1e-7 * (1 + fabs(unit)),
            "the plant is worth %.12g, the unit %.12g", plant, unit);
    }
}

Test(prop_plant_schedule, a_scheduler_that_was_used_asks_no_memory_for_the_same_bytes)
{
    FOR_SEEDS(seed, 200)
    {
        struct draw d = draw_begin(seed);
        drawn_plant_make(&d, draw_int(&d, 2, DRAWN_PLANT_CONFIGS), 24, &x);
        struct unit_scheduler *s = scheduler(&x.p);
        for (int k = 0; k < 3; k++)
            (void)solve(s);
        struct unit_schedule first = solve(s), again;
        mem_fail_after(0);
        again = solve(s);
        mem_fail_after(-1);
        LAW(memcmp(&first.value_usd, &again.value_usd, sizeof first.value_usd) == 0 &&
                memcmp(&first.on, &again.on, sizeof first.on) == 0,
            "%.17g became %.17g", first.value_usd, again.value_usd);
        unit_scheduler_release(s);
    }
}

Test(prop_plant_schedule, every_failed_allocation_is_reported_and_leaves_nothing_behind)
{
    FOR_SEEDS(seed, 6)
    {
        struct draw d = draw_begin(seed);
        drawn_plant_make(&d, 3, 12, &x);
        struct unit_scheduler *sound = scheduler(&x.p);
        double right = solve(sound).value_usd;
        long live = mem_live();
        enum err_code code = ERR_NOMEM;
        for (long n = 0; code == ERR_NOMEM; n++) {
            struct unit_scheduler *s = NULL;
            struct unit_schedule best;
            struct err err = {0};
            mem_fail_after(n);
            code = unit_scheduler_create(&x.p, &s, &err);
            if (code == ERR_OK)
                code = unit_schedule_best(s, 0, &x.of[0].prices, &x.on, &x.off, &best,
                                          &err);
            mem_fail_after(-1);
            LAW(code == ERR_OK || (code == ERR_NOMEM && err.msg[0]), "%d", (int)code);
            if (s) {
                double value = solve(s).value_usd;
                LAW(memcmp(&right, &value, sizeof right) == 0,
                    "another answer after %ld", n);
            }
            unit_scheduler_release(s);
            LAW(mem_live() == live, "leak after %ld", n);
        }
        unit_scheduler_release(sound);
    }
}
