/*
 * export.h - one table of a run file as CSV, JSON, XML or aligned text.
 *
 * A table is asked for by a short name or by a schema path:
 *
 *   lmp             prices as OASIS has them (PRC_LMP; PRC_INTVL_LMP and so on by stage):
 *                   one row per node, price type and interval
 *   a list          statement, interval_line, charge_code, decision (also admission),
 *                   credit_check, credit (also account), constraint, shift_factor,
 *                   relaxation, interval, resource, sc, node, branch, tie, virtual,
 *                   factor: one row per entry, one column per variable
 *   a variable      award, virtual_award, energy, flow, shadow_price, load_forecast,
 *                   status, virtual_status or any path: one row per value, with the
 *                   labels of its dimensions
 *   a group path    a list, as above
 *   meta            the attributes of /meta and /meta/settings: a name and a value per row
 *
 * Positions are shown as names, flags as words, times in UTC. Reports in
 * the words of other feeds: feed.h.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_EXPORT_H
#define RESULTS_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "results/run_read.h"
#include "results/sheet_write.h"
#include "sim/base/err.h"

enum {
    EXPORT_PATH = 128 /* no path is longer */
};

/*
 * Writes the table to out, nothing unless all of it could be read. stage ("/real_time") is
 * where short names of a stage's tables are looked for; NULL: the day ahead, or /dispatch.
 * ERR_USAGE: no such table; ERR_INPUT: the file does not hold it.
 */
MUST_CHECK enum err_code export_table(const struct run_read *rd, const char *table,
                                      const char *stage, enum export_format format,
                                      FILE *out, struct err *err);
/*
 * The fewest tables that together hold all of a run, one after the other: lists, and
 * variables along two dimensions. *next is 0 at first; false after the last.
 */
bool export_whole(const struct run_read *rd, size_t *next, char path[EXPORT_PATH]);
/* The i-th short name, NULL after the last. */
const char *export_name(size_t i);

#endif
