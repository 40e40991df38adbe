/* lossy.c - the tangents of losses as a family of rows, and the way to the optimum. */
#include "solver/lossy.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

enum {
    MOST_ATTEMPTS = 300, /* of 1. to 3. */
    MOST_TURNS = 60,     /* of corrections */
    MOST_RENEWED = 8,    /* equalities in a row at a positive price */
};

/* Tangents are added until z lacks less than this much of the loss... */
static const double COARSE_MW = 1e-3;
/* ... or, where Newton's method found nothing, this. */
static const double FINE_MW = 2e-7;
/* Corrections of losses at the ends that still move more than this are no answer. */
static const double MOST_UNSETTLED_MW = 1e-6;

/* ---- set-up ---- */

static bool is_lossy(const struct dispatch_problem *p)
{
    const struct network_data *d = network_data(p->net);
    for (int32_t l = 0; d->loss_per_mw && p->losses != LOSS_OFF && l < d->n_branch; l++)
        if (d->loss_per_mw[l] > 0 && !network_is_bus_tie(d, l))
            return true;
    return false;
}

enum err_code lossy_load(struct work *w, struct err *err)
{
    size_t n_t = (size_t)w->p->n_interval, n_balance = n_t * (size_t)w->n_island;
    const double zero = 0, infinity = INFINITY, minus = -1;
    const int64_t start[] = {0, 1};
    enum err_code code = ERR_OK;
    if (!is_lossy(w->p))
        return ERR_OK;
    struct lossy *s = w->lossy = mem_alloc(1, sizeof *s);
    if (!s)
        return err_set(err, ERR_NOMEM, "out of memory");
    s->column = mem_alloc(n_balance, sizeof *s->column);
    s->lost_mw = mem_alloc(n_balance, sizeof *s->lost_mw);
    s->equality = mem_alloc(n_balance, sizeof *s->equality);
    s->renewed = mem_alloc(n_balance, sizeof *s->renewed);
    s->factor = mem_alloc(n_t * (size_t)network_data(w->p->net)->n_bus, sizeof(double));
    if (w->p->losses == LOSS_ENDS)
        code = lossy_ends_create(w, err);
    if (!s->column || !s->lost_mw || !s->equality || !s->renewed || !s->factor)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t b = 0; !code && b < (int32_t)n_balance; b++) {
        s->column[b] = lp_n_columns(w->lp);
        code =
            lp_add_columns(w->lp, 1, &zero, &zero, &infinity, start, &b, &minus, err);
    }
    return code;
}

void lossy_destroy(struct lossy *s)
{
    if (!s)
        return;
    lossy_ends_destroy(s);
    mem_free(s->column);
    mem_free(s->lost_mw);
    mem_free(s->equality);
    mem_free(s->renewed);
    mem_free(s->factor);
    mem_free(s->cut);
    mem_free(s);
}

/* ---- the point ---- */

/* MW that flow because of injections alone, without W; the loss is a function of them. */
static double injected_flow(const struct work *w, int32_t interval, int32_t branch)
{
    size_t at =
        (size_t)interval * (size_t)network_data(w->p->net)->n_branch + (size_t)branch;
    return w->flow_mw[at] - (w->lossy->shift_mw ? w->lossy->shift_mw[at] : 0);
}

enum err_code lossy_evaluate(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    size_t n_branch = (size_t)network_data(p->net)->n_branch;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    size_t n_balance = (size_t)(p->n_interval * w->n_island);
    double *one = mem_alloc(n_balance, sizeof *one);
    double *flow = mem_alloc((size_t)p->n_interval * n_branch, sizeof *flow);
    enum err_code code = ERR_OK;
    if (!one || !flow)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (size_t b = 0; !code && b < n_balance; b++)
        one[b] = 1;
    for (int32_t t = 0; !code && t < p->n_interval; t++) {
        double *at = flow + (size_t)t * n_branch;
        for (int32_t l = 0; l < (int32_t)n_branch; l++)
            at[l] = injected_flow(w, t, l);
        loss_total(p->net, LOSS_REFERENCE, at, w->lossy->lost_mw + t * w->n_island,
                   NULL);
    }
    if (!code)
        code = loss_prices(p->net, LOSS_REFERENCE, p->n_interval, flow, one, NULL,
                           w->lossy->factor, err);
    for (size_t k = 0; k < (size_t)p->n_interval * n_bus; k++)
        w->lossy->factor[k] = -w->lossy->factor[k];
    mem_free(one);
    mem_free(flow);
    return code;
}

double lossy_cost_shift(const struct work *w, int32_t interval, int32_t injection)
{
    if (!w->lossy || !w->lossy->kappa)
        return 0;
    return w->lossy
        ->kappa[(size_t)interval * (size_t)w->p->n_injection + (size_t)injection];
}

void lossy_withdraw(const struct work *w, double *bus_mw)
{
    size_t n = (size_t)w->p->n_interval * (size_t)network_data(w->p->net)->n_bus;
    if (!w->lossy || !w->lossy->withdrawn_mw)
        return;
    for (size_t k = 0; k < n; k++)
        bus_mw[k] -= w->lossy->withdrawn_mw[k];
}

double lossy_factor(const struct work *w, int32_t balance, int32_t injection)
{
    const struct dispatch_problem *p = w->p;
    const int32_t *island = network_island(p->net);
    const double *factor = w->lossy->factor + (size_t)(balance / w->n_island) *
                                                  (size_t)network_data(p->net)->n_bus;
    double sum = 0;
    for (int32_t k = p->bus_start[injection]; k < p->bus_start[injection + 1]; k++)
        if (island[p->bus[k]] == balance % w->n_island)
            sum += p->bus_weight[k] * factor[p->bus[k]];
    return sum;
}

/* ---- tangents ---- */

static bool push_cut(struct lossy *s, struct lossy_cut cut)
{
    if (s->n_cut == s->room_cut) {
        int32_t room = s->room_cut ? 2 * s->room_cut : 64;
        struct lossy_cut *grown = mem_resize(s->cut, (size_t)room, sizeof *grown);
        if (!grown)
            return false;
        s->cut = grown;
        s->room_cut = room;
    }
    s->cut[s->n_cut++] = cut;
    return true;
}

static void switch_cut(struct work *w, struct lossy_cut *cut, bool on, bool equality)
{
    cut->on = on;
    lp_set_row_bounds(w->lp, cut->row, on ? cut->least : -HUGE_VAL,
                      on && equality ? cut->least : HUGE_VAL);
}

/* The tangent (1) of one balance at the point last evaluated, as the LP's last row. */
static enum err_code add_tangent(struct work *w, int32_t balance, bool equality,
                                 struct err *err)
{
    struct lossy *s = w->lossy;
    const struct dispatch_problem *p = w->p;
    int32_t t = balance / w->n_island, n = 0;
    enum err_code code = ERR_OK;
    struct lossy_cut cut = {.row = lp_n_rows(w->lp),
                            .balance = balance,
                            .least = s->lost_mw[balance],
                            .on = true};
    int32_t *col = mem_alloc((size_t)w->n_piece + 1, sizeof *col);
    double *value = mem_alloc((size_t)w->n_piece + 1, sizeof *value);
    if (!col || !value)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t i = 0; !code && i < p->n_injection; i++) {
        double factor = lossy_factor(w, balance, i);
        if (fabs(factor) < 1e-12)
            continue;
        for (int32_t k = w->head[t * p->n_injection + i]; k >= 0;
             k = w->piece[k].next) {
            col[n] = w->piece[k].col;
            value[n++] = -factor;
            cut.least -= factor * w->x[w->piece[k].col];
        }
    }
    if (!code) {
        const int64_t start[] = {0, n + 1};
        double up = equality ? cut.least : HUGE_VAL;
        col[n] = s->column[balance];
        value[n] = 1;
        code = lp_add_rows(w->lp, 1, &cut.least, &up, start, col, value, err);
    }
    if (!code && !push_cut(s, cut))
        code = err_set(err, ERR_NOMEM, "out of memory");
    s->tangents++;
    mem_free(col);
    mem_free(value);
    return code;
}

/*
 * An equality stands alone: every other cut of its balance is off, z >= 0 among them. In the
 * basis it takes the place of the one that was tight, so that prices hardly change; a free
 * row that is not basic would set the dual simplex off to look for some.
 */
static enum err_code replace_cuts(struct work *w, int32_t balance, struct err *err)
{
    struct lossy *s = w->lossy;
    int32_t z = s->column[balance], tight = -1;
    bool at_zero = lp_column_state(w->lp, z) != LP_BASIC;
    for (int32_t k = 0; k < s->n_cut; k++) {
        if (s->cut[k].balance != balance || !s->cut[k].on)
            continue;
        if (lp_row_state(w->lp, s->cut[k].row) != LP_BASIC)
            tight = s->cut[k].row;
        switch_cut(w, &s->cut[k], false, false);
    }
    lp_set_column_bounds(w->lp, z, -HUGE_VAL, HUGE_VAL);
    enum err_code code = add_tangent(w, balance, true, err);
    if (code || (!at_zero && tight < 0))
        return code;
    lp_set_row_state(w->lp, s->cut[s->n_cut - 1].row, LP_AT_LOWER);
    if (at_zero)
        lp_set_column_state(w->lp, z, LP_BASIC);
    else
        lp_set_row_state(w->lp, tight, LP_BASIC);
    return ERR_OK;
}

/* Tangents of one balance back on, the equality among them. */
static void restore_cuts(struct work *w, int32_t balance)
{
    struct lossy *s = w->lossy;
    lp_set_column_bounds(w->lp, s->column[balance], 0, HUGE_VAL);
    for (int32_t k = 0; k < s->n_cut; k++)
        if (s->cut[k].balance == balance)
            switch_cut(w, &s->cut[k], true, false);
}

/* Whether the equality of a balance swings where it should not; then it is none. */
static bool give_up_equality(struct work *w, int32_t balance, const double *dual)
{
    struct lossy *s = w->lossy;
    if (!s->equality[balance] || ++s->renewed[balance] <= MOST_RENEWED ||
        !(dual[balance] > 0))
        return false;
    s->equality[balance] = false;
    s->renewed[balance] = 0;
    restore_cuts(w, balance);
    return true;
}

static enum err_code add_missing(struct work *w, double tolerance, int32_t *n_added,
                                 struct err *err)
{
    struct lossy *s = w->lossy;
    enum err_code code = lossy_evaluate(w, err);
    double *dual = mem_alloc((size_t)lp_n_rows(w->lp), sizeof *dual);
    if (!code && !dual)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        lp_row_duals(w->lp, dual);
    *n_added = 0;
    for (int32_t b = 0; !code && b < w->p->n_interval * w->n_island; b++) {
        double lack = s->lost_mw[b] - w->x[s->column[b]];
        if (s->equality[b] ? fabs(lack) <= tolerance : lack <= tolerance)
            continue;
        bool stays = s->equality[b] && !give_up_equality(w, b, dual);
        code = stays ? replace_cuts(w, b, err) : add_tangent(w, b, false, err);
        ++*n_added;
    }
    mem_free(dual);
    return code;
}

enum err_code lossy_add_tangents(struct work *w, int32_t *n_added, struct err *err)
{
    *n_added = 0;
    if (!w->lossy || w->lossy->settled)
        return ERR_OK;
    return add_missing(w, COARSE_MW, n_added, err);
}

/* ---- the optimum ---- */

/* Tangents back on, the equalities of 3. among them. */
static void unsettle(struct work *w)
{
    struct lossy *s = w->lossy;
    s->settled = false;
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++)
        if (!s->equality[b])
            restore_cuts(w, b);
}

/*
 * Balances where more than the loss is lost, at a price of nothing or less, get an
 * equality; true if there are any new ones.
 */
static bool find_disposal(struct work *w)
{
    struct lossy *s = w->lossy;
    bool any = false;
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++) {
        if (s->equality[b] || w->x[s->column[b]] <= s->lost_mw[b] + COARSE_MW)
            continue;
        s->equality[b] = any = true;
    }
    return any;
}

static double cost_of(const struct work *w, const double *x, int32_t n)
{
    double sum = 0;
    for (int32_t j = 0; j < n; j++)
        sum += lp_cost(w->lp, j) * x[j];
    return sum;
}

/*
 * 3.: the LP at the point. *optimal says whether the point is its optimum, and then it is
 * the point again, with the LP's duals.
 */
static enum err_code freeze(struct work *w, bool *optimal, struct err *err)
{
    struct lossy *s = w->lossy;
    size_t n = (size_t)lp_n_columns(w->lp);
    enum err_code code = lossy_evaluate(w, err);
    double *x = mem_alloc(n, sizeof *x);
    if (!code && !x)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t b = 0; !code && b < w->p->n_interval * w->n_island; b++) {
        w->x[s->column[b]] = s->lost_mw[b];
        code = replace_cuts(w, b, err);
    }
    if (!code) {
        memcpy(x, w->x, n * sizeof *x);
        s->settled = true;
        code = work_solve(w, LP_DUAL, err);
    }
    if (!code) {
        double cost = cost_of(w, x, (int32_t)n), best = lp_objective(w->lp);
        *optimal = cost - best <= 1e-9 * fmax(1, fabs(best));
        memcpy(w->x, x, n * sizeof *x);
        code = work_evaluate(w, err);
    }
    mem_free(x);
    return code;
}

/* 1. to 3. for losses at the reference, or as they are corrected. */
static enum err_code settle(struct work *w, struct err *err)
{
    struct lossy *s = w->lossy;
    enum err_code code = ERR_OK;
    double relaxed_usd = lp_objective(w->lp), before_usd = HUGE_VAL;
    bool disposal = false;
    for (int attempt = 0; !code && attempt < MOST_ATTEMPTS; attempt++) {
        bool moved = false, optimal = false;
        int32_t n_added = 0;
        if (s->settled)
            unsettle(w);
        if (attempt > 0 || s->n_cut > 0)
            code = work_converge(w, LP_DUAL, err);
        if (!code && find_disposal(w)) {
            disposal = true;
            continue;
        }
        if (!code)
            code = direction_settle(w, err);
        if (!code)
            code = lossy_newton(w, &moved, err);
        if (!code && direction_force(w)) {
            before_usd = fmin(before_usd, lp_objective(w->lp));
            continue;
        }
        if (!code && moved)
            code = separate_violated(w, &n_added, err);
        if (!code && n_added > 0)
            continue;
        if (!code && !moved) { /* the LP's own point, to a finer tolerance */
            code = add_missing(w, FINE_MW, &n_added, err);
            if (code || n_added > 0)
                continue;
        }
        if (!code)
            code = freeze(w, &optimal, err);
        if (code || optimal) {
            if (!code && !isinf(before_usd))
                w->direction_gap_usd += fmax(0, lp_objective(w->lp) - before_usd);
            if (!code && disposal)
                s->gap_usd = fmax(0, lp_objective(w->lp) - relaxed_usd);
            return code;
        }
    }
    return code ? code
                : err_set(err, ERR_NUMERIC, "losses did not settle in %d attempts",
                          MOST_ATTEMPTS);
}

/*
 * 2. and 3. from the optimum before the corrections moved: most often the same units and
 * limits are at the margin. *done false where they are not.
 */
static enum err_code settle_again(struct work *w, bool *done, struct err *err)
{
    bool moved = false, optimal = false;
    int32_t n_added = 0;
    enum err_code code = lossy_newton(w, &moved, err);
    if (!code && moved)
        code = separate_violated(w, &n_added, err);
    if (!code && moved && n_added == 0 && !direction_force(w))
        code = freeze(w, &optimal, err);
    *done = optimal;
    return code;
}

/* Where what is injected at a bus is lost on the way, r f^2 is no approximation. */
static enum err_code check_factors(const struct work *w, struct err *err)
{
    size_t n_bus = (size_t)network_data(w->p->net)->n_bus;
    for (size_t k = 0; k < (size_t)w->p->n_interval * n_bus; k++)
        if (!(w->lossy->factor[k] < 1))
            return err_set(err, ERR_NUMERIC,
                           "interval %zu: the loss factor of bus %zu is %.4g, so that "
                           "nothing injected there arrives; expected less than 1",
                           k / n_bus + 1, k % n_bus, w->lossy->factor[k]);
    return ERR_OK;
}

enum err_code lossy_settle(struct work *w, struct err *err)
{
    bool same = !w->lossy->kappa;
    enum err_code code = settle(w, err);
    for (int turn = 0; !code && !same && turn < MOST_TURNS; turn++) {
        code = lossy_ends_correct(w, &same, err);
        bool done = false;
        if (!code && !same)
            code = settle_again(w, &done, err);
        if (!code && !same && !done)
            code = settle(w, err);
    }
    if (!code && !same && w->lossy->last_mw > MOST_UNSETTLED_MW)
        code =
            err_set(err, ERR_NUMERIC,
                    "losses at the ends of branches still move %.2g MW after %d turns, "
                    "as may happen with prices at penalties or below zero; losses over "
                    "the reference have no such trouble",
                    w->lossy->last_mw, MOST_TURNS);
    return code ? code : check_factors(w, err);
}

bool lossy_is_proven(const struct work *w, const struct prices *prices)
{
    static const double BELOW_ZERO_USD_PER_MWH = -1e-7;
    const struct network *net = w->p->net;
    const struct network_data *d = network_data(net);
    const int32_t *island = network_island(net);
    for (int32_t t = 0; t < w->p->n_interval; t++)
        for (int32_t l = 0; l < d->n_branch; l++) {
            size_t first = (size_t)t * (size_t)d->n_bus;
            size_t f = first + (size_t)d->from[l], to = first + (size_t)d->to[l];
            double price = prices->lambda[t * w->n_island + island[d->from[l]]];
            if (w->p->losses == LOSS_ENDS)
                price += 0.5 * (prices->congestion[f] + prices->loss[f] +
                                prices->congestion[to] + prices->loss[to]);
            if (price < BELOW_ZERO_USD_PER_MWH && loss_of_branch(d, l, 1) > 0)
                return false;
        }
    return true;
}
