/* full_market.c - energy and services of a day, as one LP. */
#include "tests/oracle/full_market.h"

#include <criterion/criterion.h>
#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_PIECES = 32,
    MOST_ENTRIES = 8192
};

/* Power of one owner in one hour: constant + sum of columns; stored energy it takes. */
struct power {
    double constant;
    int n, col[MOST_PIECES];
    double energy_per_mw[MOST_PIECES], energy_constant; /* MWh into the store */
    double top, bottom;
    int charging, discharging; /* how many of the columns are */
    bool bids;
};

struct full {
    const struct market *m;
    const struct admission *a;
    glp_prob *lp;
    int32_t n_owner;
    struct power *power; /* [n_interval][n_owner] */
    int *award;          /* [n_interval][n_service_bidder] first of 2 columns */
    int *energy;         /* [n_interval][n_resource] */
    double constant;
    int n_entry, col[MOST_ENTRIES];
    double value[MOST_ENTRIES];
};

static void *room_for(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    cr_assert_not_null(p);
    return p;
}

static int column(struct full *x, double cost, double lo, double up)
{
    int col = glp_add_cols(x->lp, 1);
    glp_set_obj_coef(x->lp, col, cost);
    glp_set_col_bnds(x->lp, col,
                     isinf(up) ? (isinf(lo) ? GLP_FR : GLP_LO)
                     : up > lo ? GLP_DB
                               : GLP_FX,
                     lo, up);
    return col;
}

static void put(struct full *x, int col, double value)
{
    cr_assert_lt(x->n_entry + 1, MOST_ENTRIES);
    for (int k = 1; k <= x->n_entry; k++)
        if (x->col[k] == col) {
            x->value[k] += value;
            return;
        }
    x->col[++x->n_entry] = col;
    x->value[x->n_entry] = value;
}

static void put_power(struct full *x, const struct power *p, double sign,
                      double *constant)
{
    for (int k = 0; k < p->n; k++)
        put(x, p->col[k], sign);
    *constant += sign * p->constant;
}

/* entries + constant <= limit, relaxable at a penalty if it has one. */
static void at_most(struct full *x, double constant, double limit, double penalty)
{
    if (!isinf(limit)) {
        if (penalty > 0)
            put(x, column(x, penalty, 0, HUGE_VAL), -1);
        int row = glp_add_rows(x->lp, 1);
        glp_set_row_bnds(x->lp, row, GLP_UP, 0, limit - constant);
        glp_set_mat_row(x->lp, row, x->n_entry, x->col, x->value);
    }
    x->n_entry = 0;
}

static void exactly(struct full *x, double value)
{
    int row = glp_add_rows(x->lp, 1);
    glp_set_row_bnds(x->lp, row, GLP_FX, value, value);
    glp_set_mat_row(x->lp, row, x->n_entry, x->col, x->value);
    x->n_entry = 0;
}

/* ---- energy ---- */

static double self_penalty(const struct rules *r, enum bid_kind kind, bool demand)
{
    const double of[BID_KINDS][2] = {
        [BID_SELF_TOR] = {r->self_tor, r->self_tor},
        [BID_SELF_ETC] = {r->self_etc, r->self_etc},
        [BID_SELF_RMT] = {r->self_rmt, r->self_rmt},
        [BID_SELF_PT] = {r->self_pt_supply, r->self_pt_demand},
        [BID_SELF_LPT] = {r->self_lpt_supply, r->self_lpt_demand},
    };
    return of[kind][demand];
}

/* MW from..to of a piece: a column with the sign of its injection. */
static void add_piece(struct full *x, struct power *p, const struct bid_segment *seg,
                      double from, double to, bool demand)
{
    bool self = bid_kind_is_self(seg->kind);
    double worth =
        self ? self_penalty(&x->m->rules, seg->kind, demand) : seg->price_usd_per_mwh;
    /* Demand served has its value as a negative cost; a self-schedule costs when cut. */
    double cost = self || demand ? -worth : worth;
    if (to <= from)
        return;
    cr_assert_lt(p->n, MOST_PIECES);
    x->constant += self ? worth * (to - from) : 0;
    /* Below 0 MW the column is what is not bought. */
    x->constant -= !self && !demand && from < 0 ? worth * (to - from) : 0;
    p->col[p->n++] = column(x, demand ? -cost : cost, demand ? from - to : 0,
                            demand ? 0 : to - from);
}

static void add_power(struct full *x, int32_t owner, int32_t t)
{
    const struct market *m = x->m;
    struct power *p = &x->power[t * x->n_owner + owner];
    bool resource = owner < m->n_resource;
    int32_t position = owner - m->n_resource, n;
    bool demand = resource ? resource_type_withdraws(m->resource[owner].type)
                           : m->position[position].side == VIRTUAL_DEMAND;
    const struct bid_segment *seg =
        resource ? book_bid(&x->a->bids, owner, t, &n)
                 : book_bid(&x->a->virtual_bids, position, t, &n);
    p->bids = n > 0;
    if (n == 0)
        return;
    double pmin = resource ? m->resource[owner].pmin_mw : 0;
    double base = demand ? 0 : fmax(seg[0].from_mw, pmin);
    p->constant = base;
    p->bottom = base;
    p->top = seg[n - 1].to_mw;
    for (int32_t k = 0; k < n; k++) {
        double from = demand ? seg[k].from_mw : fmax(seg[k].from_mw, base);
        double middle = from < 0 && seg[k].to_mw > 0 ? 0 : seg[k].to_mw;
        add_piece(x, p, &seg[k], from, middle, demand);
        if (p->n > 0 && from < 0)
            p->energy_per_mw[p->n - 1] = -1; /* less charging */
        int before = p->n;
        add_piece(x, p, &seg[k], middle, seg[k].to_mw, demand);
        if (p->n > 0 && (p->n > before || from >= 0))
            p->energy_per_mw[p->n - 1] = 1;
    }
}

static void add_ramps(struct full *x, int32_t r, int32_t t)
{
    const struct resource *res = &x->m->resource[r];
    const struct power *now = &x->power[t * x->n_owner + r];
    const struct power *before = t > 0 ? now - x->n_owner : NULL;
    bool demand = resource_type_withdraws(res->type);
    double initial = demand ? -res->initial_mw : res->initial_mw;
    if (!now->bids || (before ? !before->bids : isnan(initial)))
        return;
    for (int sign = 1; sign >= -1; sign -= 2) {
        bool raising = (sign > 0) != demand;
        double rate =
            60 * (raising ? res->ramp_up_mw_per_min : res->ramp_down_mw_per_min);
        double constant = 0;
        put_power(x, now, sign, &constant);
        if (before)
            put_power(x, before, -sign, &constant);
        else
            constant -= sign * initial;
        at_most(x, constant, rate, x->m->rules.ramp_schedule);
    }
}

/* e_t = e_t-1 + eta_c charge - discharge / eta_d, between its limits. */
static void add_store(struct full *x, int32_t r, int32_t t)
{
    const struct market *m = x->m;
    const struct resource *res = &m->resource[r];
    const struct power *p = &x->power[t * x->n_owner + r];
    double penalty = m->rules.energy_limit_schedule, constant = 0;
    int energy = x->energy[t * m->n_resource + r] = column(x, 0, -HUGE_VAL, HUGE_VAL);
    put(x, energy, -1);
    if (t > 0)
        put(x, x->energy[(t - 1) * m->n_resource + r], 1);
    else
        constant += res->initial_energy_mwh;
    constant += res->charge_efficiency * fmax(0, -p->constant) -
                fmax(0, p->constant) / res->discharge_efficiency;
    for (int k = 0; k < p->n; k++)
        put(x, p->col[k],
            p->energy_per_mw[k] < 0 ? -res->charge_efficiency
                                    : -1 / res->discharge_efficiency);
    exactly(x, -constant);
    put(x, energy, 1);
    at_most(x, 0, res->energy_max_mwh, penalty);
    bool last = t == m->first_interval[1] - 1 && !isnan(res->end_energy_mwh);
    put(x, energy, -1);
    at_most(
        x, 0,
        -(last ? fmax(res->energy_min_mwh, res->end_energy_mwh) : res->energy_min_mwh),
        penalty);
}

static void add_ties(struct full *x, int32_t t)
{
    const struct market *m = x->m;
    for (int32_t k = 0; k < m->n_tie; k++)
        for (int sign = 1; sign >= -1; sign -= 2) {
            double constant = 0;
            for (int32_t r = 0; r < m->n_resource; r++)
                if (m->resource[r].tie == k)
                    put_power(x, &x->power[t * x->n_owner + r], sign, &constant);
            at_most(x, constant,
                    sign > 0 ? m->tie[k].import_limit_mw : m->tie[k].export_limit_mw,
                    m->rules.tie_schedule);
        }
}

static void add_balance(struct full *x, int32_t t)
{
    double constant = 0;
    for (int32_t i = 0; i < x->n_owner; i++)
        put_power(x, &x->power[t * x->n_owner + i], 1, &constant);
    put(x, column(x, x->m->rules.balance_schedule, 0, HUGE_VAL), 1);
    put(x, column(x, x->m->rules.surplus_schedule, 0, HUGE_VAL), -1);
    exactly(x, -constant);
}

/* ---- services ---- */

/* Adds the awards of resource r (-1 = any in the region), up or down, times a factor. */
static void put_awards(struct full *x, int32_t t, int32_t r, int32_t region,
                       const double factor[SERVICES])
{
    const struct market *m = x->m;
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        const struct service_bidder *of = &m->service_bidder[b];
        if ((r >= 0 && of->resource != r) ||
            (region >= 0 && !market_in_region(m, region, of->resource)) ||
            fabs(factor[of->service]) <= 0)
            continue;
        int first = x->award[t * m->n_service_bidder + b];
        put(x, first, factor[of->service]);
        put(x, first + 1, factor[of->service]);
    }
}

static void limit_resource(struct full *x, int32_t r, int32_t t)
{
    const struct market *m = x->m;
    const struct rules *q = &m->rules;
    const struct resource *res = &m->resource[r];
    const struct power *p = &x->power[t * x->n_owner + r];
    double constant = 0;
    if (resource_type_withdraws(res->type) || !p->bids)
        return;
    put_power(x, p, 1, &constant);
    put_awards(x, t, r, -1, (const double[SERVICES]){1, 1, 1, 0});
    at_most(x, constant, p->top, 0);
    constant = 0;
    put_power(x, p, -1, &constant);
    put_awards(x, t, r, -1, (const double[SERVICES]){0, 0, 0, 1});
    at_most(x, constant, -p->bottom, 0);
    put_awards(x, t, r, -1, (const double[SERVICES]){1, 1, 1, 0});
    at_most(x, 0, res->ramp_up_mw_per_min * q->as_deployment, 0);
    put_awards(x, t, r, -1, (const double[SERVICES]){0, 0, 0, 1});
    at_most(x, 0, res->ramp_down_mw_per_min * q->as_deployment, 0);
    bool any = false;
    for (int32_t b = 0; b < m->n_service_bidder; b++)
        any = any || m->service_bidder[b].resource == r;
    if (res->type != RESOURCE_STORAGE || !any)
        return;
    double regulation = q->as_regulation_energy / res->discharge_efficiency;
    double reserve = q->as_reserve_energy / res->discharge_efficiency;
    put_awards(x, t, r, -1, (const double[SERVICES]){regulation, reserve, reserve, 0});
    put(x, x->energy[t * m->n_resource + r], -1);
    at_most(x, 0, -res->energy_min_mwh, 1e6);
    put_awards(x, t, r, -1,
               (const double[SERVICES]){
                   0, 0, 0, q->as_regulation_energy * res->charge_efficiency});
    put(x, x->energy[t * m->n_resource + r], 1);
    at_most(x, 0, res->energy_max_mwh, 1e6);
}

/* Shortage in steps: a column for each. */
static void put_short(struct full *x, int32_t region, enum service service, double all)
{
    const struct rules *q = &x->m->rules;
    const double penalty[SERVICES] = {q->as_ru_schedule, q->as_sr_schedule,
                                      q->as_nr_schedule, q->as_rd_schedule};
    const double rise_nr[2] = {q->as_scarcity_nr_2 - q->as_scarcity_nr_1,
                               q->as_scarcity_nr_3 - q->as_scarcity_nr_1};
    const double rise_rd[2] = {q->as_scarcity_rd_2 - q->as_scarcity_rd_1,
                               q->as_scarcity_rd_3 - q->as_scarcity_rd_1};
    const double end_nr[2] = {q->as_scarcity_nr_mw_1, q->as_scarcity_nr_mw_2};
    const double end_rd[2] = {q->as_scarcity_rd_mw_1, q->as_scarcity_rd_mw_2};
    bool steps = region == 0 && (service == SERVICE_NR || service == SERVICE_RD);
    const double *rise = service == SERVICE_NR ? rise_nr : rise_rd;
    const double *end = service == SERVICE_NR ? end_nr : end_rd;
    if (!steps) {
        put(x, column(x, penalty[service], 0, HUGE_VAL), -1);
        return;
    }
    (void)all;
    put(x, column(x, penalty[service], 0, end[0]), -1);
    put(x,
        column(x, penalty[service] + rise[0] * q->energy_bid_cap, 0, end[1] - end[0]),
        -1);
    put(x, column(x, penalty[service] + rise[1] * q->energy_bid_cap, 0, HUGE_VAL), -1);
}

static void require(struct full *x, int32_t t, int32_t region, const double *need)
{
    static const double up_to[SERVICES][SERVICES] = {
        {-1, 0, 0, 0}, {-1, -1, 0, 0}, {-1, -1, -1, 0}, {0, 0, 0, -1}};
    for (int s = 0; s < SERVICES; s++) {
        double all = 0;
        for (int q = 0; q < SERVICES; q++)
            all -= up_to[s][q] * need[q];
        if (need[s] <= 0)
            continue;
        put_awards(x, t, -1, region, up_to[s]);
        put_short(x, region, (enum service)s, all);
        at_most(x, all, 0, 0);
    }
}

static void add_awards(struct full *x, int32_t t)
{
    const struct market *m = x->m;
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        const struct service_offer *o =
            &x->a->service_offer[t * m->n_service_bidder + b];
        double self = m->rules.as_self_schedule;
        x->award[t * m->n_service_bidder + b] = column(x, -self, 0, o->self_mw);
        (void)column(x, o->price_usd_per_mw, 0, o->offer_mw);
        x->constant += self * o->self_mw;
    }
}

/* ---- all of it ---- */

static bool goes_both_ways(const struct full *x, int32_t r, int32_t t)
{
    const struct power *p = &x->power[t * x->n_owner + r];
    double charge = fmax(0, -p->constant), discharge = fmax(0, p->constant);
    for (int k = 0; k < p->n; k++) {
        double mw = glp_get_col_prim(x->lp, p->col[k]);
        charge -= p->energy_per_mw[k] < 0 ? mw : 0;
        discharge += p->energy_per_mw[k] < 0 ? 0 : mw;
    }
    return charge > 1e-6 && discharge > 1e-6;
}

static void state(struct full *x, int32_t more_region, enum service service,
                  int32_t interval, double more_mw)
{
    const struct market *m = x->m;
    int32_t n_t = m->first_interval[1];
    for (int32_t t = 0; t < n_t; t++) {
        for (int32_t i = 0; i < x->n_owner; i++)
            add_power(x, i, t);
        add_awards(x, t);
    }
    for (int32_t t = 0; t < n_t; t++) {
        add_balance(x, t);
        add_ties(x, t);
        for (int32_t r = 0; r < m->n_resource; r++) {
            add_ramps(x, r, t);
            if (m->resource[r].type == RESOURCE_STORAGE)
                add_store(x, r, t);
            limit_resource(x, r, t);
        }
        for (int32_t g = 0; g < m->n_service_region; g++) {
            double need[SERVICES];
            for (int s = 0; s < SERVICES; s++) {
                need[s] = market_required_mw(m, t, g, (enum service)s);
                if (g == more_region && t == interval && (int)service == s)
                    need[s] += more_mw;
            }
            require(x, t, g, need);
        }
    }
}

struct full_market full_market_solve(const struct market *m, const struct admission *a,
                                     int32_t more_region, enum service service,
                                     int32_t interval, double more_mw)
{
    struct full_market out = {0};
    int shown = glp_term_out(GLP_OFF);
    struct full *x = room_for(1, sizeof *x);
    int32_t n_t = m->first_interval[1];
    x->m = m;
    x->a = a;
    x->lp = glp_create_prob();
    x->n_owner = m->n_resource + m->n_virtual;
    x->power = room_for((size_t)n_t * (size_t)x->n_owner, sizeof *x->power);
    x->award = room_for((size_t)n_t * (size_t)m->n_service_bidder, sizeof *x->award);
    x->energy = room_for((size_t)n_t * (size_t)m->n_resource, sizeof *x->energy);
    state(x, more_region, service, interval, more_mw);
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.tol_bnd = parm.tol_dj = 1e-9;
    glp_scale_prob(x->lp, GLP_SF_EQ | GLP_SF_GM | GLP_SF_2N);
    glp_adv_basis(x->lp, 0);
    int result = glp_simplex(x->lp, &parm);
    cr_assert(result == 0 && glp_get_status(x->lp) == GLP_OPT,
              "the twin ended with %d, status %d", result, glp_get_status(x->lp));
    out.objective_usd = glp_get_obj_val(x->lp) + x->constant;
    for (int32_t t = 0; t < n_t; t++)
        for (int32_t r = 0; r < m->n_resource; r++)
            if (m->resource[r].type == RESOURCE_STORAGE)
                out.both_ways = out.both_ways || goes_both_ways(x, r, t);
    glp_delete_prob(x->lp);
    (void)glp_term_out(shown);
    free(x->power);
    free(x->award);
    free(x->energy);
    free(x);
    return out;
}
