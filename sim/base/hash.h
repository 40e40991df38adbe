/*
 * hash.h - FNV-1a, 64 bits (Fowler, Noll, Vo, 1991): h = (h xor byte) * prime.
 *
 * Used for look-ups and for the scenario's fingerprint; not for security.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_HASH_H
#define SIM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(14695981039346656037)
#define HASH_PRIME UINT64_C(1099511628211)

static inline uint64_t hash_bytes(uint64_t h, const void *data, size_t n)
{
    const unsigned char *p = data;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * HASH_PRIME;
    return h;
}

#endif
