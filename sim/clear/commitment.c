/* commitment.c - a formulated day as a commitment problem, and back. */
#include "sim/clear/commitment.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/units.h"
#include "solver/commit/commit.h"
#include "solver/commit/unit_schedule.h"

enum {
    LONG_H = 9999 /* off for so long when nothing is known */
};

/* The day being committed. Everything but answer lives in arena. */
struct work {
    const struct market *m;
    const struct admission *a;
    struct formulation *f;
    struct outcome *o;
    struct arena arena;
    struct commit_problem p;
    struct commit_unit *unit;   /* [n_unit] */
    int32_t *resource;          /* [n_unit] its resource */
    int32_t *unit_of;           /* [n_injection], -1 = not committed here */
    struct commit_curve *curve; /* [n_unit][n_interval] */
    uint8_t *status;            /* [n_unit][n_interval] */
    double *load_mw, *bus_load_mw;
    int32_t *first_other; /* [n_injection + 1] pieces of an injection */
};

bool commitment_is_wanted(const struct market *m)
{
    for (int32_t r = 0; r < m->n_resource; r++)
        if (m->resource[r].market_committed)
            return true;
    return false;
}

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "cannot hold the commitment problem");
}

/* Segments of injection i in hour t of the day. */
static const struct dispatch_segment *pieces(const struct work *w, int32_t i, int32_t t,
                                             int32_t *n)
{
    const struct dispatch_problem *d = &w->f->problem;
    int64_t at = (int64_t)t * d->n_injection + i;
    *n = (int32_t)(d->seg_start[at + 1] - d->seg_start[at]);
    return w->f->seg + d->seg_start[at];
}

static double base_of(const struct work *w, int32_t i, int32_t t)
{
    return w->f->base[(int64_t)t * w->f->problem.n_injection + i];
}

/* ---- units ---- */

/* Hours that resource r has been on (> 0) or off (< 0) when the day begins. */
static int32_t hours_before(const struct work *w, int32_t r, double *mw_before)
{
    const struct market *m = w->m;
    const struct resource *is = &m->resource[r];
    int32_t first = w->f->first_interval, day = market_day_of(m, first);
    *mw_before = is->commit.initial_h > 0 ? is->initial_mw : 0;
    if (first == 0)
        return is->commit.initial_h;
    if (m->day[day].date != m->day[day - 1].date + 1) {
        *mw_before = 0;
        return -LONG_H;
    }
    const uint8_t *on = w->o->on + r;
    size_t n = (size_t)m->n_resource;
    bool was_on = on[(size_t)(first - 1) * n];
    int32_t hours = 0, t = first - 1;
    for (; t >= 0 && (on[(size_t)t * n] != 0) == was_on; t--)
        hours++;
    int32_t initial = is->commit.initial_h;
    if (t < 0 && (initial > 0) == was_on)
        hours += initial > 0 ? initial : -initial;
    *mw_before = was_on ? w->o->award_mw[(size_t)(first - 1) * n + (size_t)r] : 0;
    return was_on ? hours : -hours;
}

/* Status of unit g in hour t: its bid says whether it may be on, and whether it must. */
static uint8_t status_of(const struct work *w, int32_t r, int32_t t)
{
    int32_t n;
    const struct bid_segment *bid =
        book_bid(&w->a->bids, r, w->f->first_interval + t, &n);
    if (n == 0)
        return COMMIT_OFF;
    return bid_kind_is_self(bid[0].kind) || w->m->resource[r].commit.must_run
               ? COMMIT_ON
               : COMMIT_FREE;
}

/* The offer above Pmin in hour t; hours without one have what the unit never uses. */
static enum err_code take_curve(struct work *w, int32_t r, int32_t t,
                                struct commit_curve *out, struct err *err)
{
    int32_t n, k = 0;
    const struct dispatch_segment *seg = pieces(w, r, t, &n);
    const struct resource *is = &w->m->resource[r];
    double *width = ARENA_ARRAY(&w->arena, double, n + 1);
    double *cost = ARENA_ARRAY(&w->arena, double, n + 1);
    double room = is->pmax_mw - is->pmin_mw;
    if (!width || !cost)
        return no_memory(err);
    for (int32_t s = 0; s < n; s++) {
        if (seg[s].width_mw <= 0)
            continue;
        width[k] = seg[s].width_mw;
        cost[k++] = seg[s].cost_usd_per_mwh;
        room -= seg[s].width_mw;
    }
    if (room > 0) { /* not offered: dearer than any shortage */
        width[k] = room;
        cost[k++] = 1e3 * w->m->rules.balance_schedule;
    }
    *out = (struct commit_curve){k, width, cost};
    return ERR_OK;
}

static enum err_code take_terms(struct work *w, int32_t g, struct err *err)
{
    int32_t r = w->resource[g], n_t = w->f->n_interval;
    const struct resource *is = &w->m->resource[r];
    const struct commitment_terms *c = &is->commit;
    double *min_cost = ARENA_ARRAY(&w->arena, double, n_t);
    int32_t *curve = ARENA_ARRAY(&w->arena, int32_t, n_t);
    struct commit_start *start =
        ARENA_ARRAY(&w->arena, struct commit_start, START_KINDS);
    const struct node *node = &w->m->node[is->node];
    struct commit_unit *u = &w->unit[g];
    double mw_before, hour = market_duration_h();
    int32_t before_h = hours_before(w, r, &mw_before);
    if (!min_cost || !curve || !start)
        return no_memory(err);
    for (int32_t k = 0; k < c->n_start; k++)
        start[k] = (struct commit_start){c->start_after_h[k], c->start_cost_usd[k]};
    *u = (struct commit_unit){
        .min_mw = is->pmin_mw,
        .max_mw = is->pmax_mw,
        .ramp_up_mw = mw_per_h_from_mw_per_min(is->ramp_up_mw_per_min) * hour,
        .ramp_down_mw = mw_per_h_from_mw_per_min(is->ramp_down_mw_per_min) * hour,
        .start_max_mw = c->start_mw,
        .stop_max_mw = c->stop_mw,
        .min_up = c->min_up_h,
        .min_down = c->min_down_h,
        .max_starts = c->max_starts,
        .status = w->status + (size_t)g * (size_t)n_t,
        .on_before = before_h > 0,
        .age_before = before_h > 0 ? before_h : -before_h,
        .mw_before = mw_before,
        .curve = curve,
        .min_cost_usd_per_h = min_cost,
        .n_start = c->n_start,
        .start = start,
        .n_bus = node->n_factor,
        .bus = w->m->factor_bus + node->factor_start,
        .bus_weight = w->m->factor + node->factor_start};
    for (int32_t t = 0; t < n_t; t++) {
        curve[t] = g * n_t + t;
        min_cost[t] = c->min_load_usd_per_h;
        w->status[(size_t)g * (size_t)n_t + (size_t)t] = status_of(w, r, t);
        enum err_code code = take_curve(w, r, t, &w->curve[curve[t]], err);
        if (code)
            return code;
    }
    return ERR_OK;
}

/* Whether the unit can follow any schedule at all on this day. */
static enum err_code can_be_committed(struct work *w, int32_t g, bool *can,
                                      struct err *err)
{
    struct commit_problem one = w->p;
    struct unit_scheduler *scheduler = NULL;
    struct unit_schedule best;
    double *nothing = ARENA_ARRAY(&w->arena, double, w->f->n_interval);
    struct unit_prices prices = {.energy_usd_per_mw = nothing,
                                 .reserve_usd_per_mw = nothing};
    one.n_unit = 1;
    one.unit = &w->unit[g];
    if (!nothing)
        return no_memory(err);
    enum err_code code = unit_scheduler_create(&one, &scheduler, err);
    if (!code)
        code = unit_schedule_best(scheduler, 0, &prices, NULL, NULL, &best, err);
    *can = !code && isfinite(best.value_usd);
    unit_scheduler_release(scheduler);
    return code;
}

/* Units of the day; those that cannot be committed run as they bid. */
static enum err_code list_units(struct work *w, struct err *err)
{
    const struct market *m = w->m;
    int32_t n_t = w->f->n_interval, n_most = 0;
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < m->n_resource; r++)
        n_most += m->resource[r].market_committed;
    w->unit = ARENA_ARRAY(&w->arena, struct commit_unit, n_most);
    w->resource = ARENA_ARRAY(&w->arena, int32_t, n_most);
    w->curve = ARENA_ARRAY(&w->arena, struct commit_curve, n_most * n_t);
    w->status = ARENA_ARRAY(&w->arena, uint8_t, n_most * n_t);
    w->unit_of = ARENA_ARRAY(&w->arena, int32_t, w->f->problem.n_injection);
    if (!w->unit || !w->resource || !w->curve || !w->status || !w->unit_of)
        return no_memory(err);
    w->p = (struct commit_problem){.n_interval = n_t,
                                   .interval_h = market_duration_h(),
                                   .n_curve = n_most * n_t,
                                   .curve = w->curve};
    for (int32_t i = 0; i < w->f->problem.n_injection; i++)
        w->unit_of[i] = -1;
    for (int32_t r = 0; !code && r < m->n_resource; r++) {
        bool can = false;
        if (!m->resource[r].market_committed)
            continue;
        w->resource[w->p.n_unit] = r;
        code = take_terms(w, w->p.n_unit, err);
        if (!code)
            code = can_be_committed(w, w->p.n_unit, &can, err);
        if (!code && can)
            w->unit_of[r] = w->p.n_unit++;
        else
            w->o->commitment.n_self += !code;
    }
    w->p.unit = w->unit;
    return code;
}

/* ---- everything else ---- */

/* Fixed withdrawal: what others take or give whatever happens. */
static enum err_code take_load(struct work *w, struct err *err)
{
    const struct dispatch_problem *d = &w->f->problem;
    int32_t n_bus = w->m->grid.n_bus, n_t = w->f->n_interval;
    w->load_mw = ARENA_ARRAY(&w->arena, double, n_t);
    w->bus_load_mw = ARENA_ARRAY(&w->arena, double, n_t *n_bus);
    if (!w->load_mw || !w->bus_load_mw)
        return no_memory(err);
    for (int32_t t = 0; t < n_t; t++)
        for (int32_t i = 0; i < d->n_injection; i++) {
            if (w->unit_of[i] >= 0)
                continue;
            double mw = -base_of(w, i, t);
            for (int32_t k = d->bus_start[i]; k < d->bus_start[i + 1]; k++) {
                w->bus_load_mw[(size_t)t * (size_t)n_bus + (size_t)d->bus[k]] +=
                    d->bus_weight[k] * mw;
                w->load_mw[t] += d->bus_weight[k] * mw;
            }
        }
    return ERR_OK;
}

/* Piece k of injection i as power beside the units. */
static enum err_code take_piece(struct work *w, int32_t i, int32_t k,
                                struct commit_other *out, struct err *err)
{
    const struct dispatch_problem *d = &w->f->problem;
    int32_t n_t = w->f->n_interval;
    double *nothing = ARENA_ARRAY(&w->arena, double, n_t);
    double *most = ARENA_ARRAY(&w->arena, double, n_t);
    double *cost = ARENA_ARRAY(&w->arena, double, n_t);
    if (!nothing || !most || !cost)
        return no_memory(err);
    for (int32_t t = 0; t < n_t; t++) {
        int32_t n;
        const struct dispatch_segment *seg = pieces(w, i, t, &n);
        most[t] = k < n ? seg[k].width_mw : 0;
        cost[t] = k < n ? seg[k].cost_usd_per_mwh : 0;
    }
    *out = (struct commit_other){.min_mw = nothing,
                                 .max_mw = most,
                                 .cost_usd_per_mwh = cost,
                                 .n_bus = d->bus_start[i + 1] - d->bus_start[i],
                                 .bus = d->bus + d->bus_start[i],
                                 .bus_weight = d->bus_weight + d->bus_start[i]};
    return ERR_OK;
}

static enum err_code list_others(struct work *w, struct err *err)
{
    const struct dispatch_problem *d = &w->f->problem;
    enum err_code code = ERR_OK;
    w->first_other = ARENA_ARRAY(&w->arena, int32_t, d->n_injection + 1);
    if (!w->first_other)
        return no_memory(err);
    for (int32_t i = 0; i < d->n_injection; i++) {
        int32_t most = 0;
        for (int32_t t = 0; w->unit_of[i] < 0 && t < w->f->n_interval; t++) {
            int32_t n;
            (void)pieces(w, i, t, &n);
            most = n > most ? n : most;
        }
        w->first_other[i + 1] = w->first_other[i] + most;
    }
    w->p.n_other = w->first_other[d->n_injection];
    struct commit_other *other =
        ARENA_ARRAY(&w->arena, struct commit_other, w->p.n_other);
    if (!other)
        return no_memory(err);
    for (int32_t i = 0; !code && i < d->n_injection; i++)
        for (int32_t k = w->first_other[i]; !code && k < w->first_other[i + 1]; k++)
            code = take_piece(w, i, k - w->first_other[i], &other[k], err);
    w->p.other = other;
    return code;
}

/* ---- what ties others together ---- */

/* A link under construction: its entries, and what its constant part has used up. */
struct entries {
    int32_t n;
    int32_t *interval, *other;
    double *coef;
};

static bool entries_create(struct work *w, int64_t room, struct entries *out)
{
    *out = (struct entries){.interval = ARENA_ARRAY(&w->arena, int32_t, room),
                            .other = ARENA_ARRAY(&w->arena, int32_t, room),
                            .coef = ARENA_ARRAY(&w->arena, double, room)};
    return out->interval && out->other && out->coef;
}

/*
 * What a store's hour t adds to its energy, (8) of solver/dispatch.h: entries for its
 * pieces, those below 0 MW charge; the sum of entries + the value returned.
 */
static double add_store_hour(struct work *w, const struct dispatch_store *s, int32_t t,
                             struct entries *e)
{
    int32_t n, i = s->injection;
    const struct dispatch_segment *seg = pieces(w, i, t, &n);
    double hour = w->f->problem.duration_h[t], at = base_of(w, i, t);
    double constant = at < 0 ? -s->charge_efficiency * at * hour
                             : -at / s->discharge_efficiency * hour;
    for (int32_t k = 0; k < n; k++) {
        bool charges = at < -1e-9;
        at += seg[k].width_mw;
        if (seg[k].width_mw <= 0)
            continue;
        e->interval[e->n] = t;
        e->other[e->n] = w->first_other[i] + k;
        e->coef[e->n++] =
            -hour * (charges ? s->charge_efficiency : 1 / s->discharge_efficiency);
    }
    return constant;
}

/* One link per store and hour: the energy at its end. */
static enum err_code link_store(struct work *w, const struct dispatch_store *s,
                                struct commit_link *link, struct err *err)
{
    int32_t n_t = w->f->n_interval, i = s->injection;
    int64_t room =
        (int64_t)n_t * (w->first_other[i + 1] - w->first_other[i]) * (n_t + 1) / 2;
    struct entries e;
    double energy = s->energy_initial_mwh;
    if (!entries_create(w, room + n_t, &e))
        return no_memory(err);
    int32_t done = 0;
    for (int32_t t = 0; t < n_t; t++) {
        int32_t first = e.n;
        for (int32_t k = 0; t > 0 && k < link[t - 1].n; k++, e.n++) {
            e.interval[e.n] = e.interval[done + k];
            e.other[e.n] = e.other[done + k];
            e.coef[e.n] = e.coef[done + k];
        }
        energy += add_store_hour(w, s, t, &e);
        bool last = t + 1 == n_t;
        double least =
            last ? fmax(s->energy_min_mwh, s->energy_end_min_mwh) : s->energy_min_mwh;
        link[t] = (struct commit_link){.n = e.n - first,
                                       .interval = e.interval + first,
                                       .other = e.other + first,
                                       .coef = e.coef + first,
                                       .min = least - energy,
                                       .max = s->energy_max_mwh - energy,
                                       .penalty_usd =
                                           w->f->problem.schedule.store_usd_per_mwh};
        done = first;
    }
    return ERR_OK;
}

/* A group in one hour, of others only; units do not use ties. */
static enum err_code link_group(struct work *w, int32_t group, int32_t t,
                                struct commit_link *link, struct err *err)
{
    const struct dispatch_problem *d = &w->f->problem;
    double room = d->group_max_mw[(size_t)t * (size_t)d->n_group + (size_t)group];
    int64_t most = 0;
    struct entries e;
    for (int32_t k = d->group_start[group]; k < d->group_start[group + 1]; k++) {
        int32_t i = d->group_injection[k];
        most += w->first_other[i + 1] - w->first_other[i];
    }
    if (!entries_create(w, most, &e))
        return no_memory(err);
    for (int32_t k = d->group_start[group]; k < d->group_start[group + 1]; k++) {
        int32_t n, i = d->group_injection[k];
        (void)pieces(w, i, t, &n);
        room -= d->group_coef[k] * base_of(w, i, t);
        for (int32_t piece = 0; piece < n; piece++) {
            e.interval[e.n] = t;
            e.other[e.n] = w->first_other[i] + piece;
            e.coef[e.n++] = d->group_coef[k];
        }
    }
    *link = (struct commit_link){.n = e.n,
                                 .interval = e.interval,
                                 .other = e.other,
                                 .coef = e.coef,
                                 .min = -HUGE_VAL,
                                 .max = room,
                                 .penalty_usd =
                                     d->schedule.group_usd_per_mwh * d->duration_h[t]};
    return ERR_OK;
}

static enum err_code list_links(struct work *w, struct err *err)
{
    const struct dispatch_problem *d = &w->f->problem;
    int32_t n_t = w->f->n_interval;
    struct commit_link *link =
        ARENA_ARRAY(&w->arena, struct commit_link, (d->n_store + d->n_group) * n_t);
    enum err_code code = link ? ERR_OK : no_memory(err);
    for (int32_t s = 0; !code && s < d->n_store; s++, w->p.n_link += n_t)
        code = link_store(w, &d->store[s], link + w->p.n_link, err);
    for (int32_t g = 0; !code && g < d->n_group; g++)
        for (int32_t t = 0; !code && t < n_t; t++)
            if (isfinite(d->group_max_mw[(size_t)t * (size_t)d->n_group + (size_t)g]))
                code = link_group(w, g, t, &link[w->p.n_link++], err);
    w->p.link = link;
    return code;
}

/* ---- the answer ---- */

/* How much a unit may give at most in hour t of its schedule. */
static double most_mw(const struct commit_unit *u, const uint8_t *on, size_t stride,
                      int32_t t, int32_t n_t)
{
    bool starts = t > 0 ? !on[(size_t)(t - 1) * stride] : !u->on_before;
    bool stops = t + 1 < n_t && !on[(size_t)(t + 1) * stride];
    double most = u->max_mw;
    if (starts)
        most = fmin(most, fmin(u->start_max_mw, u->min_mw + u->ramp_up_mw));
    if (stops)
        most = fmin(most, fmin(u->stop_max_mw, u->min_mw + u->ramp_down_mw));
    return most;
}

/* The day's ranges of one unit follow its schedule. */
static void follow(struct work *w, int32_t g, const uint8_t *on, size_t stride)
{
    const struct dispatch_problem *d = &w->f->problem;
    const struct commit_unit *u = &w->unit[g];
    int32_t n_t = w->f->n_interval, r = w->resource[g];
    for (int32_t t = 0; t < n_t; t++) {
        int64_t at = (int64_t)t * d->n_injection + r;
        bool is_on = on[(size_t)t * stride];
        bool was_on = t > 0 ? on[(size_t)(t - 1) * stride] != 0 : u->on_before;
        double room = is_on ? most_mw(u, on, stride, t, n_t) - u->min_mw : 0;
        w->f->base[at] = is_on ? u->min_mw : 0;
        w->f->ramp_free[at] = !is_on || !was_on;
        for (int64_t s = d->seg_start[at]; s < d->seg_start[at + 1]; s++) {
            w->f->seg[s].width_mw = fmin(w->f->seg[s].width_mw, fmax(room, 0));
            room -= w->f->seg[s].width_mw;
        }
    }
}

static void note(struct work *w, const struct commit_answer *answer)
{
    struct commitment_facts *facts = &w->o->commitment;
    size_t n_unit = (size_t)w->p.n_unit;
    for (int32_t t = 0; t < w->f->n_interval; t++)
        for (int32_t g = 0; g < w->p.n_unit; g++) {
            size_t from = (size_t)t * n_unit + (size_t)g;
            size_t to = (size_t)(w->f->first_interval + t) * (size_t)w->o->n_resource +
                        (size_t)w->resource[g];
            bool was_on = t > 0 ? answer->on[from - n_unit] != 0 : w->unit[g].on_before;
            w->o->on[to] = answer->on[from];
            w->o->start_cost_usd[to] = answer->start_cost_usd[from];
            w->o->min_load_usd[to] =
                answer->on[from] ? w->unit[g].min_cost_usd_per_h[t] * w->p.interval_h
                                 : 0;
            facts->n_start += answer->on[from] && !was_on;
            facts->start_usd += w->o->start_cost_usd[to];
            facts->min_load_usd += w->o->min_load_usd[to];
        }
    facts->n_unit = w->p.n_unit;
    facts->bound_usd += answer->bound_usd;
    facts->work += answer->stats.work;
}

/* Units that run as they bid are on in the hours in which they do. */
static void note_self(struct work *w)
{
    for (int32_t r = 0; r < w->m->n_resource; r++)
        for (int32_t t = 0; t < w->f->n_interval; t++)
            if (w->m->resource[r].market_committed && w->unit_of[r] < 0)
                w->o->on[(size_t)(w->f->first_interval + t) * (size_t)w->o->n_resource +
                         (size_t)r] = status_of(w, r, t) != COMMIT_OFF;
}

static void state_system(struct work *w)
{
    const struct dispatch_problem *d = &w->f->problem;
    w->p.load_mw = w->load_mw;
    w->p.bus_load_mw = w->bus_load_mw;
    w->p.shortage_usd_per_mwh = d->schedule.shortage_usd_per_mwh;
    w->p.surplus_usd_per_mwh = d->schedule.surplus_usd_per_mwh;
    w->p.net = d->net;
    w->p.outages = d->outages;
    w->p.branch_usd_per_mwh = d->schedule.branch_usd_per_mwh;
}

enum err_code commitment_decide(const struct market *m, const struct admission *a,
                                struct formulation *f, struct outcome *o,
                                struct err *err)
{
    struct work w = {.m = m, .a = a, .f = f, .o = o};
    struct commit_answer answer = {0};
    struct commit_options options = {.gap = m->rules.commitment_gap,
                                     .work_limit = (int64_t)m->rules.commitment_work,
                                     .n_thread = 2};
    enum err_code code = list_units(&w, err);
    if (!code)
        code = take_load(&w, err);
    if (!code)
        code = list_others(&w, err);
    if (!code)
        code = list_links(&w, err);
    state_system(&w);
    if (!code && w.p.n_unit > 0)
        code = commit_solve(&w.p, &options, &answer, err);
    if (!code && w.p.n_unit > 0) {
        for (int32_t g = 0; g < w.p.n_unit; g++)
            follow(&w, g, answer.on + g, (size_t)w.p.n_unit);
        note(&w, &answer);
    }
    if (!code)
        note_self(&w);
    commit_answer_release(&answer);
    arena_release(&w.arena);
    return code;
}
