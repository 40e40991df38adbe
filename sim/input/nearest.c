/* nearest.c - edit distance on three rows. */
#include "sim/input/nearest.h"

#include <stdbool.h>
#include <string.h>

enum {
    WORD_MAX = 40
}; /* longer than any name of ours */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ASCII only: what the locale calls a letter does not matter. */
static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(char a, char b)
{
    return small(a) == small(b);
}

/* Optimal string alignment distance, blind to case; both texts are at most WORD_MAX long. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[3][WORD_MAX + 1];
    for (size_t j = 0; j <= nb; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *older = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t replace = before[j - 1] + !same(a[i - 1], b[j - 1]);
            now[j] = least(replace, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                now[j] = least(now[j], older[j - 2] + 1);
        }
    }
    return row[na % 3][nb];
}

const char *nearest_word(const char *text, size_t len, const void *word, size_t n,
                         size_t stride)
{
    const char *best = NULL;
    size_t best_distance = len / 3 + 2; /* further off is another word */
    if (len == 0 || len > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        const char *candidate;
        memcpy(&candidate, (const char *)word + i * stride, sizeof candidate);
        size_t n_candidate = strlen(candidate);
        if (n_candidate > WORD_MAX)
            continue;
        size_t d = distance(text, len, candidate, n_candidate);
        if (len >= 3 && len < n_candidate && memcmp(text, candidate, len) == 0)
            d = least(d, 1 + (n_candidate > 2 * len)); /* "pmax" means "pmax_mw" */
        bool alike = d < len || d < n_candidate;       /* something is the same */
        if (alike && d < best_distance) {
            best_distance = d;
            best = candidate;
        }
    }
    return best;
}

const char *quoted(const char *text, size_t len, char out[QUOTED_SIZE])
{
    size_t room = QUOTED_SIZE - 4, n = least(len, room);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        out[i] = c >= 0x20 && c < 0x7f ? (char)c : '?';
    }
    out[n] = '\0';
    if (len > room)
        memcpy(out + n, "...", 4);
    return out;
}
