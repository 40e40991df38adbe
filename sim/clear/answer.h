/*
 * answer.h - what the solver says of a formulated day or window, in the market's terms.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_ANSWER_H
#define SIM_CLEAR_ANSWER_H

#include "sim/clear/formulate.h"
#include "sim/clear/outcome.h"

/*
 * Awards, prices, flows, losses, services, limits, what was relaxed and the worst of the
 * certificate, into the intervals of *o from f->first_interval on; then the laws of these
 * intervals. beside_usd: what was decided costs beside bids (starts, minimum load).
 */
MUST_CHECK enum err_code answer_record(const struct market *m,
                                       const struct formulation *f,
                                       const struct dispatch_answer *a,
                                       double beside_usd, struct outcome *o,
                                       struct err *err);
/* The worst of the certificate, and the work it took added up: part of answer_record. */
void answer_certificate(const struct dispatch_answer *a, struct clear_certificate *c,
                        struct clear_stats *s);

#endif
