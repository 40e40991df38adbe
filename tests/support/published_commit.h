/*
 * published_commit.h - published instances of unit commitment: read, solved, put into the
 * rows of their own model, compared with what others found.
 *
 * Failures are those of the Criterion test that calls.
 *
 * Layer: tests/support.
 */
#ifndef TESTS_SUPPORT_PUBLISHED_COMMIT_H
#define TESTS_SUPPORT_PUBLISHED_COMMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/input/commit_file.h"
#include "solver/commit/commit.h"
#include "tests/oracle/answer_table.h"

/* What the variable names; NULL, with a word, where it is not set. */
const char *published_folder(const char *variable);

/* false = there is no such file. To be released by commit_case_release(). */
bool published_read(const char *path, struct commit_case *c);

/*
 * Solved to the relative gap within the limit of work, and checked: every row, the cost
 * added up again, flows, the bound. To be released by commit_answer_release(). Work, not
 * the clock, is the limit: a slow machine must come to the same.
 */
struct commit_answer published_solve(const char *path, const struct commit_case *c,
                                     double gap, int64_t work_limit);

/* How the problem that UnitCommitment.jl's bounds are of differs from ours. */
enum published_theirs {
    THEIRS_SAME,
    /*
     * With limits of flows, of a slightly different network: it leaves out shift factors
     * below 0.005 and outage factors below 0.001.
     */
    THEIRS_LIMITED,
    /*
     * Without a row: UnitCommitment.jl 0.1.1, which the bounds were published with, left
     * reserve out of the limit of power in the last hour before a stop, where MODEL.tex
     * (MaxOutput2) and its formulations since hold it. A unit about to stop offers its
     * whole range as reserve. Their bound is one of ours, their schedule need not be
     * feasible: bench/results.md has figures.
     */
    THEIRS_LOOSER,
};

/* best_dual <= any schedule, and our bound <= their schedule. name: group/instance */
void published_compare(const struct answer_table *t, const char *name,
                       const struct commit_answer *a, enum published_theirs theirs);

#endif
