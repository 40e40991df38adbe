/* grid_finish.c - order and names of branches and units. */
#include "sim/input/grid_finish.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/base/str_index.h"

/* Two bus ids of 64 bytes, hyphens and a count; longer ids are cut, then numbered. */
enum {
    ID_ROOM = 192,
    MOST_OF_BUS = 79,
};

static int compare_numbers(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] < b[i] || a[i] > b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int compare_branches(const void *pa, const void *pb)
{
    const struct grid_branch *a = pa, *b = pb;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    const double da[] = {a->x_pu,    a->r_pu,          a->tap,          a->shift_deg,
                         a->rate_mw, a->angle_min_deg, a->angle_max_deg};
    const double db[] = {b->x_pu,    b->r_pu,          b->tap,          b->shift_deg,
                         b->rate_mw, b->angle_min_deg, b->angle_max_deg};
    return compare_numbers(da, db, sizeof da / sizeof *da);
}

static size_t cost_numbers(const struct grid_unit *u)
{
    switch (u->cost_kind) {
    case GRID_COST_POINTS:
        return 2 * (size_t)u->n_cost;
    case GRID_COST_POLYNOMIAL:
        return (size_t)u->n_cost;
    case GRID_COST_NONE:
        break;
    }
    return 0;
}

static int compare_units(const void *pa, const void *pb)
{
    const struct grid_unit *a = pa, *b = pb;
    if (a->bus != b->bus)
        return a->bus < b->bus ? -1 : 1;
    const double da[] = {a->pmin_mw, a->pmax_mw, a->cost_kind, a->n_cost};
    const double db[] = {b->pmin_mw, b->pmax_mw, b->cost_kind, b->n_cost};
    int by_limits = compare_numbers(da, db, sizeof da / sizeof *da);
    return by_limits ? by_limits : compare_numbers(a->cost, b->cost, cost_numbers(a));
}

static int compare_dc_lines(const void *pa, const void *pb)
{
    const struct grid_dc_line *a = pa, *b = pb;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    const double da[] = {a->loss0_mw, a->loss1}, db[] = {b->loss0_mw, b->loss1};
    int by_loss = compare_numbers(da, db, sizeof da / sizeof *da);
    return by_loss ? by_loss : compare_units(&a->flow, &b->flow);
}

/* ---- names ---- */

/* An id in the making. Not by printf, which would take longer than the sorting. */
struct id_text {
    char text[ID_ROOM];
    size_t n;
};

static void add_char(struct id_text *id, char c)
{
    if (id->n + 1 < ID_ROOM)
        id->text[id->n++] = c;
    id->text[id->n] = '\0';
}

static void add_number(struct id_text *id, int64_t value)
{
    char text[NUMBER_INT_ROOM];
    size_t n = number_put_int(value, text);
    for (size_t k = 0; k < n; k++)
        add_char(id, text[k]);
}

static void add_bus(struct id_text *id, const struct grid *g, int32_t bus,
                    bool by_number)
{
    if (by_number) {
        add_number(id, g->bus[bus].number);
        return;
    }
    const char *text = g->bus[bus].id;
    for (int k = 0; k < MOST_OF_BUS && text[k]; k++)
        add_char(id, text[k]);
}

static void branch_id(const struct grid *g, int32_t from_bus, int32_t to_bus,
                      bool by_number, int32_t circuit, struct id_text *id)
{
    id->n = 0;
    add_bus(id, g, from_bus, by_number);
    add_char(id, '-');
    add_bus(id, g, to_bus, by_number);
    if (circuit > 1) {
        add_char(id, '-');
        add_number(id, circuit);
    }
}

static void unit_id(const struct grid *g, int32_t u, bool by_number, int32_t k,
                    struct id_text *id)
{
    id->n = 0;
    add_char(id, 'G');
    add_bus(id, g, g->unit[u].bus, by_number);
    if (k > 1) {
        add_char(id, '-');
        add_number(id, k);
    }
}

/* Without hyphens in bus ids all ids are different by their form. */
static bool ids_may_collide(const struct grid *g)
{
    for (int32_t b = 0; b < g->n_bus; b++)
        if (strchr(g->bus[b].id, '-'))
            return true;
    return false;
}

/* Copies id and notes whether it has been seen; false when out of memory. */
static bool keep(struct grid *g, struct str_index *seen, const struct id_text *id,
                 const char **kept, bool *collision)
{
    int is_new = 1;
    if (seen && str_index_put(seen, id->text, id->n, &is_new) < 0)
        return false;
    if (!is_new)
        *collision = true;
    *kept = arena_copy_text(&g->arena, id->text, id->n);
    return *kept != NULL;
}

static bool name_branches(struct grid *g, bool by_number, struct str_index *seen,
                          bool *collision)
{
    int32_t circuit = 0;
    for (int32_t l = 0; l < g->n_branch; l++) {
        struct grid_branch *br = &g->branch[l];
        bool parallel = l > 0 && br[-1].from == br->from && br[-1].to == br->to;
        struct id_text id;
        circuit = parallel ? circuit + 1 : 1;
        branch_id(g, br->from, br->to, by_number, circuit, &id);
        if (!keep(g, seen, &id, &br->id, collision))
            return false;
    }
    return true;
}

static bool name_dc_lines(struct grid *g, bool by_number, struct str_index *seen,
                          bool *collision)
{
    int32_t k = 0;
    for (int32_t l = 0; l < g->n_dc_line; l++) {
        struct grid_dc_line *line = &g->dc_line[l];
        bool parallel = l > 0 && line[-1].from == line->from && line[-1].to == line->to;
        struct id_text id;
        k = parallel ? k + 1 : 1;
        branch_id(g, line->from, line->to, by_number, k, &id);
        if (!keep(g, seen, &id, &line->id, collision))
            return false;
    }
    return true;
}

static bool name_units(struct grid *g, bool by_number, struct str_index *seen,
                       bool *collision)
{
    int32_t k = 0;
    for (int32_t u = 0; u < g->n_unit; u++) {
        struct grid_unit *unit = &g->unit[u];
        struct id_text id;
        k = u > 0 && unit[-1].bus == unit->bus ? k + 1 : 1;
        unit_id(g, u, by_number, k, &id);
        if (!keep(g, seen, &id, &unit->id, collision))
            return false;
    }
    return true;
}

typedef bool naming(struct grid *g, bool by_number, struct str_index *seen,
                    bool *collision);

/* By ids of buses, or by their numbers where ids would make two names alike. */
static bool name_all(struct grid *g, naming *name, bool check)
{
    struct str_index seen = {0};
    bool collision = false;
    bool ok = name(g, false, check ? &seen : NULL, &collision);
    if (ok && collision)
        ok = name(g, true, NULL, &collision);
    str_index_release(&seen);
    return ok;
}

enum err_code grid_finish(struct grid *g, struct err *err)
{
    bool check = ids_may_collide(g);
    if (g->n_branch > 0)
        qsort(g->branch, (size_t)g->n_branch, sizeof *g->branch, compare_branches);
    if (g->n_unit > 0)
        qsort(g->unit, (size_t)g->n_unit, sizeof *g->unit, compare_units);
    if (g->n_dc_line > 0)
        qsort(g->dc_line, (size_t)g->n_dc_line, sizeof *g->dc_line, compare_dc_lines);
    bool ok = name_all(g, name_branches, check) && name_all(g, name_units, check) &&
              name_all(g, name_dc_lines, check);
    return ok ? ERR_OK : err_set(err, ERR_NOMEM, "out of memory");
}
