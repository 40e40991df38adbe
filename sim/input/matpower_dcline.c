/* matpower_dcline.c - rows of dcline and dclinecost. */
#include <math.h>

#include "sim/input/matpower_case.h"

// clang-format off
static const struct mat_column
    dc_from = {0, "from bus"}, dc_to = {1, "to bus"}, dc_status = {2, "status"},
    dc_pf = {3, "Pf"}, dc_pmin = {9, "Pmin"}, dc_pmax = {10, "Pmax"},
    dc_loss0 = {15, "loss0"}, dc_loss1 = {16, "loss1"};
// clang-format on

#define DC_FAULT(c, row, column, line, fmt, ...)                                \
 mat_fault((c)->src, (c)->faults, mat_case_at(c, MAT_DCLINE, row, (column).at), \
           "DC line %s-%s " fmt, (c)->grid->bus[(line)->from].id,               \
           (c)->grid->bus[(line)->to].id, __VA_ARGS__)

/* False if the row is not a line in service, or has a fault. */
static bool read_ends(struct mat_case *c, size_t row, struct grid_dc_line *line)
{
    double status;
    *line = (struct grid_dc_line){0};
    if (mat_case_is_damaged(c, MAT_DCLINE, row))
        return false;
    bool ok = mat_case_bus(c, MAT_DCLINE, row, dc_from, &line->from);
    ok = mat_case_bus(c, MAT_DCLINE, row, dc_to, &line->to) && ok;
    ok = mat_case_number(c, MAT_DCLINE, row, dc_status, &status) && ok;
    line->flow.bus = line->from;
    return ok && status > 0 && line->from >= 0 && line->to >= 0;
}

/* One that is scheduled at 0 MW and loses nothing may stay there, as in MATPOWER. */
static void check_rest(struct mat_case *c, size_t row, const struct grid_dc_line *line)
{
    double pf, pmin, pmax, loss;
    bool ok = mat_case_number(c, MAT_DCLINE, row, dc_pf, &pf);
    ok = mat_case_number(c, MAT_DCLINE, row, dc_pmin, &pmin) && ok;
    ok = mat_case_number(c, MAT_DCLINE, row, dc_pmax, &pmax) && ok;
    ok = mat_case_number(c, MAT_DCLINE, row, dc_loss0, &loss) && ok;
    if (ok && (fpclassify(pf) != FP_ZERO || fpclassify(loss) != FP_ZERO || pmin > 0 ||
               pmax < 0))
        DC_FAULT(c, row, dc_status, line,
                 "is in service while DC lines are off; expected status 0, %s",
                 "a schedule of 0 MW without loss, or DC lines turned on");
}

/* Flow at the from end where a limit that is negative stands at the to end. */
static double at_from(const struct grid_dc_line *line, double limit_mw)
{
    return limit_mw < 0 ? (limit_mw + line->loss0_mw) / (1 - line->loss1) : limit_mw;
}

static bool read_line(struct mat_case *c, size_t row, struct grid_dc_line *line)
{
    double pmin, pmax;
    bool ok = mat_case_finite(c, MAT_DCLINE, row, dc_pmin, &pmin);
    ok = mat_case_finite(c, MAT_DCLINE, row, dc_pmax, &pmax) && ok;
    ok = mat_case_finite(c, MAT_DCLINE, row, dc_loss0, &line->loss0_mw) && ok;
    ok = mat_case_finite(c, MAT_DCLINE, row, dc_loss1, &line->loss1) && ok;
    if (!ok)
        return false;
    if (line->from == line->to) {
        DC_FAULT(c, row, dc_to, line, "begins and ends at one bus; expected %s",
                 "two buses");
        return false;
    }
    if (!(line->loss1 >= 0 && line->loss1 <= 0.5) || line->loss0_mw < 0) {
        DC_FAULT(c, row, dc_loss0, line,
                 "loses %.9g MW and %.9g of its flow; expected at least 0, and a share "
                 "of 0 to 0.5",
                 line->loss0_mw, line->loss1);
        return false;
    }
    line->flow.pmin_mw = at_from(line, pmin);
    line->flow.pmax_mw = at_from(line, pmax);
    if (line->flow.pmin_mw > line->flow.pmax_mw) {
        DC_FAULT(c, row, dc_pmin, line,
                 "takes %.9g MW at least and %.9g at most where it begins; expected "
                 "Pmin <= Pmax",
                 line->flow.pmin_mw, line->flow.pmax_mw);
        return false;
    }
    return true;
}

/* Whether costs are there, one row for each line. */
static bool has_costs(struct mat_case *c, size_t n_line)
{
    const struct mat_value *v = &c->file->field[MAT_DCLINECOST];
    if (!mat_case_has_columns(c, MAT_DCLINECOST, 5))
        return false;
    if (v->n_row == n_line)
        return true;
    mat_fault(c->src, c->faults, v->at,
              "mpc.dclinecost has %zu rows for %zu DC lines; expected one for each",
              v->n_row, n_line);
    return false;
}

void mat_case_read_dc_lines(struct mat_case *c)
{
    struct grid *g = c->grid;
    size_t n_row = c->file->field[MAT_DCLINE].n_row;
    struct grid_dc_line line;
    if (!mat_case_has_columns(c, MAT_DCLINE, 17))
        return;
    if (!c->dc_lines) {
        for (size_t row = 0; row < n_row; row++)
            if (read_ends(c, row, &line))
                check_rest(c, row, &line);
        return;
    }
    bool costs = has_costs(c, n_row);
    g->dc_line = ARENA_ARRAY(&g->arena, struct grid_dc_line, n_row);
    c->no_memory = c->no_memory || !g->dc_line;
    for (size_t row = 0; !c->no_memory && row < n_row; row++) {
        if (!read_ends(c, row, &line) || !read_line(c, row, &line))
            continue;
        if (!costs || mat_case_read_cost(c, MAT_DCLINECOST, row, &line.flow))
            g->dc_line[g->n_dc_line++] = line;
    }
}
