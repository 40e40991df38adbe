/* test_mitigate_real_time.c - the load pocket of lesson 8 through real time, and two days. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/app/run_pipeline.h"
#include "sim/base/mem.h"
#include "sim/clear/clear.h"
#include "sim/clear/mitigate.h"
#include "tests/support/cleared.h"
#include "tests/support/market_build.h"

static double *filled(struct market *m, size_t n, double value)
{
    double *array = ARENA_ARRAY(&m->arena, double, n);
    cr_assert(array);
    for (size_t k = 0; k < n; k++)
        array[k] = value;
    return array;
}

static void add_real_time(struct market *m)
{
    size_t n_five = (size_t)RT_FIVES * (size_t)m->n_interval;
    m->rules.real_time = true;
    m->rt.load_mw = filled(m, n_five * (size_t)m->n_node, (double)NAN);
    m->rt.fmm_load_mw = filled(m, n_five * (size_t)m->n_node, (double)NAN);
    m->rt.available_mw = filled(m, n_five * (size_t)m->n_resource, INFINITY);
    m->rt.known_from = ARENA_ARRAY(&m->arena, int32_t, n_five * (size_t)m->n_resource);
    m->rt_required_mw = m->required_mw;
    cr_assert(m->rt.known_from);
}

static struct run pocket(double mitigation)
{
    struct run run = {0};
    struct diagnostics diag = {0};
    cr_assert_eq(run_load("scenarios/08-load-pocket", &run, &diag), ERR_OK);
    err_list_release(&diag.faults);
    arena_release(&diag.names);
    add_real_time(&run.market);
    run.market.rules.rt_mitigation = mitigation;
    return run;
}

static enum err_code run_all(struct run *run, struct err *err)
{
    struct progress progress = {0};
    enum err_code code = run_days(run, &progress, err);
    progress_end(&progress, ERR_OK);
    return code;
}

enum {
    CITY = 0
};

/* W7 in every quarter: 12 of 70 are not competitive, A1 falls from 90 to its default 61. */
Test(mitigate_real_time, every_quarter_is_tested_and_its_fives_follow)
{
    struct err err = {0};
    struct run run = pocket(1);
    const struct rt_outcome *rt = &run.real_time;
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(rt->fmm_mitigation.n_test, 96);
    cr_assert_eq(rt->fmm_mitigation.n_piece, 4 * 96);
    for (int32_t q = 0; q < 96; q++) {
        const struct mitigation_test *test = &rt->fmm_mitigation.test[q];
        cr_assert_eq(test->interval, q);
        cr_assert_float_eq(test->residual_index, 0.75, 1e-9);
        cr_assert_float_eq(test->shadow_usd_per_mwh, 12, 1e-9);
        cr_assert(!test->competitive);
        cr_assert_str_eq(test->pivotal, "SC_A, SC_B, HOLDING");
        const struct mitigation_piece *piece = &rt->fmm_mitigation.piece[4 * q];
        cr_assert_float_eq(piece->offer_usd_per_mwh, 90, 0);
        cr_assert_float_eq(piece->lmp_usd_per_mwh - piece->noncompetitive_usd_per_mwh,
                           58, 1e-9);
        cr_assert_float_eq(piece->mitigated_usd_per_mwh, 61, 0);
        cr_assert_float_eq(rt->fmm.lmp[q * run.market.n_node + CITY], 60, 1e-9);
    }
    for (int32_t f = 0; f < 288; f++)
        cr_assert_float_eq(rt->rtd.lmp[f * run.market.n_node + CITY], 60, 1e-9);
    cr_assert_eq(rt->rtd_mitigation.n_test, 0);
    run_release(&run);
    cr_assert_eq(mem_live(), 0);
}

Test(mitigate_real_time, switched_off_offers_stand)
{
    struct err err = {0};
    struct run run = pocket(0);
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    cr_assert_float_eq(run.outcome.lmp[CITY], 60, 1e-9);
    cr_assert_float_eq(run.real_time.fmm.lmp[CITY], 70, 1e-9);
    cr_assert_float_eq(run.real_time.rtd.lmp[CITY], 70, 1e-9);
    cr_assert_eq(run.real_time.fmm_mitigation.n_test, 0);
    run_release(&run);
}

/* The dispatch asks once more, and finds 2 of 60 that are not competitive: A1's default is
 * above what that leaves, so nothing falls further. */
Test(mitigate_real_time, the_dispatch_tests_what_is_left)
{
    struct err err = {0};
    struct run run = pocket(2);
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    const struct mitigation_tables *made = &run.real_time.rtd_mitigation;
    cr_assert_eq(made->n_test, 288);
    cr_assert_float_eq(made->test[7].shadow_usd_per_mwh, 2, 1e-9);
    cr_assert_eq(made->test[7].interval, 7);
    cr_assert_eq(made->n_piece, 0);
    run_release(&run);
}

/* From 10 MW A1 reaches 13.75 in a quarter: what it withholds is 3.75, not 40. */
Test(mitigate_real_time, suppliers_count_with_what_they_can_reach_in_a_quarter)
{
    struct err err = {0};
    struct run run = pocket(1);
    struct resource *a1 = &run.market.resource[0];
    cr_assert_str_eq(a1->id, "A1");
    a1->initial_mw = 10;
    a1->ramp_up_mw_per_min = a1->ramp_down_mw_per_min = 0.25;
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    const struct mitigation_test *test = &run.real_time.fmm_mitigation.test[0];
    cr_assert_str_eq(test->pivotal, "SC_B, HOLDING, SC_F1");
    cr_assert_float_eq(test->fringe_mw, 13.75 + 40, 1e-9);
    run_release(&run);
}

static struct book copy_of(const struct book *from);

/* 50 MW reach the city, which takes 100; its one plant offers at 90 what costs it 40. An import
 * at 60 is worth its block against the offer, not against the cost. */
static struct market city(double mitigation)
{
    struct market_build b;
    market_build_begin(&b, 1, 2);
    int32_t sc = market_build_sc(&b, "SC", 1e9), bus[2];
    bus[0] = market_build_bus(&b, "OUT", 0);
    bus[1] = market_build_bus(&b, "TOWN", 100);
    (void)market_build_branch(&b, bus[0], bus[1], 0.1, 50);
    int32_t tie = market_build_tie(&b, "T", bus[1], INFINITY, INFINITY);
    int32_t a = market_build_resource(&b, "A", RESOURCE_GENERATOR, sc, bus[1], 0, 60);
    int32_t h = market_build_resource(&b, "H", RESOURCE_GENERATOR, sc, bus[0], 0, 500);
    int32_t i = market_build_resource(&b, "I", RESOURCE_IMPORT, sc, tie, 0, 20);
    int32_t l = market_build_resource(&b, "L", RESOURCE_LOAD, sc, bus[1], 0, 100);
    market_build_bid(&b, a, MARKET_BUILD_ALL, 0, 60, 90);
    market_build_bid(&b, h, MARKET_BUILD_ALL, 0, 500, 20);
    market_build_bid(&b, i, MARKET_BUILD_ALL, 0, 20, 60);
    market_build_self(&b, l, MARKET_BUILD_ALL, BID_SELF_PT, 0, 100);
    struct market m = market_build_end(&b);
    m.default_bids = copy_of(&m.bids);
    for (int32_t t = 0; t < 2; t++)
        m.default_bids.seg[2 * a + t].price_usd_per_mwh = 40;
    m.mitigation_reference = bus[0];
    m.rules.rt_mitigation = mitigation;
    add_real_time(&m);
    return m;
}

Test(mitigate_real_time,
     the_hour_ahead_run_fixes_blocks_against_offers_that_were_lowered)
{
    enum {
        PLANT,
        FAR,
        IMPORT
    };
    for (int mitigation = 0; mitigation < 2; mitigation++) {
        struct cleared c;
        cleared_make(city(mitigation), &c);
        const struct mitigation_tables *made = &c.rt.hour_ahead_mitigation;
        for (int t = 0; t < 2; t++)
            cr_expect_float_eq(c.rt.block_mw[4 * t + IMPORT], mitigation ? 0 : 20,
                               1e-6);
        cr_expect_eq(made->n_test, mitigation ? 2 : 0);
        cr_expect_eq(made->n_piece, mitigation ? 2 : 0);
        for (int t = 0; t < made->n_piece; t++) {
            cr_expect_eq(made->piece[t].interval, t);
            cr_expect_eq(made->piece[t].resource, PLANT);
            cr_expect_float_eq(made->piece[t].offer_usd_per_mwh, 90, 0);
            cr_expect_float_eq(made->piece[t].mitigated_usd_per_mwh, 40, 0);
            cr_expect_float_eq(made->test[t].shadow_usd_per_mwh, 70, 1e-9);
        }
        cleared_release(&c);
        cr_assert_eq(mem_live(), 0);
    }
}

Test(mitigate_real_time, running_out_of_memory_is_clean)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 400; code; n += 1 + n / 4) {
        struct err err = {0};
        struct run run = pocket(2);
        mem_fail_after(n);
        code = run_all(&run, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        run_release(&run);
        cr_assert_eq(mem_live(), 0, "allocation %ld leaks", n);
    }
}

/* Lesson 20 in real time, where nothing differs: each configuration costs what it bids. */
Test(mitigate_real_time, a_plant_bids_the_curve_of_the_configuration_that_it_is_in)
{
    enum {
        SMALL_HE = 17, /* 450 MW: 1x1 at 150 */
        LARGE_HE = 19, /* 620 MW: 2x1 at 320 */
    };
    struct err err = {0};
    struct diagnostics diag = {0};
    struct run run = {0};
    cr_assert_eq(run_load("scenarios/20-combined-cycle", &run, &diag), ERR_OK);
    err_list_release(&diag.faults);
    arena_release(&diag.names);
    struct market *m = &run.market;
    add_real_time(m);
    struct book *b = &m->configuration_bids;
    cr_assert_eq(b->start[2 * m->n_interval], 2 * m->n_interval);
    for (int32_t t = 0; t < m->n_interval; t++)
        b->seg[m->n_interval + t].price_usd_per_mwh = 31; /* of 2x1 */
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    for (int k = 0; k < 2; k++) {
        int32_t hour = (k ? LARGE_HE : SMALL_HE) - 1;
        double usd = k ? 31 : 26;
        cr_expect_float_eq(run.outcome.lmp[hour * m->n_node], usd, 1e-6);
        for (int32_t f = 1; f < RT_FIVES; f++)
            cr_expect_float_eq(
                run.real_time.rtd.lmp[(RT_FIVES * hour + f) * m->n_node], usd, 1e-6,
                "five %d of hour %d: %g", f, hour,
                run.real_time.rtd.lmp[(RT_FIVES * hour + f) * m->n_node]);
    }
    cr_assert_eq(run.settlement.sum_cents, 0);
    run_release(&run);
    cr_assert_eq(mem_live(), 0);
}

/* ---- two days ---- */

static struct book copy_of(const struct book *from)
{
    size_t n = (size_t)from->n_owner * (size_t)from->n_interval;
    size_t n_seg = (size_t)from->start[n];
    struct book to = {.n_owner = from->n_owner, .n_interval = from->n_interval};
    to.start = MEM_ARRAY(int64_t, n + 1);
    to.seg = MEM_ARRAY(struct bid_segment, n_seg);
    cr_assert(to.start && to.seg);
    memcpy(to.start, from->start, (n + 1) * sizeof *to.start);
    memcpy(to.seg, from->seg, n_seg * sizeof *to.seg);
    return to;
}

enum {
    HOURS = 4,
    STORE = 2
};

/* On the first day the battery gives 5 MW where it sold 20: it ends it fuller than planned. */
static struct market two_days(void)
{
    struct market_build b;
    market_build_begin(&b, 2, HOURS);
    int32_t bus = market_build_bus(&b, "A", 60), sc = market_build_sc(&b, "SC", 1e9);
    int32_t g = market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc, bus, 0, 60);
    int32_t load = market_build_resource(&b, "L", RESOURCE_LOAD, sc, bus, 0, 100);
    int32_t s = market_build_resource(&b, "S", RESOURCE_STORAGE, sc, bus, -20, 20);
    b.m.resource[s].initial_energy_mwh = 60;
    market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 60, 30);
    market_build_bid(&b, s, MARKET_BUILD_ALL, -20, 20, 25);
    market_build_self(&b, load, MARKET_BUILD_ALL, BID_SELF_PT, 0, 50);
    struct market m = market_build_end(&b);
    m.default_bids = copy_of(&m.bids);
    add_real_time(&m);
    for (int f = 0; f < RT_FIVES * HOURS; f++)
        m.rt.available_mw[f * 3 + STORE] = 5;
    return m;
}

/* Nothing is lowered, so the trial is the binding run, also from where real time left off. */
Test(mitigate_real_time, the_trial_of_a_day_begins_where_real_time_ended)
{
    static const struct ruc_outcome no_ruc;
    struct market m = two_days();
    struct admission a;
    struct outcome o;
    struct mitigation mit;
    struct rt_outcome rt;
    struct err err = {0};
    cr_assert_eq(admit_bids(&m, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(clear_begin(&m, &o, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(mitigate_begin(&m, &mit, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(rt_begin(&m, &rt, &err), ERR_OK, "%s", err.msg);
    for (int32_t day = 0; day < 2; day++) {
        cr_assert_eq(mitigate_day(&m, &a, day, &o, &mit, &err), ERR_OK, "%s", err.msg);
        cr_assert_eq(clear_day(&m, &a, day, &o, &err), ERR_OK, "%s", err.msg);
        cr_assert_eq(rt_day(&m, &a, day, &o, &no_ruc, &rt, &err), ERR_OK, "%s",
                     err.msg);
    }
    size_t at = (size_t)(HOURS - 1) * 3 + STORE, second = (size_t)HOURS * 3 + STORE;
    cr_assert_gt(rt.hour_energy_mwh[at], o.energy_mwh[at] + 1);
    cr_assert_float_eq(o.energy_mwh[second],
                       rt.hour_energy_mwh[at] - o.award_mw[second], 1e-6);
    for (size_t k = 0; k < (size_t)2 * HOURS * 3; k++) {
        cr_assert_float_eq(mit.trial.award_mw[k], o.award_mw[k], 1e-6, "%zu", k);
        cr_assert(isnan(o.energy_mwh[k]) ||
                      fabs(mit.trial.energy_mwh[k] - o.energy_mwh[k]) < 1e-6 || k == at,
                  "%zu", k);
    }
    rt_release(&rt);
    mitigation_release(&mit);
    outcome_release(&o);
    admission_release(&a);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
}
