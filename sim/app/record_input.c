/* record_input.c - what the market was: the tables of /input. */
#include "sim/app/record_input.h"

#include <math.h>

// clang-format off
static const struct record_field sc_fields[] = {
    RECORD_FIELD("/name", TABLE_TEXT, struct sc, name),
    RECORD_FIELD("/certified_from", TABLE_I32, struct sc, certified_from),
    RECORD_FIELD("/certified_to", TABLE_I32, struct sc, certified_to),
    RECORD_FIELD("/unsecured_limit_usd", TABLE_F64, struct sc, unsecured_limit_usd),
    RECORD_FIELD("/posted_security_usd", TABLE_F64, struct sc, posted_security_usd),
    RECORD_FIELD("/invoiced_usd", TABLE_F64, struct sc, invoiced_usd),
    RECORD_FIELD("/published_usd", TABLE_F64, struct sc, published_usd),
    RECORD_FIELD("/estimated_usd", TABLE_F64, struct sc, estimated_usd),
    RECORD_FIELD("/extrapolated_usd", TABLE_F64, struct sc, extrapolated_usd),
    RECORD_FIELD("/crr_usd", TABLE_F64, struct sc, crr_usd),
    RECORD_FIELD("/other_usd", TABLE_F64, struct sc, other_usd),
};

static const struct record_field resource_fields[] = {
    RECORD_FIELD("/type", TABLE_I32, struct resource, type),
    RECORD_FIELD("/sc", TABLE_I32, struct resource, sc),
    RECORD_FIELD("/node", TABLE_I32, struct resource, node),
    RECORD_FIELD("/tie", TABLE_I32, struct resource, tie),
    RECORD_FIELD("/pmin_mw", TABLE_F64, struct resource, pmin_mw),
    RECORD_FIELD("/pmax_mw", TABLE_F64, struct resource, pmax_mw),
    RECORD_FIELD("/ramp_up_mw_per_min", TABLE_F64, struct resource, ramp_up_mw_per_min),
    RECORD_FIELD("/ramp_down_mw_per_min", TABLE_F64, struct resource, ramp_down_mw_per_min),
    RECORD_FIELD("/initial_mw", TABLE_F64, struct resource, initial_mw),
    RECORD_FIELD("/energy_min_mwh", TABLE_F64, struct resource, energy_min_mwh),
    RECORD_FIELD("/energy_max_mwh", TABLE_F64, struct resource, energy_max_mwh),
    RECORD_FIELD("/charge_efficiency", TABLE_F64, struct resource, charge_efficiency),
    RECORD_FIELD("/discharge_efficiency", TABLE_F64, struct resource, discharge_efficiency),
    RECORD_FIELD("/initial_energy_mwh", TABLE_F64, struct resource, initial_energy_mwh),
    RECORD_FIELD("/end_energy_mwh", TABLE_F64, struct resource, end_energy_mwh),
    RECORD_FIELD("/forecast_share", TABLE_F64, struct resource, forecast_share),
    RECORD_FIELD("/ru_certified_mw", TABLE_F64, struct resource, certified_mw[SERVICE_RU]),
    RECORD_FIELD("/sr_certified_mw", TABLE_F64, struct resource, certified_mw[SERVICE_SR]),
    RECORD_FIELD("/nr_certified_mw", TABLE_F64, struct resource, certified_mw[SERVICE_NR]),
    RECORD_FIELD("/rd_certified_mw", TABLE_F64, struct resource, certified_mw[SERVICE_RD]),
    RECORD_FIELD("/active", TABLE_U8, struct resource, active),
    RECORD_FIELD("/registered_from", TABLE_I32, struct resource, registered_from),
    RECORD_FIELD("/registered_to", TABLE_I32, struct resource, registered_to),
    RECORD_FIELD("/technology", TABLE_TEXT, struct resource, technology),
};

static const struct record_field node_fields[] = {
    RECORD_FIELD("/kind", TABLE_I32, struct node, kind),
    RECORD_FIELD("/sub_lap", TABLE_TEXT, struct node, sublap),
    RECORD_FIELD("/virtual_eligible", TABLE_U8, struct node, virtual_eligible),
    RECORD_FIELD("/virtual_limit_mw", TABLE_F64, struct node, virtual_limit_mw),
    RECORD_FIELD("/reference_supply_usd_per_mwh", TABLE_F64, struct node, reference_supply_usd_per_mwh),
    RECORD_FIELD("/reference_demand_usd_per_mwh", TABLE_F64, struct node, reference_demand_usd_per_mwh),
    RECORD_FIELD("/longitude", TABLE_F64, struct node, longitude_deg),
    RECORD_FIELD("/latitude", TABLE_F64, struct node, latitude_deg),
};

struct factor_row {
    int32_t node, bus;
    double factor;
};

static const struct record_field factor_fields[] = {
    RECORD_FIELD("/node", TABLE_I32, struct factor_row, node),
    RECORD_FIELD("/bus", TABLE_I32, struct factor_row, bus),
    RECORD_FIELD("/factor", TABLE_F64, struct factor_row, factor),
};

static const struct record_field branch_fields[] = {
    RECORD_FIELD("/from", TABLE_I32, struct grid_branch, from),
    RECORD_FIELD("/to", TABLE_I32, struct grid_branch, to),
    RECORD_FIELD("/r_pu", TABLE_F64, struct grid_branch, r_pu),
    RECORD_FIELD("/x_pu", TABLE_F64, struct grid_branch, x_pu),
    RECORD_FIELD("/tap", TABLE_F64, struct grid_branch, tap),
    RECORD_FIELD("/shift_deg", TABLE_F64, struct grid_branch, shift_deg),
    RECORD_FIELD("/rate_mw", TABLE_F64, struct grid_branch, rate_mw),
};

static const struct record_field tie_fields[] = {
    RECORD_FIELD("/bus", TABLE_I32, struct tie, bus),
    RECORD_FIELD("/import_limit_mw", TABLE_F64, struct tie, import_limit_mw),
    RECORD_FIELD("/export_limit_mw", TABLE_F64, struct tie, export_limit_mw),
};

static const struct record_field virtual_fields[] = {
    RECORD_FIELD("/sc", TABLE_I32, struct virtual_position, sc),
    RECORD_FIELD("/node", TABLE_I32, struct virtual_position, node),
    RECORD_FIELD("/side", TABLE_I32, struct virtual_position, side),
};
// clang-format on

/* Storage fields say nothing about a resource that stores nothing. */
static void record_resources(struct recorder *r, const struct market *m)
{
    struct resource *row = RECORD_SCRATCH(r, struct resource, m->n_resource);
    for (int32_t i = 0; row && i < m->n_resource; i++) {
        row[i] = m->resource[i];
        if (row[i].type != RESOURCE_STORAGE)
            row[i].energy_min_mwh = row[i].energy_max_mwh = row[i].charge_efficiency =
                row[i].discharge_efficiency = row[i].initial_energy_mwh =
                    row[i].end_energy_mwh = (double)NAN;
    }
    RECORD_FIELDS(r, "/input/resource", resource_fields, row, m->n_resource);
}

/* Of aggregated nodes; a bus is itself. */
static void record_factors(struct recorder *r, const struct market *m)
{
    size_t n = 0;
    for (int32_t i = m->grid.n_bus; i < m->n_node; i++)
        n += (size_t)m->node[i].n_factor;
    struct factor_row *row = RECORD_SCRATCH(r, struct factor_row, n);
    size_t at = 0;
    for (int32_t i = m->grid.n_bus; row && i < m->n_node; i++)
        for (int32_t k = 0; k < m->node[i].n_factor; k++) {
            int32_t f = m->node[i].factor_start + k;
            row[at++] = (struct factor_row){i, m->factor_bus[f], m->factor[f]};
        }
    record_size(r, "/input/factor", "/row", n);
    RECORD_FIELDS(r, "/input/factor", factor_fields, row, n);
}

/* How imports and exports are scheduled, where any is not by the hour. */
static void record_tie_options(struct recorder *r, const struct market *m)
{
    bool any = false;
    uint8_t *option = RECORD_SCRATCH(r, uint8_t, m->n_resource);
    for (int32_t i = 0; option && i < m->n_resource; i++) {
        option[i] = (uint8_t)m->resource[i].tie_option;
        any = any || option[i] != TIE_OPTION_HOURLY;
    }
    if (any)
        record_array(r, "/input/resource", "/tie_option", TABLE_U8, option,
                     (size_t)m->n_resource);
}

void record_input(struct recorder *r, const struct market *m)
{
    RECORD_IDS(r, "/node", struct node, m->node, m->n_node);
    RECORD_IDS(r, "/branch", struct grid_branch, m->grid.branch, m->grid.n_branch);
    RECORD_IDS(r, "/resource", struct resource, m->resource, m->n_resource);
    RECORD_IDS(r, "/sc", struct sc, m->sc, m->n_sc);
    RECORD_IDS(r, "/virtual", struct virtual_position, m->position, m->n_virtual);
    RECORD_IDS(r, "/input/tie/tie", struct tie, m->tie, m->n_tie);
    RECORD_FIELDS(r, "/input/sc", sc_fields, m->sc, m->n_sc);
    record_resources(r, m);
    record_tie_options(r, m);
    RECORD_FIELDS(r, "/input/node", node_fields, m->node, m->n_node);
    record_factors(r, m);
    RECORD_FIELDS(r, "/input/branch", branch_fields, m->grid.branch, m->grid.n_branch);
    RECORD_FIELDS(r, "/input/tie", tie_fields, m->tie, m->n_tie);
    RECORD_FIELDS(r, "/input/virtual", virtual_fields, m->position, m->n_virtual);
}
