/* ruc.c - the residual commitment of a day: lifetime, and from the market to its results. */
#include <math.h>

#include "sim/base/units.h"
#include "sim/clear/answer.h"
#include "sim/clear/grid_network.h"
#include "sim/clear/record.h"
#include "sim/clear/ruc_parts.h"
#include "sim/clear/state.h"

/* MW, and MW apart, that are told. */
static const double small_mw = 1e-6;

enum err_code ruc_begin(const struct market *m, struct ruc_outcome *out,
                        struct err *err)
{
    *out = (struct ruc_outcome){.active = m->rules.ruc};
    if (!out->active)
        return ERR_OK;
    out->n_interval = m->n_interval;
    out->n_resource = m->n_resource;
    out->n_node = m->n_node;
    out->consistent = true;
    size_t n_t = (size_t)m->n_interval, n = n_t * (size_t)m->n_resource;
    struct {
        double **array;
        size_t n;
    } want[] = {
        {&out->start_cost_usd, n}, {&out->min_load_usd, n},
        {&out->schedule_mw, n},    {&out->award_mw, n},
        {&out->bid_usd_per_mw, n}, {&out->price_usd_per_mw, n_t * (size_t)m->n_node},
        {&out->required_mw, n_t},  {&out->cleared_mw, n_t},
        {&out->shortage_mw, n_t},  {&out->surplus_mw, n_t},
    };
    out->on = ARENA_ARRAY(&out->arena, uint8_t, n);
    bool have = out->on;
    if (m->n_configuration > 0) {
        out->configuration = ARENA_ARRAY(&out->arena, int32_t, n);
        out->transition_usd = ARENA_ARRAY(&out->arena, double, n);
        have = have && out->configuration && out->transition_usd;
    }
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        *want[k].array = ARENA_ARRAY(&out->arena, double, want[k].n);
        have = have && *want[k].array;
    }
    return have ? ERR_OK
                : err_set(err, ERR_NOMEM,
                          "cannot hold the residual commitment of %zu hours", n_t);
}

/* ---- a day into *out ---- */

struct day {
    const struct market *m;
    const struct outcome *o;
    const struct ruc_formulation *from;
    struct ruc_decision decision;
    struct dispatch_answer answer;
    struct ruc_outcome *out;
};

static size_t cell_of(const struct day *d, int32_t t, int32_t r)
{
    return (size_t)(d->from->f.first_interval + t) * (size_t)d->m->n_resource +
           (size_t)r;
}

static bool changes(const struct day *d, int32_t t, int32_t r)
{
    const int32_t *of = d->decision.configuration;
    size_t n = (size_t)d->m->n_resource, at = (size_t)t * n + (size_t)r;
    int32_t hours, interval = d->from->f.first_interval;
    int32_t before = t > 0
                         ? of[at - n]
                         : state_configuration_before(d->m, d->o, r, interval, &hours);
    bool was_on = t > 0 ? before >= 0 : state_hours_before(d->m, d->o, r, interval) > 0;
    return was_on && of[at] >= 0 && of[at] != before;
}

/* The same of a plant: of a start's cost and a move's, which decision.start_usd has both. */
static void record_plant(struct day *d, int32_t t, int32_t r)
{
    struct ruc_outcome *out = d->out;
    size_t at = cell_of(d, t, r), of = (size_t)t * (size_t)d->m->n_resource + (size_t)r;
    int32_t was = d->o->configuration[at], is = d->decision.configuration[of];
    double usd = d->decision.start_usd[of], h = market_duration_h(d->m);
    bool moves = changes(d, t, r);
    out->configuration[at] = is;
    out->start_cost_usd[at] = record_tidy((moves ? 0 : usd) - d->o->start_cost_usd[at]);
    out->transition_usd[at] = record_tidy((moves ? usd : 0) - d->o->transition_usd[at]);
    out->facts.transition_usd += out->transition_usd[at];
    if (is < 0 || is == was)
        return;
    double less = was < 0 ? 0
                          : fmin(d->m->configuration[was].min_load_usd_per_h,
                                 d->m->configuration[is].min_load_usd_per_h);
    out->min_load_usd[at] =
        record_tidy((d->m->configuration[is].min_load_usd_per_h - less) * h);
    out->facts.raised_h += was >= 0 ? h : 0;
}

/* What unit r does in hour t beside what the market had it do. */
static void record_unit(struct day *d, int32_t t, int32_t r)
{
    struct ruc_outcome *out = d->out;
    size_t at = cell_of(d, t, r), of = (size_t)t * (size_t)d->m->n_resource + (size_t)r;
    const struct commitment_terms *terms = &d->m->resource[r].commit;
    bool was_on = d->o->on[at] != 0;
    out->on[at] = d->o->on[at];
    if (out->configuration)
        out->configuration[at] = d->o->configuration[at];
    if (!d->decision.decided[r])
        return;
    bool is_on = d->decision.on[of] != 0;
    out->on[at] = is_on;
    out->start_cost_usd[at] =
        record_tidy(d->decision.start_usd[of] - d->o->start_cost_usd[at]);
    if (is_on && !was_on) {
        out->min_load_usd[at] = terms->min_load_usd_per_h * market_duration_h(d->m);
        out->facts.committed_h += market_duration_h(d->m);
    }
    if (d->m->resource[r].n_configuration > 0)
        record_plant(d, t, r);
}

static void record_resource(struct day *d, int32_t t, int32_t r)
{
    struct ruc_outcome *out = d->out;
    const struct resource *is = &d->m->resource[r];
    size_t at = cell_of(d, t, r);
    record_unit(d, t, r);
    double mw =
        d->answer.injection_mw[(size_t)t * (size_t)d->from->f.problem.n_injection +
                               (size_t)r];
    out->schedule_mw[at] = record_tidy(mw);
    if (is->type != RESOURCE_GENERATOR || !(mw > 0))
        return;
    int32_t c = out->configuration ? out->configuration[at] : -1;
    double award = mw - fmax(d->o->award_mw[at], market_pmin_mw(d->m, r, c));
    out->award_mw[at] = record_tidy(fmax(award, 0));
    double mwh = mwh_from_mw(out->award_mw[at], market_duration_h(d->m));
    out->facts.award_mwh += mwh;
    out->facts.award_usd += mwh * out->bid_usd_per_mw[at];
}

/* The price of each node: the factor-weighted mean over its buses. */
static void record_prices(struct day *d, int32_t t)
{
    const struct market *m = d->m;
    struct network *net = d->from->f.problem.net;
    const int32_t *island = network_island(net);
    const struct dispatch_answer *a = &d->answer;
    size_t first_bus = (size_t)t * (size_t)m->grid.n_bus;
    double *price = d->out->price_usd_per_mw +
                    (size_t)(d->from->f.first_interval + t) * (size_t)m->n_node;
    for (int32_t n = 0; n < m->n_node; n++) {
        double sum = 0;
        for (int32_t k = 0; k < m->node[n].n_factor; k++) {
            int32_t bus = m->factor_bus[m->node[n].factor_start + k];
            sum += m->factor[m->node[n].factor_start + k] *
                   (a->lambda_usd_per_mwh[t * network_n_island(net) + island[bus]] +
                    a->congestion_usd_per_mwh[first_bus + (size_t)bus] +
                    a->loss_usd_per_mwh[first_bus + (size_t)bus]);
        }
        price[n] = record_tidy(sum);
    }
}

static void record_balance(struct day *d, int32_t t)
{
    struct ruc_outcome *out = d->out;
    int32_t n_island = network_n_island(d->from->f.problem.net);
    int32_t interval = d->from->f.first_interval + t;
    double shortage = 0, surplus = 0;
    for (int32_t i = 0; i < n_island; i++) {
        shortage += d->answer.shortage_mw[t * n_island + i];
        surplus += d->answer.surplus_mw[t * n_island + i];
    }
    out->shortage_mw[interval] = record_tidy(shortage);
    out->surplus_mw[interval] = record_tidy(surplus);
    out->facts.short_mwh +=
        mwh_from_mw(out->shortage_mw[interval], market_duration_h(d->m));
    out->facts.n_short += out->shortage_mw[interval] > small_mw;
    out->facts.n_no_need +=
        out->required_mw[interval] <= out->cleared_mw[interval] + small_mw;
}

/* Penalties of awards given up, and of limits; a surplus costs nothing. */
static double penalty_usd(const struct day *d)
{
    const struct dispatch_problem *p = &d->from->f.problem;
    double sum = d->answer.penalty_usd;
    for (int32_t t = 0; t < p->n_interval; t++) {
        for (int32_t r = 0; r < p->n_injection; r++) {
            int64_t s = p->seg_start[(int64_t)t * p->n_injection + r];
            if (p->seg_start[(int64_t)t * p->n_injection + r + 1] > s)
                sum += p->duration_h[t] * -p->seg[s].cost_usd_per_mwh *
                       (p->seg[s].width_mw - d->answer.segment_mw[s]);
        }
        for (int32_t i = 0; i < network_n_island(p->net); i++)
            sum -= p->duration_h[t] * p->schedule.surplus_usd_per_mwh *
                   d->answer.surplus_mw[t * network_n_island(p->net) + i];
    }
    return sum;
}

static void record_facts(struct day *d)
{
    struct ruc_outcome *out = d->out;
    struct ruc_facts *facts = &out->facts;
    for (int32_t r = 0; r < d->m->n_resource; r++) {
        bool more = false;
        for (int32_t t = 0; t < d->from->f.n_interval; t++) {
            size_t at = cell_of(d, t, r);
            more = more || (out->on[at] && !d->o->on[at]) ||
                   (out->configuration &&
                    out->configuration[at] != d->o->configuration[at]);
            facts->n_start += out->start_cost_usd[at] > 0;
            facts->start_usd += out->start_cost_usd[at];
            facts->min_load_usd += out->min_load_usd[at];
        }
        facts->n_committed += more;
    }
}

static void record_day(struct day *d)
{
    struct ruc_facts before = d->out->facts;
    for (int32_t t = 0; t < d->from->f.n_interval; t++) {
        for (int32_t r = 0; r < d->m->n_resource; r++)
            record_resource(d, t, r);
        record_prices(d, t);
        record_balance(d, t);
    }
    record_facts(d);
    answer_certificate(&d->answer, &d->out->certificate, &d->out->stats);
    d->out->consistent = d->out->consistent && d->answer.consistent;
    const struct ruc_facts *now = &d->out->facts;
    d->out->objective_usd += penalty_usd(d) + now->start_usd - before.start_usd +
                             now->transition_usd - before.transition_usd +
                             now->min_load_usd - before.min_load_usd + now->award_usd -
                             before.award_usd;
}

static enum err_code decide(struct day *d, const struct admission *a, struct outcome *o,
                            struct ruc_formulation *to, struct err *err)
{
    size_t cells = (size_t)to->f.n_interval * (size_t)d->m->n_resource;
    struct ruc_decision *decision = &d->decision;
    decision->decided = ARENA_ARRAY(&to->f.arena, uint8_t, d->m->n_resource);
    decision->on = ARENA_ARRAY(&to->f.arena, uint8_t, cells);
    decision->start_usd = ARENA_ARRAY(&to->f.arena, double, cells);
    decision->configuration = ARENA_ARRAY(&to->f.arena, int32_t, cells);
    if (!decision->decided || !decision->on || !decision->start_usd ||
        !decision->configuration)
        return err_set(err, ERR_NOMEM, "cannot hold a residual commitment");
    return ruc_decide(a, o, to, &d->out->facts, decision, err);
}

enum err_code ruc_day(const struct market *m, const struct admission *a, int32_t day,
                      struct outcome *o, struct ruc_outcome *out, struct err *err)
{
    struct grid_network gn = {0};
    struct ruc_formulation from = {0};
    struct day d = {.m = m, .o = o, .from = &from, .out = out};
    enum err_code code =
        grid_network_create(&m->grid, m->rules.dc_model, m->reference_weight, &gn, err);
    if (!code)
        code = ruc_formulate(m, a, day, gn.net, o, out, &from, err);
    if (!code)
        code = decide(&d, a, o, &from, err);
    if (!code)
        code = dispatch_solve(&from.f.problem, 1e-9, &d.answer, err);
    if (!code) {
        record_day(&d);
        o->state_on = out->on;
        o->state_configuration = out->configuration;
        o->state_mw = out->schedule_mw;
    }
    dispatch_answer_release(&d.answer);
    ruc_formulation_release(&from);
    grid_network_release(&gn);
    return code;
}

void ruc_release(struct ruc_outcome *ruc)
{
    arena_release(&ruc->arena);
    *ruc = (struct ruc_outcome){0};
}
