/* egret_fuel.c - units of Egret whose cost is that of fuel, of one kind or two. */
#include <math.h>

#include "sim/input/egret.h"

static const struct json_range any_usd = {-COMMIT_MOST_USD, COMMIT_MOST_USD};
static const struct json_range cost_usd = {0, COMMIT_MOST_USD};

/* The unit on one kind of fuel: curve, costs, start categories. */
static void read_kind(const struct egret *e, const struct json_value *v,
                      const char *cost_key, const char *supply_key, int32_t at_curve,
                      struct commit_curve *curve, struct commit_unit *u)
{
    const struct json_reader *rd = &e->r->json;
    const struct json_value *values =
        want_find(want_find(v, "p_fuel"), "values"); /* it is there */
    const double usd_per_fuel = want_number(rd, v, cost_key, cost_usd);
    const double extra_usd = want_number_or(rd, v, "non_fuel_no_load_cost", any_usd, 0);
    struct commit_point *point = NULL;
    const int32_t n = egret_points(e, values, &point);
    double *cost = NULL;
    if (point)
        commit_hull(e->r, values, point, n, u->min_mw, u->max_mw, curve,
                    &u->min_fuel_per_h);
    cost = COMMIT_ARRAY(e->r, double, curve->n_segment);
    if (!cost)
        return;
    if (u->min_fuel_per_h < 0 ||
        (curve->n_segment > 0 && curve->cost_usd_per_mwh[0] < 0)) {
        JSON_FAULT(rd, values,
                   "fuel that is made, not burnt; expected a curve that is "
                   "not negative and does not fall");
        u->min_fuel_per_h = 0;
    }
    u->fuel_per_mwh = curve->cost_usd_per_mwh;
    for (int32_t k = 0; k < curve->n_segment; k++)
        cost[k] = usd_per_fuel * u->fuel_per_mwh[k];
    curve->cost_usd_per_mwh = cost;
    u->min_cost_usd_per_h = commit_constant(
        e->r, usd_per_fuel * u->min_fuel_per_h + extra_usd, e->n_interval);
    u->curve = commit_same(e->r, at_curve, e->n_interval);
    u->supply = egret_supply(e, v, supply_key);
    u->n_start = 0;
    egret_read_start(e, v, "startup_fuel", true, usd_per_fuel, u);
}

/*
 * Off, or not in this configuration, where the supply has not even what the least power
 * takes: what follows from its limit, told at once. Of a unit that must run nothing is told.
 */
static void bar(const struct egret *e, struct commit_unit *u)
{
    const struct commit_limit *supply = u->supply > 0 ? &e->limit[u->supply - 1] : NULL;
    uint8_t *status = commit_always(e->r, COMMIT_FREE, e->n_interval);
    for (int32_t t = 0; status && supply && supply->max_mw && t < e->n_interval; t++) {
        status[t] = u->status ? u->status[t] : COMMIT_FREE;
        if (status[t] == COMMIT_FREE &&
            e->interval_h * u->min_fuel_per_h > supply->max_mw[t] * (1 + 1e-9) + 1e-9)
            status[t] = COMMIT_OFF;
    }
    if (supply && isinf(supply->usd_per_mwh))
        u->status = status;
}

/* A mixture of both fuels: the supply may lack what the other fuel gives, at its price. */
static void blend(struct egret *e, const struct json_value *v,
                  const struct commit_unit *u)
{
    const struct json_reader *rd = &e->r->json;
    const double more = want_number(rd, v, "aux_fuel_cost", cost_usd) -
                        want_number(rd, v, "fuel_cost", cost_usd);
    struct commit_limit *supply = u->supply > 0 ? &e->limit[u->supply - 1] : NULL;
    if (!supply || egret_supply(e, v, "aux_fuel_supply") > 0 || more < 0) {
        JSON_FAULT(rd, v,
                   "fuels that blend are supported only where a supply is that unit's "
                   "alone and auxiliary fuel has none and costs no less");
        return;
    }
    supply->usd_per_mwh = more / e->interval_h;
}

void egret_check_blends(const struct egret *e, const struct json_value *elements)
{
    const struct commit_problem *p = &e->r->out->problem;
    for (int32_t k = 0; k < e->n_supply; k++) {
        int32_t users = 0;
        for (int32_t g = 0; g < p->n_unit && !isinf(e->limit[k].usd_per_mwh); g++)
            for (int32_t c = 0; c < (p->unit[g].n_config > 0 ? 2 : 1); c++)
                users += commit_unit_in(&p->unit[g], c)->supply == k + 1;
        if (users > 1)
            JSON_FAULT(
                &e->r->json, want_find(elements, "fuel_supply"),
                "the supply '%s' of a unit that blends fuels serves %d; expected "
                "that unit alone",
                e->r->out->limit_id[k], users);
    }
}

/* Two configurations that differ in nothing but fuel. */
static void switch_fuel(const struct egret *e, const struct json_value *v,
                        const struct commit_unit *aux, struct commit_unit *u)
{
    const struct json_reader *rd = &e->r->json;
    struct commit_config *config = COMMIT_ARRAY(e->r, struct commit_config, 2);
    struct commit_transition *move = COMMIT_ARRAY(e->r, struct commit_transition, 2);
    const bool online = want_flag_or(rd, v, "aux_fuel_online_switching", false);
    const struct json_value *initial = want_find(v, "aux_fuel_supply_initial");
    if (!config || !move)
        return;
    for (int k = 0; k < 2; k++) {
        config[k] = (struct commit_config){
            .as = k == 0 ? *u : *aux, .may_start = true, .may_stop = true};
        config[k].as.status = NULL;
        config[k].as.min_up = 1;
        bar(e, &config[k].as);
        move[k] = (struct commit_transition){.from = k,
                                             .to = 1 - k,
                                             .least_age = 1,
                                             .up_mw = u->ramp_up_mw,
                                             .down_mw = u->ramp_down_mw};
    }
    if (u->on_before && !online && !initial)
        JSON_FAULT(rd, v,
                   "no 'aux_fuel_supply_initial' of a unit that is on and may not "
                   "switch fuel; expected true or false");
    u->n_config = 2;
    u->config = config;
    u->n_transition = online ? 2 : 0;
    u->transition = move;
    u->config_before = want_flag_or(rd, v, "aux_fuel_supply_initial", false);
    u->config_age_before = u->age_before;
}

void egret_read_fuel(struct egret *e, const struct json_value *v, int32_t at_curve,
                     int32_t at_aux, struct commit_curve *curve[2],
                     struct commit_unit *u, bool reserve)
{
    static const char *const keys[] = {"data_type", "values"};
    const struct json_reader *rd = &e->r->json;
    const struct json_value *fuel = want_member(rd, v, "p_fuel", JSON_OBJECT);
    if (!fuel || !want_member(rd, fuel, "values", JSON_ARRAY))
        return;
    want_only(rd, fuel, keys, sizeof keys / sizeof *keys);
    if (want_find(v, "p_cost"))
        JSON_FAULT(rd, v, "both 'p_fuel' and 'p_cost'; expected one of them");
    if (want_find(v, "startup_cost"))
        JSON_FAULT(rd, v, "'startup_cost' beside 'p_fuel'; expected 'startup_fuel'");
    struct commit_unit aux = *u;
    read_kind(e, v, "fuel_cost", "fuel_supply", at_curve, curve[0], u);
    if (!want_flag_or(rd, v, "aux_fuel_capable", false)) {
        bar(e, u);
        return;
    }
    if (want_flag_or(rd, v, "aux_fuel_blending", false)) {
        blend(e, v, u);
        return;
    }
    if (reserve || 2 * e->n_interval > COMMIT_FACTS) {
        JSON_FAULT(
            rd, v,
            "two fuels with a requirement of reserve or more than %d periods are "
            "not supported; expected neither",
            COMMIT_FACTS / 2);
        return;
    }
    u->reserve_shares_ramp = aux.reserve_shares_ramp = false;
    read_kind(e, v, "aux_fuel_cost", "aux_fuel_supply", at_aux, curve[1], &aux);
    switch_fuel(e, v, &aux, u);
}
