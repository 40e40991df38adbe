/*
 * ucjl.h - instances of UnitCommitment.jl, formats 0.2 to 0.5 (its guide "JSON data
 * format"), deterministic: one scenario.
 *
 * The problem is that of its default formulation (Morales-Espana, Latorre and Ramos):
 *   - costs, penalties and ramps are per time step, whatever its length; times and start
 *     delays in hours must be whole numbers of steps;
 *   - start categories by the true time off; the first must hold as soon as the unit may
 *     start, costs do not fall;
 *   - spinning reserves count in the capacity, the start and stop limits and the upward
 *     ramp; a negative shortfall penalty makes a requirement hard;
 *   - shortage and surplus are those of the whole system at the power balance penalty, 1000
 *     without one. (The program lets a bus with load shed at that price, and sheds in no
 *     published solution.) Loads that answer the price and profiled units are others;
 *   - flows follow the susceptances; limits of lines in normal state and after an outage of
 *     a contingency may be exceeded at the flow limit penalty, 5000 without one. Without any
 *     such limit the network is left out. Reactances are not used.
 *
 * Storage units are stores of commit.h: costs are per MW and step, the level of the last step
 * has limits of its own besides those of every step. Interfaces
 * are limits on weighted flows before outages, a negative penalty making them hard: lines out
 * and in of 0.4, or "Lines" with weights.
 *
 * Refused by name: least rates of storage in more than COMMIT_FACTS / STORE_FACTS steps, investments,
 * contingencies with generators, flexiramp and non-spinning reserves, reserves with a parent,
 * limits of lines and penalties that vary in time, or penalties from line to line, networks in several parts.
 * Keys without effect on what is left are read over: weights, what a unit holds while off.
 *
 * Layer: sim/input (internal to the readers of commit_file.h).
 */
#ifndef SIM_INPUT_UCJL_H
#define SIM_INPUT_UCJL_H

#include "sim/base/str_index.h"
#include "sim/input/commit_parts.h"

struct ucjl {
    struct commit_reading *r;
    int32_t n_interval, steps_per_h;
    double interval_h;
    struct str_index bus, line, product; /* positions in the case */
    bool
        old_reserve; /* format 0.2: one spinning reserve, for all unless said otherwise */
};

/* The steps of "key" hours; absent without it. */
int32_t ucjl_steps(const struct ucjl *u, const struct json_value *object,
                   const char *key, int32_t least, int32_t most, int32_t absent);
/* A number, or a series that does not vary. */
double ucjl_constant(const struct ucjl *u, const struct json_value *object,
                     const char *key, struct json_range range, double absent);
/* A number or series in every interval, in the arena; NULL without memory. */
double *ucjl_series(const struct ucjl *u, const struct json_value *object,
                    const char *key, struct json_range range, double absent);
/* The position of what "key" names, 0 after a fault; what: "bus". */
int32_t ucjl_named(const struct ucjl *u, const struct json_value *object,
                   const char *key, const struct str_index *names, const char *what);

/* Faults where something may be built, which is a decision of another kind. */
void ucjl_refuse_investment(const struct ucjl *u, const struct json_value *object);
/* Where a unit's power goes: all of it to its bus. */
void ucjl_place(const struct ucjl *u, const struct json_value *v,
                struct commit_unit *unit);

/* ucjl_store.c: storage units behind the units there are; 2 n_interval curves of each at most. */
void ucjl_read_stores(struct ucjl *u, const struct commit_member *store, int32_t n,
                      struct commit_unit *unit, struct commit_curve *curve,
                      int32_t *n_curve);
/* ucjl_interface.c: after lines; whether there are any. */
bool ucjl_read_interfaces(struct ucjl *u, const struct json_value *root);
/* ucjl_unit.c: generators of both types, storage units, and loads with prices. */
void ucjl_read_units(struct ucjl *u, const struct json_value *root);
/* ucjl_grid.c: buses first, reserves, then lines, contingencies and interfaces. */
void ucjl_read_buses(struct ucjl *u, const struct json_value *root);
void ucjl_read_reserves(struct ucjl *u, const struct json_value *root, double penalty);
void ucjl_read_lines(struct ucjl *u, const struct json_value *root);

#endif
