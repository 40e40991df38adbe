/*
 * prop_envy.c - at these prices nobody would rather have another award.
 *
 * Every resource is given the prices of its node and asked, alone, what it would do with
 * its own bids, ramps and stored energy (a one-bus problem that GLPK solves whole). It
 * must not do better than with its award.
 */
#include <math.h>

#include "tests/oracle/full_dispatch.h"
#include "tests/support/cleared.h"
#include "tests/support/drawn.h"
#include "tests/support/drawn_market.h"

/* Value of a bid piece in the pricing run, USD/MWh. */
static double worth(const struct cleared *c, const struct bid_segment *piece,
                    bool takes)
{
    if (piece->kind == BID_ENERGY)
        return piece->price_usd_per_mwh;
    return takes ? c->m.rules.energy_bid_cap : c->m.rules.energy_bid_floor;
}

/* Cost of an award by the bid alone, USD/h; minus the value of what is withdrawn. */
static double bid_cost(const struct cleared *c, const struct bid_segment *bid,
                       int32_t n, bool takes, double award)
{
    double mw = takes ? -award : award, sum = 0;
    for (int32_t k = 0; k < n; k++) {
        double in = fmin(fmax(mw, bid[k].from_mw), bid[k].to_mw);
        /* From 0 MW: a storage's pieces below it give back. */
        double zero = fmin(fmax(0, bid[k].from_mw), bid[k].to_mw);
        sum += worth(c, &bid[k], takes) * (in - zero);
    }
    return takes ? -sum : sum;
}

static double money_usd(const struct cleared *c, int32_t t, int32_t node, double award)
{
    return award * cleared_lmp(c, t, node);
}

/* A piece in the money is taken, one out of the money is not. */
static void check_piece_by_piece(const struct cleared *c, const struct bid_segment *bid,
                                 int32_t n, bool takes, double pmin, double award,
                                 double lmp, const char *id)
{
    double mw = takes ? -award : award;
    for (int32_t k = 0; k < n; k++) {
        double from = fmax(bid[k].from_mw, pmin), to = bid[k].to_mw;
        double gain = lmp - worth(c, &bid[k], takes);
        if (takes)
            gain = -gain;
        LAW(gain < 1e-5 || mw >= to - 1e-5,
            "%s: %.9g MW of a piece up to %.9g, gain %g", id, mw, to, gain);
        LAW(gain > -1e-5 || mw <= from + 1e-5 || from >= to,
            "%s: %.9g MW into a piece from %.9g, gain %g", id, mw, from, gain);
    }
}

/* ---- resources that look at more than one hour ---- */

/* The day of resource r as a problem of its own, with a market that buys and sells. */
static void alone(const struct cleared *c, int32_t r, int32_t day, struct drawn *x)
{
    const struct resource *res = &c->m.resource[r];
    *x = (struct drawn){.n_bus = 1, .n_injection = 2, .reference = {1}};
    int32_t first = c->m.first_interval[day];
    struct drawn_injection *own = &x->injection[0], *market = &x->injection[1];
    x->n_interval = c->m.first_interval[day + 1] - first;
    x->schedule = x->pricing =
        (struct dispatch_penalty){1e7, 1e7, 1e7, 1e7, 1e7, 1e7, 1e7};
    own->n_place = market->n_place = 1;
    own->weight[0] = market->weight[0] = 1;
    own->ramp_up = 60 * res->ramp_up_mw_per_min;
    own->ramp_down = 60 * res->ramp_down_mw_per_min;
    own->initial = day == 0 ? res->initial_mw : cleared_award(c, first - 1, r);
    market->ramp_up = market->ramp_down = HUGE_VAL;
    market->initial = (double)NAN;
    market->n_segment = 1;
    for (int32_t t = 0; t < x->n_interval; t++) {
        int32_t n, k = 0;
        const struct bid_segment *bid = book_bid(&c->a.bids, r, first + t, &n);
        double from = res->type == RESOURCE_STORAGE ? bid[0].from_mw : res->pmin_mw;
        double lmp = cleared_lmp(c, first + t, res->node);
        x->duration[t] = 1;
        own->base[t] = from;
        for (int32_t s = 0; s < n; s++) {
            double to = bid[s].to_mw, price = worth(c, &bid[s], false);
            if (from < 0 && to > 0) {
                own->seg[t][k++] = (struct dispatch_segment){-from, price, price};
                from = 0;
            }
            if (to > from)
                own->seg[t][k++] = (struct dispatch_segment){to - from, price, price};
            from = fmax(from, to);
        }
        own->n_segment = k; /* the same in every hour, see drawn_market.c */
        market->base[t] = -1e4;
        market->seg[t][0] = (struct dispatch_segment){2e4, lmp, lmp};
    }
    if (res->type != RESOURCE_STORAGE)
        return;
    x->n_store = 1;
    x->store[0] = (struct dispatch_store){
        .charge_efficiency = res->charge_efficiency,
        .discharge_efficiency = res->discharge_efficiency,
        .energy_min_mwh = res->energy_min_mwh,
        .energy_max_mwh = res->energy_max_mwh,
        .energy_initial_mwh = day == 0
                                  ? res->initial_energy_mwh
                                  : c->o.energy_mwh[(first - 1) * c->m.n_resource + r],
        .energy_end_min_mwh =
            isnan(res->end_energy_mwh) ? -HUGE_VAL : res->end_energy_mwh};
}

/*
 * A full store with losses may want to charge and discharge at once, to make room by
 * burning energy. It may not, so that no price need support what it does.
 */
static bool would_burn(const struct cleared *c, int32_t r, int32_t day)
{
    for (int32_t k = 0; k < c->o.n_constraint; k++) {
        const struct constraint *limit = &c->o.constraint[k];
        if (limit->kind != CONSTRAINT_ENERGY || limit->index != r || !limit->upper)
            continue;
        for (int32_t t = c->m.first_interval[day]; t < c->m.first_interval[day + 1];
             t++)
            if (c->o.shadow_price[t * c->o.n_constraint + k] > 0 &&
                c->m.resource[r].charge_efficiency < 1)
                return true;
    }
    return false;
}

static bool same_pieces_all_day(const struct cleared *c, int32_t r, int32_t day)
{
    int32_t n, n_first, first = c->m.first_interval[day];
    (void)book_bid(&c->a.bids, r, first, &n_first);
    for (int32_t t = first; t < c->m.first_interval[day + 1]; t++) {
        (void)book_bid(&c->a.bids, r, t, &n);
        if (n != n_first || n == 0)
            return false;
    }
    return c->m.first_interval[day + 1] - first <= DRAWN_INTERVAL &&
           n_first < DRAWN_SEGMENT;
}

static int check_over_time(const struct cleared *c, int32_t r, int32_t day)
{
    struct drawn x;
    struct stated s;
    if (!same_pieces_all_day(c, r, day))
        return 0;
    alone(c, r, day, &x);
    stated_make(&x, &s);
    struct full_dispatch best = {.chords = 1};
    full_dispatch(&s.p, &best);
    if (best.both_ways || would_burn(c, r, day)) {
        stated_release(&s);
        return 0;
    }
    /* The twin counts from its base; so do we. Its market sells at -1e4 MW base. */
    double mine = 0;
    int32_t first = c->m.first_interval[day];
    for (int32_t t = 0; t < x.n_interval; t++) {
        int32_t n;
        const struct bid_segment *bid = book_bid(&c->a.bids, r, first + t, &n);
        double award = cleared_award(c, first + t, r), base = x.injection[0].base[t];
        double lmp = cleared_lmp(c, first + t, c->m.resource[r].node);
        mine += bid_cost(c, bid, n, false, award) - bid_cost(c, bid, n, false, base) +
                lmp * (1e4 - award);
    }
    LAW(mine <= best.objective_usd + 1e-6 * (1 + fabs(best.objective_usd)),
        "%s, day %d: its award costs %.9g $, it would rather pay %.9g $",
        c->m.resource[r].id, day, mine, best.objective_usd);
    stated_release(&s);
    return 1;
}

static bool relaxed_for(const struct cleared *c, int32_t r)
{
    for (int32_t k = 0; k < c->o.n_relaxation; k++)
        if (c->o.relaxation[k].kind == RELAX_LIMIT && c->o.relaxation[k].owner == r)
            return true;
    return false;
}

static void check_resource(const struct cleared *c, int32_t r, int *n_over_time)
{
    const struct resource *res = &c->m.resource[r];
    bool ramps = !isinf(res->ramp_up_mw_per_min) || !isinf(res->ramp_down_mw_per_min);
    if (res->type == RESOURCE_STORAGE || ramps) {
        for (int32_t day = 0; day < c->m.n_day && !relaxed_for(c, r); day++)
            *n_over_time += check_over_time(c, r, day);
        return;
    }
    bool takes = resource_type_withdraws(res->type);
    for (int32_t t = 0; t < c->m.n_interval; t++) {
        int32_t n;
        const struct bid_segment *bid = book_bid(&c->a.bids, r, t, &n);
        double award = cleared_award(c, t, r), lmp = cleared_lmp(c, t, res->node);
        check_piece_by_piece(c, bid, n, takes, res->pmin_mw, award, lmp, res->id);
        LAW(bid_cost(c, bid, n, takes, award) - money_usd(c, t, res->node, award) <=
                    bid_cost(c, bid, n, takes, 0) + 1e-4 ||
                res->pmin_mw > 0,
            "%s would rather have nothing at %g $/MWh", res->id, lmp);
    }
}

Test(prop_envy, nobody_would_rather_have_another_award_at_these_prices)
{
    int n_consistent = 0, n_over_time = 0;
    FOR_SEEDS(seed, 250)
    {
        struct draw d = draw_begin(seed);
        struct market_build b;
        struct cleared c;
        drawn_market(&d, DRAWN_MARKET_ANY, &b);
        cleared_make(market_build_end(&b), &c);
        n_consistent += c.o.consistent;
        for (int32_t r = 0; c.o.consistent && r < c.m.n_resource; r++)
            check_resource(&c, r, &n_over_time);
        for (int32_t p = 0; c.o.consistent && p < c.m.n_virtual; p++)
            for (int32_t t = 0; t < c.m.n_interval; t++) {
                int32_t n;
                const struct bid_segment *bid = book_bid(&c.a.virtual_bids, p, t, &n);
                check_piece_by_piece(&c, bid, n, c.m.position[p].side == VIRTUAL_DEMAND,
                                     0, c.o.virtual_award_mw[t * c.m.n_virtual + p],
                                     cleared_lmp(&c, t, c.m.position[p].node),
                                     c.m.position[p].id);
            }
        cleared_release(&c);
    }
    cr_log_info("%d consistent markets, %d resource days over time", n_consistent,
                n_over_time);
}
