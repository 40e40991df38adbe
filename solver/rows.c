/*
 * rows.c - limits as families: which are violated, and what they look like as LP rows.
 *
 * Every limit is stated as activity <= limit or activity >= limit in dispatch.h; as an
 * LP row it always reads  sum coefficient x - slack <= rhs.
 */
#include "solver/work.h"

#include <math.h>

double rows_tolerance(double limit)
{
    return 1e-6 + 1e-8 * fabs(limit);
}

double rows_stated(const struct work *w, enum dispatch_row_kind kind, int32_t index,
                   int32_t t)
{
    const struct dispatch_problem *p = w->p;
    switch (kind) {
    case DISPATCH_BRANCH_MAX:
        return dispatch_outage_counts(p->outages, t, -1)
                   ? network_data(p->net)->flow_max_mw[index]
                   : HUGE_VAL;
    case DISPATCH_BRANCH_MIN:
        return dispatch_outage_counts(p->outages, t, -1)
                   ? network_data(p->net)->flow_min_mw[index]
                   : -HUGE_VAL;
    case DISPATCH_GROUP:
        return p->group_max_mw[(size_t)t * (size_t)p->n_group + (size_t)index];
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        if (p->ramp_free && p->ramp_free[t * p->n_injection + index])
            return HUGE_VAL;
        return p->duration_h[t] * (kind == DISPATCH_RAMP_UP
                                       ? p->ramp_up_mw_per_h[index]
                                       : p->ramp_down_mw_per_h[index]);
    case DISPATCH_STORE_MAX:
        return p->store[index].energy_max_mwh;
    default:
        return t == p->n_interval - 1 ? fmax(p->store[index].energy_min_mwh,
                                             p->store[index].energy_end_min_mwh)
                                      : p->store[index].energy_min_mwh;
    }
}

int32_t rows_group_store(const struct dispatch_problem *p, int32_t group)
{
    return p->group_store ? p->group_store[group] : -1;
}

static double power_before(const struct work *w, int32_t i, int32_t t)
{
    return t == 0 ? w->p->initial_mw[i] : w->power_mw[(t - 1) * w->p->n_injection + i];
}

/* Left-hand side as stated; NaN where there is nothing to compare with. */
static double activity(const struct work *w, enum dispatch_row_kind kind, int32_t index,
                       int32_t t)
{
    const struct dispatch_problem *p = w->p;
    switch (kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        return w->flow_mw[(size_t)t * (size_t)network_data(p->net)->n_branch +
                          (size_t)index];
    case DISPATCH_GROUP: {
        double sum = 0;
        int32_t store = rows_group_store(p, index);
        for (int32_t k = p->group_start[index]; k < p->group_start[index + 1]; k++)
            sum += p->group_coef[k] *
                   w->power_mw[t * p->n_injection + p->group_injection[k]];
        if (store >= 0)
            sum += p->group_energy_coef[index] * w->energy_mwh[t * p->n_store + store];
        return sum;
    }
    case DISPATCH_RAMP_UP:
        return w->power_mw[t * p->n_injection + index] - power_before(w, index, t);
    case DISPATCH_RAMP_DOWN:
        return power_before(w, index, t) - w->power_mw[t * p->n_injection + index];
    default:
        return w->energy_mwh[t * p->n_store + index];
    }
}

bool rows_is_flow(enum dispatch_row_kind kind)
{
    return kind == DISPATCH_BRANCH_MAX || kind == DISPATCH_BRANCH_MIN;
}

bool rows_is_minimum(enum dispatch_row_kind kind)
{
    return kind == DISPATCH_BRANCH_MIN || kind == DISPATCH_STORE_MIN;
}

/* What an outage adds to a flow, given flows and powers before it. */
static double shifted(const struct work *w, const struct limit *limit,
                      const double *flow, const double *power)
{
    const struct dispatch_outages *o = w->p->outages;
    const double *term = factors_terms(w, limit);
    int32_t k = limit->outage;
    double sum = 0;
    for (int32_t e = o->branch_start[k]; e < o->branch_start[k + 1]; e++)
        sum += *term++ * flow[o->branch[e]];
    for (int32_t e = o->injection_start[k]; e < o->injection_start[k + 1]; e++)
        sum += *term++ * power[o->injection[e]];
    return sum;
}

/* Flow of a limit, with and without an outage, from all flows and powers. */
static double flow_of(const struct work *w, const struct limit *limit,
                      const double *flow, const double *power)
{
    size_t t = (size_t)limit->interval;
    flow += t * (size_t)network_data(w->p->net)->n_branch;
    power += t * (size_t)w->p->n_injection;
    double before = flow[limit->index];
    return limit->outage < 0 ? before : before + shifted(w, limit, flow, power);
}

double rows_activity(const struct work *w, const struct limit *limit)
{
    if (rows_is_flow(limit->kind))
        return flow_of(w, limit, w->flow_mw, w->power_mw);
    return activity(w, limit->kind, limit->index, limit->interval);
}

double rows_broken(const struct work *w, const struct limit *limit)
{
    double over = rows_activity(w, limit) - limit->stated;
    if (rows_is_minimum(limit->kind))
        over = -over;
    return over > rows_tolerance(limit->stated) ? over : 0;
}

double rows_violation(const struct work *w, enum dispatch_row_kind kind, int32_t index,
                      int32_t t)
{
    double limit = rows_stated(w, kind, index, t);
    if (isinf(limit))
        return 0;
    double over = activity(w, kind, index, t) - limit;
    if (rows_is_minimum(kind))
        over = -over;
    return over > rows_tolerance(limit) ? over : 0; /* false for NaN */
}

/* MWh that a store holds at the end of interval t per MW of a piece. */
static double energy_moved(const struct dispatch_problem *p, int32_t s, int32_t t,
                           const struct piece *piece)
{
    const struct dispatch_store *store = &p->store[s];
    if (piece->injection != store->injection || piece->interval > t)
        return 0;
    return -p->duration_h[piece->interval] * (piece->from_mw < 0
                                                  ? store->charge_efficiency
                                                  : 1 / store->discharge_efficiency);
}

static double group_coefficient(const struct work *w, const struct limit *limit,
                                const struct piece *piece)
{
    const struct dispatch_problem *p = w->p;
    int32_t g = limit->index, store = rows_group_store(p, g);
    for (int32_t k = p->group_start[g];
         piece->interval == limit->interval && k < p->group_start[g + 1]; k++)
        if (p->group_injection[k] == piece->injection)
            return p->group_coef[k];
    return store < 0 ? 0
                     : p->group_energy_coef[g] *
                           energy_moved(p, store, limit->interval, piece);
}

double rows_coefficient(const struct work *w, const struct limit *limit,
                        const struct piece *piece)
{
    double moved;
    switch (limit->kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        if (piece->interval != limit->interval)
            return 0;
        moved = factors_of(w, limit, piece->injection);
        return limit->kind == DISPATCH_BRANCH_MAX ? moved : -moved;
    case DISPATCH_GROUP:
        return group_coefficient(w, limit, piece);
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        if (piece->injection != limit->index)
            return 0;
        moved = piece->interval == limit->interval       ? 1
                : piece->interval == limit->interval - 1 ? -1
                                                         : 0;
        return limit->kind == DISPATCH_RAMP_UP ? moved : -moved;
    default:
        moved = energy_moved(w->p, limit->index, limit->interval, piece);
        return limit->kind == DISPATCH_STORE_MAX ? moved : -moved;
    }
}

void rows_spread(const struct work *w, const struct limit *limit, double by, double *mu)
{
    mu[limit->index] += by;
    if (limit->outage < 0)
        return;
    const struct dispatch_outages *o = w->p->outages;
    const double *term = factors_terms(w, limit);
    int32_t first = o->branch_start[limit->outage];
    for (int32_t e = first; e < o->branch_start[limit->outage + 1]; e++)
        mu[o->branch[e]] += by * term[e - first];
}

void rows_spread_gifts(const struct work *w, const struct limit *limit, double by,
                       double *value)
{
    if (!rows_is_flow(limit->kind) || limit->outage < 0)
        return;
    const struct dispatch_outages *o = w->p->outages;
    int32_t k = limit->outage, first = o->injection_start[k];
    const double *term =
        factors_terms(w, limit) + o->branch_start[k + 1] - o->branch_start[k];
    for (int32_t e = first; e < o->injection_start[k + 1]; e++)
        value[o->injection[e]] += by * term[e - first];
}

/* MWh that a store holds at the end of interval t when every piece is empty. */
static double base_energy(const struct dispatch_problem *p, int32_t s, int32_t t)
{
    const struct dispatch_store *store = &p->store[s];
    double sum = store->energy_initial_mwh;
    for (int32_t u = 0; u <= t; u++) {
        double base = p->base_mw[u * p->n_injection + store->injection];
        sum += p->duration_h[u] * (store->charge_efficiency * fmax(0, -base) -
                                   fmax(0, base) / store->discharge_efficiency);
    }
    return sum;
}

double rows_base_activity(const struct work *w, const struct limit *limit)
{
    const struct dispatch_problem *p = w->p;
    const int32_t t = limit->interval, n = p->n_injection;
    double sum = 0;
    switch (limit->kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        return flow_of(w, limit, w->base_flow, p->base_mw);
    case DISPATCH_GROUP:
        for (int32_t k = p->group_start[limit->index];
             k < p->group_start[limit->index + 1]; k++)
            sum += p->group_coef[k] * p->base_mw[t * n + p->group_injection[k]];
        if (rows_group_store(p, limit->index) >= 0)
            sum += p->group_energy_coef[limit->index] *
                   base_energy(p, rows_group_store(p, limit->index), t);
        return sum;
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        sum = p->base_mw[t * n + limit->index] -
              (t == 0 ? p->initial_mw[limit->index]
                      : p->base_mw[(t - 1) * n + limit->index]);
        return limit->kind == DISPATCH_RAMP_UP ? sum : -sum;
    default:
        return base_energy(p, limit->index, t);
    }
}
