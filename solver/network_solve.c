/* network_solve.c - distribution factors, mixtures of them, and flows of a network. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/network_parts.h"

enum {
    MOST_BLOCK = 64, /* right-hand sides at a time */
    LEAST_BLOCK = 4, /* what the solver does in one pass over the factor */
    MOST_ROOM =
        1 << 22, /* numbers of workspace, from which on the block is the least */
};

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
        network_add_ends(net, branch, d->susceptance_mw_per_rad[branch], x);
        return ERR_OK;
    }
    enum err_code code = load_potentials(net, branch, err);
    for (int32_t l = 0; !code && l < d->n_branch; l++) {
        double across =
            network_potential_at(net, d->from[l]) - network_potential_at(net, d->to[l]);
        if (across == 0 || network_is_bus_tie(d, l)) /* exact: most are not near it */
            continue;
        network_add_ends(net, l, -d->susceptance_mw_per_rad[l] * across, x);
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
        row[n] = network_angle_at(net, x, n);
        if (is_tie)
            row[n] += network_potential_at(net, n);
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
        double by = mu[l] - network_potential_at(net, d->from[l]) +
                    network_potential_at(net, d->to[l]);
        if (by != 0 && !network_is_bus_tie(d, l)) /* exact: most are not in it */
            network_add_ends(net, l, d->susceptance_mw_per_rad[l] * by, x);
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
        out[n] = network_angle_at(net, x, n) + network_potential_at(net, n);
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
            network_add_ends(net, l, d->susceptance_mw_per_rad[l] * d->shift_rad[l], x);
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
        flow_mw[net->tie[k]] = network_potential_at(net, d->from[net->tie[k]]) -
                               network_potential_at(net, d->to[net->tie[k]]);
    return code;
}

static enum err_code unload_case(struct network *net, const double *injection_mw,
                                 const double *x, double *angle_rad, double *flow_mw,
                                 struct err *err)
{
    const struct network_data *d = &net->d;
    for (int32_t n = 0; angle_rad && n < d->n_bus; n++)
        angle_rad[n] = network_angle_at(net, x, n);
    for (int32_t l = 0; flow_mw && l < d->n_branch; l++) {
        double difference =
            network_angle_at(net, x, d->from[l]) - network_angle_at(net, x, d->to[l]);
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
