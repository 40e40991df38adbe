/* record_ruc.c - the tables of residual unit commitment. */
#include "sim/app/record_ruc.h"

#include "sim/app/record_stage.h"

void record_ruc(struct recorder *r, const struct market *m,
                const struct ruc_outcome *ruc)
{
    if (!ruc->active)
        return;
    size_t n_t = (size_t)ruc->n_interval;
    const struct {
        const char *name;
        const double *value;
        int32_t n; /* along the second dimension */
    } table[] = {
        {"/start_cost", ruc->start_cost_usd, ruc->n_resource},
        {"/min_load_cost", ruc->min_load_usd, ruc->n_resource},
        {"/schedule", ruc->schedule_mw, ruc->n_resource},
        {"/award", ruc->award_mw, ruc->n_resource},
        {"/bid", ruc->bid_usd_per_mw, ruc->n_resource},
        {"/price", ruc->price_usd_per_mw, ruc->n_node},
        {"/required", ruc->required_mw, 1},
        {"/cleared", ruc->cleared_mw, 1},
        {"/shortage", ruc->shortage_mw, 1},
        {"/surplus", ruc->surplus_mw, 1},
    };
    record_intervals(r, "/ruc", m, 1);
    record_array(r, "/ruc", "/on", TABLE_U8, ruc->on, n_t * (size_t)ruc->n_resource);
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        record_array(r, "/ruc", table[k].name, TABLE_F64, table[k].value,
                     n_t * (size_t)table[k].n);
}
