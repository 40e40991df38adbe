/*
 * commit.h - unit commitment: which units run when, at proven distance from the best.
 *
 * Intervals t = 0..T-1 are equally long, h hours. Unit g is on or off, u; x is its power
 * above minimum, P = min u + x; r_k is what it holds of reserve product k:
 *
 *     minimise  sum_gt [ h (min_cost_t u + curve_t(x)) + start cost(time off)
 *                        + rise max(0, P_t - P_{t-1}) + fall max(0, P_{t-1} - P_t)
 *                        + h sum_k offer_kt r_k ]  +  others  +  penalties            (1)
 *     balance      sum_g P + sum others + short - surplus = load                  (2)
 *     requirement  sum over its products and units of r + shortfall >= need       (3)
 *     network      flow limits of solver/network.h, and after outages             (4)
 *     capacity     x + sum_{k up} r_k <= X u, X = max - min; at a start, too,     (5)
 *                  <= X - max(max - start_max, 0), and one interval before a stop
 *                  <= X - max(max - stop_max, 0); max is most where limits are by
 *                  interval
 *     down         P - sum_{k down} r_k >= min u, or least u where by interval    (6)
 *     ramps        x_t - x_{t-1} <= ramp_up (with the upward r_t on the left if   (7)
 *                  reserve_shares_ramp), x_{t-1} - x_t <= ramp_down, x = 0 if off;
 *                  with free_ends only where on in both
 *     together     sum_{k up} r_k <= most_up; none in the first and the last      (8)
 *                  interval of a run of a unit with steady_reserve
 *     times        min_up, min_down, start categories, most starts in a day       (9)
 *     plants       on in one configuration at a time: (5)-(8) with its range,    (10)
 *                  ramps and offers; from one to another only by a transition,
 *                  after min_up in it, across which -down <= P_t - P_{t-1} <= up
 *     limits       least <= sum of weighted powers and flows <= most; or         (11)
 *                  fuel burnt <= most
 *     stores       P = discharge - charge, whatever comes before: on always;     (12)
 *                  e_t = (1 - loss_t) e_{t-1} + h (eff_ct charge - discharge / eff_dt),
 *                  least_t <= e_t <= most_t, -down <= P_t - P_{t-1} <= up;
 *                  charge is 0 or from least to most, and so is discharge; one of them
 *                  is 0 where one_way
 *
 * This is the published model of pglib-uc (MODEL.tex; Morales-Espana, Latorre and Ramos,
 * IEEE TPWRS 28, 2013), made wider: several reserve products with limits of their own
 * (10-minute deliverability), offers, requirements that nest, shortfalls at a price, a
 * network. With one unlimited product and reserve_shares_ramp it is that model exactly.
 *
 * Method: Dantzig-Wolfe decomposition. A linear program (the master) combines schedules
 * of units, and an exact dynamic program per unit (unit_schedule.h) finds the schedule
 * that is best at the master's prices; rows (4) enter when violated. The bound is always
 * an evaluated Lagrangian, never the value of a linear program; a cost is accepted only
 * for a dispatch that certificate.h has checked row by row.
 *
 * Signs: injection positive, prices >= 0 reward. Arrays over [interval][thing] are
 * row-major. All input arrays are borrowed for the time of the call.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_COMMIT_H
#define SOLVER_COMMIT_COMMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"
#include "sim/base/watch.h"
#include "solver/dispatch.h"

enum {
    COMMIT_INTERVALS = 192, /* most intervals of a problem */
    COMMIT_PRODUCTS = 8,    /* most reserve products */
    COMMIT_FACTS = 256,     /* most intervals x configurations of one unit */
    STORE_FACTS = 3,        /* as if a store that decides its ways had so many */
};

/* A convex cost above minimum: slopes never fall. One curve may serve many intervals. */
struct commit_curve {
    int32_t n_segment;
    const double *width_mw;         /* [n_segment] > 0, sum >= max - min */
    const double *cost_usd_per_mwh; /* [n_segment] */
};

struct commit_start {
    int32_t lag; /* intervals off from which this category holds; first <= min_down */
    double cost_usd; /* never falls with lag */
};

/* What a unit may hold of one product. */
struct commit_offer {
    int32_t product;
    double max_mw;                  /* INFINITY = what (5)-(7) leave */
    double max_off_mw;              /* held while off (non-spinning), 0 = none */
    const double *price_usd_per_mw; /* [n_interval] for one hour; NULL = 0 */
};

enum commit_status {
    COMMIT_FREE,
    COMMIT_ON,
    COMMIT_OFF
};

/*
 * Services as Egret states them (service.h has the rows): they share ramps over two
 * intervals, and regulation is a state of its own. A problem with them has these products.
 */
enum commit_service_product {
    SERVICE_REGULATION_UP,
    SERVICE_REGULATION_DOWN,
    SERVICE_SPIN,
    SERVICE_NON_SPIN,
    SERVICE_SUPPLEMENTAL,
    SERVICE_FLEX_UP,
    SERVICE_FLEX_DOWN,
    SERVICE_RESERVE, /* held above power within base ramps */
    SERVICE_PRODUCTS
};

/* What a unit may hold of them, MW; a limit of 0 = nothing. */
struct commit_service {
    double low_mw, high_mw; /* power stays inside while it regulates */
    double regulation_up_mw, regulation_down_mw; /* while it regulates */
    double spin_mw;         /* of regulation up and spinning reserve together */
    double supplemental_mw; /* of those and supplemental reserve, while on */
    double flex_up_mw, flex_down_mw;
    double non_spin_off_mw;     /* while off */
    double supplemental_off_mw; /* of that and supplemental reserve together, while off;
                                   0 = no supplemental, but non_spin_off all the same */
};

/*
 * A unit that keeps energy, (12). Costs are of MW from 0; that of charging is negative where it
 * pays for it.
 *
 * Its way in an interval, to charge, to discharge, both or neither, is a decision like being on
 * where a least rate asks for it. Where one_way alone does, which matters only where energy is
 * a burden, the search leaves that row out: bound and hull prices are those without it, and in
 * the answer both are netted, power being the same, where what is then kept fits. Where some
 * is left, or both at once pay, it is solved again with ways_decided. Ways are decided in at
 * most COMMIT_FACTS / STORE_FACTS intervals.
 */
struct commit_store {
    const double *charge_efficiency, *discharge_efficiency; /* [n_interval] in (0, 1] */
    const double *charge_max_mw, *discharge_max_mw;         /* [n_interval] >= 0 */
    const double *charge_min_mw,
        *discharge_min_mw; /* [n_interval] least rate that is not 0, >= 0; NULL = none;
                              above the most nothing is left but 0 */
    const int32_t *charge_curve, *discharge_curve; /* [n_interval] into curve of the
                                                         problem; NULL = no cost */
    const double
        *loss;        /* [n_interval] share of what is kept that the interval takes, in
                                [0, 0.95]; NULL = nothing */
    double first_mwh; /* before the first interval */
    const double *least_mwh, *most_mwh; /* [n_interval] at its end; least <= most */
    double worth_usd_per_mwh;           /* of what is left after the last */
    double ramp_up_mw, ramp_down_mw;    /* per interval; 0 or INFINITY = none */
    double mw_before;    /* for them; NaN = none into the first interval */
    const bool *one_way; /* [n_interval] never both at once; NULL = both may be */
};

struct commit_config;

/* A permitted move of a plant from one configuration to another, between two intervals. */
struct commit_transition {
    int32_t from, to;  /* configurations, different */
    int32_t least_age; /* intervals in `from` before it, >= 1; min_up holds as well */
    double cost_usd;   /* >= 0 */
    double up_mw, down_mw; /* most change of power across it, INFINITY = any */
};

struct commit_unit {
    double min_mw, max_mw; /* 0 <= min <= max */
    /* [n_interval] min <= least <= most <= max; NULL, both, = min and max. Not of plants */
    const double *least_mw, *most_mw;
    double ramp_up_mw, ramp_down_mw; /* per interval, INFINITY = none */
    /* What a change of power costs per MW, >= 0, starts and stops included; 0 of plants and
     * with services. */
    double rise_usd_per_mw, fall_usd_per_mw;
    double start_max_mw, stop_max_mw;
    bool free_ends;           /* (7) says nothing of starts and stops */
    int32_t min_up, min_down; /* intervals, >= 1 */
    int32_t max_starts;       /* in each day of the problem; 0 = any number */
    const uint8_t *status;    /* [n_interval] enum commit_status, NULL = free */

    bool on_before;
    int32_t age_before; /* intervals on, or off, before the first; >= 1 */
    double mw_before;   /* 0 if off */

    const int32_t *curve;             /* [n_interval] into curve of the problem */
    const double *min_cost_usd_per_h; /* [n_interval] of running at minimum */
    int32_t n_start;
    const struct commit_start *start; /* [n_start] ascending lag; n_start = 0: free */
    double stop_cost_usd;

    /*
     * Fuel: h (min_fuel_per_h u + that of x) + that of the start is part of the sum
     * (11) of limit supply - 1, which has no least, no other part and no pglib_start_rows.
     */
    int32_t supply; /* 0 = none */
    double min_fuel_per_h;
    const double
        *fuel_per_mwh; /* [n_segment] of its curve, the same in all intervals; >= 0,
                                   never falls */
    const double *start_fuel; /* [n_start] >= 0, in the first interval on */

    int32_t n_offer;
    const struct commit_offer *offer;
    bool reserve_shares_ramp; /* needs offers without limit, none down and none off, and
                                 nothing of (8) */
    double most_up_mw;        /* of all upward reserve while on, 0 = no such limit */
    bool steady_reserve;      /* none where it starts, or stops after the interval */

    /*
     * A plant, (10), has configurations; 0 = an ordinary unit. Its min and max are the
     * least and the greatest of theirs, its times, starts of a day, status, stop cost and
     * offers while off its own; its ramps, curve, costs and start categories are not read.
     */
    int32_t n_config;
    const struct commit_config *config; /* [n_config] ascending max */
    int32_t n_transition;
    const struct commit_transition *transition; /* [n_transition] */
    int32_t config_before,
        config_age_before; /* if on before: which, and for how long */

    int32_t n_bus; /* where power goes; a problem without network ignores it */
    const int32_t *bus;
    const double *bus_weight; /* sum 1 */

    /* Not NULL: a store, whose other members but those three are 0. */
    const struct commit_store *store;
};

/*
 * Of .as are read: range, ramps, start_max, stop_max, min_up (in it, whatever came before
 * and comes after), status (COMMIT_OFF bars it), curve, costs, fuel, starts by the plant's time
 * off, and offers: those of the plant, in its order, with limits and prices of their own.
 */
struct commit_config {
    struct commit_unit as;
    bool may_start, may_stop; /* from off into it, from it to off */
};

/* Limits of power in an interval on. */
static inline double commit_least_mw(const struct commit_unit *u, int32_t t)
{
    return u->store ? -u->store->charge_max_mw[t]
                    : (u->least_mw ? u->least_mw[t] : u->min_mw);
}
static inline double commit_most_mw(const struct commit_unit *u, int32_t t)
{
    return u->store ? u->store->discharge_max_mw[t]
                    : (u->most_mw ? u->most_mw[t] : u->max_mw);
}

/* What a change of power from one interval to the next costs. */
static inline double commit_change_usd(const struct commit_unit *u, double from_mw,
                                       double to_mw)
{
    return to_mw > from_mw ? u->rise_usd_per_mw * (to_mw - from_mw)
                           : u->fall_usd_per_mw * (from_mw - to_mw);
}

/* What the unit is while on in configuration c; ordinary units are what they are. */
static inline const struct commit_unit *commit_unit_in(const struct commit_unit *u,
                                                       int32_t c)
{
    return u->n_config > 0 ? &u->config[c].as : u;
}

/* What is left after interval t of what was kept before it, as a share. */
static inline double commit_store_keeps(const struct commit_store *s, int32_t t)
{
    return s->loss ? 1 - s->loss[t] : 1;
}

/* Power without commitment: renewables, imports, elastic load (negative MW). */
struct commit_other {
    const double *min_mw, *max_mw;  /* [n_interval] min <= max */
    const double *cost_usd_per_mwh; /* [n_interval], NULL = 0 */
    int32_t bus;                    /* of the network, ignored without one */
};

/* (3), for all intervals. Nested requirements list the products of better quality too. */
struct commit_requirement {
    uint32_t products; /* bit k: product k counts */
    int32_t n_unit;
    const int32_t *unit;           /* [n_unit] ascending; NULL with n_unit 0: all */
    const double *need_mw;         /* [n_interval] */
    int32_t n_step;                /* shortfall, cheapest first; 0 = the need is hard */
    const double *step_mw;         /* [n_step] widths, the last may be INFINITY */
    const double *step_usd_per_mw; /* [n_step] for one hour */
    /* The rest only in a problem with services: */
    const double *most_mw; /* [n_interval] of the shortfall, NULL = the steps */
    uint64_t also;         /* bit q: the shortfall of requirement q helps here, too */
};

/*
 * (11), in every interval: an interface of several branches, before outages; a nomogram of
 * powers; or both together.
 */
struct commit_limit {
    const double *unit, *other; /* [n_unit], [n_other] of powers, NULL = 0 */
    int32_t n_branch;           /* needs a network if not 0 */
    const int32_t *branch;
    const double *branch_weight;
    const double *min_mw, *max_mw; /* [n_interval] min <= max, may be infinite */
    double usd_per_mwh;            /* of what breaks it, >= 0; INFINITY = nothing may */
};

struct commit_problem {
    int32_t n_interval;
    double interval_h;
    const int32_t
        *day; /* [n_interval] ascending from 0, for max_starts; NULL = one day */

    int32_t n_unit, n_other, n_requirement, n_curve;
    const struct commit_unit *unit;
    const char *const *unit_name; /* [n_unit] for messages; NULL = numbers do */
    const struct commit_other *other;
    const struct commit_requirement *requirement;
    const struct commit_curve *curve;

    const double *load_mw; /* [n_interval] of the whole system */
    double shortage_usd_per_mwh, surplus_usd_per_mwh; /* INFINITY = (2) is hard */
    /*
     * Segments of curves at this price or more stand for power that is not there; 0 = there
     * are none. The bound may count them at as much as the price of shortage more.
     */
    double never_usd_per_mwh;

    struct network *net;                    /* NULL = one place */
    const double *bus_load_mw;              /* [n_interval][n_bus], sums to load_mw */
    const struct dispatch_outages *outages; /* NULL = none; branches only */
    double branch_usd_per_mwh;              /* of overload, also after outages */

    int32_t n_limit;
    const struct commit_limit *limit;

    uint32_t down_products; /* bit k: product k is held downward, (6); others upward */

    bool ways_decided; /* one_way of stores is a decision, not a row that is left out */

    const struct commit_service *service; /* [n_unit], NULL = reserve is what (3) and
                        (5)-(8) say. With services, those of service.h; then no plants,
                        stores, outages or starts of a day */

    bool pglib_start_rows; /* start categories as rows (5) and (12) of MODEL.tex allow
                              them, word for word; see unit_schedule.h */
};

struct commit_options {
    double gap;           /* relative, at which to stop */
    int64_t work_limit;   /* units of work, see commit_stats; 0 = none */
    int32_t n_thread;     /* does not change the answer */
    double seconds_limit; /* stop at the clock; 0 = none. Makes the answer depend on the
                             machine, so only on demand */
    const struct watch *watch; /* is told the gap; NULL = nobody looks */
};

struct commit_stats {
    int64_t work; /* deterministic: simplex iterations x rows / 1000 + steps of the
                     dynamic program / 100 */
    int32_t n_column, n_cut, n_network_row, n_dive, n_neighbourhood;
    int64_t n_node;    /* of branch and price */
    int32_t n_binding; /* limits of branches with a price, commitment fixed */
    int64_t simplex_iterations;
    double seconds_bound, seconds_cut, seconds_primal, seconds_screen, seconds_total;
};

/* A limit (4) that the schedule does not keep. */
struct commit_overload {
    int32_t interval, branch, outage; /* outage -1: the network as it is */
    bool minimum;
    double mw;
};

struct commit_answer {
    bool ways_decided;                /* it was solved with that of the problem */
    double cost_usd, bound_usd, gap;  /* gap = (cost - bound) / max(|cost|, tiny) */
    double overload_usd;              /* the part of the cost that pays for (4), (11) */
    struct commit_overload *overload; /* [n_overload] what it pays for */
    int32_t n_overload;
    uint8_t *on;            /* [n_interval][n_unit] */
    uint8_t *config;        /* [n_interval][n_unit] of plants that are on, else 0;
                                         NULL = there are no plants */
    uint8_t *regulates;     /* [n_interval][n_unit] with services, else NULL */
    double *power_mw;       /* [n_interval][n_unit] P */
    double *charge_mw;      /* [n_interval][n_unit] of stores, P + charge being what
                               they discharge, else 0; NULL = there are no stores */
    double *energy_mwh;     /* likewise, at the end of the interval */
    double *reserve_mw;     /* [n_interval][n_unit][COMMIT_PRODUCTS] */
    double *start_cost_usd; /* [n_interval][n_unit] of a start or transition */
    double *other_mw;       /* [n_interval][n_other] */
    double *shortage_mw, *surplus_mw; /* [n_interval] */
    double *shortfall_mw;             /* [n_interval][n_requirement] */
    double *limit_over_mw; /* [n_interval][n_limit] by which (11) is broken */

    /* commitment fixed: ordinary prices */
    double *lambda_usd_per_mwh;     /* [n_interval] */
    double *requirement_usd_per_mw; /* [n_interval][n_requirement] >= 0 */
    double *congestion_usd_per_mwh; /* [n_interval][n_bus] price at a bus less lambda;
                                       NULL without network */
    double *limit_usd_per_mwh; /* [n_interval][n_limit] what a MW of the sum (11) earns:
                                  >= 0 where the least binds, <= 0 where the most does.
                                  Of weighted flows it is in congestion as well */
    /* convex hull: those that make the Lagrangian without cuts greatest; NULL, and the
       value NAN, for a problem with services */
    double *hull_lambda_usd_per_mwh;
    double *hull_requirement_usd_per_mw;
    double *hull_congestion_usd_per_mwh; /* NULL without network */
    double *hull_limit_usd_per_mwh;
    double hull_value_usd; /* that Lagrangian */

    struct commit_stats stats;
};

/*
 * Solves p. Limits of work and time end the search; where there is no schedule yet, that of
 * time still does, and that of work when it has been reached four times over.
 * ERR_OK with out filled; ERR_NUMERIC where no feasible schedule was found, saying which
 * requirement cannot be met, or that time was over and what the bound is by then;
 * ERR_NOMEM, ERR_BUG.
 */
MUST_CHECK enum err_code commit_solve(const struct commit_problem *p,
                                      const struct commit_options *o,
                                      struct commit_answer *out, struct err *err);
void commit_answer_release(struct commit_answer *a);

#endif
