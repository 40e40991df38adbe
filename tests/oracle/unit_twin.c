/* unit_twin.c - see unit_twin.h. */
#include "tests/oracle/unit_twin.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solver/lp.h"

enum {
    MOST_INTERVALS = COMMIT_INTERVALS,
    MOST_SEGMENTS = 24,
    MOST_ENTRIES = 4 * (MOST_SEGMENTS + COMMIT_PRODUCTS),
};

static bool holds(const struct interval_set *set, int32_t t)
{
    return set && set->word[t / 64] >> (t % 64) & 1;
}

/* ---- times ---- */

/* Intervals that the unit has been as it is (on or off) before t. */
static int32_t age_before(const struct commit_unit *u, const bool *on, int32_t t)
{
    bool is_on = t > 0 ? on[t - 1] : u->on_before;
    int32_t age = 0, k = t;
    for (; k > 0 && on[k - 1] == is_on; k--)
        age++;
    return k == 0 && is_on == u->on_before ? age + u->age_before : age;
}

static bool times_allow(const struct commit_problem *p, const struct commit_unit *u,
                        const bool *on, const struct interval_set *must,
                        const struct interval_set *ban)
{
    int32_t starts[MOST_INTERVALS] = {0};
    for (int32_t t = 0; t < p->n_interval; t++) {
        enum commit_status status =
            u->status ? (enum commit_status)u->status[t] : COMMIT_FREE;
        if (on[t] ? holds(ban, t) || status == COMMIT_OFF
                  : holds(must, t) || status == COMMIT_ON)
            return false;
        bool was_on = t > 0 ? on[t - 1] : u->on_before;
        if (on[t] != was_on &&
            age_before(u, on, t) < (was_on ? u->min_up : u->min_down))
            return false;
        if (on[t] && !was_on && u->max_starts > 0 &&
            ++starts[p->day ? p->day[t] : 0] > u->max_starts)
            return false;
    }
    return true;
}

/* Row (12) of MODEL.tex for category c (not the last) at interval a = t+1. */
static bool pglib_allows(const struct commit_unit *u, const bool *on, int32_t t,
                         int32_t c)
{
    int32_t a = t + 1, next = u->start[c + 1].lag;
    if (a < next) { /* row (5) */
        int32_t from = next - u->age_before + 1;
        return u->on_before || a < (from > 1 ? from : 1);
    }
    for (int32_t i = u->start[c].lag; i < next; i++) {
        int32_t stop = a - i - 1; /* 0-based interval of the stop */
        if (stop >= 0 && !on[stop] && (stop > 0 ? on[stop - 1] : u->on_before))
            return true;
    }
    return false;
}

static double start_cost(const struct commit_problem *p, const struct commit_unit *u,
                         const bool *on, int32_t t)
{
    if (on[t] == false || (t > 0 ? on[t - 1] : u->on_before) || u->n_start == 0)
        return 0;
    int32_t off = age_before(u, on, t), c = 0;
    if (!p->pglib_start_rows) {
        while (c + 1 < u->n_start && off >= u->start[c + 1].lag)
            c++;
        return u->start[c].cost_usd;
    }
    double least = u->start[u->n_start - 1].cost_usd;
    for (c = 0; c + 1 < u->n_start; c++)
        if (pglib_allows(u, on, t, c))
            least = fmin(least, u->start[c].cost_usd);
    return least;
}

static bool stops_at(const struct commit_problem *p, const bool *on, int32_t t)
{
    return t + 1 < p->n_interval && on[t] && !on[t + 1];
}

static bool starts_at(const struct commit_unit *u, const bool *on, int32_t t)
{
    return on[t] && !(t > 0 ? on[t - 1] : u->on_before);
}

/* Right-hand side of (5). */
static double capacity(const struct commit_problem *p, const struct commit_unit *u,
                       const bool *on, int32_t t)
{
    double most = u->most_mw ? u->most_mw[t] : u->max_mw;
    double span = most - u->min_mw, cap = span;
    if (starts_at(u, on, t))
        cap = fmin(cap, span - fmax(most - u->start_max_mw, 0));
    if (stops_at(p, on, t))
        cap = fmin(cap, span - fmax(most - u->stop_max_mw, 0));
    return cap;
}

/* Least x while on. */
static double least_above(const struct commit_unit *u, int32_t t)
{
    return u->least_mw ? u->least_mw[t] - u->min_mw : 0;
}

/* What the unit did before the first interval is no variable: by how much it is wrong. */
static double first_stop_broken(const struct commit_unit *u, const bool *on)
{
    if (!u->on_before || on[0])
        return 0;
    double x = u->mw_before - u->min_mw, span = u->max_mw - u->min_mw;
    double cap = span - fmax(u->max_mw - u->stop_max_mw, 0);
    return fmax(fmax(x - cap, u->free_ends ? 0 : x - u->ramp_down_mw), 0);
}

static double reserve_price(const struct commit_unit *u,
                            const struct unit_prices *prices, int32_t t, int32_t k)
{
    return prices->reserve_usd_per_mw[t * u->n_offer + k];
}

static double offer_cost(const struct commit_problem *p, const struct commit_unit *u,
                         int32_t t, int32_t k)
{
    const double *price = u->offer[k].price_usd_per_mw;
    return price ? p->interval_h * price[t] : 0;
}

static bool is_down(const struct commit_problem *p, const struct commit_unit *u,
                    int32_t k)
{
    return p->down_products >> u->offer[k].product & 1;
}

/* ---- one pattern ---- */

struct form {
    const struct commit_problem *p;
    const struct commit_unit *u;
    const struct unit_prices *prices;
    struct lp *lp;
    int32_t first_seg[MOST_INTERVALS], first_offer[MOST_INTERVALS];
    int32_t n, col[MOST_ENTRIES];
    double value[MOST_ENTRIES];
};

static int32_t add_column(struct form *f, double cost, double up)
{
    double zero = 0;
    struct err err = {0};
    cr_assert_eq(lp_add_columns(f->lp, 1, &cost, &zero, &up, NULL, NULL, NULL, &err),
                 ERR_OK);
    return lp_n_columns(f->lp) - 1;
}

static void term(struct form *f, int32_t col, double value)
{
    f->col[f->n] = col;
    f->value[f->n++] = value;
}

static void power(struct form *f, int32_t t, double sign)
{
    for (int32_t i = 0; i < f->p->curve[f->u->curve[t]].n_segment; i++)
        term(f, f->first_seg[t] + i, sign);
}

static void reserve(struct form *f, int32_t t, bool down, double sign)
{
    for (int32_t k = 0; k < f->u->n_offer; k++)
        if (is_down(f->p, f->u, k) == down)
            term(f, f->first_offer[t] + k, sign);
}

static void at_most(struct form *f, double up)
{
    double lo = -HUGE_VAL;
    int64_t start[2] = {0, f->n};
    struct err err = {0};
    cr_assert_eq(lp_add_rows(f->lp, 1, &lo, &up, start, f->col, f->value, &err),
                 ERR_OK);
    f->n = 0;
}

static void interval_columns(struct form *f, int32_t t)
{
    const struct commit_curve *c = &f->p->curve[f->u->curve[t]];
    for (int32_t i = 0; i < c->n_segment; i++) {
        int32_t col = add_column(f,
                                 f->p->interval_h * c->cost_usd_per_mwh[i] -
                                     f->prices->energy_usd_per_mw[t],
                                 c->width_mw[i]);
        if (i == 0)
            f->first_seg[t] = col;
    }
    for (int32_t k = 0; k < f->u->n_offer; k++) {
        int32_t col = add_column(
            f, offer_cost(f->p, f->u, t, k) - reserve_price(f->u, f->prices, t, k),
            f->u->offer[k].max_mw);
        if (k == 0)
            f->first_offer[t] = col;
    }
}

static void interval_rows(struct form *f, const bool *on, int32_t t)
{
    const struct commit_unit *u = f->u;
    bool was_on = t > 0 ? on[t - 1] : u->on_before;
    double x0 = t == 0 && u->on_before ? u->mw_before - u->min_mw : 0;
    if (on[t] && u->most_up_mw > 0) {
        reserve(f, t, false, 1);
        at_most(f, u->most_up_mw);
    }
    if (on[t] && u->steady_reserve && (!was_on || stops_at(f->p, on, t))) {
        reserve(f, t, false, 1);
        reserve(f, t, true, 1);
        at_most(f, 0);
    }
    if (on[t]) {
        power(f, t, 1);
        reserve(f, t, false, 1);
        at_most(f, capacity(f->p, u, on, t));
        power(f, t, -1);
        reserve(f, t, true, 1);
        at_most(f, -least_above(u, t));
        if (u->ramp_up_mw < HUGE_VAL && (was_on || !u->free_ends)) {
            power(f, t, 1);
            if (u->reserve_shares_ramp)
                reserve(f, t, false, 1);
            if (t > 0 && was_on)
                power(f, t - 1, -1);
            at_most(f, u->ramp_up_mw + x0);
        }
    }
    if (was_on && u->ramp_down_mw < HUGE_VAL && (t > 0 || on[t]) &&
        (on[t] || !u->free_ends)) {
        if (t > 0)
            power(f, t - 1, 1);
        if (on[t])
            power(f, t, -1);
        at_most(f, u->ramp_down_mw - x0);
    }
}

/* Rise and fall of power cost, from and to nothing too. */
static void change_rows(struct form *f, const bool *on, int32_t t)
{
    const struct commit_unit *u = f->u;
    const bool was_on = t > 0 && on[t - 1];
    const double was = t == 0 ? u->mw_before : was_on ? u->min_mw : 0;
    const double step = (on[t] ? u->min_mw : 0) - was;
    for (int sign = -1; sign <= 1; sign += 2) {
        if (on[t])
            power(f, t, sign);
        if (was_on)
            power(f, t - 1, -sign);
        term(
            f,
            add_column(f, sign > 0 ? u->rise_usd_per_mw : u->fall_usd_per_mw, HUGE_VAL),
            -1);
        at_most(f, -sign * step);
    }
}

/* What is paid for being on in interval t, and for its being the first or the last. */
static double on_pay(const struct commit_problem *p, const struct commit_unit *u,
                     const struct unit_prices *prices, const bool *on, int32_t t)
{
    const bool starts = !(t == 0 ? u->on_before : on[t - 1]);
    const bool stops = t + 1 < p->n_interval && !on[t + 1];
    return (prices->bonus_usd ? prices->bonus_usd[t] : 0) +
           (prices->first_usd && starts ? prices->first_usd[t] : 0) +
           (prices->last_usd && stops && !starts ? prices->last_usd[t] : 0);
}

/* Pay of everything but x and r while on. */
static double fixed_pay(const struct commit_problem *p, const struct commit_unit *u,
                        const struct unit_prices *prices, const bool *on)
{
    double pay = 0;
    bool was_on = u->on_before;
    for (int32_t t = 0; t < p->n_interval; t++) {
        if (on[t])
            pay += prices->energy_usd_per_mw[t] * u->min_mw -
                   p->interval_h * u->min_cost_usd_per_h[t] +
                   on_pay(p, u, prices, on, t);
        for (int32_t k = 0; !on[t] && k < u->n_offer; k++)
            pay += fmax(0, reserve_price(u, prices, t, k) - offer_cost(p, u, t, k)) *
                   u->offer[k].max_off_mw;
        pay -= start_cost(p, u, on, t) + (was_on && !on[t] ? u->stop_cost_usd : 0);
        was_on = on[t];
    }
    return pay;
}

static double best_of_pattern(const struct commit_problem *p,
                              const struct commit_unit *u,
                              const struct unit_prices *prices, const bool *on)
{
    struct form f = {.p = p, .u = u, .prices = prices};
    struct err err = {0};
    enum lp_status status = LP_OPTIMAL;
    if (first_stop_broken(u, on) > 1e-9)
        return -HUGE_VAL;
    cr_assert_eq(lp_create(&f.lp, &err), ERR_OK);
    for (int32_t t = 0; t < p->n_interval; t++)
        if (on[t])
            interval_columns(&f, t);
    for (int32_t t = 0; t < p->n_interval; t++)
        interval_rows(&f, on, t);
    for (int32_t t = 0; t < p->n_interval; t++)
        change_rows(&f, on, t);
    double best = fixed_pay(p, u, prices, on);
    if (lp_n_columns(f.lp) > 0) {
        enum err_code code = lp_solve(f.lp, LP_PRIMAL, &status, &err);
        cr_assert_eq(code, ERR_OK, "%s", err.msg);
        best -= status == LP_OPTIMAL ? lp_objective(f.lp) : 0;
    }
    lp_destroy(f.lp);
    cr_assert(status != LP_UNBOUNDED);
    return status == LP_OPTIMAL ? best : -HUGE_VAL;
}

double unit_twin_best(const struct commit_problem *p, int32_t g,
                      const struct unit_prices *prices, const struct interval_set *on,
                      const struct interval_set *off)
{
    double best = -HUGE_VAL;
    cr_assert(p->n_interval <= 12);
    for (uint32_t bits = 0; bits < UINT32_C(1) << p->n_interval; bits++) {
        bool pattern[MOST_INTERVALS];
        for (int32_t t = 0; t < p->n_interval; t++)
            pattern[t] = bits >> t & 1;
        if (times_allow(p, &p->unit[g], pattern, on, off))
            best = fmax(best, best_of_pattern(p, &p->unit[g], prices, pattern));
    }
    return best;
}

/* ---- a given schedule ---- */

static void row(struct unit_inspection *i, double broken, const char *what)
{
    if (broken > i->broken) {
        i->broken = broken;
        i->what = what;
    }
}

static double curve_cost(const struct commit_curve *c, double x)
{
    double cost = 0, from = 0;
    for (int32_t i = 0; i < c->n_segment; i++) {
        cost += c->cost_usd_per_mwh[i] * fmax(0, fmin(x - from, c->width_mw[i]));
        from += c->width_mw[i];
    }
    return cost;
}

static void inspect_interval(const struct commit_problem *p,
                             const struct commit_unit *u, const bool *on, int32_t t,
                             const struct unit_schedule *s, struct unit_inspection *i)
{
    const double *r = s->reserve_mw + (size_t)t * (size_t)u->n_offer;
    bool was_on = t > 0 ? on[t - 1] : u->on_before;
    double x = s->above_mw[t], up = 0, down = 0;
    double before = t > 0          ? s->above_mw[t - 1]
                    : u->on_before ? u->mw_before - u->min_mw
                                   : 0;
    for (int32_t k = 0; k < u->n_offer; k++) {
        row(i, -r[k], "reserve below 0");
        row(i, r[k] - (on[t] ? u->offer[k].max_mw : u->offer[k].max_off_mw),
            "reserve above its limit");
        *(is_down(p, u, k) ? &down : &up) += r[k];
    }
    row(i, -x, "power below minimum");
    if (!on[t]) {
        row(i, x, "power while off");
    } else {
        row(i, x + up - capacity(p, u, on, t), "capacity");
        row(i, least_above(u, t) - x, "least power of the interval");
        row(i, down + least_above(u, t) - x, "downward reserve");
        if (u->most_up_mw > 0)
            row(i, up - u->most_up_mw, "upward reserve");
        if (u->steady_reserve && (!was_on || stops_at(p, on, t)))
            row(i, up + down, "reserve at a start or stop");
        if (was_on || !u->free_ends)
            row(i, x - before + (u->reserve_shares_ramp ? up : 0) - u->ramp_up_mw,
                "ramp up");
    }
    if (was_on && (on[t] || !u->free_ends))
        row(i, before - x - u->ramp_down_mw, "ramp down");
}

struct unit_inspection unit_twin_inspect(const struct commit_problem *p, int32_t g,
                                         const struct unit_prices *prices,
                                         const struct interval_set *on,
                                         const struct interval_set *off,
                                         const struct unit_schedule *s)
{
    const struct commit_unit *u = &p->unit[g];
    struct unit_inspection i = {.what = "nothing"};
    bool pattern[MOST_INTERVALS], was_on = u->on_before;
    double mw_before = u->mw_before;
    for (int32_t t = 0; t < p->n_interval; t++)
        pattern[t] = holds(&s->on, t);
    if (!times_allow(p, u, pattern, on, off))
        row(&i, HUGE_VAL, "times");
    row(&i, first_stop_broken(u, pattern), "stop at the first interval");
    for (int32_t t = 0; t < p->n_interval; t++) {
        inspect_interval(p, u, pattern, t, s, &i);
        double start = start_cost(p, u, pattern, t);
        row(&i, fabs(start - s->start_cost_usd[t]), "start cost");
        i.start_usd += start;
        i.cost_usd += start + (was_on && !pattern[t] ? u->stop_cost_usd : 0);
        const double power_mw = pattern[t] ? u->min_mw + s->above_mw[t] : 0;
        i.cost_usd += fmax((power_mw - mw_before) * u->rise_usd_per_mw,
                           (mw_before - power_mw) * u->fall_usd_per_mw);
        mw_before = power_mw;
        was_on = pattern[t];
        if (pattern[t]) {
            i.cost_usd +=
                p->interval_h * (u->min_cost_usd_per_h[t] +
                                 curve_cost(&p->curve[u->curve[t]], s->above_mw[t]));
            i.value_usd += prices->energy_usd_per_mw[t] * (u->min_mw + s->above_mw[t]) +
                           on_pay(p, u, prices, pattern, t);
        }
        for (int32_t k = 0; k < u->n_offer; k++) {
            double mw = s->reserve_mw[t * u->n_offer + k];
            i.cost_usd += mw * offer_cost(p, u, t, k);
            i.value_usd += mw * reserve_price(u, prices, t, k);
        }
    }
    i.value_usd -= i.cost_usd;
    return i;
}
