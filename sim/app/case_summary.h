/*
 * case_summary.h - the lines at the end of a dispatched case, for people and as JSON.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_CASE_SUMMARY_H
#define SIM_APP_CASE_SUMMARY_H

#include <stdio.h>

#include "sim/app/summary.h"

struct case_summary {
    const char *name, *dc_model;
    const char *output; /* where it was written, or NULL */
    const struct grid *grid;
    const struct grid_outages *outages;
    const struct outcome *outcome;
    struct summary_seconds seconds;
};

void case_summary_print(const struct case_summary *s, FILE *out);
void case_summary_print_json(const struct case_summary *s, FILE *out);
double case_summary_peak_mb(void);

#endif
