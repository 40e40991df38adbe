/* grid.c - lifetime and connection of a grid. */
#include "sim/model/grid.h"

#include <math.h>
#include <string.h>

#include "sim/base/disjoint.h"
#include "sim/base/mem.h"

void grid_release(struct grid *g)
{
    arena_release(&g->arena);
    *g = (struct grid){0};
}

void grid_outages_release(struct grid_outages *o)
{
    arena_release(&o->arena);
    *o = (struct grid_outages){0};
}

enum err_code grid_outages_of_branches(const struct grid *g, struct grid_outages *out,
                                       struct err *err)
{
    int32_t n = g->n_branch;
    *out = (struct grid_outages){.n = n};
    struct arena *a = &out->arena;
    out->id = ARENA_ARRAY(a, const char *, n);
    out->branch_start = ARENA_ARRAY(a, int32_t, n + 1);
    out->branch = ARENA_ARRAY(a, int32_t, n);
    out->unit_start = ARENA_ARRAY(a, int32_t, n + 1);
    out->unit = ARENA_ARRAY(a, int32_t, 1);
    if (!out->id || !out->branch_start || !out->branch || !out->unit_start ||
        !out->unit) {
        grid_outages_release(out);
        return err_set(err, ERR_NOMEM, "cannot hold the outages of %d branches", n);
    }
    for (int32_t l = 0; l < n; l++) {
        out->id[l] = arena_copy_text(a, g->branch[l].id, strlen(g->branch[l].id));
        if (!out->id[l]) {
            grid_outages_release(out);
            return err_set(err, ERR_NOMEM, "cannot hold the outages of %d branches", n);
        }
        out->branch_start[l] = out->branch[l] = l;
    }
    out->branch_start[n] = n;
    return ERR_OK;
}

int32_t grid_label_islands(const struct grid *g, int32_t *island)
{
    int32_t n = g->n_bus;
    disjoint_begin(island, g->n_bus);
    for (int32_t k = 0; k < g->n_branch; k++)
        n -= disjoint_join(island, g->branch[k].from, g->branch[k].to);
    for (int32_t i = 0; i < g->n_bus; i++)
        island[i] = disjoint_root(island, i);
    return n;
}

enum err_code grid_count_islands(const struct grid *g, int32_t *n, struct err *err)
{
    int32_t *island = MEM_ARRAY(int32_t, g->n_bus);
    if (!island)
        return err_set(err, ERR_NOMEM, "cannot look for islands of %d buses", g->n_bus);
    *n = grid_label_islands(g, island);
    mem_free(island);
    return ERR_OK;
}

int32_t grid_negative_resistance(const struct grid *g)
{
    for (int32_t l = 0; l < g->n_branch; l++)
        if (g->branch[l].r_pu < 0 && fabs(g->branch[l].x_pu) > 0)
            return l;
    return -1;
}
