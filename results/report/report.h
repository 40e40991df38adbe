/*
 * report.h - one or several runs as one HTML file that needs nothing else.
 *
 * The page carries its style, its program, D3 and the numbers in itself and fetches
 * nothing; a policy in its head forbids it to. Names from a run are data: they stand in a
 * block of JSON in which no '<' can occur, and the program puts them into the page as text.
 * The same files give the same bytes.
 *
 * Layer: results/report (may include sim/base, results).
 */
#ifndef RESULTS_REPORT_REPORT_H
#define RESULTS_REPORT_REPORT_H

#include <stddef.h>
#include <stdio.h>

#include "results/run_read.h"
#include "sim/base/err.h"

/* A run and its file, which the page names without its folders, unless two are called alike. */
struct report_run {
    const struct run_read *rd; /* borrowed */
    const char *label;         /* path of the file */
};

/*
 * A page about run[n], n >= 1, side by side where there are several. ERR_INPUT where a file
 * holds no day ahead, dispatch or commitment, ERR_NOMEM, errors of reading; then what was
 * written is of no use. Failures of the stream stay in the stream.
 */
MUST_CHECK enum err_code report_write(const struct report_run *run, size_t n, FILE *out,
                                      struct err *err);

#endif
