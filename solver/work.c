/* work.c - set-up, evaluation and the solve-and-separate loop of a dispatch. */
#include "solver/work.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"

enum {
    MAX_ROUNDS = 1000,
};

int32_t work_count(const struct work *w, enum dispatch_row_kind kind)
{
    switch (kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        return network_data(w->p->net)->n_branch;
    case DISPATCH_GROUP:
        return w->p->n_group;
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        return w->p->n_injection;
    default:
        return w->p->n_store;
    }
}

double work_penalty(const struct work *w, const struct limit *limit, bool repriced)
{
    const double *own = w->p->group_penalty_usd_per_mwh;
    const struct dispatch_penalty *q = repriced ? &w->p->pricing : &w->p->schedule;
    switch (limit->kind) {
    case DISPATCH_BRANCH_MAX:
    case DISPATCH_BRANCH_MIN:
        return limit->outage < 0 ? q->branch_usd_per_mwh : q->outage_usd_per_mwh;
    case DISPATCH_GROUP:
        return own && !isnan(own[limit->index]) ? own[limit->index]
                                                : q->group_usd_per_mwh;
    case DISPATCH_RAMP_UP:
    case DISPATCH_RAMP_DOWN:
        return q->ramp_usd_per_mwh;
    default:
        return q->store_usd_per_mwh;
    }
}

double work_slack_cost(const struct work *w, const struct limit *limit, bool repriced)
{
    bool is_energy =
        limit->kind == DISPATCH_STORE_MAX || limit->kind == DISPATCH_STORE_MIN;
    return work_penalty(w, limit, repriced) *
           (is_energy ? 1 : w->p->duration_h[limit->interval]);
}

void work_set_piece_cost(struct work *w, const struct piece *piece)
{
    double h = w->p->duration_h[piece->interval];
    double cost = piece->repriced ? piece->price_cost : piece->cost;
    cost += lossy_cost_shift(w, piece->interval, piece->injection);
    lp_set_cost(w->lp, piece->col, cost * h);
}

/* Islands that each injection touches, with its weight in each. */
static enum err_code find_island_weights(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    const int32_t *island = network_island(p->net);
    size_t room = (size_t)p->bus_start[p->n_injection];
    w->island_start = mem_alloc((size_t)p->n_injection + 1, sizeof *w->island_start);
    w->island = mem_alloc(room, sizeof *w->island);
    w->island_weight = mem_alloc(room, sizeof *w->island_weight);
    if (!w->island_start || !w->island || !w->island_weight)
        return err_set(err, ERR_NOMEM, "out of memory");
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_injection; i++) {
        int32_t first = w->island_start[i] = n;
        for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++) {
            int32_t a = island[p->bus[k]], at = first;
            while (at < n && w->island[at] != a)
                at++;
            if (at == n)
                w->island[n++] = a;
            w->island_weight[at] += p->bus_weight[k];
        }
    }
    w->island_start[p->n_injection] = n;
    return ERR_OK;
}

int32_t work_add_piece(struct work *w, struct piece piece)
{
    if (w->n_piece == w->room_piece) {
        int32_t room = w->room_piece ? 2 * w->room_piece : 1024;
        struct piece *grown = mem_resize(w->piece, (size_t)room, sizeof *grown);
        if (!grown)
            return -1;
        w->piece = grown;
        w->room_piece = room;
    }
    int32_t *head = &w->head[piece.interval * w->p->n_injection + piece.injection];
    piece.next = *head;
    w->piece[w->n_piece] = piece;
    *head = w->n_piece;
    return w->n_piece++;
}

static enum err_code pieces_from_segments(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    for (int32_t t = 0; t < p->n_interval; t++) {
        for (int32_t i = 0; i < p->n_injection; i++) {
            int64_t at = (int64_t)t * p->n_injection + i;
            double from = p->base_mw[at];
            for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++) {
                const struct dispatch_segment *seg = &p->seg[s];
                struct piece piece = {.interval = t,
                                      .injection = i,
                                      .seg = s,
                                      .from_mw = from,
                                      .width_mw = seg->width_mw,
                                      .cost = seg->cost_usd_per_mwh,
                                      .price_cost = seg->price_cost_usd_per_mwh};
                if (work_add_piece(w, piece) < 0)
                    return err_set(err, ERR_NOMEM, "out of memory");
                from += seg->width_mw;
            }
        }
    }
    return ERR_OK;
}

static bool allocate_state(struct work *w)
{
    const struct dispatch_problem *p = w->p;
    const struct network_data *d = network_data(p->net);
    size_t n_t = (size_t)p->n_interval;
    size_t n_bus = (size_t)d->n_bus, n_branch = (size_t)d->n_branch;
    size_t n_injection = (size_t)p->n_injection, n_island = (size_t)w->n_island;
    w->head = mem_alloc(n_t * n_injection, sizeof *w->head);
    w->shortage = mem_alloc(n_t * n_island, sizeof *w->shortage);
    w->surplus = mem_alloc(n_t * n_island, sizeof *w->surplus);
    w->increment = mem_alloc(n_t * n_island, sizeof *w->increment);
    w->shortage_repriced = mem_alloc(n_t * n_island, sizeof *w->shortage_repriced);
    w->surplus_repriced = mem_alloc(n_t * n_island, sizeof *w->surplus_repriced);
    w->n_flow_row = mem_alloc(n_t, sizeof *w->n_flow_row);
    w->balance_rhs = mem_alloc(n_t * n_island, sizeof *w->balance_rhs);
    w->base_flow = mem_alloc(n_t * n_branch, sizeof *w->base_flow);
    w->factor_of_branch = mem_alloc(n_branch, sizeof *w->factor_of_branch);
    w->direction = mem_alloc(n_t * (size_t)p->n_store, sizeof *w->direction);
    w->power_mw = mem_alloc(n_t * n_injection, sizeof *w->power_mw);
    w->bus_mw = mem_alloc(n_t * n_bus, sizeof *w->bus_mw);
    w->flow_mw = mem_alloc(n_t * n_branch, sizeof *w->flow_mw);
    w->angle_rad = mem_alloc(n_t * n_bus, sizeof *w->angle_rad);
    w->energy_mwh = mem_alloc(n_t * (size_t)p->n_store, sizeof *w->energy_mwh);
    bool ok = w->head && w->shortage && w->surplus && w->increment && w->n_flow_row &&
              w->shortage_repriced && w->surplus_repriced && w->balance_rhs &&
              w->base_flow && w->factor_of_branch && w->direction && w->power_mw &&
              w->bus_mw && w->flow_mw && w->angle_rad && w->energy_mwh;
    for (int kind = 0; kind < DISPATCH_ROW_KINDS; kind++) {
        size_t count = (size_t)work_count(w, (enum dispatch_row_kind)kind);
        w->limit_at[kind] = mem_alloc(n_t * count, sizeof **w->limit_at);
        ok = ok && w->limit_at[kind];
    }
    return ok;
}

/* What is fixed: base power and fixed injections, as balances and flows. */
static enum err_code evaluate_base(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    const struct network_data *d = network_data(p->net);
    const int32_t *island = network_island(p->net);
    for (int32_t t = 0; t < p->n_interval; t++) {
        double *bus = w->bus_mw + (size_t)t * (size_t)d->n_bus;
        if (p->fixed_mw)
            memcpy(bus, p->fixed_mw + (size_t)t * (size_t)d->n_bus,
                   (size_t)d->n_bus * sizeof *bus);
        for (int32_t i = 0; i < p->n_injection; i++) {
            double base = p->base_mw[(size_t)t * (size_t)p->n_injection + (size_t)i];
            for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
                bus[p->bus[k]] += p->bus_weight[k] * base;
        }
        for (int32_t n = 0; n < d->n_bus; n++)
            w->balance_rhs[t * w->n_island + island[n]] -= bus[n];
    }
    return network_flows(p->net, p->n_interval, w->bus_mw, NULL, w->base_flow, err);
}

enum err_code work_create(const struct dispatch_problem *p, struct work **out,
                          struct err *err)
{
    enum err_code code = ERR_OK;
    struct work *w = mem_alloc(1, sizeof *w);
    *out = NULL;
    if (!w)
        return err_set(err, ERR_NOMEM, "out of memory");
    w->p = p;
    w->n_island = network_n_island(p->net);
    w->left_at_usd = -HUGE_VAL;
    if (!allocate_state(w))
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int64_t k = 0; !code && k < (int64_t)p->n_interval * p->n_injection; k++)
        w->head[k] = -1;
    if (!code)
        code = find_island_weights(w, err);
    if (!code)
        code = pieces_from_segments(w, err);
    if (!code)
        code = evaluate_base(w, err);
    if (!code && p->outages)
        code = secure_create(w, err);
    if (!code)
        code = lp_create(&w->lp, err);
    if (code)
        work_destroy(w);
    else
        *out = w;
    return code;
}

void work_destroy(struct work *w)
{
    if (!w)
        return;
    lp_destroy(w->lp);
    lossy_destroy(w->lossy);
    mem_free(w->piece);
    mem_free(w->head);
    mem_free(w->island_start);
    mem_free(w->island);
    mem_free(w->island_weight);
    mem_free(w->shortage);
    mem_free(w->surplus);
    mem_free(w->increment);
    lift_release(w);
    mem_free(w->shortage_repriced);
    mem_free(w->surplus_repriced);
    mem_free(w->balance_rhs);
    mem_free(w->base_flow);
    mem_free(w->limit);
    mem_free(w->n_flow_row);
    for (int kind = 0; kind < DISPATCH_ROW_KINDS; kind++)
        mem_free(w->limit_at[kind]);
    mem_free(w->factor);
    mem_free(w->factor_of_branch);
    mem_free(w->term);
    secure_release(w);
    mem_free(w->entry_injection);
    mem_free(w->entry_value);
    mem_free(w->direction);
    mem_free(w->x);
    mem_free(w->power_mw);
    mem_free(w->bus_mw);
    mem_free(w->flow_mw);
    mem_free(w->angle_rad);
    mem_free(w->energy_mwh);
    mem_free(w);
}

/* Balance rows first, so that the columns can be added with their entries. */
static enum err_code add_balance_rows(struct work *w, struct err *err)
{
    int32_t n = w->p->n_interval * w->n_island;
    return lp_add_rows(w->lp, n, w->balance_rhs, w->balance_rhs, NULL, NULL, NULL, err);
}

static enum err_code add_piece_columns(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    size_t n = (size_t)w->n_piece, n_entry = 0;
    for (int32_t k = 0; k < w->n_piece; k++) {
        int32_t i = w->piece[k].injection;
        n_entry += (size_t)(w->island_start[i + 1] - w->island_start[i]);
    }
    enum err_code code = ERR_OK;
    double *cost = mem_alloc(n, sizeof *cost), *lo = mem_alloc(n, sizeof *lo);
    double *up = mem_alloc(n, sizeof *up), *value = mem_alloc(n_entry, sizeof *value);
    int64_t *start = mem_alloc(n + 1, sizeof *start);
    int32_t *row = mem_alloc(n_entry, sizeof *row);
    if (!cost || !lo || !up || !value || !start || !row) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    int64_t e = 0;
    for (int32_t k = 0; k < w->n_piece; k++) {
        struct piece *piece = &w->piece[k];
        piece->col = k;
        cost[k] = piece->cost * p->duration_h[piece->interval];
        up[k] = piece->width_mw;
        start[k] = e;
        for (int32_t a = w->island_start[piece->injection];
             a < w->island_start[piece->injection + 1]; a++) {
            row[e] = piece->interval * w->n_island + w->island[a];
            value[e++] = w->island_weight[a];
        }
    }
    start[n] = e;
    code = lp_add_columns(w->lp, w->n_piece, cost, lo, up, start, row, value, err);
done:
    mem_free(cost);
    mem_free(lo);
    mem_free(up);
    mem_free(value);
    mem_free(start);
    mem_free(row);
    return code;
}

static enum err_code add_balance_slacks(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    const double lo[] = {0, 0, 0}, up[] = {INFINITY, INFINITY, 0};
    const double value[] = {1, -1, -1};
    const int64_t start[] = {0, 1, 2, 3};
    for (int32_t b = 0; b < p->n_interval * w->n_island; b++) {
        double h = p->duration_h[b / w->n_island];
        const double cost[] = {p->schedule.shortage_usd_per_mwh * h,
                               p->schedule.surplus_usd_per_mwh * h, 0};
        const int32_t row[] = {b, b, b};
        w->shortage[b] = lp_n_columns(w->lp);
        w->surplus[b] = w->shortage[b] + 1;
        w->increment[b] = w->shortage[b] + 2;
        enum err_code code =
            lp_add_columns(w->lp, 3, cost, lo, up, start, row, value, err);
        if (code)
            return code;
    }
    return ERR_OK;
}

enum err_code work_load(struct work *w, struct err *err)
{
    enum err_code code = add_balance_rows(w, err);
    if (!code)
        code = add_piece_columns(w, err);
    if (!code)
        code = add_balance_slacks(w, err);
    if (!code)
        code = lossy_load(w, err);
    if (!code)
        code = crash_basis(w, err);
    return code;
}

void work_store_flows(const struct work *w, int32_t t, int32_t s, double *charge_mw,
                      double *discharge_mw)
{
    const struct dispatch_problem *p = w->p;
    int64_t at = (int64_t)t * p->n_injection + p->store[s].injection;
    *charge_mw = fmax(0, -p->base_mw[at]);
    *discharge_mw = fmax(0, p->base_mw[at]);
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next) {
        if (w->piece[k].from_mw < 0)
            *charge_mw -= w->x[w->piece[k].col];
        else
            *discharge_mw += w->x[w->piece[k].col];
    }
}

void work_slacks(const struct work *w, const int32_t *column, double *mw)
{
    for (int32_t b = 0; b < w->p->n_interval * w->n_island; b++)
        mw[b] = fmax(0, w->x[column[b]]);
}

void work_segments(const struct work *w, double *segment_mw)
{
    const struct dispatch_problem *p = w->p;
    memset(segment_mw, 0,
           (size_t)p->seg_start[(int64_t)p->n_interval * p->n_injection] *
               sizeof *segment_mw);
    for (int32_t k = 0; k < w->n_piece; k++)
        segment_mw[w->piece[k].seg] += w->x[w->piece[k].col];
}

static void evaluate_power(struct work *w)
{
    const struct dispatch_problem *p = w->p;
    for (int64_t at = 0; at < (int64_t)p->n_interval * p->n_injection; at++) {
        double power = p->base_mw[at];
        for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next)
            power += w->x[w->piece[k].col];
        w->power_mw[at] = power;
    }
    for (int32_t s = 0; s < p->n_store; s++) {
        double energy = p->store[s].energy_initial_mwh;
        for (int32_t t = 0; t < p->n_interval; t++) {
            double charge, discharge;
            work_store_flows(w, t, s, &charge, &discharge);
            energy += p->duration_h[t] * (p->store[s].charge_efficiency * charge -
                                          discharge / p->store[s].discharge_efficiency);
            w->energy_mwh[t * p->n_store + s] = energy;
        }
    }
}

enum err_code work_evaluate(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    const struct network_data *d = network_data(p->net);
    evaluate_power(w);
    for (int32_t t = 0; t < p->n_interval; t++) {
        double *bus = w->bus_mw + (size_t)t * (size_t)d->n_bus;
        const double *power = w->power_mw + (size_t)t * (size_t)p->n_injection;
        if (p->fixed_mw)
            memcpy(bus, p->fixed_mw + (size_t)t * (size_t)d->n_bus,
                   (size_t)d->n_bus * sizeof *bus);
        else
            memset(bus, 0, (size_t)d->n_bus * sizeof *bus);
        for (int32_t i = 0; i < p->n_injection; i++)
            for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
                bus[p->bus[k]] += p->bus_weight[k] * power[i];
    }
    lossy_withdraw(w, w->bus_mw);
    double began = stopwatch_s();
    enum err_code code =
        network_flows(p->net, p->n_interval, w->bus_mw, w->angle_rad, w->flow_mw, err);
    w->stats.seconds_screen += stopwatch_s() - began;
    return code;
}

enum err_code work_make_room(struct work *w, struct err *err)
{
    int32_t n = lp_n_columns(w->lp);
    if (n <= w->room_x)
        return ERR_OK;
    double *grown = mem_resize(w->x, (size_t)n + (size_t)n / 2, sizeof *grown);
    if (!grown)
        return err_set(err, ERR_NOMEM, "out of memory");
    memset(grown + w->room_x, 0,
           ((size_t)n + (size_t)n / 2 - (size_t)w->room_x) * sizeof *grown);
    w->x = grown;
    w->room_x = n + n / 2;
    return ERR_OK;
}

enum err_code work_solve(struct work *w, enum lp_method method, struct err *err)
{
    enum lp_status status;
    double began = stopwatch_s();
    enum err_code code = watch_step(w->p->watch, 0, 0, (double)NAN, err);
    if (code)
        return code;
    code = lp_solve(w->lp, method, &status, err);
    w->stats.seconds_lp += stopwatch_s() - began;
    w->stats.rounds++;
    if (code)
        return code;
    if (status != LP_OPTIMAL)
        return err_set(err, ERR_NUMERIC,
                       "the dispatch LP (%d rows, %d columns) ended without an optimum",
                       lp_n_rows(w->lp), lp_n_columns(w->lp));
    code = work_make_room(w, err);
    if (code)
        return code;
    lp_column_values(w->lp, w->x);
    return work_evaluate(w, err);
}

enum err_code work_converge(struct work *w, enum lp_method method, struct err *err)
{
    for (int round = 0; round < MAX_ROUNDS; round++) {
        int32_t n_added = 0, n_tangent = 0;
        enum err_code code = work_solve(w, method, err);
        double began = stopwatch_s();
        if (!code)
            code = leave_idle(w, err);
        if (!code)
            code = separate_violated(w, &n_added, err);
        if (!code)
            code = lossy_add_tangents(w, &n_tangent, err);
        w->stats.seconds_screen += stopwatch_s() - began;
        if (code || n_added + n_tangent == 0)
            return code;
        method = LP_DUAL;
    }
    return err_set(err, ERR_NUMERIC, "limits were still violated after %d rounds",
                   MAX_ROUNDS);
}
