/* formulate.c - market words into injections, stores and groups. */
#include "sim/clear/formulate.h"

#include <math.h>

#include "sim/base/units.h"
#include "sim/clear/state.h"

double formulate_self_penalty(const struct rules *r, enum bid_kind kind,
                              bool withdrawal)
{
    switch (kind) {
    case BID_SELF_TOR:
        return r->self_tor;
    case BID_SELF_ETC:
        return r->self_etc;
    case BID_SELF_RMT:
        return r->self_rmt;
    case BID_SELF_PT:
        return withdrawal ? r->self_pt_demand : r->self_pt_supply;
    default:
        return withdrawal ? r->self_lpt_demand : r->self_lpt_supply;
    }
}

/* Where the admitted bids of all owners of a day are read from. */
struct builder {
    const struct market *m;
    const struct admission *a;
    struct formulation *f;
    int64_t n_seg;
    struct dispatch_segment *seg;
    double *base; /* [n_interval][n_injection] */
    int64_t *seg_start;
    bool *ramp_free;
};

static bool withdraws(const struct market *m, int32_t owner)
{
    return owner < m->n_resource
               ? resource_type_withdraws(m->resource[owner].type)
               : m->position[owner - m->n_resource].side == VIRTUAL_DEMAND;
}

static const struct bid_segment *bid_of(const struct builder *b, int32_t owner,
                                        int32_t t, int32_t *n)
{
    int32_t interval = b->f->first_interval + t;
    return owner < b->m->n_resource
               ? book_bid(&b->a->bids, owner, interval, n)
               : book_bid(&b->a->virtual_bids, owner - b->m->n_resource, interval, n);
}

static void put_segment(const struct rules *r, int32_t owner, bool withdrawal,
                        const struct bid_segment *piece, struct dispatch_segment *seg,
                        struct segment_meaning *meaning)
{
    *seg =
        (struct dispatch_segment){.cost_usd_per_mwh = piece->price_usd_per_mwh,
                                  .price_cost_usd_per_mwh = piece->price_usd_per_mwh};
    if (bid_kind_is_self(piece->kind)) {
        double penalty = formulate_self_penalty(r, piece->kind, withdrawal);
        seg->cost_usd_per_mwh = withdrawal ? penalty : -penalty;
        seg->price_cost_usd_per_mwh =
            withdrawal ? r->energy_bid_cap : r->energy_bid_floor;
    }
    *meaning = (struct segment_meaning){.owner = owner,
                                        .kind = piece->kind,
                                        .withdrawal = withdrawal,
                                        .price_usd_per_mwh = piece->price_usd_per_mwh};
}

void formulate_supply(const struct rules *rules, int32_t owner,
                      const struct bid_segment *piece, struct dispatch_segment *seg,
                      struct segment_meaning *meaning)
{
    put_segment(rules, owner, false, piece, seg, meaning);
}

static void add_segment(struct builder *b, int32_t owner,
                        const struct bid_segment *piece, double width_mw)
{
    put_segment(&b->m->rules, owner, withdraws(b->m, owner), piece, &b->seg[b->n_seg],
                &b->f->meaning[b->n_seg]);
    b->seg[b->n_seg++].width_mw = width_mw;
}

/* Most pieces that a plant has in any of its configurations; 0 = it has none. */
static int32_t most_of_configurations(const struct builder *b, int32_t owner, int32_t t)
{
    int32_t most = 0;
    if (owner >= b->m->n_resource || !b->a->configuration_bids.start)
        return 0;
    const struct resource *r = &b->m->resource[owner];
    for (int32_t k = 0; k < r->n_configuration; k++) {
        int32_t n;
        (void)book_bid(&b->a->configuration_bids, r->first_configuration + k,
                       b->f->first_interval + t, &n);
        most = n > most ? n : most;
    }
    return most;
}

/* Supply: from base upward. What lies below Pmin runs in any case. */
static double add_supply(struct builder *b, int32_t owner,
                         const struct bid_segment *bid, int32_t n)
{
    double pmin = owner < b->m->n_resource ? b->m->resource[owner].pmin_mw : 0;
    double base = fmax(bid[0].from_mw, pmin);
    for (int32_t k = 0; k < n; k++) {
        double from = fmax(bid[k].from_mw, base), to = bid[k].to_mw;
        if (to <= from)
            continue;
        if (from < 0 && to > 0) {
            add_segment(b, owner, &bid[k], -from);
            from = 0;
        }
        add_segment(b, owner, &bid[k], to - from);
    }
    return base;
}

/* Room for the pieces of any configuration, of no width until one is chosen. */
static void make_room(struct builder *b, int32_t owner, int32_t t, int64_t first,
                      const struct bid_segment *last)
{
    int32_t most = most_of_configurations(b, owner, t);
    while (b->n_seg - first < most)
        add_segment(b, owner, last, 0);
}

/* Demand: the segments are what is not served, least valued first. */
static double add_demand(struct builder *b, int32_t owner,
                         const struct bid_segment *bid, int32_t n)
{
    for (int32_t k = n; k-- > 0;)
        add_segment(b, owner, &bid[k], bid[k].to_mw - bid[k].from_mw);
    return -bid[n - 1].to_mw;
}

static int64_t count_segments(const struct builder *b)
{
    int64_t n = 0;
    for (int32_t t = 0; t < b->f->n_interval; t++) {
        n += services_segments(b->m);
        for (int32_t i = 0; i < b->f->n_energy; i++) {
            int32_t n_piece;
            (void)bid_of(b, i, t, &n_piece);
            n += n_piece > 0 ? n_piece + 1 + most_of_configurations(b, i, t)
                             : 0; /* one may be cut at zero */
        }
    }
    return n;
}

static void fill_services(struct builder *b, int32_t t, int32_t n_injection)
{
    for (int32_t i = b->f->n_energy; i < n_injection; i++) {
        int64_t at = (int64_t)t * n_injection + i;
        b->seg_start[at] = b->n_seg;
        b->ramp_free[at] = true;
        int32_t n = services_fill(b->m, b->a, &b->f->services, b->f->first_interval + t,
                                  i, &b->base[at], b->seg + b->n_seg);
        for (; n > 0; n--)
            b->f->meaning[b->n_seg++] =
                (struct segment_meaning){.owner = -1, .price_usd_per_mwh = (double)NAN};
    }
}

static void fill_bids(struct builder *b, int32_t n_injection)
{
    for (int32_t t = 0; t < b->f->n_interval; t++) {
        for (int32_t i = 0; i < b->f->n_energy; i++) {
            int64_t at = (int64_t)t * n_injection + i;
            int32_t n, n_before = 0;
            const struct bid_segment *bid = bid_of(b, i, t, &n);
            if (t > 0)
                (void)bid_of(b, i, t - 1, &n_before);
            b->seg_start[at] = b->n_seg;
            b->ramp_free[at] = n == 0 || (t > 0 && n_before == 0);
            if (n > 0)
                b->base[at] = withdraws(b->m, i) ? add_demand(b, i, bid, n)
                                                 : add_supply(b, i, bid, n);
            if (n > 0)
                make_room(b, i, t, b->seg_start[at], &bid[n - 1]);
        }
        fill_services(b, t, n_injection);
    }
    b->seg_start[(int64_t)b->f->n_interval * n_injection] = b->n_seg;
}

static enum err_code formulate_bids(struct builder *b, struct err *err)
{
    struct formulation *f = b->f;
    struct dispatch_problem *p = &f->problem;
    size_t cells = (size_t)f->n_interval * (size_t)p->n_injection;
    size_t n_seg = (size_t)count_segments(b);
    b->seg = ARENA_ARRAY(&f->arena, struct dispatch_segment, n_seg);
    f->meaning = ARENA_ARRAY(&f->arena, struct segment_meaning, n_seg);
    b->base = ARENA_ARRAY(&f->arena, double, cells);
    b->seg_start = ARENA_ARRAY(&f->arena, int64_t, cells + 1);
    b->ramp_free = ARENA_ARRAY(&f->arena, bool, cells);
    if (!b->seg || !f->meaning || !b->base || !b->seg_start || !b->ramp_free)
        return err_set(err, ERR_NOMEM, "cannot hold %zu bid segments", n_seg);
    fill_bids(b, p->n_injection);
    f->base = b->base;
    f->seg = b->seg;
    f->ramp_free = b->ramp_free;
    p->base_mw = b->base;
    p->seg_start = b->seg_start;
    p->seg = b->seg;
    p->ramp_free = b->ramp_free;
    return ERR_OK;
}

/* Buses of every injection: the factors of its node. */
static enum err_code formulate_places(const struct market *m, struct formulation *f,
                                      struct err *err)
{
    struct dispatch_problem *p = &f->problem;
    size_t n_place = 0;
    for (int32_t i = 0; i < f->n_energy; i++) {
        int32_t node = i < m->n_resource ? m->resource[i].node
                                         : m->position[i - m->n_resource].node;
        n_place += (size_t)m->node[node].n_factor;
    }
    int32_t *start = ARENA_ARRAY(&f->arena, int32_t, p->n_injection + 1);
    int32_t *bus = ARENA_ARRAY(&f->arena, int32_t, n_place);
    double *weight = ARENA_ARRAY(&f->arena, double, n_place);
    if (!start || !bus || !weight)
        return err_set(err, ERR_NOMEM, "out of memory");
    int32_t at = 0;
    for (int32_t i = 0; i < f->n_energy; i++) {
        int32_t node = i < m->n_resource ? m->resource[i].node
                                         : m->position[i - m->n_resource].node;
        start[i] = at;
        for (int32_t k = 0; k < m->node[node].n_factor; k++, at++) {
            bus[at] = m->factor_bus[m->node[node].factor_start + k];
            weight[at] = m->factor[m->node[node].factor_start + k];
        }
    }
    for (int32_t i = f->n_energy; i <= p->n_injection; i++)
        start[i] = at; /* services stand at no bus */
    p->bus_start = start;
    p->bus = bus;
    p->bus_weight = weight;
    return ERR_OK;
}

/* True if the day that is formulated starts where another trade day ends. */
static bool follows_a_day(const struct market *m, const struct formulation *f)
{
    int32_t day = market_day_of(m, f->first_interval);
    return day > 0 && m->day[day].date == m->day[day - 1].date + 1;
}

/* Ramp limits and the output before the first hour, in injection. */
static enum err_code formulate_ramps(const struct market *m, const struct admission *a,
                                     struct formulation *f,
                                     const struct outcome *before, struct err *err)
{
    struct dispatch_problem *p = &f->problem;
    double *up = ARENA_ARRAY(&f->arena, double, p->n_injection);
    double *down = ARENA_ARRAY(&f->arena, double, p->n_injection);
    double *initial = ARENA_ARRAY(&f->arena, double, p->n_injection);
    bool follows = follows_a_day(m, f);
    if (!up || !down || !initial)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t i = 0; i < p->n_injection; i++) {
        up[i] = down[i] = HUGE_VAL;
        initial[i] = NAN;
        if (i >= m->n_resource)
            continue;
        const struct resource *r = &m->resource[i];
        bool demand = resource_type_withdraws(r->type);
        double raise = mw_per_h_from_mw_per_min(r->ramp_up_mw_per_min);
        double lower = mw_per_h_from_mw_per_min(r->ramp_down_mw_per_min);
        up[i] = demand ? lower : raise;
        down[i] = demand ? raise : lower;
        initial[i] = demand ? -r->initial_mw : r->initial_mw;
        if (f->first_interval > 0)
            initial[i] = follows
                             ? state_output_before(m, a, before, i, f->first_interval)
                             : (double)NAN;
    }
    p->ramp_up_mw_per_h = up;
    p->ramp_down_mw_per_h = down;
    p->initial_mw = initial;
    return ERR_OK;
}

static double energy_before(const struct market *m, const struct formulation *f,
                            const struct outcome *before, int32_t i)
{
    const double *mwh =
        before->state_energy_mwh ? before->state_energy_mwh : before->energy_mwh;
    return mwh[(int64_t)(f->first_interval - 1) * m->n_resource + i];
}

static enum err_code formulate_stores(const struct market *m, struct formulation *f,
                                      const struct outcome *before, struct err *err)
{
    struct dispatch_problem *p = &f->problem;
    struct dispatch_store *store =
        ARENA_ARRAY(&f->arena, struct dispatch_store, m->n_resource);
    f->store_resource = ARENA_ARRAY(&f->arena, int32_t, m->n_resource);
    f->store_of = ARENA_ARRAY(&f->arena, int32_t, m->n_resource);
    if (!store || !f->store_resource || !f->store_of)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t i = 0; i < m->n_resource; i++) {
        const struct resource *r = &m->resource[i];
        f->store_of[i] = r->type == RESOURCE_STORAGE ? p->n_store : -1;
        if (r->type != RESOURCE_STORAGE)
            continue;
        f->store_resource[p->n_store] = i;
        store[p->n_store++] = (struct dispatch_store){
            .injection = i,
            .charge_efficiency = r->charge_efficiency,
            .discharge_efficiency = r->discharge_efficiency,
            .energy_min_mwh = r->energy_min_mwh,
            .energy_max_mwh = r->energy_max_mwh,
            .energy_initial_mwh = f->first_interval > 0 ? energy_before(m, f, before, i)
                                                        : r->initial_energy_mwh,
            .energy_end_min_mwh =
                isnan(r->end_energy_mwh) ? -HUGE_VAL : r->end_energy_mwh,
        };
    }
    p->store = store;
    return ERR_OK;
}

/* Two groups per tie: net import within its limit, net export within its limit. */
static void formulate_ties(const struct market *m, struct group_list *list)
{
    for (int32_t g = 0; g < 2 * m->n_tie; g++) {
        const struct tie *tie = &m->tie[g / 2];
        bool import = g % 2 == 0;
        int32_t group = group_list_add(list);
        for (int32_t i = 0; i < m->n_resource; i++)
            if (m->resource[i].tie == g / 2)
                group_list_join(list, i, import ? 1 : -1);
        for (int32_t t = 0; t < list->n_interval; t++)
            list->most[(size_t)t * (size_t)list->room + (size_t)group] =
                import ? tie->import_limit_mw : tie->export_limit_mw;
    }
}

/* Ties first, then services. */
static enum err_code formulate_groups(const struct market *m, const struct admission *a,
                                      struct formulation *f, struct err *err)
{
    struct dispatch_problem *p = &f->problem;
    struct group_list list;
    enum err_code code = group_list_open(
        &list, &f->arena, 2 * m->n_tie + services_groups(m),
        2 * (int64_t)m->n_resource + services_members(m), f->n_interval, err);
    if (code)
        return code;
    formulate_ties(m, &list);
    code = services_limit(m, a, f->first_interval, p, f->store_of, &f->arena,
                          &f->services, &list, err);
    bool *grows = ARENA_ARRAY(&f->arena, bool, p->n_injection);
    if (!code && !grows)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (code)
        return code;
    for (int32_t i = f->services.first_required; i < f->services.first_short; i++)
        grows[i] = true;
    p->grows = grows;
    group_list_close(&list, p);
    f->group_most = list.most;
    return ERR_OK;
}

static void formulate_penalties(const struct rules *r, struct dispatch_problem *p)
{
    p->schedule =
        (struct dispatch_penalty){.shortage_usd_per_mwh = r->balance_schedule,
                                  .surplus_usd_per_mwh = r->surplus_schedule,
                                  .branch_usd_per_mwh = r->branch_schedule,
                                  .outage_usd_per_mwh = r->branch_schedule,
                                  .group_usd_per_mwh = r->tie_schedule,
                                  .ramp_usd_per_mwh = r->ramp_schedule,
                                  .store_usd_per_mwh = r->energy_limit_schedule};
    p->pricing =
        (struct dispatch_penalty){.shortage_usd_per_mwh = r->balance_pricing,
                                  .surplus_usd_per_mwh = r->surplus_pricing,
                                  .branch_usd_per_mwh = r->branch_pricing,
                                  .outage_usd_per_mwh = r->branch_pricing,
                                  .group_usd_per_mwh = r->tie_pricing,
                                  .ramp_usd_per_mwh = r->ramp_pricing,
                                  .store_usd_per_mwh = r->energy_limit_pricing};
}

enum err_code formulate_day(const struct market *m, const struct admission *a,
                            int32_t day, struct network *net,
                            const struct outcome *before, struct formulation *out,
                            struct err *err)
{
    enum err_code code = ERR_OK;
    *out = (struct formulation){.first_interval = m->first_interval[day],
                                .n_interval = m->first_interval[day + 1] -
                                              m->first_interval[day]};
    struct dispatch_problem *p = &out->problem;
    struct builder b = {.m = m, .a = a, .f = out};
    double *duration = ARENA_ARRAY(&out->arena, double, out->n_interval);
    if (!duration)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t t = 0; t < out->n_interval; t++)
        duration[t] = market_duration_h(m);
    p->net = net;
    p->losses = m->rules.losses;
    p->n_interval = out->n_interval;
    p->duration_h = duration;
    out->n_energy = m->n_resource + m->n_virtual;
    p->n_injection = out->n_energy + services_place(m, out->n_energy, &out->services);
    formulate_penalties(&m->rules, p);
    if (m->outages.n > 0) {
        code = contingency_create(&m->grid, &m->outages, NULL, &out->after, err);
        out->after.o.participation = ARENA_ARRAY(&out->arena, double, p->n_injection);
        if (m->network_state) {
            out->after.o.state = m->network_state + out->first_interval;
            out->after.o.state_of = m->outage_state;
        }
        p->outages = &out->after.o;
        if (!code && !out->after.o.participation)
            code = err_set(err, ERR_NOMEM, "out of memory");
    }
    if (!code)
        code = formulate_bids(&b, err);
    if (!code)
        code = formulate_places(m, out, err);
    if (!code)
        code = formulate_ramps(m, a, out, before, err);
    if (!code)
        code = formulate_stores(m, out, before, err);
    if (!code)
        code = formulate_groups(m, a, out, err);
    if (code)
        formulation_release(out);
    return code;
}

void formulation_release(struct formulation *f)
{
    contingency_release(&f->after);
    arena_release(&f->arena);
    *f = (struct formulation){0};
}
