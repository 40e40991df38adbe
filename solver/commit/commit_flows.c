/* commit_flows.c - an answer of commit.h against every limit of flows, and (11). */
#include <math.h>
#include <stddef.h>

#include "sim/base/mem.h"
#include "solver/certificate_outage.h"
#include "solver/commit/commit_certificate.h"
#include "solver/network.h"

struct flow_check {
    const struct commit_problem *p;
    const struct commit_answer *a;
    const struct network_data *d;
    struct commit_certificate *out;
    double *bus_mw;           /* [n_interval][n_bus] units, others and load */
    double *entering_mw;      /* likewise, with shortage and surplus at the reference */
    double *angle_rad;        /* [n_interval][n_bus] */
    double *flow_mw;          /* [n_interval][n_branch] */
    double *left_mw;          /* [n_bus] of one interval */
    struct dispatch_row *row; /* [n_overload] */
    int32_t *bus, *bus_start; /* every bus is an injection of its own */
    double *one;              /* [n_bus] */
};

static size_t cell(int32_t t, int32_t i, int32_t n)
{
    return (size_t)t * (size_t)n + (size_t)i;
}

static void broken(const struct flow_check *c, double by, const char *rule, int32_t t,
                   int32_t index)
{
    if (!(by <= c->out->violation_mw)) { /* not a number is broken, too */
        c->out->violation_mw = by;
        c->out->rule = rule;
        c->out->interval = t;
        c->out->index = index;
        c->out->unit = -1;
    }
}

static enum err_code allocate(struct flow_check *c, struct err *err)
{
    const size_t T = (size_t)c->p->n_interval, N = (size_t)c->d->n_bus;
    c->bus_mw = MEM_ARRAY(double, T *N);
    c->entering_mw = MEM_ARRAY(double, T *N);
    c->angle_rad = MEM_ARRAY(double, T *N);
    c->flow_mw = MEM_ARRAY(double, T *(size_t)c->d->n_branch);
    c->left_mw = MEM_ARRAY(double, N);
    c->row = MEM_ARRAY(struct dispatch_row, c->a->n_overload);
    c->bus = MEM_ARRAY(int32_t, N);
    c->bus_start = MEM_ARRAY(int32_t, N + 1);
    c->one = MEM_ARRAY(double, N);
    return c->bus_mw && c->entering_mw && c->angle_rad && c->flow_mw && c->left_mw &&
                   c->row && c->bus && c->bus_start && c->one
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "out of memory for the flows of a commitment");
}

static void release(struct flow_check *c)
{
    mem_free(c->bus_mw);
    mem_free(c->entering_mw);
    mem_free(c->angle_rad);
    mem_free(c->flow_mw);
    mem_free(c->left_mw);
    mem_free(c->row);
    mem_free(c->bus);
    mem_free(c->bus_start);
    mem_free(c->one);
}

static void find_bus_mw(const struct flow_check *c)
{
    const struct commit_problem *p = c->p;
    const double *reference = network_reference(p->net);
    for (int32_t t = 0; t < p->n_interval; t++) {
        double *bus = c->bus_mw + cell(t, 0, c->d->n_bus);
        const double missing = c->a->shortage_mw[t] - c->a->surplus_mw[t];
        for (int32_t n = 0; n < c->d->n_bus; n++)
            bus[n] = -p->bus_load_mw[cell(t, n, c->d->n_bus)];
        for (int32_t g = 0; g < p->n_unit; g++)
            for (int32_t k = 0; k < p->unit[g].n_bus; k++)
                bus[p->unit[g].bus[k]] +=
                    p->unit[g].bus_weight[k] * c->a->power_mw[cell(t, g, p->n_unit)];
        for (int32_t o = 0; o < p->n_other; o++)
            bus[p->other[o].bus] += c->a->other_mw[cell(t, o, p->n_other)];
        for (int32_t n = 0; n < c->d->n_bus; n++)
            c->entering_mw[cell(t, n, c->d->n_bus)] = bus[n] + reference[n] * missing;
    }
}

/* Flows are what angles drive, and leave nothing over at any bus. */
static void check_kirchhoff(const struct flow_check *c, int32_t t)
{
    const struct network_data *d = c->d;
    const double *angle = c->angle_rad + cell(t, 0, d->n_bus);
    for (int32_t n = 0; n < d->n_bus; n++)
        c->left_mw[n] = c->entering_mw[cell(t, n, d->n_bus)];
    for (int32_t l = 0; l < d->n_branch; l++) {
        const double flow = c->flow_mw[cell(t, l, d->n_branch)];
        const double across = angle[d->from[l]] - angle[d->to[l]];
        if (network_is_bus_tie(d, l))
            broken(c, fabs(across), "angles of a bus tie", t, l);
        else
            broken(
                c,
                fabs(flow - d->susceptance_mw_per_rad[l] * (across - d->shift_rad[l])),
                "flow of its angles", t, l);
        c->left_mw[d->from[l]] -= flow;
        c->left_mw[d->to[l]] += flow;
    }
    for (int32_t n = 0; n < d->n_bus; n++)
        broken(c, fabs(c->left_mw[n]), "balance of a bus", t, n);
}

/* How far the answer says that a limit before outages is broken. */
static double stated_mw(const struct flow_check *c, int32_t t, int32_t l, bool minimum)
{
    for (int32_t k = 0; k < c->a->n_overload; k++) {
        const struct commit_overload *o = &c->a->overload[k];
        if (o->interval == t && o->branch == l && o->outage < 0 &&
            o->minimum == minimum)
            return o->mw;
    }
    return 0;
}

static void check_limits(const struct flow_check *c, int32_t t)
{
    const struct network_data *d = c->d;
    if (!dispatch_outage_counts(c->p->outages, t, -1))
        return;
    for (int32_t l = 0; l < d->n_branch; l++) {
        const double flow = c->flow_mw[cell(t, l, d->n_branch)];
        const double above = flow - d->flow_max_mw[l], below = d->flow_min_mw[l] - flow;
        if (above > 0)
            broken(c, above - stated_mw(c, t, l, false), "most flow", t, l);
        if (below > 0)
            broken(c, below - stated_mw(c, t, l, true), "least flow", t, l);
    }
}

/* What is stated costs its price. */
static void price_overloads(const struct flow_check *c)
{
    const struct commit_problem *p = c->p;
    for (int32_t k = 0; k < c->a->n_overload; k++) {
        const struct commit_overload *o = &c->a->overload[k];
        broken(c, -o->mw, "overload below zero", o->interval, o->branch);
        c->out->cost_usd += p->interval_h * p->branch_usd_per_mwh * o->mw;
        c->row[k] = (struct dispatch_row){.kind = o->minimum ? DISPATCH_BRANCH_MIN
                                                             : DISPATCH_BRANCH_MAX,
                                          .index = o->branch,
                                          .interval = o->interval,
                                          .outage = o->outage,
                                          .relaxed = o->mw};
    }
}

double commit_burnt(const struct commit_problem *p, const struct commit_answer *a,
                    int32_t limit, int32_t g, int32_t t)
{
    const size_t at = cell(t, g, p->n_unit);
    const struct commit_unit *plant = &p->unit[g];
    if (!a->on[at])
        return 0;
    const struct commit_unit *u =
        plant->n_config > 0 ? &plant->config[a->config[at]].as : plant;
    if (u->supply != limit + 1)
        return 0;
    int32_t off = 0; /* intervals off before t */
    while (off < t && !a->on[cell(t - 1 - off, g, p->n_unit)])
        off++;
    if (off == t && !plant->on_before)
        off += plant->age_before;
    const struct commit_curve *curve = &p->curve[u->curve[t]];
    double fuel = p->interval_h * u->min_fuel_per_h, from = u->min_mw;
    for (int32_t k = 0; k < curve->n_segment; from += curve->width_mw[k++]) {
        const double to =
            k + 1 == curve->n_segment ? (double)INFINITY : from + curve->width_mw[k];
        if (a->power_mw[at] > from)
            fuel +=
                p->interval_h * u->fuel_per_mwh[k] * (fmin(a->power_mw[at], to) - from);
    }
    double start = 0;
    for (int32_t k = 0; k < u->n_start && off > 0; k++)
        if (k == 0 || u->start[k].lag <= off)
            start = u->start_fuel[k];
    return fuel + start;
}

/* (11) of one interval. flow_mw: of the branches, NULL without network. */
static void check_sums(const struct flow_check *c, int32_t t, const double *flow_mw)
{
    const struct commit_problem *p = c->p;
    for (int32_t k = 0; k < p->n_limit; k++) {
        const struct commit_limit *l = &p->limit[k];
        const double over = c->a->limit_over_mw[cell(t, k, p->n_limit)];
        double sum = 0;
        for (int32_t g = 0; l->unit && g < p->n_unit; g++)
            sum += l->unit[g] * c->a->power_mw[cell(t, g, p->n_unit)];
        for (int32_t o = 0; l->other && o < p->n_other; o++)
            sum += l->other[o] * c->a->other_mw[cell(t, o, p->n_other)];
        for (int32_t g = 0; g < p->n_unit; g++)
            sum += commit_burnt(p, c->a, k, g, t);
        for (int32_t i = 0; i < l->n_branch; i++)
            sum += l->branch_weight[i] * flow_mw[l->branch[i]];
        broken(c, -over, "excess of a limit below zero", t, k);
        broken(c, l->min_mw[t] - sum - over, "least of a limit", t, k);
        broken(c, sum - l->max_mw[t] - over, "most of a limit", t, k);
        c->out->cost_usd += over > 0 ? p->interval_h * l->usd_per_mwh * over : 0;
    }
}

static enum err_code check_outages(const struct flow_check *c, struct err *err)
{
    const struct commit_problem *p = c->p;
    struct certificate_after after = {0};
    struct dispatch_problem d = {.net = p->net,
                                 .n_interval = p->n_interval,
                                 .n_injection = c->d->n_bus,
                                 .bus_start = c->bus_start,
                                 .bus = c->bus,
                                 .bus_weight = c->one,
                                 .outages = p->outages};
    struct certificate_input in = {.p = &d,
                                   .injection_mw = c->bus_mw,
                                   .flow_mw = c->flow_mw,
                                   .angle_rad = c->angle_rad,
                                   .shortage_mw = c->a->shortage_mw,
                                   .surplus_mw = c->a->surplus_mw,
                                   .row = c->row,
                                   .n_row = c->a->n_overload};
    for (int32_t n = 0; n < c->d->n_bus; n++) {
        c->bus[n] = c->bus_start[n] = n;
        c->one[n] = 1;
    }
    c->bus_start[c->d->n_bus] = c->d->n_bus;
    enum err_code code = certificate_outages(&in, false, &after, err);
    if (!code)
        broken(c, after.worst_mw, "flow after an outage", 0, 0);
    certificate_after_release(&after);
    return code;
}

enum err_code commit_certificate_flows(const struct commit_problem *p,
                                       const struct commit_answer *a,
                                       struct commit_certificate *out, struct err *err)
{
    struct flow_check c = {.p = p, .a = a, .out = out};
    for (int32_t t = 0; t < p->n_interval && !p->net; t++)
        check_sums(&c, t, NULL);
    if (!p->net)
        return ERR_OK;
    c.d = network_data(p->net);
    enum err_code code = allocate(&c, err);
    if (!code) {
        find_bus_mw(&c);
        price_overloads(&c);
        code = network_flows(p->net, p->n_interval, c.entering_mw, c.angle_rad,
                             c.flow_mw, err);
    }
    for (int32_t t = 0; t < p->n_interval && !code; t++) {
        check_kirchhoff(&c, t);
        check_limits(&c, t);
        check_sums(&c, t, c.flow_mw + cell(t, 0, c.d->n_branch));
    }
    if (!code && p->outages && p->outages->n_outage > 0)
        code = check_outages(&c, err);
    release(&c);
    return code;
}
