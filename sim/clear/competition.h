/*
 * competition.h - is a constraint competitive? The three pivotal supplier test.
 *
 * A supplier relieves the constraint ("gives counterflow") by f MW per MW, f = - shift
 * factor, if f is at least the market's counterflow_factor. It can give at most SCFmax and
 * holds back all but SCFmin. Portfolios (companies) are ranked by what they can withhold,
 *
 *     WC = sum of SCFmax - SCFmin                                             (1)
 *
 * and the first few, three by default, are pivotal together if without what they can
 * withhold the counterflow that the market needs, D, cannot be given:
 *
 *     residual index = [ sum of others SCFmax + sum of theirs SCFmin ] / D    (2)
 *     competitive iff residual index >= 1
 *
 * Source: the dynamic competitive path assessment of a Californian day-ahead market. The
 * market's choices, where public papers leave room: net buyers of the day are not ranked;
 * equal WC rank by name; nothing needed is competitive.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_COMPETITION_H
#define SIM_CLEAR_COMPETITION_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PIVOTAL_MOST = 100 /* largest pivotal_suppliers, see rules.h */
};

struct supplier {
    int32_t portfolio;        /* -1 = fringe whatever its size */
    double most_mw, least_mw; /* SCFmax, SCFmin of counterflow */
    double given_mw;          /* counterflow of its award */
};

struct competition {
    double needed_mw;      /* D */
    double fringe_mw;      /* sum of others SCFmax */
    double withheld_mw;    /* sum of SCFmin of the pivotal */
    double residual_index; /* (2), INFINITY where nothing is needed */
    bool competitive;
    int32_t n_pivotal;
    int32_t pivotal[PIVOTAL_MOST]; /* portfolios, largest WC first */
};

/*
 * s: [n] suppliers that are effective. may_be_pivotal: [n_portfolio]. capacity_mw:
 * [n_portfolio] scratch. n_pivotal: 0..PIVOTAL_MOST.
 */
void competition_test(const struct supplier *s, int32_t n, int32_t n_portfolio,
                      const bool *may_be_pivotal, int32_t n_pivotal,
                      double *capacity_mw, struct competition *out);

#endif
