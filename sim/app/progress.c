/* progress.c - one line on the terminal. */
#include "sim/app/progress.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "sim/app/interrupt.h"

enum {
    FIRST_MS = 1000,
    BETWEEN_MS = 1000 / 6 + 1
};

const char *const progress_words[] = {"auto", "never", "always", NULL};

static int64_t monotonic_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0; /* the line then never appears */
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct progress progress_begin(enum progress_mode mode)
{
    bool shown =
        mode == PROGRESS_ALWAYS || (mode == PROGRESS_AUTO && isatty(STDERR_FILENO));
    struct progress p = {.out = shown ? stderr : NULL, .now_ms = monotonic_ms};
    p.start_ms = p.now_ms();
    p.last_ms = p.start_ms;
    return p;
}

static void draw(struct progress *p, const char *stage, int64_t done, int64_t total)
{
    char line[72];
    int n;
    if (total > 0)
        n = snprintf(line, sizeof line, "%s %" PRId64 "/%" PRId64, stage, done + 1,
                     total);
    else
        n = snprintf(line, sizeof line, "%s", stage);
    int width = n < (int)sizeof line ? n : (int)sizeof line - 1;
    /* Blanks wipe what a longer line left behind. */
    (void)fprintf(p->out, "\r%s%*s", line, p->width > width ? p->width - width : 0, "");
    (void)fflush(p->out);
    if (p->width < width)
        p->width = width;
}

enum err_code progress_step(struct progress *p, const char *stage, int64_t done,
                            int64_t total, struct err *err)
{
    if (interrupt_requested())
        return total > 0 ? err_set(err, ERR_INTERRUPTED,
                                   "interrupted while %s %" PRId64 " of %" PRId64
                                   "; nothing was written",
                                   stage, done + 1, total)
                         : err_set(err, ERR_INTERRUPTED,
                                   "interrupted while %s; nothing was written", stage);
    if (!p->out)
        return ERR_OK;
    int64_t now_ms = p->now_ms();
    if (now_ms - p->start_ms < FIRST_MS ||
        (p->width && now_ms - p->last_ms < BETWEEN_MS))
        return ERR_OK;
    draw(p, stage, done, total);
    p->last_ms = now_ms;
    return ERR_OK;
}

void progress_end(struct progress *p)
{
    if (p->out && p->width) {
        (void)fprintf(p->out, "\r%*s\r", p->width, "");
        (void)fflush(p->out);
    }
    p->width = 0;
}
