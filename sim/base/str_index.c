/* str_index.c - open addressing with linear probing over FNV-1a. */
#include "sim/base/str_index.h"

#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"

/* Slot that holds the key, or the free slot where it belongs. */
static uint32_t probe(const struct str_index *ix, const char *key, size_t len)
{
    uint32_t mask = ix->n_slot - 1;
    uint32_t at = (uint32_t)hash_bytes(HASH_START, key, len) & mask;
    while (ix->slot[at]) {
        const char *other = ix->key[ix->slot[at] - 1];
        if (strlen(other) == len && memcmp(other, key, len) == 0)
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static int grow(struct str_index *ix)
{
    uint32_t n_slot = ix->n_slot ? 2 * ix->n_slot : 64;
    uint32_t *slot = mem_alloc(n_slot, sizeof *slot);
    const char **key = mem_resize(ix->key, n_slot / 2, sizeof *key);
    if (key)
        ix->key = key;
    if (!slot || !key) {
        mem_free(slot);
        return 0;
    }
    mem_free(ix->slot);
    ix->slot = slot;
    ix->n_slot = n_slot;
    ix->room = n_slot / 2;
    for (uint32_t i = 0; i < ix->n; i++)
        slot[probe(ix, ix->key[i], strlen(ix->key[i]))] = i + 1;
    return 1;
}

int32_t str_index_find(const struct str_index *ix, const char *key, size_t len)
{
    if (ix->n == 0)
        return STR_INDEX_ABSENT;
    uint32_t found = ix->slot[probe(ix, key, len)];
    return found ? (int32_t)(found - 1) : STR_INDEX_ABSENT;
}

int32_t str_index_put(struct str_index *ix, const char *key, size_t len, int *is_new)
{
    int32_t old = str_index_find(ix, key, len);
    if (is_new)
        *is_new = old < 0;
    if (old >= 0)
        return old;
    if (ix->n == ix->room && !grow(ix))
        return STR_INDEX_NO_MEMORY;
    char *copy = arena_copy_text(&ix->text, key, len);
    if (!copy)
        return STR_INDEX_NO_MEMORY;
    uint32_t at = probe(ix, key, len);
    ix->key[ix->n] = copy;
    ix->slot[at] = ++ix->n;
    return (int32_t)(ix->n - 1);
}

void str_index_release(struct str_index *ix)
{
    arena_release(&ix->text);
    mem_free(ix->key);
    mem_free(ix->slot);
    *ix = (struct str_index){0};
}
