/* test_settle.c - trade days through the charge codes, by hand and at random. */
#include "sim/settle/settle.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/market_build.h"
#include "tests/support/outcome_build.h"

/* Everything that settlement reads and writes. */
struct books {
    struct market m;
    struct admission a;
    struct outcome o;
    struct settlement s;
};

static enum err_code settle_books(const struct books *k, int32_t day,
                                  struct settlement *s, struct err *err)
{
    const struct settle_inputs in = {.m = &k->m, .a = &k->a, .o = &k->o};
    return settle_day(&in, day, s, err);
}

static void open_books(struct books *k, struct market_build *b)
{
    *k = (struct books){.m = market_build_end(b)};
    cr_assert_eq(admit_bids(&k->m, &k->a, NULL), ERR_OK);
    k->o = outcome_build(&k->m);
}

static void close_books(struct books *k)
{
    settlement_release(&k->s);
    outcome_release(&k->o);
    admission_release(&k->a);
    market_release(&k->m);
    cr_assert_eq(mem_live(), 0);
}

static double sum_code(const struct settlement *s, int32_t sc, int code)
{
    double sum_usd = 0;
    for (int64_t i = 0; i < s->n_interval_line; i++)
        if (s->interval_line[i].code == code && s->interval_line[i].sc == sc)
            sum_usd += s->interval_line[i].amount_usd;
    return sum_usd;
}

static cents_t cents_of(const struct settlement *s, int32_t sc, int code)
{
    for (int32_t i = 0; i < s->n_line; i++)
        if (s->line[i].sc == sc && s->line[i].code == code)
            return s->line[i].amount_cents;
    return 0;
}

/*
 * Three buses: 60 MW at 10 and 30 MW at 30 serve 90 MW at 50 past a full line of 50 MW
 * whose shadow price is 60. Load pays 4,500, generators get 600 + 900, rent 3,000.
 */
static void three_buses(struct books *k)
{
    struct market_build b;
    market_build_begin(&b, 1, 1);
    int32_t bus[3] = {market_build_bus(&b, "1", 0), market_build_bus(&b, "2", 0),
                      market_build_bus(&b, "3", 90)};
    int32_t sc1 = market_build_sc(&b, "SC1", 1e6),
            sc2 = market_build_sc(&b, "SC2", 1e6);
    int32_t g1 =
        market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc1, bus[0], 0, 100);
    int32_t g2 =
        market_build_resource(&b, "G2", RESOURCE_GENERATOR, sc1, bus[1], 0, 100);
    int32_t load = market_build_resource(&b, "L3", RESOURCE_LOAD, sc2, bus[2], 0, 90);
    market_build_bid(&b, g1, 0, 0, 50, 10);
    market_build_bid(&b, g1, 0, 50, 100, 10);
    market_build_bid(&b, g2, 0, 0, 100, 30);
    market_build_self(&b, load, 0, BID_SELF_PT, 0, 90);
    b.m.rules.bid_segment_fee = 0.5;
    open_books(k, &b);
    static const double award_mw[] = {60, 30, -90}, lmp[] = {10, 30, 50};
    memcpy(k->o.award_mw, award_mw, sizeof award_mw);
    memcpy(k->o.lmp, lmp, sizeof lmp);
}

Test(settle, congestion_rent_goes_back_to_the_load_that_paid_it)
{
    struct books k;
    three_buses(&k);
    cr_assert_eq(settle_books(&k, 0, &k.s, NULL), ERR_OK);
    cr_assert_eq(cents_of(&k.s, 0, CHARGE_6011), -150000);
    cr_assert_eq(cents_of(&k.s, 1, CHARGE_6011), 450000);
    cr_assert_eq(cents_of(&k.s, 1, CHARGE_6790), -300000);
    cr_assert_eq(cents_of(&k.s, 0, CHARGE_4560), 900);
    cr_assert_eq(cents_of(&k.s, 1, CHARGE_4560), 900);
    cr_assert_eq(cents_of(&k.s, SETTLE_ISO, CHARGE_4560), -1800);
    cr_assert_eq(cents_of(&k.s, 0, CHARGE_4515), 150);
    cr_assert_eq(cents_of(&k.s, 1, CHARGE_4515), 50);
    cr_assert_eq(cents_of(&k.s, SETTLE_ISO, CHARGE_4515), -200);
    cr_assert_eq(cents_of(&k.s, SETTLE_ISO, CHARGE_4989), 0);
    cr_assert_eq(k.s.sum_cents, 0);
    cr_assert_eq(settlement_net_cents(&k.s, 1, 0), 450000 - 300000 + 900 + 50);
    cr_assert_eq(settlement_net_cents(&k.s, SETTLE_ISO, 0), -2000);
    close_books(&k);
}

/* W3 of the market rules: 204.168477 MW at 20 serve 200 MW at 20.851441. */
static void two_buses_with_losses(struct books *k, cents_t *lost)
{
    struct market_build b;
    market_build_begin(&b, 1, 1);
    int32_t bus[2] = {market_build_bus(&b, "1", 0), market_build_bus(&b, "2", 200)};
    int32_t sc[3] = {market_build_sc(&b, "SC1", 1e6), market_build_sc(&b, "SC2", 1e6),
                     market_build_sc(&b, "SC3", 1e6)};
    int32_t g1 =
        market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc[0], bus[0], 0, 300);
    int32_t l2 = market_build_resource(&b, "L2", RESOURCE_LOAD, sc[1], bus[1], 0, 150);
    int32_t l3 = market_build_resource(&b, "L3", RESOURCE_LOAD, sc[2], bus[1], 0, 50);
    market_build_bid(&b, g1, 0, 0, 300, 20);
    market_build_self(&b, l2, 0, BID_SELF_PT, 0, 150);
    market_build_self(&b, l3, 0, BID_SELF_PT, 0, 50);
    open_books(k, &b);
    static const double award_mw[] = {204.168477, -150, -50}, lmp[] = {20, 20.851441};
    memcpy(k->o.award_mw, award_mw, sizeof award_mw);
    memcpy(k->o.lmp, lmp, sizeof lmp);
    k->o.loss_surplus_usd[0] = 200 * lmp[1] - award_mw[0] * lmp[0];
    *lost = 8692; /* 86.9187 $ */
}

Test(settle, loss_surplus_goes_back_to_demand_by_its_share)
{
    struct books k;
    cents_t lost;
    two_buses_with_losses(&k, &lost);
    cr_assert_eq(settle_books(&k, 0, &k.s, NULL), ERR_OK);
    cr_assert_eq(cents_of(&k.s, 0, CHARGE_6011), -408337);
    cr_assert_eq(cents_of(&k.s, 1, CHARGE_6947), -6519);
    cr_assert_eq(cents_of(&k.s, 2, CHARGE_6947), -2173);
    cr_assert_eq(-6519 - 2173, -lost);
    for (int32_t sc = 0; sc < 3; sc++) /* nothing is left of congestion */
        cr_assert_eq(cents_of(&k.s, sc, CHARGE_6790), 0);
    cr_assert_eq(k.s.sum_cents, 0);
    close_books(&k);
}

Test(settle, loss_surplus_and_rent_are_returned_under_their_own_codes)
{
    struct books k;
    three_buses(&k);
    k.o.loss_surplus_usd[0] = 100;
    cr_assert_eq(settle_books(&k, 0, &k.s, NULL), ERR_OK);
    cr_assert_eq(cents_of(&k.s, 1, CHARGE_6790), -290000);
    cr_assert_eq(cents_of(&k.s, 1, CHARGE_6947), -10000);
    cr_assert_eq(k.s.sum_cents, 0);
    close_books(&k);
}

Test(settle, lines_carry_quantity_and_price)
{
    struct books k;
    three_buses(&k);
    cr_assert_eq(settle_books(&k, 0, &k.s, NULL), ERR_OK);
    for (int64_t i = 0; i < k.s.n_interval_line; i++) {
        const struct settle_interval_line *l = &k.s.interval_line[i];
        double sign = l->code == CHARGE_6011 || l->code == CHARGE_6013 ? -1 : 1;
        if (l->sc == SETTLE_ISO)
            sign = -1;
        cr_assert_float_eq(l->amount_usd, sign * l->quantity_mwh * l->price_usd, 1e-9);
    }
    close_books(&k);
}

/* 50 MW of withdrawal of a store and of virtual demand earn no share; an export does. */
Test(settle, only_loads_and_exports_share_the_surplus)
{
    struct market_build b;
    struct books k;
    market_build_begin(&b, 1, 1);
    int32_t bus = market_build_bus(&b, "A", 0);
    int32_t lap = market_build_apnode(&b, "LAP", NODE_LAP, 1, &bus, NULL);
    int32_t tie = market_build_tie(&b, "TIE", bus, 100, 100);
    int32_t sc = market_build_sc(&b, "SC1", 0), other = market_build_sc(&b, "SC2", 0);
    (void)market_build_resource(&b, "E1", RESOURCE_EXPORT, sc, tie, 0, 100);
    (void)market_build_resource(&b, "L1", RESOURCE_LOAD, other, lap, 0, 100);
    (void)market_build_resource(&b, "S1", RESOURCE_STORAGE, sc, bus, -50, 50);
    (void)market_build_position(&b, sc, lap, VIRTUAL_DEMAND);
    open_books(&k, &b);
    static const double award_mw[] = {-10, -30, -50};
    memcpy(k.o.award_mw, award_mw, sizeof award_mw);
    k.o.virtual_award_mw[0] = -50;
    for (int i = 0; i < 3; i++)
        k.o.lmp[i] = 20;
    cr_assert_eq(settle_books(&k, 0, &k.s, NULL), ERR_OK);
    cr_assert_float_eq(sum_code(&k.s, sc, CHARGE_6790), -140 * 20 * 0.25, 1e-9);
    cr_assert_float_eq(sum_code(&k.s, other, CHARGE_6790), -140 * 20 * 0.75, 1e-9);
    close_books(&k);
}

static void one_generator_and_a_position(struct books *k)
{
    struct market_build b;
    market_build_begin(&b, 1, 1);
    int32_t bus = market_build_bus(&b, "A", 0), sc = market_build_sc(&b, "SC1", 0);
    (void)market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc, bus, 0, 100);
    (void)market_build_position(&b, sc, bus, VIRTUAL_DEMAND);
    open_books(k, &b);
    k->o.lmp[0] = 20;
}

Test(settle, without_scheduled_demand_the_surplus_goes_by_awards)
{
    struct books k;
    one_generator_and_a_position(&k);
    k.o.award_mw[0] = 30;
    k.o.virtual_award_mw[0] = -40;
    cr_assert_eq(settle_books(&k, 0, &k.s, NULL), ERR_OK);
    cr_assert_float_eq(sum_code(&k.s, 0, CHARGE_6790), -200, 1e-9);
    close_books(&k);
}

Test(settle, without_any_award_the_surplus_stays_with_the_iso)
{
    struct books k;
    one_generator_and_a_position(&k);
    k.o.virtual_award_mw[0] = -40;
    cr_assert_eq(settle_books(&k, 0, &k.s, NULL), ERR_OK);
    cr_assert_float_eq(sum_code(&k.s, SETTLE_ISO, CHARGE_6790), -800, 1e-9);
    cr_assert_eq(k.s.sum_cents, 0);
    close_books(&k);
}

Test(settle, a_day_on_which_nothing_happened_has_no_lines)
{
    struct books k;
    one_generator_and_a_position(&k);
    cr_assert_eq(settle_books(&k, 0, &k.s, NULL), ERR_OK);
    cr_assert_eq(k.s.n_interval_line, 0);
    cr_assert_eq(k.s.n_line, 0);
    close_books(&k);
}

Test(settle, a_price_that_is_no_number_is_refused_and_leaves_nothing)
{
    struct books k;
    struct err err = {0};
    three_buses(&k);
    k.o.lmp[1] = (double)NAN;
    cr_assert_eq(settle_books(&k, 0, &k.s, &err), ERR_NUMERIC);
    cr_assert(strstr(err.msg, "charge group 'day-ahead energy' does not balance on "
                              "2026-04-15 in hour ending 1"),
              "%s", err.msg);
    cr_assert_eq(k.s.n_interval_line, 0);
    cr_assert_eq(k.s.n_line, 0);
    close_books(&k);
}

Test(settle, amounts_too_large_for_a_statement_are_refused)
{
    struct books k;
    struct err err = {0};
    three_buses(&k);
    k.o.lmp[2] = 1e13;
    cr_assert_eq(settle_books(&k, 0, &k.s, &err), ERR_NUMERIC);
    cr_assert(strstr(err.msg, "charge 6011 of SC2 comes to 9e+14 USD"), "%s", err.msg);
    close_books(&k);
}

/* ---- laws over random outcomes ---- */

enum {
    RANDOM_MARKETS = 200,
    N_BUS = 5,
    N_SC = 6,
    N_RESOURCE = 30,
    N_POSITION = 12
};

static uint64_t first_seed(void)
{
    const char *given = getenv("PROP_SEED");
    return given ? strtoull(given, NULL, 10) : 1;
}

/* A market of 2 days x 4 hours in which prices and awards have nothing to do with bids. */
static void random_books(struct books *k, uint64_t seed)
{
    static const enum resource_type type[] = {RESOURCE_GENERATOR, RESOURCE_LOAD,
                                              RESOURCE_STORAGE};
    struct market_build b;
    char id[8] = "X00";
    market_build_begin(&b, 2, 4);
    for (char c = 'A'; c < 'A' + N_BUS; c++)
        (void)market_build_bus(&b, (char[]){c, '\0'}, 0);
    for (char c = '1'; c < '1' + N_SC; c++)
        (void)market_build_sc(&b, (char[]){'S', c, '\0'}, 1e9);
    for (int i = 0; i < N_RESOURCE; i++) {
        id[1] = (char)('0' + i / 10);
        id[2] = (char)('0' + i % 10);
        double pmin_mw = i % 3 == 2 ? -100 : 0;
        int32_t r = market_build_resource(&b, id, type[i % 3], i % N_SC, i % N_BUS,
                                          pmin_mw, 100);
        market_build_bid(&b, r, MARKET_BUILD_ALL, pmin_mw, 100, 20);
    }
    for (int i = 0; i < N_POSITION; i++)
        (void)market_build_position(&b, i % N_SC, i % N_BUS,
                                    i % 2 ? VIRTUAL_DEMAND : VIRTUAL_SUPPLY);
    open_books(k, &b);
    for (int32_t t = 0; t < k->m.n_interval; t++) {
        for (int32_t r = 0; r < N_RESOURCE; r++) {
            double lo = r % 3 ? -100 : 0, hi = r % 3 == 1 ? 0 : 100;
            k->o.award_mw[t * N_RESOURCE + r] = outcome_build_random(&seed, lo, hi);
        }
        for (int32_t p = 0; p < N_POSITION; p++)
            k->o.virtual_award_mw[t * N_POSITION + p] =
                outcome_build_random(&seed, p % 2 ? -50 : 0, p % 2 ? 0 : 50);
        for (int32_t n = 0; n < N_BUS; n++)
            k->o.lmp[t * N_BUS + n] = outcome_build_random(&seed, -150, 1000);
    }
}

static void settle_both_days(struct books *k, struct settlement *s)
{
    struct err err = {0};
    for (int32_t day = 0; day < k->m.n_day; day++)
        cr_assert_eq(settle_books(k, day, s, &err), ERR_OK, "%s", err.msg);
}

static bool in_order(const struct settle_interval_line *x,
                     const struct settle_interval_line *y)
{
    if (x->sc != y->sc)
        return (uint32_t)x->sc < (uint32_t)y->sc;
    if (x->code != y->code)
        return x->code < y->code;
    if (x->interval != y->interval)
        return x->interval < y->interval;
    if (x->resource != y->resource)
        return x->resource < y->resource;
    return x->position < y->position;
}

static void check_order(const struct settlement *s, unsigned long long seed)
{
    for (int64_t i = 1; i < s->n_interval_line; i++)
        cr_assert(in_order(&s->interval_line[i - 1], &s->interval_line[i]),
                  "seed %llu line %lld", seed, (long long)i);
    for (int32_t i = 1; i < s->n_line; i++) {
        const struct statement_line *x = &s->line[i - 1], *y = &s->line[i];
        bool good = x->day < y->day;
        if (x->day == y->day)
            good =
                x->sc == y->sc ? x->code < y->code : (uint32_t)x->sc < (uint32_t)y->sc;
        cr_assert(good, "seed %llu line %d", seed, i);
    }
}

Test(settle, every_cent_of_random_outcomes_adds_up_to_zero)
{
    uint64_t first = first_seed();
    for (uint64_t seed = first; seed < first + RANDOM_MARKETS; seed++) {
        struct books k;
        random_books(&k, seed);
        settle_both_days(&k, &k.s);
        cents_t sum_cents = 0, rounding_cents = 0;
        for (int32_t i = 0; i < k.s.n_line; i++) {
            sum_cents += k.s.line[i].amount_cents;
            if (k.s.line[i].code == CHARGE_4989)
                rounding_cents += llabs((long long)k.s.line[i].amount_cents);
        }
        unsigned long long shown = seed;
        cr_assert_eq(sum_cents, 0, "seed %llu", shown);
        cr_assert_leq(rounding_cents, k.s.n_line / 2, "seed %llu", shown);
        cr_assert_lt(k.s.worst_neutrality_usd, 1e-6, "seed %llu", shown);
        check_order(&k.s, shown);
        close_books(&k);
    }
}

/* The slow, obvious twin: a charge group and an interval at a time, plainly added. */
Test(settle, every_group_balances_in_every_interval)
{
    uint64_t first = first_seed();
    for (uint64_t seed = first; seed < first + RANDOM_MARKETS; seed++) {
        struct books k;
        random_books(&k, seed);
        settle_both_days(&k, &k.s);
        for (int32_t t = 0; t < k.m.n_interval; t++) {
            double energy_usd = 0, fees_usd = 0;
            for (int64_t i = 0; i < k.s.n_interval_line; i++) {
                const struct settle_interval_line *l = &k.s.interval_line[i];
                if (l->interval == t && l->code >= CHARGE_6011)
                    energy_usd += l->amount_usd;
                else if (l->interval == t)
                    fees_usd += l->amount_usd;
            }
            cr_assert_float_eq(energy_usd, 0, 1e-6, "seed %llu",
                               (unsigned long long)seed);
            cr_assert_float_eq(fees_usd, 0, 1e-6, "seed %llu",
                               (unsigned long long)seed);
        }
        close_books(&k);
    }
}

Test(settle, doubling_every_price_doubles_the_money_of_energy)
{
    uint64_t first = first_seed();
    for (uint64_t seed = first; seed < first + 50; seed++) {
        struct books k;
        struct settlement twice = {0};
        random_books(&k, seed);
        settle_both_days(&k, &k.s);
        for (int32_t i = 0; i < k.m.n_interval * k.m.n_node; i++)
            k.o.lmp[i] *= 2;
        int64_t n_bid = (int64_t)k.m.n_resource * k.m.n_interval;
        for (int64_t i = 0; i < k.a.bids.start[n_bid]; i++)
            k.a.bids.seg[i].price_usd_per_mwh *= 2;
        settle_both_days(&k, &twice);
        cr_assert_eq(twice.n_interval_line, k.s.n_interval_line);
        for (int64_t i = 0; i < twice.n_interval_line; i++) {
            const struct settle_interval_line *x = &k.s.interval_line[i];
            double factor = x->code >= CHARGE_6011 ? 2 : 1;
            cr_assert_float_eq(twice.interval_line[i].amount_usd,
                               factor * x->amount_usd, 1e-6, "seed %llu",
                               (unsigned long long)seed);
        }
        settlement_release(&twice);
        close_books(&k);
    }
}

Test(settle, settling_the_same_outcome_again_changes_nothing)
{
    struct books k;
    struct settlement again = {0};
    random_books(&k, first_seed());
    settle_both_days(&k, &k.s);
    settle_both_days(&k, &again);
    cr_assert_eq(again.n_line, k.s.n_line);
    for (int32_t i = 0; i < again.n_line; i++) {
        cr_assert_eq(again.line[i].sc, k.s.line[i].sc);
        cr_assert_eq(again.line[i].code, k.s.line[i].code);
        cr_assert_eq(again.line[i].amount_cents, k.s.line[i].amount_cents);
    }
    cr_assert_eq(settle_books(&k, 1, &again, NULL), ERR_BUG);
    settlement_release(&again);
    close_books(&k);
}

Test(settle, every_failed_allocation_is_reported_and_leaves_the_days_before)
{
    struct books k;
    random_books(&k, first_seed());
    long live = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct settlement s = {0};
        struct err err = {0};
        cr_assert_eq(settle_books(&k, 0, &s, NULL), ERR_OK);
        int64_t n_interval_line = s.n_interval_line;
        int32_t n_line = s.n_line;
        mem_fail_after(n);
        code = settle_books(&k, 1, &s, &err);
        mem_fail_after(-1);
        cr_assert_eq(code, err.code);
        if (code) {
            cr_assert_eq(s.n_interval_line, n_interval_line);
            cr_assert_eq(s.n_line, n_line);
        }
        settlement_release(&s);
        cr_assert_eq(mem_live(), live, "leak after %ld allocations", n);
        cr_assert_lt(n, 100);
    }
    cr_assert_eq(code, ERR_OK);
    close_books(&k);
}
