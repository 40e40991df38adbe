/*
 * egret.h - instances of unit commitment as Egret's model data (JSON): thermal and
 * renewable generators, loads, branches, contingencies, one reserve requirement.
 *
 *   - costs per hour, ramps per hour, as are startup_capacity and shutdown_capacity above
 *     p_min, times in hours, which must be whole numbers of periods; start categories by the
 *     true time off, the first holds as soon as the unit may start;
 *   - p_cost is piecewise, where a curve that is not convex means its lower convex hull, or
 *     a polynomial up to degree 2, which Egret's own model takes as two chords of equal
 *     width between p_min and p_max;
 *   - p_min, p_max and p_cost may differ by period. Ramps are between powers, whatever the
 *     limits; a curve is cut at the limits, and below its first point goes on as it begins.
 *     startup_capacity and shutdown_capacity are those of all periods, and ramps do not
 *     count at starts and stops;
 *   - a load with p_price is served as far as its price goes;
 *   - the reserve requirement is met by what thermal units could give more within their
 *     ramps; a shortfall costs reserve_shortfall_cost, without which it is hard;
 *   - services (regulation, spinning, non-spinning and supplemental reserve, flexible ramps)
 *     of the system and of areas: rows of units as solver/commit/service.h; requirements
 *     nest, a shortfall in an area counts for the system as well, and its price is half way
 *     between that of the next better service and reserve_shortfall_cost. Periods of 60
 *     minutes, no contingencies;
 *   - shortage and surplus cost load_mismatch_cost, and so does an overload of a branch,
 *     rating_long_term before and rating_emergency after a contingency, unless branches
 *     have a violation_penalty, the same for all. Without a rating in the file the network
 *     is left out;
 *   - the flows of an interface's lines, as they are oriented, keep its limits together, and
 *     so do the powers of a security constraint of type 'pg'; what breaks them costs their
 *     violation_penalty, without which nothing may.
 *
 *   - p_fuel in place of p_cost is fuel, which costs fuel_cost, as startup_fuel does; the
 *     supply that a unit burns of has so much in every period. Auxiliary fuel makes the unit
 *     a plant of two configurations, between which it moves while on if it may switch
 *     online; where it may blend fuels, and nobody else burns of the supply, auxiliary fuel
 *     is what the supply lacks at the difference of prices;
 *   - non_fuel_no_load_cost and non_fuel_startup_cost come on top of costs of either kind.
 *
 * Refused by name: storage, zones, DC branches, costs of services, limits by period beside
 * p_fuel or in periods other than 60 minutes, two kinds of fuel that switch with services.
 *
 * Layer: sim/input (internal to the readers of commit_file.h).
 */
#ifndef SIM_INPUT_EGRET_H
#define SIM_INPUT_EGRET_H

#include "sim/input/commit_parts.h"

struct egret {
    struct commit_reading *r;
    int32_t n_interval;
    double interval_h;
    struct str_index bus, branch; /* positions in the case */
    struct commit_limit *limit;   /* of the case; supplies of fuel come first */
    int32_t n_supply;
    struct commit_curve *curve; /* of the case: two of every generator, then those */
    int32_t n_curve;            /* of periods, so far */
};

/* A number, or the values of a time series; NULL without memory. what: its name. */
double *egret_series(const struct egret *e, const struct json_value *v,
                     const char *what, struct json_range range);
/* Members of elements.KIND that are in service; an absent kind has none. */
struct commit_member *egret_members(const struct egret *e,
                                    const struct json_value *elements, const char *kind,
                                    int32_t *n);
/* The bus that "key" names, 0 after a fault. */
int32_t egret_bus(const struct egret *e, const struct json_value *v, const char *key);

/* egret_grid.c */
void egret_read_buses(struct egret *e, const struct json_value *elements);
/* A load with a price, as power that may be taken. */
void egret_read_priced_load(struct egret *e, const struct json_value *v,
                            struct commit_other *other);
void egret_read_branches(struct egret *e, const struct json_value *elements,
                         double penalty_usd_per_mwh);
/* egret_limit.c: supplies of fuel, and room for all limits. */
void egret_read_supplies(struct egret *e, const struct json_value *elements);
/* The supply that "key" names, from 1; 0 = it names none. */
int32_t egret_supply(const struct egret *e, const struct json_value *v,
                     const char *key);
/* Of branches and units, which have been read. */
void egret_read_limits(struct egret *e, const struct json_value *elements);
/* egret_fuel.c: what a unit with p_fuel burns and costs; curve[2] for it and for its
 * auxiliary fuel, at_curve and at_aux in the case. The unit has limits and times. */
void egret_read_fuel(struct egret *e, const struct json_value *v, int32_t at_curve,
                     int32_t at_aux, struct commit_curve *curve[2],
                     struct commit_unit *u, bool reserve);
/* A supply of a unit that blends is for nobody else. */
void egret_check_blends(const struct egret *e, const struct json_value *elements);
/* egret_period.c: limits and costs by period. Whether "key" has values by period. */
bool egret_has_periods(const struct json_value *v, const char *key);
/* Curves that a generator may need for its periods. */
int32_t egret_most_curves(const struct egret *e, const struct json_value *v);
/* least_mw and most_mw, and the range of them all. */
void egret_period_limits(const struct egret *e, const struct json_value *v,
                         struct commit_unit *u);
/* The power before; the range is widened to it. */
void egret_period_before(const struct egret *e, const struct json_value *v, double mw,
                         struct commit_unit *u);
void egret_period_costs(struct egret *e, const struct json_value *v,
                        struct commit_unit *u);
/* egret_unit.c */
/* Points of "p_cost", NULL = it costs nothing; NULL after a fault. */
int32_t egret_cost_points(const struct egret *e, const struct json_value *cost,
                          double least_mw, double most_mw, struct commit_point **point);
/* Pairs of numbers, ascending, as points between the limits of u. */
int32_t egret_points(const struct egret *e, const struct json_value *values,
                     struct commit_point **point);
/* Start categories of "key": money, or fuel of this price. once_usd: of any start. */
void egret_read_start(const struct egret *e, const struct json_value *v,
                      const char *key, bool fuel, double usd_per_fuel,
                      struct commit_unit *u);
void egret_read_units(struct egret *e, const struct json_value *elements, bool reserve);
/* egret_service.c: after the units and branches, what makes it a problem with services. */
void egret_read_services(struct egret *e, const struct json_value *elements,
                         const struct json_value *system);

#endif
