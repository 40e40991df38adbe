/*
 * grid.h - the transmission network as its owner describes it: names, per-unit data,
 * conventions not yet applied.
 *
 * Both network readers (MATPOWER case, CSV tables) fill this. In-service elements only:
 * isolated buses (MATPOWER type 4), what connects to them, and out-of-service branches
 * and units are left out by the reader. Sorted: buses by number, then id; branches by
 * (from, to, circuit), DC lines likewise; units by (bus, unit). Names are unique.
 *
 * Layer: sim/model.
 */
#ifndef SIM_MODEL_GRID_H
#define SIM_MODEL_GRID_H

#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/err.h"

/*
 * How series reactance becomes susceptance.
 * DC_MATPOWER: b = 1 / (x tap), phase shifts kept (MATPOWER manual, section 3.8).
 * DC_PGLIB:    b = x / (r^2 + x^2), tap and shift ignored (PowerModels DCP, the
 *              convention of PGLib's published baseline).
 * In both, x = 0 makes a bus tie, whatever r is.
 */
enum dc_model {
    DC_MATPOWER,
    DC_PGLIB,
};

/* A smaller |x| is read as 0: it could not be told from it in the arithmetic. */
#define GRID_LEAST_X_PU 1e-12

struct grid_bus {
    const char *id; /* bus name if the file names buses, else the number as text */
    int64_t number; /* MATPOWER bus number; 1.. in file order of ids for CSV networks */
    double load_mw; /* Pd */
    double shunt_mw; /* Gs: MW drawn at 1 p.u. voltage */
};

struct grid_branch {
    const char *id; /* "FROM-TO" or "FROM-TO-k" for the k-th parallel circuit, k >= 2 */
    int32_t from, to;
    double r_pu, x_pu;                   /* x = 0: a bus tie, see grid_network.h */
    double tap;                          /* off-nominal turns ratio, 1 for a line */
    double shift_deg;                    /* 0 for a bus tie */
    double rate_mw;                      /* INFINITY = no limit */
    double rate_after_mw;                /* the same after an outage; never 0 */
    double angle_min_deg, angle_max_deg; /* -INFINITY / INFINITY = no limit */
    int32_t row; /* of mpc.branch, from 1; 0 = not from such a table */
};

enum grid_cost_kind {
    GRID_COST_NONE,
    GRID_COST_POINTS,     /* gencost model 1: n_cost pairs (MW, $/h) */
    GRID_COST_POLYNOMIAL, /* gencost model 2: n_cost coefficients, ascending powers */
};

struct grid_unit {
    const char *id; /* "G<bus>" or "G<bus>-k" for the k-th unit at a bus, k >= 2 */
    int32_t bus;
    double pmin_mw, pmax_mw; /* a dispatchable load has pmin < 0 */
    enum grid_cost_kind cost_kind;
    int32_t n_cost;
    const double *cost; /* [2 n_cost] (MW, $/h) pairs, or [n_cost] coefficients */
    int32_t row;        /* of mpc.gen, from 1; 0 = not from such a table */
};

/*
 * A DC line: F MW leave the network at bus from, (1 - loss1) F - loss0 enter it at bus to
 * (MATPOWER manual, section on DC transmission lines; a negative F turns the sign of its
 * loss1 F, as there).
 */
struct grid_dc_line {
    const char
        *id; /* "FROM-TO" or "FROM-TO-k" for the k-th between these buses, k >= 2 */
    int32_t from, to;
    double loss0_mw, loss1;
    struct grid_unit
        flow; /* F as if of a unit at bus from: its limits and cost; no id */
};

struct grid {
    struct arena arena; /* owns everything below */
    double base_mva;
    int32_t n_bus, n_branch, n_unit;
    int32_t n_branch_row, n_unit_row; /* of mpc.branch and mpc.gen, in service or not */
    int32_t n_dc_line;                /* 0 where DC lines are off, see matpower.h */
    struct grid_bus *bus;
    struct grid_branch *branch;
    struct grid_unit *unit;
    struct grid_dc_line *dc_line;
};

/* What may fail at once: lists of one outage ascend and have no repeats. */
struct grid_outages {
    struct arena arena; /* owns everything below */
    int32_t n;
    const char **id;                /* [n] unique; of lists: in natural order */
    int32_t *branch_start, *branch; /* [n + 1] into branch: of struct grid */
    int32_t *unit_start, *unit;     /* [n + 1] into unit */
    int32_t n_idle; /* outages asked for of nothing that is in service, left out */
};

void grid_outages_release(struct grid_outages *o);
/* An outage of every branch, named as it is. ERR_NOMEM only. */
MUST_CHECK enum err_code grid_outages_of_branches(const struct grid *g,
                                                  struct grid_outages *out,
                                                  struct err *err);

void grid_release(struct grid *g);
/* The first branch of negative resistance (bus ties have none), or -1. */
int32_t grid_negative_resistance(const struct grid *g);
/* How many parts the branches leave unconnected with each other, 1 for a whole network; and
 * for each bus which of them it is in: island [n_bus], each named after its first bus. */
int32_t grid_label_islands(const struct grid *g, int32_t *island);
/* How many. */
MUST_CHECK enum err_code grid_count_islands(const struct grid *g, int32_t *n,
                                            struct err *err);

#endif
