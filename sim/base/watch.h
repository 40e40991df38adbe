/*
 * watch.h - where long work says how far it has come, and is told to stop.
 *
 * Whoever starts the work hands a watch down in a member of its problem or options; NULL
 * means that nobody looks. The work calls watch_step() now and then: often enough that a
 * person who interrupts need not wait, not in an inner loop. Answers never depend on it,
 * but for the one that says stop.
 *
 * Called from one thread only.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_WATCH_H
#define SIM_BASE_WATCH_H

#include <stdint.h>

#include "sim/base/err.h"

struct watch {
    /* done of total parts, 0-based; total 0: nothing to count, an earlier count stands.
     * gap: relative, between the best answer and what is proven; NaN = not known. */
    enum err_code (*step)(void *self, int64_t done, int64_t total, double gap,
                          struct err *err);
    void *self;
};

/* ERR_OK, or what the watcher says: ERR_INTERRUPTED. */
MUST_CHECK static inline enum err_code watch_step(const struct watch *w, int64_t done,
                                                  int64_t total, double gap,
                                                  struct err *err)
{
    return w ? w->step(w->self, done, total, gap, err) : ERR_OK;
}

#endif
