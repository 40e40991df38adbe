/* service_rows.c - the columns and rows of service.h. */
#include <math.h>

#include "sim/base/mem.h"
#include "solver/commit/service.h"
#include "solver/network.h"

const double service_minutes[SERVICE_PRODUCTS] = {
    [SERVICE_REGULATION_UP] = 5, [SERVICE_REGULATION_DOWN] = 5,
    [SERVICE_SPIN] = 10,         [SERVICE_SUPPLEMENTAL] = 30,
    [SERVICE_FLEX_UP] = 20,      [SERVICE_FLEX_DOWN] = 20};

static const double min_per_h = 60;
/* What differences of MW leave of nothing: as a coefficient it would ruin the scale. */
static const double REMNANT = 1e-9;

static void *grown(struct service_program *s, void *array, int64_t n, size_t size)
{
    void *more = mem_resize(array, (size_t)n, size);
    s->out_of_memory = s->out_of_memory || !more;
    return more ? more : array;
}

void service_entry(struct service_program *s, int32_t col, double value)
{
    if (s->n_entry == s->room_entry) {
        s->room_entry = 2 * s->room_entry + 1024;
        s->col = grown(s, s->col, s->room_entry, sizeof *s->col);
        s->value = grown(s, s->value, s->room_entry, sizeof *s->value);
    }
    if (s->out_of_memory || fabs(value) < REMNANT)
        return;
    s->col[s->n_entry] = col;
    s->value[s->n_entry++] = value;
}

void service_row(struct service_program *s, double lo, double up)
{
    if (s->n_row == s->room_row) {
        s->room_row = 2 * s->room_row + 256;
        s->start = grown(s, s->start, s->room_row + 1, sizeof *s->start);
        s->row_lo = grown(s, s->row_lo, s->room_row, sizeof *s->row_lo);
        s->row_up = grown(s, s->row_up, s->room_row, sizeof *s->row_up);
    }
    if (s->out_of_memory)
        return;
    s->start[0] = 0;
    s->row_lo[s->n_row] = lo;
    s->row_up[s->n_row++] = up;
    s->start[s->n_row] = s->n_entry;
}

/* ---- columns ---- */

static void column(struct service_program *s, int32_t at, double cost, double up)
{
    s->cost[at] = cost;
    s->lo[at] = 0;
    s->up[at] = up;
}

static void whole(struct service_program *s, int32_t at, double lo, double up)
{
    s->lo[at] = lo;
    s->up[at] = up;
    s->integer[s->n_integer++] = at;
}

static void unit_columns(struct service_program *s, int32_t t, int32_t g)
{
    const struct commit_problem *p = s->p;
    const struct commit_unit *u = &p->unit[g];
    const struct commit_curve *curve = &p->curve[u->curve[t]];
    const int32_t at = service_at(s, t, g, 0);
    const int status = u->status ? u->status[t] : COMMIT_FREE;
    const int32_t rest = u->on_before ? u->min_up - u->age_before : 0;
    const int32_t still = u->on_before ? 0 : u->min_down - u->age_before;
    const bool regulates =
        p->service[g].regulation_up_mw > 0 || p->service[g].regulation_down_mw > 0;
    for (int32_t k = 0; k < s->width[g]; k++)
        column(s, at + k, 0, INFINITY);
    s->cost[at + UNIT_ON] = p->interval_h * u->min_cost_usd_per_h[t];
    s->cost[at + UNIT_STOP] = u->stop_cost_usd;
    whole(s, at + UNIT_ON, status == COMMIT_ON || t < rest,
          status != COMMIT_OFF && t >= still);
    whole(s, at + UNIT_REGULATES, 0, regulates);
    for (int32_t k = 0; k < u->n_start; k++)
        s->cost[at + UNIT_COLUMNS + k] = u->start[k].cost_usd;
    for (int32_t k = 0; k < curve->n_segment; k++)
        s->cost[at + UNIT_COLUMNS + u->n_start + k] =
            p->interval_h * curve->cost_usd_per_mwh[k];
    for (int32_t k = curve->n_segment; UNIT_COLUMNS + u->n_start + k < s->width[g]; k++)
        s->up[at + UNIT_COLUMNS + u->n_start + k] = 0;
    bool offered[SERVICE_PRODUCTS] = {false};
    for (int32_t o = 0; o < u->n_offer; o++)
        offered[u->offer[o].product] = true;
    if (!offered[SERVICE_RESERVE])
        s->up[at + UNIT_HELD + SERVICE_RESERVE] = 0;
}

static void other_columns(struct service_program *s)
{
    const struct commit_problem *p = s->p;
    const double h = p->interval_h;
    for (int32_t t = 0; t < p->n_interval; t++) {
        for (int32_t o = 0; o < p->n_other; o++) {
            const struct commit_other *other = &p->other[o];
            const int32_t at = s->other + t * p->n_other + o;
            column(s, at, other->cost_usd_per_mwh ? h * other->cost_usd_per_mwh[t] : 0,
                   other->max_mw[t]);
            s->lo[at] = other->min_mw[t];
        }
        const double price[2] = {p->shortage_usd_per_mwh, p->surplus_usd_per_mwh};
        for (int k = 0; k < 2; k++)
            column(s, (k ? s->surplus : s->shortage) + t,
                   isinf(price[k]) ? 0 : h * price[k],
                   isinf(price[k]) ? 0 : (double)INFINITY);
        for (int32_t q = 0; q < p->n_requirement; q++) {
            const struct commit_requirement *r = &p->requirement[q];
            column(s, s->shortfall + t * p->n_requirement + q,
                   r->n_step ? h * r->step_usd_per_mw[0] : 0,
                   r->n_step ? (r->most_mw ? r->most_mw[t] : r->step_mw[0]) : 0);
        }
        for (int32_t l = 0; l < 2 * s->n_flow; l++)
            column(s, s->overload + 2 * t * s->n_flow + l, h * p->branch_usd_per_mwh,
                   INFINITY);
        for (int32_t k = 0; k < p->n_limit; k++) {
            const bool hard = isinf(p->limit[k].usd_per_mwh);
            column(s, s->over + t * p->n_limit + k,
                   hard ? 0 : h * p->limit[k].usd_per_mwh, hard ? 0 : (double)INFINITY);
        }
    }
}

/* ---- rows of a unit ---- */

/* Rows of state: starts, stops, times, which start it is. */
static void state_rows(struct service_program *s, int32_t t, int32_t g)
{
    const struct commit_unit *u = &s->p->unit[g];
    const int32_t at = service_at(s, t, g, 0);
    const double before = t == 0 && u->on_before;
    service_entry(s, at + UNIT_ON, 1);
    if (t > 0)
        service_entry(s, service_at(s, t - 1, g, UNIT_ON), -1);
    service_entry(s, at + UNIT_START, -1);
    service_entry(s, at + UNIT_STOP, 1);
    service_row(s, before, before);
    for (int32_t k = t; k >= 0 && k > t - u->min_up; k--)
        service_entry(s, service_at(s, k, g, UNIT_START), 1);
    service_entry(s, at + UNIT_ON, -1);
    service_row(s, -INFINITY, 0);
    for (int32_t k = t; k >= 0 && k > t - u->min_down; k--)
        service_entry(s, service_at(s, k, g, UNIT_STOP), 1);
    service_entry(s, at + UNIT_ON, 1);
    service_row(s, -INFINITY, 1);
    if (u->n_start == 0)
        return;
    for (int32_t k = 0; k < u->n_start; k++)
        service_entry(s, at + UNIT_COLUMNS + k, 1);
    service_entry(s, at + UNIT_START, -1);
    service_row(s, 0, 0);
    /* All but the coldest only so long after a stop. */
    for (int32_t k = 0; k + 1 < u->n_start; k++) {
        bool then = false; /* it stopped before the first interval at the right time */
        service_entry(s, at + UNIT_COLUMNS + k, 1);
        for (int32_t off = k > 0 ? u->start[k].lag : 1; off < u->start[k + 1].lag;
             off++)
            if (off <= t)
                service_entry(s, service_at(s, t - off, g, UNIT_STOP), -1);
            else
                then = then || (!u->on_before && off - t == u->age_before);
        service_row(s, -INFINITY, then);
    }
}

/* Power by segment; (5) of commit.h with reserve. */
static void power_rows(struct service_program *s, int32_t t, int32_t g)
{
    const struct commit_problem *p = s->p;
    const struct commit_unit *u = &p->unit[g];
    const struct commit_curve *curve = &p->curve[u->curve[t]];
    const int32_t at = service_at(s, t, g, 0), segment = at + UNIT_COLUMNS + u->n_start;
    const double most = commit_most_mw(u, t), X = most - u->min_mw;
    const double at_start = fmax(most - u->start_max_mw, 0);
    const double at_stop = fmax(most - u->stop_max_mw, 0);
    service_entry(s, at + UNIT_POWER, 1);
    for (int32_t k = 0; k < curve->n_segment; k++)
        service_entry(s, segment + k, -1);
    service_row(s, 0, 0);
    for (int32_t k = 0; k < curve->n_segment; k++) {
        service_entry(s, segment + k, 1);
        service_entry(s, at + UNIT_ON, -curve->width_mw[k]);
        service_row(s, -INFINITY, 0);
    }
    const bool last = t + 1 == p->n_interval, both = u->min_up > 1;
    for (int k = 0; k < (both || last ? 1 : 2); k++) {
        service_entry(s, at + UNIT_POWER, 1);
        service_entry(s, at + UNIT_HELD + SERVICE_RESERVE, 1);
        service_entry(s, at + UNIT_ON, -X);
        if (k == 0)
            service_entry(s, at + UNIT_START, at_start);
        if (!last && (both || k == 1))
            service_entry(s, service_at(s, t + 1, g, UNIT_STOP), at_stop);
        service_row(s, -INFINITY, 0);
    }
}

static void held(struct service_program *s, int32_t at, int32_t product, double value)
{
    service_entry(s, at + UNIT_HELD + product, value);
}

/* column <= most * state + constant, at once with up to three products before it. */
static void limit_row(struct service_program *s, int32_t at, const int32_t *product,
                      int32_t n, int32_t state, double most)
{
    for (int32_t k = 0; k < n; k++)
        held(s, at, product[k], 1);
    service_entry(s, at + state, -most);
    service_row(s, -INFINITY, 0);
}

/* (1)-(6) */
static void service_rows(struct service_program *s, int32_t t, int32_t g)
{
    static const int32_t on[] = {SERVICE_REGULATION_UP, SERVICE_SPIN,
                                 SERVICE_SUPPLEMENTAL};
    static const int32_t down[] = {SERVICE_REGULATION_DOWN};
    static const int32_t flex[] = {SERVICE_FLEX_UP, SERVICE_FLEX_DOWN};
    const struct commit_unit *u = &s->p->unit[g];
    const struct commit_service *v = &s->p->service[g];
    const int32_t at = service_at(s, t, g, 0);
    const double most = commit_most_mw(u, t), least = commit_least_mw(u, t);
    service_entry(s, at + UNIT_POWER, 1);
    held(s, at, SERVICE_RESERVE, 1);
    held(s, at, SERVICE_FLEX_UP, 1);
    for (int k = 0; k < 3; k++)
        held(s, at, on[k], 1);
    service_entry(s, at + UNIT_ON, -(most - u->min_mw));
    service_entry(s, at + UNIT_REGULATES, most - v->high_mw);
    service_row(s, -INFINITY, 0);
    service_entry(s, at + UNIT_POWER, 1);
    held(s, at, SERVICE_FLEX_DOWN, -1);
    held(s, at, SERVICE_REGULATION_DOWN, -1);
    service_entry(s, at + UNIT_ON, -(least - u->min_mw));
    service_entry(s, at + UNIT_REGULATES, -(v->low_mw - least));
    service_row(s, 0, INFINITY);
    limit_row(s, at, on, 1, UNIT_REGULATES, v->regulation_up_mw);
    limit_row(s, at, down, 1, UNIT_REGULATES, v->regulation_down_mw);
    service_entry(s, at + UNIT_REGULATES, 1);
    service_entry(s, at + UNIT_ON, -1);
    service_row(s, -INFINITY, 0);
    limit_row(s, at, on, 2, UNIT_ON, v->spin_mw);
    limit_row(s, at, on, 3, UNIT_ON, v->supplemental_mw);
    limit_row(s, at, flex, 1, UNIT_ON, v->flex_up_mw);
    limit_row(s, at, flex + 1, 1, UNIT_ON, v->flex_down_mw);
    held(s, at, SERVICE_NON_SPIN, 1);
    service_entry(s, at + UNIT_ON, v->non_spin_off_mw);
    service_row(s, -INFINITY, v->non_spin_off_mw);
    service_entry(s, at + UNIT_OFF_SUPPLEMENTAL, 1);
    if (v->supplemental_off_mw > 0)
        held(s, at, SERVICE_NON_SPIN, 1);
    service_entry(s, at + UNIT_ON, v->supplemental_off_mw);
    service_row(s, -INFINITY, v->supplemental_off_mw);
}

/* (7) and (8) */
static void ramp_rows(struct service_program *s, int32_t t, int32_t g)
{
    static const int32_t averaged[] = {SERVICE_REGULATION_UP, SERVICE_SPIN,
                                       SERVICE_SUPPLEMENTAL};
    const struct commit_problem *p = s->p;
    const struct commit_unit *u = &p->unit[g];
    const int32_t at = service_at(s, t, g, 0), then = t > 0 ? at - s->width[g] : -1;
    const double all_min = min_per_h * p->interval_h, share = t > 0 ? 0.5 : 1;
    const double before = t == 0 && u->on_before ? u->mw_before - u->min_mw : 0;
    service_entry(s, at + UNIT_POWER, 1);
    held(s, at, SERVICE_RESERVE, 1);
    held(s, at, SERVICE_FLEX_UP, all_min / service_minutes[SERVICE_FLEX_UP]);
    for (int k = 0; k < 3; k++) {
        held(s, at, averaged[k], share * all_min / service_minutes[averaged[k]]);
        if (t > 0)
            held(s, then, averaged[k], share * all_min / service_minutes[averaged[k]]);
    }
    if (t > 0)
        service_entry(s, then + UNIT_POWER, -1);
    service_entry(s, at + UNIT_ON, -u->ramp_up_mw);
    service_entry(s, at + UNIT_START, -(u->start_max_mw - u->min_mw - u->ramp_up_mw));
    if (t > 0)
        service_entry(s, at + UNIT_STOP, commit_least_mw(u, t - 1) - u->min_mw);
    service_row(s, -INFINITY, before);
    service_entry(s, at + UNIT_POWER, -1);
    held(s, at, SERVICE_FLEX_DOWN, all_min / service_minutes[SERVICE_FLEX_DOWN]);
    const double down = share * all_min / service_minutes[SERVICE_REGULATION_DOWN];
    held(s, at, SERVICE_REGULATION_DOWN, down);
    if (t > 0) {
        held(s, then, SERVICE_REGULATION_DOWN, down);
        service_entry(s, then + UNIT_POWER, 1);
        service_entry(s, then + UNIT_ON, -u->ramp_down_mw);
    }
    service_entry(s, at + UNIT_STOP, -(u->stop_max_mw - u->min_mw - u->ramp_down_mw));
    service_entry(s, at + UNIT_START, commit_least_mw(u, t) - u->min_mw);
    service_row(s, -INFINITY, (t == 0 && u->on_before ? u->ramp_down_mw : 0) - before);
}

/* ---- rows of the system ---- */

static void balance_row(struct service_program *s, int32_t t)
{
    const struct commit_problem *p = s->p;
    for (int32_t g = 0; g < p->n_unit; g++) {
        service_entry(s, service_at(s, t, g, UNIT_POWER), 1);
        service_entry(s, service_at(s, t, g, UNIT_ON), p->unit[g].min_mw);
    }
    for (int32_t o = 0; o < p->n_other; o++)
        service_entry(s, s->other + t * p->n_other + o, 1);
    service_entry(s, s->shortage + t, 1);
    service_entry(s, s->surplus + t, -1);
    service_row(s, p->load_mw[t], p->load_mw[t]);
}

static void requirement_row(struct service_program *s, int32_t t, int32_t q)
{
    const struct commit_problem *p = s->p;
    const struct commit_requirement *r = &p->requirement[q];
    const int32_t n = r->unit ? r->n_unit : p->n_unit;
    for (int32_t i = 0; i < n; i++) {
        const int32_t at = service_at(s, t, r->unit ? r->unit[i] : i, 0);
        for (int32_t k = 0; k < SERVICE_PRODUCTS; k++)
            if (r->products >> k & 1)
                held(s, at, k, 1);
        if (r->products >> SERVICE_SUPPLEMENTAL & 1)
            service_entry(s, at + UNIT_OFF_SUPPLEMENTAL, 1);
    }
    for (int32_t k = 0; k < p->n_requirement; k++)
        if (k == q || r->also >> k & 1)
            service_entry(s, s->shortfall + t * p->n_requirement + k, 1);
    service_row(s, r->need_mw[t], INFINITY);
}

/*
 * Entries of row k of .factor, what is missing taken over the reference, beside weights of
 * units and others themselves; returns what is constant in the sum.
 */
static double sum_entries(struct service_program *s, int32_t t, int32_t k,
                          const double *unit_weight, const double *other_weight)
{
    const struct commit_problem *p = s->p;
    const int32_t n_bus = p->net ? network_data(p->net)->n_bus : 0;
    const double *factor = s->factor + (size_t)k * (size_t)n_bus;
    double constant = s->still_mw[k];
    for (int32_t b = 0; b < n_bus; b++)
        constant -= factor[b] * p->bus_load_mw[(size_t)t * (size_t)n_bus + (size_t)b];
    for (int32_t g = 0; g < p->n_unit; g++) {
        const struct commit_unit *u = &p->unit[g];
        double weight = unit_weight ? unit_weight[g] : 0;
        for (int32_t i = 0; i < u->n_bus && n_bus > 0; i++)
            weight += u->bus_weight[i] * factor[u->bus[i]];
        service_entry(s, service_at(s, t, g, UNIT_POWER), weight);
        service_entry(s, service_at(s, t, g, UNIT_ON), weight * u->min_mw);
    }
    for (int32_t o = 0; o < p->n_other; o++)
        service_entry(s, s->other + t * p->n_other + o,
                      (other_weight ? other_weight[o] : 0) +
                          (n_bus > 0 ? factor[p->other[o].bus] : 0));
    return constant;
}

static void flow_row(struct service_program *s, int32_t t, int32_t l)
{
    const struct network_data *d = network_data(s->p->net);
    const double constant = sum_entries(s, t, l, NULL, NULL);
    const int32_t over = s->overload + 2 * (t * s->n_flow + l);
    service_entry(s, over, -1);
    service_entry(s, over + 1, 1);
    service_row(s, d->flow_min_mw[s->limited[l]] - constant,
                d->flow_max_mw[s->limited[l]] - constant);
}

/* What units burn of the supply that limit k is. */
static void fuel_entries(struct service_program *s, int32_t t, int32_t k)
{
    const struct commit_problem *p = s->p;
    for (int32_t g = 0; g < p->n_unit; g++) {
        const struct commit_unit *u = &p->unit[g];
        const int32_t at = service_at(s, t, g, 0), start = at + UNIT_COLUMNS;
        if (u->supply != k + 1)
            continue;
        service_entry(s, at + UNIT_ON, p->interval_h * u->min_fuel_per_h);
        for (int32_t i = 0; i < u->n_start; i++)
            service_entry(s, start + i, u->start_fuel[i]);
        for (int32_t i = 0; i < p->curve[u->curve[t]].n_segment; i++)
            service_entry(s, start + u->n_start + i,
                          p->interval_h * u->fuel_per_mwh[i]);
    }
}

/* (11) of commit.h, the least and the most. */
static void sum_rows(struct service_program *s, int32_t t, int32_t k)
{
    const struct commit_limit *l = &s->p->limit[k];
    for (int most = 0; most < 2; most++) {
        const double constant = sum_entries(s, t, s->n_flow + k, l->unit, l->other);
        fuel_entries(s, t, k);
        service_entry(s, s->over + t * s->p->n_limit + k, most ? -1 : 1);
        service_row(s, most ? -(double)INFINITY : l->min_mw[t] - constant,
                    most ? l->max_mw[t] - constant : (double)INFINITY);
    }
}

/* ---- the whole ---- */

static enum err_code sum_factors(struct service_program *s, const double *still,
                                 struct err *err)
{
    const struct commit_problem *p = s->p;
    const size_t N = (size_t)network_data(p->net)->n_bus;
    enum err_code code =
        network_ptdf_rows(p->net, s->n_flow, s->limited, s->factor, err);
    for (int32_t l = 0; l < s->n_flow; l++)
        s->still_mw[l] = still[s->limited[l]];
    for (int32_t k = 0; k < p->n_limit && !code; k++) {
        const struct commit_limit *l = &p->limit[k];
        double *row = MEM_ARRAY(double, (size_t)l->n_branch *N);
        if (row)
            code = network_ptdf_rows(p->net, l->n_branch, l->branch, row, err);
        for (int32_t i = 0; row && i < l->n_branch && !code; i++) {
            s->still_mw[s->n_flow + k] += l->branch_weight[i] * still[l->branch[i]];
            for (size_t n = 0; n < N; n++)
                s->factor[(size_t)(s->n_flow + k) * N + n] +=
                    l->branch_weight[i] * row[(size_t)i * N + n];
        }
        s->out_of_memory = s->out_of_memory || !row;
        mem_free(row);
    }
    return code;
}

static enum err_code find_limits(struct service_program *s, struct err *err)
{
    const struct commit_problem *p = s->p;
    const struct network_data *d = p->net ? network_data(p->net) : NULL;
    const int32_t n_bus = d ? d->n_bus : 0, n_branch = d ? d->n_branch : 0;
    double *nothing = MEM_ARRAY(double, n_bus), *still = MEM_ARRAY(double, n_branch);
    s->limited = MEM_ARRAY(int32_t, n_branch);
    for (int32_t l = 0; l < n_branch && s->limited; l++)
        if (!isinf(d->flow_min_mw[l]) || !isinf(d->flow_max_mw[l]))
            s->limited[s->n_flow++] = l;
    s->still_mw = MEM_ARRAY(double, s->n_flow + p->n_limit);
    s->factor = MEM_ARRAY(double, (size_t)(s->n_flow + p->n_limit) * (size_t)n_bus);
    s->out_of_memory = !nothing || !still || !s->limited || !s->still_mw || !s->factor;
    enum err_code code = ERR_OK;
    if (!s->out_of_memory && d)
        code = network_flows(p->net, 1, nothing, NULL, still, err);
    if (!s->out_of_memory && d && !code)
        code = sum_factors(s, still, err);
    mem_free(nothing);
    mem_free(still);
    return code;
}

static void lay_out(struct service_program *s)
{
    const struct commit_problem *p = s->p;
    const int32_t T = p->n_interval;
    for (int32_t g = 0; g < p->n_unit; g++) {
        int32_t most = 0;
        for (int32_t t = 0; t < T; t++)
            most = p->curve[p->unit[g].curve[t]].n_segment > most
                       ? p->curve[p->unit[g].curve[t]].n_segment
                       : most;
        s->first[g] = s->n_column;
        s->width[g] = UNIT_COLUMNS + p->unit[g].n_start + most;
        s->n_column += T * s->width[g];
    }
    s->other = s->n_column;
    s->shortage = s->other + T * p->n_other;
    s->surplus = s->shortage + T;
    s->shortfall = s->surplus + T;
    s->overload = s->shortfall + T * p->n_requirement;
    s->over = s->overload + 2 * T * s->n_flow;
    s->n_column = s->over + T * p->n_limit;
}

static void write_rows(struct service_program *s)
{
    const struct commit_problem *p = s->p;
    for (int32_t g = 0; g < p->n_unit; g++)
        for (int32_t t = 0; t < p->n_interval; t++) {
            unit_columns(s, t, g);
            state_rows(s, t, g);
            power_rows(s, t, g);
            service_rows(s, t, g);
            ramp_rows(s, t, g);
        }
    other_columns(s);
    s->balance = s->n_row;
    for (int32_t t = 0; t < p->n_interval; t++)
        balance_row(s, t);
    s->requirement = s->n_row;
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int32_t q = 0; q < p->n_requirement; q++)
            requirement_row(s, t, q);
    s->flow = s->n_row;
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int32_t l = 0; l < s->n_flow; l++)
            flow_row(s, t, l);
    s->sum = s->n_row;
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int32_t k = 0; k < p->n_limit; k++)
            sum_rows(s, t, k);
}

enum err_code service_program_create(const struct commit_problem *p,
                                     struct service_program *out, struct err *err)
{
    *out = (struct service_program){.p = p};
    enum err_code code = find_limits(out, err);
    out->width = MEM_ARRAY(int32_t, p->n_unit);
    out->first = MEM_ARRAY(int32_t, p->n_unit);
    if (!out->width || !out->first)
        out->out_of_memory = true;
    if (!code && !out->out_of_memory) {
        lay_out(out);
        out->cost = MEM_ARRAY(double, out->n_column);
        out->lo = MEM_ARRAY(double, out->n_column);
        out->up = MEM_ARRAY(double, out->n_column);
        out->integer = MEM_ARRAY(int32_t, 4 * p->n_unit * p->n_interval);
        out->out_of_memory = !out->cost || !out->lo || !out->up || !out->integer;
    }
    if (!code && !out->out_of_memory)
        write_rows(out);
    if (!code && out->out_of_memory)
        code = err_set(err, ERR_NOMEM, "out of memory for the services of units");
    if (!code)
        code = lp_create(&out->lp, err);
    if (!code)
        code = lp_add_columns(out->lp, out->n_column, out->cost, out->lo, out->up, NULL,
                              NULL, NULL, err);
    if (!code)
        code = lp_add_rows(out->lp, out->n_row, out->row_lo, out->row_up, out->start,
                           out->col, out->value, err);
    return code;
}

void service_program_release(struct service_program *s)
{
    lp_destroy(s->lp);
    void *const array[] = {s->width,   s->first,  s->cost,     s->lo,     s->up,
                           s->start,   s->row_lo, s->row_up,   s->col,    s->value,
                           s->limited, s->factor, s->still_mw, s->integer};
    for (size_t k = 0; k < sizeof array / sizeof *array; k++)
        mem_free(array[k]);
    *s = (struct service_program){0};
}
