/*
 * outage_screen.c - which limits a dispatch would break after outages: what has to be
 * looked at, and the answer (outage.h). Outages of one branch: outage_plain.c. Others are
 * dense products (branches x elements lost) (elements x intervals).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/dense.h"
#include "solver/outage_search.h"

/* Remembers a broken limit among the worst of its branch. */
static void note(struct search *x, int32_t t, int32_t l, struct broken found)
{
    int32_t *slot = &x->slot[(size_t)t * (size_t)x->s->d->n_branch + (size_t)l];
    if (*slot < 0 && x->n_slot == x->room_slot) {
        int32_t room = 2 * x->room_slot + 64;
        struct broken *grown =
            mem_resize(x->broken, (size_t)room * (size_t)x->per_branch, sizeof *grown);
        x->out_of_memory = x->out_of_memory || !grown;
        if (!grown)
            return;
        x->broken = grown;
        x->room_slot = room;
    }
    if (*slot < 0) {
        *slot = x->n_slot++;
        memset(x->broken + (size_t)*slot * (size_t)x->per_branch, 0,
               (size_t)x->per_branch * sizeof *x->broken);
    }
    struct broken *of = x->broken + (size_t)*slot * (size_t)x->per_branch;
    int32_t i = x->per_branch - 1;
    bool last = found.over_mw < of[i].over_mw ||
                (!(found.over_mw > of[i].over_mw) && found.outage > of[i].outage);
    if (last)
        return;
    for (; i > 0 &&
           (found.over_mw > of[i - 1].over_mw ||
            (!(found.over_mw < of[i - 1].over_mw) && found.outage < of[i - 1].outage));
         i--)
        of[i] = of[i - 1];
    of[i] = found;
}

double search_look(struct search *x, int32_t t, int32_t k, int32_t l, double after)
{
    double room = (double)INFINITY;
    if (!dispatch_outage_counts(x->s->o, t, k))
        return room;
    for (int side = 0; side < 2; side++) {
        bool minimum = side;
        double limit = outage_limit_mw(x->s->o, x->s->d, k, l, minimum);
        if (isinf(limit))
            continue;
        double over = minimum ? limit - after : after - limit;
        double spare = outage_tolerance_mw(limit) - over;
        if (spare < 0 && x->known && x->known->has(x->known->context, t, k, l, minimum))
            continue;
        room = fmin(room, spare);
        if (spare < 0)
            note(x, t, l, (struct broken){over, k, minimum});
    }
    return room;
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
            lost[i++] = search_flow(x, t, s->o->branch[e]);
        for (int32_t e = s->o->injection_start[k]; e < s->o->injection_start[k + 1];
             e++)
            lost[i++] = x->power[(size_t)t * (size_t)s->p->n_injection +
                                 (size_t)s->o->injection[e]];
    }
}

static enum err_code search_one(struct search *x, int32_t k, double *spare,
                                double *widest, struct err *err)
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
    }
    for (int32_t i = 0; !code && i < s->n_limited; i++) {
        int32_t l = s->limited[i];
        double width = 0;
        if (takes_out(s, k, l))
            continue;
        for (int32_t e = 0; e < n; e++)
            width += fabs(effect[(size_t)e * (size_t)n_branch + (size_t)l]);
        *widest = fmax(*widest, width);
        for (int32_t t = 0; t < x->n_t; t++) {
            double by = change[(size_t)t * (size_t)n_branch + (size_t)l];
            *spare = fmin(*spare, search_look(x, t, k, l, search_flow(x, t, l) + by));
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

/* Limited branches in order of their room before outages. */
static void rank_branches(struct search *x)
{
    struct outage_screen *s = x->s;
    for (int32_t i = 0; i < s->n_limited; i++) {
        int32_t l = s->limited[i];
        double room = (double)INFINITY;
        for (int32_t t = 0; t < x->n_t; t++) {
            double f = search_flow(x, t, l);
            room = fmin(room, outage_room_mw(s->o, s->d, l, f));
        }
        x->branch[i] = (struct ranked){room, l};
        x->room[l] = room;
    }
    qsort(x->branch, (size_t)s->n_limited, sizeof *x->branch, least_first);
    for (int32_t i = 0; i < s->n_limited; i++)
        x->rank_of[x->branch[i].index] = i;
}

/* Plain outages that are due in order of how far they reach. */
static void rank_outages(struct search *x)
{
    struct outage_screen *s = x->s;
    for (int32_t r = 0; r < s->n_plain; r++) {
        int32_t k = s->plain[r], m = s->o->branch[s->o->branch_start[k]];
        x->plain_spare[r] = (double)INFINITY;
        x->due[r] = is_due(s, k);
        if (!x->due[r])
            continue;
        for (int32_t t = 0; t < x->n_t; t++)
            x->lost[r] = fmax(x->lost[r], fabs(search_flow(x, t, m)));
        x->outage[x->n_outage++] = (struct ranked){s->reach[k] * x->lost[r], r};
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

/* The worst of every branch, then the second of every branch, and so on. */
struct found {
    struct outage_violation violation;
    int32_t rank;
};

static int worst_first(const void *pa, const void *pb)
{
    const struct found *a = pa, *b = pb;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    double by = a->violation.over_mw - b->violation.over_mw;
    if (by > 0 || by < 0)
        return by > 0 ? -1 : 1;
    return a->violation.branch < b->violation.branch
               ? -1
               : a->violation.branch > b->violation.branch;
}

/* The first `most` of an interval. */
static enum err_code collect(const struct search *x, int32_t t, int32_t most,
                             struct outage_violation *found, int32_t *n_found,
                             struct err *err)
{
    int32_t n = 0, n_branch = x->s->d->n_branch;
    const int32_t *slot = x->slot + (size_t)t * (size_t)n_branch;
    struct found *all =
        mem_alloc((size_t)x->n_slot * (size_t)x->per_branch, sizeof *all);
    if (!all)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t l = 0; l < n_branch; l++)
        for (int32_t i = 0; slot[l] >= 0 && i < x->per_branch; i++) {
            const struct broken *b =
                &x->broken[(size_t)slot[l] * (size_t)x->per_branch + (size_t)i];
            if (b->over_mw > 0)
                all[n++] = (struct found){{t, b->outage, l, b->minimum, b->over_mw}, i};
        }
    qsort(all, (size_t)n, sizeof *all, worst_first);
    *n_found = n < most ? n : most;
    for (int32_t i = 0; i < *n_found; i++)
        found[i] = all[i].violation;
    mem_free(all);
    return ERR_OK;
}

static bool allocate(struct search *x)
{
    const struct outage_screen *s = x->s;
    size_t n_branch = (size_t)s->d->n_branch, n_plain = (size_t)s->n_plain;
    size_t n_slot = (size_t)x->n_t * n_branch;
    x->slot = mem_alloc(n_slot, sizeof *x->slot);
    x->branch = mem_alloc((size_t)s->n_limited, sizeof *x->branch);
    x->room = mem_alloc(n_branch, sizeof *x->room);
    x->rank_of = mem_alloc(n_branch, sizeof *x->rank_of);
    x->outage = mem_alloc(n_plain, sizeof *x->outage);
    x->due = mem_alloc(n_plain, sizeof *x->due);
    x->lost = mem_alloc(n_plain, sizeof *x->lost);
    x->plain_spare = mem_alloc(n_plain, sizeof *x->plain_spare);
    if (!x->slot || !x->branch || !x->room || !x->rank_of || !x->outage || !x->due ||
        !x->lost || !x->plain_spare)
        return false;
    for (size_t i = 0; i < n_slot; i++)
        x->slot[i] = -1;
    return true;
}

static void release(struct search *x)
{
    mem_free(x->slot);
    mem_free(x->broken);
    mem_free(x->branch);
    mem_free(x->room);
    mem_free(x->rank_of);
    mem_free(x->outage);
    mem_free(x->due);
    mem_free(x->lost);
    mem_free(x->plain_spare);
}

/* What was learned about an outage that was due. */
static void remember(struct outage_screen *s, int32_t k, double spare)
{
    s->spare[k] = spare;
    s->seen_at[k] = s->drift;
}

static enum err_code search_all(struct search *x, struct err *err)
{
    struct outage_screen *s = x->s;
    enum err_code code = search_plain(x, err);
    for (int32_t i = 0; !code && i < x->n_outage; i++)
        remember(s, s->plain[x->outage[i].index], x->plain_spare[x->outage[i].index]);
    for (int32_t k = 0; !code && k < s->o->n_outage; k++) {
        if (outage_is_plain(s, k) || !is_due(s, k))
            continue;
        double spare = (double)INFINITY, widest = 0;
        code = search_one(x, k, &spare, &widest, err);
        remember(s, k, spare);
        if (isinf(s->reach[k]))
            s->reach[k] = widest * (1 + 1e-9) + 1e-12;
    }
    if (!code && x->out_of_memory)
        code = err_set(err, ERR_NOMEM, "out of memory");
    return code;
}

enum err_code outage_find(struct outage_screen *s, const double *flow_mw,
                          const double *power_mw, const struct outage_known *known,
                          int32_t per_branch, int32_t most,
                          struct outage_violation *found, int32_t *n_found,
                          struct err *err)
{
    struct search x = {.s = s,
                       .flow = flow_mw,
                       .power = power_mw,
                       .known = known,
                       .per_branch = per_branch,
                       .n_t = s->p->n_interval};
    enum err_code code = ERR_OK;
    memset(n_found, 0, (size_t)x.n_t * sizeof *n_found);
    if (!allocate(&x))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = follow(&x, err);
    if (!code) {
        rank_branches(&x);
        rank_outages(&x);
        split(&x);
        code = search_all(&x, err);
    }
    for (int32_t t = 0; !code && t < x.n_t; t++)
        code = collect(&x, t, most, found + (size_t)t * (size_t)most, &n_found[t], err);
    release(&x);
    return code;
}
