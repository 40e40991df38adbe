/* ruc.c - the residual commitment of a day: lifetime, and from the market to its results. */
#include "sim/clear/ruc.h"

bool ruc_is_wanted(const struct market *m)
{
    return m->rules.ruc;
}

enum err_code ruc_begin(const struct market *m, struct ruc_outcome *out,
                        struct err *err)
{
    *out = (struct ruc_outcome){.active = ruc_is_wanted(m)};
    if (!out->active)
        return ERR_OK;
    out->n_interval = m->n_interval;
    out->n_resource = m->n_resource;
    out->n_node = m->n_node;
    out->consistent = true;
    size_t n_t = (size_t)m->n_interval, n = n_t * (size_t)m->n_resource;
    struct {
        double **array;
        size_t n;
    } want[] = {
        {&out->start_cost_usd, n}, {&out->min_load_usd, n},
        {&out->schedule_mw, n},    {&out->award_mw, n},
        {&out->bid_usd_per_mw, n}, {&out->price_usd_per_mw, n_t * (size_t)m->n_node},
        {&out->required_mw, n_t},  {&out->cleared_mw, n_t},
        {&out->shortage_mw, n_t},  {&out->surplus_mw, n_t},
    };
    out->on = ARENA_ARRAY(&out->arena, uint8_t, n);
    bool have = out->on;
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        *want[k].array = ARENA_ARRAY(&out->arena, double, want[k].n);
        have = have && *want[k].array;
    }
    return have ? ERR_OK
                : err_set(err, ERR_NOMEM,
                          "cannot hold the residual commitment of %zu hours", n_t);
}

void ruc_release(struct ruc_outcome *ruc)
{
    arena_release(&ruc->arena);
    *ruc = (struct ruc_outcome){0};
}
