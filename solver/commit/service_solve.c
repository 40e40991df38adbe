/* service_solve.c - the integer program of service.h, and its dispatch as an answer. */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "solver/commit/message.h"
#include "solver/commit/service.h"
#include "solver/network.h"

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the answer of the commitment");
}

static enum err_code answer_room(const struct commit_problem *p,
                                 struct commit_answer *a, struct err *err)
{
    const size_t T = (size_t)p->n_interval, U = T * (size_t)p->n_unit;
    const size_t Q = T * (size_t)p->n_requirement;
    a->on = MEM_ARRAY(uint8_t, U);
    a->regulates = MEM_ARRAY(uint8_t, U);
    a->power_mw = MEM_ARRAY(double, U);
    a->reserve_mw = MEM_ARRAY(double, U *COMMIT_PRODUCTS);
    a->start_cost_usd = MEM_ARRAY(double, U);
    a->other_mw = MEM_ARRAY(double, T *(size_t)p->n_other);
    a->shortage_mw = MEM_ARRAY(double, T);
    a->surplus_mw = MEM_ARRAY(double, T);
    a->shortfall_mw = MEM_ARRAY(double, Q);
    a->lambda_usd_per_mwh = MEM_ARRAY(double, T);
    a->requirement_usd_per_mw = MEM_ARRAY(double, Q);
    a->limit_over_mw = MEM_ARRAY(double, T *(size_t)p->n_limit);
    a->limit_usd_per_mwh = MEM_ARRAY(double, T *(size_t)p->n_limit);
    bool good = a->on && a->regulates && a->power_mw && a->reserve_mw &&
                a->start_cost_usd && a->other_mw && a->shortage_mw && a->surplus_mw &&
                a->shortfall_mw && a->limit_over_mw && a->limit_usd_per_mwh &&
                a->lambda_usd_per_mwh && a->requirement_usd_per_mw;
    if (good && p->net) {
        a->congestion_usd_per_mwh =
            MEM_ARRAY(double, T *(size_t)network_data(p->net)->n_bus);
        good = a->congestion_usd_per_mwh;
    }
    return good ? ERR_OK : no_memory(err);
}

/* A remnant of rounding is nothing. */
static double clean(double mw)
{
    return mw > 1e-9 ? mw : 0;
}

static void write_unit(const struct service_program *s, const double *x, int32_t g,
                       struct commit_answer *a)
{
    const struct commit_problem *p = s->p;
    const struct commit_unit *u = &p->unit[g];
    bool before = u->on_before;
    int32_t age = u->age_before;
    for (int32_t t = 0; t < p->n_interval; t++) {
        const double *of = x + service_at(s, t, g, 0);
        const size_t at = (size_t)t * (size_t)p->n_unit + (size_t)g;
        const bool on = of[UNIT_ON] > 0.5;
        a->on[at] = on;
        a->regulates[at] = of[UNIT_REGULATES] > 0.5;
        a->power_mw[at] = on ? u->min_mw + clean(of[UNIT_POWER]) : 0;
        for (int k = 0; k < SERVICE_PRODUCTS; k++)
            a->reserve_mw[at * COMMIT_PRODUCTS + (size_t)k] = clean(of[UNIT_HELD + k]);
        if (!on)
            a->reserve_mw[at * COMMIT_PRODUCTS + SERVICE_SUPPLEMENTAL] =
                clean(of[UNIT_OFF_SUPPLEMENTAL]);
        if (on && !before && u->n_start > 0) {
            int32_t k = u->n_start - 1;
            while (k > 0 && age < u->start[k].lag)
                k--;
            a->start_cost_usd[at] = u->start[k].cost_usd;
        }
        age = on == before ? age + 1 : 1;
        before = on;
    }
}

/* What breaks (11), its price, and what that is at buses. */
static void write_limits(const struct service_program *s, const double *x,
                         const double *y, double *mu, struct commit_answer *a)
{
    const struct commit_problem *p = s->p;
    const size_t n_branch = p->net ? (size_t)network_data(p->net)->n_branch : 0;
    for (int32_t i = 0; i < p->n_interval * p->n_limit; i++) {
        const struct commit_limit *l = &p->limit[i % p->n_limit];
        const size_t t = (size_t)(i / p->n_limit);
        const double mw = clean(x[s->over + i]);
        const double price =
            (y[s->sum + 2 * i] + y[s->sum + 2 * i + 1]) / p->interval_h;
        a->limit_over_mw[i] = mw;
        a->limit_usd_per_mwh[i] = price;
        a->overload_usd += mw > 0 ? p->interval_h * l->usd_per_mwh * mw : 0;
        for (int32_t k = 0; k < l->n_branch; k++)
            mu[t * n_branch + (size_t)l->branch[k]] += l->branch_weight[k] * price;
    }
}

static void write_overloads(const struct service_program *s, const double *x,
                            const double *y, double *mu, struct commit_answer *a)
{
    const struct commit_problem *p = s->p;
    const size_t n_branch = p->net ? (size_t)network_data(p->net)->n_branch : 0;
    for (int32_t i = 0; i < p->n_interval * s->n_flow; i++) {
        const int32_t t = i / s->n_flow, branch = s->limited[i % s->n_flow];
        const double price = y[s->flow + i] / p->interval_h;
        mu[(size_t)t * n_branch + (size_t)branch] += price;
        a->stats.n_binding += fabs(price) > 1e-6;
        for (int minimum = 0; minimum < 2; minimum++) {
            const double mw = clean(x[s->overload + 2 * i + minimum]);
            a->overload_usd += p->interval_h * p->branch_usd_per_mwh * mw;
            if (mw > 0)
                a->overload[a->n_overload++] =
                    (struct commit_overload){t, branch, -1, minimum > 0, mw};
        }
    }
}

static enum err_code write_flows(const struct service_program *s, const double *x,
                                 const double *y, struct commit_answer *a,
                                 struct err *err)
{
    const struct commit_problem *p = s->p;
    const size_t T = (size_t)p->n_interval;
    const size_t n_branch = p->net ? (size_t)network_data(p->net)->n_branch : 0;
    double *mu = MEM_ARRAY(double, T *n_branch);
    a->overload = MEM_ARRAY(struct commit_overload, 2 * T * (size_t)s->n_flow);
    enum err_code code = mu && a->overload ? ERR_OK : no_memory(err);
    if (!code) {
        write_overloads(s, x, y, mu, a);
        write_limits(s, x, y, mu, a);
    }
    if (!code && p->net)
        code =
            network_prices(p->net, p->n_interval, mu, a->congestion_usd_per_mwh, err);
    mem_free(mu);
    return code;
}

static void write_system(const struct service_program *s, const double *x,
                         const double *y, struct commit_answer *a)
{
    const struct commit_problem *p = s->p;
    const int32_t T = p->n_interval, Q = p->n_requirement;
    for (int32_t i = 0; i < T * p->n_other; i++) {
        const struct commit_other *other = &p->other[i % p->n_other];
        const int32_t t = i / p->n_other;
        a->other_mw[i] =
            fmax(other->min_mw[t], fmin(other->max_mw[t], x[s->other + i]));
    }
    for (int32_t t = 0; t < T; t++) {
        a->shortage_mw[t] = clean(x[s->shortage + t]);
        a->surplus_mw[t] = clean(x[s->surplus + t]);
        a->lambda_usd_per_mwh[t] = y[s->balance + t] / p->interval_h;
    }
    for (int32_t i = 0; i < T * Q; i++) {
        a->shortfall_mw[i] = clean(x[s->shortfall + i]);
        a->requirement_usd_per_mw[i] = fmax(0, y[s->requirement + i]) / p->interval_h;
    }
}

/* Nothing is believed that has not been checked row by row. */
static enum err_code certify(const struct commit_problem *p, double bound_usd,
                             struct commit_answer *a, struct err *err)
{
    struct commit_certificate c;
    double most_mw = 1;
    enum err_code code = commit_certificate_check(p, a, &c, err);
    if (code)
        return code;
    for (int32_t t = 0; t < p->n_interval; t++)
        most_mw = fmax(most_mw, fabs(p->load_mw[t]));
    if (!(c.violation_mw <= 1e-6 * most_mw))
        return commit_breaks_rule(p, &c, err);
    a->cost_usd = c.cost_usd + a->overload_usd;
    a->bound_usd = fmin(bound_usd, a->cost_usd);
    a->gap = (a->cost_usd - a->bound_usd) / fmax(fabs(a->cost_usd), 1e-9);
    a->hull_value_usd = (double)NAN;
    return ERR_OK;
}

/* The dispatch with whole numbers held where they are: power, services, prices. */
static enum err_code dispatch(struct service_program *s, double *x, double *y,
                              struct err *err)
{
    enum lp_status status = LP_UNSOLVED;
    for (int32_t k = 0; k < s->n_integer; k++) {
        const double value = round(x[s->integer[k]]);
        lp_set_column_bounds(s->lp, s->integer[k], value, value);
    }
    enum err_code code = lp_solve(s->lp, LP_PRIMAL, &status, err);
    if (!code && status != LP_OPTIMAL)
        code = err_set(err, ERR_NUMERIC, "the commitment found has no dispatch");
    if (!code) {
        lp_column_values(s->lp, x);
        lp_row_duals(s->lp, y);
    }
    return code;
}

static enum err_code search(struct service_program *s, const struct commit_options *o,
                            struct lp_integer *found, double *x, struct err *err)
{
    enum lp_status status = LP_UNSOLVED;
    *found = (struct lp_integer){
        .gap = o->gap, .seconds = o->seconds_limit, .watch = o->watch};
    if (o->work_limit > 0)
        found->most = 1 + 1000 * o->work_limit / (1 + lp_n_rows(s->lp));
    enum err_code code =
        lp_solve_integer(s->lp, s->n_integer, s->integer, found, x, &status, err);
    if (!code && status == LP_INFEASIBLE)
        code = err_set(err, ERR_NUMERIC,
                       "no schedule serves the load and meets the requirements");
    else if (!code && status != LP_OPTIMAL)
        code = err_set(err, ERR_NUMERIC,
                       "no schedule was found within the limits of work and time");
    return code;
}

enum err_code service_solve(const struct commit_problem *p,
                            const struct commit_options *o, struct commit_answer *out,
                            struct err *err)
{
    struct service_program s;
    struct lp_integer found = {0};
    const double start = stopwatch_s();
    *out = (struct commit_answer){0};
    enum err_code code = service_program_create(p, &s, err);
    double *x = MEM_ARRAY(double, s.n_column), *y = MEM_ARRAY(double, s.n_row);
    if (!code && (!x || !y))
        code = no_memory(err);
    if (!code)
        code = search(&s, o, &found, x, err);
    const double searched = stopwatch_s();
    if (!code)
        code = answer_room(p, out, err);
    if (!code)
        code = dispatch(&s, x, y, err);
    for (int32_t g = 0; g < p->n_unit && !code; g++)
        write_unit(&s, x, g, out);
    if (!code) {
        write_system(&s, x, y, out);
        code = write_flows(&s, x, y, out, err);
    }
    if (!code)
        code = certify(p, found.bound, out, err);
    if (code)
        commit_answer_release(out);
    else {
        out->stats.n_column = s.n_column;
        out->stats.n_node = found.n_node;
        out->stats.n_network_row = p->n_interval * s.n_flow;
        out->stats.simplex_iterations = found.iterations + lp_iterations(s.lp);
        out->stats.work = out->stats.simplex_iterations * s.n_row / 1000;
        out->stats.seconds_bound = searched - start;
        out->stats.seconds_primal = stopwatch_s() - searched;
        out->stats.seconds_total = stopwatch_s() - start;
    }
    mem_free(x);
    mem_free(y);
    service_program_release(&s);
    return code;
}
