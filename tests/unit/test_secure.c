/* test_secure.c - dispatch with contingencies by hand, and whether its proof would notice. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/certificate.h"
#include "tests/support/dispatch_build.h"

/* A problem with outages of one element each. */
struct secure {
    struct dispatch_build b;
    struct dispatch_outages o;
    int32_t branch_start[8], branch[8], injection_start[8], injection[8];
    double participation[8], min[8], max[8];
    struct dispatch_answer a;
};

static void lose_branch(struct secure *s, int32_t branch)
{
    int32_t k = s->o.n_outage++;
    s->branch[s->branch_start[k]] = branch;
    s->branch_start[k + 1] = s->branch_start[k] + 1;
    s->injection_start[k + 1] = s->injection_start[k];
}

static void lose_injection(struct secure *s, int32_t injection)
{
    int32_t k = s->o.n_outage++;
    s->injection[s->injection_start[k]] = injection;
    s->injection_start[k + 1] = s->injection_start[k] + 1;
    s->branch_start[k + 1] = s->branch_start[k];
}

static enum err_code try(struct secure *s, struct err *err)
{
    s->o.branch_start = s->branch_start;
    s->o.branch = s->branch;
    s->o.injection_start = s->injection_start;
    s->o.injection = s->injection;
    s->o.participation = s->participation;
    s->o.min_mw = s->min;
    s->o.max_mw = s->max;
    s->b.problem.outages = &s->o;
    return dispatch_solve(&s->b.problem, 1e-10, &s->a, err);
}

static struct dispatch_certificate check(const struct secure *s)
{
    const struct certificate_input in = {.p = &s->b.problem,
                                         .segment_mw = s->a.segment_mw,
                                         .injection_mw = s->a.injection_mw,
                                         .flow_mw = s->a.flow_mw,
                                         .angle_rad = s->a.angle_rad,
                                         .energy_mwh = s->a.energy_mwh,
                                         .shortage_mw = s->a.shortage_mw,
                                         .surplus_mw = s->a.surplus_mw,
                                         .lambda = s->a.lambda_usd_per_mwh,
                                         .congestion = s->a.congestion_usd_per_mwh,
                                         .row = s->a.row,
                                         .n_row = s->a.n_row};
    struct dispatch_certificate c = {0};
    struct err err = {0};
    cr_assert_eq(certificate_check(&in, &c, &err), ERR_OK, "%s", err.msg);
    return c;
}

static void solve(struct secure *s)
{
    struct err err = {0};
    cr_assert_eq(try(s, &err), ERR_OK, "%s", err.msg);
    struct dispatch_certificate c = check(s);
    cr_assert_lt(c.primal_residual, 1e-7);
    cr_assert_lt(c.dual_residual, 1e-7);
    cr_assert_lt(c.relative_gap, 1e-9);
}

static void release(struct secure *s)
{
    dispatch_answer_release(&s->a);
    dispatch_build_release(&s->b);
    cr_assert_eq(mem_live(), 0);
}

static double lmp(const struct secure *s, int bus)
{
    return s->a.lambda_usd_per_mwh[0] + s->a.congestion_usd_per_mwh[bus];
}

/*
 * The ring of scenarios/06-outage: G1 at 10 and G2 at 30, 90 MW at bus 2. Without 0-2 all
 * of P1 goes over 0-1, that may carry 50 MW then: P1 = 50, P2 = 40.
 */
static void make_ring(struct secure *s)
{
    struct err err = {0};
    memset(s, 0, sizeof *s);
    dispatch_build_begin(&s->b, 4, 1);
    dispatch_build_branch(&s->b, 0, 1, 1000, 40);
    dispatch_build_branch(&s->b, 0, 2, 1000, 100);
    dispatch_build_branch(&s->b, 1, 2, 1000, 100);
    dispatch_build_branch(&s->b, 2, 3, 1000, 20);
    dispatch_build_load(&s->b, 0, 2, 80);
    dispatch_build_load(&s->b, 0, 3, 10);
    dispatch_build_unit(&s->b, 0, 100, 10);
    dispatch_build_unit(&s->b, 1, 100, 30);
    cr_assert_eq(dispatch_build_flatten(&s->b, &err), ERR_OK);
    for (int l = 0; l < 4; l++) {
        s->max[l] = l == 0 ? 50 : s->b.flow_max[l];
        s->min[l] = -s->max[l];
        lose_branch(s, l);
    }
}

Test(secure, the_ring_of_the_lesson)
{
    static struct secure s;
    make_ring(&s);
    solve(&s);
    cr_assert_float_eq(s.a.objective_usd, 1700, 1e-6);
    cr_assert_float_eq(s.a.injection_mw[0], 50, 1e-6);
    cr_assert_float_eq(lmp(&s, 0), 10, 1e-6);
    cr_assert_float_eq(lmp(&s, 1), 30, 1e-6);
    cr_assert_float_eq(lmp(&s, 3), 30, 1e-6);
    cr_assert_eq(s.a.n_row, 1);
    cr_assert_eq(s.a.row[0].kind, DISPATCH_BRANCH_MAX);
    cr_assert_eq(s.a.row[0].index, 0);
    cr_assert_eq(s.a.row[0].outage, 1);
    cr_assert_float_eq(s.a.row[0].activity, 50, 1e-6);
    cr_assert_float_eq(s.a.row[0].shadow_usd_per_mwh, 20, 1e-6);
    cr_assert_float_eq(s.a.term[s.a.row[0].term], 1, 1e-9);
    cr_assert_eq(s.a.n_unscreened, 1);
    cr_assert_eq(s.a.unscreened[0].outage, 3);
    cr_assert_eq(s.a.unscreened[0].n_bus_cut_off, 1);
    release(&s);
}

/*
 * 100 MW at bus 1. Where G2 is lost, G1 and G3 give half of it each, so that the line
 * carries P1 + P2 / 2, at most 90: P1 = 80, P2 = 20. One more MW of the limit is worth
 * 2 x (20 - 10); one more MW of load is -1 MW of P1 and +2 of P2, 30. G2 is worth that
 * less 20 / 2.
 */
static void make_units(struct secure *s)
{
    struct err err = {0};
    memset(s, 0, sizeof *s);
    dispatch_build_begin(&s->b, 2, 1);
    dispatch_build_branch(&s->b, 0, 1, 1000, INFINITY);
    dispatch_build_load(&s->b, 0, 1, 100);
    dispatch_build_unit(&s->b, 0, 100, 10);
    dispatch_build_unit(&s->b, 1, 50, 20);
    dispatch_build_unit(&s->b, 1, 100, 50);
    cr_assert_eq(dispatch_build_flatten(&s->b, &err), ERR_OK);
    s->max[0] = 90;
    s->min[0] = -90;
    s->participation[0] = s->participation[2] = 100;
    lose_injection(s, 1);
}

Test(secure, a_lost_unit_is_replaced_by_participation)
{
    static struct secure s;
    make_units(&s);
    solve(&s);
    cr_assert_float_eq(s.a.injection_mw[0], 80, 1e-6);
    cr_assert_float_eq(s.a.injection_mw[1], 20, 1e-6);
    cr_assert_float_eq(lmp(&s, 0), 10, 1e-6);
    cr_assert_float_eq(lmp(&s, 1), 30, 1e-6);
    cr_assert_eq(s.a.n_row, 1);
    cr_assert_float_eq(s.a.row[0].shadow_usd_per_mwh, 20, 1e-6);
    cr_assert_float_eq(s.a.term[s.a.row[0].term], 0.5, 1e-9);
    release(&s);
}

Test(secure, who_nobody_replaces_is_reported)
{
    static struct secure s;
    make_units(&s);
    s.participation[0] = s.participation[2] = 0;
    solve(&s);
    cr_assert_eq(s.a.n_row, 0);
    cr_assert_eq(s.a.n_unscreened, 1);
    cr_assert_eq(s.a.unscreened[0].n_bus_cut_off, 0);
    release(&s);
}

Test(secure, a_limit_that_cannot_be_kept_is_relaxed_at_its_own_penalty)
{
    static struct secure s;
    make_ring(&s);
    s.max[2] = 80; /* 90 MW when 0-2 is lost */
    s.b.problem.schedule.outage_usd_per_mwh = 70;
    s.b.problem.pricing.outage_usd_per_mwh = 70;
    solve(&s);
    cr_assert(s.a.relaxed);
    cr_assert_float_eq(s.a.penalty_usd, 700, 1e-6);
    release(&s);
}

Test(secure, the_certificate_notices)
{
    static struct secure s;
    make_ring(&s);
    solve(&s);
    s.max[0] = 49;
    cr_expect_gt(check(&s).primal_residual, 0.9);
    s.max[0] = 50;
    s.max[1] = 85; /* not in the answer: 90 MW when 1-2 is lost */
    cr_expect_gt(check(&s).primal_residual, 4);
    s.max[1] = 100;
    s.a.row[0].shadow_usd_per_mwh = 19;
    cr_expect_gt(check(&s).dual_residual, 0.1);
    s.a.row[0].shadow_usd_per_mwh = 20;
    s.a.row[0].outage = 2;
    cr_expect_gt(check(&s).dual_residual, 0.1);
    s.a.row[0].outage = 1;
    s.a.n_row = 0;
    cr_expect_gt(check(&s).dual_residual, 0.1);
    s.a.n_row = 1;
    s.a.row[0].relaxed = 5;
    cr_expect_gt(check(&s).relative_gap, 1e-3);
    release(&s);
    make_units(&s);
    solve(&s);
    s.participation[0] = 50; /* G3 would give two thirds */
    cr_expect_gt(check(&s).relative_gap, 1e-3);
    release(&s);
}

Test(secure, every_failed_allocation_is_reported_and_leaks_nothing)
{
    static struct secure s;
    for (int form = 0; form < 3; form++) {
        enum err_code code = ERR_NOMEM;
        if (form == 2)
            make_units(&s);
        else
            make_ring(&s);
        if (form == 1) { /* two at once, a tie among them */
            s.b.susceptance[1] = INFINITY;
            s.branch[1] = 0;
            s.branch[2] = 1;
            s.o.n_outage = 1;
            s.branch_start[1] = 3;
        }
        struct err flat = {0};
        s.b.problem.outages = NULL;
        cr_assert_eq(dispatch_build_flatten(&s.b, &flat), ERR_OK);
        (void)try(&s, &flat); /* the network's own workspace grows to its size */
        dispatch_answer_release(&s.a);
        long before = mem_live();
        for (long n = 0; code == ERR_NOMEM; n++) {
            struct err err = {0};
            mem_fail_after(n);
            code = try(&s, &err);
            mem_fail_after(-1);
            dispatch_answer_release(&s.a);
            cr_assert_eq(mem_live(), before, "leak after %ld allocations", n);
            cr_assert_lt(n, 5000);
        }
        cr_assert_eq(code, ERR_OK);
        release(&s);
    }
}
