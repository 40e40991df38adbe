/*
 * layout_room.h - which points of the plane are near a point: square cells, filled anew when
 * the points have moved. O(n) to fill, O(1) to ask where no cell is crowded.
 *
 * Layer: results/report (may include sim/base).
 */
#ifndef RESULTS_REPORT_LAYOUT_ROOM_H
#define RESULTS_REPORT_LAYOUT_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/arena.h"

struct layout_room {
    int32_t n, wide, high;
    double x0, y0, size;
    int32_t *start; /* [2 n + 2] where the cells begin in item, row by row */
    int32_t *item;  /* [n] points by cell */
    int32_t *cell;  /* [n] of each point */
};

/* Memory for n points, in the arena; false without it. */
bool layout_room_alloc(struct arena *a, int32_t n, struct layout_room *out);
/* Cells at least least wide, and at most 2 n of them. */
void layout_room_fill(struct layout_room *r, const double *x, const double *y,
                      double least);
/* The points of the cell that lies (dx, dy) cells from that of point i: *n of them, among
 * them i itself for (0, 0). */
const int32_t *layout_room_near(const struct layout_room *r, int32_t i, int32_t dx,
                                int32_t dy, int32_t *n);

#endif
