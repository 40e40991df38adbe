/* market_build.c - a market made by hand, thing by thing. */
#include "tests/support/market_build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

enum {
    FIRST_DATE = 0,
    LAST_DATE = 84005 /* 2199-12-31 */
};

static void need(bool good)
{
    if (!good)
        abort();
}

static const char *copy(struct market_build *b, const char *text)
{
    const char *mine = arena_copy_text(&b->m.arena, text, strlen(text));
    need(mine);
    return mine;
}

static void *array(struct arena *a, size_t size)
{
    void *p = arena_alloc(a, MARKET_BUILD_MOST, size);
    need(p);
    return p;
}

static int32_t take(int32_t *n)
{
    need(*n < MARKET_BUILD_MOST);
    return (*n)++;
}

static void make_days(struct market *m, int32_t n_day, int n_hours)
{
    need(n_day >= 1 && n_hours >= 1 && n_hours <= CALENDAR_MAX_HOURS);
    m->n_day = n_day;
    m->interval_min = 60;
    m->n_interval = n_day * n_hours;
    m->day = ARENA_ARRAY(&m->arena, struct trade_day, n_day);
    m->first_interval = ARENA_ARRAY(&m->arena, int32_t, n_day + 1);
    need(m->day && m->first_interval);
    for (int32_t d = 0; d < n_day; d++) {
        m->day[d].date = MARKET_BUILD_DATE + d;
        m->day[d].n_hours = n_hours;
        m->first_interval[d + 1] = (d + 1) * n_hours;
        for (int h = 0; h < n_hours; h++) {
            m->day[d].start_utc_s[h] = INT64_C(86400) * m->day[d].date + 3600 * (8 + h);
            m->day[d].hour_ending[h] = h + 1;
        }
    }
}

void market_build_begin(struct market_build *b, int32_t n_day, int n_hours)
{
    *b = (struct market_build){0};
    struct market *m = &b->m;
    m->name = copy(b, "test");
    m->description = copy(b, "");
    m->time_zone = copy(b, "Etc/GMT+8");
    m->rules = rules_default();
    m->grid.base_mva = 100;
    m->grid.bus = array(&m->grid.arena, sizeof *m->grid.bus);
    m->grid.branch = array(&m->grid.arena, sizeof *m->grid.branch);
    m->sc = array(&m->arena, sizeof *m->sc);
    m->node = array(&m->arena, sizeof *m->node);
    m->tie = array(&m->arena, sizeof *m->tie);
    m->resource = array(&m->arena, sizeof *m->resource);
    m->position = array(&m->arena, sizeof *m->position);
    m->factor_bus = array(&m->arena, 4 * sizeof *m->factor_bus);
    m->factor = array(&m->arena, 4 * sizeof *m->factor);
    m->reference_weight = array(&m->arena, sizeof *m->reference_weight);
    make_days(m, n_day, n_hours);
}

static int32_t add_node(struct market_build *b, const char *id, enum node_kind kind,
                        int32_t n)
{
    int32_t at = take(&b->m.n_node);
    need(b->n_factor + n <= 4 * MARKET_BUILD_MOST);
    b->m.node[at] = (struct node){
        .id = copy(b, id),
        .kind = kind,
        .factor_start = b->n_factor,
        .n_factor = n,
        .tie = -1,
        .virtual_eligible = kind == NODE_LAP || kind == NODE_HUB,
        .virtual_limit_mw = HUGE_VAL,
        .longitude_deg = NAN,
        .latitude_deg = NAN,
        .reference_supply_usd_per_mwh = b->m.rules.virtual_reference_supply,
        .reference_demand_usd_per_mwh = b->m.rules.virtual_reference_demand,
    };
    b->n_factor += n;
    return at;
}

int32_t market_build_bus(struct market_build *b, const char *id, double load_mw)
{
    need(b->m.n_node == b->m.grid.n_bus); /* buses come first */
    int32_t at = add_node(b, id, NODE_PNODE, 1);
    b->m.factor_bus[b->m.node[at].factor_start] = at;
    b->m.factor[b->m.node[at].factor_start] = 1;
    b->m.reference_weight[at] = fmax(load_mw, 0);
    b->m.grid.bus[take(&b->m.grid.n_bus)] =
        (struct grid_bus){.id = b->m.node[at].id, .number = at + 1, .load_mw = load_mw};
    return at;
}

int32_t market_build_branch(struct market_build *b, int32_t from, int32_t to,
                            double x_pu, double rate_mw)
{
    const struct grid *g = &b->m.grid;
    need(from >= 0 && from < g->n_bus && to >= 0 && to < g->n_bus);
    int circuit = 1;
    for (int32_t i = 0; i < g->n_branch; i++)
        circuit += g->branch[i].from == from && g->branch[i].to == to;
    char id[160];
    if (circuit == 1)
        (void)snprintf(id, sizeof id, "%s-%s", g->bus[from].id, g->bus[to].id);
    else
        (void)snprintf(id, sizeof id, "%s-%s-%d", g->bus[from].id, g->bus[to].id,
                       circuit);
    int32_t at = take(&b->m.grid.n_branch);
    b->m.grid.branch[at] = (struct grid_branch){
        .id = copy(b, id),
        .from = from,
        .to = to,
        .x_pu = x_pu,
        .tap = 1,
        .rate_mw = rate_mw,
        .angle_min_deg = -HUGE_VAL,
        .angle_max_deg = HUGE_VAL,
    };
    return at;
}

int32_t market_build_apnode(struct market_build *b, const char *id, enum node_kind kind,
                            int32_t n, const int32_t *bus, const double *factor)
{
    int32_t at = add_node(b, id, kind, n);
    for (int32_t i = 0; i < n; i++) {
        b->m.factor_bus[b->m.node[at].factor_start + i] = bus[i];
        b->m.factor[b->m.node[at].factor_start + i] = factor ? factor[i] : 1.0 / n;
    }
    return at;
}

int32_t market_build_tie(struct market_build *b, const char *id, int32_t bus,
                         double import_limit_mw, double export_limit_mw)
{
    int32_t node = add_node(b, id, NODE_TIE, 1);
    b->m.factor_bus[b->m.node[node].factor_start] = bus;
    b->m.factor[b->m.node[node].factor_start] = 1;
    int32_t at = take(&b->m.n_tie);
    b->m.node[node].tie = at;
    b->m.tie[at] = (struct tie){.id = b->m.node[node].id,
                                .bus = bus,
                                .node = node,
                                .import_limit_mw = import_limit_mw,
                                .export_limit_mw = export_limit_mw};
    return node;
}

int32_t market_build_sc(struct market_build *b, const char *id,
                        double unsecured_limit_usd)
{
    int32_t at = take(&b->m.n_sc);
    const char *text = copy(b, id);
    b->m.sc[at] = (struct sc){.id = text,
                              .name = text,
                              .certified_from = FIRST_DATE,
                              .certified_to = LAST_DATE,
                              .unsecured_limit_usd = unsecured_limit_usd};
    return at;
}

int32_t market_build_resource(struct market_build *b, const char *id,
                              enum resource_type type, int32_t sc, int32_t node,
                              double pmin_mw, double pmax_mw)
{
    need(sc >= 0 && sc < b->m.n_sc && node >= 0 && node < b->m.n_node);
    int32_t at = take(&b->m.n_resource);
    bool at_tie = type == RESOURCE_IMPORT || type == RESOURCE_EXPORT;
    b->m.resource[at] = (struct resource){
        .id = copy(b, id),
        .type = type,
        .sc = sc,
        .node = node,
        .tie = at_tie ? b->m.node[node].tie : -1,
        .pmin_mw = pmin_mw,
        .pmax_mw = pmax_mw,
        .ramp_up_mw_per_min = HUGE_VAL,
        .ramp_down_mw_per_min = HUGE_VAL,
        .initial_mw = (double)NAN,
        .energy_max_mwh = type == RESOURCE_STORAGE ? 4 * pmax_mw : 0,
        .charge_efficiency = 1,
        .discharge_efficiency = 1,
        .end_energy_mwh = (double)NAN,
        .active = true,
        .registered_from = FIRST_DATE,
        .registered_to = LAST_DATE,
        .technology = "",
    };
    return at;
}

int32_t market_build_position(struct market_build *b, int32_t sc, int32_t node,
                              enum virtual_side side)
{
    need(sc >= 0 && sc < b->m.n_sc && node >= 0 && node < b->m.n_node);
    char id[160];
    (void)snprintf(id, sizeof id, "%s:%s:%s", b->m.sc[sc].id, b->m.node[node].id,
                   side == VIRTUAL_SUPPLY ? "supply" : "demand");
    int32_t at = take(&b->m.n_virtual);
    b->m.position[at] = (struct virtual_position){
        .id = copy(b, id), .sc = sc, .node = node, .side = side};
    return at;
}

static void add_rows(struct market_build *b, struct market_build_rows *rows,
                     int32_t owner, int32_t interval, struct bid_segment seg)
{
    int32_t first = interval, last = interval;
    if (interval == MARKET_BUILD_ALL) {
        first = 0;
        last = b->m.n_interval - 1;
    }
    need(first >= 0 && last < b->m.n_interval && seg.from_mw < seg.to_mw);
    for (int32_t t = first; t <= last; t++) {
        if (rows->n == rows->room) {
            rows->room = rows->room ? 2 * rows->room : 64;
            rows->row = mem_resize(rows->row, rows->room, sizeof *rows->row);
            need(rows->row);
        }
        rows->row[rows->n++] = (struct market_build_row){owner, t, seg};
    }
    b->m.n_bid_rows++;
}

void market_build_bid(struct market_build *b, int32_t resource, int32_t interval,
                      double from_mw, double to_mw, double price_usd_per_mwh)
{
    need(resource >= 0 && resource < b->m.n_resource);
    add_rows(b, &b->bids, resource, interval,
             (struct bid_segment){from_mw, to_mw, price_usd_per_mwh, BID_ENERGY});
}

void market_build_real_time_bid(struct market_build *b, int32_t resource,
                                int32_t interval, double from_mw, double to_mw,
                                double price_usd_per_mwh)
{
    bool is_self = isnan(price_usd_per_mwh);
    add_rows(b, &b->rt_bids, resource, interval,
             (struct bid_segment){from_mw, to_mw, price_usd_per_mwh,
                                  is_self ? BID_SELF_PT : BID_ENERGY});
}

void market_build_self(struct market_build *b, int32_t resource, int32_t interval,
                       enum bid_kind kind, double from_mw, double to_mw)
{
    need(resource >= 0 && resource < b->m.n_resource && bid_kind_is_self(kind));
    add_rows(b, &b->bids, resource, interval,
             (struct bid_segment){from_mw, to_mw, (double)NAN, kind});
}

void market_build_virtual_bid(struct market_build *b, int32_t position,
                              int32_t interval, double from_mw, double to_mw,
                              double price_usd_per_mwh)
{
    need(position >= 0 && position < b->m.n_virtual);
    add_rows(b, &b->virtual_bids, position, interval,
             (struct bid_segment){from_mw, to_mw, price_usd_per_mwh, BID_ENERGY});
}

static int compare(const void *pa, const void *pb)
{
    const struct market_build_row *x = pa, *y = pb;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    if (x->interval != y->interval)
        return x->interval < y->interval ? -1 : 1;
    bool x_self = bid_kind_is_self(x->seg.kind), y_self = bid_kind_is_self(y->seg.kind);
    if (x_self != y_self)
        return x_self ? -1 : 1;
    return (x->seg.from_mw > y->seg.from_mw) - (x->seg.from_mw < y->seg.from_mw);
}

static struct book make_book(struct market_build_rows *rows, int32_t n_owner,
                             int32_t n_interval)
{
    struct book book = {.n_owner = n_owner, .n_interval = n_interval};
    size_t n_bid = (size_t)n_owner * (size_t)n_interval;
    book.start = MEM_ARRAY(int64_t, n_bid + 1);
    book.seg = MEM_ARRAY(struct bid_segment, rows->n);
    need(book.start && book.seg);
    if (rows->n)
        qsort(rows->row, rows->n, sizeof *rows->row, compare);
    size_t bid = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct market_build_row *r = &rows->row[i];
        size_t at = (size_t)r->owner * (size_t)n_interval + (size_t)r->interval;
        while (bid < at)
            book.start[++bid] = (int64_t)i;
        book.seg[i] = r->seg;
    }
    while (bid < n_bid)
        book.start[++bid] = (int64_t)rows->n;
    mem_free(rows->row);
    return book;
}

/* ---- services ---- */

static int32_t add_region(struct market_build *b, const char *id)
{
    if (!b->m.service_region) {
        b->m.service_region = array(&b->m.arena, sizeof *b->m.service_region);
        b->m.service_region[b->m.n_service_region++].id = copy(b, "SYSTEM");
    }
    if (!id)
        return 0;
    int32_t at = take(&b->m.n_service_region);
    b->m.service_region[at].id = copy(b, id);
    return at;
}

int32_t market_build_region(struct market_build *b, const char *id)
{
    return add_region(b, id);
}

static void add_fact(struct market_build *b, struct market_build_service fact)
{
    int32_t first = fact.interval, last = fact.interval;
    (void)add_region(b, NULL);
    if (fact.interval == MARKET_BUILD_ALL) {
        first = 0;
        last = b->m.n_interval - 1;
    }
    for (fact.interval = first; fact.interval <= last; fact.interval++) {
        if (b->n_service == b->room_service) {
            b->room_service = b->room_service ? 2 * b->room_service : 64;
            b->service = mem_resize(b->service, b->room_service, sizeof *b->service);
            need(b->service);
        }
        b->service[b->n_service++] = fact;
    }
}

void market_build_member(struct market_build *b, int32_t region, int32_t resource)
{
    add_fact(b, (struct market_build_service){.fact = MARKET_BUILD_MEMBER,
                                              .region = region,
                                              .resource = resource});
}

void market_build_required(struct market_build *b, int32_t region, enum service service,
                           int32_t interval, double mw)
{
    add_fact(b, (struct market_build_service){.fact = MARKET_BUILD_REQUIRED,
                                              .region = region,
                                              .interval = interval,
                                              .service = service,
                                              .mw = mw});
}

void market_build_offer(struct market_build *b, int32_t resource, enum service service,
                        int32_t interval, double mw, double price_usd_per_mw)
{
    add_fact(b, (struct market_build_service){.fact = MARKET_BUILD_OFFER,
                                              .resource = resource,
                                              .interval = interval,
                                              .service = service,
                                              .mw = mw,
                                              .price = price_usd_per_mw});
}

void market_build_self_provide(struct market_build *b, int32_t resource,
                               enum service service, int32_t interval, double mw)
{
    add_fact(b, (struct market_build_service){.fact = MARKET_BUILD_SELF,
                                              .resource = resource,
                                              .interval = interval,
                                              .service = service,
                                              .mw = mw});
}

static bool is_offer(const struct market_build_service *f)
{
    return f->fact == MARKET_BUILD_OFFER || f->fact == MARKET_BUILD_SELF;
}

/* The bidder of a resource and service; added at the end if it is new. */
static int32_t bidder_of(struct market *m, int32_t resource, enum service service,
                         bool add)
{
    for (int32_t k = 0; k < m->n_service_bidder; k++)
        if (m->service_bidder[k].resource == resource &&
            m->service_bidder[k].service == service)
            return k;
    if (add)
        m->service_bidder[m->n_service_bidder++] =
            (struct service_bidder){.resource = resource, .service = service};
    return -1;
}

static int compare_bidders(const void *pa, const void *pb)
{
    const struct service_bidder *x = pa, *y = pb;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    return (x->service > y->service) - (x->service < y->service);
}

static void name_bidders(struct market_build *b)
{
    struct market *m = &b->m;
    m->service_bidder =
        ARENA_ARRAY(&m->arena, struct service_bidder, m->n_resource * SERVICES);
    need(m->service_bidder);
    for (size_t i = 0; i < b->n_service; i++)
        if (is_offer(&b->service[i]))
            (void)bidder_of(m, b->service[i].resource, b->service[i].service, true);
    if (m->n_service_bidder > 0)
        qsort(m->service_bidder, (size_t)m->n_service_bidder, sizeof *m->service_bidder,
              compare_bidders);
    for (int32_t k = 0; k < m->n_service_bidder; k++) {
        char id[160];
        (void)snprintf(id, sizeof id, "%s %s",
                       m->resource[m->service_bidder[k].resource].id,
                       service_name(m->service_bidder[k].service));
        m->service_bidder[k].id = copy(b, id);
    }
}

static void make_services(struct market_build *b)
{
    struct market *m = &b->m;
    if (m->n_service_region == 0)
        return;
    name_bidders(b);
    size_t n_t = (size_t)m->n_interval;
    m->in_region = ARENA_ARRAY(&m->arena, bool, m->n_service_region * m->n_resource);
    size_t n_required = n_t * (size_t)m->n_service_region * SERVICES;
    m->required_mw = ARENA_ARRAY(&m->arena, double, n_required);
    m->rt_required_mw = ARENA_ARRAY(&m->arena, double, n_required);
    m->service_offer =
        ARENA_ARRAY(&m->arena, struct service_offer, n_t * (size_t)m->n_service_bidder);
    need(m->in_region && m->required_mw && m->rt_required_mw && m->service_offer);
    for (int32_t r = 0; r < m->n_resource; r++)
        m->in_region[r] = true;
    for (size_t i = 0; i < b->n_service; i++) {
        const struct market_build_service *f = &b->service[i];
        if (f->fact == MARKET_BUILD_MEMBER) {
            m->in_region[f->region * m->n_resource + f->resource] = true;
        } else if (f->fact == MARKET_BUILD_REQUIRED) {
            int32_t at = (f->interval * m->n_service_region + f->region) * SERVICES +
                         (int32_t)f->service;
            m->required_mw[at] = m->rt_required_mw[at] = f->mw;
        } else {
            struct service_offer *o =
                &m->service_offer[f->interval * m->n_service_bidder +
                                  bidder_of(m, f->resource, f->service, false)];
            *(f->fact == MARKET_BUILD_SELF ? &o->self_mw : &o->offer_mw) = f->mw;
            if (f->fact == MARKET_BUILD_OFFER)
                o->price_usd_per_mw = f->price;
        }
    }
    market_nest_regions(m);
    mem_free(b->service);
}

struct market market_build_end(struct market_build *b)
{
    make_services(b);
    struct market m = b->m;
    size_t n = (size_t)m.n_interval * (size_t)m.n_node;
    m.forecast_mw = ARENA_ARRAY(&m.arena, double, n);
    m.has_forecast = ARENA_ARRAY(&m.arena, bool, m.n_node);
    need(m.forecast_mw && m.has_forecast);
    m.bids = make_book(&b->bids, m.n_resource, m.n_interval);
    m.virtual_bids = make_book(&b->virtual_bids, m.n_virtual, m.n_interval);
    if (b->rt_bids.n > 0)
        m.rt_bids = make_book(&b->rt_bids, m.n_resource, m.n_interval);
    *b = (struct market_build){0};
    return m;
}
