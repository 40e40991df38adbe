/*
 * plant_schedule.c - the best schedule of a plant of configurations, at given prices.
 *
 * A label is a way to have come to a configuration: its value so far is a concave function
 * of power (concave.h), above the configuration's minimum. From interval to interval a
 * label goes on within its configuration, stops, or begins another one by a transition,
 * from whose functions the limits of the move make the first of the new label. Labels that
 * no power makes better than another with no less freedom are dropped: few are left.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/unit_work.h"

/* Differences that are rounding, as in unit_schedule.c. */
static const double MISSED = 1e-9;
/* Nothing falls as steeply: beyond a function's domain there is nothing. */
static const double CLIFF = 1e100;

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the schedules of plants");
}

enum err_code plant_create(struct unit_scheduler *s, struct err *err)
{
    struct plant_work *w = s->plant = MEM_ARRAY(struct plant_work, 1);
    if (!w)
        return no_memory(err);
    size_t n = (size_t)s->n_interval;
    w->stop = MEM_ARRAY(struct plant_stop, n * (size_t)s->room_used);
    w->allowed = MEM_ARRAY(uint32_t, n);
    w->banned_off = MEM_ARRAY(int32_t, n + 1);
    return w->stop && w->allowed && w->banned_off ? ERR_OK : no_memory(err);
}

void plant_release(struct unit_scheduler *s)
{
    struct plant_work *w = s->plant;
    if (!w)
        return;
    for (int32_t k = 0; k < w->room; k++) {
        concave_release(&w->label[k].run[0]);
        concave_release(&w->label[k].run[1]);
        mem_free(w->label[k].best);
    }
    concave_release(&w->shifted);
    mem_free(w->label);
    mem_free(w->live);
    mem_free(w->next);
    mem_free(w->stop);
    mem_free(w->allowed);
    mem_free(w->banned_off);
    mem_free(w);
    s->plant = NULL;
}

void plant_use(struct unit_scheduler *s, int32_t c)
{
    const struct commit_unit *plant = s->plant->unit, *u = &plant->config[c].as;
    bool before = plant->on_before && plant->config_before == c;
    unit_use(s, u, before ? plant->mw_before - u->min_mw : 0);
}

/* ---- what is allowed ---- */

static bool holds(const struct interval_set *set, int32_t fact)
{
    return set && set->word[fact / 64] >> (fact % 64) & 1;
}

/* Configurations of interval t; *off: whether it may be off. */
static uint32_t allowed_at(const struct unit_scheduler *s,
                           const struct interval_set *on,
                           const struct interval_set *off, int32_t t, bool *may_be_off)
{
    const struct commit_unit *u = s->plant->unit;
    uint32_t bits = 0;
    *may_be_off = !(u->status && u->status[t] == COMMIT_ON);
    for (int32_t c = 0; c < u->n_config; c++) {
        const uint8_t *status = u->config[c].as.status;
        bool may = !(u->status && u->status[t] == COMMIT_OFF) &&
                   !(status && status[t] == COMMIT_OFF);
        for (int32_t k = 0; k < u->n_config && may; k++)
            may = !holds(k > c ? on : off, k * s->n_interval + t);
        bits |= may ? UINT32_C(1) << c : 0;
        *may_be_off = *may_be_off && !holds(on, c * s->n_interval + t);
    }
    return bits;
}

/* False if an interval allows nothing. */
static bool allow(struct unit_scheduler *s, const struct interval_set *on,
                  const struct interval_set *off)
{
    struct plant_work *w = s->plant;
    bool possible = true;
    w->banned_off[0] = 0;
    for (int32_t t = 0; t < s->n_interval; t++) {
        bool may_be_off;
        w->allowed[t] = allowed_at(s, on, off, t, &may_be_off);
        w->banned_off[t + 1] = w->banned_off[t] + !may_be_off;
        possible = possible && (w->allowed[t] || may_be_off);
    }
    return possible;
}

static bool may_be_off(const struct plant_work *w, int32_t from, int32_t to)
{
    return w->banned_off[to] == w->banned_off[from];
}

/* Intervals in its configuration before t, and on. */
static int32_t config_age(const struct plant_work *w, const struct plant_label *l,
                          int32_t t)
{
    return l->since < 0 ? t + w->unit->config_age_before : t - l->since;
}

static int32_t plant_age(const struct plant_work *w, const struct plant_label *l,
                         int32_t t)
{
    return l->start < 0 ? t + w->unit->age_before : t - l->start;
}

/* Starts of the day of t that the label has used. */
static int32_t used_at(const struct unit_scheduler *s, const struct plant_label *l,
                       int32_t t)
{
    bool same_day =
        l->start >= 0 && (!s->p->day || s->p->day[l->start] == s->p->day[t]);
    return same_day ? l->used : 0;
}

static bool may_stop(const struct unit_scheduler *s, const struct plant_label *l,
                     int32_t stop)
{
    const struct plant_work *w = s->plant;
    const struct commit_config *c = &w->unit->config[l->config];
    return stop < s->n_interval && may_be_off(w, stop, stop + 1) && c->may_stop &&
           config_age(w, l, stop) >= c->as.min_up &&
           plant_age(w, l, stop) >= w->unit->min_up;
}

static bool may_move(const struct unit_scheduler *s, const struct plant_label *l,
                     const struct commit_transition *by, int32_t t)
{
    const struct plant_work *w = s->plant;
    int32_t age = config_age(w, l, t);
    return by->from == l->config && age >= by->least_age &&
           age >= w->unit->config[l->config].as.min_up;
}

/* ---- labels ---- */

/* One more, with nothing in it but its arrays; *at its index. */
static enum err_code new_label(struct unit_scheduler *s, int32_t *at, struct err *err)
{
    struct plant_work *w = s->plant;
    if (w->n == w->room) {
        int32_t room = 2 * w->room + 32;
        int32_t *live = mem_resize(w->live, (size_t)room, sizeof *live);
        if (live)
            w->live = live;
        int32_t *next = live ? mem_resize(w->next, (size_t)room, sizeof *next) : NULL;
        if (next)
            w->next = next;
        struct plant_label *label =
            next ? mem_resize(w->label, (size_t)room, sizeof *label) : NULL;
        if (!label)
            return no_memory(err);
        for (int32_t k = w->room; k < room; k++)
            label[k] = (struct plant_label){0};
        w->label = label;
        w->room = room;
    }
    struct plant_label *l = &w->label[w->n];
    if (!l->best && !(l->best = MEM_ARRAY(struct concave_best, s->n_interval)))
        return no_memory(err);
    *at = w->n++;
    return ERR_OK;
}

/* Runs and spare rooms change places: all have as much room as any ever needed. */
static enum err_code make_room(struct unit_scheduler *s, struct concave *f, int32_t n,
                               struct err *err)
{
    s->room_segment = n > s->room_segment ? n : s->room_segment;
    return concave_reserve(f, s->room_segment, err);
}

static void end_label(struct unit_scheduler *s, int32_t label, int32_t stop,
                      double value, double x, struct concave_best best)
{
    struct plant_work *w = s->plant;
    int32_t used = used_at(s, &w->label[label], stop);
    struct plant_stop *to = &w->stop[stop * s->n_used + used];
    double total = value - w->unit->stop_cost_usd;
    if (total > to->value)
        *to = (struct plant_stop){total, x, best, label};
}

/* The label goes on in its configuration in interval t, and stops after it if it may. */
static enum err_code go_on(struct unit_scheduler *s, int32_t at, int32_t t,
                           struct err *err)
{
    struct plant_work *w = s->plant;
    struct plant_label *l = &w->label[at];
    const struct concave *v = &l->run[(t + 1) % 2];
    struct concave *out = &l->run[t % 2];
    const struct reward *r = &s->reward;
    int32_t most = r->gain[HOUR_PLAIN].n > r->gain[HOUR_STOP].n ? r->gain[HOUR_PLAIN].n
                                                                : r->gain[HOUR_STOP].n;
    enum err_code code = make_room(s, &s->window, v->n + 3, err);
    if (!code)
        code = make_room(s, out, v->n + most + 3, err);
    if (code)
        return code;
    struct concave_best best;
    if (may_stop(s, l, t + 1)) {
        struct concave_move stop = unit_move(s, HOUR_STOP);
        s->steps++;
        if (concave_move(v, &r->gain[HOUR_STOP], &stop, &s->window, out, &best))
            end_label(s, at, t + 1, out->top, out->top_at, best);
    }
    struct concave_move plain = unit_move(s, HOUR_PLAIN);
    s->steps++;
    if (concave_move(v, &r->gain[HOUR_PLAIN], &plain, &s->window, out, &best)) {
        l->best[t] = best;
        w->next[w->n_next++] = at;
    }
    return ERR_OK;
}

/* v by power above another minimum, `by` MW lower. */
static enum err_code shift(struct unit_scheduler *s, const struct concave *v, double by,
                           struct err *err)
{
    struct concave *to = &s->plant->shifted;
    enum err_code code = make_room(s, to, v->n + 3, err);
    if (code)
        return code;
    to->lo = v->lo + by;
    to->at_lo = v->at_lo;
    to->n = v->n;
    for (int32_t k = 0; k < v->n; k++) {
        to->end[k] = v->end[k] + by;
        to->slope[k] = v->slope[k];
    }
    return ERR_OK;
}

/* Label `from` moves into the configuration that is in use, at t. */
static enum err_code move_in(struct unit_scheduler *s, int32_t from, int32_t t,
                             const struct commit_transition *by, struct err *err)
{
    struct plant_work *w = s->plant;
    const struct reward *r = &s->reward;
    int32_t at;
    enum err_code code = new_label(s, &at, err);
    if (code)
        return code;
    const struct plant_label *was = &w->label[from];
    struct plant_label *l = &w->label[at];
    const struct concave *v = &was->run[(t + 1) % 2];
    struct concave *out = &l->run[t % 2];
    double lower = w->unit->config[by->from].as.min_mw - s->unit->min_mw;
    double far = fabs(lower) + fabs(v->lo) + w->unit->max_mw;
    int32_t most = r->gain[HOUR_PLAIN].n > r->gain[HOUR_STOP].n ? r->gain[HOUR_PLAIN].n
                                                                : r->gain[HOUR_STOP].n;
    l->config = by->to;
    l->since = t;
    l->start = was->start;
    l->used = was->used;
    l->parent = from;
    l->by = by;
    l->once = by->cost_usd;
    code = shift(s, v, lower, err);
    if (!code)
        code = make_room(s, &s->window, v->n + 3, err);
    if (!code)
        code = make_room(s, out, v->n + most + 3, err);
    if (code)
        return code;
    w->shifted.at_lo -= by->cost_usd;
    struct concave_move move = unit_move(s, HOUR_STOP);
    move.up = fmin(by->up_mw, far);
    move.down = fmin(by->down_mw, far);
    if (may_stop(s, l, t + 1)) {
        s->steps++;
        if (concave_move(&w->shifted, &r->gain[HOUR_STOP], &move, &s->window, out,
                         &l->parent_best))
            end_label(s, at, t + 1, out->top, out->top_at, l->parent_best);
    }
    move.hi = r->hi[HOUR_PLAIN];
    move.cap = r->cap[HOUR_PLAIN];
    s->steps++;
    if (concave_move(&w->shifted, &r->gain[HOUR_PLAIN], &move, &s->window, out,
                     &l->parent_best))
        w->next[w->n_next++] = at;
    return ERR_OK;
}

/* ---- starts ---- */

static double start_cost(const struct commit_unit *u, int32_t off)
{
    double cost = u->n_start > 0 ? u->start[0].cost_usd : 0;
    for (int32_t k = 1; k < u->n_start && off >= u->start[k].lag; k++)
        cost = u->start[k].cost_usd;
    return cost;
}

/* The best to have been off before a start at t that is the used-th of its day. */
static double best_off(const struct unit_scheduler *s, int32_t t, int32_t used,
                       struct plant_label *l)
{
    const struct plant_work *w = s->plant;
    const struct commit_unit *u = w->unit;
    bool counts = s->n_used > 1;
    double best = -INFINITY;
    if (!u->on_before && t + u->age_before >= u->min_down && may_be_off(w, 0, t) &&
        used == counts) {
        l->once = start_cost(s->unit, t + u->age_before);
        l->stop = -1;
        best = s->off_sum[t] - l->once - reward_start_fuel(s, t, t + u->age_before);
    }
    for (int32_t e = t - u->min_down; e >= 0; e--) {
        bool same_day = !s->p->day || s->p->day[e] == s->p->day[t];
        double cost = start_cost(s->unit, t - e);
        double fuel_usd = reward_start_fuel(s, t, t - e);
        if (!may_be_off(w, e, t))
            break;
        for (int32_t was = 0; was < s->n_used; was++) {
            double value = w->stop[e * s->n_used + was].value + s->off_sum[t] -
                           s->off_sum[e] - cost - fuel_usd;
            if ((counts ? (same_day ? was : 0) + 1 : 0) != used || value <= best)
                continue;
            best = value;
            l->once = cost;
            l->stop = e;
            l->stop_used = was;
        }
    }
    return best;
}

/* Starts at t into the configuration that is in use, and may stop at once. */
static enum err_code start(struct unit_scheduler *s, int32_t c, int32_t t,
                           struct err *err)
{
    struct plant_work *w = s->plant;
    const struct reward *r = &s->reward;
    const struct concave *gain = &r->gain[HOUR_START];
    for (int32_t used = s->n_used > 1; used < (s->n_used > 1 ? s->n_used : 1); used++) {
        struct plant_label is = {
            .config = c, .since = t, .start = t, .used = used, .parent = -1};
        double value = best_off(s, t, used, &is);
        int32_t at;
        if (isinf(value) || r->hi[HOUR_START] < 0)
            continue;
        enum err_code code = new_label(s, &at, err);
        if (code)
            return code;
        struct plant_label *l = &w->label[at];
        memcpy(is.run, l->run, sizeof is.run);
        is.best = l->best;
        *l = is;
        struct concave *v = &l->run[t % 2];
        code = make_room(s, v, gain->n, err);
        if (code)
            return code;
        v->n = 0;
        v->lo = 0;
        v->at_lo = gain->at_lo + value;
        for (double x = 0; x < r->hi[HOUR_START]; v->n++) {
            x = fmin(gain->end[v->n], r->hi[HOUR_START]);
            v->end[v->n] = x;
            v->slope[v->n] = gain->slope[v->n];
        }
        concave_find_top(v, INFINITY);
        s->steps++;
        w->next[w->n_next++] = at;
        if (may_stop(s, l, t + 1) && r->hi[HOUR_BOTH] >= 0)
            end_label(s, at, t + 1, value + r->gain[HOUR_BOTH].top,
                      r->gain[HOUR_BOTH].top_at, (struct concave_best){0, 0});
    }
    return ERR_OK;
}

/* ---- what need not be followed ---- */

/* Whether b, after interval t, may do all that a may, and is worth as much. */
static bool covers(const struct unit_scheduler *s, const struct plant_label *b,
                   const struct plant_label *a, int32_t t)
{
    const struct plant_work *w = s->plant;
    if (a->config != b->config || used_at(s, b, t) > used_at(s, a, t))
        return false;
    int32_t need = w->unit->config[a->config].as.min_up;
    for (int32_t k = 0; k < w->unit->n_transition; k++)
        if (w->unit->transition[k].from == a->config &&
            w->unit->transition[k].least_age > need)
            need = w->unit->transition[k].least_age;
    int32_t age_a = config_age(w, a, t + 1), age_b = config_age(w, b, t + 1);
    if (age_b < age_a && age_b < need)
        return false;
    int32_t on_a = plant_age(w, a, t + 1), on_b = plant_age(w, b, t + 1);
    if (on_b < on_a && on_b < w->unit->min_up)
        return false;
    return concave_covers(&b->run[t % 2], 0, &a->run[t % 2], CLIFF);
}

/* The labels that live on after interval t. */
static void keep(struct unit_scheduler *s, int32_t t)
{
    struct plant_work *w = s->plant;
    w->n_live = 0;
    for (int32_t k = 0; k < w->n_next; k++) {
        const struct plant_label *a = &w->label[w->next[k]];
        bool covered = false;
        for (int32_t i = 0; i < w->n_live && !covered; i++)
            covered = covers(s, &w->label[w->live[i]], a, t);
        if (covered)
            continue;
        int32_t kept = 0;
        for (int32_t i = 0; i < w->n_live; i++)
            if (!covers(s, a, &w->label[w->live[i]], t))
                w->live[kept++] = w->live[i];
        w->n_live = kept;
        w->live[w->n_live++] = w->next[k];
    }
}

/* ---- the program ---- */

static enum err_code begin_on(struct unit_scheduler *s, struct err *err)
{
    struct plant_work *w = s->plant;
    const struct commit_unit *u = w->unit;
    int32_t at;
    enum err_code code = new_label(s, &at, err);
    if (code)
        return code;
    struct plant_label *l = &w->label[at];
    struct concave *v = &l->run[1];
    l->config = u->config_before;
    l->since = l->start = l->parent = -1;
    l->used = 0;
    plant_use(s, l->config);
    v->n = 0;
    v->lo = v->top_at = s->x_before;
    v->at_lo = v->top = 0;
    w->live[w->n_live++] = at;
    if (may_stop(s, l, 0) && s->x_before <= s->reward.hi[HOUR_STOP] + MISSED)
        end_label(s, at, 0, 0, s->x_before,
                  (struct concave_best){s->x_before, s->x_before});
    return ERR_OK;
}

/* All that leads into configuration c in interval t. */
static enum err_code enter_config(struct unit_scheduler *s, int32_t c, int32_t t,
                                  struct err *err)
{
    struct plant_work *w = s->plant;
    const struct commit_unit *u = w->unit;
    plant_use(s, c);
    enum err_code code = reward_prepare(s, t, err);
    for (int32_t k = 0; k < w->n_live && !code; k++)
        if (w->label[w->live[k]].config == c)
            code = go_on(s, w->live[k], t, err);
    for (int32_t i = 0; i < u->n_transition && !code; i++)
        for (int32_t k = 0; k < w->n_live && u->transition[i].to == c && !code; k++)
            if (may_move(s, &w->label[w->live[k]], &u->transition[i], t))
                code = move_in(s, w->live[k], t, &u->transition[i], err);
    return code || !u->config[c].may_start ? code : start(s, c, t, err);
}

/* What the plant is paid for while it is off, up to each interval. */
static void sum_off(struct unit_scheduler *s)
{
    s->unit = s->plant->unit;
    s->off_sum[0] = 0;
    for (int32_t t = 0; t < s->n_interval; t++) {
        reward_sort(s, t);
        s->off_sum[t + 1] = s->off_sum[t] + reward_off(s);
    }
}

static void trace_best(struct unit_scheduler *s, struct unit_schedule *out)
{
    const struct plant_work *w = s->plant;
    int32_t n = s->n_interval, label = -1, stop = -1, used = 0;
    double best = -INFINITY;
    if (!w->unit->on_before && may_be_off(w, 0, n))
        best = s->off_sum[n];
    for (int32_t e = 0; e < n; e++)
        for (int32_t k = 0; k < s->n_used && may_be_off(w, e, n); k++) {
            double value =
                w->stop[e * s->n_used + k].value + s->off_sum[n] - s->off_sum[e];
            if (value > best) {
                best = value;
                stop = e;
                used = k;
            }
        }
    for (int32_t k = 0; k < w->n_live; k++)
        if (w->label[w->live[k]].run[(n - 1) % 2].top > best) {
            label = w->live[k];
            best = w->label[label].run[(n - 1) % 2].top;
        }
    if (best > -HUGE_VAL)
        plant_trace(s, best, label, stop, used, out);
}

enum err_code plant_schedule_best(struct unit_scheduler *s, const struct commit_unit *u,
                                  const struct interval_set *on,
                                  const struct interval_set *off,
                                  struct unit_schedule *out, struct err *err)
{
    struct plant_work *w = s->plant;
    enum err_code code = ERR_OK;
    w->unit = u;
    w->n = w->n_live = 0;
    for (int32_t k = 0; k < s->n_interval * s->n_used; k++)
        w->stop[k].value = -INFINITY;
    if (!allow(s, on, off))
        return ERR_OK;
    sum_off(s);
    if (u->on_before)
        code = begin_on(s, err);
    for (int32_t t = 0; t < s->n_interval && !code; t++) {
        w->n_next = 0;
        for (int32_t c = 0; c < u->n_config && !code; c++)
            if (w->allowed[t] >> c & 1)
                code = enter_config(s, c, t, err);
        if (!code)
            keep(s, t);
    }
    if (!code)
        trace_best(s, out);
    return code;
}
