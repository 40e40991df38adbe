/* dispatch_run.c - what a run of the dispatch found, and whether it is proven. */
#include "solver/dispatch_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "solver/certificate.h"
#include "solver/merge.h"

static bool allocate_prices(const struct work *w, struct prices *prices)
{
    size_t n_t = (size_t)w->p->n_interval;
    prices->lambda = mem_alloc(n_t * (size_t)w->n_island, sizeof *prices->lambda);
    prices->congestion =
        mem_alloc(n_t * (size_t)network_data(w->p->net)->n_bus, sizeof(double));
    prices->loss =
        mem_alloc(n_t * (size_t)network_data(w->p->net)->n_bus, sizeof(double));
    prices->shadow = mem_alloc((size_t)w->n_limit, sizeof *prices->shadow);
    return prices->lambda && prices->congestion && prices->loss && prices->shadow;
}

void dispatch_run_release(struct dispatch_run *run)
{
    mem_free(run->prices.lambda);
    mem_free(run->prices.congestion);
    mem_free(run->prices.loss);
    mem_free(run->prices.shadow);
    mem_free(run->row);
    *run = (struct dispatch_run){0};
}

static int by_kind_index_interval(const void *pa, const void *pb)
{
    const struct dispatch_row *a = pa, *b = pb;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    if (a->outage != b->outage)
        return a->outage < b->outage ? -1 : 1;
    return a->interval < b->interval ? -1 : a->interval > b->interval;
}

void dispatch_rows_sort(struct dispatch_row *row, int32_t n)
{
    qsort(row, (size_t)n, sizeof *row, by_kind_index_interval);
}

enum err_code dispatch_run_read(struct work *w, struct dispatch_run *run,
                                struct err *err)
{
    if (!allocate_prices(w, &run->prices))
        return err_set(err, ERR_NOMEM, "out of memory");
    enum err_code code = pricing_read(w, &run->prices, err);
    run->row = mem_alloc((size_t)w->n_limit, sizeof *run->row);
    if (!code && !run->row)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < w->n_limit; k++) {
        const struct limit *limit = &w->limit[k];
        struct dispatch_row row = {.kind = limit->kind,
                                   .index = limit->index,
                                   .interval = limit->interval,
                                   .outage = limit->outage,
                                   .limit = limit->stated,
                                   .activity = rows_activity(w, limit),
                                   .relaxed = fmax(0, w->x[limit->slack]),
                                   .penalty_usd_per_mwh =
                                       work_penalty(w, limit, limit->repriced),
                                   .shadow_usd_per_mwh = run->prices.shadow[k]};
        if (row.shadow_usd_per_mwh < 1e-9)
            row.shadow_usd_per_mwh = 0;
        if (row.shadow_usd_per_mwh > 0 || row.relaxed > 1e-6)
            run->row[run->n_row++] = row;
    }
    if (!code)
        dispatch_rows_sort(run->row, run->n_row);
    return code;
}

/* Costs and penalties that the LP holds: those of the pricing run where repriced. */
static void read_costs(const struct work *w, double *segment_cost, double *shortage,
                       double *surplus)
{
    const struct dispatch_problem *p = w->p;
    for (int32_t k = 0; k < w->n_piece; k++)
        segment_cost[w->piece[k].seg] =
            w->piece[k].repriced ? w->piece[k].price_cost : w->piece[k].cost;
    for (int32_t b = 0; b < p->n_interval * w->n_island; b++) {
        shortage[b] = w->shortage_repriced[b] ? p->pricing.shortage_usd_per_mwh
                                              : p->schedule.shortage_usd_per_mwh;
        surplus[b] = w->surplus_repriced[b] ? p->pricing.surplus_usd_per_mwh
                                            : p->schedule.surplus_usd_per_mwh;
    }
}

/* The problem as it was stated, with what in answers to it; see merge.h. */
struct restated {
    struct dispatch_problem p;
    double *segment_mw, *segment_cost, *power_mw;
    struct dispatch_row *row;
};

static void restated_release(struct restated *r)
{
    mem_free(r->segment_mw);
    mem_free(r->segment_cost);
    mem_free(r->power_mw);
    mem_free(r->row);
}

/* An answer to a merged problem as one to the whole: what is proven is that. */
static enum err_code restate(const struct work *w, struct certificate_input *in,
                             struct restated *r, struct err *err)
{
    r->p = *merge_whole(w->merge);
    r->p.schedule = w->p->schedule;
    r->p.pricing = w->p->pricing;
    size_t n = (size_t)r->p.n_interval * (size_t)r->p.n_injection;
    size_t n_seg = (size_t)r->p.seg_start[n];
    r->segment_mw = mem_alloc(n_seg, sizeof *r->segment_mw);
    r->segment_cost = mem_alloc(n_seg, sizeof *r->segment_cost);
    r->power_mw = mem_alloc(n, sizeof *r->power_mw);
    r->row = mem_alloc((size_t)in->n_row, sizeof *r->row);
    if (!r->segment_mw || !r->segment_cost || !r->power_mw || !r->row)
        return err_set(err, ERR_NOMEM, "out of memory");
    merge_split_segments(w->merge, in->segment_mw, r->segment_mw);
    merge_copy_segments(w->merge, in->segment_cost, r->segment_cost);
    merge_powers(w->merge, r->segment_mw, r->power_mw);
    if (in->n_row > 0)
        memcpy(r->row, in->row, (size_t)in->n_row * sizeof *r->row);
    merge_name_rows(w->merge, r->row, in->n_row);
    in->p = &r->p;
    in->segment_mw = r->segment_mw;
    in->segment_cost = r->segment_cost;
    in->injection_mw = r->power_mw;
    in->row = r->row;
    return ERR_OK;
}

enum err_code dispatch_run_certify(struct work *w, const struct dispatch_run *run,
                                   bool outages_checked, double allowance_usd,
                                   struct dispatch_certificate *worst, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    struct restated whole = {.row = NULL};
    size_t n_balance = (size_t)(p->n_interval * w->n_island);
    size_t n_seg = (size_t)p->seg_start[(int64_t)p->n_interval * p->n_injection];
    struct dispatch_certificate found = {0};
    enum err_code code = ERR_OK;
    double *shortage = mem_alloc(n_balance, sizeof *shortage);
    double *surplus = mem_alloc(n_balance, sizeof *surplus);
    double *segment = mem_alloc(n_seg, sizeof *segment);
    double *cost = mem_alloc(n_seg, sizeof *cost);
    double *short_penalty = mem_alloc(n_balance, sizeof *short_penalty);
    double *over_penalty = mem_alloc(n_balance, sizeof *over_penalty);
    if (!shortage || !surplus || !segment || !cost || !short_penalty || !over_penalty) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    work_slacks(w, w->shortage, shortage);
    work_slacks(w, w->surplus, surplus);
    work_segments(w, segment);
    read_costs(w, cost, short_penalty, over_penalty);
    struct certificate_input in = {.p = p,
                                   .segment_cost = cost,
                                   .shortage_penalty = short_penalty,
                                   .surplus_penalty = over_penalty,
                                   .held = w->pricing,
                                   .segment_mw = segment,
                                   .injection_mw = w->power_mw,
                                   .flow_mw = w->flow_mw,
                                   .angle_rad = w->angle_rad,
                                   .energy_mwh = w->energy_mwh,
                                   .shortage_mw = shortage,
                                   .surplus_mw = surplus,
                                   .lambda = run->prices.lambda,
                                   .congestion = run->prices.congestion,
                                   .loss = run->prices.loss,
                                   .row = run->row,
                                   .n_row = run->n_row,
                                   .outages_checked = outages_checked,
                                   .direction = w->direction};
    double began = stopwatch_s();
    if (w->merge)
        code = restate(w, &in, &whole, err);
    if (!code)
        code = certificate_check(&in, &found, err);
    w->stats.seconds_certify += stopwatch_s() - began;
    worst->primal_residual = fmax(worst->primal_residual, found.primal_residual);
    worst->dual_residual = fmax(worst->dual_residual, found.dual_residual);
    worst->relative_gap = fmax(worst->relative_gap, found.relative_gap);
    worst->scale_usd = fmax(worst->scale_usd, found.scale_usd);
    if (!code)
        w->unexplained_gap = fmax(w->unexplained_gap,
                                  found.relative_gap - allowance_usd / found.scale_usd);
done:
    restated_release(&whole);
    mem_free(shortage);
    mem_free(surplus);
    mem_free(segment);
    mem_free(cost);
    mem_free(short_penalty);
    mem_free(over_penalty);
    return code;
}
