/*
 * factors.c - distribution factors of flow limits over injections.
 *
 * A factor says how much of an injection's power flows over a branch. Rows are solved for
 * when a limit first needs them, several at a time, and kept without what is zero; rows
 * over buses are never kept.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

/* Factors smaller than this are less than the rounding of the factors themselves. */
static const double ROUNDING = 1e-10;

static bool keep(struct work *w, int32_t injection, double value)
{
    if (w->n_entry == w->room_entry) {
        int64_t room = w->room_entry ? 2 * w->room_entry : 4096;
        int32_t *i = mem_resize(w->entry_injection, (size_t)room, sizeof *i);
        if (i)
            w->entry_injection = i;
        double *v = mem_resize(w->entry_value, (size_t)room, sizeof *v);
        if (v)
            w->entry_value = v;
        if (!i || !v)
            return false;
        w->room_entry = room;
    }
    w->entry_injection[w->n_entry] = injection;
    w->entry_value[w->n_entry++] = value;
    return true;
}

/* Factors of injections from those of buses. */
static void over_injections(const struct work *w, const double *bus, double *factor)
{
    const struct dispatch_problem *p = w->p;
    for (int32_t i = 0; i < p->n_injection; i++) {
        factor[i] = 0;
        for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
            factor[i] += p->bus_weight[k] * bus[p->bus[k]];
    }
}

/*
 * After an outage that loses injections, what they gave is given by others: their factor
 * becomes that of their replacement. The difference is their term.
 */
static enum err_code replace_lost(struct work *w, const struct factor_row *row,
                                  double *factor, struct err *err)
{
    const struct dispatch_outages *o = w->p->outages;
    int32_t k = row->outage;
    if (k < 0 || o->injection_start[k] == o->injection_start[k + 1])
        return ERR_OK;
    const int32_t *lost = o->injection + o->injection_start[k];
    int32_t n = o->injection_start[k + 1] - o->injection_start[k];
    double *after = mem_alloc((size_t)n, sizeof *after);
    double *term = w->term + row->term + o->branch_start[k + 1] - o->branch_start[k];
    if (!after)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t e = 0; e < n; e++)
        after[e] = outage_replacement(w->screen, k, lost[e], factor);
    for (int32_t e = 0; e < n; e++) {
        term[e] = after[e] - factor[lost[e]];
        factor[lost[e]] = after[e];
    }
    mem_free(after);
    return ERR_OK;
}

static enum err_code load(struct work *w, struct factor_row *row, const double *factor,
                          struct err *err)
{
    enum err_code code = ERR_OK;
    row->start = w->n_entry;
    for (int32_t i = 0; !code && i < w->p->n_injection; i++)
        if (fabs(factor[i]) >= ROUNDING && !keep(w, i, factor[i]))
            code =
                err_set(err, ERR_NOMEM, "cannot hold %d rows of factors", w->n_factor);
    row->end = w->n_entry;
    return code;
}

/* Room for the terms of a row after an outage; those of branches are filled. */
static enum err_code load_terms(struct work *w, struct factor_row *row, struct err *err)
{
    const struct dispatch_outages *o = w->p->outages;
    int32_t k = row->outage;
    if (k < 0)
        return ERR_OK;
    int64_t n = o->branch_start[k + 1] - o->branch_start[k] +
                o->injection_start[k + 1] - o->injection_start[k];
    if (w->n_term + n > w->room_term) {
        int64_t room = 2 * w->room_term + n + 64;
        double *grown = mem_resize(w->term, (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "out of memory");
        w->term = grown;
        w->room_term = room;
    }
    row->term = w->n_term;
    w->n_term += n;
    return outage_lodf(w->screen, k, row->branch, w->term + row->term, err);
}

static bool make_room(struct work *w, int32_t n)
{
    if (w->n_factor + n <= w->room_factor)
        return true;
    int32_t room = 2 * w->room_factor + n;
    struct factor_row *grown = mem_resize(w->factor, (size_t)room, sizeof *grown);
    if (!grown)
        return false;
    w->factor = grown;
    w->room_factor = room;
    return true;
}

/* A row as a mixture of flows before the outage; mu is zero before. */
static void mix(const struct work *w, const struct factor_row *row, double *mu)
{
    const struct dispatch_outages *o = w->p->outages;
    mu[row->branch] = 1;
    if (row->outage < 0)
        return;
    int32_t first = o->branch_start[row->outage];
    for (int32_t e = first; e < o->branch_start[row->outage + 1]; e++)
        mu[o->branch[e]] = w->term[row->term + e - first];
}

enum {
    BLOCK = 16 /* rows solved for at a time */
};

/* Whether the row is that of one branch, and no bus tie: the fast way is open. */
static bool is_plain(const struct work *w, const struct factor_row *row)
{
    return row->outage < 0 && !network_is_bus_tie(network_data(w->p->net), row->branch);
}

/* Rows list[0 .. n-1] of plain branches, at the buses of injections only. */
static enum err_code fill_plain(struct work *w, int32_t n, const int32_t *list,
                                struct err *err)
{
    const struct dispatch_problem *p = w->p;
    int32_t n_at = p->bus_start[p->n_injection];
    double *at = mem_alloc(BLOCK * (size_t)n_at, sizeof *at);
    double *factor = mem_alloc((size_t)p->n_injection, sizeof *factor);
    enum err_code code = ERR_OK;
    if (!at || !factor)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t first = 0; !code && first < n; first += BLOCK) {
        int32_t branch[BLOCK], m = n - first < BLOCK ? n - first : BLOCK;
        for (int32_t j = 0; j < m; j++)
            branch[j] = w->factor[list[first + j]].branch;
        code = network_ptdf_at(p->net, m, branch, n_at, p->bus, at, err);
        for (int32_t j = 0; !code && j < m; j++) {
            const double *value = at + (size_t)j * (size_t)n_at;
            for (int32_t i = 0; i < p->n_injection; i++) {
                factor[i] = 0;
                for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
                    factor[i] += p->bus_weight[k] * value[k];
            }
            code = load(w, &w->factor[list[first + j]], factor, err);
        }
    }
    mem_free(at);
    mem_free(factor);
    return code;
}

/* The others: mixtures of flows. */
static enum err_code fill_mixed(struct work *w, int32_t n_list, const int32_t *list,
                                struct err *err)
{
    const struct network_data *d = network_data(w->p->net);
    size_t n_bus = (size_t)d->n_bus, n_branch = (size_t)d->n_branch;
    double *bus = mem_alloc(BLOCK * n_bus, sizeof *bus);
    double *mu = mem_alloc(BLOCK * n_branch, sizeof *mu);
    double *factor = mem_alloc((size_t)w->p->n_injection, sizeof *factor);
    enum err_code code = ERR_OK;
    if (!bus || !mu || !factor)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < n_list; k += BLOCK) {
        int32_t n = n_list - k < BLOCK ? n_list - k : BLOCK;
        memset(mu, 0, (size_t)n * n_branch * sizeof *mu);
        for (int32_t j = 0; !code && j < n; j++) {
            code = load_terms(w, &w->factor[list[k + j]], err);
            if (!code)
                mix(w, &w->factor[list[k + j]], mu + (size_t)j * n_branch);
        }
        if (!code)
            code = network_prices(w->p->net, n, mu, bus, err);
        for (int32_t j = 0; !code && j < n; j++) {
            struct factor_row *row = &w->factor[list[k + j]];
            over_injections(w, bus + (size_t)j * n_bus, factor);
            code = replace_lost(w, row, factor, err);
            if (!code)
                code = load(w, row, factor, err);
        }
    }
    mem_free(bus);
    mem_free(mu);
    mem_free(factor);
    return code;
}

/* Rows first .. n_factor-1, whose branches are set: solved for, a block at a time. */
static enum err_code fill(struct work *w, int32_t first, struct err *err)
{
    int32_t n = w->n_factor - first, n_plain = 0, n_mixed = 0;
    if (n == 0)
        return ERR_OK;
    int32_t *list = mem_alloc((size_t)n, sizeof *list);
    if (!list)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = first; k < w->n_factor; k++)
        if (is_plain(w, &w->factor[k]))
            list[n_plain++] = k;
    for (int32_t k = first; k < w->n_factor; k++)
        if (!is_plain(w, &w->factor[k]))
            list[n_plain + n_mixed++] = k;
    enum err_code code = n_plain ? fill_plain(w, n_plain, list, err) : ERR_OK;
    if (!code && n_mixed)
        code = fill_mixed(w, n_mixed, list + n_plain, err);
    mem_free(list);
    return code;
}

int32_t factors_find(const struct work *w, int32_t branch, int32_t outage)
{
    int32_t k = w->factor_of_branch[branch] - 1;
    while (k >= 0 && w->factor[k].outage != outage)
        k = w->factor[k].next;
    return k;
}

enum err_code factors_need(struct work *w, int32_t n, const struct flow_at *at,
                           struct err *err)
{
    int32_t first = w->n_factor;
    if (!make_room(w, n))
        return err_set(err, ERR_NOMEM, "cannot hold %d rows of factors", n);
    for (int32_t k = 0; k < n; k++) {
        int32_t branch = at[k].branch;
        if (factors_find(w, branch, at[k].outage) >= 0)
            continue;
        w->factor[w->n_factor++] =
            (struct factor_row){.branch = branch,
                                .outage = at[k].outage,
                                .next = w->factor_of_branch[branch] - 1};
        w->factor_of_branch[branch] = w->n_factor;
    }
    return fill(w, first, err);
}

const struct factor_row *factors_row(const struct work *w, const struct limit *limit)
{
    return &w->factor[limit->factor];
}

const double *factors_terms(const struct work *w, const struct limit *limit)
{
    return w->term + w->factor[limit->factor].term;
}

double factors_of(const struct work *w, const struct limit *limit, int32_t injection)
{
    const struct factor_row *row = factors_row(w, limit);
    int64_t lo = row->start, hi = row->end;
    while (lo < hi) {
        int64_t middle = lo + (hi - lo) / 2;
        if (w->entry_injection[middle] < injection)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < row->end && w->entry_injection[lo] == injection ? w->entry_value[lo]
                                                                : 0;
}
