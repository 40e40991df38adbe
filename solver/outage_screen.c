/*
 * outage_screen.c - which limits a dispatch would break after outages: all pairs, most of
 * them by proof (outage.h).
 *
 * Where one branch is lost, f_l + lodf_lk f_k needs no sum, so these pairs are worked on
 * several at a time next to the solves that give lodf. Other outages are dense products
 * (branches x elements lost) (elements x intervals).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/dense.h"
#include "solver/outage_parts.h"

enum {
    LANES = SPARSE_LANES
};

/* The worst broken limit of a branch in an interval. */
struct worst {
    double over_mw; /* 0 = none */
    int32_t outage;
    bool minimum;
};

/* A branch or an outage with the number it is sorted by. */
struct ranked {
    double key;
    int32_t index;
};

struct search {
    struct outage_screen *s;
    const double *flow, *power;
    const struct outage_known *known;
    int32_t n_t;
    struct worst *worst;   /* [n_t * n_branch] */
    struct ranked *branch; /* [n_limited] room before the outage, least first */
    struct ranked *outage; /* plain ones to look at: reach x lost flow, most first */
    int32_t n_outage;
    int32_t *rank_of;    /* [n_branch] place in branch, -1 = none */
    int32_t n_row;       /* branches solved for by row: the first ones */
    double *lost;        /* [n_outage of the data] largest flow that it loses */
    double *spare;       /* [n_outage of the data] room found so far */
    double *widest;      /* [n_outage of the data] largest lodf seen */
    const double *lanes; /* of the factor: differences last solved for */
};

static double limit_of(const struct search *x, int32_t l, bool minimum)
{
    return minimum ? x->s->o->min_mw[l] : x->s->o->max_mw[l];
}

static double flow_at(const struct search *x, int32_t t, int32_t l)
{
    return x->flow[(size_t)t * (size_t)x->s->d->n_branch + (size_t)l];
}

/*
 * Room that a branch has in an interval if its flow were `after`, with the tolerance; a
 * broken limit that is not known is remembered.
 */
static double look(struct search *x, int32_t t, int32_t k, int32_t l, double after)
{
    double room = (double)INFINITY;
    for (int side = 0; side < 2; side++) {
        bool minimum = side;
        double limit = limit_of(x, l, minimum);
        if (isinf(limit))
            continue;
        double over = minimum ? limit - after : after - limit;
        double spare = outage_tolerance_mw(limit) - over;
        if (spare < 0 && x->known && x->known->has(x->known->context, t, k, l, minimum))
            continue;
        room = fmin(room, spare);
        struct worst *w = &x->worst[(size_t)t * (size_t)x->s->d->n_branch + (size_t)l];
        if (spare < 0 && (over > w->over_mw ||
                          (!(over < w->over_mw) && w->over_mw > 0 && k < w->outage)))
            *w = (struct worst){over, k, minimum};
    }
    return room;
}

/* All intervals of a pair of a plain outage. */
static double look_closely(struct search *x, int32_t k, int32_t l, double lodf)
{
    int32_t m = x->s->o->branch[x->s->o->branch_start[k]];
    double room = (double)INFINITY;
    for (int32_t t = 0; t < x->n_t; t++)
        room = fmin(room, look(x, t, k, l, flow_at(x, t, l) + lodf * flow_at(x, t, m)));
    return room;
}

/* ---- by row: a few tight branches, all outages ---- */

/* A block of branches that are solved for together, one per lane. */
struct row_block {
    int32_t first, n;
    double b[LANES];
    double room[LANES]; /* INFINITY in lanes that are not looked at */
};

/* What 1 MW from end to end of an outaged branch does to the branches of a block. */
static void look_at_lanes(struct search *x, const struct row_block *block, int32_t k,
                          const double *from, const double *to)
{
    const struct outage_screen *s = x->s;
    int32_t m = s->o->branch[s->o->branch_start[k]];
    double lodf[LANES], room[LANES], by[LANES], most = 0, least = x->spare[k];
    double per_own = 1 / s->own[k], lost = x->lost[k], tightest = (double)INFINITY;
    for (int c = 0; c < LANES; c++) {
        lodf[c] = block->b[c] * (from[c] - to[c]) * per_own;
        by[c] = fabs(lodf[c]);
        room[c] = block->room[c] - by[c] * lost;
    }
    int32_t own_lane = x->rank_of[m] - block->first;
    if (own_lane >= 0 && own_lane < block->n) {
        room[own_lane] = (double)INFINITY;
        by[own_lane] = 0;
    }
    for (int c = 0; c < LANES; c++) {
        tightest = room[c] < tightest ? room[c] : tightest;
        most = by[c] > most ? by[c] : most;
    }
    for (int32_t c = 0; tightest <= 0 && c < block->n; c++) {
        if (room[c] <= 0)
            room[c] = look_closely(x, k, x->branch[block->first + c].index, lodf[c]);
        least = fmin(least, room[c]);
    }
    x->spare[k] = tightest > 0 ? fmin(least, tightest) : least;
    x->widest[k] = fmax(x->widest[k], most);
}

static enum err_code search_rows(struct search *x, struct err *err)
{
    struct outage_screen *s = x->s;
    const struct network_data *d = s->d;
    for (int32_t first = 0; first < x->n_row; first += LANES) {
        int32_t n = x->n_row - first < LANES ? x->n_row - first : LANES;
        struct row_block block = {.first = first, .n = n};
        for (int c = 0; c < LANES; c++)
            block.room[c] = (double)INFINITY;
        int32_t from[LANES], to[LANES];
        for (int32_t c = 0; c < LANES; c++) {
            int32_t l = c < n ? x->branch[first + c].index : -1;
            bool none = l < 0 || network_is_bus_tie(d, l);
            from[c] = none ? -1 : s->row[d->from[l]];
            to[c] = none ? -1 : s->row[d->to[l]];
            block.b[c] = none ? 0 : d->susceptance_mw_per_rad[l];
            if (!none)
                block.room[c] = x->branch[first + c].key;
        }
        enum err_code code = sparse_differences(s->factor, from, to, &x->lanes, err);
        if (code)
            return code;
        for (int32_t r = 0; r < x->n_outage; r++) {
            int32_t k = x->outage[r].index, m = s->o->branch[s->o->branch_start[k]];
            look_at_lanes(x, &block, k, x->lanes + s->place[d->from[m]],
                          x->lanes + s->place[d->to[m]]);
        }
        s->pairs_seen += (int64_t)n * x->n_outage;
    }
    return ERR_OK;
}

/* Limited ties, whose factors are no differences of angles. */
static enum err_code search_ties(struct search *x, struct err *err)
{
    struct outage_screen *s = x->s;
    const struct network_data *d = s->d;
    double *row = NULL;
    enum err_code code = ERR_OK;
    for (int32_t i = 0; !code && i < s->n_limited; i++) {
        int32_t l = s->limited[i];
        if (!network_is_bus_tie(d, l))
            continue;
        if (!row)
            row = mem_alloc((size_t)d->n_bus, sizeof *row);
        if (!row)
            return err_set(err, ERR_NOMEM, "out of memory");
        code = network_ptdf_rows(s->p->net, 1, &l, row, err);
        for (int32_t r = 0; !code && r < x->n_outage; r++) {
            int32_t k = x->outage[r].index, m = s->o->branch[s->o->branch_start[k]];
            double lodf = (row[d->from[m]] - row[d->to[m]]) / s->own[k];
            x->widest[k] = fmax(x->widest[k], fabs(lodf));
            x->spare[k] = fmin(x->spare[k], look_closely(x, k, l, lodf));
        }
        s->pairs_seen += x->n_outage;
    }
    mem_free(row);
    return code;
}

/* ---- by column: a few outages, all other branches ---- */

/* Branches behind the rows, for LANES outages of which the first reaches furthest. */
static void look_at_columns(struct search *x, int32_t first, int32_t n)
{
    struct outage_screen *s = x->s;
    const struct network_data *d = s->d;
    double lost[LANES] = {0}, per_own[LANES] = {0}, most[LANES] = {0}, least[LANES];
    int32_t lane_branch[LANES];
    for (int32_t c = 0; c < LANES; c++) {
        least[c] = (double)INFINITY;
        lane_branch[c] = -1;
        if (c >= n)
            continue;
        int32_t k = x->outage[first + c].index;
        lost[c] = x->lost[k];
        per_own[c] = 1 / s->own[k];
        lane_branch[c] = s->o->branch[s->o->branch_start[k]];
    }
    int32_t i = x->n_row;
    for (; i < s->n_limited && x->branch[i].key <= x->outage[first].key; i++) {
        int32_t l = x->branch[i].index;
        const double *from = x->lanes + s->place[d->from[l]];
        const double *to = x->lanes + s->place[d->to[l]];
        double b = d->susceptance_mw_per_rad[l], room = x->branch[i].key;
        double by[LANES], left[LANES], tightest = room;
        if (network_is_bus_tie(d, l))
            continue;
        for (int c = 0; c < LANES; c++) {
            by[c] = fabs(b * (from[c] - to[c]) * per_own[c]);
            left[c] = room - by[c] * lost[c];
            tightest = left[c] < tightest ? left[c] : tightest;
        }
        for (int32_t c = 0; tightest <= 0 && c < n; c++)
            if (left[c] <= 0 && l != lane_branch[c])
                left[c] = look_closely(x, x->outage[first + c].index, l,
                                       b * (from[c] - to[c]) * per_own[c]);
        for (int c = 0; c < LANES; c++) {
            bool other = l != lane_branch[c];
            least[c] = other && left[c] < least[c] ? left[c] : least[c];
            most[c] = other && by[c] > most[c] ? by[c] : most[c];
        }
    }
    s->pairs_seen += (int64_t)n * (i - x->n_row);
    for (int32_t c = 0; c < n; c++) {
        int32_t k = x->outage[first + c].index;
        x->spare[k] = fmin(x->spare[k], least[c]);
        x->widest[k] = fmax(x->widest[k], most[c]);
        if (i < s->n_limited)
            x->spare[k] =
                fmin(x->spare[k], x->branch[i].key - x->outage[first + c].key);
    }
}

static enum err_code search_columns(struct search *x, struct err *err)
{
    struct outage_screen *s = x->s;
    const struct network_data *d = s->d;
    if (x->n_row == s->n_limited)
        return ERR_OK;
    double room = x->branch[x->n_row].key;
    int32_t first = 0;
    for (; first < x->n_outage && x->outage[first].key >= room; first += LANES) {
        int32_t n = x->n_outage - first < LANES ? x->n_outage - first : LANES;
        int32_t from[LANES], to[LANES];
        for (int32_t c = 0; c < LANES; c++) {
            int32_t k = c < n ? x->outage[first + c].index : -1;
            int32_t m = k < 0 ? -1 : s->o->branch[s->o->branch_start[k]];
            from[c] = m < 0 ? -1 : s->row[d->from[m]];
            to[c] = m < 0 ? -1 : s->row[d->to[m]];
        }
        enum err_code code = sparse_differences(s->factor, from, to, &x->lanes, err);
        if (code)
            return code;
        look_at_columns(x, first, n);
    }
    for (; first < x->n_outage; first++) { /* proven: none of these reaches the rest */
        int32_t k = x->outage[first].index;
        x->spare[k] = fmin(x->spare[k], room - x->outage[first].key);
    }
    return ERR_OK;
}

/* ---- outages of several elements, of injections, of ties ---- */

static bool takes_out(const struct outage_screen *s, int32_t k, int32_t l)
{
    for (int32_t e = s->o->branch_start[k]; e < s->o->branch_start[k + 1]; e++)
        if (s->o->branch[e] == l)
            return true;
    return false;
}

/* What is lost, [interval][element], into lost. */
static void list_lost(const struct search *x, int32_t k, double *lost)
{
    const struct outage_screen *s = x->s;
    for (int32_t t = 0, i = 0; t < x->n_t; t++) {
        for (int32_t e = s->o->branch_start[k]; e < s->o->branch_start[k + 1]; e++)
            lost[i++] = flow_at(x, t, s->o->branch[e]);
        for (int32_t e = s->o->injection_start[k]; e < s->o->injection_start[k + 1];
             e++)
            lost[i++] = x->power[(size_t)t * (size_t)s->p->n_injection +
                                 (size_t)s->o->injection[e]];
    }
}

static enum err_code search_one(struct search *x, int32_t k, struct err *err)
{
    struct outage_screen *s = x->s;
    int32_t n = outage_n_branch(s, k) + outage_n_injection(s, k);
    int32_t n_branch = s->d->n_branch;
    double *effect = mem_alloc((size_t)n * (size_t)n_branch, sizeof *effect);
    double *change = mem_alloc((size_t)x->n_t * (size_t)n_branch, sizeof *change);
    double *lost = mem_alloc((size_t)x->n_t * (size_t)n, sizeof *lost);
    enum err_code code = ERR_OK;
    if (!effect || !change || !lost)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = outage_effect(s, k, effect, err);
    if (!code) {
        list_lost(x, k, lost);
        dense_multiply(x->n_t, n_branch, n, 1, lost, effect, change);
        s->pairs_seen += s->n_limited;
    }
    for (int32_t i = 0; !code && i < s->n_limited; i++) {
        int32_t l = s->limited[i];
        double width = 0;
        if (takes_out(s, k, l))
            continue;
        for (int32_t e = 0; e < n; e++)
            width += fabs(effect[(size_t)e * (size_t)n_branch + (size_t)l]);
        x->widest[k] = fmax(x->widest[k], width);
        for (int32_t t = 0; t < x->n_t; t++) {
            double by = change[(size_t)t * (size_t)n_branch + (size_t)l];
            x->spare[k] = fmin(x->spare[k], look(x, t, k, l, flow_at(x, t, l) + by));
        }
    }
    mem_free(effect);
    mem_free(change);
    mem_free(lost);
    return code;
}

/* ---- what has to be looked at ---- */

/* How far flows and powers have moved since the last call, added to s->drift. */
static enum err_code follow(struct search *x, struct err *err)
{
    struct outage_screen *s = x->s;
    size_t n_flow = (size_t)x->n_t * (size_t)s->d->n_branch;
    size_t n_power = (size_t)x->n_t * (size_t)s->p->n_injection;
    double most = 0;
    if (!s->last_flow) {
        s->last_flow = mem_alloc(n_flow, sizeof *s->last_flow);
        s->last_power = mem_alloc(n_power, sizeof *s->last_power);
        if (!s->last_flow || !s->last_power)
            return err_set(err, ERR_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n_flow; i++)
        most = fmax(most, fabs(x->flow[i] - s->last_flow[i]));
    for (size_t i = 0; i < n_power; i++)
        most = fmax(most, fabs(x->power[i] - s->last_power[i]));
    memcpy(s->last_flow, x->flow, n_flow * sizeof *s->last_flow);
    memcpy(s->last_power, x->power, n_power * sizeof *s->last_power);
    s->drift += most;
    return ERR_OK;
}

/* False while no flow after the outage can have used up the room that there was. */
static bool is_due(const struct outage_screen *s, int32_t k)
{
    if (s->kind[k] != OUTAGE_SCREENED)
        return false;
    double moved = s->drift - s->seen_at[k];
    return s->spare[k] <= 0 ||
           (moved > 0 && !(moved * (1 + s->reach[k]) < s->spare[k]));
}

static int least_first(const void *pa, const void *pb)
{
    const struct ranked *a = pa, *b = pb;
    if (a->key < b->key || a->key > b->key)
        return a->key < b->key ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static int most_first(const void *pa, const void *pb)
{
    const struct ranked *a = pa, *b = pb;
    if (a->key < b->key || a->key > b->key)
        return a->key > b->key ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static void rank(struct search *x)
{
    struct outage_screen *s = x->s;
    for (int32_t i = 0; i < s->n_limited; i++) {
        int32_t l = s->limited[i];
        double room = (double)INFINITY;
        for (int32_t t = 0; t < x->n_t; t++) {
            double f = flow_at(x, t, l);
            room = fmin(room, fmin(s->o->max_mw[l] - f, f - s->o->min_mw[l]));
        }
        x->branch[i] = (struct ranked){room, l};
    }
    qsort(x->branch, (size_t)s->n_limited, sizeof *x->branch, least_first);
    for (int32_t l = 0; l < s->d->n_branch; l++)
        x->rank_of[l] = -1;
    for (int32_t i = 0; i < s->n_limited; i++)
        x->rank_of[x->branch[i].index] = i;
    for (int32_t k = 0; k < s->o->n_outage; k++) {
        if (!outage_is_plain(s, k) || !is_due(s, k))
            continue;
        int32_t m = s->o->branch[s->o->branch_start[k]];
        for (int32_t t = 0; t < x->n_t; t++)
            x->lost[k] = fmax(x->lost[k], fabs(flow_at(x, t, m)));
        double far = isinf(s->reach[k]) ? (double)INFINITY : s->reach[k] * x->lost[k];
        x->outage[x->n_outage++] = (struct ranked){far, k};
        x->spare[k] = (double)INFINITY;
    }
    qsort(x->outage, (size_t)x->n_outage, sizeof *x->outage, most_first);
}

/* How many branches to solve for by row, so that rows and columns are fewest. */
static void split(struct search *x)
{
    int32_t columns = x->n_outage, best = columns;
    x->n_row = 0;
    for (int32_t i = 0; i <= x->s->n_limited; i++) {
        if (i == x->s->n_limited)
            columns = 0;
        else
            while (columns > 0 && x->outage[columns - 1].key < x->branch[i].key)
                columns--;
        if (i + columns < best || i == 0) {
            best = i + columns;
            x->n_row = i;
        }
    }
}

/* ---- the answer ---- */

static int worst_first(const void *pa, const void *pb)
{
    const struct outage_violation *a = pa, *b = pb;
    if (a->over_mw > b->over_mw || a->over_mw < b->over_mw)
        return a->over_mw > b->over_mw ? -1 : 1;
    return a->branch < b->branch ? -1 : a->branch > b->branch;
}

/* The worst `most` branches of an interval. */
static enum err_code collect(const struct search *x, int32_t t, int32_t most,
                             struct outage_violation *found, int32_t *n_found,
                             struct err *err)
{
    int32_t n = 0, n_branch = x->s->d->n_branch;
    const struct worst *worst = x->worst + (size_t)t * (size_t)n_branch;
    struct outage_violation *all = mem_alloc((size_t)n_branch, sizeof *all);
    if (!all)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t l = 0; l < n_branch; l++)
        if (worst[l].over_mw > 0)
            all[n++] = (struct outage_violation){t, worst[l].outage, l,
                                                 worst[l].minimum, worst[l].over_mw};
    qsort(all, (size_t)n, sizeof *all, worst_first);
    *n_found = n < most ? n : most;
    memcpy(found, all, (size_t)*n_found * sizeof *found);
    mem_free(all);
    return ERR_OK;
}

static bool allocate(struct search *x)
{
    const struct outage_screen *s = x->s;
    size_t n = (size_t)s->o->n_outage;
    x->worst = mem_alloc((size_t)x->n_t * (size_t)s->d->n_branch, sizeof *x->worst);
    x->branch = mem_alloc((size_t)s->n_limited, sizeof *x->branch);
    x->outage = mem_alloc(n, sizeof *x->outage);
    x->rank_of = mem_alloc((size_t)s->d->n_branch, sizeof *x->rank_of);
    x->lost = mem_alloc(n, sizeof *x->lost);
    x->spare = mem_alloc(n, sizeof *x->spare);
    x->widest = mem_alloc(n, sizeof *x->widest);
    return x->worst && x->branch && x->outage && x->rank_of && x->lost && x->spare &&
           x->widest;
}

static void release(struct search *x)
{
    mem_free(x->worst);
    mem_free(x->branch);
    mem_free(x->outage);
    mem_free(x->rank_of);
    mem_free(x->lost);
    mem_free(x->spare);
    mem_free(x->widest);
}

/* Every outage that is due has been looked at: what was learned about it. */
static void remember(struct search *x, int32_t k)
{
    struct outage_screen *s = x->s;
    s->spare[k] = x->spare[k];
    s->seen_at[k] = s->drift;
    if (isinf(s->reach[k]))
        s->reach[k] = x->widest[k] * (1 + 1e-9) + 1e-12;
}

static enum err_code search_all(struct search *x, struct err *err)
{
    struct outage_screen *s = x->s;
    enum err_code code = search_ties(x, err);
    if (!code)
        code = search_rows(x, err);
    if (!code)
        code = search_columns(x, err);
    for (int32_t r = 0; !code && r < x->n_outage; r++)
        remember(x, x->outage[r].index);
    for (int32_t k = 0; !code && k < s->o->n_outage; k++) {
        if (outage_is_plain(s, k) || !is_due(s, k))
            continue;
        x->spare[k] = (double)INFINITY;
        code = search_one(x, k, err);
        remember(x, k);
    }
    return code;
}

enum err_code outage_find(struct outage_screen *s, const double *flow_mw,
                          const double *power_mw, const struct outage_known *known,
                          int32_t most, struct outage_violation *found,
                          int32_t *n_found, struct err *err)
{
    struct search x = {.s = s,
                       .flow = flow_mw,
                       .power = power_mw,
                       .known = known,
                       .n_t = s->p->n_interval};
    enum err_code code = ERR_OK;
    memset(n_found, 0, (size_t)x.n_t * sizeof *n_found);
    if (!allocate(&x))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = follow(&x, err);
    if (!code) {
        rank(&x);
        split(&x);
        code = search_all(&x, err);
    }
    for (int32_t t = 0; !code && t < x.n_t; t++)
        code = collect(&x, t, most, found + (size_t)t * (size_t)most, &n_found[t], err);
    release(&x);
    return code;
}
