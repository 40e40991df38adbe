/* progress.c - one line on the terminal, or a log of JSON objects. */
#include "sim/app/progress.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/app/interrupt.h"

enum {
    FIRST_MS = 1000,
    BETWEEN_MS = 1000 / 6 + 1,
    BETWEEN_LOG_MS = 100,
    LEFT_AFTER_MS = 3000, /* an estimate from less is none */
    LINE = 120
};

const char *const progress_words[] = {"auto", "never", "always", NULL};

static int64_t monotonic_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0; /* the line then never appears */
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct progress progress_begin(enum progress_mode mode, bool json)
{
    bool shown =
        mode == PROGRESS_ALWAYS || (mode == PROGRESS_AUTO && isatty(STDERR_FILENO));
    struct progress p = {.out = shown || json ? stderr : NULL,
                         .json = json,
                         .now_ms = monotonic_ms,
                         .gap = (double)NAN};
    p.start_ms = p.now_ms();
    p.last_ms = p.start_ms;
    return p;
}

/* ---- time left ---------------------------------------------------------------------- */

/* Milliseconds, or -1 when there is nothing to go by. */
static int64_t left_ms(const struct progress *p, int64_t now_ms)
{
    if (p->total > 1 &&
        p->done > p->first) { /* those that are done, at their average */
        int64_t each = (p->item_ms - p->first_ms) / (p->done - p->first);
        int64_t here = each - (now_ms - p->item_ms);
        return (p->total - p->done - 1) * each + (here > 0 ? here : 0);
    }
    int64_t spent = now_ms - p->stage_ms;
    if (p->parts > 0 && p->part > 0 && spent >= LEFT_AFTER_MS)
        return spent * (p->parts - p->part) / p->part;
    return -1;
}

/* ---- the line ----------------------------------------------------------------------- */

static int append(char line[LINE], int n, const char *text)
{
    int more = snprintf(line + n, (size_t)(LINE - n), "%s", text);
    return n + more < LINE ? n + more : LINE - 1;
}

static int write_left(char line[LINE], int n, int64_t ms)
{
    char text[48];
    int64_t s = (ms + 999) / 1000;
    if (s >= 3600)
        (void)snprintf(text, sizeof text, ", %" PRId64 ":%02d:%02d left", s / 3600,
                       (int)(s / 60 % 60), (int)(s % 60));
    else
        (void)snprintf(text, sizeof text, ", %d:%02d left", (int)(s / 60),
                       (int)(s % 60));
    return append(line, n, text);
}

static int compose(const struct progress *p, int64_t now_ms, char line[LINE])
{
    char text[64];
    int n = append(line, 0, p->stage ? p->stage : "");
    if (*p->day) {
        (void)snprintf(text, sizeof text, " %s (%" PRId64 "/%" PRId64 ")", p->day,
                       p->done + 1, p->total);
        n = append(line, n, text);
    } else if (p->total > 0) {
        (void)snprintf(text, sizeof text, " %" PRId64 "/%" PRId64, p->done + 1,
                       p->total);
        n = append(line, n, text);
    }
    if (p->parts > 0) {
        (void)snprintf(text, sizeof text, ", interval %" PRId64 "/%" PRId64,
                       p->part + 1, p->parts);
        n = append(line, n, text);
    }
    if (!isnan(p->gap)) {
        (void)snprintf(text, sizeof text, ", gap %.2g %%", 100 * p->gap);
        n = append(line, n, text);
    }
    int64_t left = left_ms(p, now_ms);
    return left >= 0 ? write_left(line, n, left) : n;
}

static void draw(struct progress *p, int64_t now_ms)
{
    char line[LINE];
    int width = compose(p, now_ms, line);
    /* Blanks wipe what a longer line left behind. */
    (void)fprintf(p->out, "\r%s%*s", line, p->width > width ? p->width - width : 0, "");
    (void)fflush(p->out);
    if (p->width < width)
        p->width = width;
}

/* ---- the log ------------------------------------------------------------------------ */

static double seconds(int64_t ms)
{
    return (double)ms / 1000;
}

/* Stages are our own words: nothing in them needs an escape. */
static void log_object(const struct progress *p, int64_t now_ms)
{
    (void)fprintf(p->out, "{\"seconds\":%.3f,\"stage\":\"%s\"",
                  seconds(now_ms - p->start_ms), p->stage ? p->stage : "");
    if (*p->day)
        (void)fprintf(p->out, ",\"day\":\"%s\"", p->day);
    if (p->total > 0)
        (void)fprintf(p->out, ",\"done\":%" PRId64 ",\"total\":%" PRId64, p->done,
                      p->total);
    if (p->parts > 0)
        (void)fprintf(p->out, ",\"part\":%" PRId64 ",\"parts\":%" PRId64, p->part,
                      p->parts);
    if (isfinite(p->gap))
        (void)fprintf(p->out, ",\"gap\":%.6g", p->gap);
    int64_t left = left_ms(p, now_ms);
    if (left >= 0)
        (void)fprintf(p->out, ",\"seconds_left\":%.1f", seconds(left));
    (void)fputs("}\n", p->out);
    (void)fflush(p->out);
}

/* is_new: a stage, not a part of one. */
static void show(struct progress *p, bool is_new)
{
    if (!p->out)
        return;
    int64_t now_ms = p->now_ms(), since = now_ms - p->last_ms;
    if (p->json && !is_new && since < BETWEEN_LOG_MS)
        return;
    if (!p->json &&
        (now_ms - p->start_ms < FIRST_MS || (p->width && since < BETWEEN_MS)))
        return;
    if (p->json)
        log_object(p, now_ms);
    else
        draw(p, now_ms);
    p->last_ms = now_ms;
}

/* ---- steps -------------------------------------------------------------------------- */

static enum err_code look(const struct progress *p, struct err *err)
{
    if (!interrupt_requested())
        return ERR_OK;
    if (*p->day || p->total > 0)
        return err_set(err, ERR_INTERRUPTED,
                       "interrupted while %s%s %" PRId64 " of %" PRId64
                       "; nothing was written",
                       p->stage, *p->day ? " day" : "", p->done + 1, p->total);
    return err_set(err, ERR_INTERRUPTED, "interrupted while %s; nothing was written",
                   p->stage);
}

static enum err_code enter(struct progress *p, const char *stage, const char *day,
                           int64_t done, int64_t total, struct err *err)
{
    int64_t now_ms = p->out ? p->now_ms() : 0;
    bool is_new = !p->stage || strcmp(p->stage, stage) != 0 || p->done != done ||
                  strcmp(p->day, day) != 0;
    if (total > 0 && (p->total != total || p->done > done)) { /* a count begins */
        p->first = done;
        p->first_ms = p->item_ms = now_ms;
    } else if (total > 0 && p->done != done) {
        p->item_ms = now_ms;
    }
    if (is_new) {
        p->stage_ms = now_ms;
        p->part = p->parts = 0;
        p->gap = (double)NAN;
    }
    p->stage = stage;
    (void)snprintf(p->day, sizeof p->day, "%s", day);
    p->done = done;
    p->total = total;
    enum err_code code = look(p, err);
    if (!code && (is_new || !p->json)) /* a log says a stage once, however slow it is */
        show(p, is_new);
    return code;
}

enum err_code progress_step(struct progress *p, const char *stage, int64_t done,
                            int64_t total, struct err *err)
{
    return enter(p, stage, "", done, total, err);
}

enum err_code progress_day(struct progress *p, const char *stage, int64_t done,
                           int64_t total, date_t date, struct err *err)
{
    char day[11];
    date_format(date, day);
    return enter(p, stage, day, done, total, err);
}

static enum err_code watch_part(void *self, int64_t done, int64_t total, double gap,
                                struct err *err)
{
    struct progress *p = self;
    bool is_new = total > 0 && (p->part != done || p->parts != total);
    if (total > 0) {
        p->part = done;
        p->parts = total;
    }
    if (!isnan(gap) &&
        !(gap == p->gap)) { /* no arithmetic on either: the same or not */
        p->gap = gap;
        is_new = true;
    }
    enum err_code code = look(p, err);
    if (!code && (is_new || !p->json))
        show(p, false);
    return code;
}

const struct watch *progress_watch(struct progress *p)
{
    p->watch = (struct watch){.step = watch_part, .self = p};
    return &p->watch;
}

void progress_end(struct progress *p, enum err_code code)
{
    if (p->out && p->json) {
        double spent = seconds(p->now_ms() - p->start_ms);
        if (code && code != ERR_NO)
            (void)fprintf(p->out,
                          "{\"seconds\":%.3f,\"stage\":\"failed\",\"status\":%d}\n",
                          spent, err_exit_status(code));
        else
            (void)fprintf(p->out, "{\"seconds\":%.3f,\"stage\":\"done\"}\n", spent);
        p->out = NULL;
    }
    if (p->out && p->width) {
        (void)fprintf(p->out, "\r%*s\r", p->width, "");
        (void)fflush(p->out);
    }
    p->width = 0;
}
