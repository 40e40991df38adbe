/* Tests of solver/certificate.c: nudge one number of an optimum, and the right field
 * must complain. */
#include "solver/certificate.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/drawn.h"

/*
 * Three buses, three hours: a congested branch, a store that is full and then empty, a
 * ramp that holds back, a group at its limit, a little load that cannot be served.
 */
struct sample {
    struct drawn x;
    struct stated s;
    struct dispatch_answer a;
};

static void add_unit(struct drawn *x, int32_t bus, double mw, double usd)
{
    struct drawn_injection *i = &x->injection[x->n_injection++];
    *i = (struct drawn_injection){.n_place = 1,
                                  .bus = {bus},
                                  .weight = {1},
                                  .n_segment = 1,
                                  .ramp_up = HUGE_VAL,
                                  .ramp_down = HUGE_VAL,
                                  .initial = (double)NAN};
    for (int32_t t = 0; t < x->n_interval; t++)
        i->seg[t][0] = (struct dispatch_segment){mw, usd, usd};
}

static void make(struct sample *m)
{
    static const double load[] = {60, 110, 190};
    struct drawn x = {.n_bus = 3, .n_branch = 3, .n_interval = 3};
    x.schedule = x.pricing =
        (struct dispatch_penalty){6500, 6500, 5000, 7000, 6000, 6000, 4000};
    x.branch[0] = (struct drawn_branch){0, 1, 1000, 0, -HUGE_VAL, HUGE_VAL};
    x.branch[1] = (struct drawn_branch){0, 2, 1000, 0, -50, 50};
    x.branch[2] = (struct drawn_branch){1, 2, 1000, 0.001, -HUGE_VAL, HUGE_VAL};
    for (int32_t t = 0; t < 3; t++) {
        x.duration[t] = t == 1 ? 0.5 : 1;
        x.fixed[t][2] = -load[t];
    }
    x.reference[2] = 1;
    add_unit(&x, 0, 100, 10);
    add_unit(&x, 1, 40, 30);
    add_unit(&x, 2, 25, 80);
    add_unit(&x, 2, 20, 0);  /* the store */
    add_unit(&x, 1, 60, 45); /* in the group */
    x.injection[1].ramp_up = x.injection[1].ramp_down = 10;
    x.injection[1].initial = 5;
    x.injection[3].n_segment = 2;
    for (int32_t t = 0; t < 3; t++) {
        x.injection[3].base[t] = -20;
        x.injection[3].seg[t][1] = x.injection[3].seg[t][0];
    }
    x.n_store = 1;
    x.store[0] = (struct dispatch_store){3, 0.9, 1, 0, 15, 5, -HUGE_VAL};
    x.n_group = 1;
    x.group[0] = (struct drawn_group){
        .n = 1, .injection = {4}, .coef = {1}, .max = {HUGE_VAL, 40, 40}};
    m->x = x;
    m->a = drawn_solve(&m->x, &m->s);
}

static void release(struct sample *m)
{
    dispatch_answer_release(&m->a);
    stated_release(&m->s);
}

static struct dispatch_certificate check(const struct sample *m)
{
    const struct dispatch_answer *a = &m->a;
    struct dispatch_certificate c;
    struct err err = {0};
    const struct certificate_input in = {.p = &m->s.p,
                                         .segment_mw = a->segment_mw,
                                         .injection_mw = a->injection_mw,
                                         .flow_mw = a->flow_mw,
                                         .angle_rad = a->angle_rad,
                                         .energy_mwh = a->energy_mwh,
                                         .shortage_mw = a->shortage_mw,
                                         .surplus_mw = a->surplus_mw,
                                         .lambda = a->lambda_usd_per_mwh,
                                         .congestion = a->congestion_usd_per_mwh,
                                         .loss = a->loss_usd_per_mwh,
                                         .row = a->row,
                                         .n_row = a->n_row};
    cr_assert_eq(certificate_check(&in, &c, &err), ERR_OK);
    return c;
}

enum complaint {
    PRIMAL,
    DUAL,
    GAP
};

/* Moves *number by `by`, expects the complaint to exceed `least`, moves it back. */
static void nudge(struct sample *m, double *number, double by, enum complaint field,
                  double least, const char *what)
{
    double kept = *number;
    *number += by;
    struct dispatch_certificate c = check(m);
    const double of[] = {c.primal_residual, c.dual_residual, c.relative_gap};
    cr_expect_gt(of[field], least, "%s: primal %g, dual %g, gap %g", what, of[0], of[1],
                 of[2]);
    *number = (double)NAN;
    c = check(m);
    const double with_nan[] = {c.primal_residual, c.dual_residual, c.relative_gap};
    cr_expect(with_nan[PRIMAL] > 1 || with_nan[DUAL] > 1 || !(with_nan[GAP] < 1e-6),
              "%s is no number: primal %g, dual %g, gap %g", what, with_nan[0],
              with_nan[1], with_nan[2]);
    *number = kept;
}

static struct dispatch_row *find(struct sample *m, enum dispatch_row_kind kind)
{
    for (int32_t k = 0; k < m->a.n_row; k++)
        if (m->a.row[k].kind == kind && m->a.row[k].shadow_usd_per_mwh > 0)
            return &m->a.row[k];
    cr_assert_fail("no limit of kind %d binds", (int)kind);
    return NULL;
}

Test(certificate, an_optimum_has_nothing_to_complain_about)
{
    static struct sample m;
    make(&m);
    struct dispatch_certificate c = check(&m);
    cr_assert_lt(c.primal_residual, 1e-8);
    cr_assert_lt(c.dual_residual, 1e-8);
    cr_assert_lt(c.relative_gap, 1e-9);
    cr_assert(m.a.relaxed, "some load is not served");
    release(&m);
    cr_assert_eq(mem_live(), 0);
}

Test(certificate, powers_flows_and_energies_are_primal)
{
    static struct sample m;
    make(&m);
    nudge(&m, &m.a.injection_mw[0], 0.01, PRIMAL, 0.005, "power");
    nudge(&m, &m.a.segment_mw[0], 0.01, PRIMAL, 0.005, "segment");
    nudge(&m, &m.a.segment_mw[1], -300, PRIMAL, 200, "segment below zero");
    nudge(&m, &m.a.flow_mw[1], 0.01, PRIMAL, 0.005, "flow");
    nudge(&m, &m.a.angle_rad[1], 1e-5, PRIMAL, 0.005, "angle");
    nudge(&m, &m.a.energy_mwh[1], 0.01, PRIMAL, 0.005, "energy");
    nudge(&m, &m.a.shortage_mw[0], 0.01, PRIMAL, 0.005, "shortage");
    nudge(&m, &m.a.surplus_mw[1], 0.01, PRIMAL, 0.005, "surplus");
    release(&m);
}

Test(certificate, prices_are_dual_or_leave_a_gap)
{
    static struct sample m;
    make(&m);
    nudge(&m, &m.a.congestion_usd_per_mwh[0], 0.5, DUAL, 0.01, "congestion");
    nudge(&m, &m.a.lambda_usd_per_mwh[0], 0.5, GAP, 1e-6, "energy price");
    nudge(&m, &m.a.lambda_usd_per_mwh[0], 1e4, DUAL, 1e3,
          "energy price above shortage");
    nudge(&m, &m.a.lambda_usd_per_mwh[0], -1e4, DUAL, 1e3,
          "energy price below surplus");
    release(&m);
}

Test(certificate, shadow_prices_of_every_kind_are_looked_at)
{
    static const enum dispatch_row_kind kinds[] = {DISPATCH_BRANCH_MAX, DISPATCH_GROUP,
                                                   DISPATCH_RAMP_UP, DISPATCH_STORE_MAX,
                                                   DISPATCH_STORE_MIN};
    static struct sample m;
    make(&m);
    for (int k = 0; k < 5; k++) {
        struct dispatch_row *row = find(&m, kinds[k]);
        double *mu = &row->shadow_usd_per_mwh;
        nudge(&m, mu, 1, k == 0 ? DUAL : GAP, 1e-6, "shadow price");
        nudge(&m, mu, -*mu - 1, DUAL, 0.1, "negative shadow price");
        nudge(&m, mu, 1e5, DUAL, 1e4, "shadow price above its penalty");
        nudge(&m, &row->relaxed, 0.1, GAP, 1e-6, "relaxed without need");
        nudge(&m, &row->relaxed, -0.1, PRIMAL, 0.05, "relaxed by less than nothing");
    }
    release(&m);
}

Test(certificate, a_limit_without_a_row_is_looked_at_too)
{
    static struct sample m;
    make(&m);
    int32_t n_row = m.a.n_row;
    m.a.n_row = 0;
    struct dispatch_certificate c = check(&m);
    cr_assert(c.dual_residual > 1 || c.relative_gap > 1e-3, "prices are missing");
    m.a.n_row = n_row;
    double *limits[] = {&m.s.max[1], &m.s.group_max[2], &m.s.up[1], &m.s.initial[1],
                        &m.s.store[0].energy_max_mwh};
    for (int k = 0; k < 5; k++) {
        double kept = *limits[k];
        *limits[k] -= 1;
        c = check(&m);
        cr_expect_gt(c.primal_residual, 0.1, "limit %d lowered by one", k);
        *limits[k] = kept;
    }
    release(&m);
}

Test(certificate, a_store_that_works_both_ways_is_primal)
{
    static struct sample m;
    make(&m);
    int64_t first = m.s.seg_start[3]; /* of the store in the first hour */
    double kept[] = {m.a.segment_mw[first], m.a.segment_mw[first + 1]};
    m.a.segment_mw[first] = kept[0] - 3;
    m.a.segment_mw[first + 1] = kept[1] + 3; /* the sum is as it was */
    cr_assert_gt(check(&m).primal_residual, 0.1);
    release(&m);
}

Test(certificate, a_polynomial_off_its_marginal_cost_leaves_a_gap)
{
    static const double coef[] = {0, 10, 0.1};
    const struct dispatch_polynomial f = {0, 3, coef};
    static struct sample m;
    m.x =
        (struct drawn){.n_bus = 1, .n_interval = 1, .duration = {1}, .reference = {1}};
    m.x.schedule = m.x.pricing = (struct dispatch_penalty){6500, 6500, 1, 1, 1, 1, 1};
    m.x.fixed[0][0] = -50;
    add_unit(&m.x, 0, 100, 0);
    stated_make(&m.x, &m.s);
    m.s.p.n_polynomial = 1;
    m.s.p.polynomial = &f;
    struct err err = {0};
    cr_assert_eq(dispatch_solve(&m.s.p, 1e-10, &m.a, &err), ERR_OK, "%s", err.msg);
    cr_assert_float_eq(m.a.lambda_usd_per_mwh[0], 20, 1e-4);
    cr_assert_lt(check(&m).relative_gap, 1e-9);
    m.a.lambda_usd_per_mwh[0] = 21;
    cr_assert_gt(check(&m).relative_gap, 1e-4);
    m.a.lambda_usd_per_mwh[0] = 1000;
    cr_assert_gt(check(&m).relative_gap, 1);
    release(&m);
}

/* A line of 1e-4 per MW^2, 200 MW at its far end, made good there. */
static void make_lossy(struct sample *m, enum loss_placement losses)
{
    m->x = (struct drawn){.n_bus = 2,
                          .n_branch = 1,
                          .n_interval = 1,
                          .duration = {1},
                          .reference = {0, 1},
                          .losses = losses,
                          .loss_per_mw = {1e-4}};
    m->x.schedule = m->x.pricing = (struct dispatch_penalty){6500, 6500, 1, 1, 1, 1, 1};
    m->x.branch[0] = (struct drawn_branch){0, 1, 1000, 0, -HUGE_VAL, HUGE_VAL};
    m->x.fixed[0][1] = -200;
    add_unit(&m->x, 0, 300, 20);
    stated_make(&m->x, &m->s);
    struct err err = {0};
    cr_assert_eq(dispatch_solve(&m->s.p, 1e-10, &m->a, &err), ERR_OK, "%s", err.msg);
}

Test(certificate, losses_are_withdrawn_and_priced)
{
    static struct sample m;
    for (int k = LOSS_REFERENCE; k <= LOSS_ENDS; k++) {
        make_lossy(&m, (enum loss_placement)k);
        struct dispatch_certificate c = check(&m);
        cr_assert_lt(c.primal_residual, 1e-7);
        cr_assert_lt(c.dual_residual, 1e-7);
        double kept = m.s.loss_per_mw[0];
        m.s.loss_per_mw[0] = 0; /* as if nothing were lost */
        c = check(&m);
        cr_expect_gt(c.primal_residual, 2);
        cr_expect_gt(c.dual_residual, 0.1);
        m.s.loss_per_mw[0] = kept;
        m.a.loss_usd_per_mwh[0] += 0.01;
        cr_expect_gt(check(&m).dual_residual, 1e-3);
        release(&m);
    }
}

Test(certificate, every_failed_allocation_is_reported_and_leaks_nothing)
{
    static struct sample m;
    make(&m);
    long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct dispatch_certificate c;
        struct err err = {0};
        const struct certificate_input in = {.p = &m.s.p,
                                             .segment_mw = m.a.segment_mw,
                                             .injection_mw = m.a.injection_mw,
                                             .flow_mw = m.a.flow_mw,
                                             .angle_rad = m.a.angle_rad,
                                             .energy_mwh = m.a.energy_mwh,
                                             .shortage_mw = m.a.shortage_mw,
                                             .surplus_mw = m.a.surplus_mw,
                                             .lambda = m.a.lambda_usd_per_mwh,
                                             .congestion = m.a.congestion_usd_per_mwh};
        mem_fail_after(n);
        code = certificate_check(&in, &c, &err);
        mem_fail_after(-1);
        cr_assert_eq(mem_live(), before, "leak after %ld allocations", n);
        cr_assert_lt(n, 100);
    }
    release(&m);
}
