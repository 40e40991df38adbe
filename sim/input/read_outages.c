/* read_outages.c - the contingencies of a market. */
#include "sim/input/outage_list.h"
#include "sim/input/scenario_parts.h"

enum err_code read_outages(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_OUTAGES];
    if (l->yaml.every_branch && t->present) {
        err_list_add(l->faults, source_at(&l->yaml_src, l->yaml.every_branch_at),
                     "outages is 'branches' and there is a table outages; expected one "
                     "of the two");
        return ERR_OK;
    }
    if (l->network_broken)
        return ERR_OK;
    if (l->yaml.every_branch)
        return grid_outages_of_branches(&l->m->grid, &l->m->outages, err);
    if (!t->present)
        return ERR_OK;
    return outage_list_from_table(t, &l->ids, &l->m->grid, false, &l->m->outages,
                                  l->faults, err);
}
