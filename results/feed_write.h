/*
 * feed_write.h - sheets as the documents of a feed, where they are not plain tables.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_FEED_WRITE_H
#define RESULTS_FEED_WRITE_H

#include "results/sheet.h"
#include "results/sheet_write.h"

/*
 * ISO New England: list holds item after item. A column "A@b" is the attribute b of the
 * element A, whose text the column "A" holds; its attributes stand before it. JSON: the
 * same as objects, {"A": {"@b": "1", "$": "text"}}.
 */
MUST_CHECK enum err_code feed_write_document(const struct sheet *s, const char *list,
                                             const char *item,
                                             enum export_format format, FILE *out,
                                             struct err *err);

/*
 * OASIS: an OASISReport with a REPORT_ITEM for each run of rows that share data item and
 * resource. Columns are those of the report; market is its MARKET_RUN_ID, zone what OPR_DATE is in.
 */
MUST_CHECK enum err_code feed_write_oasis(const struct sheet *s, const char *report,
                                          const char *market, const char *zone,
                                          FILE *out, struct err *err);

#endif
