/* grid.c - lifetime of a grid. */
#include "sim/model/grid.h"

void grid_release(struct grid *g)
{
    arena_release(&g->arena);
    *g = (struct grid){0};
}
