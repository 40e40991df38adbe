/*
 * prop_real_time_start.c - what the fifteen-minute market starts and stops is what trying
 * every pattern says is cheapest, each dispatched by a full linear program; and times are kept
 * over a whole day, however it is cut.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/grid_network.h"
#include "sim/clear/real_time_services.h"
#include "sim/clear/real_time_start.h"
#include "tests/oracle/full_dispatch.h"
#include "tests/support/cleared.h"
#include "tests/support/draw.h"
#include "tests/support/market_build.h"

enum {
    HOURS = 3,
    FAST = 2,
    MOST_N = 4
};

struct scene {
    struct market m;
    struct admission a;
    struct outcome o;
    struct rt_outcome rt;
    struct grid_network gn;
    struct rt_windows all;
};

static void draw_terms(struct draw *d, struct resource *r)
{
    bool on = draw_chance(d, 0.5);
    r->market_committed = true;
    r->commit = (struct commitment_terms){
        .min_up_h = 1,
        .min_down_h = 1,
        .n_start = 2,
        .start_after_h = {1, 2},
        .start_cost_usd = {draw_int(d, 0, 400), draw_int(d, 400, 600)},
        .min_load_usd_per_h = draw_int(d, 0, 900),
        .start_mw = HUGE_VAL,
        .stop_mw = HUGE_VAL,
        .initial_h = on ? draw_int(d, 1, 6) : -draw_int(d, 1, 6),
        .fast = true,
        .start_up_min = draw_int(d, 0, 20),
    };
    r->ramp_up_mw_per_min = draw_int(d, 1, 4);
    r->ramp_down_mw_per_min = draw_int(d, 1, 4);
    r->initial_mw = on ? r->pmin_mw : 0;
}

static double *filled(struct market *m, size_t n, double value)
{
    double *array = ARENA_ARRAY(&m->arena, double, n);
    LAW(array != NULL, "%s", "memory");
    for (size_t k = 0; k < n; k++)
        array[k] = value;
    return array;
}

/* Reserve and regulation, of which the day itself may need more, and ramping. */
static void draw_services(struct draw *d, struct market_build *b)
{
    for (int32_t r = 0; r < b->m.n_resource; r++) {
        enum resource_type type = b->m.resource[r].type;
        if ((type != RESOURCE_GENERATOR && type != RESOURCE_STORAGE) ||
            !draw_chance(d, 0.7))
            continue;
        market_build_offer(b, r, SERVICE_SR, MARKET_BUILD_ALL, draw_int(d, 5, 30),
                           draw_int(d, 0, 20));
        if (draw_chance(d, 0.5))
            market_build_offer(b, r, SERVICE_RD, MARKET_BUILD_ALL, draw_int(d, 5, 20),
                               draw_int(d, 0, 9));
    }
    market_build_required(b, 0, SERVICE_SR, MARKET_BUILD_ALL, draw_int(d, 1, 20));
    if (draw_chance(d, 0.5))
        market_build_required(b, 0, SERVICE_RD, MARKET_BUILD_ALL, draw_int(d, 1, 10));
    b->m.rules.flex_up_mw = draw_chance(d, 0.5) ? draw_int(d, 5, 40) : 0;
    b->m.rules.flex_down_mw = draw_chance(d, 0.5) ? draw_int(d, 5, 20) : 0;
}

/* A battery that may charge and discharge, and an import by the quarter. */
static void draw_others(struct draw *d, struct market_build *b, int32_t sc, int32_t bus,
                        int32_t tie)
{
    int32_t i = market_build_resource(b, "M", RESOURCE_IMPORT, sc, tie, 0, 20);
    b->m.resource[i].tie_option = TIE_OPTION_FIFTEEN;
    market_build_bid(b, i, MARKET_BUILD_ALL, 0, 20, draw_int(d, 20, 120));
    int32_t s = market_build_resource(b, "S", RESOURCE_STORAGE, sc, bus, -20, 20);
    b->m.resource[s].initial_energy_mwh = draw_int(d, 2, 20);
    b->m.resource[s].energy_max_mwh = 25;
    market_build_bid(b, s, MARKET_BUILD_ALL, -20, 0, draw_int(d, 0, 30));
    market_build_bid(b, s, MARKET_BUILD_ALL, 0, 20, draw_int(d, 30, 90));
}

/* Two buses, a slow unit at one, fast units at both, and loads that outgrow their schedules;
 * rich: all that a window knows beside. */
static struct market draw_market(struct draw *d, bool rich)
{
    static const char *const name[FAST] = {"F1", "F2"};
    struct market_build b;
    market_build_begin(&b, 1, HOURS);
    b.m.rules.commitment_gap = 1e-7;
    b.m.rules.real_time = true;
    b.m.rules.rt_fmm_intervals = draw_int(d, 2, MOST_N);
    b.m.rules.rt_rtd_intervals = draw_int(d, 1, 4);
    int32_t sc = market_build_sc(&b, "SC", 1e9), bus[2];
    bus[0] = market_build_bus(&b, "A", 50);
    bus[1] = market_build_bus(&b, "B", 50);
    (void)market_build_branch(&b, bus[0], bus[1], 0.1, draw_int(d, 20, 90));
    int32_t tie = market_build_tie(&b, "T", bus[1], 15, 15);
    for (int g = 0; g < FAST; g++) {
        double pmin = draw_int(d, 5, 20), pmax = pmin + draw_int(d, 10, 40);
        int32_t r = market_build_resource(&b, name[g], RESOURCE_GENERATOR, sc, bus[g],
                                          pmin, pmax);
        draw_terms(d, &b.m.resource[r]);
        market_build_bid(&b, r, MARKET_BUILD_ALL, pmin, pmax, draw_int(d, 20, 90));
    }
    int32_t slow =
        market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc, bus[0], 0, 150);
    b.m.resource[slow].ramp_up_mw_per_min = draw_real(d, 0.3, 3);
    b.m.resource[slow].ramp_down_mw_per_min = draw_real(d, 0.3, 3);
    market_build_bid(&b, slow, MARKET_BUILD_ALL, 0, 150, draw_int(d, 10, 40));
    int32_t dear =
        market_build_resource(&b, "G2", RESOURCE_GENERATOR, sc, bus[1], 0, 200);
    market_build_bid(&b, dear, MARKET_BUILD_ALL, 0, 200, draw_int(d, 60, 300));
    for (int i = 0; i < 2; i++) {
        int32_t load = market_build_resource(&b, i == 0 ? "L1" : "L2", RESOURCE_LOAD,
                                             sc, bus[i], 0, 1000);
        market_build_self(&b, load, MARKET_BUILD_ALL, BID_SELF_PT, 0,
                          draw_int(d, 10, 60));
    }
    if (rich) {
        draw_others(d, &b, sc, bus[1], tie);
        draw_services(d, &b);
    }
    struct market m = market_build_end(&b);
    m.rt_required_mw =
        filled(&m, (size_t)(HOURS * SERVICES * m.n_service_region) + 1, 0);
    double more = draw_real(d, 0.8, 2.5); /* than the day ahead thought */
    for (int32_t k = 0; k < HOURS * SERVICES * m.n_service_region; k++)
        m.rt_required_mw[k] = more * m.required_mw[k];
    size_t n_five = (size_t)RT_FIVES * HOURS;
    m.rt.load_mw = filled(&m, n_five * (size_t)m.n_node, 0);
    m.rt.fmm_load_mw = filled(&m, n_five * (size_t)m.n_node, 0);
    m.rt.available_mw = filled(&m, n_five * (size_t)m.n_resource, HUGE_VAL);
    m.rt.known_from = ARENA_ARRAY(&m.arena, int32_t, n_five * (size_t)m.n_resource);
    LAW(m.rt.known_from != NULL, "%s", "memory");
    double mw[2] = {draw_int(d, 10, 60), draw_int(d, 10, 60)};
    for (size_t f = 0; f < n_five; f++)
        for (size_t i = 0; i < 2; i++) {
            if (f % RT_FIVES_A_QUARTER == 0)
                mw[i] = fmax(5, mw[i] + draw_int(d, -20, 20));
            m.rt.load_mw[f * (size_t)m.n_node + i] =
                m.rt.fmm_load_mw[f * (size_t)m.n_node + i] = mw[i];
        }
    return m;
}

static void open_scene(struct draw *d, bool rich, struct scene *s)
{
    static const struct ruc_outcome no_ruc;
    struct err err = {0};
    *s = (struct scene){.m = draw_market(d, rich)};
    LAW(admit_bids(&s->m, &s->a, &err) == ERR_OK, "%s", err.msg);
    LAW(clear_begin(&s->m, &s->o, &err) == ERR_OK, "%s", err.msg);
    LAW(clear_day(&s->m, &s->a, 0, &s->o, &err) == ERR_OK, "%s", err.msg);
    LAW(rt_begin(&s->m, &s->rt, &err) == ERR_OK, "%s", err.msg);
    LAW(grid_network_create(&s->m.grid, s->m.rules.dc_model, s->m.reference_weight,
                            &s->gn, &err) == ERR_OK,
        "%s", err.msg);
    s->all = (struct rt_windows){.m = &s->m,
                                 .a = &s->a,
                                 .day_ahead = &s->o,
                                 .ruc = &no_ruc,
                                 .out = &s->rt,
                                 .net = s->gn.net};
    LAW(rt_loads_begin(&s->m, &s->o, 0, &s->all.loads, &err) == ERR_OK, "%s", err.msg);
    LAW(rt_start_begin(&s->all, &err) == ERR_OK, "%s", err.msg);
    /* It is as if each unit had been what it is for some quarters, at some output. */
    struct rt_state *now = &s->rt.now;
    for (int32_t r = 0; r < s->m.n_resource; r++) {
        const struct resource *is = &s->m.resource[r];
        if (is->type != RESOURCE_GENERATOR)
            continue;
        if (!is->market_committed) {
            now->on[r] = true; /* others are where they begin */
            now->output_mw[r] = draw_int(d, 0, 60);
            continue;
        }
        now->since_min[r] = 15 * draw_int(d, 1, 12);
        now->output_mw[r] = now->on[r] ? is->pmin_mw + fmin(draw_int(d, 0, 60),
                                                            is->pmax_mw - is->pmin_mw)
                                       : 0;
    }
}

static void close_scene(struct scene *s)
{
    rt_start_end(&s->all);
    rt_loads_release(&s->all.loads);
    grid_network_release(&s->gn);
    rt_release(&s->rt);
    outcome_release(&s->o);
    admission_release(&s->a);
    market_release(&s->m);
}

static bool has_on(unsigned pattern, int k)
{
    return pattern >> k & 1;
}

static bool is_scheduled(const struct scene *s, int r, int quarter)
{
    return s->o.on[(quarter / RT_QUARTERS) * s->m.n_resource + r] != 0;
}

/* What the words of real_time_start.h allow unit r in a window of n quarters. */
static bool is_allowed(const struct scene *s, int r, unsigned pattern, int first, int n)
{
    const struct resource *is = &s->m.resource[r];
    const struct rt_state *now = &s->rt.now;
    bool on = now->on[r] != 0;
    int age = now->since_min[r] / 15, lead = (is->commit.start_up_min + 14) / 15;
    int ordered = -1; /* by the schedule, before the day began */
    for (int k = 0; k < lead && !on; k++)
        if (is_scheduled(s, r, first + k) && ordered < 0)
            ordered = k;
    for (int k = 0; k < n; k++) {
        bool next = has_on(pattern, k);
        if (ordered >= 0 && k >= ordered && k < ordered + 4 && !next)
            return false; /* ordered, and on for its hour */
        if (lead >= n && is_scheduled(s, r, first + k) && !next)
            return false; /* nobody could order it again */
        if (next && !on && (ordered < 0 ? k < lead : k < ordered))
            return false;
        if (next != on && age < 4) /* an hour on, an hour off */
            return false;
        if (on && !next) {
            int off = lead > 4 ? lead : 4;
            if (k == 0 &&
                now->output_mw[r] > is->pmin_mw + 15 * is->ramp_down_mw_per_min + 1e-9)
                return false;
            for (int q = n; q < k + off; q++)
                if (is_scheduled(s, r, first + q))
                    return false;
        }
        age = next == on ? age + 1 : 1;
        on = next;
    }
    return true;
}

/* Starts and minimum load of the pattern, USD. */
static double beside_usd(const struct scene *s, int r, unsigned pattern, int n)
{
    const struct commitment_terms *c = &s->m.resource[r].commit;
    bool on = s->rt.now.on[r] != 0;
    double usd = 0, off_min = s->rt.now.since_min[r];
    for (int k = 0; k < n; k++) {
        bool next = has_on(pattern, k);
        if (next && !on)
            usd += off_min >= 120 ? c->start_cost_usd[1] : c->start_cost_usd[0];
        if (!next && on)
            off_min = 0;
        usd += next ? c->min_load_usd_per_h / 4 : 0;
        off_min += 15;
        on = next;
    }
    if (!on && is_scheduled(s, r, n)) /* the schedule goes on, and needs a start */
        usd += off_min >= 120 ? c->start_cost_usd[1] : c->start_cost_usd[0];
    return usd;
}

/* The window with that plan, all of it a linear program from the start. */
static double cost_usd(struct scene *s, const unsigned pattern[FAST], int first, int n)
{
    struct rt_window v = {0};
    struct err err = {0};
    double usd = 0;
    for (int r = 0; r < FAST; r++) {
        usd += beside_usd(s, r, pattern[r], n);
        for (int k = 0; k < n; k++)
            s->all.quarter_on[(first + k) * s->m.n_resource + r] =
                has_on(pattern[r], k);
    }
    LAW(rt_window_write(&s->all, RT_FIFTEEN_MINUTE, first, n, &v, &err) == ERR_OK, "%s",
        err.msg);
    LAW(rt_services_require(&s->all, &v, &err) == ERR_OK, "%s", err.msg);
    LAW(rt_window_formulate(&s->all, &v, &err) == ERR_OK, "%s", err.msg);
    usd += full_dispatch_cost(&v.f.problem);
    rt_window_release(&v);
    return usd;
}

/* The cheapest of all plans, HUGE_VAL if some unit has none. */
static double best_usd(struct scene *s, int first, int n)
{
    double best = HUGE_VAL;
    for (unsigned p0 = 0; p0 < 1U << n; p0++)
        for (unsigned p1 = 0; p1 < 1U << n; p1++) {
            const unsigned pattern[FAST] = {p0, p1};
            if (is_allowed(s, 0, p0, first, n) && is_allowed(s, 1, p1, first, n))
                best = fmin(best, cost_usd(s, pattern, first, n));
        }
    return best;
}

static int n_started, n_stopped, n_cancelled;

static void check_window(struct scene *s)
{
    struct err err = {0};
    unsigned plan[FAST] = {0};
    int n = (int)s->m.rules.rt_fmm_intervals, first = 0;
    LAW(rt_start_decide(&s->all, first, n, &err) == ERR_OK, "%s", err.msg);
    for (int r = 0; r < FAST; r++)
        for (int k = 0; k < n; k++)
            plan[r] |= (unsigned)s->all.quarter_on[(first + k) * s->m.n_resource + r]
                       << k;
    for (int r = 0; r < FAST; r++) {
        LAW(is_allowed(s, r, plan[r], first, n), "unit %d: plan %x", r, plan[r]);
        n_started += !s->rt.now.on[r] && plan[r] != 0;
        n_stopped += s->rt.now.on[r] && plan[r] != (1U << n) - 1;
        for (int k = 0; k < n; k++)
            n_cancelled += is_scheduled(s, r, first + k) && !has_on(plan[r], k);
    }
    double said = cost_usd(s, plan, first, n), best = best_usd(s, first, n);
    LAW(said <= best + 1e-5 * (1 + fabs(best)), "%.9g USD, where %.9g would do (%x %x)",
        said, best, plan[0], plan[1]);
}

/* A unit that its own times forbid what it has to do has no plan. */
static bool has_plans(const struct scene *s)
{
    int n = (int)s->m.rules.rt_fmm_intervals;
    bool can[FAST] = {false};
    for (int r = 0; r < FAST; r++)
        for (unsigned p = 0; p < 1U << n; p++)
            can[r] = can[r] || is_allowed(s, r, p, 0, n);
    return can[0] && can[1];
}

static void check_windows(bool rich, int most)
{
    int n = 0;
    n_started = n_stopped = n_cancelled = 0;
    FOR_SEEDS(seed, most)
    {
        struct draw d = draw_begin(seed);
        struct scene s;
        open_scene(&d, rich, &s);
        if (has_plans(&s)) {
            check_window(&s);
            n++;
        }
        close_scene(&s);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n, most / 2);
    cr_assert_gt(n_started, 3);
    cr_assert_gt(n_stopped, 3);
    cr_assert(rich || n_cancelled > 1);
}

Test(prop_real_time_start, no_pattern_is_cheaper_than_what_is_decided)
{
    check_windows(false, 40);
}

Test(prop_real_time_start, nor_with_services_ramping_storage_and_imports)
{
    check_windows(true, 60);
}

/* ---- a whole day ---- */

/* Runs and stops of a fast unit that begin and end within the day last an hour or more. */
static int check_times(const struct cleared *c, int32_t r)
{
    int n_five = RT_FIVES * c->m.n_interval, since = -1, n = 0;
    for (int f = 1; f < n_five; f++) {
        bool was = c->rt.rtd.on[(f - 1) * c->m.n_resource + r] != 0;
        bool is = c->rt.rtd.on[f * c->m.n_resource + r] != 0;
        if (is == was)
            continue;
        LAW(f % RT_FIVES_A_QUARTER == 0, "%s changes in five minutes %d",
            c->m.resource[r].id, f);
        LAW(since < 0 || f - since >= RT_FIVES, "%s is %s for %d minutes",
            c->m.resource[r].id, was ? "on" : "off", 5 * (f - since));
        since = f;
        n++;
    }
    return n;
}

static double settled_usd(const struct cleared *c, int32_t r)
{
    static const int codes[] = {CHARGE_6011, CHARGE_6460, CHARGE_6470,
                                CHARGE_6475, CHARGE_6620, CHARGE_6630};
    double sum = 0;
    for (int64_t k = 0; k < c->s.n_interval_line; k++)
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
            if (c->s.interval_line[k].resource == r &&
                c->s.interval_line[k].code == codes[i])
                sum -= c->s.interval_line[k].amount_usd;
    return sum;
}

/* What it was asked for: energy above Pmin as bid, minimum load, starts by minutes off. */
static double asked_usd(const struct cleared *c, int32_t r)
{
    const struct resource *is = &c->m.resource[r];
    double usd = 0;
    bool on = is->commit.initial_h > 0;
    int32_t off_min = on ? 0 : -60 * is->commit.initial_h;
    for (int f = 0; f < RT_FIVES * c->m.n_interval; f++) {
        size_t at = (size_t)f * (size_t)c->m.n_resource + (size_t)r;
        bool next = c->rt.rtd.on[at] != 0;
        double price = c->a.bids.seg[r * HOURS].price_usd_per_mwh;
        if (next && !on)
            usd += is->commit.start_cost_usd[off_min >= 120];
        if (next)
            usd += (is->commit.min_load_usd_per_h +
                    (c->rt.rtd.award_mw[at] - is->pmin_mw) * price) /
                   RT_FIVES;
        off_min = next ? 0 : off_min + 5;
        on = next;
    }
    return usd;
}

Test(prop_real_time_start, times_are_kept_and_costs_are_recovered)
{
    int n_change = 0;
    FOR_SEEDS(seed, 16)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        cleared_make(draw_market(&d, false), &c);
        for (int32_t r = 0; r < FAST; r++) {
            double asked = asked_usd(&c, r), paid = settled_usd(&c, r);
            n_change += check_times(&c, r);
            LAW(paid > asked - 1e-6 * (1 + fabs(asked)), "%s asked %.9g, is paid %.9g",
                c.m.resource[r].id, asked, paid);
        }
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_change, 5);
}

/* ---- outages ---- */

/* Up to three outages of each fast unit, whole or in part, known early or late. */
static void draw_outages(struct draw *d, struct market *m)
{
    int n_five = RT_FIVES * m->n_interval;
    for (int32_t r = 0; r < FAST; r++)
        for (int n = draw_int(d, 0, 3); n > 0; n--) {
            int from = draw_int(d, 0, n_five - 1), late = draw_int(d, -6, 3);
            double left =
                draw_chance(d, 0.6) ? 0 : draw_real(d, 0.3, 1) * m->resource[r].pmax_mw;
            for (int f = from; f < n_five && f < from + draw_int(d, 1, 9); f++) {
                size_t k = (size_t)f * (size_t)m->n_resource + (size_t)r;
                m->rt.available_mw[k] = left;
                m->rt.known_from[k] = f + late;
            }
        }
}

/* Whether it gave power in five minutes, as far as an outage let it. */
static bool gives(const struct cleared *c, int32_t r, int f)
{
    size_t k = (size_t)f * (size_t)c->m.n_resource + (size_t)r;
    return c->rt.rtd.on[k] && c->m.rt.available_mw[k] >= c->m.resource[r].pmin_mw;
}

Test(prop_real_time_start, who_was_lost_to_an_outage_is_off_for_its_least_time)
{
    int n_lost = 0, n_back = 0;
    FOR_SEEDS(seed, 24)
    {
        struct draw d = draw_begin(seed);
        struct market m = draw_market(&d, draw_chance(&d, 0.5));
        struct cleared c;
        draw_outages(&d, &m);
        cleared_make(m, &c);
        for (int32_t r = 0; r < FAST; r++)
            for (int f = 1, off_from = -1; f < RT_FIVES * HOURS; f++) {
                if (gives(&c, r, f - 1) && !gives(&c, r, f)) {
                    off_from = f;
                    n_lost +=
                        c.rt.rtd.on[(size_t)f * (size_t)c.m.n_resource + (size_t)r] !=
                        0;
                }
                if (!gives(&c, r, f) || gives(&c, r, f - 1) || off_from < 0)
                    continue;
                LAW(f - off_from >= RT_FIVES, "%s is off for %d minutes",
                    c.m.resource[r].id, 5 * (f - off_from));
                n_back++;
            }
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_lost, 3);
    cr_assert_gt(n_back, 3);
}
