/*
 * fleet.c - the problem with what follows from it: common rows, blocks of others that look
 * alike, which requirements an offer counts for, units that are identical.
 */
#include "solver/commit/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"

enum {
    WORK_PER_ROWS = 1000,
    WORK_PER_STEPS = 100,
    LATE = 4 /* limits of work, by which a first schedule must be there */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for the commitment of units");
}

int64_t fleet_work(const struct fleet *f)
{
    int64_t steps = 0;
    for (int32_t k = 0; k < f->n_thread; k++)
        steps += unit_scheduler_steps(f->scheduler[k]);
    return f->simplex_work / WORK_PER_ROWS + steps / WORK_PER_STEPS;
}

bool fleet_spent(const struct fleet *f)
{
    if (f->o->work_limit > 0 && fleet_work(f) >= f->o->work_limit)
        return true;
    return f->o->seconds_limit > 0 &&
           stopwatch_s() - f->started_s > f->o->seconds_limit;
}

bool fleet_hurries(const struct fleet *f)
{
    return !f->served && f->o->seconds_limit > 0 &&
           stopwatch_s() - f->started_s > 0.5 * f->o->seconds_limit;
}

enum err_code fleet_in_time(const struct fleet *f, struct err *err)
{
    const bool late = f->o->work_limit > 0 && fleet_work(f) / LATE >= f->o->work_limit;
    const bool over =
        f->o->seconds_limit > 0 && stopwatch_s() - f->started_s > f->o->seconds_limit;
    if (f->served || (!late && !over))
        return ERR_OK;
    return err_set(err, ERR_NUMERIC,
                   "no schedule was found within %s; none costs less than %.8g",
                   over ? "the time" : "the limit of work", f->bound_seen_usd);
}

void fleet_note_gap(struct fleet *f, double cost_usd, double bound_usd)
{
    f->gap_seen = (cost_usd - bound_usd) / fmax(fabs(cost_usd), 1e-9);
}

/* ---- rows ---------------------------------------------------------------------------- */

static enum err_code rows_create(struct fleet *f, struct err *err)
{
    const struct commit_problem *p = f->p;
    const int32_t T = p->n_interval;
    int32_t n_step = 0;
    f->n_base = T * (1 + p->n_requirement);
    for (int32_t q = 0; q < p->n_requirement; q++)
        n_step += T * p->requirement[q].n_step;
    f->rhs = MEM_ARRAY(double, f->n_base);
    f->floor = MEM_ARRAY(double, f->n_base);
    f->roof = MEM_ARRAY(double, f->n_base);
    f->taken = MEM_ARRAY(double, f->n_base);
    f->step = MEM_ARRAY(struct short_step, n_step);
    if (!f->rhs || !f->floor || !f->roof || !f->taken || !f->step)
        return no_memory(err);
    for (int32_t t = 0; t < T; t++) {
        f->rhs[t] = p->load_mw[t];
        f->roof[t] = p->shortage_usd_per_mwh * p->interval_h;
        f->floor[t] = -p->surplus_usd_per_mwh * p->interval_h;
    }
    for (int32_t q = 0; q < p->n_requirement; q++) {
        const struct commit_requirement *r = &p->requirement[q];
        for (int32_t t = 0; t < T; t++) {
            const int32_t row = T * (1 + q) + t;
            f->rhs[row] = r->need_mw[t];
            f->floor[row] = 0;
            f->roof[row] = INFINITY;
            for (int32_t s = 0; s < r->n_step; s++) {
                const double cost = r->step_usd_per_mw[s] * p->interval_h;
                if (isinf(r->step_mw[s]))
                    f->roof[row] = cost;
                else
                    f->step[f->n_step++] =
                        (struct short_step){row, r->step_mw[s], cost};
            }
        }
    }
    for (int32_t r = 0; r < f->n_base; r++)
        f->rhs_sum += fabs(f->rhs[r]);
    return ERR_OK;
}

/* ---- others -------------------------------------------------------------------------- */

struct other_key {
    int32_t other, bus;
    double cost_usd;
};

static int by_cost(const void *x, const void *y)
{
    const struct other_key *a = x, *b = y;
    if (a->cost_usd != b->cost_usd)
        return a->cost_usd < b->cost_usd ? -1 : 1;
    if (a->bus != b->bus)
        return a->bus < b->bus ? -1 : 1;
    return a->other < b->other ? -1 : a->other > b->other;
}

static enum err_code blocks_create(struct fleet *f, struct err *err)
{
    const struct commit_problem *p = f->p;
    const size_t most = (size_t)p->n_interval * (size_t)p->n_other;
    struct other_key *key = MEM_ARRAY(struct other_key, p->n_other);
    f->block = MEM_ARRAY(struct other_block, most);
    f->other_of_block = MEM_ARRAY(int32_t, most);
    if (!key || !f->block || !f->other_of_block) {
        mem_free(key);
        return no_memory(err);
    }
    int32_t n = 0;
    for (int32_t t = 0; t < p->n_interval; t++) {
        for (int32_t o = 0; o < p->n_other; o++) {
            const double *cost = p->other[o].cost_usd_per_mwh;
            key[o] = (struct other_key){o, p->net ? p->other[o].bus : -1,
                                        cost ? cost[t] * p->interval_h : 0};
        }
        qsort(key, (size_t)p->n_other, sizeof *key, by_cost);
        for (int32_t k = 0; k < p->n_other; k++) {
            struct other_block *b = &f->block[f->n_block];
            const struct commit_other *other = &p->other[key[k].other];
            if (k == 0 || key[k].cost_usd != key[k - 1].cost_usd ||
                key[k].bus != key[k - 1].bus || p->n_limit > 0) {
                *b = (struct other_block){.interval = t,
                                          .bus = key[k].bus,
                                          .first = n,
                                          .cost_usd = key[k].cost_usd};
                f->n_block++;
            } else {
                b--;
            }
            f->other_of_block[n++] = key[k].other;
            b->n++;
            b->lo_mw += other->min_mw[t];
            b->up_mw += other->max_mw[t];
        }
    }
    mem_free(key);
    return ERR_OK;
}

double fleet_extra_of_block(const struct fleet *f, const struct extra *e,
                            const struct other_block *b)
{
    if (!e->other || e->interval != b->interval)
        return 0;
    return e->other[f->other_of_block[b->first]];
}

enum err_code fleet_price_room(const struct fleet *f, double **y, int32_t *room,
                               struct err *err)
{
    const int32_t n = fleet_n_row(f);
    if (n <= *room)
        return ERR_OK;
    double *more = mem_resize(*y, (size_t)n + 64, sizeof *more);
    if (!more)
        return no_memory(err);
    for (int32_t k = *room; k < n + 64; k++)
        more[k] = 0;
    *y = more;
    *room = n + 64;
    return ERR_OK;
}

/* ---- offers and requirements ---------------------------------------------------------- */

static bool lists_unit(const struct commit_requirement *r, int32_t g)
{
    if (r->n_unit == 0)
        return true;
    int32_t lo = 0, hi = r->n_unit;
    while (lo < hi) {
        const int32_t mid = lo + (hi - lo) / 2;
        if (r->unit[mid] < g)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->n_unit && r->unit[lo] == g;
}

/* Whether all that counts for requirement q is held above power by units that run. */
static bool takes_capacity(const struct fleet *f, int32_t q)
{
    if (f->p->requirement[q].products & f->p->down_products)
        return false;
    for (int32_t g = 0; g < f->n_unit; g++)
        for (int32_t o = 0; o < f->p->unit[g].n_offer; o++) {
            const int32_t at = f->offer_start[g] + o;
            for (int32_t k = f->count_start[at]; k < f->count_start[at + 1]; k++)
                if (f->count[k] == q && f->p->unit[g].offer[o].max_off_mw > 0)
                    return false;
        }
    return true;
}

static enum err_code offers_create(struct fleet *f, struct err *err)
{
    const struct commit_problem *p = f->p;
    f->offer_start = MEM_ARRAY(int32_t, p->n_unit + 1);
    if (!f->offer_start)
        return no_memory(err);
    for (int32_t g = 0; g < p->n_unit; g++) {
        const int32_t n = p->unit[g].n_offer;
        f->offer_start[g + 1] = f->offer_start[g] + n;
        if (n > f->most_offers)
            f->most_offers = n;
    }
    const int32_t n_offer = f->offer_start[p->n_unit];
    f->count_start = MEM_ARRAY(int32_t, n_offer + 1);
    f->count = MEM_ARRAY(int32_t, (size_t)n_offer * (size_t)p->n_requirement);
    if (!f->count_start || !f->count)
        return no_memory(err);
    int32_t n = 0;
    for (int32_t g = 0; g < p->n_unit; g++)
        for (int32_t o = 0; o < p->unit[g].n_offer; o++) {
            const uint32_t bit = UINT32_C(1) << p->unit[g].offer[o].product;
            for (int32_t q = 0; q < p->n_requirement; q++)
                if (p->requirement[q].products & bit &&
                    lists_unit(&p->requirement[q], g))
                    f->count[n++] = q;
            f->count_start[f->offer_start[g] + o + 1] = n;
        }
    f->spinning = MEM_ARRAY(bool, p->n_requirement);
    if (!f->spinning)
        return no_memory(err);
    for (int32_t q = 0; q < p->n_requirement; q++)
        f->spinning[q] = takes_capacity(f, q);
    return ERR_OK;
}

double fleet_spinning_need(const struct fleet *f, int32_t t, int32_t *row)
{
    double most = 0;
    *row = -1;
    for (int32_t q = 0; q < f->p->n_requirement; q++) {
        const struct commit_requirement *r = &f->p->requirement[q];
        const bool soft = r->n_step == 1 && isinf(r->step_mw[0]);
        if (f->spinning[q] && (r->n_step == 0 || soft) && r->need_mw[t] > most) {
            most = r->need_mw[t];
            *row = soft ? f->n_interval * (1 + q) + t : -1;
        }
    }
    return most;
}

/* ---- life ---------------------------------------------------------------------------- */

enum err_code fleet_create(const struct commit_problem *p,
                           const struct commit_options *o, struct fleet **out,
                           struct err *err)
{
    struct fleet *f = MEM_ARRAY(struct fleet, 1);
    *out = NULL;
    if (!f)
        return no_memory(err);
    f->p = p;
    f->o = o;
    f->gap_seen = (double)NAN;
    f->bound_seen_usd = -(double)INFINITY;
    f->n_interval = p->n_interval;
    f->n_unit = p->n_unit;
    f->started_s = stopwatch_s();
    enum err_code code = rows_create(f, err);
    if (!code)
        code = blocks_create(f, err);
    if (!code)
        code = offers_create(f, err);
    if (!code)
        code = fleet_twins(f, err);
    if (!code)
        code = flows_create(f, err);
    if (!code)
        code = limits_create(f, err);
    if (!code)
        code = limits_of_stores(f, err);
    const int32_t n_thread = o->n_thread > 1 ? o->n_thread : 1;
    if (!code && !(f->scheduler = MEM_ARRAY(struct unit_scheduler *, n_thread)))
        code = no_memory(err);
    for (int32_t k = 0; k < n_thread && !code; k++) {
        code = unit_scheduler_create(p, &f->scheduler[k], err);
        if (!code)
            f->n_thread++;
    }
    if (code)
        fleet_release(f);
    else
        *out = f;
    return code;
}

static void extra_release(struct extra *e)
{
    mem_free(e->on);
    mem_free(e->power);
    for (int k = 0; k < EXTRA_ENDS; k++)
        mem_free(e->end[k]);
    mem_free(e->other);
}

void fleet_release(struct fleet *f)
{
    if (!f)
        return;
    for (int32_t k = 0; k < f->n_thread; k++)
        unit_scheduler_release(f->scheduler[k]);
    for (int32_t e = 0; e < f->n_extra; e++)
        extra_release(&f->extra[e]);
    flows_release(f->flows);
    mem_free(f->extra);
    mem_free(f->scheduler);
    mem_free(f->rhs);
    mem_free(f->floor);
    mem_free(f->roof);
    mem_free(f->taken);
    mem_free(f->block);
    mem_free(f->other_of_block);
    mem_free(f->step);
    mem_free(f->offer_start);
    mem_free(f->count_start);
    mem_free(f->count);
    mem_free(f->twin);
    mem_free(f->spinning);
    mem_free(f);
}

enum err_code fleet_add_extra(struct fleet *f, struct extra *e, struct err *err)
{
    if (f->n_extra == f->room_extra) {
        const int32_t room = 2 * f->room_extra + 16;
        struct extra *more = mem_resize(f->extra, (size_t)room, sizeof *more);
        if (!more) {
            extra_release(e);
            return no_memory(err);
        }
        f->extra = more;
        f->room_extra = room;
        double *taken =
            mem_resize(f->taken, (size_t)f->n_base + (size_t)room, sizeof *taken);
        if (!taken) {
            extra_release(e);
            return no_memory(err);
        }
        f->taken = taken;
    }
    f->extra[f->n_extra++] = *e;
    const double *by_unit[2 + EXTRA_ENDS] = {e->on, e->power};
    memcpy(by_unit + 2, e->end, sizeof e->end);
    for (int32_t g = 0; g < f->n_unit; g++)
        for (size_t k = 0; k < sizeof by_unit / sizeof *by_unit; k++)
            if (by_unit[k] && by_unit[k][g] != by_unit[k][f->twin[g]])
                f->twin[g] = g;
    return ERR_OK;
}

void fleet_drop_extra(struct fleet *f)
{
    extra_release(&f->extra[--f->n_extra]);
}

/* ---- prices -------------------------------------------------------------------------- */

/* What cuts take of the price of what may be short: sums of y spread, by row. */
static void take_spread(const struct fleet *f, const double *y)
{
    memset(f->taken, 0, (size_t)fleet_n_row(f) * sizeof *f->taken);
    for (int32_t e = 0; e < f->n_extra; e++) {
        const struct extra *x = &f->extra[e];
        const double by = y[f->n_base + e] * x->spread;
        if (!(x->spread > 0))
            continue;
        f->taken[x->of >= 0 ? f->n_base + x->of : x->interval] += by;
        if (x->short_row >= 0)
            f->taken[x->short_row] += by;
    }
}

/* How much of what cuts take row r can give. */
static double share_left(const struct fleet *f, int32_t r)
{
    const double room =
        r < f->n_base ? f->roof[r] - f->floor[r] : f->extra[r - f->n_base].top_usd;
    return f->taken[r] > room ? room / f->taken[r] : 1;
}

void fleet_clamp(const struct fleet *f, double *y)
{
    bool any = false;
    for (int32_t e = 0; e < f->n_extra; e++) {
        double *v = &y[f->n_base + e];
        *v = isinf(f->extra[e].rhs) ? 0 : fmax(0, fmin(*v, f->extra[e].top_usd));
        any = any || f->extra[e].spread > 0;
    }
    take_spread(f, y);
    for (int32_t e = 0; e < f->n_extra && any; e++) {
        const struct extra *x = &f->extra[e];
        if (x->spread > 0) {
            double share = share_left(f, x->of >= 0 ? f->n_base + x->of : x->interval);
            if (x->short_row >= 0)
                share = fmin(share, share_left(f, x->short_row));
            y[f->n_base + e] *= share;
        }
    }
    if (any)
        take_spread(f, y);
    for (int32_t r = 0; r < f->n_base; r++)
        y[r] = fmax(f->floor[r], fmin(y[r], f->roof[r] - f->taken[r]));
    for (int32_t e = 0; e < f->n_extra && any; e++)
        y[f->n_base + e] =
            fmin(y[f->n_base + e], f->extra[e].top_usd - f->taken[f->n_base + e]);
}

double fleet_rest(const struct fleet *f, const double *y)
{
    double sum = 0;
    for (int32_t r = 0; r < f->n_base; r++)
        sum += y[r] * f->rhs[r];
    for (int32_t e = 0; e < f->n_extra; e++)
        if (!isinf(f->extra[e].rhs))
            sum += y[f->n_base + e] * f->extra[e].rhs;
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *b = &f->block[k];
        double rest = b->cost_usd - y[b->interval];
        if (f->p->net || f->p->n_limit > 0)
            for (int32_t e = 0; e < f->n_extra; e++)
                rest -= y[f->n_base + e] * fleet_extra_of_block(f, &f->extra[e], b);
        sum += rest * (rest > 0 ? b->lo_mw : b->up_mw);
    }
    for (int32_t k = 0; k < f->n_step; k++)
        sum += fmin(0, f->step[k].cost_usd - y[f->step[k].row]) * f->step[k].width_mw;
    return sum;
}

struct merit {
    double cost_usd, mw; /* cost per MW for the whole interval */
    int32_t unit;
};

static int by_merit(const void *x, const void *y)
{
    const struct merit *a = x, *b = y;
    if (a->cost_usd != b->cost_usd)
        return a->cost_usd < b->cost_usd ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* A unit at full power; a start is shared by the hours that a run may last. */
static struct merit merit_of(const struct fleet *f, int32_t g, int32_t t)
{
    const struct commit_unit *plant = &f->p->unit[g];
    const struct commit_unit *u = commit_unit_in(plant, plant->n_config - 1);
    if (u->store) /* gives what others gave at another time */
        return (struct merit){0, 0, g};
    const struct commit_curve *c = &f->p->curve[u->curve[t]];
    const double h = f->p->interval_h;
    const double most = commit_most_mw(u, t);
    double cost = u->min_cost_usd_per_h[t] * h, x = most - u->min_mw;
    for (int32_t s = 0; s < c->n_segment && x > 0; s++) {
        const double part = fmin(x, c->width_mw[s]);
        cost += part * c->cost_usd_per_mwh[s] * h;
        x -= part;
    }
    if (u->n_start > 0)
        cost += u->start[0].cost_usd * h / fmax(8, fmin(24, u->min_up * h));
    if (most <= 0)
        return (struct merit){0, 0, g};
    return (struct merit){cost / most, most, g};
}

double fleet_average_cost(const struct fleet *f, int32_t unit, int32_t t)
{
    return merit_of(f, unit, t).cost_usd;
}

enum err_code fleet_first_prices(struct fleet *f, double *y, struct err *err)
{
    const struct commit_problem *p = f->p;
    struct merit *m = MEM_ARRAY(struct merit, f->n_unit);
    if (!m)
        return no_memory(err);
    double sum = 0;
    for (int32_t r = 0; r < fleet_n_row(f); r++)
        y[r] = 0;
    for (int32_t t = 0; t < f->n_interval; t++) {
        double need = p->load_mw[t];
        for (int32_t q = 0; q < p->n_requirement && q < 1; q++)
            need += p->requirement[q].need_mw[t];
        for (int32_t o = 0; o < p->n_other; o++)
            need -= p->other[o].max_mw[t];
        for (int32_t g = 0; g < f->n_unit; g++)
            m[g] = merit_of(f, g, t);
        qsort(m, (size_t)f->n_unit, sizeof *m, by_merit);
        for (int32_t k = 0; k < f->n_unit && need > 0; k++) {
            need -= m[k].mw;
            y[t] = m[k].cost_usd;
        }
        sum += fabs(y[t]);
    }
    mem_free(m);
    f->scale = sum > 0 ? sum / f->n_interval : 1;
    fleet_clamp(f, y);
    return ERR_OK;
}
