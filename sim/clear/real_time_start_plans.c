/* real_time_start_plans.c - what a fast unit may do within a window. */
#include "sim/clear/real_time_start_parts.h"

/* A unit on its way through a window. */
struct walk {
    const struct rt_starting *s;
    struct rt_start_unit *u;
    int32_t min_up, min_down; /* quarters */
    int32_t lead, starts_left;
};

/* ---- bounds ---- */

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
        n += rt_start_goes_on(all, r, q) && !rt_start_goes_on(all, r, q - 1);
    return n;
}

/* (4) */
static bool is_low_enough(const struct rt_starting *s, int32_t r)
{
    const struct resource *is = &s->all->m->resource[r];
    double least_mw = is->pmin_mw + QUARTER_MIN * is->ramp_down_mw_per_min;
    return s->all->out->now.output_mw[r] <= least_mw + 1e-9;
}

/* (5) of a stop at quarter k. */
static bool is_missed(const struct walk *w, int32_t k)
{
    const struct rt_starting *s = w->s;
    int32_t off = w->min_down > w->lead ? w->min_down : w->lead;
    for (int32_t q = s->quarter + s->n; q < s->quarter + k + off; q++)
        if (rt_start_goes_on(s->all, w->u->resource, q))
            return true;
    return false;
}

/* (3): without an order a start takes its time, with one it is not before. */
static bool is_early(const struct walk *w, int32_t k)
{
    int32_t order = w->s->all->order[w->u->resource];
    return order >= 0 ? w->s->quarter + k < order : k < w->lead;
}

/* ---- all plans ---- */

static bool may_follow(const struct walk *w, int32_t k, bool on, bool next, int32_t age,
                       int32_t n_start)
{
    const struct rt_starting *s = w->s;
    int32_t r = w->u->resource;
    if (next && !rt_window_has(&s->v, r, k))
        return false;
    if (!next && s->must[rt_start_cell(s, r, k)])
        return false;
    if (next == on)
        return true;
    if (on) /* an outage does not ask */
        return !rt_window_has(&s->v, r, k) ||
               (age >= w->min_up && (k > 0 || is_low_enough(s, r)) && !is_missed(w, k));
    return age >= w->min_down && !is_early(w, k) && n_start < w->starts_left;
}

/* Whether the schedule goes on where the plan ends off: that takes one more start. */
static bool returns(const struct rt_starting *s, int32_t r, bool on)
{
    return !on && rt_start_goes_on(s->all, r, s->quarter + s->n);
}

/* All ways to go on from quarter k, having been on or off for age quarters. */
static void list_from(const struct walk *w, int32_t k, uint32_t plan, bool on,
                      int32_t age, int32_t n_start)
{
    struct rt_start_unit *u = w->u;
    const struct rt_starting *s = w->s;
    if (k == s->n) {
        bool again = returns(s, u->resource, on) &&
                     rt_start_goes_on(s->all, u->resource, s->quarter + s->n - 1);
        if (u->n < RT_START_MOST_PLANS && n_start + again <= w->starts_left)
            u->plan[u->n++] = plan;
        return;
    }
    for (int next = 0; next < 2; next++)
        if (may_follow(w, k, on, next != 0, age, n_start))
            list_from(w, k + 1, plan | (uint32_t)next << k, next != 0,
                      (next != 0) == on ? age + 1 : 1, n_start + (next && !on));
}

/* Early quarters weigh most. */
static uint32_t difference(const struct rt_starting *s, uint32_t a, uint32_t b)
{
    uint32_t differ = a ^ b, sum = 0;
    for (int32_t k = 0; k < s->n; k++)
        sum = 2 * sum + (differ >> k & 1);
    return sum;
}

uint32_t rt_start_nearest(const struct rt_starting *s, const struct rt_start_unit *u,
                          uint32_t asked)
{
    uint32_t best = u->plan[0];
    for (int32_t p = 1; p < u->n; p++)
        if (difference(s, u->plan[p], asked) < difference(s, best, asked))
            best = u->plan[p];
    return best;
}

void rt_start_list(const struct rt_starting *s, int32_t r, struct rt_start_unit *u)
{
    const struct commitment_terms *c = &s->all->m->resource[r].commit;
    const struct rt_state *now = &s->all->out->now;
    int32_t age = now->since_min[r] / QUARTER_MIN;
    struct walk w = {.s = s,
                     .u = u,
                     .min_up = RT_QUARTERS * c->min_up_h,
                     .min_down = RT_QUARTERS * c->min_down_h,
                     .lead = rt_start_lead(c),
                     .starts_left = INT32_MAX};
    uint32_t asked = 0;
    *u = (struct rt_start_unit){.resource = r};
    if (c->max_starts > 0)
        w.starts_left = c->max_starts - starts_elsewhere(s, r);
    list_from(&w, 0, 0, now->on[r] != 0, age > 1 ? age : 1, 0);
    for (int32_t k = 0; k < s->n; k++)
        asked |= (uint32_t)*rt_start_plan(s->all, r, s->quarter + k) << k;
    if (u->n > 0)
        u->at_hand = rt_start_nearest(s, u, asked);
}

double rt_start_beside_usd(const struct rt_starting *s, const struct rt_start_unit *u,
                           uint32_t plan)
{
    const struct commitment_terms *c = &s->all->m->resource[u->resource].commit;
    const struct rt_state *now = &s->all->out->now;
    bool on = now->on[u->resource] != 0;
    int32_t off_min = on ? 0 : now->since_min[u->resource];
    double usd = 0;
    for (int32_t k = 0; k < s->n; k++) {
        bool next = plan >> k & 1;
        if (next && !on)
            usd += rt_start_usd(c, off_min);
        off_min = next ? 0 : off_min + QUARTER_MIN;
        usd += next ? c->min_load_usd_per_h / RT_QUARTERS : 0;
        on = next;
    }
    return usd + (returns(s, u->resource, on) ? rt_start_usd(c, off_min) : 0);
}
