/* dispatch.c - scheduling run, sharing, pricing run: who does what in which order. */
#include "solver/dispatch.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "solver/dispatch_answer.h"
#include "solver/dispatch_run.h"
#include "solver/merge.h"
#include "solver/start.h"
#include "solver/work.h"

/* A certificate that is worse than this is no certificate. */
static const double MOST_PRIMAL_MW = 1e-3, MOST_DUAL_USD_PER_MWH = 1e-3,
                    MOST_GAP = 1e-5;

enum {
    MANY_ALIKE = 256 /* segments: fewer are not worth a smaller problem */
};

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
    struct dispatch_run run = {0};
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
        code = dispatch_run_read(w, &run, err);
    if (!code)
        code = dispatch_run_certify(w, &run, false, 0, &a->certificate, err);
    if (!code)
        a->losses_proven = !w->lossy || lossy_is_proven(w, &run.prices);
    if (!code)
        code = dispatch_answer_schedule(w, a, err);
    dispatch_run_release(&run);
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
    struct dispatch_run run = {0};
    int32_t n_schedule = w->n_limit, n_col = lp_n_columns(w->lp);
    enum err_code code = ERR_OK;
    double *schedule = mem_alloc((size_t)n_schedule, sizeof *schedule);
    double *x = mem_alloc((size_t)n_col, sizeof *x);
    if (!schedule || !x)
        code = err_set(err, ERR_NOMEM, "out of memory");
    else
        memcpy(x, w->x, (size_t)n_col * sizeof *x);
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
        code = dispatch_run_read(w, &run, err);
    if (!code)
        code = dispatch_run_certify(w, &run, is_scheduled(w, a), reprice_allowance(w),
                                    &a->certificate, err);
    if (!code)
        code = dispatch_answer_prices(w, &run, schedule, n_schedule, a, err);
    dispatch_run_release(&run);
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
    if (!code) {
        dispatch_answer_stats(w, out);
        out->stats.seconds_lp += seconds_start;
    }
    if (!code && merge)
        code = dispatch_answer_whole(merge, out, err);
    work_destroy(w);
    start_destroy(start);
    merge_destroy(merge);
    if (code)
        dispatch_answer_release(out);
    return code;
}
