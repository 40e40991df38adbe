/*
 * matpower_scan.h - the statements of a MATPOWER case.
 *
 * Knows which fields of a case exist and what kind of value each has, not what the
 * numbers mean.
 *
 * Layer: sim/input (internal to the MATPOWER reader).
 */
#ifndef SIM_INPUT_MATPOWER_SCAN_H
#define SIM_INPUT_MATPOWER_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/err.h"
#include "sim/input/matpower_value.h"
#include "sim/input/source.h"

/* X(name, field of mpc, kind) - what is read. */
#define MAT_FIELD_MAP(X)      \
 X(VERSION, version, TEXT)    \
 X(BASE_MVA, baseMVA, NUMBER) \
 X(BUS, bus, MATRIX)          \
 X(GEN, gen, MATRIX)          \
 X(BRANCH, branch, MATRIX)    \
 X(GENCOST, gencost, MATRIX)  \
 X(BUS_NAME, bus_name, CELL)  \
 X(DCLINE, dcline, MATRIX)    \
 X(DCLINECOST, dclinecost, MATRIX)

// clang-format off
enum mat_field {
#define MAT_ENUM(id, name, kind) MAT_##id,
    MAT_FIELD_MAP(MAT_ENUM)
#undef MAT_ENUM
    MAT_N_FIELDS
};
// clang-format on

struct mat_file {
    struct mat_value field[MAT_N_FIELDS];
    bool has_statements;
    size_t start; /* offset of the first statement, the place of what is missing */
};

/*
 * ERR_OK even if faults were added, so that the meaning of the rest can be checked too;
 * ERR_NOMEM otherwise. The caller releases *out in either case.
 */
MUST_CHECK enum err_code matpower_scan(const struct source *src, struct mat_file *out,
                                       struct err_list *faults, struct err *err);
void mat_file_release(struct mat_file *file);

const char *mat_field_name(enum mat_field field);

#endif
