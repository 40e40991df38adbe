/* real_time_start.c - when fast units are on, decided before each fifteen-minute run. */
#include "sim/clear/real_time_start_parts.h"

#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/real_time_mitigate.h"
#include "sim/clear/real_time_services.h"
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

/* Whether the day ahead and residual commitment have it on; not a unit: yes. */
static bool is_scheduled(const struct rt_windows *all, int32_t r, int32_t hour)
{
    size_t at = (size_t)hour * (size_t)all->m->n_resource + (size_t)r;
    const uint8_t *on = all->ruc->active ? all->ruc->on : all->day_ahead->on;
    return !all->m->resource[r].market_committed || on[at];
}

bool rt_start_goes_on(const struct rt_windows *all, int32_t r, int32_t quarter)
{
    int32_t end = RT_QUARTERS * all->m->first_interval[all->day + 1];
    return quarter < end && is_scheduled(all, r, quarter / RT_QUARTERS);
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

/* A start that is scheduled before any run of the day could order it. */
static int32_t first_order(const struct rt_windows *all, int32_t r)
{
    int32_t first = RT_QUARTERS * all->m->first_interval[all->day];
    int32_t lead = rt_start_lead(&all->m->resource[r].commit);
    for (int32_t q = first; q < first + lead && is_fast(all, r); q++)
        if (!all->out->now.on[r] && rt_start_goes_on(all, r, q))
            return q;
    return NO_ORDER;
}

enum err_code rt_start_begin(struct rt_windows *all, struct err *err)
{
    const struct market *m = all->m;
    int32_t first = RT_QUARTERS * m->first_interval[all->day];
    int32_t end = RT_QUARTERS * m->first_interval[all->day + 1];
    all->quarter_on = MEM_ARRAY(uint8_t, (size_t)(end - first) * (size_t)m->n_resource);
    all->order = MEM_ARRAY(int32_t, m->n_resource);
    all->lost = MEM_ARRAY(uint8_t, m->n_resource);
    all->back = MEM_ARRAY(int32_t, m->n_resource);
    if (!all->quarter_on || !all->order || !all->lost || !all->back)
        return err_set(err, ERR_NOMEM, "cannot hold the plan of a day");
    for (int32_t r = 0; r < m->n_resource; r++) {
        all->order[r] = first_order(all, r);
        for (int32_t q = first; q < end; q++)
            *rt_start_plan(all, r, q) = is_scheduled(all, r, q / RT_QUARTERS);
    }
    return ERR_OK;
}

void rt_start_end(struct rt_windows *all)
{
    mem_free(all->quarter_on);
    mem_free(all->order);
    mem_free(all->lost);
    mem_free(all->back);
    all->lost = NULL;
    all->back = NULL;
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
    int32_t five = (v->first + k) * v->fives;
    if (rt_start_is_open(all, v, r))
        return false;
    return !*rt_start_plan(all, r, five / RT_FIVES_A_QUARTER) || five < all->back[r];
}

/* ---- a window ---- */

/* A resource that sets its own times. */
static bool runs_itself(const struct rt_starting *s, int32_t r, int32_t k)
{
    int32_t n;
    const struct bid_segment *bid = rt_mitigated_bid(s->all, &s->v, r, k, &n);
    return s->all->m->resource[r].commit.must_run ||
           (n > 0 && bid_kind_is_self(bid[0].kind));
}

/* (1) */
static void bound_unit(struct rt_starting *s, int32_t r)
{
    const struct rt_windows *all = s->all;
    const struct commitment_terms *c = &all->m->resource[r].commit;
    int32_t order = all->order[r];
    /* No window could order it again. */
    bool no_way_back = rt_start_lead(c) >= (int32_t)all->m->rules.rt_fmm_intervals;
    for (int32_t k = 0; k < s->n; k++) {
        int32_t q = s->quarter + k;
        bool must =
            runs_itself(s, r, k) || (no_way_back && rt_start_goes_on(all, r, q));
        if (order != NO_ORDER && q >= order && q < order + RT_QUARTERS * c->min_up_h)
            must = true;
        s->must[rt_start_cell(s, r, k)] = must && rt_window_has(&s->v, r, k);
    }
}

/* Of a unit that no plan is allowed to: what it must, but for the least time off after an outage,
 * and on until it has been on for long enough. */
static void plan_anyway(struct rt_starting *s, int32_t r)
{
    const struct rt_state *now = &s->all->out->now;
    const struct commitment_terms *c = &s->all->m->resource[r].commit;
    int32_t min_up = 60 * c->min_up_h, min_down = 60 * c->min_down_h;
    for (int32_t k = 0; k < s->n; k++) {
        int32_t age_min = now->since_min[r] + QUARTER_MIN * k;
        bool young = now->on[r] && age_min < min_up;
        bool tired = s->all->lost[r] && !now->on[r] && age_min < min_down;
        *rt_start_plan(s->all, r, s->quarter + k) =
            (s->must[rt_start_cell(s, r, k)] || young) && !tired;
    }
}

/* Who is not there is lost until it is on again, or could long have been. */
static void note_outage(const struct rt_starting *s, int32_t r)
{
    const struct rt_windows *all = s->all;
    const struct commitment_terms *c = &all->m->resource[r].commit;
    if (!rt_window_has(&s->v, r, 0))
        all->lost[r] = 1;
    else if (!rt_start_goes_on(all, r, s->quarter) &&
             all->out->now.since_min[r] >= 60 * c->min_down_h + c->start_up_min)
        all->lost[r] = 0;
}

static void take_units(struct rt_starting *s)
{
    for (int32_t r = 0; r < s->all->m->n_resource; r++) {
        if (!is_fast(s->all, r))
            continue;
        bound_unit(s, r);
        note_outage(s, r);
        rt_start_list(s, r, &s->unit[s->n_unit]);
        if (s->unit[s->n_unit].n > 0)
            s->n_unit++;
        else
            plan_anyway(s, r);
    }
}

/* A start that takes time is ordered when it has to be. */
static void order_start(const struct rt_starting *s, int32_t r)
{
    const struct rt_windows *all = s->all;
    int32_t lead = rt_start_lead(&all->m->resource[r].commit);
    if (all->out->now.on[r] || all->order[r] != NO_ORDER || lead == 0 || lead >= s->n)
        return;
    if (*rt_start_plan(all, r, s->quarter + lead) &&
        !*rt_start_plan(all, r, s->quarter + lead - 1))
        all->order[r] = s->quarter + lead;
}

/* An order that was carried out, or that an outage has made void, is over; one of this very
 * quarter is decided anew. */
static void forget_orders(const struct rt_windows *all, int32_t quarter)
{
    for (int32_t r = 0; r < all->m->n_resource; r++)
        if (all->order[r] < quarter ||
            all->order[r] == quarter + rt_start_lead(&all->m->resource[r].commit))
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
    s.must = MEM_ARRAY(uint8_t, (size_t)n_r * (size_t)n);
    s.unit = MEM_ARRAY(struct rt_start_unit, n_r);
    enum err_code code = rt_window_write(all, RT_START, quarter, n, &s.v, err);
    if (!code && (!s.must || !s.unit))
        code = err_set(err, ERR_NOMEM, "cannot hold the units of a run");
    if (!code)
        code = rt_services_require(all, &s.v, err);
    if (!code)
        take_units(&s);
    if (!code)
        code = rt_window_formulate(all, &s.v, err);
    if (!code)
        code = rt_start_try(&s, err);
    for (int32_t i = 0; i < s.n_unit && !code; i++)
        order_start(&s, s.unit[i].resource);
    rt_window_release(&s.v);
    mem_free(s.must);
    mem_free(s.unit);
    return code;
}

/* ---- what it costs ---- */

void rt_start_note_lost(const struct rt_windows *all, int32_t r, int32_t five,
                        bool lost, bool on)
{
    const struct resource *is = &all->m->resource[r];
    if (lost)
        all->lost[r] = 1;
    else if (on)
        all->lost[r] = 0;
    if (is->market_committed && !on && all->out->now.on[r] &&
        *rt_start_plan(all, r, five / RT_FIVES_A_QUARTER))
        all->back[r] = five + RT_FIVES * is->commit.min_down_h;
}

/* (8), (9) of a unit in the first quarter of a run. */
static void note_unit(const struct rt_windows *all, const struct rt_window *v,
                      int32_t r, double *start_usd, double *min_load_usd)
{
    const struct rt_state *now = &all->out->now;
    const struct commitment_terms *c = &all->m->resource[r].commit;
    int32_t hour = v->first / RT_QUARTERS;
    size_t of_hour = (size_t)hour * (size_t)all->m->n_resource + (size_t)r;
    bool on = rt_window_has(v, r, 0), scheduled = is_scheduled(all, r, hour);
    *start_usd = on && !now->on[r] ? rt_start_usd(c, now->since_min[r]) : 0;
    *min_load_usd =
        ((double)on - (double)scheduled) * c->min_load_usd_per_h / RT_QUARTERS;
    if (v->first % RT_QUARTERS == 0) {
        *start_usd -= all->day_ahead->start_cost_usd[of_hour];
        *start_usd -= all->ruc->active ? all->ruc->start_cost_usd[of_hour] : 0;
    }
}

double rt_start_note(const struct rt_windows *all, const struct rt_window *v,
                     struct outcome *fmm)
{
    double sum = 0;
    for (int32_t r = 0; r < all->m->n_resource; r++) {
        size_t at = (size_t)v->first * (size_t)all->m->n_resource + (size_t)r;
        double start_usd, min_load_usd;
        if (!is_fast(all, r) || (all->lost[r] && !rt_window_has(v, r, 0)))
            continue;
        note_unit(all, v, r, &start_usd, &min_load_usd);
        fmm->start_cost_usd[at] = record_tidy(start_usd);
        fmm->min_load_usd[at] = record_tidy(min_load_usd);
        sum += fmm->start_cost_usd[at] + fmm->min_load_usd[at];
    }
    return sum;
}
