/* outcome.c - lifetime of an outcome. */
#include "sim/clear/outcome.h"

void outcome_release(struct outcome *o)
{
    arena_release(&o->arena);
    *o = (struct outcome){0};
}
