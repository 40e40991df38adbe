/* network.c - a network and its islands, factorised. */
#include <math.h>
#include <string.h>

#include "sim/base/disjoint.h"
#include "sim/base/mem.h"
#include "solver/network_parts.h"

bool network_is_bus_tie(const struct network_data *data, int32_t branch)
{
    return isinf(data->susceptance_mw_per_rad[branch]);
}

/* Joins the ends of all branches that are, or are not, ties. The root is the first bus. */
static void join_ends(const struct network_data *d, bool ties, int32_t *parent)
{
    for (int32_t l = 0; l < d->n_branch; l++) {
        if (network_is_bus_tie(d, l) == ties)
            (void)disjoint_join(parent, d->from[l], d->to[l]);
    }
}

/* Nodes and islands are numbered by their first bus. */
static void find_islands(struct network *net, int32_t *parent)
{
    const struct network_data *d = &net->d;
    disjoint_begin(parent, d->n_bus);
    join_ends(d, true, parent);
    for (int32_t n = 0; n < d->n_bus; n++) /* the first bus of its node, for now */
        net->reduced[n] = disjoint_root(parent, n);
    join_ends(d, false, parent);
    for (int32_t n = 0; n < d->n_bus; n++) {
        int32_t root = disjoint_root(parent, n), first = net->reduced[n];
        net->joined[n] = first == n ? -1 : net->n_joined++;
        net->island[n] = root == n ? net->n_island++ : net->island[root];
        if (root == n)
            net->reduced[n] = -1;
        else
            net->reduced[n] = first == n ? net->n_reduced++ : net->reduced[first];
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

/* The Laplacian of some branches over the rows of their ends, each of a weight. */
struct triplets {
    int32_t *row, *col;
    double *value;
    int64_t n;
};

static void add_branch(struct triplets *m, int32_t f, int32_t t, double weight)
{
    if (f == t)
        return; /* both ends on one node: no flow depends on it */
    if (f >= 0)
        m->row[m->n] = f, m->col[m->n] = f, m->value[m->n++] = weight;
    if (t >= 0)
        m->row[m->n] = t, m->col[m->n] = t, m->value[m->n++] = weight;
    if (f >= 0 && t >= 0)
        m->row[m->n] = f < t ? f : t, m->col[m->n] = f < t ? t : f,
        m->value[m->n++] = -weight;
}

static enum err_code factorise(struct network *net, struct err *err)
{
    const struct network_data *d = &net->d;
    size_t room = 3 * (size_t)d->n_branch;
    struct triplets m = {.row = mem_alloc(room, sizeof *m.row),
                         .col = mem_alloc(room, sizeof *m.col),
                         .value = mem_alloc(room, sizeof *m.value)};
    enum err_code code = ERR_OK;
    if (!m.row || !m.col || !m.value) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    for (int32_t l = 0; l < d->n_branch; l++)
        if (!network_is_bus_tie(d, l))
            add_branch(&m, net->reduced[d->from[l]], net->reduced[d->to[l]],
                       d->susceptance_mw_per_rad[l]);
    code =
        sparse_factorise(net->n_reduced, m.n, m.row, m.col, m.value, &net->factor, err);
    m.n = 0;
    for (int32_t k = 0; k < net->n_tie; k++)
        add_branch(&m, net->joined[d->from[net->tie[k]]],
                   net->joined[d->to[net->tie[k]]], 1);
    if (!code && m.n > 0)
        code = sparse_factorise(net->n_joined, m.n, m.row, m.col, m.value, &net->joint,
                                err);
done:
    mem_free(m.row);
    mem_free(m.col);
    mem_free(m.value);
    return code;
}

/* What depends on the counts of islands, nodes and ties. */
static bool allocate_rows(struct network *net)
{
    const struct network_data *d = &net->d;
    int32_t n_tie = 0;
    for (int32_t l = 0; l < d->n_branch; l++)
        n_tie += network_is_bus_tie(d, l);
    net->total = mem_alloc((size_t)net->n_island, sizeof *net->total);
    net->tie = mem_alloc((size_t)n_tie, sizeof *net->tie);
    net->potential = mem_alloc((size_t)net->n_joined, sizeof *net->potential);
    for (int32_t l = 0; net->tie && l < d->n_branch; l++)
        if (network_is_bus_tie(d, l))
            net->tie[net->n_tie++] = l;
    return net->total && net->tie && net->potential;
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
        net->joined = mem_alloc(n_bus, sizeof *net->joined);
        net->reference = mem_alloc(n_bus, sizeof *net->reference);
    }
    if (!net || !parent || !net->island || !net->reduced || !net->joined ||
        !net->reference) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    find_islands(net, parent);
    if (!allocate_rows(net)) {
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
    sparse_factor_destroy(net->joint);
    mem_free(net->island);
    mem_free(net->reduced);
    mem_free(net->reference);
    mem_free(net->total);
    mem_free(net->rhs);
    mem_free(net->tie);
    mem_free(net->joined);
    mem_free(net->potential);
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

const int32_t *network_node(const struct network *net)
{
    return net->reduced;
}

int32_t network_n_node(const struct network *net)
{
    return net->n_reduced;
}

const double *network_reference(const struct network *net)
{
    return net->reference;
}
