/* test_settle_real_time.c - real-time energy, virtual positions and meters by hand. */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/record.h"
#include "sim/settle/recalculate.h"
#include "sim/settle/settle.h"
#include "tests/support/market_build.h"
#include "tests/support/outcome_build.h"

struct books {
    struct market m;
    struct admission a;
    struct outcome o;
    struct rt_outcome rt;
    struct metering meter;
    struct settlement s;
};

static void open_books(struct books *k, struct market_build *b)
{
    *k = (struct books){.m = market_build_end(b)};
    k->m.rules.real_time = true;
    k->m.rules.system_operations_rate = 0;
    k->m.rules.market_services_rate = 0;
    k->m.rules.bid_segment_fee = 0;
    cr_assert_eq(admit_bids(&k->m, &k->a, NULL), ERR_OK);
    k->o = outcome_build(&k->m);
    cr_assert_eq(rt_begin(&k->m, &k->rt, NULL), ERR_OK);
    size_t n = RT_FIVES * (size_t)k->m.n_interval * (size_t)k->m.n_resource;
    k->m.rt.available_mw = ARENA_ARRAY(&k->m.arena, double, n);
    cr_assert(k->m.rt.available_mw);
    for (size_t i = 0; i < n; i++)
        k->m.rt.available_mw[i] = INFINITY;
    cr_assert_eq(metering_begin(&k->m, &k->meter, NULL), ERR_OK);
}

static void close_books(struct books *k)
{
    settlement_release(&k->s);
    metering_release(&k->meter);
    rt_release(&k->rt);
    outcome_release(&k->o);
    admission_release(&k->a);
    market_release(&k->m);
    cr_assert_eq(mem_live(), 0);
}

static void settle(struct books *k)
{
    const struct settle_inputs in = {
        .m = &k->m, .a = &k->a, .o = &k->o, .rt = &k->rt, .meter = &k->meter};
    struct err err = {0};
    cr_assert_eq(settle_day(&in, 0, &k->s, &err), ERR_OK, "%s", err.msg);
    cents_t sum = 0;
    for (int32_t i = 0; i < k->s.n_line; i++)
        sum += k->s.line[i].amount_cents;
    cr_assert_eq(sum, 0);
}

static cents_t cents_of(const struct books *k, int32_t sc, int code)
{
    for (int32_t i = 0; i < k->s.n_line; i++)
        if (k->s.line[i].sc == sc && k->s.line[i].code == code)
            return k->s.line[i].amount_cents;
    return 0;
}

/* The same award and price of a resource's node in all intervals of a run. */
static void hold(struct outcome *o, int32_t r, double mw)
{
    for (int32_t t = 0; t < o->n_interval; t++)
        o->award_mw[t * o->n_resource + r] = mw;
}

static void price(struct outcome *o, int32_t node, double energy, double congestion)
{
    for (int32_t t = 0; t < o->n_interval; t++) {
        o->lmp_energy[t * o->n_node + node] = energy;
        o->lmp_congestion[t * o->n_node + node] = congestion;
        o->lmp[t * o->n_node + node] = energy + congestion;
    }
}

static void meter(struct books *k, int32_t r, double mw)
{
    for (int32_t five = 0; five < RT_FIVES * k->m.n_interval; five++)
        k->meter.energy_mwh[five * k->m.n_resource + r] = mw / RT_FIVES;
}

enum {
    GEN,
    LOAD
};

static void one_generator_one_load(struct books *k)
{
    struct market_build b;
    market_build_begin(&b, 1, 1);
    int32_t bus[2] = {market_build_bus(&b, "1", 0), market_build_bus(&b, "2", 100)};
    int32_t sc1 = market_build_sc(&b, "SC1", 1e6),
            sc2 = market_build_sc(&b, "SC2", 1e6);
    (void)market_build_resource(&b, "G", RESOURCE_GENERATOR, sc1, bus[0], 0, 200);
    (void)market_build_resource(&b, "L", RESOURCE_LOAD, sc2, bus[1], 0, 200);
    open_books(k, &b);
}

/*
 * A generator: day-ahead 100 at 30, fifteen-minute 110 at 35, dispatch 105 at 33, meter
 * 103. A load: day-ahead 100 at 30, meter 103 at 36. Worked example W11.
 */
Test(settle_real_time, three_settlements_and_the_offsets_that_close_them)
{
    struct books k;
    one_generator_one_load(&k);
    k.o.award_mw[GEN] = 100;
    k.o.award_mw[LOAD] = -100;
    k.o.lmp[0] = k.o.lmp[1] = 30;
    hold(&k.rt.fmm, GEN, 110);
    hold(&k.rt.rtd, GEN, 105);
    hold(&k.rt.fmm, LOAD, -103);
    hold(&k.rt.rtd, LOAD, -103);
    price(&k.rt.fmm, 0, 36.5, -1.5);
    price(&k.rt.rtd, 0, 34, -1);
    price(&k.rt.fmm, 1, 35.2, 0.8);
    price(&k.rt.rtd, 1, 35.2, 0.8);
    meter(&k, GEN, 103);
    meter(&k, LOAD, -103);
    settle(&k);
    cr_expect_eq(cents_of(&k, 0, CHARGE_6011), -300000);
    cr_expect_eq(cents_of(&k, 0, CHARGE_6460), -35000);
    cr_expect_eq(cents_of(&k, 0, CHARGE_6470), 16500);
    cr_expect_eq(cents_of(&k, 0, CHARGE_6475), 6600);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6475), 10800);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6774), -1040);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6477), 2140);
    close_books(&k);
}

Test(settle_real_time, who_is_metered_at_its_dispatch_has_no_uninstructed_energy)
{
    struct books k;
    one_generator_one_load(&k);
    k.o.award_mw[GEN] = 80;
    k.o.award_mw[LOAD] = -80;
    hold(&k.rt.fmm, GEN, 90);
    hold(&k.rt.rtd, GEN, 87.5);
    hold(&k.rt.fmm, LOAD, -90);
    hold(&k.rt.rtd, LOAD, -87.5);
    price(&k.rt.fmm, 0, 40, 0);
    price(&k.rt.rtd, 0, 50, 0);
    price(&k.rt.fmm, 1, 40, 0);
    price(&k.rt.rtd, 1, 50, 0);
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    settle(&k);
    cr_expect_eq(cents_of(&k, 0, CHARGE_6475), 0);
    /* 10 MWh at 40 and -2.5 at 50 are 275 USD over 7.5 MWh: 36.67, below both prices, so
       that the lower one, 40, holds: 300 USD. The rest, 25 USD, goes back. */
    cr_expect_eq(cents_of(&k, 1, CHARGE_6475), 30000);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6477), -2500);
    cr_expect_float_eq(k.meter.unaccounted_mwh[0], 0, 1e-9);
    close_books(&k);
}

/* 40 MW day-ahead at 52, unwound at 45: 280 USD either way. Worked example W10. */
Test(settle_real_time, virtual_positions_earn_the_difference_of_the_two_markets)
{
    struct books k;
    struct market_build b;
    market_build_begin(&b, 1, 1);
    int32_t bus = market_build_bus(&b, "1", 100);
    int32_t sc1 = market_build_sc(&b, "SC1", 1e6),
            sc2 = market_build_sc(&b, "SC2", 1e6);
    (void)market_build_position(&b, sc1, bus, VIRTUAL_SUPPLY);
    (void)market_build_position(&b, sc2, bus, VIRTUAL_DEMAND);
    open_books(&k, &b);
    k.o.virtual_award_mw[0] = 40;
    k.o.virtual_award_mw[1] = -40;
    k.o.lmp[0] = 52;
    const double fmm[] = {30, 40, 50, 60};
    for (int q = 0; q < 4; q++)
        k.rt.fmm.lmp[q] = fmm[q];
    settle(&k);
    cr_expect_eq(cents_of(&k, 0, CHARGE_6013), -208000);
    cr_expect_eq(cents_of(&k, 0, CHARGE_6473), 180000);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6013), 208000);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6473), -180000);
    close_books(&k);
}

/* Of 100 MW made 95 are metered at the load: 5 MWh at 40 that demand pays, since their
 * maker was paid. */
Test(settle_real_time, energy_without_a_meter_is_paid_by_measured_demand)
{
    struct books k;
    one_generator_one_load(&k);
    k.o.award_mw[GEN] = 100;
    k.o.award_mw[LOAD] = -100;
    hold(&k.rt.fmm, GEN, 100);
    hold(&k.rt.rtd, GEN, 100);
    hold(&k.rt.fmm, LOAD, -100);
    hold(&k.rt.rtd, LOAD, -100);
    for (int32_t n = 0; n < 2; n++) {
        price(&k.rt.fmm, n, 40, 0);
        price(&k.rt.rtd, n, 40, 0);
    }
    struct meter_row row = {
        .resource = LOAD, .interval = 0, .five = -1, .energy_mwh = -95};
    k.m.meter_row = &row;
    k.m.n_meter_row = 1;
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    settle(&k);
    cr_expect_float_eq(k.meter.unaccounted_mwh[0], 5, 1e-9);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6475), -20000);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6474), 20000);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6477), 0);
    close_books(&k);
}

/* Where lines lose nothing and half at either end: the areas of a line of 50 MW that
 * loses 2, metered at 51 in the middle. */
Test(settle_real_time, areas_answer_for_what_they_lose_and_what_flows_in)
{
    struct books k;
    struct market_build b;
    static struct utility_area area[] = {{.id = "EAST"}, {.id = "WEST"}};
    market_build_begin(&b, 1, 1);
    int32_t bus[2] = {market_build_bus(&b, "1", 0), market_build_bus(&b, "2", 100)};
    int32_t sc = market_build_sc(&b, "SC1", 1e6), sc2 = market_build_sc(&b, "SC2", 1e6);
    (void)market_build_branch(&b, bus[0], bus[1], 0.1, INFINITY);
    (void)market_build_resource(&b, "G", RESOURCE_GENERATOR, sc, bus[0], 0, 200);
    (void)market_build_resource(&b, "L", RESOURCE_LOAD, sc2, bus[1], 0, 200);
    b.m.area = area;
    b.m.n_area = 2;
    b.m.node[bus[0]].area = 1;
    open_books(&k, &b);
    hold(&k.rt.rtd, GEN, 51);
    hold(&k.rt.rtd, LOAD, -49);
    for (int32_t five = 0; five < RT_FIVES; five++) {
        k.rt.rtd.flow_mw[five] = 50;
        k.rt.rtd.branch_loss_mw[five] = k.rt.rtd.loss_mw[five] = 2;
    }
    k.rt.rtd.losses = LOSS_ENDS;
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    for (int32_t a = 0; a < 2; a++) {
        cr_expect_float_eq(k.meter.area_unaccounted_mwh[a], 0, 1e-9);
        cr_expect_float_eq(k.meter.area_loss_mwh[a], 1, 1e-9);
        cr_expect_float_eq(k.meter.area_inflow_mwh[a], a ? -50 : 50, 1e-9);
    }
    struct branch_meter_row row[] = {{.five = -1, .energy_mwh = 48},
                                     {.five = 3, .energy_mwh = 5}};
    k.m.branch_meter = row;
    k.m.n_branch_meter = 2;
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.area_inflow_mwh[0], 49, 1e-9);
    cr_expect_float_eq(k.meter.area_unaccounted_mwh[0], -1, 1e-9);
    cr_expect_float_eq(k.meter.area_unaccounted_mwh[1], 1, 1e-9);
    price(&k.rt.fmm, 1, 40, 0);
    price(&k.rt.rtd, 1, 40, 0);
    k.o.award_mw[GEN] = 51;
    k.o.award_mw[LOAD] = -49;
    hold(&k.rt.fmm, GEN, 51);
    hold(&k.rt.fmm, LOAD, -49);
    settle(&k);
    cr_expect_eq(cents_of(&k, 1, CHARGE_6474), -4000, "the east has demand");
    cr_expect_eq(cents_of(&k, 0, CHARGE_6474), 0, "and the west nobody to ask");
    cr_expect_eq(cents_of(&k, 1, CHARGE_6477), 4000);
    struct metering again;
    enum err_code code = ERR_NOMEM;
    long live = mem_live();
    for (long n = 0; code == ERR_NOMEM; n++) {
        mem_fail_after(n);
        code = metering_begin(&k.m, &again, NULL);
        mem_fail_after(-1);
        metering_release(&again);
        cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
    }
    cr_expect_eq(code, ERR_OK);
    k.rt.rtd.losses = LOSS_REFERENCE; /* all at bus 2, where the load is */
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.area_loss_mwh[0], 2, 1e-9);
    cr_expect_float_eq(k.meter.area_loss_mwh[1], 0, 1e-9);
    close_books(&k);
}

Test(settle_real_time, errors_of_training_depend_on_nothing_but_resource_and_time)
{
    struct books k;
    one_generator_one_load(&k);
    k.m.rules.meter_error = 0.02;
    k.m.rules.meter_seed = 7;
    hold(&k.rt.rtd, GEN, 120);
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    double sum = 0, apart = 0, first = k.meter.energy_mwh[0];
    for (int five = 0; five < RT_FIVES; five++) {
        sum += k.meter.energy_mwh[2 * five];
        apart = fmax(apart, fabs(k.meter.energy_mwh[2 * five] - 10));
    }
    cr_expect_float_eq(sum, 120, 5);
    cr_expect_gt(apart, 0.01, "they do differ");
    hold(&k.rt.rtd, LOAD, -70);
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.energy_mwh[0], first, 0);
    close_books(&k);
}

Test(settle_real_time, hours_are_spread_like_the_dispatch)
{
    struct books k;
    one_generator_one_load(&k);
    hold(&k.rt.rtd, GEN, 60);
    k.rt.rtd.award_mw[0] = 180; /* a quarter of the hour's 70 MWh is more */
    struct meter_row row = {
        .resource = GEN, .interval = 0, .five = -1, .energy_mwh = 35};
    k.m.meter_row = &row;
    k.m.n_meter_row = 1;
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.energy_mwh[0], 35 * 180.0 / 840, 1e-9);
    cr_expect_float_eq(k.meter.energy_mwh[2], 35 * 60.0 / 840, 1e-9);
    row.recalculation = 1; /* not yet */
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.energy_mwh[0], 15, 1e-9);
    metering_day(&k.m, &k.o, &k.rt, 0, 1, &k.meter);
    cr_expect_float_eq(k.meter.energy_mwh[0], 7.5, 1e-9);
    close_books(&k);
}

/* ---- recalculation ---- */

/* The market of W11 settled, with the rows given; *first = its lines before recalculation. */
static void recalculated(struct books *k, struct meter_row *row, int32_t n,
                         int32_t *first)
{
    one_generator_one_load(k);
    k->o.award_mw[GEN] = 100;
    k->o.award_mw[LOAD] = -100;
    hold(&k->rt.fmm, GEN, 100);
    hold(&k->rt.rtd, GEN, 100);
    hold(&k->rt.fmm, LOAD, -100);
    hold(&k->rt.rtd, LOAD, -100);
    for (int32_t node = 0; node < 2; node++) {
        price(&k->rt.fmm, node, 40, 0);
        price(&k->rt.rtd, node, 40, 0);
    }
    k->m.meter_row = row;
    k->m.n_meter_row = n;
    metering_day(&k->m, &k->o, &k->rt, 0, 0, &k->meter);
    settle(k);
    *first = k->s.n_line;
    const struct settle_inputs in = {
        .m = &k->m, .a = &k->a, .o = &k->o, .rt = &k->rt, .meter = &k->meter};
    cr_assert_eq(recalculate_all(&in, &k->s, NULL), ERR_OK);
}

Test(settle_real_time, an_identical_recalculation_yields_nothing)
{
    struct books k;
    int32_t first;
    struct meter_row row[] = {
        {.recalculation = 0, .resource = GEN, .five = -1, .energy_mwh = 97},
        {.recalculation = 1, .resource = GEN, .five = -1, .energy_mwh = 97},
        {.recalculation = 2, .resource = GEN, .five = 3, .energy_mwh = 97.0 / 12}};
    recalculated(&k, row, 3, &first);
    cr_expect_eq(k.s.n_line, first);
    for (int64_t i = 0; i < k.s.n_interval_line; i++)
        cr_expect_eq(k.s.interval_line[i].version, 0);
    close_books(&k);
}

/* First reported 97 of 100 MWh, corrected to 99 and then to 98: -80 USD, then +40 USD, and
 * what demand pays for energy without a meter the other way. */
Test(settle_real_time, each_recalculation_holds_what_it_changes)
{
    struct books k;
    int32_t first;
    struct meter_row row[] = {
        {.recalculation = 0, .resource = GEN, .five = -1, .energy_mwh = 97},
        {.recalculation = 1, .resource = GEN, .five = -1, .energy_mwh = 99},
        {.recalculation = 2, .resource = GEN, .five = -1, .energy_mwh = 98}};
    recalculated(&k, row, 3, &first);
    cr_assert_eq(k.s.n_line, first + 4);
    static const struct {
        int32_t version, sc, code;
        cents_t cents;
    } expected[] = {{1, 0, CHARGE_6475, -8000},
                    {1, 1, CHARGE_6474, 8000},
                    {2, 0, CHARGE_6475, 4000},
                    {2, 1, CHARGE_6474, -4000}};
    for (int i = 0; i < 4; i++) {
        const struct statement_line *line = &k.s.line[first + i];
        cr_expect_eq(line->version, expected[i].version, "%d", i);
        cr_expect_eq(line->sc, expected[i].sc, "%d", i);
        cr_expect_eq(line->code, expected[i].code, "%d", i);
        cr_expect_eq(line->amount_cents, expected[i].cents, "%d", i);
    }
    double sum[3] = {0};
    for (int64_t i = 0; i < k.s.n_interval_line; i++)
        if (k.s.interval_line[i].code == CHARGE_6475)
            sum[k.s.interval_line[i].version] += k.s.interval_line[i].amount_usd;
    cr_expect_float_eq(sum[0], 120, 1e-9);
    cr_expect_float_eq(sum[1], -80, 1e-9);
    cr_expect_float_eq(sum[2], 40, 1e-9);
    close_books(&k);
}

/* 100 MWh on every day but the one that is settled, and that is held to 80: 20 MWh less,
 * more in the five minutes that asked for more. */
Test(settle_real_time, demand_response_is_measured_by_its_baseline)
{
    struct books k;
    struct response_row row[46];
    one_generator_one_load(&k);
    const struct trade_day *d = &k.m.day[0];
    for (int i = 0; i <= 45; i++)
        row[i] = (struct response_row){.resource = GEN,
                                       .date = d->date - 45 + i,
                                       .hour = d->hour_ending[0],
                                       .load_mwh = i < 45 ? 100 : 80};
    k.m.response = row;
    k.m.n_response = 46;
    hold(&k.rt.rtd, GEN, 60);
    k.rt.rtd.award_mw[0] = 180;
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.energy_mwh[0], 20 * 180.0 / 840, 1e-9);
    cr_expect_float_eq(k.meter.energy_mwh[2], 20 * 60.0 / 840, 1e-9);
    cr_expect_eq(k.meter.given[GEN], 1);
    hold(&k.rt.rtd, GEN, 0); /* no event: nothing to measure */
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.energy_mwh[0], 0, 0);
    struct meter_row meter = {
        .resource = GEN, .interval = 0, .five = -1, .energy_mwh = 12};
    k.m.meter_row = &meter;
    k.m.n_meter_row = 1;
    hold(&k.rt.rtd, GEN, 60);
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.energy_mwh[0], 1, 1e-9, "table meter holds against it");
    close_books(&k);
}

/*
 * A generator of 50 MW holds 10 MW of SR and 5 of NR, bought at 6 and 2, of which 8 of SR
 * were bought the day before. What its meter leaves of 50 MW is what is there.
 */
static void holding_services(struct books *k, double meter_mw)
{
    struct market_build b;
    market_build_begin(&b, 1, 1);
    int32_t bus = market_build_bus(&b, "1", 100);
    int32_t sc1 = market_build_sc(&b, "SC1", 1e6),
            sc2 = market_build_sc(&b, "SC2", 1e6);
    int32_t g = market_build_resource(&b, "G", RESOURCE_GENERATOR, sc1, bus, 0, 50);
    (void)market_build_resource(&b, "L", RESOURCE_LOAD, sc2, bus, 0, 200);
    market_build_required(&b, 0, SERVICE_SR, 0, 10);
    market_build_required(&b, 0, SERVICE_NR, 0, 5);
    market_build_offer(&b, g, SERVICE_SR, 0, 10, 1);
    market_build_offer(&b, g, SERVICE_NR, 0, 5, 1);
    open_books(k, &b);
    k->o.service_mw[0] = 8;
    k->o.service_mw[1] = 5;
    k->o.service_bidder_usd_per_mw[0] = 6;
    k->o.service_bidder_usd_per_mw[1] = 2;
    for (int32_t q = 0; q < RT_QUARTERS; q++) {
        k->rt.fmm.service_mw[2 * q] = 10;
        k->rt.fmm.service_self_mw[2 * q] = 8;
        k->rt.fmm.service_mw[2 * q + 1] = k->rt.fmm.service_self_mw[2 * q + 1] = 5;
        k->rt.fmm.service_bidder_usd_per_mw[2 * q] = 6;
    }
    for (int32_t five = 0; five < RT_FIVES; five++)
        k->rt.rtd.on[five * 2 + GEN] = 1;
    k->o.award_mw[LOAD] = -40;
    hold(&k->rt.rtd, GEN, meter_mw);
    hold(&k->rt.rtd, LOAD, -meter_mw);
    metering_day(&k->m, &k->o, &k->rt, 0, 0, &k->meter);
    settle(k);
}

Test(settle_real_time, services_that_are_there_are_paid_by_both_markets)
{
    struct books k;
    holding_services(&k, 35);
    cr_expect_eq(cents_of(&k, 0, 6100), -4800);
    cr_expect_eq(cents_of(&k, 0, 6170), -1200);
    cr_expect_eq(cents_of(&k, 0, 6200), -1000);
    cr_expect_eq(cents_of(&k, 0, 6124), 0);
    cr_expect_eq(cents_of(&k, 1, 6194), 6000);
    cr_expect_eq(cents_of(&k, 1, 6294), 1000);
    close_books(&k);
}

Test(settle_real_time, energy_that_takes_reserved_capacity_gives_the_payment_back)
{
    struct books k;
    holding_services(&k, 42); /* 8 MW are left for 15: NR goes first, then SR */
    cr_expect_float_eq(k.meter.no_pay_mw[0], 2, 1e-9);
    cr_expect_float_eq(k.meter.no_pay_mw[1], 5, 1e-9);
    cr_expect_eq(cents_of(&k, 0, 6224), 1000);
    cr_expect_eq(cents_of(&k, 0, 6124), 1200);
    close_books(&k);
}

Test(settle_real_time, a_unit_that_is_off_holds_nothing)
{
    struct books k;
    holding_services(&k, 35);
    for (int32_t five = 0; five < RT_FIVES; five++)
        k.rt.rtd.on[five * 2 + GEN] = 0;
    metering_day(&k.m, &k.o, &k.rt, 0, 0, &k.meter);
    cr_expect_float_eq(k.meter.no_pay_mw[0], 10, 1e-9);
    close_books(&k);
}
