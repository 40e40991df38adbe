/* run_places.c - nodes on the map. */
#include "results/report/run_places.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/layout.h"
#include "results/report/run_coordinates.h"

enum {
    SIDE = 1000, /* of the map */
    KIND_PNODE = 0,
    KIND_TIE = 5
};

/* Branches and ties as edges between nodes. */
struct net {
    struct layout_net edges;
    const uint8_t *kind; /* [n_node] or NULL: all are buses */
};

static enum err_code read_table(const struct run_read *rd, const char *path,
                                struct arena *a, void *out, size_t *n, struct err *err)
{
    void *array = NULL;
    enum err_code code = run_read_table(rd, path, a, &array, n, err);
    memcpy(out, &array, sizeof array);
    return code;
}

static bool all_within(const int32_t *at, size_t n, size_t limit)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] < 0 || (size_t)at[i] >= limit)
            return false;
    return true;
}

/* The ties are the last nodes, in the order of their table. */
static enum err_code read_ties(const struct run_read *rd, size_t n_node,
                               struct run_places *p, const int32_t **bus, size_t *n_tie,
                               struct err *err)
{
    *n_tie = 0;
    if (!run_read_has(rd, "/input/tie/bus"))
        return ERR_OK;
    enum err_code code = read_table(rd, "/input/tie/bus", &p->arena, bus, n_tie, err);
    if (!code && (*n_tie > n_node || !all_within(*bus, *n_tie, n_node)))
        code = err_set(err, ERR_INPUT, "ties of the file are at nodes it lacks");
    return code;
}

static enum err_code read_net(const struct run_read *rd, const char *stage,
                              struct run_places *p, struct net *net, struct err *err)
{
    const char *from_path = "/input/branch/from", *to_path = "/input/branch/to";
    if (strcmp(stage, "/dispatch") == 0) {
        from_path = "/dispatch/branch_from";
        to_path = "/dispatch/branch_to";
    }
    const int32_t *from = NULL, *to = NULL, *tie_bus = NULL;
    size_t n_from = 0, n_to = 0, n_tie = 0, n_kind = p->n_node;
    enum err_code code =
        !run_read_has(rd, from_path) /* a commitment has no network to show */
            ? ERR_OK
            : read_table(rd, from_path, &p->arena, &from, &n_from, err);
    if (!code && run_read_has(rd, to_path))
        code = read_table(rd, to_path, &p->arena, &to, &n_to, err);
    if (!code)
        code = read_ties(rd, p->n_node, p, &tie_bus, &n_tie, err);
    if (!code && run_read_has(rd, "/input/node/kind"))
        code = read_table(rd, "/input/node/kind", &p->arena, &net->kind, &n_kind, err);
    if (!code &&
        (n_from != n_to || n_kind != p->n_node || n_from + n_tie > INT32_MAX / 2 ||
         p->n_node > INT32_MAX / 2 || !all_within(from, n_from, p->n_node) ||
         !all_within(to, n_to, p->n_node)))
        code = err_set(err, ERR_INPUT, "branches of the file end at nodes it lacks");
    if (code)
        return code;
    int32_t *a = ARENA_ARRAY(&p->arena, int32_t, n_from + n_tie);
    int32_t *b = ARENA_ARRAY(&p->arena, int32_t, n_from + n_tie);
    if (!a || !b)
        return err_set(err, ERR_NOMEM, "cannot hold a network of %zu branches", n_from);
    for (size_t i = 0; i < n_from; i++) {
        a[i] = from[i];
        b[i] = to[i];
    }
    for (size_t i = 0; i < n_tie; i++) {
        a[n_from + i] = tie_bus[i];
        b[n_from + i] = (int32_t)(p->n_node - n_tie + i);
    }
    net->edges = (struct layout_net){.n_node = (int32_t)p->n_node,
                                     .n_edge = (int32_t)(n_from + n_tie),
                                     .from = a,
                                     .to = b};
    return ERR_OK;
}

static bool is_on_map(const struct net *net, size_t i)
{
    return !net->kind || net->kind[i] == KIND_PNODE || net->kind[i] == KIND_TIE;
}

/* From 0 to SIDE along the longer side; NaN where the node is not on the map. */
static void scale(const struct net *net, struct run_places *p)
{
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < p->n_node; i++) {
        if (!is_on_map(net, i))
            p->x[i] = p->y[i] = NAN;
        if (!isfinite(p->x[i]) || !isfinite(p->y[i]))
            continue;
        x0 = fmin(x0, p->x[i]);
        x1 = fmax(x1, p->x[i]);
        y0 = fmin(y0, p->y[i]);
        y1 = fmax(y1, p->y[i]);
    }
    double size = fmax(x1 - x0, y1 - y0);
    for (size_t i = 0; i < p->n_node; i++) {
        p->x[i] = size > 0 ? (p->x[i] - x0) / size * SIDE : p->x[i] - x0;
        p->y[i] = size > 0 ? (p->y[i] - y0) / size * SIDE : p->y[i] - y0;
    }
}

/* Lays out the nodes on the map only, so that others take no room. */
static enum err_code lay_out(const struct net *net, struct run_places *p,
                             struct err *err)
{
    size_t n = p->n_node, used = 0;
    int32_t *number = ARENA_ARRAY(&p->arena, int32_t, n);
    int32_t *from = ARENA_ARRAY(&p->arena, int32_t, net->edges.n_edge);
    int32_t *to = ARENA_ARRAY(&p->arena, int32_t, net->edges.n_edge);
    double *x = ARENA_ARRAY(&p->arena, double, n);
    double *y = ARENA_ARRAY(&p->arena, double, n);
    if (!number || !from || !to || !x || !y)
        return err_set(err, ERR_NOMEM, "cannot hold a map of %zu nodes", n);
    for (size_t i = 0; i < n; i++)
        number[i] = is_on_map(net, i) ? (int32_t)used++ : -1;
    struct layout_net shown = {.n_node = (int32_t)used, .from = from, .to = to};
    for (int32_t e = 0; e < net->edges.n_edge; e++) {
        int32_t a = number[net->edges.from[e]], b = number[net->edges.to[e]];
        if (a < 0 || b < 0)
            continue;
        from[shown.n_edge] = a;
        to[shown.n_edge++] = b;
    }
    enum err_code code = layout_place(&shown, x, y, err);
    for (size_t i = 0; i < n && !code; i++) {
        p->x[i] = number[i] < 0 ? (double)NAN : x[number[i]];
        p->y[i] = number[i] < 0 ? (double)NAN : y[number[i]];
    }
    return code;
}

/* By the file's coordinates where it has enough of them; else p->given stays false. */
static enum err_code use_coordinates(const struct run_read *rd, const struct net *net,
                                     struct run_places *p, struct err *err)
{
    double *longitude = NULL, *latitude = NULL;
    size_t n = p->n_node, n_longitude = 0, n_latitude = 0;
    uint8_t *shown = ARENA_ARRAY(&p->arena, uint8_t, n);
    if (!run_read_has(rd, "/input/node/longitude") ||
        !run_read_has(rd, "/input/node/latitude"))
        return ERR_OK;
    if (!shown)
        return err_set(err, ERR_NOMEM, "cannot hold a map of %zu nodes", n);
    enum err_code code = read_table(rd, "/input/node/longitude", &p->arena, &longitude,
                                    &n_longitude, err);
    if (!code)
        code = read_table(rd, "/input/node/latitude", &p->arena, &latitude, &n_latitude,
                          err);
    if (!code && (n_longitude != n || n_latitude != n))
        code = err_set(err, ERR_INPUT, "coordinates of the file are not one per node");
    if (code)
        return code;
    for (size_t i = 0; i < n; i++)
        shown[i] = !net->kind || net->kind[i] == KIND_PNODE;
    p->given = run_coordinates_suffice(longitude, latitude, shown, (int32_t)n);
    return p->given ? run_coordinates_place(&net->edges, longitude, latitude, p->x,
                                            p->y, err)
                    : ERR_OK;
}

static void pick(uint8_t *picked, size_t i, size_t most, size_t *n)
{
    if (!picked[i] && *n < most) {
        picked[i] = 1;
        (*n)++;
    }
}

static enum err_code pick_prices(const struct run_read *rd, const char *stage,
                                 const struct net *net, size_t most,
                                 struct run_places *p, struct err *err)
{
    char path[64];
    double *lmp = NULL;
    size_t n_lmp = 0, n = p->n_node, n_picked = 0, low = 0, high = 0;
    uint8_t *picked = ARENA_ARRAY(&p->arena, uint8_t, n);
    p->price = ARENA_ARRAY(&p->arena, int32_t, most);
    if (!picked || !p->price)
        return err_set(err, ERR_NOMEM, "cannot hold a choice of %zu nodes", n);
    (void)snprintf(path, sizeof path, "%s/lmp", stage);
    if (!run_read_has(rd, path))
        return ERR_OK;
    enum err_code code = read_table(rd, path, &p->arena, &lmp, &n_lmp, err);
    if (code || n == 0)
        return code;
    for (size_t i = 0; i < n_lmp / n * n; i++) {
        low = lmp[i] < lmp[low] ? i : low;
        high = lmp[i] > lmp[high] ? i : high;
    }
    pick(picked, low % n, most, &n_picked);
    pick(picked, high % n, most, &n_picked);
    for (size_t i = 0; i < n && net->kind; i++)
        if (net->kind[i] != KIND_PNODE)
            pick(picked, i, most, &n_picked);
    size_t step = n / (most + 1) + 1;
    for (size_t i = 0; i < n; i += step)
        pick(picked, i, most, &n_picked);
    for (size_t i = 0; i < n; i++)
        if (picked[i])
            p->price[p->n_price++] = (int32_t)i;
    return ERR_OK;
}

enum err_code run_places_find(const struct run_read *rd, const char *stage,
                              size_t most_prices, struct run_places *out,
                              struct err *err)
{
    struct run_places *p = out;
    struct net net = {0};
    *p = (struct run_places){0};
    enum err_code code = run_read_length(rd, "/node", &p->n_node, err);
    if (code)
        return code;
    p->x = ARENA_ARRAY(&p->arena, double, p->n_node);
    p->y = ARENA_ARRAY(&p->arena, double, p->n_node);
    if (!p->x || !p->y)
        return err_set(err, ERR_NOMEM, "cannot hold %zu places", p->n_node);
    code = read_net(rd, stage, p, &net, err);
    if (!code)
        code = use_coordinates(rd, &net, p, err);
    if (!code && !p->given)
        code = lay_out(&net, p, err);
    if (!code) {
        scale(&net, p);
        code = pick_prices(rd, stage, &net, most_prices, p, err);
    }
    return code;
}

void run_places_release(struct run_places *p)
{
    arena_release(&p->arena);
    *p = (struct run_places){0};
}
