/*
 * dispatch.h - economic dispatch over a network and several intervals, as mathematics.
 *
 * This is the border between market and solver: generators, loads, exports, demand
 * response, aggregations and virtual bids are all *injections*. For interval t (h_t
 * hours long), injection i, its segments s, bus n, branch l:
 *
 *     minimise   sum_t h_t [ sum_is c_its x_its  +  penalties ]                (1)
 *     0 <= x_its <= w_its,   P_it = base_it + sum_s x_its                      (2)
 *     I_nt = fixed_nt + sum_i weight_in P_it                                   (3)
 *     balance      sum_{n in island} I_nt + short_at - surplus_at = loss_at    (4)
 *     branch       min_l <= sum_n PTDF_ln I_nt - (shift flow) <= max_l         (5)
 *     group        sum_i a_ki P_it + b_k e_s(k)t <= max_kt                     (6)
 *     ramp         -down_i h_t <= P_it - P_i,t-1 <= up_i h_t                   (7)
 *     store        e_t = e_t-1 - h_t (dis_t / eta_d - eta_c ch_t),             (8)
 *                  min <= e_t <= max, e_T >= end
 *                  where P = dis - ch, segments above 0 MW discharge and those below
 *                  charge, never both in one interval
 *
 *     outage       (5) for the flows after outage k, with other limits        (9)
 *
 * Not every injection stands at a bus: one without any takes no part in (3)-(5) and is
 * known only to the groups. So are services beside energy stated: an award is an injection
 * without buses, what is required of it another, and (6) ties them to each other, to the
 * energy of the same unit and to the energy held by a store.
 *
 * An outage takes branches out at once and loses injections; nobody redispatches. What a
 * lost injection gave is given by the others in proportion to their participation. An
 * outage that cuts buses off is reported and has no limits (9): see outage.h.
 *
 * loss_at is what the branches of the island lose, 0 unless .losses says otherwise;
 * loss.h says where it falls and what that does to flows and prices. After an outage
 * the losses are those before it.
 *
 * Every limit (4)-(9) may be relaxed at a penalty, so a dispatch always exists. Two
 * passes: the scheduling run (cost c, penalties .schedule) decides MW; the pricing run
 * decides prices: what was relaxed, or would be by the next increment of load, stays
 * relaxed and costs .price_cost or the penalty of .pricing; all else is as before. Where
 * nothing is relaxed they are one problem.
 *
 * Prices are stated for the next increment of load, spread over the reference, and of
 * what is required of services (.grows); equal
 * offers that load the binding limits alike share pro rata to their widths. Both make
 * the answer independent of the order in which injections are stated, up to rounding.
 *
 * Signs: injection positive. Shadow prices >= 0. lmp = d(cost)/d(load at the bus).
 *
 * Arrays over [interval][thing] are row-major: x[t * n_thing + thing].
 *
 * Layer: solver.
 */
#ifndef SOLVER_DISPATCH_H
#define SOLVER_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"
#include "sim/base/watch.h"
#include "solver/loss.h"
#include "solver/network.h"

struct dispatch_segment {
    double width_mw;               /* >= 0, finite */
    double cost_usd_per_mwh;       /* scheduling run; never falls within an injection */
    double price_cost_usd_per_mwh; /* pricing run; likewise */
};

/* A convex polynomial cost sum_k coef[k] P^k in $/h of the whole injection. */
struct dispatch_polynomial {
    int32_t injection; /* its segments must be one, of zero cost: the range of P */
    int32_t n_coef;
    const double *coef; /* [n_coef] ascending powers, borrowed */
};

struct dispatch_store {
    int32_t injection;
    double charge_efficiency, discharge_efficiency; /* in (0, 1] */
    double energy_min_mwh, energy_max_mwh;
    double energy_initial_mwh;
    double energy_end_min_mwh; /* at the end of the last interval; -INFINITY = none */
};

/* Contingencies; see (9). Lists of one outage ascend and have no repeats. */
struct dispatch_outages {
    int32_t n_outage;
    const char *const *name;     /* [n_outage] for messages; NULL = they have none */
    const int32_t *branch_start; /* [n_outage + 1] into branch: those it takes out */
    const int32_t *branch;
    const int32_t *injection_start; /* [n_outage + 1] into injection: those it loses */
    const int32_t *injection;
    const double *participation;   /* [n_injection] >= 0, any scale */
    const double *min_mw, *max_mw; /* [n_branch] limits afterwards, +-INFINITY = none */
    const double *load_mw;         /* [n_bus] to say how much is cut off; NULL = 0 */
    /*
     * States of the network. In interval t with state[t] = s >= 0 the branches of outage s
     * are out of service, as planned: the limits (5) are those of the network after s, which
     * keeps them as they stand there, and of the outages only those with state_of = s
     * count. With state[t] = -1 it is whole, and those with state_of = -1 count. An outage
     * that is a state has itself as state_of, and must not cut buses off. Such problems
     * have LOSS_OFF. NULL = it is always whole.
     */
    const int32_t *state;    /* [n_interval] */
    const int32_t *state_of; /* [n_outage] */
};

/* Whether outage k counts in interval t; -1: the network as it is. */
static inline bool dispatch_outage_counts(const struct dispatch_outages *o, int32_t t,
                                          int32_t k)
{
    return !o || !o->state || o->state[t] == (k < 0 ? -1 : o->state_of[k]);
}

/* Price of relaxing each kind of limit by one MW for one hour (store: one MWh). */
struct dispatch_penalty {
    double shortage_usd_per_mwh, surplus_usd_per_mwh;
    double branch_usd_per_mwh, group_usd_per_mwh;
    double ramp_usd_per_mwh, store_usd_per_mwh;
    double outage_usd_per_mwh; /* of branch limits after an outage */
};

struct dispatch_problem {
    struct network *net;
    enum loss_placement losses; /* LOSS_OFF = the network loses nothing */
    int32_t n_interval;
    const double *duration_h; /* [n_interval] */
    const double *fixed_mw;   /* [n_interval][n_bus], or NULL */

    int32_t n_injection;
    const int32_t *bus_start; /* [n_injection + 1] into bus, bus_weight */
    const int32_t *bus;       /* buses of an injection, no repeats */
    const double *bus_weight; /* any sign, any sum */
    const double *base_mw;    /* [n_interval][n_injection] */
    const int64_t *seg_start; /* [n_interval * n_injection + 1] into seg */
    const struct dispatch_segment *seg;
    const double *ramp_up_mw_per_h;   /* [n_injection], INFINITY = none */
    const double *ramp_down_mw_per_h; /* [n_injection] */
    const double *initial_mw; /* [n_injection] before the first interval, NaN = free */
    const bool *
        ramp_free; /* [n_interval][n_injection] true = no ramp limit into it; NULL = none */

    int32_t n_polynomial;
    const struct dispatch_polynomial *polynomial;
    int32_t n_store;
    const struct dispatch_store *store;

    int32_t n_group;
    const int32_t *group_start; /* [n_group + 1] into group_injection, group_coef */
    const int32_t *group_injection;
    const double *group_coef;
    const double *group_max_mw; /* [n_interval][n_group], INFINITY = none */
    /* The energy term: a store whose injection is not in the group, -1 = none; b in MW per
     * MWh. NULL = no group has one. */
    const int32_t *group_store;      /* [n_group] */
    const double *group_energy_coef; /* [n_group] */
    /* Of relaxing the group, in both runs, never steeper; NaN = .group_usd_per_mwh of the run; NULL = all
     * are so. */
    const double *group_penalty_usd_per_mwh; /* [n_group] */
    /* The next increment of load makes these larger too. In every interval such an
     * injection has one segment, of zero width and cost, or none. NULL = no injection. */
    const bool *grows; /* [n_injection] */

    const struct dispatch_outages *outages; /* NULL = none */

    struct dispatch_penalty schedule, pricing;
    /*
     * How often these, but for limits after outages, are multiplied by
     * DISPATCH_STEEPER at most: while one of the others is relaxed in the scheduling run.
     */
    int32_t n_steeper;
    const struct watch
        *watch; /* counts intervals while a start is sought; NULL = nobody */
};

enum {
    DISPATCH_STEEPER = 100
};

enum dispatch_row_kind {
    DISPATCH_BRANCH_MAX, /* index = branch, (5) upper */
    DISPATCH_BRANCH_MIN, /* index = branch, (5) lower */
    DISPATCH_GROUP,      /* index = group, (6) */
    DISPATCH_RAMP_UP,    /* index = injection, (7) from t-1 to t */
    DISPATCH_RAMP_DOWN,  /* index = injection */
    DISPATCH_STORE_MAX,  /* index = store, (8) at the end of t */
    DISPATCH_STORE_MIN,  /* index = store */
    DISPATCH_ROW_KINDS,
};

/* A limit that entered the problem because a trial dispatch broke it. */
struct dispatch_row {
    enum dispatch_row_kind kind;
    int32_t index, interval;
    int32_t outage;  /* of branch limits: -1 = the network as it is */
    int64_t term;    /* after an outage: where its terms begin in the answer */
    double limit;    /* as stated: MW (store: MWh) */
    double activity; /* left-hand side at the answer, same sense as limit */
    double relaxed;  /* >= 0, how far the limit was broken */
    double penalty_usd_per_mwh; /* of relaxing it, in the run that priced it */
    double shadow_usd_per_mwh;  /* >= 0; price of one more unit of limit for one hour
                                  (store: of one more MWh) */
};

struct dispatch_certificate {
    double
        primal_residual;  /* MW: worst violation of (2)-(8), relaxations allowed for */
    double dual_residual; /* $/MWh: worst violation of stationarity or sign */
    double relative_gap;  /* complementarity and duality gap / scale_usd */
    double scale_usd;     /* max(1, |objective|); of both runs: the larger */
};

struct dispatch_stats {
    int32_t columns, rows_added, rows_binding, rounds;
    int32_t rows_left; /* of those added, how often one left the LP again */
    int32_t outage_rows_added, outage_rows_binding; /* of those */
    int64_t simplex_iterations;
    int32_t loss_tangents, loss_steps; /* see lossy.h */
    double seconds_lp, seconds_screen, seconds_certify;
};

/* What became of an outage that has no limits (9). */
struct dispatch_unscreened {
    int32_t outage;
    int32_t n_bus_cut_off; /* 0: nobody is left to give what a lost injection gave */
    double load_cut_off_mw;
};

/* Owned by the caller after dispatch_solve; release with dispatch_answer_release. */
struct dispatch_answer {
    double objective_usd;       /* (1) of the scheduling run, penalties included; with
                                polynomials the true cost, not its linearisation */
    double penalty_usd;         /* the part of it that pays for relaxed (4)-(8) */
    double penalty_factor;      /* what penalties were multiplied by, see n_steeper */
    double *injection_mw;       /* [n_interval][n_injection] P */
    double *segment_mw;         /* [seg_start end] x */
    double *flow_mw;            /* [n_interval][n_branch] */
    double *angle_rad;          /* [n_interval][n_bus] */
    double *energy_mwh;         /* [n_interval][n_store] at the end of the interval */
    double *shortage_mw;        /* [n_interval][n_island] */
    double *surplus_mw;         /* [n_interval][n_island] */
    double *lambda_usd_per_mwh; /* [n_interval][n_island] price at the reference */
    double *congestion_usd_per_mwh; /* [n_interval][n_bus] */
    double *loss_usd_per_mwh;       /* [n_interval][n_bus], (4) of loss.h;
                                       lmp = lambda + congestion + loss */
    struct dispatch_row
        *row; /* [n_row] sorted by kind, index, outage, interval; binding or relaxed */
    int32_t n_row;
    double *term; /* a flow after an outage is that before it plus term x what is lost:
                     flows of its branches, then powers of its injections */
    struct dispatch_unscreened *unscreened; /* [n_unscreened] by outage */
    int32_t n_unscreened;
    bool relaxed;        /* some limit had to be relaxed */
    bool consistent;     /* the MW are optimal at the prices; false only where a
                                penalty of the pricing run undercuts what was dispatched */
    bool losses_proven;  /* the optimality conditions prove the dispatch best: always so
                            but where a branch loses power of negative price */
    double loss_gap_usd; /* where they do not, with losses over the reference: another
                            dispatch could be better by at most this */
    double direction_gap_usd; /* another choice of store directions could be better by
                                 at most this; 0 = proven best */
    struct dispatch_certificate certificate; /* worst of both runs */
    struct dispatch_stats stats;
};

/*
 * Solves p. ERR_OK with out filled, ERR_NUMERIC when no certified answer was found,
 * ERR_NOMEM, ERR_BUG. tolerance: relative gap that polynomials are refined to.
 */
MUST_CHECK enum err_code dispatch_solve(const struct dispatch_problem *p,
                                        double tolerance, struct dispatch_answer *out,
                                        struct err *err);
void dispatch_answer_release(struct dispatch_answer *a);

#endif
