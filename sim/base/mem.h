/*
 * mem.h - the only door to the heap: checked sizes, zeroed memory, live-block count,
 * and a switch that makes an allocation fail so that tests can walk every error path.
 *
 * All functions are thread-safe as malloc is; the failure switch is for one thread.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_MEM_H
#define SIM_BASE_MEM_H

#include <stddef.h>

/* count * size zeroed bytes, or NULL. A zero request gives a valid pointer. */
void *mem_alloc(size_t count, size_t size);
/* As realloc with an overflow check; the new part is not zeroed. NULL leaves p alive. */
void *mem_resize(void *p, size_t count, size_t size);
/* Accepts NULL. */
void mem_free(void *p);
/* A heap copy of text, or NULL. */
char *mem_copy_text(const char *text);

#define MEM_ARRAY(type, count) ((type *)mem_alloc((size_t)(count), sizeof(type)))

/* Tests only: the n-th allocation from now fails (0 = the next one), negative = never. */
void mem_fail_after(long n);
/* Tests only: blocks allocated and not yet freed. */
long mem_live(void);
/* Peak resident memory of this process so far, in bytes (0 where unknown). */
size_t mem_peak_bytes(void);

#endif
