/* real_time_start.c - the fifteen-minute window as a commitment problem. */
#include "sim/clear/real_time_start_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/commitment_parts.h"
#include "sim/clear/record.h"

enum {
    NO_ORDER = -1
};

static bool is_fast(const struct rt_windows *all, int32_t r)
{
    const struct resource *is = &all->m->resource[r];
    return is->market_committed && is->commit.fast;
}

static bool any_is_fast(const struct rt_windows *all)
{
    for (int32_t r = 0; r < all->m->n_resource; r++)
        if (is_fast(all, r))
            return true;
    return false;
}

/* ---- what is planned ---- */

bool rt_start_is_scheduled(const struct rt_windows *all, int32_t r, int32_t hour)
{
    size_t at = (size_t)hour * (size_t)all->m->n_resource + (size_t)r;
    const uint8_t *on = all->ruc->active ? all->ruc->on : all->day_ahead->on;
    return !all->m->resource[r].market_committed || on[at];
}

uint8_t *rt_start_plan(const struct rt_windows *all, int32_t r, int32_t quarter)
{
    int32_t of_day = quarter - RT_QUARTERS * all->m->first_interval[all->day];
    return &all->quarter_on[(size_t)of_day * (size_t)all->m->n_resource + (size_t)r];
}

double rt_start_usd(const struct commitment_terms *c, int32_t off_min)
{
    double usd = 0;
    for (int32_t k = 0; k < c->n_start; k++)
        if (k == 0 || off_min >= 60 * c->start_after_h[k])
            usd = c->start_cost_usd[k];
    return usd;
}

enum err_code rt_start_begin(struct rt_windows *all, struct err *err)
{
    const struct market *m = all->m;
    int32_t first = RT_QUARTERS * m->first_interval[all->day];
    int32_t end = RT_QUARTERS * m->first_interval[all->day + 1];
    all->quarter_on = MEM_ARRAY(uint8_t, (size_t)(end - first) * (size_t)m->n_resource);
    all->order = MEM_ARRAY(int32_t, m->n_resource);
    if (!all->quarter_on || !all->order)
        return err_set(err, ERR_NOMEM, "cannot hold the plan of a day");
    for (int32_t r = 0; r < m->n_resource; r++) {
        all->order[r] = NO_ORDER;
        for (int32_t q = first; q < end; q++)
            *rt_start_plan(all, r, q) = rt_start_is_scheduled(all, r, q / RT_QUARTERS);
    }
    return ERR_OK;
}

void rt_start_end(struct rt_windows *all)
{
    mem_free(all->quarter_on);
    mem_free(all->order);
    all->quarter_on = NULL;
    all->order = NULL;
}

bool rt_start_is_open(const struct rt_windows *all, const struct rt_window *v,
                      int32_t r)
{
    return v->run == RT_START && is_fast(all, r);
}

int32_t rt_start_minutes_to_stop(const struct rt_windows *all,
                                 const struct rt_window *v, int32_t r, int32_t k)
{
    int32_t five = (v->first + k + 1) * v->fives;
    int32_t end = RT_QUARTERS * all->m->first_interval[all->day + 1];
    int32_t from = (five + RT_FIVES_A_QUARTER - 1) / RT_FIVES_A_QUARTER;
    if (!is_fast(all, r) || v->run == RT_START)
        return -1;
    for (int32_t q = from; q < end; q++)
        if (!*rt_start_plan(all, r, q))
            return (RT_FIVES_A_QUARTER * q - five) * (QUARTER_MIN / RT_FIVES_A_QUARTER);
    return -1;
}

bool rt_start_is_off(const struct rt_windows *all, const struct rt_window *v, int32_t r,
                     int32_t k)
{
    int32_t quarter = (v->first + k) * v->fives / RT_FIVES_A_QUARTER;
    if (rt_start_is_open(all, v, r))
        return false;
    return !*rt_start_plan(all, r, quarter);
}

/* ---- the commitment problem of a window ---- */

static int32_t lead_of(const struct commitment_terms *c)
{
    return (c->start_up_min + QUARTER_MIN - 1) / QUARTER_MIN;
}

/* The first quarter from `from` on in which the schedule of the day has it on; -1. */
static int32_t next_scheduled(const struct rt_windows *all, int32_t r, int32_t from)
{
    int32_t end = RT_QUARTERS * all->m->first_interval[all->day + 1];
    for (int32_t q = from; q < end; q++)
        if (rt_start_is_scheduled(all, r, q / RT_QUARTERS))
            return q;
    return -1;
}

/* Starts that have been made on this day, and those scheduled for after the window. */
static int32_t starts_elsewhere(const struct rt_starting *s, int32_t r)
{
    const struct rt_windows *all = s->all;
    const struct outcome *rtd = &all->out->rtd;
    int32_t first = RT_FIVES * all->m->first_interval[all->day];
    int32_t end = RT_QUARTERS * all->m->first_interval[all->day + 1], n = 0;
    size_t stride = (size_t)all->m->n_resource, of = (size_t)r;
    bool was = first > 0 ? rtd->on[(size_t)(first - 1) * stride + of] != 0
                         : all->m->resource[r].commit.initial_h > 0;
    for (int32_t f = first; f < RT_FIVES_A_QUARTER * s->quarter; f++) {
        bool is = rtd->on[(size_t)f * stride + of] != 0;
        n += is && !was;
        was = is;
    }
    for (int32_t q = s->quarter + s->n; q < end; q++)
        n += rt_start_is_scheduled(all, r, q / RT_QUARTERS) &&
             !rt_start_is_scheduled(all, r, (q - 1) / RT_QUARTERS);
    return n;
}

/* A unit's terms in quarters of an hour. */
static void quarter_terms(const struct rt_starting *s, int32_t r,
                          struct commitment_terms *c)
{
    const struct rt_state *now = &s->all->out->now;
    int32_t quarters = now->since_min[r] / QUARTER_MIN;
    quarters = quarters > 1 ? quarters : 1;
    c->min_up_h *= RT_QUARTERS;
    c->min_down_h *= RT_QUARTERS;
    for (int32_t k = 0; k < c->n_start; k++)
        c->start_after_h[k] *= RT_QUARTERS;
    c->start_mw = c->stop_mw = INFINITY; /* of an hour; a quarter has its ramp */
    c->initial_h = now->on[r] ? quarters : -quarters;
    c->must_run = false;
    if (c->max_starts > 0) {
        c->max_starts -= starts_elsewhere(s, r);
        s->is_free[r] = s->is_free[r] && c->max_starts > 0;
    }
}

/* Where a fast unit has to be on, and where it cannot be yet. */
static void bound_unit(struct rt_starting *s, int32_t r)
{
    const struct rt_windows *all = s->all;
    const struct commitment_terms *c = &all->m->resource[r].commit;
    int32_t lead = lead_of(c), order = all->order[r];
    for (int32_t k = 0; k < s->n; k++) {
        int32_t q = s->quarter + k;
        bool must = rt_start_is_scheduled(all, r, q / RT_QUARTERS);
        if (order != NO_ORDER && q >= order && q < order + RT_QUARTERS * c->min_up_h)
            must = true;
        s->must[rt_start_cell(s, r, k)] = must && rt_window_has(&s->v, r, k);
        s->usd_per_h[rt_start_cell(s, r, k)] = c->min_load_usd_per_h;
        bool early = order != NO_ORDER ? q < order : k < lead;
        if (early && !must && !all->out->now.on[r])
            rt_window_drop(&s->v, r, k);
    }
}

/* A generator that is on, bids throughout and has ramps is a unit that runs. */
static bool runs_within_ramps(const struct rt_starting *s, int32_t r)
{
    const struct resource *is = &s->v.w.resource[r];
    if (is->type != RESOURCE_GENERATOR || !s->all->out->now.on[r] ||
        (isinf(is->ramp_up_mw_per_min) && isinf(is->ramp_down_mw_per_min)))
        return false;
    for (int32_t k = 0; k < s->n; k++)
        if (!rt_window_has(&s->v, r, k))
            return false;
    return true;
}

static bool take_units(struct rt_starting *s)
{
    const struct rt_windows *all = s->all;
    bool any = false;
    for (int32_t r = 0; r < all->m->n_resource; r++) {
        struct resource *is = &s->v.w.resource[r];
        s->is_free[r] = is_fast(all, r);
        if (s->is_free[r]) {
            bound_unit(s, r);
            quarter_terms(s, r, &is->commit);
        }
        is->market_committed = s->is_free[r];
        any = any || s->is_free[r];
        if (is_fast(all, r) || !runs_within_ramps(s, r))
            continue;
        is->market_committed = true;
        is->commit = (struct commitment_terms){.min_up_h = 1,
                                               .min_down_h = 1,
                                               .start_mw = INFINITY,
                                               .stop_mw = INFINITY,
                                               .initial_h = 1,
                                               .must_run = true};
    }
    return any;
}

/* Of a unit that cannot follow any plan, or has no starts left: the schedule, and on until it
 * has been on for long enough. */
static void plan_anyway(struct rt_starting *s, int32_t r)
{
    const struct rt_state *now = &s->all->out->now;
    int32_t min_up = 60 * s->all->m->resource[r].commit.min_up_h;
    for (int32_t k = 0; k < s->n; k++) {
        bool young = now->on[r] && now->since_min[r] + QUARTER_MIN * k < min_up;
        *rt_start_plan(s->all, r, s->quarter + k) =
            s->must[rt_start_cell(s, r, k)] || young;
    }
}

/* A stop now must leave min_down before the next start by schedule. */
bool rt_start_stops_too_late(const struct rt_starting *s, int32_t r)
{
    int32_t next = next_scheduled(s->all, r, s->quarter);
    return next >= 0 &&
           next - s->quarter < RT_QUARTERS * s->all->m->resource[r].commit.min_down_h;
}

static void take_plan(struct rt_starting *s, int32_t r, const uint8_t *on,
                      size_t stride)
{
    const struct rt_windows *all = s->all;
    bool keep = all->out->now.on[r] && !on[0] && rt_start_stops_too_late(s, r);
    for (int32_t k = 0; k < s->n; k++)
        *rt_start_plan(all, r, s->quarter + k) = keep || on[(size_t)k * stride];
}

/* A start that takes time is ordered when it has to be. */
static void order_start(const struct rt_starting *s, int32_t r)
{
    const struct rt_windows *all = s->all;
    int32_t lead = lead_of(&all->m->resource[r].commit);
    if (all->out->now.on[r] || all->order[r] != NO_ORDER || lead == 0 || lead >= s->n)
        return;
    if (*rt_start_plan(all, r, s->quarter + lead) &&
        !*rt_start_plan(all, r, s->quarter + lead - 1))
        all->order[r] = s->quarter + lead;
}

static enum err_code commit_window(struct rt_starting *s, struct err *err)
{
    const struct rules *rules = &s->all->m->rules;
    struct commitment w = {.m = &s->v.w,
                           .a = &s->v.a,
                           .f = &s->v.f,
                           .kept_on = s->must,
                           .kept_usd_per_h = s->usd_per_h};
    struct commit_answer answer = {0};
    struct commit_options options = {.gap = rules->commitment_gap,
                                     .work_limit = (int64_t)rules->commitment_work,
                                     .n_thread = 1};
    enum err_code code = commitment_list_units(&w, err);
    if (!code && w.p.n_unit > 0)
        code = commitment_list_rest(&w, err);
    if (!code && w.p.n_unit > 0)
        code = commit_solve(&w.p, &options, &answer, err);
    for (int32_t r = 0; r < w.m->n_resource && !code; r++) {
        if (s->is_free[r] && w.unit_of[r] >= 0)
            take_plan(s, r, answer.on + w.unit_of[r], (size_t)w.p.n_unit);
        else if (is_fast(s->all, r))
            plan_anyway(s, r);
        s->is_free[r] = s->is_free[r] && w.unit_of[r] >= 0;
    }
    if (!code && w.p.n_unit > 0 && answer.gap > options.gap)
        code = rt_start_try(s, err);
    for (int32_t r = 0; r < w.m->n_resource && !code; r++)
        if (s->is_free[r])
            order_start(s, r);
    commit_answer_release(&answer);
    arena_release(&w.arena);
    return code;
}

/* An order that was carried out, or that an outage has made void, is over; one of this very
 * quarter is decided anew. */
static void forget_orders(const struct rt_windows *all, int32_t quarter)
{
    for (int32_t r = 0; r < all->m->n_resource; r++)
        if (all->order[r] < quarter ||
            all->order[r] == quarter + lead_of(&all->m->resource[r].commit))
            all->order[r] = NO_ORDER;
}

enum err_code rt_start_decide(const struct rt_windows *all, int32_t quarter, int32_t n,
                              struct err *err)
{
    struct rt_starting s = {.all = all, .quarter = quarter, .n = n};
    int64_t n_r = all->m->n_resource;
    if (!any_is_fast(all))
        return ERR_OK;
    forget_orders(all, quarter);
    enum err_code code = rt_window_write(all, RT_START, quarter, n, &s.v, err);
    s.is_free = ARENA_ARRAY(&s.v.arena, bool, n_r);
    s.must = ARENA_ARRAY(&s.v.arena, uint8_t, n_r * n);
    s.usd_per_h = ARENA_ARRAY(&s.v.arena, double, n_r *n);
    if (!code && (!s.is_free || !s.must || !s.usd_per_h))
        code = err_set(err, ERR_NOMEM, "cannot hold the units of a run");
    bool any = !code && take_units(&s);
    if (!code)
        code = rt_window_formulate(all, &s.v, err);
    if (!code && any)
        code = commit_window(&s, err);
    for (int32_t r = 0; r < n_r && !code && !any; r++)
        if (is_fast(all, r))
            plan_anyway(&s, r);
    rt_window_release(&s.v);
    return code;
}

/* ---- what it costs ---- */

double rt_start_note(const struct rt_windows *all, const struct rt_window *v,
                     struct outcome *fmm)
{
    const struct rt_state *now = &all->out->now;
    int32_t hour = v->first / RT_QUARTERS;
    double sum = 0;
    for (int32_t r = 0; r < all->m->n_resource; r++) {
        const struct commitment_terms *c = &all->m->resource[r].commit;
        size_t n_r = (size_t)all->m->n_resource, of = (size_t)r;
        size_t at = (size_t)v->first * n_r + of, of_hour = (size_t)hour * n_r + of;
        if (!is_fast(all, r) || !rt_window_has(v, r, 0))
            continue;
        double usd = now->on[r] ? 0 : rt_start_usd(c, now->since_min[r]);
        if (v->first % RT_QUARTERS == 0) {
            usd -= all->day_ahead->start_cost_usd[of_hour];
            usd -= all->ruc->active ? all->ruc->start_cost_usd[of_hour] : 0;
        }
        fmm->start_cost_usd[at] = record_tidy(usd);
        if (!rt_start_is_scheduled(all, r, hour))
            fmm->min_load_usd[at] = c->min_load_usd_per_h / RT_QUARTERS;
        sum += fmm->start_cost_usd[at] + fmm->min_load_usd[at];
    }
    return sum;
}
