/*
 * commit_rows_ucjl.c - the default formulation of UnitCommitment.jl (status, startup,
 * production, MorLatRam2013 ramps and limits, storage, reserves, balance, flows,
 * contingencies and interfaces),
 * rows by the names of its source, t from 1.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "tests/oracle/commit_rows.h"
#include "tests/oracle/slow_flow.h"

enum {
    MOST_BUSES = 1500 /* a full matrix beyond takes minutes */
};

struct unit_rows {
    const struct commit_table *t;
    const struct commit_unit *g;
    int32_t n, T;
};

static int is_on(const struct unit_rows *x, int32_t t)
{
    return commit_rows_on(x->t, x->n, t);
}

static int switch_on(const struct unit_rows *x, int32_t t)
{
    return is_on(x, t) && !is_on(x, t - 1);
}

static int switch_off(const struct unit_rows *x, int32_t t)
{
    return t <= x->T && !is_on(x, t) && is_on(x, t - 1);
}

/* The unit on the fuel that it burns then: Egret's units with two kinds of it. */
static const struct commit_unit *kind(const struct unit_rows *x, int32_t t)
{
    size_t at = (size_t)(t - 1) * (size_t)x->t->c->problem.n_unit + (size_t)x->n;
    return x->g->n_config > 0 ? &x->g->config[x->t->a->config[at]].as : x->g;
}

static double prod_above(const struct unit_rows *x, int32_t t)
{
    return commit_rows_power(x->t, x->n, t) - x->g->min_mw * is_on(x, t);
}

static double reserve(const struct unit_rows *x, int32_t t)
{
    return commit_rows_reserve(x->t, x->n, t);
}

#define MOST(name, t_, lhs, rhs) \
 commit_row_most(x->t, (name), x->n, (t_)-1, (lhs), (rhs))
#define LOGIC(name, t_, holds) commit_row_logic(x->t, (name), x->n, (t_)-1, (holds))

/* ---- status ---- */

static void status_rows(const struct unit_rows *x)
{
    const struct commit_unit *g = x->g;
    int32_t early_off = 0, early_on = 0;
    for (int32_t t = 1; t <= x->T; t++) {
        int32_t ups = 0, downs = 0;
        int status = g->status ? g->status[t - 1] : COMMIT_FREE;
        LOGIC("eq_must_run", t, status != COMMIT_ON || is_on(x, t));
        LOGIC("eq_commitment_status", t, status != COMMIT_OFF || !is_on(x, t));
        for (int32_t i = t - g->min_up + 1; i <= t; i++)
            ups += i >= 1 ? switch_on(x, i) : 0;
        for (int32_t i = t - g->min_down + 1; i <= t; i++)
            downs += i >= 1 ? switch_off(x, i) : 0;
        LOGIC("eq_min_uptime", t, ups <= is_on(x, t));
        LOGIC("eq_min_downtime", t, downs <= 1 - is_on(x, t));
        early_off += t <= g->min_up - g->age_before ? switch_off(x, t) : 0;
        early_on += t <= g->min_down - g->age_before ? switch_on(x, t) : 0;
    }
    LOGIC("eq_min_uptime[0]", 1, !g->on_before || early_off == 0);
    LOGIC("eq_min_downtime[0]", 1, g->on_before || early_on == 0);
}

/* eq_startup_choose, eq_startup_restrict: the cheapest category that is left. */
static double start_cost(const struct unit_rows *x)
{
    double sum = 0;
    for (int32_t t = 1; t <= x->T; t++) {
        const struct commit_unit *g = kind(x, t);
        if (!switch_on(x, t) || g->n_start == 0)
            continue;
        double cheapest = g->start[g->n_start - 1].cost_usd; /* always allowed */
        for (int32_t s = 0; s + 1 < g->n_start; s++) {
            int32_t first = t - g->start[s + 1].lag + 1, last = t - g->start[s].lag;
            int32_t went_off = 1 - g->age_before; /* in interval, if off before */
            int32_t sum_off = !g->on_before && went_off >= first && went_off <= last;
            for (int32_t i = first; i <= last; i++)
                sum_off += i >= 1 ? switch_off(x, i) : 0;
            if (sum_off > 0)
                cheapest = fmin(cheapest, g->start[s].cost_usd);
        }
        sum += cheapest;
    }
    for (int32_t t = 1; t <= x->T; t++)
        sum += switch_off(x, t) * x->g->stop_cost_usd;
    return sum;
}

/* ---- production ---- */

static void limit_rows(const struct unit_rows *x)
{
    const struct commit_unit *g = x->g;
    for (int32_t t = 1; t <= x->T; t++) {
        /* Limits by period are Egret's: above the least of all of them. */
        const double max = g->most_mw ? g->most_mw[t - 1] : g->max_mw;
        const double least = g->least_mw ? g->least_mw[t - 1] - g->min_mw : 0;
        const double X = max - g->min_mw, start = fmax(max - g->start_max_mw, 0),
                     stop = fmax(max - g->stop_max_mw, 0);
        double used = prod_above(x, t) + reserve(x, t);
        MOST("prod_above >= 0", t, least * is_on(x, t), prod_above(x, t));
        MOST("eq_prod_limit", t, used, X * is_on(x, t));
        if (g->min_up > 1)
            MOST("eq_slimit_a", t, used,
                 X * is_on(x, t) - start * switch_on(x, t) -
                     stop * switch_off(x, t + 1));
        MOST("eq_slimit_b", t, used, X * is_on(x, t) - start * switch_on(x, t));
        MOST("eq_slimit_c", t, used, X * is_on(x, t) - stop * switch_off(x, t + 1));
        if ((t > 1 || g->on_before) &&
            !(g->free_ends && is_on(x, t) != is_on(x, t - 1))) {
            MOST("eq_ramp_up", t, used - prod_above(x, t - 1), g->ramp_up_mw);
            MOST("eq_ramp_down", t, prod_above(x, t - 1) - prod_above(x, t),
                 g->ramp_down_mw);
        }
    }
    LOGIC("eq_slimit_init", 1,
          !g->on_before || g->mw_before <= g->stop_max_mw + 1e-9 || !switch_off(x, 1));
}

/* segprod filled from the cheapest on: what is above minimum, segment by segment. */
static double production_cost(const struct unit_rows *x)
{
    const struct commit_problem *p = &x->t->c->problem;
    double sum = 0;
    for (int32_t t = 1; t <= x->T; t++) {
        const struct commit_unit *g = kind(x, t);
        const struct commit_curve *curve = &p->curve[g->curve[t - 1]];
        double left = prod_above(x, t);
        if (!is_on(x, t))
            continue;
        sum += p->interval_h * g->min_cost_usd_per_h[t - 1];
        for (int32_t k = 0; k < curve->n_segment; k++) {
            double segprod = fmin(fmax(left, 0), curve->width_mw[k]);
            sum += p->interval_h * segprod * curve->cost_usd_per_mwh[k];
            left -= segprod;
        }
        MOST("eq_prod_above_def", t, left, 0);
    }
    return sum;
}

/* ---- storage ---- */

/* The rows of a storage unit; its limits of the last level are among those of all. */
static double storage_rows(const struct unit_rows *x)
{
    const struct commit_problem *p = &x->t->c->problem;
    const struct commit_store *s = x->g->store;
    double before = s->first_mwh, sum = 0;
    for (int32_t t = 1; t <= x->T; t++) {
        const size_t at = (size_t)(t - 1) * (size_t)p->n_unit + (size_t)x->n;
        const double charge = x->t->a->charge_mw[at], level = x->t->a->energy_mwh[at];
        const double discharge = commit_rows_power(x->t, x->n, t) + charge;
        MOST("charge_rate >= 0", t, 0, charge);
        MOST("discharge_rate >= 0", t, 0, discharge);
        MOST("eq_max_charge_rate", t, charge, s->charge_max_mw[t - 1]);
        MOST("eq_max_discharge_rate", t, discharge, s->discharge_max_mw[t - 1]);
        if (charge > 1e-6 && s->charge_min_mw)
            MOST("eq_min_charge_rate", t, s->charge_min_mw[t - 1], charge);
        if (discharge > 1e-6 && s->discharge_min_mw)
            MOST("eq_min_discharge_rate", t, s->discharge_min_mw[t - 1], discharge);
        if (s->one_way && s->one_way[t - 1])
            MOST("eq_simultaneous_charge_and_discharge", t, fmin(charge, discharge), 0);
        commit_row_equal(x->t, "eq_storage_transition", x->n, t - 1, level,
                         (1 - s->loss[t - 1]) * before +
                             charge * p->interval_h * s->charge_efficiency[t - 1] -
                             discharge * p->interval_h /
                                 s->discharge_efficiency[t - 1]);
        MOST("storage_level >= min", t, s->least_mwh[t - 1], level);
        MOST("storage_level <= max", t, level, s->most_mwh[t - 1]);
        sum += p->interval_h *
               (charge * p->curve[s->charge_curve[t - 1]].cost_usd_per_mwh[0] +
                discharge * p->curve[s->discharge_curve[t - 1]].cost_usd_per_mwh[0]);
        before = level;
    }
    return sum;
}

/* ---- system ---- */

static void reserve_rows(const struct commit_table *t, int32_t i)
{
    const struct commit_problem *p = &t->c->problem;
    for (int32_t q = 0; q < p->n_requirement; q++) {
        double held = 0, shortfall = t->a->shortfall_mw[i * p->n_requirement + q];
        for (int32_t g = 0; g < p->n_unit; g++)
            for (int32_t k = 0; k < p->unit[g].n_offer; k++) {
                int32_t product = p->unit[g].offer[k].product;
                size_t at = (size_t)i * (size_t)p->n_unit + (size_t)g;
                double mw = t->a->reserve_mw[at * COMMIT_PRODUCTS + (size_t)product];
                held += p->requirement[q].products >> product & 1 ? mw : 0;
                commit_row_most(t, "reserve >= 0", g, i, 0, mw);
            }
        commit_row_most(t, "eq_min_reserve", q, i, p->requirement[q].need_mw[i],
                        held + shortfall);
        if (p->requirement[q].n_step == 0)
            commit_row_most(t, "reserve_shortfall = 0", q, i, shortfall, 0);
        else
            t->out->cost_usd +=
                p->interval_h * shortfall * p->requirement[q].step_usd_per_mw[0];
    }
}

static void balance_row(const struct commit_table *t, int32_t i)
{
    const struct commit_problem *p = &t->c->problem;
    double net = t->a->shortage_mw[i] - t->a->surplus_mw[i] - p->load_mw[i];
    for (int32_t g = 0; g < p->n_unit; g++)
        net += commit_rows_power(t, g, i + 1);
    for (int32_t k = 0; k < p->n_other; k++) {
        double mw = t->a->other_mw[i * p->n_other + k];
        net += mw;
        commit_row_most(t, "load or profiled >= min", k, i, p->other[k].min_mw[i], mw);
        commit_row_most(t, "load or profiled <= max", k, i, mw, p->other[k].max_mw[i]);
        if (p->other[k].cost_usd_per_mwh)
            t->out->cost_usd += p->interval_h * mw * p->other[k].cost_usd_per_mwh[i];
    }
    commit_row_equal(t, "eq_power_balance", -1, i, net, 0);
    commit_row_most(t, "curtail >= 0", -1, i, 0, t->a->shortage_mw[i]);
    commit_row_most(t, "surplus >= 0", -1, i, 0, t->a->surplus_mw[i]);
    t->out->cost_usd +=
        p->interval_h * (p->shortage_usd_per_mwh * t->a->shortage_mw[i] +
                         p->surplus_usd_per_mwh * t->a->surplus_mw[i]);
}

/* ---- flows ---- */

static double over(const double *low, const double *high, int32_t l, double flow)
{
    return fmax(0, fmax(flow - high[l], low[l] - flow));
}

/* Net injections of interval i; shortage and surplus fall where the reference is. */
static void injections(const struct commit_table *t, int32_t i, double *at)
{
    const struct commit_problem *p = &t->c->problem;
    int32_t n_bus = t->c->network.n_bus;
    double all = 0;
    for (int32_t b = 0; b < n_bus; b++) {
        at[b] = -p->bus_load_mw[(size_t)i * (size_t)n_bus + (size_t)b];
        all += t->c->network.reference_weight[b];
    }
    for (int32_t b = 0; b < n_bus && all > 0; b++)
        at[b] += (t->a->shortage_mw[i] - t->a->surplus_mw[i]) *
                 t->c->network.reference_weight[b] / all;
    for (int32_t g = 0; g < p->n_unit; g++)
        for (int32_t k = 0; k < p->unit[g].n_bus; k++)
            at[p->unit[g].bus[k]] +=
                p->unit[g].bus_weight[k] * commit_rows_power(t, g, i + 1);
    for (int32_t k = 0; k < p->n_other; k++)
        at[p->other[k].bus] += t->a->other_mw[i * p->n_other + k];
}

/* Fuel of a supply that a unit burns in t: for being on, by segment, for a start. */
static double fuel_burnt(const struct unit_rows *x, int32_t supply, int32_t t)
{
    const struct commit_unit *g = kind(x, t);
    const struct commit_problem *p = &x->t->c->problem;
    if (!is_on(x, t) || g->supply != supply)
        return 0;
    double left = prod_above(x, t), per_h = g->min_fuel_per_h, start = 0;
    for (int32_t k = 0; k < p->curve[g->curve[t - 1]].n_segment; k++) {
        double part = fmin(fmax(left, 0), p->curve[g->curve[t - 1]].width_mw[k]);
        per_h += part * g->fuel_per_mwh[k];
        left -= part;
    }
    int32_t last_on = t - 1;
    while (last_on >= 1 && !is_on(x, last_on))
        last_on--;
    int32_t off = t - 1 - last_on;
    if (last_on == 0 && !x->g->on_before)
        off += x->g->age_before;
    for (int32_t s = g->n_start - 1; s >= 0 && switch_on(x, t); s--)
        if (s == 0 || off >= g->start[s].lag) {
            start = g->start_fuel[s];
            break;
        }
    return p->interval_h * per_h + start;
}

/* Interfaces, and Egret's supplies of fuel and security constraints: least <= sum <= most but for its price. */
static void limit_rows_of(const struct commit_table *t, int32_t i, const double *flow)
{
    const struct commit_problem *p = &t->c->problem;
    for (int32_t k = 0; k < p->n_limit; k++) {
        const struct commit_limit *c = &p->limit[k];
        double sum = 0;
        for (int32_t l = 0; l < c->n_branch; l++)
            sum += c->branch_weight[l] * flow[c->branch[l]];
        for (int32_t g = 0; g < p->n_unit; g++) {
            const struct unit_rows x = {t, &p->unit[g], g, p->n_interval};
            sum += fuel_burnt(&x, k + 1, i + 1);
        }
        for (int32_t g = 0; c->unit && g < p->n_unit; g++)
            sum += c->unit[g] * commit_rows_power(t, g, i + 1);
        for (int32_t o = 0; c->other && o < p->n_other; o++)
            sum += c->other[o] * t->a->other_mw[i * p->n_other + o];
        const double by = over(c->min_mw + i, c->max_mw + i, 0, sum);
        if (isinf(c->usd_per_mwh))
            commit_row_most(t, "limit", k, i, by, 0);
        else
            t->out->overload_usd += p->interval_h * by * c->usd_per_mwh;
    }
}

/* overflow[l, t]: one for the line before and after every outage of a single line. */
static void flow_rows(const struct commit_table *t)
{
    const struct commit_problem *p = &t->c->problem;
    const struct network_data *n = &t->c->network;
    const struct dispatch_outages *o = p->outages;
    size_t n_l = (size_t)n->n_branch, n_t = (size_t)p->n_interval;
    struct slow_flow *f = slow_flow_create(n);
    double *flow = calloc(n_l * n_t, sizeof(double));
    double *overflow = calloc(n_l * n_t, sizeof(double));
    double *work = calloc(n_l + (size_t)n->n_bus, sizeof(double));
    cr_assert(flow && overflow && work);
    for (int32_t i = 0; i < p->n_interval; i++) {
        double *now = flow + (size_t)i * n_l;
        injections(t, i, work);
        slow_flow_base(f, work, now);
        limit_rows_of(t, i, now);
        for (int32_t l = 0; l < n->n_branch; l++)
            overflow[(size_t)i * n_l + (size_t)l] =
                over(n->flow_min_mw, n->flow_max_mw, l, now[l]);
    }
    for (int32_t k = 0; o && k < o->n_outage; k++) {
        int32_t lost = o->branch[o->branch_start[k]];
        cr_assert_eq(o->branch_start[k + 1], o->branch_start[k] + 1);
        if (!slow_flow_outage(f, lost, work))
            continue;
        for (size_t i = 0; i < n_t; i++)
            for (int32_t l = 0; l < n->n_branch; l++) {
                double *worst = &overflow[i * n_l + (size_t)l];
                double after =
                    flow[i * n_l + (size_t)l] + work[l] * flow[i * n_l + (size_t)lost];
                if (l != lost)
                    *worst = fmax(*worst, over(o->min_mw, o->max_mw, l, after));
                t->out->n_row++;
            }
    }
    for (size_t i = 0; i < n_l * n_t; i++)
        t->out->overload_usd +=
            overflow[i] > 1e-5 ? p->interval_h * p->branch_usd_per_mwh * overflow[i]
                               : 0;
    free(flow);
    free(overflow);
    free(work);
    slow_flow_release(f);
}

void commit_rows_ucjl(const struct commit_table *table)
{
    const struct commit_problem *p = &table->c->problem;
    for (int32_t g = 0; g < p->n_unit; g++) {
        const struct unit_rows rows = {table, &p->unit[g], g, p->n_interval};
        if (p->unit[g].store) {
            table->out->cost_usd += storage_rows(&rows);
            continue;
        }
        status_rows(&rows);
        limit_rows(&rows);
        table->out->cost_usd += start_cost(&rows) + production_cost(&rows);
    }
    for (int32_t i = 0; i < p->n_interval; i++) {
        reserve_rows(table, i);
        balance_row(table, i);
        if (!table->c->has_network)
            limit_rows_of(table, i, NULL);
    }
    if (table->c->has_network && table->c->network.n_bus <= MOST_BUSES)
        flow_rows(table);
    else if (table->c->has_network)
        table->out->overload_usd = NAN;
}
