/* matpower_cost.c - rows of gencost and dclinecost: points or a polynomial, checked for convexity. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/input/matpower_case.h"

enum {
    COL_MODEL = 0,
    COL_N = 3,
    COL_FIRST = 4,
    MAX_POWERS = 32, /* no published cost has more than 4 coefficients */
};

/* Points are published with some five digits: slopes may fall by this much, relative. */
#define ROUNDING   1e-4
#define CONVEX_TOL 1e-12

#define COST_FAULT(c, table, row, column, unit, fmt, ...)                   \
 mat_fault((c)->src, (c)->faults, mat_case_at(c, table, row, column),       \
           "%s bus %s: " fmt, owner(table), (c)->grid->bus[(unit)->bus].id, \
           __VA_ARGS__)

static const char *owner(enum mat_field table)
{
    return table == MAT_GENCOST ? "unit at" : "DC line from";
}

/* ---- model 1: points ---- */

/* Moves end points along the end slopes until they span pmin..pmax. */
static void extend_points(double *xy, size_t n, const struct grid_unit *unit)
{
    double *last = xy + 2 * (n - 1);
    if (xy[0] > unit->pmin_mw) {
        double slope = (xy[3] - xy[1]) / (xy[2] - xy[0]);
        xy[1] -= slope * (xy[0] - unit->pmin_mw);
        xy[0] = unit->pmin_mw;
    }
    if (last[0] < unit->pmax_mw) {
        double slope = (last[1] - last[-1]) / (last[0] - last[-2]);
        last[1] += slope * (unit->pmax_mw - last[0]);
        last[0] = unit->pmax_mw;
    }
}

/*
 * Checks the n points and leaves out those whose slopes fall by no more than the rounding
 * of published numbers, so that what remains is convex. 0 after a fault.
 */
static size_t make_convex(struct mat_case *c, enum mat_field table, size_t row,
                          double *xy, size_t n, const struct grid_unit *unit)
{
    size_t kept = 1;
    for (size_t i = 1; i < n; i++) {
        double x = xy[2 * i], y = xy[2 * i + 1], *top = xy + 2 * (kept - 1);
        double next = (y - top[1]) / (x - top[0]);
        if (!(x > top[0]) || !isfinite(next)) {
            COST_FAULT(
                c, table, row, COL_FIRST + 2 * i, unit,
                "cost point %zu is at %.9g MW after %.9g MW; expected ascending MW",
                i + 1, x, top[0]);
            return 0;
        }
        for (; kept > 1; kept--) {
            double slope = (top[1] - top[-1]) / (top[0] - top[-2]);
            if (next >= slope)
                break;
            if (next < slope - ROUNDING * fmax(1, fabs(slope))) {
                COST_FAULT(c, table, row, COL_FIRST + 2 * i, unit,
                           "the cost is not convex, its slope falls from %.9g to %.9g "
                           "$/MWh; expected slopes that never fall",
                           slope, next);
                return 0;
            }
            top -= 2;
            next = (y - top[1]) / (x - top[0]);
        }
        xy[2 * kept] = x;
        xy[2 * kept + 1] = y;
        kept++;
    }
    return kept;
}

/* ---- model 2: polynomials ---- */

/*
 * Bernstein coefficients of a polynomial on [from, from + width]: no coefficient below
 * -tol proves that the polynomial is not below -tol there. Their first and last are the
 * values at the ends. a[k] multiplies x^k, k = 0 .. degree.
 */
static void bernstein(const double *a, int degree, double from, double width, double *b)
{
    double t[MAX_POWERS];
    memcpy(t, a, (size_t)(degree + 1) * sizeof *t);
    for (int i = 0; i < degree; i++) /* Taylor shift by repeated synthetic division */
        for (int k = degree - 1; k >= i; k--)
            t[k] += from * t[k + 1];
    double scale = 1;
    for (int k = 0; k <= degree; k++) {
        t[k] *= scale;
        scale *= width;
    }
    for (int j = 0; j <= degree; j++) {
        double sum = 0, ratio = 1; /* ratio = binomial(j, k) / binomial(degree, k) */
        for (int k = 0; k <= j; k++) {
            sum += ratio * t[k];
            if (k < j)
                ratio *= (double)(j - k) / (double)(degree - k);
        }
        b[j] = sum;
    }
}

static bool all_at_least(const double *b, int n, double floor_value)
{
    for (int i = 0; i < n; i++)
        if (!(b[i] >= floor_value))
            return false;
    return true;
}

/* Whether the second derivative of the cost is not negative between pmin and pmax. */
static bool is_convex(const double *cost, int n, double pmin, double pmax)
{
    double a[MAX_POWERS], b[MAX_POWERS], size = 0, power = 1;
    double reach = fmax(fabs(pmin), fabs(pmax));
    int degree = n - 3;
    if (degree < 0 || pmin == pmax) /* linear, or a single point */
        return true;
    for (int k = 0; k <= degree; k++) {
        a[k] = cost[k + 2] * (double)((k + 1) * (k + 2));
        size += fabs(a[k]) * power;
        power *= reach;
    }
    double tol = CONVEX_TOL + CONVEX_TOL * size;
    double from = pmin, width = pmax - pmin;
    const double least = width * 0x1p-40;
    if (!isfinite(size) || !isfinite(width))
        return false;
    while (from < pmax) {
        if (width > pmax - from)
            width = pmax - from;
        bernstein(a, degree, from, width, b);
        if (all_at_least(b, degree + 1, -tol)) {
            if (from + width <= from)
                return true; /* pmax is within rounding */
            from += width;
            width *= 2;
        } else if (b[0] < -tol || b[degree] < -tol || width < least) {
            return false;
        } else {
            width /= 2;
        }
    }
    return true;
}

/* ---- a row ---- */

/* The n finite numbers from the first cost column on, in file order. */
static bool copy_numbers(struct mat_case *c, enum mat_field table, size_t row, size_t n,
                         double *to)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        if (!mat_case_finite(c, table, row,
                             (struct mat_column){COL_FIRST + i, "a cost"}, &to[i]))
            ok = false;
    return ok;
}

static bool read_points(struct mat_case *c, enum mat_field table, size_t row, size_t n,
                        struct grid_unit *unit)
{
    double *xy = ARENA_ARRAY(&c->grid->arena, double, 2 * n);
    if (!xy) {
        c->no_memory = true;
        return false;
    }
    if (!copy_numbers(c, table, row, 2 * n, xy))
        return false;
    n = make_convex(c, table, row, xy, n, unit);
    if (n == 0)
        return false;
    extend_points(xy, n, unit);
    unit->cost_kind = GRID_COST_POINTS;
    unit->n_cost = (int32_t)n;
    unit->cost = xy;
    return true;
}

static bool read_polynomial(struct mat_case *c, enum mat_field table, size_t row,
                            size_t n, struct grid_unit *unit)
{
    double *ascending = ARENA_ARRAY(&c->grid->arena, double, n);
    if (!ascending) {
        c->no_memory = true;
        return false;
    }
    if (!copy_numbers(c, table, row, n, ascending))
        return false;
    for (size_t i = 0; i < n / 2; i++) {
        double swap = ascending[i];
        ascending[i] = ascending[n - 1 - i];
        ascending[n - 1 - i] = swap;
    }
    while (n > 1 && fpclassify(ascending[n - 1]) == FP_ZERO)
        n--;
    if (n > MAX_POWERS) {
        COST_FAULT(c, table, row, COL_N, unit,
                   "a polynomial with %zu powers; expected up to %d", n, MAX_POWERS);
        return false;
    }
    if (!is_convex(ascending, (int)n, unit->pmin_mw, unit->pmax_mw)) {
        COST_FAULT(
            c, table, row, COL_FIRST, unit,
            "the cost is not convex between Pmin %.9g and Pmax %.9g MW; expected a "
            "slope that never falls",
            unit->pmin_mw, unit->pmax_mw);
        return false;
    }
    unit->cost_kind = GRID_COST_POLYNOMIAL;
    unit->n_cost = (int32_t)n;
    unit->cost = ascending;
    return true;
}

bool mat_case_read_cost(struct mat_case *c, enum mat_field table, size_t row,
                        struct grid_unit *unit)
{
    const struct mat_row *r = &c->file->field[table].row[row];
    double model, n;
    if (r->damaged)
        return false;
    if (!mat_case_finite(c, table, row, (struct mat_column){COL_MODEL, "model"},
                         &model) ||
        !mat_case_finite(c, table, row, (struct mat_column){COL_N, "n"}, &n))
        return false;
    bool points = model >= 1 && model <= 1;
    if (!points && !(model >= 2 && model <= 2)) {
        COST_FAULT(c, table, row, COL_MODEL, unit,
                   "cost model %.9g; expected 1 (points) or 2 (polynomial)", model);
        return false;
    }
    double least = points ? 2 : 1, per_entry = points ? 2 : 1;
    double room = (double)(r->n - COL_FIRST);
    if (n > floor(n) || n < least || n * per_entry > room) {
        COST_FAULT(
            c, table, row, COL_N, unit,
            "%.9g cost entries; expected %.0f to %.0f in the %zu columns of mpc.%s", n,
            least, floor(room / per_entry), r->n, mat_field_name(table));
        return false;
    }
    return points ? read_points(c, table, row, (size_t)n, unit)
                  : read_polynomial(c, table, row, (size_t)n, unit);
}
