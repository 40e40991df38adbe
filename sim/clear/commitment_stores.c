/* commitment_stores.c - storage as units of the commitment problem that keep energy. */
#include <math.h>

#include "sim/clear/commitment_parts.h"

/* What the dispatch has of a store, as the commitment problem states it. */
struct stated {
    int32_t store, injection; /* of the dispatch */
    struct commit_store is;
    double *charge_max, *discharge_max, *least, *most; /* [n_interval] */
    int32_t *charge_curve, *discharge_curve;           /* likewise */
};

/* Whether something ties it to others, or to services that it offers. */
static bool is_tied(const struct dispatch_problem *d, const struct stated *s)
{
    for (int32_t k = 0; k < d->n_group; k++)
        if (d->group_store && d->group_store[k] == s->store)
            return true;
    for (int32_t k = 0; k < d->group_start[d->n_group]; k++)
        if (d->group_injection[k] == s->injection)
            return true;
    return false;
}

/* Whether all that it bids is power at buses that counts in full. */
static bool stands_whole(const struct dispatch_problem *d, const struct stated *s)
{
    double sum = 0;
    for (int32_t k = d->bus_start[s->injection]; k < d->bus_start[s->injection + 1];
         k++)
        sum += d->bus_weight[k];
    return fabs(sum - 1) < 1e-9;
}

/*
 * Its range in hour t. Pieces below 0 are what it does not charge: charging begins with
 * the last of them, and saves what it costs.
 */
static enum err_code take_hour(struct commitment *w, struct stated *s, int32_t t,
                               struct err *err)
{
    int32_t n, n_in = 0, n_out = 0;
    const struct dispatch_segment *seg = commitment_pieces(w, s->injection, t, &n);
    double *in = ARENA_ARRAY(&w->arena, double, 2 * (size_t)n + 2);
    double *out = ARENA_ARRAY(&w->arena, double, 2 * (size_t)n + 2);
    const size_t cell = (size_t)t * (size_t)w->f->problem.n_injection;
    const double base = w->f->base[cell + (size_t)s->injection];
    double to = base;
    if (!in || !out)
        return commitment_no_memory(err);
    for (int32_t k = 0; k < n; k++)
        to += seg[k].width_mw;
    s->discharge_max[t] = s->charge_max[t] = 0;
    for (int32_t k = n - 1; k >= 0; to -= seg[k].width_mw, k--)
        if (seg[k].width_mw > 0 && to <= 1e-9) {
            in[n_in] = seg[k].width_mw;
            in[n + 1 + n_in++] = -seg[k].cost_usd_per_mwh;
            s->charge_max[t] += seg[k].width_mw;
        }
    to = base;
    for (int32_t k = 0; k < n; k++) {
        to += seg[k].width_mw;
        if (seg[k].width_mw > 0 && to > 1e-9) {
            out[n_out] = seg[k].width_mw;
            out[n + 1 + n_out++] = seg[k].cost_usd_per_mwh;
            s->discharge_max[t] += seg[k].width_mw;
        }
    }
    /* A curve has a segment, of use or not. */
    s->charge_curve[t] = w->p.n_curve++;
    s->discharge_curve[t] = w->p.n_curve++;
    w->curve[s->charge_curve[t]] = (struct commit_curve){n_in + !n_in, in, in + n + 1};
    w->curve[s->discharge_curve[t]] =
        (struct commit_curve){n_out + !n_out, out, out + n + 1};
    return ERR_OK;
}

/* Whether it may stand still in hour t: base and pieces then are what they charge. */
static bool may_stand_still(const struct commitment *w, const struct stated *s,
                            int32_t t)
{
    const struct dispatch_problem *d = &w->f->problem;
    const double base =
        w->f->base[(size_t)t * (size_t)d->n_injection + (size_t)s->injection];
    return fabs(base + s->charge_max[t]) < 1e-9;
}

/* Whether no ramp can bind, whatever it does from hour to hour. */
static bool has_free_ramps(const struct commitment *w, const struct stated *s)
{
    const struct dispatch_problem *d = &w->f->problem;
    const double before = d->initial_mw[s->injection];
    double top = isnan(before) ? 0 : before, bottom = top;
    for (int32_t t = 0; t < w->f->n_interval; t++) {
        top = fmax(top, s->discharge_max[t]);
        bottom = fmin(bottom, -s->charge_max[t]);
    }
    return fmin(d->ramp_up_mw_per_h[s->injection],
                d->ramp_down_mw_per_h[s->injection]) *
               w->p.interval_h >=
           top - bottom;
}

/* Whether it may stand still all day, whatever its ramps are. */
static bool may_rest(const struct commitment *w, const struct stated *s)
{
    const double before = w->f->problem.initial_mw[s->injection];
    bool may =
        isnan(before) || (before <= s->is.ramp_down_mw && -before <= s->is.ramp_up_mw);
    for (int32_t t = 0; t < w->f->n_interval && may; t++)
        may = s->is.first_mwh >= s->least[t] && s->is.first_mwh <= s->most[t];
    return may;
}

/* Its ramps, if they may bind; false = they could ask for more than it has. */
static bool take_ramps(const struct commitment *w, struct stated *s)
{
    const struct dispatch_problem *d = &w->f->problem;
    const size_t n = (size_t)d->n_injection;
    if (has_free_ramps(w, s))
        return true;
    s->is.ramp_up_mw = d->ramp_up_mw_per_h[s->injection] * w->p.interval_h;
    s->is.ramp_down_mw = d->ramp_down_mw_per_h[s->injection] * w->p.interval_h;
    s->is.mw_before = d->initial_mw[s->injection];
    for (int32_t t = 0; t < w->f->n_interval && d->ramp_free; t++)
        if (d->ramp_free[(size_t)t * n + (size_t)s->injection])
            return false;
    return s->is.ramp_up_mw > 0 && s->is.ramp_down_mw > 0 && may_rest(w, s);
}

static enum err_code state_store(struct commitment *w, struct stated *s,
                                 struct err *err)
{
    const int32_t n_t = w->f->n_interval;
    const struct dispatch_store *of = &w->f->problem.store[s->store];
    double *limit = ARENA_ARRAY(&w->arena, double, 6 * (size_t)n_t);
    int32_t *curve = ARENA_ARRAY(&w->arena, int32_t, 2 * (size_t)n_t);
    enum err_code code = limit && curve ? ERR_OK : commitment_no_memory(err);
    if (code)
        return code;
    s->charge_max = limit;
    s->discharge_max = limit + n_t;
    s->least = limit + 2 * (size_t)n_t;
    s->most = limit + 3 * (size_t)n_t;
    s->charge_curve = curve;
    s->discharge_curve = curve + n_t;
    double *stays = limit + 4 * (size_t)n_t, *lasts = limit + 5 * (size_t)n_t;
    s->is = (struct commit_store){.charge_efficiency = stays,
                                  .discharge_efficiency = lasts,
                                  .charge_max_mw = s->charge_max,
                                  .discharge_max_mw = s->discharge_max,
                                  .charge_curve = s->charge_curve,
                                  .discharge_curve = s->discharge_curve,
                                  .first_mwh = of->energy_initial_mwh,
                                  .least_mwh = s->least,
                                  .most_mwh = s->most};
    for (int32_t t = 0; t < n_t && !code; t++) {
        stays[t] = of->charge_efficiency;
        lasts[t] = of->discharge_efficiency;
        s->least[t] = t + 1 < n_t ? of->energy_min_mwh
                                  : fmax(of->energy_min_mwh, of->energy_end_min_mwh);
        s->most[t] = of->energy_max_mwh;
        code = take_hour(w, s, t, err);
    }
    return code;
}

static enum err_code take_store(struct commitment *w, int32_t store, struct err *err)
{
    const struct dispatch_problem *d = &w->f->problem;
    struct stated s = {.store = store, .injection = d->store[store].injection};
    struct commit_store *own = ARENA_ARRAY(&w->arena, struct commit_store, 1);
    if (!own)
        return commitment_no_memory(err);
    if (is_tied(d, &s) || !stands_whole(d, &s))
        return ERR_OK;
    enum err_code code = state_store(w, &s, err);
    bool can = !code && take_ramps(w, &s);
    for (int32_t t = 0; t < w->f->n_interval && can; t++)
        can = may_stand_still(w, &s, t);
    *own = s.is;
    const struct commit_unit unit = {
        .store = own,
        .n_bus = d->bus_start[s.injection + 1] - d->bus_start[s.injection],
        .bus = d->bus + d->bus_start[s.injection],
        .bus_weight = d->bus_weight + d->bus_start[s.injection]};
    /* The dispatch may break its limits at a price; this problem may not. */
    if (!code && can)
        code = commitment_has_schedule(w, &unit, &can, err);
    if (code || !can)
        return code;
    w->resource[w->p.n_unit] = s.injection;
    w->unit_of[s.injection] = w->p.n_unit;
    w->unit[w->p.n_unit++] = unit;
    return ERR_OK;
}

enum err_code commitment_list_stores(struct commitment *w, struct err *err)
{
    enum err_code code = ERR_OK;
    if (w->kept_on) /* they do what the market gave them */
        return ERR_OK;
    for (int32_t k = 0; k < w->f->problem.n_store && !code; k++)
        code = take_store(w, k, err);
    return code;
}
