/*
 * run_json.h - what a report needs of a run file, as one JSON object.
 *
 *     {"label": "...", "stage": "/day_ahead",      the stage the report is about
 *      "meta": {name: value}, "settings": {name: value},
 *      "table": {path: [values, row by row]},      numbers rounded, texts escaped for HTML
 *      "words": {path: "none accepted ..."},       of the small integers
 *      "unit": {path: "MW"}, "title": {path: "award"},
 *      "block": {path: 7},      rows that were averaged into one where the table is large
 *      "columns": {path: [..]}, where only some columns of a table are there
 *      "cut": {path: 123456},   rows of a list in the file where only the first are here
 *      "place": {"x": [..], "y": [..], "from": "layout" or "coordinates"}}
 *
 * Layer: results/report (may include sim/base, results).
 */
#ifndef RESULTS_REPORT_RUN_JSON_H
#define RESULTS_REPORT_RUN_JSON_H

#include <stdio.h>

#include "results/run_read.h"
#include "sim/base/err.h"

enum {
    RUN_JSON_VALUES = 500000, /* of a matrix; more are averaged over rows */
    RUN_JSON_ROWS = 3000,     /* of a list of texts */
    RUN_JSON_FACTORS = 60000, /* shift factors; none where there are more */
    RUN_JSON_PLACES = 64      /* nodes whose prices in real time are there */
};

/* The stage a report is about: "/day_ahead", "/dispatch", "/commitment", or NULL where there
 * is none. */
const char *run_json_stage(const struct run_read *rd);
/* ERR_INPUT where the file has no such stage; errors of reading. Failures of the stream
 * stay in the stream. */
MUST_CHECK enum err_code run_json_write(const struct run_read *rd, const char *label,
                                        FILE *out, struct err *err);

#endif
