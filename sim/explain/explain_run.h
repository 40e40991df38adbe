/*
 * explain_run.h - a run file as the market it was: what everybody offered, the network, and
 * what the limits are sums of. Everything comes from the file.
 *
 * Owners are resources, then virtual positions. Pieces of their bids are in injection, in
 * ascending MW, as cleared. Buses are the first n_bus nodes.
 *
 * Layer: sim/explain (may include sim/base, solver, results).
 */
#ifndef SIM_EXPLAIN_EXPLAIN_RUN_H
#define SIM_EXPLAIN_EXPLAIN_RUN_H

#include "results/run_view.h"
#include "solver/network.h"

struct explain_piece {
    int32_t interval, owner;
    double from_mw, to_mw, usd_per_mwh;
    bool is_energy; /* else a self-schedule */
};

struct explain_run {
    struct run_view v;
    struct arena arena;
    bool has_pieces; /* bids are in the file */
    bool is_window;  /* a stage whose runs look at more than is in the file */
    size_t n_owner, n_piece;
    struct explain_piece *piece; /* [n_piece] by interval, owner, MW */
    size_t *first_piece; /* [n_t * n_owner + 1]: of owner i in t: t*n_owner + i */

    /* Where nodes stand: buses and weights; the tie of a scheduling point, -1 = none. */
    size_t n_bus;
    int32_t *bus_start; /* [n_node + 1] into bus, bus_weight */
    int32_t *bus;
    double *bus_weight;
    int32_t *node_tie;

    const uint8_t *node_kind;
    size_t n_tie;
    const char **tie;
    const double *tie_import_mw, *tie_export_mw;
    const int32_t *resource_tie;

    /* Of resources: what joins hours. */
    const double *ramp_up_mw_per_min, *ramp_down_mw_per_min; /* own direction */
    const double *pmin_mw, *pmax_mw, *initial_mw;
    const double *energy_min_mwh, *energy_max_mwh, *end_energy_mwh;
    const double *charge_efficiency, *discharge_efficiency, *initial_energy_mwh;
    const uint8_t *ramp_free; /* [n_t][n_resource]; NULL without pieces */
    double *service_up_mw, *service_down_mw; /* [n_t][n_resource] held; NULL = none */

    /* The network; what limits on branches are sums of. */
    struct network_data data;
    struct network *net;
    const double *rate_mw;      /* [n_branch] */
    int32_t *term_start;        /* [n_limit + 1] */
    const int32_t *term_branch; /* [term_start[n_limit]] */
    const double *term_weight;
    bool *is_whole; /* [n_t] no branch is out of service */

    /* Of later stages: the day-ahead price of the same hour; NULL in the day ahead. */
    const double *hour_lmp; /* [n_hour][n_node] */
    int32_t *hour_of;       /* [n_t] -1 = none */

    double shortage_usd_per_mwh, surplus_usd_per_mwh; /* of the pricing run */
    double branch_usd_per_mwh, tie_usd_per_mwh, ramp_usd_per_mwh, store_usd_per_mwh;
};

/*
 * ERR_INPUT where the file is no market's or does not fit together; as run_view_load
 * otherwise. rd and file are borrowed. Release *out in any case.
 */
MUST_CHECK enum err_code explain_run_load(const struct run_read *rd, const char *file,
                                          const char *stage, struct explain_run *out,
                                          struct err *err);
void explain_run_release(struct explain_run *x);

const char *explain_owner_name(const struct explain_run *x, int32_t owner);
int32_t explain_owner_node(const struct explain_run *x, int32_t owner);
/* MW of an owner in t, injection positive. */
double explain_award_mw(const struct explain_run *x, int32_t t, int32_t owner);
/* Pieces of an owner in t. */
const struct explain_piece *explain_pieces(const struct explain_run *x, int32_t t,
                                           int32_t owner, size_t *n);
/*
 * Factors of a limit at all buses, [n_bus]: MW on the limit per MW injected there and
 * taken over the reference. Of limits on branches only.
 */
MUST_CHECK enum err_code explain_factors(const struct explain_run *x, int32_t limit,
                                         double *factor, struct err *err);
/* The mean of a function of buses at a node. */
double explain_at_node(const struct explain_run *x, int32_t node, const double *of_bus);
/* The last interval + 1 of the trade day that t is in, and its first. */
int32_t explain_day_end(const struct explain_run *x, int32_t t);
int32_t explain_day_begin(const struct explain_run *x, int32_t t);

#endif
