/*
 * prop_settlement.c - what every settlement keeps, whatever the meters say: every group of
 * every interval closes, exact meters make no uninstructed energy, nothing depends on how
 * often or in which currency it is settled, and who follows is not left short.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/settle/charge_code.h"
#include "sim/settle/recalculate.h"
#include "tests/support/cleared.h"
#include "tests/support/drawn_market.h"
#include "tests/support/drawn_real_time.h"

enum {
    MOST_ROWS = 64,
    MOST_GROUPS = 64
};

/* A market with real time, services and losses at times, and meters that err. */
static struct market draw_all(struct draw *d)
{
    struct market_build b;
    drawn_market(d, DRAWN_MARKET_ANY, &b);
    if (draw_chance(d, 0.5))
        drawn_services(d, &b);
    struct market m = market_build_end(&b);
    drawn_real_time(d, &m);
    m.rules.meter_error = draw_chance(d, 0.3) ? 0 : draw_real(d, 0, 0.2);
    m.rules.meter_seed = draw_int(d, 1, 1000);
    m.rules.losses = draw_chance(d, 0.3) ? LOSS_REFERENCE : LOSS_OFF;
    for (int32_t l = 0; l < m.grid.n_branch; l++)
        m.grid.branch[l].r_pu = draw_real(d, 0, 0.02);
    return m;
}

/* Rows of the first report and of two recalculations, of hours and of five minutes. */
static int32_t draw_rows(struct draw *d, const struct market *m,
                         struct meter_row row[MOST_ROWS])
{
    int32_t n = draw_int(d, 1, MOST_ROWS);
    for (int32_t k = 0; k < n; k++)
        row[k] = (struct meter_row){
            .recalculation = 3 * k / n,
            .resource = draw_int(d, 0, m->n_resource - 1),
            .interval = draw_int(d, 0, m->n_interval - 1),
            .five = draw_chance(d, 0.5) ? -1 : draw_int(d, 0, RT_FIVES - 1),
            .energy_mwh = draw_real(d, -50, 50)};
    return n;
}

static struct settle_inputs inputs_of(const struct cleared *c)
{
    return (struct settle_inputs){
        .m = &c->m, .a = &c->a, .o = &c->o, .rt = &c->rt, .meter = &c->meter};
}

/* Meters are read and all days are settled once more, into *s. */
static void settle_again(struct cleared *c, struct settlement *s)
{
    const struct settle_inputs in = inputs_of(c);
    struct err err = {0};
    *s = (struct settlement){0};
    for (int32_t day = 0; day < c->m.n_day; day++) {
        metering_day(&c->m, &c->o, &c->rt, day, 0, &c->meter);
        LAW(settle_day(&in, day, s, &err) == ERR_OK, "day %d: %s", day, err.msg);
    }
}

/* ---- sums of zero ---- */

/* Which of the groups, by its name, a code belongs to. */
static int group_of(int code)
{
    int n;
    const struct charge_code_row *row = charge_code_table(&n);
    int at = charge_code_find(code);
    LAW(at >= 0 && n <= MOST_GROUPS, "code %d", code);
    for (int k = 0; k < at; k++)
        if (strcmp(row[k].group, row[at].group) == 0)
            return k;
    return at;
}

/* Every group of every interval and version by itself, in the plainest way. */
static int check_groups(const struct cleared *c)
{
    int n = 0;
    for (int32_t version = 0; version <= 2; version++)
        for (int32_t t = 0; t < c->m.n_interval; t++) {
            double sum[MOST_GROUPS] = {0}, moved[MOST_GROUPS] = {0};
            for (int64_t k = 0; k < c->s.n_interval_line; k++) {
                const struct settle_interval_line *line = &c->s.interval_line[k];
                if (line->version != version || line->interval != t)
                    continue;
                sum[group_of(line->code)] += line->amount_usd;
                moved[group_of(line->code)] += fabs(line->amount_usd);
            }
            for (int g = 0; g < MOST_GROUPS; g++) {
                LAW(fabs(sum[g]) <= 1e-8 * moved[g] + 2e-6,
                    "version %d, hour %d, group %d: %.9g USD are left", version, t, g,
                    sum[g]);
                n += version > 0 && moved[g] > 1;
            }
        }
    return n;
}

/* Every statement: all lines of a day and a version are nobody's and nobody else's. */
static void check_statements(const struct cleared *c)
{
    for (int32_t version = 0; version <= 2; version++)
        for (int32_t day = 0; day < c->m.n_day; day++) {
            cents_t sum = 0;
            for (int32_t k = 0; k < c->s.n_line; k++)
                if (c->s.line[k].version == version && c->s.line[k].day == day)
                    sum += c->s.line[k].amount_cents;
            LAW(sum == 0, "version %d, day %d: %lld cents", version, day,
                (long long)sum);
        }
}

Test(prop_settlement, every_group_interval_and_statement_closes_with_any_meters)
{
    int n_changed = 0;
    FOR_SEEDS(seed, 10)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        struct meter_row row[MOST_ROWS];
        struct market m = draw_all(&d);
        m.n_meter_row = draw_rows(&d, &m, row);
        m.meter_row = row;
        cleared_make(m, &c);
        const struct settle_inputs in = inputs_of(&c);
        LAW(recalculate_all(&in, &c.s, NULL) == ERR_OK, "%s", "recalculation");
        n_changed += check_groups(&c);
        check_statements(&c);
        c.m.n_meter_row = 0;
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_changed, 20);
}

/* ---- the same again ---- */

Test(prop_settlement, the_same_meters_give_the_same_bytes)
{
    FOR_SEEDS(seed, 5)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        struct settlement again;
        struct meter_row row[2 * MOST_ROWS];
        struct market m = draw_all(&d);
        int32_t n = draw_rows(&d, &m, row);
        for (int32_t k = 0; k < n; k++) { /* reported, and reported once more */
            row[k].recalculation = 0;
            row[n + k] = row[k];
            row[n + k].recalculation = 1;
        }
        m.n_meter_row = 2 * n;
        m.meter_row = row;
        cleared_make(m, &c);
        settle_again(&c, &again);
        LAW(again.n_interval_line == c.s.n_interval_line &&
                memcmp(again.interval_line, c.s.interval_line,
                       (size_t)c.s.n_interval_line * sizeof *c.s.interval_line) == 0,
            "%s", "interval lines differ");
        int32_t n_line = c.s.n_line;
        const struct settle_inputs in = inputs_of(&c);
        LAW(recalculate_all(&in, &c.s, NULL) == ERR_OK, "%s", "recalculation");
        LAW(c.s.n_line == n_line, "%d lines out of nothing", c.s.n_line - n_line);
        settlement_release(&again);
        c.m.n_meter_row = 0;
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
}

/* ---- meters that say what was dispatched ---- */

static double uninstructed_usd(const struct settlement *s, int32_t r)
{
    double sum = 0;
    for (int64_t k = 0; k < s->n_interval_line; k++)
        if (s->interval_line[k].resource == r &&
            s->interval_line[k].code == CHARGE_6475)
            sum += fabs(s->interval_line[k].amount_usd);
    return sum;
}

Test(prop_settlement, who_is_metered_at_its_dispatch_has_no_uninstructed_energy)
{
    int n_other = 0;
    FOR_SEEDS(seed, 6)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        struct settlement again;
        struct market m = draw_all(&d);
        m.rules.meter_error = 0.1;
        cleared_make(m, &c);
        int32_t n_five = RT_FIVES * c.m.n_interval, n = 0, exact[2];
        struct meter_row *row = MEM_ARRAY(struct meter_row, 2 * (size_t)n_five);
        LAW(row != NULL, "%s", "memory");
        for (int k = 0; k < 2; k++) {
            exact[k] = draw_int(&d, 0, c.m.n_resource - 1);
            for (int32_t f = 0; f < n_five; f++)
                row[n++] = (struct meter_row){
                    .resource = exact[k],
                    .interval = f / RT_FIVES,
                    .five = f % RT_FIVES,
                    .energy_mwh =
                        c.rt.rtd.award_mw[f * c.m.n_resource + exact[k]] / RT_FIVES};
        }
        c.m.meter_row = row;
        c.m.n_meter_row = n;
        settle_again(&c, &again);
        for (int32_t r = 0; r < c.m.n_resource; r++) {
            double usd = uninstructed_usd(&again, r);
            if (c.m.resource[r].type == RESOURCE_LOAD)
                continue; /* takes what it takes: never dispatched */
            LAW((r != exact[0] && r != exact[1]) || usd < 1e-9,
                "%s followed and is charged %.9g USD", c.m.resource[r].id, usd);
            n_other += r != exact[0] && r != exact[1] && usd > 1;
        }
        settlement_release(&again);
        c.m.n_meter_row = 0;
        mem_free(row);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_other, 10);
}

/* ---- another currency ---- */

static void scale_book(struct book *book, double k)
{
    if (!book->start)
        return;
    int64_t n = book->start[(int64_t)book->n_owner * book->n_interval];
    for (int64_t s = 0; s < n; s++)
        book->seg[s].price_usd_per_mwh *= k;
}

/* Every rule whose unit is money, every price of every bid and offer. */
static void scale(struct market *m, double k)
{
    int n;
    const struct rules_row *row = rules_table(&n);
    for (int i = 0; i < n; i++)
        if (strncmp(row[i].unit, "USD", 3) == 0) {
            double *value = (double *)(void *)((char *)&m->rules + row[i].offset);
            *value *= k;
        }
    scale_book(&m->bids, k);
    scale_book(&m->virtual_bids, k);
    scale_book(&m->rt_bids, k);
    for (int32_t b = 0; b < m->n_interval * m->n_service_bidder; b++)
        m->service_offer[b].price_usd_per_mw *= k;
}

/* Cents of a line; one that would be zero is not there. */
static double cents_of(const struct cleared *c, const struct statement_line *like)
{
    for (int32_t i = 0; i < c->s.n_line; i++)
        if (c->s.line[i].sc == like->sc && c->s.line[i].code == like->code &&
            c->s.line[i].day == like->day)
            return (double)c->s.line[i].amount_cents;
    return 0;
}

/* Lines of two are k times the lines of one, up to rounding; 4989 gathers all of it. */
static void compare(const struct cleared *one, const struct cleared *two, double k)
{
    for (int32_t i = 0; i < two->s.n_line; i++) {
        const struct statement_line *line = &two->s.line[i];
        double want = k * cents_of(one, line), got = (double)line->amount_cents;
        double room =
            line->code == CHARGE_4989 ? 5 * (1 + two->s.n_line) : 0.5 * k + 0.5;
        LAW(fabs(got - want) <= room + 1e-6 * fabs(want),
            "SC %d, charge %d: %.0f cents, expected %.0f", line->sc, line->code, got,
            want);
    }
}

/* Where prices below zero leave losses without a proof, there may be another dispatch. */
static bool is_proven(const struct cleared *c)
{
    return c->o.losses_proven && c->rt.fmm.losses_proven && c->rt.rtd.losses_proven;
}

Test(prop_settlement, statements_of_real_time_scale_with_the_currency)
{
    int n_lossy = 0;
    FOR_SEEDS(seed, 8)
    {
        struct draw d = draw_begin(seed), again = d;
        struct cleared one, other;
        const double k = 4; /* exact in binary: only rounding to cents is left */
        struct market m = draw_all(&d);
        m.rules.losses = seed % 2 ? LOSS_REFERENCE : m.rules.losses;
        cleared_make(m, &one);
        m = draw_all(&again);
        m.rules.losses = one.m.rules.losses;
        scale(&m, k);
        cleared_make(m, &other);
        LAW(is_proven(&one) == is_proven(&other), "%s",
            "what is proven depends on the currency");
        if (is_proven(&one)) {
            compare(&one, &other, k);
            compare(&other, &one, 1 / k);
        }
        n_lossy += is_proven(&one) && one.rt.rtd.loss_mw[0] > 0.01;
        cleared_release(&one);
        cleared_release(&other);
    }
    cr_assert_gt(n_lossy, 1);
}

/*
 * Where limits are broken, the schedule may be off the best of the pricing run by what a sliver
 * of each is worth: no reason to be without an answer.
 */
Test(prop_settlement, slivers_of_broken_limits_are_no_gap)
{
    struct draw d = draw_begin(15);
    struct cleared c;
    struct market m = draw_all(&d);
    m.rules.losses = LOSS_REFERENCE;
    cleared_make(m, &c);
    check_statements(&c);
    cleared_release(&c);
}

/* ---- who follows is not left short ---- */

enum {
    UNITS = 3
};

/* Two buses, a slow cheap unit, units that must be started, and two days of load. */
static struct market draw_fleet(struct draw *d)
{
    static const char *const name[UNITS] = {"G1", "G2", "G3"};
    struct market_build b;
    market_build_begin(&b, 2, 8);
    int32_t sc = market_build_sc(&b, "SC", 1e9), bus[2];
    bus[0] = market_build_bus(&b, "A", 0);
    bus[1] = market_build_bus(&b, "B", 100);
    (void)market_build_branch(&b, bus[0], bus[1], 0.1,
                              draw_chance(d, 0.5) ? HUGE_VAL : draw_real(d, 40, 120));
    int32_t base =
        market_build_resource(&b, "BASE", RESOURCE_GENERATOR, sc, bus[0], 0, 100);
    market_build_bid(&b, base, MARKET_BUILD_ALL, 0, 100, draw_int(d, 10, 30));
    for (int g = 0; g < UNITS; g++) {
        double pmin = draw_int(d, 5, 40), pmax = pmin + draw_int(d, 10, 60);
        double middle = pmin + draw_int(d, 1, 9), price = draw_int(d, 10, 80);
        int32_t r = market_build_resource(&b, name[g], RESOURCE_GENERATOR, sc,
                                          bus[draw_int(d, 0, 1)], pmin, pmax);
        drawn_terms(d, &b.m.resource[r]);
        if (draw_chance(d, 0.5))
            b.m.resource[r].ramp_up_mw_per_min = b.m.resource[r].ramp_down_mw_per_min =
                draw_real(d, 0.2, 1.5);
        market_build_bid(&b, r, MARKET_BUILD_ALL, pmin, middle, price);
        market_build_bid(&b, r, MARKET_BUILD_ALL, middle, pmax,
                         price + draw_int(d, 1, 20));
    }
    int32_t load = market_build_resource(&b, "LOAD", RESOURCE_LOAD, sc, bus[1], 0, 1e3);
    for (int32_t t = 0; t < b.m.n_interval; t++)
        market_build_self(&b, load, t, BID_SELF_PT, 0, draw_int(d, 30, 220));
    struct market m = market_build_end(&b);
    drawn_real_time(d, &m);
    return m;
}

/* The same with residual commitment: more may be forecast than was bid, and the trader's
 * supply never comes. Capacity is offered at a price. */
static struct market draw_residual(struct draw *d)
{
    struct market m = draw_fleet(d);
    int32_t node = m.resource[UNITS + 1].node;
    m.rules.ruc = true;
    m.has_forecast[node] = true;
    for (int32_t t = 0; t < m.n_interval; t++)
        m.forecast_mw[t * m.n_node + node] = draw_int(d, 30, 320);
    m.ruc_bid_usd_per_mw =
        ARENA_ARRAY(&m.arena, double, (size_t)m.n_interval *(size_t)m.n_resource);
    LAW(m.ruc_bid_usd_per_mw, "%s", "memory");
    for (int32_t k = 0; k < m.n_interval * m.n_resource; k++)
        m.ruc_bid_usd_per_mw[k] = draw_int(d, 0, 20);
    return m;
}

/* Whether a unit was made to run, day-ahead or by residual commitment. */
static bool is_on(const struct cleared *c, int32_t hour, int32_t r)
{
    int32_t at = hour * c->m.n_resource + r;
    if (hour < 0)
        return c->m.resource[r].commit.initial_h > 0;
    return c->ruc.active ? c->ruc.on[at] : c->o.on[at];
}

/* What a unit asked for, hour by hour of its commitment and five by five of what it was
 * dispatched to. False where an outage was its own. *started: by which of both markets. */
static bool asked_usd(const struct cleared *c, int32_t r, int32_t day, double *usd,
                      bool *started)
{
    const struct resource *is = &c->m.resource[r];
    int32_t n;
    const struct bid_segment *bid = book_bid(&c->m.bids, r, 0, &n);
    *usd = 0;
    for (int32_t f = RT_FIVES * c->m.first_interval[day];
         f < RT_FIVES * c->m.first_interval[day + 1]; f++) {
        size_t at = (size_t)f * (size_t)c->m.n_resource + (size_t)r;
        double mw = c->rt.rtd.award_mw[at];
        if (!isinf(c->m.rt.available_mw[at]))
            return false;
        for (int32_t k = 0; k < n; k++)
            *usd += fmax(0, fmin(mw, bid[k].to_mw) - bid[k].from_mw) *
                    bid[k].price_usd_per_mwh / RT_FIVES;
        if (f % RT_FIVES)
            continue;
        int32_t hour = f / RT_FIVES, cell = hour * c->m.n_resource + r;
        bool on = is_on(c, hour, r), was = is_on(c, hour - 1, r);
        *usd += on ? is->commit.min_load_usd_per_h : 0;
        *usd += on && !was ? is->commit.start_cost_usd[0] : 0;
        if (c->ruc.active)
            *usd += c->ruc.award_mw[cell] * c->m.ruc_bid_usd_per_mw[cell];
        *started = *started || (on && !was && (!c->ruc.active || c->o.on[cell] == 0));
    }
    return true;
}

/* What all charges but demand's pay it on the day; of it, what is bid cost recovery. */
static double paid_usd(const struct cleared *c, int32_t r, int32_t day,
                       double *recovery_usd)
{
    static const int codes[] = {CHARGE_6620, CHARGE_6630, CHARGE_6011, CHARGE_6460,
                                CHARGE_6470, CHARGE_6475, CHARGE_7070, CHARGE_7071,
                                CHARGE_7081, CHARGE_6800};
    double sum = 0;
    *recovery_usd = 0;
    for (int64_t k = 0; k < c->s.n_interval_line; k++) {
        const struct settle_interval_line *line = &c->s.interval_line[k];
        if (line->resource != r || line->interval < c->m.first_interval[day] ||
            line->interval >= c->m.first_interval[day + 1])
            continue;
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
            double usd = line->code == codes[i] ? -line->amount_usd : 0;
            sum += usd;
            *recovery_usd += i < 2 ? usd : 0;
        }
    }
    return sum;
}

static void check_recovery(struct market (*drawn)(struct draw *), int n_seed)
{
    int n_started = 0, n_uplift = 0;
    FOR_SEEDS(seed, n_seed)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        cleared_make(drawn(&d), &c);
        for (int32_t r = 0; r < UNITS + 1; r++)
            for (int32_t day = 0; day < c.m.n_day; day++) {
                double asked;
                bool started = false;
                if (!asked_usd(&c, r, day, &asked, &started))
                    continue;
                double recovery, paid = paid_usd(&c, r, day, &recovery);
                LAW(paid > asked - 1e-5 * (1 + fabs(asked)),
                    "%s on day %d asked %.9g USD, is paid %.9g", c.m.resource[r].id,
                    day, asked, paid);
                n_started += started;
                n_uplift += started && paid - recovery < asked - 1;
            }
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_started, 10);
    cr_assert_gt(n_uplift, 3); /* prices alone would have left them short */
}

Test(prop_settlement, starts_and_minimum_load_of_who_follows_are_recovered)
{
    check_recovery(draw_fleet, 24);
}

Test(prop_settlement, what_residual_commitment_starts_is_recovered)
{
    check_recovery(draw_residual, 16);
}
