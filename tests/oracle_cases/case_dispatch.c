/*
 * case_dispatch.c - published networks against answers that others computed.
 *
 *     CASES=DIR      networks: DIR/matpower/NAME.m, DIR/pglib/NAME.m, DIR/pglib/api/NAME.m
 *     ORACLES=DIR    answers: objectives in CSV, prices and flows under DIR/lmp
 *
 * Skipped, with a word, where they are not set. Networks above MOST_BUSES are left to
 * the benchmarks.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/case_dispatch.h"
#include "sim/input/matpower.h"
#include "tests/oracle/answer_table.h"
#include "tests/support/dispatch_build.h"

enum {
    MOST_BUSES = 3000,
    MOST_PARALLEL = 8
};

static const char *folder(const char *name)
{
    const char *dir = getenv(name);
    if (!dir || !*dir)
        printf("skipped: %s is not set\n", name);
    return dir && *dir ? dir : NULL;
}

/* The case at a path; false when there is none or it is too large. */
static bool read_case(const char *path, struct grid *g)
{
    struct source src;
    struct err_list faults = {0};
    struct err err = {0};
    if (source_read(path, &src, NULL))
        return false;
    enum err_code code = matpower_read(&src, g, &faults, &err);
    cr_assert_eq(code, ERR_OK, "%s:%u: %s", path, err.at.line, err.msg);
    err_list_release(&faults);
    source_release(&src);
    if (g->n_bus <= MOST_BUSES)
        return true;
    grid_release(g);
    return false;
}

static struct outcome dispatch(const char *name, const struct grid *g,
                               enum dc_model model)
{
    struct outcome o;
    struct err err = {0};
    enum err_code code = case_dispatch(g, model, &o, &err);
    cr_assert_eq(code, ERR_OK, "%s: %s", name, err.msg);
    cr_assert_lt(o.certificate.primal_residual_mw, 1e-6, "%s: primal residual %g", name,
                 o.certificate.primal_residual_mw);
    cr_assert_lt(o.certificate.dual_residual_usd_per_mwh, 1e-6, "%s: dual residual %g",
                 name, o.certificate.dual_residual_usd_per_mwh);
    cr_assert_lt(o.certificate.relative_gap, 1e-6, "%s: gap %g", name,
                 o.certificate.relative_gap);
    for (int32_t n = 0; n < o.n_node; n++)
        cr_assert(fabs(o.lmp[n] - o.lmp_energy[n] - o.lmp_congestion[n]) <= 1e-9,
                  "%s: components do not add up at node %d", name, n);
    return o;
}

static int count_binding(const struct outcome *o)
{
    int n = 0;
    for (int32_t k = 0; k < o->n_constraint; k++)
        n += o->shadow_price[k] > 1e-6;
    return n;
}

/* Every row of a table of objectives whose network is there; returns how many. */
static int check_objectives(const char *table, const char *networks)
{
    const char *cases = folder("CASES"), *oracles = folder("ORACLES");
    char path[1024];
    int n_checked = 0;
    if (!cases || !oracles)
        return -1;
    struct answer_table t = answer_table_read(oracles, table);
    for (int r = 0; r < t.n_row; r++) {
        const char *name = answer_text(&t, r, "case");
        struct grid g;
        if (answer_number(&t, r, "success") < 0.5)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s/%s.m", cases, networks, name);
        if (!read_case(path, &g))
            continue;
        bool pglib = answer_has(&t, "conv") && answer_number(&t, r, "conv") > 1.5;
        double want = answer_number(
            &t, r, answer_has(&t, "objective") ? "objective" : "objective_usd_per_h");
        struct outcome o = dispatch(name, &g, pglib ? DC_PGLIB : DC_MATPOWER);
        cr_expect(fabs(o.objective_usd - want) <= 1e-6 * fabs(want),
                  "%s (%s, %s): %.9g $/h, expected %.9g, off by %.2g", name,
                  answer_text(&t, r, "solver"), pglib ? "pglib" : "matpower",
                  o.objective_usd, want, o.objective_usd / want - 1);
        n_checked++;
        outcome_release(&o);
        grid_release(&g);
    }
    answer_table_release(&t);
    printf("%s: %d objectives compared\n", table, n_checked);
    cr_assert_gt(n_checked, 0, "%s: no network of it in %s/%s", table, cases, networks);
    return n_checked;
}

/*
 * Egret's DC-OPF with losses (B-theta form) is LOSS_ENDS but for how it turns r and x into
 * what a branch loses, and for limits that count part of the loss: objectives within half
 * a per cent, and closer to each other than to the one without losses.
 */
static void check_egret_losses(const char *cases, const char *line)
{
    static const char form[] = "_btheta_dcopf_losses_solution.json,";
    const char *end = strstr(line, form), *name = end;
    char path[1024];
    struct grid g;
    struct outcome o;
    struct err err = {0};
    const struct case_settings settings = {DC_MATPOWER, LOSS_ENDS};
    if (!end)
        return;
    while (name > line && name[-1] != '/')
        name--;
    (void)snprintf(path, sizeof path, "%s/pglib/%.*s.m", cases, (int)(end - name),
                   name);
    if (!read_case(path, &g))
        return;
    double want = strtod(end + strlen(form), NULL);
    struct outcome lossless = dispatch(path, &g, DC_MATPOWER);
    cr_assert_eq(case_dispatch_with(&g, &settings, &o, &err), ERR_OK, "%s", err.msg);
    cr_expect_lt(o.certificate.primal_residual_mw, 1e-6);
    cr_expect_lt(o.certificate.dual_residual_usd_per_mwh, 1e-6);
    cr_expect(fabs(o.objective_usd - want) <= 5e-3 * want, "%s: %.9g $/h, Egret %.9g",
              path, o.objective_usd, want);
    cr_expect_lt(fabs(o.objective_usd - want), fabs(lossless.objective_usd - want));
    printf("%s: %.2f MW lost, %.9g $/h, Egret %+.3f %%\n", path, o.loss_mw[0],
           o.objective_usd, 100 * (want / o.objective_usd - 1));
    outcome_release(&lossless);
    outcome_release(&o);
    grid_release(&g);
}

Test(case_dispatch, losses_are_near_those_of_another_program)
{
    const char *cases = folder("CASES"), *oracles = folder("ORACLES");
    char line[4096]; /* a row may be long, and holds quoted commas */
    if (!cases || !oracles)
        return;
    (void)snprintf(line, sizeof line, "%s/egret_objectives.csv", oracles);
    FILE *f = fopen(line, "r");
    cr_assert_not_null(f, "%s cannot be read", line);
    while (fgets(line, sizeof line, f))
        check_egret_losses(cases, line);
    (void)fclose(f);
}

Test(case_dispatch, stock_networks_have_the_published_objective)
{
    (void)check_objectives("matpower_dcopf_summary.csv", "matpower");
}

Test(case_dispatch, pglib_networks_in_both_conventions)
{
    (void)check_objectives("pglib_dcopf_typ.csv", "pglib");
}

Test(case_dispatch, pglib_networks_under_stress_in_both_conventions)
{
    (void)check_objectives("pglib_dcopf_api.csv", "pglib/api");
}

/* ---- prices and flows ---- */

struct compared {
    int networks, prices, flows, skipped;
};

static int32_t bus_of_number(const struct grid *g, double number)
{
    for (int32_t n = 0; n < g->n_bus; n++)
        if ((double)g->bus[n].number == number) /* exact: both are whole */
            return n;
    return -1;
}

/* Called where as many lines bind as in the published answer. */
static void check_prices(const char *name, const struct grid *g,
                         const struct outcome *o, const struct answer_table *t,
                         struct compared *sum)
{
    for (int r = 0; r < t->n_row; r++) {
        int32_t n = bus_of_number(g, answer_number(t, r, "bus"));
        if (n < 0)
            continue; /* isolated */
        double want = answer_number(t, r, "lmp_usd_per_mwh");
        cr_expect(fabs(o->lmp[n] - want) <= 1e-4 * fmax(1, fabs(want)),
                  "%s bus %s: %.8g $/MWh, expected %.8g", name, g->bus[n].id, o->lmp[n],
                  want);
        sum->prices++;
    }
}

static int by_size(const void *pa, const void *pb)
{
    const double *a = pa, *b = pb;
    return *a < *b ? -1 : *a > *b;
}

/* Flows of all circuits from one bus to another, sorted; as in the table, or of ours. */
static int table_flows(const struct answer_table *t, double from, double to,
                       double *flow)
{
    int n = 0;
    for (int r = 0; r < t->n_row && n < MOST_PARALLEL; r++)
        if (answer_number(t, r, "fbus") == from && answer_number(t, r, "tbus") == to)
            flow[n++] = answer_number(t, r, "pf_mw");
    qsort(flow, (size_t)n, sizeof *flow, by_size);
    return n;
}

static int our_flows(const struct grid *g, const struct outcome *o, int32_t from,
                     int32_t to, double *flow)
{
    int n = 0;
    for (int32_t l = 0; l < g->n_branch && n < MOST_PARALLEL; l++)
        if (g->branch[l].from == from && g->branch[l].to == to)
            flow[n++] = o->flow_mw[l];
    qsort(flow, (size_t)n, sizeof *flow, by_size);
    return n;
}

static void check_flows(const char *name, const struct grid *g, const struct outcome *o,
                        const struct answer_table *t, struct compared *sum)
{
    for (int32_t l = 0; l < g->n_branch; l++) {
        double ours[MOST_PARALLEL], theirs[MOST_PARALLEL];
        const struct grid_branch *b = &g->branch[l];
        int n = our_flows(g, o, b->from, b->to, ours);
        int n_table = table_flows(t, (double)g->bus[b->from].number,
                                  (double)g->bus[b->to].number, theirs);
        cr_expect(n_table >= n, "%s %s is not in the table", name, b->id);
        /* Circuits out of service stand in the table with no flow. */
        for (int k = 0; n == n_table && k < n; k++)
            cr_expect(fabs(ours[k] - theirs[k]) <= 1e-3 + 1e-4 * fabs(theirs[k]),
                      "%s %s: %.8g MW, expected %.8g", name, b->id, ours[k], theirs[k]);
        sum->flows++;
    }
}

/* Dispatch may be one of many: it is unique when no other would cost the same. */
static bool same_dispatch(const struct grid *g, const struct outcome *o,
                          const struct answer_table *t)
{
    double *sum = calloc((size_t)g->n_bus, sizeof *sum);
    bool same = true;
    cr_assert_not_null(sum);
    for (int32_t u = 0; u < g->n_unit; u++)
        sum[g->unit[u].bus] += o->award_mw[u];
    for (int r = 0; r < t->n_row; r++) {
        int32_t n = bus_of_number(g, answer_number(t, r, "bus"));
        if (n >= 0)
            sum[n] -= answer_number(t, r, "pg_mw");
    }
    for (int32_t n = 0; n < g->n_bus; n++)
        same = same && fabs(sum[n]) <= 1e-2 + 1e-4 * fabs(sum[n]);
    free(sum);
    return same;
}

static void check_case(const char *cases, const char *oracles, const char *name,
                       int binding, struct compared *sum)
{
    char path[1024];
    struct grid g;
    (void)snprintf(path, sizeof path, "%s/matpower/%s.m", cases, name);
    if (!read_case(path, &g))
        return;
    struct outcome o = dispatch(name, &g, DC_MATPOWER);
    (void)snprintf(path, sizeof path, "lmp/dcopf_lmp_%s.csv", name);
    struct answer_table lmp = answer_table_read(oracles, path);
    (void)snprintf(path, sizeof path, "lmp/dcopf_gen_%s.csv", name);
    struct answer_table gen = answer_table_read(oracles, path);
    (void)snprintf(path, sizeof path, "lmp/dcopf_branch_%s.csv", name);
    struct answer_table branch = answer_table_read(oracles, path);
    if (count_binding(&o) == binding)
        check_prices(name, &g, &o, &lmp, sum);
    else
        sum->skipped++;
    if (same_dispatch(&g, &o, &gen))
        check_flows(name, &g, &o, &branch, sum);
    else
        printf("%s: another of several dispatches of equal cost; flows not compared\n",
               name);
    sum->networks++;
    answer_table_release(&lmp);
    answer_table_release(&gen);
    answer_table_release(&branch);
    outcome_release(&o);
    grid_release(&g);
}

Test(case_dispatch, prices_and_flows_are_the_published_ones_where_unique)
{
    const char *cases = folder("CASES"), *oracles = folder("ORACLES");
    struct compared sum = {0};
    if (!cases || !oracles)
        return;
    struct answer_table t = answer_table_read(oracles, "matpower_dcopf_summary.csv");
    for (int r = 0; r < t.n_row; r++) {
        char path[1024];
        const char *name = answer_text(&t, r, "case");
        (void)snprintf(path, sizeof path, "%s/lmp/dcopf_lmp_%s.csv", oracles, name);
        FILE *f = fopen(path, "r");
        if (!f || answer_number(&t, r, "success") < 0.5) {
            if (f)
                (void)fclose(f);
            continue;
        }
        (void)fclose(f);
        check_case(cases, oracles, name, (int)answer_number(&t, r, "binding_branches"),
                   &sum);
    }
    answer_table_release(&t);
    printf(
        "%d networks: %d prices and %d flows compared; prices of %d networks are not "
        "unique\n",
        sum.networks, sum.prices, sum.flows, sum.skipped);
    cr_assert_gt(sum.networks, 0);
}

/* ---- worked examples ---- */

Test(case_dispatch, worked_example_w1_from_its_case_file)
{
    const char *cases = folder("CASES"), *oracles = folder("ORACLES");
    char path[1024];
    struct grid g;
    double want[6];
    if (!cases || !oracles)
        return;
    (void)snprintf(path, sizeof path, "%s/matpower/case5.m", cases);
    cr_assert(read_case(path, &g), "%s", path);
    struct outcome o = dispatch("case5", &g, DC_MATPOWER);
    answer_example(oracles, "W1", "obj", 1, want);
    cr_expect(fabs(o.objective_usd - want[0]) < 1e-5, "%.9g", o.objective_usd);
    answer_example(oracles, "W1", "lmp", 5, want);
    for (int n = 0; n < 5; n++)
        cr_expect(fabs(o.lmp[n] - want[n]) < 1e-6, "bus %d: %.9g", n + 1, o.lmp[n]);
    answer_example(oracles, "W1", "P", 5, want);
    for (int u = 0; u < 5; u++)
        cr_expect(fabs(o.award_mw[u] - want[u]) < 1e-5, "unit %d: %.9g", u,
                  o.award_mw[u]);
    answer_example(oracles, "W1", "flow", 6, want);
    for (int l = 0; l < 6; l++)
        cr_expect(fabs(o.flow_mw[l] - want[l]) < 1e-5, "branch %d: %.9g", l,
                  o.flow_mw[l]);
    answer_example(oracles, "W1", "mu_DE", 1, want);
    cr_expect(o.n_constraint == 1 && fabs(o.shadow_price[0] - want[0]) < 1e-6);
    answer_example(oracles, "W1", "rent", 1, want);
    cr_expect(fabs(o.rent_usd[0] - want[0]) < 1e-4, "%.9g", o.rent_usd[0]);
    outcome_release(&o);
    grid_release(&g);
}

static void check_example(const char *oracles, const char *example,
                          struct dispatch_build *b)
{
    struct dispatch_answer a;
    struct err err = {0};
    double want[8];
    cr_assert_eq(dispatch_build_solve(b, &a, &err), ERR_OK, "%s", err.msg);
    answer_example(oracles, example, "obj", 1, want);
    cr_expect(fabs(a.objective_usd - want[0]) < 1e-4, "%s: %.9g", example,
              a.objective_usd);
    answer_example(oracles, example, "lmp", b->n_bus, want);
    for (int n = 0; n < b->n_bus; n++)
        cr_expect(fabs(a.lambda_usd_per_mwh[0] + a.congestion_usd_per_mwh[n] -
                       want[n]) < 1e-6,
                  "%s: bus %d", example, n + 1);
    dispatch_answer_release(&a);
    dispatch_build_release(b);
}

Test(case_dispatch, worked_example_w2_the_training_case)
{
    static struct dispatch_build b;
    const char *oracles = folder("ORACLES");
    if (!oracles)
        return;
    const int from[] = {0, 0, 0, 1, 2, 3}, to[] = {1, 3, 4, 2, 3, 4};
    const double x[] = {.0281, .0304, .0064, .0108, .0297, .0297};
    dispatch_build_begin(&b, 5, 1);
    for (int l = 0; l < 6; l++)
        dispatch_build_branch(&b, from[l], to[l], 100 / x[l], l == 5 ? 240 : HUGE_VAL);
    for (int n = 1; n <= 3; n++)
        dispatch_build_load(&b, 0, n, 300);
    const double unit[][3] = {
        {0, 110, 14}, {0, 100, 15}, {2, 520, 30}, {3, 200, 35}, {4, 600, 10}};
    for (int u = 0; u < 5; u++)
        dispatch_build_unit(&b, (int)unit[u][0], unit[u][1], unit[u][2]);
    check_example(oracles, "W2", &b);
}

Test(case_dispatch, worked_example_w2b_three_buses)
{
    static struct dispatch_build b;
    const char *oracles = folder("ORACLES");
    if (!oracles)
        return;
    dispatch_build_begin(&b, 3, 1);
    dispatch_build_branch(&b, 0, 1, 1000, HUGE_VAL);
    dispatch_build_branch(&b, 0, 2, 1000, 50);
    dispatch_build_branch(&b, 1, 2, 1000, HUGE_VAL);
    dispatch_build_load(&b, 0, 2, 90);
    dispatch_build_unit(&b, 0, 100, 10);
    dispatch_build_unit(&b, 1, 100, 30);
    check_example(oracles, "W2b", &b);
}
