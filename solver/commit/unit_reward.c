/* unit_reward.c - what an interval pays a unit, as concave functions of its power. */
#include <math.h>
#include <string.h>

#include "solver/commit/unit_work.h"

/* From what starts, stops and all intervals leave of the range above minimum. */
static void set_range(struct unit_scheduler *s, double plain, double start, double stop)
{
    struct reward *r = &s->reward;
    const bool ramps = !s->unit->free_ends;
    if (s->unit->reserve_shares_ramp && ramps)
        start = fmin(start, s->up_mw);
    r->cap[HOUR_PLAIN] = plain;
    r->cap[HOUR_STOP] = stop;
    r->cap[HOUR_START] = start;
    r->cap[HOUR_BOTH] = fmin(start, stop);
    r->hi[HOUR_PLAIN] = plain;
    r->hi[HOUR_STOP] = ramps ? fmin(stop, s->down_mw) : stop;
    r->hi[HOUR_START] = ramps ? fmin(start, s->up_mw) : start;
    r->hi[HOUR_BOTH] = fmin(r->hi[HOUR_START], r->hi[HOUR_STOP]);
}

void reward_begin(struct unit_scheduler *s)
{
    const struct commit_unit *u = s->unit;
    s->reward.lo = 0;
    set_range(s, s->span_mw, s->span_mw - fmax(u->max_mw - u->start_max_mw, 0),
              s->span_mw - fmax(u->max_mw - u->stop_max_mw, 0));
}

/* Of interval t, of a unit that has limits by interval. */
static void limit_range(struct unit_scheduler *s, int32_t t)
{
    const struct commit_unit *u = s->unit;
    const double most = u->most_mw[t];
    s->reward.lo = u->least_mw[t] - u->min_mw;
    set_range(s, most - u->min_mw, fmin(most, u->start_max_mw) - u->min_mw,
              fmin(most, u->stop_max_mw) - u->min_mw);
    for (int k = 0; k < HOUR_KINDS; k++)
        if (s->reward.hi[k] < s->reward.lo)
            s->reward.hi[k] = -1;
}

static bool is_down(const struct unit_scheduler *s, int32_t offer)
{
    return s->p->down_products >> s->unit->offer[offer].product & 1;
}

/* What commitment pays by itself in interval t. */
static double kind_usd(const struct unit_scheduler *s, int32_t t, enum hour_kind kind)
{
    const struct unit_prices *y = s->prices;
    double usd = y->bonus_usd ? y->bonus_usd[t] : 0;
    if (y->first_usd && (kind == HOUR_START || kind == HOUR_BOTH))
        usd += y->first_usd[t];
    if (y->last_usd && kind == HOUR_STOP)
        usd += y->last_usd[t];
    return usd;
}

void reward_sort(struct unit_scheduler *s, int32_t t)
{
    const struct commit_unit *u = s->unit;
    struct reward *r = &s->reward;
    r->n_up = r->n_down = 0;
    for (int32_t k = 0; k < u->n_offer; k++) {
        const struct commit_offer *o = &u->offer[k];
        double price =
            s->prices->reserve_usd_per_mw[(size_t)t * (size_t)u->n_offer + (size_t)k];
        if (o->price_usd_per_mw)
            price -= s->p->interval_h * o->price_usd_per_mw[t];
        r->worth[k] = price;
        if (!(price >= 0))
            continue;
        bool down = is_down(s, k);
        int32_t *list = down ? r->down : r->up, *n = down ? &r->n_down : &r->n_up;
        int32_t at = (*n)++;
        for (; at > 0 && r->worth[list[at - 1]] < price; at--)
            list[at] = list[at - 1];
        list[at] = k;
    }
    if (u->reserve_shares_ramp && r->n_up > 1)
        r->n_up = 1;
    for (int32_t k = 0; k < r->n_down; k++)
        r->most[r->down[k]] = u->offer[r->down[k]].max_mw;
    double left = u->most_up_mw > 0 ? u->most_up_mw : HUGE_VAL;
    for (int32_t k = 0; k < r->n_up; k++) {
        r->most[r->up[k]] = fmin(u->offer[r->up[k]].max_mw, left);
        left -= isinf(left) ? 0 : r->most[r->up[k]];
    }
    r->bonus = u->reserve_shares_ramp && r->n_up > 0 ? r->worth[r->up[0]] : 0;
}

/* Value of the best upward reserve in h MW. */
static double worth_of_room(const struct unit_scheduler *s, double h)
{
    const struct reward *r = &s->reward;
    double value = 0;
    for (int32_t k = 0; k < r->n_up && h > 0; k++) {
        double held = fmin(h, r->most[r->up[k]]);
        value += held * r->worth[r->up[k]];
        h -= held;
    }
    return value;
}

/* The offer whose MW goes next at x, and the x at which the one before it goes. */
static double crowding(const struct unit_scheduler *s, double cap, double x,
                       double *slope)
{
    double end = cap;
    *slope = 0;
    for (int32_t k = 0; k < s->reward.n_up; k++) {
        double from = end - s->reward.most[s->reward.up[k]];
        if (x >= from) {
            *slope = -s->reward.worth[s->reward.up[k]];
            return end;
        }
        end = from;
    }
    return end;
}

/* The same of downward reserve, which power makes room for. */
static double making_room(const struct unit_scheduler *s, double x, double *slope)
{
    double end = s->reward.lo;
    for (int32_t k = 0; k < s->reward.n_down; k++) {
        end += s->reward.most[s->reward.down[k]];
        *slope = s->reward.worth[s->reward.down[k]];
        if (x < end)
            return end;
    }
    *slope = 0;
    return INFINITY;
}

/* Price of fuel of the unit's supply in interval t. */
static double fuel_price(const struct unit_scheduler *s, int32_t t)
{
    if (s->unit->supply == 0 || !s->prices->fuel_usd)
        return 0;
    return s->prices->fuel_usd[(s->unit->supply - 1) * s->n_interval + t];
}

double reward_start_fuel(const struct unit_scheduler *s, int32_t t, int32_t off)
{
    const struct commit_unit *u = s->unit;
    const double price = fuel_price(s, t);
    double fuel = 0;
    if (price == 0)
        return 0;
    for (int32_t k = 0; k < u->n_start && (k == 0 || off >= u->start[k].lag); k++)
        fuel = u->start_fuel[k];
    return price * fuel;
}

/* What an hour at segment i costs per MW. */
static double segment_cost(const struct unit_scheduler *s, const struct commit_curve *c,
                           int32_t i, double fuel_usd)
{
    return c->cost_usd_per_mwh[i] +
           (s->unit->supply > 0 ? fuel_usd * s->unit->fuel_per_mwh[i] : 0);
}

/* What each MW of an interval costs that is the first or the last one on. */
static double ends_usd(const struct unit_scheduler *s, enum hour_kind kind)
{
    return (kind == HOUR_START || kind == HOUR_BOTH ? s->rise_usd : 0) +
           (kind == HOUR_STOP || kind == HOUR_BOTH ? s->fall_usd : 0);
}

/* What power from 0 to lo pays, each MW less `ends`. */
static double below(const struct unit_scheduler *s, int32_t t, double ends)
{
    const struct commit_curve *c = &s->p->curve[s->unit->curve[t]];
    const double lo = s->reward.lo, fuel_usd = lo > 0 ? fuel_price(s, t) : 0;
    double pay = lo * (s->prices->energy_usd_per_mw[t] - ends), left = lo;
    for (int32_t i = 0; i < c->n_segment && left > 0; i++) {
        const double mw = i == c->n_segment - 1 ? left : fmin(left, c->width_mw[i]);
        pay -= s->p->interval_h * segment_cost(s, c, i, fuel_usd) * mw;
        left -= mw;
    }
    return pay;
}

/* Slopes as a function of power; n segments at most as long as there is room. */
static void build_slopes(const struct unit_scheduler *s, int32_t t, enum hour_kind kind,
                         bool has_kinks, struct concave *gain)
{
    const struct commit_curve *c = &s->p->curve[s->unit->curve[t]];
    const struct reward *r = &s->reward;
    double h = s->p->interval_h, hi = r->hi[kind], x = r->lo, cost_end = 0;
    double energy = s->prices->energy_usd_per_mw[t] - ends_usd(s, kind);
    const double fuel_usd = fuel_price(s, t);
    if (!has_kinks && r->n_up > 0)
        energy -= r->worth[r->up[0]];
    int32_t n = 0;
    for (int32_t i = 0; i < c->n_segment && x < hi; i++) {
        cost_end = i == c->n_segment - 1 ? HUGE_VAL : cost_end + c->width_mw[i];
        double end = cost_end < hi ? cost_end : hi;
        double slope = energy - h * segment_cost(s, c, i, fuel_usd);
        while (has_kinks && x < end) {
            double up, down;
            double next =
                fmin(crowding(s, r->cap[kind], x, &up), making_room(s, x, &down));
            if (next >= end) {
                slope += up + down;
                break;
            }
            gain->end[n] = x = next;
            gain->slope[n++] = slope + up + down;
        }
        if (x < end) {
            gain->end[n] = x = end;
            gain->slope[n++] = slope;
        }
    }
    gain->n = n;
}

void reward_look_ahead(struct unit_scheduler *s)
{
    const struct commit_unit *u = s->unit;
    struct reward *r = &s->reward;
    for (int32_t t = 0; t < s->n_interval; t++) {
        const struct commit_curve *c = &s->p->curve[u->curve[t]];
        reward_sort(s, t);
        double most = s->prices->energy_usd_per_mw[t] - r->bonus;
        if (c->n_segment > 0)
            most -= s->p->interval_h * segment_cost(s, c, 0, fuel_price(s, t));
        if (r->n_down > 0)
            most += r->worth[r->down[0]];
        s->worth_now[t + 1] = s->worth_now[t] + fmax(most, 0);
        s->worth_before[t + 1] = s->worth_before[t] + r->bonus;
    }
}

/* Whether reserve adds nothing but one slope: upward only, of one product. */
static bool is_plain(const struct unit_scheduler *s)
{
    const struct reward *r = &s->reward;
    return r->n_down == 0 && (r->n_up == 0 || r->most[r->up[0]] >= s->span_mw);
}

enum err_code reward_prepare(struct unit_scheduler *s, int32_t t, struct err *err)
{
    const struct commit_unit *u = s->unit;
    struct reward *r = &s->reward;
    reward_sort(s, t);
    if (u->least_mw)
        limit_range(s, t);
    bool has_kinks = !is_plain(s), steady = false;
    double base = s->prices->energy_usd_per_mw[t] * u->min_mw -
                  s->p->interval_h *
                      (u->min_cost_usd_per_h[t] + fuel_price(s, t) * u->min_fuel_per_h);
    for (int k = 0; k < (u->min_up > 1 ? HOUR_BOTH : HOUR_KINDS); k++) {
        struct concave *gain = &r->gain[k];
        if (k > 0 && u->steady_reserve && !steady && r->n_up + r->n_down > 0) {
            r->n_up = r->n_down = 0;
            has_kinks = false;
            steady = true;
        }
        const double ends = ends_usd(s, (enum hour_kind)k);
        if (k == 0 || steady || ends > 0 || (has_kinks && r->cap[k] < s->span_mw)) {
            int32_t need = s->p->curve[u->curve[t]].n_segment + u->n_offer + 1;
            enum err_code code = concave_reserve(&r->own[k], need, err);
            if (code != ERR_OK)
                return code;
            build_slopes(s, t, (enum hour_kind)k, has_kinks, &r->own[k]);
            *gain = r->own[k];
        } else {
            *gain = r->own[0];
        }
        gain->lo = r->lo;
        gain->at_lo = base + kind_usd(s, t, (enum hour_kind)k) - ends * u->min_mw +
                      below(s, t, ends);
        if (!u->reserve_shares_ramp)
            gain->at_lo += worth_of_room(s, r->cap[k] - r->lo);
        else
            gain->at_lo -= r->bonus * r->lo;
        if (u->reserve_shares_ramp && (k == HOUR_START || k == HOUR_BOTH))
            gain->at_lo += r->bonus * r->cap[k];
        concave_find_top(gain, r->hi[k]);
    }
    return ERR_OK;
}

static double fill_best_first(const struct unit_scheduler *s, const int32_t *list,
                              int32_t n, double room, double *held)
{
    for (int32_t k = 0; k < n && room > 0; k++) {
        held[list[k]] = fmin(room, s->reward.most[list[k]]);
        room -= held[list[k]];
    }
    return room;
}

void reward_hold(struct unit_scheduler *s, int32_t t, enum hour_kind kind, double x,
                 double x_before)
{
    const struct commit_unit *u = s->unit;
    size_t n_offer = (size_t)u->n_offer;
    double *held = s->reserve_mw + (size_t)t * n_offer;
    memset(held, 0, n_offer * sizeof *held);
    if (u->steady_reserve && kind != HOUR_PLAIN)
        return;
    reward_sort(s, t);
    if (u->least_mw)
        limit_range(s, t);
    double room = s->reward.cap[kind] - x;
    if (u->reserve_shares_ramp &&
        !(u->free_ends && (kind == HOUR_START || kind == HOUR_BOTH)))
        room = fmin(room, x_before + s->up_mw - x);
    fill_best_first(s, s->reward.up, s->reward.n_up, room, held);
    fill_best_first(s, s->reward.down, s->reward.n_down, x - s->reward.lo, held);
}

double reward_off(const struct unit_scheduler *s)
{
    double value = 0;
    for (int32_t k = 0; k < s->unit->n_offer; k++)
        if (s->reward.worth[k] > 0)
            value += s->reward.worth[k] * s->unit->offer[k].max_off_mw;
    return value;
}

double reward_start_cost(const struct unit_scheduler *s, int32_t t, int32_t stop)
{
    const struct commit_unit *u = s->unit;
    bool first = stop < 0;
    int32_t off = first ? u->age_before + t : t - stop, a = t + 1;
    bool by_rows = s->p->pglib_start_rows && !first;
    for (int32_t k = 0; k + 1 < u->n_start; k++) {
        int32_t next = u->start[k + 1].lag;
        bool fits = off < next;
        if (by_rows && a >= next)
            fits = fits && off >= u->start[k].lag;
        else if (by_rows)
            fits = u->on_before || a < next - u->age_before + 1;
        if (fits)
            return u->start[k].cost_usd;
    }
    return u->n_start > 0 ? u->start[u->n_start - 1].cost_usd : 0;
}
