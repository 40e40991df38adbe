/*
 * override.h - what a scenario changes in the tables of its base.
 *
 * Under "overrides:" stands a list; its entries are carried out in order, after all tables
 * are read and before any of them is understood, so that what comes out is checked like
 * any input. An entry is one of
 *
 *     - change: energy_bids                  - add: resources
 *       where: {technology: gas}               rows:
 *       scale: {price_usd_per_mwh: 2}            - {resource_id: B2, type: storage, ...}
 *
 *     - change: resources                    - remove: virtual_bids
 *       where: {resource_id: [B1, B2]}         where: {sc_id: SC_KESTREL}
 *       set: {node_id: N4, pmax_mw: 50}
 *
 * `where` names columns and the values wanted, all of them at once; a list wants one of
 * its values, "" an empty field. In a table with a resource_id it may also name columns of
 * table resources, of the resource that the row is about. Without `where` every row is
 * meant. `scale` multiplies numbers, and leaves empty fields empty; `set` puts what a CSV
 * field would hold. An entry that meets no row is a fault.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_OVERRIDE_H
#define SIM_INPUT_OVERRIDE_H

#include "sim/input/csv_table.h"
#include "sim/input/yaml_tree.h"

/* Rows that a `where` means. */
struct row_filter;

/* What finding rows needs to know. */
struct filter_world {
    const struct layers *layers;
    size_t start; /* position of the layer that `where` stands in */
    struct str_index *ids;
    const struct csv_table *resources; /* NULL = their columns may not be named */
    struct err_list *faults;
};

/*
 * The filter that `where` states for a table; NULL where means every row. *out is NULL
 * after a fault. ERR_NOMEM otherwise. Release with row_filter_destroy.
 */
MUST_CHECK enum err_code row_filter_create(const struct filter_world *world,
                                           const struct csv_table *t,
                                           const struct yaml_value *where,
                                           struct row_filter **out, struct err *err);
bool row_filter_takes(const struct row_filter *f, const void *row);
void row_filter_destroy(struct row_filter *f);

/* The column of a table by its name, or NULL. */
const struct column *override_column(const struct table_spec *spec, const char *name);
/*
 * A value as a CSV field of the column into the row struct, "" as an empty one; false with
 * a reason, or *no_memory.
 */
bool override_put(const struct column *col, const struct yaml_value *v,
                  struct str_index *ids, void *row, char why[WHY_SIZE],
                  bool *no_memory);

#endif
