/* Tests of sim/clear/case_dispatch.c. */
#include "sim/clear/case_dispatch.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/small_case.h"

/* Two buses, 80 MW of load at the second, one free line of the given limit. */
struct sample {
    struct grid g;
    struct grid_bus bus[4];
    struct grid_branch branch[2];
    struct grid_unit unit[4];
    struct grid_dc_line line[1];
};

static void sample_begin(struct sample *s, double rate_mw)
{
    *s = (struct sample){
        .bus = {{"1", 1, 0, 0}, {"2", 2, 75, 5}, {"3", 3, 0, 0}, {"4", 4, 0, 0}},
        .branch = {{.id = "1-2",
                    .from = 0,
                    .to = 1,
                    .x_pu = 0.1,
                    .tap = 1,
                    .rate_mw = rate_mw,
                    .angle_min_deg = -HUGE_VAL,
                    .angle_max_deg = HUGE_VAL}}};
    s->g = (struct grid){.base_mva = 100,
                         .n_bus = 2,
                         .n_branch = 1,
                         .bus = s->bus,
                         .branch = s->branch,
                         .unit = s->unit};
}

static void add_unit(struct sample *s, int32_t bus, double pmin, double pmax,
                     enum grid_cost_kind kind, int32_t n_cost, const double *cost)
{
    static const char *const id[] = {"G1", "G2", "G3", "G4"};
    s->unit[s->g.n_unit] =
        (struct grid_unit){id[s->g.n_unit], bus, pmin, pmax, kind, n_cost, cost, 0};
    s->g.n_unit++;
}

static struct outcome solve(const struct sample *s)
{
    struct outcome o;
    struct err err = {0};
    cr_assert_eq(case_dispatch(&s->g, DC_MATPOWER, &o, &err), ERR_OK, "%s", err.msg);
    cr_assert_lt(o.certificate.primal_residual_mw, 1e-6);
    cr_assert_lt(o.certificate.dual_residual_usd_per_mwh, 1e-6);
    cr_assert_lt(o.certificate.relative_gap, 1e-8);
    return o;
}

#define CLOSE(a, b) \
 cr_assert_float_eq(a, b, 1e-5, "%.9g, expected %.9g", a, (double)(b))

Test(case_dispatch, shunts_are_load_and_constant_costs_are_cost)
{
    const double linear[] = {7, 20}, constant[] = {3};
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, linear);
    add_unit(&s, 0, 0, 0, GRID_COST_POLYNOMIAL, 1, constant);
    struct outcome o = solve(&s);
    CLOSE(o.award_mw[0], 80);
    CLOSE(o.objective_usd, 7 + 3 + 1600);
    CLOSE(o.lmp[1], 20);
    CLOSE(o.flow_mw[0], 80);
    outcome_release(&o);
    cr_assert_eq(mem_live(), 0);
}

/* Two units of different cost, the cheap one across the line, and an angle limit. */
static struct sample angled(double x_pu, double lo_deg, double up_deg)
{
    static const double cheap[] = {0, 10}, dear[] = {0, 30};
    struct sample s;
    sample_begin(&s, 70);
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, cheap);
    add_unit(&s, 1, 0, 200, GRID_COST_POLYNOMIAL, 2, dear);
    s.branch[0].x_pu = x_pu;
    s.branch[0].angle_min_deg = lo_deg;
    s.branch[0].angle_max_deg = up_deg;
    return s;
}

Test(case_dispatch, a_limit_of_the_angle_limits_the_flow_and_is_named)
{
    const double most = 1000 * 3 * acos(-1) / 180; /* MW at 3 degrees */
    static const struct {
        double x_pu, lo_deg, up_deg, shift_deg;
        bool shifts_count, binds;
    } c[] = {
        {0.1, -5, 3, 0, true, true},    {0.1, -HUGE_VAL, 3, 0, true, true},
        {-0.1, -3, 5, 0, true, true},   {0.1, -5, 4, 1, true, true},
        {0.1, -5, 3, 1, false, true},   {0.1, -5, 30, 0, true, false},
        {-0.1, -30, 3, 0, true, false}, {0.1, -HUGE_VAL, HUGE_VAL, 0, true, false},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct sample s = angled(c[i].x_pu, c[i].lo_deg, c[i].up_deg);
        struct outcome o;
        struct err err = {0};
        s.g.branch = s.branch; /* of this copy */
        s.g.bus = s.bus;
        s.g.unit = s.unit;
        s.branch[0].shift_deg = c[i].shift_deg;
        enum dc_model model = c[i].shifts_count ? DC_MATPOWER : DC_PGLIB;
        cr_assert_eq(case_dispatch(&s.g, model, &o, &err), ERR_OK, "%s", err.msg);
        CLOSE(o.flow_mw[0], c[i].binds ? most : 70);
        cr_assert_eq(o.n_constraint, 1);
        cr_assert_str_eq(o.constraint[0].id,
                         c[i].binds ? "branch 1-2 max (angle)" : "branch 1-2 max");
        CLOSE(o.shadow_price[0], 20);
        outcome_release(&o);
    }
}

Test(case_dispatch, a_limit_of_the_angle_that_the_rating_excludes_is_relaxed)
{
    struct sample s = angled(0.1, 5, 9);
    s.g.branch = s.branch;
    s.g.bus = s.bus;
    s.g.unit = s.unit;
    struct outcome o = solve(&s);
    cr_assert_gt(o.n_relaxation, 0);
    outcome_release(&o);
    cr_assert_eq(mem_live(), 0);
}

Test(case_dispatch, polynomials_meet_at_equal_marginal_cost)
{
    const double one[] = {0, 10, 0.1}, two[] = {0, 20, 0, 0.001};
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 3, one);
    add_unit(&s, 1, 0, 200, GRID_COST_POLYNOMIAL, 4, two);
    struct outcome o = solve(&s);
    double p = o.award_mw[0], q = o.award_mw[1];
    CLOSE(p + q, 80);
    cr_assert_float_eq(10 + 0.2 * p, 20 + 0.003 * q * q, 1e-3);
    cr_assert_float_eq(o.lmp[0], 10 + 0.2 * p, 1e-3);
    cr_assert_float_eq(o.objective_usd,
                       10 * p + 0.1 * p * p + 20 * q + 0.001 * q * q * q, 1e-4);
    outcome_release(&o);
}

Test(case_dispatch, points_cost_what_they_say_where_they_start_and_end)
{
    /* 10 $/MWh to 30 MW, 30 to 60, then 50; beyond the points their end slopes go on. */
    const double points[] = {10, 100, 30, 300, 60, 1200, 70, 1700};
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    add_unit(&s, 0, 5, 100, GRID_COST_POINTS, 4, points);
    struct outcome o = solve(&s);
    CLOSE(o.award_mw[0], 80);
    CLOSE(o.objective_usd, 1700 + 10 * 50);
    CLOSE(o.lmp[0], 50);
    outcome_release(&o);
    s.bus[1].load_mw = 1; /* 6 MW with the shunt: between Pmin and the first point */
    o = solve(&s);
    CLOSE(o.objective_usd, 100 - 4 * 10);
    CLOSE(o.lmp[0], 10);
    outcome_release(&o);
    s.unit[0].pmin_mw = 40; /* starts inside the second piece */
    s.bus[1].load_mw = 45;
    o = solve(&s);
    CLOSE(o.objective_usd, 300 + 20 * 30);
    CLOSE(o.lmp[0], 30);
    outcome_release(&o);
}

Test(case_dispatch, a_unit_without_cost_is_free)
{
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    add_unit(&s, 0, 0, 200, GRID_COST_NONE, 0, NULL);
    struct outcome o = solve(&s);
    CLOSE(o.objective_usd, 0);
    CLOSE(o.lmp[0], 0);
    outcome_release(&o);
}

Test(case_dispatch, a_dispatchable_load_leaves_when_energy_costs_more_than_it_is_worth)
{
    const double supply[] = {0, 20}, worth[] = {-30, -900, 0, 0}; /* 30 $/MWh */
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, supply);
    add_unit(&s, 1, -30, 0, GRID_COST_POINTS, 2, worth);
    struct outcome o = solve(&s);
    CLOSE(o.award_mw[1], -30);
    CLOSE(o.objective_usd, 110 * 20 - 900);
    outcome_release(&o);
    s.unit[0].pmax_mw = 90;
    o = solve(&s);
    CLOSE(o.award_mw[1], -10);
    CLOSE(o.lmp[1], 30);
    outcome_release(&o);
}

Test(case_dispatch, congestion_splits_prices_and_names_the_branch)
{
    const double cheap[] = {0, 10}, dear[] = {0, 40};
    struct sample s;
    sample_begin(&s, 50);
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, cheap);
    add_unit(&s, 1, 0, 200, GRID_COST_POLYNOMIAL, 2, dear);
    struct outcome o = solve(&s);
    CLOSE(o.lmp[0], 10);
    CLOSE(o.lmp[1], 40);
    CLOSE(o.lmp_energy[0], 40);
    CLOSE(o.lmp_congestion[0], -30);
    CLOSE(o.rent_usd[0], 1500);
    cr_assert_eq(o.n_constraint, 1);
    cr_assert_str_eq(o.constraint[0].id, "branch 1-2 max");
    CLOSE(o.shadow_price[0], 30);
    cr_assert_eq(o.n_shift, 1);
    CLOSE(o.shift[0].factor, 1);
    cr_assert_eq(o.n_relaxation, 0);
    cr_assert(isnan(o.energy_mwh[0]));
    outcome_release(&o);
}

Test(case_dispatch, islands_have_prices_of_their_own)
{
    const double one[] = {0, 10}, two[] = {0, 40};
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    s.g.n_bus = 4;
    s.g.n_branch = 2;
    s.branch[1] = s.branch[0];
    s.branch[1].id = "3-4";
    s.branch[1].from = 2;
    s.branch[1].to = 3;
    s.bus[3].load_mw = 20;
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, one);
    add_unit(&s, 2, 0, 200, GRID_COST_POLYNOMIAL, 2, two);
    struct outcome o = solve(&s);
    const double want[] = {10, 10, 40, 40};
    for (int n = 0; n < 4; n++)
        CLOSE(o.lmp[n], want[n]);
    CLOSE(o.award_mw[1], 20);
    outcome_release(&o);
}

Test(case_dispatch, load_beyond_all_units_is_a_shortage_not_a_failure)
{
    const double cost[] = {0, 10};
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    add_unit(&s, 0, 0, 50, GRID_COST_POLYNOMIAL, 2, cost);
    struct outcome o = solve(&s);
    CLOSE(o.shortage_mw[0], 30);
    CLOSE(o.award_mw[0], 50);
    cr_assert_eq(o.n_relaxation, 1);
    cr_assert_eq(o.relaxation[0].kind, RELAX_SHORTAGE);
    CLOSE(o.relaxation[0].mw, 30);
    outcome_release(&o);
}

Test(case_dispatch, pmin_beyond_all_load_is_a_surplus)
{
    const double cost[] = {0, 10};
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    add_unit(&s, 0, 100, 120, GRID_COST_POLYNOMIAL, 2, cost);
    struct outcome o = solve(&s);
    CLOSE(o.surplus_mw[0], 20);
    cr_assert_eq(o.relaxation[0].kind, RELAX_SURPLUS);
    outcome_release(&o);
}

Test(case_dispatch, a_branch_that_must_carry_more_is_relaxed_by_name)
{
    const double cost[] = {0, 10};
    struct sample s;
    sample_begin(&s, 50);
    add_unit(&s, 0, 80, 200, GRID_COST_POLYNOMIAL, 2, cost);
    s.g.n_bus = 2;
    struct outcome o = solve(&s);
    cr_assert_gt(o.n_relaxation, 0);
    cr_assert_not_null(strstr(o.relaxation[0].text, "branch 1-2"), "%s",
                       o.relaxation[0].text);
    CLOSE(o.relaxation[0].mw, 30);
    outcome_release(&o);
}

Test(case_dispatch, an_angle_limit_is_a_limit_on_the_flow)
{
    const double cheap[] = {0, 10}, dear[] = {0, 40};
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    s.branch[0].angle_max_deg = 1; /* 1000 MW/rad: 17.45 MW */
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, cheap);
    add_unit(&s, 1, 0, 200, GRID_COST_POLYNOMIAL, 2, dear);
    struct outcome o = solve(&s);
    CLOSE(o.flow_mw[0], 1000 * acos(-1) / 180);
    outcome_release(&o);
}

Test(case_dispatch, a_branch_without_reactance_joins_its_ends_up_to_its_limit)
{
    const double cheap[] = {0, 10}, dear[] = {0, 40};
    for (int model = DC_MATPOWER; model <= DC_PGLIB; model++)
        for (int limited = 0; limited < 2; limited++) {
            struct sample s;
            struct outcome o;
            struct err err = {0};
            sample_begin(&s, limited ? 50 : HUGE_VAL);
            s.branch[0].x_pu = 0;
            s.branch[0].r_pu = 0.01;
            s.branch[0].tap = 0.95;
            s.branch[0].angle_max_deg = 30;
            add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, cheap);
            add_unit(&s, 1, 0, 200, GRID_COST_POLYNOMIAL, 2, dear);
            cr_assert_eq(case_dispatch(&s.g, (enum dc_model)model, &o, &err), ERR_OK,
                         "%s", err.msg);
            CLOSE(o.flow_mw[0], limited ? 50 : 80);
            CLOSE(o.lmp[0], 10);
            CLOSE(o.lmp[1], limited ? 40 : 10);
            cr_assert_eq(o.n_constraint, limited);
            outcome_release(&o);
        }
}

Test(case_dispatch, a_susceptance_beyond_all_numbers_is_refused)
{
    struct sample s;
    struct outcome o;
    struct err err = {0};
    sample_begin(&s, HUGE_VAL);
    s.g.base_mva = 1e300;
    s.branch[0].x_pu = 1e-11;
    cr_assert_eq(case_dispatch(&s.g, DC_MATPOWER, &o, &err), ERR_NUMERIC);
    cr_assert_not_null(strstr(err.msg, "branch 1-2"));
    cr_assert_eq(mem_live(), 0);
}

Test(case_dispatch, conventions_differ_by_tap_shift_and_resistance)
{
    struct grid g = small_case_grid(
        HEAD BUSES GENS "mpc.branch = [\n" BRANCH(1, 2, 0.1, 40, 0.9, 5, 1, -360, 360)
            LINE(2, 3, 0.2, 0) LINE(1, 3, 0.1, 0) "];\n" COSTS);
    struct outcome a, b;
    struct err err = {0};
    cr_assert_eq(case_dispatch(&g, DC_MATPOWER, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(case_dispatch(&g, DC_PGLIB, &b, &err), ERR_OK, "%s", err.msg);
    cr_assert_gt(fabs(a.flow_mw[0] - b.flow_mw[0]), 1);
    outcome_release(&a);
    outcome_release(&b);
    grid_release(&g);
}

/* From bus 1 to bus 2 beside the branch. */
static void add_dc_line(struct sample *s, double pmin, double pmax, double loss0,
                        double loss1, int32_t n_cost, const double *cost)
{
    enum grid_cost_kind kind = n_cost ? GRID_COST_POLYNOMIAL : GRID_COST_NONE;
    s->line[0] = (struct grid_dc_line){
        "1-2", 0, 1, loss0, loss1, {NULL, 0, pmin, pmax, kind, n_cost, cost, 0}};
    s->g.dc_line = s->line;
    s->g.n_dc_line = 1;
}

Test(case_dispatch, a_dc_line_carries_what_pays_for_its_loss)
{
    const double cheap[] = {0, 10}, dear[] = {0, 40}, toll[] = {6, 5};
    struct sample s;
    sample_begin(&s, 50); /* 80 MW at bus 2, 50 come over the branch */
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, cheap);
    add_unit(&s, 1, 0, 200, GRID_COST_POLYNOMIAL, 2, dear);
    add_dc_line(&s, -20, 20, 1, 0.1, 2, toll);
    struct outcome o = solve(&s);
    CLOSE(o.dc_line_mw[0], 20); /* 40 x 0.9 > 10 + 5 */
    CLOSE(o.dc_line_received_mw[0], 17);
    CLOSE(o.award_mw[0], 70);
    CLOSE(o.award_mw[1], 13);
    CLOSE(o.objective_usd, 700 + 13 * 40 + 6 + 20 * 5);
    outcome_release(&o);
    s.line[0].flow.pmax_mw = 60; /* now it sets the price: (10 + 5) / 0.9 */
    o = solve(&s);
    CLOSE(o.dc_line_mw[0], 31 / 0.9);
    CLOSE(o.lmp[0], 10);
    CLOSE(o.lmp[1], 15 / 0.9);
    outcome_release(&o);
    s.g.n_dc_line = 0;
    o = solve(&s);
    CLOSE(o.award_mw[1], 30);
    outcome_release(&o);
    cr_assert_eq(mem_live(), 0);
}

Test(case_dispatch, a_dc_line_joins_islands_that_keep_their_own_prices)
{
    const double cheap[] = {0, 10}, dear[] = {0, 40};
    struct sample s;
    sample_begin(&s, HUGE_VAL);
    s.g.n_branch = 0;
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 2, cheap);
    add_unit(&s, 1, 0, 200, GRID_COST_POLYNOMIAL, 2, dear);
    add_dc_line(&s, 5, 20, 0, 0, 0, NULL);
    struct outcome o = solve(&s);
    CLOSE(o.dc_line_mw[0], 20);
    CLOSE(o.lmp[0], 10);
    CLOSE(o.lmp[1], 40);
    outcome_release(&o);
}

Test(case_dispatch, every_failed_allocation_is_reported_and_leaks_nothing)
{
    const double cheap[] = {0, 10, 0.01}, points[] = {0, 0, 50, 500, 100, 2000};
    struct sample s;
    sample_begin(&s, 50);
    add_unit(&s, 0, 0, 200, GRID_COST_POLYNOMIAL, 3, cheap);
    add_unit(&s, 1, 0, 100, GRID_COST_POINTS, 3, points);
    add_dc_line(&s, 0, 10, 1, 0.1, 0, NULL);
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct outcome o;
        struct err err = {0};
        mem_fail_after(n);
        code = case_dispatch(&s.g, DC_MATPOWER, &o, &err);
        mem_fail_after(-1);
        cr_assert_eq(code, err.code, "%s after %ld allocations", err.msg, n);
        outcome_release(&o);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 5000);
    }
    cr_assert_eq(code, ERR_OK);
}
