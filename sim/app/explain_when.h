/*
 * explain_when.h - an interval of a run as people say it, and said back.
 *
 * "20", "HE 20", "2026-04-15 20", "2026-04-15 HE 20"; with minutes in shorter intervals,
 * "20:15" being the interval that begins a quarter of an hour into hour ending 20; or a
 * start in UTC, "2026-04-16T03:00Z".
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_EXPLAIN_WHEN_H
#define SIM_APP_EXPLAIN_WHEN_H

#include "results/run_view.h"

enum {
    WHEN_SIZE = 40
};

/* ERR_USAGE with what the file has instead. */
MUST_CHECK enum err_code explain_when(const struct run_view *v, const char *text,
                                      int32_t *t, struct err *err);
/* "HE 20", "HE 20:15"; with the date where the run has several. */
void explain_when_text(const struct run_view *v, int32_t t, char text[WHEN_SIZE]);

#endif
