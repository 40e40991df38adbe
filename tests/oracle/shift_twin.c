/* shift_twin.c - dense, one bus at a time. */
#include "tests/oracle/shift_twin.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Gauss and Jordan; the columns of b become the solutions. */
static void eliminate(int n, double *a, double *b)
{
    for (int k = 0; k < n; k++) {
        int pivot = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[pivot * n + k]))
                pivot = i;
        cr_assert_gt(fabs(a[pivot * n + k]), 1e-9, "a singular island");
        for (int j = 0; j < n; j++) {
            double t = a[k * n + j], u = b[k * n + j];
            a[k * n + j] = a[pivot * n + j], b[k * n + j] = b[pivot * n + j];
            a[pivot * n + j] = t, b[pivot * n + j] = u;
        }
        for (int i = 0; i < n; i++) {
            double by = a[i * n + k] / a[k * n + k];
            for (int j = 0; j < n && i != k; j++) {
                a[i * n + j] -= by * a[k * n + j];
                b[i * n + j] -= by * b[k * n + j];
            }
        }
        double scale = a[k * n + k];
        for (int j = 0; j < n; j++) {
            a[k * n + j] /= scale;
            b[k * n + j] /= scale;
        }
    }
}

/* The lowest bus of each island. */
static void find_islands(const struct grid *g, int *first)
{
    for (int n = 0; n < g->n_bus; n++)
        first[n] = n;
    for (int again = 1; again;) {
        again = 0;
        for (int l = 0; l < g->n_branch; l++) {
            int *f = &first[g->branch[l].from], *t = &first[g->branch[l].to];
            again = again || *f != *t;
            *f = *t = *f < *t ? *f : *t;
        }
    }
}

/* angle[bus * n + source] of 1 MW in at source and out over the reference. */
static double *angles(const struct grid *g, const struct outcome *o)
{
    int n = g->n_bus, *first = calloc((size_t)n, sizeof *first);
    double *a = calloc((size_t)n * (size_t)n, sizeof *a);
    double *angle = calloc((size_t)n * (size_t)n, sizeof *angle);
    cr_assert(first && a && angle);
    find_islands(g, first);
    for (int l = 0; l < g->n_branch; l++) {
        int f = g->branch[l].from, t = g->branch[l].to;
        double b = o->susceptance_mw_per_rad[l];
        cr_assert(isfinite(b));
        a[f * n + f] += b, a[t * n + t] += b;
        a[f * n + t] -= b, a[t * n + f] -= b;
    }
    for (int bus = 0; bus < n; bus++)
        for (int source = 0; source < n; source++)
            if (first[bus] == first[source])
                angle[bus * n + source] = (bus == source) - o->reference_weight[bus];
    for (int bus = 0; bus < n; bus++)
        if (first[bus] == bus)
            for (int k = 0; k < n; k++) {
                a[bus * n + k] = k == bus;
                angle[bus * n + k] = 0;
            }
    eliminate(n, a, angle);
    free(a);
    free(first);
    return angle;
}

void shift_twin(const struct market *m, const struct outcome *o, double *factor)
{
    int n_bus = m->grid.n_bus;
    double *angle = angles(&m->grid, o);
    memset(factor, 0, (size_t)o->n_constraint * (size_t)m->n_node * sizeof *factor);
    for (int k = 0; k < o->n_term; k++) {
        const struct flow_term *t = &o->term[k];
        const struct grid_branch *b = &m->grid.branch[t->branch];
        for (int node = 0; node < m->n_node; node++)
            for (int e = 0; e < m->node[node].n_factor; e++) {
                int at = m->node[node].factor_start + e, bus = m->factor_bus[at];
                double across =
                    angle[b->from * n_bus + bus] - angle[b->to * n_bus + bus];
                factor[t->constraint * m->n_node + node] +=
                    m->factor[at] * t->weight * o->susceptance_mw_per_rad[t->branch] *
                    across;
            }
    }
    for (int c = 0; c < o->n_constraint; c++)
        if (o->constraint[c].kind == CONSTRAINT_TIE)
            factor[c * m->n_node + m->tie[o->constraint[c].index].node] =
                o->constraint[c].upper ? 1 : -1;
    free(angle);
}

void shift_twin_compare(const struct market *m, const struct outcome *o)
{
    size_t n = (size_t)o->n_constraint * (size_t)m->n_node;
    double *factor = calloc(n ? n : 1, sizeof *factor);
    cr_assert_not_null(factor);
    shift_twin(m, o, factor);
    for (int64_t k = 0; k < o->n_shift; k++)
        factor[o->shift[k].constraint * m->n_node + o->shift[k].node] -=
            o->shift[k].factor;
    for (size_t k = 0; k < n; k++)
        cr_assert_lt(fabs(factor[k]), 1e-7, "%s at node %zu: off by %g",
                     o->constraint[k / (size_t)m->n_node].id, k % (size_t)m->n_node,
                     factor[k]);
    free(factor);
}
