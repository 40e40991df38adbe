/* scenario_keys.c - keys of scenario.yaml and their meaning. */
#include <stddef.h>
#include <string.h>

#include "sim/input/scenario_yaml.h"

#define AT(member) offsetof(struct scenario_yaml, member)
#define AT_FILE(i) (AT(file) + (size_t)(i) * sizeof(struct yaml_text))

// clang-format off
static const struct scenario_key keys[] = {
    {"name", "", KEY_TEXT, true, "", "-", 0, 0, 0, "short name of the scenario", AT(name)},
    {"description", "", KEY_TEXT, false, "", "none", 0, 0, 0, "what it is, in one line", AT(description)},
    {"trade_dates", "", KEY_DATES, true, "", "-", 0, 0, 0, "days to clear, ascending, gaps allowed", AT(date)},
    {"time_zone", "", KEY_TEXT, true, "", "-", 0, 0, 0, "IANA name of the zone whose days are traded", AT(time_zone)},
    {"network", "", KEY_NETWORK, true, "", "-", 0, 0, 0, "a MATPOWER case, or buses and branches", AT(network)},
    {"base", "", KEY_BASE, false, "", "none", 0, 0, 0, "folder of the scenario that this one changes; then nothing else is required", AT(base_name)},
    {"overrides", "", KEY_OVERRIDES, false, "", "none", 0, 0, 0, "changes of rows of the base's tables", AT(overrides)},
    {"tables", "", KEY_MAP, false, "", "default names", 0, 0, 0, "file names of the tables", 0},
    {"market", "", KEY_MAP, false, "", "all defaults", 0, 0, 0, "parameters of the market", 0},

    {"buses", "network", KEY_FILE, true, "", "-", 0, 0, 0, "table of buses", AT_FILE(TABLE_BUSES)},
    {"branches", "network", KEY_FILE, true, "", "-", 0, 0, 0, "table of branches", AT_FILE(TABLE_BRANCHES)},
    {"base_mva", "network", KEY_NUMBER, false, "MVA", NULL, 100, 1e-3, 1e6, "base of the per-unit values", AT(base_mva)},

    {"scheduling_coordinators", "tables", KEY_FILE, false, "", "scheduling_coordinators.csv", 0, 0, 0, "who takes part", AT_FILE(TABLE_SCS)},
    {"resources", "tables", KEY_FILE, false, "", "resources.csv", 0, 0, 0, "what they schedule", AT_FILE(TABLE_RESOURCES)},
    {"collateral", "tables", KEY_FILE, false, "", "collateral.csv if it exists", 0, 0, 0, "security posted while the market runs", AT_FILE(TABLE_COLLATERAL)},
    {"commitment", "tables", KEY_FILE, false, "", "commitment.csv if it exists", 0, 0, 0, "generators that the market starts and stops", AT_FILE(TABLE_COMMITMENT)},
    {"configurations", "tables", KEY_FILE, false, "", "configurations.csv if it exists", 0, 0, 0, "configurations of plants", AT_FILE(TABLE_CONFIGURATIONS)},
    {"transitions", "tables", KEY_FILE, false, "", "transitions.csv if it exists", 0, 0, 0, "moves between configurations", AT_FILE(TABLE_TRANSITIONS)},
    {"nodes", "tables", KEY_FILE, false, "", "nodes.csv if it exists", 0, 0, 0, "refinements of nodes", AT_FILE(TABLE_NODES)},
    {"aggregation_nodes", "tables", KEY_FILE, false, "", "aggregation_nodes.csv if it exists", 0, 0, 0, "LAPs, hubs and their factors", AT_FILE(TABLE_AGGREGATION)},
    {"ties", "tables", KEY_FILE, false, "", "ties.csv if it exists", 0, 0, 0, "interties and their limits", AT_FILE(TABLE_TIES)},
    {"load_forecast", "tables", KEY_FILE, false, "", "load_forecast.csv if it exists", 0, 0, 0, "MW by node and hour", AT_FILE(TABLE_FORECAST)},
    {"energy_bids", "tables", KEY_FILE, false, "", "energy_bids.csv if it exists", 0, 0, 0, "bids and self-schedules of resources", AT_FILE(TABLE_BIDS)},
    {"outages", "tables", KEY_FILE, false, "", "outages.csv if it exists", 0, 0, 0, "contingencies to survive without redispatch", AT_FILE(TABLE_OUTAGES)},
    {"branch_outages", "tables", KEY_FILE, false, "", "branch_outages.csv if it exists", 0, 0, 0, "branches out of service for some hours", AT_FILE(TABLE_BRANCH_OUTAGES)},
    {"default_energy_bids", "tables", KEY_FILE, false, "", "default_energy_bids.csv if it exists", 0, 0, 0, "what offers are mitigated to", AT_FILE(TABLE_DEFAULT_BIDS)},
    {"configuration_bids", "tables", KEY_FILE, false, "", "configuration_bids.csv if it exists", 0, 0, 0, "energy bids of plants by configuration", AT_FILE(TABLE_CONFIGURATION_BIDS)},
    {"configuration_default_bids", "tables", KEY_FILE, false, "", "configuration_default_bids.csv if it exists", 0, 0, 0, "what these are mitigated to", AT_FILE(TABLE_CONFIGURATION_DEFAULTS)},
    {"virtual_bids", "tables", KEY_FILE, false, "", "virtual_bids.csv if it exists", 0, 0, 0, "virtual supply and demand", AT_FILE(TABLE_VIRTUAL)},
    {"as_regions", "tables", KEY_FILE, false, "", "as_regions.csv if it exists", 0, 0, 0, "regions of ancillary services", AT_FILE(TABLE_AS_REGIONS)},
    {"as_requirements", "tables", KEY_FILE, false, "", "as_requirements.csv if it exists", 0, 0, 0, "MW of ancillary services by region and hour", AT_FILE(TABLE_AS_REQUIREMENTS)},
    {"as_bids", "tables", KEY_FILE, false, "", "as_bids.csv if it exists", 0, 0, 0, "offers of ancillary services", AT_FILE(TABLE_AS_BIDS)},
    {"ruc_bids", "tables", KEY_FILE, false, "", "ruc_bids.csv if it exists", 0, 0, 0, "prices of capacity in residual commitment", AT_FILE(TABLE_RUC_BIDS)},
    {"real_time_load", "tables", KEY_FILE, false, "", "real_time_load.csv if it exists", 0, 0, 0, "load as it turns out", AT_FILE(TABLE_RT_LOAD)},
    {"meter", "tables", KEY_FILE, false, "", "meter.csv if it exists", 0, 0, 0, "what meters said", AT_FILE(TABLE_METER)},
    {"utility_areas", "tables", KEY_FILE, false, "", "utility_areas.csv if it exists", 0, 0, 0, "metered subsystems that follow their own load", AT_FILE(TABLE_AREAS)},
    {"branch_meter", "tables", KEY_FILE, false, "", "branch_meter.csv if it exists", 0, 0, 0, "what meters between utility areas said", AT_FILE(TABLE_BRANCH_METER)},
    {"tie_responses", "tables", KEY_FILE, false, "", "tie_responses.csv if it exists", 0, 0, 0, "answers to hourly blocks of imports and exports", AT_FILE(TABLE_TIE_RESPONSES)},
    {"dr_history", "tables", KEY_FILE, false, "", "dr_history.csv if it exists", 0, 0, 0, "what the customers of demand response took", AT_FILE(TABLE_RESPONSE)},
    {"real_time_bids", "tables", KEY_FILE, false, "", "real_time_bids.csv if it exists", 0, 0, 0, "bids and self-schedules that hold in real time", AT_FILE(TABLE_RT_BIDS)},
    {"real_time_availability", "tables", KEY_FILE, false, "", "real_time_availability.csv if it exists", 0, 0, 0, "what sun, wind and outages leave", AT_FILE(TABLE_RT_AVAILABILITY)},

    {"outages", "market", KEY_OUTAGES, false, "", "listed", 0, 0, 0, "contingencies: listed in table outages, or branches for every branch", AT(every_branch)},
    {"dc_model", "market", KEY_DC_MODEL, false, "", "matpower", 0, 0, 0, "how reactance becomes susceptance: matpower or pglib", AT(rules)},
    {"losses", "market", KEY_LOSSES, false, "", "off", 0, 0, 0, "where branches are said to lose r f^2: off (nowhere), over the reference, or at their ends", AT(rules)},
    {"mitigation_reference", "market", KEY_TEXT, false, "", "the distributed load reference", 0, 0, 0, "node against which congestion is split in mitigation: one outside all load pockets", AT(mitigation_reference)},
    {"ruc", "market", KEY_SWITCH, false, "", "off", 0, 0, 0, "residual unit commitment against the load forecast after each day's market: on or off", AT(rules) + offsetof(struct rules, ruc)},
    {"real_time", "market", KEY_SWITCH, false, "", "off", 0, 0, 0, "hour-ahead, fifteen-minute and five-minute runs after each day's market: on or off", AT(rules) + offsetof(struct rules, real_time)},
#define RULE_KEY(field, unit, def, lo, hi, text) \
    {#field, "market", KEY_NUMBER, false, unit, NULL, def, lo, hi, text, AT(rules) + offsetof(struct rules, field)},
    RULES_MAP(RULE_KEY)
#undef RULE_KEY
};
// clang-format on

enum {
    N_KEYS = sizeof keys / sizeof *keys
};
_Static_assert((int)N_KEYS <= (int)SCENARIO_KEYS_MAX, "room for every key");

const struct scenario_key *scenario_yaml_keys(int *n)
{
    *n = N_KEYS;
    return keys;
}

const char *scenario_key_type_name(enum scenario_key_type type)
{
    static const char *const name[] = {"text",
                                       "list of dates",
                                       "file name",
                                       "number",
                                       "matpower or pglib",
                                       "listed or branches",
                                       "off, reference or ends",
                                       "on or off",
                                       "file name or map",
                                       "map",
                                       "folder",
                                       "list of changes"};
    return name[type];
}

const struct scenario_key *scenario_keys_of(const char *group, size_t *n)
{
    const struct scenario_key *first = keys;
    while (strcmp(first->group, group) != 0)
        first++;
    *n = 0;
    while (first + *n < keys + N_KEYS && strcmp(first[*n].group, group) == 0)
        ++*n;
    return first;
}

const char *scenario_key_group(const char *name)
{
    for (int i = 0; i < N_KEYS; i++)
        if (strcmp(keys[i].name, name) == 0)
            return keys[i].group;
    return NULL;
}
