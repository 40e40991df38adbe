/* full_dispatch.c - the whole dispatch as one LP. Numbers are those of dispatch.h. */
#include "tests/oracle/full_dispatch.h"

#include <criterion/criterion.h>
#include <glpk.h>
#include <math.h>
#include <stdlib.h>

enum {
    FULL_BUS = 400 /* most buses of a problem with outages */
};

/* A row being written; GLPK's arrays start at 1. */
struct line {
    int *col;
    double *value;
    int n, room;
};

struct full {
    const struct dispatch_problem *p;
    const struct network_data *d;
    const struct full_dispatch *f;
    glp_prob *lp;
    struct line line;
    int32_t *island; /* [n_bus] */
    int32_t n_island;
    double *reference; /* [n_bus] */
    double rad;        /* an angle column counts in this many radians */
    int angle, potential, segment, shortage, surplus, energy, balance; /* first */
    int loss;         /* first, by interval and branch */
    int *first_piece; /* [segments + 1] first column of each */
    /* The network at hand: as it is, or after an outage; first columns of its buses. */
    int32_t outage; /* -1 = as it is */
    int at_angle, at_potential;
};

static void *room_for(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    cr_assert_not_null(p);
    return p;
}

static void put(struct full *x, int col, double value)
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

static int close_row(struct full *x, int type, double lo, double up)
{
    int row = glp_add_rows(x->lp, 1);
    glp_set_row_bnds(x->lp, row, type, lo, up);
    glp_set_mat_row(x->lp, row, x->line.n, x->line.col, x->line.value);
    x->line.n = 0;
    return row;
}

static int column(struct full *x, double cost, double lo, double up)
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

static const struct dispatch_penalty *penalties(const struct full *x)
{
    return x->f->pricing ? &x->p->pricing : &x->p->schedule;
}

/* ---- network by walking ---- */

static void find_reference(struct full *x)
{
    const struct network_data *d = x->d;
    for (int32_t n = 0; n < d->n_bus; n++)
        x->island[n] = n;
    for (bool moved = true; moved;) {
        moved = false;
        for (int32_t l = 0; l < d->n_branch; l++) {
            int32_t *a = &x->island[d->from[l]], *b = &x->island[d->to[l]];
            if (*a == *b)
                continue;
            *a = *b = *a < *b ? *a : *b;
            moved = true;
        }
    }
    /* An island is now the number of its first bus; number them in that order. */
    for (int32_t n = 0; n < d->n_bus; n++)
        x->island[n] = x->island[n] == n ? x->n_island++ : x->island[x->island[n]];
    for (int32_t a = 0; a < x->n_island; a++) {
        double sum = 0, count = 0;
        for (int32_t n = 0; n < d->n_bus; n++) {
            sum += x->island[n] == a ? d->reference_weight[n] : 0;
            count += x->island[n] == a;
        }
        for (int32_t n = 0; n < d->n_bus; n++)
            if (x->island[n] == a)
                x->reference[n] = sum > 0 ? d->reference_weight[n] / sum : 1 / count;
    }
}

/* ---- columns ---- */

static bool loses(const struct full *x)
{
    return x->p->losses != LOSS_OFF && x->d->loss_per_mw;
}

static const struct dispatch_polynomial *polynomial_of(const struct full *x, int32_t i)
{
    for (int32_t k = 0; k < x->p->n_polynomial; k++)
        if (x->p->polynomial[k].injection == i)
            return &x->p->polynomial[k];
    return NULL;
}

static double value_at(const struct dispatch_polynomial *f, double mw)
{
    double sum = 0;
    for (int32_t k = f->n_coef; k-- > 0;)
        sum = sum * mw + f->coef[k];
    return sum;
}

/* Pieces of one segment: itself, or the chords of a polynomial. Adds the constant. */
static void add_pieces(struct full *x, int32_t t, int32_t i, int64_t s,
                       double *constant)
{
    const struct dispatch_problem *p = x->p;
    const struct dispatch_segment *seg = &p->seg[s];
    const struct dispatch_polynomial *f = polynomial_of(x, i);
    double h = p->duration_h[t], base = p->base_mw[t * p->n_injection + i];
    x->first_piece[s] = glp_get_num_cols(x->lp) + 1;
    if (!f) {
        (void)column(
            x,
            h * (x->f->pricing ? seg->price_cost_usd_per_mwh : seg->cost_usd_per_mwh),
            0, seg->width_mw);
        return;
    }
    *constant += h * value_at(f, base);
    double step = seg->width_mw / x->f->chords;
    for (int k = 0; k < x->f->chords; k++) {
        double rise = value_at(f, base + (k + 1) * step) - value_at(f, base + k * step);
        (void)column(x, step > 0 ? h * rise / step : 0, 0, step);
    }
}

static void add_columns(struct full *x)
{
    const struct dispatch_problem *p = x->p;
    int32_t n_t = p->n_interval;
    double constant = 0;
    x->angle = glp_get_num_cols(x->lp) + 1;
    for (int32_t t = 0; t < n_t; t++)
        for (int32_t n = 0; n < x->d->n_bus; n++) {
            bool first = true;
            for (int32_t k = 0; k < n; k++)
                first = first && x->island[k] != x->island[n];
            (void)column(x, 0, first ? 0 : -HUGE_VAL, first ? 0 : HUGE_VAL);
        }
    x->potential = glp_get_num_cols(x->lp) + 1; /* what drives the flows on ties */
    for (int32_t n = 0; n < n_t * x->d->n_bus; n++)
        (void)column(x, 0, -HUGE_VAL, HUGE_VAL);
    for (int32_t t = 0; t < n_t; t++) {
        for (int32_t i = 0; i < p->n_injection; i++) {
            int64_t at = (int64_t)t * p->n_injection + i;
            for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++)
                add_pieces(x, t, i, s, &constant);
        }
    }
    x->first_piece[p->seg_start[(int64_t)n_t * p->n_injection]] =
        glp_get_num_cols(x->lp) + 1;
    x->shortage = glp_get_num_cols(x->lp) + 1;
    for (int32_t b = 0; b < n_t * x->n_island; b++)
        (void)column(
            x, p->duration_h[b / x->n_island] * penalties(x)->shortage_usd_per_mwh, 0,
            HUGE_VAL);
    x->surplus = glp_get_num_cols(x->lp) + 1;
    for (int32_t b = 0; b < n_t * x->n_island; b++)
        (void)column(x,
                     p->duration_h[b / x->n_island] * penalties(x)->surplus_usd_per_mwh,
                     0, HUGE_VAL);
    x->energy = glp_get_num_cols(x->lp) + 1;
    for (int32_t k = 0; k < n_t * p->n_store; k++)
        (void)column(x, 0, -HUGE_VAL, HUGE_VAL);
    x->loss = glp_get_num_cols(x->lp) + 1;
    for (int32_t k = 0; loses(x) && k < n_t * x->d->n_branch; k++) {
        int32_t l = k % x->d->n_branch;
        bool can = x->d->loss_per_mw[l] > 0 && !isinf(x->d->susceptance_mw_per_rad[l]);
        (void)column(x, 0, 0, can ? HUGE_VAL : 0);
    }
    glp_set_obj_coef(x->lp, 0, constant);
}

/* Puts sign * P of injection i in t into the row without its base, which is returned. */
static double put_power(struct full *x, int32_t t, int32_t i, double sign)
{
    const struct dispatch_problem *p = x->p;
    int64_t at = (int64_t)t * p->n_injection + i;
    for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++)
        for (int c = x->first_piece[s]; c < x->first_piece[s + 1]; c++)
            put(x, c, sign);
    return sign * p->base_mw[at];
}

/* Puts sign * flow of branch l; the part that the shifter fixes is returned. */
static double put_flow(struct full *x, int32_t l, double sign)
{
    const struct network_data *d = x->d;
    double b = d->susceptance_mw_per_rad[l];
    if (isinf(b)) {
        put(x, x->at_potential + d->from[l], sign);
        put(x, x->at_potential + d->to[l], -sign);
        return 0;
    }
    put(x, x->at_angle + d->from[l], sign * b * x->rad);
    put(x, x->at_angle + d->to[l], -sign * b * x->rad);
    return -sign * b * d->shift_rad[l];
}

/* ---- rows ---- */

/* Closes "row + fixed <= limit", relaxable at a penalty; no row without a limit. */
static void at_most(struct full *x, double fixed, double limit, double penalty)
{
    if (isinf(limit) || isnan(fixed)) {
        x->line.n = 0;
        return;
    }
    put(x, column(x, penalty, 0, HUGE_VAL), -1);
    (void)close_row(x, GLP_UP, 0, limit - fixed);
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
    fixed = put_power(x, t, i, weight);
    if (x->outage < 0 || !takes_part(x, i, a))
        return fixed;
    for (int32_t j = 0; j < p->n_injection; j++)
        total += takes_part(x, j, a) ? p->outages->participation[j] : 0;
    for (int32_t g = 0; g < p->n_injection; g++)
        if (is_lost(x, g))
            fixed += put_power(x, t, g,
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
            put(x, col, -x->reference[n]);
        if (x->p->losses == LOSS_ENDS && (x->d->from[l] == n || x->d->to[l] == n))
            put(x, col, -0.5);
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
            fixed += put_flow(x, l, -1);
        if (x->d->to[l] == n)
            fixed += put_flow(x, l, 1);
    }
    put(x, x->shortage + b, x->reference[n]);
    put(x, x->surplus + b, -x->reference[n]);
    if (loses(x))
        put_losses(x, t, n);
    (void)close_row(x, GLP_FX, -fixed, -fixed);
}

/* min and max NULL: no limits. */
static void limit_flows(struct full *x, const double *min, const double *max,
                        double penalty)
{
    for (int32_t l = 0; l < x->d->n_branch; l++) {
        if (is_out(x, l))
            continue;
        if (isinf(x->d->susceptance_mw_per_rad[l])) {
            put(x, x->at_angle + x->d->from[l], 1);
            put(x, x->at_angle + x->d->to[l], -1);
            (void)close_row(x, GLP_FX, 0, 0);
        }
        if (!min)
            continue;
        double fixed = put_flow(x, l, 1);
        at_most(x, fixed, max[l], penalty);
        fixed = put_flow(x, l, -1);
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
                (void)column(x, 0, -HUGE_VAL, HUGE_VAL);
            x->at_potential = x->at_angle + x->d->n_bus;
            for (int32_t n = 0; n < x->d->n_bus; n++)
                balance_bus(x, t, n);
            limit_flows(x, is_state ? x->d->flow_min_mw : o->min_mw,
                        is_state ? x->d->flow_max_mw : o->max_mw,
                        x->p->duration_h[t] * penalties(x)->outage_usd_per_mwh);
        }
    }
    x->outage = -1;
}

static void limit_interval(struct full *x, int32_t t)
{
    const struct dispatch_problem *p = x->p;
    const struct dispatch_penalty *q = penalties(x);
    double h = p->duration_h[t];
    x->at_angle = x->angle + t * x->d->n_bus;
    x->at_potential = x->potential + t * x->d->n_bus;
    bool whole = !p->outages || !p->outages->state || p->outages->state[t] < 0;
    limit_flows(x, whole ? x->d->flow_min_mw : NULL, whole ? x->d->flow_max_mw : NULL,
                h * q->branch_usd_per_mwh);
    for (int32_t g = 0; g < p->n_group; g++) {
        double fixed = 0;
        for (int32_t k = p->group_start[g]; k < p->group_start[g + 1]; k++)
            fixed += put_power(x, t, p->group_injection[k], p->group_coef[k]);
        if (p->group_store && p->group_store[g] >= 0)
            put(x, x->energy + t * p->n_store + p->group_store[g],
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
            double fixed = put_power(x, t, i, sign);
            fixed += t > 0 ? put_power(x, t - 1, i, -sign) : -sign * p->initial_mw[i];
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
           penalty = penalties(x)->store_usd_per_mwh;
    double fixed = h * (s->charge_efficiency * fmax(0, -from) -
                        fmax(0, from) / s->discharge_efficiency);
    for (int64_t g = p->seg_start[at]; g < p->seg_start[at + 1]; g++) {
        double rate = from < 0 ? s->charge_efficiency : 1 / s->discharge_efficiency;
        put(x, x->first_piece[g], -h * rate);
        from += p->seg[g].width_mw;
    }
    int energy = x->energy + t * p->n_store + k;
    put(x, energy, -1);
    if (t > 0)
        put(x, energy - p->n_store, 1);
    else
        fixed += s->energy_initial_mwh;
    (void)close_row(x, GLP_FX, -fixed, -fixed);
    put(x, energy, 1);
    at_most(x, 0, s->energy_max_mwh, penalty);
    double least = s->energy_min_mwh;
    if (t == p->n_interval - 1)
        least = fmax(least, s->energy_end_min_mwh);
    put(x, energy, -1);
    at_most(x, 0, -least, penalty);
}

/* Either every charging piece is full (nothing is charged) or no discharging one runs. */
static void exclude(struct full *x, int32_t t, int32_t k)
{
    const struct dispatch_problem *p = x->p;
    int64_t at = (int64_t)t * p->n_injection + p->store[k].injection;
    int discharging = column(x, 0, 0, 1);
    glp_set_col_kind(x->lp, discharging, GLP_BV);
    double from = p->base_mw[at];
    for (int64_t g = p->seg_start[at]; g < p->seg_start[at + 1]; g++) {
        double width = p->seg[g].width_mw;
        put(x, x->first_piece[g], 1);
        put(x, discharging, -width);
        (void)close_row(x, from < 0 ? GLP_LO : GLP_UP, 0, 0);
        from += width;
    }
}

static void add_rows(struct full *x)
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

/* ---- solving and reading ---- */

static void simplex(struct full *x, int method)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.meth = method;
    parm.tol_bnd = parm.tol_dj = 1e-9;
    int result = glp_simplex(x->lp, &parm);
    cr_assert(result == 0 && glp_get_status(x->lp) == GLP_OPT,
              "the twin ended with %d, status %d", result, glp_get_status(x->lp));
}

static double flow_of(const struct full *x, int32_t t, int32_t l)
{
    const struct network_data *d = x->d;
    const int angle = x->angle + t * d->n_bus;
    if (isinf(d->susceptance_mw_per_rad[l]))
        return 0;
    return d->susceptance_mw_per_rad[l] *
           (x->rad * (glp_get_col_prim(x->lp, angle + d->from[l]) -
                      glp_get_col_prim(x->lp, angle + d->to[l])) -
            d->shift_rad[l]);
}

/* Adds tangents where a branch loses less than it must; true if there were any. */
static bool add_tangents(struct full *x, struct full_dispatch *f)
{
    bool any = false;
    f->loses_more = false;
    f->loss_mw = 0;
    for (int32_t t = 0; t < x->p->n_interval; t++)
        for (int32_t l = 0; l < x->d->n_branch; l++) {
            int col = x->loss + t * x->d->n_branch + l;
            double k = x->d->loss_per_mw[l], mw = flow_of(x, t, l);
            double lost = glp_get_col_prim(x->lp, col);
            double k_flow = isinf(x->d->susceptance_mw_per_rad[l]) ? 0 : k * mw * mw;
            f->loses_more = f->loses_more || lost > k_flow + 1e-6;
            f->loss_mw += lost;
            if (lost >= k_flow - 2e-8)
                continue;
            any = true; /* lost >= k mw (2 flow - mw) */
            put(x, col, -1);
            x->at_angle = x->angle + t * x->d->n_bus;
            x->at_potential = x->potential + t * x->d->n_bus;
            double fixed = put_flow(x, l, 2 * k * mw);
            (void)close_row(x, GLP_UP, 0, k * mw * mw - fixed);
        }
    return any;
}

static void solve(struct full *x, struct full_dispatch *f)
{
    int shown = glp_term_out(GLP_OFF);
    glp_scale_prob(x->lp, GLP_SF_EQ | GLP_SF_GM | GLP_SF_2N);
    glp_adv_basis(x->lp, 0);
    simplex(x, GLP_PRIMAL);
    for (int k = 0; loses(x) && add_tangents(x, f); k++) {
        cr_assert_lt(k, 400, "the twin still lacks tangents");
        simplex(x, GLP_DUALP);
    }
    if (x->f->exclusive) {
        glp_iocp mip;
        glp_init_iocp(&mip);
        mip.msg_lev = GLP_MSG_OFF;
        mip.mip_gap = 1e-9;
        int result = glp_intopt(x->lp, &mip);
        cr_assert(result == 0 && glp_mip_status(x->lp) == GLP_OPT,
                  "the twin with binaries ended with %d", result);
    }
    (void)glp_term_out(shown);
}

static double value_of(const struct full *x, int col)
{
    return x->f->exclusive ? glp_mip_col_val(x->lp, col) : glp_get_col_prim(x->lp, col);
}

static bool store_both_ways(const struct full *x, int32_t t, int32_t k)
{
    const struct dispatch_problem *p = x->p;
    int64_t at = (int64_t)t * p->n_injection + p->store[k].injection;
    double from = p->base_mw[at], charge = fmax(0, -from), discharge = fmax(0, from);
    for (int64_t g = p->seg_start[at]; g < p->seg_start[at + 1]; g++) {
        double mw = value_of(x, x->first_piece[g]);
        charge -= from < 0 ? mw : 0;
        discharge += from < 0 ? 0 : mw;
        from += p->seg[g].width_mw;
    }
    return charge > 1e-6 && discharge > 1e-6;
}

static void read(const struct full *x, struct full_dispatch *f)
{
    const struct dispatch_problem *p = x->p;
    f->objective_usd = f->exclusive ? glp_mip_obj_val(x->lp) : glp_get_obj_val(x->lp);
    f->both_ways = false;
    for (int32_t t = 0; t < p->n_interval; t++) {
        for (int32_t n = 0; f->lmp_usd_per_mwh && n < x->d->n_bus; n++)
            f->lmp_usd_per_mwh[t * x->d->n_bus + n] =
                glp_get_row_dual(x->lp, x->balance + t * x->d->n_bus + n) /
                p->duration_h[t];
        for (int32_t i = 0; f->injection_mw && i < p->n_injection; i++) {
            int64_t at = (int64_t)t * p->n_injection + i;
            double mw = p->base_mw[at];
            for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++)
                for (int c = x->first_piece[s]; c < x->first_piece[s + 1]; c++)
                    mw += value_of(x, c);
            f->injection_mw[at] = mw;
        }
        for (int32_t k = 0; k < p->n_store; k++)
            f->both_ways = f->both_ways || store_both_ways(x, t, k);
    }
}

void full_dispatch(const struct dispatch_problem *p, struct full_dispatch *f)
{
    const struct network_data *d = network_data(p->net);
    size_t n_seg = (size_t)p->seg_start[(int64_t)p->n_interval * p->n_injection];
    struct full x = {.p = p, .d = d, .f = f, .outage = -1, .lp = glp_create_prob()};
    x.island = room_for((size_t)d->n_bus, sizeof *x.island);
    x.reference = room_for((size_t)d->n_bus, sizeof *x.reference);
    x.first_piece = room_for(n_seg + 1, sizeof *x.first_piece);
    for (int32_t l = 0; l < d->n_branch; l++)
        if (isfinite(d->susceptance_mw_per_rad[l]))
            x.rad += fabs(d->susceptance_mw_per_rad[l]) / d->n_branch;
    x.rad = x.rad > 0 ? 1 / x.rad : 1;
    find_reference(&x);
    add_columns(&x);
    add_rows(&x);
    solve(&x, f);
    read(&x, f);
    glp_delete_prob(x.lp);
    free(x.island);
    free(x.reference);
    free(x.first_piece);
    free(x.line.col);
    free(x.line.value);
}

double full_dispatch_cost(const struct dispatch_problem *p)
{
    struct full_dispatch f = {.chords = 1};
    full_dispatch(p, &f);
    return f.objective_usd;
}
