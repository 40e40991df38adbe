/*
 * volume.c - prices of many limits of flows without a linear program.
 *
 * Limits that enter a master together have no prices yet, and a program with hundreds of
 * dense rows finds them slowly. The volume algorithm (Barahona and Anbil, Mathematical
 * Programming 87, 2000) goes uphill on the Lagrangian along what an average of the
 * schedules so far leaves of each row; the average comes near the mixture that a master
 * would find, so that it also tells which limits are broken. What it ends with is where
 * column generation goes on: best prices, their bound, all rows, and the schedules of
 * prices nearby.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

enum {
    STEPS = 240,     /* most sweeps */
    PATIENCE = 4,    /* steps without a better bound before they get shorter */
    SEPARATE = 8,    /* steps between two looks at the limits */
    SEPARATIONS = 16 /* of them */
};

static const double SHARE = 0.1;   /* of the newest schedules in the average */
static const double CLOSE = 2e-4;  /* of cost of the average and bound */
static const double SHORTER = 0.7; /* factor of a step */
static const double LONGER = 1.1;

struct volume {
    struct fleet *f;
    struct master *m;
    double *y;        /* [room] of this step */
    double *activity; /* [room] of the average */
    double *got;      /* [room] of this step's schedules */
    double *width;    /* [room] greatest coefficient of a row */
    int32_t room, n_row;
    double *unit_mw;  /* [n_unit][n_interval] of the average */
    double *block_mw; /* [n_block] */
    double *rest;     /* [n_block] what a MW of the block costs at y */
    double cost_usd;  /* of the average, without what it breaks */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for prices of limits");
}

static bool allocate(struct volume *v)
{
    const struct fleet *f = v->f;
    v->unit_mw = MEM_ARRAY(double, (size_t)f->n_unit *(size_t)f->n_interval);
    v->block_mw = MEM_ARRAY(double, f->n_block);
    v->rest = MEM_ARRAY(double, f->n_block);
    return v->unit_mw && v->block_mw && v->rest;
}

static void release(struct volume *v)
{
    mem_free(v->y);
    mem_free(v->activity);
    mem_free(v->got);
    mem_free(v->width);
    mem_free(v->unit_mw);
    mem_free(v->block_mw);
    mem_free(v->rest);
}

/* ---- the average ------------------------------------------------------------------------ */

static void mix_in(struct volume *v, const struct schedule *s, double by)
{
    const int32_t T = v->f->n_interval;
    double *mw = v->unit_mw + (size_t)s->unit * (size_t)T;
    for (int32_t t = 0; t < T; t++)
        mw[t] += by * s->mw[t];
    v->cost_usd += by * s->cost_usd;
}

/* Begins with the mixture of the master. */
static void read_master(struct volume *v)
{
    const struct master *m = v->m;
    const struct fleet *f = v->f;
    for (int32_t k = 0; k < m->n_group; k++)
        if (m->base_weight[k] > 0) {
            mix_in(v, m->base[k], m->base_weight[k]);
            schedule_rows(f, m->base[k], m->base_weight[k], v->activity);
        }
    for (int32_t k = 0; k < m->n_column; k++)
        if (m->column[k].weight > 0) {
            mix_in(v, m->column[k].member[0], m->column[k].weight);
            schedule_rows(f, m->column[k].member[0], m->column[k].weight, v->activity);
        }
    for (int32_t k = 0; k < f->n_block; k++) {
        v->block_mw[k] = m->z[m->first_block + k];
        v->cost_usd += v->block_mw[k] * f->block[k].cost_usd;
        v->activity[f->block[k].interval] += v->block_mw[k];
    }
    for (int32_t r = 0; r < f->n_base; r++) {
        const double *real = m->z + m->first_real + 2 * r;
        v->activity[r] += real[0] - real[1];
    }
}

static void width_of(struct volume *v, int32_t r)
{
    const struct extra *x = &v->f->extra[r - v->f->n_base];
    double most = x->kind == EXTRA_RAMP ? 1 : 1e-3;
    for (int32_t g = 0; g < v->f->n_unit && x->power; g++)
        most = fmax(most, fabs(x->power[g]));
    v->width[r] = most;
}

/* What the average gives in a store's ramp. */
static double ramp_of(const struct volume *v, const struct extra *x)
{
    const double *mw = v->unit_mw + (size_t)x->store * (size_t)v->f->n_interval;
    const double rise = mw[x->interval] - (x->interval > 0 ? mw[x->interval - 1] : 0);
    return x->minimum ? rise : -rise;
}

/* Room for rows that there are by now, and what the average gives in them. */
static enum err_code see_rows(struct volume *v, struct err *err)
{
    const struct fleet *f = v->f;
    const int32_t n = fleet_n_row(f), T = f->n_interval;
    enum err_code code = master_make_room(v->m, err);
    if (code)
        return code;
    if (n > v->room) {
        const int32_t room = n + 256;
        if (!master_grow(&v->y, v->room, room) ||
            !master_grow(&v->activity, v->room, room) ||
            !master_grow(&v->got, v->room, room) ||
            !master_grow(&v->width, v->room, room))
            return no_memory(err);
        v->room = room;
    }
    for (int32_t r = v->n_row; r < n && r < f->n_base; r++)
        v->width[r] = 1;
    for (int32_t r = v->n_row > f->n_base ? v->n_row : f->n_base; r < n; r++) {
        const struct extra *x = &f->extra[r - f->n_base];
        width_of(v, r);
        v->m->y_best[r] = 0;
        v->activity[r] = x->kind == EXTRA_RAMP ? ramp_of(v, x) : 0;
        for (int32_t g = 0; g < f->n_unit && x->power; g++)
            v->activity[r] += x->power[g] * v->unit_mw[g * T + x->interval];
        for (int32_t k = 0; k < f->n_block; k++)
            v->activity[r] += fleet_extra_of_block(f, x, &f->block[k]) * v->block_mw[k];
    }
    v->n_row = n;
    return ERR_OK;
}

/* This step's schedules and blocks, into the average. */
static void average(struct volume *v, const struct sweep *s)
{
    const struct fleet *f = v->f;
    const int32_t n = v->n_row;
    const size_t n_mw = (size_t)f->n_unit * (size_t)f->n_interval;
    memset(v->got, 0, (size_t)n * sizeof *v->got);
    for (size_t i = 0; i < n_mw; i++)
        v->unit_mw[i] *= 1 - SHARE;
    v->cost_usd *= 1 - SHARE;
    for (int32_t g = 0; g < f->n_unit; g++) {
        schedule_rows(f, s->best[g], 1, v->got);
        mix_in(v, s->best[g], SHARE);
    }
    for (int32_t k = 0; k < f->n_block; k++)
        v->rest[k] = f->block[k].cost_usd - v->y[f->block[k].interval];
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *b = &f->block[k];
        if (f->p->net)
            for (int32_t e = 0; e < f->n_extra; e++)
                v->rest[k] -=
                    v->y[f->n_base + e] * fleet_extra_of_block(f, &f->extra[e], b);
        const double mw = v->rest[k] > 0 ? b->lo_mw : b->up_mw;
        v->got[b->interval] += mw;
        for (int32_t e = 0; e < f->n_extra; e++)
            v->got[f->n_base + e] += mw * fleet_extra_of_block(f, &f->extra[e], b);
        v->block_mw[k] += SHARE * (mw - v->block_mw[k]);
        v->cost_usd += SHARE * mw * b->cost_usd;
    }
    for (int32_t r = 0; r < n; r++)
        v->activity[r] += SHARE * (v->got[r] - v->activity[r]);
}

/* ---- steps ------------------------------------------------------------------------------- */

/* What the average leaves of a row; nothing where prices cannot follow. */
static double missing(const struct volume *v, int32_t r)
{
    const struct fleet *f = v->f;
    const double rhs = r < f->n_base ? f->rhs[r] : f->extra[r - f->n_base].rhs;
    const double by = rhs - v->activity[r], y = v->m->y_best[r];
    const double floor = r < f->n_base ? f->floor[r] : 0;
    const double roof = r < f->n_base ? f->roof[r] : f->extra[r - f->n_base].top_usd;
    return (by < 0 && y <= floor) || (by > 0 && y >= roof) ? 0 : by;
}

/* Prices along what is missing, as far as `share` of the way to the target. */
static void step(struct volume *v, double share, double target_usd)
{
    double norm = 0;
    for (int32_t r = 0; r < v->n_row; r++) {
        const double by = missing(v, r) / v->width[r];
        norm += by * by;
    }
    const double length = norm > 0 ? share * (target_usd - v->m->bound_usd) / norm : 0;
    for (int32_t r = 0; r < v->n_row; r++)
        v->y[r] =
            v->m->y_best[r] + length * missing(v, r) / (v->width[r] * v->width[r]);
    fleet_clamp(v->f, v->y);
}

/* What the average costs, with what it breaks at the price of the best prices and more. */
static bool is_close(const struct volume *v)
{
    const struct fleet *f = v->f;
    double broken_usd = 0;
    for (int32_t r = 0; r < v->n_row; r++)
        broken_usd += fabs(missing(v, r)) * (fabs(v->m->y_best[r]) + f->scale);
    const double cost = v->cost_usd + broken_usd;
    return cost - v->m->bound_usd < CLOSE * fabs(cost);
}

static enum err_code climb(struct volume *v, struct pool *pool, struct sweep *s,
                           struct err *err)
{
    struct master *m = v->m;
    double share = 1, target_usd = m->bound_usd;
    int32_t idle = 0, n_look = 0;
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < STEPS && !code && !fleet_spent(v->f); k++) {
        if (k % SEPARATE == 0 && n_look++ < SEPARATIONS) {
            int32_t n_added;
            code = flows_separate_average(v->f, v->unit_mw, v->block_mw, &n_added, err);
            if (!code)
                code = see_rows(v, err);
            if (code || (k == 0 && n_added == 0))
                break;
        }
        if (target_usd < m->bound_usd + 2e-3 * fabs(m->bound_usd))
            target_usd = m->bound_usd + 1e-2 * fabs(m->bound_usd);
        step(v, share, target_usd);
        code = sweep_run(v->f, pool, NULL, v->y, s, err);
        if (code)
            break;
        average(v, s);
        if (s->bound_usd > m->bound_usd) {
            m->bound_usd = s->bound_usd;
            memcpy(m->y_best, v->y, (size_t)v->n_row * sizeof *v->y);
            share = fmin(2, share * LONGER);
            idle = 0;
        } else if (++idle % PATIENCE == 0) {
            share *= SHORTER;
        }
        if (is_close(v))
            break;
    }
    return code;
}

/* Rows without a price that the average keeps with room to spare are not needed. */
static enum err_code drop_rows(struct volume *v, struct err *err)
{
    struct fleet *f = v->f;
    bool *keep = MEM_ARRAY(bool, f->n_extra);
    if (!keep)
        return no_memory(err);
    for (int32_t e = 0; e < f->n_extra; e++) {
        const int32_t r = f->n_base + e;
        keep[e] = f->extra[e].kind != EXTRA_FLOW || f->extra[e].limit >= 0 ||
                  v->m->y_best[r] > 1e-3 * f->scale;
    }
    flows_keep(f, keep, v->m->y_best);
    mem_free(keep);
    return ERR_OK;
}

enum err_code volume_ascend(struct master *m, struct pool *pool, struct sweep *s,
                            struct err *err)
{
    struct volume v = {.f = m->f, .m = m};
    enum err_code code = allocate(&v) ? see_rows(&v, err) : no_memory(err);
    if (!code) {
        read_master(&v);
        code = climb(&v, pool, s, err);
    }
    if (!code)
        code = drop_rows(&v, err);
    release(&v);
    return code;
}
