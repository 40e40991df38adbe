/*
 * direct.c - the dispatch of given patterns as one linear program over power.
 *
 * Where few units run, schedules are slow to combine to a dispatch: each interval in which
 * a unit follows the load needs schedules of its own. With every pattern decided the
 * problem is an ordinary linear program, (1)-(8) of commit.h with u fixed; its duals are
 * prices at which the units want just that, and its powers are schedules. Both serve
 * column generation as a point to begin with, so that nothing rests on this program: not
 * the bound, which is evaluated at the prices, nor the cost.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"
#include "solver/commit/program.h"

/* A unit in an interval. */
struct cell {
    const struct commit_unit *u; /* what it is then */
    bool on, starts, stops;
    int32_t x, n_x;           /* its columns of power above minimum */
    int32_t r;                /* the first of its offers' columns */
    double most_mw;           /* of power and upward reserve */
    bool held;                /* power is as in `like`, without columns; */
    bool offers_held;         /* what it offers, too */
    double x_mw;              /* if held */
    const double *offer_mw;   /* [n_offer] if offers are held */
    int32_t charge, n_charge; /* of a store: columns of what it charges, */
    int32_t energy;           /* and of what it holds afterwards */
};

struct direct {
    struct fleet *f;
    const struct schedule *const *like; /* [n_unit] */
    const bool *free;                   /* [n_unit][n_interval] NULL = all are */
    const double *near;                 /* [n_row] prices: costs are less these */
    struct cell *cell;                  /* [n_unit][n_interval] */
    struct program lp;
    int32_t first_base; /* rows */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for a dispatch");
}

static int32_t add_column(struct direct *d, double cost_usd, double lo, double up)
{
    return program_column(&d->lp, cost_usd / d->f->scale, lo, up);
}

static struct cell *cell_of(const struct direct *d, int32_t g, int32_t t)
{
    return &d->cell[(size_t)g * (size_t)d->f->n_interval + (size_t)t];
}

static void power(struct direct *d, const struct cell *c, double by)
{
    if (c->held)
        program_shift(&d->lp, by * c->x_mw);
    for (int32_t k = 0; k < c->n_x; k++)
        program_entry(&d->lp, c->x + k, by);
    for (int32_t k = 0; k < c->n_charge; k++)
        program_entry(&d->lp, c->charge + k, -by);
}

static void offer(struct direct *d, const struct cell *c, int32_t o, double by)
{
    if (c->offers_held)
        program_shift(&d->lp, by * c->offer_mw[o]);
    else
        program_entry(&d->lp, c->r + o, by);
}

/* ---- units ------------------------------------------------------------------------------ */

static bool is_down(const struct direct *d, const struct commit_offer *o)
{
    return d->f->p->down_products >> o->product & 1;
}

static bool holds(const struct direct *d, const struct cell *c, bool down)
{
    for (int32_t o = 0; o < c->u->n_offer; o++)
        if (is_down(d, &c->u->offer[o]) == down && !c->offers_held &&
            d->lp.up[c->r + o] > 0)
            return true;
    return false;
}

static void reserve(struct direct *d, const struct cell *c, bool down, double by)
{
    for (int32_t o = 0; o < c->u->n_offer; o++)
        if (is_down(d, &c->u->offer[o]) == down)
            offer(d, c, o, by);
}

/* Power above minimum before the first interval. */
static double before_mw(const struct commit_unit *plant)
{
    return plant->mw_before - commit_unit_in(plant, plant->config_before)->min_mw;
}

/* A row on the rise from t-1 to t; x of cells is above minimum. */
static void rise(struct direct *d, int32_t g, int32_t t, double lo, double up,
                 bool reserve_too)
{
    const struct commit_unit *plant = &d->f->p->unit[g];
    const struct cell *c = cell_of(d, g, t);
    const bool before_held = t == 0 || (c - 1)->held;
    if (c->held && before_held && (c->offers_held || !reserve_too))
        return;
    const double was = t == 0 ? before_mw(plant) : 0;
    program_row(&d->lp, lo + was, up + was);
    power(d, c, 1);
    if (reserve_too)
        reserve(d, c, false, 1);
    if (t > 0)
        power(d, c - 1, -1);
}

static void ramps(struct direct *d, int32_t g, int32_t t)
{
    const struct commit_unit *plant = &d->f->p->unit[g];
    const struct cell *c = cell_of(d, g, t);
    const int32_t from =
        t == 0 ? plant->config_before
               : interval_set_config(&d->like[g]->on, plant, d->f->n_interval, t - 1);
    const int32_t to = interval_set_config(&d->like[g]->on, plant, d->f->n_interval, t);
    if (plant->n_config > 0 && from != to) {
        const double step = c->u->min_mw - commit_unit_in(plant, from)->min_mw;
        for (int32_t k = 0; k < plant->n_transition; k++)
            if (plant->transition[k].from == from && plant->transition[k].to == to)
                rise(d, g, t, -plant->transition[k].down_mw - step,
                     plant->transition[k].up_mw - step, false);
        return;
    }
    const double last = t == 0 ? before_mw(plant) : (c - 1)->most_mw;
    const bool shares = c->u->reserve_shares_ramp, down = c->u->ramp_down_mw < last;
    const bool up = c->u->ramp_up_mw < c->most_mw - (t == 0 ? fmin(last, 0) : 0);
    if (up && shares)
        rise(d, g, t, -INFINITY, c->u->ramp_up_mw, true);
    if (down || (up && !shares))
        rise(d, g, t, -c->u->ramp_down_mw, shares ? (double)INFINITY : c->u->ramp_up_mw,
             false);
}

/* Columns of a unit that is on: segments up to what it may give, and offers. */
static void unit_columns(struct direct *d, int32_t g, int32_t t)
{
    const struct commit_problem *p = d->f->p;
    struct cell *c = cell_of(d, g, t);
    const struct commit_unit *u = c->u;
    const struct commit_curve *curve = &p->curve[u->curve[t]];
    const double max_mw = commit_most_mw(u, t);
    double left = max_mw - u->min_mw, least = commit_least_mw(u, t) - u->min_mw;
    c->most_mw = left;
    if (c->starts) {
        c->most_mw = fmin(c->most_mw, left - fmax(max_mw - u->start_max_mw, 0));
        if (u->reserve_shares_ramp && !u->free_ends)
            c->most_mw = fmin(c->most_mw, u->ramp_up_mw);
    }
    if (c->stops)
        c->most_mw =
            fmin(c->most_mw, max_mw - u->min_mw - fmax(max_mw - u->stop_max_mw, 0));
    left = c->most_mw = fmax(c->most_mw, least);
    if (c->starts && !u->free_ends)
        left = fmin(left, u->ramp_up_mw);
    if (c->stops && !u->free_ends)
        left = fmin(left, u->ramp_down_mw);
    c->x = d->lp.n_col;
    for (int32_t k = 0; k < curve->n_segment && left > 0 && !c->held; k++) {
        const double mw =
            k + 1 < curve->n_segment ? fmin(curve->width_mw[k], left) : left;
        const double lo = fmin(fmax(least, 0), mw);
        (void)add_column(d, p->interval_h * curve->cost_usd_per_mwh[k], lo, mw);
        left -= mw;
        least -= mw;
    }
    c->n_x = d->lp.n_col - c->x;
}

/* ---- stores ----------------------------------------------------------------------------- */

/* Columns of a curve that may be NULL, from least to most MW; returns how many. */
static int32_t curve_columns(struct direct *d, const struct commit_curve *c,
                             double least_mw, double most_mw)
{
    int32_t k = 0;
    for (double from = 0; from < most_mw; k++) {
        const double left = most_mw - from;
        const double mw = c && k + 1 < c->n_segment ? fmin(c->width_mw[k], left) : left;
        (void)add_column(d, c ? d->f->p->interval_h * c->cost_usd_per_mwh[k] : 0,
                         fmin(mw, fmax(0, least_mw - from)), mw);
        from += mw;
    }
    return k;
}

static void store_cell(struct direct *d, int32_t g, int32_t t)
{
    const struct commit_problem *p = d->f->p;
    const struct commit_store *s = p->unit[g].store;
    const struct store_rates r = store_rates(s, store_way(p, s, &d->like[g]->on, t), t);
    const bool last = t + 1 == d->f->n_interval;
    struct cell *c = cell_of(d, g, t);
    *c = (struct cell){.u = &p->unit[g], .on = true};
    c->x = d->lp.n_col;
    c->n_x = curve_columns(d, store_curve(p, s->discharge_curve, t), r.discharge_min_mw,
                           r.discharge_max_mw);
    c->charge = d->lp.n_col;
    c->n_charge = curve_columns(d, store_curve(p, s->charge_curve, t), r.charge_min_mw,
                                r.charge_max_mw);
    c->energy = add_column(d, last ? -s->worth_usd_per_mwh : 0, s->least_mwh[t],
                           s->most_mwh[t]);
}

/* What it holds after interval t. */
static void store_row(struct direct *d, int32_t g, int32_t t)
{
    const struct commit_store *s = d->f->p->unit[g].store;
    const struct cell *c = cell_of(d, g, t);
    const double h = d->f->p->interval_h, keeps = commit_store_keeps(s, t);
    const double first = t == 0 ? keeps * s->first_mwh : 0;
    program_row(&d->lp, first, first);
    program_entry(&d->lp, c->energy, 1);
    if (t > 0)
        program_entry(&d->lp, (c - 1)->energy, -keeps);
    for (int32_t k = 0; k < c->n_x; k++)
        program_entry(&d->lp, c->x + k, h / s->discharge_efficiency[t]);
    for (int32_t k = 0; k < c->n_charge; k++)
        program_entry(&d->lp, c->charge + k, -h * s->charge_efficiency[t]);
}

/* ---- units in an interval --------------------------------------------------------------- */

static void unit_cell(struct direct *d, int32_t g, int32_t t)
{
    const struct commit_problem *p = d->f->p;
    if (p->unit[g].store) {
        store_cell(d, g, t);
        return;
    }
    const struct interval_set *on = &d->like[g]->on;
    struct cell *c = cell_of(d, g, t);
    const bool before = t == 0 ? p->unit[g].on_before : set_has(on, t - 1);
    const bool *free = d->free ? d->free + (size_t)g * (size_t)d->f->n_interval : NULL;
    c->on = set_has(on, t);
    c->held = free && !free[t];
    c->offers_held = c->held && !(t > 0 && free[t - 1]);
    c->u = c->on ? schedule_unit(d->f, d->like[g], t) : &p->unit[g];
    c->starts = c->on && !before;
    c->stops = c->on && t + 1 < d->f->n_interval && !set_has(on, t + 1);
    c->x_mw = c->on ? d->like[g]->mw[t] - c->u->min_mw : 0;
    c->offer_mw = d->like[g]->mw + d->f->n_interval + t * c->u->n_offer;
    if (c->on)
        unit_columns(d, g, t);
    const bool none = c->on && c->u->steady_reserve && (c->starts || c->stops);
    c->r = d->lp.n_col;
    for (int32_t o = 0; o < c->u->n_offer && !c->offers_held; o++) {
        const struct commit_offer *offer = &c->u->offer[o];
        const double price = offer->price_usd_per_mw ? offer->price_usd_per_mw[t] : 0;
        const double most = none ? 0 : c->on ? offer->max_mw : offer->max_off_mw;
        (void)add_column(d, p->interval_h * price, 0, most);
    }
}

/* A change of power that costs: (rise) - (fall) = P_t - P_{t-1}. */
static void change_row(struct direct *d, int32_t g, int32_t t)
{
    const struct commit_unit *u = &d->f->p->unit[g];
    const struct cell *c = cell_of(d, g, t);
    const bool before = t > 0 && (c - 1)->on;
    if ((u->rise_usd_per_mw == 0 && u->fall_usd_per_mw == 0) ||
        (t > 0 && !c->on && !before) || (c->held && (t == 0 || (c - 1)->held)))
        return;
    const double was = t == 0 ? u->mw_before : before ? u->min_mw : 0;
    const double steps = was - (c->on ? u->min_mw : 0);
    program_row(&d->lp, steps, steps);
    if (c->on)
        power(d, c, 1);
    if (before)
        power(d, c - 1, -1);
    program_entry(&d->lp, add_column(d, u->rise_usd_per_mw, 0, INFINITY), -1);
    program_entry(&d->lp, add_column(d, u->fall_usd_per_mw, 0, INFINITY), 1);
}

static void unit_rows(struct direct *d, int32_t g, int32_t t)
{
    const struct cell *c = cell_of(d, g, t);
    if (c->u->store) {
        store_row(d, g, t);
        return;
    }
    change_row(d, g, t);
    if (!c->on)
        return;
    if (holds(d, c, false)) {
        program_row(&d->lp, -INFINITY, c->most_mw);
        power(d, c, 1);
        reserve(d, c, false, 1);
        if (c->u->most_up_mw > 0) {
            program_row(&d->lp, -INFINITY, c->u->most_up_mw);
            reserve(d, c, false, 1);
        }
    }
    if (holds(d, c, true)) {
        program_row(&d->lp, commit_least_mw(c->u, t) - c->u->min_mw, INFINITY);
        power(d, c, 1);
        reserve(d, c, true, -1);
    }
    if (!c->starts)
        ramps(d, g, t);
}

/* ---- the system ------------------------------------------------------------------------- */

/* A common row of at least rhs. What is beyond it costs the row's price, if it has one. */
static void at_least(struct direct *d, double rhs)
{
    const bool priced = d->near[d->lp.n_row - d->first_base] > 0;
    program_row(&d->lp, rhs, priced ? rhs : (double)INFINITY);
    if (priced)
        program_entry(&d->lp, add_column(d, 0, 0, INFINITY), -1);
}

/* What may be missing in base row r and what may be too much, as far as that has a price. */
static void slack(struct direct *d, int32_t r)
{
    const struct fleet *f = d->f;
    const double dear = master_penalty_usd(f);
    program_entry(&d->lp, add_column(d, fmin(f->roof[r], dear), 0, INFINITY), 1);
    if (r < f->n_interval)
        program_entry(&d->lp, add_column(d, fmin(-f->floor[r], dear), 0, INFINITY), -1);
}

static void balance_rows(struct direct *d, int32_t first_block)
{
    const struct fleet *f = d->f;
    int32_t k = 0;
    for (int32_t t = 0; t < f->n_interval; t++) {
        double load = f->rhs[t];
        for (int32_t g = 0; g < f->n_unit; g++)
            load -= cell_of(d, g, t)->on ? cell_of(d, g, t)->u->min_mw : 0;
        program_row(&d->lp, load, load);
        for (int32_t g = 0; g < f->n_unit; g++)
            power(d, cell_of(d, g, t), 1);
        for (; k < f->n_block && f->block[k].interval == t; k++)
            program_entry(&d->lp, first_block + k, 1);
        slack(d, t);
    }
}

static void requirement_rows(struct direct *d, int32_t first_step)
{
    const struct fleet *f = d->f;
    for (int32_t r = f->n_interval; r < f->n_base; r++) {
        const int32_t q = r / f->n_interval - 1, t = r % f->n_interval;
        at_least(d, f->rhs[r]);
        for (int32_t g = 0; g < f->n_unit; g++)
            for (int32_t o = 0; o < f->p->unit[g].n_offer; o++) {
                const int32_t at = f->offer_start[g] + o;
                for (int32_t k = f->count_start[at]; k < f->count_start[at + 1]; k++)
                    if (f->count[k] == q)
                        offer(d, cell_of(d, g, t), o, 1);
            }
        for (int32_t k = 0; k < f->n_step; k++)
            if (f->step[k].row == r)
                program_entry(&d->lp, first_step + k, 1);
        slack(d, r);
    }
}

/* What the power of a unit burns, by segment. */
static void burning(struct direct *d, const struct cell *c, int32_t t)
{
    const struct commit_curve *curve = &d->f->p->curve[c->u->curve[t]];
    double left = c->x_mw;
    for (int32_t k = 0; c->held && k < curve->n_segment && left > 0; k++) {
        const double mw = fmin(left, curve->width_mw[k]);
        program_shift(&d->lp, -d->f->p->interval_h * c->u->fuel_per_mwh[k] * mw);
        left -= mw;
    }
    for (int32_t k = 0; k < c->n_x; k++)
        program_entry(&d->lp, c->x + k, -d->f->p->interval_h * c->u->fuel_per_mwh[k]);
}

/* What a unit burns: fixed for being on and the start, and by segment. */
static void fuel_row(struct direct *d, const struct extra *x)
{
    const struct fleet *f = d->f;
    double rhs = x->rhs;
    for (int32_t g = 0; g < f->n_unit; g++) {
        const struct cell *c = cell_of(d, g, x->interval);
        if (c->on && c->u->supply == x->limit + 1)
            rhs += f->p->interval_h * c->u->min_fuel_per_h +
                   limits_start_burnt(f, d->like[g], x->limit, x->interval);
    }
    at_least(d, rhs);
    for (int32_t g = 0; g < f->n_unit; g++) {
        const struct cell *c = cell_of(d, g, x->interval);
        if (c->on && c->u->supply == x->limit + 1)
            burning(d, c, x->interval);
    }
    program_entry(
        &d->lp, add_column(d, fmin(x->top_usd, master_penalty_usd(f)), 0, INFINITY), 1);
}

static void store_ramp_row(struct direct *d, const struct extra *x)
{
    const struct cell *c = cell_of(d, x->store, x->interval);
    const double sign = x->minimum ? 1 : -1;
    at_least(d, x->rhs);
    power(d, c, sign);
    if (x->interval > 0)
        power(d, c - 1, -sign);
    program_entry(&d->lp, add_column(d, master_penalty_usd(d->f), 0, INFINITY), 1);
}

/* Limits of flows; cuts say nothing where commitments are fixed. */
static void extra_rows(struct direct *d, int32_t first_block)
{
    const struct fleet *f = d->f;
    for (int32_t e = 0; e < f->n_extra; e++) {
        const struct extra *x = &f->extra[e];
        if (extra_is_cut(x)) {
            program_row(&d->lp, -INFINITY, INFINITY);
            continue;
        }
        if (x->kind == EXTRA_FUEL) {
            fuel_row(d, x);
            continue;
        }
        if (x->kind == EXTRA_RAMP) {
            store_ramp_row(d, x);
            continue;
        }
        double rhs = x->rhs;
        for (int32_t g = 0; g < f->n_unit; g++) {
            const struct cell *c = cell_of(d, g, x->interval);
            rhs -= c->on ? x->power[g] * c->u->min_mw : 0;
        }
        at_least(d, rhs);
        for (int32_t g = 0; g < f->n_unit; g++)
            power(d, cell_of(d, g, x->interval), x->power[g]);
        for (int32_t k = 0; k < f->n_block; k++)
            program_entry(&d->lp, first_block + k,
                          fleet_extra_of_block(f, x, &f->block[k]));
        program_entry(
            &d->lp, add_column(d, fmin(x->top_usd, master_penalty_usd(f)), 0, INFINITY),
            1);
    }
}

/* Costs at the prices that are near: what is left to find is how prices differ. */
static void price_columns(struct direct *d)
{
    for (int32_t r = d->first_base; r < d->lp.n_row; r++) {
        const double y = d->near[r - d->first_base] / d->f->scale;
        for (int64_t e = d->lp.start[r]; e < d->lp.start[r + 1]; e++)
            d->lp.cost[d->lp.col[e]] -= y * d->lp.value[e];
    }
}

static void state(struct direct *d)
{
    const struct fleet *f = d->f;
    for (int32_t g = 0; g < f->n_unit; g++)
        for (int32_t t = 0; t < f->n_interval; t++)
            unit_cell(d, g, t);
    for (int32_t g = 0; g < f->n_unit && !d->lp.full; g++)
        for (int32_t t = 0; t < f->n_interval; t++)
            unit_rows(d, g, t);
    const int32_t first_block = d->lp.n_col;
    for (int32_t k = 0; k < f->n_block; k++)
        (void)add_column(d, f->block[k].cost_usd, f->block[k].lo_mw, f->block[k].up_mw);
    const int32_t first_step = d->lp.n_col;
    for (int32_t k = 0; k < f->n_step; k++)
        (void)add_column(d, f->step[k].cost_usd, 0, f->step[k].width_mw);
    d->first_base = d->lp.n_row;
    balance_rows(d, first_block);
    requirement_rows(d, first_step);
    extra_rows(d, first_block);
    if (!d->lp.full)
        price_columns(d);
}

/* ---- solving ----------------------------------------------------------------------------- */

static enum err_code solve(struct direct *d, struct err *err)
{
    enum err_code code = program_solve(&d->lp, err);
    d->f->simplex_work += d->lp.work;
    return code;
}

/* The unit's power as a schedule. */
static enum err_code keep(struct direct *d, struct pool *pool, int32_t g,
                          const struct schedule **out, struct err *err)
{
    const struct fleet *f = d->f;
    const int32_t T = f->n_interval, n_offer = f->p->unit[g].n_offer;
    double *mw = MEM_ARRAY(double, (size_t)T *(size_t)(2 + n_offer));
    if (!mw)
        return no_memory(err);
    for (int32_t t = 0; t < T; t++) {
        const struct cell *c = cell_of(d, g, t);
        mw[t] = (c->on ? c->u->min_mw : 0) + (c->held ? c->x_mw : 0);
        for (int32_t k = 0; k < c->n_x; k++)
            mw[t] += fmax(0, d->lp.x[c->x + k]);
        for (int32_t k = 0; k < c->n_charge; k++)
            mw[T + t] += fmax(0, d->lp.x[c->charge + k]);
        if (c->u->store)
            mw[t] -= mw[T + t];
        for (int32_t o = 0; o < n_offer; o++)
            mw[T + t * n_offer + o] =
                c->offers_held ? c->offer_mw[o] : fmax(0, d->lp.x[c->r + o]);
    }
    enum err_code code = pool_dispatch(f, pool, d->like[g], mw, out, err);
    mem_free(mw);
    return code;
}

static void direct_release(struct direct *d)
{
    mem_free(d->cell);
    program_release(&d->lp);
}

enum err_code direct_dispatch(struct fleet *f, struct pool *pool,
                              const struct schedule *const *like, const bool *free,
                              double *y, const struct schedule **out, bool *solved,
                              struct err *err)
{
    struct direct d = {.f = f, .like = like, .free = free, .near = y};
    *solved = false;
    d.cell = MEM_ARRAY(struct cell, (size_t)f->n_unit * (size_t)f->n_interval);
    if (d.cell)
        state(&d);
    enum err_code code = d.cell && !d.lp.full ? ERR_OK : no_memory(err);
    if (!code)
        code = solve(&d, err);
    if (!code && d.lp.solved) {
        *solved = true;
        for (int32_t r = 0; r < fleet_n_row(f); r++)
            y[r] += d.lp.y[d.first_base + r] * f->scale;
        for (int32_t g = 0; g < f->n_unit && !code; g++)
            code = keep(&d, pool, g, &out[g], err);
    }
    direct_release(&d);
    return code;
}
