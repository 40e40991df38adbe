/* bid_rules.c - one small function for each bid rule. */
#include "sim/admit/bid_rules.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* MW below which two ends of pieces are the same point. */
static const double same_mw = 1e-9;

static enum bid_status say(struct bid_check *c, enum bid_status status, const char *fmt,
                           ...) PRINTF_LIKE(3, 4);

static enum bid_status say(struct bid_check *c, enum bid_status status, const char *fmt,
                           ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(c->reason, sizeof c->reason, fmt, args);
    va_end(args);
    return status;
}

static const struct resource *resource_of(const struct bid_check *c)
{
    return &c->m->resource[c->owner];
}

static const struct virtual_position *position_of(const struct bid_check *c)
{
    return &c->m->position[c->owner];
}

/* ---- E02: certified, active, registered --------------------------------------------- */

static enum bid_status check_certified(struct bid_check *c, int32_t sc_ix)
{
    const struct sc *sc = &c->m->sc[sc_ix];
    date_t date = c->m->day[c->day].date;
    if (date >= sc->certified_from && date <= sc->certified_to)
        return BID_ACCEPTED;
    char from[11], to[11], on[11];
    date_format(sc->certified_from, from);
    date_format(sc->certified_to, to);
    date_format(date, on);
    return say(c, BID_REJECTED, "%s is certified from %s to %s, not on trade date %s",
               sc->id, from, to, on);
}

static enum bid_status e02_resource(struct bid_check *c)
{
    const struct resource *r = resource_of(c);
    enum bid_status status = check_certified(c, r->sc);
    if (status != BID_ACCEPTED)
        return status;
    char from[11], to[11], on[11];
    date_t date = c->m->day[c->day].date;
    date_format(date, on);
    if (!r->active)
        return say(c, BID_REJECTED, "%s is not active on trade date %s", r->id, on);
    if (date >= r->registered_from && date <= r->registered_to)
        return BID_ACCEPTED;
    date_format(r->registered_from, from);
    date_format(r->registered_to, to);
    return say(c, BID_REJECTED, "%s is registered from %s to %s, not on trade date %s",
               r->id, from, to, on);
}

static enum bid_status e02_virtual(struct bid_check *c)
{
    return check_certified(c, position_of(c)->sc);
}

/* ---- E04: number and size of segments ----------------------------------------------- */

static enum bid_status e04_segments(struct bid_check *c)
{
    const struct rules *rules = &c->m->rules;
    int32_t n = c->n - c->n_self;
    if (n > rules->max_segments)
        return say(c, BID_REJECTED,
                   "the curve has %d segments; at most %.10g are allowed", n,
                   rules->max_segments);
    for (int32_t i = c->n_self; i < c->n; i++) {
        double width_mw = c->seg[i].to_mw - c->seg[i].from_mw;
        if (width_mw < rules->min_segment - same_mw)
            return say(c, BID_REJECTED,
                       "segment %d from %.10g to %.10g MW is %.10g MW wide; at least "
                       "%.10g MW is required",
                       i - c->n_self + 1, c->seg[i].from_mw, c->seg[i].to_mw, width_mw,
                       rules->min_segment);
    }
    return BID_ACCEPTED;
}

/* ---- E05: price cap and floor ------------------------------------------------------- */

static enum bid_status e05_prices(struct bid_check *c)
{
    double cap = c->m->rules.energy_bid_cap, floor = c->m->rules.energy_bid_floor;
    for (int32_t i = c->n_self; i < c->n; i++) {
        double price = c->seg[i].price_usd_per_mwh;
        if (price >= floor && price <= cap)
            continue;
        bool high = price > cap;
        return say(c, BID_REJECTED,
                   "the price %.2f of segment %d is %s the bid %s of %.2f USD/MWh",
                   price, i - c->n_self + 1, high ? "above" : "below",
                   high ? "cap" : "floor", high ? cap : floor);
    }
    return BID_ACCEPTED;
}

/* ---- E06: where a curve starts ------------------------------------------------------ */

static void drop_first(struct bid_check *c, int32_t n)
{
    memmove(c->seg, c->seg + n, (size_t)(c->n - n) * sizeof *c->seg);
    c->n -= n;
}

/* A curve without self-schedules of a resource that only injects or only withdraws. */
static enum bid_status start_at_pmin(struct bid_check *c, double pmin_mw)
{
    double from_mw = c->seg[0].from_mw;
    if (fabs(from_mw - pmin_mw) <= same_mw)
        return BID_ACCEPTED;
    if (from_mw > pmin_mw) {
        c->seg[0].from_mw = pmin_mw;
        return say(
            c, BID_MODIFIED,
            "the curve starts at %.10g MW; extended down to Pmin %.10g MW at its "
            "first price %.2f",
            from_mw, pmin_mw, c->seg[0].price_usd_per_mwh);
    }
    int32_t below = 0;
    while (below < c->n && c->seg[below].to_mw <= pmin_mw + same_mw)
        below++;
    if (below == c->n)
        return say(c, BID_REJECTED,
                   "the curve ends at %.10g MW, not above Pmin %.10g MW",
                   c->seg[c->n - 1].to_mw, pmin_mw);
    drop_first(c, below);
    c->seg[0].from_mw = fmax(c->seg[0].from_mw, pmin_mw);
    return say(c, BID_MODIFIED,
               "the curve starts at %.10g MW; cut to start at Pmin %.10g MW", from_mw,
               pmin_mw);
}

/*
 * A curve of a resource that can both charge and discharge. One that stops short of Pmin
 * or Pmax says how far the bidder wants to go, and stands; but it must let the resource
 * do nothing, since nobody can be forced to charge by leaving 0 MW out.
 */
static enum bid_status include_zero(struct bid_check *c, double pmin_mw)
{
    struct bid_segment *first = &c->seg[0], *last = &c->seg[c->n - 1];
    double from_mw = first->from_mw, to_mw = last->to_mw;
    if (from_mw < pmin_mw - same_mw)
        return say(c, BID_REJECTED, "the curve starts at %.10g MW, below Pmin %.10g MW",
                   from_mw, pmin_mw);
    if (from_mw > same_mw) {
        first->from_mw = 0;
        return say(c, BID_MODIFIED,
                   "the curve starts at %.10g MW; extended down to 0 MW at its first "
                   "price %.2f",
                   from_mw, first->price_usd_per_mwh);
    }
    if (to_mw < -same_mw) {
        last->to_mw = 0;
        return say(c, BID_MODIFIED,
                   "the curve ends at %.10g MW; extended up to 0 MW at its last price "
                   "%.2f",
                   to_mw, last->price_usd_per_mwh);
    }
    return BID_ACCEPTED;
}

static enum bid_status e06_resource(struct bid_check *c)
{
    const struct resource *r = resource_of(c);
    double top_mw = c->seg[c->n - 1].to_mw;
    if (top_mw > r->pmax_mw + same_mw)
        return say(c, BID_REJECTED, "the bid ends at %.10g MW, above Pmax %.10g MW",
                   top_mw, r->pmax_mw);
    if (c->n_self == 0)
        return r->pmin_mw < 0 ? include_zero(c, r->pmin_mw)
                              : start_at_pmin(c, r->pmin_mw);
    double self_mw = c->seg[c->n_self - 1].to_mw;
    if (self_mw < r->pmin_mw - same_mw)
        return say(c, BID_REJECTED,
                   "self-schedules up to %.10g MW end below Pmin %.10g MW", self_mw,
                   r->pmin_mw);
    return BID_ACCEPTED;
}

static enum bid_status e06_virtual(struct bid_check *c)
{
    return start_at_pmin(c, 0);
}

/* ---- E07: no gaps ------------------------------------------------------------------- */

static enum bid_status stack_self_schedules(struct bid_check *c)
{
    double top_mw = 0;
    for (int32_t i = 0; i < c->n_self; i++) {
        if (fabs(c->seg[i].from_mw - top_mw) > same_mw)
            return say(
                c, BID_REJECTED,
                "the %s self-schedule starts at %.10g MW; it must start at %.10g "
                "MW, where %s",
                bid_kind_name(c->seg[i].kind), c->seg[i].from_mw, top_mw,
                i == 0 ? "self-schedules begin" : "the one before it ends");
        c->seg[i].from_mw = top_mw;
        top_mw = c->seg[i].to_mw;
    }
    return BID_ACCEPTED;
}

/*
 * Closes the gap between two pieces at the price of the one further from 0 MW: the
 * bidder has not offered those MW at the better price. A gap across 0 MW is shared.
 */
static void close_gap(struct bid_segment *below, struct bid_segment *above)
{
    double meet_mw = fmin(fmax(0, below->to_mw), above->from_mw);
    below->to_mw = meet_mw;
    above->from_mw = meet_mw;
}

static enum bid_status e07_contiguous(struct bid_check *c)
{
    enum bid_status status = stack_self_schedules(c);
    if (status != BID_ACCEPTED)
        return status;
    double filled_mw = 0, at_mw = 0, price = 0;
    for (int32_t i = c->n_self; i < c->n; i++) {
        if (c->seg[i].kind != BID_ENERGY)
            return say(
                c, BID_REJECTED,
                "the %s self-schedule from %.10g MW stands above the energy curve",
                bid_kind_name(c->seg[i].kind), c->seg[i].from_mw);
        if (i == 0)
            continue;
        double top_mw = c->seg[i - 1].to_mw, gap_mw = c->seg[i].from_mw - top_mw;
        if (gap_mw < -same_mw)
            return say(
                c, BID_REJECTED,
                "the energy curve has a piece from %.10g MW, below %.10g MW where "
                "the piece before it ends",
                c->seg[i].from_mw, top_mw);
        if (gap_mw > same_mw && filled_mw <= 0) {
            at_mw = top_mw;
            price = c->seg[i].to_mw > 0 ? c->seg[i].price_usd_per_mwh
                                        : c->seg[i - 1].price_usd_per_mwh;
        }
        if (gap_mw > same_mw)
            filled_mw += gap_mw;
        if (i == c->n_self)
            c->seg[i].from_mw = top_mw;
        else
            close_gap(&c->seg[i - 1], &c->seg[i]);
    }
    if (filled_mw <= 0)
        return BID_ACCEPTED;
    return say(
        c, BID_MODIFIED,
        "the bid leaves out %.10g MW, first above %.10g MW; filled at the adjoining "
        "price, there %.2f",
        filled_mw, at_mw, price);
}

/* ---- E12: demand response and DER aggregations -------------------------------------- */

static enum bid_status e12_sublap(struct bid_check *c)
{
    const struct resource *r = resource_of(c);
    const struct node *node = &c->m->node[r->node];
    const struct node *first = NULL;
    for (int32_t i = 0; i < node->n_factor; i++) {
        const struct node *p = &c->m->node[c->m->factor_bus[node->factor_start + i]];
        if (!first)
            first = p;
        if (!p->sublap)
            return say(
                c, BID_REJECTED,
                "%s lies at %d PNodes, of which %s is in no sub-LAP; all must be in "
                "one",
                r->id, node->n_factor, p->id);
        if (strcmp(p->sublap, first->sublap) != 0)
            return say(
                c, BID_REJECTED,
                "%s lies in sub-LAPs %s (%s) and %s (%s); all %d PNodes must be in "
                "one",
                r->id, first->sublap, first->id, p->sublap, p->id, node->n_factor);
    }
    return BID_ACCEPTED;
}

static enum bid_status e12_size(struct bid_check *c)
{
    const struct resource *r = resource_of(c);
    const struct rules *rules = &c->m->rules;
    double size_mw = fmax(fabs(r->pmin_mw), r->pmax_mw);
    if (r->type == RESOURCE_PDR && r->pmax_mw < rules->pdr_min_size - same_mw)
        return say(c, BID_REJECTED,
                   "%s has %.10g MW; demand response needs at least %.10g MW", r->id,
                   r->pmax_mw, rules->pdr_min_size);
    if (r->type != RESOURCE_DERA)
        return BID_ACCEPTED;
    if (size_mw < rules->dera_min_size - same_mw)
        return say(c, BID_REJECTED,
                   "%s has %.10g MW; a DER aggregation needs at least %.10g MW", r->id,
                   size_mw, rules->dera_min_size);
    int32_t n_pnode = c->m->node[r->node].n_factor;
    if (n_pnode <= 1)
        return BID_ACCEPTED;
    if (size_mw > rules->dera_multi_pnode_max + same_mw)
        return say(
            c, BID_REJECTED,
            "%s has %.10g MW at %d PNodes; an aggregation over several PNodes has "
            "at most %.10g MW",
            r->id, size_mw, n_pnode, rules->dera_multi_pnode_max);
    return e12_sublap(c);
}

static enum bid_status e12_net_benefits(struct bid_check *c)
{
    if (resource_of(c)->type != RESOURCE_PDR)
        return BID_ACCEPTED;
    double least = c->m->rules.net_benefits_price;
    if (c->n_self)
        return say(c, BID_REJECTED,
                   "a self-schedule of demand response takes any price; it must bid at "
                   "least the net-benefits price %.2f USD/MWh",
                   least);
    for (int32_t i = 0; i < c->n; i++)
        if (c->seg[i].price_usd_per_mwh < least)
            return say(
                c, BID_REJECTED,
                "the price %.2f of segment %d is below the net-benefits price %.2f "
                "USD/MWh",
                c->seg[i].price_usd_per_mwh, i + 1, least);
    return BID_ACCEPTED;
}

/* ---- E14: virtual bids -------------------------------------------------------------- */

static enum bid_status e14_eligible(struct bid_check *c)
{
    const struct node *node = &c->m->node[position_of(c)->node];
    if (node->virtual_eligible)
        return BID_ACCEPTED;
    return say(c, BID_REJECTED, "%s is a %s that is not eligible for virtual bids",
               node->id, node_kind_name(node->kind));
}

static enum bid_status e14_limit(struct bid_check *c)
{
    const struct node *node = &c->m->node[position_of(c)->node];
    double least_mw = c->m->rules.virtual_min_size, limit_mw = node->virtual_limit_mw;
    double top_mw = c->seg[c->n - 1].to_mw;
    if (top_mw < least_mw - same_mw)
        return say(c, BID_REJECTED,
                   "the bid has %.10g MW; a virtual bid needs at least %.10g MW",
                   top_mw, least_mw);
    if (top_mw <= limit_mw + same_mw)
        return BID_ACCEPTED;
    if (limit_mw < least_mw - same_mw || limit_mw <= same_mw)
        return say(
            c, BID_REJECTED,
            "%s allows %.10g MW per SC and side, less than the smallest virtual bid "
            "of %.10g MW",
            node->id, limit_mw, least_mw);
    while (c->seg[c->n - 1].from_mw >= limit_mw - same_mw)
        c->n--;
    c->seg[c->n - 1].to_mw = limit_mw;
    return say(c, BID_MODIFIED,
               "the bid has %.10g MW; cut to the limit of %s, %.10g MW per SC and side",
               top_mw, node->id, limit_mw);
}

/* ---- E15: interties ----------------------------------------------------------------- */

static enum bid_status e15_scheduling_point(struct bid_check *c)
{
    const struct resource *r = resource_of(c);
    if (r->type != RESOURCE_IMPORT && r->type != RESOURCE_EXPORT)
        return BID_ACCEPTED;
    if (r->tie < 0)
        return say(c, BID_REJECTED, "%s names no tie; an %s needs a scheduling point",
                   r->id, resource_type_name(r->type));
    const struct tie *tie = &c->m->tie[r->tie];
    if (r->node == tie->node || r->node == tie->bus)
        return BID_ACCEPTED;
    return say(c, BID_REJECTED, "%s is at %s; the scheduling point of tie %s is %s",
               r->id, c->m->node[r->node].id, tie->id, c->m->node[tie->bus].id);
}

/* ---- the tables --------------------------------------------------------------------- */

static const struct bid_rule resource_rules[] = {
    {ADMIT_E02, true, e02_resource},      {ADMIT_E04, false, e04_segments},
    {ADMIT_E05, false, e05_prices},       {ADMIT_E06, false, e06_resource},
    {ADMIT_E07, false, e07_contiguous},   {ADMIT_E12, true, e12_size},
    {ADMIT_E12, false, e12_net_benefits}, {ADMIT_E15, true, e15_scheduling_point},
};

static const struct bid_rule virtual_rules[] = {
    {ADMIT_E02, true, e02_virtual},     {ADMIT_E04, false, e04_segments},
    {ADMIT_E05, false, e05_prices},     {ADMIT_E06, false, e06_virtual},
    {ADMIT_E07, false, e07_contiguous}, {ADMIT_E14, true, e14_eligible},
    {ADMIT_E14, false, e14_limit},
};

const struct bid_rule *bid_rules(enum admit_owner kind, int *n)
{
    if (kind == ADMIT_VIRTUAL) {
        *n = (int)(sizeof virtual_rules / sizeof *virtual_rules);
        return virtual_rules;
    }
    *n = (int)(sizeof resource_rules / sizeof *resource_rules);
    return resource_rules;
}
