/* kron.c - elimination of simple nodes, and what becomes of weights at them. */
#include "solver/kron.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"

/* A node with less than this part of its row's weight on the diagonal stays. */
static const double LEAST_PIVOT = 1e-6;

struct star {
    int32_t n, room;
    int32_t *to;
    double *b;
};

struct kron {
    const int32_t *node_of_bus; /* [n_bus] borrowed from the network; -1 = angle zero */
    int32_t n_node, n_kept;
    struct star
        *star;      /* [n_node] of eliminated nodes: multipliers m; of kept ones: K */
    double *pivot;  /* [n_node] */
    int32_t *place; /* [n_node] kept: 0 .. n_kept-1, eliminated: from n_kept on */
    int32_t *node;  /* [n_node] by place */
    int32_t *bus;   /* [n_node] */
    double *weight; /* [n_node] scratch, zero between calls */
    bool *seen;     /* [n_node] scratch, false between calls */
    int32_t *heap;  /* [n_node] scratch */
    struct kron_weight *out;
    int32_t *row_node; /* [n_node] scratch */
    double *row_value; /* [n_node] scratch */
};

/* Nodes that may go, by number of neighbours: a doubly linked list each. */
struct queue {
    int32_t first[KRON_MOST + 1];
    int32_t *next, *before; /* [n_node] -1 = none */
    int32_t *listed; /* [n_node] neighbours + 1 under which it is listed, 0 = not */
    const bool *costly;
    int32_t most, most_costly;
};

static bool star_add(struct star *s, int32_t to, double b)
{
    for (int32_t k = 0; k < s->n; k++) {
        if (s->to[k] == to) {
            s->b[k] += b;
            return true;
        }
    }
    if (s->n == s->room) {
        int32_t room = s->room ? 2 * s->room : 4;
        int32_t *t = mem_resize(s->to, (size_t)room, sizeof *t);
        if (t)
            s->to = t;
        double *v = mem_resize(s->b, (size_t)room, sizeof *v);
        if (v)
            s->b = v;
        if (!t || !v)
            return false;
        s->room = room;
    }
    s->to[s->n] = to;
    s->b[s->n++] = b;
    return true;
}

static void star_remove(struct star *s, int32_t to)
{
    for (int32_t k = 0; k < s->n; k++) {
        if (s->to[k] != to)
            continue;
        s->n--;
        s->to[k] = s->to[s->n];
        s->b[k] = s->b[s->n];
        return;
    }
}

/* B' as stars. */
static bool load(struct kron *k, const struct network_data *d)
{
    bool ok = true;
    for (int32_t n = 0; n < d->n_bus; n++)
        if (k->node_of_bus[n] >= 0)
            k->bus[k->node_of_bus[n]] = n;
    for (int32_t l = 0; ok && l < d->n_branch; l++) {
        int32_t f = k->node_of_bus[d->from[l]], t = k->node_of_bus[d->to[l]];
        double b = d->susceptance_mw_per_rad[l];
        if (network_is_bus_tie(d, l) || f == t)
            continue;
        if (f >= 0)
            k->pivot[f] += b;
        if (t >= 0)
            k->pivot[t] += b;
        if (f >= 0 && t >= 0)
            ok = star_add(&k->star[f], t, -b) && star_add(&k->star[t], f, -b);
    }
    return ok;
}

static void unlist(struct queue *q, int32_t node)
{
    int32_t n = q->listed[node] - 1, before = q->before[node], next = q->next[node];
    if (n < 0)
        return;
    q->listed[node] = 0;
    if (before >= 0)
        q->next[before] = next;
    else
        q->first[n] = next;
    if (next >= 0)
        q->before[next] = before;
}

/* Lists a node under its present number of neighbours, if it may go at all. */
static void list(const struct kron *k, struct queue *q, int32_t node)
{
    int32_t n = k->star[node].n, most = q->costly[node] && q->most_costly < q->most
                                            ? q->most_costly
                                            : q->most;
    unlist(q, node);
    if (n > most)
        return;
    q->listed[node] = n + 1;
    q->before[node] = -1;
    q->next[node] = q->first[n];
    if (q->first[n] >= 0)
        q->before[q->first[n]] = node;
    q->first[n] = node;
}

/* The next node to go, -1 when none is left. */
static int32_t take(struct queue *q)
{
    for (int32_t n = 0; n <= q->most; n++) {
        int32_t node = q->first[n];
        if (node < 0)
            continue;
        unlist(q, node);
        return node;
    }
    return -1;
}

/* (2), and the star of the node becomes its multipliers. */
static bool eliminate(struct kron *k, struct queue *q, int32_t node)
{
    struct star *s = &k->star[node];
    double pivot = k->pivot[node], row = fabs(pivot);
    for (int32_t a = 0; a < s->n; a++)
        row += fabs(s->b[a]);
    if (fabs(pivot) < LEAST_PIVOT * row || row == 0) /* exact: nothing is connected */
        return true;
    for (int32_t a = 0; a < s->n; a++) {
        int32_t u = s->to[a];
        star_remove(&k->star[u], node);
        k->pivot[u] -= s->b[a] * s->b[a] / pivot;
        for (int32_t c = 0; c < s->n; c++)
            if (c != a && !star_add(&k->star[u], s->to[c], -s->b[a] * s->b[c] / pivot))
                return false;
    }
    for (int32_t a = 0; a < s->n; a++) {
        s->b[a] /= -pivot;
        list(k, q, s->to[a]);
    }
    k->place[node] = k->n_kept++; /* for now: the order of elimination */
    return true;
}

/* Kept nodes come first, by number; then eliminated ones in their order. */
static void number(struct kron *k)
{
    int32_t n_gone = k->n_kept;
    k->n_kept = k->n_node - n_gone;
    for (int32_t node = 0, kept = 0; node < k->n_node; node++) {
        k->place[node] = k->place[node] < 0 ? kept++ : k->place[node] + k->n_kept;
        k->node[k->place[node]] = node;
    }
}

static bool reduce(struct kron *k, const int32_t *costly_bus, int32_t most,
                   int32_t most_costly, const struct network_data *d)
{
    size_t n = (size_t)k->n_node;
    bool *costly = mem_alloc(n, sizeof *costly);
    struct queue q = {.next = mem_alloc(n, sizeof *q.next),
                      .before = mem_alloc(n, sizeof *q.before),
                      .listed = mem_alloc(n, sizeof *q.listed),
                      .costly = costly,
                      .most = most < KRON_MOST ? most : KRON_MOST,
                      .most_costly = most_costly};
    bool ok = costly && q.next && q.before && q.listed;
    for (int32_t b = 0; ok && b < d->n_bus; b++)
        if (k->node_of_bus[b] >= 0 && costly_bus[b] > 0)
            costly[k->node_of_bus[b]] = true;
    for (int32_t m = 0; m <= q.most; m++)
        q.first[m] = -1;
    for (int32_t node = k->n_node; ok && node-- > 0;) {
        k->place[node] = -1;
        list(k, &q, node);
    }
    for (int32_t node = 0; ok && (node = take(&q)) >= 0;)
        ok = eliminate(k, &q, node);
    if (ok)
        number(k);
    mem_free(costly);
    mem_free(q.next);
    mem_free(q.before);
    mem_free(q.listed);
    return ok;
}

enum err_code kron_create(const struct network *net, const int32_t *costly,
                          int32_t most, int32_t most_costly, struct kron **out,
                          struct err *err)
{
    struct kron *k = mem_alloc(1, sizeof *k);
    size_t n = (size_t)network_n_node(net);
    *out = NULL;
    if (!k)
        return err_set(err, ERR_NOMEM, "out of memory");
    k->node_of_bus = network_node(net);
    k->n_node = network_n_node(net);
    k->star = mem_alloc(n, sizeof *k->star);
    k->pivot = mem_alloc(n, sizeof *k->pivot);
    k->place = mem_alloc(n, sizeof *k->place);
    k->node = mem_alloc(n, sizeof *k->node);
    k->bus = mem_alloc(n, sizeof *k->bus);
    k->weight = mem_alloc(n, sizeof *k->weight);
    k->seen = mem_alloc(n, sizeof *k->seen);
    k->heap = mem_alloc(n, sizeof *k->heap);
    k->out = mem_alloc(n, sizeof *k->out);
    k->row_node = mem_alloc(n, sizeof *k->row_node);
    k->row_value = mem_alloc(n, sizeof *k->row_value);
    if (!k->star || !k->pivot || !k->place || !k->node || !k->bus || !k->weight ||
        !k->seen || !k->heap || !k->out || !k->row_node || !k->row_value ||
        !load(k, network_data(net)) ||
        !reduce(k, costly, most, most_costly, network_data(net))) {
        kron_destroy(k);
        return err_set(err, ERR_NOMEM, "cannot reduce a network of %zu nodes", n);
    }
    *out = k;
    return ERR_OK;
}

void kron_destroy(struct kron *k)
{
    if (!k)
        return;
    for (int32_t node = 0; k->star && node < k->n_node; node++) {
        mem_free(k->star[node].to);
        mem_free(k->star[node].b);
    }
    mem_free(k->star);
    mem_free(k->pivot);
    mem_free(k->place);
    mem_free(k->node);
    mem_free(k->bus);
    mem_free(k->weight);
    mem_free(k->seen);
    mem_free(k->heap);
    mem_free(k->out);
    mem_free(k->row_node);
    mem_free(k->row_value);
    mem_free(k);
}

int32_t kron_n_kept(const struct kron *k)
{
    return k->n_kept;
}

int32_t kron_n_node(const struct kron *k)
{
    return k->n_node;
}

int32_t kron_bus(const struct kron *k, int32_t kept)
{
    return k->bus[k->node[kept]];
}

double kron_pivot(const struct kron *k, int32_t node)
{
    return k->pivot[k->node[node]];
}

int32_t kron_row(const struct kron *k, int32_t kept, const int32_t **node,
                 const double **value)
{
    const struct star *s = &k->star[k->node[kept]];
    k->row_node[0] = kept;
    k->row_value[0] = k->pivot[k->node[kept]];
    for (int32_t a = 0; a < s->n; a++) {
        k->row_node[a + 1] = k->place[s->to[a]];
        k->row_value[a + 1] = s->b[a];
    }
    *node = k->row_node;
    *value = k->row_value;
    return s->n + 1;
}

/* ---- weights ---- */

/* A heap of places: eliminated nodes first, in their order, then kept ones. */
static int32_t rank_of(const struct kron *k, int32_t place)
{
    return place < k->n_kept ? place + k->n_node : place;
}

static void heap_push(struct kron *k, int32_t *n, int32_t place)
{
    int32_t at = (*n)++;
    while (at > 0 && rank_of(k, k->heap[(at - 1) / 2]) > rank_of(k, place)) {
        k->heap[at] = k->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    k->heap[at] = place;
}

static int32_t heap_pop(struct kron *k, int32_t *n)
{
    int32_t top = k->heap[0], last = k->heap[--(*n)], at = 0;
    for (int32_t child; (child = 2 * at + 1) < *n; at = child) {
        if (child + 1 < *n &&
            rank_of(k, k->heap[child + 1]) < rank_of(k, k->heap[child]))
            child++;
        if (rank_of(k, k->heap[child]) >= rank_of(k, last))
            break;
        k->heap[at] = k->heap[child];
    }
    k->heap[at] = last;
    return top;
}

static void put(struct kron *k, int32_t *n_heap, int32_t node, double weight)
{
    k->weight[node] += weight;
    if (k->seen[node])
        return;
    k->seen[node] = true;
    heap_push(k, n_heap, k->place[node]);
}

int32_t kron_project(struct kron *k, int32_t n, const int32_t *bus,
                     const double *weight, const struct kron_weight **out)
{
    int32_t n_heap = 0, n_out = 0;
    for (int32_t i = 0; i < n; i++)
        if (k->node_of_bus[bus[i]] >= 0)
            put(k, &n_heap, k->node_of_bus[bus[i]], weight[i]);
    while (n_heap > 0) {
        int32_t place = heap_pop(k, &n_heap), node = k->node[place];
        double w = k->weight[node];
        const struct star *s = &k->star[node];
        k->weight[node] = 0;
        k->seen[node] = false;
        k->out[n_out++] = (struct kron_weight){place, w};
        for (int32_t a = 0; place >= k->n_kept && a < s->n; a++)
            put(k, &n_heap, s->to[a], s->b[a] * w);
    }
    *out = k->out;
    return n_out;
}
