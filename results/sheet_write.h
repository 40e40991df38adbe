/*
 * sheet_write.h - a sheet as CSV, JSON, XML or aligned text.
 *
 * CSV: RFC 4180 with a header, lines end in "\n", empty field where nothing is to say
 * ("" in a table of one column).
 * JSON: an array of objects, null where nothing is to say. XML: <table name=""><row>
 * with one element per column, left out where nothing is to say. Numbers are the
 * shortest text that reads back as the same double; infinity is the text "inf". Text is
 * for people: numbers rounded to six decimals, columns aligned.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_SHEET_WRITE_H
#define RESULTS_SHEET_WRITE_H

#include <stdio.h>

#include "results/sheet.h"
#include "sim/base/err.h"

enum export_format {
    EXPORT_CSV,
    EXPORT_JSON,
    EXPORT_XML,
    EXPORT_TEXT,
};

/* ERR_IO when out does not take it. Flushes out. */
MUST_CHECK enum err_code sheet_write(const struct sheet *s, enum export_format format,
                                     FILE *out, struct err *err);

#endif
