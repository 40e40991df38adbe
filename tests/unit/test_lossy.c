/* Tests of solver/lossy.c and its parts: dispatches with losses, by hand. */
#include "solver/lossy.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/dispatch_build.h"

/* Units at buses 0 and 1, 200 MW drawn at 1, a line that loses 1e-4 f^2 between. */
static void two_buses(struct dispatch_build *b, enum loss_placement losses, double cost,
                      double other)
{
    dispatch_build_begin(b, 2, 1);
    (void)dispatch_build_branch(b, 0, 1, 1000, HUGE_VAL);
    b->loss_per_mw[0] = 1e-4;
    b->losses = losses;
    dispatch_build_load(b, 0, 1, 200);
    (void)dispatch_build_unit(b, 0, 300, cost);
    (void)dispatch_build_unit(b, 1, 300, other);
}

static struct dispatch_answer solve(struct dispatch_build *b)
{
    struct dispatch_answer a;
    struct err err = {0};
    cr_assert_eq(dispatch_build_solve(b, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_lt(a.certificate.primal_residual, 1e-6);
    cr_assert_lt(a.certificate.dual_residual, 1e-6);
    cr_assert_lt(a.certificate.relative_gap, 1e-9);
    return a;
}

static double lmp(const struct dispatch_answer *a, int bus)
{
    return a->lambda_usd_per_mwh[0] + a->congestion_usd_per_mwh[bus] +
           a->loss_usd_per_mwh[bus];
}

Test(lossy, the_worked_example_has_its_numbers)
{
    static struct dispatch_build b;
    two_buses(&b, LOSS_REFERENCE, 20, 50);
    struct dispatch_answer a = solve(&b);
    double p = (1 - sqrt(0.92)) / 2e-4; /* p = 200 + 1e-4 p^2 */
    cr_assert_float_eq(a.injection_mw[0], p, 1e-9);
    cr_assert_float_eq(a.injection_mw[1], 0, 1e-9);
    cr_assert_float_eq(lmp(&a, 0), 20, 1e-9);
    cr_assert_float_eq(lmp(&a, 1), 20 / (1 - 2e-4 * p), 1e-9);
    cr_assert(a.losses_proven);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

/* Both run where what one more MW over the line loses is worth their difference. */
Test(lossy, two_units_meet_where_losses_make_up_for_their_difference)
{
    static struct dispatch_build b;
    two_buses(&b, LOSS_REFERENCE, 20, 20.5);
    struct dispatch_answer a = solve(&b);
    double flow = (1 - 20 / 20.5) / 2e-4;
    cr_assert_float_eq(a.injection_mw[0], flow, 1e-6);
    cr_assert_float_eq(a.injection_mw[1], 200 + 1e-4 * flow * flow - flow, 1e-6);
    cr_assert_float_eq(lmp(&a, 0), 20, 1e-8);
    cr_assert_float_eq(lmp(&a, 1), 20.5, 1e-8);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

/* pi_0 (1 + r f) = pi_1 (1 - r f): half of what is lost more falls on either bus. */
Test(lossy, at_the_ends_both_buses_bear_half)
{
    static struct dispatch_build b;
    two_buses(&b, LOSS_ENDS, 20, 50);
    struct dispatch_answer a = solve(&b);
    double flow = a.flow_mw[0], half = 0.5e-4 * flow * flow;
    cr_assert_float_eq(flow, 200 + half, 1e-7);
    cr_assert_float_eq(a.injection_mw[0], flow + half, 1e-7);
    cr_assert_float_eq(lmp(&a, 0), 20, 1e-7);
    cr_assert_float_eq(lmp(&a, 1), 20 * (1 + 1e-4 * flow) / (1 - 1e-4 * flow), 1e-6);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(lossy, a_full_line_and_losses_have_components_of_their_own)
{
    static struct dispatch_build b;
    two_buses(&b, LOSS_REFERENCE, 20, 50);
    b.flow_max[0] = 150;
    struct dispatch_answer a = solve(&b);
    cr_assert_float_eq(a.injection_mw[0], 150, 1e-9);
    cr_assert_float_eq(a.injection_mw[1], 52.25, 1e-9);
    cr_assert_float_eq(a.lambda_usd_per_mwh[0], 50, 1e-9);
    cr_assert_float_eq(a.loss_usd_per_mwh[0], -50 * 0.03, 1e-9);
    cr_assert_float_eq(a.congestion_usd_per_mwh[0], 20 - 50 + 1.5, 1e-9);
    cr_assert_eq(a.n_row, 1);
    cr_assert_float_eq(a.row[0].shadow_usd_per_mwh, 28.5, 1e-9);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(lossy, polynomials_are_met_exactly)
{
    static struct dispatch_build b;
    static const double coef[] = {0, 20, 0.01};
    dispatch_build_begin(&b, 2, 1);
    (void)dispatch_build_branch(&b, 0, 1, 1000, HUGE_VAL);
    b.loss_per_mw[0] = 1e-4;
    b.losses = LOSS_REFERENCE;
    dispatch_build_load(&b, 0, 1, 200);
    (void)dispatch_build_polynomial(&b, 0, 0, 300, 3, coef);
    (void)dispatch_build_polynomial(&b, 1, 0, 300, 3, coef);
    struct dispatch_answer a = solve(&b);
    double p = a.injection_mw[0], q = a.injection_mw[1];
    cr_assert_float_eq(p + q, 200 + 1e-4 * p * p, 1e-9);
    cr_assert_float_eq(20 + 0.02 * p, (20 + 0.02 * q) * (1 - 2e-4 * p), 1e-7);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

/* At -10 the LP would burn 100 MW on the line; nobody can. */
Test(lossy, a_negative_price_burns_nothing_and_is_said_to_be_unproven)
{
    static struct dispatch_build b;
    two_buses(&b, LOSS_REFERENCE, -10, 50);
    struct dispatch_answer a = solve(&b);
    double p = (1 - sqrt(0.92)) / 2e-4;
    cr_assert_float_eq(a.injection_mw[0], p, 1e-6);
    cr_assert_float_eq(lmp(&a, 1), -10 / (1 - 2e-4 * p), 1e-6);
    cr_assert_not(a.losses_proven);
    cr_assert_float_eq(a.loss_gap_usd, 3000 - 10 * p, 1e-3);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(lossy, what_would_never_arrive_is_refused)
{
    static struct dispatch_build b;
    struct dispatch_answer a;
    struct err err = {0};
    dispatch_build_begin(&b, 2, 1);
    (void)dispatch_build_branch(&b, 0, 1, 1000, HUGE_VAL);
    b.loss_per_mw[0] = 1e-4;
    b.losses = LOSS_REFERENCE;
    dispatch_build_load(&b, 0, 1, 200);
    b.fixed[0] = 6000; /* of a must-run at bus 0: 3,600 MW are lost on the way */
    cr_assert_eq(dispatch_build_solve(&b, &a, &err), ERR_NUMERIC);
    cr_assert_not_null(strstr(err.msg, "loss factor of bus 0"), "%s", err.msg);
    dispatch_build_release(&b);
}

Test(lossy, off_leaves_resistances_without_effect)
{
    static struct dispatch_build b;
    two_buses(&b, LOSS_OFF, 20, 50);
    struct dispatch_answer a = solve(&b);
    cr_assert_float_eq(a.injection_mw[0], 200, 1e-9);
    cr_assert_float_eq(lmp(&a, 1), 20, 1e-9);
    cr_assert(a.loss_usd_per_mwh[1] == 0 && a.losses_proven);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(lossy, every_failed_allocation_is_reported_and_leaks_nothing)
{
    static struct dispatch_build b;
    for (int placement = LOSS_REFERENCE; placement < LOSS_PLACEMENTS; placement++) {
        struct err err = {0};
        two_buses(&b, (enum loss_placement)placement, 20, 20.5);
        struct dispatch_answer first; /* the network keeps its workspace from then on */
        cr_assert_eq(dispatch_build_flatten(&b, &err), ERR_OK);
        cr_assert_eq(dispatch_solve(&b.problem, 1e-10, &first, &err), ERR_OK);
        dispatch_answer_release(&first);
        long before = mem_live();
        enum err_code code = ERR_NOMEM;
        for (long n = 0; code == ERR_NOMEM; n++) {
            struct dispatch_answer a;
            mem_fail_after(n);
            code = dispatch_solve(&b.problem, 1e-10, &a, &err);
            mem_fail_after(-1);
            if (!code)
                dispatch_answer_release(&a);
            cr_assert_eq(mem_live(), before, "leak after %ld allocations", n);
            cr_assert(code == ERR_OK || code == ERR_NOMEM, "%s", err.msg);
        }
        dispatch_build_release(&b);
    }
}
