/*
 * factors.c - distribution factors of flow limits over injections.
 *
 * A factor says how much of an injection's power flows over a branch. Rows are solved for
 * when a limit first needs them, several at a time, and kept without what is zero; rows
 * over buses are never kept.
 */
#include <math.h>

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
static bool load(struct work *w, struct factor_row *row, const double *bus)
{
    const struct dispatch_problem *p = w->p;
    row->start = w->n_entry;
    for (int32_t i = 0; i < p->n_injection; i++) {
        double factor = 0;
        for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
            factor += p->bus_weight[k] * bus[p->bus[k]];
        if (fabs(factor) >= ROUNDING && !keep(w, i, factor))
            return false;
    }
    row->end = w->n_entry;
    return true;
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

/* Rows first .. n_factor-1, whose branches are set: solved for, a block at a time. */
static enum err_code fill(struct work *w, int32_t first, struct err *err)
{
    enum {
        BLOCK = 16
    };
    size_t n_bus = (size_t)network_data(w->p->net)->n_bus;
    double *bus = mem_alloc(BLOCK * n_bus, sizeof *bus);
    enum err_code code = ERR_OK;
    bool ok = bus;
    for (int32_t k = first; ok && !code && k < w->n_factor; k += BLOCK) {
        int32_t n = w->n_factor - k < BLOCK ? w->n_factor - k : BLOCK, branch[BLOCK];
        for (int32_t j = 0; j < n; j++)
            branch[j] = w->factor[k + j].branch;
        code = network_ptdf_rows(w->p->net, n, branch, bus, err);
        for (int32_t j = 0; ok && !code && j < n; j++)
            ok = load(w, &w->factor[k + j], bus + (size_t)j * n_bus);
    }
    if (!ok)
        code = err_set(err, ERR_NOMEM, "cannot hold %d rows of factors", w->n_factor);
    mem_free(bus);
    return code;
}

enum err_code factors_need(struct work *w, int32_t n, const int32_t *branch,
                           struct err *err)
{
    int32_t first = w->n_factor;
    if (!make_room(w, n))
        return err_set(err, ERR_NOMEM, "cannot hold %d rows of factors", n);
    for (int32_t k = 0; k < n; k++) {
        if (w->factor_of_branch[branch[k]])
            continue;
        w->factor[w->n_factor++] = (struct factor_row){.branch = branch[k]};
        w->factor_of_branch[branch[k]] = w->n_factor;
    }
    return fill(w, first, err);
}

const struct factor_row *factors_row(const struct work *w, const struct limit *limit)
{
    return &w->factor[w->factor_of_branch[limit->index] - 1];
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
