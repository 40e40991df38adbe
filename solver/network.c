/* network.c - islands, factorisation, distribution factors, flows. */
#include "solver/network.h"

#include <string.h>

#include "sim/base/mem.h"
#include "solver/sparse.h"

enum {
    SOLVE_BLOCK = 64
}; /* right-hand sides at a time: bounds the workspace */

struct network {
    struct network_data d;
    int32_t n_island;
    int32_t *island;  /* [n_bus] */
    int32_t *reduced; /* [n_bus] row of B', -1 for the first bus of an island */
    int32_t n_reduced;
    double *reference; /* [n_bus] */
    double *total;     /* [n_island] scratch */
    double *rhs;       /* [SOLVE_BLOCK * n_reduced] scratch */
    struct sparse_factor *factor;
};

static int32_t find_root(int32_t *parent, int32_t n)
{
    while (parent[n] != n) {
        parent[n] = parent[parent[n]];
        n = parent[n];
    }
    return n;
}

/* Union-find; islands are numbered by their first bus. */
static void find_islands(struct network *net, int32_t *parent)
{
    const struct network_data *d = &net->d;
    for (int32_t n = 0; n < d->n_bus; n++)
        parent[n] = n;
    for (int32_t l = 0; l < d->n_branch; l++) {
        int32_t a = find_root(parent, d->from[l]), b = find_root(parent, d->to[l]);
        if (a != b)
            parent[a > b ? a : b] = a > b ? b : a; /* the root is the first bus */
    }
    for (int32_t n = 0; n < d->n_bus; n++) {
        int32_t root = find_root(parent, n);
        if (root == n) {
            net->island[n] = net->n_island++;
            net->reduced[n] = -1;
        } else {
            net->island[n] = net->island[root];
            net->reduced[n] = net->n_reduced++;
        }
    }
}

static enum err_code normalise_reference(struct network *net, struct err *err)
{
    const struct network_data *d = &net->d;
    double *sum = mem_alloc((size_t)net->n_island, sizeof *sum);
    double *count = mem_alloc((size_t)net->n_island, sizeof *count);
    if (!sum || !count) {
        mem_free(sum);
        mem_free(count);
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    for (int32_t n = 0; n < d->n_bus; n++) {
        sum[net->island[n]] += d->reference_weight[n];
        count[net->island[n]] += 1;
    }
    for (int32_t n = 0; n < d->n_bus; n++) {
        int32_t a = net->island[n];
        net->reference[n] = sum[a] > 0 ? d->reference_weight[n] / sum[a] : 1 / count[a];
    }
    mem_free(sum);
    mem_free(count);
    return ERR_OK;
}

static enum err_code factorise(struct network *net, struct err *err)
{
    const struct network_data *d = &net->d;
    size_t room = 3 * (size_t)d->n_branch;
    int32_t *row = mem_alloc(room, sizeof *row), *col = mem_alloc(room, sizeof *col);
    double *value = mem_alloc(room, sizeof *value);
    enum err_code code = ERR_OK;
    int64_t k = 0;
    if (!row || !col || !value) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    for (int32_t l = 0; l < d->n_branch; l++) {
        int32_t f = net->reduced[d->from[l]], t = net->reduced[d->to[l]];
        double b = d->susceptance_mw_per_rad[l];
        if (f == t)
            continue; /* both ends on one bus: no flow depends on it */
        if (f >= 0)
            row[k] = f, col[k] = f, value[k++] = b;
        if (t >= 0)
            row[k] = t, col[k] = t, value[k++] = b;
        if (f >= 0 && t >= 0)
            row[k] = f < t ? f : t, col[k] = f < t ? t : f, value[k++] = -b;
    }
    code = sparse_factorise(net->n_reduced, k, row, col, value, &net->factor, err);
done:
    mem_free(row);
    mem_free(col);
    mem_free(value);
    return code;
}

enum err_code network_create(const struct network_data *data, struct network **out,
                             struct err *err)
{
    enum err_code code = ERR_OK;
    size_t n_bus = (size_t)data->n_bus;
    int32_t *parent = mem_alloc(n_bus, sizeof *parent);
    struct network *net = mem_alloc(1, sizeof *net);
    *out = NULL;
    if (net) {
        net->d = *data;
        net->island = mem_alloc(n_bus, sizeof *net->island);
        net->reduced = mem_alloc(n_bus, sizeof *net->reduced);
        net->reference = mem_alloc(n_bus, sizeof *net->reference);
    }
    if (!net || !parent || !net->island || !net->reduced || !net->reference) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    find_islands(net, parent);
    net->total = mem_alloc((size_t)net->n_island, sizeof *net->total);
    net->rhs = mem_alloc((size_t)net->n_reduced * SOLVE_BLOCK, sizeof *net->rhs);
    if (!net->total || !net->rhs) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    code = normalise_reference(net, err);
    if (!code)
        code = factorise(net, err);
done:
    mem_free(parent);
    if (code)
        network_destroy(net);
    else
        *out = net;
    return code;
}

void network_destroy(struct network *net)
{
    if (!net)
        return;
    sparse_factor_destroy(net->factor);
    mem_free(net->island);
    mem_free(net->reduced);
    mem_free(net->reference);
    mem_free(net->total);
    mem_free(net->rhs);
    mem_free(net);
}

const struct network_data *network_data(const struct network *net)
{
    return &net->d;
}

int32_t network_n_island(const struct network *net)
{
    return net->n_island;
}

const int32_t *network_island(const struct network *net)
{
    return net->island;
}

const double *network_reference(const struct network *net)
{
    return net->reference;
}

/* row[n] becomes the distribution factor of bus n, given B'^-1 of the branch in x. */
static void finish_row(struct network *net, int32_t branch, const double *x,
                       double *row)
{
    const struct network_data *d = &net->d;
    int32_t a = net->island[d->from[branch]];
    double mean = 0;
    for (int32_t n = 0; n < d->n_bus; n++) {
        row[n] = net->reduced[n] < 0 ? 0.0 : x[net->reduced[n]];
        mean += net->reference[n] * row[n]; /* rows vanish outside the island */
    }
    for (int32_t n = 0; n < d->n_bus; n++)
        row[n] = net->island[n] == a ? row[n] - mean : 0.0;
}

enum err_code network_ptdf_rows(struct network *net, int32_t n_rows,
                                const int32_t *branch, double *row, struct err *err)
{
    const struct network_data *d = &net->d;
    for (int32_t first = 0; first < n_rows; first += SOLVE_BLOCK) {
        int32_t n = n_rows - first < SOLVE_BLOCK ? n_rows - first : SOLVE_BLOCK;
        memset(net->rhs, 0, (size_t)n * (size_t)net->n_reduced * sizeof *net->rhs);
        for (int32_t k = 0; k < n; k++) {
            int32_t l = branch[first + k];
            int32_t f = net->reduced[d->from[l]], t = net->reduced[d->to[l]];
            double *x = net->rhs + (size_t)k * (size_t)net->n_reduced;
            if (f >= 0)
                x[f] += d->susceptance_mw_per_rad[l];
            if (t >= 0)
                x[t] -= d->susceptance_mw_per_rad[l];
        }
        enum err_code code = sparse_solve(net->factor, n, net->rhs, err);
        if (code)
            return code;
        for (int32_t k = 0; k < n; k++)
            finish_row(net, branch[first + k],
                       net->rhs + (size_t)k * (size_t)net->n_reduced,
                       row + (size_t)(first + k) * (size_t)d->n_bus);
    }
    return ERR_OK;
}

/* Right-hand side of B' theta = injection + shift terms, balanced over the reference. */
static void load_case(struct network *net, const double *injection_mw, double *x)
{
    const struct network_data *d = &net->d;
    memset(net->total, 0, (size_t)net->n_island * sizeof *net->total);
    for (int32_t n = 0; n < d->n_bus; n++)
        net->total[net->island[n]] += injection_mw[n];
    for (int32_t n = 0; n < d->n_bus; n++)
        if (net->reduced[n] >= 0)
            x[net->reduced[n]] =
                injection_mw[n] - net->reference[n] * net->total[net->island[n]];
    for (int32_t l = 0; l < d->n_branch; l++) {
        double pushed = d->susceptance_mw_per_rad[l] * d->shift_rad[l];
        if (pushed == 0) /* exact: most branches have no shifter */
            continue;
        int32_t f = net->reduced[d->from[l]], t = net->reduced[d->to[l]];
        if (f >= 0)
            x[f] += pushed;
        if (t >= 0)
            x[t] -= pushed;
    }
}

static void unload_case(const struct network *net, const double *x, double *angle_rad,
                        double *flow_mw)
{
    const struct network_data *d = &net->d;
    for (int32_t n = 0; angle_rad && n < d->n_bus; n++)
        angle_rad[n] = net->reduced[n] < 0 ? 0.0 : x[net->reduced[n]];
    for (int32_t l = 0; flow_mw && l < d->n_branch; l++) {
        int32_t f = net->reduced[d->from[l]], t = net->reduced[d->to[l]];
        double difference = (f < 0 ? 0.0 : x[f]) - (t < 0 ? 0.0 : x[t]);
        flow_mw[l] = d->susceptance_mw_per_rad[l] * (difference - d->shift_rad[l]);
    }
}

enum err_code network_flows(struct network *net, int32_t n_case,
                            const double *injection_mw, double *angle_rad,
                            double *flow_mw, struct err *err)
{
    size_t n_bus = (size_t)net->d.n_bus, n_branch = (size_t)net->d.n_branch;
    for (int32_t first = 0; first < n_case; first += SOLVE_BLOCK) {
        int32_t n = n_case - first < SOLVE_BLOCK ? n_case - first : SOLVE_BLOCK;
        for (int32_t k = 0; k < n; k++)
            load_case(net, injection_mw + (size_t)(first + k) * n_bus,
                      net->rhs + (size_t)k * (size_t)net->n_reduced);
        enum err_code code = sparse_solve(net->factor, n, net->rhs, err);
        if (code)
            return code;
        for (int32_t k = 0; k < n; k++) {
            size_t c = (size_t)(first + k);
            unload_case(net, net->rhs + (size_t)k * (size_t)net->n_reduced,
                        angle_rad ? angle_rad + c * n_bus : NULL,
                        flow_mw ? flow_mw + c * n_branch : NULL);
        }
    }
    return ERR_OK;
}
