/*
 * ascend.c - the greatest Lagrangian where few units make it.
 *
 * Each interval in which one unit follows the load is a dimension of its own, and the
 * master needs the kink of each. Besides its prices, and those half way there, random ones
 * nearby are priced, in a box that shrinks where the bound does not grow.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

enum {
    NEARBY = 4,  /* random prices in a round */
    ROUNDS = 60, /* of column generation */
    STILL = 6,
    FLOW_ROUNDS = 10 /* of limits of flows */
};

static const double FIRST_WIDTH = 0.1, MOST_WIDTH = 100; /* of boxes, of usual prices */

struct work {
    struct master *m;
    struct pool *pool;
    const struct held *held;
    const struct ascent *a;
    struct sweep *sweep;
    double *y; /* [room_y] */
    int32_t room_y;
    int32_t n_solved; /* columns at the last solve */
};

/* Whether this round has added x: what was there before has no reduced cost. */
static bool is_new(const struct work *w, const struct schedule *x)
{
    for (int32_t k = w->n_solved; k < w->m->n_column; k++)
        if (w->m->column[k].member[0] == x)
            return true;
    return false;
}

/* Columns of the sweep that the master's duals ask for; returns how many by *n. */
static enum err_code add_columns(struct work *w, double tolerance_usd, int32_t *n,
                                 struct err *err)
{
    struct master *m = w->m;
    enum err_code code = ERR_OK;
    for (int32_t g = 0; g < m->f->n_unit && !code; g++) {
        const struct schedule *x = w->sweep->best[g];
        if (master_reduced_cost(m, g, &x) >= -tolerance_usd || is_new(w, x))
            continue;
        code = master_add(m, g, &x, err);
        m->f->stats.n_column++;
        ++*n;
    }
    return code;
}

/* Prices w->y, keeps them if they are the best, and takes the columns. */
static enum err_code price(struct work *w, double tolerance_usd, int32_t *n,
                           struct err *err)
{
    struct master *m = w->m;
    fleet_clamp(m->f, w->y);
    enum err_code code = sweep_run(m->f, w->pool, w->held, w->y, w->sweep, err);
    if (code)
        return code;
    if (w->sweep->bound_usd > m->bound_usd) {
        m->bound_usd = w->sweep->bound_usd;
        memcpy(m->y_best, w->y, (size_t)fleet_n_row(m->f) * sizeof *w->y);
    }
    return add_columns(w, tolerance_usd, n, err);
}

static enum err_code round_of(struct work *w, double width_usd, double tolerance_usd,
                              int32_t *n, struct err *err)
{
    struct master *m = w->m;
    const int32_t n_row = fleet_n_row(m->f);
    enum err_code code = ERR_OK;
    const double *from = m->y_best;
    const int32_t n_price = 2 + (w->a->nearby ? NEARBY : 0);
    for (int32_t k = 0; k < n_price && !code; k++) {
        for (int32_t r = 0; r < n_row; r++)
            w->y[r] = k == 0   ? m->y[r]
                      : k == 1 ? 0.5 * (from[r] + m->y[r])
                      : r < m->f->n_interval
                          ? from[r] + seeded_real(w->a->random, -width_usd, width_usd)
                          : from[r];
        code = price(w, tolerance_usd, n, err);
    }
    return code;
}

/* Where it does not get on: the dispatch of each unit's weightiest schedule. */
static enum err_code decide(struct work *w, struct err *err)
{
    struct master *m = w->m;
    const struct schedule **like = MEM_ARRAY(const struct schedule *, m->f->n_unit);
    double *weight = MEM_ARRAY(double, m->f->n_unit);
    enum err_code code = ERR_OK;
    if (like && weight && !m->stalled) {
        for (int32_t g = 0; g < m->f->n_unit; g++) {
            like[g] = m->base_barred[g] ? w->sweep->best[g] : m->base[g];
            weight[g] = m->base_weight[g];
        }
        for (int32_t k = 0; k < m->n_column; k++) {
            const struct master_column *c = &m->column[k];
            if (!c->barred && c->weight > weight[c->group]) {
                weight[c->group] = c->weight;
                like[c->group] = c->member[0];
            }
        }
        code = generate_direct(m, w->pool, w->held, like, w->sweep, err);
    } else if (!m->stalled) {
        code = err_set(err, ERR_NOMEM, "out of memory for a dispatch");
    }
    mem_free(like);
    mem_free(weight);
    return code;
}

static enum err_code climb(struct work *w, struct err *err)
{
    struct master *m = w->m;
    struct fleet *f = m->f;
    const double tolerance = w->a->tolerance;
    double width = FIRST_WIDTH * f->scale;
    enum err_code code = ERR_OK;
    int32_t still = 0; /* rounds in a row that lift nothing to speak of */
    for (int32_t k = 0; k < ROUNDS && still < STILL && !code; k++) {
        int32_t n = 0;
        if (m->bound_usd >= w->a->cutoff_usd || fleet_spent(f))
            return ERR_OK;
        code = watch_step(f->o->watch, 0, 0, f->gap_seen, err);
        if (code)
            return code;
        master_box(m, m->y_best, width);
        code = master_solve(m, err);
        w->n_solved = m->n_column;
        const double size = fabs(m->bound_usd), left = m->objective_usd - m->bound_usd;
        const double was = m->bound_usd;
        const double to_cutoff = w->a->cutoff_usd - m->bound_usd;
        const double enough = isinf(to_cutoff) ? 0 : w->a->enough * to_cutoff;
        if (code || left <= fmax(tolerance * size, enough)) {
            if (code || m->artificial <= 1e-9 * f->rhs_sum ||
                width >= MOST_WIDTH * f->scale)
                return code;
            width *= 4;
            continue;
        }
        code = round_of(w, width, 0.1 * tolerance * size / f->n_unit, &n, err);
        const bool ends = n == 0 && !(m->bound_usd > was);
        still = m->bound_usd - was > 0.1 * tolerance * size ? 0 : still + 1;
        if (!code && (ends || still % 3 == 2))
            code = decide(w, err);
        if (m->bound_usd - was > 0.1 * tolerance * size)
            still = 0;
        else if (ends)
            return code;
        width *= m->bound_usd - was > 0.3 * left ? 2 : 0.6;
        width = fmax(width, 1e-4 * f->scale);
    }
    return code;
}

enum err_code ascend(struct master *m, struct pool *pool, const struct held *held,
                     const struct ascent *a, struct sweep *sweep, struct err *err)
{
    struct work w = {.m = m, .pool = pool, .held = held, .a = a, .sweep = sweep};
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k <= FLOW_ROUNDS && !code; k++) {
        int32_t n_added = 0;
        code = master_add_extra(m, err);
        if (!code)
            code = fleet_price_room(m->f, &w.y, &w.room_y, err);
        if (!code)
            code = climb(&w, err);
        if (code || !m->f->flows || m->stalled || m->bound_usd >= a->cutoff_usd ||
            fleet_spent(m->f))
            break;
        code = flows_separate(m->f, m, &n_added, err);
        if (n_added == 0)
            break;
    }
    mem_free(w.y);
    return code;
}
