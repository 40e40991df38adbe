/* test_mitigate.c - the pivotal supplier test, mitigated offers, and a day with both. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/app/run_pipeline.h"
#include "sim/base/mem.h"
#include "sim/clear/mitigate.h"
#include "tests/support/draw.h"
#include "tests/support/market_build.h"
#include "tests/support/scenario_files.h"

/* Fringe 60 MW, three companies that must leave 10, 5 and 0 MW, 100 MW needed. */
static const struct supplier w7[] = {
    {0, 50, 10, 10}, {1, 40, 5, 30}, {2, 25, 0, 0},
    {3, 20, 0, 20},  {4, 20, 0, 20}, {-1, 20, 0, 20},
};
static const bool all[5] = {true, true, true, true, true};

Test(mitigate, worked_example_w7_is_not_competitive)
{
    struct competition c;
    double scratch[5];
    competition_test(w7, 6, 5, all, 3, scratch, &c);
    cr_assert_float_eq(c.needed_mw, 100, 1e-12);
    cr_assert_float_eq(c.fringe_mw, 60, 1e-12);
    cr_assert_float_eq(c.withheld_mw, 15, 1e-12);
    cr_assert_float_eq(c.residual_index, 0.75, 1e-12);
    cr_assert(!c.competitive);
    cr_assert_eq(c.n_pivotal, 3);
    cr_assert_eq(c.pivotal[0], 0);
    cr_assert_eq(c.pivotal[1], 1);
    cr_assert_eq(c.pivotal[2], 2);
}

Test(mitigate, net_buyers_are_not_ranked)
{
    struct competition c;
    double scratch[5];
    const bool some[5] = {false, true, true, true, true};
    competition_test(w7, 6, 5, some, 3, scratch, &c);
    cr_assert_eq(c.pivotal[0], 1);
    cr_assert_eq(c.pivotal[2], 3);
    cr_assert_float_eq(c.withheld_mw, 5, 1e-12);
    cr_assert_float_eq(c.fringe_mw, 50 + 20 + 20, 1e-12);
}

Test(mitigate, what_nobody_needs_is_competitive)
{
    struct competition c;
    double scratch[5];
    competition_test(NULL, 0, 5, all, 3, scratch, &c);
    cr_assert(c.competitive);
    cr_assert(isinf(c.residual_index));
    cr_assert_eq(c.n_pivotal, 0);
}

Test(mitigate, worked_example_w7_costs_the_competitive_price)
{
    const struct bid_segment bid[] = {{0, 100, 90, BID_ENERGY}};
    const struct bid_segment deb[] = {{0, 100, 50, BID_ENERGY}};
    struct bid_segment out[2];
    cr_assert_eq(mitigate_offer(bid, 1, deb, 1, 70 - 12, out), 1);
    cr_assert_float_eq(out[0].price_usd_per_mwh, 58, 1e-12);
    cr_assert_float_eq(out[0].to_mw, 100, 0);
}

Test(mitigate, an_offer_is_cut_where_its_default_bid_steps)
{
    const struct bid_segment bid[] = {
        {-5, 10, NAN, BID_SELF_PT}, {10, 40, 20, BID_ENERGY}, {40, 80, 90, BID_ENERGY}};
    const struct bid_segment deb[] = {{0, 50, 30, BID_ENERGY},
                                      {50, 60, 45, BID_ENERGY}};
    struct bid_segment out[5];
    int32_t n = mitigate_offer(bid, 3, deb, 2, 25, out);
    cr_assert_eq(n, 4);
    cr_assert(isnan(out[0].price_usd_per_mwh), "a self-schedule stays");
    cr_assert_float_eq(out[1].price_usd_per_mwh, 20, 0, "what is below stays");
    cr_assert_float_eq(out[2].to_mw, 50, 0);
    cr_assert_float_eq(out[2].price_usd_per_mwh, 30, 0);
    cr_assert_float_eq(out[3].from_mw, 50, 0);
    cr_assert_float_eq(out[3].to_mw, 80, 0,
                       "the last price holds above the default bid");
    cr_assert_float_eq(out[3].price_usd_per_mwh, 45, 0);
}

/* Price of an offer at mw, by looking. */
static double price_at(const struct bid_segment *seg, int32_t n, double mw)
{
    for (int32_t k = 0; k + 1 < n; k++)
        if (mw < seg[k].to_mw)
            return seg[k].price_usd_per_mwh;
    return seg[n - 1].price_usd_per_mwh;
}

static int32_t draw_curve(struct draw *d, double from, struct bid_segment *seg)
{
    int32_t n = draw_int(d, 1, 5);
    double price = draw_real(d, -50, 80);
    for (int32_t k = 0; k < n; k++) {
        double to = from + draw_int(d, 1, 30);
        seg[k] = (struct bid_segment){from, to, price, BID_ENERGY};
        from = to;
        price += draw_chance(d, 0.3) ? 0 : draw_real(d, 0, 60);
    }
    return n;
}

Test(mitigate, every_mw_costs_the_least_of_offer_and_what_competition_allows)
{
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct draw d = draw_begin(seed);
        struct bid_segment bid[5], deb[5], out[10];
        int32_t n = draw_curve(&d, draw_int(&d, -20, 20), bid);
        int32_t n_deb = draw_curve(&d, draw_int(&d, -20, 20), deb);
        double clmp = draw_real(&d, -100, 200);
        int32_t m = mitigate_offer(bid, n, deb, n_deb, clmp, out);
        cr_assert_leq(m, n + n_deb);
        cr_assert_float_eq(out[0].from_mw, bid[0].from_mw, 0);
        cr_assert_float_eq(out[m - 1].to_mw, bid[n - 1].to_mw, 0);
        for (int32_t k = 0; k < m; k++) {
            cr_assert_lt(out[k].from_mw, out[k].to_mw);
            if (k > 0) {
                cr_assert_float_eq(out[k].from_mw, out[k - 1].to_mw, 0);
                cr_assert_geq(out[k].price_usd_per_mwh, out[k - 1].price_usd_per_mwh);
            }
        }
        for (double mw = bid[0].from_mw + 0.5; mw < bid[n - 1].to_mw; mw += 1)
            cr_assert_float_eq(
                price_at(out, m, mw),
                fmin(price_at(bid, n, mw), fmax(price_at(deb, n_deb, mw), clmp)), 1e-12,
                "seed %llu, %g MW", (unsigned long long)seed, mw);
    }
}

/* Days of a run without progress. */
static enum err_code run_all(struct run *run, struct err *err)
{
    struct progress progress = {0};
    enum err_code code = run_days(run, &progress, err);
    progress_end(&progress, ERR_OK);
    return code;
}

static struct run pocket(void)
{
    struct run run = {0};
    struct diagnostics diag = {0};
    cr_assert_eq(run_load("scenarios/08-load-pocket", &run, &diag), ERR_OK);
    err_list_release(&diag.faults);
    arena_release(&diag.names);
    return run;
}

Test(mitigate, without_a_reference_outside_the_load_the_pocket_is_not_seen)
{
    struct err err = {0};
    struct run run = pocket();
    run.market.mitigation_reference = -1;
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(run.mitigation.made.n_test, 24);
    cr_assert(run.mitigation.made.test[0].competitive, "nobody relieves it");
    cr_assert_eq(run.mitigation.made.n_piece, 0);
    cr_assert_float_eq(run.outcome.lmp[0], 70, 1e-9);
    run_release(&run);
}

Test(mitigate, no_pivotal_suppliers_no_mitigation)
{
    struct err err = {0};
    struct run run = pocket();
    run.market.rules.pivotal_suppliers = 0;
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    cr_assert(!run.mitigation.active);
    cr_assert_float_eq(run.outcome.lmp[0], 70, 1e-9);
    run_release(&run);
}

Test(mitigate, a_threshold_above_the_congestion_spares_the_offers)
{
    struct err err = {0};
    struct run run = pocket();
    run.market.rules.mitigation_threshold = 12.5;
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    cr_assert(!run.mitigation.made.test[0].competitive);
    cr_assert_eq(run.mitigation.made.n_piece, 0);
    run_release(&run);
}

/* An hour at 10 MW: with 0.25 MW/min it can reach 25 MW, not 50. */
Test(mitigate, suppliers_count_with_what_they_can_reach_in_an_hour)
{
    struct err err = {0};
    struct run run = pocket();
    struct resource *a1 = &run.market.resource[0];
    cr_assert_str_eq(a1->id, "A1");
    a1->initial_mw = 10;
    a1->ramp_up_mw_per_min = a1->ramp_down_mw_per_min = 0.25;
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    /* Withholdable 15 MW: less than the 20 of F1, which becomes the third. */
    cr_assert_str_eq(run.mitigation.made.test[0].pivotal, "SC_B, HOLDING, SC_F1");
    cr_assert_float_eq(run.mitigation.made.test[0].fringe_mw, 25 + 40, 1e-9);
    cr_assert_float_eq(run.mitigation.made.test[0].withheld_mw, 5, 1e-9);
    run_release(&run);
}

Test(mitigate, every_failing_allocation_ends_the_run_cleanly)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code; n++) {
        struct err err = {0};
        struct run run = pocket();
        mem_fail_after(n);
        code = run_all(&run, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        run_release(&run);
        cr_assert_eq(mem_live(), 0, "allocation %ld leaks", n);
    }
}

/* ---- two days: an offer is lowered on the first, none on the second ---- */

enum {
    HOURS = 4,
    DEAR = 0, /* resources */
    OTHER = 1,
    N_RESOURCE = 4
};

static void add_default_bids(struct market *m)
{
    size_t n = (size_t)m->n_resource * (size_t)m->n_interval;
    struct book *deb = &m->default_bids;
    *deb = (struct book){.n_owner = m->n_resource, .n_interval = m->n_interval};
    deb->start = MEM_ARRAY(int64_t, n + 1);
    deb->seg = MEM_ARRAY(struct bid_segment, (size_t)m->bids.start[n]);
    cr_assert(deb->start && deb->seg);
    memcpy(deb->start, m->bids.start, (n + 1) * sizeof *deb->start);
    memcpy(deb->seg, m->bids.seg, (size_t)m->bids.start[n] * sizeof *deb->seg);
    for (int32_t t = 0; t < HOURS; t++)
        deb->seg[deb->start[(size_t)DEAR * (size_t)m->n_interval + (size_t)t]]
            .price_usd_per_mwh = 40;
}

/*
 * 50 of 100 MW reach the town. Its two plants are off; DEAR offers at 90 what costs it 40 on
 * the first day, OTHER at 60. Once on, DEAR stays on for eight hours, at 10 MW or more for
 * 900 USD/h. (The last hour of the trial's first day is where the second begins: binding.)
 */
static struct market town(void)
{
    struct market_build b;
    market_build_begin(&b, 2, HOURS);
    int32_t sc = market_build_sc(&b, "SC", 1e9), sc1 = market_build_sc(&b, "SC1", 1e9);
    int32_t out = market_build_bus(&b, "OUT", 0),
            in = market_build_bus(&b, "TOWN", 100);
    (void)market_build_branch(&b, out, in, 0.1, 50);
    int32_t a = market_build_resource(&b, "A", RESOURCE_GENERATOR, sc, in, 10, 60);
    int32_t c = market_build_resource(&b, "B", RESOURCE_GENERATOR, sc, in, 0, 60);
    int32_t h = market_build_resource(&b, "H", RESOURCE_GENERATOR, sc, out, 0, 500);
    int32_t l = market_build_resource(&b, "L", RESOURCE_LOAD, sc1, in, 0, 100);
    cr_assert(a == DEAR && c == OTHER && l == N_RESOURCE - 1);
    for (int32_t r = DEAR; r <= OTHER; r++) {
        b.m.resource[r].market_committed = true;
        b.m.resource[r].commit =
            (struct commitment_terms){.min_up_h = r == DEAR ? 8 : 1,
                                      .min_down_h = 1,
                                      .min_load_usd_per_h = r == DEAR ? 900 : 0,
                                      .start_mw = INFINITY,
                                      .stop_mw = INFINITY,
                                      .initial_h = -9};
        b.m.resource[r].initial_mw = 0;
    }
    market_build_bid(&b, a, MARKET_BUILD_ALL, 10, 60, 90);
    market_build_bid(&b, c, MARKET_BUILD_ALL, 0, 60, 60);
    market_build_bid(&b, h, MARKET_BUILD_ALL, 0, 500, 20);
    market_build_self(&b, l, MARKET_BUILD_ALL, BID_SELF_PT, 0, 100);
    struct market m = market_build_end(&b);
    add_default_bids(&m);
    m.mitigation_reference = out;
    m.rules.pivotal_suppliers = 3;
    return m;
}

/* The trial of the second day knows that DEAR, dear to the trial of the first, runs since. */
Test(mitigate, the_trial_of_a_day_begins_with_the_units_that_the_binding_run_left_on)
{
    struct err err = {0};
    struct run run = {.market = town()};
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    const double *trial = run.mitigation.trial.award_mw, *mw = run.outcome.award_mw;
    for (int32_t t = 0; t < 2 * HOURS; t++) {
        const double *was = trial + t * N_RESOURCE, *is = mw + t * N_RESOURCE;
        cr_expect(t == HOURS - 1 || fabs(was[DEAR] - (t < HOURS ? 0 : 10)) < 1e-6,
                  "hour %d", t);
        cr_expect_float_eq(is[DEAR], t < HOURS ? 50 : 10, 1e-6, "hour %d", t);
        cr_expect_float_eq(is[OTHER], t < HOURS ? 0 : 40, 1e-6, "hour %d", t);
    }
    cr_expect_eq(run.mitigation.made.n_test, 2 * HOURS);
    cr_expect_eq(run.mitigation.made.n_piece, HOURS);
    run_release(&run);
    cr_assert_eq(mem_live(), 0);
}

static void one_curve(struct book *b, int32_t n_interval, double price)
{
    *b = (struct book){.n_owner = 1, .n_interval = n_interval};
    b->start = MEM_ARRAY(int64_t, n_interval + 1);
    b->seg = MEM_ARRAY(struct bid_segment, n_interval);
    cr_assert(b->start && b->seg);
    for (int32_t t = 0; t < n_interval; t++) {
        b->seg[t] = (struct bid_segment){10, 60, price, BID_ENERGY};
        b->start[t + 1] = t + 1;
    }
}

/* DEAR as a plant of one configuration, whose own curve and default bid count: its plant's
 * are the same, 90, and are not lowered. */
Test(mitigate, a_configuration_is_lowered_to_its_own_default_bid)
{
    struct err err = {0};
    struct run run = {.market = town()};
    struct market *m = &run.market;
    struct resource *plant = &m->resource[DEAR];
    m->configuration = ARENA_ARRAY(&m->arena, struct configuration, 1);
    cr_assert(m->configuration);
    m->configuration[0] = (struct configuration){.id = "one",
                                                 .resource = DEAR,
                                                 .pmin_mw = 10,
                                                 .pmax_mw = 60,
                                                 .min_load_usd_per_h = 900,
                                                 .energy_adder_usd_per_mwh = 7,
                                                 .may_start = true,
                                                 .may_stop = true,
                                                 .min_up_h = 1,
                                                 .start_mw = INFINITY,
                                                 .stop_mw = INFINITY};
    m->n_configuration = plant->n_configuration = 1;
    plant->initial_configuration = -1;
    plant->commit.min_load_usd_per_h = 0;
    for (int32_t t = 0; t < HOURS; t++)
        m->default_bids.seg[m->default_bids.start[DEAR * m->n_interval + t]]
            .price_usd_per_mwh = 90;
    one_curve(&m->configuration_bids, m->n_interval, 80);
    one_curve(&m->configuration_default_bids, m->n_interval, 40);
    cr_assert_eq(run_all(&run, &err), ERR_OK, "%s", err.msg);
    const struct mitigation_tables *made = &run.mitigation.made;
    cr_assert_eq(made->n_piece, 2 * HOURS);
    for (int32_t t = 0; t < 2 * HOURS; t++) {
        const struct mitigation_piece *piece = &made->piece[t];
        cr_expect_eq(piece->configuration, 0);
        cr_expect_eq(piece->interval, t);
        cr_expect_float_eq(piece->offer_usd_per_mwh, 80, 0);
        cr_expect_float_eq(piece->default_usd_per_mwh, 40, 0);
        cr_expect_float_eq(piece->mitigated_usd_per_mwh, 40, 0);
        cr_expect_float_eq(run.outcome.award_mw[t * N_RESOURCE + DEAR], 50, 1e-6);
        cr_expect_float_eq(run.outcome.lmp[t * m->n_node + 1], 40, 1e-6);
        cr_expect_float_eq(mitigation_saved_usd(m, made, DEAR, 0, t, 10, 50), 40 * 40,
                           1e-6);
        cr_expect_float_eq(mitigation_saved_usd(m, made, DEAR, -1, t, 10, 50), 0, 0);
    }
    run_release(&run);
    cr_assert_eq(mem_live(), 0);
}
