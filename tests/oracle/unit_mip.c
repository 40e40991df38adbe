/* unit_mip.c - see unit_mip.h. Columns and rows are 1-based here, intervals 0-based. */
#include "tests/oracle/unit_mip.h"

#include <criterion/criterion.h>
#include <glpk.h>
#include <math.h>

enum {
    MOST_INTERVALS = COMMIT_INTERVALS,
    MOST_SECONDS = 5,
    MOST_TERMS = 4 * MOST_INTERVALS,
};

struct mip {
    const struct commit_problem *p;
    const struct commit_unit *u;
    const struct unit_prices *prices;
    glp_prob *lp;
    int on[MOST_INTERVALS], starts[MOST_INTERVALS], stops[MOST_INTERVALS];
    int category[MOST_INTERVALS]; /* the first of the interval */
    int x[MOST_INTERVALS], held[MOST_INTERVALS], held_off[MOST_INTERVALS];
    double x_before, span;
    int n, col[MOST_TERMS + 1];
    double value[MOST_TERMS + 1];
};

static bool holds(const struct interval_set *set, int32_t t)
{
    return set && set->word[t / 64] >> (t % 64) & 1;
}

static int column(struct mip *m, double cost, double up)
{
    int j = glp_add_cols(m->lp, 1);
    int kind = up <= 0 ? GLP_FX : up < HUGE_VAL ? GLP_DB : GLP_LO;
    glp_set_col_bnds(m->lp, j, kind, 0, kind == GLP_DB ? up : 0);
    glp_set_obj_coef(m->lp, j, cost);
    return j;
}

static int binary(struct mip *m, double cost)
{
    int j = column(m, cost, 1);
    glp_set_col_kind(m->lp, j, GLP_BV);
    return j;
}

static void fix(struct mip *m, int j, double value)
{
    glp_set_col_bnds(m->lp, j, GLP_FX, value, value);
}

static void term(struct mip *m, int j, double value)
{
    for (int k = 1; k <= m->n; k++)
        if (m->col[k] == j) {
            m->value[k] += value;
            return;
        }
    m->col[++m->n] = j;
    m->value[m->n] = value;
}

static void row(struct mip *m, int kind, double side)
{
    int i = glp_add_rows(m->lp, 1);
    glp_set_row_bnds(m->lp, i, kind, side, side);
    glp_set_mat_row(m->lp, i, m->n, m->col, m->value);
    m->n = 0;
}

static double offer_cost(const struct mip *m, int32_t t, int32_t k)
{
    const double *price = m->u->offer[k].price_usd_per_mw;
    return (price ? m->p->interval_h * price[t] : 0) -
           m->prices->reserve_usd_per_mw[t * m->u->n_offer + k];
}

static void reserve(struct mip *m, int32_t t, bool down, double sign)
{
    for (int32_t k = 0; k < m->u->n_offer; k++)
        if ((m->p->down_products >> m->u->offer[k].product & 1) == down)
            term(m, m->held[t] + k, sign);
}

static void power(struct mip *m, int32_t t)
{
    const struct commit_curve *c = &m->p->curve[m->u->curve[t]];
    m->x[t] = column(m, -m->prices->energy_usd_per_mw[t], m->span);
    term(m, m->x[t], -1);
    for (int32_t i = 0; i < c->n_segment; i++)
        term(m, column(m, m->p->interval_h * c->cost_usd_per_mwh[i], c->width_mw[i]),
             1);
    row(m, GLP_FX, 0);
    m->held[t] = glp_get_num_cols(m->lp) + 1;
    for (int32_t k = 0; k < m->u->n_offer; k++)
        (void)column(m, offer_cost(m, t, k), m->u->offer[k].max_mw);
    m->held_off[t] = glp_get_num_cols(m->lp) + 1;
    for (int32_t k = 0; k < m->u->n_offer; k++) {
        double most = m->u->offer[k].max_off_mw;
        term(m, column(m, offer_cost(m, t, k), most), 1);
        term(m, m->on[t], most);
        row(m, GLP_UP, most);
    }
}

static void columns(struct mip *m, const struct interval_set *on,
                    const struct interval_set *off)
{
    const struct commit_unit *u = m->u;
    int32_t least = (u->on_before ? u->min_up : u->min_down) - u->age_before;
    for (int32_t t = 0; t < m->p->n_interval; t++) {
        double pay = m->prices->bonus_usd ? m->prices->bonus_usd[t] : 0;
        m->on[t] = binary(m, m->p->interval_h * u->min_cost_usd_per_h[t] - pay -
                                 m->prices->energy_usd_per_mw[t] * u->min_mw);
        m->starts[t] = binary(m, m->prices->first_usd ? -m->prices->first_usd[t] : 0);
        m->stops[t] = binary(m, u->stop_cost_usd);
        m->category[t] = glp_get_num_cols(m->lp) + 1;
        for (int32_t k = 0; k < u->n_start; k++)
            (void)binary(m, u->start[k].cost_usd);
        uint8_t status = u->status ? u->status[t] : COMMIT_FREE;
        bool must = holds(on, t) || status == COMMIT_ON || (t < least && u->on_before);
        bool ban =
            holds(off, t) || status == COMMIT_OFF || (t < least && !u->on_before);
        if (must || ban)
            fix(m, m->on[t], must ? 1 : 0);
        if (must && ban) { /* no solution */
            term(m, m->on[t], 1);
            row(m, GLP_FX, 0);
        }
        power(m, t);
    }
}

/* Sum over the n intervals up to t of v - sign x on[t] <= side. */
static void window(struct mip *m, const int *v, int32_t n, int32_t t, double sign,
                   double side)
{
    for (int32_t i = t - n + 1 > 0 ? t - n + 1 : 0; i <= t; i++)
        term(m, v[i], 1);
    term(m, m->on[t], -sign);
    row(m, GLP_UP, side);
}

static void categories(struct mip *m, int32_t t)
{
    const struct commit_unit *u = m->u;
    int32_t a = t + 1;
    if (u->n_start == 0)
        return;
    term(m, m->starts[t], -1);
    for (int32_t k = 0; k < u->n_start; k++)
        term(m, m->category[t] + k, 1);
    row(m, GLP_FX, 0);
    for (int32_t k = 0; k + 1 < u->n_start; k++) {
        int32_t from = k > 0 || m->p->pglib_start_rows ? u->start[k].lag : 0;
        int32_t next = u->start[k + 1].lag, since = t + u->age_before;
        bool open = false, barred = false;
        if (m->p->pglib_start_rows) {
            open = a < next;
            barred = open && !u->on_before && a >= next - u->age_before + 1;
        } else if (!u->on_before) {
            open = from <= since && since < next;
        }
        if (barred)
            fix(m, m->category[t] + k, 0);
        if (open)
            continue;
        term(m, m->category[t] + k, 1);
        for (int32_t i = from; i < next && i <= t; i++)
            term(m, m->stops[t - i], -1);
        row(m, GLP_UP, 0);
    }
}

static void limits(struct mip *m, int32_t t)
{
    const struct commit_unit *u = m->u;
    bool last = t + 1 == m->p->n_interval;
    const double most = u->most_mw ? u->most_mw[t] : u->max_mw;
    const double least = u->least_mw ? u->least_mw[t] - u->min_mw : 0;
    double c[2] = {fmax(most - u->start_max_mw, 0), fmax(most - u->stop_max_mw, 0)};
    /* What of a ramp's row does not hold at a start, or a stop. */
    const double loose = u->free_ends ? m->span : 0;
    for (int k = 0; k < (last ? 1 : 2); k++) { /* (5) */
        term(m, m->x[t], 1);
        reserve(m, t, false, 1);
        term(m, m->on[t], -(most - u->min_mw));
        term(m, k == 0 ? m->starts[t] : m->stops[t + 1], c[k]);
        row(m, GLP_UP, 0);
    }
    if (u->most_up_mw > 0) { /* (8) */
        reserve(m, t, false, 1);
        row(m, GLP_UP, u->most_up_mw);
    }
    for (int32_t k = 0; u->steady_reserve && k < u->n_offer; k++)
        for (int at = 0; at < (last ? 1 : 2); at++) {
            double held = fmin(u->offer[k].max_mw, m->span);
            term(m, m->held[t] + k, 1);
            term(m, at == 0 ? m->starts[t] : m->stops[t + 1], held);
            row(m, GLP_UP, held);
        }
    term(m, m->x[t], -1); /* (6) */
    reserve(m, t, true, 1);
    term(m, m->on[t], least);
    row(m, GLP_UP, 0);
    if (u->ramp_up_mw < HUGE_VAL) { /* (7) */
        term(m, m->x[t], 1);
        if (u->reserve_shares_ramp)
            reserve(m, t, false, 1);
        if (t > 0)
            term(m, m->x[t - 1], -1);
        term(m, m->starts[t], -loose);
        if (t == 0) /* it may stop from below where it could be */
            term(m, m->stops[t], fmin(m->x_before, 0));
        row(m, GLP_UP, u->ramp_up_mw + (t > 0 ? 0 : m->x_before));
    }
    if (u->ramp_down_mw < HUGE_VAL) {
        term(m, m->x[t], -1);
        term(m, m->stops[t], -fmax(loose, u->free_ends ? m->x_before : 0));
        if (t > 0)
            term(m, m->x[t - 1], 1);
        row(m, GLP_UP, u->ramp_down_mw - (t > 0 ? 0 : m->x_before));
    }
    for (int sign = -1; sign <= 1; sign += 2) { /* changes, in (1) */
        term(m, m->on[t], sign * u->min_mw);
        term(m, m->x[t], sign);
        if (t > 0) {
            term(m, m->on[t - 1], -sign * u->min_mw);
            term(m, m->x[t - 1], -sign);
        }
        term(m, column(m, sign > 0 ? u->rise_usd_per_mw : u->fall_usd_per_mw, HUGE_VAL),
             -1);
        row(m, GLP_UP, t > 0 ? 0 : sign * u->mw_before);
    }
    if (t == 0 && u->on_before &&
        m->x_before > m->span - fmax(u->max_mw - u->stop_max_mw, 0))
        fix(m, m->stops[0], 0);
}

/* What is paid for a last interval, t-1, that is not the first: z = stop and not start. */
static void last_one(struct mip *m, int32_t t)
{
    if (!m->prices->last_usd || t == 0)
        return;
    const int z = column(m, -m->prices->last_usd[t - 1], 1);
    term(m, z, 1);
    term(m, m->stops[t], -1);
    row(m, GLP_UP, 0);
    term(m, z, 1);
    term(m, m->starts[t - 1], 1);
    row(m, GLP_UP, 1);
    term(m, m->stops[t], 1);
    term(m, m->starts[t - 1], -1);
    term(m, z, -1);
    row(m, GLP_UP, 0);
}

static void times(struct mip *m, int32_t t)
{
    const struct commit_unit *u = m->u;
    term(m, m->on[t], 1);
    if (t > 0)
        term(m, m->on[t - 1], -1);
    term(m, m->starts[t], -1);
    term(m, m->stops[t], 1);
    row(m, GLP_FX, t > 0 || !u->on_before ? 0 : 1);
    window(m, m->starts, u->min_up, t, 1, 0);
    window(m, m->stops, u->min_down, t, -1, 1);
    if (u->max_starts > 0) {
        for (int32_t i = t; i >= 0 && (!m->p->day || m->p->day[i] == m->p->day[t]); i--)
            term(m, m->starts[i], 1);
        row(m, GLP_UP, u->max_starts);
    }
}

static void unit_rows(struct mip *m, const struct interval_set *on,
                      const struct interval_set *off)
{
    columns(m, on, off);
    for (int32_t t = 0; t < m->p->n_interval; t++) {
        times(m, t);
        last_one(m, t);
        categories(m, t);
        limits(m, t);
    }
}

/* The best value of what lp minimises; false if the time ran out. */
static bool optimum(glp_prob *lp, double gap, double *value)
{
    glp_iocp how;
    glp_init_iocp(&how);
    how.presolve = GLP_ON;
    how.tm_lim = 1000 * MOST_SECONDS;
    how.tol_int = 1e-9;
    how.mip_gap = gap;
    int code = glp_intopt(lp, &how), status = glp_mip_status(lp);
    bool none = code == GLP_ENOPFS || (code == 0 && status == GLP_NOFEAS);
    *value = none ? HUGE_VAL : glp_mip_obj_val(lp);
    return none || ((code == 0 || code == GLP_EMIPGAP) &&
                    (status == GLP_OPT || status == GLP_FEAS));
}

bool unit_mip_best(const struct commit_problem *p, int32_t g,
                   const struct unit_prices *prices, const struct interval_set *on,
                   const struct interval_set *off, double *value)
{
    const struct commit_unit *u = &p->unit[g];
    static struct mip m;
    m = (struct mip){.p = p, .u = u, .prices = prices, .span = u->max_mw - u->min_mw};
    m.x_before = u->on_before ? u->mw_before - u->min_mw : 0;
    glp_term_out(GLP_OFF);
    m.lp = glp_create_prob();
    unit_rows(&m, on, off);
    const bool known = optimum(m.lp, 0, value);
    *value = -*value;
    glp_delete_prob(m.lp);
    return known;
}

/* ---- fleets ------------------------------------------------------------------------------ */

static void balance(struct mip *all, int32_t t)
{
    const struct commit_problem *p = all->p;
    struct mip *m = &all[0];
    for (int32_t g = 0; g < p->n_unit; g++) {
        term(m, all[g].on[t], p->unit[g].min_mw);
        term(m, all[g].x[t], 1);
    }
    double rest = p->load_mw[t];
    for (int32_t o = 0; o < p->n_other; o++) {
        const struct commit_other *x = &p->other[o];
        const double cost = x->cost_usd_per_mwh ? x->cost_usd_per_mwh[t] : 0;
        term(m, column(m, p->interval_h * cost, x->max_mw[t] - x->min_mw[t]), 1);
        rest -= x->min_mw[t];
    }
    if (!isinf(p->shortage_usd_per_mwh))
        term(m, column(m, p->interval_h * p->shortage_usd_per_mwh, HUGE_VAL), 1);
    if (!isinf(p->surplus_usd_per_mwh))
        term(m, column(m, p->interval_h * p->surplus_usd_per_mwh, HUGE_VAL), -1);
    row(m, GLP_FX, rest);
}

static void requirement(struct mip *all, const struct commit_requirement *r, int32_t t)
{
    struct mip *m = &all[0];
    for (int32_t g = 0; g < m->p->n_unit; g++) {
        const struct commit_unit *u = &m->p->unit[g];
        bool listed = r->n_unit == 0;
        for (int32_t k = 0; k < r->n_unit; k++)
            listed = listed || r->unit[k] == g;
        for (int32_t k = 0; k < u->n_offer && listed; k++)
            if (r->products >> u->offer[k].product & 1) {
                term(m, all[g].held[t] + k, 1);
                term(m, all[g].held_off[t] + k, 1);
            }
    }
    for (int32_t s = 0; s < r->n_step; s++)
        term(m, column(m, m->p->interval_h * r->step_usd_per_mw[s], r->step_mw[s]), 1);
    row(m, GLP_LO, r->need_mw[t]);
}

bool fleet_mip_best(const struct commit_problem *p, double gap, double *cost)
{
    static struct mip all[FLEET_MIP_UNITS];
    static const double nothing[MOST_INTERVALS * COMMIT_PRODUCTS];
    static const struct unit_prices prices = {.energy_usd_per_mw = nothing,
                                              .reserve_usd_per_mw = nothing};
    glp_prob *lp = glp_create_prob();
    double given = 0; /* lower limits of others have been taken off */
    cr_assert_leq(p->n_unit, FLEET_MIP_UNITS);
    glp_term_out(GLP_OFF);
    for (int32_t g = 0; g < p->n_unit; g++) {
        const struct commit_unit *u = &p->unit[g];
        all[g] = (struct mip){.p = p,
                              .u = u,
                              .prices = &prices,
                              .span = u->max_mw - u->min_mw,
                              .x_before = u->on_before ? u->mw_before - u->min_mw : 0,
                              .lp = lp};
        unit_rows(&all[g], NULL, NULL);
    }
    for (int32_t t = 0; t < p->n_interval; t++) {
        balance(all, t);
        for (int32_t q = 0; q < p->n_requirement; q++)
            requirement(all, &p->requirement[q], t);
        for (int32_t o = 0; o < p->n_other; o++)
            if (p->other[o].cost_usd_per_mwh)
                given += p->interval_h * p->other[o].cost_usd_per_mwh[t] *
                         p->other[o].min_mw[t];
    }
    const bool known = optimum(lp, gap, cost);
    *cost += given;
    glp_delete_prob(lp);
    return known;
}
