/* merge.c - who is alike, the smaller problem, and the way back. */
#include "solver/merge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/base/mem.h"

struct merge {
    const struct dispatch_problem *whole;
    struct dispatch_problem p;
    int32_t *part_of; /* [whole injections] injection of p */
    int32_t *first;   /* [p injections] the one that stands for it, in the whole */
    int32_t *bus_start, *bus;
    double *bus_weight, *base;
    int64_t *seg_start;
    struct dispatch_segment *seg;
    double *up, *down, *initial;
    bool *ramp_free, *grows;
    struct dispatch_polynomial *polynomial;
    struct dispatch_store *store;
    int32_t *group_injection;
    struct dispatch_outages outages;
    double *participation;
};

/* ---- who is alike ---- */

/* Limits of an injection that others do not see. */
static void mark_known(const struct dispatch_problem *p, bool *apart)
{
    for (int32_t k = 0; k < p->n_polynomial; k++)
        apart[p->polynomial[k].injection] = true;
    for (int32_t k = 0; k < p->n_store; k++)
        apart[p->store[k].injection] = true;
    for (int32_t k = 0; p->n_group > 0 && k < p->group_start[p->n_group]; k++)
        apart[p->group_injection[k]] = true;
    for (int32_t i = 0; i < p->n_injection; i++)
        apart[i] = apart[i] || (p->grows && p->grows[i]) ||
                   p->bus_start[i] == p->bus_start[i + 1];
}

static double top_mw(const struct dispatch_problem *p, int64_t at)
{
    double mw = p->base_mw[at];
    for (int64_t k = p->seg_start[at]; k < p->seg_start[at + 1]; k++)
        mw += p->seg[k].width_mw;
    return mw;
}

/* Whether its whole range is within the ramp limits, whatever it does. */
static bool is_nimble(const struct dispatch_problem *p, int32_t i)
{
    double up = p->ramp_up_mw_per_h[i], down = p->ramp_down_mw_per_h[i];
    double least = p->initial_mw[i], most = least;
    if (isinf(up) && isinf(down))
        return true;
    for (int32_t t = 0; t < p->n_interval; t++) {
        int64_t at = (int64_t)t * p->n_injection + i;
        double lo = p->base_mw[at], hi = top_mw(p, at), h = p->duration_h[t];
        if (!isnan(least) && (hi - least > up * h || most - lo > down * h))
            return false;
        least = lo;
        most = hi;
    }
    return true;
}

/* Costs that rise: segments of one cost would share among themselves first. */
static bool has_steps(const struct dispatch_problem *p, int32_t i)
{
    for (int32_t t = 0; t < p->n_interval; t++) {
        int64_t at = (int64_t)t * p->n_injection + i;
        for (int64_t k = p->seg_start[at] + 1; k < p->seg_start[at + 1]; k++)
            if (!(p->seg[k].cost_usd_per_mwh > p->seg[k - 1].cost_usd_per_mwh))
                return false;
    }
    return true;
}

static uint64_t hash_of(const struct dispatch_problem *p, int32_t i)
{
    size_t n = (size_t)(p->bus_start[i + 1] - p->bus_start[i]);
    uint64_t h = hash_bytes(HASH_START, p->bus + p->bus_start[i], n * sizeof *p->bus);
    for (int32_t t = 0; t < p->n_interval; t++) {
        int64_t at = (int64_t)t * p->n_injection + i;
        h = hash_bytes(h, &t, sizeof t);
        for (int64_t k = p->seg_start[at]; k < p->seg_start[at + 1]; k++)
            h = hash_bytes(h, &p->seg[k].cost_usd_per_mwh, sizeof(double));
    }
    return h;
}

static bool same_places(const struct dispatch_problem *p, int32_t a, int32_t b)
{
    const int32_t *bus_a = p->bus + p->bus_start[a], *bus_b = p->bus + p->bus_start[b];
    const double *wa = p->bus_weight + p->bus_start[a];
    const double *wb = p->bus_weight + p->bus_start[b];
    size_t n = (size_t)(p->bus_start[a + 1] - p->bus_start[a]);
    return n == (size_t)(p->bus_start[b + 1] - p->bus_start[b]) &&
           memcmp(bus_a, bus_b, n * sizeof *bus_a) == 0 &&
           memcmp(wa, wb, n * sizeof *wa) == 0;
}

static bool is_alike(const struct dispatch_problem *p, int32_t a, int32_t b)
{
    if (!same_places(p, a, b))
        return false;
    for (int32_t t = 0; t < p->n_interval; t++) {
        int64_t at = (int64_t)t * p->n_injection;
        const struct dispatch_segment *sa = p->seg + p->seg_start[at + a];
        const struct dispatch_segment *sb = p->seg + p->seg_start[at + b];
        int64_t n = p->seg_start[at + a + 1] - p->seg_start[at + a];
        if (n != p->seg_start[at + b + 1] - p->seg_start[at + b])
            return false;
        for (int64_t k = 0; k < n; k++) /* exact: prices as stated */
            if (sa[k].cost_usd_per_mwh != sb[k].cost_usd_per_mwh ||
                sa[k].price_cost_usd_per_mwh != sb[k].price_cost_usd_per_mwh)
                return false;
    }
    return true;
}

struct found {
    uint64_t hash;
    int32_t injection;
};

static int by_hash(const void *pa, const void *pb)
{
    const struct found *a = pa, *b = pb;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->injection < b->injection ? -1 : a->injection > b->injection;
}

/* leader[i] is the first injection that is like i; returns how many segments are saved. */
static enum err_code find_leaders(const struct dispatch_problem *p, int32_t *leader,
                                  int64_t *saved, struct err *err)
{
    size_t n = (size_t)p->n_injection, n_found = 0;
    bool *apart = mem_alloc(n, sizeof *apart);
    struct found *found = mem_alloc(n, sizeof *found);
    enum err_code code =
        apart && found ? ERR_OK : err_set(err, ERR_NOMEM, "out of memory");
    *saved = 0;
    if (!code)
        mark_known(p, apart);
    for (int32_t i = 0; !code && i < p->n_injection; i++) {
        leader[i] = i;
        if (!apart[i] && is_nimble(p, i) && has_steps(p, i))
            found[n_found++] = (struct found){hash_of(p, i), i};
    }
    if (n_found > 0)
        qsort(found, n_found, sizeof *found, by_hash);
    for (size_t first = 0, k = 1; k < n_found; k++) {
        int32_t i = found[k].injection;
        if (found[k].hash != found[first].hash ||
            !is_alike(p, found[first].injection, i)) {
            first = k; /* of equal hashes that are not alike some may stay apart */
            continue;
        }
        leader[i] = found[first].injection;
        for (int32_t t = 0; t < p->n_interval; t++) {
            int64_t at = (int64_t)t * p->n_injection + i;
            *saved += p->seg_start[at + 1] - p->seg_start[at];
        }
    }
    mem_free(apart);
    mem_free(found);
    return code;
}

/* ---- the smaller problem ---- */

static enum err_code number_parts(struct merge *m, const int32_t *leader,
                                  struct err *err)
{
    int32_t n = 0;
    m->part_of = mem_alloc((size_t)m->whole->n_injection, sizeof *m->part_of);
    m->first = mem_alloc((size_t)m->whole->n_injection, sizeof *m->first);
    if (!m->part_of || !m->first)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t i = 0; i < m->whole->n_injection; i++) { /* leaders come first */
        if (leader[i] == i)
            m->first[n++] = i;
        m->part_of[i] = leader[i] == i ? n - 1 : m->part_of[leader[i]];
    }
    m->p.n_injection = n;
    return ERR_OK;
}

static enum err_code merge_places(struct merge *m, struct err *err)
{
    const struct dispatch_problem *from = m->whole;
    size_t n = (size_t)m->p.n_injection, n_bus = 0;
    for (size_t i = 0; i < n; i++)
        n_bus +=
            (size_t)(from->bus_start[m->first[i] + 1] - from->bus_start[m->first[i]]);
    m->bus_start = mem_alloc(n + 1, sizeof *m->bus_start);
    m->bus = mem_alloc(n_bus, sizeof *m->bus);
    m->bus_weight = mem_alloc(n_bus, sizeof *m->bus_weight);
    m->up = mem_alloc(n, sizeof *m->up);
    m->down = mem_alloc(n, sizeof *m->down);
    m->initial = mem_alloc(n, sizeof *m->initial);
    m->grows = mem_alloc(n, sizeof *m->grows);
    if (!m->bus_start || !m->bus || !m->bus_weight || !m->up || !m->down ||
        !m->initial || !m->grows)
        return err_set(err, ERR_NOMEM, "out of memory");
    int32_t at = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t w = m->first[i];
        for (int32_t k = from->bus_start[w]; k < from->bus_start[w + 1]; k++, at++) {
            m->bus[at] = from->bus[k];
            m->bus_weight[at] = from->bus_weight[k];
        }
        m->bus_start[i + 1] = at;
        m->up[i] = from->ramp_up_mw_per_h[w];
        m->down[i] = from->ramp_down_mw_per_h[w];
        m->initial[i] = from->initial_mw[w];
        m->grows[i] = from->grows && from->grows[w];
    }
    for (int32_t i = 0; i < from->n_injection; i++)
        if (m->first[m->part_of[i]] != i) /* its range says it all */
            m->up[m->part_of[i]] = m->down[m->part_of[i]] = HUGE_VAL;
    m->p.bus_start = m->bus_start;
    m->p.bus = m->bus;
    m->p.bus_weight = m->bus_weight;
    m->p.ramp_up_mw_per_h = m->up;
    m->p.ramp_down_mw_per_h = m->down;
    m->p.initial_mw = m->initial;
    m->p.grows = from->grows ? m->grows : NULL;
    return ERR_OK;
}

static enum err_code merge_bids(struct merge *m, struct err *err)
{
    const struct dispatch_problem *from = m->whole;
    size_t n_t = (size_t)from->n_interval, n = (size_t)m->p.n_injection;
    m->base = mem_alloc(n_t * n, sizeof *m->base);
    m->ramp_free = mem_alloc(n_t * n, sizeof *m->ramp_free);
    m->seg_start = mem_alloc(n_t * n + 1, sizeof *m->seg_start);
    m->seg = mem_alloc((size_t)from->seg_start[n_t * (size_t)from->n_injection],
                       sizeof *m->seg);
    if (!m->base || !m->ramp_free || !m->seg_start || !m->seg)
        return err_set(err, ERR_NOMEM, "out of memory");
    int64_t at = 0;
    for (size_t c = 0; c < n_t * n; c++) {
        size_t w = c / n * (size_t)from->n_injection + (size_t)m->first[c % n];
        m->ramp_free[c] = from->ramp_free && from->ramp_free[w];
        for (int64_t k = from->seg_start[w]; k < from->seg_start[w + 1]; k++, at++) {
            m->seg[at] = from->seg[k];
            m->seg[at].width_mw = 0;
        }
        m->seg_start[c + 1] = at;
    }
    for (size_t t = 0; t < n_t; t++)
        for (int32_t i = 0; i < from->n_injection; i++) {
            size_t w = t * (size_t)from->n_injection + (size_t)i;
            size_t c = t * n + (size_t)m->part_of[i];
            m->base[c] += from->base_mw[w];
            for (int64_t k = from->seg_start[w]; k < from->seg_start[w + 1]; k++)
                m->seg[m->seg_start[c] + k - from->seg_start[w]].width_mw +=
                    from->seg[k].width_mw;
        }
    m->p.base_mw = m->base;
    m->p.ramp_free = from->ramp_free ? m->ramp_free : NULL;
    m->p.seg_start = m->seg_start;
    m->p.seg = m->seg;
    return ERR_OK;
}

/* Everything that names injections. */
static enum err_code merge_names(struct merge *m, struct err *err)
{
    const struct dispatch_problem *from = m->whole;
    int32_t n_member = from->n_group > 0 ? from->group_start[from->n_group] : 0;
    m->polynomial = mem_alloc((size_t)from->n_polynomial, sizeof *m->polynomial);
    m->store = mem_alloc((size_t)from->n_store, sizeof *m->store);
    m->group_injection = mem_alloc((size_t)n_member, sizeof *m->group_injection);
    m->participation = mem_alloc((size_t)m->p.n_injection, sizeof *m->participation);
    if (!m->polynomial || !m->store || !m->group_injection || !m->participation)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < from->n_polynomial; k++) {
        m->polynomial[k] = from->polynomial[k];
        m->polynomial[k].injection = m->part_of[from->polynomial[k].injection];
    }
    for (int32_t k = 0; k < from->n_store; k++) {
        m->store[k] = from->store[k];
        m->store[k].injection = m->part_of[from->store[k].injection];
    }
    for (int32_t k = 0; k < n_member; k++)
        m->group_injection[k] = m->part_of[from->group_injection[k]];
    m->p.polynomial = m->polynomial;
    m->p.store = m->store;
    m->p.group_injection = m->group_injection;
    if (!from->outages)
        return ERR_OK;
    m->outages = *from->outages;
    for (int32_t i = 0; i < from->n_injection; i++)
        m->participation[m->part_of[i]] += from->outages->participation[i];
    m->outages.participation = m->participation;
    m->p.outages = &m->outages;
    return ERR_OK;
}

enum err_code merge_find(const struct dispatch_problem *p, int64_t least,
                         struct merge **out, struct err *err)
{
    const struct dispatch_outages *o = p->outages;
    int64_t saved = 0;
    *out = NULL;
    if (p->seg_start[(int64_t)p->n_interval * p->n_injection] < least ||
        (o && o->n_outage > 0 && o->injection_start[o->n_outage] > 0))
        return ERR_OK;
    int32_t *leader = mem_alloc((size_t)p->n_injection, sizeof *leader);
    struct merge *m = mem_alloc(1, sizeof *m);
    enum err_code code =
        leader && m ? ERR_OK : err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = find_leaders(p, leader, &saved, err);
    if (!code && saved >= least) {
        m->whole = p;
        m->p = *p;
        code = number_parts(m, leader, err);
        if (!code)
            code = merge_places(m, err);
        if (!code)
            code = merge_bids(m, err);
        if (!code)
            code = merge_names(m, err);
        if (!code)
            *out = m;
    }
    if (!*out)
        merge_destroy(m);
    mem_free(leader);
    return code;
}

void merge_destroy(struct merge *m)
{
    if (!m)
        return;
    mem_free(m->part_of);
    mem_free(m->first);
    mem_free(m->bus_start);
    mem_free(m->bus);
    mem_free(m->bus_weight);
    mem_free(m->base);
    mem_free(m->seg_start);
    mem_free(m->seg);
    mem_free(m->up);
    mem_free(m->down);
    mem_free(m->initial);
    mem_free(m->ramp_free);
    mem_free(m->grows);
    mem_free(m->polynomial);
    mem_free(m->store);
    mem_free(m->group_injection);
    mem_free(m->participation);
    mem_free(m);
}

const struct dispatch_problem *merge_problem(const struct merge *m)
{
    return &m->p;
}

const struct dispatch_problem *merge_whole(const struct merge *m)
{
    return m->whole;
}

/* ---- back ---- */

/* Segment of the smaller problem for every segment of the whole, in its order. */
static void each_segment(const struct merge *m, const double *value, bool split,
                         double *whole)
{
    const struct dispatch_problem *from = m->whole;
    for (int32_t t = 0; t < from->n_interval; t++)
        for (int32_t i = 0; i < from->n_injection; i++) {
            int64_t w = (int64_t)t * from->n_injection + i;
            int64_t at = m->seg_start[(int64_t)t * m->p.n_injection + m->part_of[i]];
            for (int64_t k = from->seg_start[w]; k < from->seg_start[w + 1];
                 k++, at++) {
                double width = from->seg[k].width_mw, sum = m->seg[at].width_mw;
                whole[k] = !split    ? value[at]
                           : sum > 0 ? fmin(width, value[at] * (width / sum))
                                     : 0;
            }
        }
}

void merge_split_segments(const struct merge *m, const double *value, double *whole)
{
    each_segment(m, value, true, whole);
}

void merge_copy_segments(const struct merge *m, const double *value, double *whole)
{
    each_segment(m, value, false, whole);
}

void merge_powers(const struct merge *m, const double *segment_mw, double *whole)
{
    const struct dispatch_problem *from = m->whole;
    for (int64_t w = 0; w < (int64_t)from->n_interval * from->n_injection; w++) {
        whole[w] = from->base_mw[w];
        for (int64_t k = from->seg_start[w]; k < from->seg_start[w + 1]; k++)
            whole[w] += segment_mw[k];
    }
}

void merge_name_rows(const struct merge *m, struct dispatch_row *row, int32_t n)
{
    for (int32_t k = 0; k < n; k++)
        if (row[k].kind == DISPATCH_RAMP_UP || row[k].kind == DISPATCH_RAMP_DOWN)
            row[k].index = m->first[row[k].index];
}
