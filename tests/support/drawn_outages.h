/*
 * drawn_outages.h - random contingencies for a drawn problem, and flows after them by
 * the obvious way: what is left of the network, solved by itself.
 */
#ifndef TESTS_SUPPORT_DRAWN_OUTAGES_H
#define TESTS_SUPPORT_DRAWN_OUTAGES_H

#include "tests/support/drawn.h"

enum {
    DRAWN_OUTAGE = DRAWN_BRANCH + 16,
    DRAWN_LOST = 3, /* elements of each sort in one outage */
};

/* What the outages of a problem may be. */
enum drawn_outage_feature {
    OUTAGES_SEVERAL = 1,    /* some lose several branches */
    OUTAGES_INJECTIONS = 2, /* some lose injections */
};

/* An outage of every branch, and others. Plain data but for the pointers of .o. */
struct drawn_outages {
    struct dispatch_outages o;
    int32_t branch_start[DRAWN_OUTAGE + 1], branch[DRAWN_OUTAGE * DRAWN_LOST];
    int32_t injection_start[DRAWN_OUTAGE + 1], injection[DRAWN_OUTAGE * DRAWN_LOST];
    double participation[DRAWN_INJECTION];
    double min[DRAWN_BRANCH], max[DRAWN_BRANCH], load[DRAWN_BUS];
};

/* Limits afterwards are `slack` times those of the problem, or new ones. */
void drawn_outages_make(struct draw *d, const struct drawn *x, unsigned features,
                        double slack, struct drawn_outages *out);

/*
 * Buses of the largest part of each island that is left are not cut off: how many are,
 * by walking. 0 = nothing is cut off.
 */
int32_t drawn_outage_cut_off(const struct stated *s, const struct dispatch_outages *o,
                             int32_t k);
/* Whether what outage k loses can be replaced. */
bool drawn_outage_is_covered(const struct stated *s, const struct dispatch_outages *o,
                             int32_t k);
/*
 * Powers after outage k given those before, [n_injection]; lost ones have 0. Fails the
 * test unless the outage is covered.
 */
void drawn_outage_power(const struct stated *s, const struct dispatch_outages *o,
                        int32_t k, const double *before, double *after);
/* Flows after outage k in interval t, [n_branch], NaN on what is lost. */
void drawn_outage_flow(const struct stated *s, const struct dispatch_outages *o,
                       int32_t k, int32_t t, const double *before, double *flow);
/*
 * MW over branch l after outage k (-1 = none) per MW at bus n, taken over the reference of
 * the whole network's island.
 */
double drawn_outage_factor(const struct stated *s, const struct dispatch_outages *o,
                           int32_t k, int32_t l, int32_t n);

#endif
