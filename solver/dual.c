/* dual.c - the dual function of a single interval, made smooth. */
#include "solver/dual.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"

int32_t dual_n(const struct dual *f)
{
    return f->n_balance + f->n_row;
}

double dual_rhs(const struct dual *f, int32_t k)
{
    return k < f->n_balance ? f->w->balance_rhs[k] : f->row[k - f->n_balance].rhs;
}

double dual_sign(const struct watched *r)
{
    return rows_is_minimum(r->kind) ? -1 : 1;
}

void dual_range(const struct dual *f, int32_t k, double *lo, double *up)
{
    const struct dispatch_penalty *s = &f->w->p->schedule;
    if (k < f->n_balance) {
        *lo = -s->surplus_usd_per_mwh;
        *up = s->shortage_usd_per_mwh;
    } else {
        *lo = -f->row[k - f->n_balance].penalty;
        *up = 0;
    }
}

enum err_code dual_prices(const struct dual *f, const double *y, double *price,
                          struct err *err)
{
    const struct work *w = f->w;
    const struct dispatch_problem *p = w->p;
    memset(f->mu, 0, (size_t)network_data(p->net)->n_branch * sizeof *f->mu);
    for (int32_t k = 0; k < f->n_row; k++)
        f->mu[f->row[k].branch] += dual_sign(&f->row[k]) * y[f->n_balance + k];
    enum err_code code = network_prices(p->net, 1, f->mu, f->bus, err);
    for (int32_t i = 0; !code && i < p->n_injection; i++) {
        price[i] = 0;
        for (int32_t a = w->island_start[i]; a < w->island_start[i + 1]; a++)
            price[i] += w->island_weight[a] * y[w->island[a]];
        for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
            price[i] += p->bus_weight[k] * f->bus[p->bus[k]];
    }
    return code;
}

/* Power above lo at which f'(P) + (P - held) / spring is the price, inside its range. */
static double sprung(const struct dispatch_polynomial *cost, double lo, double width,
                     double held, double stiff, double price)
{
    double from = 0, to = width;
    double at = from, slope = refine_curvature(cost, lo) + stiff;
    for (int k = 0; k < 100; k++) { /* of a quadratic the first step is exact */
        double over = refine_marginal(cost, lo + at) + (at - held) * stiff - price;
        if (over < 0)
            from = at;
        else
            to = at;
        double next = slope > 0 ? at - over / slope : from;
        if (!(next > from && next < to))
            next = 0.5 * (from + to);
        if (fabs(next - at) <= 1e-12 * (1 + width) || cost->n_coef <= 3)
            return next;
        at = next;
        slope = refine_curvature(cost, lo + at) + stiff;
    }
    return at;
}

static void respond_smooth(struct dual *f, int32_t i)
{
    const struct work *w = f->w;
    const struct dispatch_polynomial *cost = f->smooth[i];
    double lo = w->p->base_mw[i], width = w->p->seg[w->p->seg_start[i]].width_mw;
    f->curve[i] = f->power[i] = 0;
    if (w->head[i] < 0 || width <= 0)
        return;
    double stiff = f->spring_usd / width, held = f->held_power[i], price = f->price[i];
    if (f->least[i] - held * stiff >= price)
        return;
    f->power[i] = width;
    if (f->most[i] + (width - held) * stiff <= price)
        return;
    double p = sprung(cost, lo, width, held, stiff, price);
    f->power[i] = p;
    if (p > 0 && p < width)
        f->curve[i] = 1 / (refine_curvature(cost, lo + p) + stiff);
}

static void respond_linear(struct dual *f, int32_t i)
{
    struct work *w = f->w;
    f->power[i] = f->curve[i] = 0;
    for (int32_t k = w->head[i]; k >= 0; k = w->piece[k].next) {
        const struct piece *piece = &w->piece[k];
        double spring = piece->width_mw / f->spring_usd;
        double x = f->held[k] + spring * (f->price[i] - piece->cost);
        if (x > 0 && x < piece->width_mw)
            f->curve[i] += spring;
        x = fmin(piece->width_mw, fmax(0, x));
        w->x[piece->col] = x;
        f->power[i] += x;
    }
}

void dual_respond(struct dual *f)
{
    for (int32_t i = 0; i < f->w->p->n_injection; i++)
        if (f->smooth[i])
            respond_smooth(f, i);
        else
            respond_linear(f, i);
}

void dual_gradient(struct dual *f)
{
    const struct work *w = f->w;
    for (int32_t b = 0; b < f->n_balance; b++)
        f->gradient[b] = w->balance_rhs[b];
    for (int32_t i = 0; i < w->p->n_injection; i++)
        for (int32_t a = w->island_start[i]; a < w->island_start[i + 1]; a++)
            f->gradient[w->island[a]] -= w->island_weight[a] * f->power[i];
    for (int32_t k = 0; k < f->n_row; k++) {
        const struct factor_row *row = &w->factor[f->row[k].factor];
        double sum = 0;
        for (int64_t e = row->start; e < row->end; e++)
            sum += w->entry_value[e] * f->power[w->entry_injection[e]];
        f->gradient[f->n_balance + k] = f->row[k].rhs - dual_sign(&f->row[k]) * sum;
    }
}

bool dual_is_fixed(const struct dual *f, int32_t k)
{
    double lo, up;
    dual_range(f, k, &lo, &up);
    return (f->y[k] >= up && f->gradient[k] >= 0) ||
           (f->y[k] <= lo && f->gradient[k] <= 0);
}

double dual_worst_mw(const struct dual *f)
{
    double worst = 0;
    for (int32_t k = 0; k < dual_n(f); k++)
        if (!dual_is_fixed(f, k))
            worst = fmax(worst, fabs(f->gradient[k]));
    return worst;
}

/* ---- rows ---- */

void dual_stack(struct dual *f)
{
    struct work *w = f->w;
    for (int32_t k = 0; k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        double p = w->p->base_mw[piece->injection] + f->power[piece->injection];
        w->x[piece->col] = fmin(piece->width_mw, fmax(0, p - piece->from_mw));
    }
}

static bool grow(struct dual *f, int32_t room)
{
    size_t n = (size_t)room, m = n + (size_t)f->n_balance;
    struct watched *row = mem_resize(f->row, n, sizeof *row);
    if (row)
        f->row = row;
    double **array[] = {&f->y, &f->gradient};
    bool ok = row;
    for (int k = 0; k < 2; k++) {
        double *grown = mem_resize(*array[k], m, sizeof *grown);
        if (grown)
            *array[k] = grown;
        ok = ok && grown;
    }
    if (ok)
        f->room_row = room;
    return ok;
}

static enum err_code watch(struct dual *f, enum dispatch_row_kind kind, int32_t branch,
                           struct err *err)
{
    struct work *w = f->w;
    if (f->n_row == f->room_row && !grow(f, f->room_row ? 2 * f->room_row : 64))
        return err_set(err, ERR_NOMEM, "out of memory");
    struct watched r = {.kind = kind, .branch = branch, .factor = -1};
    r.rhs = rows_stated(w, kind, branch, 0) - w->base_flow[branch];
    r.rhs = rows_is_minimum(kind) ? -r.rhs : r.rhs;
    const struct limit limit = {.kind = kind, .index = branch, .outage = -1};
    r.penalty = work_penalty(w, &limit, false);
    f->row[f->n_row++] = r;
    f->y[f->n_balance + f->n_row - 1] = 0;
    f->known[kind == DISPATCH_BRANCH_MIN][branch] = true;
    return ERR_OK;
}

enum err_code dual_watch(struct dual *f, int32_t most, int32_t *n_added, bool *fits,
                         struct err *err)
{
    struct work *w = f->w;
    int32_t n_branch = network_data(w->p->net)->n_branch, first = f->n_row;
    dual_stack(f);
    enum err_code code = work_evaluate(w, err);
    for (int kind = DISPATCH_BRANCH_MAX; !code && kind <= DISPATCH_BRANCH_MIN; kind++)
        for (int32_t l = 0; !code && l < n_branch; l++)
            if (!f->known[kind == DISPATCH_BRANCH_MIN][l] &&
                rows_violation(w, (enum dispatch_row_kind)kind, l, 0) > 0)
                code = watch(f, (enum dispatch_row_kind)kind, l, err);
    *n_added = f->n_row - first;
    *fits = f->n_row <= most;
    if (code || !*fits || *n_added == 0)
        return code;
    struct flow_at *at = mem_alloc((size_t)*n_added, sizeof *at);
    if (!at)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < *n_added; k++)
        at[k] = (struct flow_at){f->row[first + k].branch, -1};
    code = factors_need(w, *n_added, at, err);
    for (int32_t k = first; !code && k < f->n_row; k++)
        f->row[k].factor = factors_find(w, f->row[k].branch, -1);
    mem_free(at);
    return code;
}

static void stretch(const struct dual *f, double to, double width, double *held,
                    double *worst)
{
    if (width > 0)
        *worst = fmax(*worst, fabs(to - *held) / width * f->spring_usd);
    *held = to;
}

double dual_relax(struct dual *f)
{
    const struct work *w = f->w;
    double worst = 0;
    dual_respond(f);
    for (int32_t i = 0; i < w->p->n_injection; i++) {
        int32_t k = w->head[i];
        if (k >= 0 && f->smooth[i])
            stretch(f, f->power[i], w->p->seg[w->p->seg_start[i]].width_mw,
                    &f->held_power[i], &worst);
        for (; k >= 0 && !f->smooth[i]; k = w->piece[k].next)
            stretch(f, w->x[w->piece[k].col], w->piece[k].width_mw, &f->held[k],
                    &worst);
    }
    return worst;
}

/* Limits that the LP has already. */
static enum err_code begin_rows(struct dual *f, struct err *err)
{
    struct work *w = f->w;
    struct flow_at *at = mem_alloc((size_t)w->n_limit, sizeof *at);
    enum err_code code = at ? ERR_OK : err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < w->n_limit; k++) {
        at[k] = (struct flow_at){w->limit[k].index, -1};
        code = watch(f, w->limit[k].kind, w->limit[k].index, err);
    }
    if (!code)
        code = factors_need(w, w->n_limit, at, err);
    for (int32_t k = 0; !code && k < w->n_limit; k++)
        f->row[k].factor = factors_find(w, f->row[k].branch, -1);
    mem_free(at);
    return code;
}

static bool allocate(struct dual *f)
{
    const struct work *w = f->w;
    size_t n = (size_t)w->p->n_injection;
    size_t n_branch = (size_t)network_data(w->p->net)->n_branch;
    f->smooth = mem_alloc(n, sizeof *f->smooth);
    f->held_power = mem_alloc(n, sizeof *f->held_power);
    f->held = mem_alloc((size_t)w->n_piece, sizeof *f->held);
    f->least = mem_alloc(n, sizeof *f->least);
    f->most = mem_alloc(n, sizeof *f->most);
    f->mu = mem_alloc(n_branch, sizeof *f->mu);
    f->bus = mem_alloc((size_t)network_data(w->p->net)->n_bus, sizeof *f->bus);
    f->price = mem_alloc(n, sizeof *f->price);
    f->power = mem_alloc(n, sizeof *f->power);
    f->curve = mem_alloc(n, sizeof *f->curve);
    f->known[0] = mem_alloc(n_branch, sizeof **f->known);
    f->known[1] = mem_alloc(n_branch, sizeof **f->known);
    return f->smooth && f->held_power && f->held && f->price && f->power && f->curve &&
           f->known[0] && f->known[1] && f->least && f->most && f->mu && f->bus &&
           grow(f, 64);
}

static void begin_duals(struct dual *f, const double *y)
{
    const struct work *w = f->w;
    double h = w->p->duration_h[0];
    for (int32_t k = 0; k < dual_n(f); k++) {
        double lo, up;
        dual_range(f, k, &lo, &up);
        f->y[k] = y[k < f->n_balance ? k : w->limit[k - f->n_balance].row] / h;
        f->y[k] = fmin(up, fmax(lo, f->y[k]));
    }
}

static void begin_smooth(struct dual *f, const struct dispatch_polynomial *cost)
{
    const struct dispatch_problem *p = f->w->p;
    int32_t i = cost->injection;
    double lo = p->base_mw[i], width = p->seg[p->seg_start[i]].width_mw;
    f->smooth[i] = cost;
    f->least[i] = refine_marginal(cost, lo);
    f->most[i] = refine_marginal(cost, lo + width);
}

enum err_code dual_begin(struct dual *f, struct work *w, double spring_usd,
                         struct err *err)
{
    *f = (struct dual){.w = w, .n_balance = w->n_island, .spring_usd = spring_usd};
    double *y = mem_alloc((size_t)lp_n_rows(w->lp), sizeof *y);
    enum err_code code = ERR_OK;
    if (!y || !allocate(f))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = begin_rows(f, err);
    if (!code) {
        lp_row_duals(w->lp, y);
        begin_duals(f, y);
    }
    for (int32_t k = 0; !code && k < w->p->n_polynomial; k++)
        begin_smooth(f, &w->p->polynomial[k]);
    for (int32_t k = 0; !code && k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        f->held[k] = w->x[piece->col];
        if (f->smooth[piece->injection])
            f->held_power[piece->injection] += f->held[k];
    }
    mem_free(y);
    return code;
}

void dual_release(struct dual *f)
{
    mem_free(f->row);
    mem_free(f->known[0]);
    mem_free(f->known[1]);
    mem_free(f->smooth);
    mem_free(f->least);
    mem_free(f->most);
    mem_free(f->mu);
    mem_free(f->bus);
    mem_free(f->held);
    mem_free(f->held_power);
    mem_free(f->y);
    mem_free(f->gradient);
    mem_free(f->price);
    mem_free(f->power);
    mem_free(f->curve);
}
