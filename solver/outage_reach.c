/*
 * outage_reach.c - how far outages of one branch can reach.
 *
 * With every reactance positive |lodf| <= 1: 1 MW from end to end of what is lost flows
 * downhill. A branch n of reactance x_n < 0 stands in for a source that keeps its ends
 * lodf_nk x_n apart. With those ends joined instead, no other branch carries more than the
 * 1 MW; and each source drives no more through the rest than that difference times what
 * leaves one of its ends, the sum of positive b:
 *
 *     |lodf_lk| <= 1 + sum over n of |lodf_nk| drive_n,   drive_n = leaving_n / |b_n|  (1)
 *
 * for branches l of positive reactance; lodf_nk of the others is known, since (1) asks for
 * it. Where branches of negative reactance meet, leaving_n is what leaves all their buses.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/outage_parts.h"

enum {
    LANES = SPARSE_LANES
};

/* (1) is rounded. */
static const double ROUNDED = 1 + 1e-9;

struct negative {
    int32_t n;
    int32_t *branch; /* [n] */
    double *drive;   /* [n] */
};

/* Nodes are rows of the matrix; those without a row count as one, n_row. */
static int32_t node_of(const struct outage_screen *s, int32_t bus)
{
    return s->row[bus] < 0 ? s->n_row : s->row[bus];
}

/* Everything that hangs together by negative reactances gets the least of its nodes. */
static void name_clusters(const struct outage_screen *s, const struct negative *x,
                          int32_t *cluster)
{
    for (int32_t v = 0; v <= s->n_row; v++)
        cluster[v] = v;
    for (bool changed = true; changed;) { /* clusters are small */
        changed = false;
        for (int32_t i = 0; i < x->n; i++) {
            int32_t a = node_of(s, s->d->from[x->branch[i]]);
            int32_t b = node_of(s, s->d->to[x->branch[i]]);
            int32_t least = cluster[a] < cluster[b] ? cluster[a] : cluster[b];
            changed = changed || cluster[a] != cluster[b];
            cluster[a] = cluster[b] = least;
        }
    }
}

static enum err_code find_drive(const struct outage_screen *s, struct negative *x,
                                struct err *err)
{
    size_t n = (size_t)s->n_row + 1;
    const double *susceptance = s->d->susceptance_mw_per_rad;
    enum err_code code = ERR_OK;
    double *leaving = mem_alloc(n, sizeof *leaving);
    double *of_cluster = mem_alloc(n, sizeof *of_cluster);
    int32_t *cluster = mem_alloc(n, sizeof *cluster);
    int32_t *size = mem_alloc(n, sizeof *size);
    if (!leaving || !of_cluster || !cluster || !size) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    for (int32_t l = 0; l < s->d->n_branch; l++) {
        if (network_is_bus_tie(s->d, l) || susceptance[l] < 0)
            continue;
        leaving[node_of(s, s->d->from[l])] += susceptance[l];
        leaving[node_of(s, s->d->to[l])] += susceptance[l];
    }
    name_clusters(s, x, cluster);
    for (size_t v = 0; v < n; v++)
        of_cluster[cluster[v]] += leaving[v];
    for (int32_t i = 0; i < x->n; i++)
        size[cluster[node_of(s, s->d->from[x->branch[i]])]]++;
    for (int32_t i = 0; i < x->n; i++) {
        int32_t l = x->branch[i], a = node_of(s, s->d->from[l]);
        double most = size[cluster[a]] > 1
                          ? of_cluster[cluster[a]]
                          : fmin(leaving[a], leaving[node_of(s, s->d->to[l])]);
        x->drive[i] = most / -susceptance[l];
    }
done:
    mem_free(leaving);
    mem_free(of_cluster);
    mem_free(cluster);
    mem_free(size);
    return code;
}

/* Adds to reach what branches of negative reactance, LANES from `first` on, carry. */
static enum err_code add_carried(struct outage_screen *s, const struct negative *x,
                                 int32_t first, double *carried, struct err *err)
{
    const struct network_data *d = s->d;
    int32_t from[LANES], to[LANES], n = x->n - first < LANES ? x->n - first : LANES;
    const double *lanes;
    for (int32_t c = 0; c < LANES; c++) {
        from[c] = c < n ? s->row[d->from[x->branch[first + c]]] : -1;
        to[c] = c < n ? s->row[d->to[x->branch[first + c]]] : -1;
    }
    enum err_code code = sparse_differences(s->factor, from, to, &lanes, err);
    for (int32_t k = 0; !code && k < s->o->n_outage; k++) {
        if (s->kind[k] != OUTAGE_SCREENED || !outage_is_plain(s, k))
            continue;
        int32_t m = s->o->branch[s->o->branch_start[k]];
        const double *f = lanes + s->place[d->from[m]], *t = lanes + s->place[d->to[m]];
        for (int32_t c = 0; c < n; c++) {
            int32_t l = x->branch[first + c];
            double lodf =
                fabs(d->susceptance_mw_per_rad[l] * (f[c] - t[c]) / s->own[k]);
            if (l == m)
                continue;
            s->reach[k] += lodf * x->drive[first + c];
            carried[k] = fmax(carried[k], lodf);
        }
    }
    return code;
}

enum err_code outage_find_reach(struct outage_screen *s, struct err *err)
{
    struct negative x = {0};
    size_t room = (size_t)s->d->n_branch;
    double *carried = mem_alloc((size_t)s->o->n_outage, sizeof *carried);
    enum err_code code = ERR_OK;
    x.branch = mem_alloc(room, sizeof *x.branch);
    x.drive = mem_alloc(room, sizeof *x.drive);
    if (!carried || !x.branch || !x.drive)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t l = 0; !code && l < s->d->n_branch; l++)
        if (s->d->susceptance_mw_per_rad[l] < 0)
            x.branch[x.n++] = l;
    for (int32_t k = 0; !code && k < s->o->n_outage; k++)
        s->reach[k] = s->kind[k] == OUTAGE_SCREENED && outage_is_plain(s, k)
                          ? 1
                          : (double)INFINITY;
    if (!code && x.n > 0)
        code = find_drive(s, &x, err);
    for (int32_t first = 0; !code && first < x.n; first += LANES)
        code = add_carried(s, &x, first, carried, err);
    for (int32_t k = 0; !code && k < s->o->n_outage; k++)
        s->reach[k] = fmax(s->reach[k], carried[k]) * ROUNDED;
    mem_free(carried);
    mem_free(x.branch);
    mem_free(x.drive);
    return code;
}
