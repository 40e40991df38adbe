/* charge_recovery.c - bid cost recovery: what prices leave unpaid of what was bid. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"
#include "sim/settle/meter.h"
#include "sim/settle/statement.h"

enum {
    DAY_AHEAD = SETTLE_DAY_AHEAD,
    REAL_TIME = SETTLE_REAL_TIME,
    MARKETS = SETTLE_MARKETS
};

/* A day's cost less revenue, hour by hour: [hours of the day][n_resource]. */
struct recovery {
    int32_t first, n_hour, n_resource;
    double *short_usd[MARKETS];
    double *paid_usd[MARKETS]; /* per hour and resource, after the day is netted */
};

static double *cell(double *array, const struct recovery *v, int32_t hour, int32_t r)
{
    return &array[(size_t)(hour - v->first) * (size_t)v->n_resource + (size_t)r];
}

/* ---- what a bid says ---- */

static const struct bid_segment *bid_in(const struct charging *w, int32_t r, int market,
                                        int32_t *n)
{
    return market == REAL_TIME ? admit_real_time_bid(w->a, r, w->interval, n)
                               : book_bid(&w->a->bids, r, w->interval, n);
}

/* What mitigation took off an offer between two MW: of the hour, or of five minutes; of a
 * plant in configuration c. */
static double lowered_usd(const struct charging *w, int32_t r, int32_t c, int32_t five,
                          double from_mw, double to_mw)
{
    const struct rt_outcome *rt = w->rt;
    if (five < 0)
        return w->mitigated ? mitigation_saved_usd(w->m, w->mitigated, r, c,
                                                   w->interval, from_mw, to_mw)
                            : 0;
    return mitigation_saved_usd(NULL, &rt->fmm_mitigation, r, c,
                                five / RT_FIVES_A_QUARTER, from_mw, to_mw) +
           mitigation_saved_usd(NULL, &rt->rtd_mitigation, r, c, five, from_mw, to_mw);
}

/* Cost of an hour at P MW as bid in a market, above Pmin, or around zero where Pmin is below it;
 * self-schedules cost nothing. As mitigated: five: the five minutes of real time, -1 = day-ahead.
 * c: the configuration of a plant, whose minimum load has what lies below its Pmin; else -1. */
static double bid_usd(const struct charging *w, int32_t r, int32_t five, double mw,
                      int32_t c)
{
    int32_t n, market = five < 0 ? DAY_AHEAD : REAL_TIME;
    const struct bid_segment *bid =
        c < 0 ? bid_in(w, r, market, &n)
        : market == REAL_TIME
            ? admit_real_time_configuration(w->a, w->m, c, w->interval, &n)
            : book_bid(&w->a->configuration_bids, c, w->interval, &n);
    double from = fmax(market_pmin_mw(w->m, r, c), 0), sum = 0;
    if (c >= 0 && mw <= from)
        return 0;
    for (int32_t k = 0; k < n; k++) {
        if (bid_kind_is_self(bid[k].kind))
            continue;
        double lo = fmax(bid[k].from_mw, fmin(from, mw));
        double hi = fmin(bid[k].to_mw, fmax(from, mw));
        if (hi > lo)
            sum += (mw < from ? -1 : 1) * (hi - lo) * bid[k].price_usd_per_mwh;
    }
    return sum - (mw < from ? -1 : 1) *
                     lowered_usd(w, r, c, five, fmin(from, mw), fmax(from, mw));
}

static bool is_self_committed(const struct charging *w, int32_t r, int market)
{
    int32_t n;
    const struct bid_segment *bid = bid_in(w, r, market, &n);
    return n > 0 && bid_kind_is_self(bid[0].kind);
}

/*
 * MW beyond what a resource schedules itself and the Pmin under it (of a plant: that of
 * configuration c); all of them where it does not. Within, it takes the price, whatever that
 * is: nothing was bid that could be recovered.
 */
static double beyond_self_mw(const struct charging *w, int32_t r, int market, double mw,
                             int32_t c)
{
    int32_t n;
    const struct bid_segment *bid = bid_in(w, r, market, &n);
    if (!is_self_committed(w, r, market))
        return mw;
    double lo = 0, hi = fmax(market_pmin_mw(w->m, r, c), 0);
    for (int32_t k = 0; k < n && bid_kind_is_self(bid[k].kind); k++) {
        lo = fmin(lo, bid[k].from_mw);
        hi = fmax(hi, bid[k].to_mw);
    }
    return mw - fmax(lo, fmin(hi, mw));
}

/* Loads, exports, hourly blocks and imports that schedule themselves are not made whole, nor
 * other imports the day ahead. */
static bool is_eligible(const struct charging *w, int32_t r, int market)
{
    const struct resource *is = &w->m->resource[r];
    if (is->type == RESOURCE_IMPORT)
        return market == REAL_TIME && tie_option_is_priced(is->tie_option);
    return !resource_type_withdraws(is->type);
}

/* ---- one market, one hour ---- */

static size_t at(const struct charging *w, int32_t interval, int32_t r)
{
    return (size_t)interval * (size_t)w->m->n_resource + (size_t)r;
}

/* Offers of services that were taken, less what they are paid. */
static double services_short_usd(const struct charging *w, int32_t r)
{
    const struct market *m = w->m;
    double sum = 0;
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        size_t k = (size_t)w->interval * (size_t)m->n_service_bidder + (size_t)b;
        if (m->service_bidder[b].resource == r)
            sum += (w->o->service_mw[k] - w->o->service_self_mw[k]) *
                   (w->a->service_offer[k].price_usd_per_mw -
                    w->o->service_bidder_usd_per_mw[k]) *
                   market_duration_h(m);
    }
    return sum;
}

/* ---- who was there ---- */

/* What there was of it in five minutes could run. */
static bool is_there(const struct charging *w, int32_t r, int32_t five)
{
    double least_mw = fmax(w->m->resource[r].pmin_mw, 1e-9);
    return w->rt->rtd.on[at(w, five, r)] &&
           w->m->rt.available_mw[at(w, five, r)] >= least_mw;
}

/* Share of the hour in which a unit was on, or off because real time spared it minimum load. */
static double followed_share(const struct charging *w, int32_t r)
{
    int32_t n = 0;
    if (!w->rt || !w->m->resource[r].market_committed)
        return 1;
    for (int32_t k = 0; k < RT_FIVES; k++) {
        int32_t five = RT_FIVES * w->interval + k;
        n += is_there(w, r, five) ||
             w->rt->fmm.min_load_usd[at(w, five / RT_FIVES_A_QUARTER, r)] < 0;
    }
    return (double)n / RT_FIVES;
}

/* Whether the start scheduled for this hour was made, or spared: fast units are counted anew
 * when they start later; others may start as soon as they are back, while the schedule lasts. */
static bool has_started(const struct charging *w, int32_t r)
{
    const struct resource *is = &w->m->resource[r];
    int32_t five = RT_FIVES * w->interval, t = w->interval;
    const uint8_t *on = w->ruc ? w->ruc->on : w->o->on;
    if (!w->rt || !is->market_committed)
        return true;
    if (is->commit.fast)
        return is_there(w, r, five) ||
               (!w->rt->rtd.on[at(w, five, r)] &&
                w->rt->fmm.start_cost_usd[at(w, five / RT_FIVES_A_QUARTER, r)] < 0);
    int32_t end = w->m->first_interval[market_day_of(w->m, t) + 1];
    for (; t < end && on[at(w, t, r)]; t++)
        for (int32_t k = 0; k < RT_FIVES; k++)
            if (is_there(w, r, RT_FIVES * t + k))
                return true;
    return false;
}

/* Keeps what an hour is made of, and returns what it is short of: (28). */
static double note(const struct charging *w, int32_t r, int market, double commitment,
                   double energy, double service, double revenue)
{
    struct settle_recovery *of = &w->s->recovery[market];
    size_t k = at(w, w->interval, r);
    of->commitment[k] = commitment;
    of->energy[k] = energy;
    of->service[k] = service;
    of->revenue[k] = revenue;
    return commitment + energy - revenue + service;
}

static double day_ahead_short_usd(const struct charging *w, int32_t r)
{
    double mw = w->award_mw[r], commit_usd = 0, share = followed_share(w, r);
    if (!is_self_committed(w, r, DAY_AHEAD) && w->o->start_cost_usd)
        commit_usd = has_started(w, r) * w->o->start_cost_usd[at(w, w->interval, r)] +
                     share * w->o->min_load_usd[at(w, w->interval, r)];
    if (!is_self_committed(w, r, DAY_AHEAD) && w->o->transition_usd && share > 0)
        commit_usd += w->o->transition_usd[at(w, w->interval, r)];
    int32_t c = outcome_configuration(w->o, w->interval, r);
    double energy_usd =
        mw == 0 ? 0 : bid_usd(w, r, -1, mw, c); /* exact: it is not on */
    double revenue_usd =
        beyond_self_mw(w, r, DAY_AHEAD, mw, c) * w->lmp[w->m->resource[r].node];
    return note(w, r, DAY_AHEAD, commit_usd, energy_usd, services_short_usd(w, r),
                revenue_usd);
}

static double scheduled_mw_at(const struct charging *w, int32_t r, int32_t five)
{
    return w->o->award_mw[at(w, five / RT_FIVES, r)];
}

/* An outage has some of what was scheduled, or keeps the unit off. */
static bool is_out(const struct charging *w, int32_t r, int32_t five)
{
    const struct resource *is = &w->m->resource[r];
    const struct rt_outcome *rt = w->rt;
    double scheduled_mw = scheduled_mw_at(w, r, five);
    if (w->m->rt.available_mw[at(w, five, r)] < scheduled_mw - 1e-6)
        return true;
    bool is_spared = is->commit.fast &&
                     (is->commit.min_load_usd_per_h <= 0 ||
                      rt->fmm.min_load_usd[at(w, five / RT_FIVES_A_QUARTER, r)] < 0);
    return is->market_committed && scheduled_mw > 0 && !rt->rtd.on[at(w, five, r)] &&
           !is_spared;
}

/* It has not been back at its schedule since an outage within the hour before. */
static bool comes_back(const struct charging *w, int32_t r, int32_t five)
{
    for (int32_t k = 0; k < RT_FIVES && five >= k; k++) {
        double least_mw = scheduled_mw_at(w, r, five - k) - 1e-6;
        if (w->rt->rtd.award_mw[at(w, five - k, r)] >= least_mw &&
            w->m->rt.available_mw[at(w, five - k, r)] >= least_mw)
            return false;
        if (is_out(w, r, five - k))
            return true;
    }
    return false;
}

/* Where an outage or the stored energy decided, and not the price, nothing is owed. */
static bool is_excluded(const struct charging *w, int32_t r, int32_t five)
{
    return w->rt->energy_bound[at(w, five, r)] || is_out(w, r, five) ||
           comes_back(w, r, five);
}

/* Starts and minimum load beside the schedule; a start that failed, and fives in which the unit
 * was not there, cost nothing. */
static double started_usd(const struct charging *w, int32_t r)
{
    const struct outcome *fmm = &w->rt->fmm;
    double sum = 0;
    for (int32_t q = RT_QUARTERS * w->interval; q < RT_QUARTERS * (w->interval + 1);
         q++) {
        double start_usd = fmm->start_cost_usd[at(w, q, r)];
        double min_load_usd = fmm->min_load_usd[at(w, q, r)];
        int32_t five = RT_FIVES_A_QUARTER * q, n_there = 0;
        for (int32_t k = 0; k < RT_FIVES_A_QUARTER; k++)
            n_there += is_there(w, r, five + k);
        if (start_usd < 0 || is_there(w, r, five))
            sum += start_usd;
        sum += min_load_usd < 0 ? min_load_usd
                                : min_load_usd * n_there / RT_FIVES_A_QUARTER;
    }
    return sum;
}

/* Starts and minimum load of fast units, and what residual commitment made run. */
static double real_time_commitment_usd(const struct charging *w, int32_t r)
{
    double sum = 0;
    if (w->rt && !is_self_committed(w, r, REAL_TIME))
        sum += started_usd(w, r);
    if (w->ruc && !is_self_committed(w, r, DAY_AHEAD))
        sum += charging_ruc_short_usd(w, r, has_started(w, r), followed_share(w, r));
    return sum;
}

static double real_time_short_usd(const struct charging *w, int32_t r)
{
    const struct rt_outcome *rt = w->rt;
    size_t node = (size_t)w->m->resource[r].node, n_node = (size_t)w->m->n_node;
    int32_t scheduled = outcome_configuration(w->o, w->interval, r);
    int32_t last = outcome_last_configuration(w->o, w->interval, r);
    double commitment_usd = real_time_commitment_usd(w, r);
    double day_mw = beyond_self_mw(w, r, REAL_TIME, w->award_mw[r], scheduled);
    double energy_usd = 0, revenue_usd = 0;
    for (int32_t k = 0; rt && k < RT_FIVES; k++) {
        int32_t five = RT_FIVES * w->interval + k, quarter = five / RT_FIVES_A_QUARTER;
        double fmm_mw = rt->fmm.award_mw[at(w, quarter, r)];
        double rtd_mw = rt->rtd.award_mw[at(w, five, r)];
        if (is_excluded(w, r, five))
            continue;
        double fmm_lmp = rt->fmm.lmp[(size_t)quarter * n_node + node];
        double rtd_lmp = rt->rtd.lmp[(size_t)five * n_node + node];
        energy_usd += bid_usd(w, r, five, rtd_mw, last) -
                      bid_usd(w, r, five, w->award_mw[r], scheduled);
        fmm_mw = beyond_self_mw(w, r, REAL_TIME, fmm_mw, last);
        rtd_mw = beyond_self_mw(w, r, REAL_TIME, rtd_mw, last);
        revenue_usd += (fmm_mw - day_mw) * fmm_lmp + (rtd_mw - fmm_mw) * rtd_lmp;
    }
    if (!rt)
        return note(w, r, REAL_TIME, commitment_usd, 0, 0, 0);
    return note(w, r, REAL_TIME, commitment_usd, energy_usd * rt->rtd.interval_h,
                charging_services_short_usd(w, r),
                revenue_usd * rt->rtd.interval_h + charging_flex_usd(w, r));
}

/* ---- a day ---- */

/* (29): the day is netted; what is left is paid in the hours that were short, in
 * proportion. */
static void net_day(struct recovery *v, int market)
{
    for (int32_t r = 0; r < v->n_resource; r++) {
        double net_usd = 0, short_usd = 0;
        for (int32_t t = v->first; t < v->first + v->n_hour; t++) {
            net_usd += *cell(v->short_usd[market], v, t, r);
            short_usd += fmax(0, *cell(v->short_usd[market], v, t, r));
        }
        double paid_usd = charge_recovery_usd(net_usd);
        for (int32_t t = v->first; t < v->first + v->n_hour && paid_usd < 0; t++)
            *cell(v->paid_usd[market], v, t, r) =
                paid_usd * fmax(0, *cell(v->short_usd[market], v, t, r)) / short_usd;
    }
}

/* Pays the hour; returns what it comes to, >= 0, as *uplift_usd. */
static enum err_code pay_hour(struct charging *w, struct recovery *v, int market,
                              int charge, double *uplift_usd)
{
    enum err_code code = ERR_OK;
    struct money_sum sum = {0};
    for (int32_t r = 0; r < v->n_resource && !code; r++) {
        struct settle_interval_line line = charging_of_resource(w, charge, r);
        double short_usd = *cell(v->short_usd[market], v, w->interval, r);
        line.amount_usd = *cell(v->paid_usd[market], v, w->interval, r);
        if (line.amount_usd > -1e-6) /* a thousandth of a mill is arithmetic */
            continue;
        line.quantity_mwh = short_usd;
        line.price_usd = line.amount_usd / short_usd;
        money_add(&sum, -line.amount_usd);
        code = charging_add(w, line);
    }
    *uplift_usd = money_total_usd(&sum);
    return code;
}

/* ---- who pays for the day-ahead market's ---- */

/* Adds up by SC: what withdraws beyond what the SC schedules itself. */
static void obligations(const struct charging *w, double *by_sc)
{
    const struct market *m = w->m;
    double h = market_duration_h(m);
    for (int32_t sc = 0; sc < m->n_sc; sc++)
        by_sc[sc] = 0;
    for (int32_t r = 0; r < m->n_resource; r++) {
        int32_t n;
        const struct bid_segment *bid = book_bid(&w->a->bids, r, w->interval, &n);
        double self_mw = 0;
        for (int32_t k = 0; k < n && bid_kind_is_self(bid[k].kind); k++)
            self_mw = bid[k].to_mw;
        if (resource_type_withdraws(m->resource[r].type))
            by_sc[m->resource[r].sc] -= w->award_mw[r] * h;
        else
            by_sc[m->resource[r].sc] -= fmin(self_mw, fmax(0, w->award_mw[r])) * h;
    }
    for (int32_t p = 0; p < m->n_virtual; p++)
        by_sc[m->position[p].sc] -= fmin(0, w->virtual_award_mw[p]) * h;
    for (int32_t sc = 0; sc < m->n_sc; sc++)
        by_sc[sc] = fmax(0, by_sc[sc]);
}

/* What units that the market committed give beyond their self-schedules. */
static double committed_mwh(const struct charging *w)
{
    const struct market *m = w->m;
    double sum = 0;
    for (int32_t r = 0; r < m->n_resource; r++)
        if (m->resource[r].market_committed && !is_self_committed(w, r, DAY_AHEAD))
            sum += fmax(0, w->award_mw[r]);
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        const struct service_bidder *is = &m->service_bidder[b];
        if (m->resource[is->resource].market_committed && is->service != SERVICE_RD)
            sum += w->o->service_mw[(size_t)w->interval * (size_t)m->n_service_bidder +
                                    (size_t)b];
    }
    return sum * market_duration_h(m);
}

/* The rest, by measured demand; by scheduled demand where nothing is metered. */
static enum err_code charge_rest(struct charging *w, int charge, double usd)
{
    return w->meter ? charging_divide_measured(w, charge, -usd, charge_share_usd)
                    : charging_divide(w, charge, -usd, charge_share_usd);
}

/* (30), (31) */
static enum err_code charge_tiers(struct charging *w, double uplift_usd, double *by_sc)
{
    double total = 0, left_usd = uplift_usd;
    enum err_code code = ERR_OK;
    obligations(w, by_sc);
    for (int32_t sc = 0; sc < w->m->n_sc; sc++)
        total += by_sc[sc];
    double given_mwh = w->s->committed_mwh[w->interval] = committed_mwh(w);
    double rate = charge_tier_rate(uplift_usd, total, given_mwh);
    for (int32_t sc = 0; sc < w->m->n_sc && !code; sc++) {
        struct settle_interval_line line = {
            .sc = sc, .code = CHARGE_6636, .resource = -1, .position = -1};
        line.quantity_mwh = by_sc[sc];
        line.price_usd = rate;
        line.amount_usd = rate * by_sc[sc];
        left_usd -= line.amount_usd;
        code = charging_add(w, line);
    }
    if (code || left_usd < 1e-9 * uplift_usd)
        return code;
    return charge_rest(w, CHARGE_6637, left_usd);
}

static enum err_code allocate(const struct charging *w, struct recovery *v,
                              struct arena *arena)
{
    size_t n = (size_t)v->n_hour * (size_t)v->n_resource;
    for (int k = 0; k < MARKETS; k++) {
        v->short_usd[k] = ARENA_ARRAY(arena, double, n);
        v->paid_usd[k] = ARENA_ARRAY(arena, double, n);
        if (!v->short_usd[k] || !v->paid_usd[k])
            return err_set(w->err, ERR_NOMEM, "cannot hold the costs of a day");
    }
    return ERR_OK;
}

static void add_up(struct charging *w, struct recovery *v)
{
    for (int32_t t = v->first; t < v->first + v->n_hour; t++) {
        charging_begin(w, t);
        for (int32_t r = 0; r < v->n_resource; r++) {
            if (is_eligible(w, r, DAY_AHEAD))
                *cell(v->short_usd[DAY_AHEAD], v, t, r) = day_ahead_short_usd(w, r);
            if (is_eligible(w, r, REAL_TIME))
                *cell(v->short_usd[REAL_TIME], v, t, r) = real_time_short_usd(w, r);
        }
    }
    net_day(v, DAY_AHEAD);
    net_day(v, REAL_TIME);
}

static enum err_code settle_hour(struct charging *w, struct recovery *v, double *by_sc)
{
    double uplift_usd;
    enum err_code code = pay_hour(w, v, DAY_AHEAD, CHARGE_6630, &uplift_usd);
    if (!code && uplift_usd > 0)
        code = charge_tiers(w, uplift_usd, by_sc);
    if (!code)
        code = pay_hour(w, v, REAL_TIME, CHARGE_6620, &uplift_usd);
    if (!code && uplift_usd > 0)
        code = charge_rest(w, CHARGE_6678, uplift_usd);
    return code;
}

enum err_code charge_recovery(struct charging *w, int32_t day)
{
    const struct market *m = w->m;
    struct arena arena = {0};
    struct recovery v = {.first = m->first_interval[day],
                         .n_hour = m->first_interval[day + 1] - m->first_interval[day],
                         .n_resource = m->n_resource};
    double *by_sc = ARENA_ARRAY(&arena, double, m->n_sc);
    enum err_code code = by_sc ? allocate(w, &v, &arena)
                               : err_set(w->err, ERR_NOMEM, "cannot hold obligations");
    if (!code)
        add_up(w, &v);
    for (int32_t t = v.first; t < v.first + v.n_hour && !code; t++) {
        charging_begin(w, t);
        code = settle_hour(w, &v, by_sc);
    }
    arena_release(&arena);
    return code;
}
