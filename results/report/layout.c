/* layout.c - pivot MDS, sparse stress, islands side by side. */
#include "results/report/layout.h"

#include <math.h>
#include <string.h>

#include "results/report/layout_island.h"
#include "sim/base/arena.h"
#include "sim/base/mem.h"

enum err_code layout_neighbours(const struct layout_net *net, int32_t **start,
                                int32_t **item, struct err *err)
{
    size_t n = (size_t)net->n_node;
    int32_t *first = MEM_ARRAY(int32_t, n + 2);
    int32_t *to = MEM_ARRAY(int32_t, 2 * (size_t)net->n_edge);
    *start = first;
    *item = to;
    if (!first || !to)
        return err_set(err, ERR_NOMEM, "cannot hold the neighbours of %zu nodes", n);
    for (int32_t e = 0; e < net->n_edge; e++) {
        int32_t a = net->from[e], b = net->to[e];
        if (a < 0 || b < 0 || a >= net->n_node || b >= net->n_node)
            return err_set(err, ERR_BUG, "edge %d of a layout ends nowhere", (int)e);
        first[a + 2] += a != b;
        first[b + 2] += a != b;
    }
    for (size_t i = 2; i < n + 2; i++)
        first[i] += first[i - 1];
    for (int32_t e = 0; e < net->n_edge; e++) {
        int32_t a = net->from[e], b = net->to[e];
        if (a == b)
            continue;
        to[first[a + 1]++] = b;
        to[first[b + 1]++] = a;
    }
    return ERR_OK;
}

/* ---- islands ----------------------------------------------------------------------- */

struct island {
    int32_t first, n;     /* part of the order */
    double width, height; /* of its box, its lower left corner at the origin */
};

/* order[] lists the nodes island by island; returns how many islands. */
static int32_t find_islands(int32_t n, const int32_t *start, const int32_t *item,
                            int32_t *order, uint8_t *seen, struct island *out)
{
    int32_t n_island = 0, used = 0;
    for (int32_t s = 0; s < n; s++) {
        if (seen[s])
            continue;
        int32_t head = used;
        out[n_island].first = used;
        order[used++] = s;
        seen[s] = 1;
        for (; head < used; head++)
            for (int32_t k = start[order[head]]; k < start[order[head] + 1]; k++)
                if (!seen[item[k]]) {
                    seen[item[k]] = 1;
                    order[used++] = item[k];
                }
        out[n_island].n = used - out[n_island].first;
        n_island++;
    }
    return n_island;
}

/* Moves the island's box to the origin and notes its size. */
static void measure(struct island *s, const int32_t *order, double *x, double *y)
{
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int32_t k = s->first; k < s->first + s->n; k++) {
        int32_t i = order[k];
        x0 = fmin(x0, x[i]);
        x1 = fmax(x1, x[i]);
        y0 = fmin(y0, y[i]);
        y1 = fmax(y1, y[i]);
    }
    for (int32_t k = s->first; k < s->first + s->n; k++) {
        x[order[k]] -= x0;
        y[order[k]] -= y0;
    }
    s->width = x1 - x0;
    s->height = y1 - y0;
}

/* Larger first; of equals the one that was met first: insertion into runs of equals is
 * what a stable merge sort does. */
static void sort_islands(struct island *a, struct island *other, int32_t n)
{
    for (int32_t width = 1; width < n; width *= 2) {
        for (int32_t lo = 0; lo < n; lo += 2 * width) {
            int32_t mid = lo + width < n ? lo + width : n;
            int32_t hi = lo + 2 * width < n ? lo + 2 * width : n;
            for (int32_t i = lo, j = mid, k = lo; k < hi; k++)
                other[k] = i < mid && (j >= hi || a[i].n >= a[j].n) ? a[i++] : a[j++];
        }
        memcpy(a, other, (size_t)n * sizeof *a);
        if (width > n / 2)
            break;
    }
}

/* Shelves as wide as the largest island or as a square of them all, from the top down. */
static void pack(const struct island *s, int32_t n, const int32_t *order, double *x,
                 double *y)
{
    const double gap = 1;
    double area = 0, shelf_width = 0;
    for (int32_t i = 0; i < n; i++) {
        area += (s[i].width + gap) * (s[i].height + gap);
        shelf_width = fmax(shelf_width, s[i].width + gap);
    }
    shelf_width = fmax(shelf_width, 1.3 * sqrt(area));
    double left = 0, top = 0, deepest = 0;
    for (int32_t i = 0; i < n; i++) {
        if (left > 0 && left + s[i].width + gap > shelf_width) {
            left = 0;
            top += deepest + gap;
            deepest = 0;
        }
        for (int32_t k = s[i].first; k < s[i].first + s[i].n; k++) {
            x[order[k]] += left;
            y[order[k]] += top;
        }
        left += s[i].width + gap;
        deepest = fmax(deepest, s[i].height);
    }
}

enum err_code layout_place(const struct layout_net *net, double *x, double *y,
                           struct err *err)
{
    size_t n = (size_t)net->n_node;
    int32_t *start = NULL, *item = NULL;
    struct arena a = {0};
    enum err_code code = layout_neighbours(net, &start, &item, err);
    if (code)
        goto done;
    int32_t *order = ARENA_ARRAY(&a, int32_t, n), *local = ARENA_ARRAY(&a, int32_t, n);
    uint8_t *seen = ARENA_ARRAY(&a, uint8_t, n);
    struct island *island = ARENA_ARRAY(&a, struct island, n);
    struct island *other = ARENA_ARRAY(&a, struct island, n);
    if (!order || !local || !seen || !island || !other) {
        code = err_set(err, ERR_NOMEM, "cannot hold a layout of %zu nodes", n);
        goto done;
    }
    int32_t n_island = find_islands(net->n_node, start, item, order, seen, island);
    sort_islands(island, other, n_island);
    for (int32_t i = 0; i < n_island && !code; i++) {
        struct layout_island l = {.n = island[i].n,
                                  .node = order + island[i].first,
                                  .start = start,
                                  .item = item,
                                  .local = local,
                                  .x = x,
                                  .y = y};
        code = layout_island_place(&l, err);
        if (!code)
            measure(&island[i], order, x, y);
    }
    if (!code)
        pack(island, n_island, order, x, y);
done:
    arena_release(&a);
    mem_free(start);
    mem_free(item);
    return code;
}
