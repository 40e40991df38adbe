/* certificate.c - primal, dual and complementarity, recomputed from the statement. */
#include "solver/certificate.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/certificate_parts.h"

double certificate_lmp(const struct check *c, int32_t t, int32_t bus)
{
    int32_t a = network_island(c->p->net)[bus];
    size_t at = (size_t)t * (size_t)c->d->n_bus + (size_t)bus;
    return c->in->lambda[t * network_n_island(c->p->net) + a] + c->in->congestion[at] +
           (c->in->loss ? c->in->loss[at] : 0);
}

static double penalty_of(const struct dispatch_problem *p,
                         const struct dispatch_penalty *q,
                         const struct dispatch_row *row)
{
    if (row->outage >= 0)
        return q->outage_usd_per_mwh;
    if (row->kind == DISPATCH_GROUP && p->group_penalty_usd_per_mwh &&
        !isnan(p->group_penalty_usd_per_mwh[row->index]))
        return p->group_penalty_usd_per_mwh[row->index];
    const double of_kind[DISPATCH_ROW_KINDS] = {
        [DISPATCH_BRANCH_MAX] = q->branch_usd_per_mwh,
        [DISPATCH_BRANCH_MIN] = q->branch_usd_per_mwh,
        [DISPATCH_GROUP] = q->group_usd_per_mwh,
        [DISPATCH_RAMP_UP] = q->ramp_usd_per_mwh,
        [DISPATCH_RAMP_DOWN] = q->ramp_usd_per_mwh,
        [DISPATCH_STORE_MAX] = q->store_usd_per_mwh,
        [DISPATCH_STORE_MIN] = q->store_usd_per_mwh,
    };
    return of_kind[row->kind];
}

/* ---- network: Kirchhoff, limits, and (2) ---- */

static void collect_branch_rows(struct check *c, int32_t t)
{
    size_t n = (size_t)c->d->n_branch;
    if (c->after.mu)
        memcpy(c->mu, c->after.mu + (size_t)t * n, n * sizeof *c->mu);
    else
        memset(c->mu, 0, n * sizeof *c->mu);
    memset(c->above, 0, n * sizeof *c->above);
    memset(c->below, 0, n * sizeof *c->below);
    for (int32_t r = 0; r < c->in->n_row; r++) {
        const struct dispatch_row *row = &c->in->row[r];
        if (row->interval != t || row->outage >= 0)
            continue;
        if (row->kind == DISPATCH_BRANCH_MAX) {
            c->mu[row->index] += row->shadow_usd_per_mwh;
            c->above[row->index] = row->relaxed;
        } else if (row->kind == DISPATCH_BRANCH_MIN) {
            c->mu[row->index] -= row->shadow_usd_per_mwh;
            c->below[row->index] = row->relaxed;
        }
    }
}

/* Root of the buses tied to bus n so far, and the potential of n above it. */
static int32_t node_of(struct check *c, int32_t n, double *potential)
{
    int32_t root = n;
    double sum = 0;
    for (; c->parent[root] != root; root = c->parent[root])
        sum += c->potential[root];
    *potential = sum;
    while (c->parent[n] != root && n != root) { /* shorten the way */
        int32_t next = c->parent[n];
        double step = c->potential[n];
        c->parent[n] = root;
        c->potential[n] = sum;
        sum -= step;
        n = next;
    }
    return root;
}

/* Ties join angles; their flows are differences of one potential, loops included. */
static void check_ties(struct check *c, const double *angle, const double *flow)
{
    const struct network_data *d = c->d;
    for (int32_t n = 0; n < d->n_bus; n++) {
        c->parent[n] = n;
        c->potential[n] = 0;
    }
    for (int32_t l = 0; l < d->n_branch; l++) {
        double at_from, at_to;
        if (!network_is_bus_tie(d, l))
            continue;
        certificate_worse(&c->primal,
                          c->strongest * fabs(angle[d->from[l]] - angle[d->to[l]]));
        int32_t f = node_of(c, d->from[l], &at_from);
        int32_t t = node_of(c, d->to[l], &at_to);
        if (f == t) {
            certificate_worse(&c->primal, fabs(flow[l] - (at_from - at_to)));
        } else {
            c->parent[f] = t;
            c->potential[f] = flow[l] + at_to - at_from;
        }
    }
}

/* What enters the network at every bus, into c->bus. */
static void add_injections(struct check *c, int32_t t)
{
    const struct network_data *d = c->d;
    const struct dispatch_problem *p = c->p;
    const double *reference = network_reference(p->net);
    int32_t n_island = network_n_island(p->net);
    for (int32_t n = 0; n < d->n_bus; n++) {
        int32_t b = t * n_island + network_island(p->net)[n];
        c->bus[n] = reference[n] * (c->in->shortage_mw[b] - c->in->surplus_mw[b]);
        if (p->fixed_mw)
            c->bus[n] += p->fixed_mw[(size_t)t * (size_t)d->n_bus + (size_t)n];
    }
    for (int32_t i = 0; i < p->n_injection; i++)
        for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
            c->bus[p->bus[k]] +=
                p->bus_weight[k] * c->in->injection_mw[t * p->n_injection + i];
}

static bool loses(const struct check *c)
{
    return c->p->losses != LOSS_OFF && c->d->loss_per_mw;
}

/* MW lost per MW^2 carried. */
static double resistance(const struct check *c, int32_t branch)
{
    return loses(c) && isfinite(c->d->susceptance_mw_per_rad[branch])
               ? c->d->loss_per_mw[branch]
               : 0;
}

/* Takes what the flows lose out of c->bus. */
static void withdraw_losses(struct check *c, const double *flow)
{
    const int32_t *island = network_island(c->p->net);
    const double *reference = network_reference(c->p->net);
    memset(c->mean, 0, (size_t)network_n_island(c->p->net) * sizeof *c->mean);
    for (int32_t l = 0; l < c->d->n_branch; l++) {
        double lost = resistance(c, l) * flow[l] * flow[l];
        if (c->p->losses == LOSS_ENDS) {
            c->bus[c->d->from[l]] -= lost / 2;
            c->bus[c->d->to[l]] -= lost / 2;
        } else {
            c->mean[island[c->d->to[l]]] += lost;
        }
    }
    for (int32_t n = 0; n < c->d->n_bus; n++)
        c->bus[n] -= reference[n] * c->mean[island[n]];
}

static void check_kirchhoff(struct check *c, int32_t t)
{
    const struct network_data *d = c->d;
    const double *angle = c->in->angle_rad + (size_t)t * (size_t)d->n_bus;
    const double *flow = c->in->flow_mw + (size_t)t * (size_t)d->n_branch;
    bool whole = dispatch_outage_counts(c->p->outages, t, -1);
    add_injections(c, t);
    if (loses(c))
        withdraw_losses(c, flow);
    for (int32_t l = 0; l < d->n_branch; l++) {
        double by_angle = d->susceptance_mw_per_rad[l] *
                          (angle[d->from[l]] - angle[d->to[l]] - d->shift_rad[l]);
        if (!network_is_bus_tie(d, l))
            certificate_worse(&c->primal, fabs(flow[l] - by_angle));
        c->bus[d->from[l]] -= flow[l];
        c->bus[d->to[l]] += flow[l];
        if (!whole)
            continue;
        certificate_worse(&c->primal, flow[l] - d->flow_max_mw[l] - c->above[l]);
        certificate_worse(&c->primal, d->flow_min_mw[l] - flow[l] - c->below[l]);
    }
    for (int32_t n = 0; n < d->n_bus; n++)
        certificate_worse(&c->primal, fabs(c->bus[n]));
    check_ties(c, angle, flow);
}

/* 2 k f m of (1). */
static double lost_worth(const struct check *c, int32_t t, int32_t l, double at_from,
                         double at_to)
{
    double flow = c->in->flow_mw[(size_t)t * (size_t)c->d->n_branch + (size_t)l];
    int32_t n_island = network_n_island(c->p->net);
    int32_t a = network_island(c->p->net)[c->d->from[l]];
    double price = c->p->losses == LOSS_ENDS ? (at_from + at_to) / 2
                                             : c->in->lambda[t * n_island + a];
    return 2 * resistance(c, l) * flow * price;
}

/* (2) over the ties alone, or over all other branches with tied buses taken together. */
static void check_stationarity(struct check *c, int32_t t, bool ties)
{
    const struct network_data *d = c->d;
    double unused;
    memset(c->bus, 0, (size_t)d->n_bus * sizeof *c->bus);
    memset(c->scale, 0, (size_t)d->n_bus * sizeof *c->scale);
    for (int32_t l = 0; l < d->n_branch; l++) {
        if (network_is_bus_tie(d, l) != ties)
            continue;
        int32_t from = ties ? d->from[l] : node_of(c, d->from[l], &unused);
        int32_t to = ties ? d->to[l] : node_of(c, d->to[l], &unused);
        double b = ties ? 1 : d->susceptance_mw_per_rad[l];
        double at_from = certificate_lmp(c, t, d->from[l]),
               at_to = certificate_lmp(c, t, d->to[l]);
        double g = at_from - at_to + c->mu[l] + lost_worth(c, t, l, at_from, at_to);
        c->bus[from] += b * g;
        c->bus[to] -= b * g;
        c->scale[from] += fabs(b);
        c->scale[to] += fabs(b);
    }
    for (int32_t n = 0; n < d->n_bus; n++)
        if (c->scale[n] > 0)
            certificate_worse(&c->dual, fabs(c->bus[n]) / c->scale[n]);
}

/* The energy price is the price at the reference, shortage and surplus bound it. */
static void check_reference(struct check *c, int32_t t)
{
    const double *reference = network_reference(c->p->net);
    const int32_t *island = network_island(c->p->net);
    int32_t n_island = network_n_island(c->p->net);
    double h = c->p->duration_h[t];
    const double *lambda = c->in->lambda + (size_t)t * (size_t)n_island;
    memset(c->mean, 0, (size_t)n_island * sizeof *c->mean);
    for (int32_t n = 0; n < c->d->n_bus; n++)
        c->mean[island[n]] +=
            reference[n] * (certificate_lmp(c, t, n) - lambda[island[n]]);
    for (int32_t a = 0; a < n_island; a++) {
        double shortage = c->in->shortage_mw[t * n_island + a];
        double surplus = c->in->surplus_mw[t * n_island + a];
        certificate_worse(&c->dual, fabs(c->mean[a]));
        double lack = c->in->shortage_penalty
                          ? c->in->shortage_penalty[t * n_island + a]
                          : c->p->schedule.shortage_usd_per_mwh;
        double excess = c->in->surplus_penalty
                            ? c->in->surplus_penalty[t * n_island + a]
                            : c->p->schedule.surplus_usd_per_mwh;
        certificate_worse(&c->dual, lambda[a] - lack);
        certificate_worse(&c->dual, -lambda[a] - excess);
        certificate_worse(&c->primal, -shortage);
        certificate_worse(&c->primal, -surplus);
        c->objective += h * (lack * shortage + excess * surplus);
        if (!c->in->held)
            c->gap += h * (fmax(0, lack - lambda[a]) * shortage +
                           fmax(0, excess + lambda[a]) * surplus);
    }
}

/* ---- limits other than branches ---- */

static double power(const struct check *c, int32_t t, int32_t i)
{
    return t < 0 ? c->p->initial_mw[i] : c->in->injection_mw[t * c->p->n_injection + i];
}

/* Left-hand side and limit of a row, as "activity <= limit" (minima change sign). */
static void row_sides(const struct check *c, const struct dispatch_row *row,
                      double *activity, double *limit)
{
    const struct dispatch_problem *p = c->p;
    int32_t t = row->interval, k = row->index;
    double change;
    switch (row->kind) {
    case DISPATCH_BRANCH_MAX:
        *activity = c->in->flow_mw[(size_t)t * (size_t)c->d->n_branch + (size_t)k];
        *limit =
            dispatch_outage_counts(p->outages, t, -1) ? c->d->flow_max_mw[k] : HUGE_VAL;
        return;
    case DISPATCH_BRANCH_MIN:
        *activity = -c->in->flow_mw[(size_t)t * (size_t)c->d->n_branch + (size_t)k];
        *limit = dispatch_outage_counts(p->outages, t, -1) ? -c->d->flow_min_mw[k]
                                                           : HUGE_VAL;
        return;
    case DISPATCH_GROUP:
        *activity = 0;
        for (int32_t e = p->group_start[k]; e < p->group_start[k + 1]; e++)
            *activity += p->group_coef[e] * power(c, t, p->group_injection[e]);
        if (p->group_store && p->group_store[k] >= 0)
            *activity += p->group_energy_coef[k] *
                         c->in->energy_mwh[t * p->n_store + p->group_store[k]];
        *limit = p->group_max_mw[t * p->n_group + k];
        return;
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        change = power(c, t, k) - power(c, t - 1, k);
        *activity = row->kind == DISPATCH_RAMP_UP ? change : -change;
        *limit = p->duration_h[t] * (row->kind == DISPATCH_RAMP_UP
                                         ? p->ramp_up_mw_per_h[k]
                                         : p->ramp_down_mw_per_h[k]);
        return;
    case DISPATCH_STORE_MAX:
        *activity = c->in->energy_mwh[t * p->n_store + k];
        *limit = p->store[k].energy_max_mwh;
        return;
    default:
        *activity = -c->in->energy_mwh[t * p->n_store + k];
        *limit = -(t == p->n_interval - 1 ? fmax(p->store[k].energy_min_mwh,
                                                 p->store[k].energy_end_min_mwh)
                                          : p->store[k].energy_min_mwh);
    }
}

static void outage_sides(const struct check *c, int32_t r, double *activity,
                         double *limit)
{
    const struct dispatch_outages *o = c->p->outages;
    bool maximum = c->in->row[r].kind == DISPATCH_BRANCH_MAX;
    int32_t l = c->in->row[r].index;
    *activity = maximum ? c->after.activity[r] : -c->after.activity[r];
    const struct dispatch_row *row = &c->in->row[r];
    *limit = HUGE_VAL; /* none where the outage does not count */
    if (!dispatch_outage_counts(o, row->interval, row->outage))
        return;
    bool own = o->state && o->state_of[row->outage] == row->outage;
    *limit = maximum ? (own ? c->d->flow_max_mw : o->max_mw)[l]
                     : -(own ? c->d->flow_min_mw : o->min_mw)[l];
}

static void check_rows(struct check *c)
{
    for (int32_t r = 0; r < c->in->n_row; r++) {
        const struct dispatch_row *row = &c->in->row[r];
        bool energy =
            row->kind == DISPATCH_STORE_MAX || row->kind == DISPATCH_STORE_MIN;
        double h = energy ? 1 : c->p->duration_h[row->interval];
        double mu = row->shadow_usd_per_mwh, relax = row->penalty_usd_per_mwh;
        double activity, limit;
        if (row->outage >= 0)
            outage_sides(c, r, &activity, &limit);
        else
            row_sides(c, row, &activity, &limit);
        certificate_worse(&c->primal, activity - limit - row->relaxed);
        certificate_worse(&c->primal, -row->relaxed);
        certificate_worse(&c->dual, -mu);
        certificate_worse(&c->dual, mu - relax);
        certificate_worse(&c->dual,
                          fmin(fabs(relax - penalty_of(c->p, &c->p->schedule, row)),
                               fabs(relax - penalty_of(c->p, &c->p->pricing, row))));
        if (mu > 0)
            c->gap += h * mu * fmax(0, limit + row->relaxed - activity);
        c->objective += h * relax * row->relaxed;
        if (!c->in->held)
            c->gap += h * fmax(0, relax - mu) * row->relaxed;
    }
}

static double relaxed_by(const struct check *c, enum dispatch_row_kind kind,
                         int32_t index, int32_t t)
{
    for (int32_t r = 0; r < c->in->n_row; r++) {
        const struct dispatch_row *row = &c->in->row[r];
        if (row->kind == kind && row->index == index && row->interval == t)
            return row->relaxed;
    }
    return 0;
}

/* Every group, ramp and store limit, whether or not it has a row. */
static void check_limit(struct check *c, enum dispatch_row_kind kind, int32_t index,
                        int32_t t)
{
    struct dispatch_row row = {.kind = kind, .index = index, .interval = t};
    double activity, limit;
    row_sides(c, &row, &activity, &limit);
    double over = activity - limit;
    if (isinf(limit) || over <= c->primal)
        return;
    certificate_worse(&c->primal, over - relaxed_by(c, kind, index, t));
}

static void check_limits(struct check *c, int32_t t)
{
    const struct dispatch_problem *p = c->p;
    for (int32_t k = 0; k < p->n_group; k++)
        check_limit(c, DISPATCH_GROUP, k, t);
    for (int32_t i = 0; i < p->n_injection; i++) {
        if ((t == 0 && isnan(p->initial_mw[i])) ||
            (p->ramp_free && p->ramp_free[t * p->n_injection + i]))
            continue;
        check_limit(c, DISPATCH_RAMP_UP, i, t);
        check_limit(c, DISPATCH_RAMP_DOWN, i, t);
    }
    for (int32_t s = 0; s < p->n_store; s++) {
        check_limit(c, DISPATCH_STORE_MAX, s, t);
        check_limit(c, DISPATCH_STORE_MIN, s, t);
    }
}

static bool allocate(struct check *c)
{
    const struct dispatch_problem *p = c->p;
    size_t n_bus = (size_t)c->d->n_bus, n_branch = (size_t)c->d->n_branch;
    size_t n_t = (size_t)p->n_interval;
    c->bus = mem_alloc(n_bus, sizeof *c->bus);
    c->scale = mem_alloc(n_bus, sizeof *c->scale);
    c->mean = mem_alloc((size_t)network_n_island(p->net), sizeof *c->mean);
    c->mu = mem_alloc(n_branch, sizeof *c->mu);
    c->above = mem_alloc(n_branch, sizeof *c->above);
    c->below = mem_alloc(n_branch, sizeof *c->below);
    c->price = mem_alloc(n_t * (size_t)p->n_injection, sizeof *c->price);
    c->energy_value = mem_alloc(n_t * (size_t)p->n_store, sizeof *c->energy_value);
    c->smooth = mem_alloc((size_t)p->n_injection, sizeof *c->smooth);
    c->parent = mem_alloc(n_bus, sizeof *c->parent);
    c->potential = mem_alloc(n_bus, sizeof *c->potential);
    c->strongest = 1;
    for (int32_t l = 0; l < c->d->n_branch; l++)
        if (!network_is_bus_tie(c->d, l))
            c->strongest = fmax(c->strongest, fabs(c->d->susceptance_mw_per_rad[l]));
    return c->bus && c->scale && c->mean && c->mu && c->above && c->below && c->price &&
           c->energy_value && c->smooth && c->parent && c->potential;
}

enum err_code certificate_check(const struct certificate_input *in,
                                struct dispatch_certificate *out, struct err *err)
{
    struct check c = {.in = in, .p = in->p, .d = network_data(in->p->net)};
    enum err_code code = ERR_OK;
    if (!allocate(&c)) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    if (c.p->outages)
        code = certificate_outages(in, in->outages_checked, &c.after, err);
    if (code)
        goto done;
    c.primal = c.after.worst_mw;
    for (int32_t k = 0; k < c.p->n_polynomial; k++)
        c.smooth[c.p->polynomial[k].injection] = &c.p->polynomial[k];
    for (int32_t t = 0; t < c.p->n_interval; t++) {
        collect_branch_rows(&c, t);
        check_kirchhoff(&c, t);
        check_stationarity(&c, t, false);
        check_stationarity(&c, t, true);
        check_reference(&c, t);
        check_limits(&c, t);
    }
    check_rows(&c);
    code = certificate_injections(&c, err);
    double scale_usd = fmax(1, fabs(c.objective));
    *out = (struct dispatch_certificate){
        .primal_residual = c.primal,
        .dual_residual = c.dual,
        .relative_gap = c.gap / scale_usd,
        .scale_usd = scale_usd,
    };
done:
    certificate_after_release(&c.after);
    mem_free(c.bus);
    mem_free(c.scale);
    mem_free(c.mean);
    mem_free(c.mu);
    mem_free(c.above);
    mem_free(c.below);
    mem_free(c.price);
    mem_free(c.energy_value);
    mem_free(c.smooth);
    mem_free(c.parent);
    mem_free(c.potential);
    return code;
}
