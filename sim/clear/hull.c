/* hull.c - convex hull prices and uplift of a day, in the market's terms. */
#include "sim/clear/hull.h"

#include <math.h>
#include <string.h>

#include "sim/clear/commitment_parts.h"
#include "sim/clear/record.h"
#include "solver/commit/uplift.h"

enum err_code hull_allocate(const struct market *m, struct outcome *o, struct err *err)
{
    size_t n_t = (size_t)o->n_interval, n_unit = 0;
    for (int32_t r = 0; r < m->n_resource; r++)
        n_unit += m->resource[r].market_committed;
    o->hull_lmp = ARENA_ARRAY(&o->arena, double, n_t *(size_t)o->n_node);
    o->hull_service_usd_per_mw = ARENA_ARRAY(
        &o->arena, double, n_t *(size_t)o->n_service_region *(size_t)SERVICES);
    o->hull_service_bidder_usd_per_mw =
        ARENA_ARRAY(&o->arena, double, n_t *(size_t)o->n_service_bidder);
    o->uplift = ARENA_ARRAY(&o->arena, struct unit_uplift, n_unit * (size_t)m->n_day);
    return o->hull_lmp && o->hull_service_usd_per_mw &&
                   o->hull_service_bidder_usd_per_mw && o->uplift
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "cannot hold the convex hull prices");
}

static size_t cell(int32_t t, int32_t i, int32_t n)
{
    return (size_t)t * (size_t)n + (size_t)i;
}

/* ---- prices ---- */

/* The factor-weighted mean over the buses of each node. */
static void record_nodes(const struct commitment *w)
{
    const struct market *m = w->m;
    const double *lambda = w->answer.hull_lambda_usd_per_mwh;
    const double *congestion = w->answer.hull_congestion_usd_per_mwh;
    for (int32_t t = 0; t < w->f->n_interval; t++)
        for (int32_t n = 0; n < m->n_node; n++) {
            double sum = 0;
            for (int32_t k = 0; k < m->node[n].n_factor; k++) {
                int32_t at = m->node[n].factor_start + k;
                double price = lambda[t];
                if (congestion)
                    price += congestion[cell(t, m->factor_bus[at], m->grid.n_bus)];
                sum += m->factor[at] * price;
            }
            w->o->hull_lmp[cell(w->f->first_interval + t, n, m->n_node)] =
                record_tidy(sum);
        }
}

static void record_requirements(const struct commitment *w)
{
    const struct market *m = w->m;
    int32_t n_price = m->n_service_region * SERVICES, n_bidder = m->n_service_bidder;
    for (int32_t t = 0; t < w->f->n_interval; t++) {
        int32_t interval = w->f->first_interval + t;
        double *price = w->o->hull_service_usd_per_mw + cell(interval, 0, n_price);
        double *paid =
            w->o->hull_service_bidder_usd_per_mw + cell(interval, 0, n_bidder);
        for (int32_t q = 0; q < w->p.n_requirement; q++)
            services_add_price(
                m, w->required[q] / SERVICES, (enum service)(w->required[q] % SERVICES),
                w->answer.hull_requirement_usd_per_mw[cell(t, q, w->p.n_requirement)],
                price, paid);
        for (int32_t k = 0; k < n_price; k++)
            price[k] = record_tidy(price[k]);
        for (int32_t k = 0; k < n_bidder; k++)
            paid[k] = record_tidy(paid[k]);
    }
}

static void copy_hours(const struct commitment *w, double *to, const double *from,
                       int32_t n)
{
    size_t at = cell(w->f->first_interval, 0, n);
    if (n > 0)
        memcpy(to + at, from + at, cell(w->f->n_interval, 0, n) * sizeof *to);
}

/* Nobody can be committed: what is paid is the convex hull. */
static void record_same(const struct commitment *w)
{
    struct outcome *o = w->o;
    copy_hours(w, o->hull_lmp, o->lmp, o->n_node);
    copy_hours(w, o->hull_service_usd_per_mw, o->service_usd_per_mw,
               o->n_service_region * SERVICES);
    copy_hours(w, o->hull_service_bidder_usd_per_mw, o->service_bidder_usd_per_mw,
               o->n_service_bidder);
}

/* ---- uplift ---- */

/* A day's uplift being computed; arrays are the arena's. */
struct earning {
    const struct commitment *w;
    struct unit_scheduler *scheduler;
    struct commit_answer awards; /* .on and start cost borrowed, MW of the dispatch */
    double *energy, *reserve;    /* [n_interval], [n_interval][n_offer] of one unit */
};

static enum err_code list_awards(struct earning *e, struct arena *arena,
                                 struct err *err)
{
    const struct commitment *w = e->w;
    const struct outcome *o = w->o;
    int32_t n_t = w->f->n_interval, n_unit = w->p.n_unit;
    e->awards.on = w->answer.on;
    e->awards.config = w->answer.config;
    e->awards.start_cost_usd = w->answer.start_cost_usd;
    e->awards.power_mw = ARENA_ARRAY(arena, double, n_t *n_unit);
    e->awards.reserve_mw = ARENA_ARRAY(arena, double, n_t *n_unit *COMMIT_PRODUCTS);
    e->energy = ARENA_ARRAY(arena, double, n_t);
    e->reserve = ARENA_ARRAY(arena, double, n_t *SERVICES);
    if (!e->awards.power_mw || !e->awards.reserve_mw || !e->energy || !e->reserve)
        return commitment_no_memory(err);
    for (int32_t t = 0; t < n_t; t++) {
        int32_t interval = w->f->first_interval + t;
        for (int32_t g = 0; g < n_unit; g++)
            e->awards.power_mw[cell(t, g, n_unit)] =
                o->award_mw[cell(interval, w->resource[g], o->n_resource)];
        for (int32_t k = 0; k < o->n_service_bidder; k++) {
            const struct service_bidder *b = &w->m->service_bidder[k];
            int32_t g = w->unit_of[b->resource];
            if (g >= 0)
                e->awards.reserve_mw[cell(t, g, n_unit) * COMMIT_PRODUCTS +
                                     (size_t)b->service] =
                    o->service_mw[cell(interval, k, o->n_service_bidder)];
        }
    }
    return ERR_OK;
}

static int32_t bidder_of(const struct market *m, int32_t r, enum service service)
{
    for (int32_t k = 0; k < m->n_service_bidder; k++)
        if (m->service_bidder[k].resource == r &&
            m->service_bidder[k].service == service)
            return k;
    return -1; /* never: offers are those of bidders */
}

static void price_unit(const struct earning *e, int32_t g, bool hull)
{
    const struct commitment *w = e->w;
    const struct outcome *o = w->o;
    const struct commit_unit *u = &w->unit[g];
    const double *lmp = hull ? o->hull_lmp : o->lmp;
    const double *paid =
        hull ? o->hull_service_bidder_usd_per_mw : o->service_bidder_usd_per_mw;
    int32_t r = w->resource[g], first = w->f->first_interval;
    for (int32_t t = 0; t < w->f->n_interval; t++)
        e->energy[t] =
            w->p.interval_h * lmp[cell(first + t, w->m->resource[r].node, o->n_node)];
    for (int32_t k = 0; k < u->n_offer; k++) {
        int32_t bidder = bidder_of(w->m, r, (enum service)u->offer[k].product);
        for (int32_t t = 0; t < w->f->n_interval; t++)
            e->reserve[cell(t, k, u->n_offer)] =
                w->p.interval_h * paid[cell(first + t, bidder, o->n_service_bidder)];
    }
}

/* What is in the minimum cost of a plant's configurations beside their minimum load. */
static double kept_usd(const struct commitment *w, int32_t g, int32_t t)
{
    const struct commit_unit *u = &w->unit[g];
    size_t at = cell(t, g, w->p.n_unit);
    if (u->n_config == 0 || !w->answer.on[at])
        return 0;
    int32_t c = w->m->resource[w->resource[g]].first_configuration +
                (int32_t)w->answer.config[at];
    return w->p.interval_h * (u->config[w->answer.config[at]].as.min_cost_usd_per_h[t] -
                              w->m->configuration[c].min_load_usd_per_h);
}

/* What the penalties of self-scheduled MW add to the cost of the awards, <= 0. */
static double self_usd(const struct commitment *w, int32_t g)
{
    const struct dispatch_problem *d = &w->f->problem;
    int32_t r = w->resource[g];
    double sum = 0;
    for (int32_t t = 0; t < w->f->n_interval; t++) {
        sum += kept_usd(w, g, t);
        size_t at = cell(t, r, d->n_injection);
        double above =
            w->o->award_mw[cell(w->f->first_interval + t, r, w->o->n_resource)] -
            w->f->base[at];
        for (int64_t s = d->seg_start[at]; s < d->seg_start[at + 1] && above > 0; s++) {
            double mw = fmin(above, w->f->seg[s].width_mw);
            if (bid_kind_is_self(w->f->meaning[s].kind))
                sum += w->p.interval_h * mw * w->f->seg[s].cost_usd_per_mwh;
            above -= mw;
        }
    }
    return sum;
}

static enum err_code earn(const struct earning *e, int32_t g, bool hull,
                          double *cost_usd, struct unit_earning *out, struct err *err)
{
    struct unit_prices prices = {.energy_usd_per_mw = e->energy,
                                 .reserve_usd_per_mw = e->reserve};
    struct uplift u;
    price_unit(e, g, hull);
    enum err_code code =
        uplift_at(&e->w->p, &e->awards, e->scheduler, g, &prices, &u, err);
    if (code)
        return code;
    *cost_usd = record_tidy(u.cost_usd - self_usd(e->w, g));
    *out = (struct unit_earning){record_tidy(u.revenue_usd),
                                 record_tidy(fmax(0, *cost_usd - u.revenue_usd)),
                                 record_tidy(u.lost_opportunity_usd)};
    return ERR_OK;
}

static enum err_code record_uplift(const struct commitment *w, struct arena *arena,
                                   struct err *err)
{
    struct earning e = {.w = w};
    enum err_code code = list_awards(&e, arena, err);
    if (!code)
        code = unit_scheduler_create(&w->p, &e.scheduler, err);
    for (int32_t g = 0; !code && g < w->n_committed; g++) {
        struct unit_uplift *to = &w->o->uplift[w->o->n_uplift++];
        to->day = market_day_of(w->m, w->f->first_interval);
        to->resource = w->resource[g];
        code = earn(&e, g, false, &to->cost_usd, &to->lmp, err);
        if (!code)
            code = earn(&e, g, true, &to->cost_usd, &to->hull, err);
    }
    unit_scheduler_release(e.scheduler);
    return code;
}

enum err_code hull_record(const struct commitment *w, struct err *err)
{
    struct arena arena = {0};
    if (w->p.n_unit == 0) {
        record_same(w);
        return ERR_OK;
    }
    record_nodes(w);
    record_requirements(w);
    enum err_code code = record_uplift(w, &arena, err);
    arena_release(&arena);
    return code;
}

static void add(struct unit_earning *to, const struct unit_earning *e)
{
    to->revenue_usd += e->revenue_usd;
    to->make_whole_usd += e->make_whole_usd;
    to->lost_opportunity_usd += e->lost_opportunity_usd;
}

struct unit_uplift hull_total(const struct outcome *o)
{
    struct unit_uplift sum = {.day = -1, .resource = -1};
    for (int32_t k = 0; k < o->n_uplift; k++) {
        sum.cost_usd += o->uplift[k].cost_usd;
        add(&sum.lmp, &o->uplift[k].lmp);
        add(&sum.hull, &o->uplift[k].hull);
    }
    return sum;
}
