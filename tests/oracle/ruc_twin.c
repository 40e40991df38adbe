/* ruc_twin.c - residual commitment of a day as one mixed-integer program. */
#include "tests/oracle/ruc_twin.h"

#include <criterion/criterion.h>
#include <glpk.h>
#include <math.h>

enum {
    MOST = 512
};

struct twin {
    const struct market *m;
    const struct admission *a;
    const struct outcome *o;
    glp_prob *lp;
    int n, col[MOST];
    double value[MOST];
};

static void put(struct twin *x, int col, double value)
{
    cr_assert_lt(x->n + 1, MOST);
    x->col[++x->n] = col;
    x->value[x->n] = value;
}

static int column(struct twin *x, double cost, double up)
{
    int col = glp_add_cols(x->lp, 1);
    glp_set_obj_coef(x->lp, col, cost);
    if (isinf(up))
        glp_set_col_bnds(x->lp, col, GLP_LO, 0, 0);
    else
        glp_set_col_bnds(x->lp, col, up > 0 ? GLP_DB : GLP_FX, 0, up);
    return col;
}

static int choice(struct twin *x, double cost)
{
    int col = column(x, cost, 1);
    glp_set_col_kind(x->lp, col, GLP_BV);
    return col;
}

static void row(struct twin *x, int type, double bound)
{
    int at = glp_add_rows(x->lp, 1);
    glp_set_row_bnds(x->lp, at, type, bound, bound);
    glp_set_mat_row(x->lp, at, x->n, x->col, x->value);
    x->n = 0;
}

static double award(const struct twin *x, int32_t r, int32_t t)
{
    return x->o->award_mw[(size_t)t * (size_t)x->m->n_resource + (size_t)r];
}

/* Times of unit r: u, starts y and stops z; first columns of n_t each. */
static void state_times(struct twin *x, int32_t r, int u, int y, int z)
{
    const struct commitment_terms *c = &x->m->resource[r].commit;
    int32_t n_t = x->m->first_interval[1], initial = c->initial_h;
    for (int32_t t = 0; t < n_t; t++) {
        put(x, u + t, 1);
        if (t > 0)
            put(x, u + t - 1, -1);
        put(x, y + t, -1);
        put(x, z + t, 1);
        row(x, GLP_FX, t == 0 && initial > 0 ? 1 : 0);
        for (int32_t k = t > c->min_up_h - 1 ? t - c->min_up_h + 1 : 0; k <= t; k++)
            put(x, y + k, 1);
        put(x, u + t, -1);
        row(x, GLP_UP, 0);
        for (int32_t k = t > c->min_down_h - 1 ? t - c->min_down_h + 1 : 0; k <= t; k++)
            put(x, z + k, 1);
        put(x, u + t, 1);
        row(x, GLP_UP, 1);
        bool must_stay =
            initial > 0 ? t < c->min_up_h - initial : t < c->min_down_h + initial;
        if (must_stay)
            glp_set_col_bnds(x->lp, u + t, GLP_FX, initial > 0, initial > 0);
    }
    for (int32_t t = 0; c->max_starts > 0 && t < n_t; t++)
        put(x, y + t, 1);
    if (c->max_starts > 0)
        row(x, GLP_UP, c->max_starts);
}

/* Unit r in hour t: what of its award it gives up, and capacity; into the balance. */
static double state_range(struct twin *x, int32_t r, int32_t t, int u, int *give_up,
                          int *capacity)
{
    const struct market *m = x->m;
    const struct resource *is = &m->resource[r];
    int32_t n;
    const struct bid_segment *bid = book_bid(&x->a->bids, r, t, &n);
    size_t at = (size_t)t * (size_t)m->n_resource + (size_t)r;
    bool was_on = n > 0 && (!is->market_committed || x->o->on[at]);
    double price = m->ruc_bid_usd_per_mw ? m->ruc_bid_usd_per_mw[at] : 0;
    *give_up = *capacity = 0;
    if (u > 0 && n == 0)
        glp_set_col_bnds(x->lp, u, GLP_FX, 0, 0);
    if (n == 0)
        return 0;
    double da = was_on ? fmax(award(x, r, t), is->pmin_mw) : is->pmin_mw;
    double room = fmax(bid[n - 1].to_mw - da, 0);
    *give_up = column(x, m->rules.self_pt_supply, da - is->pmin_mw);
    *capacity = column(x, price, room);
    if (was_on) {
        if (u > 0)
            glp_set_col_bnds(x->lp, u, GLP_FX, 1, 1);
        return da;
    }
    put(x, *capacity, 1);
    put(x, u, -room);
    row(x, GLP_UP, 0);
    glp_set_obj_coef(x->lp, u, is->commit.min_load_usd_per_h);
    return 0;
}

static double required(const struct twin *x, int32_t t)
{
    const struct market *m = x->m;
    double sum = 0;
    for (int32_t n = 0; n < m->n_node; n++)
        if (m->has_forecast[n])
            sum += m->forecast_mw[(size_t)t * (size_t)m->n_node + (size_t)n];
    for (int32_t r = 0; r < m->n_resource; r++)
        if (m->resource[r].type != RESOURCE_GENERATOR &&
            !(m->resource[r].type == RESOURCE_LOAD &&
              m->has_forecast[m->resource[r].node]))
            sum -= award(x, r, t);
    return sum;
}

double ruc_twin_usd(const struct market *m, const struct admission *a,
                    const struct outcome *o)
{
    struct twin x = {.m = m, .a = a, .o = o, .lp = glp_create_prob()};
    int32_t n_t = m->first_interval[1];
    int first[MOST] = {0};
    double sunk_usd = 0;
    cr_assert_lt(m->n_resource, MOST);
    for (int32_t r = 0; r < m->n_resource; r++) {
        if (!m->resource[r].market_committed)
            continue;
        const struct commitment_terms *c = &m->resource[r].commit;
        for (int32_t k = 0; k < 3 * n_t; k++) {
            double start_usd = c->n_start > 0 ? c->start_cost_usd[0] : 0;
            int col = choice(&x, k / n_t == 1 ? start_usd : 0);
            first[r] = k == 0 ? col : first[r];
        }
        state_times(&x, r, first[r], first[r] + n_t, first[r] + 2 * n_t);
        for (int32_t t = 0; t < n_t; t++)
            sunk_usd +=
                o->start_cost_usd[(size_t)t * (size_t)m->n_resource + (size_t)r];
    }
    for (int32_t t = 0; t < n_t; t++) {
        double need = required(&x, t);
        int entry[MOST], n = 0;
        double value[MOST];
        for (int32_t r = 0; r < m->n_resource; r++) {
            if (m->resource[r].type != RESOURCE_GENERATOR)
                continue;
            int give_up, capacity, u = first[r] > 0 ? first[r] + t : 0;
            double sure = state_range(&x, r, t, u, &give_up, &capacity);
            need -= sure;
            if (capacity == 0)
                continue;
            entry[n] = give_up, value[n++] = -1;
            entry[n] = capacity, value[n++] = 1;
            if (u > 0 && sure <= 0)
                entry[n] = u, value[n++] = m->resource[r].pmin_mw;
        }
        for (int k = 0; k < n; k++)
            put(&x, entry[k], value[k]);
        put(&x, column(&x, m->rules.balance_schedule, HUGE_VAL), 1);
        row(&x, GLP_LO, need);
    }
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.presolve = GLP_ON;
    cr_assert_eq(glp_intopt(x.lp, &how), 0);
    cr_assert_eq(glp_mip_status(x.lp), GLP_OPT);
    double cost = glp_mip_obj_val(x.lp);
    glp_delete_prob(x.lp);
    return cost - sunk_usd;
}
