/* layout_island.c - pivots, their distances, the coarse picture and its improvement. */
#include "results/report/layout_island.h"

#include <math.h>
#include <stdbool.h>

#include "results/report/layout.h"
#include "results/report/layout_room.h"
#include "sim/base/arena.h"

/* Nodes that are not joined stand at least so far apart, in branches. */
#define ROOM 1.0

enum {
    ROOM_LIMIT = 12,   /* nodes of a crowded cell that push */
    POWER_STEPS = 100, /* of the iteration for the two largest eigenvectors */
    NEAR_LIMIT = 12    /* neighbours up to which those of a node are held apart */
};

/* Nodes are numbered within the island here. */
struct work {
    const struct layout_island *l;
    int32_t n, k;      /* nodes, pivots */
    int32_t *queue;    /* [n] */
    int32_t *near;     /* [n] distance to the nearest pivot so far */
    int32_t *distance; /* [k][n] in branches */
    int32_t pivot[LAYOUT_PIVOTS];
    double *
        weight; /* [k][n] of a pivot's term: how many nodes it stands for there / d^2 */
    double *x, *y; /* [n] */
    struct layout_room room;
};

static int32_t degree(const struct work *w, int32_t i)
{
    int32_t node = w->l->node[i];
    return w->l->start[node + 1] - w->l->start[node];
}

/* The k-th neighbour of i, numbered within the island. */
static int32_t neighbour(const struct work *w, int32_t i, int32_t k)
{
    return w->l->local[w->l->item[w->l->start[w->l->node[i]] + k]];
}

static void breadth_first(const struct work *w, int32_t from, int32_t *distance)
{
    int32_t used = 0;
    for (int32_t i = 0; i < w->n; i++)
        distance[i] = -1;
    distance[from] = 0;
    w->queue[used++] = from;
    for (int32_t head = 0; head < used; head++) {
        int32_t i = w->queue[head];
        for (int32_t k = 0; k < degree(w, i); k++) {
            int32_t j = neighbour(w, i, k);
            if (distance[j] >= 0)
                continue;
            distance[j] = distance[i] + 1;
            w->queue[used++] = j;
        }
    }
}

static int32_t farthest(const int32_t *distance, int32_t n)
{
    int32_t best = 0;
    for (int32_t i = 1; i < n; i++)
        if (distance[i] > distance[best])
            best = i;
    return best;
}

/* Each pivot is as far as can be from those before it; the first ends a long path. */
static void choose_pivots(struct work *w)
{
    breadth_first(w, 0, w->near);
    int32_t next = farthest(w->near, w->n);
    for (int32_t i = 0; i < w->n; i++)
        w->near[i] = INT32_MAX;
    for (int32_t p = 0; p < w->k; p++) {
        int32_t *d = w->distance + (size_t)p * (size_t)w->n;
        w->pivot[p] = next;
        breadth_first(w, next, d);
        for (int32_t i = 0; i < w->n; i++)
            if (d[i] < w->near[i])
                w->near[i] = d[i];
        next = farthest(w->near, w->n);
    }
}

/*
 * A pivot acts on node i for as many nodes of its own region as are at most half as far
 * from it as i is; the region of a pivot is what is nearest to it.
 */
static void weigh_pivots(struct work *w)
{
    size_t n = (size_t)w->n;
    for (int32_t p = 0; p < w->k; p++) {
        const int32_t *d = w->distance + (size_t)p * n;
        int32_t *within =
            w->queue; /* [n] nodes of the region by distance, then summed */
        for (int32_t i = 0; i < w->n; i++)
            within[i] = 0;
        for (int32_t i = 0; i < w->n; i++)
            within[d[i]] += d[i] == w->near[i];
        for (int32_t i = 1; i < w->n; i++)
            within[i] += within[i - 1];
        for (size_t i = 0; i < n; i++)
            w->weight[(size_t)p * n + i] =
                d[i] > 0 ? (double)within[d[i] / 2] / ((double)d[i] * (double)d[i]) : 0;
    }
}

/* ---- the coarse picture ------------------------------------------------------------- */

static double dot(const double *a, const double *b, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Double-centred squared distances c[k][n], and b[k][k] = c c^T. */
static void centre(const struct work *w, double *c, double *b)
{
    int32_t n = w->n, k = w->k;
    for (int32_t p = 0; p < k; p++)
        for (int32_t i = 0; i < n; i++) {
            double d = (double)w->distance[(size_t)p * (size_t)n + (size_t)i];
            c[(size_t)p * (size_t)n + (size_t)i] = -d * d / 2;
        }
    for (int32_t i = 0; i < n; i++) {
        double mean = 0;
        for (int32_t p = 0; p < k; p++)
            mean += c[(size_t)p * (size_t)n + (size_t)i] / k;
        for (int32_t p = 0; p < k; p++)
            c[(size_t)p * (size_t)n + (size_t)i] -= mean;
    }
    for (int32_t p = 0; p < k; p++) {
        double *row = c + (size_t)p * (size_t)n, mean = 0;
        for (int32_t i = 0; i < n; i++)
            mean += row[i] / n;
        for (int32_t i = 0; i < n; i++)
            row[i] -= mean;
    }
    for (int32_t p = 0; p < k; p++)
        for (int32_t q = 0; q < k; q++)
            b[p * k + q] = dot(c + (size_t)p * (size_t)n, c + (size_t)q * (size_t)n, n);
}

/* The eigenvector of the largest eigenvalue among those at right angles to other. */
static void power(const double *b, int32_t k, const double *other, double *v)
{
    double next[LAYOUT_PIVOTS];
    for (int32_t i = 0; i < k; i++)
        v[i] = 1 + (double)((i * 7919 + 1) % 13) / 13;
    for (int32_t step = 0; step < POWER_STEPS; step++) {
        double along = other ? dot(v, other, k) : 0;
        for (int32_t i = 0; i < k; i++)
            v[i] -= other ? along * other[i] : 0;
        for (int32_t i = 0; i < k; i++)
            next[i] = dot(b + i * k, v, k);
        double length = sqrt(dot(next, next, k));
        for (int32_t i = 0; i < k; i++)
            v[i] = length > 0 ? next[i] / length : 0;
    }
}

/* One coordinate: the projection on v, scaled so that the pivots' distances fit. */
static void project(const struct work *w, const double *c, const double *v, double *out)
{
    for (int32_t i = 0; i < w->n; i++)
        out[i] = 0;
    for (int32_t p = 0; p < w->k; p++)
        for (int32_t i = 0; i < w->n; i++)
            out[i] += v[p] * c[(size_t)p * (size_t)w->n + (size_t)i];
}

/* Scales both coordinates by the one factor that makes distances to pivots fit best. */
static void fit_scale(struct work *w)
{
    double over = 0, under = 0;
    for (int32_t p = 0; p < w->k; p++)
        for (int32_t i = 0; i < w->n; i++) {
            double d = (double)w->distance[(size_t)p * (size_t)w->n + (size_t)i];
            double dx = w->x[i] - w->x[w->pivot[p]], dy = w->y[i] - w->y[w->pivot[p]];
            double far = sqrt(dx * dx + dy * dy);
            over += d > 0 ? far / d : 0;
            under += d > 0 ? far * far / (d * d) : 0;
        }
    double scale = under > 0 ? over / under : 1;
    for (int32_t i = 0; i < w->n; i++) {
        w->x[i] *= scale;
        w->y[i] *= scale;
    }
}

/* Nodes that look alike from all pivots must not stand on one spot. */
static void spread(struct work *w)
{
    uint32_t s = 12345;
    for (int32_t i = 0; i < w->n; i++) {
        s = s * 1664525u + 1013904223u;
        w->x[i] += ((double)(s >> 16) / 65536 - 0.5) * 0.3;
        s = s * 1664525u + 1013904223u;
        w->y[i] += ((double)(s >> 16) / 65536 - 0.5) * 0.3;
    }
}

/* ---- less stress -------------------------------------------------------------------- */

struct pull {
    double x, y, weight;
};

/* Where node i would stand to be at distance d from j. */
static void add_pull(const struct work *w, int32_t i, int32_t j, double d,
                     double weight, struct pull *sum)
{
    double dx = w->x[i] - w->x[j], dy = w->y[i] - w->y[j];
    double far = sqrt(dx * dx + dy * dy);
    double stretch = far > 1e-9 ? d / far : 0;
    sum->x += weight * (w->x[j] + stretch * dx);
    sum->y += weight * (w->y[j] + stretch * dy);
    sum->weight += weight;
}

static void add_near(const struct work *w, int32_t i, struct pull *sum)
{
    for (int32_t k = 0; k < degree(w, i); k++) {
        int32_t j = neighbour(w, i, k);
        add_pull(w, i, j, 1, 1, sum);
        for (int32_t m = 0; m < degree(w, j) && degree(w, j) <= NEAR_LIMIT; m++) {
            int32_t two = neighbour(w, j, m);
            if (two != i)
                add_pull(w, i, two, 2, 0.25, sum);
        }
    }
}

static void add_pivots(const struct work *w, int32_t i, struct pull *sum)
{
    for (int32_t p = 0; p < w->k; p++) {
        size_t at = (size_t)p * (size_t)w->n + (size_t)i;
        if (w->distance[at] > 1)
            add_pull(w, i, w->pivot[p], (double)w->distance[at], w->weight[at], sum);
    }
}

/* Nodes that stand nearer than ROOM are pushed apart. */
static void add_room(const struct work *w, int32_t i, struct pull *sum)
{
    for (int32_t k = 0; k < 9; k++) {
        int32_t n, seen = 0;
        const int32_t *item = layout_room_near(&w->room, i, k % 3 - 1, k / 3 - 1, &n);
        for (int32_t m = 0; m < n && seen < ROOM_LIMIT; m++) {
            double dx = w->x[i] - w->x[item[m]], dy = w->y[i] - w->y[item[m]];
            if (item[m] == i || dx * dx + dy * dy >= ROOM * ROOM)
                continue;
            add_pull(w, i, item[m], ROOM, 1, sum);
            seen++;
        }
    }
}

/* A sweep of the whole: neighbours and pivots. A sweep of the parts: neighbours, and room for
 * everybody, which keeps what the whole has found. */
static void sweep(struct work *w, bool whole)
{
    if (!whole)
        layout_room_fill(&w->room, w->x, w->y, ROOM);
    for (int32_t i = 0; i < w->n; i++) {
        struct pull sum = {0};
        add_near(w, i, &sum);
        if (whole)
            add_pivots(w, i, &sum);
        else
            add_room(w, i, &sum);
        if (sum.weight > 0) {
            w->x[i] = sum.x / sum.weight;
            w->y[i] = sum.y / sum.weight;
        }
    }
}

/* Turns the picture so that its widest direction lies along x. */
static void turn(struct work *w)
{
    double mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
    for (int32_t i = 0; i < w->n; i++) {
        mx += w->x[i] / w->n;
        my += w->y[i] / w->n;
    }
    for (int32_t i = 0; i < w->n; i++) {
        double dx = w->x[i] - mx, dy = w->y[i] - my;
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    double half = (xx - yy) / 2, root = sqrt(half * half + xy * xy);
    double c = half + root, s = xy; /* the eigenvector of the larger eigenvalue */
    if (c <= 0) {
        c = 0;
        s = 1;
    }
    double length = sqrt(c * c + s * s);
    if (!(length > 0))
        return;
    for (int32_t i = 0; i < w->n; i++) {
        double dx = w->x[i] - mx, dy = w->y[i] - my;
        w->x[i] = (c * dx + s * dy) / length;
        w->y[i] = (c * dy - s * dx) / length;
    }
}

static bool get_memory(struct work *w, struct arena *a, double **c, double **b)
{
    size_t n = (size_t)w->n, k = (size_t)w->k;
    w->queue = ARENA_ARRAY(a, int32_t, n);
    w->near = ARENA_ARRAY(a, int32_t, n);
    w->distance = ARENA_ARRAY(a, int32_t, k * n);
    w->weight = ARENA_ARRAY(a, double, k *n);
    w->x = ARENA_ARRAY(a, double, n);
    w->y = ARENA_ARRAY(a, double, n);
    *c = ARENA_ARRAY(a, double, k *n);
    *b = ARENA_ARRAY(a, double, k *k);
    return layout_room_alloc(a, w->n, &w->room) && w->queue && w->near && w->distance &&
           w->weight && w->x && w->y && *c && *b;
}

static void place(struct work *w, double *c, double *b)
{
    double first[LAYOUT_PIVOTS], second[LAYOUT_PIVOTS];
    for (int32_t i = 0; i < w->n; i++)
        w->l->local[w->l->node[i]] = i;
    choose_pivots(w);
    weigh_pivots(w);
    centre(w, c, b);
    power(b, w->k, NULL, first);
    power(b, w->k, first, second);
    project(w, c, first, w->x);
    project(w, c, second, w->y);
    fit_scale(w);
    spread(w);
    for (int32_t s = 0; s < LAYOUT_SWEEPS; s++)
        sweep(w, true);
    for (int32_t s = 0; s < LAYOUT_ROOM_SWEEPS; s++)
        sweep(w, false);
    turn(w);
}

enum err_code layout_island_place(const struct layout_island *l, struct err *err)
{
    struct work w = {
        .l = l, .n = l->n, .k = l->n < LAYOUT_PIVOTS ? l->n : LAYOUT_PIVOTS};
    if (l->n == 1) {
        l->x[l->node[0]] = 0;
        l->y[l->node[0]] = 0;
        return ERR_OK;
    }
    struct arena a = {0};
    double *c = NULL, *b = NULL;
    enum err_code code = ERR_OK;
    if (get_memory(&w, &a, &c, &b)) {
        place(&w, c, b);
        for (int32_t i = 0; i < l->n; i++) {
            l->x[l->node[i]] = w.x[i];
            l->y[l->node[i]] = w.y[i];
        }
    } else {
        code = err_set(err, ERR_NOMEM, "cannot hold a layout of %d nodes", (int)l->n);
    }
    arena_release(&a);
    return code;
}
