/*
 * mitigate.h - market power mitigation before the binding run of a trade day.
 *
 * 1. All-constraints run: the day is cleared with the offers as admitted.
 * 2. Every branch limit that binds in it, after outages too, is tested (competition.h).
 *    Limits of ties, ramps and stored energy count as competitive.
 * 3. The congestion price of a resource splits: the non-competitive part is
 *        mcc_nc = - sum over non-competitive k of shadow_k x shift factor_k        (1)
 *    against the market's mitigation_reference: a node outside all load pockets, or the
 *    distributed load reference. Relief (competition.h) is against the same.
 * 4. Where mcc_nc > mitigation_threshold the resource's competitive price is
 *    clmp = lmp - mcc_nc, and each MW of its offer costs
 *        min(offer, max(default energy bid, clmp))                                (2)
 *    from then on. Self-schedules and withdrawals stay. A resource without default energy
 *    bid in that hour is not mitigated; the bid's first and last price hold below and
 *    above it.
 * 5. The binding run clears the mitigated offers.
 *
 * Suppliers in the test: resources that offer energy, between the least and the most
 * that they offer and can reach in an hour from their award in the hour before; a store
 * may withhold all. Virtual supply is fringe with its whole offer. Companies are SCs with
 * one affiliate; those that buy more energy than they sell in the all-constraints run of
 * the day are not ranked.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_MITIGATE_H
#define SIM_CLEAR_MITIGATE_H

#include "sim/admit/admit.h"
#include "sim/clear/clear.h"
#include "sim/clear/competition.h"
#include "sim/clear/outcome.h"

/* A binding limit in one interval of the all-constraints run. */
struct mitigation_test {
    const char *constraint; /* its name, owned by the mitigation */
    int32_t interval;
    double shadow_usd_per_mwh;
    double needed_mw, fringe_mw, withheld_mw, residual_index; /* competition.h */
    bool competitive;
    const char *pivotal; /* companies, largest first: "A, B, C" */
};

/* A piece of an offer that was mitigated. */
struct mitigation_piece {
    int32_t resource, interval;
    int32_t configuration; /* of a plant, whose offer in it this is; -1 = its own, or
                              anybody else's */
    double from_mw, to_mw;
    double lmp_usd_per_mwh, noncompetitive_usd_per_mwh; /* lmp, mcc_nc of (1) */
    double offer_usd_per_mwh, default_usd_per_mwh, mitigated_usd_per_mwh;
};

struct mitigation_tables {
    struct mitigation_test *test; /* [n_test] by day, constraint, interval */
    int32_t n_test, room_test;
    struct mitigation_piece *piece; /* [n_piece] by day, resource, interval, MW */
    int32_t n_piece, room_piece;
};

struct mitigation {
    bool active;          /* the market has default bids and pivotal suppliers */
    struct outcome trial; /* the all-constraints run */
    struct mitigation_tables made;
    struct book bids; /* the admitted book, with the offers of the last day mitigated */
    struct book configuration_bids; /* likewise, of the admission; .start NULL = none */
    bool lowered;                   /* some offer of the last day was */
    /* The all-constraints run of the last day, if it is the binding run as well, because
     * no offer was lowered: for clear_day_shared. Else empty. */
    struct clear_solution solution;
};

MUST_CHECK enum err_code mitigate_begin(const struct market *m, struct mitigation *out,
                                        struct err *err);
/*
 * Steps 1 to 4 for one day; before: the binding run of the days before. Afterwards
 * mitigate_admitted() is what the binding run of this day clears, with .solution.
 */
MUST_CHECK enum err_code mitigate_day(const struct market *m, const struct admission *a,
                                      int32_t day, const struct outcome *before,
                                      struct mitigation *mit, struct err *err);
void mitigation_release(struct mitigation *mit);
/* The admission a, of which all is borrowed, with the mitigated books. */
struct admission mitigate_admitted(const struct admission *a,
                                   const struct mitigation *mit);

/* Company of each SC, as its SC that comes first: portfolio[n_sc]. */
void mitigate_portfolios(const struct market *m, int32_t *portfolio);
/* Adds the test of a limit; texts go into the arena of the trial. */
MUST_CHECK enum err_code
mitigate_note_test(const struct market *m, const struct outcome_row *row,
                   const struct competition *c, struct outcome *trial,
                   struct mitigation_tables *to, struct err *err);
/* Adds every part of the offer bid that is cheaper in now; the rest of a row is as in like. */
MUST_CHECK enum err_code
mitigate_note_offer(const struct mitigation_piece *like, const struct bid_segment *bid,
                    const struct bid_segment *deb, int32_t n_deb,
                    const struct bid_segment *now, int32_t n_now,
                    struct mitigation_tables *to, struct err *err);
/*
 * By how much an interval's offer of r, in a configuration of a plant or else -1, became
 * cheaper between two MW, USD for an hour. by_day:
 * the market, where pieces are by day, resource and interval (the day ahead); NULL where they
 * are by interval and resource (runs of real time).
 */
double mitigation_saved_usd(const struct market *by_day,
                            const struct mitigation_tables *t, int32_t resource,
                            int32_t configuration, int32_t interval, double from_mw,
                            double to_mw);
void mitigation_tables_release(struct mitigation_tables *t);

/*
 * The offer bid[0..n) mitigated: (2) over the pieces of deb[0..n_deb), n_deb > 0. out:
 * room for n + n_deb pieces; returns their number.
 */
int32_t mitigate_offer(const struct bid_segment *bid, int32_t n,
                       const struct bid_segment *deb, int32_t n_deb,
                       double competitive_usd_per_mwh, struct bid_segment *out);

#endif
