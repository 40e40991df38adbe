/* record_shift.c - what constraints limit: sums of flows, and shift factors. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/contingency.h"
#include "sim/clear/record.h"

enum {
    BLOCK = 16 /* rows of factors solved for at a time */
};

static const double least_factor = 1e-9;

/* ---- sums of flows ---- */

static int32_t lost_branches(const struct market *m, const struct constraint *c)
{
    return c->kind != CONSTRAINT_BRANCH || c->outage < 0
               ? 0
               : m->outages.branch_start[c->outage + 1] -
                     m->outages.branch_start[c->outage];
}

static double sign_of(const struct constraint *c)
{
    return c->upper ? 1 : -1;
}

/* The terms that the outage of constraint c adds; lodf is scratch for them. */
static enum err_code add_lost(const struct market *m, struct contingency_factors *after,
                              int32_t c, double *lodf, struct outcome *o,
                              struct err *err)
{
    const struct constraint *k = &o->constraint[c];
    const int32_t *lost = m->outages.branch + m->outages.branch_start[k->outage];
    enum err_code code =
        contingency_factors_lodf(after, k->outage, k->index, lodf, err);
    for (int32_t e = 0; !code && e < lost_branches(m, k); e++)
        if (lodf[e] != 0) /* exact: nothing of that flow comes here */
            o->term[o->n_term++] = (struct flow_term){c, lost[e], sign_of(k) * lodf[e]};
    return code;
}

static enum err_code record_terms(const struct market *m, struct network *net,
                                  struct outcome *o, struct err *err)
{
    struct contingency_factors *after = NULL;
    enum err_code code = ERR_OK;
    int64_t room = 0;
    int32_t most = 0;
    for (int32_t c = 0; c < o->n_constraint; c++) {
        int32_t n = lost_branches(m, &o->constraint[c]);
        room += o->constraint[c].kind == CONSTRAINT_BRANCH ? 1 + n : 0;
        most = n > most ? n : most;
    }
    double *lodf = mem_alloc((size_t)most, sizeof *lodf);
    o->term = ARENA_ARRAY(&o->arena, struct flow_term, room);
    if (!lodf || !o->term)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code && most > 0)
        code = contingency_factors_create(&m->grid, &m->outages, net, &after, err);
    for (int32_t c = 0; !code && c < o->n_constraint; c++) {
        const struct constraint *k = &o->constraint[c];
        if (k->kind != CONSTRAINT_BRANCH)
            continue;
        o->term[o->n_term++] = (struct flow_term){c, k->index, sign_of(k)};
        if (lost_branches(m, k) > 0)
            code = add_lost(m, after, c, lodf, o, err);
    }
    contingency_factors_destroy(after);
    mem_free(lodf);
    return code;
}

/* What turns terms into factors. */
static enum err_code record_network(const struct market *m, struct network *net,
                                    struct outcome *o, struct err *err)
{
    const struct network_data *d = network_data(net);
    o->susceptance_mw_per_rad = ARENA_ARRAY(&o->arena, double, d->n_branch);
    o->reference_weight = ARENA_ARRAY(&o->arena, double, m->n_node);
    if (!o->susceptance_mw_per_rad || !o->reference_weight)
        return err_set(err, ERR_NOMEM, "out of memory");
    if (d->n_branch > 0)
        memcpy(o->susceptance_mw_per_rad, d->susceptance_mw_per_rad,
               (size_t)d->n_branch * sizeof(double));
    if (d->n_bus > 0)
        memcpy(o->reference_weight, network_reference(net),
               (size_t)d->n_bus * sizeof(double));
    return ERR_OK;
}

/* ---- factors ---- */

static double node_factor(const struct market *m, int32_t node,
                          const double *bus_factor)
{
    double sum = 0;
    for (int32_t k = 0; k < m->node[node].n_factor; k++)
        sum += m->factor[m->node[node].factor_start + k] *
               bus_factor[m->factor_bus[m->node[node].factor_start + k]];
    return sum;
}

/* Sets the weights of the terms of n constraints, or takes them away again. */
static void set_weights(const struct outcome *o, const int32_t *constraint, int32_t n,
                        int32_t first_term, bool on, double *mu)
{
    for (int32_t k = 0, at = first_term; k < n; k++)
        for (; at < o->n_term && o->term[at].constraint == constraint[k]; at++)
            mu[(size_t)k * (size_t)o->n_branch + (size_t)o->term[at].branch] =
                on ? o->term[at].weight : 0;
}

static void add_row(const struct market *m, int32_t constraint, const double *bus,
                    struct outcome *o)
{
    for (int32_t n = 0; n < m->n_node; n++) {
        double factor = node_factor(m, n, bus);
        if (fabs(factor) > least_factor)
            o->shift[o->n_shift++] = (struct shift_factor){constraint, n, factor};
    }
}

/* Constraints come with those of branches first, then those of ties. */
static enum err_code record_factors(const struct market *m, struct network *net,
                                    struct outcome *o, struct err *err)
{
    size_t n_bus = (size_t)m->grid.n_bus, n_branch = (size_t)m->grid.n_branch;
    double *mu = mem_alloc(BLOCK * n_branch, sizeof *mu);
    double *bus = mem_alloc(BLOCK * n_bus, sizeof *bus);
    enum err_code code = ERR_OK;
    int32_t c = 0;
    if (!mu || !bus)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t first_term = 0; !code && first_term < o->n_term;) {
        int32_t block[BLOCK], n = 0;
        while (n < BLOCK && c < o->n_constraint &&
               o->constraint[c].kind == CONSTRAINT_BRANCH)
            block[n++] = c++;
        set_weights(o, block, n, first_term, true, mu);
        code = network_prices(net, n, mu, bus, err);
        set_weights(o, block, n, first_term, false, mu);
        for (int32_t k = 0; !code && k < n; k++)
            add_row(m, block[k], bus + (size_t)k * n_bus, o);
        while (first_term < o->n_term && o->term[first_term].constraint < c)
            first_term++;
    }
    for (; !code && c < o->n_constraint; c++)
        if (o->constraint[c].kind == CONSTRAINT_TIE)
            o->shift[o->n_shift++] = (struct shift_factor){
                c, m->tie[o->constraint[c].index].node, sign_of(&o->constraint[c])};
    mem_free(mu);
    mem_free(bus);
    return code;
}

enum err_code record_shift_factors(const struct market *m, struct network *net,
                                   struct outcome *o, struct err *err)
{
    int64_t most = 0;
    enum err_code code = record_network(m, net, o, err);
    if (!code)
        code = record_terms(m, net, o, err);
    for (int32_t c = 0; c < o->n_constraint; c++)
        most += o->constraint[c].kind == CONSTRAINT_BRANCH ? m->n_node
                : o->constraint[c].kind == CONSTRAINT_TIE  ? 1
                                                           : 0;
    o->shift_left_out =
        most > 0 && (o->shift_choice == SHIFT_NONE ||
                     (o->shift_choice == SHIFT_AUTO && most > SHIFT_AUTO_MOST));
    o->shift =
        ARENA_ARRAY(&o->arena, struct shift_factor, o->shift_left_out ? 0 : most);
    if (!code && !o->shift)
        code =
            err_set(err, ERR_NOMEM, "cannot hold %lld shift factors", (long long)most);
    return code || o->shift_left_out ? code : record_factors(m, net, o, err);
}
