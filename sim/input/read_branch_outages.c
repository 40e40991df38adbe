/*
 * read_branch_outages.c - branches that are out of service for some hours, as planned.
 *
 * Hours with the same branches out are one state of the network, and a state is an outage
 * (market.h): the list of contingencies is followed by the states, and by every contingency
 * in every state.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

/* One branch that is out in one interval. */
struct gap {
    int32_t interval, branch;
    uint32_t row;
};

struct gaps {
    struct gap *item; /* [n] by interval, branch; no repeats */
    size_t n, room;
};

struct states {
    int32_t n;
    int32_t *start; /* [n] first of its gaps */
    int32_t *size;  /* [n] how many */
};

static int by_interval(const void *pa, const void *pb)
{
    const struct gap *a = pa, *b = pb;
    if (a->interval != b->interval)
        return a->interval < b->interval ? -1 : 1;
    if (a->branch != b->branch)
        return a->branch < b->branch ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static bool add_gap(struct gaps *g, struct gap gap)
{
    if (g->n == g->room) {
        size_t room = g->room ? 2 * g->room : 64;
        struct gap *grown = mem_resize(g->item, room, sizeof *grown);
        if (!grown)
            return false;
        g->item = grown;
        g->room = room;
    }
    g->item[g->n++] = gap;
    return true;
}

/* The hours of a row; false when out of memory. */
static bool add_hours(const struct market *m, const struct branch_outage_row *row,
                      int32_t day, int32_t branch, uint32_t number, struct gaps *g)
{
    int last = row->last ? row->last : CALENDAR_MAX_HOURS;
    for (int32_t d = 0; d < m->n_day; d++)
        for (int h = 0; (day < 0 || d == day) && h < m->day[d].n_hours; h++) {
            int hour = m->day[d].hour_ending[h];
            if (hour >= row->first && hour <= last &&
                !add_gap(g, (struct gap){m->first_interval[d] + h, branch, number}))
                return false;
        }
    return true;
}

static bool read_row(struct loading *l, struct branch_outage_row *row, uint32_t number,
                     const struct str_index *names, struct gaps *g)
{
    struct csv_table *t = &l->table[TABLE_BRANCH_OUTAGES];
    int32_t day = -1;
    if (row->head.bad)
        return true;
    const char *id = id_text(l, row->branch);
    int32_t branch = str_index_find(names, id, strlen(id));
    if (branch < 0)
        ROW_FAULT(l->faults, t, row, branch,
                  "unknown branch '%s'; expected the name of one in service", id);
    if (row->last && row->first > row->last)
        ROW_FAULT(l->faults, t, row, last,
                  "last_hour_ending is %d and first_hour_ending %d; expected it no "
                  "earlier",
                  row->last, row->first);
    const struct when first = {row->date, row->first,
                               offsetof(struct branch_outage_row, date),
                               offsetof(struct branch_outage_row, first)};
    const struct when last = {row->date, row->last,
                              offsetof(struct branch_outage_row, date),
                              offsetof(struct branch_outage_row, last)};
    bool known = resolve_when(l, t, &row->head, &first, &day) &&
                 (!row->last || resolve_when(l, t, &row->head, &last, &day));
    return branch < 0 || row->head.bad || !known ||
           add_hours(l->m, row, day, branch, number, g);
}

static enum err_code read_gaps(struct loading *l, struct gaps *g, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_BRANCH_OUTAGES];
    struct str_index names = {0};
    bool fits = true;
    for (int32_t i = 0; fits && i < l->m->grid.n_branch; i++) {
        const char *id = l->m->grid.branch[i].id;
        fits = str_index_put(&names, id, strlen(id), NULL) >= 0;
    }
    for (size_t i = 0; fits && i < t->n; i++)
        fits =
            read_row(l, (struct branch_outage_row *)t->row + i, (uint32_t)i, &names, g);
    str_index_release(&names);
    if (!fits)
        return err_set(err, ERR_NOMEM, "cannot hold the branches out of service");
    if (g->n)
        qsort(g->item, g->n, sizeof *g->item, by_interval);
    size_t kept = 0;
    for (size_t i = 0; i < g->n; i++)
        if (!kept || g->item[kept - 1].interval != g->item[i].interval ||
            g->item[kept - 1].branch != g->item[i].branch)
            g->item[kept++] = g->item[i];
    g->n = kept;
    return ERR_OK;
}

static bool same_branches(const struct gap *a, const struct gap *b, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (a[i].branch != b[i].branch)
            return false;
    return true;
}

/* Numbers the states; m->network_state[t] is the number for now. */
static enum err_code find_states(struct market *m, const struct gaps *g,
                                 struct states *s, struct err *err)
{
    m->network_state = ARENA_ARRAY(&m->arena, int32_t, m->n_interval);
    s->start = MEM_ARRAY(int32_t, m->n_interval);
    s->size = MEM_ARRAY(int32_t, m->n_interval);
    if (!m->network_state || !s->start || !s->size)
        return err_set(err, ERR_NOMEM, "cannot hold the states of the network");
    for (int32_t t = 0; t < m->n_interval; t++)
        m->network_state[t] = -1;
    for (size_t i = 0, end; i < g->n; i = end) {
        int32_t t = g->item[i].interval, k = 0;
        for (end = i; end < g->n && g->item[end].interval == t; end++)
            ;
        int32_t n = (int32_t)(end - i);
        while (k < s->n && (s->size[k] != n ||
                            !same_branches(&g->item[s->start[k]], &g->item[i], n)))
            k++;
        if (k == s->n) {
            s->start[k] = (int32_t)i;
            s->size[s->n++] = n;
        }
        m->network_state[t] = k;
    }
    return ERR_OK;
}

/* ---- the network must hold together ---- */

static bool is_out(const struct gap *gap, int32_t n, int32_t branch)
{
    for (int32_t i = 0; i < n; i++)
        if (gap[i].branch == branch)
            return true;
    return false;
}

static enum err_code check_state(struct loading *l, const struct gap *gap, int32_t n,
                                 int32_t n_island, struct err *err)
{
    struct grid rest = l->m->grid;
    struct csv_table *t = &l->table[TABLE_BRANCH_OUTAGES];
    int32_t left;
    rest.n_branch = 0;
    rest.branch = MEM_ARRAY(struct grid_branch, l->m->grid.n_branch);
    if (!rest.branch)
        return err_set(err, ERR_NOMEM, "cannot look at a network without branches");
    for (int32_t i = 0; i < l->m->grid.n_branch; i++)
        if (!is_out(gap, n, i))
            rest.branch[rest.n_branch++] = l->m->grid.branch[i];
    enum err_code code = grid_count_islands(&rest, &left, err);
    mem_free(rest.branch);
    if (code || left == n_island)
        return code;
    struct branch_outage_row *row = (struct branch_outage_row *)t->row + gap[n - 1].row;
    ROW_FAULT(l->faults, t, row, branch,
              "without '%s'%s the network falls apart; expected every bus to keep a "
              "way to the others",
              id_text(l, row->branch), n > 1 ? " and what else is out then" : "");
    return ERR_OK;
}

static enum err_code check_states(struct loading *l, const struct gaps *g,
                                  const struct states *s, struct err *err)
{
    int32_t n_island;
    enum err_code code = grid_count_islands(&l->m->grid, &n_island, err);
    for (int32_t k = 0; k < s->n && !code; k++)
        code = check_state(l, &g->item[s->start[k]], s->size[k], n_island, err);
    return code;
}

/* ---- outages ---- */

struct list {
    struct grid_outages to;
    const struct grid_outages *from;
    const struct grid *grid;
    int32_t n_branch;
    bool fits;
};

static void push(struct list *x, const char *id, size_t len)
{
    struct grid_outages *o = &x->to;
    o->id[o->n] = arena_copy_text(&o->arena, id, len);
    x->fits = x->fits && o->id[o->n];
    o->branch_start[++o->n] = x->n_branch;
}

static int by_index(const void *pa, const void *pb)
{
    int32_t a = *(const int32_t *)pa, b = *(const int32_t *)pb;
    return a < b ? -1 : a > b;
}

/* Contingency c, or none (-1), in a state, or none (n = 0). */
static void push_outage(struct list *x, int32_t c, const struct gap *gap, int32_t n)
{
    char id[400];
    size_t len = 0;
    struct grid_outages *o = &x->to;
    int32_t first = x->n_branch;
    for (int32_t i = 0; i < n; i++)
        o->branch[x->n_branch++] = gap[i].branch;
    for (int32_t e = c < 0 ? 0 : x->from->branch_start[c];
         c >= 0 && e < x->from->branch_start[c + 1]; e++)
        if (!is_out(gap, n, x->from->branch[e]))
            o->branch[x->n_branch++] = x->from->branch[e];
    qsort(o->branch + first, (size_t)(x->n_branch - first), sizeof *o->branch,
          by_index);
    if (c >= 0)
        len = (size_t)snprintf(id, sizeof id, "%.150s%s", x->from->id[c],
                               n ? " with " : "");
    for (int32_t i = 0; i < n && len < sizeof id; i++) {
        int k = snprintf(id + len, sizeof id - len, "%s%s", i ? " and " : "",
                         x->grid->branch[gap[i].branch].id);
        len += k > 0 ? (size_t)k : 0;
    }
    if (n && len < sizeof id)
        len += (size_t)snprintf(id + len, sizeof id - len, " out");
    push(x, id, len < sizeof id ? len : sizeof id - 1);
}

static bool allocate(struct list *x, struct market *m, const struct states *s)
{
    struct arena *a = &x->to.arena;
    size_t per = (size_t)x->from->n + 1, n = (size_t)x->from->n + (size_t)s->n * per;
    size_t n_branch =
        (size_t)x->from->branch_start[x->from->n] * ((size_t)s->n + 1) + 1;
    for (int32_t k = 0; k < s->n; k++)
        n_branch += (size_t)s->size[k] * per;
    x->to.id = ARENA_ARRAY(a, const char *, n);
    x->to.branch_start = ARENA_ARRAY(a, int32_t, n + 1);
    x->to.branch = ARENA_ARRAY(a, int32_t, n_branch);
    x->to.unit_start = ARENA_ARRAY(a, int32_t, n + 1);
    x->to.unit = ARENA_ARRAY(a, int32_t, 1);
    m->outage_state = ARENA_ARRAY(&m->arena, int32_t, n);
    return x->to.id && x->to.branch_start && x->to.branch && x->to.unit_start &&
           x->to.unit && m->outage_state;
}

static enum err_code list_outages(struct market *m, const struct gaps *g,
                                  const struct states *s, struct err *err)
{
    static int32_t nothing[1] = {0};
    struct grid_outages none = {.branch_start = nothing};
    struct list x = {
        .from = m->outages.n ? &m->outages : &none, .grid = &m->grid, .fits = true};
    x.to.n_idle = m->outages.n_idle;
    if (!allocate(&x, m, s)) {
        grid_outages_release(&x.to);
        return err_set(err, ERR_NOMEM, "cannot hold the states of the network");
    }
    for (int32_t c = 0; c < x.from->n; c++) {
        m->outage_state[x.to.n] = -1;
        push_outage(&x, c, NULL, 0);
    }
    for (int32_t k = 0; k < s->n; k++) {
        int32_t state = x.to.n;
        for (int32_t c = -1; c < x.from->n; c++) {
            m->outage_state[x.to.n] = state;
            push_outage(&x, c, &g->item[s->start[k]], s->size[k]);
        }
    }
    if (!x.fits) {
        grid_outages_release(&x.to);
        return err_set(err, ERR_NOMEM, "cannot hold the states of the network");
    }
    int32_t n_contingency = x.from->n;
    for (int32_t t = 0; t < m->n_interval; t++)
        if (m->network_state[t] >= 0)
            m->network_state[t] =
                n_contingency + m->network_state[t] * (n_contingency + 1);
    grid_outages_release(&m->outages);
    m->outages = x.to;
    return ERR_OK;
}

enum err_code read_branch_outages(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_BRANCH_OUTAGES];
    struct gaps g = {0};
    struct states s = {0};
    size_t before = l->faults->total;
    if (t->n == 0 || l->network_broken)
        return ERR_OK;
    if (l->yaml.rules.losses != LOSS_OFF)
        err_list_add(l->faults, layers_at(&l->layers, l->yaml.losses_at),
                     "losses is '%s' and there is a table branch_outages; expected "
                     "losses: off with it",
                     loss_placement_name(l->yaml.rules.losses));
    enum err_code code = read_gaps(l, &g, err);
    if (!code && l->faults->total == before && g.n > 0)
        code = find_states(l->m, &g, &s, err);
    if (!code && s.n > 0)
        code = check_states(l, &g, &s, err);
    if (!code && s.n > 0 && l->faults->total == before)
        code = list_outages(l->m, &g, &s, err);
    mem_free(g.item);
    mem_free(s.start);
    mem_free(s.size);
    return code;
}
