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
