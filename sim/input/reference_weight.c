/* reference_weight.c - the distributed load reference that prices are split against. */
#include <math.h>

#include "sim/base/disjoint.h"
#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

static void join_islands(const struct grid *g, int32_t *parent)
{
    disjoint_begin(parent, g->n_bus);
    for (int32_t i = 0; i < g->n_branch; i++)
        (void)disjoint_join(parent, g->branch[i].from, g->branch[i].to);
}

/* MW that a load bids for, on average over all intervals. */
static double mean_bid_mw(const struct market *m, int32_t resource)
{
    double sum = 0;
    for (int32_t t = 0; t < m->n_interval; t++) {
        int32_t n;
        const struct bid_segment *seg = book_bid(&m->bids, resource, t, &n);
        for (int32_t i = 0; i < n; i++)
            sum += seg[i].to_mw - seg[i].from_mw;
    }
    return m->n_interval ? sum / m->n_interval : 0;
}

static void add_bid_in_load(const struct market *m, double *bid_mw)
{
    for (int32_t r = 0; r < m->n_resource; r++) {
        if (m->resource[r].type != RESOURCE_LOAD)
            continue;
        const struct node *node = &m->node[m->resource[r].node];
        double mw = mean_bid_mw(m, r);
        for (int32_t i = node->factor_start; i < node->factor_start + node->n_factor;
             i++)
            bid_mw[m->factor_bus[i]] += m->factor[i] * mw;
    }
}

enum err_code set_reference_weight(struct market *m, struct err *err)
{
    const struct grid *g = &m->grid;
    enum err_code code = ERR_OK;
    int32_t *parent = MEM_ARRAY(int32_t, g->n_bus);
    bool *has_load = MEM_ARRAY(bool, g->n_bus); /* by root */
    double *bid_mw = MEM_ARRAY(double, g->n_bus);
    m->reference_weight = ARENA_ARRAY(&m->arena, double, g->n_bus);
    if (!parent || !has_load || !bid_mw || !m->reference_weight) {
        code =
            err_set(err, ERR_NOMEM, "cannot hold the reference of %d buses", g->n_bus);
        goto done;
    }
    join_islands(g, parent);
    for (int32_t b = 0; b < g->n_bus; b++)
        has_load[disjoint_root(parent, b)] |= g->bus[b].load_mw > 0;
    add_bid_in_load(m, bid_mw);
    for (int32_t b = 0; b < g->n_bus; b++)
        m->reference_weight[b] =
            has_load[disjoint_root(parent, b)] ? fmax(g->bus[b].load_mw, 0) : bid_mw[b];
done:
    mem_free(parent);
    mem_free(has_load);
    mem_free(bid_mw);
    return code;
}
