/* grid.c - lifetime and connection of a grid. */
#include "sim/model/grid.h"

#include <math.h>

#include "sim/base/mem.h"

void grid_release(struct grid *g)
{
    arena_release(&g->arena);
    *g = (struct grid){0};
}

/* The representative of a bus, with the way to it halved. */
static int32_t root_of(int32_t *parent, int32_t bus)
{
    while (parent[bus] != bus) {
        parent[bus] = parent[parent[bus]];
        bus = parent[bus];
    }
    return bus;
}

enum err_code grid_count_islands(const struct grid *g, int32_t *n, struct err *err)
{
    int32_t *parent = MEM_ARRAY(int32_t, g->n_bus);
    *n = g->n_bus;
    if (!parent)
        return err_set(err, ERR_NOMEM, "cannot look for islands of %d buses", g->n_bus);
    for (int32_t i = 0; i < g->n_bus; i++)
        parent[i] = i;
    for (int32_t k = 0; k < g->n_branch; k++) {
        int32_t from = root_of(parent, g->branch[k].from);
        int32_t to = root_of(parent, g->branch[k].to);
        *n -= from != to;
        parent[from] = to;
    }
    mem_free(parent);
    return ERR_OK;
}

int32_t grid_negative_resistance(const struct grid *g)
{
    for (int32_t l = 0; l < g->n_branch; l++)
        if (g->branch[l].r_pu < 0 && fabs(g->branch[l].x_pu) > 0)
            return l;
    return -1;
}
