/* commit_twin.c - see commit_twin.h. */
#include "tests/oracle/commit_twin.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

enum {
    TWIN_UNITS = 3,
    TWIN_INTERVALS = 8
};

/* ---- patterns ---------------------------------------------------------------------------- */

static bool is_on(const struct commit_unit *u, unsigned pattern, int32_t t)
{
    return t < 0 ? u->on_before : (pattern >> t & 1) != 0;
}

/* The start category's cost at t after `off` intervals off; `first`: never on before. */
static double start_cost(const struct commit_problem *p, const struct commit_unit *u,
                         int32_t t, int32_t off, bool first)
{
    if (u->n_start == 0)
        return 0;
    if (!p->pglib_start_rows) {
        double cost = u->start[0].cost_usd;
        for (int32_t s = 1; s < u->n_start; s++)
            if (off >= u->start[s].lag)
                cost = u->start[s].cost_usd;
        return cost;
    }
    double best = HUGE_VAL;
    for (int32_t s = 0; s < u->n_start; s++) {
        bool may = true;
        const int32_t a = t + 1;
        if (s + 1 < u->n_start && a >= u->start[s + 1].lag) {
            /* Row (STISelect): some stop lies in the window of the category. */
            may = !first && u->start[s].lag <= off && off < u->start[s + 1].lag;
        } else if (s + 1 < u->n_start && !u->on_before) {
            /* Row (STIInit) forbids the category in these intervals. */
            const int32_t from = u->start[s + 1].lag - u->age_before + 1;
            may = a < (from > 1 ? from : 1);
        }
        if (may)
            best = fmin(best, u->start[s].cost_usd);
    }
    return best;
}

static double start_fuel(const struct commit_unit *u, unsigned pattern, int32_t t)
{
    int32_t off = 0;
    double fuel = 0;
    while (t - off > 0 && !is_on(u, pattern, t - 1 - off))
        off++;
    if (off == t && !u->on_before)
        off += u->age_before;
    for (int32_t s = 0; s < u->n_start && !is_on(u, pattern, t - 1); s++)
        if (s == 0 || off >= u->start[s].lag)
            fuel = u->start_fuel[s];
    return fuel;
}

/* Whether a store has a rule that its power alone does not decide. */
static bool has_ways(const struct commit_store *s)
{
    return s->one_way || s->charge_min_mw || s->discharge_min_mw;
}

/* Of a store with ways: bit t, it charges; bit n_interval + t, it discharges. */
static bool goes(const struct commit_problem *p, unsigned pattern, bool out, int32_t t)
{
    return pattern >> (t + (out ? p->n_interval : 0)) & 1;
}

static unsigned n_pattern(const struct commit_problem *p, const struct commit_unit *u)
{
    if (!u->store)
        return 1u << p->n_interval;
    return has_ways(u->store) ? 1u << 2 * p->n_interval : 1;
}

/* No pattern is left out but those of which another says the same and more. */
static bool may_go(const struct commit_problem *p, const struct commit_store *s,
                   unsigned pattern)
{
    for (int32_t t = 0; t < p->n_interval && has_ways(s); t++) {
        const bool in = goes(p, pattern, false, t), out = goes(p, pattern, true, t);
        const bool apart = s->one_way && s->one_way[t];
        const bool free_in = !s->charge_min_mw || s->charge_min_mw[t] <= 0;
        const bool free_out = !s->discharge_min_mw || s->discharge_min_mw[t] <= 0;
        if ((apart && in && out) || (free_in && !in && !(apart && out)) ||
            (free_out && !out && !(apart && in)))
            return false;
    }
    return true;
}

/* Cost of starts, stops and minimum power of a pattern; HUGE_VAL = not allowed. */
static double pattern_cost(const struct commit_problem *p, const struct commit_unit *u,
                           unsigned pattern)
{
    double cost = 0;
    int32_t age = u->age_before;
    bool first = !u->on_before;
    if (u->store)
        return may_go(p, u->store, pattern) ? 0 : HUGE_VAL;
    for (int32_t t = 0; t < p->n_interval; t++) {
        const bool on = is_on(u, pattern, t), before = is_on(u, pattern, t - 1);
        if (u->status && u->status[t] == (on ? COMMIT_OFF : COMMIT_ON))
            return HUGE_VAL;
        if (on != before && age < (before ? u->min_up : u->min_down))
            return HUGE_VAL;
        if (on && !before)
            cost += start_cost(p, u, t, age, first);
        if (!on && before)
            cost += u->stop_cost_usd;
        if (on) {
            cost += p->interval_h * u->min_cost_usd_per_h[t];
            first = false;
        }
        age = on == before ? age + 1 : 1;
    }
    for (int32_t t = 0; t < p->n_interval && u->max_starts > 0; t++) {
        int32_t starts = 0;
        for (int32_t i = 0; i < p->n_interval; i++)
            if ((!p->day || p->day[i] == p->day[t]) && is_on(u, pattern, i) &&
                !is_on(u, pattern, i - 1))
                starts++;
        if (starts > u->max_starts)
            return HUGE_VAL;
    }
    return cost;
}

/* ---- the linear program ------------------------------------------------------------------- */

struct twin {
    const struct commit_problem *p;
    const unsigned *pattern; /* [n_unit] */
    glp_prob *lp;
    int weight; /* column: how much of the unit's pattern is taken; 0 = all of it */
    int balance[TWIN_INTERVALS];
    int requirement[16][TWIN_INTERVALS];
    int limit[2][4][TWIN_INTERVALS]; /* rows of least and most */
    double rhs[TWIN_INTERVALS];      /* load less minimum powers */
};

static int column(struct twin *w, double cost, double lo, double up)
{
    const int j = glp_add_cols(w->lp, 1);
    glp_set_obj_coef(w->lp, j, cost);
    glp_set_col_bnds(w->lp, j, lo == up ? GLP_FX : isinf(up) ? GLP_LO : GLP_DB, lo, up);
    return j;
}

static int row(struct twin *w, int type, double bound)
{
    const int i = glp_add_rows(w->lp, 1);
    glp_set_row_bnds(w->lp, i, type, bound, bound);
    return i;
}

static void put(struct twin *w, int i, int j, double value)
{
    int col[2000];
    double val[2000];
    int n = glp_get_mat_row(w->lp, i, col, val);
    col[++n] = j;
    val[n] = value;
    glp_set_mat_row(w->lp, i, n, col, val);
}

/* A row with that bound for the whole of the pattern. */
static int part_row(struct twin *w, int type, double bound)
{
    if (!w->weight)
        return row(w, type, fmin(bound, 1e9));
    if (bound >= 1e9)
        return row(w, GLP_FR, 0);
    const int i = row(w, type, 0);
    put(w, i, w->weight, -bound);
    return i;
}

/* A column from 0 to up for the whole of the pattern. */
static int part_column(struct twin *w, double cost, double up)
{
    const int j = column(w, cost, 0, w->weight ? HUGE_VAL : up);
    if (w->weight && !isinf(up)) {
        const int i = row(w, GLP_UP, 0);
        put(w, i, j, 1);
        put(w, i, w->weight, -up);
    }
    return j;
}

/* A part of the unit's power in the limits (11). */
static void put_power(struct twin *w, int32_t g, int32_t t, int j, double mw)
{
    for (int32_t k = 0; k < w->p->n_limit; k++)
        for (int side = 0; side < 2 && w->p->limit[k].unit; side++)
            put(w, w->limit[side][k][t], j, mw * w->p->limit[k].unit[g]);
}

static void limit_rows(struct twin *w, int32_t t)
{
    for (int32_t k = 0; k < w->p->n_limit; k++) {
        const struct commit_limit *c = &w->p->limit[k];
        for (int side = 0; side < 2; side++) {
            const double bound = side == 0 ? c->min_mw[t] : c->max_mw[t];
            const int i = row(w,
                              isinf(bound) ? GLP_FR
                              : side == 0  ? GLP_LO
                                           : GLP_UP,
                              isinf(bound) ? 0 : bound);
            w->limit[side][k][t] = i;
            if (!isinf(c->usd_per_mwh))
                put(w, i, column(w, w->p->interval_h * c->usd_per_mwh, 0, HUGE_VAL),
                    side == 0 ? 1 : -1);
        }
    }
}

/* What power above minimum has to add to a step of the minimum into t: rise less fall. */
static int change_row(struct twin *w, const struct commit_unit *u, unsigned pattern,
                      int32_t t)
{
    if (t == w->p->n_interval)
        return row(w, GLP_FR, 0);
    const double from_mw =
        t == 0 ? u->mw_before : (is_on(u, pattern, t - 1) ? u->min_mw : 0);
    const int i = part_row(w, GLP_FX, from_mw - (is_on(u, pattern, t) ? u->min_mw : 0));
    put(w, i, column(w, u->rise_usd_per_mw, 0, HUGE_VAL), -1);
    put(w, i, column(w, u->fall_usd_per_mw, 0, HUGE_VAL), 1);
    return i;
}

/* The rows of an interval in which reserve takes room. */
struct room {
    bool on, steady;
    int cap, low, most_up, ramp_up;
};

static void put_offers(struct twin *w, int32_t g, int32_t t, const struct room *in)
{
    const struct commit_problem *p = w->p;
    const struct commit_unit *u = &p->unit[g];
    for (int32_t o = 0; o < u->n_offer; o++) {
        const struct commit_offer *offer = &u->offer[o];
        const double price = offer->price_usd_per_mw ? offer->price_usd_per_mw[t] : 0;
        const bool is_down = p->down_products >> offer->product & 1;
        const int j =
            part_column(w, p->interval_h * price,
                        in->on ? (in->steady ? offer->max_mw : 0) : offer->max_off_mw);
        if (!is_down)
            put(w, in->most_up, j, 1);
        if (in->on)
            put(w, is_down ? in->low : in->cap, j, is_down ? -1 : 1);
        if (u->reserve_shares_ramp)
            put(w, in->ramp_up, j, 1);
        for (int32_t q = 0; q < p->n_requirement; q++) {
            const struct commit_requirement *r = &p->requirement[q];
            bool listed = r->n_unit == 0;
            for (int32_t k = 0; k < r->n_unit; k++)
                listed = listed || r->unit[k] == g;
            if (listed && r->products >> offer->product & 1)
                put(w, w->requirement[q][t], j, 1);
        }
    }
}

/* MW of a curve that may be NULL, each with its part in the energy of row `energy`. */
static void store_columns(struct twin *w, int32_t g, int32_t t, const int32_t *curve,
                          double least, double most, double sign, int energy,
                          double mwh, const int *ramp, const int *next)
{
    const struct commit_problem *p = w->p;
    const struct commit_curve *c = curve ? &p->curve[curve[t]] : NULL;
    const int cap = part_row(w, GLP_UP, most), low = part_row(w, GLP_LO, least);
    for (int32_t k = 0; k < (c ? c->n_segment : 1); k++) {
        const int j = part_column(w, c ? p->interval_h * c->cost_usd_per_mwh[k] : 0,
                                  c ? c->width_mw[k] : most);
        put(w, cap, j, 1);
        put(w, low, j, 1);
        put(w, energy, j, mwh);
        put(w, w->balance[t], j, sign);
        for (int side = 0; side < 2; side++) {
            put(w, ramp[side], j, side == 0 ? sign : -sign);
            put(w, next[side], j, side == 0 ? -sign : sign);
        }
        put_power(w, g, t, j, sign);
    }
}

/* What it keeps after t less what it kept before, less what t adds, is nothing. */
static void store_rows(struct twin *w, int32_t g)
{
    const struct commit_problem *p = w->p;
    const struct commit_store *s = p->unit[g].store;
    const double up = s->ramp_up_mw > 0 ? fmin(s->ramp_up_mw, 1e9) : 1e9;
    const double down = s->ramp_down_mw > 0 ? fmin(s->ramp_down_mw, 1e9) : 1e9;
    const bool known = !isnan(s->mw_before);
    int before = 0;
    int ramp[2] = {part_row(w, GLP_UP, known ? up + s->mw_before : 1e9),
                   part_row(w, GLP_UP, known ? down - s->mw_before : 1e9)};
    for (int32_t t = 0; t < p->n_interval; t++) {
        const bool last = t + 1 == p->n_interval;
        const int energy =
            part_row(w, GLP_FX, t == 0 ? commit_store_keeps(s, t) * s->first_mwh : 0);
        const int least = part_row(w, GLP_LO, s->least_mwh[t]);
        const int kept =
            part_column(w, last ? -s->worth_usd_per_mwh : 0, s->most_mwh[t]);
        const int next[2] = {part_row(w, GLP_UP, last ? 1e9 : up),
                             part_row(w, GLP_UP, last ? 1e9 : down)};
        put(w, least, kept, 1);
        put(w, energy, kept, 1);
        if (t > 0)
            put(w, energy, before, -commit_store_keeps(s, t));
        before = kept;
        const bool out = !has_ways(s) || goes(p, w->pattern[g], true, t);
        const bool in = !has_ways(s) || goes(p, w->pattern[g], false, t);
        store_columns(w, g, t, s->discharge_curve,
                      out && s->discharge_min_mw ? s->discharge_min_mw[t] : 0,
                      out ? s->discharge_max_mw[t] : 0, 1, energy,
                      p->interval_h / s->discharge_efficiency[t], ramp, next);
        store_columns(w, g, t, s->charge_curve,
                      in && s->charge_min_mw ? s->charge_min_mw[t] : 0,
                      in ? s->charge_max_mw[t] : 0, -1, energy,
                      -p->interval_h * s->charge_efficiency[t], ramp, next);
        ramp[0] = next[0];
        ramp[1] = next[1];
    }
}

static void unit_rows(struct twin *w, int32_t g)
{
    if (w->p->unit[g].store) {
        store_rows(w, g);
        return;
    }
    const struct commit_problem *p = w->p;
    const struct commit_unit *u = &p->unit[g];
    const unsigned pattern = w->pattern[g];
    const double at_first_stop = fmin(u->max_mw, u->stop_max_mw) - u->min_mw;
    const double x0 = u->on_before ? u->mw_before - u->min_mw : 0;
    int up_before = 0, down_before = 0; /* rows of the interval before that see x_t */
    int change = change_row(w, u, pattern, 0);
    for (int32_t t = 0; t < p->n_interval; t++) {
        const bool before = is_on(u, pattern, t - 1), on = is_on(u, pattern, t);
        const bool last = t + 1 == p->n_interval;
        const bool stops = !last && on && !is_on(u, pattern, t + 1);
        /* Ramp rows into t; x of t - 1 was put in when it was written. */
        const int up = up_before, down = down_before;
        double most = u->most_mw ? u->most_mw[t] : u->max_mw;
        if (!before)
            most = fmin(most, u->start_max_mw);
        if (stops)
            most = fmin(most, u->stop_max_mw);
        const int cap = part_row(w, GLP_UP, on ? most - u->min_mw : 0);
        const int low =
            part_row(w, GLP_LO, on && u->least_mw ? u->least_mw[t] - u->min_mw : 0);
        /* Ramps into the interval, and from it on. */
        const bool to = !u->free_ends || (!last && is_on(u, pattern, t + 1) && on);
        const bool now = !u->free_ends || (before && on);
        const int most_up =
            part_row(w, GLP_UP, on && u->most_up_mw > 0 ? u->most_up_mw : 1e9);
        const bool steady = !u->steady_reserve || (before && !stops);
        const int ramp_up =
            t == 0 ? part_row(w, GLP_UP, now ? u->ramp_up_mw + x0 : 1e9) : up;
        const int ramp_down =
            t == 0 ? part_row(w, GLP_UP, now ? u->ramp_down_mw - x0 : 1e9) : down;
        if (t == 0 && before && !on) /* an empty row: power before the stop is given */
            (void)part_row(w, GLP_UP, at_first_stop - x0);
        /* Those of the last interval lead nowhere and have no bound. */
        up_before = part_row(w, GLP_UP, last || !to ? 1e9 : u->ramp_up_mw);
        down_before = part_row(w, GLP_UP, last || !to ? 1e9 : u->ramp_down_mw);
        const int change_next = change_row(w, u, pattern, t + 1);
        if (on && w->weight)
            put(w, w->balance[t], w->weight, u->min_mw);
        else if (on)
            w->rhs[t] -= u->min_mw;
        if (on && u->supply > 0)
            put(w, w->limit[1][u->supply - 1][t],
                w->weight ? w->weight : column(w, 0, 1, 1),
                p->interval_h * u->min_fuel_per_h + start_fuel(u, pattern, t));
        if (on && u->min_mw > 0)
            put_power(w, g, t, w->weight ? w->weight : column(w, 0, 1, 1), u->min_mw);
        const struct commit_curve *c = &p->curve[u->curve[t]];
        for (int32_t s = 0; s < c->n_segment; s++) {
            const int j =
                part_column(w, p->interval_h * c->cost_usd_per_mwh[s], c->width_mw[s]);
            put(w, w->balance[t], j, 1);
            put_power(w, g, t, j, 1);
            if (u->supply > 0)
                put(w, w->limit[1][u->supply - 1][t], j,
                    p->interval_h * u->fuel_per_mwh[s]);
            put(w, cap, j, 1);
            put(w, low, j, 1);
            put(w, ramp_up, j, 1);
            put(w, ramp_down, j, -1);
            put(w, up_before, j, -1);
            put(w, down_before, j, 1);
            put(w, change, j, 1);
            put(w, change_next, j, -1);
        }
        put_offers(w, g, t, &(struct room){on, steady, cap, low, most_up, ramp_up});
        change = change_next;
    }
}

static void system_rows(struct twin *w)
{
    const struct commit_problem *p = w->p;
    for (int32_t t = 0; t < p->n_interval; t++) {
        w->rhs[t] = p->load_mw[t];
        limit_rows(w, t);
        w->balance[t] = row(w, GLP_FX, 0);
        if (!isinf(p->shortage_usd_per_mwh))
            put(w, w->balance[t],
                column(w, p->interval_h * p->shortage_usd_per_mwh, 0, HUGE_VAL), 1);
        if (!isinf(p->surplus_usd_per_mwh))
            put(w, w->balance[t],
                column(w, p->interval_h * p->surplus_usd_per_mwh, 0, HUGE_VAL), -1);
        for (int32_t o = 0; o < p->n_other; o++) {
            const struct commit_other *x = &p->other[o];
            const int j = column(
                w, x->cost_usd_per_mwh ? p->interval_h * x->cost_usd_per_mwh[t] : 0,
                x->min_mw[t], x->max_mw[t]);
            put(w, w->balance[t], j, 1);
            for (int32_t k = 0; k < p->n_limit; k++)
                for (int side = 0; side < 2 && p->limit[k].other; side++)
                    put(w, w->limit[side][k][t], j, p->limit[k].other[o]);
        }
        for (int32_t q = 0; q < p->n_requirement; q++) {
            const struct commit_requirement *r = &p->requirement[q];
            w->requirement[q][t] = row(w, GLP_LO, r->need_mw[t]);
            for (int32_t s = 0; s < r->n_step; s++)
                put(w, w->requirement[q][t],
                    column(w, p->interval_h * r->step_usd_per_mw[s], 0, r->step_mw[s]),
                    1);
        }
    }
}

/* The value of the program once all its rows are there. */
static double solved(struct twin *w)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    for (int32_t t = 0; t < w->p->n_interval; t++)
        glp_set_row_bnds(w->lp, w->balance[t], GLP_FX, w->rhs[t], w->rhs[t]);
    glp_simplex(w->lp, &parm);
    const double cost =
        glp_get_status(w->lp) == GLP_OPT ? glp_get_obj_val(w->lp) : HUGE_VAL;
    glp_delete_prob(w->lp);
    return cost;
}

static double dispatch_cost(const struct commit_problem *p, const unsigned *pattern)
{
    struct twin w = {.p = p, .pattern = pattern, .lp = glp_create_prob()};
    system_rows(&w);
    for (int32_t g = 0; g < p->n_unit; g++)
        unit_rows(&w, g);
    return solved(&w);
}

double commit_twin_hull(const struct commit_problem *p)
{
    unsigned pattern[TWIN_UNITS] = {0};
    struct twin w = {.p = p, .pattern = pattern, .lp = glp_create_prob()};
    system_rows(&w);
    for (int32_t g = 0; g < p->n_unit; g++) {
        const int whole = row(&w, GLP_FX, 1);
        for (pattern[g] = 0; pattern[g] < n_pattern(p, &p->unit[g]); pattern[g]++) {
            const double cost = pattern_cost(p, &p->unit[g], pattern[g]);
            if (isinf(cost))
                continue;
            w.weight = column(&w, cost, 0, HUGE_VAL);
            put(&w, whole, w.weight, 1);
            unit_rows(&w, g);
        }
    }
    return solved(&w);
}

double commit_twin_cost(const struct commit_problem *p)
{
    static double cost[TWIN_UNITS][1 << TWIN_INTERVALS];
    unsigned pattern[TWIN_UNITS] = {0};
    double best = HUGE_VAL;
    for (int32_t g = 0; g < p->n_unit; g++)
        for (unsigned k = 0; k < n_pattern(p, &p->unit[g]); k++)
            cost[g][k] = pattern_cost(p, &p->unit[g], k);
    for (;;) {
        double fixed = 0;
        for (int32_t g = 0; g < p->n_unit; g++)
            fixed += cost[g][pattern[g]];
        if (!isinf(fixed))
            best = fmin(best, fixed + dispatch_cost(p, pattern));
        int32_t g = 0;
        while (g < p->n_unit && ++pattern[g] == n_pattern(p, &p->unit[g]))
            pattern[g++] = 0;
        if (g == p->n_unit)
            return best;
    }
}
