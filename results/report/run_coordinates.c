/* run_coordinates.c - from degrees to the map. */
#include "results/report/run_coordinates.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/mem.h"

static bool is_placed(const double *x, const double *y, int32_t i)
{
    return !isnan(x[i]) && !isnan(y[i]);
}

bool run_coordinates_suffice(const double *longitude_deg, const double *latitude_deg,
                             const uint8_t *shown, int32_t n_node)
{
    int32_t known = 0, all = 0;
    for (int32_t i = 0; i < n_node; i++) {
        all += shown[i];
        known += shown[i] && is_placed(longitude_deg, latitude_deg, i);
    }
    return known > 0 && 2 * known >= all;
}

/* cos of an angle up to a right one, to 1e-3: the same on every machine. */
static double cosine(double deg)
{
    double a = deg * (3.14159265358979 / 180), s = a * a;
    return 1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56)));
}

/* One round of placing nodes in the middle of their neighbours; how many found a place. */
static int32_t place_between(const int32_t *start, const int32_t *item, int32_t n,
                             const uint8_t *round, uint8_t now, uint8_t *next,
                             double *x, double *y)
{
    int32_t placed = 0;
    for (int32_t i = 0; i < n; i++) {
        double sx = 0, sy = 0;
        int32_t seen = 0;
        if (round[i])
            continue;
        for (int32_t k = start[i]; k < start[i + 1]; k++)
            if (round[item[k]]) {
                sx += x[item[k]];
                sy += y[item[k]];
                seen++;
            }
        if (seen == 0)
            continue;
        x[i] = sx / seen;
        y[i] = sy / seen;
        next[i] = now;
        placed++;
    }
    return placed;
}

struct spot {
    double x, y;
    int32_t node;
};

static int by_place(const void *pa, const void *pb)
{
    const struct spot *a = pa, *b = pb;
    if (a->x < b->x || a->x > b->x)
        return a->x < b->x ? -1 : 1;
    if (a->y < b->y || a->y > b->y)
        return a->y < b->y ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

/* Nodes on one spot stand in a row, step apart. */
static void part(struct spot *spot, int32_t n, double step, double *x, double *y)
{
    int32_t used = 0, at = 0;
    for (int32_t i = 0; i < n; i++)
        if (is_placed(x, y, i))
            spot[used++] = (struct spot){.x = x[i], .y = y[i], .node = i};
    qsort(spot, (size_t)used, sizeof *spot, by_place);
    for (int32_t i = 1; i < used; i++) {
        bool same = !(spot[i].x > spot[i - 1].x) && !(spot[i].y > spot[i - 1].y) &&
                    !(spot[i].y < spot[i - 1].y);
        at = same ? at + 1 : 0;
        x[spot[i].node] += at * step;
        y[spot[i].node] += at * step / 2;
    }
}

static double width_of(const double *v, int32_t n)
{
    double lo = INFINITY, hi = -INFINITY;
    for (int32_t i = 0; i < n; i++) {
        if (isnan(v[i]))
            continue;
        lo = fmin(lo, v[i]);
        hi = fmax(hi, v[i]);
    }
    return hi > lo ? hi - lo : 0;
}

static void project(int32_t n, const double *longitude_deg, const double *latitude_deg,
                    double *x, double *y)
{
    double middle = 0, known = 0;
    for (int32_t i = 0; i < n; i++)
        if (is_placed(longitude_deg, latitude_deg, i)) {
            middle += latitude_deg[i];
            known += 1;
        }
    double across = cosine(known > 0 ? middle / known : 0);
    for (int32_t i = 0; i < n; i++) {
        bool placed = is_placed(longitude_deg, latitude_deg, i);
        x[i] = placed ? longitude_deg[i] * across : (double)NAN;
        y[i] = placed ? -latitude_deg[i] : (double)NAN;
    }
}

/* Nodes that were placed beside others stand a little off, away from the middle. */
static void step_outside(const uint8_t *round, int32_t n, double step, double *x,
                         double *y)
{
    double mx = 0, my = 0, known = 0;
    for (int32_t i = 0; i < n; i++)
        if (round[i] == 1) {
            mx += x[i];
            my += y[i];
            known += 1;
        }
    for (int32_t i = 0; i < n; i++) {
        if (round[i] < 2 || !(known > 0))
            continue;
        double dx = x[i] - mx / known, dy = y[i] - my / known;
        double far = sqrt(dx * dx + dy * dy);
        x[i] += far > 0 ? step * dx / far : step;
        y[i] += far > 0 ? step * dy / far : 0;
    }
}

enum err_code run_coordinates_place(const struct layout_net *net,
                                    const double *longitude_deg,
                                    const double *latitude_deg, double *x, double *y,
                                    struct err *err)
{
    int32_t n = net->n_node, *start = NULL, *item = NULL;
    uint8_t *round = MEM_ARRAY(uint8_t, n), *next = MEM_ARRAY(uint8_t, n);
    struct spot *spot = MEM_ARRAY(struct spot, n);
    enum err_code code = layout_neighbours(net, &start, &item, err);
    if (!code && (!round || !next || !spot))
        code = err_set(err, ERR_NOMEM, "cannot hold a map of %d nodes", (int)n);
    if (code)
        goto done;
    project(n, longitude_deg, latitude_deg, x, y);
    double size = fmax(width_of(x, n), width_of(y, n));
    double step = size > 0 ? size / 100 : 1;
    for (int32_t i = 0; i < n; i++)
        round[i] = next[i] = is_placed(x, y, i);
    for (uint8_t now = 2;
         now < UINT8_MAX && place_between(start, item, n, round, now, next, x, y) > 0;
         now++)
        for (int32_t i = 0; i < n; i++)
            round[i] = next[i];
    step_outside(round, n, 3 * step, x, y);
    part(spot, n, step, x, y);
done:
    mem_free(spot);
    mem_free(next);
    mem_free(round);
    mem_free(item);
    mem_free(start);
    return code;
}
