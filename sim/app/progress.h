/*
 * progress.h - one line on the terminal that says how far long work has come.
 *
 * Shown on standard error, on a terminal only (or always, or never, as asked), not before
 * one second has passed, at most six times a second, and erased at the end. The same call
 * is where an interrupt is noticed, so call it between the stages of any long work.
 *
 *     struct progress progress = progress_begin(mode);
 *     for (day ...) {
 *         code = progress_step(&progress, "clearing", day, n_day, err);
 *         if (code)
 *             goto done;
 *         ...
 *     }
 * done:
 *     progress_end(&progress);
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_PROGRESS_H
#define SIM_APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/base/err.h"

enum progress_mode {
    PROGRESS_AUTO, /* if standard error is a terminal */
    PROGRESS_NEVER,
    PROGRESS_ALWAYS,
};

/* The words of --progress in the order of enum progress_mode; ends with NULL. */
extern const char *const progress_words[];

/* The row of an option table for a struct with "int progress". */
#define PROGRESS_OPTION(args)                                       \
 OPTION_ENUM(0, "progress", "WHEN", args, progress, progress_words, \
             "show progress on standard error")

struct progress {
    FILE *out;                 /* borrowed; NULL = show nothing */
    int64_t (*now_ms)(void);   /* a clock that only runs forwards */
    int64_t start_ms, last_ms; /* last_ms: when the line was last drawn */
    int width;                 /* bytes of the line that is there, 0 = none */
};

struct progress progress_begin(enum progress_mode mode);

/*
 * Says that item done of total (0-based; total 0 = unknown) of a stage is being worked on,
 * as "clearing 3/24". ERR_INTERRUPTED once a signal has asked the program to stop.
 */
MUST_CHECK enum err_code progress_step(struct progress *p, const char *stage,
                                       int64_t done, int64_t total, struct err *err);
/* Erases the line. Accepts {0} and may be called twice. */
void progress_end(struct progress *p);

#endif
