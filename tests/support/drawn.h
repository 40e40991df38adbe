/*
 * drawn.h - random dispatch problems that a test can look at, change and state.
 *
 * struct drawn is plain data, copied by assignment; stated_make turns it into a
 * dispatch_problem with its network.
 */
#ifndef TESTS_SUPPORT_DRAWN_H
#define TESTS_SUPPORT_DRAWN_H

#include "solver/dispatch.h"
#include "tests/support/draw.h"

enum {
    DRAWN_BUS = 24,
    DRAWN_BRANCH = 48,
    DRAWN_INTERVAL = 8,
    DRAWN_INJECTION = 56,
    DRAWN_SEGMENT = 4, /* per injection and interval */
    DRAWN_PLACE = 3,   /* buses per injection */
    DRAWN_STORE = 3,
    DRAWN_GROUP = 36,
    DRAWN_MEMBER = 24, /* injections per group */
    DRAWN_FEW = 4,     /* of both, but for services */
    DRAWN_SERVING = 8, /* most injections that offer services */
};

/* What may occur in a drawn problem. */
enum drawn_feature {
    DRAWN_RAMPS = 1,
    DRAWN_STORES = 2,
    DRAWN_GROUPS = 4,
    DRAWN_ISLANDS = 8,
    DRAWN_TRANSFERS = 16, /* weights +1 and -1 */
    DRAWN_TIES = 32,      /* costs and loads from a coarse grid */
    DRAWN_NEGATIVE = 64,  /* costs below zero */
    DRAWN_SCARCE = 128,   /* load beyond capacity */
    DRAWN_TIGHT = 256,    /* limits that often bind */
    DRAWN_SHIFTERS = 512,
    DRAWN_HOURS = 1024,   /* intervals of other lengths than one hour */
    DRAWN_PRICING = 2048, /* costs and penalties of the pricing run differ */
    DRAWN_SPREAD = 4096,  /* injections over several buses */
    DRAWN_ANY = 8191,
    DRAWN_NORMAL = DRAWN_ANY & ~DRAWN_PRICING,
    DRAWN_BUS_TIES = 8192, /* always, where asked for: branches without impedance */
    DRAWN_LOSSES = 16384,  /* likewise: resistances, losses over the reference */
    DRAWN_SERVICES =
        32768, /* likewise: awards, requirements, shortages without buses */
};

struct drawn_injection {
    int32_t n_place, n_segment;
    int32_t bus[DRAWN_PLACE];
    double weight[DRAWN_PLACE];
    double base[DRAWN_INTERVAL];
    struct dispatch_segment seg[DRAWN_INTERVAL][DRAWN_SEGMENT];
    double ramp_up, ramp_down, initial;
    bool ramp_free[DRAWN_INTERVAL];
    bool grows;
};

struct drawn_branch {
    int32_t from, to;
    double susceptance, shift, min, max;
};

struct drawn_group {
    int32_t n;
    int32_t injection[DRAWN_MEMBER];
    double coef[DRAWN_MEMBER], max[DRAWN_INTERVAL];
    int32_t store; /* whose energy is a term: its number from 1 on, 0 = none */
    double energy_coef, penalty; /* 0 = that of the run */
};

struct drawn {
    unsigned features;
    int32_t n_bus, n_branch, n_interval, n_injection, n_store, n_group;
    struct drawn_branch branch[DRAWN_BRANCH];
    struct drawn_injection injection[DRAWN_INJECTION];
    struct dispatch_store store[DRAWN_STORE];
    struct drawn_group group[DRAWN_GROUP];
    double reference[DRAWN_BUS];
    double duration[DRAWN_INTERVAL];
    double fixed[DRAWN_INTERVAL][DRAWN_BUS];
    struct dispatch_penalty schedule, pricing;
    enum loss_placement losses;
    double loss_per_mw[DRAWN_BRANCH];
};

/* A drawn problem laid flat. */
struct stated {
    struct network_data data;
    struct dispatch_problem p;
    int32_t from[DRAWN_BRANCH], to[DRAWN_BRANCH];
    double susceptance[DRAWN_BRANCH], shift[DRAWN_BRANCH];
    double min[DRAWN_BRANCH], max[DRAWN_BRANCH], loss_per_mw[DRAWN_BRANCH];
    double reference[DRAWN_BUS], duration[DRAWN_INTERVAL];
    double fixed[DRAWN_INTERVAL * DRAWN_BUS];
    int32_t bus_start[DRAWN_INJECTION + 1], bus[DRAWN_INJECTION * DRAWN_PLACE];
    double weight[DRAWN_INJECTION * DRAWN_PLACE];
    double base[DRAWN_INTERVAL * DRAWN_INJECTION];
    int64_t seg_start[DRAWN_INTERVAL * DRAWN_INJECTION + 1];
    struct dispatch_segment seg[DRAWN_INTERVAL * DRAWN_INJECTION * DRAWN_SEGMENT];
    double up[DRAWN_INJECTION], down[DRAWN_INJECTION], initial[DRAWN_INJECTION];
    bool ramp_free[DRAWN_INTERVAL * DRAWN_INJECTION];
    struct dispatch_store store[DRAWN_STORE];
    int32_t group_start[DRAWN_GROUP + 1], group_injection[DRAWN_GROUP * DRAWN_MEMBER];
    double group_coef[DRAWN_GROUP * DRAWN_MEMBER];
    double group_max[DRAWN_INTERVAL * DRAWN_GROUP];
    int32_t group_store[DRAWN_GROUP];
    double group_energy_coef[DRAWN_GROUP], group_penalty[DRAWN_GROUP];
    bool grows[DRAWN_INJECTION];
};

/* Each of the features occurs with probability one half. */
struct drawn drawn_make(struct draw *d, unsigned features);
/* The caller releases it; fails the test when the network is refused. */
void stated_make(const struct drawn *d, struct stated *s);
void stated_release(struct stated *s);

/* States, solves, and fails the test on any error or a poor certificate. */
struct dispatch_answer drawn_solve(const struct drawn *d, struct stated *s);
/* lambda + congestion + loss at a bus. */
double drawn_lmp(const struct stated *s, const struct dispatch_answer *a, int32_t t,
                 int32_t bus);
/* Islands by walking the branches: island[n_bus]; returns how many. */
int32_t drawn_islands(const struct drawn *d, int32_t *island);
/* Adds mw of load in an interval over the reference of the island. */
void drawn_add_load(struct drawn *d, int32_t interval, int32_t island, double mw);

#endif
