/* formulate_services.c - ancillary services into injections and groups. */
#include <math.h>
#include <string.h>

#include "sim/clear/services.h"

/* $/MW of breaking a physical limit: more than any sum of requirements is worth. */
static const double never_usd_per_mw = 1e6;
/* What can be short beyond what is required: room for the next increment. */
static const double spare_mw = 1;

/* ---- groups being written ---- */

enum err_code group_list_open(struct group_list *g, struct arena *arena, int32_t room,
                              int64_t room_member, int32_t n_interval, struct err *err)
{
    size_t n = (size_t)room;
    *g = (struct group_list){.room = room, .n_interval = n_interval};
    g->start = ARENA_ARRAY(arena, int32_t, n + 1);
    g->store = ARENA_ARRAY(arena, int32_t, n);
    g->energy_coef = ARENA_ARRAY(arena, double, n);
    g->penalty = ARENA_ARRAY(arena, double, n);
    g->member = ARENA_ARRAY(arena, int32_t, room_member);
    g->coef = ARENA_ARRAY(arena, double, room_member);
    g->most = ARENA_ARRAY(arena, double, n *(size_t)n_interval);
    if (!g->start || !g->store || !g->energy_coef || !g->penalty || !g->member ||
        !g->coef || !g->most)
        return err_set(err, ERR_NOMEM, "cannot hold %d groups of limits", room);
    for (size_t k = 0; k < n * (size_t)n_interval; k++)
        g->most[k] = HUGE_VAL;
    return ERR_OK;
}

int32_t group_list_add(struct group_list *g)
{
    g->store[g->n] = -1;
    g->penalty[g->n] = (double)NAN;
    g->start[g->n + 1] = g->n_member;
    return g->n++;
}

void group_list_join(struct group_list *g, int32_t injection, double coef)
{
    g->member[g->n_member] = injection;
    g->coef[g->n_member++] = coef;
    g->start[g->n] = g->n_member;
}

/* Limits come to stand [n_interval][n]. */
void group_list_close(struct group_list *g, struct dispatch_problem *p)
{
    for (int32_t t = 0; t < g->n_interval; t++)
        memmove(g->most + (size_t)t * (size_t)g->n,
                g->most + (size_t)t * (size_t)g->room, (size_t)g->n * sizeof *g->most);
    p->n_group = g->n;
    p->group_start = g->start;
    p->group_injection = g->member;
    p->group_coef = g->coef;
    p->group_max_mw = g->most;
    p->group_store = g->store;
    p->group_energy_coef = g->energy_coef;
    p->group_penalty_usd_per_mwh = g->penalty;
}

static void set_most(struct group_list *g, int32_t group, int32_t t, double mw)
{
    g->most[(size_t)t * (size_t)g->room + (size_t)group] = mw;
}

/* ---- how much of everything ---- */

static int32_t n_requirement(const struct market *m)
{
    return m->n_service_region * SERVICES;
}

int32_t services_place(const struct market *m, int32_t n_energy, struct services *s)
{
    s->first_award = n_energy;
    s->first_required = s->first_award + m->n_service_bidder;
    s->first_short = s->first_required + n_requirement(m);
    return s->first_short + n_requirement(m) - n_energy;
}

enum {
    STEPS = 3,       /* of a scarcity curve */
    PER_RESOURCE = 5 /* groups: range and store on both sides, ramp */
};

int64_t services_segments(const struct market *m)
{
    return 2 * (int64_t)m->n_service_bidder + (1 + STEPS) * (int64_t)n_requirement(m);
}

int32_t services_groups(const struct market *m)
{
    return n_requirement(m) + PER_RESOURCE * m->n_service_bidder;
}

int64_t services_members(const struct market *m)
{
    return (int64_t)n_requirement(m) * (m->n_service_bidder + SERVICES + 1) +
           (int64_t)PER_RESOURCE * m->n_service_bidder * (SERVICES + 1);
}

/* ---- injections ---- */

static int32_t add_segment(struct dispatch_segment *seg, int32_t n, double width_mw,
                           double cost, double price_cost)
{
    if (width_mw <= 0)
        return n;
    seg[n] = (struct dispatch_segment){.width_mw = width_mw,
                                       .cost_usd_per_mwh = cost,
                                       .price_cost_usd_per_mwh = price_cost};
    return n + 1;
}

/* Counted in requirement (1) of a service: it and the better ones. */
static bool counts(enum service service, enum service better)
{
    return service == SERVICE_RD ? better == SERVICE_RD
                                 : better <= service && better != SERVICE_RD;
}

/* Right-hand side of (1); 0 where nothing is required of the service itself. */
static double required_in_all(const struct market *m, int32_t interval, int32_t region,
                              enum service service)
{
    double sum = 0;
    if (market_required_mw(m, interval, region, service) <= 0)
        return 0;
    for (int q = 0; q < SERVICES; q++)
        if (counts(service, (enum service)q))
            sum += market_required_mw(m, interval, region, (enum service)q);
    return sum;
}

/* Steps of the scarcity curve: where they end, and their price in units. */
struct curve {
    double end_mw[STEPS], share[STEPS], penalty, usd_per_unit;
};

/* What is short of ramping is a choice: the curve is the price of both runs. */
static struct curve ramping_curve(const struct rules *r, enum service service)
{
    return (struct curve){{r->flex_short_mw_1, r->flex_short_mw_2, HUGE_VAL},
                          {r->flex_usd_1, r->flex_usd_2, r->flex_usd_3},
                          0,
                          service == SERVICE_RD ? r->flex_down_share : 1};
}

/* Of services; units are bid caps. */
static struct curve scarcity_curve(const struct rules *r, bool whole,
                                   enum service service)
{
    const double cap = r->energy_bid_cap;
    switch (service) {
    case SERVICE_RU:
        return (struct curve){{HUGE_VAL},
                              {whole ? r->as_scarcity_ru : r->as_region_ru},
                              r->as_ru_schedule,
                              cap};
    case SERVICE_SR:
        return (struct curve){{HUGE_VAL},
                              {whole ? r->as_scarcity_sr : r->as_region_sr},
                              r->as_sr_schedule,
                              cap};
    case SERVICE_NR:
        if (!whole)
            return (struct curve){
                {HUGE_VAL}, {r->as_region_nr}, r->as_nr_schedule, cap};
        return (struct curve){
            {r->as_scarcity_nr_mw_1, r->as_scarcity_nr_mw_2, HUGE_VAL},
            {r->as_scarcity_nr_1, r->as_scarcity_nr_2, r->as_scarcity_nr_3},
            r->as_nr_schedule,
            cap};
    default:
        if (!whole)
            return (struct curve){
                {HUGE_VAL}, {r->as_region_rd}, r->as_rd_schedule, cap};
        return (struct curve){
            {r->as_scarcity_rd_mw_1, r->as_scarcity_rd_mw_2, HUGE_VAL},
            {r->as_scarcity_rd_1, r->as_scarcity_rd_2, r->as_scarcity_rd_3},
            r->as_rd_schedule,
            cap};
    }
}

static struct curve curve_of(const struct market *m, int32_t region,
                             enum service service)
{
    if (m->service_region[region].ramping)
        return ramping_curve(&m->rules, service);
    return scarcity_curve(&m->rules, region == 0, service);
}

/* The penalty rises with the curve, so that both runs are short in the same order. */
static int32_t fill_short(const struct market *m, int32_t interval, int32_t region,
                          enum service service, struct dispatch_segment *seg)
{
    const struct curve c = curve_of(m, region, service);
    double all = required_in_all(m, interval, region, service), from = 0;
    int32_t n = 0;
    for (int k = 0; k < STEPS && all > 0 && from < all + spare_mw; k++) {
        double end = fmin(c.end_mw[k], all + spare_mw);
        double price = c.share[k] * c.usd_per_unit;
        double penalty = c.penalty + (c.share[k] - c.share[0]) * c.usd_per_unit;
        n = add_segment(seg, n, end - from, fmax(penalty, price), price);
        from = fmax(from, end);
    }
    return n;
}

int32_t services_fill(const struct market *m, const struct admission *a,
                      const struct services *s, int32_t interval, int32_t i,
                      double *base_mw, struct dispatch_segment *seg)
{
    *base_mw = 0;
    if (i >= s->first_short)
        return fill_short(m, interval, (i - s->first_short) / SERVICES,
                          (enum service)((i - s->first_short) % SERVICES), seg);
    if (i >= s->first_required) {
        int32_t k = i - s->first_required;
        *base_mw =
            market_required_mw(m, interval, k / SERVICES, (enum service)(k % SERVICES));
        *seg = (struct dispatch_segment){0};
        return *base_mw > 0;
    }
    const struct service_offer *o =
        &a->service_offer[(int64_t)interval * m->n_service_bidder + i - s->first_award];
    int32_t n = add_segment(seg, 0, o->self_mw, -m->rules.as_self_schedule, 0);
    return add_segment(seg, n, o->offer_mw, o->price_usd_per_mw, o->price_usd_per_mw);
}

/* ---- groups ---- */

struct limiting {
    const struct market *m;
    const struct admission *a;
    const struct dispatch_problem *p;
    int32_t first_interval;
    struct services *s;
    struct group_list *g;
};

static int32_t begin(struct limiting *l, enum service_limit_kind kind, int32_t index,
                     bool upper)
{
    int32_t group = group_list_add(l->g);
    l->s->limit[l->s->n_group++] = (struct service_limit){kind, index, upper};
    if (kind != SERVICE_REQUIRED)
        l->g->penalty[group] = never_usd_per_mw;
    return group;
}

/* (1), for every hour of the day in which something is required. */
static void limit_requirement(struct limiting *l, int32_t region, enum service service)
{
    const struct market *m = l->m;
    int32_t index = region * SERVICES + (int32_t)service;
    bool ever = false;
    for (int32_t t = 0; t < l->g->n_interval; t++)
        ever = ever || required_in_all(m, l->first_interval + t, region, service) > 0;
    if (!ever)
        return;
    int32_t group = begin(l, SERVICE_REQUIRED, index, false);
    for (int32_t b = 0; b < m->n_service_bidder; b++)
        if (counts(service, m->service_bidder[b].service) &&
            m->service_bidder[b].ramping == m->service_region[region].ramping &&
            market_in_region(m, region, m->service_bidder[b].resource))
            group_list_join(l->g, l->s->first_award + b, -1);
    for (int q = 0; q < SERVICES; q++)
        if (counts(service, (enum service)q))
            group_list_join(l->g, l->s->first_required + region * SERVICES + q, 1);
    group_list_join(l->g, l->s->first_short + index, -1);
    for (int32_t t = 0; t < l->g->n_interval; t++)
        if (required_in_all(m, l->first_interval + t, region, service) > 0)
            set_most(l->g, group, t, 0);
}

/* Those of one resource, for services and for ramping. */
struct bidders {
    int32_t resource;
    int32_t at[2 * SERVICES];
    int n, n_up;   /* all; upward services */
    bool up, down; /* one of them goes there */
};

/* True if one of them offers a service, up or down, in an interval of the day. */
static bool offers(const struct limiting *l, const struct bidders *b, int32_t t,
                   bool up)
{
    bool any = false;
    for (int i = 0; i < b->n; i++) {
        const struct service_offer *o =
            &l->a->service_offer[(int64_t)(l->first_interval + t) *
                                     l->m->n_service_bidder +
                                 b->at[i]];
        if ((l->m->service_bidder[b->at[i]].service != SERVICE_RD) == up)
            any = any || o->offer_mw + o->self_mw > 0;
    }
    return any;
}

/* What a MW of an award counts in a limit; 0 leaves it out. */
struct coefs {
    double regulation, reserve, ramping;
};

/* Joins what is offered up, or down. */
static void join_awards(struct limiting *l, const struct bidders *b, bool up,
                        struct coefs of)
{
    for (int i = 0; i < b->n; i++) {
        const struct service_bidder *is = &l->m->service_bidder[b->at[i]];
        bool reserve = is->service == SERVICE_SR || is->service == SERVICE_NR;
        double coef = is->ramping ? of.ramping : reserve ? of.reserve : of.regulation;
        if ((is->service != SERVICE_RD) == up && coef > 0)
            group_list_join(l->g, l->s->first_award + b->at[i], coef);
    }
}

/* (2): base is what a resource runs at, its segments reach to the top of its bid. */
static void limit_range(struct limiting *l, const struct bidders *b, bool up)
{
    const struct dispatch_problem *p = l->p;
    int32_t group = begin(l, SERVICE_RANGE, b->resource, up);
    group_list_join(l->g, b->resource, up ? 1 : -1);
    join_awards(l, b, up, (struct coefs){1, 1, 1});
    for (int32_t t = 0; t < l->g->n_interval; t++) {
        int64_t at = (int64_t)t * p->n_injection + b->resource;
        double mw = p->base_mw[at];
        for (int64_t k = p->seg_start[at]; up && k < p->seg_start[at + 1]; k++)
            mw += p->seg[k].width_mw;
        if (offers(l, b, t, up))
            set_most(l->g, group, t, up ? mw : -mw);
    }
}

/* (3), where it is not in the width of the only award. */
static void limit_ramp(struct limiting *l, const struct bidders *b)
{
    double rate = l->m->resource[b->resource].ramp_up_mw_per_min;
    if (b->n_up < 2 || isinf(rate))
        return;
    int32_t group = begin(l, SERVICE_RAMP, b->resource, true);
    join_awards(l, b, true, (struct coefs){1, 1, 0});
    for (int32_t t = 0; t < l->g->n_interval; t++)
        if (offers(l, b, t, true))
            set_most(l->g, group, t, rate * l->m->rules.as_deployment);
}

/* (4) */
static void limit_stored(struct limiting *l, const struct bidders *b, int32_t store,
                         bool up)
{
    const struct rules *rules = &l->m->rules;
    const struct dispatch_store *e = &l->p->store[store];
    int32_t group = begin(l, SERVICE_STORED, b->resource, !up);
    double of = up ? 1 / e->discharge_efficiency : e->charge_efficiency;
    join_awards(l, b, up,
                (struct coefs){rules->as_regulation_energy * of,
                               rules->as_reserve_energy * of,
                               l->m->interval_min / 60 * of});
    l->g->store[group] = store;
    l->g->energy_coef[group] = up ? -1 : 1;
    for (int32_t t = 0; t < l->g->n_interval; t++)
        if (offers(l, b, t, up))
            set_most(l->g, group, t, up ? -e->energy_min_mwh : e->energy_max_mwh);
}

static void limit_resource(struct limiting *l, const struct bidders *b, int32_t store)
{
    if (b->up)
        limit_range(l, b, true);
    if (b->down)
        limit_range(l, b, false);
    limit_ramp(l, b);
    if (store >= 0 && b->up)
        limit_stored(l, b, store, true);
    if (store >= 0 && b->down)
        limit_stored(l, b, store, false);
}

/* Takes the resource's bidders from *at on, which moves behind them. */
static void gather(const struct market *m, int32_t *at, int32_t end, struct bidders *b)
{
    for (; *at < end && m->service_bidder[*at].resource == b->resource; ++*at) {
        const struct service_bidder *is = &m->service_bidder[*at];
        bool down = is->service == SERVICE_RD;
        b->at[b->n++] = *at;
        b->down = b->down || down;
        b->up = b->up || !down;
        b->n_up += !down && !is->ramping;
    }
}

enum err_code services_limit(const struct market *m, const struct admission *a,
                             int32_t first_interval, const struct dispatch_problem *p,
                             const int32_t *store_of, struct arena *arena,
                             struct services *s, struct group_list *g, struct err *err)
{
    struct limiting l = {
        .m = m, .a = a, .p = p, .first_interval = first_interval, .s = s, .g = g};
    s->first_group = g->n;
    s->limit = ARENA_ARRAY(arena, struct service_limit, services_groups(m));
    if (!s->limit)
        return err_set(err, ERR_NOMEM, "cannot hold the limits of services");
    for (int32_t k = 0; k < n_requirement(m); k++)
        limit_requirement(&l, k / SERVICES, (enum service)(k % SERVICES));
    int32_t service = 0, ramping = 0;
    while (ramping < m->n_service_bidder && !m->service_bidder[ramping].ramping)
        ramping++;
    const int32_t n_service = ramping;
    for (int32_t r = 0; r < m->n_resource; r++) {
        struct bidders b = {.resource = r};
        gather(m, &service, n_service, &b);
        gather(m, &ramping, m->n_service_bidder, &b);
        if (b.n > 0)
            limit_resource(&l, &b, store_of[r]);
    }
    return ERR_OK;
}
