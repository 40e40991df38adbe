/*
 * final.c - the answer: an exact dispatch with the commitment fixed, and its prices.
 *
 * The same column generation, with convexity rows that are exactly 1 and to a tolerance
 * at which nothing is left; power is the mixture of each unit's schedules, which are all
 * of one pattern, and the cost is computed again from the curves.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/commit_certificate.h"
#include "solver/commit/master.h"
#include "solver/commit/message.h"
#include "solver/network.h"

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the answer of the commitment");
}

static bool answer_room(const struct fleet *f, struct commit_answer *a)
{
    const struct commit_problem *p = f->p;
    const size_t T = (size_t)p->n_interval, U = T * (size_t)p->n_unit;
    const size_t Q = T * (size_t)p->n_requirement;
    bool plants = false, stores = false;
    for (int32_t g = 0; g < p->n_unit; g++) {
        plants = plants || p->unit[g].n_config > 0;
        stores = stores || p->unit[g].store;
    }
    a->on = MEM_ARRAY(uint8_t, U);
    a->charge_mw = stores ? MEM_ARRAY(double, U) : NULL;
    a->energy_mwh = stores ? MEM_ARRAY(double, U) : NULL;
    if (stores && (!a->charge_mw || !a->energy_mwh))
        return false;
    if (plants && !(a->config = MEM_ARRAY(uint8_t, U)))
        return false;
    a->power_mw = MEM_ARRAY(double, U);
    a->reserve_mw = MEM_ARRAY(double, U *COMMIT_PRODUCTS);
    a->start_cost_usd = MEM_ARRAY(double, U);
    a->other_mw = MEM_ARRAY(double, T *(size_t)p->n_other);
    a->shortage_mw = MEM_ARRAY(double, T);
    a->surplus_mw = MEM_ARRAY(double, T);
    a->shortfall_mw = MEM_ARRAY(double, Q);
    a->limit_over_mw = MEM_ARRAY(double, T *(size_t)p->n_limit);
    a->limit_usd_per_mwh = MEM_ARRAY(double, T *(size_t)p->n_limit);
    a->hull_limit_usd_per_mwh = MEM_ARRAY(double, T *(size_t)p->n_limit);
    a->lambda_usd_per_mwh = MEM_ARRAY(double, T);
    a->requirement_usd_per_mw = MEM_ARRAY(double, Q);
    a->hull_lambda_usd_per_mwh = MEM_ARRAY(double, T);
    a->hull_requirement_usd_per_mw = MEM_ARRAY(double, Q);
    if (p->net) {
        const size_t N = (size_t)network_data(p->net)->n_bus;
        a->congestion_usd_per_mwh = MEM_ARRAY(double, T *N);
        a->hull_congestion_usd_per_mwh = MEM_ARRAY(double, T *N);
        if (!a->congestion_usd_per_mwh || !a->hull_congestion_usd_per_mwh)
            return false;
    }
    return a->on && a->power_mw && a->reserve_mw && a->start_cost_usd && a->other_mw &&
           a->shortage_mw && a->surplus_mw && a->shortfall_mw && a->limit_over_mw &&
           a->limit_usd_per_mwh && a->hull_limit_usd_per_mwh && a->lambda_usd_per_mwh &&
           a->requirement_usd_per_mw && a->hull_lambda_usd_per_mwh &&
           a->hull_requirement_usd_per_mw;
}

void commit_answer_release(struct commit_answer *a)
{
    mem_free(a->overload);
    mem_free(a->on);
    mem_free(a->config);
    mem_free(a->regulates);
    mem_free(a->power_mw);
    mem_free(a->charge_mw);
    mem_free(a->energy_mwh);
    mem_free(a->reserve_mw);
    mem_free(a->start_cost_usd);
    mem_free(a->other_mw);
    mem_free(a->shortage_mw);
    mem_free(a->surplus_mw);
    mem_free(a->shortfall_mw);
    mem_free(a->limit_over_mw);
    mem_free(a->limit_usd_per_mwh);
    mem_free(a->hull_limit_usd_per_mwh);
    mem_free(a->lambda_usd_per_mwh);
    mem_free(a->requirement_usd_per_mw);
    mem_free(a->hull_lambda_usd_per_mwh);
    mem_free(a->hull_requirement_usd_per_mw);
    mem_free(a->congestion_usd_per_mwh);
    mem_free(a->hull_congestion_usd_per_mwh);
    *a = (struct commit_answer){0};
}

/* Prices of the common rows, [interval][requirement], for one hour. */
static void write_prices(const struct fleet *f, const double *y, double *lambda,
                         double *requirement)
{
    const int32_t T = f->n_interval, Q = f->p->n_requirement;
    for (int32_t t = 0; t < T; t++) {
        lambda[t] = y[t] / f->p->interval_h;
        for (int32_t q = 0; q < Q; q++)
            requirement[t * Q + q] = fmax(0, y[T * (1 + q) + t]) / f->p->interval_h;
    }
}

/* A store's part of the answer; its power is written. */
static void write_store(const struct fleet *f, const struct schedule *s,
                        struct commit_answer *a)
{
    const struct commit_unit *u = &f->p->unit[s->unit];
    double charge[COMMIT_INTERVALS];
    memcpy(charge, s->mw + f->n_interval, (size_t)f->n_interval * sizeof *charge);
    store_net(f->p, u->store, s->mw, charge);
    for (int32_t t = 0; t < f->n_interval; t++) {
        const size_t at = (size_t)t * (size_t)f->n_unit + (size_t)s->unit;
        a->charge_mw[at] = charge[t];
        a->energy_mwh[at] = store_energy_mwh(f->p, u->store, s->mw, charge, t);
    }
    a->cost_usd += store_cost(f->p, u, s->mw, charge);
}

static void write_units(const struct fleet *f, const struct schedule *const *s,
                        struct commit_answer *a)
{
    for (int32_t g = 0; g < f->n_unit; g++) {
        const struct commit_unit *u = &f->p->unit[g];
        for (int32_t t = 0; t < f->n_interval; t++) {
            const size_t at = (size_t)t * (size_t)f->n_unit + (size_t)g;
            a->on[at] = set_has(&s[g]->on, t);
            if (a->config && a->on[at])
                a->config[at] =
                    (uint8_t)interval_set_config(&s[g]->on, u, f->n_interval, t);
            a->power_mw[at] = s[g]->mw[t];
            a->start_cost_usd[at] = s[g]->start_usd[t];
            for (int32_t o = 0; o < u->n_offer; o++)
                a->reserve_mw[at * COMMIT_PRODUCTS + (size_t)u->offer[o].product] +=
                    s[g]->mw[f->n_interval + t * u->n_offer + o];
        }
        if (u->store)
            write_store(f, s[g], a);
        else
            a->cost_usd += schedule_cost(f, s[g]);
    }
}

/* What the schedules leave to others, shortage, surplus and shortfall. */
static void write_rest(const struct fleet *f, const struct master *m,
                       const struct schedule *const *s, struct commit_answer *a)
{
    const struct commit_problem *p = f->p;
    const int32_t T = f->n_interval, Q = p->n_requirement;
    double *left = m->scratch;
    memset(left, 0, (size_t)fleet_n_row(f) * sizeof *left);
    for (int32_t g = 0; g < f->n_unit; g++)
        schedule_rows(f, s[g], -1, left);
    for (int32_t r = 0; r < f->n_base; r++)
        left[r] += f->rhs[r];
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *b = &f->block[k];
        const double mw = fmax(b->lo_mw, fmin(b->up_mw, m->z[m->first_block + k]));
        const double range = b->up_mw - b->lo_mw;
        const double part = range > 0 ? (mw - b->lo_mw) / range : 0;
        for (int32_t i = b->first; i < b->first + b->n; i++) {
            const int32_t o = f->other_of_block[i];
            const double lo = p->other[o].min_mw[b->interval];
            a->other_mw[b->interval * p->n_other + o] =
                lo + part * (p->other[o].max_mw[b->interval] - lo);
        }
        left[b->interval] -= mw;
        a->cost_usd += mw * b->cost_usd;
    }
    for (int32_t t = 0; t < T; t++) {
        /* Only slack that has a price may take up a remnant. */
        if (left[t] > 0 && !isinf(f->roof[t]))
            a->shortage_mw[t] = left[t];
        if (left[t] < 0 && !isinf(f->floor[t]))
            a->surplus_mw[t] = -left[t];
        a->cost_usd += a->shortage_mw[t] > 0 ? a->shortage_mw[t] * f->roof[t] : 0;
        a->cost_usd += a->surplus_mw[t] > 0 ? -a->surplus_mw[t] * f->floor[t] : 0;
        for (int32_t q = 0; q < Q; q++)
            if (left[T * (1 + q) + t] > 0 && p->requirement[q].n_step > 0)
                a->shortfall_mw[t * Q + q] = left[T * (1 + q) + t];
    }
    for (int32_t q = 0; q < Q; q++)
        for (int32_t t = 0; t < T; t++) {
            double mw = a->shortfall_mw[t * Q + q];
            const struct commit_requirement *r = &p->requirement[q];
            for (int32_t k = 0; k < r->n_step && mw > 0; k++) {
                const double part = fmin(mw, r->step_mw[k]);
                a->cost_usd += part * r->step_usd_per_mw[k] * p->interval_h;
                mw -= part;
            }
        }
}

static enum err_code write_congestion(struct fleet *f, const struct master *m,
                                      const struct root *r, struct commit_answer *a,
                                      struct err *err)
{
    if (!f->flows)
        return ERR_OK;
    enum err_code code = flows_prices(f, m->y_best, f->n_base + m->n_extra,
                                      a->congestion_usd_per_mwh, err);
    if (!code)
        code =
            flows_prices(f, r->hull_y, r->n_hull, a->hull_congestion_usd_per_mwh, err);
    a->overload = MEM_ARRAY(struct commit_overload, m->n_extra);
    if (!code && !a->overload)
        code = no_memory(err);
    for (int32_t k = 0; k < m->n_extra && !code; k++) {
        const struct extra *e = &f->extra[k];
        const double mw = m->z[m->extra_slack[k]];
        if (e->kind != EXTRA_FLOW || e->limit >= 0)
            continue;
        f->stats.n_binding += m->y_best[f->n_base + k] > 1e-7 * f->scale;
        a->overload_usd += e->top_usd * mw;
        if (mw > 0)
            a->overload[a->n_overload++] = (struct commit_overload){
                e->interval, e->branch, e->outage, e->minimum, mw};
    }
    return code;
}

/* Nothing is believed that has not been checked row by row. */
static enum err_code certify(const struct fleet *f, struct commit_answer *a,
                             struct err *err)
{
    struct commit_certificate c;
    enum err_code code = commit_certificate_check(f->p, a, &c, err);
    if (code)
        return code;
    const double most = 1e-6 * fmax(1, f->rhs_sum / f->n_interval);
    if (!(c.violation_mw <= most))
        return commit_breaks_rule(f->p, &c, err);
    if (!isfinite(a->bound_usd))
        return err_set(err, ERR_NUMERIC, "the bound is no number");
    a->cost_usd = c.cost_usd + a->overload_usd;
    /* A closed gap may look like less than none, by rounding; less is a bound, too. */
    if (a->bound_usd > a->cost_usd &&
        a->bound_usd - a->cost_usd < 1e-9 * fabs(a->cost_usd))
        a->bound_usd = a->cost_usd;
    a->gap = (a->cost_usd - a->bound_usd) / fmax(fabs(a->cost_usd), 1e-9);
    return ERR_OK;
}

/* With commitments fixed cuts say nothing but what they would take of prices. */
static void drop_cuts(struct fleet *f, const struct schedule *const *s)
{
    for (int32_t e = 0; e < f->n_extra; e++) {
        struct extra *x = &f->extra[e];
        if (!extra_is_cut(x))
            continue;
        double activity = 0;
        mem_free(x->power);
        mem_free(x->other);
        x->power = x->other = NULL;
        for (int32_t g = 0; g < f->n_unit; g++)
            activity += schedule_extra(f, s[g], e);
        x->spread = 0;
        x->rhs = activity - 1;
    }
}

/* The incumbent's commitment, and how near to its best dispatch one comes at once. */
static enum err_code dispatch_held(struct search *s, struct master **m, struct err *err)
{
    struct fleet *f = s->f;
    struct pool *pool = s->root->pool;
    bool whole; /* what is not is generated after this */
    if (fleet_is_sifted(f))
        return sift_dispatch(f, pool, &s->held, s->y, (double)INFINITY, s->sweep, m,
                             &whole, err);
    enum err_code code = master_create(f, NULL, 0, s->incumbent, s->y, m, err);
    if (!code)
        code = generate_restart(*m, pool, &s->held, s->y, s->sweep, err);
    return code ? code
                : generate_direct(*m, pool, &s->held, s->incumbent, s->sweep, err);
}

enum err_code final_answer(struct search *s, struct commit_answer *a, struct err *err)
{
    struct fleet *f = s->f;
    struct master *m = NULL;
    struct generation g = {.width = 0.05,
                           .toward = 0.5,
                           .tolerance = 1e-9,
                           .most = 80,
                           .cutoff_usd = (double)INFINITY,
                           .unlimited = true};
    const struct schedule **found = MEM_ARRAY(const struct schedule *, f->n_unit);
    enum err_code code = found && answer_room(f, a) ? ERR_OK : no_memory(err);
    if (!code)
        code = fleet_price_room(f, &s->y, &s->room_y, err);
    if (!code)
        drop_cuts(f, s->incumbent);
    if (!code) {
        hold_incumbent(s);
        code = dispatch_held(s, &m, err);
    }
    if (!code)
        code = flows_generate(m, s->root->pool, &s->held, &g, s->sweep, err);
    /* Then without box and perturbation: only slack that the problem has is left. */
    g.width = (double)INFINITY;
    g.most = 40;
    if (!code) {
        master_box(m, m->y_best, g.width);
        code = master_exact(m, err);
    }
    if (!code)
        code = flows_generate(m, s->root->pool, &s->held, &g, s->sweep, err);
    if (!code && m->stalled)
        code = err_set(err, ERR_NUMERIC, "the last dispatch of the commitment stalled");
    if (!code)
        code = collect(s, m, s->root->pool, found, err);
    if (!code) {
        write_units(f, found, a);
        write_rest(f, m, found, a);
        write_prices(f, m->y_best, a->lambda_usd_per_mwh, a->requirement_usd_per_mw);
        write_prices(f, s->root->hull_y, a->hull_lambda_usd_per_mwh,
                     a->hull_requirement_usd_per_mw);
        code = write_congestion(f, m, s->root, a, err);
        limits_answer(f, found, a);
        limits_prices(f, m->y_best, f->n_base + m->n_extra, a->limit_usd_per_mwh);
        limits_prices(f, s->root->hull_y, s->root->n_hull, a->hull_limit_usd_per_mwh);
        a->hull_value_usd = s->root->hull_usd;
        a->bound_usd = s->root->bound_usd;
    }
    master_release(m);
    mem_free(found);
    return code ? code : certify(f, a, err);
}
