/* explain_change.c - what one more MW of load at a node would change. */
#include "sim/explain/explain_change_parts.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"

static const double step_usd = 1e-6; /* moving a MW costs, to move few of them */

enum {
    MOST_ROUNDS = 30
};

/* ---- solving ---- */

static enum err_code add_columns(struct explain_problem *p, struct err *err)
{
    size_t n = p->n_step;
    double *cost = MEM_ARRAY(double, n), *lo = MEM_ARRAY(double, n);
    double *up = MEM_ARRAY(double, n);
    enum err_code code = ERR_OK;
    if (!cost || !lo || !up || p->no_memory)
        code = err_set(err, ERR_NOMEM, "cannot hold a change of the market");
    for (size_t k = 0; k < n && !code; k++) {
        const struct explain_step *s = &p->step[k];
        double h = run_view_hours(&p->x->v, (size_t)s->interval);
        lo[k] = s->kind == STEP_ENERGY  ? -s->usd_per_mwh
                : s->kind == STEP_RELAX ? -HUGE_VAL
                                        : 0;
        up[k] = s->width;
        if (s->kind == STEP_PIECE)
            cost[k] = h * (s->usd_per_mwh + step_usd);
        else if (s->kind != STEP_ENERGY)
            cost[k] = h * s->usd_per_mwh;
    }
    if (!code)
        code = lp_add_columns(p->lp, (int32_t)n, cost, lo, up, NULL, NULL, NULL, err);
    mem_free(cost);
    mem_free(lo);
    mem_free(up);
    return code;
}

/* Rows that the LP has not got yet. */
static enum err_code send_rows(struct explain_problem *p, struct err *err)
{
    const struct explain_rows *r = &p->rows;
    size_t n = r->n - p->n_sent;
    if (p->no_memory)
        return err_set(err, ERR_NOMEM, "cannot hold a change of the market");
    int64_t *start = MEM_ARRAY(int64_t, n + 1);
    if (!start)
        return err_set(err, ERR_NOMEM, "cannot hold a change of the market");
    int64_t first = r->start[p->n_sent];
    for (size_t k = 0; k <= n; k++)
        start[k] = r->start[p->n_sent + k] - first;
    enum err_code code =
        lp_add_rows(p->lp, (int32_t)n, r->lo + p->n_sent, r->up + p->n_sent, start,
                    r->col + first, r->value + first, err);
    p->n_sent = r->n;
    mem_free(start);
    return code;
}

/* Flows that the step has broken get rows; *n_added of them. */
static enum err_code add_broken_flows(struct explain_problem *p, int *n_added,
                                      struct err *err)
{
    const struct explain_run *x = p->x;
    size_t n_branch = x->v.n_branch;
    double *flow = MEM_ARRAY(double, n_branch), *mu = MEM_ARRAY(double, n_branch);
    enum err_code code = flow && mu ? ERR_OK : err_set(err, ERR_NOMEM, "out of memory");
    *n_added = 0;
    for (int32_t s = p->first; s < p->end && !code; s++) {
        if (!x->is_whole[s])
            continue;
        memset(p->change, 0, x->n_bus * sizeof *p->change);
        for (int32_t i = -1; i < (int32_t)x->n_owner; i++) {
            int32_t node = i < 0 ? p->node : explain_owner_node(x, i);
            double mw = i < 0 && s == p->t ? -p->mw : 0;
            for (size_t k = i < 0 ? 0 : explain_steps_begin(p, s, i);
                 i >= 0 && k < explain_steps_end(p, s, i); k++)
                mw += p->step[k].sign * p->value[k];
            for (int32_t k = x->bus_start[node]; k < x->bus_start[node + 1]; k++)
                p->change[x->bus[k]] += mw * x->bus_weight[k];
        }
        code = network_flows(x->net, 1, p->change, NULL, flow, err);
        for (size_t l = 0; l < n_branch && !code; l++) {
            double was = x->v.flow[(size_t)s * n_branch + l], is = was + flow[l];
            bool *has = &p->has_row[(size_t)(s - p->first) * n_branch + l];
            if (*has || fabs(is) <= x->rate_mw[l] + 1e-6)
                continue;
            *has = true;
            ++*n_added;
            mu[l] = 1;
            code = network_prices(x->net, 1, mu, p->factor, err);
            mu[l] = 0;
            if (!code)
                explain_flow_row(p, s, is > 0 ? 1 : -1,
                                 x->rate_mw[l] - (is > 0 ? was : -was), 0);
        }
    }
    mem_free(flow);
    mem_free(mu);
    return code;
}

static enum err_code solve(struct explain_problem *p, enum lp_status *status,
                           struct err *err)
{
    enum err_code code = lp_create(&p->lp, err);
    if (!code)
        code = add_columns(p, err);
    p->value = MEM_ARRAY(double, p->n_step);
    if (!code && !p->value)
        code = err_set(err, ERR_NOMEM, "cannot hold a change of the market");
    for (int round = 0; round < MOST_ROUNDS && !code; round++) {
        int n_added = 0;
        code = send_rows(p, err);
        if (!code)
            code = lp_solve(p->lp, round ? LP_DUAL : LP_PRIMAL, status, err);
        if (code || *status != LP_OPTIMAL)
            break;
        lp_column_values(p->lp, p->value);
        if (p->mode == EXPLAIN_MW)
            code = add_broken_flows(p, &n_added, err);
        if (n_added == 0)
            break;
    }
    return code;
}

/* ---- the answer ---- */

static enum err_code take_answer(const struct explain_problem *p,
                                 struct explain_change *out, struct err *err)
{
    const struct explain_run *x = p->x;
    size_t most = (size_t)(p->end - p->first) * x->n_owner;
    out->move = MEM_ARRAY(struct explain_move, most);
    if (!out->move)
        return err_set(err, ERR_NOMEM, "cannot hold a change of the market");
    for (size_t k = 0; k < p->n_step; k++) {
        const struct explain_step *s = &p->step[k];
        double h = run_view_hours(&x->v, (size_t)s->interval), v = p->value[k];
        if (s->kind != STEP_ENERGY)
            out->cost_usd += h * s->usd_per_mwh * v;
        if (s->interval == p->t && s->kind == STEP_SHORTAGE)
            out->shortage_mw += v;
        if (s->interval == p->t && s->kind == STEP_SURPLUS)
            out->surplus_mw -= v;
        if (s->kind != STEP_PIECE || fabs(v) <= EXPLAIN_TIGHT_MW)
            continue;
        struct explain_move *last = out->n_move ? &out->move[out->n_move - 1] : NULL;
        bool same = last && last->interval == s->interval && last->owner == s->owner;
        if (!same)
            out->move[out->n_move++] =
                (struct explain_move){.interval = s->interval, .owner = s->owner};
        last = &out->move[out->n_move - 1];
        /* The price of what moves most tells the tale. */
        if (!same || fabs(v) > fabs(last->mw)) {
            last->usd_per_mwh = s->sign * s->usd_per_mwh;
            last->is_energy = s->is_energy;
        }
        last->mw += s->sign * v;
    }
    return ERR_OK;
}

static bool allocate(struct explain_problem *p)
{
    const struct explain_run *x = p->x;
    size_t n_t = (size_t)(p->end - p->first);
    p->first_step = MEM_ARRAY(size_t, n_t * x->n_owner + 1);
    p->factor = MEM_ARRAY(double, x->n_bus);
    p->change = MEM_ARRAY(double, x->n_bus);
    p->has_row = MEM_ARRAY(bool, n_t * x->v.n_branch);
    return p->first_step && p->factor && p->change && p->has_row;
}

static void release(struct explain_problem *p)
{
    lp_destroy(p->lp);
    mem_free(p->step);
    mem_free(p->first_step);
    mem_free(p->rows.lo);
    mem_free(p->rows.up);
    mem_free(p->rows.start);
    mem_free(p->rows.col);
    mem_free(p->rows.value);
    mem_free(p->factor);
    mem_free(p->change);
    mem_free(p->has_row);
    mem_free(p->value);
}

enum err_code explain_change_find(const struct explain_run *x, int32_t node, int32_t t,
                                  double mw, enum explain_mode mode,
                                  struct explain_change *out, struct err *err)
{
    struct explain_problem p = {.x = x,
                                .mode = mode,
                                .t = t,
                                .first = x->is_window ? t : explain_day_begin(x, t),
                                .end = x->is_window ? t + 1 : explain_day_end(x, t),
                                .node = node,
                                .mw = mw};
    enum lp_status status = LP_UNSOLVED;
    enum err_code code = ERR_OK;
    *out = (struct explain_change){.answer = EXPLAIN_NO_BIDS};
    if (!x->has_pieces)
        return ERR_OK;
    if (!allocate(&p))
        code = err_set(err, ERR_NOMEM, "cannot hold a change of the market");
    if (!code)
        code = explain_change_rows(&p, err);
    if (!code)
        code = solve(&p, &status, err);
    if (!code) {
        out->answer = status == LP_OPTIMAL     ? EXPLAIN_FOUND
                      : status == LP_UNBOUNDED ? EXPLAIN_NOT_BEST
                                               : EXPLAIN_IMPOSSIBLE;
        if (status == LP_OPTIMAL)
            code = take_answer(&p, out, err);
    }
    release(&p);
    return code;
}

void explain_change_release(struct explain_change *c)
{
    mem_free(c->move);
    *c = (struct explain_change){.answer = EXPLAIN_NO_BIDS};
}
