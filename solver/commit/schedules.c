/* schedules.c - schedules of units, each kept once, and what they cost and contribute. */
#include <math.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"
#include "solver/commit/parts.h"

enum {
    FEW = 16 /* schedules of a unit, which are found one by one */
};

enum err_code pool_create(const struct fleet *f, struct pool **out, struct err *err)
{
    struct pool *pool = MEM_ARRAY(struct pool, 1);
    struct schedule **first = MEM_ARRAY(struct schedule *, f->n_unit);
    struct pool_index *index = MEM_ARRAY(struct pool_index, f->n_unit);
    *out = NULL;
    if (!pool || !first || !index) {
        mem_free(pool);
        mem_free(first);
        mem_free(index);
        return err_set(err, ERR_NOMEM, "out of memory for schedules");
    }
    pool->first = first;
    pool->index = index;
    *out = pool;
    return ERR_OK;
}

static void schedule_release(struct schedule *s)
{
    if (!s)
        return;
    mem_free(s->start_usd);
    mem_free(s->mw);
    mem_free(s);
}

void pool_release(const struct fleet *f, struct pool *pool)
{
    if (!pool)
        return;
    for (int32_t g = 0; g < f->n_unit; g++) {
        while (pool->first[g]) {
            struct schedule *s = pool->first[g];
            pool->first[g] = s->next;
            schedule_release(s);
        }
        mem_free(pool->index[g].bucket);
    }
    mem_free(pool->index);
    mem_free(pool->first);
    mem_free(pool);
}

static size_t n_mw(const struct fleet *f, int32_t unit)
{
    const struct commit_unit *u = &f->p->unit[unit];
    return (size_t)f->n_interval * (size_t)(1 + u->n_offer + (u->store != NULL));
}

static struct schedule *schedule_new(const struct fleet *f, int32_t unit)
{
    struct schedule *s = MEM_ARRAY(struct schedule, 1);
    if (!s)
        return NULL;
    s->unit = unit;
    s->start_usd = MEM_ARRAY(double, f->n_interval);
    s->mw = MEM_ARRAY(double, n_mw(f, unit));
    if (!s->start_usd || !s->mw) {
        schedule_release(s);
        return NULL;
    }
    return s;
}

/* Word by word: FNV-1a with words for bytes, the high half folded in. */
static uint64_t hash_words(const double *value, size_t n)
{
    uint64_t h = HASH_START;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &value[i], sizeof bits);
        h = (h ^ bits ^ (h >> 32)) * HASH_PRIME;
    }
    return h;
}

static bool same(const struct fleet *f, const struct schedule *a,
                 const struct schedule *b)
{
    return a->key == b->key && set_equal(&a->on, &b->on) &&
           memcmp(a->mw, b->mw, n_mw(f, a->unit) * sizeof *a->mw) == 0;
}

static const struct schedule *find(const struct fleet *f, const struct pool *pool,
                                   const struct schedule *s)
{
    const struct pool_index *x = &pool->index[s->unit];
    const bool few = x->n_bucket == 0;
    const struct schedule *old =
        few ? pool->first[s->unit] : x->bucket[s->key & (x->n_bucket - 1)];
    while (old && !same(f, old, s))
        old = few ? old->next : old->like;
    return old;
}

static void put(struct pool_index *x, struct schedule *s)
{
    struct schedule **bucket = &x->bucket[s->key & (x->n_bucket - 1)];
    s->like = *bucket;
    *bucket = s;
}

/* More buckets where there is memory for them: without, it is only slower. */
static void grow_index(struct pool_index *x, struct schedule *first)
{
    const uint32_t n = x->n_bucket ? 4 * x->n_bucket : 4 * FEW;
    struct schedule **more = MEM_ARRAY(struct schedule *, n);
    if (!more)
        return;
    mem_free(x->bucket);
    x->bucket = more;
    x->n_bucket = n;
    for (struct schedule *s = first; s; s = s->next)
        put(x, s);
}

/* Enters s, or releases it where its equal is there already. */
static const struct schedule *enter(const struct fleet *f, struct pool *pool,
                                    struct schedule *s)
{
    struct pool_index *x = &pool->index[s->unit];
    s->key = hash_words(s->mw, n_mw(f, s->unit));
    for (const struct pool *at = pool; at; at = at->parent) {
        const struct schedule *old = find(f, at, s);
        if (old) {
            schedule_release(s);
            return old;
        }
    }
    s->next = pool->first[s->unit];
    pool->first[s->unit] = s;
    if (++x->n > FEW && x->n > x->n_bucket)
        grow_index(x, s);
    else if (x->n_bucket > 0)
        put(x, s);
    return s;
}

enum err_code pool_keep(const struct fleet *f, struct pool *pool, int32_t unit,
                        const struct unit_schedule *from, const struct schedule **out,
                        struct err *err)
{
    struct schedule *s = schedule_new(f, unit);
    if (!s)
        return err_set(err, ERR_NOMEM, "out of memory for schedules");
    s->cost_usd = from->cost_usd;
    s->on = from->on;
    for (int32_t t = 0; t < f->n_interval; t++) {
        s->start_usd[t] = from->start_cost_usd[t];
        s->mw[t] =
            set_has(&s->on, t) ? schedule_unit(f, s, t)->min_mw + from->above_mw[t] : 0;
    }
    const size_t more = n_mw(f, unit) - (size_t)f->n_interval;
    if (more > 0)
        memcpy(s->mw + f->n_interval, from->reserve_mw, more * sizeof *s->mw);
    *out = enter(f, pool, s);
    return ERR_OK;
}

enum err_code pool_copy(const struct fleet *f, struct pool *pool, int32_t unit,
                        const struct schedule *from, const struct schedule **out,
                        struct err *err)
{
    struct schedule *s = schedule_new(f, unit);
    if (!s)
        return err_set(err, ERR_NOMEM, "out of memory for schedules");
    s->cost_usd = from->cost_usd;
    s->on = from->on;
    memcpy(s->start_usd, from->start_usd, (size_t)f->n_interval * sizeof(double));
    memcpy(s->mw, from->mw, n_mw(f, unit) * sizeof(double));
    *out = enter(f, pool, s);
    return ERR_OK;
}

double schedule_cost(const struct fleet *f, const struct schedule *s)
{
    const struct commit_unit *plant = &f->p->unit[s->unit];
    const double h = f->p->interval_h;
    double cost = 0;
    if (plant->store)
        return store_cost(f->p, plant, s->mw, s->mw + f->n_interval);
    for (int32_t t = 0; t < f->n_interval; t++) {
        const bool on = set_has(&s->on, t);
        const bool before = t == 0 ? plant->on_before : set_has(&s->on, t - 1);
        const struct commit_unit *u = on ? schedule_unit(f, s, t) : plant;
        cost += s->start_usd[t] + (before && !on ? plant->stop_cost_usd : 0) +
                commit_change_usd(plant, t == 0 ? plant->mw_before : s->mw[t - 1],
                                  s->mw[t]);
        for (int32_t o = 0; o < u->n_offer; o++)
            if (u->offer[o].price_usd_per_mw)
                cost += h * u->offer[o].price_usd_per_mw[t] *
                        s->mw[f->n_interval + t * u->n_offer + o];
        if (!on)
            continue;
        const struct commit_curve *c = &f->p->curve[u->curve[t]];
        double x = s->mw[t] - u->min_mw, energy = u->min_cost_usd_per_h[t];
        for (int32_t k = 0; k < c->n_segment && x > 0; k++) {
            /* The last segment takes what rounding leaves. */
            const double part = k + 1 < c->n_segment ? fmin(x, c->width_mw[k]) : x;
            energy += part * c->cost_usd_per_mwh[k];
            x -= part;
        }
        cost += h * energy;
    }
    return cost;
}

enum err_code pool_mix(const struct fleet *f, struct pool *pool, int32_t n,
                       const struct schedule *const *s, const double *weight,
                       const struct schedule **out, struct err *err)
{
    if (n == 1) {
        *out = s[0];
        return ERR_OK;
    }
    struct schedule *mix = schedule_new(f, s[0]->unit);
    if (!mix)
        return err_set(err, ERR_NOMEM, "out of memory for schedules");
    mix->on = s[0]->on;
    memcpy(mix->start_usd, s[0]->start_usd, (size_t)f->n_interval * sizeof(double));
    const size_t n_value = n_mw(f, mix->unit);
    for (size_t i = 0; i < n_value; i++) {
        /* Around the first: what all agree on stays exactly that. */
        double sum = 0;
        for (int32_t k = 1; k < n; k++)
            sum += weight[k] * (s[k]->mw[i] - s[0]->mw[i]);
        mix->mw[i] = s[0]->mw[i] + sum;
    }
    mix->cost_usd = schedule_cost(f, mix);
    *out = enter(f, pool, mix);
    return ERR_OK;
}

enum err_code pool_dispatch(const struct fleet *f, struct pool *pool,
                            const struct schedule *like, const double *mw,
                            const struct schedule **out, struct err *err)
{
    struct schedule *s = schedule_new(f, like->unit);
    if (!s)
        return err_set(err, ERR_NOMEM, "out of memory for schedules");
    s->on = like->on;
    memcpy(s->start_usd, like->start_usd, (size_t)f->n_interval * sizeof(double));
    memcpy(s->mw, mw, n_mw(f, s->unit) * sizeof(double));
    s->cost_usd = schedule_cost(f, s);
    *out = enter(f, pool, s);
    return ERR_OK;
}

int schedule_end(const struct fleet *f, const struct schedule *s, int32_t t)
{
    const bool before = t == 0 ? f->p->unit[s->unit].on_before : set_has(&s->on, t - 1);
    if (!set_has(&s->on, t) || f->p->unit[s->unit].store)
        return -1;
    if (!before)
        return END_START;
    return t + 1 < f->n_interval && !set_has(&s->on, t + 1) ? END_STOP : -1;
}

double schedule_extra(const struct fleet *f, const struct schedule *s, int32_t e)
{
    const struct extra *x = &f->extra[e];
    double sum = 0;
    if (x->kind == EXTRA_FUEL)
        return -limits_burnt(f, s, x->limit, x->interval);
    if (x->kind == EXTRA_RAMP && x->store == s->unit)
        sum = s->mw[x->interval] - (x->interval > 0 ? s->mw[x->interval - 1] : 0);
    if (x->kind == EXTRA_RAMP)
        return x->minimum ? sum : -sum;
    if (x->power)
        sum += x->power[s->unit] * s->mw[x->interval];
    if (x->on && set_has(&s->on, x->interval))
        sum += x->on[s->unit];
    const int end = x->kind == EXTRA_CUT ? schedule_end(f, s, x->interval) : -1;
    if (end >= 0 && x->end[end])
        sum += x->end[end][s->unit];
    return sum;
}

void schedule_rows(const struct fleet *f, const struct schedule *s, double by,
                   double *row)
{
    const int32_t T = f->n_interval, g = s->unit;
    const int32_t n_offer = f->p->unit[g].n_offer;
    for (int32_t t = 0; t < T; t++)
        row[t] += by * s->mw[t];
    for (int32_t o = 0; o < n_offer; o++) {
        const int32_t at = f->offer_start[g] + o;
        for (int32_t k = f->count_start[at]; k < f->count_start[at + 1]; k++) {
            double *requirement = row + (size_t)T * (size_t)(1 + f->count[k]);
            for (int32_t t = 0; t < T; t++)
                requirement[t] += by * s->mw[T + t * n_offer + o];
        }
    }
    for (int32_t e = 0; e < f->n_extra; e++)
        row[f->n_base + e] += by * schedule_extra(f, s, e);
}

double schedule_profit(const struct fleet *f, const struct schedule *s, const double *y)
{
    const int32_t T = f->n_interval, g = s->unit;
    const int32_t n_offer = f->p->unit[g].n_offer;
    double sum = -s->cost_usd;
    for (int32_t t = 0; t < T; t++)
        sum += y[t] * s->mw[t];
    for (int32_t o = 0; o < n_offer; o++) {
        const int32_t at = f->offer_start[g] + o;
        for (int32_t k = f->count_start[at]; k < f->count_start[at + 1]; k++) {
            const double *mu = y + (size_t)T * (size_t)(1 + f->count[k]);
            for (int32_t t = 0; t < T; t++)
                sum += mu[t] * s->mw[T + t * n_offer + o];
        }
    }
    for (int32_t e = 0; e < f->n_extra; e++)
        sum += y[f->n_base + e] * schedule_extra(f, s, e);
    return sum;
}
