/* outcome.c - lifetime of an outcome. */
#include "sim/clear/outcome.h"

#include "sim/base/mem.h"

void outcome_release(struct outcome *o)
{
    mem_free(o->row);
    mem_free(o->piece);
    mem_free(o->relaxation);
    arena_release(&o->arena);
    *o = (struct outcome){0};
}
