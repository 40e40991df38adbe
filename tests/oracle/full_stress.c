/* full_stress.c - stress over all pairs. */
#include "tests/oracle/full_stress.h"

#include <math.h>
#include <stdlib.h>

/* [n][n]; INFINITY between islands. */
static double *distances(const struct layout_net *net)
{
    int n = net->n_node;
    double *d = malloc((size_t)n * (size_t)n * sizeof *d);
    if (!d)
        abort();
    for (int i = 0; i < n * n; i++)
        d[i] = i / n == i % n ? 0 : INFINITY;
    for (int e = 0; e < net->n_edge; e++) {
        int a = net->from[e], b = net->to[e];
        if (a != b)
            d[a * n + b] = d[b * n + a] = 1;
    }
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                d[i * n + j] = fmin(d[i * n + j], d[i * n + k] + d[k * n + j]);
    return d;
}

static double stress_of(const double *d, int n, const double *x, const double *y)
{
    double sum = 0, pairs = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) {
            if (!isfinite(d[i * n + j]))
                continue;
            double off = hypot(x[i] - x[j], y[i] - y[j]) / d[i * n + j] - 1;
            sum += off * off;
            pairs += 1;
        }
    return pairs > 0 ? sum / pairs : 0;
}

double full_stress(const struct layout_net *net, const double *x, const double *y)
{
    double *d = distances(net);
    double stress = stress_of(d, net->n_node, x, y);
    free(d);
    return stress;
}

double full_stress_descend(const struct layout_net *net, int sweeps, double *x,
                           double *y)
{
    int n = net->n_node;
    double *d = distances(net);
    for (int s = 0; s < sweeps; s++)
        for (int i = 0; i < n; i++) {
            double sx = 0, sy = 0, sw = 0;
            for (int j = 0; j < n; j++) {
                double dij = d[i * n + j], far = hypot(x[i] - x[j], y[i] - y[j]);
                if (i == j || !isfinite(dij))
                    continue;
                double w = 1 / (dij * dij), stretch = far > 0 ? dij / far : 0;
                sx += w * (x[j] + stretch * (x[i] - x[j]));
                sy += w * (y[j] + stretch * (y[i] - y[j]));
                sw += w;
            }
            if (sw > 0) {
                x[i] = sx / sw;
                y[i] = sy / sw;
            }
        }
    double stress = stress_of(d, n, x, y);
    free(d);
    return stress;
}
