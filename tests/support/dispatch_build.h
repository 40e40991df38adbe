/*
 * dispatch_build.h - states small dispatch problems for tests, one call per fact.
 *
 * Fixed capacity; a call beyond it aborts the test. dispatch_build_solve creates the
 * network and solves; everything it made is freed by dispatch_build_release.
 */
#ifndef TESTS_SUPPORT_DISPATCH_BUILD_H
#define TESTS_SUPPORT_DISPATCH_BUILD_H

#include "solver/dispatch.h"

enum {
    BUILD_BUS = 64,
    BUILD_BRANCH = 128,
    BUILD_INTERVAL = 24,
    BUILD_INJECTION = 64,
    BUILD_SEGMENT = 8, /* per injection */
    BUILD_STORE = 8,
};

struct dispatch_build {
    int n_bus, n_branch, n_interval, n_injection, n_store, n_polynomial;
    int32_t from[BUILD_BRANCH], to[BUILD_BRANCH];
    double susceptance[BUILD_BRANCH], shift[BUILD_BRANCH];
    double flow_min[BUILD_BRANCH], flow_max[BUILD_BRANCH];
    double loss_per_mw[BUILD_BRANCH]; /* set by the test, with losses */
    enum loss_placement losses;
    double reference[BUILD_BUS];
    double duration[BUILD_INTERVAL];
    double fixed[BUILD_INTERVAL * BUILD_BUS]; /* [t][n_bus] */
    struct {
        int n_place, n_segment;
        int32_t bus[2];
        double weight[2];
        double base;
        double width[BUILD_SEGMENT];
        double cost[BUILD_INTERVAL][BUILD_SEGMENT];
    } injection[BUILD_INJECTION];
    double ramp_up[BUILD_INJECTION], ramp_down[BUILD_INJECTION],
        initial[BUILD_INJECTION];
    struct dispatch_store store[BUILD_STORE];
    struct dispatch_polynomial polynomial[BUILD_INJECTION];
    struct dispatch_problem problem; /* penalties may be set by the test */
    struct network *net;
    /* Flattened at solve. */
    int32_t bus_start[BUILD_INJECTION + 1], bus[2 * BUILD_INJECTION];
    double bus_weight[2 * BUILD_INJECTION];
    double base[BUILD_INTERVAL * BUILD_INJECTION];
    int64_t seg_start[BUILD_INTERVAL * BUILD_INJECTION + 1];
    struct dispatch_segment seg[BUILD_INTERVAL * BUILD_INJECTION * BUILD_SEGMENT];
};

void dispatch_build_begin(struct dispatch_build *b, int n_bus, int n_interval);
int dispatch_build_branch(struct dispatch_build *b, int from, int to,
                          double susceptance_mw_per_rad, double limit_mw);
void dispatch_build_load(struct dispatch_build *b, int interval, int bus, double mw);
/* A unit 0 .. pmax at one price in all intervals. Returns its injection. */
int dispatch_build_unit(struct dispatch_build *b, int bus, double pmax_mw, double cost);
/* One more segment on top of an injection. */
void dispatch_build_segment(struct dispatch_build *b, int injection, double width_mw,
                            double cost);
/* Cost of the first segment in one interval. */
void dispatch_build_cost(struct dispatch_build *b, int interval, int injection,
                         double cost);
int dispatch_build_polynomial(struct dispatch_build *b, int bus, double pmin_mw,
                              double pmax_mw, int n_coef, const double *coef);
/* 1 MW taken at one bus and given at another. */
int dispatch_build_transfer(struct dispatch_build *b, int from, int to, double max_mw,
                            double cost);
/* A store -p .. p of zero cost; all losses on charging. */
int dispatch_build_store(struct dispatch_build *b, int bus, double p_mw, double max_mwh,
                         double efficiency, double initial_mwh, double end_mwh);
/* Flattens without solving; b->problem is then complete. */
enum err_code dispatch_build_flatten(struct dispatch_build *b, struct err *err);
enum err_code dispatch_build_solve(struct dispatch_build *b,
                                   struct dispatch_answer *out, struct err *err);
void dispatch_build_release(struct dispatch_build *b);

#endif
