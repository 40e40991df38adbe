/*
 * report_changes.h - what differs between the first of several runs and each other, as JSON:
 * results/compare.h, the dearest changes of each section.
 *
 *     [{"run": 1, "section": "prices", "unit": "USD/MWh", "n": 47,
 *       "rows": [[name, a, b, money USD, most, interval of the first run or -1], ...]}, ...]
 *
 * Layer: results/report (may include sim/base, results).
 */
#ifndef RESULTS_REPORT_REPORT_CHANGES_H
#define RESULTS_REPORT_REPORT_CHANGES_H

#include <stdio.h>

#include "results/report/report.h"

enum {
    REPORT_CHANGES = 50 /* rows of each section */
};

/* The whole list; [] where there is one run, or where stages differ. ERR_NOMEM, errors of
 * reading. Failures of the stream stay in the stream. */
MUST_CHECK enum err_code report_changes_write(const struct report_run *run, size_t n,
                                              FILE *out, struct err *err);

#endif
