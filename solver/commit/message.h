/*
 * message.h - what is wrong with a unit or an answer, in words and by its name.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_MESSAGE_H
#define SOLVER_COMMIT_MESSAGE_H

#include "solver/commit/commit_certificate.h"

/* ERR_NUMERIC: unit g has no schedule. */
MUST_CHECK enum err_code commit_no_schedule(const struct commit_problem *p, int32_t g,
                                            struct err *err);
/* ERR_NUMERIC: an answer breaks the rule that its certificate tells of. */
MUST_CHECK enum err_code commit_breaks_rule(const struct commit_problem *p,
                                            const struct commit_certificate *c,
                                            struct err *err);

#endif
