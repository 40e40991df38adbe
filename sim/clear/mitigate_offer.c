/* mitigate_offer.c - one offer against its default energy bid. */
#include <math.h>

#include "sim/clear/mitigate.h"

/* The piece of the default bid that holds just above mw; the last one above all. */
static int32_t piece_above(const struct bid_segment *deb, int32_t n_deb, double mw)
{
    int32_t k = 0;
    while (k + 1 < n_deb && deb[k].to_mw <= mw)
        k++;
    return k;
}

int32_t mitigate_offer(const struct bid_segment *bid, int32_t n,
                       const struct bid_segment *deb, int32_t n_deb,
                       double competitive_usd_per_mwh, struct bid_segment *out)
{
    int32_t n_out = 0;
    for (int32_t k = 0; k < n; k++) {
        double from = bid[k].from_mw;
        int32_t first = n_out;
        if (bid_kind_is_self(bid[k].kind)) {
            out[n_out++] = bid[k];
            continue;
        }
        while (from < bid[k].to_mw) {
            int32_t d = piece_above(deb, n_deb, from);
            double to = d + 1 < n_deb ? fmin(bid[k].to_mw, deb[d].to_mw) : bid[k].to_mw;
            double price =
                fmin(bid[k].price_usd_per_mwh,
                     fmax(deb[d].price_usd_per_mwh, competitive_usd_per_mwh));
            if (n_out > first && out[n_out - 1].price_usd_per_mwh >= price)
                out[n_out - 1].to_mw = to;
            else
                out[n_out++] = (struct bid_segment){from, to, price, bid[k].kind};
            from = to;
        }
    }
    return n_out;
}

/* Whether a piece comes before those of a resource in an interval. */
static bool comes_before(const struct market *by_day, const struct mitigation_piece *p,
                         int32_t resource, int32_t interval)
{
    int32_t first = p->interval, than = interval;
    if (by_day) {
        first = market_day_of(by_day, p->interval);
        than = market_day_of(by_day, interval);
    }
    if (first != than)
        return first < than;
    return p->resource != resource ? p->resource < resource : p->interval < interval;
}

double mitigation_saved_usd(const struct market *by_day,
                            const struct mitigation_tables *t, int32_t resource,
                            int32_t configuration, int32_t interval, double from_mw,
                            double to_mw)
{
    int32_t first = 0, end = t->n_piece;
    double sum = 0;
    while (first < end) {
        int32_t half = first + (end - first) / 2;
        if (comes_before(by_day, &t->piece[half], resource, interval))
            first = half + 1;
        else
            end = half;
    }
    for (int32_t i = first; i < t->n_piece && t->piece[i].resource == resource &&
                            t->piece[i].interval == interval;
         i++) {
        const struct mitigation_piece *p = &t->piece[i];
        if (p->configuration != configuration)
            continue;
        double mw = fmin(p->to_mw, to_mw) - fmax(p->from_mw, from_mw);
        sum += fmax(mw, 0) * (p->offer_usd_per_mwh - p->mitigated_usd_per_mwh);
    }
    return sum;
}
