/* real_time.c - the runs of a trade day, one after the other. */
#include "sim/clear/real_time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/units.h"
#include "sim/clear/answer.h"
#include "sim/clear/clear.h"
#include "sim/clear/grid_network.h"
#include "sim/clear/real_time_flex.h"
#include "sim/clear/real_time_mitigate.h"
#include "sim/clear/real_time_services.h"
#include "sim/clear/real_time_start.h"
#include "sim/clear/real_time_ties.h"
#include "sim/clear/real_time_window.h"
#include "sim/clear/record.h"

enum {
    FIVE_MIN = 5,
    HOUR_AHEAD_HOURS = 2
};

/* ---- room ---- */

static struct outcome stage(const struct market *m, int32_t per_hour)
{
    return (struct outcome){.interval_h = 1.0 / per_hour,
                            .n_interval = per_hour * m->n_interval,
                            .n_node = m->n_node,
                            .n_resource = m->n_resource,
                            .n_virtual = m->n_virtual,
                            .n_branch = m->grid.n_branch,
                            .n_service_bidder = m->n_service_bidder,
                            .n_service_region = m->n_service_region,
                            .losses = m->rules.losses};
}

static enum err_code begin_state(const struct market *m, struct rt_outcome *out,
                                 struct err *err)
{
    struct rt_state *s = &out->now;
    s->on = ARENA_ARRAY(&out->arena, uint8_t, m->n_resource);
    s->since_min = ARENA_ARRAY(&out->arena, int32_t, m->n_resource);
    s->output_mw = ARENA_ARRAY(&out->arena, double, m->n_resource);
    s->energy_mwh = ARENA_ARRAY(&out->arena, double, m->n_resource);
    if (!s->on || !s->since_min || !s->output_mw || !s->energy_mwh)
        return err_set(err, ERR_NOMEM, "cannot hold the state of %d resources",
                       m->n_resource);
    for (int32_t i = 0; i < m->n_resource; i++) {
        const struct resource *r = &m->resource[i];
        bool known = !isnan(r->initial_mw);
        double mw = known ? r->initial_mw : 0;
        s->output_mw[i] = resource_type_withdraws(r->type) ? -mw : mw;
        s->on[i] = r->market_committed ? r->commit.initial_h > 0 : known;
        s->since_min[i] = !r->market_committed        ? 0
                          : r->commit.initial_min > 0 ? r->commit.initial_min
                                                      : 60 * abs(r->commit.initial_h);
        s->energy_mwh[i] =
            r->type == RESOURCE_STORAGE ? r->initial_energy_mwh : (double)NAN;
    }
    return ERR_OK;
}

/* Resources x intervals of the dispatch whose bids are kept for the run file; those of a
 * larger market would be most of it. */
static const size_t most_kept = 200000;

enum err_code rt_begin(const struct market *m, struct rt_outcome *out, struct err *err)
{
    size_t n = (size_t)m->n_interval * (size_t)m->n_resource;
    *out = (struct rt_outcome){.active = m->rules.real_time};
    if (!out->active)
        return ERR_OK;
    out->fmm = stage(m, RT_QUARTERS);
    out->rtd = stage(m, RT_FIVES);
    out->fmm.keep_pieces = out->rtd.keep_pieces = n * RT_FIVES <= most_kept;
    enum err_code code = outcome_allocate(&out->fmm, err);
    if (!code)
        code = outcome_allocate(&out->rtd, err);
    if (!code)
        code = rt_flex_begin(m, RT_QUARTERS, out, &out->fmm_flex, err);
    if (!code)
        code = rt_flex_begin(m, RT_FIVES, out, &out->rtd_flex, err);
    if (!code)
        code = begin_state(m, out, err);
    if (code)
        return code;
    out->block_mw = ARENA_ARRAY(&out->arena, double, n);
    out->accepted_mw = ARENA_ARRAY(&out->arena, double, n);
    out->energy_bound = ARENA_ARRAY(&out->arena, uint8_t, n * RT_FIVES);
    out->hour_on = ARENA_ARRAY(&out->arena, uint8_t, n);
    out->hour_mw = ARENA_ARRAY(&out->arena, double, n);
    out->hour_energy_mwh = ARENA_ARRAY(&out->arena, double, n);
    if (!out->block_mw || !out->accepted_mw || !out->energy_bound || !out->hour_on ||
        !out->hour_mw || !out->hour_energy_mwh)
        return err_set(err, ERR_NOMEM, "cannot hold real time of %d hours",
                       m->n_interval);
    for (size_t k = 0; k < n; k++)
        out->block_mw[k] = out->accepted_mw[k] = NAN;
    return ERR_OK;
}

/* ---- results of a window ---- */

/* What ramping requires; and ranges of energy and services, where no services are bought. */
static bool is_ramping(const struct rt_window *v, const struct dispatch_row *row)
{
    const struct services *s = &v->f.services;
    if (row->kind != DISPATCH_GROUP || row->index < 2 * v->w.n_tie)
        return false;
    const struct service_limit *limit = &s->limit[row->index - s->first_group];
    return v->n_region == 0 ||
           (limit->kind == SERVICE_REQUIRED && limit->index >= v->n_region * SERVICES);
}

/* The first interval of a window into interval `first` of a stage. */
static enum err_code record_first(struct rt_window *v, double beside_usd,
                                  struct outcome *o, struct err *err)
{
    const struct dispatch_problem *p = &v->f.problem;
    int32_t n_island = network_n_island(p->net), n_row = 0;
    struct formulation f = v->f;
    struct dispatch_answer a = v->answer;
    f.first_interval = v->first;
    f.n_interval = f.problem.n_interval = 1;
    a.row = ARENA_ARRAY(&v->arena, struct dispatch_row, v->answer.n_row);
    if (!a.row)
        return err_set(err, ERR_NOMEM, "out of memory");
    a.penalty_usd = 0;
    for (int32_t k = 0; k < v->answer.n_row; k++) {
        const struct dispatch_row *row = &v->answer.row[k];
        if (row->interval != 0 || is_ramping(v, row))
            continue; /* rt_flex_record has what ramping says */
        a.row[n_row++] = *row;
        bool stored =
            row->kind == DISPATCH_STORE_MAX || row->kind == DISPATCH_STORE_MIN;
        a.penalty_usd +=
            row->relaxed * row->penalty_usd_per_mwh * (stored ? 1 : p->duration_h[0]);
    }
    a.n_row = n_row;
    for (int32_t i = 0; i < n_island; i++)
        a.penalty_usd +=
            p->duration_h[0] * (a.shortage_mw[i] * p->schedule.shortage_usd_per_mwh +
                                a.surplus_mw[i] * p->schedule.surplus_usd_per_mwh);
    struct market w = v->w;
    w.n_service_region = v->n_region;
    w.n_service_bidder = v->n_bidder;
    return answer_record(&w, &f, &a, beside_usd, o, err);
}

static void note_on(const struct rt_window *v, struct outcome *o)
{
    for (int32_t r = 0; r < o->n_resource; r++)
        o->on[(size_t)v->first * (size_t)o->n_resource + (size_t)r] =
            rt_window_has(v, r, 0);
}

/* ---- the three runs ---- */

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* Awards of all intervals of a window into schedules of the day that later runs read. */
static void keep_schedule(const struct rt_windows *all, const struct rt_window *v,
                          int32_t first_of_day, double *schedule)
{
    size_t n = (size_t)all->m->n_resource;
    for (int32_t k = 0; k < v->n; k++)
        for (size_t r = 0; r < n; r++)
            schedule[(size_t)(v->first - first_of_day + k) * n + r] =
                rt_window_award(v, (int32_t)r, k);
}

/* A run, its offers mitigated first where that lowers any. */
static enum err_code solve_mitigated(const struct rt_windows *all, enum rt_run run,
                                     int32_t first, int32_t n, struct rt_window *v,
                                     struct err *err)
{
    bool lowered = false;
    rt_mitigate_forget(all, run);
    enum err_code code = ERR_OK;
    if (run == RT_FIFTEEN_MINUTE)
        code = rt_start_decide(all, first, n, err);
    *v = (struct rt_window){.n = 0};
    if (!code)
        code = rt_window_solve(all, run, first, n, v, err);
    if (!code && rt_mitigate_wants(all, run))
        code = rt_mitigate(all, v, &lowered, err);
    if (code || !lowered)
        return code;
    rt_window_release(v);
    if (run == RT_FIFTEEN_MINUTE)
        code = rt_start_decide(all, first, n, err);
    return code ? code : rt_window_solve(all, run, first, n, v, err);
}

static enum err_code hour_ahead(const struct rt_windows *all, int32_t hour,
                                struct err *err)
{
    const struct market *m = all->m;
    struct rt_window v;
    int32_t end = m->first_interval[all->day + 1];
    enum err_code code = solve_mitigated(all, RT_HOUR_AHEAD, hour,
                                         least(HOUR_AHEAD_HOURS, end - hour), &v, err);
    if (!code)
        keep_schedule(all, &v, m->first_interval[all->day], all->hour_mw);
    if (!code)
        rt_tie_blocks(all, &v, hour);
    rt_window_release(&v);
    return code;
}

static enum err_code fifteen_minute(const struct rt_windows *all, int32_t quarter,
                                    struct err *err)
{
    const struct market *m = all->m;
    struct rt_window v;
    int32_t end = RT_QUARTERS * m->first_interval[all->day + 1];
    int32_t n = least((int32_t)m->rules.rt_fmm_intervals, end - quarter);
    enum err_code code = solve_mitigated(all, RT_FIFTEEN_MINUTE, quarter, n, &v, err);
    if (!code) {
        keep_schedule(all, &v, RT_QUARTERS * m->first_interval[all->day],
                      all->quarter_mw);
        rt_tie_changes(all, quarter);
        note_on(&v, &all->out->fmm);
        rt_services_keep(all, &v);
        rt_flex_record(all, &v, &all->out->fmm_flex);
        double beside_usd = rt_start_note(all, &v, &all->out->fmm);
        code = record_first(&v, beside_usd, &all->out->fmm, err);
    }
    rt_window_release(&v);
    return code;
}

/* What a resource gives when an outage is there that no run knows of yet. */
static double given_mw(const struct market *m, int32_t r, int32_t five, double award_mw)
{
    double available =
        m->rt.available_mw[(size_t)five * (size_t)m->n_resource + (size_t)r];
    return fmin(award_mw, available);
}

/* An outage that nobody knew of left less than it runs at; after a smaller one it goes on. */
static bool is_lost(const struct market *m, int32_t r, int32_t five, double award_mw,
                    double mw)
{
    double available =
        m->rt.available_mw[(size_t)five * (size_t)m->n_resource + (size_t)r];
    return mw < award_mw - 1e-6 && available < fmax(m->resource[r].pmin_mw, 1e-9);
}

static void move_state(const struct rt_windows *all, const struct rt_window *v)
{
    const struct market *m = all->m;
    struct rt_state *now = &all->out->now;
    double hours = mwh_from_mw(1, FIVE_MIN / 60.0);
    for (int32_t r = 0; r < m->n_resource; r++) {
        double award_mw = rt_window_award(v, r, 0);
        double mw = record_tidy(given_mw(m, r, v->first, award_mw));
        bool lost = is_lost(m, r, v->first, award_mw, mw);
        bool on = rt_window_has(v, r, 0) && !lost;
        rt_start_note_lost(all, r, v->first, lost, on);
        now->since_min[r] =
            on == (now->on[r] != 0) ? now->since_min[r] + FIVE_MIN : FIVE_MIN;
        now->on[r] = on;
        now->output_mw[r] = mw;
        if (m->resource[r].type == RESOURCE_STORAGE)
            now->energy_mwh[r] = record_tidy(
                now->energy_mwh[r] +
                hours * (mw < 0 ? -mw * m->resource[r].charge_efficiency
                                : -mw / m->resource[r].discharge_efficiency));
    }
}

static void note_bound(const struct rt_window *v, struct rt_outcome *out)
{
    size_t n = (size_t)out->rtd.n_resource;
    for (int32_t k = 0; k < v->answer.n_row; k++) {
        const struct dispatch_row *row = &v->answer.row[k];
        if ((row->kind == DISPATCH_STORE_MAX || row->kind == DISPATCH_STORE_MIN) &&
            row->shadow_usd_per_mwh > 1e-6)
            out->energy_bound[(size_t)v->first * n +
                              (size_t)v->f.store_resource[row->index]] = 1;
    }
}

static enum err_code dispatch(const struct rt_windows *all, int32_t five,
                              struct err *err)
{
    const struct market *m = all->m;
    struct rt_window v;
    int32_t end = RT_FIVES * m->first_interval[all->day + 1];
    int32_t n = least((int32_t)m->rules.rt_rtd_intervals, end - five);
    enum err_code code = solve_mitigated(all, RT_DISPATCH, five, n, &v, err);
    if (!code) {
        note_on(&v, &all->out->rtd);
        note_bound(&v, all->out);
        rt_services_copy(all, &v,
                         all->out->rtd.service_mw +
                             (size_t)five * (size_t)m->n_service_bidder);
        rt_flex_record(all, &v, &all->out->rtd_flex);
        code = record_first(&v, 0, &all->out->rtd, err);
    }
    if (!code)
        move_state(all, &v);
    rt_window_release(&v);
    return code;
}

/* ---- a day ---- */

static void note_hour(const struct market *m, int32_t hour, struct rt_outcome *out)
{
    size_t n = (size_t)m->n_resource, at = (size_t)hour * n;
    if (n == 0)
        return;
    memcpy(out->hour_on + at, out->now.on, n * sizeof *out->hour_on);
    memcpy(out->hour_mw + at, out->now.output_mw, n * sizeof *out->hour_mw);
    memcpy(out->hour_energy_mwh + at, out->now.energy_mwh,
           n * sizeof *out->hour_energy_mwh);
}

static enum err_code run_hour(const struct rt_windows *all, int32_t hour,
                              struct err *err)
{
    enum err_code code = hour_ahead(all, hour, err);
    for (int32_t q = 0; q < RT_QUARTERS && !code; q++) {
        code = fifteen_minute(all, RT_QUARTERS * hour + q, err);
        for (int32_t k = 0; k < RT_FIVES_A_QUARTER && !code; k++) {
            int32_t five = RT_FIVES * hour + RT_FIVES_A_QUARTER * q + k;
            const int32_t *first = all->m->first_interval + all->day;
            code = watch_step(all->out->watch, five - RT_FIVES * first[0],
                              RT_FIVES * (first[1] - first[0]), (double)NAN, err);
            if (!code)
                code = dispatch(all, five, err);
        }
    }
    if (!code)
        note_hour(all->m, hour, all->out);
    return code;
}

enum err_code rt_day(const struct market *m, const struct admission *a, int32_t day,
                     struct outcome *day_ahead, const struct ruc_outcome *ruc,
                     struct rt_outcome *out, struct err *err)
{
    struct grid_network gn = {0};
    struct rt_windows all = {
        .m = m, .a = a, .day_ahead = day_ahead, .ruc = ruc, .out = out, .day = day};
    size_t n_hour = (size_t)(m->first_interval[day + 1] - m->first_interval[day]);
    size_t n = n_hour * (size_t)m->n_resource;
    enum err_code code = ERR_OK;
    all.hour_mw = MEM_ARRAY(double, n);
    all.quarter_mw = MEM_ARRAY(double, n *RT_QUARTERS);
    all.quarter_service_mw =
        MEM_ARRAY(double, n_hour *RT_QUARTERS *(size_t)m->n_service_bidder);
    all.changed = MEM_ARRAY(uint8_t, m->n_resource);
    if (!all.hour_mw || !all.quarter_mw || !all.quarter_service_mw || !all.changed)
        code = err_set(err, ERR_NOMEM, "cannot hold the schedules of a day");
    if (!code)
        code = rt_loads_begin(m, day_ahead, day, &all.loads, err);
    if (!code)
        code = grid_network_create(&m->grid, m->rules.dc_model, m->reference_weight,
                                   &gn, err);
    if (!code)
        code = rt_start_begin(&all, err);
    all.net = gn.net;
    if (!code)
        code = rt_mitigate_begin(&all, err);
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1] && !code;
         t++)
        code = run_hour(&all, t, err);
    day_ahead->state_on = out->hour_on;
    day_ahead->state_mw = out->hour_mw;
    day_ahead->state_energy_mwh = out->hour_energy_mwh;
    day_ahead->state_since_min = out->now.since_min;
    grid_network_release(&gn);
    rt_loads_release(&all.loads);
    mem_free(all.hour_mw);
    mem_free(all.quarter_mw);
    mem_free(all.quarter_service_mw);
    mem_free(all.changed);
    rt_start_end(&all);
    rt_mitigate_end(&all);
    return code;
}

enum err_code rt_end(const struct market *m, struct rt_outcome *out, struct err *err)
{
    if (!out->active)
        return ERR_OK;
    enum err_code code = clear_end(m, &out->fmm, err);
    return code ? code : clear_end(m, &out->rtd, err);
}

void rt_release(struct rt_outcome *rt)
{
    outcome_release(&rt->fmm);
    outcome_release(&rt->rtd);
    mitigation_tables_release(&rt->hour_ahead_mitigation);
    mitigation_tables_release(&rt->fmm_mitigation);
    mitigation_tables_release(&rt->rtd_mitigation);
    arena_release(&rt->arena);
    *rt = (struct rt_outcome){0};
}
