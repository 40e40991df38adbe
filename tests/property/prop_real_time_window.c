/*
 * prop_real_time_window.c - one run of real time is as cheap as its whole linear program, an
 * angle for every bus, and where a price does not depend on the side it is looked at from,
 * it is what the next bit of load costs there.
 */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/grid_network.h"
#include "sim/clear/real_time_start.h"
#include "tests/oracle/full_dispatch.h"
#include "tests/oracle/one_sided_price.h"
#include "tests/support/cleared.h"
#include "tests/support/drawn_market.h"
#include "tests/support/drawn_real_time.h"

/* A day that has been run, and an instant of it at which everybody is somewhere else. */
struct scene {
    struct cleared c;
    struct grid_network gn;
    struct rt_windows all;
};

static const struct ruc_outcome no_ruc;

static double *copy_of(const double *from, size_t n)
{
    double *to = MEM_ARRAY(double, n);
    LAW(to != NULL, "%s", "memory");
    for (size_t k = 0; k < n && from; k++)
        to[k] = from[k];
    return to;
}

static void draw_state(struct draw *d, struct scene *s)
{
    const struct market *m = &s->c.m;
    struct rt_state *now = &s->c.rt.now;
    for (int32_t r = 0; r < m->n_resource; r++) {
        const struct resource *is = &m->resource[r];
        now->on[r] = true;
        now->since_min[r] = 60;
        if (!resource_type_withdraws(is->type))
            now->output_mw[r] = draw_real(d, is->pmin_mw, is->pmax_mw);
        if (is->type == RESOURCE_STORAGE)
            now->energy_mwh[r] = draw_real(d, 0, 1) * is->energy_max_mwh;
    }
}

static void open_scene(struct draw *d, struct scene *s)
{
    struct market_build b;
    struct err err = {0};
    drawn_market(d, DRAWN_MARKET_ANY, &b);
    if (draw_chance(d, 0.4))
        drawn_services(d, &b);
    struct market m = market_build_end(&b);
    drawn_real_time(d, &m);
    *s = (struct scene){0};
    cleared_make(m, &s->c);
    const struct market *is = &s->c.m;
    size_t n_hour = (size_t)is->first_interval[1], n_res = (size_t)is->n_resource;
    LAW(grid_network_create(&is->grid, is->rules.dc_model, is->reference_weight, &s->gn,
                            &err) == ERR_OK,
        "%s", err.msg);
    s->all = (struct rt_windows){.m = is,
                                 .a = &s->c.a,
                                 .day_ahead = &s->c.o,
                                 .ruc = &no_ruc,
                                 .out = &s->c.rt,
                                 .net = s->gn.net};
    s->all.hour_mw = copy_of(s->c.o.award_mw, n_hour * n_res);
    s->all.quarter_mw = copy_of(s->c.rt.fmm.award_mw, n_hour * RT_QUARTERS * n_res);
    s->all.quarter_service_mw = copy_of(
        s->c.rt.fmm.service_mw, n_hour * RT_QUARTERS * (size_t)is->n_service_bidder);
    s->all.changed = MEM_ARRAY(uint8_t, is->n_resource);
    LAW(s->all.changed != NULL, "%s", "memory");
    LAW(rt_loads_begin(is, &s->c.o, 0, &s->all.loads, &err) == ERR_OK, "%s", err.msg);
    LAW(rt_start_begin(&s->all, &err) == ERR_OK, "%s", err.msg);
    draw_state(d, s);
}

static void close_scene(struct scene *s)
{
    rt_start_end(&s->all);
    rt_loads_release(&s->all.loads);
    mem_free(s->all.hour_mw);
    mem_free(s->all.quarter_mw);
    mem_free(s->all.quarter_service_mw);
    mem_free(s->all.changed);
    grid_network_release(&s->gn);
    cleared_release(&s->c);
}

/* How often something was looked at that a wrong answer would change. */
struct seen {
    int windows, prices, congested, stores;
};

static void check_cost(const struct rt_window *v, struct seen *seen,
                       struct full_dispatch *twin)
{
    const struct dispatch_answer *a = &v->answer;
    *twin = (struct full_dispatch){.chords = 1};
    full_dispatch(&v->f.problem, twin);
    double scale = fmax(1, fabs(twin->objective_usd));
    double off = a->objective_usd - twin->objective_usd;
    LAW(off > -1e-7 * scale, "run %d: %.9g USD, below the optimum %.9g", v->run,
        a->objective_usd, twin->objective_usd);
    if (twin->both_ways) { /* never both directions: the LP is only a bound */
        struct full_dispatch one_way = {.chords = 1, .exclusive = true};
        full_dispatch(&v->f.problem, &one_way);
        off = a->objective_usd - one_way.objective_usd;
        scale = fmax(1, fabs(one_way.objective_usd));
        LAW(off > -1e-7 * scale, "run %d: %.9g USD, below %.9g", v->run,
            a->objective_usd, one_way.objective_usd);
        off -= a->direction_gap_usd;
    }
    LAW(off <= 1e-7 * scale, "run %d: %.9g USD, the whole LP %.9g", v->run,
        a->objective_usd, twin->objective_usd);
    seen->windows++;
    seen->stores += v->f.problem.n_store > 0;
    for (int32_t k = 0; k < a->n_row; k++)
        seen->congested += a->row[k].kind == DISPATCH_BRANCH_MIN ||
                           a->row[k].kind == DISPATCH_BRANCH_MAX;
}

/* A self-schedule is being cut: its price is the cap, not what cutting it costs. */
static bool is_cut(const struct rt_window *v)
{
    const struct dispatch_problem *p = &v->f.problem;
    int64_t n = p->seg_start[(int64_t)p->n_interval * p->n_injection];
    for (int64_t k = 0; k < n; k++) {
        double cost = p->seg[k].cost_usd_per_mwh, mw = v->answer.segment_mw[k];
        if (p->seg[k].price_cost_usd_per_mwh != cost && /* exact: stated so */
            mw > 1e-6 && mw < p->seg[k].width_mw - 1e-6)
            return true;
    }
    return false;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-4 * (1 + fabs(b));
}

/* A bus and an interval; looked at where both sides agree and no cap can be the price. */
static void check_price(struct draw *d, const struct scene *s,
                        const struct rt_window *v, struct seen *seen)
{
    const struct dispatch_problem *p = &v->f.problem;
    const struct dispatch_answer *a = &v->answer;
    int32_t n_bus = s->c.m.grid.n_bus, n_island = network_n_island(p->net);
    int32_t t = draw_int(d, 0, p->n_interval - 1), n = draw_int(d, 0, n_bus - 1);
    double *share = MEM_ARRAY(double, (size_t)p->n_interval *(size_t)n_bus);
    LAW(share != NULL, "%s", "memory");
    share[t * n_bus + n] = 1;
    double right = one_sided_price(p, share, 0.01) / p->duration_h[t];
    double left = one_sided_price(p, share, -0.01) / p->duration_h[t];
    mem_free(share);
    double lmp = a->lambda_usd_per_mwh[t * n_island + network_island(p->net)[n]] +
                 a->congestion_usd_per_mwh[t * n_bus + n];
    if (!near(left, right) || right > s->c.m.rules.energy_bid_cap ||
        right < s->c.m.rules.energy_bid_floor)
        return;
    LAW(near(lmp, right), "run %d, bus %d, interval %d: %.9g, the next MW costs %.9g",
        v->run, n, t, lmp, right);
    seen->prices++;
}

static void check_run(struct draw *d, struct scene *s, enum rt_run run, int32_t first,
                      int32_t n, struct seen *seen)
{
    struct rt_window v = {0};
    struct err err = {0};
    struct full_dispatch twin;
    LAW(rt_window_solve(&s->all, run, first, n, &v, &err) == ERR_OK, "%s", err.msg);
    check_cost(&v, seen, &twin);
    for (int k = 0; k < 2 && !twin.both_ways && !v.answer.relaxed && !is_cut(&v); k++)
        check_price(d, s, &v, seen);
    rt_window_release(&v);
}

static int32_t at_most(int32_t n, int32_t left)
{
    return n < left ? n : left;
}

Test(prop_real_time_window, a_window_costs_what_its_whole_linear_program_does)
{
    struct seen seen = {0};
    FOR_SEEDS(seed, 12)
    {
        struct draw d = draw_begin(seed);
        struct scene s;
        open_scene(&d, &s);
        const struct rules *rules = &s.c.m.rules;
        for (int k = 0; k < 3; k++) {
            int32_t end = s.c.m.first_interval[1], t = draw_int(&d, 0, end - 1);
            int32_t q = RT_QUARTERS * t + draw_int(&d, 0, RT_QUARTERS - 1);
            int32_t f = RT_FIVES_A_QUARTER * q + draw_int(&d, 0, 2);
            draw_state(&d, &s);
            check_run(&d, &s, RT_HOUR_AHEAD, t, at_most(2, end - t), &seen);
            check_run(&d, &s, RT_FIFTEEN_MINUTE, q,
                      at_most((int32_t)rules->rt_fmm_intervals, RT_QUARTERS * end - q),
                      &seen);
            check_run(&d, &s, RT_DISPATCH, f,
                      at_most((int32_t)rules->rt_rtd_intervals, RT_FIVES * end - f),
                      &seen);
        }
        close_scene(&s);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(seen.prices, 30);
    cr_assert_gt(seen.congested, 20);
    cr_assert_gt(seen.stores, 5);
}
