/*
 * str_index.h - text key -> dense index 0, 1, 2 ... in order of first insertion.
 *
 * Keys are copied. Iteration order is insertion order, never hash order, so results
 * do not depend on the hash. {0} is an empty index.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_STR_INDEX_H
#define SIM_BASE_STR_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"

struct str_index {
    struct arena text;
    const char **key; /* [n] owned by text, NUL-terminated */
    uint32_t *slot;   /* [n_slot] index + 1, 0 = free */
    uint32_t n, room, n_slot;
};

enum {
    STR_INDEX_ABSENT = -1,
    STR_INDEX_NO_MEMORY = -2
};

/* Index of key[0..len), or STR_INDEX_ABSENT. */
int32_t str_index_find(const struct str_index *ix, const char *key, size_t len);
/* Index of the key, inserted if new (*is_new tells; may be NULL), or STR_INDEX_NO_MEMORY. */
int32_t str_index_put(struct str_index *ix, const char *key, size_t len, int *is_new);
void str_index_release(struct str_index *ix);

#endif
