/*
 * lossy_ends.c - losses at the ends of branches, as corrections of losses at the reference.
 *
 * Where branches lose their power at their ends, flows are those of what is left of the
 * injections, f = PTDF (I - W), W depending on f. At a point x with W, duals lambda and
 * mu, the problem
 *
 *     flows       PTDF (I - W), W fixed                                         (1)
 *     balance     sum I = L(PTDF I) + delta,  delta = sum of W - L(PTDF I) at x (2)
 *     costs       c_i + kappa_i,  kappa_i = price of i as (2) has it at x       (3)
 *                                         - its true price at x
 *
 * loses at the reference, so that lossy.c solves it. If its optimum is x again, with the
 * same duals, then x keeps the laws of losses at the ends and satisfies their conditions
 * of optimality: the corrections cancel. W, delta and kappa are found by repetition; each
 * turn shrinks their error about as much as losses are smaller than flows.
 *
 * True prices are (4) of loss.h. What is found satisfies the conditions of optimality; the
 * problem is convex only nearly, so that they prove no global optimum.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/lossy.h"
#include "solver/work.h"

/* Corrections that move less than this are found. */
static const double SAME_MW = 1e-9, SAME_USD_PER_MWH = 1e-7;

enum err_code lossy_ends_create(struct work *w, struct err *err)
{
    const struct network_data *d = network_data(w->p->net);
    size_t n_t = (size_t)w->p->n_interval;
    struct lossy *s = w->lossy;
    s->pace = 1;
    s->last_mw = HUGE_VAL;
    s->withdrawn_mw = mem_alloc(n_t * (size_t)d->n_bus, sizeof(double));
    s->shift_mw = mem_alloc(n_t * (size_t)d->n_branch, sizeof(double));
    s->offset_mw = mem_alloc(n_t * (size_t)w->n_island, sizeof(double));
    s->kappa = mem_alloc(n_t * (size_t)w->p->n_injection, sizeof(double));
    s->kappa_step = mem_alloc(n_t * (size_t)w->p->n_injection, sizeof(double));
    return s->withdrawn_mw && s->shift_mw && s->offset_mw && s->kappa && s->kappa_step
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "out of memory");
}

void lossy_ends_destroy(struct lossy *s)
{
    mem_free(s->withdrawn_mw);
    mem_free(s->shift_mw);
    mem_free(s->offset_mw);
    mem_free(s->kappa);
    mem_free(s->kappa_step);
}

/* ---- (1) and (2) ---- */

/* Moves value towards what it is to be; the largest distance goes to *most. */
static void update(const struct lossy *s, double *value, double to, double *most)
{
    *most = fmax(*most, fabs(to - *value));
    *value += s->pace * (to - *value);
}

/* PTDF (-W): flows of W alone, less what the shifters cause. */
static enum err_code shift_flows(struct work *w, double *shift, struct err *err)
{
    const struct network_data *d = network_data(w->p->net);
    size_t n_t = (size_t)w->p->n_interval, n_bus = (size_t)d->n_bus;
    size_t n_branch = (size_t)d->n_branch;
    double *bus = mem_alloc((n_t + 1) * n_bus, sizeof *bus);
    double *flow = mem_alloc((n_t + 1) * n_branch, sizeof *flow);
    enum err_code code = ERR_OK;
    if (!bus || !flow)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (size_t k = 0; !code && k < n_t * n_bus; k++)
        bus[k] = -w->lossy->withdrawn_mw[k];
    if (!code) /* the last case is no injection at all */
        code = network_flows(w->p->net, w->p->n_interval + 1, bus, NULL, flow, err);
    for (size_t k = 0; !code && k < n_t * n_branch; k++)
        shift[k] = flow[k] - flow[n_t * n_branch + k % n_branch];
    mem_free(bus);
    mem_free(flow);
    return code;
}

/* Flow limits of the LP by the base flows as they now are. */
static void move_limits(struct work *w)
{
    for (int32_t k = 0; k < w->n_limit; k++) {
        struct limit *limit = &w->limit[k];
        if (!rows_is_flow(limit->kind))
            continue;
        double room = limit->stated - rows_base_activity(w, limit);
        limit->rhs = rows_is_minimum(limit->kind) ? -room : room;
        lp_set_row_bounds(w->lp, limit->row, -HUGE_VAL, limit->rhs);
    }
}

/* Sets W, delta and what follows from them at the point; *most = MW that they moved by. */
static enum err_code correct_flows(struct work *w, double *most, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    struct lossy *s = w->lossy;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    size_t n_flow = (size_t)p->n_interval * (size_t)network_data(p->net)->n_branch;
    int32_t n_balance = p->n_interval * w->n_island;
    double *flow = mem_alloc(n_flow, sizeof *flow);
    double *shift = mem_alloc(n_flow, sizeof *shift);
    double *lost = mem_alloc((size_t)n_balance, sizeof *lost);
    double *bus = mem_alloc(n_bus, sizeof *bus);
    enum err_code code = ERR_OK;
    if (!flow || !shift || !lost || !bus)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code) {
        memcpy(flow, w->flow_mw, n_flow * sizeof *flow);
        for (size_t k = 0; k < (size_t)p->n_interval * n_bus; k++)
            w->bus_mw[k] += s->withdrawn_mw[k];
        code = loss_flows(p->net, LOSS_ENDS, p->n_interval, w->bus_mw, NULL, flow, err);
    }
    for (int32_t t = 0; !code && t < p->n_interval; t++) {
        loss_total(p->net, LOSS_ENDS,
                   flow + (size_t)t * (n_flow / (size_t)p->n_interval),
                   lost + t * w->n_island, bus);
        for (size_t n = 0; n < n_bus; n++)
            update(s, &s->withdrawn_mw[(size_t)t * n_bus + n], bus[n], most);
    }
    if (!code)
        code = shift_flows(w, shift, err);
    for (size_t k = 0; !code && k < n_flow; k++) {
        w->base_flow[k] += shift[k] - s->shift_mw[k];
        s->shift_mw[k] = shift[k];
    }
    for (int32_t b = 0; !code && b < n_balance; b++) {
        double before = s->offset_mw[b];
        update(s, &s->offset_mw[b], lost[b] - s->lost_mw[b], most);
        w->balance_rhs[b] += s->offset_mw[b] - before;
        lp_set_row_bounds(w->lp, b, w->balance_rhs[b], w->balance_rhs[b]);
    }
    if (!code)
        move_limits(w);
    mem_free(flow);
    mem_free(shift);
    mem_free(lost);
    mem_free(bus);
    return code ? code : work_evaluate(w, err);
}

/* ---- (3) ---- */

/*
 * Where the error shrinks slowly (units of nearly the same price, whose shares move a
 * lot for a small kappa) it does so in one direction: steps s, r s, r^2 s, ... are
 * summed up at once, every few turns.
 */
static void extrapolate(struct lossy *s, size_t n, const double *step)
{
    enum {
        EVERY = 6
    };
    double along = 0, size = 0;
    for (size_t k = 0; k < n; k++) {
        along += step[k] * s->kappa_step[k];
        size += s->kappa_step[k] * s->kappa_step[k];
    }
    double ratio = size > 0 ? along / size : 0;
    bool now = ++s->turns % EVERY == 0 && s->pace >= 1 && ratio > 0.3 && ratio < 0.999;
    for (size_t k = 0; k < n; k++) {
        s->kappa[k] += now ? step[k] * ratio / (1 - ratio) : 0;
        s->kappa_step[k] = step[k];
    }
}

/* Sets kappa by the LP's duals at the point; *most = $/MWh that it moved by. */
static enum err_code correct_costs(struct work *w, double *most, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    struct lossy *s = w->lossy;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    size_t n = (size_t)p->n_interval * n_bus;
    struct prices q = {
        .lambda = mem_alloc((size_t)(p->n_interval * w->n_island), sizeof(double)),
        .congestion = mem_alloc(n, sizeof(double)),
        .loss = mem_alloc(n, sizeof(double)),
        .shadow = mem_alloc((size_t)w->n_limit, sizeof(double))};
    size_t n_kappa = (size_t)p->n_interval * (size_t)p->n_injection;
    double *step = mem_alloc(n_kappa, sizeof *step);
    enum err_code code = ERR_OK;
    if (!step || !q.lambda || !q.congestion || !q.loss || !q.shadow)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = pricing_read(w, &q, err);
    for (int32_t t = 0; !code && t < p->n_interval; t++)
        for (int32_t i = 0; i < p->n_injection; i++) {
            double kappa = 0;
            for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++) {
                size_t at = (size_t)t * n_bus + (size_t)p->bus[k];
                int32_t a = network_island(p->net)[p->bus[k]];
                kappa -= p->bus_weight[k] *
                         (q.lambda[t * w->n_island + a] * s->factor[at] + q.loss[at]);
            }
            size_t at = (size_t)t * (size_t)p->n_injection + (size_t)i;
            step[at] = kappa - s->kappa[at];
            update(s, &s->kappa[at], kappa, most);
        }
    if (!code)
        extrapolate(s, n_kappa, step);
    for (int32_t k = 0; !code && k < w->n_piece; k++)
        work_set_piece_cost(w, &w->piece[k]);
    mem_free(step);
    mem_free(q.lambda);
    mem_free(q.congestion);
    mem_free(q.loss);
    mem_free(q.shadow);
    return code;
}

enum err_code lossy_ends_correct(struct work *w, bool *same, struct err *err)
{
    double mw = 0, usd = 0;
    enum err_code code = lossy_evaluate(w, err);
    if (!code)
        code = correct_flows(w, &mw, err);
    if (!code)
        code = correct_costs(w, &usd, err);
    if (mw >= w->lossy->last_mw && mw > SAME_MW)
        w->lossy->pace = fmax(0.1, 0.7 * w->lossy->pace);
    w->lossy->last_mw = mw;
    *same = mw <= SAME_MW && usd <= SAME_USD_PER_MWH;
    return code;
}

enum err_code lossy_ends_reprice(struct work *w, struct err *err)
{
    size_t n = (size_t)lp_n_columns(w->lp);
    double *x = mem_alloc(n, sizeof *x), usd = HUGE_VAL, before = HUGE_VAL;
    enum err_code code = ERR_OK;
    if (!x)
        return err_set(err, ERR_NOMEM, "out of memory");
    memcpy(x, w->x, n * sizeof *x);
    w->lossy->pace = 1;
    /* Ends where they agree, or to the digits that duals have. */
    for (bool more = true; !code && more;) {
        before = usd;
        usd = 0;
        code = correct_costs(w, &usd, err);
        more = usd > SAME_USD_PER_MWH && usd < 0.9 * before;
        if (!code && usd > 0)
            code = work_solve(w, LP_PRIMAL, err);
        if (!code) {
            memcpy(w->x, x, n * sizeof *x);
            code = work_evaluate(w, err);
        }
    }
    mem_free(x);
    return code;
}
