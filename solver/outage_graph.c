/*
 * outage_graph.c - which outages cut buses off: by bridges of the graph where one branch
 * is lost, by walking what is left where several are.
 */
#include <string.h>

#include "sim/base/mem.h"
#include "solver/outage_parts.h"

/* A depth-first walk over buses; branches are edges, ties too. */
struct walk {
    const struct network_data *d;
    const double *load;            /* [n_bus] or NULL */
    int32_t *start, *edge;         /* branches at each bus */
    int32_t *seen, *low;           /* [n_bus] order of discovery, 1.. */
    int32_t *stack, *next, *enter; /* [n_bus] path; next edge; branch it came by */
    int32_t *count;                /* [n_bus] buses in the subtree */
    double *sum;                   /* [n_bus] load in the subtree */
    int32_t *bridge_count;         /* [n_branch] buses below a bridge, 0 = none */
    double *bridge_load;
    int32_t *island_count; /* [n_island] */
    double *island_load;
    int32_t *part; /* [n_bus] scratch of the union-find */
};

static bool allocate(struct walk *w, const struct outage_screen *s)
{
    size_t n_bus = (size_t)s->d->n_bus, n_branch = (size_t)s->d->n_branch;
    size_t n_island = (size_t)network_n_island(s->p->net);
    w->d = s->d;
    w->load = s->o->load_mw;
    w->start = mem_alloc(n_bus + 2, sizeof *w->start);
    w->edge = mem_alloc(2 * n_branch, sizeof *w->edge);
    w->seen = mem_alloc(n_bus, sizeof *w->seen);
    w->low = mem_alloc(n_bus, sizeof *w->low);
    w->stack = mem_alloc(n_bus, sizeof *w->stack);
    w->next = mem_alloc(n_bus, sizeof *w->next);
    w->enter = mem_alloc(n_bus, sizeof *w->enter);
    w->count = mem_alloc(n_bus, sizeof *w->count);
    w->sum = mem_alloc(n_bus, sizeof *w->sum);
    w->bridge_count = mem_alloc(n_branch, sizeof *w->bridge_count);
    w->bridge_load = mem_alloc(n_branch, sizeof *w->bridge_load);
    w->island_count = mem_alloc(n_island, sizeof *w->island_count);
    w->island_load = mem_alloc(n_island, sizeof *w->island_load);
    w->part = mem_alloc(n_bus, sizeof *w->part);
    return w->start && w->edge && w->seen && w->low && w->stack && w->next &&
           w->enter && w->count && w->sum && w->bridge_count && w->bridge_load &&
           w->island_count && w->island_load && w->part;
}

static void release(struct walk *w)
{
    mem_free(w->start);
    mem_free(w->edge);
    mem_free(w->seen);
    mem_free(w->low);
    mem_free(w->stack);
    mem_free(w->next);
    mem_free(w->enter);
    mem_free(w->count);
    mem_free(w->sum);
    mem_free(w->bridge_count);
    mem_free(w->bridge_load);
    mem_free(w->island_count);
    mem_free(w->island_load);
    mem_free(w->part);
}

static void list_edges(struct walk *w)
{
    const struct network_data *d = w->d;
    for (int32_t l = 0; l < d->n_branch; l++) {
        w->start[d->from[l] + 2]++;
        w->start[d->to[l] + 2]++;
    }
    for (int32_t n = 1; n <= d->n_bus; n++)
        w->start[n + 1] += w->start[n];
    for (int32_t l = 0; l < d->n_branch; l++) {
        w->edge[w->start[d->from[l] + 1]++] = l;
        w->edge[w->start[d->to[l] + 1]++] = l;
    }
}

static void discover(struct walk *w, int32_t bus, int32_t by, int32_t *order)
{
    w->seen[bus] = w->low[bus] = ++*order;
    w->next[bus] = w->start[bus];
    w->enter[bus] = by;
    w->count[bus] = 1;
    w->sum[bus] = w->load ? w->load[bus] : 0;
}

/* Leaves bus for the one it was entered from, which takes over what is known below. */
static void retreat(struct walk *w, int32_t bus, int32_t parent)
{
    if (w->low[bus] < w->low[parent])
        w->low[parent] = w->low[bus];
    w->count[parent] += w->count[bus];
    w->sum[parent] += w->sum[bus];
    if (w->low[bus] > w->seen[parent]) {
        w->bridge_count[w->enter[bus]] = w->count[bus];
        w->bridge_load[w->enter[bus]] = w->sum[bus];
    }
}

/* low = earliest bus that a subtree reaches by other ways than its own branch down. */
static void walk_island(struct walk *w, int32_t root, int32_t *order)
{
    const struct network_data *d = w->d;
    int32_t depth = 0;
    w->stack[0] = root;
    discover(w, root, -1, order);
    while (depth >= 0) {
        int32_t bus = w->stack[depth];
        if (w->next[bus] == w->start[bus + 1]) {
            if (depth > 0)
                retreat(w, bus, w->stack[depth - 1]);
            depth--;
            continue;
        }
        int32_t l = w->edge[w->next[bus]++];
        int32_t other = d->from[l] == bus ? d->to[l] : d->from[l];
        if (l == w->enter[bus])
            continue;
        if (!w->seen[other]) {
            discover(w, other, l, order);
            w->stack[++depth] = other;
        } else if (w->seen[other] < w->low[bus]) {
            w->low[bus] = w->seen[other];
        }
    }
}

/* The smaller side of a bridge is the one cut off. */
static void judge_bridge(struct outage_screen *s, const struct walk *w, int32_t k)
{
    int32_t l = s->o->branch[s->o->branch_start[k]];
    int32_t a = network_island(s->p->net)[s->d->from[l]];
    int32_t below = w->bridge_count[l], above = w->island_count[a] - below;
    if (below == 0)
        return;
    s->kind[k] = OUTAGE_ISLANDING;
    s->n_cut_off[k] = below <= above ? below : above;
    s->load_cut_off[k] =
        below <= above ? w->bridge_load[l] : w->island_load[a] - w->bridge_load[l];
}

static int32_t find_root(int32_t *part, int32_t n)
{
    while (part[n] != n) {
        part[n] = part[part[n]];
        n = part[n];
    }
    return n;
}

static bool loses(const struct dispatch_outages *o, int32_t k, int32_t branch)
{
    for (int32_t e = o->branch_start[k]; e < o->branch_start[k + 1]; e++)
        if (o->branch[e] == branch)
            return true;
    return false;
}

/* Several branches: what is left of each island, the largest part of which remains. */
static void judge_walk(struct outage_screen *s, struct walk *w, int32_t k)
{
    const struct network_data *d = s->d;
    const int32_t *island = network_island(s->p->net);
    for (int32_t n = 0; n < d->n_bus; n++) {
        w->part[n] = n;
        w->count[n] = 0;
        w->sum[n] = 0;
    }
    for (int32_t l = 0; l < d->n_branch; l++) {
        if (loses(s->o, k, l))
            continue;
        int32_t a = find_root(w->part, d->from[l]), b = find_root(w->part, d->to[l]);
        if (a != b)
            w->part[a > b ? a : b] = a > b ? b : a;
    }
    for (int32_t n = 0; n < d->n_bus; n++) {
        int32_t root = find_root(w->part, n);
        w->count[root]++;
        w->sum[root] += w->load ? w->load[n] : 0;
    }
    for (int32_t a = 0; a < network_n_island(s->p->net); a++)
        w->next[a] = -1; /* largest part of the island */
    for (int32_t n = 0; n < d->n_bus; n++)
        if (w->count[n] &&
            (w->next[island[n]] < 0 || w->count[n] > w->count[w->next[island[n]]]))
            w->next[island[n]] = n;
    for (int32_t n = 0; n < d->n_bus; n++) {
        if (w->count[n] == 0 || w->next[island[n]] == n)
            continue;
        s->kind[k] = OUTAGE_ISLANDING;
        s->n_cut_off[k] += w->count[n];
        s->load_cut_off[k] += w->sum[n];
    }
}

enum err_code outage_find_islanding(struct outage_screen *s, struct err *err)
{
    struct walk w = {0};
    enum err_code code = ERR_OK;
    int32_t order = 0;
    if (!allocate(&w, s)) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    list_edges(&w);
    for (int32_t n = 0; n < s->d->n_bus; n++) {
        if (!w.seen[n])
            walk_island(&w, n, &order);
        w.island_count[network_island(s->p->net)[n]]++;
        w.island_load[network_island(s->p->net)[n]] += w.load ? w.load[n] : 0;
    }
    for (int32_t k = 0; k < s->o->n_outage; k++) {
        if (outage_n_branch(s, k) == 1)
            judge_bridge(s, &w, k);
        else if (outage_n_branch(s, k) > 1)
            judge_walk(s, &w, k);
    }
done:
    release(&w);
    return code;
}
