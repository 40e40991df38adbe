/*
 * matpower_case.h - what the parts of the MATPOWER reader share while one case is read.
 *
 * Layer: sim/input (internal to the MATPOWER reader).
 */
#ifndef SIM_INPUT_MATPOWER_CASE_H
#define SIM_INPUT_MATPOWER_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"
#include "sim/input/matpower_scan.h"
#include "sim/model/grid.h"

/* A bus of the file, isolated or not. */
struct mat_bus {
    int64_t number;
    size_t row;
    int32_t index; /* in grid.bus, -1 when isolated */
};

struct mat_case {
    const struct source *src;
    struct err_list *faults;
    const struct mat_file *file;
    struct grid *grid;
    struct mat_bus *bus; /* [n_bus] by number; owned */
    size_t n_bus;
    size_t *guide;    /* [n_bus + 2] where each stretch of numbers begins; owned */
    bool dc_lines;    /* modelled, see matpower.h */
    bool buses_known; /* every row of mpc.bus has a usable number */
    bool no_memory;   /* set by whoever ran out of it */
};

/* A column of a table: where it stands and what MATPOWER calls it. */
struct mat_column {
    size_t at; /* 0-based */
    const char *name;
};

/* Whether the column holds a number, infinite or not; a fault if it is NaN. */
bool mat_case_number(struct mat_case *c, enum mat_field field, size_t row,
                     struct mat_column column, double *value);
/* No quantity of a network is as large; sums and products of such numbers stay finite. */
#define MAT_MOST 1e12

/* The same without infinities and what is beyond MAT_MOST. */
bool mat_case_finite(struct mat_case *c, enum mat_field field, size_t row,
                     struct mat_column column, double *value);
/* Offset of an element, for faults. */
size_t mat_case_at(const struct mat_case *c, enum mat_field field, size_t row,
                   size_t column);

/* Whether the table is there with enough columns; a fault if a column is missing. */
bool mat_case_has_columns(struct mat_case *c, enum mat_field field, size_t least);
/* Rows in which a fault has been reported are not looked at again. */
bool mat_case_is_damaged(const struct mat_case *c, enum mat_field field, size_t row);
/* Prepares the next from the sorted list of buses; false when out of memory. */
bool mat_case_guide_buses(struct mat_case *c);
/* The bus an element names, -1 if isolated; false, mostly after a fault, if unknown. */
bool mat_case_bus(struct mat_case *c, enum mat_field field, size_t row,
                  struct mat_column column, int32_t *index);

/*
 * Reads row `row` of mpc.gencost, or mpc.dclinecost, into the cost of *unit, whose bus
 * and limits are there. False after a fault or when out of memory.
 */
bool mat_case_read_cost(struct mat_case *c, enum mat_field table, size_t row,
                        struct grid_unit *unit);
/* Reads mpc.dcline into the grid, or checks that its lines may stay at 0. */
void mat_case_read_dc_lines(struct mat_case *c);

/*
 * Ids of the buses by row of mpc.bus: id[row], in the grid's arena. False when out of
 * memory.
 */
bool mat_case_bus_ids(struct mat_case *c, const char **id);

#endif
