/*
 * commit_certificate.h - a whole answer of commit.h checked row by row, and its cost
 * computed again, from the statement of the problem and the answer alone.
 *
 * Shares no code with the way the answer was found. Flows (4) are not part of it; see
 * solver/certificate.h and solver/certificate_outage.h for those.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_COMMIT_CERTIFICATE_H
#define SOLVER_COMMIT_COMMIT_CERTIFICATE_H

#include "solver/commit/commit.h"

struct commit_certificate {
    double violation_mw; /* the worst of (2), (3), (5)-(7), limits of others; INFINITY
                            where a rule of times or status is broken */
    const char *rule;    /* that it breaks, NULL = none */
    int32_t interval, index; /* where: index of the unit, requirement or other */
    double cost_usd;         /* (1) of the answer's dispatch */
};

/* Every array of the answer that states MW or commitment is read; no price is. */
MUST_CHECK enum err_code commit_certificate_check(const struct commit_problem *p,
                                                  const struct commit_answer *a,
                                                  struct commit_certificate *out,
                                                  struct err *err);

#endif
