/*
 * asset.h - the parts of a report that are not made of a run: style, program, D3, licences.
 *
 * Bytes of files, put into an object by the assembler (assets.S) when the program is built:
 * our own sources beside this header, D3 and its licence from Debian's package libjs-d3.
 *
 * Layer: results/report (may include sim/base).
 */
#ifndef RESULTS_REPORT_ASSET_H
#define RESULTS_REPORT_ASSET_H

#include <stddef.h>
#include <stdio.h>

enum asset_kind {
    ASSET_STYLE,   /* CSS */
    ASSET_LIBRARY, /* D3 */
    ASSET_PROGRAM, /* JavaScript; several, in the order in which they run */
    ASSET_LICENCE, /* text */
};

struct asset {
    enum asset_kind kind;
    const char *name;          /* of the source file, for messages of tests */
    const char *first, *after; /* the bytes; not ended by NUL */
};

/* The i-th asset, or NULL after the last. */
const struct asset *asset_at(size_t i);
/* All of one kind, one after the other. Failures stay in the stream. */
void asset_write(FILE *out, enum asset_kind kind);

#endif
