/*
 * uplift.h - what prices leave a unit short of, for a schedule that prices did not choose.
 *
 *     revenue  = sum_t h [ energy price at its buses x P + sum_k reserve price_k r_k ]  (1)
 *     cost     = energy, start and stop cost, and its offers                           (2)
 *     make-whole        = max(0, cost - revenue)                                        (3)
 *     lost opportunity  = V(prices) - (revenue - cost) >= 0                             (4)
 *
 * V is the best profit over every schedule that commit.h (5)-(8) allow the unit
 * (unit_schedule.h). The price of a product is the sum over the requirements it counts
 * for. The sum of (4) over units is least at convex hull prices (Gribik, Hogan and Pope
 * 2007), where with that of the requirements and others it is the duality gap. For a problem
 * with services (service.h) V is not known, and (4) NAN.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_UPLIFT_H
#define SOLVER_COMMIT_UPLIFT_H

#include "solver/commit/commit.h"
#include "solver/commit/unit_schedule.h"

/* Prices for one hour, as in commit_answer. */
struct uplift_prices {
    const double *lambda_usd_per_mwh;     /* [n_interval] */
    const double *congestion_usd_per_mwh; /* [n_interval][n_bus], NULL = 0 */
    const double *requirement_usd_per_mw; /* [n_interval][n_requirement] */
    int32_t n_bus;
    const double *limit_usd_per_mwh; /* [n_interval][n_limit], NULL = 0 */
};

struct uplift {
    double revenue_usd, cost_usd, make_whole_usd, lost_opportunity_usd;
};

/*
 * Of unit g alone, at prices stated for itself (.bonus_usd NULL). s: of the same problem.
 * Of a, what states commitment and MW is read. ERR_NOMEM, ERR_BUG.
 */
MUST_CHECK enum err_code uplift_at(const struct commit_problem *p,
                                   const struct commit_answer *a,
                                   struct unit_scheduler *s, int32_t g,
                                   const struct unit_prices *prices, struct uplift *out,
                                   struct err *err);
/* out[n_unit], for the schedule of a. ERR_NOMEM, ERR_BUG. */
MUST_CHECK enum err_code uplift_of(const struct commit_problem *p,
                                   const struct commit_answer *a,
                                   const struct uplift_prices *prices,
                                   struct uplift *out, struct err *err);

#endif
