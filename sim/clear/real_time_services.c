/* real_time_services.c - ancillary services of a window: kept, bought, held. */
#include "sim/clear/real_time_services.h"

#include <math.h>

#include "sim/clear/real_time_flex.h"
#include "sim/clear/record.h"

static int32_t hour_of(const struct rt_window *v, int32_t k)
{
    return (v->first + k) * v->fives / RT_FIVES;
}

static bool buys(const struct rt_windows *all, enum rt_run run)
{
    return (run == RT_FIFTEEN_MINUTE || run == RT_START) &&
           all->m->n_service_region > 0;
}

/* ---- held ---- */

/* Where awards of interval k stand in all->quarter_service_mw. */
static size_t of_quarter(const struct rt_windows *all, const struct rt_window *v,
                         int32_t k)
{
    int32_t quarter = (v->first + k) * v->fives / RT_FIVES_A_QUARTER -
                      RT_QUARTERS * all->m->first_interval[all->day];
    return (size_t)quarter * (size_t)all->m->n_service_bidder;
}

/* Awards of all bidders in interval k that hold before the run. */
static const double *held_awards(const struct rt_windows *all,
                                 const struct rt_window *v, int32_t k)
{
    if (v->run == RT_DISPATCH)
        return all->quarter_service_mw + of_quarter(all, v, k);
    return all->day_ahead->service_mw +
           (size_t)hour_of(v, k) * (size_t)all->m->n_service_bidder;
}

/* What of an award there is room for; bidders stand best service first, RD last. */
static double within(double mw, double *room_mw)
{
    double has = fmin(mw, fmax(0, *room_mw));
    *room_mw -= has;
    return has;
}

void rt_services_held_mw(const struct rt_windows *all, const struct rt_window *v,
                         int32_t r, int32_t k, double room_mw, double *up, double *down)
{
    const struct market *m = all->m;
    *up = *down = 0;
    if (m->n_service_bidder == 0 || buys(all, v->run))
        return;
    const double *mw = held_awards(all, v, k);
    for (int32_t b = 0; b < m->n_service_bidder; b++)
        if (m->service_bidder[b].resource == r)
            *(m->service_bidder[b].service == SERVICE_RD ? down : up) +=
                within(mw[b], &room_mw);
}

void rt_services_copy(const struct rt_windows *all, const struct rt_window *v,
                      double *service_mw)
{
    const struct market *m = all->m;
    const double *mw = m->n_service_bidder > 0 ? held_awards(all, v, 0) : NULL;
    double room_mw = 0;
    for (int32_t b = 0, r = -1; b < m->n_service_bidder; b++) {
        if (m->service_bidder[b].resource != r) {
            r = m->service_bidder[b].resource;
            int32_t c = rt_window_configuration(all, v, r, 0);
            double most_mw =
                fmin(rt_window_available_mw(all, v, r, 0), market_pmax_mw(m, r, c));
            room_mw = rt_window_has(v, r, 0) ? most_mw - market_pmin_mw(m, r, c) : 0;
        }
        service_mw[b] = within(mw[b], &room_mw);
    }
}

void rt_services_keep(const struct rt_windows *all, const struct rt_window *v)
{
    for (int32_t k = 0; k < v->n && v->n_bidder > 0; k++)
        for (int32_t b = 0; b < v->n_bidder; b++)
            all->quarter_service_mw[of_quarter(all, v, k) + (size_t)b] =
                record_tidy(v->answer.injection_mw[k * v->f.problem.n_injection +
                                                   v->f.services.first_award + b]);
}

/* ---- offered ---- */

/* Room for energy and services in interval k: none where the resource does not run. */
static double room_mw(const struct rt_window *v, int32_t r, int32_t k)
{
    int32_t n;
    const struct bid_segment *bid = book_bid(&v->a.bids, r, k, &n);
    return n > 0 ? bid[n - 1].to_mw - fmax(bid[0].from_mw, v->w.resource[r].pmin_mw)
                 : 0;
}

/* (1), (2) for the bidders first .. end - 1 of one resource, the best service first. */
static void offer(const struct rt_windows *all, struct rt_window *v, int32_t k,
                  int32_t first, int32_t end)
{
    const struct market *m = all->m;
    size_t hour_at = (size_t)hour_of(v, k) * (size_t)m->n_service_bidder;
    double room = room_mw(v, m->service_bidder[first].resource, k), down_room = room;
    bool runs = rt_window_has(v, m->service_bidder[first].resource, k);
    for (int32_t b = first; b < end; b++) {
        const struct service_offer *day = &all->a->service_offer[hour_at + (size_t)b];
        double *left = m->service_bidder[b].service == SERVICE_RD ? &down_room : &room;
        double awarded_mw = all->day_ahead->service_mw[hour_at + (size_t)b];
        double kept_mw = fmin(awarded_mw, *left);
        *left -= kept_mw;
        v->a.service_offer[(size_t)k * (size_t)v->w.n_service_bidder + (size_t)b] =
            (struct service_offer){
                .offer_mw =
                    runs ? fmax(0, day->offer_mw + day->self_mw - awarded_mw) : 0,
                .price_usd_per_mw = day->price_usd_per_mw,
                .self_mw = kept_mw};
    }
}

static void fill_services(const struct rt_windows *all, struct rt_window *v, int32_t k)
{
    const struct market *m = all->m;
    size_t hour_at = (size_t)hour_of(v, k) * (size_t)v->n_region * SERVICES;
    size_t at = (size_t)k * (size_t)v->w.n_service_region * SERVICES;
    for (int32_t i = 0; i < v->n_region * SERVICES; i++)
        v->w.required_mw[at + (size_t)i] = m->rt_required_mw[hour_at + (size_t)i];
    for (int32_t b = 0, end; b < v->n_bidder; b = end) {
        end = b;
        while (end < v->n_bidder &&
               m->service_bidder[end].resource == m->service_bidder[b].resource)
            end++;
        offer(all, v, k, b, end);
    }
}

/* The market's own regions and bidders, where this run buys services. */
static void copy_services(const struct rt_windows *all, struct rt_window *v)
{
    const struct market *m = all->m;
    struct market *w = &v->w;
    if (!buys(all, v->run))
        return;
    for (int32_t g = 0; g < m->n_service_region; g++)
        w->service_region[w->n_service_region++] = m->service_region[g];
    for (int32_t i = 0; i < m->n_service_region * m->n_resource; i++)
        w->in_region[i] = m->in_region[i];
    for (int32_t b = 0; b < m->n_service_bidder; b++)
        w->service_bidder[w->n_service_bidder++] = m->service_bidder[b];
    v->n_region = w->n_service_region;
    v->n_bidder = w->n_service_bidder;
    w->rules.as_regulation_energy = w->rules.as_rt_regulation_energy;
}

enum err_code rt_services_require(const struct rt_windows *all, struct rt_window *v,
                                  struct err *err)
{
    const struct market *m = all->m;
    struct market *w = &v->w;
    bool ramping = rt_flex_is_wanted(all, v->run);
    if (!ramping && !buys(all, v->run))
        return ERR_OK;
    int64_t n_region = m->n_service_region + 1;
    int64_t n_bidder = m->n_service_bidder + 2 * (int64_t)m->n_resource;
    w->service_region = ARENA_ARRAY(&v->arena, struct service_region, n_region);
    w->in_region = ARENA_ARRAY(&v->arena, bool, n_region * m->n_resource);
    w->required_mw = ARENA_ARRAY(&v->arena, double, v->n *n_region *SERVICES);
    w->service_bidder = ARENA_ARRAY(&v->arena, struct service_bidder, n_bidder);
    v->a.service_offer = ARENA_ARRAY(&v->arena, struct service_offer, v->n * n_bidder);
    if (!w->service_region || !w->in_region || !w->required_mw || !w->service_bidder ||
        !v->a.service_offer)
        return err_set(err, ERR_NOMEM, "cannot hold the services of a run");
    copy_services(all, v);
    if (ramping)
        rt_flex_require(v);
    for (int32_t k = 0; k < v->n; k++) {
        fill_services(all, v, k);
        if (ramping)
            rt_flex_fill(all, v, k);
    }
    return ERR_OK;
}
