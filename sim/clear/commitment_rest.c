/* commitment_rest.c - what is beside the units: bids at buses, and what is held. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/commitment_parts.h"

static size_t cell(const struct commitment *w, int32_t i, int32_t t)
{
    return (size_t)t * (size_t)w->f->problem.n_injection + (size_t)i;
}

static bool is_unit(const struct commitment *w, int32_t i)
{
    return i < w->m->n_resource && w->unit_of[i] >= 0;
}

/* ---- step 1: units between 0 and Pmax ---- */

/* Widens the ranges of units down to 0, or back again. */
static void widen(struct commitment *w, bool on)
{
    const struct dispatch_problem *d = &w->f->problem;
    for (int32_t g = 0; g < w->p.n_unit; g++)
        for (int32_t t = 0; t < w->f->n_interval; t++) {
            size_t at = cell(w, w->resource[g], t);
            double pmin = w->unit[g].min_mw;
            if (d->seg_start[at + 1] == d->seg_start[at])
                continue; /* no bid, or Pmin = Pmax and nothing to widen */
            w->f->base[at] += on ? -pmin : pmin;
            w->f->seg[d->seg_start[at]].width_mw += on ? pmin : -pmin;
        }
    commitment_move_range(w);
}

static enum err_code hold(struct commitment *w, const double *known_mw, struct err *err)
{
    struct dispatch_answer answer = {0};
    enum err_code code = ERR_OK;
    size_t n = (size_t)w->f->n_interval * (size_t)w->f->problem.n_injection;
    w->held_mw = ARENA_ARRAY(&w->arena, double, n);
    if (!w->held_mw)
        return commitment_no_memory(err);
    if (!known_mw) {
        widen(w, true);
        code = dispatch_solve(&w->f->problem, 1e-6, &answer, err);
        widen(w, false);
    }
    if (!code && n > 0)
        memcpy(w->held_mw, known_mw ? known_mw : answer.injection_mw,
               n * sizeof *w->held_mw);
    dispatch_answer_release(&answer);
    return code;
}

/* ---- step 2 ---- */

/* free: [n_injection] whether its bids stand beside the units. */
static void find_free(const struct commitment *w, bool *is_free)
{
    const struct dispatch_problem *d = &w->f->problem;
    for (int32_t i = 0; i < d->n_injection; i++)
        is_free[i] = i < w->f->n_energy && !is_unit(w, i) &&
                     d->bus_start[i + 1] - d->bus_start[i] == 1;
    for (int32_t s = 0; s < d->n_store; s++)
        is_free[d->store[s].injection] = false;
    for (int32_t k = 0; k < d->group_start[2 * w->m->n_tie]; k++)
        is_free[d->group_injection[k]] = false;
}

/* Load: what is held, and of the free what they take whatever happens. */
static enum err_code take_load(struct commitment *w, const bool *is_free,
                               struct err *err)
{
    const struct dispatch_problem *d = &w->f->problem;
    int32_t n_bus = w->m->grid.n_bus, n_t = w->f->n_interval;
    double *load = ARENA_ARRAY(&w->arena, double, n_t);
    double *bus_load = ARENA_ARRAY(&w->arena, double, n_t *n_bus);
    if (!load || !bus_load)
        return commitment_no_memory(err);
    for (int32_t t = 0; t < n_t; t++)
        for (int32_t i = 0; i < w->f->n_energy; i++) {
            double mw =
                is_free[i] ? w->f->base[cell(w, i, t)] : w->held_mw[cell(w, i, t)];
            for (int32_t k = d->bus_start[i]; !is_unit(w, i) && k < d->bus_start[i + 1];
                 k++) {
                bus_load[(size_t)t * (size_t)n_bus + (size_t)d->bus[k]] -=
                    d->bus_weight[k] * mw;
                load[t] -= d->bus_weight[k] * mw;
            }
        }
    w->p.load_mw = load;
    w->p.bus_load_mw = bus_load;
    return ERR_OK;
}

/* Piece k of injection i. */
static enum err_code take_piece(struct commitment *w, int32_t i, int32_t k,
                                struct commit_other *out, struct err *err)
{
    const struct dispatch_problem *d = &w->f->problem;
    int32_t n_t = w->f->n_interval;
    double *nothing = ARENA_ARRAY(&w->arena, double, n_t);
    double *most = ARENA_ARRAY(&w->arena, double, n_t);
    double *cost = ARENA_ARRAY(&w->arena, double, n_t);
    if (!nothing || !most || !cost)
        return commitment_no_memory(err);
    for (int32_t t = 0; t < n_t; t++) {
        int32_t n;
        const struct dispatch_segment *seg = commitment_pieces(w, i, t, &n);
        double weight = d->bus_weight[d->bus_start[i]];
        most[t] = k < n ? seg[k].width_mw * weight : 0;
        cost[t] = k < n ? seg[k].cost_usd_per_mwh / weight : 0;
    }
    *out = (struct commit_other){.min_mw = nothing,
                                 .max_mw = most,
                                 .cost_usd_per_mwh = cost,
                                 .bus = d->bus[d->bus_start[i]]};
    return ERR_OK;
}

static int32_t most_pieces(const struct commitment *w, int32_t i)
{
    int32_t most = 0;
    for (int32_t t = 0; t < w->f->n_interval; t++) {
        int32_t n;
        (void)commitment_pieces(w, i, t, &n);
        most = n > most ? n : most;
    }
    return most;
}

static enum err_code take_others(struct commitment *w, const bool *is_free,
                                 struct err *err)
{
    int32_t n = 0;
    enum err_code code = ERR_OK;
    for (int32_t i = 0; i < w->f->n_energy; i++)
        n += is_free[i] ? most_pieces(w, i) : 0;
    struct commit_other *other = ARENA_ARRAY(&w->arena, struct commit_other, n);
    if (!other)
        return commitment_no_memory(err);
    for (int32_t i = 0; i < w->f->n_energy; i++)
        for (int32_t k = 0; !code && is_free[i] && k < most_pieces(w, i); k++)
            code = take_piece(w, i, k, &other[w->p.n_other++], err);
    w->p.other = other;
    return code;
}

/* ---- services ---- */

/* Products that count for a requirement, (1) of services.h. */
static uint32_t counted(enum service service)
{
    return service == SERVICE_RD ? UINT32_C(1) << SERVICE_RD
                                 : (UINT32_C(1) << (service + 1)) - 1;
}

/* MW required of units in hour t: of the region, less what others hold. */
static double needed_mw(const struct commitment *w, int32_t region,
                        enum service service, int32_t t)
{
    const struct market *m = w->m;
    int32_t interval = w->f->first_interval + t;
    double need = 0;
    if (market_required_mw(m, interval, region, service) <= 0)
        return 0;
    for (int q = 0; q < SERVICES; q++)
        if (counted(service) >> q & 1)
            need += market_required_mw(m, interval, region, (enum service)q);
    for (int32_t k = 0; k < m->n_service_bidder; k++) {
        int32_t r = m->service_bidder[k].resource;
        if ((counted(service) >> m->service_bidder[k].service & 1) && !is_unit(w, r) &&
            m->in_region[(size_t)region * (size_t)m->n_resource + (size_t)r])
            need -= w->held_mw[cell(w, w->f->services.first_award + k, t)];
    }
    return fmax(need, 0);
}

static enum err_code take_requirement(struct commitment *w, int32_t region,
                                      enum service service, struct err *err)
{
    const struct market *m = w->m;
    double penalty[SERVICES] = {m->rules.as_ru_schedule, m->rules.as_sr_schedule,
                                m->rules.as_nr_schedule, m->rules.as_rd_schedule};
    double *need = ARENA_ARRAY(&w->arena, double, w->f->n_interval);
    double *step = ARENA_ARRAY(&w->arena, double, 2);
    int32_t *unit = ARENA_ARRAY(&w->arena, int32_t, w->p.n_unit), n = 0;
    bool any = false;
    if (!need || !step || !unit)
        return commitment_no_memory(err);
    for (int32_t t = 0; t < w->f->n_interval; t++) {
        need[t] = needed_mw(w, region, service, t);
        any = any || need[t] > 0;
    }
    for (int32_t g = 0; g < w->n_committed; g++)
        if (m->in_region[(size_t)region * (size_t)m->n_resource +
                         (size_t)w->resource[g]])
            unit[n++] = g;
    if (!any || n == 0)
        return ERR_OK;
    step[0] = HUGE_VAL;
    step[1] = penalty[service];
    w->required[w->p.n_requirement] = region * SERVICES + (int32_t)service;
    struct commit_requirement *to =
        (struct commit_requirement *)w->p.requirement + w->p.n_requirement++;
    *to = (struct commit_requirement){.products = counted(service),
                                      .n_unit = n,
                                      .unit = unit,
                                      .need_mw = need,
                                      .n_step = 1,
                                      .step_mw = &step[0],
                                      .step_usd_per_mw = &step[1]};
    return ERR_OK;
}

static enum err_code take_requirements(struct commitment *w, struct err *err)
{
    int32_t n_region = w->m->n_service_region;
    enum err_code code = ERR_OK;
    w->p.requirement =
        ARENA_ARRAY(&w->arena, struct commit_requirement, n_region * SERVICES);
    w->required = ARENA_ARRAY(&w->arena, int32_t, n_region * SERVICES);
    if (!w->p.requirement || !w->required)
        return commitment_no_memory(err);
    for (int32_t region = 0; region < n_region; region++)
        for (int k = 0; !code && k < SERVICES; k++)
            code = take_requirement(w, region, (enum service)k, err);
    return code;
}

/* Whether any flow has a limit; if not, where power goes makes no difference. */
static bool has_flow_limits(const struct commitment *w)
{
    const struct network_data *d = network_data(w->f->problem.net);
    if (w->f->problem.outages)
        return true;
    for (int32_t l = 0; l < d->n_branch; l++)
        if (isfinite(d->flow_max_mw[l]) || isfinite(d->flow_min_mw[l]))
            return true;
    return false;
}

void commitment_place(struct commitment *w)
{
    const struct dispatch_problem *d = &w->f->problem;
    w->p.shortage_usd_per_mwh = d->schedule.shortage_usd_per_mwh;
    w->p.surplus_usd_per_mwh = d->schedule.surplus_usd_per_mwh;
    w->p.net = has_flow_limits(w) ? d->net : NULL;
    w->p.outages = d->outages;
    w->p.branch_usd_per_mwh = d->schedule.branch_usd_per_mwh;
}

enum err_code commitment_list_rest(struct commitment *w, const double *known_mw,
                                   struct err *err)
{
    bool *is_free = ARENA_ARRAY(&w->arena, bool, w->f->problem.n_injection);
    enum err_code code = is_free ? hold(w, known_mw, err) : commitment_no_memory(err);
    if (!code)
        code = commitment_list_stores(w, err);
    if (!code) {
        find_free(w, is_free);
        code = take_load(w, is_free, err);
    }
    if (!code)
        code = take_others(w, is_free, err);
    if (!code)
        code = take_requirements(w, err);
    commitment_place(w);
    return code;
}
