/* slow_flow.c - a dense LU factorisation with row exchanges; bus 0 has angle 0. */
#include "tests/oracle/slow_flow.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct slow_flow {
    const struct network_data *net;
    size_t n;      /* buses but the first */
    double **row;  /* [n] of lu, exchanged */
    size_t *from;  /* [n] where the row came from */
    double *lu;    /* [n][n] */
    double *angle; /* [n + 1] work */
};

static void factorise(struct slow_flow *f)
{
    size_t n = f->n;
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(f->row[i][k]) > fabs(f->row[best][k]))
                best = i;
        double *swap = f->row[k];
        size_t from = f->from[k];
        f->row[k] = f->row[best];
        f->row[best] = swap;
        f->from[k] = f->from[best];
        f->from[best] = from;
        cr_assert_gt(fabs(f->row[k][k]), 1e-9, "singular network");
        for (size_t i = k + 1; i < n; i++) {
            double *below = f->row[i], factor = below[k] / f->row[k][k];
            below[k] = factor;
            if (fabs(factor) > 0)
                for (size_t j = k + 1; j < n; j++)
                    below[j] -= factor * f->row[k][j];
        }
    }
}

struct slow_flow *slow_flow_create(const struct network_data *net)
{
    struct slow_flow *f = calloc(1, sizeof *f);
    size_t n = (size_t)net->n_bus - 1;
    cr_assert_not_null(f);
    *f = (struct slow_flow){.net = net, .n = n};
    f->lu = calloc(n * n + 1, sizeof(double));
    f->row = calloc(n + 1, sizeof(double *));
    f->from = calloc(n + 1, sizeof(size_t));
    f->angle = calloc(n + 1, sizeof(double));
    cr_assert(f->lu && f->row && f->from && f->angle);
    for (size_t i = 0; i < n; i++) {
        f->row[i] = f->lu + i * n;
        f->from[i] = i;
    }
    for (int32_t l = 0; l < net->n_branch; l++) {
        double b = net->susceptance_mw_per_rad[l];
        int32_t end[2] = {net->from[l], net->to[l]};
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
                if (end[i] > 0 && end[j] > 0)
                    f->row[end[i] - 1][end[j] - 1] += i == j ? b : -b;
    }
    factorise(f);
    return f;
}

void slow_flow_release(struct slow_flow *f)
{
    free(f->lu);
    free(f->row);
    free(f->from);
    free(f->angle);
    free(f);
}

/* Angles of an injection; angle[0] is 0. */
static void solve(const struct slow_flow *f, const double *injection)
{
    size_t n = f->n;
    double *x = f->angle + 1;
    for (size_t i = 0; i < n; i++) {
        x[i] = injection[f->from[i] + 1];
        for (size_t j = 0; j < i; j++)
            x[i] -= f->row[i][j] * x[j];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            x[i] -= f->row[i][j] * x[j];
        x[i] /= f->row[i][i];
    }
}

void slow_flow_base(const struct slow_flow *f, const double *injection_mw,
                    double *flow_mw)
{
    const struct network_data *net = f->net;
    solve(f, injection_mw);
    for (int32_t l = 0; l < net->n_branch; l++)
        flow_mw[l] = net->susceptance_mw_per_rad[l] *
                     (f->angle[net->from[l]] - f->angle[net->to[l]]);
}

/* A transfer along the branch that cancels its own flow takes it out. */
bool slow_flow_outage(const struct slow_flow *f, int32_t branch, double *factor)
{
    const struct network_data *net = f->net;
    double *transfer = calloc((size_t)net->n_bus, sizeof(double));
    cr_assert_not_null(transfer);
    transfer[net->from[branch]] += 1;
    transfer[net->to[branch]] -= 1;
    slow_flow_base(f, transfer, factor);
    free(transfer);
    double stays = 1 - factor[branch];
    if (fabs(stays) < 1e-7)
        return false;
    for (int32_t l = 0; l < net->n_branch; l++)
        factor[l] /= stays;
    factor[branch] = -1;
    return true;
}
