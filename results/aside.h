/*
 * aside.h - replaces a file as a whole or not at all: bytes go to "<path>.part.tmp" in
 * the same folder, are flushed to disk, and take the name in one step.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_ASIDE_H
#define RESULTS_ASIDE_H

#include <stddef.h>

#include "sim/base/err.h"

struct aside {
    char *path, *temp; /* owned; temp is NULL once it is gone */
    int fd;            /* locked while open */
};

/* Opens and locks the aside file, overwriting a dead one. ERR_IO when the folder does
 * not take it, path is there but not a plain file, or a living process holds it. */
MUST_CHECK enum err_code aside_open(struct aside *a, const char *path, struct err *err);
/* Writes the parts one after the other and puts the file in place. ERR_IO leaves path
 * as it was. */
MUST_CHECK enum err_code aside_commit(struct aside *a, const void *const part[],
                                      const size_t bytes[], size_t n_part,
                                      struct err *err);
/* Removes what was not committed. {.fd = -1} is an empty one. */
void aside_release(struct aside *a);

#endif
