/*
 * ruc_parts.h - a day of residual commitment, private to ruc*.c.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_RUC_PARTS_H
#define SIM_CLEAR_RUC_PARTS_H

#include "sim/clear/commitment_parts.h"
#include "sim/clear/ruc.h"

enum {
    RUC_PIECES = 2, /* of a generator's offer: the award held, and capacity */
};

struct ruc_formulation {
    struct market market; /* a shallow copy: without virtual bids, ties and services */
    struct formulation f; /* injection r is resource r */
    uint8_t *kept_on;     /* [interval][n_resource] see commitment_parts.h */
    int32_t *kept_configuration; /* [interval][n_resource] likewise, -1 = none */
    double *kept_usd_per_h;
    double *held_mw; /* [interval][n_resource] of DA, what is offered to stay: its
                        lower end is Pmin, 0 for what is no generator */
};

/*
 * States day `day` after the market left it at o: (2)-(6) of ruc.h. Offers of capacity are
 * noted in out->bid_usd_per_mw, the forecast in .required_mw, awards that serve it in
 * .cleared_mw. net: borrowed for the life of *to.
 */
MUST_CHECK enum err_code ruc_formulate(const struct market *m,
                                       const struct admission *a, int32_t day,
                                       struct network *net, const struct outcome *o,
                                       struct ruc_outcome *out,
                                       struct ruc_formulation *to, struct err *err);
void ruc_formulation_release(struct ruc_formulation *r);

/*
 * Step one: decides which units are on and makes to->f follow. on and so on: of the day,
 * [interval][n_resource], filled where a unit was decided on. ERR_NUMERIC as commit_solve.
 */
struct ruc_decision {
    uint8_t *decided; /* [n_resource] */
    uint8_t *on;
    int32_t *configuration; /* of plants, in market.configuration; else -1 */
    double *start_usd;      /* of transitions, too */
};
MUST_CHECK enum err_code ruc_decide(const struct admission *a, struct outcome *o,
                                    struct ruc_formulation *to, struct ruc_facts *facts,
                                    struct ruc_decision *out, struct err *err);

#endif
