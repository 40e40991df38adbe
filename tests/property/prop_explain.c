/*
 * prop_explain.c - what explain says from a run file of the duck curve, against clearing
 * the market anew with more load: cost, moves, and the range in which a price is right.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/app/record_run.h"
#include "sim/app/run_pipeline.h"
#include "sim/base/mem.h"
#include "sim/clear/formulate.h"
#include "sim/clear/grid_network.h"
#include "sim/explain/explain_price.h"
#include "tests/support/draw.h"

enum {
    NODE_HOURS = 200,
    EPSILON_HOURS = 30
};

/* The market as it was cleared, and its run file as explain sees it. */
static struct run run;
static struct run_read *rd;
static struct explain_run x;
static struct grid_network gn;
static struct formulation f;
static struct dispatch_answer base;
static double *fixed; /* [n_interval][n_bus] */

static void make(const char *scenario)
{
    char path[] = "/tmp/gridclear_explain_XXXXXX";
    struct diagnostics diag = {0};
    struct err err = {0};
    struct progress progress = progress_begin(PROGRESS_NEVER, false);
    struct run_file *rf = NULL;
    const struct market *m = &run.market;
    cr_assert_eq(run_load(scenario, &run, &diag), ERR_OK);
    cr_assert_eq(run_days(&run, &progress, &err), ERR_OK, "%s", err.msg);
    progress_end(&progress, ERR_OK);
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(run_file_create(path, &rf, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(record_run(rf, &run, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(run_file_commit(rf, &err), ERR_OK, "%s", err.msg);
    run_file_close(rf);
    cr_assert_eq(run_read_open(path, &rd, &err), ERR_OK, "%s", err.msg);
    unlink(path);
    cr_assert_eq(explain_run_load(rd, "run.h5", NULL, &x, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(grid_network_create(&m->grid, m->rules.dc_model, m->reference_weight,
                                     &gn, &err),
                 ERR_OK);
    cr_assert_eq(formulate_day(m, &run.admission, 0, gn.net, &run.outcome, &f, &err),
                 ERR_OK);
    fixed = MEM_ARRAY(double, m->n_interval * m->grid.n_bus);
    f.problem.fixed_mw = fixed;
    cr_assert_eq(dispatch_solve(&f.problem, 1e-9, &base, &err), ERR_OK);
    err_list_release(&diag.faults);
    arena_release(&diag.names);
}

static void done(void)
{
    dispatch_answer_release(&base);
    formulation_release(&f);
    grid_network_release(&gn);
    explain_run_release(&x);
    run_read_close(rd);
    run_release(&run);
    mem_free(fixed);
    cr_assert_eq(mem_live(), 0);
}

/* Clears the day with mw more of load at a node; returns what that costs more. */
static double clear_anew(int32_t node, int32_t t, double mw, struct dispatch_answer *a)
{
    const struct market *m = &run.market;
    struct err err = {0};
    double cost_usd = 0;
    for (int32_t k = 0; k < m->node[node].n_factor; k++)
        fixed[t * m->grid.n_bus + m->factor_bus[m->node[node].factor_start + k]] -=
            mw * m->factor[m->node[node].factor_start + k];
    cr_assert_eq(dispatch_solve(&f.problem, 1e-9, a, &err), ERR_OK, "%s", err.msg);
    memset(fixed, 0, (size_t)m->n_interval * (size_t)m->grid.n_bus * sizeof *fixed);
    for (int32_t s = 0; s < m->n_interval; s++)
        for (int64_t k = f.problem.seg_start[(int64_t)s * f.problem.n_injection];
             k < f.problem.seg_start[(int64_t)(s + 1) * f.problem.n_injection]; k++)
            cost_usd += f.problem.duration_h[s] * f.problem.seg[k].cost_usd_per_mwh *
                        (a->segment_mw[k] - base.segment_mw[k]);
    return cost_usd;
}

static void draw_place(struct draw *d, int32_t *node, int32_t *t)
{
    do
        *node = draw_int(d, 0, run.market.n_node - 1);
    while (run.market.node[*node].kind == NODE_TIE);
    *t = draw_int(d, 0, run.market.n_interval - 1);
}

/* How far the moves that explain tells are from those of the new clearing, MW. */
static double furthest(const struct explain_change *c, const struct dispatch_answer *a)
{
    double worst = 0;
    size_t k = 0;
    for (int32_t t = 0; t < run.market.n_interval; t++)
        for (int32_t i = 0; (size_t)i < x.n_owner; i++) {
            int64_t at = (int64_t)t * f.problem.n_injection + i;
            double is = a->injection_mw[at] - base.injection_mw[at], told = 0;
            if (k < c->n_move && c->move[k].interval == t && c->move[k].owner == i)
                told = c->move[k++].mw;
            worst = fmax(worst, fabs(is - told));
        }
    cr_assert_eq(k, c->n_move);
    return worst;
}

Test(prop_explain, one_more_mw_is_what_clearing_anew_gives)
{
    int n_same = 0;
    struct err err = {0};
    make("scenarios/duck-curve");
    FOR_SEEDS(seed, NODE_HOURS)
    {
        struct draw d = draw_begin(seed);
        struct dispatch_answer a;
        struct explain_change c;
        int32_t node, t;
        double mw = draw_chance(&d, 0.7) ? 1 : draw_real(&d, -40, 40);
        draw_place(&d, &node, &t);
        double cost = clear_anew(node, t, mw, &a);
        LAW(explain_change_find(&x, node, t, mw, EXPLAIN_MW, &c, &err) == ERR_OK, "%s",
            err.msg);
        LAW(c.answer == EXPLAIN_FOUND, "%d", (int)c.answer);
        LAW(fabs(c.cost_usd - cost) < 1e-5 * fmax(1, fabs(mw)),
            "%g MW at %s in hour %d: told %.9g, anew %.9g", mw, x.v.node[node], t + 1,
            c.cost_usd, cost);
        n_same += furthest(&c, &a) < 1e-4;
        explain_change_release(&c);
        dispatch_answer_release(&a);
    }
    cr_assert_geq(n_same, NODE_HOURS * 95 / 100,
                  "the moves of %d of %d are those of the new clearing", n_same,
                  NODE_HOURS);
    done();
}

Test(prop_explain, a_price_is_right_between_the_one_sided_ones)
{
    static const double epsilon = 0.01;
    int n_open = 0;
    struct err err = {0};
    make("scenarios/duck-curve");
    FOR_SEEDS(seed, EPSILON_HOURS)
    {
        struct draw d = draw_begin(seed + 1000);
        struct dispatch_answer a, b;
        struct price_story s;
        int32_t node, t;
        draw_place(&d, &node, &t);
        double more = clear_anew(node, t, epsilon, &a) / epsilon;
        double less = -clear_anew(node, t, -epsilon, &b) / epsilon;
        LAW(explain_price(&x, node, t, 1, &s, &err) == ERR_OK, "%s", err.msg);
        LAW(s.is_told, "%s", "not told");
        LAW(fabs(s.upper_usd_per_mwh - more) < 1e-3, "told %.9g, anew %.9g",
            s.upper_usd_per_mwh, more);
        LAW(fabs(s.lower_usd_per_mwh - less) < 1e-3, "told %.9g, anew %.9g",
            s.lower_usd_per_mwh, less);
        LAW(s.lmp > s.lower_usd_per_mwh - 1e-6 && s.lmp < s.upper_usd_per_mwh + 1e-6,
            "%.9g is not from %.9g to %.9g", s.lmp, s.lower_usd_per_mwh,
            s.upper_usd_per_mwh);
        LAW(fabs(s.rest) < 1e-6, "%g of the price is not explained", s.rest);
        LAW(s.is_unique == (more - less < 1e-3), "%g to %g", less, more);
        n_open += !s.is_unique;
        price_story_release(&s);
        dispatch_answer_release(&a);
        dispatch_answer_release(&b);
    }
    cr_assert_gt(n_open, 0, "a day in which every price is unique proves little");
    done();
}

/* The parts of every price of these days add up, and no price lies outside its range. */
static void all_prices(const char *scenario, int32_t every)
{
    struct err err = {0};
    make(scenario);
    for (int32_t k = 0; k < (int32_t)(x.v.n_t * x.v.n_node); k += every) {
        struct price_story s;
        int32_t t = k / (int32_t)x.v.n_node, node = k % (int32_t)x.v.n_node;
        cr_assert_eq(explain_price(&x, node, t, 1, &s, &err), ERR_OK, "%s", err.msg);
        cr_assert(fabs(s.rest) < 1e-6, "%s %s hour %d: %g", scenario, x.v.node[node],
                  t + 1, s.rest);
        cr_assert(s.is_told, "%s %s hour %d", scenario, x.v.node[node], t + 1);
        cr_assert(s.lmp > s.lower_usd_per_mwh - 1e-5 &&
                      s.lmp < s.upper_usd_per_mwh + 1e-5,
                  "%s %s hour %d: %g not from %g to %g", scenario, x.v.node[node],
                  t + 1, s.lmp, s.lower_usd_per_mwh, s.upper_usd_per_mwh);
        price_story_release(&s);
    }
    done();
}

Test(prop_explain, prices_with_lines_out_and_load_cut)
{
    all_prices("scenarios/what-if/line-lost", 43);
}

Test(prop_explain, prices_after_outages)
{
    all_prices("scenarios/06-outage", 1);
}

Test(prop_explain, prices_with_losses)
{
    all_prices("scenarios/worked-examples/w03-losses", 1);
}

Test(prop_explain, prices_of_a_committed_day)
{
    all_prices("scenarios/10-start-up", 1);
}

Test(prop_explain, prices_with_a_ramp_ahead)
{
    all_prices("scenarios/worked-examples/w06-look-ahead-ramp", 1);
}
