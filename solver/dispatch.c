/* dispatch.c - scheduling run, sharing, pricing run, certificate, answer. */
#include "solver/dispatch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "solver/certificate.h"
#include "solver/merge.h"
#include "solver/start.h"
#include "solver/work.h"

/* A certificate that is worse than this is no certificate. */
static const double MOST_PRIMAL_MW = 1e-3, MOST_DUAL_USD_PER_MWH = 1e-3,
                    MOST_GAP = 1e-5;

enum {
    MANY_ALIKE = 256 /* segments: fewer are not worth a smaller problem */
};

/* ---- the two runs ---- */

/* Everything of an answer that the certificate looks at, for one run. */
struct run {
    struct prices prices;
    struct dispatch_row *row; /* [n_limit] */
    int32_t n_row;
};

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

static void run_release(struct run *run)
{
    mem_free(run->prices.lambda);
    mem_free(run->prices.congestion);
    mem_free(run->prices.loss);
    mem_free(run->prices.shadow);
    mem_free(run->row);
    *run = (struct run){0};
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

/* Rows that bind or are relaxed at the present point, with the run's shadow prices. */
static enum err_code run_read(struct work *w, struct run *run, struct err *err)
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
        qsort(run->row, (size_t)run->n_row, sizeof *run->row, by_kind_index_interval);
    return code;
}

static void read_slacks(const struct work *w, const int32_t *column, double *mw)
{
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++)
        mw[b] = fmax(0, w->x[column[b]]);
}

/* Output of every segment; a polynomial's only segment holds its whole output. */
static void read_segments(const struct work *w, double *segment_mw)
{
    const struct dispatch_problem *p = w->p;
    memset(segment_mw, 0,
           (size_t)p->seg_start[(int64_t)p->n_interval * p->n_injection] *
               sizeof *segment_mw);
    for (int32_t k = 0; k < w->n_piece; k++)
        segment_mw[w->piece[k].seg] += w->x[w->piece[k].col];
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

/* allowance_usd: by how much the point may be off the best of its run. */
static enum err_code certify(struct work *w, const struct run *run,
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
    read_slacks(w, w->shortage, shortage);
    read_slacks(w, w->surplus, surplus);
    read_segments(w, segment);
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

/* ---- the answer ---- */

static double *copy(const double *from, size_t n)
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

/* MW of the answer: the scheduling run after sharing. */
static enum err_code answer_schedule(struct work *w, struct dispatch_answer *a,
                                     struct err *err)
{
    const struct dispatch_problem *p = w->p;
    const struct network_data *d = network_data(p->net);
    size_t n_t = (size_t)p->n_interval, n_balance = n_t * (size_t)w->n_island;
    a->injection_mw = copy(w->power_mw, n_t * (size_t)p->n_injection);
    a->flow_mw = copy(w->flow_mw, n_t * (size_t)d->n_branch);
    a->angle_rad = copy(w->angle_rad, n_t * (size_t)d->n_bus);
    a->energy_mwh = copy(w->energy_mwh, n_t * (size_t)p->n_store);
    a->segment_mw =
        mem_alloc((size_t)p->seg_start[n_t * (size_t)p->n_injection], sizeof(double));
    a->shortage_mw = mem_alloc(n_balance, sizeof(double));
    a->surplus_mw = mem_alloc(n_balance, sizeof(double));
    if (!a->injection_mw || !a->flow_mw || !a->angle_rad || !a->energy_mwh ||
        !a->segment_mw || !a->shortage_mw || !a->surplus_mw)
        return err_set(err, ERR_NOMEM, "out of memory");
    read_slacks(w, w->shortage, a->shortage_mw);
    read_slacks(w, w->surplus, a->surplus_mw);
    read_segments(w, a->segment_mw);
    read_objective(w, a);
    for (size_t b = 0; b < n_balance; b++)
        a->relaxed = a->relaxed || a->shortage_mw[b] > 1e-6 || a->surplus_mw[b] > 1e-6;
    for (int32_t k = 0; k < w->n_limit; k++)
        a->relaxed = a->relaxed || w->x[w->limit[k].slack] > 1e-6;
    return read_unscreened(w, a, err);
}

/* Prices of the answer, and rows: relaxations of the schedule, shadow prices of pricing.
 * schedule[k] is the slack of limit k in the scheduling run, [n_schedule] of them. */
static enum err_code answer_prices(struct work *w, struct run *run,
                                   const double *schedule, int32_t n_schedule,
                                   struct dispatch_answer *a, struct err *err)
{
    a->row = mem_alloc((size_t)w->n_limit, sizeof *a->row);
    a->term = copy(w->term, (size_t)w->n_term);
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
    qsort(a->row, (size_t)a->n_row, sizeof *a->row, by_kind_index_interval);
    a->lambda_usd_per_mwh = run->prices.lambda;
    a->congestion_usd_per_mwh = run->prices.congestion;
    a->loss_usd_per_mwh = run->prices.loss;
    run->prices.lambda = run->prices.congestion = run->prices.loss = NULL;
    return ERR_OK;
}

/*
 * The optimum of the LP, then that of what it approximates; *exact says that polynomials
 * are at theirs. A single interval may be there at once.
 */
static enum err_code approach(struct work *w, bool started, double tolerance,
                              bool *exact, struct err *err)
{
    enum err_code code = ERR_OK;
    *exact = false;
    if (!started && w->p->n_polynomial > 0) {
        code = work_solve(w, LP_PRIMAL, err);
        if (!code)
            code = newton_settle(w, exact, err);
    }
    w->may_leave = true;
    if (!code && !*exact)
        code = work_converge(w, started ? LP_DUAL : LP_PRIMAL, err);
    w->may_leave = false;
    if (!code && !*exact)
        code = refine_converge(w, tolerance, exact, err);
    return code;
}

/* Goes on from the present optimum with steeper penalties, as often as *p, w->p, says. */
static enum err_code steepen(struct work *w, struct dispatch_problem *p,
                             double tolerance, bool *exact, struct dispatch_answer *a,
                             struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t k = 0; !code && k < p->n_steeper && reprice_is_relaxed(w); k++) {
        reprice_steeper(w, p);
        a->penalty_factor *= DISPATCH_STEEPER;
        code = work_converge(w, LP_PRIMAL, err);
        if (!code)
            code = refine_converge(w, tolerance, exact, err);
    }
    return code;
}

/* Scheduling run of *p, w->p: an optimum, its certificate, then equal offers shared. */
static enum err_code schedule_run(struct work *w, struct dispatch_problem *p,
                                  const struct start *start, double tolerance,
                                  struct dispatch_answer *a, struct err *err)
{
    struct run run = {0};
    bool exact;
    enum err_code code = refine_begin(w, err);
    if (!code)
        code = work_load(w, err);
    if (!code && start)
        code = start_apply(w, start, err);
    if (!code)
        code = approach(w, start != NULL, tolerance, &exact, err);
    if (!code)
        code = steepen(w, p, tolerance, &exact, a, err);
    if (!code)
        code = direction_settle(w, err);
    if (!code &&
        (!exact || w->p->n_store > 0)) /* directions may have moved the point */
        code = w->lossy ? lossy_settle(w, err) : polish(w, &exact, err);
    if (!code)
        code = share_equal_offers(w, err);
    if (!code)
        code = run_read(w, &run, err);
    if (!code)
        code = certify(w, &run, false, 0, &a->certificate, err);
    if (!code)
        a->losses_proven = !w->lossy || lossy_is_proven(w, &run.prices);
    if (!code)
        code = answer_schedule(w, a, err);
    run_release(&run);
    return code;
}

/*
 * The pricing run asks for prices, not for MW: where the schedule, with equal offers
 * shared, is an optimum of it too, the schedule is the point to price.
 */
static enum err_code return_to_schedule(struct work *w, const double *x, int32_t n,
                                        bool *consistent, struct err *err)
{
    double cost = 0;
    for (int32_t j = 0; j < n; j++)
        cost += lp_cost(w->lp, j) * x[j];
    double optimum = lp_objective(w->lp);
    *consistent =
        fabs(cost - optimum) <= 1e-9 * fmax(1, fabs(optimum)) + reprice_allowance(w);
    if (!*consistent)
        return ERR_OK;
    memset(w->x, 0, (size_t)lp_n_columns(w->lp) * sizeof *w->x);
    memcpy(w->x, x, (size_t)n * sizeof *w->x);
    return work_evaluate(w, err);
}

/* The point to price is the schedule itself, to the bit. */
static bool is_scheduled(const struct work *w, const struct dispatch_answer *a)
{
    size_t n_t = (size_t)w->p->n_interval;
    size_t n_flow = n_t * (size_t)network_data(w->p->net)->n_branch;
    size_t n_power = n_t * (size_t)w->p->n_injection;
    return memcmp(w->flow_mw, a->flow_mw, n_flow * sizeof *w->flow_mw) == 0 &&
           memcmp(w->power_mw, a->injection_mw, n_power * sizeof *w->power_mw) == 0;
}

/* Where the pricing run keeps a point of its own: store directions and losses anew. */
static enum err_code settle_own_point(struct work *w, struct err *err)
{
    enum err_code code = direction_settle(w, err);
    return code || !w->lossy ? code : lossy_settle(w, err);
}

static enum err_code price_run(struct work *w, struct dispatch_answer *a,
                               struct err *err)
{
    struct run run = {0};
    int32_t n_schedule = w->n_limit, n_col = lp_n_columns(w->lp);
    enum err_code code = ERR_OK;
    double *schedule = mem_alloc((size_t)n_schedule, sizeof *schedule);
    double *x = copy(w->x, (size_t)n_col);
    if (!schedule || !x)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < n_schedule; k++)
        schedule[k] = w->x[w->limit[k].slack];
    if (!code)
        code = reprice_relaxed(w, err);
    if (!code)
        code = return_to_schedule(w, x, n_col, &a->consistent, err);
    if (!code && !a->consistent)
        code = settle_own_point(w, err);
    bool stays = true;
    if (!code)
        code = reprice_next_increment(w, &stays, err);
    a->consistent = a->consistent && stays;
    if (!code && !stays) /* its own point, for the first time or once more */
        code = settle_own_point(w, err);
    else if (!code && !a->consistent)
        code = direction_settle(w, err);
    if (!code && w->lossy && w->lossy->kappa)
        code = lossy_ends_reprice(w, err);
    if (!code)
        code = run_read(w, &run, err);
    if (!code)
        code = certify(w, &run, is_scheduled(w, a), reprice_allowance(w),
                       &a->certificate, err);
    if (!code)
        code = answer_prices(w, &run, schedule, n_schedule, a, err);
    run_release(&run);
    mem_free(schedule);
    mem_free(x);
    return code;
}

/* The dearest or cheapest price of the answer, $/MWh, without its sign. */
static double steepest_price(const struct dispatch_problem *p,
                             const struct dispatch_answer *a)
{
    double most = 0;
    int32_t n_bus = network_data(p->net)->n_bus, n_island = network_n_island(p->net);
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int32_t n = 0; n < n_bus; n++)
            most = fmax(
                most,
                fabs(a->lambda_usd_per_mwh[t * n_island + network_island(p->net)[n]] +
                     a->congestion_usd_per_mwh[(size_t)t * (size_t)n_bus + (size_t)n]));
    return most;
}

/* Where penalties make prices of millions, their last digits are rounding. */
static enum err_code judge(const struct dispatch_problem *p, const struct work *w,
                           const struct dispatch_answer *a, struct err *err)
{
    const struct dispatch_certificate *c = &a->certificate;
    double most_dual = MOST_DUAL_USD_PER_MWH + 1e-8 * steepest_price(p, a);
    if (c->primal_residual <= MOST_PRIMAL_MW && c->dual_residual <= most_dual &&
        w->unexplained_gap <= MOST_GAP)
        return ERR_OK;
    return err_set(err, ERR_NUMERIC,
                   "no certificate: primal residual %.3g MW, dual residual %.3g $/MWh, "
                   "relative gap %.3g",
                   c->primal_residual, c->dual_residual, c->relative_gap);
}

/* Answers to a merged problem as those to the whole. */
static enum err_code answer_whole(const struct merge *m, struct dispatch_answer *a,
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

static void read_stats(const struct work *w, double seconds_start,
                       struct dispatch_answer *out)
{
    out->direction_gap_usd = w->direction_gap_usd;
    out->stats = w->stats;
    out->stats.seconds_lp += seconds_start;
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

enum err_code dispatch_solve(const struct dispatch_problem *p, double tolerance,
                             struct dispatch_answer *out, struct err *err)
{
    struct merge *merge = NULL;
    struct work *w = NULL;
    struct start *start = NULL;
    double seconds_start = 0;
    *out = (struct dispatch_answer){.penalty_factor = 1};
    enum err_code code = merge_find(p, MANY_ALIKE, &merge, err);
    /* penalties may become steeper */
    struct dispatch_problem mine = merge ? *merge_problem(merge) : *p;
    if (!code) {
        double began = stopwatch_s();
        code = start_find(&mine, &start, err);
        seconds_start = stopwatch_s() - began;
    }
    if (!code)
        code = work_create(&mine, &w, err);
    if (!code) {
        w->merge = merge;
        code = schedule_run(w, &mine, start, tolerance, out, err);
    }
    if (!code)
        code = price_run(w, out, err);
    if (!code)
        code = judge(&mine, w, out, err);
    if (!code)
        read_stats(w, seconds_start, out);
    if (!code && merge)
        code = answer_whole(merge, out, err);
    work_destroy(w);
    start_destroy(start);
    merge_destroy(merge);
    if (code)
        dispatch_answer_release(out);
    return code;
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
