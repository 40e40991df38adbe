/* commitment_plants.c - plants of configurations as units of the commitment problem. */
#include <math.h>

#include "sim/base/units.h"
#include "sim/clear/commitment_parts.h"
#include "sim/clear/state.h"

static const double same_mw = 1e-9;

/* One being listed. */
struct plant {
    struct commitment *w;
    int32_t r;
    struct commit_unit *unit;
    struct commit_config *config; /* [n_configuration] */
};

static const struct configuration *configuration(const struct plant *p, int32_t c)
{
    return &p->w->m->configuration[p->w->m->resource[p->r].first_configuration + c];
}

/*
 * What the pieces of injection r below mw are worth that are no choice: self-schedules, or
 * awards that residual commitment keeps; <= 0, for an hour.
 */
static double kept_below(const struct commitment *w, int32_t r, int32_t t, double mw)
{
    int32_t n;
    const struct dispatch_segment *seg = commitment_pieces(w, r, t, &n);
    double left = mw - w->m->resource[r].pmin_mw, usd = 0;
    for (int32_t s = 0; s < n && left > 0; s++) {
        bool kept = w->kept_on
                        ? seg[s].cost_usd_per_mwh < 0
                        : bid_kind_is_self(w->f->meaning[(seg - w->f->seg) + s].kind);
        double part = fmin(left, seg[s].width_mw);
        if (kept)
            usd += part * seg[s].cost_usd_per_mwh;
        left -= part;
    }
    return usd;
}

static size_t cell(const struct plant *p, int32_t t)
{
    return (size_t)t * (size_t)p->w->m->n_resource + (size_t)p->r;
}

/* Whether the hour's offer reaches into configuration c, and whether that is high enough. */
static uint8_t status_of(const struct plant *p, int32_t c, int32_t t)
{
    int32_t n;
    const struct bid_segment *bid =
        book_bid(&p->w->a->bids, p->r, p->w->f->first_interval + t, &n);
    if (n == 0 || bid[n - 1].to_mw < configuration(p, c)->pmin_mw - same_mw)
        return COMMIT_OFF;
    int32_t first = p->w->m->resource[p->r].first_configuration;
    if (p->w->kept_on && p->w->kept_on[cell(p, t)] &&
        first + c < p->w->kept_configuration[cell(p, t)])
        return COMMIT_OFF;
    return COMMIT_FREE;
}

/* Of running in c at its minimum. Residual commitment counts what is beside the market. */
static double min_cost(const struct plant *p, int32_t c, int32_t t)
{
    const struct commitment *w = p->w;
    const struct configuration *is = configuration(p, c);
    double usd = is->min_load_usd_per_h + kept_below(w, p->r, t, is->pmin_mw);
    if (!w->kept_on || !w->kept_on[cell(p, t)])
        return usd;
    int32_t kept = w->kept_configuration[cell(p, t)];
    if (kept >= 0)
        usd -=
            fmin(w->m->configuration[kept].min_load_usd_per_h, is->min_load_usd_per_h);
    return usd + w->kept_usd_per_h[cell(p, t)];
}

static enum err_code take_offers(const struct plant *p, int32_t c, struct err *err)
{
    struct commit_unit *u = &p->config[c].as;
    struct commit_offer *offer =
        ARENA_ARRAY(&p->w->arena, struct commit_offer, p->unit->n_offer);
    if (!offer)
        return commitment_no_memory(err);
    for (int32_t k = 0; k < p->unit->n_offer; k++) {
        offer[k] = p->unit->offer[k];
        offer[k].max_mw =
            fmin(offer[k].max_mw, configuration(p, c)->certified_mw[offer[k].product]);
    }
    u->n_offer = p->unit->n_offer;
    u->offer = offer;
    return ERR_OK;
}

static enum err_code take_configuration(const struct plant *p, int32_t c,
                                        struct err *err)
{
    struct commitment *w = p->w;
    const struct configuration *is = configuration(p, c);
    int32_t n_t = w->f->n_interval, at = w->m->resource[p->r].first_configuration + c;
    double *cost = ARENA_ARRAY(&w->arena, double, n_t);
    int32_t *curve = ARENA_ARRAY(&w->arena, int32_t, n_t);
    uint8_t *status = ARENA_ARRAY(&w->arena, uint8_t, n_t);
    struct commit_start *start =
        ARENA_ARRAY(&w->arena, struct commit_start, START_KINDS);
    if (!cost || !curve || !status || !start)
        return commitment_no_memory(err);
    for (int32_t k = 0; k < p->unit->n_start; k++)
        start[k] = (struct commit_start){p->unit->start[k].lag, is->start_cost_usd[k]};
    p->config[c] =
        (struct commit_config){.may_start = is->may_start,
                               .may_stop = is->may_stop,
                               .as = {.min_mw = is->pmin_mw,
                                      .max_mw = is->pmax_mw,
                                      .ramp_up_mw = p->unit->ramp_up_mw,
                                      .ramp_down_mw = p->unit->ramp_down_mw,
                                      .start_max_mw = fmin(is->start_mw, is->pmax_mw),
                                      .stop_max_mw = fmin(is->stop_mw, is->pmax_mw),
                                      .min_up = is->min_up_h,
                                      .min_down = 1,
                                      .status = status,
                                      .curve = curve,
                                      .min_cost_usd_per_h = cost,
                                      .n_start = p->unit->n_start,
                                      .start = start,
                                      .most_up_mw = p->unit->most_up_mw,
                                      .steady_reserve = p->unit->steady_reserve}};
    enum err_code code = take_offers(p, c, err);
    for (int32_t t = 0; !code && t < n_t; t++) {
        curve[t] = w->first_plant_curve + at * n_t + t;
        status[t] = status_of(p, c, t);
        cost[t] = min_cost(p, c, t);
        code = commitment_curve(w, p->r, at, t, &w->curve[curve[t]], err);
    }
    return code;
}

static enum err_code take_transitions(const struct plant *p, struct err *err)
{
    const struct market *m = p->w->m;
    const struct resource *is = &m->resource[p->r];
    struct commit_transition *to =
        ARENA_ARRAY(&p->w->arena, struct commit_transition, is->n_transition);
    if (!to)
        return commitment_no_memory(err);
    for (int32_t k = 0; k < is->n_transition; k++) {
        const struct transition *by = &m->transition[is->first_transition + k];
        double hours = by->time_min / m->interval_min;
        to[k] = (struct commit_transition){
            .from = by->from - is->first_configuration,
            .to = by->to - is->first_configuration,
            .least_age = hours > 1 ? (int32_t)ceil(hours - 1e-9) : 1,
            .cost_usd = by->cost_usd,
            .up_mw = p->unit->ramp_up_mw,
            .down_mw = p->unit->ramp_down_mw};
    }
    p->unit->transition = to;
    p->unit->n_transition = is->n_transition;
    return ERR_OK;
}

enum err_code commitment_list_configurations(struct commitment *w, int32_t g,
                                             struct err *err)
{
    struct plant p = {.w = w, .r = w->resource[g], .unit = &w->unit[g]};
    const struct resource *is = &w->m->resource[p.r];
    enum err_code code = ERR_OK;
    p.config = ARENA_ARRAY(&w->arena, struct commit_config, is->n_configuration);
    if (!p.config)
        return commitment_no_memory(err);
    for (int32_t c = 0; c < is->n_configuration && !code; c++)
        code = take_configuration(&p, c, err);
    if (!code)
        code = take_transitions(&p, err);
    p.unit->n_config = is->n_configuration;
    p.unit->config = p.config;
    if (p.unit->on_before) {
        int32_t hours;
        int32_t in =
            state_configuration_before(w->m, w->o, p.r, w->f->first_interval, &hours);
        p.unit->config_before = in - is->first_configuration;
        p.unit->config_age_before = hours;
        if (in <
            0) /* it ran as it bid, in none that is known: in the lowest that fits */
            for (int32_t c = is->n_configuration; c-- > 0;)
                if (p.unit->mw_before <= configuration(&p, c)->pmax_mw + same_mw) {
                    p.unit->config_before = c;
                    p.unit->config_age_before = p.unit->age_before;
                }
    }
    return code;
}
