/*
 * synth.h - a transmission network and its market out of nothing but a size and a seed.
 *
 * Substations lie in a plane, six of ten in towns; each has a 115 kV bus, some a 230 kV and
 * a 500 kV bus above it with a transformer between. Every voltage level is a spanning tree
 * of short lines plus some of the other short lines (spatial.h), a few hubs, some parallel
 * circuits. About two buses of three carry load, one of eight has units of one technology.
 * Statistics aimed at: see README.md.
 *
 * Limits come from two DC flows: that of the proportional dispatch, where all units run at
 * the same share of their range, and that of the dispatch by merit. The first fits within
 * every limit, so the case can be served; for most branches the second does, too, with
 * room to spare; for about n_tight branches the limit lies between the two and binds.
 *
 * The same options give the same network on any machine: coordinates are integers, random
 * numbers need no C library (seeded.h), and what comes out of the flows is rounded to whole
 * MW, far above the last bits in which two machines may differ.
 *
 * Layer: sim/synth.
 */
#ifndef SIM_SYNTH_SYNTH_H
#define SIM_SYNTH_SYNTH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/err.h"

enum {
    SYNTH_MAX_BUSES = 5000000,
    SYNTH_LEVELS = 3, /* 115, 230, 500 kV */
    SYNTH_MAX_COST = 8
};

#define SYNTH_BASE_MVA 100.0

/* X(name, fuel as MATPOWER's genfuel has it, unit type as gentype has it) */
#define SYNTH_TECHNOLOGY_MAP(X) \
 X(NUCLEAR, "nuclear", "ST")    \
 X(COAL, "coal", "ST")          \
 X(GAS_CC, "ng", "CC")          \
 X(GAS_CT, "ng", "GT")          \
 X(HYDRO, "hydro", "HY")        \
 X(WIND, "wind", "WT")          \
 X(SOLAR, "solar", "PV")

// clang-format off
enum synth_technology {
#define SYNTH_ENUM(name, fuel, type) SYNTH_##name,
    SYNTH_TECHNOLOGY_MAP(SYNTH_ENUM)
#undef SYNTH_ENUM
    SYNTH_TECHNOLOGIES
};
// clang-format on

struct synth_bus {
    int32_t x_m, y_m;
    int32_t level;
    double load_mw, load_mvar; /* multiples of 0.1 */
};

struct synth_branch {
    int32_t from, to; /* of a transformer: from the higher voltage */
    double length_km; /* 0 = transformer */
    double r_pu, x_pu, b_pu;
    double tap;                           /* 1 for a line */
    double rate_mw, rate_b_mw, rate_c_mw; /* whole MW; normal, emergency, short term */
};

struct synth_unit {
    int32_t bus;
    enum synth_technology technology;
    double pmin_mw, pmax_mw; /* what is available in the hour; multiples of 0.1 */
    int32_t cost_model;      /* as in gencost: 1 = points, 2 = polynomial */
    int32_t n_cost;          /* points, or coefficients */
    double cost
        [SYNTH_MAX_COST]; /* as in gencost: pairs (MW, $/h), or highest power first */
};

struct synth {
    struct arena arena; /* owns everything below */
    int32_t n_bus, n_branch, n_unit;
    struct synth_bus *bus; /* [n_bus] number k + 1 in the file; neighbours are near */
    struct synth_branch
        *branch;             /* [n_branch] circuits of one pair follow one another */
    struct synth_unit *unit; /* [n_unit] by bus */
    int32_t n_tight; /* branches with a limit that dispatch by merit would break */
};

struct synth_options {
    int32_t n_bus; /* 1 .. SYNTH_MAX_BUSES */
    uint64_t seed;
    int32_t n_tight;    /* -1: synth_usual_tight(n_bus) */
    bool (*stop)(void); /* asked now and then; true ends the work. NULL = never */
};

/*
 * min(n / 25, 40 n^(1/4)): in real systems, too, few limits bind, and their number grows
 * more slowly than the network. 400 at 10,000 buses, 711 at 100,000, 1264 at 1,000,000.
 */
int32_t synth_usual_tight(int32_t n_bus);

/* ERR_NOMEM, ERR_BUG (options out of range), ERR_NUMERIC, ERR_INTERRUPTED. *out is empty after an error;
 * otherwise the caller calls synth_release(). */
MUST_CHECK enum err_code synth_create(const struct synth_options *opt,
                                      struct synth *out, struct err *err);
void synth_release(struct synth *s);

/* What was made, counted. */
struct synth_statistics {
    int32_t buses_at[SYNTH_LEVELS], lines_at[SYNTH_LEVELS];
    int32_t n_transformer, n_parallel; /* parallel: second circuits */
    double mean_degree;                /* branches at a bus */
    int32_t max_degree, n_radial;      /* radial: buses with one branch */
    int32_t n_load_bus, n_unit_bus, n_limit;
    double load_mw, capacity_mw;
    double capacity_by_mw[SYNTH_TECHNOLOGIES];
    double mean_length_km;
};

MUST_CHECK enum err_code synth_count(const struct synth *s,
                                     struct synth_statistics *out, struct err *err);

/* Nominal voltage of a level. */
double synth_level_kv(int32_t level);

#endif
