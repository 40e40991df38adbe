/* network.c - islands, factorisation, distribution factors, flows. */
#include "solver/network.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/sparse.h"

enum {
    MOST_BLOCK = 64, /* right-hand sides at a time */
    LEAST_BLOCK = 4, /* what the solver does in one pass over the factor */
    MOST_ROOM =
        1 << 22, /* numbers of workspace, from which on the block is the least */
};

struct network {
    struct network_data d;
    int32_t n_island;
    int32_t *island;  /* [n_bus] */
    int32_t *reduced; /* [n_bus] row of B' of its node, -1 in the first of an island */
    int32_t n_reduced;
    double *reference; /* [n_bus] */
    double *total;     /* [n_island] scratch */
    double *rhs;       /* [n_rhs * n_reduced] scratch, as many as were ever asked for */
    int32_t n_rhs;
    struct sparse_factor *factor;
    /* Bus ties; all of it is empty where there are none. */
    int32_t n_tie;
    int32_t *tie;    /* [n_tie] branch */
    int32_t *joined; /* [n_bus] row of T, -1 for the first bus of a node */
    int32_t n_joined;
    double *potential;           /* [n_joined] scratch */
    struct sparse_factor *joint; /* T: the Laplacian of the ties, all of weight 1 */
};

bool network_is_bus_tie(const struct network_data *data, int32_t branch)
{
    return isinf(data->susceptance_mw_per_rad[branch]);
}

static int32_t find_root(int32_t *parent, int32_t n)
{
    while (parent[n] != n) {
        parent[n] = parent[parent[n]];
        n = parent[n];
    }
    return n;
}

/* Joins the ends of all branches that are, or are not, ties. The root is the first bus. */
static void join_ends(const struct network_data *d, bool ties, int32_t *parent)
{
    for (int32_t l = 0; l < d->n_branch; l++) {
        if (network_is_bus_tie(d, l) != ties)
            continue;
        int32_t a = find_root(parent, d->from[l]), b = find_root(parent, d->to[l]);
        if (a != b)
            parent[a > b ? a : b] = a > b ? b : a;
    }
}

/* Union-find; nodes and islands are numbered by their first bus. */
static void find_islands(struct network *net, int32_t *parent)
{
    const struct network_data *d = &net->d;
    for (int32_t n = 0; n < d->n_bus; n++)
        parent[n] = n;
    join_ends(d, true, parent);
    for (int32_t n = 0; n < d->n_bus; n++) /* the first bus of its node, for now */
        net->reduced[n] = find_root(parent, n);
    join_ends(d, false, parent);
    for (int32_t n = 0; n < d->n_bus; n++) {
        int32_t root = find_root(parent, n), first = net->reduced[n];
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

/* Of T's row, or 0 at the first bus of a node and at a bus without ties. */
static double potential_at(const struct network *net, int32_t bus)
{
    return net->joined[bus] < 0 ? 0.0 : net->potential[net->joined[bus]];
}

static double angle_at(const struct network *net, const double *x, int32_t bus)
{
    return net->reduced[bus] < 0 ? 0.0 : x[net->reduced[bus]];
}

/* Adds weight at one end of a branch and takes it at the other, over the rows of B'. */
static void add_ends(const struct network *net, int32_t branch, double weight,
                     double *x)
{
    int32_t f = net->reduced[net->d.from[branch]], t = net->reduced[net->d.to[branch]];
    if (f >= 0)
        x[f] += weight;
    if (t >= 0)
        x[t] -= weight;
}

/* How many of n right-hand sides are solved at a time: what bounds the workspace. */
static int32_t block_of(const struct network *net, int32_t n)
{
    int32_t most = net->n_reduced < MOST_ROOM / MOST_BLOCK ? MOST_BLOCK
                   : net->n_reduced < MOST_ROOM / LEAST_BLOCK
                       ? MOST_ROOM / net->n_reduced
                       : LEAST_BLOCK;
    return n < most ? n : most;
}

static enum err_code reserve(struct network *net, int32_t n_rhs, struct err *err)
{
    if (n_rhs <= net->n_rhs)
        return ERR_OK;
    double *rhs = mem_alloc((size_t)net->n_reduced * (size_t)n_rhs, sizeof *rhs);
    if (!rhs)
        return err_set(err, ERR_NOMEM, "cannot hold %d right-hand sides of %d rows",
                       n_rhs, net->n_reduced);
    mem_free(net->rhs);
    net->rhs = rhs;
    net->n_rhs = n_rhs;
    return ERR_OK;
}

/* ---- distribution factors ---- */

/*
 * The potentials that 1 MW from end to end of a tie makes. By reciprocity, its flow is
 * sum_n potential_n (injection_n - what leaves n on branches): (3) with T^-1 symmetric.
 */
static enum err_code load_potentials(struct network *net, int32_t tie, struct err *err)
{
    int32_t f = net->joined[net->d.from[tie]], t = net->joined[net->d.to[tie]];
    memset(net->potential, 0, (size_t)net->n_joined * sizeof *net->potential);
    if (f == t)
        return ERR_OK; /* from a bus to itself */
    if (f >= 0)
        net->potential[f] = 1;
    if (t >= 0)
        net->potential[t] = -1;
    return sparse_solve(net->joint, 1, net->potential, err);
}

/* Right-hand side whose solution is the branch's flow by angle; zeroed before. */
static enum err_code load_row(struct network *net, int32_t branch, double *x,
                              struct err *err)
{
    const struct network_data *d = &net->d;
    if (!network_is_bus_tie(d, branch)) {
        add_ends(net, branch, d->susceptance_mw_per_rad[branch], x);
        return ERR_OK;
    }
    enum err_code code = load_potentials(net, branch, err);
    for (int32_t l = 0; !code && l < d->n_branch; l++) {
        double across = potential_at(net, d->from[l]) - potential_at(net, d->to[l]);
        if (across == 0 || network_is_bus_tie(d, l)) /* exact: most are not near it */
            continue;
        add_ends(net, l, -d->susceptance_mw_per_rad[l] * across, x);
    }
    return code;
}

/* row[n] becomes the distribution factor of bus n, given the solution in x. */
static enum err_code finish_row(struct network *net, int32_t branch, const double *x,
                                double *row, struct err *err)
{
    const struct network_data *d = &net->d;
    int32_t a = net->island[d->from[branch]];
    bool is_tie = network_is_bus_tie(d, branch);
    double mean = 0;
    enum err_code code = is_tie ? load_potentials(net, branch, err) : ERR_OK;
    for (int32_t n = 0; n < d->n_bus; n++) {
        row[n] = angle_at(net, x, n);
        if (is_tie)
            row[n] += potential_at(net, n);
        mean += net->reference[n] * row[n]; /* rows vanish outside the island */
    }
    for (int32_t n = 0; n < d->n_bus; n++)
        row[n] = net->island[n] == a ? row[n] - mean : 0.0;
    return code;
}

enum err_code network_ptdf_rows(struct network *net, int32_t n_rows,
                                const int32_t *branch, double *row, struct err *err)
{
    size_t n_reduced = (size_t)net->n_reduced;
    const int32_t block = block_of(net, n_rows);
    enum err_code code = reserve(net, block, err);
    for (int32_t first = 0; !code && first < n_rows; first += block) {
        int32_t n = n_rows - first < block ? n_rows - first : block;
        memset(net->rhs, 0, (size_t)n * n_reduced * sizeof *net->rhs);
        for (int32_t k = 0; !code && k < n; k++)
            code =
                load_row(net, branch[first + k], net->rhs + (size_t)k * n_reduced, err);
        if (!code)
            code = sparse_solve(net->factor, n, net->rhs, err);
        for (int32_t k = 0; !code && k < n; k++)
            code = finish_row(net, branch[first + k], net->rhs + (size_t)k * n_reduced,
                              row + (size_t)(first + k) * (size_t)net->d.n_bus, err);
    }
    return code;
}

/* What the factor found at a bus, a value for every lane. */
static const double *lanes_at(const struct network *net, const double *x,
                              const int32_t *place, int32_t bus)
{
    int32_t row = net->reduced[bus];
    return x + (size_t)(row < 0 ? net->n_reduced : place[row]) * SPARSE_LANES;
}

/* Up to SPARSE_LANES rows, from angles to distribution factors. */
static void finish_lanes(const struct network *net, int32_t n, const int32_t *branch,
                         const double *x, const int32_t *place, int32_t n_at,
                         const int32_t *at, double *row)
{
    const struct network_data *d = &net->d;
    double mean[SPARSE_LANES] = {0}, b[SPARSE_LANES] = {0};
    int32_t island[SPARSE_LANES] = {0};
    for (int32_t k = 0; k < n; k++) {
        b[k] = d->susceptance_mw_per_rad[branch[k]];
        island[k] = net->island[d->from[branch[k]]];
    }
    for (int32_t m = 0; m < d->n_bus; m++) {
        double weight = net->reference[m];
        if (weight == 0) /* exact: not of the reference */
            continue;
        const double *angle = lanes_at(net, x, place, m);
        for (int k = 0; k < SPARSE_LANES; k++) /* angles vanish outside the island */
            mean[k] += weight * angle[k];
    }
    for (int32_t j = 0; j < n_at; j++) {
        const double *angle = lanes_at(net, x, place, at[j]);
        for (int32_t k = 0; k < n; k++)
            row[(size_t)k * (size_t)n_at + (size_t)j] =
                net->island[at[j]] == island[k] ? b[k] * (angle[k] - mean[k]) : 0;
    }
}

enum err_code network_ptdf_at(struct network *net, int32_t n_rows,
                              const int32_t *branch, int32_t n_at, const int32_t *at,
                              double *row, struct err *err)
{
    const int32_t *place = NULL;
    enum err_code code = sparse_places(net->factor, &place, err);
    for (int32_t first = 0; !code && first < n_rows; first += SPARSE_LANES) {
        int32_t from[SPARSE_LANES], to[SPARSE_LANES];
        int32_t n = n_rows - first < SPARSE_LANES ? n_rows - first : SPARSE_LANES;
        for (int32_t k = 0; k < SPARSE_LANES; k++) {
            from[k] = k < n ? net->reduced[net->d.from[branch[first + k]]] : -1;
            to[k] = k < n ? net->reduced[net->d.to[branch[first + k]]] : -1;
        }
        const double *x = NULL;
        code = sparse_differences(net->factor, from, to, &x, err);
        if (!code)
            finish_lanes(net, n, branch + first, x, place, n_at, at,
                         row + (size_t)first * (size_t)n_at);
    }
    return code;
}

/* ---- mixtures of distribution factors ---- */

/* Potentials of a mixture of ties, as load_potentials makes them for one. */
static enum err_code mix_potentials(struct network *net, const double *mu,
                                    struct err *err)
{
    const struct network_data *d = &net->d;
    bool any = false;
    memset(net->potential, 0, (size_t)net->n_joined * sizeof *net->potential);
    for (int32_t k = 0; k < net->n_tie; k++) {
        int32_t l = net->tie[k], f = net->joined[d->from[l]], t = net->joined[d->to[l]];
        if (mu[l] == 0 || f == t) /* exact: absent from the mixture */
            continue;
        any = true;
        if (f >= 0)
            net->potential[f] += mu[l];
        if (t >= 0)
            net->potential[t] -= mu[l];
    }
    return any ? sparse_solve(net->joint, 1, net->potential, err) : ERR_OK;
}

static enum err_code load_mixture(struct network *net, const double *mu, double *x,
                                  struct err *err)
{
    const struct network_data *d = &net->d;
    enum err_code code = mix_potentials(net, mu, err);
    memset(x, 0, (size_t)net->n_reduced * sizeof *x);
    for (int32_t l = 0; !code && l < d->n_branch; l++) {
        double by = mu[l] - potential_at(net, d->from[l]) + potential_at(net, d->to[l]);
        if (by != 0 && !network_is_bus_tie(d, l)) /* exact: most are not in it */
            add_ends(net, l, d->susceptance_mw_per_rad[l] * by, x);
    }
    return code;
}

static enum err_code unload_mixture(struct network *net, const double *mu,
                                    const double *x, double *out, struct err *err)
{
    const struct network_data *d = &net->d;
    enum err_code code = mix_potentials(net, mu, err);
    memset(net->total, 0, (size_t)net->n_island * sizeof *net->total);
    for (int32_t n = 0; n < d->n_bus; n++) {
        out[n] = angle_at(net, x, n) + potential_at(net, n);
        net->total[net->island[n]] += net->reference[n] * out[n];
    }
    for (int32_t n = 0; n < d->n_bus; n++)
        out[n] -= net->total[net->island[n]];
    return code;
}

enum err_code network_prices(struct network *net, int32_t n_case, const double *mu,
                             double *out, struct err *err)
{
    size_t n_reduced = (size_t)net->n_reduced;
    size_t n_bus = (size_t)net->d.n_bus, n_branch = (size_t)net->d.n_branch;
    const int32_t block = block_of(net, n_case);
    enum err_code code = reserve(net, block, err);
    for (int32_t first = 0; !code && first < n_case; first += block) {
        int32_t n = n_case - first < block ? n_case - first : block;
        mu += first > 0 ? (size_t)block * n_branch : 0;
        out += first > 0 ? (size_t)block * n_bus : 0;
        for (size_t k = 0; !code && k < (size_t)n; k++)
            code = load_mixture(net, mu + k * n_branch, net->rhs + k * n_reduced, err);
        if (!code)
            code = sparse_solve(net->factor, n, net->rhs, err);
        for (size_t k = 0; !code && k < (size_t)n; k++)
            code = unload_mixture(net, mu + k * n_branch, net->rhs + k * n_reduced,
                                  out + k * n_bus, err);
    }
    return code;
}

/* ---- flows ---- */

static void add_up(struct network *net, const double *injection_mw)
{
    memset(net->total, 0, (size_t)net->n_island * sizeof *net->total);
    for (int32_t n = 0; n < net->d.n_bus; n++)
        net->total[net->island[n]] += injection_mw[n];
}

/* Injection at a bus after the island is balanced over the reference; see add_up. */
static double balanced(const struct network *net, const double *injection_mw, int32_t n)
{
    return injection_mw[n] - net->reference[n] * net->total[net->island[n]];
}

/* Right-hand side of B' theta = injection + shift terms, balanced over the reference. */
static void load_case(struct network *net, const double *injection_mw, double *x)
{
    const struct network_data *d = &net->d;
    memset(x, 0, (size_t)net->n_reduced * sizeof *x);
    add_up(net, injection_mw);
    for (int32_t n = 0; n < d->n_bus; n++)
        if (net->reduced[n] >= 0)
            x[net->reduced[n]] += balanced(net, injection_mw, n);
    for (int32_t l = 0; l < d->n_branch; l++)
        if (d->shift_rad[l] != 0) /* exact: most branches have no shifter */
            add_ends(net, l, d->susceptance_mw_per_rad[l] * d->shift_rad[l], x);
}

/* Flows on ties, given those on all other branches. */
static enum err_code tie_flows(struct network *net, const double *injection_mw,
                               double *flow_mw, struct err *err)
{
    const struct network_data *d = &net->d;
    double *left = net->potential;
    if (!net->joint)
        return ERR_OK;
    add_up(net, injection_mw);
    for (int32_t n = 0; n < d->n_bus; n++)
        if (net->joined[n] >= 0)
            left[net->joined[n]] = balanced(net, injection_mw, n);
    for (int32_t l = 0; l < d->n_branch; l++) {
        int32_t f = net->joined[d->from[l]], t = net->joined[d->to[l]];
        if (f >= 0)
            left[f] -= flow_mw[l]; /* a tie's is 0 so far */
        if (t >= 0)
            left[t] += flow_mw[l];
    }
    enum err_code code = sparse_solve(net->joint, 1, net->potential, err);
    for (int32_t k = 0; k < net->n_tie; k++)
        flow_mw[net->tie[k]] = potential_at(net, d->from[net->tie[k]]) -
                               potential_at(net, d->to[net->tie[k]]);
    return code;
}

static enum err_code unload_case(struct network *net, const double *injection_mw,
                                 const double *x, double *angle_rad, double *flow_mw,
                                 struct err *err)
{
    const struct network_data *d = &net->d;
    for (int32_t n = 0; angle_rad && n < d->n_bus; n++)
        angle_rad[n] = angle_at(net, x, n);
    for (int32_t l = 0; flow_mw && l < d->n_branch; l++) {
        double difference = angle_at(net, x, d->from[l]) - angle_at(net, x, d->to[l]);
        flow_mw[l] = network_is_bus_tie(d, l) ? 0
                                              : d->susceptance_mw_per_rad[l] *
                                                    (difference - d->shift_rad[l]);
    }
    return flow_mw ? tie_flows(net, injection_mw, flow_mw, err) : ERR_OK;
}

enum err_code network_flows(struct network *net, int32_t n_case,
                            const double *injection_mw, double *angle_rad,
                            double *flow_mw, struct err *err)
{
    size_t n_bus = (size_t)net->d.n_bus, n_branch = (size_t)net->d.n_branch;
    const int32_t block = block_of(net, n_case);
    enum err_code code = reserve(net, block, err);
    for (int32_t first = 0; !code && first < n_case; first += block) {
        int32_t n = n_case - first < block ? n_case - first : block;
        for (int32_t k = 0; k < n; k++)
            load_case(net, injection_mw + (size_t)(first + k) * n_bus,
                      net->rhs + (size_t)k * (size_t)net->n_reduced);
        code = sparse_solve(net->factor, n, net->rhs, err);
        for (int32_t k = 0; !code && k < n; k++) {
            size_t c = (size_t)(first + k);
            code = unload_case(net, injection_mw + c * n_bus,
                               net->rhs + (size_t)k * (size_t)net->n_reduced,
                               angle_rad ? angle_rad + c * n_bus : NULL,
                               flow_mw ? flow_mw + c * n_branch : NULL, err);
        }
    }
    return code;
}
