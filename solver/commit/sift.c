/*
 * sift.c - the dispatch of given patterns in a fleet of many units.
 *
 * As one linear program (direct.c) it is too large, and of schedules it has no end: every
 * interval in which a unit follows its price needs schedules of its own. But near good
 * prices nearly all units do what they would at those prices: the program gets the
 * intervals of units near their margin; all others are held to their best schedules. Where
 * its prices make a held one want something else, that one is freed, and again.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"
#include "solver/commit/message.h"

enum {
    ROUNDS = 24,      /* of freeing */
    LIMIT_ROUNDS = 30 /* of limits of flows; patterns that break more are no good */
};

static const double BAND = 0.01;     /* of a usual price: what is near a margin */
static const double NOTHING = 1e-11; /* of cost: regret that rounding leaves */
static const double SAME = 1e-7;     /* of a unit's range */

struct sift {
    struct fleet *f;
    struct pool *pool;
    const struct held *held;
    struct sweep *sweep;
    double cutoff_usd;             /* of a bound: not worth more */
    const struct schedule **found; /* [n_unit] */
    bool *free;                    /* [n_unit][n_interval] */
    double *y;                     /* [room_y] */
    int32_t room_y;
    double *energy; /* [n_interval] price of a unit's power */
    double *up;     /* [n_interval] most that its upward reserve is worth */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for a dispatch");
}

/* ---- what is near its margin --------------------------------------------------------- */

static void look(const struct sift *s, int32_t g)
{
    const struct fleet *f = s->f;
    const int32_t T = f->n_interval;
    memcpy(s->energy, s->y, (size_t)T * sizeof *s->y);
    memset(s->up, 0, (size_t)T * sizeof *s->up);
    for (int32_t e = 0; e < f->n_extra; e++)
        if (f->extra[e].power)
            s->energy[f->extra[e].interval] +=
                s->y[f->n_base + e] * f->extra[e].power[g];
    for (int32_t o = 0; o < f->p->unit[g].n_offer; o++) {
        const int32_t at = f->offer_start[g] + o;
        for (int32_t t = 0; t < T; t++) {
            double mu = 0;
            for (int32_t k = f->count_start[at]; k < f->count_start[at + 1]; k++)
                mu += s->y[T * (1 + f->count[k]) + t];
            s->up[t] = fmax(s->up[t], mu);
        }
    }
}

/* Whether another MW, or one less, would be worth about nothing. */
static bool is_near(const struct sift *s, const struct schedule *x, int32_t t)
{
    const struct fleet *f = s->f;
    const struct commit_unit *u = schedule_unit(f, x, t);
    const struct commit_curve *c = &f->p->curve[u->curve[t]];
    const double h = f->p->interval_h, band = BAND * f->scale;
    const double small = SAME * u->max_mw, most = commit_most_mw(u, t) - u->min_mw;
    double from = 0, at = x->mw[t] - u->min_mw;
    double last = -INFINITY, next = INFINITY; /* slopes below and above */
    for (int32_t k = 0; k < c->n_segment; k++) {
        const double to =
            k + 1 < c->n_segment ? from + c->width_mw[k] : (double)INFINITY;
        if (at > from + small)
            last = h * c->cost_usd_per_mwh[k];
        if (isinf(next) && at < to - small && at < most - small)
            next = h * c->cost_usd_per_mwh[k];
        from = to;
    }
    return last > s->energy[t] - s->up[t] - band || next < s->energy[t] + band;
}

static void free_near(struct sift *s, const struct schedule *const *like)
{
    const struct fleet *f = s->f;
    for (int32_t g = 0; g < f->n_unit; g++) {
        look(s, g);
        for (int32_t t = 0; t < f->n_interval; t++)
            s->free[(size_t)g * (size_t)f->n_interval + (size_t)t] =
                f->p->unit[g].store ||
                (set_has(&like[g]->on, t) && is_near(s, like[g], t));
    }
}

/* A unit that ramps moves in the intervals nearby, too. */
static void free_around(struct sift *s, const struct schedule *x, int32_t t,
                        int32_t reach)
{
    const int32_t T = s->f->n_interval;
    bool *free = s->free + (size_t)x->unit * (size_t)T;
    free[t] = true; /* off, too, as it may offer then */
    for (int32_t k = t; k >= 0 && k >= t - reach && set_has(&x->on, k); k--)
        free[k] = true;
    for (int32_t k = t; k < T && k <= t + reach && set_has(&x->on, k); k++)
        free[k] = true;
}

/* Frees what would rather be as in the sweep than as found; returns how many. */
static int32_t free_others(struct sift *s, int32_t reach)
{
    const struct fleet *f = s->f;
    int32_t n = 0;
    for (int32_t g = 0; g < f->n_unit; g++) {
        const struct schedule *a = s->sweep->best[g], *b = s->found[g];
        bool *free = s->free + (size_t)g * (size_t)f->n_interval;
        const int32_t n_offer = f->p->unit[g].n_offer;
        const double same = SAME * f->p->unit[g].max_mw;
        for (int32_t t = 0; t < f->n_interval; t++) {
            bool differs = fabs(a->mw[t] - b->mw[t]) > same;
            for (int32_t o = 0; o < n_offer && !differs; o++) {
                const int32_t at = f->n_interval + t * n_offer + o;
                differs = fabs(a->mw[at] - b->mw[at]) > same;
            }
            if (differs && !free[t]) {
                n++;
                free_around(s, b, t, reach);
            }
        }
    }
    return n;
}

/* How much better units would do at these prices than as found: cost less bound. */
static double regret_usd(const struct sift *s)
{
    double sum = 0;
    for (int32_t g = 0; g < s->f->n_unit; g++)
        sum += s->sweep->value[g] - schedule_profit(s->f, s->found[g], s->y);
    return sum;
}

/* ---- the dispatch -------------------------------------------------------------------- */

static enum err_code dispatch(struct sift *s, bool *solved, struct err *err)
{
    enum err_code code = ERR_OK;
    free_near(s, s->found);
    for (int32_t k = 0; k < ROUNDS && !code; k++) {
        code = direct_dispatch(s->f, s->pool, s->found, s->free, s->y, s->found, solved,
                               err);
        if (code || !*solved)
            break;
        fleet_clamp(s->f, s->y);
        code = sweep_run(s->f, s->pool, s->held, s->y, s->sweep, err);
        if (!code && (regret_usd(s) <= NOTHING * fabs(s->sweep->bound_usd) ||
                      s->sweep->bound_usd >= s->cutoff_usd || free_others(s, k) == 0))
            break;
    }
    return code;
}

/* The dispatch as a master of one schedule per unit, which says what it breaks. */
static enum err_code state(struct sift *s, struct master **out, struct err *err)
{
    struct master *m = NULL;
    master_release(*out);
    *out = NULL;
    enum err_code code = master_create(s->f, NULL, 0, s->found, s->y, &m, err);
    *out = m;
    if (!code)
        code = generate_restart(m, s->pool, s->held, s->y, s->sweep, err);
    if (!code)
        code = master_add_extra(m, err);
    if (!code) {
        master_box(m, m->y_best, (double)INFINITY);
        code = master_exact(m, err);
    }
    return code;
}

static bool allocate(struct sift *s, const double *y)
{
    const struct fleet *f = s->f;
    const size_t T = (size_t)f->n_interval;
    s->room_y = fleet_n_row(f);
    s->y = MEM_ARRAY(double, s->room_y);
    s->found = MEM_ARRAY(const struct schedule *, f->n_unit);
    s->free = MEM_ARRAY(bool, (size_t)f->n_unit *T);
    s->energy = MEM_ARRAY(double, T);
    s->up = MEM_ARRAY(double, T);
    if (!s->y || !s->found || !s->free || !s->energy || !s->up)
        return false;
    memcpy(s->y, y, (size_t)s->room_y * sizeof *y);
    for (int32_t e = 0; e < f->n_extra; e++)
        if (extra_is_cut(&f->extra[e])) /* says nothing of given patterns */
            s->y[f->n_base + e] = 0;
    return true;
}

static void release(struct sift *s)
{
    mem_free(s->y);
    mem_free(s->found);
    mem_free(s->free);
    mem_free(s->energy);
    mem_free(s->up);
}

/* Dispatches, adds limits that are broken, and again. *whole: none is, and it is solved. */
static enum err_code dispatch_in_limits(struct sift *s, struct master **out,
                                        bool *whole, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < LIMIT_ROUNDS && !code && !*whole; k++) {
        bool solved = true;
        int32_t n_added = 0;
        code = watch_step(s->f->o->watch, 0, 0, s->f->gap_seen, err);
        if (!code)
            code = fleet_in_time(s->f, err);
        if (!code)
            code = dispatch(s, &solved, err);
        if (code || s->sweep->bound_usd >= s->cutoff_usd)
            break;
        code = state(s, out, err);
        if (code || !solved || (*out)->stalled)
            break;
        code = flows_separate(s->f, *out, &n_added, err);
        if (!code)
            code = fleet_price_room(s->f, &s->y, &s->room_y, err);
        *whole = !code && n_added == 0;
    }
    return code;
}

enum err_code sift_dispatch(struct fleet *f, struct pool *pool, const struct held *held,
                            const double *y, double cutoff_usd, struct sweep *sweep,
                            struct master **out, bool *whole, struct err *err)
{
    struct sift s = {
        .f = f, .pool = pool, .held = held, .sweep = sweep, .cutoff_usd = cutoff_usd};
    enum err_code code = allocate(&s, y) ? ERR_OK : no_memory(err);
    *out = NULL;
    *whole = false;
    if (!code) {
        fleet_clamp(f, s.y);
        code = sweep_run(f, pool, held, s.y, sweep, err);
    }
    if (!code && sweep->infeasible >= 0)
        code = commit_no_schedule(f->p, sweep->infeasible, err);
    if (!code && sweep->bound_usd < cutoff_usd) {
        memcpy(s.found, sweep->best, (size_t)f->n_unit * sizeof *s.found);
        code = dispatch_in_limits(&s, out, whole, err);
    }
    release(&s);
    return code;
}
