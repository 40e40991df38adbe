/* layout_room.c - points in cells. */
#include "results/report/layout_room.h"

#include <math.h>

bool layout_room_alloc(struct arena *a, int32_t n, struct layout_room *out)
{
    *out = (struct layout_room){.n = n};
    out->start = ARENA_ARRAY(a, int32_t, 2 * (size_t)n + 2);
    out->item = ARENA_ARRAY(a, int32_t, n);
    out->cell = ARENA_ARRAY(a, int32_t, n);
    return out->start && out->item && out->cell;
}

static void measure(struct layout_room *r, const double *x, const double *y,
                    double least)
{
    double x1 = x[0], y1 = y[0];
    r->x0 = x[0];
    r->y0 = y[0];
    for (int32_t i = 1; i < r->n; i++) {
        r->x0 = fmin(r->x0, x[i]);
        r->y0 = fmin(r->y0, y[i]);
        x1 = fmax(x1, x[i]);
        y1 = fmax(y1, y[i]);
    }
    r->size = least;
    for (;; r->size *= 2) { /* wider where the points are far apart */
        double wide = floor((x1 - r->x0) / r->size) + 1;
        double high = floor((y1 - r->y0) / r->size) + 1;
        if (wide * high > 2.0 * r->n + 1)
            continue;
        r->wide = (int32_t)wide;
        r->high = (int32_t)high;
        return;
    }
}

void layout_room_fill(struct layout_room *r, const double *x, const double *y,
                      double least)
{
    measure(r, x, y, least);
    int32_t n_cell = r->wide * r->high;
    for (int32_t k = 0; k <= n_cell; k++)
        r->start[k] = 0;
    for (int32_t i = 0; i < r->n; i++) {
        int32_t cx = (int32_t)((x[i] - r->x0) / r->size);
        int32_t cy = (int32_t)((y[i] - r->y0) / r->size);
        r->cell[i] = cy * r->wide + cx;
        r->start[r->cell[i]]++;
    }
    int32_t before = 0;
    for (int32_t k = 0; k <= n_cell; k++) { /* where each cell ends */
        before += k < n_cell ? r->start[k] : 0;
        r->start[k] = before;
    }
    for (int32_t i = r->n; i-- > 0;)
        r->item[--r->start[r->cell[i]]] = i;
}

const int32_t *layout_room_near(const struct layout_room *r, int32_t i, int32_t dx,
                                int32_t dy, int32_t *n)
{
    int32_t cx = r->cell[i] % r->wide + dx, cy = r->cell[i] / r->wide + dy;
    *n = 0;
    if (cx < 0 || cy < 0 || cx >= r->wide || cy >= r->high)
        return r->item;
    int32_t k = cy * r->wide + cx;
    *n = r->start[k + 1] - r->start[k];
    return r->item + r->start[k];
}
