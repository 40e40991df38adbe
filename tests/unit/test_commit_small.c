/* test_commit_small.c - fleets of a few units, where the gap has to close. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "solver/commit/commit.h"

enum {
    HOURS = 24
};

/* A day of one steady unit, a peaker, and 100 MW at 20 USD/MWh that need no start. */
static double day_cost(double shortage_usd, struct commit_answer *a)
{
    static const double load[HOURS] = {95,  92,  90,  90,  92,  96,  104, 115,
                                       125, 130, 134, 138, 140, 141, 142, 146,
                                       152, 160, 168, 186, 172, 150, 125, 104};
    static const double steady_usd[1] = {25}, peaker_usd[1] = {60};
    static const double steady_mw[1] = {40}, peaker_mw[1] = {50};
    static const struct commit_curve curve[2] = {{1, steady_mw, steady_usd},
                                                 {1, peaker_mw, peaker_usd}};
    static const struct commit_start start[2] = {{1, 1000}, {1, 100}};
    static double none[HOURS], hundred[HOURS], twenty[HOURS], run[2][HOURS];
    static int32_t which[2][HOURS];
    for (int t = 0; t < HOURS; t++) {
        hundred[t] = 100;
        twenty[t] = 20;
        run[0][t] = 1200;
        run[1][t] = 500;
        which[1][t] = 1;
    }
    struct commit_unit unit[2];
    for (int g = 0; g < 2; g++)
        unit[g] = (struct commit_unit){.min_mw = g == 0 ? 40 : 10,
                                       .max_mw = g == 0 ? 80 : 60,
                                       .ramp_up_mw = HUGE_VAL,
                                       .ramp_down_mw = HUGE_VAL,
                                       .start_max_mw = HUGE_VAL,
                                       .stop_max_mw = HUGE_VAL,
                                       .min_up = g == 0 ? 6 : 1,
                                       .min_down = 1,
                                       .age_before = 24,
                                       .curve = which[g],
                                       .min_cost_usd_per_h = run[g],
                                       .n_start = 1,
                                       .start = &start[g]};
    const struct commit_other other = {
        .min_mw = none, .max_mw = hundred, .cost_usd_per_mwh = twenty};
    const struct commit_problem p = {.n_interval = HOURS,
                                     .interval_h = 1,
                                     .n_unit = 2,
                                     .n_other = 1,
                                     .n_curve = 2,
                                     .unit = unit,
                                     .other = &other,
                                     .curve = curve,
                                     .load_mw = load,
                                     .shortage_usd_per_mwh = shortage_usd,
                                     .surplus_usd_per_mwh = 100};
    const struct commit_options o = {.gap = 1e-6, .work_limit = 20000};
    struct err err = {0};
    cr_assert_eq(commit_solve(&p, &o, a, &err), ERR_OK, "%s", err.msg);

    /* By hand: per hour, the cheapest way to serve what 100 MW leave open. */
    return a->cost_usd;
}

Test(commit_small, the_peaker_starts_before_load_is_cut)
{
    struct commit_answer a;
    const double cost = day_cost(6500, &a);
    double short_mwh = 0;
    for (int t = 0; t < HOURS; t++)
        short_mwh += a.shortage_mw[t];
    printf("cost %.10g bound %.10g short %g work %lld nodes %lld\n", cost, a.bound_usd,
           short_mwh, (long long)a.stats.work, (long long)a.stats.n_node);
    for (int g = 0; g < 2; g++) {
        for (int t = 0; t < HOURS; t++)
            printf("%d", a.on[t * 2 + g]);
        printf("\n");
    }
    cr_expect_lt(short_mwh, 1e-6);
    cr_expect_leq(a.gap, 1e-6);
    commit_answer_release(&a);
}
