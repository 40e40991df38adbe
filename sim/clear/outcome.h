/*
 * outcome.h - the result of clearing: awards, prices, what bound, what was relaxed.
 *
 * Arrays over [interval][thing] are row-major and cover all trade days of the market.
 * Awards: injection positive, withdrawal negative. Prices in USD/MWh. Nothing here is
 * money: sim/settle turns it into money.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_OUTCOME_H
#define SIM_CLEAR_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/err.h"
#include "sim/base/watch.h"
#include "sim/model/market.h"
#include "solver/loss.h"

enum constraint_kind {
    CONSTRAINT_BRANCH,
    CONSTRAINT_TIE,
    CONSTRAINT_RAMP,
    CONSTRAINT_ENERGY,
    CONSTRAINT_SERVICE,        /* what is required: see (1) of services.h */
    CONSTRAINT_RANGE,          /* energy and services within the range of a bid */
    CONSTRAINT_SERVICE_RAMP,   /* services within what ramps in time */
    CONSTRAINT_SERVICE_ENERGY, /* services within what is stored */
};

/* A limit that bound or was relaxed in at least one interval. */
struct constraint {
    const char
        *id; /* "branch 4-5 max", "branch 4-5 max after 1-2", "tie X import", "ramp
                G1 up", "energy S1 min", "required SYSTEM RU+SR", "range G1 up" */
    enum constraint_kind kind;
    int32_t index;  /* branch, tie, region x SERVICES + service, or resource */
    int32_t outage; /* of branches: after which outage of the market, -1 = none */
    bool upper;     /* which side of it */
};

/*
 * What a constraint of kind CONSTRAINT_BRANCH limits, read as "left-hand side <= limit" (a
 * minimum changes sign): left-hand side = sum over its terms of weight x flow. One term
 * without an outage; after one, a term more for each branch that was lost and shifts flow.
 */
struct flow_term {
    int32_t constraint, branch; /* ascending by constraint */
    double weight;
};

/*
 * d(left-hand side)/d(injection at the node), against the distributed reference, so that
 *
 *     lmp_congestion(node) = - sum over constraints of shadow price x factor
 *     factor(constraint, node) = sum over its terms of weight x PTDF(branch, node)      (1)
 *
 * A tie acts at its own node.
 */
struct shift_factor {
    int32_t constraint, node;
    double factor; /* only |factor| > 1e-9, branch and tie constraints only */
};

/*
 * Factors are constraints x nodes numbers, most of which are small and none of which is
 * news: (1) gives them back from the terms, the susceptances and the reference weights,
 * which are always kept.
 */
enum shift_choice {
    SHIFT_AUTO, /* all, unless they could be more than SHIFT_AUTO_MOST */
    SHIFT_ALL,
    SHIFT_NONE,
};

enum {
    SHIFT_AUTO_MOST = 1000000
};

enum relaxation_kind {
    RELAX_SHORTAGE,
    RELAX_SURPLUS,
    RELAX_LIMIT,         /* a constraint */
    RELAX_SELF_SCHEDULE, /* a self-schedule that was cut */
    RELAX_SERVICE,       /* a service that is short */
};

/* A limit that could not be kept. Sorted: dearest (to the cent), interval, text. */
struct relaxation {
    enum relaxation_kind kind;
    int32_t interval;
    int32_t owner;    /* resource or -1 */
    double mw;        /* how much, > 0, in that unit */
    const char *unit; /* "MW", or "MWh" for stored energy */
    double cost_usd;  /* mw x duration x penalty of the scheduling run */
    const char *text; /* "price-taking demand LOAD_A cut" in market words */
};

struct clear_certificate {
    double primal_residual_mw;
    double dual_residual_usd_per_mwh;
    double relative_gap;
    double
        rent_residual_usd; /* worst interval: payments - credits - sum mu F - rents */
};

struct clear_stats {
    int32_t columns, rows_added, rows_binding, rounds;
    int32_t outage_rows_added, outage_rows_binding; /* of those */
    int64_t simplex_iterations;
    int32_t loss_tangents, loss_steps; /* see solver/lossy.h */
    double seconds_factor, seconds_lp, seconds_screen, seconds_certify;
};

/* A limit that bound or was relaxed in one interval; clear_end turns these into
 * constraints, shadow prices and relaxations. */
struct outcome_row {
    enum constraint_kind kind;
    bool upper;
    int32_t index, interval, outage;
    double limit, relaxed, shadow_usd_per_mwh;
};

/* An outage that has no limits afterwards: it cuts buses off, or loses a unit that nobody
 * can replace (n_bus_cut_off 0). */
struct unscreened {
    int32_t outage;
    int32_t n_bus_cut_off;
    double load_cut_off_mw;
};

/* What a unit's awards of one day earn at a set of prices, and are short of. */
struct unit_earning {
    double revenue_usd;    /* energy and services */
    double make_whole_usd; /* max(0, cost - revenue) */
    double
        lost_opportunity_usd; /* best profit of any schedule of its own less this one */
};

/* See (1) to (3) of hull.h. */
struct unit_uplift {
    int32_t day, resource;
    double cost_usd; /* energy and services as bid, starts, minimum load */
    struct unit_earning lmp, hull;
};

/* How well units were committed, over all days. */
struct commitment_facts {
    int32_t n_unit;             /* generators that the market commits */
    int32_t n_start, n_self;    /* starts; unit-days that could not be committed */
    double cost_usd, bound_usd; /* of energy, starts and minimum load; bound: no
                                        commitment costs less */
    double start_usd, min_load_usd, transition_usd;
    int32_t n_transition;
    double
        hull_value_usd; /* what the convex hull prices prove, without cuts: <= bound */
    int64_t work;
};

/* One piece of a bid as it was cleared, in injection: what the market could choose from. */
struct cleared_piece {
    int32_t interval, resource, position; /* -1 = the other of the two */
    double from_mw, to_mw;                /* from < to; cut at 0 for storage */
    double usd_per_mwh; /* of the pricing run: a self-schedule gives way at a cap */
    enum bid_kind kind;
};

struct outcome {
    struct arena arena;
    bool keep_pieces;            /* stated by the caller before the first day */
    struct cleared_piece *piece; /* [n_piece] mem.h memory; by interval, owner, MW */
    int64_t n_piece, room_piece;
    uint8_t *ramp_free; /* [n_interval][n_resource] no ramp limit into it; NULL unless
                           pieces are kept */
    struct outcome_row *row; /* [n_row] mem.h memory; in the order of constraint[] and
                                interval after clear_end */
    int32_t n_row, room_row;
    double interval_h; /* length of every interval */
    int32_t n_interval, n_node, n_resource, n_virtual, n_branch, n_constraint;
    int32_t n_configuration;  /* of plants; 0: the next two arrays are NULL */
    double *award_mw;         /* [n_interval][n_resource] */
    double *virtual_award_mw; /* [n_interval][n_virtual] */
    double *lmp, *lmp_energy, *lmp_congestion, *lmp_loss; /* [n_interval][n_node] */
    double *flow_mw;                                      /* [n_interval][n_branch] */
    int32_t n_dc_line;           /* 0 in markets: DC lines are off there */
    double *dc_line_mw;          /* [n_interval][n_dc_line] taken at the from end */
    double *dc_line_received_mw; /* [n_interval][n_dc_line] given at the to end */
    uint8_t *on;            /* [n_interval][n_resource] units that the market commits */
    double *start_cost_usd; /* [n_interval][n_resource] of a start in that interval */
    int32_t *configuration; /* [n_interval][n_resource] of plants that are on, in
                               market.configuration; -1 = others */
    double
        *transition_usd; /* [n_interval][n_resource] of a move between configurations */
    double *min_load_usd; /* [n_interval][n_resource] of running at Pmin */
    struct commitment_facts commitment;
    /* Beside the prices that are paid, where the market commits: hull.h. */
    double *hull_lmp;                /* [n_interval][n_node] */
    double *hull_service_usd_per_mw; /* [n_interval][n_service_region][SERVICES] */
    double *hull_service_bidder_usd_per_mw; /* [n_interval][n_service_bidder] */
    struct unit_uplift *uplift;             /* [n_uplift] by day and resource */
    int32_t n_uplift;
    /* What units do in the end, where a later stage changed .on and .award_mw: a day starts
     * from there. NULL = it did not. Borrowed, [n_interval][n_resource]. */
    const uint8_t *state_on;
    const int32_t *state_configuration;
    const double *state_mw;
    const double *state_energy_mwh;
    const int32_t
        *state_since_min; /* [n_resource] when the last day ends: minutes since a
                                       unit started or stopped; NULL = hours will do */
    double *energy_mwh;   /* [n_interval][n_resource] storage only, else NaN */
    double *shortage_mw, *surplus_mw; /* [n_interval] */
    /* Ancillary services; empty where the market has none. Prices: (5) of services.h. */
    int32_t n_service_bidder, n_service_region;
    double *service_mw; /* [n_interval][n_service_bidder] award, self-provision too */
    double *service_self_mw; /* [n_interval][n_service_bidder] self-provided part */
    double *service_bidder_usd_per_mw; /* [n_interval][n_service_bidder] its price */
    double *service_usd_per_mw;        /* [n_interval][n_service_region][SERVICES] */
    double *service_short_mw; /* likewise: of the service and those better, together */
    double *rent_usd;         /* [n_interval] sum over constraints of shadow price x
                                 limit (as relaxed), duration included */
    enum loss_placement losses; /* LOSS_OFF: the next three are 0 */
    double *loss_mw;            /* [n_interval] lost on all branches */
    double *branch_loss_mw;     /* [n_interval][n_branch] */
    double
        *loss_surplus_usd; /* [n_interval] paid for losses and received by nobody, see
                                 (5) of solver/loss.h, duration included */
    double *shadow_price;  /* [n_interval][n_constraint], >= 0, one more MW of limit */
    struct constraint *constraint;
    double *susceptance_mw_per_rad; /* [n_branch] of the DC convention, INFINITY = a tie
                                       of buses */
    double *reference_weight; /* [n_node] sums to 1 in each island, 0 but at buses */
    struct flow_term *term;
    int32_t n_term;
    enum shift_choice shift_choice; /* stated by the caller before the end */
    const struct watch *watch;      /* stated by the caller; NULL = nobody looks */
    bool shift_left_out;            /* there are some, and none is here */
    struct shift_factor *shift;     /* [n_shift] by constraint and node */
    int64_t n_shift;
    int32_t n_outage, n_outage_idle; /* asked for; and of nothing in service */
    struct unscreened *unscreened;   /* [n_unscreened] by outage */
    int32_t n_unscreened;
    double outage_penalty_usd_per_mwh; /* of the scheduling run */
    struct relaxation *relaxation;     /* [n_relaxation] mem.h memory */
    int32_t n_relaxation, room_relaxation;
    bool losses_proven;  /* see solver/dispatch.h, all days */
    double loss_gap_usd; /* see solver/dispatch.h, all days */
    bool consistent; /* the awards are optimal at the prices (see solver/dispatch.h) */
    double
        objective_usd; /* bid cost of the awards, starts, minimum load and penalties */
    struct clear_certificate certificate; /* worst over days */
    struct clear_stats stats;
};

void outcome_release(struct outcome *o);

/* The configuration of resource r in an interval, in market.configuration; -1 = none. */
static inline int32_t outcome_configuration(const struct outcome *o, int32_t interval,
                                            int32_t r)
{
    return o->configuration ? o->configuration[(int64_t)interval * o->n_resource + r]
                            : -1;
}

/* That in which it runs in the end, after residual commitment. */
static inline int32_t outcome_last_configuration(const struct outcome *o,
                                                 int32_t interval, int32_t r)
{
    const int32_t *of =
        o->state_configuration ? o->state_configuration : o->configuration;
    return of ? of[(int64_t)interval * o->n_resource + r] : -1;
}

#endif
