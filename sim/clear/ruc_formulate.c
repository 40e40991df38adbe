/* ruc_formulate.c - a day as residual commitment sees it. */
#include <math.h>
#include <string.h>

#include "sim/clear/ruc_parts.h"

/* Of a MW that nobody needs, so that none is awarded; nothing in prices. */
static const double surplus_usd_per_mwh = 1;

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "cannot hold the residual commitment of a day");
}

/* covered: [n_bus] out, whether a node with a forecast contains the bus. */
static void cover(const struct market *m, bool *covered)
{
    for (int32_t n = 0; n < m->n_node; n++)
        for (int32_t k = 0; m->has_forecast[n] && k < m->node[n].n_factor; k++)
            covered[m->factor_bus[m->node[n].factor_start + k]] = true;
}

/* Whether the bids of load r give way to the forecast. */
static bool is_replaced(const struct market *m, const bool *covered, int32_t r)
{
    const struct node *node = &m->node[m->resource[r].node];
    bool any = false;
    for (int32_t k = 0; k < node->n_factor; k++)
        any = any || covered[m->factor_bus[node->factor_start + k]];
    return any && m->resource[r].type == RESOURCE_LOAD;
}

/* Upward services that resource r holds. */
static double services_mw(const struct market *m, const struct outcome *o, int32_t r,
                          int32_t interval)
{
    double sum = 0;
    for (int32_t k = 0; k < m->n_service_bidder; k++)
        if (m->service_bidder[k].resource == r &&
            m->service_bidder[k].service != SERVICE_RD)
            sum += o->service_mw[(size_t)interval * (size_t)m->n_service_bidder +
                                 (size_t)k];
    return sum;
}

/* ---- (2): what is needed, at buses ---- */

static enum err_code take_forecast(const struct market *m, const bool *covered,
                                   const struct outcome *o, struct ruc_outcome *out,
                                   struct ruc_formulation *to, struct err *err)
{
    struct formulation *f = &to->f;
    size_t n_bus = (size_t)m->grid.n_bus;
    double *fixed = ARENA_ARRAY(&f->arena, double, (size_t)f->n_interval *n_bus);
    if (!fixed)
        return no_memory(err);
    for (int32_t t = 0; t < f->n_interval; t++) {
        int32_t interval = f->first_interval + t;
        const double *award = o->award_mw + (size_t)interval * (size_t)m->n_resource;
        const double *forecast = m->forecast_mw + (size_t)interval * (size_t)m->n_node;
        double required = 0, cleared = -o->loss_mw[interval];
        for (int32_t n = 0; n < m->n_node; n++)
            for (int32_t k = 0; m->has_forecast[n] && k < m->node[n].n_factor; k++) {
                int32_t at = m->node[n].factor_start + k;
                double mw = m->factor[at] * forecast[n];
                fixed[(size_t)t * n_bus + (size_t)m->factor_bus[at]] -= mw;
                required += mw;
            }
        for (int32_t r = 0; r < m->n_resource; r++)
            if (m->resource[r].type != RESOURCE_LOAD)
                cleared += award[r];
            else if (!is_replaced(m, covered, r))
                required -= award[r];
        out->required_mw[interval] = required;
        out->cleared_mw[interval] = cleared;
    }
    f->problem.fixed_mw = fixed;
    return ERR_OK;
}

/* ---- (4): ranges ---- */

/*
 * A generator in hour t: what it was awarded is kept at a penalty, what else it offered as
 * energy and does not hold as services is capacity. Returns the number of pieces.
 */
static int take_range(const struct market *m, const struct admission *a,
                      const struct outcome *o, struct ruc_outcome *out,
                      struct ruc_formulation *to, int32_t r, int32_t t, double *base,
                      struct dispatch_segment *seg)
{
    const struct resource *is = &m->resource[r];
    int32_t n, interval = to->f.first_interval + t;
    size_t at = (size_t)interval * (size_t)m->n_resource + (size_t)r;
    size_t cell = (size_t)t * (size_t)m->n_resource + (size_t)r;
    const struct bid_segment *bid = book_bid(&a->bids, r, interval, &n);
    double price = m->ruc_bid_usd_per_mw ? m->ruc_bid_usd_per_mw[at] : 0;
    double keep = formulate_self_penalty(&m->rules, BID_SELF_PT, false);
    bool on = n > 0 && (!is->market_committed || o->on[at]);
    out->bid_usd_per_mw[at] = price;
    if (n == 0)
        return 0;
    *base = is->pmin_mw;
    double da = on ? fmax(o->award_mw[at], *base) : *base;
    double top = fmax(bid[n - 1].to_mw - services_mw(m, o, r, interval), da);
    to->kept_on[cell] = on;
    to->kept_configuration[cell] = on ? outcome_configuration(o, interval, r) : -1;
    to->held_mw[cell] = da - *base;
    to->kept_usd_per_h[cell] = keep * (da - *base);
    seg[0] = (struct dispatch_segment){da - *base, -keep, 0};
    seg[1] = (struct dispatch_segment){top - da, price, price};
    return RUC_PIECES;
}

static enum err_code take_ranges(const struct market *m, const struct admission *a,
                                 const struct outcome *o, const bool *covered,
                                 struct ruc_outcome *out, struct ruc_formulation *to,
                                 struct err *err)
{
    struct formulation *f = &to->f;
    struct dispatch_problem *p = &f->problem;
    size_t cells = (size_t)f->n_interval * (size_t)m->n_resource;
    int64_t n_seg = 0, *seg_start = ARENA_ARRAY(&f->arena, int64_t, cells + 1);
    f->seg = ARENA_ARRAY(&f->arena, struct dispatch_segment, RUC_PIECES * cells);
    to->kept_on = ARENA_ARRAY(&f->arena, uint8_t, cells);
    to->kept_usd_per_h = ARENA_ARRAY(&f->arena, double, cells);
    to->held_mw = ARENA_ARRAY(&f->arena, double, cells);
    to->kept_configuration = ARENA_ARRAY(&f->arena, int32_t, cells);
    if (!to->kept_configuration)
        return no_memory(err);
    if (!seg_start || !f->seg || !to->kept_on || !to->kept_usd_per_h || !to->held_mw)
        return no_memory(err);
    for (size_t at = 0; at < cells; at++) {
        int32_t r = (int32_t)(at % (size_t)m->n_resource);
        int32_t t = (int32_t)(at / (size_t)m->n_resource);
        size_t from = (size_t)f->first_interval * (size_t)m->n_resource + at;
        seg_start[at] = n_seg;
        f->base[at] = 0;
        if (m->resource[r].type == RESOURCE_GENERATOR) {
            n_seg += take_range(m, a, o, out, to, r, t, &f->base[at], f->seg + n_seg);
            continue;
        }
        f->ramp_free[at] = true;
        if (!is_replaced(m, covered, r))
            f->base[at] = o->award_mw[from];
    }
    seg_start[cells] = n_seg;
    p->seg_start = seg_start;
    p->seg = f->seg;
    p->n_store = 0; /* stores are held, and with them what they hold */
    return ERR_OK;
}

enum err_code ruc_formulate(const struct market *m, const struct admission *a,
                            int32_t day, struct network *net, const struct outcome *o,
                            struct ruc_outcome *out, struct ruc_formulation *to,
                            struct err *err)
{
    *to = (struct ruc_formulation){.market = *m};
    to->market.n_virtual = to->market.n_tie = 0;
    to->market.n_service_bidder = to->market.n_service_region = 0;
    enum err_code code = formulate_day(&to->market, a, day, net, o, &to->f, err);
    if (code)
        return code;
    struct dispatch_problem *p = &to->f.problem;
    bool *covered = ARENA_ARRAY(&to->f.arena, bool, m->grid.n_bus);
    p->schedule.surplus_usd_per_mwh = surplus_usd_per_mwh;
    p->pricing.surplus_usd_per_mwh = 0;
    p->pricing.shortage_usd_per_mwh = m->rules.ruc_bid_cap;
    if (!covered)
        code = no_memory(err);
    if (!code) {
        cover(m, covered);
        code = take_forecast(m, covered, o, out, to, err);
    }
    if (!code)
        code = take_ranges(m, a, o, covered, out, to, err);
    if (code)
        ruc_formulation_release(to);
    return code;
}

void ruc_formulation_release(struct ruc_formulation *r)
{
    formulation_release(&r->f);
    *r = (struct ruc_formulation){0};
}
