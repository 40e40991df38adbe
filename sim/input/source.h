/*
 * source.h - an input file held in memory, and positions in it.
 *
 * Positions are found on demand by counting lines, so that reading pays nothing for them.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_SOURCE_H
#define SIM_INPUT_SOURCE_H

#include <stddef.h>

#include "sim/base/err.h"

struct source {
    char *path; /* owned; positions borrow it */
    char *text; /* owned, text[len] == '\0' */
    size_t len;
};

/*
 * Reads a whole file. What starts as gzip does is expanded, whatever its name; lengths and
 * positions are those of the expanded text. A UTF-8 byte-order mark is skipped.
 *
 * ERR_INPUT if it is missing, not a regular file, damaged or incomplete gzip, over 8 GiB
 * before or after expansion, or holds a NUL byte; ERR_IO if it cannot be read.
 */
MUST_CHECK enum err_code source_read(const char *path, struct source *out,
                                     struct err *err);
/* Copies text, expanding gzip: a source for tests and fuzz targets. */
MUST_CHECK enum err_code source_from_text(const char *path, const char *text,
                                          size_t len, struct source *out,
                                          struct err *err);
/*
 * Expands src->text in place if it starts as gzip does (1F 8B): one member or several.
 * ERR_INPUT if it is damaged, ends early, is followed by something else or grows beyond
 * most_bytes. Part of both of the above, with 8 GiB.
 */
MUST_CHECK enum err_code source_expand(struct source *src, size_t most_bytes,
                                       struct err *err);
void source_release(struct source *src);

/* Line and column (bytes, 1-based) of text[offset]. */
struct src_pos source_at(const struct source *src, size_t offset);

/*
 * Fingerprint of the content that does not depend on the order of its lines: the sum of
 * the hashes of all lines (without trailing white space; blank lines do not count).
 */
uint64_t source_fingerprint(const struct source *src);

#endif
