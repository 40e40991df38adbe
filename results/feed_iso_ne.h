/*
 * feed_iso_ne.h - what the documents in the manner of ISO New England share: the table of them,
 * prices and limits stand in feed_iso_ne.c; loads, ties and generation in feed_iso_ne_power.c,
 * reserves and regulation in feed_iso_ne_services.c. Each fills the sheet of one document.
 *
 * Layer: results.
 */
#ifndef RESULTS_FEED_ISO_NE_H
#define RESULTS_FEED_ISO_NE_H

#include "results/feed_parts.h"

/* Column BeginDate. */
MUST_CHECK enum err_code iso_ne_begin(struct feed *f, struct err *err);
/* -v [n] without a -0; NULL when out of memory. */
double *iso_ne_negated(struct feed *f, const double *v, size_t n, struct err *err);

/* feed_iso_ne_power.c */
MUST_CHECK enum err_code iso_ne_five_minute_load(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_hourly_load(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_hourly_demand(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_load_forecast(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_interchange(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_hourly_interchange(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_external_flow(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_fuel_mix(struct feed *f, struct err *err);

/* feed_iso_ne_services.c */
MUST_CHECK enum err_code iso_ne_reserve(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_hourly_reserve(struct feed *f, struct err *err);
MUST_CHECK enum err_code iso_ne_regulation(struct feed *f, struct err *err);

#endif
