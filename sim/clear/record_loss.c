/* record_loss.c - what branches lost, and what was paid for it. */
#include "sim/base/mem.h"
#include "sim/clear/record.h"

/* Bus prices of an interval. */
static void add_up_prices(const struct dispatch_problem *p,
                          const struct dispatch_answer *a, int32_t t, double *lmp)
{
    int32_t n_bus = network_data(p->net)->n_bus;
    const int32_t *island = network_island(p->net);
    for (int32_t n = 0; n < n_bus; n++) {
        size_t at = (size_t)t * (size_t)n_bus + (size_t)n;
        lmp[n] = a->lambda_usd_per_mwh[t * network_n_island(p->net) + island[n]] +
                 a->congestion_usd_per_mwh[at] + a->loss_usd_per_mwh[at];
    }
}

enum err_code record_losses(const struct dispatch_problem *p,
                            const struct dispatch_answer *a, int32_t first_interval,
                            struct outcome *o, struct err *err)
{
    const struct network_data *d = network_data(p->net);
    size_t n_bus = (size_t)d->n_bus, n_branch = (size_t)d->n_branch;
    enum err_code code = ERR_OK;
    if (p->losses == LOSS_OFF)
        return ERR_OK;
    double *lmp = mem_alloc(n_bus, sizeof *lmp);
    double *nothing = mem_alloc(n_bus, sizeof *nothing);
    double *shift = mem_alloc(n_branch, sizeof *shift);
    if (!lmp || !nothing || !shift)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = network_flows(p->net, 1, nothing, NULL, shift, err);
    for (int32_t t = 0; !code && t < p->n_interval; t++) {
        size_t at = (size_t)(first_interval + t);
        const double *flow = a->flow_mw + (size_t)t * n_branch;
        double *lost = o->branch_loss_mw + at * n_branch;
        for (int32_t l = 0; l < d->n_branch; l++) {
            lost[l] = loss_of_branch(d, l, flow[l]);
            o->loss_mw[at] += lost[l];
        }
        add_up_prices(p, a, t, lmp);
        o->loss_surplus_usd[at] =
            p->duration_h[t] *
            loss_surplus(p->net, p->losses, flow, shift,
                         a->lambda_usd_per_mwh + t * network_n_island(p->net), lmp);
    }
    o->losses_proven = o->losses_proven && a->losses_proven;
    o->loss_gap_usd += a->loss_gap_usd;
    o->stats.loss_tangents += a->stats.loss_tangents;
    o->stats.loss_steps += a->stats.loss_steps;
    mem_free(lmp);
    mem_free(nothing);
    mem_free(shift);
    return code;
}
