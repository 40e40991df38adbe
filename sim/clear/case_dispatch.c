/* case_dispatch.c - unit costs as segments and polynomials, one interval. */
#include "sim/clear/case_dispatch.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "sim/clear/contingency.h"
#include "sim/clear/grid_network.h"
#include "sim/clear/record.h"
#include "solver/dispatch.h"

/*
 * The market that a case is: its buses as nodes, its units as resources. Injections are
 * the units and, after them, the DC lines: 1 MW of one is -1 at its from bus and what is
 * left of it at its to bus.
 */
struct case_market {
    struct market m; /* arena-owned, grid borrowed */
    struct dispatch_problem problem;
    struct dispatch_segment *seg;
    int64_t *seg_start;
    double *base, *fixed, *constant_usd; /* constant: cost at base, per injection */
    struct dispatch_polynomial *polynomial;
    struct contingency after;
    double outage_penalty; /* 0 = not chosen */
};

static int32_t count_injections(const struct grid *grid)
{
    return grid->n_unit + grid->n_dc_line;
}

/* The limits and cost of injection i. */
static const struct grid_unit *injected(const struct grid *grid, int32_t i)
{
    return i < grid->n_unit ? &grid->unit[i] : &grid->dc_line[i - grid->n_unit].flow;
}

/* Slope of a piecewise cost from its k-th point to the next. */
static double slope(const struct grid_unit *u, int32_t k)
{
    return (u->cost[2 * k + 3] - u->cost[2 * k + 1]) /
           (u->cost[2 * k + 2] - u->cost[2 * k]);
}

/* Cost of a piecewise unit at p; the first and last slopes extend beyond the points. */
static double piecewise_cost(const struct grid_unit *u, double p)
{
    int32_t k = 0;
    while (k + 2 < u->n_cost && p > u->cost[2 * k + 2])
        k++;
    return u->cost[2 * k + 1] + slope(u, k) * (p - u->cost[2 * k]);
}

static void push(struct case_market *c, int64_t *n, double width, double cost)
{
    if (width > 0)
        c->seg[(*n)++] = (struct dispatch_segment){width, cost, cost};
}

static void add_piecewise(struct case_market *c, int32_t unit,
                          const struct grid_unit *u, int64_t *n)
{
    double from = u->pmin_mw;
    c->constant_usd[unit] = u->n_cost > 1 ? piecewise_cost(u, u->pmin_mw) : u->cost[1];
    for (int32_t k = 0; k + 1 < u->n_cost; k++) {
        double to =
            k + 2 == u->n_cost ? u->pmax_mw : fmin(u->pmax_mw, u->cost[2 * k + 2]);
        push(c, n, to - from, slope(u, k));
        from = fmax(from, to);
    }
}

static void add_polynomial(struct case_market *c, int32_t unit,
                           const struct grid_unit *u, int64_t *n)
{
    double width = u->pmax_mw - u->pmin_mw;
    if (u->n_cost <= 2 || width <= 0) {
        double at_pmin = 0;
        for (int32_t k = u->n_cost; k-- > 0;)
            at_pmin = at_pmin * u->pmin_mw + u->cost[k];
        c->constant_usd[unit] = at_pmin;
        push(c, n, width, u->n_cost == 2 ? u->cost[1] : 0);
        return;
    }
    c->polynomial[c->problem.n_polynomial++] =
        (struct dispatch_polynomial){unit, u->n_cost, u->cost};
    push(c, n, width, 0);
}

static void add_costs(struct case_market *c, const struct grid *grid)
{
    int64_t n = 0;
    for (int32_t i = 0; i < count_injections(grid); i++) {
        const struct grid_unit *u = injected(grid, i);
        c->base[i] = u->pmin_mw;
        c->seg_start[i] = n;
        if (u->cost_kind == GRID_COST_POINTS)
            add_piecewise(c, i, u, &n);
        else if (u->cost_kind == GRID_COST_POLYNOMIAL)
            add_polynomial(c, i, u, &n);
        else
            push(c, &n, u->pmax_mw - u->pmin_mw, 0);
    }
    c->seg_start[count_injections(grid)] = n;
}

/* Largest marginal cost of any unit or DC line, at least 1 $/MWh. */
static double dearest(const struct grid *grid)
{
    double most = 1;
    for (int32_t i = 0; i < count_injections(grid); i++) {
        const struct grid_unit *u = injected(grid, i);
        if (u->cost_kind == GRID_COST_POINTS)
            for (int32_t k = 0; k + 1 < u->n_cost; k++)
                most = fmax(most, fabs(slope(u, k)));
        if (u->cost_kind == GRID_COST_POLYNOMIAL) {
            double at = fmax(fabs(u->pmin_mw), fabs(u->pmax_mw)), marginal = 0;
            for (int32_t k = u->n_cost; k-- > 1;)
                marginal = marginal * at + (double)k * fabs(u->cost[k]);
            most = fmax(most, marginal);
        }
    }
    return most;
}

/* Nodes and resources: bus n is node n, unit u is resource u. */
static enum err_code lay_out_market(struct case_market *c, const struct grid *grid,
                                    struct err *err)
{
    struct arena *a = &c->m.arena;
    int32_t n_bus = grid->n_bus, n_unit = grid->n_unit;
    c->m.n_node = n_bus;
    c->m.n_resource = n_unit;
    c->m.n_interval = 1;
    c->m.rules = rules_default();
    c->m.grid = *grid;
    c->m.grid.arena = (struct arena){0}; /* borrowed */
    c->m.node = ARENA_ARRAY(a, struct node, n_bus);
    c->m.factor_bus = ARENA_ARRAY(a, int32_t, n_bus);
    c->m.factor = ARENA_ARRAY(a, double, n_bus);
    c->m.reference_weight = ARENA_ARRAY(a, double, n_bus);
    c->m.resource = ARENA_ARRAY(a, struct resource, n_unit);
    c->fixed = ARENA_ARRAY(a, double, n_bus);
    if (!c->m.node || !c->m.factor_bus || !c->m.factor || !c->m.reference_weight ||
        !c->m.resource || !c->fixed)
        return err_set(err, ERR_NOMEM, "cannot hold a case of %d buses", n_bus);
    for (int32_t n = 0; n < n_bus; n++) {
        c->m.node[n] = (struct node){
            .id = grid->bus[n].id, .factor_start = n, .n_factor = 1, .tie = -1};
        c->m.factor_bus[n] = n;
        c->m.factor[n] = 1;
        c->m.reference_weight[n] = fmax(0, grid->bus[n].load_mw);
        c->fixed[n] = -grid->bus[n].load_mw - grid->bus[n].shunt_mw;
    }
    for (int32_t i = 0; i < n_unit; i++)
        c->m.resource[i].id = grid->unit[i].id;
    for (int32_t k = 0; k < grid->n_dc_line; k++)
        c->fixed[grid->dc_line[k].to] -= grid->dc_line[k].loss0_mw;
    return ERR_OK;
}

/* Buses of every injection; no ramps. */
static enum err_code lay_out_places(struct case_market *c, const struct grid *grid,
                                    struct err *err)
{
    struct arena *a = &c->m.arena;
    int32_t n = count_injections(grid), n_place = grid->n_unit + 2 * grid->n_dc_line;
    int32_t *start = ARENA_ARRAY(a, int32_t, n + 1);
    int32_t *bus = ARENA_ARRAY(a, int32_t, n_place);
    double *weight = ARENA_ARRAY(a, double, n_place), *ramp = ARENA_ARRAY(a, double, n);
    double *initial = ARENA_ARRAY(a, double, n);
    if (!start || !bus || !weight || !ramp || !initial)
        return err_set(err, ERR_NOMEM, "cannot hold a case of %d units", n);
    for (int32_t i = 0, at = 0; i < n; i++) {
        start[i] = at;
        bus[at] = injected(grid, i)->bus;
        weight[at++] = i < grid->n_unit ? 1 : -1;
        if (i >= grid->n_unit) {
            const struct grid_dc_line *line = &grid->dc_line[i - grid->n_unit];
            bus[at] = line->to;
            weight[at++] = 1 - line->loss1;
        }
        ramp[i] = HUGE_VAL;
        initial[i] = NAN;
    }
    start[n] = n_place;
    c->problem.n_injection = n;
    c->problem.bus_start = start;
    c->problem.bus = bus;
    c->problem.bus_weight = weight;
    c->problem.ramp_up_mw_per_h = ramp;
    c->problem.ramp_down_mw_per_h = ramp;
    c->problem.initial_mw = initial;
    return ERR_OK;
}

static enum err_code lay_out_costs(struct case_market *c, const struct grid *grid,
                                   struct err *err)
{
    static const double one_hour = 1;
    struct arena *a = &c->m.arena;
    int32_t n = count_injections(grid);
    size_t n_seg = 0;
    for (int32_t i = 0; i < n; i++)
        n_seg += (size_t)injected(grid, i)->n_cost + 1;
    c->seg = ARENA_ARRAY(a, struct dispatch_segment, n_seg);
    c->seg_start = ARENA_ARRAY(a, int64_t, n + 1);
    c->base = ARENA_ARRAY(a, double, n);
    c->constant_usd = ARENA_ARRAY(a, double, n);
    c->polynomial = ARENA_ARRAY(a, struct dispatch_polynomial, n);
    if (!c->seg || !c->seg_start || !c->base || !c->constant_usd || !c->polynomial)
        return err_set(err, ERR_NOMEM, "cannot hold %zu pieces of cost", n_seg);
    add_costs(c, grid);
    c->problem.n_interval = 1;
    c->problem.duration_h = &one_hour;
    c->problem.fixed_mw = c->fixed;
    c->problem.base_mw = c->base;
    c->problem.seg_start = c->seg_start;
    c->problem.seg = c->seg;
    c->problem.polynomial = c->polynomial;
    return ERR_OK;
}

/* Lost units are replaced in proportion to Pmax. */
static enum err_code lay_out_outages(struct case_market *c, const struct grid *grid,
                                     const struct grid_outages *outages,
                                     struct err *err)
{
    int32_t n = count_injections(grid);
    double *capacity = ARENA_ARRAY(&c->m.arena, double, n);
    if (!capacity)
        return err_set(err, ERR_NOMEM, "cannot hold a case of %d units", n);
    for (int32_t u = 0; u < grid->n_unit; u++)
        capacity[u] = fmax(0, grid->unit[u].pmax_mw);
    c->m.outages = *outages;
    c->m.outages.arena = (struct arena){0}; /* borrowed */
    c->problem.outages = &c->after.o;
    return contingency_create(grid, outages, capacity, &c->after, err);
}

static enum err_code lay_out(struct case_market *c, const struct grid *grid,
                             struct err *err)
{
    enum err_code code = lay_out_market(c, grid, err);
    if (!code)
        code = lay_out_places(c, grid, err);
    return code ? code : lay_out_costs(c, grid, err);
}

/* A balance or a limit was relaxed, other than after an outage. */
static bool is_relaxed(const struct case_market *c, const struct dispatch_answer *a)
{
    bool relaxed = false;
    for (int32_t b = 0; b < network_n_island(c->problem.net); b++)
        relaxed = relaxed || a->shortage_mw[b] > 1e-6 || a->surplus_mw[b] > 1e-6;
    for (int32_t k = 0; k < a->n_row; k++)
        relaxed = relaxed || (a->row[k].outage < 0 && a->row[k].relaxed > 1e-6);
    return relaxed;
}

/*
 * The penalty must exceed every price that a case can have, or limits would be relaxed
 * that could be kept: if something was relaxed, try again with a much higher one. Limits
 * after outages are another matter: that some cannot be kept is as it is in most networks,
 * and the price that is worth it is a choice.
 */
static enum err_code solve(struct case_market *c, struct dispatch_answer *a,
                           struct err *err)
{
    double penalty = 1e3 * dearest(&c->m.grid);
    if (c->outage_penalty <= 0)
        c->outage_penalty = penalty;
    for (c->problem.n_steeper = 2;;) {
        c->problem.schedule = c->problem.pricing = (struct dispatch_penalty){
            penalty, penalty, penalty, penalty, penalty, penalty, c->outage_penalty};
        enum err_code code = dispatch_solve(&c->problem, 1e-8, a, err);
        if (code)
            return code;
        for (double f = a->penalty_factor; f > 1; f /= DISPATCH_STEEPER)
            c->problem.n_steeper--;
        penalty *= a->penalty_factor;
        if (!is_relaxed(c, a) || c->problem.n_steeper == 0)
            return ERR_OK;
        /* Only losses can bring it about that what was kept before them is relaxed. */
        penalty *= DISPATCH_STEEPER;
        c->problem.n_steeper--;
        dispatch_answer_release(a);
    }
}

/* Relaxations are costed at the penalty that was used. */
static void adopt_penalty(struct case_market *c, double factor)
{
    c->m.rules.balance_schedule = factor * c->problem.schedule.shortage_usd_per_mwh;
    c->m.rules.surplus_schedule = factor * c->problem.schedule.surplus_usd_per_mwh;
    c->m.rules.branch_schedule = factor * c->problem.schedule.branch_usd_per_mwh;
}

static void record(const struct case_market *c, const struct dispatch_answer *a,
                   struct outcome *o)
{
    const int32_t *island = network_island(c->problem.net);
    for (int32_t n = 0; n < o->n_node; n++) {
        o->lmp_energy[n] = a->lambda_usd_per_mwh[island[n]];
        o->lmp_congestion[n] = a->congestion_usd_per_mwh[n];
        o->lmp_loss[n] = a->loss_usd_per_mwh[n];
        o->lmp[n] = o->lmp_energy[n] + o->lmp_congestion[n] + o->lmp_loss[n];
    }
    memcpy(o->award_mw, a->injection_mw, (size_t)o->n_resource * sizeof *o->award_mw);
    memcpy(o->flow_mw, a->flow_mw, (size_t)o->n_branch * sizeof *o->flow_mw);
    for (int32_t k = 0; k < o->n_dc_line; k++) {
        const struct grid_dc_line *line = &c->m.grid.dc_line[k];
        o->dc_line_mw[k] = a->injection_mw[o->n_resource + k];
        o->dc_line_received_mw[k] =
            (1 - line->loss1) * o->dc_line_mw[k] - line->loss0_mw;
    }
    for (int32_t b = 0; b < network_n_island(c->problem.net); b++) {
        o->shortage_mw[0] += a->shortage_mw[b];
        o->surplus_mw[0] += a->surplus_mw[b];
    }
    o->objective_usd = a->objective_usd;
    for (int32_t i = 0; i < c->problem.n_injection; i++)
        o->objective_usd += c->constant_usd[i];
    o->certificate = (struct clear_certificate){
        .primal_residual_mw = a->certificate.primal_residual,
        .dual_residual_usd_per_mwh = a->certificate.dual_residual,
        .relative_gap = a->certificate.relative_gap};
    o->consistent = a->consistent;
    o->stats.columns = a->stats.columns;
    o->stats.rows_added = a->stats.rows_added;
    o->stats.rows_binding = a->stats.rows_binding;
    o->stats.rounds = a->stats.rounds;
    o->stats.simplex_iterations = a->stats.simplex_iterations;
    o->stats.seconds_lp = a->stats.seconds_lp;
    o->stats.seconds_screen = a->stats.seconds_screen;
    o->stats.seconds_certify = a->stats.seconds_certify;
}

static enum err_code record_limits(const struct case_market *c,
                                   const struct dispatch_answer *a, struct outcome *o,
                                   struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t k = 0; !code && k < a->n_row; k++) {
        const struct dispatch_row *row = &a->row[k];
        double sign = row->kind == DISPATCH_BRANCH_MAX ? 1 : -1;
        struct outcome_row out = {.kind = CONSTRAINT_BRANCH,
                                  .upper = row->kind == DISPATCH_BRANCH_MAX,
                                  .index = row->index,
                                  .outage = row->outage,
                                  .limit = row->limit,
                                  .relaxed = row->relaxed,
                                  .shadow_usd_per_mwh = row->shadow_usd_per_mwh};
        o->rent_usd[0] += row->shadow_usd_per_mwh * (sign * row->limit + row->relaxed);
        code = outcome_add_row(o, out, err);
    }
    if (!code)
        code = record_outages(&c->m, &c->problem, a, o, err);
    if (!code)
        code = record_constraints(&c->m, o, err);
    if (!code)
        code = record_shift_factors(&c->m, c->problem.net, o, err);
    if (!code)
        code = record_relaxations(&c->m, o, err);
    return code;
}

enum err_code case_dispatch(const struct grid *grid, enum dc_model model,
                            struct outcome *out, struct err *err)
{
    const struct case_settings settings = {.dc_model = model};
    return case_dispatch_with(grid, &settings, out, err);
}

enum err_code case_dispatch_with(const struct grid *grid,
                                 const struct case_settings *settings,
                                 struct outcome *out, struct err *err)
{
    struct case_market c = {.outage_penalty = settings->outage_penalty_usd_per_mwh};
    struct grid_network gn = {0};
    struct dispatch_answer a = {0};
    *out = (struct outcome){.interval_h = 1,
                            .n_interval = 1,
                            .n_node = grid->n_bus,
                            .n_resource = grid->n_unit,
                            .n_branch = grid->n_branch,
                            .n_dc_line = grid->n_dc_line,
                            .losses = settings->losses,
                            .shift_choice = settings->shift_choice};
    c.problem.watch = settings->watch;
    enum err_code code = lay_out(&c, grid, err);
    if (!code && settings->outages)
        code = lay_out_outages(&c, grid, settings->outages, err);
    if (!code)
        code = outcome_allocate(out, err);
    double began = stopwatch_s();
    if (!code)
        code = grid_network_create(grid, settings->dc_model, c.m.reference_weight, &gn,
                                   err);
    double factored = stopwatch_s();
    c.problem.net = gn.net;
    c.problem.losses = settings->losses;
    if (!code)
        code = solve(&c, &a, err);
    if (!code) {
        adopt_penalty(&c, a.penalty_factor);
        record(&c, &a, out);
        out->stats.seconds_factor = factored - began;
        code = record_limits(&c, &a, out, err);
    }
    if (!code) {
        code = record_losses(&c.problem, &a, 0, out, err);
        out->certificate.relative_gap =
            fmax(out->certificate.relative_gap,
                 a.loss_gap_usd / fmax(1, fabs(out->objective_usd)));
    }
    dispatch_answer_release(&a);
    grid_network_release(&gn);
    contingency_release(&c.after);
    arena_release(&c.m.arena);
    if (code)
        outcome_release(out);
    return code;
}
