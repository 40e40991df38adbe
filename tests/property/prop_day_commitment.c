/*
 * prop_day_commitment.c - what the market commits over two days keeps every unit's terms,
 * costs what the terms say, and never costs less than the bound.
 */
#include <math.h>

#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/clear.h"
#include "sim/clear/mitigate.h"
#include "tests/support/cleared.h"
#include "tests/support/draw.h"
#include "tests/support/market_build.h"

enum {
    DAYS = 2,
    HOURS = 12,
    ALL_HOURS = DAYS * HOURS,
    UNITS = 3
};

static void draw_terms(struct draw *d, struct resource *r)
{
    struct commitment_terms *c = &r->commit;
    bool on = draw_chance(d, 0.4);
    r->market_committed = true;
    *c = (struct commitment_terms){
        .min_up_h = draw_int(d, 1, 6),
        .min_down_h = draw_int(d, 1, 5),
        .n_start = draw_int(d, 1, 3),
        .start_after_h = {1, draw_int(d, 4, 6), draw_int(d, 7, 9)},
        .min_load_usd_per_h = draw_real(d, 0, 900),
        .start_mw =
            draw_chance(d, 0.5) ? HUGE_VAL : draw_real(d, r->pmin_mw, r->pmax_mw),
        .stop_mw =
            draw_chance(d, 0.5) ? HUGE_VAL : draw_real(d, r->pmin_mw, r->pmax_mw),
        .initial_h = on ? draw_int(d, 1, 8) : -draw_int(d, 1, 8),
        .max_starts = draw_chance(d, 0.3) ? 1 : 0,
    };
    double cost = 0;
    for (int k = 0; k < c->n_start; k++)
        c->start_cost_usd[k] = cost += draw_real(d, 0, 1500);
    r->initial_mw = on ? r->pmin_mw : 0;
    if (draw_chance(d, 0.5))
        r->ramp_up_mw_per_min = r->ramp_down_mw_per_min = draw_real(d, 0.2, 1.5);
}

/* A battery that bids one price in both directions, or none in an hour. */
static void add_store(struct draw *d, struct market_build *b, int32_t sc, int32_t bus)
{
    double size = draw_int(d, 10, 60), in = draw_int(d, 5, 40),
           out = draw_int(d, 5, 40);
    double price = draw_int(d, 0, 9);
    int32_t r = market_build_resource(b, "STORE", RESOURCE_STORAGE, sc, bus, -in, out);
    struct resource *is = &b->m.resource[r];
    is->charge_efficiency = draw_real(d, 0.6, 1);
    is->discharge_efficiency = draw_real(d, 0.9, 1);
    is->energy_max_mwh = size;
    is->initial_energy_mwh = draw_real(d, 0.5, 1) * size;
    if (draw_chance(d, 0.5))
        is->ramp_up_mw_per_min = is->ramp_down_mw_per_min = draw_real(d, 0.2, 0.6);
    else if (draw_chance(d, 0.5))
        is->end_energy_mwh = draw_real(d, 0, 0.5) * size;
    for (int32_t t = 0; t < ALL_HOURS; t++)
        if (draw_chance(d, 0.9) || isfinite(is->ramp_up_mw_per_min))
            market_build_bid(b, r, t, draw_chance(d, 0.9) ? -in : 0, out, price);
}

static struct market draw_market_beside(struct draw *d, bool store)
{
    static const char *const name[UNITS] = {"G1", "G2", "G3"};
    static const char *const owner[UNITS] = {"SC1", "SC2", "SC3"};
    struct market_build b;
    market_build_begin(&b, DAYS, HOURS);
    int32_t sc = market_build_sc(&b, "SC", 1e9), of[UNITS];
    for (int g = 0; g < UNITS; g++)
        of[g] = market_build_sc(&b, owner[g], 1e9);
    int32_t from = market_build_bus(&b, "A", 0), to = market_build_bus(&b, "B", 100);
    (void)market_build_branch(&b, from, to, 0.1,
                              draw_chance(d, 0.5) ? HUGE_VAL : draw_real(d, 40, 120));
    int32_t base =
        market_build_resource(&b, "BASE", RESOURCE_GENERATOR, sc, from, 0, 100);
    market_build_bid(&b, base, MARKET_BUILD_ALL, 0, 100, draw_int(d, 10, 30));
    if (store)
        add_store(d, &b, sc, to);
    for (int g = 0; g < UNITS; g++) {
        double pmin = draw_int(d, 5, 40), pmax = pmin + draw_int(d, 10, 60);
        double middle = pmin + draw_int(d, 1, 9), price = draw_int(d, 10, 80);
        int32_t r = market_build_resource(&b, name[g], RESOURCE_GENERATOR, of[g],
                                          draw_chance(d, 0.5) ? from : to, pmin, pmax);
        draw_terms(d, &b.m.resource[r]);
        for (int32_t t = 0; t < ALL_HOURS; t++) {
            if (draw_chance(d, 0.02))
                continue; /* no bid: off */
            market_build_bid(&b, r, t, pmin, middle, price);
            market_build_bid(&b, r, t, middle, pmax, price + draw_int(d, 1, 20));
        }
    }
    int32_t load = market_build_resource(&b, "LOAD", RESOURCE_LOAD, sc, to, 0, 1000);
    for (int32_t t = 0; t < ALL_HOURS; t++)
        market_build_self(&b, load, t, BID_SELF_PT, 0,
                          draw_int(d, 30, store ? 160 : 220));
    return market_build_end(&b);
}

static struct market draw_market(struct draw *d)
{
    return draw_market_beside(d, false);
}

/* One unit's two days, by looking. */
struct history {
    const struct cleared *c;
    int32_t r;
    const struct resource *is;
};

static bool on(const struct history *h, int32_t t)
{
    return t < 0 ? h->is->commit.initial_h > 0
                 : h->c->o.on[(size_t)t * (size_t)h->c->m.n_resource + (size_t)h->r];
}

static double mw(const struct history *h, int32_t t)
{
    return t < 0 ? h->is->initial_mw : cleared_award(h->c, t, h->r);
}

/* Hours that the state of hour t has lasted when hour t ends. */
static int32_t age(const struct history *h, int32_t t)
{
    int32_t n = 0, k = t, initial = h->is->commit.initial_h;
    for (; k >= 0 && on(h, k) == on(h, t); k--)
        n++;
    return k < 0 && on(h, t) == (initial > 0) ? n + (initial > 0 ? initial : -initial)
                                              : n;
}

static double start_cost(const struct commitment_terms *c, int32_t off_h)
{
    double cost = 0;
    for (int k = 0; k < c->n_start; k++)
        if (off_h >= c->start_after_h[k])
            cost = c->start_cost_usd[k];
    return cost;
}

static void check_hour(const struct history *h, int32_t t, int32_t *n_start)
{
    const struct commitment_terms *c = &h->is->commit;
    size_t at = (size_t)t * (size_t)h->c->m.n_resource + (size_t)h->r;
    bool starts = on(h, t) && !on(h, t - 1), stops = !on(h, t) && on(h, t - 1);
    double up = 60 * h->is->ramp_up_mw_per_min, down = 60 * h->is->ramp_down_mw_per_min;
    const double tiny = 1e-6;
    if (t % HOURS == 0)
        *n_start = 0;
    *n_start += starts;
    LAW(c->max_starts == 0 || *n_start <= c->max_starts, "%d starts", *n_start);
    LAW(on(h, t) ? mw(h, t) >= h->is->pmin_mw - tiny : fabs(mw(h, t)) <= tiny,
        "hour %d: %g MW", t, mw(h, t));
    LAW(!starts || age(h, t - 1) >= c->min_down_h, "hour %d: off %d h", t,
        age(h, t - 1));
    LAW(!stops || age(h, t - 1) >= c->min_up_h, "hour %d: on %d h", t, age(h, t - 1));
    LAW(fabs(h->c->o.start_cost_usd[at] - (starts ? start_cost(c, age(h, t - 1)) : 0)) <
            1e-6,
        "hour %d: a start at %g", t, h->c->o.start_cost_usd[at]);
    LAW(fabs(h->c->o.min_load_usd[at] - (on(h, t) ? c->min_load_usd_per_h : 0)) < 1e-6,
        "hour %d: minimum load at %g", t, h->c->o.min_load_usd[at]);
    if (starts)
        LAW(mw(h, t) <= fmin(c->start_mw, h->is->pmin_mw + up) + tiny, "start at %g MW",
            mw(h, t));
    if (stops)
        LAW(mw(h, t - 1) <= fmin(c->stop_mw, h->is->pmin_mw + down) + tiny,
            "stop from %g MW", mw(h, t - 1));
    if (on(h, t) && on(h, t - 1) &&
        h->c->o.n_relaxation == 0) /* ramps may be relaxed */
        LAW(mw(h, t) - mw(h, t - 1) <= up + tiny &&
                mw(h, t - 1) - mw(h, t) <= down + tiny,
            "hour %d: from %g to %g MW", t, mw(h, t - 1), mw(h, t));
}

Test(prop_day_commitment, units_keep_their_terms_over_two_days)
{
    FOR_SEEDS(seed, 60)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        cleared_make(draw_market(&d), &c);
        bool as_bid = c.o.commitment.n_self > 0;
        for (int32_t r = 0; r < c.m.n_resource; r++) {
            struct history h = {&c, r, &c.m.resource[r]};
            int32_t n_start = 0;
            for (int32_t t = 0; h.is->market_committed && !as_bid && t < ALL_HOURS; t++)
                check_hour(&h, t, &n_start);
        }
        LAW(c.o.commitment.cost_usd >=
                c.o.commitment.bound_usd - 1e-6 * fabs(c.o.commitment.cost_usd),
            "cost %.9g, bound %.9g", c.o.commitment.cost_usd, c.o.commitment.bound_usd);
        LAW(c.o.certificate.relative_gap < 1e-6, "gap %g",
            c.o.certificate.relative_gap);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks left", mem_live());
    }
}

/* ---- convex hull prices ---- */

/* What BASE, without terms, would gain at hull prices on a day. */
static double base_uplift(const struct cleared *c, int32_t day, int32_t base)
{
    double sum = 0;
    for (int32_t t = day * HOURS; t < (day + 1) * HOURS; t++) {
        int32_t n;
        double rest = c->o.hull_lmp[(size_t)t * (size_t)c->m.n_node] -
                      book_bid(&c->a.bids, base, t, &n)->price_usd_per_mwh;
        sum += fmax(0, rest * 100) - rest * cleared_award(c, t, base);
    }
    return sum;
}

Test(prop_day_commitment, uplift_at_hull_prices_is_cost_less_what_they_prove)
{
    int compared = 0;
    FOR_SEEDS(seed, 60)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        cleared_make(draw_market(&d), &c);
        double sum = 0;
        for (int32_t k = 0; k < c.o.n_uplift; k++) {
            const struct unit_uplift *u = &c.o.uplift[k];
            /* Off before the day, it could have stayed off. */
            LAW(u->day > 0 || c.m.resource[u->resource].commit.initial_h > 0 ||
                    u->lmp.lost_opportunity_usd >= u->lmp.make_whole_usd - 1e-6,
                "%g lost, %g to be made whole", u->lmp.lost_opportunity_usd,
                u->lmp.make_whole_usd);
            sum += u->hull.lost_opportunity_usd;
        }
        double gap = c.o.commitment.cost_usd - c.o.commitment.hull_value_usd;
        bool whole = c.o.n_relaxation == 0 && c.o.commitment.n_self == 0;
        LAW(!whole || sum <= gap + 1e-4 * (1 + fabs(c.o.commitment.cost_usd)),
            "uplift %.9g of %.9g", sum, gap);
        if (whole && isinf(c.m.grid.branch[0].rate_mw)) {
            sum += base_uplift(&c, 0, 0) + base_uplift(&c, 1, 0);
            LAW(fabs(sum - gap) <= 1e-6 * (1 + fabs(c.o.commitment.cost_usd)),
                "uplift %.9g, cost less Lagrangian %.9g", sum, gap);
            compared++;
        }
        cleared_release(&c);
    }
    cr_assert_gt(compared, 10);
}

/* ---- storage ---- */

/*
 * Commitment and the dispatch that follows it say the same of a store, so that the day costs
 * what the commitment problem does, and no less than its bound.
 */
Test(prop_day_commitment, with_a_store_the_day_costs_what_its_commitment_does)
{
    int compared = 0, moved = 0, ramped = 0;
    FOR_SEEDS(seed, 60)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        cleared_make(draw_market_beside(&d, true), &c);
        bool held = false; /* may be: its ramps could ask for more than it has */
        for (int32_t r = 0; r < c.m.n_resource; r++)
            held = held || (c.m.resource[r].type == RESOURCE_STORAGE &&
                            isfinite(c.m.resource[r].ramp_up_mw_per_min));
        for (int32_t r = 0; r < c.m.n_resource; r++)
            for (int32_t t = 0; t < ALL_HOURS; t++)
                moved += c.m.resource[r].type == RESOURCE_STORAGE &&
                         fabs(cleared_award(&c, t, r)) > 1e-3;
        double day = c.o.objective_usd, cost = c.o.commitment.cost_usd;
        double size = 1e-6 * (1 + fabs(day)), bound = c.o.commitment.bound_usd;
        if (c.o.n_relaxation == 0 && c.o.commitment.n_self == 0) {
            LAW(held || fabs(day - cost) <= size, "day %.9g, commitment %.9g", day,
                cost);
            LAW(held || bound <= day + size, "bound %.9g, day %.9g", bound, day);
            compared += !held;
            ramped += held && fabs(day - cost) <= size;
        }
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks left", mem_live());
    }
    cr_assert(compared > 10 && moved > 100 && ramped > 3, "%d, %d, %d", compared, moved,
              ramped);
}

/* ---- residual commitment ---- */

/* A forecast at the load's bus, above and below what it bids. */
static void draw_forecast(struct draw *d, struct market *m)
{
    size_t n = (size_t)m->n_interval * (size_t)m->n_node;
    m->rules.ruc = true;
    m->forecast_mw = ARENA_ARRAY(&m->arena, double, n);
    m->has_forecast = ARENA_ARRAY(&m->arena, bool, m->n_node);
    m->ruc_bid_usd_per_mw =
        ARENA_ARRAY(&m->arena, double, m->n_interval * m->n_resource);
    LAW(m->forecast_mw && m->has_forecast && m->ruc_bid_usd_per_mw, "%s", "memory");
    m->has_forecast[1] = true;
    for (int32_t t = 0; t < m->n_interval; t++) {
        m->forecast_mw[t * m->n_node + 1] = draw_int(d, 30, 260);
        for (int32_t r = 0; r < m->n_resource; r++)
            m->ruc_bid_usd_per_mw[t * m->n_resource + r] = draw_int(d, 0, 9);
    }
}

static void check_residual(const struct cleared *c, const struct ruc_outcome *ruc)
{
    const struct market *m = &c->m;
    for (int32_t t = 0; t < m->n_interval; t++) {
        double supply = 0;
        for (int32_t r = 0; r < m->n_resource; r++) {
            int32_t at = t * m->n_resource + r;
            if (!resource_type_withdraws(m->resource[r].type))
                supply += ruc->schedule_mw[at];
            LAW(ruc->on[at] || !c->o.on[at] || !m->resource[r].market_committed,
                "%s was on in hour %d and is sent home", m->resource[r].id, t);
            LAW(ruc->award_mw[at] >= 0, "%s: %g MW", m->resource[r].id,
                ruc->award_mw[at]);
            LAW(ruc->award_mw[at] <= 0 ||
                    fabs(ruc->award_mw[at] -
                         (ruc->schedule_mw[at] -
                          fmax(c->o.award_mw[at], m->resource[r].pmin_mw))) < 1e-6,
                "%s: award %g", m->resource[r].id, ruc->award_mw[at]);
            LAW(!m->resource[r].market_committed || ruc->on[at] ||
                    ruc->schedule_mw[at] < 1e-6,
                "%s is off and scheduled", m->resource[r].id);
        }
        LAW(supply + ruc->shortage_mw[t] >= ruc->required_mw[t] - 1e-6,
            "hour %d: %g MW and %g short of %g", t, supply, ruc->shortage_mw[t],
            ruc->required_mw[t]);
        for (int32_t n = 0; n < m->n_node; n++)
            LAW(ruc->price_usd_per_mw[t * m->n_node + n] > -1e-9 ||
                    isfinite(m->grid.branch[0].rate_mw),
                "hour %d: price %g", t, ruc->price_usd_per_mw[t * m->n_node + n]);
    }
    LAW(ruc->certificate.relative_gap < 1e-6, "gap %g", ruc->certificate.relative_gap);
}

Test(prop_day_commitment, residual_commitment_adds_and_takes_nothing_away)
{
    int n_more = 0;
    FOR_SEEDS(seed, 12)
    {
        struct draw d = draw_begin(seed);
        struct cleared c = {.m = draw_market(&d)};
        struct ruc_outcome ruc;
        struct err err = {0};
        draw_forecast(&d, &c.m);
        LAW(admit_bids(&c.m, &c.a, &err) == ERR_OK, "%s", err.msg);
        LAW(clear_begin(&c.m, &c.o, &err) == ERR_OK, "%s", err.msg);
        LAW(ruc_begin(&c.m, &ruc, &err) == ERR_OK, "%s", err.msg);
        for (int32_t day = 0; day < DAYS; day++) {
            LAW(clear_day(&c.m, &c.a, day, &c.o, &err) == ERR_OK, "%s", err.msg);
            LAW(ruc_day(&c.m, &c.a, day, &c.o, &ruc, &err) == ERR_OK, "%s", err.msg);
        }
        LAW(clear_end(&c.m, &c.o, &err) == ERR_OK, "%s", err.msg);
        check_residual(&c, &ruc);
        n_more += ruc.facts.n_committed;
        ruc_release(&ruc);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_more, 4);
}

/* ---- a day that mitigation leaves as it was is solved once ---- */

/* Default energy bids like the bids; on some days some of them far below. */
static void draw_default_bids(struct draw *d, struct market *m)
{
    size_t n = (size_t)m->n_resource * (size_t)m->n_interval;
    struct book *deb = &m->default_bids;
    *deb = (struct book){.n_owner = m->n_resource, .n_interval = m->n_interval};
    deb->start = MEM_ARRAY(int64_t, n + 1);
    deb->seg = MEM_ARRAY(struct bid_segment, (size_t)m->bids.start[n]);
    LAW(deb->start && deb->seg, "%s", "memory");
    memcpy(deb->start, m->bids.start, (n + 1) * sizeof *deb->start);
    memcpy(deb->seg, m->bids.seg, (size_t)m->bids.start[n] * sizeof *deb->seg);
    for (int32_t day = 0; day < DAYS; day++) {
        bool lower = draw_chance(d, day == 0 ? 0.8 : 0.3);
        for (size_t k = 0; lower && k < n; k++)
            for (int64_t s = deb->start[k]; s < deb->start[k + 1]; s++)
                if ((int32_t)(k % (size_t)m->n_interval) / HOURS == day)
                    deb->seg[s].price_usd_per_mwh *= 0.1;
    }
    m->mitigation_reference = 0;
    m->grid.branch[0].rate_mw = draw_real(d, 30, 90);
}

#define SAME(field, n)                                                      \
 LAW((a->field == NULL) == (b->field == NULL) &&                            \
         (!a->field ||                                                      \
          memcmp(a->field, b->field, (size_t)(n) * sizeof *a->field) == 0), \
     "%s differs", #field)

static void check_same(const struct outcome *a, const struct outcome *b)
{
    int32_t n_r = a->n_interval * a->n_resource, n_n = a->n_interval * a->n_node;
    SAME(award_mw, n_r);
    SAME(lmp, n_n);
    SAME(lmp_energy, n_n);
    SAME(lmp_congestion, n_n);
    SAME(flow_mw, a->n_interval * a->n_branch);
    SAME(on, n_r);
    SAME(start_cost_usd, n_r);
    SAME(min_load_usd, n_r);
    SAME(hull_lmp, n_n);
    SAME(ramp_free, n_r);
    SAME(rent_usd, a->n_interval);
    LAW(a->n_uplift == b->n_uplift, "%d and %d units", a->n_uplift, b->n_uplift);
    for (int32_t k = 0; k < a->n_uplift; k++)
        LAW(memcmp(&a->uplift[k].cost_usd, &b->uplift[k].cost_usd,
                   sizeof(double) + 2 * sizeof(struct unit_earning)) == 0,
            "uplift of %d differs", k);
    LAW(a->n_piece == b->n_piece && a->n_row == b->n_row, "%d and %d limits", a->n_row,
        b->n_row);
    for (int32_t k = 0; k < a->n_row; k++)
        LAW(memcmp(&a->row[k].limit, &b->row[k].limit, 3 * sizeof(double)) == 0,
            "limit %d differs", k);
    LAW(memcmp(&a->objective_usd, &b->objective_usd, sizeof(double)) == 0, "%g and %g",
        a->objective_usd, b->objective_usd);
    LAW(a->commitment.work == b->commitment.work &&
            a->stats.simplex_iterations == b->stats.simplex_iterations,
        "%s", "another amount of work");
    LAW(memcmp(&a->commitment.bound_usd, &b->commitment.bound_usd, sizeof(double)) == 0,
        "bound %g and %g", a->commitment.bound_usd, b->commitment.bound_usd);
}

/* One way through both days; how: whether a known answer is taken. Counts those. */
static int mitigate_days(struct cleared *c, bool share)
{
    struct mitigation mit;
    struct err err = {0};
    int n_known = 0;
    LAW(admit_bids(&c->m, &c->a, &err) == ERR_OK, "%s", err.msg);
    LAW(clear_begin(&c->m, &c->o, &err) == ERR_OK, "%s", err.msg);
    LAW(ruc_begin(&c->m, &c->ruc, &err) == ERR_OK, "%s", err.msg);
    LAW(mitigate_begin(&c->m, &mit, &err) == ERR_OK && mit.active, "%s", err.msg);
    c->o.keep_pieces = true;
    for (int32_t day = 0; day < DAYS; day++) {
        int32_t n_piece = mit.made.n_piece;
        struct admission cleared;
        LAW(mitigate_day(&c->m, &c->a, day, &c->o, &mit, &err) == ERR_OK, "%s",
            err.msg);
        LAW(mit.solution.known == (mit.made.n_piece == n_piece), "day %d, %d lowered",
            day, mit.made.n_piece - n_piece);
        n_known += mit.solution.known;
        cleared = mitigate_admitted(&c->a, &mit);
        LAW((share && mit.solution.known
                 ? clear_day_shared(&c->m, &cleared, day, &mit.solution, &c->o, &err)
                 : clear_day(&c->m, &cleared, day, &c->o, &err)) == ERR_OK,
            "%s", err.msg);
        if (c->ruc.active)
            LAW(ruc_day(&c->m, &c->a, day, &c->o, &c->ruc, &err) == ERR_OK, "%s",
                err.msg);
    }
    mitigation_release(&mit);
    return n_known;
}

Test(prop_day_commitment, a_day_without_lowered_offers_is_the_trial_to_the_last_bit)
{
    int n_known = 0, n_mixed = 0;
    FOR_SEEDS(seed, 12)
    {
        struct cleared way[2];
        for (int k = 0; k < 2; k++) {
            struct draw d = draw_begin(seed);
            way[k] = (struct cleared){.m = draw_market(&d)};
            way[k].m.rules.pivotal_suppliers = 3;
            way[k].m.rules.commitment_gap = 0.02;
            draw_default_bids(&d, &way[k].m);
            if (draw_chance(&d, 0.3))
                draw_forecast(&d, &way[k].m);
        }
        int n = mitigate_days(&way[0], true);
        LAW(mitigate_days(&way[1], false) == n, "%d days known", n);
        check_same(&way[0].o, &way[1].o);
        n_known += n;
        n_mixed += n == 1;
        cleared_release(&way[0]);
        cleared_release(&way[1]);
        LAW(mem_live() == 0, "%ld blocks left", mem_live());
    }
    cr_assert_gt(n_known, 8, "%d days were known", n_known);
    cr_assert_gt(n_mixed, 2, "%d seeds had both", n_mixed);
}
