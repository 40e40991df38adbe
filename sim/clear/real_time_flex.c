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
    if (run == RT_FIFTEEN_MINUTE || run == RT_START)
        return direction == UP ? r->flex_up_mw : r->flex_down_mw;
    if (run == RT_DISPATCH)
        return direction == UP ? r->flex_rtd_up_mw : r->flex_rtd_down_mw;
    return 0;
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

static double offer_mw(const struct rt_window *v, int32_t r, int32_t k, int direction)
{
    const struct resource *is = &v->w.resource[r];
    double rate = direction == UP ? is->ramp_up_mw_per_min : is->ramp_down_mw_per_min;
    return rt_window_has(v, r, k)
               ? fmin(rate * v->w.interval_min, is->pmax_mw - fmin(is->pmin_mw, 0))
               : 0;
}

bool rt_flex_is_wanted(const struct rt_windows *all, enum rt_run run)
{
    return uncertainty_mw(&all->m->rules, run, UP) > 0 ||
           uncertainty_mw(&all->m->rules, run, DOWN) > 0;
}

void rt_flex_require(struct rt_window *v)
{
    struct market *w = &v->w;
    int32_t region = w->n_service_region++;
    w->service_region[region] =
        (struct service_region){.id = "RAMPING", .parent = -1, .ramping = true};
    for (int32_t r = 0; r < w->n_resource; r++) {
        w->in_region[(size_t)region * (size_t)w->n_resource + (size_t)r] = true;
        for (int k = 0; k < 2 && can_ramp(v, r); k++)
            w->service_bidder[w->n_service_bidder++] = (struct service_bidder){
                w->resource[r].id, r, k == 0 ? (enum service)UP : (enum service)DOWN,
                true};
    }
}

void rt_flex_fill(const struct rt_windows *all, struct rt_window *v, int32_t k)
{
    const struct market *w = &v->w;
    int32_t region = w->n_service_region - 1;
    require(v, &all->m->rules, k,
            w->required_mw +
                ((size_t)k * (size_t)w->n_service_region + (size_t)region) * SERVICES);
    for (int32_t b = v->n_bidder; b < w->n_service_bidder; b++)
        v->a.service_offer[(size_t)k * (size_t)w->n_service_bidder + (size_t)b]
            .offer_mw = offer_mw(v, w->service_bidder[b].resource, k,
                                 (int)w->service_bidder[b].service);
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
        if (limit->kind == SERVICE_REQUIRED &&
            limit->index == v->n_region * SERVICES + direction)
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
    if (v->w.n_service_region == v->n_region)
        return;
    for (int32_t b = v->n_bidder; b < v->w.n_service_bidder; b++) {
        const struct service_bidder *is = &v->w.service_bidder[b];
        double *mw = (int)is->service == UP ? flex->up_mw : flex->down_mw;
        mw[t * n + (size_t)is->resource] = first_mw(v, s->first_award + b);
    }
    int32_t first = v->n_region * SERVICES;
    flex->up_required_mw[t] = v->w.required_mw[first + UP];
    flex->down_required_mw[t] = v->w.required_mw[first + DOWN];
    flex->up_short_mw[t] = first_mw(v, s->first_short + first + UP);
    flex->down_short_mw[t] = first_mw(v, s->first_short + first + DOWN);
    flex->up_usd_per_mw[t] = price_of(v, UP);
    flex->down_usd_per_mw[t] = price_of(v, DOWN);
}
