/*
 * compare.h - what differs between two runs, each difference with the money it moves.
 *
 * Nodes, resources, branches, limits, participants and charge codes are matched by name,
 * intervals by their start. What one run lacks counts as nothing there (0 MW, 0 USD), but
 * prices: a node that is not there has none. Per section, with h hours an interval is long:
 *
 *     totals     cost as bid, load served, its price, rent, charges
 *     charges    sc, code         USD, sum over all dates           b - a
 *     prices     node             mean USD/MWh        sum h (lmp_b - lmp_a) traded_a
 *     dispatch   resource         MWh                 sum h (award_b lmp_b - award_a lmp_a)
 *     limits     limit            sum h shadow price  sum h (shadow_b - shadow_a) limit
 *     flows      branch           MWh                 the same of flow x (lmp_to - lmp_from)
 *
 * traded: MW that resources at the node take or give, absolute. Lists are in order of
 * |money|, then of the greatest difference of an interval, then of the name.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_COMPARE_H
#define RESULTS_COMPARE_H

#include "results/run_view.h"

enum compare_section {
    COMPARE_TOTALS,
    COMPARE_CHARGES,
    COMPARE_PRICES,
    COMPARE_DISPATCH,
    COMPARE_LIMITS,
    COMPARE_FLOWS,
    COMPARE_SECTIONS
};

struct compare_change {
    const char *name;   /* borrowed from one of the runs */
    const char *detail; /* of charges: the code's name; else NULL */
    int32_t code;       /* of charges */
    double a, b;        /* as above; NaN where a run lacks it */
    double money_usd;   /* of totals: NaN */
    double most;        /* greatest difference of an interval, with its sign; or NaN */
    int32_t interval;   /* of run a where that is, -1 = none */
};

struct comparison {
    struct arena arena; /* owns the lists */
    size_t n_interval;  /* that both have */
    size_t n_only_a, n_only_b;
    struct {
        struct compare_change *change; /* [n] that exceed the tolerance */
        size_t n;
    } section[COMPARE_SECTIONS];
};

/*
 * tolerance: numbers x, y differ when |x - y| > tolerance max(1, |x|, |y|); amounts in
 * cents when that is so in USD. ERR_NOMEM. Release *out in any case, before the runs.
 */
MUST_CHECK enum err_code compare_runs(const struct run_view *a,
                                      const struct run_view *b, double tolerance,
                                      struct comparison *out, struct err *err);
void comparison_release(struct comparison *c);
/* Whether nothing differs, the intervals included. */
bool comparison_is_empty(const struct comparison *c);
const char *compare_section_name(enum compare_section section);
const char *compare_section_unit(enum compare_section section);

#endif
