/*
 * certificate_injection.c - what injections give, against what it is worth: the part of
 * certificate.c that goes by segment and store.
 */
#include <math.h>

#include "sim/base/mem.h"
#include "solver/certificate_parts.h"

/* What one more MW of each injection is worth: LMP less the shadow prices it uses. */
static void find_prices(struct check *c)
{
    const struct dispatch_problem *p = c->p;
    int32_t n = p->n_injection;
    for (int32_t i = 0; c->after.price && i < p->n_interval * n; i++)
        c->price[i] += c->after.price[i];
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int32_t i = 0; i < n; i++)
            for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
                c->price[t * n + i] +=
                    p->bus_weight[k] * certificate_lmp(c, t, p->bus[k]);
    for (int32_t r = 0; r < c->in->n_row; r++) {
        const struct dispatch_row *row = &c->in->row[r];
        int32_t t = row->interval;
        double mu = row->shadow_usd_per_mwh;
        if (row->kind == DISPATCH_GROUP) {
            for (int32_t e = p->group_start[row->index];
                 e < p->group_start[row->index + 1]; e++)
                c->price[t * n + p->group_injection[e]] -= mu * p->group_coef[e];
            for (int32_t u = 0;
                 p->group_store && p->group_store[row->index] >= 0 && u <= t; u++)
                c->energy_value[u * p->n_store + p->group_store[row->index]] -=
                    p->duration_h[t] * mu * p->group_energy_coef[row->index];
        } else if (row->kind == DISPATCH_RAMP_UP || row->kind == DISPATCH_RAMP_DOWN) {
            double sign = row->kind == DISPATCH_RAMP_UP ? 1 : -1;
            c->price[t * n + row->index] -= sign * mu;
            if (t > 0)
                c->price[(t - 1) * n + row->index] +=
                    sign * mu * p->duration_h[t] / p->duration_h[t - 1];
        } else if (row->kind == DISPATCH_STORE_MAX || row->kind == DISPATCH_STORE_MIN) {
            double sign = row->kind == DISPATCH_STORE_MAX ? -1 : 1;
            for (int32_t u = 0; u <= t; u++)
                c->energy_value[u * p->n_store + row->index] += sign * mu;
        }
    }
}

static void check_segment(struct check *c, int32_t t, double x, double width,
                          double cost, double price)
{
    double h = c->p->duration_h[t], reduced = cost - price;
    certificate_worse(&c->primal, -x);
    certificate_worse(&c->primal, x - width);
    c->gap +=
        h * (fmax(0, reduced) * fmax(0, x) + fmax(0, -reduced) * fmax(0, width - x));
    c->objective += h * cost * x;
}

static double value(const struct dispatch_polynomial *f, double x)
{
    double sum = 0;
    for (int32_t k = f->n_coef - 1; k >= 0; k--)
        sum = sum * x + f->coef[k];
    return sum;
}

static double slope(const struct dispatch_polynomial *f, double x)
{
    double sum = 0;
    for (int32_t k = f->n_coef - 1; k >= 1; k--)
        sum = sum * x + (double)k * f->coef[k];
    return sum;
}

/* f(P) - price P against its least value over the range: by bisection on the slope. */
static void check_smooth(struct check *c, int32_t t,
                         const struct dispatch_polynomial *f, double p_mw, double lo,
                         double hi, double price)
{
    double a = lo, b = hi, h = c->p->duration_h[t];
    for (int k = 0; k < 200 && a < b; k++) {
        double middle = 0.5 * (a + b);
        if (slope(f, middle) < price)
            a = middle;
        else
            b = middle;
    }
    double best = fmin(value(f, lo) - price * lo, value(f, hi) - price * hi);
    best = fmin(best, value(f, a) - price * a);
    best = fmin(best, value(f, b) - price * b);
    certificate_worse(&c->primal, lo - p_mw);
    certificate_worse(&c->primal, p_mw - hi);
    c->gap += h * fmax(0, value(f, p_mw) - price * p_mw - best);
    c->objective += h * value(f, p_mw);
}

/* Segments of an injection; for a store, value[0] charging and value[1] discharging MW
 * cost energy, and a forced direction fixes the segments of the other one. */
static void check_injection(struct check *c, int32_t t, int32_t i, int32_t store)
{
    const struct dispatch_problem *p = c->p;
    int64_t at = (int64_t)t * p->n_injection + i;
    double from = p->base_mw[at], sum = p->base_mw[at];
    double charge = fmax(0, -from), discharge = fmax(0, from);
    int8_t direction =
        store >= 0 && c->in->direction ? c->in->direction[t * p->n_store + store] : 0;
    for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++) {
        const struct dispatch_segment *seg = &p->seg[s];
        double x = c->in->segment_mw[s], price = c->price[at];
        double cost =
            c->in->segment_cost ? c->in->segment_cost[s] : seg->cost_usd_per_mwh;
        bool charging = from < 0;
        if (store >= 0)
            price -= c->energy_value[t * p->n_store + store] *
                     (charging ? p->store[store].charge_efficiency
                               : 1 / p->store[store].discharge_efficiency);
        if (direction && (direction > 0) == charging)
            price = cost; /* held where it is: any reduced cost will do */
        if (c->smooth[i])
            check_smooth(c, t, c->smooth[i], c->in->injection_mw[at], from,
                         from + seg->width_mw, price);
        else
            check_segment(c, t, x, seg->width_mw, cost, price);
        charge -= charging ? x : 0;
        discharge += charging ? 0 : x;
        sum += x;
        from += seg->width_mw;
    }
    certificate_worse(&c->primal, fabs(sum - c->in->injection_mw[at]));
    if (store >= 0)
        certificate_worse(&c->primal, fmin(charge, discharge));
    if (store >= 0) {
        double before = t == 0 ? p->store[store].energy_initial_mwh
                               : c->in->energy_mwh[(t - 1) * p->n_store + store];
        double after = before + p->duration_h[t] *
                                    (p->store[store].charge_efficiency * charge -
                                     discharge / p->store[store].discharge_efficiency);
        certificate_worse(&c->primal,
                          fabs(after - c->in->energy_mwh[t * p->n_store + store]));
    }
}

enum err_code certificate_injections(struct check *c, struct err *err)
{
    const struct dispatch_problem *p = c->p;
    int32_t *store = mem_alloc((size_t)p->n_injection, sizeof *store);
    if (!store)
        return err_set(err, ERR_NOMEM, "out of memory");
    find_prices(c);
    for (int32_t i = 0; i < p->n_injection; i++)
        store[i] = -1;
    for (int32_t s = 0; s < p->n_store; s++)
        store[p->store[s].injection] = s;
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int32_t i = 0; i < p->n_injection; i++)
            check_injection(c, t, i, store[i]);
    mem_free(store);
    return ERR_OK;
}
