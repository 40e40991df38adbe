/*
 * unit_schedule.c - the dynamic program behind unit_schedule.h.
 *
 * For every interval a at which the unit can have started, the best value so far is a
 * concave piecewise-linear function of power (concave.h). From interval to interval each
 * is widened by the ramps and gets what the interval pays; a run may stop once it is
 * min_up old, and off[e] is the best of all that stopped at e. A run that is nowhere
 * better than another with no less freedom is dropped: few are left at a time.
 *
 * Where starts of a day are limited, runs of the same start differ only by a constant per
 * number of starts used; so that there is one function and a list of constants.
 */
#include "solver/commit/unit_schedule.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/unit_work.h"

/* What differs by less, relative to its size, is rounding. */
static const double ROUNDING = 1e-12, MISSED = 1e-9;

static int32_t longest_day(const struct commit_problem *p)
{
    int32_t longest = 0, length = 0;
    for (int32_t t = 0; t < p->n_interval; t++) {
        length = t > 0 && p->day && p->day[t] != p->day[t - 1] ? 1 : length + 1;
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* Most starts that matter in a day, plus one; 1 where they are not limited. */
static int32_t n_used_of(const struct unit_scheduler *s, const struct commit_unit *u)
{
    int32_t cycle = u->store ? 1 : u->min_up + u->min_down;
    int32_t most = (s->longest_day + cycle - 1) / cycle;
    return u->max_starts > 0 && u->max_starts < most ? u->max_starts + 1 : 1;
}

enum err_code unit_scheduler_create(const struct commit_problem *p,
                                    struct unit_scheduler **out, struct err *err)
{
    struct unit_scheduler *s = mem_alloc(1, sizeof *s);
    if (!s)
        return err_set(err, ERR_NOMEM, "out of memory for the schedules of units");
    int32_t most_offer = 0, most_config = 0, most_fact = 0;
    bool stores = false;
    s->p = p;
    s->n_interval = p->n_interval;
    s->room_used = 1;
    s->longest_day = longest_day(p);
    for (int32_t g = 0; g < p->n_unit; g++) {
        int32_t n_used = n_used_of(s, &p->unit[g]), n_offer = p->unit[g].n_offer;
        s->room_used = n_used > s->room_used ? n_used : s->room_used;
        const struct commit_store *store = p->unit[g].store;
        int32_t n_config = p->unit[g].n_config;
        if (store && store_decides(p, store))
            most_fact = STORE_FACTS;
        most_offer = n_offer > most_offer ? n_offer : most_offer;
        most_config = n_config > most_config ? n_config : most_config;
        stores = stores || store;
    }
    most_fact = most_config > most_fact ? most_config : most_fact;
    if (most_offer > COMMIT_PRODUCTS || p->n_interval > COMMIT_INTERVALS ||
        most_fact > COMMIT_FACTS / p->n_interval) {
        mem_free(s);
        return err_set(err, ERR_BUG,
                       "%d intervals, %d offers and %d configurations of one unit",
                       (int)p->n_interval, (int)most_offer, (int)most_fact);
    }
    size_t n = (size_t)p->n_interval, states = (n + 1) * (size_t)s->room_used;
    s->must = MEM_ARRAY(uint8_t, n);
    s->ban = MEM_ARRAY(uint8_t, n);
    s->next_must = MEM_ARRAY(int32_t, n + 1);
    s->off_sum = MEM_ARRAY(double, n + 1);
    s->worth_now = MEM_ARRAY(double, n + 1);
    s->worth_before = MEM_ARRAY(double, n + 1);
    s->cost_after = MEM_ARRAY(double, n + 1);
    s->off = MEM_ARRAY(struct off_state, states);
    s->entry = MEM_ARRAY(struct entry, states);
    s->run = MEM_ARRAY(struct concave, n + 1);
    s->best = MEM_ARRAY(struct concave_best, (n + 1) * n);
    s->live = MEM_ARRAY(int32_t, n + 1);
    s->loss = MEM_ARRAY(double, n + 1);
    s->above_mw = MEM_ARRAY(double, n);
    s->reserve_mw = MEM_ARRAY(double, n *(size_t)(most_offer + stores));
    s->start_cost_usd = MEM_ARRAY(double, n);
    *out = s;
    bool has_room = (most_config == 0 || plant_create(s, err) == ERR_OK) &&
                    (!stores || store_create(s, err) == ERR_OK);
    if (has_room && s->must && s->ban && s->next_must && s->off_sum && s->worth_now &&
        s->worth_before && s->cost_after && s->off && s->entry && s->run && s->best &&
        s->live && s->loss && s->above_mw && s->reserve_mw && s->start_cost_usd)
        return ERR_OK;
    unit_scheduler_release(s);
    *out = NULL;
    return err_set(err, ERR_NOMEM, "out of memory for the schedules of units");
}

void unit_scheduler_release(struct unit_scheduler *s)
{
    if (!s)
        return;
    for (int32_t k = 0; s->run && k <= s->n_interval; k++)
        concave_release(&s->run[k]);
    for (int k = 0; k < HOUR_KINDS; k++)
        concave_release(&s->reward.own[k]);
    plant_release(s);
    store_release(s);
    concave_release(&s->window);
    concave_release(&s->spare);
    mem_free(s->must);
    mem_free(s->ban);
    mem_free(s->next_must);
    mem_free(s->off_sum);
    mem_free(s->worth_now);
    mem_free(s->worth_before);
    mem_free(s->cost_after);
    mem_free(s->off);
    mem_free(s->entry);
    mem_free(s->run);
    mem_free(s->best);
    mem_free(s->live);
    mem_free(s->loss);
    mem_free(s->above_mw);
    mem_free(s->reserve_mw);
    mem_free(s->start_cost_usd);
    mem_free(s);
}

int64_t unit_scheduler_steps(const struct unit_scheduler *s)
{
    return s->steps;
}

/* ---- one unit ---- */

static bool holds(const struct interval_set *set, int32_t t)
{
    return set && set->word[t / 64] >> (t % 64) & 1;
}

/* must, ban and next_must; false if an interval is both. */
static bool force(struct unit_scheduler *s, const struct interval_set *on,
                  const struct interval_set *off)
{
    const struct commit_unit *u = s->unit;
    int32_t least = u->on_before ? u->min_up : u->min_down;
    bool possible = true;
    for (int32_t t = 0; t < s->n_interval; t++) {
        bool stays = t < least - u->age_before;
        s->must[t] = holds(on, t) || (u->status && u->status[t] == COMMIT_ON) ||
                     (stays && u->on_before);
        s->ban[t] = holds(off, t) || (u->status && u->status[t] == COMMIT_OFF) ||
                    (stays && !u->on_before);
        possible &= !(s->must[t] && s->ban[t]);
    }
    s->next_must[s->n_interval] = s->n_interval;
    for (int32_t t = s->n_interval - 1; t >= 0; t--)
        s->next_must[t] = s->must[t] ? t : s->next_must[t + 1];
    return possible;
}

void unit_use(struct unit_scheduler *s, const struct commit_unit *u, double x_before)
{
    s->unit = u;
    s->span_mw = u->max_mw - u->min_mw;
    s->x_before = x_before;
    s->up_mw = s->span_mw - fmin(s->x_before, 0);
    s->down_mw = fmax(s->span_mw, s->x_before);
    s->rise_usd = u->n_config > 0 ? 0 : u->rise_usd_per_mw;
    s->fall_usd = u->n_config > 0 ? 0 : u->fall_usd_per_mw;
    s->is_free = u->ramp_up_mw >= s->up_mw && u->ramp_down_mw >= s->down_mw &&
                 s->rise_usd == 0 && s->fall_usd == 0;
    s->up_mw = fmin(u->ramp_up_mw, s->up_mw);
    s->down_mw = fmin(u->ramp_down_mw, s->down_mw);
    reward_begin(s);
}

static void begin(struct unit_scheduler *s, const struct commit_unit *u)
{
    unit_use(s, u, u->on_before ? u->mw_before - u->min_mw : 0);
    s->n_live = 0;
    s->last_must = s->cold_best = -1;
    s->cold_next = 0;
    s->off_sum[0] = 0;
    for (int32_t k = 0; k < s->n_interval * s->n_used; k++)
        s->off[k].value = -INFINITY;
    int32_t warm = u->n_start > 1 ? u->start[u->n_start - 1].lag : 0;
    for (int32_t off = 0, k = 0; off < warm && off <= s->n_interval; off++) {
        k += off >= u->start[k + 1].lag;
        s->cost_after[off] = u->start[k].cost_usd;
    }
}

int32_t unit_used_then(const struct unit_scheduler *s, int32_t then, int32_t t,
                       int32_t used)
{
    bool same_day = !s->p->day || s->p->day[then] == s->p->day[t];
    return same_day ? used : s->n_used - 1;
}

struct entry *unit_entry(const struct unit_scheduler *s, int32_t slot, int32_t used)
{
    return &s->entry[slot * s->n_used + used];
}

int32_t unit_entry_used(const struct unit_scheduler *s, int32_t slot, int32_t t,
                        int32_t used)
{
    return slot == 0 ? 0 : unit_used_then(s, slot - 1, t, used);
}

int32_t unit_age(const struct unit_scheduler *s, int32_t slot, int32_t t)
{
    return slot == 0 ? t + s->unit->age_before : t - (slot - 1);
}

/* The run of a slot ends with power x in interval stop-1 and a value above entry. */
static void end_run(struct unit_scheduler *s, int32_t slot, int32_t stop, double value,
                    double x, struct concave_best best)
{
    for (int32_t used = 0; used < s->n_used; used++) {
        int32_t run_used = unit_entry_used(s, slot, stop, used);
        double total =
            unit_entry(s, slot, run_used)->value + value - s->unit->stop_cost_usd;
        struct off_state *off = &s->off[stop * s->n_used + used];
        if (total > off->value)
            *off = (struct off_state){total, x, best, slot, run_used};
    }
}

static bool may_stop(const struct unit_scheduler *s, int32_t slot, int32_t stop)
{
    return stop < s->n_interval && !s->must[stop] &&
           unit_age(s, slot, stop) >= s->unit->min_up;
}

/* The unit was on before the first interval. */
static void begin_on(struct unit_scheduler *s)
{
    struct concave *v = &s->run[0];
    v->n = 0;
    v->lo = v->top_at = s->x_before;
    v->at_lo = v->top = 0;
    for (int32_t used = 0; used < s->n_used; used++)
        *unit_entry(s, 0, used) = (struct entry){0, 0, -1, 0};
    s->live[s->n_live++] = 0;
    if (may_stop(s, 0, 0) && s->x_before <= s->reward.hi[HOUR_STOP] + MISSED)
        end_run(s, 0, 0, -commit_change_usd(s->unit, s->unit->mw_before, 0),
                s->x_before, (struct concave_best){s->x_before, s->x_before});
}

struct concave_move unit_move(const struct unit_scheduler *s, enum hour_kind kind)
{
    double size = fmax(1, s->span_mw);
    return (struct concave_move){
        .up = s->up_mw,
        .down = s->down_mw,
        .bonus = s->reward.bonus,
        .cap = s->reward.cap[kind],
        .hi = s->reward.hi[kind],
        .tolerance = MISSED * size,
        .too_short = ROUNDING * size,
        .rise_usd = s->rise_usd,
        .fall_usd = s->fall_usd,
    };
}

double unit_power_before(const struct unit_scheduler *s,
                         const struct concave_best *best, double x)
{
    double before = fmin(fmax(x, best->lo), best->hi);
    return fmin(fmax(before, x - s->up_mw), x + s->down_mw);
}

/* Whether a run cannot end at `stop` with more than other runs, whatever its power. */
static bool stops_worse(const struct unit_scheduler *s, int32_t slot, int32_t stop)
{
    double most = s->run[slot].top + s->reward.bonus * s->reward.cap[HOUR_STOP] +
                  s->reward.gain[HOUR_STOP].top + s->entry[slot].value -
                  s->unit->stop_cost_usd;
    return s->n_used == 1 && most <= s->off[stop].value;
}

/* The same as continue_run where ramps do not bind: any power follows any other. */
static void continue_free(struct unit_scheduler *s, int32_t slot, int32_t t)
{
    struct concave *v = &s->run[slot];
    const struct reward *r = &s->reward;
    const struct concave *gain = &r->gain[HOUR_STOP];
    const struct concave_best last = {v->top_at, v->top_at};
    if (may_stop(s, slot, t + 1) && r->hi[HOUR_STOP] >= 0 &&
        !stops_worse(s, slot, t + 1))
        end_run(s, slot, t + 1, v->top + gain->top + r->bonus * r->cap[HOUR_STOP],
                gain->top_at, last);
    s->best[(size_t)slot * (size_t)s->n_interval + (size_t)t] = last;
    gain = &r->gain[HOUR_PLAIN];
    v->top += gain->top + r->bonus * r->cap[HOUR_PLAIN];
    v->top_at = gain->top_at;
    s->steps++;
}

/* Room for n segments: for as many as ever needed, as runs and spare change places. */
static enum err_code make_room(struct unit_scheduler *s, struct concave *f, int32_t n,
                               struct err *err)
{
    s->room_segment = n > s->room_segment ? n : s->room_segment;
    return concave_reserve(f, s->room_segment, err);
}

/* Moves the run of a slot into interval t, and ends it there if it may; false: dead. */
static bool continue_run(struct unit_scheduler *s, int32_t slot, int32_t t,
                         enum err_code *code, struct err *err)
{
    struct concave *v = &s->run[slot];
    const struct concave *stop_gain = &s->reward.gain[HOUR_STOP];
    const struct concave *plain_gain = &s->reward.gain[HOUR_PLAIN];
    int32_t most = plain_gain->n > stop_gain->n ? plain_gain->n : stop_gain->n;
    *code = make_room(s, &s->window, v->n + 3, err);
    if (*code == ERR_OK)
        *code = make_room(s, &s->spare, v->n + most + 3, err);
    if (*code != ERR_OK)
        return false;
    struct concave_best best;
    if (may_stop(s, slot, t + 1) && !stops_worse(s, slot, t + 1)) {
        struct concave_move stop = unit_move(s, HOUR_STOP);
        s->steps++;
        if (concave_move(v, stop_gain, &stop, &s->window, &s->spare, &best))
            end_run(s, slot, t + 1, s->spare.top, s->spare.top_at, best);
    }
    struct concave_move plain = unit_move(s, HOUR_PLAIN);
    s->steps++;
    if (!concave_move(v, plain_gain, &plain, &s->window, &s->spare, &best))
        return false;
    s->best[(size_t)slot * (size_t)s->n_interval + (size_t)t] = best;
    struct concave swap = *v;
    *v = s->spare;
    s->spare = swap;
    return true;
}

/* Offers the stop at e as the one before a start at t. */
static void enter_from(struct unit_scheduler *s, int32_t t, int32_t e, double cost)
{
    int32_t first_used = s->n_used > 1 ? 1 : 0;
    double fuel_usd = reward_start_fuel(s, t, e < 0 ? t + s->unit->age_before : t - e);
    for (int32_t used = first_used; used < s->n_used; used++) {
        int32_t then = e < 0           ? 0
                       : s->n_used > 1 ? unit_used_then(s, e, t, used - 1)
                                       : 0;
        double before = e < 0 ? 0 : s->off[e * s->n_used + then].value - s->off_sum[e];
        double value = before + s->off_sum[t] - cost - fuel_usd;
        struct entry *entry = unit_entry(s, t + 1, used);
        if (value > entry->value)
            *entry = (struct entry){value, cost, e, then};
    }
}

/* Values of starting at t; false if that cannot be. */
static bool enter(struct unit_scheduler *s, int32_t t)
{
    const struct commit_unit *u = s->unit;
    int32_t coldest = u->n_start > 1 ? u->start[u->n_start - 1].lag : 0;
    int32_t from = s->last_must + 1, e = t - u->min_down;
    bool by_rows = s->p->pglib_start_rows && !u->on_before && t + 1 < coldest;
    for (int32_t used = 0; used < s->n_used; used++)
        *unit_entry(s, t + 1, used) = (struct entry){-INFINITY, 0, -1, 0};
    if (!u->on_before && t + u->age_before >= u->min_down && from == 0)
        enter_from(s, t, -1, reward_start_cost(s, t, -1));
    if (s->n_used > 1 || by_rows) {
        for (; e >= from; e--)
            enter_from(s, t, e, reward_start_cost(s, t, e));
        return unit_entry(s, t + 1, s->n_used - 1)->value > -HUGE_VAL;
    }
    int32_t best = -1;
    double value = -INFINITY;
    for (; e >= from && t - e < coldest; e--) {
        double now = s->off[e].value - s->off_sum[e] - s->cost_after[t - e] -
                     reward_start_fuel(s, t, t - e);
        best = now > value ? e : best;
        value = now > value ? now : value;
    }
    if (best >= 0)
        enter_from(s, t, best, s->cost_after[t - best]);
    for (; s->cold_next <= e; s->cold_next++) {
        const struct off_state *off = &s->off[s->cold_next];
        double now = off->value - s->off_sum[s->cold_next];
        if (s->cold_best < from ||
            now > s->off[s->cold_best].value - s->off_sum[s->cold_best])
            s->cold_best = s->cold_next;
    }
    if (s->cold_best >= from)
        enter_from(s, t, s->cold_best, reward_start_cost(s, t, s->cold_best));
    return s->entry[t + 1].value > -HUGE_VAL;
}

/* A run begins at t, and may end at once. */
static enum err_code start_run(struct unit_scheduler *s, int32_t t, struct err *err)
{
    int32_t slot = t + 1;
    double hi = s->reward.hi[HOUR_START];
    if (hi < 0 || !enter(s, t))
        return ERR_OK;
    const struct concave *gain = &s->reward.gain[HOUR_START];
    struct concave *v = &s->run[slot];
    enum err_code code = make_room(s, v, gain->n, err);
    if (code != ERR_OK)
        return code;
    v->n = 0;
    v->lo = gain->lo;
    v->at_lo = gain->at_lo;
    v->top = gain->top;
    v->top_at = gain->top_at;
    for (double x = v->lo; x < hi; v->n++) {
        x = fmin(gain->end[v->n], hi);
        v->end[v->n] = x;
        v->slope[v->n] = gain->slope[v->n];
    }
    s->live[s->n_live++] = slot;
    const struct concave *both = &s->reward.gain[HOUR_BOTH];
    if (s->reward.hi[HOUR_BOTH] >= 0 && may_stop(s, slot, t + 1))
        end_run(s, slot, t + 1, both->top, both->top_at, (struct concave_best){0, 0});
    return ERR_OK;
}

static enum err_code sweep(struct unit_scheduler *s, struct err *err)
{
    for (int32_t t = 0; t < s->n_interval; t++) {
        enum err_code code = reward_prepare(s, t, err);
        if (code != ERR_OK)
            return code;
        s->off_sum[t + 1] = s->off_sum[t] + reward_off(s);
        int32_t kept = 0;
        for (int32_t k = 0; !s->ban[t] && k < s->n_live; k++) {
            if (s->is_free)
                continue_free(s, s->live[k], t);
            if (s->is_free || continue_run(s, s->live[k], t, &code, err))
                s->live[kept++] = s->live[k];
            if (code != ERR_OK)
                return code;
        }
        s->n_live = kept;
        if (!s->ban[t])
            code = start_run(s, t, err);
        if (code != ERR_OK)
            return code;
        if (s->must[t])
            s->last_must = t;
        cover_drop(s, t);
    }
    return ERR_OK;
}

static void consider(struct ending *best, double value, bool on, int32_t at,
                     int32_t used)
{
    if (value > best->value)
        *best = (struct ending){value, on, at, used};
}

static struct ending best_ending(const struct unit_scheduler *s)
{
    int32_t n = s->n_interval, last = s->n_used - 1;
    struct ending best = {-INFINITY, false, -1, 0};
    if (!s->unit->on_before && s->next_must[0] == n)
        consider(&best, s->off_sum[n], false, -1, 0);
    for (int32_t e = 0; e < n; e++)
        if (s->next_must[e] == n)
            consider(&best,
                     s->off[e * s->n_used + last].value + s->off_sum[n] - s->off_sum[e],
                     false, e, last);
    for (int32_t k = 0; k < s->n_live; k++) {
        int32_t slot = s->live[k];
        consider(&best, s->run[slot].top + unit_entry(s, slot, last)->value, true, slot,
                 last);
    }
    return best;
}

enum err_code unit_schedule_best(struct unit_scheduler *s, int32_t g,
                                 const struct unit_prices *prices,
                                 const struct interval_set *on,
                                 const struct interval_set *off,
                                 struct unit_schedule *out, struct err *err)
{
    s->prices = prices;
    *out = (struct unit_schedule){.value_usd = -INFINITY,
                                  .above_mw = s->above_mw,
                                  .reserve_mw = s->reserve_mw,
                                  .start_cost_usd = s->start_cost_usd};
    if (s->p->unit[g].store)
        return store_schedule_best(s, &s->p->unit[g], on, off, out, err);
    s->n_used = n_used_of(s, &s->p->unit[g]);
    if (s->p->unit[g].n_config > 0)
        return plant_schedule_best(s, &s->p->unit[g], on, off, out, err);
    begin(s, &s->p->unit[g]);
    if (!force(s, on, off))
        return ERR_OK;
    if (!s->is_free)
        reward_look_ahead(s);
    if (s->unit->on_before)
        begin_on(s);
    enum err_code code = sweep(s, err);
    if (code != ERR_OK)
        return code;
    struct ending end = best_ending(s);
    if (end.value > -HUGE_VAL)
        trace_schedule(s, &end, out);
    return ERR_OK;
}
