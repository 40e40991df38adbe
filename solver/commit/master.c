/*
 * master.c - the linear program over schedules.
 *
 * LP columns: two artificial slacks per base row (more, less); two real ones per base row
 * (shortage or shortfall, surplus; fixed at 0 where the problem has none); steps of
 * shortfall; blocks of others; then schedules and slacks of extra rows as they come.
 * Costs are divided by fleet.scale, so that duals are about 1.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

/* Of right-hand sides, against stalling. */
static const double PERTURBATION = 2e-6;      /* of convexity rows */
static const double BASE_PERTURBATION = 1e-6; /* of base rows, relative */

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the master problem");
}

/* A number in (0, 1] that belongs to k. */
double master_spread(int32_t k)
{
    return (double)((uint32_t)k * UINT32_C(2654435761) % 997 + 1) / 997;
}

/* ---- the part without schedules ------------------------------------------------------- */

/* A block of columns with one entry each. */
struct singles {
    double *cost, *lo, *up, *value;
    int64_t *start;
    int32_t *row;
    int32_t n;
};

static void single(struct singles *s, int32_t row, double value, double cost, double lo,
                   double up)
{
    const int32_t n = s->n++;
    s->cost[n] = cost;
    s->lo[n] = lo;
    s->up[n] = up;
    s->value[n] = value;
    s->row[n] = row;
    s->start[n + 1] = n + 1;
}

static void list_singles(struct master *m, struct singles *s)
{
    const struct fleet *f = m->f;
    for (int32_t r = 0; r < f->n_base; r++) {
        single(s, r, 1, 0, 0, INFINITY);
        single(s, r, -1, 0, 0, INFINITY);
    }
    m->first_real = s->n;
    for (int32_t r = 0; r < f->n_base; r++) {
        const bool roof = !isinf(f->roof[r]);
        const bool floor = r < f->n_interval && !isinf(f->floor[r]);
        single(s, r, 1, roof ? f->roof[r] / f->scale : 0, 0,
               roof ? (double)INFINITY : 0);
        single(s, r, -1, floor ? -f->floor[r] / f->scale : 0, 0,
               floor ? (double)INFINITY : 0);
    }
    m->first_step = s->n;
    for (int32_t k = 0; k < f->n_step; k++)
        single(s, f->step[k].row, 1, f->step[k].cost_usd / f->scale, 0,
               f->step[k].width_mw);
    m->first_block = s->n;
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *b = &f->block[k];
        single(s, b->interval, 1, b->cost_usd / f->scale, b->lo_mw, b->up_mw);
    }
}

static enum err_code add_singles(struct master *m, struct err *err)
{
    const struct fleet *f = m->f;
    const size_t n = 4 * (size_t)f->n_base + (size_t)f->n_step + (size_t)f->n_block;
    struct singles s = {.cost = MEM_ARRAY(double, 4 * n),
                        .start = MEM_ARRAY(int64_t, n + 1),
                        .row = MEM_ARRAY(int32_t, n)};
    enum err_code code;
    if (s.cost && s.start && s.row) {
        s.lo = s.cost + n;
        s.up = s.lo + n;
        s.value = s.up + n;
        list_singles(m, &s);
        code = lp_add_columns(m->lp, s.n, s.cost, s.lo, s.up, s.start, s.row, s.value,
                              err);
    } else {
        code = no_memory(err);
    }
    mem_free(s.cost);
    mem_free(s.start);
    mem_free(s.row);
    return code;
}

/*
 * A base row's right-hand side less what the bases give. A dispatch that serves the load
 * exactly is as degenerate as can be: a little more load makes it less so.
 */
double master_base_side(const struct master *m, int32_t r)
{
    const double rhs = m->f->rhs[r];
    const double more =
        m->perturbed ? BASE_PERTURBATION * fabs(rhs) * master_spread(r) : 0;
    return rhs + more - m->base_activity[r];
}

/* Likewise. Of a cut there is less: more of it may be more than all units together are. */
double master_extra_side(const struct master *m, int32_t e)
{
    const struct fleet *f = m->f;
    const double rhs = f->extra[e].rhs, usual = f->rhs_sum / f->n_interval;
    const double size = BASE_PERTURBATION * master_spread(e);
    double more = 0;
    if (m->perturbed)
        more = extra_is_cut(&f->extra[e]) ? -size * fabs(rhs)
                                          : size * fmax(fabs(rhs), 0.1 * usual);
    return rhs + more - m->base_activity[f->n_base + e];
}

static enum err_code add_base_rows(struct master *m, struct err *err)
{
    const struct fleet *f = m->f;
    double *side = MEM_ARRAY(double, 2 * (size_t)f->n_base);
    if (!side)
        return no_memory(err);
    double *up = side + f->n_base;
    for (int32_t r = 0; r < f->n_base; r++) {
        side[r] = master_base_side(m, r);
        up[r] = r < f->n_interval ? side[r] : (double)INFINITY;
    }
    enum err_code code = lp_add_rows(m->lp, f->n_base, side, up, NULL, NULL, NULL, err);
    mem_free(side);
    return code;
}

/* The basis of slacks, with blocks where prices y want them. */
static void crash(struct master *m, const double *y)
{
    const struct fleet *f = m->f;
    double *left = m->scratch;
    for (int32_t r = 0; r < f->n_base; r++)
        left[r] = f->rhs[r] - m->base_activity[r];
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *b = &f->block[k];
        const bool full = b->cost_usd < y[b->interval];
        lp_set_column_state(m->lp, m->first_block + k,
                            full ? LP_AT_UPPER : LP_AT_LOWER);
        left[b->interval] -= full ? b->up_mw : b->lo_mw;
    }
    for (int32_t r = 0; r < f->n_base; r++) {
        if (r >= f->n_interval && left[r] <= 0)
            continue; /* the row itself is basic */
        lp_set_row_state(m->lp, r, LP_AT_LOWER);
        lp_set_column_state(m->lp, 2 * r + (left[r] < 0), LP_BASIC);
    }
}

/* ---- groups ---------------------------------------------------------------------------- */

static enum err_code groups_create(struct master *m, const int32_t *group,
                                   int32_t n_group, struct err *err)
{
    const int32_t n = m->f->n_unit;
    m->n_group = group ? n_group : n;
    m->group_start = MEM_ARRAY(int32_t, m->n_group + 2);
    m->group_unit = MEM_ARRAY(int32_t, n);
    m->group_row = MEM_ARRAY(int32_t, m->n_group);
    m->group_columns = MEM_ARRAY(int32_t, m->n_group);
    m->base_barred = MEM_ARRAY(bool, m->n_group);
    m->base = MEM_ARRAY(const struct schedule *, n);
    m->group_dual = MEM_ARRAY(double, m->n_group);
    m->base_weight = MEM_ARRAY(double, m->n_group);
    if (!m->group_dual || !m->base_weight || !m->group_start || !m->group_unit ||
        !m->group_row || !m->group_columns || !m->base_barred || !m->base)
        return no_memory(err);
    for (int32_t g = 0; g < n; g++)
        m->group_start[(group ? group[g] : g) + 2]++;
    for (int32_t k = 0; k < m->n_group; k++) {
        m->group_start[k + 2] += m->group_start[k + 1];
        m->group_row[k] = -1;
    }
    for (int32_t g = 0; g < n; g++)
        m->group_unit[m->group_start[(group ? group[g] : g) + 1]++] = g;
    return ERR_OK;
}

double master_penalty_usd(const struct fleet *f)
{
    double most = 1000 * f->scale;
    for (int32_t r = 0; r < f->n_base; r++)
        if (!isinf(f->roof[r]))
            most = fmax(most, 2 * f->roof[r]);
    for (int32_t k = 0; k < f->n_block; k++)
        most = fmax(most, 10 * fabs(f->block[k].cost_usd));
    for (int32_t g = 0; g < f->n_unit; g++)
        if (f->p->unit[g].store)
            most = fmax(most, 10 * store_dearest_usd(f->p, &f->p->unit[g]));
    return most;
}

enum err_code master_create(struct fleet *f, const int32_t *group, int32_t n_group,
                            const struct schedule *const *base, const double *y,
                            struct master **out, struct err *err)
{
    struct master *m = MEM_ARRAY(struct master, 1);
    *out = NULL;
    if (!m)
        return no_memory(err);
    m->f = f;
    m->bound_usd = -INFINITY;
    m->perturbed = true;
    m->penalty_usd = master_penalty_usd(f);
    enum err_code code = master_make_room(m, err);
    if (!code)
        code = groups_create(m, group, n_group, err);
    if (!code)
        code = lp_create(&m->lp, err);
    if (!code) {
        for (int32_t g = 0; g < f->n_unit; g++) {
            m->base[g] = base[g];
            m->base_cost_usd += base[g]->cost_usd;
            schedule_rows(f, base[g], 1, m->base_activity);
        }
        memcpy(m->y_best, y, (size_t)fleet_n_row(f) * sizeof *y);
        code = add_base_rows(m, err);
    }
    if (!code)
        code = add_singles(m, err);
    if (!code) {
        crash(m, y);
        code = master_add_extra(m, err);
    }
    if (code)
        master_release(m);
    else
        *out = m;
    return code;
}

void master_release(struct master *m)
{
    if (!m)
        return;
    lp_destroy(m->lp);
    for (int32_t k = 0; k < m->n_column; k++)
        mem_free(m->column[k].member);
    mem_free(m->column);
    mem_free(m->group_start);
    mem_free(m->group_unit);
    mem_free(m->group_row);
    mem_free(m->group_columns);
    mem_free(m->base_barred);
    mem_free(m->base);
    mem_free(m->extra_row);
    mem_free(m->extra_slack);
    mem_free(m->extra_boxed);
    mem_free(m->base_activity);
    mem_free(m->group_dual);
    mem_free(m->base_weight);
    mem_free(m->dual);
    mem_free(m->scratch);
    mem_free(m->entry_row);
    mem_free(m->entry_value);
    mem_free(m->y);
    mem_free(m->y_best);
    mem_free(m->z);
    mem_free(m);
}

/* ---- columns ---------------------------------------------------------------------------- */

/* What differs from the base, into scratch; returns the difference in cost. */
static double differ(struct master *m, int32_t group,
                     const struct schedule *const *member)
{
    const struct fleet *f = m->f;
    double cost = 0;
    memset(m->scratch, 0, (size_t)fleet_n_row(f) * sizeof *m->scratch);
    for (int32_t k = m->group_start[group], i = 0; k < m->group_start[group + 1];
         k++, i++) {
        const struct schedule *base = m->base[m->group_unit[k]];
        if (base == member[i])
            continue;
        schedule_rows(f, member[i], 1, m->scratch);
        schedule_rows(f, base, -1, m->scratch);
        cost += member[i]->cost_usd - base->cost_usd;
    }
    return cost;
}

enum err_code master_need_row(struct master *m, int32_t group, struct err *err)
{
    if (m->group_row[group] >= 0)
        return ERR_OK;
    const double lo = -INFINITY;
    const double up = 1 + (m->perturbed ? PERTURBATION * master_spread(group) : 0);
    m->group_row[group] = lp_n_rows(m->lp);
    return lp_add_rows(m->lp, 1, &lo, &up, NULL, NULL, NULL, err);
}

enum err_code master_add(struct master *m, int32_t group,
                         const struct schedule *const *member, struct err *err)
{
    const struct fleet *f = m->f;
    const int32_t n = m->group_start[group + 1] - m->group_start[group];
    enum err_code code = master_make_room(m, err);
    if (!code)
        code = master_need_row(m, group, err);
    if (code)
        return code;
    if (m->n_column == m->room_column) {
        const int32_t room = 2 * m->room_column + 64;
        struct master_column *more = mem_resize(m->column, (size_t)room, sizeof *more);
        if (!more)
            return no_memory(err);
        m->column = more;
        m->room_column = room;
    }
    const struct schedule **own = MEM_ARRAY(const struct schedule *, n);
    if (!own)
        return no_memory(err);
    memcpy(own, member, (size_t)n * sizeof *own);
    const double cost = differ(m, group, member) / f->scale;
    int64_t start[2] = {0, 0};
    for (int32_t r = 0; r < f->n_base + m->n_extra; r++)
        if (fabs(m->scratch[r]) > 1e-9) {
            m->entry_row[start[1]] = master_lp_row(m, r);
            m->entry_value[start[1]++] = m->scratch[r];
        }
    m->entry_row[start[1]] = m->group_row[group];
    m->entry_value[start[1]++] = 1;
    m->column[m->n_column++] = (struct master_column){
        .group = group, .lp = lp_n_columns(m->lp), .member = own};
    m->group_columns[group]++;
    const double lo = 0, up = INFINITY;
    return lp_add_columns(m->lp, 1, &cost, &lo, &up, start, m->entry_row,
                          m->entry_value, err);
}

double master_reduced_cost(struct master *m, int32_t group,
                           const struct schedule *const *member)
{
    double cost = m->group_row[group] < 0 ? 0 : -m->group_dual[group];
    for (int32_t k = m->group_start[group], i = 0; k < m->group_start[group + 1];
         k++, i++) {
        const struct schedule *base = m->base[m->group_unit[k]];
        if (base != member[i])
            cost += schedule_profit(m->f, base, m->y) -
                    schedule_profit(m->f, member[i], m->y);
    }
    return cost;
}

enum err_code master_purge(struct master *m, int32_t most, struct err *err)
{
    int32_t *gone = MEM_ARRAY(int32_t, m->n_column);
    int32_t n = 0, kept = 0;
    if (!gone)
        return no_memory(err);
    for (int32_t k = 0; k < m->n_column; k++)
        if (m->column[k].idle > most)
            gone[n++] = m->column[k].lp;
    enum err_code code = lp_delete_columns(m->lp, n, gone, err);
    for (int32_t k = 0, passed = 0; k < m->n_column && !code; k++) {
        struct master_column c = m->column[k];
        if (c.idle > most) {
            passed++;
            m->group_columns[c.group]--;
            mem_free(c.member);
            continue;
        }
        c.lp -= passed;
        m->column[kept++] = c;
    }
    if (!code)
        m->n_column = kept;
    for (int32_t e = 0; e < m->n_extra && !code; e++) {
        int32_t passed = 0;
        while (passed < n && gone[passed] < m->extra_slack[e])
            passed++;
        m->extra_slack[e] -= passed;
    }
    mem_free(gone);
    return code;
}
