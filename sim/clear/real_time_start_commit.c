/* real_time_start_commit.c - the fifteen-minute window as a commitment problem: energy and
 * network, other generators within their ramps, all else as it is best without integrality. */
#include <math.h>
#include <string.h>

#include "sim/clear/commitment_parts.h"
#include "sim/clear/real_time_start_parts.h"

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
    c->max_starts = 0; /* what is proposed becomes a plan that is allowed */
}

static void take_terms(const struct rt_starting *s, struct rt_window *v)
{
    for (int32_t r = 0; r < s->all->m->n_resource; r++)
        v->w.resource[r].market_committed = false;
    for (int32_t i = 0; i < s->n_unit; i++) {
        int32_t r = s->unit[i].resource;
        v->w.resource[r].market_committed = true;
        quarter_terms(s, r, &v->w.resource[r].commit);
        for (int32_t k = 0; k < s->n; k++) {
            bool ever = false;
            for (int32_t p = 0; p < s->unit[i].n; p++)
                ever = ever || (s->unit[i].plan[p] >> k & 1);
            if (!ever)
                rt_window_drop(v, r, k);
        }
    }
}

/* A generator that is on, bids throughout and has ramps is a unit that runs. */
static bool runs_within_ramps(const struct rt_starting *s, const struct rt_window *v,
                              int32_t r)
{
    const struct resource *is = &v->w.resource[r];
    if (is->market_committed || is->type != RESOURCE_GENERATOR ||
        !s->all->out->now.on[r] ||
        (isinf(is->ramp_up_mw_per_min) && isinf(is->ramp_down_mw_per_min)))
        return false;
    for (int32_t k = 0; k < s->n; k++)
        if (!rt_window_has(v, r, k))
            return false;
    return true;
}

static void take_others(const struct rt_starting *s, struct rt_window *v)
{
    for (int32_t r = 0; r < s->all->m->n_resource; r++) {
        struct resource *is = &v->w.resource[r];
        if (!runs_within_ramps(s, v, r))
            continue;
        is->market_committed = true;
        is->commit = (struct commitment_terms){.min_up_h = 1,
                                               .min_down_h = 1,
                                               .start_mw = INFINITY,
                                               .stop_mw = INFINITY,
                                               .initial_h = 1,
                                               .must_run = true};
    }
}

static void take_answer(struct rt_starting *s, const struct commitment *w,
                        const struct commit_answer *answer)
{
    for (int32_t i = 0; i < s->n_unit; i++) {
        int32_t g = w->unit_of[s->unit[i].resource];
        uint32_t asked = 0;
        for (int32_t k = 0; k < s->n && g >= 0; k++)
            asked |= (uint32_t)(answer->on[k * w->p.n_unit + g] != 0) << k;
        if (g >= 0)
            s->unit[i].at_hand = rt_start_nearest(s, &s->unit[i], asked);
    }
}

enum err_code rt_start_propose(struct rt_starting *s, struct err *err)
{
    const struct rules *rules = &s->all->m->rules;
    struct rt_window v;
    struct commitment w = {.m = &v.w, .a = &v.a, .f = &v.f, .kept_on = s->must};
    struct commit_answer answer = {0};
    struct commit_options options = {.gap = rules->commitment_gap,
                                     .work_limit = (int64_t)rules->commitment_work,
                                     .n_thread = 1};
    enum err_code code = rt_window_write(s->all, RT_START, s->quarter, s->n, &v, err);
    size_t n = (size_t)s->n * (size_t)s->all->m->n_resource;
    double *usd_per_h = ARENA_ARRAY(&v.arena, double, n);
    if (!code && !usd_per_h)
        code = err_set(err, ERR_NOMEM, "cannot hold the units of a run");
    if (!code) {
        take_terms(s, &v);
        take_others(s, &v);
        for (size_t k = 0; k < n; k++)
            usd_per_h[k] = s->all->m->resource[k % (size_t)s->all->m->n_resource]
                               .commit.min_load_usd_per_h;
        w.kept_usd_per_h = usd_per_h;
        code = rt_window_formulate(s->all, &v, err);
    }
    if (!code)
        code = commitment_list_units(&w, err);
    if (!code && w.p.n_unit > 0)
        code = commitment_list_rest(&w, NULL, err);
    if (!code && w.p.n_unit > 0)
        code = commit_solve(&w.p, &options, &answer, err);
    if (!code && w.p.n_unit > 0)
        take_answer(s, &w, &answer);
    commit_answer_release(&answer);
    arena_release(&w.arena);
    rt_window_release(&v);
    return code;
}
