/*
 * commit_result.h - a solved instance of unit commitment, for people, as JSON, and as a
 * run file.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_COMMIT_RESULT_H
#define SIM_APP_COMMIT_RESULT_H

#include <stdio.h>

#include "results/run_file.h"
#include "sim/model/commit_case.h"
#include "solver/commit/commit_certificate.h"
#include "solver/commit/uplift.h"

struct commit_seconds {
    double read, factor, certify, uplift, write, total;
};

struct commit_result {
    const char *name, *output; /* borrowed; output NULL = not written */
    const struct commit_case *instance;
    const struct commit_answer *answer;
    const struct commit_certificate *certificate;
    const struct uplift *uplift;      /* [n_unit] commitment fixed */
    const struct uplift *hull_uplift; /* [n_unit] at the convex hull prices */
    struct commit_seconds seconds;
};

/* Whether load, power or reserve was short, too much or missing. */
bool commit_result_is_unserved(const struct commit_result *r);

void commit_result_print(const struct commit_result *r, FILE *out);
void commit_result_print_json(const struct commit_result *r, FILE *out);
/* commit_record.c: everything but the commit of the file. */
MUST_CHECK enum err_code commit_result_record(const struct commit_result *r,
                                              uint64_t fingerprint, struct run_file *rf,
                                              struct err *err);

#endif
