/*
 * gather.h - the values of a table out of the caller's arrays of structs.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_GATHER_H
#define RESULTS_GATHER_H

#include <stddef.h>
#include <stdint.h>

#include "results/schema.h"
#include "sim/base/err.h"

/* n values of that type, stride bytes apart. */
struct gather_source {
    enum table_type type;
    const char *first;
    size_t stride, n;
};

void gather_f64(const struct gather_source *s, double *out);
/* NULL becomes "". */
void gather_text(const struct gather_source *s, const char **out);
/* Integers into the table's own type; ERR_BUG unless all lie in [least, most]. */
MUST_CHECK enum err_code gather_integers(const struct table *t,
                                         const struct gather_source *s, int64_t least,
                                         int64_t most, void *out, struct err *err);
/* ERR_BUG when v[n] holds a NaN and the table does not take it. */
MUST_CHECK enum err_code gather_check_f64(const struct table *t, const double *v,
                                          size_t n, struct err *err);

#endif
