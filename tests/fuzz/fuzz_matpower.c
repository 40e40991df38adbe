/*
 * fuzz_matpower.c - any text as a MATPOWER case.
 *
 * Property: no crash; a refusal has faults, each with one line of text and a position
 * inside the file; an accepted case is sorted, finite and names every element.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/matpower.h"
#include "tests/fuzz/must.h"

static void check_grid(const struct grid *g)
{
    must(g->n_bus > 0 || (g->n_branch == 0 && g->n_unit == 0));
    for (int32_t b = 0; b < g->n_bus; b++) {
        must(g->bus[b].id[0] && isfinite(g->bus[b].load_mw) &&
             isfinite(g->bus[b].shunt_mw));
        must(b == 0 || g->bus[b - 1].number < g->bus[b].number);
    }
    for (int32_t l = 0; l < g->n_branch; l++) {
        const struct grid_branch *br = &g->branch[l];
        must(br->id && br->from >= 0 && br->from < g->n_bus && br->to >= 0 &&
             br->to < g->n_bus && br->from != br->to);
        must(isfinite(br->x_pu) && br->tap > 0 && br->rate_mw > 0);
        must(fabs(br->x_pu) > 0 || (!(fabs(br->shift_deg) > 0) &&
                                    br->angle_min_deg <= 0 && br->angle_max_deg >= 0));
        must(br->angle_min_deg <= br->angle_max_deg);
    }
    for (int32_t u = 0; u < g->n_unit; u++) {
        const struct grid_unit *unit = &g->unit[u];
        must(unit->id && unit->bus >= 0 && unit->bus < g->n_bus);
        must(unit->pmin_mw <= unit->pmax_mw);
        if (unit->cost_kind != GRID_COST_POINTS)
            continue;
        must(unit->n_cost >= 2 && unit->cost[0] <= unit->pmin_mw &&
             unit->cost[2 * unit->n_cost - 2] >= unit->pmax_mw);
        for (int32_t i = 0; i < unit->n_cost; i++) {
            const double *xy = unit->cost + 2 * (size_t)i;
            must(isfinite(xy[0]) && isfinite(xy[1]) && (i == 0 || xy[0] > xy[-2]));
        }
    }
}

static void check_dc_lines(const struct grid *g)
{
    for (int32_t k = 0; k < g->n_dc_line; k++) {
        const struct grid_dc_line *line = &g->dc_line[k];
        must(line->id && line->from >= 0 && line->from < g->n_bus && line->to >= 0 &&
             line->to < g->n_bus && line->from != line->to);
        must(line->flow.bus == line->from && line->loss0_mw >= 0 && line->loss1 >= 0 &&
             line->loss1 < 1 && line->flow.pmin_mw <= line->flow.pmax_mw);
    }
}

/* The last byte chooses whether DC lines are on. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool dc_lines = size > 0 && data[size - 1] % 2 == 0;
    struct source src = {0};
    struct err_list faults = {0};
    struct grid g = {0};
    struct err err = {0};
    if (source_from_text("fuzz.m", (const char *)data, size, &src, &err) == ERR_OK) {
        err = (struct err){0};
        enum err_code code = dc_lines ? matpower_read_dc_lines(&src, &g, &faults, &err)
                                      : matpower_read(&src, &g, &faults, &err);
        must(code == err.code);
        must_be_told(&src, code, &faults);
        for (size_t i = 0; i < faults.n && src.len > 0; i++)
            must(must_be_inside(&src, faults.item[i].at) <= src.len);
        if (!code) {
            check_grid(&g);
            check_dc_lines(&g);
            must(dc_lines || g.n_dc_line == 0);
        }
    }
    grid_release(&g);
    err_list_release(&faults);
    source_release(&src);
    must(mem_live() == 0);
    return 0;
}
