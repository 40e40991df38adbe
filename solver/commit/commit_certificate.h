/*
 * commit_certificate.h - a whole answer of commit.h checked row by row, and its cost
 * computed again, from the statement of the problem and the answer alone.
 *
 * Shares no code with the way the answer was found. Flows (4), with (11), are checked apart, since that
 * takes longer: through angles, Kirchhoff's laws bus by bus, before outages, and as
 * solver/certificate_outage.h does after them.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_COMMIT_CERTIFICATE_H
#define SOLVER_COMMIT_COMMIT_CERTIFICATE_H

#include "solver/commit/commit.h"

struct commit_certificate {
    double violation_mw;     /* the worst of (2), (3), (5)-(8), (12), there in MWh,
                            limits of others and of power across transitions; INFINITY where a rule of times,
                            status or configurations is broken */
    const char *rule;        /* that it breaks, NULL = none */
    int32_t interval, index; /* where: index of the unit, requirement or other */
    int32_t unit;            /* the unit whose rule it is, -1 = it is no unit's */
    double cost_usd;         /* (1) of the answer's dispatch */
};

/* Every array of the answer that states MW or commitment is read; no price is. */
MUST_CHECK enum err_code commit_certificate_check(const struct commit_problem *p,
                                                  const struct commit_answer *a,
                                                  struct commit_certificate *out,
                                                  struct err *err);
/*
 * Adds (4) and (11): the powers of the answer drive flows that keep every limit of the network, in
 * every interval and after every outage, but for the overloads it states, whose price is
 * added to *out, which commit_certificate_check has filled; and keep (11) likewise. A
 * problem without network has no flows. ERR_NOMEM, ERR_NUMERIC.
 */
MUST_CHECK enum err_code commit_certificate_flows(const struct commit_problem *p,
                                                  const struct commit_answer *a,
                                                  struct commit_certificate *out,
                                                  struct err *err);

/* What unit g burns of the fuel of limit (11) in interval t, by the answer alone. */
double commit_burnt(const struct commit_problem *p, const struct commit_answer *a,
                    int32_t limit, int32_t g, int32_t t);

#endif
