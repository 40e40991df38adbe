/*
 * case_commit.c - published instances of unit commitment: every row of their own model, the
 * cost added up again, the bound below it, and what others found.
 *
 *     CASES=DIR            instances: DIR/pglib-uc, DIR/unitcommitment-jl, DIR/egret
 *     ORACLES=DIR          ucjl_reference_bounds.csv
 *
 * Skipped, with a word, where they are not set.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "sim/input/commit_file.h"
#include "tests/oracle/answer_table.h"
#include "tests/oracle/unit_mip.h"
#include "tests/support/published_commit.h"

/* Work, not the clock: a slow machine must come to the same. */
static const int64_t WORK = 60000;

/*
 * The Lagrangian at the convex hull prices with every unit's best schedule found by an
 * integer program over its rows: the bound before cuts and branching.
 */
static void check_hull_value(const char *path, const struct commit_case *c,
                             const struct commit_answer *a)
{
    const struct commit_problem *p = &c->problem;
    const double *energy = a->hull_lambda_usd_per_mwh;
    const double *reserve = a->hull_requirement_usd_per_mw;
    double sum = 0;
    for (int32_t t = 0; t < p->n_interval; t++) {
        sum += energy[t] * p->load_mw[t] + reserve[t] * p->requirement[0].need_mw[t];
        for (int32_t o = 0; o < p->n_other; o++)
            sum -= fmax(energy[t] * p->other[o].min_mw[t],
                        energy[t] * p->other[o].max_mw[t]);
    }
    const struct unit_prices prices = {.energy_usd_per_mw = energy,
                                       .reserve_usd_per_mw = reserve};
    for (int32_t g = 0; g < p->n_unit; g++) {
        double best = 0;
        cr_assert_eq(p->unit[g].n_offer, 1);
        cr_assert(unit_mip_best(p, g, &prices, NULL, NULL, &best), "%s: unit %d", path,
                  g);
        sum -= best;
    }
    cr_expect_float_eq(a->hull_value_usd, sum, 1e-6 * fabs(sum), "%s: %.10g and %.10g",
                       path, a->hull_value_usd, sum);
}

Test(case_commit, every_row_of_pglib_uc_holds_and_the_cost_adds_up)
{
    static const struct {
        const char *name;
        double most_gap;
    } instance[] = {
        {"rts_gmlc/2020-01-27", 0.02},      {"rts_gmlc/2020-07-06", 0.01},
        {"ca/2014-09-01_reserves_3", 0.02}, {"ca/Scenario400_reserves_5", 0.02},
        {"ferc/2015-01-01_hw", 0.02},       {"ferc/2015-07-01_lw", 0.02}};
    const char *cases = published_folder("CASES"),
               *oracles = published_folder("ORACLES");
    struct answer_table t = {0};
    if (oracles)
        t = answer_table_read(oracles, "ucjl_reference_bounds.csv");
    for (size_t i = 0; cases && i < sizeof instance / sizeof *instance; i++) {
        char path[1024], name[128];
        struct commit_case c;
        (void)snprintf(name, sizeof name, "pglib-uc/%s", instance[i].name);
        (void)snprintf(path, sizeof path, "%s/pglib-uc/%s.json", cases,
                       instance[i].name);
        if (!published_read(path, &c))
            continue;
        struct commit_answer a = published_solve(path, &c, 1e-4, WORK);
        cr_expect_lt(a.gap, instance[i].most_gap, "%s", path);
        published_compare(&t, name, &a, THEIRS_LOOSER);
        if (c.problem.n_unit < 100)
            check_hull_value(path, &c, &a);
        commit_answer_release(&a);
        commit_case_release(&c);
    }
    answer_table_release(&t);
}

Test(case_commit, unitcommitment_jl_agrees_with_what_others_found)
{
    static const char *const instance[] = {"case14", "case118", "case300",
                                           "case1354pegase"};
    const char *cases = published_folder("CASES"),
               *oracles = published_folder("ORACLES");
    if (!cases || !oracles)
        return;
    struct answer_table t = answer_table_read(oracles, "ucjl_reference_bounds.csv");
    for (size_t i = 0; i < sizeof instance / sizeof *instance; i++) {
        char path[1024], name[128];
        struct commit_case c;
        (void)snprintf(path, sizeof path, "%s/unitcommitment-jl/%s/2017-02-01.json.gz",
                       cases, instance[i]);
        (void)snprintf(name, sizeof name, "matpower/%s/2017-02-01", instance[i]);
        if (!published_read(path, &c))
            continue;
        struct commit_answer a = published_solve(path, &c, 1e-4, WORK);
        published_compare(&t, name, &a, c.has_network ? THEIRS_LIMITED : THEIRS_SAME);
        if (c.problem.n_unit < 10)
            cr_expect_leq(a.gap, 1e-3, "%s: a small fleet closes its gap", path);
        commit_answer_release(&a);
        commit_case_release(&c);
    }
    answer_table_release(&t);
}

/*
 * Egret's cost of its instance with limits on two lines only is one of the instance without
 * any that is not greater, and its relaxation with all lines and outages is a bound of the
 * cost with them.
 */
Test(case_commit, egret_agrees_with_what_it_found_itself)
{
    static const double few_lines_usd = 661510.5314199999,
                        relaxed_usd = 714162.8630157266;
    const char *cases = published_folder("CASES");
    char path[1024];
    struct commit_case c;
    if (!cases)
        return;
    (void)snprintf(path, sizeof path, "%s/egret/test_scuc_masked.json", cases);
    if (!published_read(path, &c))
        return;
    struct network *net = c.problem.net;
    const struct dispatch_outages *outages = c.problem.outages;
    struct commit_answer a = published_solve(path, &c, 1e-4, WORK);
    cr_expect_geq(a.cost_usd, relaxed_usd * (1 - 1e-6));
    printf("    with all lines and outages: relaxed %.9g, our bound %+.2g of it\n",
           relaxed_usd, a.bound_usd / relaxed_usd - 1);
    commit_answer_release(&a);
    c.problem.net = NULL;
    c.problem.outages = NULL;
    c.has_network = false;
    a = published_solve(path, &c, 1e-4, WORK);
    cr_expect_leq(a.bound_usd, few_lines_usd * (1 + 1e-6));
    printf("    without lines: bound %.9g, cost with two lines %.9g\n", a.bound_usd,
           few_lines_usd);
    commit_answer_release(&a);
    c.problem.net = net;
    c.problem.outages = outages;
    commit_case_release(&c);
}

/* What Egret's own tests expect of those of its instances that can be read. */
Test(case_commit, egret_instances_cost_what_egret_found)
{
    static const struct {
        const char *name;
        double usd;
    } found[] = {
        {"test_case_1", 4201915.0173},       {"test_case_2", 5454367.7671},
        {"test_case_3", 5999272.3611},       {"test_case_4", 5461120.3231},
        {"test_case_5", 6062406.3268},       {"tiny_uc_9", 52800},
        {"tiny_uc_tc_3", 486110.33325143},   {"tiny_uc_tc_4", 486110.33325143},
        {"tiny_uc_tc_5", 490366.250323375},  {"tiny_uc_1", 487389.24464},
        {"tiny_uc_6", 487412.78456},         {"tiny_uc_tc", 490825.5774129998},
        {"tiny_uc_tc_2", 490825.5774129998}, {"tiny_uc_tc_8", 415176.7286699998},
        {"tiny_uc_2", 158980.2698},          {"tiny_uc_3", 103398.6464755},
        {"tiny_uc_4", 81382.5248125},        {"tiny_uc_5", 92373.6462865},
        {"tiny_uc_7", 523633.31051},         {"tiny_uc_8", 158855.0174}};
    const char *cases = published_folder("CASES");
    for (size_t i = 0; cases && i < sizeof found / sizeof *found; i++) {
        char path[1024];
        struct commit_case c;
        (void)snprintf(path, sizeof path, "%s/egret/%s.json", cases, found[i].name);
        if (!published_read(path, &c))
            continue;
        struct commit_answer a = published_solve(path, &c, 1e-4, WORK);
        cr_expect_leq(a.bound_usd, found[i].usd * (1 + 1e-6), "%s", path);
        cr_expect_geq(a.cost_usd, found[i].usd * (1 - 1e-6), "%s", path);
        commit_answer_release(&a);
        commit_case_release(&c);
    }
}
