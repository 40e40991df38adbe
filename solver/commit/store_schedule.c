/*
 * store_schedule.c - what a store does best at given prices, exactly.
 *
 * In an interval a store goes one of its ways: it charges, or discharges, or both, or rests.
 * Each moves energy at slopes of its own: piece by piece discharges less, then charges more.
 * The value of what is stored after an interval is
 *
 *     F_t(e) = max { F_{t-1}(e') + move_tw(e - keeps_t e') : way w },   least_t <= e <= most_t
 *
 * A concave part of F_{t-1} and a way give a concave function that has the pieces of both, by
 * falling slope; F_t is the greatest of these, cut to the limits. Where there is one way always,
 * as without least rates, F stays concave and there is one of them. Nothing is rounded but sums.
 * The way back looks for the part and the way that F_t(e) comes from, and takes their pieces in
 * the same order up to e.
 */
#include <math.h>

#include "sim/base/mem.h"
#include "solver/commit/store_value.h"
#include "solver/commit/unit_work.h"

/* Energy that misses a limit by no more is moved into it, of the greatest limit. */
static const double MISSED_MWH = 1e-9;
/* Lines of a function that are no longer are none, of the greatest limit. */
static const double LITTLE_MWH = 1e-12;
/* Values that differ by no more are the same but for rounding, relative. */
static const double SAME = 1e-12;

/* Part of a move: another so many MWh kept, for so many MW of power. */
struct store_piece {
    double slope, mwh; /* money per MWh; length */
    double mw;         /* > 0 less discharge, < 0 more charge, by so much */
};

/* What one way moves: pieces from `first` on, by falling slope. */
struct store_move {
    int32_t way;
    struct store_rates rates;
    double lo_mwh, at_lo;
    int32_t first, n;
};

struct store_work {
    int32_t *first_line;     /* [n_interval + 2] into lines: F before interval t */
    struct store_lines line; /* of all F, in turn */
    struct store_move *move; /* [n_interval][STORE_WAYS] */
    int32_t *n_move;         /* [n_interval] */
    struct store_piece *piece;
    int32_t n_piece, room_piece;
    struct store_lines one, best, better; /* of a step */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the schedules of stores");
}

enum err_code store_create(struct unit_scheduler *s, struct err *err)
{
    const size_t n = (size_t)s->n_interval;
    struct store_work *w = s->store = MEM_ARRAY(struct store_work, 1);
    if (!w)
        return no_memory(err);
    w->first_line = MEM_ARRAY(int32_t, n + 2);
    w->move = MEM_ARRAY(struct store_move, n * STORE_WAYS);
    w->n_move = MEM_ARRAY(int32_t, n);
    return w->first_line && w->move && w->n_move ? ERR_OK : no_memory(err);
}

void store_release(struct unit_scheduler *s)
{
    struct store_work *w = s->store;
    if (!w)
        return;
    store_lines_release(&w->line);
    store_lines_release(&w->one);
    store_lines_release(&w->best);
    store_lines_release(&w->better);
    mem_free(w->first_line);
    mem_free(w->move);
    mem_free(w->n_move);
    mem_free(w->piece);
    mem_free(w);
}

static bool make_room(struct store_work *w, int32_t more)
{
    if (w->n_piece + more <= w->room_piece)
        return true;
    const int32_t room = 2 * w->room_piece + more + 64;
    struct store_piece *piece = mem_resize(w->piece, (size_t)room, sizeof *piece);
    if (!piece)
        return false;
    w->piece = piece;
    w->room_piece = room;
    return true;
}

/* ---- what an interval moves ------------------------------------------------------------- */

/* Segment k of a curve that may be NULL, of `left` MW; the last takes what is left. */
static double segment_mw(const struct commit_curve *c, int32_t k, double left)
{
    return c && k + 1 < c->n_segment ? fmin(left, c->width_mw[k]) : left;
}

static double segment_usd(const struct commit_curve *c, int32_t k)
{
    return c ? c->cost_usd_per_mwh[k] : 0;
}

static int32_t n_segment(const struct commit_curve *c)
{
    return c ? c->n_segment : 1;
}

/* Puts a piece where its slope belongs, behind those that are as steep. */
static void put_piece(struct store_work *w, struct store_move *m,
                      struct store_piece piece)
{
    struct store_piece *at = w->piece + m->first;
    if (piece.mwh <= 0)
        return;
    int32_t k = m->n++;
    for (; k > 0 && at[k - 1].slope < piece.slope; k--)
        at[k] = at[k - 1];
    at[k] = piece;
    w->n_piece++;
}

/* From full discharge, which is where the move begins, down to the least. */
static void discharge_less(struct store_work *w, struct store_move *m,
                           const struct commit_curve *c, double price, double h,
                           double lasts)
{
    double from = 0;
    for (int32_t k = 0; from < m->rates.discharge_max_mw; k++) {
        const double mw = segment_mw(c, k, m->rates.discharge_max_mw - from);
        const double usd = segment_usd(c, k) - price;
        const double open = fmin(mw, fmax(0, from + mw - m->rates.discharge_min_mw));
        m->lo_mwh -= h * mw / lasts;
        m->at_lo -= h * mw * usd;
        put_piece(w, m, (struct store_piece){usd * lasts, h * open / lasts, open});
        from += mw;
    }
}

/* From the least charge, with which the move begins, to the most. */
static void charge_more(struct store_work *w, struct store_move *m,
                        const struct commit_curve *c, double price, double h,
                        double stays)
{
    double from = 0;
    for (int32_t k = 0; from < m->rates.charge_max_mw; k++) {
        const double mw = segment_mw(c, k, m->rates.charge_max_mw - from);
        const double usd = segment_usd(c, k) + price;
        const double open = fmin(mw, fmax(0, from + mw - m->rates.charge_min_mw));
        m->lo_mwh += h * (mw - open) * stays;
        m->at_lo -= h * (mw - open) * usd;
        put_piece(w, m, (struct store_piece){-usd / stays, h * open * stays, -open});
        from += mw;
    }
}

/* All that a way may do to the energy, at a price per MW of the whole interval. */
static bool state_move(struct unit_scheduler *s, const struct commit_store *store,
                       int32_t t, int32_t way, struct store_move *m)
{
    struct store_work *w = s->store;
    const double h = s->p->interval_h, price = s->prices->energy_usd_per_mw[t] / h;
    const struct commit_curve *out = store_curve(s->p, store->discharge_curve, t),
                              *in = store_curve(s->p, store->charge_curve, t);
    *m = (struct store_move){
        .way = way, .rates = store_rates(store, way, t), .first = w->n_piece};
    if (!make_room(w, n_segment(out) + n_segment(in)))
        return false;
    discharge_less(w, m, out, price, h, store->discharge_efficiency[t]);
    charge_more(w, m, in, price, h, store->charge_efficiency[t]);
    return true;
}

/* Whether what the store is held to leaves it this way. */
static bool may_go(const struct unit_scheduler *s, int32_t t, int32_t way,
                   const struct interval_set *on, const struct interval_set *off)
{
    for (int32_t k = STORE_CHARGES; k <= STORE_DISCHARGES; k++) {
        const int32_t fact = store_fact(s->p, k, t);
        const struct interval_set *barred = way & k ? off : on;
        if (barred && barred->word[fact / 64] >> (fact % 64) & 1)
            return false;
    }
    return true;
}

static bool state_moves(struct unit_scheduler *s, const struct commit_store *store,
                        int32_t t, const struct interval_set *on,
                        const struct interval_set *off)
{
    int32_t way[STORE_WAYS];
    const int32_t n = store_ways(s->p, store, t, way);
    s->store->n_move[t] = 0;
    for (int32_t k = 0; k < n; k++)
        if ((n == 1 || may_go(s, t, way[k], on, off)) &&
            !state_move(s, store, t, way[k],
                        &s->store->move[t * STORE_WAYS + s->store->n_move[t]++]))
            return false;
    return true;
}

/* ---- forward ----------------------------------------------------------------------------- */

/* A concave part of F, and a move. */
struct sum {
    const struct store_line *line;
    int32_t n;
    const struct store_work *w;
    const struct store_move *move;
    double keeps;     /* of what was there before, as a share */
    int32_t at, done; /* lines and pieces taken */
};

static struct sum sum_begin(const struct store_work *w, int32_t line, int32_t n,
                            const struct store_move *move, double keeps)
{
    return (struct sum){w->line.at + line, n, w, move, keeps, 0, 0};
}

static double sum_lo_mwh(const struct sum *m)
{
    return m->keeps * m->line->at_mwh + m->move->lo_mwh;
}

/*
 * The next piece in the order of slopes, which is one of the move where mw is not 0; with
 * equal ones energy is moved before energy of before is taken. false = there is none.
 */
static bool sum_next(struct sum *m, struct store_piece *out)
{
    const struct store_line *line = m->at < m->n ? m->line + m->at : NULL;
    const struct store_piece *piece =
        m->done < m->move->n ? m->w->piece + m->move->first + m->done : NULL;
    const double slope = line ? line->slope / m->keeps : 0;
    if (piece && (!line || piece->slope >= slope)) {
        *out = *piece;
        m->done++;
        return true;
    }
    if (line) {
        *out = (struct store_piece){slope, m->keeps * line->mwh, 0};
        m->at++;
    }
    return line != NULL;
}

/* The sum as lines, cut to what interval t may end with. */
static bool state_sum(struct store_work *w, struct sum m, const struct commit_store *s,
                      int32_t t)
{
    struct store_piece p;
    double at = sum_lo_mwh(&m), usd = m.line->usd + m.move->at_lo;
    w->one.n = 0;
    if (!store_lines_room(&w->one, m.n + m.move->n + 1))
        return false;
    w->one.at[w->one.n++] = (struct store_line){at, usd, 0, 0};
    while (sum_next(&m, &p)) {
        store_lines_put(&w->one, (struct store_line){at, usd, p.slope, p.mwh});
        at += p.mwh;
        usd += p.mwh * p.slope;
    }
    store_lines_cut(&w->one, s->least_mwh[t], s->most_mwh[t],
                    MISSED_MWH * fmax(1, fabs(s->most_mwh[t])));
    return true;
}

/* The greatest of what was found so far and one more. */
static bool take_in(struct store_work *w)
{
    const struct store_lines found = w->best;
    w->better.n = 0;
    if (!store_lines_greater(&w->best, &w->one, &w->better))
        return false;
    w->best = w->better;
    w->better = found;
    return true;
}

/* F after interval t, behind those before it. */
static bool step(struct unit_scheduler *s, const struct commit_store *store, int32_t t)
{
    struct store_work *w = s->store;
    const int32_t end = w->first_line[t + 1];
    w->best.n = 0;
    for (int32_t k = w->first_line[t], n; k < end; k += n) {
        n = store_lines_concave(w->line.at + k, end - k, w->line.little_mwh);
        for (int32_t i = 0; i < w->n_move[t]; i++) {
            const struct store_move *move = &w->move[t * STORE_WAYS + i];
            if (!state_sum(w, sum_begin(w, k, n, move, commit_store_keeps(store, t)),
                           store, t) ||
                !take_in(w))
                return false;
            s->steps += w->one.n;
        }
    }
    if (!store_lines_room(&w->line, w->best.n))
        return false;
    for (int32_t k = 0; k < w->best.n; k++)
        w->line.at[w->line.n++] = w->best.at[k];
    w->first_line[t + 2] = w->line.n;
    return true;
}

/* F before the first interval, and what is too little to count. */
static bool begin(struct store_work *w, const struct commit_store *store, int32_t n)
{
    double size = fabs(store->first_mwh);
    for (int32_t t = 0; t < n; t++)
        size = fmax(size, fabs(store->most_mwh[t]));
    w->line.n = w->n_piece = 0;
    w->line.little_mwh = w->one.little_mwh = w->best.little_mwh = w->better.little_mwh =
        LITTLE_MWH * size;
    if (!store_lines_room(&w->line, 1))
        return false;
    w->line.at[w->line.n++] = (struct store_line){store->first_mwh, 0, 0, 0};
    w->first_line[0] = 0;
    w->first_line[1] = 1;
    return true;
}

/* ---- and back ----------------------------------------------------------------------------- */

/* What an interval did. */
struct traced {
    double usd; /* F after it, this way */
    double discharge_mw, charge_mw, before_mwh;
    int32_t way;
};

/* Up to energy mwh by one sum; usd is -INFINITY where it does not reach that. */
static struct traced trace_sum(struct sum m, double mwh, double missed)
{
    struct traced x = {.usd = m.line->usd + m.move->at_lo,
                       .discharge_mw = m.move->rates.discharge_min_mw,
                       .charge_mw = m.move->rates.charge_min_mw,
                       .before_mwh = m.line->at_mwh,
                       .way = m.move->way};
    double left = mwh - sum_lo_mwh(&m);
    struct store_piece p;
    if (left < -missed)
        x.usd = -INFINITY;
    while (sum_next(&m, &p)) {
        const double part = fmax(0, fmin(left, p.mwh));
        left -= part;
        x.usd += part * p.slope;
        if (p.mw > 0)
            x.discharge_mw += part < p.mwh ? p.mw * (1 - part / p.mwh) : 0;
        else if (p.mw < 0)
            x.charge_mw += part < p.mwh ? -p.mw * (part / p.mwh) : -p.mw;
        else
            x.before_mwh += part / m.keeps;
    }
    if (left > missed)
        x.usd = -INFINITY;
    return x;
}

/* What interval t does that ends with *mwh, which becomes what it begins with. */
static struct traced trace_interval(const struct store_work *w,
                                    const struct commit_store *store, int32_t t,
                                    double *mwh)
{
    const double keeps = commit_store_keeps(store, t),
                 missed = MISSED_MWH * fmax(1, fabs(store->most_mwh[t]));
    const int32_t end = w->first_line[t + 1];
    struct traced best = {.usd = -INFINITY};
    for (int32_t k = w->first_line[t], n; k < end; k += n) {
        n = store_lines_concave(w->line.at + k, end - k, w->line.little_mwh);
        for (int32_t i = 0; i < w->n_move[t]; i++) {
            const struct store_move *move = &w->move[t * STORE_WAYS + i];
            const struct traced x =
                trace_sum(sum_begin(w, k, n, move, keeps), *mwh, missed);
            if (x.usd > best.usd)
                best = x;
        }
    }
    *mwh = best.before_mwh;
    return best;
}

/* The most that the last function comes to, and at what energy, the least of such. */
static double best_ending(const struct unit_scheduler *s,
                          const struct commit_store *store, double *mwh)
{
    const struct store_work *w = s->store;
    const double worth = store->worth_usd_per_mwh;
    double best = -INFINITY;
    for (int32_t k = w->first_line[s->n_interval]; k < w->line.n; k++) {
        const struct store_line *l = &w->line.at[k];
        const double rise = l->slope + worth;
        const double value = l->usd + worth * l->at_mwh + fmax(0, rise * l->mwh);
        if (!isinf(best) && value <= best + SAME * (1 + fabs(best)))
            continue;
        best = value;
        *mwh = l->at_mwh + (rise > 0 ? l->mwh : 0);
    }
    return best;
}

static void trace(struct unit_scheduler *s, const struct commit_store *store,
                  double mwh, struct interval_set *on)
{
    const bool decides = store_decides(s->p, store);
    for (int32_t t = s->n_interval - 1; t >= 0; t--) {
        const struct traced x = trace_interval(s->store, store, t, &mwh);
        s->above_mw[t] = x.discharge_mw - x.charge_mw;
        s->reserve_mw[t] = x.charge_mw;
        s->start_cost_usd[t] = 0;
        for (int32_t k = 0; k <= (decides ? STORE_DISCHARGES : 0); k++) {
            const int32_t fact = store_fact(s->p, k, t);
            if (k == 0 || x.way & k)
                on->word[fact / 64] |= UINT64_C(1) << (fact % 64);
        }
    }
}

static bool is_banned(const struct unit_scheduler *s, const struct interval_set *off)
{
    for (int32_t t = 0; t < s->n_interval && off; t++)
        if (off->word[t / 64] >> (t % 64) & 1)
            return true;
    return false;
}

enum err_code store_schedule_best(struct unit_scheduler *s, const struct commit_unit *u,
                                  const struct interval_set *on,
                                  const struct interval_set *off,
                                  struct unit_schedule *out, struct err *err)
{
    const struct commit_store *store = u->store;
    struct store_work *w = s->store;
    double mwh = 0;
    if (is_banned(s, off))
        return ERR_OK;
    if (!begin(w, store, s->n_interval))
        return no_memory(err);
    for (int32_t t = 0; t < s->n_interval; t++)
        if (!state_moves(s, store, t, on, off) || !step(s, store, t))
            return no_memory(err);
    const double value = best_ending(s, store, &mwh);
    if (isinf(value))
        return ERR_OK;
    out->value_usd = value;
    trace(s, store, mwh, &out->on);
    for (int32_t t = 0; t < s->n_interval && s->prices->bonus_usd; t++)
        out->value_usd += s->prices->bonus_usd[t];
    out->cost_usd = store_cost(s->p, u, s->above_mw, s->reserve_mw);
    return ERR_OK;
}
