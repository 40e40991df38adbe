/* state_flow.c - flows of hours in which branches are out of service. */
#include "sim/clear/state_flow.h"

#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/grid_network.h"

/* The grid without what a state takes out. */
struct rest {
    struct grid grid;
    int32_t *number; /* [grid.n_branch] in the whole grid */
    struct grid_network gn;
    double *bus_mw, *flow_mw;
};

static bool is_out(const struct grid_outages *o, int32_t state, int32_t branch)
{
    for (int32_t e = o->branch_start[state]; e < o->branch_start[state + 1]; e++)
        if (o->branch[e] == branch)
            return true;
    return false;
}

static enum err_code rest_create(const struct market *m, int32_t state, struct rest *r,
                                 struct err *err)
{
    const struct grid *g = &m->grid;
    r->grid = *g;
    r->grid.n_branch = 0;
    r->grid.branch = MEM_ARRAY(struct grid_branch, g->n_branch);
    r->number = MEM_ARRAY(int32_t, g->n_branch);
    r->bus_mw = MEM_ARRAY(double, g->n_bus);
    r->flow_mw = MEM_ARRAY(double, g->n_branch);
    if (!r->grid.branch || !r->number || !r->bus_mw || !r->flow_mw)
        return err_set(err, ERR_NOMEM, "cannot hold a state of the network");
    for (int32_t l = 0; l < g->n_branch; l++) {
        if (is_out(&m->outages, state, l))
            continue;
        r->number[r->grid.n_branch] = l;
        r->grid.branch[r->grid.n_branch++] = g->branch[l];
    }
    return grid_network_create(&r->grid, m->rules.dc_model, m->reference_weight, &r->gn,
                               err);
}

static void rest_release(struct rest *r)
{
    grid_network_release(&r->gn);
    mem_free(r->grid.branch);
    mem_free(r->number);
    mem_free(r->bus_mw);
    mem_free(r->flow_mw);
}

/* What enters at every bus is what its branches carry away. */
static enum err_code replace(const struct market *m, struct rest *r, double *flow,
                             struct err *err)
{
    const struct grid *g = &m->grid;
    memset(r->bus_mw, 0, (size_t)g->n_bus * sizeof *r->bus_mw);
    for (int32_t l = 0; l < g->n_branch; l++) {
        r->bus_mw[g->branch[l].from] += flow[l];
        r->bus_mw[g->branch[l].to] -= flow[l];
    }
    enum err_code code = network_flows(r->gn.net, 1, r->bus_mw, NULL, r->flow_mw, err);
    if (code)
        return code;
    memset(flow, 0, (size_t)g->n_branch * sizeof *flow);
    for (int32_t l = 0; l < r->grid.n_branch; l++)
        flow[r->number[l]] = r->flow_mw[l];
    return ERR_OK;
}

enum err_code state_flow_record(const struct market *m, const struct formulation *f,
                                struct outcome *o, struct err *err)
{
    enum err_code code = ERR_OK;
    const int32_t *state = f->problem.outages ? f->problem.outages->state : NULL;
    for (int32_t k = 0; state && k < m->outages.n && !code; k++) {
        struct rest r = {.number = NULL};
        if (m->outage_state[k] != k)
            continue;
        for (int32_t t = 0; t < f->n_interval && !code; t++) {
            size_t at = (size_t)(f->first_interval + t) * (size_t)o->n_branch;
            if (state[t] != k)
                continue;
            if (!r.number)
                code = rest_create(m, k, &r, err);
            if (!code)
                code = replace(m, &r, o->flow_mw + at, err);
        }
        rest_release(&r);
    }
    return code;
}
