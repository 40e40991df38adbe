/*
 * commit_law.h - what holds of any answer of the commitment solver beside its slow twin.
 *
 * Failures are those of the property that calls (draw.h).
 *
 * Layer: tests/support.
 */
#ifndef TESTS_SUPPORT_COMMIT_LAW_H
#define TESTS_SUPPORT_COMMIT_LAW_H

#include "solver/commit/commit.h"

/*
 * An answer, or none for a reason: twin, the least cost, is INFINITY, or what is lacking is
 * hard.
 */
void commit_law_ends(const struct commit_problem *p, enum err_code code,
                     const struct err *err, double twin);
/* Every row holds, the cost is that of the rows, and bound and hull are below the twin. */
void commit_law_encloses(const struct commit_problem *p, const struct commit_answer *a,
                         double twin);
/* The gap is closed to 1e-4 or to `closed_usd`, and the cost is so near the twin. */
void commit_law_reaches(const struct commit_answer *a, double twin, double closed_usd);

#endif
