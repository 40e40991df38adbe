/* layers.c - positions in the settings of a scenario and its bases. */
#include "sim/input/layers.h"

int layers_find(const struct layers *x, size_t at)
{
    int k = x->n ? x->n - 1 : 0;
    while (k > 0 && at < x->layer[k].start)
        k--;
    return k;
}

struct src_pos layers_at(const struct layers *x, size_t at)
{
    const struct layer *of = &x->layer[layers_find(x, at)];
    return source_at(&of->src, at - of->start);
}

void layers_release(struct layers *x)
{
    for (int k = 0; k < LAYERS_MAX; k++)
        source_release(&x->layer[k].src);
    arena_release(&x->arena);
    *x = (struct layers){0};
}
