/* configuration_bids.c - what a plant bids in each of its configurations. */
#include <math.h>
#include <string.h>

#include "sim/admit/admit.h"
#include "sim/base/mem.h"

/* A bid of the plant and a curve of a configuration, which may be empty. */
struct whole {
    const struct bid_segment *bid, *own;
    int32_t n_bid, n_own;
    bool is_default; /* a default energy bid: its last price holds above it */
};

static double within_caps(const struct market *m, double usd_per_mwh)
{
    return fmin(fmax(usd_per_mwh, m->rules.energy_bid_floor), m->rules.energy_bid_cap);
}

/* The part of a piece between two MW, behind n others; how many there are then. */
static int32_t add_part(struct bid_segment piece, double lo, double hi,
                        struct bid_segment *out, int32_t n)
{
    piece.from_mw = fmax(piece.from_mw, lo);
    piece.to_mw = fmin(piece.to_mw, hi);
    if (piece.from_mw < piece.to_mw)
        out[n++] = piece;
    return n;
}

/*
 * Within the range of configuration c: the plant's self-schedules, then the own curve of
 * the configuration, or without one the plant's with the adder on its prices.
 */
static int32_t bid_in(const struct market *m, int32_t c, const struct whole *of,
                      struct bid_segment *out)
{
    const struct configuration *is = &m->configuration[c];
    double lo = is->pmin_mw, hi = is->pmax_mw;
    int32_t n = 0;
    if (!of->is_default && of->n_bid == 0)
        return 0;
    if (!of->is_default)
        hi = fmin(hi, of->bid[of->n_bid - 1].to_mw);
    for (int32_t k = 0; k < of->n_bid; k++) {
        struct bid_segment piece = of->bid[k];
        bool is_self = bid_kind_is_self(piece.kind);
        if (!is_self && of->n_own > 0)
            continue;
        if (!is_self)
            piece.price_usd_per_mwh =
                within_caps(m, piece.price_usd_per_mwh + is->energy_adder_usd_per_mwh);
        n = add_part(piece, lo, hi, out, n);
    }
    lo = n > 0 && of->n_own > 0 ? out[n - 1].to_mw : lo;
    for (int32_t k = 0; k < of->n_own; k++) {
        struct bid_segment piece = of->own[k];
        piece.from_mw = k == 0 ? is->pmin_mw : of->own[k - 1].to_mw;
        piece.price_usd_per_mwh = within_caps(m, piece.price_usd_per_mwh);
        n = add_part(piece, lo, hi, out, n);
    }
    return n;
}

/* One book of configurations, of plants' bids and of own curves; either may have none. */
static enum err_code fill(const struct market *m, const struct book *bids,
                          const struct book *own, struct book *out, struct err *err)
{
    int32_t n_t = m->n_interval;
    int64_t room = 0, n = 0;
    for (int32_t c = 0; c < m->n_configuration; c++)
        for (int32_t t = 0; t < n_t; t++) {
            int32_t n_bid, n_own = 0;
            (void)book_bid(bids, m->configuration[c].resource, t, &n_bid);
            if (own->start)
                (void)book_bid(own, c, t, &n_own);
            room += n_bid + n_own;
        }
    *out = (struct book){.n_owner = m->n_configuration, .n_interval = n_t};
    out->start = MEM_ARRAY(int64_t, (int64_t)m->n_configuration * n_t + 1);
    out->seg = MEM_ARRAY(struct bid_segment, room);
    if (!out->start || !out->seg)
        return err_set(err, ERR_NOMEM, "cannot hold the bids of configurations");
    for (int32_t c = 0; c < m->n_configuration; c++)
        for (int32_t t = 0; t < n_t; t++) {
            struct whole of = {.is_default = bids == &m->default_bids};
            of.bid = book_bid(bids, m->configuration[c].resource, t, &of.n_bid);
            if (own->start)
                of.own = book_bid(own, c, t, &of.n_own);
            n += bid_in(m, c, &of, out->seg + n);
            out->start[(int64_t)c * n_t + t + 1] = n;
        }
    return ERR_OK;
}

enum err_code admit_configurations(const struct market *m, struct admission *a,
                                   struct err *err)
{
    const struct book none = {0};
    if (m->n_configuration == 0)
        return ERR_OK;
    enum err_code code =
        fill(m, &a->bids, &m->configuration_bids, &a->configuration_bids, err);
    if (!code && a->rt_bids.start)
        code = fill(m, &a->rt_bids, &none, &a->rt_configuration_bids, err);
    if (!code && m->default_bids.start)
        code = fill(m, &m->default_bids, &m->configuration_default_bids,
                    &a->configuration_default_bids, err);
    return code;
}

const struct bid_segment *admit_real_time_configuration(const struct admission *a,
                                                        const struct market *m,
                                                        int32_t c, int32_t interval,
                                                        int32_t *n)
{
    if (a->rt_bids.start) {
        (void)book_bid(&a->rt_bids, m->configuration[c].resource, interval, n);
        if (*n > 0)
            return book_bid(&a->rt_configuration_bids, c, interval, n);
    }
    return book_bid(&a->configuration_bids, c, interval, n);
}
