/* commitment_units.c - generators as units of the commitment problem. */
#include <math.h>

#include "sim/base/units.h"
#include "sim/clear/commitment_parts.h"
#include "sim/clear/state.h"
#include "solver/commit/unit_schedule.h"

enum {
    LONG_H = 9999 /* off for so long when nothing is known */
};

/* Hours that resource r has been on (> 0) or off (< 0) when the day begins. */
static int32_t hours_before(const struct commitment *w, int32_t r, double *mw_before)
{
    const struct market *m = w->m;
    const struct resource *is = &m->resource[r];
    int32_t initial = is->commit.initial_h, first = w->f->first_interval;
    *mw_before = initial > 0 ? is->initial_mw : 0;
    if (first == 0)
        return initial;
    int32_t day = market_day_of(m, first);
    if (m->day[day].date != m->day[day - 1].date + 1) {
        *mw_before = 0;
        return -LONG_H;
    }
    int32_t hours = state_hours_before(m, w->o, r, first);
    const double *mw = w->o->state_mw ? w->o->state_mw : w->o->award_mw;
    *mw_before =
        hours > 0 ? mw[(size_t)(first - 1) * (size_t)m->n_resource + (size_t)r] : 0;
    return hours;
}

/* Of a generator without terms: it runs as it bids. */
static const struct commitment_terms as_bid = {.min_up_h = 1,
                                               .min_down_h = 1,
                                               .start_mw = HUGE_VAL,
                                               .stop_mw = HUGE_VAL,
                                               .initial_h = -LONG_H,
                                               .must_run = true};

static const struct commitment_terms *terms_of(const struct commitment *w, int32_t r)
{
    const struct resource *is = &w->m->resource[r];
    return is->market_committed ? &is->commit : &as_bid;
}

static size_t kept_cell(const struct commitment *w, int32_t r, int32_t t)
{
    return (size_t)t * (size_t)w->m->n_resource + (size_t)r;
}

static bool is_kept_on(const struct commitment *w, int32_t r, int32_t t)
{
    return w->kept_on && w->kept_on[kept_cell(w, r, t)];
}

static uint8_t status_of(const struct commitment *w, int32_t r, int32_t t)
{
    int32_t n;
    if (is_kept_on(w, r, t))
        return COMMIT_ON;
    const struct bid_segment *bid =
        book_bid(&w->a->bids, r, w->f->first_interval + t, &n);
    if (n == 0)
        return COMMIT_OFF;
    return bid_kind_is_self(bid[0].kind) || terms_of(w, r)->must_run ? COMMIT_ON
                                                                     : COMMIT_FREE;
}

/* As the plant bids in configuration c. */
static enum err_code configuration_curve(struct commitment *w, int32_t c, int32_t t,
                                         struct commit_curve *out, struct err *err)
{
    const struct configuration *is = &w->m->configuration[c];
    int32_t n, k = 0;
    const struct bid_segment *bid =
        book_bid(&w->a->configuration_bids, c, w->f->first_interval + t, &n);
    double *width = ARENA_ARRAY(&w->arena, double, n + 1);
    double *cost = ARENA_ARRAY(&w->arena, double, n + 1);
    double room = is->pmax_mw - is->pmin_mw;
    if (!width || !cost)
        return commitment_no_memory(err);
    for (; k < n; k++) {
        struct dispatch_segment seg;
        struct segment_meaning meaning;
        formulate_supply(&w->m->rules, is->resource, &bid[k], &seg, &meaning);
        width[k] = bid[k].to_mw - bid[k].from_mw;
        cost[k] = seg.cost_usd_per_mwh;
        room -= width[k];
    }
    if (room > 1e-9) {
        width[k] = room;
        cost[k++] = w->p.never_usd_per_mwh;
    }
    *out = (struct commit_curve){k, width, cost};
    return ERR_OK;
}

enum err_code commitment_curve(struct commitment *w, int32_t r, int32_t c, int32_t t,
                               struct commit_curve *out, struct err *err)
{
    if (c >= 0 && !w->kept_on)
        return configuration_curve(w, c, t, out, err);
    double from_mw = market_pmin_mw(w->m, r, c), to_mw = market_pmax_mw(w->m, r, c);
    int32_t n, k = 0;
    const struct dispatch_segment *seg = commitment_pieces(w, r, t, &n);
    double *width = ARENA_ARRAY(&w->arena, double, n + 1);
    double *cost = ARENA_ARRAY(&w->arena, double, n + 1);
    double room = to_mw - from_mw;
    double below = from_mw - w->m->resource[r].pmin_mw; /* where pieces begin */
    bool is_part = c >= 0;
    if (!width || !cost)
        return commitment_no_memory(err);
    for (int32_t s = 0; s < n; s++) {
        double mw = seg[s].width_mw;
        double skipped = is_part ? fmin(below, mw) : 0;
        below -= skipped;
        if (is_part)
            mw = fmin(mw - skipped, room);
        if (mw <= 0)
            continue;
        width[k] = mw;
        cost[k++] = seg[s].cost_usd_per_mwh;
        room -= mw;
    }
    if (room > 1e-9) {
        width[k] = room;
        cost[k++] = w->p.never_usd_per_mwh;
    }
    *out = (struct commit_curve){k, width, cost};
    return ERR_OK;
}

/* Services that resource r offers, self-provided MW first at a price below all others. */
static enum err_code take_services(struct commitment *w, int32_t r,
                                   struct commit_unit *u, struct err *err)
{
    const struct market *m = w->m;
    int32_t n_t = w->f->n_interval;
    struct commit_offer *offer = ARENA_ARRAY(&w->arena, struct commit_offer, SERVICES);
    if (!offer)
        return commitment_no_memory(err);
    for (int32_t k = 0; k < m->n_service_bidder; k++) {
        if (m->service_bidder[k].resource != r || u->n_offer == SERVICES)
            continue;
        double *price = ARENA_ARRAY(&w->arena, double, n_t), most = 0;
        if (!price)
            return commitment_no_memory(err);
        for (int32_t t = 0; t < n_t; t++) {
            const struct service_offer *is =
                &w->a->service_offer[(int64_t)(w->f->first_interval + t) *
                                         m->n_service_bidder +
                                     k];
            double mw = is->offer_mw + is->self_mw;
            most = fmax(most, mw);
            /* In hours without an offer nothing is worth holding. */
            price[t] = mw <= 0            ? 10 * m->rules.balance_schedule
                       : is->offer_mw > 0 ? is->price_usd_per_mw
                                          : 0;
        }
        offer[u->n_offer++] =
            (struct commit_offer){.product = (int32_t)m->service_bidder[k].service,
                                  .max_mw = most,
                                  .price_usd_per_mw = price};
    }
    u->offer = offer;
    return ERR_OK;
}

static enum err_code take_unit(struct commitment *w, int32_t g, struct err *err)
{
    int32_t r = w->resource[g], n_t = w->f->n_interval;
    const struct resource *is = &w->m->resource[r];
    const struct commitment_terms *c = terms_of(w, r);
    const struct node *node = &w->m->node[is->node];
    double *min_cost = ARENA_ARRAY(&w->arena, double, n_t);
    int32_t *curve = ARENA_ARRAY(&w->arena, int32_t, n_t);
    struct commit_start *start =
        ARENA_ARRAY(&w->arena, struct commit_start, START_KINDS);
    double mw_before = 0, hour = market_duration_h(w->m);
    bool ramps = is->market_committed;
    int32_t before_h = ramps ? hours_before(w, r, &mw_before) : c->initial_h;
    if (!min_cost || !curve || !start)
        return commitment_no_memory(err);
    for (int32_t k = 0; k < c->n_start; k++)
        start[k] = (struct commit_start){c->start_after_h[k], c->start_cost_usd[k]};
    w->unit[g] = (struct commit_unit){
        .min_mw = is->pmin_mw,
        .max_mw = is->pmax_mw,
        .ramp_up_mw =
            ramps ? mw_per_h_from_mw_per_min(is->ramp_up_mw_per_min) * hour : HUGE_VAL,
        .ramp_down_mw = ramps
                            ? mw_per_h_from_mw_per_min(is->ramp_down_mw_per_min) * hour
                            : HUGE_VAL,
        .start_max_mw = fmin(c->start_mw, is->pmax_mw),
        .stop_max_mw = fmin(c->stop_mw, is->pmax_mw),
        .min_up = c->min_up_h,
        .min_down = c->min_down_h,
        .max_starts = c->max_starts,
        .status = w->status + (size_t)g * (size_t)n_t,
        .on_before = before_h > 0,
        .age_before = before_h > 0 ? before_h : -before_h,
        .mw_before = mw_before,
        .curve = curve,
        .min_cost_usd_per_h = min_cost,
        .n_start = c->n_start,
        .start = start,
        .n_bus = node->n_factor,
        .bus = w->m->factor_bus + node->factor_start,
        .bus_weight = w->m->factor + node->factor_start};
    enum err_code code = take_services(w, r, &w->unit[g], err);
    /* As the day that follows has it: (3) of services.h, and commitment.h. */
    w->unit[g].steady_reserve = true;
    if (isfinite(is->ramp_up_mw_per_min))
        w->unit[g].most_up_mw = is->ramp_up_mw_per_min * w->m->rules.as_deployment;
    for (int32_t t = 0; !code && t < n_t; t++) {
        curve[t] = g * n_t + t;
        min_cost[t] = is_kept_on(w, r, t) ? w->kept_usd_per_h[kept_cell(w, r, t)]
                                          : c->min_load_usd_per_h;
        w->status[(size_t)g * (size_t)n_t + (size_t)t] = status_of(w, r, t);
        code = commitment_curve(w, r, -1, t, &w->curve[curve[t]], err);
    }
    if (!code && is->n_configuration > 0)
        code = commitment_list_configurations(w, g, err);
    return code;
}

enum err_code commitment_has_schedule(struct commitment *w,
                                      const struct commit_unit *unit, bool *has,
                                      struct err *err)
{
    struct commit_problem one = w->p;
    struct unit_scheduler *scheduler = NULL;
    struct unit_schedule best = {0};
    double *nothing = ARENA_ARRAY(&w->arena, double, w->f->n_interval *SERVICES);
    struct unit_prices prices = {.energy_usd_per_mw = nothing,
                                 .reserve_usd_per_mw = nothing};
    *has = false;
    one.n_unit = 1;
    one.unit = unit;
    if (!nothing)
        return commitment_no_memory(err);
    enum err_code code = unit_scheduler_create(&one, &scheduler, err);
    if (!code)
        code = unit_schedule_best(scheduler, 0, &prices, NULL, NULL, &best, err);
    *has = !code && isfinite(best.value_usd);
    unit_scheduler_release(scheduler);
    return code;
}

/* A unit that runs as it bids is on in the hours in which it does. */
static void note_self(struct commitment *w, int32_t r)
{
    if (w->kept_on)
        return; /* noted by the market */
    w->o->commitment.n_self++;
    for (int32_t t = 0; t < w->f->n_interval; t++)
        w->o->on[(size_t)(w->f->first_interval + t) * (size_t)w->o->n_resource +
                 (size_t)r] = status_of(w, r, t) != COMMIT_OFF;
}

static bool is_unit(const struct commitment *w, int32_t r)
{
    const struct resource *is = &w->m->resource[r];
    return is->market_committed || (w->kept_on && is->type == RESOURCE_GENERATOR &&
                                    w->m->node[is->node].n_factor > 1);
}

enum err_code commitment_list_units(struct commitment *w, struct err *err)
{
    const struct market *m = w->m;
    int32_t n_t = w->f->n_interval, n_most = 0, n_store = w->f->problem.n_store;
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < m->n_resource; r++)
        n_most += is_unit(w, r);
    w->unit = ARENA_ARRAY(&w->arena, struct commit_unit, n_most + n_store);
    w->resource = ARENA_ARRAY(&w->arena, int32_t, n_most + n_store);
    w->first_plant_curve = n_most * n_t;
    w->curve = ARENA_ARRAY(&w->arena, struct commit_curve,
                           (n_most + m->n_configuration + 2 * n_store) * n_t);
    w->status = ARENA_ARRAY(&w->arena, uint8_t, n_most * n_t);
    w->unit_of = ARENA_ARRAY(&w->arena, int32_t, m->n_resource);
    if (!w->unit || !w->resource || !w->curve || !w->status || !w->unit_of)
        return commitment_no_memory(err);
    w->p = (struct commit_problem){.n_interval = n_t,
                                   .interval_h = market_duration_h(w->m),
                                   .n_curve = (n_most + m->n_configuration) * n_t,
                                   .curve = w->curve,
                                   .never_usd_per_mwh = 10 * m->rules.balance_schedule,
                                   .down_products = UINT32_C(1) << SERVICE_RD};
    for (int32_t r = 0; !code && r < m->n_resource; r++) {
        bool can = false;
        w->unit_of[r] = -1;
        if (!is_unit(w, r))
            continue;
        w->resource[w->p.n_unit] = r;
        code = take_unit(w, w->p.n_unit, err);
        if (!code)
            code = commitment_has_schedule(w, &w->unit[w->p.n_unit], &can, err);
        if (!code && can)
            w->unit_of[r] = w->p.n_unit++;
        else if (!code)
            note_self(w, r);
    }
    w->p.unit = w->unit;
    w->n_committed = w->p.n_unit;
    return code;
}
