/* tables.c - the tables of a scenario as data. */
#include "sim/input/tables.h"

#include <math.h>
#include <stddef.h>

#include "sim/model/market.h"

/* Bounds that no real market reaches; they keep sums and products finite. */
#define MW_MAX          1e7
#define USD_MAX         1e12
#define USD_PER_MWH_MAX 1e6
#define HOURS_MAX       9999

static const char *const type_names[] = {
#define TYPE_NAME(c, name, withdraws) name,
    RESOURCE_TYPE_MAP(TYPE_NAME)
#undef TYPE_NAME
        NULL,
};
static const char *const bid_names[] = {
#define BID_NAME(c, name, is_self) name,
    BID_KIND_MAP(BID_NAME)
#undef BID_NAME
        NULL,
};
static const char *const tie_option_names[] = {
#define TIE_OPTION_NAME(c, name) name,
    TIE_OPTION_MAP(TIE_OPTION_NAME)
#undef TIE_OPTION_NAME
        NULL};
static const char *const tie_answer_names[] = {
#define TIE_ANSWER_NAME(c, name) name,
    TIE_ANSWER_MAP(TIE_ANSWER_NAME)
#undef TIE_ANSWER_NAME
        NULL};
static const char *const status_names[] = {"active", "planned", "mothballed",
                                           "decommissioned", NULL};
static const char *const kind_names[] = {"lap", "sub_lap", "hub", "aggregate", NULL};
static const char *const side_names[] = {"supply", "demand", NULL};

/* Shapes of columns; S is the row struct. "-" marks a required column. */
#define ID(S, m, name, meaning)                                                        \
 {                                                                                     \
  name, COLUMN_ID, true, false, 0, 0, 0, "", "-", meaning, NULL, offsetof(struct S, m) \
 }
#define ID_OPTIONAL(S, m, name, def, meaning)                     \
 {                                                                \
  name, COLUMN_ID, false, false, 0, 0, 0, "", def, meaning, NULL, \
      offsetof(struct S, m)                                       \
 }
#define TEXT(S, m, name, def, meaning)                              \
 {                                                                  \
  name, COLUMN_TEXT, false, false, 0, 0, 0, "", def, meaning, NULL, \
      offsetof(struct S, m)                                         \
 }
#define NUMBER(S, m, name, lo, hi, unit, meaning)                                  \
 {                                                                                 \
  name, COLUMN_NUMBER, true, false, (double)NAN, lo, hi, unit, "-", meaning, NULL, \
      offsetof(struct S, m)                                                        \
 }
#define NUMBER_OR(S, m, name, value, def, lo, hi, unit, meaning)                  \
 {                                                                                \
  name, COLUMN_NUMBER, false, false, (double)(value), lo, hi, unit, def, meaning, \
      NULL, offsetof(struct S, m)                                                 \
 }
#define ABOVE_OR(S, m, name, value, def, lo, hi, unit, meaning)                        \
 {                                                                                     \
  name, COLUMN_NUMBER, false, true, (double)(value), lo, hi, unit, def, meaning, NULL, \
      offsetof(struct S, m)                                                            \
 }
#define INTEGER_OR(S, m, name, value, def, lo, hi, meaning)                  \
 {                                                                           \
  name, COLUMN_INTEGER, false, false, value, lo, hi, "", def, meaning, NULL, \
      offsetof(struct S, m)                                                  \
 }
#define HOUR(S)                                                           \
 {                                                                        \
  "hour_ending", COLUMN_HOUR, false, false, 0, 1, CALENDAR_MAX_HOURS, "", \
      "every hour", "hour of the trade day by its end, 1 to 25", NULL,    \
      offsetof(struct S, hour)                                            \
 }
#define DATE_OR(S, m, name, value, def, meaning)                        \
 {                                                                      \
  name, COLUMN_DATE, false, false, value, 0, 0, "", def, meaning, NULL, \
      offsetof(struct S, m)                                             \
 }
#define DATE(S, m, name, meaning)                                           \
 {                                                                          \
  name, COLUMN_DATE, true, false, DATE_UNSET, 0, 0, "", "-", meaning, NULL, \
      offsetof(struct S, m)                                                 \
 }
#define FLAG(S, m, name, def, meaning)                              \
 {                                                                  \
  name, COLUMN_FLAG, false, false, 0, 0, 0, "", def, meaning, NULL, \
      offsetof(struct S, m)                                         \
 }
#define CHOICE(S, m, name, names, meaning)                            \
 {                                                                    \
  name, COLUMN_CHOICE, true, false, 0, 0, 0, "", "-", meaning, names, \
      offsetof(struct S, m)                                           \
 }
#define CHOICE_OR(S, m, name, names, def, meaning)                     \
 {                                                                     \
  name, COLUMN_CHOICE, false, false, 0, 0, 0, "", def, meaning, names, \
      offsetof(struct S, m)                                            \
 }

// clang-format off
static const struct column sc_columns[] = {
    ID(sc_row, id, "sc_id", "scheduling coordinator; ISO is reserved"),
    TEXT(sc_row, name, "name", "sc_id", "name for reports"),
    ID_OPTIONAL(sc_row, affiliate, "affiliate", "sc_id", "coordinators with the same word here are one company to the test of market power"),
    DATE_OR(sc_row, from, "certified_from", DATE_FIRST, "1970-01-01", "first trade date it may bid for"),
    DATE_OR(sc_row, to, "certified_to", DATE_LAST, "2199-12-31", "last trade date it may bid for"),
    NUMBER_OR(sc_row, unsecured_limit_usd, "unsecured_limit_usd", 0, "0", 0, USD_MAX, "USD", "unsecured credit limit"),
    NUMBER_OR(sc_row, posted_security_usd, "posted_security_usd", 0, "0", 0, USD_MAX, "USD", "security posted"),
    NUMBER_OR(sc_row, invoiced_usd, "invoiced_usd", 0, "0", -USD_MAX, USD_MAX, "USD", "carried in: invoiced and unpaid; negative = owed to it"),
    NUMBER_OR(sc_row, published_usd, "published_usd", 0, "0", -USD_MAX, USD_MAX, "USD", "carried in: published, not invoiced"),
    NUMBER_OR(sc_row, estimated_usd, "estimated_usd", 0, "0", -USD_MAX, USD_MAX, "USD", "carried in: estimated, not published"),
    NUMBER_OR(sc_row, extrapolated_usd, "extrapolated_usd", 0, "0", -USD_MAX, USD_MAX, "USD", "carried in: extrapolated"),
    NUMBER_OR(sc_row, crr_usd, "crr_usd", 0, "0", -USD_MAX, USD_MAX, "USD", "carried in: congestion revenue rights"),
    NUMBER_OR(sc_row, other_usd, "other_usd", 0, "0", -USD_MAX, USD_MAX, "USD", "carried in: anything else"),
};

static const struct column resource_columns[] = {
    ID(resource_row, id, "resource_id", "name of the resource"),
    CHOICE(resource_row, type, "type", type_names, "what it is"),
    ID(resource_row, sc, "sc_id", "scheduling coordinator that schedules it"),
    ID_OPTIONAL(resource_row, node, "node_id", "the tie's node; else -", "PNode or aggregated node where it is; the bus of its tie stands for the tie"),
    ID_OPTIONAL(resource_row, tie, "tie_id", "none", "imports and exports: the tie it uses"),
    CHOICE_OR(resource_row, tie_option, "tie_option", tie_option_names, "hourly", "imports and exports: how they are scheduled in real time"),
    NUMBER_OR(resource_row, pmin_mw, "pmin_mw", NAN, "0; storage: -pmax_mw", -MW_MAX, MW_MAX, "MW", "least output; storage and dera: negative = charging"),
    NUMBER(resource_row, pmax_mw, "pmax_mw", 0, MW_MAX, "MW", "most output, or most withdrawal of a load or export"),
    ABOVE_OR(resource_row, ramp_mw_per_min, "ramp_mw_per_min", INFINITY, "no limit", 0, MW_MAX, "MW/min", "ramp rate upwards"),
    ABOVE_OR(resource_row, ramp_down_mw_per_min, "ramp_down_mw_per_min", NAN, "ramp_mw_per_min", 0, MW_MAX, "MW/min", "ramp rate downwards"),
    NUMBER_OR(resource_row, initial_mw, "initial_mw", NAN, "unknown", -MW_MAX, MW_MAX, "MW", "output before the first interval"),
    NUMBER_OR(resource_row, energy_min_mwh, "energy_min_mwh", NAN, "0", 0, MW_MAX, "MWh", "storage: least energy held"),
    NUMBER_OR(resource_row, energy_max_mwh, "energy_max_mwh", NAN, "- for storage", 0, MW_MAX, "MWh", "storage: most energy held"),
    ABOVE_OR(resource_row, charge_efficiency, "charge_efficiency", NAN, "1", 0, 1, "1", "storage: stored per MWh taken"),
    ABOVE_OR(resource_row, discharge_efficiency, "discharge_efficiency", NAN, "1", 0, 1, "1", "storage: delivered per MWh stored"),
    NUMBER_OR(resource_row, initial_energy_mwh, "initial_energy_mwh", NAN, "energy_min_mwh", 0, MW_MAX, "MWh", "storage: energy held when the first day starts"),
    NUMBER_OR(resource_row, end_energy_mwh, "end_energy_mwh", NAN, "none", 0, MW_MAX, "MWh", "storage: least energy held at the end of each trade day"),
    NUMBER_OR(resource_row, forecast_share, "forecast_share", NAN, "0", 0, 1, "1", "loads: share of the node's forecast scheduled in hours without any bid"),
    NUMBER_OR(resource_row, certified_mw[SERVICE_RU], "ru_certified_mw", NAN, "0, not certified", 0, MW_MAX, "MW", "most regulation up it may provide"),
    NUMBER_OR(resource_row, certified_mw[SERVICE_SR], "sr_certified_mw", NAN, "0, not certified", 0, MW_MAX, "MW", "most spinning reserve it may provide"),
    NUMBER_OR(resource_row, certified_mw[SERVICE_NR], "nr_certified_mw", NAN, "0, not certified", 0, MW_MAX, "MW", "most non-spinning reserve it may provide"),
    NUMBER_OR(resource_row, certified_mw[SERVICE_RD], "rd_certified_mw", NAN, "0, not certified", 0, MW_MAX, "MW", "most regulation down it may provide"),
    CHOICE_OR(resource_row, status, "status", status_names, "active", "registration status; only active resources may bid"),
    DATE_OR(resource_row, from, "registered_from", DATE_FIRST, "1970-01-01", "first trade date it may bid for"),
    DATE_OR(resource_row, to, "registered_to", DATE_LAST, "2199-12-31", "last trade date it may bid for"),
    TEXT(resource_row, technology, "technology", "none", "for reports: solar, wind, gas ..."),
};

static const struct column collateral_columns[] = {
    ID(collateral_row, sc, "sc_id", "who posts security"),
    DATE(collateral_row, date, "posted_on", "day it is posted; it counts for the trade dates after"),
    NUMBER(collateral_row, amount_usd, "amount_usd", 0, USD_MAX, "USD", "security added to what is posted"),
};

static const struct column commitment_columns[] = {
    ID(commitment_row, id, "resource_id", "a generator that the market starts and stops; others run in the hours they bid"),
    INTEGER_OR(commitment_row, min_up_h, "min_up_h", 1, "1", 1, HOURS_MAX, "hours it stays on once started"),
    INTEGER_OR(commitment_row, min_down_h, "min_down_h", 1, "1", 1, HOURS_MAX, "hours it stays off once stopped"),
    NUMBER_OR(commitment_row, start_cost_usd, "start_cost_usd", 0, "0", 0, USD_MAX, "USD", "of a start, hot"),
    NUMBER_OR(commitment_row, warm_start_cost_usd, "warm_start_cost_usd", NAN, "none", 0, USD_MAX, "USD", "of a start after warm_after_h hours off"),
    INTEGER_OR(commitment_row, warm_after_h, "warm_after_h", 0, "- with a warm start", 1, HOURS_MAX, "hours off from which a start is warm"),
    NUMBER_OR(commitment_row, cold_start_cost_usd, "cold_start_cost_usd", NAN, "none", 0, USD_MAX, "USD", "of a start after cold_after_h hours off"),
    INTEGER_OR(commitment_row, cold_after_h, "cold_after_h", 0, "- with a cold start", 1, HOURS_MAX, "hours off from which a start is cold"),
    NUMBER_OR(commitment_row, min_load_usd_per_h, "min_load_usd_per_h", 0, "0", -USD_MAX, USD_MAX, "USD/h", "of running at pmin_mw"),
    ABOVE_OR(commitment_row, start_mw, "start_mw", INFINITY, "no limit", 0, MW_MAX, "MW", "most output in the hour it starts"),
    ABOVE_OR(commitment_row, stop_mw, "stop_mw", INFINITY, "no limit", 0, MW_MAX, "MW", "most output in the last hour before it stops"),
    INTEGER_OR(commitment_row, initial_h, "initial_h", 0, "long on where initial_mw is above 0, else long off", -HOURS_MAX, HOURS_MAX, "hours it has been on before the first day; negative: off"),
    INTEGER_OR(commitment_row, max_starts, "max_starts", 0, "any number", 0, 24, "most starts in a trade day"),
    INTEGER_OR(commitment_row, start_up_min, "start_up_min", -1, "real time neither starts nor stops it", 0, 60, "minutes from the order to pmin_mw, of a unit that the fifteen-minute market starts and stops as well"),
    FLAG(commitment_row, must_run, "must_run", "no", "on in every hour it bids"),
};

static const struct column configuration_columns[] = {
    ID(configuration_row, resource, "resource_id", "a plant of table commitment, which is on in one of its configurations at a time"),
    ID(configuration_row, id, "configuration", "name of the configuration, such as 1x1 or 2x1"),
    NUMBER(configuration_row, pmin_mw, "pmin_mw", 0, MW_MAX, "MW", "least output in it; the least of all is pmin_mw of the resource"),
    NUMBER(configuration_row, pmax_mw, "pmax_mw", 0, MW_MAX, "MW", "most output in it; the most of all is pmax_mw of the resource"),
    NUMBER_OR(configuration_row, min_load_usd_per_h, "min_load_usd_per_h", 0, "0", -USD_MAX, USD_MAX, "USD/h", "of running in it at its pmin_mw"),
    NUMBER_OR(configuration_row, energy_adder_usd_per_mwh, "energy_adder_usd_per_mwh", 0, "0", -USD_PER_MWH_MAX, USD_PER_MWH_MAX, "USD/MWh", "added to the prices of the plant's bid while in it, within energy_bid_floor and energy_bid_cap: 2x1 needs less fuel for a MWh than 1x1"),
    NUMBER_OR(configuration_row, start_cost_usd, "start_cost_usd", NAN, "it is not started into", 0, USD_MAX, "USD", "of a start from off into it, hot"),
    NUMBER_OR(configuration_row, warm_start_cost_usd, "warm_start_cost_usd", NAN, "start_cost_usd", 0, USD_MAX, "USD", "of a start into it after the plant's warm_after_h"),
    NUMBER_OR(configuration_row, cold_start_cost_usd, "cold_start_cost_usd", NAN, "that of a warmer start", 0, USD_MAX, "USD", "of a start into it after the plant's cold_after_h"),
    FLAG(configuration_row, may_stop, "may_stop", "yes where it may be started into", "whether the plant may go off from it"),
    INTEGER_OR(configuration_row, min_up_h, "min_up_h", 1, "1", 1, HOURS_MAX, "hours it stays in it once there"),
    ABOVE_OR(configuration_row, start_mw, "start_mw", INFINITY, "no limit", 0, MW_MAX, "MW", "most output in the hour of a start into it"),
    ABOVE_OR(configuration_row, stop_mw, "stop_mw", INFINITY, "no limit", 0, MW_MAX, "MW", "most output in it in the last hour before the plant stops"),
    INTEGER_OR(configuration_row, initial_h, "initial_h", 0, "not in it; the plant's where it has but one that fits initial_mw", 0, HOURS_MAX, "hours a plant that is on before the first day has been in it"),
    NUMBER_OR(configuration_row, certified_mw[SERVICE_RU], "ru_certified_mw", NAN, "that of the resource", 0, MW_MAX, "MW", "most regulation up in it"),
    NUMBER_OR(configuration_row, certified_mw[SERVICE_SR], "sr_certified_mw", NAN, "that of the resource", 0, MW_MAX, "MW", "most spinning reserve in it"),
    NUMBER_OR(configuration_row, certified_mw[SERVICE_NR], "nr_certified_mw", NAN, "that of the resource", 0, MW_MAX, "MW", "most non-spinning reserve in it"),
    NUMBER_OR(configuration_row, certified_mw[SERVICE_RD], "rd_certified_mw", NAN, "that of the resource", 0, MW_MAX, "MW", "most regulation down in it"),
};

static const struct column transition_columns[] = {
    ID(transition_row, resource, "resource_id", "a plant of table configurations"),
    ID(transition_row, from, "from", "configuration it leaves"),
    ID(transition_row, to, "to", "configuration it is in from the next hour on"),
    NUMBER_OR(transition_row, cost_usd, "cost_usd", 0, "0", 0, USD_MAX, "USD", "of the transition, in the first hour in the new configuration"),
    INTEGER_OR(transition_row, time_min, "time_min", 0, "0", 0, 60 * 48, "minutes it takes: at least so long it has been in the one it leaves, whose range holds meanwhile"),
};

static const struct column node_columns[] = {
    ID(node_row, id, "node_id", "PNode or aggregated node"),
    ID_OPTIONAL(node_row, sub_lap, "sub_lap", "none", "PNodes: the sub-LAP they belong to"),
    ID_OPTIONAL(node_row, utility_area, "utility_area", "SYSTEM", "PNodes: the utility's distribution area they belong to; energy that no meter saw is settled area by area"),
    FLAG(node_row, virtual_eligible, "virtual_eligible", "yes for LAPs, hubs and PNodes with a generator, storage, dera or import", "virtual bids may be placed here"),
    NUMBER_OR(node_row, virtual_limit_mw, "virtual_limit_mw", INFINITY, "none", 0, MW_MAX, "MW", "most virtual MW per coordinator, side and hour"),
    NUMBER_OR(node_row, reference_supply, "reference_supply_usd_per_mwh", NAN, "virtual_reference_supply", 0, 1e5, "USD/MWh", "credit exposure of virtual supply"),
    NUMBER_OR(node_row, reference_demand, "reference_demand_usd_per_mwh", NAN, "virtual_reference_demand", 0, 1e5, "USD/MWh", "credit exposure of virtual demand"),
    NUMBER_OR(node_row, longitude, "longitude", NAN, "none", -180, 180, "degree", "PNodes: where they stand, for maps; with latitude"),
    NUMBER_OR(node_row, latitude, "latitude", NAN, "none", -90, 90, "degree", "PNodes: where they stand, for maps; with longitude"),
};

static const struct column aggregation_columns[] = {
    ID(aggregation_row, id, "apnode_id", "name of the aggregated node"),
    CHOICE_OR(aggregation_row, kind, "kind", kind_names, "that of the node's other rows; aggregate", "lap, sub_lap, hub or aggregate"),
    ID(aggregation_row, pnode, "pnode_id", "a PNode it consists of"),
    ABOVE_OR(aggregation_row, factor, "factor", NAN, "share of the network's bus load, if empty in all rows of the node", 0, 1 + 1e-6, "1", "distribution factor; those of a node sum to 1"),
};

static const struct column tie_columns[] = {
    ID(tie_row, id, "tie_id", "name of the tie and of its scheduling point"),
    ID(tie_row, pnode, "pnode_id", "PNode where it meets the network"),
    NUMBER_OR(tie_row, import_limit_mw, "import_limit_mw", INFINITY, "none", 0, MW_MAX, "MW", "most net import"),
    NUMBER_OR(tie_row, export_limit_mw, "export_limit_mw", INFINITY, "none", 0, MW_MAX, "MW", "most net export"),
};

static const struct column forecast_columns[] = {
    ID(forecast_row, node, "node_id", "PNode or aggregated node"),
    DATE_OR(forecast_row, date, "trade_date", DATE_UNSET, "every trade date", "trade date"),
    HOUR(forecast_row),
    NUMBER(forecast_row, forecast_mw, "forecast_mw", 0, MW_MAX, "MW", "forecast load"),
};

static const struct column bid_columns[] = {
    ID(bid_row, id, "resource_id", "whose bid it is"),
    DATE_OR(bid_row, date, "trade_date", DATE_UNSET, "every trade date without a row of its own", "trade date"),
    HOUR(bid_row),
    CHOICE_OR(bid_row, kind, "kind", bid_names, "energy", "self-schedule or energy bid"),
    NUMBER_OR(bid_row, from_mw, "from_mw", NAN, "to_mw of the piece below; first piece: 0, or pmin_mw for energy", -MW_MAX, MW_MAX, "MW", "where the piece starts"),
    NUMBER(bid_row, to_mw, "to_mw", -MW_MAX, MW_MAX, "MW", "where the piece ends; withdrawal for loads and exports"),
    NUMBER_OR(bid_row, price, "price_usd_per_mwh", NAN, "- for energy; empty for self-schedules", -USD_PER_MWH_MAX, USD_PER_MWH_MAX, "USD/MWh", "price of the piece"),
};

static const struct column configuration_bid_columns[] = {
    ID(bid_row, id, "resource_id", "the plant"),
    ID(bid_row, node, "configuration", "its configuration, of table configurations"),
    DATE_OR(bid_row, date, "trade_date", DATE_UNSET, "every trade date without a row of its own", "trade date"),
    HOUR(bid_row),
    NUMBER_OR(bid_row, from_mw, "from_mw", NAN, "to_mw of the piece below; first piece: pmin_mw of the configuration", -MW_MAX, MW_MAX, "MW", "where the piece starts"),
    NUMBER(bid_row, to_mw, "to_mw", -MW_MAX, MW_MAX, "MW", "where the piece ends; the last one at pmax_mw of the configuration"),
    NUMBER(bid_row, price, "price_usd_per_mwh", -USD_PER_MWH_MAX, USD_PER_MWH_MAX, "USD/MWh", "price of the piece, within energy_bid_floor and energy_bid_cap"),
};

static const struct column default_columns[] = {
    ID(bid_row, id, "resource_id", "whose default energy bid it is; not loads and exports"),
    DATE_OR(bid_row, date, "trade_date", DATE_UNSET, "every trade date without a row of its own", "trade date"),
    HOUR(bid_row),
    NUMBER_OR(bid_row, from_mw, "from_mw", NAN, "to_mw of the piece below; first piece: pmin_mw", -MW_MAX, MW_MAX, "MW", "where the piece starts"),
    NUMBER(bid_row, to_mw, "to_mw", -MW_MAX, MW_MAX, "MW", "where the piece ends; the last price holds above"),
    NUMBER(bid_row, price, "price_usd_per_mwh", -USD_PER_MWH_MAX, USD_PER_MWH_MAX, "USD/MWh", "cost that offers are mitigated to"),
};

static const struct column virtual_columns[] = {
    ID(bid_row, id, "sc_id", "scheduling coordinator"),
    ID(bid_row, node, "node_id", "node it is placed at"),
    CHOICE(bid_row, side, "side", side_names, "virtual supply or virtual demand"),
    DATE_OR(bid_row, date, "trade_date", DATE_UNSET, "every trade date without a row of its own", "trade date"),
    HOUR(bid_row),
    NUMBER_OR(bid_row, from_mw, "from_mw", NAN, "to_mw of the piece below; first piece: 0", 0, MW_MAX, "MW", "where the piece starts"),
    NUMBER(bid_row, to_mw, "to_mw", 0, MW_MAX, "MW", "where the piece ends"),
    NUMBER(bid_row, price, "price_usd_per_mwh", -USD_PER_MWH_MAX, USD_PER_MWH_MAX, "USD/MWh", "price of the piece"),
};

static const char *const element_names[] = {"branch", "unit", NULL};

static const struct column outage_columns[] = {
    ID(outage_row, id, "outage_id", "name of the outage; all its rows happen at once"),
    CHOICE_OR(outage_row, kind, "kind", element_names, "branch", "what is lost; units only in dispatch --outages, not in markets"),
    ID(outage_row, element, "element_id", "its name in the results: 4-5, 4-5-2 for a second circuit, G1"),
};

#define HOUR_OR(S, m, name, def, meaning)                                            \
 {                                                                                   \
  name, COLUMN_HOUR, false, false, 0, 1, CALENDAR_MAX_HOURS, "", def, meaning, NULL, \
      offsetof(struct S, m)                                                          \
 }

static const struct column branch_outage_columns[] = {
    ID(branch_outage_row, branch, "branch_id", "its name in the results: 4-5, 4-5-2 for a second circuit"),
    DATE_OR(branch_outage_row, date, "trade_date", DATE_UNSET, "every trade date", "trade date"),
    HOUR_OR(branch_outage_row, first, "first_hour_ending", "the first of the day", "hour from which it is out"),
    HOUR_OR(branch_outage_row, last, "last_hour_ending", "the last of the day", "hour to whose end it is out"),
};

static const char *const service_names[] = {
#define SERVICE_NAME(c, name, text) name,
    SERVICE_MAP(SERVICE_NAME)
#undef SERVICE_NAME
    NULL};
static const char *const as_kind_names[] = {"offer", "self_provision", NULL};

static const struct column as_region_columns[] = {
    ID(as_region_row, id, "region_id", "name of the region; SYSTEM is reserved for all resources"),
    ID_OPTIONAL(as_region_row, node, "node_id", "none", "every resource at this node belongs to it"),
    ID_OPTIONAL(as_region_row, resource, "resource_id", "none", "this resource belongs to it"),
};

static const struct column as_requirement_columns[] = {
    ID_OPTIONAL(as_requirement_row, region, "region_id", "SYSTEM", "region that needs it"),
    CHOICE(as_requirement_row, service, "product", service_names, "regulation up, spinning, non-spinning reserve, regulation down"),
    DATE_OR(as_requirement_row, date, "trade_date", DATE_UNSET, "every trade date without a row of its own", "trade date"),
    HOUR(as_requirement_row),
    NUMBER(as_requirement_row, required_mw, "required_mw", 0, MW_MAX, "MW", "how much; better services may serve for it"),
    NUMBER_OR(as_requirement_row, rt_required_mw, "real_time_mw", NAN, "required_mw", 0, MW_MAX, "MW", "how much in the fifteen-minute market"),
};

static const struct column as_bid_columns[] = {
    ID(as_bid_row, resource, "resource_id", "whose offer it is"),
    CHOICE(as_bid_row, service, "product", service_names, "what it offers"),
    DATE_OR(as_bid_row, date, "trade_date", DATE_UNSET, "every trade date without a row of its own", "trade date"),
    HOUR(as_bid_row),
    CHOICE_OR(as_bid_row, kind, "kind", as_kind_names, "offer", "an offer at a price, or provided against the own obligation"),
    NUMBER(as_bid_row, mw, "mw", 0, MW_MAX, "MW", "how much; 0 = none"),
    NUMBER_OR(as_bid_row, price, "price_usd_per_mw", NAN, "- for offers; empty for self-provision", -USD_PER_MWH_MAX, USD_PER_MWH_MAX, "USD/MW", "price of one MW held for an hour"),
};

#define MINUTE(S)                                                             \
 INTEGER_OR(S, minute, "minute", -1, "the whole hour", 0, 55,                  \
            "five minutes of the hour by their start: 0, 5, ... 55")

static const struct column rt_load_columns[] = {
    ID(rt_load_row, node, "node_id", "PNode or aggregated node; shared by forecast_share (loads without come on top), else by schedule"),
    DATE_OR(rt_load_row, date, "trade_date", DATE_UNSET, "every trade date", "trade date"),
    HOUR(rt_load_row),
    MINUTE(rt_load_row),
    NUMBER(rt_load_row, mw, "load_mw", 0, MW_MAX, "MW", "load"),
    NUMBER_OR(rt_load_row, fmm_mw, "fmm_load_mw", NAN, "load_mw", 0, MW_MAX, "MW", "what the hour-ahead and fifteen-minute runs expect it to be"),
};

static const struct column rt_availability_columns[] = {
    ID(rt_availability_row, resource, "resource_id", "generator, storage, demand response or DER aggregation"),
    DATE_OR(rt_availability_row, date, "trade_date", DATE_UNSET, "every trade date", "trade date"),
    HOUR(rt_availability_row),
    MINUTE(rt_availability_row),
    NUMBER(rt_availability_row, mw, "available_mw", 0, MW_MAX, "MW", "most output; below pmin_mw: out of service; bids reach up to it"),
    {"known_from_hour_ending", COLUMN_HOUR, false, false, 0, 1, CALENDAR_MAX_HOURS, "", "from the start of the day", "hour in which the runs learn of it", NULL, offsetof(struct rt_availability_row, known_hour)},
    INTEGER_OR(rt_availability_row, known_minute, "known_from_minute", 0, "0", 0, 55, "minute of that hour: 0, 5, ... 55"),
};

static const struct column meter_columns[] = {
    ID(meter_table_row, resource, "resource_id", "whose meter it is"),
    DATE_OR(meter_table_row, date, "trade_date", DATE_UNSET, "every trade date", "trade date"),
    HOUR(meter_table_row),
    INTEGER_OR(meter_table_row, minute, "minute", -1, "the whole hour, spread like the dispatch", 0, 55, "five minutes of the hour by their start: 0, 5, ... 55"),
    NUMBER(meter_table_row, mwh, "meter_mwh", -MW_MAX, MW_MAX, "MWh", "energy in that time; withdrawal for loads and exports, injection for others"),
    INTEGER_OR(meter_table_row, recalculation, "recalculation", 0, "0", 0, 9, "0: as first reported; 1, 2, ...: as corrected in that recalculation"),
};

static const struct column area_columns[] = {
    ID(area_row, id, "area_id", "utility area, one of several, that is a metered subsystem and follows its own load"),
    ID(area_row, sc, "sc_id", "scheduling coordinator that answers for it"),
};

static const struct column branch_meter_columns[] = {
    ID(branch_meter_table_row, branch, "branch_id", "branch between two utility areas, by its name in the results"),
    DATE_OR(branch_meter_table_row, date, "trade_date", DATE_UNSET, "every trade date", "trade date"),
    HOUR(branch_meter_table_row),
    INTEGER_OR(branch_meter_table_row, minute, "minute", -1, "the whole hour, spread evenly", 0, 55, "five minutes of the hour by their start: 0, 5, ... 55"),
    NUMBER(branch_meter_table_row, mwh, "meter_mwh", -MW_MAX, MW_MAX, "MWh", "energy in that time, from its first bus to its second"),
    INTEGER_OR(branch_meter_table_row, recalculation, "recalculation", 0, "0", 0, 9, "0: as first reported; 1, 2, ...: as corrected in that recalculation"),
};

static const struct column tie_response_columns[] = {
    ID(tie_response_row, resource, "resource_id", "import or export with an hourly block"),
    DATE_OR(tie_response_row, date, "trade_date", DATE_UNSET, "every trade date without a row of its own", "trade date"),
    HOUR(tie_response_row),
    CHOICE(tie_response_row, answer, "response", tie_answer_names, "what its coordinator says to the block of the hour-ahead run; none: nothing"),
    NUMBER_OR(tie_response_row, accepted_mw, "accepted_mw", NAN, "- with partial", 0, MW_MAX, "MW", "partial: how much of the block is accepted"),
    FLAG(tie_response_row, late, "late", "no", "partial, decline: too late for the fifteen-minute market, which keeps the block; the dispatch follows"),
};

static const struct column ruc_bid_columns[] = {
    ID(ruc_bid_row, resource, "resource_id", "generator whose capacity it is; without a row its capacity costs nothing"),
    DATE_OR(ruc_bid_row, date, "trade_date", DATE_UNSET, "every trade date without a row of its own", "trade date"),
    HOUR(ruc_bid_row),
    NUMBER(ruc_bid_row, price, "price_usd_per_mw", 0, USD_PER_MWH_MAX, "USD/MW", "of one MW of what it offers as energy, kept ready for an hour; at most ruc_bid_cap"),
};

static const struct column response_columns[] = {
    ID(response_table_row, resource, "resource_id", "demand response resource (type pdr)"),
    DATE(response_table_row, date, "date", "day, the trade date or earlier"),
    {"hour_ending", COLUMN_HOUR, true, false, 0, 1, CALENDAR_MAX_HOURS, "", "-", "hour of the day by its end, 1 to 25", NULL, offsetof(struct response_table_row, hour)},
    NUMBER(response_table_row, mwh, "load_mwh", 0, MW_MAX, "MWh", "what its customers took in that hour"),
    FLAG(response_table_row, skipped, "skipped", "no", "the day had an outage or an event: it is no day to compare with"),
};

static const struct column bus_columns[] = {
    ID(bus_row, id, "bus_id", "name of the bus, and of its PNode"),
    NUMBER_OR(bus_row, load_mw, "load_mw", 0, "0", -MW_MAX, MW_MAX, "MW", "typical load, for distribution factors"),
};

static const struct column branch_columns[] = {
    ID(branch_row, from, "from_bus", "bus where its flow is counted from"),
    ID(branch_row, to, "to_bus", "the other bus"),
    INTEGER_OR(branch_row, circuit, "circuit", 1, "1", 1, 999, "tells parallel circuits apart"),
    NUMBER_OR(branch_row, r_pu, "r_pu", 0, "0", -1e4, 1e4, "p.u.", "series resistance"),
    NUMBER(branch_row, x_pu, "x_pu", -1e4, 1e4, "p.u.", "series reactance; 0 = a bus tie"),
    ABOVE_OR(branch_row, tap, "tap", 1, "1", 0, 100, "1", "off-nominal turns ratio"),
    NUMBER_OR(branch_row, shift_deg, "shift_deg", 0, "0", -360, 360, "degree", "phase shift"),
    ABOVE_OR(branch_row, rate_mw, "rate_mw", INFINITY, "no limit", 0, MW_MAX, "MW", "flow limit in both directions"),
    ABOVE_OR(branch_row, rate_after_mw, "rate_after_mw", NAN, "rate_mw", 0, MW_MAX, "MW", "flow limit in both directions after an outage"),
};

#define SPEC(name, file, required, meaning, S, columns) \
    {name, file, required, meaning, sizeof(struct S), (int)(sizeof columns / sizeof *columns), columns}

static const struct table_spec specs[TABLE_COUNT] = {
    SPEC("scheduling_coordinators", "scheduling_coordinators.csv", true, "Who takes part, and the credit they have.", sc_row, sc_columns),
    SPEC("resources", "resources.csv", true, "What they schedule.", resource_row, resource_columns),
    SPEC("collateral", "collateral.csv", false, "Security that coordinators post while the market runs, as calls are met.", collateral_row, collateral_columns),
    SPEC("commitment", "commitment.csv", false, "Generators that the market starts and stops, and on what terms.", commitment_row, commitment_columns),
    SPEC("configurations", "configurations.csv", false, "Configurations of plants, of which one is on at a time.", configuration_row, configuration_columns),
    SPEC("transitions", "transitions.csv", false, "Moves between configurations of a plant; others are not allowed.", transition_row, transition_columns),
    SPEC("nodes", "nodes.csv", false, "Refinements of PNodes and aggregated nodes; others have the defaults.", node_row, node_columns),
    SPEC("aggregation_nodes", "aggregation_nodes.csv", false, "LAPs, sub-LAPs, hubs and other aggregated nodes, one row per PNode.", aggregation_row, aggregation_columns),
    SPEC("ties", "ties.csv", false, "Interties with scheduling limits.", tie_row, tie_columns),
    SPEC("load_forecast", "load_forecast.csv", false, "Forecast load by node and hour.", forecast_row, forecast_columns),
    SPEC("energy_bids", "energy_bids.csv", false, "Energy bids and self-schedules, one row per piece.", bid_row, bid_columns),
    SPEC("virtual_bids", "virtual_bids.csv", false, "Virtual bids, one row per piece.", bid_row, virtual_columns),
    SPEC("default_energy_bids", "default_energy_bids.csv", false, "What offers are mitigated to where competition fails, one row per piece.", bid_row, default_columns),
    SPEC("configuration_bids", "configuration_bids.csv", false, "Energy bids of plants by configuration, one row per piece; in hours without one, or with a real-time bid, it is the plant's with energy_adder_usd_per_mwh. The plant's own bid tells when and how far it bids, and its self-schedules.", bid_row, configuration_bid_columns),
    SPEC("configuration_default_bids", "configuration_default_bids.csv", false, "What these are mitigated to; in hours without one it is the plant's with energy_adder_usd_per_mwh.", bid_row, configuration_bid_columns),
    SPEC("outages", "outages.csv", false, "Contingencies to survive without redispatch, one row per element lost.", outage_row, outage_columns),
    SPEC("branch_outages", "branch_outages.csv", false, "Branches out of service for some hours, as planned.", branch_outage_row, branch_outage_columns),
    SPEC("as_regions", "as_regions.csv", false, "Regions of ancillary services, one row per node or resource.", as_region_row, as_region_columns),
    SPEC("as_requirements", "as_requirements.csv", false, "MW of ancillary services by region and hour.", as_requirement_row, as_requirement_columns),
    SPEC("as_bids", "as_bids.csv", false, "Offers of ancillary services, one row per resource, product and kind.", as_bid_row, as_bid_columns),
    SPEC("real_time_load", "real_time_load.csv", false, "Load as it turns out, in steps of five minutes; without a row loads take what they scheduled.", rt_load_row, rt_load_columns),
    SPEC("real_time_availability", "real_time_availability.csv", false, "What sun, wind and outages leave of resources.", rt_availability_row, rt_availability_columns),
    SPEC("real_time_bids", "real_time_bids.csv", false, "Bids and self-schedules for real time, one row per piece; in hours without one the day-ahead bid stays. Not loads and exports.", bid_row, bid_columns),
    SPEC("meter", "meter.csv", false, "What meters said; without a row a meter says what was dispatched.", meter_table_row, meter_columns),
    SPEC("utility_areas", "utility_areas.csv", false, "Utility areas whose own units follow their load; others need no row.", area_row, area_columns),
    SPEC("branch_meter", "branch_meter.csv", false, "What meters between utility areas said; without a row they say what the dispatch carried.", branch_meter_table_row, branch_meter_columns),
    SPEC("tie_responses", "tie_responses.csv", false, "Answers to hourly blocks of imports and exports; without a row a block is accepted.", tie_response_row, tie_response_columns),
    SPEC("ruc_bids", "ruc_bids.csv", false, "Prices of capacity in residual unit commitment.", ruc_bid_row, ruc_bid_columns),
    SPEC("dr_history", "dr_history.csv", false, "What the customers of demand response took, on the trade date and the 45 days before: what the resource gave is measured against it.", response_table_row, response_columns),
    SPEC("buses", "", true, "Buses of a CSV network.", bus_row, bus_columns),
    SPEC("branches", "", true, "Branches of a CSV network.", branch_row, branch_columns),
};
// clang-format on

const struct table_spec *scenario_table_spec(enum scenario_table table)
{
    return &specs[table];
}
