/* real_time_window.c - a window of real time through the formulation and the solver. */
#include "sim/clear/real_time_window.h"

#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/clear/real_time_mitigate.h"
#include "sim/clear/real_time_services.h"
#include "sim/clear/real_time_start.h"
#include "sim/clear/real_time_ties.h"
#include "sim/clear/state.h"

static const double nothing_mw = 1e-9;

/* ---- what is known ---- */

static int32_t first_five(const struct rt_window *v, int32_t k)
{
    return (v->first + k) * v->fives;
}

static int32_t hour_of(const struct rt_window *v, int32_t k)
{
    return first_five(v, k) / RT_FIVES;
}

double rt_window_available_mw(const struct rt_windows *all, const struct rt_window *v,
                              int32_t r, int32_t k)
{
    const struct real_time_input *rt = &all->m->rt;
    int32_t now = first_five(v, 0);
    double least = INFINITY;
    for (int32_t i = 0; i < v->fives; i++) {
        size_t at =
            (size_t)(first_five(v, k) + i) * (size_t)all->m->n_resource + (size_t)r;
        if (rt->known_from[at] <= now)
            least = fmin(least, rt->available_mw[at]);
    }
    return least;
}

static double mean_load_mw(const struct rt_windows *all, const struct rt_window *v,
                           int32_t r, int32_t k)
{
    double sum = 0;
    for (int32_t i = 0; i < v->fives; i++)
        sum += rt_load_mw(&all->loads, r, first_five(v, k) + i, v->run != RT_DISPATCH);
    return sum / v->fives;
}

/* ---- bids ---- */

/* Pieces of one bid being written. */
struct pieces {
    struct bid_segment *seg;
    int32_t n;
};

static void fix(struct pieces *p, double mw)
{
    if (mw > nothing_mw)
        p->seg[p->n++] = (struct bid_segment){
            .from_mw = 0, .to_mw = mw, .price_usd_per_mwh = NAN, .kind = BID_SELF_PT};
}

/* The pieces within [lo, hi], the last one extended to reach hi; one of no width where
 * nothing but lo is left, so that the resource takes part. */
static void clip(struct pieces *p, const struct bid_segment *bid, int32_t n, double lo,
                 double hi)
{
    for (int32_t k = 0; k < n; k++) {
        struct bid_segment piece = bid[k];
        piece.from_mw = fmax(piece.from_mw, lo);
        piece.to_mw = k + 1 == n ? hi : fmin(piece.to_mw, hi);
        if (piece.to_mw > piece.from_mw + nothing_mw)
            p->seg[p->n++] = piece;
    }
    if (p->n == 0) {
        p->seg[0] = bid[n - 1];
        p->seg[0].from_mw = p->seg[0].to_mw = lo;
        p->n = 1;
    }
}

/* See rt_window_configuration; available: MW. */
static int32_t configuration_at(const struct rt_windows *all, int32_t r, int32_t hour,
                                double available)
{
    const struct market *m = all->m;
    int32_t decided = outcome_last_configuration(all->day_ahead, hour, r);
    if (decided < 0)
        return -1;
    for (int32_t c = decided; c >= m->resource[r].first_configuration; c--)
        if (m->configuration[c].pmin_mw <= available)
            return c;
    return decided;
}

int32_t rt_window_configuration(const struct rt_windows *all, const struct rt_window *v,
                                int32_t r, int32_t k)
{
    if (all->m->resource[r].n_configuration == 0)
        return -1;
    return configuration_at(all, r, hour_of(v, k),
                            rt_window_available_mw(all, v, r, k));
}

/* The one before interval k of the window, where that is another one; else -1. */
static int32_t moves_from(const struct rt_windows *all, const struct rt_window *v,
                          int32_t r, int32_t k)
{
    int32_t five = first_five(v, k), hours;
    int32_t to = rt_window_configuration(all, v, r, k), from = -1;
    if (to < 0)
        return -1;
    if (k > 0)
        from = rt_window_configuration(all, v, r, k - 1);
    else if (five > 0)
        from = configuration_at(
            all, r, (five - 1) / RT_FIVES,
            all->m->rt.available_mw[(size_t)(five - 1) * (size_t)all->m->n_resource +
                                    (size_t)r]);
    else if (all->m->resource[r].commit.initial_h > 0)
        from = state_configuration_before(all->m, all->day_ahead, r, 0, &hours);
    return from == to ? -1 : from;
}

/* Where a unit that was off before starts, it reaches Pmin and one interval's ramp. */
static double start_limit_mw(const struct rt_windows *all, const struct rt_window *v,
                             int32_t r, int32_t k)
{
    const struct resource *is = &all->m->resource[r];
    bool was_on = k > 0 ? !rt_start_is_off(all, v, r, k - 1) : all->out->now.on[r] != 0;
    if (!is->market_committed || was_on || rt_start_is_open(all, v, r))
        return INFINITY;
    return market_pmin_mw(all->m, r, rt_window_configuration(all, v, r, k)) +
           is->ramp_up_mw_per_min * v->w.interval_min;
}

/*
 * A plant that moves to another configuration is in its range from the first interval on:
 * near the end where it comes in.
 */
static void limit_move(const struct rt_windows *all, const struct rt_window *v,
                       int32_t r, int32_t k, double *lo, double *hi)
{
    const struct resource *is = &all->m->resource[r];
    int32_t from = moves_from(all, v, r, k), to = rt_window_configuration(all, v, r, k);
    if (from < 0)
        return;
    const struct configuration *is_in = &all->m->configuration[to];
    if (to > from)
        *hi = fmin(*hi, is_in->pmin_mw + is->ramp_up_mw_per_min * v->w.interval_min);
    else
        *lo = fmax(*lo, fmin(*hi, is_in->pmax_mw -
                                      is->ramp_down_mw_per_min * v->w.interval_min));
}

/* A fast unit comes down to Pmin and a quarter's ramp before it stops. */
static double stop_limit_mw(const struct rt_windows *all, const struct rt_window *v,
                            int32_t r, int32_t k)
{
    const struct resource *is = &all->m->resource[r];
    int32_t left_min = rt_start_minutes_to_stop(all, v, r, k);
    return left_min < 0 ? (double)INFINITY
                        : is->pmin_mw + is->ramp_down_mw_per_min * (left_min + 15.0);
}

static void offer(const struct rt_windows *all, const struct rt_window *v, int32_t r,
                  int32_t k, struct pieces *p)
{
    int32_t n;
    const struct bid_segment *bid = rt_mitigated_bid(all, v, r, k, &n);
    double up, down, available = rt_window_available_mw(all, v, r, k);
    int32_t c = rt_window_configuration(all, v, r, k);
    double pmin = market_pmin_mw(all->m, r, c), pmax = market_pmax_mw(all->m, r, c);
    if (n == 0 || rt_start_is_off(all, v, r, k) || available < fmax(pmin, nothing_mw))
        return;
    double most = fmin(available, pmax);
    rt_services_held_mw(all, v, r, k, most - pmin, &up, &down);
    double top = isfinite(available) ? most : bid[n - 1].to_mw;
    double lo = fmax(bid[0].from_mw, pmin + down);
    double hi = fmin(top, most - up);
    hi = fmin(hi, fmin(start_limit_mw(all, v, r, k), stop_limit_mw(all, v, r, k)));
    limit_move(all, v, r, k, &lo, &hi);
    clip(p, bid, n, lo, fmax(lo, hi));
}

static void write_bid(const struct rt_windows *all, const struct rt_window *v,
                      int32_t r, int32_t k, struct pieces *p)
{
    switch (all->m->resource[r].type) {
    case RESOURCE_LOAD:
        fix(p, mean_load_mw(all, v, r, k));
        return;
    case RESOURCE_IMPORT:
    case RESOURCE_EXPORT:
        p->n = rt_tie_bid(all, v, r, k, p->seg);
        return;
    default:
        offer(all, v, r, k, p);
    }
}

static int64_t most_pieces(const struct rt_windows *all, const struct rt_window *v)
{
    int64_t most = 0;
    for (int32_t r = 0; r < all->m->n_resource; r++)
        for (int32_t k = 0; k < v->n; k++) {
            int32_t n;
            (void)rt_mitigated_bid(all, v, r, k, &n);
            most += n + 1;
        }
    return most;
}

static enum err_code write_book(const struct rt_windows *all, struct rt_window *v,
                                struct err *err)
{
    struct book *b = &v->a.bids;
    *b = (struct book){.n_owner = all->m->n_resource, .n_interval = v->n};
    b->start = ARENA_ARRAY(&v->arena, int64_t, (int64_t)b->n_owner * v->n + 1);
    b->seg = ARENA_ARRAY(&v->arena, struct bid_segment, most_pieces(all, v));
    if (!b->start || !b->seg)
        return err_set(err, ERR_NOMEM, "cannot hold the bids of a real-time run");
    int64_t at = 0;
    for (int32_t r = 0; r < b->n_owner; r++)
        for (int32_t k = 0; k < v->n; k++) {
            struct pieces p = {.seg = b->seg + at};
            b->start[(int64_t)r * v->n + k] = at;
            write_bid(all, v, r, k, &p);
            at += p.n;
        }
    b->start[(int64_t)b->n_owner * v->n] = at;
    return ERR_OK;
}

/* ---- state ---- */

/* Stored energy of the day-ahead plan when a five-minute interval begins. */
static double plan_mwh(const struct rt_windows *all, int32_t r, int32_t five)
{
    const struct market *m = all->m;
    int32_t hour = five / RT_FIVES, past = five % RT_FIVES;
    const double *energy = all->day_ahead->energy_mwh + r;
    size_t n = (size_t)m->n_resource;
    double before = m->resource[r].initial_energy_mwh;
    if (hour > m->first_interval[all->day])
        before = energy[(size_t)(hour - 1) * n];
    else if (hour > 0) /* where the day-ahead market of the day began */
        before = all->out->hour_energy_mwh[(size_t)(hour - 1) * n + (size_t)r];
    if (past == 0)
        return before;
    return before + (energy[(size_t)hour * n] - before) * past / RT_FIVES;
}

/* Most energy that charging in every interval of the window leads to. */
static double reach_mwh(const struct rt_window *v, int32_t r, double energy_mwh)
{
    double hours = v->w.interval_min / 60;
    for (int32_t k = 0; k < v->n; k++) {
        int32_t n;
        const struct bid_segment *bid = book_bid(&v->a.bids, r, k, &n);
        if (n > 0 && bid[0].from_mw < 0)
            energy_mwh -= bid[0].from_mw * v->w.resource[r].charge_efficiency * hours;
    }
    return energy_mwh;
}

static void take_state(const struct rt_windows *all, struct rt_window *v,
                       struct resource *r, int32_t i)
{
    const struct rt_state *now = &all->out->now;
    r->initial_mw = (double)NAN;
    r->n_configuration = 0; /* its bid is within the range of the one it is in */
    if (now->on[i])
        r->initial_mw =
            resource_type_withdraws(r->type) ? -now->output_mw[i] : now->output_mw[i];
    if (r->type != RESOURCE_STORAGE)
        return;
    r->initial_energy_mwh = now->energy_mwh[i];
    r->energy_min_mwh = fmin(r->energy_min_mwh, r->initial_energy_mwh);
    r->energy_max_mwh = fmax(r->energy_max_mwh, r->initial_energy_mwh);
    r->end_energy_mwh = fmin(plan_mwh(all, i, first_five(v, v->n)),
                             reach_mwh(v, i, r->initial_energy_mwh));
    r->end_energy_mwh = fmin(r->end_energy_mwh, r->energy_max_mwh);
}

static enum err_code make_market(const struct rt_windows *all, struct rt_window *v,
                                 struct err *err)
{
    const struct market *m = all->m;
    int32_t *first = ARENA_ARRAY(&v->arena, int32_t, 2);
    struct resource *resource = ARENA_ARRAY(&v->arena, struct resource, m->n_resource);
    int32_t *state = ARENA_ARRAY(&v->arena, int32_t, v->n);
    if (!first || !resource || !state)
        return err_set(err, ERR_NOMEM, "cannot hold the resources of a real-time run");
    for (int32_t k = 0; m->network_state && k < v->n; k++)
        state[k] = m->network_state[hour_of(v, k)];
    v->w = *m;
    v->w.interval_min = 5.0 * v->fives;
    v->w.day = m->day + all->day;
    v->w.n_day = 1;
    v->w.n_interval = first[1] = v->n;
    v->w.first_interval = first;
    v->w.network_state = m->network_state ? state : NULL;
    v->w.n_virtual = 0;
    v->w.n_service_region = v->w.n_service_bidder = 0;
    if (m->n_resource > 0)
        memcpy(resource, m->resource, (size_t)m->n_resource * sizeof *resource);
    v->w.resource = resource;
    enum err_code code = write_book(all, v, err);
    for (int32_t i = 0; i < m->n_resource && !code; i++)
        take_state(all, v, &resource[i], i);
    return code;
}

enum err_code rt_window_write(const struct rt_windows *all, enum rt_run run,
                              int32_t first, int32_t n, struct rt_window *out,
                              struct err *err)
{
    static const int32_t fives[] = {[RT_HOUR_AHEAD] = RT_FIVES,
                                    [RT_FIFTEEN_MINUTE] = RT_FIVES_A_QUARTER,
                                    [RT_DISPATCH] = 1,
                                    [RT_START] = RT_FIVES_A_QUARTER};
    *out = (struct rt_window){.run = run, .first = first, .n = n, .fives = fives[run]};
    return make_market(all, out, err);
}

enum err_code rt_window_formulate(const struct rt_windows *all, struct rt_window *v,
                                  struct err *err)
{
    enum err_code code = formulate_day(&v->w, &v->a, 0, all->net, NULL, &v->f, err);
    for (int32_t r = 0; r < all->m->n_resource && !code; r++)
        for (int32_t k = 0; k < v->n && all->m->resource[r].n_configuration > 0; k++)
            if (moves_from(all, v, r, k) >= 0)
                v->f.ramp_free[(int64_t)k * v->f.problem.n_injection + r] = true;
    return code;
}

enum err_code rt_window_solve(const struct rt_windows *all, enum rt_run run,
                              int32_t first, int32_t n, struct rt_window *out,
                              struct err *err)
{
    enum err_code code = rt_window_write(all, run, first, n, out, err);
    if (!code)
        code = rt_services_require(all, out, err);
    if (!code)
        code = rt_window_formulate(all, out, err);
    return code ? code : dispatch_solve(&out->f.problem, 1e-9, &out->answer, err);
}

void rt_window_drop(struct rt_window *w, int32_t resource, int32_t k)
{
    struct book *b = &w->a.bids;
    int64_t at = (int64_t)resource * b->n_interval + k;
    int64_t end = (int64_t)b->n_owner * b->n_interval;
    int64_t n = b->start[at + 1] - b->start[at];
    memmove(b->seg + b->start[at], b->seg + b->start[at + 1],
            (size_t)(b->start[end] - b->start[at + 1]) * sizeof *b->seg);
    for (int64_t i = at + 1; i <= end; i++)
        b->start[i] -= n;
}

void rt_window_release(struct rt_window *w)
{
    dispatch_answer_release(&w->answer);
    formulation_release(&w->f);
    arena_release(&w->arena);
    *w = (struct rt_window){0};
}

bool rt_window_has(const struct rt_window *w, int32_t resource, int32_t k)
{
    int32_t n;
    (void)book_bid(&w->a.bids, resource, k, &n);
    return n > 0;
}

double rt_window_award(const struct rt_window *w, int32_t resource, int32_t k)
{
    return w->answer.injection_mw[k * w->f.problem.n_injection + resource];
}
