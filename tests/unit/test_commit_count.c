/* test_commit_count.c - fleets of units that are alike: how many are on, and masters that stall. */
#include <criterion/criterion.h>
#include <math.h>

#include "solver/commit/master.h"

enum {
    HOURS = 3,
    LARGE = 14, /* units of 30 to 50 MW at 20 USD/MWh */
    SMALL = 12, /* of 8 to 20 MW at 30 USD/MWh */
    UNITS = LARGE + SMALL
};

static const double LOAD[HOURS] = {273, 431, 118};

/* What unit g costs per hour at its minimum: of one kind, the first are the cheapest. */
static double run_usd(int32_t g)
{
    return g < LARGE ? 1000 + 3 * g : 330 + 2 * (g - LARGE);
}

/* The least cost of an hour, hours being free of each other: by how many of each kind. */
static double best_hour(double load)
{
    double best = HUGE_VAL;
    for (int n = 0; n <= LARGE; n++)
        for (int k = 0; k <= SMALL; k++) {
            const double rest = load - 30 * n - 8 * k, large = fmin(rest, 20 * n);
            double usd = 20 * large + 30 * (rest - large);
            if (rest < 0 || rest - large > 12 * k)
                continue;
            for (int g = 0; g < n; g++)
                usd += run_usd(g);
            for (int g = 0; g < k; g++)
                usd += run_usd(LARGE + g);
            best = fmin(best, usd);
        }
    return best;
}

/* A few hours of the fleet, none of whose limits joins them. */
static struct commit_problem fleet_problem(void)
{
    static const double width[2] = {20, 12}, usd[2] = {20, 30};
    static const struct commit_curve curve[2] = {{1, &width[0], &usd[0]},
                                                 {1, &width[1], &usd[1]}};
    static double run[UNITS][HOURS];
    static int32_t which[2][HOURS] = {{0, 0, 0}, {1, 1, 1}};
    static struct commit_unit unit[UNITS];
    for (int32_t g = 0; g < UNITS; g++) {
        const bool large = g < LARGE;
        for (int t = 0; t < HOURS; t++)
            run[g][t] = run_usd(g);
        unit[g] = (struct commit_unit){.min_mw = large ? 30 : 8,
                                       .max_mw = large ? 50 : 20,
                                       .ramp_up_mw = HUGE_VAL,
                                       .ramp_down_mw = HUGE_VAL,
                                       .start_max_mw = HUGE_VAL,
                                       .stop_max_mw = HUGE_VAL,
                                       .min_up = 1,
                                       .min_down = 1,
                                       .age_before = 24,
                                       .curve = which[large ? 0 : 1],
                                       .min_cost_usd_per_h = run[g]};
    }
    return (struct commit_problem){.n_interval = HOURS,
                                   .interval_h = 1,
                                   .n_unit = UNITS,
                                   .n_curve = 2,
                                   .unit = unit,
                                   .curve = curve,
                                   .load_mw = LOAD,
                                   .shortage_usd_per_mwh = HUGE_VAL,
                                   .surplus_usd_per_mwh = HUGE_VAL};
}

Test(commit_count, the_gap_of_units_alike_closes_at_the_best)
{
    const struct commit_problem p = fleet_problem();
    double best = 0;
    for (int t = 0; t < HOURS; t++)
        best += best_hour(LOAD[t]);
    const struct commit_options o = {.gap = 1e-6, .work_limit = 400000};
    struct commit_answer a;
    struct err err = {0};
    cr_assert_eq(commit_solve(&p, &o, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_leq(a.bound_usd, best * (1 + 1e-9), "bound %.10g, best %.10g",
                  a.bound_usd, best);
    cr_assert_float_eq(a.cost_usd, best, 1e-6 * best, "cost %.10g, best %.10g",
                       a.cost_usd, best);
    cr_assert_leq(a.gap, 1e-6);
    cr_assert_gt(a.stats.n_node, 0);
    commit_answer_release(&a);
}

Test(commit_count, a_dive_of_a_master_that_gave_up_finds_nothing)
{
    const struct commit_problem p = fleet_problem();
    const struct commit_options o = {.gap = 1e-6};
    const struct dive_style style = {.share = 0.2, .most_steps = 4, .rounds = 4};
    struct fleet *f = NULL;
    struct sweep *sweep = NULL;
    struct root root = {0};
    struct master *m = NULL;
    struct interval_set held[2 * UNITS] = {{{0}}};
    struct err err = {0};
    cr_assert_eq(fleet_create(&p, &o, &f, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(sweep_create(f, &sweep, &err), ERR_OK);
    cr_assert_eq(root_solve(f, &root, sweep, &err), ERR_OK, "%s", err.msg);
    master_release(root.master);
    root.master = NULL;
    cr_assert_eq(sweep_run(f, root.pool, NULL, root.y, sweep, &err), ERR_OK);
    cr_assert_eq(master_create(f, NULL, 0, sweep->best, root.y, &m, &err), ERR_OK);
    struct search s = {.f = f,
                       .root = &root,
                       .sweep = sweep,
                       .cost_usd = (double)INFINITY,
                       .held = {held, held + UNITS},
                       .random = seeded_begin(4, 0)};
    /* Never solved, or given up in its first solve: there are no values to read. */
    for (int k = 0; k < 2; k++) {
        bool better = true;
        cr_assert_eq(dive(&s, &m, root.pool, &style, &better, &err), ERR_OK);
        cr_assert(!better && !s.feasible && !s.incumbent);
        m->stalled = true;
        m->objective_usd = (double)INFINITY;
    }
    master_release(m);
    root_release(f, &root);
    sweep_release(sweep);
    fleet_release(f);
}
