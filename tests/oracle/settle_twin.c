/* settle_twin.c - (1) to (17) of sim/settle/README.md, once more. */
#include "tests/oracle/settle_twin.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/draw.h"

enum {
    CODE_4515,
    CODE_4560,
    CODE_6011,
    CODE_6013,
    CODE_6090,
    CODE_6100,
    CODE_6194,
    CODE_6200,
    CODE_6294,
    CODE_6500,
    CODE_6594,
    CODE_6600,
    CODE_6630,
    CODE_6636,
    CODE_6637,
    CODE_6694,
    CODE_6696,
    CODE_6790,
    CODE_6947,
    N_CODE
};

static const int code_of[N_CODE] = {4515, 4560, 6011, 6013, 6090, 6100, 6194,
                                    6200, 6294, 6500, 6594, 6600, 6630, 6636,
                                    6637, 6694, 6696, 6790, 6947};

struct ledger {
    const struct market *m;
    long double *usd; /* [n_sc + 1][N_CODE], the ISO last */
};

static void book_usd(struct ledger *l, int32_t sc, int code, long double usd)
{
    l->usd[(size_t)sc * N_CODE + (size_t)code] += usd;
}

static void charge_energy(struct ledger *l, const struct outcome *o, int32_t t)
{
    const struct market *m = l->m;
    const double *lmp = o->lmp + t * m->n_node;
    const double *award = o->award_mw + t * m->n_resource;
    const double *position = o->virtual_award_mw + t * m->n_virtual;
    long double surplus = 0, moved = 0, demand = 0, any = 0;
    for (int32_t r = 0; r < m->n_resource; r++) {
        long double usd = -(long double)award[r] * lmp[m->resource[r].node];
        book_usd(l, m->resource[r].sc, CODE_6011, usd);
        surplus += usd;
        moved += fabsl(usd);
        any += fabs(award[r]);
        if (m->resource[r].type == RESOURCE_LOAD ||
            m->resource[r].type == RESOURCE_EXPORT)
            demand += fmax(0, -award[r]);
    }
    for (int32_t p = 0; p < m->n_virtual; p++) {
        long double usd = -(long double)position[p] * lmp[m->position[p].node];
        book_usd(l, m->position[p].sc, CODE_6013, usd);
        surplus += usd;
        moved += fabsl(usd);
    }
    long double lost = o->loss_surplus_usd[t], rest = surplus - lost;
    if (fabsl(lost) <= 1e-10L * moved)
        lost = 0;
    if (fabsl(rest) <= 1e-10L * moved)
        rest = 0;
    if (demand <= 0 && any <= 0) {
        book_usd(l, m->n_sc, CODE_6790, -rest);
        book_usd(l, m->n_sc, CODE_6947, -lost);
    }
    for (int32_t r = 0; r < m->n_resource; r++) {
        bool takes = m->resource[r].type == RESOURCE_LOAD ||
                     m->resource[r].type == RESOURCE_EXPORT;
        long double share = demand > 0 ? (takes ? fmax(0, -award[r]) / demand : 0)
                            : any > 0  ? fabs(award[r]) / any
                                       : 0;
        book_usd(l, m->resource[r].sc, CODE_6790, -rest * share);
        book_usd(l, m->resource[r].sc, CODE_6947, -lost * share);
    }
}

static void charge_fees(struct ledger *l, const struct admission *a,
                        const struct outcome *o, int32_t t)
{
    const struct market *m = l->m;
    for (int32_t i = 0; i < m->n_resource + m->n_virtual; i++) {
        bool physical = i < m->n_resource;
        int32_t p = i - m->n_resource, n;
        int32_t sc = physical ? m->resource[i].sc : m->position[p].sc;
        double mw = physical ? o->award_mw[t * m->n_resource + i]
                             : o->virtual_award_mw[t * m->n_virtual + p];
        if (physical)
            (void)book_bid(&a->bids, i, t, &n);
        else
            (void)book_bid(&a->virtual_bids, p, t, &n);
        long double services = fabs(mw) * (long double)m->rules.market_services_rate;
        long double segments = n * (long double)m->rules.bid_segment_fee;
        book_usd(l, sc, CODE_4560, services);
        book_usd(l, sc, CODE_4515, segments);
        book_usd(l, m->n_sc, CODE_4560, -services);
        book_usd(l, m->n_sc, CODE_4515, -segments);
    }
}

/* What the whole system must have of a service: regions that hold no other, or more. */
static long double need_mw(const struct market *m, int32_t t, int32_t region, int s)
{
    long double own = market_required_mw(m, t, region, (enum service)s), within = 0;
    for (int32_t g = 1; g < m->n_service_region; g++)
        if (m->service_region[g].parent == region)
            within += need_mw(m, t, g, s);
    return own > within ? own : within;
}

static void charge_service(struct ledger *l, const struct outcome *o, int32_t t, int s,
                           const long double *share, long double *left)
{
    static const int pay[SERVICES] = {CODE_6500, CODE_6100, CODE_6200, CODE_6600};
    static const int owe[SERVICES] = {CODE_6594, CODE_6194, CODE_6294, CODE_6694};
    const struct market *m = l->m;
    long double cost = 0, bought = 0;
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        int32_t at = t * m->n_service_bidder + b;
        long double mw = (long double)o->service_mw[at] - o->service_self_mw[at];
        if ((int)m->service_bidder[b].service != s)
            continue;
        long double usd = mw * o->service_bidder_usd_per_mw[at];
        book_usd(l, m->resource[m->service_bidder[b].resource].sc, pay[s], -usd);
        cost += usd;
        bought += mw;
    }
    *left -= cost;
    long double rate = bought > 1e-9L ? cost / bought : 0;
    for (int32_t r = 0; r < m->n_resource; r++) {
        long double usd = rate * need_mw(m, t, 0, s) * share[r];
        book_usd(l, m->resource[r].sc, owe[s], usd);
        *left += usd;
    }
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        long double usd = rate * o->service_self_mw[t * m->n_service_bidder + b];
        if ((int)m->service_bidder[b].service != s)
            continue;
        book_usd(l, m->resource[m->service_bidder[b].resource].sc, owe[s], -usd);
        *left -= usd;
    }
}

static void charge_services(struct ledger *l, const struct admission *a,
                            const struct outcome *o, int32_t t)
{
    const struct market *m = l->m;
    const double *award = o->award_mw + t * m->n_resource;
    long double demand = 0, any = 0, up = 0, down = 0;
    long double *share = calloc((size_t)m->n_resource + 1, sizeof *share);
    cr_assert_not_null(share);
    for (int32_t r = 0; r < m->n_resource; r++) {
        bool takes = m->resource[r].type == RESOURCE_LOAD ||
                     m->resource[r].type == RESOURCE_EXPORT;
        demand += takes ? fmax(0, -award[r]) : 0;
        any += fabs(award[r]);
    }
    for (int32_t r = 0; r < m->n_resource; r++) {
        bool takes = m->resource[r].type == RESOURCE_LOAD ||
                     m->resource[r].type == RESOURCE_EXPORT;
        share[r] = demand > 0 ? (takes ? fmax(0, -award[r]) / demand : 0)
                   : any > 0  ? fabs(award[r]) / any
                              : 0;
    }
    for (int s = 0; s < SERVICES; s++)
        charge_service(l, o, t, s, share, s == SERVICE_RD ? &down : &up);
    for (int32_t r = 0; r < m->n_resource; r++) {
        book_usd(l, m->resource[r].sc, CODE_6090, -up * share[r]);
        book_usd(l, m->resource[r].sc, CODE_6696, -down * share[r]);
    }
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        int32_t at = t * m->n_service_bidder + b;
        int32_t sc = m->resource[m->service_bidder[b].resource].sc;
        int n =
            (a->service_offer[at].offer_mw > 0) + (a->service_offer[at].self_mw > 0);
        long double services =
            o->service_mw[at] * (long double)m->rules.market_services_rate;
        long double segments = n * (long double)m->rules.bid_segment_fee;
        book_usd(l, sc, CODE_4560, services);
        book_usd(l, sc, CODE_4515, segments);
        book_usd(l, m->n_sc, CODE_4560, -services);
        book_usd(l, m->n_sc, CODE_4515, -segments);
    }
    free(share);
}

/* ---- bid cost recovery, day-ahead: (28) to (31) ---- */

/* Energy of an hour as bid: the area between Pmin, or 0, and the award. */
static long double bid_cost(const struct market *m, const struct admission *a,
                            const struct outcome *o, int32_t r, int32_t t,
                            long double mw)
{
    int32_t n;
    const struct bid_segment *bid = book_bid(&a->bids, r, t, &n);
    int32_t c = o->configuration ? o->configuration[t * m->n_resource + r] : -1;
    double pmin = c < 0 ? m->resource[r].pmin_mw : m->configuration[c].pmin_mw;
    long double from = pmin > 0 ? pmin : 0, sum = 0;
    double more = c < 0 ? 0 : m->configuration[c].energy_adder_usd_per_mwh;
    int32_t n_own = 0;
    if (c >= 0 && m->configuration_bids.start) {
        const struct bid_segment *own = book_bid(&m->configuration_bids, c, t, &n_own);
        bid = n_own > 0 ? own : bid;
        n = n_own > 0 ? n_own : n;
        more = n_own > 0 ? 0 : more;
    }
    for (int32_t k = 0; k < n; k++) {
        if (bid_kind_is_self(bid[k].kind))
            continue;
        long double up = fminl(mw, bid[k].to_mw) - fmaxl(from, bid[k].from_mw);
        long double down = fminl(from, bid[k].to_mw) - fmaxl(mw, bid[k].from_mw);
        sum += up > 0 ? up * (bid[k].price_usd_per_mwh + more) : 0;
        sum -= down > 0 ? down * bid[k].price_usd_per_mwh : 0;
    }
    return sum;
}

static bool self_scheduled(const struct admission *a, int32_t r, int32_t t, double *mw)
{
    int32_t n;
    const struct bid_segment *bid = book_bid(&a->bids, r, t, &n);
    *mw = 0;
    for (int32_t k = 0; k < n && bid_kind_is_self(bid[k].kind); k++)
        *mw = bid[k].to_mw;
    return n > 0 && bid_kind_is_self(bid[0].kind);
}

/* MW beyond those that it schedules itself and the Pmin under them: they take the price. */
static double beyond_self(const struct market *m, const struct admission *a,
                          const struct outcome *o, int32_t r, int32_t t, double mw)
{
    int32_t n, c = o->configuration ? o->configuration[t * m->n_resource + r] : -1;
    const struct bid_segment *bid = book_bid(&a->bids, r, t, &n);
    double pmin = c < 0 ? m->resource[r].pmin_mw : m->configuration[c].pmin_mw;
    double least = 0, most = fmax(pmin, 0);
    if (n == 0 || !bid_kind_is_self(bid[0].kind))
        return mw;
    for (int32_t k = 0; k < n && bid_kind_is_self(bid[k].kind); k++) {
        least = fmin(least, bid[k].from_mw);
        most = fmax(most, bid[k].to_mw);
    }
    return mw > most ? mw - most : mw < least ? mw - least : 0;
}

static long double short_of(const struct market *m, const struct admission *a,
                            const struct outcome *o, int32_t r, int32_t t)
{
    int32_t at = t * m->n_resource + r;
    double self_mw, mw = o->award_mw[at];
    long double usd = -(long double)beyond_self(m, a, o, r, t, mw) *
                      o->lmp[t * m->n_node + m->resource[r].node];
    usd += mw < 0 || mw > 0 ? bid_cost(m, a, o, r, t, mw) : 0;
    if (!self_scheduled(a, r, t, &self_mw) && o->start_cost_usd)
        usd += o->start_cost_usd[at] + o->min_load_usd[at];
    if (!self_scheduled(a, r, t, &self_mw) && o->transition_usd)
        usd += o->transition_usd[at];
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        int32_t k = t * m->n_service_bidder + b;
        if (m->service_bidder[b].resource == r)
            usd += ((long double)o->service_mw[k] - o->service_self_mw[k]) *
                   (a->service_offer[k].price_usd_per_mw -
                    o->service_bidder_usd_per_mw[k]);
    }
    return usd;
}

/* The hour's uplift on those who need supply: first by obligation, the rest by demand. */
static void spread(struct ledger *l, const struct admission *a, const struct outcome *o,
                   int32_t t, long double uplift)
{
    const struct market *m = l->m;
    long double *need = calloc((size_t)m->n_sc, sizeof *need), total = 0, committed = 0;
    long double demand = 0, any = 0, left = uplift;
    cr_assert_not_null(need);
    for (int32_t r = 0; r < m->n_resource; r++) {
        double self_mw, mw = o->award_mw[t * m->n_resource + r];
        bool self = self_scheduled(a, r, t, &self_mw);
        bool takes = m->resource[r].type == RESOURCE_LOAD ||
                     m->resource[r].type == RESOURCE_EXPORT;
        need[m->resource[r].sc] -= takes ? mw : fmin(self_mw, fmax(0, mw));
        committed += m->resource[r].market_committed && !self ? fmax(0, mw) : 0;
        demand += takes ? fmax(0, -mw) : 0;
        any += fabs(mw);
    }
    for (int32_t p = 0; p < m->n_virtual; p++)
        need[m->position[p].sc] -= fmin(0, o->virtual_award_mw[t * m->n_virtual + p]);
    for (int32_t b = 0; b < m->n_service_bidder; b++)
        if (m->resource[m->service_bidder[b].resource].market_committed &&
            m->service_bidder[b].service != SERVICE_RD)
            committed += o->service_mw[t * m->n_service_bidder + b];
    for (int32_t sc = 0; sc < m->n_sc; sc++)
        total += need[sc] > 0 ? need[sc] : 0;
    long double rate = total > 0 ? uplift / total : 0;
    if (total > 0 && committed > 0)
        rate = fminl(rate, uplift / committed);
    for (int32_t sc = 0; sc < m->n_sc; sc++)
        if (need[sc] > 0) {
            book_usd(l, sc, CODE_6636, rate * need[sc]);
            left -= rate * need[sc];
        }
    left = left < 1e-9L * uplift ? 0 : left;
    if (demand <= 0 && any <= 0)
        book_usd(l, m->n_sc, CODE_6637, left);
    for (int32_t r = 0; r < m->n_resource; r++) {
        double mw = o->award_mw[t * m->n_resource + r];
        bool takes = m->resource[r].type == RESOURCE_LOAD ||
                     m->resource[r].type == RESOURCE_EXPORT;
        long double share = demand > 0 ? (takes ? fmax(0, -mw) / demand : 0)
                            : any > 0  ? fabs(mw) / any
                                       : 0;
        book_usd(l, m->resource[r].sc, CODE_6637, left * share);
    }
    free(need);
}

static void charge_recovery_of_day(struct ledger *l, const struct admission *a,
                                   const struct outcome *o, int32_t day)
{
    const struct market *m = l->m;
    int32_t first = m->first_interval[day], end = m->first_interval[day + 1];
    long double *uplift = calloc((size_t)(end - first), sizeof *uplift);
    cr_assert_not_null(uplift);
    for (int32_t r = 0; r < m->n_resource; r++) {
        long double net = 0, positive = 0;
        if (m->resource[r].type == RESOURCE_LOAD ||
            m->resource[r].type == RESOURCE_EXPORT ||
            m->resource[r].type == RESOURCE_IMPORT)
            continue;
        for (int32_t t = first; t < end; t++) {
            long double usd = short_of(m, a, o, r, t);
            net += usd;
            positive += usd > 0 ? usd : 0;
        }
        for (int32_t t = first; t < end && net > 0; t++) {
            long double usd = short_of(m, a, o, r, t);
            usd = usd > 0 ? net * usd / positive : 0;
            if (usd < 1e-6L)
                continue;
            book_usd(l, m->resource[r].sc, CODE_6630, -usd);
            uplift[t - first] += usd;
        }
    }
    for (int32_t t = first; t < end; t++)
        if (uplift[t - first] > 0)
            spread(l, a, o, t, uplift[t - first]);
    free(uplift);
}

static cents_t stated_cents(const struct settlement *s, int32_t sc, int code,
                            int32_t day)
{
    for (int32_t k = 0; k < s->n_line; k++)
        if (s->line[k].sc == sc && s->line[k].code == code && s->line[k].day == day)
            return s->line[k].amount_cents;
    return 0;
}

void settle_twin_compare(const struct market *m, const struct admission *a,
                         const struct outcome *o, int32_t day,
                         const struct settlement *s)
{
    struct ledger l = {m, calloc((size_t)(m->n_sc + 1) * N_CODE, sizeof *l.usd)};
    cents_t sum = 0;
    cr_assert_not_null(l.usd);
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1]; t++) {
        charge_energy(&l, o, t);
        charge_fees(&l, a, o, t);
        if (m->n_service_region > 0)
            charge_services(&l, a, o, t);
    }
    charge_recovery_of_day(&l, a, o, day);
    for (int32_t sc = 0; sc <= m->n_sc; sc++) {
        for (int code = 0; code < N_CODE; code++) {
            int32_t who = sc == m->n_sc ? SETTLE_ISO : sc;
            long double cents = 100 * l.usd[(size_t)sc * N_CODE + (size_t)code];
            cents_t stated = stated_cents(s, who, code_of[code], day);
            /* A sum that sits on half a cent may round to either side. */
            LAW(fabsl((long double)stated - cents) <= 0.5L + 1e-4L,
                "SC %d, charge %d, day %d: %lld cents, the twin says %.6Lf", who,
                code_of[code], day, (long long)stated, cents);
            sum += stated;
        }
    }
    cents_t rounding = stated_cents(s, SETTLE_ISO, 4989, day);
    LAW(sum + rounding == 0, "day %d: lines sum to %lld cents", day,
        (long long)(sum + rounding));
    free(l.usd);
}
