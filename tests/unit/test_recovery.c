/* test_recovery.c - bid cost recovery, by hand: worked examples W8 and W8b. */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/record.h"
#include "sim/settle/charge_code.h"
#include "sim/settle/settle.h"
#include "tests/support/market_build.h"

enum {
    HOURS = 5,
    GEN = 0,
    LOAD = 1
};

struct books {
    struct market m;
    struct admission a;
    struct outcome o;
    struct rt_outcome rt;
    struct metering meter;
    struct settlement s;
    struct mitigation_tables lowered;
};

static void allocate(const struct market *m, struct outcome *o)
{
    *o = (struct outcome){.interval_h = 1,
                          .n_interval = m->n_interval,
                          .n_node = m->n_node,
                          .n_resource = m->n_resource};
    cr_assert_eq(outcome_allocate(o, NULL), ERR_OK);
}

/*
 * A unit of 50 to 150 MW at 30 USD/MWh, its start 2,000 USD and an hour at 50 MW 1,500
 * USD: day-ahead 50, 150, 150, 50 MW at 20, 40, 45, 18 USD/MWh.
 */
static void four_hours(struct books *k)
{
    static const double mw[] = {50, 150, 150, 50}, lmp[] = {20, 40, 45, 18};
    struct market_build b;
    market_build_begin(&b, 1, HOURS);
    int32_t bus = market_build_bus(&b, "1", 100);
    int32_t sc1 = market_build_sc(&b, "SC1", 1e6),
            sc2 = market_build_sc(&b, "SC2", 1e6);
    int32_t g = market_build_resource(&b, "G", RESOURCE_GENERATOR, sc1, bus, 50, 150);
    (void)market_build_resource(&b, "L", RESOURCE_LOAD, sc2, bus, 0, 200);
    market_build_bid(&b, g, MARKET_BUILD_ALL, 50, 150, 30);
    *k = (struct books){.m = market_build_end(&b)};
    k->m.rules.real_time = true;
    k->m.rules.system_operations_rate = 0;
    k->m.resource[GEN].market_committed = true;
    cr_assert_eq(admit_bids(&k->m, &k->a, NULL), ERR_OK);
    allocate(&k->m, &k->o);
    cr_assert_eq(rt_begin(&k->m, &k->rt, NULL), ERR_OK);
    cr_assert_eq(metering_begin(&k->m, &k->meter, NULL), ERR_OK);
    size_t n = (size_t)RT_FIVES * HOURS * 2;
    k->m.rt.available_mw = ARENA_ARRAY(&k->m.arena, double, n);
    cr_assert(k->m.rt.available_mw);
    for (size_t i = 0; i < n; i++)
        k->m.rt.available_mw[i] = INFINITY;
    for (int t = 0; t < 4; t++) {
        k->o.award_mw[2 * t + GEN] = mw[t];
        k->o.award_mw[2 * t + LOAD] = -mw[t];
        k->o.lmp[t] = lmp[t];
        k->o.on[2 * t + GEN] = true;
        k->o.min_load_usd[2 * t + GEN] = 1500;
    }
    k->o.start_cost_usd[GEN] = 2000;
}

/* Real time of hour t at that output and price, the load with it. */
static void real_time(struct books *k, int t, double mw, double lmp)
{
    for (int q = 0; q < RT_QUARTERS; q++) {
        k->rt.fmm.award_mw[2 * (RT_QUARTERS * t + q) + GEN] = mw;
        k->rt.fmm.award_mw[2 * (RT_QUARTERS * t + q) + LOAD] = -mw;
        k->rt.fmm.lmp[RT_QUARTERS * t + q] = lmp;
        k->rt.fmm.on[2 * (RT_QUARTERS * t + q) + GEN] = mw > 0;
    }
    for (int f = 0; f < RT_FIVES; f++) {
        k->rt.rtd.award_mw[2 * (RT_FIVES * t + f) + GEN] = mw;
        k->rt.rtd.award_mw[2 * (RT_FIVES * t + f) + LOAD] = -mw;
        k->rt.rtd.lmp[RT_FIVES * t + f] = lmp;
        k->rt.rtd.on[2 * (RT_FIVES * t + f) + GEN] = mw > 0;
    }
}

static void settle_and_close(struct books *k, cents_t *day_ahead, cents_t *real,
                             cents_t *load)
{
    const struct settle_inputs in = {.m = &k->m,
                                     .a = &k->a,
                                     .o = &k->o,
                                     .rt = &k->rt,
                                     .meter = &k->meter,
                                     .mitigated = &k->lowered};
    struct err err = {0};
    metering_day(&k->m, &k->o, &k->rt, 0, 0, &k->meter);
    cr_assert_eq(settle_day(&in, 0, &k->s, &err), ERR_OK, "%s", err.msg);
    *day_ahead = *real = *load = 0;
    for (int32_t i = 0; i < k->s.n_line; i++) {
        const struct statement_line *line = &k->s.line[i];
        *day_ahead += line->code == CHARGE_6630 ? line->amount_cents : 0;
        *real += line->code == CHARGE_6620 ? line->amount_cents : 0;
        *load += line->code == CHARGE_6636 || line->code == CHARGE_6637 ||
                         line->code == CHARGE_6678
                     ? line->amount_cents
                     : 0;
    }
    settlement_release(&k->s);
    metering_release(&k->meter);
    rt_release(&k->rt);
    outcome_release(&k->o);
    admission_release(&k->a);
    market_release(&k->m);
    cr_assert_eq(mem_live(), 0);
}

/*
 * Day-ahead: cost 2,000 + 4 x 1,500 + 200 x 30 = 14,000 against revenue 14,650. Real time:
 * 50 MW less in hour 2 at 20 (cost -1,500, revenue -1,000) and an hour more at 50 MW and
 * 15 (1,500 against 750): 250 is paid, which netting both markets would not.
 */
Test(recovery, each_market_is_made_whole_by_itself)
{
    struct books k;
    cents_t day_ahead, real, load;
    four_hours(&k);
    real_time(&k, 0, 50, 20);
    real_time(&k, 1, 100, 20);
    real_time(&k, 2, 150, 45);
    real_time(&k, 3, 50, 18);
    real_time(&k, 4, 50, 15);
    k.rt.fmm.min_load_usd[2 * RT_QUARTERS * 4 + GEN] = 1500;
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(day_ahead, 0);
    cr_expect_eq(real, -25000);
    cr_expect_eq(load, 25000);
}

/*
 * 50 MW less in hour 2 at 20, by a bid of 15 for real time: 750 are saved, 1,000 paid back.
 * By the day-ahead bid 1,500 would be saved. Day-ahead nothing changes.
 */
Test(recovery, real_time_counts_the_bid_for_real_time)
{
    struct books k;
    cents_t day_ahead, real, load;
    four_hours(&k);
    k.o.start_cost_usd[GEN] = 3000;
    k.m.rt_bids = (struct book){.n_owner = 2, .n_interval = HOURS};
    k.a.rt_bids = k.m.rt_bids;
    k.a.rt_bids.start = MEM_ARRAY(int64_t, 2 * HOURS + 1);
    k.a.rt_bids.seg = MEM_ARRAY(struct bid_segment, 1);
    cr_assert(k.a.rt_bids.start && k.a.rt_bids.seg);
    for (int i = 2; i <= 2 * HOURS; i++)
        k.a.rt_bids.start[i] = 1;
    k.a.rt_bids.seg[0] = (struct bid_segment){50, 150, 15, BID_ENERGY};
    for (int t = 0; t < 4; t++)
        real_time(&k, t, k.o.award_mw[2 * t], k.o.lmp[t]);
    real_time(&k, 1, 100, 20);
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(day_ahead, -35000);
    cr_expect_eq(real, -25000); /* 50 x 15 saved, 50 x 20 paid */
    cr_expect_eq(load, 60000);
}

/* An import of 100 MW more in hour 5 at 10, offered at 30 above 50 MW: 500 short, which a
 * fifteen-minute or dynamic import gets back and a block does not. The day-ahead hours at 1
 * are nobody's to recover. */
Test(recovery, imports_are_made_whole_in_real_time_but_for_blocks)
{
    static const struct {
        enum tie_option option;
        cents_t cents;
    } want[] = {{TIE_OPTION_HOURLY, 0},       {TIE_OPTION_SELF, 0},
                {TIE_OPTION_CHANGE, 0},       {TIE_OPTION_FIFTEEN, -50000},
                {TIE_OPTION_DYNAMIC, -50000}, {TIE_OPTION_VARIABLE, 0}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct books k;
        cents_t day_ahead, real, load;
        four_hours(&k);
        k.m.resource[GEN].type = RESOURCE_IMPORT;
        k.m.resource[GEN].tie_option = want[i].option;
        k.m.resource[GEN].market_committed = false;
        k.o.start_cost_usd[GEN] = 0;
        for (int t = 0; t < 4; t++) {
            k.o.min_load_usd[2 * t + GEN] = 0;
            k.o.lmp[t] = 1;
            real_time(&k, t, k.o.award_mw[2 * t], 1);
        }
        real_time(&k, 4, 100, 10);
        settle_and_close(&k, &day_ahead, &real, &load);
        cr_expect_eq(day_ahead, 0);
        cr_expect_eq(real, want[i].cents, "option %d: %lld", (int)want[i].option,
                     (long long)real);
    }
}

/* 1,000 USD more for the start: 15,000 against 14,650. */
Test(recovery, what_the_day_ahead_prices_leave_is_paid_by_demand)
{
    struct books k;
    cents_t day_ahead, real, load;
    four_hours(&k);
    k.o.start_cost_usd[GEN] = 3000;
    for (int t = 0; t < 4; t++)
        real_time(&k, t, k.o.award_mw[2 * t], k.o.lmp[t]);
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(day_ahead, -35000);
    cr_expect_eq(real, 0);
    cr_expect_eq(load, 35000);
}

/* The offer of hour 2 was lowered by 2 USD: 200 less of the 350 that were short. */
Test(recovery, a_lowered_offer_costs_what_it_was_lowered_to)
{
    struct books k;
    cents_t day_ahead, real, load;
    struct mitigation_piece piece[] = {
        {.resource = GEN,
         .interval = 0,
         .configuration = -1,
         .from_mw = 50,
         .to_mw = 150,
         .offer_usd_per_mwh = 30,
         .mitigated_usd_per_mwh = 20},
        {.resource = GEN,
         .interval = 1,
         .configuration = -1,
         .from_mw = 50,
         .to_mw = 150,
         .offer_usd_per_mwh = 30,
         .mitigated_usd_per_mwh = 28},
        {.resource = LOAD,
         .interval = 1,
         .configuration = -1,
         .from_mw = 50,
         .to_mw = 150,
         .offer_usd_per_mwh = 30,
         .mitigated_usd_per_mwh = 0},
    };
    four_hours(&k);
    k.o.start_cost_usd[GEN] = 3000;
    k.lowered = (struct mitigation_tables){.piece = piece, .n_piece = 3};
    for (int t = 0; t < 4; t++)
        real_time(&k, t, k.o.award_mw[2 * t], k.o.lmp[t]);
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(day_ahead, -15000);
    cr_expect_eq(real, 0);
}

/* 50 MW less in hour 2 at 20: by an offer lowered to 25 they save 1,250, not 1,500. */
Test(recovery, real_time_counts_what_it_lowered_itself)
{
    struct books k;
    cents_t day_ahead, real, load;
    four_hours(&k);
    for (int t = 0; t < 4; t++)
        real_time(&k, t, k.o.award_mw[2 * t], k.o.lmp[t]);
    real_time(&k, 1, 100, 30);
    struct mitigation_piece *piece = MEM_ARRAY(struct mitigation_piece, 4);
    cr_assert(piece);
    for (int q = 0; q < 4; q++)
        piece[q] = (struct mitigation_piece){.resource = GEN,
                                             .interval = RT_QUARTERS + q,
                                             .configuration = -1,
                                             .from_mw = 50,
                                             .to_mw = 150,
                                             .offer_usd_per_mwh = 30,
                                             .mitigated_usd_per_mwh = 25};
    k.rt.fmm_mitigation = (struct mitigation_tables){.piece = piece, .n_piece = 4};
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(real, -25000); /* 50 x 30 paid back, 50 x 25 saved */
}

/* Who schedules itself starts for itself: 3,000 + 6,000 are its own. */
Test(recovery, who_schedules_itself_has_no_start_recovered)
{
    struct books k;
    cents_t day_ahead, real, load;
    four_hours(&k);
    k.o.start_cost_usd[GEN] = 3000;
    for (int t = 0; t < HOURS; t++)
        k.a.bids.seg[k.a.bids.start[GEN * HOURS + t]].kind = BID_SELF_PT;
    for (int t = 0; t < 4; t++)
        real_time(&k, t, k.o.award_mw[2 * t], k.o.lmp[t]);
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(day_ahead, 0);
}

/* An outage decides, not the price: hour 2 has 20 MW of 150. */
Test(recovery, an_outage_is_not_made_whole)
{
    struct books k;
    cents_t day_ahead, real, load;
    four_hours(&k);
    for (int t = 0; t < 4; t++)
        real_time(&k, t, k.o.award_mw[2 * t], k.o.lmp[t]);
    real_time(&k, 1, 60, 100);
    for (int f = RT_FIVES; f < 2 * RT_FIVES; f++)
        k.m.rt.available_mw[2 * f + GEN] = 60;
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(real, 0);
}

/*
 * The unit is not there in the first hour, at 10 USD/MWh all day. Minimum load of three hours is
 * 4,500, energy 6,000, revenue 4,000. A slow unit starts an hour late, for the 2,000 of its
 * schedule; of a fast one that start failed, and real time counts the one it made, 1,800. Energy
 * that the outage took is nobody's to recover.
 */
Test(recovery, a_start_that_failed_is_not_recovered)
{
    for (int fast = 0; fast < 2; fast++) {
        struct books k;
        cents_t day_ahead, real, load;
        four_hours(&k);
        k.m.resource[GEN].commit.fast = fast;
        for (int t = 0; t < 4; t++) {
            k.o.lmp[t] = 10;
            real_time(&k, t, t > 0 ? k.o.award_mw[2 * t] : 0, 10);
        }
        for (int f = 0; f < RT_FIVES; f++)
            k.m.rt.available_mw[2 * f + GEN] = 0;
        k.rt.fmm.start_cost_usd[2 * RT_QUARTERS + GEN] = fast ? 1800 : 0;
        settle_and_close(&k, &day_ahead, &real, &load);
        cr_expect_eq(day_ahead, fast ? -650000 : -850000, "%lld", (long long)day_ahead);
        cr_expect_eq(real, fast ? -180000 : 0, "%lld", (long long)real);
    }
}

/* It is on for ten minutes of the first hour, and out of it then: a sixth of 1,500 and the
 * start. Never there at all: nothing. */
Test(recovery, minimum_load_is_recovered_while_the_unit_is_there)
{
    for (int there = 0; there < 2; there++) {
        struct books k;
        cents_t day_ahead, real, load;
        four_hours(&k);
        for (int t = 0; t < 4; t++) {
            k.o.lmp[t] = 30;
            real_time(&k, t, k.o.award_mw[2 * t], 30);
        }
        for (int f = there ? 2 : 0; f < RT_FIVES * HOURS; f++)
            k.m.rt.available_mw[2 * f + GEN] = 0;
        k.o.start_cost_usd[GEN] = 12000;
        settle_and_close(&k, &day_ahead, &real, &load);
        /* 12,000 + 250 + 6,000 - 12,000 */
        cr_expect_eq(day_ahead, there ? -625000 : 0, "%lld", (long long)day_ahead);
        cr_expect_eq(real, 0);
    }
}

/* The market stops it in its last hour: 50 MW are bought back at 40, 1,500 of minimum load are
 * spared and 500 lost, which it gets. The day ahead is as scheduled: 15,000 against 14,650. */
Test(recovery, a_stop_within_the_schedule_is_made_whole_and_the_day_ahead_stays)
{
    struct books k;
    cents_t day_ahead, real, load;
    four_hours(&k);
    k.m.resource[GEN].commit.fast = true;
    k.o.start_cost_usd[GEN] = 3000;
    for (int t = 0; t < 4; t++)
        real_time(&k, t, k.o.award_mw[2 * t], k.o.lmp[t]);
    real_time(&k, 3, 0, 40);
    for (int q = 3 * RT_QUARTERS; q < 4 * RT_QUARTERS; q++)
        k.rt.fmm.min_load_usd[2 * q + GEN] = -375;
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(day_ahead, -35000);
    cr_expect_eq(real, -50000, "%lld", (long long)real);
    cr_expect_eq(load, 85000);
}

/* A start that real time ordered and that failed costs nothing, nor does its minimum load. */
Test(recovery, real_time_recovers_no_start_that_failed)
{
    for (int there = 0; there < 2; there++) {
        struct books k;
        cents_t day_ahead, real, load;
        four_hours(&k);
        for (int t = 0; t < 4; t++)
            real_time(&k, t, k.o.award_mw[2 * t], k.o.lmp[t]);
        real_time(&k, 4, 50, 0);
        k.rt.fmm.start_cost_usd[2 * 4 * RT_QUARTERS + GEN] = 700;
        for (int q = 4 * RT_QUARTERS; q < HOURS * RT_QUARTERS; q++)
            k.rt.fmm.min_load_usd[2 * q + GEN] = 375;
        for (int f = 4 * RT_FIVES; f < HOURS * RT_FIVES && !there; f++)
            k.m.rt.available_mw[2 * f + GEN] = 0;
        settle_and_close(&k, &day_ahead, &real, &load);
        cr_expect_eq(real, there ? -220000 : 0, "%lld", (long long)real);
    }
}

/* W8b: 1,200 USD; obligations 60 and 40; 150 MWh committed: 8 USD/MWh, 480 and 320. */
Test(recovery, the_first_tier_costs_no_more_per_mwh_than_was_committed)
{
    double rate = charge_tier_rate(1200, 100, 150);
    cr_expect_float_eq(rate, 8, 1e-12);
    cr_expect_float_eq(rate * 60, 480, 1e-9);
    cr_expect_float_eq(rate * 40, 320, 1e-9);
    /* 400 are left over measured demand of 70, 50, 80. */
    cr_expect_float_eq(charge_share_usd(-400, 70, 200), 140, 1e-9);
    cr_expect_float_eq(charge_share_usd(-400, 50, 200), 100, 1e-9);
    cr_expect_float_eq(charge_share_usd(-400, 80, 200), 160, 1e-9);
    cr_expect_float_eq(charge_tier_rate(1200, 200, 150), 6, 1e-12);
    cr_expect_float_eq(charge_tier_rate(1200, 0, 150), 0, 0);
    cr_expect_float_eq(charge_tier_rate(1200, 100, 0), 12, 1e-12);
}

/* W8c: 900 USD; 20 and 10 MWh beyond schedules, 15 of virtual supply; 60 MW awarded: 15. */
Test(recovery, residual_commitment_costs_no_more_per_mwh_than_per_mw_awarded)
{
    double rate = charge_tier_rate(900, 20 + 10 + 15, 60);
    cr_expect_float_eq(rate * 20, 300, 1e-9);
    cr_expect_float_eq(rate * 10, 150, 1e-9);
    cr_expect_float_eq(rate * 15, 225, 1e-9);
    cr_expect_float_eq(charge_share_usd(-225, 70, 200), 78.75, 1e-9);
    cr_expect_float_eq(charge_share_usd(-225, 50, 200), 56.25, 1e-9);
    cr_expect_float_eq(charge_share_usd(-225, 80, 200), 90, 1e-9);
}

/* Who schedules itself takes the price: 400 MWh at -10 are its own. */
Test(recovery, who_schedules_itself_pays_a_price_below_zero)
{
    struct books k;
    cents_t day_ahead, real, load;
    four_hours(&k);
    k.o.start_cost_usd[GEN] = 0;
    for (int t = 0; t < HOURS; t++)
        k.o.lmp[t] = -10;
    for (int t = 0; t < HOURS; t++)
        k.a.bids.seg[k.a.bids.start[GEN * HOURS + t]].kind = BID_SELF_PT;
    for (int t = 0; t < 4; t++)
        real_time(&k, t, k.o.award_mw[2 * t], -10);
    real_time(&k, 2, 140,
              -10); /* 10 MW less than scheduled earn 100, which are its own, too */
    settle_and_close(&k, &day_ahead, &real, &load);
    cr_expect_eq(day_ahead, 0);
    cr_expect_eq(real, 0);
}
