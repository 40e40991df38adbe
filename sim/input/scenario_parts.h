/*
 * scenario_parts.h - the steps of scenario_load, private to sim/input.
 *
 * Each step takes a loading, adds faults and fills its part of the market. A step returns
 * ERR_OK also when it found faults; later steps work with what there is.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_SCENARIO_PARTS_H
#define SIM_INPUT_SCENARIO_PARTS_H

#include "sim/base/str_index.h"
#include "sim/input/csv_table.h"
#include "sim/input/scenario_yaml.h"
#include "sim/input/tables.h"
#include "sim/model/market.h"

/* What an id stands for; -1 = nothing of that sort. */
struct meaning {
    int32_t sc, resource;
    int32_t node; /* in market.node: PNode, aggregated node or NODE_TIE */
    int32_t tie;
    int32_t region; /* of ancillary services */
};

enum {
    HOUR_NAMES = CALENDAR_MAX_HOURS + 1
}; /* 0 = any, 1..25 */

struct loading {
    struct market *m;
    struct err_list *faults;
    const char *dir, *override; /* as given; override may be NULL */
    struct layers layers;       /* scenario.yaml and what it changes */
    struct scenario_yaml yaml;
    struct source case_src;  /* the MATPOWER case */
    struct str_index ids;    /* of all tables */
    struct meaning *meaning; /* [ids.n] mem.h memory */
    struct csv_table table[TABLE_COUNT];
    struct resource_row **resource_row; /* [n_resource] mem.h memory */
    bool network_broken;   /* buses are missing: unknown nodes are no news */
    bool days_broken;      /* the same for trade dates and hours */
    int8_t *hour_position; /* [n_day][HOUR_NAMES] place in the day, -1 = none */
    bool any_day_has[32];  /* [HOUR_NAMES] */
};

static inline const char *id_text(const struct loading *l, int32_t id)
{
    return l->ids.key[id];
}

/* Copies an id or text of a table into the market; NULL when out of memory. */
const char *keep_text(struct loading *l, int32_t id);

/* Rows of a table in the order of their id, natural order, duplicates refused: *order is
 * [*n] row numbers without the duplicates, mem.h memory. The id is the int32_t at
 * member_offset. Rows without an id are left out. */
MUST_CHECK enum err_code rows_by_id(struct loading *l, enum scenario_table table,
                                    size_t member_offset, uint32_t **order, int32_t *n,
                                    struct err *err);

/* override.c: changes of rows, before anybody looks at them. */
MUST_CHECK enum err_code apply_overrides(struct loading *l, struct err *err);
/* stray_file.c: CSV files, packed or not, that nobody reads, named almost as a table that is
 * absent. */
MUST_CHECK enum err_code refuse_stray_files(struct loading *l, struct err *err);
/* read_network_csv.c: buses and branches into market.grid. */
MUST_CHECK enum err_code read_network_csv(struct loading *l, struct err *err);
/* read_nodes.c: PNodes, aggregated nodes, ties into market.node, tie, factor. */
MUST_CHECK enum err_code read_nodes(struct loading *l, struct err *err);
/* read_nodes.c: nodes.csv and defaults that depend on resources. */
MUST_CHECK enum err_code refine_nodes(struct loading *l, struct err *err);
/* read_participants.c: SCs and resources. */
MUST_CHECK enum err_code read_participants(struct loading *l, struct err *err);
/* read_collateral.c: market.posting. */
MUST_CHECK enum err_code read_collateral(struct loading *l, struct err *err);
/* read_commitment.c: on what terms the market commits generators. */
MUST_CHECK enum err_code read_commitment(struct loading *l, struct err *err);
/* read_configurations.c: configurations of plants and their transitions. */
MUST_CHECK enum err_code read_configurations(struct loading *l, struct err *err);
/* read_forecast.c: market.forecast_mw, NaN where there is none. */
MUST_CHECK enum err_code read_forecast(struct loading *l, struct err *err);
/* read_ruc.c: market.ruc_bid_usd_per_mw; after the forecast, before bids. */
MUST_CHECK enum err_code read_ruc(struct loading *l, struct err *err);
/* read_bids.c: both books. */
MUST_CHECK enum err_code read_bids(struct loading *l, struct err *err);
/* read_services.c: regions, requirements and offers of ancillary services. */
MUST_CHECK enum err_code read_services(struct loading *l, struct err *err);
/* read_real_time.c: market.rt, where the market has real time. */
MUST_CHECK enum err_code read_real_time(struct loading *l, struct err *err);
/* read_meter.c: market.meter_row. */
MUST_CHECK enum err_code read_meter(struct loading *l, struct err *err);
/* read_areas.c: market.area, what they follow, the areas of nodes, market.branch_meter; after the nodes. */
MUST_CHECK enum err_code read_areas(struct loading *l, struct err *err);
/* read_tie_responses.c: market.tie_response. */
MUST_CHECK enum err_code read_tie_responses(struct loading *l, struct err *err);
/* read_response.c: market.response. */
MUST_CHECK enum err_code read_response(struct loading *l, struct err *err);
/* read_outages.c: market.outages. */
MUST_CHECK enum err_code read_outages(struct loading *l, struct err *err);
/* read_branch_outages.c: states of the network; market.outages has them, too. */
MUST_CHECK enum err_code read_branch_outages(struct loading *l, struct err *err);
/* reference_weight.c */
MUST_CHECK enum err_code set_reference_weight(struct market *m, struct err *err);

/* read_days.c: trade days and their hours. */
MUST_CHECK enum err_code read_days(struct loading *l, struct err *err);

/* A date and an hour of a row, and where they stand in its struct. */
struct when {
    date_t date;
    int hour;
    size_t date_member, hour_member;
};
/* The resource that a row names at the member; -1 where id is -1, and where the market has
 * none of that name: a fault, unless rows of table resources were lost. */
int32_t resource_named(struct loading *l, struct csv_table *t, struct row_head *head,
                       size_t member, int32_t id);
/* Index of the day, -1 for any, and whether it has the hour. False after a fault, and
 * without one when the days themselves are unknown. */
bool resolve_when(struct loading *l, struct csv_table *t, struct row_head *head,
                  const struct when *when, int32_t *day);

#endif
