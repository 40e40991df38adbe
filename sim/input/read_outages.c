/* read_outages.c - the contingencies of a market. */
#include "sim/input/outage_list.h"
#include "sim/input/scenario_parts.h"

/* A branch with a fault, or a table that is missing, is told of already: its names are not
 * in the grid for no fault of the contingencies. */
static bool branches_are_known(const struct loading *l)
{
    const struct csv_table *t = &l->table[TABLE_BRANCHES];
    const struct branch_row *row = t->row;
    bool known =
        !l->network_broken && !t->broken && (l->yaml.network.text || t->present);
    for (size_t i = 0; known && i < t->n; i++)
        known = !row[i].head.bad;
    return known;
}

enum err_code read_outages(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_OUTAGES];
    if (l->yaml.every_branch && t->present) {
        err_list_add(l->faults, layers_at(&l->layers, l->yaml.every_branch_at),
                     "outages is 'branches' and there is a table outages; expected one "
                     "of the two");
        return ERR_OK;
    }
    if (!branches_are_known(l))
        return ERR_OK;
    if (l->yaml.every_branch)
        return grid_outages_of_branches(&l->m->grid, &l->m->outages, err);
    if (!t->present)
        return ERR_OK;
    return outage_list_from_table(t, &l->ids, &l->m->grid, false, &l->m->outages,
                                  l->faults, err);
}
