/* arena.c - bump allocation in blocks that double up to 1 MiB. */
#include "sim/base/arena.h"

#include <stdint.h>
#include <string.h>

#include "sim/base/mem.h"

#if defined(__SANITIZE_ADDRESS__)
# define ARENA_ASAN 1
#elif defined(__has_feature)
# if __has_feature(address_sanitizer)
#  define ARENA_ASAN 1
# endif
#endif
#ifdef ARENA_ASAN
# include <sanitizer/asan_interface.h>
enum {
    ARENA_GAP = 32
};
#else
# define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
# define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum {
    ARENA_GAP = 0
};
#endif

enum {
    ARENA_ALIGN = 16,
    ARENA_FIRST = 4096,
    ARENA_MOST = 1 << 20
};

struct arena_block {
    struct arena_block *next;
    size_t used, room;
    _Alignas(ARENA_ALIGN) unsigned char data[];
};

static struct arena_block *add_block(struct arena *a, size_t need)
{
    size_t room = a->head ? 2 * a->head->room : ARENA_FIRST;
    if (room > ARENA_MOST)
        room = ARENA_MOST;
    if (room < need)
        room = need;
    if (room > SIZE_MAX - sizeof(struct arena_block))
        return NULL;
    struct arena_block *b = mem_alloc(1, sizeof *b + room);
    if (!b)
        return NULL;
    b->room = room;
    b->next = a->head;
    a->head = b;
    ASAN_POISON_MEMORY_REGION(b->data, room);
    return b;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    if (size && count > (SIZE_MAX / 2) / size)
        return NULL;
    size_t bytes = count * size;
    size_t need = (bytes + ARENA_GAP + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if (need == 0)
        need = ARENA_ALIGN;
    struct arena_block *b = a->head;
    if (!b || b->room - b->used < need)
        b = add_block(a, need);
    if (!b)
        return NULL;
    void *p = b->data + b->used;
    b->used += need;
    a->bytes += bytes;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    return p;
}

char *arena_copy_text(struct arena *a, const char *text, size_t n)
{
    char *copy = arena_alloc(a, n + 1, 1);
    if (copy)
        memcpy(copy, text, n);
    return copy;
}

void arena_release(struct arena *a)
{
    while (a->head) {
        struct arena_block *next = a->head->next;
        ASAN_UNPOISON_MEMORY_REGION(a->head->data, a->head->room);
        mem_free(a->head);
        a->head = next;
    }
    *a = (struct arena){0};
}
