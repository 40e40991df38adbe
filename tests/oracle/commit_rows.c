/* commit_rows.c - what the rows of either model have in common. */
#include "tests/oracle/commit_rows.h"

#include <math.h>

static void broken(const struct commit_table *t, const char *name, int32_t unit,
                   int32_t interval, double by_mw)
{
    struct commit_rows *o = t->out;
    o->n_row++;
    if (!(by_mw <= o->worst_mw)) {
        o->worst_mw = by_mw;
        o->row = name;
        o->unit = unit;
        o->interval = interval;
    }
}

void commit_row_most(const struct commit_table *t, const char *name, int32_t unit,
                     int32_t interval, double lhs, double rhs)
{
    broken(t, name, unit, interval, isnan(lhs - rhs) ? (double)INFINITY : lhs - rhs);
}

void commit_row_equal(const struct commit_table *t, const char *name, int32_t unit,
                      int32_t interval, double lhs, double rhs)
{
    commit_row_most(t, name, unit, interval, fabs(lhs - rhs), 0);
}

void commit_row_logic(const struct commit_table *t, const char *name, int32_t unit,
                      int32_t interval, bool holds)
{
    broken(t, name, unit, interval, holds ? 0 : (double)INFINITY);
}

static size_t cell(const struct commit_table *t, int32_t g, int32_t interval)
{
    return (size_t)(interval - 1) * (size_t)t->c->problem.n_unit + (size_t)g;
}

int commit_rows_on(const struct commit_table *t, int32_t g, int32_t interval)
{
    if (interval < 1)
        return t->c->problem.unit[g].on_before;
    return t->a->on[cell(t, g, interval)];
}

double commit_rows_power(const struct commit_table *t, int32_t g, int32_t interval)
{
    if (interval < 1)
        return t->c->problem.unit[g].mw_before;
    return t->a->power_mw[cell(t, g, interval)];
}

double commit_rows_reserve(const struct commit_table *t, int32_t g, int32_t interval)
{
    double sum = 0;
    for (size_t k = 0; k < COMMIT_PRODUCTS; k++)
        sum += t->a->reserve_mw[cell(t, g, interval) * COMMIT_PRODUCTS + k];
    return sum;
}

struct commit_rows commit_rows_check(const struct commit_case *c,
                                     const struct commit_answer *a)
{
    struct commit_rows out = {.worst_mw = 0, .row = "", .unit = -1, .interval = -1};
    struct commit_table t = {c, a, &out};
    if (c->format == COMMIT_PGLIB_UC)
        commit_rows_pglib(&t);
    else if (c->problem.service)
        commit_rows_egret(&t);
    else
        commit_rows_ucjl(&t);
    return out;
}
