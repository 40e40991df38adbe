/* certificate_outage.c - flows after every outage, recomputed from the statement. */
#include "solver/certificate_outage.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/certificate_outage_parts.h"

void certificate_worse(double *worst, double by)
{
    if (!(by <= *worst))
        *worst = isnan(by) ? HUGE_VAL : by;
}

static bool loses(const struct after *x, int32_t k, int32_t l)
{
    for (int32_t e = x->o->branch_start[k]; e < x->o->branch_start[k + 1]; e++)
        if (x->o->branch[e] == l)
            return true;
    return false;
}

static bool loses_injection(const struct after *x, int32_t k, int32_t i)
{
    for (int32_t e = x->o->injection_start[k]; e < x->o->injection_start[k + 1]; e++)
        if (x->o->injection[e] == i)
            return true;
    return false;
}

/* ---- limits ---- */

void certificate_hold(struct after *x, int32_t t, int32_t k, int32_t l, double flow)
{
    bool own = x->o->state && x->o->state_of[k] == k;
    double above = flow - (own ? x->d->flow_max_mw : x->o->max_mw)[l];
    double below = (own ? x->d->flow_min_mw : x->o->min_mw)[l] - flow;
    if (!dispatch_outage_counts(x->o, t, k))
        return;
    if (above <= x->out->worst_mw && below <= x->out->worst_mw)
        return;
    for (int32_t e = x->row_start[k]; e < x->row_start[k + 1]; e++) {
        const struct dispatch_row *row = &x->in->row[x->row[e]];
        if (row->index != l || row->interval != t)
            continue;
        if (row->kind == DISPATCH_BRANCH_MAX)
            above -= row->relaxed;
        else
            below -= row->relaxed;
    }
    certificate_worse(&x->out->worst_mw, above);
    certificate_worse(&x->out->worst_mw, below);
}

void certificate_charge(struct after *x, int32_t r, double flow, const double *effect)
{
    const struct dispatch_row *row = &x->in->row[r];
    int32_t k = row->outage, n = certificate_n_branch(x, k);
    double signed_mu = row->kind == DISPATCH_BRANCH_MAX ? row->shadow_usd_per_mwh
                                                        : -row->shadow_usd_per_mwh;
    double *mu = x->out->mu + (size_t)row->interval * (size_t)x->d->n_branch;
    double *price = x->out->price + (size_t)row->interval * (size_t)x->p->n_injection;
    x->out->activity[r] = flow;
    mu[row->index] += signed_mu;
    for (int32_t e = 0; e < n; e++)
        mu[x->o->branch[x->o->branch_start[k] + e]] += signed_mu * effect[e];
    for (int32_t e = 0; e < certificate_n_injection(x, k); e++)
        price[x->o->injection[x->o->injection_start[k] + e]] -=
            signed_mu * effect[n + e];
}

/* ---- all other outages: what is left of the network ---- */

/* The network without what outage k takes out; number[l] is a branch's number in it. */
struct rest {
    struct network *net; /* owned if it is not the whole network */
    int32_t *from, *to, *number;
    double *b, *shift;
};

static enum err_code rest_create(const struct after *x, int32_t k, struct rest *r,
                                 struct err *err)
{
    struct network_data d = *x->d;
    size_t room = (size_t)d.n_branch;
    int32_t n = 0;
    r->number = mem_alloc(room, sizeof *r->number);
    r->from = mem_alloc(room, sizeof *r->from);
    r->to = mem_alloc(room, sizeof *r->to);
    r->b = mem_alloc(room, sizeof *r->b);
    r->shift = mem_alloc(room, sizeof *r->shift);
    if (!r->number || !r->from || !r->to || !r->b || !r->shift)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t l = 0; l < x->d->n_branch; l++) {
        r->number[l] = -1;
        if (loses(x, k, l))
            continue;
        r->number[l] = n;
        r->from[n] = d.from[l];
        r->to[n] = d.to[l];
        r->b[n] = d.susceptance_mw_per_rad[l];
        r->shift[n++] = d.shift_rad[l];
    }
    if (n == d.n_branch) {
        r->net = x->p->net;
        return ERR_OK;
    }
    d.n_branch = n;
    d.from = r->from;
    d.to = r->to;
    d.susceptance_mw_per_rad = r->b;
    d.shift_rad = r->shift;
    return network_create(&d, &r->net, err);
}

static void rest_release(const struct after *x, struct rest *r)
{
    if (r->net != x->p->net)
        network_destroy(r->net);
    mem_free(r->number);
    mem_free(r->from);
    mem_free(r->to);
    mem_free(r->b);
    mem_free(r->shift);
}

/* Island and weight of an injection that helps to replace; -1 if it does not. */
static int32_t helper(const struct after *x, int32_t k, int32_t i, double *weight)
{
    const struct dispatch_problem *p = x->p;
    const int32_t *island = network_island(p->net);
    int32_t a = -1;
    *weight = 0;
    if (x->o->participation[i] <= 0 || loses_injection(x, k, i))
        return -1;
    for (int32_t e = p->bus_start[i]; e < p->bus_start[i + 1]; e++) {
        if (a >= 0 && island[p->bus[e]] != a)
            return -1;
        a = island[p->bus[e]];
        *weight += p->bus_weight[e];
    }
    return *weight > 1e-9 ? a : -1;
}

/*
 * Adds to bus what 1 MW of injection g, lost and replaced, changes at every bus. False
 * where nobody helps.
 */
static bool replace(const struct after *x, int32_t k, int32_t g, double *bus)
{
    const struct dispatch_problem *p = x->p;
    for (int32_t e = p->bus_start[g]; e < p->bus_start[g + 1]; e++) {
        int32_t a = network_island(p->net)[p->bus[e]];
        double total = 0, weight;
        for (int32_t i = 0; i < p->n_injection; i++)
            if (helper(x, k, i, &weight) == a)
                total += x->o->participation[i];
        if (total <= 0)
            return false;
        bus[p->bus[e]] -= p->bus_weight[e];
        for (int32_t i = 0; i < p->n_injection; i++) {
            if (helper(x, k, i, &weight) != a)
                continue;
            double by = p->bus_weight[e] * x->o->participation[i] / total / weight;
            for (int32_t b = p->bus_start[i]; b < p->bus_start[i + 1]; b++)
                bus[p->bus[b]] += by * p->bus_weight[b];
        }
    }
    return true;
}

/* Cases of the network that is left: intervals, then lost elements, then nothing. */
struct cases {
    int32_t n;
    double *bus, *flow;
};

static bool load_cases(const struct after *x, int32_t k, struct cases *c)
{
    const struct network_data *d = x->d;
    size_t n_bus = (size_t)d->n_bus;
    int32_t n_line = certificate_n_branch(x, k), n_lost = certificate_n_injection(x, k);
    memcpy(c->bus, x->bus_mw, (size_t)x->n_t * n_bus * sizeof *c->bus);
    for (int32_t e = 0; e < n_line; e++) {
        double *bus = c->bus + (size_t)(x->n_t + e) * n_bus;
        bus[d->from[x->o->branch[x->o->branch_start[k] + e]]] += 1;
        bus[d->to[x->o->branch[x->o->branch_start[k] + e]]] -= 1;
    }
    for (int32_t e = 0; e < n_lost; e++) {
        int32_t g = x->o->injection[x->o->injection_start[k] + e];
        double *bus = c->bus + (size_t)(x->n_t + n_line + e) * n_bus;
        if (!replace(x, k, g, bus))
            return false;
        for (int32_t t = 0; t < x->n_t; t++)
            for (size_t n = 0; n < n_bus; n++)
                c->bus[(size_t)t * n_bus + n] +=
                    bus[n] * x->in->injection_mw[t * x->p->n_injection + g];
    }
    return true;
}

static void hold_all(struct after *x, int32_t k, const struct rest *r,
                     const struct cases *c, double *effect)
{
    size_t n = (size_t)network_data(r->net)->n_branch;
    int32_t n_lost = certificate_n_branch(x, k) + certificate_n_injection(x, k);
    const double *still = c->flow + (size_t)(c->n - 1) * n;
    for (int32_t l = 0; l < x->d->n_branch; l++)
        for (int32_t t = 0;
             r->number[l] >= 0 && certificate_is_limited(x, l) && t < x->n_t; t++)
            certificate_hold(x, t, k, l, c->flow[(size_t)t * n + (size_t)r->number[l]]);
    for (int32_t e = x->row_start[k]; e < x->row_start[k + 1]; e++) {
        const struct dispatch_row *row = &x->in->row[x->row[e]];
        int32_t l = r->number[row->index];
        if (l < 0) {
            certificate_worse(&x->out->worst_mw,
                              HUGE_VAL); /* a limit on what is lost */
            continue;
        }
        for (int32_t i = 0; i < n_lost; i++)
            effect[i] = c->flow[(size_t)(x->n_t + i) * n + (size_t)l] - still[l];
        certificate_charge(x, x->row[e], c->flow[(size_t)row->interval * n + (size_t)l],
                           effect);
    }
}

static enum err_code sweep_other(struct after *x, int32_t k, struct err *err)
{
    struct rest r = {0};
    int32_t n_lost = certificate_n_branch(x, k) + certificate_n_injection(x, k);
    struct cases c = {.n = x->n_t + n_lost + 1};
    double *effect = mem_alloc((size_t)n_lost, sizeof *effect);
    c.bus = mem_alloc((size_t)c.n * (size_t)x->d->n_bus, sizeof *c.bus);
    c.flow = mem_alloc((size_t)c.n * (size_t)x->d->n_branch, sizeof *c.flow);
    enum err_code code = ERR_OK;
    if (!effect || !c.bus || !c.flow)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = rest_create(x, k, &r, err);
    bool whole = !code && network_n_island(r.net) == network_n_island(x->p->net);
    if (whole && load_cases(x, k, &c)) {
        code = network_flows(r.net, c.n, c.bus, NULL, c.flow, err);
        if (!code)
            hold_all(x, k, &r, &c, effect);
    }
    rest_release(x, &r);
    mem_free(effect);
    mem_free(c.bus);
    mem_free(c.flow);
    return code;
}

/* ---- set-up ---- */

static int32_t find_node(int32_t *node, int32_t n)
{
    while (node[n] != n) {
        node[n] = node[node[n]];
        n = node[n];
    }
    return n;
}

/* Buses joined by ties share an angle; that of the first of an island is 0 rad. */
static void number_angles(struct after *x, int32_t *node, bool *seen)
{
    const struct network_data *d = x->d;
    for (int32_t n = 0; n < d->n_bus; n++)
        node[n] = n;
    for (int32_t l = 0; l < d->n_branch; l++) {
        int32_t a = find_node(node, d->from[l]), b = find_node(node, d->to[l]);
        if (network_is_bus_tie(d, l) && a != b)
            node[a > b ? a : b] = a > b ? b : a;
    }
    for (int32_t n = 0; n < d->n_bus; n++) {
        int32_t a = network_island(x->p->net)[n], first = find_node(node, n);
        if (first != n)
            x->at[n] = x->at[first];
        else
            x->at[n] = seen[a] ? x->n_at++ : -1;
        seen[a] = true;
    }
}

static enum err_code factorise(struct after *x, struct err *err)
{
    const struct network_data *d = x->d;
    size_t room = 3 * (size_t)d->n_branch;
    int32_t *r = mem_alloc(room, sizeof *r), *c = mem_alloc(room, sizeof *c);
    double *v = mem_alloc(room, sizeof *v);
    int64_t n = 0;
    enum err_code code = ERR_OK;
    if (!r || !c || !v)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t l = 0; !code && l < d->n_branch; l++) {
        int32_t a = x->at[d->from[l]], b = x->at[d->to[l]];
        if (a == b || network_is_bus_tie(d, l))
            continue;
        for (int side = 0; side < 2; side++) {
            int32_t end = side ? b : a;
            if (end >= 0)
                r[n] = c[n] = end, v[n++] = d->susceptance_mw_per_rad[l];
        }
        if (a >= 0 && b >= 0) {
            r[n] = a < b ? a : b;
            c[n] = a < b ? b : a;
            v[n++] = -d->susceptance_mw_per_rad[l];
        }
    }
    if (!code)
        code = sparse_factorise(x->n_at, n, r, c, v, &x->factor, err);
    mem_free(r);
    mem_free(c);
    mem_free(v);
    return code;
}

/* Takes what branches lose at their ends out of what enters the network. */
static void withdraw_losses(const struct after *x, int32_t t, double *bus)
{
    const struct network_data *d = x->d;
    if (x->p->losses != LOSS_ENDS || !d->loss_per_mw)
        return;
    for (int32_t l = 0; l < d->n_branch; l++) {
        double f = certificate_flow(x, t, l);
        double half = network_is_bus_tie(d, l) ? 0 : 0.5 * d->loss_per_mw[l] * f * f;
        bus[d->from[l]] -= half;
        bus[d->to[l]] -= half;
    }
}

/* What enters the network at every bus, as the answer has it. */
static void find_bus_mw(struct after *x)
{
    const struct dispatch_problem *p = x->p;
    int32_t n_bus = x->d->n_bus, n_island = network_n_island(p->net);
    for (int32_t t = 0; t < x->n_t; t++) {
        double *bus = x->bus_mw + (size_t)t * (size_t)n_bus;
        for (int32_t n = 0; n < n_bus; n++) {
            int32_t b = t * n_island + network_island(p->net)[n];
            bus[n] = network_reference(p->net)[n] *
                     (x->in->shortage_mw[b] - x->in->surplus_mw[b]);
            if (p->fixed_mw)
                bus[n] += p->fixed_mw[(size_t)t * (size_t)n_bus + (size_t)n];
        }
        for (int32_t i = 0; i < p->n_injection; i++)
            for (int32_t e = p->bus_start[i]; e < p->bus_start[i + 1]; e++)
                bus[p->bus[e]] +=
                    p->bus_weight[e] * x->in->injection_mw[t * p->n_injection + i];
        withdraw_losses(x, t, bus);
    }
}

static void find_room(struct after *x)
{
    for (int32_t l = 0; l < x->d->n_branch; l++) {
        x->room[l] = HUGE_VAL;
        for (int32_t t = 0; t < x->n_t; t++) {
            double f = certificate_flow(x, t, l);
            x->room[l] =
                fmin(x->room[l], fmin(x->o->max_mw[l] - f, f - x->o->min_mw[l]));
            if (x->o->state)
                x->room[l] = fmin(x->room[l], fmin(x->d->flow_max_mw[l] - f,
                                                   f - x->d->flow_min_mw[l]));
        }
    }
}

static void list_rows(struct after *x)
{
    for (int32_t r = 0; r < x->in->n_row; r++)
        if (x->in->row[r].outage >= 0)
            x->row_start[x->in->row[r].outage + 2]++;
    for (int32_t k = 0; k < x->o->n_outage; k++)
        x->row_start[k + 2] += x->row_start[k + 1];
    for (int32_t r = 0; r < x->in->n_row; r++)
        if (x->in->row[r].outage >= 0)
            x->row[x->row_start[x->in->row[r].outage + 1]++] = r;
}

static enum err_code prepare(struct after *x, struct err *err)
{
    size_t n_bus = (size_t)x->d->n_bus, n_branch = (size_t)x->d->n_branch;
    size_t n_t = (size_t)x->n_t, n_row = (size_t)x->in->n_row;
    bool *seen = mem_alloc((size_t)network_n_island(x->p->net), sizeof *seen);
    x->row_start = mem_alloc((size_t)x->o->n_outage + 2, sizeof *x->row_start);
    x->row = mem_alloc(n_row, sizeof *x->row);
    int32_t *node = mem_alloc(n_bus, sizeof *node);
    x->at = mem_alloc(n_bus, sizeof *x->at);
    x->room = mem_alloc(n_branch, sizeof *x->room);
    x->bus_mw = mem_alloc(n_t * n_bus, sizeof *x->bus_mw);
    x->out->activity = mem_alloc(n_row, sizeof *x->out->activity);
    x->out->mu = mem_alloc(n_t * n_branch, sizeof *x->out->mu);
    x->out->price = mem_alloc(n_t * (size_t)x->p->n_injection, sizeof *x->out->price);
    enum err_code code = ERR_OK;
    if (!seen || !x->row_start || !x->row || !node || !x->at || !x->room ||
        !x->bus_mw || !x->out->activity || !x->out->mu || !x->out->price) {
        code = err_set(err, ERR_NOMEM, "out of memory");
    } else {
        number_angles(x, node, seen);
        list_rows(x);
        find_bus_mw(x);
        find_room(x);
        code = factorise(x, err);
    }
    mem_free(seen);
    mem_free(node);
    return code;
}

enum err_code certificate_outages(const struct certificate_input *in, bool only_rows,
                                  struct certificate_after *out, struct err *err)
{
    struct after x = {.in = in,
                      .p = in->p,
                      .o = in->p->outages,
                      .d = network_data(in->p->net),
                      .out = out,
                      .n_t = in->p->n_interval};
    *out = (struct certificate_after){0};
    enum err_code code = prepare(&x, err);
    if (!code)
        code = certificate_plain(&x, only_rows, err);
    for (int32_t k = 0; !code && k < x.o->n_outage; k++)
        if (!certificate_is_plain(&x, k) &&
            (!only_rows || x.row_start[k] < x.row_start[k + 1]))
            code = sweep_other(&x, k, err);
    sparse_factor_destroy(x.factor);
    mem_free(x.row_start);
    mem_free(x.row);
    mem_free(x.at);
    mem_free(x.room);
    mem_free(x.bus_mw);
    return code;
}

void certificate_after_release(struct certificate_after *a)
{
    mem_free(a->activity);
    mem_free(a->mu);
    mem_free(a->price);
    *a = (struct certificate_after){0};
}
