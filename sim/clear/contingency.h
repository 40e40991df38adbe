/*
 * contingency.h - outages of a grid in the solver's terms, and what they do to factors.
 *
 * Branches may carry their rate for outages (grid.h) afterwards; limits on angle
 * differences are those of a network at rest and do not hold after outages.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_CONTINGENCY_H
#define SIM_CLEAR_CONTINGENCY_H

#include "sim/model/grid.h"
#include "solver/dispatch.h"

struct contingency {
    struct arena arena; /* owns the limits */
    struct dispatch_outages o;
};

/*
 * Unit u is injection u. participation: [injections], borrowed, as list is, for the life of
 * *out; NULL leaves the units that outages lose in place.
 */
MUST_CHECK enum err_code contingency_create(const struct grid *grid,
                                            const struct grid_outages *list,
                                            const double *participation,
                                            struct contingency *out, struct err *err);
void contingency_release(struct contingency *c);

/* Factors after outages, of a network that is borrowed, as grid and list are. */
struct contingency_factors;

MUST_CHECK enum err_code contingency_factors_create(const struct grid *grid,
                                                    const struct grid_outages *list,
                                                    struct network *net,
                                                    struct contingency_factors **out,
                                                    struct err *err);
void contingency_factors_destroy(struct contingency_factors *f);
/*
 * After a screened outage the flow on a branch is its flow before, plus the sum of lodf[e]
 * x that of the e-th branch of the outage: lodf[branches of the outage].
 */
MUST_CHECK enum err_code contingency_factors_lodf(struct contingency_factors *f,
                                                  int32_t outage, int32_t branch,
                                                  double *lodf, struct err *err);

#endif
