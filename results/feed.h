/*
 * feed.h - a run file in the words of the feeds that analysts already read: reports of
 * CAISO's OASIS, frames of the Python package gridstatus, documents of ISO New England's
 * web services.
 *
 * A report is one table: columns and names of its feed, numbers of one stage of the run.
 * Its name ("PRC_LMP", "hourlylmp/da/final") implies a stage; a plain name ("lmp",
 * "as_price", "constraint", "load_forecast", ...) means the report of that style for the
 * stage that was asked for. Conventions that differ from the run file:
 *
 *   OASIS       times in GMT, OPR_DT and OPR_HR local prevailing; OPR_INTERVAL counts from 1
 *               within the hour, 0 where the interval is the hour. XML has the layout of
 *               OASISReport; other formats are plain tables
 *   gridstatus  times local with their offset, so that the two hours of the long day differ
 *   ISO-NE      BeginDate local with its offset; LocId is the position of the node, from 1;
 *               XML and JSON are documents (attributes as "@name", text as "$"), always with
 *               an array, also for one item. MarginalValue is the shadow price as a cost
 *               change, <= 0. Purchases (imports) are negative, sales positive
 *
 * Loads, ties and generation of ISO-NE and gridstatus are what was metered where the stage is
 * the five-minute dispatch.
 *
 * A run without a time zone (a bare network case) is shown in UTC.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_FEED_H
#define RESULTS_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "results/run_read.h"
#include "results/sheet_write.h"
#include "sim/base/err.h"

enum feed_style {
    FEED_OASIS,
    FEED_GRIDSTATUS,
    FEED_ISO_NE,
    FEED_STYLES
};

struct feed;

struct feed_report {
    const char *name;     /* as the feed calls it */
    const char *plain;    /* as we call it, with stage; NULL: the name only */
    const char *stage;    /* group it reads, "/day_ahead" */
    const char *document; /* ISO-NE: name of the list, NULL elsewhere */
    const char *element;  /* ISO-NE: name of an item; OASIS: MARKET_RUN_ID */
    enum err_code (*build)(struct feed *f, struct err *err);
    const char *needs; /* table of the stage that not every run has, or NULL */
};

/* The reports of a style; *n of them. */
const struct feed_report *feed_reports(enum feed_style style, size_t *n);

/* Whether the run holds what the report shows; stage as in feed_export. */
bool feed_is_there(const struct run_read *rd, const struct feed_report *report,
                   const char *stage);

/*
 * Writes a report to out, nothing unless all of it could be read. stage: "/real_time" and
 * the like, or NULL for the one the report's name implies. document: XML and JSON in the
 * layout of the feed, else as plain tables. ERR_USAGE: the style has no
 * such report; ERR_INPUT: the run does not hold what it needs.
 */
MUST_CHECK enum err_code feed_export(const struct run_read *rd, enum feed_style style,
                                     const char *report, const char *stage,
                                     bool document, enum export_format format,
                                     FILE *out, struct err *err);

#endif
