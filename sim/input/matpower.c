/* matpower.c - what the tables of a MATPOWER case mean. */
#include "sim/input/matpower.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/grid_finish.h"
#include "sim/input/matpower_case.h"
#include "sim/input/matpower_scan.h"

// clang-format off
static const struct mat_column
    bus_number = {0, "bus number"}, bus_type = {1, "bus type"}, bus_pd = {2, "Pd"},
    bus_gs = {4, "Gs"},
    gen_bus = {0, "bus"}, gen_status = {7, "status"}, gen_pmax = {8, "Pmax"},
    gen_pmin = {9, "Pmin"},
    br_from = {0, "from bus"}, br_to = {1, "to bus"}, br_r = {2, "r"}, br_x = {3, "x"},
    br_rate = {5, "rateA"}, br_rate_b = {6, "rateB"}, br_rate_c = {7, "rateC"}, br_tap = {8, "ratio"}, br_shift = {9, "angle"},
    br_status = {10, "status"}, br_angmin = {11, "angmin"}, br_angmax = {12, "angmax"};
// clang-format on

/* ---- elements of tables ---- */

static double item_at(const struct mat_case *c, enum mat_field field, size_t row,
                      size_t column)
{
    const struct mat_value *v = &c->file->field[field];
    return v->item[v->row[row].first + column];
}

size_t mat_case_at(const struct mat_case *c, enum mat_field field, size_t row,
                   size_t column)
{
    return mat_item_at(c->src, &c->file->field[field], row, column);
}

#define ROW_FAULT(c, field, row, column, ...) \
 mat_fault((c)->src, (c)->faults, mat_case_at(c, field, row, (column).at), __VA_ARGS__)

bool mat_case_number(struct mat_case *c, enum mat_field field, size_t row,
                     struct mat_column column, double *value)
{
    *value = item_at(c, field, row, column.at);
    if (!isnan(*value))
        return true;
    ROW_FAULT(c, field, row, column, "%s is NaN; expected a number", column.name);
    return false;
}

bool mat_case_finite(struct mat_case *c, enum mat_field field, size_t row,
                     struct mat_column column, double *value)
{
    if (!mat_case_number(c, field, row, column, value))
        return false;
    if (fabs(*value) <= MAT_MOST)
        return true;
    if (isfinite(*value))
        ROW_FAULT(c, field, row, column, "%s is %g; expected at most %g either way",
                  column.name, *value, MAT_MOST);
    else
        ROW_FAULT(c, field, row, column, "%s is infinite; expected a finite number",
                  column.name);
    return false;
}

bool mat_case_has_columns(struct mat_case *c, enum mat_field field, size_t least)
{
    const struct mat_value *v = &c->file->field[field];
    if (v->kind != MAT_MATRIX || v->n_row == 0)
        return false;
    if (v->row[0].n >= least)
        return true;
    if (!v->row[0].damaged)
        mat_fault(c->src, c->faults, v->row[0].at,
                  "mpc.%s has %zu columns; expected at least %zu",
                  mat_field_name(field), v->row[0].n, least);
    return false;
}

bool mat_case_is_damaged(const struct mat_case *c, enum mat_field field, size_t row)
{
    return c->file->field[field].row[row].damaged;
}

/* ---- version and base ---- */

static void check_presence(struct mat_case *c)
{
    static const enum mat_field required[] = {MAT_VERSION, MAT_BASE_MVA, MAT_BUS,
                                              MAT_GEN, MAT_BRANCH};
    const struct mat_value *v = &c->file->field[MAT_VERSION];
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (c->file->has_statements && c->file->field[required[i]].kind == MAT_ABSENT)
            mat_fault(c->src, c->faults, c->file->start,
                      "mpc.%s is missing; expected it in every case",
                      mat_field_name(required[i]));
    if (v->kind == MAT_TEXT && v->n_text == 1 &&
        (v->text->len != 1 || c->src->text[v->text->at] != '2'))
        mat_fault(c->src, c->faults, v->at,
                  "a case of another version; expected mpc.version = '2'");
    v = &c->file->field[MAT_BASE_MVA];
    c->grid->base_mva = v->number;
    if (v->kind == MAT_NUMBER && !v->damaged && !(v->number > 0 && isfinite(v->number)))
        mat_fault(c->src, c->faults, v->at,
                  "mpc.baseMVA is %g; expected a positive number", v->number);
    v = &c->file->field[MAT_BUS];
    if (v->kind == MAT_MATRIX && v->n_row == 0)
        mat_fault(c->src, c->faults, v->at, "no buses; expected at least one");
}

/* ---- buses ---- */

static int compare_buses(const void *pa, const void *pb)
{
    const struct mat_bus *a = pa, *b = pb;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Collects the numbers of all buses, sorted; duplicates are faults. */
static void collect_buses(struct mat_case *c)
{
    size_t n_row = c->file->field[MAT_BUS].n_row;
    c->bus = MEM_ARRAY(struct mat_bus, n_row);
    if (!c->bus) {
        c->no_memory = true;
        return;
    }
    for (size_t row = 0; row < n_row; row++) {
        double number = item_at(c, MAT_BUS, row, 0);
        if (number >= 1 && number <= 0x1p53 && number <= floor(number)) {
            c->bus[c->n_bus++] = (struct mat_bus){(int64_t)number, row, -1};
            continue;
        }
        c->buses_known = false;
        if (!mat_case_is_damaged(c, MAT_BUS, row))
            ROW_FAULT(c, MAT_BUS, row, bus_number,
                      "bus number %.17g; expected a positive whole number", number);
    }
    qsort(c->bus, c->n_bus, sizeof *c->bus, compare_buses);
    c->no_memory = !mat_case_guide_buses(c) || c->no_memory;
    for (size_t i = 1; i < c->n_bus; i++)
        if (c->bus[i].number == c->bus[i - 1].number)
            ROW_FAULT(c, MAT_BUS, c->bus[i].row, bus_number,
                      "bus %" PRId64 " stands here again; expected every bus once",
                      c->bus[i].number);
}

/* Type 4 is isolated; the reference bus is one like others in a market. */
static bool read_type(struct mat_case *c, size_t row, bool *isolated)
{
    double type;
    if (!mat_case_number(c, MAT_BUS, row, bus_type, &type))
        return false;
    if (type >= 1 && type <= 4 && type <= floor(type)) {
        *isolated = type >= 4;
        return true;
    }
    ROW_FAULT(c, MAT_BUS, row, bus_type, "bus type %g; expected 1, 2, 3 or 4", type);
    return false;
}

static void read_buses(struct mat_case *c)
{
    struct grid *g = c->grid;
    c->buses_known = mat_case_has_columns(c, MAT_BUS, 13);
    if (!c->buses_known)
        return;
    collect_buses(c);
    const char **id =
        ARENA_ARRAY(&g->arena, const char *, c->file->field[MAT_BUS].n_row);
    g->bus = ARENA_ARRAY(&g->arena, struct grid_bus, c->n_bus);
    if (c->no_memory || !g->bus || !id || !mat_case_bus_ids(c, id)) {
        c->no_memory = true;
        return;
    }
    for (size_t i = 0; i < c->n_bus; i++) {
        struct mat_bus *b = &c->bus[i];
        bool isolated = false;
        /* A damaged bus exists all the same, so that what connects to it is no fault. */
        if (!mat_case_is_damaged(c, MAT_BUS, b->row))
            (void)read_type(c, b->row, &isolated);
        if (isolated)
            continue;
        struct grid_bus *bus = &g->bus[g->n_bus];
        *bus = (struct grid_bus){.id = id[b->row], .number = b->number};
        b->index = g->n_bus++;
        if (mat_case_is_damaged(c, MAT_BUS, b->row))
            continue;
        (void)mat_case_finite(c, MAT_BUS, b->row, bus_pd, &bus->load_mw);
        (void)mat_case_finite(c, MAT_BUS, b->row, bus_gs, &bus->shunt_mw);
    }
}

/* ---- branches ---- */

static bool read_angles(struct mat_case *c, size_t row, struct grid_branch *br)
{
    double lo, up;
    br->angle_min_deg = -HUGE_VAL;
    br->angle_max_deg = HUGE_VAL;
    if (c->file->field[MAT_BRANCH].row[row].n <= br_angmax.at)
        return true;
    if (!mat_case_number(c, MAT_BRANCH, row, br_angmin, &lo) ||
        !mat_case_number(c, MAT_BRANCH, row, br_angmax, &up))
        return false;
    if (fpclassify(lo) == FP_ZERO && fpclassify(up) == FP_ZERO)
        return true;
    if (lo > up) {
        ROW_FAULT(c, MAT_BRANCH, row, br_angmin,
                  "angmin %.9g exceeds angmax %.9g; expected angmin <= angmax", lo, up);
        return false;
    }
    if (lo > -360)
        br->angle_min_deg = lo;
    if (up < 360)
        br->angle_max_deg = up;
    return true;
}

/*
 * After an outage a branch may carry rateC, or rateB where there is none, or rateA. Only
 * outages look at these columns: 0 stands for what is no limit there.
 */
static bool read_rate_after(struct mat_case *c, size_t row, struct grid_branch *br)
{
    double b, a;
    br->rate_after_mw = br->rate_mw;
    if (!mat_case_number(c, MAT_BRANCH, row, br_rate_b, &b) ||
        !mat_case_number(c, MAT_BRANCH, row, br_rate_c, &a))
        return false;
    if (a < 0 || b < 0) {
        ROW_FAULT(c, MAT_BRANCH, row, a < 0 ? br_rate_c : br_rate_b,
                  "%s %.9g MVA; expected 0 (as rateA) or more",
                  a < 0 ? br_rate_c.name : br_rate_b.name, a < 0 ? a : b);
        return false;
    }
    if (a > 0 || b > 0)
        br->rate_after_mw = a > 0 ? a : b;
    return true;
}

static bool read_ratings(struct mat_case *c, size_t row, struct grid_branch *br)
{
    bool ok = mat_case_number(c, MAT_BRANCH, row, br_rate, &br->rate_mw);
    ok = mat_case_finite(c, MAT_BRANCH, row, br_tap, &br->tap) && ok;
    ok = mat_case_finite(c, MAT_BRANCH, row, br_shift, &br->shift_deg) && ok;
    ok = read_angles(c, row, br) && ok;
    if (!ok)
        return false;
    if (br->rate_mw < 0)
        ROW_FAULT(c, MAT_BRANCH, row, br_rate,
                  "rateA %.9g MVA; expected 0 (no limit) or more", br->rate_mw);
    if (br->tap < 0)
        ROW_FAULT(c, MAT_BRANCH, row, br_tap,
                  "ratio %.9g; expected 0 (a line) or a positive ratio", br->tap);
    if (fpclassify(br->rate_mw) == FP_ZERO)
        br->rate_mw = HUGE_VAL;
    if (fpclassify(br->tap) == FP_ZERO)
        br->tap = 1;
    return read_rate_after(c, row, br);
}

/* A branch without reactance holds both ends at one angle, so nothing may part them. */
static void check_bus_tie(struct mat_case *c, size_t row, struct grid_branch *br)
{
    if (fabs(br->x_pu) >= GRID_LEAST_X_PU)
        return;
    br->x_pu = 0;
    if (fpclassify(br->shift_deg) != FP_ZERO)
        ROW_FAULT(c, MAT_BRANCH, row, br_shift,
                  "branch %s-%s shifts the phase by %.9g degrees and has x = 0; "
                  "expected a reactance, or no shift",
                  c->grid->bus[br->from].id, c->grid->bus[br->to].id, br->shift_deg);
    if (br->angle_min_deg > 0 || br->angle_max_deg < 0)
        ROW_FAULT(c, MAT_BRANCH, row, br_angmin,
                  "branch %s-%s has x = 0, hence no angle difference, and angle limits "
                  "%.9g to %.9g; expected limits that hold 0",
                  c->grid->bus[br->from].id, c->grid->bus[br->to].id, br->angle_min_deg,
                  br->angle_max_deg);
}

/* False if the row is not a branch in service, or has a fault. */
static bool read_branch(struct mat_case *c, size_t row, struct grid_branch *br)
{
    double status;
    bool ok = mat_case_bus(c, MAT_BRANCH, row, br_from, &br->from);
    ok = mat_case_bus(c, MAT_BRANCH, row, br_to, &br->to) && ok;
    ok = mat_case_number(c, MAT_BRANCH, row, br_status, &status) && ok;
    if (!ok)
        return false;
    bool in_service = status >= 1 && status <= 1;
    if (!in_service && fpclassify(status) != FP_ZERO) {
        ROW_FAULT(c, MAT_BRANCH, row, br_status,
                  "status %.9g; expected 0 (out of service) or 1 (in service)", status);
        return false;
    }
    if (!in_service || br->from < 0 || br->to < 0)
        return false;
    ok = mat_case_finite(c, MAT_BRANCH, row, br_r, &br->r_pu);
    ok = mat_case_finite(c, MAT_BRANCH, row, br_x, &br->x_pu) && ok;
    ok = read_ratings(c, row, br) && ok;
    if (!ok)
        return false;
    if (br->from == br->to)
        ROW_FAULT(c, MAT_BRANCH, row, br_to,
                  "a branch from bus %s to itself; expected two buses",
                  c->grid->bus[br->from].id);
    check_bus_tie(c, row, br);
    return true;
}

static void read_branches(struct mat_case *c)
{
    struct grid *g = c->grid;
    const struct mat_value *v = &c->file->field[MAT_BRANCH];
    if (!mat_case_has_columns(c, MAT_BRANCH, 11))
        return;
    if (v->row[0].n == 12 && !v->row[0].damaged) {
        mat_fault(
            c->src, c->faults, v->row[0].at,
            "mpc.branch has 12 columns, angmin without angmax; expected 11, 13 or "
            "more");
        return;
    }
    g->branch = ARENA_ARRAY(&g->arena, struct grid_branch, v->n_row);
    if (!g->branch) {
        c->no_memory = true;
        return;
    }
    g->n_branch_row = (int32_t)v->n_row;
    for (size_t row = 0; row < v->n_row; row++)
        if (!mat_case_is_damaged(c, MAT_BRANCH, row) &&
            read_branch(c, row, &g->branch[g->n_branch]))
            g->branch[g->n_branch++].row = (int32_t)row + 1;
}

/* ---- units ---- */

static bool read_unit(struct mat_case *c, size_t row, struct grid_unit *unit)
{
    double status;
    *unit = (struct grid_unit){0};
    bool ok = mat_case_bus(c, MAT_GEN, row, gen_bus, &unit->bus);
    ok = mat_case_number(c, MAT_GEN, row, gen_status, &status) && ok;
    if (!ok || status <= 0 || unit->bus < 0)
        return false;
    ok = mat_case_finite(c, MAT_GEN, row, gen_pmax, &unit->pmax_mw);
    ok = mat_case_finite(c, MAT_GEN, row, gen_pmin, &unit->pmin_mw) && ok;
    if (ok && unit->pmin_mw > unit->pmax_mw) {
        ROW_FAULT(
            c, MAT_GEN, row, gen_pmin,
            "unit at bus %s: Pmin %.9g exceeds Pmax %.9g MW; expected Pmin <= Pmax",
            c->grid->bus[unit->bus].id, unit->pmin_mw, unit->pmax_mw);
        return false;
    }
    return ok;
}

/* Whether mpc.gencost has a row for every unit; a second half is for reactive power. */
static bool has_costs(struct mat_case *c, size_t n_gen)
{
    const struct mat_value *v = &c->file->field[MAT_GENCOST];
    if (!mat_case_has_columns(c, MAT_GENCOST, 5))
        return false;
    if (v->n_row == n_gen || v->n_row == 2 * n_gen)
        return true;
    mat_fault(
        c->src, c->faults, v->at,
        "mpc.gencost has %zu rows for %zu units; expected %zu, or %zu with the cost "
        "of reactive power",
        v->n_row, n_gen, n_gen, 2 * n_gen);
    return false;
}

static void read_units(struct mat_case *c)
{
    struct grid *g = c->grid;
    const struct mat_value *v = &c->file->field[MAT_GEN];
    bool readable = mat_case_has_columns(c, MAT_GEN, 10);
    bool costs = v->kind == MAT_MATRIX && has_costs(c, v->n_row);
    if (!readable)
        return;
    g->unit = ARENA_ARRAY(&g->arena, struct grid_unit, v->n_row);
    if (!g->unit) {
        c->no_memory = true;
        return;
    }
    g->n_unit_row = (int32_t)v->n_row;
    for (size_t row = 0; row < v->n_row; row++) {
        struct grid_unit *unit = &g->unit[g->n_unit];
        if (mat_case_is_damaged(c, MAT_GEN, row) || !read_unit(c, row, unit))
            continue;
        unit->row = (int32_t)row + 1;
        if (!costs || mat_case_read_cost(c, MAT_GENCOST, row, unit))
            g->n_unit++;
    }
}

/* ---- the case ---- */

static enum err_code read_case(const struct source *src, bool dc_lines,
                               struct grid *out, struct err_list *faults,
                               struct err *err)
{
    struct mat_file file = {0};
    struct mat_case c = {
        .src = src, .faults = faults, .file = &file, .grid = out, .dc_lines = dc_lines};
    size_t total_before = faults->total, n_before = faults->n;
    *out = (struct grid){0};
    enum err_code code = matpower_scan(src, &file, faults, err);
    if (code)
        goto done;
    check_presence(&c);
    read_buses(&c);
    if (!c.no_memory)
        read_branches(&c);
    if (!c.no_memory)
        read_units(&c);
    if (!c.no_memory)
        mat_case_read_dc_lines(&c);
    if (c.no_memory)
        code = err_set(err, ERR_NOMEM, "out of memory while reading %s", src->path);
    else if (faults->n > n_before)
        code = err_at(err, ERR_INPUT, faults->item[n_before].at, "%s",
                      faults->item[n_before].msg);
    else if (faults->total > total_before)
        code = err_set(err, ERR_INPUT, "%s has faults; expected a MATPOWER case",
                       src->path);
    else
        code = grid_finish(out, err);
done:
    mem_free(c.bus);
    mem_free(c.guide);
    mat_file_release(&file);
    if (code)
        grid_release(out);
    return code;
}

enum err_code matpower_read(const struct source *src, struct grid *out,
                            struct err_list *faults, struct err *err)
{
    return read_case(src, false, out, faults, err);
}

enum err_code matpower_read_dc_lines(const struct source *src, struct grid *out,
                                     struct err_list *faults, struct err *err)
{
    return read_case(src, true, out, faults, err);
}
