/* real_time_flex.c - flexible ramping as services of a window. */
#include "sim/clear/real_time_flex.h"

#include <math.h>

#include "sim/clear/record.h"

enum {
    UP = SERVICE_NR,
    DOWN = SERVICE_RD
};

enum err_code rt_flex_begin(const struct market *m, int32_t per_hour,
                            struct rt_outcome *out, struct flex_outcome *flex,
                            struct err *err)
{
    size_t n_t = (size_t)per_hour * (size_t)m->n_interval;
    size_t n = n_t * (size_t)m->n_resource;
    double **along[] = {&flex->up_usd_per_mw,  &flex->down_usd_per_mw,
                        &flex->up_required_mw, &flex->down_required_mw,
                        &flex->up_short_mw,    &flex->down_short_mw};
    double **over[] = {&flex->up_mw, &flex->down_mw, &flex->move_mw};
    for (size_t k = 0; k < sizeof along / sizeof *along; k++)
        if (!(*along[k] = ARENA_ARRAY(&out->arena, double, n_t)))
            return err_set(err, ERR_NOMEM, "cannot hold the ramping of %zu runs", n_t);
    for (size_t k = 0; k < sizeof over / sizeof *over; k++)
        if (!(*over[k] = ARENA_ARRAY(&out->arena, double, n)))
            return err_set(err, ERR_NOMEM, "cannot hold the ramping of %zu runs", n_t);
    return ERR_OK;
}

static double uncertainty_mw(const struct rules *r, enum rt_run run, int direction)
{
    if (run == RT_FIFTEEN_MINUTE)
        return direction == UP ? r->flex_up_mw : r->flex_down_mw;
    if (run == RT_DISPATCH)
        return direction == UP ? r->flex_rtd_up_mw : r->flex_rtd_down_mw;
    return 0;
}

static bool is_wanted(const struct rules *r, enum rt_run run)
{
    return uncertainty_mw(r, run, UP) > 0 || uncertainty_mw(r, run, DOWN) > 0;
}

/* What takes part in ramping: everything that is dispatched. */
static bool can_ramp(const struct rt_window *v, int32_t r)
{
    const enum resource_type type = v->w.resource[r].type;
    return !resource_type_withdraws(type) && type != RESOURCE_IMPORT;
}

/* Load of the window; sun and wind ramp themselves. */
static double net_load_mw(const struct rt_window *v, int32_t k)
{
    double sum = 0;
    for (int32_t r = 0; r < v->w.n_resource; r++) {
        int32_t n;
        const struct bid_segment *bid = book_bid(&v->a.bids, r, k, &n);
        if (n > 0 && v->w.resource[r].type == RESOURCE_LOAD)
            sum += bid[n - 1].to_mw;
    }
    return sum;
}

static void require(const struct rt_window *v, const struct rules *rules, int32_t k,
                    double *required_mw)
{
    double move_mw = k + 1 < v->n ? net_load_mw(v, k + 1) - net_load_mw(v, k) : 0;
    for (int s = 0; s < SERVICES; s++)
        required_mw[s] = 0;
    if (uncertainty_mw(rules, v->run, UP) > 0)
        required_mw[UP] = fmax(0, move_mw) + uncertainty_mw(rules, v->run, UP);
    if (uncertainty_mw(rules, v->run, DOWN) > 0)
        required_mw[DOWN] = fmax(0, -move_mw) + uncertainty_mw(rules, v->run, DOWN);
}

/* The curve is the price of both runs: what is short is a choice and no accident. */
static void set_curve(struct rt_window *v)
{
    struct rules *r = &v->w.rules;
    double cap = fmax(r->energy_bid_cap, 1);
    r->energy_bid_cap = cap;
    r->as_scarcity_nr_1 = r->flex_usd_1 / cap;
    r->as_scarcity_nr_2 = r->flex_usd_2 / cap;
    r->as_scarcity_nr_3 = r->flex_usd_3 / cap;
    r->as_scarcity_nr_mw_1 = r->as_scarcity_rd_mw_1 = r->flex_short_mw_1;
    r->as_scarcity_nr_mw_2 = r->as_scarcity_rd_mw_2 = r->flex_short_mw_2;
    r->as_scarcity_rd_1 = r->flex_down_share * r->as_scarcity_nr_1;
    r->as_scarcity_rd_2 = r->flex_down_share * r->as_scarcity_nr_2;
    r->as_scarcity_rd_3 = r->flex_down_share * r->as_scarcity_nr_3;
    r->as_nr_schedule = r->as_rd_schedule = 0;
    r->as_regulation_energy = r->as_reserve_energy = v->w.interval_min / 60;
}

static double offer_mw(const struct rt_window *v, int32_t r, int32_t k, int direction)
{
    const struct resource *is = &v->w.resource[r];
    double rate = direction == UP ? is->ramp_up_mw_per_min : is->ramp_down_mw_per_min;
    return rt_window_has(v, r, k)
               ? fmin(rate * v->w.interval_min, is->pmax_mw - fmin(is->pmin_mw, 0))
               : 0;
}

enum err_code rt_flex_require(const struct rt_windows *all, struct rt_window *v,
                              struct err *err)
{
    struct market *w = &v->w;
    static const struct service_region system = {.id = "SYSTEM", .parent = -1};
    if (!is_wanted(&all->m->rules, v->run))
        return ERR_OK;
    int64_t n_most = 2 * (int64_t)w->n_resource;
    struct service_region *region = ARENA_ARRAY(&v->arena, struct service_region, 1);
    bool *in_region = ARENA_ARRAY(&v->arena, bool, w->n_resource);
    double *required = ARENA_ARRAY(&v->arena, double, (int64_t)v->n *SERVICES);
    struct service_bidder *bidder =
        ARENA_ARRAY(&v->arena, struct service_bidder, n_most);
    struct service_offer *offer =
        ARENA_ARRAY(&v->arena, struct service_offer, v->n * n_most);
    if (!region || !in_region || !required || !bidder || !offer)
        return err_set(err, ERR_NOMEM, "cannot hold the ramping of a run");
    *region = system;
    w->service_region = region;
    w->n_service_region = 1;
    w->in_region = in_region;
    w->required_mw = required;
    w->service_bidder = bidder;
    v->a.service_offer = offer;
    for (int32_t r = 0; r < w->n_resource; r++) {
        in_region[r] = true;
        if (!can_ramp(v, r))
            continue;
        bidder[w->n_service_bidder++] =
            (struct service_bidder){w->resource[r].id, r, (enum service)UP};
        bidder[w->n_service_bidder++] =
            (struct service_bidder){w->resource[r].id, r, (enum service)DOWN};
    }
    for (int32_t k = 0; k < v->n; k++) {
        require(v, &all->m->rules, k, required + k * SERVICES);
        for (int32_t b = 0; b < w->n_service_bidder; b++)
            offer[(int64_t)k * w->n_service_bidder + b].offer_mw =
                offer_mw(v, bidder[b].resource, k, (int)bidder[b].service);
    }
    set_curve(v);
    return ERR_OK;
}

/* ---- back ---- */

static double first_mw(const struct rt_window *v, int32_t injection)
{
    return record_tidy(v->answer.injection_mw[injection]);
}

static double price_of(const struct rt_window *v, int direction)
{
    const struct services *s = &v->f.services;
    for (int32_t k = 0; k < v->answer.n_row; k++) {
        const struct dispatch_row *row = &v->answer.row[k];
        if (row->kind != DISPATCH_GROUP || row->interval != 0 ||
            row->index < s->first_group)
            continue;
        const struct service_limit *limit = &s->limit[row->index - s->first_group];
        if (limit->kind == SERVICE_REQUIRED && limit->index == direction)
            return record_tidy(row->shadow_usd_per_mwh);
    }
    return 0;
}

void rt_flex_record(const struct rt_windows *all, const struct rt_window *v,
                    struct flex_outcome *flex)
{
    const struct services *s = &v->f.services;
    size_t n = (size_t)all->m->n_resource, t = (size_t)v->first;
    for (int32_t r = 0; r < all->m->n_resource && v->n > 1; r++)
        flex->move_mw[t * n + (size_t)r] =
            record_tidy(rt_window_award(v, r, 1) - rt_window_award(v, r, 0));
    if (v->w.n_service_region == 0)
        return;
    for (int32_t b = 0; b < v->w.n_service_bidder; b++) {
        const struct service_bidder *is = &v->w.service_bidder[b];
        double *mw = (int)is->service == UP ? flex->up_mw : flex->down_mw;
        mw[t * n + (size_t)is->resource] = first_mw(v, s->first_award + b);
    }
    flex->up_required_mw[t] = v->w.required_mw[UP];
    flex->down_required_mw[t] = v->w.required_mw[DOWN];
    flex->up_short_mw[t] = first_mw(v, s->first_short + UP);
    flex->down_short_mw[t] = first_mw(v, s->first_short + DOWN);
    flex->up_usd_per_mw[t] = price_of(v, UP);
    flex->down_usd_per_mw[t] = price_of(v, DOWN);
}
