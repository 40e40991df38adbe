/*
 * outage_list.h - a list of contingencies becomes outages of a grid.
 *
 * Two forms, told apart by the name of the file. A MATPOWER contingency table (*.m, *.m.gz;
 * MATPOWER manual, apply_changes): rows of label, probability, table, row, column, kind of
 * change, new value, as numbers or by the names of define_constants. Rows of one label
 * happen at once. Understood are CT_TBRCH with BR_STATUS and CT_TGEN with GEN_STATUS,
 * CT_REP and a status of 0 (or below); any other change is a fault. The probability is
 * not used. Rows of mpc.branch and mpc.gen that are out of service lose nothing; an
 * outage of nothing else is left out and counted.
 *
 * Any other name is a CSV table with the columns of table outages (tables.h). Elements go by
 * their names in the results: "4-5", "4-5-2", "G1".
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_OUTAGE_LIST_H
#define SIM_INPUT_OUTAGE_LIST_H

#include "sim/input/csv_table.h"
#include "sim/model/grid.h"

/*
 * ERR_OK: *out holds the outages; the caller calls grid_outages_release().
 * ERR_INPUT: every fault was added to *faults; err holds the first. ERR_NOMEM.
 */
MUST_CHECK enum err_code outage_list_read(const struct source *src,
                                          const struct grid *grid,
                                          struct grid_outages *out,
                                          struct err_list *faults, struct err *err);

enum outage_element_kind {
    OUTAGE_BRANCH,
    OUTAGE_UNIT,
};

/* The rows of a table that has been read; units: whether these may be lost. Adds faults. */
MUST_CHECK enum err_code
outage_list_from_table(struct csv_table *t, const struct str_index *ids,
                       const struct grid *grid, bool units, struct grid_outages *out,
                       struct err_list *faults, struct err *err);

/* What an outage loses, before it is sorted into a struct grid_outages. */
struct outage_element {
    const char *id; /* of the outage, borrowed */
    enum outage_element_kind kind;
    int32_t index; /* of grid.branch or grid.unit, -1 = out of service */
};

/* Sorts and groups n elements, in place. ERR_NOMEM only. */
MUST_CHECK enum err_code outage_list_group(struct outage_element *element, size_t n,
                                           struct grid_outages *out, struct err *err);

/* contab.c: the MATPOWER form. As outage_list_read; ERR_OK even after faults. */
MUST_CHECK enum err_code contab_read(const struct source *src, const struct grid *grid,
                                     struct grid_outages *out, struct err_list *faults,
                                     struct err *err);

#endif
