/* explain_change_rows.c - steps and rows of the LP behind "one more MW". */
#include "sim/explain/explain_change_parts.h"

#include <math.h>

#include "sim/base/mem.h"

static const double min_per_h = 60;

static double room_of(const struct explain_problem *p, double mw)
{
    if (mw <= EXPLAIN_TIGHT_MW)
        return 0;
    return p->mode == EXPLAIN_RATE ? HUGE_VAL : mw;
}

static void add_step(struct explain_problem *p, struct explain_step s)
{
    if (p->n_step == p->room_step) {
        size_t room = p->room_step ? 2 * p->room_step : 256;
        struct explain_step *grown = mem_resize(p->step, room, sizeof *grown);
        p->no_memory = p->no_memory || !grown;
        if (!grown)
            return;
        p->step = grown;
        p->room_step = room;
    }
    p->step[p->n_step++] = s;
}

static void put(struct explain_problem *p, size_t col, double value)
{
    struct explain_rows *r = &p->rows;
    if (!(fabs(value) > 1e-12))
        return;
    if (r->n_entry == r->room_entry) {
        size_t room = r->room_entry ? 2 * r->room_entry : 1024;
        int32_t *c = mem_resize(r->col, room, sizeof *c);
        if (c)
            r->col = c;
        double *v = c ? mem_resize(r->value, room, sizeof *v) : NULL;
        p->no_memory = p->no_memory || !v;
        if (!v)
            return;
        r->value = v;
        r->room_entry = room;
    }
    r->col[r->n_entry] = (int32_t)col;
    r->value[r->n_entry++] = value;
}

static void close_row(struct explain_problem *p, double lo, double up)
{
    struct explain_rows *r = &p->rows;
    if (r->n + 1 >= r->room) {
        size_t room = r->room ? 2 * r->room : 256;
        double *a = mem_resize(r->lo, room, sizeof *a);
        if (a)
            r->lo = a;
        double *b = a ? mem_resize(r->up, room, sizeof *b) : NULL;
        if (b)
            r->up = b;
        int64_t *c = b ? mem_resize(r->start, room, sizeof *c) : NULL;
        p->no_memory = p->no_memory || !c;
        if (!c)
            return;
        r->start = c;
        r->room = room;
        if (r->n == 0)
            r->start[0] = 0;
    }
    r->lo[r->n] = lo;
    r->up[r->n] = up;
    r->start[++r->n] = (int64_t)r->n_entry;
}

size_t explain_steps_begin(const struct explain_problem *p, int32_t s, int32_t owner)
{
    return p->first_step[(size_t)(s - p->first) * p->x->n_owner + (size_t)owner];
}

size_t explain_steps_end(const struct explain_problem *p, int32_t s, int32_t owner)
{
    return p->first_step[(size_t)(s - p->first) * p->x->n_owner + (size_t)owner + 1];
}

/* by times what the owner does more. */
static void put_owner(struct explain_problem *p, int32_t s, int32_t owner, double by)
{
    for (size_t k = explain_steps_begin(p, s, owner);
         k < explain_steps_end(p, s, owner); k++)
        put(p, k, by * p->step[k].sign);
}

/* Room of a piece upward (+1) or downward (-1) from mw. */
static double width_of(const struct explain_piece *piece, double mw, int sign)
{
    return sign > 0 ? piece->to_mw - fmax(piece->from_mw, mw)
                    : fmin(piece->to_mw, mw) - piece->from_mw;
}

/* The pieces of an owner. For a rate the nearest one each way is enough: any amount of it
 * is to be had, and those beyond cost more. */
static void list_steps(struct explain_problem *p, int32_t s, int32_t i)
{
    size_t n;
    const struct explain_piece *piece = explain_pieces(p->x, s, i, &n);
    double mw = explain_award_mw(p->x, s, i);
    for (int sign = -1; sign <= 1; sign += 2)
        for (size_t j = 0; j < n; j++) {
            const struct explain_piece *of = &piece[sign > 0 ? j : n - 1 - j];
            double width = width_of(of, mw, sign);
            if (width <= EXPLAIN_TIGHT_MW)
                continue;
            add_step(p, (struct explain_step){.interval = s,
                                              .owner = i,
                                              .kind = STEP_PIECE,
                                              .sign = sign,
                                              .width = room_of(p, width),
                                              .usd_per_mwh = sign * of->usd_per_mwh,
                                              .charges = of->to_mw <= 0,
                                              .is_energy = of->is_energy});
            if (p->mode == EXPLAIN_RATE)
                break;
        }
}

static void list_pieces(struct explain_problem *p)
{
    size_t at = 0;
    for (int32_t s = p->first; s < p->end; s++)
        for (int32_t i = 0; (size_t)i < p->x->n_owner; i++) {
            p->first_step[at++] = p->n_step;
            list_steps(p, s, i);
        }
    p->first_step[at] = p->n_step;
}

/* ---- rows ---- */

/* MW that arrive at the reference of a MW more at a bus, at the rate that prices tell. */
static double arrives(const struct explain_problem *p, int32_t s, int32_t bus)
{
    size_t at = (size_t)s * p->x->v.n_node + (size_t)bus;
    double energy = p->x->v.lmp_energy[at], loss = p->x->v.lmp_loss[at];
    return fabs(loss) > 1e-9 && fabs(energy) > 1e-3 ? 1 + loss / energy : 1;
}

/* What of a MW at a node counts in an island. */
static double counts(const struct explain_problem *p, int32_t s, int32_t node,
                     int32_t island)
{
    const struct explain_run *x = p->x;
    double sum = 0;
    for (int32_t k = x->bus_start[node]; k < x->bus_start[node + 1]; k++)
        if (network_island(x->net)[x->bus[k]] == island)
            sum += x->bus_weight[k] * arrives(p, s, x->bus[k]);
    return sum;
}

static void add_balances(struct explain_problem *p)
{
    const struct explain_run *x = p->x;
    for (int32_t s = p->first; s < p->end; s++)
        for (int32_t a = 0; a < network_n_island(x->net); a++) {
            size_t shortage = p->n_step;
            add_step(p, (struct explain_step){.interval = s,
                                              .owner = -1,
                                              .kind = STEP_SHORTAGE,
                                              .sign = 1,
                                              .width = HUGE_VAL,
                                              .usd_per_mwh = x->shortage_usd_per_mwh});
            add_step(p, (struct explain_step){.interval = s,
                                              .owner = -1,
                                              .kind = STEP_SURPLUS,
                                              .sign = -1,
                                              .width = HUGE_VAL,
                                              .usd_per_mwh = x->surplus_usd_per_mwh});
            for (int32_t i = 0; (size_t)i < x->n_owner; i++)
                put_owner(p, s, i, counts(p, s, explain_owner_node(x, i), a));
            put(p, shortage, 1);
            put(p, shortage + 1, -1);
            double more = s == p->t ? p->mw * counts(p, s, p->node, a) : 0;
            close_row(p, more, more);
        }
}

/* A row "activity <= room", where a limit that is relaxed gives further at its price. */
static void close_limit(struct explain_problem *p, int32_t s, double room,
                        double of_load, double shadow, double penalty)
{
    if (penalty > 0 && shadow > penalty * (1 - 1e-9)) {
        size_t col = p->n_step;
        add_step(p, (struct explain_step){.interval = s,
                                          .owner = -1,
                                          .kind = STEP_RELAX,
                                          .sign = 1,
                                          .width = HUGE_VAL,
                                          .usd_per_mwh = shadow});
        put(p, col, -1);
        room = 0;
    }
    close_row(p, -HUGE_VAL, room_of(p, room) + of_load);
}

void explain_flow_row(struct explain_problem *p, int32_t s, double sign, double room,
                      double shadow)
{
    const struct explain_run *x = p->x;
    double of_load =
        s == p->t ? sign * p->mw * explain_at_node(x, p->node, p->factor) : 0;
    for (int32_t i = 0; (size_t)i < x->n_owner; i++)
        put_owner(p, s, i,
                  sign * explain_at_node(x, explain_owner_node(x, i), p->factor));
    if (shadow > 0 && shadow > x->branch_usd_per_mwh * (1 - 1e-9)) {
        put(p, p->n_step, -1);
        add_step(p, (struct explain_step){.interval = s,
                                          .owner = -1,
                                          .kind = STEP_RELAX,
                                          .sign = 1,
                                          .width = HUGE_VAL,
                                          .usd_per_mwh = shadow});
    }
    close_row(p, -HUGE_VAL, room + of_load);
}

static enum err_code add_binding_flows(struct explain_problem *p, struct err *err)
{
    const struct explain_run *x = p->x;
    enum err_code code = ERR_OK;
    for (size_t c = 0; c < x->v.n_limit && !code; c++) {
        bool ready = false;
        if (x->v.limit_kind[c] != VIEW_BRANCH)
            continue;
        for (int32_t s = p->first; s < p->end && !code; s++) {
            double shadow = x->v.shadow[(size_t)s * x->v.n_limit + c];
            if (!(shadow > 0))
                continue;
            if (!ready)
                code = explain_factors(x, (int32_t)c, p->factor, err);
            ready = true;
            if (!code)
                explain_flow_row(p, s, 1, 0, shadow);
        }
    }
    return code;
}

static void add_ties(struct explain_problem *p)
{
    const struct explain_run *x = p->x;
    for (size_t k = 0; k < x->n_tie; k++)
        for (int32_t s = p->first; s < p->end; s++) {
            double net = 0;
            for (size_t r = 0; r < x->v.n_resource; r++)
                if (x->resource_tie[r] == (int32_t)k)
                    net += explain_award_mw(x, s, (int32_t)r);
            for (int side = 0; side < 2; side++) {
                double sign = side ? -1 : 1;
                double limit = side ? x->tie_export_mw[k] : x->tie_import_mw[k];
                if (isinf(limit))
                    continue;
                for (size_t r = 0; r < x->v.n_resource; r++)
                    if (x->resource_tie[r] == (int32_t)k)
                        put_owner(p, s, (int32_t)r, sign);
                bool over = sign * net > limit + EXPLAIN_TIGHT_MW;
                /* A load at the scheduling point takes part. */
                double of_load =
                    s == p->t && x->node_tie[p->node] == (int32_t)k ? sign * p->mw : 0;
                close_limit(p, s, limit - sign * net, of_load,
                            over ? x->tie_usd_per_mwh : 0, x->tie_usd_per_mwh);
            }
        }
}

/* MW before the interval; NaN where that does not matter. */
static double mw_before(const struct explain_problem *p, int32_t s, int32_t r)
{
    const struct explain_run *x = p->x;
    if (s > 0)
        return explain_award_mw(x, s - 1, r);
    bool demand =
        x->v.resource_type[r] == VIEW_LOAD || x->v.resource_type[r] == VIEW_EXPORT;
    return demand ? -x->initial_mw[r] : x->initial_mw[r];
}

static void add_ramps(struct explain_problem *p)
{
    const struct explain_run *x = p->x;
    for (int32_t r = 0; (size_t)r < x->v.n_resource; r++) {
        bool demand =
            x->v.resource_type[r] == VIEW_LOAD || x->v.resource_type[r] == VIEW_EXPORT;
        for (int32_t s = p->first; s < p->end; s++) {
            double h = run_view_hours(&x->v, (size_t)s);
            double rate[2] = {x->ramp_up_mw_per_min[r], x->ramp_down_mw_per_min[r]};
            double by = explain_award_mw(x, s, r) - mw_before(p, s, r);
            if (x->ramp_free[(size_t)s * x->v.n_resource + (size_t)r] || isnan(by))
                continue;
            for (int side = 0; side < 2; side++) {
                double limit = min_per_h * h * rate[demand ? 1 - side : side];
                double sign = side ? -1 : 1;
                if (!(limit < 1e9) ||
                    (p->mode == EXPLAIN_RATE && limit - sign * by > EXPLAIN_TIGHT_MW))
                    continue;
                put_owner(p, s, r, sign);
                if (s > p->first)
                    put_owner(p, s - 1, r, -sign);
                bool over = sign * by > limit + EXPLAIN_TIGHT_MW;
                close_limit(p, s, limit - sign * by, 0, over ? x->ramp_usd_per_mwh : 0,
                            x->ramp_usd_per_mwh);
            }
        }
    }
}

static double or_one(double efficiency)
{
    return isnan(efficiency) ? 1 : efficiency;
}

/* Stored energy moves with what is charged and discharged, within its bounds. */
static void add_store(struct explain_problem *p, int32_t r)
{
    const struct explain_run *x = p->x;
    double in = or_one(x->charge_efficiency[r]),
           out = or_one(x->discharge_efficiency[r]);
    size_t before = 0;
    for (int32_t s = p->first; s < p->end; s++) {
        double mwh = x->v.energy_mwh[(size_t)s * x->v.n_resource + (size_t)r];
        double least = isnan(x->energy_min_mwh[r]) ? 0 : x->energy_min_mwh[r];
        double h = run_view_hours(&x->v, (size_t)s);
        size_t col = p->n_step;
        if (s == p->end - 1 && !isnan(x->end_energy_mwh[r]))
            least = fmax(least, x->end_energy_mwh[r]);
        /* .width: room above; .usd_per_mwh: room below, see add_columns. */
        add_step(p,
                 (struct explain_step){.interval = s,
                                       .owner = r,
                                       .kind = STEP_ENERGY,
                                       .width = room_of(p, x->energy_max_mwh[r] - mwh),
                                       .usd_per_mwh = room_of(p, mwh - least)});
        put(p, col, 1);
        if (s > p->first)
            put(p, before, -1);
        for (size_t k = explain_steps_begin(p, s, r); k < explain_steps_end(p, s, r);
             k++)
            put(p, k, h * p->step[k].sign * (p->step[k].charges ? in : 1 / out));
        close_row(p, 0, 0);
        before = col;
    }
}

static void add_stores(struct explain_problem *p)
{
    const struct explain_run *x = p->x;
    for (int32_t r = 0; (size_t)r < x->v.n_resource; r++)
        if (x->v.resource_type[r] == VIEW_STORAGE && x->v.energy_mwh &&
            !isnan(x->v.energy_mwh[(size_t)p->first * x->v.n_resource + (size_t)r]))
            add_store(p, r);
}

/* What services hold is not for energy. */
static void add_ranges(struct explain_problem *p)
{
    const struct explain_run *x = p->x;
    for (int32_t r = 0; x->service_up_mw && (size_t)r < x->v.n_resource; r++)
        for (int32_t s = p->first; s < p->end; s++) {
            size_t at = (size_t)s * x->v.n_resource + (size_t)r;
            double mw = explain_award_mw(x, s, r);
            if (x->service_up_mw[at] > 0) {
                put_owner(p, s, r, 1);
                close_limit(p, s, x->pmax_mw[r] - mw - x->service_up_mw[at], 0, 0, 0);
            }
            if (x->service_down_mw[at] > 0) {
                put_owner(p, s, r, -1);
                close_limit(p, s, mw - x->pmin_mw[r] - x->service_down_mw[at], 0, 0, 0);
            }
        }
}

/* Flows that stand at their limit without a price: they may not grow either. */
static enum err_code add_tight_flows(struct explain_problem *p, struct err *err)
{
    const struct explain_run *x = p->x;
    double *mu = MEM_ARRAY(double, x->v.n_branch);
    enum err_code code = mu ? ERR_OK : err_set(err, ERR_NOMEM, "out of memory");
    for (size_t l = 0; l < x->v.n_branch && !code; l++) {
        bool ready = false;
        for (int32_t s = p->first; s < p->end && !code; s++) {
            double flow = x->v.flow[(size_t)s * x->v.n_branch + l];
            if (!x->is_whole[s] || fabs(flow) < x->rate_mw[l] - 1e-5)
                continue;
            mu[l] = 1;
            if (!ready)
                code = network_prices(x->net, 1, mu, p->factor, err);
            mu[l] = 0;
            ready = true;
            /* One that is relaxed has its row by its price. */
            if (!code && fabs(flow) < x->rate_mw[l] + 1e-5)
                explain_flow_row(p, s, flow > 0 ? 1 : -1, 0, 0);
            p->has_row[(size_t)(s - p->first) * x->v.n_branch + l] = true;
        }
    }
    mem_free(mu);
    return code;
}

enum err_code explain_change_rows(struct explain_problem *p, struct err *err)
{
    list_pieces(p);
    add_balances(p);
    add_ties(p);
    add_ramps(p);
    add_stores(p);
    add_ranges(p);
    enum err_code code = add_binding_flows(p, err);
    return code ? code : add_tight_flows(p, err);
}
