/*
 * fuzz_outages.c - any text as a list of contingencies, in either form.
 *
 * Property: no crash; a refusal has faults, each with one line of text and a position
 * inside the file; an accepted list names elements of the grid, sorted, each outage once.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/outage_list.h"
#include "tests/fuzz/must.h"

static void check_elements(const int32_t *start, const int32_t *element, int32_t k,
                           int32_t n)
{
    must(start[k] <= start[k + 1]);
    for (int32_t e = start[k]; e < start[k + 1]; e++) {
        must(element[e] >= 0 && element[e] < n);
        must(e == start[k] || element[e - 1] < element[e]);
    }
}

/* The last byte chooses the form. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct grid_branch branch[] = {{.id = "1-2", .row = 1}, {.id = "1-3", .row = 3}};
    struct grid_unit unit[] = {{.id = "G1", .row = 2}};
    const struct grid grid = {.n_branch = 2,
                              .n_unit = 1,
                              .n_branch_row = 3,
                              .n_unit_row = 2,
                              .branch = branch,
                              .unit = unit};
    bool table = size > 0 && data[size - 1] % 2 == 0;
    struct source src = {0};
    struct err_list faults = {0};
    struct grid_outages o = {0};
    struct err err = {0};
    if (source_from_text(table ? "fuzz.m" : "fuzz.csv", (const char *)data, size, &src,
                         &err) == ERR_OK) {
        err = (struct err){0};
        enum err_code code = outage_list_read(&src, &grid, &o, &faults, &err);
        must_be_told(&src, code, &faults);
        for (int32_t k = 0; k < o.n; k++) {
            check_elements(o.branch_start, o.branch, k, grid.n_branch);
            check_elements(o.unit_start, o.unit, k, grid.n_unit);
            must(o.id[k][0] && (k == 0 || strcmp(o.id[k - 1], o.id[k]) != 0));
        }
    }
    grid_outages_release(&o);
    err_list_release(&faults);
    source_release(&src);
    must(mem_live() == 0);
    return 0;
}
