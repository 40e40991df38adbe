/*
 * prop_day_plants.c - plants of configurations in the market: against every path where
 * hours do not hang together but by it, and by the rules over two days with ramps.
 */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/ruc.h"
#include "tests/support/cleared.h"
#include "tests/support/draw.h"
#include "tests/support/market_build.h"

enum {
    SHORT_HOURS = 8,
    HOURS = 12,
    CONFIGURATIONS = 3,
    OFF = -1,
    PLANT = 1, /* resources by id: BASE, CC, LOAD, PEAK */
};

static const double base_mw = 150, peak_usd_per_mwh = 160;

/* ---- a market ---- */

static void draw_configurations(struct draw *d, struct market *m, struct resource *r)
{
    static const char *const name[CONFIGURATIONS] = {"1x1", "2x1", "2x1D"};
    int32_t n = draw_int(d, 1, CONFIGURATIONS);
    m->configuration = ARENA_ARRAY(&m->arena, struct configuration, CONFIGURATIONS);
    m->transition = ARENA_ARRAY(&m->arena, struct transition, CONFIGURATIONS * 2);
    LAW(m->configuration && m->transition, "%s", "memory");
    double pmin = 20, pmax = 60;
    for (int32_t k = 0; k < n; k++) {
        struct configuration *c = &m->configuration[k];
        *c = (struct configuration){
            .id = name[k],
            .resource = PLANT,
            .pmin_mw = pmin,
            .pmax_mw = pmax,
            .min_load_usd_per_h = draw_int(d, 5, 40) * pmin,
            .energy_adder_usd_per_mwh = draw_chance(d, 0.5) ? draw_int(d, -15, 15) : 0,
            .may_start = k == 0 || draw_chance(d, 0.4),
            .may_stop = k == 0 || draw_chance(d, 0.5),
            .min_up_h = draw_int(d, 1, 3),
            .start_mw = HUGE_VAL,
            .stop_mw = HUGE_VAL,
        };
        c->start_cost_usd[0] = draw_int(d, 0, 1500);
        c->start_cost_usd[1] = c->start_cost_usd[0] + draw_int(d, 0, 900);
        pmin = pmax + draw_int(d, -20, 10);
        pmax = fmax(pmin, pmax) + draw_int(d, 5, 60);
        if (k > 0) {
            m->transition[m->n_transition++] =
                (struct transition){k - 1, k, draw_int(d, 0, 900), draw_int(d, 0, 130)};
            m->transition[m->n_transition++] =
                (struct transition){k, k - 1, draw_int(d, 0, 500), 0};
        }
    }
    m->n_configuration = n;
    r->n_configuration = n;
    r->n_transition = m->n_transition;
    r->pmax_mw = m->configuration[n - 1].pmax_mw;
    r->commit = (struct commitment_terms){
        .min_up_h = draw_int(d, 1, 4),
        .min_down_h = draw_int(d, 1, 4),
        .n_start = 2,
        .start_after_h = {1, draw_int(d, 3, 6)},
        .start_mw = HUGE_VAL,
        .stop_mw = HUGE_VAL,
        .initial_h = draw_chance(d, 0.5) ? draw_int(d, 1, 6) : -draw_int(d, 1, 6),
        .max_starts = draw_chance(d, 0.3) ? 1 : 0};
    r->market_committed = true;
    r->initial_configuration = OFF;
    r->initial_mw = 0;
    if (r->commit.initial_h > 0) {
        r->initial_configuration = draw_int(d, 0, n - 1);
        r->initial_configuration_h = draw_int(d, 1, r->commit.initial_h);
        r->initial_mw = m->configuration[r->initial_configuration].pmin_mw;
    }
}

/* Spinning reserve and regulation down that the plant offers, and the peaker dearer. */
static void draw_services(struct draw *d, struct market_build *b, int32_t cc,
                          int32_t peak)
{
    static const enum service service[] = {SERVICE_SR, SERVICE_RD};
    for (int k = 0; k < 2; k++) {
        b->m.resource[cc].certified_mw[service[k]] = 30;
        b->m.resource[peak].certified_mw[service[k]] = 30;
        market_build_required(b, 0, service[k], MARKET_BUILD_ALL, draw_int(d, 0, 15));
        market_build_offer(b, cc, service[k], MARKET_BUILD_ALL, 15, draw_int(d, 0, 9));
        market_build_offer(b, peak, service[k], MARKET_BUILD_ALL, 20,
                           draw_int(d, 5, 40));
        for (int32_t c = 0; c < b->m.n_configuration; c++)
            b->m.configuration[c].certified_mw[service[k]] =
                draw_chance(d, 0.3) ? 0 : draw_int(d, 1, 30);
    }
}

/* Curves of configurations, for some of them in some hours. */
static void draw_curves(struct draw *d, struct market *m)
{
    struct book *b = &m->configuration_bids;
    int32_t n_c = m->n_configuration, n_t = m->n_interval;
    int64_t n = 0;
    *b = (struct book){.n_owner = n_c, .n_interval = n_t};
    b->start = MEM_ARRAY(int64_t, n_c * n_t + 1);
    b->seg = MEM_ARRAY(struct bid_segment, 2 * n_c * n_t);
    LAW(b->start && b->seg, "%s", "memory");
    for (int32_t at = 0; at < n_c * n_t; at++) {
        const struct configuration *c = &m->configuration[at / n_t];
        double middle = draw_real(d, c->pmin_mw, c->pmax_mw),
               price = draw_int(d, 5, 60);
        if (draw_chance(d, 0.4) && c->pmax_mw > c->pmin_mw) {
            b->seg[n++] = (struct bid_segment){c->pmin_mw, middle, price, BID_ENERGY};
            b->seg[n++] = (struct bid_segment){middle, c->pmax_mw,
                                               price + draw_int(d, 0, 40), BID_ENERGY};
        }
        b->start[at + 1] = n;
    }
}

static struct market draw_market(struct draw *d, int32_t days, int32_t hours,
                                 bool ramps)
{
    struct market_build b;
    market_build_begin(&b, days, hours);
    int32_t sc = market_build_sc(&b, "SC", 1e9), at = market_build_bus(&b, "A", 100);
    int32_t to = market_build_bus(&b, "B", 0);
    (void)market_build_branch(&b, at, to, 0.1, HUGE_VAL);
    int32_t base =
        market_build_resource(&b, "BASE", RESOURCE_GENERATOR, sc, at, 0, base_mw);
    market_build_bid(&b, base, MARKET_BUILD_ALL, 0, base_mw, draw_int(d, 10, 30));
    int32_t cc = market_build_resource(&b, "CC", RESOURCE_GENERATOR, sc, to, 20, 60);
    int32_t load = market_build_resource(&b, "LOAD", RESOURCE_LOAD, sc, at, 0, 1000);
    int32_t peak =
        market_build_resource(&b, "PEAK", RESOURCE_GENERATOR, sc, at, 0, 900);
    market_build_bid(&b, peak, MARKET_BUILD_ALL, 0, 900, peak_usd_per_mwh);
    draw_configurations(d, &b.m, &b.m.resource[cc]);
    if (ramps)
        b.m.resource[cc].ramp_up_mw_per_min = b.m.resource[cc].ramp_down_mw_per_min =
            draw_real(d, 0.8, 2);
    if (ramps)
        draw_services(d, &b, cc, peak);
    double most = b.m.resource[cc].pmax_mw;
    for (int32_t t = 0; t < days * hours; t++) {
        double price = draw_int(d, 5, 60), middle = draw_int(d, 21, (int)most - 1);
        if (!draw_chance(d, 0.04)) {
            market_build_bid(&b, cc, t, 20, middle, price);
            market_build_bid(&b, cc, t, middle, most, price + draw_int(d, 0, 40));
        }
        market_build_self(&b, load, t, BID_SELF_PT, 0, draw_int(d, 130, 330));
    }
    struct market m = market_build_end(&b);
    if (draw_chance(d, 0.5))
        draw_curves(d, &m);
    return m;
}

/* ---- every path ---- */

struct search {
    const struct cleared *c;
    const struct resource *cc;
    double hourly[SHORT_HOURS][CONFIGURATIONS + 1]; /* by configuration + 1 */
    int32_t path[SHORT_HOURS];
    double best;
};

/* The plant's curve in configuration c: its own, or the plant's and an adder. */
static const struct bid_segment *curve_of(const struct search *s, int32_t t, int32_t c,
                                          double *adder, int32_t *n)
{
    const struct market *m = &s->c->m;
    *adder = c == OFF ? 0 : m->configuration[c].energy_adder_usd_per_mwh;
    if (c != OFF && m->configuration_bids.start) {
        const struct bid_segment *own = book_bid(&m->configuration_bids, c, t, n);
        if (*n > 0) {
            *adder = 0;
            return own;
        }
    }
    return book_bid(&s->c->a.bids, PLANT, t, n);
}

/* Least cost of hour t with the plant at P MW in a configuration, 0 = off. */
static double system_usd(const struct search *s, int32_t t, double mw, double from,
                         int32_t c)
{
    int32_t n;
    double load = 0, usd = 0, adder = 0;
    const struct bid_segment *bid = curve_of(s, t, c, &adder, &n);
    for (int32_t k = 0; k < n; k++)
        usd += (bid[k].price_usd_per_mwh + adder) *
               fmax(0, fmin(mw, bid[k].to_mw) - fmax(from, bid[k].from_mw));
    load = book_bid(&s->c->a.bids, 2, t, &n)->to_mw - mw;
    double base = fmin(load, base_mw);
    usd += base * book_bid(&s->c->a.bids, 0, t, &n)->price_usd_per_mwh;
    return load < 0 ? HUGE_VAL : usd + (load - base) * peak_usd_per_mwh;
}

/* Where it is least: at an end of a piece, of the range, or where BASE is full. */
static double hour_usd(const struct search *s, int32_t t, int32_t c)
{
    int32_t n;
    const struct bid_segment *bid = book_bid(&s->c->a.bids, PLANT, t, &n);
    if (c == OFF)
        return system_usd(s, t, 0, 0, OFF);
    if (n == 0)
        return HUGE_VAL;
    const struct configuration *is = &s->c->m.configuration[c];
    double adder, own_mw = curve_of(s, t, c, &adder, &n)->to_mw;
    double load = book_bid(&s->c->a.bids, 2, t, &n)->to_mw;
    double at[] = {is->pmin_mw, is->pmax_mw,    bid[0].to_mw, load - base_mw,
                   load,        bid[0].from_mw, own_mw};
    double best = HUGE_VAL;
    for (size_t k = 0; k < sizeof at / sizeof *at; k++)
        if (at[k] >= is->pmin_mw && at[k] <= is->pmax_mw)
            best = fmin(best, system_usd(s, t, at[k], is->pmin_mw, c));
    return best + is->min_load_usd_per_h;
}

static int32_t before(const struct search *s, int32_t t)
{
    return t > 0 ? s->path[t - 1] : s->cc->initial_configuration;
}

/* Hours before t as in hour t-1: in its configuration, or on or off. */
static int32_t lasted(const struct search *s, int32_t t, bool plant)
{
    int32_t was = before(s, t), k = t, n = 0;
    for (;
         k > 0 && (plant ? (before(s, k) == OFF) == (was == OFF) : before(s, k) == was);
         k--)
        n++;
    bool reaches =
        k == 0 && (plant ? (before(s, 0) == OFF) == (was == OFF) : before(s, 0) == was);
    int32_t initial = s->cc->commit.initial_h;
    return n + (!reaches              ? 0
                : plant || was == OFF ? (initial > 0 ? initial : -initial)
                                      : s->cc->initial_configuration_h);
}

/* Of going from what was to c in hour t; HUGE_VAL = it may not. */
static double change_usd(const struct search *s, int32_t t, int32_t c)
{
    const struct market *m = &s->c->m;
    int32_t was = before(s, t);
    if (was == c)
        return 0;
    if (was == OFF) {
        int32_t off = lasted(s, t, true);
        if (off < s->cc->commit.min_down_h || !m->configuration[c].may_start)
            return HUGE_VAL;
        return m->configuration[c]
            .start_cost_usd[off >= s->cc->commit.start_after_h[1]];
    }
    if (lasted(s, t, false) < m->configuration[was].min_up_h)
        return HUGE_VAL;
    if (c == OFF)
        return m->configuration[was].may_stop &&
                       lasted(s, t, true) >= s->cc->commit.min_up_h
                   ? 0
                   : HUGE_VAL;
    for (int32_t k = 0; k < m->n_transition; k++)
        if (m->transition[k].from == was && m->transition[k].to == c)
            return 60 * lasted(s, t, false) >= m->transition[k].time_min
                       ? m->transition[k].cost_usd
                       : HUGE_VAL;
    return HUGE_VAL;
}

static void try_from(struct search *s, int32_t t, int32_t starts, double usd)
{
    if (t == SHORT_HOURS) {
        s->best = fmin(s->best, usd);
        return;
    }
    for (int32_t c = OFF; c < s->c->m.n_configuration; c++) {
        int32_t now = starts + (c != OFF && before(s, t) == OFF);
        double more = s->hourly[t][c + 1] + change_usd(s, t, c);
        if (isinf(more) ||
            (s->cc->commit.max_starts > 0 && now > s->cc->commit.max_starts))
            continue;
        s->path[t] = c;
        try_from(s, t + 1, now, usd + more);
    }
}

/* What a generator without terms would gain at hull prices. */
static double others_uplift(const struct cleared *c, int32_t r, double most_mw)
{
    double sum = 0;
    for (int32_t t = 0; t < SHORT_HOURS; t++) {
        int32_t n;
        double rest = c->o.hull_lmp[(size_t)t * (size_t)c->m.n_node] -
                      book_bid(&c->a.bids, r, t, &n)->price_usd_per_mwh;
        sum += fmax(0, rest * most_mw) - rest * cleared_award(c, t, r);
    }
    return sum;
}

/* Cost less what the hull prices prove is what everybody would gain at them. */
static void check_hull(const struct cleared *c)
{
    double size = 1 + fabs(c->o.commitment.cost_usd);
    double gap = c->o.commitment.cost_usd - c->o.commitment.hull_value_usd;
    double sum = others_uplift(c, 0, base_mw) + others_uplift(c, 3, 900);
    for (int32_t k = 0; k < c->o.n_uplift; k++)
        sum += c->o.uplift[k].hull.lost_opportunity_usd;
    LAW(fabs(sum - gap) <= 1e-6 * size, "uplift %.9g, cost less Lagrangian %.9g", sum,
        gap);
}

Test(prop_day_plants, the_market_costs_what_the_best_of_all_paths_does)
{
    int n_moved = 0, n_compared = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        struct market m = draw_market(&d, 1, SHORT_HOURS, false);
        m.rules.commitment_gap = 1e-7;
        cleared_make(m, &c);
        struct search s = {.c = &c, .cc = &c.m.resource[PLANT], .best = HUGE_VAL};
        for (int32_t t = 0; t < SHORT_HOURS; t++)
            for (int32_t k = OFF; k < c.m.n_configuration; k++)
                s.hourly[t][k + 1] = hour_usd(&s, t, k);
        try_from(&s, 0, 0, 0);
        if (c.o.commitment.n_self == 0 && c.o.n_relaxation == 0) {
            LAW(fabs(c.o.objective_usd - s.best) <= 1e-5 * s.best,
                "the market costs %.10g, the best path %.10g", c.o.objective_usd,
                s.best);
            LAW(c.o.commitment.bound_usd <= s.best * (1 + 1e-7), "bound %.10g",
                c.o.commitment.bound_usd);
            check_hull(&c);
            n_compared++;
        }
        n_moved += c.o.commitment.n_transition;
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks left", mem_live());
    }
    cr_assert_gt(n_compared, 90, "%d compared", n_compared);
    cr_assert_gt(n_moved, 30, "%d transitions", n_moved);
}

/* ---- rules over two days, with ramps, and after residual commitment ---- */

struct history {
    const struct cleared *c;
    const struct resource *cc;
    const int32_t *in; /* [n_interval][n_resource] */
    const double *mw;
    bool ramps; /* no ramp gave way at its penalty */
};

static int32_t was_in(const struct history *h, int32_t t)
{
    return t < 0 ? h->cc->initial_configuration : h->in[t * h->c->m.n_resource + PLANT];
}

static double was_at(const struct history *h, int32_t t)
{
    return t < 0 ? h->cc->initial_mw : h->mw[t * h->c->m.n_resource + PLANT];
}

static const struct transition *move(const struct market *m, int32_t from, int32_t to)
{
    for (int32_t k = 0; k < m->n_transition; k++)
        if (m->transition[k].from == from && m->transition[k].to == to)
            return &m->transition[k];
    return NULL;
}

static void check_hour(const struct history *h, int32_t t)
{
    const struct market *m = &h->c->m;
    int32_t is = was_in(h, t), was = was_in(h, t - 1);
    double mw = was_at(h, t), last = was_at(h, t - 1);
    double up = 60 * h->cc->ramp_up_mw_per_min, down = 60 * h->cc->ramp_down_mw_per_min;
    if (is == OFF) {
        LAW(fabs(mw) <= 1e-6, "hour %d: off at %g MW", t, mw);
        LAW(was == OFF || m->configuration[was].may_stop, "hour %d: stopped", t);
        return;
    }
    const struct configuration *c = &m->configuration[is];
    LAW(mw >= c->pmin_mw - 1e-6 && mw <= c->pmax_mw + 1e-6, "hour %d: %g MW in %s", t,
        mw, c->id);
    LAW(was != OFF || c->may_start, "hour %d: started into %s", t, c->id);
    LAW(was == OFF || was == is || move(m, was, is), "hour %d: from %s to %s", t,
        m->configuration[was].id, c->id);
    if (was != OFF && h->ramps)
        LAW(mw - last <= up + 1e-6 && last - mw <= down + 1e-6,
            "hour %d: from %g to %g MW", t, last, mw);
}

static void check_costs(const struct history *h, int32_t t)
{
    const struct market *m = &h->c->m;
    const struct outcome *o = &h->c->o;
    int32_t is = was_in(h, t), was = was_in(h, t - 1), at = t * m->n_resource + PLANT;
    bool moves = is != OFF && was != OFF && is != was;
    LAW(o->on[at] == (is != OFF), "hour %d: on %d, in %d", t, o->on[at], is);
    LAW(fabs(o->transition_usd[at] - (moves ? move(m, was, is)->cost_usd : 0)) < 1e-9,
        "hour %d: a transition at %g", t, o->transition_usd[at]);
    LAW((is != OFF && was == OFF) || fabs(o->start_cost_usd[at]) < 1e-9,
        "hour %d: a start at %g", t, o->start_cost_usd[at]);
    LAW(fabs(o->min_load_usd[at] -
             (is == OFF ? 0 : m->configuration[is].min_load_usd_per_h)) < 1e-9,
        "hour %d: minimum load at %g", t, o->min_load_usd[at]);
}

/* What it holds of services is certified, in its range, and nothing while it is off. */
static double check_services(const struct history *h, int32_t t)
{
    const struct market *m = &h->c->m;
    int32_t is = was_in(h, t);
    double up = 0, down = 0;
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        double mw = h->c->o.service_mw[t * m->n_service_bidder + b];
        enum service service = m->service_bidder[b].service;
        if (m->service_bidder[b].resource != PLANT)
            continue;
        LAW(mw <= (is == OFF ? 0 : m->configuration[is].certified_mw[service]) + 1e-6,
            "hour %d: %g MW of %s", t, mw, service_name(service));
        *(service == SERVICE_RD ? &down : &up) += mw;
    }
    if (is != OFF)
        LAW(was_at(h, t) + up <= m->configuration[is].pmax_mw + 1e-6 &&
                was_at(h, t) - down >= m->configuration[is].pmin_mw - 1e-6,
            "hour %d: %g MW, %g up, %g down", t, was_at(h, t), up, down);
    return up + down;
}

/* A forecast at the load's bus, above and below what it bids. */
static void draw_forecast(struct draw *d, struct market *m)
{
    size_t n = (size_t)m->n_interval * (size_t)m->n_node;
    m->rules.ruc = true;
    m->forecast_mw = ARENA_ARRAY(&m->arena, double, n);
    m->has_forecast = ARENA_ARRAY(&m->arena, bool, m->n_node);
    LAW(m->forecast_mw && m->has_forecast, "%s", "memory");
    m->has_forecast[0] = true;
    for (int32_t t = 0; t < m->n_interval; t++)
        m->forecast_mw[t * m->n_node] = draw_int(d, 130, 1250);
}

Test(prop_day_plants, plants_keep_their_rules_and_residual_commitment_lowers_none)
{
    int n_raised = 0, n_held = 0;
    FOR_SEEDS(seed, 22)
    {
        struct draw d = draw_begin(seed);
        struct cleared c = {.m = draw_market(&d, 2, HOURS, true)};
        struct ruc_outcome ruc;
        struct err err = {0};
        draw_forecast(&d, &c.m);
        LAW(admit_bids(&c.m, &c.a, &err) == ERR_OK, "%s", err.msg);
        LAW(clear_begin(&c.m, &c.o, &err) == ERR_OK, "%s", err.msg);
        LAW(ruc_begin(&c.m, &ruc, &err) == ERR_OK, "%s", err.msg);
        for (int32_t day = 0; day < 2; day++) {
            LAW(clear_day(&c.m, &c.a, day, &c.o, &err) == ERR_OK, "%s", err.msg);
            LAW(ruc_day(&c.m, &c.a, day, &c.o, &ruc, &err) == ERR_OK, "%s", err.msg);
        }
        LAW(clear_end(&c.m, &c.o, &err) == ERR_OK, "%s", err.msg);
        const struct resource *cc = &c.m.resource[PLANT];
        struct history da = {&c, cc, c.o.configuration, c.o.award_mw,
                             c.o.n_relaxation == 0};
        struct history after = {&c, cc, ruc.configuration, ruc.schedule_mw, false};
        for (int32_t t = 0; t < 2 * HOURS && c.o.commitment.n_self == 0; t++) {
            /* The second day begins from what RUC left: its first hour is RUC's own. */
            if (t != HOURS) {
                check_hour(&da, t);
                check_costs(&da, t);
                n_held += check_services(&da, t) > 0;
            }
            check_hour(&after, t);
            LAW(was_in(&after, t) >= was_in(&da, t), "hour %d: lowered from %d to %d",
                t, was_in(&da, t), was_in(&after, t));
            n_raised += was_in(&after, t) > was_in(&da, t);
        }
        LAW(c.o.commitment.cost_usd >= c.o.commitment.bound_usd - 1e-3, "bound %g",
            c.o.commitment.bound_usd);
        ruc_release(&ruc);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks left", mem_live());
    }
    cr_assert_gt(n_raised, 10, "%d hours raised", n_raised);
    cr_assert_gt(n_held, 40, "%d hours with services", n_held);
}
