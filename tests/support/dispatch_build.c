/* dispatch_build.c - small dispatch problems for tests. */
#include "tests/support/dispatch_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void need(bool room)
{
    if (!room)
        abort();
}

void dispatch_build_begin(struct dispatch_build *b, int n_bus, int n_interval)
{
    need(n_bus <= BUILD_BUS && n_interval <= BUILD_INTERVAL);
    memset(b, 0, sizeof *b);
    b->n_bus = n_bus;
    b->n_interval = n_interval;
    for (int t = 0; t < n_interval; t++)
        b->duration[t] = 1;
    b->problem.schedule = b->problem.pricing =
        (struct dispatch_penalty){6500, 6500, 5000, 7000, 6000, 6000, 4000};
}

int dispatch_build_branch(struct dispatch_build *b, int from, int to,
                          double susceptance_mw_per_rad, double limit_mw)
{
    int l = b->n_branch++;
    need(l < BUILD_BRANCH);
    b->from[l] = from;
    b->to[l] = to;
    b->susceptance[l] = susceptance_mw_per_rad;
    b->flow_max[l] = limit_mw;
    b->flow_min[l] = -limit_mw;
    return l;
}

void dispatch_build_load(struct dispatch_build *b, int interval, int bus, double mw)
{
    b->fixed[interval * b->n_bus + bus] -= mw;
    b->reference[bus] += mw;
}

static int add(struct dispatch_build *b, int bus, double base)
{
    int i = b->n_injection++;
    need(i < BUILD_INJECTION);
    b->injection[i].n_place = 1;
    b->injection[i].bus[0] = bus;
    b->injection[i].weight[0] = 1;
    b->injection[i].base = base;
    b->ramp_up[i] = b->ramp_down[i] = INFINITY;
    b->initial[i] = NAN;
    return i;
}

void dispatch_build_segment(struct dispatch_build *b, int injection, double width_mw,
                            double cost)
{
    int s = b->injection[injection].n_segment++;
    need(s < BUILD_SEGMENT);
    b->injection[injection].width[s] = width_mw;
    for (int t = 0; t < b->n_interval; t++)
        b->injection[injection].cost[t][s] = cost;
}

int dispatch_build_unit(struct dispatch_build *b, int bus, double pmax_mw, double cost)
{
    int i = add(b, bus, 0);
    dispatch_build_segment(b, i, pmax_mw, cost);
    return i;
}

void dispatch_build_cost(struct dispatch_build *b, int interval, int injection,
                         double cost)
{
    b->injection[injection].cost[interval][0] = cost;
}

int dispatch_build_polynomial(struct dispatch_build *b, int bus, double pmin_mw,
                              double pmax_mw, int n_coef, const double *coef)
{
    int i = add(b, bus, pmin_mw);
    dispatch_build_segment(b, i, pmax_mw - pmin_mw, 0);
    b->polynomial[b->n_polynomial++] = (struct dispatch_polynomial){i, n_coef, coef};
    return i;
}

int dispatch_build_transfer(struct dispatch_build *b, int from, int to, double max_mw,
                            double cost)
{
    int i = dispatch_build_unit(b, to, max_mw, cost);
    b->injection[i].n_place = 2;
    b->injection[i].bus[1] = from;
    b->injection[i].weight[1] = -1;
    return i;
}

int dispatch_build_store(struct dispatch_build *b, int bus, double p_mw, double max_mwh,
                         double efficiency, double initial_mwh, double end_mwh)
{
    int i = add(b, bus, -p_mw);
    need(b->n_store < BUILD_STORE);
    dispatch_build_segment(b, i, p_mw, 0);
    dispatch_build_segment(b, i, p_mw, 0);
    b->store[b->n_store++] = (struct dispatch_store){.injection = i,
                                                     .charge_efficiency = efficiency,
                                                     .discharge_efficiency = 1,
                                                     .energy_max_mwh = max_mwh,
                                                     .energy_initial_mwh = initial_mwh,
                                                     .energy_end_min_mwh = end_mwh};
    return i;
}

static void flatten_injections(struct dispatch_build *b)
{
    int32_t at = 0;
    int64_t s = 0;
    for (int i = 0; i < b->n_injection; i++) {
        b->bus_start[i] = at;
        for (int k = 0; k < b->injection[i].n_place; k++) {
            b->bus[at] = b->injection[i].bus[k];
            b->bus_weight[at++] = b->injection[i].weight[k];
        }
    }
    b->bus_start[b->n_injection] = at;
    for (int t = 0; t < b->n_interval; t++) {
        for (int i = 0; i < b->n_injection; i++) {
            b->base[t * b->n_injection + i] = b->injection[i].base;
            b->seg_start[t * b->n_injection + i] = s;
            for (int k = 0; k < b->injection[i].n_segment; k++)
                b->seg[s++] = (struct dispatch_segment){b->injection[i].width[k],
                                                        b->injection[i].cost[t][k],
                                                        b->injection[i].cost[t][k]};
        }
    }
    b->seg_start[b->n_interval * b->n_injection] = s;
}

enum err_code dispatch_build_flatten(struct dispatch_build *b, struct err *err)
{
    const struct network_data data = {.n_bus = b->n_bus,
                                      .n_branch = b->n_branch,
                                      .from = b->from,
                                      .to = b->to,
                                      .susceptance_mw_per_rad = b->susceptance,
                                      .shift_rad = b->shift,
                                      .flow_min_mw = b->flow_min,
                                      .flow_max_mw = b->flow_max,
                                      .reference_weight = b->reference,
                                      .loss_per_mw = b->loss_per_mw};
    struct dispatch_penalty schedule = b->problem.schedule,
                            pricing = b->problem.pricing;
    int32_t n_steeper = b->problem.n_steeper;
    const struct watch *watch = b->problem.watch;
    network_destroy(b->net);
    b->net = NULL;
    enum err_code code = network_create(&data, &b->net, err);
    flatten_injections(b);
    b->problem = (struct dispatch_problem){.net = b->net,
                                           .watch = watch,
                                           .losses = b->losses,
                                           .n_interval = b->n_interval,
                                           .duration_h = b->duration,
                                           .fixed_mw = b->fixed,
                                           .n_injection = b->n_injection,
                                           .bus_start = b->bus_start,
                                           .bus = b->bus,
                                           .bus_weight = b->bus_weight,
                                           .base_mw = b->base,
                                           .seg_start = b->seg_start,
                                           .seg = b->seg,
                                           .ramp_up_mw_per_h = b->ramp_up,
                                           .ramp_down_mw_per_h = b->ramp_down,
                                           .initial_mw = b->initial,
                                           .n_polynomial = b->n_polynomial,
                                           .polynomial = b->polynomial,
                                           .n_store = b->n_store,
                                           .store = b->store,
                                           .schedule = schedule,
                                           .pricing = pricing,
                                           .n_steeper = n_steeper};
    return code;
}

enum err_code dispatch_build_solve(struct dispatch_build *b,
                                   struct dispatch_answer *out, struct err *err)
{
    enum err_code code = dispatch_build_flatten(b, err);
    return code ? code : dispatch_solve(&b->problem, 1e-10, out, err);
}

void dispatch_build_release(struct dispatch_build *b)
{
    network_destroy(b->net);
    b->net = NULL;
}
