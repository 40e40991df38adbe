/*
 * arena.h - memory for things that are built once and die together.
 *
 * Memory is zeroed, aligned for any type, never freed singly, and owns no resource.
 * {0} is an empty arena. Under AddressSanitizer every item is followed by a
 * poisoned gap, so that an overrun inside the arena is still found.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_ARENA_H
#define SIM_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *head; /* owned */
    size_t bytes;             /* handed out so far */
};

/* Zeroed memory that lives until arena_release, or NULL. */
void *arena_alloc(struct arena *a, size_t count, size_t size);
/* A copy of n bytes of text plus a terminating NUL, or NULL. */
char *arena_copy_text(struct arena *a, const char *text, size_t n);
void arena_release(struct arena *a);

#define ARENA_ARRAY(a, type, count) \
 ((type *)arena_alloc((a), (size_t)(count), sizeof(type)))

#endif
