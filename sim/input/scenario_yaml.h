/*
 * scenario_yaml.h - scenario.yaml: what the market is called, when it is, its parameters
 * and where its tables are.
 *
 * One table (scenario_yaml_keys) says everything about each key; it drives reading,
 * faults and `gridclear schema --inputs`.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_SCENARIO_YAML_H
#define SIM_INPUT_SCENARIO_YAML_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/calendar.h"
#include "sim/base/err.h"
#include "sim/input/layers.h"
#include "sim/input/source.h"
#include "sim/model/rules.h"

/* The tables of a scenario, in the order in which they are documented. */
// clang-format off
enum scenario_table {
    TABLE_SCS,
    TABLE_RESOURCES,
    TABLE_COLLATERAL,
    TABLE_COMMITMENT,
    TABLE_CONFIGURATIONS,
    TABLE_TRANSITIONS,
    TABLE_NODES,
    TABLE_AGGREGATION,
    TABLE_TIES,
    TABLE_FORECAST,
    TABLE_BIDS,
    TABLE_VIRTUAL,
    TABLE_DEFAULT_BIDS,
    TABLE_CONFIGURATION_BIDS,
    TABLE_CONFIGURATION_DEFAULTS,
    TABLE_OUTAGES,
    TABLE_BRANCH_OUTAGES,
    TABLE_AS_REGIONS,
    TABLE_AS_REQUIREMENTS,
    TABLE_AS_BIDS,
    TABLE_RT_LOAD,
    TABLE_RT_AVAILABILITY,
    TABLE_RT_BIDS,
    TABLE_METER,
    TABLE_AREAS,
    TABLE_BRANCH_METER,
    TABLE_TIE_RESPONSES,
    TABLE_RUC_BIDS,
    TABLE_RESPONSE,
    TABLE_NAMED,                /* those above are named under "tables:" */
    TABLE_BUSES = TABLE_NAMED,  /* those below under "network:" */
    TABLE_BRANCHES,
    TABLE_COUNT
};
// clang-format on

enum {
    TRADE_DATES_MAX = 400,
    SCENARIO_KEYS_MAX = 192
};

struct yaml_value;

/* The value of key overrides in one layer; NULL if absent. See override.h. */
struct yaml_overrides {
    const struct yaml_value *list;
    size_t start; /* position of the layer */
};

/* A text of the files and its position (layers.h); text is NULL if the key is absent. */
struct yaml_text {
    const char *text;
    size_t at;
};

struct scenario_yaml {
    struct arena arena; /* owns every text */
    struct yaml_text name, description, time_zone;
    struct yaml_text mitigation_reference; /* a node */
    int32_t n_date;
    date_t *date;                       /* [n_date] ascending */
    size_t *date_at;                    /* [n_date] positions */
    bool dates_wrong;                   /* some were refused */
    struct yaml_text network;           /* the MATPOWER case, or absent */
    struct yaml_text file[TABLE_COUNT]; /* file names as given */
    size_t network_at;                  /* of the value of network */
    double base_mva;                    /* of a CSV network */
    size_t losses_at;                   /* of the value of losses */
    size_t ruc_at;                      /* of the value of ruc */
    bool names_doubtful; /* a key that may have named a file was refused */
    struct rules rules;
    bool every_branch;      /* outages: branches */
    size_t every_branch_at; /* where that stands */
    const char *base_name;  /* of the last base; NULL where there is none */
    int n_layer;
    struct yaml_overrides overrides[LAYERS_MAX]; /* [n_layer] */
    uint64_t
        fingerprint; /* of all key = value pairs but the file names, in any order */
};

enum scenario_key_type {
    KEY_TEXT,
    KEY_DATES,
    KEY_FILE,
    KEY_NUMBER,
    KEY_DC_MODEL,
    KEY_OUTAGES,
    KEY_LOSSES,
    KEY_SWITCH,  /* on or off */
    KEY_NETWORK, /* a file name or a map */
    KEY_MAP,
    KEY_BASE,
    KEY_OVERRIDES,
};

struct scenario_key {
    const char *name;  /* last part, e.g. "energy_bid_cap" */
    const char *group; /* "" at the top, else "network", "tables" or "market" */
    enum scenario_key_type type;
    bool required;
    const char *unit; /* "" for none */
    const char
        *if_absent; /* the default in words; "-" for required, NULL = if_absent_value */
    double if_absent_value, min, max; /* numbers */
    const char *meaning;
    size_t offset; /* where it goes in struct scenario_yaml */
};

const char *scenario_key_type_name(enum scenario_key_type type);

/* Every key of scenario.yaml, at most SCENARIO_KEYS_MAX; *n of them. */
const struct scenario_key *scenario_yaml_keys(int *n);
/* Those of one group, which there is; *n of them. */
const struct scenario_key *scenario_keys_of(const char *group, size_t *n);
/* The first group that has a key of that name, or NULL. */
const char *scenario_key_group(const char *name);

/*
 * Reads the file. Faults are added to the list; ERR_OK even then, and *out holds what was
 * right. ERR_NOMEM otherwise. Release *out in any case.
 */
MUST_CHECK enum err_code scenario_yaml_read(const struct source *src,
                                            struct scenario_yaml *out,
                                            struct err_list *faults, struct err *err);
/*
 * The same as one layer that starts at position `start`, on top of what *io holds of those
 * below it: what it says replaces what they said, and nothing is missing in it. Positions
 * stay right in faults that are found later (layers_at).
 */
MUST_CHECK enum err_code scenario_yaml_overlay(const struct source *src, size_t start,
                                               struct scenario_yaml *io,
                                               struct err_list *faults,
                                               struct err *err);
/* What the file says about its base, in the arena; .text is NULL where it has none. */
MUST_CHECK enum err_code scenario_yaml_base(const struct source *src,
                                            struct arena *arena, struct yaml_text *out,
                                            struct err *err);
void scenario_yaml_release(struct scenario_yaml *y);

#endif
