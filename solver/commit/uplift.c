/* uplift.c - revenue, cost and best alternative of each unit. */
#include "solver/commit/uplift.h"

#include <math.h>

#include "sim/base/mem.h"
#include "solver/commit/commit_certificate.h"

static size_t cell(int32_t t, int32_t i, int32_t n)
{
    return (size_t)t * (size_t)n + (size_t)i;
}

/* What an hour at x MW above minimum costs more than one at minimum. */
static double curve_cost(const struct commit_curve *curve, double x)
{
    double cost_usd_per_h = 0;
    for (int32_t s = 0; s < curve->n_segment && x > 0; s++) {
        cost_usd_per_h += curve->cost_usd_per_mwh[s] * fmin(x, curve->width_mw[s]);
        x -= curve->width_mw[s];
    }
    return cost_usd_per_h;
}

static bool counts(const struct commit_requirement *q, int32_t product, int32_t g)
{
    if (!(q->products >> product & 1))
        return false;
    bool listed = !q->unit;
    for (int32_t i = 0; i < q->n_unit && !listed; i++)
        listed = q->unit[i] == g;
    return listed;
}

/* For the whole of interval t: $ for a MW of energy, and of each of its offers. */
static void unit_price(const struct commit_problem *p,
                       const struct uplift_prices *prices, int32_t g, int32_t t,
                       double *energy, double *reserve)
{
    const struct commit_unit *u = &p->unit[g];
    *energy = prices->lambda_usd_per_mwh[t];
    for (int32_t i = 0; prices->congestion_usd_per_mwh && i < u->n_bus; i++)
        *energy += u->bus_weight[i] *
                   prices->congestion_usd_per_mwh[cell(t, u->bus[i], prices->n_bus)];
    for (int32_t k = 0; prices->limit_usd_per_mwh && k < p->n_limit; k++)
        if (p->limit[k].unit)
            *energy +=
                p->limit[k].unit[g] * prices->limit_usd_per_mwh[cell(t, k, p->n_limit)];
    *energy *= p->interval_h;
    for (int32_t k = 0; k < u->n_offer; k++) {
        reserve[k] = 0;
        for (int32_t q = 0; q < p->n_requirement; q++)
            if (counts(&p->requirement[q], u->offer[k].product, g))
                reserve[k] +=
                    p->interval_h *
                    prices->requirement_usd_per_mw[cell(t, q, p->n_requirement)];
    }
}

/* Revenue and cost of what the answer has the unit do in interval t. */
static void add_interval(const struct commit_problem *p, const struct commit_answer *a,
                         int32_t g, int32_t t, double energy, const double *reserve,
                         struct uplift *out)
{
    const struct commit_unit *plant = &p->unit[g], *u = plant;
    size_t at = cell(t, g, p->n_unit);
    bool on = a->on[at] != 0;
    bool before = t > 0 ? a->on[cell(t - 1, g, p->n_unit)] != 0 : u->on_before;
    if (on && a->config)
        u = commit_unit_in(plant, a->config[at]);
    out->revenue_usd += energy * a->power_mw[at];
    out->cost_usd +=
        a->start_cost_usd[at] + (before && !on ? plant->stop_cost_usd : 0) +
        commit_change_usd(
            plant, t > 0 ? a->power_mw[cell(t - 1, g, p->n_unit)] : plant->mw_before,
            a->power_mw[at]);
    if (on)
        out->cost_usd += p->interval_h * (u->min_cost_usd_per_h[t] +
                                          curve_cost(&p->curve[u->curve[t]],
                                                     a->power_mw[at] - u->min_mw));
    for (int32_t k = 0; k < u->n_offer; k++) {
        const struct commit_offer *offer = &u->offer[k];
        double held_mw = a->reserve_mw[at * COMMIT_PRODUCTS + (size_t)offer->product];
        out->revenue_usd += reserve[k] * held_mw;
        if (offer->price_usd_per_mw)
            out->cost_usd += p->interval_h * offer->price_usd_per_mw[t] * held_mw;
    }
}

/* The same of a store, which holds no reserve. */
static enum err_code add_store(const struct commit_problem *p,
                               const struct commit_answer *a, int32_t g,
                               const double *energy, struct uplift *out,
                               struct err *err)
{
    const int32_t n = p->n_interval;
    double *mw = MEM_ARRAY(double, 2 * (size_t)n);
    if (!mw)
        return err_set(err, ERR_NOMEM, "out of memory for the uplift of units");
    double *charge = mw + n;
    for (int32_t t = 0; t < n; t++) {
        mw[t] = a->power_mw[cell(t, g, p->n_unit)];
        charge[t] = a->charge_mw[cell(t, g, p->n_unit)];
        out->revenue_usd += energy[t] * mw[t];
    }
    out->cost_usd = store_cost(p, &p->unit[g], mw, charge);
    mem_free(mw);
    return ERR_OK;
}

enum err_code uplift_at(const struct commit_problem *p, const struct commit_answer *a,
                        struct unit_scheduler *s, int32_t g,
                        const struct unit_prices *prices, struct uplift *out,
                        struct err *err)
{
    const int32_t n_offer = p->unit[g].n_offer;
    struct unit_schedule best;
    enum err_code code = ERR_OK;
    *out = (struct uplift){0};
    if (p->unit[g].store)
        code = add_store(p, a, g, prices->energy_usd_per_mw, out, err);
    for (int32_t t = 0; t < p->n_interval && !p->unit[g].store; t++)
        add_interval(p, a, g, t, prices->energy_usd_per_mw[t],
                     prices->reserve_usd_per_mw + cell(t, 0, n_offer), out);
    for (int32_t k = 0; prices->fuel_usd && k < p->n_limit; k++)
        for (int32_t t = 0; t < p->n_interval; t++)
            out->revenue_usd -= prices->fuel_usd[cell(k, t, p->n_interval)] *
                                commit_burnt(p, a, k, g, t);
    double profit_usd = out->revenue_usd - out->cost_usd;
    out->make_whole_usd = fmax(0, -profit_usd);
    out->lost_opportunity_usd = (double)NAN;
    if (code || p->service)
        return code;
    code = unit_schedule_best(s, g, prices, NULL, NULL, &best, err);
    if (code)
        return code;
    out->lost_opportunity_usd = fmax(0, best.value_usd - profit_usd);
    return ERR_OK;
}

enum err_code uplift_of(const struct commit_problem *p, const struct commit_answer *a,
                        const struct uplift_prices *prices, struct uplift *out,
                        struct err *err)
{
    struct unit_scheduler *s = NULL;
    struct commit_problem solved = *p;
    double *price =
        MEM_ARRAY(double, p->n_interval *(1 + COMMIT_PRODUCTS + p->n_limit));
    enum err_code code = ERR_OK;
    if (!price)
        return err_set(err, ERR_NOMEM, "out of memory for the uplift of units");
    solved.ways_decided = a->ways_decided;
    if (!p->service)
        code = unit_scheduler_create(&solved, &s, err);
    double *fuel = price + cell(p->n_interval, 0, 1 + COMMIT_PRODUCTS);
    for (int32_t k = 0; prices->limit_usd_per_mwh && k < p->n_limit; k++)
        for (int32_t t = 0; t < p->n_interval; t++)
            fuel[cell(k, t, p->n_interval)] =
                -p->interval_h * prices->limit_usd_per_mwh[cell(t, k, p->n_limit)];
    for (int32_t g = 0; g < p->n_unit && !code; g++) {
        struct unit_prices at = {.energy_usd_per_mw = price,
                                 .reserve_usd_per_mw = price + p->n_interval,
                                 .fuel_usd = fuel};
        for (int32_t t = 0; t < p->n_interval; t++)
            unit_price(p, prices, g, t, &price[t],
                       price + p->n_interval + cell(t, 0, p->unit[g].n_offer));
        code = uplift_at(p, a, s, g, &at, &out[g], err);
    }
    unit_scheduler_release(s);
    mem_free(price);
    return code;
}
