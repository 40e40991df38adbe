/*
 * tables.h - the CSV tables of a scenario: one row struct and one specification each.
 *
 * The specifications are the documentation of the input format (`gridclear schema
 * --inputs` prints them); see csv_table.h for how a column becomes a member.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_TABLES_H
#define SIM_INPUT_TABLES_H

#include <stdint.h>

#include "sim/input/csv_table.h"
#include "sim/input/scenario_yaml.h"
#include "sim/model/market.h"

#define DATE_FIRST 0     /* 1970-01-01 */
#define DATE_LAST  84005 /* 2199-12-31 */

struct sc_row {
    struct row_head head;
    int32_t id, name, affiliate;
    date_t from, to;
    double unsecured_limit_usd, posted_security_usd;
    double invoiced_usd, published_usd, estimated_usd, extrapolated_usd;
    double crr_usd, other_usd;
};

enum {
    STATUS_ACTIVE,
    STATUS_PLANNED,
    STATUS_MOTHBALLED,
    STATUS_DECOMMISSIONED,
};

struct resource_row {
    struct row_head head;
    int32_t id, sc, node, tie, technology;
    date_t from, to;
    uint8_t type, status, tie_option;
    double pmin_mw, pmax_mw, ramp_mw_per_min, ramp_down_mw_per_min, initial_mw;
    double energy_min_mwh, energy_max_mwh, charge_efficiency, discharge_efficiency;
    double initial_energy_mwh, end_energy_mwh, forecast_share;
    double certified_mw[SERVICES];
};

struct collateral_row {
    struct row_head head;
    int32_t sc;
    date_t date;
    double amount_usd;
};

struct commitment_row {
    struct row_head head;
    int32_t id;
    int32_t min_up_h, min_down_h, warm_after_h, cold_after_h, initial_h, max_starts;
    int32_t start_up_min;
    double start_cost_usd, warm_start_cost_usd, cold_start_cost_usd;
    double min_load_usd_per_h, start_mw, stop_mw;
    uint8_t must_run;
};

struct configuration_row {
    struct row_head head;
    int32_t resource, id, min_up_h, initial_h;
    double pmin_mw, pmax_mw, min_load_usd_per_h, energy_adder_usd_per_mwh;
    double start_cost_usd, warm_start_cost_usd, cold_start_cost_usd;
    double start_mw, stop_mw;
    double certified_mw[SERVICES];
    uint8_t may_stop;
};

struct transition_row {
    struct row_head head;
    int32_t resource, from, to, time_min;
    double cost_usd;
};

struct node_row {
    struct row_head head;
    int32_t id, sub_lap, utility_area;
    uint8_t virtual_eligible;
    double virtual_limit_mw, reference_supply, reference_demand;
    double longitude, latitude;
};

enum {
    KIND_LAP,
    KIND_SUB_LAP,
    KIND_HUB,
    KIND_AGGREGATE,
};

struct aggregation_row {
    struct row_head head;
    int32_t id, pnode;
    uint8_t kind;
    double factor;
};

struct tie_row {
    struct row_head head;
    int32_t id, pnode;
    double import_limit_mw, export_limit_mw;
};

struct forecast_row {
    struct row_head head;
    int32_t node;
    date_t date;
    uint8_t hour;
    double forecast_mw;
};

/* Both bid tables: 48 bytes, because there may be tens of millions. */
struct bid_row {
    struct row_head head;
    double from_mw, to_mw, price;
    int32_t id;   /* resource or SC; later the owner's index in the book */
    int32_t node; /* virtual bids; of plants: the configuration */
    date_t date;  /* later the day's index, -1 = any */
    uint8_t hour;
    uint8_t kind; /* enum bid_kind */
    uint8_t side; /* virtual bids: enum virtual_side */
};

struct bus_row {
    struct row_head head;
    int32_t id;
    double load_mw;
};

struct branch_row {
    struct row_head head;
    int32_t from, to, circuit;
    double r_pu, x_pu, tap, shift_deg, rate_mw, rate_after_mw;
};

struct outage_row {
    struct row_head head;
    int32_t id, element;
    uint8_t kind; /* enum outage_element_kind */
};

struct branch_outage_row {
    struct row_head head;
    int32_t branch;
    date_t date;
    uint8_t first, last; /* 0 = from the first, to the last hour */
};

struct as_region_row {
    struct row_head head;
    int32_t id, node, resource;
};

struct as_requirement_row {
    struct row_head head;
    int32_t region;
    date_t date;
    uint8_t hour;
    uint8_t service; /* enum service */
    double required_mw, rt_required_mw;
};

enum {
    AS_OFFER,
    AS_SELF_PROVISION,
};

struct as_bid_row {
    struct row_head head;
    int32_t resource;
    date_t date;
    uint8_t hour;
    uint8_t service; /* enum service */
    uint8_t kind;
    double mw, price;
};

struct rt_load_row {
    struct row_head head;
    int32_t node, minute;
    date_t date;
    uint8_t hour;
    double mw, fmm_mw;
};

struct rt_availability_row {
    struct row_head head;
    int32_t resource, minute, known_minute;
    date_t date;
    uint8_t hour, known_hour;
    double mw;
};

struct meter_table_row {
    struct row_head head;
    int32_t resource, minute, recalculation;
    date_t date;
    uint8_t hour;
    double mwh;
};

struct area_row {
    struct row_head head;
    int32_t id, sc;
};

struct branch_meter_table_row {
    struct row_head head;
    int32_t branch, minute, recalculation;
    date_t date;
    uint8_t hour;
    double mwh;
};

struct tie_response_row {
    struct row_head head;
    int32_t resource;
    date_t date;
    uint8_t hour, answer, late;
    double accepted_mw;
};

struct ruc_bid_row {
    struct row_head head;
    int32_t resource;
    date_t date;
    uint8_t hour;
    double price;
};

struct response_table_row {
    struct row_head head;
    int32_t resource;
    date_t date;
    uint8_t hour, skipped;
    double mwh;
};

/* Every table, indexed by enum scenario_table. */
const struct table_spec *scenario_table_spec(enum scenario_table table);

#endif
