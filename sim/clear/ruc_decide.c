/* ruc_decide.c - which units residual commitment adds. */
#include <math.h>

#include "sim/clear/ruc_parts.h"

/* Of the day: the market's copy, what stands beside the units, and the answer. */
struct decide {
    struct commitment w;
    struct ruc_formulation *to;
};

static size_t cell(const struct decide *d, int32_t r, int32_t t)
{
    return (size_t)t * (size_t)d->w.m->n_resource + (size_t)r;
}

/* Adds mw of injection i to load, negative, at its buses. */
static void take_away(const struct decide *d, int32_t i, int32_t t, double mw,
                      double *load, double *bus_load)
{
    const struct dispatch_problem *p = &d->to->f.problem;
    size_t n_bus = (size_t)d->w.m->grid.n_bus;
    for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++) {
        bus_load[(size_t)t * n_bus + (size_t)p->bus[k]] -= p->bus_weight[k] * mw;
        load[t] -= p->bus_weight[k] * mw;
    }
}

/* Losses of the market's awards, where the load reference is. */
static void take_losses(const struct decide *d, int32_t t, double *load,
                        double *bus_load)
{
    const struct market *m = d->w.m;
    double loss = d->w.o->loss_mw[d->to->f.first_interval + t], sum = 0;
    for (int32_t n = 0; n < m->grid.n_bus; n++)
        sum += m->reference_weight[n];
    if (!(loss > 0) || !(sum > 0))
        return;
    for (int32_t n = 0; n < m->grid.n_bus; n++)
        bus_load[(size_t)t * (size_t)m->grid.n_bus + (size_t)n] +=
            loss * m->reference_weight[n] / sum;
    load[t] += loss;
}

/* Load: the forecast less what is held, with the awards of generators that are no units. */
static enum err_code take_load(struct decide *d, struct err *err)
{
    const struct formulation *f = &d->to->f;
    int32_t n_bus = d->w.m->grid.n_bus, n_t = f->n_interval;
    double *load = ARENA_ARRAY(&d->w.arena, double, n_t);
    double *bus_load = ARENA_ARRAY(&d->w.arena, double, (size_t)n_t *(size_t)n_bus);
    if (!load || !bus_load)
        return commitment_no_memory(err);
    for (int32_t t = 0; t < n_t; t++) {
        for (int32_t n = 0; n < n_bus; n++) {
            size_t at = (size_t)t * (size_t)n_bus + (size_t)n;
            bus_load[at] = -f->problem.fixed_mw[at];
            load[t] += bus_load[at];
        }
        for (int32_t r = 0; r < d->w.m->n_resource; r++)
            if (d->w.unit_of[r] < 0)
                take_away(d, r, t,
                          f->base[cell(d, r, t)] + d->to->held_mw[cell(d, r, t)], load,
                          bus_load);
        take_losses(d, t, load, bus_load);
    }
    d->w.p.load_mw = load;
    d->w.p.bus_load_mw = bus_load;
    return ERR_OK;
}

/*
 * Generator r, no unit, at one bus: what it may give up of its award at the penalty, and
 * its capacity. Costs are of MW above and below the award, so that they are nothing where
 * nothing changes.
 */
static enum err_code take_other(struct decide *d, int32_t r, struct commit_other *out,
                                struct err *err)
{
    const struct dispatch_problem *p = &d->to->f.problem;
    int32_t n_t = d->to->f.n_interval, bus = p->bus[p->bus_start[r]];
    double weight = p->bus_weight[p->bus_start[r]];
    for (int piece = 0; piece < RUC_PIECES; piece++) {
        double *least = ARENA_ARRAY(&d->w.arena, double, n_t);
        double *most = ARENA_ARRAY(&d->w.arena, double, n_t);
        double *cost = ARENA_ARRAY(&d->w.arena, double, n_t);
        if (!least || !most || !cost)
            return commitment_no_memory(err);
        for (int32_t t = 0; t < n_t; t++) {
            int32_t n;
            const struct dispatch_segment *seg = commitment_pieces(&d->w, r, t, &n);
            if (n == 0)
                continue;
            if (piece == 0)
                least[t] = -seg[0].width_mw * weight;
            else
                most[t] = seg[piece].width_mw * weight;
            cost[t] = seg[piece].cost_usd_per_mwh / weight;
        }
        out[piece] = (struct commit_other){
            .min_mw = least, .max_mw = most, .cost_usd_per_mwh = cost, .bus = bus};
    }
    return ERR_OK;
}

static enum err_code take_others(struct decide *d, struct err *err)
{
    const struct market *m = d->w.m;
    struct commit_other *other =
        ARENA_ARRAY(&d->w.arena, struct commit_other, RUC_PIECES * m->n_resource);
    enum err_code code = other ? ERR_OK : commitment_no_memory(err);
    for (int32_t r = 0; !code && r < m->n_resource; r++) {
        if (d->w.unit_of[r] >= 0 || m->resource[r].type != RESOURCE_GENERATOR ||
            m->node[m->resource[r].node].n_factor != 1)
            continue;
        code = take_other(d, r, other + d->w.p.n_other, err);
        d->w.p.n_other += RUC_PIECES;
    }
    d->w.p.other = other;
    return code;
}

static void note(struct decide *d, const struct commit_answer *answer,
                 struct ruc_facts *facts, struct ruc_decision *out)
{
    const struct outcome *o = d->w.o;
    double sunk_usd = 0;
    for (int32_t g = 0; g < d->w.p.n_unit; g++) {
        int32_t r = d->w.resource[g];
        out->decided[r] = d->w.m->resource[r].market_committed;
        for (int32_t t = 0; t < d->to->f.n_interval; t++) {
            size_t from = (size_t)t * (size_t)d->w.p.n_unit + (size_t)g;
            out->on[cell(d, r, t)] = answer->on[from];
            out->configuration[cell(d, r, t)] =
                d->w.unit[g].n_config > 0 && answer->on[from]
                    ? d->w.m->resource[r].first_configuration +
                          (int32_t)answer->config[from]
                    : -1;
            out->start_usd[cell(d, r, t)] = answer->start_cost_usd[from];
            size_t of = cell(d, r, d->to->f.first_interval + t);
            sunk_usd += o->start_cost_usd[of];
            sunk_usd += o->transition_usd ? o->transition_usd[of] : 0;
        }
    }
    facts->cost_usd += answer->cost_usd - sunk_usd;
    facts->bound_usd += answer->bound_usd - sunk_usd;
    facts->work += answer->stats.work;
}

/* Whether unit g is on in hour t as the market left it. */
static bool left_on(const struct decide *d, int32_t g, int32_t t)
{
    int32_t r = d->w.resource[g];
    if (d->w.m->resource[r].market_committed)
        return d->to->kept_on[cell(d, r, t)];
    return d->w.unit[g].status[t] != COMMIT_OFF;
}

/*
 * The market's own commitment, where the search has found none at all: capacity may be short
 * then, which is told, and no bound is known.
 */
static enum err_code keep(struct decide *d, struct ruc_facts *facts,
                          struct ruc_decision *out, struct err *err)
{
    size_t n = (size_t)d->to->f.n_interval * (size_t)d->w.p.n_unit;
    struct commit_answer kept = {
        .on = ARENA_ARRAY(&d->w.arena, uint8_t, n),
        .config = ARENA_ARRAY(&d->w.arena, uint8_t, n),
        .start_cost_usd = ARENA_ARRAY(&d->w.arena, double, n),
    };
    if (!kept.on || !kept.config || !kept.start_cost_usd)
        return commitment_no_memory(err);
    for (int32_t t = 0; t < d->to->f.n_interval; t++)
        for (int32_t g = 0; g < d->w.p.n_unit; g++) {
            size_t at = (size_t)t * (size_t)d->w.p.n_unit + (size_t)g;
            size_t of = cell(d, d->w.resource[g], d->to->f.first_interval + t);
            kept.on[at] = left_on(d, g, t);
            kept.start_cost_usd[at] = d->w.o->start_cost_usd[of];
            if (d->w.o->transition_usd)
                kept.start_cost_usd[at] += d->w.o->transition_usd[of];
            if (kept.on[at] && d->w.unit[g].n_config > 0)
                kept.config[at] =
                    (uint8_t)(d->to->kept_configuration[cell(d, d->w.resource[g], t)] -
                              d->w.m->resource[d->w.resource[g]].first_configuration);
            kept.cost_usd += kept.start_cost_usd[at];
        }
    kept.bound_usd = kept.cost_usd;
    commitment_follow(&d->w, &kept);
    note(d, &kept, facts, out);
    facts->n_kept_day++;
    return ERR_OK;
}

enum err_code ruc_decide(const struct admission *a, struct outcome *o,
                         struct ruc_formulation *to, struct ruc_facts *facts,
                         struct ruc_decision *out, struct err *err)
{
    const struct rules *rules = &to->market.rules;
    struct decide d = {.w = {.m = &to->market,
                             .a = a,
                             .f = &to->f,
                             .o = o,
                             .kept_on = to->kept_on,
                             .kept_configuration = to->kept_configuration,
                             .kept_usd_per_h = to->kept_usd_per_h},
                       .to = to};
    struct commit_answer answer = {0};
    struct err why = {0};
    struct commit_options options = {.gap = rules->commitment_gap,
                                     .work_limit = (int64_t)rules->commitment_work,
                                     .n_thread = 2};
    enum err_code code = commitment_list_units(&d.w, err);
    if (code || d.w.p.n_unit == 0)
        goto done;
    commitment_place(&d.w);
    d.w.p.surplus_usd_per_mwh = 0;
    code = take_load(&d, err);
    if (!code)
        code = take_others(&d, err);
    if (!code)
        code = commit_solve(&d.w.p, &options, &answer, &why);
    if (code == ERR_NUMERIC) {
        code = keep(&d, facts, out, err);
        goto done;
    }
    if (code) {
        if (why.code)
            *err = why;
        goto done;
    }
    commitment_follow(&d.w, &answer);
    note(&d, &answer, facts, out);
    facts->n_unit = d.w.p.n_unit > facts->n_unit ? d.w.p.n_unit : facts->n_unit;
done:
    commit_answer_release(&answer);
    arena_release(&d.w.arena);
    return code;
}
