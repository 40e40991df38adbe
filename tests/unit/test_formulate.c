/* Tests of sim/clear/formulate.c: what bids look like to the solver. */
#include "sim/clear/formulate.h"

#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/grid_network.h"
#include "tests/support/market_build.h"

#define ALL MARKET_BUILD_ALL
#define CLOSE(a, b) \
 cr_assert_float_eq(a, b, 1e-9, "%.9g, expected %.9g", a, (double)(b))

struct sample {
    struct market_build b;
    struct market m;
    struct admission a;
    struct grid_network gn;
    struct formulation f;
};

static void begin(struct sample *s)
{
    market_build_begin(&s->b, 1, 2);
    (void)market_build_sc(&s->b, "SC1", 1e9);
    (void)market_build_bus(&s->b, "A", 100);
}

static const struct dispatch_problem *formulate(struct sample *s)
{
    struct err err = {0};
    s->m = market_build_end(&s->b);
    cr_assert_eq(admit_bids(&s->m, &s->a, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(grid_network_create(&s->m.grid, DC_MATPOWER, s->m.reference_weight,
                                     &s->gn, &err),
                 ERR_OK);
    cr_assert_eq(formulate_day(&s->m, &s->a, 0, s->gn.net, NULL, &s->f, &err), ERR_OK,
                 "%s", err.msg);
    return &s->f.problem;
}

static void end(struct sample *s)
{
    formulation_release(&s->f);
    grid_network_release(&s->gn);
    admission_release(&s->a);
    market_release(&s->m);
    cr_assert_eq(mem_live(), 0);
}

Test(formulate, supply_starts_at_pmin_with_self_schedules_below_their_penalty)
{
    static struct sample s;
    begin(&s);
    int32_t g = market_build_resource(&s.b, "G", RESOURCE_GENERATOR, 0, 0, 10, 50);
    market_build_self(&s.b, g, ALL, BID_SELF_PT, 0, 20);
    market_build_bid(&s.b, g, ALL, 20, 50, 35);
    const struct dispatch_problem *p = formulate(&s);
    CLOSE(p->base_mw[0], 10);
    cr_assert_eq(p->seg_start[1], 2);
    CLOSE(p->seg[0].width_mw, 10);
    CLOSE(p->seg[0].cost_usd_per_mwh, -s.m.rules.self_pt_supply);
    CLOSE(p->seg[0].price_cost_usd_per_mwh, s.m.rules.energy_bid_floor);
    CLOSE(p->seg[1].width_mw, 30);
    CLOSE(p->seg[1].cost_usd_per_mwh, 35);
    cr_assert(isnan(s.f.meaning[0].price_usd_per_mwh));
    cr_assert(isnan(p->initial_mw[0]));
    end(&s);
}

Test(formulate, demand_is_what_is_not_served_least_valued_first)
{
    static struct sample s;
    begin(&s);
    int32_t l = market_build_resource(&s.b, "L", RESOURCE_LOAD, 0, 0, 0, 100);
    market_build_self(&s.b, l, ALL, BID_SELF_PT, 0, 40);
    market_build_bid(&s.b, l, ALL, 40, 60, 90);
    market_build_bid(&s.b, l, ALL, 60, 65, 30);
    const struct dispatch_problem *p = formulate(&s);
    const double width[] = {5, 20, 40}, usd[] = {30, 90, s.m.rules.self_pt_demand};
    CLOSE(p->base_mw[0], -65);
    cr_assert_eq(p->seg_start[1], 3);
    for (int k = 0; k < 3; k++) {
        CLOSE(p->seg[k].width_mw, width[k]);
        CLOSE(p->seg[k].cost_usd_per_mwh, usd[k]);
        cr_assert(s.f.meaning[k].withdrawal);
    }
    CLOSE(p->seg[2].price_cost_usd_per_mwh, s.m.rules.energy_bid_cap);
    end(&s);
}

Test(formulate, a_storage_piece_across_zero_is_cut_there)
{
    static struct sample s;
    begin(&s);
    int32_t r = market_build_resource(&s.b, "S", RESOURCE_STORAGE, 0, 0, -10, 10);
    market_build_bid(&s.b, r, ALL, -10, -5, 10);
    market_build_bid(&s.b, r, ALL, -5, 10, 30);
    const struct dispatch_problem *p = formulate(&s);
    const double width[] = {5, 5, 10}, usd[] = {10, 30, 30};
    cr_assert_eq(p->n_store, 1);
    cr_assert_eq(s.f.store_resource[0], r);
    cr_assert_eq(p->seg_start[1], 3);
    CLOSE(p->base_mw[0], -10);
    for (int k = 0; k < 3; k++) {
        CLOSE(p->seg[k].width_mw, width[k]);
        CLOSE(p->seg[k].cost_usd_per_mwh, usd[k]);
        cr_assert_eq(s.f.meaning[k].owner, r);
        cr_assert_not(s.f.meaning[k].withdrawal);
    }
    end(&s);
}

Test(formulate, ramps_turn_round_for_demand_and_pause_where_nothing_was_bid)
{
    static struct sample s;
    begin(&s);
    int32_t l = market_build_resource(&s.b, "L", RESOURCE_LOAD, 0, 0, 0, 100);
    s.b.m.resource[l].ramp_up_mw_per_min = 1;
    s.b.m.resource[l].ramp_down_mw_per_min = 2;
    s.b.m.resource[l].initial_mw = 30;
    market_build_bid(&s.b, l, 1, 0, 50, 90);
    const struct dispatch_problem *p = formulate(&s);
    CLOSE(p->ramp_up_mw_per_h[0], 120); /* less withdrawal is more injection */
    CLOSE(p->ramp_down_mw_per_h[0], 60);
    CLOSE(p->initial_mw[0], -30);
    cr_assert(p->ramp_free[0]);
    cr_assert(p->ramp_free[1]);
    end(&s);
}

Test(formulate, a_tie_is_two_groups_over_its_imports_and_exports)
{
    static struct sample s;
    begin(&s);
    int32_t tie = market_build_tie(&s.b, "T", 0, 20, 30);
    int32_t in = market_build_resource(&s.b, "I", RESOURCE_IMPORT, 0, tie, 0, 50);
    (void)market_build_resource(&s.b, "G", RESOURCE_GENERATOR, 0, 0, 0, 50);
    int32_t out = market_build_resource(&s.b, "X", RESOURCE_EXPORT, 0, tie, 0, 50);
    const struct dispatch_problem *p = formulate(&s);
    cr_assert_eq(p->n_group, 2);
    for (int g = 0; g < 2; g++) {
        int32_t first = p->group_start[g];
        cr_assert_eq(p->group_start[g + 1] - first, 2);
        cr_assert_eq(p->group_injection[first], in);
        cr_assert_eq(p->group_injection[first + 1], out);
        CLOSE(p->group_coef[first], g == 0 ? 1 : -1);
        CLOSE(p->group_max_mw[g], g == 0 ? 20 : 30);
    }
    end(&s);
}

Test(formulate, self_schedules_rank_by_kind_and_side)
{
    const struct rules r = rules_default();
    for (int k = BID_SELF_TOR; k < BID_SELF_LPT; k++)
        for (int takes = 0; takes < 2; takes++)
            cr_assert_gt(formulate_self_penalty(&r, (enum bid_kind)k, takes),
                         formulate_self_penalty(&r, (enum bid_kind)(k + 1), takes));
    cr_assert_gt(r.balance_schedule, formulate_self_penalty(&r, BID_SELF_TOR, true));
}
