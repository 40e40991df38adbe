/* read_participants.c - scheduling coordinators and their resources. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

/* ---- scheduling coordinators ---- */

static enum err_code add_sc(struct loading *l, struct sc_row *row, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_SCS];
    struct market *m = l->m;
    const char *id = keep_text(l, row->id);
    const char *name = row->name < 0 ? id : keep_text(l, row->name);
    const char *affiliate = row->affiliate < 0 ? id : keep_text(l, row->affiliate);
    if (!id || !name || !affiliate)
        return err_set(err, ERR_NOMEM, "cannot hold scheduling coordinators");
    if (strcmp(id, "ISO") == 0)
        ROW_FAULT(l->faults, t, row, id,
                  "'ISO' is reserved for the market operator; expected another id");
    if (row->to < row->from)
        ROW_FAULT(l->faults, t, row, to,
                  "certified_to is before certified_from; expected it on or after");
    l->meaning[row->id].sc = m->n_sc;
    m->sc[m->n_sc++] = (struct sc){
        .id = id,
        .name = name,
        .affiliate = affiliate,
        .certified_from = row->from,
        .certified_to = row->to,
        .unsecured_limit_usd = row->unsecured_limit_usd,
        .posted_security_usd = row->posted_security_usd,
        .invoiced_usd = row->invoiced_usd,
        .published_usd = row->published_usd,
        .estimated_usd = row->estimated_usd,
        .extrapolated_usd = row->extrapolated_usd,
        .crr_usd = row->crr_usd,
        .other_usd = row->other_usd,
    };
    return ERR_OK;
}

static enum err_code add_scs(struct loading *l, struct err *err)
{
    uint32_t *order;
    int32_t n;
    struct sc_row *row = l->table[TABLE_SCS].row;
    enum err_code code =
        rows_by_id(l, TABLE_SCS, offsetof(struct sc_row, id), &order, &n, err);
    l->m->sc = ARENA_ARRAY(&l->m->arena, struct sc, n);
    if (!code && !l->m->sc)
        code = err_set(err, ERR_NOMEM, "cannot hold %d scheduling coordinators", n);
    for (int32_t i = 0; i < n && !code; i++)
        code = add_sc(l, &row[order[i]], err);
    mem_free(order);
    return code;
}

/* ---- resources: where they are ---- */

static void check_sc(struct loading *l, struct resource_row *row, struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    r->sc = row->sc < 0 ? -1 : l->meaning[row->sc].sc;
    if (row->sc >= 0 && r->sc < 0 && !l->table[TABLE_SCS].broken)
        ROW_FAULT(l->faults, t, row, sc,
                  "unknown scheduling coordinator '%s'; expected an sc_id of table "
                  "scheduling_coordinators",
                  id_text(l, row->sc));
}

static void check_tie(struct loading *l, struct resource_row *row, struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    r->tie = row->tie < 0 ? -1 : l->meaning[row->tie].tie;
    if (row->tie >= 0 && row->type != CHOICE_UNSET && !resource_type_is_tie(r->type))
        ROW_FAULT(l->faults, t, row, tie,
                  "tie_id on a %s; expected it only on imports "
                  "and exports",
                  resource_type_name(r->type));
    else if (row->tie >= 0 && r->tie < 0 && !l->table[TABLE_TIES].broken)
        ROW_FAULT(l->faults, t, row, tie,
                  "unknown tie '%s'; expected a tie_id of table ties",
                  id_text(l, row->tie));
}

static void check_tie_option(struct loading *l, struct resource_row *row,
                             struct resource *r)
{
    if (row->tie_option == CHOICE_UNSET)
        return;
    r->tie_option = (enum tie_option)row->tie_option;
    if (row->type != CHOICE_UNSET && !resource_type_is_tie(r->type))
        ROW_FAULT(l->faults, &l->table[TABLE_RESOURCES], row, tie_option,
                  "tie_option on a %s; expected it only on imports and exports",
                  resource_type_name(r->type));
    else if (r->type == RESOURCE_EXPORT && r->tie_option == TIE_OPTION_VARIABLE)
        ROW_FAULT(l->faults, &l->table[TABLE_RESOURCES], row, tie_option,
                  "tie_option %s on an export; expected it only on imports",
                  tie_option_name(r->tie_option));
}

static void check_node(struct loading *l, struct resource_row *row, struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    bool may_be_unknown = l->network_broken || l->table[TABLE_AGGREGATION].broken ||
                          l->table[TABLE_TIES].broken;
    bool has_type = row->type != CHOICE_UNSET;
    bool may_be_tie = resource_type_is_tie(r->type) || !has_type;
    r->node = row->node < 0 ? -1 : l->meaning[row->node].node;
    if (row->node < 0 && may_be_tie && row->tie >= 0) {
        r->node = l->meaning[row->tie].node;
    } else if (row->node < 0) {
        if (has_type && ROW_EMPTY(t, row, node) &&
            !(may_be_tie && !ROW_EMPTY(t, row, tie)))
            ROW_FAULT(l->faults, t, row, node, "node_id is empty; expected %s",
                      resource_type_is_tie(r->type) ? "a node or a tie_id"
                                                    : "a PNode or an aggregated node");
    } else if (r->node < 0 && !may_be_unknown) {
        ROW_FAULT(l->faults, t, row, node,
                  "unknown node '%s'; expected a PNode or an aggregated node",
                  id_text(l, row->node));
    } else if (r->node >= 0 && l->m->node[r->node].kind == NODE_TIE && !may_be_tie) {
        ROW_FAULT(l->faults, t, row, node,
                  "node '%s' is a tie; expected a PNode or an aggregated node",
                  id_text(l, row->node));
    }
    /* The bus of its tie is the scheduling point: the tie's limits are in its price. */
    if (r->tie >= 0 && r->node >= 0 && r->node == l->m->tie[r->tie].bus)
        r->node = l->m->tie[r->tie].node;
}

/* ---- resources: numbers ---- */

static double or_else(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

static void check_range(struct loading *l, struct resource_row *row, struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    bool may_be_negative = r->type == RESOURCE_STORAGE || r->type == RESOURCE_DERA;
    r->pmax_mw = row->pmax_mw;
    r->pmin_mw =
        or_else(row->pmin_mw, r->type == RESOURCE_STORAGE ? 0 - row->pmax_mw : 0);
    if (r->pmin_mw < 0 && !may_be_negative && row->type != CHOICE_UNSET)
        ROW_FAULT(l->faults, t, row, pmin_mw,
                  "pmin_mw is %g on a %s; expected a number of MW from 0", r->pmin_mw,
                  resource_type_name(r->type));
    if (r->pmin_mw > r->pmax_mw)
        ROW_FAULT(l->faults, t, row, pmin_mw,
                  "pmin_mw is %g and pmax_mw %g; expected pmin_mw <= pmax_mw",
                  r->pmin_mw, r->pmax_mw);
    else if (r->type == RESOURCE_STORAGE && r->pmin_mw > 0)
        ROW_FAULT(l->faults, t, row, pmin_mw,
                  "pmin_mw is %g on storage; expected at most 0, the power of charging",
                  r->pmin_mw);
    r->ramp_up_mw_per_min = row->ramp_mw_per_min;
    r->ramp_down_mw_per_min = or_else(row->ramp_down_mw_per_min, row->ramp_mw_per_min);
    r->initial_mw = row->initial_mw;
}

static void refuse_storage_columns(struct loading *l, struct resource_row *row,
                                   const struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    const char *type = resource_type_name(r->type);
#define REFUSE(member)                                                           \
 if (!isnan(row->member))                                                        \
 ROW_FAULT(l->faults, t, row, member, "%s on a %s; expected it only on storage", \
           #member, type)
    REFUSE(energy_min_mwh);
    REFUSE(energy_max_mwh);
    REFUSE(charge_efficiency);
    REFUSE(discharge_efficiency);
    REFUSE(initial_energy_mwh);
    REFUSE(end_energy_mwh);
#undef REFUSE
    (void)type;
}

static void check_storage(struct loading *l, struct resource_row *row,
                          struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    r->charge_efficiency = or_else(row->charge_efficiency, 1);
    r->discharge_efficiency = or_else(row->discharge_efficiency, 1);
    r->end_energy_mwh = row->end_energy_mwh;
    if (row->type != CHOICE_UNSET && r->type != RESOURCE_STORAGE) {
        refuse_storage_columns(l, row, r);
        return;
    }
    double lo = or_else(row->energy_min_mwh, 0), hi = row->energy_max_mwh;
    r->energy_min_mwh = lo;
    r->energy_max_mwh = hi;
    r->initial_energy_mwh = or_else(row->initial_energy_mwh, lo);
    if (isnan(hi) && row->type != CHOICE_UNSET && ROW_EMPTY(t, row, energy_max_mwh))
        ROW_FAULT(l->faults, t, row, energy_max_mwh,
                  "energy_max_mwh is empty; expected a number of MWh for storage");
    if (lo > hi)
        ROW_FAULT(
            l->faults, t, row, energy_min_mwh,
            "energy_min_mwh is %g and energy_max_mwh %g; expected energy_min_mwh <= "
            "energy_max_mwh",
            lo, hi);
    else if (r->initial_energy_mwh < lo || r->initial_energy_mwh > hi)
        ROW_FAULT(l->faults, t, row, initial_energy_mwh,
                  "initial_energy_mwh is %g; expected a number of MWh from %g to %g",
                  r->initial_energy_mwh, lo, hi);
    if (lo <= hi && (r->end_energy_mwh < lo || r->end_energy_mwh > hi))
        ROW_FAULT(l->faults, t, row, end_energy_mwh,
                  "end_energy_mwh is %g; expected a number of MWh from %g to %g",
                  r->end_energy_mwh, lo, hi);
}

static void check_certified(struct loading *l, struct resource_row *row,
                            struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    for (int s = 0; s < SERVICES; s++) {
        r->certified_mw[s] = or_else(row->certified_mw[s], 0);
        if (r->certified_mw[s] > 0 && row->type != CHOICE_UNSET &&
            !resource_type_serves(r->type, (enum service)s))
            ROW_FAULT(l->faults, t, row, certified_mw[s],
                      "%g MW of %s on a %s; expected it only on %sstorage, DER "
                      "aggregations and generators",
                      r->certified_mw[s], service_text((enum service)s),
                      resource_type_name(r->type),
                      resource_type_serves(RESOURCE_PDR, (enum service)s)
                          ? "demand response, "
                          : "");
    }
}

static void check_rest(struct loading *l, struct resource_row *row, struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_RESOURCES];
    if (!isnan(row->forecast_share) && row->type != CHOICE_UNSET &&
        r->type != RESOURCE_LOAD)
        ROW_FAULT(l->faults, t, row, forecast_share,
                  "forecast_share on a %s; expected it only on loads",
                  resource_type_name(r->type));
    if (row->to < row->from)
        ROW_FAULT(l->faults, t, row, to,
                  "registered_to is before registered_from; expected it on or after");
    check_certified(l, row, r);
    r->forecast_share = or_else(row->forecast_share, 0);
    r->active = row->status == CHOICE_UNSET || row->status == STATUS_ACTIVE;
    r->registered_from = row->from;
    r->registered_to = row->to;
}

static enum err_code add_resource(struct loading *l, struct resource_row *row,
                                  struct err *err)
{
    struct market *m = l->m;
    struct resource *r = &m->resource[m->n_resource];
    r->id = keep_text(l, row->id);
    r->technology = row->technology < 0 ? "" : keep_text(l, row->technology);
    if (!r->id || !r->technology)
        return err_set(err, ERR_NOMEM, "cannot hold resources");
    l->meaning[row->id].resource = m->n_resource++;
    r->sc = -1;
    r->tie = -1;
    r->node = -1;
    if (row->head.askew)
        return ERR_OK;
    /* A field that was refused is unset (NaN, -1, CHOICE_UNSET) and fails no check. */
    if (row->type != CHOICE_UNSET)
        r->type = (enum resource_type)row->type;
    check_sc(l, row, r);
    check_tie(l, row, r);
    check_tie_option(l, row, r);
    check_node(l, row, r);
    check_range(l, row, r);
    check_storage(l, row, r);
    check_rest(l, row, r);
    return ERR_OK;
}

enum err_code read_participants(struct loading *l, struct err *err)
{
    uint32_t *order = NULL;
    int32_t n = 0;
    struct resource_row *row = l->table[TABLE_RESOURCES].row;
    enum err_code code = add_scs(l, err);
    if (!code)
        code = rows_by_id(l, TABLE_RESOURCES, offsetof(struct resource_row, id), &order,
                          &n, err);
    l->m->resource = ARENA_ARRAY(&l->m->arena, struct resource, n);
    if (!code && !l->m->resource)
        code = err_set(err, ERR_NOMEM, "cannot hold %d resources", n);
    /* Found by index when a bid or a forecast is wrong for its resource. */
    l->resource_row = MEM_ARRAY(struct resource_row *, n);
    if (!code && !l->resource_row)
        code = err_set(err, ERR_NOMEM, "cannot hold %d resources", n);
    for (int32_t i = 0; i < n && !code; i++) {
        l->resource_row[i] = &row[order[i]];
        code = add_resource(l, &row[order[i]], err);
    }
    mem_free(order);
    return code;
}
