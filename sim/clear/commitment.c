/* commitment.c - the commitment of a day, and the formulated day that follows it. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/commitment_parts.h"

bool commitment_is_wanted(const struct market *m)
{
    for (int32_t r = 0; r < m->n_resource; r++)
        if (m->resource[r].market_committed)
            return true;
    return false;
}

enum err_code commitment_no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "cannot hold the commitment problem");
}

const struct dispatch_segment *commitment_pieces(const struct commitment *w, int32_t i,
                                                 int32_t t, int32_t *n)
{
    const struct dispatch_problem *d = &w->f->problem;
    int64_t at = (int64_t)t * d->n_injection + i;
    *n = (int32_t)(d->seg_start[at + 1] - d->seg_start[at]);
    return w->f->seg + d->seg_start[at];
}

/* A unit that is off, or free between 0 and Pmax, has another bottom of its range. */
void commitment_move_range(struct commitment *w)
{
    const struct dispatch_problem *d = &w->f->problem;
    const struct services *s = &w->f->services;
    for (int32_t k = 0; k < s->n_group; k++) {
        const struct service_limit *limit = &s->limit[k];
        if (limit->kind != SERVICE_RANGE || limit->upper ||
            w->unit_of[limit->index] < 0)
            continue;
        for (int32_t t = 0; t < w->f->n_interval; t++) {
            double *most = &w->f->group_most[(size_t)t * (size_t)d->n_group +
                                             (size_t)(s->first_group + k)];
            if (!isinf(*most))
                *most = -w->f->base[(int64_t)t * d->n_injection + limit->index];
        }
    }
}

/* ---- step 3 ---- */

/* One unit's schedule. */
struct schedule {
    const struct commit_unit *unit;
    const uint8_t *on;     /* [n_interval] at a stride of n_unit */
    const uint8_t *config; /* likewise, NULL = no plants */
    size_t stride;
    int32_t n_interval;
};

static bool is_on(const struct schedule *s, int32_t t)
{
    return t < 0 ? s->unit->on_before : s->on[(size_t)t * s->stride] != 0;
}

static bool starts(const struct schedule *s, int32_t t)
{
    return is_on(s, t) && !is_on(s, t - 1);
}

static bool stops_after(const struct schedule *s, int32_t t)
{
    return is_on(s, t) && t + 1 < s->n_interval && !is_on(s, t + 1);
}

/* What the unit is in hour t, in which it is on. */
static const struct commit_unit *unit_in(const struct schedule *s, int32_t t)
{
    return commit_unit_in(s->unit, s->config ? s->config[(size_t)t * s->stride] : 0);
}

static double most_mw(const struct schedule *s, int32_t t)
{
    const struct commit_unit *u = unit_in(s, t);
    double most = is_on(s, t) ? u->max_mw : 0;
    if (starts(s, t))
        most = fmin(most, fmin(u->start_max_mw, u->min_mw + u->ramp_up_mw));
    if (stops_after(s, t))
        most = fmin(most, fmin(u->stop_max_mw, u->min_mw + u->ramp_down_mw));
    return most;
}

/* Cuts the pieces of injection i in hour t to room MW in all. */
static void cut_pieces(struct formulation *f, int32_t i, int32_t t, double room)
{
    const struct dispatch_problem *d = &f->problem;
    int64_t at = (int64_t)t * d->n_injection + i;
    for (int64_t s = d->seg_start[at]; s < d->seg_start[at + 1]; s++) {
        f->seg[s].width_mw = fmin(f->seg[s].width_mw, fmax(room, 0));
        room -= f->seg[s].width_mw;
    }
}

/* Takes mw off the pieces of injection i, from below. */
static void skip_pieces(struct formulation *f, int32_t i, int32_t t, double mw)
{
    const struct dispatch_problem *d = &f->problem;
    int64_t at = (int64_t)t * d->n_injection + i;
    for (int64_t s = d->seg_start[at]; s < d->seg_start[at + 1] && mw > 0; s++) {
        double part = fmin(mw, f->seg[s].width_mw);
        f->seg[s].width_mw -= part;
        mw -= part;
    }
}

/* The pieces of a plant in hour t are what it bids in configuration c of the market. */
static void take_pieces(struct commitment *w, int32_t r, int32_t t, int32_t c)
{
    const struct dispatch_problem *d = &w->f->problem;
    int64_t at = (int64_t)t * d->n_injection + r;
    int64_t first = d->seg_start[at], end = d->seg_start[at + 1];
    int32_t n;
    const struct bid_segment *bid =
        book_bid(&w->a->configuration_bids, c, w->f->first_interval + t, &n);
    for (int64_t s = first; s < end; s++) {
        if (s - first >= n) { /* formulate.c has room for all of them */
            w->f->seg[s].width_mw = 0;
            continue;
        }
        const struct bid_segment *piece = &bid[s - first];
        formulate_supply(&w->m->rules, r, piece, &w->f->seg[s], &w->f->meaning[s]);
        w->f->seg[s].width_mw = piece->to_mw - piece->from_mw;
    }
}

/* A plant in hour t: what its configuration leaves of services, and the top of its range. */
static void follow_configuration(struct commitment *w, int32_t g,
                                 const struct schedule *s, int32_t t)
{
    const struct dispatch_problem *d = &w->f->problem;
    const struct commit_unit *u = unit_in(s, t);
    int32_t r = w->resource[g];
    for (int32_t k = 0; k < w->m->n_service_bidder; k++)
        for (int32_t o = 0; o < u->n_offer; o++)
            if (w->m->service_bidder[k].resource == r &&
                (int32_t)w->m->service_bidder[k].service == u->offer[o].product)
                cut_pieces(w->f, w->f->services.first_award + k, t, u->offer[o].max_mw);
    for (int32_t k = 0; k < w->f->services.n_group; k++) {
        const struct service_limit *limit = &w->f->services.limit[k];
        double *most = &w->f->group_most[(size_t)t * (size_t)d->n_group +
                                         (size_t)(w->f->services.first_group + k)];
        if (limit->kind == SERVICE_RANGE && limit->upper && limit->index == r)
            *most = fmin(*most, u->max_mw);
    }
}

static void follow(struct commitment *w, int32_t g, const struct schedule *s)
{
    const struct dispatch_problem *d = &w->f->problem;
    int32_t r = w->resource[g];
    for (int32_t t = 0; t < s->n_interval; t++) {
        int64_t at = (int64_t)t * d->n_injection + r;
        double base = is_on(s, t) ? unit_in(s, t)->min_mw : 0;
        bool steady = is_on(s, t) && !starts(s, t) && !stops_after(s, t);
        if (is_on(s, t) && s->unit->n_config > 0 && !w->kept_on)
            take_pieces(w, r, t,
                        w->m->resource[r].first_configuration +
                            (int32_t)s->config[(size_t)t * s->stride]);
        else if (is_on(s, t))
            skip_pieces(w->f, r, t, base - s->unit->min_mw);
        w->f->base[at] = base;
        w->f->ramp_free[at] = !is_on(s, t) || starts(s, t);
        cut_pieces(w->f, r, t, most_mw(s, t) - base);
        if (is_on(s, t) && s->unit->n_config > 0)
            follow_configuration(w, g, s, t);
        for (int32_t k = 0; !steady && k < w->m->n_service_bidder; k++)
            if (w->m->service_bidder[k].resource == r)
                cut_pieces(w->f, w->f->services.first_award + k, t, 0);
    }
}

void commitment_follow(struct commitment *w, const struct commit_answer *answer)
{
    for (int32_t g = 0; g < w->n_committed; g++) {
        struct schedule s = {&w->unit[g], answer->on + g,
                             answer->config ? answer->config + g : NULL,
                             (size_t)w->p.n_unit, w->f->n_interval};
        follow(w, g, &s);
    }
}

/* Of a plant: which configuration, what running in it costs, and what getting there did. */
static void note_configuration(struct commitment *w, int32_t g,
                               const struct schedule *s, int32_t t, size_t to)
{
    struct outcome *o = w->o;
    const struct resource *is = &w->m->resource[w->resource[g]];
    int32_t c = is_on(s, t) ? is->first_configuration +
                                  (int32_t)s->config[(size_t)t * s->stride]
                            : -1;
    o->configuration[to] = c;
    o->min_load_usd[to] =
        c < 0 ? 0 : w->m->configuration[c].min_load_usd_per_h * w->p.interval_h;
    o->transition_usd[to] = 0;
    if (!is_on(s, t) || starts(s, t))
        return;
    o->transition_usd[to] = o->start_cost_usd[to];
    o->start_cost_usd[to] = 0;
    int32_t before =
        t > 0 ? s->config[(size_t)(t - 1) * s->stride] : s->unit->config_before;
    o->commitment.n_transition += c - is->first_configuration != before;
    o->commitment.transition_usd += o->transition_usd[to];
}

static void note(struct commitment *w, int32_t g, const struct schedule *s,
                 const struct commit_answer *answer)
{
    struct commitment_facts *facts = &w->o->commitment;
    for (int32_t t = 0; t < s->n_interval; t++) {
        size_t from = (size_t)t * s->stride + (size_t)g;
        size_t to = (size_t)(w->f->first_interval + t) * (size_t)w->o->n_resource +
                    (size_t)w->resource[g];
        w->o->on[to] = is_on(s, t);
        w->o->start_cost_usd[to] = answer->start_cost_usd[from];
        w->o->min_load_usd[to] =
            is_on(s, t) ? s->unit->min_cost_usd_per_h[t] * w->p.interval_h : 0;
        if (s->unit->n_config > 0)
            note_configuration(w, g, s, t, to);
        facts->n_start += starts(s, t);
        facts->start_usd += w->o->start_cost_usd[to];
        facts->min_load_usd += w->o->min_load_usd[to];
    }
}

static void note_all(struct commitment *w)
{
    struct commitment_facts *facts = &w->o->commitment;
    for (int32_t g = 0; g < w->n_committed; g++) {
        struct schedule s = {&w->unit[g], w->answer.on + g,
                             w->answer.config ? w->answer.config + g : NULL,
                             (size_t)w->p.n_unit, w->f->n_interval};
        note(w, g, &s, &w->answer);
    }
    facts->n_unit = w->n_committed > facts->n_unit ? w->n_committed : facts->n_unit;
    facts->cost_usd += w->answer.cost_usd;
    facts->bound_usd += w->answer.bound_usd;
    facts->hull_value_usd += w->answer.hull_value_usd;
    facts->work += w->answer.stats.work;
}

/* The commitment problem is solved, or what is known of it taken. */
static enum err_code find_schedules(struct commitment *w,
                                    struct commitment_found *known, struct err *err)
{
    const struct rules *rules = &w->m->rules;
    struct commit_options options = {.gap = rules->commitment_gap,
                                     .work_limit = (int64_t)rules->commitment_work,
                                     .n_thread = 2,
                                     .watch = w->o->watch};
    if (!known || !known->held_mw)
        return commit_solve(&w->p, &options, &w->answer, err);
    w->answer = known->answer;
    known->answer = (struct commit_answer){0};
    return ERR_OK;
}

enum err_code commitment_decide(const struct market *m, const struct admission *a,
                                struct formulation *f, struct outcome *o,
                                struct commitment_found *known, struct commitment **out,
                                struct err *err)
{
    struct commitment *w = *out = MEM_ARRAY(struct commitment, 1);
    if (!w)
        return commitment_no_memory(err);
    *w = (struct commitment){.m = m, .a = a, .f = f, .o = o};
    enum err_code code = commitment_list_units(w, err);
    if (code || w->p.n_unit == 0)
        return code;
    code = commitment_list_rest(w, known ? known->held_mw : NULL, err);
    if (!code)
        code = find_schedules(w, known, err);
    if (code)
        return code;
    commitment_follow(w, &w->answer);
    note_all(w);
    commitment_move_range(w);
    return ERR_OK;
}

enum err_code commitment_keep(struct commitment *w, struct commitment_found *to,
                              struct err *err)
{
    if (!w->held_mw) /* nobody could be committed: there was nothing to find */
        return ERR_OK;
    to->n_held = (size_t)w->f->n_interval * (size_t)w->f->problem.n_injection;
    to->held_mw = MEM_ARRAY(double, to->n_held);
    if (!to->held_mw)
        return commitment_no_memory(err);
    memcpy(to->held_mw, w->held_mw, to->n_held * sizeof *to->held_mw);
    to->answer = w->answer;
    w->answer = (struct commit_answer){0};
    return ERR_OK;
}

void commitment_found_release(struct commitment_found *f)
{
    mem_free(f->held_mw);
    commit_answer_release(&f->answer);
    *f = (struct commitment_found){0};
}

void commitment_release(struct commitment *w)
{
    if (!w)
        return;
    commit_answer_release(&w->answer);
    arena_release(&w->arena);
    mem_free(w);
}
