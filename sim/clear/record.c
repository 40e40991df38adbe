/* record.c - an outcome being filled. */
#include "sim/clear/record.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/services.h"

double record_tidy(double value)
{
    double step = round(value * 1e9);
    return fabs(step) < 9e15 ? step / 1e9 + 0.0 : value;
}

enum err_code outcome_allocate(struct outcome *o, struct err *err)
{
    size_t n_t = (size_t)o->n_interval;
    struct {
        double **array;
        size_t n;
    } want[] = {
        {&o->award_mw, n_t * (size_t)o->n_resource},
        {&o->virtual_award_mw, n_t * (size_t)o->n_virtual},
        {&o->lmp, n_t * (size_t)o->n_node},
        {&o->lmp_energy, n_t * (size_t)o->n_node},
        {&o->lmp_congestion, n_t * (size_t)o->n_node},
        {&o->lmp_loss, n_t * (size_t)o->n_node},
        {&o->flow_mw, n_t * (size_t)o->n_branch},
        {&o->dc_line_mw, n_t * (size_t)o->n_dc_line},
        {&o->dc_line_received_mw, n_t * (size_t)o->n_dc_line},
        {&o->start_cost_usd, n_t * (size_t)o->n_resource},
        {&o->min_load_usd, n_t * (size_t)o->n_resource},
        {&o->energy_mwh, n_t * (size_t)o->n_resource},
        {&o->shortage_mw, n_t},
        {&o->surplus_mw, n_t},
        {&o->rent_usd, n_t},
        {&o->loss_mw, n_t},
        {&o->branch_loss_mw, n_t * (size_t)o->n_branch},
        {&o->loss_surplus_usd, n_t},
        {&o->service_mw, n_t * (size_t)o->n_service_bidder},
        {&o->service_self_mw, n_t * (size_t)o->n_service_bidder},
        {&o->service_bidder_usd_per_mw, n_t * (size_t)o->n_service_bidder},
        {&o->service_usd_per_mw, n_t * (size_t)o->n_service_region * SERVICES},
        {&o->service_short_mw, n_t * (size_t)o->n_service_region * SERVICES},
    };
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        *want[k].array = ARENA_ARRAY(&o->arena, double, want[k].n);
        if (!*want[k].array)
            return err_set(err, ERR_NOMEM, "cannot hold the results of %zu hours", n_t);
    }
    o->on = ARENA_ARRAY(&o->arena, uint8_t, n_t * (size_t)o->n_resource);
    if (!o->on)
        return err_set(err, ERR_NOMEM, "cannot hold the results of %zu hours", n_t);
    if (o->n_configuration > 0) {
        size_t n = n_t * (size_t)o->n_resource;
        o->configuration = ARENA_ARRAY(&o->arena, int32_t, n);
        o->transition_usd = ARENA_ARRAY(&o->arena, double, n);
        if (!o->configuration || !o->transition_usd)
            return err_set(err, ERR_NOMEM, "cannot hold the results of %zu hours", n_t);
        for (size_t k = 0; k < n; k++)
            o->configuration[k] = -1;
    }
    for (size_t k = 0; k < n_t * (size_t)o->n_resource; k++)
        o->energy_mwh[k] = NAN;
    o->consistent = o->losses_proven = true;
    return ERR_OK;
}

enum err_code outcome_add_row(struct outcome *o, struct outcome_row row,
                              struct err *err)
{
    if (o->n_row == o->room_row) {
        int32_t room = o->room_row ? 2 * o->room_row : 64;
        struct outcome_row *grown = mem_resize(o->row, (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "out of memory");
        o->row = grown;
        o->room_row = room;
    }
    o->row[o->n_row++] = row;
    return ERR_OK;
}

/* Branches out as planned, rather than what might happen. */
static bool is_state(const struct market *m, int32_t outage)
{
    return m->outage_state && m->outage_state[outage] == outage;
}

enum err_code record_outages(const struct market *m, const struct dispatch_problem *p,
                             const struct dispatch_answer *a, struct outcome *o,
                             struct err *err)
{
    o->stats.outage_rows_added += a->stats.outage_rows_added;
    o->stats.outage_rows_binding += a->stats.outage_rows_binding;
    o->outage_penalty_usd_per_mwh = p->schedule.outage_usd_per_mwh;
    for (int32_t k = o->n_outage = 0; k < m->outages.n; k++)
        o->n_outage += !is_state(m, k);
    o->n_outage_idle = m->outages.n_idle;
    o->n_unscreened = a->n_unscreened;
    if (o->unscreened)
        return ERR_OK;
    o->unscreened = ARENA_ARRAY(&o->arena, struct unscreened, a->n_unscreened);
    if (!o->unscreened)
        return err_set(err, ERR_NOMEM, "cannot hold %d outages", a->n_unscreened);
    for (int32_t k = 0; k < a->n_unscreened; k++)
        o->unscreened[k] =
            (struct unscreened){a->unscreened[k].outage, a->unscreened[k].n_bus_cut_off,
                                a->unscreened[k].load_cut_off_mw};
    return ERR_OK;
}

/* ---- constraints ---- */

static int by_constraint(const void *pa, const void *pb)
{
    const struct outcome_row *a = pa, *b = pb;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    if (a->outage != b->outage)
        return a->outage < b->outage ? -1 : 1;
    if (a->upper != b->upper)
        return a->upper ? -1 : 1;
    return a->interval < b->interval ? -1 : a->interval > b->interval;
}

static bool same_constraint(const struct outcome_row *a, const struct outcome_row *b)
{
    return a->kind == b->kind && a->index == b->index && a->outage == b->outage &&
           a->upper == b->upper;
}

static char *text_of(struct outcome *o, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Formatted text in the outcome's arena, NULL when out of memory. */
static char *text_of(struct outcome *o, const char *fmt, ...)
{
    char text[256];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return arena_copy_text(&o->arena, text, strlen(text));
}

/*
 * Whether a flow limit stands for a limit of the angle difference, which is folded into
 * the flow limits (grid_network.h): then it is below the rating. After an outage there
 * is none (contingency.h).
 */
static bool is_angle_limit(const struct grid_branch *b, const struct outcome_row *row)
{
    return row->outage < 0 &&
           (isfinite(b->angle_min_deg) || isfinite(b->angle_max_deg)) &&
           fabs(row->limit) < b->rate_mw;
}

char *record_constraint_name(const struct market *m, struct outcome *o,
                             const struct outcome_row *row)
{
    switch (row->kind) {
    case CONSTRAINT_BRANCH:
        return text_of(o, "branch %s %s%s%s%s", m->grid.branch[row->index].id,
                       row->upper ? "max" : "min",
                       is_angle_limit(&m->grid.branch[row->index], row) ? " (angle)"
                                                                        : "",
                       row->outage < 0            ? ""
                       : is_state(m, row->outage) ? " with "
                                                  : " after ",
                       row->outage < 0 ? "" : m->outages.id[row->outage]);
    case CONSTRAINT_TIE:
        return text_of(o, "tie %s %s", m->tie[row->index].id,
                       row->upper ? "import" : "export");
    case CONSTRAINT_RAMP:
        return text_of(o, "ramp %s %s", m->resource[row->index].id,
                       row->upper ? "up" : "down");
    case CONSTRAINT_SERVICE:
        return text_of(o, "required %s %s", m->service_region[row->index / SERVICES].id,
                       services_sum((enum service)(row->index % SERVICES)));
    case CONSTRAINT_RANGE:
        return text_of(o, "range %s %s", m->resource[row->index].id,
                       row->upper ? "up" : "down");
    case CONSTRAINT_SERVICE_RAMP:
        return text_of(o, "services %s ramp", m->resource[row->index].id);
    case CONSTRAINT_SERVICE_ENERGY:
        return text_of(o, "services %s energy %s", m->resource[row->index].id,
                       row->upper ? "max" : "min");
    default:
        return text_of(o, "energy %s %s", m->resource[row->index].id,
                       row->upper ? "max" : "min");
    }
}

enum err_code record_constraints(const struct market *m, struct outcome *o,
                                 struct err *err)
{
    if (o->n_row > 0)
        qsort(o->row, (size_t)o->n_row, sizeof *o->row, by_constraint);
    for (int32_t k = 0; k < o->n_row; k++)
        o->n_constraint += k == 0 || !same_constraint(&o->row[k - 1], &o->row[k]);
    size_t n = (size_t)o->n_constraint;
    o->constraint = ARENA_ARRAY(&o->arena, struct constraint, n);
    o->shadow_price = ARENA_ARRAY(&o->arena, double, (size_t)o->n_interval *n);
    if (!o->constraint || !o->shadow_price)
        return err_set(err, ERR_NOMEM, "out of memory");
    int32_t c = -1;
    for (int32_t k = 0; k < o->n_row; k++) {
        const struct outcome_row *row = &o->row[k];
        if (k == 0 || !same_constraint(&o->row[k - 1], row)) {
            char *id = record_constraint_name(m, o, row);
            if (!id)
                return err_set(err, ERR_NOMEM, "out of memory");
            o->constraint[++c] = (struct constraint){.id = id,
                                                     .kind = row->kind,
                                                     .index = row->index,
                                                     .outage = row->outage,
                                                     .upper = row->upper};
        }
        o->shadow_price[(size_t)row->interval * n + (size_t)c] =
            row->shadow_usd_per_mwh;
    }
    return ERR_OK;
}

/* ---- relaxations ---- */

static enum err_code add_relaxation(struct outcome *o, struct relaxation r,
                                    struct err *err)
{
    if (!r.unit)
        r.unit = "MW";
    if (!r.text)
        return err_set(err, ERR_NOMEM, "out of memory");
    if (o->n_relaxation == o->room_relaxation) {
        int32_t room = o->room_relaxation ? 2 * o->room_relaxation : 16;
        struct relaxation *grown =
            mem_resize(o->relaxation, (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "out of memory");
        o->relaxation = grown;
        o->room_relaxation = room;
    }
    o->relaxation[o->n_relaxation++] = r;
    return ERR_OK;
}

enum err_code outcome_add_cut(const struct market *m, struct outcome *o,
                              int32_t interval, int32_t owner, enum bid_kind kind,
                              bool withdrawal, double mw, double cost_usd,
                              struct err *err)
{
    static const char *const words[BID_KINDS] = {
        [BID_SELF_TOR] = "ownership-right", [BID_SELF_ETC] = "existing-contract",
        [BID_SELF_RMT] = "must-take",       [BID_SELF_PT] = "price-taking",
        [BID_SELF_LPT] = "low-priority",
    };
    const char *id = owner < m->n_resource ? m->resource[owner].id
                                           : m->position[owner - m->n_resource].id;
    struct relaxation r = {.kind = RELAX_SELF_SCHEDULE,
                           .interval = interval,
                           .owner = owner < m->n_resource ? owner : -1,
                           .mw = mw,
                           .cost_usd = cost_usd,
                           .text = text_of(o, "%s %s of %s cut", words[kind],
                                           withdrawal ? "demand" : "supply", id)};
    return add_relaxation(o, r, err);
}

enum err_code outcome_add_short(const struct market *m, struct outcome *o,
                                int32_t interval, int32_t region, enum service service,
                                double mw, double cost_usd, struct err *err)
{
    struct relaxation r = {.kind = RELAX_SERVICE,
                           .interval = interval,
                           .owner = -1,
                           .mw = mw,
                           .cost_usd = cost_usd,
                           .text =
                               text_of(o, "%s short in %s", services_counted(service),
                                       m->service_region[region].id)};
    return add_relaxation(o, r, err);
}

enum err_code outcome_add_self_cut(const struct market *m, struct outcome *o,
                                   int32_t interval, int32_t bidder, double mw,
                                   double cost_usd, struct err *err)
{
    const struct service_bidder *b = &m->service_bidder[bidder];
    struct relaxation r = {.kind = RELAX_SELF_SCHEDULE,
                           .interval = interval,
                           .owner = b->resource,
                           .mw = mw,
                           .cost_usd = cost_usd,
                           .text = text_of(o, "self-provided %s of %s cut",
                                           service_text(b->service),
                                           m->resource[b->resource].id)};
    return add_relaxation(o, r, err);
}

static double limit_penalty(const struct rules *r, const struct outcome *o,
                            const struct outcome_row *row)
{
    switch (row->kind) {
    case CONSTRAINT_BRANCH:
        return row->outage < 0 ? r->branch_schedule : o->outage_penalty_usd_per_mwh;
    case CONSTRAINT_TIE:
        return r->tie_schedule;
    case CONSTRAINT_RAMP:
        return r->ramp_schedule;
    default:
        return r->energy_limit_schedule;
    }
}

/* What a broken limit means, in words. */
static char *excess_text(const struct market *m, struct outcome *o,
                         const struct outcome_row *row)
{
    switch (row->kind) {
    case CONSTRAINT_BRANCH:
        return text_of(o, "flow on branch %s beyond its limit%s%s",
                       m->grid.branch[row->index].id,
                       row->outage < 0            ? ""
                       : is_state(m, row->outage) ? " with "
                                                  : " after the outage of ",
                       row->outage < 0 ? "" : m->outages.id[row->outage]);
    case CONSTRAINT_TIE:
        return text_of(o, "%s over tie %s beyond its limit",
                       row->upper ? "import" : "export", m->tie[row->index].id);
    case CONSTRAINT_RAMP:
        return text_of(o, "%s ramps %s faster than it can", m->resource[row->index].id,
                       row->upper ? "up" : "down");
    default:
        return row->upper ? text_of(o, "stored energy of %s above its maximum",
                                    m->resource[row->index].id)
                          : text_of(o, "stored energy of %s below what it must hold",
                                    m->resource[row->index].id);
    }
}

static enum err_code add_limits(const struct market *m, struct outcome *o,
                                struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t k = 0; !code && k < o->n_row; k++) {
        const struct outcome_row *row = &o->row[k];
        if (row->relaxed <= 1e-6)
            continue;
        double h = row->kind == CONSTRAINT_ENERGY ? 1 : o->interval_h;
        bool services = row->kind >= CONSTRAINT_SERVICE; /* never, but by rounding */
        struct relaxation r = {
            .kind = RELAX_LIMIT,
            .interval = row->interval,
            .owner = row->kind == CONSTRAINT_RAMP || row->kind == CONSTRAINT_ENERGY
                         ? row->index
                         : -1,
            .mw = row->relaxed,
            .unit = row->kind == CONSTRAINT_ENERGY ? "MWh" : "MW",
            .cost_usd = row->relaxed * h * limit_penalty(&m->rules, o, row),
            .text =
                services ? record_constraint_name(m, o, row) : excess_text(m, o, row)};
        code = add_relaxation(o, r, err);
    }
    return code;
}

static enum err_code add_balances(const struct market *m, struct outcome *o,
                                  struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t t = 0; !code && t < o->n_interval; t++) {
        struct relaxation r = {.interval = t, .owner = -1};
        if (o->shortage_mw[t] > 1e-6) {
            r.kind = RELAX_SHORTAGE;
            r.mw = o->shortage_mw[t];
            r.cost_usd = r.mw * o->interval_h * m->rules.balance_schedule;
            r.text = text_of(o, "energy short of demand");
            code = add_relaxation(o, r, err);
        }
        if (!code && o->surplus_mw[t] > 1e-6) {
            r.kind = RELAX_SURPLUS;
            r.mw = o->surplus_mw[t];
            r.cost_usd = r.mw * o->interval_h * m->rules.surplus_schedule;
            r.text = text_of(o, "energy in excess of demand");
            code = add_relaxation(o, r, err);
        }
    }
    return code;
}

static int dearest_first(const void *pa, const void *pb)
{
    const struct relaxation *a = pa, *b = pb;
    double cost_a = round(100 * a->cost_usd), cost_b = round(100 * b->cost_usd);
    if (cost_a > cost_b || cost_a < cost_b)
        return cost_a > cost_b ? -1 : 1;
    if (a->interval != b->interval)
        return a->interval < b->interval ? -1 : 1;
    return strcmp(a->text, b->text);
}

enum err_code record_relaxations(const struct market *m, struct outcome *o,
                                 struct err *err)
{
    enum err_code code = add_limits(m, o, err);
    if (!code)
        code = add_balances(m, o, err);
    if (!code && o->n_relaxation > 0)
        qsort(o->relaxation, (size_t)o->n_relaxation, sizeof *o->relaxation,
              dearest_first);
    return code;
}
