/* master_solve.c - the master is solved within its box, and read. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

enum {
    FEW_ITERATIONS = 200, /* and more is a stall: see solve_lp */
    ITERATIONS_PER_ROW = 2
};

/* Flows see a part of a unit's power: the boxes of their prices are wider. */
static const double EXTRA_BOX = 4;

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the master problem");
}

void master_box(struct master *m, const double *centre, double width_usd)
{
    const struct fleet *f = m->f;
    const bool fixed = isinf(width_usd);
    m->boxed = !fixed;
    for (int32_t r = 0; r < f->n_base; r++) {
        /* No two alike: ties are what the simplex method stalls on. */
        const double width = fixed ? 0 : width_usd * (1 + 0.2 * master_spread(r));
        const double low = fixed ? -m->penalty_usd : centre[r] - width;
        const double high = fixed ? m->penalty_usd : centre[r] + width;
        lp_set_cost(m->lp, 2 * r, high / f->scale);
        lp_set_cost(m->lp, 2 * r + 1, -low / f->scale);
    }
    for (int32_t e = 0; e < m->n_extra; e++) {
        const int32_t r = f->n_base + e;
        const double top = fmin(f->extra[e].top_usd, m->penalty_usd);
        double cost = top;
        if (!fixed && fleet_is_large(f) && f->extra[e].kind == EXTRA_FLOW)
            cost = fmin(top, centre[r] +
                                 EXTRA_BOX * width_usd * (1 + 0.2 * master_spread(r)));
        m->extra_boxed[e] = cost < f->extra[e].top_usd;
        lp_set_cost(m->lp, m->extra_slack[e], cost / f->scale);
    }
}

static enum err_code solve_lp(struct master *m, struct err *err)
{
    const int64_t before = lp_iterations(m->lp);
    const int32_t most = FEW_ITERATIONS + ITERATIONS_PER_ROW * lp_n_rows(m->lp);
    const bool dual = m->bars && !m->jumps;
    enum lp_status status;
    enum err_code code =
        lp_solve_within(m->lp, dual ? LP_DUAL : LP_PRIMAL, most, &status, err);
    /* The primal simplex may stall on programs as degenerate as these; a few hundred
     * iterations of the dual end that. */
    if (!code && status != LP_OPTIMAL) {
        m->n_weak_solves++;
        code = lp_solve_within(m->lp, dual ? LP_PRIMAL : LP_DUAL, most, &status, err);
    }
    if (!code && status != LP_OPTIMAL)
        code = lp_solve(m->lp, LP_PRIMAL, &status, err);
    const int64_t n = lp_iterations(m->lp) - before;
    m->f->stats.simplex_iterations += n;
    m->f->simplex_work += (n + 1) * lp_n_rows(m->lp);
    m->stalled = status != LP_OPTIMAL;
    m->bars = m->jumps = false;
    return code;
}

/* Slack that is no slack of the problem: what the box or the penalty pays for. */
static double artificial(const struct master *m)
{
    const struct fleet *f = m->f;
    double sum = 0;
    for (int32_t r = 0; r < 2 * f->n_base; r++)
        sum += m->z[r];
    for (int32_t e = 0; e < m->n_extra; e++)
        if (m->extra_boxed[e])
            sum += m->z[m->extra_slack[e]];
    return sum;
}

static void read_weights(struct master *m)
{
    for (int32_t k = 0; k < m->n_group; k++)
        m->base_weight[k] = m->base_barred[k] ? 0 : 1;
    for (int32_t k = 0; k < m->n_column; k++) {
        struct master_column *c = &m->column[k];
        c->idle = lp_column_state(m->lp, c->lp) == LP_BASIC ? 0 : c->idle + 1;
        c->weight = m->z[c->lp];
        if (!m->base_barred[c->group])
            m->base_weight[c->group] -= c->weight;
    }
}

enum err_code master_solve(struct master *m, struct err *err)
{
    const struct fleet *f = m->f;
    enum err_code code = solve_lp(m, err);
    if (code)
        return code;
    if (m->stalled) {
        m->objective_usd = m->artificial = (double)INFINITY;
        return ERR_OK;
    }
    const int32_t n = lp_n_columns(m->lp), n_row = lp_n_rows(m->lp);
    if (n > m->room_z && !master_grow(&m->z, 0, n + 1024))
        return no_memory(err);
    if (n > m->room_z)
        m->room_z = n + 1024;
    if (n_row > m->room_dual && !master_grow(&m->dual, 0, n_row + 1024))
        return no_memory(err);
    if (n_row > m->room_dual)
        m->room_dual = n_row + 1024;
    lp_column_values(m->lp, m->z);
    lp_row_duals(m->lp, m->dual);
    for (int32_t r = 0; r < f->n_base + m->n_extra; r++)
        m->y[r] = m->dual[master_lp_row(m, r)] * f->scale;
    for (int32_t k = 0; k < m->n_group; k++)
        if (m->group_row[k] >= 0)
            m->group_dual[k] = m->dual[m->group_row[k]] * f->scale;
    read_weights(m);
    m->objective_usd = lp_objective(m->lp) * f->scale + m->base_cost_usd;
    m->artificial = artificial(m);
    return ERR_OK;
}

enum err_code master_exact(struct master *m, struct err *err)
{
    m->perturbed = false;
    for (int32_t r = 0; r < m->f->n_base; r++) {
        const double side = master_base_side(m, r);
        lp_set_row_bounds(m->lp, r, side,
                          r < m->f->n_interval ? side : (double)INFINITY);
    }
    for (int32_t e = 0; e < m->n_extra; e++)
        lp_set_row_bounds(m->lp, m->extra_row[e], master_extra_side(m, e),
                          (double)INFINITY);
    for (int32_t k = 0; k < m->n_group; k++)
        if (m->group_row[k] >= 0)
            lp_set_row_bounds(m->lp, m->group_row[k],
                              m->base_barred[k] ? 1 : -(double)INFINITY, 1);
    m->bars = true;
    return master_solve(m, err);
}
