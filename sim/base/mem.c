/* mem.c - checked allocation. */
#include "sim/base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static long fail_countdown = -1;
static long live_blocks;

static int must_fail(void)
{
    if (fail_countdown < 0)
        return 0;
    if (fail_countdown == 0)
        return 1; /* keeps failing, as a full machine would */
    fail_countdown--;
    return 0;
}

void *mem_alloc(size_t count, size_t size)
{
    if (must_fail() || (size && count > SIZE_MAX / size))
        return NULL;
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (p)
        __atomic_add_fetch(&live_blocks, 1, __ATOMIC_RELAXED);
    return p;
}

void *mem_resize(void *p, size_t count, size_t size)
{
    if (must_fail() || (size && count > SIZE_MAX / size))
        return NULL;
    size_t bytes = count * size;
    void *q = realloc(p, bytes ? bytes : 1);
    if (q && !p)
        __atomic_add_fetch(&live_blocks, 1, __ATOMIC_RELAXED);
    return q;
}

void mem_free(void *p)
{
    if (!p)
        return;
    __atomic_sub_fetch(&live_blocks, 1, __ATOMIC_RELAXED);
    free(p);
}

char *mem_copy_text(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = mem_alloc(n, 1);
    if (copy)
        memcpy(copy, text, n);
    return copy;
}

void mem_fail_after(long n)
{
    fail_countdown = n;
}

long mem_live(void)
{
    return __atomic_load_n(&live_blocks, __ATOMIC_RELAXED);
}

size_t mem_peak_bytes(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return (size_t)usage.ru_maxrss * 1024;
}
