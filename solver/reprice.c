/*
 * reprice.c - the pricing run, and the next increment of load.
 *
 * The scheduling run decides MW with penalties that say which limit gives way first. They
 * are no prices: where a limit did give way, or would give way to the next increment of
 * load, the pricing run replaces its penalty by a price cap. Limits that hold keep theirs,
 * so that the prices support the schedule: nobody who was dispatched to keep a limit is
 * told afterwards that breaking it would have been cheaper.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

enum {
    NEAR_INTERVALS = 2,  /* how far other prices in an interval are felt at first */
    MANY_PIECES = 10000, /* of which it pays to look at few */
};

/* More than this is a relaxation; a relaxation is held up to the sliver. */
static const double RELAXED_MW = 1e-6, SLIVER_MW = 1e-4;

/* How far a self-schedule is from where its penalty drives it; 0 for other pieces. */
static double cut_mw(const struct work *w, const struct piece *piece)
{
    double x = w->x[piece->col];
    if (piece->cost < piece->price_cost)
        return piece->width_mw - x;
    return piece->cost > piece->price_cost ? x : 0;
}

static void reprice_piece(struct work *w, struct piece *piece)
{
    piece->repriced = true;
    work_set_piece_cost(w, piece);
}

/*
 * What was relaxed stays relaxed, less a sliver: the limit is still binding, and its
 * price is that of relaxing it further or of curing the sliver, whichever is cheaper.
 */
static double held(double relaxed)
{
    return relaxed > RELAXED_MW ? fmax(0, relaxed - SLIVER_MW) : 0;
}

/* A slack column with the penalties of both runs, times the hours it lasts. */
struct slack {
    int32_t col, interval;
    double schedule, pricing;
    bool *repriced;
};

static int32_t n_slack(const struct work *w)
{
    return 2 * w->p->n_interval * w->n_island + w->n_limit;
}

/* Shortages, surpluses, then limits. */
static struct slack slack_at(struct work *w, int32_t k)
{
    const struct dispatch_problem *p = w->p;
    int32_t n_balance = p->n_interval * w->n_island;
    if (k >= 2 * n_balance) {
        struct limit *limit = &w->limit[k - 2 * n_balance];
        return (struct slack){limit->slack, limit->interval,
                              work_slack_cost(w, limit, false),
                              work_slack_cost(w, limit, true), &limit->repriced};
    }
    int32_t b = k % n_balance, t = b / w->n_island;
    double h = p->duration_h[t];
    if (k < n_balance)
        return (struct slack){w->shortage[b], t, p->schedule.shortage_usd_per_mwh * h,
                              p->pricing.shortage_usd_per_mwh * h,
                              &w->shortage_repriced[b]};
    return (struct slack){w->surplus[b], t, p->schedule.surplus_usd_per_mwh * h,
                          p->pricing.surplus_usd_per_mwh * h, &w->surplus_repriced[b]};
}

bool reprice_is_relaxed(const struct work *w)
{
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++)
        if (w->x[w->shortage[b]] > RELAXED_MW || w->x[w->surplus[b]] > RELAXED_MW)
            return true;
    for (int32_t k = 0; k < w->n_limit; k++)
        if (w->limit[k].outage < 0 && w->x[w->limit[k].slack] > RELAXED_MW)
            return true;
    return false;
}

static void steepen(struct dispatch_penalty *q)
{
    q->shortage_usd_per_mwh *= DISPATCH_STEEPER;
    q->surplus_usd_per_mwh *= DISPATCH_STEEPER;
    q->branch_usd_per_mwh *= DISPATCH_STEEPER;
    q->group_usd_per_mwh *= DISPATCH_STEEPER;
    q->ramp_usd_per_mwh *= DISPATCH_STEEPER;
    q->store_usd_per_mwh *= DISPATCH_STEEPER;
}

void reprice_steeper(struct work *w, struct dispatch_problem *p)
{
    steepen(&p->schedule);
    steepen(&p->pricing);
    for (int32_t k = 0; k < n_slack(w); k++) {
        struct slack s = slack_at(w, k);
        lp_set_cost(w->lp, s.col, s.schedule);
    }
}

static void reprice_slack(struct work *w, const struct slack *s)
{
    *s->repriced = true;
    lp_set_cost(w->lp, s->col, s->pricing);
}

/* What a column was before it was fixed. */
struct fixed {
    int32_t col;
    double lo, up;
    enum lp_state state;
};

/* Holds the nonbasic pieces of intervals that are far where they are; returns how many. */
static int32_t fix_far(struct work *w, const bool *near, struct fixed *fixed)
{
    int32_t n = 0;
    for (int32_t k = 0; k < w->n_piece; k++) {
        struct fixed f = {.col = w->piece[k].col,
                          .state = lp_column_state(w->lp, w->piece[k].col)};
        if (near[w->piece[k].interval] || f.state == LP_BASIC)
            continue;
        lp_column_bounds(w->lp, f.col, &f.lo, &f.up);
        double at = f.state == LP_AT_UPPER ? f.up : f.lo;
        lp_set_column_bounds(w->lp, f.col, at, at);
        fixed[n++] = f;
    }
    return n;
}

/*
 * Other prices in some intervals move little in intervals far from them: the near ones
 * come first, in steps that need not look at the pieces of the others. No bound of a
 * piece moves here but there and back, and the point stays feasible.
 */
static enum err_code converge_near(struct work *w, const bool *repriced,
                                   struct err *err)
{
    int32_t n_t = w->p->n_interval, n = 0;
    struct fixed *fixed = mem_alloc((size_t)w->n_piece, sizeof *fixed);
    bool *near = mem_alloc((size_t)n_t, sizeof *near);
    enum err_code code = ERR_OK;
    if (!fixed || !near)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t t = 0; !code && t < n_t; t++)
        for (int32_t u = t - NEAR_INTERVALS; u <= t + NEAR_INTERVALS; u++)
            near[t] = near[t] || (u >= 0 && u < n_t && repriced[u]);
    if (!code)
        n = fix_far(w, near, fixed);
    if (!code && n > 0)
        code = work_converge(w, LP_PRIMAL, err);
    for (int32_t k = 0; !code && k < n; k++) {
        lp_set_column_bounds(w->lp, fixed[k].col, fixed[k].lo, fixed[k].up);
        lp_set_column_state(w->lp, fixed[k].col, fixed[k].state);
    }
    mem_free(fixed);
    mem_free(near);
    return code;
}

/* Gives what is relaxed the costs of the pricing run; marks the intervals where it is. */
static bool reprice_all_relaxed(struct work *w, bool *repriced)
{
    bool any = false;
    for (int32_t k = 0; k < w->n_piece; k++) {
        if (cut_mw(w, &w->piece[k]) <= RELAXED_MW)
            continue;
        reprice_piece(w, &w->piece[k]);
        any = repriced[w->piece[k].interval] = true;
    }
    for (int32_t k = 0; k < n_slack(w); k++) {
        struct slack s = slack_at(w, k);
        if (w->x[s.col] <= RELAXED_MW)
            continue;
        reprice_slack(w, &s);
        lp_set_column_bounds(w->lp, s.col, held(w->x[s.col]), HUGE_VAL);
        any = repriced[s.interval] = true;
    }
    return any;
}

enum err_code reprice_relaxed(struct work *w, struct err *err)
{
    enum err_code code = ERR_OK;
    bool *repriced = mem_alloc((size_t)w->p->n_interval, sizeof *repriced);
    if (!repriced)
        return err_set(err, ERR_NOMEM, "out of memory");
    w->pricing = true;
    if (reprice_all_relaxed(w, repriced)) {
        if (w->n_piece >= MANY_PIECES && w->p->n_interval > 1)
            code = converge_near(w, repriced, err);
        if (!code)
            code = work_converge(w, LP_PRIMAL, err);
    }
    mem_free(repriced);
    return code;
}

double reprice_allowance(const struct work *w)
{
    double sum = 0;
    int32_t n_balance = w->p->n_interval * w->n_island;
    for (int32_t b = 0; b < n_balance; b++) {
        sum += w->shortage_repriced[b] ? lp_cost(w->lp, w->shortage[b]) : 0;
        sum += w->surplus_repriced[b] ? lp_cost(w->lp, w->surplus[b]) : 0;
    }
    for (int32_t k = 0; k < w->n_limit; k++)
        sum += w->limit[k].repriced ? lp_cost(w->lp, w->limit[k].slack) : 0;
    return 2 * SLIVER_MW * sum;
}

static void lower_bound_by(struct work *w, int32_t col, double mw)
{
    double lo, up;
    lp_column_bounds(w->lp, col, &lo, &up);
    if (lo > 0)
        lp_set_column_bounds(w->lp, col, fmax(0, lo - mw), up);
}

/*
 * The sliver by which relaxed limits may be cured must outlast the increment: more load
 * makes a surplus smaller.
 */
static void widen_slivers(struct work *w, double mw)
{
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++) {
        lower_bound_by(w, w->shortage[b], mw);
        lower_bound_by(w, w->surplus[b], mw);
    }
    for (int32_t k = 0; k < w->n_limit; k++)
        lower_bound_by(w, w->limit[k].slack, mw);
}

/*
 * Raises what is required of services, by a share of what load grows by, so that prices
 * of energy are those of more load first of all; 0 takes it back. Returns the sum.
 */
static double grow_requirements(struct work *w, double share)
{
    double total = 0;
    for (int32_t k = 0; w->p->grows && k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        if (!w->p->grows[piece->injection])
            continue;
        double by = share * (1e-4 + 1e-7 * fabs(piece->from_mw));
        lp_set_column_bounds(w->lp, piece->col, by, by);
        total += by;
    }
    return total;
}

/* Moves every balance by a little load; returns the sum. */
static enum err_code add_increment(struct work *w, double *total, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    double *size = mem_alloc((size_t)(p->n_interval * w->n_island), sizeof *size);
    if (!size)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        for (int32_t a = w->island_start[piece->injection];
             a < w->island_start[piece->injection + 1]; a++)
            size[piece->interval * w->n_island + w->island[a]] +=
                fabs(w->island_weight[a] * w->x[piece->col]);
    }
    *total = 0;
    for (int32_t b = 0; b < p->n_interval * w->n_island; b++) {
        double by = 1e-4 + 1e-7 * (size[b] + fabs(w->balance_rhs[b]));
        lp_set_column_bounds(w->lp, w->increment[b], by, by);
        *total += by;
    }
    *total += grow_requirements(w, 0.2);
    mem_free(size);
    return ERR_OK;
}

/*
 * Penalties of the schedule that have a say in the duals: of what the increment relaxes,
 * or would. Those of the pricing run take their place; true if there were any.
 */
static bool reprice_marginal(struct work *w)
{
    bool any = false;
    for (int32_t k = 0; k < w->n_piece; k++) {
        struct piece *piece = &w->piece[k];
        bool elastic =
            piece->cost < piece->price_cost || piece->cost > piece->price_cost;
        if (!elastic || piece->repriced ||
            (lp_column_state(w->lp, piece->col) != LP_BASIC &&
             cut_mw(w, piece) <= 1e-9))
            continue;
        reprice_piece(w, piece);
        any = true;
    }
    for (int32_t k = 0; k < n_slack(w); k++) {
        struct slack s = slack_at(w, k);
        bool elastic = s.schedule < s.pricing || s.schedule > s.pricing;
        if (!elastic || *s.repriced ||
            (lp_column_state(w->lp, s.col) != LP_BASIC && w->x[s.col] <= 1e-9))
            continue;
        reprice_slack(w, &s);
        any = true;
    }
    return any;
}

/* Takes the increment back and solves; true in *is_best if x is an optimum then. */
static enum err_code try_without(struct work *w, const double *x, size_t n,
                                 bool *is_best, struct err *err)
{
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++)
        lp_set_column_bounds(w->lp, w->increment[b], 0, 0);
    (void)grow_requirements(w, 0);
    enum err_code code = work_converge(w, LP_DUAL, err);
    double cost = 0;
    for (size_t j = 0; j < n; j++)
        cost += lp_cost(w->lp, (int32_t)j) * x[j];
    *is_best = !code && cost - lp_objective(w->lp) <=
                            1e-8 * fmax(1, fabs(cost)) + reprice_allowance(w);
    return code;
}

/*
 * A limit that is reached but not broken has no row yet, and the increment may be what
 * breaks it: so limits are looked for once more. The point itself stays where it was,
 * unless a price cap for what the increment would relax undercuts what was dispatched.
 */
enum err_code reprice_next_increment(struct work *w, bool *consistent, struct err *err)
{
    size_t n = (size_t)lp_n_columns(w->lp);
    double total = 0, *x = mem_alloc(n, sizeof *x);
    bool any = false, is_best = true;
    if (!x)
        return err_set(err, ERR_NOMEM, "out of memory");
    memcpy(x, w->x, n * sizeof *x);
    enum err_code code = add_increment(w, &total, err);
    if (!code) {
        widen_slivers(w, 2 * total);
        code = work_converge(w, LP_DUAL, err);
    }
    for (; !code && reprice_marginal(w); any = true)
        code = work_converge(w, LP_PRIMAL, err);
    if (!code && any)
        code = try_without(w, x, n, &is_best, err);
    if (!code && any && is_best)
        code = add_increment(w, &total, err);
    if (!code && any && is_best)
        code = work_converge(w, LP_DUAL, err);
    if (!code && is_best) {
        memset(w->x, 0, (size_t)lp_n_columns(w->lp) * sizeof *w->x);
        memcpy(w->x, x, n * sizeof *x);
        code = work_evaluate(w, err);
    }
    *consistent = *consistent && is_best;
    mem_free(x);
    return code;
}
