/*
 * store_schedule.c - what a store does best at given prices, exactly.
 *
 * The value of what is stored after an interval is a concave function of it. An interval
 * moves energy at slopes of its own: piece by piece discharges less, then charges more. So
 *
 *     F_t(e) = max { F_{t-1}(e') + move_t(e - keeps e') },   least_t <= e <= most_t
 *
 * has the pieces of both, by falling slope, and is cut to the limits. Nothing is rounded
 * but sums. The way back takes the pieces of F_t in the same order up to e.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/unit_work.h"

/* Energy that misses a limit by no more is moved into it, of the greatest limit. */
static const double MISSED_MWH = 1e-9;

/* Part of a concave function of energy. */
struct store_piece {
    double slope, mwh; /* money per MWh; length */
    double mw;         /* of a move: > 0 less discharge, < 0 more charge, by so much */
};

/* A concave function of energy: pieces from `first` on, by falling slope. */
struct store_value {
    double lo_mwh, at_lo;
    int32_t first, n;
};

struct store_pieces {
    struct store_piece *at;
    int32_t n, room;
};

struct store_work {
    struct store_value *value; /* [n_interval + 1] F before interval t */
    struct store_value *move;  /* [n_interval] */
    struct store_pieces of_value, of_move;
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the schedules of stores");
}

enum err_code store_create(struct unit_scheduler *s, struct err *err)
{
    struct store_work *w = s->store = MEM_ARRAY(struct store_work, 1);
    if (!w)
        return no_memory(err);
    w->value = MEM_ARRAY(struct store_value, s->n_interval + 1);
    w->move = MEM_ARRAY(struct store_value, s->n_interval);
    return w->value && w->move ? ERR_OK : no_memory(err);
}

void store_release(struct unit_scheduler *s)
{
    if (!s->store)
        return;
    mem_free(s->store->value);
    mem_free(s->store->move);
    mem_free(s->store->of_value.at);
    mem_free(s->store->of_move.at);
    mem_free(s->store);
}

static bool make_room(struct store_pieces *p, int32_t more)
{
    if (p->n + more <= p->room)
        return true;
    const int32_t room = 2 * p->room + more + 64;
    struct store_piece *at = mem_resize(p->at, (size_t)room, sizeof *at);
    if (!at)
        return false;
    p->at = at;
    p->room = room;
    return true;
}

/* ---- curves ---------------------------------------------------------------------------- */

/* Segment k of a curve that may be NULL, of `left` MW; the last takes what is left. */
static double segment_mw(const struct commit_curve *c, int32_t k, double left)
{
    return c && k + 1 < c->n_segment ? fmin(left, c->width_mw[k]) : left;
}

static double segment_usd(const struct commit_curve *c, int32_t k)
{
    return c ? c->cost_usd_per_mwh[k] : 0;
}

static const struct commit_curve *curve_of(const struct commit_problem *p,
                                           const int32_t *curve, int32_t t)
{
    return curve ? &p->curve[curve[t]] : NULL;
}

static double curve_usd_per_h(const struct commit_curve *c, double mw)
{
    double usd_per_h = 0;
    for (int32_t k = 0; mw > 0 && c; k++) {
        const double part = segment_mw(c, k, mw);
        usd_per_h += part * c->cost_usd_per_mwh[k];
        mw -= part;
    }
    return usd_per_h;
}

double store_energy_mwh(const struct commit_problem *p, const struct commit_store *s,
                        const double *power_mw, const double *charge_mw, int32_t t)
{
    double mwh = s->first_mwh;
    for (int32_t k = 0; k <= t; k++)
        mwh =
            commit_store_keeps(s, k) * mwh +
            p->interval_h * (s->charge_efficiency[k] * charge_mw[k] -
                             (power_mw[k] + charge_mw[k]) / s->discharge_efficiency[k]);
    return mwh;
}

/* What is kept from interval `from` on stays at or below the most. */
static bool fits(const struct commit_problem *p, const struct commit_store *s,
                 const double *power_mw, const double *charge_mw, int32_t from)
{
    for (int32_t t = from; t < p->n_interval; t++)
        if (store_energy_mwh(p, s, power_mw, charge_mw, t) >
            s->most_mwh[t] + MISSED_MWH * fmax(1, fabs(s->most_mwh[t])))
            return false;
    return true;
}

void store_net(const struct commit_problem *p, const struct commit_store *s,
               const double *power_mw, double *charge_mw)
{
    for (int32_t t = 0; t < p->n_interval && s->one_way; t++) {
        const double before = charge_mw[t], net = fmax(0, -power_mw[t]);
        if (!s->one_way[t] || before <= net)
            continue;
        charge_mw[t] = net;
        if (!fits(p, s, power_mw, charge_mw, t))
            charge_mw[t] = before;
    }
}

double store_cost(const struct commit_problem *p, const struct commit_unit *u,
                  const double *power_mw, const double *charge_mw)
{
    const struct commit_store *s = u->store;
    const int32_t last = p->n_interval - 1;
    double usd_per_h = 0;
    for (int32_t t = 0; t <= last; t++)
        usd_per_h += curve_usd_per_h(curve_of(p, s->charge_curve, t), charge_mw[t]) +
                     curve_usd_per_h(curve_of(p, s->discharge_curve, t),
                                     power_mw[t] + charge_mw[t]);
    return p->interval_h * usd_per_h -
           s->worth_usd_per_mwh * store_energy_mwh(p, s, power_mw, charge_mw, last);
}

double store_dearest_usd(const struct commit_problem *p, const struct commit_unit *u)
{
    const struct commit_store *s = u->store;
    double most = fabs(s->worth_usd_per_mwh);
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int side = 0; side < 2; side++) {
            const struct commit_curve *c =
                curve_of(p, side ? s->charge_curve : s->discharge_curve, t);
            for (int32_t k = 0; c && k < c->n_segment; k++)
                most = fmax(most, fabs(c->cost_usd_per_mwh[k]));
        }
    return p->interval_h * most;
}

/* ---- what an interval moves ------------------------------------------------------------- */

/* Puts a piece of the move t where its slope belongs, behind those that are as steep. */
static void put_move(struct store_work *w, int32_t t, struct store_piece piece)
{
    struct store_piece *at = w->of_move.at + w->move[t].first;
    int32_t k = w->move[t].n++;
    for (; k > 0 && at[k - 1].slope < piece.slope; k--)
        at[k] = at[k - 1];
    at[k] = piece;
    w->of_move.n++;
}

/* All that the interval may do to the energy, at a price per MW of the whole interval. */
static bool state_move(struct unit_scheduler *s, const struct commit_store *store,
                       int32_t t, double usd_per_mw)
{
    struct store_work *w = s->store;
    const double h = s->p->interval_h, price = usd_per_mw / h;
    const double lasts = store->discharge_efficiency[t],
                 stays = store->charge_efficiency[t];
    const struct commit_curve *out = curve_of(s->p, store->discharge_curve, t),
                              *in = curve_of(s->p, store->charge_curve, t);
    const int32_t most = (out ? out->n_segment : 1) + (in ? in->n_segment : 1);
    double left = store->discharge_max_mw[t];
    w->move[t] = (struct store_value){.first = w->of_move.n};
    if (!make_room(&w->of_move, most))
        return false;
    for (int32_t k = 0; left > 0; k++) {
        const double mw = segment_mw(out, k, left), usd = segment_usd(out, k) - price;
        const double mwh = h * mw / lasts;
        w->move[t].lo_mwh -= mwh;
        w->move[t].at_lo -= h * mw * usd;
        if (mw > 0)
            put_move(w, t, (struct store_piece){usd * lasts, mwh, mw});
        left -= mw;
    }
    left = store->charge_max_mw[t];
    for (int32_t k = 0; left > 0; k++) {
        const double mw = segment_mw(in, k, left), usd = segment_usd(in, k) + price;
        if (mw > 0)
            put_move(w, t, (struct store_piece){-usd / stays, h * mw * stays, -mw});
        left -= mw;
    }
    return true;
}

/* ---- forward ----------------------------------------------------------------------------- */

/*
 * Both functions' pieces in the order of their slopes; with equal ones energy is moved
 * before energy of before is taken.
 */
struct merge {
    const struct store_piece *value, *value_end, *move, *move_end;
    double keeps; /* of what was there before, as a share */
};

static struct merge merge_begin(const struct store_work *w, int32_t t, double keeps)
{
    const struct store_piece *value = w->of_value.at + w->value[t].first;
    const struct store_piece *move = w->of_move.at + w->move[t].first;
    return (struct merge){value, value + w->value[t].n, move, move + w->move[t].n,
                          keeps};
}

/* The next piece; *moves: it is one of the move. false = there is none. */
static bool merge_next(struct merge *m, bool *moves, struct store_piece *out)
{
    const bool more = m->value < m->value_end;
    const double slope = more ? m->value->slope / m->keeps : 0;
    *moves = m->move < m->move_end && (!more || m->move->slope >= slope);
    if (*moves) {
        *out = *m->move++;
        return true;
    }
    if (more)
        *out = (struct store_piece){slope, m->keeps * m->value++->mwh, 0};
    return more;
}

/* Cuts the function to what interval t may end with; false = none of it is left. */
static bool cut(const struct commit_store *s, int32_t t, struct store_value *v,
                struct store_piece *at)
{
    const double missed = MISSED_MWH * fmax(1, fabs(s->most_mwh[t]));
    int32_t from = 0, kept = 0;
    double short_mwh = s->least_mwh[t] - v->lo_mwh, room;
    for (; from < v->n && short_mwh > 0; from++) {
        const double mwh = fmin(at[from].mwh, short_mwh);
        v->lo_mwh += mwh;
        v->at_lo += mwh * at[from].slope;
        at[from].mwh -= mwh;
        short_mwh -= mwh;
        if (at[from].mwh > 0)
            break;
    }
    if (short_mwh > missed || v->lo_mwh > s->most_mwh[t] + missed)
        return false;
    room = s->most_mwh[t] - v->lo_mwh;
    for (; from < v->n && room > 0; from++) {
        at[kept] = at[from];
        at[kept].mwh = fmin(at[kept].mwh, room);
        room -= at[kept++].mwh;
    }
    v->n = kept;
    return true;
}

/* F after interval t. *possible: there is energy that the store may end it with. */
static bool step(struct unit_scheduler *s, const struct commit_store *store, int32_t t,
                 bool *possible)
{
    struct store_work *w = s->store;
    const struct store_value *before = &w->value[t], *move = &w->move[t];
    struct store_value *v = &w->value[t + 1];
    const double keeps = commit_store_keeps(store, t);
    *v = (struct store_value){.lo_mwh = keeps * before->lo_mwh + move->lo_mwh,
                              .at_lo = before->at_lo + move->at_lo,
                              .first = w->of_value.n};
    if (!make_room(&w->of_value, before->n + move->n + 1))
        return false;
    struct merge m = merge_begin(w, t, keeps);
    bool moves;
    while (merge_next(&m, &moves, &w->of_value.at[v->first + v->n]))
        v->n++;
    s->steps += v->n;
    *possible = cut(store, t, v, w->of_value.at + v->first);
    w->of_value.n += v->n;
    return true;
}

/* ---- and back ----------------------------------------------------------------------------- */

/* What interval t does that ends with *mwh, which becomes what it begins with. */
static void trace_interval(struct unit_scheduler *s, double keeps, int32_t t,
                           double *mwh)
{
    const struct store_work *w = s->store;
    double left = *mwh - keeps * w->value[t].lo_mwh - w->move[t].lo_mwh;
    double discharge = 0, charge = 0, before = w->value[t].lo_mwh;
    struct merge m = merge_begin(w, t, keeps);
    struct store_piece p;
    bool moves;
    while (merge_next(&m, &moves, &p)) {
        const double part = fmax(0, fmin(left, p.mwh));
        left -= part;
        if (!moves)
            before += part / keeps;
        else if (p.mw > 0)
            discharge += part < p.mwh ? p.mw * (1 - part / p.mwh) : 0;
        else
            charge += part < p.mwh ? -p.mw * (part / p.mwh) : -p.mw;
    }
    s->above_mw[t] = discharge - charge;
    s->reserve_mw[t] = charge;
    *mwh = before;
}

/* The most that the last function comes to, and at what energy. */
static double best_ending(const struct unit_scheduler *s,
                          const struct commit_store *store, double *mwh)
{
    const struct store_value *v = &s->store->value[s->n_interval];
    const struct store_piece *at = s->store->of_value.at + v->first;
    double value = v->at_lo + store->worth_usd_per_mwh * v->lo_mwh;
    *mwh = v->lo_mwh;
    for (int32_t k = 0; k < v->n && at[k].slope + store->worth_usd_per_mwh > 0; k++) {
        value += at[k].mwh * (at[k].slope + store->worth_usd_per_mwh);
        *mwh += at[k].mwh;
    }
    return value;
}

static bool is_banned(const struct unit_scheduler *s, const struct interval_set *off)
{
    for (int32_t t = 0; t < s->n_interval && off; t++)
        if (off->word[t / 64] >> (t % 64) & 1)
            return true;
    return false;
}

enum err_code store_schedule_best(struct unit_scheduler *s, const struct commit_unit *u,
                                  const struct interval_set *off,
                                  struct unit_schedule *out, struct err *err)
{
    const struct commit_store *store = u->store;
    struct store_work *w = s->store;
    bool possible = !is_banned(s, off);
    double mwh;
    w->of_value.n = w->of_move.n = 0;
    w->value[0] = (struct store_value){.lo_mwh = store->first_mwh};
    for (int32_t t = 0; t < s->n_interval && possible; t++)
        if (!state_move(s, store, t, s->prices->energy_usd_per_mw[t]) ||
            !step(s, store, t, &possible))
            return no_memory(err);
    if (!possible)
        return ERR_OK;
    out->value_usd = best_ending(s, store, &mwh);
    for (int32_t t = s->n_interval - 1; t >= 0; t--)
        trace_interval(s, commit_store_keeps(store, t), t, &mwh);
    memset(s->start_cost_usd, 0, (size_t)s->n_interval * sizeof *s->start_cost_usd);
    for (int32_t t = 0; t < s->n_interval; t++) {
        out->on.word[t / 64] |= UINT64_C(1) << (t % 64);
        if (s->prices->bonus_usd)
            out->value_usd += s->prices->bonus_usd[t];
    }
    out->cost_usd = store_cost(s->p, u, s->above_mw, s->reserve_mw);
    return ERR_OK;
}
