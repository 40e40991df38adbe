/*
 * root.c - the greatest Lagrangian: prices of the whole fleet.
 *
 * Large fleets begin with groups of units that cost about the same, one convexity row
 * each: a small program that comes near the best prices in seconds. Then every unit has a
 * row of its own.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"
#include "solver/commit/message.h"

enum {
    GROUPED_FROM = 200, /* units */
    GROUPS = 80,
    SEEDS = 6,       /* schedules per unit of a master that goes on */
    FEW_UNITS = 100, /* whose bound may need prices nearby */
};

static const double FIRST_FACTORS[] = {0.6, 0.75, 0.9, 1.1, 1.25, 1.5};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the bound of the commitment");
}

/* Schedules to begin the next master with. */
struct seeds {
    const struct schedule **item;
    int32_t n, room;
};

static enum err_code seeds_add(struct seeds *s, const struct schedule *x,
                               struct err *err)
{
    if (s->n == s->room) {
        const int32_t room = 2 * s->room + 1024;
        const struct schedule **more = mem_resize(s->item, (size_t)room, sizeof *more);
        if (!more)
            return no_memory(err);
        s->item = more;
        s->room = room;
    }
    s->item[s->n++] = x;
    return ERR_OK;
}

static int by_unit(const void *x, const void *y)
{
    const struct schedule *a = *(const struct schedule *const *)x;
    const struct schedule *b = *(const struct schedule *const *)y;
    if (a->unit != b->unit)
        return a->unit < b->unit ? -1 : 1;
    if (a->cost_usd != b->cost_usd)
        return a->cost_usd < b->cost_usd ? -1 : 1;
    return a->key < b->key ? -1 : a->key > b->key;
}

/* ---- groups ------------------------------------------------------------------------------ */

struct priced {
    double cost_usd;
    int32_t unit;
};

static int by_cost(const void *x, const void *y)
{
    const struct priced *a = x, *b = y;
    if (a->cost_usd != b->cost_usd)
        return a->cost_usd < b->cost_usd ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

static enum err_code make_groups(struct fleet *f, int32_t *group, struct err *err)
{
    struct priced *p = MEM_ARRAY(struct priced, f->n_unit);
    if (!p)
        return no_memory(err);
    for (int32_t g = 0; g < f->n_unit; g++)
        p[g] = (struct priced){fleet_average_cost(f, g, f->n_interval / 2), g};
    qsort(p, (size_t)f->n_unit, sizeof *p, by_cost);
    for (int32_t k = 0; k < f->n_unit; k++)
        group[p[k].unit] = (int32_t)((int64_t)k * GROUPS / f->n_unit);
    mem_free(p);
    return ERR_OK;
}

/* ---- masters ----------------------------------------------------------------------------- */

static enum err_code add_sweep(struct master *m, const struct sweep *s, struct err *err)
{
    const struct schedule **member = MEM_ARRAY(const struct schedule *, m->f->n_unit);
    enum err_code code = member ? ERR_OK : no_memory(err);
    for (int32_t k = 0; k < m->n_group && !code; k++) {
        int32_t n = 0;
        bool differs = false;
        for (int32_t i = m->group_start[k]; i < m->group_start[k + 1]; i++) {
            const int32_t g = m->group_unit[i];
            differs = differs || s->best[g] != m->base[g];
            member[n++] = s->best[g];
        }
        if (differs)
            code = master_add(m, k, member, err);
    }
    mem_free(member);
    return code;
}

/* Columns at multiples of the first prices y. */
static enum err_code add_first(struct root *r, struct master *m, const double *y,
                               struct sweep *s, struct err *err)
{
    struct fleet *f = m->f;
    double *scaled = MEM_ARRAY(double, fleet_n_row(f));
    enum err_code code = scaled ? ERR_OK : no_memory(err);
    for (size_t k = 0; k < sizeof FIRST_FACTORS / sizeof *FIRST_FACTORS && !code; k++) {
        for (int32_t i = 0; i < fleet_n_row(f); i++)
            scaled[i] = FIRST_FACTORS[k] * y[i];
        fleet_clamp(f, scaled);
        code = sweep_run(f, r->pool, NULL, scaled, s, err);
        if (!code && s->bound_usd > m->bound_usd) {
            m->bound_usd = s->bound_usd;
            memcpy(m->y_best, scaled, (size_t)fleet_n_row(f) * sizeof *y);
        }
        if (!code)
            code = add_sweep(m, s, err);
    }
    mem_free(scaled);
    return code;
}

static enum err_code grouped(struct fleet *f, struct root *r, struct sweep *s,
                             struct seeds *seeds, struct err *err)
{
    const struct generation g = {.width = 0.3,
                                 .toward = 0.6,
                                 .tolerance = 2e-4,
                                 .most = 60,
                                 .least = 5e-3,
                                 .cutoff_usd = (double)INFINITY};
    int32_t *group = MEM_ARRAY(int32_t, f->n_unit);
    struct master *m = NULL;
    enum err_code code = group ? make_groups(f, group, err) : no_memory(err);
    if (!code)
        code = master_create(f, group, GROUPS, s->best, r->y, &m, err);
    if (!code) {
        m->bound_usd = s->bound_usd;
        code = add_first(r, m, r->y, s, err);
    }
    if (!code)
        code = generate(m, r->pool, NULL, &g, s, err);
    for (int32_t u = 0; !code && u < f->n_unit; u++)
        if (m->base_weight[group[u]] > 1e-9)
            code = seeds_add(seeds, m->base[u], err);
    for (int32_t k = 0; !code && k < m->n_column; k++) {
        const struct master_column *c = &m->column[k];
        const int32_t n = m->group_start[c->group + 1] - m->group_start[c->group];
        for (int32_t i = 0; i < n && c->weight > 1e-9 && !code; i++)
            code = seeds_add(seeds, c->member[i], err);
    }
    if (!code) {
        memcpy(r->y, m->y_best, (size_t)f->n_base * sizeof *r->y);
        r->bound_usd = m->bound_usd;
    }
    master_release(m);
    mem_free(group);
    return code;
}

/* The best schedules of a unit at the best prices, best first; returns how many. */
static int32_t best_known(const struct fleet *f, const struct root *r, int32_t unit,
                          const struct schedule **best)
{
    double profit[SEEDS];
    int32_t n = 0;
    for (const struct schedule *x = r->pool->first[unit]; x; x = x->next) {
        const double own = schedule_profit(f, x, r->y);
        if (n == SEEDS && own <= profit[n - 1])
            continue;
        int32_t k = n < SEEDS ? n++ : n - 1;
        for (; k > 0 && profit[k - 1] < own; k--) {
            profit[k] = profit[k - 1];
            best[k] = best[k - 1];
        }
        profit[k] = own;
        best[k] = x;
    }
    const double near = 2e-5 * fabs(r->bound_usd);
    while (n > 0 && profit[n - 1] < profit[0] - near)
        n--;
    return n;
}

/* Another master at the best prices, of the schedules that are best there. */
static enum err_code renew(struct fleet *f, struct root *r, struct sweep *s,
                           struct err *err)
{
    const struct schedule *best[SEEDS];
    enum err_code code = root_note(f, r, err);
    master_release(r->master);
    r->master = NULL;
    if (!code)
        code = sweep_run(f, r->pool, NULL, r->y, s, err);
    if (!code)
        code = master_create(f, NULL, 0, s->best, r->y, &r->master, err);
    if (!code)
        r->master->bound_usd = s->bound_usd;
    for (int32_t u = 0; u < f->n_unit && !code; u++) {
        const int32_t n = best_known(f, r, u, best);
        for (int32_t k = 0; k < n && !code; k++)
            if (best[k] != s->best[u])
                code = master_add(r->master, u, &best[k], err);
    }
    return code;
}

/* To prices near the best with all limits of flows, and a master there. */
static enum err_code climb(struct fleet *f, struct root *r, struct sweep *s,
                           struct generation *g, struct err *err)
{
    enum err_code code = generate(r->master, r->pool, NULL, g, s, err);
    if (code || r->master->stalled)
        return code;
    code = volume_ascend(r->master, r->pool, s, err);
    if (!code && f->n_extra > 0)
        code = renew(f, r, s, err);
    g->width = 0.3;
    g->toward = 0.5;
    g->tolerance = fmax(1e-5, fmin(2e-4, 0.06 * f->o->gap));
    return code;
}

static enum err_code single(struct fleet *f, struct root *r, struct sweep *s,
                            struct seeds *seeds, struct err *err)
{
    const bool late = seeds->n > 0;
    struct generation g = {.width = late ? 0.05 : 0.3,
                           .toward = 0.7,
                           .tolerance = 1e-5,
                           .most = late ? 60 : 150,
                           .least = 1e-3,
                           .cutoff_usd = (double)INFINITY,
                           .purge = 8};
    enum err_code code = sweep_run(f, r->pool, NULL, r->y, s, err);
    if (!code && s->infeasible >= 0)
        return commit_no_schedule(f->p, s->infeasible, err);
    if (!code)
        code = master_create(f, NULL, 0, s->best, r->y, &r->master, err);
    if (code)
        return code;
    struct master *m = r->master;
    m->bound_usd = s->bound_usd;
    if (!late)
        code = add_first(r, m, r->y, s, err);
    if (late)
        qsort(seeds->item, (size_t)seeds->n, sizeof *seeds->item, by_unit);
    for (int32_t k = 0; k < seeds->n && !code; k++) {
        const struct schedule *x = seeds->item[k];
        if (x != m->base[x->unit] && (k == 0 || x != seeds->item[k - 1]))
            code = master_add(m, x->unit, &x, err);
    }
    if (!code && fleet_is_large(f))
        code = climb(f, r, s, &g, err);
    if (!code)
        code = flows_generate(r->master, r->pool, NULL, &g, s, err);
    m = r->master;
    if (code || m->converged || f->n_unit > FEW_UNITS)
        return code;
    struct seeded random = seeded_begin(5, 0);
    const struct ascent a = {.tolerance = 1e-5,
                             .cutoff_usd = (double)INFINITY,
                             .nearby = true,
                             .random = &random};
    return ascend(m, r->pool, NULL, &a, s, err);
}

enum err_code root_again(struct fleet *f, struct root *r, struct sweep *s,
                         struct err *err)
{
    const struct generation g = {.width = 0.05,
                                 .toward = 0.7,
                                 .tolerance = 1e-5,
                                 .most = 20,
                                 .cutoff_usd = (double)INFINITY};
    enum err_code code = sweep_run(f, r->pool, NULL, r->y, s, err);
    if (!code)
        code = master_create(f, NULL, 0, s->best, r->y, &r->master, err);
    if (code)
        return code;
    const double near = 1e-4 * fabs(r->bound_usd);
    r->master->bound_usd = s->bound_usd;
    for (int32_t u = 0; u < f->n_unit; u++)
        for (const struct schedule *x = r->pool->first[u]; x && !code; x = x->next)
            if (x != s->best[u] && schedule_profit(f, x, r->y) > s->value[u] - near)
                code = master_add(r->master, u, &x, err);
    return code ? code : generate(r->master, r->pool, NULL, &g, s, err);
}

enum err_code root_note(struct fleet *f, struct root *r, struct err *err)
{
    const int32_t n = fleet_n_row(f);
    enum err_code code = fleet_price_room(f, &r->y, &r->room_y, err);
    if (code)
        return code;
    memcpy(r->y, r->master->y_best, (size_t)n * sizeof *r->y);
    r->bound_usd = r->master->bound_usd;
    return ERR_OK;
}

enum err_code root_solve(struct fleet *f, struct root *r, struct sweep *s,
                         struct err *err)
{
    struct seeds seeds = {0};
    r->room_y = fleet_n_row(f);
    r->y = MEM_ARRAY(double, r->room_y);
    enum err_code code = r->y ? ERR_OK : no_memory(err);
    if (!code)
        code = pool_create(f, &r->pool, err);
    if (!code)
        code = fleet_first_prices(f, r->y, err);
    if (!code && f->n_unit >= GROUPED_FROM) {
        code = sweep_run(f, r->pool, NULL, r->y, s, err);
        if (!code && s->infeasible >= 0)
            code = commit_no_schedule(f->p, s->infeasible, err);
        if (!code)
            code = grouped(f, r, s, &seeds, err);
    }
    if (!code)
        code = single(f, r, s, &seeds, err);
    if (!code)
        code = root_note(f, r, err);
    r->n_hull = fleet_n_row(f);
    if (!code && !(r->hull_y = MEM_ARRAY(double, r->n_hull)))
        code = no_memory(err);
    if (!code) {
        memcpy(r->hull_y, r->y, (size_t)r->n_hull * sizeof *r->y);
        r->hull_usd = r->bound_usd;
    }
    mem_free(seeds.item);
    return code;
}

void root_release(struct fleet *f, struct root *r)
{
    master_release(r->master);
    pool_release(f, r->pool);
    mem_free(r->y);
    mem_free(r->hull_y);
}
