/* test_commit_small.c - fleets of a few units, where the gap has to close. */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "solver/commit/commit.h"

enum {
    HOURS = 24
};

/* A day of one steady unit, a peaker, and 100 MW at 20 USD/MWh that need no start. */
static enum err_code solve_day(double shortage_usd, const struct watch *watch,
                               struct commit_answer *a, struct err *err)
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
    const struct commit_options o = {.gap = 1e-6, .work_limit = 20000, .watch = watch};
    return commit_solve(&p, &o, a, err);
}

static double day_cost(double shortage_usd, struct commit_answer *a)
{
    struct err err = {0};
    cr_assert_eq(solve_day(shortage_usd, NULL, a, &err), ERR_OK, "%s", err.msg);
    return a->cost_usd;
}

Test(commit_small, the_peaker_starts_before_load_is_cut)
{
    struct commit_answer a;
    const double cost = day_cost(6500, &a);
    double short_mwh = 0;
    for (int t = 0; t < HOURS; t++)
        short_mwh += a.shortage_mw[t];
    cr_expect_lt(short_mwh, 1e-6);
    cr_expect_leq(a.gap, 1e-6);
    cr_expect_float_eq(cost, 71075, 0.1);
    commit_answer_release(&a);
}

/* The gap that was seen last; says stop after so many calls. */
struct seen {
    int until, calls;
    double gap;
};

static enum err_code look(void *self, int64_t done, int64_t total, double gap,
                          struct err *err)
{
    struct seen *s = self;
    cr_expect(done == 0 && total == 0);
    cr_expect(isnan(gap) || gap >= -1e-9);
    if (!isnan(gap))
        s->gap = gap;
    return ++s->calls > s->until ? err_set(err, ERR_INTERRUPTED, "enough") : ERR_OK;
}

Test(commit_small, a_watch_sees_the_gap_and_may_stop_the_search_anywhere)
{
    struct seen s = {.until = 1 << 30, .gap = (double)NAN};
    const struct watch watch = {look, &s};
    struct commit_answer a;
    cr_assert_eq(solve_day(6500, &watch, &a, NULL), ERR_OK);
    cr_expect_float_eq(a.cost_usd, 71075, 0.1, "the same answer");
    cr_expect(s.gap < 0.5, "a gap was seen");
    commit_answer_release(&a);
    int calls = s.calls;
    cr_assert_gt(calls, 2);
    for (int until = 0; until < calls; until += 1 + calls / 16) {
        s = (struct seen){.until = until};
        cr_assert_eq(solve_day(6500, &watch, &a, NULL), ERR_INTERRUPTED);
        commit_answer_release(&a);
        cr_assert_eq(mem_live(), 0, "leak after %d calls", until);
    }
}
