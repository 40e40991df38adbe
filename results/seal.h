/*
 * seal.h - 24 bytes at the end of a run file that tell whether it is as it was written.
 *
 *     8 bytes "GRIDCLR\n", length n of what comes before, 64-bit hash of it
 *
 * both numbers little-endian. The hash runs over 64-bit words w in four lanes,
 * h = rotate(h xor w, 29) * prime; every step is one-to-one, so any change within one
 * word always shows, and other damage with probability 1 - 2^-64 or so. It guards
 * against accidents, not against forgery.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_SEAL_H
#define RESULTS_SEAL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    SEAL_BYTES = 24
};

void seal_make(const void *bytes, size_t n, unsigned char seal[SEAL_BYTES]);
/* True when file[0..n) ends in a seal that fits; *content gets the bytes before it. */
bool seal_check(const void *file, size_t n, size_t *content);

#endif
