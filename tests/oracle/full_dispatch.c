/* full_dispatch.c - the whole dispatch as one LP. Numbers are those of dispatch.h. */
#include "tests/oracle/full_dispatch.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "tests/oracle/full_parts.h"

static void *room_for(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    cr_assert_not_null(p);
    return p;
}

/* ---- network by walking ---- */

static void find_reference(struct full *x)
{
    const struct network_data *d = x->d;
    for (int32_t n = 0; n < d->n_bus; n++)
        x->island[n] = n;
    for (bool moved = true; moved;) {
        moved = false;
        for (int32_t l = 0; l < d->n_branch; l++) {
            int32_t *a = &x->island[d->from[l]], *b = &x->island[d->to[l]];
            if (*a == *b)
                continue;
            *a = *b = *a < *b ? *a : *b;
            moved = true;
        }
    }
    /* An island is now the number of its first bus; number them in that order. */
    for (int32_t n = 0; n < d->n_bus; n++)
        x->island[n] = x->island[n] == n ? x->n_island++ : x->island[x->island[n]];
    for (int32_t a = 0; a < x->n_island; a++) {
        double sum = 0, count = 0;
        for (int32_t n = 0; n < d->n_bus; n++) {
            sum += x->island[n] == a ? d->reference_weight[n] : 0;
            count += x->island[n] == a;
        }
        for (int32_t n = 0; n < d->n_bus; n++)
            if (x->island[n] == a)
                x->reference[n] = sum > 0 ? d->reference_weight[n] / sum : 1 / count;
    }
}

/* ---- columns ---- */

bool full_loses(const struct full *x)
{
    return x->p->losses != LOSS_OFF && x->d->loss_per_mw;
}

static const struct dispatch_polynomial *polynomial_of(const struct full *x, int32_t i)
{
    for (int32_t k = 0; k < x->p->n_polynomial; k++)
        if (x->p->polynomial[k].injection == i)
            return &x->p->polynomial[k];
    return NULL;
}

static double value_at(const struct dispatch_polynomial *f, double mw)
{
    double sum = 0;
    for (int32_t k = f->n_coef; k-- > 0;)
        sum = sum * mw + f->coef[k];
    return sum;
}

/* Pieces of one segment: itself, or the chords of a polynomial. Adds the constant. */
static void add_pieces(struct full *x, int32_t t, int32_t i, int64_t s,
                       double *constant)
{
    const struct dispatch_problem *p = x->p;
    const struct dispatch_segment *seg = &p->seg[s];
    const struct dispatch_polynomial *f = polynomial_of(x, i);
    double h = p->duration_h[t], base = p->base_mw[t * p->n_injection + i];
    x->first_piece[s] = glp_get_num_cols(x->lp) + 1;
    if (!f) {
        (void)full_column(
            x,
            h * (x->f->pricing ? seg->price_cost_usd_per_mwh : seg->cost_usd_per_mwh),
            0, seg->width_mw);
        return;
    }
    *constant += h * value_at(f, base);
    double step = seg->width_mw / x->f->chords;
    for (int k = 0; k < x->f->chords; k++) {
        double rise = value_at(f, base + (k + 1) * step) - value_at(f, base + k * step);
        (void)full_column(x, step > 0 ? h * rise / step : 0, 0, step);
    }
}

static void add_columns(struct full *x)
{
    const struct dispatch_problem *p = x->p;
    int32_t n_t = p->n_interval;
    double constant = 0;
    x->angle = glp_get_num_cols(x->lp) + 1;
    for (int32_t t = 0; t < n_t; t++)
        for (int32_t n = 0; n < x->d->n_bus; n++) {
            bool first = true;
            for (int32_t k = 0; k < n; k++)
                first = first && x->island[k] != x->island[n];
            (void)full_column(x, 0, first ? 0 : -HUGE_VAL, first ? 0 : HUGE_VAL);
        }
    x->potential = glp_get_num_cols(x->lp) + 1; /* what drives the flows on ties */
    for (int32_t n = 0; n < n_t * x->d->n_bus; n++)
        (void)full_column(x, 0, -HUGE_VAL, HUGE_VAL);
    for (int32_t t = 0; t < n_t; t++) {
        for (int32_t i = 0; i < p->n_injection; i++) {
            int64_t at = (int64_t)t * p->n_injection + i;
            for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++)
                add_pieces(x, t, i, s, &constant);
        }
    }
    x->first_piece[p->seg_start[(int64_t)n_t * p->n_injection]] =
        glp_get_num_cols(x->lp) + 1;
    x->shortage = glp_get_num_cols(x->lp) + 1;
    for (int32_t b = 0; b < n_t * x->n_island; b++)
        (void)full_column(
            x, p->duration_h[b / x->n_island] * full_penalties(x)->shortage_usd_per_mwh,
            0, HUGE_VAL);
    x->surplus = glp_get_num_cols(x->lp) + 1;
    for (int32_t b = 0; b < n_t * x->n_island; b++)
        (void)full_column(
            x, p->duration_h[b / x->n_island] * full_penalties(x)->surplus_usd_per_mwh,
            0, HUGE_VAL);
    x->energy = glp_get_num_cols(x->lp) + 1;
    for (int32_t k = 0; k < n_t * p->n_store; k++)
        (void)full_column(x, 0, -HUGE_VAL, HUGE_VAL);
    x->loss = glp_get_num_cols(x->lp) + 1;
    for (int32_t k = 0; full_loses(x) && k < n_t * x->d->n_branch; k++) {
        int32_t l = k % x->d->n_branch;
        bool can = x->d->loss_per_mw[l] > 0 && !isinf(x->d->susceptance_mw_per_rad[l]);
        (void)full_column(x, 0, 0, can ? HUGE_VAL : 0);
    }
    glp_set_obj_coef(x->lp, 0, constant);
}

/* ---- solving and reading ---- */

static void simplex(struct full *x, int method)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.meth = method;
    parm.tol_bnd = parm.tol_dj = 1e-9;
    int result = glp_simplex(x->lp, &parm);
    cr_assert(result == 0 && glp_get_status(x->lp) == GLP_OPT,
              "the twin ended with %d, status %d", result, glp_get_status(x->lp));
}

static double flow_of(const struct full *x, int32_t t, int32_t l)
{
    const struct network_data *d = x->d;
    const int angle = x->angle + t * d->n_bus;
    if (isinf(d->susceptance_mw_per_rad[l]))
        return 0;
    return d->susceptance_mw_per_rad[l] *
           (x->rad * (glp_get_col_prim(x->lp, angle + d->from[l]) -
                      glp_get_col_prim(x->lp, angle + d->to[l])) -
            d->shift_rad[l]);
}

/* Adds tangents where a branch loses less than it must; true if there were any. */
static bool add_tangents(struct full *x, struct full_dispatch *f)
{
    bool any = false;
    f->loses_more = false;
    f->loss_mw = 0;
    for (int32_t t = 0; t < x->p->n_interval; t++)
        for (int32_t l = 0; l < x->d->n_branch; l++) {
            int col = x->loss + t * x->d->n_branch + l;
            double k = x->d->loss_per_mw[l], mw = flow_of(x, t, l);
            double lost = glp_get_col_prim(x->lp, col);
            double k_flow = isinf(x->d->susceptance_mw_per_rad[l]) ? 0 : k * mw * mw;
            f->loses_more = f->loses_more || lost > k_flow + 1e-6;
            f->loss_mw += lost;
            if (lost >= k_flow - 2e-8)
                continue;
            any = true; /* lost >= k mw (2 flow - mw) */
            full_put(x, col, -1);
            x->at_angle = x->angle + t * x->d->n_bus;
            x->at_potential = x->potential + t * x->d->n_bus;
            double fixed = full_put_flow(x, l, 2 * k * mw);
            (void)full_close_row(x, GLP_UP, 0, k * mw * mw - fixed);
        }
    return any;
}

static void solve(struct full *x, struct full_dispatch *f)
{
    int shown = glp_term_out(GLP_OFF);
    glp_scale_prob(x->lp, GLP_SF_EQ | GLP_SF_GM | GLP_SF_2N);
    glp_adv_basis(x->lp, 0);
    simplex(x, GLP_PRIMAL);
    for (int k = 0; full_loses(x) && add_tangents(x, f); k++) {
        cr_assert_lt(k, 400, "the twin still lacks tangents");
        simplex(x, GLP_DUALP);
    }
    if (x->f->exclusive) {
        glp_iocp mip;
        glp_init_iocp(&mip);
        mip.msg_lev = GLP_MSG_OFF;
        mip.mip_gap = 1e-9;
        int result = glp_intopt(x->lp, &mip);
        cr_assert(result == 0 && glp_mip_status(x->lp) == GLP_OPT,
                  "the twin with binaries ended with %d", result);
    }
    (void)glp_term_out(shown);
}

static double value_of(const struct full *x, int col)
{
    return x->f->exclusive ? glp_mip_col_val(x->lp, col) : glp_get_col_prim(x->lp, col);
}

static bool store_both_ways(const struct full *x, int32_t t, int32_t k)
{
    const struct dispatch_problem *p = x->p;
    int64_t at = (int64_t)t * p->n_injection + p->store[k].injection;
    double from = p->base_mw[at], charge = fmax(0, -from), discharge = fmax(0, from);
    for (int64_t g = p->seg_start[at]; g < p->seg_start[at + 1]; g++) {
        double mw = value_of(x, x->first_piece[g]);
        charge -= from < 0 ? mw : 0;
        discharge += from < 0 ? 0 : mw;
        from += p->seg[g].width_mw;
    }
    return charge > 1e-6 && discharge > 1e-6;
}

static void read(const struct full *x, struct full_dispatch *f)
{
    const struct dispatch_problem *p = x->p;
    f->objective_usd = f->exclusive ? glp_mip_obj_val(x->lp) : glp_get_obj_val(x->lp);
    f->both_ways = false;
    for (int32_t t = 0; t < p->n_interval; t++) {
        for (int32_t n = 0; f->lmp_usd_per_mwh && n < x->d->n_bus; n++)
            f->lmp_usd_per_mwh[t * x->d->n_bus + n] =
                glp_get_row_dual(x->lp, x->balance + t * x->d->n_bus + n) /
                p->duration_h[t];
        for (int32_t i = 0; f->injection_mw && i < p->n_injection; i++) {
            int64_t at = (int64_t)t * p->n_injection + i;
            double mw = p->base_mw[at];
            for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++)
                for (int c = x->first_piece[s]; c < x->first_piece[s + 1]; c++)
                    mw += value_of(x, c);
            f->injection_mw[at] = mw;
        }
        for (int32_t k = 0; k < p->n_store; k++)
            f->both_ways = f->both_ways || store_both_ways(x, t, k);
    }
}

void full_dispatch(const struct dispatch_problem *p, struct full_dispatch *f)
{
    const struct network_data *d = network_data(p->net);
    size_t n_seg = (size_t)p->seg_start[(int64_t)p->n_interval * p->n_injection];
    struct full x = {.p = p, .d = d, .f = f, .outage = -1, .lp = glp_create_prob()};
    x.island = room_for((size_t)d->n_bus, sizeof *x.island);
    x.reference = room_for((size_t)d->n_bus, sizeof *x.reference);
    x.first_piece = room_for(n_seg + 1, sizeof *x.first_piece);
    for (int32_t l = 0; l < d->n_branch; l++)
        if (isfinite(d->susceptance_mw_per_rad[l]))
            x.rad += fabs(d->susceptance_mw_per_rad[l]) / d->n_branch;
    x.rad = x.rad > 0 ? 1 / x.rad : 1;
    find_reference(&x);
    add_columns(&x);
    full_rows(&x);
    solve(&x, f);
    read(&x, f);
    glp_delete_prob(x.lp);
    free(x.island);
    free(x.reference);
    free(x.first_piece);
    free(x.line.col);
    free(x.line.value);
}

double full_dispatch_cost(const struct dispatch_problem *p)
{
    struct full_dispatch f = {.chords = 1};
    full_dispatch(p, &f);
    return f.objective_usd;
}
