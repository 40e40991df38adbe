/* plant_twin.c - see plant_twin.h. */
#include "tests/oracle/plant_twin.h"

#include <criterion/criterion.h>
#include <glpk.h>
#include <math.h>
#include <string.h>

enum {
    OFF = -1,
    ENTRIES = 400
};

struct path {
    int32_t at[PLANT_TWIN_INTERVALS]; /* configuration or OFF */
};

/* What forces a unit; NULL = nothing. */
struct forced {
    const struct interval_set *on, *off;
};

static bool holds(const struct interval_set *s, int32_t bit)
{
    return s && s->word[bit / 64] >> (bit % 64) & 1;
}

static int32_t configs(const struct commit_unit *u)
{
    return u->n_config > 0 ? u->n_config : 1;
}

static int32_t before(const struct commit_unit *u, const struct path *x, int32_t t)
{
    if (t > 0)
        return x->at[t - 1];
    return !u->on_before ? OFF : u->n_config > 0 ? u->config_before : 0;
}

/* ---- whether a path is allowed, and what it costs before power ---- */

static bool may_be(const struct commit_problem *p, const struct commit_unit *u,
                   const struct forced *f, const struct path *x, int32_t t)
{
    int32_t c = x->at[t];
    for (int32_t k = 0; k < configs(u); k++) {
        int32_t fact = k * p->n_interval + t;
        if (c >= k ? holds(f->off, fact) : holds(f->on, fact))
            return false;
    }
    if (u->status && u->status[t] == (c == OFF ? COMMIT_ON : COMMIT_OFF))
        return false;
    if (c == OFF || u->n_config == 0)
        return true;
    const uint8_t *status = u->config[c].as.status;
    return !status || status[t] != COMMIT_OFF;
}

static const struct commit_transition *transition(const struct commit_unit *u,
                                                  int32_t from, int32_t to)
{
    for (int32_t k = 0; k < u->n_transition; k++)
        if (u->transition[k].from == from && u->transition[k].to == to)
            return &u->transition[k];
    return NULL;
}

/* Intervals in a row before t that look as the one before t, and the history. */
static int32_t age(const struct commit_unit *u, const struct path *x, int32_t t,
                   bool plant)
{
    int32_t now = before(u, x, t), n = 0;
    for (int32_t k = t; k > 0; k--, n++) {
        int32_t then = before(u, x, k);
        if (plant ? (then == OFF) != (now == OFF) : then != now)
            return n;
    }
    int32_t then = before(u, x, 0);
    if (plant ? (then == OFF) != (now == OFF) : then != now)
        return n;
    return n + (plant || now == OFF || u->n_config == 0 ? u->age_before
                                                        : u->config_age_before);
}

static double start_cost(const struct commit_unit *as, int32_t off)
{
    double cost = 0;
    for (int32_t k = 0; k < as->n_start; k++)
        if (k == 0 || off >= as->start[k].lag)
            cost = as->start[k].cost_usd;
    return cost;
}

/* Of what happens between t-1 and t; HUGE_VAL = it may not. */
static double change_cost(const struct commit_unit *u, const struct path *x, int32_t t)
{
    int32_t from = before(u, x, t), to = x->at[t];
    if (from == to)
        return 0;
    if (from == OFF) {
        if (age(u, x, t, true) < u->min_down ||
            (u->n_config > 0 && !u->config[to].may_start))
            return HUGE_VAL;
        return start_cost(commit_unit_in(u, to), age(u, x, t, true));
    }
    if (age(u, x, t, false) < commit_unit_in(u, from)->min_up)
        return HUGE_VAL;
    if (to == OFF)
        return age(u, x, t, true) < u->min_up ||
                       (u->n_config > 0 && !u->config[from].may_stop)
                   ? HUGE_VAL
                   : u->stop_cost_usd;
    const struct commit_transition *by = transition(u, from, to);
    return by && age(u, x, t, false) >= by->least_age ? by->cost_usd : HUGE_VAL;
}

static double path_cost(const struct commit_problem *p, const struct commit_unit *u,
                        const struct forced *f, const struct path *x)
{
    double cost = 0;
    for (int32_t t = 0; t < p->n_interval; t++) {
        if (!may_be(p, u, f, x, t))
            return HUGE_VAL;
        cost += change_cost(u, x, t);
        if (x->at[t] != OFF)
            cost += p->interval_h * commit_unit_in(u, x->at[t])->min_cost_usd_per_h[t];
        int32_t starts = 0;
        for (int32_t i = 0; i <= t; i++)
            starts += (!p->day || p->day[i] == p->day[t]) && x->at[i] != OFF &&
                      before(u, x, i) == OFF;
        if (u->max_starts > 0 && starts > u->max_starts)
            return HUGE_VAL;
    }
    return cost;
}

/* The next path in order; false after the last. */
static bool next_path(const struct commit_problem *p, const struct commit_unit *u,
                      struct path *x)
{
    for (int32_t t = 0; t < p->n_interval; t++) {
        if (++x->at[t] < configs(u))
            return true;
        x->at[t] = OFF;
    }
    return false;
}

static void first_path(struct path *x)
{
    for (int32_t t = 0; t < PLANT_TWIN_INTERVALS; t++)
        x->at[t] = OFF;
}

/* ---- the linear program of paths ---- */

struct row {
    int n, col[ENTRIES];
    double value[ENTRIES];
};

struct form {
    const struct commit_problem *p;
    const struct unit_prices *prices; /* of one unit alone; NULL = the whole problem */
    glp_prob *lp;
    struct row balance[PLANT_TWIN_INTERVALS], need[4][PLANT_TWIN_INTERVALS];
    double load[PLANT_TWIN_INTERVALS];
    bool broken; /* what is given breaks a rule */
};

static void put(struct row *r, int col, double value)
{
    r->col[++r->n] = col;
    r->value[r->n] = value;
}

static void close_row(struct form *f, const struct row *r, double lo, double up)
{
    if (r->n == 0) {
        f->broken = f->broken || lo > 1e-7 || up < -1e-7;
        return;
    }
    int i = glp_add_rows(f->lp, 1);
    int type = lo == up ? GLP_FX : isinf(up) ? GLP_LO : isinf(lo) ? GLP_UP : GLP_DB;
    glp_set_row_bnds(f->lp, i, isinf(lo) && isinf(up) ? GLP_FR : type, lo, up);
    glp_set_mat_row(f->lp, i, r->n, r->col, r->value);
}

static void at_most(struct form *f, const struct row *r, double up)
{
    close_row(f, r, -HUGE_VAL, up);
}

static int column(struct form *f, double cost, double lo, double up)
{
    int j = glp_add_cols(f->lp, 1);
    glp_set_obj_coef(f->lp, j, cost);
    glp_set_col_bnds(f->lp, j, lo == up ? GLP_FX : isinf(up) ? GLP_LO : GLP_DB, lo, up);
    return j;
}

/* Columns of one interval: x of the unit, upward and downward reserve. */
struct parts {
    struct row x, up, down;
};

static void add_power(struct form *f, const struct commit_unit *as, int32_t t,
                      struct parts *to)
{
    const struct commit_curve *c = &f->p->curve[as->curve[t]];
    double pay = f->prices ? f->prices->energy_usd_per_mw[t] : 0;
    for (int32_t k = 0; k < c->n_segment; k++) {
        int j = column(f, f->p->interval_h * c->cost_usd_per_mwh[k] - pay, 0,
                       c->width_mw[k]);
        put(&to->x, j, 1);
        put(&f->balance[t], j, 1);
    }
    f->load[t] -= as->min_mw;
}

static void add_offers(struct form *f, int32_t g, const struct commit_unit *as,
                       int32_t t, bool on, struct parts *to)
{
    for (int32_t k = 0; k < as->n_offer; k++) {
        const struct commit_offer *o = &as->offer[k];
        double cost =
            o->price_usd_per_mw ? f->p->interval_h * o->price_usd_per_mw[t] : 0;
        if (f->prices)
            cost -= f->prices->reserve_usd_per_mw[t * as->n_offer + k];
        int j = column(f, cost, 0, on ? o->max_mw : o->max_off_mw);
        put(f->p->down_products >> o->product & 1 ? &to->down : &to->up, j, 1);
        for (int32_t q = 0; q < f->p->n_requirement; q++) {
            const struct commit_requirement *r = &f->p->requirement[q];
            bool listed = r->n_unit == 0;
            for (int32_t i = 0; i < r->n_unit; i++)
                listed = listed || r->unit[i] == g;
            if (listed && r->products >> o->product & 1)
                put(&f->need[q][t], j, 1);
        }
    }
}

static void join(struct row *to, const struct row *from, double by)
{
    for (int k = 1; k <= from->n; k++)
        put(to, from->col[k], by * from->value[k]);
}

/* Rows of power and reserve of an interval on; x0: power before the first interval. */
static void limit(struct form *f, const struct commit_unit *u, const struct path *x,
                  int32_t t, const struct parts *at)
{
    const struct commit_unit *as = commit_unit_in(u, x->at[t]);
    double most = as->most_mw ? as->most_mw[t] : as->max_mw;
    double span = most - as->min_mw, cap = span;
    bool starts = before(u, x, t) == OFF;
    bool stops = t + 1 < f->p->n_interval && x->at[t + 1] == OFF;
    struct row row = at->x;
    if (starts)
        cap = fmin(cap, span - fmax(most - as->start_max_mw, 0));
    if (stops)
        cap = fmin(cap, span - fmax(most - as->stop_max_mw, 0));
    join(&row, &at->up, 1);
    at_most(f, &row, cap);
    row = at->down;
    join(&row, &at->x, -1);
    at_most(f, &row, as->least_mw ? as->min_mw - as->least_mw[t] : 0);
    if (as->most_up_mw > 0)
        at_most(f, &at->up, as->most_up_mw);
    row = at->up;
    join(&row, &at->down, 1);
    if (as->steady_reserve && (starts || stops))
        at_most(f, &row, 0);
    if (starts && !as->free_ends)
        at_most(f, &at->x, as->ramp_up_mw);
    if (stops && !as->free_ends)
        at_most(f, &at->x, as->ramp_down_mw);
}

/* Ramps from t-1, on or before the first interval, into t. */
static void ramp(struct form *f, const struct commit_unit *u, const struct path *x,
                 int32_t t, const struct parts *was, const struct parts *at)
{
    int32_t from = before(u, x, t), to = x->at[t];
    if (from == OFF)
        return;
    const struct commit_unit *a = commit_unit_in(u, from);
    struct row move = {0};
    if (t > 0)
        join(&move, &was->x, -1);
    double given = t > 0 ? a->min_mw : u->mw_before;
    if (to == OFF) {
        double x0 = given - a->min_mw, span = a->max_mw - a->min_mw;
        if (t == 0)
            f->broken = f->broken || (!a->free_ends && x0 > a->ramp_down_mw + 1e-7) ||
                        x0 > span - fmax(a->max_mw - a->stop_max_mw, 0) + 1e-7;
        return;
    }
    const struct commit_transition *by = from == to ? NULL : transition(u, from, to);
    const struct commit_unit *b = commit_unit_in(u, to);
    join(&move, &at->x, 1);
    double rise = b->min_mw - given;
    at_most(f, &move, (by ? by->up_mw : b->ramp_up_mw) - rise);
    for (int k = 1; k <= move.n; k++)
        move.value[k] = -move.value[k];
    at_most(f, &move, (by ? by->down_mw : b->ramp_down_mw) + rise);
}

static void add_unit(struct form *f, int32_t g, const struct path *x)
{
    const struct commit_unit *u = &f->p->unit[g];
    struct parts last = {{0}, {0}, {0}};
    for (int32_t t = 0; t < f->p->n_interval; t++) {
        struct parts at = {{0}, {0}, {0}};
        bool on = x->at[t] != OFF;
        const struct commit_unit *as = on ? commit_unit_in(u, x->at[t]) : u;
        if (on)
            add_power(f, as, t, &at);
        add_offers(f, g, as, t, on, &at);
        if (on)
            limit(f, u, x, t, &at);
        ramp(f, u, x, t, &last, &at);
        last = at;
    }
}

static double solved(struct form *f)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    double value = HUGE_VAL;
    if (!f->broken && glp_get_num_cols(f->lp) == 0) {
        value = 0;
    } else if (!f->broken) {
        glp_simplex(f->lp, &parm);
        if (glp_get_status(f->lp) == GLP_OPT)
            value = glp_get_obj_val(f->lp);
    }
    glp_delete_prob(f->lp);
    return value;
}

/* What the path pays for its minimum, and for being on. */
static double fixed_pay(const struct commit_problem *p, const struct commit_unit *u,
                        const struct unit_prices *prices, const struct path *x)
{
    double pay = 0;
    for (int32_t t = 0; t < p->n_interval; t++)
        if (x->at[t] != OFF)
            pay += prices->energy_usd_per_mw[t] * commit_unit_in(u, x->at[t])->min_mw +
                   (prices->bonus_usd ? prices->bonus_usd[t] : 0);
    return pay;
}

double plant_twin_best(const struct commit_problem *p, int32_t g,
                       const struct unit_prices *prices, const struct interval_set *on,
                       const struct interval_set *off)
{
    const struct commit_unit *u = &p->unit[g];
    const struct forced forced = {on, off};
    struct path x;
    double best = -HUGE_VAL;
    first_path(&x);
    do {
        double cost = path_cost(p, u, &forced, &x);
        if (isinf(cost))
            continue;
        static struct form f;
        memset(&f, 0, sizeof f);
        f.p = p;
        f.prices = prices;
        f.lp = glp_create_prob();
        add_unit(&f, g, &x);
        best = fmax(best, fixed_pay(p, u, prices, &x) - cost - solved(&f));
    } while (next_path(p, u, &x));
    return best;
}

/* ---- the whole problem ---- */

static double system_cost(const struct commit_problem *p, const struct path *x)
{
    static struct form f;
    memset(&f, 0, sizeof f);
    f.p = p;
    f.lp = glp_create_prob();
    for (int32_t t = 0; t < p->n_interval; t++)
        f.load[t] = p->load_mw[t];
    for (int32_t g = 0; g < p->n_unit; g++)
        add_unit(&f, g, &x[g]);
    for (int32_t t = 0; t < p->n_interval; t++) {
        const double h = p->interval_h;
        if (!isinf(p->shortage_usd_per_mwh))
            put(&f.balance[t], column(&f, h * p->shortage_usd_per_mwh, 0, HUGE_VAL), 1);
        if (!isinf(p->surplus_usd_per_mwh))
            put(&f.balance[t], column(&f, h * p->surplus_usd_per_mwh, 0, HUGE_VAL), -1);
        for (int32_t o = 0; o < p->n_other; o++) {
            const struct commit_other *is = &p->other[o];
            double cost = is->cost_usd_per_mwh ? h * is->cost_usd_per_mwh[t] : 0;
            put(&f.balance[t], column(&f, cost, is->min_mw[t], is->max_mw[t]), 1);
        }
        close_row(&f, &f.balance[t], f.load[t], f.load[t]);
        for (int32_t q = 0; q < p->n_requirement; q++) {
            const struct commit_requirement *r = &p->requirement[q];
            for (int32_t s = 0; s < r->n_step; s++)
                put(&f.need[q][t],
                    column(&f, h * r->step_usd_per_mw[s], 0, r->step_mw[s]), 1);
            close_row(&f, &f.need[q][t], r->need_mw[t], HUGE_VAL);
        }
    }
    return solved(&f);
}

static void try_all(const struct commit_problem *p, int32_t g, struct path *x,
                    double fixed, double *best)
{
    const struct forced none = {NULL, NULL};
    if (g == p->n_unit) {
        *best = fmin(*best, fixed + system_cost(p, x));
        return;
    }
    first_path(&x[g]);
    do {
        double cost = path_cost(p, &p->unit[g], &none, &x[g]);
        if (!isinf(cost))
            try_all(p, g + 1, x, fixed + cost, best);
    } while (next_path(p, &p->unit[g], &x[g]));
}

double plant_twin_cost(const struct commit_problem *p)
{
    struct path x[PLANT_TWIN_UNITS];
    double best = HUGE_VAL;
    cr_assert(p->n_unit <= PLANT_TWIN_UNITS && p->n_interval <= PLANT_TWIN_INTERVALS);
    try_all(p, 0, x, 0, &best);
    return best;
}

/* ---- a given schedule ---- */

/* The schedule's own numbers as the only ones that its columns may take. */
static void fix_columns(struct form *f, int32_t g, const struct path *x,
                        const struct unit_schedule *s, double *mw_off)
{
    const struct commit_unit *u = &f->p->unit[g];
    int j = 0;
    for (int32_t t = 0; t < f->p->n_interval; t++) {
        const struct commit_unit *as =
            x->at[t] == OFF ? u : commit_unit_in(u, x->at[t]);
        double left = s->above_mw[t];
        const struct commit_curve *c =
            x->at[t] == OFF ? NULL : &f->p->curve[as->curve[t]];
        for (int32_t k = 0; c && k < c->n_segment; k++) {
            double mw = fmin(left, c->width_mw[k]);
            glp_set_col_bnds(f->lp, ++j, GLP_FX, mw, mw);
            left -= mw;
        }
        *mw_off = fmax(*mw_off, fabs(left));
        for (int32_t k = 0; k < as->n_offer; k++) {
            double mw = s->reserve_mw[t * as->n_offer + k];
            double most =
                x->at[t] == OFF ? as->offer[k].max_off_mw : as->offer[k].max_mw;
            *mw_off = fmax(*mw_off, fmax(mw - most, -mw));
            glp_set_col_bnds(f->lp, ++j, GLP_FX, mw, mw);
        }
    }
    for (int i = 1; i <= glp_get_num_rows(f->lp); i++) {
        double lo = glp_get_row_lb(f->lp, i), up = glp_get_row_ub(f->lp, i);
        int type = glp_get_row_type(f->lp, i);
        bool has_lo = type == GLP_LO || type == GLP_DB || type == GLP_FX;
        bool has_up = type == GLP_UP || type == GLP_DB || type == GLP_FX;
        glp_set_row_bnds(f->lp, i,
                         has_lo && has_up ? GLP_DB
                         : has_lo         ? GLP_LO
                         : has_up         ? GLP_UP
                                          : GLP_FR,
                         lo - 1e-6, up + 1e-6);
    }
}

double plant_twin_worth(const struct commit_problem *p, int32_t g,
                        const struct unit_prices *prices, const struct interval_set *on,
                        const struct interval_set *off, const struct unit_schedule *s)
{
    const struct commit_unit *u = &p->unit[g];
    const struct forced forced = {on, off};
    struct path x;
    first_path(&x);
    for (int32_t t = 0; t < p->n_interval; t++)
        if (holds(&s->on, t))
            x.at[t] = interval_set_config(&s->on, u, p->n_interval, t);
    double cost = path_cost(p, u, &forced, &x), missed = 0;
    if (isinf(cost))
        return -HUGE_VAL;
    static struct form f;
    memset(&f, 0, sizeof f);
    f.p = p;
    f.prices = prices;
    f.lp = glp_create_prob();
    add_unit(&f, g, &x);
    fix_columns(&f, g, &x, s, &missed);
    double value = fixed_pay(p, u, prices, &x) - cost - solved(&f);
    return missed > 1e-6 ? -HUGE_VAL : value;
}
