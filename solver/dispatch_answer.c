/* dispatch_answer.c - the answer of a dispatch, read from the runs that made it. */
#include "solver/dispatch_answer.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/merge.h"

static double *copy_of(const double *from, size_t n)
{
    double *to = mem_alloc(n, sizeof *to);
    if (to && n)
        memcpy(to, from, n * sizeof *to);
    return to;
}

/* Cost (1) of the present point in scheduling terms. */
static void read_objective(const struct work *w, struct dispatch_answer *a)
{
    const struct dispatch_problem *p = w->p;
    for (int32_t k = 0; k < w->n_piece; k++)
        a->objective_usd += p->duration_h[w->piece[k].interval] * w->piece[k].cost *
                            w->x[w->piece[k].col];
    for (int32_t k = 0; k < p->n_polynomial; k++) {
        const struct dispatch_polynomial *f = &p->polynomial[k];
        for (int32_t t = 0; t < p->n_interval; t++) {
            int64_t at = (int64_t)t * p->n_injection + f->injection;
            double linear = 0;
            for (int32_t q = w->head[at]; q >= 0; q = w->piece[q].next)
                linear += w->piece[q].cost * w->x[w->piece[q].col];
            a->objective_usd +=
                p->duration_h[t] * (refine_cost(f, w->power_mw[at]) - linear);
        }
    }
    for (int32_t b = 0; b < p->n_interval * w->n_island; b++)
        a->penalty_usd += p->duration_h[b / w->n_island] *
                          (p->schedule.shortage_usd_per_mwh * a->shortage_mw[b] +
                           p->schedule.surplus_usd_per_mwh * a->surplus_mw[b]);
    for (int32_t k = 0; k < w->n_limit; k++)
        a->penalty_usd +=
            work_slack_cost(w, &w->limit[k], false) * fmax(0, w->x[w->limit[k].slack]);
    a->objective_usd += a->penalty_usd;
}

/* Outages that could not be looked at. */
static enum err_code read_unscreened(const struct work *w, struct dispatch_answer *a,
                                     struct err *err)
{
    int32_t n = w->screen ? w->p->outages->n_outage : 0;
    a->unscreened = mem_alloc((size_t)n, sizeof *a->unscreened);
    if (!a->unscreened)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < n; k++)
        if (outage_kind(w->screen, k) != OUTAGE_SCREENED)
            a->unscreened[a->n_unscreened++] =
                (struct dispatch_unscreened){k, outage_buses_cut_off(w->screen, k),
                                             outage_load_cut_off_mw(w->screen, k)};
    return ERR_OK;
}

enum err_code dispatch_answer_schedule(struct work *w, struct dispatch_answer *a,
                                       struct err *err)
{
    const struct dispatch_problem *p = w->p;
    const struct network_data *d = network_data(p->net);
    size_t n_t = (size_t)p->n_interval, n_balance = n_t * (size_t)w->n_island;
    a->injection_mw = copy_of(w->power_mw, n_t * (size_t)p->n_injection);
    a->flow_mw = copy_of(w->flow_mw, n_t * (size_t)d->n_branch);
    a->angle_rad = copy_of(w->angle_rad, n_t * (size_t)d->n_bus);
    a->energy_mwh = copy_of(w->energy_mwh, n_t * (size_t)p->n_store);
    a->segment_mw =
        mem_alloc((size_t)p->seg_start[n_t * (size_t)p->n_injection], sizeof(double));
    a->shortage_mw = mem_alloc(n_balance, sizeof(double));
    a->surplus_mw = mem_alloc(n_balance, sizeof(double));
    if (!a->injection_mw || !a->flow_mw || !a->angle_rad || !a->energy_mwh ||
        !a->segment_mw || !a->shortage_mw || !a->surplus_mw)
        return err_set(err, ERR_NOMEM, "out of memory");
    work_slacks(w, w->shortage, a->shortage_mw);
    work_slacks(w, w->surplus, a->surplus_mw);
    work_segments(w, a->segment_mw);
    read_objective(w, a);
    for (size_t b = 0; b < n_balance; b++)
        a->relaxed = a->relaxed || a->shortage_mw[b] > 1e-6 || a->surplus_mw[b] > 1e-6;
    for (int32_t k = 0; k < w->n_limit; k++)
        a->relaxed = a->relaxed || w->x[w->limit[k].slack] > 1e-6;
    return read_unscreened(w, a, err);
}

enum err_code dispatch_answer_prices(struct work *w, struct dispatch_run *run,
                                     const double *schedule, int32_t n_schedule,
                                     struct dispatch_answer *a, struct err *err)
{
    a->row = mem_alloc((size_t)w->n_limit, sizeof *a->row);
    a->term = copy_of(w->term, (size_t)w->n_term);
    if (!a->row || !a->term)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < w->n_limit; k++) {
        const struct limit *limit = &w->limit[k];
        double relaxed = k < n_schedule && schedule[k] > 1e-6 ? schedule[k] : 0;
        double shadow = run->prices.shadow[k] < 1e-9 ? 0 : run->prices.shadow[k];
        if (relaxed == 0 && shadow == 0) /* exact: both were just set so */
            continue;
        a->row[a->n_row++] = (struct dispatch_row){
            .kind = limit->kind,
            .index = limit->index,
            .interval = limit->interval,
            .outage = limit->outage,
            .term = limit->outage < 0 ? 0 : w->factor[limit->factor].term,
            .limit = limit->stated,
            .activity = rows_activity(w, limit),
            .relaxed = relaxed,
            .penalty_usd_per_mwh = work_penalty(w, limit, limit->repriced),
            .shadow_usd_per_mwh = shadow};
    }
    dispatch_rows_sort(a->row, a->n_row);
    a->lambda_usd_per_mwh = run->prices.lambda;
    a->congestion_usd_per_mwh = run->prices.congestion;
    a->loss_usd_per_mwh = run->prices.loss;
    run->prices.lambda = run->prices.congestion = run->prices.loss = NULL;
    return ERR_OK;
}

enum err_code dispatch_answer_whole(const struct merge *m, struct dispatch_answer *a,
                                    struct err *err)
{
    const struct dispatch_problem *p = merge_whole(m);
    size_t n = (size_t)p->n_interval * (size_t)p->n_injection;
    double *segment = mem_alloc((size_t)p->seg_start[n], sizeof *segment);
    double *power = mem_alloc(n, sizeof *power);
    if (!segment || !power) {
        mem_free(segment);
        mem_free(power);
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    merge_split_segments(m, a->segment_mw, segment);
    merge_powers(m, segment, power);
    mem_free(a->segment_mw);
    mem_free(a->injection_mw);
    a->segment_mw = segment;
    a->injection_mw = power;
    merge_name_rows(m, a->row, a->n_row);
    return ERR_OK;
}

void dispatch_answer_stats(const struct work *w, struct dispatch_answer *out)
{
    out->direction_gap_usd = w->direction_gap_usd;
    out->stats = w->stats;
    if (w->lossy) {
        bool bounded = w->p->losses == LOSS_REFERENCE && !out->losses_proven;
        out->loss_gap_usd = bounded ? w->lossy->gap_usd : 0;
        out->stats.loss_tangents = w->lossy->tangents;
        out->stats.loss_steps = w->lossy->steps;
    }
    out->stats.columns = lp_n_columns(w->lp);
    out->stats.simplex_iterations = lp_iterations(w->lp);
    for (int32_t k = 0; k < out->n_row; k++) {
        bool binds = out->row[k].shadow_usd_per_mwh > 0;
        out->stats.rows_binding += binds;
        out->stats.outage_rows_binding += binds && out->row[k].outage >= 0;
    }
}

void dispatch_answer_release(struct dispatch_answer *a)
{
    mem_free(a->injection_mw);
    mem_free(a->segment_mw);
    mem_free(a->flow_mw);
    mem_free(a->angle_rad);
    mem_free(a->energy_mwh);
    mem_free(a->shortage_mw);
    mem_free(a->surplus_mw);
    mem_free(a->lambda_usd_per_mwh);
    mem_free(a->congestion_usd_per_mwh);
    mem_free(a->loss_usd_per_mwh);
    mem_free(a->row);
    mem_free(a->term);
    mem_free(a->unscreened);
    *a = (struct dispatch_answer){0};
}
