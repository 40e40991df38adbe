/*
 * statement_explain.h - one line of a statement down to what it was made of.
 *
 * A line is the sum of charges per resource and interval. Each of these is told with what
 * its charge code is made of (/settlement/charge_code_inputs): values of tables at that
 * interval and resource, position or node, and what other codes come to in that hour.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_STATEMENT_EXPLAIN_H
#define SIM_APP_STATEMENT_EXPLAIN_H

#include <stdio.h>

#include "results/run_read.h"
#include "sim/app/statement_read.h"

/*
 * line: from 1 on, in the order of the file, as statement --sc shows it. `all`: every charge,
 * else the largest. s must have its detail. ERR_USAGE where there is no such line.
 */
MUST_CHECK enum err_code statement_explain(const struct run_read *rd,
                                           const struct statements *s, int64_t line,
                                           bool all, FILE *out, struct err *err);

#endif
