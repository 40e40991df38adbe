/* loss.c - losses of given flows, where they fall, and what they are worth. */
#include "solver/loss.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"

enum {
    MOST_TURNS = 200, /* of a repetition that should shrink its error every turn */
};

/* Repetition ends when nothing moves by more than this, relative to the largest. */
static const double SETTLED = 1e-13;

const char *loss_placement_name(enum loss_placement placement)
{
    static const char *const name[LOSS_PLACEMENTS] = {"off", "reference", "ends"};
    return name[placement];
}

double loss_of_branch(const struct network_data *data, int32_t branch, double flow_mw)
{
    if (!data->loss_per_mw || network_is_bus_tie(data, branch))
        return 0;
    return data->loss_per_mw[branch] * flow_mw * flow_mw;
}

double loss_slope(const struct network_data *data, int32_t branch, double flow_mw)
{
    if (!data->loss_per_mw || network_is_bus_tie(data, branch))
        return 0;
    return 2 * data->loss_per_mw[branch] * flow_mw;
}

void loss_total(const struct network *net, enum loss_placement placement,
                const double *flow_mw, double *island_mw, double *bus_mw)
{
    const struct network_data *d = network_data(net);
    const int32_t *island = network_island(net);
    bool lossless = placement == LOSS_OFF;
    memset(island_mw, 0, (size_t)network_n_island(net) * sizeof *island_mw);
    if (bus_mw)
        memset(bus_mw, 0, (size_t)d->n_bus * sizeof *bus_mw);
    for (int32_t l = 0; !lossless && l < d->n_branch; l++) {
        double lost = loss_of_branch(d, l, flow_mw[l]);
        island_mw[island[d->from[l]]] += lost;
        if (bus_mw && placement == LOSS_ENDS) {
            bus_mw[d->from[l]] += 0.5 * lost;
            bus_mw[d->to[l]] += 0.5 * lost;
        }
    }
    for (int32_t n = 0; bus_mw && placement == LOSS_REFERENCE && n < d->n_bus; n++)
        bus_mw[n] = network_reference(net)[n] * island_mw[island[n]];
}

/* Largest |value - before|, NaN if there is one, and largest |value|. */
static double moved(size_t n, const double *value, const double *before, double *size)
{
    double most = 0;
    for (size_t k = 0; k < n; k++) {
        double by = fabs(value[k] - before[k]);
        if (!(by <= most) && !isnan(most))
            most = by;
        *size = fmax(*size, fabs(value[k]));
    }
    return most;
}

/* ---- flows ---- */

/* Injections less what flow_mw loses at their buses. */
static void withdraw(struct network *net, int32_t n_case, const double *injection_mw,
                     const double *flow_mw, double *island_mw, double *net_mw)
{
    size_t n_bus = (size_t)network_data(net)->n_bus;
    size_t n_branch = (size_t)network_data(net)->n_branch;
    for (size_t c = 0; c < (size_t)n_case; c++) {
        double *lost = net_mw + c * n_bus;
        loss_total(net, LOSS_ENDS, flow_mw + c * n_branch, island_mw, lost);
        for (size_t n = 0; n < n_bus; n++)
            lost[n] = injection_mw[c * n_bus + n] - lost[n];
    }
}

enum err_code loss_flows(struct network *net, enum loss_placement placement,
                         int32_t n_case, const double *injection_mw, double *angle_rad,
                         double *flow_mw, struct err *err)
{
    size_t n_branch = (size_t)n_case * (size_t)network_data(net)->n_branch;
    if (placement != LOSS_ENDS)
        return network_flows(net, n_case, injection_mw, angle_rad, flow_mw, err);
    enum err_code code = ERR_OK;
    double *island = mem_alloc((size_t)network_n_island(net), sizeof *island);
    double *net_mw =
        mem_alloc((size_t)n_case * (size_t)network_data(net)->n_bus, sizeof *net_mw);
    double *before = mem_alloc(n_branch, sizeof *before);
    double size = 1, move = INFINITY;
    if (!island || !net_mw || !before)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int turn = 0; !code && move > SETTLED * size; turn++) {
        memcpy(before, flow_mw, n_branch * sizeof *before);
        withdraw(net, n_case, injection_mw, flow_mw, island, net_mw);
        code = network_flows(net, n_case, net_mw, angle_rad, flow_mw, err);
        move = moved(n_branch, flow_mw, before, &size);
        if (!code && (turn == MOST_TURNS || !isfinite(move)))
            code = err_set(err, ERR_NUMERIC,
                           "the losses do not settle: flows of up to %.3g MW are more "
                           "than the network could carry with its resistances",
                           size);
    }
    mem_free(island);
    mem_free(net_mw);
    mem_free(before);
    return code;
}

/* ---- prices ---- */

/* What a branch loses per MW more, times the price of what it loses. */
static double marginal_usd(const struct network *net, enum loss_placement placement,
                           int32_t branch, double flow_mw, const double *lambda,
                           const double *lmp)
{
    const struct network_data *d = network_data(net);
    int32_t from = d->from[branch], to = d->to[branch];
    double price = placement == LOSS_ENDS ? 0.5 * (lmp[from] + lmp[to])
                                          : lambda[network_island(net)[from]];
    return loss_slope(d, branch, flow_mw) * price;
}

static bool allocate_lmp(size_t n, double **lmp, double **before, double **mu,
                         size_t n_mu)
{
    *lmp = mem_alloc(n, sizeof **lmp);
    *before = mem_alloc(n, sizeof **before);
    *mu = mem_alloc(n_mu, sizeof **mu);
    return *lmp && *before && *mu;
}

enum err_code loss_prices(struct network *net, enum loss_placement placement,
                          int32_t n_case, const double *flow_mw, const double *lambda,
                          const double *congestion, double *loss, struct err *err)
{
    const struct network_data *d = network_data(net);
    size_t n_bus = (size_t)d->n_bus, n = (size_t)n_case * n_bus;
    size_t n_branch = (size_t)d->n_branch, n_island = (size_t)network_n_island(net);
    double *lmp = NULL, *before = NULL, *mu = NULL, size = 1, move = INFINITY;
    enum err_code code = ERR_OK;
    memset(loss, 0, n * sizeof *loss);
    if (placement == LOSS_OFF || !d->loss_per_mw)
        return ERR_OK;
    if (!allocate_lmp(n, &lmp, &before, &mu, (size_t)n_case * n_branch))
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int turn = 0; !code && move > SETTLED * size; turn++) {
        memcpy(before, loss, n * sizeof *before);
        for (size_t k = 0; k < n; k++)
            lmp[k] =
                lambda[k / n_bus * n_island + (size_t)network_island(net)[k % n_bus]] +
                (congestion ? congestion[k] : 0) + loss[k];
        for (size_t k = 0; k < (size_t)n_case * n_branch; k++) {
            size_t c = k / n_branch;
            mu[k] = -marginal_usd(net, placement, (int32_t)(k % n_branch), flow_mw[k],
                                  lambda + c * n_island, lmp + c * n_bus);
        }
        code = network_prices(net, n_case, mu, loss, err);
        move = placement == LOSS_ENDS ? moved(n, loss, before, &size) : 0;
        if (!code && (turn == MOST_TURNS || !isfinite(move)))
            code = err_set(err, ERR_NUMERIC,
                           "the prices of losses do not settle: the network could not "
                           "carry these flows with its resistances");
    }
    mem_free(lmp);
    mem_free(before);
    mem_free(mu);
    return code;
}

enum err_code loss_factors(struct network *net, enum loss_placement placement,
                           int32_t n_case, const double *flow_mw, double *factor,
                           struct err *err)
{
    size_t n_island = (size_t)network_n_island(net);
    size_t n_bus = (size_t)network_data(net)->n_bus;
    double *one = mem_alloc((size_t)n_case * n_island, sizeof *one);
    if (!one)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (size_t k = 0; k < (size_t)n_case * n_island; k++)
        one[k] = 1;
    enum err_code code =
        loss_prices(net, placement, n_case, flow_mw, one, NULL, factor, err);
    for (size_t k = 0; !code && k < (size_t)n_case * n_bus; k++) {
        factor[k] = 0 - factor[k]; /* not -0 */
        if (!(factor[k] < 1))
            code = err_set(err, ERR_NUMERIC,
                           "the loss factor of bus %zu is %.4g: what is injected there "
                           "is lost on the way; expected less than 1",
                           k % n_bus, factor[k]);
    }
    mem_free(one);
    return code;
}

double loss_surplus(const struct network *net, enum loss_placement placement,
                    const double *flow_mw, const double *shift_flow_mw,
                    const double *lambda, const double *lmp)
{
    const struct network_data *d = network_data(net);
    double sum = 0;
    if (placement == LOSS_OFF || !d->loss_per_mw)
        return 0;
    for (int32_t l = 0; l < d->n_branch; l++) {
        double caused = flow_mw[l] - (shift_flow_mw ? shift_flow_mw[l] : 0);
        /* L = L' f / 2, so that L' caused - L = L' (caused - f / 2). */
        sum += marginal_usd(net, placement, l, flow_mw[l], lambda, lmp) *
               (caused - 0.5 * flow_mw[l]);
    }
    return sum;
}
