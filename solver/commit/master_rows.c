/* master_rows.c - rows that the master gets while it lives, and columns that it bars. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the master problem");
}

bool master_grow(double **array, int32_t from, int32_t room)
{
    double *more = mem_resize(*array, (size_t)room, sizeof **array);
    if (!more)
        return false;
    for (int32_t k = from; k < room; k++)
        more[k] = 0;
    *array = more;
    return true;
}

static bool grow_index(int32_t **array, int32_t room)
{
    int32_t *more = mem_resize(*array, (size_t)room, sizeof **array);
    if (!more)
        return false;
    *array = more;
    return true;
}

/* Room for all the common rows that there are by now. */
enum err_code master_make_room(struct master *m, struct err *err)
{
    const int32_t n = fleet_n_row(m->f), from = m->room_row;
    if (n <= from)
        return ERR_OK;
    const int32_t room = n + 64;
    if (!master_grow(&m->base_activity, from, room) ||
        !master_grow(&m->scratch, from, room) || !master_grow(&m->y, from, room) ||
        !master_grow(&m->y_best, from, room) ||
        !master_grow(&m->entry_value, from, room + 1) ||
        !grow_index(&m->entry_row, room + 1) || !grow_index(&m->extra_row, room) ||
        !grow_index(&m->extra_slack, room))
        return no_memory(err);
    bool *boxed = mem_resize(m->extra_boxed, (size_t)room, sizeof *boxed);
    if (!boxed)
        return no_memory(err);
    m->extra_boxed = boxed;
    m->room_row = room;
    return ERR_OK;
}

/* ---- bars ----------------------------------------------------------------------------- */

static bool allowed(const struct held *held, const struct schedule *s)
{
    return set_within(&held->on[s->unit], &s->on) &&
           !set_meets(&held->off[s->unit], &s->on);
}

static bool all_allowed(const struct master *m, const struct held *held, int32_t group,
                        const struct schedule *const *member)
{
    const int32_t from = m->group_start[group];
    for (int32_t k = from; k < m->group_start[group + 1]; k++)
        if (!allowed(held, member ? member[k - from] : m->base[m->group_unit[k]]))
            return false;
    return true;
}

enum err_code master_bar(struct master *m, const struct held *held, struct err *err)
{
    for (int32_t k = 0; k < m->n_column; k++) {
        struct master_column *c = &m->column[k];
        if (!c->barred && !all_allowed(m, held, c->group, c->member)) {
            c->barred = true;
            m->bars = true;
            lp_set_column_bounds(m->lp, c->lp, 0, 0);
        }
    }
    for (int32_t k = 0; k < m->n_group; k++) {
        if (m->base_barred[k] || all_allowed(m, held, k, NULL))
            continue;
        enum err_code code = master_need_row(m, k, err);
        if (code)
            return code;
        const double up = lp_row_upper(m->lp, m->group_row[k]);
        m->base_barred[k] = true;
        m->bars = true;
        lp_set_row_bounds(m->lp, m->group_row[k], up, up);
    }
    return ERR_OK;
}

void master_unbar(struct master *m)
{
    for (int32_t k = 0; k < m->n_column; k++)
        if (m->column[k].barred) {
            m->column[k].barred = false;
            lp_set_column_bounds(m->lp, m->column[k].lp, 0, (double)INFINITY);
        }
    for (int32_t k = 0; k < m->n_group; k++)
        if (m->base_barred[k]) {
            m->base_barred[k] = false;
            lp_set_row_bounds(m->lp, m->group_row[k], -(double)INFINITY,
                              lp_row_upper(m->lp, m->group_row[k]));
        }
}

void master_move_side(struct master *m, int32_t e)
{
    lp_set_row_bounds(m->lp, m->extra_row[e], master_extra_side(m, e),
                      (double)INFINITY);
    m->bars = true;
}

/* ---- extra rows -------------------------------------------------------------------------- */

/* The entries of extra row e over the columns that there are. */
static int64_t extra_entries(struct master *m, int32_t e, int32_t *col, double *value)
{
    const struct fleet *f = m->f;
    const struct extra *x = &f->extra[e];
    int64_t n = 0;
    if (x->spread > 0 && x->of >= 0) {
        col[n] = m->extra_slack[x->of];
        value[n++] = x->spread;
    } else if (x->spread > 0) {
        col[n] = m->first_real + 2 * x->interval;
        value[n++] = x->spread;
        if (x->short_row >= 0) {
            col[n] = m->first_real + 2 * x->short_row;
            value[n++] = x->spread;
        }
    }
    for (int32_t k = 0; k < f->n_block; k++) {
        const double by = fleet_extra_of_block(f, x, &f->block[k]);
        if (by != 0) {
            col[n] = m->first_block + k;
            value[n++] = by;
        }
    }
    for (int32_t k = 0; k < m->n_column; k++) {
        const int32_t group = m->column[k].group, from = m->group_start[group];
        double by = 0;
        for (int32_t i = from; i < m->group_start[group + 1]; i++)
            by += schedule_extra(f, m->column[k].member[i - from], e) -
                  schedule_extra(f, m->base[m->group_unit[i]], e);
        if (fabs(by) > 1e-9) {
            col[n] = m->column[k].lp;
            value[n++] = by;
        }
    }
    return n;
}

static enum err_code add_extra(struct master *m, int32_t e, struct err *err)
{
    const struct fleet *f = m->f;
    const struct extra *x = &f->extra[e];
    const int32_t n_lp = lp_n_columns(m->lp);
    int32_t *col = MEM_ARRAY(int32_t, n_lp);
    double *value = MEM_ARRAY(double, n_lp);
    enum err_code code = col && value ? ERR_OK : no_memory(err);
    if (!code) {
        double activity = 0;
        for (int32_t g = 0; g < f->n_unit; g++)
            activity += schedule_extra(f, m->base[g], e);
        m->base_activity[f->n_base + e] = activity;
        const double lo = master_extra_side(m, e), up = INFINITY;
        const int64_t start[2] = {0, extra_entries(m, e, col, value)};
        m->extra_row[e] = lp_n_rows(m->lp);
        code = lp_add_rows(m->lp, 1, &lo, &up, start, col, value, err);
    }
    if (!code) {
        const double one = 1, lo = 0, up = INFINITY;
        const double cost = fmin(x->top_usd, m->penalty_usd) / f->scale;
        const int64_t start[2] = {0, 1};
        m->extra_slack[e] = lp_n_columns(m->lp);
        m->extra_boxed[e] = m->penalty_usd < x->top_usd;
        m->n_extra = e + 1;
        code = lp_add_columns(m->lp, 1, &cost, &lo, &up, start, &m->extra_row[e], &one,
                              err);
    }
    mem_free(col);
    mem_free(value);
    return code;
}

enum err_code master_add_extra(struct master *m, struct err *err)
{
    enum err_code code = master_make_room(m, err);
    while (!code && m->n_extra < m->f->n_extra)
        code = add_extra(m, m->n_extra, err);
    return code;
}
