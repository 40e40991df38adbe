/* twin.c - units that are identical in everything: one dynamic program serves them all. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/parts.h"

static bool same_bytes(const void *a, const void *b, size_t count, size_t size)
{
    return a == b || (a && b && memcmp(a, b, count * size) == 0);
}

static bool same_offers(const struct fleet *f, int32_t g, int32_t h)
{
    const struct commit_unit *a = &f->p->unit[g], *b = &f->p->unit[h];
    if (a->n_offer != b->n_offer || a->reserve_shares_ramp != b->reserve_shares_ramp ||
        a->most_up_mw != b->most_up_mw || a->steady_reserve != b->steady_reserve)
        return false;
    for (int32_t o = 0; o < a->n_offer; o++) {
        const struct commit_offer *x = &a->offer[o], *y = &b->offer[o];
        if (x->product != y->product || x->max_mw != y->max_mw ||
            x->max_off_mw != y->max_off_mw ||
            !same_bytes(x->price_usd_per_mw, y->price_usd_per_mw, (size_t)f->n_interval,
                        sizeof(double)))
            return false;
        const int32_t i = f->offer_start[g] + o, j = f->offer_start[h] + o;
        const int32_t n = f->count_start[i + 1] - f->count_start[i];
        if (n != f->count_start[j + 1] - f->count_start[j] ||
            memcmp(f->count + f->count_start[i], f->count + f->count_start[j],
                   (size_t)n * sizeof *f->count) != 0)
            return false;
    }
    return true;
}

static bool same_place(const struct fleet *f, const struct commit_unit *a,
                       const struct commit_unit *b)
{
    if (!f->p->net)
        return true;
    return a->n_bus == b->n_bus &&
           same_bytes(a->bus, b->bus, (size_t)a->n_bus, sizeof *a->bus) &&
           same_bytes(a->bus_weight, b->bus_weight, (size_t)a->n_bus,
                      sizeof *a->bus_weight);
}

static bool same_curve(const struct fleet *f, int32_t i, int32_t j)
{
    const struct commit_curve *a = &f->p->curve[i], *b = &f->p->curve[j];
    const size_t n = (size_t)a->n_segment;
    return i == j ||
           (a->n_segment == b->n_segment &&
            same_bytes(a->width_mw, b->width_mw, n, sizeof(double)) &&
            same_bytes(a->cost_usd_per_mwh, b->cost_usd_per_mwh, n, sizeof(double)));
}

static bool same_costs(const struct fleet *f, const struct commit_unit *a,
                       const struct commit_unit *b)
{
    const size_t T = (size_t)f->n_interval;
    if (a->rise_usd_per_mw != b->rise_usd_per_mw ||
        a->fall_usd_per_mw != b->fall_usd_per_mw || a->n_start != b->n_start ||
        a->stop_cost_usd != b->stop_cost_usd ||
        !same_bytes(a->min_cost_usd_per_h, b->min_cost_usd_per_h, T, sizeof(double)))
        return false;
    for (int32_t s = 0; s < a->n_start; s++)
        if (a->start[s].lag != b->start[s].lag ||
            a->start[s].cost_usd != b->start[s].cost_usd)
            return false;
    for (size_t t = 0; t < T; t++)
        if (!same_curve(f, a->curve[t], b->curve[t]))
            return false;
    return true;
}

static bool same_unit(const struct fleet *f, int32_t g, int32_t h)
{
    const struct commit_unit *a = &f->p->unit[g], *b = &f->p->unit[h];
    return !a->store && !b->store && a->n_config == 0 && b->n_config == 0 &&
           a->supply == 0 && b->supply == 0 && a->min_mw == b->min_mw &&
           a->max_mw == b->max_mw &&
           same_bytes(a->least_mw, b->least_mw, (size_t)f->n_interval,
                      sizeof(double)) &&
           same_bytes(a->most_mw, b->most_mw, (size_t)f->n_interval, sizeof(double)) &&
           a->free_ends == b->free_ends && a->ramp_up_mw == b->ramp_up_mw &&
           a->ramp_down_mw == b->ramp_down_mw && a->start_max_mw == b->start_max_mw &&
           a->stop_max_mw == b->stop_max_mw && a->min_up == b->min_up &&
           a->min_down == b->min_down && a->max_starts == b->max_starts &&
           a->on_before == b->on_before && a->age_before == b->age_before &&
           a->mw_before == b->mw_before &&
           same_bytes(a->status, b->status, (size_t)f->n_interval, 1) &&
           same_place(f, a, b) && same_offers(f, g, h) && same_costs(f, a, b);
}

struct twin_key {
    double min_mw, max_mw;
    int32_t unit;
};

static int by_size(const void *x, const void *y)
{
    const struct twin_key *a = x, *b = y;
    if (a->min_mw != b->min_mw)
        return a->min_mw < b->min_mw ? -1 : 1;
    if (a->max_mw != b->max_mw)
        return a->max_mw < b->max_mw ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

enum err_code fleet_twins(struct fleet *f, struct err *err)
{
    const int32_t n = f->n_unit;
    struct twin_key *key = MEM_ARRAY(struct twin_key, n);
    f->twin = MEM_ARRAY(int32_t, n);
    if (!key || !f->twin) {
        mem_free(key);
        return err_set(err, ERR_NOMEM, "out of memory for the commitment of units");
    }
    for (int32_t g = 0; g < n; g++)
        key[g] = (struct twin_key){f->p->unit[g].min_mw, f->p->unit[g].max_mw, g};
    qsort(key, (size_t)n, sizeof *key, by_size);
    for (int32_t i = 0, from = 0; i < n; i++) {
        if (key[i].min_mw != key[from].min_mw || key[i].max_mw != key[from].max_mw)
            from = i;
        const int32_t g = key[i].unit;
        f->twin[g] = g;
        for (int32_t j = from; j < i && f->twin[g] == g; j++)
            if (f->twin[key[j].unit] == key[j].unit && same_unit(f, key[j].unit, g))
                f->twin[g] = key[j].unit;
    }
    mem_free(key);
    return ERR_OK;
}
