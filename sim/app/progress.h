/*
 * progress.h - how far long work has come: one line on the terminal, or a JSON object per
 * line for a program that watches.
 *
 * The line is on standard error, on a terminal only (or always, or never, as asked), not
 * before one second has passed, at most six times a second, and erased at the end:
 *
 *     clearing 2026-04-16 (2/7), interval 14/24, gap 0.35 %, 1:20 left
 *
 * Time left is that of the days when one is done, else that of the stage's own parts, and
 * absent while there is nothing to go by. --json-log writes each new stage and, at most ten
 * times a second, each new part or gap of it:
 *
 *     {"seconds":12.3,"stage":"clearing","day":"2026-04-16","done":1,"total":7,
 *      "part":13,"parts":24,"gap":0.0035,"seconds_left":80}
 *
 * (on one line; what is not known is left out), and when the work is over
 * {"seconds":90.1,"stage":"done"}, or "failed" with the exit status.
 *
 * The same calls are where an interrupt is noticed, so call progress_step between the
 * stages of any long work, and hand progress_watch down to it.
 *
 *     struct progress progress = progress_begin(mode, a->json_log);
 *     for (day ...) {
 *         code = progress_day(&progress, "clearing", day, n_day, date, err);
 *         if (code)
 *             goto done;
 *         ...
 *     }
 * done:
 *     progress_end(&progress, code);
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_PROGRESS_H
#define SIM_APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/base/calendar.h"
#include "sim/base/err.h"
#include "sim/base/watch.h"

enum progress_mode {
    PROGRESS_AUTO, /* if standard error is a terminal */
    PROGRESS_NEVER,
    PROGRESS_ALWAYS,
};

/* The words of --progress in the order of enum progress_mode; ends with NULL. */
extern const char *const progress_words[];

/* The rows of an option table for a struct with "int progress; bool json_log". */
#define PROGRESS_OPTION(args)                                       \
 OPTION_ENUM(0, "progress", "WHEN", args, progress, progress_words, \
             "show progress on standard error"),                    \
     OPTION_FLAG(0, "json-log", args, json_log,                     \
                 "write progress to standard error, one JSON object per line")

struct progress {
    FILE *out;                 /* borrowed; NULL = show nothing */
    bool json;                 /* objects instead of a line */
    int64_t (*now_ms)(void);   /* a clock that only runs forwards */
    int64_t start_ms, last_ms; /* last_ms: when something was last written */
    int width;                 /* bytes of the line that is there, 0 = none */

    const char *stage;       /* borrowed; NULL = none yet */
    char day[11];            /* its date, "" = not about a day */
    int64_t done, total;     /* items, such as days; total 0 = not counted */
    int64_t part, parts;     /* of the stage; parts 0 = not counted */
    double gap;              /* NaN = not known */
    int64_t stage_ms;        /* when the stage began */
    int64_t first, first_ms; /* the item that was the first, and when it began */
    int64_t item_ms;         /* when the present one did */
    struct watch watch;      /* see progress_watch */
};

struct progress progress_begin(enum progress_mode mode, bool json);

/*
 * Says that item done of total (0-based; total 0 = unknown) of a stage is being worked on,
 * as "clearing 3/24". ERR_INTERRUPTED once a signal has asked the program to stop. stage
 * must live until the next step.
 */
MUST_CHECK enum err_code progress_step(struct progress *p, const char *stage,
                                       int64_t done, int64_t total, struct err *err);
/* The same of a trade day, by its date. */
MUST_CHECK enum err_code progress_day(struct progress *p, const char *stage,
                                      int64_t done, int64_t total, date_t date,
                                      struct err *err);
/* What lower layers report to; valid while p stays where it is. */
const struct watch *progress_watch(struct progress *p);
/* Erases the line; says how it ended in a JSON log. Accepts {0}, may be called twice. */
void progress_end(struct progress *p, enum err_code code);

#endif
