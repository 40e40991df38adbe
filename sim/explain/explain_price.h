/*
 * explain_price.h - what a price is made of, and whether another would have been as right.
 *
 *     lmp = energy + loss - sum over limits of shadow price x factor             (1)
 *
 * The factor of a limit at a node is MW on the limit per MW injected at the node; a tie's
 * limit acts at its own scheduling point: +1 for imports, -1 for exports. (1) is recomputed
 * from shadow prices and the network in the file, so that .rest is what does not add up.
 *
 * Layer: sim/explain.
 */
#ifndef SIM_EXPLAIN_EXPLAIN_PRICE_H
#define SIM_EXPLAIN_EXPLAIN_PRICE_H

#include "sim/explain/explain_change.h"

struct price_part {
    int32_t limit;
    double shadow_usd_per_mwh, factor, usd_per_mwh; /* -shadow x factor */
};

struct price_story {
    double lmp, energy, congestion, loss, rest;
    size_t n_part, n_idle;   /* limits that bind but do not matter here: n_idle */
    struct price_part *part; /* [n_part] largest effect first; owned */
    struct explain_change more, less, one_mw; /* of 1 MW: rates, and a step of `mw` */
    bool is_told;   /* both rates were found, and the price lies between */
    bool is_later;  /* of windows: it does not; later intervals have a part in it */
    bool is_unique; /* they are the same */
    double lower_usd_per_mwh, upper_usd_per_mwh; /* where the price may lie */
};

/* (1) alone, without what more load would change. Release *out in any case. */
MUST_CHECK enum err_code explain_price_parts(const struct explain_run *x, int32_t node,
                                             int32_t t, struct price_story *out,
                                             struct err *err);
/* mw: size of the step, not 0. Release *out in any case. */
MUST_CHECK enum err_code explain_price(const struct explain_run *x, int32_t node,
                                       int32_t t, double mw, struct price_story *out,
                                       struct err *err);
void price_story_release(struct price_story *s);

#endif
