/* scenario_yaml.c - keys of scenario.yaml, their meaning, and the reader they drive. */
#include "sim/input/scenario_yaml.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/number.h"
#include "sim/input/nearest.h"
#include "sim/input/yaml_tree.h"

enum {
    NAME_MAX_BYTES = 64,
    DESCRIPTION_MAX_BYTES = 1024,
    PATH_MAX_BYTES = 255
};

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

struct binding {
    const struct source *src;
    size_t start; /* position of the file's first byte */
    bool on_top;  /* of other layers: nothing is missing */
    struct scenario_yaml *out;
    struct err_list *faults;
    bool no_memory;
};

static void hash_pair(struct binding *b, const struct scenario_key *key,
                      const char *text)
{
    uint64_t h = hash_bytes(HASH_START, key->group, strlen(key->group));
    h = hash_bytes(h, ".", 1);
    h = hash_bytes(h, key->name, strlen(key->name));
    h = hash_bytes(h, "=", 1);
    b->out->fingerprint += hash_bytes(h, text, strlen(text));
}

/* A fault at a value: "key is 'text'; expected ...". */
static void wrong(struct binding *b, const struct scenario_key *key,
                  const struct yaml_value *v, const char *expected)
{
    char q[QUOTED_SIZE];
    b->out->dates_wrong |= key->type == KEY_DATES;
    struct src_pos at = source_at(b->src, v->at);
    if (v->kind == YAML_MAP)
        err_list_add(b->faults, at, "%s is a map; expected %s", key->name, expected);
    else if (v->kind == YAML_LIST)
        err_list_add(b->faults, at, "%s is %s; expected %s", key->name,
                     v->child ? "a list" : "an empty list", expected);
    else if (v->len == 0)
        err_list_add(b->faults, at, "%s is empty; expected %s", key->name, expected);
    else
        err_list_add(b->faults, at, "%s is '%s'; expected %s", key->name,
                     quoted(v->text, v->len, q), expected);
}

static bool is_clean(const char *text, size_t len, size_t max)
{
    if (len == 0 || len > max)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

static void bind_text(struct binding *b, const struct scenario_key *key,
                      const struct yaml_value *v)
{
    bool is_description = key->offset == AT(description);
    size_t max = is_description ? DESCRIPTION_MAX_BYTES : NAME_MAX_BYTES;
    if (v->kind != YAML_TEXT || !is_clean(v->text, v->len, max)) {
        wrong(b, key, v,
              is_description ? "one line of at most 1024 bytes"
                             : "one line of at most 64 bytes");
        return;
    }
    struct yaml_text text = {v->text, b->start + v->at};
    memcpy((char *)b->out + key->offset, &text, sizeof text);
    hash_pair(b, key, v->text);
}

static void bind_file(struct binding *b, const struct scenario_key *key,
                      const struct yaml_value *v)
{
    if (v->kind != YAML_TEXT || !is_clean(v->text, v->len, PATH_MAX_BYTES)) {
        wrong(b, key, v, "a file name of at most 255 bytes");
        return;
    }
    if (*v->text == '/' || strstr(v->text, "..")) {
        wrong(b, key, v, "a path inside the scenario folder, without '..'");
        return;
    }
    struct yaml_text text = {v->text, b->start + v->at};
    memcpy((char *)b->out + key->offset, &text, sizeof text);
}

static void bind_number(struct binding *b, const struct scenario_key *key,
                        const struct yaml_value *v)
{
    double number;
    if (v->kind != YAML_TEXT || !v->plain || !number_parse(v->text, v->len, &number)) {
        wrong(b, key, v, "a number");
        return;
    }
    if (!isfinite(number) || number < key->min || number > key->max) {
        bool has_unit = strcmp(key->unit, "1") != 0;
        char q[QUOTED_SIZE];
        err_list_add(b->faults, source_at(b->src, v->at),
                     "%s is %s; expected a number%s%s from %g to %g", key->name,
                     quoted(v->text, v->len, q), has_unit ? " of " : "",
                     has_unit ? key->unit : "", key->min, key->max);
        return;
    }
    number += 0.0; /* -0 is 0 */
    memcpy((char *)b->out + key->offset, &number, sizeof number);
    hash_pair(b, key, v->text);
}

static void bind_outages(struct binding *b, const struct scenario_key *key,
                         const struct yaml_value *v)
{
    bool is_text = v->kind == YAML_TEXT;
    b->out->every_branch_at = b->start + v->at;
    b->out->every_branch = is_text && strcmp(v->text, "branches") == 0;
    if (b->out->every_branch)
        hash_pair(b, key, v->text);
    else if (!is_text || strcmp(v->text, "listed") != 0)
        wrong(b, key, v, scenario_key_type_name(KEY_OUTAGES));
}

static void bind_dc_model(struct binding *b, const struct scenario_key *key,
                          const struct yaml_value *v)
{
    bool is_text = v->kind == YAML_TEXT;
    if (is_text && strcmp(v->text, "matpower") == 0)
        b->out->rules.dc_model = DC_MATPOWER;
    else if (is_text && strcmp(v->text, "pglib") == 0)
        b->out->rules.dc_model = DC_PGLIB;
    else {
        wrong(b, key, v, "matpower or pglib");
        return;
    }
    hash_pair(b, key, v->text);
}

static void bind_losses(struct binding *b, const struct scenario_key *key,
                        const struct yaml_value *v)
{
    for (int k = 0; v->kind == YAML_TEXT && k < LOSS_PLACEMENTS; k++) {
        if (strcmp(v->text, loss_placement_name((enum loss_placement)k)) != 0)
            continue;
        b->out->rules.losses = (enum loss_placement)k;
        b->out->losses_at = b->start + v->at;
        hash_pair(b, key, v->text);
        return;
    }
    wrong(b, key, v, "off, reference or ends");
}

static void bind_switch(struct binding *b, const struct scenario_key *key,
                        const struct yaml_value *v)
{
    bool is_on = v->kind == YAML_TEXT && strcmp(v->text, "on") == 0;
    if (!is_on && (v->kind != YAML_TEXT || strcmp(v->text, "off") != 0)) {
        wrong(b, key, v, "on or off");
        return;
    }
    memcpy((char *)b->out + key->offset, &is_on, sizeof is_on);
    if (key->offset == AT(rules) + offsetof(struct rules, ruc))
        b->out->ruc_at = b->start + v->at;
    hash_pair(b, key, v->text);
}

static void bind_date(struct binding *b, const struct scenario_key *key,
                      const struct yaml_value *v)
{
    struct scenario_yaml *y = b->out;
    date_t date;
    char q[QUOTED_SIZE];
    if (v->kind != YAML_TEXT || !date_parse(v->text, v->len, &date)) {
        wrong(b, key, v, "a date YYYY-MM-DD from 1970 to 2199");
        return;
    }
    if (y->n_date && date <= y->date[y->n_date - 1]) {
        y->dates_wrong = true;
        err_list_add(b->faults, source_at(b->src, v->at),
                     "trade date %s does not come after the one before it; expected "
                     "ascending dates",
                     quoted(v->text, v->len, q));
        return;
    }
    y->date[y->n_date] = date;
    y->date_at[y->n_date++] = b->start + v->at;
    hash_pair(b, key, v->text);
}

static void bind_dates(struct binding *b, const struct scenario_key *key,
                       const struct yaml_value *v)
{
    int32_t n = 0;
    if (v->kind != YAML_LIST || !v->child) {
        wrong(b, key, v, "a list of one or more dates, such as [2026-04-15]");
        return;
    }
    for (const struct yaml_value *item = v->child; item; item = item->next)
        n++;
    if (n > TRADE_DATES_MAX) {
        b->out->dates_wrong = true;
        err_list_add(b->faults, source_at(b->src, v->at),
                     "%d trade dates; expected at most %d", n, TRADE_DATES_MAX);
        return;
    }
    b->out->n_date = 0;
    b->out->date = ARENA_ARRAY(&b->out->arena, date_t, n);
    b->out->date_at = ARENA_ARRAY(&b->out->arena, size_t, n);
    if (!b->out->date || !b->out->date_at) {
        b->no_memory = true;
        return;
    }
    for (const struct yaml_value *item = v->child; item; item = item->next)
        bind_date(b, key, item);
}

static void bind_map(struct binding *b, const char *group,
                     const struct yaml_value *map);

static const struct yaml_value *find_child(const struct yaml_value *map,
                                           const char *key)
{
    const struct yaml_value *v = map->child;
    while (v && strcmp(v->key, key) != 0)
        v = v->next;
    return v;
}

// clang-format off
#define PENALTY(field, of_demand, of_supply) \
    {#field, offsetof(struct rules, field), of_demand, of_supply}
static const struct {
    const char *name;
    size_t offset;
    bool of_demand, of_supply; /* what is cut, or priced, in its place */
} penalties[] = {
    PENALTY(balance_schedule, true, false),
    PENALTY(balance_pricing, true, false),
    PENALTY(surplus_schedule, false, true),
    PENALTY(surplus_pricing, false, true),
    PENALTY(self_tor, true, true),
    PENALTY(self_etc, true, true),
    PENALTY(self_rmt, true, true),
    PENALTY(self_pt_demand, true, false),
    PENALTY(self_pt_supply, false, true),
    PENALTY(self_lpt_demand, true, false),
    PENALTY(self_lpt_supply, false, true),
};
#undef PENALTY
// clang-format on

/*
 * What gives way last must be worth more than any bid: were the cap above a penalty, the
 * market would cut load, or price its scarcity, below an offer that it had admitted.
 */
static void check_penalties(struct binding *b, const struct yaml_value *market)
{
    const struct rules *r = &b->out->rules;
    for (size_t i = 0; i < sizeof penalties / sizeof *penalties; i++) {
        double usd, cap = penalties[i].of_demand ? r->energy_bid_cap : 0;
        double dump = penalties[i].of_supply ? -r->energy_bid_floor : 0;
        bool is_cap = cap >= dump;
        memcpy(&usd, (const char *)r + penalties[i].offset, sizeof usd);
        if (usd >= fmax(cap, dump))
            continue;
        const char *bound = is_cap ? "energy_bid_cap" : "energy_bid_floor";
        const struct yaml_value *at = find_child(market, penalties[i].name);
        if (!at)
            at = find_child(market, bound);
        err_list_add(b->faults, source_at(b->src, at ? at->at : market->at),
                     "%s is %g and %s %g; expected a penalty of at least %g",
                     penalties[i].name, usd, bound, is_cap ? cap : -dump,
                     fmax(cap, dump));
    }
}

static const struct {
    const char *name, *above; /* the first may not be below the second */
    size_t offset, above_offset;
} ordered[] = {
#define NOT_BELOW(field, other)                                                  \
 {                                                                               \
#  field, #  other, offsetof(struct rules, field), offsetof(struct rules, other) \
 }
    NOT_BELOW(as_ru_schedule, as_bid_cap),
    NOT_BELOW(as_sr_schedule, as_bid_cap),
    NOT_BELOW(as_nr_schedule, as_bid_cap),
    NOT_BELOW(as_rd_schedule, as_bid_cap),
    NOT_BELOW(as_scarcity_nr_2, as_scarcity_nr_1),
    NOT_BELOW(as_scarcity_nr_3, as_scarcity_nr_2),
    NOT_BELOW(as_scarcity_nr_mw_2, as_scarcity_nr_mw_1),
    NOT_BELOW(as_scarcity_rd_2, as_scarcity_rd_1),
    NOT_BELOW(as_scarcity_rd_3, as_scarcity_rd_2),
    NOT_BELOW(as_scarcity_rd_mw_2, as_scarcity_rd_mw_1),
#undef NOT_BELOW
};

/* A shortage of services is worth more than any offer of them, and costs no less when it
 * grows. */
static void check_services(struct binding *b, const struct yaml_value *market)
{
    const char *rules = (const char *)&b->out->rules;
    for (size_t i = 0; i < sizeof ordered / sizeof *ordered; i++) {
        double value, least;
        memcpy(&value, rules + ordered[i].offset, sizeof value);
        memcpy(&least, rules + ordered[i].above_offset, sizeof least);
        if (value >= least)
            continue;
        const struct yaml_value *at = find_child(market, ordered[i].name);
        if (!at)
            at = find_child(market, ordered[i].above);
        err_list_add(b->faults, source_at(b->src, at ? at->at : market->at),
                     "%s is %g and %s %g; expected it no lower", ordered[i].name, value,
                     ordered[i].above, least);
    }
}

/* Parameters are looked at together only when each of them is sound. */
static void bind_group(struct binding *b, const struct scenario_key *key,
                       const struct yaml_value *v)
{
    size_t before = b->faults->total;
    bool is_tables = strcmp(key->name, "tables") == 0;
    bind_map(b, key->name, v);
    b->out->names_doubtful |= is_tables && b->faults->total > before;
    if (strcmp(key->name, "market") == 0 && b->faults->total == before) {
        check_penalties(b, v);
        check_services(b, v);
    }
}

/* Where it leads to has been followed already. */
static void bind_base(struct binding *b, const struct scenario_key *key,
                      const struct yaml_value *v)
{
    if (v->kind != YAML_TEXT || !is_clean(v->text, v->len, PATH_MAX_BYTES))
        wrong(b, key, v, "the folder of a scenario, at most 255 bytes");
}

static void bind_overrides(struct binding *b, const struct scenario_key *key,
                           const struct yaml_value *v)
{
    if (!b->on_top)
        err_list_add(b->faults, source_at(b->src, v->key_at),
                     "overrides without a base; expected them in a scenario with a "
                     "base, or in a file for --override");
    else if (v->kind == YAML_LIST)
        b->out->overrides[b->out->n_layer - 1] = (struct yaml_overrides){v, b->start};
    else if (v->kind != YAML_TEXT || !v->plain || v->len)
        wrong(b, key, v, "a list of changes");
}

static void bind_value(struct binding *b, const struct scenario_key *key,
                       const struct yaml_value *v)
{
    bool is_nothing = v->kind == YAML_TEXT && v->plain && v->len == 0;
    switch (key->type) {
    case KEY_TEXT:
        bind_text(b, key, v);
        return;
    case KEY_DATES:
        bind_dates(b, key, v);
        return;
    case KEY_FILE:
        bind_file(b, key, v);
        return;
    case KEY_NUMBER:
        bind_number(b, key, v);
        return;
    case KEY_DC_MODEL:
        bind_dc_model(b, key, v);
        return;
    case KEY_OUTAGES:
        bind_outages(b, key, v);
        return;
    case KEY_LOSSES:
        bind_losses(b, key, v);
        return;
    case KEY_SWITCH:
        bind_switch(b, key, v);
        return;
    case KEY_NETWORK:
        b->out->network_at = b->start + v->at;
        b->out->network = b->out->file[TABLE_BUSES] = b->out->file[TABLE_BRANCHES] =
            (struct yaml_text){0};
        if (v->kind == YAML_MAP)
            bind_map(b, key->name, v);
        else
            bind_file(b, key, v);
        return;
    case KEY_MAP:
        if (v->kind == YAML_MAP)
            bind_group(b, key, v);
        else if (!is_nothing)
            wrong(b, key, v, "a map");
        b->out->names_doubtful |= v->kind != YAML_MAP && !is_nothing;
        return;
    case KEY_BASE:
        bind_base(b, key, v);
        return;
    case KEY_OVERRIDES:
        bind_overrides(b, key, v);
        return;
    }
}

static const struct scenario_key *first_of_group(const char *group, size_t *n)
{
    const struct scenario_key *first = keys;
    while (strcmp(first->group, group) != 0)
        first++;
    *n = 0;
    while (first + *n < keys + N_KEYS && strcmp(first[*n].group, group) == 0)
        ++*n;
    return first;
}

/* A key that stands in the wrong map: its group, or NULL. */
static const char *group_of(const char *name)
{
    for (int i = 0; i < N_KEYS; i++)
        if (strcmp(keys[i].name, name) == 0)
            return keys[i].group;
    return NULL;
}

static const struct scenario_key *find_key(struct binding *b, const char *group,
                                           const struct yaml_value *v)
{
    size_t n;
    const struct scenario_key *first = first_of_group(group, &n);
    char q[QUOTED_SIZE];
    for (size_t i = 0; i < n; i++)
        if (strcmp(first[i].name, v->key) == 0)
            return &first[i];
    struct src_pos at = source_at(b->src, v->key_at);
    const char *near = nearest_word(v->key, strlen(v->key), first, n, sizeof *first);
    const char *home = group_of(v->key);
    (void)quoted(v->key, strlen(v->key), q);
    if (home)
        err_list_add(b->faults, at, "key '%s' %s%s; expected it %s%s%s", q,
                     *group ? "under " : "at the top level", group,
                     *home ? "under " : "at the top level", home, *home ? ":" : "");
    else if (near)
        err_list_add(b->faults, at, "unknown key '%s'; expected '%s'?", q, near);
    else if (*group)
        err_list_add(b->faults, at, "unknown key '%s'; expected a key of %s", q, group);
    else
        err_list_add(b->faults, at, "unknown key '%s'; expected a key of a scenario",
                     q);
    return NULL;
}

/* The keys of one map; at most one level deep below the top. */
// NOLINTNEXTLINE(misc-no-recursion)
static void bind_map(struct binding *b, const char *group, const struct yaml_value *map)
{
    size_t n;
    const struct scenario_key *first = first_of_group(group, &n);
    bool seen[N_KEYS] = {false};
    for (const struct yaml_value *v = map->child; v; v = v->next) {
        const struct scenario_key *key = find_key(b, group, v);
        b->out->names_doubtful |= !key && !*group;
        if (!key)
            continue;
        if (seen[key - first])
            err_list_add(b->faults, source_at(b->src, v->key_at),
                         "key '%s' appears twice; expected it once", key->name);
        else
            bind_value(b, key, v);
        seen[key - first] = true;
    }
    for (size_t i = 0; i < n; i++)
        if (first[i].required && !seen[i] && !(b->on_top && !*group))
            err_list_add(b->faults, source_at(b->src, map->at),
                         "key '%s' is missing; expected it (%s)", first[i].name,
                         first[i].meaning);
}

enum err_code scenario_yaml_read(const struct source *src, struct scenario_yaml *out,
                                 struct err_list *faults, struct err *err)
{
    *out = (struct scenario_yaml){.rules = rules_default(), .base_mva = 100};
    return scenario_yaml_overlay(src, 0, out, faults, err);
}

enum err_code scenario_yaml_overlay(const struct source *src, size_t start,
                                    struct scenario_yaml *out, struct err_list *faults,
                                    struct err *err)
{
    struct binding b = {.src = src,
                        .start = start,
                        .on_top = out->n_layer > 0,
                        .out = out,
                        .faults = faults};
    struct yaml_value *root;
    size_t faults_before = faults->total;
    if (b.on_top && !out->base_name)
        out->base_name = out->name.text;
    out->overrides[out->n_layer++] = (struct yaml_overrides){0};
    enum err_code code = yaml_tree_read(src, &out->arena, &root, faults, err);
    if (code)
        return code;
    out->names_doubtful |= !root || root->kind != YAML_MAP;
    if (!root) {
        if (faults->total == faults_before)
            err_list_add(faults, source_at(src, 0),
                         "an empty file; expected settings of a scenario or overrides");
        return ERR_OK;
    }
    if (root->kind == YAML_MAP)
        bind_map(&b, "", root);
    else
        err_list_add(faults, source_at(src, root->at),
                     "not a map of keys; expected lines such as 'name: my-market'");
    return b.no_memory ? err_set(err, ERR_NOMEM, "cannot hold %s", src->path) : ERR_OK;
}

enum err_code scenario_yaml_base(const struct source *src, struct arena *arena,
                                 struct yaml_text *out, struct err *err)
{
    struct err_list unheard = {0}; /* the file is read again, and heard then */
    struct yaml_value *root;
    *out = (struct yaml_text){0};
    enum err_code code = yaml_tree_read(src, arena, &root, &unheard, err);
    err_list_release(&unheard);
    if (code || !root || root->kind != YAML_MAP)
        return code;
    const struct yaml_value *base = find_child(root, "base");
    if (base && base->kind == YAML_TEXT &&
        is_clean(base->text, base->len, PATH_MAX_BYTES))
        *out = (struct yaml_text){base->text, base->at};
    return ERR_OK;
}

void scenario_yaml_release(struct scenario_yaml *y)
{
    arena_release(&y->arena);
    *y = (struct scenario_yaml){0};
}
