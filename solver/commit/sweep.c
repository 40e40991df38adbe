/*
 * sweep.c - every unit's best schedule at given prices, on several threads.
 *
 * A unit's answer depends on the prices alone and goes to a place of its own, so that
 * nothing depends on which thread did it.
 */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/parts.h"

enum {
    UNITS_AT_ONCE = 8, /* that a thread takes */
    UNITS_PER_THREAD = 16
};

enum err_code sweep_create(const struct fleet *f, struct sweep **out, struct err *err)
{
    struct sweep *s = MEM_ARRAY(struct sweep, 1);
    *out = NULL;
    if (!s)
        return err_set(err, ERR_NOMEM, "out of memory for prices of units");
    s->value = MEM_ARRAY(double, f->n_unit);
    s->best = MEM_ARRAY(const struct schedule *, f->n_unit);
    if (!s->value || !s->best) {
        sweep_release(s);
        return err_set(err, ERR_NOMEM, "out of memory for prices of units");
    }
    *out = s;
    return ERR_OK;
}

void sweep_release(struct sweep *s)
{
    if (!s)
        return;
    mem_free(s->value);
    mem_free(s->best);
    mem_free(s);
}

/* Prices as one unit sees them. */
struct view {
    double *energy, *reserve, *bonus, *first, *last, *fuel;
    struct unit_prices prices;
};

static enum err_code view_create(const struct fleet *f, struct view *v, struct err *err)
{
    const size_t T = (size_t)f->n_interval, offers = (size_t)f->most_offers;
    v->energy = mem_alloc(T * (4 + offers + (size_t)f->p->n_limit), sizeof *v->energy);
    if (!v->energy)
        return err_set(err, ERR_NOMEM, "out of memory for prices of units");
    v->bonus = v->energy + T;
    v->first = v->bonus + T;
    v->last = v->first + T;
    v->fuel = v->last + T;
    v->reserve = v->fuel + T * (size_t)f->p->n_limit;
    return ERR_OK;
}

static void look(const struct fleet *f, int32_t g, const double *y, struct view *v)
{
    const int32_t T = f->n_interval, n_offer = f->p->unit[g].n_offer;
    memcpy(v->energy, y, (size_t)T * sizeof *y);
    memset(v->bonus, 0, 3 * (size_t)T * sizeof *y); /* first and last behind it */
    memset(v->fuel, 0, (size_t)T * (size_t)f->p->n_limit * sizeof *y);
    memset(v->reserve, 0, (size_t)T * (size_t)n_offer * sizeof *y);
    for (int32_t o = 0; o < n_offer; o++) {
        const int32_t at = f->offer_start[g] + o;
        for (int32_t k = f->count_start[at]; k < f->count_start[at + 1]; k++) {
            const double *mu = y + (size_t)T * (size_t)(1 + f->count[k]);
            for (int32_t t = 0; t < T; t++)
                v->reserve[t * n_offer + o] += mu[t];
        }
    }
    bool any = false, ends = false;
    for (int32_t e = 0; e < f->n_extra; e++) {
        const struct extra *x = &f->extra[e];
        any = any || x->on;
        ends = ends || x->end[END_START] || x->end[END_STOP];
        if (y[f->n_base + e] == 0)
            continue;
        if (x->kind == EXTRA_FUEL)
            v->fuel[x->limit * T + x->interval] += y[f->n_base + e];
        if (x->kind == EXTRA_RAMP && x->store == g) {
            const double by = x->minimum ? y[f->n_base + e] : -y[f->n_base + e];
            v->energy[x->interval] += by;
            if (x->interval > 0)
                v->energy[x->interval - 1] -= by;
        }
        if (x->power)
            v->energy[x->interval] += y[f->n_base + e] * x->power[g];
        if (x->on)
            v->bonus[x->interval] += y[f->n_base + e] * x->on[g];
        if (x->end[END_START])
            v->first[x->interval] += y[f->n_base + e] * x->end[END_START][g];
        if (x->end[END_STOP])
            v->last[x->interval] += y[f->n_base + e] * x->end[END_STOP][g];
    }
    v->prices = (struct unit_prices){.energy_usd_per_mw = v->energy,
                                     .reserve_usd_per_mw = v->reserve,
                                     .bonus_usd = any ? v->bonus : NULL,
                                     .fuel_usd = f->p->n_limit > 0 ? v->fuel : NULL,
                                     .first_usd = ends ? v->first : NULL,
                                     .last_usd = ends ? v->last : NULL};
}

struct job {
    struct fleet *f;
    struct pool *pool;
    const struct held *held;
    const double *y;
    struct sweep *s;
    atomic_int *next;
    int32_t thread;
    enum err_code code;
    struct err err;
};

static bool is_twin(const struct job *j, int32_t g)
{
    const int32_t twin = j->f->twin[g];
    if (twin == g)
        return false;
    if (!j->held || !j->held->on)
        return true;
    return set_equal(&j->held->on[g], &j->held->on[twin]) &&
           set_equal(&j->held->off[g], &j->held->off[twin]);
}

static enum err_code price_unit(struct job *j, int32_t g, struct view *v)
{
    struct unit_schedule best;
    const bool holds = j->held && j->held->on;
    look(j->f, g, j->y, v);
    enum err_code code = unit_schedule_best(
        j->f->scheduler[j->thread], g, &v->prices, holds ? &j->held->on[g] : NULL,
        holds ? &j->held->off[g] : NULL, &best, &j->err);
    if (code)
        return code;
    j->s->value[g] = best.value_usd;
    j->s->best[g] = NULL;
    if (isinf(best.value_usd))
        return ERR_OK;
    return pool_keep(j->f, j->pool, g, &best, &j->s->best[g], &j->err);
}

static void *run_job(void *arg)
{
    struct job *j = arg;
    struct view v = {0};
    j->code = view_create(j->f, &v, &j->err);
    while (!j->code) {
        const int32_t from = atomic_fetch_add(j->next, UNITS_AT_ONCE);
        if (from >= j->f->n_unit)
            break;
        for (int32_t g = from; g < from + UNITS_AT_ONCE && g < j->f->n_unit; g++)
            if (!j->code && !is_twin(j, g))
                j->code = price_unit(j, g, &v);
    }
    mem_free(v.energy);
    return NULL;
}

/* The schedules of units that are as another one. */
static enum err_code copy_twins(struct job *j, struct err *err)
{
    struct fleet *f = j->f;
    for (int32_t g = 0; g < f->n_unit; g++) {
        if (!is_twin(j, g))
            continue;
        const int32_t twin = f->twin[g];
        j->s->value[g] = j->s->value[twin];
        j->s->best[g] = NULL;
        if (!j->s->best[twin])
            continue;
        enum err_code code =
            pool_copy(f, j->pool, g, j->s->best[twin], &j->s->best[g], err);
        if (code)
            return code;
    }
    return ERR_OK;
}

static enum err_code run_all(struct job *job, int32_t n, struct err *err)
{
    pthread_t thread[16];
    bool runs[16] = {false};
    for (int32_t k = 1; k < n; k++)
        runs[k] = pthread_create(&thread[k], NULL, run_job, &job[k]) == 0;
    (void)run_job(&job[0]);
    for (int32_t k = 1; k < n; k++)
        if (runs[k])
            (void)pthread_join(thread[k], NULL);
    for (int32_t k = 0; k < n; k++)
        if (job[k].code)
            return err_set(err, job[k].code, "%s", job[k].err.msg);
    return ERR_OK;
}

enum err_code sweep_run(struct fleet *f, struct pool *pool, const struct held *held,
                        const double *y, struct sweep *s, struct err *err)
{
    struct job job[16] = {{0}};
    atomic_int next = 0;
    int32_t n = f->n_thread < 16 ? f->n_thread : 16;
    if (n > 1 + f->n_unit / UNITS_PER_THREAD)
        n = 1 + f->n_unit / UNITS_PER_THREAD;
    for (int32_t k = 0; k < n; k++)
        job[k] = (struct job){.f = f,
                              .pool = pool,
                              .held = held,
                              .y = y,
                              .s = s,
                              .next = &next,
                              .thread = k};
    enum err_code code = run_all(job, n, err);
    if (!code)
        code = copy_twins(&job[0], err);
    if (code)
        return code;
    s->infeasible = -1;
    s->bound_usd = fleet_rest(f, y);
    for (int32_t g = 0; g < f->n_unit; g++) {
        s->bound_usd -= s->value[g];
        if (!s->best[g] && s->infeasible < 0)
            s->infeasible = g;
    }
    if ((!held || !held->on) && s->infeasible < 0)
        f->bound_seen_usd = fmax(f->bound_seen_usd, s->bound_usd);
    return ERR_OK;
}

enum err_code sweep_value(struct fleet *f, int32_t unit, const struct interval_set *on,
                          const struct interval_set *off, const double *y,
                          struct unit_schedule *out, struct err *err)
{
    struct view v = {0};
    enum err_code code = view_create(f, &v, err);
    if (!code) {
        look(f, unit, y, &v);
        code = unit_schedule_best(f->scheduler[0], unit, &v.prices, on, off, out, err);
    }
    mem_free(v.energy);
    return code;
}
