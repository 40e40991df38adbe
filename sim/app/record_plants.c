/* record_plants.c - plants of configurations in the run file. */
#include "sim/app/record_plants.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct configuration_row {
    const char *id;
    int32_t resource, min_up_h;
    double pmin_mw, pmax_mw, min_load_usd_per_h, energy_adder_usd_per_mwh;
    double start_cost_usd;
    bool may_stop;
};

// clang-format off
static const struct record_field configuration_fields[] = {
    RECORD_FIELD("/resource", TABLE_I32, struct configuration_row, resource),
    RECORD_FIELD("/pmin_mw", TABLE_F64, struct configuration_row, pmin_mw),
    RECORD_FIELD("/pmax_mw", TABLE_F64, struct configuration_row, pmax_mw),
    RECORD_FIELD("/min_load_usd_per_h", TABLE_F64, struct configuration_row, min_load_usd_per_h),
    RECORD_FIELD("/energy_adder_usd_per_mwh", TABLE_F64, struct configuration_row, energy_adder_usd_per_mwh),
    RECORD_FIELD("/start_cost_usd", TABLE_F64, struct configuration_row, start_cost_usd),
    RECORD_FIELD("/may_stop", TABLE_U8, struct configuration_row, may_stop),
    RECORD_FIELD("/min_up_h", TABLE_I32, struct configuration_row, min_up_h),
};

static const struct record_field transition_fields[] = {
    RECORD_FIELD("/from", TABLE_I32, struct transition, from),
    RECORD_FIELD("/to", TABLE_I32, struct transition, to),
    RECORD_FIELD("/cost_usd", TABLE_F64, struct transition, cost_usd),
    RECORD_FIELD("/time_min", TABLE_I32, struct transition, time_min),
};
// clang-format on

/* "PLANT:NAME", which no two have. */
static const char *full_name(struct recorder *r, const struct market *m,
                             const struct configuration *c)
{
    const char *plant = m->resource[c->resource].id;
    size_t size = strlen(plant) + strlen(c->id) + 2;
    char *text = RECORD_SCRATCH(r, char, size);
    if (text)
        (void)snprintf(text, size, "%s:%s", plant, c->id);
    return text ? text : "";
}

void record_plants(struct recorder *r, const struct market *m)
{
    if (m->n_configuration == 0)
        return;
    struct configuration_row *row =
        RECORD_SCRATCH(r, struct configuration_row, m->n_configuration);
    for (int32_t k = 0; row && k < m->n_configuration; k++) {
        const struct configuration *c = &m->configuration[k];
        row[k] = (struct configuration_row){
            .id = full_name(r, m, c),
            .resource = c->resource,
            .min_up_h = c->min_up_h,
            .pmin_mw = c->pmin_mw,
            .pmax_mw = c->pmax_mw,
            .min_load_usd_per_h = c->min_load_usd_per_h,
            .energy_adder_usd_per_mwh = c->energy_adder_usd_per_mwh,
            .start_cost_usd = c->may_start ? c->start_cost_usd[0] : (double)NAN,
            .may_stop = c->may_stop};
    }
    if (!row)
        return;
    RECORD_IDS(r, "/input/configuration/configuration", struct configuration_row, row,
               m->n_configuration);
    RECORD_FIELDS(r, "/input/configuration", configuration_fields, row,
                  m->n_configuration);
    record_size(r, "/input/transition", "/row", (size_t)m->n_transition);
    RECORD_FIELDS(r, "/input/transition", transition_fields, m->transition,
                  m->n_transition);
}

void record_plant_outcome(struct recorder *r, const char *group,
                          const struct outcome *o)
{
    size_t n = (size_t)o->n_interval * (size_t)o->n_resource;
    if (!o->configuration)
        return;
    record_array(r, group, "/configuration", TABLE_I32, o->configuration, n);
    record_array(r, group, "/transition_cost", TABLE_F64, o->transition_usd, n);
}

void record_plant_ruc(struct recorder *r, const struct ruc_outcome *ruc)
{
    size_t n = (size_t)ruc->n_interval * (size_t)ruc->n_resource;
    if (!ruc->active || !ruc->configuration)
        return;
    record_array(r, "/ruc", "/configuration", TABLE_I32, ruc->configuration, n);
    record_array(r, "/ruc", "/transition_cost", TABLE_F64, ruc->transition_usd, n);
}
