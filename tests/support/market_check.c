/* market_check.c - the promises of market.h and grid.h. */
#include "tests/support/market_check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/natural.h"

struct checking {
    const struct market *m;
    char *why;
    bool holds;
};

static void __attribute__((format(printf, 3, 4)))
expect(struct checking *c, bool holds, const char *fmt, ...)
{
    va_list args;
    if (holds || !c->holds)
        return;
    c->holds = false;
    va_start(args, fmt);
    (void)vsnprintf(c->why, MARKET_CHECK_SIZE, fmt, args);
    va_end(args);
}

static bool within(int32_t i, int32_t n)
{
    return i >= 0 && i < n;
}

static void check_grid(struct checking *c)
{
    const struct grid *g = &c->m->grid;
    expect(c, g->base_mva > 0 && isfinite(g->base_mva), "base_mva %g", g->base_mva);
    for (int32_t i = 0; i < g->n_bus && c->holds; i++) {
        expect(c, g->bus[i].id && *g->bus[i].id, "bus %d has no name", i);
        expect(c, i == 0 || g->bus[i].number > g->bus[i - 1].number,
               "buses not sorted");
        expect(c, isfinite(g->bus[i].load_mw) && isfinite(g->bus[i].shunt_mw),
               "load of bus %d", i);
    }
    for (int32_t i = 0; i < g->n_branch && c->holds; i++) {
        const struct grid_branch *b = &g->branch[i];
        expect(c, within(b->from, g->n_bus) && within(b->to, g->n_bus), "ends of %s",
               b->id);
        expect(c, b->from != b->to, "loop %s", b->id);
        expect(c, isfinite(b->x_pu) && (fabs(b->x_pu) > 0 || !(fabs(b->shift_deg) > 0)),
               "x of %s", b->id);
        expect(c, b->tap > 0 && b->rate_mw > 0 && b->rate_after_mw > 0,
               "tap or rate of %s", b->id);
        expect(c, b->angle_min_deg <= b->angle_max_deg, "angles of %s", b->id);
        expect(c,
               i == 0 || b[-1].from < b->from ||
                   (b[-1].from == b->from && b[-1].to <= b->to),
               "branch %s not sorted", b->id);
        for (int32_t j = 0; j < i; j++)
            expect(c, strcmp(b->id, g->branch[j].id) != 0, "two branches %s", b->id);
    }
}

static void check_outages(struct checking *c)
{
    const struct grid_outages *o = &c->m->outages;
    for (int32_t k = 0; k < o->n && c->holds; k++) {
        expect(c, o->id[k] && *o->id[k], "outage %d has no name", k);
        expect(c,
               o->branch_start[k] < o->branch_start[k + 1] &&
                   o->unit_start[k] == o->unit_start[k + 1],
               "outage %s loses no branch, or a unit", o->id[k]);
        for (int32_t e = o->branch_start[k]; e < o->branch_start[k + 1]; e++)
            expect(c,
                   within(o->branch[e], c->m->grid.n_branch) &&
                       (e == o->branch_start[k] || o->branch[e - 1] < o->branch[e]),
                   "branches of outage %s", o->id[k]);
        for (int32_t j = 0; j < k; j++)
            expect(c, strcmp(o->id[j], o->id[k]) != 0, "two outages %s", o->id[k]);
    }
}

static void check_days(struct checking *c)
{
    const struct market *m = c->m;
    expect(c, m->n_day > 0 && m->first_interval[0] == 0, "no days");
    for (int32_t d = 0; d < m->n_day && c->holds; d++) {
        const struct trade_day *day = &m->day[d];
        expect(c, day->n_hours >= 23 && day->n_hours <= 25, "hours of day %d", d);
        expect(c, m->first_interval[d + 1] == m->first_interval[d] + day->n_hours,
               "first interval of day %d", d);
        expect(c, d == 0 || day->date > m->day[d - 1].date, "days not ascending");
    }
    expect(c, c->holds && m->first_interval[m->n_day] == m->n_interval, "n_interval");
}

static void check_factors(struct checking *c, const struct node *node)
{
    const struct market *m = c->m;
    double sum = 0;
    expect(c, node->n_factor > 0, "%s has no factors", node->id);
    for (int32_t i = node->factor_start; i < node->factor_start + node->n_factor; i++) {
        expect(c, within(m->factor_bus[i], m->grid.n_bus), "bus of %s", node->id);
        expect(c, m->factor[i] > 0 && m->factor[i] <= 1 + 1e-12, "factor of %s",
               node->id);
        expect(c, i == node->factor_start || m->factor_bus[i] > m->factor_bus[i - 1],
               "factors of %s not sorted", node->id);
        sum += m->factor[i];
    }
    expect(c, fabs(sum - 1) < 1e-12, "factors of %s sum to %.17g", node->id, sum);
}

static int stage_of(enum node_kind kind)
{
    return kind == NODE_PNODE ? 0 : kind == NODE_TIE ? 2 : 1;
}

static void check_nodes(struct checking *c)
{
    const struct market *m = c->m;
    for (int32_t i = 0; i < m->n_node && c->holds; i++) {
        const struct node *n = &m->node[i];
        check_factors(c, n);
        if (i < m->grid.n_bus)
            expect(c, n->kind == NODE_PNODE && strcmp(n->id, m->grid.bus[i].id) == 0,
                   "node %d is not bus %d", i, i);
        if (i > m->grid.n_bus)
            expect(c,
                   stage_of(n[-1].kind) < stage_of(n->kind) ||
                       (stage_of(n[-1].kind) == stage_of(n->kind) &&
                        natural_compare(n[-1].id, n->id) < 0),
                   "node %s not sorted", n->id);
        expect(c, (n->kind == NODE_TIE) == (n->tie >= 0), "tie of node %s", n->id);
        expect(c, n->kind == NODE_PNODE || !n->sublap, "sub-LAP of %s", n->id);
        expect(c,
               n->area >= (n->kind == NODE_PNODE ? 0 : -1) &&
                   n->area < (m->n_area ? m->n_area : 1),
               "area of %s", n->id);
        expect(c, n->virtual_limit_mw >= 0, "virtual limit of %s", n->id);
        expect(c,
               isnan(n->longitude_deg) == isnan(n->latitude_deg) &&
                   (isnan(n->latitude_deg) || n->kind == NODE_PNODE),
               "coordinates of %s", n->id);
        expect(c,
               n->reference_supply_usd_per_mwh >= 0 &&
                   n->reference_demand_usd_per_mwh >= 0,
               "reference of %s", n->id);
    }
    for (int32_t i = 0; i < m->n_tie && c->holds; i++) {
        const struct tie *t = &m->tie[i];
        expect(c, within(t->bus, m->grid.n_bus) && within(t->node, m->n_node),
               "place of tie %s", t->id);
        expect(c, c->holds && m->node[t->node].tie == i, "node of tie %s", t->id);
        expect(c, t->import_limit_mw >= 0 && t->export_limit_mw >= 0, "limits of %s",
               t->id);
    }
    for (int32_t b = 0; b < m->grid.n_bus && c->holds; b++)
        expect(c, isfinite(m->reference_weight[b]) && m->reference_weight[b] >= 0,
               "reference weight of bus %d", b);
}

static void check_scs(struct checking *c)
{
    const struct market *m = c->m;
    for (int32_t i = 0; i < m->n_sc && c->holds; i++) {
        const struct sc *s = &m->sc[i];
        expect(c, i == 0 || natural_compare(s[-1].id, s->id) < 0, "SC %s not sorted",
               s->id);
        expect(c, strcmp(s->id, "ISO") != 0 && s->name, "SC %s", s->id);
        expect(c, s->certified_from <= s->certified_to, "certificate of %s", s->id);
        expect(c, s->unsecured_limit_usd >= 0 && s->posted_security_usd >= 0,
               "limits of %s", s->id);
        expect(c,
               isfinite(s->invoiced_usd + s->published_usd + s->estimated_usd +
                        s->extrapolated_usd + s->crr_usd + s->other_usd +
                        s->unsecured_limit_usd + s->posted_security_usd),
               "money of %s", s->id);
    }
}

static void check_store(struct checking *c, const struct resource *r)
{
    if (r->type != RESOURCE_STORAGE)
        return;
    expect(c, r->pmin_mw <= 0 && r->pmax_mw >= 0, "power of %s", r->id);
    expect(c,
           r->energy_min_mwh >= 0 && r->energy_min_mwh <= r->initial_energy_mwh &&
               r->initial_energy_mwh <= r->energy_max_mwh,
           "energy of %s", r->id);
    expect(c,
           isnan(r->end_energy_mwh) || (r->end_energy_mwh >= r->energy_min_mwh &&
                                        r->end_energy_mwh <= r->energy_max_mwh),
           "end energy of %s", r->id);
    expect(c,
           r->charge_efficiency > 0 && r->charge_efficiency <= 1 &&
               r->discharge_efficiency > 0 && r->discharge_efficiency <= 1,
           "efficiency of %s", r->id);
}

/* Configurations of resource i, and moves between them. */
static void check_plant(struct checking *c, int32_t i)
{
    const struct market *m = c->m;
    const struct resource *r = &m->resource[i];
    double least = INFINITY, most = 0;
    bool begins = r->market_committed && r->commit.initial_h > 0;
    for (int32_t k = 0; k < r->n_configuration && c->holds; k++) {
        const struct configuration *is = &m->configuration[r->first_configuration + k];
        least = fmin(least, is->pmin_mw);
        expect(c, is->resource == i && is->id && *is->id, "configuration %d of %s", k,
               r->id);
        expect(c, r->market_committed && r->type == RESOURCE_GENERATOR, "%s, a plant",
               r->id);
        expect(c, is->pmin_mw <= is->pmax_mw && is->pmax_mw >= most, "range of %s",
               is->id);
        expect(c,
               is->start_mw >= is->pmin_mw && is->stop_mw >= is->pmin_mw &&
                   is->min_up_h >= 1 && isfinite(is->min_load_usd_per_h),
               "terms of %s", is->id);
        for (int32_t s = 0; s < r->commit.n_start; s++)
            expect(c, is->start_cost_usd[s] >= (s ? is->start_cost_usd[s - 1] : 0),
                   "starts of %s", is->id);
        most = is->pmax_mw;
    }
    expect(c,
           r->n_configuration == 0 ||
               (fabs(least - r->pmin_mw) < 1e-6 && fabs(most - r->pmax_mw) < 1e-6),
           "ranges of the configurations of %s", r->id);
    expect(c,
           r->n_configuration > 0 && begins
               ? within(r->initial_configuration - r->first_configuration,
                        r->n_configuration) &&
                     r->initial_configuration_h >= 1
               : r->initial_configuration == -1,
           "first configuration of %s", r->id);
    for (int32_t k = 0; k < r->n_transition && c->holds; k++) {
        const struct transition *t = &m->transition[r->first_transition + k];
        expect(c,
               within(t->from - r->first_configuration, r->n_configuration) &&
                   within(t->to - r->first_configuration, r->n_configuration) &&
                   t->from != t->to && t->cost_usd >= 0 && t->time_min >= 0,
               "transition %d of %s", k, r->id);
    }
}

static void check_resources(struct checking *c)
{
    const struct market *m = c->m;
    for (int32_t i = 0; i < m->n_resource && c->holds; i++) {
        const struct resource *r = &m->resource[i];
        bool two_way = r->type == RESOURCE_STORAGE || r->type == RESOURCE_DERA;
        expect(c, i == 0 || natural_compare(r[-1].id, r->id) < 0,
               "resource %s not sorted", r->id);
        expect(c, within(r->sc, m->n_sc) && within(r->node, m->n_node), "place of %s",
               r->id);
        expect(c, r->tie == -1 || within(r->tie, m->n_tie), "tie of %s", r->id);
        expect(c, isfinite(r->pmax_mw) && r->pmin_mw <= r->pmax_mw, "range of %s",
               r->id);
        expect(c, two_way || r->pmin_mw >= 0, "pmin of %s", r->id);
        expect(c, r->ramp_up_mw_per_min > 0 && r->ramp_down_mw_per_min > 0,
               "ramp of %s", r->id);
        expect(c, !isinf(r->initial_mw), "initial MW of %s", r->id);
        expect(c, r->forecast_share >= 0 && r->forecast_share <= 1, "share of %s",
               r->id);
        expect(c, !(r->forecast_share > 0) || r->type == RESOURCE_LOAD, "share of %s",
               r->id);
        expect(c, r->technology != NULL, "technology of %s", r->id);
        expect(c, r->registered_from <= r->registered_to, "registration of %s", r->id);
        check_store(c, r);
        check_plant(c, i);
    }
}

static void check_bid(struct checking *c, const struct bid_segment *seg, int32_t n,
                      bool withdraws, double lo, double hi)
{
    for (int32_t i = 0; i < n; i++) {
        const struct bid_segment *now = &seg[i], *below = i ? &seg[i - 1] : NULL;
        bool self = bid_kind_is_self(now->kind);
        expect(c, now->from_mw < now->to_mw, "piece %d is empty", i);
        expect(c, now->from_mw >= lo && now->to_mw <= hi,
               "piece %d up to %g is outside", i, now->to_mw);
        expect(c, self == isnan(now->price_usd_per_mwh), "price of piece %d", i);
        expect(c, self || isfinite(now->price_usd_per_mwh), "price of piece %d", i);
        if (!below)
            continue;
        expect(c, below->to_mw <= now->from_mw, "piece %d overlaps", i);
        expect(c, !self || bid_kind_is_self(below->kind),
               "self-schedule on top of energy");
        if (!self && !bid_kind_is_self(below->kind))
            expect(c,
                   withdraws ? now->price_usd_per_mwh <= below->price_usd_per_mwh
                             : now->price_usd_per_mwh >= below->price_usd_per_mwh,
                   "price of piece %d not monotone", i);
    }
}

static void check_book(struct checking *c, const struct book *b, int32_t n_owner)
{
    const struct market *m = c->m;
    bool is_virtual = b == &m->virtual_bids;
    expect(c,
           b->n_owner == n_owner && b->n_interval == m->n_interval && b->start &&
               b->seg,
           "shape of a book");
    for (int64_t i = 0; c->holds && i < (int64_t)n_owner * m->n_interval; i++)
        expect(c, b->start[i] <= b->start[i + 1], "starts of a book");
    for (int32_t o = 0; o < n_owner; o++)
        for (int32_t t = 0; t < m->n_interval && c->holds; t++) {
            int32_t n;
            const struct bid_segment *seg = book_bid(b, o, t, &n);
            const struct resource *r = &m->resource[o];
            if (is_virtual)
                check_bid(c, seg, n, m->position[o].side == VIRTUAL_DEMAND, 0,
                          (double)INFINITY);
            else
                check_bid(c, seg, n, resource_type_withdraws(r->type),
                          fmin(0, r->pmin_mw), r->pmax_mw);
        }
}

static void check_positions(struct checking *c)
{
    const struct market *m = c->m;
    for (int32_t i = 0; i < m->n_virtual && c->holds; i++) {
        const struct virtual_position *p = &m->position[i];
        expect(c, within(p->sc, m->n_sc) && within(p->node, m->n_node), "place of %s",
               p->id);
        expect(c,
               i == 0 || p[-1].sc < p->sc ||
                   (p[-1].sc == p->sc &&
                    (p[-1].node < p->node ||
                     (p[-1].node == p->node && p[-1].side < p->side))),
               "position %s not sorted", p->id);
    }
}

static void check_forecast(struct checking *c)
{
    const struct market *m = c->m;
    for (int32_t t = 0; t < m->n_interval && c->holds; t++)
        for (int32_t n = 0; n < m->n_node; n++) {
            double mw = m->forecast_mw[(size_t)t * (size_t)m->n_node + (size_t)n];
            expect(c, isfinite(mw) && mw >= 0 && (m->has_forecast[n] || mw <= 0),
                   "forecast of %s", m->node[n].id);
        }
}

static void check_rules(struct checking *c)
{
    int n;
    const struct rules_row *row = rules_table(&n);
    for (int i = 0; i < n; i++) {
        double v;
        memcpy(&v, (const char *)&c->m->rules + row[i].offset, sizeof v);
        expect(c, v >= row[i].min && v <= row[i].max, "rule %s is %g", row[i].name, v);
    }
}

static void check_services(struct checking *c)
{
    const struct market *m = c->m;
    int64_t n_required = (int64_t)m->n_interval * m->n_service_region * SERVICES;
    for (int32_t i = 0; i < m->n_resource && c->holds; i++)
        for (int s = 0; s < SERVICES; s++)
            expect(c,
                   m->resource[i].certified_mw[s] >= 0 &&
                       (m->resource[i].certified_mw[s] <= 0 ||
                        resource_type_serves(m->resource[i].type, (enum service)s)),
                   "certified MW of %s", m->resource[i].id);
    expect(c, m->n_service_region > 0 || m->n_service_bidder == 0, "offers nowhere");
    for (int64_t k = 0; k < n_required && c->holds; k++) {
        expect(c, m->required_mw[k] >= 0 && isfinite(m->required_mw[k]), "requirement");
        expect(c, m->rt_required_mw[k] >= 0 && isfinite(m->rt_required_mw[k]),
               "requirement of real time");
    }
    for (int32_t r = 0; r < m->n_service_region && c->holds; r++) {
        int32_t parent = m->service_region[r].parent;
        expect(c, r == 0 ? parent == -1 : within(parent, m->n_service_region),
               "parent of region %s", m->service_region[r].id);
        expect(c,
               r < 2 || natural_compare(m->service_region[r - 1].id,
                                        m->service_region[r].id) < 0,
               "region %s not sorted", m->service_region[r].id);
        for (int32_t i = 0; r > 0 && i < m->n_resource && c->holds; i++)
            expect(c, !market_in_region(m, r, i) || market_in_region(m, parent, i),
                   "region %s is not within its parent", m->service_region[r].id);
    }
    for (int32_t b = 0; b < m->n_service_bidder && c->holds; b++) {
        const struct service_bidder *x = &m->service_bidder[b];
        expect(c, within(x->resource, m->n_resource) && x->service < SERVICES && x->id,
               "bidder %d", b);
        expect(c,
               b == 0 || x[-1].resource < x->resource ||
                   (x[-1].resource == x->resource && x[-1].service < x->service),
               "bidder %s not sorted", x->id);
    }
    for (int64_t k = 0; k < (int64_t)m->n_interval * m->n_service_bidder && c->holds;
         k++)
        expect(c,
               m->service_offer[k].offer_mw >= 0 && m->service_offer[k].self_mw >= 0 &&
                   isfinite(m->service_offer[k].price_usd_per_mw),
               "an offer of a service");
}

static void check_areas(struct checking *c)
{
    const struct market *m = c->m;
    for (int32_t a = 0; a < m->n_area && c->holds; a++)
        expect(c, a == 0 || natural_compare(m->area[a - 1].id, m->area[a].id) < 0,
               "area %s not sorted", m->area[a].id);
    for (int32_t a = 0; a < m->n_area && c->holds; a++)
        expect(c, !m->area[a].follows_load || within(m->area[a].sc, m->n_sc),
               "coordinator of area %s", m->area[a].id);
    for (int32_t r = 0; r < m->n_resource && c->holds; r++)
        expect(c, m->node[m->resource[r].node].area >= 0, "area of %s",
               m->resource[r].id);
    for (int64_t i = 0; i < m->n_branch_meter && c->holds; i++) {
        const struct branch_meter_row *row = &m->branch_meter[i];
        expect(c,
               within(row->branch, m->grid.n_branch) &&
                   within(row->interval, m->n_interval) && row->five >= -1 &&
                   row->five < RT_FIVES && isfinite(row->energy_mwh) &&
                   (i == 0 || row[-1].recalculation <= row->recalculation),
               "branch meter %lld", (long long)i);
        if (c->holds)
            expect(c,
                   m->node[m->grid.branch[row->branch].from].area !=
                       m->node[m->grid.branch[row->branch].to].area,
                   "branch meter %lld is within an area", (long long)i);
    }
}

bool market_check(const struct market *m, char why[MARKET_CHECK_SIZE])
{
    struct checking c = {.m = m, .why = why, .holds = true};
    *why = '\0';
    expect(&c, m->name && *m->name && m->time_zone && m->description, "no name");
    check_rules(&c);
    check_grid(&c);
    check_outages(&c);
    check_days(&c);
    check_nodes(&c);
    check_scs(&c);
    check_resources(&c);
    check_positions(&c);
    check_services(&c);
    check_areas(&c);
    if (c.holds) {
        check_book(&c, &m->bids, m->n_resource);
        check_book(&c, &m->virtual_bids, m->n_virtual);
        if (m->default_bids.start)
            check_book(&c, &m->default_bids, m->n_resource);
        if (m->rt_bids.start)
            check_book(&c, &m->rt_bids, m->n_resource);
        if (m->configuration_bids.start)
            check_book(&c, &m->configuration_bids, m->n_configuration);
        if (m->configuration_default_bids.start)
            check_book(&c, &m->configuration_default_bids, m->n_configuration);
        check_forecast(&c);
    }
    return c.holds;
}
