/*
 * generate.c - column generation: prices from the master, schedules from the units.
 *
 * The point that is priced lies between the best prices so far and the master's
 * (in-out separation; Pessoa, Uchoa, Sadykov and Vanderbeck, Networks 2018), inside a
 * box around the best.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"
#include "solver/commit/message.h"

enum {
    DIRECT = 400, /* intervals in which units run, up to which a dispatch is direct */
    PATIENCE = 8  /* rounds before a box that is in the way grows */
};

/* Prices y, and keeps them if they are the best. y is changed where (4) asks for it. */
static enum err_code price(struct master *m, struct pool *pool, const struct held *held,
                           double *y, struct sweep *s, struct err *err)
{
    fleet_clamp(m->f, y);
    enum err_code code = sweep_run(m->f, pool, held, y, s, err);
    if (code)
        return code;
    if (s->infeasible >= 0)
        return commit_no_schedule(m->f->p, s->infeasible, err);
    if (s->bound_usd > m->bound_usd) {
        m->bound_usd = s->bound_usd;
        memcpy(m->y_best, y, (size_t)fleet_n_row(m->f) * sizeof *y);
    }
    return ERR_OK;
}

enum err_code generate_restart(struct master *m, struct pool *pool,
                               const struct held *held, const double *y,
                               struct sweep *s, struct err *err)
{
    m->bound_usd = -(double)INFINITY;
    memmove(m->y, y, (size_t)fleet_n_row(m->f) * sizeof *y);
    return price(m, pool, held, m->y, s, err);
}

/* Columns of the sweep that the master's duals ask for. */
static enum err_code add_columns(struct master *m, const struct sweep *s,
                                 double tolerance_usd, int32_t *n_added,
                                 struct err *err)
{
    enum err_code code = ERR_OK;
    *n_added = 0;
    const struct schedule **member = MEM_ARRAY(const struct schedule *, m->f->n_unit);
    if (!member)
        return err_set(err, ERR_NOMEM, "out of memory for schedules");
    for (int32_t k = 0; k < m->n_group && !code; k++) {
        int32_t n = 0;
        for (int32_t i = m->group_start[k]; i < m->group_start[k + 1]; i++)
            member[n++] = s->best[m->group_unit[i]];
        if (master_reduced_cost(m, k, member) >= -tolerance_usd)
            continue;
        code = master_add(m, k, member, err);
        ++*n_added;
    }
    m->f->stats.n_column += *n_added;
    mem_free(member);
    return code;
}

/* One round after a solve; *n_added = 0: the master's duals leave nothing to gain. */
static enum err_code round_of(struct master *m, struct pool *pool,
                              const struct held *held, const struct generation *g,
                              double *y, struct sweep *s, int32_t *n_added,
                              struct err *err)
{
    const int32_t n = fleet_n_row(m->f);
    const double tolerance = 0.1 * g->tolerance * fabs(m->objective_usd) / m->n_group;
    const double toward = isinf(m->bound_usd) ? 1 : g->toward;
    for (int32_t r = 0; r < n; r++)
        y[r] = m->y_best[r] + toward * (m->y[r] - m->y_best[r]);
    enum err_code code = price(m, pool, held, y, s, err);
    if (!code)
        code = add_columns(m, s, tolerance, n_added, err);
    if (code || *n_added > 0 || toward >= 1)
        return code;
    memcpy(y, m->y, (size_t)n * sizeof *y);
    code = price(m, pool, held, y, s, err);
    return code ? code : add_columns(m, s, tolerance, n_added, err);
}

/* Whether limits of work stop it here; prices of the whole fleet leave time for a dive. */
static bool may_stop(const struct master *m, const struct held *held,
                     const struct generation *g)
{
    if (!held && fleet_hurries(m->f))
        return true;
    if (g->unlimited || !fleet_spent(m->f))
        return false;
    return g->least == 0 ||
           m->objective_usd - m->bound_usd <= g->least * fabs(m->bound_usd);
}

enum err_code generate(struct master *m, struct pool *pool, const struct held *held,
                       const struct generation *g, struct sweep *sweep, struct err *err)
{
    struct fleet *f = m->f;
    enum err_code code = master_add_extra(m, err);
    double *y = MEM_ARRAY(double, fleet_n_row(f));
    if (!code && !y)
        code = err_set(err, ERR_NOMEM, "out of memory for prices");
    double width = g->width;
    m->converged = false;
    for (int32_t k = 0; k < g->most && !code; k++) {
        int32_t n_added = 0;
        code = watch_step(f->o->watch, 0, 0, f->gap_seen, err);
        if (!code)
            code = fleet_in_time(f, err);
        if (code)
            break;
        master_box(m, m->y_best, width * f->scale);
        code = master_solve(m, err);
        if (code || m->stalled)
            break;
        const double small = 1e-9 * f->rhs_sum;
        if (!isinf(m->bound_usd) &&
            m->objective_usd - m->bound_usd <= g->tolerance * fabs(m->bound_usd) &&
            (isinf(width) || m->artificial <= small)) {
            m->converged = true;
            break;
        }
        if (m->bound_usd >= g->cutoff_usd || may_stop(m, held, g))
            break;
        const double bound = m->bound_usd;
        code = round_of(m, pool, held, g, y, sweep, &n_added, err);
        if (code)
            break;
        if (n_added == 0 && !(m->bound_usd > bound)) {
            m->converged = true;
            break;
        }
        /* Nothing is worth more than penalties, or an impossible need were worth all. */
        if (k >= PATIENCE && m->artificial > small)
            width = 1.5 * width * f->scale < m->penalty_usd ? 1.5 * width
                                                            : (double)INFINITY;
        if (g->purge > 0 && m->n_column > g->purge * m->n_group)
            code = master_purge(m, 3, err);
    }
    mem_free(y);
    return code;
}

static bool is_small(const struct fleet *f, const struct schedule *const *like)
{
    int32_t n = 0;
    for (int32_t g = 0; g < f->n_unit; g++)
        for (int32_t t = 0; t < f->n_interval; t++)
            n += set_has(&like[g]->on, t);
    return n <= DIRECT;
}

static bool is_there(const struct master *m, const struct schedule *x)
{
    for (int32_t k = 0; k < m->n_column; k++)
        if (m->column[k].member[0] == x)
            return true;
    return m->base[x->unit] == x;
}

enum err_code generate_direct(struct master *m, struct pool *pool,
                              const struct held *held,
                              const struct schedule *const *like, struct sweep *s,
                              struct err *err)
{
    struct fleet *f = m->f;
    if (!is_small(f, like))
        return ERR_OK;
    double *y = MEM_ARRAY(double, fleet_n_row(f));
    const struct schedule **found = MEM_ARRAY(const struct schedule *, f->n_unit);
    bool solved = false;
    enum err_code code =
        y && found ? direct_dispatch(f, pool, like, NULL, y, found, &solved, err)
                   : err_set(err, ERR_NOMEM, "out of memory for a dispatch");
    if (!code && solved)
        code = master_add_extra(m, err);
    for (int32_t g = 0; g < f->n_unit && solved && !code; g++)
        if (!is_there(m, found[g]))
            code = master_add(m, g, &found[g], err);
    if (!code && solved)
        code = price(m, pool, held, y, s, err);
    mem_free(y);
    mem_free(found);
    return code;
}
