/*
 * compare_print.h - differences between runs as tables and as JSON.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_COMPARE_PRINT_H
#define SIM_APP_COMPARE_PRINT_H

#include <stdio.h>

#include "results/compare.h"
#include "sim/app/json_out.h"

/* At most `top` rows of a section; the others are counted, and their money added up. */
void compare_print(const struct run_view *a, const struct run_view *b,
                   const struct comparison *c, int64_t top, FILE *out);
/* One element of a list; every difference. */
void compare_print_json(struct json *j, const struct run_view *a,
                        const struct run_view *b, const struct comparison *c);

#endif
