/* full_rows.c - balances, limits, stores and outages as rows of the whole LP. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "tests/oracle/full_parts.h"

enum {
    FULL_BUS = 400 /* most buses of a problem with outages */
};

void full_put(struct full *x, int col, double value)
{
    if (x->line.n + 2 > x->line.room) {
        x->line.room = 2 * x->line.room + 64;
        x->line.col = realloc(x->line.col, (size_t)x->line.room * sizeof(int));
        x->line.value = realloc(x->line.value, (size_t)x->line.room * sizeof(double));
        cr_assert(x->line.col && x->line.value);
    }
    for (int k = 1; k <= x->line.n; k++) {
        if (x->line.col[k] == col) {
            x->line.value[k] += value;
            return;
        }
    }
    x->line.col[++x->line.n] = col;
    x->line.value[x->line.n] = value;
}

int full_close_row(struct full *x, int type, double lo, double up)
{
    int row = glp_add_rows(x->lp, 1);
    glp_set_row_bnds(x->lp, row, type, lo, up);
    glp_set_mat_row(x->lp, row, x->line.n, x->line.col, x->line.value);
    x->line.n = 0;
    return row;
}

int full_column(struct full *x, double cost, double lo, double up)
{
    int col = glp_add_cols(x->lp, 1);
    int type = isinf(lo)   ? (isinf(up) ? GLP_FR : GLP_UP)
               : isinf(up) ? GLP_LO
               : lo < up   ? GLP_DB
                           : GLP_FX;
    glp_set_obj_coef(x->lp, col, cost);
    glp_set_col_bnds(x->lp, col, type, lo, up);
    return col;
}

const struct dispatch_penalty *full_penalties(const struct full *x)
{
    return x->f->pricing ? &x->p->pricing : &x->p->schedule;
}

/* Puts sign * P of injection i in t into the row without its base, which is returned. */
static double full_put_power(struct full *x, int32_t t, int32_t i, double sign)
{
    const struct dispatch_problem *p = x->p;
    int64_t at = (int64_t)t * p->n_injection + i;
    for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++)
        for (int c = x->first_piece[s]; c < x->first_piece[s + 1]; c++)
            full_put(x, c, sign);
    return sign * p->base_mw[at];
}

double full_put_flow(struct full *x, int32_t l, double sign)
{
    const struct network_data *d = x->d;
    double b = d->susceptance_mw_per_rad[l];
    if (isinf(b)) {
        full_put(x, x->at_potential + d->from[l], sign);
        full_put(x, x->at_potential + d->to[l], -sign);
        return 0;
    }
    full_put(x, x->at_angle + d->from[l], sign * b * x->rad);
    full_put(x, x->at_angle + d->to[l], -sign * b * x->rad);
    return -sign * b * d->shift_rad[l];
}

/* Closes "row + fixed <= limit", relaxable at a penalty; no row without a limit. */
static void at_most(struct full *x, double fixed, double limit, double penalty)
{
    if (isinf(limit) || isnan(fixed)) {
        x->line.n = 0;
        return;
    }
    full_put(x, full_column(x, penalty, 0, HUGE_VAL), -1);
    (void)full_close_row(x, GLP_UP, 0, limit - fixed);
}

static bool is_out(const struct full *x, int32_t l)
{
    const struct dispatch_outages *o = x->p->outages;
    for (int32_t e = 0; x->outage >= 0 && e < o->branch_start[x->outage + 1]; e++)
        if (e >= o->branch_start[x->outage] && o->branch[e] == l)
            return true;
    return false;
}

static bool is_lost(const struct full *x, int32_t i)
{
    const struct dispatch_outages *o = x->p->outages;
    for (int32_t e = 0; x->outage >= 0 && e < o->injection_start[x->outage + 1]; e++)
        if (e >= o->injection_start[x->outage] && o->injection[e] == i)
            return true;
    return false;
}

/* Weight of an injection in an island; all = false: 0 if it stands in another one too. */
static double weight_in(const struct full *x, int32_t i, int32_t island, bool all)
{
    const struct dispatch_problem *p = x->p;
    double sum = 0;
    for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++) {
        bool here = x->island[p->bus[k]] == island;
        if (!here && !all)
            return 0;
        sum += here ? p->bus_weight[k] : 0;
    }
    return sum;
}

static bool takes_part(const struct full *x, int32_t i, int32_t island)
{
    return !is_lost(x, i) && x->p->outages->participation[i] > 0 &&
           weight_in(x, i, island, false) > 1e-9;
}

/* What injection i gives at bus n, and what it gives in place of lost ones there. */
static double put_injection(struct full *x, int32_t t, int32_t i, int32_t n)
{
    const struct dispatch_problem *p = x->p;
    double fixed = 0, total = 0, weight = 0;
    int32_t a = x->island[n];
    for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
        weight += p->bus[k] == n ? p->bus_weight[k] : 0;
    if (weight == 0 || is_lost(x, i)) /* exact: not at this bus */
        return 0;
    fixed = full_put_power(x, t, i, weight);
    if (x->outage < 0 || !takes_part(x, i, a))
        return fixed;
    for (int32_t j = 0; j < p->n_injection; j++)
        total += takes_part(x, j, a) ? p->outages->participation[j] : 0;
    for (int32_t g = 0; g < p->n_injection; g++)
        if (is_lost(x, g))
            fixed += full_put_power(x, t, g,
                                    weight * weight_in(x, g, a, true) *
                                        p->outages->participation[i] / total /
                                        weight_in(x, i, a, false));
    return fixed;
}

/* What bus n has to make good of the losses. */
static void put_losses(struct full *x, int32_t t, int32_t n)
{
    for (int32_t l = 0; l < x->d->n_branch; l++) {
        int col = x->loss + t * x->d->n_branch + l;
        if (x->p->losses == LOSS_REFERENCE && x->island[x->d->from[l]] == x->island[n])
            full_put(x, col, -x->reference[n]);
        if (x->p->losses == LOSS_ENDS && (x->d->from[l] == n || x->d->to[l] == n))
            full_put(x, col, -0.5);
    }
}

static void balance_bus(struct full *x, int32_t t, int32_t n)
{
    const struct dispatch_problem *p = x->p;
    int b = t * x->n_island + x->island[n];
    double fixed = p->fixed_mw ? p->fixed_mw[t * x->d->n_bus + n] : 0;
    for (int32_t i = 0; i < p->n_injection; i++)
        fixed += put_injection(x, t, i, n);
    for (int32_t l = 0; l < x->d->n_branch; l++) {
        if (is_out(x, l))
            continue;
        if (x->d->from[l] == n)
            fixed += full_put_flow(x, l, -1);
        if (x->d->to[l] == n)
            fixed += full_put_flow(x, l, 1);
    }
    full_put(x, x->shortage + b, x->reference[n]);
    full_put(x, x->surplus + b, -x->reference[n]);
    if (full_loses(x))
        put_losses(x, t, n);
    (void)full_close_row(x, GLP_FX, -fixed, -fixed);
}

/* min and max NULL: no limits. */
static void limit_flows(struct full *x, const double *min, const double *max,
                        double penalty)
{
    for (int32_t l = 0; l < x->d->n_branch; l++) {
        if (is_out(x, l))
            continue;
        if (isinf(x->d->susceptance_mw_per_rad[l])) {
            full_put(x, x->at_angle + x->d->from[l], 1);
            full_put(x, x->at_angle + x->d->to[l], -1);
            (void)full_close_row(x, GLP_FX, 0, 0);
        }
        if (!min)
            continue;
        double fixed = full_put_flow(x, l, 1);
        at_most(x, fixed, max[l], penalty);
        fixed = full_put_flow(x, l, -1);
        at_most(x, fixed, -min[l], penalty);
    }
}

/* False if the outage cuts buses off or loses what nobody can replace: no limits then. */
static bool is_screened(struct full *x, int32_t k)
{
    const struct dispatch_outages *o = x->p->outages;
    int32_t part[FULL_BUS], n_part = 0;
    cr_assert_leq(x->d->n_bus, FULL_BUS);
    x->outage = k;
    for (int32_t n = 0; n < x->d->n_bus; n++)
        part[n] = n;
    for (bool moved = true; moved;) {
        moved = false;
        for (int32_t l = 0; l < x->d->n_branch; l++) {
            int32_t *a = &part[x->d->from[l]], *b = &part[x->d->to[l]];
            if (is_out(x, l) || *a == *b)
                continue;
            *a = *b = *a < *b ? *a : *b;
            moved = true;
        }
    }
    for (int32_t n = 0; n < x->d->n_bus; n++)
        n_part += part[n] == n;
    bool covered = true;
    for (int32_t e = o->injection_start[k]; e < o->injection_start[k + 1]; e++) {
        int32_t g = o->injection[e];
        for (int32_t b = x->p->bus_start[g]; b < x->p->bus_start[g + 1]; b++) {
            bool any = false;
            for (int32_t i = 0; i < x->p->n_injection; i++)
                any = any || takes_part(x, i, x->island[x->p->bus[b]]);
            covered = covered && any;
        }
    }
    return covered && n_part == x->n_island;
}

/* The network after every outage: its own angles, balances and limits. */
static void add_outages(struct full *x)
{
    const struct dispatch_outages *o = x->p->outages;
    for (int32_t k = 0; o && k < o->n_outage; k++) {
        bool is_state = o->state && o->state_of[k] == k;
        for (int32_t t = 0; is_screened(x, k) && t < x->p->n_interval; t++) {
            if (o->state && o->state[t] != o->state_of[k])
                continue;
            x->at_angle = glp_get_num_cols(x->lp) + 1;
            for (int32_t n = 0; n < 2 * x->d->n_bus; n++)
                (void)full_column(x, 0, -HUGE_VAL, HUGE_VAL);
            x->at_potential = x->at_angle + x->d->n_bus;
            for (int32_t n = 0; n < x->d->n_bus; n++)
                balance_bus(x, t, n);
            limit_flows(x, is_state ? x->d->flow_min_mw : o->min_mw,
                        is_state ? x->d->flow_max_mw : o->max_mw,
                        x->p->duration_h[t] * full_penalties(x)->outage_usd_per_mwh);
        }
    }
    x->outage = -1;
}

static void limit_interval(struct full *x, int32_t t)
{
    const struct dispatch_problem *p = x->p;
    const struct dispatch_penalty *q = full_penalties(x);
    double h = p->duration_h[t];
    x->at_angle = x->angle + t * x->d->n_bus;
    x->at_potential = x->potential + t * x->d->n_bus;
    bool whole = !p->outages || !p->outages->state || p->outages->state[t] < 0;
    limit_flows(x, whole ? x->d->flow_min_mw : NULL, whole ? x->d->flow_max_mw : NULL,
                h * q->branch_usd_per_mwh);
    for (int32_t g = 0; g < p->n_group; g++) {
        double fixed = 0;
        for (int32_t k = p->group_start[g]; k < p->group_start[g + 1]; k++)
            fixed += full_put_power(x, t, p->group_injection[k], p->group_coef[k]);
        if (p->group_store && p->group_store[g] >= 0)
            full_put(x, x->energy + t * p->n_store + p->group_store[g],
                     p->group_energy_coef[g]);
        double penalty = q->group_usd_per_mwh;
        if (p->group_penalty_usd_per_mwh && !isnan(p->group_penalty_usd_per_mwh[g]))
            penalty = p->group_penalty_usd_per_mwh[g];
        at_most(x, fixed, p->group_max_mw[t * p->n_group + g], h * penalty);
    }
    for (int32_t i = 0; i < p->n_injection; i++) {
        if (p->ramp_free && p->ramp_free[t * p->n_injection + i])
            continue;
        for (int sign = 1; sign >= -1; sign -= 2) {
            double rate = sign > 0 ? p->ramp_up_mw_per_h[i] : p->ramp_down_mw_per_h[i];
            double fixed = full_put_power(x, t, i, sign);
            fixed +=
                t > 0 ? full_put_power(x, t - 1, i, -sign) : -sign * p->initial_mw[i];
            at_most(x, fixed, h * rate, h * q->ramp_usd_per_mwh);
        }
    }
}

/* (8): e_t = e_t-1 + h (eta_c ch - dis / eta_d), with ch = base charge - filled pieces. */
static void store_interval(struct full *x, int32_t t, int32_t k)
{
    const struct dispatch_problem *p = x->p;
    const struct dispatch_store *s = &p->store[k];
    int64_t at = (int64_t)t * p->n_injection + s->injection;
    double h = p->duration_h[t], from = p->base_mw[at],
           penalty = full_penalties(x)->store_usd_per_mwh;
    double fixed = h * (s->charge_efficiency * fmax(0, -from) -
                        fmax(0, from) / s->discharge_efficiency);
    for (int64_t g = p->seg_start[at]; g < p->seg_start[at + 1]; g++) {
        double rate = from < 0 ? s->charge_efficiency : 1 / s->discharge_efficiency;
        full_put(x, x->first_piece[g], -h * rate);
        from += p->seg[g].width_mw;
    }
    int energy = x->energy + t * p->n_store + k;
    full_put(x, energy, -1);
    if (t > 0)
        full_put(x, energy - p->n_store, 1);
    else
        fixed += s->energy_initial_mwh;
    (void)full_close_row(x, GLP_FX, -fixed, -fixed);
    full_put(x, energy, 1);
    at_most(x, 0, s->energy_max_mwh, penalty);
    double least = s->energy_min_mwh;
    if (t == p->n_interval - 1)
        least = fmax(least, s->energy_end_min_mwh);
    full_put(x, energy, -1);
    at_most(x, 0, -least, penalty);
}

/* Either every charging piece is full (nothing is charged) or no discharging one runs. */
static void exclude(struct full *x, int32_t t, int32_t k)
{
    const struct dispatch_problem *p = x->p;
    int64_t at = (int64_t)t * p->n_injection + p->store[k].injection;
    int discharging = full_column(x, 0, 0, 1);
    glp_set_col_kind(x->lp, discharging, GLP_BV);
    double from = p->base_mw[at];
    for (int64_t g = p->seg_start[at]; g < p->seg_start[at + 1]; g++) {
        double width = p->seg[g].width_mw;
        full_put(x, x->first_piece[g], 1);
        full_put(x, discharging, -width);
        (void)full_close_row(x, from < 0 ? GLP_LO : GLP_UP, 0, 0);
        from += width;
    }
}

void full_rows(struct full *x)
{
    const struct dispatch_problem *p = x->p;
    x->balance = glp_get_num_rows(x->lp) + 1;
    for (int32_t t = 0; t < p->n_interval; t++) {
        x->at_angle = x->angle + t * x->d->n_bus;
        x->at_potential = x->potential + t * x->d->n_bus;
        for (int32_t n = 0; n < x->d->n_bus; n++)
            balance_bus(x, t, n);
    }
    for (int32_t t = 0; t < p->n_interval; t++) {
        limit_interval(x, t);
        for (int32_t k = 0; k < p->n_store; k++) {
            store_interval(x, t, k);
            if (x->f->exclusive)
                exclude(x, t, k);
        }
    }
    add_outages(x);
}
