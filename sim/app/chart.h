/*
 * chart.h - a trade day on a terminal: bars of hourly prices and a table beside them.
 *
 * Plain ASCII, at most 100 columns, so that it survives a mail.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_CHART_H
#define SIM_APP_CHART_H

#include <stdio.h>

#include "sim/app/run_pipeline.h"

/* Every trade day: a bar per hour (average price, weighted by load), then a row per hour
 * with load, prices and what supplied it: the columns of MW add up to the load. */
void chart_print(const struct run *run, FILE *out);

/* Bars of n values with a scale at the left; the title stands above the scale. */
void chart_print_bars(const double *value, const int *label, int n, const char *title,
                      FILE *out);

#endif
