/* answer.c - what the solver says, in the market's terms. */
#include "sim/clear/answer.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/laws.h"
#include "sim/clear/record.h"
#include "sim/clear/state_flow.h"

static void tidy_all(double *value, size_t n)
{
    for (size_t k = 0; k < n; k++)
        value[k] = record_tidy(value[k]);
}

/* Price components of every node: the factor-weighted mean over its buses, plus what a
 * tie adds at its scheduling point. */
static void record_prices(const struct market *m, const struct formulation *f,
                          const struct dispatch_answer *a, struct outcome *o)
{
    const int32_t *island = network_island(f->problem.net);
    int32_t n_island = network_n_island(f->problem.net), n_bus = m->grid.n_bus;
    for (int32_t t = 0; t < f->n_interval; t++) {
        const double *congestion =
            a->congestion_usd_per_mwh + (size_t)t * (size_t)n_bus;
        const double *loss = a->loss_usd_per_mwh + (size_t)t * (size_t)n_bus;
        const double *lambda = a->lambda_usd_per_mwh + (size_t)t * (size_t)n_island;
        for (int32_t n = 0; n < m->n_node; n++) {
            size_t at = (size_t)(f->first_interval + t) * (size_t)o->n_node + (size_t)n;
            double energy = 0, mcc = 0, mcl = 0;
            for (int32_t k = 0; k < m->node[n].n_factor; k++) {
                int32_t bus = m->factor_bus[m->node[n].factor_start + k];
                double weight = m->factor[m->node[n].factor_start + k];
                energy += weight * lambda[island[bus]];
                mcc += weight * congestion[bus];
                mcl += weight * loss[bus];
            }
            o->lmp_energy[at] = energy;
            o->lmp_congestion[at] = mcc;
            o->lmp_loss[at] = mcl;
        }
    }
    for (int32_t k = 0; k < a->n_row; k++) {
        const struct dispatch_row *row = &a->row[k];
        if (row->kind != DISPATCH_GROUP || row->index >= 2 * m->n_tie)
            continue;
        size_t at = (size_t)(f->first_interval + row->interval) * (size_t)o->n_node +
                    (size_t)m->tie[row->index / 2].node;
        o->lmp_congestion[at] +=
            row->index % 2 == 0 ? -row->shadow_usd_per_mwh : row->shadow_usd_per_mwh;
    }
    size_t first = (size_t)f->first_interval * (size_t)o->n_node;
    size_t n = (size_t)f->n_interval * (size_t)o->n_node;
    tidy_all(o->lmp_energy + first, n);
    tidy_all(o->lmp_congestion + first, n);
    tidy_all(o->lmp_loss + first, n);
    for (size_t k = 0; k < n; k++)
        o->lmp[first + k] =
            record_tidy(o->lmp_energy[first + k] + o->lmp_congestion[first + k] +
                        o->lmp_loss[first + k]);
}

static void record_awards(const struct formulation *f, const struct dispatch_answer *a,
                          struct outcome *o)
{
    int32_t n_injection = f->problem.n_injection;
    for (int32_t t = 0; t < f->n_interval; t++) {
        const double *power = a->injection_mw + (size_t)t * (size_t)n_injection;
        size_t at = (size_t)(f->first_interval + t);
        memcpy(o->award_mw + at * (size_t)o->n_resource, power,
               (size_t)o->n_resource * sizeof *power);
        if (f->n_energy > o->n_resource) /* a window of real time has no positions */
            memcpy(o->virtual_award_mw + at * (size_t)o->n_virtual,
                   power + o->n_resource, (size_t)o->n_virtual * sizeof *power);
        memcpy(o->flow_mw + at * (size_t)o->n_branch,
               a->flow_mw + (size_t)t * (size_t)o->n_branch,
               (size_t)o->n_branch * sizeof *power);
        for (int32_t s = 0; s < f->problem.n_store; s++)
            o->energy_mwh[at * (size_t)o->n_resource + (size_t)f->store_resource[s]] =
                a->energy_mwh[t * f->problem.n_store + s];
        for (int32_t i = 0; i < network_n_island(f->problem.net); i++) {
            o->shortage_mw[at] +=
                a->shortage_mw[t * network_n_island(f->problem.net) + i];
            o->surplus_mw[at] +=
                a->surplus_mw[t * network_n_island(f->problem.net) + i];
        }
        tidy_all(o->award_mw + at * (size_t)o->n_resource, (size_t)o->n_resource);
        tidy_all(o->virtual_award_mw + at * (size_t)o->n_virtual, (size_t)o->n_virtual);
        tidy_all(o->flow_mw + at * (size_t)o->n_branch, (size_t)o->n_branch);
        tidy_all(o->energy_mwh + at * (size_t)o->n_resource, (size_t)o->n_resource);
    }
}

/* Rows of the solver in the market's terms. */
static enum err_code record_rows(const struct market *m, const struct formulation *f,
                                 const struct dispatch_answer *a, struct outcome *o,
                                 struct err *err)
{
    for (int32_t k = 0; k < a->n_row; k++) {
        const struct dispatch_row *row = &a->row[k];
        struct outcome_row out = {.interval = f->first_interval + row->interval,
                                  .index = row->index,
                                  .outage = row->outage,
                                  .limit = row->limit,
                                  .relaxed = row->relaxed,
                                  .shadow_usd_per_mwh = row->shadow_usd_per_mwh};
        switch (row->kind) {
        case DISPATCH_BRANCH_MAX:
        case DISPATCH_BRANCH_MIN:
            out.kind = CONSTRAINT_BRANCH;
            out.upper = row->kind == DISPATCH_BRANCH_MAX;
            break;
        case DISPATCH_GROUP:
            if (row->index >= 2 * m->n_tie) {
                out = services_row(&f->services, &f->problem, row);
                out.interval += f->first_interval;
                break;
            }
            out.kind = CONSTRAINT_TIE;
            out.index = row->index / 2;
            out.upper = row->index % 2 == 0;
            break;
        case DISPATCH_RAMP_UP:
        case DISPATCH_RAMP_DOWN:
            out.kind = CONSTRAINT_RAMP;
            out.upper = row->kind == DISPATCH_RAMP_UP;
            break;
        default:
            out.kind = CONSTRAINT_ENERGY;
            out.index = f->store_resource[row->index];
            out.upper = row->kind == DISPATCH_STORE_MAX;
        }
        enum err_code code = outcome_add_row(o, out, err);
        if (code)
            return code;
    }
    return ERR_OK;
}

/* What x MW of a piece cost as bid: offers taken; what is bought has its value, less. Below
 * 0 MW, from_mw on, a piece of storage or of an aggregation buys what is not taken. */
static double piece_cost_usd(const struct market *m, const struct segment_meaning *is,
                             double from_mw, double width_mw, double x)
{
    double rest = width_mw - x;
    if (bid_kind_is_self(is->kind))
        return formulate_self_penalty(&m->rules, is->kind, is->withdrawal) *
               (is->withdrawal ? x : rest);
    bool buys = is->withdrawal || from_mw < 0;
    return is->price_usd_per_mwh * (buys ? -rest : x);
}

/* Bid cost of the awards: offers taken, less the value of what price-sensitive demand and
 * storage buy, plus the penalties of self-schedules cut. */
static double bid_cost_usd(const struct market *m, const struct formulation *f,
                           const struct dispatch_answer *a)
{
    const struct dispatch_problem *p = &f->problem;
    double sum = 0;
    for (int64_t k = 0; k < (int64_t)p->n_interval * p->n_injection; k++) {
        double mw = p->base_mw[k];
        for (int64_t s = p->seg_start[k]; s < p->seg_start[k + 1]; s++) {
            const struct segment_meaning *is = &f->meaning[s];
            if (is->owner >= 0)
                sum += p->duration_h[k / p->n_injection] *
                       piece_cost_usd(m, is, mw, p->seg[s].width_mw, a->segment_mw[s]);
            mw += p->seg[s].width_mw;
        }
    }
    return sum;
}

/* Self-schedules that could not be honoured, as relaxations. */
static enum err_code record_cuts(const struct market *m, const struct formulation *f,
                                 const struct dispatch_answer *a, struct outcome *o,
                                 struct err *err)
{
    const struct dispatch_problem *p = &f->problem;
    enum err_code code = ERR_OK;
    for (int32_t t = 0; t < p->n_interval; t++) {
        int64_t first = p->seg_start[(int64_t)t * p->n_injection];
        int64_t end = p->seg_start[(int64_t)(t + 1) * p->n_injection];
        for (int64_t s = first; !code && s < end; s++) {
            const struct segment_meaning *is = &f->meaning[s];
            double x = a->segment_mw[s];
            double cut = is->withdrawal ? x : p->seg[s].width_mw - x;
            if (is->owner < 0 || !bid_kind_is_self(is->kind) || cut <= 1e-6)
                continue;
            code = outcome_add_cut(
                m, o, f->first_interval + t, is->owner, is->kind, is->withdrawal, cut,
                cut * p->duration_h[t] *
                    formulate_self_penalty(&m->rules, is->kind, is->withdrawal),
                err);
        }
    }
    return code;
}

void answer_certificate(const struct dispatch_answer *a, struct clear_certificate *c,
                        struct clear_stats *s)
{
    c->primal_residual_mw = fmax(c->primal_residual_mw, a->certificate.primal_residual);
    c->dual_residual_usd_per_mwh =
        fmax(c->dual_residual_usd_per_mwh, a->certificate.dual_residual);
    c->relative_gap = fmax(c->relative_gap, a->certificate.relative_gap);
    s->columns += a->stats.columns;
    s->rows_added += a->stats.rows_added;
    s->rows_binding += a->stats.rows_binding;
    s->rounds += a->stats.rounds;
    s->simplex_iterations += a->stats.simplex_iterations;
    s->seconds_lp += a->stats.seconds_lp;
    s->seconds_screen += a->stats.seconds_screen;
    s->seconds_certify += a->stats.seconds_certify;
}

/* ---- what the market could choose from ---- */

static enum err_code make_room(struct outcome *o, int64_t more, struct err *err)
{
    if (o->n_piece + more <= o->room_piece)
        return ERR_OK;
    int64_t room =
        2 * o->room_piece > o->n_piece + more ? 2 * o->room_piece : o->n_piece + more;
    struct cleared_piece *grown = mem_resize(o->piece, (size_t)room, sizeof *grown);
    if (!grown)
        return err_set(err, ERR_NOMEM, "cannot hold %lld pieces of bids",
                       (long long)room);
    o->piece = grown;
    o->room_piece = room;
    return ERR_OK;
}

static enum err_code record_pieces(const struct formulation *f, struct outcome *o,
                                   struct err *err)
{
    const struct dispatch_problem *p = &f->problem;
    if (!o->keep_pieces)
        return ERR_OK;
    if (!o->ramp_free)
        o->ramp_free = ARENA_ARRAY(&o->arena, uint8_t, o->n_interval * o->n_resource);
    if (!o->ramp_free)
        return err_set(err, ERR_NOMEM, "cannot hold the ramp limits of a run");
    enum err_code code =
        make_room(o, p->seg_start[(int64_t)p->n_interval * p->n_injection], err);
    for (int32_t t = 0; t < p->n_interval && !code; t++)
        for (int32_t i = 0; i < f->n_energy; i++) {
            int64_t at = (int64_t)t * p->n_injection + i;
            double mw = p->base_mw[at];
            if (i < o->n_resource)
                o->ramp_free[(f->first_interval + t) * o->n_resource + i] =
                    p->ramp_free[at] || (t == 0 && isnan(p->initial_mw[i]));
            for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++) {
                double from = mw;
                mw += p->seg[s].width_mw;
                if (mw > from)
                    o->piece[o->n_piece++] = (struct cleared_piece){
                        .interval = f->first_interval + t,
                        .resource = i < o->n_resource ? i : -1,
                        .position = i < o->n_resource ? -1 : i - o->n_resource,
                        .from_mw = from,
                        .to_mw = mw,
                        .usd_per_mwh = p->seg[s].price_cost_usd_per_mwh,
                        .kind = f->meaning[s].kind};
            }
        }
    return code;
}

enum err_code answer_record(const struct market *m, const struct formulation *f,
                            const struct dispatch_answer *a, double beside_usd,
                            struct outcome *o, struct err *err)
{
    record_awards(f, a, o);
    enum err_code code = record_outages(m, &f->problem, a, o, err);
    if (!code)
        code = state_flow_record(m, f, o, err);
    if (code)
        return code;
    record_prices(m, f, a, o);
    answer_certificate(a, &o->certificate, &o->stats);
    double cost_usd = a->penalty_usd + bid_cost_usd(m, f, a) +
                      services_cost_usd(&f->services, &f->problem, a) + beside_usd;
    o->objective_usd += cost_usd;
    o->certificate.relative_gap =
        fmax(o->certificate.relative_gap,
             (a->direction_gap_usd + a->loss_gap_usd) / fmax(1, fabs(cost_usd)));
    o->consistent = o->consistent && a->consistent;
    code = record_pieces(f, o, err);
    if (!code)
        code = record_losses(&f->problem, a, f->first_interval, o, err);
    if (!code)
        code = record_rows(m, f, a, o, err);
    if (!code)
        code = record_cuts(m, f, a, o, err);
    if (!code)
        code =
            services_record(m, &f->services, &f->problem, a, f->first_interval, o, err);
    return code ? code : laws_check_day(m, f, a, o, err);
}
