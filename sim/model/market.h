/*
 * market.h - what a market is before anyone has decided anything: rules, network,
 * participants, and the bids as submitted.
 *
 * Filled by sim/input, constant afterwards. Every list is sorted (ids in natural order,
 * see natural.h), so no result can depend on the order of rows in a file.
 *
 * Intervals run over all trade days in order: interval = first_interval[day] + hour
 * position. Arrays over [interval][thing] are row-major.
 *
 * Layer: sim/model.
 */
#ifndef SIM_MODEL_MARKET_H
#define SIM_MODEL_MARKET_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/calendar.h"
#include "sim/model/grid.h"
#include "sim/model/rules.h"

/* A scheduling coordinator. Money in USD. */
struct sc {
    const char *id, *name;
    const char *affiliate;               /* same text = same company */
    date_t certified_from, certified_to; /* inclusive */
    double unsecured_limit_usd, posted_security_usd;
    /* Carried in from before the first trade date (market-wide liability components). */
    double invoiced_usd, published_usd, estimated_usd, extrapolated_usd;
    double crr_usd, other_usd;
};

/* Security that an SC posts while the market runs: counts from the day after. */
struct posting {
    int32_t sc;
    date_t date;
    double amount_usd; /* > 0 */
};

enum node_kind {
    NODE_PNODE, /* a bus */
    NODE_LAP,   /* default load aggregation point */
    NODE_SUBLAP,
    NODE_HUB,       /* trading hub */
    NODE_AGGREGATE, /* any other APNode: custom LAP, aggregated plant, DER aggregation */
    NODE_TIE,       /* scheduling point of a tie: price of its bus less the tie's own */
};

/* A place with a price: X_a = sum_n factor_n X_n. Buses first, in grid order. */
struct node {
    const char *id;
    enum node_kind kind;
    int32_t factor_start, n_factor; /* into market.factor_bus, factor */
    const char *sublap;             /* PNodes: sub-LAP id or NULL */
    int32_t area; /* utility area that all its buses are in; -1 = more than one; 0 where
                     there are none */
    int32_t tie;  /* NODE_TIE: its tie, else -1 */
    bool virtual_eligible;
    double virtual_limit_mw;             /* per SC, side and hour; INFINITY = none */
    double reference_supply_usd_per_mwh; /* credit exposure of virtual supply */
    double reference_demand_usd_per_mwh;
    double longitude_deg, latitude_deg; /* both NaN where not known; never for others
                                         * than PNodes */
};

/* A utility's distribution area: buses, and what is metered at them. */
struct utility_area {
    const char *id;
    bool follows_load; /* a metered subsystem whose own units follow its load */
    int32_t sc;        /* then: who answers for it */
};

/* An intertie with scheduling limits; import and export resources name it. */
struct tie {
    const char *id;
    int32_t bus;                             /* scheduling point */
    int32_t node;                            /* its NODE_TIE */
    double import_limit_mw, export_limit_mw; /* >= 0, INFINITY = none */
};

/* X(enumerator, name in files, MW of its bids are withdrawals) */
#define RESOURCE_TYPE_MAP(X)      \
 X(GENERATOR, "generator", false) \
 X(LOAD, "load", true)            \
 X(STORAGE, "storage", false)     \
 X(PDR, "pdr", false)             \
 X(DERA, "dera", false)           \
 X(IMPORT, "import", false)       \
 X(EXPORT, "export", true)

// clang-format off
enum resource_type {
#define RESOURCE_ENUM(c, name, withdraws) RESOURCE_##c,
    RESOURCE_TYPE_MAP(RESOURCE_ENUM)
#undef RESOURCE_ENUM
    RESOURCE_TYPES
};
// clang-format on

/* X(enumerator, name in files): how an import or export is scheduled in real time. */
#define TIE_OPTION_MAP(X)                                                          \
 X(HOURLY, "hourly")            /* a block for the hour, by its bids */            \
 X(SELF, "self_hourly")         /* a block of what the day-ahead market awarded */ \
 X(CHANGE, "hourly_one_change") /* a block that may change once within the hour */ \
 X(FIFTEEN, "fifteen_minute")   /* by its bids every fifteen minutes */            \
 X(DYNAMIC, "dynamic")          /* dispatched like a generator */                  \
 X(VARIABLE, "self_variable")   /* imports: what is forecast of it, likewise */

// clang-format off
enum tie_option {
#define TIE_OPTION_ENUM(c, name) TIE_OPTION_##c,
    TIE_OPTION_MAP(TIE_OPTION_ENUM)
#undef TIE_OPTION_ENUM
    TIE_OPTIONS
};
// clang-format on

/* X(enumerator, name in files): what a coordinator says to its block of an hour. */
#define TIE_ANSWER_MAP(X) \
 X(ACCEPT, "accept")      \
 X(PARTIAL, "partial")    \
 X(DECLINE, "decline")    \
 X(NONE, "none")

// clang-format off
enum tie_answer {
#define TIE_ANSWER_ENUM(c, name) TIE_ANSWER_##c,
    TIE_ANSWER_MAP(TIE_ANSWER_ENUM)
#undef TIE_ANSWER_ENUM
    TIE_ANSWERS
};
// clang-format on

struct tie_response {
    enum tie_answer answer;
    double accepted_mw; /* TIE_ANSWER_PARTIAL: of the block, >= 0 */
    bool late;          /* after the fifteen-minute market could heed it */
};

enum {
    START_KINDS = 3 /* hot, warm, cold */
};

/* How a generator may be started and stopped by the market. */
struct commitment_terms {
    int32_t min_up_h, min_down_h;       /* >= 1 */
    int32_t n_start;                    /* 0 = starts cost nothing */
    int32_t start_after_h[START_KINDS]; /* hours off from which it holds, ascending */
    double start_cost_usd[START_KINDS]; /* never falls */
    double min_load_usd_per_h;          /* of running at Pmin */
    double start_mw, stop_mw; /* most output in the first and the last hour of a run */
    int32_t
        initial_h; /* > 0: on for that long before the first day, < 0: off; never 0 */
    int32_t max_starts;   /* each trade day; 0 = any number */
    bool fast;            /* the fifteen-minute market starts and stops it, too */
    int32_t start_up_min; /* of fast units: minutes from the order to Pmin */
    int32_t initial_min;  /* what initial_h is in minutes; 0 = 60 x |initial_h| */
    bool must_run;
};
/*
 * X(enumerator, name in files, what it is): ancillary services. Of the upward ones each
 * also serves for those after it.
 */
#define SERVICE_MAP(X)               \
 X(RU, "RU", "regulation up")        \
 X(SR, "SR", "spinning reserve")     \
 X(NR, "NR", "non-spinning reserve") \
 X(RD, "RD", "regulation down")

// clang-format off
enum service {
#define SERVICE_ENUM(c, name, text) SERVICE_##c,
    SERVICE_MAP(SERVICE_ENUM)
#undef SERVICE_ENUM
    SERVICES
};
// clang-format on

/*
 * A configuration of a plant: how a generator of several machines can run, such as one gas
 * turbine with the steam turbine, or two. On in at most one at a time.
 */
struct configuration {
    const char *id;   /* unique in its plant */
    int32_t resource; /* the plant */
    double pmin_mw, pmax_mw;
    double min_load_usd_per_h;       /* of running at pmin_mw */
    double energy_adder_usd_per_mwh; /* to prices of the plant's bid while in it, where
                                           it has no curve of its own */
    bool may_start, may_stop;        /* from off into it, from it to off */
    double start_cost_usd[START_KINDS]; /* of starts into it; kinds are the plant's */
    int32_t min_up_h;                   /* hours in it at least, >= 1 */
    double start_mw, stop_mw;      /* most output in the hour of a start, and in the
                                           last one before a stop */
    double certified_mw[SERVICES]; /* at most that of the plant */
};

/* A move that the plant may make, between two of its configurations. */
struct transition {
    int32_t from, to; /* in market.configuration */
    double cost_usd;
    int32_t time_min; /* for so long, at least, it has been in `from` */
};

struct resource {
    const char *id;
    enum resource_type type;
    int32_t sc;
    int32_t node;
    int32_t tie;                /* imports and exports, else -1 */
    enum tie_option tie_option; /* imports and exports */
    /*
     * Range of MW. Generators, imports, PDR: 0 <= pmin <= pmax of injection. Loads,
     * exports: 0 <= pmin <= pmax of withdrawal. Storage, DERA: pmin < 0 charges.
     */
    double pmin_mw, pmax_mw;
    double ramp_up_mw_per_min, ramp_down_mw_per_min; /* INFINITY = none */
    double initial_mw;     /* NaN = unknown, no ramp limit in */
    bool market_committed; /* the market decides when it runs, on these terms */
    struct commitment_terms commit;
    /*
     * Plants: their configurations, ascending pmax_mw, and transitions are rows of the
     * market; n_configuration is 0 for all others. pmin_mw and pmax_mw above are the least
     * and the greatest of theirs. See admit_configurations() for what they bid.
     */
    int32_t first_configuration, n_configuration;
    int32_t first_transition, n_transition;
    int32_t initial_configuration;   /* in market.configuration; -1 = it is off */
    int32_t initial_configuration_h; /* in it for so long before the first day, >= 1 */
    /* Storage only. */
    double energy_min_mwh, energy_max_mwh;
    double charge_efficiency, discharge_efficiency;
    double initial_energy_mwh;
    double end_energy_mwh; /* at least this at the end of each trade day; NaN = none */
    /* Loads only: this share of the LAP's forecast is self-scheduled in hours without
     * any bid; 0 = no bid, no load. */
    double forecast_share;
    double certified_mw[SERVICES]; /* 0 = not certified; loads, ties: 0 */
    /* Registration. */
    bool active;
    date_t registered_from, registered_to; /* inclusive */
    const char
        *technology; /* for reports: "solar", "wind", "gas" ...; "" if not given */
};

/* X(enumerator, name in files, is a self-schedule) in order of clearing. */
#define BID_KIND_MAP(X)        \
 X(SELF_TOR, "self_tor", true) \
 X(SELF_ETC, "self_etc", true) \
 X(SELF_RMT, "self_rmt", true) \
 X(SELF_PT, "self_pt", true)   \
 X(SELF_LPT, "self_lpt", true) \
 X(ENERGY, "energy", false)

// clang-format off
enum bid_kind {
#define BID_ENUM(c, name, is_self) BID_##c,
    BID_KIND_MAP(BID_ENUM)
#undef BID_ENUM
    BID_KINDS
};
// clang-format on

/*
 * One piece of a bid curve, from_mw < to_mw, in the bidder's own direction: injection,
 * but withdrawal for loads, exports and virtual demand. Within a bid pieces are
 * contiguous and sorted by from_mw, self-schedules first; prices of energy pieces never
 * fall (withdrawals: never rise). Self-schedules have no price (NaN).
 */
struct bid_segment {
    double from_mw, to_mw;
    double price_usd_per_mwh;
    enum bid_kind kind;
};

/* Bids of all owners (resources or virtual positions) in all intervals. */
struct book {
    int32_t n_owner, n_interval;
    int64_t
        *start; /* [n_owner * n_interval + 1]; bid of owner o in t: o*n_interval + t */
    struct bid_segment *seg;
};

enum virtual_side {
    VIRTUAL_SUPPLY,
    VIRTUAL_DEMAND,
};

/* What one SC bids at one node on one side: the owner of virtual bids. */
struct virtual_position {
    const char *id; /* "SC:NODE:supply" */
    int32_t sc, node;
    enum virtual_side side;
};

/*
 * Where services are required. Of two regions one holds every resource of the other, or
 * they share none. Region 0 is SYSTEM, every resource.
 */
struct service_region {
    const char *id;
    int32_t parent; /* the smallest region that holds it, -1 = none (SYSTEM) */
    bool ramping;   /* in windows of real time: flexible ramping, apart from services */
};

/* One service that a resource offers in some interval. */
struct service_bidder {
    const char *id; /* "G1 RU" */
    int32_t resource;
    enum service service;
    bool ramping; /* counts for the region of flexible ramping alone */
};

/* What a bidder offers in one interval: MW at a price, and MW that it provides itself,
 * whatever the price, against its own obligation. */
struct service_offer {
    double offer_mw, price_usd_per_mw, self_mw;
};

enum {
    RT_QUARTERS = 4, /* fifteen-minute intervals of an hour */
    RT_FIVES = 12,   /* five-minute intervals of an hour */
    RT_FIVES_A_QUARTER = 3
};

/*
 * What the day turns out to be; arrays are NULL where the market has no real time. Rows
 * are five-minute intervals: RT_FIVES x hourly interval + position in the hour.
 */
struct real_time_input {
    double *load_mw;     /* [RT_FIVES n_interval][n_node] load, NaN = as scheduled */
    double *fmm_load_mw; /* likewise, as forecast for the fifteen-minute market */
    double
        *available_mw;   /* [RT_FIVES n_interval][n_resource] most output, INFINITY = as
                             registered; where there is a number, a bid reaches up to it */
    int32_t *known_from; /* likewise: the five-minute interval from which runs know */
};

/* What a meter said, as first reported or in a later recalculation. */
struct meter_row {
    int32_t recalculation; /* 0 = first */
    int32_t resource, interval;
    int32_t five;      /* of the hour, -1 = the whole hour */
    double energy_mwh; /* injection positive */
};

/* What the meter of a branch between two areas said, as struct meter_row. */
struct branch_meter_row {
    int32_t recalculation;
    int32_t branch, interval;
    int32_t five;      /* of the hour, -1 = the whole hour */
    double energy_mwh; /* along the branch, from its first bus */
};

/* What the customers of a demand response resource took in an hour of a day. */
struct response_row {
    int32_t resource;
    date_t date;
    int32_t hour; /* hour-ending */
    bool skipped; /* outage or earlier event: no day to compare with */
    double load_mwh;
};

struct market {
    struct arena arena; /* owns everything below except grid, outages and the books */
    const char *name, *description, *time_zone;
    const char *base_name; /* of the scenario that this one changes; "" = none */
    int32_t n_change;      /* what it changes, in words, in the order it was done */
    const char **change;   /* [n_change] */
    struct rules rules;
    struct grid grid;
    struct grid_outages
        outages; /* that must be survived without redispatch, then states */
    /*
     * Hours in which branches are out of service as planned. What is out then is a state of
     * the network: an outage, followed by every contingency in that state. outage_state of
     * an outage is the state in which it counts, -1 = the whole network; that of a state is
     * itself. NULL: nothing is ever out.
     */
    int32_t *network_state; /* [n_interval] outage that is its state, -1 = whole */
    int32_t *outage_state;  /* [outages.n] */

    double interval_min; /* 60; a window of real time is a market of shorter ones */
    int32_t n_day, n_interval;
    struct trade_day *day;   /* [n_day] ascending dates */
    int32_t *first_interval; /* [n_day + 1] */

    int32_t n_sc, n_node, n_tie, n_resource, n_virtual;
    struct sc *sc;
    int32_t n_posting;
    struct posting *posting; /* [n_posting] by date, sc */
    struct node
        *node; /* grid.n_bus PNodes first, then APNodes by id, then ties by id */
    struct tie *tie;
    struct resource *resource;
    int32_t n_configuration, n_transition;
    struct configuration
        *configuration;            /* [n_configuration] by resource, pmax, pmin, id */
    struct transition *transition; /* [n_transition] by resource, from, to */
    struct virtual_position *position;
    int32_t n_area;               /* 0 = the system is one */
    struct utility_area *area;    /* [n_area] by id */
    int32_t mitigation_reference; /* node, -1 = the distributed load reference */
    int32_t *factor_bus;          /* distribution factors of all nodes */
    double *factor;               /* > 0, each node's sum to 1 */
    double *reference_weight; /* [n_bus] the distributed load reference, any scale */

    double *forecast_mw; /* [n_interval][n_node], 0 where none */
    bool *has_forecast;  /* [n_node] */
    /* [n_interval][n_resource] price of capacity in residual commitment; NULL = 0 */
    double *ruc_bid_usd_per_mw;
    struct book bids;         /* owners: resources; mem.h memory */
    struct book virtual_bids; /* owners: positions */
    struct book default_bids; /* owners: resources; energy pieces only, none for loads
                                 and exports */
    struct book rt_bids; /* owners: resources; where a bid is not empty it holds in real
                            time, elsewhere that of .bids does; .start NULL = none */
    /* Owners: configurations; where not empty, the curve of the plant in it instead of the
     * plant's own, and its default energy bid; .start NULL = none. */
    struct book configuration_bids, configuration_default_bids;
    int64_t n_bid_rows; /* rows read, for reports */

    struct real_time_input rt;
    struct tie_response *tie_response; /* [n_interval][n_resource]; NULL = all accept */
    int64_t n_meter_row;
    struct meter_row
        *meter_row; /* by recalculation; later rows hold against earlier ones */
    int64_t n_branch_meter;
    struct branch_meter_row *branch_meter; /* likewise; branches between areas only */
    int64_t n_response;
    struct response_row *response; /* ascending resource, date, hour */

    /* Ancillary services; n_service_region is 0 where the market has none. */
    int32_t n_service_region, n_service_bidder;
    struct service_region *service_region; /* [n_service_region] SYSTEM, then by id */
    bool *in_region;                       /* [n_service_region][n_resource] */
    double *required_mw;    /* [n_interval][n_service_region][SERVICES] */
    double *rt_required_mw; /* likewise, of the fifteen-minute market */
    struct service_bidder *service_bidder; /* [n_service_bidder] resource, service */
    struct service_offer *service_offer;   /* [n_interval][n_service_bidder] */

    uint64_t fingerprint; /* of all inputs, independent of row order */
};

void market_release(struct market *m);
void book_release(struct book *b);

/* Names as they stand in files. */
const char *resource_type_name(enum resource_type type);
bool resource_type_withdraws(enum resource_type type);
const char *bid_kind_name(enum bid_kind kind);
bool bid_kind_is_self(enum bid_kind kind);
const char *node_kind_name(enum node_kind kind);
const char *tie_option_name(enum tie_option option);
bool resource_type_is_tie(enum resource_type type); /* imports and exports */
/* Whether hour-ahead runs settle on a block for the hour. */
bool tie_option_is_block(enum tie_option option);
/* Whether fifteen-minute runs take it by its bids. */
bool tie_option_is_priced(enum tie_option option);
const char *service_name(enum service service); /* "RU" */
const char *service_text(enum service service); /* "regulation up" */
/* Loads, imports and exports hold no services. */
bool resource_type_serves(enum resource_type type, enum service service);

/* Segments of owner o in interval t; *n may be 0. */
static inline const struct bid_segment *book_bid(const struct book *b, int32_t owner,
                                                 int32_t interval, int32_t *n)
{
    int64_t at = (int64_t)owner * b->n_interval + interval;
    *n = (int32_t)(b->start[at + 1] - b->start[at]);
    return b->seg + b->start[at];
}

/* Sets parents from in_region. */
void market_nest_regions(struct market *m);
/*
 * MW of a service that a region and those within it need in an interval: its own
 * requirement or the sum of those directly within it, whichever is more. required_mw:
 * that of the market, or of its real time.
 */
double market_need_mw(const struct market *m, const double *required_mw,
                      int32_t interval, int32_t region, enum service service);

/* MW of a service that a region needs in an interval. */
static inline double market_required_mw(const struct market *m, int32_t interval,
                                        int32_t region, enum service service)
{
    int64_t at = (int64_t)interval * m->n_service_region + region;
    return m->required_mw[at * SERVICES + (int64_t)service];
}
static inline bool market_in_region(const struct market *m, int32_t region,
                                    int32_t resource)
{
    return m->in_region[(int64_t)region * m->n_resource + resource];
}

/* Range of resource r, a plant in configuration c; c < 0: of all it can do. */
static inline double market_pmin_mw(const struct market *m, int32_t r, int32_t c)
{
    return c < 0 ? m->resource[r].pmin_mw : m->configuration[c].pmin_mw;
}
static inline double market_pmax_mw(const struct market *m, int32_t r, int32_t c)
{
    return c < 0 ? m->resource[r].pmax_mw : m->configuration[c].pmax_mw;
}

/* Day that an interval belongs to. */
int32_t market_day_of(const struct market *m, int32_t interval);
/* Length of every interval, hours. */
static inline double market_duration_h(const struct market *m)
{
    return m->interval_min / 60.0;
}

#endif
