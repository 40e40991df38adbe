/* seal.c - length and hash of a run file. */
#include "results/seal.h"

#include <stdint.h>
#include <string.h>

#include "sim/base/hash.h"

enum {
    LANES = 4,
    WORD = 8
};

static const char magic[WORD] = {'G', 'R', 'I', 'D', 'C', 'L', 'R', '\n'};

static uint64_t step(uint64_t h, uint64_t word)
{
    h ^= word;
    return ((h << 29) | (h >> 35)) * HASH_PRIME;
}

static uint64_t load(const unsigned char *p)
{
    uint64_t v = 0;
    for (int i = WORD; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static void store(uint64_t v, unsigned char *p)
{
    for (int i = 0; i < WORD; i++, v >>= 8)
        p[i] = (unsigned char)v;
}

static uint64_t hash_words(const unsigned char *p, size_t n)
{
    uint64_t lane[LANES];
    for (size_t k = 0; k < LANES; k++)
        lane[k] = HASH_START + k;
    size_t i = 0;
    for (; i + LANES * WORD <= n; i += LANES * WORD)
        for (size_t k = 0; k < LANES; k++)
            lane[k] = step(lane[k], load(p + i + k * WORD));
    uint64_t h = step(HASH_START, n);
    for (; i < n; i++)
        h = step(h, p[i]);
    for (size_t k = 0; k < LANES; k++)
        h = step(h, lane[k]);
    return h;
}

void seal_make(const void *bytes, size_t n, unsigned char seal[SEAL_BYTES])
{
    memcpy(seal, magic, WORD);
    store(n, seal + WORD);
    store(hash_words(bytes, n), seal + 2 * WORD);
}

bool seal_check(const void *file, size_t n, size_t *content)
{
    unsigned char expected[SEAL_BYTES];
    if (n < SEAL_BYTES)
        return false;
    *content = n - SEAL_BYTES;
    const unsigned char *found = (const unsigned char *)file + *content;
    if (memcmp(found, magic, WORD) != 0)
        return false;
    seal_make(file, *content, expected);
    return memcmp(found, expected, SEAL_BYTES) == 0;
}
