/*
 * branch_relax.c - the relaxation of a node: its greatest Lagrangian.
 *
 * One master serves all nodes; what a node's units are not allowed to do is barred. Limits
 * of flows that the node's point breaks are rows of all nodes from then on.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/branch_work.h"

enum {
    SEEDS = 60,           /* columns per unit that the tree's master begins with */
    COLUMNS_PER_UNIT = 5, /* of the master, then idle ones go */
    IDLE_SOLVES = 4,
    COLUMNS_OF_FEW = 60,
    IDLE_OF_FEW = 40
};

/* Of what is left to the cutoff: a node that is branched anyway is relaxed no further. */
static const double ENOUGH = 0.1;

/* Whether x does as the incumbent outside of the tree's intervals. */
static bool may_do(const struct tree *b, const struct schedule *x)
{
    const int32_t n = unit_facts(b->f->p, x->unit);
    for (int32_t k = 0; k < n; k++)
        if (!tree_decides(b, k) &&
            set_has(&x->on, k) != set_has(&b->s->incumbent[x->unit]->on, k))
            return false;
    return true;
}

/* A master of schedules that are good at the root's prices, without perturbation. */
enum err_code tree_refresh(struct tree *b, struct err *err)
{
    struct search *s = b->s;
    struct fleet *f = b->f;
    master_release(b->m);
    b->m = NULL;
    pool_release(f, b->pool);
    b->pool = NULL;
    enum err_code code = pool_create(f, &b->pool, err);
    if (!code)
        code = fleet_price_room(f, &s->root->y, &s->root->room_y, err);
    if (!code) {
        b->pool->parent = s->root->pool;
        code = sweep_run(f, b->pool, NULL, s->root->y, s->sweep, err);
    }
    if (!code)
        code = master_create(f, NULL, 0, s->incumbent ? s->incumbent : s->sweep->best,
                             s->root->y, &b->m, err);
    if (code)
        return code;
    b->m->perturbed = false;
    const double near = 2e-3 * fabs(s->root->bound_usd);
    for (int32_t g = 0; g < f->n_unit; g++) {
        int32_t n = 0;
        for (const struct schedule *x = s->root->pool->first[g]; x && !code;
             x = x->next)
            if (x != b->m->base[g] && n < SEEDS && may_do(b, x) &&
                schedule_profit(f, x, s->root->y) > s->sweep->value[g] - near) {
                code = master_add(b->m, g, &x, err);
                n++;
            }
    }
    return code;
}

static bool has_column(const struct master *m, const struct schedule *x)
{
    if (m->base[x->unit] == x)
        return true;
    for (int32_t k = 0; k < m->n_column; k++)
        if (m->column[k].group == x->unit && m->column[k].member[0] == x)
            return true;
    return false;
}

/* Holds the master to n and prices it as it begins; *dead: a unit can do nothing. */
static enum err_code begin(struct tree *b, const struct node *n, bool *dead,
                           struct err *err)
{
    struct search *s = b->s;
    struct master *m = b->m;
    const size_t n_unit = (size_t)b->f->n_unit;
    memcpy(s->held.on, n->on, n_unit * sizeof *n->on);
    memcpy(s->held.off, n->off, n_unit * sizeof *n->off);
    master_unbar(m);
    enum err_code code = master_add_extra(m, err);
    if (!code)
        code = counts_hold(b, n, err);
    if (code)
        return code;
    memset(m->y, 0, (size_t)fleet_n_row(b->f) * sizeof *m->y);
    memcpy(m->y, n->y, (size_t)n->n_row * sizeof *m->y);
    fleet_clamp(b->f, m->y);
    code = sweep_run(b->f, b->pool, &s->held, m->y, s->sweep, err);
    *dead = !code && s->sweep->infeasible >= 0;
    if (code || *dead)
        return code;
    m->bound_usd = s->sweep->bound_usd;
    memcpy(m->y_best, m->y, (size_t)fleet_n_row(b->f) * sizeof *m->y);
    code = master_bar(m, &s->held, err);
    for (int32_t g = 0; g < b->f->n_unit && !code; g++)
        if (!has_column(m, s->sweep->best[g]))
            code = master_add(m, g, &s->sweep->best[g], err);
    return code;
}

enum err_code tree_relax(struct tree *b, struct node *n, bool near, bool *dead,
                         struct err *err)
{
    enum err_code code = ERR_OK;
    const bool few = tree_is_few(b);
    if (b->m->n_column > (few ? COLUMNS_OF_FEW : COLUMNS_PER_UNIT) * b->f->n_unit)
        code = master_purge(b->m, few ? IDLE_OF_FEW : IDLE_SOLVES, err);
    if (!code)
        code = begin(b, n, dead, err);
    if (code || *dead)
        return code;
    const struct ascent a = {.tolerance = fmin(1e-5, 0.2 * b->f->o->gap),
                             .cutoff_usd = tree_cutoff(b),
                             .enough = near && !tree_is_few(b) ? ENOUGH : 0,
                             .nearby = tree_is_few(b),
                             .random = &b->s->random};
    code = ascend(b->m, b->pool, &b->s->held, &a, b->s->sweep, err);
    n->bound_usd = fmax(n->bound_usd, b->m->bound_usd);
    b->n_node++;
    return code;
}
