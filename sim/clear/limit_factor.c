/* limit_factor.c - shift factors of one limit at every node. */
#include "sim/clear/limit_factor.h"

#include "sim/base/mem.h"
#include "sim/clear/contingency.h"

static int32_t most_lost(const struct grid_outages *o)
{
    int32_t most = 0;
    for (int32_t k = 0; k < o->n; k++) {
        int32_t n = o->branch_start[k + 1] - o->branch_start[k];
        most = n > most ? n : most;
    }
    return most;
}

enum err_code limit_factor_create(const struct market *m, struct network *net,
                                  struct limit_factor *out, struct err *err)
{
    *out = (struct limit_factor){
        .m = m,
        .net = net,
        .mu = MEM_ARRAY(double, m->grid.n_branch),
        .bus_factor = MEM_ARRAY(double, m->grid.n_bus),
        .node_factor = MEM_ARRAY(double, m->n_node),
        .lodf = MEM_ARRAY(double, most_lost(&m->outages)),
    };
    if (!out->mu || !out->bus_factor || !out->node_factor || !out->lodf)
        return err_set(err, ERR_NOMEM, "out of memory");
    return m->outages.n > 0 ? contingency_factors_create(&m->grid, &m->outages, net,
                                                         &out->after, err)
                            : ERR_OK;
}

void limit_factor_release(struct limit_factor *f)
{
    contingency_factors_destroy(f->after);
    mem_free(f->mu);
    mem_free(f->bus_factor);
    mem_free(f->node_factor);
    mem_free(f->lodf);
    *f = (struct limit_factor){0};
}

/* Weights of flows in the limit, or zero again. */
static enum err_code set_weights(struct limit_factor *f, int32_t branch, int32_t outage,
                                 double sign, struct err *err)
{
    const struct grid_outages *outages = &f->m->outages;
    f->mu[branch] = sign;
    if (outage < 0)
        return ERR_OK;
    const int32_t *lost = outages->branch + outages->branch_start[outage];
    int32_t n = outages->branch_start[outage + 1] - outages->branch_start[outage];
    enum err_code code =
        sign != 0 ? contingency_factors_lodf(f->after, outage, branch, f->lodf, err)
                  : ERR_OK; /* 0 is what is asked for to clear */
    for (int32_t e = 0; !code && e < n; e++)
        f->mu[lost[e]] = sign * f->lodf[e];
    return code;
}

enum err_code limit_factor_find(struct limit_factor *f, int32_t branch, int32_t outage,
                                bool upper, struct err *err)
{
    const struct market *m = f->m;
    enum err_code code = set_weights(f, branch, outage, upper ? 1 : -1, err);
    if (!code)
        code = network_prices(f->net, 1, f->mu, f->bus_factor, err);
    if (!code)
        code = set_weights(f, branch, outage, 0, err);
    for (int32_t n = 0; !code && n < m->n_node; n++) {
        const struct node *node = &m->node[n];
        f->node_factor[n] = 0;
        for (int32_t k = node->factor_start; k < node->factor_start + node->n_factor;
             k++)
            f->node_factor[n] += m->factor[k] * f->bus_factor[m->factor_bus[k]];
    }
    double at_reference = !code && m->mitigation_reference >= 0
                              ? f->node_factor[m->mitigation_reference]
                              : 0;
    for (int32_t n = 0; n < m->n_node; n++)
        f->node_factor[n] -= at_reference;
    return code;
}
