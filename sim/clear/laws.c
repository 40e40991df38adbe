/* laws.c - the identity of rents and losses. */
#include "sim/clear/laws.h"

#include <math.h>

#include "sim/base/mem.h"

/* Price at the node of injection i (resources first, then virtual positions). */
static double price_of(const struct market *m, const struct outcome *o, int32_t i,
                       int32_t interval)
{
    int32_t node =
        i < m->n_resource ? m->resource[i].node : m->position[i - m->n_resource].node;
    return o->lmp[(size_t)interval * (size_t)o->n_node + (size_t)node];
}

/* A tie charges what it carries only where its members settle at its scheduling point. */
static double tie_flow(const struct market *m, const struct dispatch_answer *a,
                       const struct formulation *f, const struct dispatch_row *row)
{
    const struct dispatch_problem *p = &f->problem;
    double sum = 0;
    for (int32_t k = p->group_start[row->index]; k < p->group_start[row->index + 1];
         k++)
        if (m->node[m->resource[p->group_injection[k]].node].kind == NODE_TIE)
            sum +=
                p->group_coef[k] *
                a->injection_mw[row->interval * p->n_injection + p->group_injection[k]];
    return sum;
}

/*
 * What participants cause of the flow that a row limits: after an outage that is as much
 * less than the flow as shifters alone make, there too.
 */
static double caused_flow(const struct formulation *f, const struct dispatch_answer *a,
                          const struct dispatch_row *row, const double *shift_flow)
{
    const struct dispatch_outages *o = f->problem.outages;
    size_t n_branch = (size_t)network_data(f->problem.net)->n_branch;
    const double *flow = a->flow_mw + (size_t)row->interval * n_branch;
    double before = flow[row->index] - shift_flow[row->index];
    if (row->outage < 0)
        return before;
    for (int32_t e = o->branch_start[row->outage]; e < o->branch_start[row->outage + 1];
         e++)
        before += a->term[row->term + e - o->branch_start[row->outage]] *
                  (flow[o->branch[e]] - shift_flow[o->branch[e]]);
    return before;
}

/* Right-hand side of (1) for each hour: out[t]; and the rents. */
static void add_limits(const struct market *m, const struct formulation *f,
                       const struct dispatch_answer *a, const double *shift_flow,
                       double *out, struct outcome *o)
{
    for (int32_t k = 0; k < a->n_row; k++) {
        const struct dispatch_row *row = &a->row[k];
        int32_t t = row->interval;
        double h = f->problem.duration_h[t], mu = row->shadow_usd_per_mwh;
        double flow = 0;
        if (row->kind == DISPATCH_BRANCH_MAX || row->kind == DISPATCH_BRANCH_MIN) {
            double sign = row->kind == DISPATCH_BRANCH_MAX ? 1 : -1;
            flow = sign * caused_flow(f, a, row, shift_flow);
            o->rent_usd[f->first_interval + t] +=
                h * mu * (sign * row->limit + row->relaxed);
        } else if (row->kind == DISPATCH_GROUP && row->index < 2 * m->n_tie) {
            flow = tie_flow(m, a, f, row);
            o->rent_usd[f->first_interval + t] += h * mu * (row->limit + row->relaxed);
        }
        out[t] += h * mu * flow;
    }
    int32_t n_island = network_n_island(f->problem.net);
    for (int32_t b = 0; b < f->n_interval * n_island; b++)
        out[b / n_island] += f->problem.duration_h[b / n_island] *
                             a->lambda_usd_per_mwh[b] *
                             (a->shortage_mw[b] - a->surplus_mw[b]);
}

static enum err_code check_hour(const struct market *m, const struct formulation *f,
                                const struct dispatch_answer *a, int32_t t, double owed,
                                struct outcome *o, struct err *err)
{
    const struct dispatch_problem *p = &f->problem;
    double surplus = 0, moved = 0;
    for (int32_t i = 0; i < f->n_energy; i++) {
        double paid = -p->duration_h[t] * a->injection_mw[t * p->n_injection + i] *
                      price_of(m, o, i, f->first_interval + t);
        surplus += paid;
        moved += fabs(paid);
    }
    double residual = fabs(surplus - owed);
    o->certificate.rent_residual_usd = fmax(o->certificate.rent_residual_usd, residual);
    if (residual > 1e-4 + 1e-7 * moved && a->consistent)
        return err_set(err, ERR_NUMERIC,
                       "hour %d: payments less credits are %.6f $, rents and loss "
                       "surplus %.6f $",
                       f->first_interval + t + 1, surplus, owed);
    return ERR_OK;
}

/* What services are paid in hour t. */
static double paid_for_services(const struct market *m, const struct outcome *o,
                                int32_t interval)
{
    double sum = 0;
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        size_t at = (size_t)interval * (size_t)m->n_service_bidder + (size_t)b;
        sum += o->service_mw[at] * o->service_bidder_usd_per_mw[at];
    }
    return sum;
}

/* Right-hand side of (2): what requirements buy, at their shadow prices. */
static double worth_of_services(const struct formulation *f,
                                const struct dispatch_answer *a, int32_t t)
{
    const struct services *s = &f->services;
    const struct dispatch_problem *p = &f->problem;
    double sum = 0;
    for (int32_t k = 0; k < a->n_row; k++) {
        const struct dispatch_row *row = &a->row[k];
        if (row->kind != DISPATCH_GROUP || row->interval != t ||
            row->index < s->first_group ||
            s->limit[row->index - s->first_group].kind != SERVICE_REQUIRED)
            continue;
        double bought = -(row->limit + row->relaxed);
        for (int32_t e = p->group_start[row->index]; e < p->group_start[row->index + 1];
             e++)
            if (p->group_injection[e] >= s->first_required)
                bought += p->group_coef[e] *
                          a->injection_mw[t * p->n_injection + p->group_injection[e]];
        sum += row->shadow_usd_per_mwh * bought;
    }
    return sum;
}

static enum err_code check_services(const struct market *m, const struct formulation *f,
                                    const struct dispatch_answer *a, int32_t t,
                                    struct outcome *o, struct err *err)
{
    int32_t interval = f->first_interval + t;
    double paid = paid_for_services(m, o, interval), worth = worth_of_services(f, a, t);
    double residual = f->problem.duration_h[t] * fabs(paid - worth);
    o->certificate.rent_residual_usd = fmax(o->certificate.rent_residual_usd, residual);
    if (residual > 1e-4 + 1e-7 * fabs(paid) && a->consistent)
        return err_set(err, ERR_NUMERIC,
                       "hour %d: services are paid %.6f $, requirements are worth %.6f "
                       "$",
                       interval + 1, paid, worth);
    return ERR_OK;
}

enum err_code laws_check_day(const struct market *m, const struct formulation *f,
                             const struct dispatch_answer *answer, struct outcome *o,
                             struct err *err)
{
    enum err_code code = ERR_OK;
    double *nothing = mem_alloc((size_t)m->grid.n_bus, sizeof *nothing);
    double *shift_flow = mem_alloc((size_t)m->grid.n_branch, sizeof *shift_flow);
    double *owed = mem_alloc((size_t)f->n_interval, sizeof *owed);
    if (!nothing || !shift_flow || !owed)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = network_flows(f->problem.net, 1, nothing, NULL, shift_flow, err);
    if (!code)
        add_limits(m, f, answer, shift_flow, owed, o);
    for (int32_t t = 0; !code && t < f->n_interval; t++)
        owed[t] += o->loss_surplus_usd[f->first_interval + t];
    for (int32_t t = 0; !code && t < f->n_interval; t++)
        code = check_hour(m, f, answer, t, owed[t], o, err);
    for (int32_t t = 0; !code && t < f->n_interval; t++)
        code = check_services(m, f, answer, t, o, err);
    mem_free(nothing);
    mem_free(shift_flow);
    mem_free(owed);
    return code;
}
